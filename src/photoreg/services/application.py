"""The application: a registry with the acting user. The only place that reads the clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from photoreg.errors import InputDataError, KeyLacksRight, NotAllowed, NotFound, Records
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry, Session
from photoreg.registry.engines.server_login import DoorPass, ServerLogin
from photoreg.registry.ids import id_of
from photoreg.registry.names import near
from photoreg.registry.queries.asked_once import remember_answers
from photoreg.registry.queries.organisation import active_logins, staff_called
from photoreg.registry.tables.people import ApiScope, Staff, StaffRole
from photoreg.rulebook.policy import Logins
from photoreg.services.looks import Looks, record_cases, record_look
from photoreg.services.unit_of_work import (
    HELSINKI,
    PUBLISHERS,
    RECORDERS,
    Actor,
    KeyRights,
    Reacted,
    UnitOfWork,
    current_policy,
    role_error,
    scopes_of,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


def system_clock() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class KeyRefused(NotAllowed):
    """What was shown is no key, or one that works no more."""


@dataclass(slots=True)
class KnownRole:
    """The role of the actor, once a unit of work was opened; of a key of the API what it may do."""

    role: StaffRole | None = None
    key: KeyRights | None = None


@dataclass(slots=True)
class SharedReading:
    """The unit of work that all readings share at the moment, if they do."""

    work: UnitOfWork | None = None


@dataclass(frozen=True)
class Application:
    """A registry with an actor; opens units of work.

    `login` is who acts, as stated or, unless `is_stated`, assumed; `computer_login` is what their
    computer calls them. On a server the role in force decides who acts, if it is recorded for a
    user. An interface makes one for each `command`, by the name that it has there. One that serves
    several users has no rights on the server itself: it shows the `secret` of a live session of
    `login`, or of a key of the API, with the `scope` in which it acts. An application on a copy of
    the registry logs in the `live` one who looks at names, and shows no more than the live one
    would: `unit` is whose people the user sees there, if not everybody.
    """

    registry: Registry
    login: str
    clock: Callable[[], datetime] = system_clock
    computer_login: str = ""
    command: str = ""
    is_stated: bool = True
    secret: str = field(default="", repr=False)
    scope: ApiScope | None = None
    live: "Application | None" = None
    unit: str | None = None
    reacted: Reacted = field(default_factory=Reacted, init=False, compare=False, repr=False)
    """What the reactions to all changes made here have done."""
    looks: Looks = field(default_factory=Looks, init=False, compare=False, repr=False)
    """The names and contacts that were shown."""
    known: KnownRole = field(default_factory=KnownRole, init=False, compare=False, repr=False)
    shared: SharedReading = field(
        default_factory=SharedReading, init=False, compare=False, repr=False
    )

    @property
    def today(self) -> date:
        """The legal day: the calendar day in Helsinki."""
        return self.clock().astimezone(HELSINKI).date()

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that only reads."""
        with self._noting_looks():
            if self.shared.work is not None:
                with self.registry.translating_errors(writes=False):
                    yield self.shared.work
                return
            with self.registry.reading(self._pass) as session:
                yield self._unit_of_work(session)

    @contextmanager
    def reading_together(self) -> Iterator[None]:
        """Let all readings share one unit of work, until this ends or something is changed.

        They see one state, and who acts is asked once. What is still read afterwards, such as an
        answer that is sent as it is read, takes an application of its own.
        """
        with self.reading() as work:
            remember_answers(work.session)
            self.shared.work = work
            try:
                yield
            finally:
                self.shared.work = None

    @contextmanager
    def changing(
        self, roles: frozenset[StaffRole] = RECORDERS, *, despite_clock: bool = False
    ) -> Iterator[UnitOfWork]:
        """Open a unit of work that changes records; the reactions run before it commits.

        NotAllowed unless the actor has one of the roles, and the clock has passed the last entry of
        the log. Changes by other programs are reacted to as well, in the next unit of work of an
        actor who may record.
        """
        self.shared.work = None  # it would go on to show what was there before
        with self._noting_looks(), self.registry.writing(self._pass) as session:
            work = self._unit_of_work(session)
            if work.actor.role not in roles:
                raise role_error(work.actor)
            if not despite_clock:
                _require_clock(work)
            self._sign(work)
            session.info["named_by_number"] = work.sight.note_by_number
            try:
                yield work
            except (InputDataError, NotAllowed, NotFound) as error:
                work.sight.leave_out_numbers(error)
                raise
            work.sight.require_names()
            if work.actor.role in PUBLISHERS:
                work.react()
            self.reacted.units += 1  # before the commit, which an interruption may follow at once
        self.reacted.add(work.reacted)

    @contextmanager
    def signing_in(self, *, writes: bool = True) -> Iterator[Session]:
        """Open a session in which nobody acts yet; on a server functions of its own answer there.

        For whoever signs in; the owner of a registry on a server needs no such functions.
        """
        with self.registry.writing() if writes else self.registry.reading() as session:
            server = self.registry.store.login(session.connection())
            session.info["by_server"] = server is not None and not server.is_owner
            yield session

    def _sign(self, work: UnitOfWork) -> None:
        """State who acts and when, for the log and the triggers."""
        ledger.set_moment(work.session, work.now)
        work.session.info["actor_id"] = work.actor.id

    @contextmanager
    def _noting_looks(self) -> Iterator[None]:
        """Log who looked when the last open unit of work has ended, however it ended."""
        live = self.live or self
        live.looks.open += 1
        try:
            yield
        finally:
            live.looks.open -= 1
            if not live.looks.open:
                live.record_looks()

    def record_looks(self) -> None:
        """Log what was shown and is not logged yet, in a short change: names, contacts and cases.

        Units of work do so as they end; an interface calls it when a command ends, in case a list
        was left half read.
        """
        look, cases = self.looks.pending(), self.looks.take_cases()
        if look is None and not cases:
            return
        with self.registry.writing(self._pass) as session:
            work = self._unit_of_work(session)
            # INVARIANT: no entry is older than the last one, or a wrong clock would go unnoticed.
            last = ledger.head(session)
            if last.seq:
                work = replace(work, now=max(work.now, last.time))
            self._sign(work)
            if cases:
                record_cases(work, cases)
            if look is not None:
                record_look(work, look, self.command)
        self.looks.set_logged()

    def _unit_of_work(self, session: Session) -> UnitOfWork:
        server = self.registry.store.login(session.connection())
        stated, recorded = staff_called(session, self.login, server.role if server else None)
        actor = self._actor_on_server(server, recorded) or self._stated_actor(session, stated)
        if actor.role is StaffRole.API_KEY:
            # Asked once, since an interface makes an application for each request.
            self.known.key = self.known.key or self._key_rights(session, actor)
            actor = replace(actor, key=self.known.key)
        (self.live or self).known.role = actor.role
        on_server = (server.login, server.role) if server else ("", "")
        session.info["secret"] = self.secret
        session.info["channels"] = actor.key.channels if actor.key else None
        session.info["logins"] = (self.computer_login, *on_server)
        looks = (self.live or self).looks
        session.info["asked"] = looks.asked
        work = UnitOfWork(
            session, actor, self.clock(), self.registry, _react, looks=looks, unit=self.unit
        )
        session.info["named_alone"] = lambda found, named, *, to_refuse: work.sight.take_name(
            found, named, to_refuse=to_refuse
        )
        session.info["persons_near"] = lambda named: _persons_near(work, named)
        return work

    def _actor_on_server(self, server: ServerLogin | None, staff: Staff | None) -> Actor | None:
        """Return the user for whom the role in force on a server is recorded, as the actor.

        None on no server, and for the owner of the registry. NotAllowed for a role that is not
        recorded, and for whoever states another login than their own.
        """
        if staff is not None:
            if self.is_stated and self.login.casefold() != staff.login.casefold():
                raise NotAllowed(
                    N_("you are {login} on the server, so you cannot act as {stated}"),
                    N_("Leave out the other login. Its user acts with their own login."),
                    login=staff.login,
                    stated=self.login,
                )
            return _actor(staff, is_proven=True)
        if server is None or server.is_owner:
            return None
        raise NotAllowed(
            N_("the role {role} on the server is not recorded for any user of this registry"),
            N_("Ask the communications coordinator to record it for you."),
            step=NextStep.to(NextAction.STAFF_CHANGE, "login", "server_role"),
            role=server.role,
        )

    def _stated_actor(self, session: Session, staff: Staff | None) -> Actor:
        if staff is None:
            raise self._unknown_login(session)
        is_checked = self.is_own_login or self.live is not None
        if not is_checked and current_policy(session)[1].logins is Logins.COMPUTER:
            raise NotAllowed(
                N_("{login} is not your login on this computer"),
                N_("Log in to the computer yourself; a colleague's login cannot be used here."),
                login=self.login,
            )
        return _actor(staff)

    def _key_rights(self, session: Session, actor: Actor) -> KeyRights:
        """Return what the key may do by which its system acts: here, whatever it does.

        KeyRefused for a key that does not work, KeyLacksRight for what it was not made for.
        """
        from photoreg.registry.access.secrets import hash_of  # noqa: PLC0415 - seldom needed
        from photoreg.registry.queries.api_keys import key_in_force  # noqa: PLC0415

        found = key_in_force(session, actor.id, hash_of(self.secret), self.today)
        if found is None:
            raise KeyRefused(
                N_("the API key is wrong, or it works no more"),
                N_("Ask the communications coordinator for a new one."),
            )
        row, channels = found
        rights = KeyRights(scopes_of(row), channels)
        if self.scope is not None and self.scope not in rights.scopes:
            raise KeyLacksRight(
                N_("the API key was not made for this: {scope}"),
                N_("Ask the communications coordinator for a key that may do it."),
                scope=self.scope,
            )
        return rights

    def _unknown_login(self, session: Session) -> NotAllowed:
        """Return the error for a login that is no user's; a misspelt one is told the right one."""
        # INVARIANT: who states no login, such as another user of the computer, learns none.
        text = N_("{login} is not a user of this registry")
        if not self.is_stated:
            hint = N_(
                "If you have another login in the registry, state it. Otherwise ask the "
                "communications coordinator to add you."
            )
            return NotAllowed(text, hint, fields=("actor",), login=self.login)
        alike = near(self.login, active_logins(session))
        hint = N_("Ask the communications coordinator to add you.")
        return NotAllowed(
            text,
            N_("Did you mean {near}?") if alike else hint,
            login=self.login,
            near=Records(alike),
        )

    @property
    def _pass(self) -> DoorPass | None:
        return DoorPass(self.login, self.secret) if self.secret else None

    @property
    def is_own_login(self) -> bool:
        """Return whether the actor is called the same on the computer."""
        return self.login.casefold() == self.computer_login.casefold()


