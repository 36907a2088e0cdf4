"""Near-duplicate search: perceptual hashes, stored and searched among a million photos.

Each photo has a row with its hash. Photos with consecutive ids are packed into blocks of
`BLOCK_SIZE` once the ids have passed them; a search compares whole blocks at once and reads single
rows only behind the last block. Of a block the first half of every hash is read, and the second
half only where the first is near enough. So a search hardly depends on how the hashes are spread,
and storing a hash writes one row.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.similarity import LikenessBlock, PhotoLikeness

BLOCK_SIZE: Final = 4_096
"""Ids spanned by a block: its comparison fits into a processor's cache."""

MIN_QUALITY: Final = 50
"""Below this quality there is too little detail for a comparison (PDQ's authors)."""

MAX_HALF_DISTANCE: Final = 44
"""The largest difference of the first halves, in bits.

Below this nothing is missed; beyond it, photos whose first half differs more are missed.
"""

MAX_RESULTS: Final = 100
"""Maximum number of photos returned for one hash: a picture may have a thousand copies."""

_HALF: Final = 2  # words of 64 bits
_BATCH_SIZE: Final = 500


@dataclass(frozen=True, slots=True)
class SimilarPhoto:
    """A photo that resembles a picture, and in how many of 256 bits they differ."""

    photo_id: int
    distance: int
    hash: bytes


