"""Decisions about the doubtful rows of a class list: as given, and in a table that is filled in.

The table has a line for each candidate. What is written on one line of a doubtful person decides
about that person: the id of a candidate, or that it is nobody of them, or that the whole row of the
list is left out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import InputDataError, PhotoregError, Term
from photoreg.registry.ids import Kind, human_id, id_of, name_key, parse_id
from photoreg.registry.lookup import find_person
from photoreg.services.inputs import require_apart
from photoreg.services.people.class_list import ListedPerson
from photoreg.services.people.identity import contact_keys, not_a_candidate
from photoreg.services.photos.rosters.results import (
    LEAVE_OUT,
    NEW,
    SEPARATOR,
    ListedPlace,
    ListedRole,
    RosterDecisions,
    RowDecision,
    ToldBefore,
    event_and_list,
)
from photoreg.services.photos.rosters.told import told_parts
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import to_text
from photoreg.sheets.files import read_table
from photoreg.sheets.table import Problem, Table, TableRow, claim_column
from photoreg.texts import N_

DECISION_COLUMNS = (
    "row",
    "pupil",
    "role",
    "doubtful",
    "listed",
    "candidate",
    "candidate_name",
    "born",
    "contact",
    "class_or_event",
    "family",
    "only_if",
    "list",
    "decision",
)
"""The columns of a table of decisions."""

NEEDED_COLUMNS = ("row", "pupil", "doubtful", "listed", "candidate", "decision")
"""The columns that must be there; the role of the doubtful person is read as well."""

_OF_CANDIDATE = ("born", "contact", "class_or_event", "family")
"""What stands in the table about a candidate, beside the name."""


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """The columns by casefolded heading; the decisions, roles, and words for a row, as written.

    `labels` are the words that stand before values (`born`), casefolded.
    """

    headings: Mapping[str, str]
    decisions: Mapping[str, str]
    roles: Mapping[str, ListedRole]
    row_words: frozenset[str]
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table: the pupil of the row, who is doubtful, a candidate, the decision.

    `told` is what the list told of the doubtful person, and of a candidate on another row.
    """

    number: int
    pupil: str
    doubtful: ListedPlace
    candidate: str
    decision: str
    told: tuple[ToldBefore, ...]


def read_decisions(file: Path, words: DecisionWords) -> RosterDecisions:
    """Return what was filled in in a table of decisions; an empty cell decides nothing."""
    table = read_table(file)
    return _DecisionsReader(table, _columns(table, words), words, file.name).decisions()


def _columns(table: Table, words: DecisionWords) -> dict[str, str]:
    columns: dict[str, str] = {}
    for heading in table.headings:
        key = words.headings.get(heading.casefold())
        if key is not None:
            claim_column(columns, key, heading)
    missing = next((key for key in NEEDED_COLUMNS if key not in columns), None)
    if missing is not None:
        heading = next(text for text, key in words.headings.items() if key == missing)
        raise InputDataError(
            N_("the column {heading} is missing"),
            N_("Write the table of decisions again, and leave its headings as they are."),
            heading=Term(heading),
        )
    return columns


