"""What became of a change about people: guardianships, consents, permissions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.labels import value_labels
from photoreg.rulebook.facts import GRANTING_KINDS, REFUSING_KINDS, ConsentKind
from photoreg.services.consents.consent_events import StatementRecorded
from photoreg.services.consents.consents import ConsentRecorded, UntickedNo
from photoreg.services.consents.objections import FlaggedPhotos, ObjectionRecorded
from photoreg.services.consents.permissions import PermissionRecorded
from photoreg.services.people.guardians import GuardianSaved, VerifiedGuardian
from photoreg.services.people.persons import PersonSaved
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A line about what was recorded, or a note (`is_note`) beside it; `step` may follow it."""

    text: str
    is_note: bool = False
    step: NextStep | None = None


def _note(
    text: str, action: NextAction | None = None, *question: str, **known: str
) -> RecordedLine:
    step = NextStep.to(action, *question, **known) if action else None
    return RecordedLine(text, is_note=True, step=step)


def namesakes_told(saved: PersonSaved) -> Iterator[RecordedLine]:
    """Yield who else has the name of a person."""
    if saved.namesakes:
        text = _("Others of the same name: {people}. From now on, use the ids.")
        yield _note(text.format(people=", ".join(saved.namesakes)))


def guardian_added(saved: GuardianSaved) -> Iterator[RecordedLine]:
    """Yield what became of a new guardianship."""
    yield RecordedLine(_("{guardian} is a guardian of {child}.").format(**_pair(saved)))
    if saved.first_day:
        text = _("The first day is {day}. What was said before it does not count.")
        yield _note(text.format(day=day_in_words(saved.first_day)))
    yield from guardian_counts(saved)
    if not saved.verified:
        yield _note(
            _("The guardianship is not verified yet; a signature becomes valid when it is."),
            NextAction.GUARDIAN_VERIFY,
            "how",
            person=saved.child,
            guardian=saved.guardian,
        )


def guardian_ended(saved: GuardianSaved) -> Iterator[RecordedLine]:
    """Yield what became of a guardianship that has ended."""
    yield RecordedLine(
        _("The guardianship of {guardian} for {child} has ended.").format(**_pair(saved))
    )
    yield from guardian_counts(saved)


def guardian_verified(saved: GuardianSaved | VerifiedGuardian) -> str:
    """Return that a guardianship is verified."""
    return _("{guardian} is a verified guardian of {child}.").format(**_pair(saved))


def guardians_verified(every: Sequence[VerifiedGuardian]) -> Iterator[RecordedLine]:
    """Yield which guardianships of an event's children were verified, and which were left out."""
    for each in every:
        if each.needs_decision:
            text = _(
                "{guardian}, a guardian of {child}, was left out: what a court decided, as of a "
                "foster carer, is verified from its decision."
            )
            yield RecordedLine(text.format(**_pair(each)), is_note=True, step=each.needs_decision)
        else:
            yield RecordedLine(guardian_verified(each))
    if not every:
        yield _note(_("No guardianship of these children waits for verification."))


def _pair(saved: GuardianSaved | VerifiedGuardian) -> dict[str, str]:
    return {"child": safe(saved.child), "guardian": safe(saved.guardian)}


def guardian_counts(saved: GuardianSaved) -> Iterator[RecordedLine]:
    """Yield a note if the stated and recorded numbers of guardians differ."""
    if saved.stated == saved.recorded:
        return
    values = {"child": saved.child, "recorded": saved.recorded, "stated": saved.stated}
    if saved.stated is None:
        text = _("Guardians recorded for {child}: {recorded}; how many there are is not known.")
        then = _("Give their number:")
    else:
        text = _("Guardians recorded for {child}: {recorded}; the number given is {stated}.")
        then = _("If the number is wrong:")
    yield _note(text.format(**values))
    yield _note(then, NextAction.PERSON_CHANGE, "guardians", person=saved.child)


_CONSENT_TEXTS = {
    ConsentKind.REQUESTED: N_("{record}: the request was recorded."),
    ConsentKind.GIVEN: N_("{record}: the consent was recorded."),
    ConsentKind.RENEWED: N_("{record}: the renewed consent was recorded."),
    ConsentKind.REFUSED: N_("{record}: the refusal was recorded."),
    ConsentKind.WITHDRAWN: N_("{record}: the withdrawal was recorded."),
}
_PERMISSION_TEXTS = _CONSENT_TEXTS | {
    ConsentKind.GIVEN: N_("{record}: the permission was recorded."),
    ConsentKind.RENEWED: N_("{record}: the renewed permission was recorded."),
}
_RECORD_AGAIN = N_("Record it again as renewed, with its document or the place of the paper.")


