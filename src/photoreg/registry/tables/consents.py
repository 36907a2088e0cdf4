"""What people said: consents and permissions, event by event. Only ever added to."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, partial_index, reference, text
from photoreg.registry.tables.organisation import (
    ChannelRow,
)
from photoreg.registry.tables.people import (
    Evidence,
    Person,
    Staff,
)
from photoreg.registry.tables.photos import (
    Event,
    Photo,
)
from photoreg.rulebook.facts import (
    LICENSED_BASES,
    Basis,
    Channel,
    Purpose,
)


class ConsentKind(StrEnum):
    """What happened to a consent or a permission."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RENEWED = "renewed"


class Method(StrEnum):
    """How somebody said it."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    ORAL = "oral"


class Consent(TableBase, table=True):
    """One person's or guardian's word about showing somebody: for a photo, an event, or all."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.CheckConstraint("photo_id IS NULL OR event_id IS NULL", name="one_reach"),
        # One thread for what one person says of another, for each reach.
        sa.Index(
            "uq_consent_record",
            "subject_id",
            "actor_id",
            sa.text("coalesce(photo_id, 0)"),
            sa.text("coalesce(event_id, 0)"),
            unique=True,
        ),
        # What was said of somebody in general or of events, without words on single photos.
        sa.Index("ix_consent_subject_id_reach", "subject_id", "photo_id", "event_id"),
        partial_index("ix_consent_photo_id", "photo_id", "photo_id IS NOT NULL"),
    )
    id: Id = Field(default=None, primary_key=True)
    subject_id: int = reference(Person)
    actor_id: int = reference(Person, index=True)
    photo_id: Id = reference(Photo, required=False)
    event_id: Id = reference(Event, required=False)


class Permission(TableBase, table=True):
    """One rights holder's word about using a photo, an event's photos, or all of theirs.

    Without a photographer it is a licence on one photo from a stock agency or under CC.
    """

    __tablename__ = "permission"
    __table_args__ = (
        sa.CheckConstraint("photo_id IS NULL OR event_id IS NULL", name="one_reach"),
        sa.CheckConstraint(
            "photographer_id IS NOT NULL OR photo_id IS NOT NULL", name="has_holder_or_photo"
        ),
        sa.Index(
            "uq_permission_record",
            sa.text("coalesce(photographer_id, 0)"),
            "licensor",
            sa.text("coalesce(photo_id, 0)"),
            sa.text("coalesce(event_id, 0)"),
            unique=True,
        ),
        sa.Index("ix_permission_photographer_id_photo_id", "photographer_id", "photo_id"),
        partial_index("ix_permission_photo_id", "photo_id", "photo_id IS NOT NULL"),
    )
    id: Id = Field(default=None, primary_key=True)
    photographer_id: Id = reference(Person, required=False)
    licensor: str = text(default="")
    photo_id: Id = reference(Photo, required=False)
    event_id: Id = reference(Event, required=False)


_IS_GRANTING = "kind IN ('given', 'renewed')"


_LICENSED = ", ".join(f"'{basis}'" for basis in sorted(LICENSED_BASES))


class ConsentEventColumns(TableBase):
    """Something that was said and when; `day` is the day it counts from."""

    kind: ConsentKind = Field(sa_type=choice(ConsentKind, "kind"))
    day: date
    valid_until: date | None = None
    open_ended: bool = False
    method: Method = Field(sa_type=choice(Method, "method"))
    evidence: str | None = reference(Evidence, required=False, max_length=64)
    paper: str = text(default="")
    recorded_at: datetime
    recorded_by: int = reference(Staff)


def _event_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("valid_until >= day", name="period"),
        sa.CheckConstraint("NOT (open_ended AND valid_until IS NOT NULL)", name="one_end"),
        sa.CheckConstraint(
            f"NOT ({_IS_GRANTING}) OR open_ended OR valid_until IS NOT NULL", name="grant_has_end"
        ),
        sa.CheckConstraint("paper = '' OR length(trim(paper)) > 0", name="paper"),
    )


class ConsentEvent(ConsentEventColumns, table=True):
    """A consent as it was asked, given, refused, withdrawn or renewed. Never changed.

    `may_be_named`: whether the name may stand beside the photo, when that was asked.
    """

    __tablename__ = "consent_event"
    __table_args__ = _event_checks()
    id: Id = Field(default=None, primary_key=True)
    consent_id: int = reference(Consent, index=True)
    form_language: str = text(8, default="")
    form_version: str = text(32, default="")
    releases_confidentiality: bool = False
    may_be_named: bool | None = None


class PermissionEvent(ConsentEventColumns, table=True):
    """A permission as it was asked, granted, refused, revoked or renewed. Never changed."""

    __tablename__ = "permission_event"
    __table_args__ = (
        *_event_checks(),
        sa.CheckConstraint(
            f"NOT ({_IS_GRANTING}) OR (basis IS NOT NULL AND basis IN ({_LICENSED}))",
            name="grant_has_basis",
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    permission_id: int = reference(Permission, index=True)
    basis: Basis | None = Field(default=None, sa_type=choice(Basis, "basis"))
    credit: str = text(default="")
    credit_waived: bool = False


class ConsentChannel(TableBase, table=True):
    """A channel, or a kind of channel, that a consent event speaks of."""

    __tablename__ = "consent_channel"
    __table_args__ = (
        sa.CheckConstraint("(kind IS NULL) <> (channel_id IS NULL)", name="kind_or_channel"),
    )
    id: Id = Field(default=None, primary_key=True)
    statement_id: int = reference(ConsentEvent, index=True)
    kind: Channel | None = Field(default=None, sa_type=choice(Channel, "kind"))
    channel_id: Id = reference(ChannelRow, required=False)


class ConsentPurpose(TableBase, table=True):
    """A purpose that a consent event speaks of."""

    __tablename__ = "consent_purpose"
    statement_id: int = reference(ConsentEvent, primary_key=True)
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"), primary_key=True)


class PermissionChannel(TableBase, table=True):
    """A channel, or a kind of channel, that a permission event speaks of."""

    __tablename__ = "permission_channel"
    __table_args__ = (
        sa.CheckConstraint("(kind IS NULL) <> (channel_id IS NULL)", name="kind_or_channel"),
    )
    id: Id = Field(default=None, primary_key=True)
    statement_id: int = reference(PermissionEvent, index=True)
    kind: Channel | None = Field(default=None, sa_type=choice(Channel, "kind"))
    channel_id: Id = reference(ChannelRow, required=False)


class PermissionPurpose(TableBase, table=True):
    """A purpose that a permission event speaks of."""

    __tablename__ = "permission_purpose"
    statement_id: int = reference(PermissionEvent, primary_key=True)
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"), primary_key=True)


GRANTING_KINDS = frozenset({ConsentKind.GIVEN, ConsentKind.RENEWED})


REFUSING_KINDS = frozenset({ConsentKind.REFUSED, ConsentKind.WITHDRAWN})
