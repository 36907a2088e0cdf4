"""The causes that hold photos up: findings that one next step mends are one cause.

Built from verdicts as the user may see them, so a cause tells no more than they do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from photoreg.presentation.next_steps import next_step
from photoreg.presentation.verdicts import remedy_of
from photoreg.registry.ids import Kind, human_id, human_ids
from photoreg.rulebook.reasons import Finding, Reason, Severity
from photoreg.services.decisions.evaluation import Checked
from photoreg.steps import NextAction, NextStep


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause, the photos that it holds up, and the step that mends it.

    `persons` are those whom the reasons concern, `waits_for` those who must answer or be verified,
    `said_by` the guardians whose no it is.
    `is_for_each`: the step is shown for the first photo, and each photo needs its own.
    """

    reasons: tuple[Reason, ...]
    photos: tuple[int, ...]
    persons: tuple[str, ...]
    waits_for: tuple[str, ...]
    said_by: tuple[str, ...]
    detail: tuple[str, ...]
    remedy: str
    step: NextStep | None
    is_for_each: bool
    asks_colleague: bool

    @property
    def severity(self) -> Severity:
        """The worst severity of the reasons."""
        severities = {reason.severity for reason in self.reasons}
        return Severity.REFUSED if Severity.REFUSED in severities else Severity.UNCLEAR


def causes_of(checked: Iterable[Checked], event: str | None = None) -> list[Cause]:
    """Return what holds these photos up, the cause of the most photos first.

    `event` is the event, as typed, all of whose photos were asked about: a step may be for all of
    them then.
    """
    groups: dict[tuple[object, ...], _Group] = {}
    for each in checked:
        for finding in () if each.is_allowed else each.verdict.findings:
            step = next_step(finding, each)
            key = _key(finding, step, each, is_event=event is not None)
            groups.setdefault(key, _Group(each, step)).add(finding, each, step)
    causes = [group.cause(event) for group in groups.values()]
    return sorted(causes, key=lambda cause: (-len(cause.photos), cause.severity, cause.photos))


def names_in(checked: Iterable[Checked]) -> dict[str, str]:
    """Return the names that the verdicts may show, by id."""
    return {person: name for each in checked for person, name in each.names.items()}


_ASKING = frozenset({NextAction.CONSENT_RECORD, NextAction.PERMISSION_GRANT})
"""The actions by which somebody's answer is recorded, whatever reason asks for it."""

_OF_ONE_PHOTO = frozenset({"photo", "case"})
"""The arguments in which the steps of one cause differ."""


def _key(
    finding: Finding, step: NextStep | None, checked: Checked, *, is_event: bool
) -> tuple[object, ...]:
    """Return what findings of one cause have in common."""
    if step is None:
        return (finding.code, finding.person, remedy_of(finding, checked))
    if step.action is NextAction.GUARDIAN_VERIFY and is_event:
        return (step.action,)
    arguments = {name: each for name, each in step.arguments.items() if name not in _OF_ONE_PHOTO}
    question = () if finding.code == "RG_INCOMPLETE" else step.question
    code = "" if step.action in _ASKING else finding.code
    is_confirmed = step.action is NextAction.PHOTO_CONFIRM
    looked_at = (checked.asks_colleague, checked.answered_now) if is_confirmed else ()
    return (code, step.action, frozenset(arguments.items()), question, looked_at)


