"""Further audit lists: weak consents, single guardians, rulings, settings, channels, documents.

The lists contain ids only. Names are added when a purpose was recorded before, by
`disclosures.state_purpose`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from photoreg.registry.evidence import (
    EvidenceFault,
    evidence_faults,
    look_at_all_documents,
    whole_documents,
)
from photoreg.registry.facts.consent_replay import ReplayEvent, consent_status
from photoreg.registry.facts.rows import AnyConsentRecord, ConsentRecord, PermissionRecord
from photoreg.registry.ids import Kind, human_id, id_of, parse_id
from photoreg.registry.queries.audits import (
    consent_reach_counts,
    consents_ending,
    decisions_by_policy,
    live_by_channel,
    minors_in_photos,
    permission_reach_counts,
    permissions_ending,
    policy_versions,
    undocumented_consents,
    undocumented_permissions,
)
from photoreg.registry.queries.cases import case_batches
from photoreg.registry.queries.consents import reach_label
from photoreg.registry.queries.evidence_uses import uses_of_evidence
from photoreg.registry.queries.organisation import all_staff, channels_with_admins
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.facts import OPEN_ENDED, PersonFacts, add_months
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    Policy,
    looser_than_default,
    parse_policy,
    policy_settings,
)
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import events_in_reach
from photoreg.services.decisions.case_verdicts import case_verdicts
from photoreg.services.decisions.cases import split_codes
from photoreg.services.files.documents import record_looks
from photoreg.services.organisation.channels import has_enough_admins
from photoreg.services.people.ages import noted_names
from photoreg.services.unit_of_work import UnitOfWork, current_policy

BATCH_SIZE = 500
"""The number of rows whose names are looked up in one query."""


@dataclass(frozen=True, slots=True)
class WeakConsent:
    """A grant that expires soon or has no documentation, and how much depends on it."""

    id: str
    person: str | None
    by: str | None
    reach: str
    given_on: date
    until: date | None
    photos: int
    publications: int
    names: tuple[str, ...] = ()


class OneGuardianReason(StrEnum):
    """Why one guardian's consent is enough for a photo of a minor."""

    ONLY_ONE = "only_one"
    EXCUSED = "excused"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class OneGuardianPhoto:
    """A photo of a minor to which only one guardian has consented."""

    photo: str
    person: str
    guardian: str
    why: OneGuardianReason
    names: tuple[str, ...] = ()


class RulingState(StrEnum):
    """The status of a ruling; `CORRECTED` by a later one on the same facts."""

    IN_FORCE = "in_force"
    VOID = "void"
    EXPIRED = "expired"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class RulingAuditRow:
    """A ruling with its reason, its author and its status."""

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
class LooserPeriod:
    """A period in which a setting was looser than the default, and its number of decisions."""

    setting: str
    value: object
    default: object
    since: datetime
    by: str
    until: datetime | None
    decisions: int


@dataclass(frozen=True, slots=True)
class ChannelAuditRow:
    """A channel with its administrators, terms, reviews and number of publications."""

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
class FaultyDocument:
    """A document or file with a fault, and what uses it."""

    document: str
    what: EvidenceFault
    used_by: tuple[str, ...]


@contextmanager
def expiring_grants(
    application: Application, *, within_days: int, named: bool = False
) -> Iterator[Iterator[WeakConsent]]:
    """Open a stream of active grants with photos that expire within so many days."""
    with application.reading() as work:
        last = work.today + timedelta(days=within_days)
        consents = consents_ending(work.session, work.today, last)
        permissions = permissions_ending(work.session, work.today, last)

        def ends_soon(event: ReplayEvent) -> bool:
            until = event.statement.valid_until
            return until is not None and work.today <= until <= last

        yield _weak_consents(work, consents, permissions, ends_soon, named=named)


@contextmanager
def undocumented_grants(
    application: Application, *, named: bool = False
) -> Iterator[Iterator[WeakConsent]]:
    """Open a stream of active grants with photos that have neither document nor note."""
    with application.reading() as work:

        def is_undocumented(event: ReplayEvent) -> bool:
            until = event.statement.valid_until
            return not event.statement.documented and (until is None or until >= work.today)

        consents, permissions = (
            undocumented_consents(work.session),
            undocumented_permissions(work.session),
        )
        yield _weak_consents(work, consents, permissions, is_undocumented, named=named)


