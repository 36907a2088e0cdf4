"""`consent` and `permission` as users type them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    PRINT_USE,
    add_photographer,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.services.application import Application
from photoreg.services.publications import publishing

Run = Callable[..., Result]
RECORD = ("consent", "record", "--channel", "public_page")
GRANT = ("permission", "grant", "--channel", "public_page")


@pytest.fixture
def people(run: Run) -> None:
    """H-1 is an adult, H-2 a child, H-3 the child's guardian, not verified."""
    run("person", "add", "Piera Valkeapää", "--adult")
    run("person", "add", "Aslak Magga", "--minor")
    run("person", "add", "Máret Magga", "--adult")
    run("guardian", "add", "H-2", "H-3", "--basis", "parent")


@pytest.fixture
def published(application: Application, run: Run, tmp_path: Path) -> None:
    """P-1 shows H-2 and is published on a page and in print; H-1 took it (L-1), C-1 allows it."""
    add_photographer(application)
    run("person", "add", "Piera Valkeapää", "--adult")
    tag_person(application, register_photo(application, tmp_path, MARKET), "H-2")
    record_consent(application, "H-2")
    for asked, address in (
        (PAGE_USE, "https://kunta.example/1"),
        (PRINT_USE, "Kuntatiedote 4/2026"),
    ):
        publishing.add_publication(application, ["P-1"], asked, address=address)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("arguments", "done"),
    [
        (("consent", "withdraw", "C-1"), "C-1: the withdrawal was recorded."),
        (("consent", "withdraw", "--for", "Piera Valkeapää"), "C-1: the withdrawal was recorded."),
        (("permission", "withdraw", "L-1"), "L-1: the withdrawal was recorded."),
        (
            ("permission", "withdraw", "--photographer", "H-1", "--photo", "P-1"),
            "L-2: the withdrawal was recorded.",
        ),
        (
            ("consent", "record", "--for", "H-2", "--refused"),
            "C-1: the refusal was recorded.",
        ),
    ],
    ids=["consent", "person", "permission", "photographer", "refusal"],
)
def test_a_no_lists_photos_and_what_to_take_down(
    run: Run, arguments: tuple[str, ...], done: str
) -> None:
    result = run(*arguments, login="anna")
    assert result.stdout == (
        f"{done}\n"
        "It applies to every channel and every purpose.\n"
        "Photos concerned: P-1\n"
        "To be taken down:\n"
        "  T-1: P-1 on kunta-public-page, https://kunta.example/1 (J-1)\n"
        "    → photoreg publication takedown T-1 --proof TEXT\n"
        "In print or with the press, cannot be recalled:\n"
        "  P-1 in kunta-print, Kuntatiedote 4/2026 (J-2)\n"
        "  Do not use it again or hand out more copies; tell the person, and the press.\n"
    )
    run("check", "P-1", "--channel", "kunta-public-page", exit_code=3)


@pytest.mark.usefixtures("published")
def test_a_partial_withdrawal_leaves_the_rest(run: Run) -> None:
    result = run("consent", "withdraw", "C-1", "--channel", "kunta-public-page")
    assert "T-1" in result.stdout
    assert "print" not in result.stdout
    run("check", "P-1", "--channel", "kunta-print")


@pytest.mark.usefixtures("people")
def test_a_consent_is_asked_given_and_listed(run: Run, tmp_path: Path) -> None:
    form = tmp_path / "form.pdf"
    form.write_bytes(b"%PDF")
    assert run("consent", "request", "--for", "H-1", "--channel", "website").stdout == (
        "C-1: the request was recorded.\n"
    )
    run(
        *("consent", "record", "--for", "H-1", "--channel", "website", "--channel", "kunta-print"),
        *("--purpose", "any", "--until", "31.12.2099", "--on", "1.10.2026", "--evidence", form),
        *("--method", "electronic", "--form-language", "se", "--form-version", "2"),
    )
    [row] = json.loads(run("consent", "list", "--format", "json").stdout)["items"]
    assert row == {
        "consent": "C-1",
        "person": "H-1",
        "name": "Piera Valkeapää",
        "by": "H-1",
        "by_attorney": False,
        "reach": "everything",
        "state": "granted",
        "day": "2026-10-01",
        "channels": ["kunta-print", "website"],
        "purposes": ["information", "marketing"],
        "refused_channels": [],
        "refused_purposes": [],
        "until": "2099-12-31",
        "open_ended": False,
        "documented": True,
    }
    assert run("consent", "list", "--for", "H-2").stdout == ""


