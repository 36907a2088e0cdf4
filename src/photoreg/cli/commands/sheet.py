"""`sheet`: export the questions about an event's photos as a table, and import the answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, format_option, option, output_option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.consent_lists import print_examples
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.printing.rosters import print_problems
from photoreg.cli.printing.takedowns import REPLACED, print_flagged
from photoreg.errors import InputDataError
from photoreg.presentation.cells import with_name, with_names
from photoreg.presentation.labels import LABELS, QUESTION_LABELS
from photoreg.presentation.lists.roster_rows import rows_in_words
from photoreg.presentation.photos import question_title
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.events import SHEET_IMPORT
from photoreg.rulebook.facts import Photographer
from photoreg.services.consents import form_answer_sheets
from photoreg.services.consents.form_answer_sheets import (
    CHECKBOX_COLUMNS,
    FormAnswerRow,
    is_checkbox,
)
from photoreg.services.people.visible_names import names_for_message
from photoreg.services.photos import question_sheets
from photoreg.services.photos.naming.event_names import EventName, EventRole, event_names
from photoreg.services.photos.naming.vocabulary import (
    CHOICES,
    COLUMNS,
    NAME_COLUMNS,
    YES_OR_NO,
    Vocabulary,
)
from photoreg.services.photos.question_sheets import SheetImport
from photoreg.sheets.files import write_table
from photoreg.sheets.table import NewSheet
from photoreg.steps import NextAction
from photoreg.texts import N_, _, translations

_HEADINGS = {
    "photo": N_("photo"),
    "file": N_("file"),
    "thumbnail": N_("small picture"),
    "photographer": N_("photographer"),
    "basis": N_("basis"),
    "place": N_("place"),
    "shot": N_("shot"),
    "people": N_("people"),
    "recognisable_count": N_("how many can be recognised"),
    "names": N_("names"),
    "context_identifies": N_("caption, clothes or place tell who"),
    "confidentiality": N_("confidential"),
    "sensitive": N_("sensitive"),
    "credit": N_("credit"),
    "depicted_work": N_("another's work as the main subject"),
    "digital_source": N_("how the picture was made"),
    "open": N_("open"),
    "code": N_("code"),
    "shown": N_("who is shown"),
    "answering": N_("who answers"),
    "scan": N_("scanned page"),
    "answer": N_("yes or no"),
    **LABELS["Channel"],
    **LABELS["Purpose"],
    "may_be_named": N_("the name may be given"),
    "child_no": N_("the child refuses"),
    "day": N_("signed on"),
    "paper": N_("where the paper is kept"),
    "person": N_("id"),
    "name": N_("name"),
    "role": N_("at the event"),
}
_ROLES = {
    EventRole.ROSTER: N_("on the roster"),
    EventRole.GUARDIAN: N_("a guardian of {wards}"),
    EventRole.PHOTOGRAPHER: N_("a photographer"),
}
_NOBODY = (N_("nobody"), N_("no one"), LABELS["People"]["none"])
_WORDS, _NAMES = N_("Words"), N_("Names")
_CHECK_MARK = "x"
_CHOICE_COLUMNS = (*CHOICES, *YES_OR_NO, "answer", *CHECKBOX_COLUMNS)
_FILL_IN_PHOTOS = N_(
    "Nothing was recorded: no row of the table is filled in. Answer what is asked about each "
    "photo: who is shown, where, and by whom it was taken."
)
_FILL_IN_FORMS = N_(
    "Nothing was recorded: no row of the table is filled in. Write yes or no for each form that "
    "has come back, and tick what is ticked on the paper."
)
_YES_NO_LABELS = {True: N_("yes"), False: N_("no")}
_ANSWER_LABELS = {"yes": N_("yes"), "no": N_("no")}


@click.group(
    "sheet",
    cls=Group,
    help=N_("The questions about an event's photos as a table to fill in."),
)
def sheet_command() -> None:
    """Group commands about sheets."""


@sheet_command.command(
    "export",
    help=N_(
        "Write the questions about an event's photos into a table, one row for each photo: as "
        "an Excel workbook with lists to choose from, or as CSV. A workbook has a second sheet "
        "with a row for each printed consent form not yet returned."
    ),
    example=N_("photoreg sheet export E-1 -o celebration.xlsx"),
)
@argument("named", metavar="EVENT")
@output_option(N_("The file to write: its name ends with .xlsx or .csv."))
@option("--open", "only_open", is_flag=True, help=N_("Only photos with questions that are open."))
@option("--answers", "only_answers", is_flag=True, help=N_("Only the consent forms, no photos."))
@option(
    "--thumbnails",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help=N_("Write a small picture of each photo into this folder, and its name into the table."),
)
@option("--overwrite", is_flag=True, help=N_("Replace the file, if photoreg wrote it."))
@click.pass_obj
def sheet_export(
    context: CliContext,
    named: str,
    file: Path,
    only_open: bool,
    only_answers: bool,
    thumbnails: Path | None,
    overwrite: bool,
) -> None:
    """Export one sheet."""
    photos = (
        []
        if only_answers
        else [
            asdict(row)
            for row in question_sheets.question_sheet(
                context.application, named, only_open=only_open
            )
        ]
    )
    is_csv = file.suffix.lower() == ".csv"
    answers = form_answer_sheets.form_answer_sheet(context.application, named)
    forms = answers.rows
    shown = [key for key in COLUMNS if thumbnails or key != "thumbnail"]
    if thumbnails and photos:
        _add_thumbnails(context, photos, thumbnails)
    tables = [table_to_fill_in(_("Photos"), shown, photos)] if photos else []
    if forms and not (is_csv and photos):
        rows = [dict.fromkeys(answers.columns) | asdict(form) for form in forms]
        tables.append(table_to_fill_in(_("Answers"), answers.columns, rows, answers.headings))
    if not tables:
        print_note(_("the list is empty"))
        return
    if photos and not is_csv:
        names = [_name_row(who) for who in event_names(context.application, named)]
        tables += [table_to_fill_in(_(_NAMES), NAME_COLUMNS, names)] if names else []
    write_table(file, tables, _(_WORDS), overwrite=overwrite)
    print_line(file)
    if photos:
        print_note(_("Photos in the table: {count}.").format(count=len(photos)))
    if forms and not (is_csv and photos):
        print_note(_("Consent forms in the table: {count}.").format(count=len(forms)))
    elif forms:
        print_note(_("Unanswered consent forms are left out: a CSV file contains only one table."))
    print_note(_("When it is filled in:"))
    print_step(NextAction.SHEET_IMPORT, file=str(file))


def _name_row(who: EventName) -> dict[str, str]:
    """Return the row of somebody in the sheet of names."""
    role = _(_ROLES[who.role]).format(wards=", ".join(who.wards))
    return {"person": who.person, "name": who.name, "role": role}


def _add_thumbnails(context: CliContext, photos: Sequence[dict[str, Any]], folder: Path) -> None:
    """Create thumbnails, and add their file names to the rows."""
    from photoreg.services.photos.pictures.thumbnails import write_thumbnails

    names = write_thumbnails(context.application, [row["photo"] for row in photos], folder)
    for row in photos:
        row["thumbnail"] = names.get(row["photo"])
    lacking = len(photos) - len(names)
    if lacking:
        print_note(
            _("No small picture, because the file is missing or changed: {count}.").format(
                count=lacking
            )
        )


def table_to_fill_in(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    headings: Mapping[str, str] | None = None,
    blank_rows: int = 0,
) -> NewSheet:
    """Return a table; `headings` are those that are no words of the program."""
    known = headings or {}
    choices = {place: _choices(key) for place, key in enumerate(columns)}
    return NewSheet(
        title,
        [known[key] if key in known else _heading(key) for key in columns],
        [[_cell(key, row[key]) for key in columns] for row in rows],
        {place: values for place, values in choices.items() if values},
        blank_rows,
    )


def _choices(key: str) -> list[str]:
    """Return the values to choose from in a column, if any."""
    if is_checkbox(key):
        return [_CHECK_MARK]
    return list(_column_labels(key).values()) if key in _CHOICE_COLUMNS else []


@sheet_command.command(
    "import",
    help=N_(
        "Read a filled-in table and show what it changes. With --apply the whole table is "
        "recorded, or nothing. An empty cell leaves the answer unchanged."
    ),
    example=N_("photoreg sheet import celebration.xlsx --apply"),
)
@argument("file", type=click.Path(path_type=Path), metavar="FILE")
@option("--apply", is_flag=True, help=N_("Record the table."))
@format_option
@click.pass_obj
def sheet_import(context: CliContext, file: Path, apply: bool, layout: str) -> None:
    """Show what a sheet would change, and record it on request."""
    result = question_sheets.import_sheet(context.application, file, vocabulary(), apply=apply)
    names = _names_in(context, result) if layout in FOR_PEOPLE else {}
    print_view(SHEET_IMPORT, _rows(result, layout, names), layout)
    print_examples(result.examples)
    _print_not_removed(result, names)
    _refuse_problems(result)
    _print_outcome(result, file)


def _names_in(context: CliContext, result: SheetImport) -> dict[str, str]:
    """Return the names of those in a preview whom the user may see, by id."""
    shown = {each for row in result.rows for each in (*row.persons, *row.not_in_sheet)}
    shown |= {each for answer in result.answers for each in answer.persons}
    return names_for_message(context.application, sorted(shown)) if shown else {}


def _form_in_words(answer: FormAnswerRow, names: Mapping[str, str]) -> str:
    """Return the code of a form with who is shown, and who answers if another."""
    persons = ", ".join(with_names(answer.persons, names))
    return f"{answer.form} ({persons})" if persons else answer.form


def _print_not_removed(result: SheetImport, names: Mapping[str, str]) -> None:
    """Tell who is named in photos and not in their rows, and how to take somebody out."""
    photos: dict[str, dict[str, int]] = {}
    for row in result.rows:
        for person in row.not_in_sheet:
            photos.setdefault(person, {})[row.photo] = row.row
    for person, rows in photos.items():
        text = _(
            "{person} is named in {photos} and not in the table ({rows}): an empty cell and a "
            "missing name change nothing. If {person} is not in the photo:"
        )
        who, numbers = with_name(person, names), rows_in_words(rows.values())
        print_note(text.format(person=who, photos=", ".join(rows), rows=numbers))
        print_step(NextAction.PHOTO_UNTAG, photo=" ".join(rows), person=person)


def record_codes(context: CliContext, file: Path, paper: str) -> None:
    """Record the answers in a table of codes, all rows or none; `paper` is where the forms are."""
    result = question_sheets.import_sheet(
        context.application, file, vocabulary(), apply=True, only_forms=True, paper=paper
    )
    names = _names_in(context, result)
    for row in result.answers:
        if row.changes:
            said = _(_ANSWER_LABELS[row.changes[0]])
            print_line(f"{_form_in_words(row, names)}: {', '.join((said, *row.channels))}")
    print_examples(result.examples)
    _refuse_problems(result)
    if result.answered:
        print_note(_("Consent forms recorded: {count}.").format(count=result.answered))
    scanned = sum(row.has_document for row in result.answers)
    if scanned:
        print_note(_("With the scanned page as their document: {count}.").format(count=scanned))
    known = len(result.answers) - result.answered - len(result.unanswered)
    if known:
        print_note(_("Consent forms recorded already: {count}.").format(count=known))
    if result.is_blank:
        print_note(_(_FILL_IN_FORMS))
    elif result.unanswered:
        text = _("Without an answer, so nothing was recorded: {rows}.")
        print_note(text.format(rows=rows_in_words(result.unanswered)))


def _refuse_problems(result: SheetImport) -> None:
    """Print the errors in rows, and raise InputDataError if there are any."""
    print_problems(result.problems)
    if result.problems:
        raise InputDataError(
            N_("nothing was recorded; rows with errors: {count}"),
            N_("Correct them in the file, save it, and read it again."),
            count=len({(problem.sheet, problem.row) for problem in result.problems}),
        )


def _rows(result: SheetImport, layout: str, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    def written(persons: Sequence[str]) -> list[str]:
        return with_names(persons, names) if layout in FOR_PEOPLE else list(persons)

    for row in result.rows:
        if row.changes or row.not_in_sheet:
            changes = (
                [_heading(key) for key in row.changes] if layout in FOR_PEOPLE else row.changes
            )
            yield {
                "row": row.row,
                "photo": row.photo,
                "form": None,
                "changes": list(changes),
                "persons": written(row.persons),
                "not_in_sheet": written(row.not_in_sheet),
            }
    for answer in result.answers:
        if answer.changes:
            yes_or_no, *ticked = answer.changes
            values = [_(_ANSWER_LABELS[yes_or_no]), *answer.channels, *map(_heading, ticked)]
            yield {
                "row": answer.row,
                "photo": None,
                "form": _form_in_words(answer, names) if layout in FOR_PEOPLE else answer.form,
                "changes": values
                if layout in FOR_PEOPLE
                else [yes_or_no, *answer.channels, *ticked],
                "persons": [],
                "not_in_sheet": [],
            }


def _print_outcome(result: SheetImport, file: Path) -> None:
    if result.without_count:
        text = _(
            "Names are filled in, but the column “{heading}” is empty, so the photos are not "
            "complete: {rows}."
        )
        rows = rows_in_words(result.without_count)
        print_note(text.format(heading=_heading("recognisable_count"), rows=rows))
    if result.is_blank:
        print_note(_(_FILL_IN_PHOTOS if result.rows else _FILL_IN_FORMS))
    elif not result.changed and not result.answered:
        print_note(_("Nothing changed: everything in the table was already recorded."))
    elif result.applied:
        print_note(_("Recorded. Photos changed: {count}.").format(count=result.changed))
        if result.answered:
            print_note(_("Consent forms recorded: {count}.").format(count=result.answered))
        for flagged in result.stopped:
            print_flagged(flagged, REPLACED)
    else:
        if result.in_the_way:
            text = _("Publications that could no longer be shown: {count}.")
            print_note(text.format(count=result.in_the_way))
        print_note(_("Nothing was recorded yet. To record the table:"))
        print_step(NextAction.SHEET_IMPORT, file=str(file), apply="yes")
    if result.not_answered:
        text = _("Consent forms in the table without an answer: {count}.")
        print_note(text.format(count=result.not_answered))


def _heading(key: str) -> str:
    return _(_HEADINGS[key]) if key in _HEADINGS else question_title(key)


def _column_labels(key: str) -> Mapping[str | bool, str]:
    """Return the labels of a column's values in the user's language."""
    labels: Mapping[Any, str] = LABELS[CHOICES[key].__name__] if key in CHOICES else _YES_NO_LABELS
    return {value: _(text) for value, text in labels.items()}


def _cell(key: str, value: Any) -> str | int | None:
    if value is None:
        return None
    if isinstance(value, Photographer):
        return _(LABELS["Photographer"][value])
    if key == "open":
        return ", ".join(_without_option(_(QUESTION_LABELS[question])) for question in value)
    if key in _CHOICE_COLUMNS and not is_checkbox(key):
        return _column_labels(key)[value]
    return value if isinstance(value, int) else str(value)


def _without_option(question: str) -> str:
    """Return a question without its command-line option: a sheet has a cell for the answer."""
    return question.partition(" (--")[0]


def vocabulary() -> Vocabulary:
    """Return the accepted spellings of headings and values: the values, and every language.

    Where a label means different things in two languages, the user's language takes precedence.
    """
    headings: dict[str, str] = {}
    values: dict[str, dict[str, str | bool]] = {key: {} for key in _CHOICE_COLUMNS}
    columns = (*COLUMNS, *form_answer_sheets.COLUMNS, *NAME_COLUMNS)
    for key in columns:
        for text in translations(_HEADINGS[key]):
            headings.setdefault(text.casefold(), key)
    for key in columns:
        headings |= {_heading(key).casefold(): key, key: key}
    for key, known in values.items():
        kinds: Mapping[Any, str] = (
            LABELS[CHOICES[key].__name__] if key in CHOICES else _YES_NO_LABELS
        )
        for value, source in kinds.items():
            known |= {text.casefold(): value for text in translations(source)}
        known |= {text.casefold(): value for value, text in _column_labels(key).items()}
        known |= {str(value): value for value in kinds if key in CHOICES}
        if key not in CHOICES:
            known[_CHECK_MARK] = True
    unknown = LABELS["Photographer"]["unknown"]
    return Vocabulary(
        headings,
        values,
        {key: [*_column_labels(key).values()] for key in values},
        words=_in_every_language(_WORDS),
        names=_in_every_language(_NAMES),
        nobody=_in_every_language(*_NOBODY),
        unknown=_in_every_language(unknown) | {"unknown"},
    )


def _in_every_language(*texts: str) -> frozenset[str]:
    return frozenset(text.casefold() for each in texts for text in translations(each))
