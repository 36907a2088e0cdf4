"""Every table of the registry.

Nonsense cannot be stored, not even by raw SQL: enumerations are CHECKed by value, references are
foreign keys, and what contradicts itself is a CHECK. What has been said (consents, permissions,
rulings, the ledger) is only ever added to: triggers forbid changing or deleting it.
No `from __future__ import annotations` here: SQLModel reads the annotations.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from photoreg.registry.remembering import HistoryKind
from photoreg.rulebook.facts import (
    LICENSED_BASES,
    AgeGroup,
    Basis,
    Capacity,
    Channel,
    Commissioner,
    Confidentiality,
    Mode,
    People,
    Photographer,
    Place,
    Purpose,
    Role,
    Shot,
)
from photoreg.rulebook.verdict import Outcome

# Before the first table: names that migrations can address.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class StaffRole(StrEnum):
    """What somebody may do (rulebook §6). Channel administrators are named per channel."""

    EMPLOYEE = "employee"
    ELECTED_OFFICIAL = "elected_official"
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    AUDITOR = "auditor"


class GuardianBasis(StrEnum):
    """On what somebody is a guardian of a child."""

    PARENT = "parent"
    COURT_ORDER = "court_order"
    AGREEMENT = "agreement"


class ConsentKind(StrEnum):
    """What happened to a consent or a permission."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RENEWED = "renewed"


class Language(StrEnum):
    """The language that somebody reads forms and receipts in."""

    FINNISH = "fi"
    ENGLISH = "en"
    SWEDISH = "sv"
    NORTHERN_SAMI = "se"


class Method(StrEnum):
    """How somebody said it."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    ORAL = "oral"


class Prominence(StrEnum):
    """Is the depicted person a subject of the photo, or passing by?"""

    SUBJECT = "subject"
    PASSING = "passing"


class RulingKind(StrEnum):
    """What the coordinator may say of an unclear case."""

    PUBLISHABLE = "publishable"
    REFUSED = "refused"
    NEEDS_FACTS = "needs_facts"


class FlagOutcome(StrEnum):
    """How the coordinator resolved a flag: the photo stays stopped, or it does not."""

    STANDS = "stands"
    LIFTED = "lifted"


class Objector(StrEnum):
    """Who wants a photo stopped."""

    STAFF = "staff"
    PERSON = "person"
    OUTSIDER = "outsider"


class DecisionFor(StrEnum):
    """What a decision was made for."""

    APPROVAL = "approval"
    EXPORT = "export"
    PUBLICATION = "publication"


def choice(kind: type[StrEnum], name: str) -> Any:
    """Return a column type that stores the value, CHECKs it, and refuses any other when writing."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        length=32,
        create_constraint=True,
        validate_strings=True,
        name=name,
    )


def to(target: str, *, required: bool = True, index: bool = False, **more: Any) -> Any:
    """Return a reference to `table.column`; what is referred to can never be deleted."""
    if not required:
        more.setdefault("default", None)
    return Field(foreign_key=target, index=index, nullable=not required, **more)


def text(limit: int = 200, **more: Any) -> Any:
    """Return a text column with a limit that the database keeps too (see `_add_checks`)."""
    return Field(max_length=limit, **more)


Id = int | None


class Row(SQLModel):
    """What every table shares: no validator is built, since tables never validate."""

    model_config = {"defer_build": True}


class RegistryInfo(Row, table=True):
    """One row about the registry itself."""

    __tablename__ = "registry_info"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(default=1, primary_key=True)
    organisation: str = text()
    created_at: datetime


class Staff(Row, table=True):
    """Somebody who works with the registry; `unit` is the part of the organisation they work in."""

    __tablename__ = "staff"
    id: Id = Field(default=None, primary_key=True)
    login: str = text(64, unique=True)
    name: str = text()
    role: StaffRole = Field(sa_type=choice(StaffRole, "role"))
    active: bool = True
    person_id: Id = to("person.id", required=False)
    unit: str | None = text(100, default=None)


class PolicyVersion(Row, table=True):
    """One version of the municipality's settings; a write-once snapshot."""

    __tablename__ = "policy_version"
    version: Id = Field(default=None, primary_key=True)
    settings: dict[str, Any] = Field(sa_type=sa.JSON)
    adopted_at: datetime
    adopted_by: int = to("staff.id")


