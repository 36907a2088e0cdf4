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
from photoreg.registry.publications import administrators
from photoreg.registry.records import (
    add,
    all_staff,
    channel_named,
    channels_with_admins,
)
from photoreg.registry.tables.organisation import (
    ChannelAdmin,
    ChannelRow,
    PolicyVersion,
    RegistryInfo,
)
from photoreg.registry.tables.people import Staff, StaffRole
from photoreg.rulebook.facts import Channel
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    Policy,
    PolicyError,
    looser_than_default,
    policy_from,
    settings_of,
)
from photoreg.rulebook.reasons import months_later
from photoreg.services.units import LONGEST, unit_to_record
from photoreg.services.workplace import (
    COORDINATORS,
    Desk,
    Workplace,
    current_policy,
    system_clock,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


def create_registry(
    where: Path | str,
    *,
    organisation: str,
    login: str,
    name: str,
    clock: Callable[[], datetime] = system_clock,
    evidence: Path | None = None,
) -> None:
    """Create a registry with its first coordinator and the default policy.

    `where` and `evidence` are those of `Registry`.
    """
    organisation, login, name = required(organisation), required(login, 64), required(name)
    registry = Registry.create(where, evidence)
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
    workplace: Workplace,
    *,
    login: str,
    name: str,
    role: StaffRole,
    person: str | None = None,
    unit: str = "",
    new_unit: bool = False,
) -> int:
    """Add somebody who works with the registry. `person`: the same human as a photographer.

    `unit` is as in `units.unit_to_record`.
    """
    with workplace.changing(COORDINATORS) as desk:
        login = required(login, 64)
        if any(staff.login == login for staff in all_staff(desk.session)):
            raise already(login)
        person_id = id_of(the_person(desk.session, person)) if person else None
        row = Staff(
            login=login,
            name=required(name),
            role=role,
            person_id=person_id,
            unit=_unit(desk, unit, is_new=new_unit),
        )
        number = add(desk.session, row)
        desk.log(Action.STAFF_ADDED, "staff", number, role=role)
        return number


def _unit(desk: Desk, named: str, *, is_new: bool) -> str | None:
    typed = required(named, LONGEST) if named.strip() else ""
    return unit_to_record(desk, typed, is_new=is_new)


def change_staff(
    workplace: Workplace,
    login: str,
    *,
    role: StaffRole | None = None,
    active: bool | None = None,
    name: str | None = None,
    person: str | None = None,
    unit: str | None = None,
    new_unit: bool = False,
) -> None:
    """Change what somebody on the staff may do, or note that they left or came back.

    What they did stays theirs. Somebody must remain who is the communications coordinator. An
    empty `unit` takes it away.
    """
    with workplace.changing(COORDINATORS) as desk:
        row = the_staff(desk.session, login)
        before = row.model_dump()
        row.role = role or row.role
        row.active = row.active if active is None else active
        row.name = required(name) if name is not None else row.name
        row.person_id = id_of(the_person(desk.session, person)) if person else row.person_id
        if unit is not None:
            row.unit = _unit(desk, unit, is_new=new_unit)
        coordinators = (s for s in all_staff(desk.session) if s.role is StaffRole.COORDINATOR)
        if not any(s.active for s in coordinators):
            raise NotAllowed(
                N_("nobody would be the communications coordinator any more"),
                N_("Make somebody else coordinator first."),
                step=NextStep.to(NextAction.STAFF_CHANGE, "login", "role"),
            )
        if row.model_dump() == before:
            return
        add(desk.session, row)
        desk.log(Action.STAFF_CHANGED, "staff", row.id, role=row.role, active=row.active)


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
        row = ChannelRow(
            name=slug,
            title=required(title),
            kind=kind,
            terms_url=terms_url,
            reviewed_on=desk.today,
        )
        number = add(desk.session, row)
        staff = {id_of(the_staff(desk.session, login)) for login in admins}
        for staff_id in sorted(staff):
            add(desk.session, ChannelAdmin(channel_id=number, staff_id=staff_id))
        desk.log(Action.CHANNEL_ADDED, "channel", number, kind=kind, admins=sorted(staff))
        return number, len(staff) >= current_policy(desk.session)[1].min_channel_admins


def change_admins(
    workplace: Workplace, channel: str, *, add_logins: Sequence[str], remove_logins: Sequence[str]
) -> bool:
    """Name administrators of a channel, or take them off; tell whether there are enough (Y1)."""
    with workplace.changing(COORDINATORS) as desk:
        row = the_channel(desk.session, channel)
        number = id_of(row)
        coming = {id_of(the_staff(desk.session, login)) for login in add_logins}
        leaving = {id_of(the_staff(desk.session, login)) for login in remove_logins}
        for staff_id in sorted(coming):
            desk.session.merge(ChannelAdmin(channel_id=number, staff_id=staff_id))
        for staff_id in sorted(leaving):
            link = desk.session.get(ChannelAdmin, (number, staff_id))
            if link is not None:
                desk.session.delete(link)
        desk.session.flush()
        desk.log(
            Action.CHANNEL_CHANGED,
            "channel",
            number,
            admins_added=sorted(coming),
            admins_removed=sorted(leaving),
        )
        there = administrators(desk.session).get(number, [])
        return len(there) >= current_policy(desk.session)[1].min_channel_admins


def note_review(workplace: Workplace, channel: str, on: date | None = None) -> date:
    """Note that a channel's practices were gone through (guideline V6); return when next."""
    with workplace.changing(COORDINATORS) as desk:
        row = the_channel(desk.session, channel)
        row.reviewed_on = desk.past_day(on)
        add(desk.session, row)
        desk.log(Action.CHANNEL_REVIEWED, "channel", row.id, on=row.reviewed_on)
        interval = current_policy(desk.session)[1].review_interval_months
        return months_later(row.reviewed_on, interval)


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


def list_staff(workplace: Workplace) -> list[dict[str, Any]]:
    """Return who works with the registry."""
    with workplace.reading() as desk:
        return [
            {"login": s.login, "name": s.name, "role": s.role, "unit": s.unit, "active": s.active}
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


def upgrade_registry(where: Path | str) -> bool:
    """Bring the registry to the newest schema version, all of it or nothing: was it older?"""
    return Registry.upgrade(where)