class _DecisionsReader:
    """Reads the lines of a table; those of one doubtful person belong together."""

    def __init__(
        self, table: Table, columns: Mapping[str, str], words: DecisionWords, name: str
    ) -> None:
        self.table = table
        self.columns = columns
        self.words = words
        self.name = name
        self.problems: list[Problem] = []

    def decisions(self) -> RosterDecisions:
        """Return the decisions, and the problems of lines that cannot be read."""
        doubts: dict[tuple[int, tuple[ListedRole, str]], list[_Line]] = {}
        for line in filter(None, map(self._line, range(len(self.table.rows)))):
            doubts.setdefault((line.doubtful.row, line.doubtful.key), []).append(line)
        rows: list[RowDecision] = []
        left_out = set()
        for lines in doubts.values():
            written = {line.decision for line in lines} - {""}
            if len(written) > 1:
                self._add(lines[-1], _contradiction())
            elif written == {LEAVE_OUT}:
                left_out.add(lines[0].doubtful.row)
            elif written:
                rows += self._decided(lines, *written)
        return RosterDecisions(
            tuple(rows),
            frozenset(left_out),
            {line.doubtful.row: line.pupil for lines in doubts.values() for line in lines},
            tuple(self.problems),
            {key: frozenset(line.candidate for line in lines) for key, lines in doubts.items()},
            tuple(
                told
                for lines in doubts.values()
                if any(line.decision for line in lines)
                for line in lines
                for told in line.told
            ),
            self.words.labels,
            frozenset(filter(None, map(self._about_list, self.table.rows))),
        )

    def _about_list(self, row: TableRow) -> str:
        return to_text(row.cells.get(self.columns.get("list", "")))

    def _line(self, place: int) -> _Line | None:
        row = self.table.rows[place]
        cell = {key: to_text(row.cells.get(heading)) for key, heading in self.columns.items()}
        number = cell["row"].strip()
        listed = int(number) if number.isdecimal() else 0
        doubtful = ListedPlace(listed, self._role(cell), cell["doubtful"])
        candidate = self._who(cell["candidate"])
        line = _Line(
            row.number,
            cell["pupil"],
            doubtful,
            candidate,
            self._decision(cell["decision"]),
            tuple(self._told(cell, doubtful, candidate)),
        )
        if listed and (line.candidate or line.decision == LEAVE_OUT):
            return line
        self._add(line, _unreadable())
        return None

    def _told(
        self, cell: Mapping[str, str], doubtful: ListedPlace, candidate: str
    ) -> Iterator[ToldBefore]:
        """Yield what a line tells of people on the list."""
        yield self._told_of(doubtful.row, doubtful, [cell["listed"]])
        if candidate.isdecimal():
            yield self._told_of(int(candidate), None, [cell.get(key, "") for key in _OF_CANDIDATE])

    def _told_of(self, row: int, about: ListedPlace | None, texts: list[str]) -> ToldBefore:
        words = SEPARATOR.join(filter(None, texts))
        return ToldBefore(row, about, words, told_parts(texts, self.words.labels))

    def _role(self, cell: Mapping[str, str]) -> ListedRole:
        """Return the role as written; without one, a person is told by the name."""
        is_pupil = name_key(cell["doubtful"]) == name_key(cell["pupil"])
        by_name = ListedRole.PUPIL if is_pupil else ListedRole.GUARDIAN
        return self.words.roles.get(cell.get("role", "").casefold(), by_name)

    def _who(self, text: str) -> str:
        """Return a person's id, or the number of a row, from what stands in a cell."""
        words = text.split()
        if len(words) == 2 and words[0].casefold() in self.words.row_words:  # noqa: PLR2004
            words = words[1:]
        number = parse_id(Kind.PERSON, words[0]) if len(words) == 1 else None
        return human_id(Kind.PERSON, number) if number is not None else " ".join(words)

    def _decision(self, text: str) -> str:
        typed = " ".join(text.casefold().split())
        return self.words.decisions.get(typed) or self._who(text)

    def _decided(self, lines: Sequence[_Line], written: str) -> list[RowDecision]:
        candidates = dict.fromkeys(line.candidate for line in lines)
        line = next(each for each in lines if each.decision)
        row, about = line.doubtful.row, line.doubtful
        if written == NEW:
            return [RowDecision(row, who, is_same=False, about=about) for who in candidates]
        if written in candidates:
            return [RowDecision(row, who, who == written, about) for who in candidates]
        self._add(line, _no_decision(written, candidates))
        return []

    def _add(self, line: _Line, error: PhotoregError) -> None:
        heading = self.columns["decision" if line.candidate else "candidate"]
        self.problems.append(Problem(line.number, heading, line.doubtful.name, error, self.name))