def consent_recorded(result: ConsentRecorded | ObjectionRecorded) -> Iterator[RecordedLine]:
    """Yield what became of an answer about a person, and what it still needs."""
    if isinstance(result, ObjectionRecorded):
        yield from _objection(result)
        return
    recorded = result.recorded
    text = _CONSENT_TEXTS[recorded.kind]
    if recorded.kind is ConsentKind.REFUSED and result.unticked:
        text = N_(
            "{record}: nothing was ticked, so a refusal of everything on the form was recorded."
        )
    yield RecordedLine(_(text).format(record=recorded.record_id))
    yield from _unticked(result.unticked)
    is_grant = recorded.kind in GRANTING_KINDS
    if result.child_view:
        yield _note(
            _("This is the child's own view; the guardians' answers are recorded as theirs.")
        )
    elif is_grant and not recorded.documented:
        yield _note(_("The consent becomes valid when it is documented (CN_UNDOCUMENTED)."))
        yield _note(_(_RECORD_AGAIN))
    if is_grant and result.unverified:
        child, guardian = result.unverified
        yield _note(
            _("The signature becomes valid when the guardianship is verified."),
            NextAction.GUARDIAN_VERIFY,
            "how",
            person=child,
            guardian=guardian,
        )
    if result.stopped:
        yield from _flagged(result.stopped)
    if result.later:
        later = _("A consent with a later date remains in force: {consents}.")
        yield _note(later.format(consents=", ".join(result.later)))
        yield _note(_("If the refusal is newer, record it again with its day."))
    yield from _effect(recorded)


def _objection(result: ObjectionRecorded) -> Iterator[RecordedLine]:
    """Yield that an objection was recorded instead of a withdrawal, and its limits."""
    ids = {"by": result.by, "person": result.person}
    text = _("{by} is not entitled to decide for {person}, so this was recorded as an objection.")
    yield RecordedLine(text.format(**ids))
    yield from _flagged(result)
    yield _note(
        _("The photos are stopped on every channel until the coordinator has examined the matter.")
    )
    later = _("It does not apply to photos in which {person} is named later.")
    yield _note(later.format(**ids))
    text = _("If {by} is a guardian, record the guardianship and then the withdrawal again:")
    yield _note(
        text.format(**ids),
        NextAction.GUARDIAN_ADD,
        "basis",
        "how",
        person=result.person,
        guardian=result.by,
    )


def _flagged(flagged: FlaggedPhotos) -> Iterator[RecordedLine]:
    text, due = _("{photo} is stopped: flag {flag}, to be resolved by {due}."), flagged.due_at
    for photo, flag in flagged.flags.items():
        yield RecordedLine(text.format(photo=photo, flag=flag, due=format_time(due)))


def _unticked(noes: Sequence[UntickedNo]) -> Iterator[RecordedLine]:
    """Yield what was not ticked on a form: each channel with its purposes once."""
    told: set[tuple[str, str]] = set()
    text = _("Recorded as refused: {channels}, for {purposes}.")
    for no in noes:
        new = [c for c in no.channels if not {(c, purpose) for purpose in no.purposes} <= told]
        told |= set(product(no.channels, no.purposes))
        if new:
            purposes = ", ".join(value_labels("Purpose", no.purposes))
            yield _note(text.format(channels=", ".join(new), purposes=purposes))


def permission_recorded(result: PermissionRecorded) -> Iterator[RecordedLine]:
    """Yield what became of a photographer's answer, and what it still needs."""
    recorded = result.recorded
    yield RecordedLine(_(_PERMISSION_TEXTS[recorded.kind]).format(record=recorded.record_id))
    if recorded.kind in GRANTING_KINDS:
        yield _credit(result)
        if not recorded.documented:
            yield _note(_("It is unclear until it is confirmed (CR_PERMISSION_UNDOCUMENTED)."))
            yield _note(_(_RECORD_AGAIN))
    if not result.by_photographer:
        yield _note(
            _("This person is not recorded as the photographer of the photo."),
            NextAction.PHOTO_ANSWER,
            "photo",
            "photographer",
        )
    yield from _effect(recorded)


def _credit(result: PermissionRecorded) -> RecordedLine:
    if result.credit:
        return RecordedLine(_("Credit: {credit}").format(credit=safe(result.credit)))
    if result.credit_waived:
        return RecordedLine(_("The photographer need not be named."))
    return _note(_("No credit is recorded: record the permission again with the credit."))


def _effect(recorded: StatementRecorded) -> Iterator[RecordedLine]:
    """Yield the effect of a new statement: photos concerned, superseded or ended answers."""
    if recorded.superseded:
        yield _note(
            _("A newer answer is already recorded and remains valid: this one changes nothing.")
        )
    elif recorded.kind in REFUSING_KINDS:
        if recorded.is_whole:
            yield RecordedLine(_("It applies to every channel and every purpose."))
        photos = ", ".join(recorded.photos) or _("none")
        yield RecordedLine(_("Photos concerned: {photos}").format(photos=photos))
    if recorded.ends_refusal:
        yield _note(
            _(
                "Until now the answer was no. If the refusal is newer than this answer, record "
                "the withdrawal again."
            )
        )
    if recorded.is_order_open:
        yield _note(
            _(
                "A consent or permission is recorded without its day, so it is not known which "
                "came last, and the refusal holds. To settle it, record the consent or permission "
                "again as renewed, with its day."
            )
        )
