"""`consent form`, `consent texts` and `consent record --code`: what a clerk types and is told."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result

from photoreg.presentation.views.all import VIEWS

Run = Callable[..., Result]
UNTIL = ("--until", "31.12.2099")


@pytest.fixture
def family(run: Run) -> Run:
    """E-1 with the child H-1 of the guardians H-2 and H-3 on its roster."""
    run("person", "add", "Elle Đorđi", "--born", "2018-03-02", "--guardians", "2")
    for name in ("Máret Đorđi", "Ánte Đorđi"):
        run("person", "add", name, "--adult", "--language", "sv")
        proof = ("--basis", "parent", "--verified", "väestötiedot")
        run("guardian", "add", "Elle Đorđi", name, *proof)
    run("event", "add", "Koulun juhla", "--on", "2026-10-09", "--person", "Elle Đorđi")
    return run


def codes(result: Result) -> list[str]:
    return re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", result.stdout)


def test_a_class_gets_its_forms_and_their_answers_are_recorded_by_code(
    family: Run, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "forms")
    told = family("consent", "form", "--event", "E-1", "--roster", *UNTIL, *out)
    mother, father = codes(told)
    assert len(list((tmp_path / "forms").glob("*.html"))) == 3
    assert "All in one file" in told.stdout
    assert "policy set controller_contact=" in told.stderr
    assert "do not ask about the channel kunta-closed-group. A closed group counts" in told.stderr
    [both] = re.findall(r"→ photoreg (consent form .+)", told.stderr)
    assert len(codes(family(*both.split()[:-1], tmp_path / "both"))) == 2
    for code in (mother, father):
        answer = ("--channel", "public_page", "--name", "--paper", "folder 3")
        family("consent", "record", "--code", code, *answer)
    listed = family("consent", "list").stdout
    assert listed.count("2099-12-31") == 2
    again = ("consent", "record", "--code", mother, "--channel", "website")
    assert "is already recorded" in family(*again, exit_code=5).stderr
    told = family("consent", "withdraw", "--code", mother)
    assert "the withdrawal was recorded" in told.stdout
    assert family("consent", "list").stdout.count("2099-12-31") == 1
    family("consent", "withdraw", "C-1", "--code", father, exit_code=2)


def test_a_mistyped_code_is_explained_in_words(family: Run) -> None:
    told = family("consent", "record", "--code", "7K3M", "--refused", exit_code=9).stderr
    assert "7K3M is not the code of a form" in told
    assert "Compare it with the paper" in told


def test_northern_sami_is_not_invented(family: Run, tmp_path: Path) -> None:
    order = ("consent", "form", "--blank", "1", "--language", "se", *UNTIL)
    told = family(*order, "--out", tmp_path / "forms")
    assert "not translated yet (Northern Sámi)" in told.stderr


def test_forms_come_as_pdf(family: Run, tmp_path: Path) -> None:
    order = ("consent", "form", "--event", "E-1", "--person", "H-1", *UNTIL)
    family(*order, "--format", "pdf", "--out", tmp_path / "forms")
    files = list((tmp_path / "forms").iterdir())
    assert {file.suffix for file in files} == {".pdf"}
    assert all(file.read_bytes().startswith(b"%PDF") for file in files)


def test_own_texts_begin_from_those_of_photoreg(family: Run, tmp_path: Path) -> None:
    told = family("consent", "texts", "--out", tmp_path / "texts").stdout
    names = [f"{kind}.{n}.txt" for kind in ("form", "receipt") for n in ("en", "fi", "se", "sv")]
    assert [Path(line).name for line in told.splitlines()] == names
    again = family("consent", "texts", "--out", tmp_path / "texts", exit_code=9)
    assert "exists already" in again.stderr
    (tmp_path / "texts" / "form.fi.txt").write_text("# $persona\n", "utf-8")
    order = ("consent", "form", "--blank", "1", *UNTIL, "--out", tmp_path / "forms")
    wrong = family(*order, "--templates", tmp_path / "texts", exit_code=9).stderr
    assert "form.fi.txt, line 1: there is no field $persona" in wrong
    assert "$person" in wrong


@pytest.mark.parametrize(
    "words",
    [
        ("consent", "form", *UNTIL, "--out", "x"),
        ("consent", "form", "--roster", *UNTIL, "--out", "x"),
        ("consent", "form", "--blank", "1", "--out", "x"),
        ("consent", "record", "--channel", "website", "--open-ended"),
        ("consent", "record", "--for", "H-1", "--refused", "--child-says-no"),
        ("consent", "record", "--code", "7K3M", "--refused", "--event", "E-1"),
    ],
)
def test_orders_that_say_too_little_or_too_much_are_wrong_use(
    family: Run, words: tuple[str, ...]
) -> None:
    family(*words, exit_code=2)


def test_a_form_for_an_event_and_for_one_photo_is_refused(family: Run) -> None:
    both = ("--event", "E-1", "--photo", "P-1", "--blank", "1", *UNTIL, "--out", "x")
    assert "Options: --event, --photo" in family("consent", "form", *both, exit_code=9).stderr


def test_who_has_not_answered_is_listed_for_people_and_for_programs(
    family: Run, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "forms")
    [mother, _father] = codes(family("consent", "form", "--event", "E-1", "--roster", *UNTIL, *out))
    pending = family("consent", "pending", "--event", "E-1")
    assert "Ánte Đorđi" in pending.stdout
    assert "only after they have answered" in pending.stderr
    family("consent", "record", "--code", mother, "--channel", "website")
    [listed] = _items(family("consent", "pending", "--format", "json"), "consent-pending")
    assert (listed["ask"], listed["language"]) == ("H-3", "sv")
    ends = family("consent", "expiring", "--within", "8w", "--format", "json")
    assert _items(ends, "consent-expiring") == []


def _items(result: Result, view: str) -> list[dict[str, object]]:
    data = json.loads(result.stdout)
    jsonschema.validate(data, VIEWS[view].schema())
    items: list[dict[str, object]] = data["items"]
    return items


@pytest.mark.parametrize("within", ["soon", "-5d", "9999w", "5y"])
def test_a_time_that_is_none_is_wrong_use(run: Run, within: str) -> None:
    run("consent", "expiring", f"--within={within}", exit_code=2)


def test_what_was_not_ticked_is_reported(family: Run, tmp_path: Path) -> None:
    order = ("consent", "form", "--event", "E-1", "--person", "H-1", *UNTIL)
    some = ("--channel", "kunta-public-page", "--channel", "kunta-press")
    mother, father = codes(family(*order, *some, "--out", tmp_path / "forms"))
    told = family("consent", "record", "--code", mother, "--channel", "kunta-public-page")
    assert "Recorded as refused: kunta-press, for information, marketing." in told.stderr
    assert "Recorded as refused: kunta-public-page, for marketing." in told.stderr
    told = family("consent", "record", "--code", father)
    assert "nothing was ticked, so a refusal of everything on the form was recorded" in told.stdout
    wrong = ("consent", "form", "--blank", "1", *UNTIL, "--channel", "kunta-closed-group")
    told = family(*wrong, "--out", tmp_path / "more", exit_code=9)
    assert "A closed group counts as a public page" in told.stderr
    assert not (tmp_path / "more").exists()
