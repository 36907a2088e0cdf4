"""S1 to S5: pages of the desk, through HTTP, against the services that they call.

`photoreg serve` answers in a process of its own, and the services are called in this one, in turns.
What a request costs is the median of many. The page of an event shows its photos with their
verdicts; the page of a photo is where it is named: verdict, findings, roster and next steps.
"""

import http.client
import re
import sqlite3
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from benchmarks.audits import registry_of
from benchmarks.measuring import COORDINATOR, PYTHON, Bench, Figure, photoreg

from photoreg.registry.engines.database import Registry
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.services.application import Application
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation.channels import list_channels
from photoreg.services.organisation.sessions import open_own_session
from photoreg.services.photos.events import show_event
from photoreg.services.photos.naming.one_photo import photo_to_name, verdicts_together
from photoreg.web.signing_in import SESSION_COOKIE

PHOTOS, SMALL = 100_000, 2_000
PER_EVENT = 82
"""How many photos the event has whose page is measured."""
REQUESTS, FEWER = 100, 20
USERS = 4
MIXED, MIXED_FEWER, WARM = 5_000, 400, 200
USE = AskedUse("kunta", Purpose.INFORMATION, Mode.UPLOAD)
API = "/api/v1/photos/P-1/verdict?channel=kunta&purpose=information&mode=upload"

_BARE = """
import sqlite3, sys, flask, waitress.server
app = flask.Flask("bare")
connection = sqlite3.connect(sys.argv[1], check_same_thread=False)
@app.get("/")
def show():
    row = connection.execute("SELECT id, file_name FROM photo WHERE id = 1").fetchone()
    return flask.jsonify(row)
server = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=8)
print(server.effective_port, flush=True)
server.run()
"""
"""A Flask view that reads one row, by the server of the desk."""


@dataclass(frozen=True, slots=True)
class Served:
    """A process that answers at a port, and the cookie of a session."""

    process: subprocess.Popen[str]
    port: int
    cookie: str = ""

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection that is kept open."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, connection: http.client.HTTPConnection, address: str) -> int:
        """Open a page; return the status."""
        connection.request("GET", address, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def page(self, connection: http.client.HTTPConnection, address: str) -> Callable[[], None]:
        """Return what opens a page; RuntimeError for an answer that is none."""

        def opened() -> None:
            status = self.get(connection, address)
            if status != http.HTTPStatus.OK:
                raise RuntimeError(f"{address}: {status}")

        return opened

    @property
    def mebibytes(self) -> float:
        """The memory that the process holds now."""
        text = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        return int(found[1]) / 1024 if found else 0.0


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure pages, their speed with several users, and the memory of the process."""
    path = registry_of(bench, bench.sized(PHOTOS, SMALL))
    registry = Registry.open(path)
    kaisa = Application(registry, COORDINATOR, command="desk")
    cookie = f"{SESSION_COOKIE}={open_own_session(kaisa)}.{COORDINATOR}"
    with _process(photoreg(path, "serve", "--port", "0", "--no-browser"), cookie) as desk:
        started = desk.mebibytes
        yield from _pages(bench, kaisa, desk)
        yield from _verdict(bench, path, desk)
        yield from _memory(bench, kaisa, desk, started)
    registry.close()


@contextmanager
def _process(command: Sequence[object], cookie: str = "") -> Iterator[Served]:
    """Start what serves; its first line ends with the port, or with a path behind it."""
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield Served(process, int(re.sub(r"^http://[^:]+:(\d+)/.*", r"\1", line.strip())), cookie)
    finally:
        process.terminate()
        process.communicate()


def _pages(bench: Bench, kaisa: Application, desk: Served) -> Iterator[Figure]:
    event, photos = _event(kaisa)
    # A photo that shows somebody: the one whose page has most to tell.
    named, connection = photos[0], desk.connect()
    event_page = desk.page(connection, f"/events/{event}?channel=kunta")
    photo_page = desk.page(connection, f"/photos/{named}/name?channel=kunta")

    def of_photo() -> None:
        photo_to_name(kaisa, named)
        list_channels(kaisa)
        verdicts_together(kaisa, named, USE)

    bare = _bare_sql(kaisa, photos)
    ways = {
        "event page": event_page,
        "check": lambda: check(kaisa, photos, USE),
        "bare SQL": bare,
        "photo page": photo_page,
        "photo services": of_photo,
    }
    taken = _in_turns(bench, ways)
    ms = {name: statistics.median(each) * 1000 for name, each in taken.items()}
    rounds = len(taken["check"])
    yield Figure(
        "S1",
        f"page of an event with {len(photos)} photos / the service's check of them",
        ms["event page"] / ms["check"],
        *(2.0, 1.3),
        rounds=rounds,
        note=f"{ms['event page']:.0f} ms and {ms['check']:.0f} ms",
    )
    yield Figure(
        "S1b",
        "that check / the bare SQL of the same rows",
        ms["check"] / ms["bare SQL"],
        *(40, 20),
        rounds=rounds,
        note=f"{ms['bare SQL']:.1f} ms bare SQL",
    )
    yield Figure(
        "S2",
        "page on which a photo is named / the services that it calls",
        ms["photo page"] / ms["photo services"],
        *(2.0, 1.5),
        rounds=rounds,
        note=f"{ms['photo page']:.0f} ms and {ms['photo services']:.0f} ms",
    )
    together = _several_users(bench, desk, f"/events/{event}?channel=kunta")
    middle, slow = statistics.median(together), statistics.quantiles(together, n=20)[-1]
    yield Figure(
        "S4",
        f"the same page with {USERS} users at once: 95th percentile / median",
        slow / middle,
        *(3, 2),
        rounds=len(together),
        note=f"{slow * 1000:.0f} ms and {middle * 1000:.0f} ms",
    )


def _in_turns(bench: Bench, ways: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Time each way once a round, after a first time that does not count."""
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(bench.sized(REQUESTS, FEWER)):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - began)
    return taken


