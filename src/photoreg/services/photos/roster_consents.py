"""Show for each person on a roster what consents cover and what is missing.

The rules are applied to a hypothetical photo that shows this one person and is otherwise
publishable, so whatever they find concerns the person alone.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from photoreg.registry.facts.builder import hypothetical_facts
from photoreg.registry.facts.uses import own_public_pages, public_pages, use_of
from photoreg.registry.ids import Kind, human_id, id_of, sort_key
from photoreg.registry.lookup import find_channel, find_event, find_person
from photoreg.registry.queries.organisation import all_channels, channels_with_admins
from photoreg.registry.queries.photos import roster_by_event
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Event
from photoreg.rulebook.facts import (
    ANY_PURPOSE,
    OPEN_ENDED,
    AgeGroup,
    Answer,
    Basis,
    Channel,
    Commissioner,
    Confidentiality,
    ConsentKind,
    Credit,
    FileRights,
    People,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Photographer,
    Place,
    Shot,
    Statement,
    Use,
    add_days,
)
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import Outcome, evaluate
from photoreg.services.application import Application
from photoreg.services.people.ages import age_group_on, hides, noted_name
from photoreg.services.unit_of_work import UnitOfWork, current_policy

HORIZON_DAYS = 150 * 366
"""How far ahead the end of consents is searched for; anything later counts as no end."""

_NO_ANSWER = Answer()
_PUBLISHABLE_FACTS = PhotoFacts(
    photographer=Photographer.KNOWN,
    basis=Basis.STAFF_AGREEMENT,
    credit=Credit.RECORDED,
    commissioner=Commissioner.NA,
    file_rights=FileRights.NONE,
    place=Place.MUNICIPAL_OTHER,
    shot=Shot.PERSON_SUBJECT,
    people=People.RECOGNISABLE,
    recognisable_count=1,
    sensitive=False,
    confidentiality=Confidentiality.NONE,
)


def _permission_for_all(work: UnitOfWork) -> PermissionFacts:
    """Return a photographer's permission that names every channel, whoever controls it."""
    statement = Statement(
        ConsentKind.GIVEN,
        day=date.min,
        channels=frozenset([*Channel, *(each.name for each in all_channels(work.session))]),
        purposes=frozenset({ANY_PURPOSE}),
        valid_until=OPEN_ENDED,
        documented=True,
    )
    return PermissionFacts(answer=Answer((statement,)))


@dataclass(frozen=True, slots=True)
class NoPhotoList:
    """The people on an event's roster who must not be shown on a channel, as (id, name).

    `expected` is the number of people on the roster.
    """

    event: str
    name: str
    starts_on: date
    ends_on: date
    channel: str | None
    day: date
    people: tuple[tuple[str, str], ...]
    expected: int


@dataclass(frozen=True, slots=True)
class _ConsentCoverage:
    """The channels that one person's consents cover, and until when.

    Where something is missing: the reason codes, and whom to ask.
    """

    channels: tuple[str, ...]
    until: str | None
    missing: tuple[str, ...]
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterConsents:
    """A person on a roster: the channels that consents cover, until when, and what is missing."""

    person: str
    name: str | None
    age_group: AgeGroup
    channels: tuple[str, ...]
    until: str | None
    missing: tuple[str, ...]
    ask: tuple[str, ...]


def roster_consents(application: Application, named: str) -> list[RosterConsents]:
    """Return for each person on the roster what consents cover, until when, and what is missing.

    Something is missing only for the municipality's own channels: of others each is asked by name.

    INVARIANT: somebody who is blocked stands in this list like somebody who has not answered yet,
    for coordinators too, since rosters are handed on. `no_photo_list` lists those who must not be
    shown.
    """
    with application.reading() as work:
        event, persons = _roster(work, named)
        return _consents_of(work, id_of(event), persons)


def consents_of_person(application: Application, named: str) -> RosterConsents:
    """Return what a person's consents cover in any photo, whatever its event; as `roster_consents`.

    Only those count that are about all photos of the person.
    """
    with application.reading() as work:
        [row] = _consents_of(work, None, [find_person(work.session, named)])
        return row


def _consents_of(
    work: UnitOfWork, event: int | None, persons: Sequence[Person]
) -> list[RosterConsents]:
    policy = current_policy(work.session)[1]
    uses = [
        (
            _facts(work, event, persons, channel),
            _use(work, channel),
            channel is None or channel.is_own,
        )
        for channel in _channels(work)
    ]
    rows = []
    for person in persons:
        coverage = _consent_coverage(
            [(facts[id_of(person)], use, is_own) for facts, use, is_own in uses], policy
        )
        row = RosterConsents(
            person=human_id(Kind.PERSON, person.id),
            name=None if hides(work, person) else noted_name(work, person),
            age_group=age_group_on(work, person, work.today),
            channels=coverage.channels,
            # A consent that ends on a birthday would tell the birth date.
            until=None if hides(work, person) else coverage.until,
            missing=coverage.missing,
            ask=coverage.ask,
        )
        rows.append(row)
    return rows


