"""The yearly report: figures of one year, of the organisation, a unit or a channel; nobody's name.

Photos, consents and objections belong to no channel and are then the whole's. Channels, consents
that end and requests belong to no unit and are left out of a unit's report.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from statistics import median

from photoreg.errors import InputDataError
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_channel
from photoreg.registry.queries.annual_report import (
    Part,
    Span,
    actions_logged,
    by_unit,
    flags_raised,
    photos_registered,
    publications_added,
    rulings_made,
    said_by_kind,
    take_downs_opened,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.units import photos_of
from photoreg.registry.tables.organisation import ChannelRow, RegistryInfo
from photoreg.rulebook.reasons import Family
from photoreg.services.audits.oversight import (
    ChannelState,
    LooserTime,
    channel_states,
    expiring,
    looser_times,
)
from photoreg.services.decisions.bulk_evaluation import Judge
from photoreg.services.organisation.units import the_unit
from photoreg.services.unit_of_work import HELSINKI, Desk, Workplace
from photoreg.texts import N_

SOON_DAYS = 90
"""How far ahead ending consents are counted."""

REQUESTS = (
    Action.PERSON_REPORTED,
    Action.PERSON_ERASED,
    Action.PERSON_MERGED,
    Action.NAMES_READ,
)
"""What the log counts of the rights of persons and of reading names."""

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


@dataclass(frozen=True, slots=True)
class Speed:
    """How many there were, how many are done, the median hours it took, how many were too late."""

    number: int
    done: int
    median_hours: float | None
    late: int


@dataclass(frozen=True, slots=True)
class Yearly:
    """The figures of one year. Verdicts are of the day of the report.

    `units` is empty in the report of a unit or channel; what belongs to no unit is under None.
    """

    organisation: str
    channel: str | None
    unit: str | None
    year: int
    day: date
    looser: tuple[LooserTime, ...]
    photos: tuple[int, ...]
    publications: tuple[int, ...]
    outcomes: dict[str, dict[str, int]]
    reasons: tuple[tuple[str, int], ...]
    rulings: dict[str, int]
    ruling_speed: Speed
    take_downs: Speed
    flags: Speed
    said: dict[str, int]
    expiring: int
    channels: tuple[ChannelState, ...]
    requests: dict[str, int]
    units: dict[str | None, dict[str, int]]


def yearly(
    workplace: Workplace, year: int, *, channel: str | None = None, unit: str | None = None
) -> Yearly:
    """Return the figures of a year in Helsinki; InputDataError for one that has not begun."""
    with workplace.reading() as desk:
        if not _FIRST_YEAR <= year <= min(desk.today.year, _LAST_YEAR):
            raise InputDataError(
                N_("there is no report for {year}"), N_("Name a year that has begun."), year=year
            )
        row = the_channel(desk.session, channel) if channel else None
        figures = _figures(desk, year, row, the_unit(desk, unit) if unit is not None else None)
    soon = 0
    if figures.unit is None:
        with expiring(workplace, within_days=SOON_DAYS) as ending:
            soon = sum(1 for _each in ending)
    begin, end = _start(year), _start(year + 1)
    return replace(
        figures,
        expiring=soon,
        looser=tuple(
            each
            for each in looser_times(workplace)
            if each.since < end and (each.until is None or each.until >= begin)
        ),
        channels=tuple(
            each for each in channel_states(workplace) if figures.channel in {None, each.channel}
        ),
    )


def _figures(desk: Desk, year: int, channel: ChannelRow | None, unit: str | None) -> Yearly:
    """Return the figures but for those that other lists hold already."""
    part = Part(id_of(channel) if channel else None, unit)
    whole, months = (_start(year), _start(year + 1)), _months(year)
    outcomes, reasons = _verdicts(desk, channel, unit)
    ruled = rulings_made(desk.session, whole, part)
    tasks = take_downs_opened(desk.session, whole, part)
    flags = flags_raised(desk.session, whole, part)
    info = desk.session.get(RegistryInfo, 1)
    return Yearly(
        organisation=info.organisation if info else "",
        channel=channel.name if channel else None,
        unit=unit,
        year=year,
        day=desk.today,
        looser=(),
        photos=tuple(photos_registered(desk.session, months, part)),
        publications=tuple(publications_added(desk.session, months, part)),
        outcomes=outcomes,
        reasons=reasons,
        rulings=dict(Counter(kind for kind, _opened, _ruled in ruled)),
        ruling_speed=_speed(((opened, None, at) for _kind, opened, at in ruled), desk.now),
        take_downs=_speed(tasks, desk.now),
        flags=_speed(((raised, None, resolved) for raised, resolved in flags), desk.now),
        said=said_by_kind(desk.session, whole, part),
        expiring=0,
        channels=(),
        requests={} if unit else actions_logged(desk.session, whole, REQUESTS),
        units={} if unit or channel else by_unit(desk.session, whole),
    )


def _start(year: int, month: int = 1) -> datetime:
    return datetime.combine(date(year, month, 1), time.min, HELSINKI).astimezone(UTC)


def _months(year: int) -> list[Span]:
    starts = [_start(year, month) for month in range(1, 13)] + [_start(year + 1)]
    return list(pairwise(starts))


def _verdicts(
    desk: Desk, channel: ChannelRow | None, unit: str | None
) -> tuple[dict[str, dict[str, int]], tuple[tuple[str, int], ...]]:
    """Count what is judged today, by channel, and the reasons, the most frequent first.

    Reasons about secrecy are not counted: their number might tell about somebody.
    """
    channels = [channel] if channel else [c for c in all_channels(desk.session) if c.active]
    outcomes: dict[str, Counter[str]] = {each.name: Counter() for each in channels}
    reasons: Counter[str] = Counter()
    judge = Judge.of(desk, Which(among=photos_of(unit)) if unit else Which())
    for seen in judge.photos():
        found: set[str] = set()
        for each in channels:
            judged = judge.judge(seen, each)
            outcomes[each.name][judged.outcome] += 1
            found.update(
                finding.code
                for finding in judged.opinion.verdict.findings
                if finding.reason.family is not Family.SECRECY
            )
        reasons.update(found)
    counted = {name: dict(counts) for name, counts in outcomes.items()}
    return counted, tuple(sorted(reasons.items(), key=lambda each: (-each[1], each[0])))


def _speed(
    times: Iterable[tuple[datetime, datetime | None, datetime | None]], now: datetime
) -> Speed:
    """Sum up begin, due and end: what has no end is late when its time is over."""
    rows = list(times)
    hours = [(end - begin).total_seconds() / 3600 for begin, _due, end in rows if end]
    late = sum(due is not None and (end or now) > due for _begin, due, end in rows)
    return Speed(len(rows), len(hours), round(median(hours), 1) if hours else None, late)
