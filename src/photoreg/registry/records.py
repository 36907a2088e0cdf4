"""Reads and writes that several use cases share: staff, policy, cases and their rulings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from photoreg.registry.names import id_of, storable
from photoreg.registry.tables.cases import Case, Ruling, RulingKind
from photoreg.registry.tables.organisation import ChannelAdmin, ChannelRow, PolicyVersion
from photoreg.registry.tables.people import Staff
from photoreg.registry.which import Which


def add(session: Session, row: SQLModel) -> int:
    """Add a row and return its id; a row without an id of its own gives 0."""
    session.add(row)
    session.flush()
    number = getattr(row, "id", 0)
    return number if isinstance(number, int) else 0


def add_all(session: Session, rows: Sequence[SQLModel]) -> None:
    """Add rows of one table, in this order; they have their ids then.

    They are numbered here, as the engines do it: asked for a number, they are sent row by row.
    INVARIANT: the caller's transaction is a writing one, so nobody else can add meanwhile.
    """
    if not rows:
        return
    column = type(rows[0]).__mapper__.primary_key[0]  # type: ignore[attr-defined]
    last = session.execute(sa.select(sa.func.max(column))).scalar() or 0
    for number, row in enumerate(rows, last + 1):
        setattr(row, column.name, number)
    session.add_all(rows)
    session.flush()


def active_staff(session: Session, login: str) -> Staff | None:
    """Return the member of staff with this login, unless they have left."""
    return session.exec(
        select(Staff).where(Staff.login == storable(login), col(Staff.active))
    ).first()


def channel_named(session: Session, name: str) -> ChannelRow | None:
    """Return the channel of this name, if there is one."""
    return session.exec(select(ChannelRow).where(ChannelRow.name == name)).first()


def all_channels(session: Session) -> list[ChannelRow]:
    """Return every channel, by name."""
    return list(session.exec(select(ChannelRow).order_by(ChannelRow.name)))


def newest_policy(session: Session) -> PolicyVersion | None:
    """Return the settings in force."""
    return session.exec(
        select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1)
    ).first()


class Ruled(NamedTuple):
    """A ruling without its reason."""

    id: int
    kind: RulingKind
    valid_until: date | None

    def is_over_on(self, day: date) -> bool:
        """Has the ruling ended before the day?"""
        return self.valid_until is not None and self.valid_until < day


CasesByFacts = dict[tuple[int, str], tuple[int, Ruled | None]]
"""The newest case, and the ruling on it, by photo and digest of the facts."""


def cases_on(session: Session, digests: Iterable[str]) -> CasesByFacts:
    """Return the cases on exactly these facts, unless a change voided them."""
    statement = _cases().join(Ruling, col(Ruling.case_id) == col(Case.id), isouter=True)
    return _by_facts(session, statement.where(col(Case.facts_digest).in_(list(digests))))


def ruled_cases(session: Session, which: Which) -> CasesByFacts:
    """Return the cases of these photos that were ruled on and that no change voided."""
    statement = _cases().join(Ruling, col(Ruling.case_id) == col(Case.id))
    return _by_facts(session, statement.where(which.photos(Case.photo_id)))


def _cases() -> Any:
    columns: tuple[Any, ...] = (Case.photo_id, Case.facts_digest, Case.id)
    of_ruling: tuple[Any, ...] = (Ruling.id, Ruling.kind, Ruling.valid_until)
    return sa.select(*columns, *of_ruling).select_from(Case)


def _by_facts(session: Session, statement: Any) -> CasesByFacts:
    in_order = statement.where(col(Case.voided_at).is_(None)).order_by(Case.id)
    return {
        (photo, digest): (case, Ruled(*ruling) if ruling[0] else None)
        for photo, digest, case, *ruling in session.execute(in_order)
    }


def all_staff(session: Session) -> list[Staff]:
    """Return everybody who works or worked with the registry, by login."""
    return list(session.exec(select(Staff).order_by(col(Staff.login))))


def channels_with_admins(session: Session) -> list[tuple[ChannelRow, list[str]]]:
    """Return the channels by name, each with the logins of its administrators who work here."""
    admins: dict[int, list[str]] = {}
    links = select(ChannelAdmin.channel_id, Staff.login).join(
        Staff, col(Staff.id) == col(ChannelAdmin.staff_id)
    )
    for channel_id, login in session.exec(links.where(col(Staff.active)).order_by(Staff.login)):
        admins.setdefault(channel_id, []).append(login)
    channels = session.exec(select(ChannelRow).order_by(col(ChannelRow.name)))
    return [(channel, admins.get(id_of(channel), [])) for channel in channels]
