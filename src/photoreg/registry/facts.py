"""Rows to facts: the one place that builds what the rules look at.

The same set-based queries serve one photo and many; their number does not depend on how many.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from photoreg.registry.flags import flagged_photos
from photoreg.registry.names import Kind, human_id, id_of, name_key
from photoreg.registry.said import Reach, Standing, Word, standing
from photoreg.registry.tables import (
    ChannelRow,
    Consent,
    ConsentChannel,
    ConsentEvent,
    ConsentPurpose,
    Depiction,
    Event,
    EventPhotographer,
    Guardianship,
    Permission,
    PermissionChannel,
    PermissionEvent,
    PermissionPurpose,
    Person,
    Photo,
    PhotoPhotographer,
    RegistryInfo,
)
from photoreg.rulebook.facts import (
    EVERY_CHANNEL,
    LICENSED_BASES,
    OPEN_ENDED,
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
)

_Row = TypeVar("_Row", bound=SQLModel)
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_ANSWERS = (
    "photographer",
    "basis",
    "commissioner",
    "place",
    "place_permission",
    "shot",
    "confidentiality",
    "sensitive",
)


def photo_facts(
    session: Session, photo_ids: Sequence[int], channel: ChannelRow | None = None
) -> dict[int, PhotoFacts]:
    """Return the facts of the photos, by photo id, as they stand for a channel.

    The channel matters only for whether its terms changed after what was said.
    """
    found = facts_with_origins(session, photo_ids, channel)
    return {number: facts for number, (facts, _origin) in found.items()}


def facts_with_origins(
    session: Session, photo_ids: Sequence[int], channel: ChannelRow | None = None
) -> dict[int, tuple[PhotoFacts, tuple[object, ...]]]:
    """Return the facts of the photos, each with where the photo comes from.

    The origin is photographers and credit: no rule looks at it, but a ruling on the facts is bound
    to it, too, for it was made on the work of these people. The file's hash is left out: a photo's
    row keeps its image, and changed metadata is the same photo (rulebook §7.5).
    """
    records = _load(session, photo_ids)
    changed_on = channel.terms_changed_on if channel else None
    return {
        id_of(photo): (_facts(records, photo, changed_on), _origin(records, photo))
        for photo in records.photos
    }


@dataclass(frozen=True)
class _Records:
    """Everything about some photos, loaded by a fixed number of queries."""

    organisation: str
    photos: list[Photo]
    events: dict[int, Event]
    photographers: dict[int, list[int]]
    event_photographers: dict[int, list[int]]
    persons: dict[int, Person]
    depictions: dict[int, list[Depiction]]
    guardianships: dict[int, list[Guardianship]]
    consents: dict[int, list[Consent]]
    permissions: dict[int | None, list[Permission]]
    consent_words: dict[int, list[Word]]
    permission_words: dict[int, list[Word]]
    flagged: set[int]


def _origin(records: _Records, photo: Photo) -> tuple[object, ...]:
    photographers = photographers_of(records, photo, records.events.get(photo.event_id or 0))
    return photographers, photo.credit, photo.credit_waived


def _load(session: Session, photo_ids: Sequence[int]) -> _Records:
    photos = rows_with(session, Photo, Photo.id, photo_ids)
    event_ids = {photo.event_id for photo in photos if photo.event_id}
    taken_by = rows_with(session, PhotoPhotographer, PhotoPhotographer.photo_id, photo_ids)
    event_taken_by = rows_with(session, EventPhotographer, EventPhotographer.event_id, event_ids)
    depictions = rows_with(session, Depiction, Depiction.photo_id, photo_ids)
    shown = {d.person_id for d in depictions if d.person_id}
    takers = {link.person_id for link in taken_by} | {x.person_id for x in event_taken_by}
    guardianships = rows_with(session, Guardianship, Guardianship.child_id, shown)
    consents = rows_with(session, Consent, Consent.subject_id, shown)
    permissions = rows_with(session, Permission, Permission.photographer_id, takers)
    licences = rows_with(session, Permission, Permission.photo_id, photo_ids)
    permissions += [licence for licence in licences if licence.photographer_id is None]
    channel_names = {id_of(c): c.name for c in session.exec(select(ChannelRow))}
    info = session.get(RegistryInfo, 1)
    return _Records(
        organisation=info.organisation if info else "",
        photos=photos,
        events={id_of(e): e for e in rows_with(session, Event, Event.id, event_ids)},
        photographers=_grouped((link.photo_id, link.person_id) for link in taken_by),
        event_photographers=_grouped((link.event_id, link.person_id) for link in event_taken_by),
        persons={id_of(p): p for p in rows_with(session, Person, Person.id, shown | takers)},
        depictions=_grouped((d.photo_id, d) for d in depictions),
        guardianships=_grouped((g.child_id, g) for g in guardianships),
        consents=_grouped((c.subject_id, c) for c in consents),
        permissions=_grouped((p.photographer_id, p) for p in permissions),
        consent_words=_words(session, CONSENT_TABLES, consents, channel_names),
        permission_words=_words(session, PERMISSION_TABLES, permissions, channel_names),
        flagged=flagged_photos(session, photos),
    )


@dataclass(frozen=True)
class _SaidTables:
    """The tables that hold what was said, for consents or for permissions."""

    event: type[ConsentEvent] | type[PermissionEvent]
    thread: str
    channel: type[ConsentChannel] | type[PermissionChannel]
    purpose: type[ConsentPurpose] | type[PermissionPurpose]


CONSENT_TABLES = _SaidTables(ConsentEvent, "consent_id", ConsentChannel, ConsentPurpose)
PERMISSION_TABLES = _SaidTables(
    PermissionEvent, "permission_id", PermissionChannel, PermissionPurpose
)


def words_of(
    session: Session, threads: Sequence[Consent] | Sequence[Permission]
) -> dict[int, list[Word]]:
    """Return what was said in these consents, or in these permissions, by their ids."""
    tables = (
        PERMISSION_TABLES if isinstance(next(iter(threads), None), Permission) else CONSENT_TABLES
    )
    channel_names = {id_of(c): c.name for c in session.exec(select(ChannelRow))}
    return _words(session, tables, threads, channel_names)


def _words(
    session: Session,
    tables: _SaidTables,
    threads: Iterable[Consent | Permission],
    channel_names: dict[int, str],
) -> dict[int, list[Word]]:
    """Return what was said in each thread (a consent or permission), by its id."""
    reaches = {id_of(t): _reach(t) for t in threads}
    events = rows_with(session, tables.event, getattr(tables.event, tables.thread), reaches)
    said_ids = [id_of(event) for event in events]
    channels = _grouped(
        (link.said_id, link.kind or channel_names[link.channel_id or 0])
        for link in rows_with(session, tables.channel, tables.channel.said_id, said_ids)
    )
    purposes = _grouped(
        (link.said_id, link.purpose)
        for link in rows_with(session, tables.purpose, tables.purpose.said_id, said_ids)
    )
    said: list[tuple[int, Word]] = []
    for event in events:
        thread, number = getattr(event, tables.thread), id_of(event)
        word = _word(event, thread, reaches[thread], channels[number], purposes[number])
        said.append((thread, word))
    return _grouped(said)


def _reach(thread: Consent | Permission) -> Reach:
    if thread.photo_id is not None:
        return Reach.PHOTO
    return Reach.EVERYTHING if thread.event_id is None else Reach.EVENT


def _word(
    event: ConsentEvent | PermissionEvent,
    thread: int,
    reach: Reach,
    channels: Iterable[str],
    purposes: Iterable[str],
) -> Word:
    grant = Grant(
        channels=frozenset(map(str, channels)),
        purposes=frozenset(map(str, purposes)),
        valid_until=OPEN_ENDED if event.open_ended else event.valid_until,
        given_on=event.day,
        documented=bool(event.evidence or event.paper),
    )
    word = Word(id_of(event), thread, event.kind, event.day, grant, reach)
    if isinstance(event, ConsentEvent):
        releases = event.releases_confidentiality
        return replace(word, grant=replace(grant, releases_confidential=releases))
    return replace(word, basis=event.basis, credit=event.credit, credit_waived=event.credit_waived)


AT_A_TIME = 10_000
"""How many values one query names: SQLite sets a limit, and a registry may hold more."""


def rows_with(
    session: Session, table: type[_Row], column: Any, values: Iterable[Any]
) -> list[_Row]:
    """Return the rows whose column has one of the values, in no particular order."""
    wanted = sorted(set(values))
    found: list[_Row] = []
    for start in range(0, len(wanted), AT_A_TIME):
        some = wanted[start : start + AT_A_TIME]
        found += session.exec(select(table).where(col(column).in_(some)))
    return found


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    groups: dict[_Key, list[_Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _facts(records: _Records, photo: Photo, terms_changed_on: date | None) -> PhotoFacts:
    event = records.events.get(photo.event_id or 0)
    answers: dict[str, Any] = {
        name: own if (own := getattr(photo, name)) is not None else getattr(event, name, None)
        for name in _ANSWERS
    }
    photographers = photographers_of(records, photo, event)
    holders: list[int | None] = [*photographers] or [None]
    licences = [_licence(records, photo, holder) for holder in holders]
    depictions = records.depictions[id_of(photo)]
    shown = [_Shown(records, photo, d) for d in depictions if d.person_id]
    if photo.place is not None:  # a permission of the event's place is none for another place
        answers["place_permission"] = photo.place_permission
    answers["basis"] = _basis(answers["basis"], licences)
    # A commission is stated when there is one; most photos are nobody's order.
    answers["commissioner"] = answers["commissioner"] or Commissioner.NA
    grants = [g for person in shown for g in person.grants]
    return PhotoFacts(
        **answers,
        permissions=tuple(
            PermissionFacts(human_id(Kind.PERSON, holder) if holder else "", licence.answer)
            for holder, licence in zip(holders, licences, strict=True)
        )
        if answers["basis"] in LICENSED_BASES
        else (),
        credit=_credit(photo, licences),
        taken_year=photo.taken_year,
        photographer_died_year=photo.photographer_died_year,
        # While nobody has said who took it, the file contradicts nobody; the question is open.
        file_rights=_file_rights(records, photo, photographers)
        if answers["photographer"] or photo.rights_removed
        else FileRights.NONE,
        people=_people(photo, bool(depictions)),
        recognisable_count=None
        if photo.recognisable_count is None
        else max(photo.recognisable_count, len(depictions)),
        context_identifies=photo.context_identifies,
        persons=tuple(person.facts for person in shown),
        terms_changed=_terms_changed(terms_changed_on, grants),
        flagged=photo.id in records.flagged,
    )


def _people(photo: Photo, somebody_is_recorded: bool) -> People | None:
    """Return the answer about people; who was recorded as recognisable contradicts a "nobody"."""
    says_nobody = photo.people is People.NONE or (
        photo.people is People.UNRECOGNISABLE and photo.context_identifies is False
    )
    return People.RECOGNISABLE if says_nobody and somebody_is_recorded else photo.people


def facts_expected(
    session: Session, event_id: int, persons: Iterable[int], channel: ChannelRow | None = None
) -> dict[int, PhotoFacts]:
    """Return for each person the facts of a photo of the event that would show them alone.

    Only what is known of the person is in them; nothing is known of the photo yet.
    """
    wanted = set(persons)
    consents = rows_with(session, Consent, Consent.subject_id, wanted)
    guardianships = rows_with(session, Guardianship, Guardianship.child_id, wanted)
    records = _Records(
        organisation="",
        photos=[],
        events={},
        photographers={},
        event_photographers={},
        persons={id_of(p): p for p in rows_with(session, Person, Person.id, wanted)},
        depictions={},
        guardianships=_grouped((g.child_id, g) for g in guardianships),
        consents=_grouped((c.subject_id, c) for c in consents),
        permissions={},
        consent_words=words_of(session, consents),
        permission_words={},
        flagged=set(),
    )
    photo = Photo(event_id=event_id)  # type: ignore[call-arg] # imagined, never stored
    changed_on = channel.terms_changed_on if channel else None
    shown = {p: _Shown(records, photo, Depiction(person_id=p)) for p in sorted(wanted)}
    return {
        person: PhotoFacts(
            persons=(each.facts,), terms_changed=_terms_changed(changed_on, each.grants)
        )
        for person, each in shown.items()
    }


def _terms_changed(changed_on: date | None, grants: Iterable[Grant]) -> bool:
    """Did the channel's terms change after something that the photo rests on was said?"""
    return changed_on is not None and any(
        g.given_on is None or g.given_on <= changed_on for g in grants
    )


