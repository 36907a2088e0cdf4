"""Checkpoints: the size and the root of the log, signed (c2sp.org/tlog-checkpoint).

The log's key signs the text; a cosigner, such as an auditor, signs it with the time
(c2sp.org/tlog-cosignature), which states that this log continues what the cosigner saw before.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from photoreg.errors import InputDataError
from photoreg.registry.transparency.keys import SigningKey, is_signature
from photoreg.registry.transparency.notes import (
    NoteSignature,
    SignedNote,
    VerifierKey,
    damaged_error,
    decoded,
    parse_note,
)
from photoreg.texts import N_

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_HASH_LENGTH = 32
_LINES = 3
_TIME_LENGTH = 8
_LAST_TIME = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log's name, how many entries it had, and the root of their tree."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return it as the text of a note."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Who has signed a checkpoint beside the log, and when."""

    key: VerifierKey
    at: datetime


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as read, with its signatures; nothing is verified yet."""

    note: SignedNote
    checkpoint: Checkpoint


def parse_checkpoint(text: str) -> SignedCheckpoint:
    """Return the checkpoint that a text is; InputDataError when it is damaged."""
    note = parse_note(text)
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) < _LINES or "" in lines:
        raise damaged_error()
    origin, size, root, *_extensions = lines
    digest = decoded(root)
    if not _SIZE.fullmatch(size) or digest is None or len(digest) != _HASH_LENGTH:
        raise damaged_error()
    return SignedCheckpoint(note, Checkpoint(origin, int(size), digest))


def sign(checkpoint: Checkpoint, key: SigningKey) -> SignedNote:
    """Return the checkpoint with the log's signature."""
    text = checkpoint.text()
    signature = NoteSignature(key.public.name, key.public.id, key.sign(text.encode()))
    return SignedNote(text, (signature,))


def cosign(note: SignedNote, key: SigningKey, at: datetime) -> SignedNote:
    """Return a signed checkpoint with a cosignature, which states the time."""
    seconds = int(at.timestamp())
    content = seconds.to_bytes(_TIME_LENGTH) + key.sign(_cosigned_message(seconds, note.text))
    return note.with_signature(NoteSignature(key.public.name, key.public.id, content))


def _cosigned_message(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def verify_signatures(
    signed: SignedCheckpoint, log_keys: Iterable[VerifierKey], cosigners: Iterable[VerifierKey] = ()
) -> tuple[VerifierKey, list[Cosigned]]:
    """Return the log's key that has signed, and each cosigner, all of whom must have.

    Raises InputDataError when a signature is missing or wrong; other keys' are ignored.
    """
    by_log = [key for key in log_keys if key.name == signed.checkpoint.origin]
    found = [key for key in by_log if _is_signed_by(signed.note, key)]
    if not found:
        raise InputDataError(
            N_("the anchor is not signed by a key that is known here: {origin}"),
            N_(
                "It may be forged, or the registry's keys were replaced. Compare its public key "
                "with the one you were given."
            ),
            origin=signed.checkpoint.origin,
        )
    return found[0], list(_cosignatures(signed.note, cosigners))


def _is_signed_by(note: SignedNote, key: VerifierKey) -> bool:
    signature = note.signature_by(key)
    if signature is None:
        return False
    if not is_signature(key, signature.content, note.text.encode()):
        raise _wrong_signature_error(key)
    return True


def _cosignatures(note: SignedNote, cosigners: Iterable[VerifierKey]) -> Iterator[Cosigned]:
    for key in cosigners:
        signature = note.signature_by(key)
        if signature is None:
            raise InputDataError(
                N_("the anchor lacks the signature of {name}"),
                N_("Give the anchor that was returned with that signature, or another key."),
                name=key.name,
            )
        yield Cosigned(key, cosigned_at(note, key, signature))


def cosigned_at(note: SignedNote, key: VerifierKey, signature: NoteSignature) -> datetime:
    """Return when a cosigner has signed; InputDataError when the signature is wrong."""
    seconds = int.from_bytes(signature.content[:_TIME_LENGTH])
    message = _cosigned_message(seconds, note.text)
    if seconds > _LAST_TIME or not is_signature(key, signature.content[_TIME_LENGTH:], message):
        raise _wrong_signature_error(key)
    return datetime.fromtimestamp(seconds, UTC)


def _wrong_signature_error(key: VerifierKey) -> InputDataError:
    return InputDataError(
        N_("the signature of {name} does not fit: the anchor was changed after it was signed"),
        N_("Do not rely on it. Keep it as proof, and give another copy of the anchor."),
        name=key.name,
    )
