"""Compute the annual report of the organisation, a unit or a channel, without names.

Photos, consents and objections belong to no channel, so a channel's report counts all of them.
Channels, expiring consents and requests belong to no unit and are left out of a unit's report.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from statistics import median

from photoreg.errors import InputDataError
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_channel
from photoreg.registry.queries.annual_report import (
    ReportScope,
    TimeSpan,
    actions_logged,
    by_unit,
    consent_events_by_kind,
    flags_raised,
    photos_registered,
    publications_added,
    rulings_made,
    take_downs_opened,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.units import photos_of_unit
from photoreg.registry.tables.organisation import ChannelRow, RegistryInfo
from photoreg.rulebook.reasons import REASONS, Family
from photoreg.services.application import Application
from photoreg.services.audits.oversight import (
    ChannelAuditRow,
    LooserPeriod,
    channel_audit,
    expiring_grants,
    looser_periods,
)
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator
from photoreg.services.organisation.units import find_unit
from photoreg.services.unit_of_work import HELSINKI, UnitOfWork
from photoreg.texts import N_

SOON_DAYS = 90
"""How many days ahead expiring consents are counted."""

REQUESTS = (
    Action.PERSON_REPORTED,
    Action.PERSON_ERASED,
    Action.PERSON_MERGED,
    Action.NAMES_READ,
    Action.NAMES_SHOWN,
)
"""The logged actions that are counted: rights of data subjects, and disclosures of names."""

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


@dataclass(frozen=True, slots=True)
class ProcessingTimes:
    """How many items were opened and closed, the median hours until closing, and the late ones."""

    number: int
    done: int
    median_hours: float | None
    late: int


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The figures of one year. Verdicts are those on the day of the report.

    `units` is empty in the report of a unit or channel; None stands for "no unit".
    """

    organisation: str
    channel: str | None
    unit: str | None
    year: int
    day: date
    looser: tuple[LooserPeriod, ...]
    photos: tuple[int, ...]
    publications: tuple[int, ...]
    outcomes: dict[str, dict[str, int]]
    reasons: tuple[tuple[str, int], ...]
    rulings: dict[str, int]
    ruling_speed: ProcessingTimes
    take_downs: ProcessingTimes
    flags: ProcessingTimes
    consent_events: dict[str, int]
    expiring: int
    channels: tuple[ChannelAuditRow, ...]
    requests: dict[str, int]
    units: dict[str | None, dict[str, int]]


def annual_figures(
    application: Application, year: int, *, channel: str | None = None, unit: str | None = None
) -> AnnualReport:
    """Return the figures of a calendar year in Helsinki; InputDataError for a future year."""
    with application.reading() as work:
        if not _FIRST_YEAR <= year <= min(work.today.year, _LAST_YEAR):
            raise InputDataError(
                N_("there is no report for {year}"),
                N_("Give this year or an earlier one."),
                year=year,
            )
        row = find_channel(work.session, channel) if channel else None
        figures = _figures(work, year, row, find_unit(work, unit) if unit is not None else None)
    soon = 0
    if figures.unit is None:
        with expiring_grants(application, within_days=SOON_DAYS) as grants:
            soon = sum(1 for _each in grants)
    begin, end = _period_start(year), _period_start(year + 1)
    return replace(
        figures,
        expiring=soon,
        looser=tuple(
            each
            for each in looser_periods(application)
            if each.since < end and (each.until is None or each.until >= begin)
        ),
        channels=tuple(
            each for each in channel_audit(application) if figures.channel in {None, each.channel}
        ),
    )


def _figures(
    work: UnitOfWork, year: int, channel: ChannelRow | None, unit: str | None
) -> AnnualReport:
    """Return the figures except those taken from the lists of oversight."""
    part = ReportScope(id_of(channel) if channel else None, unit)
    whole, months = (_period_start(year), _period_start(year + 1)), _months(year)
    outcomes, reasons = _verdicts(work, channel, unit)
    ruled = rulings_made(work.session, whole, part)
    tasks = take_downs_opened(work.session, whole, part)
    flags = flags_raised(work.session, whole, part)
    info = work.session.get(RegistryInfo, 1)
    return AnnualReport(
        organisation=info.organisation if info else "",
        channel=channel.name if channel else None,
        unit=unit,
        year=year,
        day=work.today,
        looser=(),
        photos=tuple(photos_registered(work.session, months, part)),
        publications=tuple(publications_added(work.session, months, part)),
        outcomes=outcomes,
        reasons=reasons,
        rulings=dict(Counter(kind for kind, _opened, _ruled in ruled)),
        ruling_speed=_processing_times(
            ((opened, None, at) for _kind, opened, at in ruled), work.now
        ),
        take_downs=_processing_times(tasks, work.now),
        flags=_processing_times(((raised, None, resolved) for raised, resolved in flags), work.now),
        consent_events=consent_events_by_kind(work.session, whole, part),
        expiring=0,
        channels=(),
        requests={} if unit else actions_logged(work.session, whole, REQUESTS),
        units={} if unit or channel else by_unit(work.session, whole),
    )


def _period_start(year: int, month: int = 1) -> datetime:
    return datetime.combine(date(year, month, 1), time.min, HELSINKI).astimezone(UTC)


def _months(year: int) -> list[TimeSpan]:
    starts = [_period_start(year, month) for month in range(1, 13)] + [_period_start(year + 1)]
    return list(pairwise(starts))


def _verdicts(
    work: UnitOfWork, channel: ChannelRow | None, unit: str | None
) -> tuple[dict[str, dict[str, int]], tuple[tuple[str, int], ...]]:
    """Count today's outcomes by channel, and the reasons, the most frequent first.

    Reasons about secrecy are not counted: their number might reveal something about a person.
    """
    channels = [channel] if channel else [c for c in all_channels(work.session) if c.active]
    outcomes: dict[str, Counter[str]] = {each.name: Counter() for each in channels}
    reasons: Counter[str] = Counter()
    evaluator = BulkEvaluator.for_selection(
        work, PhotoSelection(among=photos_of_unit(unit)) if unit else PhotoSelection()
    )
    for streamed in evaluator.photos():
        found: set[str] = set()
        for each in channels:
            photo_verdict = evaluator.evaluate(streamed, each)
            outcomes[each.name][photo_verdict.outcome] += 1
            found.update(photo_verdict.class_verdict.verdict.listed_codes)
        reasons.update(code for code in found if REASONS[code].family is not Family.SECRECY)
    counted = {name: dict(counts) for name, counts in outcomes.items()}
    return counted, tuple(sorted(reasons.items(), key=lambda each: (-each[1], each[0])))


def _processing_times(
    times: Iterable[tuple[datetime, datetime | None, datetime | None]], now: datetime
) -> ProcessingTimes:
    """Summarise (begin, due, end) times; an item without an end is late once it is due."""
    rows = list(times)
    hours = [(end - begin).total_seconds() / 3600 for begin, _due, end in rows if end]
    late = sum(due is not None and (end or now) > due for _begin, due, end in rows)
    return ProcessingTimes(len(rows), len(hours), round(median(hours), 1) if hours else None, late)
