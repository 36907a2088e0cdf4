"""Import class lists into the roster of an event: previewed first, then recorded as a whole.

The preview records everything and rolls back, so it finds exactly the problems that recording
would find, and no validation of persons is duplicated here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import Kind, human_id, id_of, name_key, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.queries.people import (
    guardianships_of,
    namesakes,
    persons_of,
)
from photoreg.registry.queries.photos import roster_by_event
from photoreg.registry.rows import add
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.registry.tables.photos import Event, EventRoster
from photoreg.rulebook.facts import AgeGroup, age_in_years
from photoreg.services.application import Application
from photoreg.services.inputs import require_apart
from photoreg.services.people.ages import age_group_at, age_group_on, display_name
from photoreg.services.people.blocks import record_block
from photoreg.services.people.class_list import ClassList, ListedGuardian, ListedPerson
from photoreg.services.people.guardians import (
    GuardianTerms,
    record_guardian,
    record_verification,
)
from photoreg.services.people.identity import (
    Apart,
    DoubtfulPersonError,
    contact_keys,
    not_a_candidate,
)
from photoreg.services.people.persons import (
    PersonDetails,
    changed_identities,
    record_person,
    record_person_change,
)
from photoreg.services.photos.rosters.reading import (
    AS_THE_HEADINGS_TELL,
    AS_WRITTEN,
    ListReading,
    ListReport,
    read_list,
    report_on,
)
from photoreg.services.photos.rosters.refusals import record_refusals
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.table import CellError, Problem
from photoreg.texts import N_


class RosterMatch(StrEnum):
    """How a row of a list relates to the registry."""

    NEW = "new"
    MATCHED = "matched"
    AMBIGUOUS = "doubtful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class RowDecision:
    """What a user decided about a doubtful person: on the row it is, or is not, somebody.

    `who` is a person by id, or another row of the list.
    """

    row: int
    who: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """A person who may already be registered: the name as written, and the candidates.

    `rows` are rows of the same list whose new persons are candidates.
    """

    who: str
    persons: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterRow:
    """The result of one row: the person, what it changes, and what differs but is not changed.

    `changes` and `differs` are codes: person, roster, born, guardians (their number), language,
    guardian, verified, contact, own_contact, block, refusal. A row that asks for a publication
    block always lists it, so that nobody sees whether there was one.
    """

    row: int
    name: str
    found: RosterMatch
    person: str | None = None
    changes: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    possible_matches: tuple[PossibleMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterImport:
    """The changes of a class list; never applied while there are problems or ambiguous rows.

    `reading` tells how the list was read, and what must be said before it can be recorded.
    """

    event: str
    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]
    not_read: tuple[str, ...]
    applied: bool
    reading: ListReport = AS_THE_HEADINGS_TELL

    @property
    def is_ambiguous(self) -> bool:
        """Is any row ambiguous?"""
        return any(row.found is RosterMatch.AMBIGUOUS for row in self.rows)

    @property
    def changes(self) -> bool:
        """Does any row change something?"""
        return any(row.changes for row in self.rows)


class _AmbiguousPersonError(Exception):
    """Ends the recording of a row whose person may already be registered."""

    def __init__(self, possible_matches: Sequence[PossibleMatch]) -> None:
        super().__init__()
        self.possible_matches = tuple(possible_matches)


def import_roster(
    application: Application,
    event: str,
    file: Path,
    *,
    apply: bool = False,
    decisions: Sequence[RowDecision] = (),
    reading: ListReading = AS_WRITTEN,
) -> RosterImport:
    """Add the people in a class list, with their guardians, to an event's roster.

    Without `apply` nothing is changed. A list never overwrites recorded data; importing the same
    list again changes nothing. A person who may be somebody in the registry is doubtful until
    `decisions` tell, by row and id, who it is or is not. `reading` tells how columns are read that
    the headings leave open.
    """
    listed = read_list(application, file, reading)
    report = report_on(listed, reading)
    with application.changing() as work:
        importer = _RosterImporter(work, find_event(work.session, event), listed, decisions)
        importer.reading, importer.source = reading, file.name
        result = importer.result()
        for row in result.rows:
            if row.person:
                work.looks.note_name(parse_id(Kind.PERSON, row.person))
            elif row.name:
                work.looks.note_unnumbered(row.row)
        is_applied = apply and not (result.problems or result.is_ambiguous or report.is_open)
        if not is_applied:
            work.undo()
    return replace(result, applied=is_applied, reading=report)


@dataclass(slots=True)
class _RosterDraft:
    """A row that is being recorded."""

    listed: ListedPerson
    changes: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


class _RosterImporter:
    """Records one list in the open unit of work."""

    def __init__(
        self,
        work: UnitOfWork,
        event: Event,
        listed: ClassList,
        decisions: Sequence[RowDecision],
    ) -> None:
        event_id = id_of(event)
        self.work = work
        self.event_id = event_id
        self.is_own_event = event.unit is not None and event.unit == work.sight.unit
        self.listed = listed
        self.decisions = _Decisions(work, decisions)
        self.expected = {id_of(p): p for p in roster_by_event(work.session, [event_id])[event_id]}
        self.row_of: dict[int, int] = {}
        self.new_in: dict[int, int] = {}
        self.added: list[int] = []
        self.problems = list(listed.problems)
        self.reading, self.source = AS_WRITTEN, ""

    def result(self) -> RosterImport:
        """Record every row and the roster; return the results."""
        self.decisions.refuse_unknown_rows(
            {person.row for person in self.listed.persons}
            | {problem.row for problem in self.problems}
        )
        rows = [self._row(person) for person in self.listed.persons]
        invalid = {problem.row: problem.subject for problem in self.problems}
        rows = [row for row in rows if row.row not in invalid]
        rows += [RosterRow(row, who, RosterMatch.WRONG) for row, who in invalid.items()]
        if self.added:
            self.work.log(
                Action.EVENT_CHANGED,
                Kind.EVENT,
                self.event_id,
                roster_added=[_person_id(person) for person in self.added],
                roster_removed=[],
            )
        return RosterImport(
            human_id(Kind.EVENT, self.event_id),
            tuple(sorted(rows, key=lambda row: row.row)),
            tuple(sorted(self.problems, key=lambda problem: problem.row)),
            tuple(self.listed.not_read),
            applied=False,
        )

    def _row(self, listed: ListedPerson) -> RosterRow:
        row = _RosterDraft(listed)
        before = set(self.new_in)
        try:
            with self.work.session.begin_nested():
                person, found = self._person(row)
                self._require_unique(row, person)
                self._guardians(row, person)
                guardians = guardianships_of(self.work.session, id_of(person))
                on_row = {id_of(person), *(each.guardian_id for each in guardians)}
                self.decisions.require_true(listed.row, on_row, self.new_in)
                if listed.blocked:
                    record_block(self.work, person)
                    row.changes.append("block")
                if self.reading.refused_by:
                    row.changes += record_refusals(
                        self.work, person, listed, self.reading.refused_by, self.source
                    )
        except _AmbiguousPersonError as ambiguity:
            self._discard_new(before)
            return RosterRow(
                listed.row,
                listed.name,
                RosterMatch.AMBIGUOUS,
                possible_matches=ambiguity.possible_matches,
            )
        except CellError as cell:
            self._discard_new(before)
            self.problems.append(Problem(listed.row, cell.column, listed.name, cell.error))
            return RosterRow(listed.row, listed.name, RosterMatch.WRONG)
        except PhotoregError as error:
            self._discard_new(before)
            self.problems.append(Problem(listed.row, self._heading_of(error), listed.name, error))
            return RosterRow(listed.row, listed.name, RosterMatch.WRONG)
        self.row_of[id_of(person)] = listed.row
        if id_of(person) not in self.expected:
            add(self.work.session, EventRoster(event_id=self.event_id, person_id=id_of(person)))
            self.added.append(id_of(person))
            row.changes.append("roster")
        number = None if found is RosterMatch.NEW else _person_id(id_of(person))
        changes, differs = tuple(dict.fromkeys(row.changes)), tuple(dict.fromkeys(row.differs))
        return RosterRow(listed.row, listed.name, found, number, changes, differs)

    def _discard_new(self, before: set[int]) -> None:
        """Discard the new persons of a row that was rolled back; their numbers are reused."""
        for number in set(self.new_in) - before:
            del self.new_in[number]

    def _heading_of(self, error: PhotoregError) -> str:
        """Return the column that an error from the registry concerns."""
        part = "born" if "day" in error.values else "total" if "number" in error.values else "name"
        return self.listed.headings.get(part, "")

    def _refuse_two_ages(self, listed: ListedPerson) -> None:
        """Raise CellError for an age group that contradicts the birth date."""
        age = age_in_years(listed.born, self.work.today)
        if age is None or listed.age_group in {None, AgeGroup.UNKNOWN}:
            return
        if age_group_at(self.work, age) is not listed.age_group:
            error = InputDataError(
                N_("the age group contradicts the birth date"),
                N_("Correct one of them, or leave the age group out."),
            )
            raise CellError(self.listed.headings["age"], error)

    def _person(self, row: _RosterDraft) -> tuple[Person, RosterMatch]:
        """Return the person of a row, recorded if new."""
        listed = row.listed
        self._refuse_two_ages(listed)
        known = self._known(listed)
        if known is None:
            details = PersonDetails(
                name=listed.name,
                born=listed.born,
                age_group=None if listed.born else listed.age_group,
                guardians=listed.total,
                contact=listed.contact or None,
                language=listed.language,
            )
            contacts = [guardian.contact for guardian in listed.guardians]
            person, is_new = self._recorded(listed.row, details, contacts)
            if is_new:
                row.changes.append("person")
                return person, RosterMatch.NEW
            known = person
        self._complete(row, known)
        return known, RosterMatch.MATCHED

    def _known(self, listed: ListedPerson) -> Person | None:
        """Return the namesake with this birth date; without a date, the one on the roster."""
        others = namesakes(self.work.session, listed.name)
        same = [person for person in others if person.born == listed.born]
        if listed.born is None:
            expected = [person for person in others if id_of(person) in self.expected]
            same = [person for person in expected if person.born is None] or expected
        return same[0] if len(same) == 1 else None

    def _recorded(
        self, row: int, details: PersonDetails, contacts: Sequence[str] = ()
    ) -> tuple[Person, bool]:
        """Return a new person, or the known one that the user decided it is, and whether new."""
        rows = dict(self.new_in)
        apart = Apart(
            self.decisions.others(row, rows), frozenset(self.new_in), tuple(filter(None, contacts))
        )
        try:
            saved = record_person(self.work, details, apart)
        except DoubtfulPersonError as doubt:
            known = self.decisions.same(row, rows, doubt.persons)
            if known is None:
                raise _AmbiguousPersonError(
                    [self._possible_match(details.name or "", doubt.persons)]
                ) from doubt
            return persons_of(self.work.session, [known])[known], False
        person = find_person(self.work.session, saved.person)
        self.new_in[id_of(person)] = row
        return person, True

    def _possible_match(self, who: str, numbers: Sequence[int]) -> PossibleMatch:
        """Return the candidates; new persons of this list by row, since they have no id yet."""
        return PossibleMatch(
            who,
            tuple(_person_id(number) for number in numbers if number not in self.new_in),
            tuple(self.new_in[number] for number in numbers if number in self.new_in),
        )

    def _complete(self, row: _RosterDraft, person: Person) -> None:
        """Record missing data of a person; differing data are reported, not changed."""
        self._let_see(id_of(person))
        listed = row.listed
        stated: dict[str, tuple[object, object]] = {
            "born": (listed.born, person.born),
            "guardians": (listed.total, person.guardians_total),
            "language": (listed.language, person.language),
        }
        missing = {name for name, (new, old) in stated.items() if new is not None and old is None}
        row.differs += [
            name for name, (new, old) in stated.items() if None not in (new, old) and new != old
        ]
        if missing:
            details = PersonDetails(
                born=listed.born if "born" in missing else None,
                guardians=listed.total if "guardians" in missing else None,
                language=listed.language if "language" in missing else None,
            )
            self._change(row, person, details)
            row.changes += sorted(missing)
        if listed.contact and not person.contact:
            self._change(row, person, PersonDetails(contact=listed.contact))
            row.changes.append("own_contact")
        elif listed.contact and not contact_keys(listed.contact) & contact_keys(person.contact):
            row.differs.append("own_contact")

    def _change(self, row: _RosterDraft, person: Person, details: PersonDetails) -> None:
        """Change a known person, unless somebody then looks like another one who is known."""
        apart = {
            *self.decisions.others(row.listed.row, dict(self.new_in)),
            *self.new_in,
            *self.row_of,
        }
        found = [
            (display_name(self.work, doubt.who), sorted({*map(id_of, doubt.candidates)} - apart))
            for doubt in changed_identities(self.work, person, details)
        ]
        if matches := [self._possible_match(who, numbers) for who, numbers in found if numbers]:
            raise _AmbiguousPersonError(matches)
        record_person_change(self.work, person, details)

    def _let_see(self, *persons: int) -> None:
        """Note that the list makes people of another unit people of the user's unit, too."""
        if self.is_own_event:
            self.work.sight.let_see(*persons)

    def _require_unique(self, row: _RosterDraft, person: Person) -> None:
        """Raise InputDataError for a person in two rows, or an adult with guardians."""
        earlier = self.row_of.get(id_of(person))
        if earlier is not None:
            raise InputDataError(
                N_("row {earlier} concerns the same person"),
                N_("Remove one of the rows, or add the birth dates that tell them apart."),
                earlier=earlier,
            )
        group = age_group_on(self.work, person, self.work.today)
        if row.listed.guardians and group is AgeGroup.ADULT:
            raise InputDataError(
                N_("an adult decides alone and has no guardians"),
                N_("Correct the birth date, or remove the guardians."),
            )

    def _guardians(self, row: _RosterDraft, child: Person) -> None:
        rows = guardianships_of(self.work.session, id_of(child))
        people = persons_of(self.work.session, (each.guardian_id for each in rows))
        self._let_see(*people)
        recorded = {people[each.guardian_id].name_key: each for each in rows}
        possible_matches: list[PossibleMatch] = []
        for listed in row.listed.guardians:
            known = recorded.get(name_key(listed.name))
            try:
                if known is None:
                    self._new_guardian(row, child, listed, rows)
                else:
                    self._known_guardian(row, known, people[known.guardian_id], listed)
            except _AmbiguousPersonError as ambiguity:
                possible_matches += ambiguity.possible_matches
            except PhotoregError as error:
                raise CellError(listed.column, error) from error
        if possible_matches:
            raise _AmbiguousPersonError(possible_matches)

    def _known_guardian(
        self, row: _RosterDraft, known: Guardianship, guardian: Person, listed: ListedGuardian
    ) -> None:
        """Record new data of a guardian; an ended guardianship is reported, not reopened."""
        if known.last_day is not None:
            row.differs.append("guardian")
            return
        if listed.verified and not known.verified_how:
            record_verification(self.work, known, listed.verified)
            row.changes.append("verified")
        if listed.language and not guardian.language:
            record_person_change(self.work, guardian, PersonDetails(language=listed.language))
            row.changes.append("language")
        if listed.contact and not guardian.contact:
            self._change(row, guardian, PersonDetails(contact=listed.contact))
            row.changes.append("contact")
        elif listed.contact and not contact_keys(listed.contact) & contact_keys(guardian.contact):
            row.differs.append("contact")

    def _new_guardian(
        self,
        row: _RosterDraft,
        child: Person,
        listed: ListedGuardian,
        recorded: Sequence[Guardianship],
    ) -> None:
        """Record a guardian who is not known by name; it may be one who is, spelled otherwise."""
        guardian = self._find_guardian(row, child, listed)
        known = [each for each in recorded if each.guardian_id == guardian.id]
        if known:
            self._known_guardian(row, known[-1], guardian, listed)
            return
        terms = GuardianTerms(listed.basis, listed.verified)
        record_guardian(self.work, child, guardian, terms)
        row.changes.append("guardian")

    def _find_guardian(self, row: _RosterDraft, child: Person, listed: ListedGuardian) -> Person:
        """Return the guardian: the adult of this name and contact, or a new person."""
        same_contact = [
            person
            for person in namesakes(self.work.session, listed.name)
            if listed.contact
            and contact_keys(person.contact) & contact_keys(listed.contact)
            and person.id != child.id
            and age_group_on(self.work, person, self.work.today) is not AgeGroup.MINOR
        ]
        if len(same_contact) == 1:
            return same_contact[0]
        details = PersonDetails(
            name=listed.name,
            contact=listed.contact,
            language=listed.language,
            age_group=AgeGroup.ADULT,
        )
        return self._recorded(row.listed.row, details)[0]


