"""What holds for every photo, whatever the facts: the gate is closed unless all of it is open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import partial
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
    make_refusal,
    outcome_of,
    photo_of,
    said,
    use,
)

from photoreg.rulebook.channels import record_is_complete
from photoreg.rulebook.facts import (
    OPEN_ENDED,
    REFUSALS,
    AgeGroup,
    Answer,
    Basis,
    Capacity,
    Channel,
    ChannelFacts,
    Commissioner,
    Confidentiality,
    ConsentKind,
    Credit,
    DepictedWork,
    DigitalSource,
    FileRights,
    GuardianAnswer,
    LicenceTerm,
    Method,
    Mode,
    People,
    PeopleNamed,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Photographer,
    Place,
    Purpose,
    ReachLevel,
    Role,
    Shot,
    Statement,
    Use,
    digest,
    to_data,
)
from photoreg.rulebook.policy import ClosedGroup, Guardians, Policy
from photoreg.rulebook.reasons import RULES, Finding, Severity
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.stopped import STOP_CODES
from photoreg.rulebook.verdict import Outcome, Verdict, evaluate
from photoreg.rulebook.weighing import Weighed

_T = TypeVar("_T")
Asked = tuple[PhotoFacts, Use, Policy]
_RANK = [Outcome.PUBLISHABLE, Outcome.UNCLEAR, Outcome.REFUSED]

# --- Facts: mostly in order, with a few answers changed to anything they may be. -----------------

_DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
_EARLIER = st.dates(date(2000, 1, 1), date(2026, 12, 31)) | st.dates(date(2026, 1, 13), DAY)
_NAMES = ["kunta-fb", "kirjasto-fb", "2b-vanhemmat"]
_STATEMENT: Mapping[str, st.SearchStrategy[Any]] = {
    "channels": st.frozensets(st.sampled_from([*Channel, *_NAMES]), max_size=4),
    "purposes": st.frozensets(st.sampled_from([*Purpose, "any"]), max_size=2),
    "valid_until": _DAYS | st.just(OPEN_ENDED),
    "day": st.none() | _EARLIER,
    "is_dated": st.booleans(),
    "is_live": st.booleans(),
    "reach": st.sampled_from(ReachLevel),
    "names_kind": st.booleans(),
    "documented": st.sampled_from([True, False, None]),
    "method": st.sampled_from(Method),
    "is_whole": st.booleans(),
    "releases_confidential": st.booleans(),
    "licence_terms": st.frozensets(st.sampled_from(LicenceTerm)),
}
_BIRTHS = st.dates(date(2005, 1, 1), date(2015, 12, 31)) | st.just(date(2008, 2, 29))


def _maybe(kind: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(kind)


_PERSON: Mapping[str, st.SearchStrategy[Any]] = {
    "deceased": st.booleans(),
    "died_on": st.none() | _EARLIER,
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
    "objected": st.booleans(),
    "erased": st.booleans(),
    "licence_terms": st.frozensets(st.sampled_from(LicenceTerm)),
    "version_changed": st.booleans(),
    "depicted_work": _maybe(DepictedWork),
    "digital_source": _maybe(DigitalSource),
    "file_taken_year": st.none() | st.integers(1900, 2026),
    "picture_unread": st.booleans(),
    "second_look": st.booleans(),
    "copy_differs": st.booleans(),
    "people_named": _maybe(PeopleNamed),
    "faces_found": st.none() | st.integers(0, 4),
    "day_differs": st.booleans(),
}
_POLICY: Mapping[str, st.SearchStrategy[Any]] = {
    "guardians": st.sampled_from(Guardians),
    "child_age": st.integers(16, 20),
    "child_view_age": st.integers(0, 20),
    "closed_group": st.sampled_from(ClosedGroup),
    "public_places": st.frozensets(st.sampled_from(Place), max_size=3),
    "max_consent_age_months": st.none() | st.integers(1, 60),
    "yes_by": st.frozensets(st.sampled_from(Method), min_size=1),
    "ask_about_faces": st.booleans(),
}
_LASTING: Mapping[str, st.SearchStrategy[Any]] = {
    "verified": st.booleans(),
    "excused": st.booleans(),
    "decides_alone": st.booleans(),
    "first_day": _EARLIER,
    "last_day": _DAYS,
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
def grants(draw: st.DrawFn) -> Statement:
    """Draw a yes; its end is always recorded."""
    wide = make_grant(channels=frozenset([*Channel, *_NAMES]), valid_until=OPEN_ENDED)
    return draw(_spoilt(wide, _STATEMENT, 2))


@st.composite
def refusals(draw: st.DrawFn) -> Statement:
    """Draw a no to something or to everything."""
    kind = draw(st.sampled_from([ConsentKind.REFUSED, ConsentKind.WITHDRAWN]))
    return draw(_spoilt(make_refusal(kind=kind, channels=frozenset({"print"})), _STATEMENT, 2))


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Draw what somebody said, more often a yes than not."""
    kind = draw(st.sampled_from([*["yes"] * 7, "mixed", "mixed", "no", "asked", "nothing"]))
    if kind == "nothing":
        return Answer()
    if kind == "asked":
        return Answer((Statement(ConsentKind.REQUESTED, day=date(2026, 1, 10)),))
    pick = {"yes": grants(), "no": refusals()}.get(kind, grants() | refusals())
    most = 4 if kind == "mixed" else 2
    return said(*draw(st.lists(pick, min_size=1, max_size=most)))


