"""Decisions, publications and take-downs."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.cases import Ruling, UseColumns
from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.organisation import (
    ChannelRow,
)
from photoreg.registry.tables.people import (
    Evidence,
    Staff,
)
from photoreg.registry.tables.photos import (
    Photo,
)
from photoreg.rulebook.verdict import Outcome


class DecisionFor(StrEnum):
    """The purpose of a decision."""

    APPROVAL = "approval"
    EXPORT = "export"
    PUBLICATION = "publication"


class Decision(UseColumns, table=True):
    """A decision on a use, with its facts, rules version and policy version. Never changed."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.CheckConstraint("outcome <> 'refused'", name="never_refused"),
        sa.CheckConstraint(
            "(outcome = 'publishable') = (ruling_id IS NULL)", name="unclear_needs_a_ruling"
        ),
        sa.CheckConstraint("(outcome = 'publishable') = (codes = '')", name="codes"),
        sa.CheckConstraint("length(facts_digest) = 64", name="facts_digest"),
        sa.UniqueConstraint("id", "photo_id", "channel_id", name="uq_decision_use"),
    )
    id: Id = Field(default=None, primary_key=True)
    made_for: DecisionFor = Field(sa_type=choice(DecisionFor, "made_for"))
    outcome: Outcome = Field(sa_type=choice(Outcome, "outcome"))
    ruling_id: Id = reference(Ruling, required=False)
    decided_at: datetime
    decided_by: int = reference(Staff)


class Publication(TableBase, table=True):
    """Where and when photos were published together: one post, one page or one issue.

    A system that records one by the API names its request, so that repeating it records nothing:
    `request_key` and `request_digest` are the SHA-256 of that name, and of what was asked.
    """

    __tablename__ = "publication"
    __table_args__ = (
        sa.CheckConstraint("length(trim(address)) > 0", name="address"),
        sa.UniqueConstraint("id", "channel_id", "published_on", name="uq_publication_place"),
        sa.UniqueConstraint("recorded_by", "request_key", name="uq_publication_request"),
        sa.CheckConstraint(
            "(request_key IS NULL) = (request_digest IS NULL)", name="request_digest"
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    channel_id: int = reference(ChannelRow)
    address: str = text(2000)
    published_on: date
    recorded_at: datetime
    recorded_by: int = reference(Staff)
    request_key: str | None = text(64, default=None)
    request_digest: str | None = text(64, default=None)


class PublishedPhoto(TableBase, table=True):
    """One photo of a publication, on which decision it was published, and until when.

    Channel and day are those of the publication.
    """

    __tablename__ = "published_photo"
    __table_args__ = (
        sa.CheckConstraint("removed_on >= published_on", name="period"),
        sa.ForeignKeyConstraint(
            ["publication_id", "channel_id", "published_on"],
            ["publication.id", "publication.channel_id", "publication.published_on"],
            name="fk_published_photo_publication_place",
        ),
        # The decision must concern this photo and this channel.
        sa.ForeignKeyConstraint(
            ["decision_id", "photo_id", "channel_id"],
            ["decision.id", "decision.photo_id", "decision.channel_id"],
            name="fk_published_photo_decision_use",
        ),
    )
    publication_id: int = reference(Publication, primary_key=True)
    photo_id: int = reference(Photo, primary_key=True, index=True)
    channel_id: int = reference(ChannelRow)
    published_on: date
    decision_id: int = reference(Decision)
    removed_on: date | None = None


class TakeDown(TableBase, table=True):
    """A task to take one photo out of a publication; it is resolved, never deleted."""

    __tablename__ = "take_down"
    __table_args__ = (
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        # At most one open task per published photo. An expression serves every engine;
        # `postgresql_where` would load PostgreSQL's dialect at every start.
        sa.Index(
            "uq_take_down_open",
            sa.text("(CASE WHEN done_at IS NULL THEN publication_id END)"),
            sa.text("(CASE WHEN done_at IS NULL THEN photo_id END)"),
            unique=True,
        ),
        sa.ForeignKeyConstraint(
            ["publication_id", "photo_id"],
            ["published_photo.publication_id", "published_photo.photo_id"],
            name="fk_take_down_published_photo",
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    publication_id: int = reference(Publication)
    photo_id: int = reference(Photo)
    codes: str = text(2000)
    owner_id: Id = reference(Staff, required=False)
    opened_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    done_by: Id = reference(Staff, required=False)
    proof: str = text(2000, default="")
    proof_evidence: str | None = reference(Evidence, required=False, max_length=64)
