"""From what somebody said, event by event, to where their word stands now: the last word counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from photoreg.registry.tables import ConsentKind
from photoreg.rulebook.facts import Answer, AnswerState, Basis, Grant

_YES = frozenset({ConsentKind.GIVEN, ConsentKind.RENEWED})


@dataclass(frozen=True, slots=True)
class Word:
    """One event of a consent or permission, with what it speaks of.

    For a yes, `grant` says how far it reaches; for a withdrawal, `grant.channels` names what is
    taken back, and none means everything. `thread` is the consent or permission it belongs to.
    """

    id: int
    thread: int
    kind: ConsentKind
    day: date
    grant: Grant
    basis: Basis | None = None
    credit: str = ""
    credit_waived: bool = False
    releases_confidentiality: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the word of one person stands, and the yeses that it rests on.

    `last_yes` is the last yes ever said, also when it was taken back since.
    """

    answer: Answer
    yeses: tuple[Word, ...] = ()
    last_yes: Word | None = None
    was_spoken_of: bool = False


def standing(words: Iterable[Word], *, side_by_side: bool) -> Standing:
    """Replay the words in the order of their days.

    A whole no ends every yes before it; a partial withdrawal takes its channels out of them. A new
    yes replaces the earlier ones, unless they stand `side_by_side` (copyright: one licence adds to
    another; a consent is the person's last word).
    """
    state = AnswerState.NONE
    yeses: dict[int, Word] = {}
    ordered = sorted(words, key=lambda word: (word.day, word.id))
    for word in ordered:
        if word.kind is ConsentKind.REQUESTED:
            state = AnswerState.PENDING if state is AnswerState.NONE else state
        elif word.kind in _YES:
            yeses = {**(yeses if side_by_side else {}), word.thread: word}
            state = AnswerState.GRANTED
        elif word.kind is ConsentKind.REFUSED:
            yeses, state = {}, AnswerState.REFUSED
        else:
            yeses = _without(yeses, word.grant.channels)
            state = AnswerState.GRANTED if yeses else AnswerState.WITHDRAWN
    kept = tuple(yeses.values())
    return Standing(
        Answer(state, tuple(word.grant for word in kept)),
        kept,
        last_yes=next((word for word in reversed(ordered) if word.kind in _YES), None),
        was_spoken_of=bool(ordered),
    )


def _without(yeses: dict[int, Word], channels: frozenset[str]) -> dict[int, Word]:
    """Take channels back from each yes; a yes that reaches nothing any more is gone."""
    if not channels:
        return {}
    cut = {
        thread: replace(word, grant=replace(word.grant, excluded=word.grant.excluded | channels))
        for thread, word in yeses.items()
    }
    return {t: word for t, word in cut.items() if word.grant.channels - word.grant.excluded}
