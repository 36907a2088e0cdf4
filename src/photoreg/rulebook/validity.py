"""What the days do to facts: what the rules can tell apart on one day, and until when.

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
from photoreg.rulebook.situation import months_later

FOR_EVER = date.max


@dataclass(frozen=True, slots=True)
class Seen:
    """Facts as the rules see them on a day: equal when no rule can tell them apart.

    `until` is the last day on which they stay so. Ids of persons are left out: rules repeat them.
    """

    what: Hashable
    until: date


def photo_seen(facts: PhotoFacts, day: date, policy: Policy) -> Seen:
    """Return a photo's facts as the rules see them on a day."""
    persons = [person_seen(person, day, policy) for person in facts.persons]
    answers = [_answer(given.answer, None, day, policy) for given in facts.permissions]
    taken = _years_over(facts.taken_year, RELATED_RIGHT_YEARS, day)
    died = _years_over(facts.photographer_died_year, AUTHOR_RIGHT_YEARS, day)
    what = (
        *(facts.photographer, facts.basis, facts.credit, facts.commissioner, facts.file_rights),
        *(facts.place, facts.place_permission, facts.shot, facts.people),
        *(facts.recognisable_count, facts.context_identifies, facts.sensitive),
        *(facts.confidentiality, facts.confidential_release, facts.terms_changed, facts.flagged),
        *(taken.what, died.what),
        tuple((bool(g.holder), a.what) for g, a in zip(facts.permissions, answers, strict=True)),
        tuple(person.what for person in persons),
    )
    return Seen(what, _earliest([taken, died, *answers, *persons]))


def person_seen(person: PersonFacts, day: date, policy: Policy) -> Seen:
    """Return what is known of a person who is shown, as the rules see it on a day."""
    born = person.born
    ages = [_age(born, years, day) for years in (policy.child_age, policy.child_view_age)]
    own = _answer(person.own, born, day, policy)
    guardians = [_answer(guardian.answer, None, day, policy) for guardian in person.guardians]
    what = (
        *(person.age_group, person.deceased, person.role, person.capacity, person.blocked),
        *(person.guardians_total, own.what, *(age.what for age in ages)),
        tuple(
            (guardian.verified, guardian.excused, said.what)
            for guardian, said in zip(person.guardians, guardians, strict=True)
        ),
    )
    return Seen(what, _earliest([own, *ages, *guardians]))


def _answer(answer: Answer, born: date | None, day: date, policy: Policy) -> Seen:
    grants = [_grant(grant, born, day, policy) for grant in answer.grants]
    what = (answer.state, answer.taken_back, answer.regained, tuple(g.what for g in grants))
    return Seen(what, _earliest(grants))


def _grant(grant: Grant, born: date | None, day: date, policy: Policy) -> Seen:
    months, given_on = policy.max_consent_age_months, grant.given_on
    too_old = None if months is None or given_on is None else months_later(given_on, months)
    age = age_in_years(born, given_on) if given_on else None
    ends = (_over(grant.valid_until, day), _over(too_old, day))
    what = (
        *(grant.channels, grant.purposes, grant.documented, grant.excluded),
        *(grant.releases_confidential, grant.valid_until == OPEN_ENDED, given_on is None),
        *(end.what for end in ends),
        None if age is None else age >= policy.child_age,
    )
    return Seen(what, _earliest(ends))


def _over(last: date | None, day: date) -> Seen:
    """Is a last day over? None if there is no such day."""
    if last is None:
        return Seen(None, FOR_EVER)
    return Seen(last < day, FOR_EVER if last < day else last)


def _age(born: date | None, years: int, day: date) -> Seen:
    """Has somebody reached an age? Who was born on 29 February reaches it on 1 March."""
    age = age_in_years(born, day)
    if born is None or age is None:
        return Seen(None, FOR_EVER)
    if age >= years:
        return Seen(True, FOR_EVER)
    try:
        reached = born.replace(year=born.year + years)
    except ValueError:
        reached = date(born.year + years, 3, 1)
    return Seen(False, reached - timedelta(days=1))


def _years_over(year: int | None, years: int, day: date) -> Seen:
    """Are so many years over, from the end of a year? None if the year is not known."""
    if year is None:
        return Seen(None, FOR_EVER)
    if year + years < day.year:
        return Seen(True, FOR_EVER)
    return Seen(False, date(min(year + years, date.max.year), 12, 31))


def _earliest(parts: Iterable[Seen]) -> date:
    return min((part.until for part in parts), default=FOR_EVER)
