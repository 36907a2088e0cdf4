"""Verdicts kept until they can change."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.organisation import (
    ChannelRow,
    PolicyVersion,
)
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.verdict import Outcome


class VerdictBasisRow(TableBase, table=True):
    """By which rules and policy verdicts were judged, and from which day they hold."""

    __tablename__ = "verdict_basis"
    id: Id = Field(default=None, primary_key=True)
    day: date
    rules_version: str = text(16)
    policy_version: int = reference(PolicyVersion)


class CachedVerdict(TableBase, table=True):
    """Until when the verdicts about a photo hold, as `audit lacking` lists them.

    Kept so that an audit answers at once; no gate ever goes by it. Forgotten by triggers
    (`forgetting.py`) as soon as something changes; a photo without a row is judged anew.
    """

    __tablename__ = "verdict_cache"
    # Those that count are counted without looking at the rows.
    __table_args__ = (sa.Index("ix_verdict_cache_basis_id_valid_until", "basis_id", "valid_until"),)
    photo_id: int = reference(Photo, primary_key=True)
    valid_until: date
    basis_id: int = reference(VerdictBasisRow)


class CachedMissingConsent(TableBase, table=True):
    """What a photo lacks for a channel, as it was listed; counts only beside its kept verdict.

    `codes` and `persons` (numbers) are joined by semicolons.
    """

    __tablename__ = "missing_consent"
    __table_args__ = (
        sa.CheckConstraint("outcome <> 'publishable'", name="has_findings"),
        {"sqlite_with_rowid": False},
    )
    photo_id: int = reference(Photo, primary_key=True)
    channel_id: int = reference(ChannelRow, primary_key=True)
    outcome: Outcome = Field(sa_type=choice(Outcome, "outcome"))
    codes: str = text(2000)
    persons: str = text(20_000)


class CachedPhotoClass(TableBase, table=True):
    """What the rules could not tell apart in a photo; counts only beside its kept verdict.

    `parts` are marks: of the photo itself, then of each person shown. Photos with the same marks in
    the same order are of one kind. `who` are those who hold the rights, then the persons shown,
    each in the place of their mark, by number. All are joined by semicolons.
    """

    __tablename__ = "photo_class"
    photo_id: int = reference(Photo, primary_key=True)
    class_key: str = text(20_000)
    person_ids: str = text(20_000)


class StalePerson(TableBase, table=True):
    """Somebody about whom something was said: what is kept of photos showing them is in doubt.

    Written by a trigger, one row however many photos there are; gone when they are judged again.
    """

    __tablename__ = "stale_person"
    person_id: int = reference(Person, primary_key=True)


class SeparatePerson(TableBase, table=True):
    """Somebody in so many photos that their kinds were not written again when they were judged.

    What was said of this person since is in the verdicts from this day on, but not in the marks:
    there the person stands for themselves alone.
    """

    __tablename__ = "separate_person"
    person_id: int = reference(Person, primary_key=True)
    day: date
