"""What lacks consent or permission: every photo is judged, or what was kept of it is taken.

Kept verdicts serve these lists alone. Who approves, exports or publishes evaluates anew.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from typing import NamedTuple

from photoreg.registry.alike import MOST
from photoreg.registry.kept import (
    Basis,
    Keep,
    Lack,
    keep,
    kept_lacks,
    kept_of,
    photos_to_judge,
)
from photoreg.registry.loading import Which
from photoreg.registry.names import id_of
from photoreg.registry.records import all_channels
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.reasons import Family, Severity
from photoreg.rulebook.verdict import Outcome
from photoreg.services.judging import Judge, Judged, Opinion
from photoreg.services.taking_down import open_take_downs
from photoreg.services.workplace import (
    COORDINATORS,
    Desk,
    Workplace,
    current_policy,
    require_coordinator,
)

LISTED_FAMILIES = frozenset({Family.COPYRIGHT, Family.PEOPLE, Family.MINORS, Family.REGISTER})
"""What the list is about. Secrecy is left out: no list may tell of whom something is secret."""

CARE_WITHOUT_CONSENT = "CF_CARE_RECOGNISABLE"
"""The one reason about secrecy that is a missing consent, and so belongs to the list."""

FEW = 20_000
"""Up to how many photos are judged beside what is kept; of more, all are judged in one stream."""

TOGETHER = 5_000
"""How many photos one change keeps the verdicts of, so that others wait a second or two."""


def lacks(desk: Desk, channels: Sequence[ChannelRow], on: date | None = None) -> Iterator[Lack]:
    """Give what each photo lacks for each of the channels, in the order of photos and channels.

    The number of queries does not depend on the number of photos.
    """
    channels = sorted(channels, key=id_of)
    unkept = photos_to_judge(desk.session, _basis(desk, on), Which(), FEW)
    if unkept is None:
        yield from _judged(desk, Which(), channels, on)
        return
    kept = kept_lacks(desk.session, [id_of(channel) for channel in channels])
    if unkept:
        forgotten = frozenset(unkept)
        kept = (lack for lack in kept if lack.photo_id not in forgotten)
        kept = merge(kept, _judged(desk, Which(unkept), channels, on))
    yield from kept


def _basis(desk: Desk, on: date | None = None) -> Basis:
    return Basis(on or desk.today, current_policy(desk.session)[0])


def _judged(
    desk: Desk, which: Which, channels: Sequence[ChannelRow], on: date | None
) -> Iterator[Lack]:
    return (lack for found in _found(Judge.of(desk, which, on), channels) for lack in found.lacks)


def _found(judge: Judge, channels: Sequence[ChannelRow]) -> Iterator[Keep]:
    """Judge the photos as they pass: what each lacks, and until when that holds."""
    listed: dict[tuple[Opinion, RulingKind | None], _Listed | None] = {}
    for seen in judge.photos():
        photo, found, until = seen.sorted, [], seen.sorted.until
        for channel in channels:
            judged = judge.judge(seen, channel)
            until = min(until, judged.until)
            key = (judged.opinion, judged.ruling)
            if key not in listed:
                if len(listed) >= MOST:
                    listed.clear()
                listed[key] = _listed(judged)
            lack = listed[key]
            if lack:
                persons = tuple(sorted({photo.who[place] for place in lack.places}))
                number = id_of(channel)
                found.append(Lack(photo.photo_id, number, lack.outcome, lack.codes, persons))
        yield Keep(photo.photo_id, until, found)


class _Listed(NamedTuple):
    """What a kind of photos lacks; persons by their place among those of a photo."""

    outcome: Outcome
    codes: tuple[str, ...]
    places: tuple[int, ...]


def _listed(judged: Judged) -> _Listed | None:
    """Return what is listed of a verdict, as if there were no other findings; None for nothing.

    The outcome is that of the listed findings alone: a refusal beside milder reasons would give
    away that the photo is refused for something that the list does not show.
    """
    verdict = judged.opinion.verdict
    found = [
        finding
        for finding in verdict.findings
        if finding.reason.family in LISTED_FAMILIES or finding.code == CARE_WITHOUT_CONSENT
    ]
    if judged.is_allowed or not found:
        return None
    is_refused = any(finding.reason.severity is Severity.REFUSED for finding in found) or (
        verdict.outcome is Outcome.UNCLEAR and judged.ruling is RulingKind.REFUSED
    )
    return _Listed(
        Outcome.REFUSED if is_refused else Outcome.UNCLEAR,
        tuple(sorted({finding.code for finding in found})),
        tuple({int(finding.person) for finding in found if finding.person}),
    )


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many photos were judged, and of how many the kept verdict was wrong."""

    judged: int
    wrong: int


def refresh(workplace: Workplace, *, everything: bool = False) -> Iterator[Refreshed]:
    """Keep the verdicts of all photos of which none that counts is kept, some thousands at a time.

    Publications that may not stay get their take-down tasks first. Each part is a change of its
    own: what was interrupted goes on where it stopped. With `everything` the kept ones are judged
    anew as well and compared; a wrong one is put right, and means that facts were changed past the
    triggers. Only coordinators may: on a server nobody else can write what auditors read.
    """
    with workplace.reading() as desk:
        require_coordinator(desk)
        basis = None if everything else _basis(desk)
        numbers = photos_to_judge(desk.session, basis, Which()) or ()
    for start in range(0, len(numbers), TOGETHER):
        some = numbers[start : start + TOGETHER]
        with workplace.changing(COORDINATORS) as desk:
            yield _refresh(desk, Which(some), everything=everything)


def _refresh(desk: Desk, some: Which, *, everything: bool) -> Refreshed:
    basis = _basis(desk)
    wanted = None if everything else basis
    # Somebody else may have been here.
    photos = photos_to_judge(desk.session, wanted, some) or array("q")
    open_take_downs(desk, photos)  # so that what is kept tells that nothing of a photo is due
    which = Which(photos)
    found = list(_found(Judge.of(desk, which), all_channels_by_number(desk)))
    wrong = 0
    if everything:
        before = kept_of(desk.session, which, basis)
        wrong = sum(before.get(each.photo_id, each.lacks) != each.lacks for each in found)
    keep(desk.session, basis, found)
    return Refreshed(len(found), wrong)


def all_channels_by_number(desk: Desk) -> list[ChannelRow]:
    """Return every channel, in use or not: what is kept must serve whoever asks for one."""
    return sorted(all_channels(desk.session), key=id_of)
