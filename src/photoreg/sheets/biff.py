"""What python-calamine does not tell of an old Excel workbook (.xls): whether it has such things.

The workbook is a stream of records in a compound file (MS-CFB). Only the kinds of its records are
looked at: comments, text boxes, fonts that strike text through, hidden rows and columns, formats
that write words instead of numbers, hints for filling in a cell, and headers and footers of pages.
"""

import struct
from collections.abc import Iterator, Sequence

from photoreg.sheets.margins import margin_texts
from photoreg.sheets.number_formats import may_hide_values

_SECTORS_IN_HEADER = 109
_ENTRY = 128
_NONE = 0xFFFFFFF0
"""From this number on a sector is none: the end of a chain, or free."""

_NAMES = {"Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")}
_NOTE, _TEXT_BOX, _FONT, _ROW, _COLUMNS = 0x001C, 0x01B6, 0x0031, 0x0208, 0x007D
_FLAGS = {_FONT: (2, 0x0008), _ROW: (12, 0x0020), _COLUMNS: (8, 0x0001)}
"""Where a record has its flags, and the one for struck-through or hidden."""
_FORMAT, _HINT = 0x041E, 0x01BE
_MARGINS = frozenset({0x0014, 0x0015})


def is_seen_whole_by_calamine(content: bytes) -> bool:
    """Return whether a workbook has nothing that python-calamine passes by.

    A file that cannot be followed is a ValueError, a LookupError or a struct.error.
    """
    return not any(_is_passed_by(kind, data) for kind, data in _records(_workbook(content)))


def _is_passed_by(kind: int, data: bytes) -> bool:
    if kind == _FORMAT:
        return may_hide_values(_format(data))
    if kind in _MARGINS:
        return any(margin_texts(_margin(data)))
    if kind == _HINT:
        return any(text.strip("\0 ") for text in _hints(data))
    place, flag = _FLAGS.get(kind, (0, 0))
    return kind in {_NOTE, _TEXT_BOX} or bool(flag and _number(data, place, "H") & flag)


def _format(data: bytes) -> str:
    """Return the code of a format; its length has one byte in files of Excel 5 and 95."""
    length = _number(data, 2, "H")
    if len(data) in {5 + length, 5 + 2 * length}:
        return _text(data, 2)[0]
    return data[3:].decode("latin-1")


def _margin(data: bytes) -> str:
    """Return the header or footer of pages; its length has one byte in Excel 5 and 95."""
    if not data:
        return ""
    return data[1:].decode("latin-1") if data[0] == len(data) - 1 else _text(data, 0)[0]


def _hints(data: bytes) -> Iterator[str]:
    """Yield the titles and texts of a rule for what may be filled in."""
    place = 4
    for _each in range(4):
        text, place = _text(data, place)
        yield text


def _text(data: bytes, place: int) -> tuple[str, int]:
    """Return the text at a place, of one or two bytes for each letter, and where it ends."""
    is_wide = _number(data, place + 2, "B") & 1
    end = place + 3 + _number(data, place, "H") * (1 + is_wide)
    return data[place + 3 : end].decode("utf-16-le" if is_wide else "latin-1", "replace"), end


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _workbook(content: bytes) -> bytes:
    """Return the stream of the workbook; a short one lies in the stream of short ones."""
    size, short_size = (1 << _number(content, place, "H") for place in (30, 32))
    sectors = content[size:]
    table = _table(content, sectors, size)
    folder = _chain(sectors, table, _number(content, 48), size)
    for place in range(0, len(folder), _ENTRY):
        name = folder[place : place + max(0, _number(folder, place + 64, "H") - 2)]
        if name not in _NAMES:
            continue
        first, length = _number(folder, place + 116), _number(folder, place + 120)
        if length >= _number(content, 56):
            return _chain(sectors, table, first, size)[:length]
        shorts = _chain(sectors, table, _number(folder, 116), size)
        short_table = _numbers(_chain(sectors, table, _number(content, 60), size))
        return _chain(shorts, short_table, first, short_size)[:length]
    raise LookupError(_NAMES)


def _table(header: bytes, sectors: bytes, size: int) -> Sequence[int]:
    """Return which sector follows each; the sectors with this table are listed in the header."""
    listed = list(struct.unpack_from(f"<{_SECTORS_IN_HEADER}I", header, 76))
    more = _number(header, 68)
    while more < _NONE and len(listed) * size < len(sectors):
        *numbers, more = _numbers(_sector(sectors, more, size))
        listed += numbers
    found = (_sector(sectors, number, size) for number in listed if number < _NONE)
    return _numbers(b"".join(found))


def _chain(sectors: bytes, table: Sequence[int], first: int, size: int) -> bytes:
    pieces: list[bytes] = []
    while first < _NONE and len(pieces) <= len(table):
        pieces.append(_sector(sectors, first, size))
        first = table[first]
    return b"".join(pieces)


def _sector(sectors: bytes, number: int, size: int) -> bytes:
    return sectors[number * size : (number + 1) * size]


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _number(data: bytes, place: int, kind: str = "I") -> int:
    found: int = struct.unpack_from(f"<{kind}", data, place)[0]
    return found