@pytest.mark.usefixtures("people")
def test_what_does_not_count_yet_is_reported(run: Run) -> None:
    bare = run(*RECORD, "--for", "H-1", "--open-ended")
    assert "CN_UNDOCUMENTED" in bare.stderr
    view = run(*RECORD, "--for", "H-2", "--open-ended")
    assert "child's own view" in view.stderr
    signed = run(*RECORD, "--for", "H-2", "--by", "H-3", "--open-ended", "--paper", "binder 3")
    assert "guardian verify H-2 H-3" in signed.stderr
    unclear = run(*GRANT, "--photographer", "H-1", "--open-ended")
    assert "CR_PERMISSION_UNDOCUMENTED" in unclear.stderr


@pytest.mark.usefixtures("people")
def test_a_yes_that_does_not_take_effect_is_reported(run: Run) -> None:
    run("consent", "withdraw", "--for", "H-1", "--on", "2026-10-02")
    yes = (*RECORD, "--for", "H-1", "--open-ended", "--paper", "binder 3")
    assert "this one changes nothing" in run(*yes, "--on", "2026-10-01").stderr
    refused = run(*yes, exit_code=9).stderr
    assert "is recorded on 2026-10-02, and the day of the new answer is not given" in refused
    assert "Options: --on" in refused
    assert "Until now the answer was no" in run(*yes, "--on", "2026-10-03").stderr


@pytest.mark.usefixtures("people")
def test_a_yes_after_a_no_of_the_same_day_needs_its_day(run: Run) -> None:
    run("consent", "withdraw", "--for", "H-1")
    yes = (*RECORD, "--for", "H-1", "--open-ended", "--paper", "binder 3")
    asked = run(*yes, exit_code=9).stderr
    assert "the day of the new answer is not given" in asked
    assert "--on DAY" in asked


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        ("--for H-1", 9, "a consent or permission needs an end date"),
        ("--for H-1 --until 2099-01-01 --open-ended", 9, "both the last day and no end"),
        ("--for H-1 --refused --until 2099-01-01", 9, "has no end date"),
        ("--for H-1 --open-ended --photo P-1 --event E-1", 9, "both a photo and an event"),
        ("--for H-1 --open-ended --form-language de", 2, "--form-language"),
        ("--for H-1 --until 2020-11-01", 9, "before it begins"),
        ("--for H-1 --open-ended --on 2199-11-03", 9, "in the future"),
        ("--for H-1 --open-ended --evidence missing.pdf", 9, "cannot be read"),
        ("--for H-1 --open-ended --channel kirjasto", 6, "there is no channel kirjasto"),
        ("--for H-1 --open-ended --photo P-9", 6, "not in the registry"),
        ("--for H-9 --open-ended", 6, "not in the registry"),
        ("--for H-2 --by H-1 --open-ended", 5, "is not recorded as a guardian of H-2 Aslak Magga"),
        ("--for H-1 --by H-3 --open-ended", 9, "H-1 Piera Valkeapää is an adult"),
    ],
)
def test_wrong_input_about_consents_is_explained(
    run: Run, arguments: str, exit_code: int, says: str
) -> None:
    result = run(*RECORD, *arguments.split(), exit_code=exit_code)
    assert says in result.stderr
    assert run("consent", "list").stdout == ""


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        ("consent withdraw", 2),
        ("consent withdraw C-1 --for H-1", 2),
        ("consent withdraw C-1 --photo P-1", 2),
        ("consent withdraw C-9", 6),
        ("consent withdraw L-1", 9),
        ("permission withdraw", 2),
        ("permission withdraw L-1 --photo P-1", 2),
        ("permission withdraw L-9", 6),
        ("permission request --channel print", 9),
        ("permission request --channel print --licensor Agency", 9),
        ("permission request --channel print --licensor Agency --photographer H-1", 9),
        ("consent record --for H-1 --open-ended", 9),
        ("consent record --for H-1 --refused --names-kind", 9),
        ("consent record --code 7K3M-9QXT-2VB5 --channel print --names-kind", 2),
        ("consent record --for H-1 --channel print --open-ended --method online_code", 2),
        ("permission grant --channel print --photographer H-1", 9),
        ("permission grant --photographer H-1 --open-ended", 9),
        ("permission grant --channel print --licensor A --photo P-1 --by H-1 --open-ended", 9),
        ("permission grant --channel print --photographer H-1 --open-ended --basis licence_cc", 2),
        ("permission grant --channel print --photographer H-1 --open-ended --term by", 2),
        ("permission grant --channel print --photographer H-1 --open-ended --from H-2", 9),
        ("permission withdraw L-1 --by H-1", 2),
        ("permission grant --channel print --photographer H-1 --open-ended --basis none", 2),
        ("permission grant --channel print --photographer H-1 --credit X --credit-waived", 9),
    ],
)
def test_wrong_use_is_refused(run: Run, arguments: str, exit_code: int) -> None:
    assert run(*arguments.split(), exit_code=exit_code).stdout == ""


