"""`register`: what users see, exit codes, asking, and a Ctrl-C in the middle."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.imaging.builders import ARTIST, full_jpeg, jpeg_file, with_unused_table

from photoreg.imaging.workers import MAX_WITHOUT_WORKERS
from photoreg.presentation.labels import QUESTION_LABELS
from photoreg.presentation.views.all import VIEWS
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.ledger_check import first_broken_entry
from photoreg.registry.lookup import find_photo
from photoreg.services.application import Application

Run = Callable[..., Result]
ANSWERS = ("--place", "public_outdoor", "--shot", "general_view", "--people", "none")
NAMES = ("Áŋŋel Đ.jpg", "juhla.jpg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two photos."""
    path = tmp_path / "kuvat"
    path.mkdir()
    for name in NAMES:
        (path / name).write_bytes(with_unused_table(full_jpeg(), name))
    return path


def items(result: Result) -> list[dict[str, object]]:
    data = json.loads(result.stdout)
    jsonschema.validate(data, VIEWS[data["view"]].schema())
    found: list[dict[str, object]] = data["items"]
    return found


def test_a_folder_is_registered_with_what_is_open_and_what_comes_next(
    run: Run, folder: Path
) -> None:
    done = run("register", folder, *ANSWERS)
    assert "P-1 juhla.jpg: registered" in done.stdout
    assert "P-2 Áŋŋel Đ.jpg: registered" in done.stdout
    assert "taken 2026-10-21 12:08" in done.stdout
    assert "P-1–P-2: the file contains a location; an exported copy does not" in done.stderr
    assert f"the file names {ARTIST} as photographer, who is not in the registry" in done.stdout
    assert "(--place)" not in done.output
    assert "Registered: 2. Already in the registry: 0. Failed: 0." in done.stderr
    assert f'photoreg person add "{ARTIST}"' in done.stderr
    assert f'photoreg photo answer P-1 P-2 --photographer "{ARTIST}"' in done.stderr


def test_help_says_that_unchanged_files_are_skipped_and_how_to_read_them(run: Run) -> None:
    told = " ".join(run("register", "--help").stdout.split())
    skipped = (
        f"With more than {MAX_WITHOUT_WORKERS} files, those whose path, size and time of change "
        "have not changed are skipped; --reread reads them too."
    )
    assert skipped in told


def test_the_commands_that_are_proposed_do_what_they_promise(run: Run, folder: Path) -> None:
    run("register", folder)
    run("person", "add", ARTIST, "--adult")
    run("photo", "answer", "P-1", "P-2", "--photographer", ARTIST)
    [first, _second] = items(run("photo", "list", "--format", "json"))
    assert first["photographers"] == [f"H-1 {ARTIST}"]


def test_a_photographer_who_is_known_is_proposed_from_the_file(run: Run, folder: Path) -> None:
    run("person", "add", ARTIST, "--adult")
    done = run("register", folder / NAMES[0])
    assert f"photographer: H-1 {ARTIST} (proposed: the file names this person)" in done.stdout


def test_registering_a_folder_again_changes_nothing(run: Run, folder: Path) -> None:
    first = items(run("register", folder, "--format", "json"))
    again = items(run("register", folder, "--people", "none", "--format", "json"))
    assert [item["photo"] for item in again] == [item["photo"] for item in first]
    assert {item["new"] for item in again} == {False}
    assert len(items(run("photo", "list", "--format", "json"))) == 2
    assert "is already in the registry, nothing was changed" in run("register", folder).stdout


