"""`consent import` and `template`: an old list of consents, and tables that come back filled in."""

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from tests.cli.shared_cases import CASES, needs_cases
from tests.services.scenes import add_child

from photoreg.errors import SOME_FAILED
from photoreg.services.application import Application
from photoreg.services.consents import forms
from photoreg.services.consents.forms import FormOrder
from photoreg.services.photos import events

Run = Callable[..., Result]
OLD = (
    "consent import {list} --column Internet=kunta-website --column Some=public_page --until "
    "2027-07-31"
)
HEADINGS = ("Sukunimi", "Etunimi", "Syntymäaika", "Internet", "Some", "Pvm", "Allekirjoittaja")
CHILD = ("Valkeapää", "Elle", date(2018, 3, 2))


@pytest.fixture
def family(application: Application) -> Application:
    """Elle (H-1) with the guardians Máret (H-2) and Ante (H-3)."""
    add_child(application, "Elle Valkeapää", date(2018, 3, 2), ["Máret Valkeapää", "Ante Magga"])
    return application


def workbook(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def shown_command(told: str) -> list[str]:
    """Return the last next step that was printed, without the name of the program."""
    [*_others, last] = re.findall(r"→ photoreg (.+)", told)
    return shlex.split(last)


@pytest.mark.usefixtures("family")
def test_an_old_workbook_is_taken_and_its_rest_corrected_and_imported(
    run: Run, tmp_path: Path
) -> None:
    old = workbook(
        tmp_path / "old.xlsx",
        (*HEADINGS, "Mappi"),
        (*CHILD, "kyllä", "EI", date(2025, 8, 19), "äiti", "kansio 1"),
    )
    command = OLD.format(list=old).split()
    looked = run(*command)
    assert "Internet → kunta-website: yes 1" in looked.stdout
    assert "does not tell which guardian signed" in looked.stderr
    assert f"--rest {tmp_path / 'old-to-correct.xlsx'} --apply" in looked.stderr
    rest = tmp_path / "rest.xlsx"
    told = run(*command, "--apply", exit_code=9).stderr
    assert "Options: --rest" in told
    assert shown_command(told)[-3:] == ["--rest", str(tmp_path / "old-to-correct.xlsx"), "--apply"]
    kept = tmp_path / "kept.csv"
    kept.write_text("mine", "utf-8")
    run(*command, "--apply", "--overwrite", "--rest", kept, exit_code=9)
    assert (kept.read_text("utf-8"), "C-1" in run("consent", "list").stdout) == ("mine", False)
    left = run(*command, "--apply", "--rest", rest, exit_code=SOME_FAILED)
    book = openpyxl.load_workbook(rest)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][-2:] == [
        "Guardians in the registry",
        "Why it was not taken",
    ]
    assert sheet.cell(2, 9).value == "H-2 Máret Valkeapää; H-3 Ante Magga"
    assert sheet.cell(2, 10).value == (
        "“äiti” does not tell which guardian signed. Write the name or the id of the one who "
        "signed."
    )
    sheet.cell(2, 7).value = "H-2 Máret Valkeapää"
    book.save(rest)
    corrected = run(*shown_command(left.stderr))
    assert "Rows with a new yes: 1." in corrected.stdout
    assert "Nothing new was recorded" in run(*shown_command(left.stderr)).stderr


@pytest.mark.usefixtures("family")
def test_what_columns_are_about_is_asked_for_by_their_words(run: Run, tmp_path: Path) -> None:
    old = workbook(
        tmp_path / "old.xlsx",
        HEADINGS,
        (*CHILD, "kyllä", "EI", date(2025, 8, 19), "äiti"),
    )
    told = run("consent", "import", old, "--open-ended", "--apply", exit_code=9).stderr
    assert "Internet (kyllä); Some (EI)" in told
    assert "Options: --column" in told
    for each in ("kunta-website. Kinds", "website (the website)", "may be named"):
        assert each in told
    whole = f"consent import {old} --column Internet=CHANNEL --column Some=CHANNEL"
    shown = shown_command(told)
    assert shown == [*whole.split(), "--open-ended", "--apply"]
    kind, unknown = (
        [each.replace("CHANNEL", said) for each in shown]
        for said in ("the website", "social_media")
    )
    assert "Rows: 1." in run(*kind[:-1]).stdout
    told = run(*unknown, exit_code=6).stderr
    assert "Internet=social_media: there is no such channel" in told
    assert "public_page (a public page)" in told
    for wrong in (
        ("--column", "Internet"),
        ("--remark", "x=maybe"),
        ("--until", "2027-07-31"),
        ("--rest", old),
    ):
        run("consent", "import", old, "--open-ended", *wrong, exit_code=2)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.usefixtures("family")
