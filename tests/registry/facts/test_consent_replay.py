"""The status of a consent in lists, replayed from its events; the rules weigh the events."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.registry.facts.consent_replay import ConsentStatus, ReplayEvent, consent_status
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    Answer,
    AnswerState,
    Channel,
    ChannelFacts,
    ConsentKind,
    Purpose,
    ReachLevel,
    Statement,
)
from photoreg.rulebook.policy import DEFAULT_POLICY
from photoreg.rulebook.weighing import Question, weigh

START = date(2026, 1, 1)
NAMES = ("kunta", "public_page", "website", "print")
USES = [
    ChannelFacts(Channel.PUBLIC_PAGE, "kunta"),
    ChannelFacts(Channel.PUBLIC_PAGE),
    ChannelFacts(Channel.WEBSITE),
    ChannelFacts(Channel.PRINT),
]
INFORMATION, MARKETING = "information", "marketing"
GIVEN, RENEWED = ConsentKind.GIVEN, ConsentKind.RENEWED
REFUSED, WITHDRAWN = ConsentKind.REFUSED, ConsentKind.WITHDRAWN


def day(number: int) -> date:
    return START + timedelta(days=number)


def event(
    kind: ConsentKind, number: int, *channels: str, id_: int | None = None, **changes: Any
) -> ReplayEvent:
    """Return a documented event, said and recorded on the day of its number."""
    is_grant = kind in GRANTING_KINDS
    values: dict[str, Any] = {
        "day": day(number),
        "channels": frozenset(channels),
        "purposes": frozenset({INFORMATION} if is_grant else ()),
        "valid_until": day(number + 90) if is_grant else None,
        "documented": True,
    }
    return ReplayEvent(
        number if id_ is None else id_, record_id=1, statement=Statement(kind, **(values | changes))
    )


def channels_of(events: tuple[ReplayEvent, ...]) -> list[set[str]]:
    return [set(each.statement.channels) for each in events]


@st.composite
def histories(draw: st.DrawFn) -> list[ReplayEvent]:
    """Give what somebody may have said: several statements a day, of any reach, in any order."""
    events = []
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(list(ConsentKind)))
        is_grant = kind in GRANTING_KINDS
        events.append(
            event(
                kind,
                draw(st.integers(0, 4)),
                *draw(st.sets(st.sampled_from(NAMES), min_size=1 if is_grant else 0)),
                id_=number + 1,
                purposes=draw(
                    st.frozensets(
                        st.sampled_from([INFORMATION, MARKETING]), min_size=1 if is_grant else 0
                    )
                ),
                reach=draw(st.sampled_from(ReachLevel)),
                is_live=draw(st.booleans()),
                is_dated=draw(st.booleans()),
                documented=draw(st.booleans()),
            )
        )
    return list(draw(st.permutations(events)))


def is_granted(status: ConsentStatus, channel: ChannelFacts, purpose: Purpose, on: date) -> bool:
    question = Question(channel, purpose, on, DEFAULT_POLICY.yes_by)
    return weigh(status.answer, question).is_granted


@given(data=st.data())
def test_the_order_of_insertion_is_irrelevant(data: st.DataObject) -> None:
    events = data.draw(histories())
    one, other = (consent_status(each) for each in (events, data.draw(st.permutations(events))))
    assert one == other
    assert one.state is other.state


@given(events=histories())
def test_the_order_of_recording_is_what_the_rules_weigh(events: list[ReplayEvent]) -> None:
    status = consent_status(events)
    assert [each.id for each in status.events] == sorted(each.id for each in events)
    assert [said.order for said in status.answer.statements] == list(range(len(events)))


@given(
    events=histories(),
    channel=st.sampled_from(USES),
    purpose=st.sampled_from([Purpose.INFORMATION, Purpose.MARKETING]),
    on=st.integers(0, 20),
)
def test_what_the_rules_grant_is_granted_in_lists_too(
    events: list[ReplayEvent], channel: ChannelFacts, purpose: Purpose, on: int
) -> None:
    status = consent_status(events)
    if is_granted(status, channel, purpose, day(on)):
        assert status.state is AnswerState.GRANTED
        assert any(
            event.statement.channels & {channel.name, channel.kind}
            for event in status.active_events
        )


@pytest.mark.parametrize("no", [REFUSED, WITHDRAWN])
@given(events=histories())
def test_after_a_refusal_of_everything_nothing_earlier_is_active(
    no: ConsentKind, events: list[ReplayEvent]
) -> None:
    status = consent_status([*events, event(no, 10, id_=100)])
    assert status.active_events == ()
    assert status.state is (AnswerState.REFUSED if no is REFUSED else AnswerState.WITHDRAWN)
    assert status.is_refused


@given(events=histories(), channels=st.sets(st.sampled_from(NAMES)))
def test_a_withdrawal_never_widens(events: list[ReplayEvent], channels: set[str]) -> None:
    before = consent_status(events)
    after = consent_status([*events, event(WITHDRAWN, 10, *channels, id_=100)])
    left = {each.id: each.statement.channels for each in after.active_events}
    had = {each.id: each.statement.channels for each in before.active_events}
    assert left.items() <= {n: had[n] - channels if n in had else None for n in left}.items()
    assert not {name for each in left.values() for name in each} & channels


@given(events=histories(), asked_on=st.integers(0, 20))
def test_asking_changes_no_answer(events: list[ReplayEvent], asked_on: int) -> None:
    before = consent_status(events)
    after = consent_status([*events, event(ConsentKind.REQUESTED, asked_on, id_=100)])
    assert [each.id for each in before.active_events] == [each.id for each in after.active_events]
    expected = AnswerState.PENDING if before.state is AnswerState.NONE else before.state
    assert after.state is expected


def test_what_nobody_has_said_is_no_answer() -> None:
    assert consent_status([]).state is AnswerState.NONE
    assert consent_status([]).last_grant is None


def test_what_was_only_asked_is_pending() -> None:
    status = consent_status([event(ConsentKind.REQUESTED, 1)])
    assert status.state is AnswerState.PENDING
    assert not status.is_refused


def test_the_rules_weigh_everything_that_was_said_in_the_order_of_recording() -> None:
    yes, no = event(GIVEN, 5, "kunta", id_=1), event(WITHDRAWN, 2, "kunta", id_=2)
    answer = consent_status([no, yes]).answer
    assert answer == Answer((replace(yes.statement, order=0), replace(no.statement, order=1)))


@pytest.mark.parametrize(("said_last", "before"), [(REFUSED, WITHDRAWN), (WITHDRAWN, REFUSED)])
def test_the_refusal_of_the_latest_day_gives_the_status_whenever_it_was_recorded(
    said_last: ConsentKind, before: ConsentKind
) -> None:
    status = consent_status([event(said_last, 5, id_=1), event(before, 2, id_=2)])
    assert status.state is AnswerState(said_last.value)
    assert status.is_refused


def test_the_last_grant_is_that_of_the_latest_day_then_the_one_recorded_last() -> None:
    later, told_afterwards = event(GIVEN, 5, "kunta", id_=1), event(GIVEN, 2, "kunta", id_=2)
    same_day = event(RENEWED, 5, "kunta", id_=3)
    for events, last in (([later, told_afterwards], 1), ([later, told_afterwards, same_day], 3)):
        grant = consent_status(events).last_grant
        assert grant is not None
        assert grant.id == last


def test_a_yes_leaves_an_earlier_one_as_it_was() -> None:
    page, magazine = event(GIVEN, 1, "kunta"), event(GIVEN, 2, "print")
    status = consent_status([page, magazine])
    assert channels_of(status.active_events) == [{"kunta"}, {"print"}]
    assert channels_of(status.longest_grants) == [{"kunta"}, {"print"}]


def test_a_no_takes_away_the_channels_that_it_names() -> None:
    status = consent_status([event(GIVEN, 1, "kunta", "print"), event(WITHDRAWN, 2, "print")])
    assert channels_of(status.active_events) == [{"kunta"}]
    assert status.state is AnswerState.GRANTED
    assert channels_of(status.standing_refusals) == [{"print"}]


def test_a_no_to_one_purpose_leaves_a_yes_for_others() -> None:
    both = frozenset({INFORMATION, MARKETING})
    yes = event(GIVEN, 1, "kunta", purposes=both)
    no = event(REFUSED, 2, "kunta", purposes=frozenset({MARKETING}))
    assert channels_of(consent_status([yes, no]).active_events) == [{"kunta"}]
    only_that = event(GIVEN, 1, "kunta", purposes=frozenset({MARKETING}))
    assert consent_status([only_that, no]).state is AnswerState.REFUSED


def test_taking_back_every_channel_is_a_withdrawal() -> None:
    yes = event(GIVEN, 1, "print", "website")
    status = consent_status([yes, event(WITHDRAWN, 2, "print", "website")])
    assert status.state is AnswerState.WITHDRAWN
    assert status.last_grant is not None
    assert status.last_grant.id == yes.id


def test_an_objection_without_any_yes_is_a_withdrawal() -> None:
    assert consent_status([event(WITHDRAWN, 1, "print")]).state is AnswerState.WITHDRAWN


def test_on_one_day_a_no_counts_unless_both_were_recorded_as_they_were_said() -> None:
    no = event(REFUSED, 1, id_=1)
    live, typed_later = (
        event(GIVEN, 1, "kunta", id_=2),
        event(GIVEN, 1, "kunta", id_=2, is_live=False),
    )
    assert consent_status([no, live]).state is AnswerState.GRANTED
    assert consent_status([no, typed_later]).state is AnswerState.REFUSED


def test_a_yes_without_its_own_day_follows_no_refusal_of_an_earlier_day() -> None:
    no, undated = event(REFUSED, 1), event(GIVEN, 5, "kunta", is_dated=False)
    assert consent_status([no, undated]).state is AnswerState.REFUSED
    assert consent_status([no, event(GIVEN, 5, "kunta")]).state is AnswerState.GRANTED


def test_a_grant_that_another_covers_for_longer_is_listed_once() -> None:
    short, longer = event(GIVEN, 1, "kunta"), event(RENEWED, 20, "kunta", "print")
    status = consent_status([short, longer])
    assert [each.id for each in status.longest_grants] == [20]
    undocumented = event(RENEWED, 20, "kunta", documented=False)
    assert [each.id for each in consent_status([short, undocumented]).longest_grants] == [1, 20]


def test_a_longer_grant_for_another_purpose_covers_nothing() -> None:
    short = event(GIVEN, 1, "kunta")
    other = event(RENEWED, 20, "kunta", "print", purposes=frozenset({MARKETING}))
    assert [each.id for each in consent_status([short, other]).longest_grants] == [1, 20]


def test_of_two_alike_the_one_recorded_later_is_listed() -> None:
    twice = [event(GIVEN, 1, "kunta", id_=number) for number in (1, 2)]
    assert [each.id for each in consent_status(twice).longest_grants] == [2]


@pytest.mark.parametrize(
    ("refusal", "documented", "left"),
    [
        (("kunta", "print"), True, [{"print"}]),
        (("kunta",), True, []),
        (("kunta",), False, [{"kunta"}]),
        ((), True, [set()]),
    ],
    ids=["in part", "as a whole", "not without a document", "of everything, never"],
)
def test_a_later_yes_lifts_what_it_names_of_a_refusal(
    refusal: tuple[str, ...], documented: bool, left: list[set[str]]
) -> None:
    yes = event(GIVEN, 2, "kunta", purposes=frozenset({"any"}), documented=documented)
    status = consent_status([event(REFUSED, 1, *refusal), yes])
    assert channels_of(status.standing_refusals) == left


def test_a_yes_for_one_purpose_lifts_no_refusal_of_them_all() -> None:
    status = consent_status([event(REFUSED, 1, "kunta"), event(GIVEN, 2, "kunta")])
    assert channels_of(status.standing_refusals) == [{"kunta"}]


def test_a_yes_for_a_purpose_lifts_a_refusal_of_that_purpose() -> None:
    marketing = frozenset({MARKETING})
    no = event(REFUSED, 1, "kunta", purposes=marketing)
    yes = event(GIVEN, 2, "kunta", purposes=marketing)
    assert consent_status([no, yes]).standing_refusals == ()


def test_a_yes_to_everything_lifts_no_refusal_of_one_photo() -> None:
    no = event(REFUSED, 1, "kunta", reach=ReachLevel.PHOTO)
    wide = event(GIVEN, 2, "kunta", purposes=frozenset({"any"}))
    assert channels_of(consent_status([no, wide]).standing_refusals) == [{"kunta"}]
    narrow = event(GIVEN, 2, "kunta", purposes=frozenset({"any"}), reach=ReachLevel.PHOTO)
    assert consent_status([no, narrow]).standing_refusals == ()
