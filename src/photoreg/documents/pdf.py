"""Pages as PDF for A4 with an embedded font; the PDF metadata contain no personal names."""

import logging
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
from fpdf import FPDF

from photoreg.documents.codes import format_code
from photoreg.documents.template import Block, BlockKind, Page
from photoreg.errors import InputDataError
from photoreg.texts import N_

_FONTS = Path(__file__).parent / "fonts"
_FONT = "NotoSans"
_MARGIN = 18.0
_TOP = 12.0
_LINE_HEIGHT = 4.4
_FONT_SIZE = 9.2
_QR_SIZE = 24.0
_LABEL_WIDTH = 50.0
_CHECKBOX_SIZE = 3.6

logging.getLogger("fontTools.subset").setLevel(logging.ERROR)  # it logs every step of subsetting


def render_pdf(pages: Sequence[Page], at: datetime) -> bytes:
    """Return the pages as one PDF, made at `at`; each page starts on a new sheet.

    InputDataError if the font lacks a glyph for a character; HTML can show it then.
    """
    for page in pages:
        _require_glyphs(page)
    paper = _PdfWriter(pages[0], at)
    for page in pages:
        paper.add_page(page)
    return paper.to_bytes()


def _require_glyphs(page: Page) -> None:
    letters = {
        c for block in page.blocks for c in block.text + block.label if ord(c) not in _glyphs()
    }
    if letters:
        raise InputDataError(
            N_("the PDF font has no character {letter}"),
            N_("Make the form as a page for the browser, which has more letters."),
            fields=("format",),
            letter=min(letters),
        )


@cache
def _glyphs() -> frozenset[int]:
    paper = FPDF()
    paper.add_font(_FONT, "", _FONTS / f"{_FONT}-Regular.ttf")
    font: Any = paper.fonts[_FONT.lower()]
    shapes = frozenset(font.cmap)
    font.close()
    return shapes


