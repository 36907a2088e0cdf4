"""What a process that serves the desk knows: the registry, who may reach it, how people sign in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from pathlib import Path

import flask

from photoreg.registry.access.secrets import new_secret
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import ApiScope
from photoreg.services.application import Application, system_clock

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names of the own computer, by which a browser there reaches the desk."""


@dataclass(slots=True)
class OneTimeAddress:
    """The secret in the address that is printed as the desk starts; it opens one session."""

    secret: str = field(default_factory=new_secret, repr=False)
    is_used: bool = False

    def is_right(self, shown: str) -> bool:
        """Return whether this is the secret, and it is not used up."""
        return not self.is_used and compare_digest(shown.encode(), self.secret.encode())

    def use(self, shown: str) -> bool:
        """Return whether this is the secret; it is used up then."""
        if not self.is_right(shown):
            return False
        self.is_used = True
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is served: for whom, and the names of hosts by which it is reached.

    `is_secure`: browsers reach it by TLS only.
    """

    organisation: str = "photoreg"
    hosts: tuple[str, ...] = LOCAL_HOSTS
    is_secure: bool = False


@dataclass(frozen=True, slots=True)
class Desk(Site):
    """A registry, served, and how people sign in.

    `own` acts for whoever started the desk on their own computer, with the one-time address.
    `photos` is the folder of the photos that are sent, if not that beside the registry.
    `proxy_header` names the header in which a trusted proxy tells who has signed in there.
    """

    registry: Registry
    clock: Callable[[], datetime] = system_clock
    own: Application | None = None
    one_time: OneTimeAddress | None = None
    proxy_header: str = ""
    photos: Path | None = None

    @property
    def photos_folder(self) -> Path:
        """The folder in which photos that are sent are kept."""
        return self.photos or self.registry.photos_folder

    @property
    def takes_passwords(self) -> bool:
        """Whether users sign in with passwords; on a server one who serves for themselves may not.

        Their login there is their own and no door, so that it opens no session of others.
        """
        return self.own is None or not self.registry.is_on_server

    def application(
        self, login: str, secret: str = "", *, command: str = "", scope: ApiScope | None = None
    ) -> Application:
        """Return the application of whoever signs in or is signed in, who needs no more proof.

        Or that of a key of the API, used in a `scope`.
        """
        return Application(
            self.registry,
            login,
            self.clock,
            computer_login=login,
            command=command,
            secret=secret,
            scope=scope,
        )


def this_site() -> Site:
    """Return what serves the running request: the desk, or the page that sets it up."""
    found: Site = flask.current_app.extensions["photoreg"]
    return found


def this_desk() -> Desk:
    """Return the desk of the running request."""
    found = this_site()
    assert isinstance(found, Desk)  # noqa: S101 - the pages of the desk are served by nothing else
    return found
