"""Second looks: statements that were taken back, and who confirmed that they were wrong.

And corrections: what was typed by mistake, and who confirmed it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import (
    Id,
    TableBase,
    choice,
    partial_index,
    reference,
    text,
)
from photoreg.registry.tables.consents import ConsentEvent, PermissionEvent
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.publications import Publication


class RecordAnswer(StrEnum):
    """What is said of a record of which the old value is not written down."""

    CORRECTED = "corrected"


class SeriesAnswer(StrEnum):
    """What is said of photos that look alike: nobody has told them apart, or somebody has."""

    SAME = "same"
    DIFFERENT = "different"


class SecondLookOutcome(StrEnum):
    """How a second look ended.

    Another member of staff gave the same answer as now stands, or another one, of which the
    stricter counts; or whoever took the statement back put it back, or corrected a slip in time.
    """

    AGREED = "agreed"
    DIFFERED = "differed"
    PUT_BACK = "put_back"
    CORRECTED = "corrected"


class VersionAnswer(StrEnum):
    """Whether a version shows as much as the photo that it was made from."""

    WHOLE = "whole"
    CUT = "cut"


class SecondLook(TableBase, table=True):
    """A statement that stood in the way of a photo and was taken back or made milder.

    `about` is the event or person that the statement is about, by id, or empty for one about the
    photo itself. `before` and `after` are the statements that changed, as codes and ids, never
    names; `answer` is what the confirmer stated. `correctable_until`: until then, whoever took the
    statement back may still put another person of the same age group in the place of one taken out.
    """

    __tablename__ = "second_look"
    __table_args__ = (
        sa.CheckConstraint("(outcome IS NULL) = (confirmed_at IS NULL)", name="ended"),
        sa.CheckConstraint("(outcome IS NULL) = (confirmed_by IS NULL)", name="ended_by_somebody"),
        sa.CheckConstraint(
            "outcome NOT IN ('agreed', 'differed') OR confirmed_by <> taken_back_by",
            name="by_another",
        ),
        # Reactions and lists look for open ones, of which there are few.
        partial_index("ix_second_look_open", "photo_id", "outcome IS NULL"),
    )
    id: Id = Field(default=None, primary_key=True)
    photo_id: int = reference(Photo, index=True)
    about: str = text(32, default="")
    before: dict[str, Any] = Field(sa_type=sa.JSON)
    after: dict[str, Any] = Field(sa_type=sa.JSON)
    asked_at: datetime
    taken_back_by: int = reference(Staff)
    correctable_until: datetime | None = None
    confirmed_at: datetime | None = None
    confirmed_by: Id = reference(Staff, required=False)
    outcome: SecondLookOutcome | None = Field(
        default=None, sa_type=choice(SecondLookOutcome, "outcome")
    )
    answer: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))


_SUBJECTS = ("statement_id", "permission_statement_id", "publication_id")
_NUMBER_OF_SUBJECTS = " + ".join(f"(CASE WHEN {x} IS NULL THEN 0 ELSE 1 END)" for x in _SUBJECTS)


def _one_for_each(name: str, column: str) -> sa.Index:
    """Return the index by which one correction of each record is open or was made."""
    is_open_or_made = f"(CASE WHEN coalesce(outcome, '') <> 'differed' THEN {column} END)"
    return sa.Index(name, sa.text(is_open_or_made), unique=True)


class Correction(TableBase, table=True):
    """A statement about a consent or a permission, or a publication, recorded by mistake.

    It stays recorded, and counts as never said once the correction has ended as `corrected`, at
    once, or as `agreed`, when another member of staff has confirmed it. Until then it counts, and
    so it does for good when the other one has `differed`.
    """

    __tablename__ = "correction"
    __table_args__ = (
        sa.CheckConstraint(f"{_NUMBER_OF_SUBJECTS} = 1", name="of_one"),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("(outcome IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        sa.CheckConstraint("outcome IS NULL OR outcome <> 'put_back'", name="never_put_back"),
        sa.CheckConstraint(
            "outcome NOT IN ('agreed', 'differed') OR ended_by <> asked_by", name="by_another"
        ),
        sa.CheckConstraint("outcome <> 'corrected' OR ended_by = asked_by", name="by_oneself"),
        # One that is open or was made, for each.
        _one_for_each("uq_correction_statement", "statement_id"),
        _one_for_each("uq_correction_permission_statement", "permission_statement_id"),
        _one_for_each("uq_correction_publication", "publication_id"),
    )
    id: Id = Field(default=None, primary_key=True)
    statement_id: Id = reference(ConsentEvent, required=False)
    permission_statement_id: Id = reference(PermissionEvent, required=False)
    publication_id: Id = reference(Publication, required=False)
    asked_at: datetime
    asked_by: int = reference(Staff)
    ended_at: datetime | None = None
    ended_by: Id = reference(Staff, required=False)
    outcome: SecondLookOutcome | None = Field(
        default=None, sa_type=choice(SecondLookOutcome, "outcome")
    )

    @property
    def statement(self) -> int | None:
        """The number of the statement, whether it is about a consent or a permission."""
        return self.statement_id or self.permission_statement_id
