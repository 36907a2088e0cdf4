"""Output of the command line: the same rows as tables, JSON, JSON lines or CSV.

Data go to standard output, everything else to standard error.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, count, islice, zip_longest
from pathlib import Path
from typing import IO, Any

import click

from photoreg.cli.terminal import terminal_width
from photoreg.named_files import written_file
from photoreg.presentation.cells import (
    csv_cell,
    escape_json,
    readable,
    safe,
    visible,
)
from photoreg.presentation.view import SCHEMA_VERSION, View, record_row
from photoreg.texts import _

FORMATS = ("table", "json", "jsonl", "csv")
PLAIN_CSV = "plain csv"
"""The layout of `--format csv --plain`: commas, keys and codes, no byte order mark."""
LINES_PER_BLOCK = 500
"""How many lines are printed at once."""
WIDTH_SAMPLE_ROWS = 1_000
"""How many rows determine the column widths of a table; wider cells below them overflow."""

COLUMN_GAP = "  "
COMMAND_MARK = "→ "
"""What stands before a command that the user may copy."""
LONG_WORD = 24
"""From how many characters a word, such as the name of a file, may be broken to fit a table."""


_NO_SUMMARY: Mapping[str, Any] = {}


def print_view(
    view: View,
    rows: Iterable[Mapping[str, Any]],
    layout: str,
    summary: Mapping[str, Any] = _NO_SUMMARY,
) -> int:
    """Stream rows in one of the layouts in FORMATS, or PLAIN_CSV; return their number.

    `summary` is what JSON tells of the whole list before the rows.
    """
    counter = count()
    counted = (row for row, _number in zip(rows, counter, strict=False))
    _print_layout(view, counted, layout, summary)
    return next(counter)


def print_records(view: View, records: Iterable[object], layout: str) -> int:
    """Print dataclasses or named tuples as rows of a view; return their number."""
    return print_view(view, map(record_row, records), layout)


def _print_layout(
    view: View, rows: Iterable[Mapping[str, Any]], layout: str, summary: Mapping[str, Any]
) -> None:
    if layout == "json":
        _print_in_blocks(_json_pieces(view, rows, summary))
    elif layout == "jsonl":
        head = {"schema_version": SCHEMA_VERSION, "view": view.name}
        _print_in_blocks(_json({**head, **row}) + "\n" for row in rows)
    elif layout == PLAIN_CSV:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        keys = [column.key for column in view.columns if not column.is_nested]
        writer.writerow(keys)
        writer.writerows([csv_cell(row[key]) for key in keys] for row in rows)
    elif layout == "csv":
        _print_csv_for_people(view, rows)
    else:
        _print_table(view, rows)


def _print_csv_for_people(view: View, rows: Iterable[Mapping[str, Any]]) -> None:
    """Print CSV for people; a file has the mark of UTF-8."""
    from photoreg.presentation.rows.csv_text import BYTE_ORDER_MARK, csv_lines

    if not sys.stdout.isatty():
        sys.stdout.write(BYTE_ORDER_MARK)
    sys.stdout.writelines(csv_lines(view, rows))


def _print_in_blocks(pieces: Iterable[str]) -> None:
    """Print lines in blocks: every echo flushes, which costs more than printing the line."""
    pieces = iter(pieces)
    while block := "".join(islice(pieces, LINES_PER_BLOCK)):
        click.echo(block, nl=False)


def _json_pieces(
    view: View, rows: Iterable[Mapping[str, Any]], summary: Mapping[str, Any]
) -> Iterator[str]:
    head = _json({"schema_version": SCHEMA_VERSION, "view": view.name, **summary})
    yield f'{head[:-1]}, "items": ['
    for number, row in enumerate(rows):
        yield (",\n  " if number else "\n  ") + _json(row)
    yield "]}\n"


def _json(value: object) -> str:
    import json

    return escape_json(json.dumps(value, ensure_ascii=False, default=str))


def _print_table(view: View, rows: Iterable[Mapping[str, Any]]) -> None:
    columns = [c for c in view.columns if c.in_table and not c.is_nested]
    cells = ([safe(readable(row[c.key], c)) for c in columns] for row in rows)
    first = list(islice(cells, WIDTH_SAMPLE_ROWS))
    if not first:
        print_note(_("the list is empty"))
        return
    titles = [_(column.title) for column in columns]
    rows_of_text: Iterable[Sequence[str]] = chain((titles,), first, cells)
    widths = [max(map(len, column)) for column in zip(titles, *first, strict=True)]
    if sys.stdout.isatty() and _row_width(widths) > terminal_width():
        fitted = _fitted_widths(widths, _longest_words([titles, *first]), terminal_width())
        if not fitted:
            _print_in_blocks(_blocks(titles, chain(first, cells)))
            return
        widths, rows_of_text = fitted, _wrapped(rows_of_text, fitted)

    def line(row: Iterable[str]) -> str:
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        return COLUMN_GAP.join(padded).rstrip() + "\n"

    _print_in_blocks(map(line, rows_of_text))


def _row_width(widths: Sequence[int]) -> int:
    return sum(widths) + len(COLUMN_GAP) * (len(widths) - 1)


def _longest_words(rows: Iterable[Sequence[str]]) -> list[int]:
    """Return how long the longest word of each column is."""
    return [
        max(len(word) for text in column for word in (text.split() or [""]))
        for column in zip(*rows, strict=True)
    ]


def _fitted_widths(
    widths: Sequence[int], longest_words: Sequence[int], available: int
) -> list[int] | None:
    """Return column widths with which a row fits; None if long words would have to be broken."""
    narrowest = [min(length, LONG_WORD) for length in longest_words]
    for limit in range(max(widths), 0, -1):
        fitted = [min(wide, max(word, limit)) for wide, word in zip(widths, narrowest, strict=True)]
        if _row_width(fitted) <= available:
            return fitted
    return None


def _wrapped(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[Sequence[str]]:
    """Break cells that are wider than their column into several lines."""
    from textwrap import wrap

    for row in rows:
        columns = (
            wrap(text, width, break_on_hyphens=False)
            for text, width in zip(row, widths, strict=True)
        )
        yield from zip_longest(*columns, fillvalue="")


def _blocks(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield each row as a block of lines, for tables that do not fit the terminal."""
    from textwrap import TextWrapper

    margin = max(map(len, titles)) + len(COLUMN_GAP)
    wrapper = TextWrapper(terminal_width(), subsequent_indent=" " * margin, break_on_hyphens=False)
    for number, row in enumerate(rows):
        lines = [
            wrapper.fill(f"{title.ljust(margin)}{text}")
            for title, text in zip(titles, row, strict=True)
            if text
        ]
        yield "\n" * bool(number) + "\n".join(lines) + "\n"


