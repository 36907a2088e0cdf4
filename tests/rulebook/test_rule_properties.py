"""What holds for every photo, whatever the facts: the gate is closed unless all of it is open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from itertools import product
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from tests.rulebook.builders import (
    DAY,
    NOTICES,
    REFUSING,
    UNCLEAR,
    codes_of,
    facts,
    general_view,
    granted,
    make_adult,
    make_child,
    make_grant,
    make_guardian,
    make_permission,
    outcome_of,
    photo_of,
    use,
)

from photoreg.rulebook.channels import record_is_complete
from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AgeGroup,
    Answer,
    AnswerState,
    Basis,
    Capacity,
    Channel,
    Commissioner,
    Confidentiality,
    Credit,
    FileRights,
    Grant,
    GuardianAnswer,
    Mode,
    People,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Photographer,
    Place,
    Purpose,
    Role,
    Shot,
    Use,
    digest,
    to_data,
)
from photoreg.rulebook.policy import ClosedGroup, Guardians, Policy
from photoreg.rulebook.reasons import RULES, Finding, Severity
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.verdict import Outcome, Verdict, evaluate

_T = TypeVar("_T")
Asked = tuple[PhotoFacts, Use, Policy]
_RANK = [Outcome.PUBLISHABLE, Outcome.UNCLEAR, Outcome.REFUSED]

# --- Facts: mostly in order, with a few answers changed to anything they may be. -----------------

_DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
_REACHES = [*Channel, "kunta-fb", "kirjasto-fb"]
_GRANT: Mapping[str, st.SearchStrategy[Any]] = {
    "channels": st.frozensets(st.sampled_from(_REACHES), max_size=4),
    "purposes": st.frozensets(st.sampled_from([*Purpose, "any"]), max_size=2),
    "valid_until": _DAYS | st.just(OPEN_ENDED),
    "given_on": st.none() | st.dates(date(2000, 1, 1), date(2026, 12, 31)),
    "documented": st.sampled_from([True, False, None]),
    "excluded": st.frozensets(st.sampled_from(_REACHES), max_size=2),
}
_BIRTHS = st.dates(date(2005, 1, 1), date(2015, 12, 31)) | st.just(date(2008, 2, 29))


def _maybe(kind: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(kind)


_PERSON: Mapping[str, st.SearchStrategy[Any]] = {
    "deceased": st.booleans(),
    "role": _maybe(Role),
    "capacity": _maybe(Capacity),
    "guardians_total": st.none() | st.integers(0, 3),
    "blocked": st.booleans(),
}
_PHOTO: Mapping[str, st.SearchStrategy[Any]] = {
    "photographer": _maybe(Photographer),
    "basis": _maybe(Basis),
    "credit": _maybe(Credit),
    "commissioner": _maybe(Commissioner),
    "taken_year": st.none() | st.integers(1900, 2026),
    "photographer_died_year": st.none() | st.integers(1900, 2026),
    "file_rights": _maybe(FileRights),
    "place": _maybe(Place),
    "place_permission": st.sampled_from([True, False, None]),
    "shot": _maybe(Shot),
    "people": _maybe(People),
    "recognisable_count": st.none() | st.integers(0, 4),
    "context_identifies": st.sampled_from([True, False, None]),
    "sensitive": st.sampled_from([True, False, None]),
    "confidentiality": _maybe(Confidentiality),
    "confidential_release": st.sampled_from([True, False, None]),
    "terms_changed": st.sampled_from([True, False, None]),
    "flagged": st.booleans(),
    "second_look": st.booleans(),
}
_POLICY: Mapping[str, st.SearchStrategy[Any]] = {
    "guardians": st.sampled_from(Guardians),
    "child_age": st.integers(16, 20),
    "child_view_age": st.integers(0, 20),
    "closed_group": st.sampled_from(ClosedGroup),
    "public_places": st.frozensets(st.sampled_from(Place), max_size=3),
    "max_consent_age_months": st.none() | st.integers(1, 60),
}


@st.composite
def _spoilt(
    draw: st.DrawFn, whole: _T, answers: Mapping[str, st.SearchStrategy[Any]], most: int
) -> _T:
    """Draw the whole with at most so many of its answers changed."""
    size = draw(st.sampled_from([0, 0, *range(most + 1)]))
    some = st.lists(st.sampled_from(sorted(answers)), min_size=size, max_size=size, unique=True)
    names = draw(some)
    changes: dict[str, Any] = {name: draw(answers[name]) for name in names}
    return replace(whole, **changes)  # type: ignore[type-var]


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    """Draw a yes; its end is always recorded."""
    wide = make_grant(channels=frozenset(Channel), valid_until=OPEN_ENDED)
    return draw(_spoilt(wide, _GRANT, 2))


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Draw somebody's word, more often a yes than not."""
    state = draw(st.sampled_from([*[AnswerState.GRANTED] * 9, *AnswerState, None]))
    return Answer(state, tuple(draw(st.lists(grants(), min_size=1, max_size=2))))


