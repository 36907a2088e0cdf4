"""Which facts the rules can distinguish on one day, and until when.

The rules compare dates with the day of use and with each other, and with nothing else. So two
photos can get different verdicts only if they differ in what is returned here; and until the last
day given here, no verdict changes by itself. `tests/rulebook/test_validity.py` proves it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter

from photoreg.rulebook.copyright import AUTHOR_RIGHT_YEARS, RELATED_RIGHT_YEARS, WORKING_AGE
from photoreg.rulebook.facts import (
    OPEN_ENDED,
    Answer,
    GuardianAnswer,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Statement,
    add_days,
    add_months,
    age_in_years,
)
from photoreg.rulebook.policy import Policy

NO_END = date.max


@dataclass(frozen=True, slots=True)
class EquivalenceKey:
    """Facts as the rules see them on a day: equal if no rule can distinguish them.

    `valid_until` is the last day of validity. Ids of persons are left out: rules only repeat them.
    """

    key: Hashable
    valid_until: date


@dataclass(frozen=True, slots=True)
class FactView:
    """How facts are looked at: on a day, under a policy.

    `landmarks` are the sorted days on which channels came to be or changed their terms.
    """

    day: date
    policy: Policy
    landmarks: tuple[date, ...] = ()

    def place_of(self, day: date) -> tuple[int, int]:
        """Return where a day stands among the landmarks."""
        return bisect_left(self.landmarks, day), bisect_right(self.landmarks, day)


def photo_key(facts: PhotoFacts, view: FactView) -> EquivalenceKey:
    """Return a photo's facts as the rules see them on a day."""
    persons = [person_key(person, view) for person in facts.persons]
    holders = [_holder_key(given, view) for given in facts.permissions]
    taken = _years_over(facts.taken_year, RELATED_RIGHT_YEARS, view.day)
    in_file = _years_over(facts.file_taken_year, RELATED_RIGHT_YEARS, view.day)
    died = _years_over(facts.photographer_died_year, AUTHOR_RIGHT_YEARS, view.day)
    key = (
        *_of_photo(facts),
        *(taken.key, in_file.key, died.key),
        tuple(holder.key for holder in holders),
        tuple(person.key for person in persons),
    )
    return EquivalenceKey(key, _earliest([taken, in_file, died, *holders, *persons]))


_KEYED_APART = {
    "permissions",
    "persons",
    "taken_year",
    "file_taken_year",
    "photographer_died_year",
}
_of_photo = attrgetter(*(f.name for f in fields(PhotoFacts) if f.name not in _KEYED_APART))
_RELATIVE = {"day", "valid_until", "order", "reach"}
_of_statement = attrgetter(*(f.name for f in fields(Statement) if f.name not in _RELATIVE))


def _holder_key(given: PermissionFacts, view: FactView) -> EquivalenceKey:
    ages = (view.policy.child_age, WORKING_AGE)
    own = _answer_key(given.answer, view, given.born, ages)
    guardians = [_answer_key(answer, view) for answer in given.guardians]
    key = (
        *(bool(given.holder), given.age_group, given.born is None, own.key),
        tuple(each.key for each in guardians),
    )
    return EquivalenceKey(key, _earliest([own, *guardians]))


def person_key(person: PersonFacts, view: FactView) -> EquivalenceKey:
    """Return a depicted person's facts as the rules see them on a day."""
    born, died, policy = person.born, person.died_on, view.policy
    ages = [_has_age(born, years, view.day) for years in (policy.child_age, policy.child_view_age)]
    own = _answer_key(person.own, view, born, (policy.child_age,), died)
    guardians = [_guardian_key(guardian, person, view) for guardian in person.guardians]
    age_at_death = age_in_years(born, died) if died else None
    key = (
        *(person.age_group, person.deceased, person.role, person.capacity, person.blocked),
        *(person.guardians_total, own.key, *(age.key for age in ages)),
        None if age_at_death is None else age_at_death >= policy.child_age,
        tuple(guardian.key for guardian in guardians),
    )
    return EquivalenceKey(key, _earliest([own, *ages, *guardians]))


def _guardian_key(guardian: GuardianAnswer, child: PersonFacts, view: FactView) -> EquivalenceKey:
    answer = _answer_key(guardian.as_guardian().answer, view, died=child.died_on)
    started = _is_over(guardian.first_day and add_days(guardian.first_day, -1), view.day)
    ended = _is_over(guardian.last_day, view.day)
    died = _is_over(child.died_on, view.day)
    key = (
        *(guardian.verified, guardian.excused, guardian.decides_alone),
        *(answer.key, started.key, ended.key, died.key),
        child.died_on and guardian.is_in_force(child.died_on),
    )
    return EquivalenceKey(key, _earliest([answer, started, ended, died]))


def _answer_key(
    answer: Answer,
    view: FactView,
    born: date | None = None,
    ages: tuple[int, ...] = (),
    died: date | None = None,
) -> EquivalenceKey:
    """Return an answer as the rules see it: of days, only their order among each other.

    Without a refusal each grant is weighed by itself, and of equal ones one is enough: a consent to
    all photos tells the rules no more when one for the event was added.
    """
    statements = sorted(answer.statements, key=lambda said: (said.day or date.min, said.order))
    keys = [_statement_key(each, view, born, ages, died) for each in statements]
    if not answer.refusals:
        latest_first = tuple(dict.fromkeys(each.key for each in reversed(keys)))
        return EquivalenceKey(latest_first, _earliest(keys))
    days = sorted({said.day for said in statements if said.day is not None})
    placed = tuple(
        (each.key, said.order, said.reach, None if said.day is None else days.index(said.day))
        for each, said in zip(keys, statements, strict=True)
    )
    return EquivalenceKey(placed, _earliest(keys))


def _statement_key(
    said: Statement,
    view: FactView,
    born: date | None,
    ages: tuple[int, ...],
    died: date | None,
) -> EquivalenceKey:
    """Return a statement as the rules see it, apart from its place among the others."""
    months = view.policy.max_consent_age_months
    too_old = None if months is None or said.day is None else add_months(said.day, months)
    age = age_in_years(born, said.day) if said.day else None
    ends = (_is_over(said.valid_until, view.day), _is_over(too_old, view.day))
    key = (
        *_of_statement(said),
        said.day and view.place_of(said.day) if said.is_grant else None,
        said.valid_until == OPEN_ENDED,
        *(end.key for end in ends),
        None if age is None else tuple(age >= years for years in ages),
        died is not None and said.day is not None and said.day > died,
    )
    return EquivalenceKey(key, _earliest(ends))


def _is_over(last: date | None, day: date) -> EquivalenceKey:
    """Return whether a last day is over; None if there is no such day."""
    if last is None:
        return EquivalenceKey(None, NO_END)
    return EquivalenceKey(last < day, NO_END if last < day else last)


def _has_age(born: date | None, years: int, day: date) -> EquivalenceKey:
    """Return whether somebody has reached an age; None if the day of birth is unknown."""
    return _is_over(born and add_days(_birthday(born, years), -1), day)


def _birthday(born: date, years: int) -> date:
    """Return the day on which an age is reached; one on 29 February falls on 1 March."""
    if born.year + years > date.max.year:
        return date.max
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _years_over(year: int | None, years: int, day: date) -> EquivalenceKey:
    """Return whether so many years have passed since the end of a year; None if unknown."""
    last = None if year is None else date(min(year + years, date.max.year), 12, 31)
    return _is_over(last, day)


def _earliest(parts: Iterable[EquivalenceKey]) -> date:
    return min((part.valid_until for part in parts), default=NO_END)
