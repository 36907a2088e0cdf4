"""`audit history`: the life of a record, to read and as data; every column has a label."""

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
    add_child,
    add_photographer,
    create_person,
    register_photo,
    tag_person,
)

from photoreg.presentation.labels import LABELS
from photoreg.presentation.record_life.field_labels import FIELD_LABELS, ROW_LABELS
from photoreg.presentation.views.audits import LIFE
from photoreg.registry.record_hashes.changes import is_told, told_columns, values_of_column
from photoreg.registry.record_hashes.records import record_kinds
from photoreg.registry.tables.all import METADATA
from photoreg.services.application import Application

Run = Callable[..., Result]
TOLD = [(t, key) for kind in record_kinds().values() for t, key in kind.tables() if is_told(t)]
PARTS = {t.name for kind in record_kinds().values() for t, _key in kind.parts if is_told(t)}


@pytest.fixture(autouse=True)
def lives(anna: Application, run: Run, tmp_path: Path) -> None:
    """P-1 was answered anew, H-2 renamed and named in it; H-5 is no guardian of H-3 any more."""
    add_photographer(anna)
    register_photo(anna, tmp_path, MARKET)
    elle = create_person(anna, "Elle Valkeapää")
    add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga", "Niila Magga"])
    tag_person(anna, "P-1", elle)
    run("photo", "answer", "P-1", "--place", "office_lobby", login="anna")
    run("person", "change", elle, "--name", "Elle Kunnas", "--contact", "elle@kunta.example")
    run("guardian", "end", "H-3", "H-5", "--on", "2026-10-01")


def items(result: Result) -> list[dict[str, Any]]:
    found = json.loads(result.stdout)
    jsonschema.validate(found, LIFE.schema())
    rows: list[dict[str, Any]] = found["items"]
    return rows


def test_every_column_that_is_reported_has_a_label() -> None:
    columns = {column.name for table, key in TOLD for column in told_columns(table, key)}
    assert columns <= FIELD_LABELS.keys()
    assert columns | {"other"} == FIELD_LABELS.keys()
    assert PARTS <= ROW_LABELS.keys() <= METADATA.tables.keys()


def test_every_code_that_is_reported_has_a_label() -> None:
    for table, key in TOLD:
        for column in told_columns(table, key):
            enumeration = values_of_column(table.name, column.name)[1]
            if enumeration:
                values = {member.value for member in column.type.enum_class}  # type: ignore[attr-defined]
                assert values <= LABELS[enumeration].keys(), column


def test_the_life_of_a_photo_is_explained_in_words(run: Run) -> None:
    text = run("audit", "history", "P-1", login="tarja").stdout
    assert "shown in the photo: - → H-2, a subject, a private person" in text
    assert "→ the lobby of an office" in " ".join(text.split())
    finnish = run("--lang", "fi", "audit", "history", "P-1", login="tarja").stdout
    assert "kuvassa: - → H-2" in finnish
    assert "viraston aula" in finnish


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("record", ["P-1", "H-2", "H-3", "anna", "kunta-website"])
def test_it_is_as_wide_as_a_terminal(run: Run, record: str, language: str) -> None:
    shown = run("--lang", language, "audit", "history", record)
    assert shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80


def test_names_and_contacts_are_hashes_until_a_purpose_is_stated(run: Run) -> None:
    told = ("audit", "history", "H-2", "--format", "json")
    masked = {row["field"]: row for row in items(run(*told))}
    assert masked["name"]["old"].startswith("#")
    assert masked["contact"]["new"].startswith("#")
    assert masked["contact"]["old"] is None
    named = {row["field"]: row for row in items(run(*told, "--purpose", "A complaint"))}
    assert (named["name"]["old"], named["name"]["new"]) == ("Elle Valkeapää", "Elle Kunnas")
    assert named["contact"]["new"] == "elle@kunta.example"
    log = run("audit", "log", "--format", "csv").stdout
    assert "names.read" in log
    assert "Kunnas" not in log
    assert "elle@" not in log


def test_the_log_shows_old_and_new(run: Run) -> None:
    log = run("audit", "log", "--photo", "P-1", "--format", "csv", login="tarja").stdout
    assert "place=public_outdoor→office_lobby" in log
    assert "contact=→#" in run("audit", "log", "--person", "H-2", "--format", "csv").stdout
    seen = run("audit", "log", "--person", "H-2", "--format", "csv", login="tarja").stdout
    assert "other=*→*" in seen


def test_csv_and_json_lines_hold_the_same_rows(run: Run) -> None:
    told = ("audit", "history", "H-3", "--format")
    count = len(items(run(*told, "json")))
    assert len(run(*told, "csv").stdout.splitlines()) == count + 1
    assert len(run(*told, "jsonl").stdout.splitlines()) == count


@pytest.mark.parametrize(
    ("record", "exit_code", "said"),
    [
        ("Elle Kunnas", 9, "Elle Kunnas is not the id of a record"),
        ("Q-3", 9, "Q-3 is not the id of a record"),
        ("street.jpg", 9, "Give an id, for example P-12 or H-3"),
        ("H-99", 6, "H-99 is not in the registry"),
    ],
)
def test_what_names_no_record_is_refused_with_what_to_give(
    run: Run, record: str, exit_code: int, said: str
) -> None:
    assert said in run("audit", "history", record, exit_code=exit_code).stderr
    refused = ("audit", "history", record, "--purpose", "A complaint")
    run(*refused, exit_code=exit_code)
    assert "names.read" not in run("audit", "log").stdout


def test_an_earlier_day_shows_the_life_until_then(run: Run) -> None:
    told = ("audit", "history", "P-1", "--format", "json")
    then, now = items(run(*told, "--as-of", "2026-11-02")), items(run(*told))
    assert "person_id" in {row["field"] for row in then}
    assert "place" not in {row["field"] for row in then if row["old"]}
    assert "place" in {row["field"] for row in now if row["old"]}
    began = {row["field"]: row["new"] for row in now if row["action"] == "photo.registered"}
    of_then = {row["field"]: row["new"] for row in then if row["action"] == "photo.registered"}
    assert began["place"] == of_then["place"] is not None
    assert of_then.items() <= began.items()


def test_a_record_of_which_the_log_reveals_nothing_is_said_to_have_no_changes(run: Run) -> None:
    empty = run("audit", "history", "V-1")
    assert (empty.stdout, empty.stderr) == ("", "the list is empty\n")
