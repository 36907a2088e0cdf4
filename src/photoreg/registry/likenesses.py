"""How photos look: stored, with the index by which photos that look alike are found."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.registry.tables import LikenessBand, PhotoLikeness


def add_likenesses(session: Session, likenesses: Mapping[int, tuple[bytes, int]]) -> None:
    """Store the likeness of each photo (32 bytes, quality), by number; none may have one yet."""
    if not likenesses:
        return
    rows = [
        {"photo_id": number, "hash": pdq, "quality": quality}
        for number, (pdq, quality) in likenesses.items()
    ]
    bands = [
        {"band": band, "bits": int.from_bytes(pdq[2 * band : 2 * band + 2], "big"), "photo_id": n}
        for n, (pdq, _quality) in likenesses.items()
        for band in range(16)
    ]
    session.execute(sa.insert(PhotoLikeness), rows)
    session.execute(sa.insert(LikenessBand), bands)
