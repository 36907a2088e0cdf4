"""`event` as users see it."""

import json
from collections.abc import Callable

import jsonschema
import pytest
from click.testing import Result

from photoreg.cli.views import VIEWS

Run = Callable[..., Result]


@pytest.fixture
def feast(run: Run) -> Run:
    """E-1 with photographer H-1 and H-2 on its roster."""
    run("person", "add", "Áile Näkkäläjärvi", "--adult")
    run("person", "add", "Elle Valkeapää", "--born", "2018-05-01", "--guardians", "2")
    run(
        *("event", "add", "Hetan koulun kevätjuhla", "--on", "30.5.2026", "--until", "2026-05-31"),
        *("--photographer", "Áile Näkkäläjärvi", "--basis", "staff_agreement"),
        *("--place", "school_or_daycare", "--no-place-permission", "--shot", "person_subject"),
        *("--confidential", "none", "--sensitive", "no", "--commissioner", "na"),
        *("--person", "Elle Valkeapää"),
    )
    return run


def test_an_event_is_shown_with_its_answers_and_people(feast: Run) -> None:
    shown = feast("event", "show", "hetan koulun KEVÄTJUHLA").stdout
    assert "E-1 Hetan koulun kevätjuhla · 2026-05-30 – 2026-05-31" in shown
    assert "photographers: H-1 Áile Näkkäläjärvi" in shown
    assert "place: a school or a day-care centre" in shown
    assert "sensitive: no" in shown
    assert "on the roster: H-2 Elle Valkeapää" in shown


@pytest.mark.parametrize(
    "arguments", [("event", "list"), ("event", "show", "E-1"), ("event", "roster", "E-1")]
)
def test_what_is_given_to_programs_keeps_its_schema(feast: Run, arguments: tuple[str, ...]) -> None:
    data = json.loads(feast(*arguments, "--format", "json").stdout)
    jsonschema.validate(data, VIEWS[data["view"]].schema())
    assert len(data["items"]) == 1


def test_the_roster_is_changed_and_listed(feast: Run) -> None:
    done = feast("event", "roster", "E-1", "--add", "H-1", "--add", "H-2")
    assert "H-2 is on the roster already." in done.stderr
    assert "a minor" in done.stdout
    assert "an adult" in done.stdout
    left = feast("event", "roster", "E-1", "--remove", "Elle Valkeapää").stdout
    assert "Elle" not in left
    done = feast("event", "roster", "E-1", "--remove", "H-2", exit_code=6)
    assert "H-2 is not on the roster of E-1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "text"),
    [
        (("Toinen", "--on", "31.2.2026"), 9, "31.2.2026 is not a day"),
        (("Toinen", "--on", "2026-05-30", "--until", "2026-05-29"), 9, "before it begins"),
        (("Toinen", "--on", "2026-05-30", "--person", "H-9"), 6, "H-9 is not in the registry"),
        (("Toinen",), 2, "--on"),
        (("hetan koulun kevätjuhla", "--on", "2026-05-30"), 5, "is in the registry already"),
    ],
)
def test_an_event_that_cannot_be_is_refused(
    feast: Run, arguments: tuple[str, ...], exit_code: int, text: str
) -> None:
    assert text in feast("event", "add", *arguments, exit_code=exit_code).stderr
    assert len(json.loads(feast("event", "list", "--format", "json").stdout)["items"]) == 1


def test_an_unknown_event_is_told_of(feast: Run) -> None:
    for verb in ("show", "roster"):
        assert "E-5 is not in the registry" in feast("event", verb, "E-5", exit_code=6).stderr


def test_an_auditor_sees_no_names_and_changes_nothing(feast: Run) -> None:
    for arguments in (("list",), ("show", "E-1"), ("roster", "E-1")):
        seen = feast("event", *arguments, login="tarja").output
        assert "Elle" not in seen
        assert "Áile" not in seen
    feast("event", "roster", "E-1", "--remove", "H-2", login="tarja", exit_code=5)
    feast("event", "add", "Toinen", "--on", "2026-05-30", login="tarja", exit_code=5)
