"""The life of a record: as rows, and as lines to read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from textwrap import TextWrapper
from typing import Any

from photoreg.presentation.data_subjects.access_report import KEY_LABELS
from photoreg.presentation.days import day_in_words, format_iso_day, format_time
from photoreg.presentation.labels import LABELS, value_labels
from photoreg.presentation.record_life.field_labels import FIELD_LABELS, ROW_LABELS
from photoreg.registry.record_hashes.changes import ValueKind
from photoreg.services.audits.record_life import Hashed, LifeRow
from photoreg.services.audits.told_entries import HIDDEN_VALUE, OTHER
from photoreg.services.organisation.policy import format_setting
from photoreg.texts import N_, _

_UNTOLD_OF_ROWS = frozenset({"created_at", "created_by"})


def life_data(row: LifeRow, layout: str) -> dict[str, Any]:
    """Return a row of the life of a record as data."""
    return {
        "entry": row.entry,
        "at": format_time(row.at, layout),
        "actor": row.actor,
        "action": row.action,
        "about": row.about,
        "table": row.table,
        "field": row.field,
        "old": plain_value(row.old),
        "new": plain_value(row.new),
        "details": list(detail_texts(row.details or {})),
    }


def plain_value(value: Any) -> str | None:
    """Return a value as data: a code, an id or a day as it is, a hash behind a number sign."""
    if value is None:
        return None
    if isinstance(value, dict) and "hash" in value:
        return f"#{value['hash']}"
    if isinstance(value, Hashed):
        return f"#{value.hash}"
    if isinstance(value, bool | list):
        return format_setting(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def detail_texts(details: Mapping[str, Any]) -> Iterator[str]:
    """Yield the details of an entry of the log as texts, what was and is as one: `place=a→b`."""
    was, now = details.get("was"), details.get("is")
    for name, value in details.items():
        if value in (None, []) or name in {"was", "is"}:
            continue
        yield f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}"
    for field in was or now or {}:
        old, new = (plain_value(side.get(field)) or "" if side else "" for side in (was, now))
        yield f"{field}={old}→{new}"


def life_lines(rows: Iterable[LifeRow]) -> Iterator[str]:
    """Yield the life of a record as lines to read: each entry, and under it what has changed."""
    for _entry, group in groupby(rows, key=lambda row: row.entry):
        some = list(group)
        head = some[0]
        action = _(LABELS["Action"].get(head.action, head.action))
        yield f"{head.entry}  {format_time(head.at)}  {head.actor}  {head.about}"
        yield f"    {action}"
        lines = [*_details_in_words(head.details or {})]
        for _change, fields in groupby(some, key=lambda row: row.change):
            lines += _change_lines(head.about, list(fields))
        yield from (_WRAPPER.fill(line) for line in lines)


_WRAPPER = TextWrapper(
    80, initial_indent=" " * 6, subsequent_indent=" " * 8, break_on_hyphens=False
)


def _details_in_words(details: Mapping[str, Any]) -> Iterator[str]:
    """Yield the details of an entry to read: their titles, and what they are unless it is no."""
    for name, value in details.items():
        if value is not False and value not in (None, [], ""):
            title = _(_TITLES.get(name) or FIELD_LABELS.get(f"{name}_id", name))
            labels = _VALUES.get(name, {})
            texts = map(str, value if isinstance(value, list) else [value])
            words = [_(labels[text]) if text in labels else _day_or_text(text) for text in texts]
            yield title if value is True else f"{title}: {', '.join(words)}"


def _day_or_text(text: str) -> str:
    return format_iso_day(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


_TITLES = {
    **KEY_LABELS,
    **FIELD_LABELS,
    "admins": N_("administrators"),
    "answers": N_("questions answered"),
    "attorney": N_("with a power of attorney"),
    "names_kind": N_("names the kind of channel"),
    "ruling": N_("ruling"),
    "terms": N_("terms of the licence"),
}
"""What the details of the log's entries are called."""

_VALUES = {
    "basis": {**LABELS["Basis"], **LABELS["GuardianBasis"]},
    "channels": LABELS["Channel"],
    "kind": LABELS["Channel"],
    "method": LABELS["Method"],
    "purposes": LABELS["Purpose"],
    "role": {**LABELS["Role"], **LABELS["StaffRole"]},
    "ruling": LABELS["RulingKind"],
    "outcome": {**LABELS["Outcome"], **LABELS["FlagOutcome"]},
    "purpose": LABELS["Purpose"],
}
"""The labels of what the log holds as codes."""


def _change_lines(about: str, rows: list[LifeRow]) -> Iterator[str]:
    """Yield what happened to one row of a table: a line for each field, or one for the row."""
    first = rows[0]
    beside = "" if first.about == about else f"{first.about}: "
    if first.is_whole:
        old, new = (_side(rows, side) for side in ("old", "new"))
        yield f"{beside}{_(ROW_LABELS.get(first.table, first.table))}: {old} → {new}"
        return
    for row in rows:
        if row.field and not (row.is_new and row.field in _UNTOLD_OF_ROWS):
            title = _(FIELD_LABELS.get(row.field, row.field))
            old, new = (value_in_words(row, value) for value in (row.old, row.new))
            yield f"{beside}{title}: {old} → {new}"


def _side(rows: list[LifeRow], side: str) -> str:
    """Return a row as it was or is, in words."""
    values = [(row, getattr(row, side)) for row in rows if row.field not in _UNTOLD_OF_ROWS]
    said = [(row, each) for row, each in values if each is not False and each not in (None, "", [])]
    return ", ".join(value_in_words(row, each) for row, each in said) or "-"


def value_in_words(row: LifeRow, value: Any) -> str:
    """Return a value in words; a mark in place of what is not shown."""
    if value is None or value == "":
        return "-"
    if isinstance(value, Hashed) or row.field == OTHER:
        return HIDDEN_VALUE
    if not row.table:  # a setting
        return format_setting(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _typed(row, value)


def _typed(row: LifeRow, value: Any) -> str:
    """Return a day, a time, a code or anything else in words."""
    if row.kind is ValueKind.DAY:
        return day_in_words(value if isinstance(value, date) else date.fromisoformat(value))
    if row.kind is ValueKind.TIME:
        return format_time(datetime.fromisoformat(value))
    return value_labels(row.enumeration, [value])[0] if row.enumeration else str(value)
