"""The facts that the rules may examine, about one photo and one intended use.

`None` means unknown; it is never a permission. Facts hold no names: persons are known by their
registry id (`H-12`), which a finding repeats.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum
from functools import cache, cached_property
from types import NoneType
from typing import Any

OPEN_ENDED = date.max
"""`valid_until` of a permission or consent that was given without an end."""

ANY_PURPOSE = "any"
"""The wildcard in a scope: it covers every purpose."""


class Channel(StrEnum):
    """The kind of a channel; a registry names its own channels, each of one kind."""

    PUBLIC_PAGE = "public_page"
    WEBSITE = "website"
    CLOSED_GROUP = "closed_group"
    CLOSED_WORK_GROUP = "closed_work_group"
    PRINT = "print"
    PRESS = "press"
    INTERNAL = "internal"
    SUBSIDIARY_PAGE = "subsidiary_page"
    PERSONAL_PROFILE = "personal_profile"

    @property
    def has_other_controller(self) -> bool:
        """Return whether somebody else than the municipality always controls it (U1, P1-P3)."""
        return self in {Channel.PRESS, Channel.SUBSIDIARY_PAGE, Channel.PERSONAL_PROFILE}

    @property
    def is_closed(self) -> bool:
        """Return whether only the members of a group can see it."""
        return self in {Channel.CLOSED_GROUP, Channel.CLOSED_WORK_GROUP}

    @property
    def is_permitted(self) -> bool:
        """Return whether the guideline permits publishing there at all (I3)."""
        return self is not Channel.CLOSED_WORK_GROUP

    @property
    def is_online(self) -> bool:
        """Return whether a post can link to, embed or share a photo; print holds a copy of it."""
        return self not in {Channel.PRINT, Channel.PRESS}

    @property
    def is_recallable(self) -> bool:
        """Return whether a publication can be taken down."""
        return self.is_online


class Mode(StrEnum):
    """How the photo is used. A copy is an upload; a link that shows a preview is a share."""

    UPLOAD = "upload"
    LINK = "link"
    EMBED = "embed"
    SHARE = "share"


class Purpose(StrEnum):
    """What the photo is used for."""

    INFORMATION = "information"
    MARKETING = "marketing"


class Photographer(StrEnum):
    """Whether the photographer (a natural person, tekijänoikeuslaki 49 a §) is known."""

    KNOWN = "known"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """On what ground the municipality may use the photo."""

    PHOTOGRAPHER_PERMISSION = "photographer_permission"
    STAFF_AGREEMENT = "staff_agreement"
    TRANSFERRED = "transferred"
    LICENCE_CC = "licence_cc"
    STOCK = "stock"
    STAFF_NO_AGREEMENT = "staff_no_agreement"
    PUBLIC_DOMAIN = "public_domain"
    NONE = "none"
    WEB_FOUND = "web_found"
    KNOWN_UNLAWFUL = "known_unlawful"


LICENSED_BASES = frozenset(
    {
        Basis.PHOTOGRAPHER_PERMISSION,
        Basis.STAFF_AGREEMENT,
        Basis.TRANSFERRED,
        Basis.LICENCE_CC,
        Basis.STOCK,
    }
)
"""Bases that depend on a permission, whose state, end and scope are then evaluated."""


class LicenceTerm(StrEnum):
    """A term of a Creative Commons licence."""

    BY = "by"
    NON_COMMERCIAL = "nc"
    NO_DERIVATIVES = "nd"
    SHARE_ALIKE = "sa"


class DepictedWork(StrEnum):
    """Whether another's work is the main subject (tekijänoikeuslaki 25 a §); never a building."""

    NONE = "none"
    MAIN_SUBJECT = "main_subject"
    MAIN_SUBJECT_PERMANENT_PUBLIC = "main_subject_permanent_public"
    PERMITTED = "permitted"


class DigitalSource(StrEnum):
    """Whether a trained algorithm made or composed the picture (IPTC Digital Source Type)."""

    CAMERA = "camera"
    AI_GENERATED = "ai_generated"
    AI_COMPOSITE = "ai_composite"


