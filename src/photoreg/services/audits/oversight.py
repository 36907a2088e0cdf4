"""Oversight: what an auditor looks at beside photos that lack something or may not stay out.

What ends soon and what is unproven, photos of minors that rest on one guardian, rulings, settings
looser than the default, channels, and documents. Ids only, unless a purpose was stated before
(`disclosing.state_purpose`): then persons are named, too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from photoreg.registry.evidence import Spoilt, spoilt_evidence
from photoreg.registry.facts.consent_replay import Word, standing
from photoreg.registry.facts.rows import ConsentRecord, PermissionRecord, ThreadRecord
from photoreg.registry.ids import Kind, human_id, id_of, number_in
from photoreg.registry.queries.audits import (
    consents_ending,
    consents_unproven,
    decisions_by_policy,
    live_by_channel,
    minors_in_photos,
    permissions_ending,
    permissions_unproven,
    policy_versions,
    reach_of_consents,
    reach_of_permissions,
    uses_of_evidence,
)
from photoreg.registry.queries.cases import filed_cases
from photoreg.registry.queries.consents import reach_of
from photoreg.registry.queries.organisation import all_staff, channels_with_admins
from photoreg.registry.queries.publications import person_names
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.facts import OPEN_ENDED, AnswerState, PersonFacts
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    Policy,
    looser_than_default,
    policy_from,
    settings_of,
)
from photoreg.rulebook.situation import months_later
from photoreg.services.consents.consent_events import standings_words
from photoreg.services.decisions.case_verdicts import verdicts_on_cases
from photoreg.services.decisions.cases import split_codes
from photoreg.services.organisation.policy import as_toml
from photoreg.services.unit_of_work import Desk, Workplace, current_policy

CHUNK = 500
"""For how many rows names are looked up together."""


@dataclass(frozen=True, slots=True)
class WeakWord:
    """A yes that ends soon or that nothing proves, and what rests on it."""

    thread: str
    person: str | None
    by: str | None
    reach: str
    said_on: date
    until: date | None
    photos: int
    publications: int
    names: tuple[str, ...] = ()


class OneGuardian(StrEnum):
    """Why one guardian's yes is enough for a photo of a minor."""

    ONLY_ONE = "only_one"
    EXCUSED = "excused"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class RestsOnOne:
    """A photo of a minor for which one guardian alone has said yes."""

    photo: str
    person: str
    guardian: str
    why: OneGuardian
    names: tuple[str, ...] = ()


class RulingState(StrEnum):
    """Where a ruling stands."""

    IN_FORCE = "in_force"
    VOID = "void"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling with its reason, who made it, and whether it still counts."""

    case: str
    photo: str
    channel: str
    codes: tuple[str, ...]
    ruling: RulingKind
    state: RulingState
    ruled_at: datetime
    ruled_by: str
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class LooserTime:
    """A time in which a setting protected less than the default, and the decisions made in it."""

    setting: str
    value: str
    default: str
    since: datetime
    by: str
    until: datetime | None
    decisions: int


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel, its administrators, its terms and reviews, and what is out on it."""

    channel: str
    kind: str
    active: bool
    admins: tuple[str, ...]
    too_few: bool
    terms_changed_on: date | None
    reviewed_on: date | None
    review_overdue: bool
    publications: int


@dataclass(frozen=True, slots=True)
class SpoiltDocument:
    """A document or file that is not as it should be, and what rests on it."""

    document: str
    what: Spoilt
    used_by: tuple[str, ...]


@contextmanager
def expiring(
    workplace: Workplace, *, within_days: int, named: bool = False
) -> Iterator[Iterator[WeakWord]]:
    """Give every yes in force that ends within so many days and has photos resting on it."""
    with workplace.reading() as desk:
        last = desk.today + timedelta(days=within_days)
        consents = consents_ending(desk.session, desk.today, last)
        permissions = permissions_ending(desk.session, desk.today, last)

        def ends_soon(yes: Word) -> bool:
            until = yes.grant.valid_until
            return until is not None and desk.today <= until <= last

        yield _weak(desk, consents, permissions, ends_soon, named=named)


