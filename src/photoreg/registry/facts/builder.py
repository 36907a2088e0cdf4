"""Rows to facts: the one place that builds what the rules look at.

What facts are built from is read by `registry.loading`, in the same way for one photo and for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from photoreg.registry.facts.consent_replay import Reach, Standing, Word, standing
from photoreg.registry.facts.file_rights import rights_in_file
from photoreg.registry.facts.loading import load_people, load_shared, photos_in_order
from photoreg.registry.facts.photo_selection import AT_A_TIME, Which, few_at_a_time
from photoreg.registry.facts.rows import (
    AnswersRecord,
    GuardianRecord,
    PhotoRecord,
    PhotoRows,
    Shared,
    Spoken,
    photo_record,
)
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Permission
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import (
    EVERY_CHANNEL,
    LICENSED_BASES,
    AnswerState,
    Basis,
    Commissioner,
    Credit,
    FileRights,
    Grant,
    GuardianAnswer,
    People,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Role,
)


def photo_facts(
    session: Session, photo_ids: Sequence[int], channel: ChannelRow | None = None
) -> dict[int, PhotoFacts]:
    """Return the facts of the photos, by photo id, as they stand for a channel.

    The channel matters only for whether its terms changed after what was said.
    """
    found = facts_with_origins(session, photo_ids, channel)
    return {number: facts for number, (facts, _origin) in found.items()}


Origin = tuple[object, ...]
"""Where a photo comes from: photographers and credit.

No rule looks at it, but a ruling on the facts is bound to it, too, for it was made on the work of
these people. The file's hash is left out: a photo's row keeps its image, and changed metadata is
the same photo (rulebook §7.5).
"""


def facts_with_origins(
    session: Session, photo_ids: Sequence[int], channel: ChannelRow | None = None
) -> dict[int, tuple[PhotoFacts, Origin]]:
    """Return the facts of the photos, each with where the photo comes from."""
    changed_on = channel.terms_changed_on if channel else None
    found = {}
    for which in few_at_a_time(photo_ids):
        builder = FactBuilder(load_shared(session, which))
        for rows in photos_in_order(session, which, builder.shared.sayings):
            found[rows.id] = builder.facts(rows, changed_on), builder.origin(rows)
    return found


@dataclass(frozen=True, slots=True)
class RightsHolder:
    """One who permits the use of a photo: a photographer, or else a licensor, named or not."""

    person_id: int | None
    name: str
    credit: str


def rights_holders(session: Session, photos: Sequence[Photo]) -> dict[int, list[RightsHolder]]:
    """Return who took each photo and how they asked to be credited; else who licensed it."""
    which = Which(sorted(id_of(photo) for photo in photos))
    builder = FactBuilder(load_shared(session, which))
    found: dict[int, list[RightsHolder]] = {}
    asked: dict[int, list[tuple[int, str]]] = {}
    for rows in photos_in_order(session, which, builder.shared.sayings):
        holders = builder.holders(rows)
        licences = builder.licences(rows, holders)
        asked[rows.id] = list(zip(holders, map(_asked_credit, licences), strict=True))
    names = {
        id_of(person): person.name
        for person in rows_with(
            session, Person, Person.id, {holder for who in asked.values() for holder, _ in who}
        )
    }
    licensors = _licensors(session, [number for number, who in asked.items() if who[0][0] == 0])
    for number, who in asked.items():
        if who[0][0] == 0:
            credit = who[0][1]
            named = licensors.get(number) or [""]
            found[number] = [RightsHolder(None, name, credit) for name in named]
        else:
            found[number] = [RightsHolder(h, names[h], credit) for h, credit in who]
    return found


def _licensors(session: Session, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return who licensed photos without a photographer, by photo."""
    found: dict[int, list[str]] = defaultdict(list)
    licences = rows_with(session, Permission, Permission.photo_id, numbers)
    for licence in sorted(licences, key=id_of):
        if licence.photographer_id is None and licence.licensor and licence.photo_id:
            found[licence.photo_id].append(licence.licensor)
    return {number: list(dict.fromkeys(names)) for number, names in found.items()}


def _asked_credit(licence: Standing) -> str:
    return next((word.credit for word in reversed(licence.yeses) if word.credit), "")


def facts_expected(
    session: Session, event_id: int, persons: Iterable[int], channel: ChannelRow | None = None
) -> dict[int, PhotoFacts]:
    """Return for each person the facts of a photo of the event that would show them alone.

    Only what is known of the person is in them; nothing is known of the photo yet.
    """
    wanted = sorted(set(persons))
    builder = FactBuilder(load_people(session, wanted))
    changed_on = channel.terms_changed_on if channel else None
    shown = {p: builder.person(p, Role.PRIVATE, event_id, ()) for p in wanted}
    return {
        person: PhotoFacts(persons=(facts,), terms_changed=terms_changed(changed_on, [facts]))
        for person, facts in shown.items()
    }


