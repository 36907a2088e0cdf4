"""The verdict cache: verdicts stored until they can change."""

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
    """The rules and policy of cached verdicts, and the day from which they are valid."""

    __tablename__ = "verdict_basis"
    id: Id = Field(default=None, primary_key=True)
    day: date
    rules_version: str = text(16)
    policy_version: int = reference(PolicyVersion)


class CachedVerdict(TableBase, table=True):
    """Until when the verdicts about a photo are valid, as `audit lacking` lists them.

    Cached so that an audit answers at once; no publication check relies on it. Deleted by triggers
    (`triggers.invalidation`) on any relevant change; a photo without a row is evaluated again.
    """

    __tablename__ = "verdict_cache"
    # Covers the count of valid rows, without reading them.
    __table_args__ = (sa.Index("ix_verdict_cache_basis_id_valid_until", "basis_id", "valid_until"),)
    photo_id: int = reference(Photo, primary_key=True, ondelete="CASCADE")
    valid_until: date
    basis_id: int = reference(VerdictBasisRow)


class CachedMissingConsent(TableBase, table=True):
    """What a photo lacks for a channel; valid only together with its cached verdict.

    `codes` and `persons` (numbers) are joined by semicolons.
    """

    __tablename__ = "missing_consent"
    __table_args__ = (
        sa.CheckConstraint("outcome <> 'publishable'", name="has_findings"),
        {"sqlite_with_rowid": False},
    )
    photo_id: int = reference(Photo, primary_key=True, ondelete="CASCADE")
    channel_id: int = reference(ChannelRow, primary_key=True)
    outcome: Outcome = Field(sa_type=choice(Outcome, "outcome"))
    codes: str = text(2000)
    persons: str = text(20_000)


class CachedPhotoClass(TableBase, table=True):
    """A photo's equivalence class; valid only together with its cached verdict.

    `class_key` holds the component keys: of the photo itself, then of each depicted person. Photos
    with the same keys in the same order are of one class. `person_ids` are those of the rights
    holders, then of the depicted persons in the order of the keys. All are joined by semicolons.
    """

    __tablename__ = "photo_class"
    photo_id: int = reference(Photo, primary_key=True, ondelete="CASCADE")
    class_key: str = text(20_000)
    person_ids: str = text(20_000)


class StalePerson(TableBase, table=True):
    """A person with a new consent event: cached verdicts of photos showing them are stale.

    Written by a trigger, one row for any number of photos; deleted when they are re-evaluated.
    """

    __tablename__ = "stale_person"
    person_id: int = reference(Person, primary_key=True)


class SeparatePerson(TableBase, table=True):
    """A person in so many photos that their cached classes are not rewritten on re-evaluation.

    From this day on the person's newer events are in the verdicts but not in the component keys; in
    classes the person counts as a component of their own.
    """

    __tablename__ = "separate_person"
    person_id: int = reference(Person, primary_key=True)
    day: date
