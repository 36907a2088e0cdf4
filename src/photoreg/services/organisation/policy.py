"""The policy: shown, and changed as a new version."""

import json
from collections.abc import Mapping
from typing import Any

from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind
from photoreg.registry.ledger import Action
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import (
    PolicyVersion,
)
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    Policy,
    PolicyError,
    looser_than_default,
    policy_from,
    settings_of,
)
from photoreg.services.unit_of_work import (
    COORDINATORS,
    Desk,
    Workplace,
    current_policy,
)
from photoreg.texts import N_


def set_policy(workplace: Workplace, changes: Mapping[str, object]) -> int:
    """Adopt the policy with these settings changed, as a new version; return its number."""
    with workplace.changing(COORDINATORS) as desk:
        changed = settings_of(policy_with(desk, changes))
        row = PolicyVersion(settings=changed, adopted_at=desk.now, adopted_by=desk.actor.id)
        add(desk.session, row)
        desk.log(Action.POLICY_SET, Kind.POLICY, row.version, settings=sorted(changes))
        return row.version or 0


def policy_with(desk: Desk, changes: Mapping[str, object]) -> Policy:
    """Return the policy in force with these settings changed; InputDataError for an unknown one."""
    _, policy = current_policy(desk.session)
    try:
        return policy_from({**settings_of(policy), **changes})
    except PolicyError as error:
        raise InputDataError(
            N_("the policy has no setting {setting} with this value"),
            N_("It may be: {allowed}."),
            setting=error.setting,
            allowed=error.allowed,
        ) from error


def show_policy(workplace: Workplace) -> tuple[int, list[dict[str, Any]]]:
    """Return the version in force and each setting beside its default."""
    with workplace.reading() as desk:
        version, policy = current_policy(desk.session)
    looser, defaults = looser_than_default(policy), settings_of(DEFAULT_POLICY)
    return version, [
        {
            "setting": name,
            "value": as_toml(value),
            "default": as_toml(defaults[name]),
            "looser": name in looser,
        }
        for name, value in settings_of(policy).items()
    ]


def as_toml(value: object) -> str:
    """Return a setting as it is typed: `off` where there is none."""
    return "off" if value is None else json.dumps(value, ensure_ascii=False)
