"""Lists that others made: the table is found between titles and notes, on whichever sheet it is.

A sheet is a title and rows of cells. A cell that cannot be read holds the error, which is raised by
whoever needs its value: a formula in a column that nobody reads stops nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from photoreg.errors import InputDataError
from photoreg.sheets import files, formats, ods, text, xls
from photoreg.sheets.cells import CellValue, to_text
from photoreg.sheets.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    MergedCells,
    RawSheet,
    RawValue,
    Table,
    TableRow,
    column_letter,
    no_heading_error,
    no_table_error,
    too_big_error,
)
from photoreg.texts import N_

_ROWS_SEARCHED = 50
"""Among how many rows the headings are looked for."""

CountHeadings = Callable[[Sequence[str]], int]
"""Says how many cells of a row are headings that are understood; 0 if it is none of headings."""

RawRow = Sequence[RawValue]


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A table that was found on a sheet.

    `above` are the texts over it by row, `repeated` rows that repeat the headings, and `formulas`
    the headings of columns with formulas or errors. `broken` holds such cells by row and heading.
    `merged` are the cells of its sheet that are merged.
    """

    table: Table
    above: tuple[tuple[int, str], ...] = ()
    repeated: tuple[int, ...] = ()
    broken: dict[tuple[int, str], InputDataError] = field(default_factory=dict)
    merged: tuple[MergedCells, ...] = ()

    def unclear_answers(
        self, who: Collection[str], answers: Collection[str]
    ) -> dict[tuple[int, str], InputDataError]:
        """Return the answers in merged cells that may be about several people or questions.

        They are found by row and heading. `who` are the headings of columns that tell about whom a
        row is, and `answers` those of columns with answers.
        """
        headings = self.table.headings
        lines = {line.number: line.cells for line in self.table.rows}
        unclear = {}
        for area in self.merged:
            heading = "".join(headings[area.left : area.left + 1])
            if heading not in answers:
                continue
            rows = [n for n in range(area.top, min(area.bottom, MAX_ROWS + 1) + 1) if n in lines]
            people = {tuple(lines[row].get(each) for each in who) for row in rows}
            questions = [each for each in headings[area.left : area.right + 1] if each in answers]
            if len(people) > 1 or len(questions) > 1:
                filled = (n for n in rows if heading in lines[n])
                unclear.update({(n, heading): _merged_error(area) for n in filled})
        return unclear


def _merged_error(area: MergedCells) -> InputDataError:
    return InputDataError(
        N_("the cells {cells} are merged, so it is unclear to whom the answer belongs"),
        N_("Unmerge the cells, and write each answer into the row and the column it is about."),
        cells=area.name,
    )


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """The tables of a file, and its sheets that were not read: title, and whether hidden.

    `elsewhere` are the texts on other sheets that hold no list, each with the title of its sheet,
    and `comments` those on cells of the sheets that were read. There `struck` are the cells with
    text that is struck through, and `hidden_rows` and `hidden_columns` were read though hidden.
    `covered` are cells of any sheet that hold something under merged ones, and `disguised` those
    that show something else than they hold. `titles` are those of the sheets that were read, and
    `margins` the headers and footers of their printed pages.
    `encoding` and `example` tell how the letters of a text file were read if that was found out.
    """

    tables: tuple[ForeignTable, ...]
    other_sheets: tuple[tuple[str, bool], ...] = ()
    encoding: str = ""
    example: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()
    comments: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    covered: tuple[str, ...] = ()
    disguised: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    margins: tuple[str, ...] = ()


def read_foreign(path: Path, count: CountHeadings, sheet: str = "") -> ForeignFile:
    """Return the tables of a file that have known headings, or the first one if none has.

    Hidden sheets are not read unless one is named by `sheet`.
    """
    content = files.read_content(path)
    if content.startswith(formats.ZIP_SIGNATURE):
        return _from_sheets(_sheets(content, path.name), count, sheet)
    if content.startswith(formats.OLE_SIGNATURE):
        return _from_sheets(xls.read_xls(content, path.name), count, sheet)
    files.refuse_false_workbook(path, content)
    return _from_text(content, count)


