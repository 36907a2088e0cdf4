"""Whom to ask: who was asked and has not answered, and whose yes ends soon."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any

from photoreg.documents.codes import grouped
from photoreg.registry.facts.consent_replay import standing
from photoreg.registry.facts.loading import THREADS_AT_A_TIME, threads_in_parts
from photoreg.registry.facts.rows import ConsentRecord
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import the_event
from photoreg.registry.queries.consent_requests import (
    consents_that_may_end,
    deciding_pairs,
    only_asked,
    photo_counts_of,
)
from photoreg.registry.queries.consents import reach_of
from photoreg.registry.queries.forms import open_forms
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import OPEN_ENDED, age_in_years
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.situation import months_later
from photoreg.services.consents.consent_events import standings_words
from photoreg.services.unit_of_work import HELSINKI, Desk, Workplace, current_policy

_SHORT_MONTHS = timedelta(days=4)
"""How far a day may be off that is reckoned back by months, and a birthday on 29 February."""


class Ending(StrEnum):
    """Why a yes ends."""

    LAST_DAY = "last_day"
    AGE_LIMIT = "age_limit"
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class _Ends:
    """A yes that ends: the consent, the last day it holds, and why."""

    consent: ConsentRecord
    last_day: date
    why: Ending


@contextmanager
def pending(workplace: Workplace, event: str | None = None) -> Iterator[Iterator[dict[str, Any]]]:
    """Give who was asked, on paper or otherwise, and has not answered; the longest first."""
    with workplace.reading() as desk:
        number = id_of(the_event(desk.session, event)) if event else None
        forms: Iterator[tuple[Consent | ConsentForm, date]] = (
            (form, form.printed_at.astimezone(HELSINKI).date())
            for form in open_forms(desk.session, number)
        )
        asked = only_asked(desk.session, number)
        yield _pending(desk, merge(forms, asked, key=lambda row: row[1]))


def _pending(
    desk: Desk, waiting: Iterable[tuple[Consent | ConsentForm, date]]
) -> Iterator[dict[str, Any]]:
    """Give what is waited for as rows; those of one day by name, as far as they come together."""
    waiting = iter(waiting)
    while rows := list(islice(waiting, THREADS_AT_A_TIME)):
        people = _people(desk, [row for row, _day in rows])
        found = [
            {
                "form": grouped(row.code) if isinstance(row, ConsentForm) else None,
                "consent": None if isinstance(row, ConsentForm) else human_id(Kind.CONSENT, row.id),
                **_shown(desk, row.subject_id, people),
                **_to_ask(desk, row.actor_id, row.subject_id, people),
                "reach": reach_of(row),
                "asked_on": day.isoformat(),
                "days": (desk.today - day).days,
            }
            for row, day in rows
        ]
        yield from sorted(found, key=lambda row: (row["asked_on"], row["name"] or "", row["ask"]))


@contextmanager
def expiring(workplace: Workplace, within: timedelta) -> Iterator[Iterator[dict[str, Any]]]:
    """Give whose yes ends in that time, by its day, its age or a birthday, and whom to ask.

    The first to end comes first; until then nothing but a number is kept of each.
    """
    with workplace.reading() as desk:
        yield _expiring(desk, desk.today + within)


def _expiring(desk: Desk, horizon: date) -> Iterator[dict[str, Any]]:
    ending: defaultdict[tuple[date, Ending], array[int]] = defaultdict(lambda: array("q"))
    for each in _ends(desk, horizon):
        ending[each.last_day, each.why].append(each.consent.id)
    in_order = (
        (last_day, number, why)
        for last_day, why in sorted(ending)
        for number in sorted(ending[last_day, why])
    )
    while some := list(islice(in_order, THREADS_AT_A_TIME)):
        yield from _ending_rows(desk, some)


def _ending_rows(
    desk: Desk, ending: Sequence[tuple[date, int, Ending]]
) -> Iterator[dict[str, Any]]:
    numbers = array("q", (number for _day, number, _why in ending))
    consents = {
        consent.id: consent
        for some in threads_in_parts(desk.session, Consent, numbers)
        for consent in some
    }
    people = _people(desk, consents.values())
    photos = {consent.photo_id for consent in consents.values() if consent.photo_id}
    shown = {consent.subject_id for consent in consents.values()}
    counts = photo_counts_of(desk.session, shown, photos)
    for last_day, number, why in ending:
        consent = consents[number]
        yield {
            "consent": human_id(Kind.CONSENT, number),
            **_shown(desk, consent.subject_id, people),
            **_to_ask(desk, _asked_again(consent, why), consent.subject_id, people),
            "reach": reach_of(consent),
            "photos": counts.get(_counted(consent), 0),
            "last_day": last_day.isoformat(),
            "why": why,
        }


def _asked_again(consent: ConsentRecord, why: Ending) -> int:
    return consent.subject_id if why is Ending.ADULT else consent.actor_id


def _counted(consent: ConsentRecord) -> tuple[int, str, int | None]:
    if consent.photo_id is not None:
        return consent.subject_id, "photo", consent.photo_id
    kind = "everything" if consent.event_id is None else "event"
    return consent.subject_id, kind, consent.event_id


def ending_about(desk: Desk, within: timedelta) -> "array[int]":
    """Return about whom the yeses are that end in that time, one number for each yes."""
    return array("q", (each.consent.subject_id for each in _ends(desk, desk.today + within)))


def _ends(desk: Desk, horizon: date) -> Iterator[_Ends]:
    """Give the yeses that hold today and no more at the horizon, each for the first reason.

    What ends for several guardians as a child comes of age is one yes that is asked for anew.
    """
    _, policy = current_policy(desk.session)
    today, months = desk.today, policy.max_consent_age_months
    consents = consents_that_may_end(
        desk.session,
        ends=(today, horizon),
        given=_before(today, horizon, months) if months else (date.min, date.min),
        born=_before(today, horizon, policy.child_age * 12),
    )
    subject, told = 0, set[tuple[int | None, ...]]()
    for some in consents:
        for each in _those_ending(desk, some, policy, horizon):
            consent = each.consent
            if consent.subject_id != subject:
                subject, told = consent.subject_id, set()
            key = _asked_again(consent, each.why), consent.photo_id, consent.event_id
            if key not in told:
                told.add(key)
                yield each


def _those_ending(
    desk: Desk, consents: Sequence[ConsentRecord], policy: Policy, horizon: date
) -> Iterator[_Ends]:
    people = _people(desk, consents)
    deciding = deciding_pairs(desk.session, {consent.subject_id for consent in consents})
    words = standings_words(desk, consents)
    for consent in consents:
        is_own = consent.subject_id == consent.actor_id
        if not is_own and (consent.subject_id, consent.actor_id) not in deciding:
            continue
        said = standing(words[id_of(consent)], side_by_side=False)
        days = [
            _end(consent, people[consent.subject_id], word.grant, policy)
            for word in said.yeses
            if word.thread == consent.id
        ]
        for last_day, why in days:
            if desk.today <= last_day <= horizon:
                yield _Ends(consent, last_day, why)


def _before(first: date, last: date, months: int) -> tuple[date, date]:
    """Return a time that holds every day which the given time is so many months after."""

    def earlier(day: date) -> date:
        year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
        return date(max(year, 1), month + 1, min(day.day, 28))

    return earlier(first), earlier(last) + _SHORT_MONTHS


def _end(
    consent: ConsentRecord, subject: Person, grant: Any, policy: Policy
) -> tuple[date, Ending]:
    """Return the last day on which a yes holds, and why no longer."""
    ends = [(grant.valid_until or OPEN_ENDED, Ending.LAST_DAY)]
    if policy.max_consent_age_months is not None and grant.given_on is not None:
        limit = months_later(grant.given_on, policy.max_consent_age_months)
        ends.append((limit, Ending.AGE_LIMIT))
    if subject.born is not None and consent.subject_id != consent.actor_id:
        birthday = _birthday(subject.born, policy.child_age)
        ends.append((birthday - timedelta(days=1), Ending.ADULT))
    return min(ends)


def _birthday(born: date, age: int) -> date:
    """Return the first day on which somebody is so old; born on 29 February it is 1 March."""
    day = months_later(born, age * 12)
    return day if age_in_years(born, day) == age else day + timedelta(days=1)


def _people(desk: Desk, rows: Iterable[Consent | ConsentRecord | ConsentForm]) -> dict[int, Person]:
    numbers = {number for row in rows for number in (row.subject_id, row.actor_id)}
    return persons_of(desk.session, numbers)


def _shown(desk: Desk, number: int | None, people: dict[int, Person]) -> dict[str, Any]:
    person = people[number or 0]
    return {
        "person": human_id(Kind.PERSON, person.id),
        "name": None if desk.hides_names else person.name,
    }


def _to_ask(
    desk: Desk, number: int | None, about: int | None, people: dict[int, Person]
) -> dict[str, Any]:
    """Return whom to ask, how, and in which language; who sees no names sees no contact."""
    person = people[number or 0]
    return {
        "ask": human_id(Kind.PERSON, person.id),
        "ask_name": None if desk.hides_names else person.name,
        "contact": None if desk.hides_names else person.contact or None,
        "language": person.language or people[about or 0].language,
    }
