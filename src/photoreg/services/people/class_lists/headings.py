"""Understand the headings of a class list: each column by its words, its place and its number."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from photoreg.errors import InputDataError, Phrase
from photoreg.services.inputs import without_identity_codes
from photoreg.services.people.class_lists.columns import ColumnMeaning, ReadBy, ReadColumn
from photoreg.services.people.class_lists.forbidding import HeadingSense, is_of_noes, sense_of
from photoreg.services.people.class_lists.words import (
    FATHER_WORDS,
    FIELD_OF,
    GUARDIAN_WORDS,
    MOTHER_WORDS,
    OF_GUARDIAN,
    is_name_of_pupil,
    is_permission,
    plain_heading,
    smells,
    without_subject,
)
from photoreg.services.people.persons import MAX_GUARDIANS
from photoreg.texts import N_

_GUARDIAN_NAMING = (
    ColumnMeaning.GUARDIAN,
    ColumnMeaning.GUARDIAN_SURNAME,
    ColumnMeaning.GUARDIAN_FORENAMES,
)
_SEVERAL = frozenset(
    {
        *(ColumnMeaning.CONTACT, ColumnMeaning.GUARDIAN_CONTACT),
        *(ColumnMeaning.PERMISSION, ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL),
    }
)
"""What several columns may tell."""

_WHOLE = frozenset(
    {ColumnMeaning.SKIP, ColumnMeaning.TOTAL, ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL}
)
"""What only whole headings tell, with the words for whom they are about."""

_LETTER_BEHIND = re.compile(r" \[[A-Z]{1,3}\]$")


def count_headings(headings: Sequence[str], stated: Mapping[str, str] | None = None) -> int:
    """Return how many cells of a row are headings of a class list; 0 without one for names.

    `stated` is the meaning of columns by heading, as a user stated it.
    """
    columns = [column for column in _with_stated(headings, {}, stated or {}) if column.meaning]
    return len(columns) if _has_names(columns) else 0


def read_columns(
    headings: Sequence[str],
    sheet: str = "",
    *,
    said: Mapping[str, str] | None = None,
    layout: Mapping[str, str] | None = None,
) -> list[ReadColumn]:
    """Return how each column is read; `said` by the user and `layout` before the headings."""
    columns = _with_stated(headings, said or {}, layout or {})
    refuse_unknown_columns(headings, said or {})
    _require_one_each(columns)
    return [replace(column, sheet=sheet) for column in columns if column.heading]


def _with_stated(
    headings: Sequence[str], said: Mapping[str, str], layout: Mapping[str, str]
) -> list[ReadColumn]:
    """Return the columns as their headings tell, but for those that a user described."""
    columns = _understood(headings)
    for place, heading in enumerate(headings if said or layout else ()):
        stated = _stated(heading, said), _stated(heading, layout)
        by = ReadBy.USER if stated[0] else ReadBy.LAYOUT
        if words := stated[0] or stated[1]:
            meaning, number = parse_meaning(words, heading)
            if not stated[0] and _hides(heading, meaning):
                continue
            _refuse_hiding(heading, meaning)
            if meaning.is_of_guardian:
                number = number or _number(plain_heading(heading).split()) or 1
            columns[place] = replace(
                columns[place],
                meaning=meaning,
                guardian=number,
                read_by=by,
                smells=False,
                is_skipped_with_noes=words == SKIP_WITH_NOES,
            )
    return columns


SKIP_WITH_NOES = "skip with noes"
"""How a layout keeps that somebody skipped a column although a no stood in it."""

_READ_AS = {
    HeadingSense.BLOCK: (ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL),
    HeadingSense.REFUSAL: (ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL),
    HeadingSense.PERMISSION: (
        *(ColumnMeaning.PERMISSION, ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL),
    ),
}
"""As what a column may be read in which a no may stand."""


def _hides(heading: str, meaning: ColumnMeaning) -> bool:
    """Return whether a column of noes would be read as something harmless."""
    may_be = _meanings_of_no(heading)
    return bool(may_be) and meaning not in may_be


def _meanings_of_no(heading: str) -> tuple[ColumnMeaning, ...]:
    sense = sense_of(_LETTER_BEHIND.sub("", heading))
    return _READ_AS[sense] if sense else ()


def _refuse_hiding(heading: str, meaning: ColumnMeaning) -> None:
    """Raise InputDataError for a column of noes that is said to be something harmless."""
    if not _hides(heading, meaning):
        return
    raise InputDataError(
        N_("the column {heading} cannot be read as {meaning}: a no may stand in it"),
        N_(
            "It can be: {known}. If it is not about photos at all, take the column out of the file."
        ),
        fields=("column",),
        heading=heading,
        meaning=meaning,
        known=_labels(_meanings_of_no(heading)),
    )


def _labels(meanings: Iterable[ColumnMeaning]) -> tuple[Phrase, ...]:
    """Return meanings for a message, as users read and type them."""
    return tuple(Phrase((each,)) for each in meanings)


def parse_meaning(words: str, heading: str) -> tuple[ColumnMeaning, int | None]:
    """Return the meaning and number that a user gave a column, as in `guardian 1`."""
    plain = plain_heading(words)
    parts = plain.split()
    number = int(parts.pop()) if parts and parts[-1].isdecimal() else None
    codes = {each.value.replace("_", " "): each for each in ColumnMeaning}
    known = FIELD_OF | MEANING_WORDS | codes | {SKIP_WITH_NOES: ColumnMeaning.SKIP}
    meaning = known.get(" ".join(parts))
    if meaning is None or (number is not None and not 1 <= number <= MAX_GUARDIANS):
        raise InputDataError(
            N_("{heading} cannot be read as {meaning}"),
            N_("A column can be: {known}. Guardians have a number behind it: guardian 2."),
            fields=("column",),
            heading=heading,
            meaning=words,
            known=_labels(ColumnMeaning),
        )
    return meaning, number if meaning.is_of_guardian else None


MEANING_WORDS = {
    "nimi": ColumnMeaning.NAME,
    "sukunimi": ColumnMeaning.SURNAME,
    "etunimet": ColumnMeaning.FORENAMES,
    "etunimi": ColumnMeaning.FORENAMES,
    "kutsumanimi": ColumnMeaning.CALLING_NAME,
    "syntynyt": ColumnMeaning.BORN,
    "syntymäaika": ColumnMeaning.BORN,
    "ikäryhmä": ColumnMeaning.AGE,
    "luokka": ColumnMeaning.GROUP,
    "yhteystieto": ColumnMeaning.CONTACT,
    "kieli": ColumnMeaning.LANGUAGE,
    "esto": ColumnMeaning.BLOCK,
    "lupa": ColumnMeaning.PERMISSION,
    "kielto": ColumnMeaning.REFUSAL,
    "kieltäytyminen": ColumnMeaning.REFUSAL,
    "ikä": ColumnMeaning.AGE,
    "henkilö": ColumnMeaning.PERSON,
    "huoltajia": ColumnMeaning.TOTAL,
    "huoltajien määrä": ColumnMeaning.TOTAL,
    "number of guardians": ColumnMeaning.TOTAL,
    "huoltaja": ColumnMeaning.GUARDIAN,
    "huoltajan sukunimi": ColumnMeaning.GUARDIAN_SURNAME,
    "huoltajan etunimet": ColumnMeaning.GUARDIAN_FORENAMES,
    "huoltajan yhteystieto": ColumnMeaning.GUARDIAN_CONTACT,
    "huoltajan kieli": ColumnMeaning.GUARDIAN_LANGUAGE,
    "peruste": ColumnMeaning.GUARDIAN_BASIS,
    "varmistettu": ColumnMeaning.GUARDIAN_VERIFIED,
    "ohita": ColumnMeaning.SKIP,
}
"""The Finnish words for meanings, as users give them."""


def refuse_unknown_columns(headings: Sequence[str], said: Mapping[str, str]) -> None:
    """Raise InputDataError for a column that a user describes and the list does not have."""
    for named in said:
        if not any(_is_heading(named, heading) for heading in headings):
            raise InputDataError(
                N_("the list has no column {heading}"),
                N_("Its columns are: {known}."),
                fields=("column",),
                heading=named,
                known=without_identity_codes(", ".join(filter(None, headings))),
            )


def _stated(heading: str, stated: Mapping[str, str]) -> str | None:
    found = (words for named, words in stated.items() if _is_heading(named, heading))
    return next(found, None)


def _is_heading(named: str, heading: str) -> bool:
    one, other = (" ".join(text.casefold().split()) for text in (named, heading))
    return bool(one) and one == other


def _understood(headings: Sequence[str]) -> list[ReadColumn]:
    """Return the columns as their headings, numbers and places tell."""
    reader = _HeadingReader()
    columns = [reader.column(place, heading) for place, heading in enumerate(headings)]
    return _without_contacts_in_doubt(columns)


class _HeadingReader:
    """Reads headings from left to right: a column may belong to the guardian before it."""

    def __init__(self) -> None:
        self.claimed: set[tuple[ColumnMeaning, int | None]] = set()
        self.written: set[tuple[ColumnMeaning, int | None, str]] = set()
        self.last: int | None = None
        self.parents: dict[str, int] = {}

    def column(self, place: int, heading: str) -> ReadColumn:
        """Return one column; the next one is to its right."""
        bare = _LETTER_BEHIND.sub("", heading)
        for text in (bare, re.sub(r"\([^)]*\)", " ", bare)):
            plain = plain_heading(text)
            meaning, number = self._meaning(plain)
            if meaning is ColumnMeaning.PERMISSION and is_of_noes(bare):
                break
            if meaning:
                return self._claimed(place, heading, plain, meaning, number)
        return ReadColumn(heading, place, smells=_smells(bare))

    def _meaning(self, plain: str) -> tuple[ColumnMeaning | None, int | None]:
        words = plain.split()
        unnumbered = " ".join(word for word in words if not word.isdecimal())
        whole = ColumnMeaning.NAME if is_name_of_pupil(unnumbered) else FIELD_OF.get(unnumbered)
        if whole in _WHOLE or is_name_of_pupil(unnumbered):
            return whole, None
        rest = without_subject(words)
        field = FIELD_OF.get(rest) or whole
        number = self._guardian(words)
        if number is not None:
            of_guardian = OF_GUARDIAN.get(field or ColumnMeaning.SKIP)
            return of_guardian if rest else ColumnMeaning.GUARDIAN, number
        if is_permission(unnumbered):
            return ColumnMeaning.PERMISSION, None
        return self._by_place(field, _number(words)) if field else (None, None)

    def _guardian(self, words: Sequence[str]) -> int | None:
        """Return the number of the guardian whom a heading names, if it names one."""
        for word in words:
            parent = "m" if word in MOTHER_WORDS else "f" if word in FATHER_WORDS else ""
            if parent:
                return self.parents.setdefault(parent, self._free())
        if not set(words) & GUARDIAN_WORDS:
            return None
        number = _number(words)
        return self._unnumbered(without_subject(words)) if number is None else number

    def _unnumbered(self, rest: str) -> int:
        """Return the guardian of a heading without a number: the last one, or a further one."""
        field = OF_GUARDIAN.get(FIELD_OF.get(rest, ColumnMeaning.NAME), ColumnMeaning.GUARDIAN)
        last = self.last or 1
        is_next = field not in _SEVERAL and (field, last) in self.claimed
        return self._free() if is_next and field in _GUARDIAN_NAMING else last

    def _free(self) -> int:
        taken = {number for meaning, number in self.claimed if meaning in _GUARDIAN_NAMING}
        return max((number for number in taken if number), default=0) + 1

    def _by_place(
        self, field: ColumnMeaning, number: int | None
    ) -> tuple[ColumnMeaning | None, int | None]:
        """Return what a heading means that names nobody: it is about whoever stands before it."""
        of_guardian = OF_GUARDIAN.get(field)
        if field.is_of_guardian or (number is not None and of_guardian):
            return of_guardian or field, (self.last or 1) if number is None else number
        is_repeated = (field, None) in self.claimed and field not in _SEVERAL
        if field is ColumnMeaning.NAME and is_repeated:
            return ColumnMeaning.GUARDIAN, self._free()
        is_contact_behind = field is ColumnMeaning.CONTACT and self.last is not None
        if of_guardian and (is_contact_behind or (is_repeated and self.last)):
            return of_guardian, self.last
        return field, None

    def _claimed(
        self, place: int, heading: str, plain: str, meaning: ColumnMeaning, number: int | None
    ) -> ReadColumn:
        """Return the column, unless it repeats one that may only be there once."""
        written = (meaning, number, plain)
        if meaning is ColumnMeaning.GUARDIAN_CONTACT and written in self.written:
            return ReadColumn(heading, place, smells=True)
        self.written.add(written)
        self.claimed.add((meaning, number))
        if meaning in _GUARDIAN_NAMING:
            self.last = number
        return ReadColumn(heading, place, meaning=meaning, guardian=number)


def _smells(heading: str) -> bool:
    return smells(plain_heading(heading)) or sense_of(heading) is not None


def _number(words: Sequence[str]) -> int | None:
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= 2]  # noqa: PLR2004
    return numbers[0] if numbers else None


def _without_contacts_in_doubt(columns: list[ReadColumn]) -> list[ReadColumn]:
    """Return the columns; one contact behind several guardians without any is not understood."""
    named = {c.guardian or 1 for c in columns if c.meaning in _GUARDIAN_NAMING}
    with_contact = {c.guardian for c in columns if c.meaning is ColumnMeaning.GUARDIAN_CONTACT}
    is_doubtful = len(named) > 1 and len(with_contact) == 1 and max(named) in with_contact
    return [
        replace(column, meaning=None, guardian=None, smells=True)
        if is_doubtful
        and column.meaning is ColumnMeaning.GUARDIAN_CONTACT
        and not _names_guardian(column.heading)
        else column
        for column in columns
    ]


def _names_guardian(heading: str) -> bool:
    words = set(plain_heading(heading).split())
    has_number = any(word.isdecimal() for word in words)
    return has_number or bool(words & (GUARDIAN_WORDS | MOTHER_WORDS | FATHER_WORDS))


def _require_one_each(columns: Sequence[ReadColumn]) -> None:
    """Raise InputDataError for two columns of one meaning, and for too many guardians."""
    seen: dict[tuple[ColumnMeaning, int | None], str] = {}
    for column in columns:
        if column.guardian is not None and not 1 <= column.guardian <= MAX_GUARDIANS:
            raise InputDataError(
                N_("the column {heading} concerns guardian {number}: at most {most} are possible"),
                N_("Number the guardians from 1."),
                heading=column.heading,
                number=column.guardian,
                most=MAX_GUARDIANS,
            )
        if column.meaning is None or column.meaning in _SEVERAL or not column.is_read:
            continue
        first = seen.setdefault((column.meaning, column.guardian), column.heading)
        if first != column.heading:
            raise InputDataError(
                N_("the columns {first} and {second} mean the same"),
                N_("Put what they say into one of them, and delete the other."),
                first=first,
                second=column.heading,
            )
    _require_names(columns)


def _has_names(columns: Sequence[ReadColumn]) -> bool:
    meanings = {column.meaning for column in columns}
    in_two = {ColumnMeaning.SURNAME, ColumnMeaning.FORENAMES}
    return bool(meanings & {ColumnMeaning.NAME, ColumnMeaning.PERSON}) or in_two <= meanings


def _require_names(columns: Sequence[ReadColumn]) -> None:
    if _has_names(columns):
        return
    raise InputDataError(
        N_("the column {heading} is missing"),
        N_("Allowed headings: {known}. Write them in the first row."),
        heading="nimi (name)",
        known="nimi, sukunimi, etunimet, syntynyt, ikäryhmä, kieli, huoltajia, huoltaja 1, "
        "yhteystieto 1, kieli 1, peruste 1, varmistettu 1, huoltaja 2 …",
    )
