"""Events and photos, photographers, depictions, flags."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.people import (
    Person,
    Staff,
)
from photoreg.rulebook.facts import (
    Basis,
    Commissioner,
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    Photographer,
    Place,
    Role,
    Shot,
)


class Prominence(StrEnum):
    """Whether the depicted person is a subject of the photo or incidental."""

    SUBJECT = "subject"
    PASSING = "passing"


class FlagOutcome(StrEnum):
    """How the coordinator resolved a flag: the photo stays stopped, or it does not."""

    UPHELD = "upheld"
    LIFTED = "lifted"


class ObjectorKind(StrEnum):
    """Who wants a photo stopped."""

    STAFF = "staff"
    PERSON = "person"
    OUTSIDER = "outsider"


class AnswerColumns(TableBase):
    """The questions that an event answers once for all its photos, and a photo for itself."""

    photographer: Photographer | None = Field(
        default=None, sa_type=choice(Photographer, "photographer")
    )
    basis: Basis | None = Field(default=None, sa_type=choice(Basis, "basis"))
    commissioner: Commissioner | None = Field(
        default=None, sa_type=choice(Commissioner, "commissioner")
    )
    place: Place | None = Field(default=None, sa_type=choice(Place, "place"))
    place_permission: bool | None = None
    shot: Shot | None = Field(default=None, sa_type=choice(Shot, "shot"))
    confidentiality: Confidentiality | None = Field(
        default=None, sa_type=choice(Confidentiality, "confidentiality")
    )
    sensitive: bool | None = None


class Event(AnswerColumns, table=True):
    """An occasion at which photos are taken, with its answers and its roster.

    `unit` is the part of the organisation to which the event and its photos belong.
    """

    __tablename__ = "event"
    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="period"),)
    id: Id = Field(default=None, primary_key=True)
    name: str = text()
    starts_on: date
    ends_on: date
    unit: str | None = text(100, default=None)
    created_at: datetime
    created_by: int = reference(Staff)


class EventPhotographer(TableBase, table=True):
    """A photographer of an event."""

    __tablename__ = "event_photographer"
    event_id: int = reference(Event, primary_key=True)
    person_id: int = reference(Person, primary_key=True, index=True)


class EventRoster(TableBase, table=True):
    """A person expected at an event, who may appear in its photos."""

    __tablename__ = "event_roster"
    event_id: int = reference(Event, primary_key=True)
    person_id: int = reference(Person, primary_key=True, index=True)


class Photo(AnswerColumns, table=True):
    """A photo file, what was read from it, and its answers.

    `taken_at` is as the camera wrote it, without a time zone, so it is stored as text.
    `picture_sha256` covers the image data alone, so that edited metadata are the same photo.
    `rights_metadata` are the rights texts of each standard in the file at registration. `mtime_ns`
    is the modification time of the file at `path` when it was read: together with the size it tells
    a bulk registration that the file need not be read again. Such files are looked up by it,
    because paths are too long for an index on some engines. `file_taken_on` is the latest day on
    which the file has said that it was taken, so that editing it takes nothing back; None for a
    scan. `file_changed`: the file at `path` is another since it was last looked at, and could not
    be looked at again, or holds another picture.
    """

    __tablename__ = "photo"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.CheckConstraint("length(picture_sha256) = 64", name="picture_sha256"),
        sa.CheckConstraint("version_of <> id", name="no_version_of_itself"),
        sa.CheckConstraint("size > 0 AND width > 0 AND height > 0", name="size"),
        sa.CheckConstraint("recognisable_count BETWEEN 1 AND 9999", name="recognisable_count"),
        sa.CheckConstraint(
            "recognisable_count IS NULL OR people IN ('recognisable', 'unrecognisable')",
            name="counts_people",
        ),
        sa.CheckConstraint("orientation BETWEEN 1 AND 8", name="orientation"),
        sa.CheckConstraint("NOT credit_waived OR credit IS NULL", name="one_credit"),
        sa.CheckConstraint("taken_year BETWEEN 1800 AND 9999", name="taken_year"),
        sa.CheckConstraint(
            "photographer_died_year BETWEEN 1800 AND 9999", name="photographer_died_year"
        ),
        # Covers the queries for the photos of a unit's staff, without reading the rows.
        sa.Index("ix_photo_registered_by_event_id", "registered_by", "event_id"),
        # The id of a photo that was forgotten is in the log, and never becomes another photo's.
        {"sqlite_autoincrement": True},
    )
    id: Id = Field(default=None, primary_key=True)
    sha256: str = text(64, unique=True)
    path: str = text(4096)
    file_name: str = text(255)
    size: int
    mtime_ns: int | None = Field(default=None, sa_type=sa.BigInteger, index=True)
    format: str = text(8)
    width: int
    height: int
    orientation: int | None = None
    file_changed: bool = False
    taken_at: str | None = text(32, default=None)
    file_taken_on: date | None = None
    file_artist: str = text(2000, default="")
    file_copyright: str = text(2000, default="")
    file_description: str = text(2000, default="")
    camera: str = text(default="")
    gps_present: bool = False
    picture_sha256: str | None = text(64, default=None, index=True)
    rights_metadata: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    version_of: Id = reference("photo.id", required=False, index=True)
    event_id: Id = reference(Event, required=False, index=True)
    credit: str | None = text(default=None)
    credit_waived: bool = False
    taken_year: int | None = None
    photographer_died_year: int | None = None
    rights_removed: bool = False
    depicted_work: DepictedWork | None = Field(
        default=None, sa_type=choice(DepictedWork, "depicted_work")
    )
    digital_source: DigitalSource | None = Field(
        default=None, sa_type=choice(DigitalSource, "digital_source")
    )
    people: People | None = Field(default=None, sa_type=choice(People, "people"))
    recognisable_count: int | None = None
    context_identifies: bool | None = None
    registered_at: datetime
    registered_by: int = reference(Staff)


class FlagCause(StrEnum):
    """The cause of a flag: a person's report, or a finding of photoreg itself."""

    REPORTED = "reported"
    LOOKS_ALIKE = "looks_alike"
    OBJECTION = "objection"
    NOT_NAMED = "not_named"
    REMOVED = "removed"
    TAKEN_OUT = "taken_out"
    CARRIED_OVER = "carried_over"


