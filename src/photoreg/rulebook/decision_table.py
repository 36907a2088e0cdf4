"""Run a decision table (CSV) against the rules: facts, expected outcome, complete codes.

The columns are those of the acceptance table. An empty cell, and `not_recorded`, mean unknown.
`person` describes the deciding person, `others` further recognisable people.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from photoreg.rulebook.facts import (
    ANY_PURPOSE,
    OPEN_ENDED,
    AgeGroup,
    Answer,
    Basis,
    Capacity,
    Channel,
    Commissioner,
    Confidentiality,
    ConsentKind,
    Credit,
    DepictedWork,
    DigitalSource,
    FileRights,
    GuardianAnswer,
    LicenceTerm,
    Mode,
    People,
    PeopleNamed,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Photographer,
    Place,
    Purpose,
    Role,
    Shot,
    Statement,
    Use,
)
from photoreg.rulebook.policy import ClosedGroup, Guardians, Policy
from photoreg.rulebook.reasons import REASONS, Severity
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.verdict import Outcome, evaluate

_ALIKE = 0.8
"""How alike two names of columns are, of 1, for one to be taken for a misspelling of the other."""

NOT_RECORDED = "not_recorded"
NA = "na"
MAX_AGE = 150
MAX_GUARDIANS = 20
MAX_FACES = 10_000
_NUMBER_OR_DAY = re.compile(r"[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Numbers and days as usually written; Python accepts more forms."""
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

_YES_NO = {"yes": True, "no": False, NA: None}
_PERMISSION_KINDS = {
    NA: None,
    "none": None,
    "pending": ConsentKind.REQUESTED,
    "undocumented": ConsentKind.GIVEN,  # a grant without evidence
    "granted": ConsentKind.GIVEN,
    "refused": ConsentKind.REFUSED,
    "revoked": ConsentKind.WITHDRAWN,
}
_CONSENT_KINDS = {
    NA: None,
    "by_guardians": None,
    "none": None,
    "pending": ConsentKind.REQUESTED,
    "granted": ConsentKind.GIVEN,
    "refused": ConsentKind.REFUSED,
    "withdrawn": ConsentKind.WITHDRAWN,
}
_CHILD_VIEWS = {NA: None, "agrees": ConsentKind.GIVEN, "opposes": ConsentKind.REFUSED}
_DECEASED_SAID = {
    "nothing": None,
    "refused": ConsentKind.REFUSED,
    "withdrawn": ConsentKind.WITHDRAWN,
    "guardian_refused": None,
}
_COMMISSIONERS = {
    NA: Commissioner.NA,
    "consented": Commissioner.CONSENTED,
    # The ways to write that the commissioner has not agreed; the rule treats them equally.
    **dict.fromkeys(
        ("not_consented", "not_asked", "missing", "none", "pending", "refused", "no"),
        Commissioner.NOT_CONSENTED,
    ),
}
_SECOND_LOOKS = {"none": False, "needed": True, "done": False}
_PHOTOGRAPHER_MINOR = {"no": None, "permitted": True, "not_permitted": False}
_PERSONS = {
    "none": None,
    "adult": AgeGroup.ADULT,
    "minor": AgeGroup.MINOR,
    "unknown_age": AgeGroup.UNKNOWN,
    "deceased": AgeGroup.UNKNOWN,
}
_GENERAL_LICENCES = frozenset({Basis.TRANSFERRED, Basis.LICENCE_CC, Basis.STOCK})
"""Bases for which `na` means that no permission of a single person is needed."""
_PERSON = PersonFacts("person")
_OTHER = PersonFacts("other", age_group=AgeGroup.ADULT, capacity=Capacity.OK)
_OTHERS = ("none", "all_valid", "one_missing", "one_unregistered")
_NOTICES = frozenset(c for c, r in REASONS.items() if r.severity is Severity.NOTICE)
_BLOCKING = frozenset(REASONS) - _NOTICES
_SCOPE_VALUES = frozenset(Channel)
_ASKED_CHANNEL = "asked"
"""The name of the channel asked about; scopes list kinds, never names."""
_YES_TO_EVERYTHING = Statement(
    ConsentKind.GIVEN,
    channels=frozenset({*Channel, _ASKED_CHANNEL}),
    purposes=frozenset({ANY_PURPOSE}),
    valid_until=OPEN_ENDED,
    documented=True,
)
"""A documented yes that is as wide as can be asked."""
_PURPOSE_VALUES = frozenset({*Purpose, ANY_PURPOSE})

