"""Build the access report: all data stored about one person, and none about others.

Others appear by id only, without name and contact. Free text by or about somebody else (a note on a
guardian's consent, the ground of a guardian's excuse) may reveal something about them, so only its
existence is reported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from photoreg.errors import NotAllowed
from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person_or_tombstone
from photoreg.registry.queries.consents import reach_label
from photoreg.registry.queries.corrections import publications_by_mistake
from photoreg.registry.queries.erasure import flags_by
from photoreg.registry.queries.forms import asked_on_form, kept_scans
from photoreg.registry.queries.people import (
    guardianships_of,
    known_as,
    permissions_by,
    persons_of,
    photos_taken_by,
)
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.queries.subject_data import (
    EventWithScope,
    consents_involving,
    decisions_based_on,
    depictions_of_person,
    earlier_names,
    entries_about,
    events_with_scope,
    forms_for,
    permissions_of_others,
    publications_showing,
    roster_events,
    wards_of,
)
from photoreg.registry.tables.people import (
    GuardianBasis,
    Guardianship,
    Language,
    Person,
    StaffRole,
)
from photoreg.registry.tables.photos import FlagCause, FlagOutcome, Prominence
from photoreg.registry.tables.publications import DecisionFor
from photoreg.rulebook.facts import AgeGroup, Basis, Capacity, ConsentKind, Method, Role
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.consents.consents import withheld_persons
from photoreg.services.data_subjects.disclosures import disclosure_rows, state_purpose
from photoreg.services.decisions.flags import hidden_entries
from photoreg.services.people.ages import age_group_on, age_on, noted_contact, noted_name
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.texts import N_

REPORT_ROLES = COORDINATORS | {StaffRole.AUDITOR}
"""The roles that may read an access report."""


@dataclass(frozen=True, slots=True)
class ReportedGuardianship:
    """A guardianship in an access report; `other` is the guardian, or the child of a guardian."""

    other: str
    basis: GuardianBasis
    verified: bool
    verified_how: str | None
    excused: bool
    excused_ground: str | None
    evidence: str | None
    decides_alone: bool
    decides_alone_reason: str | None
    decides_alone_evidence: str | None
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class ReportedRosterEvent:
    """An event in an access report on whose roster the person is."""

    event: str
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ReportedDepiction:
    """A photo in an access report that shows the person."""

    photo: str
    position: str | None
    prominence: Prominence
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReportedStatement:
    """What consents and permissions of an access report have in common."""

    kind: ConsentKind
    day: date
    is_dated: bool
    names_kind: bool
    valid_until: date | None
    open_ended: bool
    channels: Sequence[str]
    purposes: Sequence[str]
    method: Method
    evidence: str | None
    note: str | None
    note_withheld: bool
    recorded_at: datetime
    typed_by_mistake: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedConsent(_ReportedStatement):
    """A consent, refusal or withdrawal in an access report."""

    consent: str
    about: str
    by: str
    reach: str
    form_language: str
    form_version: str
    by_attorney: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPermission(_ReportedStatement):
    """A permission for photos, or its end, in an access report."""

    permission: str
    reach: str
    by: str | None
    author: str | None
    basis: Basis | None
    licence_terms: Sequence[str]
    credit: str
    credit_waived: bool


@dataclass(frozen=True, slots=True)
class ReportedPublication:
    """A publication in an access report that shows the person."""

    publication: str
    photo: str
    channel: str
    address: str
    published_on: date
    removed_on: date | None
    typed_by_mistake: bool


@dataclass(frozen=True, slots=True)
class ReportedDecision:
    """A decision in an access report that rested on facts about the person."""

    decision: str
    photo: str
    channel: str
    purpose: str
    made_for: DecisionFor
    outcome: Outcome
    day: date


@dataclass(frozen=True, slots=True)
class ReportedFlag:
    """An objection in an access report that the person raised."""

    photo: str
    cause: FlagCause
    words: str | None
    raised_at: datetime
    outcome: FlagOutcome | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportedForm:
    """A form in an access report that was printed about or for the person."""

    code: str
    about: str | None
    by: str | None
    language: str
    form_version: str
    channels: Sequence[str]
    purposes: Sequence[str]
    valid_until: date | None
    printed_at: datetime
    scan: str | None


@dataclass(frozen=True, slots=True)
class ReportedLook:
    """Who looked at a list that held the person, and how many names it showed."""

    at: datetime
    by: str
    list: str
    names: int
    contacts: int
    masked: int


@dataclass(frozen=True, slots=True)
class ReportedLogEntry:
    """A log entry in an access report, without its details, which may name others."""

    seq: int
    at: datetime
    action: str
    about: str


@dataclass(frozen=True, slots=True)
class PersonReport:
    """All data stored about one person; the columns of the view `person-report`.

    Names, contacts, birth dates and free text are None, or left out, where they are masked.
    """

    person: str
    name: str | None
    known_as: Sequence[str]
    born: date | None
    age: int | None
    age_group: AgeGroup
    language: Language | None
    contact: str | None
    deceased: bool
    died_on: date | None
    capacity: Capacity
    guardians_total: int | None
    may_not_be_shown: bool
    may_not_be_shown_since: datetime | None
    recorded_at: datetime
    guardians: Sequence[ReportedGuardianship]
    wards: Sequence[ReportedGuardianship]
    expected_at: Sequence[ReportedRosterEvent]
    shown_in: Sequence[ReportedDepiction]
    photos_taken: Sequence[str]
    consents: Sequence[ReportedConsent]
    permissions: Sequence[ReportedPermission]
    publications: Sequence[ReportedPublication]
    decisions: Sequence[ReportedDecision]
    flags: Sequence[ReportedFlag]
    forms: Sequence[ReportedForm]
    looks: Sequence[ReportedLook]
    log: Sequence[ReportedLogEntry]


def access_report(application: Application, named: str, *, purpose: str = "") -> PersonReport:
    """Return all data stored about a person, and log the access.

    For an auditor names, contacts, birth dates and free text are left out unless a purpose is
    stated. The report about somebody who may not be shown is the coordinators'.
    """
    if purpose:
        state_purpose(application, purpose, "person-report")
    with application.changing(REPORT_ROLES) as work:
        person = find_person_or_tombstone(work.session, named)
        _refuse_withheld(work, person)
        report = _report(work, person, masked=work.hides_names and not purpose)
        work.log(Action.PERSON_REPORTED, Kind.PERSON, person.id)
        return report


def _refuse_withheld(work: UnitOfWork, person: Person) -> None:
    """Raise NotAllowed if what is recorded would tell an auditor why somebody is not shown."""
    concerned = {record.subject_id for record in consents_involving(work.session, id_of(person))}
    others = persons_of(work.session, concerned)
    if withheld_persons(work, [person, *others.values()]):
        raise NotAllowed(
            N_("the report about {person} is given by the communications coordinator"),
            N_("Ask the communications coordinator."),
            person=human_id(Kind.PERSON, person.id),
        )


def _further_names(work: UnitOfWork, person: int) -> list[str]:
    """Return the other names of a person: those in use, and those from before a change."""
    in_use = known_as(work.session, [person])[person]
    return list(dict.fromkeys((*in_use, *earlier_names(work.session, person))))


def _report(work: UnitOfWork, person: Person, *, masked: bool) -> PersonReport:
    session, number = work.session, id_of(person)
    return PersonReport(
        person=human_id(Kind.PERSON, number),
        name=None if masked else noted_name(work, person),
        known_as=[] if masked else _further_names(work, number),
        born=None if masked else person.born,
        age=age_on(person, work.today),
        age_group=age_group_on(work, person, work.today),
        language=person.language,
        contact=None if masked else noted_contact(work, person),
        deceased=person.deceased,
        died_on=None if masked else person.died_on,
        capacity=person.capacity,
        guardians_total=person.guardians_total,
        # The person is entitled to know about the block; an auditor gets no report about them.
        may_not_be_shown=person.blocked,
        may_not_be_shown_since=person.blocked_at,
        recorded_at=person.created_at,
        guardians=[
            _guardianship(row, of_ward=True, texts=False)
            for row in guardianships_of(session, number)
        ],
        wards=[
            _guardianship(row, of_ward=False, texts=not masked) for row in wards_of(session, number)
        ],
        expected_at=[
            ReportedRosterEvent(
                human_id(Kind.EVENT, event.id), event.name, event.starts_on, event.ends_on
            )
            for event in roster_events(session, number)
        ],
        shown_in=[
            ReportedDepiction(
                human_id(Kind.PHOTO, shown.photo_id),
                None if masked else shown.position,
                shown.prominence,
                shown.role,
            )
            for shown in depictions_of_person(session, number)
        ],
        photos_taken=human_ids(Kind.PHOTO, photos_taken_by(session, number)),
        consents=list(_consents(work, person, masked=masked)),
        permissions=list(_permissions(work, person, masked=masked)),
        publications=list(_publications(work, number)),
        decisions=list(_decisions(work, number)),
        flags=list(_flags(work, number, masked=masked)),
        forms=list(_forms(work, number)),
        looks=[
            ReportedLook(row.at, row.actor, row.list, row.names, row.contacts, row.masked)
            for row in disclosure_rows(work, number)
        ],
        log=list(_log_entries(work, number)),
    )


def _guardianship(row: Guardianship, *, of_ward: bool, texts: bool) -> ReportedGuardianship:
    """Return a guardianship as seen by the child (`of_ward`) or by the guardian."""
    return ReportedGuardianship(
        other=human_id(Kind.PERSON, row.guardian_id if of_ward else row.child_id),
        basis=row.basis,
        verified=row.verified_how is not None,
        verified_how=row.verified_how if texts else None,
        excused=row.excused_ground is not None,
        excused_ground=row.excused_ground if texts else None,
        evidence=row.excused_evidence if texts else None,
        decides_alone=row.decides_alone,
        decides_alone_reason=row.decides_alone_reason if texts else None,
        decides_alone_evidence=row.decides_alone_evidence if texts else None,
        first_day=row.first_day,
        last_day=row.last_day,
    )


def _consents(work: UnitOfWork, person: Person, *, masked: bool) -> Iterator[ReportedConsent]:
    records = consents_involving(work.session, id_of(person))
    events = events_with_scope(work.session, records)
    for record in records:
        for item in events[id_of(record)]:
            event: Any = item.event
            yield ReportedConsent(
                consent=human_id(Kind.CONSENT, record.id),
                about=human_id(Kind.PERSON, record.subject_id),
                by=human_id(Kind.PERSON, record.actor_id),
                reach=reach_label(record),
                **_statement(item, note=record.actor_id == person.id and not masked),
                form_language=event.form_language,
                form_version=event.form_version,
                by_attorney=event.by_attorney,
            )


def _permissions(work: UnitOfWork, person: Person, *, masked: bool) -> Iterator[ReportedPermission]:
    """Yield the permissions for the person's photos, and those given in another's place."""
    number = id_of(person)
    own = [*chain.from_iterable(permissions_by(work.session, number))]
    for records in (own, permissions_of_others(work.session, number)):
        events = events_with_scope(work.session, records)
        for record in records:
            for item in events[id_of(record)]:
                if number in {record.photographer_id, item.by, item.author}:
                    yield _permission(record, item, number, masked=masked)


def _permission(
    record: AnyConsent, item: EventWithScope, person: int, *, masked: bool
) -> ReportedPermission:
    event: Any = item.event
    photographer = getattr(record, "photographer_id", None)
    return ReportedPermission(
        permission=human_id(Kind.PERMISSION, record.id),
        reach=reach_label(record),
        by=human_id(Kind.PERSON, item.by) if item.by else None,
        author=human_id(Kind.PERSON, item.author) if item.author else None,
        **_statement(item, note=(item.by or photographer) == person and not masked),
        basis=event.basis,
        licence_terms=event.licence_terms.split(";") if event.licence_terms else [],
        credit=event.credit if photographer == person and not masked else "",
        credit_waived=event.credit_waived,
    )


def _statement(item: EventWithScope, *, note: bool) -> dict[str, Any]:
    """Return what consents and permissions have in common, as keyword arguments."""
    event = item.event
    return {
        "kind": event.kind,
        "day": event.day,
        "is_dated": event.is_dated,
        "names_kind": event.names_kind,
        "valid_until": event.valid_until,
        "open_ended": event.open_ended,
        "channels": item.channels,
        "purposes": item.purposes,
        "method": event.method,
        "evidence": event.evidence,
        "note": event.paper if note else None,
        "note_withheld": bool(event.paper) and not note,
        "recorded_at": event.recorded_at,
        "typed_by_mistake": not item.counts,
    }


def _publications(work: UnitOfWork, person: int) -> Iterator[ReportedPublication]:
    names, mistaken = channel_names(work.session), publications_by_mistake(work.session)
    for row, publication in publications_showing(work.session, person):
        yield ReportedPublication(
            human_id(Kind.PUBLICATION, publication.id),
            human_id(Kind.PHOTO, row.photo_id),
            names[row.channel_id],
            publication.address,
            row.published_on,
            row.removed_on,
            publication.id in mistaken,
        )


def _decisions(work: UnitOfWork, person: int) -> Iterator[ReportedDecision]:
    names = channel_names(work.session)
    for row in decisions_based_on(work.session, person):
        yield ReportedDecision(
            human_id(Kind.DECISION, row.id),
            human_id(Kind.PHOTO, row.photo_id),
            names[row.channel_id],
            row.purpose,
            row.made_for,
            row.outcome,
            row.day,
        )


def _flags(work: UnitOfWork, person: int, *, masked: bool) -> Iterator[ReportedFlag]:
    """Yield the flags that the person raised, to coordinators only."""
    if work.actor.role not in COORDINATORS:
        return
    for flag in flags_by(work.session, person):
        yield ReportedFlag(
            human_id(Kind.PHOTO, flag.photo_id),
            flag.cause,
            None if masked else flag.reason or None,
            flag.raised_at,
            flag.outcome,
            flag.resolved_at,
        )


def _forms(work: UnitOfWork, person: int) -> Iterator[ReportedForm]:
    forms = forms_for(work.session, person)
    scans = kept_scans(work.session, map(id_of, forms))
    for form in forms:
        asked = asked_on_form(work.session, id_of(form))
        yield ReportedForm(
            form.code,
            human_id(Kind.PERSON, form.subject_id) if form.subject_id else None,
            human_id(Kind.PERSON, form.actor_id) if form.actor_id else None,
            form.language,
            form.form_version,
            asked.names,
            asked.purposes,
            form.valid_until,
            form.printed_at,
            scans.get(id_of(form)),
        )


def _log_entries(work: UnitOfWork, person: int) -> Iterator[ReportedLogEntry]:
    hidden = hidden_entries(work)
    for entry in entries_about(work.session, person):
        if entry not in hidden:
            yield ReportedLogEntry(entry.seq, entry.time, entry.action, entry.subject)
