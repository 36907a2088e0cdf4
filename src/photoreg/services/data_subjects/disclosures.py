"""Disclosures: the purpose of whoever reads names, and the list of who looked at what.

Who looked is noted by `services.looks`, whatever shows the names.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from photoreg.errors import InputDataError
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person_or_tombstone
from photoreg.registry.merged import records_kept_in
from photoreg.registry.queries.audits import disclosures
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.rows import add
from photoreg.registry.tables.history import Disclosure
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.triggers.history import MASK
from photoreg.services.application import Application
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_role
from photoreg.texts import N_

MAX_PURPOSE_LENGTH = 500

LIST_ROLES = COORDINATORS | {StaffRole.AUDITOR}
"""The roles that may see who looked."""


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """Who looked at what and when: how many names and contacts, about which records.

    `masked` counts those of another unit than the user's, shown without name and contact.

    The purpose may name somebody: coordinators see it, auditors only their own.
    """

    at: datetime
    actor: str
    list: str
    about: tuple[str, ...]
    names: int
    contacts: int
    masked: int
    purpose: str | None


def state_purpose(application: Application, purpose: str, of: str) -> int:
    """Record why the names in a list or report are needed, before they are read; return its number.

    The purpose may name a person, so the log contains only its number. InputDataError if empty.
    """
    written = free_text(purpose, MAX_PURPOSE_LENGTH)
    if not written:
        raise InputDataError(
            N_("the purpose is missing"), N_("State briefly why the names are needed.")
        )
    with application.changing(frozenset(StaffRole)) as work:
        row = Disclosure(at=work.now, actor_id=work.actor.id, list=of, purpose=written)
        number = add(work.session, row)
        work.log(Action.NAMES_READ, "staff", work.actor.id, list=of, disclosure=number)
    application.looks.stated = number
    return number


REUSED_FOR = timedelta(hours=8)
"""How long a stated purpose holds for further pages of the same list."""


def reuse_purpose(application: Application, number: str, of: str) -> None:
    """Read further names of a list for the purpose that the actor stated for it today."""
    known = int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else 0  # noqa: PLR2004 - SQLite's integers
    with application.reading() as work:
        row = work.session.get(Disclosure, known)
        is_own = row is not None and (row.actor_id, row.list) == (work.actor.id, of)
        if row is None or not is_own or not row.purpose or work.now - row.at > REUSED_FOR:
            raise InputDataError(
                N_("the purpose is missing"), N_("State briefly why the names are needed.")
            )
    application.looks.stated = known


@contextmanager
def list_disclosures(
    application: Application, *, person: str | None = None, limit: int | None = None
) -> Iterator[Iterator[DisclosureRow]]:
    """Open a stream of who looked at names or contacts, the newest first.

    With `person` only what showed that person. NotAllowed except for coordinators and auditors.
    """
    with application.reading() as work:
        require_role(work, LIST_ROLES)
        shown = id_of(find_person_or_tombstone(work.session, person)) if person else None
        yield islice(disclosure_rows(work, shown), limit and min(limit, sys.maxsize))


def disclosure_rows(work: UnitOfWork, person: int | None = None) -> Iterator[DisclosureRow]:
    """Yield who looked, the newest first; with `person` only what showed that person."""
    logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
    wanted = records_kept_in(work.session, person) if person else set()
    for row, stated in disclosures(work.session):
        if wanted and not any(first <= n <= last for first, last in row.persons for n in wanted):
            continue
        told = stated or row
        yield DisclosureRow(
            at=row.at,
            actor=logins[row.actor_id],
            list=row.list,
            about=tuple(filter(None, row.about.split(","))),
            names=row.names,
            contacts=row.contacts,
            masked=row.masked,
            purpose=_shown_purpose(work, told) if told.purpose else None,
        )


def _shown_purpose(work: UnitOfWork, row: Disclosure) -> str:
    may_see = work.actor.role in COORDINATORS or row.actor_id == work.actor.id
    return row.purpose if may_see else MASK