@st.composite
def guardian_answers(draw: st.DrawFn) -> GuardianAnswer:
    """Draw the word of one who may or may not be a guardian."""
    plain = make_guardian(draw(st.sampled_from(["H-20", "H-21", "H-22"])), draw(answers()))
    switches = {"verified": st.booleans(), "excused": st.booleans()}
    return draw(_spoilt(plain, switches, 1))


@st.composite
def people(draw: st.DrawFn) -> PersonFacts:
    """Draw an adult, a child, or somebody of unknown age.

    An age group is recorded only when the date of birth is not.
    """
    name = draw(st.sampled_from(["H-1", "H-2", "H-3"]))
    kind = draw(st.sampled_from(["adult", "stated adult", "child", "any age", "unknown"]))
    person = make_adult(person=name)
    if kind in {"child", "any age"}:
        guardians = tuple(draw(st.lists(guardian_answers(), min_size=1, max_size=2)))
        born = date(2017, 9, 1) if kind == "child" else draw(_BIRTHS)
        person = replace(
            person, born=born, guardians=guardians, guardians_total=len(guardians), own=Answer()
        )
    if kind in {"stated adult", "unknown"}:
        stated = draw(st.sampled_from(AgeGroup)) if kind == "unknown" else AgeGroup.ADULT
        person = replace(person, born=None, age_group=stated)
    if kind != "child":
        person = replace(person, own=draw(answers()))
    return draw(_spoilt(person, _PERSON, 1))


