"""Matching: which registered photo a picture is, and whether it may be where it was found.

A picture saved from a web page or a social service has lost its metadata, is smaller, compressed
again and perhaps cropped a little. It is looked for by its file, by its image data, by its
likeness, and by its likeness with its edges moved. A stronger crop, a mirrored or an edited picture
may be missed: *unknown* means that it was not found, not that it was never registered.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse, check_photos
from photoreg.services.unit_of_work import UnitOfWork

BATCH_SIZE = 32
"""How many pictures are looked for together."""

NEAR_DISTANCE = 88
"""Up to this distance a photo is compared again with the edges of the picture moved."""

MAX_NEAR = 5
MAX_MATCHES = 10
"""How many photos are compared again, and how many are told of, for one picture."""


class MatchMethod(StrEnum):
    """How a picture was known again, the surest first."""

    FILE = "file"
    PICTURE = "picture"
    SIMILAR = "looks"
    CROPPED = "cropped"


class MatchVerdict(StrEnum):
    """What may be said of a picture that was found somewhere."""

    ALLOWED = "allowed"
    NO_LONGER = "no_longer_allowed"
    NOT_ALLOWED = "not_allowed"
    DEPENDS = "depends"
    UNKNOWN = "unknown"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True)
class Match:
    """A picture, and a photo that it is; `photo` is None when none was found.

    `uses` are the channels that were asked about: those where the photo is recorded as published,
    else all but closed work groups. `codes` are the reasons of those that do not allow it.
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
    """A file that could not be looked at, and why."""

    file: Path
    error: PhotoFileError


@dataclass(frozen=True, slots=True)
class _MatchedPhoto:
    photo_id: int
    method: MatchMethod
    distance: int = 0


def match_pictures(
    application: Application, paths: Iterable[Path], channel: str | None = None
) -> Iterator[Match | UnreadablePicture]:
    """Say of each picture which registered photo it is and whether it may be published today.

    An unknown channel is refused before the first file is read. A file that cannot be read is told
    of and the others go on.
    """
    if channel is not None:
        with application.reading() as work:
            find_channel(work.session, channel)
    pictures = _pictures(paths)
    while some := list(islice(pictures, BATCH_SIZE)):
        looked = [each for each in some if not isinstance(each, UnreadablePicture)]
        with application.reading() as work:
            result = iter(_matches(work, looked, channel))
        for each in some:
            if isinstance(each, UnreadablePicture):
                yield each
            else:
                yield from next(result)


def _pictures(paths: Iterable[Path]) -> Iterator[tuple[Path, LookupHashes] | UnreadablePicture]:
    for path in paths:
        unreadable: list[PhotoFileError] = []
        try:
            for name in photo_files(path, unreadable):
                try:
                    yield Path(name), inspect_picture(Path(name))
                except PhotoFileError as error:
                    yield UnreadablePicture(Path(name), error)
        except PhotoFileError as error:
            unreadable.append(error)
        yield from (UnreadablePicture(path, error) for error in unreadable)


def _matches(
    work: UnitOfWork, pictures: Sequence[tuple[Path, LookupHashes]], channel: str | None
) -> list[list[Match]]:
    found = _matched_photos(work, [looked for _path, looked in pictures])
    numbers = sorted({each.photo_id for some in found for each in some})
    photos = {id_of(photo): photo for photo in photos_by_id(work.session, numbers)}
    answers = _uses_by_photo(work, photos, channel)
    result = []
    for (path, looked), some in zip(pictures, found, strict=True):
        if some:
            result.append(
                [
                    _match_result(work, path, photos[f.photo_id], f, answers[f.photo_id])
                    for f in some
                ]
            )
        else:
            seen = looked.reduced.likeness.is_comparable
            result.append(
                [Match(path, MatchVerdict.UNKNOWN if seen else MatchVerdict.NOT_COMPARED)]
            )
    return result


