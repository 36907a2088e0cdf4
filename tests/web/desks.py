"""A desk in the tests: users who open its pages and send their forms, as a browser does.

No socket is opened: Flask's test client calls the application. What a browser does by itself, the
scripts among it, is tested in `tests/browser`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from photoreg.services.application import Application
from photoreg.services.organisation.sessions import open_own_session
from photoreg.web.app import create_app
from photoreg.web.security import TOKEN_FIELD, cookie_name, form_token
from photoreg.web.serving import Desk
from photoreg.web.signing_in import SESSION_COOKIE


class Page:
    """What the desk answered."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers

    @cached_property
    def html(self) -> BeautifulSoup:
        """The page, to search with CSS selectors: `page.html.select_one("h1")`."""
        return BeautifulSoup(self.response.text, "html.parser")

    @property
    def text(self) -> str:
        """What users read, with single spaces."""
        return " ".join(self.html.get_text(" ").split())

    @property
    def main(self) -> str:
        """What users read of the page itself, without what all pages have."""
        main = self.html.select_one("main")
        return " ".join(main.get_text(" ").split()) if main else self.text

    @property
    def to(self) -> str:
        """The address to which the desk leads on; empty if it does not."""
        return self.headers.get("Location", "")

    @property
    def links(self) -> dict[str, str]:
        """The addresses by the texts of the links."""
        return {_text(each): str(each["href"]) for each in self._links}

    @property
    def addresses(self) -> list[str]:
        """The addresses of the links."""
        return [str(each["href"]) for each in self._links]

    @property
    def _links(self) -> list[Tag]:
        is_page = self.response.mimetype == "text/html"
        return list(self.html.select("a[href]")) if is_page else []

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons, and of the links that look like one."""
        return [_text(each) for each in self.html.select("button, a.button")]

    def form(self, button: str) -> Tag:
        """Return the first form with this button."""
        for form in self.html.select("form"):
            if button in map(_text, form.select("button")):
                return form
        raise AssertionError(f"no button {button!r} among {self.buttons} ({self.status})")

    def filled_in(self, button: str) -> MultiDict[str, Any]:
        """Return what a browser would send with this button if nothing was changed."""
        return MultiDict(_values(self.form(button), button))


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _values(form: Tag, button: str) -> Iterator[tuple[str, Any]]:
    for each in form.select("[name]"):
        name, value = str(each["name"]), str(each.get("value", ""))
        match each.name, each.get("type"):
            case "button", _:
                if _text(each) == button:
                    yield name, value
            case _, "file":
                continue
            case _, "checkbox" | "radio":
                if each.has_attr("checked"):
                    yield name, value or "on"
            case "select", _:
                options = each.select("option[selected]") or each.select("option")[:1]
                yield from ((name, str(one.get("value", _text(one)))) for one in options)
            case "textarea", _:
                yield name, each.get_text()
            case _:
                yield name, value


class User:
    """Somebody at the desk; not signed in while `token` is empty."""

    def __init__(self, client: FlaskClient, token: str = "") -> None:
        self.client, self.token = client, token

    def get(self, address: str, **options: Any) -> Page:
        """Open a page."""
        return self._sent(address, method="GET", **options)

    def post(self, address: str, **fields: Any) -> Page:
        """Send fields to an address, with the token of the session."""
        data = {TOKEN_FIELD: self.token, **fields}
        return self._sent(address, data=data)

    def send(self, page: Page, button: str, **fields: Any) -> Page:
        """Send the form of a page that has this button, with these fields filled in.

        A field may be a list of values, or a file: `(BytesIO(content), name)`.
        """
        data = page.filled_in(button)
        for name, value in fields.items():
            data.setlist(name, value if isinstance(value, list) else [value])
        form = page.form(button)
        [pressed, *_others] = [each for each in form.select("button") if _text(each) == button]
        action = pressed.get("formaction") or form.get("action")
        address = str(action or page.response.request.full_path)
        return self._sent(address.rstrip("?"), data=data)

    def _sent(self, address: str, method: str = "POST", **options: Any) -> Page:
        return Page(self.client.open(address, method=method, buffered=True, **options))

    def follow(self, page: Page) -> Page:
        """Open the page to which the desk leads on after a form was sent."""
        assert page.status == 303, f"{page.status}: {page.main}"
        return self.get(page.to)


@dataclass(frozen=True)
class ServedDesk:
    """The desk of a registry; users sign in, or come without."""

    desk: Desk
    app: Flask

    @classmethod
    def of(cls, desk: Desk) -> "ServedDesk":
        """Return a desk with its application."""
        return cls(desk, create_app(desk))

    def as_changed(self, **changes: Any) -> "ServedDesk":
        """Return the same desk served in another way."""
        return self.of(replace(self.desk, **changes))

    def application(self, login: str) -> Application:
        """Return the services for a user, to see what was recorded."""
        return Application(self.desk.registry, login, self.desk.clock, login)

    def visitor(self) -> User:
        """Return somebody who is not signed in."""
        client = self.app.test_client()
        if self.desk.is_secure:
            client.environ_base["wsgi.url_scheme"] = "https"
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return User(client)

    def sign_in(self, login: str, language: str = "en") -> User:
        """Return a user with a session."""
        user = self.visitor()
        user.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        secret = open_own_session(self.application(login))
        with self.app.test_request_context():
            user.client.set_cookie(cookie_name(SESSION_COOKIE), f"{secret}.{login}")
        user.token = form_token(secret)
        return user
