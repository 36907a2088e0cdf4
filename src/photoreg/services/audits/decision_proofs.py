"""Proofs that a decision is in the log, for somebody who has neither the registry nor access."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, NotFound
from photoreg.registry import ledger
from photoreg.registry.engines.database import Session
from photoreg.registry.ids import Kind, human_id, require_id
from photoreg.registry.ledger_check import require_intact_chain
from photoreg.registry.transparency.checkpoints import SignedCheckpoint, parse_checkpoint
from photoreg.registry.transparency.files import read_text, write_new
from photoreg.registry.transparency.merkle import inclusion_proof
from photoreg.registry.transparency.notes import KeyType, VerifierKey
from photoreg.registry.transparency.proofs import LogProof, parse_proof
from photoreg.services.application import Application
from photoreg.services.audits.anchor_keys import Passphrase
from photoreg.services.audits.signed_anchors import (
    VerifiedAnchor,
    require_fits,
    sign_anchor,
    verify_anchor,
)
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """What a proof shows: an entry of the log, and the anchor that stands for it."""

    number: int
    at: str
    action: str
    subject: str
    details: Mapping[str, Any]
    anchor: VerifiedAnchor


def prove_decision(
    application: Application,
    decision: str,
    file: Path,
    passphrase: Passphrase,
    *,
    anchor: Path | None = None,
    key_file: Path | None = None,
) -> int:
    """Write a proof of the log's entry about a decision to a new file; return the entry's number.

    `anchor` is an anchor to rely on, such as one that an auditor has signed; without it, a new one
    is signed.
    """
    number = require_id(Kind.DECISION, decision)
    signed = _signed(application, anchor, key_file, passphrase)
    with application.reading() as work:
        if anchor is not None:  # one that is signed now was checked then
            require_intact_chain(work.session)
        require_fits(work.session, signed, ())
        entry = _entry_about(work.session, number, signed.checkpoint.size)
        hashes = inclusion_proof(ledger.leaves(work.session), entry.seq - 1, signed.checkpoint.size)
    proof = LogProof(entry.canonical().encode(), entry.seq - 1, hashes, signed)
    proof.require_included()
    write_new(file, str(proof))
    return entry.seq


def _entry_about(session: Session, decision: int, size: int) -> ledger.LogEntry:
    """Return the entry about a decision; an error when there is none that the anchor is of."""
    named = human_id(Kind.DECISION, decision)
    entry = ledger.first_about(session, "decision", named)
    if entry is None:
        raise NotFound(
            N_("the log has no entry about the decision {decision}"),
            N_("Check the id; a photo's decisions are shown with it."),
            decision=named,
        )
    if entry.seq > size:
        raise InputDataError(
            N_("the decision is entry {entry} of the log, and the anchor is of {count}"),
            N_("Give an anchor that was made after the decision, or none."),
            fields=("anchor",),
            entry=entry.seq,
            count=size,
        )
    return entry


def _signed(
    application: Application, anchor: Path | None, key_file: Path | None, passphrase: Passphrase
) -> SignedCheckpoint:
    if anchor is not None:
        return parse_checkpoint(read_text(anchor))
    return parse_checkpoint(sign_anchor(application, key_file, passphrase).text)


def verify_proof(file: Path, keys: Sequence[VerifierKey]) -> ProvenEntry:
    """Verify a proof with nothing but its file and public keys; return what it proves.

    Every auditor whose key is among `keys` must have signed.
    """
    proof = parse_proof(read_text(file))
    of_logs = [key for key in keys if key.type is KeyType.NOTE]
    if not of_logs:
        raise InputDataError(
            N_("the public key of the registry is missing"),
            N_("Ask the municipality for it, in another way than the proof came."),
            fields=("public_key",),
        )
    anchor = verify_anchor(proof.signed, of_logs, [key for key in keys if key not in of_logs])
    proof.require_included()
    _previous, number, at, _actor, action, subject, *_logins, details = proof.content()
    return ProvenEntry(number, at, action, subject, json.loads(details), anchor)
