"""Printing lists: every layout is a stream, and nothing of a stranger reaches the terminal."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photoreg.cli.output import (
    LINES_PER_BLOCK,
    PLAIN_CSV,
    WIDTH_SAMPLE_ROWS,
    print_line,
    print_view,
)
from photoreg.presentation.view import (
    BOOLEAN,
    STRING,
    Column,
    View,
    day_column,
    reasons_column,
)
from photoreg.presentation.views.all import VIEWS
from photoreg.registry.ledger import Action
from photoreg.rulebook.people import NO_CONSENT
from photoreg.services.application import Application
from photoreg.texts import _, use_language

VIEW = View("photos", (Column("photo", "photo", STRING), Column("name", "name", STRING)))


def rows(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        yield {"photo": f"P-{number}", "name": "Ánne"}


def broken_off_after(count: int) -> Iterator[dict[str, str]]:
    yield from rows(count)
    raise InterruptedError


@pytest.mark.parametrize("layout", ["table", "json", "jsonl", "csv"])
def test_rows_are_printed_while_later_ones_are_still_read(
    layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InterruptedError):
        print_view(VIEW, broken_off_after(WIDTH_SAMPLE_ROWS + 2 * LINES_PER_BLOCK), layout)
    assert f"P-{WIDTH_SAMPLE_ROWS}" in capsys.readouterr().out


def test_a_cell_wider_than_those_before_overflows_and_is_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wide = {"photo": "P-123456789", "name": "Elle"}
    print_view(VIEW, [*rows(WIDTH_SAMPLE_ROWS), wide], "table")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "photo  name"
    assert lines[1] == "P-0    Ánne"
    assert lines[-1] == "P-123456789  Elle"
    assert len(lines) == WIDTH_SAMPLE_ROWS + 2


def test_control_characters_of_a_stranger_are_not_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_view(VIEW, [{"photo": "P-1", "name": "Elle\x1b[31m"}], "table")
    assert capsys.readouterr().out.splitlines()[1] == "P-1    Elle�[31m"


def test_control_characters_of_a_stranger_are_not_in_csv_either(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_view(VIEW, [{"photo": "P-1", "name": "Elle\x1b[31m\n\x9b2J Ánne\xa0"}], "csv")
    assert capsys.readouterr().out.splitlines()[1] == "P-1;Elle�[31m��2J Ánne\xa0"


def test_csv_opens_as_a_table_in_a_finnish_excel(capsys: pytest.CaptureFixture[str]) -> None:
    """Semicolons, the mark of UTF-8, headings, words and days as the user reads them."""
    use_language("fi")
    print_view(DEEDS, [deed()], "csv")
    heading, row = capsys.readouterr().out.splitlines()
    assert heading == "\ufeffkanava;tulos;päivä;syyt;kyllä"
    reasons = f"A; {_(NO_CONSENT.title)} ({NO_CONSENT.code})"
    assert row == f'kunta;ei saa julkaista;2.3.2026;"{reasons}";kyllä'


def test_plain_csv_is_the_same_in_every_language(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("fi", "en"):
        use_language(name)
        print_view(DEEDS, [deed()], PLAIN_CSV)
        lines = capsys.readouterr().out.splitlines()
        assert lines == [
            "channel,outcome,day,codes,ok",
            f"kunta,refused,2026-03-02,A;{NO_CONSENT.code},yes",
        ]


DEEDS = View(
    "deeds",
    (
        Column("channel", "channel", STRING),
        Column("outcome", "result", STRING, enumeration="Outcome"),
        day_column("day", "day"),
        reasons_column("codes", "reasons"),
        Column("ok", "yes", BOOLEAN),
    ),
)


def deed() -> dict[str, object]:
    day, codes = "2026-03-02", ["A", NO_CONSENT.code]
    return {"channel": "kunta", "outcome": "refused", "day": day, "codes": codes, "ok": True}


def test_plain_goes_with_csv_only(run: Callable[..., Result]) -> None:
    assert "--plain" in run("channel", "list", "--plain", exit_code=2).stderr
    plain = run("channel", "list", "--plain", "--format", "csv").stdout
    assert plain.startswith("name,title,kind,")


LISTS = (
    *("audit log --format csv", "audit log", "audit history V-1", "staff list --format json"),
    *("rules list --format csv", "audit disclosures", "today", "--help", "--version"),
)


def program(registry_path: Path, line: str, output: IO[str] | int) -> tuple[int, str]:
    """Run a command as the coordinator; return the exit code and what it says."""
    command = [sys.executable, "-m", "photoreg.cli.app", "--registry", str(registry_path)]
    done = subprocess.run(
        [*command, "--as", "kaisa", "--lang", "en", *line.split()],
        stdout=output,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stderr


@pytest.fixture
def busy(application: Application) -> Path:
    """A registry whose log is longer than what a pipe holds."""
    with application.changing() as work:
        for _ in range(2_000):
            work.log(Action.BLOCKS_READ, "staff", work.actor.id, list="blocks")
    application.registry.close()
    return application.registry.path


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a full device")
@pytest.mark.parametrize("line", LISTS)
def test_a_disk_that_is_full_while_printing_is_reported(busy: Path, line: str) -> None:
    with Path("/dev/full").open("w") as full:
        code, told = program(busy, line, full)
    assert code in {0, 8}  # an empty list prints nothing that could fail
    assert ("the output cannot be written" in told) is (code == 8)
    assert "Traceback" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
@pytest.mark.parametrize("line", LISTS)
def test_a_reader_who_goes_away_sees_no_traceback(busy: Path, line: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        _code, told = program(busy, line, writing)
    finally:
        os.close(writing)
    assert "Traceback" not in told
    assert "Error" not in told


WORDS = st.sampled_from(["H-12", "Áile", "viestintäkoordinaattori", "nobody is shown", "5a0f" * 16])
CELLS = st.lists(WORDS, max_size=6).map(" ".join)


@given(view=st.sampled_from(list(VIEWS.values())), data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_a_terminal_no_line_is_wider_and_nothing_is_lost(
    view: View,
    data: st.DataObject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = [Column(column.key, column.title, STRING) for column in view.columns]
    row = {column.key: data.draw(CELLS) for column in columns}
    with monkeypatch.context() as on_terminal:
        on_terminal.setattr(sys.stdout, "isatty", lambda: True)
        on_terminal.setenv("COLUMNS", "80")
        print_view(View(view.name, tuple(columns)), [row], "table")
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    letters = Counter("".join("".join(row.values()).split()))
    assert letters <= Counter("".join(printed.split()))


def test_elsewhere_each_row_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_view(VIEW, [{"photo": "P-1", "name": "word " * 40}], "table")
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_message_fits_the_terminal_and_a_command_to_copy_stays_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    command = "  → photoreg consent record --for H-2 --by H-3 --channel kunta"
    for is_terminal in (True, False):
        monkeypatch.setattr(sys.stdout, "isatty", lambda shown=is_terminal: shown)
        print_line("  " + "word " * 20 + "\n" + command)
        *message, last = capsys.readouterr().out.splitlines()
        assert last == command
        assert " ".join(" ".join(message).split()) == " ".join(["word"] * 20)
        assert (max(map(len, message)) <= 40, len(message) > 1) == (is_terminal, is_terminal)
