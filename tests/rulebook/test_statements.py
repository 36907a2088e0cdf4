"""Statements weighed by use: each sentence of the rulebook on words, channels and their order.

The histories are played against `history_model`, a second reading of the same text.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from tests.rulebook.builders import (
    DAY,
    DAY_BEFORE,
    Case,
    answer_in_state,
    case,
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
    photo_of,
    said,
    use,
)
from tests.rulebook.history_model import (
    Asked,
    best_yes,
    covering,
    of_closed_group,
    outcome,
    said_after,
    standing_noes,
)

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AgeGroup,
    Answer,
    AnswerState,
    Channel,
    ChannelFacts,
    ConsentKind,
    Method,
    PermissionFacts,
    PhotoFacts,
    Purpose,
    ReachLevel,
    Statement,
    Use,
)
from photoreg.rulebook.policy import DEFAULT_POLICY, ClosedGroup, Policy
from photoreg.rulebook.situation import Situation, required_channels
from photoreg.rulebook.verdict import evaluate
from photoreg.rulebook.weighing import Gap, Question, Weighed, weigh

YES_BY = DEFAULT_POLICY.yes_by
_JANUARY, _FEBRUARY = date(2026, 1, 15), date(2026, 2, 1)
_MARKETING = use(purpose=Purpose.MARKETING)
_OWN_SCOPE = Policy(closed_group=ClosedGroup.OWN_SCOPE)
_KUNTA = use(channel_name="kunta")
_OTHER_PAGE = use(channel_name="kirjasto")
_PAGES = (
    ChannelFacts(Channel.PUBLIC_PAGE, "kunta"),
    ChannelFacts(Channel.PUBLIC_PAGE, "kirjasto"),
)
_GROUP = use(Channel.CLOSED_GROUP, channel_name="3b", pages=_PAGES)


_PERMITTED = (
    make_permission(
        channels=frozenset(
            [*Channel, "kunta", "kirjasto", "tiktok", "seurakunta", "matti", "3b", "wilma", "x"]
        ),
        names_kind=True,
        valid_until=OPEN_ENDED,
    ),
)
"""A photographer's permission for every channel of the cases, so that the consent decides."""


def _photo(*statements: Statement, **changes: Any) -> PhotoFacts:
    """Return a photo of an adult who said this, in this order."""
    return replace(photo_of(make_adult(own=said(*statements), **changes)), permissions=_PERMITTED)


def _yes(*channels: str, **changes: Any) -> Statement:
    reached = frozenset(channels or {"public_page"})
    return make_grant(channels=reached, **changes)


def _no(*channels: str, **changes: Any) -> Statement:
    return make_refusal(channels=frozenset(channels), **changes)


def _of(*purposes: str) -> frozenset[str]:
    return frozenset(purposes)


_OTHERS = {
    Channel.PRESS: "NT_PRINT_IRREVOCABLE",
    Channel.SUBSIDIARY_PAGE: "",
    Channel.PERSONAL_PROFILE: "",
}
"""The kinds that always have another controller, and their notice."""

# --- Channels have a kind and a controller. ------------------------------------------------------

