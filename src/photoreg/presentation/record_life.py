"""The life of a record: as rows, and as lines to read."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from textwrap import TextWrapper
from typing import Any

import sqlalchemy as sa

from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.labels import LABELS, value_labels
from photoreg.registry.tables.all import METADATA
from photoreg.services.audits.record_life import Hashed, LifeRow
from photoreg.services.audits.told_entries import HIDDEN_VALUE, OTHER
from photoreg.services.organisation.policy import format_setting
from photoreg.texts import N_, _

FIELD_LABELS = {
    "about": N_("what it is about"),
    "about_person_id": N_("whom it is about"),
    "active": N_("in use"),
    "actor_id": N_("who decides"),
    "added_at": N_("added at"),
    "added_by": N_("added by"),
    "address": N_("where it is"),
    "after": N_("statement now"),
    "age_group": N_("age group"),
    "answer": N_("answer"),
    "asked_at": N_("asked at"),
    "basis": N_("basis"),
    "before": N_("statement before"),
    "blocked": N_("may not be shown"),
    "blocked_at": N_("may not be shown since"),
    "blocked_by": N_("blocked by"),
    "born": N_("date of birth"),
    "camera": N_("camera"),
    "capacity": N_("who decides for the person"),
    "cause": N_("cause"),
    "channel_id": N_("channel"),
    "child_id": N_("child"),
    "code": N_("code"),
    "codes": N_("reasons"),
    "commissioner": N_("ordered portrait"),
    "concerns_person": N_("concerns a person"),
    "confidentiality": N_("what it reveals"),
    "confirmed_at": N_("confirmed at"),
    "confirmed_by": N_("confirmed by"),
    "contact": N_("contact"),
    "context_identifies": N_("caption, clothes or place identify somebody"),
    "controller": N_("controller"),
    "correctable_until": N_("correctable until"),
    "created_at": N_("recorded at"),
    "created_by": N_("recorded by"),
    "credit": N_("credit"),
    "credit_waived": N_("credit not required"),
    "damaged_at": N_("found damaged at"),
    "day": N_("day"),
    "deceased": N_("has died"),
    "decides_alone": N_("decides alone"),
    "decides_alone_evidence": N_("document for deciding alone"),
    "decides_alone_reason": N_("reason for deciding alone"),
    "decision_id": N_("decision"),
    "depicted_work": N_("another's work as the main subject"),
    "died_on": N_("day of death"),
    "digital_source": N_("how the picture was made"),
    "done_at": N_("done at"),
    "done_by": N_("done by"),
    "due_at": N_("to be done by"),
    "ends_on": N_("last day"),
    "erased_at": N_("erased at"),
    "event_id": N_("event"),
    "excused_by": N_("excused by"),
    "excused_evidence": N_("document for the excuse"),
    "excused_ground": N_("ground of the excuse"),
    "facts": N_("facts"),
    "facts_digest": N_("hash of the facts"),
    "file_artist": N_("author in the file"),
    "file_changed": N_("file changed"),
    "file_copyright": N_("copyright in the file"),
    "file_description": N_("description in the file"),
    "file_name": N_("file name"),
    "file_taken_on": N_("day in the file"),
    "first_day": N_("first day"),
    "form_version": N_("version of the form"),
    "format": N_("format"),
    "gps_present": N_("location in the file"),
    "guardian_id": N_("guardian"),
    "guardians_total": N_("number of guardians"),
    "height": N_("height"),
    "kind": N_("kind"),
    "language": N_("language"),
    "last_day": N_("last day"),
    "licensor": N_("licensor"),
    "like_photo_id": N_("looks like"),
    "login": N_("login"),
    "merged_into": N_("merged into"),
    "mode": N_("how it is used"),
    "name": N_("name"),
    "objector_kind": N_("who objects"),
    "opened_at": N_("opened at"),
    "opened_by": N_("opened by"),
    "organisation": N_("organisation"),
    "orientation": N_("orientation"),
    "outcome": N_("result"),
    "owner_id": N_("whose task"),
    "people": N_("people"),
    "person_id": N_("person"),
    "photo_id": N_("photo"),
    "photographer": N_("author"),
    "photographer_died_year": N_("year in which the author died"),
    "photographer_id": N_("photographer"),
    "picture_sha256": N_("hash of the picture"),
    "place": N_("place"),
    "place_permission": N_("permission of the holder of the place"),
    "policy_version": N_("version of the settings"),
    "position": N_("position in the photo"),
    "printed_at": N_("printed at"),
    "printed_by": N_("printed by"),
    "prominence": N_("how prominent"),
    "proof": N_("proof"),
    "proof_evidence": N_("document"),
    "proposed_by": N_("proposed by"),
    "proposed_own": N_("proposed: the municipality's own"),
    "proposed_since": N_("proposed: since"),
    "publication_id": N_("publication"),
    "published_on": N_("published on"),
    "purpose": N_("purpose"),
    "raised_at": N_("raised at"),
    "raised_by": N_("raised by"),
    "reason": N_("reason"),
    "recognisable_count": N_("how many can be recognised"),
    "recorded_at": N_("recorded at"),
    "recorded_by": N_("recorded by"),
    "registered_at": N_("registered at"),
    "registered_by": N_("registered by"),
    "removed_on": N_("taken down on"),
    "resolution": N_("explanation"),
    "resolved_at": N_("resolved at"),
    "resolved_by": N_("resolved by"),
    "reviewed_on": N_("reviewed on"),
    "rights_metadata": N_("rights in the file"),
    "rights_removed": N_("rights removed from the file"),
    "role": N_("role"),
    "rules_version": N_("version of the rules"),
    "sensitive": N_("sensitive situation"),
    "sha256": N_("hash of the file"),
    "shot": N_("type of shot"),
    "since": N_("since"),
    "size": N_("size"),
    "staff_id": N_("user"),
    "starts_on": N_("first day"),
    "subject_id": N_("who is shown"),
    "suffix": N_("type of file"),
    "taken_at": N_("taken at"),
    "taken_back_by": N_("taken back by"),
    "taken_year": N_("year in which it was taken"),
    "terms_changed_on": N_("terms changed on"),
    "terms_url": N_("address of the terms"),
    "title": N_("title"),
    "unit": N_("unit"),
    "valid_until": N_("until"),
    "verified_how": N_("how it was verified"),
    "version_of": N_("version of"),
    "voided_at": N_("void since"),
    "width": N_("width"),
    OTHER: N_("other data"),
}
"""The label of each column whose changes the log tells."""

ROW_LABELS = {
    "channel_admin": N_("administrator"),
    "depiction": N_("shown in the photo"),
    "event_photographer": N_("photographer"),
    "event_roster": N_("on the roster"),
    "person_name": N_("also known as"),
    "photo_photographer": N_("photographer"),
}
"""What a row is that is added to a record or removed from it."""

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
        lines = [text.replace(",", ", ") for text in detail_texts(head.details or {})]
        for _change, fields in groupby(some, key=lambda row: row.change):
            lines += _change_lines(head.about, list(fields))
        yield from (_WRAPPER.fill(line) for line in lines)


_WRAPPER = TextWrapper(
    80, initial_indent=" " * 6, subsequent_indent=" " * 8, break_on_hyphens=False
)


def _change_lines(about: str, rows: list[LifeRow]) -> Iterator[str]:
    """Yield what happened to one row of a table: a line for each field, or one for the row."""
    first = rows[0]
    beside = "" if first.about == about else f"{first.about}: "
    if first.is_whole:
        old, new = (_side(rows, side) for side in ("old", "new"))
        yield f"{beside}{_(ROW_LABELS.get(first.table, first.table))}: {old} → {new}"
        return
    for row in rows:
        if row.field:
            title = _(FIELD_LABELS.get(row.field, row.field))
            old, new = (value_in_words(row, value) for value in (row.old, row.new))
            yield f"{beside}{title}: {old} → {new}"


def _side(rows: list[LifeRow], side: str) -> str:
    """Return a row as it was or is, in words."""
    values = [(row, getattr(row, side)) for row in rows if row.field not in _UNTOLD_OF_ROWS]
    return ", ".join(value_in_words(row, each) for row, each in values if each) or "-"


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
    is_column = row.field != OTHER
    return (
        _by_type(METADATA.tables[row.table].c[row.field].type, value) if is_column else str(value)
    )


def _by_type(kind: Any, value: Any) -> str:
    if isinstance(kind, sa.Enum) and kind.enum_class:
        return value_labels(kind.enum_class.__name__, [value])[0]
    plain = getattr(kind, "impl_instance", kind)
    if isinstance(plain, sa.DateTime):
        return format_time(datetime.fromisoformat(value))
    if isinstance(plain, sa.Date):
        return day_in_words(value if isinstance(value, date) else date.fromisoformat(value))
    return str(value)