class ChannelRow(Row, table=True):
    """A channel of the municipality: a page, a site, a group, a magazine.

    `reviewed_on`: when its practices were last gone through (guideline V6).
    """

    __tablename__ = "channel"
    id: Id = Field(default=None, primary_key=True)
    name: str = text(64, unique=True)
    title: str = text()
    kind: Channel = Field(sa_type=choice(Channel, "kind"))
    terms_url: str = text(500, default="")
    terms_changed_on: date | None = None
    reviewed_on: date | None = None
    active: bool = True


class ChannelAdmin(Row, table=True):
    """Who administers a channel (guideline Y1: several named people)."""

    __tablename__ = "channel_admin"
    channel_id: int = to("channel.id", primary_key=True)
    staff_id: int = to("staff.id", primary_key=True)


class Person(Row, table=True):
    """A person who takes photos, is shown, or decides for a child.

    `name_key` is the folded name for finding; `blocked` never has a reason beside it.
    `merged_into` is the same person's other record; of an erased person only a tombstone is left.
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
    merged_into: Id = to("person.id", required=False)
    erased_at: datetime | None = None
    created_at: datetime
    created_by: int = to("staff.id")


class Guardianship(Row, table=True):
    """Who decides for a child, how that was verified, and who was excused on which ground."""

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
    child_id: int = to("person.id", index=True)
    guardian_id: int = to("person.id", index=True)
    basis: GuardianBasis = Field(sa_type=choice(GuardianBasis, "basis"))
    verified_how: str | None = text(default=None)
    excused_ground: str | None = text(500, default=None)
    excused_by: Id = to("staff.id", required=False)
    excused_evidence: str | None = to("evidence.sha256", required=False, max_length=64)
    ended_on: date | None = None
    created_at: datetime
    created_by: int = to("staff.id")


class Answers(Row):
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


class Event(Answers, table=True):
    """A shoot: a school feast, a market day, with its answers and its roster.

    `unit` is the part of the organisation that it belongs to, and its photos with it.
    """

    __tablename__ = "event"
    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="period"),)
    id: Id = Field(default=None, primary_key=True)
    name: str = text()
    starts_on: date
    ends_on: date
    unit: str | None = text(100, default=None)
    created_at: datetime
    created_by: int = to("staff.id")


class EventPhotographer(Row, table=True):
    """Who took the photos of an event."""

    __tablename__ = "event_photographer"
    event_id: int = to("event.id", primary_key=True)
    person_id: int = to("person.id", primary_key=True)


class EventRoster(Row, table=True):
    """Who was expected at an event and may turn up in its photos."""

    __tablename__ = "event_roster"
    event_id: int = to("event.id", primary_key=True)
    person_id: int = to("person.id", primary_key=True)


class Photo(Answers, table=True):
    """A photo file, what was read from it, and what has been answered about it.

    `taken_at` is as the camera wrote it, without a time zone, so it is kept as text.
    `picture_sha256` is over the image data alone, so that edited metadata are the same photo.
    `file_said` is what each standard in the file said of rights when it was registered.
    `mtime_ns` is when the file at `path` had last been changed when it was read: with its size it
    tells a bulk registration that the file need not be read again. No verdict rests on it. It is
    what such files are looked up by, since paths are too long for an index on every engine.
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
    taken_at: str | None = text(32, default=None)
    file_artist: str = text(2000, default="")
    file_copyright: str = text(2000, default="")
    file_description: str = text(2000, default="")
    camera: str = text(default="")
    gps_present: bool = False
    picture_sha256: str | None = text(64, default=None, index=True)
    file_said: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    version_of: Id = to("photo.id", required=False, index=True)
    event_id: Id = to("event.id", required=False, index=True)
    credit: str | None = text(default=None)
    credit_waived: bool = False
    taken_year: int | None = None
    photographer_died_year: int | None = None
    rights_removed: bool = False
    people: People | None = Field(default=None, sa_type=choice(People, "people"))
    recognisable_count: int | None = None
    context_identifies: bool | None = None
    registered_at: datetime
    registered_by: int = to("staff.id")


class PhotoLikeness(Row, table=True):
    """What a photo looks like: a perceptual hash, and how much detail it rests on."""

    __tablename__ = "photo_likeness"
    __table_args__ = (
        sa.CheckConstraint("length(hash) = 32", name="hash"),
        sa.CheckConstraint("quality BETWEEN 0 AND 100", name="quality"),
    )
    photo_id: int = to("photo.id", primary_key=True)
    hash: bytes = Field(sa_type=sa.LargeBinary)
    quality: int