_CHANNELS = [
    *(
        case(
            f"{kind}, by its own kind",
            "CN_SCOPE_CHANNEL",
            "NT_PRINT_IRREVOCABLE" if kind == "print" else "",
            _photo(_yes(kind)),
            to=use(Channel(kind), channel_name="x"),
        )
        for kind in ("public_page", "website", "print", "internal")
    ),
    case(
        "the internal system needs itself, not a public page",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL",
        _photo(_yes("public_page")),
        to=use(Channel.INTERNAL, channel_name="wilma"),
    ),
    *(
        case(
            f"{kind}, by its kind",
            "CN_SCOPE_CHANNEL",
            _OTHERS[kind],
            _photo(_yes(kind)),
            to=use(kind, channel_name="x", is_own=False),
        )
        for kind in (Channel.PRESS, Channel.SUBSIDIARY_PAGE)
    ),
    *(
        case(
            f"a personal profile is not reached by its kind, is_own={is_own}",
            "CN_SCOPE_CHANNEL",
            "CN_SCOPE_CHANNEL",
            _photo(_yes("personal_profile")),
            to=use(Channel.PERSONAL_PROFILE, channel_name="matti", is_own=is_own),
        )
        for is_own in (False, True)
    ),
    *(
        case(
            f"{kind}, by its name",
            "CN_SCOPE_CHANNEL",
            notice,
            _photo(_yes("x")),
            to=use(kind, channel_name="x", is_own=False),
        )
        for kind, notice in _OTHERS.items()
    ),
    *(
        case(
            f"another controller's {kind} is not reached by kind",
            "CN_SCOPE_CHANNEL",
            f"CN_SCOPE_CHANNEL {notice}",
            _photo(_yes(kind, names_kind=True)),
            to=use(Channel(kind), channel_name="x", is_own=False),
        )
        for kind, notice in (
            ("public_page", ""),
            ("website", ""),
            ("internal", ""),
            ("print", "NT_PRINT_IRREVOCABLE"),
        )
    ),
    case(
        "another controller's page is reached by name",
        "CN_SCOPE_CHANNEL",
        "",
        _photo(_yes("seurakunta")),
        to=use(channel_name="seurakunta", is_own=False),
    ),
    case(
        "another controller's closed group needs itself, not a public page",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        _photo(_yes("public_page", "closed_group")),
        to=use(Channel.CLOSED_GROUP, channel_name="3b", is_own=False, pages=_PAGES),
    ),
    case(
        "another controller's closed group, by name",
        "CN_SCOPE_CHANNEL",
        "NT_TREAT_AS_PUBLIC",
        _photo(_yes("3b")),
        to=use(Channel.CLOSED_GROUP, channel_name="3b", is_own=False, pages=_PAGES),
    ),
    *(
        case(
            f"a channel {name} the word, by kind",
            "CN_SCOPE_CHANNEL",
            codes,
            _photo(_yes(day=_JANUARY, names_kind=names_kind)),
            to=use(channel_name="tiktok", since=since),
        )
        for name, codes, since, names_kind in (
            ("of the day of", "", _JANUARY, False),
            ("of the day after", "CN_SCOPE_CHANNEL", _JANUARY + timedelta(days=1), False),
            ("later than a paper that speaks of the kind and", "", DAY, True),
        )
    ),
    case(
        "a later channel, by name",
        "CN_SCOPE_CHANNEL",
        "",
        _photo(_yes("tiktok", day=_JANUARY)),
        to=use(channel_name="tiktok", since=DAY),
    ),
    case(
        "a yes of an unknown day, for a channel whose first day is known",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL",
        _photo(_yes(day=None), born=None, age_group=AgeGroup.ADULT),
        to=use(channel_name="tiktok", since=date(2020, 1, 1)),
    ),
    case(
        "a paper that names the kind, of an unknown day",
        "CN_SCOPE_CHANNEL",
        "",
        _photo(_yes(day=None, names_kind=True), born=None, age_group=AgeGroup.ADULT),
        to=use(channel_name="tiktok", since=date(2020, 1, 1)),
    ),
    *(
        case(
            f"a no by kind reaches a {kind}, whoever controls it",
            "CN_WITHDRAWN",
            f"CN_WITHDRAWN {notice}",
            _photo(_yes("x"), _no(kind)),
            to=use(kind, channel_name="x", is_own=False, since=DAY),
        )
        for kind, notice in ((Channel.PUBLIC_PAGE, ""), *_OTHERS.items())
    ),
]

# --- A closed group of the municipality counts as its public pages (J1). -------------------------