def require_same_list(decisions: RosterDecisions, event: str, source: str) -> None:
    """Raise InputDataError for a table that was written for another event or list.

    A list keeps its name when it is saved in another format.
    """
    wanted = event_and_list(event, source)
    for written in sorted(decisions.about):
        if _comparable_list(written) != _comparable_list(wanted):
            raise InputDataError(
                N_("the table of decisions is for {other}, not for {this}"),
                N_(
                    "Give it back with the event and the list that it was written for, or write a "
                    "new table, into another file."
                ),
                fields=("decided",),
                other=written,
                this=wanted,
            )


def _comparable_list(text: str) -> tuple[str, str]:
    event, _sign, source = text.partition(SEPARATOR.strip())
    return name_key(event), name_key(Path(source.strip()).stem)


def _contradiction() -> InputDataError:
    return InputDataError(
        N_("about one person two things are decided"), N_("Leave one of them in the table.")
    )


def _unreadable() -> InputDataError:
    return InputDataError(
        N_("the row or the candidate is missing"),
        N_("Write the table of decisions again, and fill in the last column only."),
    )


def _no_decision(written: str, candidates: Iterable[str]) -> InputDataError:
    return InputDataError(
        N_("{value} is no decision"),
        N_("Write one of the candidates ({candidates}), {new} or {leave_out}."),
        value=written,
        candidates=", ".join(candidates),
        new=Term(NEW),
        leave_out=Term(LEAVE_OUT),
    )


