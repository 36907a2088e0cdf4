"""What the days do to facts: what looks alike on a day gets the same verdict."""

from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from tests.rulebook.builders import (
    DAY,
    answer_in_state,
    facts,
    granted,
    make_adult,
    make_child,
    make_grant,
    make_guardian,
    make_refusal,
    photo_of,
    said,
    use,
)
from tests.rulebook.test_rule_properties import Asked, asked

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AgeGroup,
    Answer,
    AnswerState,
    Basis,
    ConsentKind,
    GuardianAnswer,
    LicenceTerm,
    Method,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    ReachLevel,
    Statement,
    Use,
    add_days,
)
from photoreg.rulebook.policy import DEFAULT_POLICY, Policy
from photoreg.rulebook.validity import NO_END, FactView, person_key, photo_key
from photoreg.rulebook.verdict import Verdict, evaluate

_VIEW = FactView(DAY, DEFAULT_POLICY)


def without_ids(verdict: Verdict) -> list[tuple[str, bool, tuple[str, ...]]]:
    found = (*verdict.findings, *verdict.notices)
    return sorted((f.code, f.person is not None, f.detail) for f in found)


def moved(day: date | None, by: int) -> date | None:
    return day if day in (None, OPEN_ENDED) else day + timedelta(days=by)


def with_other_days(photo: PhotoFacts, by: list[int]) -> PhotoFacts:
    """Return the facts with every day in them moved, at whatever depth it stands."""
    days = iter(by * 1000)

    def other(value: Any) -> Any:
        if isinstance(value, date):
            return moved(value, next(days))
        if isinstance(value, tuple):
            return tuple(map(other, value))
        if is_dataclass(value) and not isinstance(value, type):
            names = [part.name for part in fields(value)]
            return replace(value, **{name: other(getattr(value, name)) for name in names})
        return value

    changed: PhotoFacts = other(photo)
    return changed


def seen_for(wanted: Use, policy: Policy) -> FactView:
    """Return how facts are looked at for a use: the channels' first days are landmarks."""
    firsts = {wanted.since, *(page.since for page in wanted.pages)}
    return FactView(wanted.day, policy, tuple(sorted(day for day in firsts if day)))


_MOVES = st.lists(
    st.sampled_from([0, 0, 0, 1, -1]) | st.integers(-4000, 4000), min_size=1, max_size=6
)


@given(question=asked(), by=_MOVES)
def test_facts_that_look_alike_get_the_same_verdict(question: Asked, by: list[int]) -> None:
    photo, wanted, policy = question
    other = with_other_days(photo, by)
    view = seen_for(wanted, policy)
    alike = photo_key(photo, view).key == photo_key(other, view).key
    event(f"alike: {alike}, moved: {photo != other}")
    if alike:
        assert without_ids(evaluate(photo, wanted, policy)) == without_ids(
            evaluate(other, wanted, policy)
        )


@given(question=asked(), later=st.integers(0, 6000))
def test_until_the_last_day_no_verdict_changes_by_itself(question: Asked, later: int) -> None:
    photo, wanted, policy = question
    view = seen_for(wanted, policy)
    seen = photo_key(photo, view)
    then = min(seen.valid_until, wanted.day + timedelta(days=later))
    assert then >= wanted.day
    assert evaluate(photo, replace(wanted, day=then), policy) == evaluate(photo, wanted, policy)
    assert photo_key(photo, replace(view, day=then)) == seen


@given(question=asked())
def test_after_the_last_day_the_facts_look_different(question: Asked) -> None:
    photo, wanted, policy = question
    view = seen_for(wanted, policy)
    seen = photo_key(photo, view)
    if seen.valid_until != NO_END:
        after = photo_key(photo, replace(view, day=seen.valid_until + timedelta(days=1)))
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
    assert person_key(own, _VIEW).valid_until == until


_DIED_ON = date(2026, 2, 10)
_NEXT_DAY = _DIED_ON + timedelta(days=1)


def _dead(**changes: Any) -> PersonFacts:
    return make_adult(**{"deceased": True, "died_on": _DIED_ON, **changes})


