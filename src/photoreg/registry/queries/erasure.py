"""Queries for an erasure: where a person's data are, and which documents concern nobody else."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.merged import kept_record, records_kept_in
from photoreg.registry.tables.cases import Ruling
from photoreg.registry.tables.consents import Consent, ConsentEvent, Permission, PermissionEvent
from photoreg.registry.tables.forms import ConsentForm, ConsentFormScan
from photoreg.registry.tables.history import Disclosure, History, HistoryKind
from photoreg.registry.tables.people import Evidence, Guardianship, Staff
from photoreg.registry.tables.photos import Depiction, Event, EventRoster, Photo, PhotoFlag
from photoreg.registry.tables.publications import TakeDown


def evidence_owners(session: Session, person: int, *, author: bool) -> dict[str, set[int | None]]:
    """Return the documents that a person's records name, each with everybody it concerns.

    A consent's document concerns the person depicted, an excuse's the guardian, and a permission's
    the photographer, unless they are an author whose photos stay, and who gave it in their place or
    transferred the rights. None stands for a document about
    no single person: about the photos, a ruling, a proof.
    """
    photographer = sa.null() if author else col(Permission.photographer_id)
    mentions: Any = sa.union_all(
        select(ConsentEvent.evidence, Consent.subject_id.label("owner"), Consent.actor_id).join(  # type: ignore[attr-defined]
            Consent, col(Consent.id) == col(ConsentEvent.consent_id)
        ),
        select(PermissionEvent.evidence, photographer, Permission.photographer_id).join(
            Permission, col(Permission.id) == col(PermissionEvent.permission_id)
        ),
        *(
            select(PermissionEvent.evidence, kept_record(named), kept_record(named)).where(
                col(named).is_not(None)
            )
            for named in (PermissionEvent.by_person_id, PermissionEvent.author_id)
        ),
        select(Guardianship.excused_evidence, Guardianship.guardian_id, Guardianship.guardian_id),
        select(
            Guardianship.decides_alone_evidence, Guardianship.child_id, Guardianship.guardian_id
        ),
        select(ConsentFormScan.evidence, ConsentForm.subject_id, ConsentForm.actor_id)
        .join(ConsentForm, col(ConsentForm.id) == col(ConsentFormScan.form_id))
        .where(col(ConsentForm.subject_id).is_not(None)),
        select(Ruling.evidence, sa.null(), sa.null()),
        select(TakeDown.proof_evidence, sa.null(), sa.null()),
    ).subquery("about")
    sha256, owner, actor = mentions.c
    own_documents = select(sha256).where(sa.or_(owner == person, actor == person)).distinct()
    existing = select(Evidence.sha256).where(col(Evidence.erased_at).is_(None))
    statement = (
        select(sha256, owner).where(sha256.in_(own_documents), sha256.in_(existing)).distinct()
    )
    found: dict[str, set[int | None]] = defaultdict(set)
    for document, concerned in session.connection().execute(statement):
        found[document].add(concerned)
    return found


def roster_rows(session: Session, person: int) -> list[EventRoster]:
    """Return a person's rows on rosters."""
    return list(session.exec(select(EventRoster).where(EventRoster.person_id == person)))


def flags_by(session: Session, person: int) -> list[PhotoFlag]:
    """Return the flags that a person raised by an objection."""
    statement = select(PhotoFlag).where(PhotoFlag.person_id == person)
    return list(session.exec(statement.order_by(col(PhotoFlag.id))))


def guardianships_involving(session: Session, person: int) -> list[Guardianship]:
    """Return the guardianships in which a person is the child or the guardian."""
    either = or_(col(Guardianship.child_id) == person, col(Guardianship.guardian_id) == person)
    return list(session.exec(select(Guardianship).where(either)))


def photos_naming(session: Session, person: int, name: str) -> list[Photo]:
    """Return the photos that show a person and whose texts from the file hold the name."""
    wanted = name_key(name)
    shown = select(Depiction.photo_id).where(Depiction.person_id == person)
    statement = select(Photo).where(col(Photo.id).in_(shown)).order_by(col(Photo.id))
    return [photo for photo in session.exec(statement) if wanted in name_key(_texts(photo))]


