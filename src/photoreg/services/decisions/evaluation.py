"""Evaluate photos: facts and rules give the verdict. Evaluating changes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from photoreg.errors import InputDataError
from photoreg.registry.evidence import ALL_AS_RECORDED, DocumentLook
from photoreg.registry.facts.builder import Origin, facts_with_origins
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.facts.uses import public_pages, use_of
from photoreg.registry.ids import Kind, human_id, id_of, parse_id
from photoreg.registry.lookup import find_channel, find_photos
from photoreg.registry.queries.cases import CasesByFacts, cases_with_facts
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import erased_among
from photoreg.registry.queries.photos import photographers_by_photo, photographers_of
from photoreg.registry.queries.publications import published_photos
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Mode, PhotoFacts, Purpose, Use, digest
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.stopped import STOPPED
from photoreg.rulebook.verdict import Outcome, Verdict, evaluate
from photoreg.services.people.ages import names_beside
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, current_policy
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class AskedUse:
    """A use as requested: the channel by name; `on` is today if None."""

    channel: str
    purpose: Purpose = Purpose.INFORMATION
    mode: Mode = Mode.UPLOAD
    on: date | None = None


def unusual_use(purpose: Purpose, mode: Mode) -> dict[str, str]:
    """Return purpose and mode as the inputs of a step: empty for the usual ones."""
    return {
        "purpose": "" if purpose is Purpose.INFORMATION else purpose,
        "mode": "" if mode is Mode.UPLOAD else mode,
    }


WITHDRAWALS = frozenset({"CN_WITHDRAWN", "MI_GUARDIAN_WITHDRAWN", "CR_PERMISSION_REVOKED"})
"""The reasons for which what is published must be taken down first."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The creators or rights holders named in a file, and those in the registry.

    For an auditor, and of a photo of another unit than the user's, `in_file` is empty, and
    `in_register` holds ids without names.
    """

    in_file: tuple[str, ...]
    in_register: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one photo for one use, with the coordinator's ruling on it.

    `verdict` is as the actor may see it (`_shown`). `digest` covers facts, use and all
    findings; a ruling applies to this digest only. It is empty where the actor may not see the
    reasons, since whoever guesses the facts could compute it. `erased` are the erased persons in
    the facts, by id. `asks_for`: the facts that a ruling asks for. `asked_again` are the inputs in
    which a second look must be answered, and `answered_now` what is answered there now, to tell
    photos apart by; `asks_colleague`: only by others than the actor, who took
    the answer back. `needs_folder`: a document counts as damaged only because the evidence cannot
    be read now. `names` are those of the persons in the findings whom the actor may see, by id.
    `photographers` are those with whom nothing is agreed, by id. `is_published`: it is in a
    publication that was not taken down, if that was asked.
    """

    photo_id: int
    file_name: str
    channel_id: int
    channel_name: str
    use: Use
    facts: PhotoFacts
    verdict: Verdict
    policy_version: int
    policy: Policy
    digest: str
    ruling_id: int | None = None
    case_id: int | None = None
    ruling: RulingKind | None = None
    asks_for: str = ""
    contradiction: Contradiction | None = None
    erased: frozenset[str] = frozenset()
    asked_again: tuple[str, ...] = ()
    answered_now: tuple[str, ...] = ()
    asks_colleague: bool = False
    needs_folder: bool = False
    photographers: tuple[str, ...] = ()
    is_published: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def outcome(self) -> Outcome:
        """The verdict; for an unclear photo the coordinator's ruling on exactly these facts."""
        if self.verdict.outcome is Outcome.UNCLEAR:
            if self.ruling is RulingKind.PUBLISHABLE:
                return Outcome.PUBLISHABLE
            if self.ruling is RulingKind.REFUSED:
                return Outcome.REFUSED
        return self.verdict.outcome

    @property
    def is_allowed(self) -> bool:
        """May the photo be published for this use on this day?"""
        return self.outcome is Outcome.PUBLISHABLE


def check_named(
    work: UnitOfWork,
    photos: Sequence[str],
    asked: AskedUse,
    documents: DocumentLook = ALL_AS_RECORDED,
) -> list[Checked]:
    """Evaluate photos named by id or path, each once, in the order named.

    `documents` is what a look at their documents left unrecorded.
    """
    found = find_photos(work.session, photos)
    channel = find_channel(work.session, asked.channel)
    checked = check_photos(work, found, channel, asked, documents)
    _note_other_units(work, checked)
    return with_visible_names(work, checked)


def with_visible_names(work: UnitOfWork, checked: Sequence[Checked]) -> list[Checked]:
    """Add the names of the persons in the findings, of those whom the actor may see.

    A verdict is no look (`looks`): the names stand beside the ids that the rules give.
    """
    named = {each for c in checked for each in _persons_in(c)}
    names = names_beside(work, named)
    return [replace(c, names={p: names[p] for p in _persons_in(c) if p in names}) for c in checked]