class _Decisions:
    """What the user decided about doubtful persons, by row."""

    def __init__(self, work: UnitOfWork, decisions: Sequence[RowDecision]) -> None:
        same, other = (
            [f"{each.row}={each.who}" for each in decisions if each.is_same is is_same]
            for is_same in (True, False)
        )
        require_apart(same, other, fields=("same", "other"))
        self._given = decisions
        self._numbers = {
            each.who: id_of(find_person(work.session, each.who))
            for each in decisions
            if not each.who.isdecimal()
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

    def _meant(self, row: int, new_in: Mapping[int, int], *, is_same: bool) -> frozenset[int]:
        decided = [each.who for each in self._given if (each.row, each.is_same) == (row, is_same)]
        of_rows = {int(who) for who in decided if who.isdecimal()}
        known = {self._numbers[who] for who in decided if who in self._numbers}
        return frozenset(known | {number for number, of in new_in.items() if of in of_rows})

    def require_true(self, row: int, persons: Collection[int], new_in: Mapping[int, int]) -> None:
        """Raise InputDataError when somebody is decided to be on a row who is not."""
        missing = self._meant(row, new_in, is_same=True) - set(persons)
        if missing:
            raise not_a_candidate(min(missing))

    def refuse_unknown_rows(self, rows: Collection[int]) -> None:
        """Raise InputDataError for a decision about a row that the list does not have."""
        for decision in self._given:
            if decision.row not in rows:
                raise InputDataError(
                    N_("the list has nobody on row {row}"),
                    N_("Check the number of the row."),
                    fields=("same", "other"),
                    row=decision.row,
                )


def _person_id(number: int) -> str:
    return human_id(Kind.PERSON, number)
