"""Headers and footers of printed sheets: what people write there is seen in every format."""

import base64
import io
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from tests.sheets.test_foreign import _FILLED, XLS, a_file, an_ods

from photoreg.errors import InputDataError
from photoreg.services.people.class_lists.headings import count_headings
from photoreg.sheets.foreign import read_foreign
from photoreg.sheets.margins import margin_texts


def with_xml(path: Path, part: str, old: str, new: str) -> Path:
    """Change a part of a workbook, as another program would have written it."""
    content = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(content, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode()
            assert name != part or old in data
            target.writestr(name, data.replace(old, new) if name == part else data)
    path.write_bytes(content.getvalue())
    return path


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("&CEi kuvauslupaa: Ville", ["Ei kuvauslupaa: Ville"]),
        ('&L&"Arial,Bold"&12 Luokka 3A&RSivu &P/&N', ["Luokka 3A"]),
        ("&C&K01+000Huom: &K00FF00ei kuvia", ["Huom: ei kuvia"]),
        ("Ei kuvia, Ville && Elle", ["Ei kuvia, Ville & Elle"]),
        ("&LPage &P of &N&C&D&R&F", []),
    ],
)
def test_a_header_is_read_without_its_codes(code: str, texts: list[str]) -> None:
    assert list(margin_texts(code)) == texts


@pytest.mark.parametrize("kind", ["oddHeader", "oddFooter", "evenFooter", "firstHeader"])
@pytest.mark.parametrize(
    "text", ["&amp;CEi lupaa: Ville", "Ei lupaa: Ville", "Ei lupaa:_x000D_Ville"]
)
def test_headers_and_footers_of_an_excel_sheet_are_told(
    tmp_path: Path, kind: str, text: str
) -> None:
    book = openpyxl.Workbook()
    for row in (["Nimi", "Luokka"], ["Ville Länsman", "3A"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "list.xlsx")
    header = f"<headerFooter><{kind} xml:space='preserve'>{text}</{kind}></headerFooter>"
    path = with_xml(
        tmp_path / "list.xlsx", "xl/worksheets/sheet1.xml", "</worksheet>", f"{header}</worksheet>"
    )
    assert read_foreign(path, count_headings).margins == ("Ei lupaa: Ville",)


def test_headers_and_footers_of_an_open_document_are_told(tmp_path: Path) -> None:
    pages = (
        '<office:master-styles><style:master-page style:name="Default"><style:header '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><text:p>Ei <text:span>lupaa'
        "</text:span>: Ville</text:p><text:p>Sivu <text:page-number>1</text:page-number></text:p>"
        "</style:header></style:master-page></office:master-styles></office:document-styles>"
    )
    path = with_xml(an_ods(tmp_path, _FILLED), "styles.xml", "</office:document-styles>", pages)
    assert read_foreign(path, count_headings).margins == ("Ei lupaa: Ville",)


@pytest.mark.parametrize("code", [b"&P", b"&F"])
def test_an_old_workbook_with_a_header_or_footer_has_to_be_converted(
    tmp_path: Path, code: bytes
) -> None:
    content = zlib.decompress(base64.b85decode(XLS))
    record = b"\x02\x00\x00"
    assert record + code in content
    changed = content.replace(record + code, record + b"ei")
    with pytest.raises(InputDataError, match="headers or footers of pages"):
        read_foreign(a_file(tmp_path, changed, "list.xls"), count_headings)
