"""Pictures that look alike are found among all, whatever has been stored and changed before."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from photoreg.imaging.pictures.likeness import MIN_QUALITY
from photoreg.registry.engines.database import Registry
from photoreg.registry.queries import similarity
from photoreg.registry.queries.similarity import (
    SimilarPhoto,
    likenesses_of,
    photos_without_hashes,
    similar_photos,
    store_likenesses,
)
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.similarity import LikenessBlock

GOOD = 100
SMALL = 8
"""So many photos are in a block here, so that few make several blocks."""


@pytest.fixture
def session(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(similarity, "BLOCK_SIZE", SMALL)
    with registry.writing() as opened:
        for number in range(1, 61):
            opened.add(
                Photo(
                    id=number,
                    sha256=f"{number:064x}",
                    path=f"/kuvat/{number}.jpg",
                    file_name=f"{number}.jpg",
                    size=1,
                    format="JPEG",
                    width=1,
                    height=1,
                    registered_at=datetime(2026, 1, 1, tzinfo=UTC),
                    registered_by=1,
                )
            )
        opened.flush()
        yield opened


def near(hash_: bytes, bits: int, chance: random.Random) -> bytes:
    number = int.from_bytes(hash_, "big")
    for bit in chance.sample(range(256), bits):
        number ^= 1 << bit
    return number.to_bytes(32, "big")


def test_what_looks_alike_is_found_nearest_first(session: Session) -> None:
    chance = random.Random(1)  # noqa: S311 - the same each time
    one, other = chance.randbytes(32), chance.randbytes(32)
    stored = [(3, near(one, 20, chance), GOOD), (4, other, GOOD), (5, near(one, 31, chance), GOOD)]
    store_likenesses(session, [*stored, (6, near(one, 32, chance), GOOD), (40, one, GOOD)])
    found = similar_photos(session, [one, other], 31)
    assert [(each.photo_id, each.distance) for each in found[0]] == [(40, 0), (3, 20), (5, 31)]
    assert found[1] == [SimilarPhoto(4, 0, other)]


def test_whatever_was_stored_and_changed_the_search_finds_what_is_there(session: Session) -> None:
    chance = random.Random(2)  # noqa: S311 - the same each time
    sources = [chance.randbytes(32) for _ in range(3)]
    stored: dict[int, bytes] = {}
    for _ in range(60):
        numbers = chance.sample(range(1, 61), chance.randrange(1, 6))
        new = {n: near(chance.choice(sources), chance.randrange(40), chance) for n in numbers}
        store_likenesses(session, [(n, hash_, GOOD) for n, hash_ in new.items()])
        stored.update(new)
        for source, found in zip(sources, similar_photos(session, sources, 25), strict=True):
            bits = {
                n: (int.from_bytes(h, "big") ^ int.from_bytes(source, "big")).bit_count()
                for n, h in stored.items()
            }
            expected = {n: distance for n, distance in bits.items() if distance <= 25}
            assert {each.photo_id: each.distance for each in found} == expected
    assert session.exec(select(LikenessBlock)).first() is not None


def test_a_negative_does_not_look_alike(session: Session) -> None:
    store_likenesses(session, [(1, b"\xff" * 32, GOOD)])
    assert similar_photos(session, [bytes(32)], 31) == [[]]


def test_what_has_too_little_detail_is_never_found(session: Session) -> None:
    store_likenesses(session, [(n, bytes(32), MIN_QUALITY - n % 2) for n in range(1, 21)])
    found = similar_photos(session, [bytes(32)], 31)[0]
    assert [each.photo_id for each in found] == list(range(2, 21, 2))
    assert likenesses_of(session, [1, 2, 50]) == {
        1: (bytes(32), MIN_QUALITY - 1),
        2: (bytes(32), MIN_QUALITY),
    }


def test_both_rooms_ask_for_the_same_detail() -> None:
    assert similarity.MIN_QUALITY == MIN_QUALITY


def test_photos_without_hashes_are_listed_in_portions(session: Session) -> None:
    session.get_one(Photo, 2).picture_sha256 = "a" * 64
    session.flush()
    store_likenesses(session, [(2, bytes(32), GOOD), (3, bytes(32), GOOD)])
    assert photos_without_hashes(session, 0, 2) == [
        (1, "/kuvat/1.jpg", f"{1:064x}"),
        (3, "/kuvat/3.jpg", f"{3:064x}"),
    ]
    assert [number for number, *_ in photos_without_hashes(session, 58, 9)] == [59, 60]