@st.composite
def photos(draw: st.DrawFn) -> PhotoFacts:
    """Draw a photo with nobody or with some people, and a few answers changed."""
    start = facts()
    arrange = draw(st.sampled_from([None, photo_of, general_view]))
    if arrange:
        start = arrange(*draw(st.lists(people(), min_size=1, max_size=2)))
    if draw(st.sampled_from([False, False, True])):
        start = replace(start, basis=Basis.STAFF_NO_AGREEMENT)  # unclear
    if draw(st.sampled_from([True, False, False, False])):
        holders = draw(st.lists(answers(), max_size=2))
        start = replace(
            start, permissions=tuple(PermissionFacts(f"H-9{n}", a) for n, a in enumerate(holders))
        )
    return draw(_spoilt(start, _PHOTO, 3))


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Draw a photo, a use and a policy."""
    wanted = use(
        draw(st.sampled_from([*[Channel.PUBLIC_PAGE] * 3, *Channel])),
        day=draw(st.just(DAY) | _DAYS),
        mode=draw(st.sampled_from([*[Mode.UPLOAD] * 3, *Mode])),
        purpose=draw(st.sampled_from([Purpose.INFORMATION, *Purpose])),
        channel_name=draw(st.sampled_from(["", "", "kunta-fb"])),
    )
    return draw(photos()), wanted, draw(_spoilt(Policy(), _POLICY, 2))


def _rank(verdict: Verdict) -> int:
    return _RANK.index(verdict.outcome)


# --- The drawn facts are wide enough: each property below is about every outcome. ----------------


def test_drawn_facts_reach_every_outcome_with_and_without_people() -> None:
    reached = set[tuple[Outcome, bool]]()

    @settings(max_examples=250, derandomize=True, database=None, phases=[Phase.generate])
    @given(asked())
    def look(question: Asked) -> None:
        reached.add((evaluate(*question).outcome, Situation(*question).shows_people))

    look()
    assert reached == set(product(Outcome, (True, False)))


# --- The verdict. --------------------------------------------------------------------------------


@given(asked())
def test_who_is_to_ask_is_somebody_of_the_facts_and_never_somebody_who_refused(
    question: Asked,
) -> None:
    situation, verdict = Situation(*question), evaluate(*question)
    for finding in (*verdict.findings, *verdict.notices):
        may_be_asked = {
            person
            for person, answer in _answers_about(situation, finding.person)
            if answer.state not in {AnswerState.REFUSED, AnswerState.WITHDRAWN}
            and not situation.is_withdrawn(answer)
        }
        assert {*finding.ask, *finding.verify} <= may_be_asked
        event(f"asks {min(len(finding.ask), 2)}")


def _answers_about(situation: Situation, about: str | None) -> Iterator[tuple[str, Answer]]:
    """Give those who have a say about a person, or about the use of the photo, with their word."""
    for permission in situation.facts.permissions:
        if permission.holder == about:
            yield permission.holder, permission.answer
    for person in situation.facts.persons:
        if person.person == about:
            yield person.person, person.own
            yield from ((g.guardian, g.answer) for g in person.guardians)


@given(asked())
def test_outcome_is_the_worst_of_the_codes_and_publishable_is_none(question: Asked) -> None:
    verdict = evaluate(*question)
    event(verdict.outcome)
    assert verdict.outcome is outcome_of(frozenset(verdict.codes))
    assert (verdict.outcome is Outcome.PUBLISHABLE) == (verdict.codes == ())
    assert (verdict.outcome is Outcome.PUBLISHABLE) == (verdict.findings == ())


@given(asked())
def test_severity_of_a_code_is_always_the_same(question: Asked) -> None:
    verdict = evaluate(*question)
    weights = {Severity.REFUSED: REFUSING, Severity.UNCLEAR: UNCLEAR}
    assert all(f.code in weights[f.reason.severity] for f in verdict.findings)
    assert all(notice.code in NOTICES for notice in verdict.notices)


@given(asked())
def test_no_rule_crashes_whatever_the_facts(question: Asked) -> None:
    assert "RG_RULE_FAILED" not in evaluate(*question).codes


@given(asked())
def test_codes_are_sorted_and_the_rest_has_passed(question: Asked) -> None:
    verdict = evaluate(*question)
    assert list(verdict.codes) == sorted({f.code for f in verdict.findings})
    passed = {reason.code for reason in verdict.passed}
    assert passed == (REFUSING | UNCLEAR) - set(verdict.codes)


@given(asked())
def test_findings_are_each_given_once_and_the_weightiest_first(question: Asked) -> None:
    findings = evaluate(*question).findings
    assert len(set(findings)) == len(findings)
    milder = [f.reason.severity is not Severity.REFUSED for f in findings]
    assert milder == sorted(milder)


@given(asked())
def test_same_facts_give_the_same_verdict(question: Asked) -> None:
    photo, wanted, policy = question
    assert evaluate(*question) == evaluate(replace(photo), replace(wanted), replace(policy))


@given(asked(), st.permutations(RULES))
def test_order_of_the_rules_does_not_matter(question: Asked, rules: list[Any]) -> None:
    assert evaluate(*question, rules) == evaluate(*question)


@given(asked())
def test_no_question_depends_on_what_was_said_about_who_is_shown(question: Asked) -> None:
    photo, wanted, policy = question
    unheard = (replace(p, own=Answer(), guardians=()) for p in photo.persons)
    silent = replace(photo, persons=tuple(unheard))
    only = [record_is_complete]
    assert evaluate(silent, wanted, policy, only) == evaluate(photo, wanted, policy, only)


# --- A rule that crashes blocks. -----------------------------------------------------------------


def _crash_at_once(situation: Situation) -> Iterator[Finding]:
    raise ZeroDivisionError(situation.use.day)


def _crash_after_a_finding(situation: Situation) -> Iterator[Finding]:
    yield from RULES[0](situation)
    raise RecursionError


def _find_nothing_at_all(_situation: Situation) -> Iterator[Finding]:
    return None  # type: ignore[return-value]


def _find_something_else(situation: Situation) -> Iterator[Finding]:
    yield [situation]  # type: ignore[misc]


@pytest.mark.parametrize(
    "broken",
    [_crash_at_once, _crash_after_a_finding, _find_nothing_at_all, _find_something_else],
)
@given(question=asked(), place=st.integers(0, len(RULES)))
def test_crashing_rule_blocks_and_hides_nothing(
    broken: Callable[[Situation], Iterator[Finding]], question: Asked, place: int
) -> None:
    whole = evaluate(*question)
    verdict = evaluate(*question, [*RULES[:place], broken, *RULES[place:]])
    assert verdict.outcome is Outcome.REFUSED
    assert codes_of(verdict) == codes_of(whole) | {"RG_RULE_FAILED"}
    (failure,) = (f for f in verdict.findings if f.code == "RG_RULE_FAILED")
    assert failure.detail == (broken.__name__,)


def test_crashing_rule_alone_refuses_an_all_clear_photo() -> None:
    assert evaluate(facts(), use(), Policy(), [_crash_at_once]).codes == ("RG_RULE_FAILED",)


# --- Taking an answer away never opens the gate. -------------------------------------------------


def _forgettings(whole: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give the whole with one optional answer taken away, for each answer at every level."""
    hints = get_type_hints(type(whole))
    for name in (f.name for f in fields(whole)):
        value = getattr(whole, name)
        here = (*path, name)
        if NoneType in get_args(hints[name]) and value is not None:
            yield here, replace(whole, **{name: None})
        elif is_dataclass(value):
            for deeper, part in _forgettings(value, here):
                yield deeper, replace(whole, **{name: part})
        elif isinstance(value, tuple):
            for n, item in enumerate(value):
                for deeper, part in _forgettings(item, (*here, str(n))):
                    changed = (*value[:n], part, *value[n + 1 :])
                    yield deeper, replace(whole, **{name: changed})


