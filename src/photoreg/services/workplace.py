"""The workplace: the registry, who is at work, and the clock. The one place that reads the time.

A use case opens a `Desk` for reading or for changing. A change is one transaction: its records and
its ledger entries are written together or not at all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from photoreg.errors import InputDataError, NotAllowed, RegistryError
from photoreg.registry import ledger
from photoreg.registry.database import Registry, Session
from photoreg.registry.evidence import keep_evidence
from photoreg.registry.names import Kind, human_id, id_of
from photoreg.registry.records import active_staff, newest_policy
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.policy import Policy, policy_from
from photoreg.texts import N_

HELSINKI = ZoneInfo("Europe/Helsinki")

RECORDERS = frozenset(
    {StaffRole.EMPLOYEE, StaffRole.ELECTED_OFFICIAL, StaffRole.COORDINATOR, StaffRole.DEPUTY}
)
"""Who registers photos and records facts, consents and permissions."""

COORDINATORS = frozenset({StaffRole.COORDINATOR, StaffRole.DEPUTY})
"""Who rules, excuses guardians, and sets policy, staff and channels."""


def system_clock() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is at work."""

    id: int
    login: str
    name: str
    role: StaffRole


@dataclass(frozen=True)
class Desk:
    """An open session with who is at work and the time; `log` writes to the ledger."""

    session: Session
    actor: Actor
    now: datetime
    registry: Registry

    @property
    def today(self) -> date:
        """The legal day: the calendar day in Helsinki."""
        return self.now.astimezone(HELSINKI).date()

    def past_day(self, on: date | None) -> date:
        """Return the day meant, today unless said; InputDataError for one that has not come."""
        if on is not None and on > self.today:
            raise InputDataError(
                N_("{day} is in the future"), N_("Give a day that has come."), day=on
            )
        return on or self.today

    @property
    def hides_names(self) -> bool:
        """Does the one at work see ids instead of names (rulebook §6)?"""
        return self.actor.role is StaffRole.AUDITOR

    def kept(self, document: Path | None) -> str | None:
        """Keep a document as evidence and return its SHA-256; check everything else before."""
        if document is None:
            return None
        folder = self.registry.folder_of_evidence
        return keep_evidence(self.session, folder, document, at=self.now, by=self.actor.id)

    def log(
        self, action: ledger.Action, kind: Kind | str, number: int | None, /, **more: object
    ) -> None:
        """Add a ledger entry about `kind`-`number`. Only ids and codes may stand in it."""
        self.log_all(action, kind, [(number, more)])

    def log_all(
        self,
        action: ledger.Action,
        kind: Kind | str,
        about: Iterable[tuple[int | None, Mapping[str, object]]],
    ) -> None:
        """Add a ledger entry about each number, with its details, by the same two statements."""
        ledger.append_all(
            self.session,
            at=self.now,
            actor_id=self.actor.id,
            action=action,
            about=(
                (
                    human_id(kind, number) if isinstance(kind, Kind) else f"{kind}:{number}",
                    details,
                )
                for number, details in about
            ),
        )


@dataclass(frozen=True)
class Workplace:
    """A registry with somebody at work in it."""

    registry: Registry
    login: str
    clock: Callable[[], datetime] = system_clock

    @property
    def today(self) -> date:
        """The legal day: the calendar day in Helsinki."""
        return self.clock().astimezone(HELSINKI).date()

    @contextmanager
    def reading(self) -> Iterator[Desk]:
        """Open a desk that only reads."""
        with self.registry.reading() as session:
            yield self._desk(session)

    @contextmanager
    def changing(self, roles: frozenset[StaffRole] = RECORDERS) -> Iterator[Desk]:
        """Open a desk that changes records; NotAllowed unless the actor has one of the roles."""
        with self.registry.writing() as session:
            desk = self._desk(session)
            if desk.actor.role not in roles:
                raise _may_not(desk.actor)
            ledger.set_moment(session, desk.now)
            yield desk

    def _desk(self, session: Session) -> Desk:
        staff = active_staff(session, self.login)
        if staff is None:
            raise NotAllowed(
                N_("{login} is not among the staff of this registry"),
                N_("Ask the communications coordinator to add you."),
                login=self.login,
            )
        actor = Actor(id_of(staff), staff.login, staff.name, staff.role)
        return Desk(session, actor, self.clock(), self.registry)


def require_role(desk: Desk, roles: frozenset[StaffRole]) -> None:
    """Raise NotAllowed unless somebody in one of the roles is at the desk."""
    if desk.actor.role not in roles:
        raise _may_not(desk.actor)


def require_coordinator(desk: Desk) -> None:
    """Raise NotAllowed unless a coordinator is at the desk."""
    require_role(desk, COORDINATORS)


def _may_not(actor: Actor) -> NotAllowed:
    return NotAllowed(
        N_("the role {role} may not do this"),
        N_("Ask a colleague with the right role, such as the communications coordinator."),
        role=actor.role,
    )


def current_policy(session: Session) -> tuple[int, Policy]:
    """Return the version number and the settings in force."""
    row = newest_policy(session)
    if row is None or row.version is None:
        raise RegistryError(
            N_("the registry has no policy"), N_("The registry is damaged: take the last backup.")
        )
    return row.version, policy_from(row.settings)