@pytest.mark.usefixtures("people")
def test_a_no_needs_no_channel_and_says_how_far_it_reaches(run: Run) -> None:
    whole = "It applies to every channel and every purpose."
    for answer in (
        ("permission", "grant", "--photographer", "H-1", "--refused"),
        ("consent", "record", "--for", "H-1", "--refused"),
    ):
        assert whole in run(*answer).stdout
        assert whole not in run(*answer, "--purpose", "marketing").stdout
        assert whole not in run(*answer, "--channel", "print").stdout
    for withdrawal in (
        ("permission", "withdraw", "--photographer", "H-1"),
        ("consent", "withdraw", "--for", "H-1"),
    ):
        told = run(*withdrawal, "--purpose", "marketing", "--method", "strong_identification")
        assert whole not in told.stdout


@pytest.mark.usefixtures("people")
def test_a_no_before_a_yes_without_a_day_shows_how_to_settle_the_order(run: Run) -> None:
    run(*RECORD, "--for", "H-1", "--open-ended", "--paper", "binder 3")
    told = run("consent", "withdraw", "--for", "H-1", "--on", "2020-01-01").stderr
    assert "not known which came last" in told
    assert "again as renewed, with its day" in told
    run(*GRANT, "--photographer", "H-1", "--open-ended", "--paper", "archive 12")
    told = run("permission", "withdraw", "--photographer", "H-1", "--on", "2020-01-01").stderr
    assert "not known which came last" in told


@pytest.mark.usefixtures("published")
def test_a_licence_is_recorded_with_its_terms(run: Run) -> None:
    licence = ("--licensor", "Commons", "--photo", "P-1", "--basis", "licence_cc", "--open-ended")
    run(*GRANT, *licence, "--term", "nc", "--term", "by", "--names-kind")
    row = json.loads(run("permission", "list", "--format", "json").stdout)["items"][-1]
    assert (row["basis"], row["licence_terms"]) == ("licence_cc", ["by", "nc"])
    assert "Give the terms" in run(*GRANT, *licence, exit_code=2).stderr


