"""`staff` and `channel`: who works here, who answers for a channel, and when it was reviewed."""

import errno
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
from photoreg.cli.settings import system_login
from photoreg.errors import os_cause
from photoreg.presentation.views.organisation import CHANNELS, STAFF
from photoreg.texts import _, use_language

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
    run("staff", "change", "anna", "--server-role", "lahti")
    data = json.loads(run("staff", "list", "--format", "json").stdout)
    jsonschema.validate(data, STAFF.schema())
    anna = {"login": "anna", "name": "Anna L", "role": "elected_official"}
    assert {**anna, "unit": None, "active": True, "server_role": "lahti"} in data["items"]


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


def test_whose_a_channel_is_is_reported_and_listed(run: Run) -> None:
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
    waits = run("channel", "change", PAGE, "--own")
    assert "once a colleague confirms it" in waits.stderr
    assert controllers(run)[PAGE] == "Oy"
    same = ("channel", "confirm", PAGE, "--own", "--since", "2021-01-01")
    run(*same, exit_code=5)
    assert "confirmed" in run(*same, login="anna").stdout
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


def test_init_ends_with_commands_to_fill_in_in_the_users_language(tmp_path: Path) -> None:
    place = ("--registry", str(tmp_path / "new.db"), "--as", "kaisa")
    made = CliRunner().invoke(
        cli, ["--lang", "fi", *place, "init", "--organisation", "Kunta", "--name", "Kaisa"]
    )
    assert "Olet rekisterin viestintäkoordinaattori; käyttäjätunnuksesi on kaisa." in made.stderr
    before = f"→ photoreg --registry {tmp_path / 'new.db'} --as kaisa"
    assert made.stderr.splitlines()[-3:] == [
        f"{before} staff add TUNNUS NIMI --role ROOLI",
        f"{before} channel add KANAVA OTSIKKO --kind LAJI --own/--controller --admin YLLÄPITÄJÄ",
        f"{before} register TIEDOSTO",
    ]


def test_the_example_is_kept_in_a_new_folder_only(typed: Callable[..., Result]) -> None:
    Path("mine").mkdir()
    refused = typed("demo", "--keep", "mine", exit_code=9)
    assert refused.stderr.splitlines() == [
        "Error: mine exists already",
        "Choose another name: the example begins in a new folder.",
        "Options: --keep",
    ]
    assert list(Path("mine").iterdir()) == []
    Path("file").touch()
    told = typed("demo", "--keep", "file/demo", exit_code=9, PHOTOREG_LANG="fi").stderr
    assert "kansion paikalla on tiedosto" in told


@pytest.mark.parametrize(
    ("arguments", "exit_code", "step"),
    [
        (("person", "show", "Áile N"), 6, "photoreg person list"),
        (("person", "show", "H-99"), 6, "photoreg person list"),
        (("event", "show", "Juhla"), 6, "photoreg event list"),
        (("event", "show", "E-99"), 6, "photoreg event list"),
        (("channel", "review", "nosuch"), 6, "photoreg channel list"),
        (("staff", "change", "nobody", "--left"), 6, "photoreg staff list"),
        (("show", "P-99"), 6, "photoreg photo list"),
        (("case", "show", "K-99"), 6, "photoreg case list --all"),
        (("flag", "show", "F-99"), 6, "photoreg flag list --all"),
        (("consent", "withdraw", "C-99"), 6, "photoreg consent list"),
        (("permission", "withdraw", "L-99"), 6, "photoreg permission list"),
        (("publication", "takedown", "J-99", "--proof", "x"), 6, "photoreg publication list --all"),
        (("publication", "takedown", "T-99", "--proof", "x"), 6, "photoreg publication list --all"),
        (("rules", "explain", "NO_SUCH"), 6, "photoreg rules list"),
    ],
)
def test_what_is_not_found_is_followed_by_where_it_would_be(
    run: Run, arguments: tuple[str, ...], exit_code: int, step: str
) -> None:
    assert run(*arguments, exit_code=exit_code).stderr.splitlines()[-1] == f"→ {step}"


ENGLISH = ("no such", "not a", "invalid", "is a directory", "expected", "unterminated", "integer")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [
        (("policy", "set", "nosuch"), 9, "ei ole tiedosto eikä asetus"),
        (("policy", "set", "."), 9, "se on kansio"),
        (("policy", "set", "broken.toml"), 9, "rivi 2, merkki 8"),
        (("policy", "set", "cut.toml"), 9, "päättyy kesken asetuksen"),
        (("policy", "set", "latin.toml"), 9, "ei ole UTF-8-tekstiä"),
        (("db", "backup", "cut.toml/x"), 8, "kansion paikalla on tiedosto"),
        (("consent", "texts", "--out", "cut.toml/x"), 9, "kansion paikalla on tiedosto"),
        (("photo", "answer", "P-1", "--count", "x"), 2, "'x' ei ole kokonaisluku."),
        (("case", "list", "--older-than", "x"), 2, "'x' ei ole kokonaisluku."),
        (("sheet", "import", "sheet.csv"), 9, "ei ole saraketta kuva"),
        (("sheet", "import", "nosuch.csv"), 9, "nosuch.csv"),
    ],
)
def test_a_finnish_error_has_no_english_cause(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    exit_code: int,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.toml").write_text("child_age = 18\nview = = 3\n", "utf-8")
    Path("cut.toml").write_text('guardians = """all', "utf-8")
    Path("latin.toml").write_bytes(b'guardians = "\xe4"\n')
    Path("sheet.csv").write_text("paikka;koko\nkatu;1\n", "utf-8")
    shown = run("--lang", "fi", *arguments, exit_code=exit_code).stderr
    assert told in shown
    assert not [word for word in ENGLISH if word in shown.casefold()]


def test_every_cause_of_the_operating_system_can_be_read_in_finnish() -> None:
    use_language("fi")
    for number in (*errno.errorcode, None):
        cause = os_cause(OSError(number, "English"))
        assert _(cause) != cause


def test_a_computer_that_names_nobody_gives_an_empty_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows without USERNAME has no list of users to look into."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "pwd", None)
    assert system_login() == ""
