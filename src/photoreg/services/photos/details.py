"""Show everything that the registry holds about one photo."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from photoreg.imaging.metadata.licences import file_usage_terms
from photoreg.registry.facts.consent_replay import ReplayEvent
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.cases import cases_about
from photoreg.registry.queries.corrections import publications_by_mistake
from photoreg.registry.queries.flags import photos_with_objections
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import (
    LatestEvent,
    channel_names,
    consents_about,
    depictions_of,
    events_by_id,
    login_of,
    permissions_about,
    photographers_by_photo,
    versions_of,
)
from photoreg.registry.queries.publications import decisions_on, publications_of
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import AnswerColumns, Depiction, Photo
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import (
    events_in_reach,
    refused_scopes,
    status_row,
)
from photoreg.services.consents.consents import withheld_persons
from photoreg.services.decisions.flags import flag_rows
from photoreg.services.people.ages import display_name, hides, noted_name
from photoreg.services.photos.answers import open_questions
from photoreg.services.photos.listing import without_block
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork

_OWN_ANSWERS = (
    "people",
    "recognisable_count",
    "context_identifies",
    "credit",
    "credit_waived",
    "taken_year",
    "photographer_died_year",
    "depicted_work",
    "digital_source",
    "rights_removed",
)


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question about a photo with its answer; `source` is "photo", "event", or None if open."""

    question: str
    answer: object
    source: str | None


@dataclass(frozen=True, slots=True)
class DepictedPerson:
    """A depiction; `person` and `name` are None for somebody who is not named yet."""

    person: str | None
    name: str | None
    position: str
    prominence: str
    role: str


@dataclass(frozen=True, slots=True)
class ConsentOrPermission:
    """A consent or permission that reaches a photo: its status, and the `kind` of its last event.

    `about` is the depicted person of a consent; `by` is who gave or refused it. `reach` is
    "photo", "event" or "everything". `refused` is what is left out of what it grants.
    """

    id: str
    about: str | None
    by: str | None
    kind: str
    state: str
    day: str
    valid_until: str | None
    open_ended: bool
    channels: tuple[str, ...]
    purposes: tuple[str, ...]
    refused: tuple[dict[str, list[str]], ...]
    reach: str


@dataclass(frozen=True, slots=True)
class DecisionOnPhoto:
    """A stored decision on a photo."""

    decision: str
    channel: str
    purpose: str
    made_for: str
    day: str


@dataclass(frozen=True, slots=True)
class CaseOnPhoto:
    """A case on a photo; `ruling` is None while nobody has ruled."""

    case: str
    channel: str
    codes: tuple[str, ...]
    ruling: str | None


@dataclass(frozen=True, slots=True)
class FlagOnPhoto:
    """A flag on a photo."""

    flag: str
    state: str
    raised_at: str


@dataclass(frozen=True, slots=True)
class PublicationOfPhoto:
    """A publication of a photo; `removed_on` is None while it is public."""

    publication: str
    channel: str
    address: str
    published_on: str
    removed_on: str | None
    typed_by_mistake: bool


@dataclass(frozen=True, slots=True)
class PhotoDetails:
    """Everything about a photo; ids, ISO days and times, in the order of the JSON output.

    From `terms` to `all_rights_reserved`: the terms of use in the file (`file_usage_terms`).
    """

    photo: str
    file: str
    path: str
    sha256: str
    size: int
    format: str
    width: int
    height: int
    orientation: int | None
    taken_at: str | None
    camera: str
    holds_place: bool
    file_artist: str
    file_copyright: str
    file_description: str
    terms: str
    licence_url: str
    licence: str
    release: str
    all_rights_reserved: bool
    picture_sha256: str | None
    version_of: str | None
    versions: tuple[str, ...]
    registered_at: str
    registered_by: str
    event: str | None
    photographers: tuple[str, ...]
    answers: tuple[AnsweredQuestion, ...]
    open: tuple[str, ...]
    people: tuple[DepictedPerson, ...]
    permissions: tuple[ConsentOrPermission, ...]
    consents: tuple[ConsentOrPermission, ...]
    decisions: tuple[DecisionOnPhoto, ...]
    cases: tuple[CaseOnPhoto, ...]
    flags: tuple[FlagOnPhoto, ...]
    publications: tuple[PublicationOfPhoto, ...]


