"""Which facts the rules can distinguish on one day, and until when.

The rules compare dates with the day of use and with each other, and with nothing else. So two
photos can get different verdicts only if they differ in what is returned here; and until the last
day given here, no verdict changes by itself. `tests/rulebook/test_validity.py` proves it.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from photoreg.rulebook.copyright import AUTHOR_RIGHT_YEARS, RELATED_RIGHT_YEARS
from photoreg.rulebook.facts import (
    OPEN_ENDED,
    Answer,
    Grant,
    PersonFacts,
    PhotoFacts,
    age_in_years,
)
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.situation import add_months

NO_END = date.max


@dataclass(frozen=True, slots=True)
class EquivalenceKey:
    """Facts as the rules see them on a day: equal if no rule can distinguish them.

    `valid_until` is the last day of validity. Ids of persons are left out: rules only repeat them.
    """

    key: Hashable
    valid_until: date


def photo_key(facts: PhotoFacts, day: date, policy: Policy) -> EquivalenceKey:
    """Return a photo's facts as the rules see them on a day."""
    persons = [person_key(person, day, policy) for person in facts.persons]
    answers = [_answer_key(given.answer, None, day, policy) for given in facts.permissions]
    taken = _years_over(facts.taken_year, RELATED_RIGHT_YEARS, day)
    died = _years_over(facts.photographer_died_year, AUTHOR_RIGHT_YEARS, day)
    key = (
        *(facts.photographer, facts.basis, facts.credit, facts.commissioner, facts.file_rights),
        *(facts.place, facts.place_permission, facts.shot, facts.people),
        *(facts.recognisable_count, facts.context_identifies, facts.sensitive),
        *(facts.confidentiality, facts.confidential_release, facts.terms_changed, facts.flagged),
        facts.second_look,
        *(taken.key, died.key),
        tuple((bool(g.holder), a.key) for g, a in zip(facts.permissions, answers, strict=True)),
        tuple(person.key for person in persons),
    )
    return EquivalenceKey(key, _earliest([taken, died, *answers, *persons]))


def person_key(person: PersonFacts, day: date, policy: Policy) -> EquivalenceKey:
    """Return a depicted person's facts as the rules see them on a day."""
    born = person.born
    ages = [_has_age(born, years, day) for years in (policy.child_age, policy.child_view_age)]
    own = _answer_key(person.own, born, day, policy)
    guardians = [_answer_key(guardian.answer, None, day, policy) for guardian in person.guardians]
    key = (
        *(person.age_group, person.deceased, person.role, person.capacity, person.blocked),
        *(person.guardians_total, own.key, *(age.key for age in ages)),
        tuple(
            (guardian.verified, guardian.excused, answer.key)
            for guardian, answer in zip(person.guardians, guardians, strict=True)
        ),
    )
    return EquivalenceKey(key, _earliest([own, *ages, *guardians]))


def _answer_key(answer: Answer, born: date | None, day: date, policy: Policy) -> EquivalenceKey:
    grants = [_grant_key(grant, born, day, policy) for grant in answer.grants]
    key = (answer.state, answer.taken_back, answer.regained, tuple(g.key for g in grants))
    return EquivalenceKey(key, _earliest(grants))


def _grant_key(grant: Grant, born: date | None, day: date, policy: Policy) -> EquivalenceKey:
    months, given_on = policy.max_consent_age_months, grant.given_on
    too_old = None if months is None or given_on is None else add_months(given_on, months)
    age = age_in_years(born, given_on) if given_on else None
    ends = (_is_over(grant.valid_until, day), _is_over(too_old, day))
    key = (
        *(grant.channels, grant.purposes, grant.documented, grant.excluded),
        *(grant.releases_confidential, grant.valid_until == OPEN_ENDED, given_on is None),
        *(end.key for end in ends),
        None if age is None else age >= policy.child_age,
    )
    return EquivalenceKey(key, _earliest(ends))


def _is_over(last: date | None, day: date) -> EquivalenceKey:
    """Return whether a last day is over; None if there is no such day."""
    if last is None:
        return EquivalenceKey(None, NO_END)
    return EquivalenceKey(last < day, NO_END if last < day else last)


def _has_age(born: date | None, years: int, day: date) -> EquivalenceKey:
    """Return whether somebody has reached an age; a birthday on 29 February falls on 1 March."""
    age = age_in_years(born, day)
    if born is None or age is None:
        return EquivalenceKey(None, NO_END)
    if age >= years:
        return EquivalenceKey(True, NO_END)
    try:
        reached = born.replace(year=born.year + years)
    except ValueError:
        reached = date(born.year + years, 3, 1)
    return EquivalenceKey(False, reached - timedelta(days=1))


def _years_over(year: int | None, years: int, day: date) -> EquivalenceKey:
    """Return whether so many years have passed since the end of a year; None if unknown."""
    if year is None:
        return EquivalenceKey(None, NO_END)
    if year + years < day.year:
        return EquivalenceKey(True, NO_END)
    return EquivalenceKey(False, date(min(year + years, date.max.year), 12, 31))


def _earliest(parts: Iterable[EquivalenceKey]) -> date:
    return min((part.valid_until for part in parts), default=NO_END)
