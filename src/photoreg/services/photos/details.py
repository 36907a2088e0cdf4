"""Everything that the registry holds about one photo."""

from enum import StrEnum
from typing import Any

from photoreg.imaging.metadata.licences import file_usage_terms
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.cases import cases_about
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
from photoreg.services.decisions.flags import flag_rows
from photoreg.services.photos.answers import open_questions
from photoreg.services.photos.listing import display_name, without_block
from photoreg.services.unit_of_work import UnitOfWork


def show_photo(application: Application, named: str) -> dict[str, Any]:
    """Return everything about a photo. Nothing tells whether somebody may not be shown."""
    with application.reading() as work:
        photo = find_photo(work.session, named)
        number = id_of(photo)
        photographers = photographers_by_photo(work.session, [photo])[number]
        depictions = depictions_of(work.session, number)
        shown = persons_of(work.session, (d.person_id for d in depictions if d.person_id))
        permissions = permissions_about(work.session, photo, map(id_of, photographers))
        return {
            "photo": human_id(Kind.PHOTO, number),
            **_file_facts(work, photo),
            "event": human_id(Kind.EVENT, photo.event_id) if photo.event_id else None,
            "photographers": [display_name(work, person) for person in photographers],
            "answers": _answers(work, photo),
            "open": list(open_questions(work, [number])[number]),
            "people": [_depiction_row(work, d, shown.get(d.person_id or 0)) for d in depictions],
            "permissions": [_event_row(event) for event in permissions],
            "consents": [_event_row(event) for event in consents_about(work.session, photo, shown)],
            **_history(work, number),
        }


def _file_facts(work: UnitOfWork, photo: Photo) -> dict[str, Any]:
    """Return what was read from the file. Its texts hold names, which an auditor does not see."""
    texts = {
        "file_artist": photo.file_artist,
        "file_copyright": photo.file_copyright,
        "file_description": photo.file_description,
    }
    rights = file_usage_terms(photo.rights_metadata or {})
    if work.hides_names:
        rights |= {"terms": "", "licence_url": ""}
    return {
        "file": "" if work.hides_names else photo.file_name,
        "path": "" if work.hides_names else photo.path,
        "sha256": photo.sha256,
        "size": photo.size,
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "orientation": photo.orientation,
        "taken_at": photo.taken_at,
        "camera": photo.camera,
        "holds_place": photo.gps_present,
        **{name: "" if work.hides_names else text for name, text in texts.items()},
        **rights,
        "picture_sha256": photo.picture_sha256,
        "version_of": human_id(Kind.PHOTO, photo.version_of) if photo.version_of else None,
        "versions": [human_id(Kind.PHOTO, n) for n in versions_of(work.session, id_of(photo))],
        "registered_at": photo.registered_at.isoformat(timespec="seconds"),
        "registered_by": login_of(work.session, photo.registered_by),
    }


_OWN_ANSWERS = (
    "people",
    "recognisable_count",
    "context_identifies",
    "credit",
    "credit_waived",
    "taken_year",
    "photographer_died_year",
    "rights_removed",
)


def _answers(work: UnitOfWork, photo: Photo) -> list[dict[str, Any]]:
    """Return each question with its answer, and whether the photo or its event gives it."""
    event = events_by_id(work.session, [photo.event_id]).get(photo.event_id or 0)
    rows = []
    for question in (*AnswerColumns.model_fields, *_OWN_ANSWERS):
        own = getattr(photo, question)
        from_event = getattr(event, question, None) if own is None else None
        value = own if own is not None else from_event
        if question == "credit" and value and work.hides_names:
            value = ""
        value = without_block(value)
        source = "event" if from_event is not None else "photo" if own is not None else None
        rows.append({"question": question, "answer": _plain_value(value), "source": source})
    return rows


def _plain_value(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value


def _depiction_row(work: UnitOfWork, depiction: Depiction, person: Person | None) -> dict[str, Any]:
    return {
        "person": human_id(Kind.PERSON, person.id) if person else None,
        "name": None if person is None or work.hides_names else person.name,
        "position": "" if work.hides_names else depiction.position,
        "prominence": depiction.prominence.value,
        "role": depiction.role.value,
    }


def _event_row(last: LatestEvent) -> dict[str, Any]:
    """Return a consent or permission in one line: whose word, the last one, and how far."""
    record, event = last.record, last.event
    subject, by = _parties(record)
    kind = Kind.CONSENT if isinstance(record, Consent) else Kind.PERMISSION
    return {
        "id": human_id(kind, record.id),
        "about": subject,
        "by": by,
        "said": event.kind.value,
        "day": event.day.isoformat(),
        "valid_until": event.valid_until.isoformat() if event.valid_until else None,
        "open_ended": event.open_ended,
        "channels": list(last.channels),
        "reach": "photo" if record.photo_id else "event" if record.event_id else "everything",
    }


def _parties(record: Consent | Permission) -> tuple[str | None, str | None]:
    """Return whom it is about and who speaks, by id."""
    if isinstance(record, Permission):
        holder = record.photographer_id
        return None, human_id(Kind.PERSON, holder) if holder else None
    return human_id(Kind.PERSON, record.subject_id), human_id(Kind.PERSON, record.actor_id)


def _history(work: UnitOfWork, number: int) -> dict[str, list[dict[str, Any]]]:
    """Return what was decided, what the coordinator was asked, and where it was published."""
    channels = channel_names(work.session)
    return {
        "decisions": [
            {
                "decision": human_id(Kind.DECISION, d.id),
                "channel": channels[d.channel_id],
                "purpose": d.purpose.value,
                "made_for": d.made_for.value,
                "day": d.day.isoformat(),
            }
            for d in decisions_on(work.session, number)
        ],
        "cases": [
            {
                "case": human_id(Kind.CASE, case.id),
                "channel": channels[case.channel_id],
                "codes": case.codes.split(";"),
                "ruling": ruling.kind.value if ruling else None,
            }
            for case, ruling in cases_about(work.session, number)
        ],
        "flags": [
            {"flag": row.flag, "state": row.state.value, "raised_at": row.raised_at.isoformat()}
            for row in flag_rows(work, photo_id=number, everything=True)
        ],
        "publications": [
            {
                "publication": human_id(Kind.PUBLICATION, p.id),
                "channel": channels[p.channel_id],
                "address": p.address,
                "published_on": p.published_on.isoformat(),
                "removed_on": p.removed_on.isoformat() if p.removed_on else None,
            }
            for p in publications_of(work.session, number)
        ],
    }
