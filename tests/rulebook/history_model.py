"""A second reading of the rulebook's words on statements (§3), to compare the rules with.

It is written from the text alone and shares nothing with `photoreg.rulebook.weighing`: every
statement is taken apart into single words (one channel, one purpose), and every word is compared
with every other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from photoreg.rulebook.facts import ChannelFacts, Method, Statement

PURPOSES = ("information", "marketing")
OTHERS_OWN = {"press", "subsidiary_page", "personal_profile"}
REACHED_BY_KIND = {"press", "subsidiary_page"}
NOTHING = "-"


@dataclass(frozen=True)
class Asked:
    """One use: what is asked of the history."""

    channel: ChannelFacts
    purpose: str
    day: int
    methods: frozenset[Method]
    months: int | None
    is_permission: bool


@dataclass(frozen=True)
class Word:
    """One channel and one purpose of one statement; None of a no means all of them."""

    whole: Statement
    channel: str | None
    purpose: str | None


def words_of(statement: Statement) -> Iterator[Word]:
    """Take a statement apart: several channels or purposes in one word are one word each."""
    says_no = statement.kind in {"refused", "withdrawn"}
    channels: list[str | None] = [*statement.channels]
    purposes: list[str | None] = []
    for purpose in statement.purposes:
        purposes += PURPOSES if purpose == "any" else [purpose]
    empty = None if says_no else NOTHING
    for channel, purpose_word in product(channels or [empty], purposes or [empty]):
        yield Word(statement, channel, purpose_word)


def said_after(yes: Statement, no: Statement) -> bool:
    """Days differ, or both were recorded when they were said; else, on one day, the no counts."""
    if yes.day is None or no.day is None:
        return False
    if yes.day == no.day:
        return yes.is_live and no.is_live and yes.order > no.order
    if not yes.is_dated and no.day < yes.day:
        return False  # it may rest on a paper that is older than the no
    return no.day < yes.day


def names_it(word: Word, asked: Asked) -> bool:
    """Does a no name this use: its channel, its kind or all; its purpose or all?"""
    channels = {None, str(asked.channel.kind), asked.channel.name or None}
    return word.channel in channels and word.purpose in {None, asked.purpose}


def reaches_channel(word: Word, channel: ChannelFacts) -> bool:
    """Does a yes reach the channel: by name; by kind what is the municipality's own, or may be?"""
    kind = str(channel.kind)
    if channel.name and word.channel == channel.name:
        return True
    if word.channel != kind:
        return False
    if kind in OTHERS_OWN or not channel.is_own:
        return kind in REACHED_BY_KIND and _was_there(word.whole, channel)
    return _was_there(word.whole, channel)


def _was_there(yes: Statement, channel: ChannelFacts) -> bool:
    if channel.since is None or yes.names_kind:
        return True
    return yes.day is not None and channel.since <= yes.day


def lacks(word: Word, asked: Asked) -> set[str]:
    """Return everything that one word of a yes lacks."""
    yes, missing = word.whole, set[str]()
    if yes.documented is not True or yes.method not in asked.methods:
        missing.add("proof")
    if has_ended(yes, asked):
        missing.add("time")
    if not reaches_channel(word, asked.channel):
        missing.add("channel")
    if word.purpose != asked.purpose:
        missing.add("purpose")
    return missing