@contextmanager
def undocumented(workplace: Workplace, *, named: bool = False) -> Iterator[Iterator[WeakWord]]:
    """Give every yes in force that has neither document nor note."""
    with workplace.reading() as desk:

        def unproven(yes: Word) -> bool:
            until = yes.grant.valid_until
            return not yes.grant.documented and (until is None or until >= desk.today)

        consents, permissions = consents_unproven(desk.session), permissions_unproven(desk.session)
        yield _weak(desk, consents, permissions, unproven, named=named)


def _weak(
    desk: Desk,
    consents: Iterator[list[ConsentRecord]],
    permissions: Iterator[list[PermissionRecord]],
    is_weak: Any,
    *,
    named: bool,
) -> Iterator[WeakWord]:
    for some in consents:
        reach = reach_of_consents(desk.session, some)
        yield from _weak_ones(desk, Kind.CONSENT, some, reach, is_weak, named=named)
    for others in permissions:
        reach = reach_of_permissions(desk.session, others)
        yield from _weak_ones(desk, Kind.PERMISSION, others, reach, is_weak, named=named)


def _weak_ones(
    desk: Desk,
    kind: Kind,
    threads: Sequence[ThreadRecord],
    reach: dict[int, tuple[int, int]],
    is_weak: Any,
    *,
    named: bool,
) -> Iterator[WeakWord]:
    words = standings_words(desk, threads)
    names = _names(desk, (p for t in threads for p in _people(t)), named=named)
    for thread in threads:
        number = id_of(thread)
        said = standing(words[number], side_by_side=kind is Kind.PERMISSION)
        photos, publications = reach.get(number, (0, 0))
        yes = next((y for y in said.yeses if y.thread == number and is_weak(y)), None)
        if yes is None or not photos:
            continue
        about, by = _people(thread)
        until = yes.grant.valid_until
        yield WeakWord(
            thread=human_id(kind, number),
            person=human_id(Kind.PERSON, about) if about else None,
            by=human_id(Kind.PERSON, by) if by else None,
            reach=reach_of(thread),
            said_on=yes.day,
            until=None if until == OPEN_ENDED else until,
            photos=photos,
            publications=publications,
            names=tuple(names[p] for p in dict.fromkeys((about, by)) if p in names),
        )


def _people(thread: ThreadRecord) -> tuple[int | None, int | None]:
    """Return about whom and by whom it is said; a permission is the photographer's own."""
    if isinstance(thread, ConsentRecord):
        return thread.subject_id, thread.actor_id
    return thread.photographer_id, thread.photographer_id


def _names(desk: Desk, persons: Iterable[int | None], *, named: bool) -> Mapping[int | None, str]:
    wanted = {person for person in persons if person} if named else set()
    return dict(person_names(desk.session, wanted).items())


@contextmanager
def one_guardian(workplace: Workplace, *, named: bool = False) -> Iterator[Iterator[RestsOnOne]]:
    """Give the photos of minors for which one guardian's yes is all there is and enough."""
    with workplace.reading() as desk:
        yield _one_guardian(desk, named=named)


def _one_guardian(desk: Desk, *, named: bool) -> Iterator[RestsOnOne]:
    policy = current_policy(desk.session)[1]
    born_after = months_later(desk.today, -12 * policy.child_age)
    found = (
        (photo, child.person, *one)
        for photo, child in minors_in_photos(desk.session, born_after)
        if (one := _rests_on_one(child, policy, desk.today))
    )
    while some := list(islice(found, CHUNK)):
        numbers = (
            number_in(Kind.PERSON, p) for _photo, child, by, _why in some for p in (child, by)
        )
        names = _names(desk, numbers, named=named)
        for photo, child, by, why in some:
            both = [number_in(Kind.PERSON, child), number_in(Kind.PERSON, by)]
            yield RestsOnOne(
                photo=human_id(Kind.PHOTO, photo),
                person=child,
                guardian=by,
                why=why,
                names=tuple(names[p] for p in both if p in names),
            )


def _rests_on_one(child: PersonFacts, policy: Policy, day: date) -> tuple[str, OneGuardian] | None:
    """Return whose yes alone it rests on, and why that is enough; None for anything else."""
    age = child.age_on(day)
    if age is not None and age >= policy.child_age:
        return None
    granted = [
        guardian.guardian
        for guardian in child.guardians
        if guardian.verified and guardian.answer.state is AnswerState.GRANTED
    ]
    if len(granted) != 1:
        return None
    if child.guardians_total == 1:
        return granted[0], OneGuardian.ONLY_ONE
    excused = sum(g.excused and g.guardian not in granted for g in child.guardians)
    if child.guardians_total is not None and excused >= child.guardians_total - 1:
        return granted[0], OneGuardian.EXCUSED
    return (granted[0], OneGuardian.POLICY) if policy.guardians == "one" else None


