"""Record, withdraw and list copyright permissions of photographers and licensors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple

from photoreg.errors import InputDataError
from photoreg.registry.facts.consent_replay import ReplayEvent, consent_status
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_permission, find_person
from photoreg.registry.queries.consents import reach_label
from photoreg.registry.queries.people import permissions_by, persons_of, photos_taken_by, roles_of
from photoreg.registry.queries.photos import photographers_by_event
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    Permission,
    PermissionChannel,
    PermissionEvent,
    PermissionPurpose,
)
from photoreg.registry.tables.people import Person, StaffRole
from photoreg.rulebook.facts import LICENSED_BASES, Basis, ConsentKind, Method
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import (
    ConsentStatement,
    Reach,
    StatementRecorded,
    StatusRow,
    events_in_reach,
    find_reach,
    find_scope,
    record_for,
    refuse_after_death,
    statement_columns,
    statement_recorded,
    status_row,
    store_scope,
)
from photoreg.services.files.refreshing import refresh_refused
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import shown_name
from photoreg.services.unit_of_work import RECORDERS, UnitOfWork, require_role
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_ACTIONS = {
    ConsentKind.REQUESTED: Action.PERMISSION_REQUESTED,
    ConsentKind.GIVEN: Action.PERMISSION_GIVEN,
    ConsentKind.REFUSED: Action.PERMISSION_REFUSED,
    ConsentKind.WITHDRAWN: Action.PERMISSION_WITHDRAWN,
    ConsentKind.RENEWED: Action.PERMISSION_RENEWED,
}


@dataclass(frozen=True, slots=True)
class PermissionParties:
    """Who permits what, as typed.

    Without photos or an event, the permission covers all photos of the photographer.
    """

    photographer: str | None = None
    licensor: str = ""
    photos: Sequence[str] = ()
    event: str | None = None


@dataclass(frozen=True, slots=True)
class PermissionTerms:
    """The basis of a permission, and the photographer's credit."""

    basis: Basis = Basis.PHOTOGRAPHER_PERMISSION
    credit: str | None = None
    credit_waived: bool = False


NO_TERMS = PermissionTerms()


@dataclass(frozen=True, slots=True)
class PermissionRecorded:
    """A recorded permission event.

    `by_photographer` is false when a photo is covered that the permission's giver did not take.
    """

    recorded: StatementRecorded
    credit: str
    credit_waived: bool
    by_photographer: bool


def record_permission(
    application: Application,
    rights: PermissionParties,
    statement: ConsentStatement,
    terms: PermissionTerms = NO_TERMS,
) -> list[PermissionRecorded]:
    """Record a statement of a photographer or licensor, as one permission for each photo named."""
    refresh_refused(application, rights.photos, statement.kind)
    with application.changing() as work:
        holder = _holder(work, rights)
        if terms.basis not in LICENSED_BASES:
            raise InputDataError(
                N_("this cannot be the basis of a permission: {basis}"),
                N_("Record it as an answer about the photo."),
                step=NextStep.to(NextAction.PHOTO_ANSWER, "photo", "basis"),
                basis=terms.basis,
            )
        if holder and terms.basis is Basis.STAFF_AGREEMENT:
            _refuse_official(work, holder)
        reaches = [find_reach(work, photo, None) for photo in dict.fromkeys(rights.photos)]
        reaches = list(dict.fromkeys(reaches)) or [find_reach(work, None, rights.event)]
        licensor = free_text(rights.licensor)
        records = [_new_permission(holder, licensor, reach) for reach in reaches]
        return [_store_statement(work, record, statement, terms) for record in records]


def withdraw_permission(
    application: Application,
    statement: ConsentStatement,
    *,
    permission: str | None = None,
    rights: PermissionParties | None = None,
) -> list[PermissionRecorded]:
    """Record a withdrawal, of one permission by its id or by its parties."""
    if permission is None:
        if rights is None:
            raise TypeError(rights)
        return record_permission(application, rights, statement)
    with application.reading() as work:
        require_role(work, RECORDERS)
        photo = find_permission(work.session, permission).photo_id
    refresh_refused(application, [human_id(Kind.PHOTO, photo)] if photo else [], statement.kind)
    with application.changing() as work:
        return [
            _store_statement(work, find_permission(work.session, permission), statement, NO_TERMS)
        ]


def withdraw_for_photo(
    work: UnitOfWork,
    holder: int | None,
    licensor: str,
    photo: int,
    *,
    on: date | None = None,
    channels: Sequence[str] = (),
) -> PermissionRecorded:
    """Withdraw every permission for one photo, in the open unit of work."""
    record = Permission(photographer_id=holder, licensor=licensor, photo_id=photo)
    statement = ConsentStatement(ConsentKind.WITHDRAWN, channels, (), on=on, method=Method.ORAL)
    return _store_statement(work, record, statement, NO_TERMS)


def _holder(work: UnitOfWork, rights: PermissionParties) -> Person | None:
    if rights.photographer:
        return find_person(work.session, rights.photographer)
    if not rights.licensor.strip() or not rights.photos:
        raise InputDataError(
            N_("the giver of the permission is missing"),
            N_("Name the photographer, or a licensor and the photo."),
            fields=("photographer", "licensor", "photo"),
        )
    return None


def _refuse_official(work: UnitOfWork, holder: Person) -> None:
    if StaffRole.ELECTED_OFFICIAL in roles_of(work.session, id_of(holder)):
        raise InputDataError(
            N_("{person} is an elected official and cannot have an employee's agreement"),
            N_("Ask for the photographer's permission, and record that as the basis."),
            fields=("basis",),
            person=human_id(Kind.PERSON, holder.id),
        )


