"""Queries about staff, channels, policy and layouts of lists."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from photoreg.registry.ids import id_of, utf8_safe
from photoreg.registry.queries.asked_once import asked_once
from photoreg.registry.tables.organisation import (
    ChannelAdmin,
    ChannelRow,
    ListKind,
    ListLayout,
    PolicyVersion,
)
from photoreg.registry.tables.people import Staff, StaffRole


def active_staff(session: Session, login: str) -> Staff | None:
    """Return the active user with this login."""
    found = user_called(session, login)
    return found if found is not None and found.active else None


def user_called(session: Session, login: str) -> Staff | None:
    """Return the current or former user with this login, in upper or lower case."""
    statement = select(Staff).where(_is_like(login), Staff.role != StaffRole.API_KEY)
    return _called(session.exec(statement).all(), login)


def active_logins(session: Session) -> list[str]:
    """Return the logins of the active users."""
    is_user = Staff.role != StaffRole.API_KEY
    return list(session.exec(select(Staff.login).where(col(Staff.active), is_user)))


def staff_called(
    session: Session, login: str, role: str | None
) -> tuple[Staff | None, Staff | None]:
    """Return the active user or key with this login, and the one with this role on a server.

    Logins are compared without case, as computers do; roles are compared as they are.
    """
    with_role = func.coalesce(Staff.server_role, Staff.login) == role
    either = or_(_is_like(login), with_role)
    found = session.exec(select(Staff).where(either, col(Staff.active))).all()
    return (
        _called(found, login),
        next((each for each in found if each.role_on_server == role), None),
    )


def _is_like(login: str) -> ColumnElement[bool]:
    """Build the condition for this login; databases fold the case of plain letters only."""
    wanted = utf8_safe(login)
    return or_(Staff.login == wanted, func.lower(Staff.login) == wanted.lower())


def _called(found: Iterable[Staff], login: str) -> Staff | None:
    """Return the user with exactly this login, or else the only one in another case."""
    wanted = utf8_safe(login)
    same = [each for each in found if each.login.lower() == wanted.lower()]
    exact = [each for each in same if each.login == wanted]
    return next(iter(exact), same[0] if len(same) == 1 else None)


@asked_once
def channel_named(session: Session, name: str) -> ChannelRow | None:
    """Return the channel with this name, or None."""
    return session.exec(select(ChannelRow).where(ChannelRow.name == name)).first()


@asked_once
def all_channels(session: Session) -> list[ChannelRow]:
    """Return every channel, by name."""
    return list(session.exec(select(ChannelRow).order_by(ChannelRow.name)))


@asked_once
def current_policy_version(session: Session) -> PolicyVersion | None:
    """Return the settings in force."""
    return session.exec(
        select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1)
    ).first()


@asked_once
def all_staff(session: Session) -> list[Staff]:
    """Return every current and former user, and every key of the API, by login."""
    return list(session.exec(select(Staff).order_by(col(Staff.login))))


def channels_with_admins(session: Session) -> list[tuple[ChannelRow, list[str]]]:
    """Return the channels by name, each with the logins of its active administrators."""
    admins: dict[int, list[str]] = {}
    links = select(ChannelAdmin.channel_id, Staff.login).join(
        Staff, col(Staff.id) == col(ChannelAdmin.staff_id)
    )
    for channel_id, login in session.exec(links.where(col(Staff.active)).order_by(Staff.login)):
        admins.setdefault(channel_id, []).append(login)
    return [(channel, admins.get(id_of(channel), [])) for channel in all_channels(session)]


def list_layouts(session: Session, kind: ListKind) -> list[ListLayout]:
    """Return the saved layouts of a kind of list, the oldest first."""
    return list(
        session.exec(select(ListLayout).where(ListLayout.kind == kind).order_by(col(ListLayout.id)))
    )
