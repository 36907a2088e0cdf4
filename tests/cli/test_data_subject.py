"""`person report` and `person erase` as the coordinator types them."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result

from photoreg.presentation.views.people import PERSON_REPORT
from photoreg.texts import use_language

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def family(run: Run) -> None:
    """H-1 is a child, H-2 the mother, who has agreed."""
    run("person", "add", "Aslak Magga", "--born", "2018-03-01", "--guardians", 1)
    run("person", "add", "Máret Aikio", "--adult", "--contact", "maret@example.fi")
    run("guardian", "add", "H-1", "H-2", "--basis", "parent", "--verified", "register")
    run(
        *("consent", "record", "--for", "H-1", "--by", "H-2", "--channel", "website"),
        *("--open-ended", "--paper", "binder 3"),
    )


def test_a_report_to_read_names_the_person_and_nobody_else(run: Run) -> None:
    told = run("person", "report", "H-1").stdout

    assert "name: Aslak Magga" in told
    assert "guardians (1)\n- person: H-2; basis: a parent; verified" in told
    assert "what was recorded: given" in told
    assert "Máret" not in told
    assert "maret@example.fi" not in told


def test_a_report_in_finnish_has_no_english_in_it(run: Run) -> None:
    use_language("fi")
    told = run("--lang", "fi", "person", "report", "H-1").stdout

    assert "Valokuvarekisterin tiedot henkilöstä H-1" in told
    assert "huoltajat (1)\n- henkilö: H-2" in told


def test_a_report_as_a_page_names_nobody_else_and_loads_nothing(run: Run, tmp_path: Path) -> None:
    run("person", "change", "H-1", "--name", "<b>Aslak</b> & Magga", "--language", "se")
    run("event", "add", "Juhla", "--on", "2026-10-09", "--person", "H-1")
    out = tmp_path / "report.html"
    run("--lang", "fi", "person", "report", "H-1", "--format", "html", "--out", out)

    page = out.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="fi">' in page
    assert "&lt;b&gt;Aslak&lt;/b&gt; &amp; Magga" in page
    assert "<td>syntynyt</td><td>1.3.2018</td>" in page
    assert "pohjoissaame" in page
    assert "<h2>huoltajat (1)</h2>" in page
    assert "<td>C-1</td>" in page
    for others in ("Máret", "maret@example.fi", "binder 3", "http:", "https:", "<script"):
        assert others not in page
    assert out.stat().st_mode & 0o077 == 0


def test_a_page_for_an_auditor_holds_no_names_without_a_purpose(run: Run) -> None:
    run("staff", "change", "tarja", "--role", "auditor")
    page = run("person", "report", "H-2", "--format", "html", login="tarja").stdout
    assert "Máret" not in page
    assert "maret@example.fi" not in page
    assert "H-2" in page


def test_a_report_as_json_follows_its_schema(run: Run) -> None:
    for person in ("H-1", "H-2"):
        found = json.loads(run("person", "report", person, "--format", "json").stdout)
        jsonschema.validate(found, PERSON_REPORT.schema())


def test_a_report_is_written_to_a_private_new_file_only(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "report.txt"
    run("person", "report", "H-1", "--out", out)

    assert "Aslak Magga" in out.read_text("utf-8")
    assert out.stat().st_mode & 0o077 == 0
    told = run("person", "report", "H-1", "--out", out, exit_code=9)
    assert "exists already" in told.stderr


def test_the_plan_is_shown_and_nothing_erased_without_confirmation(run: Run) -> None:
    planned = run("person", "erase", "H-2", "--ground", "request")

    assert "Deleted permanently:\n  the name (H-2)\n  the contact (H-2)\n" in planned.stdout
    assert "consents that the person gave for somebody else" in planned.stdout
    assert "Nothing was erased" in planned.stderr
    assert "Máret Aikio" in run("person", "show", "H-2").stdout


def test_an_erased_person_is_shown_as_a_tombstone(run: Run) -> None:
    run("person", "erase", "H-2", "--ground", "request", "--yes")

    told = run("person", "show", "H-2").stdout
    assert told.startswith("The data of H-2 was erased on 2")
    assert told.endswith(
        ": at the person's request.\nPhotos that show the person may not be published.\n"
    )
    run("person", "show", "Máret Aikio", exit_code=6)
    refused = run("person", "change", "H-2", "--contact", "x", exit_code=5)
    assert "photoreg person show H-2" in refused.stderr
    run("audit", "verify")
    run("db", "check")


def test_who_may_not_erase_or_read_everything_is_reported(run: Run) -> None:
    run("person", "erase", "H-2", "--ground", "request", "--yes", login="anna", exit_code=5)
    run("person", "report", "H-1", login="anna", exit_code=5)
    run("person", "erase", "H-9", "--ground", "request", exit_code=6)
    run("person", "erase", "H-2", "--ground", "whim", exit_code=2)


def test_a_merge_shows_its_plan_and_needs_confirmation(run: Run) -> None:
    run("person", "add", "Maret Aikio", "--adult", "--other", "H-2")

    planned = run("person", "merge", "H-2", "H-3")
    assert "Kept: H-2 Máret Aikio\nMerged into it: H-3 Maret Aikio\n" in planned.stdout
    assert "Nothing was merged" in planned.stderr
    assert "H-3 is H-2 from now on." in run("person", "merge", "H-2", "H-3", "--yes").stdout
    assert run("person", "show", "H-3").stdout.startswith("H-2 Máret Aikio\n")
    run("person", "merge", "H-2", "H-3", "--yes", exit_code=9)
    run("person", "merge", "H-1", "H-2", "--yes", exit_code=5)
    run("person", "merge", "H-2", "H-3", login="anna", exit_code=5)
