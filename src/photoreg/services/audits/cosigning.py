"""An auditor's own signature beside the log's, which states what the auditor has seen.

What the auditor signed last is kept beside the auditor's key, out of reach of the registry: a log
that was cut off or rewritten since then gets no signature.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed, RegistryError
from photoreg.registry import ledger
from photoreg.registry.engines.database import Session
from photoreg.registry.ledger_check import require_intact_log
from photoreg.registry.transparency.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    cosign,
    parse_checkpoint,
)
from photoreg.registry.transparency.files import read_text, write_over
from photoreg.registry.transparency.keys import open_key
from photoreg.registry.transparency.merkle import consistency_proof, is_consistent
from photoreg.registry.transparency.notes import KeyType, VerifierKey
from photoreg.services.application import Application
from photoreg.services.audits.anchor_keys import Passphrase
from photoreg.services.audits.signed_anchors import require_fits
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class CosignedAnchor:
    """An anchor that has got a signature: of how many entries, by which key, when.

    `since` is how many entries the log had when this key signed last, None the first time.
    """

    entries: int
    key: VerifierKey
    at: datetime
    since: int | None


def cosign_anchor(
    application: Application,
    file: Path,
    key_file: Path,
    passphrase: Passphrase,
    keys: Sequence[VerifierKey] = (),
) -> CosignedAnchor:
    """Add the signature of an auditor's own key to the anchor in a file.

    The log must be intact, and the anchor signed by it, fit it as it is now, and continue what this
    key has signed before: by a consistency proof.
    """
    signed = parse_checkpoint(read_text(file))
    key = open_key(key_file, KeyType.COSIGNATURE, passphrase)
    state = _state_file(key_file, signed.checkpoint)
    last = parse_checkpoint(read_text(state)).checkpoint if state.exists() else None
    with application.reading() as work:
        require_intact_log(work.session, work.registry.store)
        require_fits(work.session, signed, keys)
        _require_unsigned(signed, key.public, file)
        if last is not None:
            _require_later(signed.checkpoint, last)
            _require_continues(work.session, signed.checkpoint, last, state)
        at = work.now.replace(microsecond=0)
    cosigned = str(cosign(signed.note, key, at))
    write_over(state, cosigned)
    write_over(file, cosigned, mode=file.stat().st_mode)
    since = last.size if last else None
    return CosignedAnchor(signed.checkpoint.size, key.public, at, since)


def _state_file(key_file: Path, checkpoint: Checkpoint) -> Path:
    """Return where it is kept what a key has signed last of a log."""
    log = re.sub(r"[^A-Za-z0-9.]+", "-", checkpoint.origin)[:100]
    return key_file.with_name(f"{key_file.name}.{log}.last")


def _require_unsigned(signed: SignedCheckpoint, key: VerifierKey, file: Path) -> None:
    if signed.note.signature_by(key) is not None:
        raise NotAllowed(
            N_("{file} has your signature already"), N_("Give a newer anchor."), file=file
        )


def _require_later(checkpoint: Checkpoint, last: Checkpoint) -> None:
    if checkpoint.size < last.size:
        raise InputDataError(
            N_("the anchor is of {entry} entries, and you have signed one of {count}"),
            N_("Give a newer anchor: a signature states that it is the newest that you know."),
            entry=checkpoint.size,
            count=last.size,
        )


def _require_continues(
    session: Session, checkpoint: Checkpoint, last: Checkpoint, state: Path
) -> None:
    old, new = (last.size, last.root), (checkpoint.size, checkpoint.root)
    proof = consistency_proof(ledger.leaves(session), last.size, checkpoint.size)
    if not is_consistent(*old, *new, proof):
        raise RegistryError(
            N_("the log does not continue the anchor of {entry} entries that you have signed"),
            N_(
                "Do not sign. Ask the communications coordinator what has happened, such as a "
                "restored backup. Only then set {file} aside and sign again."
            ),
            entry=last.size,
            file=state,
        )