def show_photo(application: Application, named: str) -> PhotoDetails:
    """Return everything about a photo, but never whether a person has a publication block.

    Of a photo that is stopped for a person's sake, or of somebody who is withheld from lists, only
    coordinators see the consents: they would tell a block from an objection.

    Texts about it may hold names; they are empty for an auditor, and for users of another unit.
    """
    with application.reading() as work:
        photo = find_photo(work.session, named)
        number = id_of(photo)
        photographers = photographers_by_photo(work.session, [photo])[number]
        depictions = depictions_of(work.session, number)
        persons = persons_of(work.session, (d.person_id for d in depictions if d.person_id))
        permissions = permissions_about(work.session, photo, map(id_of, photographers))
        channels = channel_names(work.session)
        rights = file_usage_terms(photo.rights_metadata or {})
        hides_texts = work.hides_photo(number)
        return PhotoDetails(
            photo=human_id(Kind.PHOTO, number),
            file="" if hides_texts else photo.file_name,
            path="" if hides_texts else photo.path,
            sha256=photo.sha256,
            size=photo.size,
            format=photo.format,
            width=photo.width,
            height=photo.height,
            orientation=photo.orientation,
            taken_at=photo.taken_at,
            camera=photo.camera,
            holds_place=photo.gps_present,
            file_artist="" if hides_texts else photo.file_artist,
            file_copyright="" if hides_texts else photo.file_copyright,
            file_description="" if hides_texts else photo.file_description,
            terms="" if hides_texts else rights["terms"],
            licence_url="" if hides_texts else rights["licence_url"],
            licence=rights["licence"],
            release=rights["release"],
            all_rights_reserved=rights["all_rights_reserved"],
            picture_sha256=photo.picture_sha256,
            version_of=human_id(Kind.PHOTO, photo.version_of) if photo.version_of else None,
            versions=tuple(human_id(Kind.PHOTO, n) for n in versions_of(work.session, number)),
            registered_at=photo.registered_at.isoformat(timespec="seconds"),
            registered_by=login_of(work.session, photo.registered_by),
            event=human_id(Kind.EVENT, photo.event_id) if photo.event_id else None,
            photographers=tuple(display_name(work, person) for person in photographers),
            answers=_answers(work, photo),
            open=open_questions(work, [number])[number],
            people=_depicted_persons(work, depictions, persons),
            permissions=_consents_or_permissions(work, permissions),
            consents=()
            if _withholds_consents(work, number, persons.values())
            else _consents_or_permissions(work, consents_about(work.session, photo, persons)),
            decisions=_decisions(work, number, channels),
            cases=_cases(work, number, channels),
            flags=tuple(
                FlagOnPhoto(row.flag, row.state.value, row.raised_at.isoformat())
                for row in flag_rows(work, photo_id=number, everything=True)
            ),
            publications=_publications(work, number, channels),
        )


def _withholds_consents(work: UnitOfWork, photo: int, persons: Iterable[Person]) -> bool:
    """Return whether only coordinators see the consents: this photo or another one is stopped."""
    if work.actor.role in COORDINATORS:
        return False
    return bool(withheld_persons(work, persons) or photos_with_objections(work.session, [photo]))


def _answers(work: UnitOfWork, photo: Photo) -> tuple[AnsweredQuestion, ...]:
    """Return each question with its answer and whether the photo or its event gives it."""
    event = events_by_id(work.session, [photo.event_id]).get(photo.event_id or 0)
    result = []
    for question in (*AnswerColumns.model_fields, *_OWN_ANSWERS):
        own = getattr(photo, question)
        from_event = getattr(event, question, None) if own is None else None
        value = own if own is not None else from_event
        if question == "credit" and value and work.hides_photo(id_of(photo)):
            value = ""
        value = without_block(value)
        source = "event" if from_event is not None else "photo" if own is not None else None
        result.append(AnsweredQuestion(question, _plain_value(value), source))
    return tuple(result)