def _event(kaisa: Application) -> tuple[str, list[str]]:
    """Return the event whose number of photos is nearest, and its photos."""
    with kaisa.reading() as work:
        counted = "SELECT event_id FROM photo WHERE event_id IS NOT NULL GROUP BY 1 ORDER BY"
        query = f"{counted} abs(count(*) - {PER_EVENT}), 1 LIMIT 1"
        number = work.session.connection().exec_driver_sql(query).scalar()
    event = f"E-{number}"
    return event, list(show_event(kaisa, event).photos)


def _bare_sql(kaisa: Application, photos: list[str]) -> Callable[[], None]:
    """Return what runs the statements of a check by the driver alone, and fetches their rows."""
    found: list[tuple[str, Any]] = []

    def record(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement != "BEGIN":
            found.append((statement, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", record)
    check(kaisa, photos, USE)
    sa.event.remove(sa.Engine, "before_cursor_execute", record)
    connection = sqlite3.connect(kaisa.registry.path)

    def run() -> None:
        for statement, values in found:
            connection.execute(statement, values).fetchall()

    return run


def _several_users(bench: Bench, desk: Served, address: str) -> list[float]:
    """Return how long each of the requests of several users took."""
    taken: list[float] = []

    def user() -> None:
        page = desk.page(desk.connect(), address)
        for _request in range(bench.sized(REQUESTS, FEWER) // 2):
            began = time.perf_counter()
            page()
            taken.append(time.perf_counter() - began)

    threads = [threading.Thread(target=user) for _user in range(USERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return taken


def _verdict(bench: Bench, path: Path, desk: Served) -> Iterator[Figure]:
    """Measure a verdict by the API, when there is one."""
    connection = desk.connect()
    if desk.get(connection, API) == http.HTTPStatus.NOT_FOUND:
        print("S3 is left out: the API gives no verdicts yet", flush=True)
        return
    with _process([PYTHON, "-c", _BARE, path]) as bare:
        ways = {
            "verdict": desk.page(connection, API),
            "bare view": bare.page(bare.connect(), "/"),
        }
        taken = _in_turns(bench, ways)
    ms = {name: statistics.median(each) * 1000 for name, each in taken.items()}
    yield Figure(
        "S3",
        "verdict of one photo by the API / a bare Flask view that reads one row",
        ms["verdict"] / ms["bare view"],
        *(6, 4),
        rounds=len(taken["verdict"]),
        note=f"{ms['verdict']:.1f} ms and {ms['bare view']:.1f} ms",
    )


def _memory(bench: Bench, kaisa: Application, desk: Served, started: float) -> Iterator[Figure]:
    """Measure the memory at the start, and how it grows over many requests of several kinds."""
    event, photos = _event(kaisa)
    connection = desk.connect()
    addresses = [
        *("/", "/events", f"/events/{event}", "/cases", "/publications", "/take-downs"),
        *("/lists/photos", "/lists/consents", "/lists/log", "/settings/channels", "/nowhere"),
        *(f"/photos/{each}" for each in photos[:20]),
        *(f"/photos/{each}/name" for each in photos[:20]),
    ]
    requests = bench.sized(MIXED, MIXED_FEWER)
    warm = 0.0
    for number in range(requests + WARM):
        if number == WARM:
            warm = desk.mebibytes
        desk.get(connection, addresses[number % len(addresses)])
    yield Figure("S5a", "memory of the serving process at its start", started, 150, 110, "MiB")
    yield Figure(
        "S5b",
        f"that memory after {requests:,} more requests / after the first {WARM}",
        desk.mebibytes / warm,
        *(1.05, 1.02),
        note=f"{warm:.0f} MiB and {desk.mebibytes:.0f} MiB",
    )