def _is_a_word_nobody_needs(photo: PhotoFacts, question: Asked, path: tuple[str, ...]) -> bool:
    """Is it the word of somebody whom the rules do not ask, so that only a no matters?

    A child below the age at which it is asked may still oppose; a guardian beyond those needed
    (policy `one`, excused, more than the total) may still refuse, and a signature of an outsider
    is held against the photo. Without their words nothing is lacking.
    """
    if path[-1] != "state" or path[0] != "persons":
        return False
    person = photo.persons[int(path[1])]
    if path[2] == "own":
        return Situation(*question).is_minor(person)
    guardians = person.guardians
    ordinary = all(g.verified and not g.excused for g in guardians)
    needed = question[2].guardians is Guardians.ALL and person.guardians_total == len(guardians)
    return not (ordinary and needed)


_SLOW = settings(suppress_health_check=[HealthCheck.too_slow])


@_SLOW
@given(asked())
def test_taking_an_answer_away_never_makes_a_photo_publishable(question: Asked) -> None:
    photo, wanted, policy = question
    before = evaluate(*question)
    event(before.outcome)
    assume(before.outcome is not Outcome.PUBLISHABLE)
    for path, poorer in _forgettings(photo):
        if not _is_a_word_nobody_needs(photo, question, path):
            after = evaluate(poorer, wanted, policy)
            assert after.outcome is not Outcome.PUBLISHABLE, path


