"""Consent receipts as text and as JSON-LD: what was agreed, when, and how to withdraw it.

A receipt contains no contact but the controller's, and of a child's guardians only the one who
consented, so it can be handed to that guardian unchanged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from photoreg.documents.codes import format_code
from photoreg.documents.template import TemplateSpec
from photoreg.documents.text import render_text
from photoreg.errors import NotAllowed
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_consent
from photoreg.registry.queries.forms import (
    ConsentHistoryItem,
    consent_history,
    newest_form_of,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import events_by_id, photos_by_id
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.tables.people import Language, Person
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    AgeGroup,
    Channel,
    ConsentKind,
    Purpose,
)
from photoreg.rulebook.policy import Policy
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import (
    ConsentState,
    StatusRow,
    events_in_reach,
    status_row,
)
from photoreg.services.consents.consents import withheld_persons
from photoreg.services.consents.document_texts import (
    BLANK_LINE,
    TEXTS,
    format_channel,
    format_day,
    format_days,
    format_photo,
    text_in,
)
from photoreg.services.people.ages import age_group_on, hides, shown_name, written_name
from photoreg.services.unit_of_work import UnitOfWork, current_policy
from photoreg.texts import N_

_STATES = ("granted", "refused", "withdrawn", "pending", "expired")
KIT = TemplateSpec(
    fields=frozenset(
        {
            "consent",
            "person",
            "decider",
            "event",
            "days",
            "photo",
            "day",
            "code",
            "until",
            "adult_age",
            "organisation",
            "contact",
            "data_protection",
        }
    ),
    choices={*Channel, *Purpose, "channel"},
    tags={
        *_STATES,
        *("own", "guardian", "event", "photo", "everything", "form"),
        *("named", "nameless", "ends", "endless"),
    },
    needed_fields={"consent", "person", "organisation", "contact"},
    titled_choices={"channel"},
)


@dataclass(frozen=True, slots=True)
class _ReceiptData:
    """The data of a receipt: the consent, its parties, status and history."""

    consent: Consent
    subject: Person
    actor: Person
    event: Event | None
    photo: Photo | None
    form: ConsentForm | None
    status: StatusRow
    events: tuple[ConsentHistoryItem, ...]
    state: str
    policy: Policy
    organisation: str

    @property
    def number(self) -> str:
        """The id of the consent."""
        return human_id(Kind.CONSENT, self.consent.id)

    @property
    def is_own(self) -> bool:
        """Whether the depicted person gave the consent."""
        return self.consent.subject_id == self.consent.actor_id


def receipt_text(
    application: Application,
    named: str,
    *,
    language: Language | None = None,
    texts: Path | None = None,
) -> tuple[str, Language | None]:
    """Return the receipt as text, by default in the language of the person who consented.

    The second value is the wanted language if it has no translation yet and another was used.
    """
    with application.reading() as work:
        agreed = _receipt_for(work, named)
        wanted = language or agreed.actor.language or agreed.subject.language or Language.FINNISH
        text = text_in(texts or TEXTS, "receipt", wanted, KIT)
        channels = {each.name: format_channel(each) for each in all_channels(work.session)}
        page = text.fill(
            _values(work, agreed, Language(text.language)),
            _tags(agreed),
            _choices(agreed, channels),
            "",
        )
        return render_text(page), wanted if text.awaiting else None


def _receipt_for(work: UnitOfWork, named: str) -> _ReceiptData:
    consent = find_consent(work.session, named)
    if withheld_persons(work, persons_of(work.session, [consent.subject_id]).values()):
        raise NotAllowed(
            N_("the receipt of {consent} is given by the communications coordinator"),
            N_("Ask the communications coordinator."),
            consent=human_id(Kind.CONSENT, consent.id),
        )
    events = events_in_reach(work, [consent])[id_of(consent)]
    status = status_row(events, id_of(consent))
    people = persons_of(work.session, {consent.subject_id, consent.actor_id})
    photos = photos_by_id(work.session, [consent.photo_id]) if consent.photo_id else []
    return _ReceiptData(
        consent,
        people[consent.subject_id],
        people[consent.actor_id],
        events_by_id(work.session, [consent.event_id]).get(consent.event_id or 0),
        photos[0] if photos else None,
        newest_form_of(work.session, id_of(consent)),
        status,
        tuple(consent_history(work.session, id_of(consent))),
        _state(work, status),
        current_policy(work.session)[1],
        work.session.get_one(RegistryInfo, 1).organisation,
    )


def _state(work: UnitOfWork, status: StatusRow) -> str:
    is_granted = status.state is ConsentState.GRANTED
    if is_granted and status.until and date.fromisoformat(status.until) < work.today:
        return "expired"
    return "pending" if status.state is ConsentState.NONE else str(status.state)


def _may_be_named(agreed: _ReceiptData) -> bool:
    grants = [event for event in agreed.events if event.kind in GRANTING_KINDS]
    return bool(grants and grants[-1].may_be_named)


def _tags(agreed: _ReceiptData) -> set[str]:
    reach = "event" if agreed.event else "photo" if agreed.photo else "everything"
    return {
        agreed.state,
        reach,
        "own" if agreed.is_own else "guardian",
        "named" if _may_be_named(agreed) else "nameless",
        "ends" if agreed.status.until else "endless",
        *(["form"] if agreed.form else []),
    }


def _choices(agreed: _ReceiptData, titles: Mapping[str, str]) -> dict[str, list[str]]:
    channels = agreed.status.channels
    kinds = [name for name in channels if name in set(Channel)]
    single = [titles.get(name, name) for name in channels if name not in kinds]
    return {each: [""] for each in [*kinds, *agreed.status.purposes]} | {"channel": single}


def _values(work: UnitOfWork, agreed: _ReceiptData, language: Language) -> dict[str, str]:
    until, policy = agreed.status.until, agreed.policy
    return {
        "consent": agreed.number,
        "person": shown_name(work, agreed.subject),
        "decider": human_id(Kind.PERSON, agreed.actor.id)
        if hides(work, agreed.actor)
        else written_name(work, agreed.actor, language),
        "event": agreed.event.name if agreed.event else "",
        "days": format_days(agreed.event, language),
        "photo": format_photo(agreed.photo),
        "day": format_day(date.fromisoformat(agreed.status.day), language),
        "code": format_code(agreed.form.code) if agreed.form else "",
        "until": format_day(date.fromisoformat(until), language) if until else "",
        "adult_age": str(policy.child_age),
        "organisation": agreed.organisation,
        "contact": policy.controller_contact or BLANK_LINE,
        "data_protection": policy.data_protection_officer or BLANK_LINE,
    }


# JSON-LD according to ISO/IEC TS 27560:2023 in terms of the Data Privacy Vocabulary, following the
# guide "Consent Records and Receipts using DPV" (W3C DPVCG, 2024).
_CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "dpv-27560": "https://w3id.org/dpv/schema/dpv-27560#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_STATUS = {
    "granted": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "pending": "dpv:ConsentRequested",
    "expired": "dpv:ConsentExpired",
}
_EVENT_TERMS = {
    ConsentKind.REQUESTED: "dpv:ConsentRequested",
    ConsentKind.GIVEN: "dpv:ConsentGiven",
    ConsentKind.REFUSED: "dpv:ConsentRefused",
    ConsentKind.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentKind.RENEWED: "dpv:RenewedConsentGiven",
}
_PURPOSES: dict[str, list[str]] = {
    Purpose.INFORMATION: ["dpv:Purpose"],
    Purpose.MARKETING: ["dpv:Purpose", "dpv:Marketing"],
}


def receipt_data(application: Application, named: str) -> dict[str, Any]:
    """Return the receipt as a JSON-LD document with its context inline.

    The document is the result, in the terms of DPV, so it is a dictionary and no record.
    """
    with application.reading() as work:
        agreed = _receipt_for(work, named)
        return {
            "@context": _CONTEXT,
            "@type": "dpv:ConsentReceipt",
            "dct:identifier": f"receipt-{agreed.number}",
            "dct:conformsTo": {"@id": "dpv-27560:receipt-record"},
            "dct:created": _typed_literal(work.now.isoformat(timespec="seconds"), "dateTime"),
            "dct:publisher": {"@id": "_:controller"},
            "dpv:hasRecordOfActivity": _record(work, agreed),
        }


def _record(work: UnitOfWork, agreed: _ReceiptData) -> dict[str, Any]:
    policy = agreed.policy
    return {
        "@id": f"_:{agreed.number}",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": agreed.number,
        "dct:conformsTo": {"@id": "dpv-27560:record"},
        "dpv:hasDataSubject": _data_subject(work, agreed),
        "dpv:hasDataController": {
            "@id": "_:controller",
            "@type": "dpv:DataController",
            "schema:name": agreed.organisation,
            "dpv:hasContact": policy.controller_contact or None,
            "dpv:hasRepresentative": {
                "@type": "dpv:DataProtectionOfficer",
                "dpv:hasContact": policy.data_protection_officer or None,
            },
        },
        "dpv:hasJurisdiction": {"@id": "loc:FI"},
        "dpv:hasApplicableLaw": {"@id": "eu-gdpr:GDPR"},
        "dpv:hasLegalBasis": {"@id": "eu-gdpr:A6-1-a"},
        "dpv:hasConsentStatus": {"@id": _STATUS[agreed.state]},
        "dpv:hasConsentControl": {"@id": "dpv:WithdrawConsent"},
        "dpv:hasRight": [{"@id": f"eu-gdpr:{right}"} for right in ("A7-3", "A15", "A16", "A17")],
        "dpv:hasNotice": _notice(agreed),
        "dpv:hasProcess": _process(agreed),
        "dct:hasPart": [_event(work, agreed, event) for event in agreed.events],
    }


def _data_subject(work: UnitOfWork, agreed: _ReceiptData) -> dict[str, Any]:
    is_child = age_group_on(work, agreed.subject, work.today) is AgeGroup.MINOR
    return {
        "@id": f"_:{human_id(Kind.PERSON, agreed.subject.id)}",
        "@type": ["dpv:DataSubject", "dpv:Child"] if is_child else ["dpv:DataSubject"],
        "dct:identifier": human_id(Kind.PERSON, agreed.subject.id),
        "schema:name": shown_name(work, agreed.subject),
    }


def _notice(agreed: _ReceiptData) -> dict[str, Any] | None:
    if agreed.form is None:
        return None
    return {
        "@type": "dpv:ConsentNotice",
        "dct:identifier": format_code(agreed.form.code),
        "dct:language": agreed.form.language,
        "dct:hasVersion": agreed.form.form_version,
    }


def _process(agreed: _ReceiptData) -> dict[str, Any]:
    until = agreed.status.until
    about = agreed.event.name if agreed.event else format_photo(agreed.photo) or None
    return {
        "@type": "dpv:Process",
        "dct:subject": about,
        "dpv:hasPurpose": _purposes(agreed.status.purposes),
        "dpv:hasProcessing": [{"@id": "dpv:MakeAvailable"}, {"@id": "dpv:Store"}],
        "dpv:hasPersonalData": [
            {"@id": "pd:Picture"},
            *([{"@id": "pd:Name"}] if _may_be_named(agreed) else []),
        ],
        "dpv:hasRecipient": _recipients(agreed.status.channels),
        "dpv:hasDuration": {
            "@type": "dpv:UntilTimeDuration" if until else "dpv:EndlessDuration",
            **({"dct:valid": _typed_literal(until, "date")} if until else {}),
        },
    }


def _event(work: UnitOfWork, agreed: _ReceiptData, event: ConsentHistoryItem) -> dict[str, Any]:
    actor = {
        "@id": f"_:{human_id(Kind.PERSON, agreed.actor.id)}",
        "@type": "dpv:DataSubject" if agreed.is_own else "dpv:GuardianOfDataSubject",
        "dct:identifier": human_id(Kind.PERSON, agreed.actor.id),
        "schema:name": shown_name(work, agreed.actor),
    }
    return {
        "@type": _EVENT_TERMS[event.kind],
        "dct:date": _typed_literal(event.day.isoformat(), "date"),
        "dpv:isIndicatedAtTime": _typed_literal(
            event.recorded_at.isoformat(timespec="seconds"), "dateTime"
        ),
        "dpv:isIndicatedBy": actor,
        "dpv:hasIndicationMethod": str(event.method),
        "dpv:hasPurpose": _purposes(sorted(event.purposes)),
        "dpv:hasRecipient": _recipients(sorted(event.channels)),
    }


def _purposes(purposes: Iterable[str]) -> list[dict[str, Any]]:
    return [{"@type": _PURPOSES[purpose], "dct:title": str(purpose)} for purpose in purposes]


def _recipients(channels: Iterable[str]) -> list[dict[str, str]]:
    return [{"@type": "dpv:Recipient", "dct:title": str(name)} for name in channels]


def _typed_literal(value: str, kind: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}
