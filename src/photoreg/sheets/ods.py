"""OpenDocument spreadsheets (.ods), as LibreOffice writes them, read as untrusted input.

They are read here, not by python-calamine: it cannot tell formulas, hidden sheets and merged cells.
"""

import io
import re
import zipfile
from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from defusedxml.ElementTree import iterparse

from photoreg.errors import InputDataError
from photoreg.sheets.cells import unescape_formula
from photoreg.sheets.formats import MAX_UNPACKED, MIDNIGHT, not_a_workbook
from photoreg.sheets.margins import says_something
from photoreg.sheets.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    MergedCells,
    RawSheet,
    RawValue,
    column_letter,
    formula_error,
    too_big_error,
)

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_NUMBERS = frozenset({"float", "percentage", "currency"})
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_MAX_REPEATED = 1_000_000_000
_NAMED_STYLES, _DESCRIPTION = "styles.xml", "meta.xml"
_PROPERTIES = {
    *(f"{_META}{each}" for each in ("keyword", "user-defined")),
    *(f"{_DUBLIN_CORE}{each}" for each in ("title", "subject", "description")),
}
_PARENT = f"{_STYLE}parent-style-name"
_MARGINS = {
    f"{_STYLE}{each}{page}" for each in ("header", "footer") for page in ("", "-left", "-first")
}
_IN_TEXT = frozenset({f"{_TEXT}span", f"{_TEXT}a"})
"""What a text is made of, besides what a program fills in, such as the number of the page."""