def _weak_consents(
    work: UnitOfWork,
    consents: Iterator[list[ConsentRecord]],
    permissions: Iterator[list[PermissionRecord]],
    is_weak: Any,
    *,
    named: bool,
) -> Iterator[WeakConsent]:
    for some in consents:
        reach = consent_reach_counts(work.session, some)
        yield from _weak_among(work, Kind.CONSENT, some, reach, is_weak, named=named)
    for others in permissions:
        reach = permission_reach_counts(work.session, others)
        yield from _weak_among(work, Kind.PERMISSION, others, reach, is_weak, named=named)


def _weak_among(
    work: UnitOfWork,
    kind: Kind,
    records: Sequence[AnyConsentRecord],
    reach: dict[int, tuple[int, int]],
    is_weak: Any,
    *,
    named: bool,
) -> Iterator[WeakConsent]:
    events = events_in_reach(work, records)
    names = _names(work, (p for t in records for p in _parties(t)), named=named)
    for record in records:
        number = id_of(record)
        status = consent_status(events[number])
        photos, publications = reach.get(number, (0, 0))
        own = (event for event in status.longest_grants if event.record_id == number)
        grant = next(filter(is_weak, own), None)
        if grant is None or not photos:
            continue
        subject, by = _parties(record)
        until = grant.statement.valid_until
        yield WeakConsent(
            id=human_id(kind, number),
            person=human_id(Kind.PERSON, subject) if subject else None,
            by=human_id(Kind.PERSON, by) if by else None,
            reach=reach_label(record),
            given_on=grant.day,
            until=None if until == OPEN_ENDED else until,
            photos=photos,
            publications=publications,
            names=tuple(names[p] for p in dict.fromkeys((subject, by)) if p in names),
        )


def _parties(record: AnyConsentRecord) -> tuple[int | None, int | None]:
    """Return subject and actor; for a permission both are the photographer."""
    if isinstance(record, ConsentRecord):
        return record.subject_id, record.actor_id
    return record.photographer_id, record.photographer_id


def _names(
    work: UnitOfWork, persons: Iterable[int | None], *, named: bool
) -> Mapping[int | None, str]:
    wanted = {person for person in persons if person} if named else set()
    return dict(noted_names(work, wanted).items())


@contextmanager
def one_guardian(
    application: Application, *, named: bool = False
) -> Iterator[Iterator[OneGuardianPhoto]]:
    """Open a stream of the photos of minors with the sufficient consent of one guardian only."""
    with application.reading() as work:
        yield _one_guardian(work, named=named)


def _one_guardian(work: UnitOfWork, *, named: bool) -> Iterator[OneGuardianPhoto]:
    policy = current_policy(work.session)[1]
    born_after = add_months(work.today, -12 * policy.child_age)
    found = (
        (photo, child.person, *single)
        for photo, child in minors_in_photos(work.session, born_after)
        if (single := _single_guardian(child, policy, work.today))
    )
    while some := list(islice(found, BATCH_SIZE)):
        numbers = (
            parse_id(Kind.PERSON, p) for _photo, child, by, _why in some for p in (child, by)
        )
        names = _names(work, numbers, named=named)
        for photo, child, by, why in some:
            both = [parse_id(Kind.PERSON, child), parse_id(Kind.PERSON, by)]
            yield OneGuardianPhoto(
                photo=human_id(Kind.PHOTO, photo),
                person=child,
                guardian=by,
                why=why,
                names=tuple(names[p] for p in both if p in names),
            )


def _single_guardian(
    child: PersonFacts, policy: Policy, day: date
) -> tuple[str, OneGuardianReason] | None:
    """Return the only consenting guardian and why one is enough; None in all other cases."""
    age = child.age_on(day)
    if age is not None and age >= policy.child_age:
        return None
    granted = [
        guardian.guardian
        for guardian in child.guardians
        if guardian.verified and guardian.answer.grants
    ]
    if len(granted) != 1:
        return None
    if child.guardians_total == 1:
        return granted[0], OneGuardianReason.ONLY_ONE
    excused = sum(g.excused and g.guardian not in granted for g in child.guardians)
    if child.guardians_total is not None and excused >= child.guardians_total - 1:
        return granted[0], OneGuardianReason.EXCUSED
    return (granted[0], OneGuardianReason.POLICY) if policy.guardians == "one" else None