_GROUPS = [
    case(
        name,
        about,
        f"{codes} NT_TREAT_AS_PUBLIC",
        _photo(*statements),
        to=_GROUP,
    )
    for name, about, codes, statements in (
        ("one of the pages is granted by name", "CN_SCOPE_CHANNEL", "", [_yes("kirjasto")]),
        ("the pages are granted by kind", "CN_SCOPE_CHANNEL", "", [_yes()]),
        ("no page is granted", "CN_SCOPE_CHANNEL", "CN_SCOPE_CHANNEL", [_yes("3b", "website")]),
        ("one page is refused, another granted", "CN_WITHDRAWN", "", [_yes(), _no("kunta")]),
        (
            "one page is refused, and the other was never granted",
            "CN_WITHDRAWN",
            "CN_SCOPE_CHANNEL",
            [_yes("kunta"), _no("kunta")],
        ),
        ("all pages are refused", "CN_WITHDRAWN", "CN_WITHDRAWN", [_yes(), _no("public_page")]),
        ("everything is refused", "CN_WITHDRAWN", "CN_WITHDRAWN", [_yes(), _no()]),
        ("the group itself is refused", "CN_WITHDRAWN", "CN_WITHDRAWN", [_yes(), _no("3b")]),
        (
            "its kind is refused",
            "CN_WITHDRAWN",
            "CN_WITHDRAWN",
            [_yes(), _no("closed_group")],
        ),
        ("another group is refused", "CN_WITHDRAWN", "", [_yes(), _no("4a")]),
        (
            "the group is refused, and a page granted again",
            "CN_WITHDRAWN",
            "CN_WITHDRAWN",
            [_yes(), _no("3b"), _yes("kunta", day=DAY)],
        ),
        (
            "the group is refused, and granted itself since",
            "CN_WITHDRAWN",
            "",
            [_yes(), _no("3b"), _yes("3b", day=DAY)],
        ),
        (
            "the group is refused for the other purpose",
            "CN_WITHDRAWN",
            "",
            [_yes(), _no("3b", purposes=_of("marketing"))],
        ),
        (
            "one page's yes has ended, and no yes followed every no to the other",
            "CN_EXPIRED",
            "CN_EXPIRED",
            [
                _no("kunta", day=date(2026, 1, 3)),
                _yes("kunta", day=date(2026, 1, 4)),
                _no("kunta", day=date(2026, 1, 5), is_dated=False),
                _yes("kunta", day=date(2026, 1, 5), is_dated=False),
                _yes("kirjasto", day=date(2026, 1, 4), valid_until=DAY_BEFORE),
            ],
        ),
        (
            "one page's yes has ended, the other has none for this purpose",
            "CN_EXPIRED",
            "CN_EXPIRED",
            [
                _yes("kunta", purposes=_of("marketing")),
                _yes("kirjasto", valid_until=DAY_BEFORE),
            ],
        ),
    )
]
_GROUPS += [
    case(
        "as a public page that there was",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        _photo(_yes(day=_JANUARY)),
        to=replace(_GROUP, pages=(ChannelFacts(Channel.PUBLIC_PAGE, "kunta", since=_FEBRUARY),)),
    ),
    case(
        "a registry without a public page asks for the kind",
        "CN_SCOPE_CHANNEL",
        "NT_TREAT_AS_PUBLIC",
        _photo(_yes()),
        to=replace(_GROUP, pages=()),
    ),
    case(
        "with its own scope it needs itself",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        _photo(_yes("public_page", "kunta")),
        to=_GROUP,
        policy=_OWN_SCOPE,
    ),
    case(
        "with its own scope, a no to the pages does not matter",
        "CN_WITHDRAWN",
        "NT_TREAT_AS_PUBLIC",
        _photo(_yes("3b"), _no("public_page")),
        to=_GROUP,
        policy=_OWN_SCOPE,
    ),
]

# --- Words are weighed by use. -------------------------------------------------------------------

_WORDS = [
    *(
        case(
            f"a yes to {later} takes nothing away from an earlier one",
            "CN_SCOPE_CHANNEL",
            "",
            _photo(_yes(), _yes(later, day=_FEBRUARY)),
        )
        for later in ("print", "website")
    ),
    case(
        "a shorter, later yes takes nothing away from an earlier one",
        "CN_EXPIRED",
        "",
        _photo(_yes(), _yes(day=_FEBRUARY, valid_until=_FEBRUARY)),
    ),
    case(
        "two yeses never make a third: the one that has the purpose is told",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL",
        _photo(_yes("print"), _yes(purposes=_of("information"))),
        to=_MARKETING,
    ),
    case(
        "a no to print leaves the page",
        "CN_WITHDRAWN",
        "",
        _photo(_yes("public_page", "print"), _no("print")),
    ),
    case(
        "a no to print, for print",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN NT_PRINT_IRREVOCABLE",
        _photo(_yes("public_page", "print"), _no("print")),
        to=use(Channel.PRINT),
    ),
    case(
        "a no to marketing leaves information",
        "CN_WITHDRAWN",
        "",
        _photo(_yes(), _no(purposes=_of("marketing"))),
    ),
    case(
        "a no to marketing, for marketing",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_yes(), _no(purposes=_of("marketing"))),
        to=_MARKETING,
    ),
    case(
        "a no to any purpose names each",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_yes(), _no(purposes=_of("any"))),
        to=_MARKETING,
    ),
    case(
        "a no to another channel that nobody ever granted, with no yes at all",
        "CN_WITHDRAWN",
        "CN_NO_CONSENT",
        _photo(_no("print")),
    ),
    case(
        "a no to this channel, with no yes at all",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_no("public_page")),
    ),
    case(
        "a yes was said after the no to everything",
        "CN_WITHDRAWN",
        "",
        _photo(_no(), _yes(day=DAY_BEFORE)),
    ),
    case(
        "an earlier yes does not revive when a later one lifts the no",
        "CN_SCOPE_CHANNEL",
        "CN_WITHDRAWN NT_PRINT_IRREVOCABLE",
        _photo(_yes("print"), _no(), _yes(day=DAY_BEFORE)),
        to=use(Channel.PRINT),
    ),
    case(
        "what was lifted stays lifted when the lifting yes ends",
        "CN_EXPIRED",
        "CN_EXPIRED",
        _photo(_yes(), _no(), _yes(day=date(2026, 2, 5), valid_until=date(2026, 2, 20))),
    ),
    case(
        "a no to a page by name, then a yes to the kind, for that page",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_yes("kunta"), _no("kunta"), _yes(day=DAY)),
        to=_KUNTA,
    ),
    case(
        "a no to a page by name, then a yes to the kind, for another page",
        "CN_WITHDRAWN",
        "",
        _photo(_yes("kunta"), _no("kunta"), _yes(day=DAY)),
        to=_OTHER_PAGE,
    ),
    case(
        "a no to the kind, then a yes to one page by name, for that page",
        "CN_WITHDRAWN",
        "",
        _photo(_yes("public_page", "website"), _no("public_page"), _yes("kunta", day=DAY)),
        to=_KUNTA,
    ),
    case(
        "a no to the kind, then a yes to one page by name, for another page",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_yes("public_page", "website"), _no("public_page"), _yes("kunta", day=DAY)),
        to=_OTHER_PAGE,
    ),
    *(
        case(
            f"a no to {no.name.lower()}, then a yes to {yes.name.lower()}",
            "CN_WITHDRAWN",
            "" if yes >= no else "CN_WITHDRAWN",
            _photo(_yes(), _no(reach=no), _yes(day=DAY_BEFORE, reach=yes)),
        )
        for no in ReachLevel
        for yes in ReachLevel
    ),
    *(
        case(
            f"a later yes that does not itself count lifts nothing: {name}",
            "CN_WITHDRAWN",
            "CN_WITHDRAWN",
            _photo(_yes(), _no(), make_grant(day=DAY_BEFORE, **lacking)),
        )
        for name, lacking in (
            ("nothing documents it", {"documented": False}),
            ("its method does not count", {"method": Method.ONLINE_CODE}),
            ("another purpose", {"purposes": _of("marketing")}),
            ("another channel", {"channels": _of("print")}),
        )
    ),
    case(
        "a yes to every purpose is narrow enough for a no to one",
        "CN_WITHDRAWN",
        "",
        _photo(_yes(), _no(purposes=_of("marketing")), _yes(day=DAY_BEFORE)),
        to=_MARKETING,
    ),
]

