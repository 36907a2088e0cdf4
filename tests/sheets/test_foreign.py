"""Lists of others in every format: letters, quotation marks, merged cells, old and open formats."""

import base64
import io
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from photoreg.errors import InputDataError
from photoreg.services.people.list_headings import count_headings
from photoreg.sheets.encodings import decode
from photoreg.sheets.foreign import ForeignTable, read_foreign

NAMES = "Nimi;Syntynyt\nPäivi Näkkäläjärvi;1.1.2018\nVäinö Länsman;2.2.2018\nÅke Öörni;3.3.2018\n"


def table(path: Path) -> ForeignTable:
    [only] = read_foreign(path, count_headings).tables
    return only


def rows(path: Path) -> list[list[object]]:
    return [list(line.cells.values()) for line in table(path).table.rows]


def a_file(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def a_book(folder: Path, edit: Callable[[Any], object], *lines: list[object]) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    edit(book.worksheets[0])
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


@pytest.mark.parametrize(
    "encoding",
    [
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859_15"),
        *("iso8859_10", "cp1257", "cp850", "mac_roman"),
    ],
)
def test_the_letters_of_names_come_out_right_whatever_saved_them(encoding: str) -> None:
    assert decode(NAMES.encode(encoding)).text == NAMES


def test_letters_that_were_encoded_twice_are_taken_back() -> None:
    assert decode(NAMES.encode().decode("cp1252").encode()).text == NAMES


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (NAMES.encode().replace("Öö".encode(), b"\xd6\xc3\xb6"), "row 4"),
        (b"Nimi\nP&auml;ivi\n", "row 2: the letters of P&auml;ivi"),
        ("Nimi\nP\ufffdivi\n".encode(), "row 2"),
        (b"Nimi\n\x8engeli\n", "Žngeli or Ängeli"),
        ("Nimi\nHélène\n".encode("cp1252"), "Hélène or Hélčne"),
        ("Nimi\nPäivi\nPÃ¤ivi\n".encode(), "row 3: the letters of PÃ¤ivi"),
    ],
    ids=["one broken byte", "entity", "replaced", "two readings", "rare letter", "half doubled"],
)
def test_letters_that_are_not_certain_are_refused_with_the_row_or_two_readings(
    content: bytes, said: str
) -> None:
    with pytest.raises(InputDataError, match=said):
        decode(content)


@given(
    st.lists(st.text("aeiouyklmnprstvåäöÅÄÖáÁčđŋšŧž", min_size=2, max_size=12), min_size=1),
    st.sampled_from(["cp1252", "iso8859_10", "cp850", "mac_roman", "cp1257", "utf-8"]),
)
@settings(max_examples=60, deadline=None)
def test_a_file_is_read_in_the_letters_of_whoever_wrote_it_or_refused(
    words: list[str], encoding: str
) -> None:
    text = "\n".join(["Nimi", *(word.capitalize() for word in words)])
    try:
        content = text.encode(encoding)
        read = decode(content).text
    except (UnicodeEncodeError, InputDataError):
        return
    assert read == text


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('Nimi;Syntynyt;Huoltaja\n"Nils;3.3.2018;Inga\nPiera;1.2.2018;Anna\n', 2),
        ('Nimi;Syntynyt;Huoltaja\nElle;1.1.2018;M\n"Nils;3.3.2018;I\nPiera;1.2.2018;"Anna\n', 3),
        ('Nimi;Syntynyt;Huoltaja\n"Nils;3.3.2018;I\nPiera;1.2.2018;Anna"\n', 2),
    ],
)
def test_a_quotation_mark_that_swallows_rows_is_refused_with_its_row(
    tmp_path: Path, content: str, row: int
) -> None:
    with pytest.raises(InputDataError, match=f"row {row}: a quotation mark is not closed"):
        table(a_file(tmp_path, content.encode()))


@pytest.mark.parametrize("opened", [1, 2, 3, 4])
@pytest.mark.parametrize("closed", [1, 2, 3, 4])
@pytest.mark.parametrize("empty", [0, 1, 2, 3])
def test_a_quotation_that_is_closed_in_a_later_row_swallows_none(
    tmp_path: Path, opened: int, closed: int, empty: int
) -> None:
    first = ["Elle Sara", "1.1.2018", "Máret Sara", "040 1"]
    second = ["Nils Magga", "2.2.2018", "Inga Magga", "040 2"]
    second[len(second) - empty :] = [""] * empty
    first[opened - 1] = '"' + first[opened - 1]
    second[closed - 1] += '"'
    rows = (["Nimi", "Syntynyt", "Huoltaja", "Puhelin"], first, second)
    content = "".join(";".join(row) + "\n" for row in rows)
    with pytest.raises(InputDataError, match="row 2"):
        table(a_file(tmp_path, content.encode()))


