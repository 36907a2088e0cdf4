"""Verdicts kept until they can change."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, Row, choice, text, to
from photoreg.registry.tables.organisation import (
    ChannelRow,
    PolicyVersion,
)
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.verdict import Outcome


class KeptBasis(Row, table=True):
    """By which rules and policy verdicts were judged, and from which day they hold."""

    __tablename__ = "kept_basis"
    id: Id = Field(default=None, primary_key=True)
    day: date
    rules_version: str = text(16)
    policy_version: int = to(PolicyVersion)


class KeptVerdict(Row, table=True):
    """Until when the verdicts about a photo hold, as `audit lacking` lists them.

    Kept so that an audit answers at once; no gate ever goes by it. Forgotten by triggers
    (`forgetting.py`) as soon as something changes; a photo without a row is judged anew.
    """

    __tablename__ = "kept_verdict"
    # Those that count are counted without looking at the rows.
    __table_args__ = (sa.Index("ix_kept_verdict_basis_id_until", "basis_id", "until"),)
    photo_id: int = to(Photo, primary_key=True)
    until: date
    basis_id: int = to(KeptBasis)


class KeptLack(Row, table=True):
    """What a photo lacks for a channel, as it was listed; counts only beside its kept verdict.

    `codes` and `persons` (numbers) are joined by semicolons.
    """

    __tablename__ = "kept_lack"
    __table_args__ = (
        sa.CheckConstraint("outcome <> 'publishable'", name="lacks_something"),
        {"sqlite_with_rowid": False},
    )
    photo_id: int = to(Photo, primary_key=True)
    channel_id: int = to(ChannelRow, primary_key=True)
    outcome: Outcome = Field(sa_type=choice(Outcome, "outcome"))
    codes: str = text(2000)
    persons: str = text(20_000)


class KeptKind(Row, table=True):
    """What the rules could not tell apart in a photo; counts only beside its kept verdict.

    `parts` are marks: of the photo itself, then of each person shown. Photos with the same marks in
    the same order are of one kind. `who` are those who hold the rights, then the persons shown,
    each in the place of their mark, by number. All are joined by semicolons.
    """

    __tablename__ = "kept_kind"
    photo_id: int = to(Photo, primary_key=True)
    parts: str = text(20_000)
    who: str = text(20_000)


class KeptDoubt(Row, table=True):
    """Somebody about whom something was said: what is kept of photos showing them is in doubt.

    Written by a trigger, one row however many photos there are; gone when they are judged again.
    """

    __tablename__ = "kept_doubt"
    person_id: int = to(Person, primary_key=True)


class KeptApart(Row, table=True):
    """Somebody in so many photos that their kinds were not written again when they were judged.

    What was said of this person since is in the verdicts from this day on, but not in the marks:
    there the person stands for themselves alone.
    """

    __tablename__ = "kept_apart"
    person_id: int = to(Person, primary_key=True)
    day: date
