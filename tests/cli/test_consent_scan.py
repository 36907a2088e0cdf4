"""`consent scan`: from a box of returned papers to answers, with two commands and a table."""

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image
from tests.documents.scanned import as_jpeg, noisy, pdf_of, pictures_of, turned
from tests.services.scenes import add_child, create_person, list_all

from photoreg.errors import SOME_FAILED, InputDataError
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.photos import events

Run = Callable[..., Result]


@pytest.fixture
def box(application: Application, run: Run, tmp_path: Path) -> Path:
    """What came back: two papers in one PDF, one as a picture, and a page without a code."""
    elle = add_child(application, "Elle Đorđi", date(2018, 3, 2), ["Máret Đorđi", "Ánte Đorđi"])
    inga = create_person(application, "Inga Boine")
    events.add_event(application, "Feast", on=date(2026, 11, 1), roster=[elle, inga])
    run("consent", "form", "--event", "E-1", "--roster", "--until", "2027-12-31",
        "--format", "pdf", "--out", tmp_path / "forms")  # fmt: skip
    [together] = (tmp_path / "forms").glob("E-1-*.pdf")
    mother, father, adult = pictures_of(together)
    folder = tmp_path / "box"
    folder.mkdir()
    pdf_of(folder / "class.pdf", [turned(-4)(mother), noisy(father)])
    as_jpeg(adult).save(folder / "IMG_7.jpg")
    return folder


def fill(table: Path, answers: Mapping[str, str]) -> None:
    """Write answers into a table: the rest of the row after the scanned page, by its file."""
    lines = table.read_text("utf-8-sig").splitlines()
    for number, line in enumerate(lines):
        for page, answer in answers.items():
            if page in line:
                lines[number] = re.sub(r";*$", "", line) + f";{answer}"
    table.write_text("\n".join(lines), "utf-8")


def test_a_box_of_papers_is_recorded_with_two_commands(
    application: Application, run: Run, box: Path, tmp_path: Path
) -> None:
    table = tmp_path / "answers.csv"
    looked = run("consent", "scan", box, "-o", table)
    assert "Pages to keep as the document of their form: 3." in looked.stderr
    assert f"consent scan {box} --output {table} --apply" in looked.stderr
    assert not table.exists()
    told = run("consent", "scan", box, "-o", table, "--apply")
    assert "Answers to fill in: 3" in told.stderr
    head = table.read_text("utf-8-sig").splitlines()[0]
    assert head.startswith("code;who is shown;who answers;scanned page;yes or no;kunta-public-page")
    fill(table, {"IMG_7.jpg": "yes;x;x;x;x;x", "(1)": "no", "(2)": "no"})
    recorded = run("consent", "record", "--codes", table)
    assert "With the scanned page as their document: 3." in recorded.stderr
    rows = list_all(consents.list_consents(application))
    assert {row.by: row.status.state for row in rows} == {
        "H-2": "refused",
        "H-3": "refused",
        "H-4": "granted",
    }
    assert all(row.status.documented for row in rows)
    shown = run("evidence", "show", "C-1").stdout
    assert "unchanged" in shown
    again = run("consent", "scan", box, "-o", tmp_path / "more.csv", "--apply")
    assert "No answer is left to fill in" in again.stderr
    assert not (tmp_path / "more.csv").exists()
    run("db", "check")


def test_a_page_that_cannot_be_used_is_told_with_what_to_do(run: Run, box: Path) -> None:
    (box / "notes.docx").write_bytes(b"PK\3\4")
    Image.new("L", (1240, 1754), 255).save(box / "white.png")
    scan = ("consent", "scan", box, "-o", box / "answers.csv", "--apply")
    done = run(*scan, exit_code=SOME_FAILED)
    assert "No code found: white.png." in done.stderr
    assert "consent record --code CODE --evidence FILE" in done.stderr
    assert "Not a scanned page: notes.docx." in done.stderr
    assert (box / "answers.csv").exists()
    again = run(*scan, "--overwrite", exit_code=SOME_FAILED)
    assert "Pages kept already: 3." in again.stderr
    assert "answers.csv " not in again.stdout  # it is no scan, and no page that was passed by


def test_an_existing_table_is_not_replaced_and_nothing_is_kept(
    run: Run, box: Path, tmp_path: Path
) -> None:
    table = tmp_path / "answers.csv"
    table.write_text("my own notes")
    for options in ((), ("--overwrite",)):
        run("consent", "scan", box, "-o", table, "--apply", *options,
            exit_code=InputDataError.exit_code)  # fmt: skip
    assert table.read_text() == "my own notes"
    assert (
        "Pages to keep as the document of their form: 3."
        in run("consent", "scan", box, "-o", tmp_path / "new.csv").stderr
    )
    shutil.rmtree(box)
    box.mkdir()
    run("consent", "scan", box, "-o", tmp_path / "new.csv", exit_code=InputDataError.exit_code)