def _sheets(content: bytes, name: str) -> list[RawSheet]:
    """Return the sheets of a workbook in a ZIP file: of OpenDocument or of Excel."""
    if ods.is_ods(content):
        return ods.read_ods(content, name)
    from photoreg.sheets import excel  # noqa: PLC0415 - its library is slow to load

    return excel.read_raw_sheets(content, name)


def _from_text(content: bytes, count: CountHeadings) -> ForeignFile:
    decoded = text.decode_csv(content)
    separator = max(text.SEPARATORS, key=lambda each: _score(decoded.text, each, count))
    rows = text.strict_rows(decoded.text, separator)
    return ForeignFile(
        (find_table(rows, count),), encoding=decoded.encoding, example=decoded.example
    )


def _score(content: str, separator: str, count: CountHeadings) -> tuple[int, int]:
    """Return how well a separator fits: how many headings it makes, then how often it is there."""
    lines = content.lstrip("\r\n").splitlines()[:_ROWS_SEARCHED]
    rows = ([cell.strip(' "') for cell in line.split(separator)] for line in lines)
    found = [count(unique_headings(row)) for row in rows]
    return max(found, default=0), sum(line.count(separator) for line in lines)


def _from_sheets(sheets: Sequence[RawSheet], count: CountHeadings, named: str) -> ForeignFile:
    wanted = _wanted(sheets, named)
    filled = [(each, _rows_of(each)) for each in sheets]
    lists = [(each, rows) for each, rows in filled if each in wanted and _has_list(rows, count)]
    if not lists:
        lists = [(each, rows) for each, rows in filled if each in wanted and rows][:1]
    read = [each for each, _rows in lists]
    others = tuple((e.title, e.is_hidden) for e, rows in filled if rows and e not in read)
    title = len(lists) > 1
    tables = tuple(
        replace(find_table(rows, count, each.title if title else ""), merged=each.merged)
        for each, rows in lists
    )
    return ForeignFile(
        tables or (find_table((), count),),
        others,
        elsewhere=tuple(
            _elsewhere([each for each in filled if each[0] not in read], count, named=named)
        ),
        comments=tuple(text for each in read for text in each.comments),
        struck=tuple(cell for each in read for cell in each.struck),
        hidden_rows=tuple(row for each in read for row in sorted(each.hidden_rows)),
        hidden_columns=tuple(place for each in read for place in sorted(each.hidden_columns)),
        covered=tuple(_cells_of(sheets, read, "covered")),
        disguised=tuple(_cells_of(sheets, read, "disguised")),
        titles=tuple(each.title for each in read),
        margins=tuple(dict.fromkeys(text for each in read for text in each.margins)),
    )


def _cells_of(
    sheets: Iterable[RawSheet], read: Sequence[RawSheet], kind: Literal["covered", "disguised"]
) -> Iterator[str]:
    """Yield the names of cells, behind the title of a sheet that was not read."""
    for sheet in sheets:
        cells: tuple[str, ...] = getattr(sheet, kind)
        yield from (name if sheet in read else f"{sheet.title}!{name}" for name in cells)


def _elsewhere(
    filled: Iterable[tuple[RawSheet, Sequence[RawRow]]], count: CountHeadings, *, named: str
) -> Iterator[tuple[str, str]]:
    """Yield the texts and comments on sheets that hold no list of people, or are hidden.

    A sheet with a list is passed by if another one was `named`.
    """
    for sheet, rows in filled:
        if _has_list(rows, count) and (named or not sheet.is_hidden):
            continue
        yield from ((sheet.title, text) for row in rows for text in _texts(row) if text)
        yield from ((sheet.title, text) for text in (*sheet.comments, *sheet.margins))


def _wanted(sheets: Sequence[RawSheet], named: str) -> list[RawSheet]:
    if not named:
        return [each for each in sheets if not each.is_hidden] or list(sheets)
    found = [each for each in sheets if each.title.casefold() == named.strip().casefold()]
    if not found:
        raise InputDataError(
            N_("the file has no sheet {sheet}"),
            N_("Its sheets are: {known}."),
            fields=("sheet",),
            sheet=named,
            known=", ".join(each.title for each in sheets),
        )
    return found


