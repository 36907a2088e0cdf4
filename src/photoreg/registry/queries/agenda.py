"""Queries about open work: tasks, cases that need facts, questions, consents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from photoreg.registry.ledger import Action, head
from photoreg.registry.tables.cases import Case, Ruling, RulingKind
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Depiction, Event, Photo
from photoreg.registry.tables.publications import Decision, Publication, TakeDown

MANDATORY_ANSWERS = ("photographer", "place", "shot", "confidentiality")
"""What a photo's event may answer for it; whether people are shown is recorded per photo."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A photo to be taken out of a publication."""

    task: TakeDown
    channel: ChannelRow


def open_tasks(session: Session) -> list[OpenTask]:
    """Return the open take-down tasks, those due first on top."""
    statement = (
        select(TakeDown, ChannelRow)
        .join(Publication, col(Publication.id) == col(TakeDown.publication_id))
        .join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
        .where(col(TakeDown.done_at).is_(None))
        .order_by(col(TakeDown.due_at), col(TakeDown.id))
    )
    return [OpenTask(*row) for row in session.exec(statement)]


def cases_needing_facts(
    session: Session, registered_by: int | None
) -> list[tuple[Case, ChannelRow]]:
    """Return the cases in which the coordinator asked for facts and nothing has changed since.

    Only those about photos registered by this user, if given.
    """
    newer: Any = aliased(Case)
    same_use = (newer.photo_id == Case.photo_id) & (newer.channel_id == Case.channel_id)
    is_latest = ~sa.exists().where(same_use, newer.id > Case.id)
    statement: Any = (
        select(Case, ChannelRow)
        .join(Ruling, col(Ruling.case_id) == col(Case.id))
        .join(Photo, col(Photo.id) == col(Case.photo_id))
        .join(ChannelRow, col(ChannelRow.id) == col(Case.channel_id))
        .where(Ruling.kind == RulingKind.NEEDS_FACTS, col(Case.voided_at).is_(None), is_latest)
        .order_by(col(Case.id))
    )
    if registered_by is not None:
        statement = statement.where(Photo.registered_by == registered_by)
    return [(case, channel) for case, channel in session.exec(statement)]


def rulings_to_act_on(
    session: Session, opened_by: int, since: datetime, day: date
) -> list[tuple[Case, RulingKind, ChannelRow]]:
    """Return the cases of a user that were ruled on by somebody else and are in force on a day.

    Of those that were ruled publishable the ones without a decision since, and of those refused
    the ones ruled on since a time.
    """
    decided = sa.exists().where(
        *(
            getattr(Decision, name) == getattr(Case, name)
            for name in ("photo_id", "channel_id", "mode", "purpose")
        ),
        col(Decision.decided_at) >= Ruling.ruled_at,
    )
    waits = (col(Ruling.kind) == RulingKind.PUBLISHABLE) & ~decided
    is_new = (col(Ruling.kind) == RulingKind.REFUSED) & (col(Ruling.ruled_at) >= since)
    statement: Any = (
        select(Case, Ruling.kind, ChannelRow)
        .join(Ruling, col(Ruling.case_id) == col(Case.id))
        .join(ChannelRow, col(ChannelRow.id) == col(Case.channel_id))
        .where(
            Case.opened_by == opened_by,
            Ruling.ruled_by != opened_by,
            col(Case.voided_at).is_(None),
            sa.or_(col(Ruling.valid_until).is_(None), col(Ruling.valid_until) >= day),
            sa.or_(waits, is_new),
        )
        .order_by(col(Case.id))
    )
    return [tuple(row) for row in session.exec(statement)]


def count_unanswered_photos(session: Session, registered_by: int | None) -> int:
    """Count photos with unanswered mandatory questions, of one user or of all.

    The count is a reminder only: the rules determine what is open about each photo.
    """
    lacking = [
        sa.func.coalesce(getattr(Photo, name), getattr(Event, name)).is_(None)
        for name in MANDATORY_ANSWERS
    ]
    statement = (
        select(sa.func.count())
        .select_from(Photo)
        .join(Event, col(Event.id) == col(Photo.event_id), isouter=True)
        .where(sa.or_(col(Photo.people).is_(None), *lacking))
    )
    if registered_by is not None:
        statement = statement.where(Photo.registered_by == registered_by)
    return session.exec(statement).one()


def persons_in_own_photos(session: Session, registered_by: int, persons: Iterable[int]) -> set[int]:
    """Return which of these persons are depicted in photos registered by this user."""
    own = (
        select(Depiction.person_id)
        .join(Photo, col(Photo.id) == col(Depiction.photo_id))
        .where(Photo.registered_by == registered_by, col(Depiction.person_id).is_not(None))
        .distinct()
    )
    return {person for person in session.exec(own) if person} & set(persons)


NEWEST_ENTRIES = 20_000
"""How far back the log is searched for other logins; its times have no index."""


def count_other_logins(session: Session, since: datetime, actor: int, login: str) -> int:
    """Return how many of the newest entries state another login than that of the computer.

    Only those since this user, with this login on the computer, last looked at their list: whoever
    acts under the user's login elsewhere takes none of them away.
    """
    first = head(session).seq - NEWEST_ENTRIES
    looked = sa.select(sa.func.max(LedgerEntry.seq)).where(
        col(LedgerEntry.seq) > first,
        col(LedgerEntry.action) == Action.LOGINS_READ,
        col(LedgerEntry.actor_id) == actor,
        col(LedgerEntry.computer_login) == login,
    )
    last = session.connection().execute(looked).scalar() or first
    computer = sa.func.lower(col(LedgerEntry.computer_login))
    counted = (
        sa.select(sa.func.count())
        .select_from(LedgerEntry)
        .join(Staff, col(Staff.id) == col(LedgerEntry.actor_id))
        .where(
            col(LedgerEntry.seq) > last,
            col(LedgerEntry.at) >= since.isoformat(timespec="microseconds"),
            col(LedgerEntry.computer_login) != "",
            computer != sa.func.lower(col(Staff.login)),
            col(LedgerEntry.action) != Action.RECORDS_HASHED,
        )
    )
    return session.connection().execute(counted).scalar_one()