_CODES = [
    case(
        "the last standing no is told: withdrawn after it was refused",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_no(kind=ConsentKind.REFUSED, day=_JANUARY), _no(day=_FEBRUARY)),
    ),
    case(
        "the last standing no is told: refused after it was withdrawn",
        "CN_REFUSED",
        "CN_REFUSED",
        _photo(_no(day=_JANUARY), _no(kind=ConsentKind.REFUSED, day=_FEBRUARY)),
    ),
    case(
        "of one day, the no that was recorded last is told",
        "CN_REFUSED",
        "CN_REFUSED",
        _photo(_no(day=_JANUARY), _no(kind=ConsentKind.REFUSED, day=_JANUARY)),
    ),
    case(
        "the last no is lifted, the one before stands",
        "CN_REFUSED",
        "CN_REFUSED",
        _photo(
            _no("kunta", kind=ConsentKind.REFUSED, day=_JANUARY),
            _no("public_page", day=_FEBRUARY),
            _yes(day=DAY_BEFORE),
        ),
        to=_KUNTA,
    ),
    case(
        "of yeses that lack one thing each, the one with purpose, channel and time is told",
        "CN_UNDOCUMENTED",
        "CN_UNDOCUMENTED",
        _photo(
            _yes(purposes=_of("marketing")),
            _yes("print"),
            _yes(valid_until=DAY_BEFORE),
            _yes(documented=False),
        ),
    ),
    case(
        "of yeses that lack one thing each, the one with purpose and channel is told",
        "CN_EXPIRED",
        "CN_EXPIRED",
        _photo(_yes(purposes=_of("marketing")), _yes("print"), _yes(valid_until=DAY_BEFORE)),
    ),
    case(
        "the yes with the fewest codes is told",
        "CN_SCOPE_PURPOSE",
        "CN_SCOPE_PURPOSE",
        _photo(_yes("print", documented=False), _yes(purposes=_of("marketing"))),
    ),
    case(
        "without any yes that reaches the photo it is missing consent",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        general_view(make_adult(own=answer_in_state(AnswerState.PENDING))),
    ),
    case(
        "with a yes that lacks something it is not",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "CN_SCOPE_CHANNEL",
        general_view(make_adult(own=said(_yes("print")))),
    ),
]

# --- Words have an order when their days differ, or both were recorded as they were said. --------


def _when(yes: bool, day: date, *, dated: bool, live: bool) -> str:
    how = "of its own" if dated else "of recording"
    return f"{'yes' if yes else 'no'} of {day:%d.%m.} {how}, {'at once' if live else 'told later'}"


