"""Next steps as links: the page or the form by which an action is taken; see `steps.NextStep`."""

from collections.abc import Mapping
from dataclasses import dataclass

import flask

from photoreg.presentation.step_roles import whom_to_ask
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _
from photoreg.web.forms.all import FORMS


@dataclass(frozen=True, slots=True)
class Page:
    """The page of an action that only shows something, and the argument that it is about."""

    title: str
    endpoint: str
    about: str = ""


PAGES: dict[NextAction, Page] = {
    NextAction.PHOTO_SHOW: Page(N_("Show the photo"), "photos.show", "photo"),
    NextAction.CHECK: Page(N_("Show the photo"), "photos.show", "photo"),
    NextAction.EVENT_LIST: Page(N_("Show the events"), "events.index"),
    NextAction.CASE_LIST: Page(N_("Show the cases"), "cases.index"),
    NextAction.CASE_SHOW: Page(N_("Show the case"), "cases.show", "case"),
    NextAction.FLAG_LIST: Page(N_("Show the flags"), "cases.flags"),
    NextAction.FLAG_SHOW: Page(N_("Show the flag"), "cases.show_one_flag", "flag"),
    NextAction.APPROVE: Page(N_("Publish"), "publishing.show"),
    NextAction.PHOTO_CONFIRM: Page(N_("Take the second look"), "second_looks.show", "photo"),
    NextAction.PUBLICATION_ADD: Page(N_("Publish"), "publishing.show"),
    NextAction.PUBLICATION_LIST: Page(N_("Show the publications"), "publications.index"),
    NextAction.PUBLICATION_SHOW: Page(
        N_("Show the publication"), "publications.show", "publication"
    ),
    NextAction.PUBLICATION_TAKE_DOWN: Page(N_("Record that it is taken down"), "take_downs.index"),
}


@dataclass(frozen=True, slots=True)
class StepLink:
    """A link to take a step: its text and address; `whom` tells who may, if not the user."""

    text: str
    address: str
    whom: str = ""


def step_link(step: NextStep | None) -> StepLink | None:
    """Return the link of a step, or None when there is nothing to do here."""
    if step is None:
        return None
    user = flask.g.get("user")
    whom = whom_to_ask(step.action, user.role if user else None)
    page, form = PAGES.get(step.action), FORMS.get(step.action)
    if page is not None and (not page.about or page.about in step.arguments):
        return StepLink(_(page.title), _address(page.endpoint, step.arguments), whom)
    if form is not None:
        address = _address("actions.show", {"name": step.action.value, **_arguments(step)})
        return StepLink(_(form.title), address, whom)
    return None


def _address(endpoint: str, values: Mapping[str, str]) -> str:
    return flask.url_for(endpoint, _external=False, **values)


def _arguments(step: NextStep) -> dict[str, str]:
    back = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else ""
    return {**step.arguments, **({"back": back} if back else {})}