def _persons_in(checked: Checked) -> Iterator[str]:
    """Yield the persons whom the findings and notices concern, by id."""
    yield from checked.photographers
    for finding in (*checked.verdict.findings, *checked.verdict.notices):
        yield from (*filter(None, [finding.person]), *finding.ask, *finding.verify)
        yield from finding.said_by


def _note_other_units(work: UnitOfWork, checked: Iterable[Checked]) -> None:
    """Note whom the photos of other units than the user's show: to ask about them is a look."""
    for each in checked:
        persons = each.facts.persons if work.sight.hides_photo(each.photo_id) else ()
        for number in filter(None, (parse_id(Kind.PERSON, p.person) for p in persons)):
            work.looks.note_masked(number)


def check_photos(
    work: UnitOfWork,
    photos: Sequence[Photo],
    channel: ChannelRow,
    asked: AskedUse,
    documents: DocumentLook = ALL_AS_RECORDED,
) -> list[Checked]:
    """Evaluate photos for one use by a constant number of queries."""
    question = question_for(work, channel, asked)
    numbers = [id_of(photo) for photo in photos]
    found = facts_with_origins(work.session, numbers, channel, documents.unread)
    checked = [
        question.check_facts(id_of(photo), photo.file_name, *found[id_of(photo)])
        for photo in photos
    ]
    unclear = [c.digest for c in checked if c.verdict.outcome is Outcome.UNCLEAR]
    cases = cases_with_facts(work.session, unclear) if unclear else {}
    contradicted, erased = _contradictions(work, photos, checked), _erased(work, checked)
    without = _photographers_without_agreement(work, photos, checked)
    waiting = [c.photo_id for c in checked if "RG_SECOND_LOOK" in c.verdict.codes]
    asked_again, own = _asked_again(work, waiting) if waiting else ({}, frozenset())
    withdrawn = [c.photo_id for c in checked if not WITHDRAWALS.isdisjoint(c.verdict.codes)]
    published = set(published_photos(work.session, PhotoSelection(withdrawn)) if withdrawn else ())
    answered = _answered_now(work, photos, checked, asked_again)
    return [
        replace(
            _shown(work, with_ruling(c, cases)),
            contradiction=contradicted.get(c.photo_id),
            erased=erased,
            photographers=without.get(c.photo_id, ()),
            asked_again=asked_again.get(c.photo_id, ()),
            answered_now=answered.get(c.photo_id, ()),
            asks_colleague=c.photo_id in own,
            needs_folder=documents.is_unreachable,
            is_published=c.photo_id in published,
        )
        for c in checked
    ]


def _asked_again(
    work: UnitOfWork, photos: Sequence[int]
) -> tuple[dict[int, tuple[str, ...]], frozenset[int]]:
    """Return the inputs in which second looks must be answered, and whose the actor asked."""
    from photoreg.registry.queries.second_looks import (  # noqa: PLC0415 - seldom needed
        open_second_looks,
    )
    from photoreg.services.decisions.second_look_questions import (  # noqa: PLC0415 - seldom needed
        questions_about,
    )

    looks = open_second_looks(work.session, photos)
    own = (look.photo_id for look in looks if look.taken_back_by == work.actor.id)
    return questions_about(looks), frozenset(own)


def _answered_now(
    work: UnitOfWork,
    photos: Sequence[Photo],
    checked: Sequence[Checked],
    asked_again: Mapping[int, tuple[str, ...]],
) -> dict[int, tuple[str, ...]]:
    """Return what is answered now to what second looks ask, by photo."""
    if not asked_again:
        return {}
    from photoreg.services.decisions.second_look_questions import (  # noqa: PLC0415 - seldom needed
        present_answers,
    )

    rows = {id_of(photo): photo for photo in photos}
    takers = photographers_of(work.session, asked_again)
    return {
        c.photo_id: present_answers(
            asked_again[c.photo_id], c.facts, rows[c.photo_id], takers[c.photo_id]
        )
        for c in checked
        if c.photo_id in asked_again
    }


def _shown(work: UnitOfWork, checked: Checked) -> Checked:
    """Return a verdict as the actor may see it: only coordinators see why a photo is stopped.

    INVARIANT: every verdict that leaves the services has passed here, or is `Verdict.neutral`.
    """
    if work.actor.role in COORDINATORS:
        return checked
    verdict = checked.verdict.neutral
    tells_why = STOPPED.code in verdict.codes
    return replace(checked, verdict=verdict, digest="" if tells_why else checked.digest)


def _erased(work: UnitOfWork, checked: Sequence[Checked]) -> frozenset[str]:
    """Return the erased persons among the depicted persons, guardians and photographers."""
    facts = [c.facts for c in checked]
    named = {person.person for each in facts for person in each.persons}
    named |= {g.guardian for each in facts for p in each.persons for g in p.guardians}
    named |= {permission.holder for each in facts for permission in each.permissions}
    numbers = filter(None, (parse_id(Kind.PERSON, name) for name in named))
    return frozenset(human_id(Kind.PERSON, n) for n in erased_among(work.session, numbers))


