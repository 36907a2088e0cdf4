"""Minors: the guardians' consents, how they are counted, and the child's own view."""

from dataclasses import replace
from datetime import date

import pytest
from tests.rulebook.builders import (
    DAY,
    DAY_BEFORE,
    Case,
    a_child,
    a_grant,
    a_guardian,
    an_adult,
    case,
    codes_of,
    granted,
    said,
    showing,
    use,
    view,
)

from photoreg.rulebook.facts import (
    AgeGroup,
    Answer,
    AnswerState,
    Capacity,
    GuardianAnswer,
    Mode,
    PersonFacts,
    Place,
    Role,
)
from photoreg.rulebook.policy import Guardians, Policy
from photoreg.rulebook.verdict import evaluate

_ONE = Policy(guardians=Guardians.ONE)
_SILENCES = (AnswerState.NONE, AnswerState.PENDING, None)
_YES = a_guardian("H-20")
_SILENT = a_guardian("H-21", said(AnswerState.NONE))
_NO = a_guardian("H-21", said(AnswerState.REFUSED))
_TAKEN_BACK = a_guardian("H-21", said(AnswerState.WITHDRAWN))
_EXCUSED = a_guardian("H-21", said(AnswerState.NONE), excused=True)
_OUTSIDER = a_guardian("H-30", verified=False)


def _of(*guardians: GuardianAnswer, total: int | None = 2) -> PersonFacts:
    return a_child(guardians=guardians, guardians_total=total)


def _but_not(*channels: str) -> Answer:
    """Return a yes beside which an older no to these channels still stands."""
    return replace(granted(), taken_back=frozenset(channels))


def _youth(**changes: object) -> PersonFacts:
    """Return a child who turns fifteen on the day, with the guardians' consents."""
    return a_child(**{"born": date(2011, 3, 2), **changes})


_VIEW = [
    *(
        case(
            f"{age}, {state}",
            "MI_CHILD_OPPOSES",
            "MI_CHILD_OPPOSES",
            showing(a_child(born=born, own=said(state))),
        )
        for age, born in (("3 years", date(2022, 6, 1)), ("17 years", date(2008, 6, 1)))
        for state in (AnswerState.REFUSED, AnswerState.WITHDRAWN)
    ),
    case("agrees", "MI_CHILD_OPPOSES", "", showing(a_child(own=granted()))),
    case(
        "agrees to other channels, and took this one back",
        "MI_CHILD_OPPOSES",
        "MI_CHILD_OPPOSES",
        showing(a_child(own=_but_not("public_page"))),
    ),
    case(
        "agrees to this channel, and took another one back",
        "MI_CHILD_OPPOSES",
        "",
        showing(a_child(own=_but_not("print"))),
    ),
    case(
        "opposes, behind a bare link",
        "MI_CHILD_OPPOSES",
        "",
        showing(a_child(own=said(AnswerState.REFUSED))),
        to=use(mode=Mode.LINK),
    ),
    case(
        "opposes in a general view",
        "MI_CHILD_OPPOSES",
        "MI_CHILD_OPPOSES",
        view(a_child(own=said(AnswerState.REFUSED))),
    ),
    *(
        case(
            f"15 on the day, {state}",
            "MI_CHILD_VIEW_MISSING",
            "MI_CHILD_VIEW_MISSING",
            showing(_youth(own=said(state))),
        )
        for state in _SILENCES
    ),
    case("15, agrees", "MI_CHILD_VIEW_MISSING", "", showing(_youth(own=granted()))),
    case(
        "15, agreed until the day",
        "MI_CHILD_VIEW_MISSING",
        "",
        showing(_youth(own=granted(valid_until=DAY))),
    ),
    case(
        "15, agreed until the day before",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        showing(_youth(own=granted(valid_until=DAY_BEFORE))),
    ),
    case(
        "15, agrees to another channel",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        showing(_youth(own=granted(channels=frozenset({"print"})))),
    ),
    case(
        "15, agreed to this channel until the day before, and to another one still",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        showing(
            _youth(
                own=granted(a_grant(valid_until=DAY_BEFORE), a_grant(channels=frozenset({"print"})))
            )
        ),
    ),
    case(
        "15, opposes",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_OPPOSES",
        showing(_youth(own=said(AnswerState.REFUSED))),
    ),
    case(
        "15 on the day after",
        "MI_CHILD_VIEW_MISSING",
        "",
        showing(_youth(born=date(2011, 3, 3))),
    ),
    case(
        "a minor whose date of birth nobody has said",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        showing(a_child(born=None, age_group=AgeGroup.MINOR)),
    ),
    case(
        "asked from an earlier age by policy",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        showing(a_child()),
        policy=Policy(child_view_age=8),
    ),
    case(
        "asked from a later age by policy",
        "MI_CHILD_VIEW_MISSING",
        "",
        showing(_youth()),
        policy=Policy(child_view_age=16),
    ),
    case(
        "13 years: the limit of online services plays no part",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        showing(_youth(born=date(2012, 9, 1), own=granted(), guardians=())),
    ),
    case(
        "17 years: an own yes does not stand in for the guardians'",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        showing(_youth(born=date(2008, 9, 1), own=granted(), guardians=())),
    ),
]