@dataclass(frozen=True, slots=True)
class RightsHolder:
    """One who permits the use of a photo: a photographer, or else a licensor, named or not."""

    person_id: int | None
    name: str
    credit: str


def rights_holders(session: Session, photo: Photo) -> list[RightsHolder]:
    """Return who took the photo and how each asked to be credited; else who licensed it."""
    records = _load(session, [id_of(photo)])
    photographers = photographers_of(records, photo, records.events.get(photo.event_id or 0))
    if not photographers:
        licensors = {p.licensor: None for p in records.permissions[None] if p.licensor}
        credit = _asked_credit(_licence(records, photo, None))
        return [RightsHolder(None, name, credit) for name in licensors or ("",)]
    return [
        RightsHolder(
            person_id,
            records.persons[person_id].name,
            _asked_credit(_licence(records, photo, person_id)),
        )
        for person_id in photographers
    ]


def _asked_credit(licence: Standing) -> str:
    return next((word.credit for word in reversed(licence.yeses) if word.credit), "")


def photographers_of(records: _Records, photo: Photo, event: Event | None) -> list[int]:
    """Return who took the photo: as said of the photo itself, else as said of its event."""
    if photo.photographer is not None or event is None:
        return sorted(records.photographers[id_of(photo)])
    return sorted(records.event_photographers[id_of(event)])


