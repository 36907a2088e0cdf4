"""Perceptual hashes of photos, packed for searching."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, reference
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Photo


class PhotoLikeness(TableBase, table=True):
    """A photo's perceptual hash, and how much detail it rests on."""

    __tablename__ = "photo_likeness"
    __table_args__ = (
        sa.CheckConstraint("length(hash) = 32", name="hash"),
        sa.CheckConstraint("quality BETWEEN 0 AND 100", name="quality"),
    )
    photo_id: int = reference(Photo, primary_key=True)
    hash: bytes = Field(sa_type=sa.LargeBinary)
    quality: int


class LikenessBlock(TableBase, table=True):
    """The hashes of up to 4,096 photos with consecutive ids, packed for comparison.

    A copy of `PhotoLikeness` that is rebuilt when one of them changes. `number` is the photo id
    divided by 4,096; `offsets` are the remainders, 2 bytes each. `first_half` and `second_half`
    hold the first and the second 8 bytes of every hash.
    """

    __tablename__ = "likeness_block"
    __table_args__ = (
        sa.CheckConstraint("length(first_half) = 8 * length(offsets)", name="first_half"),
        sa.CheckConstraint("length(second_half) = 8 * length(offsets)", name="second_half"),
        sa.CheckConstraint("length(offsets) <= 8192", name="offsets"),
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    offsets: bytes = Field(sa_type=sa.LargeBinary)
    first_half: bytes = Field(sa_type=sa.LargeBinary)
    second_half: bytes = Field(sa_type=sa.LargeBinary)


class PhotoSeries(TableBase, table=True):
    """The series to which a photo belongs: photos that look alike, one with the next.

    `series_id` is the lowest photo id in it. `lacks`: of another photo of the series more is
    stated, and nobody has answered whether they are the same picture. `settled_at`: when the photo
    and all that were in the series then were said to be different pictures.
    """

    __tablename__ = "photo_series"
    __table_args__ = (
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)", name="settled_by_somebody"
        ),
    )
    photo_id: int = reference(Photo, primary_key=True)
    series_id: int = reference(Photo, index=True)
    lacks: bool = False
    settled_at: datetime | None = None
    settled_by: Id = reference(Staff, required=False)