def test_forgetting_reaches_every_optional_answer() -> None:
    full = replace(
        photo_of(make_adult(), make_adult(born=None, age_group=AgeGroup.ADULT), make_child()),
        place_permission=True,
        photographer_died_year=1950,
        context_identifies=False,
        confidential_release=True,
    )
    reached = {tuple(p for p in path if not p.isdigit()) for path, _ in _forgettings(full)}
    grant = ("valid_until", "given_on", "documented")
    assert reached == {
        *(
            (name,)
            for name in get_type_hints(PhotoFacts)
            if name not in {"permissions", "persons", "flagged"}
        ),
        *(("permissions", "answer", "grants", name) for name in grant),
        ("permissions", "answer", "state"),
        *(
            ("persons", name)
            for name in ("age_group", "born", "role", "capacity", "guardians_total")
        ),
        ("persons", "own", "state"),
        *(("persons", "own", "grants", name) for name in grant),
        ("persons", "guardians", "answer", "state"),
        *(("persons", "guardians", "answer", "grants", name) for name in grant),
    }


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(
            make_adult(age_group=AgeGroup.ADULT, own=granted(given_on=None)), id="undated"
        ),
        pytest.param(
            make_adult(
                born=date(2008, 1, 1),
                age_group=AgeGroup.ADULT,
                own=granted(given_on=date(2020, 1, 1)),
            ),
            id="given as a child",
        ),
        pytest.param(
            make_child(age_group=AgeGroup.ADULT, own=granted(), guardians=()), id="a child"
        ),
    ],
)
def test_taking_the_birth_date_away_never_makes_a_photo_publishable(person: PersonFacts) -> None:
    person = replace(person, capacity=Capacity.OK)
    assert evaluate(photo_of(person), use(), Policy()).outcome is not Outcome.PUBLISHABLE
    unborn = photo_of(replace(person, born=None))
    assert evaluate(unborn, use(), Policy()).outcome is not Outcome.PUBLISHABLE


def test_a_second_yes_without_a_known_end_neither_helps_nor_harms() -> None:
    endless = make_grant(valid_until=None)
    for documented in (True, None):
        both = granted(make_grant(), replace(endless, documented=documented))
        photo = photo_of(make_adult(own=both))
        assert evaluate(photo, use(), Policy()).outcome is Outcome.PUBLISHABLE
    alone = photo_of(make_adult(own=granted(endless)))
    assert evaluate(alone, use(), Policy()).outcome is not Outcome.PUBLISHABLE


# --- Time only takes away. -----------------------------------------------------------------------


@given(
    grant=grants(),
    later=st.integers(1, 4000),
    policy=_spoilt(Policy(), _POLICY, 2),
    wanted=st.sampled_from([use(), use(Channel.CLOSED_GROUP), use(purpose=Purpose.MARKETING)]),
)
def test_later_day_never_revives_what_has_ended(
    grant: Grant, later: int, policy: Policy, wanted: Use
) -> None:
    photo = photo_of(make_adult(own=granted(grant)), permissions=(make_permission(grant),))
    ended = {"CN_EXPIRED", "CR_PERMISSION_EXPIRED"}
    before = ended & codes_of(evaluate(photo, wanted, policy))
    event(f"ended: {sorted(before)}")
    tomorrow = replace(wanted, day=wanted.day + timedelta(days=later))
    assert before <= codes_of(evaluate(photo, tomorrow, policy))


@given(grant=grants(), last=_DAYS, policy=_spoilt(Policy(), _POLICY, 2))
def test_everything_with_an_end_has_ended_on_the_day_after_it(
    grant: Grant, last: date, policy: Policy
) -> None:
    ending = replace(grant, documented=True, valid_until=last)
    photo = photo_of(
        make_adult(born=None, age_group=AgeGroup.ADULT, own=granted(ending)),
        permissions=(make_permission(ending),),
    )
    after = use(day=last + timedelta(days=1))
    assert {"CN_EXPIRED", "CR_PERMISSION_EXPIRED"} <= codes_of(evaluate(photo, after, policy))


