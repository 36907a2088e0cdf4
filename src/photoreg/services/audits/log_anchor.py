"""Anchors of the log: a line stored elsewhere, against which the log is verified later.

The hash chain alone reveals edits, deletions in the middle and reordering. That the end was cut
off, or the whole log rewritten, is revealed only by an anchor stored out of reach.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from photoreg.errors import InputDataError, RegistryError
from photoreg.registry import ledger
from photoreg.registry.ledger_check import require_intact_chain, require_recorded_rows
from photoreg.services.application import Application
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_LINE = re.compile(
    r"photoreg-anchor 1 entries=(?P<entries>[0-9]{1,18}) head=(?P<head>[0-9a-f]{64})\b"
)


@dataclass(frozen=True, slots=True)
class LogAnchor:
    """The number of entries in the log at a time, and the hash of the last one."""

    entries: int
    head: str
    at: str = ""

    def line(self) -> str:
        """Return the anchor as one line to print or mail."""
        return f"photoreg-anchor 1 entries={self.entries} head={self.head} at={self.at}"


def anchor(application: Application) -> LogAnchor:
    """Return the current anchor of the log; RegistryError names the first broken entry."""
    return verify(application, ())


def verify(application: Application, anchors: Iterable[LogAnchor]) -> LogAnchor:
    """Verify the log's chain and earlier anchors; return the current anchor.

    Raises RegistryError for a broken chain, a missing end, or an anchor that does not match.
    """
    with application.reading() as work:
        require_intact_chain(work.session)
        head = ledger.head(work.session)
        for earlier in anchors:
            # A number beyond the end is not queried: it may exceed the database's integers.
            exists = earlier.entries <= head.seq
            if not exists or ledger.hash_at(work.session, earlier.entries) != earlier.head:
                raise RegistryError(
                    N_("the log does not match the anchor made at entry {entry}"),
                    ledger.TAMPERING_HINT,
                    step=ledger.RESTORE,
                    entry=earlier.entries,
                )
        require_recorded_rows(work.session, work.registry.store)
        return LogAnchor(head.seq, head.hash, work.now.isoformat(timespec="seconds"))


def anchors_in(text: str) -> list[LogAnchor]:
    """Parse the anchors in a text, such as an e-mail; InputDataError when there is none."""
    found = [LogAnchor(int(line["entries"]), line["head"]) for line in _LINE.finditer(text)]
    if not found:
        raise InputDataError(
            N_("no anchor was found"),
            N_("Give the line that an anchor printed, or a file that holds it."),
            step=NextStep.to(NextAction.AUDIT_ANCHOR),
        )
    return found