class _PdfWriter:
    """Write pages onto the sheets of one PDF."""

    def __init__(self, first: Page, at: datetime) -> None:
        self.pdf = pdf = FPDF(format="A4")
        pdf.set_margins(_MARGIN, _TOP, _MARGIN)
        pdf.c_margin = 0
        self.first_sheet = 0
        self.widths: dict[tuple[str, str], float] = {}
        pdf.set_auto_page_break(True, _TOP)
        pdf.set_creation_date(at)
        pdf.set_title(first.title)
        pdf.set_lang(first.language)
        for style, weight in (("", "Regular"), ("B", "Bold")):
            pdf.add_font(_FONT, style, _FONTS / f"{_FONT}-{weight}.ttf")

    def to_bytes(self) -> bytes:
        """Return the finished PDF file."""
        content = bytes(self.pdf.output())
        fonts: Any = self.pdf.fonts
        for font in fonts.values():
            font.close()
        return content

    def add_page(self, page: Page) -> None:
        """Add a page, on as many sheets as it needs."""
        self.pdf.add_page()
        self.first_sheet = self.pdf.page
        if page.code:
            self._code(page.code)
        for block in page.blocks:
            self._block(block)

    def _code(self, code: str) -> None:
        """Draw the QR code, with the code as text, in the upper right corner."""
        pdf, left = self.pdf, self.pdf.w - _MARGIN - _QR_SIZE
        rows = [list(row) for row in segno.make_qr(code, error="h").matrix]
        side = _QR_SIZE / len(rows)
        for y, row in enumerate(rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    pdf.rect(left + x * side, _TOP + y * side, side, side, style="F")
        pdf.set_font(_FONT, "", 8)
        pdf.set_xy(left - 6, _TOP + _QR_SIZE + 0.5)
        pdf.cell(_QR_SIZE + 6, 4, format_code(code), align="R")
        pdf.set_xy(_MARGIN, _TOP)

    @property
    def _width(self) -> float:
        """The line width available at the current position: narrower beside the QR code."""
        full = self.pdf.w - 2 * _MARGIN
        is_beside = self.pdf.page == self.first_sheet and self.pdf.y < _TOP + _QR_SIZE + 5
        return full - _QR_SIZE - 8 if is_beside else full

    def _text(
        self, text: str, *, bold: bool = False, size: float = _FONT_SIZE, indent: float = 0
    ) -> None:
        pdf, height = self.pdf, _LINE_HEIGHT * size / _FONT_SIZE
        pdf.set_font(_FONT, "B" if bold else "", size)
        words = unicodedata.normalize("NFC", text).split()
        while words:
            count = self._fitting_words(words, self._width - indent)
            pdf.set_x(_MARGIN + indent)
            pdf.cell(text=" ".join(words[:count]), h=height, new_x="LMARGIN", new_y="NEXT")
            words = words[count:]

    def _fitting_words(self, words: Sequence[str], width: float) -> int:
        """Return how many words fit into a line: at least one, however long it is.

        Faster than fpdf's own line breaking, which measures each line many times.
        """
        used = self._word_width(words[0])
        for count, word in enumerate(words[1:], 1):
            used += self._word_width(" ") + self._word_width(word)
            if used > width:
                return count
        return len(words)

    def _word_width(self, word: str) -> float:
        style, size = self.pdf.font_style, self.pdf.font_size_pt
        if (style, word) not in self.widths:
            self.widths[style, word] = self.pdf.get_string_width(word) / size
        return self.widths[style, word] * size

    def _block(self, block: Block) -> None:
        if block.kind is BlockKind.TITLE:
            self._text(block.text, bold=True, size=15)
            self.pdf.ln(2)
        elif block.kind is BlockKind.HEADING:
            self._heading(block.text)
        elif block.kind is BlockKind.FACT:
            self._fact(block)
        elif block.kind is BlockKind.CHOICE:
            self._choice(block.text)
        elif block.kind is BlockKind.SIGNATURE:
            self._signature([line.strip() for line in block.text.split("|")])
        elif block.kind is BlockKind.CUT:
            self._cut_line()
        else:
            self._text(block.text, bold=block.kind is BlockKind.MARK)
            self.pdf.ln(1)

    def _reserve(self, height: float) -> None:
        """Start a new sheet unless this much height is left on the current one."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()

    def _heading(self, text: str) -> None:
        self._reserve(4 * _LINE_HEIGHT)
        self.pdf.ln(1.6)
        self._text(text, bold=True, size=10.5)

    def _fact(self, block: Block) -> None:
        pdf = self.pdf
        self._reserve(2 * _LINE_HEIGHT)
        top = pdf.y
        if block.text:
            pdf.set_font(_FONT, "", _FONT_SIZE)
            pdf.cell(_LABEL_WIDTH, _LINE_HEIGHT, block.label)
            self._text(block.text, bold=True, indent=_LABEL_WIDTH)
        else:
            self._text(block.label)
            pdf.line(
                _MARGIN + _LABEL_WIDTH,
                top + _LINE_HEIGHT,
                _MARGIN + self._width,
                top + _LINE_HEIGHT,
            )
        pdf.ln(0.6)

    def _choice(self, text: str) -> None:
        self._reserve(2 * _LINE_HEIGHT)
        self.pdf.rect(_MARGIN, self.pdf.y + 0.5, _CHECKBOX_SIZE, _CHECKBOX_SIZE)
        self._text(text, indent=_CHECKBOX_SIZE + 3)
        self.pdf.ln(0.8)

    def _signature(self, labels: Sequence[str]) -> None:
        self._reserve(4 * _LINE_HEIGHT)
        pdf = self.pdf
        pdf.ln(9)
        gap, top = 8.0, pdf.y
        width = (pdf.w - 2 * _MARGIN - gap * (len(labels) - 1)) / len(labels)
        pdf.set_font(_FONT, "", 8)
        for at, label in enumerate(labels):
            left = _MARGIN + at * (width + gap)
            pdf.line(left, top, left + width, top)
            pdf.set_xy(left, top + 0.5)
            pdf.cell(width, 4, label)
        pdf.set_xy(_MARGIN, top + 6)

    def _cut_line(self) -> None:
        self._reserve(4 * _LINE_HEIGHT)
        pdf = self.pdf
        pdf.ln(1.5)
        pdf.set_dash_pattern(dash=2, gap=1.5)
        pdf.line(_MARGIN, pdf.y, pdf.w - _MARGIN, pdf.y)
        pdf.set_dash_pattern()
        pdf.ln(2.5)
