"""What a process that serves the desk knows: the registry, who may reach it, how people sign in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

import flask

from photoreg.registry.access.secrets import new_secret
from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application, system_clock

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names of the own computer, by which a browser there reaches the desk."""


@dataclass(slots=True)
class OneTimeAddress:
    """The secret in the address that is printed as the desk starts; it opens one session."""

    secret: str = field(default_factory=new_secret, repr=False)
    is_used: bool = False

    def use(self, shown: str) -> bool:
        """Return whether this is the secret; it is used up then."""
        if self.is_used or not compare_digest(shown.encode(), self.secret.encode()):
            return False
        self.is_used = True
        return True


@dataclass(frozen=True, slots=True)
class Desk:
    """A registry, served: the names of hosts by which it is reached, and how people sign in.

    `own` acts for whoever started the desk on their own computer, with the one-time address.
    `proxy_header` names the header in which a trusted proxy tells who has signed in there.
    `is_secure`: browsers reach it by TLS only.
    """

    registry: Registry
    organisation: str = "photoreg"
    hosts: tuple[str, ...] = LOCAL_HOSTS
    clock: Callable[[], datetime] = system_clock
    own: Application | None = None
    one_time: OneTimeAddress | None = None
    proxy_header: str = ""
    is_secure: bool = False

    @property
    def takes_passwords(self) -> bool:
        """Whether users sign in with passwords; on a server one who serves for themselves may not.

        Their login there is their own and no door, so that it opens no session of others.
        """
        return self.own is None or not self.registry.is_on_server

    def application(self, login: str, secret: str = "", *, command: str = "") -> Application:
        """Return the application of whoever signs in or is signed in, who needs no more proof."""
        return Application(
            self.registry,
            login,
            self.clock,
            computer_login=login,
            command=command,
            secret=secret,
        )


def this_desk() -> Desk:
    """Return the desk of the running request."""
    found: Desk = flask.current_app.extensions["photoreg"]
    return found