_ORDER = [
    case(
        f"{_when(True, yes_day, dated=yes_dated, live=yes_live)}; "
        f"{_when(False, no_day, dated=no_dated, live=no_live)}, {'last' if no_last else 'first'}",
        "CN_WITHDRAWN",
        codes,
        _photo(
            *sorted(
                (
                    _yes(day=yes_day, is_dated=yes_dated, is_live=yes_live),
                    _no(day=no_day, is_dated=no_dated, is_live=no_live),
                ),
                key=lambda each: each.is_refusal == no_last,
            )
        ),
    )
    for codes, (yes_day, yes_dated, yes_live), (no_day, no_dated, no_live), no_last in (
        ("", (_FEBRUARY, True, True), (_JANUARY, True, True), True),
        ("", (_FEBRUARY, True, False), (_JANUARY, True, False), False),
        ("", (_FEBRUARY, True, True), (_JANUARY, False, True), False),
        ("CN_WITHDRAWN", (_JANUARY, True, True), (_FEBRUARY, True, True), False),
        # On one day: in the order of recording if both were recorded when they were said.
        ("", (_JANUARY, False, True), (_JANUARY, False, True), False),
        ("", (_JANUARY, True, True), (_JANUARY, False, True), False),
        ("", (_JANUARY, True, True), (_JANUARY, True, True), False),
        ("CN_WITHDRAWN", (_JANUARY, False, True), (_JANUARY, False, True), True),
        ("CN_WITHDRAWN", (_JANUARY, True, False), (_JANUARY, True, True), False),
        ("CN_WITHDRAWN", (_JANUARY, True, True), (_JANUARY, True, False), False),
        ("CN_WITHDRAWN", (_JANUARY, True, False), (_JANUARY, True, False), False),
        # A yes recorded without its own day may rest on an older paper.
        ("CN_WITHDRAWN", (_FEBRUARY, False, True), (_JANUARY, True, False), False),
        ("CN_WITHDRAWN", (_FEBRUARY, False, True), (_JANUARY, True, True), True),
    )
]
_ORDER += [
    case(
        f"an unknown day of the {name} has no order: the no counts",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_no(day=no_day), _yes(day=yes_day), born=None, age_group=AgeGroup.ADULT),
    )
    for name, no_day, yes_day in (("yes", _JANUARY, None), ("no", None, _FEBRUARY))
]

# --- One test of coverage for everybody: what counts as a yes. -----------------------------------

_METHODS = [
    *(
        case(
            f"a yes by {method}",
            "CN_UNDOCUMENTED",
            "" if method in YES_BY else "CN_UNDOCUMENTED",
            _photo(_yes(method=method)),
        )
        for method in Method
    ),
    case(
        "a method that the municipality added",
        "CN_UNDOCUMENTED",
        "",
        _photo(_yes(method=Method.ONLINE_CODE)),
        policy=Policy(yes_by=YES_BY | {Method.ONLINE_CODE}),
    ),
    case(
        "a method that the municipality took away",
        "CN_UNDOCUMENTED",
        "CN_UNDOCUMENTED",
        _photo(_yes(method=Method.ORAL)),
        policy=Policy(yes_by=YES_BY - {Method.ORAL}),
    ),
    *(
        case(
            f"a no by {method} counts",
            "CN_WITHDRAWN",
            "CN_WITHDRAWN",
            _photo(_yes(), _no(method=method)),
        )
        for method in Method
    ),
    case(
        "a no that nothing documents counts",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        _photo(_yes(), _no(documented=False)),
    ),
    case(
        "a photographer's yes by a method that does not count",
        "CR_PERMISSION_UNDOCUMENTED",
        "CR_PERMISSION_UNDOCUMENTED",
        facts(permissions=(PermissionFacts("H-9", granted(method=Method.ONLINE_CODE)),)),
    ),
    case(
        "a guardian's yes by a method that does not count",
        "CN_UNDOCUMENTED",
        "CN_UNDOCUMENTED",
        photo_of(
            make_child(
                guardians=(
                    make_guardian("H-20"),
                    make_guardian("H-21", granted(method=Method.ONLINE_CODE)),
                )
            )
        ),
    ),
]

# --- A paper says what was printed on it. --------------------------------------------------------

