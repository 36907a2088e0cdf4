"""Keys that sign anchors: the registry's own, and those of auditors.

The private key never is in the registry, and so in no backup. The public keys are, for ever: what
an earlier key has signed is verified with it.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.engines.database import Registry, Session
from photoreg.registry.ledger import Action
from photoreg.registry.names import plain_name
from photoreg.registry.queries.log_keys import log_keys, log_keys_with_staff
from photoreg.registry.rows import add
from photoreg.registry.tables.credentials import LogKey
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.transparency.keys import (
    SigningKey,
    new_key,
    open_key,
    require_long,
    write_key,
)
from photoreg.registry.transparency.notes import KeyType, VerifierKey
from photoreg.services.application import Application
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_coordinator
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

Passphrase = Callable[[], str]
"""Asks for a passphrase, when everything else is known to be right."""

_ID_BYTES = 8
_MAX_SLUG = 60


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key of the registry: its short id, its public key, since when, and who made it."""

    id: str
    public_key: str
    added_at: datetime
    login: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key: its public part, and the file with the private one."""

    public: VerifierKey
    file: Path


def make_log_key(
    application: Application, file: Path | None, passphrase: Passphrase, *, renews: bool = False
) -> MadeKey:
    """Make the key that signs the registry's anchors, or with `renews` one that follows it.

    Only for coordinators. Without `file` it is kept beside the registry. Nothing is written over:
    the earlier key's file stays, and its public key stays in the registry.
    """
    with application.reading() as work:
        require_coordinator(work)
        _require_renewal(work.session, renews=renews)
    secret = _new_passphrase(passphrase)
    with application.changing(COORDINATORS) as work:
        known = _require_renewal(work.session, renews=renews)
        name = known[0].name if known else f"{_prefix(work.session)}/{secrets.token_hex(_ID_BYTES)}"
        key = new_key(name, KeyType.NOTE)
        row = LogKey(public_key=str(key.public), added_at=work.now, added_by=work.actor.id)
        number = add(work.session, row)
        work.log(Action.LOG_KEY_ADDED, "log_key", number, key=key.public.id.hex())
        target = file or key_file_beside(application.registry, key.public)
        write_key(target, key, secret)
    return MadeKey(key.public, target)


def _require_renewal(session: Session, *, renews: bool) -> list[VerifierKey]:
    """Return the registry's keys; NotAllowed unless there are some exactly when one is renewed."""
    known = log_keys(session)
    if known and not renews:
        raise NotAllowed(
            N_("the registry has a key already: {key}"),
            N_("If its file or its passphrase is lost, or somebody else knows it, renew it."),
            step=NextStep.to(NextAction.AUDIT_MAKE_KEY, renew="yes"),
            key=known[0].id.hex(),
        )
    if renews and not known:
        raise no_key_error()
    return known


def no_key_error() -> NotAllowed:
    """Return the error for a registry that has no key yet."""
    return NotAllowed(
        N_("the registry has no key to sign with"),
        N_("The communications coordinator makes one, once."),
        step=NextStep.to(NextAction.AUDIT_MAKE_KEY),
    )


def make_own_key(application: Application, file: Path, passphrase: Passphrase) -> MadeKey:
    """Make a key of the acting user, such as an auditor, which signs beside the registry's.

    The registry is not told of it: whoever relies on it gets the public key from its owner.
    """
    with application.reading() as work:
        name = f"{_prefix(work.session)}/{_slug(work.actor.login)}"
    key = new_key(name, KeyType.COSIGNATURE)
    write_key(file, key, _new_passphrase(passphrase))
    return MadeKey(key.public, file)


def _new_passphrase(ask: Passphrase) -> str:
    secret = ask()
    require_long(secret)
    return secret


def _prefix(session: Session) -> str:
    organisation = session.get_one(RegistryInfo, 1).organisation
    return f"photoreg.{_slug(organisation)}"


def _slug(name: str) -> str:
    """Return a name in letters that every program takes: `enontekion-kunta`."""
    letters = re.sub(r"[^a-z0-9]+", "-", plain_name(name)).strip("-")
    return letters[:_MAX_SLUG] or "registry"


def key_file_beside(registry: Registry, key: VerifierKey) -> Path:
    """Return where a key is kept unless said otherwise; InputDataError for a server's registry."""
    if registry.is_on_server:
        raise InputDataError(
            N_("the registry is on a server, so it must be said where its key is"),
            N_("Give a file on this computer, in a folder of your own."),
            fields=("key_file",),
        )
    path = registry.path
    return path.with_name(f"{path.name}.{key.id.hex()}.key")


def list_keys(application: Application) -> list[ListedKey]:
    """Return the registry's keys, the newest first: it is the one in force."""
    with application.reading() as work:
        return [_listed(row, login, place) for place, (row, login) in _numbered(work)]


def _numbered(work: UnitOfWork) -> enumerate[tuple[LogKey, str]]:
    return enumerate(log_keys_with_staff(work.session))


def _listed(row: LogKey, login: str, place: int) -> ListedKey:
    _, short, _ = row.public_key.split("+", 2)
    return ListedKey(short, row.public_key, row.added_at, login, in_force=place == 0)


def open_log_key(
    application: Application, file: Path | None, passphrase: Passphrase
) -> tuple[Path, SigningKey]:
    """Return the file of the key in force and the key; InputDataError when it is another key."""
    with application.reading() as work:
        known = log_keys(work.session)
    if not known:
        raise no_key_error()
    file = file or key_file_beside(application.registry, known[0])
    key = open_key(file, KeyType.NOTE, passphrase)
    if key.public != known[0]:
        raise InputDataError(
            N_("the key in {file} is not the one in force: {key}"),
            N_("Give the file of the key in force."),
            step=NextStep.to(NextAction.AUDIT_KEYS),
            fields=("key_file",),
            file=file,
            key=known[0].id.hex(),
        )
    return file, key
