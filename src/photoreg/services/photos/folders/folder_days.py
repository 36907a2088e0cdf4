"""Read the name and days of an event from a folder's name: `2019-05-30 Hetan koulun kevätjuhla`.

A day that can be read in two ways is not read: somebody has to say which it is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

FIRST_YEAR = 1900
FIRST_SHORT_YEAR = 1990
"""The first year that two digits may mean: folders of photo files are not older."""


@dataclass(frozen=True, slots=True)
class FolderName:
    """The name of an event, and its days if the folder's name tells them for certain."""

    name: str
    days: tuple[date, date] | None


class _Span(NamedTuple):
    """What a pattern matched: its place in the name, and the days that it may mean."""

    start: int
    end: int
    days: set[tuple[date, date]]


_MONTHS = (
    ("tammi", "januari", "january", "jan", "ođđajage"),
    ("helmi", "februari", "february", "feb", "guovva"),
    ("maalis", "mars", "march", "mar", "njukča"),
    ("huhti", "april", "apr", "cuoŋo"),
    ("touko", "maj", "may", "miesse"),
    ("kesä", "juni", "june", "jun", "geasse"),
    ("heinä", "juli", "july", "jul", "suoidne"),
    ("elo", "augusti", "august", "aug", "borge"),
    ("syys", "september", "sept", "sep", "čakča"),
    ("loka", "oktober", "october", "oct", "okt", "golggot"),
    ("marras", "november", "nov", "skábma"),
    ("joulu", "december", "dec", "juovla"),
)
"""The months in Finnish, Swedish, English and Northern Sámi, Finnish and Sámi ones as stems."""

_NUMBER_OF_MONTH = {word: n for n, words in enumerate(_MONTHS, 1) for word in words}
_WORDS = "|".join(sorted(_NUMBER_OF_MONTH, key=len, reverse=True))
_MONTH = rf"(?P<month>{_WORDS})(?:kuu\w*|má\w+|\.)?"
_TO = r"\s*(?:-{1,2}|–|—)\s*"
_ISO = r"(\d{4})([-._ ]?)(\d{2})\2(\d{2})"
_SECOND_ISO = r"(\d{4})\2(\d{2})\2(\d{2})"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(\d{4}|\d{2})"


def read_folder_name(name: str, today: date, year: int | None = None) -> FolderName:
    """Return what a folder's name says; `year` is that of a folder above, such as `2019`."""
    text = unicodedata.normalize("NFC", name)
    found = next(_spans(text, today, year), None)
    if found is None:
        return FolderName(_title(text), None)
    rest = f"{text[: found.start]} {text[found.end :]}"
    is_certain = len(found.days) == 1 and next(_spans(rest, today, None), None) is None
    if not is_certain:
        return FolderName(_title(text), None)
    return FolderName(_title(rest), next(iter(found.days)))


def _title(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).strip(" -–—.,;:()[]")


def _spans(text: str, today: date, year: int | None) -> Iterator[_Span]:
    """Yield where days may stand in a name, by the most telling patterns first."""
    patterns = [*_PATTERNS, *_IN_YEAR] if year else _PATTERNS
    for pattern, days_of in patterns:
        for match in re.finditer(rf"(?<!\d){pattern}(?!\d)", text, re.IGNORECASE):
            days = {
                (first, last)
                for first, last in days_of(match, today, year or 0)
                if first.year >= FIRST_YEAR and first <= last <= today
            }
            if days:
                yield _Span(match.start(), match.end(), days)


_Days = Callable[[re.Match[str], date, int], Iterable[tuple[date, date]]]


def _dates(*numbers: tuple[int, int, int]) -> Iterator[date]:
    for one in numbers:
        with suppress(ValueError):
            yield date(*one)


def _each_alone(*numbers: tuple[int, int, int]) -> Iterator[tuple[date, date]]:
    return ((day, day) for day in _dates(*numbers))


def _from_to(first: tuple[int, int, int], last: tuple[int, int, int]) -> list[tuple[date, date]]:
    days = list(_dates(first, last))
    return [(days[0], days[1])] if len(days) == 2 else []  # noqa: PLR2004 - both days exist


def _full_year(text: str, today: date) -> int:
    """Return the year of four or two digits; 0 for two that mean no year of photo files."""
    if len(text) != 2:  # noqa: PLR2004 - digits
        return int(text)
    year = int(text) + (2000 if int(text) <= today.year % 100 else 1900)
    return year if year >= FIRST_SHORT_YEAR else 0


