"""Reads and writes that several use cases share: staff, policy, cases and their rulings."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from photoreg.registry.names import id_of, storable
from photoreg.registry.tables import Case, ChannelAdmin, ChannelRow, PolicyVersion, Ruling, Staff


def add(session: Session, row: SQLModel) -> int:
    """Add a row and return its id; a row without an id of its own gives 0."""
    session.add(row)
    session.flush()
    number = getattr(row, "id", 0)
    return number if isinstance(number, int) else 0


def active_staff(session: Session, login: str) -> Staff | None:
    """Return the member of staff with this login, unless they have left."""
    return session.exec(
        select(Staff).where(Staff.login == storable(login), col(Staff.active))
    ).first()


def channel_named(session: Session, name: str) -> ChannelRow | None:
    """Return the channel of this name, if there is one."""
    return session.exec(select(ChannelRow).where(ChannelRow.name == name)).first()


def newest_policy(session: Session) -> PolicyVersion | None:
    """Return the settings in force."""
    return session.exec(
        select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1)
    ).first()


def cases_on(
    session: Session, digests: Iterable[str]
) -> dict[tuple[int, str], tuple[int, Ruling | None]]:
    """Return the newest case, and its ruling, on exactly these facts: by photo and digest."""
    statement = (
        select(Case, Ruling)
        .join(Ruling, col(Ruling.case_id) == col(Case.id), isouter=True)
        .where(col(Case.facts_digest).in_(list(digests)), col(Case.voided_at).is_(None))
        .order_by(col(Case.id))
    )
    rows: Any = session.exec(statement)
    return {(case.photo_id, case.facts_digest): (id_of(case), ruling) for case, ruling in rows}


def all_staff(session: Session) -> list[Staff]:
    """Return everybody who works or worked with the registry, by login."""
    return list(session.exec(select(Staff).order_by(col(Staff.login))))


def channels_with_admins(session: Session) -> list[tuple[ChannelRow, list[str]]]:
    """Return the channels by name, each with the logins of its administrators."""
    admins: dict[int, list[str]] = {}
    links = select(ChannelAdmin.channel_id, Staff.login).join(
        Staff, col(Staff.id) == col(ChannelAdmin.staff_id)
    )
    for channel_id, login in session.exec(links.order_by(col(Staff.login))):
        admins.setdefault(channel_id, []).append(login)
    channels = session.exec(select(ChannelRow).order_by(col(ChannelRow.name)))
    return [(channel, admins.get(id_of(channel), [])) for channel in channels]