_GUARDIANS = [
    *(
        case(f"{name}, policy {p.guardians}", code, code, showing(_of(*guardians)), policy=p)
        for p in (Policy(), _ONE)
        for name, code, guardians in (
            ("one says yes, one no", "MI_GUARDIAN_REFUSED", (_YES, _NO)),
            ("one says nothing, one no", "MI_GUARDIAN_REFUSED", (_NO,)),
            ("one says yes, one took it back", "MI_GUARDIAN_WITHDRAWN", (_YES, _TAKEN_BACK)),
            ("one says nothing, one took it back", "MI_GUARDIAN_WITHDRAWN", (_TAKEN_BACK,)),
            (
                "the excused one says no",
                "MI_GUARDIAN_REFUSED",
                (_YES, a_guardian("H-21", said(AnswerState.REFUSED), excused=True)),
            ),
        )
    ),
    case(
        "one says no, one took it back",
        "MI_GUARDIAN_REFUSED",
        "MI_GUARDIAN_REFUSED MI_GUARDIAN_WITHDRAWN",
        showing(_of(_NO, a_guardian("H-20", said(AnswerState.WITHDRAWN)))),
    ),
    *(
        case(
            f"one took this channel back while a yes to others stands, policy {p.guardians}",
            "MI_GUARDIAN_WITHDRAWN",
            "MI_GUARDIAN_WITHDRAWN",
            showing(_of(_YES, a_guardian("H-21", _but_not("public_page")))),
            policy=p,
        )
        for p in (Policy(), _ONE)
    ),
    case(
        "one took another channel back",
        "MI_GUARDIAN_WITHDRAWN",
        "",
        showing(_of(_YES, a_guardian("H-21", _but_not("print")))),
    ),
    case("both say yes", "MI_GUARDIAN_REFUSED", "", showing(a_child())),
    case("both say yes", "MI_GUARDIAN_WITHDRAWN", "", showing(a_child())),
    *(
        case(
            f"both {state}, policy {p.guardians}",
            "MI_GUARDIAN_CONSENT_MISSING",
            "MI_GUARDIAN_CONSENT_MISSING",
            showing(_of(a_guardian("H-20", said(state)), a_guardian("H-21", said(state)))),
            policy=p,
        )
        for state in _SILENCES
        for p in (Policy(), _ONE)
    ),
    case(
        "nobody recorded",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        showing(_of()),
    ),
    case(
        "a general view gives a child no relief",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        view(_of()),
    ),
    case(
        "a public office gives a child no relief",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        showing(a_child(guardians=(), role=Role.PUBLIC_OFFICE)),
    ),
    case(
        "every guardian excused is no consent",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        showing(_of(_EXCUSED, total=1)),
    ),
    case(
        "behind a bare link",
        "MI_GUARDIAN_CONSENT_MISSING",
        "",
        showing(_of()),
        to=use(mode=Mode.LINK),
    ),
    case("both say yes", "MI_GUARDIAN_CONSENT_MISSING", "", showing(a_child())),
    case(
        "both say yes, on care premises",
        "MI_GUARDIAN_CONSENT_MISSING",
        "NT_CARE_PREMISES",
        showing(a_child(), place=Place.CARE_OTHER),
    ),
    *(
        case(
            f"one says yes, one {state}",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            showing(_of(_YES, a_guardian("H-21", said(state)))),
        )
        for state in _SILENCES
    ),
    case("one says yes", "MI_GUARDIAN_PARTIAL", "MI_GUARDIAN_PARTIAL", showing(_of(_YES))),
    case("one says yes, policy one", "MI_GUARDIAN_PARTIAL", "", showing(_of(_YES)), policy=_ONE),
    case("the sole guardian says yes", "MI_GUARDIAN_PARTIAL", "", showing(_of(_YES, total=1))),
    case(
        "the other one is excused",
        "MI_GUARDIAN_PARTIAL",
        "",
        showing(_of(_YES, _EXCUSED)),
    ),
    case(
        "the one who is excused has said yes: that does not count twice",
        "MI_GUARDIAN_PARTIAL",
        "MI_GUARDIAN_PARTIAL",
        showing(_of(a_guardian("H-20", excused=True), _SILENT)),
    ),
    case(
        "of three one is excused and one is silent",
        "MI_GUARDIAN_PARTIAL",
        "MI_GUARDIAN_PARTIAL",
        showing(_of(_YES, _EXCUSED, total=3)),
    ),
    case(
        "two of three say yes, one is excused",
        "MI_GUARDIAN_PARTIAL",
        "",
        showing(_of(_YES, a_guardian("H-22"), _EXCUSED, total=3)),
    ),
    case(
        "a no says it all",
        "MI_GUARDIAN_PARTIAL",
        "MI_GUARDIAN_REFUSED",
        showing(_of(_YES, _NO, total=3)),
    ),
    *(
        case(
            f"policy {p.guardians}",
            "MI_GUARDIANS_UNKNOWN",
            "MI_GUARDIANS_UNKNOWN",
            showing(_of(_YES, total=None)),
            policy=p,
        )
        for p in (Policy(), _ONE)
    ),
    case(
        "and nobody consented",
        "MI_GUARDIANS_UNKNOWN",
        "MI_GUARDIANS_UNKNOWN MI_GUARDIAN_CONSENT_MISSING",
        showing(_of(total=None)),
    ),
    case("known", "MI_GUARDIANS_UNKNOWN", "", showing(_of(_YES, total=1))),
    case(
        "only an outsider signed",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_CONSENT_MISSING",
        showing(_of(_OUTSIDER)),
    ),
    case(
        "a guardian and an outsider signed",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_PARTIAL",
        showing(_of(_YES, _OUTSIDER)),
    ),
    case(
        "an outsider's signature counts for nothing under policy one",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_CONSENT_MISSING",
        showing(_of(_OUTSIDER)),
        policy=_ONE,
    ),
    case(
        "both guardians and an outsider signed",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN",
        showing(_of(_YES, a_guardian("H-21"), _OUTSIDER)),
    ),
    case(
        "what an outsider's signature lacks is not reported",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN",
        showing(
            _of(
                _YES,
                a_guardian("H-21"),
                a_guardian("H-30", granted(valid_until=DAY_BEFORE), verified=False),
            ),
        ),
    ),
    case(
        "an outsider was asked and has not answered",
        "MI_CONSENTER_NOT_GUARDIAN",
        "",
        showing(
            _of(
                _YES,
                a_guardian("H-21"),
                a_guardian("H-30", said(AnswerState.PENDING), verified=False),
            ),
        ),
    ),
    case(
        "a child with both consents",
        "PR_SENSITIVE_MINOR",
        "PR_SENSITIVE_MINOR",
        showing(a_child(), sensitive=True),
    ),
    *(
        case(
            f"{mode} shows the child as an upload does",
            "PR_SENSITIVE_MINOR",
            "PR_SENSITIVE_MINOR",
            showing(a_child(), sensitive=True),
            to=use(mode=mode),
        )
        for mode in (Mode.EMBED, Mode.SHARE)
    ),
    case("nothing sensitive", "PR_SENSITIVE_MINOR", "", showing(a_child())),
    case(
        "an adult",
        "PR_SENSITIVE_MINOR",
        "PR_SENSITIVE_CONTEXT",
        showing(an_adult(), sensitive=True),
    ),
    case(
        "behind a bare link",
        "PR_SENSITIVE_MINOR",
        "",
        showing(a_child(), sensitive=True),
        to=use(mode=Mode.LINK),
    ),
]


