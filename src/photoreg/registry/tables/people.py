"""Staff, persons, guardians, and evidence documents."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, partial_index, reference, text
from photoreg.rulebook.facts import (
    AgeGroup,
    Capacity,
)


class StaffRole(StrEnum):
    """A user's role (rulebook §6). Channel administrators are named per channel.

    `API_KEY` is no person: another system, which acts by its key only.
    """

    EMPLOYEE = "employee"
    ELECTED_OFFICIAL = "elected_official"
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    AUDITOR = "auditor"
    API_KEY = "api_key"


USER_ROLES = tuple(role for role in StaffRole if role is not StaffRole.API_KEY)
"""The roles of people."""


class ApiScope(StrEnum):
    """What a key of the API may do."""

    CHECK = "check"
    MATCH = "match"
    COPY = "copy"
    PUBLISH = "publish"
    TAKE_DOWN = "take_down"


class GuardianBasis(StrEnum):
    """The ground on which somebody is a guardian of a child."""

    PARENT = "parent"
    COURT_ORDER = "court_order"
    AGREEMENT = "agreement"
    CARE_DECISION = "care_decision"


class Language(StrEnum):
    """The language of the forms and receipts for a person."""

    FINNISH = "fi"
    ENGLISH = "en"
    SWEDISH = "sv"
    NORTHERN_SAMI = "se"


class Staff(TableBase, table=True):
    """A user of the registry; `unit` is their part of the organisation.

    `server_role` is what a PostgreSQL server calls them, where that is not their login.
    """

    __tablename__ = "staff"
    __table_args__ = (
        # One role on the server is one user. An expression serves every engine (see `TakeDown`).
        sa.Index("uq_staff_role_on_server", sa.text("coalesce(server_role, login)"), unique=True),
    )
    id: Id = Field(default=None, primary_key=True)
    login: str = text(64, unique=True)
    name: str = text()
    role: StaffRole = Field(sa_type=choice(StaffRole, "role"))
    active: bool = True
    person_id: Id = reference("person.id", required=False)
    unit: str | None = text(100, default=None)
    server_role: str | None = text(63, default=None)

    @property
    def role_on_server(self) -> str:
        """The role on a PostgreSQL server."""
        return self.server_role or self.login


class Person(TableBase, table=True):
    """A person who takes photos, is depicted, or decides for a child.

    `name_key` is the folded name for searching, `letters_key` for finding the same name in another
    order or spelling. `blocked` never has a reason beside it, only when it was set and by whom.
    `died_on` is empty while the day is not known. `merged_into` is the same person's other record;
    an erased person is only a tombstone.
    """

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("guardians_total BETWEEN 0 AND 20", name="guardians_total"),
        sa.CheckConstraint("born IS NULL OR age_group = 'unknown'", name="one_age"),
        sa.CheckConstraint("died_on IS NULL OR deceased", name="died_on"),
        sa.CheckConstraint("died_on >= born", name="died_after_birth"),
        sa.CheckConstraint("blocked_at IS NULL OR blocked", name="blocked_at"),
        sa.CheckConstraint("(blocked_at IS NULL) = (blocked_by IS NULL)", name="blocked_by"),
        sa.CheckConstraint("merged_into <> id", name="not_into_oneself"),
        sa.CheckConstraint(
            "erased_at IS NULL OR (contact = '' AND born IS NULL AND blocked)", name="tombstone"
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    name: str = text()
    name_key: str = text(index=True)
    letters_key: str = text(index=True)
    born: date | None = Field(default=None, index=True)
    age_group: AgeGroup = Field(default=AgeGroup.UNKNOWN, sa_type=choice(AgeGroup, "age_group"))
    deceased: bool = False
    died_on: date | None = None
    capacity: Capacity = Field(default=Capacity.OK, sa_type=choice(Capacity, "capacity"))
    guardians_total: int | None = None
    contact: str = text(default="")
    language: Language | None = Field(default=None, sa_type=choice(Language, "language"))
    blocked: bool = False
    blocked_at: datetime | None = None
    blocked_by: Id = reference(Staff, required=False)
    merged_into: Id = reference("person.id", required=False)
    erased_at: datetime | None = None
    created_at: datetime
    created_by: int = reference(Staff)


class PersonName(TableBase, table=True):
    """A further name that a person is known by, such as a pen name or an earlier surname."""

    __tablename__ = "person_name"
    __table_args__ = (sa.UniqueConstraint("person_id", "name_key"),)
    id: Id = Field(default=None, primary_key=True)
    person_id: int = reference(Person)
    name: str = text()
    name_key: str = text()
    letters_key: str = text(index=True)
    created_at: datetime
    created_by: int = reference(Staff)


class Evidence(TableBase, table=True):
    """A document that proves a consent or permission; the file is stored beside the registry.

    `mtime_ns` is the modification time of the file when its content was last compared: while it and
    the size are the same, a mere check compares no more. `damaged_at`: when the file was found to
    be missing or changed; empty once it is whole again. `erased_at`: when the file was erased with
    the person it concerned; its hash remains as proof.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.CheckConstraint("size > 0", name="size"),
        partial_index("ix_evidence_damaged", "sha256", "damaged_at IS NOT NULL"),
    )
    sha256: str = text(64, primary_key=True)
    size: int
    suffix: str = text(16, default="")
    added_at: datetime
    added_by: int = reference(Staff)
    mtime_ns: int | None = Field(default=None, sa_type=sa.BigInteger)
    damaged_at: datetime | None = None
    erased_at: datetime | None = None


