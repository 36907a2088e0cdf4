"""What stands in the headers and footers of printed pages, without page numbers and the like."""

import html
import re
from collections.abc import Iterator

_ELEMENT = re.compile(
    r"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>/]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</",
    re.DOTALL,
)
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{2}(?:[+-]\d{3}|[0-9A-Fa-f]{4})|\d+ ?|[A-Z]|\[\w+\])')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A sign that XML cannot hold, as Excel writes it: `_x000D_` (ECMA-376, ST_Xstring)."""
_SECTION = re.compile("&[LCR]")
_ONLY_OF_PAGES = re.compile(
    r"(?:[\W\d_]|(?:sivu|page|sida|siidu|seite|of|av|von)\b)*", re.IGNORECASE
)


def margins_in(worksheet: bytes) -> list[str]:
    """Return the headers and footers in the XML of an Excel sheet, each text once.

    They are not taken from openpyxl, which drops a text that names no place on the page.
    """
    is_wide = worksheet[:2] in {b"\xff\xfe", b"\xfe\xff"}
    start = 0 if is_wide else worksheet.find(b"headerFooter")
    if start < 0:
        return []
    text = worksheet[start:].decode("utf-16" if is_wide else "utf-8", "replace")
    found = (html.unescape(each) for each in _ELEMENT.findall(text))
    codes = (_ESCAPE.sub(lambda sign: chr(int(sign[1], 16)), each) for each in found)
    return list(dict.fromkeys(each for code in codes for each in margin_texts(code)))


def margin_texts(code: str) -> Iterator[str]:
    """Yield the texts of a header or footer as Excel writes it: `&L&"Arial"Class 3A&RPage &P`."""
    for part in _SECTION.split(code.replace("&&", "\0")):
        text = " ".join(_CODE.sub("", part).replace("\0", "&").split())
        if says_something(text):
            yield text


def says_something(text: str) -> bool:
    """Return whether a header or footer holds more than the number of the page."""
    return not _ONLY_OF_PAGES.fullmatch(text)
