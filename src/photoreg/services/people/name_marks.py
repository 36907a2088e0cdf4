"""What stands beside a name in a cell and is no part of it: numbers, bullets, brackets, notes.

Such a mark may mean that somebody left, or refused: it is never recorded as a name. Only numbers
that count the rows, and the same bullet on each of them, mean nothing.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from photoreg.sheets.cells import to_text
from photoreg.sheets.table import Table

_PLAIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]{2,}(?:[ '-][A-Za-zÀ-ÖØ-öø-ɏ]{2,})*")
_MARK = re.compile(
    r"[(\[{<][^)\]}>]*[)\]}>]?"  # brackets and quotations, with what stands in them
    r"|[\"“”„«»][^\"“”„«»]*[\"“”„«»]?|(?<!\w)'[^']+'(?!\w)"
    r"|\d+[.):/]*|[_²³¹⁰-₉①-⓿❶-➓]"
    r"|[^\w\s.'·-]"
    r"|(?<!\S)(?:[.·-]|'(?!\S))|[·-](?!\S)|\.{2,}"
    r"|(?<!\S)[xX](?!\S)"
)
_NOTE = re.compile(
    r"\b(?:muutta(?:nut|a)|muutti|eronnut|erosi|lopetta(?:nut|a)|lopetti|siirtynyt|siirtyi|poissa"
    r"|pois|vaihto-?oppilas|flyttat|flyttar|slutat|slutar|frånvarande|utbytes\w+|moved|left|absent"
    r"|resigned|fárren|heaitán)\b",
    re.IGNORECASE,
)
"""Words for who is no longer, or not always, in a class."""

_ANSWERS = frozenset("venk")
"""Letters that may be an answer or a tick in front of a name or behind it."""

_NUMBER = re.compile(r"\s*(\d{1,5})\s*[.):]?\s+(?=[^\W\d_])")
_BULLET = re.compile(r"\s*([-–—•·▪●◦‣►➢])\s*(?=[^\W\d_])")


def mark_in(name: str) -> str:
    """Return what stands beside a name: a number, a bullet, brackets, an answer; or ""."""
    if _PLAIN.fullmatch(name) and not _NOTE.search(name):
        return ""
    for found in _MARK.finditer(name):
        if unicodedata.category(found[0][0])[0] != "M":  # a mark upon a letter belongs to it
            return found[0]
    words = name.split()
    has_answer_behind = len(words) > 2 and words[-1].casefold() in _ANSWERS  # noqa: PLR2004
    if has_answer_behind or (len(words) > 1 and words[0].casefold() in _ANSWERS):
        return words[-1] if has_answer_behind else words[0]
    noted = _NOTE.search(name)
    return noted[0] if noted else ""


def without_numbering(table: Table, heading: str) -> tuple[Table, str]:
    """Return a table without the numbers, or the bullets, in front of every name in a column.

    Beside it stands the first of them; "" if nothing was left out. Below the names there may be
    notes without one.
    """
    cells = ((place, to_text(row.cells.get(heading))) for place, row in enumerate(table.rows))
    written = [(place, text) for place, text in cells if text]
    for pattern in (_NUMBER, _BULLET):
        marks = [pattern.match(text) for _place, text in written]
        found = [each for each in marks if each]
        is_of_most = len(found) * 2 > len(written) and len(found) > 1
        if is_of_most and all(marks[: len(found)]) and _count_rows(found):
            rows = list(table.rows)
            for (place, text), mark in zip(written, found, strict=False):
                bare = {**rows[place].cells, heading: text[mark.end() :]}
                rows[place] = replace(rows[place], cells=bare)
            return replace(table, rows=tuple(rows)), found[0][0].strip()
    return table, ""


def _count_rows(marks: Sequence[re.Match[str]]) -> bool:
    """Return whether numbers count the rows, or bullets are all the same."""
    first = marks[0][1]
    if not first.isdecimal():
        return {each[1] for each in marks} == {first}
    return [int(each[1]) for each in marks] == [int(first) + n for n in range(len(marks))]
