"""M1: find one picture among many likenesses, compared with numpy over the same hashes.

Two yardsticks are interleaved with it, with all hashes in memory: `plain`, an array of hashes
compared in one straightforward expression; and `columns`, the fastest layout and summation in
numpy. There are two sets: evenly distributed hashes, and skewed ones, half of which are close to a
few others (skies, series, pages). Results are medians of processor time.

    python -m benchmarks.match --photos 1000000
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from benchmarks.measuring import Bench, Figure
from sqlmodel import Session

from photoreg.registry.queries.similarity import similar_photos, store_likenesses
from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.similarity import LikenessBlock, PhotoLikeness

ROUNDS = 9
SPREAD = 0.15
"""The share of bits in which a skewed hash differs from the one that it is close to."""
AT_MOST = 31
BATCH_SIZE = 5_000


def hashes_of(count: int, *, skewed: bool) -> Any:
    """Return `count` 32-byte hashes; if skewed, half of them differ from one of 20 in few bits."""
    chance = np.random.default_rng(2026)
    hashes = chance.integers(0, 256, (count, 32), dtype=np.uint8)
    if skewed:
        near = np.packbits(chance.random((count // 2, 256)) < SPREAD, axis=1)
        hashes[: count // 2] = hashes[chance.integers(0, 20, count // 2)] ^ near
        chance.shuffle(hashes)
    return hashes


def fill(session: Session, hashes: Any) -> float:
    """Store the hashes; return the processor time per hash in microseconds."""
    began = time.process_time()
    for start in range(0, len(hashes), BATCH_SIZE):
        some = hashes[start : start + BATCH_SIZE]
        store_likenesses(session, [(start + n + 1, h.tobytes(), 100) for n, h in enumerate(some)])
    session.commit()
    return (time.process_time() - began) / len(hashes) * 1e6


def measure(path: Path, photos: int, *, skewed: bool) -> dict[str, float]:
    """Return the figures of one set: milliseconds, and the ratios to both yardsticks."""
    hashes = hashes_of(photos, skewed=skewed)
    engine = sa.create_engine(f"sqlite:///{path}")  # without the photos
    METADATA.create_all(
        engine,
        [METADATA.tables[str(table.__tablename__)] for table in (PhotoLikeness, LikenessBlock)],
    )
    words = hashes.view(np.uint64)
    columns = np.ascontiguousarray(words.T)
    chance = np.random.default_rng(7)

    def plain(wanted: Any) -> list[int]:
        bits = np.bitwise_count(words ^ wanted.view(np.uint64)).sum(axis=1)
        return list(np.flatnonzero(bits <= AT_MOST) + 1)

    def in_columns(wanted: Any) -> list[int]:
        first, *others = wanted.view(np.uint64)
        bits = np.bitwise_count(columns[0] ^ first)
        for column, word in zip(columns[1:], others, strict=True):
            bits += np.bitwise_count(column ^ word)
        return list(np.flatnonzero(bits <= AT_MOST) + 1)

    with Session(engine) as session:
        stored = fill(session, hashes)

        def match(wanted: Any) -> list[int]:
            return sorted(
                each.photo_id for each in similar_photos(session, [wanted.tobytes()], AT_MOST)[0]
            )

        ways: dict[str, Callable[[Any], list[int]]] = {
            "match": match,
            "plain": plain,
            "columns": in_columns,
        }
        spent: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            changed = np.packbits(chance.random(256) < 0.06)  # noqa: PLR2004 - about 15 bits
            wanted = hashes[chance.integers(photos)] ^ changed
            answers = []
            for name, way in ways.items():
                began = time.process_time()
                answers.append(way(wanted))
                spent[name].append((time.process_time() - began) * 1000)
            if answers[0] != answers[1] or answers[1] != answers[2]:
                raise SystemExit("the answers differ")
    took = {name: statistics.median(each) for name, each in spent.items()}
    return {
        "stored (µs each)": stored,
        **{f"{name} (ms)": each for name, each in took.items()},
        "M1 ratio to plain": took["match"] / took["plain"],
        "M1 ratio to columns": took["match"] / took["columns"],
    }


def figures(bench: Bench) -> Iterator[Figure]:
    """Yield M1 of both sets, for `make bench`."""
    photos = bench.sized(1_000_000, 20_000)
    for name, skewed in (("spread", False), ("skewed", True)):
        found = measure(bench.scratch / f"match-{name}.db", photos, skewed=skewed)
        yield Figure(
            "M1",
            f"`match` against {photos:,} likenesses, {name} / numpy over the same hashes",
            found["M1 ratio to plain"],
            2,
            0.5,
            rounds=ROUNDS,
            note=f"{found['match (ms)']:.1f} ms of processor time; "
            f"{found['M1 ratio to columns']:.2f} of numpy laid out for it",
        )


def main() -> None:
    """Measure both sets and print a row per figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1_000_000)
    photos = parser.parse_args().photos
    for name, skewed in (("spread", False), ("skewed", True)):
        with tempfile.TemporaryDirectory() as folder:
            for figure, value in measure(Path(folder) / "m1.db", photos, skewed=skewed).items():
                print(f"{name}\t{photos}\t{figure}\t{value:.2f}")


if __name__ == "__main__":
    main()
