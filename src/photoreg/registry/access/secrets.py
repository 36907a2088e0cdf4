"""Secrets that open something, such as a session: random, shown once, kept as a hash."""

import secrets
from hashlib import sha256

SECRET_BYTES = 32
"""256 bits: nobody guesses it, so a plain hash keeps it."""


def new_secret() -> str:
    """Return a new secret, as text that fits into a cookie or an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """Return the SHA-256 by which a secret is known."""
    return sha256(secret.encode()).hexdigest()
