"""Match pictures to registered photos, and report whether they may be published.

A picture saved from a web page or a social service has lost its metadata, is smaller, recompressed
and perhaps slightly cropped. It is searched for by file hash, by picture hash, by likeness, and by
likeness with moved edges. A stronger crop, a mirrored or an edited picture may be missed: *unknown*
means that no match was found, not that the picture was never registered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import photo_files
from photoreg.imaging.pictures.likeness import MAX_DISTANCE
from photoreg.imaging.pictures.lookup_hashes import LookupHashes, inspect_picture
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_channel
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.photos import photos_by_id, photos_with_hashes, photos_with_pictures
from photoreg.registry.queries.publications import decided_channels, live_publications
from photoreg.registry.queries.similarity import SimilarPhoto, similar_photos
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse, check_photos
from photoreg.services.unit_of_work import UnitOfWork

BATCH_SIZE = 32
"""How many pictures are matched together."""

NEAR_DISTANCE = 88
"""Photos up to this distance are compared again with the edges of the picture moved."""

MAX_NEAR = 5
MAX_MATCHES = 10
"""How many photos are compared again, and how many are reported, for one picture."""


class MatchMethod(StrEnum):
    """How a picture was recognised, most certain first."""

    FILE = "file"
    PICTURE = "picture"
    SIMILAR = "looks"
    CROPPED = "cropped"


class MatchVerdict(StrEnum):
    """Whether a picture that was found somewhere may be published."""

    ALLOWED = "allowed"
    NO_LONGER = "no_longer_allowed"
    NOT_ALLOWED = "not_allowed"
    UNCLEAR = "unclear"
    DEPENDS = "depends"
    UNKNOWN = "unknown"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True)
class Match:
    """A picture with a matching photo; `photo` is None when none was found.

    `allowed_on` and `not_on` are the channels that were evaluated: those where the photo is
    recorded as published, else all but closed work groups. `codes` are the reasons of `not_on`.
    """

    file: Path
    verdict: MatchVerdict
    photo: str | None = None
    photo_file: str = ""
    method: MatchMethod | None = None
    distance: int | None = None
    allowed_on: tuple[str, ...] = ()
    not_on: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadablePicture:
    """A file that could not be read, and why."""

    file: Path
    error: PhotoFileError


@dataclass(frozen=True, slots=True)
class _MatchedPhoto:
    photo_id: int
    method: MatchMethod
    distance: int = 0


def photos_of_files(application: Application, hashes: Sequence[str]) -> dict[str, str]:
    """Return the ids of the photos that were registered from files with these SHA-256."""
    with application.reading() as work:
        found = photos_with_hashes(work.session, hashes)
        return {sha256: human_id(Kind.PHOTO, photo.id) for sha256, photo in found.items()}


def match_pictures(
    application: Application,
    paths: Iterable[Path],
    channel: str | None = None,
    inspect: Callable[[str], LookupHashes] = inspect_picture,
) -> Iterator[Match | UnreadablePicture]:
    """Yield for each picture its matching photos and whether they may be published today.

    `inspect` reads a picture; those of strangers are read by workers (`imaging.workers`). Raises
    NotFound for an unknown channel before the first file is read. Unreadable files are yielded as
    `UnreadablePicture`.
    """
    if channel is not None:
        with application.reading() as work:
            find_channel(work.session, channel)
    pictures = _pictures(paths, inspect)
    while batch := list(islice(pictures, BATCH_SIZE)):
        readable = [each for each in batch if not isinstance(each, UnreadablePicture)]
        with application.reading() as work:
            matches = iter(_matches(work, readable, channel))
        for each in batch:
            if isinstance(each, UnreadablePicture):
                yield each
            else:
                yield from next(matches)


def _pictures(
    paths: Iterable[Path], inspect: Callable[[str], LookupHashes]
) -> Iterator[tuple[Path, LookupHashes] | UnreadablePicture]:
    for path in paths:
        unreadable: list[PhotoFileError] = []
        try:
            for name in photo_files(path, unreadable):
                try:
                    yield Path(name), inspect(name)
                except PhotoFileError as error:
                    yield UnreadablePicture(Path(name), error)
        except PhotoFileError as error:
            unreadable.append(error)
        yield from (UnreadablePicture(path, error) for error in unreadable)


def _matches(
    work: UnitOfWork, pictures: Sequence[tuple[Path, LookupHashes]], channel: str | None
) -> list[list[Match]]:
    found = _matched_photos(work, [hashes for _path, hashes in pictures])
    numbers = sorted({match.photo_id for matches in found for match in matches})
    photos = {id_of(photo): photo for photo in photos_by_id(work.session, numbers)}
    uses = _uses_by_photo(work, photos, channel)
    result = []
    for (path, hashes), matches in zip(pictures, found, strict=True):
        if matches:
            result.append(
                [
                    _match_result(work, path, photos[match.photo_id], match, uses[match.photo_id])
                    for match in matches
                ]
            )
        else:
            is_comparable = hashes.reduced.likeness.is_comparable
            verdict = MatchVerdict.UNKNOWN if is_comparable else MatchVerdict.NOT_COMPARED
            result.append([Match(path, verdict)])
    return result


def _matched_photos(
    work: UnitOfWork, pictures: Sequence[LookupHashes]
) -> list[list[_MatchedPhoto]]:
    """Return the photos that match each picture, most certain and nearest first."""
    files = photos_with_hashes(work.session, [p.sha256 for p in pictures])
    images = photos_with_pictures(work.session, [p.picture_sha256 for p in pictures])
    found: list[list[_MatchedPhoto]] = [[] for _ in pictures]
    for matches, picture in zip(found, pictures, strict=True):
        if photo := files.get(picture.sha256):
            matches.append(_MatchedPhoto(id_of(photo), MatchMethod.FILE))
        elif photo := images.get(picture.picture_sha256):
            matches.append(_MatchedPhoto(id_of(photo), MatchMethod.PICTURE))
    for distance, find in ((MAX_DISTANCE, _similar_matches), (NEAR_DISTANCE, _crop_matches)):
        unmatched = [
            index
            for index, picture in enumerate(pictures)
            if not found[index] and picture.reduced.likeness.is_comparable
        ]
        hashes = [pictures[index].reduced.likeness.pdq for index in unmatched]
        similar = similar_photos(work.session, hashes, distance)
        for index, others in zip(unmatched, similar, strict=True):
            found[index] = find(pictures[index], others)
    return found


def _similar_matches(_picture: LookupHashes, near: Sequence[SimilarPhoto]) -> list[_MatchedPhoto]:
    return [
        _MatchedPhoto(each.photo_id, MatchMethod.SIMILAR, each.distance)
        for each in near[:MAX_MATCHES]
    ]


def _crop_matches(picture: LookupHashes, near: Sequence[SimilarPhoto]) -> list[_MatchedPhoto]:
    candidates = [
        _MatchedPhoto(
            each.photo_id, MatchMethod.CROPPED, picture.reduced.distance_if_cropped(each.hash)
        )
        for each in near[:MAX_NEAR]
    ]
    matches = [match for match in candidates if match.distance <= MAX_DISTANCE]
    return sorted(matches, key=lambda match: match.distance)


@dataclass(slots=True)
class _PhotoUses:
    """The channels where a photo may be published today, those where not, and the reasons."""

    allowed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    was_decided: bool = False
    is_refused: bool = False

    @property
    def verdict(self) -> MatchVerdict:
        if not self.refused and self.allowed:
            return MatchVerdict.ALLOWED
        if self.allowed:
            return MatchVerdict.DEPENDS
        if self.was_decided:
            return MatchVerdict.NO_LONGER
        return MatchVerdict.NOT_ALLOWED if self.is_refused else MatchVerdict.UNCLEAR


def _uses_by_photo(
    work: UnitOfWork, photos: dict[int, Photo], channel: str | None
) -> dict[int, _PhotoUses]:
    """Return for each photo where it may be published; one evaluation per use, not per photo."""
    result: dict[int, _PhotoUses] = {number: _PhotoUses() for number in photos}
    decided = decided_channels(work.session, photos)
    for row, use, numbers in _uses_asked(work, photos, channel):
        for checked in check_photos(work, [photos[number] for number in numbers], row, use):
            uses = result[checked.photo_id]
            (uses.allowed if checked.is_allowed else uses.refused).add(checked.channel_name)
            if not checked.is_allowed:
                uses.codes.update(checked.verdict.codes)
                uses.is_refused |= checked.outcome is Outcome.REFUSED
                uses.was_decided |= (checked.photo_id, checked.channel_id) in decided
    for uses in result.values():
        uses.allowed -= uses.refused  # of two uses on one channel the worse one counts
    return result


def _uses_asked(
    work: UnitOfWork, photos: dict[int, Photo], channel: str | None
) -> list[tuple[ChannelRow, AskedUse, list[int]]]:
    """Return the uses to evaluate, each with its photos.

    With `channel` that channel; else the recorded publications of a photo, or all channels of the
    municipality.
    """
    if channel is not None:
        row = find_channel(work.session, channel)
        return [(row, AskedUse(row.name), sorted(photos))]
    channels = {id_of(row): row for row in all_channels(work.session)}
    asked: dict[tuple[int, AskedUse], set[int]] = defaultdict(set)
    for live in live_publications(work.session, PhotoSelection(tuple(photos))):
        use = AskedUse(channels[live.channel_id].name, live.purpose, live.mode)
        asked[live.channel_id, use].add(live.photo_id)
    unpublished = photos.keys() - set().union(*asked.values())
    for number, row in channels.items() if unpublished else ():
        # Nothing may be published in a closed work group, and elsewhere only somebody else decides.
        if row.active and row.is_own and row.kind.is_permitted:
            asked[number, AskedUse(row.name)] |= unpublished
    return [(channels[c], use, sorted(numbers)) for (c, use), numbers in asked.items()]


def _match_result(
    work: UnitOfWork, path: Path, photo: Photo, match: _MatchedPhoto, uses: _PhotoUses
) -> Match:
    return Match(
        file=path,
        verdict=uses.verdict,
        photo=human_id(Kind.PHOTO, photo.id),
        photo_file="" if work.hides_photo(id_of(photo)) else photo.file_name,
        method=match.method,
        distance=match.distance,
        allowed_on=tuple(sorted(uses.allowed)),
        not_on=tuple(sorted(uses.refused)),
        codes=tuple(sorted(uses.codes)),
    )
