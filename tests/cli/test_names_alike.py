"""Names that could be taken for an id, logins that could be taken for another, terminals."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.services.scenes import add_photographer, create_person, register_photo

from photoreg.presentation.cells import escape_csv_cell, visible
from photoreg.services.application import Application
from photoreg.sheets.cells import escape_formula, unescape_formula

Run = Callable[..., Result]
ID_LIKE = ["H-2", "h-2", " H-2 ", "Н-2", "H‑2", "H–2", "Ｈ-２", "H 2", "P-12", "e-1", "K-3"]
"""Ids, in Latin and Cyrillic letters, with other hyphens, full-width and with a blank."""


@pytest.mark.parametrize("name", ID_LIKE)
def test_nobody_and_no_event_is_called_like_an_id(run: Run, tmp_path: Path, name: str) -> None:
    said = "looks like an id"
    assert said in run("person", "add", name, "--adult", exit_code=9).stderr
    run("person", "add", "Elle Valkeapää", "--adult")
    assert said in run("person", "change", "H-1", "--name", name, exit_code=9).stderr
    assert said in run("person", "change", "H-1", "--known-as", name, exit_code=9).stderr
    assert said in run("event", "add", name, "--on", "2026-05-30", exit_code=9).stderr
    run("event", "add", "Juhla", "--on", "2026-05-30")
    assert said in run("event", "change", "E-1", "--name", name, exit_code=9).stderr
    roster = tmp_path / "class.csv"
    for line in (f"{name};;", f"Aile;{name};+358 40 1"):
        roster.write_text(f"nimi;huoltaja;puhelin\n{line}\n", "utf-8")
        done = run("event", "import-roster", "E-1", roster, "--apply", exit_code=9)
        assert said in done.output or "is not in the registry" in done.output, done.output
    assert "H-2" not in run("person", "list").stdout


@pytest.mark.parametrize("name", ["Elle H-2", "H-2 Elle", "Kaarle XVI Kustaa", "Eetu 2", "R2-D2"])
def test_other_names_with_numbers_may_be_recorded(run: Run, name: str) -> None:
    run("person", "add", name, "--adult")


@pytest.mark.parametrize("login", ["Anna", "ANNA", "аnna", "ａｎｎａ", "ánna"])
def test_a_login_that_people_take_for_another_is_refused(run: Run, login: str) -> None:
    done = run("staff", "add", login, "Anna Toinen", "--role", "employee", exit_code=5)
    assert "differs from anna only by" in done.stderr
    run("staff", "add", "nana", "Nana Niemi", "--role", "employee")


@pytest.mark.parametrize("start", ["=", "＝", "﹦", "＋", "－", "−", "＠", " =", "\u00a0＝"])
def test_what_spreadsheets_take_for_a_formula_is_neutralised(
    run: Run, tmp_path: Path, anna: Application, start: str
) -> None:
    assert escape_csv_cell(f"{start}1+1").startswith("'")
    assert escape_csv_cell(f"\u200b{start}1+1").startswith("'")
    add_photographer(anna)
    register_photo(anna, tmp_path)
    run("event", "add", "Juhla", "--on", "2026-05-30")
    run("photo", "answer", "P-1", "--event", "E-1", "--credit", f"{start}1+1")
    sheet = tmp_path / "sheet.csv"
    run("sheet", "export", "E-1", "-o", sheet)
    cells = sheet.read_text("utf-8-sig").replace("\n", ";").split(";")
    assert not any(cell.strip().startswith(start.strip()) for cell in cells)
    run("sheet", "import", sheet)


@pytest.mark.parametrize("text", ["-", "–", "−", "--", "+", "=", "@", "(-)"])
def test_signs_alone_are_no_formula_and_stay_as_they_are(text: str) -> None:
    assert escape_csv_cell(text) == text
    assert unescape_formula(escape_formula(f"'{text}")) == f"'{text}"


@pytest.mark.parametrize("said", ["\x1b[2Jnone", "\u009b2Jnone", "\u202enone", "\x07none"])
def test_no_path_and_no_name_controls_the_terminal(
    run: Run, anna: Application, tmp_path: Path, said: str
) -> None:
    add_photographer(anna)
    register_photo(anna, tmp_path)
    create_person(anna, "Elle Valkeapää")
    run("event", "add", "Juhla", "--on", "2026-05-30", "--person", "H-2")
    run("photo", "answer", "P-1", "--event", "E-1")
    bad = tmp_path / said
    channel = ("--channel", "kunta-public-page")
    form = ("--person", "H-2", "--until", "2027-12-31")
    for code, line in (
        (0, ("sheet", "export", "E-1", "-o", f"{bad}.csv", "--thumbnails", f"{bad}-small")),
        (0, ("event", "no-photo-list", "E-1", "--html", f"{bad}.html")),
        (9, ("event", "no-photo-list", "E-1", "--html", f"{bad}.html")),
        (0, ("consent", "texts", "--out", f"{bad}-texts")),
        (0, ("consent", "form", *form, "--out", f"{bad}-forms")),
        (0, ("person", "report", "H-2", "--out", f"{bad}.txt")),
        (0, ("audit", "report", "--year", "2026", "--out", f"{bad}-report.html")),
        (0, ("export", "P-1", *channel, "-o", f"{bad}-copies")),
        (0, ("metadata", "strip", "P-1", "-o", f"{bad}-stripped")),
        (0, ("db", "backup", f"{bad}-backups")),
        (7, ("register", f"{bad}.jpg")),
        (6, ("show", said)),
        (9, ("sheet", "import", f"{bad}-none.csv")),
        (2, ("show", "P-1", said)),
        (2, ("consent", "list", "--state", said)),
    ):
        done = run(*line, exit_code=code)
        assert not {*said[:1]} & {*done.output}, line


def test_line_ends_stay_and_control_characters_go() -> None:
    assert visible("a\tb\nc\x1b[0m\u2028d\u00a0e") == "a\tb\nc�[0m�d\u00a0e"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("channel", "add", "kunta", "Kunta", "--kind", "website", "--own", "--admin", "kaisa"),
            ("channel", "add", "kuntа", "Kunta", "--kind", "website", "--own", "--admin", "kaisa"),
        ),
        (
            ("event", "add", "Juhla", "--on", "2026-05-30"),
            ("event", "add", "Juhlа", "--on", "2026-06-30"),
        ),
        (
            ("event", "add", "Toinen", "--on", "2026-06-30"),
            ("event", "change", "E-2", "--name", "Juhlа"),
        ),
    ],
)
def test_a_name_that_people_take_for_another_is_refused(
    run: Run, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    run("event", "add", "Juhla", "--on", "2025-05-30")
    run(*first)
    refused = run(*second, exit_code=5)
    assert "letters that look alike" in refused.stderr
