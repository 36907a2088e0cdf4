"""Staff, persons, guardians, and evidence documents."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.rulebook.facts import (
    AgeGroup,
    Capacity,
)


class StaffRole(StrEnum):
    """A user's role (rulebook §6). Channel administrators are named per channel."""

    EMPLOYEE = "employee"
    ELECTED_OFFICIAL = "elected_official"
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    AUDITOR = "auditor"


class GuardianBasis(StrEnum):
    """The ground on which somebody is a guardian of a child."""

    PARENT = "parent"
    COURT_ORDER = "court_order"
    AGREEMENT = "agreement"


class Language(StrEnum):
    """The language of the forms and receipts for a person."""

    FINNISH = "fi"
    ENGLISH = "en"
    SWEDISH = "sv"
    NORTHERN_SAMI = "se"


class Staff(TableBase, table=True):
    """A user of the registry; `unit` is their part of the organisation."""

    __tablename__ = "staff"
    id: Id = Field(default=None, primary_key=True)
    login: str = text(64, unique=True)
    name: str = text()
    role: StaffRole = Field(sa_type=choice(StaffRole, "role"))
    active: bool = True
    person_id: Id = reference("person.id", required=False)
    unit: str | None = text(100, default=None)


class Person(TableBase, table=True):
    """A person who takes photos, is depicted, or decides for a child.

    `name_key` is the folded name for searching; `blocked` never has a reason beside it.
    `merged_into` is the same person's other record; an erased person is only a tombstone.
    """

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("guardians_total BETWEEN 0 AND 20", name="guardians_total"),
        sa.CheckConstraint("born IS NULL OR age_group = 'unknown'", name="one_age"),
        sa.CheckConstraint("merged_into <> id", name="not_into_oneself"),
        sa.CheckConstraint(
            "erased_at IS NULL OR (contact = '' AND born IS NULL AND blocked)", name="tombstone"
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    name: str = text()
    name_key: str = text(index=True)
    born: date | None = None
    age_group: AgeGroup = Field(default=AgeGroup.UNKNOWN, sa_type=choice(AgeGroup, "age_group"))
    deceased: bool = False
    capacity: Capacity = Field(default=Capacity.OK, sa_type=choice(Capacity, "capacity"))
    guardians_total: int | None = None
    contact: str = text(default="")
    language: Language | None = Field(default=None, sa_type=choice(Language, "language"))
    blocked: bool = False
    merged_into: Id = reference("person.id", required=False)
    erased_at: datetime | None = None
    created_at: datetime
    created_by: int = reference(Staff)


class Evidence(TableBase, table=True):
    """A document that proves a consent or permission; the file is stored beside the registry.

    `erased_at`: when the file was erased with the person it concerned; its hash remains as proof.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.CheckConstraint("size > 0", name="size"),
    )
    sha256: str = text(64, primary_key=True)
    size: int
    suffix: str = text(16, default="")
    added_at: datetime
    added_by: int = reference(Staff)
    erased_at: datetime | None = None


class Guardianship(TableBase, table=True):
    """A guardian of a child, how that was verified, and the ground of an excuse."""

    __tablename__ = "guardianship"
    __table_args__ = (
        sa.UniqueConstraint("child_id", "guardian_id"),
        sa.CheckConstraint("child_id <> guardian_id", name="not_oneself"),
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
    ended_on: date | None = None
    created_at: datetime
    created_by: int = reference(Staff)
