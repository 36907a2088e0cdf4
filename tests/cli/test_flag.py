"""`photo flag` and `flag`: what staff and the coordinator type and see."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    register_photo,
    tag_person,
)

from photoreg.presentation.views.decisions import QUESTION_OPTIONS
from photoreg.services.application import system_clock
from photoreg.services.unit_of_work import HELSINKI

Run = Callable[..., Result]
CHANNEL = ("--channel", PAGE_USE.channel)
BECAUSE = ("--reason", "The number plate can be read.")


@pytest.fixture
def street(run: Run, application_for: ApplicationFor, tmp_path: Path) -> str:
    """A photo that Anna registered and published."""
    add_photographer(application_for("anna"))
    photo = register_photo(application_for("anna"), tmp_path)
    run("publication", "add", photo, *CHANNEL, "--url", "https://kunta.example/1", login="anna")
    return photo


def test_a_flag_stops_the_photo_until_the_coordinator_lifts_it(run: Run, street: str) -> None:
    flagged = run("photo", "flag", street, *BECAUSE, login="anna").stdout
    assert "P-1 is stopped: flag F-1, to be resolved by 20" in flagged
    assert "T-1: P-1 on kunta-public-page" in flagged
    refused = run("check", street, *CHANNEL, exit_code=3).stdout
    assert "RG_FLAGGED" in refused
    assert "F-1 · open" in run("show", street).stdout
    assert "→ photoreg flag list --photo P-1" in refused

    shown = run("flag", "show", "f-1")
    assert "The number plate can be read." in shown.stdout
    assert "photoreg flag resolve F-1 --outcome lifted --reason TEXT" in shown.stderr
    assert "flag resolve" not in run("flag", "show", "F-1", login="anna").stderr
    resolve = ("flag", "resolve", "F-1", "--outcome", "lifted", "--reason", "It is not legible.")
    run(*resolve, login="anna", exit_code=5)
    resolved = run(*resolve)
    assert "lifted" in resolved.stdout
    assert "photoreg check P-1 --channel CHANNEL" in resolved.stderr
    run("check", street, *CHANNEL)
    run(*resolve, exit_code=5)


@pytest.mark.usefixtures("street")
def test_the_commands_for_a_flag_are_in_finnish_for_a_finnish_reader(run: Run) -> None:
    run("photo", "flag", "P-1", *BECAUSE, login="anna")
    shown = run("--lang", "fi", "flag", "show", "F-1")
    assert "→ photoreg flag resolve F-1 --outcome lifted --reason TEKSTI" in shown.stderr


def test_an_objection_is_recorded_with_its_consent(
    run: Run, street: str, application_for: ApplicationFor
) -> None:
    create_person(application_for("anna"), "Elle Valkeapää")
    flag = ("photo", "flag", street, "--reason", "Take me off.", "--by-person", "Elle Valkeapää")
    assert "The refusal was recorded: C-1." in run(*flag, login="anna").stdout
    assert "Take me off." not in run("flag", "show", "F-1", login="tarja", exit_code=6).output
    assert "Elle" not in run("flag", "list", "--format", "json").stdout


def test_one_cannot_be_in_the_registry_and_outside_it(run: Run, street: str) -> None:
    flag = ("photo", "flag", street, *BECAUSE, "--by-person", "H-1", "--by", "Maija")
    run(*flag, exit_code=2)


@pytest.mark.usefixtures("street")
def test_flags_as_data_follow_their_schema(run: Run) -> None:
    run("photo", "flag", "P-1", *BECAUSE, "--by", "Maija Meikäläinen")
    data = json.loads(run("flag", "list", "--format", "json").stdout)
    jsonschema.validate(data, QUESTION_OPTIONS.schema())
    assert [item["by"] for item in data["items"]] == ["outsider"]
    assert "Maija" not in json.dumps(data)
    run("flag", "resolve", "F-1", "--outcome", "upheld", *BECAUSE, login="ville")
    assert json.loads(run("flag", "list", "--format", "json").stdout)["items"] == []
    assert "stands" in run("flag", "list", "--all", "--photo", "P-1").stdout


@pytest.mark.parametrize("flag", ["F-7", "K-1", "rubbish"])
def test_a_flag_that_is_not_there(run: Run, flag: str) -> None:
    run("flag", "show", flag, exit_code=6 if flag == "F-7" else 9)


def test_copies_of_a_stopped_photo_are_reported_and_resolved_together(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    add_photographer(application_for("anna"))
    whole = scene(1, (640, 480))
    register_photo(application_for("anna"), tmp_path, name="whole.jpg", content=jpeg(whole))
    small = tmp_path / "small.jpg"
    small.write_bytes(jpeg(whole.resize((480, 360))))
    run("photo", "flag", "P-1", *BECAUSE, login="anna")

    told = run("register", str(small), "--no-ask", login="anna").stdout
    assert "stopped by flag F-2: it looks like P-1, which is stopped." in told
    assert "Reason: It looks like P-1" in run("flag", "show", "F-2", login="anna").stdout
    resolve = ("flag", "resolve", "--outcome", "lifted", "--reason", "It is not legible.")
    assert "photoreg flag resolve F-2 --outcome lifted" in run(*resolve, "F-1").stderr
    run(*resolve, "F-2", "F-9", exit_code=6)
    assert "F-2 · open" in run("show", "P-2").stdout
    run(*resolve, "F-2", login="ville")

    again = run("photo", "flag", "P-1", *BECAUSE, login="anna").stdout
    assert "P-2: stopped by flag F-4: it looks like P-1" in again
    alone = run(*resolve, "F-4").stderr
    assert "P-2 looks like P-1, which is stopped. If it is the same picture:" in alone
    run("photo", "flag", "P-2", *BECAUSE)
    both = run(*resolve, "F-3", "F-5")
    assert both.stdout.count("lifted") == 2
    assert "resolve them too" not in both.stderr


def test_a_check_of_a_past_day_says_what_it_goes_by(run: Run, street: str) -> None:
    said = run("check", street, *CHANNEL, "--on", "2026-11-01").stderr
    assert (
        "Evaluated with what is recorded now, including what was recorded after 2026-11-01." in said
    )
    assert "Evaluated with" not in run("check", street, *CHANNEL).stderr
    day = system_clock().astimezone(HELSINKI).date().isoformat()
    run("photo", "flag", street, *BECAUSE, login="anna")
    known = run("check", street, *CHANNEL, "--as-of", day, exit_code=3).stderr
    assert f"As recorded at the end of {day}." in known
    run("check", street, *CHANNEL, "--as-of", "2020-01-01", exit_code=9)


@pytest.mark.parametrize("stop", ["block", "withdrawal"])
def test_untag_says_why_it_stops_the_photo_and_not_which_stop_it_was(
    run: Run, application_for: ApplicationFor, tmp_path: Path, stop: str
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    if stop == "block":
        run("person", "block", "H-2")
    else:
        run("consent", "withdraw", "--for", "H-2")
    told = run("photo", "untag", photo, "--person", "H-2", login="anna")
    assert f"{photo} is stopped: flag F-1" in told.stdout
    assert "while a refusal, a withdrawal or another stop was in force" in told.output
