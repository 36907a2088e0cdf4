"""What somebody said about a use, checked and stored; consents and permissions share it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.consent_replay import Standing, Word, standing
from photoreg.registry.facts.loading import reach_of as how_wide
from photoreg.registry.facts.loading import words_of
from photoreg.registry.facts.rows import Thread
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import the_channel, the_event, the_photo
from photoreg.registry.queries.people import thread_like, wider_threads
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    YES,
    Consent,
    ConsentChannel,
    ConsentEvent,
    ConsentKind,
    ConsentPurpose,
    Method,
    Permission,
    PermissionChannel,
    PermissionEvent,
    PermissionPurpose,
)
from photoreg.rulebook.facts import OPEN_ENDED, AnswerState, Channel, Grant, Purpose
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import Desk
from photoreg.texts import N_

_Thread = TypeVar("_Thread", Consent, Permission)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody said. A withdrawal without channels takes everything back."""

    kind: ConsentKind
    channels: Sequence[str] = ()
    purposes: Sequence[Purpose] = (Purpose.INFORMATION,)
    on: date | None = None
    until: date | None = None
    open_ended: bool = False
    method: Method = Method.WRITTEN
    evidence: Path | None = None
    paper: str = ""

    @property
    def is_yes(self) -> bool:
        """Does it allow something?"""
        return self.kind in YES


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded and what it changes. Ids only.

    `replaced` are channels that an earlier yes covered and this one does not; `outlived` says that
    a later word stands already, so this one changes nothing; `after_no`: a yes that ends a no.
    """

    thread: str
    kind: ConsentKind
    documented: bool
    photos: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    outlived: bool = False
    after_no: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What a word is about: one photo, the photos of an event, or everything."""

    photo_id: int | None = None
    event_id: int | None = None


def found_reach(desk: Desk, photo: str | None, event: str | None) -> Reach:
    """Return the reach as people name it."""
    if photo:
        return Reach(photo_id=id_of(the_photo(desk.session, photo)))
    if event:
        return Reach(event_id=id_of(the_event(desk.session, event)))
    return Reach()


def said_columns(desk: Desk, spoken: Spoken) -> dict[str, Any]:
    """Check what was said and return its columns; the evidence is kept beside the registry."""
    day = desk.past_day(spoken.on)
    if spoken.is_yes and spoken.open_ended == (spoken.until is not None):
        raise InputDataError(
            N_("a consent or permission needs an end date"),
            N_("Give the last day, or say that it has no end."),
            fields=("until", "open_ended"),
        )
    if spoken.until is not None and spoken.until < day:
        raise InputDataError(
            N_("it would end on {until}, before it begins on {day}"),
            N_("Give a later end date."),
            fields=("until",),
            until=spoken.until,
            day=day,
        )
    paper = free_text(spoken.paper)
    return {
        "kind": spoken.kind,
        "day": day,
        "valid_until": spoken.until if spoken.is_yes else None,
        "open_ended": spoken.open_ended and spoken.is_yes,
        "method": spoken.method,
        "evidence": desk.kept(spoken.evidence),
        "paper": paper,
        "recorded_at": desk.now,
        "recorded_by": desk.actor.id,
    }


@dataclass(frozen=True, slots=True)
class Scope:
    """The channels and purposes that a word speaks of, found in the registry."""

    kinds: tuple[Channel, ...]
    channel_ids: tuple[int, ...]
    purposes: tuple[Purpose, ...]

    @property
    def codes(self) -> list[str]:
        """The channels for the ledger: kinds, and the numbers of single channels."""
        return [*self.kinds, *(f"channel:{number}" for number in self.channel_ids)]


def found_scope(desk: Desk, spoken: Spoken) -> Scope:
    """Find the channels that are named, each a kind of channel or one channel by its name."""
    kinds, ids = set(), set()
    for named in spoken.channels:
        word = named.strip().lower()
        if word in set(Channel):
            kinds.add(Channel(word))
        else:
            ids.add(id_of(the_channel(desk.session, word)))
    return Scope(tuple(sorted(kinds)), tuple(sorted(ids)), tuple(sorted(set(spoken.purposes))))


def store_scope(
    desk: Desk,
    said_id: int,
    scope: Scope,
    channel: type[ConsentChannel] | type[PermissionChannel],
    purpose: type[ConsentPurpose] | type[PermissionPurpose],
) -> None:
    """Store which channels and purposes the word `said_id` speaks of."""
    for kind in scope.kinds:
        add(desk.session, channel(said_id=said_id, kind=kind))
    for channel_id in scope.channel_ids:
        add(desk.session, channel(said_id=said_id, channel_id=channel_id))
    for each in scope.purposes:
        add(desk.session, purpose(said_id=said_id, purpose=each))