_PAPER = [
    case(
        f"{name}, {channel} for {purpose}",
        about,
        codes,
        _photo(*statements),
        to=use(channel, purpose=purpose, channel_name=page),
    )
    for name, about, codes, statements, channel, purpose, page in (
        (
            "an unticked channel is a no for the purposes asked",
            "CN_REFUSED",
            "CN_REFUSED",
            [
                _yes("kunta", purposes=_of("information")),
                _no("web", purposes=_of("information"), kind=ConsentKind.REFUSED),
            ],
            Channel.WEBSITE,
            Purpose.INFORMATION,
            "web",
        ),
        (
            "an unticked channel is no refusal of a purpose that was not asked",
            "CN_REFUSED",
            "",
            [
                _no("web", purposes=_of("information"), kind=ConsentKind.REFUSED, day=_JANUARY),
                _yes("web", purposes=_of("marketing"), day=_JANUARY),
            ],
            Channel.WEBSITE,
            Purpose.MARKETING,
            "web",
        ),
        (
            "a paper names one page, not others of its kind",
            "CN_SCOPE_CHANNEL",
            "CN_SCOPE_CHANNEL",
            [_yes("kunta")],
            Channel.PUBLIC_PAGE,
            Purpose.INFORMATION,
            "kirjasto",
        ),
    )
]

CASES = [
    *_CHANNELS,
    *_GROUPS,
    *_WORDS,
    *_CODES,
    *_ORDER,
    *_METHODS,
    *_PAPER,
]


@pytest.mark.parametrize("given", CASES)
def test_codes_about_statements_are_complete(given: Case) -> None:
    assert codes_of(given.verdict) == given.codes
    assert given.verdict.outcome is given.outcome


# --- The histories against the second reading. ---------------------------------------------------

HISTORIES = 4000
_FIRST = date(2026, 1, 1)
_KINDS_AND_NAMES = (
    *("public_page", "public_page", "print", "press", "subsidiary_page"),
    *("personal_profile", "closed_group"),
    *("kunta", "kunta", "kirjasto", "lehti", "talot", "matti", "3b"),
)
_ASKED_CHANNELS = (
    ChannelFacts(Channel.PUBLIC_PAGE),
    ChannelFacts(Channel.PUBLIC_PAGE, "kunta"),
    ChannelFacts(Channel.PUBLIC_PAGE, "kirjasto", since=date(2026, 1, 5)),
    ChannelFacts(Channel.PUBLIC_PAGE, "kirjasto", is_own=False),
    ChannelFacts(Channel.PRINT, "lehti", since=date(2026, 1, 3)),
    ChannelFacts(Channel.PRESS, "lehti", is_own=False),
    ChannelFacts(Channel.SUBSIDIARY_PAGE, "talot", is_own=False, since=date(2026, 1, 4)),
    ChannelFacts(Channel.PERSONAL_PROFILE, "matti", is_own=False),
    ChannelFacts(Channel.CLOSED_GROUP, "3b"),
)


def _random(name: str) -> Random:
    """Return the same chances in every run."""
    return Random(name)  # noqa: S311


def _statement(random: Random, order: int) -> Statement:
    """Return any statement; several of few days, so that many fall on one."""
    kind = random.choice([*["given"] * 5, "renewed", "refused", *["withdrawn"] * 3, "requested"])
    is_no = kind in {"refused", "withdrawn"}
    day = _FIRST + timedelta(days=random.randrange(7))
    wide = random.random() < (0.3 if is_no else 0.05)
    return Statement(
        ConsentKind(kind),
        day=day,
        order=order,
        is_dated=random.random() < 0.7,
        is_live=random.random() < 0.6,
        reach=random.choice(list(ReachLevel)),
        channels=frozenset() if wide else frozenset(random.choices(_KINDS_AND_NAMES, k=2)),
        purposes=frozenset(
            random.choice([[], ["any"], ["information"], ["marketing"]] if is_no else _SOME)
        ),
        names_kind=random.random() < 0.2,
        valid_until=random.choice(
            [OPEN_ENDED, OPEN_ENDED, OPEN_ENDED, day + timedelta(days=random.randrange(9)), None]
        ),
        documented=random.choice([*[True] * 7, False, None]),
        method=random.choice([*[Method.WRITTEN] * 7, Method.ORAL, Method.ONLINE_CODE]),
    )


_SOME = [["any"], ["any"], ["any"], ["information"], ["information", "marketing"], []]


def _history(random: Random) -> Answer:
    return Answer(tuple(_statement(random, order) for order in range(random.randrange(7))))


def _question(random: Random) -> Question:
    return Question(
        random.choice(_ASKED_CHANNELS),
        random.choice(list(Purpose)),
        _FIRST + timedelta(days=random.randrange(45)),
        random.choice([YES_BY, YES_BY, YES_BY | {Method.ONLINE_CODE}, frozenset({Method.WRITTEN})]),
        max_age_months=random.choice([None, None, 1]),
        is_permission=random.random() < 0.4,
    )