def _roster(work: UnitOfWork, named: str) -> tuple[Event, list[Person]]:
    event = find_event(work.session, named)
    return event, roster_by_event(work.session, [id_of(event)])[id_of(event)]


def _channels(work: UnitOfWork) -> list[ChannelRow] | list[None]:
    """Return the active channels, without closed work groups, where nothing may be published (I3).

    [None], which stands for the municipality's public page, while the registry has no channels.
    """
    channels = [
        channel
        for channel, _admins in channels_with_admins(work.session)
        if channel.active and channel.kind.is_permitted
    ]
    return channels or [None]


def _facts(
    work: UnitOfWork,
    event: int | None,
    persons: Sequence[Person],
    channel: ChannelRow | None,
) -> dict[int, PhotoFacts]:
    """Return for each person the facts of a hypothetical, otherwise publishable photo."""
    known = hypothetical_facts(work.session, event, map(id_of, persons), channel)
    permissions = (_permission_for_all(work),)
    found = {}
    for number, facts in known.items():
        [person] = facts.persons
        shown = _unanswered(person) if person.blocked else person
        found[number] = replace(
            _PUBLISHABLE_FACTS,
            persons=(shown,),
            permissions=permissions,
            terms_changed=facts.terms_changed,
        )
    return found


def _unanswered(person: PersonFacts) -> PersonFacts:
    """Return the facts of a person as if nobody had answered for them, nor blocked them."""
    guardians = tuple(replace(each, answer=_NO_ANSWER) for each in person.guardians)
    return replace(person, own=_NO_ANSWER, guardians=guardians, blocked=False)


def _use(work: UnitOfWork, channel: ChannelRow | None) -> Use:
    if channel is None:
        return Use(Channel.PUBLIC_PAGE, work.today)
    return use_of(channel, work.today, pages=public_pages(all_channels(work.session)))


def _consent_coverage(
    asked: Sequence[tuple[PhotoFacts, Use, bool]], policy: Policy
) -> _ConsentCoverage:
    """Return what is covered on every channel, and what is missing on the municipality's own."""
    channels, ends = [], []
    missing: set[str] = set()
    to_ask: set[str] = set()
    for facts, use, is_own in asked:
        verdict = evaluate(facts, use, policy)
        if verdict.outcome is Outcome.PUBLISHABLE:
            channels.append(use.channel_name or str(use.channel))
            ends.append(_last_day(facts, use, policy))
        elif is_own:
            missing.update(verdict.listed_codes)
            to_ask.update(person for finding in verdict.findings for person in finding.ask)
    first_end = min((end for end in ends if end is not None), default=None)
    return _ConsentCoverage(
        channels=tuple(channels),
        until=first_end.isoformat() if first_end else None,
        missing=tuple(sorted(missing)),
        ask=tuple(sorted(to_ask, key=lambda person: int(person.partition("-")[2]))),
    )


def _last_day(facts: PhotoFacts, use: Use, policy: Policy) -> date | None:
    """Return the last day on which the use is allowed, or None when it has no end.

    A consent that has ended, by its date or by a birthday, does not become valid again by itself,
    so a binary search finds the first day on which the use is not allowed.
    """

    def has_ended(days: int) -> bool:
        later = replace(use, day=add_days(use.day, days))
        return evaluate(facts, later, policy).outcome is not Outcome.PUBLISHABLE

    first_after = bisect_left(range(HORIZON_DAYS), True, key=has_ended)
    return None if first_after == HORIZON_DAYS else add_days(use.day, first_after - 1)


def no_photo_list(application: Application, named: str, channel: str | None = None) -> NoPhotoList:
    """Return everybody on the roster who must not be shown today, without reasons.

    Without a channel it is everybody who must not be shown on one of the municipality's public
    pages.
    """
    with application.reading() as work:
        event, persons = _roster(work, named)
        row = find_channel(work.session, channel) if channel else None
        policy = current_policy(work.session)[1]
        pages: Sequence[ChannelRow | None] = (
            [row] if row else own_public_pages(all_channels(work.session)) or [None]
        )
        asked = [(_use(work, page), _facts(work, id_of(event), persons, page)) for page in pages]
        refused = [
            person
            for person in persons
            if any(
                evaluate(facts[id_of(person)], use, policy).outcome is not Outcome.PUBLISHABLE
                for use, facts in asked
            )
        ]
        names = {
            id_of(each): "" if hides(work, each) else noted_name(work, each) for each in refused
        }
        listed = sorted(names, key=lambda number: (sort_key(names[number]), number))
        return NoPhotoList(
            event=human_id(Kind.EVENT, event.id),
            name=event.name,
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            channel=row.name if row else None,
            day=work.today,
            people=tuple((human_id(Kind.PERSON, number), names[number]) for number in listed),
            expected=len(persons),
        )
