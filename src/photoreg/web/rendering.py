"""Templates: what all pages show, and how values are written in the user's language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import flask
import jinja2
from werkzeug.datastructures import MultiDict

from photoreg import __version__
from photoreg.errors import PhotoregError
from photoreg.presentation.causes.cause_rows import number_of_photos
from photoreg.presentation.cells import csv_text, readable, safe
from photoreg.presentation.days import day_in_words, day_or_text, format_time
from photoreg.presentation.labels import label, question_labels
from photoreg.presentation.messages import error_texts, persons_in
from photoreg.presentation.publications import photo_state
from photoreg.presentation.step_roles import roles_of
from photoreg.presentation.verdicts import findings_in_words, ruling_in_words
from photoreg.presentation.view import Column, ColumnKind, View
from photoreg.rulebook.facts import Purpose
from photoreg.steps import NextAction, NextStep
from photoreg.texts import LANGUAGES, _, by_number, language, preferred_language, use_language
from photoreg.web.flashing import told
from photoreg.web.forms.choices import newest_events, units_to_choose
from photoreg.web.names import names_shown
from photoreg.web.navigation import navigation
from photoreg.web.picture_words import alt
from photoreg.web.security import cookie
from photoreg.web.serving import this_site
from photoreg.web.steps import linked, step_link

LANGUAGE_COOKIE = "photoreg-language"


def choose_language() -> None:
    """Use the language that the user chose here, or the first that the browser asks for."""
    chosen = cookie(LANGUAGE_COOKIE)
    asked = (each for each, _weight in flask.request.accept_languages)
    use_language(chosen if chosen in LANGUAGES else preferred_language(*asked))


def set_up_templates(app: flask.Flask) -> None:
    """Give the templates our texts and formats; a name that there is not is an error."""
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=_,
        alt=alt,
        by_number=by_number,
        columns_shown=columns_shown,
        error_texts=_error_texts,
        here=_here,
        navigation=navigation,
        number_of_photos=number_of_photos,
        findings_in_words=findings_in_words,
        question_labels=question_labels,
        ruling_in_words=ruling_in_words,
        known=_known,
        photo_state=photo_state,
        purposes=tuple(Purpose),
        may=_may,
        newest_events=newest_events,
        step_link=step_link,
        step_to=_step_to,
        told=told,
        units_to_choose=units_to_choose,
        version=__version__,
    )
    app.jinja_env.filters.update(word=in_words, plain=safe, day=_day, cell=_cell, linked=linked)


def columns_shown(view: View, rows: Sequence[Mapping[str, Any]] | None) -> list[Column]:
    """Return the columns of a table; of rows that are given only those that hold anything."""
    columns = [each for each in view.columns if each.in_table and not each.is_nested]
    if rows is None:
        return columns
    return [each for each in columns if any(row[each.key] for row in rows)]


def in_words(value: object) -> str:
    """Return a value as users read it: a code's label, a day, a time, several of them."""
    match value:
        case None:
            return ""
        case StrEnum():
            text = label(value)
        case bool():
            text = _("yes") if value else _("no")
        case datetime():
            text = format_time(value)
        case date():
            text = day_in_words(value)
        case list() | tuple():
            text = ", ".join(map(in_words, value))
        case _:
            text = safe(str(value))
    return text


def render(template: str, **values: Any) -> str:
    """Return a page; each knows who is signed in and in which language."""
    values.setdefault("user", flask.g.get("user"))
    values.setdefault("token", flask.g.get("token", ""))
    organisation = this_site().organisation
    return flask.render_template(template, language=language(), organisation=organisation, **values)


def _known(**values: str) -> MultiDict[str, str]:
    """Return what is known of a form, as the fields read it."""
    return MultiDict({name: value for name, value in values.items() if value})


def _day(value: date | str) -> str:
    return day_in_words(value) if isinstance(value, date) else day_or_text(value)


def _cell(value: object, column: Column) -> str:
    """Return a cell of a table; a reason is told in words with its code."""
    return csv_text(column)(value) if column.kind is ColumnKind.REASONS else readable(value, column)


def _may(*actions: str) -> bool:
    """Return whether the user may take one of these actions, so that it has a button."""
    user = flask.g.get("user")
    return user is not None and any(user.role in roles_of(NextAction(each)) for each in actions)


def _step_to(action: str, **arguments: str | None) -> NextStep:
    known = {name: value for name, value in arguments.items() if value}
    return NextStep.to(NextAction(action), **known)


def _here() -> str:
    """Return the address of this page, to come back to; that of a form is its empty one."""
    return flask.request.full_path.rstrip("?") if flask.request.method == "GET" else ""


def _error_texts(error: PhotoregError) -> tuple[str, str]:
    """Return an error's message and hint, with the names that the user may see."""
    application = flask.g.get("application")
    names = names_shown(application, persons_in(error)) if application else {}
    return error_texts(error, names)
