"""From what somebody said, event by event, to where their word stands now: the last word counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from photoreg.registry.tables.consents import ConsentKind
from photoreg.rulebook.facts import EVERY_CHANNEL, Answer, AnswerState, Basis, Grant

_YES = frozenset({ConsentKind.GIVEN, ConsentKind.RENEWED})
_NO = frozenset({ConsentKind.REFUSED, ConsentKind.WITHDRAWN})


class Reach(IntEnum):
    """How narrow a word is: about everything, about an event's photos, about one photo."""

    EVERYTHING = 0
    EVENT = 1
    PHOTO = 2


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
    reach: Reach = Reach.EVERYTHING
    basis: Basis | None = None
    credit: str = ""
    credit_waived: bool = False

    @property
    def is_no(self) -> bool:
        """Does it refuse or take back anything?"""
        return self.kind in _NO


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the word of one person stands, and the yeses that it rests on.

    `last_yes` is the last yes ever said, also when it was taken back since.
    """

    answer: Answer
    yeses: tuple[Word, ...] = ()
    last_yes: Word | None = None
    was_spoken_of: bool = False

    @property
    def is_no(self) -> bool:
        """Was it refused, or taken back as a whole?"""
        return self.answer.state in {AnswerState.REFUSED, AnswerState.WITHDRAWN}


def standing(words: Iterable[Word], *, side_by_side: bool) -> Standing:
    """Replay the words in the order of their days.

    A whole no ends every yes before it; a partial withdrawal takes its channels out of them. A
    later yes gives back the channels that it names, and only where it is at least as narrow as
    the no: what was said of one photo yields only to a yes about that photo. A new yes replaces
    the earlier ones, unless they stand `side_by_side` (copyright: one licence adds to another; a
    consent is the person's last word).
    """
    ordered = sorted(words, key=lambda word: (word.day, word.id))
    replay = _Replay(side_by_side)
    for word in ordered:
        replay.hear(word)
    return Standing(
        replay.answer(),
        tuple(replay.yeses.values()),
        last_yes=next((word for word in reversed(ordered) if word.kind in _YES), None),
        was_spoken_of=bool(ordered),
    )


@dataclass(frozen=True, slots=True)
class _No:
    """A no that was heard: how narrow, to which channels, and what was given back since."""

    reach: Reach
    channels: frozenset[str]
    regained: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Is it a no to every channel?"""
        return EVERY_CHANNEL in self.channels

    def allows(self, grant: Grant) -> Grant:
        """Return what the no leaves of a grant."""
        if self.is_whole:
            return replace(grant, channels=grant.channels & self.regained)
        return replace(grant, excluded=grant.excluded | (self.channels - self.regained))


class _Replay:
    """The words so far: the state, the yeses in force, and every no that still counts."""

    def __init__(self, side_by_side: bool) -> None:
        self.side_by_side = side_by_side
        self.state = AnswerState.NONE
        self.yeses: dict[int, Word] = {}
        self.nos: list[_No] = []

    def hear(self, word: Word) -> None:
        """Let one more word count."""
        if word.kind is ConsentKind.REQUESTED:
            if self.state is AnswerState.NONE:
                self.state = AnswerState.PENDING
        elif word.kind in _YES:
            self._yes(word)
        elif word.kind is ConsentKind.REFUSED or not word.grant.channels:
            refused = word.kind is ConsentKind.REFUSED
            self._whole_no(word, AnswerState.REFUSED if refused else AnswerState.WITHDRAWN)
        else:
            self._partial_no(word)

    def _yes(self, word: Word) -> None:
        self.nos = [
            replace(no, regained=no.regained | word.grant.channels)
            if word.reach >= no.reach
            else no
            for no in self.nos
        ]
        grant = word.grant
        for no in self.nos:
            grant = no.allows(grant)
        if grant.channels - grant.excluded:
            yes = replace(word, grant=grant)
            self.yeses = {**(self.yeses if self.side_by_side else {}), word.thread: yes}
            self.state = AnswerState.GRANTED

    def _whole_no(self, word: Word, state: AnswerState) -> None:
        # Whatever gives this one back gives those back as well.
        self.nos = [no for no in self.nos if not no.is_whole or no.reach > word.reach]
        self.nos.append(_No(word.reach, frozenset({EVERY_CHANNEL})))
        self.yeses, self.state = {}, state

    def _partial_no(self, word: Word) -> None:
        no = _No(word.reach, word.grant.channels)
        cut = {t: replace(yes, grant=no.allows(yes.grant)) for t, yes in self.yeses.items()}
        self.yeses = {t: y for t, y in cut.items() if y.grant.channels - y.grant.excluded}
        if self.yeses:
            self.nos.append(no)
        else:
            self._whole_no(word, AnswerState.WITHDRAWN)

    def answer(self) -> Answer:
        """Return where the word stands, with what is still refused beside a yes."""
        taken_back: frozenset[str] = frozenset()
        regained: frozenset[str] | None = None
        for no in self.nos:
            if no.is_whole:
                taken_back |= no.channels
                regained = no.regained if regained is None else regained & no.regained
            else:
                taken_back |= no.channels - no.regained
        grants = tuple(word.grant for word in self.yeses.values())
        return Answer(self.state, grants, taken_back, regained or frozenset())