def _rows_of(sheet: RawSheet) -> list[RawRow]:
    rows = list(sheet.rows)
    while rows and not _is_filled(rows[-1]):
        rows.pop()
    return rows


def _is_filled(row: RawRow) -> bool:
    return any(value is not None for value in row)


def _has_list(rows: Sequence[RawRow], count: CountHeadings) -> bool:
    return any(count(unique_headings(_texts(row))) for row in rows[:_ROWS_SEARCHED])


def find_table(rows: Iterable[RawRow], count: CountHeadings, sheet: str = "") -> ForeignTable:
    """Return the table in rows: its headings are the row of which most is understood."""
    numbered = [(n, row) for n, row in enumerate(_bounded(rows), 1) if _is_filled(row)]
    if not numbered:
        raise no_table_error()
    start = _start(numbered, count)
    _number, first = numbered[start]
    headings = unique_headings(_texts(first))
    above = tuple((n, " ".join(filter(None, _texts(row)))) for n, row in numbered[:start])
    found, repeated, broken = [], [], {}
    known = {heading.casefold() for heading in _texts(first) if heading}
    for number, row in numbered[start + 1 :]:
        if _is_of_headings(row, known, number):
            repeated.append(number)
            continue
        cells, errors = _by_heading(headings, row, number)
        broken.update({(number, heading): error for heading, error in errors.items()})
        found.append(TableRow(number, cells))
    if not found:
        raise no_table_error()
    table = Table(headings, tuple(found), sheet)
    return ForeignTable(table, above, tuple(repeated), broken)


def _bounded(rows: Iterable[RawRow]) -> Iterator[RawRow]:
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS + 1 or len(row) > MAX_COLUMNS:
            raise too_big_error()
        yield row


def _start(numbered: Sequence[tuple[int, RawRow]], count: CountHeadings) -> int:
    """Return the place of the headings: the row of which most is understood, else the first."""
    scores = [count(unique_headings(_texts(row))) for _number, row in numbered[:_ROWS_SEARCHED]]
    return scores.index(max(scores))


def _texts(row: RawRow) -> list[str]:
    return [
        "" if isinstance(value, InputDataError) else " ".join(to_text(value).split())
        for value in row
    ]


def unique_headings(headings: Sequence[str]) -> tuple[str, ...]:
    """Return the headings, each once: those that repeat with the letter of their column."""
    written = [heading.casefold() for heading in headings]
    return tuple(
        f"{heading} [{column_letter(place)}]"
        if heading and written.count(heading.casefold()) > 1
        else heading
        for place, heading in enumerate(headings)
    )


def _is_of_headings(row: RawRow, known: set[str], number: int) -> bool:
    """Return whether a row repeats the headings, as at the top of a printed page."""
    texts = {text.casefold() for text in _texts(row) if text}
    common = texts & known
    if len(common) < 2 or len(known) < 2:  # noqa: PLR2004 - one word may be a name
        return False
    if texts <= known:
        return True
    if len(common) * 2 > len(known):
        raise InputDataError(
            N_("row {row}: another table begins here, with other headings"),
            N_("Put each table on a sheet or into a file of its own."),
            row=number,
        )
    return False


def _by_heading(
    headings: Sequence[str], row: RawRow, number: int
) -> tuple[dict[str, CellValue], dict[str, InputDataError]]:
    cells: dict[str, CellValue] = {}
    errors: dict[str, InputDataError] = {}
    if len(row) > len(headings) and any("\n" in each for each in row if isinstance(each, str)):
        raise text.quotation_mark_error(number)  # it was closed in a row below, in another column
    for place, value in enumerate(row):
        if value is None:
            continue
        if place >= len(headings) or not headings[place]:
            raise no_heading_error(number, place)
        heading = headings[place]
        if isinstance(value, InputDataError):
            errors[heading] = value
        else:
            cells[heading] = value
    return cells, errors
