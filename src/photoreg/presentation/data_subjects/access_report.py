"""The access report for one person, as text and as a page to print."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from photoreg.documents.report import Report, ReportTable, Section, render_report
from photoreg.presentation.cells import cell_text, safe
from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.facts import capacity_of
from photoreg.presentation.labels import LABELS
from photoreg.presentation.record_life.field_labels import FIELD_LABELS
from photoreg.presentation.view import Column
from photoreg.presentation.views.people import PERSON_REPORT
from photoreg.services.data_subjects.access_report import PersonReport
from photoreg.texts import N_, _, language

KEY_LABELS = {
    **FIELD_LABELS,
    "other": N_("person"),
    "verified": N_("verified"),
    "verified_how": N_("how verified"),
    "excused": N_("excused"),
    "excused_ground": N_("reason for the excuse"),
    "evidence": N_("document (hash)"),
    "decides_alone": N_("decides in place of the others"),
    "decides_alone_reason": N_("why it decides alone"),
    "decides_alone_evidence": N_("document (hash)"),
    "event": N_("event"),
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
    "kind": N_("what was recorded"),
    "is_dated": N_("the day was given"),
    "names_kind": N_("also later channels of the kind"),
    "by_attorney": N_("by power of attorney"),
    "typed_by_mistake": N_("typed by mistake, counts as never said"),
    "author": N_("rights transferred from"),
    "licence_terms": N_("licence terms"),
    "open_ended": N_("no end date"),
    "channels": N_("channels"),
    "purposes": N_("purposes"),
    "method": N_("how it was given"),
    "note": N_("note"),
    "note_withheld": N_("a note is not shown because it may concern others"),
    "recorded_at": N_("recorded"),
    "form_language": N_("language of the form"),
    "publication": N_("publication"),
    "channel": N_("channel"),
    "address": N_("where"),
    "published_on": N_("since"),
    "decision": N_("decision"),
    "made_for": N_("made for"),
    "outcome": N_("verdict"),
    "cause": N_("why"),
    "words": N_("text"),
    "raised_at": N_("recorded"),
    "resolved_at": N_("resolved"),
    "printed_at": N_("printed"),
    "scan": N_("document (hash)"),
    "seq": N_("entry"),
    "at": N_("time"),
    "action": N_("action"),
    "list": N_("command"),
    "names": N_("names"),
    "contacts": N_("contacts"),
    "masked": N_("without name"),
}
"""The titles of the fields in a record of the report."""

_ENUMERATIONS = {
    "channels": "Channel",
    "purposes": "Purpose",
    "purpose": "Purpose",
    "reach": "WholeReach",
    "licence_terms": "LicenceTerm",
    "action": "Action",
    "language": "Language",
    "form_language": "Language",
}
"""The enumerations that label what is stored as text; other values bring their own."""


def report_row(report: PersonReport) -> dict[str, Any]:
    """Return the report as a row of the view `person-report`."""
    return cast("dict[str, Any]", _data(asdict(report)))


def _data(value: Any) -> Any:
    """Return a value of a record as JSON writes it, with dates and times in ISO format."""
    if isinstance(value, Mapping):
        return {key: _data(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_data(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def report_text(report: PersonReport) -> Iterator[str]:
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


def report_page(report: PersonReport) -> str:
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


def _title(report: PersonReport) -> str:
    return _("What the photo registry contains about {person}").format(person=report.person)


def _ending() -> str:
    return _("Other people are shown by id only. Documents are given on request.")


def _facts(report: PersonReport) -> Iterator[tuple[str, str]]:
    for column in PERSON_REPORT.columns:
        value = getattr(report, column.key)
        if column.key == "capacity":
            value = capacity_of(report.age_group, value)
        if not column.is_nested and not _is_empty(value):
            yield _(column.title), _text(value, column.enumeration)


def _records(report: PersonReport) -> Iterator[tuple[str, list[list[tuple[str, str]]]]]:
    """Yield each section that is not empty: its title, and its records as titles and texts."""
    for column in PERSON_REPORT.columns:
        records = getattr(report, column.key)
        if column.is_nested and records:
            yield _(column.title), [list(_parts(column, record)) for record in records]


def _parts(column: Column, record: object) -> Iterator[tuple[str, str]]:
    """Yield the fields of a record; omit empty ones, and give only the title of true ones."""
    for key in column.json_type["items"]["properties"]:
        value = getattr(record, key)
        if not _is_empty(value) and value is not False:
            text = "" if value is True else _text(value, _ENUMERATIONS.get(key, ""))
            yield _(KEY_LABELS[key]), text


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], ())


def _text(value: Any, enumeration: str) -> str:
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, date):
        return day_in_words(value)
    values: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    return safe(", ".join(_labelled(each, enumeration) for each in values))


def _labelled(value: Any, enumeration: str) -> str:
    labels = LABELS.get(type(value).__name__) or LABELS.get(enumeration, {})
    return _(labels[value]) if value in labels else cell_text(value)