class PhotoFlag(TableBase, table=True):
    """A reported problem: stops the photo until the coordinator resolves it (rulebook §7.9).

    `person_id` is the objector, when they are in the registry. `objector` is the name and contact
    of another objector, stored until the flag is resolved and no longer. `reason` is the report;
    photoreg itself stores a cause without text, with the near-duplicate (`like_photo_id`) or the
    person whom an objection concerns (`about_person_id`). `concerns_person`: it is by or about a
    person, or on a near-duplicate of a photo that is stopped because of one. A flag that is upheld
    goes on stopping the photo.
    """

    __tablename__ = "photo_flag"
    __table_args__ = (
        sa.CheckConstraint("cause <> 'reported' OR length(trim(reason)) > 0", name="reason"),
        sa.CheckConstraint(
            "(cause = 'looks_alike') = (like_photo_id IS NOT NULL)", name="looks_like_one"
        ),
        sa.CheckConstraint(
            "(cause IN ('objection', 'not_named', 'removed')) = (about_person_id IS NOT NULL)",
            name="about_somebody",
        ),
        sa.CheckConstraint(
            "concerns_person OR (person_id IS NULL AND objector_kind = 'staff' "
            "AND cause IN ('reported', 'looks_alike'))",
            name="concerns_person",
        ),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"
        ),
        sa.CheckConstraint(
            "resolved_at IS NULL OR length(trim(resolution)) > 0", name="resolved_with_reason"
        ),
        sa.CheckConstraint("(resolved_at IS NULL) = (outcome IS NULL)", name="resolved_somehow"),
        sa.CheckConstraint("resolved_at IS NULL OR objector = ''", name="objector_erased"),
    )
    id: Id = Field(default=None, primary_key=True)
    photo_id: int = reference(Photo, index=True)
    person_id: Id = reference(Person, required=False, index=True)
    objector: str = text(default="")
    objector_kind: ObjectorKind = Field(sa_type=choice(ObjectorKind, "objector_kind"))
    reason: str = text(4000)
    cause: FlagCause = Field(
        default=FlagCause.REPORTED,
        sa_type=choice(FlagCause, "cause"),
        sa_column_kwargs={"server_default": FlagCause.REPORTED.value},
    )
    like_photo_id: Id = reference(Photo, required=False)
    about_person_id: Id = reference(Person, required=False)
    concerns_person: bool = True
    raised_at: datetime
    raised_by: int = reference(Staff)
    due_at: datetime
    resolved_at: datetime | None = None
    resolved_by: Id = reference(Staff, required=False)
    outcome: FlagOutcome | None = Field(default=None, sa_type=choice(FlagOutcome, "outcome"))
    resolution: str = text(4000, default="")


class PhotoPhotographer(TableBase, table=True):
    """A photographer of a photo; with several, each must permit."""

    __tablename__ = "photo_photographer"
    photo_id: int = reference(Photo, primary_key=True)
    person_id: int = reference(Person, primary_key=True, index=True)


class Depiction(TableBase, table=True):
    """A recognisable person in a photo; without an id, somebody not named yet."""

    __tablename__ = "depiction"
    __table_args__ = (
        sa.UniqueConstraint("photo_id", "person_id"),
        # Covers the queries for who is depicted where, without reading the rows.
        sa.Index("ix_depiction_person_id_photo_id", "person_id", "photo_id"),
    )
    id: Id = Field(default=None, primary_key=True)
    photo_id: int = reference(Photo, index=True)
    person_id: Id = reference(Person, required=False)
    position: str = text(default="")
    prominence: Prominence = Field(
        default=Prominence.SUBJECT, sa_type=choice(Prominence, "prominence")
    )
    role: Role = Field(default=Role.PRIVATE, sa_type=choice(Role, "role"))