class LikenessBlock(Row, table=True):
    """The likenesses of up to 4,096 photos whose numbers follow each other, packed for comparing.

    Only what `PhotoLikeness` holds: a copy that is made again when one of them changes. `number` is
    the photos' number divided by 4,096; `offsets` the remainders, 2 bytes each. `first_half` and
    `second_half` hold 8 bytes of every hash, then the next 8 of every hash.
    """

    __tablename__ = "likeness_block"
    __table_args__ = (
        sa.CheckConstraint("length(first_half) = 8 * length(offsets)", name="first_half"),
        sa.CheckConstraint("length(second_half) = 8 * length(offsets)", name="second_half"),
        sa.CheckConstraint("length(offsets) <= 8192", name="offsets"),
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    offsets: bytes = Field(sa_type=sa.LargeBinary)
    first_half: bytes = Field(sa_type=sa.LargeBinary)
    second_half: bytes = Field(sa_type=sa.LargeBinary)


class PhotoFlag(Row, table=True):
    """A reported wrong: stops the photo until the coordinator resolves it (rulebook §7.9).

    `person_id` is the one who objects, when they are in the registry. `objector` is how somebody
    else is called and answered: kept until the flag is resolved, and no longer. `words` is what was
    reported. A flag that stands goes on stopping the photo.
    """

    __tablename__ = "photo_flag"
    __table_args__ = (
        sa.CheckConstraint("length(trim(words)) > 0", name="words"),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"
        ),
        sa.CheckConstraint(
            "resolved_at IS NULL OR length(trim(resolution)) > 0", name="resolved_with_reason"
        ),
        sa.CheckConstraint("(resolved_at IS NULL) = (outcome IS NULL)", name="resolved_somehow"),
        sa.CheckConstraint("resolved_at IS NULL OR objector = ''", name="objector_forgotten"),
    )
    id: Id = Field(default=None, primary_key=True)
    photo_id: int = to("photo.id", index=True)
    person_id: Id = to("person.id", required=False, index=True)
    objector: str = text(default="")
    whose: Objector = Field(sa_type=choice(Objector, "whose"))
    words: str = text(4000)
    raised_at: datetime
    raised_by: int = to("staff.id")
    due_at: datetime
    resolved_at: datetime | None = None
    resolved_by: Id = to("staff.id", required=False)
    outcome: FlagOutcome | None = Field(default=None, sa_type=choice(FlagOutcome, "outcome"))
    resolution: str = text(4000, default="")


class PhotoPhotographer(Row, table=True):
    """Who took a photo; with several, each must permit."""

    __tablename__ = "photo_photographer"
    photo_id: int = to("photo.id", primary_key=True)
    person_id: int = to("person.id", primary_key=True, index=True)


class Depiction(Row, table=True):
    """Somebody recognisable in a photo; without a person it is somebody not named yet."""

    __tablename__ = "depiction"
    __table_args__ = (sa.UniqueConstraint("photo_id", "person_id"),)
    id: Id = Field(default=None, primary_key=True)
    photo_id: int = to("photo.id", index=True)
    person_id: Id = to("person.id", required=False, index=True)
    position: str = text(default="")
    prominence: Prominence = Field(
        default=Prominence.SUBJECT, sa_type=choice(Prominence, "prominence")
    )
    role: Role = Field(default=Role.PRIVATE, sa_type=choice(Role, "role"))


class Evidence(Row, table=True):
    """A document that shows a consent or permission; the file lies beside the registry.

    `erased_at`: when the file was erased with the person it was about; its hash stays as proof.
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
    added_by: int = to("staff.id")
    erased_at: datetime | None = None


class Consent(Row, table=True):
    """One person's or guardian's word about showing somebody: for a photo, an event, or all."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.CheckConstraint("photo_id IS NULL OR event_id IS NULL", name="one_reach"),
        # One thread for what one person says of another, for each reach.
        sa.Index(
            "uq_consent_thread",
            "subject_id",
            "actor_id",
            sa.text("coalesce(photo_id, 0)"),
            sa.text("coalesce(event_id, 0)"),
            unique=True,
        ),
        # What was said of somebody in general, without what was said of single photos.
        sa.Index("ix_consent_subject_id_photo_id", "subject_id", "photo_id"),
    )
    id: Id = Field(default=None, primary_key=True)
    subject_id: int = to("person.id")
    actor_id: int = to("person.id", index=True)
    photo_id: Id = to("photo.id", required=False, index=True)
    event_id: Id = to("event.id", required=False)