def _two_iso_days(match: re.Match[str], _today: date, _year: int) -> list[tuple[date, date]]:
    year, _separator, month, day, *last = match.groups()
    last_year, last_month, last_day = map(int, last)
    return _from_to((int(year), int(month), int(day)), (last_year, last_month, last_day))


def _iso_to_day(match: re.Match[str], _today: date, _year: int) -> list[tuple[date, date]]:
    year, _separator, month, day, last = match.groups()
    return _from_to((int(year), int(month), int(day)), (int(year), int(month), int(last)))


def _two_dotted_days(match: re.Match[str], today: date, _year: int) -> list[tuple[date, date]]:
    day, month, last, last_month, written = match.groups()
    year = _full_year(written, today)
    first_month = int(month or last_month)
    first_year = year - (first_month > int(last_month))  # 30.12.-2.1.2020
    return _from_to((first_year, first_month, int(day)), (year, int(last_month), int(last)))


def _two_days_of_month(match: re.Match[str], _today: date, _year: int) -> list[tuple[date, date]]:
    year, month = int(match["year"]), _NUMBER_OF_MONTH[match["month"].casefold()]
    return _from_to((year, month, int(match["day"])), (year, month, int(match["last"])))


def _day_of_month(match: re.Match[str], _today: date, _year: int) -> Iterator[tuple[date, date]]:
    month = _NUMBER_OF_MONTH[match["month"].casefold()]
    return _each_alone((int(match["year"]), month, int(match["day"])))


def _year_first(match: re.Match[str], _today: date, _year: int) -> Iterator[tuple[date, date]]:
    year, _separator, month, day = match.groups()
    return _each_alone((int(year), int(month), int(day)))


def _day_first(match: re.Match[str], today: date, _year: int) -> Iterator[tuple[date, date]]:
    """Read three numbers; dots are Finnish, so the day is first, unless no such day exists."""
    one, separator, two, three = match.groups()
    dotted = list(_each_alone((_full_year(three, today), int(two), int(one))))
    if dotted and separator.startswith("."):
        yield from dotted
        return
    yield from dotted
    yield from _each_alone((_full_year(three, today), int(one), int(two)))
    if len(three) == 2 and len(one) == 2:  # noqa: PLR2004 - digits
        yield from _each_alone((_full_year(one, today), int(two), int(three)))


def _digits_alone(match: re.Match[str], today: date, _year: int) -> Iterator[tuple[date, date]]:
    digits, size = match[0], len(match[0]) - 4
    year_first = (_full_year(digits[:size], today), int(digits[size : size + 2]), int(digits[-2:]))
    day_first = (_full_year(digits[4:], today), int(digits[2:4]), int(digits[:2]))
    return _each_alone(year_first, day_first)


def _in_year(match: re.Match[str], _today: date, year: int) -> Iterator[tuple[date, date]]:
    one, separator, two = match.groups()
    yield from _each_alone((year, int(two), int(one)))
    if separator != ".":
        yield from _each_alone((year, int(one), int(two)))


_PATTERNS: list[tuple[str, _Days]] = [
    (rf"{_ISO}(?:{_TO}|[_ ]){_SECOND_ISO}", _two_iso_days),
    (rf"{_ISO}(?:--|–|—)(\d{{1,2}})", _iso_to_day),
    (
        rf"(\d{{1,2}})\.\s?(?:(\d{{1,2}})\.?)?{_TO}(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?{_YEAR}",
        _two_dotted_days,
    ),
    (rf"(\d{{1,2}})(){_TO}(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?{_YEAR}", _two_dotted_days),
    (
        rf"{_DAY}\.?{_TO}(?P<last>\d{{1,2}})\.?\s*{_MONTH}\s*(?P<year>\d{{4}})",
        _two_days_of_month,
    ),
    (r"(\d{4})([-._ ])(\d{1,2})\2(\d{1,2})", _year_first),
    (
        rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?[\s_]*{_MONTH}[\s_,]*(?P<year>\d{{4}})",
        _day_of_month,
    ),
    (rf"{_MONTH}[\s_]+{_DAY}\.?(?:\s?b\.)?,?[\s_]*(?P<year>\d{{4}})", _day_of_month),
    (rf"(\d{{1,2}})(\.\s?|[-_ ])(\d{{1,2}})\2{_YEAR}", _day_first),
    (r"\d{8}", _digits_alone),
    (r"\d{6}", _digits_alone),
]
"""The spellings of days; of two that fit, the first one counts."""

_IN_YEAR: list[tuple[str, _Days]] = [
    (r"(\d{1,2})([-._])(\d{1,2})\.?", _in_year),
]
"""The spellings of days without a year, which a folder above tells."""
