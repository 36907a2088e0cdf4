"""Record, withdraw and list copyright permissions of photographers and licensors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, product
from typing import NamedTuple

from photoreg.errors import InputDataError
from photoreg.registry.facts.consent_replay import ReplayEvent, consent_status
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_permission, find_person
from photoreg.registry.queries.consents import (
    PermissionDetails,
    permission_details,
    reach_label,
)
from photoreg.registry.queries.people import permissions_by, persons_of, photos_taken_by, roles_of
from photoreg.registry.queries.photos import photographers_by_event
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    Permission,
    PermissionChannel,
    PermissionEvent,
    PermissionPurpose,
    licence_code,
)
from photoreg.registry.tables.people import Person, StaffRole
from photoreg.rulebook.facts import (
    LICENSED_BASES,
    AgeGroup,
    Basis,
    ConsentKind,
    LicenceTerm,
)
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import (
    EVERYTHING_REFUSED,
    ConsentScope,
    ConsentStatement,
    Reach,
    RefusalScope,
    StatementRecorded,
    StatusRow,
    events_in_reach,
    find_reach,
    find_scope,
    record_for,
    refuse_after_death,
    refuse_contradictory,
    refuse_undated_grant,
    require_channel,
    statement_columns,
    statement_recorded,
    status_row,
    store_scope,
)
from photoreg.services.consents.consents import require_decider
from photoreg.services.files.refreshing import refresh_refused
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import age_group_on, hides, shown_name
from photoreg.services.people.persons import refuse_unseen
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

    Without photos or an event, the permission covers all photos of the photographer. `by` answers
    in the photographer's place: a minor's guardian, or an heir.
    """

    photographer: str | None = None
    licensor: str = ""
    photos: Sequence[str] = ()
    event: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class PermissionTerms:
    """The basis of a permission, and the photographer's credit.

    `authors`: the photographers whose rights were transferred to the licensor. `licence`: the terms
    of a Creative Commons licence.
    """

    basis: Basis = Basis.PHOTOGRAPHER_PERMISSION
    credit: str | None = None
    credit_waived: bool = False
    authors: Sequence[str] = ()
    licence: frozenset[LicenceTerm] = frozenset()


NO_TERMS = PermissionTerms()


@dataclass(frozen=True, slots=True)
class PermissionRecorded:
    """A recorded permission event; `credit` is as the user may see it.

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
    refuse_contradictory(statement)
    require_channel(statement)
    refresh_refused(application, rights.photos, statement.kind)
    with application.changing() as work:
        holder = _holder(work, rights, to_refuse=not statement.is_grant)
        if terms.basis not in LICENSED_BASES:
            raise InputDataError(
                N_("this cannot be the basis of a permission: {basis}"),
                N_("Record it as an answer about the photo."),
                step=NextStep.to(NextAction.PHOTO_ANSWER, "photo", "basis"),
                basis=terms.basis,
            )
        if holder and terms.basis is Basis.STAFF_AGREEMENT:
            _refuse_official(work, holder)
        if statement.is_grant:
            _require_licence_terms(terms)
        if terms.credit and terms.credit_waived:
            raise InputDataError(
                N_("a credit is given, and it is said that the photographer need not be named"),
                N_("Give one of the two."),
                fields=("credit", "credit_waived"),
            )
        by = _representative(work, holder, rights.by, statement)
        authors = _authors(work, holder, statement, terms)
        reaches = [find_reach(work, p, rights.event) for p in dict.fromkeys(rights.photos)]
        reaches = list(dict.fromkeys(reaches)) or [find_reach(work, None, rights.event)]
        licensor = free_text(rights.licensor)
        records = [_new_permission(holder, licensor, reach) for reach in reaches]
        return [
            _store_statement(work, record, statement, terms, _Voice(by, author))
            for record, author in product(records, authors)
        ]


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
    scope: RefusalScope = EVERYTHING_REFUSED,
) -> PermissionRecorded:
    """Withdraw every permission for one photo, in the open unit of work."""
    record = Permission(photographer_id=holder, licensor=licensor, photo_id=photo)
    return _store_statement(work, record, scope.statement(on), NO_TERMS)


def _holder(work: UnitOfWork, rights: PermissionParties, *, to_refuse: bool) -> Person | None:
    if rights.photographer and rights.licensor.strip():
        raise InputDataError(
            N_("both a photographer and a licensor are named"),
            N_("Give one of the two."),
            fields=("photographer", "licensor"),
        )
    if rights.photographer:
        return find_person(work.session, rights.photographer, to_refuse=to_refuse)
    if not rights.licensor.strip() or not rights.photos:
        raise InputDataError(
            N_("the giver of the permission is missing"),
            N_("Give the photographer, or a licensor and the photo."),
            fields=("photographer", "licensor", "photo"),
        )
    return None


class _Voice(NamedTuple):
    """Who answers in the photographer's place, and whose rights were transferred; by id."""

    by: int | None = None
    author: int | None = None


