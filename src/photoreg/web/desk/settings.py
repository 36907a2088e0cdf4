"""Settings: the user's password and language; users, channels, units and keys of the API."""

from dataclasses import asdict

import flask
from werkzeug.wrappers import Response

from photoreg.errors import InputDataError, PhotoregError
from photoreg.presentation.channels import controller_label
from photoreg.presentation.labels import label
from photoreg.presentation.views.organisation import API_KEYS, CHANNELS, STAFF, UNITS
from photoreg.registry.tables.people import ApiScope
from photoreg.services.organisation.api_keys import add_key, list_keys
from photoreg.services.organisation.channels import list_channels
from photoreg.services.organisation.passwords import change_password, give_password
from photoreg.services.organisation.staff import list_staff
from photoreg.services.organisation.units import list_units
from photoreg.steps import NextAction
from photoreg.texts import LANGUAGES, N_, _
from photoreg.web.flashing import tell
from photoreg.web.forms.form import FieldKind, FormField, read_values
from photoreg.web.rendering import LANGUAGE_COOKIE, render
from photoreg.web.security import cookie_name
from photoreg.web.serving import this_site
from photoreg.web.signing_in import current, own_address, require_right
from photoreg.web.statuses import status_of_form
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("settings", __name__)


@pages.get("/settings")
def index() -> str:
    """Show what there is to set."""
    return render("settings.html")


@pages.get("/settings/staff")
def staff() -> str:
    """List the users, with what may be changed of each."""
    rows = [asdict(each) for each in list_staff(current())]
    return render("staff.html", view=STAFF, rows=rows)


@pages.get("/settings/channels")
def channels() -> str:
    """List the channels, with what may be recorded of each."""
    rows = [asdict(each) for each in list_channels(current())]
    shown = [row | {"controller": controller_label(row["controller"])} for row in rows]
    return render("channels.html", view=CHANNELS, rows=shown)


@pages.get("/settings/units")
def units() -> str:
    """List the units."""
    return render("units.html", view=UNITS, rows=[asdict(each) for each in list_units(current())])


@pages.get("/settings/api-keys")
def api_keys() -> str:
    """List the keys of the API."""
    rows = [asdict(each) for each in list_keys(current())]
    shown = [row | {"scopes": [label(scope) for scope in row["scopes"]]} for row in rows]
    return render("api_keys.html", view=API_KEYS, rows=shown)


NEW_KEY = (
    FormField("name", N_("A short name, such as website"), required=True),
    FormField(
        "scope",
        N_("What it may be used for"),
        FieldKind.CHOICE,
        choices=ApiScope,
        required=True,
        several=True,
    ),
    FormField("channel", N_("For which channels"), FieldKind.CHANNEL, required=True, several=True),
    FormField("until", N_("The last day on which it works"), FieldKind.DAY, required=True),
)


@pages.get("/settings/api-keys/new")
def new_api_key() -> str:
    """Show the form for a new key."""
    require_right(NextAction.API_KEY_ADD)
    return _key_page(None)


@pages.post("/settings/api-keys/new")
def make_api_key() -> Response | str:
    """Make a key. It stands on this page only, so that nothing keeps it."""
    require_right(NextAction.API_KEY_ADD)
    try:
        typed = read_values(NEW_KEY, flask.request.form, {})
        given = add_key(
            current(),
            name=typed["name"],
            scopes=typed["scope"],
            channels=typed["channel"],
            until=typed["until"],
        )
    except PhotoregError as error:
        return flask.make_response(_key_page(error), status_of_form(error))
    return _key_page(None, given)


def _key_page(error: PhotoregError | None, given: str = "") -> str:
    return render(
        "new_api_key.html",
        fields=NEW_KEY,
        values=flask.request.form,
        channels=channels_to_choose(current()),
        error=error,
        given=given,
    )


@pages.get("/settings/staff/<login>/password")
def new_password(login: str) -> str:
    """Ask whether a user gets a new password."""
    require_right(NextAction.STAFF_PASSWORD)
    return render("new_password.html", login=login, given="", error=None)


@pages.post("/settings/staff/<login>/password")
def give_new_password(login: str) -> Response | str:
    """Give a user a new password. It stands on this page only, so that nothing keeps it."""
    require_right(NextAction.STAFF_PASSWORD)
    given = give_password(current(), login)
    return render("new_password.html", login=login, given=given, error=None)


@pages.get("/settings/password")
def password() -> str:
    """Show the form for another password."""
    return render("password.html", error=None)


@pages.post("/settings/password")
def set_password() -> Response | str:
    """Change the user's password, which ends their other sessions."""
    typed = flask.request.form
    try:
        if typed.get("new_password", "") != typed.get("repeated", ""):
            raise InputDataError(
                N_("the new password was not typed twice in the same way"),
                N_("Type it again, in both fields."),
                fields=("new_password", "repeated"),
            )
        change_password(current(), typed.get("old_password", ""), typed.get("new_password", ""))
    except PhotoregError as error:
        return flask.make_response(render("password.html", error=error), status_of_form(error))
    tell(_("The password was changed. Other sessions of yours have ended."))
    return flask.redirect(flask.url_for("today.show"), 303)


@pages.post("/language")
def choose() -> Response:
    """Choose the language of the pages."""
    language = flask.request.form.get("language", "")
    back = own_address(flask.request.form.get("back", "")) or flask.url_for("today.show")
    page = flask.redirect(back, 303)
    if language in LANGUAGES:
        page.set_cookie(
            cookie_name(LANGUAGE_COOKIE),
            language,
            max_age=31_536_000,
            httponly=True,
            samesite="Strict",
            secure=this_site().is_secure,
        )
    return page
