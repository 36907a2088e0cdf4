"""`evidence`: documents are shown, exported and handed in again; a damaged one refuses."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.presentation.views.consents import DOCUMENTS
from photoreg.services.application import Application

Run = Callable[..., Result]
CHECK = ("check", "P-1", "--channel", PAGE_USE.channel)


@pytest.fixture(autouse=True)
def kept(anna: Application, tmp_path: Path) -> Path:
    """P-1 shows Elle, who has signed a form; return the file that is kept."""
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "portrait.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    (tmp_path / "form.pdf").write_bytes(b"signed by Elle")
    signed = replace(granted_consent(), paper="", evidence=tmp_path / "form.pdf")
    record_consent(anna, elle, signed)
    [document] = anna.registry.evidence_folder.glob("??/*")
    return document


def test_the_advice_typed_with_the_same_document_works(
    run: Run, kept: Path, tmp_path: Path
) -> None:
    kept.unlink()
    told = run(*CHECK, exit_code=3).stdout
    assert "RG_EVIDENCE_DAMAGED [H-2 Elle Valkeapää]" in told
    assert "→ photoreg evidence restore FILE" in told
    assert "is intact" in run("evidence", "restore", tmp_path / "form.pdf").stdout
    run(*CHECK)


def test_another_file_is_distinguished(run: Run, kept: Path, tmp_path: Path) -> None:
    kept.unlink()
    (tmp_path / "scan.pdf").write_bytes(b"scanned again")
    told = run("evidence", "restore", tmp_path / "scan.pdf", exit_code=9).stderr
    assert "scan.pdf is none of the documents" in told
    assert "record a new consent" in told


@pytest.mark.parametrize("name", ["nothing.pdf", "."])
def test_what_is_no_file_is_reported(name: str, run: Run, tmp_path: Path) -> None:
    run("evidence", "restore", tmp_path / name, exit_code=9)


def test_without_the_folder_the_message_says_to_connect_it(run: Run, kept: Path) -> None:
    folder = kept.parent.parent
    folder.rename(folder.with_name("away"))
    told = run(*CHECK, exit_code=3).stdout
    assert "connect the folder with the evidence" in told
    assert "evidence restore" not in told
    data = json.loads(run(*CHECK, "--format", "json", exit_code=3).stdout)
    [finding] = data["items"][0]["findings"]
    assert (finding["code"], finding["next"]) == ("RG_EVIDENCE_DAMAGED", "")
    assert "Connect the folder" in run("audit", "evidence", exit_code=8).stderr
    assert "yhdistä asiakirjakansio" in run("--lang", "fi", *CHECK, exit_code=3).stdout


def test_as_of_an_earlier_day_the_file_of_today_does_not_count(run: Run, kept: Path) -> None:
    kept.unlink()
    told = run(*CHECK, "--as-of", "2026-11-02")
    assert "RG_EVIDENCE_DAMAGED" not in told.stdout


def test_a_document_is_shown_as_data_that_follow_their_schema(run: Run, kept: Path) -> None:
    data = json.loads(run("evidence", "show", "C-1", "--format", "json").stdout)
    jsonschema.validate(data, DOCUMENTS.schema())
    [item] = data["items"]
    assert (item["document"], item["used_by"], item["state"]) == (kept.name, ["C-1"], "whole")
    shown = run("--lang", "fi", "evidence", "show", kept.name[:10]).stdout
    assert "muuttumaton" in shown
    assert re.search(r"\d+\.\d+\.\d{4} \d\d\.\d\d ", shown)
    assert "+02:00" not in shown
    assert item["added_at"].endswith("+02:00")
    log = run("audit", "log", "--format", "json").stdout
    assert log.count("evidence.shown") == 2


def test_a_document_is_exported_once_and_logged(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    assert "Written" in run("evidence", "export", "C-1", "-o", copy).stderr
    assert copy.read_bytes() == b"signed by Elle"
    told = run("evidence", "export", "C-1", "-o", copy, exit_code=9).stderr
    assert "exists already" in told
    assert "--output" in told or "-o" in told
    assert "evidence.exported" in run("audit", "log", "--format", "json").stdout


@pytest.mark.parametrize(
    ("named", "exit_code"), [("C-9", 6), ("L-1", 6), ("form.pdf", 6), ("ab", 9), ("0" * 64, 6)]
)
def test_what_names_no_document_is_reported(named: str, exit_code: int, run: Run) -> None:
    run("evidence", "show", named, exit_code=exit_code)


def test_a_consent_from_a_paper_has_no_document_but_a_place(run: Run, anna: Application) -> None:
    record_consent(anna, create_person(anna, "Inga Boine"), granted_consent())
    for command in (("show", "C-2"), ("export", "C-2", "-o", "copy.pdf")):
        told = run("evidence", *command, exit_code=6).stderr
        assert "C-2 has no document in the registry" in told
        assert "The paper is kept here: " + granted_consent().paper in told
    run("person", "block", "Inga Boine")
    told = run("evidence", "show", "C-2", exit_code=6, login="anna").stderr
    assert "C-2 has no document" in told
    assert granted_consent().paper not in told
