"""What lacks consent or permission: every photo is judged, or what was kept of it is taken.

Kept verdicts serve these lists alone. Who approves, exports or publishes evaluates anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import merge
from typing import NamedTuple

from photoreg.registry.facts.equivalence import MOST
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import id_of
from photoreg.registry.queries.verdict_cache import Basis, Keep, Lack, kept_lacks, photos_to_judge
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.reasons import Family, Severity
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.bulk_evaluation import Judge, Judged, Opinion, Seen
from photoreg.services.unit_of_work import Desk, current_policy

LISTED_FAMILIES = frozenset({Family.COPYRIGHT, Family.PEOPLE, Family.MINORS, Family.REGISTER})
"""What the list is about. Secrecy is left out: no list may tell of whom something is secret."""

CARE_WITHOUT_CONSENT = "CF_CARE_RECOGNISABLE"
"""The one reason about secrecy that is a missing consent, and so belongs to the list."""

FEW = 20_000
"""Up to how many photos are judged beside what is kept; of more, all are judged in one stream."""


def lacks(desk: Desk, channels: Sequence[ChannelRow], on: date | None = None) -> Iterator[Lack]:
    """Give what each photo lacks for each of the channels, in the order of photos and channels.

    The number of queries does not depend on the number of photos.
    """
    channels = sorted(channels, key=id_of)
    unkept = photos_to_judge(desk.session, basis_of(desk, on), Which(), FEW)
    if unkept is None:
        yield from _lacking(desk, Which(), channels, on)
        return
    kept = kept_lacks(desk.session, [id_of(channel) for channel in channels])
    if unkept:
        forgotten = frozenset(unkept)
        kept = (lack for lack in kept if lack.photo_id not in forgotten)
        kept = merge(kept, _lacking(desk, Which(unkept), channels, on))
    yield from kept


def basis_of(desk: Desk, on: date | None = None) -> Basis:
    """Return what a kept verdict must hold for; today unless a day is named."""
    return Basis(on or desk.today, current_policy(desk.session)[0])


def _lacking(
    desk: Desk, which: Which, channels: Sequence[ChannelRow], on: date | None
) -> Iterator[Lack]:
    judge = Judge.of(desk, which, on)
    return (lack for each in judged(judge, judge.photos(), channels) for lack in each.lacks)


def judged(judge: Judge, photos: Iterable[Seen], channels: Sequence[ChannelRow]) -> Iterator[Keep]:
    """Judge photos as they pass: what each lacks, and until when that holds."""
    listed: dict[tuple[Opinion, RulingKind | None], _Listed | None] = {}
    asked = [(channel, id_of(channel)) for channel in channels]
    for seen in photos:
        photo, found, until = seen.sorted, [], seen.sorted.until
        for channel, number in asked:
            verdict = judge.judge(seen, channel)
            until = min(until, verdict.until)
            key = (verdict.opinion, verdict.ruling)
            if key not in listed:
                if len(listed) >= MOST:
                    listed.clear()
                listed[key] = _listed(verdict)
            lack = listed[key]
            if lack:
                persons = tuple(sorted({photo.who[place] for place in lack.places}))
                found.append(Lack(photo.photo_id, number, lack.outcome, lack.codes, persons))
        yield Keep(photo, until, found)


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
