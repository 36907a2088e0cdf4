"""`photoreg serve`: how the desk is started, reached and stopped."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select
from tests.conftest import ROOT
from tests.imaging.builders import full_jpeg
from tests.web.desks import ServedDesk

from photoreg.errors import InputDataError, RegistryError
from photoreg.registry import ledger
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import system_clock
from photoreg.services.organisation.sessions import open_own_session
from photoreg.web.security import form_token

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start the desk in a process of its own."""
    started = []
    (folder / "tmp").mkdir()

    def run(*options: str, registry: str = "registry.db") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "photoreg.cli.app", "--registry", str(folder / registry)),
                *("--as", "anna", "serve", "--no-browser", *options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "PHOTOREG_LANG": "en", "TMPDIR": str(folder / "tmp")},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def status(address: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@contextmanager
def taken_port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_the_first_line_opens_the_desk_and_a_signal_stops_it(start: Start) -> None:
    process = start("--port", "0")
    enter = first_line(process)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/enter/[\w-]{43}", enter)
    base = enter.partition("/enter/")[0]
    assert [status(f"{base}/{page}") for page in ("health", "ready", "sign-in")] == [200] * 3
    assert status(enter) == 200
    assert status(enter) == 403
    process.send_signal(signal.SIGTERM)
    _output, notes = process.communicate(timeout=30)
    assert process.returncode == 0, notes
    assert "Traceback" not in notes
    assert enter.rpartition("/")[2] not in notes


@pytest.mark.parametrize(
    ("options", "exit_code", "told"),
    [
        ("--listen 192.0.2.7", InputDataError.exit_code, "through a proxy with TLS only"),
        ("--listen 192.0.2.7 --behind-proxy ::1", InputDataError.exit_code, "cannot listen at"),
        ("--port 70000", 2, "--port"),
    ],
)
def test_an_address_that_cannot_be_served_is_told(
    options: str, exit_code: int, told: str, start: Start
) -> None:
    process = start(*options.split())
    output, notes = process.communicate(timeout=60)
    assert process.returncode == exit_code
    assert told in notes
    assert output == ""


def test_a_port_that_is_taken_is_told(start: Start) -> None:
    with taken_port() as port:
        process = start("--port", str(port))
        _output, notes = process.communicate(timeout=60)
    assert process.returncode == InputDataError.exit_code
    assert f"another program listens at port {port} already" in notes


def test_a_registry_that_is_missing_is_told(start: Start) -> None:
    process = start("--port", "0", registry="nowhere.db")
    _output, notes = process.communicate(timeout=60)
    assert process.returncode == RegistryError.exit_code
    assert "there is no registry" in notes


def test_behind_a_proxy_only_the_named_host_is_answered_and_requests_are_logged(
    start: Start,
) -> None:
    process = start("--port", "0", "--behind-proxy", "127.0.0.1", "--host", "photos.example")
    base = first_line(process).rstrip("/")
    by_proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    page = f"{base}/sign-in?to=/search/persons?q=Aino"
    assert status(page, Host="photos.example", **by_proxy) == 200
    assert status(page) == 400
    assert status(page, Host="evil.example", **by_proxy) == 400
    assert status(f"{base}/enter/secret-of-somebody", Host="photos.example", **by_proxy) == 403
    process.send_signal(signal.SIGTERM)
    _output, notes = process.communicate(timeout=30)
    assert re.search(
        r'^198\.51\.100\.7 - - \[[^]]+\] "GET /sign-in HTTP/1\.1" 200 \d+$', notes, re.MULTILINE
    )
    assert '"GET /enter/<secret> HTTP/1.1" 403' in notes
    assert "Aino" not in notes
    assert "secret-of-somebody" not in notes


def test_the_sample_registry_is_opened_and_removed(start: Start, folder: Path) -> None:
    process = start("--demo", "--port", "0")
    enter = first_line(process)
    assert "/enter/" in enter
    assert status(enter) == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert list((folder / "tmp").iterdir()) == []


def test_what_was_answered_is_kept_when_the_desk_is_stopped_within_an_upload(
    start: Start, desk: ServedDesk
) -> None:
    process = start("--port", "0")
    port = int(first_line(process).split("/")[2].partition(":")[2])
    secret = open_own_session(replace(desk.application("anna"), clock=system_clock))
    body = f"token={form_token(secret)}&photo=P-1&sensitive=yes".encode()
    head = (
        f"POST /do/photo_answer HTTP/1.1\r\nHost: localhost\r\nCookie: photoreg={secret}.anna\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {{}}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as whole:
        whole.sendall(head.format(len(body)).encode() + body)
        assert whole.recv(12) == b"HTTP/1.1 303"
    entries = entries_of(desk)
    with socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(head.format(10 * len(body)).encode() + body)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert entries_of(desk) == entries
    assert ("photo.answered", "P-1") in entries


def test_photos_that_were_acknowledged_are_kept_when_the_desk_is_stopped_within_the_next(
    start: Start, desk: ServedDesk
) -> None:
    process = start("--port", "0")
    port = int(first_line(process).split("/")[2].partition(":")[2])
    secret = open_own_session(replace(desk.application("anna"), clock=system_clock))
    body = multipart(form_token(secret), "kuva.jpg", full_jpeg())
    head = (
        f"POST /upload HTTP/1.1\r\nHost: localhost\r\nCookie: photoreg={secret}.anna\r\n"
        "Accept: application/json\r\nContent-Type: multipart/form-data; boundary=part\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", port)) as whole:
        whole.sendall(head + body)
        assert whole.recv(12) == b"HTTP/1.1 200"
    with socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(head + body[: len(body) // 2])
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    [*_others, newest] = photo_list(desk)
    assert newest.file_name == "kuva.jpg"
    assert [each for each in desk.desk.photos_folder.rglob("*") if each.is_file()] == [
        Path(newest.path)
    ]
    assert Path(newest.path).read_bytes() == full_jpeg()


def multipart(token: str, name: str, content: bytes) -> bytes:
    """Return a form with a file in it, as browsers send it (RFC 7578)."""
    field = 'Content-Disposition: form-data; name="{}"'
    parts = (
        f"{field.format('token')}\r\n\r\n{token}".encode(),
        f"{field.format('event')}\r\n\r\nE-1".encode(),
        f'{field.format("file")}; filename="{name}"\r\n\r\n'.encode() + content,
    )
    return b"".join(b"--part\r\n" + part + b"\r\n" for part in parts) + b"--part--\r\n"


def photo_list(desk: ServedDesk) -> list[Photo]:
    with desk.application("anna").reading() as work:
        return list(work.session.exec(select(Photo).order_by(col(Photo.id))))


def entries_of(desk: ServedDesk) -> list[tuple[str, str]]:
    with desk.application("anna").reading() as work:
        return [(entry.action, entry.subject) for entry in ledger.entries(work.session)]