def _texts(photo: Photo) -> str:
    text = f"{photo.path} {photo.file_name} {photo.file_description}"
    return " ".join(text.replace("_", " ").replace("-", " ").replace("/", " ").split())


def disclosures_naming(session: Session, name: str) -> list[Disclosure]:
    """Return the disclosures whose stated purpose contains a name."""
    wanted = name_key(name)
    return [row for row in session.exec(select(Disclosure)) if wanted in name_key(row.purpose)]


def staff_of_person(session: Session, person: int) -> list[Staff]:
    """Return the users who are this person."""
    return list(session.exec(select(Staff).where(Staff.person_id == person)))


def erase_from_history(session: Session, person: int, *, name: bool) -> None:
    """Delete the days of birth and death, and the name, from the history of a person's records."""
    keys = [str(number) for number in records_kept_in(session, person)]
    erased = {"born", "died_on", *(["name"] if name else [])}
    statement = select(History).where(
        History.table_name == "person", col(History.row_key).in_(keys)
    )
    for row in session.exec(statement):
        row.old = {key: value for key, value in row.old.items() if key not in erased}
        session.add(row)
    session.flush()


def consents_with_notes(session: Session, consents: Iterable[Consent]) -> list[int]:
    """Return the consents with a note on one of their events, by id."""
    wanted = [id_of(consent) for consent in consents]
    statement = select(ConsentEvent.consent_id).where(
        col(ConsentEvent.consent_id).in_(wanted), col(ConsentEvent.paper) != ""
    )
    return sorted(set(session.exec(statement)))


def permissions_with_notes(session: Session, person: int) -> list[int]:
    """Return the permissions of or by a person with a note on one of their events."""
    own = select(Permission.id).where(Permission.photographer_id == person)
    is_named = or_(
        col(PermissionEvent.permission_id).in_(own),
        kept_record(PermissionEvent.by_person_id) == person,
        kept_record(PermissionEvent.author_id) == person,
    )
    statement = select(PermissionEvent.permission_id).where(
        is_named, col(PermissionEvent.paper) != ""
    )
    return sorted(set(session.exec(statement)))


_STAFF_TEXTS: tuple[tuple[Kind, Any, Any], ...] = (
    (Kind.CASE, Ruling.case_id, Ruling.reason),
    (Kind.FLAG, PhotoFlag.id, PhotoFlag.reason),
    (Kind.FLAG, PhotoFlag.id, PhotoFlag.resolution),
    (Kind.TAKE_DOWN, TakeDown.id, TakeDown.proof),
    (Kind.EVENT, Event.id, Event.name),
)
"""Free texts by staff that an erasure leaves: kind of id, its column, the text."""


def staff_texts_naming(session: Session, name: str) -> list[str]:
    """Return the ids of rulings, flags, take-downs and events whose texts contain a name."""
    wanted, found = name_key(name), []
    for kind, number, text_column in _STAFF_TEXTS:
        rows = session.exec(select(number, text_column).order_by(number))
        found += [human_id(kind, row) for row, text in rows if wanted in name_key(text)]
    return list(dict.fromkeys(found))


def events_involving(session: Session, person: int) -> list[int]:
    """Return the events whose lists may name a person.

    Those that have, or once had, the person on the roster; those whose photos show them; those for
    which they or their guardians were asked.
    """
    shown = select(Depiction.photo_id).where(Depiction.person_id == person)
    statements = [
        sa.select(col(EventRoster.event_id)).where(col(EventRoster.person_id) == person),
        sa.select(col(Photo.event_id)).where(col(Photo.id).in_(shown)),
        *(
            sa.select(col(table.event_id)).where(
                or_(col(table.subject_id) == person, col(table.actor_id) == person)
            )
            for table in (Consent, ConsentForm)
        ),
    ]
    found = session.connection().execute(sa.union(*statements)).scalars()
    events = {event for event in found if event is not None}
    taken_off = select(History.row_key).where(
        History.table_name == EventRoster.__tablename__,
        History.kind == HistoryKind.DELETE,
        col(History.row_key).endswith(f",{person}"),
    )
    events |= {int(key.split(",")[0]) for key in session.exec(taken_off)}
    return sorted(events)
