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
from photoreg.services.files import metadata

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
    mistyped = run("publication", "takedown", "T1", "--proof", "Looked.", exit_code=9).stderr
    assert "Did you mean T-1?" in mistyped
    done = run("publication", "takedown", "T-1", "--proof", "Looked at the page.").stdout
    assert "J-1 is taken down; T-1 is done." in done


# --- Many photos at once --------------------------------------------------------------------------


@pytest.fixture
def feast(run: Run, anna: Application, tmp_path: Path, portrait: str) -> str:
    """E-1 holds P-1 of Elle, P-2 of an empty street, and P-3 of Ante, who said nothing."""
    register_photo(anna, tmp_path)
    ante = create_person(anna, "Ante Magga")
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "ante.jpg"), ante)
    run("event", "add", "Feast", "--on", "2026-01-02")
    run("photo", "answer", portrait, "P-2", "P-3", "--event", "E-1")
    return "E-1"


POST = ("publication", "add", "--event", "E-1", *CHANNEL, *URL)
GONE = ("--proof", "Looked at the page.")


def test_photos_that_may_not_be_published_are_named_with_the_step_that_leaves_them_out(
    run: Run, feast: str
) -> None:
    assert feast == "E-1"
    refused = run(*POST, login="anna", exit_code=4)
    assert "P-3 ante.jpg" in refused.stdout
    assert "P-1 portrait.jpg" not in refused.stdout
    assert "--event E-1 --verdict publishable" in refused.stderr
    named = run("publication", "add", "P-1", "P-3", *CHANNEL, *URL, login="anna", exit_code=4)
    assert f"→ photoreg publication add P-1 {CHANNEL[0]} {CHANNEL[1]}" in named.stderr
    assert run("publication", "list", "--all").stdout == ""


def test_a_post_of_an_event_is_recorded_shown_and_taken_down_photo_by_photo(
    run: Run, feast: str
) -> None:
    added = run(*POST, "--verdict", "publishable", login="anna")
    assert "J-1 was recorded. Photos: 2." in added.stdout
    assert f"may not be published on {CHANNEL[1]}: P-3" in added.stderr
    listed = run("publication", "list").stdout
    assert "P-1 + 1" in listed

    withdrawn = run("consent", "withdraw", "--for", "Elle Valkeapää").stdout
    assert "T-1: P-1 on kunta-public-page" in withdrawn
    assert "publication takedown T-1 --proof TEXT" in withdrawn
    unclear = run("publication", "takedown", "J-1", *GONE, exit_code=9)
    assert "J-1 shows 2 photos" in unclear.stderr
    assert "--photo, --whole" in unclear.stderr

    done = run("publication", "takedown", "--event", feast, *GONE).stdout
    assert "J-1: P-1 is taken down, 1 photos stay; T-1 is done." in done
    shown = run("publication", "show", "J-1").stdout
    assert "https://kunta.example/uutiset/1" in shown
    assert "P-1 · taken down" in shown
    assert "P-2 · online" in shown
    data = json.loads(run("publication", "show", "J-1", "--format", "json").stdout)
    jsonschema.validate(data, PUBLICATIONS.schema())
    assert [item["photo"] for item in data["items"]] == ["P-1", "P-2"]
    assert "J-1 is taken down" in run("publication", "takedown", "J-1", *GONE).stdout


UNCLEAR_WHICH = (
    (("publication", "add", *CHANNEL, *URL), 2, "an event with --event"),
    ((*ADD, "--event", "E-1", *CHANNEL, *URL), 2, "an event with --event"),
    (("publication", "takedown", *GONE), 2, "an event with --event"),
    ((*TAKE_DOWN, "--photo", "P-1", "--whole", *GONE), 2, "--whole"),
    (("publication", "takedown", "--event", "E-1", *GONE), 6, "E-1"),
    ((*ADD[:2], "P-3", "--verdict", "publishable", *CHANNEL, *URL), 9, "none of these photos"),
    (("photo", "answer", "--people", "none"), 2, "an event with --of-event"),
    (("photo", "tag", "--person", "Ante"), 2, "an event with --event"),
    (("export", *CHANNEL, "-o", "copies"), 2, "an event with --event"),
    (("metadata", "write"), 2, "an event with --event"),
    (("flag", "resolve", "--outcome", "lifted", "--reason", "x"), 2, "an event with --event"),
    (("flag", "resolve", "--event", "E-1", "--outcome", "lifted", "--reason", "x"), 6, "E-1"),
    (("case", "rule", "refused", "--reason", "x"), 2, "an event with --event"),
    (("case", "rule", "--event", "E-1", "refused", "--reason", "x"), 6, "E-1"),
    (("case", "rule", "K-1", "refused", "--channel", "x", "--reason", "x"), 2, "--channel"),
)


def test_what_a_command_is_about_is_said_in_one_way(run: Run, feast: str) -> None:
    assert feast == "E-1"
    for words, exit_code, told in UNCLEAR_WHICH:
        assert told in run(*words, exit_code=exit_code).stderr, words


def test_what_is_about_photos_takes_all_of_an_event(run: Run, feast: str, tmp_path: Path) -> None:
    rule = ("case", "rule", "--event", feast, "publishable", "--reason", "A market view.")
    run("approve", "--event", feast, *CHANNEL, login="anna", exit_code=4)
    run("case", "show", "K-1")
    assert "P-3" in run(*rule, "--channel", CHANNEL[1]).stdout
    copies = ("--event", feast, *CHANNEL, "-o", tmp_path / "copies")
    assert len(run("export", *copies, login="anna").stdout.split()) == len(("P-1", "P-2", "P-3"))

    answered = run("photo", "answer", "--of-event", feast, "--credit", "Kuva: Áile").stdout
    assert answered.partition(":")[0] == "P-1–P-3"
    write = ("metadata", "write", "--event", feast, "--break-credentials")
    written = run(*write).stderr
    assert all(f"{photo}: written" in written for photo in ("P-1", "P-2", "P-3"))
    again = run(*write).stdout
    assert "P-3: the file already contains all of this." in again

    for photo in ("P-1", "P-3"):
        run("photo", "flag", photo, "--reason", "A name is on the wall.", login="anna")
    resolve = ("flag", "resolve", "--event", feast, "--outcome", "lifted")
    assert "F-2: P-3 · lifted" in run(*resolve, "--reason", "It is not legible.").stdout


def test_files_written_before_one_fails_are_named(
    run: Run, feast: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "BATCH_SIZE", 2)
    before = (tmp_path / "portrait.jpg").read_bytes()
    (tmp_path / "ante.jpg").unlink()
    write = ("metadata", "write", "--event", feast, "--break-credentials")
    told = run(*write, exit_code=7)
    assert "Written into the files of P-1, P-2" in told.stderr
    assert (tmp_path / "portrait.jpg").read_bytes() != before