def has_ended(yes: Statement, asked: Asked) -> bool:
    """Return whether it has ended, or is older than the policy allows (in whole months)."""
    if yes.valid_until is None or yes.valid_until.toordinal() < asked.day:
        return True
    if asked.months is None:
        return False
    if yes.day is None:
        return True
    months = yes.day.year * 12 + yes.day.month - 1 + asked.months
    last = None
    for day in range(1, yes.day.day + 1):  # the same day of the month, or the month's last
        try:
            last = yes.day.replace(year=months // 12, month=months % 12 + 1, day=day)
        except ValueError:
            break
    assert last is not None
    return last.toordinal() < asked.day


def narrowness(word: Word, asked: Asked) -> tuple[int, int, int]:
    """Return how narrow a word is in each respect: photo, channel, purpose."""
    channel = 0 if word.channel is None else 1
    if asked.channel.name and word.channel == asked.channel.name:
        channel = 2
    return int(word.whole.reach), channel, 0 if word.purpose is None else 1


def lifts(yes: Word, no: Word, asked: Asked) -> bool:
    """Return whether a later yes that itself counts is as narrow as the no in each respect.

    That it has ended since does not matter: what was lifted stays lifted.
    """
    if not said_after(yes.whole, no.whole) or lacks(yes, asked) - {"time"}:
        return False
    pairs = zip(narrowness(yes, asked), narrowness(no, asked), strict=True)
    return all(of_yes >= of_no for of_yes, of_no in pairs)


def reported(word: Word, asked: Asked) -> set[str]:
    """Return what is told of a yes: of one that has ended, or is only claimed, not its scope."""
    missing = lacks(word, asked)
    if asked.is_permission and "proof" in missing:
        return {"proof"}
    if "time" in missing:
        return missing & {"proof", "time"}
    return missing


def standing_noes(history: tuple[Statement, ...], asked: Asked) -> list[Statement]:
    """Return the noes against this use that no yes lifts, the last one last."""
    words = [word for statement in history for word in words_of(statement)]
    yeses = [word for word in words if word.whole.kind in {"given", "renewed"}]
    standing = [
        word.whole
        for word in words
        if word.whole.kind in {"refused", "withdrawn"}
        and names_it(word, asked)
        and not any(lifts(yes, word, asked) for yes in yeses)
    ]
    return sorted(standing, key=lambda no: (no.day, no.order))


def yeses_after_all(history: tuple[Statement, ...], asked: Asked) -> list[Word]:
    """Return the words of yeses that were said after every no against this use."""
    words = [word for statement in history for word in words_of(statement)]
    noes = [
        word
        for word in words
        if word.whole.kind in {"refused", "withdrawn"} and names_it(word, asked)
    ]
    return [
        word
        for word in words
        if word.whole.kind in {"given", "renewed"}
        and all(said_after(word.whole, no.whole) for no in noes)
    ]


def best_yes(history: tuple[Statement, ...], asked: Asked) -> Word | None:
    """Return the word of a yes whose lacks are told; of words that are as good, the latest."""
    words = yeses_after_all(history, asked)
    words.sort(key=lambda word: (word.whole.day, word.whole.order), reverse=True)
    return min(words, key=lambda word: _merit(word, asked), default=None)


def covering(history: tuple[Statement, ...], asked: Asked) -> set[int]:
    """Return which statements alone cover the use, by their place in the order of recording."""
    words = yeses_after_all(history, asked)
    return {word.whole.order for word in words if not lacks(word, asked)}


def outcome(history: tuple[Statement, ...], asked: Asked) -> tuple[str, frozenset[str]]:
    """Return what a history amounts to for a use: a word for it, and what the best yes lacks."""
    standing = standing_noes(history, asked)
    if standing:
        return str(standing[-1].kind), frozenset()
    best = best_yes(history, asked)
    if best is None:
        return "missing", frozenset()
    told = reported(best, asked)
    return ("granted" if not told else "lacking"), frozenset(told)


def _merit(yes: Word, asked: Asked) -> tuple[object, ...]:
    """The mildest severity, the fewest codes, then who has purpose, channel, time, proof."""
    told, missing = reported(yes, asked), lacks(yes, asked)
    severity = 0 if not told else 1 if asked.is_permission and told == {"proof"} else 2
    order = tuple(name in missing for name in ("purpose", "channel", "time", "proof"))
    return severity, len(told), order


def of_closed_group(
    history: tuple[Statement, ...], group: Asked, pages: tuple[Asked, ...]
) -> tuple[str, frozenset[str]]:
    """Return the same of a closed group that counts as public (J1)."""
    by_name = tuple(
        each for each in history if each.kind not in {"refused", "withdrawn"} or each.channels
    )
    of_group = outcome(by_name, group)
    if of_group[0] in {"refused", "withdrawn"}:
        return of_group
    found = [outcome(history, page) for page in pages]
    if all(word in {"refused", "withdrawn"} for word, _ in found):
        last = [standing_noes(history, page)[-1] for page in pages]
        return str(max(last, key=lambda no: (no.day, no.order)).kind), frozenset()
    ranks = ("granted", "lacking", "missing", "refused", "withdrawn")
    return min(found, key=lambda each: (ranks.index(each[0]), *_weight(each[1], group)))


def _weight(told: frozenset[str], asked: Asked) -> tuple[object, ...]:
    severity = 0 if not told else 1 if asked.is_permission and told == {"proof"} else 2
    order = tuple(name in told for name in ("purpose", "channel", "time", "proof"))
    return severity, len(told), order
