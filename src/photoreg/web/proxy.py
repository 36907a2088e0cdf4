"""The word of a trusted proxy on who asks: address, host, TLS and, if so configured, the user."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from photoreg.web.serving import this_desk

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BY_PROXY = "photoreg.by_proxy"


class BehindProxy:
    """Takes the word of one proxy, by its address; what others say of themselves is dropped."""

    def __init__(self, app: "WSGIApplication", proxy: str) -> None:
        self._app, self._proxy = app, proxy
        self._told = ProxyFix(app, x_for=1, x_proto=1, x_host=1)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        if environ.get("REMOTE_ADDR") == self._proxy:
            environ[BY_PROXY] = True
            return self._told(environ, start_response)
        return self._app(environ, start_response)


def login_by_proxy() -> str:
    """Return who has signed in at the proxy, or an empty text: the header is off unless named."""
    header = this_desk().proxy_header
    if not header or not flask.request.environ.get(BY_PROXY):
        return ""
    return flask.request.headers.get(header, "").strip()[:64]