def test_a_bad_file_is_listed_at_the_end_and_the_others_go_on(run: Run, folder: Path) -> None:
    (folder / "a.jpg").write_bytes(jpeg_file()[:300])
    done = run("register", folder, exit_code=10)
    assert "Registered: 2. Already in the registry: 0. Failed: 1." in done.stderr
    after = done.stderr.split("These could not be registered:")[1]
    assert str(folder / "a.jpg") in after
    assert "cut off before its end" in after
    assert "Copy the file again" in after


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"hello", "this is not a photo"),
        (jpeg_file()[:300], "cut off before its end"),
        (None, "there is no such file"),
    ],
)
def test_a_single_bad_file_gives_the_exit_code_of_its_error(
    run: Run, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "kuva.jpg"
    if content is not None:
        path.write_bytes(content)
    assert reason in run("register", path, exit_code=7).stderr
    assert items(run("photo", "list", "--format", "json")) == []


def test_several_bad_files_and_no_good_one_give_10(run: Run, tmp_path: Path) -> None:
    done = run("register", tmp_path / "a.jpg", tmp_path / "b.jpg", exit_code=10)
    assert done.stderr.count("there is no such file") == 2


def test_a_folder_without_photos_is_nothing_to_register(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tyhjä").mkdir()
    done = run("register", tmp_path / "tyhjä", exit_code=7)
    assert "there are no photos in this folder" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read every folder")
def test_a_folder_that_may_not_be_read_is_reported(run: Run, folder: Path) -> None:
    folder.chmod(0)
    try:
        assert "cannot be opened" in run("register", folder, exit_code=7).stderr
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "text"),
    [
        (("--event", "E-7"), 6, "E-7 is not in the registry"),
        (("--photographer", "Ei Kukaan"), 6, "Ei Kukaan is not in the registry"),
        (("--photographer", "H-1", "--photographer-unknown"), 2, "not both"),
        (("--place", "moon"), 2, "moon is not one of"),
        (("--sensitive", "perhaps"), 2, "perhaps is not one of"),
        (("--people", "none", "--count", "2"), 9, "contradicts"),
        (("--people", "recognisable", "--count", "-2"), 9, "cannot be -2"),
        (("--taken-year", "1700"), 9, "1700 cannot be the right year"),
    ],
)
def test_wrong_answers_are_refused_and_nothing_is_registered(
    run: Run, folder: Path, arguments: tuple[str, ...], exit_code: int, text: str
) -> None:
    assert text in run("register", folder, *arguments, exit_code=exit_code).stderr
    assert items(run("photo", "list", "--format", "json")) == []


def test_an_auditor_registers_nothing(run: Run, folder: Path) -> None:
    done = run("register", folder, login="tarja", exit_code=5)
    assert "the role auditor does not allow this" in done.stderr


def test_a_missing_registry_is_reported(
    program: Callable[..., subprocess.CompletedProcess[str]], folder: Path
) -> None:
    done = program("--registry", "nowhere.db", "register", folder, exit_code=8)
    assert "→ photoreg --registry nowhere.db init" in done.stderr


def test_what_is_missing_is_asked_once_for_all_photos(run: Run, folder: Path) -> None:
    run("person", "add", "Piera Đuoddar", "--adult")
    typed = (
        "",  # event: left open
        "Nobody",  # photographer: unknown, so asked again
        "piera đuoddar",
        "",  # basis: left open
        "1",  # place: a public place outdoors
        "99",  # shot: no such number
        "2",  # shot: a person is the subject
        "nothing confidential",
        "recognisable",
        "3",  # count
        "no",  # sensitive
    )
    done = run("register", folder, "--ask", "--format", "json", typed="\n".join((*typed, "")))
    assert "Nobody is not in the registry" in done.stderr
    assert "1  a street, a park" in done.stderr
    assert "Type a number from 1 to 2, or Enter." in done.stderr
    assert [item["open"] for item in items(done)] == [["basis"], ["basis"]]
    assert items(done)[1]["photographers"] == ["H-1 Piera Đuoddar"]
    shown = run("show", "P-1").stdout
    assert "how many can be recognised: 3" in shown
    assert "sensitive: no" in shown


def test_some_answers_raise_further_questions(run: Run, folder: Path) -> None:
    typed = (
        *("", "", ""),  # event, photographer, basis
        *("a private home", "", ""),  # place; shot and secrecy stay open
        "unrecognisable",
        *("perhaps", "yes"),  # the holder of the home has permitted it
        "y",  # the caption tells who somebody is
        *("many", "2"),
        "n",  # not sensitive
    )
    done = run("register", folder / NAMES[1], "--ask", typed="\n".join((*typed, "")))
    assert "Type yes or no, or Enter." in done.stderr
    assert "Type a number from 1 to 9999, or Enter." in done.stderr
    shown = run("show", "P-1").stdout
    for line in (
        "permission of the holder of the place: yes",
        "caption, clothes or place tell who: yes",
        "how many can be recognised: 2",
        "sensitive: no",
    ):
        assert line in shown


