"""What stands beside a name, a contact or a class and is no part of it: numbers, brackets, notes.

Such a mark may mean that somebody left, or refused: it is never recorded. Only numbers that count
the rows, and the same bullet on each of them, mean nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from photoreg.services.people.class_lists.columns import ColumnMeaning
from photoreg.services.people.class_lists.forbidding import is_nothing
from photoreg.services.people.class_lists.words import meaning_below
from photoreg.services.people.class_lists.yes_and_no import CellAnswer, answer_in
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

_SHORT = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]{2,3}")
_VOWEL = re.compile("[aeiouyøœæ]")
_ALSO_NAMES = frozenset({"gal", "jo", "lea", "on", "ok", "joo", "juu", "ja", "inga", "saa", "en"})
"""Words for yes or no that people are called as well, or that join two numbers."""

_CERTAIN_ANSWERS = frozenset({"kyllä", "kylla", "nej"})
"""Answers that nobody is called, however they are written."""

_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+")
_STREET = re.compile(r"[^\W\d_]{4,}\s+[1-9]\d{0,2}\s*[A-Za-z]\b(?:\s*\d+)?")
_OF_PLACE = re.compile(r"\b[^\W\d_][.:]\s*(?=[+\d(])")
_CLASS = re.compile(r"\d{1,2}(?:[^\W\d_]{1,3}\b|\s*[.:-]?\s*[^\W\dxX_]\b)?")
_SIGN = re.compile(r"[^\w\s.,:;/+()&|'\"@-]|^\s*-(?!\S)|(?<!\S)-\s*$")
_USUAL = frozenset(
    [
        *("gsm", "puh", "tel", "mob", "sms", "pl", "fi", "se", "klo", "pv"),
        *("lk", "lka", "lkt", "kl", "åk", "gr", "vsk", *"pthgmwäi"),
    ]
)
"""Short words and letters that belong to contacts and classes."""

_NUMBER = re.compile(r"\s*(\d{1,5})\s*[.):]?\s+(?=[^\W\d_])")
_BULLET = re.compile(r"\s*([-–—•·▪●◦‣►➢])\s*(?=[^\W\d_])")


def mark_in(name: str) -> str:
    """Return what stands beside a name: a number, a bullet, brackets, an answer; or ""."""
    if not _PLAIN.fullmatch(name):
        for found in _MARK.finditer(name):
            if unicodedata.category(found[0][0])[0] != "M":  # a mark upon a letter belongs to it
                return found[0]
    words = name.split()
    has_answer_behind = len(words) > 2 and words[-1].casefold() in _ANSWERS  # noqa: PLR2004
    if has_answer_behind or (len(words) > 1 and words[0].casefold() in _ANSWERS):
        return words[-1] if has_answer_behind else words[0]
    noted = _NOTE.search(name)
    return noted[0] if noted else _word_beside(words)


def mark_below(heading: str, text: str) -> str:
    """Return what stands beside a name, a contact or a class in a column of this heading."""
    mark_of = _MARKS.get(meaning_below(heading) or ColumnMeaning.SKIP)
    return mark_of(text) if mark_of else ""


def mark_in_contact(text: str) -> str:
    """Return what stands beside a phone number or an address: an answer, a sign; or ""."""
    bare = _STREET.sub(" ", _ADDRESS.sub("@0", text))
    has_number = "@" in bare or re.search(r"\d{3}", bare)
    return _sign_or_answer(_OF_PLACE.sub(" ", bare)) if has_number else ""


def mark_in_class(text: str) -> str:
    """Return what stands beside the name of a class: an answer, a sign; or ""."""
    bare = _CLASS.sub("0", text)
    is_one_word = len(text.split()) == 1 and text.isalnum()
    return "" if is_nothing(text) or is_one_word else _sign_or_answer(bare)


_MARKS: dict[ColumnMeaning, Callable[[str], str]] = {
    ColumnMeaning.NAME: lambda text: next(filter(None, map(mark_in, text.split(","))), ""),
    ColumnMeaning.CONTACT: mark_in_contact,
    ColumnMeaning.GROUP: mark_in_class,
}


def _sign_or_answer(text: str) -> str:
    """Return the first sign, letter, abbreviation or answer in a text; or ""."""
    if sign := _SIGN.search(re.sub("[–—−]", "-", text)):
        return sign[0].strip()
    words = [each for each in re.findall(r"[^\W\d_]+", text) if each.casefold() not in _USUAL]
    has_number = any(map(str.isdecimal, text))
    return next(
        (
            word
            for word in words
            if (len(word) == 1 and has_number) or _is_abbreviation(word) or _is_answer(word)
        ),
        "",
    )


def _word_beside(words: Sequence[str]) -> str:
    """Return a word in a name that is an abbreviation or an answer; or ""."""
    if len(words) <= 2:  # noqa: PLR2004 - a first name and a surname
        return next((word for word in words[1:] if word.casefold() in _CERTAIN_ANSWERS), "")
    ends = (words[0], words[-1])
    case_of_most = words[1].islower(), words[1].isupper()
    for word in ends:
        is_unlike = (word.islower(), word.isupper()) != case_of_most
        is_answer = is_unlike and not word.istitle() and _is_answer(word)
        if word.casefold() in _CERTAIN_ANSWERS or is_answer or _is_abbreviation(word):
            return word
    return ""


def _is_answer(word: str) -> bool:
    text = word.casefold()
    is_known = len(word) > 1 and text not in _ALSO_NAMES
    return is_known and answer_in(word) in {CellAnswer.YES, CellAnswer.NO}


def _is_abbreviation(word: str) -> bool:
    """Return whether a word of two or three letters is none that is spoken, or *ei* shortened."""
    if not _SHORT.fullmatch(word) or word.istitle():
        return False
    letters = unicodedata.normalize("NFD", word.casefold())
    is_no = word.isupper() and letters[0] == "e" and not _VOWEL.search(letters[1:])
    return not _VOWEL.search(letters) or is_no


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
