"""Proofs that an entry is in the log, which leave the house (c2sp.org/tlog-proof).

The entry itself is the proof's extra data. That its hash is the leaf is checked, so that what the
proof says of the entry can be relied on.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from photoreg.errors import InputDataError
from photoreg.registry.ledger import NO_LOGINS
from photoreg.registry.transparency.checkpoints import SignedCheckpoint, parse_checkpoint
from photoreg.registry.transparency.merkle import leaf_hash, root_by_inclusion
from photoreg.registry.transparency.notes import decoded
from photoreg.texts import N_

HEADER = "c2sp.org/tlog-proof@v1"
_HEAD = re.compile(
    rf"{re.escape(HEADER)}\nextra (?P<extra>\S+)\nindex (?P<index>0|[1-9][0-9]{{0,17}})\n"
    r"(?P<hashes>(?:[A-Za-z0-9+/]{43}=\n){0,63})\n(?P<checkpoint>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class LogProof:
    """An entry of the log, its place, the hashes that lead to the root, and the checkpoint."""

    entry: bytes
    index: int
    hashes: Sequence[bytes]
    signed: SignedCheckpoint

    def __str__(self) -> str:
        lines = (
            HEADER,
            f"extra {base64.b64encode(self.entry).decode()}",
            f"index {self.index}",
            *(base64.b64encode(each).decode() for each in self.hashes),
        )
        return "".join((*(f"{line}\n" for line in lines), "\n", str(self.signed.note)))

    def require_included(self) -> None:
        """Raise InputDataError unless the hashes lead from the entry to the checkpoint's root."""
        checkpoint = self.signed.checkpoint
        leaf = leaf_hash(hashlib.sha256(self.entry).digest())
        root = root_by_inclusion(leaf, self.index, checkpoint.size, self.hashes)
        if root != checkpoint.root or self.content()[1] != self.index + 1:
            raise InputDataError(
                N_("the proof does not hold: this entry is not in the log that the anchor signs"),
                N_("Do not rely on it. Ask the municipality for a new proof."),
            )

    def content(self) -> Sequence[Any]:
        """Return the entry, in the order of `ledger.canonical`."""
        content: Sequence[Any] = json.loads(self.entry)
        return content


def parse_proof(text: str) -> LogProof:
    """Return the proof that a text is; InputDataError when it is damaged or of another program."""
    found = _HEAD.fullmatch(text)
    entry = decoded(found["extra"]) if found else None
    if found is None or entry is None or not _is_entry(entry):
        raise _damaged_proof_error()
    hashes = [decoded(line) for line in found["hashes"].splitlines()]
    if None in hashes:
        raise _damaged_proof_error()
    signed = parse_checkpoint(found["checkpoint"])
    return LogProof(entry, int(found["index"]), _known(hashes), signed)


def _known(hashes: Iterable[bytes | None]) -> list[bytes]:
    return [each for each in hashes if each is not None]


def _is_entry(entry: bytes) -> bool:
    try:
        previous, number, at, actor, action, subject, *logins, details = json.loads(entry)
        texts = (previous, at, action, subject, *logins, details)
        return (
            len(logins) == len(NO_LOGINS)
            and all(isinstance(each, str) for each in texts)
            and all(type(each) is int for each in (number, actor))
            and isinstance(json.loads(details), dict)
        )
    except (ValueError, TypeError, RecursionError):
        return False


def _damaged_proof_error() -> InputDataError:
    return InputDataError(
        N_("the file is not a proof of an entry of the log, or it is damaged"),
        N_("Give the file as it was made, or another copy of it."),
    )
