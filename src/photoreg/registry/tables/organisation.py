"""The organisation: its name, its policies, its channels, and how its lists are laid out."""

from datetime import date, datetime
from enum import StrEnum
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


_OTHER_KINDS = ", ".join(f"'{kind}'" for kind in Channel if kind.has_other_controller)


class ChannelRow(TableBase, table=True):
    """A channel on which photos are published: a page, a site, a group, a magazine.

    `controller`: who controls it, if not the municipality itself. `since`: from which day it
    exists. `reviewed_on`: the day of the latest review of its practices (guideline V6).
    `proposed_by`: who stated that it is the municipality's own (`proposed_own`) or older
    (`proposed_since`), which lets earlier consents cover more, and holds once another member of
    staff has confirmed it.
    """

    __tablename__ = "channel"
    __table_args__ = (
        sa.CheckConstraint(
            f"kind NOT IN ({_OTHER_KINDS}) OR controller IS NOT NULL", name="other_controller"
        ),
        sa.CheckConstraint("length(trim(controller)) > 0", name="controller"),
    )
    id: Id = Field(default=None, primary_key=True)
    name: str = text(64, unique=True)
    title: str = text()
    kind: Channel = Field(sa_type=choice(Channel, "kind"))
    controller: str | None = text(default=None)
    since: date
    terms_url: str = text(500, default="")
    terms_changed_on: date | None = None
    reviewed_on: date | None = None
    proposed_own: bool | None = None
    proposed_since: date | None = None
    proposed_by: Id = reference(Staff, required=False)
    active: bool = True

    @property
    def is_own(self) -> bool:
        """Return whether the municipality controls it."""
        return self.controller is None

    @property
    def has_proposal(self) -> bool:
        """Return whether a change waits for another member of staff to confirm it."""
        return self.proposed_own is not None or self.proposed_since is not None


class ChannelAdmin(TableBase, table=True):
    """An administrator of a channel (guideline Y1: several named people)."""

    __tablename__ = "channel_admin"
    channel_id: int = reference(ChannelRow, primary_key=True)
    staff_id: int = reference(Staff, primary_key=True)


class ListKind(StrEnum):
    """The kinds of lists that others make and photoreg reads."""

    CLASS_LIST = "class_list"
    PERMISSIONS = "permissions"


class ListLayout(TableBase, table=True):
    """How the columns of a kind of list are read, as a user said it. Never changed.

    `shape` is the SHA-256 of the headings, so that the next list of that shape is recognised.
    `columns` holds the meaning of columns by heading. The newest layout of a name or shape holds.
    """

    __tablename__ = "list_layout"
    __table_args__ = (sa.Index("ix_list_layout_kind_shape", "kind", "shape"),)
    id: Id = Field(default=None, primary_key=True)
    kind: ListKind = Field(sa_type=choice(ListKind, "kind"))
    name: str = text(64)
    shape: str = text(64)
    columns: dict[str, str] = Field(sa_type=sa.JSON)
    saved_at: datetime
    saved_by: int = reference(Staff)
