"""Passwords, kept as the SHA-256 of their Argon2id key (RFC 9106, the second recommended option).

The key is what a program shows to a PostgreSQL server, which knows no Argon2id and compares the
hash. So neither password nor key is in the registry.
"""

import secrets
from hashlib import sha256

LENGTH, ITERATIONS, LANES, MEMORY_KIB = 32, 3, 4, 64 * 1024
NO_SALT = "0" * 32
"""The salt for a login without a password, so that asking for it takes as long."""


def new_salt() -> str:
    """Return a random salt of 16 bytes, in hexadecimal digits."""
    return secrets.token_hex(16)


def key_of(password: str, salt: str) -> str:
    """Return the Argon2id key of a password, in hexadecimal digits, after a tenth of a second."""
    from cryptography.hazmat.primitives.kdf.argon2 import (  # noqa: PLC0415 - seldom needed
        Argon2id,
    )

    kdf = Argon2id(
        salt=bytes.fromhex(salt),
        length=LENGTH,
        iterations=ITERATIONS,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
    )
    return kdf.derive(password.encode()).hex()


def hash_of_key(key: str) -> str:
    """Return the hash by which a key is known."""
    return sha256(key.encode()).hexdigest()