@dataclass(slots=True)
class _Group:
    """The findings of one cause while they are collected; dictionaries keep the order."""

    first: Checked
    first_step: NextStep | None
    reasons: dict[str, Reason] = field(default_factory=dict)
    photos: dict[int, None] = field(default_factory=dict)
    persons: dict[str, None] = field(default_factory=dict)
    waits_for: dict[str, None] = field(default_factory=dict)
    said_by: dict[str, None] = field(default_factory=dict)
    detail: dict[str, None] = field(default_factory=dict)
    questions: dict[str, None] = field(default_factory=dict)
    cases: dict[str, None] = field(default_factory=dict)
    remedies: dict[str, None] = field(default_factory=dict)

    def add(self, finding: Finding, checked: Checked, step: NextStep | None) -> None:
        """Add a finding of this cause."""
        self.reasons[finding.code] = finding.reason
        self.photos[checked.photo_id] = None
        self.detail |= dict.fromkeys(finding.detail)
        self.remedies[remedy_of(finding, checked)] = None
        self.said_by |= dict.fromkeys(finding.said_by)
        if finding.person:
            self.persons[finding.person] = None
        if step is not None:
            self.questions |= dict.fromkeys(step.question)
            self.cases |= dict.fromkeys(filter(None, [step.arguments.get("case")]))
            self.waits_for |= dict.fromkeys(_waits_for(step, finding))

    def cause(self, event: str | None) -> Cause:
        """Return the cause."""
        step, is_for_each = self._step(event)
        return Cause(
            reasons=tuple(self.reasons.values()),
            photos=tuple(self.photos),
            persons=tuple(self.persons),
            waits_for=tuple(self.waits_for),
            said_by=tuple(self.said_by),
            detail=tuple(self.detail),
            remedy=next(iter(self.remedies)),
            step=step,
            is_for_each=is_for_each,
            asks_colleague=self.first.asks_colleague,
        )

    def _step(self, event: str | None) -> tuple[NextStep | None, bool]:
        """Return the step for all photos, or that for the first and that each needs its own."""
        if self.first_step is None:
            return None, False
        step = replace(self.first_step, question=tuple(self.questions))
        if len(self.cases) > 1:
            return NextStep.to(NextAction.CASE_LIST), False
        if step.action is NextAction.GUARDIAN_VERIFY and event and len(self.waits_for) > 1:
            return NextStep.to(NextAction.GUARDIAN_VERIFY, "how", event=event), False
        return for_several(step, list(self.photos), event)


def _waits_for(step: NextStep, finding: Finding) -> tuple[str, ...]:
    """Return who must answer, or whose guardianship must be verified."""
    arguments = step.arguments
    if step.action is NextAction.GUARDIAN_VERIFY:
        return finding.verify
    if step.action is NextAction.CONSENT_RECORD:
        named = arguments.get("by") or arguments.get("person")
    elif step.action is NextAction.PERMISSION_GRANT:
        named = arguments.get("by") or arguments.get("photographer")
    else:
        named = None
    return (named,) if named else ()


IN_A_SHEET = frozenset(
    {
        *("place", "shot", "people", "recognisable_count", "context_identifies"),
        *("confidentiality", "sensitive", "credit", "depicted_work", "digital_source"),
    }
)
"""The questions that one sheet asks about each photo of an event, beside who is shown."""

_OF_MANY = frozenset(
    {
        *(NextAction.APPROVE, NextAction.PHOTO_ANSWER, NextAction.PHOTO_CONFIRM),
        NextAction.PERMISSION_GRANT,
    }
)
"""The actions that take several photos at once."""

_LISTS = frozenset({NextAction.FLAG_LIST, NextAction.PUBLICATION_LIST})


def for_several(step: NextStep, photos: Sequence[int], event: str | None) -> tuple[NextStep, bool]:
    """Return a step about one photo as a step about several, and whether each needs its own."""
    if len(photos) == 1 or "photo" not in step.arguments:
        return step, False
    without = {name: value for name, value in step.arguments.items() if name != "photo"}
    if event and step.action in _ASKING:
        return _with(step, without, event=event), False
    if event and _is_in_a_sheet(step):
        return NextStep.to(NextAction.SHEET_EXPORT, "file", event=event), False
    if step.action in _OF_MANY:
        return _with(step, without, photo=" ".join(human_ids(Kind.PHOTO, photos))), False
    if step.action in _LISTS:
        return _with(step, without), False
    return _with(step, without, photo=human_id(Kind.PHOTO, photos[0])), True


def _is_in_a_sheet(step: NextStep) -> bool:
    is_asked = step.action is NextAction.PHOTO_ANSWER and not IN_A_SHEET.isdisjoint(step.question)
    return is_asked or step.action is NextAction.PHOTO_TAG


def _with(step: NextStep, arguments: Mapping[str, str], **more: str) -> NextStep:
    return NextStep.to(step.action, *step.question, **{**arguments, **more})
