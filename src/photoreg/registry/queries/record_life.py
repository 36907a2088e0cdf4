"""The life of a record: which records belong to it, and the entries of the log about them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.errors import InputDataError, Records
from photoreg.registry.id_list import hash_list, id_list
from photoreg.registry.ids import KIND_OF_TABLE, near_ids, parse_id, utf8_safe
from photoreg.registry.ledger import Action, LogEntry
from photoreg.registry.lookup import last_id, not_listed, note_asked
from photoreg.registry.merged import records_kept_in
from photoreg.registry.names import near
from photoreg.registry.record_hashes.changes import (
    is_told,
    referred_tables,
    stored_value,
    subject_of,
    told_columns,
)
from photoreg.registry.record_hashes.recording import items_of
from photoreg.registry.record_hashes.records import RecordKind, record_kinds
from photoreg.registry.tables.all import APPEND_ONLY, METADATA
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.history import History
from photoreg.registry.tables.ledger import LedgerEntry, RecordHash
from photoreg.registry.tables.people import PersonName
from photoreg.texts import N_

NAMED = {"channel": "name", "staff": "login"}
"""The tables whose records are asked for by a name of their own, and the column that holds it."""

NO_CHANGES = (
    *(Action.RECORDS_HASHED, Action.NAMES_READ, Action.NAMES_SHOWN, Action.BLOCKS_READ),
    *(Action.LOGINS_READ, Action.CASE_SHOWN),
)
"""Entries that tell who looked, or hold hashes."""


@dataclass(frozen=True, slots=True)
class Life:
    """A record, by table and numbers, and what the log calls it and what belongs to it.

    A person has several numbers when other records were merged into theirs.
    """

    table: str
    numbers: frozenset[int]
    subjects: frozenset[str]

    @property
    def own(self) -> frozenset[str]:
        """What the log calls the record itself."""
        return frozenset(subject_of(self.table, number) for number in self.numbers)


def find_life(session: Session, named: str) -> Life:
    """Return the record with this id, the channel of this name or the user with this login.

    InputDataError for anything else, such as a name; NotFound when there is no such record.
    """
    table, number = _find(session, named)
    numbers = records_kept_in(session, _kept(session, number)) if table == "person" else {number}
    note_asked(session, table, number)
    own = {table: set(numbers)}
    subjects = {subject_of(table, each) for each in numbers}
    while own:  # what belongs to a record, then what belongs to that
        own = dict(_belonging(session, own))
        subjects |= {subject_of(kind, each) for kind, found in own.items() for each in found}
    return Life(table, frozenset(numbers), frozenset(subjects))


def _find(session: Session, named: str) -> tuple[str, int]:
    for table, kind in KIND_OF_TABLE.items():
        number = parse_id(kind, named)
        if number is not None:
            [key] = METADATA.tables[table].primary_key
            if session.execute(sa.select(key).where(key == number)).first() is None:
                raise not_listed(named, table, last=last_id(session, table))
            return table, number
    names: list[str] = []
    for table, column in NAMED.items():
        own = METADATA.tables[table].c
        found = session.execute(sa.select(own[column], own.id))
        numbers: dict[str, int] = {name: number for name, number in found}  # noqa: C416 - rows
        if (name := utf8_safe(named).strip()) in numbers:
            return table, numbers[name]
        names += numbers
    raise _no_record(named, names)


def _no_record(named: str, names: Iterable[str]) -> InputDataError:
    """Return the error for what is no id, nor one of these names of channels and logins."""
    ids = [each for kind in KIND_OF_TABLE.values() for each in near_ids(kind, named)]
    alike = [*near(named, names), *(ids if named.strip()[:1].isalpha() else ())]
    return InputDataError(
        N_("{value} is not the id of a record"),
        N_("Did you mean {near}?")
        if alike
        else N_(
            "Give an id, for example P-12 or H-3, the name of a channel or the login of a user. "
            "Lists show the ids."
        ),
        value=named,
        near=Records(alike),
    )


def _kept(session: Session, person: int) -> int:
    own = METADATA.tables["person"].c
    found = session.execute(sa.select(own.merged_into).where(own.id == person)).scalar()
    return found or person


def _belonging(session: Session, owners: dict[str, set[int]]) -> Iterator[tuple[str, set[int]]]:
    """Yield the records that cannot be without one of these: those with a required reference."""
    for kind in record_kinds().values():
        if kind.name in APPEND_ONLY and kind.name not in KIND_OF_TABLE:
            continue  # the log calls them by the record that they belong to
        found: set[int] = set()
        for column, key in _references(kind):
            for numbers in _owners_of(column, owners):
                query = sa.select(key).where(column.in_(id_list(numbers)))
                found |= set(session.execute(query).scalars())
        if found:
            yield kind.name, found


def _references(kind: RecordKind) -> Iterator[tuple[sa.Column[Any], sa.Column[Any]]]:
    """Yield the columns by which a record may belong to another, each with that of its own key."""
    for column in kind.table.columns:
        yield column, kind.key
    for table, key in kind.parts:
        if table.name == "published_photo":  # a publication belongs to the photos that it shows
            yield table.c.photo_id, table.c[key]


def _owners_of(column: sa.Column[Any], owners: dict[str, set[int]]) -> Iterator[set[int]]:
    """Yield the owners to which a required column refers; users and settings own nothing."""
    owning = referred_tables(column) & (KIND_OF_TABLE.keys() - {"policy_version"})
    if not column.nullable:
        yield from (owners[name] for name in sorted(owning & owners.keys()))


def entries_of(session: Session, life: Life) -> Iterator[LogEntry]:
    """Yield the entries about a record and what belongs to it, oldest first.

    The database preselects entries that name the record anywhere in their details.
    """
    table = sa.inspect(LedgerEntry).local_table
    naming = [table.c.details.like(f'%"{each}"%') for each in life.own if ":" not in each]
    about = sa.or_(table.c.subject.in_(hash_list(life.subjects)), *naming)
    statement = sa.select(table).where(about, table.c.action.not_in(NO_CHANGES))
    statement = statement.order_by(table.c.seq).execution_options(yield_per=1000)
    with session.connection().execute(statement) as found:
        for row in found.mappings():
            yield LogEntry(**row)


def rows_now(session: Session, life: Life) -> dict[int, dict[str, Any]]:
    """Return the rows of a record as they are now, by their numbers: the columns that are told."""
    table = METADATA.tables[life.table]
    [key] = table.primary_key
    columns = told_columns(table, key.name) if is_told(table) else []
    if not columns:
        return {}
    found = session.execute(sa.select(key, *columns).where(key.in_(id_list(life.numbers))))
    return {
        number: {c.name: stored_value(c, value) for c, value in zip(columns, values, strict=True)}
        for number, *values in found
    }


@dataclass(frozen=True, slots=True)
class StatedRow:
    """Something stated of a consent or a permission; `values` by column, in their stored form."""

    number: int
    subject: str
    kind: str
    recorded_at: datetime
    values: dict[str, Any]


def statements_of(session: Session, name: str, life: Life) -> Iterator[StatedRow]:
    """Yield what was stated of a consent or a permission, from the table of its statements."""
    table, owner = METADATA.tables[name], f"{life.table}_id"
    columns = told_columns(table, owner)
    wanted = sa.select(table).where(table.c[owner].in_(id_list(life.numbers)))
    for row in session.execute(wanted.order_by(table.c.id)).mappings():
        yield StatedRow(
            row["id"],
            subject_of(life.table, row[owner]),
            row["kind"].value,
            row["recorded_at"],
            {column.name: stored_value(column, row[column.name]) for column in columns},
        )


def subjects_of(session: Session, consents: Iterable[int]) -> set[int]:
    """Return whom these consents are about."""
    about = select(Consent.subject_id).where(col(Consent.id).in_(id_list(consents)))
    return set(session.exec(about))


def salts_of(
    session: Session, entries: Iterable[int], kinds: Iterable[str], numbers: Collection[int]
) -> dict[tuple[int, str, int], bytes]:
    """Return the salts of these records as they were hashed after these entries of the log.

    By entry, kind and number.
    """
    closing = (
        select(sa.func.min(RecordHash.entry))
        .where(col(RecordHash.entry) > col(LedgerEntry.seq))
        .correlate(LedgerEntry)
        .scalar_subquery()
    )
    statement = (
        select(LedgerEntry.seq, RecordHash)
        .join(RecordHash, col(RecordHash.entry) == closing)
        .where(col(LedgerEntry.seq).in_(id_list(entries)), col(RecordHash.kind).in_(set(kinds)))
    )
    return {
        (seq, row.kind, number): salt
        for seq, row in session.execute(statement)
        for number, _hash, salt in items_of(row.records, row.salts)
        if number in numbers
    }


def values_held(session: Session, table: str, owners: Collection[int]) -> dict[str, set[Any]]:
    """Return the values that are or were in the rows of a table's records, as far as still held.

    By column, for finding out which of them the log holds the hash of.
    """
    kinds = record_kinds().values()
    keys = {part: (kind, key) for kind in kinds for part, key in kind.tables()}
    own = METADATA.tables[table]
    kind, key = keys[own]
    of_owners = own.c[key].in_(id_list(owners))
    rows: list[Any] = list(session.execute(sa.select(own).where(of_owners)).mappings())
    if own is kind.table:
        earlier = select(History.old).where(
            History.table_name == table, col(History.row_key).in_(hash_list(map(str, owners)))
        )
        rows += session.exec(earlier)
    if table == "person":
        known_as = select(PersonName.name).where(col(PersonName.person_id).in_(id_list(owners)))
        rows += [{"name": name} for name in session.exec(known_as)]
    found: dict[str, set[Any]] = defaultdict(set)
    for name, value in (each for row in rows for each in row.items()):
        if value is not None and not isinstance(value, dict | list):
            found[name].add(value)
    return found