def _matched_photos(
    work: UnitOfWork, pictures: Sequence[LookupHashes]
) -> list[list[_MatchedPhoto]]:
    """Return the photos that each picture is, the surest and nearest first."""
    files = photos_with_hashes(work.session, [p.sha256 for p in pictures])
    images = photos_with_pictures(work.session, [p.picture_sha256 for p in pictures])
    found: list[list[_MatchedPhoto]] = [[] for _ in pictures]
    for some, picture in zip(found, pictures, strict=True):
        if photo := files.get(picture.sha256):
            some.append(_MatchedPhoto(id_of(photo), MatchMethod.FILE))
        elif photo := images.get(picture.picture_sha256):
            some.append(_MatchedPhoto(id_of(photo), MatchMethod.PICTURE))
    for far, find in ((MAX_DISTANCE, _similar_matches), (NEAR_DISTANCE, _crop_matches)):
        left = [
            index
            for index, picture in enumerate(pictures)
            if not found[index] and picture.reduced.likeness.is_comparable
        ]
        near = similar_photos(work.session, [pictures[i].reduced.likeness.pdq for i in left], far)
        for index, others in zip(left, near, strict=True):
            found[index] = find(pictures[index], others)
    return found


def _similar_matches(_picture: LookupHashes, near: Sequence[SimilarPhoto]) -> list[_MatchedPhoto]:
    return [
        _MatchedPhoto(each.photo_id, MatchMethod.SIMILAR, each.distance)
        for each in near[:MAX_MATCHES]
    ]


def _crop_matches(picture: LookupHashes, near: Sequence[SimilarPhoto]) -> list[_MatchedPhoto]:
    again = [(picture.reduced.distance_if_cropped(each.hash), each) for each in near[:MAX_NEAR]]
    found = [
        _MatchedPhoto(e.photo_id, MatchMethod.CROPPED, d) for d, e in again if d <= MAX_DISTANCE
    ]
    return sorted(found, key=lambda each: each.distance)


@dataclass(slots=True)
class _PhotoUses:
    """Where a photo may be and where not, today, and why not."""

    allowed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    was_decided: bool = False

    @property
    def verdict(self) -> MatchVerdict:
        if not self.refused and self.allowed:
            return MatchVerdict.ALLOWED
        if self.allowed:
            return MatchVerdict.DEPENDS
        return MatchVerdict.NO_LONGER if self.was_decided else MatchVerdict.NOT_ALLOWED


def _uses_by_photo(
    work: UnitOfWork, photos: dict[int, Photo], channel: str | None
) -> dict[int, _PhotoUses]:
    """Return for each photo where it may be: the queries depend on the channels only."""
    answers: dict[int, _PhotoUses] = {number: _PhotoUses() for number in photos}
    decided = decided_channels(work.session, photos)
    for row, use, numbers in _uses_asked(work, photos, channel):
        for checked in check_photos(work, [photos[number] for number in numbers], row, use):
            uses = answers[checked.photo_id]
            (uses.allowed if checked.is_allowed else uses.refused).add(checked.channel_name)
            if not checked.is_allowed:
                uses.codes.update(checked.verdict.listed_codes)
                uses.was_decided |= (checked.photo_id, checked.channel_id) in decided
    for uses in answers.values():
        uses.allowed -= uses.refused  # of two uses on one channel the worse one counts
    return answers


def _uses_asked(
    work: UnitOfWork, photos: dict[int, Photo], channel: str | None
) -> list[tuple[ChannelRow, AskedUse, list[int]]]:
    """Return which uses are asked about, each with its photos.

    Of a channel that is named; else of the uses recorded as published, or of every channel.
    """
    if channel is not None:
        row = find_channel(work.session, channel)
        return [(row, AskedUse(row.name), sorted(photos))]
    channels = {id_of(row): row for row in all_channels(work.session)}
    asked: dict[tuple[int, AskedUse], set[int]] = defaultdict(set)
    for out in live_publications(work.session, PhotoSelection(tuple(photos))):
        use = AskedUse(channels[out.channel_id].name, out.purpose, out.mode)
        asked[out.channel_id, use].add(out.photo_id)
    elsewhere = photos.keys() - set().union(*asked.values())
    for number, row in channels.items() if elsewhere else ():
        # In a closed work group nothing may be, whatever it is.
        if row.active and row.kind.is_permitted:
            asked[number, AskedUse(row.name)] |= elsewhere
    return [(channels[c], use, sorted(numbers)) for (c, use), numbers in asked.items()]


def _match_result(
    work: UnitOfWork, path: Path, photo: Photo, found: _MatchedPhoto, uses: _PhotoUses
) -> Match:
    return Match(
        file=path,
        verdict=uses.verdict,
        photo=human_id(Kind.PHOTO, photo.id),
        photo_file="" if work.hides_names else photo.file_name,
        method=found.method,
        distance=found.distance,
        allowed_on=tuple(sorted(uses.allowed)),
        not_on=tuple(sorted(uses.refused)),
        codes=tuple(sorted(uses.codes)),
    )
