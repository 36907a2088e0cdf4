"""Which requests were answered, in the Common Log Format, without names: no user, no query."""

import logging
from time import strftime
from urllib.parse import quote

import flask

log = logging.getLogger("photoreg.web.access")


def log_access(response: flask.Response) -> flask.Response:
    """Log a request; an address that holds a secret is logged as its rule."""
    request = flask.request
    holds_secret = "secret" in (request.view_args or {})
    path = str(request.url_rule) if holds_secret else quote(request.path)
    log.info(
        '%s - - [%s] "%s %s %s" %s %s',
        request.remote_addr or "-",
        strftime("%d/%b/%Y:%H:%M:%S %z"),
        request.method,
        path,
        request.environ.get("SERVER_PROTOCOL", "-"),
        response.status_code,
        response.headers.get("Content-Length", "-"),
    )
    return response