# --- One more person only takes away. ------------------------------------------------------------


@given(asked(), people())
def test_adding_a_person_never_softens_the_verdict(question: Asked, person: PersonFacts) -> None:
    photo, wanted, policy = question
    count = photo.recognisable_count
    assume(count is None or count > 0)
    more = replace(
        photo,
        persons=(*photo.persons, person),
        recognisable_count=None if count is None else count + 1,
    )
    before, after = evaluate(*question), evaluate(more, wanted, policy)
    event(f"{before.outcome} -> {after.outcome}")
    assert _rank(after) >= _rank(before)
    if count is not None:
        assert set(before.codes) <= set(after.codes)


# --- Digests. ------------------------------------------------------------------------------------


@given(asked(), asked())
def test_digests_are_equal_exactly_when_the_facts_are(one: Asked, other: Asked) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)
    assert digest(one[0]) == digest(replace(one[0]))


@given(photos())
def test_digest_differs_when_any_answer_is_taken_away(photo: PhotoFacts) -> None:
    for path, poorer in _forgettings(photo):
        assert digest(poorer) != digest(photo), path


@given(st.data(), photos())
def test_digest_differs_when_any_field_of_the_photo_differs(
    data: st.DataObject, photo: PhotoFacts
) -> None:
    name = data.draw(st.sampled_from(sorted(_PHOTO)))
    value = data.draw(_PHOTO[name].filter(lambda v: v != getattr(photo, name)))
    changes: dict[str, Any] = {name: value}
    assert digest(replace(photo, **changes)) != digest(photo)


@pytest.mark.parametrize(
    "changed",
    [
        photo_of(make_adult(person="H-7")),
        photo_of(make_adult(deceased=True)),
        photo_of(make_adult(blocked=True)),
        photo_of(make_adult(guardians=(make_guardian(),))),
        photo_of(make_adult(own=granted(channels=frozenset({"print"})))),
        photo_of(make_adult(own=granted(purposes=frozenset({"information"})))),
        photo_of(make_adult(own=granted(excluded=frozenset({"print"})))),
        photo_of(make_adult(own=granted(valid_until=date(2027, 12, 30)))),
        photo_of(make_adult(), permissions=(make_permission(holder="H-8"),)),
        photo_of(make_adult(), permissions=()),
    ],
    ids=[
        "person",
        "deceased",
        "blocked",
        "guardians",
        "channels",
        "purposes",
        "excluded",
        "valid_until",
        "holder",
        "permissions",
    ],
)
def test_digest_differs_when_a_part_differs(changed: PhotoFacts) -> None:
    assert digest(changed) != digest(photo_of(make_adult()))


@pytest.mark.parametrize("switch", ["verified", "excused"])
def test_digest_differs_when_a_guardian_differs(switch: str) -> None:
    guardian = make_guardian()
    flipped: dict[str, Any] = {switch: not getattr(guardian, switch)}
    assert digest(guardian) != digest(replace(guardian, **flipped))


def test_digest_does_not_depend_on_the_order_of_a_set_or_a_mapping() -> None:
    names = [f"channel-{n}" for n in range(50)]
    assert to_data(frozenset(names)) == to_data(frozenset(reversed(names))) == sorted(names)
    assert digest({"a": DAY, "b": [DAY]}) == digest({"b": [DAY], "a": DAY})


def test_digest_depends_on_the_order_of_what_has_an_order() -> None:
    assert to_data(("b", "a")) == ["b", "a"]
    assert digest(("b", "a")) != digest(("a", "b"))


def test_digest_is_the_same_in_every_release() -> None:
    assert digest({"name": "Áile", "day": DAY, "scope": frozenset({"print", "any"})}) == (
        "5a1adeaeb3c22d37684a797c7d9f9ac72d815f5f3ea69c720c354880ea1c7c9f"
    )


def test_digest_tells_apart_where_one_value_ends_and_the_next_begins() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest(["a", "bc"])
