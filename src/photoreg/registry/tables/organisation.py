"""The organisation: its name, its policies, its channels."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.people import (
    Staff,
)
from photoreg.rulebook.facts import (
    Channel,
)


class RegistryInfo(TableBase, table=True):
    """One row about the registry itself."""

    __tablename__ = "registry_info"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(default=1, primary_key=True)
    organisation: str = text()
    created_at: datetime


class PolicyVersion(TableBase, table=True):
    """One version of the municipality's settings. Never changed."""

    __tablename__ = "policy_version"
    version: Id = Field(default=None, primary_key=True)
    settings: dict[str, Any] = Field(sa_type=sa.JSON)
    adopted_at: datetime
    adopted_by: int = reference(Staff)


class ChannelRow(TableBase, table=True):
    """A channel: a page, a site, a group, a magazine.

    `controller`: whose it is, None for the municipality's own. `since`: the day from which it
    exists. `reviewed_on`: the day of the latest review of its practices (guideline V6).
    """

    __tablename__ = "channel"
    id: Id = Field(default=None, primary_key=True)
    name: str = text(64, unique=True)
    title: str = text()
    kind: Channel = Field(sa_type=choice(Channel, "kind"))
    controller: str | None = text(default=None)
    since: date | None = None
    terms_url: str = text(500, default="")
    terms_changed_on: date | None = None
    reviewed_on: date | None = None
    active: bool = True

    @property
    def is_own(self) -> bool:
        """Whether the municipality controls it."""
        return self.controller is None and not self.kind.has_other_controller


class ChannelAdmin(TableBase, table=True):
    """An administrator of a channel (guideline Y1: several named people)."""

    __tablename__ = "channel_admin"
    channel_id: int = reference(ChannelRow, primary_key=True)
    staff_id: int = reference(Staff, primary_key=True)
