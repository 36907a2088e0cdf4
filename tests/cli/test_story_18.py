"""A school's feast as it is handed in: from its own class list to the take-down.

18 children, 34 guardianships, 30 pictures of three cameras, two channels; all answers on paper.
Counted: the commands that are typed, and the tables that are filled in by hand. Counting begins in
a registry that holds the organisation, the channels, the staff and the member of staff who
photographs.
"""

import csv
import json
import runpy
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image
from tests.cli.shared_cases import CASES, needs_cases
from tests.services.scenes import create_person

from photoreg.services.application import Application, system_clock

Run = Callable[..., Result]
CASE = CASES / "story-18"
MOST_COMMANDS, MOST_TABLES = 20, 2
UNTIL = (system_clock().date() + timedelta(days=400)).isoformat()
PAGE, GROUP = ("--channel", "kunta-public-page"), ("--channel", "kunta-closed-group")
FACTS = (
    *("--place", "school_or_daycare", "--shot", "person_subject"),
    *("--confidential", "none", "--sensitive", "no"),
)
STAFF, EXTERNAL = "Tuula Rova", "Petri Tornensis"


def rows(name: str) -> list[dict[str, str]]:
    with (CASE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The thirty pictures with the data of their cameras, drawn small."""
    maker = runpy.run_path(str(CASE / "make_pictures.py"))
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(30):
        name = maker["name"](number)
        picture = Image.linear_gradient("L").rotate(11 * number).resize((320 + number, 240))
        exif = {} if name.endswith(".png") else {"exif": maker["exif"](number)}
        picture.convert("RGB").save(folder / name, **exif)
    (folder / "Thumbs.db").write_bytes(b"junk")
    return folder


def records(sheet: Worksheet) -> Iterator[dict[str, Cell]]:
    """Yield the rows of a sheet as cells by heading."""
    headings = [str(cell.value) for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        yield dict(zip(headings, row, strict=True))


def fill_in(table: Path) -> None:
    """Write into the workbook who is in which picture, and what each guardian answered."""
    book = openpyxl.load_workbook(table)
    shown = {row["file"]: row["people"] for row in rows("depicted.csv")}
    for photo in records(book["Photos"]):
        names = shown[str(photo["file"].value)]
        photo["names"].value = names or "nobody"
        if names:
            photo["how many can be recognised"].value = names.count(",") + 1
        is_external = photo["photographer"].value == EXTERNAL
        photo["basis"].value = (
            "the photographer's permission" if is_external else "an agreement with the employee"
        )
    said = {(row["child"], row["guardian"]): row for row in rows("answers.csv")}
    for form in records(book["Answers"]):
        answer = said[str(form["who is shown"].value), str(form["who answers"].value)]
        if not answer["answer"]:
            continue
        form["yes or no"].value = answer["answer"]
        form["where the paper is kept"].value = "folder 3B"
        for heading, column in (
            ("kunta-public-page: public_page", "public page"),
            ("kunta-closed-group: closed_group", "closed group"),
            ("information", "information"),
        ):
            form[heading].value = answer[column] or None
    book.save(table)


@needs_cases
def test_from_the_class_list_of_a_school_to_the_take_down(
    application: Application, run: Run, pictures: Path, tmp_path: Path
) -> None:
    create_person(application, STAFF)
    commands, tables = 0, 0

    def typed(*words: object, exit_code: int = 0) -> Result:
        nonlocal commands
        commands += 1
        return run(*words, exit_code=exit_code)

    def publishable(*channel: str, exit_code: int) -> int:
        told = typed("check", "--event", "E-1", *channel, "--format", "json", exit_code=exit_code)
        return [row["outcome"] for row in json.loads(told.stdout)["items"]].count("publishable")

    typed("event", "add", "Syysjuhla", "--on", "2026-10-02")
    typed(
        *("event", "import-roster", "Syysjuhla", CASE / "3B luokkalista.xlsx", "--apply"),
        *("--guardians-verified", "the school's register", "--guardians-total", "as-listed"),
    )
    typed(
        *("consent", "form", "--event", "Syysjuhla", "--roster", *PAGE, *GROUP),
        *("--until", UNTIL, "--out", tmp_path / "forms"),
    )
    typed(
        *("register", pictures, "--event", "Syysjuhla", "--no-ask", *FACTS),
        *("--photographer", STAFF, "--camera", f"NIKON Z 6_2={EXTERNAL}"),
    )
    permission = ("--until", UNTIL, "--paper", "folder 1", "--credit-waived")
    grant = ("permission", "grant", "--photographer")
    typed(*grant, STAFF, "--basis", "staff_agreement", *PAGE, *GROUP, *permission)
    typed(*grant, EXTERNAL, *PAGE, *permission)

    table = tmp_path / "feast.xlsx"
    typed("sheet", "export", "Syysjuhla", "-o", table)
    fill_in(table)
    tables += 1
    typed("sheet", "import", table, "--apply")

    assert publishable(*PAGE, exit_code=3) == 22
    assert publishable(*GROUP, exit_code=3) == 9
    allowed = ("--event", "Syysjuhla", "--verdict", "publishable")
    typed("export", *allowed, *PAGE, "-o", tmp_path / "page")
    assert len(list((tmp_path / "page").iterdir())) == 22
    typed("publication", "add", *allowed, *PAGE, "--url", "https://kunta.example/juhla")
    typed("export", *allowed, *GROUP, "-o", tmp_path / "group")
    typed("publication", "add", *allowed, *GROUP, "--url", "https://kunta.example/ryhma")

    told = typed(
        *("consent", "withdraw", "--for", "Aino Keskitalo", "--by", "Maria Keskitalo"),
        *("--method", "oral"),
    )
    assert "T-1" in told.output
    typed("today")
    typed("publication", "takedown", "--event", "Syysjuhla", "--proof", "Both looked at.")
    listed = typed("publication", "list").output
    assert "J-1" in listed
    assert commands <= MOST_COMMANDS
    assert tables <= MOST_TABLES