class PeopleNamed(StrEnum):
    """Whether the people whom the file names agree with the answers about people."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"


class ConsentKind(StrEnum):
    """The kind of a consent or permission event."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RENEWED = "renewed"


GRANTING_KINDS = frozenset({ConsentKind.GIVEN, ConsentKind.RENEWED})
"""The events that grant a consent or permission."""

REFUSING_KINDS = frozenset({ConsentKind.REFUSED, ConsentKind.WITHDRAWN})
"""The events that refuse or withdraw a consent or permission."""


class ReachLevel(IntEnum):
    """The reach of a consent or permission: everything, an event's photos, or one photo."""

    EVERYTHING = 0
    EVENT = 1
    PHOTO = 2


class Method(StrEnum):
    """How a statement was communicated."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    ORAL = "oral"
    STRONG_IDENTIFICATION = "strong_identification"
    ONLINE_CODE = "online_code"


class Credit(StrEnum):
    """Whether the photographer's credit is recorded (tekijänoikeuslaki 3 §)."""

    RECORDED = "recorded"
    MISSING = "missing"
    WAIVED = "waived"


class Commissioner(StrEnum):
    """Whether the commissioner of a portrait has agreed (27.2 §); `na`: not commissioned."""

    NA = "na"
    CONSENTED = "consented"
    NOT_CONSENTED = "not_consented"


class FileRights(StrEnum):
    """The file's own creator and rights fields, compared with the registry."""

    MATCHES = "matches"
    NONE = "none"
    CONFLICTS = "conflicts"
    REMOVED = "removed"


class Place(StrEnum):
    """Where the photo was taken."""

    PUBLIC_OUTDOOR = "public_outdoor"
    OFFICE_LOBBY = "office_lobby"
    SHOPPING_CENTRE = "shopping_centre"
    CARE_LOBBY = "care_lobby"
    CARE_OTHER = "care_other"
    SCHOOL_OR_DAYCARE = "school_or_daycare"
    MUNICIPAL_OTHER = "municipal_other"
    PRIVATE_HOME = "private_home"
    RESTRICTED_AREA = "restricted_area"
    UNKNOWN = "unknown"


PUBLIC_PLACES = frozenset(
    {Place.PUBLIC_OUTDOOR, Place.OFFICE_LOBBY, Place.SHOPPING_CENTRE, Place.CARE_LOBBY}
)
"""The guideline's public places (T6). The coordinator may add to them by policy."""

CARE_PLACES = frozenset({Place.CARE_LOBBY, Place.CARE_OTHER})
CLOSED_PLACES = frozenset({Place.PRIVATE_HOME, Place.RESTRICTED_AREA})


class Shot(StrEnum):
    """Whether the photo shows a view, or a person is its subject."""

    GENERAL_VIEW = "general_view"
    PERSON_SUBJECT = "person_subject"


class People(StrEnum):
    """Whether anybody can be recognised; `none` is a recorded answer."""

    NONE = "none"
    RECOGNISABLE = "recognisable"
    UNRECOGNISABLE = "unrecognisable"
    UNSURE = "unsure"


class Confidentiality(StrEnum):
    """Whether the photo reveals something confidential; `none` is a recorded answer."""

    NONE = "none"
    CARE_CLIENT = "care_client"
    PUPIL_WELFARE = "pupil_welfare"
    INTERNAL = "internal"
    PUBLICATION_BLOCK = "publication_block"
    UNSURE = "unsure"


class AgeGroup(StrEnum):
    """A person's age group, used when the date of birth is not recorded."""

    ADULT = "adult"
    MINOR = "minor"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """The role in which the person is shown."""

    PRIVATE = "private"
    PUBLIC_OFFICE = "public_office"


class Capacity(StrEnum):
    """Whether the person can decide about the consent."""

    OK = "ok"
    DOUBT = "doubt"
    NA = "na"


