"""A consent receipt as JSON-LD.

According to ISO/IEC TS 27560:2023 in terms of the Data Privacy Vocabulary, following the guide
"Consent Records and Receipts using DPV" (W3C DPVCG, 2024).
"""

from collections.abc import Iterable
from typing import Any

from photoreg.documents.codes import format_code
from photoreg.registry.queries.forms import ConsentHistoryItem
from photoreg.rulebook.facts import ConsentKind, Purpose
from photoreg.services.consents.receipts import Receipt, ReceiptForm

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


def receipt_json_ld(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as a JSON-LD document with its context inline."""
    return {
        "@context": _CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": f"receipt-{receipt.consent}",
        "dct:conformsTo": {"@id": "dpv-27560:receipt-record"},
        "dct:created": _typed_literal(receipt.made_at.isoformat(timespec="seconds"), "dateTime"),
        "dct:publisher": {"@id": "_:controller"},
        "dpv:hasRecordOfActivity": _record(receipt),
    }


def _record(receipt: Receipt) -> dict[str, Any]:
    return {
        "@id": f"_:{receipt.consent}",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": receipt.consent,
        "dct:conformsTo": {"@id": "dpv-27560:record"},
        "dpv:hasDataSubject": {
            "@id": f"_:{receipt.subject}",
            "@type": ["dpv:DataSubject", *(["dpv:Child"] if receipt.is_child else [])],
            "dct:identifier": receipt.subject,
            "schema:name": receipt.subject_name,
        },
        "dpv:hasDataController": {
            "@id": "_:controller",
            "@type": "dpv:DataController",
            "schema:name": receipt.organisation,
            "dpv:hasContact": receipt.contact or None,
            "dpv:hasRepresentative": {
                "@type": "dpv:DataProtectionOfficer",
                "dpv:hasContact": receipt.data_protection_officer or None,
            },
        },
        "dpv:hasJurisdiction": {"@id": "loc:FI"},
        "dpv:hasApplicableLaw": {"@id": "eu-gdpr:GDPR"},
        "dpv:hasLegalBasis": {"@id": "eu-gdpr:A6-1-a"},
        "dpv:hasConsentStatus": {"@id": _STATUS[receipt.state]},
        "dpv:hasConsentControl": {"@id": "dpv:WithdrawConsent"},
        "dpv:hasRight": [{"@id": f"eu-gdpr:{right}"} for right in ("A7-3", "A15", "A16", "A17")],
        "dpv:hasNotice": _notice(receipt.form) if receipt.form else None,
        "dpv:hasProcess": _process(receipt),
        "dct:hasPart": [_event(receipt, event) for event in receipt.history],
    }


def _notice(form: ReceiptForm) -> dict[str, Any]:
    return {
        "@type": "dpv:ConsentNotice",
        "dct:identifier": format_code(form.code),
        "dct:language": form.language,
        "dct:hasVersion": form.version,
    }


def _process(receipt: Receipt) -> dict[str, Any]:
    until = receipt.until
    return {
        "@type": "dpv:Process",
        "dct:subject": receipt.about,
        "dpv:hasPurpose": _purposes(receipt.purposes),
        "dpv:hasProcessing": [{"@id": "dpv:MakeAvailable"}, {"@id": "dpv:Store"}],
        "dpv:hasPersonalData": [
            {"@id": "pd:Picture"},
            *([{"@id": "pd:Name"}] if receipt.may_be_named else []),
        ],
        "dpv:hasRecipient": _recipients(receipt.channels),
        "dpv:hasDuration": {
            "@type": "dpv:UntilTimeDuration" if until else "dpv:EndlessDuration",
            **({"dct:valid": _typed_literal(until, "date")} if until else {}),
        },
    }


def _event(receipt: Receipt, event: ConsentHistoryItem) -> dict[str, Any]:
    return {
        "@type": _EVENT_TERMS[event.kind],
        "dct:date": _typed_literal(event.day.isoformat(), "date"),
        "dpv:isIndicatedAtTime": _typed_literal(
            event.recorded_at.isoformat(timespec="seconds"), "dateTime"
        ),
        "dpv:isIndicatedBy": {
            "@id": f"_:{receipt.actor}",
            "@type": "dpv:DataSubject" if receipt.is_own else "dpv:GuardianOfDataSubject",
            "dct:identifier": receipt.actor,
            "schema:name": receipt.actor_name,
        },
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
