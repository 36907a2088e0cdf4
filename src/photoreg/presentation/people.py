"""The access report for one person, as text and as a page to print."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from photoreg.documents.report import Report, ReportTable, Section, render_report
from photoreg.presentation.cells import cell_text, safe
from photoreg.presentation.days import format_iso_day, format_time
from photoreg.presentation.facts import capacity_of
from photoreg.presentation.labels import LABELS
from photoreg.presentation.view import Column
from photoreg.presentation.views.people import PERSON_REPORT
from photoreg.texts import N_, _, language

KEY_LABELS = {
    "other": N_("person"),
    "basis": N_("basis"),
    "verified": N_("verified"),
    "verified_how": N_("how verified"),
    "excused": N_("excused"),
    "excused_ground": N_("reason for the excuse"),
    "evidence": N_("document (hash)"),
    "decides_alone": N_("decides in place of the others"),
    "decides_alone_reason": N_("why it decides alone"),
    "decides_alone_evidence": N_("document (hash)"),
    "first_day": N_("first day"),
    "last_day": N_("last day"),
    "event": N_("event"),
    "name": N_("name"),
    "starts_on": N_("from"),
    "ends_on": N_("until"),
    "photo": N_("photo"),
    "position": N_("place in the photo"),
    "prominence": N_("how they are shown"),
    "role": N_("in which role"),
    "consent": N_("consent"),
    "permission": N_("permission"),
    "about": N_("about"),
    "by": N_("by"),
    "reach": N_("reach"),
    "said": N_("what was recorded"),
    "day": N_("day"),
    "is_dated": N_("the day was given"),
    "names_kind": N_("also later channels of the kind"),
    "by_attorney": N_("by power of attorney"),
    "author": N_("rights transferred from"),
    "licence_terms": N_("licence terms"),
    "valid_until": N_("until"),
    "open_ended": N_("no end date"),
    "channels": N_("channels"),
    "purposes": N_("purposes"),
    "method": N_("how it was given"),
    "note": N_("note"),
    "note_withheld": N_("a note is not shown because it may concern others"),
    "recorded_at": N_("recorded"),
    "form_language": N_("language of the form"),
    "form_version": N_("version of the form"),
    "credit": N_("credit"),
    "credit_waived": N_("credit not required"),
    "publication": N_("publication"),
    "channel": N_("channel"),
    "address": N_("where"),
    "published_on": N_("since"),
    "removed_on": N_("taken down on"),
    "decision": N_("decision"),
    "purpose": N_("purpose"),
    "made_for": N_("made for"),
    "outcome": N_("verdict"),
    "cause": N_("why"),
    "words": N_("text"),
    "raised_at": N_("recorded"),
    "resolved_at": N_("resolved"),
    "code": N_("code"),
    "language": N_("language"),
    "printed_at": N_("printed"),
    "seq": N_("entry"),
    "at": N_("time"),
    "action": N_("action"),
    "list": N_("command"),
    "names": N_("names"),
    "contacts": N_("contacts"),
    "masked": N_("without name"),
}
"""The titles of the fields in a record of the report."""

_KINDS = {
    "basis": "Basis",
    "prominence": "Prominence",
    "role": "Role",
    "said": "ConsentKind",
    "channels": "Channel",
    "purposes": "Purpose",
    "purpose": "Purpose",
    "reach": "WholeReach",
    "licence_terms": "LicenceTerm",
    "method": "Method",
    "made_for": "DecisionFor",
    "cause": "FlagCause",
    "outcome": "Outcome",
    "action": "Action",
    "language": "Language",
    "form_language": "Language",
    ("guardians", "basis"): "GuardianBasis",
    ("wards", "basis"): "GuardianBasis",
    ("flags", "outcome"): "FlagOutcome",
}
"""The enumerations that label values: by key alone, or by key within one section."""

_DAYS = {"born", "died_on", "day", "valid_until", "starts_on", "ends_on"} | {
    *("first_day", "last_day", "published_on", "removed_on"),
}
_TIMES = {"may_not_be_shown_since", "recorded_at", "raised_at", "resolved_at", "printed_at", "at"}


def report_text(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the report as text; omit empty fields."""
    yield _title(report)
    for title, text in _facts(report):
        yield f"{title}: {text}"
    for title, records in _records(report):
        yield ""
        yield f"{title} ({len(records)})"
        for record in records:
            parts = (f"{name}: {text}" if text else name for name, text in record)
            yield f"- {'; '.join(parts)}"
    yield ""
    yield _ending()


def report_page(report: Mapping[str, Any]) -> str:
    """Return the report as one printable HTML page that loads no external resources."""
    facts = Section(_("About the person"), tables=(ReportTable(("", ""), list(_facts(report))),))
    sections = (_section(title, records) for title, records in _records(report))
    return render_report(Report(language(), _title(report), (_ending(),), (facts, *sections)))


def _section(title: str, records: list[list[tuple[str, str]]]) -> Section:
    """Return a table with a row for each record: its subject, and all its fields."""
    head = records[0][0][0]
    rows = [
        (first, " · ".join(f"{name}: {text}" if text else name for name, text in rest))
        for (_name, first), *rest in records
    ]
    return Section(f"{title} ({len(records)})", tables=(ReportTable((head, ""), rows),))


def _title(report: Mapping[str, Any]) -> str:
    return _("What the photo registry contains about {person}").format(person=report["person"])


def _ending() -> str:
    return _("Other people are shown by id only. Documents are given on request.")


def _facts(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for column in PERSON_REPORT.columns:
        value = report[column.key]
        if column.key == "capacity":
            value = capacity_of(report["age_group"], value)
        if not column.is_nested and value not in (None, "", []):
            yield _(column.title), _text("", column.key, value, column.enumeration)


def _records(report: Mapping[str, Any]) -> Iterator[tuple[str, list[list[tuple[str, str]]]]]:
    """Yield each section that is not empty: its title, and its records as titles and texts."""
    for column in PERSON_REPORT.columns:
        if column.is_nested and report[column.key]:
            yield _(column.title), [list(_parts(column, row)) for row in report[column.key]]


def _parts(column: Column, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a record; omit empty ones, and give only the title of true ones."""
    for key, value in row.items():
        if value not in (None, "", [], False):
            yield _(KEY_LABELS[key]), "" if value is True else _text(column.key, key, value)


def _text(section: str, key: str, value: Any, kind: str = "") -> str:
    if key in _DAYS:
        return format_iso_day(value)
    if key in _TIMES:
        return format_time(datetime.fromisoformat(value))
    words = LABELS.get(kind or _KINDS.get((section, key)) or _KINDS.get(key, ""), {})
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    return safe(", ".join(_(words[each]) if each in words else cell_text(each) for each in values))
