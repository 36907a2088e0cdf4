"""Read class lists: tables of pupils and their guardians.

Headings may be Finnish or English. Unknown columns are skipped and reported. Nothing is looked up
in the registry here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import name_key
from photoreg.registry.tables.people import GuardianBasis, Language
from photoreg.rulebook.facts import AgeGroup
from photoreg.services.inputs import free_text, require_name
from photoreg.services.people.list_columns import ListedPermission, ListNote, ReadColumn
from photoreg.services.people.persons import MAX_GUARDIANS
from photoreg.sheets.cells import CellValue, to_count, to_day, to_text
from photoreg.sheets.table import Problem, Table, TableRow, claim_column
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_T = TypeVar("_T")

_COLUMNS = {
    "name": ("nimi", "name", "oppilas", "pupil", "lapsi", "child", "lapsen nimi", "oppilaan nimi"),
    "born": ("syntynyt", "syntymäaika", "syntymäpäivä", "born", "date of birth", "birth date"),
    "age": ("ikäryhmä", "age group", "age band"),
    "language": ("kieli", "asiointikieli", "language"),
    "block": (
        "julkaisukielto",
        "julkaisuesto",
        "ei saa näyttää",
        "publication block",
        "must not be shown",
    ),
    "total": ("huoltajia", "huoltajien määrä", "guardians", "number of guardians"),
}
_GUARDIAN_COLUMNS = {
    "name": ("", "nimi", "name"),
    "contact": (
        "yhteystieto",
        "yhteystiedot",
        "puhelin",
        "sähköposti",
        "contact",
        "phone",
        "email",
    ),
    "language": ("kieli", "asiointikieli", "language"),
    "basis": ("peruste", "basis"),
    "verified": ("varmistettu", "varmistus", "verified"),
}
_GUARDIAN_HEADINGS = frozenset({"huoltaja", "huoltajan", "guardian", "guardian's"})
_AGE_GROUPS = {
    "alaikäinen": AgeGroup.MINOR,
    "lapsi": AgeGroup.MINOR,
    "minor": AgeGroup.MINOR,
    "child": AgeGroup.MINOR,
    "täysi-ikäinen": AgeGroup.ADULT,
    "aikuinen": AgeGroup.ADULT,
    "adult": AgeGroup.ADULT,
}
_YES_OR_NO = {
    **dict.fromkeys(("kyllä", "on", "x", "yes"), True),
    **dict.fromkeys(("ei", "no", "-"), False),
}
_LANGUAGES = {
    "suomi": Language.FINNISH,
    "finnish": Language.FINNISH,
    "fi": Language.FINNISH,
    "ruotsi": Language.SWEDISH,
    "swedish": Language.SWEDISH,
    "sv": Language.SWEDISH,
    "pohjoissaame": Language.NORTHERN_SAMI,
    "saame": Language.NORTHERN_SAMI,
    "northern sámi": Language.NORTHERN_SAMI,
    "se": Language.NORTHERN_SAMI,
    "englanti": Language.ENGLISH,
    "english": Language.ENGLISH,
    "en": Language.ENGLISH,
}
_BASES = {
    "vanhempi": GuardianBasis.PARENT,
    "parent": GuardianBasis.PARENT,
    "tuomioistuimen päätös": GuardianBasis.COURT_ORDER,
    "court order": GuardianBasis.COURT_ORDER,
    "sopimus": GuardianBasis.AGREEMENT,
    "agreement": GuardianBasis.AGREEMENT,
    "huostaanotto": GuardianBasis.CARE_DECISION,
    "care decision": GuardianBasis.CARE_DECISION,
}


@dataclass(frozen=True, slots=True)
class ListedGuardian:
    """A guardian in a row; `column` is the heading of the column with the name.

    `person` is the id, where the list has one (`H-2`) in place of the name.
    """

    name: str
    column: str = ""
    contact: str = ""
    language: Language | None = None
    basis: GuardianBasis = GuardianBasis.PARENT
    verified: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row of a class list: a pupil and the guardians; `blocked`: must not be shown.

    `contact` is the pupil's own. `refused`: what stands as a no in columns of permissions;
    `agreed`: a yes there, which is not taken. `person` is the pupil's id, where the list has one,
    and `group` the class.
    """

    row: int
    name: str
    born: date | None = None
    age_group: AgeGroup | None = None
    total: int | None = None
    language: Language | None = None
    guardians: tuple[ListedGuardian, ...] = ()
    blocked: bool = False
    contact: str = ""
    refused: tuple[ListedPermission, ...] = ()
    agreed: tuple[ListedPermission, ...] = ()
    person: str = ""
    group: str = ""


