"""What the days do to facts: what looks alike on a day gets the same verdict."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rulebook.builders import (
    DAY,
    facts,
    granted,
    make_adult,
    make_child,
    make_grant,
    make_guardian,
    photo_of,
)
from tests.rulebook.test_rule_properties import Asked, asked

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AgeGroup,
    Answer,
    Basis,
    Grant,
    PersonFacts,
    PhotoFacts,
)
from photoreg.rulebook.policy import DEFAULT_POLICY, Policy
from photoreg.rulebook.validity import NO_END, person_key, photo_key
from photoreg.rulebook.verdict import Verdict, evaluate


def without_ids(verdict: Verdict) -> list[tuple[str, bool, tuple[str, ...]]]:
    found = (*verdict.findings, *verdict.notices)
    return sorted((f.code, f.person is not None, f.detail) for f in found)


def moved(day: date | None, by: int) -> date | None:
    return day if day in (None, OPEN_ENDED) else day + timedelta(days=by)


def with_other_days(photo: PhotoFacts, by: list[int]) -> PhotoFacts:
    """Return the facts with their days moved: ends, days of saying, births."""
    days = iter(by * 100)

    def grant(g: Grant) -> Grant:
        until, given_on = moved(g.valid_until, next(days)), moved(g.given_on, next(days))
        return replace(g, valid_until=until, given_on=given_on)

    def answer(a: Answer) -> Answer:
        return replace(a, grants=tuple(map(grant, a.grants)))

    def person(p: PersonFacts) -> PersonFacts:
        return replace(
            p,
            born=moved(p.born, next(days)),
            own=answer(p.own),
            guardians=tuple(replace(g, answer=answer(g.answer)) for g in p.guardians),
        )

    return replace(
        photo,
        persons=tuple(map(person, photo.persons)),
        permissions=tuple(replace(p, answer=answer(p.answer)) for p in photo.permissions),
    )


_MOVES = st.lists(
    st.sampled_from([0, 0, 0, 1, -1]) | st.integers(-4000, 4000), min_size=1, max_size=6
)


@given(question=asked(), by=_MOVES)
def test_facts_that_look_alike_get_the_same_verdict(question: Asked, by: list[int]) -> None:
    photo, wanted, policy = question
    other = with_other_days(photo, by)
    alike = photo_key(photo, wanted.day, policy).key == photo_key(other, wanted.day, policy).key
    if alike:
        assert without_ids(evaluate(photo, wanted, policy)) == without_ids(
            evaluate(other, wanted, policy)
        )


@given(question=asked(), later=st.integers(0, 6000))
def test_until_the_last_day_no_verdict_changes_by_itself(question: Asked, later: int) -> None:
    photo, wanted, policy = question
    seen = photo_key(photo, wanted.day, policy)
    then = min(seen.valid_until, wanted.day + timedelta(days=later))
    assert then >= wanted.day
    assert evaluate(photo, replace(wanted, day=then), policy) == evaluate(photo, wanted, policy)
    assert photo_key(photo, then, policy) == seen


@given(question=asked())
def test_after_the_last_day_the_facts_look_different(question: Asked) -> None:
    photo, wanted, policy = question
    seen = photo_key(photo, wanted.day, policy)
    if seen.valid_until != NO_END:
        after = photo_key(photo, seen.valid_until + timedelta(days=1), policy)
        assert after.key != seen.key


@pytest.mark.parametrize(
    ("person", "until"),
    [
        (make_child(born=date(2010, 3, 2)), date(2028, 3, 1)),
        (make_child(born=date(2012, 2, 29)), date(2027, 2, 28)),
        (make_adult(own=granted(make_grant(valid_until=DAY))), DAY),
        (make_adult(own=granted(make_grant(valid_until=DAY - timedelta(days=1)))), NO_END),
        (make_adult(own=granted(make_grant(valid_until=OPEN_ENDED))), NO_END),
    ],
)
def test_the_last_day_is_the_one_before_something_ends_or_somebody_comes_of_age(
    person: PersonFacts, until: date
) -> None:
    own = replace(person, guardians=())
    assert person_key(own, DAY, DEFAULT_POLICY).valid_until == until


def test_a_term_of_protection_ends_with_its_year() -> None:
    photo = facts(basis=Basis.PUBLIC_DOMAIN, permissions=(), taken_year=DAY.year - 10)
    assert photo_key(photo, DAY, DEFAULT_POLICY).valid_until == date(DAY.year + 40, 12, 31)


def test_a_consent_that_grows_too_old_ends_by_policy() -> None:
    given_on = DAY - timedelta(days=1)
    consent = granted(make_grant(valid_until=OPEN_ENDED, given_on=given_on))
    policy = Policy(max_consent_age_months=12)
    until = person_key(make_adult(own=consent), DAY, policy).valid_until
    assert until == given_on.replace(year=given_on.year + 1)


def test_every_fact_is_seen() -> None:
    """A fact that is added later and forgotten here would let unlike photos look alike."""
    photo = photo_of(make_adult())
    seen = photo_key(photo, DAY, DEFAULT_POLICY).key
    for part in fields(PhotoFacts):
        other = replace(photo, **{part.name: _else(getattr(photo, part.name))})
        assert photo_key(other, DAY, DEFAULT_POLICY).key != seen, part.name
    adult = make_adult(born=None, age_group=AgeGroup.ADULT, guardians=(make_guardian(),))
    seen = person_key(adult, DAY, DEFAULT_POLICY).key
    for part in fields(PersonFacts):
        if part.name not in {"person", "born"}:
            other_person = replace(adult, **{part.name: _else(getattr(adult, part.name))})
            assert person_key(other_person, DAY, DEFAULT_POLICY).key != seen, part.name


def _else(value: object) -> Any:
    """Return another value than this one, of a kind that passes for it."""
    if isinstance(value, tuple):
        return (*value, *value)
    if isinstance(value, Answer):
        return Answer()
    return 1850 if value is None or isinstance(value, bool | int) else None
