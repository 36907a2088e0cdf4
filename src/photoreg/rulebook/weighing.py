"""Weigh statements by use: whether what one person has said covers one use (rulebook §3).

A yes adds, and takes nothing away from an earlier one. A no takes away just what it names. A use is
granted when one yes alone covers it and was said after every no that stands or stood against it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache

from photoreg.rulebook.facts import (
    ANY_PURPOSE,
    Answer,
    AnswerState,
    Channel,
    ChannelFacts,
    ConsentKind,
    Method,
    Purpose,
    Statement,
    add_months,
)


class Gap(IntEnum):
    """What a yes lacks for a use; of yeses alike, the one with the lowest gap is named."""

    EVIDENCE = 1
    TIME = 2
    CHANNEL = 3
    PURPOSE = 4


class ChannelLevel(IntEnum):
    """How narrowly a statement names a channel."""

    ALL = 0
    KIND = 1
    NAME = 2


@dataclass(frozen=True, slots=True)
class Question:
    """One use as statements are weighed for it.

    `yes_by` are the methods by which a yes counts. A copyright permission has no highest age, and
    one that is only reported leaves the use unclear.
    """

    channel: ChannelFacts
    purpose: Purpose
    day: date
    yes_by: frozenset[Method]
    max_age_months: int | None = None
    is_permission: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one person's statements amount to for one use.

    `gaps` are what the best yes lacks; `covering` are all yeses that lack nothing.
    `refusal`: the last one that stands. `has_later_yes`: a yes was said since it that is not narrow
    enough to lift it.
    """

    state: AnswerState
    gaps: tuple[Gap, ...] = ()
    best: Statement | None = None
    covering: tuple[Statement, ...] = ()
    refusal: Statement | None = None
    has_later_yes: bool = False

    @property
    def is_granted(self) -> bool:
        """Return whether one yes alone covers the use."""
        return bool(self.covering)

    @property
    def rests_on_damaged_evidence(self) -> bool:
        """Return whether every yes that covers the use rests on a damaged document."""
        return self.is_granted and not any(grant.is_whole for grant in self.covering)


@lru_cache(maxsize=4096)
def weigh(answer: Answer, question: Question) -> Weighed:
    """Weigh what one person has said for one use; photos share the answers of many persons."""
    refusals = [no for no in answer.refusals if names_use(no, question)]
    standing = [no for no in refusals if not _is_lifted(no, answer.grants, question)]
    if standing:
        return _refused(standing, answer)
    grants = [yes for yes in answer.grants if all(is_after(yes, no) for no in refusals)]
    if not grants:
        return Weighed(AnswerState.PENDING if answer.statements else AnswerState.NONE)
    found = [(yes, grant_gaps(yes, question)) for yes in grants]
    best, gaps = found[0]
    if len(found) > 1:
        best, gaps = min(found, key=lambda each: _shortfall(each[0], each[1], question))
    return Weighed(
        AnswerState.GRANTED,
        reported_gaps(gaps, question),
        best,
        tuple(yes for yes, lacks in found if not lacks),
    )


def weigh_refusals_by_name(answer: Answer, question: Question) -> Weighed | None:
    """Return the refusal, if one stands that names the channel itself or its kind."""
    standing = [
        no
        for no in answer.refusals
        if no.channels and names_use(no, question) and not _is_lifted(no, answer.grants, question)
    ]
    return _refused(standing, answer) if standing else None


def _refused(standing: Iterable[Statement], answer: Answer) -> Weighed:
    """Return the result of the last refusal that stands."""
    last = max(standing, key=lambda no: (no.day or date.min, no.order))
    refused = last.kind is ConsentKind.REFUSED
    return Weighed(
        AnswerState.REFUSED if refused else AnswerState.WITHDRAWN,
        refusal=last,
        has_later_yes=any(is_after(yes, last) for yes in answer.grants),
    )


def least_lacking(found: Iterable[Weighed], question: Question) -> Weighed:
    """Return the result that lacks least: granted, else a yes with gaps, no answer, a refusal.

    Of refusals, it is the last one.
    """

    def shortfall(weighed: Weighed) -> tuple[object, ...]:
        if weighed.refusal:
            return True, *_latest_first(weighed.refusal)
        is_unsaid = weighed.best is None
        return False, is_unsaid, *_rank(weighed.gaps, weighed.gaps, question)

    return min(found, key=shortfall)


def _latest_first(statement: Statement) -> tuple[int, int]:
    return -(statement.day or date.min).toordinal(), -statement.order


def _severity(reported: tuple[Gap, ...], question: Question) -> tuple[int, int]:
    """Return a key: the mildest severity first, then the fewest codes."""
    is_mild = question.is_permission and reported == (Gap.EVIDENCE,)
    return 0 if not reported else 1 if is_mild else 2, len(reported)


