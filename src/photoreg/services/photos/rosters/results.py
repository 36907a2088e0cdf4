"""What the import of a class list finds and is told: rows, doubts, decisions, missing facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from photoreg.registry.ids import name_key
from photoreg.services.people.class_lists.class_list import ListedPerson
from photoreg.services.photos.rosters.reading import AS_THE_HEADINGS_TELL, ListReport
from photoreg.sheets.table import Problem


class RosterMatch(StrEnum):
    """How a row of a list relates to the registry.

    A row that is left out is not recorded, as the user decided; one for the coordinator could be
    somebody of another unit, whom the user cannot compare.
    """

    NEW = "new"
    MATCHED = "matched"
    AMBIGUOUS = "doubtful"
    WRONG = "wrong"
    LEFT_OUT = "left_out"
    FOR_COORDINATOR = "for_coordinator"


class ListedRole(StrEnum):
    """What a doubtful person is on a row of a list.

    `KNOWN` is somebody in the registry whom the row would make look like somebody else there.
    """

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """Somebody on a row of a list; `contact` as it stands there."""

    row: int
    role: ListedRole
    name: str
    contact: str = ""

    @property
    def key(self) -> tuple[ListedRole, str]:
        """Who it is on the row; names are compared as everywhere."""
        return self.role, name_key(self.name)


NEW, LEAVE_OUT = "new", "leave out"
"""What may be decided instead of an id or a row."""


@dataclass(frozen=True, slots=True)
class RowDecision:
    """What a user decided about a doubtful person: on the row it is, or is not, somebody.

    `who` is a person by id, or another row of the list. `about` is the doubtful person; without it
    the decision holds for everybody on the row.
    """

    row: int
    who: str
    is_same: bool
    about: ListedPlace | None = None

    @property
    def key(self) -> tuple[ListedRole, str] | None:
        """Who is meant on the row, or None for anybody."""
        return self.about.key if self.about else None


SEPARATOR = " · "
"""What stands between the parts of what a table tells of somebody."""


def event_and_list(event: str, source: str) -> str:
    """Return for which event and list a table of decisions is: `E-1 · class.xlsx`."""
    return f"{event}{SEPARATOR}{source}"


Parts = tuple[str, ...]
"""What a table or a list tells of somebody, to be compared."""


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """What a table tells of somebody on a row of the list: as it stands there, and to compare.

    `about` is the doubtful person; without it, somebody on the row who is a candidate.
    """

    row: int
    about: ListedPlace | None
    words: str
    parts: Parts


def contact_on(row: ListedPerson, guardian: str) -> str:
    """Return the contact of a guardian as it stands in a row of a list."""
    key = name_key(guardian)
    return next((each.contact for each in row.guardians if name_key(each.name) == key), "")


Asked = Mapping[tuple[int, tuple[ListedRole, str]], frozenset[str]]
"""The candidates in a table, by row and doubtful person."""


@dataclass(frozen=True, slots=True)
class RosterDecisions:
    """What users decided about the doubtful rows of a list.

    `pupils` are the names on these rows as the user saw them: on a list that has been changed since
    then, the rows are others. `left_out` are rows not to be recorded. `asked` is what stands in the
    table, decided or not. `told` is what the list told of those who are decided about, and `labels`
    are the words that stand before values there. `about` tells for which event and list the tables
    were written, as it stands in them.
    """

    rows: tuple[RowDecision, ...] = ()
    left_out: frozenset[int] = frozenset()
    pupils: Mapping[int, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    asked: Asked = field(default_factory=dict)
    told: tuple[ToldBefore, ...] = ()
    labels: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()

    def asks(self, match: "PossibleMatch") -> bool:
        """Return whether a doubt with all its candidates stands in the table."""
        candidates = {*match.persons, *map(str, match.rows)}
        return candidates <= self.asked.get((match.place.row, match.place.key), frozenset())

    def decided(
        self, place: ListedPlace, candidates: Sequence[str], decision: str
    ) -> "RosterDecisions":
        """Return these decisions and one more, about a doubtful person: who it is, or who not.

        It is a candidate, `NEW`, or `LEAVE_OUT` for the whole row.
        """
        if decision == LEAVE_OUT:
            return replace(self, left_out=self.left_out | {place.row})
        whom = candidates if decision == NEW else [decision]
        more = (RowDecision(place.row, who, decision != NEW, place) for who in whom)
        return replace(self, rows=(*self.rows, *more))

    def with_others(self, others: "RosterDecisions") -> "RosterDecisions":
        """Return these decisions and others, read from another table."""
        return RosterDecisions(
            (*self.rows, *others.rows),
            self.left_out | others.left_out,
            {**others.pupils, **self.pupils},
            (*self.problems, *others.problems),
            {**others.asked, **self.asked},
            (*self.told, *others.told),
            self.labels | others.labels,
            self.about | others.about,
        )


NO_DECISIONS = RosterDecisions()


@dataclass(frozen=True, slots=True)
class GuardianFacts:
    """What a list does not tell of its guardians, stated once for all of its rows.

    `verified` is from what it was verified that they are guardians. `total` is how many guardians
    each child has; `are_all_listed`: as many as are recorded once the list is.
    """

    verified: str = ""
    total: int | None = None
    are_all_listed: bool = False


NO_FACTS = GuardianFacts()


@dataclass(frozen=True, slots=True)
class RosterCandidate:
    """Somebody who could be a person on a list, as far as the user may see: an id or a row.

    `born` is the birth date as data. `wards` are the children of a guardian.
    """

    who: str
    name: str
    birth_year: int | None
    events: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    born: str | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """A doubtful person on a row: somebody who may already be registered, and the candidates.

    `places` are people on this list who are candidates, without an id as yet. `candidates`
    describes all. `born`, `group` and `guardians` stand in the list. `decision` is an id, a row,
    `NEW` or `LEAVE_OUT`, or empty while it is open; `decided_elsewhere`: on the row of a brother or
    sister.
    `only_if`: the doubt comes up only when this is decided about the pupil.
    """

    place: ListedPlace
    persons: tuple[str, ...] = ()
    places: tuple[ListedPlace, ...] = ()
    candidates: tuple[RosterCandidate, ...] = ()
    born: date | None = None
    group: str = ""
    guardians: tuple[str, ...] = ()
    decision: str = ""
    decided_elsewhere: bool = False
    only_if: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The name as written, or as the user may see it."""
        return self.place.name

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the list that are candidates."""
        return tuple(place.row for place in self.places)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """The result of one row: the person, what it changes, and what differs but is not changed.

    `changes` and `differs` are codes: person, roster, born, guardians (their number), language,
    guardian, verified, contact, own_contact, block, refusal. A row that asks for a publication
    block always lists it, so that nobody sees whether there was one. `doubts` are those that came
    up, the decided ones too. `no_guardians` are those listed for an adult, who has none. Of
    somebody of another unit there is no id: it would tell whose record it is.
    """

    row: int
    name: str
    found: RosterMatch
    person: str | None = None
    changes: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    doubts: tuple[PossibleMatch, ...] = ()
    no_guardians: tuple[str, ...] = ()

    @property
    def possible_matches(self) -> tuple[PossibleMatch, ...]:
        """The doubts that nobody has decided."""
        return tuple(doubt for doubt in self.doubts if not doubt.decision)


@dataclass(frozen=True, slots=True)
class MissingFacts:
    """Of how many children something is missing without which no consent by guardians counts.

    `unverified`: a guardianship of theirs is not verified. `without_total`: it is not recorded how
    many guardians they have.
    """

    unverified: int = 0
    without_total: int = 0


@dataclass(frozen=True, slots=True)
class RosterImport:
    """The changes of a class list; never applied while there are problems or ambiguous rows.

    `not_listed` are those on the roster who are not in the list, by id; `left` are those of them
    who stood in an earlier state of it, so they may have left. `reading` tells how the
    list was read, and what must be said before it can be recorded. `source` is the file's name.
    """

    event: str
    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]
    not_read: tuple[str, ...]
    applied: bool
    not_listed: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    missing: MissingFacts = MissingFacts()
    reading: ListReport = AS_THE_HEADINGS_TELL
    source: str = ""

    @property
    def event_and_list(self) -> str:
        """The event and the list, as a table of decisions tells them."""
        return event_and_list(self.event, self.source)

    @property
    def is_ambiguous(self) -> bool:
        """Is any row ambiguous?"""
        return any(row.found is RosterMatch.AMBIGUOUS for row in self.rows)

    @property
    def open_rows(self) -> list[RosterRow]:
        """The rows that the user has to decide."""
        return [row for row in self.rows if row.found is RosterMatch.AMBIGUOUS]

    def open_doubts(self) -> Iterator[PossibleMatch]:
        """Yield the doubts that wait for a decision, whatever is decided about the pupil."""
        for row in self.open_rows:
            yield from (each for each in row.possible_matches if not each.only_if)

    @property
    def changes(self) -> bool:
        """Does any row change something?"""
        return any(row.changes for row in self.rows)

    def count(self, found: RosterMatch) -> int:
        """Return how many rows relate to the registry in this way."""
        return sum(row.found is found for row in self.rows)
