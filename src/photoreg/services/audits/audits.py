"""Auditing: what lacks consent or permission, what is out and may not be, and the log.

Lists hold ids and no names; names are read only for a stated purpose, and that is logged.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from photoreg.registry import ledger
from photoreg.registry.ids import Kind, human_id, id_of, number_in
from photoreg.registry.ledger import Entry
from photoreg.registry.lookup import the_channel, the_person, the_photo
from photoreg.registry.queries.organisation import all_channels, all_staff
from photoreg.registry.queries.publications import person_names
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.policy import DEFAULT_POLICY, looser_than_default, settings_of
from photoreg.rulebook.verdict import Outcome
from photoreg.services.audits.missing_consents import lacks
from photoreg.services.organisation.policy import as_toml
from photoreg.services.publications.takedown import Touched, all_not_allowed, open_due_take_downs
from photoreg.services.unit_of_work import HELSINKI, Desk, Workplace, current_policy

NAMED_AT_A_TIME = 500
"""For how many rows names are looked up together."""


class Lacking(NamedTuple):
    """A photo that lacks consent or permission for a channel; `names` only when revealed."""

    photo: str
    channel: str
    outcome: Outcome
    codes: tuple[str, ...]
    persons: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log as an auditor reads it: the time in Helsinki, logins, ids, codes."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Looser:
    """A setting of the policy that protects less than the default."""

    setting: str
    value: str
    default: str


def looser_settings(workplace: Workplace) -> list[Looser]:
    """Return the settings in force that protect less than the default."""
    with workplace.reading() as desk:
        _, policy = current_policy(desk.session)
    values, defaults = settings_of(policy), settings_of(DEFAULT_POLICY)
    return [
        Looser(name, as_toml(values[name]), as_toml(defaults[name]))
        for name in looser_than_default(policy)
    ]


@contextmanager
def lacking(
    workplace: Workplace,
    *,
    channel: str | None = None,
    on: date | None = None,
    named: bool = False,
) -> Iterator[Iterator[Lacking]]:
    """Give every photo that lacks consent or permission, for each channel, as a stream.

    `named` adds the persons' names, for a purpose that was stated before they are read.
    """
    with workplace.reading() as desk:
        rows = _lacking(desk, _asked_channels(desk, channel), on)
        yield _with_names(desk, rows) if named else rows


def _with_names(desk: Desk, rows: Iterator[Lacking]) -> Iterator[Lacking]:
    while some := list(islice(rows, NAMED_AT_A_TIME)):
        numbers = {
            person: number_in(Kind.PERSON, person) or 0 for r in some for person in r.persons
        }
        names = person_names(desk.session, numbers.values())
        for row in some:
            yield row._replace(names=tuple(names[numbers[p]] for p in row.persons))


def _asked_channels(desk: Desk, channel: str | None) -> list[ChannelRow]:
    if channel:
        return [the_channel(desk.session, channel)]
    return [each for each in all_channels(desk.session) if each.active]


def _lacking(desk: Desk, channels: Sequence[ChannelRow], on: date | None) -> Iterator[Lacking]:
    names = {id_of(channel): channel.name for channel in channels}
    outcomes = {outcome.value: outcome for outcome in Outcome}
    for photo, channel, outcome, codes, persons in lacks(desk, channels, on):
        yield Lacking(
            human_id(Kind.PHOTO, photo),
            names[channel],
            outcomes[outcome],
            codes,
            tuple([human_id(Kind.PERSON, person) for person in persons]),
        )


@contextmanager
def published(
    workplace: Workplace, *, on: date | None = None, open_tasks: bool = False
) -> Iterator[Iterator[Touched]]:
    """Give what is online or in print and not allowed any more; changes nothing by itself.

    With `open_tasks` each publication that can be taken down gets a task, as of today.
    """
    if open_tasks:
        open_due_take_downs(workplace)
    with workplace.reading() as desk:
        yield all_not_allowed(desk, on)


@contextmanager
def log(
    workplace: Workplace,
    *,
    photo: str | None = None,
    person: str | None = None,
    limit: int | None = None,
) -> Iterator[Iterator[Logged]]:
    """Give the entries of the log, the newest first, all or those about a photo or a person."""
    with workplace.reading() as desk:
        logins = {id_of(staff): staff.login for staff in all_staff(desk.session)}
        about = [(Kind.PHOTO, id_of(the_photo(desk.session, photo)))] if photo else []
        about += [(Kind.PERSON, id_of(the_person(desk.session, person)))] if person else []
        yield _logged(desk, logins, about, limit)


def _logged(
    desk: Desk, logins: dict[int, str], about: Sequence[tuple[Kind, int]], limit: int | None
) -> Iterator[Logged]:
    found = 0
    for entry in ledger.entries(desk.session, newest_first=True):
        if limit is not None and found >= limit:
            return
        details = json.loads(entry.details)
        if all(_is_about(entry, details, kind, number) for kind, number in about):
            found += 1
            yield Logged(
                seq=entry.seq,
                at=datetime.fromisoformat(entry.at).astimezone(HELSINKI),
                actor=logins[entry.actor_id],
                action=entry.action,
                subject=entry.subject,
                details=details,
            )


_SPOKEN_OF = {
    Kind.PHOTO: frozenset({"photo", "photos"}),
    Kind.PERSON: frozenset({"person", "persons", "child", "guardian", "photographers"}),
}
"""Under which names the details of an entry hold bare numbers of photos or persons."""


def _is_about(entry: Entry, details: dict[str, Any], kind: Kind, number: int) -> bool:
    named = human_id(kind, number)
    return entry.subject == named or any(
        value == named or (value == number and key in _SPOKEN_OF[kind])
        for key, said in details.items()
        for value in (said if isinstance(said, list) else [said])
    )
