"""Consents and permissions, event by event. Append-only."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import combinations

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
    GRANTING_KINDS,
    LICENSED_BASES,
    Basis,
    Channel,
    ConsentKind,
    LicenceTerm,
    Method,
    Purpose,
)


def kinds_sql(kinds: Iterable[ConsentKind]) -> str:
    """Return event kinds as an SQL list, in a fixed order."""
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))


class Consent(TableBase, table=True):
    """One person's or guardian's consent to showing somebody: for a photo, an event, or all."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.CheckConstraint("photo_id IS NULL OR event_id IS NULL", name="one_reach"),
        # One record for each subject, signatory and reach.
        sa.Index(
            "uq_consent_record",
            "subject_id",
            "actor_id",
            sa.text("coalesce(photo_id, 0)"),
            sa.text("coalesce(event_id, 0)"),
            unique=True,
        ),
        # Consents with the reach of an event or of everything, without those on single photos.
        sa.Index("ix_consent_subject_id_reach", "subject_id", "photo_id", "event_id"),
        partial_index("ix_consent_photo_id", "photo_id", "photo_id IS NOT NULL"),
    )
    id: Id = Field(default=None, primary_key=True)
    subject_id: int = reference(Person)
    actor_id: int = reference(Person, index=True)
    photo_id: Id = reference(Photo, required=False)
    event_id: Id = reference(Event, required=False)


class Permission(TableBase, table=True):
    """One rights holder's permission to use a photo, an event's photos, or all of theirs.

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


_IS_GRANTING = f"kind IN ({kinds_sql(GRANTING_KINDS)})"


_LICENSED = ", ".join(f"'{basis}'" for basis in sorted(LICENSED_BASES))


def licence_code(terms: Iterable[LicenceTerm]) -> str:
    """Return licence terms as stored: joined by semicolons, in the order of the enumeration."""
    given = set(terms)
    return ";".join(term for term in LicenceTerm if term in given)


_LICENCE_CODES = ", ".join(
    f"'{licence_code(terms)}'"
    for count in range(len(LicenceTerm) + 1)
    for terms in combinations(LicenceTerm, count)
)


class ConsentEventColumns(TableBase):
    """The columns of every event; `day` is the day on which it was said.

    `is_dated`: that day was stated, else it is the day of recording. `is_live`: it was recorded on
    that day. `names_kind`: the document itself speaks of all channels of a kind, also of later
    ones.
    """

    kind: ConsentKind = Field(sa_type=choice(ConsentKind, "kind"))
    day: date
    is_dated: bool = False
    is_live: bool = True
    names_kind: bool = False
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
    """A consent requested, given, refused, withdrawn or renewed. Never changed.

    `may_be_named`: whether the name may be published with the photo, when that was asked.
    `by_attorney`: somebody else signed it with a power of attorney.
    """

    __tablename__ = "consent_event"
    __table_args__ = (
        *_event_checks(),
        partial_index("ix_consent_event_evidence", "evidence", "evidence IS NOT NULL"),
    )
    id: Id = Field(default=None, primary_key=True)
    consent_id: int = reference(Consent, index=True)
    form_language: str = text(8, default="")
    form_version: str = text(32, default="")
    releases_confidentiality: bool = False
    may_be_named: bool | None = None
    by_attorney: bool = False


class PermissionEvent(ConsentEventColumns, table=True):
    """A permission requested, given, refused, withdrawn or renewed. Never changed.

    `by_person_id`: the guardian of a minor photographer, or the heir of one who has died, who gave
    it; None is the photographer. `author_id`: the photographer whose rights were transferred to
    the licensor. `licence_terms`: of a Creative Commons licence, as written by `licence_code`.
    """

    __tablename__ = "permission_event"
    __table_args__ = (
        *_event_checks(),
        sa.CheckConstraint(
            f"NOT ({_IS_GRANTING}) OR (basis IS NOT NULL AND basis IN ({_LICENSED}))",
            name="grant_has_basis",
        ),
        sa.CheckConstraint(
            "author_id IS NULL OR (basis IS NOT NULL AND basis = 'transferred')",
            name="author_of_transfer",
        ),
        sa.CheckConstraint(f"licence_terms IN ({_LICENCE_CODES})", name="licence_terms"),
        sa.CheckConstraint(
            "licence_terms = '' OR (basis IS NOT NULL AND basis = 'licence_cc')",
            name="terms_of_licence",
        ),
        partial_index("ix_permission_event_evidence", "evidence", "evidence IS NOT NULL"),
        partial_index("ix_permission_event_by_person", "by_person_id", "by_person_id IS NOT NULL"),
        partial_index("ix_permission_event_author", "author_id", "author_id IS NOT NULL"),
    )
    id: Id = Field(default=None, primary_key=True)
    permission_id: int = reference(Permission, index=True)
    basis: Basis | None = Field(default=None, sa_type=choice(Basis, "basis"))
    credit: str = text(default="")
    credit_waived: bool = False
    by_person_id: Id = reference(Person, required=False)
    author_id: Id = reference(Person, required=False)
    licence_terms: str = text(16, default="")


class ConsentChannel(TableBase, table=True):
    """A channel, or a kind of channel, in the scope of a consent event."""

    __tablename__ = "consent_channel"
    __table_args__ = (
        sa.CheckConstraint("(kind IS NULL) <> (channel_id IS NULL)", name="kind_or_channel"),
    )
    id: Id = Field(default=None, primary_key=True)
    statement_id: int = reference(ConsentEvent, index=True)
    kind: Channel | None = Field(default=None, sa_type=choice(Channel, "kind"))
    channel_id: Id = reference(ChannelRow, required=False)


class ConsentPurpose(TableBase, table=True):
    """A purpose in the scope of a consent event."""

    __tablename__ = "consent_purpose"
    statement_id: int = reference(ConsentEvent, primary_key=True)
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"), primary_key=True)


class PermissionChannel(TableBase, table=True):
    """A channel, or a kind of channel, in the scope of a permission event."""

    __tablename__ = "permission_channel"
    __table_args__ = (
        sa.CheckConstraint("(kind IS NULL) <> (channel_id IS NULL)", name="kind_or_channel"),
    )
    id: Id = Field(default=None, primary_key=True)
    statement_id: int = reference(PermissionEvent, index=True)
    kind: Channel | None = Field(default=None, sa_type=choice(Channel, "kind"))
    channel_id: Id = reference(ChannelRow, required=False)


class PermissionPurpose(TableBase, table=True):
    """A purpose in the scope of a permission event."""

    __tablename__ = "permission_purpose"
    statement_id: int = reference(PermissionEvent, primary_key=True)
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"), primary_key=True)
