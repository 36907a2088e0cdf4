"""`event`: the answers and the roster shared by all photos of an event."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import (
    argument,
    day_option,
    enum_option,
    format_option,
    is_interactive,
    option,
    unit_options,
)
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.printing.takedowns import REPLACED, print_flagged
from photoreg.cli.prompts.answers import event_answer_options, event_answers_from
from photoreg.cli.prompts.rosters import AS_LISTED, GuardianCount, guardian_facts
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words, format_iso_day
from photoreg.presentation.photos import answer_label, question_title
from photoreg.presentation.views.events import EVENT, EVENTS, NO_PHOTOS, ROSTER
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.reasons import REASONS
from photoreg.services.people.class_lists.columns import RefusedBy
from photoreg.services.photos import events, roster_consents
from photoreg.services.photos.rosters.results import (
    GuardianFacts,
    RosterDecisions,
    RosterImport,
    RowDecision,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _


@click.group("event", cls=Group, help=N_("Events: one answer for all the photos of an event."))
def event_command() -> None:
    """Group the `event` commands."""


@event_command.command(
    "add",
    help=N_(
        "Add an event. Its answers apply to all its photos. It belongs to your own unit unless "
        "you give another one."
    ),
    example=N_(
        'photoreg event add "Hetan koulun kevätjuhla" --on 2026-05-30 --shot person_subject'
    ),
)
@argument("name")
@day_option("--on", required=True, help=N_("The day, or the first day."))
@day_option("--until", help=N_("The last day, if it lasts longer."))
@unit_options
@event_answer_options
@option(
    "--person",
    "roster",
    multiple=True,
    help=N_("An expected participant, by name or id; can be repeated."),
)
@click.pass_obj
def event_add(
    context: CliContext,
    /,
    name: str,
    on: date,
    until: date | None,
    unit: str | None,
    new_unit: bool,
    roster: tuple[str, ...],
    **given: Any,
) -> None:
    """Add one event."""
    number = events.add_event(
        context.application,
        name,
        on=on,
        until=until,
        answers=event_answers_from(given),
        photographers=given["photographers"],
        roster=roster,
        unit=unit,
        new_unit=new_unit,
    )
    event = human_id(Kind.EVENT, number)
    print_line(_("The event {event} was added: {name}.").format(event=event, name=safe(name)))
    _tell_same_named(context, event)


def _tell_same_named(context: CliContext, event: str) -> None:
    """Tell that the name of an event does not tell which of several is meant."""
    same = events.same_named(context.application, event)
    if len(same) > 1:
        listed = ", ".join(f"{each} {day_in_words(day)}" for each, day in same.items())
        text = _("Several events have this name, so name each by its id: {events}.")
        print_note(text.format(events=listed))


@event_command.command(
    "change",
    help=N_(
        "Change an event: its name, days, unit, photographers or answers. Anything not given "
        "is left unchanged."
    ),
    example="photoreg event change E-1 --place school_or_daycare",
)
@argument("named", metavar="EVENT")
@option("--name", help=N_("The name."))
@day_option("--on", help=N_("The day, or the first day."))
@day_option("--until", help=N_("The last day, if it lasts longer."))
@unit_options
@event_answer_options
@click.pass_obj
def event_change(
    context: CliContext,
    /,
    named: str,
    name: str | None,
    on: date | None,
    until: date | None,
    unit: str | None,
    new_unit: bool,
    **given: Any,
) -> None:
    """Change one event."""
    answers, photographers = event_answers_from(given), given["photographers"]
    event_answers = name or on or until or photographers or unit is not None
    if not event_answers and answers.is_empty:
        raise click.UsageError(_("Give what changes, for example --place PLACE."))
    done = events.change_event(
        context.application,
        named,
        name=name,
        on=on,
        until=until,
        answers=answers,
        photographers=photographers,
        unit=unit,
        new_unit=new_unit,
    )
    text = _("{event}: the event was changed.") if done.changed else _("{event}: nothing changed.")
    print_line(text.format(event=done.event))
    if "name" in done.changed:
        _tell_same_named(context, done.event)
    if done.stopped:
        print_flagged(done.stopped, REPLACED)


@event_command.command("list", help=N_("List the events."), example="photoreg event list")
@format_option
@click.pass_obj
def event_list(context: CliContext, layout: str) -> None:
    """List the events."""
    print_view(EVENTS, map(asdict, events.list_events(context.application)), layout)


@event_command.command(
    "show", help=N_("Show everything about an event."), example="photoreg event show E-1"
)
@argument("named", metavar="EVENT")
@format_option
@click.pass_obj
def event_show(context: CliContext, named: str, layout: str) -> None:
    """Show one event."""
    event = asdict(events.show_event(context.application, named))
    if layout == "table":
        _print_event(event)
    else:
        print_view(EVENT, [event], layout)


_ANSWERS = (
    "basis",
    "commissioner",
    "place",
    "place_permission",
    "shot",
    "confidentiality",
    "sensitive",
)


def _print_event(event: Mapping[str, Any]) -> None:
    days = format_iso_day(event["starts_on"])
    if event["ends_on"] != event["starts_on"]:
        days += f" – {format_iso_day(event['ends_on'])}"
    unit = f" · {safe(event['unit'])}" if event["unit"] else ""
    print_line(f"{event['event']} {safe(event['name'])} · {days}{unit}")
    takers = ", ".join(map(safe, event["photographers"])) or _("open")
    print_line(f"  {_('photographers')}: {takers}")
    for question in _ANSWERS:
        print_line(f"  {question_title(question)}: {answer_label(question, event[question])}")
    print_line(f"  {_('on the roster')}: {', '.join(map(safe, event['roster'])) or '-'}")
    print_line(f"  {_('photos')}: {', '.join(event['photos']) or '-'}")


@event_command.command(
    "roster",
    help=N_(
        "List the expected participants of an event, what their consents cover, until when, "
        "what is missing and whom to ask; add people to the roster or remove them."
    ),
    example="photoreg event roster E-1 --add H-1",
)
@argument("named", metavar="EVENT")
@option("--add", "add_persons", multiple=True, help=N_("The person to add, by name or id."))
@option(
    "--remove", "remove_persons", multiple=True, help=N_("The person to remove, by name or id.")
)
@format_option
@click.pass_obj
def event_roster(
    context: CliContext,
    named: str,
    add_persons: tuple[str, ...],
    remove_persons: tuple[str, ...],
    layout: str,
) -> None:
    """Change the roster if requested, then list it."""
    if add_persons or remove_persons:
        change = events.change_roster(
            context.application, named, add_persons=add_persons, remove_persons=remove_persons
        )
        for person in change.already:
            print_note(_("{person} is already on the roster.").format(person=person))
    rows = roster_consents.roster_consents(context.application, named)
    print_view(ROSTER, map(asdict, rows), layout)
    if layout != "table":
        return
    for code in sorted({code for row in rows for code in row.missing}):
        print_note(f"{code}: {_(REASONS[code].title)}")
    if rows:
        print_note(_("People who must not be shown:"))
        print_step(NextAction.EVENT_NO_PHOTO_LIST, event=named)


@event_command.command(
    "import-roster",
    help=N_(
        "Read a class list (CSV, Excel or LibreOffice) with names, birth dates, guardians and "
        "their contacts, and show what it would change. With --apply the whole list is recorded, "
        "or nothing. Doubtful rows are written into a table (--decisions), filled in there, and "
        "given back (--decided); on a terminal they are asked."
    ),
    example=N_("photoreg event import-roster E-1 class.xlsx --apply"),
)
@argument("named", metavar="EVENT")
@argument("file", type=click.Path(path_type=Path), metavar="FILE")
@option("--apply", is_flag=True, help=N_("Record the list."))
@option(
    "--column",
    multiple=True,
    metavar="HEADING=MEANING",
    help=N_(
        "What a column is, for example “Huolt. 1=guardian 1” or “Club=skip”. Others are name, "
        "surname, forenames, born, group, contact, language, number of guardians and guardian "
        "contact 1. A column in which a no may stand is only a permission, a refusal (whatever is "
        "written is a no) or a block. May be given several times."
    ),
)
@option(
    "--save-layout",
    metavar="NAME",
    help=N_("Save how the columns are read: the next list with these headings is read like it."),
)
@option("--sheet", metavar="SHEET", help=N_("The sheet of a workbook with several lists."))
@enum_option(
    "--refused-by",
    kind="RefusedBy",
    help=N_(
        "Who said no in the columns of permissions and refusals: guardians (all in the list), the "
        "first or the second of them, or unknown, which sets a publication block."
    ),
)
@option(
    "--decisions",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_(
        "Write the doubtful rows into this table (.xlsx or .csv), to be decided there; with what "
        "was decided before. It may be the table of --decided."
    ),
)
@option(
    "--decided",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_(
        "The table of decisions, filled in: an id, a row, “new” or “leave out” for each doubtful "
        "person."
    ),
)
@option(
    "--overwrite",
    is_flag=True,
    help=N_("Replace the table, if photoreg wrote it; its decisions are kept."),
)
@option(
    "--guardians-verified",
    metavar=N_("TEXT"),
    help=N_(
        "From what all guardians in the list were verified, for example the school's register."
    ),
)
@option(
    "--guardians-total",
    type=GuardianCount(),
    help=N_("How many guardians each child in the list has; as-listed: those in the list."),
)
@option(
    "--same",
    multiple=True,
    metavar="ROW=PERSON",
    help=N_("A doubtful person on this row is this person. May be given several times."),
)
@option(
    "--other",
    multiple=True,
    metavar="ROW=PERSON",
    help=N_("Nobody on this row is this person. May be given several times."),
)
@format_option
@click.pass_obj
def event_import_roster(
    context: CliContext,
    /,
    named: str,
    file: Path,
    apply: bool,
    layout: str,
    **given: Any,
) -> None:
    """Show what a class list would change; record it if requested."""
    from photoreg.cli.printing import rosters as printing
    from photoreg.cli.printing.list_reading import refuse_open_reading
    from photoreg.services.photos.roster_import import import_roster

    reading = _list_reading(given)

    def imported(
        decisions: RosterDecisions, facts: GuardianFacts, *, apply: bool = False
    ) -> RosterImport:
        return import_roster(
            context.application,
            named,
            file,
            apply=apply,
            decisions=decisions,
            facts=facts,
            reading=reading,
        )

    _claim_table(given)
    decisions = _decisions(given)
    facts = guardian_facts(given["guardians_verified"], given["guardians_total"])
    if apply and is_interactive():
        decisions, facts = _asked(imported, decisions, facts, given)
    result = imported(decisions, facts, apply=apply)
    printing.print_import(result, layout)
    is_written = _write_decisions(result, given)
    asked = given["decided"] if all(map(decisions.asks, result.open_doubts())) else None
    table = given["table"] if is_written else asked
    again = _import_again(result, file, facts, given, table)
    if apply:
        printing.refuse_doubts(result, again, table)
        if not result.problems:
            refuse_open_reading(result.reading)
    printing.print_outcome(result, again, table)


def _asked(
    imported: Callable[[RosterDecisions, GuardianFacts], RosterImport],
    decisions: RosterDecisions,
    facts: GuardianFacts,
    given: Mapping[str, Any],
) -> tuple[RosterDecisions, GuardianFacts]:
    """Ask who is meant, unless a table is to be filled in, then what the list does not tell."""
    from photoreg.cli.prompts import rosters as prompts

    result = imported(decisions, facts)
    while result.is_ambiguous and not result.problems and not given["table"]:
        before = decisions
        decisions = prompts.ask_decisions(result, decisions)
        if decisions == before:
            break
        result = imported(decisions, facts)
    if result.problems or result.is_ambiguous:
        return decisions, facts
    return decisions, prompts.ask_facts(result, facts)


def _decisions(given: Mapping[str, Any]) -> RosterDecisions:
    """Return what was decided, in a table and by options."""
    from photoreg.presentation.views.roster_decisions import decision_words
    from photoreg.services.photos.rosters.decisions import read_decisions

    by_options = tuple(
        RowDecision(*_row_and_person(typed), is_same=is_same)
        for typed_all, is_same in ((given["same"], True), (given["other"], False))
        for typed in typed_all
    )
    words = decision_words()
    decisions = RosterDecisions(by_options)
    if given["decided"] is not None:
        in_table = read_decisions(given["decided"], words)
        decisions = replace(in_table, rows=(*in_table.rows, *by_options))
    if given["replaced"] is None:
        return decisions
    try:
        return decisions.with_others(read_decisions(given["replaced"], words))
    except InputDataError as error:
        raise InputDataError(
            N_("{file} is not a table of decisions that can be read, so it is not replaced"),
            N_("Choose another name, or move the file elsewhere first."),
            file=given["replaced"].name,
        ) from error


def _claim_table(given: dict[str, Any]) -> None:
    """Note a table that will be replaced: the one that is given back, or with --overwrite another.

    What was decided in it stands in the new one, too.
    """
    table, decided = given["table"], given["decided"]
    given["is_same_table"] = bool(table and decided and table.resolve() == decided.resolve())
    is_other = bool(table and given["overwrite"] and table.is_file() and table.stat().st_size)
    given["replaced"] = table if is_other and not given["is_same_table"] else None


def _write_decisions(result: RosterImport, given: Mapping[str, Any]) -> bool:
    """Write what is doubtful and what was decided into the table; return whether it was.

    A table with decisions that cannot be read is not replaced.
    """
    from photoreg.presentation.views.roster_decisions import decisions_sheet
    from photoreg.sheets.files import write_table

    is_replaced = given["is_same_table"] or given["replaced"] is not None
    if not given["table"] or (is_replaced and result.problems):
        return False
    if not result.is_ambiguous:
        print_note(_("Nobody is doubtful, so no table was written."))
        return False
    overwrite = given["overwrite"] or given["is_same_table"]
    write_table(given["table"], [decisions_sheet(result)], _("Words"), overwrite=overwrite)
    print_line(given["table"])
    return True


def _new_table(file: Path) -> Path:
    """Return a name for a table of decisions about a list: beside it, if that can be written."""
    folder = file.parent if os.access(file.parent, os.W_OK) else Path()
    names = (
        folder / _("{list}-decisions{number}.xlsx").format(list=file.stem, number=number)
        for number in ("", *(f"-{again}" for again in range(2, 100)))
    )
    return next((name for name in names if not name.exists()), folder / "decisions.xlsx")


def _import_again(
    result: RosterImport,
    file: Path,
    facts: GuardianFacts,
    given: Mapping[str, Any],
    table: Path | None,
) -> NextStep:
    """Return the next command: to decide what is doubtful, else to record the list.

    `table` is the table in which all stands that is doubtful.
    """
    known = {
        "guardians_verified": facts.verified,
        "guardians_total": _typed_total(facts),
        "same": " ".join(given["same"]),
        "other": " ".join(given["other"]),
        "decided": str(given["decided"] or ""),
        "column": "\n".join([*given["column"], *_to_describe(result)]),
        "save_layout": given["save_layout"],
        "sheet": given["sheet"],
        "refused_by": given["refused_by"],
    }
    missing = []
    if result.reading.is_refuser_open:
        missing.append("refused_by")
    if not result.is_ambiguous:
        known["apply"] = "yes"
        missing += _missing_facts(result, facts)
    elif table:
        known |= {"apply": "yes", "decided": str(table)}
    else:
        missing = []  # nothing is recorded by it
        known["decisions"] = str(given["decided"] or _new_table(file))
    arguments = {name: value for name, value in known.items() if value}
    return NextStep.to(
        NextAction.EVENT_IMPORT_ROSTER, *missing, event=result.event, file=str(file), **arguments
    )


def _to_describe(result: RosterImport) -> list[str]:
    """Return the columns of which somebody has to say what they are, as they are to be typed."""
    return [f"{heading}={_('MEANING')}" for heading in result.reading.not_understood]


def _missing_facts(result: RosterImport, facts: GuardianFacts) -> list[str]:
    missing = []
    if result.missing.unverified and not facts.verified:
        missing.append("guardians_verified")
    if result.missing.without_total and not _typed_total(facts):
        missing.append("guardians_total")
    return missing


def _typed_total(facts: GuardianFacts) -> str:
    if facts.are_all_listed:
        return AS_LISTED
    return "" if facts.total is None else str(facts.total)


def _list_reading(given: Mapping[str, Any]) -> Any:
    """Return how the list is to be read, from the options."""
    from photoreg.services.photos.rosters.reading import ListReading

    columns = list(map(_heading_and_meaning, given["column"]))
    headings = [heading.casefold() for heading, _meaning in columns]
    if len(set(headings)) < len(headings):
        raise click.UsageError(_("A column is described twice: give each heading once."))
    return ListReading(
        columns=dict(columns),
        sheet=given["sheet"] or "",
        save_as=given["save_layout"] or "",
        refused_by=RefusedBy(given["refused_by"]) if given["refused_by"] else None,
    )


def _heading_and_meaning(typed: str) -> tuple[str, str]:
    heading, sign, meaning = typed.rpartition("=")
    if not sign or not heading.strip() or not meaning.strip():
        raise click.UsageError(
            _("{value}: give the heading and the meaning, for example {example}.").format(
                value=typed, example='"Huolt. 1=guardian 1"'
            )
        )
    return heading.strip(), meaning.strip()


def _row_and_person(typed: str) -> tuple[int, str]:
    """Return the row and the person (an id, or another row) of a decision as typed."""
    row, sign, who = typed.partition("=")
    if not sign or not row.isdecimal() or not who.strip():
        raise click.UsageError(
            _("{value}: give the row and the person, for example {example}.").format(
                value=typed, example="2=H-12"
            )
        )
    return int(row), who.strip()


@event_command.command(
    "no-photo-list",
    help=N_(
        "List the participants who must not be shown, to print before photos are taken. "
        "Reasons are not given."
    ),
    example=N_("photoreg event no-photo-list E-1 --html no-photos.html"),
)
@argument("named", metavar="EVENT")
@option("--channel", help=N_("The channel; default: the public page."))
@option(
    "--html",
    "page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write it as a page to print, into this file."),
)
@option("--overwrite", is_flag=True, help=N_("Replace the file, if photoreg wrote it."))
@format_option
@click.pass_obj
def event_no_photo_list(
    context: CliContext,
    named: str,
    channel: str | None,
    page: Path | None,
    overwrite: bool,
    layout: str,
) -> None:
    """Print the no-photo list, or write it as an HTML page."""
    from photoreg.cli.printing import rosters as printing
    from photoreg.named_files import written_file
    from photoreg.presentation.people.no_photos import empty_list_note, no_photo_lines

    listed = roster_consents.no_photo_list(context.application, named, channel)
    if page is not None:
        with written_file(page, mark=printing.is_no_photo_page, overwrite=overwrite) as part:
            part.write_text(printing.no_photo_page(listed), "utf-8")
        print_line(page)
        _print_empty_roster(listed)
        return
    rows = [{"person": person, "name": name or None} for person, name in listed.people]
    if layout != "table":
        print_view(NO_PHOTOS, rows, layout)
        _print_empty_roster(listed)
        return
    *head, advice = no_photo_lines(listed)
    for line in head:
        print_line(line)
    if rows:
        print_view(NO_PHOTOS, rows, layout)
    else:
        print_line(empty_list_note(listed))
    print_line(advice)
    _print_empty_roster(listed)


def _print_empty_roster(listed: roster_consents.NoPhotoList) -> None:
    """If the roster is empty, explain on stderr how to fill it: an empty list proves nothing."""
    if not listed.expected:
        print_note(_("Add the participants to the roster first:"))
        print_step(NextAction.EVENT_IMPORT_ROSTER, "file", event=listed.event, apply="yes")
        print_step(NextAction.EVENT_ROSTER, "person", event=listed.event)
