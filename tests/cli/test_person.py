"""`person` and `guardian` as users type them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def family(run: Run) -> None:
    """H-1 is a child, H-2 the mother."""
    run("person", "add", "Aslak Magga", "--minor", "--guardians", 2)
    run("person", "add", "Máret Magga", "--adult")


@pytest.mark.usefixtures("family")
def test_a_person_with_guardian_and_consent_is_shown(run: Run) -> None:
    run("guardian", "add", "H-1", "máret magga", "--basis", "parent", "--verified", "register")
    run(
        *("consent", "record", "--for", "H-1", "--by", "H-2", "--channel", "website"),
        *("--open-ended", "--paper", "binder 3"),
    )
    run("person", "change", "H-1", "--contact", "040 123")
    assert run("person", "show", "Aslak Magga").stdout == (
        "H-1 Aslak Magga\n"
        "  age: a minor\n"
        "  contact: 040 123\n"
        "  number of guardians: 2\n"
        "  guardian H-2 Máret Magga: a parent, verified\n"
        "  consent C-1: H-2 Máret Magga, everything: yes (the website)\n"
    )


@pytest.mark.usefixtures("family")
def test_people_are_listed_for_programs(run: Run) -> None:
    items = json.loads(run("person", "list", "--format", "json").stdout)["items"]
    assert items[0] == {
        "person": "H-1",
        "name": "Aslak Magga",
        "age_group": "minor",
        "born": None,
        "birth_year": None,
    }


@pytest.mark.usefixtures("family")
def test_a_block_does_not_tell_whether_there_was_one(run: Run) -> None:
    assert "H-1 must not be shown." in run("person", "block", "H-1").stdout
    assert "H-1 may be shown again." in run("person", "unblock", "H-1").stdout
    first = run("person", "block", "H-1", login="anna")
    assert run("person", "block", "H-1", login="anna").output == first.output
    run("person", "unblock", "H-1", login="anna", exit_code=5)
    run("person", "blocks", login="anna", exit_code=5)
    listed = json.loads(run("person", "blocks", "--format", "json").stdout)["items"]
    assert [(row["person"], row["by"]) for row in listed] == [("H-1", "anna")]
    for shown in (("person", "list", "--format", "json"), ("person", "show", "H-1")):
        assert "block" not in run(*shown).output


@pytest.mark.usefixtures("family")
def test_the_auditor_sees_ids_instead_of_names(run: Run) -> None:
    shown = run("person", "show", "H-1", login="tarja").stdout
    assert shown.startswith("H-1\n")
    assert "Magga" not in run("person", "list", login="tarja").output


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        ("add|Elle|--born|2199-11-03", 9, "cannot be a birth date"),
        ("add|Elle|--born|1.1.1899", 9, "cannot be a birth date"),
        ("add|Elle|--born|yesterday", 9, "is not a date"),
        ("add|Elle|--born|1980-01-01|--adult", 2, "leave out --adult"),
        ("add|Elle|--guardians|21", 2, "--guardians"),
        ("add|  ", 9, "empty"),
        ("change|H-1", 9, "no change was given"),
        ("add|Elle|--minor|--adult", 2, "Give either --adult or --minor"),
        ("change|H-9|--adult", 6, "not in the registry"),
        ("show|Nobody", 6, "not in the registry"),
    ],
)
def test_wrong_input_about_people_is_explained(
    run: Run, arguments: str, exit_code: int, says: str
) -> None:
    result = run("person", *arguments.split("|"), exit_code=exit_code)
    assert says in result.stderr
    assert result.stdout == ""
    assert len(run("person", "list", "--format", "jsonl").stdout.splitlines()) == 2


@pytest.mark.usefixtures("family")
def test_the_same_person_twice_is_refused_with_id_and_name(run: Run) -> None:
    run("person", "change", "H-1", "--born", "4.5.2016")
    refused = run("person", "add", "Aslak  MAGGA", "--born", "2016-05-04", exit_code=5)
    assert "already in the registry: H-1 Aslak Magga" in refused.stderr
    assert "2016" not in refused.stderr
    decided = run("person", "change", "H-1", "--minor", exit_code=9)
    assert "birth date is recorded" in decided.stderr


@pytest.mark.usefixtures("family")
def test_a_namesake_is_reported_with_the_id(run: Run) -> None:
    doubtful = run("person", "add", "aslak magga", exit_code=9)
    assert "could be somebody who is already in the registry: H-1" in doubtful.stderr
    assert "--same" in doubtful.stderr
    assert "nothing was added" in run("person", "add", "aslak magga", "--same", "H-1").stdout
    result = run("person", "add", "aslak magga", "--other", "H-1")
    assert "H-1" in result.stderr
    assert "Magga" not in result.output
    told = run("person", "show", "Aslak Magga", exit_code=9).stderr
    assert "H-1 Aslak Magga, H-3 aslak magga" in told


@pytest.mark.usefixtures("family")
def test_a_guardian_is_added_verified_excused_and_ended(run: Run, tmp_path: Path) -> None:
    added = run("guardian", "add", "H-1", "H-2", "--basis", "parent", login="anna")
    assert "becomes valid when" in added.stderr
    assert "guardian verify H-1 H-2" in added.stderr
    assert "recorded for H-1: 1; the number given is 2" in added.stderr
    run("guardian", "verify", "H-1", "H-2", "--how", "population register", login="anna")
    paper = tmp_path / "decision.pdf"
    paper.write_bytes(b"%PDF")
    excuse = ("guardian", "excuse", "H-1", "H-2", "--ground", "in hospital", "--evidence", paper)
    run(*excuse, login="anna", exit_code=5)
    assert "No other guardian of H-1 who decides is recorded" in run(*excuse).stdout
    assert "excused" in run("person", "show", "H-1").stdout
    run("guardian", "end", "H-1", "H-2", "--on", "1.11.2026")
    [row] = json.loads(run("guardian", "list", "H-1", "--format", "json").stdout)["items"]
    assert (row["verified_how"], row["last_day"]) == ("population register", "2026-11-01")
    assert "hospital" not in json.dumps(row)


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        ("add H-1 H-1 --basis parent", 9, "H-1 Aslak Magga cannot be their own guardian"),
        ("add H-2 H-1 --basis parent", 9, "H-1 Aslak Magga is a minor"),
        ("add H-1 H-9 --basis parent", 6, "not in the registry"),
        (
            "add H-1 H-2 --basis uncle",
            2,
            "parent (a parent), court_order (by court order), agreement",
        ),
        ("add H-1 H-2", 2, "--basis"),
        ("verify H-1 H-2 --how register", 6, "is not recorded as a guardian"),
        ("excuse H-1 H-2", 2, "--ground"),
        ("end H-1 H-2", 6, "is not recorded as a guardian"),
    ],
)
def test_wrong_input_about_guardians_is_explained(
    run: Run, arguments: str, exit_code: int, says: str
) -> None:
    result = run("guardian", *arguments.split(), exit_code=exit_code)
    assert says in result.stderr


@pytest.mark.usefixtures("family")
def test_evidence_that_cannot_be_read_leaves_the_guardian_as_it_was(
    run: Run, tmp_path: Path
) -> None:
    run("guardian", "add", "H-1", "H-2", "--basis", "parent", "--verified", "register")
    missing = tmp_path / "missing.pdf"
    excuse = ("guardian", "excuse", "H-1", "H-2", "--ground", "abroad", "--evidence", missing)
    assert "cannot be read" in run(*excuse, exit_code=9).stderr
    assert "excused" not in run("person", "show", "H-1").stdout


def test_a_guardian_of_a_child_whose_number_of_guardians_is_unknown(run: Run) -> None:
    run("person", "add", "Pikku Sara", "--born", "2018-03-01")
    run("person", "add", "Aila Aikio", "--adult")
    child, guardian = (line.split()[0] for line in run("person", "list").stdout.splitlines()[-2:])
    added = run("guardian", "add", "Pikku Sara", "Aila Aikio", "--basis", "parent")
    assert "how many there are is not known" in added.stderr
    assert f"person change {child} --guardians" in added.stderr or guardian in added.stderr
    assert "given is -" not in added.stderr


def test_what_was_said_about_a_person_is_told_without_contradicting_itself(run: Run) -> None:
    run("person", "add", "Elle Magga", "--adult")
    everywhere = ("--channel", "website", "--channel", "print", "--paper", "binder 3")
    record = ("consent", "record", "--for", "H-1", *everywhere)
    run(*record, "--purpose", "any", "--open-ended", "--on", "2026-10-01")
    run(*record, "--refused", "--purpose", "marketing", "--on", "2026-10-02")
    told = run("person", "show", "H-1").stdout
    assert "own answer, everything: yes (" in told
    assert "; not: print, the website: marketing" in told
    run("consent", "correct", "C-1", "--statement", "1")
    run("consent", "correct", "C-1", "--statement", "2")
    assert "own answer, everything: recorded by mistake" in run("person", "show", "H-1").stdout


def test_what_a_yes_covers_beside_a_no_is_told_channel_by_channel(run: Run) -> None:
    """A no may name a kind of channel, and a yes a channel of that kind."""
    for name, kind in (("kunta", "public_page"), ("kirjasto", "public_page"), ("web", "website")):
        run("channel", "add", name, name.title(), "--kind", kind, "--own")
    run("person", "add", "Elle Magga", "--adult")
    channels = ("--channel", "kunta", "--channel", "kirjasto", "--channel", "web")
    record = ("consent", "record", "--for", "H-1", "--paper", "binder 3", "--open-ended")
    run(*record, *channels, "--on", "2026-10-01")
    refused = ("consent", "record", "--for", "H-1", "--refused", "--paper", "binder 3")
    run(*refused, "--channel", "public_page", "--on", "2026-10-02")
    told = run("person", "show", "H-1").stdout
    assert "; not: a public page" in told
    assert told.endswith("    covers today: web: information\n")
    run(*refused, "--channel", "web", "--on", "2026-10-03")
    assert run("person", "show", "H-1").stdout.endswith("    covers nothing today\n")
