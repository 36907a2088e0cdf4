"""Decisions about the doubtful rows of a class list: as given, and in a table that is filled in.

The table has a line for each candidate. What is written on one line of a doubtful person decides
about that person: the id of a candidate, or that it is nobody of them, or that the whole row of the
list is left out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import InputDataError, PhotoregError, Term
from photoreg.registry.ids import Kind, human_id, id_of, parse_id
from photoreg.registry.lookup import find_person
from photoreg.services.inputs import require_apart
from photoreg.services.people.identity import not_a_candidate
from photoreg.services.photos.rosters.results import RosterDecisions, RowDecision
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import to_text
from photoreg.sheets.files import read_table
from photoreg.sheets.table import Problem, Table, claim_column
from photoreg.texts import N_

DECISION_COLUMNS = (
    "row",
    "pupil",
    "doubtful",
    "candidate",
    "candidate_name",
    "birth_year",
    "class_or_event",
    "guardians",
    "decision",
)
"""The columns of a table of decisions."""

NEEDED_COLUMNS = ("row", "pupil", "doubtful", "candidate", "decision")
"""The columns that are read."""

NEW, LEAVE_OUT = "new", "leave out"
"""What may be written instead of an id."""


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """The columns by casefolded heading; the decisions, and the words for a row, as written."""

    headings: Mapping[str, str]
    decisions: Mapping[str, str]
    row_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table: which row and person of the list, a candidate, what was written."""

    number: int
    row: int
    pupil: str
    doubtful: str
    candidate: str
    decision: str


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
        doubts: dict[tuple[int, str], list[_Line]] = {}
        for line in filter(None, map(self._line, range(len(self.table.rows)))):
            doubts.setdefault((line.row, line.doubtful), []).append(line)
        rows: list[RowDecision] = []
        left_out = set()
        for lines in doubts.values():
            written = {line.decision for line in lines} - {""}
            if len(written) > 1:
                self._add(lines[-1], _contradiction())
            elif written == {LEAVE_OUT}:
                left_out.add(lines[0].row)
            elif written:
                rows += self._decided(lines, *written)
        pupils = {line.row: line.pupil for lines in doubts.values() for line in lines}
        return RosterDecisions(tuple(rows), frozenset(left_out), pupils, tuple(self.problems))

    def _line(self, place: int) -> _Line | None:
        row = self.table.rows[place]
        cell = {key: to_text(row.cells.get(heading)) for key, heading in self.columns.items()}
        number = cell["row"].strip()
        line = _Line(
            row.number,
            int(number) if number.isdecimal() else 0,
            cell["pupil"],
            cell["doubtful"],
            self._who(cell["candidate"]),
            self._decision(cell["decision"]),
        )
        if line.row and line.candidate:
            return line
        self._add(line, _unreadable())
        return None

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
        if written == NEW:
            return [RowDecision(line.row, who, is_same=False) for who in candidates]
        if written in candidates:
            return [RowDecision(line.row, written, is_same=True)]
        self._add(line, _no_decision(written, candidates))
        return []

    def _add(self, line: _Line, error: PhotoregError) -> None:
        heading = self.columns["decision" if line.candidate else "candidate"]
        self.problems.append(Problem(line.number, heading, line.doubtful, error, self.name))


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
    """What the user decided about doubtful persons, by row."""

    def __init__(self, work: UnitOfWork, decisions: Sequence[RowDecision]) -> None:
        same, other = (
            [f"{each.row}={each.who}" for each in decisions if each.is_same is is_same]
            for is_same in (True, False)
        )
        require_apart(same, other, fields=("same", "other"))
        self._given: dict[tuple[int, bool], list[str]] = {}
        for each in decisions:
            self._given.setdefault((each.row, each.is_same), []).append(each.who)
        self.rows = {each.row for each in decisions}
        self._numbers = {
            who: id_of(find_person(work.session, who))
            for who in {each.who for each in decisions}
            if not who.isdecimal()
        }
        # Only whom a row of the list matches is taken, by what is written there.
        work.sight.note_matched(*self._numbers.values())

    def others(self, row: int, new_in: Mapping[int, int]) -> frozenset[int]:
        """Return those whom the persons on a row are not; `new_in` are new persons' rows."""
        return self._meant(row, new_in, is_same=False)

    def same(self, row: int, new_in: Mapping[int, int], candidates: Sequence[int]) -> int | None:
        """Return the one of the candidates whom the person on a row is, or None."""
        found = self._meant(row, new_in, is_same=True) & set(candidates)
        return min(found) if len(found) == 1 else None

    def everybody_apart(self) -> frozenset[int]:
        """Return all registered persons of whom it is decided that they are not on some row."""
        apart = (
            who for (_row, is_same), given in self._given.items() if not is_same for who in given
        )
        return frozenset(self._numbers[who] for who in apart if who in self._numbers)

    def _meant(self, row: int, new_in: Mapping[int, int], *, is_same: bool) -> frozenset[int]:
        decided = self._given.get((row, is_same))
        if not decided:
            return frozenset()
        of_rows = {int(who) for who in decided if who.isdecimal()}
        known = {self._numbers[who] for who in decided if who in self._numbers}
        new = {number for number, of in new_in.items() if of in of_rows} if of_rows else set()
        return frozenset(known | new)

    def require_true(self, row: int, persons: Collection[int], new_in: Mapping[int, int]) -> None:
        """Raise InputDataError when somebody is decided to be on a row who is not."""
        missing = self._meant(row, new_in, is_same=True) - set(persons)
        if missing:
            raise not_a_candidate(min(missing))

    def refuse_unknown_rows(self, rows: Collection[int]) -> None:
        """Raise InputDataError for a decision about a row that the list does not have."""
        for row in sorted(self.rows - set(rows)):
            raise InputDataError(
                N_("the list has nobody on row {row}"),
                N_("Check the number of the row."),
                fields=("same", "other"),
                row=row,
            )
