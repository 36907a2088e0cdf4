"""Signing in with a password, the same on both engines: sessions, and attempts that fail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.conftest import Clock

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry import ledger
from photoreg.registry.access.sign_in import Attempt, SignIn, try_to_sign_in
from photoreg.registry.tables.credentials import (
    ATTEMPTS,
    ATTEMPTS_FROM_ADDRESS,
    ATTEMPTS_WITHIN,
    IDLE_LIMIT,
    SESSION_LENGTH,
)
from photoreg.registry.tables.people import StaffRole
from photoreg.services.application import Application
from photoreg.services.organisation import staff
from photoreg.services.organisation.passwords import change_password, give_password
from photoreg.services.organisation.sessions import (
    SignedIn,
    login_of_ended,
    note_use,
    open_own_session,
    sign_in,
    sign_out,
    sign_out_user,
    signed_in,
)

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
WRONG = "the login or the password is wrong"
TOO_MANY = "too many attempts to sign in have failed"

For = Callable[[str], Application]


@pytest.fixture
def password(application: Application) -> str:
    """Anna's first password."""
    return give_password(application, "anna")


def who(application: Application, secret: str) -> SignedIn | None:
    with application.reading() as work:
        return signed_in(work, secret)


def test_the_right_password_opens_a_session_of_eight_hours(
    anna: Application, password: str, clock: Clock
) -> None:
    found = who(anna, sign_in(anna, password, address=HERE))
    assert found is not None
    assert (found.login, found.role) == ("anna", StaffRole.EMPLOYEE)
    assert (found.until, found.must_change_password) == (clock.now + SESSION_LENGTH, True)


def test_the_session_of_one_is_not_that_of_another(
    anna: Application, application: Application, password: str
) -> None:
    assert who(application, sign_in(anna, password, address=HERE)) is None


@pytest.mark.parametrize("login", ["anna", "ANNA", "ville", "nobody", "", "a" * 5000, "\ud800"])
def test_a_login_is_not_told_from_a_wrong_password(
    login: str, password: str, application_for: For
) -> None:
    with pytest.raises(NotAllowed, match=WRONG):
        sign_in(application_for(login), f"not {password}", address=HERE)


def test_after_too_many_attempts_by_a_login_the_right_password_waits(
    anna: Application, password: str, clock: Clock
) -> None:
    for _ in range(ATTEMPTS):
        with pytest.raises(NotAllowed, match=WRONG):
            sign_in(anna, "wrong", address=HERE)
    with pytest.raises(NotAllowed, match=TOO_MANY):
        sign_in(replace(anna, login="Anna"), password, address=ELSEWHERE)
    clock.now += ATTEMPTS_WITHIN
    assert sign_in(anna, password, address=HERE)


def test_the_right_password_forgets_the_wrong_ones(anna: Application, password: str) -> None:
    for _ in range(3):
        for _ in range(ATTEMPTS - 1):
            with pytest.raises(NotAllowed, match=WRONG):
                sign_in(anna, "wrong", address=HERE)
        assert sign_in(anna, password, address=HERE)


def test_many_logins_are_not_tried_from_one_address(
    anna: Application, password: str, clock: Clock
) -> None:
    with anna.signing_in() as session:
        for number in range(ATTEMPTS_FROM_ADDRESS):
            attempt = Attempt(f"user{number}", "", HERE, "", clock.now)
            assert try_to_sign_in(session, attempt) is SignIn.WRONG
    with pytest.raises(NotAllowed, match=TOO_MANY):
        sign_in(anna, password, address=HERE)
    assert sign_in(anna, password, address=ELSEWHERE)


def test_a_session_ends_when_it_is_not_used(anna: Application, clock: Clock) -> None:
    secret = open_own_session(anna)
    for _ in range(3):
        clock.now += IDLE_LIMIT - timedelta(minutes=1)
        user = who(anna, secret)
        assert user is not None
        note_use(replace(anna, secret=secret), user)
    clock.now += IDLE_LIMIT
    assert who(anna, secret) is None


