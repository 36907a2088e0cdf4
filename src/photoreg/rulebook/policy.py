"""The municipality's settings: versioned data, with defaults that are the strictest reading.

Read from TOML (`tomllib`, standard library) or from a stored snapshot; both go through
`parse_policy`, which rejects unknown names and impossible values.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from photoreg.rulebook.facts import CLOSED_PLACES, Method, Place


class Guardians(StrEnum):
    """How many guardians must consent: all (lapsenhuoltolaki 5.1 §) or one."""

    ALL = "all"
    ONE = "one"


class ClosedGroup(StrEnum):
    """Whether a closed group is treated as fully public (J1) or consent may cover it alone."""

    AS_PUBLIC = "as_public"
    OWN_SCOPE = "own_scope"


class DataMining(StrEnum):
    """What files declare about training programs with the photo (DSM directive, article 4(3))."""

    PROHIBITED = "prohibited"
    ONLY_FOR_SEARCH = "only_for_search"
    ALLOWED = "allowed"
    UNSPECIFIED = "unspecified"


class Logins(StrEnum):
    """Whether whoever acts may state another login than the one on their computer."""

    CLAIMED = "claimed"
    COMPUTER = "computer"


class StaffSee(StrEnum):
    """Whose names, birth dates and contacts staff see: of their own unit's people, or of all."""

    UNIT = "unit"
    ALL = "all"


YES_BY = frozenset(Method) - {Method.ONLINE_CODE}
"""The methods by which a yes counts by default; a no counts by any method."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of rulebook §4. Ages in whole years, limits in the unit of their name.

    `logins`: whether another login than the computer's may be stated. `staff_see`: whose names
    employees and elected officials of a unit see. `yes_by`: the methods by
    which a consent or permission counts; a refusal counts by any.
    `correction_minutes`: how long whoever made a slip may correct it without a second look.
    `ask_about_faces`: whether more faces than stated people are asked about.
    """

    guardians: Guardians = Guardians.ALL
    child_age: int = 18
    child_view_age: int = 15
    closed_group: ClosedGroup = ClosedGroup.AS_PUBLIC
    public_places: frozenset[Place] = frozenset()
    yes_by: frozenset[Method] = YES_BY
    four_eyes: bool = True
    logins: Logins = Logins.CLAIMED
    staff_see: StaffSee = StaffSee.UNIT
    correction_minutes: int = 15
    ask_about_faces: bool = True
    response_target_hours: int = 24
    review_interval_months: int = 12
    min_channel_admins: int = 2
    max_consent_age_months: int | None = None
    retention_months: int | None = None
    data_mining: DataMining = DataMining.PROHIBITED
    controller_contact: str = ""
    data_protection_officer: str = ""


DEFAULT_POLICY = Policy()

NUMBER_RANGES: dict[str, tuple[int, int]] = {
    "child_age": (13, 21),
    "child_view_age": (0, 21),
    "correction_minutes": (0, 24 * 60),
    "response_target_hours": (1, 24 * 365),
    "review_interval_months": (1, 120),
    "min_channel_admins": (1, 100),
    "max_consent_age_months": (1, 1200),
    "retention_months": (1, 1200),
}
"""Lowest and highest value of each number."""

CHOICES: dict[str, type[StrEnum]] = {
    "guardians": Guardians,
    "closed_group": ClosedGroup,
    "data_mining": DataMining,
    "logins": Logins,
    "staff_see": StaffSee,
}
"""The enumeration of which each choice is one value."""

SWITCHES = frozenset({"four_eyes", "ask_about_faces"})
"""The settings that are on or off."""

_TEXT_SETTINGS = frozenset({"controller_contact", "data_protection_officer"})
"""What forms print about the controller (GDPR art. 13.1); no rule uses it."""

MAX_TEXT_LENGTH = 200

_OPTIONAL_SETTINGS = frozenset({"max_consent_age_months", "retention_months"})


