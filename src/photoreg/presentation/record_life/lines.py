"""The life of a record: as rows, and as lines to read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from textwrap import TextWrapper
from typing import Any

from photoreg.presentation.days import day_in_words, day_or_text, format_time
from photoreg.presentation.labels import LABELS, setting_in_words, value_labels
from photoreg.presentation.record_life.detail_labels import (
    OFTEN_NO,
    QUESTION_KEYS,
    detail_label,
    detail_values,
    question_label,
)
from photoreg.presentation.record_life.field_labels import FIELD_LABELS, ROW_LABELS
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.registry.ledger import Action
from photoreg.registry.record_hashes.changes import ValueKind
from photoreg.registry.record_hashes.naming import RECORD_WORDS
from photoreg.services.audits.entry_rows import Hashed, LifeRow
from photoreg.services.audits.told_entries import HIDDEN_VALUE, OTHER
from photoreg.services.organisation.policy import format_setting
from photoreg.texts import N_, _

_UNTOLD_OF_ROWS = frozenset({"created_at", "created_by"})


def life_data(row: LifeRow, layout: str) -> dict[str, Any]:
    """Return a row of the life of a record: in words for people, and as data for programs."""
    shared = {"entry": row.entry, "at": format_time(row.at, layout), "actor": row.actor}
    return shared | (_in_words(row) if layout in FOR_PEOPLE else _as_data(row))


def _in_words(row: LifeRow) -> dict[str, Any]:
    old, new = (
        "" if each is None or each == "" else value_in_words(row, each)
        for each in (row.old, row.new)
    )
    return {
        "action": action_in_words([row]),
        "about": about_in_words(row.about),
        "table": _(ROW_LABELS.get(row.table) or RECORD_WORDS[row.table]) if row.table else "",
        "field": _(FIELD_LABELS[row.field]) if row.table else row.field,
        "old": old,
        "new": new,
        "details": list(_details_in_words(row.action, row.details or {})),
    }


def _as_data(row: LifeRow) -> dict[str, Any]:
    return {
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
        yield f"{head.entry}  {format_time(head.at)}  {head.actor}  {about_in_words(head.about)}"
        yield f"    {action_in_words(some)}"
        lines = [*_details_in_words(head.action, head.details or {})]
        for _change, fields in groupby(some, key=lambda row: row.change):
            lines += _change_lines(head.about, list(fields))
        yield from (_WRAPPER.fill(line) for line in lines)


_WRAPPER = TextWrapper(
    80, initial_indent=" " * 6, subsequent_indent=" " * 8, break_on_hyphens=False
)


def entry_words(rows: Sequence[LifeRow]) -> Iterator[str]:
    """Yield what an entry of the log tells, to read: its details, and each value that changed."""
    yield from _details_in_words(rows[0].action, rows[0].details or {})
    yield from _change_lines(rows[0].about, list(rows))


def action_in_words(rows: Sequence[LifeRow]) -> str:
    """Return what was done; of a row that was added or removed that it was."""
    first = rows[0]
    if first.action == Action.RECORD_CHANGED and first.is_whole:
        is_part = first.table in ROW_LABELS
        if any(row.old is not None for row in rows):
            return _("data of a record was removed") if is_part else _("a record was removed")
        return _("data was added to a record") if is_part else _("a record was added")
    return _(LABELS["Action"].get(first.action, first.action))


def about_in_words(about: str) -> str:
    """Return what an entry is about: an id or a name as it is, else the word for its kind."""
    kind, colon, number = about.partition(":")
    if not colon or kind not in _ABOUT:
        return about
    return _(_ABOUT[kind]).format(number=number)


_ABOUT = {
    "entry": N_("entry L-{number}"),
    "evidence": N_("document {number}"),
    "form": N_("form {number}"),
    "list_layout": N_("layout {number}"),
    "log_key": N_("key {number}"),
    "person_name": N_("other name {number}"),
    "registry": N_("the registry"),
    "replaced": N_("record {number} of the replaced registry"),
    "second_look": N_("second look {number}"),
    "correction": N_("correction {number}"),
    "access_secret": N_("session {number}"),
    "api_key": N_("API key {number}"),
    "guardianship": N_("guardianship {number}"),
}
"""What is written for what the log calls by a kind and a number."""


def is_masked(rows: Iterable[LifeRow]) -> bool:
    """Return whether something is hidden that the registry may hold in plain."""
    return any(isinstance(side, Hashed) for row in rows for side in (row.old, row.new))


def _details_in_words(action: str, details: Mapping[str, Any]) -> Iterator[str]:
    """Yield the details of an entry to read: their titles, and what they are unless it is none."""
    for key, value in details.items():
        if value in (None, "", []) or _is_nothing(key, value):
            continue
        title = detail_label(action, key)
        if value is True and key in OFTEN_NO:
            yield title
        else:
            values = value if isinstance(value, list) else [value]
            yield f"{title}: {', '.join(_detail_in_words(key, each) for each in values)}"


def _is_nothing(key: str, value: Any) -> bool:
    """Return whether a detail tells only that there was nothing of it."""
    return (value is False and key in OFTEN_NO) or (value == 0 and value is not False)


def _detail_in_words(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text, labels = str(value), detail_values(key)
    if key in QUESTION_KEYS:
        return question_label(text)
    codes = text.split(";") if key == "terms" else [text]
    return ", ".join(_(labels[c]) if c in labels else day_or_text(c) for c in codes)


def _change_lines(about: str, rows: list[LifeRow]) -> Iterator[str]:
    """Yield what happened to one row of a table: a line for each field, or one for the row."""
    first = rows[0]
    beside = "" if first.about == about else f"{about_in_words(first.about)}: "
    if first.is_whole:
        old, new = (_side(rows, side) for side in ("old", "new"))
        title = _(ROW_LABELS.get(first.table) or RECORD_WORDS[first.table])
        yield f"{beside}{title}: {old} → {new}"
        return
    for row in rows:
        if row.field and not (row.is_new and row.field in _UNTOLD_OF_ROWS):
            title = _(FIELD_LABELS[row.field]) if row.table else row.field  # a setting
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
        return setting_in_words(row.field, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _typed(row, value)


def _typed(row: LifeRow, value: Any) -> str:
    """Return a day, a time, a code or anything else in words."""
    if row.kind is ValueKind.DAY:
        return day_in_words(value if isinstance(value, date) else date.fromisoformat(value))
    if row.kind is ValueKind.TIME:
        return format_time(datetime.fromisoformat(value))
    if row.field == "codes":
        return ", ".join(_detail_in_words("codes", code) for code in str(value).split(";"))
    if isinstance(value, dict):
        return _("what the registry knew then")
    if row.enumeration:
        return value_labels(row.enumeration, [value])[0]
    return day_or_text(str(value))
