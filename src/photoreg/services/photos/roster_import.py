"""Import class lists into the roster of an event: previewed first, then recorded as a whole.

The preview records everything and rolls back, so it finds exactly the problems that recording
would find, and no validation of persons is duplicated here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, name_key, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.names import letters_key
from photoreg.registry.people_ahead import people_ahead
from photoreg.registry.queries.people import (
    guardianships_of,
    namesakes,
    persons_exactly,
    persons_of,
)
from photoreg.registry.queries.photos import added_to_roster, roster_by_event
from photoreg.registry.queries.roster_doubts import RosterDoubt, open_roster_doubts
from photoreg.registry.rows import add, new_row
from photoreg.registry.tables.organisation import ListKind
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.registry.tables.photos import Event, EventRoster
from photoreg.rulebook.facts import AgeGroup, age_in_years
from photoreg.services.application import Application
from photoreg.services.inputs import free_text, require_text
from photoreg.services.organisation.layouts import save_layout
from photoreg.services.people.ages import age_group_at, age_group_on, display_name
from photoreg.services.people.blocks import record_block
from photoreg.services.people.class_lists.class_list import ClassList, ListedGuardian, ListedPerson
from photoreg.services.people.guardians import (
    GuardianTerms,
    record_guardian,
    record_verification,
)
from photoreg.services.people.identity import (
    Apart,
    DoubtfulPersonError,
    Identity,
    contact_keys,
    possible_of_day,
)
from photoreg.services.people.persons import (
    PersonDetails,
    UnseenPersonError,
    changed_identities,
    make_person,
    record_person_change,
)
from photoreg.services.photos.rosters.candidates import described_rows
from photoreg.services.photos.rosters.decisions import DecidedRows, require_same_list
from photoreg.services.photos.rosters.doubts import Doubts, decided_match, doubts_by_decision
from photoreg.services.photos.rosters.reading import (
    AS_WRITTEN,
    ListReading,
    read_list,
    report_on,
)
from photoreg.services.photos.rosters.refusals import Refusals
from photoreg.services.photos.rosters.results import (
    LEAVE_OUT,
    NEW,
    NO_DECISIONS,
    NO_FACTS,
    GuardianFacts,
    ListedPlace,
    ListedRole,
    MissingFacts,
    PossibleMatch,
    RosterDecisions,
    RosterImport,
    RosterMatch,
    RosterRow,
    RowDecision,
)
from photoreg.services.photos.rosters.told import require_told
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.table import CellError, Problem
from photoreg.texts import N_

ROWS_AT_ONCE = 1_000
"""How many rows of a list are recorded together."""

_RECORDED = {RosterMatch.NEW, RosterMatch.MATCHED}


class _TakenBackError(Exception):
    """Takes back what was recorded about a row."""


def _take_back() -> NoReturn:
    raise _TakenBackError


def import_roster(
    application: Application,
    event: str,
    file: Path,
    *,
    apply: bool = False,
    decisions: RosterDecisions = NO_DECISIONS,
    facts: GuardianFacts = NO_FACTS,
    reading: ListReading = AS_WRITTEN,
) -> RosterImport:
    """Add the people in a class list, with their guardians, to an event's roster.

    Without `apply` nothing is changed. A list never overwrites recorded data; importing the same
    list again changes nothing. A person who may be somebody in the registry is doubtful until
    `decisions` tell, by row and id, who it is or is not. Whoever could be somebody of another unit
    than the user's is left to the coordinator, and holds up no other row. `facts` fill in what the
    list does not tell of guardians. `reading` tells how columns are read that the headings leave
    open.
    """
    listed = read_list(application, file, reading)
    _require_rows(listed, file)
    report = report_on(listed, reading, total=facts.total, are_all_listed=facts.are_all_listed)
    with application.changing() as work:
        found = find_event(work.session, event)
        require_same_list(decisions, human_id(Kind.EVENT, found.id), file.name)
        importer = _RosterImporter(work, found, listed, decisions, facts)
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
    if is_applied and reading.save_as:
        headings = [column.heading for column in listed.columns]
        save_layout(application, ListKind.CLASS_LIST, reading.save_as, headings, listed.to_save())
    report = replace(report, is_saved=is_applied)
    return replace(result, applied=is_applied, reading=report)


def _require_rows(listed: ClassList, file: Path) -> None:
    """Raise InputDataError for a list without people, such as a template not filled in."""
    if not listed.persons and not listed.problems:
        raise InputDataError(
            N_("{file} has headings but no people, so there is nothing to record"),
            N_("Write the people below the headings, save the file, and read it again."),
            file=file.name,
        )


@dataclass(slots=True)
class _RosterDraft:
    """A row that is being recorded; `is_adult`: guardians in the list are none.

    `pupil` is taken as the pupil of the row, to see what follows; such a row is taken back. `known`
    is the registered person whom the row is about.
    """

    listed: ListedPerson
    pupil: int | None = None
    known: int | None = None
    is_tried: bool = False
    is_adult: bool = False
    changes: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    doubts: list[PossibleMatch] = field(default_factory=list)

    @property
    def is_pupil_doubtful(self) -> bool:
        """Whether it is open who the pupil is."""
        return any(each.place.role is ListedRole.PUPIL for each in self.open_doubts)

    @property
    def open_doubts(self) -> list[PossibleMatch]:
        """The doubts that stop the list; first of all, who the pupil is."""
        found = [doubt for doubt in self.doubts if not doubt.decision]
        return [each for each in found if each.place.role is ListedRole.PUPIL] or found

    def place(self, role: ListedRole, name: str, contact: str = "") -> ListedPlace:
        """Return somebody on this row."""
        return ListedPlace(self.listed.row, role, name, contact)

    def result(self, found: RosterMatch, person: int) -> RosterRow:
        """Return the result of a row that was recorded about this person."""
        listed = self.listed
        return RosterRow(
            listed.row,
            listed.name,
            found,
            None if found is RosterMatch.NEW else _person_id(person),
            tuple(dict.fromkeys(self.changes)),
            tuple(dict.fromkeys(self.differs)),
            tuple(self.doubts),
            no_guardians=tuple(g.name for g in listed.guardians) if self.is_adult else (),
        )


class _RosterImporter:
    """Records one list in the open unit of work."""

    def __init__(
        self,
        work: UnitOfWork,
        event: Event,
        listed: ClassList,
        decisions: RosterDecisions,
        facts: GuardianFacts,
    ) -> None:
        event_id = id_of(event)
        self.work = work
        self.event_id = event_id
        self.is_own_event = event.unit is not None and event.unit == work.sight.unit
        self.listed = listed
        self.facts = _checked(facts)
        self.given = decisions
        self.decisions = DecidedRows(work, decisions.rows, listed.persons)
        self.expected = {id_of(p): p for p in roster_by_event(work.session, [event_id])[event_id]}
        self.of_list = _exactly_listed(work, listed.persons)
        self.row_of: dict[int, int] = {}
        self.new_in: dict[int, ListedPlace] = {}
        self.met = set(self.decisions.everybody(is_same=True))
        self.added: list[int] = []
        self.for_coordinator: list[frozenset[int]] = []
        self.unverified = self.without_total = 0
        self.problems = [*listed.problems, *decisions.problems]
        self.reading, self.source = AS_WRITTEN, ""

    def result(self) -> RosterImport:
        """Record every row and the roster; return the results."""
        wrong = {problem.row for problem in self.listed.problems}
        self._require_same_list(wrong)
        rows = [row for batch in self._batches() for row in self._batch(batch)]
        invalid = {p.row: p.subject for p in self.problems if not p.sheet}
        rows = [row for row in rows if row.row not in invalid]
        rows += [RosterRow(row, who, RosterMatch.WRONG) for row, who in invalid.items()]
        rows = list(map(self._with_carried, rows))
        rows = described_rows(self.work, rows, self.listed.persons, self.new_in)
        not_listed = self._not_listed(rows)
        self._log()
        return RosterImport(
            human_id(Kind.EVENT, self.event_id),
            tuple(sorted(rows, key=lambda row: row.row)),
            tuple(sorted(self.problems, key=lambda problem: problem.row)),
            tuple(self.listed.not_read),
            applied=False,
            not_listed=not_listed,
            left=self._left(not_listed),
            missing=MissingFacts(self.unverified, self.without_total),
            source=self.source,
        )

    def _log(self) -> None:
        """Log who came onto the roster, and whom the coordinator is asked about."""
        if self.added:
            self.work.log(
                Action.EVENT_CHANGED,
                Kind.EVENT,
                self.event_id,
                roster_added=human_ids(Kind.PERSON, self.added),
                roster_removed=[],
                roster_listed=human_ids(Kind.PERSON, sorted(self.row_of.keys() & self.expected)),
            )
        known = open_roster_doubts(self.work.session, self.event_id)
        asked = (RosterDoubt(self.event_id, each) for each in self.for_coordinator)
        self._log_doubts(Action.ROSTER_DOUBT_ASKED, set(asked) - set(known))
        if self.work.sight.unit is None:
            apart = self.decisions.everybody(is_same=False)
            self._log_doubts(
                Action.ROSTER_DOUBT_DECIDED, {each for each in known if each.candidates <= apart}
            )

    def _log_doubts(self, action: Action, doubts: Iterable[RosterDoubt]) -> None:
        candidates = sorted(sorted(each.candidates) for each in doubts)
        self.work.log_all(
            action, Kind.EVENT, [(self.event_id, {"candidates": each}) for each in candidates]
        )

    def _require_same_list(self, wrong: set[int]) -> None:
        """Refuse decisions about rows that the list does not have, or that name somebody else."""
        names = {person.row: person.name for person in self.listed.persons}
        self.decisions.refuse_unknown_rows({*names, *wrong})
        for row, pupil in self.given.pupils.items():
            if row not in wrong and name_key(names.get(row, "")) != name_key(pupil):
                error = InputDataError(
                    N_("row {row} of the list is about somebody else"),
                    N_(
                        "The list was changed, or the table is about another list: write a new "
                        "table, into another file."
                    ),
                    row=row,
                )
                self.problems.append(Problem(row, "", pupil, error))
        self._require_told()

    def _require_told(self) -> None:
        """Refuse decisions about rows that tell something else than the user saw."""
        listed = {person.row: person for person in self.listed.persons}
        refused = {problem.row for problem in self.problems if not problem.sheet}
        for before in self.given.told:
            row = listed.get(before.row)
            if row is None or row.row in refused:
                continue
            try:
                require_told(row, before, self.given.labels)
            except InputDataError as error:
                refused.add(row.row)
                self.problems.append(Problem(row.row, "", row.name, error))

    def _with_carried(self, row: RosterRow) -> RosterRow:
        """Return a row with all that was decided about it, also where no doubt came up now."""
        doubts = list(row.doubts)
        known = {doubt.place.key for doubt in doubts}
        decided: dict[ListedPlace, list[RowDecision]] = {}
        for each in self.decisions.in_table(row.row):
            if each.about and each.about.key not in known:
                decided.setdefault(each.about, []).append(each)
        doubts += [decided_match(place, given) for place, given in decided.items()]
        if row.row in self.given.left_out:
            doubts = [replace(each, decision=each.decision or LEAVE_OUT) for each in doubts]
            if not any(each.decision == LEAVE_OUT for each in doubts):
                place = ListedPlace(row.row, ListedRole.PUPIL, row.name)
                doubts.insert(0, PossibleMatch(place, decision=LEAVE_OUT))
        return replace(row, doubts=tuple(doubts))

    def _not_listed(self, rows: Iterable[RosterRow]) -> dict[str, str]:
        """Return who is on the roster and not in the list: as the user may see them, by id.

        Not those whom a row may be about, be it doubtful or wrong.
        """
        doubtful = {
            parse_id(Kind.PERSON, each)
            for row in rows
            for match in row.doubts
            if match.decision in {"", LEAVE_OUT}
            for each in match.persons
        }
        met = {*self.row_of, *self.of_list, *self.met}
        unread = {letters_key(problem.subject) for problem in self.listed.problems}
        return {
            _person_id(number): display_name(self.work, person)
            for number, person in self.expected.items()
            if number not in met and number not in doubtful and person.letters_key not in unread
        }

    def _left(self, not_listed: Collection[str]) -> tuple[str, ...]:
        """Return those not listed who came with a list like this one: it may be a newer one of it.

        At least half of those who came together, and are there still, are in this list. Else it is
        the list of another class, which tells nothing of them.
        """
        if not not_listed:
            return ()
        absent = {parse_id(Kind.PERSON, each) for each in not_listed}
        earlier = [
            people & self.expected.keys()
            for people in added_to_roster(self.work.session, self.event_id)
        ]
        like = [people for people in earlier if 2 * len(people & absent) <= len(people)]
        left = absent & set().union(*like)
        return tuple(each for each in not_listed if parse_id(Kind.PERSON, each) in left)

    def _batches(self) -> Iterator[Sequence[ListedPerson]]:
        persons = self.listed.persons
        for start in range(0, len(persons), ROWS_AT_ONCE):
            yield persons[start : start + ROWS_AT_ONCE]

    def _batch(self, listed: Sequence[ListedPerson]) -> list[RosterRow]:
        """Record some rows, with everybody whom they could be about read beforehand."""
        names = {each.name for each in listed} | {g.name for each in listed for g in each.guardians}
        days = {each.born for each in listed if each.born is not None}
        with people_ahead(self.work.session) as self.ahead:
            self.ahead.read(map(letters_key, names), days)
            self.work.sight.look_up(self.ahead.everybody)
            self.ahead.take(possible_of_day(self.work, map(_identity, listed)))
            rows = [self._row(each) for each in listed]
            recorded = {row.row for row in rows if row.found in _RECORDED}
            numbers = {row: n for n, row in self.row_of.items() if row in recorded}
            self._count_missing(numbers.values())
            by = self.reading.refused_by
            if by is None:
                return rows
            refusals = Refusals(self.work, by, self.source)
            rows = [
                self._with_refusals(row, each, numbers[row.row], refusals)
                if each.refused and row.row in numbers
                else row
                for row, each in zip(rows, listed, strict=True)
            ]
        refusals.record()
        return rows

    def _with_refusals(
        self, row: RosterRow, listed: ListedPerson, person: int, refusals: Refusals
    ) -> RosterRow:
        """Take the noes in columns of permissions about somebody whose row was recorded."""
        try:
            with self.ahead.attempt():
                more = refusals.take(self._with_number(person), listed)
        except CellError as cell:
            return self._wrong(listed, cell.column, cell.error)
        except PhotoregError as error:
            return self._wrong(listed, listed.refused[0].column, error)
        return replace(row, changes=tuple(dict.fromkeys((*row.changes, *more))))

    def _count_missing(self, persons: Iterable[int]) -> None:
        """Count the children of whom facts about guardians are missing.

        Somebody of unknown age without a guardian may be an adult, and is told as such.
        """
        for number, person in self.ahead.persons_of(persons).items():
            age_group = age_group_on(self.work, person, self.work.today)
            rows = self.ahead.by_child([number])[number]
            if age_group is AgeGroup.ADULT or (age_group is AgeGroup.UNKNOWN and not rows):
                continue
            is_open = any(row.last_day is None and not row.verified_how for row in rows)
            self.unverified += is_open
            self.without_total += person.guardians_total is None

    def _row(self, listed: ListedPerson) -> RosterRow:
        """Record a row, one with doubtful persons as if they were new.

        So all doubts come up that there will be; nothing is applied while there is one.
        """
        if listed.row in self.given.left_out:
            doubts = tuple(map(_as_left_out, self._doubts_if(listed) or ()))
            found = RosterMatch.LEFT_OUT
            return self._left_out(listed, RosterRow(listed.row, listed.name, found, doubts=doubts))
        row = _RosterDraft(listed)
        try:
            with self._attempt(listed.row):
                person, found = self._recorded_row(row)
                if row.is_pupil_doubtful or self._hidden(row.open_doubts):
                    _take_back()
        except _TakenBackError:
            hidden = self._hidden(row.open_doubts)
            return self._for_coordinator(row, hidden) if hidden else self._doubtful_pupil(row)
        except CellError as cell:
            return self._refused(row, cell.column, cell.error)
        except PhotoregError as error:
            return self._refused(row, self._heading_of(error), error)
        self._put_on_roster(row, id_of(person))
        result = row.result(found, id_of(person))
        if row.open_doubts:
            return replace(result, found=RosterMatch.AMBIGUOUS, changes=(), differs=())
        return replace(result, person=None) if self.work.sight.hides(id_of(person)) else result

    def _put_on_roster(self, row: _RosterDraft, number: int) -> None:
        self.row_of[number] = row.listed.row
        if number not in self.expected:
            place = new_row(EventRoster, event_id=self.event_id, person_id=number)
            add(self.work.session, place)
            self.added.append(number)
            row.changes.append("roster")
        if self.is_own_event:  # from now on, people of the user's unit
            guardians = guardianships_of(self.work.session, number)
            self.work.sight.let_see(number, *(each.guardian_id for each in guardians))

    @contextmanager
    def _attempt(self, row: int) -> Iterator[None]:
        """Take back what is recorded about a row in it, if it fails."""
        before = len(self.new_in)
        try:
            with self.ahead.attempt():
                yield
        except BaseException:
            self.decisions.forget(row)
            while len(self.new_in) > before:  # their numbers are reused
                number, _place = self.new_in.popitem()
                self.of_list.discard(number)
            raise

    def _doubts_if(self, listed: ListedPerson, pupil: int | None = None) -> Doubts | None:
        """Return the doubts of a row if this were the pupil; None if it cannot be recorded so."""
        row = _RosterDraft(listed, pupil, is_tried=True)
        try:
            with self._attempt(listed.row):
                self._recorded_row(row)
                _take_back()
        except _TakenBackError:
            return [doubt for doubt in row.doubts if not self._hidden([doubt])]
        except (CellError, PhotoregError):
            return None

    def _doubtful_pupil(self, row: _RosterDraft) -> RosterRow:
        """Return a row whose pupil is doubtful, with the doubts that each decision would bring."""
        listed = row.listed
        pupil = next(each for each in row.doubts if each.place.role is ListedRole.PUPIL)
        tried = {who: self._doubts_if(listed, parse_id(Kind.PERSON, who)) for who in pupil.persons}
        outcomes = {who: doubts for who, doubts in tried.items() if doubts is not None}
        again = _RosterDraft(listed)
        with suppress(CellError, PhotoregError), self._attempt(listed.row):
            person, _found = self._recorded_row(again)
            self._put_on_roster(again, id_of(person))
            outcomes[NEW] = [each for each in again.doubts if not self._hidden([each])]
        return RosterRow(
            listed.row,
            listed.name,
            RosterMatch.AMBIGUOUS,
            doubts=(pupil, *doubts_by_decision(outcomes)),
        )

    def _recorded_row(self, row: _RosterDraft) -> tuple[Person, RosterMatch]:
        """Record the person on a row, with the guardians; raise if anything is in the way."""
        person, found = self._person(row)
        self._require_unique(person)
        if not row.is_adult:
            self._guardians(row, person)
            self._count_guardians(row, person)
        guardians = guardianships_of(self.work.session, id_of(person))
        on_row = {id_of(person), *(each.guardian_id for each in guardians)}
        if not row.open_doubts and row.pupil is None:
            self.decisions.require_true(row.listed.row, on_row, is_adult=row.is_adult)
        if row.listed.blocked:
            record_block(self.work, person)
            row.changes.append("block")
        return person, found

    def _refused(self, row: _RosterDraft, column: str, error: PhotoregError) -> RosterRow:
        """Return a row that is wrong, or left to those who may change somebody of another unit."""
        if row.known is None or not isinstance(error, UnseenPersonError):
            return self._wrong(row.listed, column, error)
        self.for_coordinator.append(frozenset([row.known]))
        listed, found = row.listed, RosterMatch.FOR_COORDINATOR
        return self._left_out(listed, RosterRow(listed.row, listed.name, found))

    def _wrong(self, listed: ListedPerson, column: str, error: PhotoregError) -> RosterRow:
        self.work.sight.leave_out_numbers(error)
        self.problems.append(Problem(listed.row, column, listed.name, error))
        return RosterRow(listed.row, listed.name, RosterMatch.WRONG)

    def _hidden(self, doubts: Iterable[PossibleMatch]) -> frozenset[int]:
        """Return the candidates of another unit, whom the user cannot compare."""
        named = {each for doubt in doubts for each in doubt.persons}
        numbers = {n for each in named if (n := parse_id(Kind.PERSON, each)) is not None}
        return frozenset(filter(self.work.sight.hides, numbers))

    def _for_coordinator(self, row: _RosterDraft, hidden: frozenset[int]) -> RosterRow:
        """Return a row that is left out, since somebody of another unit could be meant."""
        self.for_coordinator.append(hidden)
        listed, found = row.listed, RosterMatch.FOR_COORDINATOR
        return self._left_out(listed, RosterRow(listed.row, listed.name, found))

    def _left_out(self, listed: ListedPerson, row: RosterRow) -> RosterRow:
        """Return a row that is not recorded; a no on it must not be lost."""
        # INVARIANT: a no that stands in a list is recorded, or nothing is.
        if not listed.blocked and not listed.refused:
            return row
        error = InputDataError(
            N_("the row says no to photos, so it cannot be left out"),
            N_("Decide who it is. If you cannot, ask the coordinator to import the list."),
        )
        columns = [each.column for each in listed.refused]
        return self._wrong(
            listed, next(iter(columns), self.listed.headings.get("block", "")), error
        )

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
        place = row.place(ListedRole.PUPIL, listed.name)
        known = self._known(listed) if row.pupil is None else self._with_number(row.pupil)
        if known is None:
            row.is_adult = self._is_adult(listed)
            details = PersonDetails(
                name=listed.name,
                born=listed.born,
                age_group=None if listed.born else listed.age_group,
                guardians=None if row.is_adult else self._total(listed),
                contact=listed.contact or None,
                language=listed.language,
            )
            person, is_new = self._recorded(row, place, details, _identity(listed).contacts)
            if is_new:
                row.changes.append("person")
                return person, RosterMatch.NEW
            known = person
        self.work.sight.note_called(id_of(known), listed.name)
        self._refuse_other_age(listed, known)
        self.decisions.settle(place, id_of(known))
        row.known = id_of(known)
        if not row.is_tried:
            self.met.add(id_of(known))
        row.is_adult = self._is_recorded_adult(known)
        self._complete(row, known)
        return known, RosterMatch.MATCHED

    def _is_adult(self, listed: ListedPerson) -> bool:
        """Return whether somebody who is not in the registry yet is an adult, by the list."""
        return self._listed_group(listed) is AgeGroup.ADULT

    def _is_recorded_adult(self, known: Person) -> bool:
        return age_group_on(self.work, known, self.work.today) is AgeGroup.ADULT

    def _listed_group(self, listed: ListedPerson) -> AgeGroup | None:
        age = age_in_years(listed.born, self.work.today)
        return listed.age_group if age is None else age_group_at(self.work, age)

    def _refuse_other_age(self, listed: ListedPerson, known: Person) -> None:
        """Raise CellError for a child who would be an adult of the registry, or the reverse.

        The birth date would make a child of the adult, or the guardians of the child be left out.
        """
        by_list, recorded = (
            self._listed_group(listed),
            age_group_on(self.work, known, self.work.today),
        )
        if {by_list, recorded} != {AgeGroup.ADULT, AgeGroup.MINOR}:
            return
        error = InputDataError(
            N_("{person} is an adult in the registry, and a child by the list")
            if recorded is AgeGroup.ADULT
            else N_("{person} is a child in the registry, and an adult by the list"),
            N_(
                "If they are two people, decide that this is somebody else. If they are one, "
                "correct the list or the registry first."
            ),
            person=_person_id(id_of(known)),
        )
        part = "born" if listed.born else "age"
        raise CellError(self.listed.headings[part], error)

    def _total(self, listed: ListedPerson) -> int | None:
        """Return how many guardians a new child has, by the list or as stated for all of it."""
        named = len(listed.guardians)
        if listed.total is not None or (self.facts.are_all_listed and named):
            return named if listed.total is None else listed.total
        if self.facts.total is not None and self.facts.total < named:
            error = InputDataError(
                N_("the number of guardians is {total}, but {named} are named"),
                N_("Correct the number, or remove the one who is not a guardian."),
                total=self.facts.total,
                named=named,
            )
            raise CellError(listed.guardians[0].column, error)
        return self.facts.total

    def _count_guardians(self, row: _RosterDraft, child: Person) -> None:
        """Record how many guardians a known child has, if that was stated for the whole list."""
        if child.guardians_total is not None:
            return
        total = self._total(row.listed)
        recorded = guardianships_of(self.work.session, id_of(child))
        active = sum(each.last_day is None for each in recorded)
        if total is not None:
            details = PersonDetails(guardians=max(total, active))
            record_person_change(self.work, child, details)
            row.changes.append("guardians")

    def _known(self, listed: ListedPerson) -> Person | None:
        """Return the namesake with this birth date; without a date, the one on the roster.

        An adult who is expected, such as a teacher, may be a namesake of somebody with guardians.
        """
        if parse_id(Kind.PERSON, listed.name) is not None:
            return self._by_id(listed.name)
        others = namesakes(self.work.session, listed.name)
        same = [person for person in others if person.born == listed.born]
        if listed.born is None:
            expected = [
                person
                for person in others
                if id_of(person) in self.expected
                and not (listed.guardians and self._is_recorded_adult(person))
            ]
            same = [person for person in expected if person.born is None] or expected
        return same[0] if len(same) == 1 else None

    def _with_number(self, number: int) -> Person:
        return persons_of(self.work.session, [number])[number]

    def _by_id(self, named: str) -> Person:
        """Return the person whose id stands in place of a name."""
        person = find_person(self.work.session, named)
        self.work.sight.note_matched(id_of(person))
        if self.work.sight.hides(id_of(person)):
            raise InputDataError(
                N_("{person} is of another unit, and you would see the name from now on"),
                N_(
                    "Write the full name instead of the number. If you do not know it, ask that "
                    "unit or the communications coordinator."
                ),
                person=named,
            )
        return person

    def _recorded(
        self,
        row: _RosterDraft,
        place: ListedPlace,
        details: PersonDetails,
        contacts: Sequence[str] = (),
    ) -> tuple[Person, bool]:
        """Return a new person, or the known one that the user decided it is, and whether new."""
        apart = Apart(frozenset(), self.of_list, tuple(filter(None, contacts)))
        try:
            person, _namesakes = make_person(self.work, details, apart)
        except DoubtfulPersonError as doubt:
            known = self._decided(row, place, doubt.persons)
            if known is not None:
                self.decisions.settle(place, known)
                return self._with_number(known), False
            apart = replace(apart, others=frozenset(doubt.persons))
            person, _namesakes = make_person(self.work, details, apart)
        self.new_in[id_of(person)] = place
        self.decisions.settle(place, id_of(person))
        self.of_list.add(id_of(person))
        self.work.sight.let_see(id_of(person))
        return person, True

    def _decided(
        self, row: _RosterDraft, place: ListedPlace, candidates: Sequence[int]
    ) -> int | None:
        """Return the candidate who somebody is; note the doubt, and whether it is decided."""
        same = self.decisions.same(place, candidates)
        if same is not None:
            row.doubts.append(self._decided_match(place, candidates, self._in_list(same)))
            return same
        if self.decisions.others(place).issuperset(candidates):
            row.doubts.append(self._decided_match(place, candidates, NEW))
            return None
        apart = self.decisions.others(place, by_row_only=True)
        left = [number for number in candidates if number not in apart]
        row.doubts.append(self._possible_match(place, left))
        return None

    def _decided_match(
        self, place: ListedPlace, candidates: Sequence[int], decision: str
    ) -> PossibleMatch:
        """Return a decided doubt, as it stands in a table if it does."""
        given = self.decisions.in_table(place.row, place)
        if given:
            return decided_match(place, given)
        return replace(
            self._possible_match(place, candidates),
            decision=decision,
            decided_elsewhere=not self.decisions.decides_on_row(place),
        )

    def _in_list(self, number: int) -> str:
        """Return the id of a person, or the row of one who is new in the list."""
        new = self.new_in.get(number)
        return str(new.row) if new else _person_id(number)

    def _possible_match(self, place: ListedPlace, numbers: Sequence[int]) -> PossibleMatch:
        """Return the candidates; new persons of this list by row, since they have no id yet."""
        return PossibleMatch(
            place,
            tuple(_person_id(number) for number in numbers if number not in self.new_in),
            tuple(self.new_in[number] for number in numbers if number in self.new_in),
        )

    def _complete(self, row: _RosterDraft, person: Person) -> None:
        """Record missing data of a person; differing data are reported, not changed."""
        listed = row.listed
        total = None if row.is_adult else listed.total
        stated: dict[str, tuple[object, object]] = {
            "born": (listed.born, person.born),
            "guardians": (total, person.guardians_total),
            "language": (listed.language, person.language),
        }
        missing = {name for name, (new, old) in stated.items() if new is not None and old is None}
        row.differs += [
            name for name, (new, old) in stated.items() if None not in (new, old) and new != old
        ]
        if missing:
            details = PersonDetails(
                born=listed.born if "born" in missing else None,
                guardians=total if "guardians" in missing else None,
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
        """Change a known person; it is a doubt if somebody then looks like another one."""
        for doubt in changed_identities(self.work, person, details):
            numbers = {*map(id_of, doubt.candidates)} - self.new_in.keys() - self.row_of.keys()
            place = row.place(ListedRole.KNOWN, display_name(self.work, doubt.who))
            same = self._decided(row, place, sorted(numbers)) if numbers else None
            if same is not None:
                raise _two_records(place.name, same)
        record_person_change(self.work, person, details)

    def _require_unique(self, person: Person) -> None:
        """Raise InputDataError for a person in two rows."""
        earlier = self.row_of.get(id_of(person))
        if earlier is not None:
            raise InputDataError(
                N_("row {earlier} concerns the same person"),
                N_("Remove one of the rows, or add the birth dates that tell them apart."),
                earlier=earlier,
            )

    def _guardians(self, row: _RosterDraft, child: Person) -> None:
        rows = guardianships_of(self.work.session, id_of(child))
        people = persons_of(self.work.session, (each.guardian_id for each in rows))
        recorded = {people[each.guardian_id].name_key: each for each in rows}
        for listed in row.listed.guardians:
            known = recorded.get(name_key(listed.name))
            try:
                if known is None:
                    self._new_guardian(row, child, listed, rows)
                else:
                    place = row.place(ListedRole.GUARDIAN, listed.name, listed.contact)
                    self.decisions.settle(place, known.guardian_id)
                    self._known_guardian(row, known, people[known.guardian_id], listed)
            except PhotoregError as error:
                raise CellError(listed.column, error) from error

    def _known_guardian(
        self, row: _RosterDraft, known: Guardianship, guardian: Person, listed: ListedGuardian
    ) -> None:
        """Record new data of a guardian; an ended guardianship is reported, not reopened."""
        if known.last_day is not None:
            row.differs.append("guardian")
            return
        verified = listed.verified_by(self.facts.verified)
        if verified and not known.verified_how:
            record_verification(self.work, known, verified)
            row.changes.append("verified")
        self._complete_guardian(row, guardian, listed)

    def _complete_guardian(
        self, row: _RosterDraft, guardian: Person, listed: ListedGuardian
    ) -> None:
        """Record a language and a contact that are missing; a differing contact is reported."""
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
        terms = GuardianTerms(listed.basis, listed.verified_by(self.facts.verified))
        record_guardian(self.work, child, guardian, terms)
        row.changes.append("guardian")
        if not self.work.sight.hides(id_of(guardian)):
            self._complete_guardian(row, guardian, listed)

    def _find_guardian(self, row: _RosterDraft, child: Person, listed: ListedGuardian) -> Person:
        """Return the guardian: the adult of this name and contact, or a new person."""
        if parse_id(Kind.PERSON, listed.name) is not None:
            return self._by_id(listed.name)
        place = row.place(ListedRole.GUARDIAN, listed.name, listed.contact)
        same_contact = [
            person
            for person in namesakes(self.work.session, listed.name)
            if listed.contact
            and contact_keys(person.contact) & contact_keys(listed.contact)
            and person.id != child.id
            and age_group_on(self.work, person, self.work.today) is not AgeGroup.MINOR
        ]
        if len(same_contact) == 1:
            self.decisions.settle(place, id_of(same_contact[0]))
            return same_contact[0]
        details = PersonDetails(
            name=listed.name,
            contact=listed.contact,
            language=listed.language,
            age_group=AgeGroup.ADULT,
        )
        return self._recorded(row, place, details)[0]


def _identity(listed: ListedPerson) -> Identity:
    contacts = (listed.contact, *(guardian.contact for guardian in listed.guardians))
    return Identity(listed.name, listed.born, contacts)


def _as_left_out(doubt: PossibleMatch) -> PossibleMatch:
    """Return a doubt of a row that is left out; what was decided about it there is kept."""
    if doubt.decision and not doubt.decided_elsewhere:
        return doubt
    return replace(doubt, decision=LEAVE_OUT, decided_elsewhere=False)


def _two_records(who: str, other: int) -> InputDataError:
    return InputDataError(
        N_("{person} and {other} are two people in the registry"),
        N_(
            "If they are one, merge them first and read the list again; else decide that it is "
            "somebody new, or leave the row out."
        ),
        person=who,
        other=_person_id(other),
    )


def _checked(facts: GuardianFacts) -> GuardianFacts:
    """Return the facts with the text as it is stored; InputDataError for one that cannot be."""
    if not facts.verified:
        return facts
    try:
        return replace(facts, verified=free_text(require_text(facts.verified)))
    except InputDataError as error:
        error.fields = ("guardians_verified",)
        raise


def _exactly_listed(work: UnitOfWork, listed: Sequence[ListedPerson]) -> set[int]:
    """Return the registered persons whom rows of the list name, with their birth dates.

    Like new persons of the list they are told apart from its other rows.
    """
    days = {(name_key(each.name), each.born) for each in listed if each.born is not None}
    return persons_exactly(work.session, days)


def _person_id(number: int) -> str:
    return human_id(Kind.PERSON, number)
