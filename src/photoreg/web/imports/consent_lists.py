"""Old permissions: a list that was kept elsewhere, shown first, and then recorded."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import ChangedMeanwhile, InputDataError, PhotoregError
from photoreg.presentation.lists.consent_lists import (
    column_in_words,
    count_lines,
    in_the_way_line,
    kinds_in_words,
    left_out_lines,
    lost_lines,
    recorded_line,
    rest_line,
    rest_sheet,
    told_reasons,
)
from photoreg.rulebook.facts import Channel, Purpose
from photoreg.services.consents.lists.columns import WORDS
from photoreg.services.consents.lists.consent_import import (
    ConsentImport,
    ListTerms,
    RemarkMeaning,
    import_consents,
)
from photoreg.sheets.files import write_table
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.flashing import tell
from photoreg.web.forms.form import FieldKind, FormField, read_values
from photoreg.web.imports.held_files import DOWNLOADS, Held, held, hold, new_held
from photoreg.web.rendering import in_words, render
from photoreg.web.signing_in import current, require_right
from photoreg.web.statuses import status_of_form
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("consent_lists", __name__)

PURPOSE = "old permissions"

FIELDS = (
    FormField(
        "until",
        N_("The last day of the consents, where the list tells none"),
        FieldKind.DAY,
    ),
    FormField("open_ended", N_("The consents have no end."), FieldKind.TICK),
    FormField(
        "paper",
        N_("Where the papers are kept, where the list does not tell"),
        hint=N_("For example: binder 3, page 12. Do not use names."),
    ),
    FormField(
        "purpose",
        N_("For what the consents were given; if none is chosen, for information"),
        FieldKind.CHOICE,
        several=True,
        choices=Purpose,
    ),
    FormField(
        "names_kind",
        N_("The papers themselves name all channels of the kind, later ones included."),
        FieldKind.TICK,
    ),
    FormField(
        "both_signed",
        N_("“Both” as the signer means that each paper has the signatures of both guardians."),
        FieldKind.TICK,
    ),
    FormField("sheet", N_("The sheet with the list, if the file has several")),
    FormField(
        "save_as",
        N_("Save how the columns are read, by this name"),
        hint=N_("The next list with these headings is read in the same way."),
    ),
)
REMARKS = {
    RemarkMeaning.NOTHING: N_("nothing"),
    RemarkMeaning.REFUSAL: N_("a no to everything"),
    RemarkMeaning.BLOCK: N_("must not be shown at all"),
}


@pages.get("/old-permissions")
def show() -> str:
    """Ask for a list."""
    require_right(NextAction.CONSENT_IMPORT)
    return render("consent_list_file.html", error=None)


@pages.post("/old-permissions")
def send() -> Response:
    """Hold the list that was sent, and show what it would change."""
    require_right(NextAction.CONSENT_IMPORT)
    try:
        found = hold(PURPOSE, flask.request.files.getlist("file")[:1])
    except PhotoregError as error:
        page = render("consent_list_file.html", error=error)
        return flask.make_response(page, status_of_form(error))
    return flask.redirect(_address(found), 303)


@pages.get("/old-permissions/<key>")
def preview(key: str) -> Response:
    """Show what the list would change, with what was said about it so far."""
    require_right(NextAction.CONSENT_IMPORT)
    found = held(PURPOSE, key)
    return _page(found, found.typed)


@pages.post("/old-permissions/<key>")
def decide(key: str) -> Response:
    """Look again with what was said, record the list, or put it away."""
    require_right(NextAction.CONSENT_IMPORT)
    found, typed = held(PURPOSE, key), flask.request.form
    match typed.get("do"):
        case "drop":
            found.release()
            return flask.redirect(flask.url_for("consent_lists.show"), 303)
        case "record":
            return _recorded(found, typed)
    found.keep_typed(typed)
    return flask.redirect(_address(found), 303)


def _recorded(found: Held, typed: MultiDict[str, str]) -> Response:
    """Record exactly what was shown; what is to be corrected becomes a table to download."""
    rest = new_held(DOWNLOADS)
    try:
        terms = _terms(typed)
        if typed.get("seen") != _digest(import_consents(current(), found.file, terms)):
            raise ChangedMeanwhile(
                N_("the registry, or what you say of the list, changed since this page was shown"),
                N_("Nothing was recorded. Look at the list again, and then record it."),
            )
        file = rest.place("rest") / f"{_('{name}-to-correct').format(name=found.file.stem)}.xlsx"

        def keep_rest(result: ConsentImport) -> None:
            write_table(file, [rest_sheet(result)], _("Words"))

        done = import_consents(current(), found.file, terms, apply=True, keep_rest=keep_rest)
        if not done.applied:
            raise _unclear(done)
    except PhotoregError as error:
        rest.release()
        found.keep_typed(typed)
        return _page(found, typed, error)
    found.release()
    for line in (recorded_line(done), *count_lines(done)):
        tell(line)
    if done.rest:
        tell(_("Correct the rows in the table, and take it over again."))
        return flask.redirect(flask.url_for("downloads.show", key=rest.key), 303)
    rest.release()
    return flask.redirect(flask.url_for("consent_lists.show"), 303)


def _address(found: Held) -> str:
    return flask.url_for("consent_lists.preview", key=found.key)


def _terms(typed: MultiDict[str, str]) -> ListTerms:
    """Return what was said about the list."""
    values = read_values(FIELDS, typed, {})
    if values["until"] and values["open_ended"]:
        raise InputDataError(
            N_("the consents have a last day, or no end"),
            N_("Give one of them."),
            fields=("until", "open_ended"),
        )
    remarks = dict(zip(typed.getlist("remark"), _remark_meanings(typed), strict=False))
    return ListTerms(
        columns=_columns(typed),
        remarks={words: meaning for words, meaning in remarks.items() if meaning},
        purposes=values["purpose"] or None,
        until=values["until"],
        open_ended=values["open_ended"],
        paper=values["paper"] or "",
        names_kind=values["names_kind"],
        both_signed=values["both_signed"],
        unnamed=_("(who signed is not known)"),
        sheet=values["sheet"] or "",
        save_as=values["save_as"] or "",
        kinds=kinds_in_words(),
    )


def _columns(typed: MultiDict[str, str]) -> dict[str, Sequence[str]]:
    """Return what was said of columns: what was chosen, and further channels that were typed."""
    said = zip(
        typed.getlist("heading"), typed.getlist("meaning"), typed.getlist("more"), strict=False
    )
    parts = ((heading, [chosen, *more.split(",")]) for heading, chosen, more in said)
    found = {heading: [each.strip() for each in some if each.strip()] for heading, some in parts}
    return {heading: meant for heading, meant in found.items() if heading.strip() and meant}


def _remark_meanings(typed: MultiDict[str, str]) -> Iterator[RemarkMeaning | None]:
    for number in range(len(typed.getlist("remark"))):
        chosen = typed.get(f"remark-{number}", "")
        yield RemarkMeaning(chosen) if chosen in set(RemarkMeaning) else None


def _digest(result: ConsentImport) -> str:
    """Return what tells whether the list would change the same."""
    rows = [
        (each.row, each.person, each.new, each.guardians, [error.message for error in each.reasons])
        for each in result.rows
    ]
    return sha256(repr((result.columns, result.unclear, rows)).encode()).hexdigest()


def _unclear(result: ConsentImport) -> InputDataError:
    return InputDataError(
        N_("nothing was recorded: it is not known what these columns are about: {columns}"),
        N_("Choose what each of them is."),
        fields=("meaning",),
        columns="; ".join(f"{each.heading} ({', '.join(each.words)})" for each in result.unclear),
    )


def _page(found: Held, typed: MultiDict[str, str], error: PhotoregError | None = None) -> Response:
    columns = [(each, "", "") for each in typed.getlist("heading")]
    shown: dict[str, Any] = {"result": None, "columns": columns, "remarks": []}
    try:
        shown = _shown(found, typed)
    except PhotoregError as wrong:
        error = wrong if error is None else error
    page = render(
        "consent_list.html",
        file=found.file.name,
        fields=FIELDS,
        typed=typed,
        said=_columns(typed),
        error=error,
        wrong=error.fields if error else (),
        meanings=_meanings(),
        remark_meanings=[(each.value, _(text)) for each, text in REMARKS.items()],
        **shown,
    )
    return flask.make_response(page, 200 if error is None else status_of_form(error))


def _shown(found: Held, typed: MultiDict[str, str]) -> dict[str, Any]:
    terms = _terms(typed)
    result = import_consents(current(), found.file, terms)
    unclear = {each.heading: ", ".join(each.words) for each in result.unclear}
    read = {each.heading: column_in_words(each) for each in result.columns}
    remarks = [
        str(e.values["remark"])
        for row in result.rest
        for e in row.reasons
        if e.fields == ("remark",)
    ]
    return {
        "result": result,
        "seen": _digest(result),
        "columns": [
            (each, read.get(each, ""), unclear.get(each, "")) for each in result.headings if each
        ],
        "remarks": list(dict.fromkeys([*terms.remarks, *remarks])),
        "notes": list(left_out_lines(result)),
        "counts": [] if result.unclear else list(count_lines(result)),
        "in_the_way": in_the_way_line(result) if result.in_the_way else "",
        "rest": rest_line(result) if result.rest else "",
        "reasons": list(told_reasons(result)),
        "lost": list(lost_lines(result)),
    }


def _meanings() -> list[tuple[str, str]]:
    """Return what a column can be: a channel, all channels of a kind, or something else."""
    channels = channels_to_choose(current())
    kinds = [
        (each.value, _("every channel of this kind: {kind}").format(kind=in_words(each)))
        for each in Channel
    ]
    return [*channels, *kinds, *((word, _(word)) for word in WORDS.values())]
