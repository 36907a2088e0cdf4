"""Ids that people type (`P-1042`, `C-77`), and names folded for searching."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from photoreg.errors import InputDataError, Records
from photoreg.texts import N_


class Kind(StrEnum):
    """The kind of record an id names: the letter before the number."""

    PHOTO = "P"
    PERSON = "H"
    EVENT = "E"
    CONSENT = "C"
    PERMISSION = "L"
    CASE = "K"
    DECISION = "D"
    PUBLICATION = "J"
    TAKE_DOWN = "T"
    POLICY = "V"
    FLAG = "F"


KIND_OF_TABLE = {
    "photo": Kind.PHOTO,
    "person": Kind.PERSON,
    "event": Kind.EVENT,
    "consent": Kind.CONSENT,
    "permission": Kind.PERMISSION,
    "unclear_case": Kind.CASE,
    "decision": Kind.DECISION,
    "publication": Kind.PUBLICATION,
    "take_down": Kind.TAKE_DOWN,
    "policy_version": Kind.POLICY,
    "photo_flag": Kind.FLAG,
}
"""The kind of the ids of a table's records; other tables have none."""


def human_id(kind: Kind, number: int | None) -> str:
    """Return the id as shown: `human_id(Kind.PHOTO, 12)` is `P-12`."""
    return "-".join((kind, str(number)))  # faster than formatting; lists have a million ids


def human_ids(kind: Kind, numbers: Iterable[int | None]) -> list[str]:
    """Return the ids as shown of several records of a kind."""
    prefix = kind + "-"
    return [prefix + str(number) for number in numbers]


def parse_id(kind: Kind, text: str) -> int | None:
    """Return the number in an id of this kind, or None when the text is not such an id."""
    letter, dash, digits = text.strip().partition("-")
    if letter.upper() != kind or not dash or not digits.isascii() or not digits.isdigit():
        return None
    return int(digits) if len(digits) <= 18 else None  # noqa: PLR2004 - SQLite's integers


def require_id(kind: Kind, text: str) -> int:
    """Return the number in an id; InputDataError when the text is not an id of this kind."""
    number = parse_id(kind, text)
    if number is None:
        alike = near_ids(kind, text)
        raise InputDataError(
            N_("{value} is not an id here"),
            N_("Did you mean {near}?") if alike else N_("Ids of this kind look like {example}."),
            value=text,
            near=Records(alike),
            example=human_id(kind, 12),
        )
    return number


def near_ids(kind: Kind, text: str) -> list[str]:
    """Return the id that a text nearly is, such as P-12 for `p12`, `P 12`, `P–12` or `12`."""
    found = _NEARLY_ID.fullmatch(text.strip())
    is_of_kind = found is not None and found["letter"].upper() in {"", kind}
    return [human_id(kind, int(found["number"]))] if found and is_of_kind else []


_NEARLY_ID = re.compile(r"(?P<letter>[A-Za-z]?)[\W_]*(?P<number>[0-9]{1,18})")


_APOSTROPHES = "`´‘’‛′ʹʻʼʽʾʿˈˊˋ՚׳᾽᾿῾‵ꞌ＇"
# Besides the category Pd: minus signs, bullets and lines that look like a dash.
_DASHES = "˗⁃⁻₋−─━⎯➖"
# Letters and symbols that are shown as an empty space.
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_BLANKS, " "),
    }
)
_JOINER = "\u034f"


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """Return a name folded for searching: Áile, áile and a decomposed Áile are the same.

    Look-alike hyphens, apostrophes and spaces are the same too; what is never shown is left out.
    """
    if name.isascii():
        return " ".join(name.replace("`", "'").split()).casefold()
    text = unicodedata.normalize("NFKC", utf8_safe(name).translate(_LOOK_ALIKES))
    seen = "".join(map(_without_look_alikes, text.casefold()))
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _without_look_alikes(letter: str) -> str:
    """Return a letter; a dash for every kind of dash, and nothing for what is never shown."""
    if letter.isalnum() or letter in " -'":
        return letter
    category = unicodedata.category(letter)
    if category == "Pd" or letter in _DASHES:
        return "-"
    return "" if category == "Cf" or _is_invisible_mark(letter) else letter


def _is_invisible_mark(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    return letter == _JOINER or "VARIATION SELECTOR" in name


_LAST_LETTERS = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})
"""The letters after z, as characters that stand after z."""

_OTHER_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ŋ": "n", "ŧ": "t", "ł": "l", "ß": "ss"})
"""Letters that sort as others and are not composed of them."""


def sort_key(name: str) -> tuple[str, str]:
    """Return a key that sorts names as Finns do: å, ä and ö after z, Á with A, Č with C.

    Names that differ in such letters only are in the order of `name_key`.
    """
    folded = name_key(name)
    parts = unicodedata.normalize("NFD", folded.translate(_LAST_LETTERS))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return plain.translate(_OTHER_LETTERS), folded


def utf8_safe(text: str) -> str:
    """Return a text that a database accepts: surrogates from invalid UTF-8 are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def id_of(row: Any) -> int:
    """Return the id of a row from the database, where it is never None."""
    number: int | None = row.id
    if not isinstance(number, int):
        raise TypeError(row)
    return number