def _dead_child(answer: Answer, **changes: Any) -> PersonFacts:
    guardian = make_guardian("H-20", answer, **changes)
    return make_child(deceased=True, died_on=_DIED_ON, guardians=(guardian,))


_NO_OF_ONCE = _dead_child(
    said(make_refusal(day=None)),
    first_day=DAY - timedelta(days=9),
    last_day=DAY + timedelta(days=9),
)
_TAKEN_AT_18 = {"born": date(2008, 1, 15)}
"""Of age on the day of the ordinary yes, 15 January 2026."""


def _held(**changes: Any) -> PhotoFacts:
    given = PermissionFacts("H-9", granted())
    return facts(basis=Basis.PHOTOGRAPHER_PERMISSION, permissions=(replace(given, **changes),))


def _free(**changes: Any) -> PhotoFacts:
    old = facts(
        basis=Basis.PUBLIC_DOMAIN, permissions=(), taken_year=1931, photographer_died_year=1940
    )
    return replace(old, **changes)


_UNLIKE = {
    "the last day of a yes, and the day after": (
        photo_of(make_adult(own=granted(valid_until=DAY))),
        photo_of(make_adult(own=granted(valid_until=DAY - timedelta(days=1)))),
    ),
    "a yes of age, and one of a day earlier": (
        photo_of(make_adult(**_TAKEN_AT_18)),
        photo_of(make_adult(**_TAKEN_AT_18, own=granted(day=date(2026, 1, 14)))),
    ),
    "a yes of a known day, and of an unknown one": (
        photo_of(make_adult()),
        photo_of(make_adult(own=granted(day=None))),
    ),
    "a no of the day of death, and of the day after": (
        photo_of(_dead(own=said(make_refusal(day=_DIED_ON)))),
        photo_of(_dead(own=said(make_refusal(day=_NEXT_DAY)))),
    ),
    "a guardian's no of the day of death, and of the day after": (
        photo_of(_dead_child(said(make_refusal(day=_DIED_ON)))),
        photo_of(_dead_child(said(make_refusal(day=_NEXT_DAY)))),
    ),
    "dead on the eighteenth birthday, and on the day before": (
        photo_of(_dead(born=date(2008, 2, 10), own=answer_in_state(AnswerState.REFUSED))),
        photo_of(_dead(born=date(2008, 2, 11), own=answer_in_state(AnswerState.REFUSED))),
    ),
    "dead before the guardianship, and after the day of use": (
        photo_of(_NO_OF_ONCE),
        photo_of(replace(_NO_OF_ONCE, died_on=DAY + timedelta(days=20))),
    ),
    "a photographer of age, and one of a day younger": (
        _held(**_TAKEN_AT_18),
        _held(born=date(2008, 1, 16)),
    ),
    "a named holder, and an unnamed one": (
        _held(answer=Answer()),
        _held(answer=Answer(), holder=""),
    ),
    "a term that is over, and one that ends this year": (
        _free(taken_year=DAY.year - 51),
        _free(taken_year=DAY.year - 50),
    ),
    "a term that is running, and one of an unknown year": (
        _free(taken_year=DAY.year - 50),
        _free(taken_year=None),
    ),
}


@pytest.mark.parametrize(("one", "other"), _UNLIKE.values(), ids=_UNLIKE)
def test_facts_that_get_another_verdict_look_unlike(one: PhotoFacts, other: PhotoFacts) -> None:
    found = [without_ids(evaluate(each, use(), Policy())) for each in (one, other)]
    assert found[0] != found[1]
    assert photo_key(one, _VIEW).key != photo_key(other, _VIEW).key


def test_a_term_of_protection_ends_with_its_year() -> None:
    photo = facts(basis=Basis.PUBLIC_DOMAIN, permissions=(), taken_year=DAY.year - 10)
    assert photo_key(photo, _VIEW).valid_until == date(DAY.year + 40, 12, 31)