def _require_licence_terms(terms: PermissionTerms) -> None:
    """Raise unless a Creative Commons licence, and nothing else, has terms."""
    if bool(terms.licence) is not (terms.basis is Basis.LICENCE_CC):
        raise InputDataError(
            N_("a Creative Commons licence, and no other basis, is recorded with its terms"),
            N_("Give the terms that the licence states: {terms}."),
            fields=("term", "basis"),
            terms=", ".join(LicenceTerm),
        )


def _representative(
    work: UnitOfWork, holder: Person | None, named: str | None, statement: ConsentStatement
) -> int | None:
    """Return who answers in the photographer's place; None for the photographer.

    A minor's guardian does, and after the photographer's death an heir.
    """
    if named is not None and holder is None:
        raise InputDataError(
            N_("somebody answers in a photographer's place, and no photographer is named"),
            N_("Give the photographer."),
            fields=("photographer", "by"),
        )
    if holder is None:
        return None
    day = work.day_or_today(statement.on)
    person = holder
    if named is not None:
        person = find_person(work.session, named, to_refuse=not statement.is_grant)
    if _has_died_by(person, day) and (statement.is_grant or person is not holder):
        raise _death_error(person, holder, day)
    if person.id == holder.id:
        return None
    if _has_died_by(holder, day):
        _require_heir_document(statement)
    else:
        require_decider(work, holder, person, day)
    return id_of(person)


def _has_died_by(person: Person, day: date) -> bool:
    """Whether somebody had died before this day; with an unknown day of death, always."""
    return person.deceased and (person.died_on is None or person.died_on < day)


def _death_error(person: Person, holder: Person, day: date) -> InputDataError:
    if person.id != holder.id:
        return InputDataError(
            N_("{person} has died and cannot answer on {day}"),
            N_("Give another person."),
            fields=("by",),
            person=human_id(Kind.PERSON, person.id),
            day=day,
        )
    return InputDataError(
        N_("{person} has died and cannot have given a permission on {day}"),
        N_(
            "If it was given earlier, record the day of death and the day of the permission. If an "
            "heir gave it, say who, and add the document that shows it."
        ),
        fields=("by", "evidence", "on"),
        person=human_id(Kind.PERSON, person.id),
        day=day,
    )


def _require_heir_document(statement: ConsentStatement) -> None:
    if statement.is_grant and statement.evidence is None:
        raise InputDataError(
            N_("an heir's permission needs a document"),
            N_("Add the document that shows who holds the right. A refusal needs none."),
            fields=("evidence",),
        )


def _authors(
    work: UnitOfWork, holder: Person | None, statement: ConsentStatement, terms: PermissionTerms
) -> list[int | None]:
    """Return the photographers whose rights were transferred to a licensor; otherwise only None."""
    is_transfer = holder is None and terms.basis is Basis.TRANSFERRED and statement.is_grant
    if terms.authors and not is_transfer:
        raise InputDataError(
            N_("only a transfer of rights to a licensor names whose rights they were"),
            N_(
                "Leave out whose rights they were, or record the transfer: the licensor, the photo "
                "and the basis."
            ),
            fields=("author", "licensor", "basis"),
        )
    if not is_transfer:
        return [None]
    if not terms.authors:
        raise InputDataError(
            N_("it is not said whose rights were transferred"),
            N_("Name each photographer whose rights were transferred."),
            fields=("author",),
        )
    if statement.evidence is None and not free_text(statement.paper):
        raise InputDataError(
            N_("a transfer of rights needs a document"),
            N_("Add the document or the message, or say where the paper is kept."),
            fields=("evidence", "paper"),
        )
    found = (id_of(find_person(work.session, named)) for named in terms.authors)
    return [*dict.fromkeys(found)]


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
    work: UnitOfWork,
    record: Permission,
    statement: ConsentStatement,
    terms: PermissionTerms,
    voice: _Voice = _Voice(),  # noqa: B008 - immutable
) -> PermissionRecorded:
    if statement.is_grant:
        for person in filter(None, (record.photographer_id, voice.author)):
            refuse_unseen(work, person)
    scope = find_scope(work, statement)
    credit = _credit(work, record, statement, terms) if statement.is_grant else ""
    record = record_for(work, record)
    refuse_undated_grant(work, record, statement, scope, by=voice.by)
    if voice.by is None:
        refuse_after_death(work, record.photographer_id, statement.on)
    columns = statement_columns(work, statement)  # stores the evidence, so it comes last
    event = PermissionEvent(
        permission_id=id_of(record),
        basis=terms.basis if statement.is_grant else None,
        credit=credit,
        credit_waived=terms.credit_waived and statement.is_grant,
        by_person_id=voice.by,
        author_id=voice.author,
        licence_terms=licence_code(terms.licence) if statement.is_grant else "",
        **columns._asdict(),
    )
    statement_id = add(work.session, event)
    store_scope(work, statement_id, scope, PermissionChannel, PermissionPurpose)
    _log_statement(work, record, event, scope)
    photos = _photos(work, record, voice.author)
    is_by_licensor = not (voice.author or record.photographer_id)
    by_photographer = bool(photos) or record.photo_id is None or is_by_licensor
    return PermissionRecorded(
        statement_recorded(work, Kind.PERMISSION, record, event, scope, photos),
        _shown_credit(work, record, credit, terms),
        event.credit_waived,
        by_photographer,
    )