class DecidedRows:
    """What the user decided about doubtful persons, by row.

    A guardian of several children is decided once: what is decided on one row holds for the same
    name with the same contact on others.
    """

    def __init__(
        self, work: UnitOfWork, decisions: Sequence[RowDecision], listed: Sequence[ListedPerson]
    ) -> None:
        _require_consistent(decisions)
        self._given: dict[int, list[RowDecision]] = {}
        for each in decisions:
            self._given.setdefault(each.row, []).append(each)
        self.rows = set(self._given)
        named = {int(each.who) for each in decisions if each.who.isdecimal()}
        asked = self.rows | named
        self._guardians = {row.row: _keys_of_guardians(row) for row in listed if row.row in asked}
        self._rows_of: dict[_GuardianKey, set[int]] = {}
        for row in self.rows:
            for key in self._guardians.get(row, ()):
                self._rows_of.setdefault(key, set()).add(row)
        self._numbers = {
            who: id_of(find_person(work.session, who))
            for who in {each.who for each in decisions}
            if not who.isdecimal()
        }
        self._on_row: dict[int, dict[int, ListedRole]] = {row: {} for row in named}
        self._with_key: dict[_GuardianKey, dict[int, int]] = {
            key: {} for row in named for key in self._guardians.get(row, ())
        }
        # Only whom a row of the list matches is taken, by what is written there.
        work.sight.note_matched(*self._numbers.values())

    def settle(self, place: ListedPlace, person: int) -> None:
        """Take note of who somebody on the list is."""
        if place.row in self._on_row:
            self._on_row[place.row][person] = place.role
        for key in _guardian_keys(place) if self._with_key else ():
            if key in self._with_key:
                self._with_key[key][place.row] = person

    def forget(self, row: int) -> None:
        """Forget who is on a row that was taken back."""
        if row in self._on_row:
            self._on_row[row].clear()
        for persons in self._with_key.values():
            persons.pop(row, None)

    def others(self, who: ListedPlace, *, by_row_only: bool = False) -> frozenset[int]:
        """Return those whom somebody on the list is not; `by_row_only`: decided for a whole row."""
        return frozenset(
            number
            for each in self._about(who, is_same=False)
            if each.about is None or not by_row_only
            for number in self._meant(each)
        )

    def same(self, who: ListedPlace, candidates: Collection[int]) -> int | None:
        """Return the one of the candidates who somebody on the list is, or None."""
        found: dict[int, bool] = {}
        for each in self._about(who, is_same=True):
            for number, role in self._meant(each).items():
                if number in candidates:
                    found[number] = role is who.role
        alike = [number for number, is_alike in found.items() if is_alike]
        chosen = list(found) if len(found) == 1 else alike
        return chosen[0] if len(chosen) == 1 else None

    def decides_on_row(self, who: ListedPlace) -> bool:
        """Return whether somebody is decided about on the own row, not on that of a sibling."""
        return bool(self._on(who.row, who))

    def everybody(self, *, is_same: bool) -> frozenset[int]:
        """Return all registered persons of whom it is decided that they are (not) on some row."""
        given = (each for some in self._given.values() for each in some)
        return frozenset(
            self._numbers[each.who]
            for each in given
            if each.is_same is is_same and each.who in self._numbers
        )

    def in_table(self, row: int, who: ListedPlace | None = None) -> list[RowDecision]:
        """Return what is decided about single persons on a row, or about one of them."""
        given = (each for each in self._given.get(row, ()) if each.about)
        return [each for each in given if who is None or each.key == who.key]

    def require_true(self, row: int, persons: Collection[int], *, is_adult: bool) -> None:
        """Raise InputDataError when somebody is decided to be on a row who is not.

        An adult has no guardians, so what is decided about them holds for nobody.
        """
        for each in self._given.get(row, ()):
            is_left_out = is_adult and each.about and each.about.role is ListedRole.GUARDIAN
            meant = self._meant(each)
            if each.is_same and not is_left_out and meant and not meant.keys() & set(persons):
                raise not_a_candidate(min(meant))

    def refuse_unknown_rows(self, rows: Collection[int]) -> None:
        """Raise InputDataError for a decision about a row that the list does not have."""
        for row in sorted(self.rows - set(rows)):
            raise InputDataError(
                N_("the list has nobody on row {row}"),
                N_("Check the number of the row."),
                fields=("same", "other"),
                row=row,
            )

    def _about(self, who: ListedPlace, *, is_same: bool) -> list[RowDecision]:
        """Return the decisions about somebody, those of the own row if there are any."""
        found = self._on(who.row, who)
        if not any(each.about for each in found):
            rows = {row for key in _guardian_keys(who) for row in self._rows_of.get(key, ())}
            found += [each for row in sorted(rows - {who.row}) for each in self._on(row, who)]
        return [each for each in found if each.is_same is is_same]

    def _on(self, row: int, who: ListedPlace) -> list[RowDecision]:
        return [each for each in self._given.get(row, ()) if each.key in {None, who.key}]

    def _meant(self, decision: RowDecision) -> dict[int, ListedRole | None]:
        """Return whom a decision names: a person, or everybody on a row of the list.

        A guardian on a row that is left out may stand on another one as well.
        """
        if not decision.who.isdecimal():
            return {self._numbers[decision.who]: None}
        row = int(decision.who)
        elsewhere = {
            person: ListedRole.GUARDIAN
            for key in self._guardians.get(row, ())
            for person in self._with_key.get(key, {}).values()
        }
        return {**elsewhere, **self._on_row.get(row, {})}


_GuardianKey = tuple[str, str]
"""The name and one of the contacts of a guardian: what tells that two rows name the same one."""


def _keys_of_guardians(row: ListedPerson) -> list[_GuardianKey]:
    places = (
        ListedPlace(row.row, ListedRole.GUARDIAN, each.name, each.contact) for each in row.guardians
    )
    return [key for place in places for key in _guardian_keys(place)]


def _guardian_keys(place: ListedPlace) -> list[_GuardianKey]:
    if place.role is not ListedRole.GUARDIAN or not place.contact:
        return []
    return [(name_key(place.name), contact) for contact in contact_keys(place.contact)]


def _require_consistent(decisions: Sequence[RowDecision]) -> None:
    """Refuse that somebody is decided to be, and not to be, the same person."""
    same: dict[tuple[int, str], set[object]] = {}
    for each in decisions:
        if each.is_same:
            same.setdefault((each.row, each.who), set()).add(each.key)
    for each in decisions:
        keys = set() if each.is_same else same.get((each.row, each.who), set())
        if keys and (each.key is None or keys & {None, each.key}):
            both = [f"{each.row}={each.who}"]
            require_apart(both, both, fields=("same", "other"))
