"""Queries about printed forms: by code, their answers, and which are open."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from photoreg.registry.corrected import was_said
from photoreg.registry.facts.loading import RECORDS_PER_BATCH
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import id_of
from photoreg.registry.queries.people import erased_ids
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, ConsentChannel, ConsentEvent, ConsentPurpose
from photoreg.registry.tables.forms import (
    ConsentForm,
    ConsentFormAnswer,
    ConsentFormChannel,
    ConsentFormPurpose,
    ConsentFormScan,
)
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Evidence
from photoreg.rulebook.facts import ConsentKind, Method, Purpose


def form_with_code(session: Session, code: str) -> ConsentForm | None:
    """Return the form with this code."""
    return session.exec(select(ConsentForm).where(ConsentForm.code == code)).first()


def forms_with_codes(session: Session, codes: Iterable[str]) -> dict[str, ConsentForm]:
    """Return the forms with these codes, by code."""
    return {form.code: form for form in rows_with(session, ConsentForm, ConsentForm.code, codes)}


def answered_forms(session: Session, forms: Iterable[int]) -> dict[int, ConsentKind]:
    """Return what was recorded last from each of these forms that has an answer."""
    statement = (
        select(ConsentFormAnswer.form_id, ConsentEvent.kind)
        .join(ConsentEvent, col(ConsentEvent.id) == col(ConsentFormAnswer.statement_id))
        .where(col(ConsentFormAnswer.form_id).in_(id_list(forms)), was_said(ConsentEvent))
        .order_by(col(ConsentEvent.id))
    )
    return {form: ConsentKind(kind) for form, kind in session.exec(statement)}


def scans_of_forms(session: Session, forms: Iterable[int]) -> dict[int, ConsentFormScan]:
    """Return the scans of these forms, by form."""
    found = rows_with(session, ConsentFormScan, ConsentFormScan.form_id, forms)
    return {scan.form_id: scan for scan in found}


def kept_scans(session: Session, forms: Iterable[int]) -> dict[int, str]:
    """Return the document of each form's scan, unless it was erased."""
    statement = (
        select(ConsentFormScan.form_id, ConsentFormScan.evidence)
        .join(Evidence, col(Evidence.sha256) == col(ConsentFormScan.evidence))
        .where(col(ConsentFormScan.form_id).in_(id_list(forms)))
        .where(col(Evidence.erased_at).is_(None))
    )
    return dict(session.exec(statement).all())


def count_unanswered_scans(session: Session, scanned_by: int | None) -> int:
    """Count the forms whose paper is kept, scanned by this user if given, and whose answer is not.

    The paper of an erased person is not kept.
    """
    statement = (
        select(sa.func.count())
        .select_from(ConsentFormScan)
        .join(Evidence, col(Evidence.sha256) == col(ConsentFormScan.evidence))
        .where(col(Evidence.erased_at).is_(None), col(ConsentFormScan.form_id).not_in(_answered()))
    )
    if scanned_by is not None:
        statement = statement.where(ConsentFormScan.scanned_by == scanned_by)
    return session.exec(statement).one()


def next_unanswered_scan(
    session: Session, scanned_by: int | None, after: int
) -> ConsentForm | None:
    """Return the form after this one whose paper is kept and whose answer is not, as counted above.

    After the last one the first comes again.
    """
    form = col(ConsentForm.id)
    statement = (
        select(ConsentForm)
        .join(ConsentFormScan, col(ConsentFormScan.form_id) == form)
        .join(Evidence, col(Evidence.sha256) == col(ConsentFormScan.evidence))
        .where(col(Evidence.erased_at).is_(None), form.not_in(_answered()))
        .order_by(sa.case((form > after, 0), else_=1), form)
        .limit(1)
    )
    if scanned_by is not None:
        statement = statement.where(ConsentFormScan.scanned_by == scanned_by)
    return session.exec(statement).first()


def _answered() -> Any:
    """Build a query for the forms from which an answer was recorded."""
    return (
        select(ConsentFormAnswer.form_id)
        .join(ConsentEvent, col(ConsentEvent.id) == col(ConsentFormAnswer.statement_id))
        .where(was_said(ConsentEvent))
    )


def events_on_form(session: Session, form: int) -> list[ConsentEvent]:
    """Return the events recorded from a form, in the order of recording."""
    answers = select(ConsentFormAnswer.statement_id).where(ConsentFormAnswer.form_id == form)
    on_form = col(ConsentEvent.id).in_(answers), was_said(ConsentEvent)
    statement = select(ConsentEvent).where(*on_form)
    return list(session.exec(statement.order_by(col(ConsentEvent.id))))


def open_forms(session: Session, event: int | None = None) -> Iterator[ConsentForm]:
    """Yield the open forms made out to somebody, oldest first."""
    statement = open_forms_query(ConsentForm)
    if event is not None:
        statement = statement.where(ConsentForm.event_id == event)
    ordered = statement.order_by(col(ConsentForm.printed_at), col(ConsentForm.id))
    found = session.exec(ordered.execution_options(yield_per=RECORDS_PER_BATCH))
    return (form for form in found)


