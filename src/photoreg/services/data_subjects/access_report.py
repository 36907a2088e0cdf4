"""The access request: everything held about one person, and nothing about anybody else.

Others appear by id only, without name and contact. What somebody else wrote or said in words (a
note beside a guardian's consent, the ground of a guardian's excuse) may tell about them, so only
its existence is told.
"""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_person_or_tombstone
from photoreg.registry.queries.consents import reach_of
from photoreg.registry.queries.erasure import flags_by
from photoreg.registry.queries.people import guardianships_of, permissions_by, photos_taken_by
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.queries.subject_data import (
    SaidOf,
    consents_touching,
    decisions_resting_on,
    depictions_showing,
    entries_about,
    events_expecting,
    forms_for,
    publications_showing,
    said_in,
    wards_of,
)
from photoreg.registry.tables.people import Guardianship, Person, StaffRole
from photoreg.services.data_subjects.disclosures import state_purpose
from photoreg.services.people.ages import age_group_on, age_on
from photoreg.services.unit_of_work import COORDINATORS, Desk, Workplace

READERS = COORDINATORS | {StaffRole.AUDITOR}
"""Who may read everything about a person."""


def person_report(workplace: Workplace, named: str, *, purpose: str = "") -> dict[str, Any]:
    """Return everything held about a person, as one row of plain values. The reading is logged.

    For an auditor names, contacts, birth dates and words are left out unless a purpose is stated.
    """
    if purpose:
        state_purpose(workplace, purpose, "person-report")
    with workplace.changing(READERS) as desk:
        person = the_person_or_tombstone(desk.session, named)
        masked = desk.hides_names and not purpose
        report = {
            **_record(desk, person, masked=masked),
            **_spoken(desk, person, masked=masked),
            **_photos(desk, person, masked=masked),
            **_forms_and_flags(desk, person, masked=masked),
        }
        report["log"] = list(_log(desk, person))
        desk.log(Action.PERSON_REPORTED, Kind.PERSON, person.id)
        return report


def _record(desk: Desk, person: Person, *, masked: bool) -> dict[str, Any]:
    number = id_of(person)
    own = guardianships_of(desk.session, number)
    return {
        "person": human_id(Kind.PERSON, number),
        "name": None if masked else person.name,
        "born": None if masked else _day(person.born),
        "age": age_on(person, desk.today),
        "age_group": age_group_on(desk, person, desk.today),
        "language": person.language,
        "contact": None if masked else person.contact,
        "deceased": person.deceased,
        "capacity": person.capacity,
        "guardians_total": person.guardians_total,
        # The block is held about the person, so the person is told; nobody else is.
        "may_not_be_shown": None if desk.hides_names else person.blocked,
        "recorded_at": person.created_at.isoformat(),
        "guardians": [_guardianship(row, of_ward=True, texts=False) for row in own],
        "wards": [
            _guardianship(row, of_ward=False, texts=not masked)
            for row in wards_of(desk.session, number)
        ],
        "expected_at": [
            {
                "event": human_id(Kind.EVENT, event.id),
                "name": event.name,
                "starts_on": event.starts_on.isoformat(),
                "ends_on": event.ends_on.isoformat(),
            }
            for event in events_expecting(desk.session, number)
        ],
    }


def _guardianship(row: Guardianship, *, of_ward: bool, texts: bool) -> dict[str, Any]:
    """Return a guardianship as the child, or as the guardian, may see it."""
    other = row.guardian_id if of_ward else row.child_id
    return {
        "other": human_id(Kind.PERSON, other),
        "basis": row.basis,
        "verified": row.verified_how is not None,
        "verified_how": row.verified_how if texts else None,
        "excused": row.excused_ground is not None,
        "excused_ground": row.excused_ground if texts else None,
        "evidence": row.excused_evidence if texts else None,
        "ended_on": _day(row.ended_on),
    }


def _spoken(desk: Desk, person: Person, *, masked: bool) -> dict[str, Any]:
    consents = consents_touching(desk.session, id_of(person))
    permissions = [*chain.from_iterable(permissions_by(desk.session, id_of(person)))]
    said = said_in(desk.session, consents)
    permitted = said_in(desk.session, permissions)
    return {
        "consents": [
            {
                "consent": human_id(Kind.CONSENT, thread.id),
                "about": human_id(Kind.PERSON, thread.subject_id),
                "by": human_id(Kind.PERSON, thread.actor_id),
                "reach": reach_of(thread),
                **_said(one, note=thread.actor_id == person.id and not masked),
                "form_language": getattr(one.event, "form_language", ""),
                "form_version": getattr(one.event, "form_version", ""),
            }
            for thread in consents
            for one in said[id_of(thread)]
        ],
        "permissions": [
            {
                "permission": human_id(Kind.PERMISSION, thread.id),
                "reach": reach_of(thread),
                **_said(one, note=not masked),
                "basis": getattr(one.event, "basis", None),
                "credit": "" if masked else getattr(one.event, "credit", ""),
                "credit_waived": getattr(one.event, "credit_waived", False),
            }
            for thread in permissions
            for one in permitted[id_of(thread)]
        ],
    }


def _said(one: SaidOf, *, note: bool) -> dict[str, Any]:
    event = one.event
    return {
        "said": event.kind,
        "day": event.day.isoformat(),
        "valid_until": _day(event.valid_until),
        "open_ended": event.open_ended,
        "channels": list(one.channels),
        "purposes": list(one.purposes),
        "method": event.method,
        "evidence": event.evidence,
        "note": event.paper if note else None,
        "note_withheld": bool(event.paper) and not note,
        "recorded_at": event.recorded_at.isoformat(),
    }


def _photos(desk: Desk, person: Person, *, masked: bool) -> dict[str, Any]:
    number = id_of(person)
    names = channel_names(desk.session)
    return {
        "shown_in": [
            {
                "photo": human_id(Kind.PHOTO, shown.photo_id),
                "position": None if masked else shown.position,
                "prominence": shown.prominence,
                "role": shown.role,
            }
            for shown in depictions_showing(desk.session, number)
        ],
        "photos_taken": [
            human_id(Kind.PHOTO, photo) for photo in photos_taken_by(desk.session, number)
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
            for row in publications_showing(desk.session, number)
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
            for row in decisions_resting_on(desk.session, number)
        ],
    }


def _forms_and_flags(desk: Desk, person: Person, *, masked: bool) -> dict[str, Any]:
    return {
        "flags": [
            {
                "photo": human_id(Kind.PHOTO, flag.photo_id),
                "cause": flag.cause,
                "words": None if masked else flag.words or None,
                "raised_at": flag.raised_at.isoformat(),
                "outcome": flag.outcome,
                "resolved_at": flag.resolved_at.isoformat() if flag.resolved_at else None,
            }
            for flag in flags_by(desk.session, id_of(person))
        ],
        "forms": [
            {
                "code": form.code,
                "about": human_id(Kind.PERSON, form.subject_id) if form.subject_id else None,
                "by": human_id(Kind.PERSON, form.actor_id) if form.actor_id else None,
                "language": form.language,
                "form_version": form.form_version,
                "valid_until": _day(form.valid_until),
                "printed_at": form.printed_at.isoformat(),
            }
            for form in forms_for(desk.session, id_of(person))
        ],
    }


def _log(desk: Desk, person: Person) -> Iterator[dict[str, Any]]:
    """Give what was done, without the details: they may name others."""
    for entry in entries_about(desk.session, id_of(person)):
        yield {"seq": entry.seq, "at": entry.at, "action": entry.action, "about": entry.subject}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
