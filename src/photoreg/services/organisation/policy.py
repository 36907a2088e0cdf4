"""Show the policy, and adopt changes to it as a new version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.ids import Kind
from photoreg.registry.ledger import Action
from photoreg.registry.names import near
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import (
    PolicyVersion,
)
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    Logins,
    Policy,
    PolicyError,
    looser_than_default,
    parse_policy,
    policy_settings,
)
from photoreg.services.application import Application
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, current_policy
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class AdoptedPolicy:
    """The version of the settings in force; `is_new` unless they were in force already."""

    version: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class PolicySetting:
    """A setting in force beside its default, both as typed; `looser` than the default or not."""

    setting: str
    value: object
    default: object
    looser: bool


def set_policy(application: Application, changes: Mapping[str, object]) -> AdoptedPolicy:
    """Adopt the policy with these settings changed, as a new version unless nothing differs."""
    with application.changing(COORDINATORS) as work:
        policy = changed_policy(work, changes)
        is_own = work.actor.is_proven or application.is_own_login
        if policy.logins is Logins.COMPUTER and not is_own:
            raise NotAllowed(
                N_("with this setting you could not use the registry yourself"),
                N_("Log in to the computer as {login}, then change the setting."),
                login=application.login,
            )
        version, in_force = current_policy(work.session)
        earlier, changed = policy_settings(in_force), policy_settings(policy)
        if changed == earlier:
            return AdoptedPolicy(version, is_new=False)
        row = PolicyVersion(settings=changed, adopted_at=work.now, adopted_by=work.actor.id)
        add(work.session, row)
        differ = sorted(name for name in changed if changed[name] != earlier[name])
        sides = {
            side: {name: _logged(name, values[name]) for name in differ}
            for side, values in (("was", earlier), ("is", changed))
        }
        work.log(Action.POLICY_SET, Kind.POLICY, row.version, settings=sorted(changes), **sides)
        return AdoptedPolicy(row.version or 0, is_new=True)


def _logged(name: str, value: object) -> object:
    """Return a setting as the log holds it; contacts may name somebody."""
    return "*" if value and name in {"controller_contact", "data_protection_officer"} else value


def changed_policy(work: UnitOfWork, changes: Mapping[str, object]) -> Policy:
    """Return the policy in force with these settings changed; InputDataError for an unknown one."""
    _, policy = current_policy(work.session)
    try:
        return parse_policy({**policy_settings(policy), **changes})
    except PolicyError as error:
        alike = [] if error.is_known else near(error.setting, error.allowed.split(", "))
        text, hint = (
            (N_("{setting} cannot have this value"), N_("Allowed values: {allowed}."))
            if error.is_known
            else (N_("there is no setting {setting}"), N_("The settings are: {allowed}."))
        )
        raise InputDataError(
            text,
            N_("Did you mean {near}?") if alike else hint,
            setting=error.setting,
            near=", ".join(alike),
            allowed=error.allowed,
        ) from error


def show_policy(application: Application) -> tuple[int, list[PolicySetting]]:
    """Return the version in force and its settings."""
    with application.reading() as work:
        version, policy = current_policy(work.session)
    looser, defaults = looser_than_default(policy), policy_settings(DEFAULT_POLICY)
    return version, [
        PolicySetting(
            setting=name,
            value=value,
            default=defaults[name],
            looser=name in looser,
        )
        for name, value in policy_settings(policy).items()
    ]


def format_setting(value: object) -> str:
    """Return a setting as it is typed: `off` where there is none."""
    return "off" if value is None else json.dumps(value, ensure_ascii=False)
