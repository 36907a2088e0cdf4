"""What records are called in messages: by ids, logins and names, else by a word for their kind."""

import sqlalchemy as sa

from photoreg.errors import NamedRecord
from photoreg.registry.ids import KIND_OF_TABLE, human_id
from photoreg.registry.record_hashes.changes import referred_tables
from photoreg.registry.record_hashes.records import record_kinds
from photoreg.registry.tables.all import APPEND_ONLY
from photoreg.texts import N_

RECORD_WORDS = {
    "access_secret": N_("secret of a session"),
    "api_key": N_("API key"),
    "channel": N_("channel"),
    "consent": N_("consent"),
    "consent_event": N_("statement about a consent"),
    "consent_form": N_("form"),
    "correction": N_("correction"),
    "decision": N_("decision"),
    "disclosure": N_("viewing of names"),
    "event": N_("event"),
    "evidence": N_("document"),
    "guardianship": N_("guardianship"),
    "history": N_("earlier content of a record"),
    "ledger": N_("entry of the log"),
    "list_layout": N_("layout of a list"),
    "log_key": N_("key that signs anchors"),
    "password": N_("password of a user"),
    "permission": N_("permission"),
    "permission_event": N_("statement about a permission"),
    "person": N_("person"),
    "person_name": N_("other name of a person"),
    "photo": N_("photo"),
    "photo_flag": N_("flag"),
    "policy_version": N_("version of the settings"),
    "publication": N_("publication"),
    "registry_info": N_("data of the registry"),
    "ruling": N_("ruling"),
    "second_look": N_("second look"),
    "staff": N_("user"),
    "take_down": N_("take-down task"),
    "unclear_case": N_("case"),
}
"""A word for each kind of record, for those that have no id for people."""

_NAMES = {"staff": "login", "channel": "name"}
"""The columns whose values name a record, for people."""


def named_record(connection: sa.Connection, kind: str, number: int) -> str | NamedRecord:
    """Return what people call a record: an id, a login or a name, else a word for its kind.

    A statement is called by the record that it is about, and a record that is gone by its number.
    """
    if kind in KIND_OF_TABLE:
        return human_id(KIND_OF_TABLE[kind], number)
    row = _row(connection, kind, number)
    if kind in _NAMES and row is not None:
        return str(row[_NAMES[kind]])
    ids = _ids(kind, row) if row is not None else []
    if kind in APPEND_ONLY and ids:
        return ids[0]
    if kind == "registry_info":
        return NamedRecord(RECORD_WORDS[kind])
    return NamedRecord(RECORD_WORDS[kind], ", ".join(ids) or _number(kind, number))


def _number(kind: str, number: int) -> str:
    """Return the number of a record; of a document the beginning of its hash."""
    is_hash = kind in record_kinds() and not record_kinds()[kind].is_numbered
    return f"{number:015x}"[:12] if is_hash else str(number)


def _row(connection: sa.Connection, kind: str, number: int) -> "sa.RowMapping | None":
    known = record_kinds().get(kind)
    if known is None or not known.is_numbered:
        return None
    references = [c for c in known.table.columns if _refers(c) or c.name == _NAMES.get(kind)]
    if not references:
        return None
    wanted = sa.select(*references).where(known.key == number)
    return connection.execute(wanted).mappings().first()


def _refers(column: sa.Column[object]) -> bool:
    """Return whether a record cannot be without the one that a column names by its id."""
    return not column.nullable and not referred_tables(column).isdisjoint(KIND_OF_TABLE)


def _ids(kind: str, row: sa.RowMapping) -> list[str]:
    columns = record_kinds()[kind].table.c
    return [
        human_id(KIND_OF_TABLE[table], value)
        for name, value in row.items()
        for table in sorted(referred_tables(columns[name]) & KIND_OF_TABLE.keys())
    ]