@dataclass(slots=True)
class ClassList:
    """A parsed class list: the valid rows, the problems in others, and the skipped columns.

    `headings` maps field names (`born`, `total`) to the headings in the table. `columns` tells how
    each column was read, and `notes` what was left out. `layout` names the saved layout that was
    taken.
    """

    persons: list[ListedPerson] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    not_read: list[str] = field(default_factory=list)
    columns: tuple[ReadColumn, ...] = ()
    notes: list[ListNote] = field(default_factory=list)
    layout: str = ""

    @property
    def not_understood(self) -> list[ReadColumn]:
        """The columns that seem to matter and were not understood: nothing may be recorded."""
        return [column for column in self.columns if column.smells]


@dataclass(frozen=True, slots=True)
class _ClassListColumns:
    """The heading of each field: of the person, and of each guardian by number."""

    person: Mapping[str, str]
    guardians: Mapping[int, Mapping[str, str]]
    not_read: Sequence[str]


def class_list(table: Table) -> ClassList:
    """Parse a table; InputDataError without a name column, or for two columns of one meaning."""
    columns = _columns(table.headings)
    result = ClassList(headings=dict(columns.person), not_read=list(columns.not_read))
    for line in table.rows:
        row = _ClassListRow(line, columns)
        person = row.person()
        result.problems += row.problems
        if not row.problems:
            result.persons.append(person)
    return result


def _columns(headings: Sequence[str]) -> _ClassListColumns:
    person: dict[str, str] = {}
    guardians: dict[int, dict[str, str]] = {}
    not_read = []
    last = 1
    for heading in filter(None, headings):
        plain = " ".join(re.sub(r"[.:()_-]", " ", heading.casefold()).split())
        key = next((key for key, names in _COLUMNS.items() if plain in names), None)
        number, part = _guardian_column(plain, last)
        if key and not (key in person and part and guardians):
            claim_column(person, key, heading)
        elif part:
            _require_guardian_number(number, heading)
            claim_column(guardians.setdefault(number, {}), part, heading)
            last = number
        else:
            not_read.append(heading)
    if "name" not in person:
        raise InputDataError(
            N_("the column {heading} is missing"),
            N_("Allowed headings: {known}. Write them in the first row."),
            heading="nimi (name)",
            known="nimi, syntynyt, ikäryhmä, kieli, huoltajia, huoltaja 1, yhteystieto 1, kieli 1, "
            "peruste 1, varmistettu 1, huoltaja 2 …",
        )
    return _ClassListColumns(person, guardians, not_read)


def _guardian_column(plain: str, last: int) -> tuple[int, str | None]:
    """Return the number of the guardian and the field that a heading names.

    A heading without a number belongs to the same guardian as the column before it.
    """
    words = plain.split()
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= 2]  # noqa: PLR2004
    rest = " ".join(w for w in words if not w.isdecimal() and w not in _GUARDIAN_HEADINGS)
    is_guardian = bool(set(words) & _GUARDIAN_HEADINGS)
    part = next((part for part, names in _GUARDIAN_COLUMNS.items() if rest in names), None)
    if not is_guardian and part == "name":
        part = None
    number = numbers[0] if numbers else 1 if part == "name" else last
    return number, part


def _require_guardian_number(number: int, heading: str) -> None:
    if not 1 <= number <= MAX_GUARDIANS:
        raise InputDataError(
            N_("the column {heading} concerns guardian {number}: at most {most} are possible"),
            N_("Number the guardians from 1."),
            heading=heading,
            number=number,
            most=MAX_GUARDIANS,
        )