@pytest.mark.usefixtures("published")
def test_a_transfer_is_asked_whose_rights_it_was(run: Run) -> None:
    transfer = ("--licensor", "Agency", "--photo", "P-1", "--basis", "transferred", "--open-ended")
    refused = run(*GRANT, *transfer, "--paper", "archive 12", exit_code=9).stderr
    assert "Name each photographer whose rights were transferred." in refused
    assert "Options: --from" in refused
    done = run(*GRANT, *transfer, "--paper", "archive 12", "--from", PHOTOGRAPHER_NAME)
    assert "not recorded as the photographer" not in done.stderr


@pytest.mark.usefixtures("people")
def test_a_power_of_attorney_is_given_as_a_document(run: Run, tmp_path: Path) -> None:
    signed = (*RECORD, "--for", "H-1", "--open-ended", "--attorney", "--paper", "binder 3")
    assert "Options: --evidence" in run(*signed, exit_code=9).stderr
    document = tmp_path / "attorney.pdf"
    document.write_bytes(b"%PDF")
    run(*signed, "--evidence", document)
    [row] = json.loads(run("consent", "list", "--format", "json").stdout)["items"]
    assert row["by_attorney"] is True


@pytest.mark.usefixtures("people")
def test_a_guardian_answers_for_a_minor_photographer(run: Run) -> None:
    run(*GRANT, "--photographer", "H-2", "--by", "H-3", "--open-ended", "--paper", "archive 12")
    run("permission", "withdraw", "--photographer", "H-2", "--by", "H-3")
    [row] = json.loads(run("permission", "list", "--format", "json").stdout)["items"]
    assert (row["photographer"], row["by"], row["state"]) == ("H-2", ["H-3"], "withdrawn")
    assert (
        "not recorded as a guardian"
        in run(*GRANT, "--photographer", "H-2", "--by", "H-1", "--open-ended", exit_code=5).stderr
    )


def test_the_auditor_changes_nothing(run: Run) -> None:
    run("consent", "withdraw", "C-1", login="tarja", exit_code=5)
    run("person", "add", "Elle", login="tarja", exit_code=5)


def test_a_permission_names_the_credit_that_was_taken(run: Run) -> None:
    run("person", "add", PHOTOGRAPHER_NAME)
    granted = run(*GRANT, "--photographer", "H-1", "--open-ended", "--paper", "archive 12")
    assert granted.stdout == f"L-1: the permission was recorded.\nCredit: {PHOTOGRAPHER_NAME}\n"
    waived = run(
        *(*GRANT, "--photographer", "H-1", "--until", "2099-01-01", "--paper", "archive 12"),
        *("--credit-waived", "--renewed"),
    )
    assert "need not be named" in waived.stdout
    [row] = json.loads(run("permission", "list", "--format", "json").stdout)["items"]
    assert (row["permission"], row["credit"], row["credit_waived"]) == ("L-1", "", True)
    assert (row["until"], row["open_ended"]) == (None, True), "a yes takes nothing away"


def test_a_withdrawal_by_somebody_not_entitled_to_decide_is_reported_as_an_objection(
    run: Run, application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    run("person", "add", "Elle Valkeapää", "--born", "2018-01-15", "--guardians", "1")
    run("person", "add", "Pekka Pohjola", "--adult")
    by = ("--for", "Elle Valkeapää", "--by", "Pekka Pohjola")
    assert (
        "none of the photos meant is known to show H-2"
        in run("consent", "withdraw", *by, exit_code=5).stderr
    )
    register_photo(application, tmp_path, MARKET)
    tag_person(application, "P-1", "Elle Valkeapää")

    told = run("consent", "withdraw", *by)

    assert (
        "H-3 is not entitled to decide for H-2, so this was recorded as an objection."
        in told.stdout
    )
    assert "P-1 is stopped: flag F-1, to be resolved by 20" in told.stdout
    assert "→ photoreg guardian add H-2 H-3 --basis BASIS --verified HOW" in told.stderr
    assert "RG_FLAGGED" in run("check", "P-1", "--channel", PAGE_USE.channel, exit_code=3).stdout