def thread_for(desk: Desk, thread: _Thread) -> _Thread:
    """Return the thread of the same people and reach; the given one becomes it if there is none."""
    found = thread_like(desk.session, thread)
    if found is None:
        add(desk.session, thread)
    return found or thread


def refuse_undated_yes(desk: Desk, thread: Consent, spoken: Spoken, scope: Scope) -> None:
    """Refuse a yes that would end a no of the same person unless its day is said.

    An old paper that is typed in today is not newer than a no; only who says the day knows it.
    """
    if not spoken.is_yes or spoken.on is not None:
        return
    names = channel_names(desk.session)
    channels = {*scope.kinds, *(names[number] for number in scope.channel_ids)}
    words = standings_words(desk, [thread])[id_of(thread)]
    yes = Word(
        id=sys.maxsize,
        thread=id_of(thread),
        kind=spoken.kind,
        day=desk.today,
        grant=Grant(channels=frozenset(channels)),
        reach=how_wide(thread),
    )
    before = standing(words, side_by_side=False)
    after = standing([*words, yes], side_by_side=False)
    if not _ends_a_no(before, after):
        return
    no = max(word.day for word in words if word.is_no)
    raise NotAllowed(
        N_("the answer has been no since {day}, and it is not said when the yes was given"),
        N_("If the new consent is newer, give its day. An older one changes nothing."),
        fields=("on",),
        day=no,
    )


def _ends_a_no(before: Standing, after: Standing) -> bool:
    """Is less refused after than before?"""
    was, now = before.answer, after.answer
    return (
        before.is_no > after.is_no
        or bool(was.taken_back - now.taken_back)
        or bool(now.regained - was.regained)
    )


def recorded(
    desk: Desk,
    kind: Kind,
    thread: _Thread,
    event: ConsentEvent | PermissionEvent,
    photos: Sequence[int],
) -> Recorded:
    """Return what was recorded about these photos."""
    number, documented = human_id(kind, thread.id), bool(event.evidence or event.paper)
    if event.kind is ConsentKind.REQUESTED:
        return Recorded(number, event.kind, documented)
    words = standings_words(desk, [thread])[id_of(thread)]
    side_by_side = isinstance(thread, Permission)
    before = standing((w for w in words if w.id != event.id), side_by_side=side_by_side)
    after = standing(words, side_by_side=side_by_side)
    is_no_before = before.answer.state in {AnswerState.REFUSED, AnswerState.WITHDRAWN}
    return Recorded(
        number,
        event.kind,
        documented,
        photos=tuple(human_id(Kind.PHOTO, photo) for photo in photos),
        replaced=tuple(sorted(_channels_in(before) - _channels_in(after))),
        outlived=_is_outlived(words, id_of(event)),
        after_no=is_no_before and after.answer.state is AnswerState.GRANTED,
    )


def _is_outlived(words: Sequence[Word], said_id: int) -> bool:
    """Does a later word stand already, so that this one changes nothing?"""
    own = next(word for word in words if word.id == said_id)
    return any(
        (word.day, word.id) > (own.day, own.id) and word.kind is not ConsentKind.REQUESTED
        for word in words
    )


def standings_words(desk: Desk, threads: Sequence[Thread]) -> dict[int, list[Word]]:
    """Return for each thread all words that reach what it reaches: its own and wider ones."""
    wider = wider_threads(desk.session, threads)
    spoken_of = {id_of(each): each for found in wider.values() for each in found}
    words = words_of(desk.session, list(spoken_of.values()))
    return {
        thread: [word for each in found for word in words.get(id_of(each), [])]
        for thread, found in wider.items()
    }


def _channels_in(said: Standing) -> set[str]:
    """Return the channels and kinds that the yeses in force reach."""
    return {channel for g in said.answer.grants for channel in g.channels - g.excluded}


def thread_row(words: list[Word], thread_id: int, *, side_by_side: bool) -> dict[str, Any]:
    """Return where a thread stands, for lists: its last answer, unless a wider one ended it."""
    said = standing(words, side_by_side=side_by_side)
    own = [word for word in words if word.thread == thread_id]
    answers = [word for word in own if word.kind is not ConsentKind.REQUESTED]
    last = max(answers or own, key=lambda word: (word.day, word.id))
    shown = next((word for word in said.yeses if word.thread == thread_id), last)
    until = shown.grant.valid_until
    return {
        "state": said.answer.state,
        "day": last.day.isoformat(),
        "channels": sorted(shown.grant.channels - shown.grant.excluded),
        "purposes": sorted(shown.grant.purposes),
        "until": None if until is None or until == OPEN_ENDED else until.isoformat(),
        "open_ended": until == OPEN_ENDED,
        "documented": bool(shown.grant.documented),
    }
