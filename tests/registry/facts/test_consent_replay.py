"""The last word counts: properties of replaying what somebody has said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.registry.facts.consent_replay import ConsentStatus, ReplayEvent, consent_status
from photoreg.rulebook.facts import (
    CLOSED_CHANNELS,
    AnswerState,
    Channel,
    ConsentKind,
    Grant,
    PhotoFacts,
    ReachLevel,
    Use,
)
from photoreg.rulebook.people import consent_gaps
from photoreg.rulebook.policy import DEFAULT_POLICY
from photoreg.rulebook.situation import Situation

START = date(2026, 1, 1)
NAMES = ("kunta", "public_page", "website", "print", "closed_group")
USES = [(channel, channel.value) for channel in Channel] + [(Channel.PUBLIC_PAGE, "kunta")]
# Closed channels need a public page's yes (J1), so a yes need not name them.
OPEN_USES = [use for use in USES if use[0] not in CLOSED_CHANNELS]
YES = {ConsentKind.GIVEN, ConsentKind.RENEWED}


def day(number: int) -> date:
    return START + timedelta(days=number)


def said(
    kind: ConsentKind, number: int, *channels: str, thread: int = 1, lasts: int = 90
) -> ReplayEvent:
    """Return a documented word, said on the day of its number."""
    grant = Grant(
        channels=frozenset(channels),
        purposes=frozenset({"information"}),
        valid_until=day(number + lasts) if kind in YES else None,
        given_on=day(number),
        documented=True,
    )
    return ReplayEvent(number, thread, kind, day(number), grant)


@st.composite
def histories(draw: st.DrawFn) -> list[ReplayEvent]:
    """Give what somebody may have said: several words a day, in several threads, in any order."""
    words = []
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(list(ConsentKind)))
        channels = draw(st.sets(st.sampled_from(NAMES), min_size=1 if kind in YES else 0))
        word = said(
            kind,
            draw(st.integers(0, 4)),
            *channels,
            thread=draw(st.integers(1, 3)),
            lasts=draw(st.integers(0, 9)),
        )
        words.append(
            # Numbers are unique; each thread has a reach of its own.
            ReplayEvent(
                number + 1,
                word.record_id,
                kind,
                word.day,
                word.grant,
                ReachLevel(word.record_id - 1),
            )
        )
    return draw(st.permutations(words))


def allowed(now: ConsentStatus, on: date) -> set[tuple[Channel, str]]:
    """Return the channels on which the standing yes lacks nothing on a day."""
    if now.answer.state is not AnswerState.GRANTED:
        return set()
    uses = (Use(channel, on, channel_name=name) for channel, name in USES)
    situations = [Situation(PhotoFacts(), use, DEFAULT_POLICY) for use in uses]
    return {
        (s.use.channel, s.use.channel_name) for s in situations if not consent_gaps(s, now.answer)
    }


@pytest.mark.parametrize("cumulative", [True, False])
@given(data=st.data())
def test_the_order_of_insertion_is_irrelevant(cumulative: bool, data: st.DataObject) -> None:
    words = data.draw(histories())
    other = data.draw(st.permutations(words))
    found, again = (consent_status(each, cumulative=cumulative) for each in (words, other))
    assert found.answer.state is again.answer.state
    assert set(found.active_events) == set(again.active_events)
    assert found.last_grant == again.last_grant


@pytest.mark.parametrize("cumulative", [True, False])
@pytest.mark.parametrize("no", [ConsentKind.WITHDRAWN, ConsentKind.REFUSED])
@given(before=histories(), after=histories())
def test_after_a_whole_no_only_a_later_yes_grants(
    cumulative: bool, no: ConsentKind, before: list[ReplayEvent], after: list[ReplayEvent]
) -> None:
    whole = ReplayEvent(100, 1, no, day(10), Grant())
    later = [
        ReplayEvent(w.id + 100, w.record_id, w.kind, w.day + timedelta(days=10), w.grant)
        for w in after
    ]
    now = consent_status([*before, whole, *later], cumulative=cumulative)
    assert {word.id for word in now.active_events} <= {
        word.id for word in later if word.kind in YES
    }
    if not any(word.kind in YES for word in later):
        assert now.answer.grants == ()
        assert now.answer.state in {AnswerState.WITHDRAWN, AnswerState.REFUSED}


@pytest.mark.parametrize("cumulative", [True, False])
@given(words=histories(), channels=st.sets(st.sampled_from(NAMES)), on=st.integers(0, 20))
def test_a_withdrawal_never_widens(
    cumulative: bool, words: list[ReplayEvent], channels: set[str], on: int
) -> None:
    taken_back = ReplayEvent(
        100, 1, ConsentKind.WITHDRAWN, day(10), Grant(channels=frozenset(channels))
    )
    before = consent_status(words, cumulative=cumulative)
    after = consent_status([*words, taken_back], cumulative=cumulative)
    assert allowed(after, day(on)) <= allowed(before, day(on))
    assert not {name for _kind, name in allowed(after, day(on))} & channels


@pytest.mark.parametrize("cumulative", [True, False])
@given(words=histories(), on=st.integers(0, 20), later=st.integers(0, 20))
def test_a_later_day_never_revives(
    cumulative: bool, words: list[ReplayEvent], on: int, later: int
) -> None:
    now = consent_status(words, cumulative=cumulative)
    assert allowed(now, day(on + later)) <= allowed(now, day(on))


@given(words=histories(), asked_on=st.integers(0, 20))
def test_asking_changes_no_answer(words: list[ReplayEvent], asked_on: int) -> None:
    asked = ReplayEvent(100, 1, ConsentKind.REQUESTED, day(asked_on), Grant())
    before, after = (consent_status(w, cumulative=False) for w in (words, [*words, asked]))
    assert before.answer.grants == after.answer.grants
    if before.answer.state is AnswerState.NONE:
        assert after.answer.state is AnswerState.PENDING
    else:
        assert after.answer.state is before.answer.state


def test_of_two_words_on_one_day_the_one_recorded_later_counts() -> None:
    yes = ReplayEvent(1, 1, ConsentKind.GIVEN, START, said(ConsentKind.GIVEN, 0, "print").grant)
    no = ReplayEvent(2, 1, ConsentKind.WITHDRAWN, START, Grant())
    assert consent_status([no, yes], cumulative=False).answer.state is AnswerState.WITHDRAWN


def test_a_person_s_new_yes_replaces_the_old_one() -> None:
    first = said(ConsentKind.GIVEN, 1, "print")
    second = said(ConsentKind.GIVEN, 2, "website", thread=2)
    assert consent_status([first, second], cumulative=False).active_events == (second,)


def test_a_photographer_s_permissions_stand_side_by_side() -> None:
    first = said(ConsentKind.GIVEN, 1, "print")
    second = said(ConsentKind.GIVEN, 2, "website", thread=2)
    assert consent_status([first, second], cumulative=True).active_events == (first, second)


def test_taking_back_every_channel_is_a_withdrawal() -> None:
    yes = said(ConsentKind.GIVEN, 1, "print", "website")
    no = said(ConsentKind.WITHDRAWN, 2, "print", "website")
    now = consent_status([yes, no], cumulative=False)
    assert now.answer.state is AnswerState.WITHDRAWN
    assert now.last_grant == yes


def test_an_objection_without_any_yes_is_a_withdrawal() -> None:
    only_print = said(ConsentKind.WITHDRAWN, 1, "print")
    assert consent_status([only_print], cumulative=False).answer.state is AnswerState.WITHDRAWN


def is_answered(no: ReplayEvent, yeses: list[ReplayEvent]) -> bool:
    """Was a no followed by a yes that is at least as narrow?"""
    return any((y.day, y.id) > (no.day, no.id) and y.reach >= no.reach for y in yeses)


@pytest.mark.parametrize("cumulative", [False, True])
@given(words=histories(), use=st.sampled_from(OPEN_USES))
def test_a_use_is_allowed_only_when_every_no_to_it_was_answered(
    cumulative: bool, words: list[ReplayEvent], use: tuple[Channel, str]
) -> None:
    meant = set(use)
    yeses = [w for w in words if w.kind in YES and w.grant.channels & meant]
    noes = [
        w
        for w in words
        if w.kind is ConsentKind.REFUSED
        or (w.kind is ConsentKind.WITHDRAWN and (not w.grant.channels or w.grant.channels & meant))
    ]
    if use in allowed(consent_status(words, cumulative=cumulative), day(4)):
        assert yeses
        assert all(is_answered(no, yeses) for no in noes)
