"""`publication`: where photos went, and taking them down."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.presentation.views.publications import PUBLICATIONS
from photoreg.services.application import Application

Run = Callable[..., Result]
CHANNEL = ("--channel", PAGE_USE.channel)
URL = ("--url", "https://kunta.example/uutiset/1")
ADD = ("publication", "add", "P-1")
TAKE_DOWN = ("publication", "takedown", "J-1")


@pytest.fixture(autouse=True)
def portrait(anna: Application, tmp_path: Path) -> str:
    """P-1 shows Elle Valkeapää, who has agreed to everything."""
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "portrait.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    return photo


def test_a_publication_is_recorded_listed_and_taken_down(run: Run, anna: Application) -> None:
    assert "J-1 was recorded." in run(*ADD, *CHANNEL, *URL, login="anna").stdout
    assert "online" in run("publication", "list").stdout

    withdraw_consent(anna, "Elle Valkeapää")
    assert "to be taken down" in run("publication", "list", "--photo", "P-1").stdout

    assert "T-1 is done" in run(*TAKE_DOWN, "--proof", "Looked at the page.").stdout
    assert "the list is empty" in run("publication", "list").stderr
    assert "taken down" in run("publication", "list", "--all").stdout


def test_publications_as_data_follow_their_schema(run: Run) -> None:
    run(*ADD, *CHANNEL, *URL)
    run(*ADD, "--channel", "kunta-print", "--issue", "=Kuntatiedote 4/2026", "--on", "2026-11-01")

    data = json.loads(run("publication", "list", "--format", "json").stdout)
    jsonschema.validate(data, PUBLICATIONS.schema())
    assert [item["state"] for item in data["items"]] == ["online", "printed"]
    assert data["items"][1]["published_on"] == "2026-11-01"
    assert "'=Kuntatiedote" in run("publication", "list", "--format", "csv").stdout


def test_only_an_administrator_of_the_channel_records(run: Run) -> None:
    told = run(*ADD, *CHANNEL, *URL, login="ville", exit_code=5).stderr
    assert "not an administrator of the channel kunta-public-page" in told


@pytest.mark.parametrize(("refuse", "exit_code"), [(True, 3), (False, 4)])
def test_what_may_not_be_published_is_not_recorded(
    refuse: bool, exit_code: int, run: Run, anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET, "market.jpg")
    person = create_person(anna, "Ante Valkeapää")
    tag_person(anna, photo, person)
    if refuse:
        withdraw_consent(anna, person)

    words = ("publication", "add", photo, *CHANNEL, *URL)
    result = run(*words, login="anna", exit_code=exit_code)
    assert person in result.stdout
    assert "was not recorded" in result.stderr
    assert run("publication", "list").stdout == ""


def test_print_cannot_be_taken_down(run: Run) -> None:
    run(*ADD, "--channel", "kunta-print", "--issue", "Kuntatiedote 4/2026")
    assert "cannot be recalled" in run(*TAKE_DOWN, "--proof", "Gone.", exit_code=5).stderr


def test_a_publication_is_taken_down_once(run: Run) -> None:
    run(*ADD, *CHANNEL, *URL)
    run(*TAKE_DOWN, "--proof", "Gone.")
    assert "already" in run(*TAKE_DOWN, "--proof", "Gone.", exit_code=5).stderr


def test_an_auditor_changes_nothing(run: Run) -> None:
    run(*ADD, *CHANNEL, *URL)
    run(*ADD, *CHANNEL, *URL, login="tarja", exit_code=5)
    run(*TAKE_DOWN, "--proof", "Gone.", login="tarja", exit_code=5)
    assert "J-1" in run("publication", "list", login="tarja").stdout


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        ((*ADD, *CHANNEL), 2, "--url"),
        ((*ADD, *CHANNEL, *URL, "--issue", "4/2026"), 2, "--issue"),
        ((*ADD, *CHANNEL, "--issue", "  "), 9, "the address is missing"),
        ((*ADD, *CHANNEL, "--url", "kunta.example/1"), 9, "not an address on the web"),
        ((*ADD, *CHANNEL, *URL, "--on", "2199-01-01"), 9, "in the future"),
        ((*ADD, *CHANNEL, *URL, "--on", "31.2.2026"), 9, "31.2.2026 is not a date"),
        (("publication", "add", "P-9", *CHANNEL, *URL), 6, "P-9"),
        ((*ADD, "--channel", "nowhere", *URL), 6, "nowhere"),
        ((*TAKE_DOWN, "--proof", "Gone."), 6, "J-1"),
        ((*TAKE_DOWN,), 2, "--proof"),
        (("publication", "list", "--photo", "P-9"), 6, "P-9"),
    ],
)
def test_bad_input_is_reported(run: Run, words: tuple[str, ...], exit_code: int, told: str) -> None:
    result = run(*words, exit_code=exit_code)
    assert told in result.stderr
    assert run("publication", "list", "--all").stdout == ""


def test_a_task_has_an_owner_and_a_proof_that_may_be_a_file(
    run: Run, portrait: str, tmp_path: Path
) -> None:
    run(*ADD, *CHANNEL, *URL, login="anna")
    run("publication", "assign", "J-1", "--to", "ville", exit_code=5)
    run("photo", "flag", portrait, "--reason", "A name is on the wall.")

    assert (
        "T-1 is now assigned to ville."
        in run("publication", "assign", "J-1", "--to", "ville").stdout
    )
    [item] = json.loads(run("publication", "list", "--format", "json").stdout)["items"]
    assert (item["owner"], item["recorded_by"], item["decision"]) == ("ville", "anna", "D-1")
    refused = run("publication", "keep", "J-1", "--reason", "It is fine.", exit_code=3)
    assert "the task stays open" in refused.stderr

    run("publication", "takedown", "J-1", exit_code=2)
    run("publication", "takedown", "J-1", "--evidence", tmp_path / "none.png", exit_code=9)
    (tmp_path / "gone.png").write_bytes(b"a screenshot")
    run("publication", "takedown", "J-1", "--proof", tmp_path / "gone.png", login="ville")
    assert len([p for p in tmp_path.glob("registry.db.evidence/*/*") if p.is_file()]) == 1


def test_a_publication_is_kept_once_its_photo_may_be_published_again(
    run: Run, portrait: str
) -> None:
    run(*ADD, *CHANNEL, *URL, login="anna")
    run("photo", "flag", portrait, "--reason", "A name is on the wall.")
    run("flag", "resolve", "F-1", "--outcome", "lifted", "--reason", "Nobody can read it.")
    kept = run("publication", "keep", "J-1", "--reason", "The flag was lifted.", login="anna")
    assert "J-1 stays; T-1 is cancelled." in kept.stdout
    assert "online" in run("publication", "list").stdout


def test_a_task_may_be_given_for_its_publication(run: Run, anna: Application) -> None:
    run(*ADD, *CHANNEL, *URL, login="anna")
    withdraw_consent(anna, "Elle Valkeapää")
    run("today", login="anna")
    assert (
        "T-1 is now assigned to ville"
        in run("publication", "assign", "t-1", "--to", "ville").stdout
    )
    done = run("publication", "takedown", "T-1", "--proof", "Looked at the page.").stdout
    assert "J-1 is taken down; T-1 is done." in done
