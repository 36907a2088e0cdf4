"""Check the log, and all records against it: nothing changed, removed, or cut off at its end."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.errors import Records, RegistryError
from photoreg.registry.ledger import GENESIS, RESTORE, TAMPERING_HINT, chain_hash, head
from photoreg.registry.record_hashes.checking import Difference, Tampering, differences
from photoreg.registry.record_hashes.naming import named_record
from photoreg.registry.record_hashes.records import Expressions
from photoreg.registry.streaming import stream_rows
from photoreg.texts import N_


def require_intact_chain(session: Session) -> None:
    """Raise RegistryError, which names the first broken entry, unless the chain is intact."""
    broken = first_broken_entry(session)
    if broken is not None:
        raise RegistryError(
            N_("the log is broken at entry {entry}"),
            TAMPERING_HINT,
            step=RESTORE,
            entry=broken,
        )


_SHOWN = 20
"""How many records an error names."""


def require_intact_log(session: Session, store: Expressions) -> None:
    """Raise RegistryError unless the chain is intact and all records are as photoreg wrote them."""
    require_intact_chain(session)
    require_recorded_rows(session, store)


def require_recorded_rows(session: Session, store: Expressions) -> None:
    """Raise RegistryError, which names them, unless all records are as photoreg wrote them.

    So the end of the log cannot be cut off either: what was recorded then has no hash, or hashes
    have no entry. The chain must be intact.
    """
    found = differences(session, store)
    shown = list(islice(found, _SHOWN))
    if not shown:
        return
    last = head(session).seq
    if all(each.what is Tampering.HASHES_CHANGED and each.number > last for each in shown):
        raise RegistryError(
            N_("the end of the log is missing: something was recorded after entry {entry}"),
            TAMPERING_HINT,
            step=RESTORE,
            entry=last,
        )
    raise RegistryError(
        N_("records were changed outside photoreg ({count}): {records}"),
        N_("Keep the file as proof, and restore the latest backup made before it happened."),
        step=RESTORE,
        count=len(shown) + sum(1 for _each in found),
        records=_named(session.connection(), shown),
    )


def _named(connection: sa.Connection, found: Iterable[Difference]) -> Records:
    """Return what people call the records, each once."""
    names = (named_record(connection, each.kind, each.number) for each in found)
    return Records(dict.fromkeys(names))


def first_broken_entry(session: Session) -> int | None:
    """Return the number of the first entry that does not fit the chain, or None."""
    expected_seq, previous = 1, GENESIS
    for *row, details, own_hash in stream_rows(session.connection(), _CHAIN):
        entry, logins = row[:6], row[6:]
        follows = entry[0] == previous and entry[1] == expected_seq
        if not follows or own_hash != _expected_hash(entry, logins, details):
            return expected_seq
        expected_seq, previous = expected_seq + 1, own_hash
    return None


_CHAIN = """
SELECT previous, seq, at, actor_id, action, subject, computer_login, database_login, database_role,
       details, hash
FROM ledger ORDER BY seq
"""


def _expected_hash(entry: Any, logins: Any, details: str) -> str | None:
    try:
        return chain_hash(entry, logins, details)
    except TypeError:  # bytes, which no column of the log holds
        return None