class _ClassListRow:
    """Parses one row and collects all its problems."""

    def __init__(self, line: TableRow, columns: _ClassListColumns) -> None:
        self.line = line
        self.columns = columns
        self.problems: list[Problem] = []
        self.name = to_text(line.cells.get(columns.person["name"]))

    def person(self) -> ListedPerson:
        """Parse the row; the result is valid only if there are no problems."""
        names = self.columns.person
        name = self._read(names.get("name"), _name, "")
        if not name and not self.problems:
            self._add_problem(
                names["name"], InputDataError(N_("the name is missing"), _FILL_IN_HINT)
            )
        born = self._read(names.get("born"), to_day, None)
        age_group = self._read(names.get("age"), _age_group, None)
        total = self._read(names.get("total"), to_count, None)
        language = self._read(names.get("language"), _language, None)
        blocked = self._read(names.get("block"), _yes_or_no, empty=False)
        guardians = tuple(filter(None, map(self._guardian, self.columns.guardians.values())))
        if total is not None and total < len(guardians):
            error = InputDataError(
                N_("the number of guardians is {total}, but {named} are named"),
                N_("Correct the number, or remove the one who is not a guardian."),
                total=total,
                named=len(guardians),
            )
            self._add_problem(names["total"], error)
        for guardian in guardians:
            if name_key(guardian.name) == name_key(name):
                error = InputDataError(
                    N_("the child is named as their own guardian"),
                    N_(
                        "Give the name of the guardian. If both have the same name, leave the "
                        "guardian out here, and record the guardian and the guardianship "
                        "separately."
                    ),
                    step=NextStep.to(NextAction.GUARDIAN_ADD, "person", "guardian", "basis"),
                )
                self._add_problem(guardian.column, error)
        return ListedPerson(
            self.line.number, name, born, age_group, total, language, guardians, blocked
        )

    def _guardian(self, columns: Mapping[str, str]) -> ListedGuardian | None:
        name = self._read(columns.get("name"), _name, "")
        contact = self._read(columns.get("contact"), _contact, "")
        language = self._read(columns.get("language"), _language, None)
        basis = self._read(columns.get("basis"), _basis, GuardianBasis.PARENT)
        verified = self._read(columns.get("verified"), _text, "")
        if name:
            return ListedGuardian(name, columns["name"], contact, language, basis, verified)
        filled = [heading for heading in columns.values() if heading in self.line.cells]
        if filled and not self.problems:
            error = InputDataError(N_("the guardian's name is missing beside it"), _FILL_IN_HINT)
            self._add_problem(filled[0], error)
        return None

    def _read(self, heading: str | None, read: Callable[[CellValue], _T], empty: _T) -> _T:
        value = self.line.cells.get(heading) if heading else None
        if value is None or heading is None:
            return empty
        try:
            return read(value)
        except PhotoregError as error:
            self._add_problem(heading, error)
            return empty

    def _add_problem(self, heading: str, error: PhotoregError) -> None:
        self.problems.append(Problem(self.line.number, heading, self.name, error))


_FILL_IN_HINT = N_("Write it, or clear the row.")


def _text(value: CellValue) -> str:
    return free_text(to_text(value))


def _name(value: CellValue) -> str:
    if "?" in to_text(value):
        raise InputDataError(
            N_("a letter of the name was lost when the file was saved"),
            N_("Write the name again, and save as CSV UTF-8 or as an Excel workbook (.xlsx)."),
        )
    return require_name(to_text(value))


def _contact(value: CellValue) -> str:
    if not isinstance(value, str):
        raise InputDataError(
            N_("the contact was stored as a number, so the zero at its beginning was lost"),
            N_("Make the column a text column and type the number again."),
        )
    return free_text(value)


def _age_group(value: CellValue) -> AgeGroup:
    return _one_of(_AGE_GROUPS, value)


def _yes_or_no(value: CellValue) -> bool:
    return _one_of(_YES_OR_NO, value)


def _language(value: CellValue) -> Language:
    return _one_of(_LANGUAGES, value)


def _basis(value: CellValue) -> GuardianBasis:
    return _one_of(_BASES, value)


def _one_of(values: Mapping[str, _T], value: CellValue) -> _T:
    typed = " ".join(to_text(value).casefold().replace("_", " ").split())
    if typed not in values:
        raise InputDataError(
            N_("{value} is not an allowed value in this column"),
            N_("Allowed values: {allowed}."),
            value=to_text(value),
            allowed=", ".join(values),
        )
    return values[typed]
