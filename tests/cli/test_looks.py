"""Who looked: every command that shows several names or a contact is logged, whatever it is.

The commands are found in the program. Each is run on a registry of people with names that stand
nowhere else, and what it printed and wrote is searched for them.
"""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from tests.cli.furnished import CONTACTS, NAMES, WALKS, Walk, shown_by
from tests.conftest import COORDINATOR, Clock
from tests.test_docs import LEAVES

from photoreg.cli.app import cli
from photoreg.errors import NotAllowed
from photoreg.presentation.views.all import VIEWS
from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.consents import consents
from photoreg.services.people import persons

SERVING = {"serve"}
"""Goes on until it is stopped; its pages log what they show (tests/web/test_every_page.py)."""

NO_LOOKS = {
    *("demo", "init", "db copy", "db restore", "db backup"),  # whole registries, logged as such
    *("check", "approve", "export", "publication add"),  # what a verdict needs is no look
}

LISTS = {
    *("person list", "person show", "person report", "person merge", "person blocks"),
    *("event list", "event show", "event roster", "event import-roster", "event no-photo-list"),
    *(
        "guardian add",
        "guardian list",
        "consent list",
        "consent form",
        "consent receipt",
        "consent pending",
    ),
    *(
        "consent expiring",
        "consent import",
        "consent scan",
        "permission list",
        "photo list",
        "photo show",
        "show",
        "photo confirm",
    ),
    *(
        "case show",
        "sheet export",
        "photo contact-sheet",
        "audit expiring",
        "metadata write",
        "register",
    ),
    "audit history",
}
"""Commands that show several names, or a contact, of the people here."""


def _looks() -> list[tuple[Any, ...]]:
    with sqlite3.connect("registry.db") as connection:
        return connection.execute(
            "SELECT list, names, contacts FROM disclosure "
            "WHERE list <> '' AND names + contacts > 0 ORDER BY id"
        ).fetchall()


def test_every_command_is_walked_over() -> None:
    assert {*WALKS, *SERVING} == set(LEAVES)


@pytest.mark.parametrize("command", sorted(WALKS))
def test_a_command_that_shows_several_names_or_a_contact_is_logged_once(
    command: str, walk: Walk
) -> None:
    has_shown = False
    for line in WALKS[command]:
        before = {path for path in Path().rglob("*") if path.is_file()}
        earlier = len(_looks())
        names, contacts = shown_by(walk(line), before)
        looked = _looks()[earlier:]
        if command in NO_LOOKS or (len(names) <= 1 and not contacts):
            continue
        has_shown |= line.startswith(command)
        [(door, counted, with_contact)] = looked
        assert line.startswith(door)
        assert counted >= len(names), (names, counted)
        assert with_contact >= len(contacts)
    assert has_shown == (command in LISTS)


def disclosed(walk: Walk, line: str = "audit disclosures --format json", **more: str) -> Any:
    shown = json.loads(walk(line, **more).stdout)
    jsonschema.validate(shown, VIEWS["audit-disclosures"].schema())
    return [item for item in shown["items"] if item["list"]]


def test_the_list_of_who_looked_shows_who_what_and_how_many_and_names_nobody(walk: Walk) -> None:
    walk("event show E-1", login="anna")
    walk("person show H-6", login="ville")
    newest, before = disclosed(walk)
    assert (newest["actor"], newest["list"], newest["about"]) == ("ville", "person show", ["H-6"])
    counts = (newest["names"], newest["contacts"], newest["purpose"])
    assert counts == (2, 1, None)  # the child of the guardian, too
    assert (before["actor"], before["list"], before["about"]) == ("anna", "event show", ["E-1"])
    assert before["names"] == 7  # five on the roster, two photographers
    log = walk("audit log --format csv --plain").stdout
    assert "names.shown" in log
    assert not any(text in log for text in (*NAMES, *CONTACTS))