def test_a_session_ends_after_eight_hours_of_use(anna: Application, clock: Clock) -> None:
    secret = open_own_session(anna)
    end = clock.now + SESSION_LENGTH
    while clock.now + timedelta(minutes=20) < end:
        clock.now += timedelta(minutes=20)
        user = who(anna, secret)
        assert user is not None
        note_use(replace(anna, secret=secret), user)
    clock.now = end
    assert who(anna, secret) is None


def test_who_signs_out_is_signed_out_there_only(anna: Application) -> None:
    here, there = open_own_session(anna), open_own_session(anna)
    sign_out(replace(anna, secret=here))
    assert who(anna, here) is None
    assert who(anna, there) is not None
    assert login_of_ended(anna, here) == "anna"


def _leave_and_come_back(kaisa: Application) -> None:
    for is_active in (False, True):
        staff.change_staff(kaisa, "anna", active=is_active)


@pytest.mark.parametrize(
    "change",
    [
        lambda kaisa: sign_out_user(kaisa, "anna"),
        lambda kaisa: give_password(kaisa, "anna"),
        lambda kaisa: staff.change_staff(kaisa, "anna", role=StaffRole.DEPUTY),
        _leave_and_come_back,
    ],
    ids=["sign out", "password", "role", "left and came back"],
)
def test_a_coordinator_ends_a_user_s_sessions(
    change: Callable[[Application], object], anna: Application, application: Application
) -> None:
    secrets = [open_own_session(anna), open_own_session(anna)]
    own = open_own_session(application)
    change(application)
    assert [who(anna, each) for each in secrets] == [None, None]
    assert who(application, own) is not None


def test_a_name_or_unit_ends_no_session(anna: Application, application: Application) -> None:
    secret = open_own_session(anna)
    staff.change_staff(application, "anna", name="Anna L")
    assert who(anna, secret) is not None


def test_nobody_but_a_coordinator_gives_passwords_or_ends_sessions(anna: Application) -> None:
    for forbidden in (give_password, sign_out_user):
        with pytest.raises(NotAllowed):
            forbidden(anna, "ville")


def test_users_choose_a_password_of_their_own(anna: Application, password: str) -> None:
    other, secret = open_own_session(anna), sign_in(anna, password, address=HERE)
    own = "seven reindeer by the lake"
    change_password(replace(anna, secret=secret), password, own)
    assert who(anna, other) is None
    found = who(anna, secret)
    assert found is not None
    assert not found.must_change_password
    with pytest.raises(NotAllowed, match=WRONG):
        sign_in(anna, password, address=HERE)
    assert sign_in(anna, own, address=HERE)


def test_another_password_needs_the_old_one(anna: Application, password: str) -> None:
    with pytest.raises(NotAllowed, match="the old password is wrong"):
        change_password(anna, f"{password}x", "seven reindeer by the lake")


@pytest.mark.parametrize("new", ["", "short", "x" * 201, "my login is anna and long"])
def test_a_poor_password_is_refused(new: str, anna: Application, password: str) -> None:
    with pytest.raises(InputDataError, match="12 to 200 characters"):
        change_password(anna, password, new)


def test_neither_passwords_nor_secrets_are_kept(
    anna: Application, application: Application, password: str
) -> None:
    secret = sign_in(anna, password, address=HERE)
    with application.reading() as work:
        connection = work.session.connection()
        for table in ("password", "access_secret", "ledger", "session_use", "sign_in_attempt"):
            kept = repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())  # noqa: S608
            assert password not in kept
            assert secret not in kept


def test_the_log_tells_who_got_a_password_and_who_signed_in(
    anna: Application, application: Application, password: str
) -> None:
    sign_out(replace(anna, secret=sign_in(anna, password, address=HERE)))
    with application.reading() as work:
        entries = [(entry.actor_id, entry.action) for entry in ledger.entries(work.session)]
    assert [each for each in entries if each[1] != ledger.Action.RECORDS_HASHED][-3:] == [
        (1, "staff.password_set"),
        (2, "session.opened"),
        (2, "session.ended"),
    ]