def test_a_contradicted_term_of_protection_ends_with_its_year() -> None:
    photo = facts(
        basis=Basis.PUBLIC_DOMAIN,
        permissions=(),
        taken_year=1931,
        photographer_died_year=1940,
        file_taken_year=DAY.year - 10,
    )
    assert photo_key(photo, _VIEW).valid_until == date(DAY.year + 40, 12, 31)


def test_a_guardianship_ends_on_its_last_day_and_begins_on_its_first() -> None:
    lasting = make_guardian("H-20", granted(valid_until=OPEN_ENDED), last_day=DAY)
    coming = replace(lasting, last_day=None, first_day=DAY + timedelta(days=3))
    for guardian, until in ((lasting, DAY), (coming, DAY + timedelta(days=2))):
        child = make_child(born=date(2020, 1, 1), guardians=(guardian,))
        assert person_key(child, _VIEW).valid_until == until


def test_a_channel_that_came_to_be_between_two_yeses_distinguishes_them() -> None:
    between = date(2026, 1, 20)
    one, other = (make_adult(own=granted(day=between + timedelta(days=days))) for days in (-1, 1))
    assert person_key(one, _VIEW).key == person_key(other, _VIEW).key
    since = replace(_VIEW, landmarks=(between,))
    assert person_key(one, since).key != person_key(other, since).key


def test_a_channel_that_came_to_be_between_two_noes_does_not_distinguish_them() -> None:
    between = date(2026, 1, 20)
    view = FactView(DAY, DEFAULT_POLICY, (between,))
    days = (between + timedelta(days=days) for days in (-1, 1))
    assert len({person_key(make_adult(own=said(make_refusal(day=d))), view).key for d in days}) == 1


def test_a_yes_of_the_first_day_of_a_channel_looks_unlike_one_of_the_day_before() -> None:
    first = date(2026, 1, 20)
    view = FactView(DAY, DEFAULT_POLICY, (first,))
    days = (first - timedelta(days=1), first)
    keys = {person_key(make_adult(own=granted(day=day)), view).key for day in days}
    assert len(keys) == 2


def test_a_consent_that_grows_too_old_ends_by_policy() -> None:
    day = DAY - timedelta(days=1)
    consent = granted(make_grant(valid_until=OPEN_ENDED, day=day))
    policy = Policy(max_consent_age_months=12)
    until = person_key(make_adult(own=consent), FactView(DAY, policy)).valid_until
    assert until == day.replace(year=day.year + 1)


def test_every_fact_is_seen() -> None:
    """A fact that is added later and forgotten here would let unlike photos look alike."""
    photo = photo_of(make_adult())
    seen = photo_key(photo, _VIEW).key
    for part in fields(PhotoFacts):
        other = replace(photo, **{part.name: _else(getattr(photo, part.name))})
        assert photo_key(other, _VIEW).key != seen, part.name


_ADULT = make_adult(born=None, age_group=AgeGroup.ADULT, guardians=(make_guardian(),))
_DEAD = make_adult(deceased=True, died_on=DAY, guardians=(make_guardian(),))


@pytest.mark.parametrize("name", [part.name for part in fields(PersonFacts)])
def test_every_fact_about_a_person_is_seen_but_the_id(name: str) -> None:
    whole = _DEAD if name in {"born", "died_on"} else _ADULT
    days = {"born": date(2020, 1, 1), "died_on": date(2020, 1, 1)}
    other: Any = days.get(name) or _else(getattr(whole, name))
    alike = person_key(replace(whole, **{name: other}), _VIEW).key == person_key(whole, _VIEW).key
    assert alike == (name == "person")


@pytest.mark.parametrize("name", [part.name for part in fields(GuardianAnswer)])
def test_every_fact_about_a_guardian_is_seen_but_the_id(name: str) -> None:
    guardian = make_guardian()
    days = {"first_day": DAY + timedelta(days=9), "last_day": DAY}
    value: Any = days.get(name) or _else(getattr(guardian, name))
    other = replace(guardian, **{name: value})
    keys = {person_key(make_child(guardians=(g,)), _VIEW).key for g in (guardian, other)}
    assert len(keys) == (1 if name == "guardian" else 2)


