"""The log as tests look at it: what was done, without looks, changed rows and hashes."""

from collections.abc import Iterator

from sqlmodel import Session

from photoreg.registry import ledger
from photoreg.registry.ledger import Action, LogEntry

_BESIDE = {Action.RECORD_CHANGED, Action.RECORDS_HASHED, Action.NAMES_SHOWN}


def logged(session: Session, *, newest_first: bool = False) -> Iterator[LogEntry]:
    """Yield the entries that tell what was done."""
    found = ledger.entries(session, newest_first=newest_first)
    return (entry for entry in found if entry.action not in _BESIDE)


def last_logged(session: Session) -> LogEntry:
    """Return the newest entry that tells what was done."""
    return next(logged(session, newest_first=True))
