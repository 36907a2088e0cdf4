"""List unanswered consent requests, and consents that expire soon."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from heapq import merge
from itertools import chain, islice
from typing import NamedTuple

from photoreg.documents.codes import format_code
from photoreg.registry.facts.consent_replay import consent_status
from photoreg.registry.facts.loading import RECORDS_PER_BATCH, record_batches
from photoreg.registry.facts.rows import ConsentRecord
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.consent_requests import (
    NeverAsked,
    consents_possibly_ending,
    guardian_pairs,
    never_asked,
    photo_counts_by_person,
    unanswered_requests,
)
from photoreg.registry.queries.consents import reach_label
from photoreg.registry.queries.forms import open_forms
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Language, Person
from photoreg.rulebook.facts import OPEN_ENDED, Statement, add_days, add_months, age_in_years
from photoreg.rulebook.policy import Policy
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import events_in_reach
from photoreg.services.people.ages import hides, shown_contact, shown_name
from photoreg.services.unit_of_work import HELSINKI, UnitOfWork, current_policy

_MONTH_TOLERANCE = 4
"""How far off a day may be after subtracting months, or for a birthday on 29 February."""


class EndReason(StrEnum):
    """Why a consent expires."""

    LAST_DAY = "last_day"
    AGE_LIMIT = "age_limit"
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class _EndingConsent:
    """A consent that expires: its last valid day, and why."""

    consent: ConsentRecord
    last_day: date
    why: EndReason


class PersonToAsk(NamedTuple):
    """Whom to ask, how, and in which language; without name and contact if names are hidden."""

    ask: str
    ask_name: str | None
    contact: str | None
    language: Language | None


class RequestState(StrEnum):
    """Whether somebody was asked."""

    ASKED = "asked"
    NEVER_ASKED = "never_asked"


@dataclass(frozen=True, slots=True)
class UnansweredRequest:
    """Whoever has not answered: asked on a printed form or by a consent event, or never asked."""

    state: RequestState
    form: str | None
    consent: str | None
    person: str
    name: str | None
    to_ask: PersonToAsk
    reach: str
    asked_on: str | None
    days: int | None


@dataclass(frozen=True, slots=True)
class ExpiringConsent:
    """A consent that expires soon, and the number of photos it covers."""

    consent: str
    person: str
    name: str | None
    to_ask: PersonToAsk
    reach: str
    photos: int
    last_day: str
    why: EndReason


@contextmanager
def pending_requests(
    application: Application, event: str | None = None
) -> Iterator[Iterator[UnansweredRequest]]:
    """Open a stream of the unanswered requests, the oldest first, then of who was never asked.

    Those to ask are shown in photos, or are guardians of somebody who is.
    """
    with application.reading() as work:
        number = id_of(find_event(work.session, event)) if event else None
        forms: Iterator[tuple[Consent | ConsentForm, date]] = (
            (form, form.printed_at.astimezone(HELSINKI).date())
            for form in open_forms(work.session, number)
        )
        asked = unanswered_requests(work.session, number)
        born = (
            add_months(work.today, -12 * work.policy.child_age),
            add_months(work.today, -12 * work.policy.child_view_age),
        )
        yield chain(
            _pending_rows(work, merge(forms, asked, key=lambda row: row[1])),
            _never_asked_rows(work, never_asked(work.session, born, number)),
        )


def _never_asked_rows(work: UnitOfWork, pairs: Iterable[NeverAsked]) -> Iterator[UnansweredRequest]:
    """Yield whom nobody has asked as rows, by person."""
    pairs = iter(pairs)
    while rows := list(islice(pairs, RECORDS_PER_BATCH)):
        people = _people(work, rows)
        for row in rows:
            yield UnansweredRequest(
                state=RequestState.NEVER_ASKED,
                form=None,
                consent=None,
                person=human_id(Kind.PERSON, row.subject_id),
                name=_name(work, people[row.subject_id]),
                to_ask=_person_to_ask(work, row.actor_id, row.subject_id, people),
                reach=reach_label(row),
                asked_on=None,
                days=None,
            )


def _pending_rows(
    work: UnitOfWork, requests: Iterable[tuple[Consent | ConsentForm, date]]
) -> Iterator[UnansweredRequest]:
    """Yield the requests as rows, those of one day by name within a batch."""
    requests = iter(requests)
    while rows := list(islice(requests, RECORDS_PER_BATCH)):
        people = _people(work, [row for row, _day in rows])
        found = [
            UnansweredRequest(
                state=RequestState.ASKED,
                form=format_code(row.code) if isinstance(row, ConsentForm) else None,
                consent=None if isinstance(row, ConsentForm) else human_id(Kind.CONSENT, row.id),
                person=human_id(Kind.PERSON, people[row.subject_id or 0].id),
                name=_name(work, people[row.subject_id or 0]),
                to_ask=_person_to_ask(work, row.actor_id, row.subject_id, people),
                reach=reach_label(row),
                asked_on=day.isoformat(),
                days=(work.today - day).days,
            )
            for row, day in rows
        ]
        yield from sorted(
            found, key=lambda row: (row.asked_on or "", row.name or "", row.to_ask.ask)
        )


@contextmanager
def expiring_consents(
    application: Application, within: timedelta
) -> Iterator[Iterator[ExpiringConsent]]:
    """Open a stream of the consents that expire within the period, in order of their last day.

    Only ids are loaded into memory for sorting.
    """
    with application.reading() as work:
        yield _expiring_rows(work, work.today + within)


def _expiring_rows(work: UnitOfWork, horizon: date) -> Iterator[ExpiringConsent]:
    ending: defaultdict[tuple[date, EndReason], array[int]] = defaultdict(lambda: array("q"))
    for each in _ending_consents(work, horizon):
        ending[each.last_day, each.why].append(each.consent.id)
    in_order = (
        (last_day, number, why)
        for last_day, why in sorted(ending)
        for number in sorted(ending[last_day, why])
    )
    while some := list(islice(in_order, RECORDS_PER_BATCH)):
        yield from _ending_rows(work, some)


def _ending_rows(
    work: UnitOfWork, ending: Sequence[tuple[date, int, EndReason]]
) -> Iterator[ExpiringConsent]:
    numbers = array("q", (number for _day, number, _why in ending))
    consents = {
        consent.id: consent
        for some in record_batches(work.session, Consent, numbers)
        for consent in some
    }
    people = _people(work, consents.values())
    photos = {consent.photo_id for consent in consents.values() if consent.photo_id}
    shown = {consent.subject_id for consent in consents.values()}
    counts = photo_counts_by_person(work.session, shown, photos)
    for last_day, number, why in ending:
        consent = consents[number]
        if why is EndReason.ADULT and hides(work, consent.subject_id):
            continue  # the row itself would tell the birth date
        actor = _next_actor(consent, why)
        yield ExpiringConsent(
            consent=human_id(Kind.CONSENT, number),
            person=human_id(Kind.PERSON, people[consent.subject_id].id),
            name=_name(work, people[consent.subject_id]),
            to_ask=_person_to_ask(work, actor, consent.subject_id, people),
            reach=reach_label(consent),
            photos=counts.get(_count_key(consent), 0),
            last_day=last_day.isoformat(),
            why=why,
        )


def _next_actor(consent: ConsentRecord, why: EndReason) -> int:
    return consent.subject_id if why is EndReason.ADULT else consent.actor_id


def _count_key(consent: ConsentRecord) -> tuple[int, str, int | None]:
    if consent.photo_id is not None:
        return consent.subject_id, "photo", consent.photo_id
    kind = "everything" if consent.event_id is None else "event"
    return consent.subject_id, kind, consent.event_id


def subjects_of_ending_consents(work: UnitOfWork, within: timedelta) -> "array[int]":
    """Return the person ids of the consents that expire within the period, one per consent."""
    return array(
        "q", (each.consent.subject_id for each in _ending_consents(work, work.today + within))
    )


def _ending_consents(work: UnitOfWork, horizon: date) -> Iterator[_EndingConsent]:
    """Yield the consents valid today that expire by the horizon, each with its first reason.

    When a child comes of age, the consents of several guardians are yielded once: the child alone
    is asked again.
    """
    _, policy = current_policy(work.session)
    today, months = work.today, policy.max_consent_age_months
    consents = consents_possibly_ending(
        work.session,
        ends=(today, horizon),
        given=_months_before(today, horizon, months) if months else (date.min, date.min),
        born=_months_before(today, horizon, policy.child_age * 12),
    )
    subject, yielded = 0, set[tuple[int | None, ...]]()
    for some in consents:
        for each in _ending_among(work, some, policy, horizon):
            consent = each.consent
            if consent.subject_id != subject:
                subject, yielded = consent.subject_id, set()
            key = _next_actor(consent, each.why), consent.photo_id, consent.event_id
            if key not in yielded:
                yielded.add(key)
                yield each


def _ending_among(
    work: UnitOfWork, consents: Sequence[ConsentRecord], policy: Policy, horizon: date
) -> Iterator[_EndingConsent]:
    people = _people(work, consents)
    deciding = guardian_pairs(work.session, {consent.subject_id for consent in consents})
    events = events_in_reach(work, consents)
    for consent in consents:
        is_own = consent.subject_id == consent.actor_id
        if not is_own and (consent.subject_id, consent.actor_id) not in deciding:
            continue
        status = consent_status(events[id_of(consent)])
        days = [
            _end_of_grant(consent, people[consent.subject_id], event.statement, policy)
            for event in status.longest_grants
            if event.record_id == consent.id
        ]
        for last_day, why in days:
            if work.today <= last_day <= horizon:
                yield _EndingConsent(consent, last_day, why)


def _months_before(first: date, last: date, months: int) -> tuple[date, date]:
    """Return a period that contains every day of the given one, minus so many months."""

    def earlier(day: date) -> date:
        year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
        return date(max(year, 1), month + 1, min(day.day, 28))

    return earlier(first), add_days(earlier(last), _MONTH_TOLERANCE)


def _end_of_grant(
    consent: ConsentRecord, subject: Person, grant: Statement, policy: Policy
) -> tuple[date, EndReason]:
    """Return the last day on which a grant is valid, and why."""
    ends = [(grant.valid_until or OPEN_ENDED, EndReason.LAST_DAY)]
    if policy.max_consent_age_months is not None and grant.day is not None:
        limit = add_months(grant.day, policy.max_consent_age_months)
        ends.append((limit, EndReason.AGE_LIMIT))
    if subject.born is not None and consent.subject_id != consent.actor_id:
        birthday = _birthday(subject.born, policy.child_age)
        ends.append((add_days(birthday, -1), EndReason.ADULT))
    return min(ends)


def _birthday(born: date, age: int) -> date:
    """Return the first day of an age in years; for 29 February it is 1 March."""
    day = add_months(born, age * 12)
    return day if age_in_years(born, day) == age else add_days(day, 1)


def _people(
    work: UnitOfWork, rows: Iterable[Consent | ConsentRecord | ConsentForm | NeverAsked]
) -> dict[int, Person]:
    numbers = {number for row in rows for number in (row.subject_id, row.actor_id)}
    return persons_of(work.session, numbers)


def _name(work: UnitOfWork, person: Person) -> str | None:
    return None if hides(work, person) else shown_name(work, person)


def _person_to_ask(
    work: UnitOfWork, number: int | None, subject: int | None, people: dict[int, Person]
) -> PersonToAsk:
    """Describe the person to ask; by default in the language of the depicted person."""
    person = people[number or 0]
    return PersonToAsk(
        ask=human_id(Kind.PERSON, person.id),
        ask_name=_name(work, person),
        contact=shown_contact(work, person) or None,
        language=person.language or people[subject or 0].language,
    )