def test_rows_to_correct_are_read_as_the_list_was_whose_layout_was_saved(
    run: Run, tmp_path: Path, suffix: str
) -> None:
    old = workbook(
        tmp_path / "old.xlsx",
        ("Koulu", *HEADINGS, "Huom."),
        ("Hetta", *CHILD, "kyllä", "-", date(2025, 8, 19), "äiti", None),
        ("Hetta", *CHILD, "kyllä", None, date(2025, 8, 20), None, "isä kieltää"),
    )
    run("channel", "add", "koulu", "Koulun ryhmä", "--kind", "closed_group", "--own")
    rest = (tmp_path / "rest").with_suffix(suffix)
    command = OLD.format(list=old).split()
    said = ("--save-layout", "Vanha", "--paper", "binder 1", "--rest", rest)
    left = run(*command, *said, "--apply", exit_code=SOME_FAILED)
    assert "The column Koulu has the name of a channel and was not read as that" in left.stderr
    further = ("--until", "2027-07-31", "--paper", "binder 1", "--rest", tmp_path / "rest-2.csv")
    again = run("consent", "import", rest, *further, "--apply", exit_code=SOME_FAILED)
    assert "Columns were read as saved: Vanha." in again.stderr
    assert "Rows of which something is not taken: 1." in again.stderr  # the no was taken before
    assert "--column" not in "".join(shown_command(left.stderr))


def test_a_list_without_a_filled_row_is_told_to_be_empty(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.xlsx"
    run("template", "permissions", "-o", empty)
    told = run("consent", "import", empty, "--apply", exit_code=9).stderr
    assert "only its example row is filled in" in told
    assert "Fill in a row for each person" in told


@pytest.mark.usefixtures("family")
def test_the_next_list_of_the_same_shape_is_read_as_it_was_said_once(
    run: Run, tmp_path: Path
) -> None:
    row = (*CHILD, "kyllä", "=1+1", date(2025, 8, 19), "H-2")
    old = workbook(tmp_path / "old.xlsx", ("Kuvausluvat 2025-26",), (), HEADINGS, row)
    command = OLD.format(list=old).split()
    looked = run(*command, "--save-layout", "Kuvausluvat")
    assert "as saved" not in run(*command).stderr  # a look saves nothing
    run(*shown_command(looked.stderr), exit_code=SOME_FAILED)
    told = run("consent", "import", old, "--until", "2027-07-31", "--paper", "binder 1")
    assert "Columns were read as saved: Kuvausluvat." in told.stderr
    assert "Row 1 was left out: Kuvausluvat 2025-26" in told.stderr
    assert "has a formula" in told.stderr  # it may be a no, so no yes of the row is taken


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_template_that_is_filled_in_is_read_back(
    family: Application, run: Run, tmp_path: Path, language: str
) -> None:
    lang = ("--lang", language)
    example = {"fi": "Rivi 2 on pohjan esimerkkirivi", "en": "Row 2 is the example"}[language]
    events.add_event(family, "Feast", on=date(2026, 11, 1))
    order = FormOrder(tmp_path / "forms", date(2027, 12, 31), event="E-1", persons=["H-1"])
    form = forms.print_forms(family, order).forms[0]
    own_words = {"class-list": "Áilu Magga", "permissions": "Elle Valkeapää", "answers": form.code}
    for kind, first in own_words.items():
        path = tmp_path / f"{kind}.xlsx"
        run(*lang, "template", kind, "-o", path)
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        assert sheet.data_validations.count
        row = [cell.value for cell in sheet[2]]
        row = [first, *row[1:]]
        if kind == "class-list":
            row[4] = "Sunna Outakka"
        if kind == "permissions":
            row[1] = "2018-03-02"
        if kind == "answers":
            row[-2] = None
        for column, value in enumerate(row, 1):
            sheet.cell(3, column).value = value
        book.save(path)
    done = run(*lang, "event", "import-roster", "E-1", tmp_path / "class-list.xlsx", "--apply")
    assert example in done.stderr
    assert "Áilu Magga" in run("person", "list").stdout
    done = run(*lang, "consent", "import", tmp_path / "permissions.xlsx", "--apply")
    assert example in done.stderr
    done = run(*lang, "consent", "record", "--codes", tmp_path / "answers.xlsx")
    assert example in done.stderr
    listed = run("--lang", "en", "consent", "list", "--format", "csv").stdout
    assert "kunta-website" in listed
    assert "marketing" in listed  # left without a tick, so refused


def test_a_box_of_forms_is_recorded_from_a_table_of_codes_or_not_at_all(
    family: Application, run: Run, tmp_path: Path
) -> None:
    order = FormOrder(tmp_path / "forms", date(2027, 12, 31), persons=["H-1"])
    mother, father = forms.print_forms(family, order).forms
    assert mother.file.name == f"Elle-V__Maret-V__{mother.code.replace('-', '')}.html"
    reprinted = forms.print_forms(family, replace(order, folder=tmp_path / "again")).forms
    assert {mother.code, father.code}.isdisjoint(form.code for form in reprinted)
    box = tmp_path / "box.csv"
    head = "code;yes or no;" + ";".join(
        name
        for name in (
            *("public_page", "website", "print", "internal"),
            *("information", "marketing", "where the paper is kept"),
        )
    )
    yes = "yes;x;x;;;x;;"
    box.write_text(f"{head}\n{mother.code};{yes}\n7K3M;{yes}\n", "utf-8")
    told = run("consent", "record", "--codes", box, exit_code=9).stderr
    assert "Row 3, column code (7K3M)" in told
    assert "no consents" not in told
    assert run("consent", "list").stdout.count("C-") == 0
    box.write_text(f"{head}\n{mother.code};{yes}\n{father.code};no;;;;;;;\n;;;;;;;;\n", "utf-8")
    done = run("consent", "record", "--codes", box, "--paper", "box 3")
    assert "Consent forms recorded: 2." in done.stderr
    assert "recorded already: 2" in run("consent", "record", "--codes", box).stderr
    for more in (("--refused",), ("--code", mother.code), ("--for", "H-1")):
        run("consent", "record", "--codes", box, *more, exit_code=2)
    box.write_text("name;born\nElle;2018-03-02\n", "utf-8")
    told = run("consent", "record", "--codes", box, exit_code=9).stderr
    assert "or code in a sheet of forms" in told


def decided_as_new(table: Path) -> Path:
    """Fill in that everybody in a table of doubts is somebody of their own."""
    book = openpyxl.load_workbook(table)
    sheet = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, sheet.max_column).value = "new"
    book.save(table)
    return table


