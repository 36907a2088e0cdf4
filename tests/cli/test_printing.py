"""Printing lists: every layout is a stream, and nothing of a stranger reaches the terminal."""

from collections.abc import Iterator

import pytest

from photoreg.cli.output import BLOCK, MEASURED, STRING, Column, View, show

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
        show(VIEW, broken_off_after(MEASURED + 2 * BLOCK), layout)
    assert f"P-{MEASURED}" in capsys.readouterr().out


def test_a_cell_wider_than_those_before_stands_out_and_is_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wide = {"photo": "P-123456789", "name": "Elle"}
    show(VIEW, [*rows(MEASURED), wide], "table")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "photo  name"
    assert lines[1] == "P-0    Ánne"
    assert lines[-1] == "P-123456789  Elle"
    assert len(lines) == MEASURED + 2


def test_control_characters_of_a_stranger_are_not_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(VIEW, [{"photo": "P-1", "name": "Elle\x1b[31m"}], "table")
    assert capsys.readouterr().out.splitlines()[1] == "P-1    Elle�[31m"
