"""Reports as one HTML page for A4: headings, tables and charts, with all text escaped."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_STYLE = """
@page { size: A4; margin: 14mm 16mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.4 "Noto Sans", "DejaVu Sans", sans-serif; color: #000; background: #fff;
  max-width: 178mm; margin: 8mm auto; }
h1 { font-size: 17pt; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 7mm 0 2mm; break-after: avoid; }
p { margin: 0 0 2mm; }
table { border-collapse: collapse; margin: 0 0 3mm; width: 100%; break-inside: avoid; }
th, td { text-align: left; padding: 1mm 2mm; border-bottom: .5pt solid #999; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.mark { border: 1.5pt solid #000; padding: 2mm 3mm; }
figure { margin: 0 0 3mm; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table: column titles, and rows of texts and numbers; numbers are right-aligned."""

    titles: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a report: heading, text, charts (SVG from `charts`) and tables."""

    title: str
    paragraphs: Sequence[str] = ()
    charts: Sequence[str] = ()
    tables: Sequence[ReportTable] = ()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language."""

    language: str
    title: str
    paragraphs: Sequence[str] = ()
    sections: Sequence[Section] = field(default_factory=tuple)


def render_report(report: Report) -> str:
    """Return the report as one self-contained HTML file."""
    body = "\n".join(_body(report))
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(report.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{html.escape(report.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _body(report: Report) -> Iterator[str]:
    yield f"<h1>{html.escape(report.title)}</h1>"
    yield from _paragraphs(report.paragraphs)
    for section in report.sections:
        yield '<section class="mark">' if section.marked else "<section>"
        yield f"<h2>{html.escape(section.title)}</h2>"
        yield from _paragraphs(section.paragraphs)
        yield from (f"<figure>{chart}</figure>" for chart in section.charts)
        yield from map(_table, section.tables)
        yield "</section>"


def _paragraphs(texts: Sequence[str]) -> Iterator[str]:
    yield from (f"<p>{html.escape(text)}</p>" for text in texts)


def _table(table: ReportTable) -> str:
    head = "".join(f"<th>{html.escape(title)}</th>" for title in table.titles)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: str | float) -> str:
    kind = "" if isinstance(value, str) else ' class="number"'
    return f"<td{kind}>{html.escape(str(value))}</td>"