@st.composite
def guardian_answers(draw: st.DrawFn) -> GuardianAnswer:
    """Draw the word of one who may or may not be a guardian."""
    plain = make_guardian(draw(st.sampled_from(["H-20", "H-21", "H-22"])), draw(answers()))
    return draw(_spoilt(plain, _LASTING, 2))


@st.composite
def holders(draw: st.DrawFn, number: int) -> PermissionFacts:
    """Draw a rights holder, sometimes one who may have been a minor."""
    given_by = PermissionFacts(f"H-9{number}", draw(answers()))
    if draw(st.sampled_from([False, False, True])):
        given_by = replace(
            given_by,
            born=draw(st.none() | _BIRTHS),
            age_group=draw(_maybe(AgeGroup)),
            guardians=tuple(draw(st.lists(answers(), max_size=2))),
        )
    return given_by


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
        number = draw(st.integers(0, 2))
        start = replace(start, permissions=tuple(draw(holders(n)) for n in range(number)))
    return draw(_spoilt(start, _PHOTO, 3))


_PAGES = st.builds(
    ChannelFacts,
    st.just(Channel.PUBLIC_PAGE),
    st.sampled_from(_NAMES[:2]),
    since=st.none() | _EARLIER,
)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Draw a photo, a use and a policy."""
    channel = draw(st.sampled_from([*[Channel.PUBLIC_PAGE] * 3, *Channel]))
    is_own = not channel.has_other_controller and draw(st.sampled_from([True, True, True, False]))
    wanted = use(
        channel,
        day=draw(st.just(DAY) | _DAYS),
        mode=draw(st.sampled_from([*[Mode.UPLOAD] * 3, *Mode])),
        purpose=draw(st.sampled_from([Purpose.INFORMATION, *Purpose])),
        channel_name=draw(st.sampled_from(["", "", "kunta-fb"] if is_own else ["kunta-fb"])),
        is_own=is_own,
        since=draw(st.sampled_from([None] * 5 + [date(2026, 1, 14), date(2026, 2, 1)])),
        pages=tuple(draw(st.lists(_PAGES, max_size=2))),
        clock_is_behind=draw(st.sampled_from([False] * 9 + [True])),
    )
    return draw(photos()), wanted, draw(_spoilt(Policy(), _POLICY, 2))


def _rank(verdict: Verdict) -> int:
    return _RANK.index(verdict.outcome)


# --- The drawn facts are wide enough: each property below is about every outcome. ----------------


def test_drawn_facts_reach_every_outcome_with_and_without_people() -> None:
    reached = set[tuple[Outcome, bool]]()

    @settings(max_examples=500, derandomize=True, database=None, phases=[Phase.generate])
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
            for person, weighed in _weighed_about(situation, finding.person)
            if weighed.state not in REFUSALS or weighed.has_later_yes
        }
        assert {*finding.ask, *finding.verify} <= may_be_asked
        event(f"asks {min(len(finding.ask), 2)}")


def _weighed_about(situation: Situation, about: str | None) -> Iterator[tuple[str, Weighed]]:
    """Give those who have a say about a person, or about the use of the photo, with their word."""
    for permission in situation.facts.permissions:
        if permission.holder == about:
            yield permission.holder, situation.weigh(permission.answer, is_permission=True)
    for person in situation.facts.persons:
        if person.person == about:
            yield person.person, situation.weigh(person.own)
            for guardian in situation.guardians_of(person):
                yield guardian.guardian, situation.weigh(guardian.answer)


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
    unsaid = STOP_CODES if STOP_CODES & set(verdict.codes) else set()
    assert passed == (REFUSING | UNCLEAR) - set(verdict.codes) - unsaid


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


_NOTHING_SAID = {
    *("depicted_work", "digital_source", "file_taken_year", "people_named", "faces_found"),
    *("first_day", "last_day"),
}
"""Facts of which None is an answer: the file says nothing, or a guardianship has no such day."""

# --- Taking an answer away never opens the gate. -------------------------------------------------


def _forgettings(whole: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give the whole with one optional answer taken away, for each answer at every level."""
    hints = get_type_hints(type(whole))
    for name in (f.name for f in fields(whole) if f.name not in _NOTHING_SAID):
        value = getattr(whole, name)
        here = (*path, name)
        if NoneType in get_args(hints[name]) and value is not None:
            yield here, replace(whole, **{name: None})
        elif is_dataclass(value):
            for deeper, part in _forgettings(value, here):
                yield deeper, replace(whole, **{name: part})
        elif isinstance(value, tuple):
            for deeper, items in _forgettings_in(value, here):
                yield deeper, replace(whole, **{name: items})


