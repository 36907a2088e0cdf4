"""`case`: what the coordinator sees and types."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.presentation.views.decisions import CASES
from photoreg.rulebook.facts import Basis, Place, Shot
from photoreg.services.photos import answers
from photoreg.services.photos.answers import PhotoAnswers

Run = Callable[..., Result]
CHANNEL = ("--channel", PAGE_USE.channel)
SIXTEEN = date(date.today().year - 17, 12, 31)  # noqa: DTZ011, TID251 - the program's own day
RULE = ("case", "rule", "K-1")
BECAUSE = ("--reason", "Nobody stands out.")


@pytest.fixture
def market(run: Run, application_for: ApplicationFor, tmp_path: Path) -> str:
    """An unclear photo for which Anna has asked for approval: a case K-1, at which Kaisa looked."""
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "market.jpg")
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    result = run("approve", photo, *CHANNEL, login="anna", exit_code=4)
    assert "case K-1" in result.stdout
    run("case", "show", "K-1")
    return photo


def test_an_unclear_photo_passes_once_the_coordinator_has_ruled(run: Run, market: str) -> None:
    result = run(*RULE, "publishable", *BECAUSE)
    assert "may be published" in result.stdout
    assert "it becomes void if any of them changes" in result.stderr
    assert f"→ photoreg approve {market} --channel {PAGE_USE.channel}" in result.stderr

    run("check", market, *CHANNEL, login="anna")
    assert "decision D-1" in run("approve", market, *CHANNEL, login="anna").stdout


def test_a_ruling_is_void_after_a_change(
    run: Run, market: str, application_for: ApplicationFor
) -> None:
    run(*RULE, "publishable", *BECAUSE)
    tag_person(
        application_for("anna"), market, create_person(application_for("anna"), "Ante Valkeapää")
    )

    run("check", market, *CHANNEL, exit_code=4)
    shown = run("case", "show", "K-1")
    assert "void: the facts have changed since" in shown.stdout
    assert f"photoreg approve {market}" in shown.stderr


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(
    ("kind", "verdict", "exit_code"), [("refused", "REFUSED", 3), ("needs-facts", "UNCLEAR", 4)]
)
def test_the_other_rulings(run: Run, kind: str, verdict: str, exit_code: int) -> None:
    assert verdict in run(*RULE, kind, *BECAUSE).stdout
    run("check", "P-1", *CHANNEL, exit_code=exit_code)


@pytest.mark.usefixtures("market")
def test_case_show_shows_the_facts_in_words_and_no_names(run: Run) -> None:
    shown = run("case", "show", "k-1", login="tarja").stdout
    for line in (
        "by anna",
        "The place: a street, a park or another public place outdoors",
        "H-2 is shown",
        "own answer: not asked",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "guideline T5",
        "How to fix this:",
    ):
        assert line in shown
    assert "Elle" not in shown
    assert "1980" not in shown


def test_case_show_shows_what_guardians_said(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    child = add_child(anna, "Máret V", SIXTEEN, guardians=["Ante V"])
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Ante V")
    run("approve", photo, *CHANNEL, login="anna", exit_code=4)

    shown = run("case", "show", "K-1").stdout
    said = [line for line in shown.splitlines() if line.startswith("    guardian H-3: yes; for ")]
    assert len(said) == 1
    assert "print, a public page, the website (information), until" in said[0]
    assert "number of guardians: 1" in shown


@pytest.mark.usefixtures("market")
def test_case_list_as_data_follows_its_schema(run: Run) -> None:
    run(*RULE, "publishable", *BECAUSE)

    data = json.loads(run("case", "list", "--all", "--format", "json").stdout)
    jsonschema.validate(data, CASES.schema())
    [item] = data["items"]
    assert (item["state"], item["ruling"], item["photo"]) == ("ruled", "publishable", "P-1")
    assert "the list is empty" in run("case", "list").stderr


@pytest.mark.usefixtures("market")
def test_case_list_is_a_table_of_labels(run: Run) -> None:
    listed = run("case", "list", *CHANNEL).stdout
    assert "K-1" in listed
    assert "PE_RECOGNISABLE_IN_GENERAL_VIEW" in listed
    assert run("case", "list", "--channel", "kunta-print").stdout == ""


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize("login", ["anna", "tarja"])
def test_only_coordinators_rule(run: Run, login: str) -> None:
    assert "does not allow this" in run(*RULE, "refused", *BECAUSE, login=login, exit_code=5).stderr


def test_a_coordinator_does_not_rule_on_their_own_photo(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    kaisa = application_for("kaisa")
    add_photographer(kaisa)
    photo = register_photo(kaisa, tmp_path, MARKET)
    tag_person(kaisa, photo, create_person(kaisa, "Elle Valkeapää"))
    run("approve", photo, *CHANNEL, exit_code=4)

    for login in ("kaisa", "ville"):
        run("case", "show", "K-1", login=login)
    assert "four eyes" in run(*RULE, "publishable", *BECAUSE, exit_code=5).stderr
    run(*RULE, "publishable", *BECAUSE, login="ville")


@pytest.mark.usefixtures("market")
def test_nobody_rules_on_a_refused_photo(run: Run, application_for: ApplicationFor) -> None:
    withdraw_consent(application_for("anna"), "Elle Valkeapää")
    told = run(*RULE, "publishable", *BECAUSE, exit_code=5).stderr
    assert "a refusal cannot be overridden" in told
    assert "photoreg check P-1 --channel kunta-public-page" in told
    assert "Elle" not in told


def test_nobody_rules_on_facts_that_have_changed(
    run: Run, market: str, application_for: ApplicationFor
) -> None:
    answers.answer(application_for("anna"), [market], PhotoAnswers(context_identifies=True))
    told = run(*RULE, "publishable", *BECAUSE, exit_code=5).stderr
    assert "have changed since K-1 was opened" in told
    assert "photoreg approve P-1" in told


@pytest.mark.usefixtures("market")
def test_a_case_is_ruled_on_once(run: Run) -> None:
    run(*RULE, "refused", *BECAUSE)
    told = run(*RULE, "publishable", *BECAUSE, exit_code=5).stderr
    assert "already ruled on" in told
    assert "photoreg case correct K-1" in told


@pytest.mark.usefixtures("market")
def test_a_document_that_is_none_corrects_nothing(run: Run, tmp_path: Path) -> None:
    run(*RULE, "refused", *BECAUSE)
    os.mkfifo(tmp_path / "pipe")
    for document in (tmp_path / "pipe", tmp_path, tmp_path / "missing.pdf"):
        correct = ("case", "correct", "K-1", "publishable", *BECAUSE)
        run(*correct, "--evidence", document, exit_code=9)
    assert "correct" in run("case", "show", "K-1").stderr


@pytest.mark.usefixtures("market")
def test_a_ruling_is_corrected_and_both_are_shown(run: Run) -> None:
    run(*RULE, "refused", *BECAUSE)
    assert "photoreg case correct K-1" in run("case", "show", "K-1").stderr
    told = run("case", "correct", "K-1", "publishable", *BECAUSE).stdout
    assert "may be published" in told
    assert "K-2" in run("case", "show", "K-1").stderr
    assert "It corrects the ruling on K-1." in run("case", "show", "K-2").stdout


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        ((*RULE, "publishable"), 2, "--reason"),
        ((*RULE, "publishable", "--reason", "  "), 9, "the reason is missing"),
        ((*RULE, "publishable", "--reason", "Elle 131052-308T"), 9, "identity code"),
        ((*RULE, "perhaps", *BECAUSE), 2, "publishable"),
        (("case", "rule", "K-99", "refused", *BECAUSE), 6, "K-99 is not in the registry"),
        (("case", "rule", "P-1", "refused", *BECAUSE), 9, "K-12"),
        (("case", "show", "K-99"), 6, "K-99"),
        (("case", "show", "nonsense"), 9, "nonsense"),
        (("case", "list", "--channel", "nowhere"), 6, "nowhere"),
    ],
)
def test_bad_input_is_reported(run: Run, words: tuple[str, ...], exit_code: int, told: str) -> None:
    result = run(*words, exit_code=exit_code)
    assert told in result.stderr
    assert result.stdout == ""


def _another(application_for: ApplicationFor, run: Run, folder: Path) -> str:
    """A second unclear photo like the first: case K-2."""
    anna = application_for("anna")
    photo = register_photo(anna, folder, MARKET, "another.jpg")
    tag_person(anna, photo, "H-2")
    run("approve", photo, *CHANNEL, login="anna", exit_code=4)
    return photo


@pytest.mark.usefixtures("market")
def test_the_reason_of_an_earlier_ruling_is_offered_and_taken_only_when_confirmed(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    run(*RULE, "publishable", *BECAUSE, "--until", "2099-12-31")
    photo = _another(application_for, run, tmp_path)
    shown = run("case", "show", "K-2")
    assert "Earlier rulings for the same reasons, in a public place:" in shown.stdout
    assert "K-1 P-1: may be published until 2099-12-31 (kaisa, " in shown.stdout
    assert "Nobody stands out." in shown.stdout
    assert "photoreg case rule K-2 publishable --like K-1" in shown.stderr

    like = ("case", "rule", "K-2", "publishable", "--like", "K-1")
    asked = run(*like, typed="n\n")
    assert "Nothing was changed." in asked.stderr
    assert "Does this reason also apply to K-2" in asked.stderr
    run(*like, exit_code=130)  # nobody there to confirm
    run("--lang", "fi", *like, typed="ei\n")
    run("check", photo, *CHANNEL, exit_code=4)
    run("--lang", "fi", *like, typed="k\n")
    run("--lang", "en", "today")
    run("check", photo, *CHANNEL)
    assert "Reason: Nobody stands out." in run("case", "show", "K-2").stdout


@pytest.mark.usefixtures("market")
def test_a_ruling_shows_its_last_day_and_its_evidence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "opinion.pdf").write_bytes(b"opinion")
    run(
        *RULE,
        "publishable",
        *BECAUSE,
        "--until",
        "31.12.2099",
        "--evidence",
        tmp_path / "opinion.pdf",
    )
    shown = run("case", "show", "K-1").stdout
    assert "Valid until 2099-12-31." in shown
    assert "Evidence: " in shown


@pytest.mark.usefixtures("market")
def test_the_queue_is_filtered_and_sorted(run: Run) -> None:
    run("photo", "flag", "P-1", "--reason", "A name is on the wall.")
    listed = json.loads(run("case", "list", "--sort", "channel", "--format", "json").stdout)
    jsonschema.validate(listed, CASES.schema())
    assert [item["case"] for item in listed["items"]] == ["F-1"]  # the flag voids the case
    everything = run("case", "list", "--all", "--sort", "due", "--format", "json")
    assert len(json.loads(everything.stdout)["items"]) == 2
    for only in (("--overdue",), ("--older-than", "1")):
        assert "the list is empty" in run("case", "list", *only).stderr
    assert "A name is on the wall." in run("case", "show", "F-1").stdout


@pytest.mark.usefixtures("market")
def test_a_reason_is_written_or_taken_not_both(run: Run) -> None:
    run(*RULE, "publishable", exit_code=2)
    run(*RULE, "publishable", *BECAUSE, "--like", "K-1", exit_code=2)
    run(*RULE, "publishable", "--like", "K-1", exit_code=5)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Void, because the facts have changed"),
        ("fi", "Rauenneet tapaukset (tiedot ovat muuttuneet)"),
    ],
)
def test_a_change_shows_which_cases_it_made_void(
    run: Run, market: str, language: str, told: str
) -> None:
    change = ("--lang", language, "photo", "answer", market, "--sensitive", "yes")
    changed = run(*change, login="anna").stdout
    assert told in changed
    assert f"K-1: {market}" in changed
    assert "→ photoreg case show K-1" in changed
    assert "K-1" not in run(*change, login="anna").stdout


@pytest.mark.usefixtures("market")
def test_a_case_does_not_advise_to_show_itself(run: Run) -> None:
    shown = run("case", "show", "K-1")
    assert "case show K-1" not in shown.stdout + shown.stderr


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(("login", "rules"), [("kaisa", True), ("anna", False), ("tarja", False)])
def test_the_commands_for_a_ruling_are_shown_to_those_who_may_rule(
    run: Run, login: str, rules: bool
) -> None:
    shown = run("--lang", "fi", "case", "show", "K-1", login=login).stderr
    ruling = "→ photoreg case rule K-1 publishable --reason TEKSTI"
    assert (ruling in shown) == rules
    assert ("odottaa viestintäkoordinaattorin ratkaisua" in shown) != rules


def test_a_case_that_needs_facts_says_how_to_record_them(run: Run, market: str) -> None:
    run(*RULE, "needs-facts", "--reason", "Who ordered the picture?")
    assert "Who ordered the picture?" in run("check", market, *CHANNEL, exit_code=4).stdout
    shown = run("case", "show", "K-1", login="anna").stderr
    assert "photo answer" not in shown, "the case asks nothing that an option answers"
    assert f"→ photoreg approve {market} --channel {PAGE_USE.channel}" in shown


@pytest.fixture
def staff_photos(application_for: ApplicationFor, tmp_path: Path) -> tuple[str, ...]:
    """Three photos by a member of staff (H-1) with whom nothing is agreed about their use."""
    anna = application_for("anna")
    create_person(anna, PHOTOGRAPHER_NAME)
    taken = replace(EMPTY_STREET, basis=Basis.STAFF_NO_AGREEMENT, credit="Kuva: Áile")
    return tuple(register_photo(anna, tmp_path, taken, f"{number}.jpg") for number in range(3))


def test_photos_of_one_cause_are_one_case_that_says_first_what_ends_it(
    run: Run, staff_photos: tuple[str, ...]
) -> None:
    asked = run("approve", *staff_photos, *CHANNEL, login="anna", exit_code=4).stdout
    assert "case K-1 (P-1–P-3)" in asked
    assert "P-1–P-3" in run("case", "list").stdout
    shown = run("case", "show", "K-1")
    assert "  P-1–P-3 (3): open" in shown.stdout
    steps = [line for line in shown.stderr.splitlines() if "→" in line]
    assert steps[0].startswith(
        "→ photoreg permission grant --photographer H-1 --photo P-1 --photo P-2 --photo P-3"
    )
    assert steps[1].startswith("→ photoreg case rule K-1 publishable")
    assert "P-1–P-3 (3)" in run("--lang", "fi", *RULE, "publishable", *BECAUSE).stdout
    run("check", *staff_photos, *CHANNEL)


@pytest.mark.parametrize(
    ("language", "closed", "shown"),
    [
        ("en", "Closed, because the photos may now be published", "no ruling is needed"),
        ("fi", "Päättynyt, koska kuvat saa nyt julkaista", "eikä ratkaisua tarvita"),
    ],
)
def test_a_case_closes_by_itself_when_its_cause_is_gone(
    run: Run, staff_photos: tuple[str, ...], language: str, closed: str, shown: str
) -> None:
    run("approve", *staff_photos, *CHANNEL, login="anna", exit_code=4)
    agreed = ("permission", "grant", "--photographer", "H-1", "--basis", "staff_agreement")
    said = ("--until", "2099-01-01", "--paper", "folder 1")
    told = run("--lang", language, *agreed, *CHANNEL, *said, login="anna").output
    assert closed in told
    assert "K-1: P-1–P-3" in told
    assert f"→ photoreg approve P-1 P-2 P-3 --channel {PAGE_USE.channel}" in told
    now = run("--lang", language, "case", "show", "K-1").stderr
    assert shown in now
    assert f"→ photoreg approve P-1 P-2 P-3 --channel {PAGE_USE.channel}" in now.replace(
        f"--lang {language} ", ""
    )


def test_a_ruling_without_a_look_shows_the_case_first_and_asks(
    run: Run, staff_photos: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("approve", *staff_photos[:2], *CHANNEL, login="anna", exit_code=4)
    told = run(*RULE, "publishable", *BECAUSE, exit_code=5)
    assert "P-1–P-2 (2): open" in told.stdout
    assert "K-1 had not been shown to you before" in told.stderr

    run("approve", staff_photos[2], *CHANNEL, login="anna", exit_code=4)
    ruled = run(*RULE, "publishable", *BECAUSE)
    assert "P-1–P-2 (2)" in ruled.stdout
    assert "P-3 joined K-1 after you had looked, and still wait" in ruled.stderr
    assert "→ photoreg case show K-1" in ruled.stderr

    monkeypatch.setattr("photoreg.cli.commands.case.is_interactive", lambda: True)
    asked = run(*RULE, "refused", *BECAUSE, typed="n\n")
    assert "Is the ruling: may not be published?" in asked.stderr
    run("check", "P-3", *CHANNEL, exit_code=4)


def test_case_show_tells_what_differs_in_each_photo_before_they_are_ruled_on(
    run: Run, staff_photos: tuple[str, ...], application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    lobby = replace(
        MARKET,
        basis=Basis.STAFF_NO_AGREEMENT,
        credit="Kuva: Áile",
        place=Place.CARE_LOBBY,
        shot=Shot.PERSON_SUBJECT,
    )
    in_lobby = register_photo(anna, tmp_path, lobby, "lobby.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, in_lobby, elle)
    record_consent(anna, elle)
    run("approve", *staff_photos, in_lobby, *CHANNEL, login="anna", exit_code=4)

    shown = run("case", "show", "K-1").stdout

    first, differing = shown.split("What differs from P-1 in P-4:\n")
    assert "The same holds for P-2–P-3." in shown
    for told in ("The place: the lobby of a care", "H-2 Elle Valkeapää is shown", "NT_CARE_PREM"):
        assert told in differing
        assert told not in first
    assert "The credit" not in differing
    assert "CR_EMPLOYEE_NO_AGREEMENT" not in differing
    assert "Elle" not in run("case", "show", "K-1", login="tarja").stdout


def test_an_id_behind_an_option_is_not_taken_for_a_part_of_a_name(run: Run) -> None:
    run("event", "add", "Markkinat", "--on", "2026-05-30", login="anna")
    told = run("case", "rule", "--event", "E-1", "publishable", *BECAUSE, exit_code=6).stderr
    assert "nothing of this kind is open" in told
    assert "quotation marks" not in told