class AnswerState(StrEnum):
    """The current state of a consent or permission."""

    NONE = "none"
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REFUSALS = frozenset({AnswerState.REFUSED, AnswerState.WITHDRAWN})
"""The states that are a refusal."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One consent event as the rules see it: what was said, and about which uses.

    `channels` hold channel kinds and names of single channels, `purposes` purposes or `any`; of a
    refusal, none means all. `order` is the order of recording. `is_dated`: the day was stated on
    its own, else it is the day of recording. `is_live`: it was recorded on the day it was said.
    `names_kind`: the paper itself names the kind of channel, so it covers later channels too.
    `valid_until` is inclusive, `OPEN_ENDED` without an end. `is_whole`: its document is still what
    it was. `releases_confidential`: it also permits revealing something confidential.
    `licence_terms`: those of the Creative Commons licence by which it was given.
    """

    kind: ConsentKind
    day: date | None = None
    order: int = 0
    is_dated: bool = True
    is_live: bool = True
    reach: ReachLevel = ReachLevel.EVERYTHING
    channels: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    names_kind: bool = False
    valid_until: date | None = None
    documented: bool | None = None
    method: Method = Method.WRITTEN
    is_whole: bool = True
    releases_confidential: bool = False
    licence_terms: frozenset[LicenceTerm] = frozenset()

    @property
    def is_grant(self) -> bool:
        """Return whether it gives or renews a consent."""
        return self.kind in GRANTING_KINDS

    @property
    def is_refusal(self) -> bool:
        """Return whether it refuses or withdraws anything."""
        return self.kind in REFUSING_KINDS


@dataclass(frozen=True)
class Answer:
    """Everything that one person has said about the photo, in the order of recording."""

    statements: tuple[Statement, ...] = ()

    @cached_property
    def grants(self) -> tuple[Statement, ...]:
        """The statements that give or renew a consent."""
        return tuple(each for each in self.statements if each.is_grant)

    @cached_property
    def refusals(self) -> tuple[Statement, ...]:
        """The statements that refuse or withdraw anything."""
        return tuple(each for each in self.statements if each.is_refusal)

    def until(self, day: date | None) -> "Answer":
        """Return what had been said by the end of a day; everything if None."""
        if day is None:
            return self
        said = (s for s in self.statements if s.day is None or s.day <= day)
        return Answer(tuple(said))


@dataclass(frozen=True, slots=True)
class GuardianAnswer:
    """The answer of one who signs for a child, in one guardianship.

    `verified`: known to be a guardian of the child. `excused`: the coordinator recorded that this
    guardian cannot take part (lapsenhuoltolaki 5.2 §). `decides_alone`: a body decides in the
    place of the others. The guardianship lasts from `first_day` to `last_day`, both inclusive.
    """

    guardian: str
    answer: Answer = Answer()
    verified: bool = False
    excused: bool = False
    decides_alone: bool = False
    first_day: date | None = None
    last_day: date | None = None

    def is_in_force(self, day: date) -> bool:
        """Return whether the guardianship is in force on a day."""
        return (self.first_day or date.min) <= day <= (self.last_day or date.max)

    def as_guardian(self) -> "GuardianAnswer":
        """Return the answer without what was not said in this guardianship.

        Of an unknown day, a refusal counts and a yes does not.
        """
        if self.first_day is None and self.last_day is None:
            return self
        statements = self.answer.statements
        said = tuple(
            each
            for each in statements
            if (not each.is_grant if each.day is None else self.is_in_force(each.day))
        )
        return self if len(said) == len(statements) else replace(self, answer=Answer(said))


