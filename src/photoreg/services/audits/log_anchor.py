"""The log's whole length, anchored: a line kept elsewhere, against which the log is held later.

A chain of hashes shows an edit, a deletion inside and a reordering by itself. That its end was cut
off, or that all of it was written anew, shows only against a line that lies out of reach.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from photoreg.errors import InputDataError, RegistryError
from photoreg.registry import ledger
from photoreg.registry.ledger_check import require_complete_log, require_intact_chain
from photoreg.services.application import Application
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_LINE = re.compile(
    r"photoreg-anchor 1 entries=(?P<entries>[0-9]{1,18}) head=(?P<head>[0-9a-f]{64})\b"
)


@dataclass(frozen=True, slots=True)
class LogAnchor:
    """The log as it was: so many entries, and the hash of the last, which stands for all."""

    entries: int
    head: str
    at: str = ""

    def line(self) -> str:
        """Return the anchor as one line to print or mail."""
        return f"photoreg-anchor 1 entries={self.entries} head={self.head} at={self.at}"


def anchor(application: Application) -> LogAnchor:
    """Return the log's anchor of now; RegistryError names the first entry that is broken."""
    return verify(application, ())


def verify(application: Application, anchors: Iterable[LogAnchor]) -> LogAnchor:
    """Hold the log against itself and against earlier anchors; return its anchor of now.

    Raises RegistryError for a broken chain, a missing end, or an anchor that no longer fits.
    """
    with application.reading() as work:
        require_intact_chain(work.session)
        require_complete_log(work.session)
        head = ledger.head(work.session)
        for earlier in anchors:
            # What is beyond the end is not looked up: it may be larger than numbers can be there.
            is_there = earlier.entries <= head.seq
            if not is_there or ledger.hash_at(work.session, earlier.entries) != earlier.head:
                raise RegistryError(
                    N_("the log does not match the anchor made at entry {entry}"),
                    ledger.TAMPERING_HINT,
                    entry=earlier.entries,
                )
        return LogAnchor(head.seq, head.hash, work.now.isoformat(timespec="seconds"))


def anchors_in(text: str) -> list[LogAnchor]:
    """Return the anchors in a text, such as a mail; InputDataError when there is none."""
    found = [LogAnchor(int(line["entries"]), line["head"]) for line in _LINE.finditer(text)]
    if not found:
        raise InputDataError(
            N_("no anchor was found"),
            N_("Give the line that an anchor printed, or a file that holds it."),
            step=NextStep.to(NextAction.AUDIT_ANCHOR),
        )
    return found
