"""Build the access report: all data stored about one person, and none about others.

Others appear by id only, without name and contact. Free text by or about somebody else (a note on a
guardian's consent, the ground of a guardian's excuse) may reveal something about them, so only its
existence is reported.
"""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from photoreg.errors import NotAllowed
from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person_or_tombstone
from photoreg.registry.queries.consents import reach_label
from photoreg.registry.queries.erasure import flags_by
from photoreg.registry.queries.forms import asked_on_form
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
    entries_about,
    events_with_scope,
    forms_for,
    permissions_of_others,
    publications_showing,
    roster_events,
    wards_of,
)
from photoreg.registry.tables.people import Guardianship, Person, StaffRole
from photoreg.services.application import Application
from photoreg.services.consents.consents import withheld_persons
from photoreg.services.data_subjects.disclosures import disclosure_rows, state_purpose
from photoreg.services.decisions.flags import hidden_entries
from photoreg.services.people.ages import age_group_on, age_on, noted_contact, noted_name
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.texts import N_

REPORT_ROLES = COORDINATORS | {StaffRole.AUDITOR}
"""The roles that may read an access report."""


def access_report(application: Application, named: str, *, purpose: str = "") -> dict[str, Any]:
    """Return all data stored about a person as a JSON document, and log the access.

    The document is the result, by the schema `person-report`, so it is a dictionary and no record.
    For an auditor names, contacts, birth dates and free text are left out unless a purpose is
    stated. The report about somebody who may not be shown is the coordinators'.
    """
    if purpose:
        state_purpose(application, purpose, "person-report")
    with application.changing(REPORT_ROLES) as work:
        person = find_person_or_tombstone(work.session, named)
        _refuse_withheld(work, person)
        masked = work.hides_names and not purpose
        report = {
            **_person_section(work, person, masked=masked),
            **_consent_section(work, person, masked=masked),
            **_photo_section(work, person, masked=masked),
            **_form_and_flag_section(work, person, masked=masked),
        }
        report["looks"] = list(_look_section(work, person))
        report["log"] = list(_log_section(work, person))
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


def _person_section(work: UnitOfWork, person: Person, *, masked: bool) -> dict[str, Any]:
    number = id_of(person)
    own = guardianships_of(work.session, number)
    return {
        "person": human_id(Kind.PERSON, number),
        "name": None if masked else noted_name(work, person),
        "known_as": [] if masked else known_as(work.session, [number])[number],
        "born": None if masked else _day(person.born),
        "age": age_on(person, work.today),
        "age_group": age_group_on(work, person, work.today),
        "language": person.language,
        "contact": None if masked else noted_contact(work, person),
        "deceased": person.deceased,
        "died_on": None if masked else _day(person.died_on),
        "capacity": person.capacity,
        "guardians_total": person.guardians_total,
        # The person is entitled to know about the block; an auditor gets no report about them.
        "may_not_be_shown": person.blocked,
        "may_not_be_shown_since": person.blocked_at.isoformat() if person.blocked_at else None,
        "recorded_at": person.created_at.isoformat(),
        "guardians": [_guardianship(row, of_ward=True, texts=False) for row in own],
        "wards": [
            _guardianship(row, of_ward=False, texts=not masked)
            for row in wards_of(work.session, number)
        ],
        "expected_at": [
            {
                "event": human_id(Kind.EVENT, event.id),
                "name": event.name,
                "starts_on": event.starts_on.isoformat(),
                "ends_on": event.ends_on.isoformat(),
            }
            for event in roster_events(work.session, number)
        ],
    }


def _guardianship(row: Guardianship, *, of_ward: bool, texts: bool) -> dict[str, Any]:
    """Return a guardianship as seen by the child (`of_ward`) or by the guardian."""
    other = row.guardian_id if of_ward else row.child_id
    return {
        "other": human_id(Kind.PERSON, other),
        "basis": row.basis,
        "verified": row.verified_how is not None,
        "verified_how": row.verified_how if texts else None,
        "excused": row.excused_ground is not None,
        "excused_ground": row.excused_ground if texts else None,
        "evidence": row.excused_evidence if texts else None,
        "decides_alone": row.decides_alone,
        "decides_alone_reason": row.decides_alone_reason if texts else None,
        "decides_alone_evidence": row.decides_alone_evidence if texts else None,
        "first_day": _day(row.first_day),
        "last_day": _day(row.last_day),
    }


def _consent_section(work: UnitOfWork, person: Person, *, masked: bool) -> dict[str, Any]:
    consents = consents_involving(work.session, id_of(person))
    events = events_with_scope(work.session, consents)
    return {
        "consents": [
            {
                "consent": human_id(Kind.CONSENT, record.id),
                "about": human_id(Kind.PERSON, record.subject_id),
                "by": human_id(Kind.PERSON, record.actor_id),
                "reach": reach_label(record),
                **_event_columns(item, note=record.actor_id == person.id and not masked),
                "form_language": getattr(item.event, "form_language", ""),
                "form_version": getattr(item.event, "form_version", ""),
                "by_attorney": getattr(item.event, "by_attorney", False),
            }
            for record in consents
            for item in events[id_of(record)]
        ],
        "permissions": list(_permissions(work, person, masked=masked)),
    }


