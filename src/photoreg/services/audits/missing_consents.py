"""List missing consents and permissions, from the verdict cache or by evaluating the photos.

The cache serves audit lists only; approving, exporting and publishing always evaluate.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import merge
from typing import NamedTuple

from photoreg.registry.facts.equivalence import MAX_CLASSES
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import id_of
from photoreg.registry.queries.verdict_cache import (
    CacheEntry,
    MissingConsent,
    photos_to_evaluate,
    stream_missing_consents,
)
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.reasons import Family, Severity
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.bulk_evaluation import (
    BulkEvaluator,
    ClassVerdict,
    PhotoVerdict,
    StreamedPhoto,
)
from photoreg.services.publications.takedown import current_basis
from photoreg.services.unit_of_work import UnitOfWork

LISTED_FAMILIES = frozenset({Family.COPYRIGHT, Family.PEOPLE, Family.MINORS, Family.REGISTER})
"""The families of listed reasons. Secrecy is left out: no list may reveal whom it concerns."""

CARE_WITHOUT_CONSENT = "CF_CARE_RECOGNISABLE"
"""The one reason about secrecy that is a missing consent, and is therefore listed."""

MAX_UNCACHED = 20_000
"""The most photos evaluated in addition to the cache; if more are uncached, all are evaluated."""


def missing_consents(
    work: UnitOfWork,
    channels: Sequence[ChannelRow],
    on: date | None = None,
    *,
    evaluate_all: bool = False,
) -> Iterator[MissingConsent]:
    """Iterate over what each photo lacks for each channel, in order of photos and channels.

    `evaluate_all`: rely on no stored result. The number of queries does not depend on the number
    of photos.
    """
    channels = sorted(channels, key=id_of)
    uncached = (
        None
        if evaluate_all
        else photos_to_evaluate(
            work.session, current_basis(work, on), PhotoSelection(), MAX_UNCACHED
        )
    )
    if uncached is None:
        return _evaluate_missing(work, PhotoSelection(), channels, on)
    cached = stream_missing_consents(work.session, [id_of(channel) for channel in channels])
    if uncached:
        invalidated = frozenset(uncached)
        cached = (missing for missing in cached if missing.photo_id not in invalidated)
        cached = merge(cached, _evaluate_missing(work, PhotoSelection(uncached), channels, on))
    return cached


def _evaluate_missing(
    work: UnitOfWork, selection: PhotoSelection, channels: Sequence[ChannelRow], on: date | None
) -> Iterator[MissingConsent]:
    evaluator = BulkEvaluator.for_selection(work, selection, on)
    return (
        missing
        for each in evaluate_photos(evaluator, evaluator.photos(), channels)
        for missing in each.missing
    )


def evaluate_photos(
    evaluator: BulkEvaluator, photos: Iterable[StreamedPhoto], channels: Sequence[ChannelRow]
) -> Iterator[CacheEntry]:
    """Evaluate a stream of photos: what each lacks, and until when that is valid."""
    listed: dict[tuple[ClassVerdict, RulingKind | None], _MissingFinding | None] = {}
    numbered = [(channel, id_of(channel)) for channel in channels]
    for streamed in photos:
        photo, found, until = streamed.classified, [], streamed.classified.valid_until
        for channel, number in numbered:
            verdict = evaluator.evaluate(streamed, channel)
            until = min(until, verdict.valid_until)
            key = (verdict.class_verdict, verdict.ruling)
            if key not in listed:
                if len(listed) >= MAX_CLASSES:
                    listed.clear()
                listed[key] = _missing_finding(verdict)
            missing = listed[key]
            if missing:
                persons = tuple(sorted({photo.person_ids[place] for place in missing.places}))
                found.append(
                    MissingConsent(photo.photo_id, number, missing.outcome, missing.codes, persons)
                )
        yield CacheEntry(photo, until, found)


class _MissingFinding(NamedTuple):
    """What an equivalence class lacks; persons by their position among those of a photo."""

    outcome: Outcome
    codes: tuple[str, ...]
    places: tuple[int, ...]


def _missing_finding(photo_verdict: PhotoVerdict) -> _MissingFinding | None:
    """Return the listed findings of a verdict; None if there are none.

    The outcome is computed from the listed findings alone: otherwise a refusal with milder reasons
    would reveal that the photo is refused for a reason that the list does not show.
    """
    verdict = photo_verdict.class_verdict.verdict.neutral
    found = [
        finding
        for finding in verdict.findings
        if finding.reason.family in LISTED_FAMILIES or finding.code == CARE_WITHOUT_CONSENT
    ]
    if photo_verdict.is_allowed or not found:
        return None
    is_refused = any(finding.reason.severity is Severity.REFUSED for finding in found) or (
        verdict.outcome is Outcome.UNCLEAR and photo_verdict.ruling is RulingKind.REFUSED
    )
    return _MissingFinding(
        Outcome.REFUSED if is_refused else Outcome.UNCLEAR,
        tuple(sorted({finding.code for finding in found})),
        tuple({int(finding.person) for finding in found if finding.person}),
    )