def _actor(staff: Staff, *, is_proven: bool = False) -> Actor:
    return Actor(
        id_of(staff), staff.login, staff.name, staff.role, staff.unit, staff.person_id, is_proven
    )


CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far the clocks of two computers may differ."""


def _require_clock(work: UnitOfWork) -> None:
    """Raise NotAllowed when the clock lies before the last entry: its days would be wrong."""
    last = ledger.head(work.session)
    if last.seq and last.time - work.now > CLOCK_TOLERANCE:
        raise NotAllowed(
            N_("the clock of this computer says {now}, and the last entry of the log {last}"),
            N_(
                "Set the clock right. If that entry was written with a wrong clock, the "
                "communications coordinator can note it."
            ),
            step=NextStep.to(NextAction.CLOCK_WRONG, entry=f"L-{last.seq}"),
            now=work.now.astimezone(HELSINKI),
            last=last.time.astimezone(HELSINKI),
        )


def _persons_near(work: UnitOfWork, named: str) -> list[str]:
    """Return people with a similar name whom the actor may see; import it by mistakes only."""
    from photoreg.services.near_names import persons_near  # noqa: PLC0415

    return persons_near(work, named)


def _react(work: UnitOfWork) -> None:
    """Run the reactions to the changes, if there are any; import them only then."""
    from photoreg.registry.queries.touched import noted  # noqa: PLC0415

    change = noted(work.session)
    if change is not None:
        from photoreg.services.reactions import react  # noqa: PLC0415

        react(work, change)
