"""`staff` and `channel`: who works here, who answers for a channel, and when it was reviewed."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from photoreg.cli.app import cli
from photoreg.presentation.views.organisation import CHANNELS, STAFF

Run = Callable[..., Result]
PAGE = "kunta-public-page"


def channel(run: Run) -> dict[str, object]:
    data = json.loads(run("channel", "list", "--format", "json").stdout)
    jsonschema.validate(data, CHANNELS.schema())
    return next(item for item in data["items"] if item["name"] == PAGE)


def test_who_left_can_do_nothing_and_may_come_back(run: Run) -> None:
    run("staff", "change", "anna", "--left")
    run("photo", "list", login="anna", exit_code=5)
    assert channel(run)["admins"] == ["kaisa"]
    assert channel(run)["too_few_admins"] is True
    run("staff", "add", "anna", "Another Anna", exit_code=5)
    run("staff", "change", "anna", "--back")
    run("photo", "list", login="anna")


def test_a_role_is_changed_and_only_by_coordinators(run: Run) -> None:
    run("staff", "change", "anna", "--role", "coordinator", login="anna", exit_code=5)
    run("staff", "change", "anna", "--role", "elected_official", "--name", "Anna L")
    data = json.loads(run("staff", "list", "--format", "json").stdout)
    jsonschema.validate(data, STAFF.schema())
    anna = {"login": "anna", "name": "Anna L", "role": "elected_official"}
    assert {**anna, "unit": None, "active": True} in data["items"]


@pytest.mark.parametrize("change", [("--left",), ("--role", "deputy"), ("--role", "auditor")])
def test_the_last_coordinator_cannot_go(run: Run, change: tuple[str, ...]) -> None:
    result = run("staff", "change", "kaisa", *change, exit_code=5)
    assert "there would be no communications coordinator" in result.stderr
    run("staff", "change", "ville", "--role", "coordinator")
    run("staff", "change", "kaisa", *change)


def test_a_change_that_changes_nothing_is_not_logged(run: Run) -> None:
    entries = run("audit", "log").stdout
    run("staff", "change", "anna", "--role", "employee")
    assert run("audit", "log").stdout == entries
    run("staff", "change", "anna", exit_code=2)
    run("staff", "change", "nobody", "--left", exit_code=6)


def test_administrators_come_and_go(run: Run) -> None:
    changed = run("channel", "admins", PAGE, "--add", "ville", "--add", "ville", "--remove", "anna")
    assert "too few" not in changed.stderr
    assert channel(run)["admins"] == ["kaisa", "ville"]
    assert "too few" in run("channel", "admins", PAGE, "--remove", "ville").stderr
    run("channel", "admins", PAGE, "--add", "ville", login="anna", exit_code=5)
    run("channel", "admins", PAGE, exit_code=2)


def test_a_review_is_noted(run: Run) -> None:
    assert (
        "next review is due on 2027-05-04"
        in run("channel", "review", PAGE, "--on", "2026-05-04").stdout
    )
    run("channel", "review", PAGE, "--on", "2099-05-04", exit_code=9)
    run("channel", "review", PAGE, login="anna", exit_code=5)


def test_init_asks_in_the_language_of_the_user(tmp_path: Path) -> None:
    place = ("--registry", str(tmp_path / "new.db"), "--as", "kaisa")
    asked = CliRunner().invoke(cli, ["--lang", "fi", *place, "init"], input="Kunta\nKaisa\n")
    assert asked.exit_code == 0, asked.output
    assert "Organisaatio: " in asked.output
    assert "Nimesi: " in asked.output


NEW = ("channel", "add", "uusi", "Uusi", "--kind")


def controllers(run: Run) -> dict[str, str | None]:
    data = json.loads(run("channel", "list", "--format", "json").stdout)
    return {item["name"]: item["controller"] for item in data["items"]}


def test_whose_a_channel_is_is_told_and_listed(run: Run) -> None:
    told = run(*NEW, "website", "--own", "--since", "2.3.2024")
    assert "uusi" in told.stdout
    others = ("--controller", "Kunnan vuokratalot Oy")
    run("channel", "add", "tiktok", "TikTok", "--kind", "public_page", *others)
    assert controllers(run)["uusi"] is None
    assert controllers(run)["tiktok"] == "Kunnan vuokratalot Oy"
    listed = run("channel", "list").stdout
    assert "the municipality" in listed
    assert "Kunnan vuokratalot Oy" in listed
    assert "2024-03-02" in listed


@pytest.mark.parametrize(
    "words",
    [
        ("website",),
        ("website", "--own", "--controller", "Oy"),
        ("press",),
        ("press", "--own"),
        ("subsidiary_page", "--own"),
        ("personal_profile", "--own"),
    ],
)
def test_nothing_is_assumed_about_whose_a_channel_is(run: Run, words: tuple[str, ...]) -> None:
    told = run(*NEW, *words, exit_code=2).stderr
    assert "--controller NAME" in told
    assert "uusi" not in controllers(run)


def test_whose_a_channel_is_is_corrected(run: Run) -> None:
    told = run("channel", "change", PAGE, "--controller", "Oy", "--since", "2021-01-01")
    assert f"The channel {PAGE} was changed." in told.stdout
    assert (controllers(run)[PAGE], channel(run)["since"]) == ("Oy", "2021-01-01")
    run("channel", "change", PAGE, "--own")
    assert controllers(run)[PAGE] is None
    run("channel", "change", PAGE, exit_code=2)
    run("channel", "change", PAGE, "--own", "--controller", "Oy", exit_code=2)
    run("channel", "change", PAGE, "--since", "2099-01-01", exit_code=9)
    run("channel", "change", "kunta-press", "--own", exit_code=9)
    run("channel", "change", PAGE, "--own", login="anna", exit_code=5)


def test_another_s_channel_lacks_no_administrators_of_the_municipality(run: Run) -> None:
    told = run(*NEW, "press", "--controller", "Lapin lehti")
    assert "too few" not in told.stderr
    assert "too few" in run("channel", "add", "own", "Own", "--kind", "print", "--own").stderr


@pytest.mark.parametrize(
    ("kind", "typed", "controller"),
    [
        ("website", b"yes\n", None),
        ("website", b"no\nKunnan vuokratalot Oy\n", "Kunnan vuokratalot Oy"),
        ("press", b"Lapin lehti\n", "Lapin lehti"),
    ],
)
@pytest.mark.usefixtures("application")
def test_a_terminal_is_asked_whose_a_channel_is(
    registry_path: Path, run: Run, kind: str, typed: bytes, controller: str | None
) -> None:
    ours, theirs = pty.openpty()
    line = (sys.executable, "-m", "photoreg.cli.app", "--registry", str(registry_path))
    process = subprocess.Popen(
        [*line, "--as", "kaisa", *NEW, kind],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "PHOTOREG_LANG": "en"},
    )
    os.close(theirs)
    os.write(ours, typed)
    assert process.wait(timeout=60) == 0
    os.close(ours)
    assert controllers(run)["uusi"] == controller
