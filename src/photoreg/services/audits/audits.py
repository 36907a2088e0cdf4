"""Audit lists: missing consents, disallowed publications, looser settings, and the log.

The lists contain ids, not names; names are read only for a stated purpose, which is logged.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from photoreg.registry import ledger
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_channel, find_person_or_tombstone, find_photo
from photoreg.registry.queries.organisation import all_channels, all_staff
from photoreg.registry.queries.verdict_cache import MissingConsent
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Staff
from photoreg.rulebook.policy import DEFAULT_POLICY, looser_than_default, policy_settings
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.audits.entry_rows import EntryNames, LifeRow, entry_rows
from photoreg.services.audits.missing_consents import missing_consents
from photoreg.services.audits.told_entries import ToldLog, refuse_withheld
from photoreg.services.data_subjects.disclosures import LIST_ROLES
from photoreg.services.people.ages import noted_names
from photoreg.services.publications.takedown import all_disallowed
from photoreg.services.publications.takedown_tasks import open_due_take_downs
from photoreg.services.unit_of_work import (
    HELSINKI,
    AffectedPublication,
    UnitOfWork,
    current_policy,
)

NAMES_PER_QUERY = 500
"""The number of rows whose names are looked up in one query."""


class MissingConsentRow(NamedTuple):
    """A photo without a consent or permission for a channel; `names` only for a stated purpose."""

    photo: str
    channel: str
    outcome: Outcome
    codes: tuple[str, ...]
    persons: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry of the log: the time in Helsinki, the login, ids and codes; `details` is JSON.

    `other_logins` are those of computer and server where they differ from the one stated. `rows`
    is the same entry to read, with logins and names of channels; only if that was asked for.
    """

    seq: int
    at: datetime
    actor: str
    other_logins: tuple[str, ...]
    action: str
    subject: str
    details: dict[str, Any]
    rows: tuple[LifeRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LooserSetting:
    """A policy setting that is looser than the default."""

    setting: str
    value: object
    default: object


def looser_settings(application: Application) -> list[LooserSetting]:
    """Return the settings in force that are looser than the default."""
    with application.reading() as work:
        _, policy = current_policy(work.session)
    values, defaults = policy_settings(policy), policy_settings(DEFAULT_POLICY)
    return [
        LooserSetting(name, values[name], defaults[name]) for name in looser_than_default(policy)
    ]


@contextmanager
def list_missing_consents(
    application: Application,
    *,
    channel: str | None = None,
    on: date | None = None,
    named: bool = False,
    evaluate_all: bool = False,
) -> Iterator[Iterator[MissingConsentRow]]:
    """Open a stream of the photos without a consent or permission, for each channel.

    `named` adds the persons' names; the caller must have recorded the purpose before.
    `evaluate_all`: rely on no stored result, which another program may have changed.
    """
    with application.reading() as work:
        channels = _asked_channels(work, channel)
        found = missing_consents(work, channels, on, evaluate_all=evaluate_all)
        rows = _missing_consent_rows(channels, found)
        yield _with_names(work, rows) if named else rows


def _with_names(work: UnitOfWork, rows: Iterator[MissingConsentRow]) -> Iterator[MissingConsentRow]:
    while some := list(islice(rows, NAMES_PER_QUERY)):
        numbers = {person: parse_id(Kind.PERSON, person) or 0 for r in some for person in r.persons}
        names = noted_names(work, numbers.values())
        for row in some:
            yield row._replace(names=tuple(names[numbers[p]] for p in row.persons))


def _asked_channels(work: UnitOfWork, channel: str | None) -> list[ChannelRow]:
    """Return the channel named, or the municipality's own: of another's each is asked by name."""
    if channel:
        return [find_channel(work.session, channel)]
    return [each for each in all_channels(work.session) if each.active and each.is_own]


def _missing_consent_rows(
    channels: Sequence[ChannelRow], found: Iterable[MissingConsent]
) -> Iterator[MissingConsentRow]:
    names = {id_of(channel): channel.name for channel in channels}
    outcomes = {outcome.value: outcome for outcome in Outcome}
    for photo, channel, outcome, codes, persons in found:
        yield MissingConsentRow(
            human_id(Kind.PHOTO, photo),
            names[channel],
            outcomes[outcome],
            codes,
            tuple(human_ids(Kind.PERSON, persons)),
        )


@contextmanager
def list_disallowed(
    application: Application, *, on: date | None = None, open_tasks: bool = False
) -> Iterator[Iterator[AffectedPublication]]:
    """Open a stream of the publications online or in print that are no longer allowed.

    With `open_tasks`, a take-down task is first opened, as of today, for each publication that can
    be taken down; without it nothing is changed.
    """
    if open_tasks:
        open_due_take_downs(application)
    with application.reading() as work:
        yield all_disallowed(work, on)


@contextmanager
def list_log(
    application: Application,
    *,
    photo: str | None = None,
    person: str | None = None,
    limit: int | None = None,
    to_read: bool = False,
) -> Iterator[Iterator[LogRow]]:
    """Open a stream of the log, the newest entry first: all, or those about a photo or person.

    With `to_read`, each entry has its `rows`.

    What would tell one stop from another is shown to coordinators only (`HiddenEntries`): asking
    about somebody who may not be shown is NotAllowed for others, as for `record_life`.
    """
    with application.reading() as work:
        staff = {id_of(each): each for each in all_staff(work.session)}
        subjects = [(Kind.PHOTO, id_of(find_photo(work.session, photo)))] if photo else []
        if person:
            about = find_person_or_tombstone(work.session, person)
            refuse_withheld(work, [about], person)
            subjects.append((Kind.PERSON, id_of(about)))
        names = EntryNames(work) if to_read else None
        yield _log_rows(work, staff, subjects, limit, names)


@contextmanager
def list_other_logins(
    application: Application, *, to_read: bool = False
) -> Iterator[Iterator[LogRow]]:
    """Open a stream of the entries under another login than the computer's or the server's.

    The log keeps that a coordinator or auditor has looked: what they have seen is on their agenda
    no more.
    """
    with application.reading() as work:
        is_noted = work.actor.role in LIST_ROLES and not work.clock_is_behind
    if is_noted:
        with application.changing(LIST_ROLES) as work:
            work.log(Action.LOGINS_READ, "staff", work.actor.id)
    with list_log(application, to_read=to_read) as rows:
        yield (row for row in rows if row.other_logins)


def _other_logins(entry: ledger.LogEntry, actor: Staff) -> tuple[str, ...]:
    """Return the logins of computer and server, and the role there, that are not the actor's."""
    own = {"", actor.login.casefold(), actor.role_on_server.casefold()}
    found = (entry.computer_login, entry.database_login, entry.database_role)
    return tuple(dict.fromkeys(login for login in found if login.casefold() not in own))


def _log_rows(
    work: UnitOfWork,
    staff: dict[int, Staff],
    subjects: Sequence[tuple[Kind, int]],
    limit: int | None,
    names: EntryNames | None,
) -> Iterator[LogRow]:
    found = 0
    log = ToldLog(work)
    for entry in ledger.entries(work.session, newest_first=True):
        if limit is not None and found >= limit:
            return
        told = log.told(entry)
        if told is None:
            continue
        if all(ledger.is_about(entry, told.details, kind, number) for kind, number in subjects):
            found += 1
            yield LogRow(
                seq=entry.seq,
                at=entry.time.astimezone(HELSINKI),
                actor=staff[entry.actor_id].login,
                other_logins=_other_logins(entry, staff[entry.actor_id]),
                action=told.action,
                subject=entry.subject,
                details=told.details,
                rows=tuple(entry_rows(names, told)) if names else (),
            )
