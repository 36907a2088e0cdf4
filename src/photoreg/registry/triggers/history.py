"""Change history: which earlier values of rows are recorded, and the triggers that do it.

Append-only rows show by themselves what was known on a day. Other rows change: before they do, a
trigger writes their old content to the table `history`, with the time of the change from the table
`moment`. SQLite's SQL; PostgreSQL's triggers write the same.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from photoreg.registry.tables.history import HistoryKind

_ANSWER_COLUMNS = (
    *("photographer", "basis", "commissioner", "place", "place_permission", "shot"),
    *("confidentiality", "sensitive"),
)

HISTORY_COLUMNS: dict[str, tuple[str, ...]] = {
    "person": (
        *(
            "name",
            "born",
            "age_group",
            "deceased",
            "died_on",
            "capacity",
            "guardians_total",
            "blocked",
        ),
        *("blocked_at", "blocked_by", "merged_into", "erased_at"),
    ),
    "person_name": ("person_id", "created_at", "created_by"),
    "guardianship": (
        *("child_id", "guardian_id", "basis", "verified_how", "excused_ground", "excused_by"),
        *("decides_alone", "decides_alone_reason", "first_day", "last_day"),
    ),
    "event": (*_ANSWER_COLUMNS, "starts_on", "ends_on"),
    "event_photographer": (),
    "event_roster": (),
    "photo": (
        *_ANSWER_COLUMNS,
        *("event_id", "credit", "credit_waived", "taken_year", "photographer_died_year"),
        *("rights_removed", "people", "recognisable_count", "context_identifies"),
        *("depicted_work", "digital_source", "file_taken_on", "file_changed", "picture_sha256"),
        "version_of",
    ),
    "photo_photographer": (),
    "depiction": ("photo_id", "person_id", "prominence", "role"),
    "photo_flag": ("person_id", "about_person_id", "resolved_at", "resolved_by", "outcome"),
    "channel": (
        *("kind", "controller", "since", "terms_changed_on", "reviewed_on", "active"),
        *("proposed_own", "proposed_since", "proposed_by"),
    ),
    "second_look": ("outcome", "confirmed_at", "confirmed_by"),
    "correction": ("outcome", "ended_at", "ended_by"),
    "photo_series": ("series_id", "lacks", "settled_at", "settled_by"),
    "channel_admin": (),
    "evidence": ("damaged_at", "erased_at"),
    "consent": ("subject_id", "actor_id"),
    "consent_form": ("subject_id", "actor_id"),
    "permission": ("photographer_id",),
    "unclear_case": ("voided_at",),
    "publication": (),
    "published_photo": ("removed_on",),
    "take_down": ("owner_id", "done_at", "done_by"),
}
"""Columns whose earlier values are recorded, so that an audit can show what was known on a day.

No contacts or notes are among them: of texts in MASKED_COLUMNS only their presence is recorded. An
earlier name is shown for a stated purpose only, and erased with the person. A credit is an author's
public name and stays with the photo (Copyright Act 3 §).
"""

MASKED_COLUMNS = frozenset({"verified_how", "excused_ground", "decides_alone_reason", "controller"})
"""Texts for which the history records a mark instead."""
MASK = "*"

NOT_TAKEN_BACK = frozenset({"name"})
"""Columns that the state of an earlier day shows as they are today."""

NEVER_REINSERTED = frozenset({"photo"})
"""Tables whose deleted rows the state of an earlier day leaves out.

A photo is deleted only when it was registered by mistake and nothing was said about it.
"""

UNDATED_TABLES: dict[str, tuple[str, str, str] | None] = {
    "channel": None,
    "channel_admin": None,
    # Dated, but an added name may end a contradiction with the file, which somebody must confirm.
    "person_name": None,
    "depiction": ("photo", "photo_id", "registered_at"),
    "photo_photographer": ("photo", "photo_id", "registered_at"),
    "photo_series": ("photo", "photo_id", "registered_at"),
    "event_photographer": ("event", "event_id", "created_at"),
    "event_roster": ("event", "event_id", "created_at"),
}
"""Tables whose rows have no time of recording, so that the history records it.

