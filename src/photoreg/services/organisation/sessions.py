"""Sessions of the desk: signing in, who is signed in, and signing out.

A session is a random secret in a cookie; the registry keeps its hash. It ends after eight hours,
after half an hour without use, when its user signs out, and when the user is no longer active.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry.access import sign_in as access
from photoreg.registry.access.passwords import NO_SALT, key_of
from photoreg.registry.access.secrets import hash_of, new_secret
from photoreg.registry.access.sign_in import Attempt, SignIn
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_staff
from photoreg.registry.queries.sessions import live_session, sessions_of
from photoreg.registry.tables.people import StaffRole
from photoreg.services.application import Application
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.texts import N_

NOTED_AGAIN_AFTER = timedelta(minutes=1)
"""How old the noted use of a session may be, so that not every page writes."""


class SignInRefused(NotAllowed):
    """Nobody was signed in; the message is the same for an unknown login and a wrong password."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, until when, and whether they must choose a password first.

    `used_at` is when the session was last noted to be used.
    """

    login: str
    name: str
    role: StaffRole
    until: datetime
    must_change_password: bool
    used_at: datetime


def sign_in(application: Application, password: str, *, address: str) -> str:
    """Open a session for the application's login; return its secret. SignInRefused otherwise.

    Too many failed attempts by the same login, or from the same address, stop it for a quarter of
    an hour.
    """
    secret, login = new_secret(), application.login.strip()
    with application.signing_in(writes=False) as session:
        salt = access.salt_of(session, login)
    key = key_of(password, salt or NO_SALT)
    attempt = Attempt(login, key, address, hash_of(secret), application.clock())
    with application.signing_in() as session:
        outcome = access.try_to_sign_in(session, attempt)
    if outcome is SignIn.TOO_MANY:
        raise SignInRefused(
            N_("too many attempts to sign in have failed"),
            N_("Try again in a quarter of an hour, or ask the communications coordinator."),
        )
    if outcome is SignIn.WRONG:
        raise SignInRefused(
            N_("the login or the password is wrong"),
            N_("Check both. The communications coordinator can set a new password."),
        )
    _log(replace(application, login=login, secret=secret), Action.SESSION_OPENED, how="password")
    return secret


def open_own_session(application: Application) -> str:
    """Open a session for who runs the program, or for whom a trusted proxy has signed in."""
    secret = new_secret()
    with application.changing(frozenset(StaffRole)) as work:
        access.open_session(work.session, work.actor.id, hash_of(secret), work.now)
        work.log(Action.SESSION_OPENED, "staff", work.actor.id)
    return secret


def signed_in(work: UnitOfWork, secret: str) -> SignedIn | None:
    """Return who is signed in by a secret, or None when it opens nothing, or nothing any more."""
    found = live_session(work.session, hash_of(secret), work.now)
    if found is None or found[1].id != work.actor.id:
        return None
    access, staff, used, password = found
    must_change = password is not None and password.must_change
    return SignedIn(
        *(staff.login, staff.name, staff.role, access.valid_until, must_change),
        used_at=used.used_at if used else access.added_at,
    )


def note_use(application: Application, user: SignedIn) -> None:
    """Note that the session is used now, at most once a minute.

    It is no reason to fail if the registry is busy: the session then ends a minute earlier.
    """
    now = application.clock()
    if now - user.used_at < NOTED_AGAIN_AFTER:
        return
    try:
        with application.signing_in() as session:
            access.use_session(session, application.secret, now)
    except RegistryError:
        return


def sign_out(application: Application) -> None:
    """End the session by whose secret the application acts."""
    _log(application, Action.SESSION_ENDED)
    with application.signing_in() as session:
        access.end_session(session, application.secret, application.clock())


def sign_out_user(application: Application, login: str) -> int:
    """End a user's sessions, which is a coordinator's right; return how many there were.

    A coordinator's own session goes on: it is ended by `sign_out`.
    """
    with application.changing(COORDINATORS) as work:
        staff = find_staff(work.session, login)
        ended = end_sessions(work, id_of(staff))
        if ended:
            work.log(Action.SESSION_ENDED, "staff", id_of(staff))
    return ended


def end_sessions(work: UnitOfWork, staff: int) -> int:
    """End all sessions of a user but the one that acts; return how many there were."""
    acting = hash_of(work.session.info["secret"])
    found = [each for each in sessions_of(work.session, staff, work.now) if each.sha256 != acting]
    for each in found:
        each.valid_until = work.now
        work.session.add(each)
    return len(found)


def login_of_ended(application: Application, secret: str) -> str | None:
    """Return whose session a secret was, so that what they had typed is given back to them only."""
    with application.signing_in(writes=False) as session:
        return access.login_of_session(session, secret)


def _log(application: Application, action: Action, **more: object) -> None:
    """Log what a user did; an auditor's login on a server writes nothing, the log included."""
    with application.reading() as work:
        if work.actor.role is StaffRole.AUDITOR and work.registry.is_on_server:
            return
    with application.changing(frozenset(StaffRole)) as work:
        work.log(action, "staff", work.actor.id, **more)
