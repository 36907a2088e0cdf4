"""Read the cells of class lists: names, days, contacts, yes and no, as people write them.

What is certain is read; what could be read in two ways is refused with both.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from photoreg.days import require_near
from photoreg.errors import InputDataError, Phrase
from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.registry.tables.people import GuardianBasis, Language
from photoreg.rulebook.facts import AgeGroup
from photoreg.services.inputs import free_text, holds_identity_code, require_name
from photoreg.services.people.class_lists.forbidding import (
    is_no,
    is_nothing,
    starts_with_no,
)
from photoreg.services.people.class_lists.name_marks import mark_in, mark_in_class, mark_in_contact
from photoreg.services.people.class_lists.yes_and_no import CellAnswer, answer_in, is_stop
from photoreg.sheets.cells import CellValue, to_text
from photoreg.sheets.encodings import lost_letters
from photoreg.texts import N_

_T = TypeVar("_T")

AGE_GROUPS = {
    **dict.fromkeys(
        ("alaikäinen", "lapsi", "minor", "a minor", "child", "minderårig", "barn"), AgeGroup.MINOR
    ),
    **dict.fromkeys(
        ("täysi-ikäinen", "aikuinen", "adult", "an adult", "vuxen", "myndig", "rávisolmmoš"),
        AgeGroup.ADULT,
    ),
}
LANGUAGES = {
    **dict.fromkeys(("suomi", "finnish", "finska", "suomagiella", "fi"), Language.FINNISH),
    **dict.fromkeys(("ruotsi", "swedish", "svenska", "ruoŧagiella", "sv"), Language.SWEDISH),
    **dict.fromkeys(
        (
            *("pohjoissaame", "saame", "northern sámi", "sámi", "nordsamiska", "samiska"),
            *("davvisámegiella", "sámegiella", "se"),
        ),
        Language.NORTHERN_SAMI,
    ),
    **dict.fromkeys(("englanti", "english", "engelska", "eaŋgalasgiella", "en"), Language.ENGLISH),
}
FOSTER_CARERS = (
    *("sijaishuoltaja", "sijaisvanhempi", "sijaisäiti", "sijaisisä", "foster parent"),
    *("foster carer", "foster mother", "foster father", "fosterförälder", "familjehemsförälder"),
    *("ställföreträdare", "ställföreträdande vårdnadshavare"),
)
BASES = {
    **dict.fromkeys(
        (
            *(
                "vanhempi",
                "parent",
                "a parent",
                "äiti",
                "isä",
                "mother",
                "father",
                "mamma",
                "pappa",
                "mor",
            ),
            *("far", "mum", "dad", "förälder", "eadni", "eatni", "áhčči", "váhnen", "huoltaja"),
            *("guardian", "vårdnadshavare", "fuolaheaddji", "adoptiovanhempi", "biologinen äiti"),
            *("biologinen isä", "ä", "i", "äiti, huoltaja", "isä, huoltaja"),
        ),
        GuardianBasis.PARENT,
    ),
    **dict.fromkeys(
        (
            *("tuomioistuimen päätös", "tuomioistuimen päätöksellä", "court order"),
            *("by court order", "domstolsbeslut", "tuomioistuimen määräämä", "käräjäoikeus"),
            *("käräjäoikeuden päätös", "oheishuoltaja", *FOSTER_CARERS),
        ),
        GuardianBasis.COURT_ORDER,
    ),
    **dict.fromkeys(
        ("sopimus", "sopimuksella", "agreement", "by agreement", "avtal", "soahpamuš"),
        GuardianBasis.AGREEMENT,
    ),
    **dict.fromkeys(
        (
            *("huostaanotto", "care decision", "omhändertagande", "sosiaalityö"),
            *("sosiaalityöntekijä", "lastensuojelu", "by a decision on the child's care"),
            "huostaanottopäätöksen perusteella",
        ),
        GuardianBasis.CARE_DECISION,
    ),
}
"""On what a guardianship rests, as lists say it.

