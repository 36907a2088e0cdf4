"""Consent forms on paper, and the answers returned on them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.consents import ConsentEvent
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import (
    Evidence,
    Language,
    Person,
    Staff,
)
from photoreg.registry.tables.photos import (
    Event,
    Photo,
)
from photoreg.rulebook.facts import Purpose


class ConsentForm(TableBase, table=True):
    """A form printed for somebody; its code leads back here. A blank form names nobody."""

    __tablename__ = "consent_form"
    __table_args__ = (
        sa.CheckConstraint("photo_id IS NULL OR event_id IS NULL", name="one_reach"),
        sa.CheckConstraint("length(code) > 0", name="code"),
    )
    id: Id = Field(default=None, primary_key=True)
    code: str = text(32, unique=True)
    subject_id: Id = reference(Person, required=False, index=True)
    actor_id: Id = reference(Person, required=False, index=True)
    photo_id: Id = reference(Photo, required=False)
    event_id: Id = reference(Event, required=False, index=True)
    language: Language = Field(sa_type=choice(Language, "language"))
    form_version: str = text(32)
    valid_until: date | None = None
    printed_at: datetime
    printed_by: int = reference(Staff)


class ConsentFormChannel(TableBase, table=True):
    """A channel that a printed form asks about. Never changed."""

    __tablename__ = "consent_form_channel"
    form_id: int = reference(ConsentForm, primary_key=True)
    channel_id: int = reference(ChannelRow, primary_key=True)


class ConsentFormPurpose(TableBase, table=True):
    """A purpose that a printed form asks about. Never changed."""

    __tablename__ = "consent_form_purpose"
    form_id: int = reference(ConsentForm, primary_key=True)
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"), primary_key=True)


class ConsentFormAnswer(TableBase, table=True):
    """An answer returned on a form. Never changed."""

    __tablename__ = "consent_form_answer"
    form_id: int = reference(ConsentForm, primary_key=True)
    statement_id: int = reference(ConsentEvent, primary_key=True)


class ConsentFormScan(TableBase, table=True):
    """The scanned paper of a form, kept until its answer is recorded with it. Never changed.

    `source` is the SHA-256 of the file that was scanned, and the pages are those of that file.
    """

    __tablename__ = "consent_form_scan"
    __table_args__ = (
        sa.CheckConstraint("length(source) = 64", name="source"),
        sa.CheckConstraint("first_page >= 1 AND last_page >= first_page", name="pages"),
    )
    form_id: int = reference(ConsentForm, primary_key=True)
    evidence: str = reference(Evidence, max_length=64, index=True)
    source: str = text(64)
    first_page: int
    last_page: int
    scanned_at: datetime
    scanned_by: int = reference(Staff)
