"""Short codes for paper: unguessable, easy to read aloud and to type, with a check character.

The characters are those of Crockford's Base32 (no I, L, O, U; a typed I or L counts as 1, O as 0).
The last one is a check character, modelled on the hybrid systems of ISO/IEC 7064 (MOD 33,32): it
detects any single mistyped character and nearly every transposition of adjacent characters.
"""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE = len(_ALPHABET)
_LENGTH = 12
_GROUP = 4
_CONFUSABLE = str.maketrans("ILO", "110", " -–\t")


def new_code() -> str:
    """Return a new code such as `7K3M9QXT2VB5`: 55 random bits and the check character."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 1))
    return body + _check_character(body)


def parse_code(text: str) -> str | None:
    """Return the code in typed, scanned or pasted text; None if it is not a valid code."""
    code = text.upper().translate(_CONFUSABLE)
    if len(code) != _LENGTH or not set(code) <= set(_ALPHABET):
        return None
    return code if _check_character(code[:-1]) == code[-1] else None


def format_code(code: str) -> str:
    """Return a code in its printed form: `7K3M-9QXT-2VB5`."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _check_character(body: str) -> str:
    product = _BASE
    for character in body:
        total = (product + _ALPHABET.index(character)) % _BASE or _BASE
        product = total * 2 % (_BASE + 1)
    return _ALPHABET[(_BASE + 1 - product) % _BASE]
