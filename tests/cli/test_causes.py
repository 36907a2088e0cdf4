"""`check` of many photos: what prevents publishing, by cause, with one next step a cause."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from tests.services.scenes import (
    EMPTY_STREET,
    add_child,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.presentation.causes.cause_rows import photo_ranges
from photoreg.presentation.causes.causes import IN_A_SHEET
from photoreg.presentation.views.decisions import CHECK
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import Basis, ConsentKind, People, Photographer, Shot
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.people.guardians import add_guardian, list_guardians
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.events import add_event
from photoreg.services.photos.naming.vocabulary import COLUMNS

Run = Callable[..., Result]
CHANNEL = ("--channel", "kunta-public-page")
NIILA = ("--for", "H-2", "--by", "H-4", "--event", "Syysjuhla")
EVENT = ("check", "--event", "Syysjuhla", *CHANNEL)
SHOWN = replace(
    EMPTY_STREET,
    shot=Shot.PERSON_SUBJECT,
    people=People.RECOGNISABLE,
    recognisable_count=1,
    context_identifies=False,
)
PHOTOS = ("P-1", "P-2", "P-3", "P-4", "P-5")


@pytest.fixture
def feast(anna: Application, tmp_path: Path) -> None:
    """Five photos of an event: P-1 to P-3 of Aile (H-2), P-4 of Beaivi (H-5), P-5 of nobody.

    Inga (H-3) consents, Niila (H-4) has not answered; of Beaivi's guardian Juhani (H-6), who has
    consented, the guardianship is not verified.
    """
    add_photographer(anna)
    aile = add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga", "Niila Magga"])
    record_consent(anna, aile, by="Inga Magga")
    beaivi = create_person(anna, "Beaivi Nuorgam", date(2016, 4, 1))
    create_person(anna, "Juhani Nuorgam")
    add_guardian(anna, beaivi, "H-6", basis=GuardianBasis.PARENT)
    record_consent(anna, beaivi, by="H-6")
    add_event(anna, "Syysjuhla", on=date(2026, 1, 2))
    of_event = replace(SHOWN, event="Syysjuhla")
    for number, child in enumerate((aile, aile, aile, beaivi)):
        tag_person(anna, register_photo(anna, tmp_path, of_event, f"{number}.jpg"), child)
    register_photo(anna, tmp_path, replace(EMPTY_STREET, event="Syysjuhla"), "empty.jpg")


def causes(run: Run, *words: str, login: str = "kaisa", exit_code: int = 3) -> list[dict[str, Any]]:
    found = json.loads(run(*words, "--format", "json", login=login, exit_code=exit_code).stdout)
    jsonschema.validate(found, CHECK.schema())
    rows: list[dict[str, Any]] = found["causes"]
    return rows


@pytest.mark.usefixtures("feast")
def test_an_event_is_told_by_cause_the_one_of_the_most_photos_first(run: Run) -> None:
    told = run(*EVENT, exit_code=3).stdout.splitlines()

    assert told[1:3] == ["  PUBLISHABLE: 1 (P-5)", "  REFUSED: 4 (P-1–P-4)"]
    first = next(number for number, line in enumerate(told) if line.startswith("  3 photos"))
    assert told[first : first + 3] == [
        (
            "  3 photos: an answer is needed from H-4 Niila Magga about H-2 Aile Magga: not every "
            "guardian has consented [MI_GUARDIAN_PARTIAL]"
        ),
        "    P-1–P-3",
        (
            "    → photoreg consent record --for H-2 --by H-4 --event Syysjuhla "
            "--channel kunta-public-page --until DAY --on DAY --evidence FILE"
        ),
    ]
    assert all(line.startswith("  1 photo: ") for line in told[first + 3 :: 3] if line)
    assert len(told) < 20


@pytest.mark.usefixtures("feast")
def test_details_are_shown_when_they_are_asked_for(run: Run) -> None:
    short = run(*EVENT, exit_code=3)
    assert "add --details" in short.stderr
    assert "guideline" not in short.stdout
    whole = run(*EVENT, "--details", exit_code=3).stdout
    assert whole.startswith(short.stdout.split("This checks")[0].rstrip())
    assert "[H-2 Aile Magga]: not every guardian has consented" in whole
    assert "guideline" in whole
    assert "✓" in run(*EVENT, "--explain", exit_code=3).stdout


@pytest.mark.usefixtures("feast")
def test_the_step_of_a_cause_mends_all_its_photos(run: Run) -> None:
    [waiting, *_others] = causes(run, *EVENT)
    assert waiting["photos"] == ["P-1", "P-2", "P-3"]
    assert waiting["waits_for"] == [{"id": "H-4", "name": "Niila Magga"}]
    day, until = ("--on", "2026-01-03"), ("--until", "2099-01-01", "--paper", "folder 2")
    run("consent", "record", *NIILA, *CHANNEL, *day, *until)

    assert {photo for each in causes(run, *EVENT) for photo in each["photos"]} == {"P-4"}


@pytest.mark.usefixtures("feast")
def test_guardianships_are_verified_for_the_whole_event(run: Run, anna: Application) -> None:
    create_person(anna, "Rauna Nuorgam")
    add_guardian(anna, "H-5", "H-7", basis=GuardianBasis.PARENT)
    record_consent(anna, "H-5", by="H-7")
    [cause] = [each for each in causes(run, *EVENT) if each["step"]["action"] == "guardian_verify"]
    assert cause["next"] == "photoreg guardian verify --event Syysjuhla --how HOW"
    assert [each["id"] for each in cause["waits_for"]] == ["H-6", "H-7"]

    done = run("guardian", "verify", "--event", "Syysjuhla", "--how", "school register")

    assert done.stdout.splitlines() == [
        "H-6 Juhani Nuorgam is a verified guardian of H-5 Beaivi Nuorgam.",
        "H-7 Rauna Nuorgam is a verified guardian of H-5 Beaivi Nuorgam.",
    ]
    assert all(each.verified for each in list_guardians(anna, "H-5"))
    again = run("guardian", "verify", "--event", "Syysjuhla", "--how", "school register")
    assert "waits for verification" in again.stderr
    run("guardian", "verify", "H-5", "--event", "Syysjuhla", "--how", "register", exit_code=2)
    run("guardian", "verify", "H-5", "--how", "register", exit_code=2)


@pytest.mark.usefixtures("feast")
def test_photos_named_one_by_one_get_no_step_for_the_whole_event(run: Run) -> None:
    [waiting, *_others] = causes(run, "check", *PHOTOS, *CHANNEL)
    assert waiting["for_each_photo"]
    assert waiting["step"]["arguments"]["photo"] == "P-1"
    assert "event" not in waiting["step"]["arguments"]
    told = run("check", *PHOTOS, *CHANNEL, exit_code=3).stdout
    assert "Do the same for each of these photos." in told


@pytest.mark.usefixtures("feast")
def test_one_photo_is_told_whole(run: Run) -> None:
    told = run("check", "P-1", *CHANNEL, exit_code=3).stdout
    assert "[H-2 Aile Magga]: not every guardian has consented" in told
    assert "            H-4 Niila Magga" in told.splitlines()  # who the guardian of the step is
    assert "by cause" not in told


@pytest.mark.usefixtures("feast")
def test_names_stand_only_where_the_reader_may_see_them(run: Run) -> None:
    for login in ("tarja",):
        for words in (EVENT, ("check", "P-1", *CHANNEL), (*EVENT, "--format", "json")):
            told = run(*words, login=login, exit_code=3).output
            assert "H-2" in told
            assert "Magga" not in told
    refused = run("guardian", "excuse", "H-5", "H-6", *excuse(), exit_code=5).stderr
    assert "the guardianship of H-6 Juhani Nuorgam is not verified" in refused
    assert refused.splitlines()[-1] == "H-5 Beaivi Nuorgam"


def excuse() -> tuple[str, ...]:
    paper = Path("paper.pdf").absolute()
    return ("--ground", "abroad", "--evidence", str(paper))


@pytest.mark.usefixtures("feast")
def test_why_a_photo_is_stopped_is_told_by_no_cause(run: Run) -> None:
    run("person", "block", "H-5", login="anna")
    told = run(*EVENT, login="anna", exit_code=3).stdout
    assert "  1 photo: this photo may not be published [RG_STOPPED]\n    P-4\n" in told
    assert "H-5" not in told
    assert "Beaivi" not in told
    rows = causes(run, *EVENT, login="anna")
    assert "H-5" not in json.dumps(rows)


def test_questions_are_answered_by_one_sheet_and_a_photographer_for_all_photos_at_once(
    run: Run, anna: Application, tmp_path: Path
) -> None:
    add_event(anna, "Syysjuhla", on=date(2026, 1, 2))
    for number in range(3):
        register_photo(
            anna,
            tmp_path,
            PhotoAnswers(event="E-1", photographer=Photographer.UNKNOWN),
            f"{number}.jpg",
        )
    found = {each["codes"][0]: each["next"] for each in causes(run, *EVENT)}
    assert found["RG_INCOMPLETE"] == "photoreg sheet export Syysjuhla --output Syysjuhla.xlsx"
    assert found["CR_PHOTOGRAPHER_UNKNOWN"] == (
        "photoreg photo answer P-1 P-2 P-3 --photographer NAME"
    )


def test_photos_of_an_employee_without_an_agreement_are_one_cause(
    run: Run, anna: Application, tmp_path: Path
) -> None:
    add_event(anna, "Syysjuhla", on=date(2026, 1, 2))
    create_person(anna, "Áile Länsman")
    taken = replace(
        EMPTY_STREET,
        photographers=("Áile Länsman",),
        basis=Basis.STAFF_NO_AGREEMENT,
        event="E-1",
        credit="Kuva: Áile Länsman",
    )
    for number in range(3):
        register_photo(anna, tmp_path, taken, f"{number}.jpg")
    [cause] = [
        each
        for each in causes(run, *EVENT, exit_code=4)
        if "CR_EMPLOYEE_NO_AGREEMENT" in each["codes"]
    ]
    assert cause["photos"] == ["P-1", "P-2", "P-3"]
    assert "permission grant --photographer H-1 --event Syysjuhla" in cause["next"]


def test_consecutive_photos_are_written_as_ranges() -> None:
    assert photo_ranges([5, 1, 2, 3, 9, 8]) == "P-1–P-3, P-5, P-8–P-9"


def test_what_a_sheet_asks_is_known() -> None:
    assert set(COLUMNS) >= IN_A_SHEET


def test_a_consent_of_the_whole_kind_is_no_cause(
    run: Run, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    add_event(anna, "Syysjuhla", on=date(2026, 1, 2))
    elle = create_person(anna, "Elle Valkeapää")
    record_consent(anna, elle, granted_consent())
    for number in range(2):
        of_event = replace(SHOWN, event="E-1")
        tag_person(anna, register_photo(anna, tmp_path, of_event, f"{number}.jpg"), elle)
    assert causes(run, *EVENT, exit_code=0) == []


@pytest.mark.usefixtures("feast")
def test_a_guardians_no_is_told_with_the_guardian_and_the_child(
    run: Run, anna: Application
) -> None:
    record_consent(anna, "H-2", ConsentStatement(ConsentKind.REFUSED), by="H-4")
    told = run(*EVENT, exit_code=3).stdout
    line = "a guardian has refused: H-4 Niila Magga, on behalf of H-2 Aile Magga"
    assert f"  3 photos: {line} [MI_GUARDIAN_REFUSED]" in told
    one = run("--lang", "fi", "check", "P-1", *CHANNEL, exit_code=3).stdout
    assert "kieltäjä: H-4 Niila Magga" in one
    [row] = json.loads(run("check", "P-1", *CHANNEL, "--format", "json", exit_code=3).stdout)[
        "items"
    ]
    by_code = {each["code"]: each["said_by"] for each in row["findings"]}
    assert by_code["MI_GUARDIAN_REFUSED"] == [{"id": "H-4", "name": "Niila Magga"}]


@pytest.mark.usefixtures("feast")
def test_what_was_withdrawn_is_listed_only_while_it_is_published(
    run: Run, anna: Application
) -> None:
    record_consent(anna, "H-2", by="H-4")
    post = ("publication", "add", "P-1", "P-2", *CHANNEL, "--url", "https://kunta.example/1")
    run(*post)
    run("consent", "withdraw", "--for", "H-2", "--by", "H-4")
    listed = "→ photoreg publication list"
    assert listed in run(*EVENT, exit_code=3).stdout
    run("publication", "takedown", "T-1", "T-2", "--proof", "Looked at the page.")
    told = run(*EVENT, exit_code=3).stdout
    assert "a guardian has withdrawn the consent" in told
    assert listed not in told


def test_a_step_of_a_closed_group_tells_why_it_asks_for_a_public_page(
    run: Run, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    tag_person(anna, register_photo(anna, tmp_path, SHOWN), create_person(anna, "Aile Magga"))
    group = ("channel", "add", "wilma", "Wilma", "--kind", "closed_group", "--own")
    run(*group, "--admin", "anna", "--since", "2026-01-02")
    told = run("check", "P-1", "--channel", "wilma", exit_code=3).stdout
    assert "--channel kunta-public-page" in told
    why = "wilma counts as a public page, so a yes to kunta-public-page is needed, and is enough."
    assert why in told