With the row they were added with, if any, whose age they share: table, reference, its time.
"""

TIME_COLUMNS = {
    "person": "created_at",
    "person_name": "created_at",
    "guardianship": "created_at",
    "event": "created_at",
    "photo": "registered_at",
    "photo_flag": "raised_at",
    "second_look": "asked_at",
    "correction": "asked_at",
    "evidence": "added_at",
    "consent_event": "recorded_at",
    "consent_form": "printed_at",
    "consent_form_scan": "scanned_at",
    "permission_event": "recorded_at",
    "policy_version": "adopted_at",
    "unclear_case": "opened_at",
    "ruling": "ruled_at",
    "decision": "decided_at",
    "publication": "recorded_at",
    "take_down": "opened_at",
    "disclosure": "at",
    "log_key": "added_at",
    "list_layout": "saved_at",
    "access_secret": "added_at",
    "history": "at",
    "ledger": "at",
}
"""Tables whose rows have their own time of recording."""

PARENT_ROWS = {
    "photo_photographer": ("photo_id", "photo"),
    "photo_series": ("photo_id", "photo"),
    "depiction": ("photo_id", "photo"),
    "event_photographer": ("event_id", "event"),
    "event_roster": ("event_id", "event"),
    "consent_channel": ("statement_id", "consent_event"),
    "consent_purpose": ("statement_id", "consent_event"),
    "consent_form_channel": ("form_id", "consent_form"),
    "consent_form_purpose": ("form_id", "consent_form"),
    "consent_form_answer": ("statement_id", "consent_event"),
    "permission_channel": ("statement_id", "permission_event"),
    "permission_purpose": ("statement_id", "permission_event"),
    "published_photo": ("publication_id", "publication"),
}
"""Tables whose rows are as old as the row that they belong to: reference and table."""


def history_triggers(metadata: sa.MetaData) -> Iterator[str]:
    """Yield the triggers that record the content of rows before a change."""
    for name in HISTORY_COLUMNS:
        yield from _triggers_of(metadata.tables[name])


def _triggers_of(table: sa.Table) -> Iterator[str]:
    name, columns = table.name, HISTORY_COLUMNS[table.name]
    keys = [column.name for column in table.primary_key]
    values = (f"'{column}', {_old_value(column)}" for column in history_columns(table))
    old = f"json_object({', '.join(values)})"
    if columns:
        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        yield _trigger(name, keys, HistoryKind.UPDATE, old, differs)
    yield _trigger(name, keys, HistoryKind.DELETE, old, "TRUE")
    if name in UNDATED_TABLES:
        yield _trigger(
            name, keys, HistoryKind.INSERT, "'{}'", _is_added_later(UNDATED_TABLES[name])
        )


def history_columns(table: sa.Table) -> list[str]:
    """Return the columns of a table whose earlier values are recorded, its key first."""
    keys = [column.name for column in table.primary_key]
    return list(dict.fromkeys((*keys, *HISTORY_COLUMNS[table.name])))


def _old_value(column: str) -> str:
    if column in MASKED_COLUMNS:
        return f"CASE WHEN OLD.{column} IS NOT NULL THEN '{MASK}' END"
    return f"OLD.{column}"


def _is_added_later(came_with: tuple[str, str, str] | None) -> str:
    """SQL condition: the new row is younger than the row that it belongs to."""
    if came_with is None:
        return "TRUE"
    parent, reference, time = came_with
    added = f"(SELECT {time} FROM {parent} WHERE id = NEW.{reference})"  # noqa: S608 - our names
    return f"{added} IS NOT (SELECT at FROM moment)"  # noqa: S608


def _trigger(table: str, keys: list[str], kind: HistoryKind, old: str, when: str) -> str:
    row = "NEW" if kind is HistoryKind.INSERT else "OLD"
    key = " || ',' || ".join(f"{row}.{column}" for column in keys)
    columns = HISTORY_COLUMNS[table] if kind is HistoryKind.UPDATE else ()
    of = f" OF {', '.join(columns)}" if columns else ""
    # A change by another program has no moment; then the clock of the database applies.
    at = "coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now'))"
    values = f"{at}, '{table}', '{kind}', {key}, {old}"
    write = f"INSERT INTO history (at, table_name, kind, row_key, old) VALUES ({values})"  # noqa: S608 - our names
    return (
        f"CREATE TRIGGER {table}_{kind}_history AFTER {kind.upper()}{of} ON {table} "
        f"WHEN {when} BEGIN {write}; END"
    )