def _plain_value(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value


def _depicted_persons(
    work: UnitOfWork, depictions: Iterable[Depiction], persons: Mapping[int, Person]
) -> tuple[DepictedPerson, ...]:
    result = []
    for depiction in depictions:
        person = persons.get(depiction.person_id or 0)
        depicted = DepictedPerson(
            person=human_id(Kind.PERSON, person.id) if person else None,
            name=None if person is None or hides(work, person) else noted_name(work, person),
            position="" if work.hides_photo(depiction.photo_id) else depiction.position,
            prominence=depiction.prominence.value,
            role=depiction.role.value,
        )
        result.append(depicted)
    return tuple(result)


def _consents_or_permissions(
    work: UnitOfWork, found: Sequence[LatestEvent]
) -> tuple[ConsentOrPermission, ...]:
    events = events_in_reach(work, [latest.record for latest in found])
    return tuple(_consent_or_permission(each, events[id_of(each.record)]) for each in found)


def _consent_or_permission(latest: LatestEvent, events: list[ReplayEvent]) -> ConsentOrPermission:
    """Return what was said, as a whole: a no to one purpose may be the last of it."""
    record, status = latest.record, status_row(events, id_of(latest.record))
    subject, by = _parties(record)
    kind = Kind.CONSENT if isinstance(record, Consent) else Kind.PERMISSION
    return ConsentOrPermission(
        id=human_id(kind, record.id),
        about=subject,
        by=by,
        kind=latest.event.kind.value,
        state=status.state.value,
        day=status.day,
        valid_until=status.until,
        open_ended=status.open_ended,
        channels=tuple(status.channels),
        purposes=tuple(status.purposes),
        refused=tuple(no._asdict() for no in refused_scopes(events, id_of(record))),
        reach="photo" if record.photo_id else "event" if record.event_id else "everything",
    )


def _parties(record: Consent | Permission) -> tuple[str | None, str | None]:
    """Return the depicted person and who gives the consent or permission, by id."""
    if isinstance(record, Permission):
        holder = record.photographer_id
        return None, human_id(Kind.PERSON, holder) if holder else None
    return human_id(Kind.PERSON, record.subject_id), human_id(Kind.PERSON, record.actor_id)


def _decisions(
    work: UnitOfWork, number: int, channels: Mapping[int, str]
) -> tuple[DecisionOnPhoto, ...]:
    return tuple(
        DecisionOnPhoto(
            decision=human_id(Kind.DECISION, decision.id),
            channel=channels[decision.channel_id],
            purpose=decision.purpose.value,
            made_for=decision.made_for.value,
            day=decision.day.isoformat(),
        )
        for decision in decisions_on(work.session, number)
    )


def _cases(work: UnitOfWork, number: int, channels: Mapping[int, str]) -> tuple[CaseOnPhoto, ...]:
    return tuple(
        CaseOnPhoto(
            case=human_id(Kind.CASE, case.number),
            channel=channels[case.channel_id],
            codes=tuple(case.codes.split(";")),
            ruling=ruling.kind.value if ruling else None,
        )
        for case, ruling in cases_about(work.session, number)
    )


def _publications(
    work: UnitOfWork, number: int, channels: Mapping[int, str]
) -> tuple[PublicationOfPhoto, ...]:
    mistaken = publications_by_mistake(work.session)
    return tuple(
        PublicationOfPhoto(
            publication=human_id(Kind.PUBLICATION, publication.id),
            channel=channels[publication.channel_id],
            address=publication.address,
            published_on=publication.published_on.isoformat(),
            removed_on=row.removed_on.isoformat() if row.removed_on else None,
            typed_by_mistake=publication.id in mistaken,
        )
        for row, publication in publications_of(work.session, number)
    )