class Permission(Row, table=True):
    """One rights holder's word about using a photo, an event's photos, or all of theirs.

    Without a photographer it is a licence on one photo from a stock agency or under CC.
    """

    __tablename__ = "permission"
    __table_args__ = (
        sa.CheckConstraint("photo_id IS NULL OR event_id IS NULL", name="one_reach"),
        sa.CheckConstraint(
            "photographer_id IS NOT NULL OR photo_id IS NOT NULL", name="somebody_or_something"
        ),
        sa.Index(
            "uq_permission_thread",
            sa.text("coalesce(photographer_id, 0)"),
            "licensor",
            sa.text("coalesce(photo_id, 0)"),
            sa.text("coalesce(event_id, 0)"),
            unique=True,
        ),
        sa.Index("ix_permission_photographer_id_photo_id", "photographer_id", "photo_id"),
    )
    id: Id = Field(default=None, primary_key=True)
    photographer_id: Id = to("person.id", required=False)
    licensor: str = text(default="")
    photo_id: Id = to("photo.id", required=False, index=True)
    event_id: Id = to("event.id", required=False)


_YES = "kind IN ('given', 'renewed')"
_LICENSED = ", ".join(f"'{basis}'" for basis in sorted(LICENSED_BASES))


class Said(Row):
    """Something that was said and when; `day` is the day it counts from."""

    kind: ConsentKind = Field(sa_type=choice(ConsentKind, "kind"))
    day: date
    valid_until: date | None = None
    open_ended: bool = False
    method: Method = Field(sa_type=choice(Method, "method"))
    evidence: str | None = to("evidence.sha256", required=False, max_length=64)
    paper: str = text(default="")
    recorded_at: datetime
    recorded_by: int = to("staff.id")


def _said_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("valid_until >= day", name="period"),
        sa.CheckConstraint("NOT (open_ended AND valid_until IS NOT NULL)", name="one_end"),
        sa.CheckConstraint(
            f"NOT ({_YES}) OR open_ended OR valid_until IS NOT NULL", name="a_yes_has_an_end"
        ),
        sa.CheckConstraint("paper = '' OR length(trim(paper)) > 0", name="paper"),
    )


class ConsentEvent(Said, table=True):
    """A consent as it was asked, given, refused, withdrawn or renewed. Never changed.

    `may_be_named`: whether the name may stand beside the photo, when that was asked.
    """

    __tablename__ = "consent_event"
    __table_args__ = _said_checks()
    id: Id = Field(default=None, primary_key=True)
    consent_id: int = to("consent.id", index=True)
    form_language: str = text(8, default="")
    form_version: str = text(32, default="")
    releases_confidentiality: bool = False
    may_be_named: bool | None = None


class ConsentForm(Row, table=True):
    """A form that was printed for somebody; its code leads back here. A blank form names nobody."""

    __tablename__ = "consent_form"
    __table_args__ = (
        sa.CheckConstraint("photo_id IS NULL OR event_id IS NULL", name="one_reach"),
        sa.CheckConstraint("length(code) > 0", name="code"),
    )
    id: Id = Field(default=None, primary_key=True)
    code: str = text(32, unique=True)
    subject_id: Id = to("person.id", required=False, index=True)
    actor_id: Id = to("person.id", required=False, index=True)
    photo_id: Id = to("photo.id", required=False)
    event_id: Id = to("event.id", required=False, index=True)
    language: Language = Field(sa_type=choice(Language, "language"))
    form_version: str = text(32)
    valid_until: date | None = None
    printed_at: datetime
    printed_by: int = to("staff.id")


class ConsentFormAnswer(Row, table=True):
    """What came back on a form. Never changed."""

    __tablename__ = "consent_form_answer"
    form_id: int = to("consent_form.id", primary_key=True)
    said_id: int = to("consent_event.id", primary_key=True)


