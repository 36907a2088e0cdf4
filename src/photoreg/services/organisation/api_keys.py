"""Keys of the API: each is an actor of its own, for some channels and uses, until a day.

What a key may do is asked wherever it acts, by `Application`; see `unit_of_work.KeyRights`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.access.secrets import hash_of, new_secret
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_channel
from photoreg.registry.queries.api_keys import all_keys
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.rows import add, add_all
from photoreg.registry.tables.credentials import ApiKey, ApiKeyChannel
from photoreg.registry.tables.people import ApiScope, Staff, StaffRole
from photoreg.services.application import Application
from photoreg.services.inputs import already_exists_error, refuse_look_alikes
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, scopes_of
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class ListedApiKey:
    """A key as listed; the key itself is known to nobody but its owner."""

    name: str
    scopes: tuple[ApiScope, ...]
    channels: tuple[str, ...]
    last_day: date
    works: bool
    added_by: str


def add_key(
    application: Application,
    *,
    name: str,
    scopes: Sequence[ApiScope],
    channels: Sequence[str],
    until: date,
) -> str:
    """Make a key, and return it: it is shown this once. A coordinator's right.

    On a server the desk makes none: whoever controls it could act by keys of their own.
    """
    if application.secret and application.registry.is_on_server:
        raise NotAllowed(
            N_("API keys are not made on the desk when the registry is on a server"),
            N_("Make it on the command line, with your own login on the server."),
            step=NextStep.to(NextAction.API_KEY_ADD, "scope", "channel", "until", name=name),
        )
    secret = new_secret()
    with application.changing(COORDINATORS) as work:
        _require_valid(work, name, scopes, channels, until)
        numbers = sorted({id_of(find_channel(work.session, channel)) for channel in channels})
        staff = add(work.session, Staff(login=name, name=name, role=StaffRole.API_KEY))
        chosen = [scope for scope in ApiScope if scope in scopes]
        row = ApiKey(
            staff_id=staff,
            sha256=hash_of(secret),
            scopes=";".join(chosen),
            last_day=until,
            added_at=work.now,
            added_by=work.actor.id,
        )
        key = add(work.session, row)
        add_all(work.session, [ApiKeyChannel(key_id=key, channel_id=number) for number in numbers])
        work.log(
            Action.API_KEY_ADDED,
            "staff",
            staff,
            scopes=chosen,
            channel=numbers,
            until=until,
        )
    return f"{name}.{secret}"


def parts_of(key: str) -> tuple[str, str]:
    """Return the name and the secret in a key."""
    name, _dot, secret = key.partition(".")
    return name, secret


def _require_valid(
    work: UnitOfWork, name: str, scopes: Sequence[ApiScope], channels: Sequence[str], until: date
) -> None:
    if not _NAME.fullmatch(name):
        raise InputDataError(
            N_("{name} cannot be the name of a key"),
            N_("Use small letters a–z, digits and hyphens, at most 40, such as website-2027."),
            fields=("name",),
            name=name,
        )
    logins = [other.login for other in all_staff(work.session)]
    if name in logins:
        raise already_exists_error(name)
    refuse_look_alikes(name, logins, N_("Choose a name that nobody takes for another."))
    for field, given in (("scope", scopes), ("channel", channels)):
        if not given:
            raise InputDataError(
                N_("it is not stated what the key may do, or on which channel"),
                N_("Choose at least one of each."),
                fields=(field,),
            )
    if until < work.today:
        raise InputDataError(
            N_("{day} is in the past"),
            N_("Give today or a later day."),
            fields=("until",),
            day=until,
        )


def revoke_key(application: Application, name: str) -> None:
    """Let a key work no more, at once. A coordinator's right."""
    with application.changing(COORDINATORS) as work:
        found = next((each for each in all_keys(work.session) if each[1].login == name), None)
        if found is None:
            raise NotFound(
                N_("there is no API key {name}"),
                N_("See the API keys."),
                step=NextStep.to(NextAction.API_KEY_LIST),
                name=name,
            )
        row, staff, _channels = found
        if row.revoked_at is not None:
            return
        row.revoked_at, row.revoked_by, staff.active = work.now, work.actor.id, False
        add_all(work.session, [row, staff])
        work.log(Action.API_KEY_REVOKED, "staff", staff.id)


def list_keys(application: Application) -> list[ListedApiKey]:
    """Return the keys, those that work no more too."""
    with application.reading() as work:
        logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
        return [
            ListedApiKey(
                name=staff.login,
                scopes=scopes_of(row),
                channels=tuple(channels),
                last_day=row.last_day,
                works=row.revoked_at is None and row.last_day >= work.today,
                added_by=logins[row.added_by],
            )
            for row, staff, channels in all_keys(work.session)
        ]