def test_who_looked_is_listed_for_one_person_and_is_in_their_report(walk: Walk) -> None:
    walk("event show E-1", login="anna")
    assert disclosed(walk, "audit disclosures --person H-7 --format json") == []
    [look] = disclosed(walk, "audit disclosures --person H-3 --format json")
    assert look["actor"] == "anna"
    [report] = json.loads(walk("person report H-3 --format json").stdout)["items"]
    assert [(each["by"], each["list"], each["names"]) for each in report["looks"]] == [
        ("anna", "event show", 7),
        ("anna", "", 2),  # when the forms were printed that the scene has scanned
    ]


def test_coordinators_and_auditors_see_who_looked_and_others_do_not(walk: Walk) -> None:
    walk("person list", login="anna")
    assert len(disclosed(walk, login="tarja")) == 1
    done = CliRunner().invoke(
        cli,
        ["audit", "disclosures"],
        env={"PHOTOREG_REGISTRY": "registry.db", "PHOTOREG_ACTOR": "anna"},
    )
    assert done.exit_code == NotAllowed.exit_code
    assert "kaisa" not in done.output


def test_an_auditor_sees_a_purpose_of_their_own_only(walk: Walk) -> None:
    walk("audit expiring --within 90d --purpose 'About Aino'")
    walk("audit expiring --within 90d --purpose 'My audit'", login="tarja")
    own, others = disclosed(walk, login="tarja")
    assert (own["purpose"], others["purpose"]) == ("My audit", "*")
    assert own["names"] > 1  # one row: the purpose, and how many names were shown
    assert [each["purpose"] for each in disclosed(walk)] == ["My audit", "About Aino"]


def test_the_list_of_who_looked_names_nobody_who_is_blocked(walk: Walk) -> None:
    walk("person blocks")
    [look] = disclosed(walk, login="tarja")
    assert (look["list"], look["names"]) == ("person blocks", 2)
    for person in ("H-8", "H-9"):
        line = f"audit disclosures --person {person} --format json"
        assert disclosed(walk, line, login="tarja") == []


def test_an_auditor_who_sees_no_names_has_not_looked(walk: Walk) -> None:
    for line in ("person list", "event show E-1", "person show H-6", "consent pending"):
        walk(line, login="tarja")
    assert _looks() == []


@pytest.mark.usefixtures("walk")
def test_a_list_as_of_an_earlier_day_is_logged_in_the_registry_itself() -> None:
    registry = Registry.open("registry.db")
    live = Application(registry, COORDINATOR, Clock(), command="person list")
    with state_as_of(live, Clock().now.date()) as earlier:
        assert len(persons.list_persons(earlier)) == len(NAMES)
        assert _looks() == [("person list", len(NAMES), 0)]
    registry.close()


@pytest.mark.usefixtures("walk")
def test_a_list_that_is_left_half_read_is_logged_by_what_was_read() -> None:
    registry = Registry.open("registry.db")
    reader = Application(registry, "anna", Clock(), command="consent list")
    rows = consents.list_consents(reader)
    with rows as some:
        assert len(list(islice(some, 2))) == 2
        assert _looks() == []
    assert _looks() == [("consent list", 2, 0)]
    registry.close()


@pytest.mark.usefixtures("walk")
def test_who_looked_by_a_wrong_clock_does_not_hide_that_it_is_wrong() -> None:
    registry = Registry.open("registry.db")
    late = Clock(datetime(2020, 1, 1, tzinfo=UTC))
    persons.list_persons(Application(registry, "anna", late, command="person list"))
    with Application(registry, "anna", late).reading() as work:
        assert work.clock_is_behind
    assert len(_looks()) == 1
    registry.close()


def test_the_entries_of_who_looked_are_verified_like_all_others(walk: Walk) -> None:
    walk("person list")
    walk("event import-roster E-1 class.csv")
    walk("audit verify")


def test_one_name_alone_is_no_look(walk: Walk) -> None:
    walk("person show H-4")
    assert _looks() == []


@pytest.mark.usefixtures("walk")
def test_a_program_that_stops_reading_does_not_stop_the_log() -> None:
    command = [sys.executable, "-m", "photoreg.cli.app", "--as", "anna"]
    listed = [*command, "--registry", "registry.db", "person", "list", "--format", "csv"]
    with subprocess.Popen(listed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.wait(timeout=60)
    assert _looks() == [("person list", len(NAMES), 0)]