def store_likenesses(session: Session, likenesses: Sequence[tuple[int, bytes, int]]) -> None:
    """Store perceptual hashes: id, hash of 32 bytes, quality; existing ones are replaced."""
    if not likenesses:
        return
    numbers = [number for number, _hash, _quality in likenesses]
    _delete_rows(session, numbers)
    rows = [{"photo_id": n, "hash": hash_, "quality": q} for n, hash_, q in likenesses]
    session.connection().execute(sa.insert(PhotoLikeness), rows)
    _pack(session, {number // BLOCK_SIZE for number in numbers})


def delete_likenesses(session: Session, photos: Sequence[int]) -> None:
    """Delete the perceptual hashes of photos, so that nothing is found to resemble them."""
    _delete_rows(session, photos)
    _pack(session, {number // BLOCK_SIZE for number in photos})


def _delete_rows(session: Session, photos: Sequence[int]) -> None:
    for start in range(0, len(photos), _BATCH_SIZE):
        known = col(PhotoLikeness.photo_id).in_(photos[start : start + _BATCH_SIZE])
        session.connection().execute(sa.delete(PhotoLikeness).where(known))


def _pack(session: Session, touched: set[int]) -> None:
    """Rebuild the blocks that changed, and build those that the ids have passed."""
    connection = session.connection()
    newest = connection.execute(sa.select(sa.func.max(PhotoLikeness.photo_id))).scalar() or 0
    last = connection.execute(sa.select(sa.func.max(LikenessBlock.number))).scalar()
    unpacked = 0 if last is None else last + 1
    past = max(newest // BLOCK_SIZE, unpacked)
    for number in sorted({each for each in touched if each < past}.union(range(unpacked, past))):
        connection.execute(sa.delete(LikenessBlock).where(col(LikenessBlock.number) == number))
        first = number * BLOCK_SIZE
        ids, hashes = _load_hashes(session, first, first + BLOCK_SIZE - 1)
        block = {
            "number": number,
            "offsets": (ids - first).astype("<u2").tobytes(),
            "first_half": hashes[:, :_HALF].T.tobytes(),
            "second_half": hashes[:, _HALF:].T.tobytes(),
        }
        connection.execute(sa.insert(LikenessBlock), [block])


def _load_hashes(session: Session, first: int, last: int) -> tuple[Any, Any]:
    """Return ids and hashes of photos with enough detail, from one id to another."""
    import numpy as np  # noqa: PLC0415 - other commands do without

    statement = (
        sa.select(col(PhotoLikeness.photo_id), col(PhotoLikeness.hash))
        .where(col(PhotoLikeness.photo_id).between(first, last))
        .where(col(PhotoLikeness.quality) >= MIN_QUALITY)
    )
    rows = session.connection().execute(statement).all()
    ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    hashes = np.frombuffer(b"".join(row[1] for row in rows), dtype="<u8").reshape(-1, 2 * _HALF)
    return ids, hashes


def similar_photos(
    session: Session, hashes: Sequence[bytes], at_most: int, most: int = MAX_RESULTS
) -> list[list[SimilarPhoto]]:
    """Return for each hash the photos that differ in `at_most` bits or fewer, the nearest first.

    The `most` nearest at most. The stored hashes are read once for any number of hashes.
    """
    import numpy as np  # noqa: PLC0415

    wanted = [np.frombuffer(hash_, dtype="<u8")[:, None] for hash_ in hashes]
    found: dict[int, list[SimilarPhoto]] = defaultdict(list)
    for block in _blocks(session):
        for index, words in enumerate(wanted):
            rough = _bits(block.first ^ words[:_HALF])
            places = np.flatnonzero(rough <= min(at_most, MAX_HALF_DISTANCE))
            if places.size:
                distances = rough[places] + _bits(block.second[:, places] ^ words[_HALF:])
                nearest = np.argsort(distances, kind="stable")[:most]
                for each in nearest[distances[nearest] <= at_most]:
                    place = places[each]
                    photo, distance = int(block.ids[place]), int(distances[each])
                    found[index].append(SimilarPhoto(photo, distance, block.hash_at(place)))
    return [sorted(found[index], key=_by_distance)[:most] for index in range(len(hashes))]


def _by_distance(each: SimilarPhoto) -> tuple[int, int]:
    return each.distance, each.photo_id


def _bits(words: Any) -> Any:
    """Return how many bits are set in each column of two words."""
    import numpy as np  # noqa: PLC0415

    bits = np.bitwise_count(words)
    return bits[0] + bits[1]


class _Block:
    """Hashes to be compared: the photos' ids, and half of each hash as two rows of words."""

    def __init__(self, ids: Any, first: Any, second: Callable[[], Any]) -> None:
        self.ids, self.first, self._second = ids, first, second

    @cached_property
    def second(self) -> Any:
        """The other half."""
        return self._second()

    def hash_at(self, place: Any) -> bytes:
        """Return a whole hash."""
        half: bytes = self.first[:, place].tobytes()
        return half + bytes(self.second[:, place].tobytes())


def _blocks(session: Session) -> Iterator[_Block]:
    """Yield all hashes, block by block, then the rest."""
    import numpy as np  # noqa: PLC0415

    connection = session.connection()
    numbers = col(LikenessBlock.number)
    last = -1
    for number, offsets, half in connection.execute(
        sa.select(numbers, col(LikenessBlock.offsets), col(LikenessBlock.first_half))
        .order_by(numbers)
        .execution_options(yield_per=8)
    ):
        last = number
        ids = number * BLOCK_SIZE + np.frombuffer(offsets, dtype="<u2").astype(np.int64)
        yield _Block(ids, _as_uint64(half), partial(_second_half, session, number))
    newest = connection.execute(sa.select(sa.func.max(PhotoLikeness.photo_id))).scalar() or 0
    ids, hashes = _load_hashes(session, (last + 1) * BLOCK_SIZE, newest)
    yield _Block(ids, hashes[:, :_HALF].T, lambda: hashes[:, _HALF:].T)


def _second_half(session: Session, number: int) -> Any:
    statement = sa.select(col(LikenessBlock.second_half)).where(col(LikenessBlock.number) == number)
    return _as_uint64(session.connection().execute(statement).scalar_one())


def _as_uint64(raw: bytes) -> Any:
    import numpy as np  # noqa: PLC0415

    return np.frombuffer(raw, dtype="<u8").reshape(_HALF, -1)


def likenesses_of(session: Session, numbers: Iterable[int]) -> dict[int, tuple[bytes, int]]:
    """Return hash and quality of those of these photos that have them."""
    wanted = sorted(set(numbers))
    found: dict[int, tuple[bytes, int]] = {}
    for start in range(0, len(wanted), _BATCH_SIZE):
        statement = sa.select(
            col(PhotoLikeness.photo_id), col(PhotoLikeness.hash), col(PhotoLikeness.quality)
        ).where(col(PhotoLikeness.photo_id).in_(wanted[start : start + _BATCH_SIZE]))
        rows = session.connection().execute(statement)
        found.update({number: (bytes(hash_), quality) for number, hash_, quality in rows})
    return found


def photos_without_hashes(session: Session, after: int, count: int) -> list[tuple[int, str, str]]:
    """Return the next photos without a picture hash or a perceptual hash, or with a changed file.

    Each with id, path, file hash.
    """
    statement = (
        sa.select(sa.type_coerce(col(Photo.id), sa.Integer), col(Photo.path), col(Photo.sha256))
        .outerjoin(PhotoLikeness, col(PhotoLikeness.photo_id) == col(Photo.id))
        .where(col(Photo.id) > after)
        .where(
            sa.or_(
                col(Photo.picture_sha256).is_(None),
                col(PhotoLikeness.photo_id).is_(None),
                col(Photo.file_changed),
            )
        )
        .order_by(col(Photo.id))
        .limit(count)
    )
    return [(id_, path, sha256) for id_, path, sha256 in session.connection().execute(statement)]