def age_in_years(born: date | None, day: date) -> int | None:
    """Return the age in whole years on `day`; a birthday on 29 February falls on 1 March."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def add_days(day: date, days: int) -> date:
    """Return the day so many days later, or earlier; at most the last day there is."""
    number = day.toordinal() + days
    return date.fromordinal(min(max(number, 1), date.max.toordinal()))


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A depicted registered person. `own` is their own answer; of a minor, the child's view."""

    person: str
    age_group: AgeGroup | None = None
    born: date | None = None
    deceased: bool = False
    died_on: date | None = None
    role: Role | None = None
    capacity: Capacity | None = None
    own: Answer = Answer()
    guardians_total: int | None = None
    guardians: tuple[GuardianAnswer, ...] = ()
    blocked: bool = False

    def __post_init__(self) -> None:
        """Drop the age group when the date of birth is known, which then decides."""
        if self.born is not None:
            object.__setattr__(self, "age_group", None)

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on `day`, or None when the birth date is not recorded."""
        return age_in_years(self.born, day)


@dataclass(frozen=True, slots=True)
class PermissionFacts:
    """One rights holder's answer about the use of the photo; of an unnamed one without an id.

    Of a photographer who was a minor, `guardians` have agreed or refused (holhoustoimilaki).
    """

    holder: str = ""
    answer: Answer = Answer()
    born: date | None = None
    age_group: AgeGroup | None = None
    guardians: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Everything that the rules may examine about one photo.

    `flagged`: it was stopped for a reason about no person; `objected`: by or about a person; and
    the flag has not been lifted. `version_changed`: it is a crop or another changed version of a
    licensed photo. `picture_unread`: the picture was never looked at, or has changed since.
    `second_look`: a statement that stood in the way was taken back, and nobody else has confirmed
    it. `copy_differs`: it is a likely copy of a photo of which more is said. `faces_found`: how
    many faces were found, unless it was answered what the others are. `day_differs`: the file's
    day lies more than two days outside the event's.
    """

    photographer: Photographer | None = None
    basis: Basis | None = None
    permissions: tuple[PermissionFacts, ...] = ()
    credit: Credit | None = None
    commissioner: Commissioner | None = None
    taken_year: int | None = None
    photographer_died_year: int | None = None
    file_rights: FileRights | None = None
    place: Place | None = None
    place_permission: bool | None = None
    shot: Shot | None = None
    people: People | None = None
    recognisable_count: int | None = None
    context_identifies: bool | None = None
    persons: tuple[PersonFacts, ...] = ()
    sensitive: bool | None = None
    confidentiality: Confidentiality | None = None
    confidential_release: bool | None = None
    terms_changed: bool | None = None
    flagged: bool = False
    objected: bool = False
    erased: bool = False
    licence_terms: frozenset[LicenceTerm] = frozenset()
    version_changed: bool = False
    depicted_work: DepictedWork | None = None
    digital_source: DigitalSource | None = None
    file_taken_year: int | None = None
    picture_unread: bool = False
    second_look: bool = False
    copy_differs: bool = False
    people_named: PeopleNamed | None = None
    faces_found: int | None = None
    day_differs: bool = False


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel that must be covered: its kind, its name, whose it is, and since when it exists.

    Without a name it stands for a whole kind.
    """

    kind: Channel
    name: str = ""
    is_own: bool = True
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One intended use: channel, mode, purpose and day.

    `channel_name` is the registry's own name of the channel, empty when a whole kind is asked
    about. `pages` are the municipality's public pages. `clock_is_behind`: the log has an entry of
    a later day than today.
    """

    channel: Channel
    day: date
    mode: Mode = Mode.UPLOAD
    purpose: Purpose = Purpose.INFORMATION
    channel_name: str = ""
    is_own: bool = True
    since: date | None = None
    pages: tuple[ChannelFacts, ...] = ()
    clock_is_behind: bool = False


def to_data(value: object) -> object:
    """Return facts (or a part of them) as plain JSON data, the same for equal facts."""
    if isinstance(value, _JSON_SCALARS):  # first: most values are scalars
        return value
    if isinstance(value, tuple | list | frozenset):
        parts: list[Any] = [to_data(v) for v in value]
        return sorted(parts) if isinstance(value, frozenset) else parts
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): to_data(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_data(getattr(value, f.name)) for f in _fields(type(value))}
    return value


_JSON_SCALARS = (str, int, float, NoneType)
_fields = cache(fields)


def digest(*values: object) -> str:
    """Return the SHA-256 of the canonical JSON of the values: equal facts, equal digest."""
    text = json.dumps([to_data(v) for v in values], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