def test_a_second_table_below_is_not_read_as_the_first(tmp_path: Path) -> None:
    content = "Nimi;Syntynyt;Huoltaja\nElle;1.1.2018;M\n\nNimi;Huoltaja;Luokka\nNils;Inga;3A\n"
    with pytest.raises(InputDataError, match="row 4: another table"):
        table(a_file(tmp_path, content.encode()))


def test_merged_cells_hold_their_value_in_each_row_and_titles_stay_above(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A3:A4")
        sheet["C100000"].number_format = "@"  # formats down to here are no rows

    lines: list[list[object]] = [["3A"], ["Nimi", "Syntynyt", "Huoltaja"]]
    lines += [["Elle", date(2018, 1, 15), "Máret"], [None, None, "Ante"]]
    path = a_book(tmp_path, edit, *lines)
    assert rows(path) == [["Elle", date(2018, 1, 15), "Máret"], ["Elle", "Ante"]]
    assert table(path).above == ((1, "3A"),)


def test_a_day_with_a_time_keeps_it_and_a_formula_is_an_error_in_its_cell(tmp_path: Path) -> None:
    moment = datetime(2018, 1, 14, 22)  # noqa: DTZ001 - as Excel stores it
    path = a_book(tmp_path, lambda _s: None, ["Nimi", "Syntynyt", "Ikä"], ["Elle", moment, "=1+1"])
    assert rows(path) == [["Elle", moment]]
    assert list(table(path).broken) == [(2, "Ikä")]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">
<office:automatic-styles><style:style style:name="ta2"><style:table-properties
 table:display="false"/></style:style><style:style style:name="ce0"><style:text-properties
 style:text-line-through-style="none"/></style:style><style:style style:name="ce1"
 style:parent-style-name="Old"/><style:style style:name="T1"><style:text-properties
 style:text-line-through-style="solid"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>
</office:document-content>"""
NAMED_STYLES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:styles>
<style:style style:name="Old"><style:text-properties style:text-line-through-type="single"/>
</style:style></office:styles></office:document-styles>"""
_FILLED = """<table:table table:name="3A"><table:table-row><table:table-cell><text:p>Nimi</text:p>
</table:table-cell><table:table-cell><text:p>Syntynyt</text:p></table:table-cell>
<table:table-cell><text:p>Ikä</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1"><table:table-cell table:number-rows-spanned="2">
<text:p>Elle<text:s text:c="1"/>Magga</text:p><office:annotation><text:p>no</text:p>
</office:annotation></table:table-cell><table:table-cell office:value-type="date"
 office:date-value="2018-01-15"/><table:table-cell table:formula="of:=1+1"/></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell office:value-type="float"
 office:value="43115"/></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell
 table:number-columns-repeated="16384"/></table:table-row></table:table>
<table:table table:name="Vanhat" table:style-name="ta2"><table:table-row><table:table-cell>
<text:p>Vanha</text:p></table:table-cell></table:table-row></table:table>"""


def an_ods(folder: Path, sheets: str) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(sheets=sheets))
        archive.writestr("styles.xml", NAMED_STYLES)
    return a_file(folder, content.getvalue(), "list.ods")


def test_an_open_document_is_read_with_its_merged_and_hidden_parts(tmp_path: Path) -> None:
    path = an_ods(tmp_path, _FILLED)
    assert rows(path) == [["Elle Magga", date(2018, 1, 15)], ["Elle Magga", 43115.0]]
    assert list(table(path).broken) == [(2, "Ikä")]
    assert read_foreign(path, count_headings).other_sheets == (("Vanhat", True),)


