"""`photo` and `show` as users see them."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.imaging.builders import ARTIST, full_jpeg, jpeg_file, with_unused_table
from tests.services import scenes
from tests.services.decisions.test_stop_propagation import WHOLE, saved_anew
from tests.services.scenes import ApplicationFor

from photoreg.presentation.views.all import VIEWS
from photoreg.services.application import Application
from photoreg.services.people import blocks
from photoreg.services.publications import publishing

Run = Callable[..., Result]


@pytest.fixture
def photo(run: Run, tmp_path: Path) -> str:
    """P-1, in a registry with H-1 Áile and H-2 Ánne-Márjá."""
    run("person", "add", ARTIST, "--adult")
    run("person", "add", "Ánne-Márjá Đ", "--adult")
    path = tmp_path / "juhla.jpg"
    path.write_bytes(full_jpeg())
    run("register", path)
    return "P-1"


def answer(run: Run, question: str) -> object:
    data = json.loads(run("show", "P-1", "--format", "json").stdout)
    jsonschema.validate(data, VIEWS["photo"].schema())
    rows = data["items"][0]["answers"]
    return next(row["answer"] for row in rows if row["question"] == question)


@pytest.mark.parametrize(
    ("flags", "question", "expected"),
    [
        (("--basis", "staff_agreement"), "basis", "staff_agreement"),
        (("--place", "office-lobby"), "place", "office_lobby"),
        (("--place-permission",), "place_permission", True),
        (("--no-place-permission",), "place_permission", False),
        (("--shot", "a general view"), "shot", "general_view"),
        (("--people", "none"), "people", "none"),
        (("--context", "yes"), "context_identifies", True),
        (("--confidential", "none"), "confidentiality", "none"),
        (("--sensitive", "no"), "sensitive", False),
        (("--credit", "Kuva: Áile"), "credit", "Kuva: Áile"),
        (("--credit-waived",), "credit_waived", True),
        (("--commissioner", "consented"), "commissioner", "consented"),
        (("--taken-year", "1961"), "taken_year", 1961),
        (("--photographer-died", "2001"), "photographer_died_year", 2001),
        (("--depicted-work", "main_subject"), "depicted_work", "main_subject"),
        (("--digital-source", "ai-generated"), "digital_source", "ai_generated"),
        (("--rights-removed",), "rights_removed", True),
        (("--photographer-unknown",), "photographer", "unknown"),
    ],
)
def test_every_question_can_be_answered(
    run: Run, photo: str, flags: tuple[str, ...], question: str, expected: object
) -> None:
    assert "P-1: the answers were recorded." in run("photo", "answer", photo, *flags).stdout
    assert answer(run, question) == expected
    assert "P-1: nothing changed." in run("photo", "answer", photo, *flags).stdout


@pytest.mark.parametrize(
    ("arguments", "exit_code", "text"),
    [
        ((), 2, "Give at least one answer"),
        (("--credit", "x", "--credit-waived"), 2, "not both"),
        (("--people", "none"), 5, "photoreg photo untag P-1"),
        (("--count", "1"), 9, "1 is less than the 2 people who are named in P-1"),
        (("--count", "1"), 9, "→ photoreg photo untag P-1 --person PERSON"),
        (("--count", "-3"), 9, "cannot be -3"),
        (("--event", "Juhla"), 6, "Juhla is not in the registry"),
    ],
)
def test_answers_that_cannot_be_are_refused_with_what_to_do(
    run: Run, photo: str, arguments: tuple[str, ...], exit_code: int, text: str
) -> None:
    run("photo", "tag", photo, "--person", "H-1", "--person", "H-2")
    assert text in run("photo", "answer", photo, *arguments, exit_code=exit_code).stderr


def test_an_unknown_photo_is_reported(run: Run, photo: str) -> None:
    assert "P-9 is not in the registry" in run("show", "P-9", exit_code=6).stderr
    done = run("photo", "answer", photo, "P-9", "--people", "none", exit_code=6)
    assert "P-9" in done.stderr
    assert answer(run, "people") is None


def test_people_are_named_counted_and_taken_out(run: Run, photo: str) -> None:
    done = run("photo", "tag", photo, "--person", "ánne-márjá đ", "--unnamed", "2", "--passing")
    assert "H-2 is now named in P-1." in done.stdout
    assert "somebody can be recognised" in done.stderr
    assert "photoreg photo untag P-1 --unnamed NUMBER" in done.stderr
    again = run("photo", "tag", photo, "--person", "H-2")
    assert "H-2 is already named in P-1." in again.stdout
    shown = run("photo", "show", photo).stdout
    assert "H-2 Ánne-Márjá Đ · passing by · a private person" in shown
    assert shown.count("somebody not named yet") == 2
    assert "1 removed" in run("photo", "untag", photo, "--unnamed", "1").stdout
    assert "1 removed" in run("photo", "untag", photo, "--unnamed").stdout
    assert "1 removed" in run("photo", "untag", photo, "--person", "H-2").stdout
    done = run("photo", "untag", photo, "--person", "H-2", exit_code=6)
    assert "H-2 Ánne-Márjá Đ is not named in P-1" in done.stderr


@pytest.mark.parametrize("verb", ["tag", "untag"])
def test_naming_nobody_is_wrong_use(run: Run, photo: str, verb: str) -> None:
    assert "Give a person" in run("photo", verb, photo, exit_code=2).stderr


def test_an_auditor_reads_ids_and_changes_nothing(run: Run, photo: str) -> None:
    run("photo", "tag", photo, "--person", "H-2")
    for arguments in (("show", photo), ("photo", "list"), ("show", photo, "--format", "csv")):
        seen = run(*arguments, login="tarja").output
        assert "H-1" in seen
        assert "Márjá" not in seen
        assert ARTIST not in seen
    run("photo", "answer", photo, "--people", "none", login="tarja", exit_code=5)
    run("photo", "untag", photo, "--person", "H-2", login="tarja", exit_code=5)


def test_control_characters_in_names_reach_no_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "kuva\x1b[31m.jpg"
    path.write_bytes(full_jpeg())
    assert "\x1b" not in run("register", path).output
    for arguments in (("show", "P-1"), ("photo", "list")):
        assert "\x1b" not in run(*arguments).output


def test_a_change_that_makes_a_publication_unlawful_says_what_to_take_down(
    run: Run, tmp_path: Path, photo: str
) -> None:
    plain = tmp_path / "katu.jpg"
    plain.write_bytes(with_unused_table(jpeg_file(), "another"))
    run(
        *("permission", "grant", "--photographer", "H-1", "--basis", "staff_agreement"),
        *("--channel", "public_page", "--until", "2099-01-01", "--paper", "kansio 1"),
    )
    run(
        *("register", plain, "--photographer", "H-1", "--place", "public_outdoor"),
        *("--shot", "general_view", "--people", "none", "--confidential", "none"),
        *("--credit", ARTIST),
    )
    page = ("--channel", "kunta-public-page")
    run("publication", "add", "P-2", *page, "--url", "https://example.fi/2")
    done = run("photo", "answer", photo, "P-2", "--confidential", "internal")
    assert "T-1: P-2 on kunta-public-page, https://example.fi/2" in done.output


@pytest.mark.usefixtures("photo")
def test_show_shows_what_was_said_decided_ruled_and_published(run: Run, tmp_path: Path) -> None:
    paper = ("--channel", "public_page", "--until", "2099-01-01", "--paper", "kansio 1")
    page = ("--channel", "kunta-public-page")
    run("permission", "grant", "--photographer", "H-1", "--basis", "staff_agreement", *paper)
    (tmp_path / "katu.jpg").write_bytes(with_unused_table(jpeg_file(), "another"))
    run("event", "add", "Juhla", "--on", "2026-10-21", "--place", "public_outdoor")
    run(
        *("register", tmp_path / "katu.jpg", "--photographer", "H-1", "--event", "Juhla"),
        *("--shot", "general_view", "--people", "recognisable", "--count", "1"),
        *("--confidential", "none", "--sensitive", "no", "--credit", ARTIST),
    )
    run("approve", "P-2", *page, exit_code=4)
    run("photo", "tag", "P-2", "--person", "H-2")
    run("consent", "record", "--for", "H-2", *paper)
    run("publication", "add", "P-2", *page, "--url", "https://example.fi/2")
    shown = run("show", "P-2").stdout
    for line in (
        "place: a street, a park or another public place outdoors (from the event E-1)",
        f"L-1 · by H-1 {ARTIST} · yes (a public page) (",
        "C-1 · about H-2 Ánne-Márjá Đ · by H-2 Ánne-Márjá Đ · yes (a public page) (",
        "until 2099-01-01 · all photos",
        "D-1 · publication · kunta-public-page · information",
        "K-1 · kunta-public-page · PE_RECOGNISABLE_IN_GENERAL_VIEW · not ruled on yet",
        "J-1 · kunta-public-page · https://example.fi/2",
    ):
        assert line in shown


def test_show_tells_a_yes_with_a_no_to_one_purpose_as_person_show_does(
    run: Run, photo: str
) -> None:
    run("photo", "tag", photo, "--person", "H-2")
    record = ("consent", "record", "--for", "H-2", "--channel", "print", "--paper", "binder 3")
    run(*record, "--purpose", "information", "--open-ended", "--on", "2026-10-01")
    run(*record, "--refused", "--purpose", "marketing", "--on", "2026-10-01")
    said = "yes (print: information); not: print: marketing"
    assert said in run("person", "show", "H-2").stdout
    assert f"by H-2 Ánne-Márjá Đ · {said} (2026-10-01)" in run("show", photo).stdout
    data = json.loads(run("show", photo, "--format", "json").stdout)
    jsonschema.validate(data, VIEWS["photo"].schema())
    [consent] = data["items"][0]["consents"]
    assert consent["state"] == "granted"
    assert consent["refused"] == [{"channels": ["print"], "purposes": ["marketing"]}]


def test_several_photos_are_tagged_at_once(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    scenes.add_photographer(anna)
    several = [scenes.register_photo(anna, tmp_path, name=f"{number}.jpg") for number in range(2)]
    scenes.create_person(anna, "Elle Valkeapää")
    tagged = run("photo", "tag", *several, "--person", "Elle Valkeapää").stdout
    for photo in several:
        assert f"H-2 is now named in {photo}." in tagged
    run("photo", "tag", *several, "P-9", "--unnamed", "1", exit_code=6)
    untagged = run("photo", "untag", *several, "--person", "H-2").stdout
    assert untagged.splitlines() == [
        *(f"{photo}: 1 removed." for photo in several),
        "Refused until a colleague has looked and confirmed the new answer (RG_SECOND_LOOK): "
        + ", ".join(several),
    ]


def test_a_block_stops_photos_that_look_alike_and_untag_shows_which_flags_it_raised(
    run: Run, application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    anna = application_for("anna")
    scenes.add_photographer(anna)
    for name, content in (("a.jpg", WHOLE), ("b.jpg", saved_anew())):
        scenes.register_photo(anna, tmp_path, scenes.EMPTY_STREET, name, content)
    publishing.add_publication(anna, ["P-2"], scenes.PAGE_USE, address="https://kunta.example/1")
    scenes.tag_person(anna, "P-1", scenes.create_person(anna, "Elle"))
    blocks.block_person(application, "H-2")
    assert "P-2 b.jpg must be taken down from kunta-public-page: task T-1" in run("today").stdout
    printed = run("photo", "untag", "P-1", "--person", "H-2").stdout
    assert "P-1 is stopped: flag F-1" in printed
    assert "P-2: stopped by flag F-2: it looks like P-1" in printed


@pytest.mark.usefixtures("photo")
def test_a_move_to_an_event_on_other_days_is_reported(run: Run) -> None:
    run("event", "add", "Juhla", "--on", "2026-10-21")
    run("event", "add", "Retki", "--on", "2026-09-01")
    told = "P-1: taken, according to the file, more than two days before or after the event"
    assert told not in run("photo", "answer", "P-1", "--event", "Juhla").stderr
    assert told in run("photo", "answer", "P-1", "--event", "Retki").stderr


def test_a_block_of_somebody_who_is_shown_is_lifted_by_the_coordinator_alone(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    scenes.add_photographer(anna)
    photo = scenes.register_photo(anna, tmp_path)
    person = scenes.create_person(anna, "Elle")
    scenes.tag_person(anna, photo, person)
    run("person", "block", person, login="anna")
    assert person in run("person", "blocks").stdout
    run("person", "unblock", person, login="anna", exit_code=5)
    run("person", "unblock", person)
    assert person not in run("person", "blocks").stdout
