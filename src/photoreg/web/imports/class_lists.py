"""Class lists: how a list was read, who is new, known or doubtful; decided on the page, recorded.

The same service as on the command line reads the list anew for each page, from the file that is
held; nothing of it is kept elsewhere.
"""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import ChangedMeanwhile, InputDataError, PhotoregError
from photoreg.presentation.lists.reading import meaning_in_words, reading_lines
from photoreg.presentation.lists.roster_rows import (
    roster_counts,
    roster_rows,
    roster_table,
    rows_in_words,
    what_to_know,
)
from photoreg.presentation.lists.rosters import (
    elsewhere_lines,
    left_line,
    missing_lines,
    recorded_lines,
    row_notes,
    told_problems,
)
from photoreg.presentation.views.roster_decisions import candidate_in_words, listed_in_words
from photoreg.services.people.class_lists.columns import ColumnMeaning, RefusedBy
from photoreg.services.photos.events import show_event
from photoreg.services.photos.roster_import import import_roster
from photoreg.services.photos.rosters.reading import ListReading
from photoreg.services.photos.rosters.results import (
    LEAVE_OUT,
    NEW,
    NO_DECISIONS,
    GuardianFacts,
    ListedPlace,
    ListedRole,
    PossibleMatch,
    RosterDecisions,
    RosterImport,
    RosterMatch,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_
from photoreg.web.flashing import tell
from photoreg.web.imports.held_files import Held, held, hold
from photoreg.web.paging import Pager
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, require_right
from photoreg.web.statuses import status_of_form

pages = flask.Blueprint("class_lists", __name__)

PAGE = 100
"""How many rows of a list a page shows."""

MOST_LISTED_GUARDIANS = 4
"""For how many guardians of a child the page offers columns; more are told by the headings."""

AS_LISTED = "as-listed"


@pages.get("/events/<event>/class-list")
def show(event: str) -> str:
    """Ask for a class list."""
    require_right(NextAction.EVENT_IMPORT_ROSTER)
    return render("class_list_file.html", event=show_event(current(), event), error=None)


@pages.post("/events/<event>/class-list")
def send(event: str) -> Response:
    """Hold the list that was sent, and show what it would change."""
    require_right(NextAction.EVENT_IMPORT_ROSTER)
    details = show_event(current(), event)
    try:
        found = hold(_purpose(event), flask.request.files.getlist("file")[:1])
    except PhotoregError as error:
        page = render("class_list_file.html", event=details, error=error)
        return flask.make_response(page, status_of_form(error))
    return flask.redirect(_address(event, found), 303)


@pages.get("/events/<event>/class-list/<key>")
def preview(event: str, key: str) -> Response:
    """Show what the list would change, as it was decided so far."""
    require_right(NextAction.EVENT_IMPORT_ROSTER)
    found = held(_purpose(event), key)
    return _page(event, found, found.typed)


@pages.post("/events/<event>/class-list/<key>")
def decide(event: str, key: str) -> Response:
    """Look again with what was chosen, record the list, or put it away."""
    require_right(NextAction.EVENT_IMPORT_ROSTER)
    found, typed = held(_purpose(event), key), flask.request.form
    match typed.get("do"):
        case "drop":
            found.release()
            return flask.redirect(flask.url_for("events.show", event=event), 303)
        case "record":
            return _recorded(event, found, typed)
    found.keep_typed(typed)
    return flask.redirect(_address(event, found), 303)


def _recorded(event: str, found: Held, typed: MultiDict[str, str]) -> Response:
    try:
        _require_as_shown(event, found, typed)
        done = _read(event, found, typed, apply=True)
        if not done.applied:
            raise _not_recorded(done)
    except PhotoregError as error:
        found.keep_typed(typed)
        return _page(event, found, typed, error)
    found.release()
    for line in (*recorded_lines(done), *missing_lines(done.missing)):
        tell(line)
    return flask.redirect(flask.url_for("events.show", event=event), 303)


def _purpose(event: str) -> str:
    return f"class list of {event}"


def _address(event: str, found: Held) -> str:
    return flask.url_for("class_lists.preview", event=event, key=found.key)


def _read(
    event: str, found: Held, typed: MultiDict[str, str], *, apply: bool = False
) -> RosterImport:
    return import_roster(
        current(),
        event,
        found.file,
        apply=apply,
        decisions=_decisions(typed),
        facts=_facts(typed),
        reading=_reading(typed),
    )


def _reading(typed: MultiDict[str, str]) -> ListReading:
    """Return what was said of the columns; what was left as it is read is not said."""
    columns = zip(typed.getlist("heading"), typed.getlist("meaning"), strict=False)
    refused_by = typed.get("refused_by", "")
    return ListReading(
        columns={heading: meaning for heading, meaning in columns if heading.strip() and meaning},
        sheet=typed.get("sheet", "").strip(),
        save_as=typed.get("save_as", "").strip(),
        refused_by=RefusedBy(refused_by) if refused_by in set(RefusedBy) else None,
    )


def _decisions(typed: MultiDict[str, str]) -> RosterDecisions:
    """Return who is meant, as it was chosen for each doubtful person."""
    decisions = NO_DECISIONS
    for number, text in enumerate(typed.getlist("doubt")):
        decision = typed.get(f"decision-{number}", "")
        if not decision:
            continue
        try:
            row, role, name, candidates = json.loads(text)
            place = ListedPlace(int(row), ListedRole(role), str(name))
        except (ValueError, TypeError) as error:
            raise InputDataError(
                N_("the decisions cannot be read"), N_("Open the page again, and decide anew.")
            ) from error
        if decision in {NEW, LEAVE_OUT, *candidates}:
            decisions = decisions.decided(place, candidates, decision)
    return decisions


def _facts(typed: MultiDict[str, str]) -> GuardianFacts:
    total = typed.get("total", "")
    return GuardianFacts(
        typed.get("verified", "").strip(),
        int(total) if total.isdecimal() and len(total) < 3 else None,  # noqa: PLR2004
        are_all_listed=total == AS_LISTED,
    )


def _require_as_shown(event: str, found: Held, typed: MultiDict[str, str]) -> None:
    """Raise ChangedMeanwhile if the list is read otherwise now than it was shown.

    Who is meant and what guardians were verified from may be chosen as the list is recorded.
    """
    shown = found.typed
    is_read_alike = replace(_reading(typed), refused_by=None, save_as="") == replace(
        _reading(shown), refused_by=None, save_as=""
    )
    if not is_read_alike or typed.get("seen") != _digest(_read(event, found, shown)):
        raise ChangedMeanwhile(
            N_("the registry or the reading of the columns changed since this page was shown"),
            N_("Nothing was recorded. Look at the list again, and then record it."),
        )


def _digest(result: RosterImport) -> str:
    """Return what tells whether a list would change the same."""
    columns = [(each.heading, each.meaning, each.guardian) for each in result.reading.columns]
    shown = (columns, result.rows, sorted(result.not_listed))
    return sha256(repr(shown).encode()).hexdigest()


def _not_recorded(done: RosterImport) -> InputDataError:
    """Return why a list was not recorded: the first of what is open."""
    if done.problems:
        return InputDataError(
            N_("nothing was recorded; rows with errors: {count}"),
            N_("Correct them in the file, save it, and choose it again."),
            count=len({(problem.sheet, problem.row) for problem in done.problems}),
        )
    if done.is_ambiguous:
        return InputDataError(
            N_("nothing was recorded; rows where the person is uncertain: {count} ({rows})"),
            N_("Choose for each who it is."),
            count=len(done.open_rows),
            rows=rows_in_words(row.row for row in done.open_rows),
        )
    if done.reading.not_understood:
        return InputDataError(
            N_("nothing was recorded; columns that may matter and were not understood: {columns}"),
            N_("Choose what each of them is."),
            fields=("meaning",),
            columns=", ".join(done.reading.not_understood),
        )
    return InputDataError(
        N_("nothing was recorded; a no stands in a column of permissions or refusals"),
        N_("Choose who said no."),
        fields=("refused_by",),
    )


def _page(
    event: str, found: Held, typed: MultiDict[str, str], error: PhotoregError | None = None
) -> Response:
    """Show the list as it is read now; one that cannot be read at all with what is wrong."""
    details = show_event(current(), event)
    shown: dict[str, Any] = {"result": None, "columns": (), "problems": (), "doubts": ()}
    try:
        shown = _shown(event, found, typed)
    except PhotoregError as wrong:
        error = wrong if error is None else error
    page = render(
        "class_list.html",
        event=details,
        file=found.file.name,
        typed=typed,
        error=error,
        wrong=error.fields if error else (),
        said=_reading(typed).columns,
        meanings=_meanings(),
        refused_by=tuple(RefusedBy),
        **shown,
    )
    return flask.make_response(page, 200 if error is None else status_of_form(error))


def _shown(event: str, found: Held, typed: MultiDict[str, str]) -> dict[str, Any]:
    result = _read(event, found, typed)
    rows = list(roster_rows(result, is_to_read=True))
    pager = Pager.asked(len(rows), PAGE)
    return {
        "result": result,
        "seen": _digest(result),
        "view": roster_table(rows),
        "rows": pager.of(rows),
        "pager": pager,
        "counts": roster_counts(result) if rows else "",
        "columns": [
            (each, meaning_in_words(each.meaning, each.guardian) if each.meaning else "")
            for each in result.reading.columns
            if each.heading
        ],
        "notes": [*row_notes(result), *elsewhere_lines(result), *what_to_know(result)],
        "reading": list(reading_lines(result.reading)),
        "left": _left(result),
        "problems": told_problems(result.problems),
        "doubts": [
            (each, *_asked(each))
            for row in result.rows
            if row.found in {RosterMatch.AMBIGUOUS, RosterMatch.LEFT_OUT} or row.doubts
            for each in row.doubts
            if row.found is not RosterMatch.FOR_COORDINATOR and not each.decided_elsewhere
        ],
        "missing": list(missing_lines(result.missing)),
    }


def _left(result: RosterImport) -> tuple[str, NextStep] | None:
    """Return who is not on the list any more, and the step that takes them off the roster."""
    if not result.left:
        return None
    step = NextStep.to(
        NextAction.EVENT_ROSTER, event=result.event, leaving=" ".join(result.left[:MOST_LEFT])
    )
    return left_line(result), step


MOST_LEFT = 20
"""How many are offered to be taken off the roster at once."""


def _asked(doubt: PossibleMatch) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the doubt as the form sends it back, what the list tells, and what to choose from."""
    candidates = [each.who for each in doubt.candidates] or [*doubt.persons, *map(str, doubt.rows)]
    sent = json.dumps([doubt.place.row, doubt.place.role, doubt.place.name, candidates])
    choices = [(each.who, candidate_in_words(each)) for each in doubt.candidates]
    return sent, listed_in_words(doubt), choices or [(each, each) for each in candidates]


def _meanings() -> list[tuple[str, str]]:
    """Return what a column can be: the value of the choice and its text."""
    alone = [each for each in ColumnMeaning if not each.is_of_guardian]
    of_guardians = [each for each in ColumnMeaning if each.is_of_guardian]
    numbered = [
        (f"{each} {number}", meaning_in_words(each, number))
        for number in range(1, MOST_LISTED_GUARDIANS + 1)
        for each in of_guardians
    ]
    return [*((each.value, meaning_in_words(each, None)) for each in alone), *numbered]