COLUMNS = [
    "id",
    "as_of",
    "channel",
    "use_mode",
    "use_purpose",
    "photographer",
    "copyright_basis",
    "permission_state",
    "permission_valid_until",
    "permission_scope",
    "permission_purpose",
    "credit",
    "commissioner",
    "taken_year",
    "photographer_died_year",
    "exif_rights",
    "place",
    "place_permission",
    "shot",
    "people",
    "context_identifies",
    "person",
    "age",
    "person_role",
    "capacity",
    "consent",
    "consent_evidence",
    "consent_valid_until",
    "consent_scope",
    "consent_purpose",
    "guardians_total",
    "guardians_granted",
    "guardians_refused",
    "guardians_withdrawn",
    "guardians_excused",
    "consenter_verified",
    "child_view",
    "others",
    "sensitive",
    "confidentiality",
    "confidential_release",
    "terms_changed",
    "policy_guardians",
    "policy_closed_group",
    "expected_outcome",
    "expected_reasons",
    "expected_notices",
]
"""The columns a table must have. Others (a title, the clause) are allowed and not read."""

NEWER_COLUMNS = [
    "controller",
    "version",
    "licence_terms",
    "photographer_minor",
    "depicted_work",
    "digital_source",
    "file_taken_year",
    "second_look",
    "copy_differs",
    "people_named",
    "faces_found",
    "people_count",
    "child_view_scope",
    "child_view_purpose",
    "child_view_evidence",
    "child_view_until",
    "evidence",
    "deceased_said",
]
"""Columns since rules version 3, which a table may leave out; empty means not applicable."""


