"""Pages as HTML for A4: one self-contained file, with all text escaped."""

import html
from collections.abc import Iterable, Sequence
from itertools import groupby

import segno

from photoreg.documents.codes import format_code
from photoreg.documents.template import Block, BlockKind, Page

_STYLE = """
@page { size: A4; margin: 14mm 18mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.35 "Noto Sans", "DejaVu Sans", sans-serif; color: #000; background: #fff;
  max-width: 174mm; margin: 8mm auto; }
article + article { break-before: page; }
header { float: right; text-align: center; font: 9pt monospace; margin: 0 0 2mm 6mm; }
header svg { display: block; width: 24mm; height: 24mm; margin: 0 auto; }
h1 { font-size: 16pt; margin: 0 0 3mm; }
h2 { font-size: 11pt; margin: 3.5mm 0 1mm; break-after: avoid; }
p { margin: 0 0 1.5mm; }
.mark { border: 1.5pt solid #000; padding: 1.5mm 2mm; font-weight: bold; }
dl { display: grid; grid-template-columns: 50mm 1fr; gap: 1mm 3mm; margin: 0 0 3mm; }
dt { color: #444; }
dd { margin: 0; font-weight: bold; min-height: 1.4em; }
dd:empty { border-bottom: .5pt solid #000; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding-left: 7mm; position: relative; margin: 0 0 1.2mm; break-inside: avoid; }
li::before { content: ""; position: absolute; left: 0; top: .5mm; width: 3.6mm; height: 3.6mm;
  border: .8pt solid #000; }
.sign { display: flex; gap: 8mm; margin: 11mm 0 3mm; break-inside: avoid; }
.sign span { flex: 1; border-top: .5pt solid #000; font-size: 8.5pt; padding-top: .5mm; }
.keep { border-top: 1pt dashed #000; margin-top: 4mm; padding-top: 3mm; break-inside: avoid; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render_html(pages: Sequence[Page]) -> str:
    """Return the pages as one HTML file; each starts on a new sheet."""
    articles = "\n".join(map(_article, pages))
    first = pages[0]
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(first.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{html.escape(first.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{articles}\n</body>\n</html>\n"
    )


def _article(page: Page) -> str:
    below = [at for at, block in enumerate(page.blocks) if block.kind is BlockKind.CUT]
    cut = below[0] if below else len(page.blocks)
    keep = "".join(_parts(page.blocks[cut + 1 :]))
    return (
        f'<article lang="{html.escape(page.language)}">\n{_header(page.code)}'
        + "".join(_parts(page.blocks[:cut]))
        + (f'<section class="keep">\n{keep}</section>\n' if keep else "")
        + "</article>"
    )


def _header(code: str) -> str:
    if not code:
        return ""
    drawing = segno.make_qr(code, error="h").svg_inline(border=0, omitsize=True)
    return f"<header>{drawing}{html.escape(format_code(code))}</header>\n"


def _parts(blocks: Iterable[Block]) -> Iterable[str]:
    for part, run in groupby(blocks, key=lambda block: block.kind):
        if part is BlockKind.FACT:
            yield f"<dl>\n{''.join(map(_fact, run))}</dl>\n"
        elif part is BlockKind.CHOICE:
            items = (f"<li>{html.escape(block.text)}</li>\n" for block in run)
            yield f"<ul>\n{''.join(items)}</ul>\n"
        else:
            yield from map(_element, run)


def _fact(block: Block) -> str:
    return f"<dt>{html.escape(block.label)}</dt><dd>{html.escape(block.text)}</dd>\n"


def _element(block: Block) -> str:
    text = html.escape(block.text)
    if block.kind is BlockKind.SIGNATURE:
        lines = (f"<span>{html.escape(line.strip())}</span>" for line in block.text.split("|"))
        return f'<div class="sign">{"".join(lines)}</div>\n'
    if block.kind is BlockKind.MARK:
        return f'<p class="mark">{text}</p>\n'
    tag = {BlockKind.TITLE: "h1", BlockKind.HEADING: "h2"}.get(block.kind, "p")
    return f"<{tag}>{text}</{tag}>\n"
