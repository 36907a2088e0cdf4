"""Who uses the desk: from the session alone. What was typed as it ended is given back."""

import json
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote, unquote

import flask
from werkzeug.wrappers import Response

from photoreg.errors import NotAllowed, NotFound, SessionEnded
from photoreg.presentation.step_roles import roles_of
from photoreg.services.application import Application
from photoreg.services.organisation.sessions import (
    SignedIn,
    login_of_ended,
    note_use,
    open_own_session,
    sign_in,
    sign_out,
    signed_in,
)
from photoreg.services.unit_of_work import role_error
from photoreg.steps import NextAction
from photoreg.texts import N_
from photoreg.web.api.problems import is_for_api
from photoreg.web.forms.in_words import typed_in_words
from photoreg.web.imports import held_files
from photoreg.web.proxy import login_by_proxy
from photoreg.web.rendering import render
from photoreg.web.security import (
    SAFE_METHODS,
    TOKEN_FIELD,
    cookie,
    form_token,
    nonce,
    require_form_token,
    set_cookie,
)
from photoreg.web.serving import this_desk

SESSION_COOKIE = "photoreg"

OPEN_TO_ALL = frozenset(
    {
        *("static", "signing_in.show", "signing_in.enter", "signing_in.enter_once"),
        *("signing_in.choose_language", "about.accessibility", "about.health", "about.ready"),
    }
)
"""The endpoints for which nobody needs to be signed in."""

NEED_NO_REGISTRY = frozenset({"static", "about.health", "about.ready"})
"""The endpoints that answer whatever the registry does."""

pages = flask.Blueprint("signing_in", __name__)


class WebApplication(flask.Flask):
    """An application whose pages read one state of the registry each, from the session on."""

    def dispatch_request(self) -> Any:
        """Return what a page answers; it is an error of the page if a look cannot be logged."""
        with flask.g.reading:
            return super().dispatch_request()


def end_reading(_error: BaseException | None) -> None:
    """End the reading of a request that did not come to its page."""
    flask.g.get("reading", ExitStack()).close()


def require_session() -> Response | str | None:
    """Set who acts, from the session; ask whoever has none to sign in.

    What was posted without a session is kept in the form to sign in, for the same user only.
    """
    login, secret = _from_cookie()
    flask.g.user, flask.g.application, flask.g.token = None, None, ""
    flask.g.reading = ExitStack()
    if flask.request.endpoint in NEED_NO_REGISTRY or is_for_api():  # which asks for a key instead
        return None
    this_desk().registry.require_version()  # or it was upgraded while the desk is open
    by_proxy = login_by_proxy()
    if by_proxy and by_proxy.casefold() != login.casefold():
        secret = ""  # somebody else has signed in at the proxy since
    if secret:
        application = this_desk().application(login, secret, command=_command())
        flask.g.user = _user(application, secret)
        if flask.g.user is not None:
            flask.g.application, flask.g.token = application, form_token(secret)
            require_form_token(secret)
            note_use(application, flask.g.user)
            held_files.touch()
            return _to_password() if flask.g.user.must_change_password else None
    if flask.request.endpoint in OPEN_TO_ALL:
        return None
    if flask.request.method in SAFE_METHODS:
        return flask.redirect(
            flask.url_for("signing_in.show", to=flask.request.full_path.rstrip("?")), 303
        )
    if by_proxy:
        secret = open_own_session(this_desk().application(by_proxy, command=_command()))
        page = _typed_page(flask.request.path, _typed(), secret)
        return _with_session(flask.make_response(page, 401), by_proxy, secret)
    typed_by = login_of_ended(this_desk().application(login), secret) if secret else None
    return _sign_in_page(typed_by or "", 401, to=flask.request.path, typed=_typed())


def current() -> Application:
    """Return the application of whoever is signed in."""
    application: Application = flask.g.application
    return application


def require_right(action: NextAction) -> None:
    """Raise NotAllowed unless whoever is signed in may take an action."""
    with current().reading() as work:
        if work.actor.role not in roles_of(action):
            raise role_error(work.actor)


def has_right(action: NextAction) -> bool:
    """Return whether whoever is signed in may take an action, so that it has a button."""
    return flask.g.user is not None and flask.g.user.role in roles_of(action)


def _user(application: Application, secret: str) -> SignedIn | None:
    try:
        if flask.request.method in SAFE_METHODS:
            flask.g.reading.enter_context(application.reading_together())
        with application.reading() as work:
            return signed_in(work, secret)
    except (NotAllowed, NotFound, SessionEnded):
        return None