_LINES = (f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type")


def is_ods(content: bytes) -> bool:
    """Return whether a ZIP file is an OpenDocument spreadsheet, by its own statement."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            is_short = archive.getinfo("mimetype").file_size <= len(_MIMETYPE)
            return is_short and archive.read("mimetype") == _MIMETYPE
    except Exception:  # noqa: BLE001 - untrusted input: zipfile raises many kinds of errors
        return False


def read_ods(content: bytes, name: str) -> list[RawSheet]:
    """Return every sheet; errors refer to the file as `name`."""
    try:
        sheets = list(_sheets(_part(content, "content.xml"), _named_styles(content)))
        margins, properties = tuple(_margins(content)), tuple(_properties(content))
        return [
            replace(each, margins=margins, comments=(*each.comments, *properties))
            for each in sheets
        ]
    except InputDataError:
        raise
    except Exception as error:  # untrusted input: ZIP and XML raise many kinds of errors
        raise not_a_workbook(name) from error


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(name)
        if part.file_size > MAX_UNPACKED:
            raise too_big_error()
        return archive.read(part)


def _named_styles(content: bytes) -> "_Styles":
    """Return the styles that have a name of their own, which those of cells may build on."""
    styles = _Styles()
    for node in _nodes_of(content, _NAMED_STYLES):
        if node.tag == f"{_STYLE}style":
            styles.add(node)
    return styles


def _nodes_of(content: bytes, part: str) -> Iterator[Any]:
    """Yield the nodes of a part that a file need not have."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if part not in archive.namelist():
            return
    xml = io.BytesIO(_part(content, part))
    yield from (node for _event, node in iterparse(xml, ("end",), forbid_dtd=True))


def _margins(content: bytes) -> Iterator[str]:
    """Yield the headers and footers of printed pages, whichever sheet they are for."""
    for node in _nodes_of(content, _NAMED_STYLES):
        if node.tag in _MARGINS:
            texts = (" ".join(_shown(each, _IN_TEXT).split()) for each in node.iter(f"{_TEXT}p"))
            yield from filter(says_something, texts)


def _properties(content: bytes) -> Iterator[str]:
    """Yield what somebody wrote about the file into its properties."""
    for node in _nodes_of(content, _DESCRIPTION):
        if node.tag in _PROPERTIES and node.text and node.text.strip():
            yield node.text


def _sheets(xml: bytes, styles: "_Styles") -> Iterator[RawSheet]:
    hints: dict[str, str] = {}
    rows = _Rows(styles, hints)
    for event, node in iterparse(io.BytesIO(xml), ("start", "end"), forbid_dtd=True):
        if event == "start":
            if node.tag == f"{_TABLE}table":
                rows = _Rows(styles, dict(hints))
        elif node.tag == f"{_STYLE}style":
            styles.add(node)
        elif node.tag == f"{_TABLE}content-validation":
            hints[node.get(f"{_TABLE}name", "")] = _hint(node)
        elif node.tag == f"{_TABLE}shapes":
            rows.comments += filter(None, map(_shown, node.iter(f"{_TEXT}p")))
            node.clear()
        elif node.tag == f"{_TABLE}table-column":
            rows.add_column(node)
        elif node.tag == f"{_TABLE}table-row":
            rows.add(node)
            node.clear()
        elif node.tag == f"{_TABLE}table":
            yield _sheet(node, rows, styles)
            node.clear()


def _sheet(node: Any, rows: "_Rows", styles: "_Styles") -> RawSheet:
    return RawSheet(
        node.get(f"{_TABLE}name", ""),
        rows.read,
        node.get(f"{_TABLE}style-name") in styles.hidden,
        tuple(rows.comments),
        tuple(rows.struck),
        tuple(rows.hidden),
        tuple(rows.hidden_columns),
        tuple(rows.merged),
        tuple(rows.covered),
        tuple(rows.disguised),
    )


def _hint(validation: Any) -> str:
    """Return what is shown to whoever fills in a cell."""
    parts = [
        text
        for message in validation.iter(f"{_TABLE}help-message")
        for text in (message.get(f"{_TABLE}title", ""), _text(message))
    ]
    return " ".join(filter(None, parts))


class _Styles:
    """The names of styles that hide a sheet, and of those that strike text through."""

    def __init__(self) -> None:
        self.hidden: set[str] = set()
        self.struck: set[str] = set()

    def add(self, node: Any) -> None:
        """Note a style; one that says nothing of lines through text is as its parent is."""
        name = node.get(f"{_STYLE}name", "")
        if any(part.get(f"{_TABLE}display") == "false" for part in node):
            self.hidden.add(name)
        lines = [part.get(key) for part in node for key in _LINES if part.get(key)]
        if set(lines) - {"none"} or (not lines and node.get(_PARENT) in self.struck):
            self.struck.add(name)


class _Rows:
    """The rows of a sheet; empty ones are only counted until another one follows."""

    def __init__(self, styles: _Styles, hints: dict[str, str]) -> None:
        self.styles = styles
        self.hints = hints
        self.merged: list[MergedCells] = []
        self.covered: list[str] = []
        self.disguised: list[str] = []
        self.words: set[str] = set()
        self.read: list[list[RawValue]] = []
        self.empty = 0
        self.below: dict[int, tuple[int, RawValue]] = {}
        self.comments: list[str] = []
        self.struck: list[str] = []
        self.hidden: list[int] = []
        self.hidden_columns: list[int] = []
        self.columns: list[str | None] = []

    def add_column(self, node: Any) -> None:
        """Add a column as often as it is repeated: its style, and whether it is hidden."""
        times = min(_repeated(node, "number-columns-repeated"), MAX_COLUMNS - len(self.columns))
        if _is_invisible(node):
            self.hidden_columns += range(len(self.columns), len(self.columns) + times)
        self.columns += [node.get(f"{_TABLE}default-cell-style-name")] * times

    def add(self, node: Any) -> None:
        """Add a row as often as it is repeated."""
        times = _repeated(node, "number-rows-repeated")
        cells = self._cells(node)
        if not any(value is not None for value in cells):
            self.empty += times
            return
        if len(self.read) + self.empty + times > MAX_ROWS + 1:
            raise too_big_error()
        self.read += [[] for _ in range(self.empty)]
        if _is_invisible(node):
            self.hidden += range(len(self.read) + 1, len(self.read) + times + 1)
        self.read += [cells for _ in range(times)]
        self.empty = 0

    def _cells(self, node: Any) -> list[RawValue]:
        row = len(self.read) + self.empty + 1
        cells: list[RawValue] = []
        empty = 0
        for cell in (each for each in node if each.tag in _CELLS):
            times = _repeated(cell, "number-columns-repeated")
            place = len(cells) + empty
            value = self._merged(place) if cell.tag == _CELLS[1] else _value(cell, row, place)
            self._note_merged(cell, row, place, value)
            self._note_marks(cell, f"{column_letter(place)}{row}", node, place)
            self._note_disguise(cell, f"{column_letter(place)}{row}", row, place)
            if value is None:
                empty += times
                continue
            if place + times > MAX_COLUMNS:
                raise too_big_error()
            cells += [None] * empty + [value] * times
            empty = 0
        return cells

    def _note_merged(self, cell: Any, row: int, place: int, value: RawValue) -> None:
        rows = _repeated(cell, "number-rows-spanned")
        columns = _repeated(cell, "number-columns-spanned")
        if rows > 1:
            self.below[place] = (rows - 1, value)
        if rows > 1 or columns > 1:
            self.merged.append(MergedCells(row, row + rows - 1, place, place + columns - 1))

    def _note_disguise(self, cell: Any, name: str, row: int, place: int) -> None:
        """Note a cell that is covered though it holds something, or shows something else."""
        if hint := self.hints.pop(cell.get(f"{_TABLE}content-validation-name", ""), ""):
            self.comments.append(f"{name}: {hint}")
        if cell.tag == _CELLS[1]:
            if _value(cell, row, place) is not None:
                self.covered.append(name)
        elif _is_disguised(cell):
            self.disguised.append(name)
        elif (words := _words_beside_number(cell)) and words not in self.words:
            self.words.add(words)
            self.comments.append(f"{name}: {words}")

    def _note_marks(self, cell: Any, name: str, row: Any, place: int) -> None:
        """Note a comment on a cell, and whether its text is struck through."""
        for comment in cell.findall(f"{_OFFICE}annotation"):
            self.comments.append(f"{name}: {_text(comment)}")
        hints = (link.get(f"{_OFFICE}title") for link in cell.iter(f"{_TEXT}a"))
        self.comments += (f"{name}: {hint}" for hint in hints if hint)
        boxes = (each for each in cell if each.tag.startswith(_DRAW))
        texts = (_shown(text) for box in boxes for text in box.iter(f"{_TEXT}p"))
        self.comments += filter(None, texts)
        of_column = self.columns[place] if place < len(self.columns) else None
        of_row = row.get(f"{_TABLE}default-cell-style-name")
        style = cell.get(f"{_TABLE}style-name") or of_row or of_column
        spans = (each.get(f"{_TEXT}style-name") for each in cell.iter(f"{_TEXT}span"))
        is_filled = cell.find(f"{_TEXT}p") is not None
        if is_filled and any(each in self.styles.struck for each in (style, *spans)):
            self.struck.append(name)

    def _merged(self, place: int) -> RawValue:
        left, value = self.below.pop(place, (0, None))
        if left > 1:
            self.below[place] = (left - 1, value)
        return value


def _repeated(node: Any, name: str) -> int:
    return max(1, min(int(node.get(_TABLE + name, "1")), _MAX_REPEATED))


def _is_invisible(node: Any) -> bool:
    """Return whether a row or a column is hidden, or left out by a filter."""
    return bool(node.get(f"{_TABLE}visibility", "visible") != "visible")


def _value(cell: Any, row: int, place: int) -> RawValue:
    if cell.get(f"{_TABLE}formula"):
        return formula_error(row, column_letter(place))
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in _NUMBERS:
        return float(cell.get(f"{_OFFICE}value"))
    if kind == "date":
        return _day(cell.get(f"{_OFFICE}date-value"))
    if kind == "boolean":
        return bool(cell.get(f"{_OFFICE}boolean-value") == "true")
    return unescape_formula(_text(cell)) or None


def _is_disguised(cell: Any) -> bool:
    """Return whether a cell shows another text than it holds, as by a format that writes words."""
    if cell.get(f"{_TABLE}formula") or cell.find(f"{_TEXT}p") is None:
        return False
    shown = _text(cell).strip()
    if cell.get(f"{_OFFICE}value-type") not in _NUMBERS:
        held = cell.get(f"{_OFFICE}string-value")
        return held is not None and held.split() != shown.split()
    held = float(cell.get(f"{_OFFICE}value"))
    if _WHOLE.fullmatch(shown) and held.is_integer():
        return int(shown) != held
    return not any(map(str.isdigit, shown))


def _words_beside_number(cell: Any) -> str:
    """Return the words that a format adds to a number."""
    if cell.get(f"{_OFFICE}value-type") not in _NUMBERS:
        return ""
    return " ".join(re.findall(r"[^\W\d_]{2,}", _text(cell)))


def _day(value: str) -> date | datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.time() != MIDNIGHT else moment.date()


def _text(cell: Any) -> str:
    """Return what a cell shows, without notes that are pinned to it."""
    return "\n".join(_shown(part) for part in cell if part.tag == f"{_TEXT}p")


def _shown(node: Any, only: Container[str] | None = None) -> str:
    """Return the text of a node, of its children all or `only` some."""
    parts = [node.text or ""]
    for child in node:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), MAX_COLUMNS))
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif child.tag != f"{_OFFICE}annotation" and (only is None or child.tag in only):
            parts.append(_shown(child, only))
        parts.append(child.tail or "")
    return "".join(parts)
