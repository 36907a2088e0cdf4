"""Need to know: a user of a unit sees names, birth dates and contacts of its people only.

Berit works in the library. The people of the registry are at an event of the school, where nobody
of the library has anything to do. Every command is run as Berit, and what it printed and wrote is
searched for them.
"""

import json
import re
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.cli.furnished import CONTACTS, NAMES, OWN, OWN_CONTACT, WALKS, shown_by
from tests.conftest import COORDINATOR, Clock
from tests.imaging.builders import jpeg_with_exif
from tests.statements import recorded_statements
from tests.test_docs import LEAVES

from photoreg.cli.app import cli
from photoreg.errors import NotAllowed
from photoreg.imaging.metadata import exif
from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application
from photoreg.services.people import persons

BORN = ("1980-05-17", "17.5.1980", "2016-05-04", "4.5.2016", "May 17, 1980", "May 4, 2016")
Own = Callable[..., Result]


@pytest.fixture
def own(two_units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Own:
    """Run one line in a copy of the registry, as Berit unless `login` says; never a traceback."""
    folder = tmp_path / "here"
    shutil.copytree(two_units, folder)
    monkeypatch.chdir(folder)

    def run(line: str, login: str = "berit", exit_code: int | None = None) -> Result:
        environment = {"PHOTOREG_REGISTRY": "registry.db", "PHOTOREG_ACTOR": login}
        done = CliRunner().invoke(cli, shlex.split(line), env=environment)
        assert exit_code in {None, done.exit_code}, f"{line}: {done.exit_code}\n{done.output}"
        assert "Traceback" not in done.output
        return done

    return run


def _personal(done: Result, before: set[Path]) -> set[str]:
    """Return the names, contacts and birth dates that a command printed or wrote.

    A copy that is published names the photographers, wherever it is made (tekijänoikeuslaki 3 §).
    """
    before |= set(Path("copies").glob("*"))
    names, contacts = shown_by(done, before)
    return (names & set(NAMES)) | contacts | {day for day in BORN if day in done.output}


@pytest.mark.parametrize("command", sorted(set(LEAVES) - {"demo", "init", "serve"}))
def test_no_command_shows_a_user_of_a_unit_the_people_of_another(command: str, own: Own) -> None:
    for line in WALKS[command]:
        before = {path for path in Path().rglob("*") if path.is_file()}
        assert _personal(own(line), before) == set(), line


@pytest.mark.parametrize("login", ["berit", "osmo"])
@pytest.mark.parametrize("layout", ["table", "csv", "json"])
def test_the_list_of_people_shows_the_names_of_the_own_unit_only(
    login: str, layout: str, own: Own
) -> None:
    done = own(f"person list --format {layout}", login, exit_code=0)
    assert _personal(done, set()) == set()
    assert all(name in done.stdout for name in OWN)
    assert "H-5" in done.stdout
    assert "2016" in done.stdout


def test_of_people_of_another_unit_number_unit_and_year_are_shown(own: Own) -> None:
    done = own("person show H-5", exit_code=0)
    assert all(text in done.stdout for text in ("H-5", "2016", "Koulu"))
    [row] = [row for row in _items(own("person list --format json")) if row["person"] == "H-5"]
    assert (row["name"], row["born"], row["birth_year"]) == ("H-5", None, 2016)


def test_guardians_of_the_own_unit_are_shown_with_their_contacts(own: Own) -> None:
    done = own("person show H-11", exit_code=0)
    assert OWN[2] in done.stdout
    assert "Kirjasto" not in done.stdout
    assert OWN_CONTACT in own("person show H-12", exit_code=0).stdout


@pytest.mark.parametrize("login", ["jussi", "ville", COORDINATOR])
def test_who_is_of_no_unit_and_who_coordinates_sees_everybody(login: str, own: Own) -> None:
    text = own("person list --format csv", login, exit_code=0).stdout
    assert all(name in text for name in (*NAMES, *OWN))
    assert "2016-05-04" in text
    assert CONTACTS[1] in own("person show H-6", login, exit_code=0).stdout


def test_the_municipality_may_let_its_staff_see_everybody(own: Own) -> None:
    own("policy set staff_see=all", COORDINATOR, exit_code=0)
    text = own("person list --format csv", exit_code=0).stdout
    assert all(name in text for name in NAMES)
    assert "staff_see" in own("audit looser-policy", COORDINATOR, exit_code=0).stdout


def test_a_purpose_shows_a_user_of_a_unit_no_more_names(own: Own) -> None:
    done = own("audit expiring --within 90d --purpose 'The yearly audit'", exit_code=0)
    assert "H-3" in done.stdout
    assert _personal(done, set()) == set()


NUMBERS = (
    "event add Myyjäiset --on 2026-05-30 --person H-3",
    "person change H-3 --name 'Uusi Nimi'",
    "person change H-3 --known-as 'Uusi Nimi'",
    "event roster E-2 --add H-3",
    "event change E-2 --photographer H-1",
    "event change E-1 --unit Kirjasto",
    "guardian add H-11 H-6 --basis parent",
    "photo answer P-1 --event E-2",
    "register own --event E-2 --photographer H-1",
)
"""What would make somebody of the school one of the library's people, by number alone."""


@pytest.mark.parametrize("line", NUMBERS)
def test_nobody_is_seen_by_putting_their_number_into_the_own_unit(line: str, own: Own) -> None:
    done = own(line, exit_code=NotAllowed.exit_code)
    assert _personal(done, set()) == set()
    for listed in ("person list --format csv", "event show E-2", "photo list"):
        assert _personal(own(listed), set()) == set()


def test_a_photo_of_the_own_unit_does_not_show_whoever_is_numbered(own: Own) -> None:
    own("register own --event E-2 --people recognisable --count 1", exit_code=0)
    own("photo tag P-4 --person H-3", exit_code=NotAllowed.exit_code)
    assert _personal(own("photo show P-4", exit_code=0), set()) == set()


def test_whoever_knows_name_and_number_can_name_somebody_of_another_unit(own: Own) -> None:
    alone = own("event roster E-2 --add 'aino  kettula'", exit_code=NotAllowed.exit_code)
    assert "aino  kettula could be somebody of another unit" in alone.output
    own("event roster E-2 --add 'H-3 aino  kettula'", exit_code=0)
    assert "Aino Kettula" in own("event show E-2", exit_code=0).stdout


def test_a_list_that_holds_the_name_decides_by_number_who_is_meant(own: Own) -> None:
    Path("readers.csv").write_text("name;born\nAino Kettula;\n", "utf-8")
    own("event import-roster E-2 readers.csv --apply --same 2=H-3 --other 2=H-9", exit_code=0)
    assert "Aino Kettula" in own("event show E-2", exit_code=0).stdout


BY_NAME = (
    "person add '{}'",
    "person add '{}' --born 2016-05-04",
    "person add '{}' --born 1979-02-03",
    "person change H-12 --known-as '{}'",
    "register named --event E-2 --people none",
    "event import-roster E-2 list.csv",
    "event import-roster E-2 list.csv --apply --format json",
    "event import-roster E-1 list.csv --format json",
    "consent import list.csv --until 2027-12-31 --format json",
    "consent import list.csv --until 2027-12-31",
    "consent record --refused --for '{}' --channel kunta-public-page --paper b",
    "consent record --refused --for H-11 --by '{}' --channel kunta-public-page --paper b",
    "photo flag P-1 --by-person '{}' --reason stop",
)
"""How somebody can be named besides those of the walks, and lists that hold the name."""


@pytest.mark.parametrize("number", range(1, 10))
def test_no_message_tells_the_number_of_whoever_is_named(number: int, own: Own) -> None:
    """Whoever has name and number is taken to know who it is, and can name them in a photo."""
    name = NAMES[number - 1]
    named = re.compile(rf"\bH-{number}\b")
    typed = [
        line
        for command, lines in WALKS.items()
        if command not in {"demo", "init", "serve"}
        for line in lines
        if named.search(line) and "--as" not in line
    ]
    file = jpeg_with_exif(exif.ascii_entry(exif.ARTIST, name))
    for line in (*(named.sub(f"'{name}'", each) for each in typed), *BY_NAME):
        Path("list.csv").write_text(
            f"name;born;kunta-website;signed by;day\n{name};;no;;\n{name};4.5.2016;no;;\n", "utf-8"
        )
        Path("named").mkdir(exist_ok=True)
        Path("named/file.jpg").write_bytes(file)
        done = own(line.format(name))
        assert not named.search(done.output), f"{line}\n{done.output}"


def test_forms_and_documents_of_another_unit_are_not_handed_out(own: Own) -> None:
    for line in (
        "consent form --person H-5 --until 2027-12-31 --format html --out forms",
        "consent form --event E-1 --roster --until 2027-12-31 --format html --out forms",
    ):
        assert "H-" in own(line, exit_code=NotAllowed.exit_code).output
    assert not Path("forms").exists()
    own("consent form --person H-11 --until 2027-12-31 --format html --out forms", exit_code=0)


def test_who_looks_at_people_of_another_unit_is_logged(own: Own) -> None:
    own("person show H-5", exit_code=0)
    own("check P-3 --channel kunta-public-page")
    own("person show H-10", exit_code=0)
    looks = _items(own("audit disclosures --format json", COORDINATOR, exit_code=0))
    assert [(e["list"], e["actor"], e["masked"]) for e in looks if e["masked"]] == [
        ("check", "berit", 2),
        ("person show", "berit", 3),
    ]
    [report] = _items(own("person report H-5 --format json", COORDINATOR, exit_code=0))
    assert {(each["by"], each["list"], each["names"]) for each in report["looks"]} == {
        ("berit", "check", 0),
        ("berit", "person show", 0),
    }


def test_a_verdict_on_a_photo_of_the_own_unit_is_no_look(own: Own) -> None:
    own("register own --event E-2 --people recognisable --count 1", exit_code=0)
    own(f"photo tag P-4 --person '{OWN[0]}'", exit_code=0)
    own("check P-4 --channel kunta-public-page")
    with sqlite3.connect("registry.db") as connection:
        looks = connection.execute("SELECT list FROM disclosure WHERE masked > 0")
        assert looks.fetchall() == []


@pytest.mark.usefixtures("own")
def test_a_list_of_people_takes_as_many_queries_however_many_there_are() -> None:
    counted = []
    for more in (0, 250):
        with sqlite3.connect("registry.db") as connection:
            for number in range(more):
                connection.execute(
                    "INSERT INTO person (name, name_key, letters_key, born, age_group, deceased, "
                    "capacity, contact, blocked, created_at, created_by) VALUES (?, ?, ?, "
                    "'2016-06-01', 'unknown', 0, 'ok', '', 0, '2026-06-01 00:00:00', 1)",
                    (f"Uusi {number}", f"uusi {number}", f"u{number}"),
                )
        registry = Registry.open("registry.db")
        with recorded_statements() as statements:
            rows = persons.list_persons(Application(registry, "berit", Clock()))
        registry.close()
        counted.append(sum("SELECT" in each for each in statements))
        assert len(rows) > more
    assert counted[0] == counted[1]


def _items(done: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)["items"]
    return found