def open_forms_query(form: Any) -> Any:
    """Build the query for the open forms, under that alias.

    A form is answered when an event was recorded from it, or when the same person has answered with
    the same reach since, on any paper. Of several forms for the same answer only the newest is
    open. No answer is expected from or about an erased person.
    """
    consent, newer = aliased(Consent), aliased(ConsentForm)
    answered = (
        select(consent.id)
        .join(ConsentEvent, col(ConsentEvent.consent_id) == col(consent.id))
        .where(
            col(ConsentEvent.kind) != ConsentKind.REQUESTED,
            col(ConsentEvent.recorded_at) >= form.printed_at,
            was_said(ConsentEvent),
            has_same_reach(consent, form),
        )
        .correlate(form)
    )
    anew = select(newer.id).where(newer.id > form.id, has_same_reach(newer, form)).correlate(form)
    return select(form).where(
        col(form.actor_id).is_not(None),
        col(form.actor_id).not_in(erased_ids()),
        sa.func.coalesce(form.subject_id, 0).not_in(erased_ids()),
        col(form.id).not_in(_answered()),
        ~answered.exists(),
        ~anew.exists(),
    )


def has_same_reach(table: Any, form: Any) -> Any:
    """SQL condition: the row has the same persons and reach as the form."""
    return sa.and_(
        table.subject_id == form.subject_id,
        table.actor_id == form.actor_id,
        sa.func.coalesce(table.photo_id, 0) == sa.func.coalesce(form.photo_id, 0),
        sa.func.coalesce(table.event_id, 0) == sa.func.coalesce(form.event_id, 0),
    )


def active_channels(session: Session) -> list[ChannelRow]:
    """Return the channels in use, in the order in which they were added."""
    statement = select(ChannelRow).where(col(ChannelRow.active)).order_by(col(ChannelRow.id))
    return list(session.exec(statement))


@dataclass(frozen=True, slots=True)
class AskedOnForm:
    """What a printed form asks about: channels, and purposes."""

    channels: tuple[ChannelRow, ...]
    purposes: tuple[Purpose, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the channels."""
        return tuple(channel.name for channel in self.channels)


def asked_on_form(session: Session, form: int) -> AskedOnForm:
    """Return what a form asks about, in the order in which it is printed."""
    rows = rows_with(session, ConsentFormPurpose, ConsentFormPurpose.form_id, [form])
    purposes = sorted(row.purpose for row in rows)
    return AskedOnForm(tuple(channels_on_forms(session, [form])), tuple(purposes))


def channels_on_forms(session: Session, forms: Iterable[int]) -> list[ChannelRow]:
    """Return the channels that any of these forms asks about, in the order of adding."""
    rows = rows_with(session, ConsentFormChannel, ConsentFormChannel.form_id, forms)
    channels = rows_with(session, ChannelRow, ChannelRow.id, {row.channel_id for row in rows})
    return sorted(channels, key=id_of)


@dataclass(frozen=True, slots=True)
class FormReply:
    """An answer on a form: whose it is, and its scope; `channels` are kinds, or names."""

    statement: int
    actor: int
    kind: ConsentKind
    channels: frozenset[str]
    purposes: frozenset[str]
    may_be_named: bool | None


def form_replies(session: Session, form: int) -> list[FormReply]:
    """Return the answers on a form, in the order of recording."""
    events = events_on_form(session, form)
    records = rows_with(session, Consent, Consent.id, {event.consent_id for event in events})
    actors = {id_of(record): record.actor_id for record in records}
    scopes = _scopes(session, events)
    return [
        FormReply(
            id_of(event),
            actors[event.consent_id],
            event.kind,
            *scopes[id_of(event)],
            event.may_be_named,
        )
        for event in events
    ]


def _scopes(
    session: Session, events: Sequence[ConsentEvent]
) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """Return the channels and purposes of each event; channels by kind or by name."""
    ids, names = [id_of(event) for event in events], channel_names(session)
    channels: dict[int, set[str]] = defaultdict(set)
    for row in rows_with(session, ConsentChannel, ConsentChannel.statement_id, ids):
        channels[row.statement_id].add(str(row.kind or names[row.channel_id or 0]))
    purposes: dict[int, set[str]] = defaultdict(set)
    for given in rows_with(session, ConsentPurpose, ConsentPurpose.statement_id, ids):
        purposes[given.statement_id].add(str(given.purpose))
    return {each: (frozenset(channels[each]), frozenset(purposes[each])) for each in ids}


def newest_form_of(session: Session, consent: int) -> ConsentForm | None:
    """Return the newest form from which an event of this consent was recorded."""
    statement = (
        select(ConsentForm)
        .join(ConsentFormAnswer, col(ConsentFormAnswer.form_id) == col(ConsentForm.id))
        .join(ConsentEvent, col(ConsentEvent.id) == col(ConsentFormAnswer.statement_id))
        .where(ConsentEvent.consent_id == consent, was_said(ConsentEvent))
        .order_by(col(ConsentEvent.id).desc())
    )
    return session.exec(statement).first()


@dataclass(frozen=True, slots=True)
class ConsentHistoryItem:
    """One event of a consent: kind, day, method, when it was recorded, and its scope."""

    kind: ConsentKind
    day: date
    method: Method
    recorded_at: datetime
    may_be_named: bool | None
    channels: frozenset[str]
    purposes: frozenset[str]


def consent_history(session: Session, consent: int) -> list[ConsentHistoryItem]:
    """Return the events of one consent, by their days."""
    statement = (
        select(ConsentEvent)
        .where(ConsentEvent.consent_id == consent, was_said(ConsentEvent))
        .order_by(col(ConsentEvent.day), col(ConsentEvent.id))
    )
    events = list(session.exec(statement))
    scopes = _scopes(session, events)
    return [
        ConsentHistoryItem(
            e.kind, e.day, e.method, e.recorded_at, e.may_be_named, *scopes[id_of(e)]
        )
        for e in events
    ]
