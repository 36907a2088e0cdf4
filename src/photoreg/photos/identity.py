"""What makes a photo file the same file: the hash of its bytes."""

import hashlib


def file_hash(data: bytes) -> str:
    """Return the SHA-256 of a file's whole content, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
