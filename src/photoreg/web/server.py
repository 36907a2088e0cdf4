"""The server of the desk: waitress, one process with a few threads."""

import errno
import logging
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress.server

from photoreg.errors import InputDataError, os_cause
from photoreg.texts import N_
from photoreg.web import access_log
from photoreg.web.app import MAX_UPLOAD, create_app
from photoreg.web.desk.set_up import SetUp, SetUpThenDesk
from photoreg.web.imports.held_files import sweep
from photoreg.web.proxy import BehindProxy
from photoreg.web.serving import Desk

THREADS = 8
"""How many requests are answered at once; each has a connection to the registry of its own."""

IN_MEMORY = 512 * 1024
"""How much of what is sent is kept in memory; the rest lies in a file that has no name."""


def serve(
    desk: Desk | SetUp,
    host: str,
    port: int,
    *,
    ready: Callable[[int], None],
    trusted_proxy: str | None = None,
) -> None:
    """Serve a desk, or what sets it up, until the process is asked to stop.

    `ready` is told the port that was taken. `trusted_proxy` is the address of the proxy whose word
    on the client's address and host counts.
    """
    if isinstance(desk, Desk):
        sweep(desk)
    app: Any = create_app(desk) if isinstance(desk, Desk) else SetUpThenDesk(desk, create_app)
    if trusted_proxy:
        app = BehindProxy(app, trusted_proxy)
        _log_to_standard_error()
    try:
        server = waitress.server.create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            max_request_body_size=MAX_UPLOAD,
            inbuf_overflow=IN_MEMORY,
            ident="",
            clear_untrusted_proxy_headers=not trusted_proxy,  # `BehindProxy` looks at them
        )
    except OSError as error:
        raise _no_port(error, host, port) from error
    signal.signal(signal.SIGTERM, _stop)
    ready(int(server.effective_port))
    try:
        server.run()  # when it is to stop, it waits for what is being answered
    finally:
        server.close()


def _log_to_standard_error() -> None:
    """Log requests where the system's log takes them; on the own computer nobody reads them."""
    access_log.log.addHandler(logging.StreamHandler())
    access_log.log.setLevel(logging.INFO)


def _no_port(error: OSError, host: str, port: int) -> InputDataError:
    if error.errno == errno.EADDRINUSE:
        return InputDataError(
            N_("another program listens at port {port} already"),
            N_("If it is the desk, it is open already. Otherwise choose another port; 0 is any."),
            fields=("port",),
            port=str(port),
        )
    return InputDataError(
        N_("the desk cannot listen at {address}: {cause}"),
        N_("Choose another port above 1023, or another address of this computer."),
        fields=("port", "listen"),
        address=f"{host}:{port}",
        cause=os_cause(error),
    )


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