class TableError(ValueError):
    """A table that cannot be run: the place, the value found, and the values allowed."""

    def __init__(self, line: int, column: str, value: str = "", allowed: str = "") -> None:
        super().__init__(f"line {line}, column {column}: {value}")
        self.line = line
        self.column = column
        self.value = value
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """An outcome with its complete reason codes and notices."""

    outcome: str
    reasons: frozenset[str]
    notices: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row after running: its place, the expected outcome, the actual one."""

    line: int
    id: str
    expected: RowOutcome
    actual: RowOutcome

    @property
    def is_as_expected(self) -> bool:
        """Return whether outcome, reasons and notices all agree."""
        return self.expected == self.actual


def run_table(lines: Iterable[str]) -> Iterator[RowResult]:
    """Yield the result of each row. Raises TableError at the first cell that cannot be read."""
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        _check_header(header)
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) < len(header):
                raise TableError(reader.line_num, header[len(cells)])
            if len(cells) > len(header):
                surplus = cells[len(header)]
                raise TableError(reader.line_num, str(len(header) + 1), surplus, "-")
            values = dict.fromkeys(NEWER_COLUMNS, "") | dict(zip(header, cells, strict=True))
            yield _run_row(_DecisionRow(reader.line_num, values))
    except csv.Error as error:
        raise TableError(reader.line_num, "-", str(error), "CSV") from error


def _check_header(header: list[str]) -> None:
    """Raise TableError for a column that is missing, given twice, or named almost as a newer one.

    A further column is not read, so a misspelt name would leave out what it says.
    """
    for column in COLUMNS:
        if column not in header:
            raise TableError(1, column)
    for column in (*COLUMNS, *NEWER_COLUMNS):
        if header.count(column) > 1:
            raise TableError(1, column, column, "1")
    for column in set(header).difference(COLUMNS, NEWER_COLUMNS):
        meant = get_close_matches(column.strip().casefold(), NEWER_COLUMNS, cutoff=_ALIKE)
        if meant:
            raise TableError(1, column, column, meant[0])


def _run_row(row: "_DecisionRow") -> RowResult:
    use, policy = _use(row), _policy(row)
    verdict = evaluate(facts_of(row, use, policy), use, policy)
    actual = RowOutcome(
        verdict.outcome,
        frozenset(verdict.codes),
        frozenset(notice.code for notice in verdict.notices),
    )
    expected = RowOutcome(
        row.choice("expected_outcome", {o.value: o.value for o in Outcome}),
        row.value_set("expected_reasons", _BLOCKING),
        row.value_set("expected_notices", _NOTICES),
    )
    return RowResult(row.line, row.cell("id"), expected, actual)


@dataclass(frozen=True, slots=True)
class _DecisionRow:
    """One row of cells, read column by column with errors that name line and column."""

    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        return self.cells[column].strip()

    def error(self, column: str, allowed: Iterable[str]) -> TableError:
        return TableError(self.line, column, self.cell(column), ", ".join(allowed))

    def choice(self, column: str, choices: Mapping[str, _T]) -> _T:
        if self.cell(column) not in choices:
            raise self.error(column, choices)
        return choices[self.cell(column)]

    def optional_choice(self, column: str, choices: Mapping[str, _T]) -> _T | None:
        return None if self.cell(column) in {"", NOT_RECORDED} else self.choice(column, choices)

    def applicable(self, column: str, choices: Mapping[str, _T], otherwise: _T) -> _T | None:
        """Read a cell that may be empty, meaning not applicable, which is an answer of its own."""
        return otherwise if self.cell(column) in {"", NA} else self.optional_choice(column, choices)

    def optional_member(self, column: str, kind: type[_E]) -> _E | None:
        return self.optional_choice(column, _members_by_value(kind))

    def value_set(self, column: str, allowed: frozenset[str]) -> frozenset[str]:
        values = frozenset(filter(None, (w.strip() for w in self.cell(column).split(";"))))
        if not values <= allowed:
            raise self.error(column, sorted(allowed))
        return values

    def number(self, column: str, highest: int) -> int | None:
        number = self._read(column, int, f"0-{highest}")
        if number is not None and not 0 <= number <= highest:
            raise self.error(column, [f"0-{highest}"])
        return number

    def day(self, column: str) -> date | None:
        if self.cell(column) == "open":
            return OPEN_ENDED
        return self._read(column, date.fromisoformat, "2026-03-02, open")

    def _read(self, column: str, read: Callable[[str], _T], allowed: str) -> _T | None:
        if self.cell(column) in {"", NA, NOT_RECORDED, "unknown"}:
            return None
        if not _NUMBER_OR_DAY.fullmatch(self.cell(column)):
            raise self.error(column, [allowed])
        try:
            return read(self.cell(column))
        except ValueError:
            raise self.error(column, [allowed]) from None


def _members_by_value(kind: type[_E]) -> dict[str, _E]:
    return {member.value: member for member in kind}


def _use(row: _DecisionRow) -> Use:
    day = row.day("as_of")
    if day is None or day == OPEN_ENDED:
        raise row.error("as_of", ["2026-03-02"])
    channel = row.choice("channel", _members_by_value(Channel))
    controller = row.applicable("controller", {"own": True, "other": False}, None)
    return Use(
        channel=channel,
        day=day,
        mode=row.choice("use_mode", _members_by_value(Mode)),
        purpose=row.choice("use_purpose", _members_by_value(Purpose)),
        channel_name=_ASKED_CHANNEL,
        is_own=not channel.has_other_controller if controller is None else controller,
    )


def _policy(row: _DecisionRow) -> Policy:
    return Policy(
        guardians=row.optional_member("policy_guardians", Guardians) or Guardians.ALL,
        closed_group=row.optional_member("policy_closed_group", ClosedGroup)
        or ClosedGroup.AS_PUBLIC,
    )


def facts_of(row: _DecisionRow, use: Use, policy: Policy) -> PhotoFacts:
    """Build the facts that a row describes."""
    people = row.optional_member("people", People)
    others = row.choice("others", {word: word for word in _OTHERS})
    persons = (*_person(row, use, policy), *_other_persons(others, use))
    count = row.number("people_count", MAX_FACES)
    registered = len(persons) + (others == "one_unregistered")
    return PhotoFacts(
        photographer=row.optional_member("photographer", Photographer),
        basis=row.optional_member("copyright_basis", Basis),
        permissions=(_permission(row),),
        credit=row.optional_member("credit", Credit),
        commissioner=row.applicable("commissioner", _COMMISSIONERS, Commissioner.NA),
        taken_year=row.number("taken_year", date.max.year),
        photographer_died_year=row.number("photographer_died_year", date.max.year),
        file_rights=row.applicable("exif_rights", _members_by_value(FileRights), FileRights.NONE),
        place=row.optional_member("place", Place),
        place_permission=row.optional_choice("place_permission", _YES_NO),
        shot=row.optional_member("shot", Shot),
        people=people,
        recognisable_count=registered if count is None else count,
        context_identifies=row.applicable("context_identifies", _YES_NO, False),
        persons=persons,
        sensitive=row.applicable("sensitive", _YES_NO, False),
        confidentiality=row.optional_member("confidentiality", Confidentiality),
        confidential_release=row.optional_choice("confidential_release", _YES_NO),
        terms_changed=row.applicable("terms_changed", _YES_NO, False),
        licence_terms=frozenset(
            map(LicenceTerm, row.value_set("licence_terms", frozenset(LicenceTerm)))
        ),
        version_changed=row.applicable("version", {"none": False, "changed": True}, None) is True,
        depicted_work=row.applicable("depicted_work", _members_by_value(DepictedWork), None),
        digital_source=row.applicable("digital_source", _members_by_value(DigitalSource), None),
        file_taken_year=row.number("file_taken_year", date.max.year),
        second_look=row.applicable("second_look", _SECOND_LOOKS, None) is True,
        copy_differs=row.applicable("copy_differs", _YES_NO, None) is True,
        people_named=row.applicable("people_named", _members_by_value(PeopleNamed), None),
        faces_found=row.number("faces_found", MAX_FACES),
    )


def _permission(row: _DecisionRow) -> PermissionFacts:
    minor = row.applicable("photographer_minor", _PHOTOGRAPHER_MINOR, None)
    kind = row.optional_choice("permission_state", _PERMISSION_KINDS)
    given = Statement(
        ConsentKind.GIVEN,
        channels=row.value_set("permission_scope", _SCOPE_VALUES),
        purposes=row.value_set("permission_purpose", _PURPOSE_VALUES),
        valid_until=row.day("permission_valid_until"),
        documented=row.cell("permission_state") == "granted",
        is_whole=_is_whole(row),
    )
    if row.cell("permission_state") == NA and row.cell("copyright_basis") in _GENERAL_LICENCES:
        kind, given = ConsentKind.GIVEN, _YES_TO_EVERYTHING
    agreed = (Answer((_YES_TO_EVERYTHING,)),) if minor else ()
    age_group = None if minor is None else AgeGroup.MINOR
    return PermissionFacts(answer=_answer(kind, given), age_group=age_group, guardians=agreed)


def _answer(kind: ConsentKind | None, given: Statement) -> Answer:
    """Return the answer that consists of this yes, or of a statement of another kind."""
    if kind is None:
        return Answer()
    return Answer((given if kind is ConsentKind.GIVEN else Statement(kind),))


def _is_whole(row: _DecisionRow) -> bool:
    return row.applicable("evidence", {"whole": True, "damaged": False}, None) is not False


def _person(row: _DecisionRow, use: Use, policy: Policy) -> tuple[PersonFacts, ...]:
    group = row.choice("person", _PERSONS)
    given = Statement(
        ConsentKind.GIVEN,
        day=use.day,
        channels=row.value_set("consent_scope", _SCOPE_VALUES),
        purposes=row.value_set("consent_purpose", _PURPOSE_VALUES),
        valid_until=row.day("consent_valid_until"),
        documented=row.optional_choice("consent_evidence", _YES_NO),
        is_whole=_is_whole(row),
    )
    consent = row.optional_choice("consent", _CONSENT_KINDS)
    view = _child_view(row)
    age = row.number("age", MAX_AGE)
    if age is not None and age >= use.day.year:
        raise row.error("age", [f"0-{use.day.year - 1}"])
    last_words = row.applicable("deceased_said", _DECEASED_SAID, None)
    person = replace(
        _PERSON,
        age_group=group,
        born=_born(age, use.day),
        deceased=row.cell("person") == "deceased",
        role=row.optional_choice("person_role", {NA: Role.PRIVATE, **{r.value: r for r in Role}}),
        capacity=row.applicable("capacity", _members_by_value(Capacity), Capacity.NA),
        own=_answer(consent or last_words, given),
        guardians_total=row.number("guardians_total", MAX_GUARDIANS),
        guardians=tuple(_guardians(row, given)),
    )
    # For a minor, the person's own answer is the child's view; consent_* are the guardians'.
    if Situation(PhotoFacts(), use, policy).is_minor(person):
        person = replace(person, own=view)
    return () if group is None else (person,)


def _child_view(row: _DecisionRow) -> Answer:
    """Return the child's own answer; where nothing else is stated it is as wide as asked."""
    asked = _YES_TO_EVERYTHING
    scope = row.value_set("child_view_scope", _SCOPE_VALUES)
    purposes = row.value_set("child_view_purpose", _PURPOSE_VALUES)
    given = replace(
        asked,
        channels=scope or asked.channels,
        purposes=purposes or asked.purposes,
        valid_until=row.day("child_view_until") or asked.valid_until,
        documented=row.applicable("child_view_evidence", _YES_NO, True),
        is_whole=_is_whole(row),
    )
    return _answer(row.optional_choice("child_view", _CHILD_VIEWS), given)


