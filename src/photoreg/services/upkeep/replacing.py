"""What a restore asks of the registry that it replaces: who may do it, and what would be undone.

Roles are those of the replaced registry. Only where its content cannot be read do those of the
backup decide; then nobody knows what was said since, and coordinators are told.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from photoreg.errors import RegistryError
from photoreg.registry import ledger
from photoreg.registry.engines import backup
from photoreg.registry.engines.database import Registry, Session
from photoreg.registry.ledger import Action
from photoreg.registry.ledger_check import require_intact_log
from photoreg.registry.queries.organisation import active_staff, all_staff
from photoreg.registry.queries.restores import actions_after, last_common_entry
from photoreg.registry.rows import add
from photoreg.registry.tables.people import Staff
from photoreg.services.application import Application, system_clock
from photoreg.services.unit_of_work import COORDINATORS, HELSINKI, UnitOfWork, require_coordinator
from photoreg.services.upkeep.carried_stops import CarriedStop, carry_stops
from photoreg.services.upkeep.sent_photos import PhotosToBring
from photoreg.services.upkeep.stricter_photos import flag_stricter

_UNREADABLE_VALUES = (TypeError, ValueError, LookupError)
"""What reading a value raises that its column cannot hold."""


class Replaced(StrEnum):
    """What was in the place of a restored registry."""

    NOTHING = "nothing"
    REGISTRY = "registry"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Restorer:
    """Who restores: the login as stated and on the computer; and the clock."""

    login: str
    computer_login: str = ""
    clock: Callable[[], datetime] = system_clock

    def application(self, registry: Registry) -> Application:
        """Return the application as whom they act in a registry."""
        return Application(registry, self.login, self.clock, self.computer_login)


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What a restore will do: the time of the backup, what stands there, what will be undone.

    `undone` counts the entries of the log that the backup lacks, by action. Without `is_verified`
    the backup holds records that were changed outside photoreg.
    """

    made_at: datetime
    replaced: Replaced
    undone: dict[str, int] = field(default_factory=dict)
    is_verified: bool = True


@contextmanager
def readable_registry(path: Path, copy: Path, restorer: Restorer) -> Iterator[Registry | None]:
    """Open a copy of the registry that will be replaced; None where its content cannot be read.

    NotAllowed unless the restorer is an active coordinator there.
    """
    registry = backup.open_copy(path, copy)
    try:
        if registry is not None and not _is_coordinator_there(registry, restorer):
            registry.close()
            registry = None
        yield registry
    finally:
        if registry is not None:
            registry.close()


def _is_coordinator_there(registry: Registry, restorer: Restorer) -> bool:
    """Return False where the content cannot be read; NotAllowed for anybody else."""
    with suppress(_UnreadableError), _noticing_damage():
        with restorer.application(registry).reading() as work:
            require_coordinator(work)
        return True
    return False


def undone_by(old: Registry, new: Path) -> dict[str, int]:
    """Count the entries of the log that the backup lacks, by action."""
    with (
        suppress(_UnreadableError),
        _noticing_damage(),
        old.reading() as replaced,
        backup.read_only_session(new) as restored,
    ):
        return actions_after(replaced, last_common_entry(replaced, restored))
    return {}


def is_unchanged(old: Registry, path: Path) -> bool:
    """Return whether the registry at `path` still ends with the same entry as its copy."""
    with old.reading() as copy, backup.read_only_session(path) as now:
        return ledger.head(copy).hash == ledger.head(now).hash


def is_sound(registry: Registry) -> bool:
    """Return whether the database is whole, and all records are as photoreg wrote them."""
    try:
        with registry.reading() as session:
            registry.check(session)
            require_intact_log(session, registry.store)
    except (RegistryError, *_UNREADABLE_VALUES):
        return False
    return True


def finish_restored(
    new: Path,
    old: Registry | None,
    restorer: Restorer,
    details: Mapping[str, object],
    photos: PhotosToBring,
) -> list[CarriedStop]:
    """Log the restore in the copy that becomes the registry, and carry over what `old` stops.

    Only for coordinators. What cannot be read of a damaged `old` is left.
    """
    registry = Registry.open(new)
    try:
        if old is not None:
            is_whole = details["replaced"] is Replaced.REGISTRY
            reading = _noticing_damage(is_whole=is_whole)
            with suppress(_UnreadableError), reading, old.reading() as session:
                return _finish(registry, session, restorer, details, photos)
        return _finish(registry, None, restorer, details, photos)
    finally:
        registry.close()
        backup.fold_in_wal(new)


class _UnreadableError(Exception):
    """The content of the replaced registry cannot be read."""


@contextmanager
def _noticing_damage(*, is_whole: bool = False) -> Iterator[None]:
    """Raise _UnreadableError for what damage causes; values in a whole registry can be read."""
    try:
        yield
    except RegistryError as error:
        if not backup.is_damage(error.__cause__):
            raise
        raise _UnreadableError from error
    except _UNREADABLE_VALUES as error:
        if is_whole:
            raise
        raise _UnreadableError from error


def _finish(
    registry: Registry,
    old: Session | None,
    restorer: Restorer,
    details: Mapping[str, object],
    photos: PhotosToBring,
) -> list[CarriedStop]:
    appointed = _appoint(registry, old, restorer) if old is not None else None
    with restorer.application(registry).changing(COORDINATORS) as work:
        if appointed is not None:
            work.log(Action.STAFF_CHANGED, "staff", appointed, role=work.actor.role, active=True)
        stops = []
        if old is not None and ledger.head(old).seq > last_common_entry(old, work.session):
            is_whole = details["replaced"] is Replaced.REGISTRY
            stops = carry_stops(old, work)
            with suppress(_UnreadableError), _noticing_damage(is_whole=is_whole):
                stops += flag_stricter(old, work)
            _take_lost_rights(work, old)
        photos.record(work)
        work.log(Action.REGISTRY_RESTORED, "registry", 1, **details, stops=len(stops))
        return stops


def _appoint(registry: Registry, old: Session, restorer: Restorer) -> int | None:
    """Give the restorer their role in the replaced registry; None if they have it."""
    there = active_staff(old, restorer.login)
    with registry.reading() as session:
        here = active_staff(session, restorer.login)
    if there is None or (here is not None and here.role in COORDINATORS):
        return None
    with registry.writing() as session:
        ledger.set_moment(session, restorer.clock())
        known = {staff.login: staff for staff in all_staff(session)}
        row = known.get(there.login) or Staff(login=there.login, name=there.name, role=there.role)
        row.role, row.active = there.role, True
        return add(session, row)


def _take_lost_rights(work: UnitOfWork, old: Session) -> None:
    """Take from users of the backup what they had lost since: their access, or coordination."""
    newest = {user.login: user for user in all_staff(old)}
    for user in all_staff(work.session):
        now = newest.get(user.login, user)
        has_left = user.active and not now.active
        is_demoted = user.role in COORDINATORS and now.role not in COORDINATORS
        if has_left or is_demoted:
            user.active = user.active and now.active
            user.role = now.role if is_demoted else user.role
            work.session.add(user)
            work.log(Action.STAFF_CHANGED, "staff", user.id, role=user.role, active=user.active)


def legal_day(moment: datetime) -> str:
    """Return the day in Helsinki, as logged."""
    return moment.astimezone(HELSINKI).date().isoformat()
