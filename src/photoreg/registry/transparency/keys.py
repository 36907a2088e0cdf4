"""Ed25519 keys in files that only their owner can read, protected by a passphrase.

A key file begins with the public key; below it stands the private one as encrypted PKCS #8, which
other programs open as well. The `cryptography` library is loaded when a key is used, not before.
"""

import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photoreg.errors import InputDataError, os_cause
from photoreg.registry.transparency.files import read_text, write_new
from photoreg.registry.transparency.notes import KeyType, VerifierKey, parse_verifier_key
from photoreg.texts import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MIN_PASSPHRASE = 15
"""How many characters: PKCS #8 slows a guess down only a little, so the passphrase must be long."""

_BEGIN = "-----BEGIN ENCRYPTED PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the public one."""

    public: VerifierKey
    private: "Ed25519PrivateKey"

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        return self.private.sign(message)


def is_signature(key: VerifierKey, signature: bytes, message: bytes) -> bool:
    """Return whether the key has signed the message."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - seldom needed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_key(name: str, kind: KeyType) -> SigningKey:
    """Return a new key, which is in no file yet."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - seldom needed
        Ed25519PrivateKey,
    )

    private = Ed25519PrivateKey.generate()
    return SigningKey(VerifierKey(name, kind, private.public_key().public_bytes_raw()), private)


def write_key(file: Path, key: SigningKey, passphrase: str) -> None:
    """Write a key to a new file; InputDataError if the file exists."""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - seldom needed
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
    )

    protection = BestAvailableEncryption(_secret(passphrase))
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection).decode()
    write_new(file, f"{key.public}\n\n{pem}", is_private=True)


def require_long(passphrase: str) -> None:
    """Raise InputDataError for a passphrase that is too short."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise InputDataError(
            N_("the passphrase is shorter than {count} characters"),
            N_("Choose several words whose connection only you know."),
            fields=("passphrase_file",),
            count=MIN_PASSPHRASE,
        )


def _secret(passphrase: str) -> bytes:
    """Return the bytes of a passphrase, the same on every keyboard."""
    return unicodedata.normalize("NFKC", passphrase).encode()


def _read_key_file(file: Path) -> tuple[VerifierKey, str, str]:
    head, begin, pem = read_text(file).partition(_BEGIN)
    if not begin:
        raise _no_key_error(file)
    return parse_verifier_key(head), begin, pem


def open_key(file: Path, kind: KeyType, passphrase: Callable[[], str]) -> SigningKey:
    """Return the key in a file; InputDataError for a wrong passphrase or a damaged file.

    `passphrase` is asked once the file is known to be a key of this kind.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - seldom needed
        Ed25519PrivateKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_private_key,
    )

    require_own(file)
    public, begin, pem = _read_key_file(file)
    if public.type != kind:
        raise InputDataError(
            N_("the key in {file} is not for this"),
            N_("The registry's key signs anchors; an auditor's own key signs beside it."),
            file=file,
        )
    secret = _secret(passphrase())
    try:
        private = load_pem_private_key((begin + pem).encode(), secret)
    except (ValueError, TypeError) as error:
        raise InputDataError(
            N_("the passphrase does not open the key in {file}, or the file is damaged"),
            N_("Type the passphrase again. If it is lost, make a new key."),
            fields=("passphrase_file",),
            file=file,
        ) from error
    if (
        not isinstance(private, Ed25519PrivateKey)
        or private.public_key().public_bytes_raw() != public.public
    ):
        raise _no_key_error(file)
    return SigningKey(public, private)


def require_own(file: Path) -> None:
    """Raise InputDataError when others may read a file that holds a secret."""
    try:
        mode = file.stat().st_mode
    except OSError as error:
        raise InputDataError(
            N_("the file {file} cannot be read: {cause}"),
            N_("Give another file, or have a new key made."),
            file=file,
            cause=os_cause(error),
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise InputDataError(
            N_("others may read {file}, which holds a secret"),
            N_("Let only its owner read it (chmod 600), and think about who has read it."),
            file=file,
        )


def _no_key_error(file: Path) -> InputDataError:
    return InputDataError(
        N_("{file} is not a key file, or it is damaged"),
        N_("Give the file that was written when the key was made, or a copy of it."),
        file=file,
    )