def _permissions(work: UnitOfWork, person: Person, *, masked: bool) -> Iterator[dict[str, Any]]:
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
) -> dict[str, Any]:
    event: Any = item.event
    is_own = getattr(record, "photographer_id", None) == person
    gave = (item.by or getattr(record, "photographer_id", None)) == person
    return {
        "permission": human_id(Kind.PERMISSION, record.id),
        "reach": reach_label(record),
        "by": human_id(Kind.PERSON, item.by) if item.by else None,
        "author": human_id(Kind.PERSON, item.author) if item.author else None,
        **_event_columns(item, note=gave and not masked),
        "basis": event.basis,
        "licence_terms": event.licence_terms.split(";") if event.licence_terms else [],
        "credit": event.credit if is_own and not masked else "",
        "credit_waived": event.credit_waived,
    }


def _event_columns(item: EventWithScope, *, note: bool) -> dict[str, Any]:
    event = item.event
    return {
        "said": event.kind,
        "day": event.day.isoformat(),
        "is_dated": event.is_dated,
        "names_kind": event.names_kind,
        "valid_until": _day(event.valid_until),
        "open_ended": event.open_ended,
        "channels": list(item.channels),
        "purposes": list(item.purposes),
        "method": event.method,
        "evidence": event.evidence,
        "note": event.paper if note else None,
        "note_withheld": bool(event.paper) and not note,
        "recorded_at": event.recorded_at.isoformat(),
    }


def _photo_section(work: UnitOfWork, person: Person, *, masked: bool) -> dict[str, Any]:
    number = id_of(person)
    names = channel_names(work.session)
    return {
        "shown_in": [
            {
                "photo": human_id(Kind.PHOTO, shown.photo_id),
                "position": None if masked else shown.position,
                "prominence": shown.prominence,
                "role": shown.role,
            }
            for shown in depictions_of_person(work.session, number)
        ],
        "photos_taken": [
            human_id(Kind.PHOTO, photo) for photo in photos_taken_by(work.session, number)
        ],
        "publications": [
            {
                "publication": human_id(Kind.PUBLICATION, row.id),
                "photo": human_id(Kind.PHOTO, row.photo_id),
                "channel": names[row.channel_id],
                "address": row.address,
                "published_on": row.published_on.isoformat(),
                "removed_on": _day(row.removed_on),
            }
            for row in publications_showing(work.session, number)
        ],
        "decisions": [
            {
                "decision": human_id(Kind.DECISION, row.id),
                "photo": human_id(Kind.PHOTO, row.photo_id),
                "channel": names[row.channel_id],
                "purpose": row.purpose,
                "made_for": row.made_for,
                "outcome": row.outcome,
                "day": row.day.isoformat(),
            }
            for row in decisions_based_on(work.session, number)
        ],
    }


def _form_and_flag_section(work: UnitOfWork, person: Person, *, masked: bool) -> dict[str, Any]:
    """Return forms, and the flags that the person raised; these to coordinators only."""
    flags = flags_by(work.session, id_of(person)) if work.actor.role in COORDINATORS else ()
    return {
        "flags": [
            {
                "photo": human_id(Kind.PHOTO, flag.photo_id),
                "cause": flag.cause,
                "words": None if masked else flag.reason or None,
                "raised_at": flag.raised_at.isoformat(),
                "outcome": flag.outcome,
                "resolved_at": flag.resolved_at.isoformat() if flag.resolved_at else None,
            }
            for flag in flags
        ],
        "forms": [
            {
                "code": form.code,
                "about": human_id(Kind.PERSON, form.subject_id) if form.subject_id else None,
                "by": human_id(Kind.PERSON, form.actor_id) if form.actor_id else None,
                "language": form.language,
                "form_version": form.form_version,
                "channels": list(asked.names),
                "purposes": list(asked.purposes),
                "valid_until": _day(form.valid_until),
                "printed_at": form.printed_at.isoformat(),
            }
            for form in forms_for(work.session, id_of(person))
            for asked in [asked_on_form(work.session, id_of(form))]
        ],
    }


def _look_section(work: UnitOfWork, person: Person) -> Iterator[dict[str, Any]]:
    """Yield who looked at lists that held the person, and how many names those showed."""
    for row in disclosure_rows(work, id_of(person)):
        yield {
            "at": row.at.isoformat(),
            "by": row.actor,
            "list": row.list,
            "names": row.names,
            "contacts": row.contacts,
        }


def _log_section(work: UnitOfWork, person: Person) -> Iterator[dict[str, Any]]:
    """Yield the log entries without their details, which may name others."""
    hidden = hidden_entries(work)
    for entry in entries_about(work.session, id_of(person)):
        if entry in hidden:
            continue
        yield {"seq": entry.seq, "at": entry.at, "action": entry.action, "about": entry.subject}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