class PermissionEvent(Said, table=True):
    """A permission as it was asked, granted, refused, revoked or renewed. Never changed."""

    __tablename__ = "permission_event"
    __table_args__ = (
        *_said_checks(),
        sa.CheckConstraint(
            f"NOT ({_YES}) OR (basis IS NOT NULL AND basis IN ({_LICENSED}))",
            name="a_yes_has_a_basis",
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    permission_id: int = to("permission.id", index=True)
    basis: Basis | None = Field(default=None, sa_type=choice(Basis, "basis"))
    credit: str = text(default="")
    credit_waived: bool = False


class ConsentChannel(Row, table=True):
    """A channel, or a kind of channel, that a consent event speaks of."""

    __tablename__ = "consent_channel"
    __table_args__ = (
        sa.CheckConstraint("(kind IS NULL) <> (channel_id IS NULL)", name="kind_or_channel"),
    )
    id: Id = Field(default=None, primary_key=True)
    said_id: int = to("consent_event.id", index=True)
    kind: Channel | None = Field(default=None, sa_type=choice(Channel, "kind"))
    channel_id: Id = to("channel.id", required=False)


class ConsentPurpose(Row, table=True):
    """A purpose that a consent event speaks of."""

    __tablename__ = "consent_purpose"
    said_id: int = to("consent_event.id", primary_key=True)
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"), primary_key=True)


class PermissionChannel(Row, table=True):
    """A channel, or a kind of channel, that a permission event speaks of."""

    __tablename__ = "permission_channel"
    __table_args__ = (
        sa.CheckConstraint("(kind IS NULL) <> (channel_id IS NULL)", name="kind_or_channel"),
    )
    id: Id = Field(default=None, primary_key=True)
    said_id: int = to("permission_event.id", index=True)
    kind: Channel | None = Field(default=None, sa_type=choice(Channel, "kind"))
    channel_id: Id = to("channel.id", required=False)


class PermissionPurpose(Row, table=True):
    """A purpose that a permission event speaks of."""

    __tablename__ = "permission_purpose"
    said_id: int = to("permission_event.id", primary_key=True)
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"), primary_key=True)


class UseOf(Row):
    """The use that a decision or a case is about."""

    photo_id: int = to("photo.id", index=True)
    channel_id: int = to("channel.id")
    mode: Mode = Field(sa_type=choice(Mode, "mode"))
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"))
    day: date
    facts: dict[str, Any] = Field(sa_type=sa.JSON)
    facts_digest: str = text(64)
    codes: str = text(2000, default="")
    rules_version: str = text(16)
    policy_version: int = to("policy_version.version")


class Case(UseOf, table=True):
    """An unclear photo that waits for the coordinator, bound to exactly these facts.

    `voided_at`: when a fact changed, so that the case and its ruling count no more, for ever.
    """

    __tablename__ = "unclear_case"
    id: Id = Field(default=None, primary_key=True)
    opened_at: datetime
    opened_by: int = to("staff.id")
    due_at: datetime
    voided_at: datetime | None = None


class Ruling(Row, table=True):
    """The coordinator's reasoned ruling on a case; it may count for a time only. Never changed."""

    __tablename__ = "ruling"
    __table_args__ = (sa.CheckConstraint("length(trim(reason)) > 0", name="reason"),)
    id: Id = Field(default=None, primary_key=True)
    case_id: int = to("unclear_case.id", unique=True)
    kind: RulingKind = Field(sa_type=choice(RulingKind, "kind"))
    reason: str = text(4000)
    valid_until: date | None = None
    evidence: str | None = to("evidence.sha256", required=False, max_length=64)
    ruled_at: datetime
    ruled_by: int = to("staff.id")

    def is_over_on(self, day: date) -> bool:
        """Has its time ended by this day? The last day counts."""
        return self.valid_until is not None and self.valid_until < day


class Decision(UseOf, table=True):
    """What was decided for a use, on which facts, under which rules and policy. Never changed."""

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
    ruling_id: Id = to("ruling.id", required=False)
    decided_at: datetime
    decided_by: int = to("staff.id")


class Publication(Row, table=True):
    """Where and when a photo was published, on which decision."""

    __tablename__ = "publication"
    __table_args__ = (
        sa.CheckConstraint("length(trim(address)) > 0", name="address"),
        sa.CheckConstraint("removed_on >= published_on", name="period"),
        # The decision is about this photo on this channel, no other one.
        sa.ForeignKeyConstraint(
            ["decision_id", "photo_id", "channel_id"],
            ["decision.id", "decision.photo_id", "decision.channel_id"],
            name="fk_publication_decision_use",
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    photo_id: int = to("photo.id", index=True)
    channel_id: int = to("channel.id")
    address: str = text(2000)
    published_on: date
    decision_id: int = to("decision.id")
    recorded_at: datetime
    recorded_by: int = to("staff.id")
    removed_on: date | None = None


class TakeDown(Row, table=True):
    """A task to take a publication down; it is resolved, never deleted."""

    __tablename__ = "take_down"
    __table_args__ = (
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        # One open task a publication. An expression serves every engine; `postgresql_where` would
        # load PostgreSQL's dialect at every start.
        sa.Index(
            "uq_take_down_open",
            sa.text("(CASE WHEN done_at IS NULL THEN publication_id END)"),
            unique=True,
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    publication_id: int = to("publication.id")
    codes: str = text(2000)
    owner_id: Id = to("staff.id", required=False)
    opened_at: datetime
    due_at: datetime
    done_at: datetime | None = None
    done_by: Id = to("staff.id", required=False)
    proof: str = text(2000, default="")
    proof_evidence: str | None = to("evidence.sha256", required=False, max_length=64)


class Disclosure(Row, table=True):
    """Who looked at names, when, in which list, and what for.

    The purpose may name somebody, so it stands here and not in the log, which holds its number.
    """

    __tablename__ = "disclosure"
    __table_args__ = (sa.CheckConstraint("length(trim(purpose)) > 0", name="purpose"),)
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int = to("staff.id")
    list: str = text(64)
    purpose: str = text(500)


class Moment(Row, table=True):
    """The time of the change that is being made, for the triggers; and since when they remember."""

    __tablename__ = "moment"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(default=1, primary_key=True)
    at: datetime
    since: datetime


class History(Row, table=True):
    """What a row held before a change, written by triggers: see `remembering`."""

    __tablename__ = "history"
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    table_name: str = text(64)
    kind: HistoryKind = Field(sa_type=choice(HistoryKind, "kind"))
    row_key: str = text(64)
    old: dict[str, Any] = Field(sa_type=sa.JSON)


class KeptVerdict(Row, table=True):
    """Until when the verdicts about a photo hold, as `audit lacking` lists them.

    Kept so that an audit answers at once; no gate ever goes by it. Forgotten by triggers
    (`forgetting.py`) as soon as something changes; a photo without a row is judged anew.
    """

    __tablename__ = "kept_verdict"
    __table_args__ = (sa.CheckConstraint("until >= day", name="period"),)
    photo_id: int = to("photo.id", primary_key=True)
    day: date
    until: date
    rules_version: str = text(16)
    policy_version: int = to("policy_version.version")


class KeptLack(Row, table=True):
    """What a photo lacks for a channel, as it was listed; counts only beside its kept verdict.

    `codes` and `persons` (numbers) are joined by semicolons.
    """

    __tablename__ = "kept_lack"
    __table_args__ = (
        sa.CheckConstraint("outcome <> 'publishable'", name="lacks_something"),
        {"sqlite_with_rowid": False},
    )
    photo_id: int = to("photo.id", primary_key=True)
    channel_id: int = to("channel.id", primary_key=True)
    outcome: Outcome = Field(sa_type=choice(Outcome, "outcome"))
    codes: str = text(2000)
    persons: str = text(20_000)


class LedgerEntry(Row, table=True):
    """One entry of the log: ids and codes only, chained by hash. Never changed."""

    __tablename__ = "ledger"
    __table_args__ = (sa.CheckConstraint("length(hash) = 64", name="hash"),)
    seq: Id = Field(default=None, primary_key=True)
    at: str = text(40)
    actor_id: int = to("staff.id")
    action: str = text(64)
    subject: str = text(64)
    details: str = text(20_000)
    previous: str = text(64, unique=True)
    hash: str = text(64, unique=True)


APPEND_ONLY = (
    "consent_event",
    "consent_channel",
    "consent_purpose",
    "consent_form_answer",
    "permission_event",
    "permission_channel",
    "permission_purpose",
    "ruling",
    "decision",
    "policy_version",
    "ledger",
)
"""Tables whose rows nobody changes or deletes; what has been said stays said."""


NEVER_DELETED = (
    "photo_flag",
    "take_down",
    "unclear_case",
    "publication",
    "disclosure",
    "history",
)
"""Tables whose rows are brought to an end, never removed."""

METADATA = SQLModel.metadata
