"""Formats of numbers that write words: a cell with 1 may show "ei", and one may show nothing.

A format has up to four sections: for numbers above nought, below it, nought, and texts.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_MOST = 4
_TOKEN = re.compile(
    r'"(?P<words>[^"]*)"?|\\(?P<letter>.)|\[(?P<brackets>[^\]]*)\]|[_*].|(?P<end>;)'
    r"|(?P<value>General|[0#?@ymdhs])|(?P<sign>.)",
    re.IGNORECASE | re.DOTALL,
)
_DASHES = frozenset("-–—")
_OF_BOOLEANS = frozenset({"TRUE", "FALSE"})


@dataclass(slots=True)
class _Section:
    words: str = ""
    has_value: bool = False
    is_for_text: bool = False
    has_condition: bool = False


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    found = [_Section()]
    for token in _TOKEN.finditer(code):
        section, kind = found[-1], token.lastgroup
        written = token[kind] if kind else ""
        if kind == "end":
            found.append(_Section())
        elif kind == "value":
            section.has_value = True
            section.is_for_text |= written == "@"
        elif kind == "brackets":
            section.has_condition |= written[:1] in tuple("=<>")
            section.words += written[1:].partition("-")[0] if written[:1] == "$" else ""
        else:
            section.words += written
    if len(found) >= _MOST - 1 and not any(each.has_condition for each in found):
        nought = found[_MOST - 2]
        nought.has_value |= nought.words.strip()[:1] in _DASHES  # as in all formats of money
    return tuple(found)


def words_in(code: str) -> str:
    """Return the words that a format writes, without signs and units of one letter."""
    words = " ".join(each.words for each in _sections(code))
    return " ".join(re.findall(r"[^\W\d_]{2,}", words))


def hides_value(code: str, value: float | str) -> bool:
    """Return whether a cell with this format shows something else than its value, or nothing."""
    return not all(each.has_value for each in _sections_for(_sections(code), value))


def may_hide_values(code: str) -> bool:
    """Return whether a format writes words, or nothing, for some value or other."""
    sections = _sections(code)
    if {each.words for each in sections} <= _OF_BOOLEANS:
        return False  # LibreOffice writes so what is true or false
    return any(each.words.strip() and not each.has_value for each in sections)


def _sections_for(sections: tuple[_Section, ...], value: float | str) -> tuple[_Section, ...]:
    """Return the sections that may be meant; any of them if they have conditions."""
    if isinstance(value, str):
        return sections[_MOST - 1 : _MOST] or tuple(s for s in sections[-1:] if s.is_for_text)
    numbers = sections[: _MOST - 1]
    if any(each.has_condition for each in numbers):
        return numbers
    place = 0 if value > 0 else 1 if value < 0 else 2
    return (numbers[place] if place < len(numbers) else numbers[0],)