def correct(rest: Path) -> None:
    """Write the signer into rows to correct, and clear remarks that do not refuse everything."""
    book = openpyxl.load_workbook(rest)
    sheet = book.worksheets[0]
    column = {cell.value: cell.column - 1 for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        signer, remark = row[column["Allekirjoittaja"]], row[column["Huom."]]
        guardians = row[column["Guardians in the registry"]].value
        if "recorded as a guardian" in row[-1].value or "signed" in row[-1].value:
            signer.value = guardians.partition("; ")[0]
        if signer.value == "molemmat":
            signer.value = guardians
        if remark.value != "isä kieltää":
            remark.value = None
    book.save(rest)


@needs_cases
def test_an_old_workbook_is_one_command_and_one_file_to_correct(
    application: Application, run: Run, tmp_path: Path
) -> None:
    """A municipality's list of 300 and the list of its pupils, all rows of both."""
    events.add_event(application, "Koulu", on=date(2025, 8, 1))
    doubts, rest = tmp_path / "doubts.xlsx", tmp_path / "rest.xlsx"
    pupils = ("event", "import-roster", "E-1", CASES / "class-lists/80b-oppilaat-300.xlsx")
    run(*pupils, "--decisions", doubts)
    run(*pupils, "--decided", decided_as_new(doubts), "--apply")
    columns = {
        "Internet": "kunta-website",
        "Some": "kunta-public-page",
        "Painettu": "kunta-print",
        "Wilma": "kunta-internal",
    }
    said = [word for each in columns.items() for word in ("--column", "=".join(each))]
    old = ("consent", "import", CASES / "class-lists/80-kuvausluvat-300.xlsx", *said)
    terms = ("--until", "2027-07-31", "--rest", rest)
    done = run(*old, *terms, "--apply", exit_code=SOME_FAILED)
    assert "Rows: 300." in done.stdout
    assert "Correct them first" not in done.stderr  # no no was left behind
    [taken] = re.findall(r"Rows with a new yes: (\d+)", done.stdout)
    left = openpyxl.load_workbook(rest).worksheets[0].max_row - 1
    assert (int(taken), left) == (119, 178)
    correct(rest)
    corrected = run(*shown_command(done.stderr))
    assert "Rows of which something is not taken" not in corrected.stderr
    again = run(*shown_command(done.stderr))
    assert "Nothing new" in again.stderr