def terms_changed(changed_on: date | None, persons: Iterable[PersonFacts]) -> bool:
    """Did the channel's terms change after something that the photo rests on was said?"""
    return changed_on is not None and any(
        grant.given_on is None or grant.given_on <= changed_on
        for person in persons
        for grant in grants_about(person)
    )


def grants_about(person: PersonFacts) -> list[Grant]:
    """Return every grant about the person, whoever gave it."""
    everyone = (person.own, *(guardian.answer for guardian in person.guardians))
    return [grant for answer in everyone for grant in answer.grants]


class SaidAbout(NamedTuple):
    """What was said about somebody: their own words, and those of each who speaks for them."""

    own: list[Spoken]
    guardians: list[tuple[GuardianRecord, list[Spoken]]]


class FactBuilder:
    """Builds the facts of photos from what was loaded; what is equal is replayed once."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self._standings: dict[tuple[object, ...], Standing] = {}

    def facts(self, rows: PhotoRows, changed_on: date | None = None) -> PhotoFacts:
        """Return the facts of a photo as they stand for a channel whose terms changed that day."""
        event = rows.event_id
        persons = tuple(
            self.person(person, Role(role), event, [w for w in rows.consents if w.about == person])
            for person, role in rows.depicted
            if person
        )
        return replace(
            self.of_photo(rows), persons=persons, terms_changed=terms_changed(changed_on, persons)
        )

    def origin(self, rows: PhotoRows) -> Origin:
        """Return where the photo comes from."""
        photo = photo_record(rows.photo)
        return (
            [holder for holder in self.holders(rows) if holder],
            photo.credit,
            photo.credit_waived,
        )

    def holders(self, rows: PhotoRows) -> list[int]:
        """Return who took the photo, as said of itself, else of its event; [0] for nobody known."""
        if rows.is_by_its_own:
            return list(rows.taken_by) or [0]
        return list(self.shared.event_photographers.get(rows.event_id or 0, ())) or [0]

    def of_photo(self, rows: PhotoRows) -> PhotoFacts:
        """Return the facts of a photo without the persons who are shown."""
        photo = photo_record(rows.photo)
        answers = photo.answers.else_those_of(
            self.shared.events.get(photo.event_id or 0, AnswersRecord())
        )
        holders = self.holders(rows)
        licences = self.licences(rows, holders)
        answers = answers._replace(
            basis=_basis(answers.basis, licences),
            # A commission is stated when there is one; most photos are nobody's order.
            commissioner=answers.commissioner or Commissioner.NA,
        )
        count = photo.recognisable_count
        return PhotoFacts(
            **answers._asdict(),
            permissions=tuple(
                PermissionFacts(human_id(Kind.PERSON, holder) if holder else "", licence.answer)
                for holder, licence in zip(holders, licences, strict=True)
            )
            if answers.basis in LICENSED_BASES
            else (),
            credit=_credit(photo, licences),
            taken_year=photo.taken_year,
            photographer_died_year=photo.photographer_died_year,
            # While nobody has said who took it, the file contradicts nobody; the question is open.
            file_rights=rights_in_file(
                photo, [self.shared.takers[p] for p in holders if p], self.shared.organisation
            )
            if answers.photographer or photo.rights_removed
            else FileRights.NONE,
            people=_people(photo, bool(rows.depicted)),
            recognisable_count=None if count is None else max(count, len(rows.depicted)),
            context_identifies=photo.context_identifies,
            flagged=photo.id in self.shared.flagged,
        )

    def licences(self, rows: PhotoRows, holders: Sequence[int]) -> list[Standing]:
        """Return for each holder what they, or a licence on the photo itself, permit."""
        event = rows.event_id
        said: dict[int, list[Spoken]] = defaultdict(list)
        for word in rows.permissions:
            said[word.about].append(word)
        bought = self.standing(said[0], side_by_side=True)
        return [
            _licence(
                self.standing(
                    [*self.shared.permissions.reaching(holder, event), *said[holder]],
                    side_by_side=True,
                ),
                bought,
            )
            if holder
            else bought
            for holder in holders
        ]

    def person(
        self, number: int, role: Role, event: int | None, of_photo: Iterable[Spoken]
    ) -> PersonFacts:
        """Return the facts of somebody shown in a photo of an event (or of none).

        `of_photo` is what was said of them in this very photo.
        """
        return self.person_who_said(number, role, self.said_about(number, event, of_photo))

    def person_who_said(self, number: int, role: Role, said: "SaidAbout") -> PersonFacts:
        """Return the facts of a person about whom this was said."""
        person = self.shared.persons[number]
        verified = sum(guardian.verified for guardian, _ in said.guardians)
        total = person.guardians_total
        return PersonFacts(
            person=human_id(Kind.PERSON, number),
            age_group=person.age_group,
            born=person.born,
            deceased=person.deceased,
            role=role,
            capacity=person.capacity,
            own=self.standing(said.own, side_by_side=False).answer,
            guardians_total=None if total is None else max(total, verified),
            guardians=tuple(
                GuardianAnswer(
                    human_id(Kind.PERSON, guardian.guardian_id),
                    self.standing(words, side_by_side=False).answer,
                    verified=guardian.verified,
                    # Only a verified guardian is one of those whose silence can be excused.
                    excused=guardian.verified and guardian.excused,
                )
                for guardian, words in said.guardians
            ),
            blocked=person.blocked,
        )

    def said_about(
        self, subject: int, event: int | None, of_photo: Iterable[Spoken]
    ) -> "SaidAbout":
        """Return what was said about somebody: by themselves, and by each who speaks for them.

        Who was once a guardian and is none any more has no say; somebody else who signed has.
        """
        said: dict[int, list[Spoken]] = {}
        for word in (*self.shared.consents.reaching(subject, event), *of_photo):
            said.setdefault(word.actor, []).append(word)
        own = said.pop(subject, [])
        known = {g.guardian_id: g for g in self.shared.guardians.get(subject, ())}
        speaking = {actor for actor, guardian in known.items() if not guardian.ended}
        speaking.update(actor for actor in said if actor not in known)
        return SaidAbout(
            own,
            [
                (
                    known.get(actor) or GuardianRecord(actor, False, False, False),
                    said.get(actor, []),
                )
                for actor in sorted(speaking)
            ],
        )

    def history(self, words: list[Spoken]) -> tuple[object, ...]:
        """Return what words of one person come to: equal for histories that end alike."""
        if len(words) == 1:
            return (words[0].saying, words[0].reach)
        if not words:
            return ()
        sayings = self.shared.sayings
        words.sort(key=lambda word: (sayings[word.saying].day, word.said))
        threads: dict[int, int] = {}
        return tuple((w.saying, w.reach, threads.setdefault(w.thread, len(threads))) for w in words)

    def standing(self, words: list[Spoken], *, side_by_side: bool) -> Standing:
        """Return where the words of one person stand; equal histories are replayed once."""
        alike = (side_by_side, self.history(words))
        found = self._standings.get(alike)
        if found is None:
            if len(self._standings) >= AT_A_TIME:
                self._standings.clear()
            spoken = (word.in_words(self.shared.sayings) for word in words)
            found = self._standings[alike] = standing(spoken, side_by_side=side_by_side)
        return found


def _people(photo: PhotoRecord, somebody_is_recorded: bool) -> People | None:
    """Return the answer about people; who was recorded as recognisable contradicts a "nobody"."""
    says_nobody = photo.people is People.NONE or (
        photo.people is People.UNRECOGNISABLE and photo.context_identifies is False
    )
    return People.RECOGNISABLE if says_nobody and somebody_is_recorded else photo.people


def _licence(own: Standing, bought: Standing) -> Standing:
    """Return what a photographer permits, together with a licence on the photo itself.

    An agency's licence adds to what the photographer said, but never overrides a no.
    """
    if own.is_no:
        return own
    if not own.was_spoken_of:
        return bought
    said = own.answer
    grants = [replace(g, excluded=g.excluded | said.taken_back) for g in bought.answer.grants]
    if EVERY_CHANNEL in said.taken_back:
        grants = [replace(g, channels=g.channels & said.regained) for g in grants]
    together = (*said.grants, *(g for g in grants if g.channels - g.excluded))
    return Standing(
        replace(said, state=AnswerState.GRANTED, grants=together) if together else said,
        (*own.yeses, *bought.yeses),
        own.last_yes or bought.last_yes,
        own.was_spoken_of,
    )


def _basis(stated: Basis | None, licences: list[Standing]) -> Basis | None:
    """Return the basis as stated, unless a permission that was recorded gives a better one.

    A source known to be unlawful stays so; for a photo found on the web only a permission for
    that very photo helps.
    """
    if stated in LICENSED_BASES | {Basis.PUBLIC_DOMAIN, Basis.KNOWN_UNLAWFUL}:
        return stated
    least = Reach.PHOTO if stated is Basis.WEB_FOUND else Reach.EVERYTHING
    yeses = [said.last_yes for said in licences if said.last_yes]
    given = next((yes.basis for yes in yeses if yes.reach >= least), None)
    asked = any(said.was_spoken_of for said in licences)
    return given or stated or (Basis.PHOTOGRAPHER_PERMISSION if asked else None)


def _credit(photo: PhotoRecord, licences: list[Standing]) -> Credit:
    if photo.credit_waived:
        return Credit.WAIVED
    if photo.credit:
        return Credit.RECORDED
    said = [_naming_the_photographer(licence) for licence in licences]
    if all(any(yes.credit_waived for yes in yeses) for yeses in said):
        return Credit.WAIVED
    if all(any(yes.credit or yes.credit_waived for yes in yeses) for yeses in said):
        return Credit.RECORDED
    return Credit.MISSING


def _naming_the_photographer(licence: Standing) -> tuple[Word, ...]:
    """Return the yeses that say the credit: a withdrawal does not make it unknown."""
    return licence.yeses or ((licence.last_yes,) if licence.last_yes else ())