def _reaches(thread: Consent | Permission, photo: Photo) -> bool:
    """Is it about this photo, its event, or everything?"""
    if thread.photo_id is not None:
        return thread.photo_id == photo.id
    return thread.event_id is None or thread.event_id == photo.event_id


def _licence(records: _Records, photo: Photo, holder: int | None) -> Standing:
    """Return what a photographer, or a licence on the photo itself, permits.

    An agency's licence adds to what the photographer said, but never overrides a no.
    """
    own = _permitted(records, photo, records.permissions[holder])
    if holder is None or own.is_no:
        return own
    bought = _permitted(records, photo, records.permissions[None])
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


def _permitted(records: _Records, photo: Photo, threads: Iterable[Permission]) -> Standing:
    words = (
        word
        for thread in threads
        if _reaches(thread, photo)
        for word in records.permission_words[id_of(thread)]
    )
    return standing(words, side_by_side=True)


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


def _credit(photo: Photo, licences: list[Standing]) -> Credit:
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


def _file_rights(records: _Records, photo: Photo, photographers: list[int]) -> FileRights:
    """Compare the creator and rights in the file with the register (tekijänoikeuslaki 7 §).

    A rights field may name the municipality instead; a creator is always a person.
    """
    if photo.rights_removed:
        return FileRights.REMOVED
    names = [records.persons[p].name_key for p in photographers]
    creator, rights = name_key(photo.file_artist), name_key(photo.file_copyright)
    if not creator and not rights:
        return FileRights.NONE
    known = [*names, name_key(records.organisation)]
    agrees = not creator or (_names(creator, names) and _names_only(creator, known))
    agrees &= not rights or _names_only(rights, known)
    return FileRights.MATCHES if agrees else FileRights.CONFLICTS


