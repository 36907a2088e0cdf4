"""The page of a list, and the same list as CSV."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.documents.report import render_report
from photoreg.errors import InputDataError, NotFound, PhotoregError
from photoreg.presentation.annual_report import annual_report
from photoreg.presentation.rows.csv_text import BYTE_ORDER_MARK, csv_lines
from photoreg.presentation.view import View
from photoreg.services.application import Application
from photoreg.services.audits.annual_report import annual_figures
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.data_subjects.disclosures import reuse_purpose, state_purpose
from photoreg.texts import N_, _
from photoreg.web.forms.form import FieldKind, FormField, Values, read_values
from photoreg.web.lists.catalogue import EVERYDAY, LISTS, OF_AUDITS, Asked, DeskList, Row
from photoreg.web.rendering import render
from photoreg.web.signing_in import current
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("lists", __name__)

PAGE_SIZE = 100
AS_OF = FormField("as_of", N_("As recorded at the end of this day"), FieldKind.DAY)
_OF_REPORT = (
    FormField("year", N_("Year"), FieldKind.NUMBER, required=True),
    FormField("channel", N_("Channel"), FieldKind.CHANNEL),
    FormField("unit", N_("Unit"), FieldKind.UNIT),
    AS_OF,
)


@pages.get("/lists")
def index() -> str:
    """Show which lists there are."""
    role = flask.g.user.role
    shown = [[each for each in some if role in each.roles] for some in (EVERYDAY, OF_AUDITS)]
    return render("lists.html", everyday=shown[0], of_audits=shown[1])


@pages.get("/lists/report")
def report() -> Response | str:
    """Ask for which year, or send the yearly report: a page to print, as a file."""
    asked = flask.request.args
    if "year" not in asked:
        return _report_page(asked)
    try:
        values = read_values(_OF_REPORT, asked, {})
        with ExitStack() as stack:
            application = _as_of(stack, current(), values)
            figures = annual_figures(
                application, values["year"], channel=values["channel"], unit=values["unit"]
            )
    except (InputDataError, NotFound) as error:
        return flask.make_response(_report_page(asked, error), 422)
    response = flask.Response(render_report(annual_report(figures)), mimetype="text/html")
    name = f"{_('report')}-{values['year']}.html"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _report_page(typed: MultiDict[str, str], error: PhotoregError | None = None) -> str:
    return render(
        "report.html",
        fields=_OF_REPORT,
        values=typed,
        wrong=error.fields if error else (),
        channels=channels_to_choose(current()),
        error=error,
    )


@pages.get("/lists/<listed>")
def show(listed: str) -> Response | str:
    """Show a page of a list."""
    asked = _list(listed)
    page = _page_number()
    first, most = (page - 1) * PAGE_SIZE, PAGE_SIZE + 1
    try:
        values = _values(asked)
        with ExitStack() as stack:
            view, rows = _open(stack, current(), asked, values, "table", first, most)
            skipped = 0 if asked.begins_at_first else first
            found = list(islice(rows, skipped, skipped + most))
    except (InputDataError, NotFound) as error:
        return flask.make_response(_page(asked, asked.view, [], 1, error), 422)
    return _page(asked, view, found, page)


@pages.get("/lists/<listed>.csv")
def download(listed: str) -> Response:
    """Send the whole list as CSV, as it is read."""
    asked = _list(listed)
    values = _values(asked)
    stack = ExitStack()
    with stack:
        lasting = replace(current())  # its reading goes on while the answer is sent
        view, rows = _open(stack, lasting, asked, values, "csv")
        kept = stack.pop_all()

    def lines() -> Iterator[str]:
        with kept:
            yield BYTE_ORDER_MARK
            yield from csv_lines(view, rows)

    response = flask.Response(flask.stream_with_context(lines()), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{listed}.csv")
    return response


@pages.post("/lists/<listed>/purpose")
def state(listed: str) -> Response | str:
    """State why the names are needed; from then on the list shows them."""
    asked = _list(listed)
    if asked.with_names is None:
        raise _no_list()
    try:
        number = state_purpose(current(), flask.request.form.get("purpose", ""), listed)
    except (InputDataError, NotFound) as error:
        return flask.make_response(_page(asked, asked.view, [], 1, error), 422)
    return flask.redirect(_address("lists.show", **{"for": number}), 303)


def _open(
    stack: ExitStack,
    application: Application,
    listed: DeskList,
    values: Values,
    layout: str,
    first: int = 0,
    most: int | None = None,
) -> tuple[View, Iterator[Row]]:
    """Open the rows that are asked for; with names if a purpose was stated for this list."""
    named = listed.with_names is not None and "for" in flask.request.args
    if named:
        reuse_purpose(application, flask.request.args["for"], listed.name)
    shown = _as_of(stack, application, values)
    rows = stack.enter_context(listed.rows(shown, Asked(values, layout, named, first, most)))
    view = listed.with_names if named and listed.with_names else listed.view
    return view, iter(rows)


def _as_of(stack: ExitStack, application: Application, values: Values) -> Application:
    """Return the application, or one on the state at the end of the day that was asked for."""
    as_of: date | None = values.get("as_of")
    return application if as_of is None else stack.enter_context(state_as_of(application, as_of))


def _page(
    listed: DeskList, view: View, found: list[Row], page: int, error: PhotoregError | None = None
) -> str:
    return render(
        "list.html",
        listed=listed,
        fields=_fields(listed),
        view=view,
        rows=found[:PAGE_SIZE],
        page=page,
        has_more=len(found) > PAGE_SIZE,
        is_named=view is listed.with_names,
        channels=_channels(_fields(listed)),
        address=_address,
        values=flask.request.args,
        wrong=error.fields if error else (),
        error=error,
    )


def _channels(fields: Iterable[FormField]) -> list[tuple[str, str]]:
    """Return the channels to choose from, if one of the fields asks for one."""
    asks = any(each.kind is FieldKind.CHANNEL for each in fields)
    return channels_to_choose(current()) if asks else []


def _list(name: str) -> DeskList:
    if name not in LISTS:
        raise _no_list()
    return LISTS[name]


def _no_list() -> NotFound:
    return NotFound(N_("there is no such list"), N_("Choose one of the lists."))


def _fields(listed: DeskList) -> tuple[FormField, ...]:
    return (*listed.filters, *((AS_OF,) if listed.has_past else ()))


def _values(listed: DeskList) -> Values:
    return read_values(_fields(listed), flask.request.args, {})


def _page_number() -> int:
    text = flask.request.args.get("page", "1")
    is_number = text.isascii() and text.isdecimal() and len(text) < 9  # noqa: PLR2004
    return max(1, int(text)) if is_number else 1


def _address(endpoint: str, **more: Any) -> str:
    """Return the address of another page of this list, or of its CSV, with the same filters."""
    asked: dict[str, Any] = flask.request.args.to_dict(flat=False)
    asked.pop("page", None)
    return flask.url_for(endpoint, **{**asked, **(flask.request.view_args or {}), **more})