_MARKED = """<table:table table:name="3A"><table:table-column/><table:table-column
 table:visibility="collapse" table:default-cell-style-name="ce1"/>
<table:table-row><table:table-cell><text:p>Nimi</text:p></table:table-cell><table:table-cell
 table:style-name="ce0"><text:p>Syntynyt</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="filter"><table:table-cell><office:annotation>
<text:p>ei saa kuvata</text:p></office:annotation><text:p>Elle</text:p></table:table-cell>
<table:table-cell><text:p>1.1.2018</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Nils <text:span text:style-name="T1">Sara</text:span>
</text:p></table:table-cell></table:table-row></table:table>"""


def test_an_open_document_tells_comments_and_what_is_hidden_or_struck_through(
    tmp_path: Path,
) -> None:
    read = read_foreign(an_ods(tmp_path, _MARKED), count_headings)
    assert read.comments == ("A2: ei saa kuvata",)
    assert (read.hidden_rows, read.hidden_columns) == ((2,), (1,))
    assert read.struck == ("B2", "A3")


def test_a_workbook_tells_text_that_is_struck_through_if_only_in_part(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["A2"] = CellRichText("Máret ", TextBlock(InlineFont(strike=True), "Magga"))
        sheet["B3"].font = Font(strike=True)
        sheet["B4"].font = Font(strike=True)
        sheet.row_dimensions[3].hidden = True

    lines: list[list[object]] = [["Nimi", "Syntynyt"], ["", "1.1.2018"], ["Elle", "1.2.2018"]]
    path = a_book(tmp_path, edit, *lines)
    assert rows(path)[0] == ["Máret Magga", "1.1.2018"]
    read = read_foreign(path, count_headings)
    assert (read.struck, read.hidden_rows) == (("A2", "B3"), (3,))


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (
            (
                '<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">'
                "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
                "</table:table>"
            ),
            "too big",
        ),
        ("<table:table>", "cannot be read as a workbook"),
    ],
)
def test_an_open_document_that_is_too_big_or_damaged_is_refused(
    tmp_path: Path, sheets: str, said: str
) -> None:
    with pytest.raises(InputDataError, match=said):
        table(an_ods(tmp_path, sheets))


def below(folder: Path, area: str, *lines: list[object]) -> Path:
    return merged(a_book(folder, lambda _sheet: None, *lines), area)