_BETWEEN_NAMES = re.compile(r"[;,/&|]|\b(?:ja|and|och)\b")
_NO_NAME = re.compile(
    r"(?:\d+|copyright|c|kuva|kuvaaja|photo|foto|by|all|rights|reserved|kaikki|oikeudet|pidätetään)"
)


def _names_only(text: str, names: Iterable[str]) -> bool:
    """Is everybody whom a text names one of these? Years and the usual words name nobody."""
    known = list(names)
    return all(
        _names(part, known)
        for part in _BETWEEN_NAMES.split(text)
        if not all(_NO_NAME.fullmatch(word) for word in _words_only(part).split())
    )


def _names(text: str, names: Iterable[str]) -> bool:
    """Does a text hold one of the names as whole words? Hanna Lahtinen is not Anna Lahti."""
    return any(f" {_words_only(name)} " in f" {_words_only(text)} " for name in names)


def _words_only(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


class _Shown:
    """A registered person in a photo: the facts, and the grants and releases behind them."""

    def __init__(self, records: _Records, photo: Photo, depiction: Depiction) -> None:
        person = records.persons[depiction.person_id or 0]
        said = self._said(records, photo, id_of(person))
        self._own = said.pop(id_of(person), standing((), side_by_side=False))
        active = {
            g.guardian_id: g for g in records.guardianships[id_of(person)] if g.ended_on is None
        }
        ended = {g.guardian_id for g in records.guardianships[id_of(person)]} - set(active)
        self._guardians = {
            actor: said.get(actor, standing((), side_by_side=False))
            for actor in sorted({*active, *said} - ended)
        }
        verified = {actor for actor, g in active.items() if g.verified_how}
        # Only a verified guardian is one of those whose silence can be excused.
        excused = {actor for actor in verified if active[actor].excused_ground}
        total = person.guardians_total
        self.facts = PersonFacts(
            person=human_id(Kind.PERSON, person.id),
            age_group=person.age_group,
            born=person.born,
            deceased=person.deceased,
            role=depiction.role,
            capacity=person.capacity,
            own=self._own.answer,
            guardians_total=None if total is None else max(total, len(verified)),
            guardians=tuple(
                GuardianAnswer(
                    human_id(Kind.PERSON, actor),
                    word.answer,
                    verified=actor in verified,
                    excused=actor in excused,
                )
                for actor, word in self._guardians.items()
            ),
            blocked=person.blocked,
        )

    @staticmethod
    def _said(records: _Records, photo: Photo, subject: int) -> dict[int, Standing]:
        """Return what each one who spoke for the person has said about this photo."""
        words: dict[int, list[Word]] = defaultdict(list)
        for consent in records.consents[subject]:
            if _reaches(consent, photo):
                words[consent.actor_id] += records.consent_words[id_of(consent)]
        return {actor: standing(said, side_by_side=False) for actor, said in words.items()}

    @property
    def grants(self) -> list[Grant]:
        """Every grant about the person, whoever gave it."""
        everyone = (self._own, *self._guardians.values())
        return [grant for said in everyone for grant in said.answer.grants]