@contextmanager
def rulings(application: Application) -> Iterator[Iterator[RulingAuditRow]]:
    """Open a stream of all rulings, in the order in which the cases were opened."""
    with application.reading() as work:
        yield _rulings(work)


def _rulings(work: UnitOfWork) -> Iterator[RulingAuditRow]:
    logins = _logins(work)
    for some in case_batches(work.session, None, ruled_too=True):
        ruled = [(details, details.ruling) for details in some if details.ruling]
        current = case_verdicts(work, [details for details, _ruling in ruled])
        for details, ruling in ruled:
            case = details.case
            state = RulingState.IN_FORCE
            if details.corrected_by is not None:
                state = RulingState.CORRECTED
            elif case.voided_at is not None or case.facts_digest != current[id_of(case)].digest:
                state = RulingState.VOID
            elif ruling.has_expired_on(work.today):
                state = RulingState.EXPIRED
            yield RulingAuditRow(
                case=human_id(Kind.CASE, case.id),
                photo=human_id(Kind.PHOTO, case.photo_id),
                channel=details.channel.name,
                codes=split_codes(case.codes),
                ruling=ruling.kind,
                state=state,
                ruled_at=ruling.ruled_at,
                ruled_by=logins[ruling.ruled_by],
                until=ruling.valid_until,
                reason=ruling.reason,
            )


def _logins(work: UnitOfWork) -> dict[int, str]:
    return {id_of(staff): staff.login for staff in all_staff(work.session)}


def looser_periods(application: Application) -> list[LooserPeriod]:
    """Return all periods in which a setting was looser than the default, past ones included."""
    with application.reading() as work:
        logins, decisions = _logins(work), decisions_by_policy(work.session)
        defaults = policy_settings(DEFAULT_POLICY)
        open_periods: dict[str, LooserPeriod] = {}
        periods: list[LooserPeriod] = []
        for version in policy_versions(work.session):
            policy = parse_policy(version.settings)
            values, looser = policy_settings(policy), set(looser_than_default(policy))
            for setting, period in list(open_periods.items()):
                if setting not in looser or values[setting] != period.value:
                    periods.append(replace(period, until=version.adopted_at))
                    del open_periods[setting]
            for setting in sorted(looser):
                period = open_periods.get(setting) or LooserPeriod(
                    setting=setting,
                    value=values[setting],
                    default=defaults[setting],
                    since=version.adopted_at,
                    by=logins[version.adopted_by],
                    until=None,
                    decisions=0,
                )
                made = decisions.get(version.version or 0, 0)
                open_periods[setting] = replace(period, decisions=period.decisions + made)
        periods += open_periods.values()
        return sorted(periods, key=lambda period: (period.since, period.setting))


def channel_audit(application: Application) -> list[ChannelAuditRow]:
    """Return every channel with what the guideline requires of it (Y1, J4, V6)."""
    with application.reading() as work:
        policy = current_policy(work.session)[1]
        live = live_by_channel(work.session)
        return [
            ChannelAuditRow(
                channel=channel.name,
                kind=channel.kind,
                active=channel.active,
                admins=tuple(admins),
                too_few=channel.active and not has_enough_admins(channel, len(admins), policy),
                terms_changed_on=channel.terms_changed_on,
                reviewed_on=channel.reviewed_on,
                review_overdue=channel.active
                and channel.is_own
                and _is_overdue(channel.reviewed_on, policy.review_interval_months, work.today),
                publications=live.get(id_of(channel), 0),
            )
            for channel, admins in channels_with_admins(work.session)
        ]


def _is_overdue(reviewed_on: date | None, months: int, today: date) -> bool:
    return reviewed_on is None or add_months(reviewed_on, months) < today


def faulty_documents(application: Application) -> list[FaultyDocument]:
    """Return documents that are missing, changed or not erased, and files not in the registry.

    Which documents are damaged, or whole again, is recorded.
    """
    with application.reading() as work:
        folder = application.registry.evidence_folder
        looks = look_at_all_documents(work.session, folder)
        found = list(evidence_faults(work.session, folder, whole_documents(looks)))
        uses = uses_of_evidence(work.session, (document for document, _what in found))
    record_looks(application, looks)
    return [
        FaultyDocument(document, what, tuple(uses.get(document, ()))) for document, what in found
    ]
