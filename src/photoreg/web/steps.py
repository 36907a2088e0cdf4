"""Next steps as links: the page or the form by which an action is taken; see `steps.NextStep`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import flask
from markupsafe import Markup

from photoreg.presentation.step_roles import whom_to_ask
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _
from photoreg.web.forms.all import FORMS


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page of an action that only shows something, and the argument that it is about.

    `fixed` is what the address always holds; `filters` are arguments by which a list is narrowed.
    """

    title: str
    endpoint: str
    about: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[str, ...] = ()

    def taken(self, step: NextStep) -> dict[str, str]:
        """Return the arguments of a step that this page takes: of a list only its filters."""
        is_list = "listed" in self.fixed
        given = step.arguments.items()
        return {name: each for name, each in given if not is_list or name in self.filters}


def _list(title: str, name: str, *filters: str) -> StepPage:
    return StepPage(title, "lists.show", fixed={"listed": name}, filters=filters)


PAGES: dict[NextAction, StepPage] = {
    NextAction.PHOTO_REGISTER: StepPage(N_("Register photos"), "uploads.show"),
    NextAction.PHOTO_SHOW: StepPage(N_("Show the photo"), "photos.show", "photo"),
    NextAction.CHECK: StepPage(N_("Show the photo"), "photos.show", "photo"),
    NextAction.CONSENT_IMPORT: StepPage(N_("Take over old permissions"), "consent_lists.show"),
    NextAction.CONSENT_SCAN: StepPage(N_("Read scanned forms"), "form_scans.show"),
    NextAction.EVENT_LIST: StepPage(N_("Show the events"), "events.index"),
    NextAction.EVENT_IMPORT_ROSTER: StepPage(N_("Read a class list"), "class_lists.show", "event"),
    NextAction.CASE_LIST: StepPage(N_("Show the cases"), "cases.index"),
    NextAction.CASE_SHOW: StepPage(N_("Show the case"), "cases.show", "case"),
    NextAction.FLAG_LIST: StepPage(N_("Show the flags"), "cases.flags"),
    NextAction.FLAG_SHOW: StepPage(N_("Show the flag"), "cases.show_one_flag", "flag"),
    NextAction.APPROVE: StepPage(N_("Publish"), "publishing.show"),
    NextAction.PHOTO_CONFIRM: StepPage(N_("Take the second look"), "second_looks.show", "photo"),
    NextAction.PUBLICATION_ADD: StepPage(N_("Publish"), "publishing.show"),
    NextAction.PUBLICATION_LIST: StepPage(N_("Show the publications"), "publications.index"),
    NextAction.PUBLICATION_SHOW: StepPage(
        N_("Show the publication"), "publications.show", "publication"
    ),
    NextAction.PUBLICATION_TAKE_DOWN: StepPage(
        N_("Record that it is taken down"), "take_downs.index"
    ),
    NextAction.AUDIT_LOG: _list(N_("Show the log"), "log", "photo", "person"),
    NextAction.AUDIT_PUBLISHED: _list(N_("Show what may no longer be shown"), "published"),
    NextAction.AUDIT_SECOND_LOOKS: _list(N_("Show the second looks"), "second-looks"),
    NextAction.AUDIT_KEYS: _list(N_("Show the keys of the log"), "keys"),
    NextAction.PHOTO_LIST: _list(N_("List the photos"), "photos", "event", "open"),
    NextAction.CONSENT_LIST: _list(N_("Show the consents"), "consents", "person"),
    NextAction.CONSENT_EXPIRING: _list(N_("Show what ends soon"), "ending"),
    NextAction.PERMISSION_LIST: _list(N_("Show the permissions"), "permissions", "person"),
    NextAction.PERSON_LIST: StepPage(N_("Show the people"), "persons.index"),
    NextAction.PERSON_SHOW: StepPage(N_("Show the person"), "persons.show", "person"),
    NextAction.GUARDIAN_LIST: StepPage(N_("Show the guardians"), "persons.show", "person"),
    NextAction.EVENT_NO_PHOTO_LIST: StepPage(
        N_("List of who must not be shown"), "rosters.no_photos", "event"
    ),
    NextAction.RULES_LIST: _list(N_("Show the rules"), "rules"),
    NextAction.CHANNEL_LIST: StepPage(N_("Show the channels"), "settings.channels"),
    NextAction.STAFF_LIST: StepPage(N_("Show the users"), "settings.staff"),
    NextAction.API_KEY_LIST: StepPage(N_("Show the API keys"), "settings.api_keys"),
    NextAction.API_KEY_ADD: StepPage(N_("Make an API key"), "settings.new_api_key"),
    NextAction.UNIT_LIST: StepPage(N_("Show the units"), "settings.units"),
    NextAction.POLICY_SET: StepPage(N_("Change the rules of the municipality"), "policy.show"),
    NextAction.STAFF_PASSWORD: StepPage(N_("New password"), "settings.new_password", "login"),
}

