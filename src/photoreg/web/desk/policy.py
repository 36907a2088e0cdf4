"""The municipality's settings: what is in force, what a change would do, and adopting it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import InputDataError, PhotoregError
from photoreg.presentation.labels import label, setting_in_words, setting_label
from photoreg.rulebook.policy import CHOICES, NUMBER_RANGES, SEVERAL, SWITCHES
from photoreg.rulebook.reasons import REASONS
from photoreg.services.audits.policy_impact import compare_policy
from photoreg.services.organisation.policy import PolicySetting, set_policy, show_policy
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.flashing import tell
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, require_right
from photoreg.web.statuses import status_of_form

pages = flask.Blueprint("policy", __name__)


@pages.get("/settings/policy")
def show() -> str:
    """Show the settings in force, in a form to change them."""
    return _page(MultiDict())


@pages.get("/settings/policy/changes")
def compare() -> Response | str:
    """Show which verdicts would change; nothing is recorded."""
    typed = flask.request.args
    require_right(NextAction.POLICY_SET)
    _version, settings = show_policy(current())
    try:
        changes = _changes(settings, typed)
        found = compare_policy(current(), changes) if changes else None
    except PhotoregError as error:
        return flask.make_response(_page(typed, error), status_of_form(error))
    before = {each.setting: each.value for each in settings}
    return render(
        "policy_changes.html",
        changes=[
            (setting_label(name), *(setting_in_words(name, v) for v in (before[name], value)))
            for name, value in changes.items()
        ],
        found=found,
        why=[[_(REASONS[c].title) for c in each.new or each.gone] for each in found.changes]
        if found
        else [],
        typed=list(typed.items(multi=True)),
    )


@pages.post("/settings/policy")
def adopt() -> Response | str:
    """Adopt the changed settings."""
    require_right(NextAction.POLICY_SET)
    typed = flask.request.form
    _version, settings = show_policy(current())
    try:
        adopted = set_policy(current(), _changes(settings, typed))
    except PhotoregError as error:
        return flask.make_response(_page(typed, error), status_of_form(error))
    if not adopted.is_new:
        tell(_("Already in force, nothing changed."))
    tell(_("Policy version {version} is in force.").format(version=adopted.version))
    return flask.redirect(flask.url_for("lists.show", listed="published"), 303)


def _page(typed: MultiDict[str, str], error: PhotoregError | None = None) -> str:
    version, settings = show_policy(current())
    return render(
        "policy.html",
        version=version,
        settings=[_shown(each, typed) for each in settings],
        error=error,
    )


def _shown(row: PolicySetting, typed: MultiDict[str, str]) -> dict[str, Any]:
    """Return a setting with what its field offers and holds."""
    name = row.setting
    return {
        "name": name,
        "title": _capital(setting_label(name) or name),
        "default": setting_in_words(name, row.default),
        "looser": row.looser,
        "several": name in SEVERAL,
        "range": NUMBER_RANGES.get(name),
        "options": _options(name),
        "values": typed.getlist(name) if name in typed else _typed(row.value),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _options(name: str) -> list[tuple[str, str]]:
    if name in SWITCHES:
        return [("yes", _("yes")), ("no", _("no"))]
    values: Mapping[str, Any] = {**CHOICES, **SEVERAL}
    members: list[StrEnum] = list(values.get(name, ()))
    return [(each.value, label(each)) for each in members]


def _typed(value: object) -> list[str]:
    """Return a setting as its field holds it."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return ["" if value is None else str(value)]


def _changes(settings: list[PolicySetting], typed: MultiDict[str, str]) -> dict[str, object]:
    """Return the settings whose field holds something else than what is in force."""
    before = {each.setting: each.value for each in settings}
    sent = {name: _value(name, typed) for name in before if name in typed}
    return {name: value for name, value in sent.items() if _typed(value) != _typed(before[name])}


def _value(name: str, typed: MultiDict[str, str]) -> object:
    text = typed.get(name, "").strip()
    if name in SEVERAL:
        return sorted(filter(None, typed.getlist(name)))
    if name in SWITCHES:
        return text == "yes"
    if name not in NUMBER_RANGES:
        return text
    if not text:
        return None
    if not text.isdecimal() or not text.isascii():
        raise InputDataError(
            N_("{setting} cannot have this value"),
            N_("Allowed values: {allowed}."),
            fields=(name,),
            setting=name,
            allowed="–".join(map(str, NUMBER_RANGES[name])),
        )
    return int(text[:9])
