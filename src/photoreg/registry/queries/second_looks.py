"""Queries about second looks: open ones, who made a statement, and what went past a gate."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action, entries
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.cases import Case, Ruling, RulingKind
from photoreg.registry.tables.history import History
from photoreg.registry.tables.ledger import STAFF_ENTRIES, LedgerEntry
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.publications import Decision, PublishedPhoto
from photoreg.registry.tables.second_looks import SecondLook, SecondLookOutcome


def selected_photos(session: Session, which: PhotoSelection) -> list[int]:
    """Return the numbers of these photos."""
    return [n for n in session.exec(select(Photo.id).where(which.photos(Photo.id))) if n]


def open_second_looks(session: Session, photos: Iterable[int] | None = None) -> list[SecondLook]:
    """Return the open second looks, of these photos or of all, oldest first."""
    statement = select(SecondLook).where(col(SecondLook.outcome).is_(None))
    if photos is not None:
        statement = statement.where(col(SecondLook.photo_id).in_(id_list(photos)))
    return list(session.exec(statement.order_by(col(SecondLook.id))))


def same_question(session: Session, look: SecondLook) -> list[SecondLook]:
    """Return the open second looks that ask the same of an event's or a person's other photos."""
    found = select(SecondLook).where(
        col(SecondLook.outcome).is_(None),
        SecondLook.about == look.about,
        SecondLook.asked_at == look.asked_at,
        SecondLook.taken_back_by == look.taken_back_by,
    )
    return [each for each in session.exec(found) if each.after == look.after]


def second_looks(session: Session) -> Iterator[SecondLook]:
    """Yield all second looks, oldest first."""
    statement = select(SecondLook).order_by(col(SecondLook.id))
    yield from session.exec(statement.execution_options(yield_per=1000))


def taken_out_before(session: Session, photos: Iterable[int]) -> dict[int, set[str]]:
    """Return who was ever taken out of these photos, by photo."""
    found: dict[int, set[str]] = {}
    for look in rows_with(session, SecondLook, SecondLook.photo_id, photos):
        out = set(look.before.get("persons", ())) - set(look.after.get("persons", ()))
        found.setdefault(look.photo_id, set()).update(out)
    return found


def photos_past_a_gate(session: Session, photos: Iterable[int]) -> set[int]:
    """Return those of these photos with a decision, a case or a publication."""
    wanted = id_list(photos)
    tables: tuple[Any, ...] = (Decision, Case, PublishedPhoto)
    found = sa.union(*(sa.select(t.photo_id).where(t.photo_id.in_(wanted)) for t in tables))
    return set(session.execute(found).scalars())


def photos_refused_by_coordinators(session: Session, photos: Iterable[int]) -> set[int]:
    """Return those of these photos that a coordinator has ever refused, or seen differently."""
    wanted = id_list(photos)
    ruled = (
        select(Case.photo_id)
        .join(Ruling, col(Ruling.case_id) == col(Case.id))
        .where(col(Case.photo_id).in_(wanted), Ruling.kind == RulingKind.REFUSED)
    )
    columns: Any = (SecondLook.photo_id, SecondLook.confirmed_by, SecondLook.confirmed_at)
    differed = sa.select(*columns).where(
        col(SecondLook.photo_id).in_(wanted),
        col(SecondLook.outcome) == SecondLookOutcome.DIFFERED,
    )
    seen = session.execute(differed).all()
    roles = _Roles(session, {by for _photo, by, _at in seen})
    by_coordinators = {photo for photo, by, at in seen if roles.was_coordinator(by, at)}
    return {*session.exec(ruled), *by_coordinators}


class _Roles:
    """The roles that users had, as the log tells; later changes leave alone what was said before.

    Only whoever created the registry, as its coordinator, has no entry of the first role.
    """

    def __init__(self, session: Session, staff: Iterable[int]) -> None:
        subjects = [f"staff:{number}" for number in staff]
        logged = select(LedgerEntry).where(
            sa.text(STAFF_ENTRIES), col(LedgerEntry.subject).in_(subjects)
        )
        self._entries = session.exec(logged.order_by(col(LedgerEntry.seq))).all()

    def was_coordinator(self, staff: int, at: datetime) -> bool:
        """Return whether a user was a coordinator at a time."""
        when, subject = at.astimezone(UTC).isoformat(timespec="microseconds"), f"staff:{staff}"
        roles = [
            json.loads(entry.details)["role"]
            for entry in self._entries
            if entry.subject == subject and entry.at <= when
        ]
        return not roles or roles[-1] in {StaffRole.COORDINATOR, StaffRole.DEPUTY}


class RecentStatement(NamedTuple):
    """What was recorded about a photo lately: when, by whom, what, and its details."""

    photo: str
    at: datetime
    actor: int
    action: str
    details: dict[str, Any]


def recent_statements(
    session: Session, photos: Iterable[int], since: datetime, before: datetime
) -> list[RecentStatement]:
    """Return what was recorded about these photos between two times, newest first."""
    wanted = {human_id(Kind.PHOTO, number) for number in photos}
    recorded = {Action.PHOTO_REGISTERED, Action.PHOTO_ANSWERED, Action.PHOTO_TAGGED}
    found = []
    with closing(entries(session, newest_first=True)) as newest_first:
        for entry in newest_first:
            at = entry.time
            if at < since:
                break
            if at < before and entry.subject in wanted and entry.action in recorded:
                told = (entry.actor_id, entry.action, json.loads(entry.details))
                found.append(RecentStatement(entry.subject, at, *told))
    return found


def counts_before(session: Session, photos: Iterable[int], since: datetime) -> dict[int, int]:
    """Return the numbers of people that were stated for these photos before a time, if changed."""
    newest_first = select(History).order_by(col(History.id).desc())
    wanted = set(map(str, photos))
    found: dict[int, int] = {}
    with closing(session.exec(newest_first.execution_options(yield_per=1000))) as rows:
        for row in takewhile(lambda row: row.at >= since, rows):
            if row.table_name == "photo" and row.row_key in wanted:
                found[int(row.row_key)] = row.old.get("recognisable_count") or 0
    return found