class Guardianship(TableBase, table=True):
    """A guardian of a child: since when, until when, how it was verified, the ground of an excuse.

    Without a first day it began with the child's birth; both days belong to it. Somebody who
    becomes a guardian again has a row for each time. `decides_alone`: a body that decides on the
    child's care decides in place of the other guardians.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        # At most one that has not ended. An expression serves every engine (see `TakeDown`).
        sa.Index(
            "uq_guardianship_not_ended",
            sa.text("(CASE WHEN last_day IS NULL THEN child_id END)"),
            "guardian_id",
            unique=True,
        ),
        sa.CheckConstraint("child_id <> guardian_id", name="not_oneself"),
        sa.CheckConstraint("first_day <= last_day", name="days"),
        sa.CheckConstraint(
            "NOT decides_alone OR (basis = 'care_decision' "
            "AND decides_alone_reason IS NOT NULL AND decides_alone_evidence IS NOT NULL)",
            name="decides_alone",
        ),
        sa.CheckConstraint("length(trim(decides_alone_reason)) > 0", name="decides_alone_reason"),
        sa.CheckConstraint(
            "(excused_ground IS NULL) = (excused_by IS NULL)", name="excused_by_somebody"
        ),
        sa.CheckConstraint("length(trim(verified_how)) > 0", name="verified_how"),
        sa.CheckConstraint("length(trim(excused_ground)) > 0", name="excused_ground"),
        sa.CheckConstraint(
            "excused_ground IS NULL OR verified_how IS NOT NULL", name="excused_is_verified"
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    child_id: int = reference(Person, index=True)
    guardian_id: int = reference(Person, index=True)
    basis: GuardianBasis = Field(sa_type=choice(GuardianBasis, "basis"))
    verified_how: str | None = text(default=None)
    excused_ground: str | None = text(500, default=None)
    excused_by: Id = reference(Staff, required=False)
    excused_evidence: str | None = reference(Evidence, required=False, max_length=64)
    decides_alone: bool = False
    decides_alone_reason: str | None = text(500, default=None)
    decides_alone_evidence: str | None = reference(Evidence, required=False, max_length=64)
    first_day: date | None = None
    last_day: date | None = None
    created_at: datetime
    created_by: int = reference(Staff)