_BY_QUESTION: dict[tuple[NextAction, str], StepPage] = {
    (NextAction.CONSENT_RECORD, "code"): StepPage(N_("Type the code"), "form_answers.show"),
    (NextAction.CONSENT_RECORD, "codes"): StepPage(
        N_("Type the answers on the scanned forms"), "form_answers.go_on"
    ),
}
"""Pages that ask for what a step leaves open, where its action has another page or form."""

ONLY_ON_COMMAND_LINE: dict[NextAction, str] = {
    NextAction.SERVE: N_("The desk is open already."),
    NextAction.AUDIT_ANCHOR: N_(
        "Anchor the log on the command line: the file belongs on another computer than the desk."
    ),
    NextAction.AUDIT_MAKE_KEY: N_(
        "Make a key for the log on the command line: its passphrase must not reach the desk."
    ),
    NextAction.AUDIT_REFRESH: N_(
        "The verdicts of all photos are evaluated by a nightly run on the command line."
    ),
    NextAction.AUDIT_VERIFY: N_(
        "Verify the log on the command line: whoever controls the desk could show anything."
    ),
    NextAction.CONSENT_TEXTS: N_(
        "Write the texts of the forms to files on the command line, to change them there."
    ),
    NextAction.DEMO: N_("Make a registry of sample photos on the command line."),
    NextAction.REGISTRY_BACKUP: N_(
        "Back up the registry on the command line: the copy belongs on another disk."
    ),
    NextAction.REGISTRY_MAKE: N_(
        "Make a registry by opening the desk in a folder where there is none."
    ),
    NextAction.REGISTRY_REPAIR: N_(
        "Repair the registry on the command line, with the desk closed."
    ),
    NextAction.REGISTRY_RESTORE: N_("Restore a backup on the command line, with the desk closed."),
    NextAction.REGISTRY_UPGRADE: N_(
        "Upgrade the registry on the command line, with the desk closed."
    ),
    NextAction.SHEET_EXPORT: N_(
        "Write the questions to a spreadsheet on the command line; here you answer them directly."
    ),
    NextAction.SHEET_IMPORT: N_(
        "Read a filled-in spreadsheet on the command line; here you answer directly."
    ),
}
"""What has no page, and why; the desk tells it in these words."""


@dataclass(frozen=True, slots=True)
class StepLink:
    """A link to take a step: its text and address; `whom` tells who may, if not the user.

    Without an address the text tells how the step is taken elsewhere.
    """

    text: str
    address: str
    whom: str = ""


def step_link(step: NextStep | None) -> StepLink | None:
    """Return the link of a step, or None when there is nothing to do here."""
    if step is None:
        return None
    user = flask.g.get("user")
    whom = whom_to_ask(step.action, user.role if user else None)
    asked = (_BY_QUESTION.get((step.action, each)) for each in step.question)
    page = next(filter(None, asked), PAGES.get(step.action))
    form = FORMS.get(step.action)
    if page is not None and (not page.about or page.about in step.arguments):
        return StepLink(
            _(page.title), _address(page.endpoint, {**page.fixed, **page.taken(step)}), whom
        )
    if form is not None:
        address = _address("actions.show", {"name": step.action.value})
        known = [  # one of them may be a `name`, too
            (name, each) for name, text in _arguments(step).items() for each in text.split("\n")
        ]
        address += f"?{urlencode(known)}" if known else ""
        return StepLink(_(form.title), address, whom)
    if step.action in ONLY_ON_COMMAND_LINE:
        return StepLink(_(ONLY_ON_COMMAND_LINE[step.action]), "", whom)
    return None


def linked(text: str) -> Markup:
    """Return a text in which the ids of records lead to their pages."""
    found, start = Markup(), 0
    for each in _ID.finditer(text):
        endpoint, name = _RECORDS[each["kind"]]
        address = _address(endpoint, {name: each[0]})
        found += text[start : each.start()]
        found += Markup('<a href="{}">{}</a>').format(address, each[0])
        start = each.end()
    return found + text[start:]


_RECORDS = {
    "P": ("photos.show", "photo"),
    "E": ("events.show", "event"),
    "H": ("persons.show", "person"),
    "K": ("cases.show", "case"),
}
"""The page of a record of each kind."""

_ID = re.compile(rf"\b(?P<kind>[{''.join(_RECORDS)}])-[1-9][0-9]*\b")


def _address(endpoint: str, values: Mapping[str, str]) -> str:
    return flask.url_for(endpoint, _external=False, **values)


def _arguments(step: NextStep) -> dict[str, str]:
    back = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else ""
    return {**step.arguments, **({"back": back} if back else {})}
