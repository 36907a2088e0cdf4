"""`photo confirm`, `audit second-looks` and `today`: what colleagues type and see."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.cli.test_register_folders import take
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    register_photo,
    tag_person,
)

from photoreg.presentation.second_looks import stated_code
from photoreg.presentation.views.audits import SECOND_LOOKS
from photoreg.texts import use_language

Run = Callable[..., Result]
CHANNEL = ("--channel", PAGE_USE.channel)


@pytest.fixture
def taken_back(run: Run, application_for: ApplicationFor, tmp_path: Path) -> tuple[str, ...]:
    """Photos about which Anna said that nobody can tell who is shown, and then nobody is."""
    anna = application_for("anna")
    add_photographer(anna)
    photos = tuple(register_photo(anna, tmp_path, name=f"{n}.jpg") for n in range(3))
    run("photo", "answer", *photos, "--people", "unsure", login="anna")
    run("photo", "answer", *photos, "--people", "none", login="anna")
    return photos


def test_today_tells_what_was_changed_at_once_in_one_line_with_one_command(
    run: Run, taken_back: tuple[str, ...], application_for: ApplicationFor, tmp_path: Path
) -> None:
    other = register_photo(application_for("anna"), tmp_path, name="other.jpg")
    for people in ("unsure", "none"):
        run("photo", "answer", other, "--people", people, login="anna")

    told = run("today", login="ville").stdout

    assert "an answer about 3 photos, such as P-1 0.jpg, was taken back" in told
    assert "→ photoreg photo confirm P-1 P-2 P-3 --people ANSWER" in told
    assert "→ photoreg photo confirm P-4 --people ANSWER" in told
    items = json.loads(run("today", "--format", "json", login="ville").stdout)["items"]
    assert [(i["photo"], i["count"]) for i in items if i["matter"] == "second_look"] == [
        ("P-1", 3),
        ("P-4", 1),
    ]
    run("photo", "confirm", *taken_back, "--people", "none", login="ville")
    assert "P-1 " not in run("today", login="ville").stdout


def test_one_command_of_a_colleague_confirms_many_photos(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    refused = run("check", *taken_back, *CHANNEL, login="anna", exit_code=3).stdout
    assert "RG_SECOND_LOOK" in refused
    assert "Only a colleague can do this:\n    → photoreg photo confirm P-1 P-2 P-3" in refused
    own = run("photo", "confirm", "P-1", login="anna", exit_code=5, typed="none\n")
    assert "you took back an answer about P-1 yourself" in own.stderr
    assert "before:" not in own.output  # refused before anything is asked
    for_ville = run("check", *taken_back, *CHANNEL, login="ville", exit_code=3).stdout
    assert "→ photoreg photo confirm P-1 P-2 P-3 --people ANSWER" in for_ville
    run("photo", "confirm", *taken_back, "--people", "none", login="anna", exit_code=5)

    confirmed = run("photo", "confirm", *taken_back, "--people", "none", login="ville")

    assert confirmed.stdout == "P-1–P-3: confirmed.\n"
    assert confirmed.stderr.count("before: People: not certain") == 1
    assert "taken back by anna on" in confirmed.stderr
    run("check", *taken_back, *CHANNEL, login="anna")


def test_without_an_answer_the_question_and_both_answers_are_shown_and_it_stays_open(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    shown = run("photo", "confirm", taken_back[0], login="ville", exit_code=4).stderr.splitlines()
    assert shown[:3] == ["P-1", "  before: People: not certain", "  now: People: nobody is shown"]
    assert shown[3].startswith("  taken back by anna on ")
    assert shown[4:] == [
        "Look at the photo and state your own answer: --people",
        "If it was right before:",
        "→ photoreg photo confirm P-1 --people unsure",
        "If it is right now:",
        "→ photoreg photo confirm P-1 --people none",
    ]
    run("check", taken_back[0], *CHANNEL, exit_code=3)


def test_two_open_questions_about_a_photo_are_answered_by_one_step(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    photo = taken_back[0]
    run("photo", "answer", photo, "--confidential", "unsure", login="anna")
    run("photo", "answer", photo, "--confidential", "none", login="anna")

    told = run("photo", "confirm", photo, login="ville", exit_code=4).stderr.splitlines()

    steps = [line.removeprefix("→ photoreg ") for line in told if "→" in line]
    assert steps == [
        "photo confirm P-1 --confidential unsure --people unsure",
        "photo confirm P-1 --confidential none --people none",
    ]
    run(*steps[1].split(), login="ville")
    run("check", photo, *CHANNEL)


@pytest.mark.parametrize(
    ("change", "was", "now"),
    [
        ("photo untag P-1 --person H-2", "--person H-2", "--not-shown H-2"),
        ("person change H-2 --born 1999-03-01", "--is minor", "--is adult"),
    ],
)
def test_both_answers_name_whom_and_what_they_are_about(
    run: Run,
    application_for: ApplicationFor,
    tmp_path: Path,
    change: str,
    was: str,
    now: str,
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää", date(2012, 3, 1)))
    run(*change.split(), login="anna")
    told = run("photo", "confirm", photo, login="ville", exit_code=4).stderr
    steps = [line for line in told.splitlines() if "→" in line]
    assert steps[:2] == [f"→ photoreg photo confirm P-1 {answer}" for answer in (was, now)]
    assert "--not-shown PERSON" not in run("check", photo, *CHANNEL, exit_code=3).stdout


def steps_in(text: str) -> list[str]:
    return [line.partition("→ photoreg ")[2] for line in text.splitlines() if "→" in line]


def test_photos_answered_differently_are_asked_about_and_confirmed_separately(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    other = ("--people", "unrecognisable", "--context", "no")
    run("photo", "answer", "P-3", *other, login="anna")
    checked = run("check", *taken_back, *CHANNEL, login="ville", exit_code=3).stdout
    asked = [step for step in steps_in(checked) if "confirm" in step]
    assert asked == [
        "photo confirm P-1 P-2 --people ANSWER",
        "photo confirm P-3 --people ANSWER",
    ]

    confirm = ("photo", "confirm", *taken_back, "--people", "none")
    refused = run(*confirm, login="ville", exit_code=9).stderr

    assert "cannot be for all of them: P-1, P-2; P-3" in refused
    assert steps_in(refused) == [
        "photo confirm P-1 P-2 --people unsure",
        "photo confirm P-1 P-2 --people none",
        "photo confirm P-3 --people unsure",
        "photo confirm P-3 --people unrecognisable",
    ]
    run(*steps_in(refused)[1].split(), login="ville")
    run(*steps_in(refused)[3].split(), login="ville")
    run("check", *taken_back, *CHANNEL)


def test_photographers_of_many_photos_are_not_replaced_by_one_where_the_basis_is_confirmed(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    takers = [create_person(anna, name) for name in ("Tuula Rova", "Petri Tornensis")]
    for name, taker in zip("12", takers, strict=True):
        answers = replace(EMPTY_STREET, photographers=(taker,))
        photo = register_photo(anna, tmp_path, answers, f"{name}.jpg")
        run("photo", "answer", photo, "--basis", "photographer_permission", login="anna")
    run("photo", "answer", "P-1", "P-2", "--basis", "staff_no_agreement", login="anna")

    asked = run("photo", "confirm", "P-1", "P-2", login="ville", exit_code=4).stderr
    assert steps_in(asked)[1] == "photo confirm P-1 P-2 --basis staff_no_agreement"
    assert "Photographers:" not in asked
    one = (*steps_in(asked)[1].split(), "--photographer", "Tuula Rova")
    assert "P-1; P-2" in run(*one, login="ville", exit_code=9).stderr
    assert "Petri Tornensis" in run("show", "P-2").stdout

    run(*steps_in(asked)[1].split(), login="ville")
    assert "Petri Tornensis" in run("show", "P-2").stdout


def test_who_confirms_is_told_that_the_photographer_of_the_event_was_replaced(
    run: Run, tmp_path: Path
) -> None:
    for name in ("Tuula Rova", "Petri Tornensis"):
        run("person", "add", name, "--adult")
    run("channel", "add", "kunta", "Kunta", "--kind", "public_page", "--own")
    run("event", "add", "Juhla", "--on", "2026-05-30", "--photographer", "Tuula Rova")
    take(tmp_path / "1.jpg", artist="Petri Tornensis")
    run("register", tmp_path / "1.jpg", "--event", "Juhla", "--people", "none", login="anna")
    replaced = ("photo", "answer", "P-1", "--photographer", "Petri Tornensis")
    run(*replaced, login="anna")

    asked = run("photo", "confirm", "P-1", login="ville", exit_code=4).stderr

    assert "Photographers: H-1 Tuula Rova" in asked
    assert "Photographers: H-2 Petri Tornensis" in asked
    assert steps_in(asked) == [f"photo confirm P-1 --photographer H-{n}" for n in "12"]
    run("photo", "answer", "P-1", "--photographer", "Tuula Rova", login="anna")
    run("photo", "confirm", "P-1", login="ville", exit_code=5)  # it was put back
    run(*replaced, login="anna")
    run(*steps_in(asked)[1].split(), login="ville")
    assert "H-2 Petri Tornensis" in run("show", "P-1").stdout
    assert "RG_SECOND_LOOK" not in run("check", "P-1", "--channel", "kunta", exit_code=3).stdout


def test_a_photo_that_waits_for_nothing_cannot_be_confirmed(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    run("photo", "confirm", *taken_back, "--people", "none")
    told = run("photo", "confirm", "P-1", "--people", "none", exit_code=5).stderr
    assert "nothing about P-1 waits for a second look" in told


def test_whoever_takes_an_answer_back_is_told_at_once_that_the_photo_is_refused(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path)
    first = run("photo", "answer", photo, "--people", "unsure", login="anna").stdout
    assert "RG_SECOND_LOOK" not in first
    told = run("photo", "answer", photo, "--people", "none", login="anna").stdout
    assert "Refused until a colleague has looked" in told
    assert "(RG_SECOND_LOOK): P-1" in told
    put_back = run("photo", "answer", photo, "--people", "unsure", login="anna").stdout
    assert "RG_SECOND_LOOK" not in put_back


def test_colleagues_see_today_what_waits_and_whoever_took_it_back_that_it_waits_for_them(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    assert "→ photoreg photo confirm P-1" in run("today", login="ville").stdout
    own = run("today", login="anna").stdout
    assert "photo confirm" not in own
    assert "3 photos, such as P-1 0.jpg, wait for a colleague" in own
    assert "waits for a colleague" not in run("today", login="ville").stdout
    for_auditor = run("today", login="tarja").stdout
    assert "→ photoreg audit second-looks" in for_auditor
    assert "photo confirm" not in for_auditor
    assert taken_back


def test_the_audit_lists_who_took_back_what_and_who_confirmed_it(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    run("photo", "confirm", taken_back[0], "--people", "none", login="ville")
    rows = json.loads(run("audit", "second-looks", "--format", "json", login="tarja").stdout)
    jsonschema.validate(rows, SECOND_LOOKS.schema())
    first, second, _third = rows["items"]
    assert (first["before"], first["after"]) == (["people=unsure"], ["people=none"])
    assert (first["taken_back_by"], first["confirmed_by"]) == ("anna", "ville")
    assert first["outcome"] == "agreed"
    assert second["outcome"] is None


def test_who_was_taken_out_is_not_answered_by_the_number_of_people_or_another_name(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    for name in ("Elle Valkeapää", "Inga Magga"):
        create_person(anna, name)
    tag_person(anna, photo, "H-2")
    run("photo", "untag", photo, "--person", "H-2", login="anna")
    confirm = ("photo", "confirm", photo)
    asked = run(*confirm, "--people", "none", login="ville", exit_code=4)
    assert "state your own answer: --person/--not-shown" in asked.stderr
    other = run(*confirm, "--not-shown", "H-3", login="ville", exit_code=9)
    assert "it is not said whether the photo shows H-2" in other.stderr
    assert "P-1: confirmed." in run(*confirm, "--not-shown", "H-2", login="ville").stdout


def test_an_answer_that_differs_is_told_with_what_holds_now(
    run: Run, taken_back: tuple[str, ...]
) -> None:
    differs = ("--people", "recognisable", "--count", "2")
    told = run("photo", "confirm", taken_back[0], *differs, login="ville").stdout
    assert "your answer differs. The stricter one applies now: " in told
    assert "People: somebody can be recognised" in told


def test_values_to_confirm_are_shown_before_one_is_asked_for(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää", date(2012, 3, 1)))
    run("person", "change", "H-2", "--born", "1999-03-01")
    advised = run("check", photo, *CHANNEL, login="ville", exit_code=3).stdout
    assert "→ photoreg photo confirm P-1\n" in advised
    shown = run("photo", "confirm", photo, login="ville", exit_code=4).stderr
    assert "possible answers: adult (an adult), minor (a minor), unknown (not known)" in shown


def test_an_answer_about_photos_that_look_alike_is_typed_as_it_is_shown() -> None:
    use_language("fi")
    assert stated_code("Eri kuvia") == "different"
    assert stated_code("same") == "same"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "grown is not one of: adult (an adult), minor (a minor), unknown (not known)"),
        ("fi", "grown ei ole mikään näistä: adult (täysi-ikäinen), minor (alaikäinen), unknown"),
    ],
)
def test_a_value_that_is_no_choice_is_rejected_with_the_choices_and_changes_nothing(
    run: Run, application_for: ApplicationFor, tmp_path: Path, language: str, told: str
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää", date(2012, 3, 1)))
    run("person", "change", "H-2", "--born", "1999-03-01")
    looks = ("audit", "second-looks", "--format", "json")
    before = run(*looks).stdout

    use_language(language)
    refused = run("photo", "confirm", photo, "--is", "grown", login="ville", exit_code=9)

    assert told in refused.stderr
    assert "--is" in refused.stderr
    assert run(*looks).stdout == before
    assert "photo.second_look" not in run("audit", "log", "--photo", photo, "--limit", "1").stdout
