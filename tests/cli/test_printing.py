"""Printing lists: every layout is a stream, and nothing of a stranger reaches the terminal."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photoreg.cli.output import LINES_PER_BLOCK, WIDTH_SAMPLE_ROWS, print_view
from photoreg.presentation.view import STRING, Column, View
from photoreg.presentation.views.all import VIEWS

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
    assert capsys.readouterr().out.splitlines()[1] == "P-1,Elle�[31m��2J Ánne\xa0"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a full device")
def test_a_disk_that_is_full_while_printing_is_reported(registry_path: Path) -> None:
    command = [sys.executable, "-m", "photoreg.cli.app", "--registry", str(registry_path)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, "--as", "kaisa", "--lang", "en", "staff", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 8
    assert "the output cannot be written" in done.stderr


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