def test_what_the_event_answers_is_not_asked(run: Run, folder: Path) -> None:
    run("person", "add", "Piera Đuoddar", "--adult")
    run(
        *("event", "add", "Juhla", "--on", "30.5.2026", "--photographer", "H-1"),
        *("--place", "public_outdoor", "--shot", "general_view", "--confidential", "none"),
    )
    done = run("register", folder, "--ask", "--basis", "none", typed="Juhla\nunsure\n")
    assert "can people be recognised" in done.stderr
    assert "Who took the photos" not in done.output
    for answered in ("photographer", "basis", "place", "shot", "confidentiality"):
        assert QUESTION_LABELS[answered] not in done.output
    assert "open" not in done.stdout


def test_the_ground_is_not_asked_when_a_permission_gives_it(run: Run, folder: Path) -> None:
    run("person", "add", "Piera Đuoddar", "--adult")
    run(
        *("permission", "grant", "--photographer", "H-1", "--basis", "photographer_permission"),
        *("--channel", "public_page", "--open-ended", "--paper", "folder 1"),
    )
    answers = ("--place", "public_outdoor", "--shot", "general_view", "--confidential", "none")
    done = run("register", folder, "--ask", *answers, typed="\nH-1\nnone\n")
    assert "can people be recognised" in done.stderr
    assert QUESTION_LABELS["basis"] not in done.stderr
    assert "open" not in done.stdout


def test_nothing_is_asked_when_there_is_nothing_to_register(run: Run, tmp_path: Path) -> None:
    done = run("register", tmp_path / "missing.jpg", "--ask", typed="", exit_code=7)
    assert "Event" not in done.output


def test_the_end_of_the_input_while_asking_registers_nothing(run: Run, folder: Path) -> None:
    run("register", folder, "--ask", typed="", exit_code=130)
    assert items(run("photo", "list", "--format", "json")) == []


def command(registry: Registry, *arguments: object) -> list[str]:
    return [
        *(sys.executable, "-m", "photoreg.cli.app", "--registry", str(registry.path)),
        *("--as", "kaisa", *map(str, arguments)),
    ]


@pytest.mark.usefixtures("application")
def test_a_terminal_is_asked_without_an_option(registry: Registry, folder: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(registry, "register", folder, "--photographer-unknown"),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "PHOTOREG_LANG": "en"},
    )
    os.close(theirs)
    os.write(ours, b"\n" * 5 + b"none\n")
    asked = b""
    try:
        while block := os.read(ours, 4096):
            asked += block
    except OSError:
        pass  # Linux says so when the other end is closed
    told, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, asked
    assert b"can people be recognised" in asked
    assert b"(--people)" not in told
    assert b"P-2" in told


def test_ctrl_c_keeps_whole_photos_and_no_half_ones(
    registry: Registry, application: Application, folder: Path
) -> None:
    for number in range(1000):  # they tell more than a pipe holds, so the rest has to wait
        (folder / f"sarja-{number:03}.jpg").write_bytes(with_unused_table(jpeg_file(), number))
    process = subprocess.Popen(
        command(registry, "register", folder, *ANSWERS),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PHOTOREG_LANG": "en"},
    )
    assert process.stdout
    told = [process.stdout.readline() for _line in range(12)]
    process.send_signal(signal.SIGINT)
    rest, complaints = process.communicate(timeout=60)
    assert process.returncode == 130, complaints
    assert "Interrupted. Everything completed before the interruption is saved." in complaints
    assert "Traceback" not in complaints

    with application.reading() as work:
        assert first_broken_entry(work.session) is None
        entries = [e for e in ledger.entries(work.session) if e.subject.startswith("P-")]
        kept = [find_photo(work.session, entry.subject) for entry in entries]
    assert [photo.id for photo in kept] == list(range(1, len(kept) + 1))
    assert {(photo.people, photo.place) for photo in kept} == {("none", "public_outdoor")}
    said = ("".join(told) + rest).count(": registered")
    assert said < len(kept) < 1002  # the pipe was full in the middle of a chunk
    assert f"Registered: {len(kept)}. Already in the registry: 0. Failed: 0." in complaints

    again = subprocess.run(
        command(registry, "register", folder), capture_output=True, encoding="utf-8", check=True
    )
    assert again.stdout.count("P-") >= 302
    with application.reading() as work:
        assert find_photo(work.session, "P-302").people is None


def test_open_questions_are_told_with_the_answers_to_choose_from(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes(full_jpeg())
    told = run("register", tmp_path / "one.jpg").stderr
    assert "--shot: general_view (a general view)" in told
    assert "--basis: " in told