def _log_statement(
    work: UnitOfWork, record: Permission, event: PermissionEvent, scope: ConsentScope
) -> None:
    speaker = event.by_person_id or record.photographer_id
    work.log(
        _ACTIONS[event.kind],
        Kind.PERMISSION,
        record.id,
        by=human_id(Kind.PERSON, speaker) if speaker else None,
        person=record.photographer_id if event.by_person_id else None,
        author=human_id(Kind.PERSON, event.author_id) if event.author_id else None,
        day=event.day,
        basis=event.basis,
        terms=event.licence_terms,
        channels=scope.codes,
        purposes=list(scope.purposes),
        names_kind=event.names_kind,
        evidence=event.evidence,
    )


def _credit(
    work: UnitOfWork, record: Permission, statement: ConsentStatement, terms: PermissionTerms
) -> str:
    """Return the credit (tekijänoikeuslaki 3 §): as given, else the photographer's name.

    A minor is credited as agreed with the guardian, never by the full name unless that is given.
    """
    if terms.credit_waived:
        return ""
    if terms.credit is not None:
        return free_text(terms.credit)
    if record.photographer_id is None:
        return ""
    person = persons_of(work.session, [record.photographer_id])[record.photographer_id]
    is_minor = age_group_on(work, person, statement.on or work.today) is AgeGroup.MINOR
    return "" if is_minor else person.name


def _shown_credit(work: UnitOfWork, record: Permission, credit: str, terms: PermissionTerms) -> str:
    """Return the credit as the user may see it: as typed, else as the photographer may be shown."""
    holder = record.photographer_id
    if credit and terms.credit is None and holder is not None and hides(work, holder):
        return human_id(Kind.PERSON, holder)
    return credit


def _photos(work: UnitOfWork, record: Permission, author: int | None) -> list[int]:
    """Return the covered photos that the holder or the author took; else the covered photo."""
    taker = author or record.photographer_id
    if taker is None:
        return [] if record.photo_id is None else [record.photo_id]
    return photos_taken_by(work.session, taker, photo=record.photo_id, event=record.event_id)


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
    by: tuple[str, ...]
    licensor: str
    authors: tuple[str, ...]
    reach: str
    status: StatusRow
    basis: Basis | None
    licence_terms: tuple[str, ...]
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
    for records in permissions_by(work.session, holder):
        people = persons_of(work.session, (record.photographer_id for record in records))
        events = events_in_reach(work, records)
        details = permission_details(work.session, map(id_of, records))
        for record in records:
            by, authors, licence = details.get(record.id, PermissionDetails())
            photographer = people[record.photographer_id] if record.photographer_id else None
            is_masked = hides(work, photographer) if photographer else work.hides_names
            terms = _grant_terms(events[record.id], record.id, is_masked=is_masked)
            yield PermissionRow(
                permission=human_id(Kind.PERMISSION, record.id),
                photographer=human_id(Kind.PERSON, photographer.id) if photographer else None,
                name=shown_name(work, photographer) if photographer else "",
                by=tuple(human_id(Kind.PERSON, person) for person in by),
                licensor="" if work.hides_names else record.licensor,
                authors=tuple(human_id(Kind.PERSON, person) for person in authors),
                reach=reach_label(record),
                status=status_row(events[record.id], record.id),
                basis=terms.basis,
                licence_terms=licence,
                credit=terms.credit,
                credit_waived=terms.credit_waived,
            )


def _grant_terms(events: list[ReplayEvent], record_id: int, *, is_masked: bool) -> GrantTerms:
    """Return basis and credit of a permission's last grant; masked, the credit is empty."""
    own = [event for event in events if event.record_id == record_id]
    last = consent_status(own).last_grant
    if last is None:
        return GrantTerms(basis=None, credit="", credit_waived=False)
    return GrantTerms(last.basis, "" if is_masked else last.credit, last.credit_waived)