def print_note(text: str) -> None:
    """Print a message that is not data, on standard error."""
    print_line(text, err=True)


def print_script(text: str) -> None:
    """Print a text of photoreg for another program, as it is."""
    click.echo(text, nl=False)


def print_line(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text for people; what a path or a name contains cannot control the terminal."""
    shown = visible(str(text))
    if (sys.stderr if err else sys.stdout).isatty():
        shown = "\n".join(map(_wrapped_line, shown.split("\n")))
    click.echo(shown, err=err, nl=nl)


def _wrapped_line(line: str) -> str:
    """Return a line broken between words to fit the terminal; a command to copy stays whole."""
    width = terminal_width()
    if len(line) <= width or COMMAND_MARK in line:
        return line
    from textwrap import fill

    margin = " " * (len(line) - len(line.lstrip()) + len(COLUMN_GAP))
    return fill(
        line, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    )


def confirm(question: str) -> bool:
    """Ask on standard error; accept "yes" in the user's language or in English."""
    asked = visible(_("{question} [y/N]").format(question=question))
    answer: str = click.prompt(asked, default="", show_default=False, err=True)
    return answer.strip().casefold() in {"y", "yes", *_("y yes").split()}


def require_confirmed(question: str) -> None:
    """Ask; for a no, say that nothing was changed, and end the command."""
    if not confirm(question):
        print_note(_("Nothing was changed."))
        raise click.exceptions.Exit


@contextmanager
def new_text_file(path: Path) -> Iterator[IO[str]]:
    """Open a new file that only its owner can read; it gets its name once it is complete."""
    with written_file(path) as part, part.open("w", encoding="utf-8") as file:
        yield file


MAX_LISTED = 8
"""How many ids a line of a plan lists before it gives only the number of the rest."""


def abbreviated_list(ids: Sequence[str]) -> str:
    """Return the first ids or hashes, and the number of the rest."""
    shown = ", ".join(each[:12] for each in ids[:MAX_LISTED])
    more = len(ids) - MAX_LISTED
    return shown if more <= 0 else _("{shown} and {more} more").format(shown=shown, more=more)