class PolicyError(ValueError):
    """A setting that cannot have this value or, unless `is_known`, does not exist.

    `allowed` are the values, or the settings there are.
    """

    def __init__(self, setting: str, allowed: str, *, is_known: bool = True) -> None:
        super().__init__(f"{setting}: {allowed}")
        self.setting, self.allowed, self.is_known = setting, allowed, is_known


def parse_policy(settings: Mapping[str, object]) -> Policy:
    """Return the policy with these settings; every other setting keeps its default.

    Raises PolicyError for an unknown setting or a value out of range.
    """
    known = {f.name for f in fields(Policy)}
    for name in settings:
        if name not in known:
            raise PolicyError(name, ", ".join(sorted(known)), is_known=False)
    return Policy(**{n: _checked(n, v) for n, v in settings.items()})  # type: ignore[arg-type]


def _checked(name: str, value: object) -> object:
    if name in _OPTIONAL_SETTINGS and value is None:
        return None
    if name in NUMBER_RANGES:
        low, high = NUMBER_RANGES[name]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise PolicyError(name, f"{low}-{high}")
        return value
    if name in _TEXT_SETTINGS:
        return _checked_text(name, value)
    if name in SWITCHES:
        if not isinstance(value, bool):
            raise PolicyError(name, "true, false")
        return value
    if name in _SETS:
        return _SETS[name](value)
    choices = CHOICES[name]
    if not isinstance(value, str) or value not in set(choices):
        raise PolicyError(name, ", ".join(choices))
    return choices(value)


def _checked_text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT_LENGTH or not value.isprintable():
        raise PolicyError(name, f"0-{MAX_TEXT_LENGTH}")
    return value.strip()


def _checked_places(value: object) -> frozenset[Place]:
    possible = SEVERAL["public_places"]
    values = list(value) if isinstance(value, list | tuple | set | frozenset) else [None]
    if not all(isinstance(v, str) and v in possible for v in values):
        raise PolicyError("public_places", ", ".join(possible))
    return frozenset(Place(str(v)) for v in values)


def _checked_methods(value: object) -> frozenset[Method]:
    values = list(value) if isinstance(value, list | tuple | set | frozenset) else []
    if not values or not all(isinstance(v, str) and v in set(Method) for v in values):
        raise PolicyError("yes_by", ", ".join(Method))
    return frozenset(Method(str(v)) for v in values)


SEVERAL: dict[str, tuple[StrEnum, ...]] = {
    "public_places": tuple(p for p in Place if p not in CLOSED_PLACES | {Place.UNKNOWN}),
    "yes_by": tuple(Method),
}
"""The values of which each of these settings has any number."""

_SETS: dict[str, Callable[[object], object]] = {
    "public_places": _checked_places,
    "yes_by": _checked_methods,
}


def policy_settings(policy: Policy) -> dict[str, object]:
    """Return the settings as plain JSON data; `parse_policy` reads them back."""
    settings = asdict(policy)
    settings["public_places"] = sorted(policy.public_places)
    settings["yes_by"] = sorted(policy.yes_by)
    return settings


def looser_than_default(policy: Policy) -> list[str]:
    """Return the settings that protect less than the default; audit reports show them first."""
    default = DEFAULT_POLICY
    looser = {
        "guardians": policy.guardians is Guardians.ONE,
        "child_age": policy.child_age < default.child_age,
        "child_view_age": policy.child_view_age > default.child_view_age,
        "closed_group": policy.closed_group is ClosedGroup.OWN_SCOPE,
        "public_places": bool(policy.public_places),
        "yes_by": bool(policy.yes_by - default.yes_by),
        "four_eyes": not policy.four_eyes,
        "staff_see": policy.staff_see is not default.staff_see,
        "correction_minutes": policy.correction_minutes > default.correction_minutes,
        "ask_about_faces": not policy.ask_about_faces,
        "response_target_hours": policy.response_target_hours > default.response_target_hours,
        "review_interval_months": policy.review_interval_months > default.review_interval_months,
        "min_channel_admins": policy.min_channel_admins < default.min_channel_admins,
        "data_mining": policy.data_mining is not default.data_mining,
    }
    return [name for name, is_looser in looser.items() if is_looser]
