"""Setting up: the registry itself, its staff, channels and policy."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry import ledger
from photoreg.registry.database import Registry
from photoreg.registry.finding import the_channel, the_person, the_staff
from photoreg.registry.ledger import Action
from photoreg.registry.names import Kind, id_of
from photoreg.registry.records import (
    active_staff,
    add,
    all_staff,
    channel_named,
    channels_with_admins,
)
from photoreg.registry.tables import (
    ChannelAdmin,
    ChannelRow,
    PolicyVersion,
    RegistryInfo,
    Staff,
    StaffRole,
)
from photoreg.rulebook.facts import Channel
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    PolicyError,
    looser_than_default,
    policy_from,
    settings_of,
)
from photoreg.services.workplace import COORDINATORS, Workplace, current_policy, system_clock
from photoreg.texts import N_


def create_registry(
    path: Path,
    *,
    organisation: str,
    login: str,
    name: str,
    clock: Callable[[], datetime] = system_clock,
) -> None:
    """Create a registry with its first coordinator and the default policy."""
    organisation, login, name = required(organisation), required(login, 64), required(name)
    registry = Registry.create(path)
    now = clock()
    with registry.writing() as session:
        add(session, RegistryInfo(organisation=organisation, created_at=now))
        staff = Staff(login=login, name=name, role=StaffRole.COORDINATOR)
        actor = add(session, staff)
        settings = settings_of(DEFAULT_POLICY)
        add(session, PolicyVersion(settings=settings, adopted_at=now, adopted_by=actor))
        ledger.append(
            session,
            at=now,
            actor_id=actor,
            action=Action.REGISTRY_CREATED,
            subject=f"staff:{actor}",
            details={},
        )
    registry.close()


def required(value: str, limit: int = 200) -> str:
    """Return a text without surrounding blanks; InputDataError when nothing or too much is left."""
    stripped = " ".join(value.split())
    if not stripped or len(stripped) > limit:
        raise InputDataError(
            N_("a name or text is empty or longer than {limit} characters"),
            N_("Write it out, and keep it short."),
            limit=limit,
        )
    if not stripped.isprintable():
        raise InputDataError(
            N_("the text holds characters that cannot be shown"), N_("Type it again by hand.")
        )
    return stripped


def add_staff(
    workplace: Workplace, *, login: str, name: str, role: StaffRole, person: str | None = None
) -> int:
    """Add somebody who works with the registry. `person`: the same human as a photographer."""
    with workplace.changing(COORDINATORS) as desk:
        if active_staff(desk.session, login):
            raise already(login)
        person_id = id_of(the_person(desk.session, person)) if person else None
        row = Staff(login=required(login, 64), name=required(name), role=role, person_id=person_id)
        number = add(desk.session, row)
        desk.log(Action.STAFF_ADDED, "staff", number, role=role)
        return number


def already(value: str) -> NotAllowed:
    """Return the error for something that the registry holds already."""
    return NotAllowed(
        N_("{value} is in the registry already"), N_("Use it, or choose another name."), value=value
    )


def add_channel(
    workplace: Workplace,
    *,
    name: str,
    title: str,
    kind: Channel,
    admins: Sequence[str] = (),
    terms_url: str = "",
) -> tuple[int, bool]:
    """Add a channel; return its number and whether it has as many administrators as Y1 asks."""
    with workplace.changing(COORDINATORS) as desk:
        slug = required(name, 64).lower()
        if slug in set(Channel) - {kind} or channel_named(desk.session, slug):
            raise already(slug)
        row = ChannelRow(name=slug, title=required(title), kind=kind, terms_url=terms_url)
        number = add(desk.session, row)
        staff = {id_of(the_staff(desk.session, login)) for login in admins}
        for staff_id in sorted(staff):
            add(desk.session, ChannelAdmin(channel_id=number, staff_id=staff_id))
        desk.log(Action.CHANNEL_ADDED, "channel", number, kind=kind, admins=sorted(staff))
        return number, len(staff) >= current_policy(desk.session)[1].min_channel_admins


def note_changed_terms(workplace: Workplace, *, channel: str, on: date | None = None) -> None:
    """Note that the service behind a channel changed its terms (guideline J4)."""
    with workplace.changing(COORDINATORS) as desk:
        row = the_channel(desk.session, channel)
        day = desk.past_day(on)
        row.terms_changed_on = day
        add(desk.session, row)
        desk.log(Action.CHANNEL_TERMS_CHANGED, "channel", row.id, on=day)


def set_policy(workplace: Workplace, changes: Mapping[str, object]) -> int:
    """Adopt the policy with these settings changed, as a new version; return its number."""
    with workplace.changing(COORDINATORS) as desk:
        _, policy = current_policy(desk.session)
        try:
            changed = settings_of(policy_from({**settings_of(policy), **changes}))
        except PolicyError as error:
            raise InputDataError(
                N_("the policy has no setting {setting} with this value"),
                N_("It may be: {allowed}."),
                setting=error.setting,
                allowed=error.allowed,
            ) from error
        row = PolicyVersion(settings=changed, adopted_at=desk.now, adopted_by=desk.actor.id)
        add(desk.session, row)
        desk.log(Action.POLICY_SET, Kind.POLICY, row.version, settings=sorted(changes))
        return row.version or 0


def list_staff(workplace: Workplace) -> list[dict[str, Any]]:
    """Return who works with the registry."""
    with workplace.reading() as desk:
        return [
            {"login": s.login, "name": s.name, "role": s.role, "active": s.active}
            for s in all_staff(desk.session)
        ]


def list_channels(workplace: Workplace) -> list[dict[str, Any]]:
    """Return the channels with their administrators."""
    with workplace.reading() as desk:
        fewest = current_policy(desk.session)[1].min_channel_admins
        return [
            {
                "name": channel.name,
                "title": channel.title,
                "kind": channel.kind,
                "admins": admins,
                "too_few_admins": len(admins) < fewest,
                "terms_changed_on": channel.terms_changed_on,
            }
            for channel, admins in channels_with_admins(desk.session)
        ]


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


def upgrade_registry(path: Path) -> None:
    """Bring the registry file to the newest schema version; all of it, or nothing."""
    Registry.upgrade(path)