def _as_asked(question: Question) -> Asked:
    return Asked(
        question.channel,
        question.purpose,
        question.day.toordinal(),
        question.yes_by,
        question.max_age_months,
        question.is_permission,
    )


_NAMES = {
    Gap.EVIDENCE: "proof",
    Gap.TIME: "time",
    Gap.CHANNEL: "channel",
    Gap.PURPOSE: "purpose",
}


def _in_words(weighed: Weighed) -> tuple[str, frozenset[str]]:
    """Return what the rules say in the words of the second reading."""
    state = str(weighed.state)
    if weighed.state is AnswerState.GRANTED:
        state = "granted" if weighed.is_granted else "lacking"
    if weighed.state in {AnswerState.NONE, AnswerState.PENDING}:
        state = "missing"
    return state, frozenset(_NAMES[gap] for gap in weighed.gaps)


def test_random_histories_amount_to_what_the_text_says() -> None:
    random = _random("histories")
    reached = set[tuple[str, frozenset[str]]]()
    for _ in range(HISTORIES):
        answer, question = _history(random), _question(random)
        asked, weighed = _as_asked(question), weigh(answer, question)
        expected = outcome(answer.statements, asked)
        assert _in_words(weighed) == expected, (answer, question)
        standing = standing_noes(answer.statements, asked)
        assert weighed.refusal == (standing[-1] if standing else None)
        if not standing:
            best = best_yes(answer.statements, asked)
            assert weighed.best == (best and best.whole)
            assert {yes.order for yes in weighed.covering} == covering(answer.statements, asked)
        later = (said_after(yes, no) for yes in answer.grants for no in standing[-1:])
        assert weighed.has_later_yes == any(later)
        reached.add(expected)
    assert {word for word, _ in reached} == {
        "granted",
        "lacking",
        "missing",
        "refused",
        "withdrawn",
    }
    assert len(reached) > 12  # many ways to fall short