def _shortfall(grant: Statement, gaps: tuple[Gap, ...], question: Question) -> tuple[object, ...]:
    return *_rank(reported_gaps(gaps, question), gaps, question), *_latest_first(grant)


def _rank(
    reported: tuple[Gap, ...], gaps: tuple[Gap, ...], question: Question
) -> tuple[object, ...]:
    """Return a key: what is reported, then the one that has purpose, channel, time, proof."""
    has_first = (gap in gaps for gap in _FROM_PURPOSE)
    return (*_severity(reported, question), *has_first)


_FROM_PURPOSE = tuple(sorted(Gap, reverse=True))


def reported_gaps(gaps: tuple[Gap, ...], question: Question) -> tuple[Gap, ...]:
    """Return the gaps that are reported: of a yes that has ended not its scope as well.

    Of a permission that is only reported, nothing else is known.
    """
    if question.is_permission and Gap.EVIDENCE in gaps:
        return (Gap.EVIDENCE,)
    return tuple(g for g in gaps if g <= Gap.TIME) if Gap.TIME in gaps else gaps


def is_after(grant: Statement, refusal: Statement) -> bool:
    """Return whether a yes was said after a no.

    Statements have an order when their days differ, or when both were recorded on the day they were
    said; else, on one day, the no counts. A yes without a day of its own may rest on an older
    paper, so it follows no refusal of an earlier day. An unknown day has no order.
    """
    if grant.day is None or refusal.day is None:
        return False
    if grant.day != refusal.day:
        return grant.day > refusal.day and grant.is_dated
    return grant.is_live and refusal.is_live and grant.order > refusal.order


def names_use(refusal: Statement, question: Question) -> bool:
    """Return whether a no names the use: its channel and its purpose, or all of them."""
    return level(refusal, question.channel) is not None and (
        not refusal.purposes or _has_purpose(refusal, question)
    )


def level(statement: Statement, channel: ChannelFacts) -> ChannelLevel | None:
    """Return how narrowly a statement names a channel; None if it does not."""
    if channel.name and channel.name in statement.channels:
        return ChannelLevel.NAME
    if channel.kind in statement.channels:
        return ChannelLevel.KIND
    return ChannelLevel.ALL if statement.is_refusal and not statement.channels else None


def _is_lifted(refusal: Statement, grants: Iterable[Statement], question: Question) -> bool:
    """Return whether a later yes, at least as narrow in each respect, lifts a no."""
    named = level(refusal, question.channel) or ChannelLevel.ALL
    return any(
        is_after(yes, refusal)
        and yes.reach >= refusal.reach
        and (level(yes, question.channel) or ChannelLevel.ALL) >= named
        and not set(grant_gaps(yes, question)) - {Gap.TIME}
        for yes in grants
    )


def grant_gaps(grant: Statement, question: Question) -> tuple[Gap, ...]:
    """Return what one yes lacks for the use: evidence, time, channel, purpose."""
    lacks = {
        Gap.EVIDENCE: not grant.documented or grant.method not in question.yes_by,
        Gap.TIME: not _is_in_time(grant, question),
        Gap.CHANNEL: not covers_channel(grant, question.channel),
        Gap.PURPOSE: not _has_purpose(grant, question),
    }
    return tuple(gap for gap, is_lacking in lacks.items() if is_lacking)


def _is_in_time(grant: Statement, question: Question) -> bool:
    """Return whether it has not ended and is not too old; an unknown end is no permission."""
    if grant.valid_until is None or grant.valid_until < question.day:
        return False
    months = question.max_age_months
    return months is None or (
        grant.day is not None and add_months(grant.day, months) >= question.day
    )


def covers_channel(grant: Statement, channel: ChannelFacts) -> bool:
    """Return whether a yes covers a channel, by its name or by its kind.

    A kind covers the municipality's own channels that there were on that day, later ones only if
    the paper itself names the kind; of another controller, only the press and the pages of group
    companies (U1); never a personal profile (P1-P3).
    """
    if channel.name and channel.name in grant.channels:
        return True
    is_own = channel.is_own and not channel.kind.has_other_controller
    by_kind = {Channel.PRESS, Channel.SUBSIDIARY_PAGE}
    if channel.kind not in grant.channels or not (is_own or channel.kind in by_kind):
        return False
    is_new = channel.since is not None and (grant.day is None or channel.since > grant.day)
    return not is_new or grant.names_kind


def _has_purpose(statement: Statement, question: Question) -> bool:
    return bool(statement.purposes & {ANY_PURPOSE, question.purpose})
