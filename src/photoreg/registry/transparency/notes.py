"""Signed notes and the public keys that verify them (c2sp.org/signed-note).

A note is a text, an empty line, and a line for each signature. The text counts for nothing until a
signature by a known key has been verified.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from photoreg.errors import InputDataError
from photoreg.texts import N_

KEY_LENGTH = 32
MAX_NOTE_CHARACTERS = 100_000
MAX_SIGNATURES = 100
_ID_LENGTH = 4
_KEY_NAME = re.compile(r"[^\s+]+")
_UNFIT = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
"""What a note may not hold: control characters but the newline, and what is no UTF-8."""

_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class KeyType(IntEnum):
    """What a key signs: the byte before it in its text form."""

    NOTE = 0x01
    """The text of a note, as the log's own key does."""
    COSIGNATURE = 0x04
    """A checkpoint with the time (c2sp.org/tlog-cosignature)."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and its type."""

    name: str
    type: KeyType
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of the hash of name, type and key."""
        named = b"%b\n%c%b" % (self.name.encode(), self.type, self.public)
        return hashlib.sha256(named).digest()[:_ID_LENGTH]

    def __str__(self) -> str:
        key = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{key}"


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the public key that a text states; InputDataError when it is none."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    data = decoded(encoded) or b"\x00"
    is_key = data[0] in set(KeyType) and len(data) == 1 + KEY_LENGTH
    if is_key and _KEY_NAME.fullmatch(name) and name.isprintable():
        key = VerifierKey(name, KeyType(data[0]), data[1:])
        if key.id.hex() == key_id:
            return key
    raise InputDataError(
        N_("{text} is not a public key"),
        N_("Give the whole line that was printed when the key was made."),
        text=text.strip()[:200],
    )


def decoded(text: str) -> bytes | None:
    """Return what a text in Base 64 means, None unless it is written in the one right way."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A signature on a note: who it says has signed, and the bytes."""

    name: str
    key_id: bytes
    content: bytes

    def is_by(self, key: VerifierKey) -> bool:
        """Return whether it names the key as its own."""
        return (self.name, self.key_id) == (key.name, key.id)

    def line(self) -> str:
        """Return it as a line of the note."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.content).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text, which ends with a newline, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return "".join((self.text, "\n", *(each.line() for each in self.signatures)))

    def with_signature(self, added: NoteSignature) -> "SignedNote":
        """Return the note with one more signature."""
        return replace(self, signatures=(*self.signatures, added))

    def signature_by(self, key: VerifierKey) -> NoteSignature | None:
        """Return the first signature that names the key, or None."""
        return next((each for each in self.signatures if each.is_by(key)), None)


def is_note(text: str) -> bool:
    """Return whether a text looks like a signed note, perhaps a damaged one."""
    return "\n— " in text


def parse_note(text: str) -> SignedNote:
    """Return the note that a text is; InputDataError when it is damaged."""
    body, separator, lines = text.rpartition("\n\n")
    is_whole = separator and lines.endswith("\n") and len(text) <= MAX_NOTE_CHARACTERS
    if not is_whole or _UNFIT.search(text):
        raise damaged_error()
    signatures = tuple(_signatures(lines.removesuffix("\n").split("\n")))
    if len(signatures) > MAX_SIGNATURES:
        raise damaged_error()
    return SignedNote(f"{body}\n", signatures)


def _signatures(lines: list[str]) -> Iterator[NoteSignature]:
    for line in lines:
        found = _SIGNATURE_LINE.fullmatch(line)
        data = decoded(found[2]) if found else None
        if not found or data is None or len(data) <= _ID_LENGTH:
            raise damaged_error()
        yield NoteSignature(found[1], data[:_ID_LENGTH], data[_ID_LENGTH:])


def damaged_error() -> InputDataError:
    """Return the error for a text that is not a whole note."""
    return InputDataError(
        N_("the anchor is damaged: it is not a whole signed note"),
        N_("Give the file as it was made, or another copy of it."),
    )