def _new_permission(holder: Person | None, licensor: str, reach: Reach) -> Permission:
    return Permission(
        photographer_id=holder.id if holder else None,
        licensor="" if holder else licensor,
        photo_id=reach.photo_id,
        event_id=reach.event_id,
    )


def _store_statement(
    work: UnitOfWork, record: Permission, statement: ConsentStatement, terms: PermissionTerms
) -> PermissionRecorded:
    scope = find_scope(work, statement)
    refuse_after_death(work, record.photographer_id, statement.on)
    credit = _credit(work, record, terms) if statement.is_grant else ""
    columns = statement_columns(work, statement)  # stores the evidence, so it comes last
    record = record_for(work, record)
    event = PermissionEvent(
        permission_id=id_of(record),
        basis=terms.basis if statement.is_grant else None,
        credit=credit,
        credit_waived=terms.credit_waived and statement.is_grant,
        **columns._asdict(),
    )
    statement_id = add(work.session, event)
    store_scope(work, statement_id, scope, PermissionChannel, PermissionPurpose)
    work.log(
        _ACTIONS[statement.kind],
        Kind.PERMISSION,
        record.id,
        by=human_id(Kind.PERSON, record.photographer_id) if record.photographer_id else None,
        day=event.day,
        basis=event.basis,
        channels=scope.codes,
        purposes=list(scope.purposes),
        evidence=event.evidence,
    )
    photos = _photos(work, record)
    by_photographer = record.photographer_id is None or bool(photos) or record.photo_id is None
    return PermissionRecorded(
        statement_recorded(work, Kind.PERMISSION, record, event, photos),
        credit,
        event.credit_waived,
        by_photographer,
    )


def _credit(work: UnitOfWork, record: Permission, terms: PermissionTerms) -> str:
    """Return the credit (tekijänoikeuslaki 3 §): as given, else the photographer's name."""
    if terms.credit_waived:
        return ""
    if terms.credit is not None:
        return free_text(terms.credit)
    people = persons_of(work.session, [record.photographer_id])
    return people[record.photographer_id].name if record.photographer_id else ""


def _photos(work: UnitOfWork, record: Permission) -> list[int]:
    """Return the covered photos that the holder took; for a licensor, the covered photo."""
    if record.photographer_id is None:
        return [] if record.photo_id is None else [record.photo_id]
    return photos_taken_by(
        work.session, record.photographer_id, photo=record.photo_id, event=record.event_id
    )


def are_permissions_recorded(
    application: Application, photographers: Sequence[str], event: str | None = None
) -> bool:
    """Whether each photographer, or each of the event, has a permission beyond single photos.

    The basis of their photos is then known and need not be asked.
    """
    with application.reading() as work:
        found = [find_person(work.session, named) for named in photographers]
        number = id_of(find_event(work.session, event)) if event else None
        if not found and number:
            found = photographers_by_event(work.session, [number]).get(number, [])
        recorded = [
            [*chain.from_iterable(permissions_by(work.session, id_of(photographer)))]
            for photographer in found
        ]
    return bool(recorded) and all(
        any(p.photo_id is None and p.event_id in {None, number} for p in each) for each in recorded
    )


class GrantTerms(NamedTuple):
    """The basis and credit of a permission's last grant, as listed."""

    basis: Basis | None
    credit: str
    credit_waived: bool


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """A permission in the list of permissions, with its current status and terms."""

    permission: str
    photographer: str | None
    name: str
    licensor: str
    reach: str
    status: StatusRow
    basis: Basis | None
    credit: str
    credit_waived: bool


@contextmanager
def list_permissions(
    application: Application, photographer: str | None = None
) -> Iterator[Iterator[PermissionRow]]:
    """Open a stream of the permissions of one photographer, or of all, with their status."""
    with application.reading() as work:
        holder = id_of(find_person(work.session, photographer)) if photographer else None
        yield _permission_rows(work, holder)


def _permission_rows(work: UnitOfWork, holder: int | None) -> Iterator[PermissionRow]:
    is_masked = work.actor.role is StaffRole.AUDITOR
    for records in permissions_by(work.session, holder):
        people = persons_of(work.session, (record.photographer_id for record in records))
        events = events_in_reach(work, records)
        for record in records:
            photographer = people[record.photographer_id] if record.photographer_id else None
            terms = _grant_terms(events[record.id], record.id, is_masked=is_masked)
            yield PermissionRow(
                permission=human_id(Kind.PERMISSION, record.id),
                photographer=human_id(Kind.PERSON, photographer.id) if photographer else None,
                name=shown_name(work, photographer) if photographer else "",
                licensor="" if is_masked else record.licensor,
                reach=reach_label(record),
                status=status_row(events[record.id], record.id, cumulative=True),
                basis=terms.basis,
                credit=terms.credit,
                credit_waived=terms.credit_waived,
            )


def _grant_terms(events: list[ReplayEvent], record_id: int, *, is_masked: bool) -> GrantTerms:
    """Return basis and credit of a permission's last grant; masked, the credit is empty."""
    own = [event for event in events if event.record_id == record_id]
    last = consent_status(own, cumulative=True).last_grant
    if last is None:
        return GrantTerms(basis=None, credit="", credit_waived=False)
    return GrantTerms(last.basis, "" if is_masked else last.credit, last.credit_waived)
