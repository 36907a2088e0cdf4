"""Take-downs: what must be taken away by when, who does it, and the proof that it is gone."""

import flask
from werkzeug.wrappers import Response

from photoreg.errors import NotAllowed, NotFound, PhotoregError
from photoreg.registry.ids import Kind, parse_id
from photoreg.services.decisions.evaluation import Checked
from photoreg.services.publications.publishing import open_take_down_ids, open_take_downs
from photoreg.services.publications.takedown_tasks import assign_task, cancel_task
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.flashing import tell
from photoreg.web.forms.all import FORMS
from photoreg.web.paging import Pager
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, require_right

pages = flask.Blueprint("take_downs", __name__)

MOST_TASKS = 60
"""How many tasks a page shows."""


@pages.get("/take-downs")
def index() -> Response | str:
    """List what must be taken down, those due first; only the tasks that the address names.

    A publication that it names has a page of its own.
    """
    named = [word for text in flask.request.args.getlist("publication") for word in text.split()]
    for name in named:
        if parse_id(Kind.PUBLICATION, name) is not None:
            return flask.redirect(flask.url_for("publications.show", publication=name), 303)
    application = current()
    tasks = [each for each in open_take_down_ids(application) if not named or each in named]
    form = FORMS[NextAction.PUBLICATION_TAKE_DOWN]
    pager = Pager.asked(len(tasks), MOST_TASKS)
    rows = open_take_downs(application, pager.of(tasks))
    return render("take_downs.html", rows=rows, pager=pager, named=named, form=form)


@pages.get("/take-downs/<task>")
def show(task: str) -> str:
    """Show a task: who takes it down, or why it may stay."""
    return _task_page(task)


def _task_page(
    task: str, error: PhotoregError | None = None, checked: list[Checked] | None = None
) -> str:
    found = open_take_downs(current(), [task])
    if not found:
        raise _no_task(task)
    return render(
        "take_down.html",
        row=found[0],
        error=error,
        typed=flask.request.form,
        refused=[each for each in checked or () if not each.is_allowed],
    )


def _no_task(task: str) -> NotFound:
    return NotFound(
        N_("{task} is no open task"), N_("It was done or cancelled. See what is open."), task=task
    )


@pages.post("/take-downs/<task>/assign")
def assign(task: str) -> Response:
    """Give a task to another user."""
    require_right(NextAction.PUBLICATION_TAKE_DOWN)
    login = flask.request.form.get("login", "").strip()
    try:
        assign_task(current(), task, login)
    except PhotoregError as error:
        return flask.make_response(_task_page(task, error), 422)
    tell(_("{task} is now assigned to {login}.").format(task=task, login=login))
    return flask.redirect(flask.url_for("take_downs.show", task=task), 303)


@pages.post("/take-downs/<task>/keep")
def keep(task: str) -> Response:
    """Cancel a task because the photo may be shown again, if it may."""
    require_right(NextAction.PUBLICATION_TAKE_DOWN)
    try:
        done, checked = cancel_task(
            current(), task, reason=flask.request.form.get("reason", "").strip()
        )
    except PhotoregError as error:
        return flask.make_response(_task_page(task, error), 422)
    if not done:
        refused = NotAllowed(
            N_("the photo may not be published, so the task stays open"),
            N_("Take it down, or mend what prevents it and come back."),
        )
        return flask.make_response(_task_page(task, refused, checked), 409)
    for each in done:
        text = _("{publication} stays; {task} is cancelled.")
        tell(text.format(publication=each.publication, task=each.task))
    return flask.redirect(flask.url_for("take_downs.index"), 303)