def _second(answer: Answer) -> PersonFacts:
    return _of(_YES, a_guardian("H-21", answer))


_LACKING = [
    case(f"the second guardian's consent: {code}", code, code, showing(_second(answer)))
    for code, answer in (
        ("CN_UNDOCUMENTED", granted(documented=False)),
        ("CN_EXPIRED", granted(valid_until=DAY_BEFORE)),
        ("CN_SCOPE_CHANNEL", granted(channels=frozenset({"website"}))),
        ("CN_SCOPE_PURPOSE", granted(purposes=frozenset({"marketing"}))),
        ("CN_NO_CONSENT", Answer(AnswerState.GRANTED)),
    )
] + [
    case(
        f"the second guardian's consent under policy one: {code}",
        code,
        "",
        showing(_second(answer)),
        policy=_ONE,
    )
    for code, answer in (
        ("CN_UNDOCUMENTED", granted(documented=False)),
        ("CN_EXPIRED", granted(valid_until=DAY_BEFORE)),
        ("CN_SCOPE_CHANNEL", granted(channels=frozenset({"website"}))),
        ("CN_SCOPE_PURPOSE", granted(purposes=frozenset({"marketing"}))),
    )
]
_LACKS_ONE = a_guardian("H-20", granted(valid_until=DAY_BEFORE))
_LACKS_TWO = a_guardian(
    "H-21", granted(channels=frozenset({"website"}), purposes=frozenset({"marketing"}))
)
_LACKING += [
    case(
        "the guardians' consents lack different things",
        "CN_EXPIRED",
        "CN_EXPIRED CN_UNDOCUMENTED",
        showing(
            _of(
                a_guardian("H-20", granted(valid_until=DAY_BEFORE)),
                a_guardian("H-21", granted(documented=False)),
            ),
        ),
    ),
    case(
        "the only consent under policy one",
        "CN_EXPIRED",
        "CN_EXPIRED",
        showing(_of(a_guardian("H-20", granted(valid_until=DAY_BEFORE)))),
        policy=_ONE,
    ),
    *(
        case(
            f"under policy one the consent that lacks less counts, {order}",
            "CN_EXPIRED",
            "CN_EXPIRED",
            showing(_of(*guardians)),
            policy=_ONE,
        )
        for order, guardians in (
            ("given second", (_LACKS_TWO, _LACKS_ONE)),
            ("given first", (_LACKS_ONE, _LACKS_TWO)),
        )
    ),
    case(
        "one's consent lacks something and the other is silent",
        "CN_EXPIRED",
        "CN_EXPIRED MI_GUARDIAN_PARTIAL",
        showing(_of(a_guardian("H-20", granted(valid_until=DAY_BEFORE)))),
    ),
    case(
        "the guardian gave another that runs",
        "CN_EXPIRED",
        "",
        showing(_second(granted(a_grant(valid_until=DAY_BEFORE), a_grant()))),
    ),
    case(
        "the guardian's last day",
        "CN_EXPIRED",
        "",
        showing(_second(granted(valid_until=DAY))),
    ),
]

