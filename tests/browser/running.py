"""A desk that runs as `photoreg serve` starts it, for real browsers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext
from tests.conftest import ROOT

from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application
from photoreg.services.organisation.sessions import open_own_session
from photoreg.web.signing_in import SESSION_COOKIE

BROWSER_OPTIONS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),  # which root cannot have
)


@dataclass(frozen=True)
class RunningDesk:
    """A process that serves the desk of a registry; `enter` opens it once, as who started it."""

    registry: Path | str
    enter: str
    process: subprocess.Popen[str]

    @property
    def address(self) -> str:
        """The address of the desk, without a slash at the end."""
        return "/".join(self.enter.split("/")[:3])

    def sign_in(self, context: BrowserContext, login: str) -> None:
        """Give a browser a session of this user, as if they had typed their password."""
        registry = Registry.open(self.registry)
        secret = open_own_session(Application(registry, login, computer_login=login))
        registry.close()
        context.add_cookies(
            [{"name": SESSION_COOKIE, "value": f"{secret}.{login}", "url": self.address}]
        )


@contextmanager
def running(registry: Path | str, login: str, *options: str) -> Iterator[RunningDesk]:
    """Serve a registry at a free port until the block ends."""
    command = (sys.executable, "-m", "photoreg.cli.app", "--registry", str(registry))
    serve = ("--as", login, "serve", "--port", "0", "--no-browser", *options)
    process = subprocess.Popen(
        [*command, *serve],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PHOTOREG_LANG": "en"},
    )
    assert process.stdout is not None
    try:
        yield RunningDesk(registry, process.stdout.readline().strip(), process)
    finally:
        process.terminate()
        process.communicate()
