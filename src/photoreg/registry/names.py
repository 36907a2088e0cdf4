"""Compare names: the same name in another order, spelling or alphabet of a camera."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from photoreg.registry.ids import name_key

# Letters of other alphabets that look like Latin ones, after case is folded.
_LOOK_ALIKES = dict(
    zip(
        "авгекмнорстухіјѕԁһԛԝαβεικνορτυχϲϳ",
        "abrekmhopctyxijsdhqwabeiknoptuxcj",
        strict=True,
    )
)
_PLAIN_LETTERS = str.maketrans(
    _LOOK_ALIKES
    | {"đ": "d", "ð": "d", "ŋ": "n", "ŧ": "t", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"}
    | {"ı": "i", "þ": "th", "ħ": "h", "ʒ": "z"}
)


@lru_cache(maxsize=10_000)
def plain_name(name: str) -> str:
    """Return a name as a camera writes it, without marks on letters: `aile nakkalajarvi`."""
    key = name_key(name)
    if key.isascii():
        return key
    letters = unicodedata.normalize("NFKD", key).translate(_PLAIN_LETTERS)
    return " ".join("".join(c for c in letters if unicodedata.category(c)[0] != "M").split())


_SIMILAR = 0.7
"""From which similarity (difflib ratio, 0 to 1) a name may have been meant by another one."""
_BEGINNING = 3
"""So many letters are at least the beginning of a name."""
_MOST = 3
"""How many names are suggested at most."""


def near(typed: str, names: Iterable[str]) -> list[str]:
    """Return up to three names that may have been meant by the one typed, the most similar first.

    Names are compared without marks on letters; the beginning of one of its words is
    like a name too.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - by mistakes only

    wanted = plain_name(typed)
    by_key: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_key[plain_name(name)].append(name)
    alike = get_close_matches(wanted, by_key, _MOST, _SIMILAR) if wanted else []
    begun = [key for key in by_key if len(wanted) >= _BEGINNING and f" {wanted}" in f" {key}"]
    found = [name for key in dict.fromkeys([*alike, *begun]) for name in by_key[key]]
    return found[:_MOST]


@lru_cache(maxsize=10_000)
def letters_key(name: str) -> str:
    """Return the letters of a name, sorted: equal for the same words in any order."""
    return "".join(sorted(_letters(name)))


def are_same_letters(one: str, other: str) -> bool:
    """Return whether two names are the same, marks, spaces and hyphens left out."""
    return _letters(one) == _letters(other)


def are_same_words(one: str, other: str) -> bool:
    """Return whether two names have the same words, in any order, with or without hyphens."""
    return letters_key(one) == letters_key(other) and any(
        sorted(words(one)) == sorted(words(other)) for words in (_split_words, _joined_words)
    )


def has_words_left_out(one: str, other: str) -> bool:
    """Return whether one name has all words of the other, which are at least two, in any order."""
    return any(
        len(common := {*words(one)} & {*words(other)}) > 1
        and common in ({*words(one)}, {*words(other)})
        for words in (_split_words, _joined_words)
    )


@lru_cache(maxsize=10_000)
def _letters(name: str) -> str:
    return "".join(letter for letter in plain_name(name) if letter.isalnum())


@lru_cache(maxsize=10_000)
def _split_words(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", plain_name(name).replace("'", "")))


@lru_cache(maxsize=10_000)
def _joined_words(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", plain_name(name).replace("'", "").replace("-", "")))


def name_columns(name: str) -> dict[str, Any]:
    """Return the columns that hold a person's name: as written, for searching, for comparing."""
    return {"name": name, "name_key": name_key(name), "letters_key": letters_key(name)}