def test_random_histories_of_a_closed_group_amount_to_what_the_text_says() -> None:
    random = _random("groups")
    group = ChannelFacts(Channel.CLOSED_GROUP, "3b")
    pages = tuple(replace(page, since=None) for page in _ASKED_CHANNELS[1:3])
    reached = set[str]()
    for _ in range(HISTORIES // 2):
        answer, question = _history(random), replace(_question(random), channel=group)
        if question.is_permission:  # which has no highest age
            question = replace(question, max_age_months=None)
        asked = _as_asked(question)
        expected = of_closed_group(
            answer.statements, asked, tuple(replace(asked, channel=page) for page in pages)
        )
        wanted = Use(
            Channel.CLOSED_GROUP,
            question.day,
            purpose=question.purpose,
            channel_name="3b",
            pages=pages,
        )
        months = question.max_age_months
        policy = Policy(yes_by=question.yes_by, max_consent_age_months=months)
        situation = Situation(facts(), wanted, policy)
        weighed = situation.weigh(answer, is_permission=question.is_permission)
        assert _in_words(weighed) == expected, (answer, question)
        reached.add(expected[0])
    assert reached == {"granted", "lacking", "missing", "refused", "withdrawn"}


def test_a_yes_never_makes_anything_worse_and_a_no_never_anything_better() -> None:
    random = _random("one more")
    changed = set[tuple[bool, bool]]()
    for _ in range(HISTORIES):
        answer, question = _history(random), _question(random)
        more = _statement(random, random.randrange(-1, 8))
        before = weigh(answer, question)
        after = weigh(Answer((*answer.statements, more)), question)
        refused = {AnswerState.REFUSED, AnswerState.WITHDRAWN}
        if more.is_grant:
            assert after.is_granted >= before.is_granted, (answer, more, question)
            assert (after.state in refused) <= (before.state in refused), (answer, more, question)
        else:
            assert after.is_granted <= before.is_granted, (answer, more, question)
            assert (after.state in refused) >= (before.state in refused), (answer, more, question)
        changed.add((more.is_grant, after.is_granted != before.is_granted))
    assert {(True, True), (False, True)} <= changed


def test_order_in_which_statements_are_listed_does_not_matter() -> None:
    random = _random("shuffled")
    for _ in range(HISTORIES // 6):
        answer, question = _history(random), _question(random)
        shuffled = list(answer.statements)
        random.shuffle(shuffled)
        again = weigh(Answer(tuple(shuffled)), question)
        expected = weigh(answer, question)
        assert (again.state, again.gaps, again.best) == (
            expected.state,
            expected.gaps,
            expected.best,
        )


@pytest.mark.parametrize(
    "forgotten",
    [
        {"documented": None},
        {"valid_until": None},
        {"day": None},
        {"channels": frozenset()},
        {"purposes": frozenset()},
    ],
    ids=lambda forgotten: next(iter(forgotten)),
)
def test_what_is_not_known_of_a_yes_never_grants(forgotten: dict[str, Any]) -> None:
    random = _random(str(forgotten))
    for _ in range(HISTORIES // 6):
        answer, question = _history(random), _question(random)
        if weigh(answer, question).is_granted:
            continue
        poorer = tuple(
            replace(each, **forgotten) if each.is_grant else each for each in answer.statements
        )
        assert not weigh(Answer(poorer), question).is_granted, (answer, question)


def test_no_of_an_unknown_day_holds() -> None:
    random = _random("no day")
    for _ in range(HISTORIES // 6):
        answer, question = _history(random), _question(random)
        if weigh(answer, question).is_granted:
            continue
        poorer = tuple(
            replace(each, day=None) if each.is_refusal else each for each in answer.statements
        )
        assert not weigh(Answer(poorer), question).is_granted, (answer, question)


def test_statements_whose_order_of_recording_is_not_known_leave_the_no_standing() -> None:
    page = Question(ChannelFacts(Channel.PUBLIC_PAGE), Purpose.INFORMATION, DAY, YES_BY)
    answer = Answer((_yes(day=_JANUARY, order=3), _no(day=_JANUARY, order=3)))
    assert weigh(answer, page).state is AnswerState.WITHDRAWN


def test_who_was_asked_is_distinguished_from_who_was_not() -> None:
    page = Question(ChannelFacts(Channel.PUBLIC_PAGE), Purpose.INFORMATION, DAY, YES_BY)
    assert weigh(Answer(), page).state is AnswerState.NONE
    assert weigh(answer_in_state(AnswerState.PENDING), page).state is AnswerState.PENDING


# --- Whom a no may be asked again. ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("statements", "asks"),
    [
        pytest.param([_yes("kunta"), _no("kunta"), _yes(day=DAY)], True, id="a wider yes since"),
        pytest.param([_yes("kunta"), _no("kunta")], False, id="nothing since"),
        pytest.param([_no("kunta"), _yes(day=_JANUARY)], False, id="a yes before"),
    ],
)
def test_who_refused_is_asked_only_when_a_later_yes_was_not_narrow_enough(
    statements: list[Statement], asks: bool
) -> None:
    (finding,) = evaluate(_photo(*statements), _KUNTA, Policy()).findings
    assert finding.code == "CN_WITHDRAWN"
    assert finding.ask == (("H-1",) if asks else ())


# --- What one use asks. --------------------------------------------------------------------------


def test_one_answer_is_weighed_once_for_a_use_and_apart_as_a_permission() -> None:
    situation, answer = Situation(facts(), _KUNTA, Policy(max_consent_age_months=1)), granted()
    assert situation.weigh(answer) is situation.weigh(answer)
    assert not situation.weigh(answer).is_granted
    assert situation.weigh(answer, is_permission=True).is_granted


def test_a_channel_needs_itself_and_a_closed_group_a_public_page() -> None:
    magazine = use(Channel.PRINT, channel_name="lehti", since=_JANUARY)
    itself = (ChannelFacts(Channel.PRINT, "lehti", since=_JANUARY),)
    assert required_channels(magazine, DEFAULT_POLICY) == itself
    assert required_channels(_GROUP, DEFAULT_POLICY) == _PAGES
    without_pages = replace(_GROUP, pages=())
    assert required_channels(without_pages, DEFAULT_POLICY) == (ChannelFacts(Channel.PUBLIC_PAGE),)
    assert required_channels(_GROUP, _OWN_SCOPE) == (ChannelFacts(Channel.CLOSED_GROUP, "3b"),)


def test_who_is_asked_for_a_closed_group_is_asked_for_the_page_that_lacks_least() -> None:
    situation = Situation(facts(), _GROUP, Policy(max_consent_age_months=12))
    kunta, kirjasto = _PAGES
    no_to_kunta, no_to_group = (said(_no(name)) for name in ("kunta", "3b"))
    assert situation.channel_to_ask(no_to_kunta) == kirjasto
    assert situation.channel_to_ask(no_to_group) == ChannelFacts(Channel.CLOSED_GROUP, "3b")
    old, claimed = _yes("kunta", day=date(2020, 1, 15)), _yes("kirjasto", documented=False)
    assert situation.channel_to_ask(said(old, claimed)) == kirjasto
    assert situation.channel_to_ask(said(old, claimed), is_permission=True) == kunta


def test_who_is_asked_for_a_page_is_asked_for_itself() -> None:
    situation = Situation(facts(), _KUNTA, Policy())
    assert situation.channel_to_ask(Answer()) == ChannelFacts(Channel.PUBLIC_PAGE, "kunta")
