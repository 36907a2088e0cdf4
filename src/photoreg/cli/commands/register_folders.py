"""`register --events-from-folders`: events proposed from folders, shown, planned and recorded."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from photoreg.cli.app import CliContext
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import print_next
from photoreg.cli.printing.rosters import print_problems
from photoreg.cli.prompts.folder_options import FolderChoice
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.views.photos import FOLDER_EVENTS
from photoreg.services.photos.folders.beside_photos import BesidePhotos
from photoreg.services.photos.folders.folder_events import (
    FolderEvent,
    propose_events,
    record_events,
)
from photoreg.services.photos.folders.folder_plans import (
    PLAN_COLUMNS,
    PlanWords,
    read_plan,
    shown_folder,
)
from photoreg.sheets.files import write_table
from photoreg.sheets.table import NewSheet
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _, translations

_HEADINGS = {
    "folder": N_("folder"),
    "photos": N_("photos"),
    "event": N_("event"),
    "starts_on": N_("from"),
    "ends_on": N_("until"),
    "register": N_("register"),
}
_WORDS = N_("Words")
_YES, _NO = N_("yes"), N_("no")


def events_to_register(
    context: CliContext,
    choice: FolderChoice,
    paths: Sequence[Path],
    beside: BesidePhotos,
    layout: str,
) -> list[FolderEvent]:
    """Return the folders to register, their events recorded; none if they are only shown."""
    proposed = propose_events(context.application, paths, beside)
    if choice.planned:
        return _recorded_as_planned(context, choice.planned, proposed, paths)
    if choice.apply:
        return record_events(context.application, proposed, _planning(paths))
    if choice.plan:
        _write_plan(choice.plan, proposed, paths, overwrite=choice.overwrite)
    else:
        print_view(FOLDER_EVENTS, map(_row, proposed), layout)
        _print_steps(proposed, paths)
    return []


def _row(each: FolderEvent) -> dict[str, Any]:
    return {
        "folder": each.folder,
        "name": each.name,
        "starts_on": each.starts_on.isoformat() if each.starts_on else None,
        "ends_on": each.ends_on.isoformat() if each.ends_on else None,
        "event": each.event,
        "photos": len(each.files),
    }


def _print_steps(proposed: Sequence[FolderEvent], paths: Sequence[Path]) -> None:
    undecided = sum(not each.is_decided for each in proposed)
    if undecided:
        text = _("Folders whose names do not tell a day for certain: {count}.")
        print_note(text.format(count=undecided))
    else:
        print_note(_("Nothing was recorded yet. To record the events and register the photos:"))
        print_next(_step(paths, apply="yes"))
    print_note(_("To correct the events in a table first:"))
    print_next(_planning(paths))


def _planning(paths: Sequence[Path]) -> NextStep:
    """Return the step that writes the plan into a table, named after the folder."""
    name = paths[0].absolute().name or "photos"
    return _step(paths, plan=_("{folder}-events.xlsx").format(folder=name))


def _step(paths: Sequence[Path], **arguments: str) -> NextStep:
    is_one = len(paths) == 1
    return NextStep.to(
        NextAction.PHOTO_REGISTER,
        *([] if is_one else ["file"]),
        file=str(paths[0]) if is_one else "",
        folders="yes",
        **arguments,
    )


def _write_plan(
    file: Path, proposed: Sequence[FolderEvent], paths: Sequence[Path], *, overwrite: bool
) -> None:
    rows = [
        [
            shown_folder(each.folder),
            len(each.files),
            each.event or each.name,
            day_in_words(each.starts_on) if each.starts_on and not each.event else None,
            day_in_words(each.ends_on) if each.ends_on and not each.event else None,
            _(_YES),
        ]
        for each in proposed
    ]
    headings = [_(_HEADINGS[key]) for key in PLAN_COLUMNS]
    choices = {PLAN_COLUMNS.index("register"): [_(_YES), _(_NO)]}
    table = NewSheet(_("Events"), headings, rows, choices)
    write_table(file, [table], _(_WORDS), overwrite=overwrite)
    print_line(file)
    print_note(_("Folders in the table: {count}.").format(count=len(rows)))
    print_note(_("When it is corrected:"))
    print_next(_step(paths, planned=str(file)))


def _recorded_as_planned(
    context: CliContext, file: Path, proposed: Sequence[FolderEvent], paths: Sequence[Path]
) -> list[FolderEvent]:
    plan = read_plan(context.application, file, _words(), proposed)
    print_problems(plan.problems)
    if plan.problems:
        raise InputDataError(
            N_("nothing was recorded; rows with errors: {count}"),
            N_("Correct them in the file, save it, and read it again."),
            step=_step(paths, planned=str(file)),
            count=len({problem.row for problem in plan.problems}),
        )
    for folder in plan.left_out:
        print_note(_("Left out, as in the table: {folder}").format(folder=safe(folder)))
    return record_events(context.application, plan.events)


def _words() -> PlanWords:
    """Return the headings and answers of a plan in every language."""
    headings = {
        text.casefold(): key for key, title in _HEADINGS.items() for text in translations(title)
    }
    values: Mapping[str, bool] = {
        text.casefold(): value
        for value, word in ((True, _YES), (False, _NO))
        for text in translations(word)
    }
    titles = frozenset(text.casefold() for text in translations(_WORDS))
    return PlanWords(headings, values, titles)