def merged(path: Path, area: str) -> Path:
    """Merge cells of a workbook that hold something, as LibreOffice does."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    merge = f'</sheetData><mergeCells><mergeCell ref="{area}"/></mergeCells>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", merge.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


LIST: tuple[list[object], ...] = (["Nimi", "Kuvauslupa"], ["Elle", "kyllä"], ["Nils", "ei"])


def test_what_lies_under_merged_cells_of_a_workbook_is_told(tmp_path: Path) -> None:
    read = read_foreign(below(tmp_path, "B2:B3", *LIST), count_headings)
    assert read.covered == ("B3",)
    assert [area.name for area in read.tables[0].merged] == ["B2:B3"]
    assert read_foreign(below(tmp_path, "A2:B2", *LIST), count_headings).covered == ("B2",)
    assert read_foreign(below(tmp_path, "B2:B3", *LIST[:2]), count_headings).covered == ()


_OVER = """<table:table table:name="3A"><table:table-row><table:table-cell><text:p>Nimi</text:p>
</table:table-cell><table:table-cell><text:p>Kuvauslupa</text:p></table:table-cell>
</table:table-row><table:table-row><table:table-cell><text:p>Elle</text:p></table:table-cell>
<table:table-cell table:number-rows-spanned="2"><text:p>1</text:p></table:table-cell>
</table:table-row><table:table-row><table:table-cell><text:p>Nils</text:p></table:table-cell>
<table:covered-table-cell><text:p>ei</text:p></table:covered-table-cell></table:table-row>
</table:table>"""


def test_what_lies_under_merged_cells_of_an_open_document_is_told(tmp_path: Path) -> None:
    read = read_foreign(an_ods(tmp_path, _OVER), count_headings)
    assert read.covered == ("B3",)
    assert [area.name for area in read.tables[0].merged] == ["B2:B3"]


@pytest.mark.parametrize(
    ("value", "code", "is_disguised"),
    [
        (1, '"ei"', True),
        (1, '[=1]"ei";[=2]"kyllä";General', True),
        ("x", ';;;"ei"', True),
        (1, ";;;", True),
        (1, '"ei";0', True),
        (-1, '"ei";0', False),
        ("x", '0;"ei"', False),
        (12, '0 "kpl"', False),
        (0, '_-* #,##0\\ "€"_-;\\-* #,##0\\ "€"_-;_-* "-"\\ "€"_-;_-@_-', False),
        (0.5, "0.0%", False),
        (1.5, "#,##0.00;[Red]-#,##0.00", False),
        (date(2018, 1, 15), '[$-40B]d. mmmm"ta "yyyy', False),
        (True, '"TRUE";"TRUE";"FALSE"', False),
        ("Elle", "@", False),
    ],
)
def test_a_cell_whose_format_shows_something_else_is_told(
    tmp_path: Path, value: object, code: str, *, is_disguised: bool
) -> None:
    def edit(sheet: Any) -> None:
        sheet["B2"].number_format = code

    path = a_book(tmp_path, edit, ["Nimi", "Kuvauslupa"], ["Elle", value])
    assert bool(read_foreign(path, count_headings).disguised) is is_disguised


@pytest.mark.parametrize(
    ("value", "shown", "is_disguised"),
    [
        ('office:value-type="float" office:value="1"', "ei", True),
        ('office:value-type="float" office:value="1"', "", True),
        ('office:value-type="float" office:value="1"', "2", True),
        ('office:value-type="string" office:string-value="x"', "ei", True),
        ('office:value-type="string"', "x", False),
        ('office:value-type="float" office:value="1234.5"', "1 234,50", False),
        ('office:value-type="float" office:value="3.6"', "4", False),
        ('office:value-type="percentage" office:value="0.5"', "50 %", False),
        ('office:value-type="currency" office:value="5"', "5,00 €", False),
        ('office:value-type="date" office:date-value="2018-01-15"', "15. tammikuuta 2018", False),
        ('office:value-type="boolean" office:boolean-value="true"', "TOSI", False),
    ],
)
def test_a_cell_of_an_open_document_that_shows_something_else_is_told(
    tmp_path: Path, value: str, shown: str, *, is_disguised: bool
) -> None:
    cell = f"<table:table-cell {value}><text:p>{shown}</text:p></table:table-cell>"
    sheet = _OVER.replace("<table:table-cell><text:p>Elle</text:p></table:table-cell>", cell)
    assert bool(read_foreign(an_ods(tmp_path, sheet), count_headings).disguised) is is_disguised


def test_hints_for_filling_in_and_words_beside_numbers_are_told_as_comments(
    tmp_path: Path,
) -> None:
    def edit(sheet: Any) -> None:
        rule = DataValidation(type="list", formula1='"x,-"', promptTitle="x", prompt="= EI")
        sheet.add_data_validation(rule)
        rule.add("B2:B3")
        sheet["B2"].number_format = '"ei" 0'

    path = a_book(tmp_path, edit, ["Nimi", "Kuvauslupa"], ["Elle", 1])
    assert read_foreign(path, count_headings).comments == ("B2:B3: x = EI", "B2: ei")
    validation = (
        '<table:content-validations><table:content-validation table:name="v"><table:help-message '
        'table:title="x"><text:p>= EI</text:p></table:help-message></table:content-validation>'
        "</table:content-validations>"
    )
    hinted = '<table:table-cell table:content-validation-name="v" table'
    marked = _OVER.replace("<table:table-cell table", hinted)
    read = read_foreign(an_ods(tmp_path, validation + marked), count_headings)
    assert read.comments == ("B2: x = EI",)


def test_a_sheet_with_only_a_chart_is_left_out(tmp_path: Path) -> None:
    path = a_book(tmp_path, lambda sheet: sheet.parent.create_chartsheet("Kaavio"), *LIST)
    assert rows(path) == [["Elle", "kyllä"], ["Nils", "ei"]]


XLS = (
    "c-rk)O-NKx6h8OPzo|2t1{%mi$jTI)Y|+L>!?Mi`me3zTJ#)};re{2!!L%sLW*G!QP_!AaMH{P4KNOL>7J*TVAP8"
    "n^TD1xaTBxsc&%4h?8^M7RtoJ?cx#ym9@45HgbMDW3uV-s=*$0hzScW~|f(0`G-Xa;p6tD{+K)q=S*3SKyOb6=<0"
    "Y5s@>w%|LuYAIX!ryt|aNj+H6yPJK6L1z{V_IBUL+qt7s7#EZi@7oOINZim4GlD|TB4_kZX|k->OLddO_HlbyRdG"
    "K9f#RStaZ1H<D<Npbk#^1Jfb%5NfL&7cq!ue;x%T~^+1oFP*dwn(d4d#DL|L@#kIID%0ajT6#&N&?a^p^Z*LCj(A"
    "`t;-BbX++3Wg+;>g!l&H&{<mdbrA$o=TV<?`#?4KM-bDJFtBgHG1nLc^i6Cxan=!z<##3x`#0L^b9h4I5C4p#WGd"
    "mN=8ZeS09S8EGwTAbVhZEM=&pD#lL#_((jJ&}sl?5~*<|R!AlbslsSMKbJrg(Yzivl&Cs9Eb4ab>QKVrFrE)Rnh{"
    "q9RQ;E9rw6RwMW@z|6I!z4RM9%DL^=dP;%jI%hVX^w?tXm}9qf;sB*_GwGS*qNMZ7qea7nbl#?_>85fz$NYO#apW"
    "wN@N_(r02xKuE2>93c}{z<BHg|sc$PbcARWNQ(>4f)KMgO8gspCa3lpYF?_ubX}s$wD)pjYHU8Jd@DI+Ssj|0#71"
    "#&g8E3foQ{TJD8t`<k(Gl;09ry90fQZ0#-@P4qGg7IagN6g(a7?#Y)&>WJ}D>1ztg8t%d0<mpWm~BW*FV<(0PhGF"
    "#8_-MJi>u*8>G;$+DuEpf6W{Pr2FKDl+r;I;6O*zTfR##+P(U(~PH7-1{Mi0ye+((?g(-l5dIJ8<B@fddB){s%C5"
    "8*<4zvq#>xeDc4}Jf;QbH_1PXLokMqfuEH7K*L<e&%<)C2|UcU#a7wI{$D6?1bf#Z34=6_WZChHw`ErRKC5mR`g2"
    "RD-2NBJ8RuW_|0h*HB?|"
)
"""A sheet 3A with a child who is merged over two rows, and a hidden one, as xlwt writes them."""


def test_an_old_workbook_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    content = zlib.decompress(base64.b85decode(XLS))
    path = a_file(tmp_path, content, "list.xls")
    born = date(2018, 1, 15)
    assert rows(path) == [
        ["Áilu Näkkäläjärvi", born, "Máret Magga", "040 111"],
        ["Áilu Näkkäläjärvi", born, "Ante Sara", "040 112"],
    ]
    assert read_foreign(path, count_headings).other_sheets == (("Vanhat", True),)
    assert [area.name for area in table(path).merged]
    assert read_foreign(path, count_headings).covered == ()
    with pytest.raises(InputDataError, match="damaged or protected"):
        table(a_file(tmp_path, content[:1000] + bytes(3000), "list.xls"))


@pytest.mark.parametrize(
    ("record", "place", "flag"), [(b"\x08\x02\x10\x00", 16, 0x20), (b"\x31\x00\x15\x00", 6, 0x08)]
)
def test_an_old_workbook_of_which_something_cannot_be_told_has_to_be_converted(
    tmp_path: Path, record: bytes, place: int, flag: int
) -> None:
    content = bytearray(zlib.decompress(base64.b85decode(XLS)))
    content[content.index(record) + place] |= flag
    with pytest.raises(InputDataError, match="which cannot be told from it"):
        table(a_file(tmp_path, bytes(content), "list.xls"))


@pytest.mark.parametrize("code", [b'"ei"      ', b'0;0;0;"ei"', b'[=1]"ei";0'])
def test_an_old_workbook_with_formats_that_write_words_has_to_be_converted(
    tmp_path: Path, code: bytes
) -> None:
    content = zlib.decompress(base64.b85decode(XLS))
    changed = content.replace(b"YYYY-MM-DD", code)
    assert changed != content
    with pytest.raises(InputDataError, match="formats that write words"):
        table(a_file(tmp_path, changed, "list.xls"))


def test_a_comment_under_merged_cells_is_told(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["A2"].comment = Comment("hei", "x")
        sheet["B3"].comment = Comment("ei saa kuvata", "x")

    path = a_book(tmp_path, edit, *LIST[:2], ["Nils"])
    read = read_foreign(merged(path, "B2:B3"), count_headings)
    assert read.comments == ("A2: hei", "B3: ei saa kuvata")