CASES = [*_VIEW, *_GUARDIANS, *_LACKING]


@pytest.mark.parametrize("given", CASES)
def test_codes_about_children_are_complete(given: Case) -> None:
    assert codes_of(given.verdict) == given.codes
    assert given.verdict.outcome is given.outcome


@pytest.mark.parametrize(
    ("born", "day", "is_minor"),
    [
        pytest.param(date(2008, 3, 2), date(2026, 3, 1), True, id="the day before"),
        pytest.param(date(2008, 3, 2), date(2026, 3, 2), False, id="on the birthday"),
        pytest.param(date(2008, 12, 2), date(2026, 3, 3), True, id="later in the year"),
        pytest.param(date(2008, 2, 29), date(2026, 2, 28), True, id="leap day: 28 February"),
        pytest.param(date(2008, 2, 29), date(2026, 3, 1), False, id="leap day: 1 March"),
        pytest.param(date(2010, 2, 28), date(2028, 2, 28), False, id="birthday in a leap year"),
        pytest.param(date(2010, 3, 1), date(2028, 2, 29), True, id="leap day before the birthday"),
    ],
)
def test_person_comes_of_age_on_the_eighteenth_birthday(
    born: date, day: date, is_minor: bool
) -> None:
    person = a_child(
        born=born,
        own=granted(valid_until=date(2030, 1, 1)),
        capacity=Capacity.OK,
        guardians=(
            a_guardian("H-20", granted(valid_until=date(2030, 1, 1))),
            a_guardian("H-21", granted(valid_until=date(2030, 1, 1))),
        ),
    )
    codes = codes_of(evaluate(showing(person), use(day=day), Policy()))
    assert codes == (set() if is_minor else {"MI_NOW_ADULT"})


