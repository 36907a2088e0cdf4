"""Minors: the guardians' consents, how they are counted, and the child's own view."""

from datetime import date, timedelta

import pytest
from tests.rulebook.builders import (
    DAY,
    DAY_BEFORE,
    Case,
    answer_in_state,
    case,
    codes_of,
    general_view,
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

from photoreg.rulebook.facts import (
    AgeGroup,
    Answer,
    AnswerState,
    Capacity,
    Channel,
    GuardianAnswer,
    Method,
    Mode,
    PersonFacts,
    Place,
    Purpose,
    Role,
)
from photoreg.rulebook.policy import Guardians, Policy
from photoreg.rulebook.verdict import evaluate

_ONE = Policy(guardians=Guardians.ONE)
_SILENCES = (AnswerState.NONE, AnswerState.PENDING, None)
_YES = make_guardian("H-20")
_SILENT = make_guardian("H-21", answer_in_state(AnswerState.NONE))
_NO = make_guardian("H-21", answer_in_state(AnswerState.REFUSED))
_TAKEN_BACK = make_guardian("H-21", answer_in_state(AnswerState.WITHDRAWN))
_EXCUSED = make_guardian("H-21", answer_in_state(AnswerState.NONE), excused=True)
_EVERYWHERE = make_guardian("H-20", granted(channels=frozenset(Channel)))
_OUTSIDER = make_guardian("H-30", verified=False)


def _of(*guardians: GuardianAnswer, total: int | None = 2) -> PersonFacts:
    return make_child(guardians=guardians, guardians_total=total)


def _but_not(*channels: str) -> Answer:
    """Return a yes of which these channels were taken back since."""
    return said(make_grant(), make_refusal(channels=frozenset(channels)))


def _youth(**changes: object) -> PersonFacts:
    """Return a child who turns fifteen on the day, with the guardians' consents."""
    return make_child(**{"born": date(2011, 3, 2), **changes})


_VIEW = [
    *(
        case(
            f"{age}, {state}",
            "MI_CHILD_OPPOSES",
            "MI_CHILD_OPPOSES",
            photo_of(make_child(born=born, own=answer_in_state(state))),
        )
        for age, born in (("3 years", date(2022, 6, 1)), ("17 years", date(2008, 6, 1)))
        for state in (AnswerState.REFUSED, AnswerState.WITHDRAWN)
    ),
    case("agrees", "MI_CHILD_OPPOSES", "", photo_of(make_child(own=granted()))),
    case(
        "agrees to other channels, and took this one back",
        "MI_CHILD_OPPOSES",
        "MI_CHILD_OPPOSES",
        photo_of(make_child(own=_but_not("public_page"))),
    ),
    case(
        "agrees to this channel, and took another one back",
        "MI_CHILD_OPPOSES",
        "",
        photo_of(make_child(own=_but_not("print"))),
    ),
    case(
        "opposes, behind a bare link",
        "MI_CHILD_OPPOSES",
        "",
        photo_of(make_child(own=answer_in_state(AnswerState.REFUSED))),
        to=use(mode=Mode.LINK),
    ),
    case(
        "opposes in a general view",
        "MI_CHILD_OPPOSES",
        "MI_CHILD_OPPOSES",
        general_view(make_child(own=answer_in_state(AnswerState.REFUSED))),
    ),
    *(
        case(
            f"15 on the day, {state}",
            "MI_CHILD_VIEW_MISSING",
            "MI_CHILD_VIEW_MISSING",
            photo_of(_youth(own=answer_in_state(state))),
        )
        for state in _SILENCES
    ),
    case("15, agrees", "MI_CHILD_VIEW_MISSING", "", photo_of(_youth(own=granted()))),
    case(
        "15, agreed until the day",
        "MI_CHILD_VIEW_MISSING",
        "",
        photo_of(_youth(own=granted(valid_until=DAY))),
    ),
    case(
        "15, agreed until the day before",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        photo_of(_youth(own=granted(valid_until=DAY_BEFORE))),
    ),
    case(
        "15, agrees to another channel",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        photo_of(_youth(own=granted(channels=frozenset({"print"})))),
    ),
    case(
        "15, agreed to this channel until the day before, and to another one still",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        photo_of(
            _youth(
                own=granted(
                    make_grant(valid_until=DAY_BEFORE), make_grant(channels=frozenset({"print"}))
                )
            )
        ),
    ),
    case(
        "15, opposes",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_OPPOSES",
        photo_of(_youth(own=answer_in_state(AnswerState.REFUSED))),
    ),
    case(
        "15 on the day after",
        "MI_CHILD_VIEW_MISSING",
        "",
        photo_of(_youth(born=date(2011, 3, 3))),
    ),
    case(
        "a minor whose date of birth nobody has said",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        photo_of(make_child(born=None, age_group=AgeGroup.MINOR)),
    ),
    case(
        "asked from an earlier age by policy",
        "MI_CHILD_VIEW_MISSING",
        "MI_CHILD_VIEW_MISSING",
        photo_of(make_child()),
        policy=Policy(child_view_age=8),
    ),
    case(
        "asked from a later age by policy",
        "MI_CHILD_VIEW_MISSING",
        "",
        photo_of(_youth()),
        policy=Policy(child_view_age=16),
    ),
    case(
        "13 years: the limit of online services plays no part",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        photo_of(_youth(born=date(2012, 9, 1), own=granted(), guardians=())),
    ),
    case(
        "17 years: an own yes does not stand in for the guardians'",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        photo_of(_youth(born=date(2008, 9, 1), own=granted(), guardians=())),
    ),
]

_GUARDIANS = [
    *(
        case(f"{name}, policy {p.guardians}", code, code, photo_of(_of(*guardians)), policy=p)
        for p in (Policy(), _ONE)
        for name, code, guardians in (
            ("one says yes, one no", "MI_GUARDIAN_REFUSED", (_YES, _NO)),
            ("one says nothing, one no", "MI_GUARDIAN_REFUSED", (_NO,)),
            ("one says yes, one took it back", "MI_GUARDIAN_WITHDRAWN", (_YES, _TAKEN_BACK)),
            ("one says nothing, one took it back", "MI_GUARDIAN_WITHDRAWN", (_TAKEN_BACK,)),
            (
                "the excused one says no",
                "MI_GUARDIAN_REFUSED",
                (_YES, make_guardian("H-21", answer_in_state(AnswerState.REFUSED), excused=True)),
            ),
        )
    ),
    case(
        "one says no, one took it back",
        "MI_GUARDIAN_REFUSED",
        "MI_GUARDIAN_REFUSED MI_GUARDIAN_WITHDRAWN",
        photo_of(_of(_NO, make_guardian("H-20", answer_in_state(AnswerState.WITHDRAWN)))),
    ),
    *(
        case(
            f"one took this channel back while a yes to others stands, policy {p.guardians}",
            "MI_GUARDIAN_WITHDRAWN",
            "MI_GUARDIAN_WITHDRAWN",
            photo_of(_of(_YES, make_guardian("H-21", _but_not("public_page")))),
            policy=p,
        )
        for p in (Policy(), _ONE)
    ),
    case(
        "one took another channel back",
        "MI_GUARDIAN_WITHDRAWN",
        "",
        photo_of(_of(_YES, make_guardian("H-21", _but_not("print")))),
    ),
    case("both say yes", "MI_GUARDIAN_REFUSED", "", photo_of(make_child())),
    case("both say yes", "MI_GUARDIAN_WITHDRAWN", "", photo_of(make_child())),
    *(
        case(
            f"both {state}, policy {p.guardians}",
            "MI_GUARDIAN_CONSENT_MISSING",
            "MI_GUARDIAN_CONSENT_MISSING",
            photo_of(
                _of(
                    make_guardian("H-20", answer_in_state(state)),
                    make_guardian("H-21", answer_in_state(state)),
                )
            ),
            policy=p,
        )
        for state in _SILENCES
        for p in (Policy(), _ONE)
    ),
    case(
        "nobody recorded",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        photo_of(_of()),
    ),
    case(
        "a general view gives a child no relief",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        general_view(_of()),
    ),
    case(
        "a public office gives a child no relief",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        photo_of(make_child(guardians=(), role=Role.PUBLIC_OFFICE)),
    ),
    case(
        "every guardian excused is no consent",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_CONSENT_MISSING",
        photo_of(_of(_EXCUSED, total=1)),
    ),
    case(
        "behind a bare link",
        "MI_GUARDIAN_CONSENT_MISSING",
        "",
        photo_of(_of()),
        to=use(mode=Mode.LINK),
    ),
    case("both say yes", "MI_GUARDIAN_CONSENT_MISSING", "", photo_of(make_child())),
    case(
        "both say yes, on care premises",
        "MI_GUARDIAN_CONSENT_MISSING",
        "NT_CARE_PREMISES",
        photo_of(make_child(), place=Place.CARE_OTHER),
    ),
    *(
        case(
            f"one says yes, one {state}",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            photo_of(_of(_YES, make_guardian("H-21", answer_in_state(state)))),
        )
        for state in _SILENCES
    ),
    case("one says yes", "MI_GUARDIAN_PARTIAL", "MI_GUARDIAN_PARTIAL", photo_of(_of(_YES))),
    case("one says yes, policy one", "MI_GUARDIAN_PARTIAL", "", photo_of(_of(_YES)), policy=_ONE),
    case("the sole guardian says yes", "MI_GUARDIAN_PARTIAL", "", photo_of(_of(_YES, total=1))),
    case(
        "the other one is excused",
        "MI_GUARDIAN_PARTIAL",
        "",
        photo_of(_of(_YES, _EXCUSED)),
    ),
    case(
        "the one who is excused has said yes: that does not count twice",
        "MI_GUARDIAN_PARTIAL",
        "MI_GUARDIAN_PARTIAL",
        photo_of(_of(make_guardian("H-20", excused=True), _SILENT)),
    ),
    case(
        "of three one is excused and one is silent",
        "MI_GUARDIAN_PARTIAL",
        "MI_GUARDIAN_PARTIAL",
        photo_of(_of(_YES, _EXCUSED, total=3)),
    ),
    case(
        "two of three say yes, one is excused",
        "MI_GUARDIAN_PARTIAL",
        "",
        photo_of(_of(_YES, make_guardian("H-22"), _EXCUSED, total=3)),
    ),
    case(
        "a no says it all",
        "MI_GUARDIAN_PARTIAL",
        "MI_GUARDIAN_REFUSED",
        photo_of(_of(_YES, _NO, total=3)),
    ),
    *(
        case(
            f"policy {p.guardians}",
            "MI_GUARDIANS_UNKNOWN",
            "MI_GUARDIANS_UNKNOWN",
            photo_of(_of(_YES, total=None)),
            policy=p,
        )
        for p in (Policy(), _ONE)
    ),
    case(
        "and nobody consented",
        "MI_GUARDIANS_UNKNOWN",
        "MI_GUARDIANS_UNKNOWN MI_GUARDIAN_CONSENT_MISSING",
        photo_of(_of(total=None)),
    ),
    case("known", "MI_GUARDIANS_UNKNOWN", "", photo_of(_of(_YES, total=1))),
    case(
        "only an outsider signed",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_CONSENT_MISSING",
        photo_of(_of(_OUTSIDER)),
    ),
    case(
        "a guardian and an outsider signed",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_PARTIAL",
        photo_of(_of(_YES, _OUTSIDER)),
    ),
    case(
        "an outsider's signature counts for nothing under policy one",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_CONSENT_MISSING",
        photo_of(_of(_OUTSIDER)),
        policy=_ONE,
    ),
    case(
        "both guardians and an outsider signed",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN",
        photo_of(_of(_YES, make_guardian("H-21"), _OUTSIDER)),
    ),
    case(
        "what an outsider's signature lacks is not reported",
        "MI_CONSENTER_NOT_GUARDIAN",
        "MI_CONSENTER_NOT_GUARDIAN",
        photo_of(
            _of(
                _YES,
                make_guardian("H-21"),
                make_guardian("H-30", granted(valid_until=DAY_BEFORE), verified=False),
            ),
        ),
    ),
    case(
        "an outsider was asked and has not answered",
        "MI_CONSENTER_NOT_GUARDIAN",
        "",
        photo_of(
            _of(
                _YES,
                make_guardian("H-21"),
                make_guardian("H-30", answer_in_state(AnswerState.PENDING), verified=False),
            ),
        ),
    ),
    case(
        "a child with both consents",
        "PR_SENSITIVE_MINOR",
        "PR_SENSITIVE_MINOR",
        photo_of(make_child(), sensitive=True),
    ),
    *(
        case(
            f"{mode} shows the child as an upload does",
            "PR_SENSITIVE_MINOR",
            "PR_SENSITIVE_MINOR",
            photo_of(make_child(), sensitive=True),
            to=use(mode=mode),
        )
        for mode in (Mode.EMBED, Mode.SHARE)
    ),
    case("nothing sensitive", "PR_SENSITIVE_MINOR", "", photo_of(make_child())),
    case(
        "an adult",
        "PR_SENSITIVE_MINOR",
        "PR_SENSITIVE_CONTEXT",
        photo_of(make_adult(), sensitive=True),
    ),
    case(
        "behind a bare link",
        "PR_SENSITIVE_MINOR",
        "",
        photo_of(make_child(), sensitive=True),
        to=use(mode=Mode.LINK),
    ),
]


_YOUNG_YES = [
    case(
        f"16, guardians for every purpose, {name}",
        "MI_CHILD_VIEW_MISSING",
        codes,
        photo_of(_youth(born=date(2010, 1, 1), own=own)),
        to=use(purpose=purpose, channel_name=channel, since=since),
        policy=policy,
    )
    for name, codes, own, purpose, channel, since, policy in (
        (
            "own yes to information, for marketing",
            "MI_CHILD_VIEW_MISSING",
            granted(purposes=frozenset({"information"})),
            *(Purpose.MARKETING, "", None, Policy()),
        ),
        (
            "own yes to information, for information",
            "",
            granted(purposes=frozenset({"information"})),
            *(Purpose.INFORMATION, "", None, Policy()),
        ),
        (
            "own yes that nothing documents",
            "MI_CHILD_VIEW_MISSING",
            granted(documented=False),
            *(Purpose.INFORMATION, "", None, Policy()),
        ),
        (
            "own yes by a method that does not count",
            "MI_CHILD_VIEW_MISSING",
            granted(method=Method.ONLINE_CODE),
            *(Purpose.INFORMATION, "", None, Policy()),
        ),
        (
            "own yes older than the policy allows",
            "MI_CHILD_VIEW_MISSING",
            granted(day=date(2025, 2, 1)),
            *(Purpose.INFORMATION, "", None, Policy(max_consent_age_months=12)),
        ),
        (
            "own yes older than the channel",
            "MI_CHILD_VIEW_MISSING CN_SCOPE_CHANNEL CR_SCOPE_CHANNEL",
            granted(),
            *(Purpose.INFORMATION, "tiktok", DAY, Policy()),
        ),
        (
            "own no to print only",
            "",
            said(make_grant(), make_refusal(channels=frozenset({"print"}))),
            *(Purpose.INFORMATION, "", None, Policy()),
        ),
        (
            "own no to marketing only, for marketing",
            "MI_CHILD_OPPOSES",
            said(make_grant(), make_refusal(purposes=frozenset({"marketing"}))),
            *(Purpose.MARKETING, "", None, Policy()),
        ),
        (
            "own no, and a yes since",
            "",
            said(make_refusal(), make_grant(day=DAY_BEFORE)),
            *(Purpose.INFORMATION, "", None, Policy()),
        ),
    )
]
_YOUNG_YES += [
    case(
        f"a child of 7 says no to print only, for {channel}",
        "MI_CHILD_OPPOSES",
        codes,
        photo_of(
            make_child(
                own=said(make_refusal(channels=frozenset({"print"}))),
                guardians=(_EVERYWHERE, make_guardian("H-21", _EVERYWHERE.answer)),
            )
        ),
        to=use(channel),
    )
    for channel, codes in (
        (Channel.PUBLIC_PAGE, ""),
        (Channel.PRINT, "MI_CHILD_OPPOSES NT_PRINT_IRREVOCABLE"),
    )
]

_SINCE, _UNTIL = date(2026, 1, 15), date(2026, 2, 20)
_BODY = make_guardian("H-40", decides_alone=True)


def _lasting(answer: Answer, first: date | None = None, last: date | None = None) -> PersonFacts:
    """Return a child whose second guardian said this in a guardianship of these days."""
    return _of(_YES, make_guardian("H-21", answer, first_day=first, last_day=last))


_GUARDIANSHIPS = [
    case(name, about, codes, photo_of(child))
    for name, about, codes, child in (
        (
            "a yes of the first day",
            "MI_GUARDIAN_PARTIAL",
            "",
            _lasting(granted(), first=_SINCE),
        ),
        (
            "a yes of the day before the guardianship began",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _lasting(granted(), first=_SINCE + timedelta(days=1)),
        ),
        (
            "a yes of an unknown day does not count in a guardianship with days",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _lasting(granted(day=None), first=_SINCE),
        ),
        (
            "a no of an unknown day counts in a guardianship with days",
            "MI_GUARDIAN_WITHDRAWN",
            "MI_GUARDIAN_WITHDRAWN",
            _lasting(said(make_refusal(day=None)), first=_SINCE),
        ),
        (
            "a guardianship that ends on the day",
            "MI_GUARDIAN_PARTIAL",
            "",
            _lasting(granted(), first=_SINCE, last=DAY),
        ),
        (
            "a guardianship that ended the day before",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _lasting(granted(), first=_SINCE, last=DAY_BEFORE),
        ),
        (
            "a guardianship that begins on the day",
            "MI_GUARDIAN_PARTIAL",
            "",
            _lasting(granted(day=DAY), first=DAY),
        ),
        (
            "a guardianship that begins the day after",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _lasting(granted(), first=DAY + timedelta(days=1)),
        ),
        (
            "a no of a guardianship in force",
            "MI_GUARDIAN_WITHDRAWN",
            "MI_GUARDIAN_WITHDRAWN",
            _lasting(said(make_refusal()), first=_SINCE),
        ),
        (
            "a no of a guardianship that has ended",
            "MI_GUARDIAN_WITHDRAWN",
            "",
            _of(_YES, make_guardian("H-21", said(make_refusal()), last_day=_UNTIL), total=1),
        ),
        (
            "a guardian again: the old yes does not count",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _of(
                _YES,
                make_guardian("H-21", first_day=date(2020, 1, 1), last_day=date(2026, 1, 20)),
                make_guardian("H-21", first_day=date(2026, 2, 1)),
            ),
        ),
        (
            "a guardian again: the new yes counts",
            "MI_GUARDIAN_PARTIAL",
            "",
            _of(
                _YES,
                make_guardian("H-21", first_day=date(2020, 1, 1), last_day=date(2026, 1, 20)),
                make_guardian("H-21", granted(day=date(2026, 2, 1)), first_day=date(2026, 2, 1)),
            ),
        ),
        (
            "a guardian again: the old no does not count either",
            "MI_GUARDIAN_WITHDRAWN",
            "",
            _of(
                _YES,
                make_guardian(
                    "H-21",
                    said(make_refusal(day=date(2026, 1, 5)), make_grant(day=DAY_BEFORE)),
                    first_day=date(2026, 2, 1),
                ),
            ),
        ),
        (
            "a yes of an unknown day, and no day of the guardianship is known",
            "MI_GUARDIAN_PARTIAL",
            "",
            _of(_YES, make_guardian("H-21", granted(day=None))),
        ),
        (
            "a yes of an unknown day in a guardianship that ends",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _of(_YES, make_guardian("H-21", granted(day=None), last_day=DAY)),
        ),
        (
            "an unverified guardian's no counts",
            "MI_GUARDIAN_REFUSED",
            "MI_GUARDIAN_REFUSED",
            _of(
                _YES,
                make_guardian("H-21"),
                make_guardian("H-30", answer_in_state(AnswerState.REFUSED), verified=False),
            ),
        ),
        (
            "a body beside the parents has not answered",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _of(
                _YES,
                make_guardian("H-21"),
                make_guardian("H-40", answer_in_state(AnswerState.NONE)),
                total=3,
            ),
        ),
        (
            "a body that decides in their place says yes, and they nothing",
            "MI_GUARDIAN_PARTIAL",
            "",
            _of(_BODY, _SILENT, make_guardian("H-20", answer_in_state(None)), total=3),
        ),
        (
            "a body that decides in their place says yes; the number of parents is unknown",
            "MI_GUARDIANS_UNKNOWN",
            "",
            _of(_BODY, _SILENT, total=None),
        ),
        (
            "a body that decides in their place has not answered, and they say yes",
            "MI_GUARDIAN_CONSENT_MISSING",
            "MI_GUARDIAN_CONSENT_MISSING",
            _of(
                make_guardian("H-40", answer_in_state(AnswerState.NONE), decides_alone=True),
                _YES,
                make_guardian("H-21"),
                total=3,
            ),
        ),
        (
            "a body that decides in their place says yes, and a parent no",
            "MI_GUARDIAN_REFUSED",
            "MI_GUARDIAN_REFUSED",
            _of(_BODY, _YES, _NO, total=3),
        ),
        (
            "a body whose right to decide nobody has verified",
            "MI_CONSENTER_NOT_GUARDIAN",
            "MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_CONSENT_MISSING",
            _of(
                make_guardian("H-40", decides_alone=True, verified=False),
                _SILENT,
                make_guardian("H-20", answer_in_state(None)),
            ),
        ),
        (
            "a body whose decision has ended decides no more",
            "MI_GUARDIAN_PARTIAL",
            "MI_GUARDIAN_PARTIAL",
            _of(make_guardian("H-40", decides_alone=True, last_day=DAY_BEFORE), _YES, _SILENT),
        ),
    )
]

_DIED_ON = date(2026, 2, 10)


def _dead(**changes: object) -> PersonFacts:
    return make_child(**{"deceased": True, "died_on": _DIED_ON, **changes})


_DEAD = [
    case(name, about, f"PE_DECEASED {codes}", photo_of(child))
    for name, about, codes, child in (
        (
            "dead, a guardian had refused",
            "MI_GUARDIAN_REFUSED",
            "MI_GUARDIAN_REFUSED",
            _dead(guardians=(_YES, _NO)),
        ),
        (
            "dead on an unknown day, a guardian had refused",
            "MI_GUARDIAN_REFUSED",
            "MI_GUARDIAN_REFUSED",
            _dead(guardians=(_YES, _NO), died_on=None),
        ),
        (
            "dead, of no known birth date, a guardian had refused",
            "MI_GUARDIAN_REFUSED",
            "MI_GUARDIAN_REFUSED",
            _dead(guardians=(_NO,), born=None, age_group=AgeGroup.MINOR),
        ),
        (
            "dead, an outsider had refused",
            "MI_GUARDIAN_REFUSED",
            "MI_GUARDIAN_REFUSED",
            _dead(
                guardians=(
                    make_guardian("H-30", answer_in_state(AnswerState.REFUSED), verified=False),
                )
            ),
        ),
        (
            "dead, a guardian withdrew on the day of death",
            "MI_GUARDIAN_WITHDRAWN",
            "MI_GUARDIAN_WITHDRAWN",
            _dead(guardians=(make_guardian(answer=said(make_refusal(day=_DIED_ON))),)),
        ),
        (
            "dead, a guardian withdrew the day after",
            "MI_GUARDIAN_WITHDRAWN",
            "",
            _dead(
                guardians=(
                    make_guardian(answer=said(make_refusal(day=_DIED_ON + timedelta(days=1)))),
                )
            ),
        ),
        (
            "dead, a guardianship that had ended before",
            "MI_GUARDIAN_WITHDRAWN",
            "",
            _dead(
                guardians=(make_guardian(answer=said(make_refusal(day=_SINCE)), last_day=_SINCE),)
            ),
        ),
        (
            "dead, a guardianship that ended since",
            "MI_GUARDIAN_WITHDRAWN",
            "MI_GUARDIAN_WITHDRAWN",
            _dead(
                guardians=(make_guardian(answer=said(make_refusal(day=_SINCE)), last_day=_DIED_ON),)
            ),
        ),
        (
            "dead, no guardian ever consented: nobody is asked now",
            "MI_GUARDIAN_CONSENT_MISSING",
            "",
            _dead(guardians=()),
        ),
        (
            "dead, and had opposed as a child",
            "MI_CHILD_OPPOSES",
            "MI_CHILD_OPPOSES",
            _dead(own=answer_in_state(AnswerState.REFUSED)),
        ),
        (
            "dead, of no known birth date, and had opposed as a child",
            "MI_CHILD_OPPOSES",
            "MI_CHILD_OPPOSES",
            _dead(own=said(make_refusal()), born=None, age_group=AgeGroup.MINOR),
        ),
        (
            "dead, and a word of the day after is not the child's",
            "MI_CHILD_OPPOSES",
            "",
            _dead(own=said(make_refusal(day=_DIED_ON + timedelta(days=1)))),
        ),
        (
            "dead on the eighteenth birthday, and had opposed",
            "MI_CHILD_OPPOSES",
            "CN_REFUSED",
            _dead(own=answer_in_state(AnswerState.REFUSED), born=date(2008, 2, 10)),
        ),
        (
            "dead the day before coming of age, and had opposed",
            "MI_CHILD_OPPOSES",
            "MI_CHILD_OPPOSES",
            _dead(own=answer_in_state(AnswerState.REFUSED), born=date(2008, 2, 11)),
        ),
        (
            "dead as an adult, a guardian had refused once",
            "MI_GUARDIAN_REFUSED",
            "",
            _dead(guardians=(_NO,), born=date(2008, 2, 10)),
        ),
    )
]


def _second(answer: Answer) -> PersonFacts:
    return _of(_YES, make_guardian("H-21", answer))


_LACKING = [
    case(f"the second guardian's consent: {code}", code, code, photo_of(_second(answer)))
    for code, answer in (
        ("CN_UNDOCUMENTED", granted(documented=False)),
        ("CN_EXPIRED", granted(valid_until=DAY_BEFORE)),
        ("CN_SCOPE_CHANNEL", granted(channels=frozenset({"website"}))),
        ("CN_SCOPE_PURPOSE", granted(purposes=frozenset({"marketing"}))),
    )
] + [
    case(
        f"the second guardian's consent under policy one: {code}",
        code,
        "",
        photo_of(_second(answer)),
        policy=_ONE,
    )
    for code, answer in (
        ("CN_UNDOCUMENTED", granted(documented=False)),
        ("CN_EXPIRED", granted(valid_until=DAY_BEFORE)),
        ("CN_SCOPE_CHANNEL", granted(channels=frozenset({"website"}))),
        ("CN_SCOPE_PURPOSE", granted(purposes=frozenset({"marketing"}))),
    )
]
_LACKS_ONE = make_guardian("H-20", granted(valid_until=DAY_BEFORE))
_LACKS_TWO = make_guardian(
    "H-21", granted(channels=frozenset({"website"}), purposes=frozenset({"marketing"}))
)
_LACKING += [
    case(
        "the guardians' consents lack different things",
        "CN_EXPIRED",
        "CN_EXPIRED CN_UNDOCUMENTED",
        photo_of(
            _of(
                make_guardian("H-20", granted(valid_until=DAY_BEFORE)),
                make_guardian("H-21", granted(documented=False)),
            ),
        ),
    ),
    case(
        "the only consent under policy one",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(_of(make_guardian("H-20", granted(valid_until=DAY_BEFORE)))),
        policy=_ONE,
    ),
    *(
        case(
            f"under policy one the consent that lacks less counts, {order}",
            "CN_EXPIRED",
            "CN_EXPIRED",
            photo_of(_of(*guardians)),
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
        photo_of(_of(make_guardian("H-20", granted(valid_until=DAY_BEFORE)))),
    ),
    case(
        "the consent of one who is excused has ended: it counts as silence",
        "CN_EXPIRED",
        "",
        photo_of(_of(_YES, make_guardian("H-21", granted(valid_until=DAY_BEFORE), excused=True))),
    ),
    case(
        "the only consent is of one who is excused, and has ended",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(
            _of(make_guardian("H-21", granted(valid_until=DAY_BEFORE), excused=True), total=1)
        ),
    ),
    case(
        "the guardian gave another that runs",
        "CN_EXPIRED",
        "",
        photo_of(_second(granted(make_grant(valid_until=DAY_BEFORE), make_grant()))),
    ),
    case(
        "the guardian's last day",
        "CN_EXPIRED",
        "",
        photo_of(_second(granted(valid_until=DAY))),
    ),
]

CASES = [*_VIEW, *_YOUNG_YES, *_GUARDIANS, *_GUARDIANSHIPS, *_DEAD, *_LACKING]


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
    person = make_child(
        born=born,
        own=granted(valid_until=date(2030, 1, 1)),
        capacity=Capacity.OK,
        guardians=(
            make_guardian("H-20", granted(valid_until=date(2030, 1, 1))),
            make_guardian("H-21", granted(valid_until=date(2030, 1, 1))),
        ),
    )
    codes = codes_of(evaluate(photo_of(person), use(day=day), Policy()))
    assert codes == (set() if is_minor else {"MI_NOW_ADULT"})


def test_day_of_use_decides_about_age_even_when_the_consent_is_young() -> None:
    person = make_child(born=date(2008, 3, 3), own=granted(), capacity=Capacity.OK)
    before = evaluate(photo_of(person), use(day=date(2026, 3, 2)), Policy())
    after = evaluate(photo_of(person), use(day=date(2026, 3, 3)), Policy())
    assert not codes_of(before)
    assert codes_of(after) == {"MI_NOW_ADULT"}


@pytest.mark.parametrize(("child_age", "codes"), [(17, {"MI_NOW_ADULT"}), (18, set[str]())])
def test_policy_sets_the_age_of_children(child_age: int, codes: set[str]) -> None:
    person = make_child(born=date(2009, 3, 2), own=granted(), capacity=Capacity.OK)
    policy = Policy(child_age=child_age)
    assert codes_of(evaluate(photo_of(person), use(), policy)) == codes


def test_recorded_birth_date_outweighs_the_age_group() -> None:
    person = make_child(age_group=AgeGroup.ADULT, guardians=())
    codes = codes_of(evaluate(photo_of(person), use(), Policy()))
    assert codes == {"MI_GUARDIAN_CONSENT_MISSING"}


def test_findings_about_two_children_name_each() -> None:
    photo = photo_of(
        make_child(person="H-2", guardians=()),
        make_child(person="H-3", own=answer_in_state(AnswerState.REFUSED)),
        make_child(person="H-4"),
        sensitive=True,
    )
    found = {(f.code, f.person) for f in evaluate(photo, use(), Policy()).findings}
    assert found == {
        ("MI_GUARDIAN_CONSENT_MISSING", "H-2"),
        ("MI_CHILD_OPPOSES", "H-3"),
        *(("PR_SENSITIVE_MINOR", person) for person in ("H-2", "H-3", "H-4")),
    }


def test_missing_view_of_a_young_person_names_who_must_be_asked() -> None:
    photo = photo_of(make_child(), _youth(person="H-3"))
    found = [(f.code, f.person, f.ask) for f in evaluate(photo, use(), Policy()).findings]
    assert found == [("MI_CHILD_VIEW_MISSING", "H-3", ("H-3",))]


def test_what_was_said_against_a_dead_child_names_the_child() -> None:
    child = _dead(own=said(make_refusal()), guardians=(_NO,))
    found = {(f.code, f.person) for f in evaluate(photo_of(child), use(), Policy()).findings}
    assert found == {
        (code, "H-2") for code in ("PE_DECEASED", "MI_CHILD_OPPOSES", "MI_GUARDIAN_REFUSED")
    }


def test_no_finding_about_a_child_names_a_guardian() -> None:
    photo = photo_of(_of(_YES, _NO))
    text = repr([(f.person, f.detail) for f in evaluate(photo, use(), Policy()).findings])
    assert "H-20" not in text
    assert "H-21" not in text


def test_excuse_of_an_outsider_counts_for_nothing() -> None:
    outsider = make_guardian(
        "H-30", answer_in_state(AnswerState.NONE), verified=False, excused=True
    )
    codes = codes_of(evaluate(photo_of(_of(_YES, outsider)), use(), Policy()))
    assert codes == {"MI_GUARDIAN_PARTIAL"}


def test_answer_that_lies_within_the_guardianship_is_the_guardians_own() -> None:
    guardian = make_guardian(first_day=date(2020, 1, 1), last_day=DAY)
    assert guardian.as_guardian() is guardian  # the answer itself, which is weighed only once


def test_two_statements_of_one_guardian_count_once() -> None:
    codes = codes_of(evaluate(photo_of(_of(_YES, _YES)), use(), Policy()))
    assert codes == {"MI_GUARDIAN_PARTIAL"}


_Who = tuple[str, ...]
_ENDED = granted(valid_until=DAY_BEFORE)
_PAGE = use(channel_name="kunta")
_NO_TO_PAGE = make_refusal(channels=frozenset({"kunta"}))
_NO_THEN_WIDER = said(make_grant(), _NO_TO_PAGE, make_grant(day=DAY))


@pytest.mark.parametrize(
    ("guardians", "total", "policy", "expected"),
    [
        pytest.param(
            (_YES, _SILENT),
            2,
            Policy(),
            {"MI_GUARDIAN_PARTIAL": (("H-21",), ())},
            id="who has not answered, not who has",
        ),
        pytest.param(
            (_SILENT, make_guardian("H-22", answer_in_state(AnswerState.NONE), excused=True)),
            2,
            Policy(),
            {"MI_GUARDIAN_CONSENT_MISSING": (("H-21",), ())},
            id="not who is excused",
        ),
        pytest.param(
            (_YES, _OUTSIDER, _SILENT),
            2,
            Policy(),
            {
                "MI_CONSENTER_NOT_GUARDIAN": ((), ("H-30",)),
                "MI_GUARDIAN_PARTIAL": (("H-21",), ("H-30",)),
            },
            id="an outsider who signed is verified, not asked",
        ),
        pytest.param(
            (_OUTSIDER,),
            None,
            Policy(),
            {
                "MI_CONSENTER_NOT_GUARDIAN": ((), ("H-30",)),
                "MI_GUARDIAN_CONSENT_MISSING": ((), ("H-30",)),
                "MI_GUARDIANS_UNKNOWN": ((), ()),
            },
            id="only an outsider signed",
        ),
        pytest.param(
            (make_guardian("H-20", _ENDED), make_guardian("H-21")),
            2,
            Policy(),
            {"CN_EXPIRED": (("H-20",), ())},
            id="whose consent has ended",
        ),
        pytest.param(
            (make_guardian("H-20", _ENDED), make_guardian("H-21", granted(documented=False))),
            2,
            Policy(),
            {"CN_EXPIRED": (("H-20",), ()), "CN_UNDOCUMENTED": (("H-21",), ())},
            id="each for what theirs lacks",
        ),
        pytest.param(
            (make_guardian("H-20", _ENDED), make_guardian("H-20", _ENDED)),
            1,
            Policy(),
            {"CN_EXPIRED": (("H-20",), ())},
            id="each once",
        ),
        pytest.param(
            (_LACKS_TWO, make_guardian("H-29", _ENDED)),
            2,
            _ONE,
            {"CN_EXPIRED": (("H-29",), ())},
            id="the one whose consent lacks less, if one is enough",
        ),
        pytest.param(
            (_YES, make_guardian("H-21", _NO_THEN_WIDER)),
            2,
            Policy(),
            {"MI_GUARDIAN_WITHDRAWN": (("H-21",), ())},
            id="who took this page back and said a wider yes since",
        ),
        pytest.param(
            (make_guardian("H-20", said(_NO_TO_PAGE)), make_guardian("H-21", _NO_THEN_WIDER)),
            2,
            Policy(),
            {"MI_GUARDIAN_WITHDRAWN": ((), ())},
            id="nobody, while another stands by a no",
        ),
        pytest.param(
            (_NO, make_guardian("H-20", answer_in_state(AnswerState.REFUSED))),
            2,
            Policy(),
            {"MI_GUARDIAN_REFUSED": ((), ())},
            id="nobody who refused",
        ),
    ],
)
def test_finding_names_which_guardians_are_asked_and_which_are_verified(
    guardians: tuple[GuardianAnswer, ...],
    total: int | None,
    policy: Policy,
    expected: dict[str, tuple[_Who, _Who]],
) -> None:
    photo = photo_of(_of(*guardians, total=total))
    findings = evaluate(photo, _PAGE, policy).findings
    assert {f.code: (f.ask, f.verify) for f in findings} == expected
    assert {f.person for f in findings} == {"H-2"}


@pytest.mark.parametrize(
    ("own", "asks"),
    [(said(_NO_TO_PAGE), ()), (said(_NO_TO_PAGE, make_grant(day=DAY)), ("H-2",))],
    ids=["the no alone", "a wider yes since"],
)
def test_child_who_opposes_is_asked_again_only_after_a_wider_yes(own: Answer, asks: _Who) -> None:
    (finding,) = evaluate(photo_of(make_child(own=own)), _PAGE, Policy()).findings
    assert (finding.code, finding.ask) == ("MI_CHILD_OPPOSES", asks)
