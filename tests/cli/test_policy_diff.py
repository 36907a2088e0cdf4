"""`policy diff`: what other settings would change, before anybody adopts them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_child,
    add_photographer,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.presentation.views.organisation import POLICY_DIFF
from photoreg.services.application import Application
from photoreg.services.people import blocks

Run = Callable[..., Result]
GUARDIANS = ("Máret V", "Ante V")


@pytest.fixture(autouse=True)
def child(anna: Application, tmp_path: Path) -> str:
    """P-1 and P-2 show Elle, for whom one of two guardians has said yes; P-3 shows nobody."""
    add_photographer(anna)
    elle = add_child(anna, "Elle Valkeapää", date(2018, 3, 1), GUARDIANS)
    for name in ("a.jpg", "b.jpg"):
        tag_person(anna, register_photo(anna, tmp_path, MARKET, name), elle)
    register_photo(anna, tmp_path, name="c.jpg")
    record_consent(anna, elle, by=GUARDIANS[0])
    return elle


def changes(result: Result) -> list[dict[str, Any]]:
    found = json.loads(result.stdout)
    jsonschema.validate(found, POLICY_DIFF.schema())
    return [row for row in found["items"] if row["channel"] == PAGE_USE.channel]


def test_diff_shows_which_verdicts_would_change_and_why(run: Run) -> None:
    result = run("policy", "diff", "guardians=one", "--format", "json")
    assert changes(result) == [
        {
            "channel": PAGE_USE.channel,
            "before": "refused",
            "after": "publishable",
            "new": [],
            "gone": ["MI_GUARDIAN_PARTIAL"],
            "photos": 2,
            "examples": ["P-1", "P-2"],
            "why": ["not every guardian has consented"],
        }
    ]
    assert "Photos whose verdicts would change: 2." in result.stderr


def test_diff_counts_the_publications_that_would_have_to_come_down(
    run: Run, anna: Application, child: str
) -> None:
    record_consent(anna, child, by=GUARDIANS[1])
    run(
        "publication",
        "add",
        "P-1",
        "--channel",
        PAGE_USE.channel,
        "--url",
        "https://kunta.example/1",
    )
    result = run("policy", "diff", "child_view_age=5")
    assert "Publications that could no longer be shown: 1." in result.stderr
    assert "MI_CHILD_VIEW_MISSING" in result.stdout


def test_diff_and_set_read_a_file_of_settings(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text('guardians = "one"\n', "utf-8")
    assert len(changes(run("policy", "diff", file, "--format", "json"))) == 1
    run("policy", "set", file)
    assert changes(run("policy", "diff", file, "--format", "json")) == []


def test_settings_that_are_in_force_already_make_no_new_version(run: Run) -> None:
    adopted = run("policy", "set", "guardians=one").stdout
    assert "nothing changed" not in adopted
    logged = run("audit", "log", "--format", "csv", "--plain").stdout
    again = run("policy", "set", "guardians=one").stdout
    assert again.splitlines() == ["Already in force, nothing changed.", adopted.strip()]
    assert run("audit", "log", "--format", "csv", "--plain").stdout == logged


@pytest.mark.parametrize("wrong", ["no-such.toml", "guardians=nobody", "grownups=all"])
def test_settings_that_cannot_be_are_refused(run: Run, wrong: str) -> None:
    assert run("policy", "diff", wrong, exit_code=9).stderr


def test_a_file_that_is_no_toml_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_bytes(b"\xff= =")
    assert "is not a text in UTF-8" in run("policy", "diff", file, exit_code=9).stderr


def test_a_photo_that_stays_stopped_is_in_no_diff(
    run: Run, application: Application, child: str
) -> None:
    asked = ("policy", "diff", "guardians=one", "--format", "json")
    assert json.loads(run(*asked).stdout)["items"]
    blocks.block_person(application, child)
    assert json.loads(run(*asked).stdout)["items"] == []


def test_an_unknown_setting_and_a_value_out_of_range_are_told_apart(run: Run) -> None:
    unknown = run("policy", "set", "foo=1", exit_code=9).stderr
    assert "there is no setting foo" in unknown
    assert "The settings are: " in unknown
    assert "child_view_age" in unknown
    wrong = run("policy", "set", "guardians=many", exit_code=9).stderr
    assert "guardians cannot have this value" in wrong
    assert "Allowed values: all, one" in wrong