@contextmanager
def rulings(workplace: Workplace) -> Iterator[Iterator[Ruled]]:
    """Give every ruling, in the order in which the cases were opened."""
    with workplace.reading() as desk:
        yield _rulings(desk)


def _rulings(desk: Desk) -> Iterator[Ruled]:
    logins = _logins(desk)
    for some in filed_cases(desk.session, None, ruled_too=True):
        ruled = [(filed, filed.ruling) for filed in some if filed.ruling]
        now = verdicts_on_cases(desk, [filed for filed, _ruling in ruled])
        for filed, ruling in ruled:
            case = filed.case
            state = RulingState.IN_FORCE
            if case.voided_at is not None or case.facts_digest != now[id_of(case)].digest:
                state = RulingState.VOID
            elif ruling.is_over_on(desk.today):
                state = RulingState.EXPIRED
            yield Ruled(
                case=human_id(Kind.CASE, case.id),
                photo=human_id(Kind.PHOTO, case.photo_id),
                channel=filed.channel.name,
                codes=split_codes(case.codes),
                ruling=ruling.kind,
                state=state,
                ruled_at=ruling.ruled_at,
                ruled_by=logins[ruling.ruled_by],
                until=ruling.valid_until,
                reason=ruling.reason,
            )


def _logins(desk: Desk) -> dict[int, str]:
    return {id_of(staff): staff.login for staff in all_staff(desk.session)}


def looser_times(workplace: Workplace) -> list[LooserTime]:
    """Return every time in which a setting was looser than the default, also those that ended."""
    with workplace.reading() as desk:
        logins, decisions = _logins(desk), decisions_by_policy(desk.session)
        defaults = settings_of(DEFAULT_POLICY)
        open_times: dict[str, dict[str, Any]] = {}
        times: list[LooserTime] = []
        for version in policy_versions(desk.session):
            policy = policy_from(version.settings)
            values, looser = settings_of(policy), set(looser_than_default(policy))
            for setting, began in list(open_times.items()):
                if setting not in looser or as_toml(values[setting]) != began["value"]:
                    times.append(LooserTime(**began, until=version.adopted_at))
                    del open_times[setting]
            for setting in sorted(looser):
                began = open_times.setdefault(
                    setting,
                    {
                        "setting": setting,
                        "value": as_toml(values[setting]),
                        "default": as_toml(defaults[setting]),
                        "since": version.adopted_at,
                        "by": logins[version.adopted_by],
                        "decisions": 0,
                    },
                )
                began["decisions"] += decisions.get(version.version or 0, 0)
        times += [LooserTime(**began, until=None) for began in open_times.values()]
        return sorted(times, key=lambda time: (time.since, time.setting))


def channel_states(workplace: Workplace) -> list[ChannelState]:
    """Return every channel with what the guideline asks of it (Y1, J4, V6)."""
    with workplace.reading() as desk:
        policy = current_policy(desk.session)[1]
        live = live_by_channel(desk.session)
        return [
            ChannelState(
                channel=channel.name,
                kind=channel.kind,
                active=channel.active,
                admins=tuple(admins),
                too_few=channel.active and len(admins) < policy.min_channel_admins,
                terms_changed_on=channel.terms_changed_on,
                reviewed_on=channel.reviewed_on,
                review_overdue=channel.active
                and _is_overdue(channel.reviewed_on, policy.review_interval_months, desk.today),
                publications=live.get(id_of(channel), 0),
            )
            for channel, admins in channels_with_admins(desk.session)
        ]


def _is_overdue(reviewed_on: date | None, months: int, today: date) -> bool:
    return reviewed_on is None or months_later(reviewed_on, months) < today


def spoilt_documents(workplace: Workplace) -> list[SpoiltDocument]:
    """Return the documents that are missing, changed or not erased, and files nobody knows."""
    with workplace.reading() as desk:
        found = list(spoilt_evidence(desk.session, workplace.registry.folder_of_evidence))
        uses = uses_of_evidence(desk.session, (document for document, _what in found))
        return [
            SpoiltDocument(document, what, tuple(uses.get(document, ())))
            for document, what in found
        ]
