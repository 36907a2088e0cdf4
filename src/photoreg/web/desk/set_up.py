"""The first page of all: a registry is made in the browser, and the desk opens on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import NotAllowed, PhotoregError
from photoreg.texts import N_
from photoreg.web.forms.form import FormField, read_values
from photoreg.web.rendering import choose_language, render, set_up_templates
from photoreg.web.security import (
    ForgedRequest,
    form_token,
    nonce,
    refuse_foreign_hosts,
    refuse_foreign_sites,
    require_form_token,
    set_headers,
)
from photoreg.web.serving import Desk, OneTimeAddress, Site
from photoreg.web.statuses import status_of_form

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FIELDS = (
    FormField("organisation", N_("Organisation"), hint=N_("It owns the registry."), required=True),
    FormField("name", N_("Your name"), required=True),
    FormField(
        "login", N_("Your login"), hint=N_("A short name for you, such as anna."), required=True
    ),
    FormField(
        "controller_contact",
        N_("Whom guardians and people in photos may ask"),
        hint=N_("A phone number or an address; consent forms print it. It can be added later."),
    ),
    FormField(
        "data_protection_officer",
        N_("How to reach the data protection officer"),
        hint=N_("Consent forms print it. It can be added later."),
    ),
)


@dataclass(frozen=True, slots=True)
class NewRegistry:
    """What was filled in: whose registry it is, its first coordinator, what forms print."""

    organisation: str
    name: str
    login: str
    controller_contact: str
    data_protection_officer: str

    @property
    def settings(self) -> dict[str, str]:
        """The settings of the municipality that were filled in."""
        return {
            "controller_contact": self.controller_contact,
            "data_protection_officer": self.data_protection_officer,
        }


@dataclass(frozen=True, slots=True)
class SetUp(Site):
    """There is no registry yet; `make` makes one, for whoever opens the one-time address.

    `place` is where it will be, and `login` what the computer calls the user.
    """

    make: Callable[[NewRegistry], Desk]
    place: str
    login: str
    one_time: OneTimeAddress = field(default_factory=OneTimeAddress)


class SetUpThenDesk:
    """A WSGI application: the page that makes the registry, and from then on the desk."""

    def __init__(self, set_up: SetUp, create_app: Callable[[Desk], flask.Flask]) -> None:
        self._set_up, self._create_app = set_up, create_app
        self.app = self._page()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        return self.app(environ, start)

    def _page(self) -> flask.Flask:
        folder = Path(__file__).parents[1]
        app = flask.Flask(
            "photoreg",
            root_path=str(folder),
            static_folder=str(folder / "assets"),
            static_url_path="/assets",
            template_folder=str(folder / "templates"),
        )
        app.config.update(TRUSTED_HOSTS=list(self._set_up.hosts), MAX_CONTENT_LENGTH=64 * 1024)
        app.extensions["photoreg"] = self._set_up
        set_up_templates(app)
        app.before_request(choose_language)
        app.before_request(refuse_foreign_hosts)
        app.before_request(refuse_foreign_sites)
        app.after_request(set_headers)
        app.add_url_rule("/set-up/<secret>", view_func=self._show, methods=["GET"])
        app.add_url_rule(
            "/set-up/<secret>", view_func=self._make, endpoint="make", methods=["POST"]
        )
        app.register_error_handler(404, _no_page)
        app.register_error_handler(NotAllowed, _no_page)
        app.register_error_handler(ForgedRequest, _no_page)
        return app

    def _show(self, secret: str) -> Response | str:
        self._require(secret)
        return self._form(MultiDict({"login": self._set_up.login}))

    def _make(self, secret: str) -> Response | str:
        self._require(secret)
        require_form_token(nonce())
        typed = flask.request.form
        try:
            values = read_values(FIELDS, typed, {})
            new = NewRegistry(**{name: value or "" for name, value in values.items()})
            desk = self._set_up.make(new)
        except PhotoregError as error:
            return flask.make_response(self._form(typed, error), status_of_form(error))
        self._set_up.one_time.use(secret)
        self.app = self._create_app(desk)
        assert desk.one_time is not None  # noqa: S101 - it is the desk of this computer
        return flask.redirect(f"/enter/{desk.one_time.secret}", 303)

    def _require(self, secret: str) -> None:
        if not self._set_up.one_time.is_right(secret):
            raise NotAllowed(*_WHERE)

    def _form(self, typed: MultiDict[str, str], error: PhotoregError | None = None) -> str:
        return render(
            "set_up.html",
            fields=FIELDS,
            values=typed,
            error=error,
            wrong=error.fields if error else (),
            place=self._set_up.place,
            token=form_token(nonce()),
        )


_WHERE = (
    N_("this is not the address that was shown as the desk was started"),
    N_("Open that address. It makes the registry and opens the desk."),
)


def _no_page(_error: Exception) -> Response:
    page = render("set_up.html", fields=(), error=NotAllowed(*_WHERE))
    return flask.make_response(page, 403)