def _contradictions(
    work: UnitOfWork, photos: Sequence[Photo], checked: Sequence[Checked]
) -> dict[int, Contradiction]:
    """Return both sides where file and registry disagree, by photo."""
    numbers = {c.photo_id for c in checked if "MD_ARTIST_CONFLICT" in c.verdict.codes}
    some = [photo for photo in photos if id_of(photo) in numbers]
    photographers = photographers_by_photo(work.session, some) if some else {}
    return {
        id_of(photo): Contradiction(
            () if work.hides_photo(id_of(photo)) else _named_in_file(photo),
            tuple(_in_register(work, person) for person in photographers[id_of(photo)]),
        )
        for photo in some
    }


def _photographers_without_agreement(
    work: UnitOfWork, photos: Sequence[Photo], checked: Sequence[Checked]
) -> dict[int, tuple[str, ...]]:
    """Return the employees with whom nothing is agreed about their photos, by photo."""
    numbers = {c.photo_id for c in checked if "CR_EMPLOYEE_NO_AGREEMENT" in c.verdict.codes}
    some = [photo for photo in photos if id_of(photo) in numbers]
    found = photographers_by_photo(work.session, some) if some else {}
    return {
        photo: tuple(human_id(Kind.PERSON, p.id) for p in persons if p.erased_at is None)
        for photo, persons in found.items()
    }


def _in_register(work: UnitOfWork, person: Person) -> str:
    """Return a photographer with the name if the user may see it, in a verdict: this is no look."""
    number = human_id(Kind.PERSON, person.id)
    return number if work.hides_person(id_of(person)) else f"{number} {person.name}"


def note_named(work: UnitOfWork, checked: Checked) -> None:
    """Note that whom a verdict names is shown, on a page that is a look."""
    for person in checked.contradiction.in_register if checked.contradiction else ():
        number, _space, name = person.partition(" ")
        if name:
            work.looks.note_name(parse_id(Kind.PERSON, number))
    for number in checked.names:
        work.looks.note_name(parse_id(Kind.PERSON, number))


def _named_in_file(photo: Photo) -> tuple[str, ...]:
    """Return each creator and copyright notice in a file, with the standards that contain it."""
    texts = photo.rights_metadata or {}
    found: dict[str, list[str]] = {}
    for name in ("photographer", "copyright"):
        for standard, text in texts.get(name, {}).items():
            if text:
                found.setdefault(text, []).append(standard)
    return tuple(f"{text} ({', '.join(dict.fromkeys(where))})" for text, where in found.items())


def question_for(work: UnitOfWork, channel: ChannelRow, asked: AskedUse) -> "UseQuestion":
    """Return the question for a use under the policy in force; InputDataError if impossible."""
    if not channel.kind.is_online and asked.mode is not Mode.UPLOAD:
        raise InputDataError(
            N_("print and the press use the photo itself, not a link, an embedding or a share"),
            N_("Choose the photo itself."),
            fields=("mode",),
        )
    use = use_of(
        channel,
        asked.on or work.today,
        asked.mode,
        asked.purpose,
        public_pages(all_channels(work.session)),
        clock_is_behind=asked.on is None and work.clock_is_behind,
    )
    return UseQuestion(channel, use, *current_policy(work.session))


@dataclass(frozen=True, slots=True)
class UseQuestion:
    """One use of photos on one channel, with the policy to evaluate it under."""

    channel: ChannelRow
    use: Use
    policy_version: int
    policy: Policy

    def check_facts(
        self, photo_id: int, file_name: str, facts: PhotoFacts, origin: Origin
    ) -> Checked:
        """Return the verdict on a photo, without rulings."""
        use, verdict = self.use, evaluate(facts, self.use, self.policy)
        # The day is left out: a ruling applies while facts and findings stay the same.
        findings = [(finding.code, finding.person, finding.detail) for finding in verdict.findings]
        asked = [use.channel, use.channel_name, use.mode, use.purpose]
        return Checked(
            photo_id=photo_id,
            file_name=file_name,
            channel_id=id_of(self.channel),
            channel_name=self.channel.name,
            use=use,
            facts=facts,
            verdict=verdict,
            policy_version=self.policy_version,
            policy=self.policy,
            digest=digest(facts, (*origin, self.policy.four_eyes), asked, findings),
        )


def with_ruling(checked: Checked, cases: CasesByFacts) -> Checked:
    """Add the newest case and ruling on exactly these facts to an unclear photo."""
    case_id, ruling = cases.get((checked.photo_id, checked.digest), (None, None))
    if checked.verdict.outcome is not Outcome.UNCLEAR or case_id is None:
        return checked
    if ruling and ruling.has_expired_on(checked.use.day):
        return checked  # an expired ruling counts as none
    return replace(
        checked,
        case_id=case_id,
        ruling_id=ruling.id if ruling else None,
        ruling=ruling.kind if ruling else None,
        asks_for=ruling.asks_for if ruling else "",
    )


def worst_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of the outcomes: refused, then unclear, then publishable."""
    found = set(outcomes)
    for outcome in (Outcome.REFUSED, Outcome.UNCLEAR):
        if outcome in found:
            return outcome
    return Outcome.PUBLISHABLE
