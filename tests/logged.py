"""The log as tests look at it: what was done, without the hashes that each change adds."""

from sqlmodel import Session

from photoreg.registry import ledger
from photoreg.registry.ledger import Action, LogEntry


def last_logged(session: Session) -> LogEntry:
    """Return the newest entry that tells of an action."""
    found = ledger.entries(session, newest_first=True)
    return next(entry for entry in found if entry.action != Action.RECORDS_HASHED)