def _forgettings_in(
    items: tuple[Any, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
    for n, item in enumerate(items):
        if isinstance(item, Statement) and item.is_grant:
            yield (*path, str(n)), (*items[:n], *items[n + 1 :])
        for deeper, part in _forgettings(item, (*path, str(n))):
            yield deeper, (*items[:n], part, *items[n + 1 :])


def _is_a_word_nobody_needs(photo: PhotoFacts, question: Asked, path: tuple[str, ...]) -> bool:
    """Is it the word of somebody whom the rules do not ask, so that only a no matters?

    A child below the age at which it is asked may still oppose; a guardian beyond those needed
    (policy `one`, excused, more than the total) may still refuse, and a signature of an outsider
    or a damaged document is held against the photo. Without their words nothing is lacking.
    """
    if "statements" not in path:
        return False
    if path[0] == "permissions":
        return path[2] == "guardians"
    person = photo.persons[int(path[1])]
    if path[2] == "own":
        return Situation(*question).is_minor(person)
    guardians = person.guardians
    ordinary = all(g.verified and not g.excused and not g.decides_alone for g in guardians)
    needed = question[2].guardians is Guardians.ALL and person.guardians_total == len(guardians)
    return not (ordinary and needed)


_SLOW = settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.too_slow],
)


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
        photo_of(
            make_adult(died_on=DAY),
            make_adult(born=None, age_group=AgeGroup.ADULT),
            make_child(),
        ),
        place_permission=True,
        photographer_died_year=1950,
        context_identifies=False,
        confidential_release=True,
    )
    reached = {tuple(p for p in path if not p.isdigit()) for path, _ in _forgettings(full)}
    given_parts = [
        ("statements",),
        *(("statements", n) for n in ("valid_until", "day", "documented")),
    ]
    assert reached == {
        *(
            (name,)
            for name, kind in get_type_hints(PhotoFacts).items()
            if NoneType in get_args(kind) and name not in _NOTHING_SAID
        ),
        *(("permissions", "answer", *part) for part in given_parts),
        *(
            ("persons", name)
            for name in ("age_group", "born", "role", "capacity", "guardians_total", "died_on")
        ),
        *(("persons", "own", *part) for part in given_parts),
        *(("persons", "guardians", "answer", *part) for part in given_parts),
    }


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(make_adult(age_group=AgeGroup.ADULT, own=granted(day=None)), id="undated"),
        pytest.param(
            make_adult(
                born=date(2008, 1, 1),
                age_group=AgeGroup.ADULT,
                own=granted(day=date(2020, 1, 1)),
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


# --- A yes adds, a no takes away. -----------------------------------------------------------------


def _answers_in(whole: Any) -> Iterator[tuple[Answer, Callable[[Answer], Any]]]:
    """Give every answer in the facts, with how to put another in its place."""
    if isinstance(whole, Answer):
        yield whole, lambda other: other
        return
    for name in (f.name for f in fields(whole)):
        value = getattr(whole, name)
        if isinstance(value, Answer):
            yield value, partial(_put, whole, name, ((), ()), None)
        elif isinstance(value, tuple):
            for n, item in enumerate(value):
                around = (value[:n], value[n + 1 :])
                for answer, inner in _answers_in(item) if is_dataclass(item) else ():
                    yield answer, partial(_put, whole, name, around, inner)


def _put(
    whole: Any,
    name: str,
    around: tuple[tuple[Any, ...], tuple[Any, ...]],
    inner: Callable[[Answer], Any] | None,
    other: Answer,
) -> Any:
    part: Any = other if inner is None else (*around[0], inner(other), *around[1])
    return replace(whole, **{name: part})


def _with(answer: Answer, more: Statement) -> Answer:
    return Answer((*answer.statements, replace(more, order=len(answer.statements))))


@_SLOW
@given(asked(), refusals())
def test_no_by_anybody_never_makes_anything_better(question: Asked, more: Statement) -> None:
    photo, wanted, policy = question
    before = evaluate(*question)
    for answer, put in _answers_in(photo):
        after = evaluate(put(_with(answer, more)), wanted, policy)
        event(f"{before.outcome} -> {after.outcome}")
        assert _rank(after) >= _rank(before)


@_SLOW
@given(asked(), grants())
def test_yes_by_who_may_give_it_never_closes_an_open_gate(question: Asked, more: Statement) -> None:
    photo, wanted, policy = question
    verified = all(g.verified for person in photo.persons for g in person.guardians)
    before = evaluate(*question).outcome
    event(before)
    if before is not Outcome.PUBLISHABLE or not verified:
        return
    for answer, put in _answers_in(photo):
        after = evaluate(put(_with(answer, replace(more, is_whole=True))), wanted, policy)
        assert after.codes == ()


# --- A remedy mends: who is asked and says yes is not asked for the same again. ------------------

_NEXT_THINGS = {"MI_CONSENTER_NOT_GUARDIAN", "MI_GUARDIAN_PARTIAL", "CR_MINOR_PHOTOGRAPHER"}
"""What may be asked for next: verify the signer, ask the others, ask the holder's guardian."""

_ASKED_FOR_MORE = {"CR_MINOR_PHOTOGRAPHER", "CR_LICENCE_TERMS"}
"""Findings that the holder's yes mends only once of age, or that the photo's facts tell of."""


def _full_yes(wanted: Use) -> Statement:
    """Return the narrowest yes to this use that there is, documented and without an end."""
    names = {page.name for page in wanted.pages} | {wanted.channel_name} - {""}
    return make_grant(
        channels=frozenset({*Channel, *names}),
        names_kind=True,
        reach=ReachLevel.PHOTO,
        valid_until=OPEN_ENDED,
        day=wanted.day,
    )


def _say_yes(photo: PhotoFacts, finding: Finding, asked_of: str, more: Statement) -> PhotoFacts:
    """Return the photo with a yes of somebody about whom a finding says that they be asked."""
    persons = list(photo.persons)
    for n, person in enumerate(persons):
        if person.person != finding.person:
            continue
        guardians = tuple(
            replace(g, answer=_with(g.answer, more)) if g.guardian == asked_of else g
            for g in person.guardians
        )
        own = _with(person.own, more) if person.person == asked_of else person.own
        persons[n] = replace(person, guardians=guardians, own=own)
    permissions = (
        replace(given_by, answer=_with(given_by.answer, more))
        if given_by.holder == asked_of == finding.person
        else given_by
        for given_by in photo.permissions
    )
    return replace(photo, persons=tuple(persons), permissions=tuple(permissions))


def _last_day(whole: Any) -> date:
    """Return the last day on which anything was said."""
    days = (each.day for answer, _ in _answers_in(whole) for each in answer.statements)
    return max((day for day in days if day), default=date.min)


@_SLOW
@given(asked())
def test_who_is_asked_and_says_yes_is_not_asked_for_the_same_again(question: Asked) -> None:
    photo, wanted, policy = question
    policy = replace(policy, yes_by=policy.yes_by | {Method.WRITTEN})
    wanted = replace(wanted, day=max(wanted.day, _last_day(photo) + timedelta(days=1)))
    for finding in evaluate(photo, wanted, policy).findings:
        if not finding.ask or finding.code in _ASKED_FOR_MORE:
            continue
        if _is_of_unknown_age(photo, finding):
            continue
        event(finding.code)
        mended = photo
        for person in dict.fromkeys(finding.ask):
            mended = _say_yes(mended, finding, person, _full_yes(wanted))
        after = evaluate(mended, wanted, policy)
        again = [f for f in after.findings if (f.code, f.person) == (finding.code, finding.person)]
        assert not any(set(f.ask) & set(finding.ask) for f in again)
        assert {*after.codes} - _NEXT_THINGS <= {*evaluate(photo, wanted, policy).codes}


def _is_of_unknown_age(photo: PhotoFacts, finding: Finding) -> bool:
    """Is it about somebody whose guardians are known but not the date of birth: ask that first."""
    return any(p.person == finding.person and p.born is None and p.guardians for p in photo.persons)


# --- Time only takes away. -----------------------------------------------------------------------


@given(
    grant=grants(),
    later=st.integers(1, 4000),
    policy=_spoilt(Policy(), _POLICY, 2),
    wanted=st.sampled_from([use(), use(Channel.CLOSED_GROUP), use(purpose=Purpose.MARKETING)]),
)
def test_later_day_never_revives_what_has_ended(
    grant: Statement, later: int, policy: Policy, wanted: Use
) -> None:
    photo = photo_of(make_adult(own=granted(grant)), permissions=(make_permission(grant),))
    ended = {"CN_EXPIRED", "CR_PERMISSION_EXPIRED"}
    before = ended & codes_of(evaluate(photo, wanted, policy))
    event(f"ended: {sorted(before)}")
    tomorrow = replace(wanted, day=wanted.day + timedelta(days=later))
    assert before <= codes_of(evaluate(photo, tomorrow, policy))


@given(grant=grants(), last=_DAYS, policy=_spoilt(Policy(), _POLICY, 2))
def test_everything_with_an_end_has_ended_on_the_day_after_it(
    grant: Statement, last: date, policy: Policy
) -> None:
    policy = replace(policy, yes_by=frozenset(Method))
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
    assume(photo.faces_found is None)  # one more person may be the face that was not stated
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
        photo_of(make_adult(own=said(make_grant(), make_refusal()))),
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
        "taken back",
        "valid_until",
        "holder",
        "permissions",
    ],
)
def test_digest_differs_when_a_part_differs(changed: PhotoFacts) -> None:
    assert digest(changed) != digest(photo_of(make_adult()))


def test_what_is_no_fact_has_no_digest() -> None:
    with pytest.raises(TypeError, match="JSON"):
        digest(PhotoFacts)


@pytest.mark.parametrize("switch", ["verified", "excused", "decides_alone"])
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


def test_digest_distinguishes_where_one_value_ends_and_the_next_begins() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest(["a", "bc"])