@pytest.mark.parametrize("name", [part.name for part in fields(PermissionFacts)])
def test_every_fact_about_a_rights_holder_is_seen_but_the_id(name: str) -> None:
    holder = PermissionFacts("H-9", granted())
    value: Any = {
        "holder": "H-10",
        "born": date(2015, 1, 1),
        "age_group": AgeGroup.MINOR,
        "guardians": (Answer(),),
        "answer": Answer(),
    }[name]
    other = replace(holder, **{name: value})
    keys = {photo_key(facts(permissions=(h,)), _VIEW).key for h in (holder, other)}
    assert len(keys) == (1 if name == "holder" else 2)


@pytest.mark.parametrize("name", [part.name for part in fields(Statement)])
def test_every_part_of_a_statement_is_seen(name: str) -> None:
    """A day is seen beside other days only."""
    value: Any = {
        "kind": ConsentKind.REFUSED,
        "day": date(2026, 2, 20),
        "order": 7,
        "is_dated": False,
        "is_live": False,
        "reach": ReachLevel.PHOTO,
        "channels": frozenset({"print"}),
        "purposes": frozenset({"marketing"}),
        "names_kind": True,
        "valid_until": date(2026, 2, 1),
        "documented": None,
        "method": Method.ORAL,
        "is_whole": False,
        "releases_confidential": True,
        "licence_terms": frozenset({LicenceTerm.BY}),
    }[name]
    first, second = make_grant(), make_refusal()
    whole, other = (Answer((each, second)) for each in (first, replace(first, **{name: value})))
    assert all(one != two for one, two in zip(_keys_of(whole), _keys_of(other), strict=True))


def _keys_of(answer: Answer) -> list[Hashable]:
    """Return what is seen of an answer of an adult, of guardians and of a rights holder."""
    holders = (PermissionFacts("H-9", answer), PermissionFacts("H-9", guardians=(answer,)))
    return [
        person_key(make_adult(own=answer), _VIEW).key,
        person_key(make_child(guardians=(make_guardian(answer=answer),)), _VIEW).key,
        *(photo_key(facts(permissions=(holder,)), _VIEW).key for holder in holders),
    ]


def _else(value: object) -> Any:
    """Return another value than this one, of a kind that passes for it."""
    if isinstance(value, tuple):
        return (*value, *value)
    if isinstance(value, Answer):
        return Answer()
    if isinstance(value, frozenset):
        return value | {LicenceTerm.BY}
    return 1850 if value is None or isinstance(value, bool | int) else None


def test_days_at_the_edge_of_the_calendar_stay_within_it() -> None:
    assert add_days(date.max, 1) == date.max
    assert add_days(date.min, -1) == date.min
    view = FactView(date.max, DEFAULT_POLICY)
    guardian = replace(make_guardian(), first_day=date.min, last_day=date.max)
    for born in (date(9990, 3, 1), date.max, date.min):
        child = replace(make_child(), born=born, guardians=(guardian,))
        assert person_key(child, view).valid_until <= NO_END
    child = replace(make_child(), born=date(9981, 3, 1), guardians=())
    seen = person_key(child, FactView(date(9998, 1, 1), DEFAULT_POLICY))
    assert seen.valid_until == date(9999, 2, 28)


def test_statements_with_and_without_a_day_are_seen_together() -> None:
    dated, undated = make_grant(), replace(make_grant(), day=None, order=7)
    one, other = Answer((dated, undated)), Answer((undated, dated))
    assert _keys_of(one) == _keys_of(other)


def test_which_of_two_days_came_first_is_seen() -> None:
    early, late = DAY - timedelta(days=9), DAY - timedelta(days=4)
    yes, no = make_grant(), make_refusal()
    agreed_last = Answer((replace(yes, day=late), replace(no, day=early)))
    refused_last = Answer((replace(yes, day=early), replace(no, day=late)))
    assert all(
        one != two for one, two in zip(_keys_of(agreed_last), _keys_of(refused_last), strict=True)
    )
