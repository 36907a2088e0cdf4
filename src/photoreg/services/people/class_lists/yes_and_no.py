"""Read a yes and a no in the cells of lists, as people write them in four languages.

One reading for class lists and for lists of consents: a no that one reads, the other reads too.
"""

import re
from enum import StrEnum
from functools import lru_cache

from photoreg.services.people.class_lists.forbidding import (
    blocks,
    denies_block,
    forbids,
    is_no,
    negates,
)
from photoreg.sheets.cells import CellValue, to_text

_YES_WORDS = (
    "kyllä|kylla|k|joo|juu|juo|on|on lupa|saa|saa julkaista|sallittu|lupa|annettu|myönnetty|"
    "suostuu|suostun|tosi|yes|y|ok|true|given|granted|allowed|ja|j|jo|jua|gal|lea|x|1|+|✓|✔|☑"
)
_YES = frozenset(_YES_WORDS.split("|"))
_NO_LETTERS = frozenset({"e", "n", "☒"})
"""What is a no also beside other words; a crossed box may be either, so it is a no."""


class CellAnswer(StrEnum):
    """What a cell says; `UNREADABLE` is neither a yes nor a no."""

    YES = "yes"
    NO = "no"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


def answer_in(value: CellValue) -> CellAnswer:
    """Return what a cell of answers says. Words that refuse something are a no."""
    text = " ".join(to_text(value).casefold().split()).rstrip(".!")
    if text in _YES:
        return CellAnswer.YES
    if not text:
        return CellAnswer.EMPTY
    words = set(re.split(r"[\s,.;:!]+", text)) - {""}
    if says_no(text) or words & _NO_LETTERS:
        return CellAnswer.NO
    return CellAnswer.YES if words and words <= _YES else CellAnswer.UNREADABLE


def says_no(text: str) -> bool:
    """Return whether a text is a no, or refuses something."""
    return is_no(text) or refuses(text)


@lru_cache(maxsize=10_000)
def refuses(text: str) -> bool:
    """Return whether words refuse something, be it only in part."""
    return negates(text) or forbids(text) or blocks(text)


def is_stop(value: CellValue) -> bool:
    """Return whether a cell of blocks or refusals holds one: whatever stands there but a no."""
    return not denies_block(to_text(value))