def _born(age: int | None, day: date) -> date | None:
    """A day of birth that gives this age on the day."""
    if age is None:
        return None
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - age, day.month, 28 if is_leap_day else day.day)


def _guardians(row: _DecisionRow, given: Statement) -> Iterator[GuardianAnswer]:
    """Yield the guardians that the counts describe; the rest of the total has not answered.

    A signatory who is not verified counts as signed, but not as a guardian.
    """
    granted = row.number("guardians_granted", MAX_GUARDIANS) or 0
    refused = row.number("guardians_refused", MAX_GUARDIANS) or 0
    withdrawn = row.number("guardians_withdrawn", MAX_GUARDIANS) or 0
    excused = row.number("guardians_excused", MAX_GUARDIANS) or 0
    has_outsider = row.optional_choice("consenter_verified", _YES_NO) is False
    refused += row.cell("deceased_said") == "guardian_refused"
    kinds = [ConsentKind.GIVEN] * max(granted, has_outsider)
    kinds += [ConsentKind.REFUSED] * refused + [ConsentKind.WITHDRAWN] * withdrawn
    for number, kind in enumerate(kinds):
        is_outsider = has_outsider and number == 0
        yield GuardianAnswer(f"guardian-{number}", _answer(kind, given), verified=not is_outsider)
    for number in range(excused):
        yield GuardianAnswer(f"excused-{number}", verified=True, excused=True)


def _other_persons(others: str, use: Use) -> Iterator[PersonFacts]:
    """Yield the other recognisable people: adults whose consent covers the use, or is missing."""
    covering = replace(_YES_TO_EVERYTHING, valid_until=use.day)
    kinds = {"all_valid": ConsentKind.GIVEN, "one_missing": None}
    if others in kinds:
        yield replace(_OTHER, own=_answer(kinds[others], covering))
