"""People who are read and written many at once, for changes of long lists of them.

While it is in force for a session, the queries about people (`queries.people`) are answered from
what was read for all rows of a list together, and rows that are added (`rows.add`), and entries of
the log, wait until all are written together: a few statements for any number of rows. What was not
read ahead is read when it is asked for. Rows that wait have their ids and are found like others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, or_, select

from photoreg.registry import ledger, streaming
from photoreg.registry.facts.photo_selection import value_batches
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import id_of
from photoreg.registry.tables.people import Guardianship, Person, PersonName
from photoreg.registry.tables.photos import EventRoster

_WAITING = (Person, PersonName, Guardianship, EventRoster)
"""The tables whose rows wait, each after those that its rows refer to."""


_IS_ACTIVE = (col(Person.merged_into).is_(None), col(Person.erased_at).is_(None))


class PersonRead(NamedTuple):
    """By what somebody is told, of those who are born on the days of a list: they are many."""

    id: int
    name: str
    born: date
    contact: str


class PeopleAhead:
    """What is known of people without asking the database again, and what is to be written."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.persons: dict[int, Person] = {}
        self._letters: dict[str, dict[int, Person]] = defaultdict(dict)
        self._days: dict[date, dict[int, Person | PersonRead]] = defaultdict(dict)
        self._contacts: dict[int, dict[int, str]] = {}
        self._read_letters: set[str] = set()
        self._read_days: set[date] = set()
        self._names: dict[int, list[PersonName]] = {}
        self._by_child: dict[int, list[Guardianship]] = {}
        self._by_guardian: dict[int, list[Guardianship]] = {}
        self._new: dict[type[SQLModel], list[SQLModel]] = {table: [] for table in _WAITING}
        self._next: dict[type[SQLModel], int] = {}
        self._added: list[SQLModel] = []
        self._kept: dict[int, tuple[SQLModel, dict[str, Any]]] = {}

    def read(self, letters: Iterable[str], days: Iterable[date]) -> None:
        """Read everybody with these letters in a name and their families, and who is born then.

        `letters` are keys as of `names.letters_key`. Of those born on the `days` only that is read
        by which they are told; `take` reads the rest of those who are alike.
        """
        new_letters = set(letters) - self._read_letters
        new_days = set(days) - self._read_days
        if not new_letters and not new_days:
            return
        found: dict[int, Person] = {}
        for batch in value_batches(new_letters):
            known = select(PersonName.person_id).where(col(PersonName.letters_key).in_(batch))
            found |= self._found(or_(col(Person.letters_key).in_(batch), col(Person.id).in_(known)))
        self._read_letters |= new_letters
        self._read_days |= new_days
        self._take(found)
        self._read_born_on(new_days)

    def _found(self, condition: Any) -> dict[int, Person]:
        statement = select(Person).where(condition, *_IS_ACTIVE)
        return {id_of(each): each for each in self.session.exec(statement)}

    def _read_born_on(self, days: Iterable[date]) -> None:
        columns = [getattr(Person, name) for name in PersonRead._fields]
        found: dict[int, PersonRead] = {}
        for batch in value_batches(days):
            rows = sa.select(*columns).where(col(Person.born).in_(batch), *_IS_ACTIVE)
            found |= {row[0]: PersonRead(*row) for row in self.session.execute(rows)}
        for number, person in found.items():
            self._days[person.born].setdefault(number, person)
        self.names_of(found)
        self._contacts |= {number: {} for number in found}
        families = sa.select(
            col(Guardianship.child_id), col(Guardianship.guardian_id), col(Person.contact)
        ).join(Person, col(Person.id) == col(Guardianship.guardian_id))
        of_found = families.where(col(Guardianship.child_id).in_(id_list(found)))
        for child, guardian, contact in self.session.execute(of_found):
            self._contacts[child][guardian] = contact

    def take(self, persons: Iterable[int]) -> None:
        """Read persons whole, with their families."""
        self._take(self.persons_of(set(persons) - self.persons.keys()))

    @property
    def everybody(self) -> set[int]:
        """Return whoever was read."""
        return {*self.persons, *self._names}

    def _take(self, found: Mapping[int, Person]) -> None:
        """Take persons with their names and guardianships, and whom these concern."""
        self.persons |= found
        self.names_of(found)
        self.by_child(found)
        self.by_guardian(found)
        of_family = {
            number
            for person in found
            for row in (*self._by_child[person], *self._by_guardian[person])
            for number in (row.child_id, row.guardian_id)
        }
        self.by_child(self.persons_of(of_family))
        for person in found.values():
            self._index(person)

    def _index(self, person: Person) -> None:
        number = id_of(person)
        keys = {person.letters_key, *(row.letters_key for row in self._names.get(number, ()))}
        for key in keys:
            self._letters[key][number] = person
        if person.born is not None:
            self._days[person.born][number] = person

    def with_letters(self, key: str) -> list[Person]:
        """Return everybody with these letters in a name, in the order they were added."""
        if key not in self._read_letters:
            self.read({key}, ())
        found = self._letters.get(key)
        if not found:
            return []
        return [
            person
            for number, person in sorted(found.items())
            if key in {person.letters_key, *(row.letters_key for row in self._names[number])}
        ]

    def born_on(self, day: date) -> list[Person | PersonRead]:
        """Return everybody born on a day, in the order they were added."""
        if day not in self._read_days:
            self.read((), {day})
        found = self._days.get(day, {})
        known = (self.persons.get(number, found[number]) for number in sorted(found))
        return [each for each in known if each.born == day]

    def contacts_of_guardians(self, children: Iterable[int]) -> dict[int, dict[int, str]]:
        """Return the contact of each guardian of each child."""
        return {child: self._contacts_of(child) for child in children}

    def _contacts_of(self, child: int) -> dict[int, str]:
        read = None if child in self._by_child else self._contacts.get(child)
        if read is None:
            guardians = self.persons_of(row.guardian_id for row in self.by_child([child])[child])
            return {number: guardian.contact for number, guardian in guardians.items()}
        return {
            number: self.persons[number].contact if number in self.persons else contact
            for number, contact in read.items()
        }

    def persons_of(self, numbers: Iterable[int]) -> dict[int, Person]:
        """Return persons by their ids."""
        wanted = set(numbers)
        missing = [number for number in wanted if number not in self.persons]
        if missing:
            statement = select(Person).where(col(Person.id).in_(id_list(missing)))
            self.persons |= {id_of(each): each for each in self.session.exec(statement)}
        return {number: self.persons[number] for number in wanted if number in self.persons}

    def names_of(self, persons: Iterable[int]) -> dict[int, list[PersonName]]:
        """Return the further names of persons, in the order they were added."""
        return self._rows(self._names, PersonName, "person_id", persons)

    def by_child(self, children: Iterable[int]) -> dict[int, list[Guardianship]]:
        """Return the guardianships of children, in the order they were added."""
        return self._rows(self._by_child, Guardianship, "child_id", children)

    def by_guardian(self, guardians: Iterable[int]) -> dict[int, list[Guardianship]]:
        """Return the guardianships of guardians, in the order they were added."""
        return self._rows(self._by_guardian, Guardianship, "guardian_id", guardians)

    def _rows(
        self, known: dict[int, list[Any]], table: Any, owner: str, numbers: Iterable[int]
    ) -> dict[int, list[Any]]:
        wanted = set(numbers)
        missing = wanted.difference(known)
        if missing:
            column = getattr(table, owner)
            statement = select(table).where(col(column).in_(id_list(missing)))
            known |= {number: [] for number in missing}
            for row in self.session.exec(statement.order_by(col(table.id))):
                known[getattr(row, owner)].append(row)
        return {number: [*known[number]] for number in wanted}

    def takes(self, row: SQLModel) -> bool:
        """Return whether a row is one of those that wait."""
        return isinstance(row, _WAITING)

    def add(self, row: SQLModel) -> int:
        """Add a row, which waits with its id, or take note that it was changed."""
        self._added.append(row)
        number: int | None = getattr(row, "id", 0)
        if not number:
            number = self._number(type(row)) if number is None else number
            self._new[type(row)].append(row)
            self._link(row, number)
        elif isinstance(row, Person):
            self._index(row)
        return number

    def _number(self, table: type[SQLModel]) -> int:
        """Return the next id as the engines give it; the transaction is a writing one."""
        if table not in self._next:
            column = sa.func.max(table.id)  # type: ignore[attr-defined]
            self._next[table] = (self.session.execute(sa.select(column)).scalar() or 0) + 1
        number = self._next[table]
        self._next[table] += 1
        return number

    def _link(self, row: SQLModel, number: int) -> None:
        if not isinstance(row, EventRoster):
            vars(row)["id"] = number
        if isinstance(row, Person):
            self.persons[number] = row
            self._names[number], self._by_child[number], self._by_guardian[number] = [], [], []
            self._index(row)
        elif isinstance(row, Guardianship):
            self.by_child({row.child_id})
            self.by_guardian({row.guardian_id})
            self._by_child[row.child_id].append(row)
            self._by_guardian[row.guardian_id].append(row)
        elif isinstance(row, PersonName):
            self.names_of({row.person_id})
            self._names[row.person_id].append(row)

    def _unlink(self, row: SQLModel) -> None:
        """Forget a row that was linked; guardianships of a forgotten person are forgotten too."""
        if isinstance(row, Person):
            number = id_of(row)
            del self.persons[number], self._names[number]
            del self._by_child[number], self._by_guardian[number]
            self._letters[row.letters_key].pop(number, None)
            if row.born is not None:
                self._days[row.born].pop(number, None)
        elif isinstance(row, Guardianship):
            for rows in (self._by_child.get(row.child_id), self._by_guardian.get(row.guardian_id)):
                if rows is not None:
                    rows.remove(row)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Take back what was added, changed and logged in it, if it fails."""
        lengths = {table: len(rows) for table, rows in self._new.items()}
        numbers, logged = dict(self._next), len(ledger.held_entries(self.session))
        self._added.clear()
        try:
            yield
        except BaseException:
            del ledger.held_entries(self.session)[logged:]
            self._take_back(lengths, numbers)
            raise
        self._kept |= {id(row): (row, dict(row.__dict__)) for row in self._added}

    def _take_back(
        self, lengths: Mapping[type[SQLModel], int], numbers: Mapping[type[SQLModel], int]
    ) -> None:
        """Remove the newest rows, and give the others the values that they had before."""
        for table, rows in self._new.items():
            for row in rows[lengths[table] :]:
                self._unlink(row)
            del rows[lengths[table] :]
        self._next = dict(numbers)
        for row in self.session.dirty:
            if id(row) not in self._kept:
                _restore(row, _values_read(row))
        for row, values in self._kept.values():
            if row.__dict__ != values:  # most are as they were
                _restore(row, values)

    def write(self) -> None:
        """Write what waits: changed rows, new rows, entries of the log."""
        self.session.flush()
        for rows in self._new.values():
            insert_rows(self.session, rows)


def insert_rows(session: Session, rows: Sequence[SQLModel]) -> None:
    """Insert rows of one table as they are; the session does not hold them afterwards."""
    if rows:
        mapper: Any = sa.inspect(type(rows[0]))
        streaming.insert_rows(session.connection(), mapper.local_table, map(vars, rows))


def _values_read(row: SQLModel) -> dict[str, Any]:
    """Return the values that changed columns of a row have in the database."""
    return {
        each.key: each.history.deleted[0] for each in sa.inspect(row).attrs if each.history.deleted
    }


def _restore(row: SQLModel, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if not name.startswith("_") and getattr(row, name) != value:
            setattr(row, name, value)


@contextmanager
def people_ahead(session: Session) -> Iterator[PeopleAhead]:
    """Read and write people many at once in it; written when it ends, unless it fails."""
    ahead = PeopleAhead(session)
    session.info["people_ahead"] = ahead
    try:
        with ledger.held(session), session.no_autoflush:
            yield ahead
            del session.info["people_ahead"]
            ahead.write()
    finally:
        session.info.pop("people_ahead", None)


def ahead_of(session: Any) -> PeopleAhead | None:
    """Return the people who were read ahead for a session, if they are in force."""
    found: PeopleAhead | None = session.info.get("people_ahead")
    return found
