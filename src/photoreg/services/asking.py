"""Whom to ask: who was asked and has not answered, and whose yes ends soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from photoreg.documents.codes import grouped
from photoreg.registry.asking import (
    consents_that_may_end,
    deciding_pairs,
    only_asked,
    photo_counts_of,
)
from photoreg.registry.finding import the_event
from photoreg.registry.forms import open_forms
from photoreg.registry.loading import ConsentRecord
from photoreg.registry.names import Kind, human_id, id_of
from photoreg.registry.people import persons_of
from photoreg.registry.said import standing
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.said import Consent
from photoreg.rulebook.facts import OPEN_ENDED, age_in_years
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.reasons import months_later
from photoreg.services.spoken import reach_of, standings_words
from photoreg.services.workplace import HELSINKI, Desk, Workplace, current_policy

_SHORT_MONTHS = timedelta(days=4)
"""How far a day may be off that is reckoned back by months, and a birthday on 29 February."""


class Ending(StrEnum):
    """Why a yes ends."""

    LAST_DAY = "last_day"
    AGE_LIMIT = "age_limit"
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class _Ends:
    """A yes that ends: the consent, who must be asked again, the last day it holds, and why."""

    consent: ConsentRecord
    ask: int
    last_day: date
    why: Ending


def pending(workplace: Workplace, event: str | None = None) -> list[dict[str, Any]]:
    """Return who was asked, on paper or otherwise, and has not answered; the longest first."""
    with workplace.reading() as desk:
        number = id_of(the_event(desk.session, event)) if event else None
        forms = open_forms(desk.session, number)
        waiting = {_key(form): form for form in forms}
        asked = only_asked(desk.session, number)
        rows: list[tuple[Consent | ConsentForm, date]] = [
            (form, form.printed_at.astimezone(HELSINKI).date()) for form in forms
        ]
        rows += [(consent, day) for consent, day in asked if _key(consent) not in waiting]
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
        return sorted(found, key=lambda row: (row["asked_on"], row["name"] or "", row["ask"]))


def _key(row: Consent | ConsentForm) -> tuple[int | None, ...]:
    return row.subject_id, row.actor_id, row.photo_id, row.event_id


def expiring(workplace: Workplace, within: timedelta) -> list[dict[str, Any]]:
    """Return whose yes ends in that time, by its day, its age or a birthday, and whom to ask."""
    with workplace.reading() as desk:
        _, policy = current_policy(desk.session)
        ends = _ends(desk, policy, desk.today + within)
        people = _people(desk, [each.consent for each in ends], {each.ask for each in ends})
        photos = {each.consent.photo_id for each in ends if each.consent.photo_id}
        counts = photo_counts_of(desk.session, {each.consent.subject_id for each in ends}, photos)
        return [
            {
                "consent": human_id(Kind.CONSENT, each.consent.id),
                **_shown(desk, each.consent.subject_id, people),
                **_to_ask(desk, each.ask, each.consent.subject_id, people),
                "reach": reach_of(each.consent),
                "photos": counts.get(_counted(each.consent), 0),
                "last_day": each.last_day.isoformat(),
                "why": each.why,
            }
            for each in sorted(ends, key=lambda each: (each.last_day, id_of(each.consent)))
        ]


def _counted(consent: ConsentRecord) -> tuple[int, str, int | None]:
    if consent.photo_id is not None:
        return consent.subject_id, "photo", consent.photo_id
    kind = "everything" if consent.event_id is None else "event"
    return consent.subject_id, kind, consent.event_id


def ending_about(desk: Desk, within: timedelta) -> list[int]:
    """Return about whom the yeses are that end in that time, one number for each yes."""
    _, policy = current_policy(desk.session)
    return [each.consent.subject_id for each in _ends(desk, policy, desk.today + within)]


def _ends(desk: Desk, policy: Policy, horizon: date) -> list[_Ends]:
    """Return the yeses that hold today and no more at the horizon, each for the first reason."""
    today, months = desk.today, policy.max_consent_age_months
    consents = consents_that_may_end(
        desk.session,
        ends=(today, horizon),
        given=_before(today, horizon, months) if months else (date.min, date.min),
        born=_before(today, horizon, policy.child_age * 12),
    )
    people = _people(desk, consents)
    deciding = deciding_pairs(desk.session, {consent.subject_id for consent in consents})
    words = standings_words(desk, consents)
    found: dict[tuple[int | None, ...], _Ends] = {}
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
            if today <= last_day <= horizon:
                ask = consent.subject_id if why is Ending.ADULT else consent.actor_id
                each = _Ends(consent, ask, last_day, why)
                found.setdefault(
                    (consent.subject_id, ask, consent.photo_id, consent.event_id), each
                )
    return list(found.values())


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


def _people(
    desk: Desk, rows: Iterable[Consent | ConsentRecord | ConsentForm], others: Iterable[int] = ()
) -> dict[int, Person]:
    numbers = {number for row in rows for number in (row.subject_id, row.actor_id)}
    return persons_of(desk.session, {*numbers, *others})


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
