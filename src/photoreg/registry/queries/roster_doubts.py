"""Queries about rows of class lists that could be people of another unit."""

import json
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.tables.ledger import ROSTER_DOUBT_ENTRIES, LedgerEntry
from photoreg.registry.tables.photos import EventRoster


class RosterDoubt(NamedTuple):
    """Who could be meant on a class list for an event; coordinators decide."""

    event: int
    candidates: frozenset[int]


def open_roster_doubts(session: Session, event: int | None = None) -> list[RosterDoubt]:
    """Return the doubts that nobody has decided, of one event or of all, oldest first.

    One ends, too, when a candidate is on the roster of the event.
    """
    found = [doubt for doubt in _asked(session) if event in {None, doubt.event}]
    persons = {person for doubt in found for person in doubt.candidates}
    statement = select(EventRoster.event_id, EventRoster.person_id).where(
        col(EventRoster.person_id).in_(id_list(persons))
    )
    expected = set(session.exec(statement).all()) if persons else set()
    return [
        doubt
        for doubt in found
        if not {(doubt.event, each) for each in doubt.candidates} & expected
    ]


def _asked(session: Session) -> list[RosterDoubt]:
    table = sa.inspect(LedgerEntry).local_table
    columns = (table.c.action, table.c.subject, table.c.details)
    statement = sa.select(*columns).where(sa.text(ROSTER_DOUBT_ENTRIES)).order_by(table.c.seq)
    found: dict[RosterDoubt, None] = {}
    for action, subject, details in session.connection().execute(statement):
        doubt = _doubt(subject, details)
        if action == Action.ROSTER_DOUBT_ASKED:
            found.setdefault(doubt)
        else:
            found.pop(doubt, None)
    return list(found)


def _doubt(subject: str, details: str) -> RosterDoubt:
    persons = (parse_id(Kind.PERSON, each) for each in json.loads(details)["candidates"])
    return RosterDoubt(
        parse_id(Kind.EVENT, subject) or 0, frozenset(each for each in persons if each is not None)
    )