A foster carer is a guardian only if a court has said so, which the word alone does not prove.
"""

_TICK = "v"
"""A check mark typed as a letter, in class lists, from which no yes is taken."""

_MONTHS = {
    **dict.fromkeys(("tammi", "jan", "january", "januari", "ođđajage"), 1),
    **dict.fromkeys(("helmi", "feb", "february", "februari", "guovva"), 2),
    **dict.fromkeys(("maalis", "mar", "march", "mars", "njukča"), 3),
    **dict.fromkeys(("huhti", "apr", "april", "cuoŋo"), 4),
    **dict.fromkeys(("touko", "may", "maj", "miesse"), 5),
    **dict.fromkeys(("kesä", "jun", "june", "juni", "geasse"), 6),
    **dict.fromkeys(("heinä", "jul", "july", "juli", "suoidne"), 7),
    **dict.fromkeys(("elo", "aug", "august", "augusti", "borge"), 8),
    **dict.fromkeys(("syys", "sep", "sept", "september", "čakča"), 9),
    **dict.fromkeys(("loka", "oct", "okt", "october", "oktober", "golggot"), 10),
    **dict.fromkeys(("marras", "nov", "november", "skábma"), 11),
    **dict.fromkeys(("joulu", "dec", "december", "juovla"), 12),
}
_MIDNIGHT = re.compile(r"[T\s]+0{1,2}[:.]00([:.]00(\.0+)?)?$")
_DAY = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})\.?")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(\d{4})(\d{2})(\d{2})")
_IN_WORDS = re.compile(
    r"(\d{1,2})\.?\s*(?:den\s+)?([^\W\d]+?)(?:kuuta|kuun|kuu|mánu|mánnu)?\.?\s+(\d{4})"
)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 60_000
_EXCEL_EPOCH = date(1899, 12, 30)
_TWO_DIGITS = 100

_HYPHENS = re.compile("[\u2010-\u2015\u2212\u00ad\u2043\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`\u2032\uff07]")
_EXPONENT = re.compile(r"\d+([.,]\d+)?\s*[eE]\s*\+?\d+")
_LOST_ZERO = re.compile(r"[45]\d[\d\s-]{5,9}")
_MUCH_OF_NUMBERS = re.compile(r"\d{5}|\d{3}[ -]\d{3}|\d[./]\s?\d")
_NAME_LETTERS = re.compile(r"[^\W\d_]")


def clean_name(text: str) -> str:
    """Return a name as everybody writes it: look-alike signs replaced, invisible ones left out."""
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    text = re.sub("(?<=\\w)\u00ad(?=[a-zà-ÿ])", "", text)  # a soft hyphen within a word
    text = re.sub("--+", "-", _HYPHENS.sub("-", _APOSTROPHES.sub("'", text)))
    seen = (
        letter
        for letter in text
        if unicodedata.category(letter) not in {"Cf", "Cc"} or letter.isspace()
    )
    return " ".join("".join(seen).split())


def read_name(value: CellValue) -> str:
    """Return the name in a cell; InputDataError for what can be no name."""
    text = to_text(value)
    if "?" in text or lost_letters(text):
        raise InputDataError(
            N_("a letter of the name was lost when the file was saved"),
            N_("Write the name again, and save as CSV UTF-8 or as an Excel workbook (.xlsx)."),
        )
    number = parse_id(Kind.PERSON, text)
    if number is not None:
        return human_id(Kind.PERSON, number)
    name = require_name(clean_name(text))
    if _MUCH_OF_NUMBERS.search(name) or "@" in name:
        raise InputDataError(
            N_("this is not only a name"),
            N_("Write the name alone, and what else there is into a column of its own."),
        )
    if not _NAME_LETTERS.search(name):
        raise InputDataError(N_("this is no name"), N_("Write it, or clear the row."))
    refuse_mark(name)
    return name


def refuse_mark(name: str) -> None:
    """Raise InputDataError for a name with something beside it, which may mean anything."""
    if mark := mark_in(name):
        raise InputDataError(
            N_("“{mark}” stands beside the name"),
            N_(
                "Look what it means. Write that into a column of its own, and the name alone; a "
                "no belongs into a column of permissions or blocks. An initial has a dot behind it."
            ),
            mark=mark,
        )


def to_birth_day(value: CellValue, today: date) -> date | None:
    """Return the day of birth in a cell; InputDataError for what could be several days."""
    if isinstance(value, datetime):
        return _without_time(value)
    if isinstance(value, date) or value is None:
        return value and require_near(value)
    if isinstance(value, float) and not value.is_integer():
        raise _no_day_error(value)
    text = " ".join(to_text(value).split())
    if holds_identity_code(text):
        raise InputDataError(
            N_("this looks like a personal identity code, not a date"),
            N_("Write the birth date alone. Identity codes are never recorded in the registry."),
        )
    text = _MIDNIGHT.sub("", text).strip()
    return require_near(_day_in(text, value, today))


def _without_time(moment: datetime) -> date:
    if moment.time() != datetime.min.time():
        raise InputDataError(
            N_("the day has a time, {value}, so the program that wrote it may have moved the day"),
            N_("Write the day alone, for example 2.3.2018."),
            value=Phrase((moment.date(), f"{moment:%H:%M}")),
        )
    return require_near(moment.date())


def _day_in(text: str, value: CellValue, today: date) -> date:
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups() if part)
        return _checked(year, month, day, value)
    if found := _DAY.fullmatch(text):
        return _numeric_day(found, value, today)
    if (found := _IN_WORDS.fullmatch(text.casefold())) and found[2] in _MONTHS:
        return _checked(int(found[3]), _MONTHS[found[2]], int(found[1]), value)
    if is_day_number(value):
        return _EXCEL_EPOCH + timedelta(int(text))
    raise _no_day_error(value)


def is_day_number(value: CellValue) -> bool:
    """Return whether a cell holds a day as spreadsheets count days, a number of five digits."""
    text = to_text(value).strip()
    is_number = text.isascii() and text.isdecimal() and len(text) == len(str(_FIRST_SERIAL))
    return is_number and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL


def _numeric_day(found: re.Match[str], value: CellValue, today: date) -> date:
    """Return a day of three numbers: with dots the day is first, else it must be certain."""
    first, second, year = (int(part) for part in found.groups())
    if year < _TWO_DIGITS and len(found[3]) == 2:  # noqa: PLR2004
        year = _whole_year(year, today)
    if "." in found[0] or first > 12:  # noqa: PLR2004 - months
        return _checked(year, second, first, value)
    if second > 12:  # noqa: PLR2004
        return _checked(year, first, second, value)
    if first == second:
        return _checked(year, first, second, value)
    raise InputDataError(
        N_("{value} could be {one} or {other}"),
        N_("Write it as 2026-03-02 or 2.3.2026."),
        value=to_text(value),
        one=_checked(year, second, first, value),
        other=_checked(year, first, second, value),
    )


def _whole_year(year: int, today: date) -> int:
    """Return the year of two digits: nobody in a list is a hundred or not yet born."""
    century = today.year // 100 * 100
    return century + year if century + year <= today.year else century - 100 + year


def _checked(year: int, month: int, day: int, value: CellValue) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _no_day_error(value) from error


def _no_day_error(value: CellValue) -> InputDataError:
    return InputDataError(
        N_("{value} is not a date"), N_("Write it as 2026-03-02 or 2.3.2026."), value=to_text(value)
    )


def read_contact(value: CellValue) -> str:
    """Return a contact; InputDataError for a number that lost its first digits."""
    if not isinstance(value, str):
        raise InputDataError(
            N_("the contact was stored as a number, so the zero at its beginning was lost"),
            N_("Make the column a text column and type the number again."),
        )
    text = clean_name(", ".join(value.splitlines()))
    if _EXPONENT.fullmatch(text):
        raise InputDataError(
            N_("{value} is a shortened number: the spreadsheet program lost its last digits"),
            N_("Make the column a text column and type the number again."),
            value=text,
        )
    if _LOST_ZERO.fullmatch(text):
        raise InputDataError(
            N_("{value} has lost the zero at its beginning"),
            N_("Make the column a text column and type the number again."),
            value=text,
        )
    contact = free_text(text)
    _refuse_beside(mark_in_contact(text))
    return contact


def read_class(value: CellValue) -> str:
    """Return the name of a class; InputDataError for one with a mark beside it."""
    _refuse_beside(mark_in_class(clean_name(to_text(value))))
    return read_text(value)


def _refuse_beside(mark: str) -> None:
    """Raise InputDataError for a mark beside a contact or a class, which may mean a no."""
    if mark:
        raise InputDataError(
            N_("“{mark}” in the cell may be an answer or a mark"),
            N_(
                "Look what it means. Write a no into a column of permissions or blocks, and remove "
                "the mark from this cell."
            ),
            mark=mark,
        )


def read_permission(value: CellValue) -> bool:
    """Return whether a cell of permissions says yes; whatever says no in any way is a no."""
    if is_plain_yes(value):
        return True
    if answer_in(value) is CellAnswer.NO:
        return False
    raise InputDataError(N_("{value}: yes or no?"), N_("Write yes or no."), value=to_text(value))


def is_plain_yes(value: CellValue) -> bool:
    """Return whether a cell holds only a yes."""
    return answer_in(value) is CellAnswer.YES or _plain(value) == _TICK


def read_stated_block(value: CellValue) -> bool:
    """Return whether a cell holds a block or a refusal, where only a user says what the column is.

    InputDataError for a mere "no", which could be one, or say that there is none.
    """
    text = _plain(value)
    if is_no(text) and not is_nothing(text):
        raise InputDataError(
            N_("{value}: is it a no to photos, or does it say that there is none?"),
            N_("If it is a no, read the column as a permission. If there is none, clear the cell."),
            value=to_text(value),
        )
    return is_stop(value)


def _plain(value: CellValue) -> str:
    if isinstance(value, bool):
        return "x" if value else "ei"
    return " ".join(to_text(value).casefold().split()).rstrip(".!")


def read_age_group(value: CellValue) -> AgeGroup:
    """Return the age group in a cell."""
    return _one_of(AGE_GROUPS, value)


def read_language(value: CellValue) -> Language:
    """Return the language in a cell."""
    return _one_of(LANGUAGES, value)


def read_basis(value: CellValue) -> GuardianBasis:
    """Return on what a guardianship rests."""
    return _one_of(BASES, value)


def read_text(value: CellValue) -> str:
    """Return the text in a cell."""
    return free_text(to_text(value))


def read_verified(value: CellValue) -> str:
    """Return from what a guardianship was verified; a no says that it was not."""
    text = to_text(value)
    return "" if value is False or is_no(text) or starts_with_no(text) else free_text(text)


def _one_of(values: Mapping[str, _T], value: CellValue) -> _T:
    typed = " ".join(to_text(value).casefold().replace("_", " ").split())
    if typed not in values:
        raise InputDataError(
            N_("{value} is not an allowed value in this column"),
            N_("Allowed values: {allowed}."),
            value=to_text(value),
            allowed=tuple(Phrase((each,)) for each in dict.fromkeys(values.values())),
        )
    return values[typed]
