"""The annual report as a page: figures and charts, without personal names."""

from collections.abc import Iterator, Sequence

from photoreg.documents.charts import bars
from photoreg.documents.report import Report, ReportTable, Section
from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.labels import LABELS, setting_in_words
from photoreg.registry.ids import sort_key
from photoreg.rulebook.reasons import REASONS
from photoreg.services.audits.annual_report import SOON_DAYS, AnnualReport, ProcessingTimes
from photoreg.texts import N_, _, language

MAX_REASONS = 15
"""How many reasons a chart shows; the table shows all."""

_REQUEST_LABELS = {
    "person.reported": N_("reports about a person"),
    "person.erased": N_("erasures"),
    "person.merged": N_("merges of two records of a person"),
    "names.read": N_("views of names for a purpose"),
    "names.shown": N_("views of several names or of contacts"),
}


def annual_report(figures: AnnualReport) -> Report:
    """Return the figures as a report in the user's language."""
    return Report(
        language(),
        _("{organisation}: photo publishing in {year}").format(
            organisation=", ".join(filter(None, (figures.organisation, figures.unit))),
            year=figures.year,
        ),
        (
            _("As known on {day}.").format(day=day_in_words(figures.day)),
            *_part(figures),
        ),
        tuple(_sections(figures)),
    )


def _part(figures: AnnualReport) -> Iterator[str]:
    """Yield the scope of the figures as lines of text."""
    if figures.unit:
        yield _("Unit: {unit}.").format(unit=figures.unit)
    if figures.channel:
        yield _("Channel: {channel}.").format(channel=figures.channel)
    if not figures.unit and not figures.channel:
        yield _("The whole organisation, all channels.")
    if figures.unit or figures.units.keys() - {None}:
        yield _(
            "A photo belongs to the unit of its event, or if there is none, to the unit of the "
            "user who registered it, as recorded now."
        )


def _sections(figures: AnnualReport) -> Iterator[Section]:
    yield _looser(figures)
    months = [f"{month}/{figures.year}" for month in range(1, 13)]
    for name, title, counts in (
        ("photos", _("Photos registered"), figures.photos),
        ("publications", _("Publications"), figures.publications),
    ):
        text = _("In the year: {count}.").format(count=sum(counts))
        yield Section(title, (text,), (bars(name, months, counts),))
    if figures.units.keys() - {None}:
        yield _units(figures)
    yield _verdicts(figures)
    yield _reasons(figures)
    yield Section(
        _("Rulings of the coordinator"),
        tables=(
            _counted(_("ruling"), _labelled_counts("RulingKind", figures.rulings)),
            _duration_rows([(_("from case to ruling"), figures.ruling_speed)]),
        ),
    )
    yield Section(
        _("Take-downs and objections"),
        tables=(
            _duration_rows(
                [(_("take-downs"), figures.take_downs), (_("objections"), figures.flags)]
            ),
        ),
    )
    ending = _("Consents and permissions that end within {days} days: {count}.").format(
        days=SOON_DAYS, count=figures.expiring
    )
    yield Section(
        _("Consents"),
        () if figures.unit else (ending,),
        tables=(
            _counted(
                _("recorded in the year"), _labelled_counts("ConsentKind", figures.consent_events)
            ),
        ),
    )
    if figures.unit:  # channels and requests belong to no unit
        return
    yield _channels(figures)
    requests = {_(_REQUEST_LABELS[each]): count for each, count in figures.requests.items()}
    yield Section(
        _("Rights of persons, and viewing of names"), tables=(_counted(_("in the log"), requests),)
    )


def _units(figures: AnnualReport) -> Section:
    named = sorted(
        figures.units.items(), key=lambda each: (each[0] is None, sort_key(each[0] or ""))
    )
    labels = [_("no unit") if unit is None else unit for unit, _counts in named]
    published = [counts.get("publications", 0) for _unit, counts in named]
    titles = (_("photos"), _("publications"), _("take-downs"), _("objections"))
    what = ("photos", "publications", "take_downs", "flags")
    rows: list[tuple[str | int, ...]] = [
        (label, *(counts.get(each, 0) for each in what))
        for label, (_unit, counts) in zip(labels, named, strict=True)
    ]
    return Section(
        _("Units in the year"),
        (_("The chart shows publications."),),
        (bars("units", labels, published),),
        (ReportTable((_("unit"), *titles), rows),),
    )


def _looser(figures: AnnualReport) -> Section:
    if not figures.looser:
        return Section(_("Settings looser than the default"), (_("None in the year."),))
    return Section(
        _("Settings looser than the default"),
        tables=(
            ReportTable(
                (_("setting"), _("value"), _("default"), _("since"), _("until"), _("decisions")),
                [
                    (
                        each.setting,
                        setting_in_words(each.setting, each.value),
                        setting_in_words(each.setting, each.default),
                        format_time(each.since),
                        format_time(each.until) if each.until else "–",
                        each.decisions,
                    )
                    for each in figures.looser
                ],
            ),
        ),
        marked=True,
    )


def _verdicts(figures: AnnualReport) -> Section:
    words = LABELS["Outcome"]
    rows: list[tuple[str | int, ...]] = [
        (channel, *(counts.get(outcome, 0) for outcome in words))
        for channel, counts in figures.outcomes.items()
    ]
    return Section(
        _("Verdicts on all photos"),
        tables=(ReportTable((_("channel"), *map(_, words.values())), rows),),
    )


def _reasons(figures: AnnualReport) -> Section:
    named = [(f"{code}: {_(REASONS[code].title)}", count) for code, count in figures.reasons]
    text = _("The number of photos with each reason on some channel; secrecy is not counted.")
    if not named:
        return Section(_("Reasons"), (text, _("None.")))
    labels, counts = zip(*named[:MAX_REASONS], strict=True)
    return Section(
        _("Reasons"),
        (text,),
        (bars("reasons", labels, counts),),
        (ReportTable((_("reason"), _("photos")), named),),
    )


def _channels(figures: AnnualReport) -> Section:
    rows = [
        (
            each.channel,
            len(each.admins),
            _("too few") if each.too_few else "",
            day_in_words(each.reviewed_on) if each.reviewed_on else "–",
            _("overdue") if each.review_overdue else "",
            each.publications,
        )
        for each in figures.channels
    ]
    titles = (
        *(_("channel"), _("administrators"), "", _("reviewed on"), ""),
        _("published"),
    )
    return Section(_("Channels"), tables=(ReportTable(titles, rows),))


def _labelled_counts(kind: str, counts: dict[str, int]) -> dict[str, int]:
    return {_(text): counts[value] for value, text in LABELS[kind].items() if value in counts}


def _counted(title: str, counts: dict[str, int]) -> ReportTable:
    return ReportTable((title, _("number")), list(counts.items()) or [(_("none"), 0)])


def _duration_rows(rows: Sequence[tuple[str, ProcessingTimes]]) -> ReportTable:
    return ReportTable(
        ("", _("number"), _("done"), _("median hours"), _("too late")),
        [
            (
                name,
                speed.number,
                speed.done,
                "–" if speed.median_hours is None else speed.median_hours,
                speed.late,
            )
            for name, speed in rows
        ],
    )
