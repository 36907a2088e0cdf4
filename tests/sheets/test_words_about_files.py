"""What stands about a list and in no cell: properties of the file, and hints on links."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.hyperlink import Hyperlink
from tests.sheets.test_foreign import _FILLED, an_ods
from tests.sheets.test_margins import with_xml

from photoreg.services.people.class_lists.headings import count_headings
from photoreg.sheets.foreign import read_foreign

NO = "Ei kuvia: Ville"


def a_workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in (["Nimi", "Luokka"], ["Ville Länsman", "3A"]):
        book.worksheets[0].append(row)
    return book


@pytest.mark.parametrize("name", ["title", "subject", "description", "keywords", "category"])
def test_properties_of_an_excel_file_are_told(tmp_path: Path, name: str) -> None:
    book = a_workbook()
    setattr(book.properties, name, NO)
    book.save(tmp_path / "list.xlsx")
    assert NO in read_foreign(tmp_path / "list.xlsx", count_headings).comments


def test_properties_that_somebody_added_to_an_excel_file_are_told(tmp_path: Path) -> None:
    book = a_workbook()
    book.custom_doc_props.append(StringProperty(name="Huom", value=NO))
    book.save(tmp_path / "list.xlsx")
    assert NO in read_foreign(tmp_path / "list.xlsx", count_headings).comments


def test_the_hint_on_a_link_in_an_excel_file_is_told(tmp_path: Path) -> None:
    book = a_workbook()
    link = Hyperlink(ref="A2", target="https://kunta.example", tooltip=NO)
    book.worksheets[0]["A2"].hyperlink = link
    book.save(tmp_path / "list.xlsx")
    assert f"A2: {NO}" in read_foreign(tmp_path / "list.xlsx", count_headings).comments


@pytest.mark.parametrize("tag", ["dc:title", "dc:subject", "dc:description", "meta:user-defined"])
def test_properties_of_an_open_document_are_told(tmp_path: Path, tag: str) -> None:
    path = an_ods(tmp_path, _FILLED)
    names = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    )
    path = with_meta(path, f"<a {names}><{tag}>{NO}</{tag}></a>")
    assert NO in read_foreign(path, count_headings).comments


def with_meta(path: Path, xml: str) -> Path:
    with zipfile.ZipFile(path) as archive:
        is_there = "meta.xml" in archive.namelist()
    if is_there:
        return with_xml(path, "meta.xml", "</office:meta>", f"{xml}</office:meta>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("meta.xml", xml)
    return path
