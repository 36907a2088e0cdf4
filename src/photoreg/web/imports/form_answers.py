"""Answers on returned forms: type the code or look at the scanned paper, tick, and the next."""

from collections.abc import Sequence

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import InputDataError, PhotoregError
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentRecorded
from photoreg.services.consents.form_answers import FormMarks, record_form_answer
from photoreg.services.consents.papers.form_entry import (
    FormToAnswer,
    form_to_answer,
    next_scanned_form,
    picture_of_paper,
)
from photoreg.services.undo import last_entry
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.desk.undoing import undoable
from photoreg.web.flashing import tell
from photoreg.web.forms.form import FieldKind, FormField, read_values, stored_uploads
from photoreg.web.rendering import in_words, render
from photoreg.web.signing_in import current, require_right
from photoreg.web.statuses import status_of_form

pages = flask.Blueprint("form_answers", __name__)

DAY = FormField("on", N_("The day it was signed; leave it empty if it is not told"), FieldKind.DAY)
PAPER = FormField(
    "paper",
    N_("Where the paper is kept"),
    hint=N_("For example: binder 3, page 12. Do not use names."),
)
EVIDENCE = FormField("evidence", N_("A photo or scan of the paper"), FieldKind.FILE)
PERSON = FormField("person", N_("Who is shown, by name or id"), FieldKind.PERSON)
BY = FormField("by", N_("Which guardian answers, by name or id; leave it empty if nobody does"))


@pages.get("/answers")
def show() -> Response | str:
    """Ask for a code, and show what the form with this code asks."""
    require_right(NextAction.CONSENT_RECORD)
    code = flask.request.args.get("code", "").strip()
    if not code:
        return _page(None, MultiDict())
    try:
        return _page(form_to_answer(current(), code), flask.request.args)
    except PhotoregError as error:
        return flask.make_response(_page(None, flask.request.args, error), status_of_form(error))


@pages.get("/answers/next")
def go_on() -> Response:
    """Show the next form whose paper was scanned and whose answer is not recorded yet."""
    require_right(NextAction.CONSENT_RECORD)
    code = next_scanned_form(current(), flask.request.args.get("after", ""))
    if code is None:
        tell(_("The answers on all scanned forms are recorded."))
    return flask.redirect(_address(code), 303)


@pages.post("/answers")
def save() -> Response:
    """Record what was ticked, and go on to the next form."""
    require_right(NextAction.CONSENT_RECORD)
    application, typed = current(), flask.request.form
    before, code = last_entry(application), typed.get("code", "")
    form = None
    try:
        form = form_to_answer(application, code)
        with stored_uploads(flask.request.files) as files:
            values = read_values(_fields(form), typed, files)
            statement = ConsentStatement(
                _kind(typed),
                channels=typed.getlist("channel"),
                purposes=[each for each in form.purposes if each in typed.getlist("purpose")],
                on=values["on"],
                evidence=values.get("evidence"),
                paper=values.get("paper") or "",
            )
            marks = FormMarks(
                may_be_named="may_be_named" in typed if statement.is_grant else None,
                child_says_no="child_says_no" in typed,
                person=values.get("person"),
                by=values.get("by"),
            )
            done = record_form_answer(application, code, statement, marks)
    except PhotoregError as error:
        return flask.make_response(_page(form, typed, error), status_of_form(error))
    tell(_told(form, done), undoable(application, before))
    if form.pages and (scanned := next_scanned_form(application, code)):
        return flask.redirect(_address(scanned), 303)
    if form.pages and form.event:
        tell(_("The answers on all scanned forms are recorded."))
        return flask.redirect(flask.url_for("events.show", event=form.event), 303)
    return flask.redirect(_address(None, typed.get("paper", "")), 303)


@pages.get("/answers/paper.jpg")
def paper() -> flask.Response:
    """Show a page of the scanned paper of a form."""
    require_right(NextAction.CONSENT_RECORD)
    asked = flask.request.args
    picture = picture_of_paper(current(), asked.get("code", ""), asked.get("page", 1, type=int))
    return flask.Response(picture, mimetype="image/jpeg")


def _address(code: str | None, kept_in: str = "") -> str:
    return flask.url_for("form_answers.show", code=code or None, paper=kept_in or None)


def _fields(form: FormToAnswer) -> tuple[FormField, ...]:
    """Return what is typed beside the ticks: who it is where no name is printed, and the paper.

    The scanned paper of a form is its document already.
    """
    who = (PERSON, BY) if not form.shown else (BY,) if not form.answering else ()
    return (*who, DAY, *(() if form.pages else (PAPER, EVIDENCE)))


def _kind(typed: MultiDict[str, str]) -> ConsentKind:
    answers = {"yes": ConsentKind.GIVEN, "no": ConsentKind.REFUSED}
    if typed.get("answer") not in answers:
        raise InputDataError(
            N_("it is not chosen whether the answer is yes or no"),
            N_("Choose what stands on the paper."),
            fields=("answer",),
        )
    return answers[typed["answer"]]


def _page(
    form: FormToAnswer | None, typed: MultiDict[str, str], error: PhotoregError | None = None
) -> str:
    return render(
        "form_answer.html",
        form=form,
        values=typed,
        error=error,
        wrong=error.fields if error else (),
        fields=_fields(form) if form else (),
        scanned=form is None and next_scanned_form(current()) is not None,
    )


def _told(form: FormToAnswer, done: Sequence[ConsentRecorded]) -> str:
    recorded = ", ".join(
        f"{each.recorded.record_id} {in_words(each.recorded.kind)}" for each in done
    )
    return _("{code}: recorded: {consents}.").format(code=form.code, consents=recorded)