def test_day_of_use_decides_about_age_even_when_the_consent_is_young() -> None:
    person = a_child(born=date(2008, 3, 3), own=granted(), capacity=Capacity.OK)
    before = evaluate(showing(person), use(day=date(2026, 3, 2)), Policy())
    after = evaluate(showing(person), use(day=date(2026, 3, 3)), Policy())
    assert not codes_of(before)
    assert codes_of(after) == {"MI_NOW_ADULT"}


@pytest.mark.parametrize(("child_age", "codes"), [(17, {"MI_NOW_ADULT"}), (18, set[str]())])
def test_policy_sets_the_age_of_children(child_age: int, codes: set[str]) -> None:
    person = a_child(born=date(2009, 3, 2), own=granted(), capacity=Capacity.OK)
    policy = Policy(child_age=child_age)
    assert codes_of(evaluate(showing(person), use(), policy)) == codes


def test_recorded_birth_date_outweighs_the_age_group() -> None:
    person = a_child(age_group=AgeGroup.ADULT, guardians=())
    codes = codes_of(evaluate(showing(person), use(), Policy()))
    assert codes == {"MI_GUARDIAN_CONSENT_MISSING"}


def test_findings_about_two_children_name_each() -> None:
    photo = showing(
        a_child(person="H-2", guardians=()),
        a_child(person="H-3", own=said(AnswerState.REFUSED)),
        a_child(person="H-4"),
        sensitive=True,
    )
    found = {(f.code, f.person) for f in evaluate(photo, use(), Policy()).findings}
    assert found == {
        ("MI_GUARDIAN_CONSENT_MISSING", "H-2"),
        ("MI_CHILD_OPPOSES", "H-3"),
        *(("PR_SENSITIVE_MINOR", person) for person in ("H-2", "H-3", "H-4")),
    }


def test_missing_view_of_a_young_person_names_who_must_be_asked() -> None:
    photo = showing(a_child(), _youth(person="H-3"))
    found = [(f.code, f.person) for f in evaluate(photo, use(), Policy()).findings]
    assert found == [("MI_CHILD_VIEW_MISSING", "H-3")]


def test_no_finding_about_a_child_names_a_guardian() -> None:
    photo = showing(_of(_YES, _NO))
    text = repr([(f.person, f.detail) for f in evaluate(photo, use(), Policy()).findings])
    assert "H-20" not in text
    assert "H-21" not in text


def test_excuse_of_an_outsider_counts_for_nothing() -> None:
    outsider = a_guardian("H-30", said(AnswerState.NONE), verified=False, excused=True)
    codes = codes_of(evaluate(showing(_of(_YES, outsider)), use(), Policy()))
    assert codes == {"MI_GUARDIAN_PARTIAL"}


def test_two_words_of_one_guardian_count_once() -> None:
    codes = codes_of(evaluate(showing(_of(_YES, _YES)), use(), Policy()))
    assert codes == {"MI_GUARDIAN_PARTIAL"}