def _to_password() -> Response | None:
    """Lead whoever has a password from the coordinator to choose one of their own."""
    own = {"settings.password", "settings.set_password", "signing_in.leave"}
    if flask.request.endpoint in OPEN_TO_ALL | own:
        return None
    return flask.redirect(flask.url_for("settings.password"), 303)


def _command() -> str:
    return f"desk {flask.request.endpoint or ''}"


def _from_cookie() -> tuple[str, str]:
    secret, _dot, login = cookie(SESSION_COOKIE).partition(".")
    return unquote(login), secret


def _typed() -> list[tuple[str, str]]:
    """Return the fields that were posted; files cannot be kept."""
    return [
        (name, value) for name, value in flask.request.form.items(multi=True) if name != TOKEN_FIELD
    ]


@pages.get("/sign-in")
def show() -> Response | str:
    """Show the form to sign in; whoever has signed in at a trusted proxy needs none."""
    by_proxy = login_by_proxy()
    if by_proxy:
        secret = open_own_session(this_desk().application(by_proxy, command=_command()))
        to = own_address(flask.request.args.get("to", "")) or flask.url_for("today.show")
        return _with_session(flask.redirect(to, 303), by_proxy, secret)
    return _sign_in_page("", 200, to=flask.request.args.get("to", ""))


def _sign_in_page(
    login: str,
    status: int,
    *,
    to: str,
    typed: list[tuple[str, str]] | None = None,
    error: NotAllowed | None = None,
) -> Response | str:
    page = render(
        "sign_in.html",
        login=login,
        to=own_address(to),
        typed=json.dumps([login, typed]) if typed else "",
        error=error,
        token=form_token(nonce()),
        is_own_computer=this_desk().own is not None,
        takes_passwords=this_desk().takes_passwords,
    )
    return flask.make_response(page, status)


@pages.post("/sign-in")
def enter() -> Response | str:
    """Sign in with a login and a password."""
    require_form_token(nonce())
    if not this_desk().takes_passwords:
        raise NotAllowed(
            N_("this desk was opened by one user for themselves"),
            N_("Open the address that was shown as the desk was started on this computer."),
        )
    form = flask.request.form
    login, to = form.get("login", "").strip()[:64], own_address(form.get("to", ""))
    application = this_desk().application(login, command=_command())
    try:
        secret = sign_in(
            application, form.get("password", ""), address=flask.request.remote_addr or ""
        )
    except NotAllowed as error:
        return _sign_in_page(login, 401, to=to, error=error)
    typed_by, typed = _kept(form.get("typed", ""))
    if typed and typed_by.casefold() in {"", login.casefold()}:
        page: Response | str = _typed_page(to, typed, secret)
    else:
        page = flask.redirect(to or flask.url_for("today.show"), 303)
    return _with_session(flask.make_response(page), login, secret)


def _typed_page(to: str, typed: list[tuple[str, str]], secret: str) -> str:
    """Return the page that shows what was typed as a session ended, to record it or not."""
    shown = typed_in_words(to.removeprefix("/do/"), typed)
    return render("typed.html", to=to, typed=typed, shown=shown, token=form_token(secret))


def _kept(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return who had typed what, as the form to sign in carried it."""
    try:
        login, typed = json.loads(text) if text else ("", [])
        return str(login), [(str(name), str(value)) for name, value in typed]
    except (ValueError, TypeError):
        return "", []


@pages.get("/enter/<secret>")
def enter_once(secret: str) -> Response | str:
    """Open a session for whoever started the desk, by the address that was printed then."""
    desk = this_desk()
    if desk.own is None or desk.one_time is None or not desk.one_time.use(secret):
        raise NotAllowed(
            N_("this address was used already, or is wrong"),
            N_("It opens the desk once. Start the desk again for a new one, or sign in."),
        )
    session = open_own_session(desk.own)
    page = flask.make_response(flask.redirect(flask.url_for("today.show"), 303))
    return _with_session(page, desk.own.login, session)


@pages.post("/sign-out")
def leave() -> Response | str:
    """End the session."""
    held_files.release_all()
    sign_out(current())
    page = flask.make_response(flask.redirect(flask.url_for("signing_in.show"), 303))
    set_cookie(page, SESSION_COOKIE, "")
    return page


def _with_session(page: Response, login: str, secret: str) -> Response:
    set_cookie(page, SESSION_COOKIE, f"{secret}.{quote(login)}")
    return page


def own_address(to: str) -> str:
    """Return a path of the desk, or an empty text for anything else."""
    is_own = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_own else ""
