"""What the import of a class list finds and is told: rows, doubts, decisions, missing facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class RowDecision:
    """What a user decided about a doubtful person: on the row it is, or is not, somebody.

    `who` is a person by id, or another row of the list.
    """

    row: int
    who: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class RosterDecisions:
    """What users decided about the doubtful rows of a list.

    `pupils` are the names on these rows as the user saw them: on a list that has been changed since
    then, the rows are others. `left_out` are rows not to be recorded.
    """

    rows: tuple[RowDecision, ...] = ()
    left_out: frozenset[int] = frozenset()
    pupils: Mapping[int, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


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
    """Somebody who could be a person on a list, as far as the user may see: an id or a row."""

    who: str
    name: str
    birth_year: int | None
    events: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """A person who may already be registered: the name as written, and the candidates.

    `rows` are rows of the same list whose new persons are candidates. `candidates` describes both.
    """

    who: str
    persons: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    candidates: tuple[RosterCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterRow:
    """The result of one row: the person, what it changes, and what differs but is not changed.

    `changes` and `differs` are codes: person, roster, born, guardians (their number), language,
    guardian, verified, contact, own_contact, block, refusal. A row that asks for a publication
    block always lists it, so that nobody sees whether there was one. `no_guardians` are those
    listed for an adult, who has none.
    """

    row: int
    name: str
    found: RosterMatch
    person: str | None = None
    changes: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    possible_matches: tuple[PossibleMatch, ...] = ()
    no_guardians: tuple[str, ...] = ()


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

    `not_listed` are those on the roster who are not in the list. `reading` tells how the list was
    read, and what must be said before it can be recorded.
    """

    event: str
    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]
    not_read: tuple[str, ...]
    applied: bool
    not_listed: tuple[str, ...] = ()
    missing: MissingFacts = MissingFacts()
    reading: ListReport = AS_THE_HEADINGS_TELL

    @property
    def is_ambiguous(self) -> bool:
        """Is any row ambiguous?"""
        return any(row.found is RosterMatch.AMBIGUOUS for row in self.rows)

    @property
    def changes(self) -> bool:
        """Does any row change something?"""
        return any(row.changes for row in self.rows)

    def count(self, found: RosterMatch) -> int:
        """Return how many rows relate to the registry in this way."""
        return sum(row.found is found for row in self.rows)
