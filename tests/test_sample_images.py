"""The sample images get exactly the verdicts that sample_images/README.md promises."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "sample_images"
UNTIL = (date.today() + timedelta(days=365)).isoformat()  # noqa: TID251, DTZ011 - the program's own day
BORN = f"{date.today().year - 8}-01-01"  # noqa: TID251, DTZ011
PHOTOGRAPHER = "Áile Näkkäläjärvi"
GENERAL_VIEW = ("--place", "public_outdoor", "--shot", "general_view")
NOTHING_SECRET = ("--confidential", "none", "--sensitive", "no")
PAPER = ("--until", UNTIL, "--channel", "public_page", "--paper", "kansio 1")


def promised() -> dict[str, tuple[str, set[str]]]:
    """The table of the README: file -> verdict, reasons."""
    rows = re.findall(r"^\| `(.+?)` \|.*\|.*\| (\w+) \| (.+?) \|$", _readme(), re.MULTILINE)
    return {
        file: (verdict, set(re.findall(r"[A-Z_]{4,}", reasons))) for file, verdict, reasons in rows
    }


def _readme() -> str:
    return (IMAGES / "README.md").read_text("utf-8")


@pytest.fixture
def village(run: Callable[..., Result]) -> Callable[..., Result]:
    """A registry that knows the people of the sample images."""
    run("person", "add", PHOTOGRAPHER, "--adult")
    run(
        *("permission", "grant", "--photographer", PHOTOGRAPHER, "--basis", "staff_agreement"),
        *PAPER,
    )
    run("person", "add", "Elle Valkeapää", "--born", BORN, "--guardians", "2")
    for name in ("Máret Valkeapää", "Ante Valkeapää"):
        run("person", "add", name, "--adult")
        run(
            *("guardian", "add", "Elle Valkeapää", name),
            *("--basis", "parent", "--verified", "väestötiedot"),
        )
    for name in ("Piera Đuoddar", "Niillas Gáppe", "Ulla Uusitalo", "Vesa Valtuutettu"):
        run("person", "add", name, "--adult")
    return run


def register(run: Callable[..., Result], file: str, *facts: str) -> str:
    result = run("register", IMAGES / file, *facts, "--format", "json")
    (item,) = json.loads(result.stdout)["items"]
    return str(item["photo"])


def with_facts(run: Callable[..., Result], file: str) -> str:
    """Register a sample image with the facts of its row; return its id."""
    if file == "maisema.jpg":
        return register(run, file, *GENERAL_VIEW, *NOTHING_SECRET, "--people", "none")
    if file == "katunakyma.jpg":
        return register(
            run, file, *GENERAL_VIEW, *NOTHING_SECRET, "--people", "recognisable", "--count", "1"
        )
    if file == "virastotalon-aula.jpg":
        place = ("--place", "office_lobby", "--shot", "general_view")
        people = ("--people", "unrecognisable", "--context", "no")
        return register(run, file, *place, *NOTHING_SECRET, *people)
    if file == "poroerotus-gps.jpg":
        people = ("--people", "unrecognisable", "--context", "no")
        return register(run, file, *GENERAL_VIEW, *NOTHING_SECRET, *people)
    if file == "toisen-kuvaajan.jpg":
        by = ("--photographer", PHOTOGRAPHER, "--people", "none")
        return register(run, file, *GENERAL_VIEW, *NOTHING_SECRET, *by)
    return _with_people(run, file)


def _with_people(run: Callable[..., Result], file: str) -> str:
    shown = ("--shot", "person_subject", *NOTHING_SECRET, "--people", "recognisable")
    if file == "muotokuva.jpg":
        photo = register(run, file, *shown, "--place", "municipal_other", "--count", "1")
        run("photo", "tag", photo, "--person", "Ulla Uusitalo")
        run("permission", "grant", "--photographer", "Piera Đuoddar", *PAPER)
    elif file == "lapsi.jpg":
        photo = register(run, file, *shown, "--place", "school_or_daycare", "--count", "1")
        run("photo", "tag", photo, "--person", "Elle Valkeapää")
        run("consent", "record", "--for", "Elle Valkeapää", "--by", "Máret Valkeapää", *PAPER)
    elif file == "ryhma.jpg":
        photo = register(run, file, *shown, "--place", "municipal_other", "--count", "3")
        for name in ("Niillas Gáppe", "Ulla Uusitalo"):
            run("photo", "tag", photo, "--person", name)
            run("consent", "record", "--for", name, *PAPER)
    else:
        assert file == "valtuusto.jpg"
        photo = register(run, file, *shown, "--place", "municipal_other", "--count", "1")
        run("photo", "tag", photo, "--person", "Vesa Valtuutettu", "--public-office")
    return photo


@pytest.mark.parametrize("file", sorted(promised()))
def test_a_sample_image_gets_the_promised_verdict(
    village: Callable[..., Result], file: str
) -> None:
    verdict, reasons = promised()[file]
    photo = with_facts(village, file)
    exit_code = {"publishable": 0, "refused": 3, "unclear": 4}[verdict]
    result = village(
        "check", photo, "--channel", "kunta-public-page", "--format", "json", exit_code=exit_code
    )
    (item,) = json.loads(result.stdout)["items"]
    assert item["outcome"] == verdict
    assert set(item["codes"]) == reasons


def test_every_sample_image_is_in_the_readme() -> None:
    assert {path.name for path in IMAGES.glob("*.jpg")} == set(promised())
