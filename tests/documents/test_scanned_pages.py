"""Codes on scanned pages: found however the paper lay, and every page is accounted for."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject
from pypdfium2 import PdfDocument
from tests.documents.scanned import (
    DAMAGES,
    Degrade,
    blurred,
    dirty,
    pale,
    pdf_of,
    pictures_of,
    skewed,
    turned,
    under_a_thumb,
)
from tests.imaging.builders import heif_file

from photoreg.documents.codes import new_code
from photoreg.documents.pdf import render_pdf
from photoreg.documents.scans.reading import PageRead, PageReader, ScanFault
from photoreg.documents.template import Block, BlockKind, Page
from photoreg.errors import InputDataError
from photoreg.installation import install_command

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
IN_PDF = {"as it is", "150 dpi JPEG", "black and white", "turned, noisy, JPEG"}
TEXT = "Saako kuvan julkaista? Vastaaminen on vapaaehtoista. " * 12


def printed(folder: Path, *codes: str) -> Path:
    blocks = (
        Block(BlockKind.TITLE, "Suostumus"),
        Block(BlockKind.TEXT, TEXT),
        Block(BlockKind.SIGNATURE, "Paikka | Nimi"),
    )
    file = folder / f"{codes[0]}.pdf"
    file.write_bytes(render_pdf([Page("fi", blocks, code) for code in codes], AT))
    return file


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A printed form of two pages with a code each."""
    return printed(tmp_path_factory.mktemp("forms"), new_code(), new_code())


@pytest.fixture(scope="module")
def pages(form: Path) -> list[Image.Image]:
    return pictures_of(form)


@pytest.fixture(scope="module")
def codes(form: Path) -> list[str]:
    return [page.extract_text().replace("-", "") for page in PdfReader(form).pages]


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    with closing(PageReader()) as started:
        yield started


def test_all_pages_are_read_however_the_paper_came_back(
    reader: PageReader, pages: list[Image.Image], codes: list[str], tmp_path: Path
) -> None:
    unread = []
    for name, damage in DAMAGES.items():
        picture = damage(pages[0])
        picture.save(tmp_path / "page.tif")
        boxed = pdf_of(tmp_path / "page.pdf", [picture])
        for file in (tmp_path / "page.tif", *([boxed] if name in IN_PDF else [])):
            [read] = reader.read(file)
            found = [code for code in read.codes if code in codes[0]]
            unread += [] if len(found) == 1 else [(name, file.suffix)]
    assert unread == []


@pytest.mark.parametrize("suffix", [".pdf", ".tif"])
def test_each_page_of_a_file_is_read_and_taken_out_by_itself(
    reader: PageReader, pages: list[Image.Image], codes: list[str], tmp_path: Path, suffix: str
) -> None:
    box, blank = tmp_path / f"box{suffix}", Image.new("L", pages[0].size, 255)
    if suffix == ".pdf":
        pdf_of(box, [pages[0], blank, pages[1]])
    else:
        pages[0].save(box, save_all=True, append_images=[blank, pages[1]])
    first, empty, last = reader.read(box)
    assert [each.number for each in (first, empty, last)] == [1, 2, 3]
    assert (first.codes[0] in codes[0], empty.codes, last.codes[0] in codes[1]) == (True, (), True)
    taken = reader.take_out(box, 2, 3, tmp_path / "taken")
    assert taken is not None
    assert [each.codes for each in reader.read(taken)] == [(), last.codes]


def with_shared_pictures(file: Path, pages: list[Image.Image]) -> list[bytes]:
    """Write pages that all list the pictures of all, as scanners do; return the pictures."""
    writer = PdfWriter(pdf_of(file, pages))
    lists = [page["/Resources"]["/XObject"] for page in writer.pages]  # type: ignore[index]
    pictures = [each.raw_get("/image") for each in lists]
    for own in lists:
        own |= {NameObject(f"/other{place}"): each for place, each in enumerate(pictures)}
    writer.write(file)
    return [each.get_object()._data for each in pictures]


def test_a_page_taken_out_of_a_file_holds_no_picture_of_another_page(
    reader: PageReader, pages: list[Image.Image], tmp_path: Path
) -> None:
    box = tmp_path / "box.pdf"
    pictures = with_shared_pictures(box, [*pages, pages[0]])
    taken = reader.take_out(box, 2, 2, tmp_path / "taken")
    assert taken is not None
    kept = taken.read_bytes()
    assert [picture in kept for picture in pictures] == [False, True, False]
    assert len(kept) < len(pictures[1]) + 5_000


def test_a_page_that_shows_half_of_a_picture_holds_only_that_half(
    reader: PageReader, pages: list[Image.Image], codes: list[str], tmp_path: Path
) -> None:
    both = Image.new("L", (pages[0].width * 2, pages[0].height), 255)
    for place, page in enumerate(pages):
        both.paste(page, (place * page.width, 0))
    writer = PdfWriter(pdf_of(tmp_path / "both.pdf", [both, both]))
    writer.pages[0].mediabox.right /= 2
    writer.write(tmp_path / "both.pdf")
    taken = reader.take_out(tmp_path / "both.pdf", 1, 1, tmp_path / "taken")
    assert taken is not None
    [read] = reader.read(taken)
    assert [code in codes[0] for code in read.codes] == [True]
    [kept] = PdfReader(taken).pages[0].images
    assert kept.image is not None
    assert kept.image.width < kept.image.height
    assert taken.stat().st_size < 2_000_000


def test_two_codes_on_a_page_are_both_told(
    reader: PageReader, pages: list[Image.Image], tmp_path: Path
) -> None:
    both = Image.new("L", (pages[0].width, pages[0].height * 2), 255)
    for place, page in enumerate(pages):
        both.paste(page, (0, place * page.height))
    both.save(tmp_path / "both.png")
    [read] = reader.read(tmp_path / "both.png")
    assert len(read.codes) == 2


@pytest.mark.parametrize("damage", [pale, blurred, skewed, dirty])
@pytest.mark.parametrize("layout", ["beside", "below", "four on a sheet"])
def test_two_papers_that_can_be_read_never_pass_for_one(
    reader: PageReader, pages: list[Image.Image], tmp_path: Path, damage: Degrade, layout: str
) -> None:
    width, height = pages[0].size
    wide, high = {"beside": (2, 1), "below": (1, 2), "four on a sheet": (2, 2)}[layout]
    sheet = Image.new("L", (width * wide, height * high), 255)
    sheet.paste(pages[0])
    other = damage(pages[1]).resize(pages[1].size).convert("L")
    sheet.paste(other, ((wide - 1) * width, (high - 1) * height))
    if layout == "four on a sheet":
        sheet = sheet.reduce(2)
    sheet.save(tmp_path / "sheet.png")
    pdf_of(tmp_path / "sheet.pdf", [sheet])
    found = [*reader.read(tmp_path / "sheet.png"), *reader.read(tmp_path / "sheet.pdf")]
    assert [len(read.codes) for read in found] == [2, 2]


def test_a_second_code_that_cannot_be_read_makes_a_page_of_several_codes(
    reader: PageReader, pages: list[Image.Image], tmp_path: Path
) -> None:
    both = Image.new("L", (pages[0].width * 2, pages[0].height), 255)
    both.paste(pages[0])
    both.paste(under_a_thumb(pages[1]), (pages[0].width, 0))
    for name in ("both.png", "both.jpg"):
        both.save(tmp_path / name)
        [read] = reader.read(tmp_path / name)
        assert (read.fault, read.codes) == (ScanFault.SEVERAL_CODES, ())
    under_a_thumb(pages[1]).save(tmp_path / "one.png")
    assert [*reader.read(tmp_path / "one.png")] == [PageRead(1, 1)]


@pytest.mark.parametrize("radius", [6, 9])
@pytest.mark.parametrize("degrees", [0, 6])
def test_a_second_code_too_blurred_to_be_noticed_makes_a_page_of_several_codes(
    reader: PageReader, pages: list[Image.Image], tmp_path: Path, radius: float, degrees: int
) -> None:
    other = turned(degrees)(pages[1].filter(ImageFilter.GaussianBlur(radius)))
    both = Image.new("L", (pages[0].width + other.width, max(pages[0].height, other.height)), 255)
    both.paste(pages[0])
    both.paste(other, (pages[0].width, 0))
    both.save(tmp_path / "both.png")
    [read] = reader.read(tmp_path / "both.png")
    assert read.fault is ScanFault.SEVERAL_CODES or len(read.codes) > 1


def test_ticks_and_rings_of_a_pen_are_no_second_code(
    reader: PageReader, pages: list[Image.Image], codes: list[str], tmp_path: Path
) -> None:
    page, chance = pages[0].copy(), random.Random(5)  # noqa: S311
    draw = ImageDraw.Draw(page)
    for _tick in range(80):
        x, y = chance.randrange(100, page.width - 100), chance.randrange(300, page.height - 100)
        draw.rectangle([x, y, x + 26, y + 26], outline=0, width=2)
        draw.line([(x, y), (x + 10, y + 18), (x + 34, y - 12)], fill=40, width=4)
        draw.ellipse([x + 60, y, x + 82, y + 22], outline=30, width=4)
    for name, shown in (("sharp.png", page), ("blurred.png", blurred(page))):
        shown.save(tmp_path / name)
        [read] = reader.read(tmp_path / name)
        assert [code in codes[0] for code in read.codes] == [True]


@pytest.mark.parametrize("suffix", [".webp", ".avif"])
def test_pictures_as_telephones_send_them_are_read(
    reader: PageReader, pages: list[Image.Image], codes: list[str], tmp_path: Path, suffix: str
) -> None:
    pages[0].save(tmp_path / f"page{suffix}")
    [read] = reader.read(tmp_path / f"page{suffix}")
    assert [code in codes[0] for code in read.codes] == [True]


def test_a_heic_photo_is_a_page_and_a_damaged_one_is_told(
    reader: PageReader, tmp_path: Path
) -> None:
    (tmp_path / "IMG_1.HEIC").write_bytes(heif_file())
    (tmp_path / "IMG_2.HEIC").write_bytes(heif_file()[:300])
    assert [*reader.read(tmp_path / "IMG_1.HEIC")] == [PageRead(1, 1)]
    assert [*reader.read(tmp_path / "IMG_2.HEIC")] == [PageRead(0, fault=ScanFault.DAMAGED)]


def test_a_form_as_it_was_printed_is_no_scan_of_the_signed_paper(
    reader: PageReader, form: Path
) -> None:
    assert {each.fault for each in reader.read(form)} == {ScanFault.AS_PRINTED}


def locked(_page: Image.Image) -> bytes:
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def of_many_pages(_page: Image.Image) -> bytes:
    document, out = PdfDocument.new(), BytesIO()
    for _number in range(2001):
        document.new_page(10, 10)
    document.save(out)
    return out.getvalue()


def enormous(_page: Image.Image) -> bytes:
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


SEVERAL = ("PNG", "MPO", "WEBP")
"""Formats of which a file may hold several pictures that nobody calls pages."""


def of_several_pictures(kind: str) -> Callable[[Image.Image], bytes]:
    def make(page: Image.Image) -> bytes:
        out = BytesIO()
        first, second = page.convert("RGB"), page.convert("RGB").rotate(180)
        first.save(out, kind, save_all=True, append_images=[second])
        return out.getvalue()

    return make


def as_jpeg(page: Image.Image) -> bytes:
    out = BytesIO()
    page.save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda _page: b"", ScanFault.NO_SCAN),
        (lambda _page: b"Hello", ScanFault.NO_SCAN),
        (lambda _page: b"PK\3\4 a document", ScanFault.NO_SCAN),
        (lambda _page: b"%PDF-1.7 and nothing else", ScanFault.DAMAGED),
        (lambda page: as_jpeg(page)[:20_000], ScanFault.DAMAGED),
        (locked, ScanFault.ENCRYPTED),
        (of_many_pages, ScanFault.TOO_MANY_PAGES),
        (enormous, ScanFault.TOO_LARGE),
        *((of_several_pictures(each), ScanFault.SEVERAL_PICTURES) for each in SEVERAL),
    ],
    ids=["empty", "text", "zip", "broken PDF", "cut off", "locked", "long", "enormous", *SEVERAL],
)
def test_what_cannot_be_read_is_told_and_the_next_file_is_read(
    reader: PageReader,
    pages: list[Image.Image],
    tmp_path: Path,
    make: Callable[[Image.Image], bytes],
    fault: ScanFault,
) -> None:
    file = tmp_path / "file"
    file.write_bytes(make(pages[0]))
    [read] = reader.read(file)
    assert (read.fault, read.codes) == (fault, ())
    pages[0].save(tmp_path / "good.png")
    [good] = reader.read(tmp_path / "good.png")
    assert good.codes


def test_a_page_of_any_size_is_drawn_with_a_bounded_number_of_pixels(
    reader: PageReader, tmp_path: Path
) -> None:
    document = PdfDocument.new()
    for width, height in ((14_400, 14_400), (14_400, 3)):
        document.new_page(width, height)
    document.save(tmp_path / "wall.pdf")
    read = [*reader.read(tmp_path / "wall.pdf")]
    assert read == [PageRead(1, 2), PageRead(2, 2)]


def test_a_page_that_ends_the_reading_process_is_told_and_the_next_ones_are_read(
    pages: list[Image.Image], tmp_path: Path
) -> None:
    box = pdf_of(tmp_path / "box.pdf", [*pages, *pages])
    with closing(PageReader()) as own:
        reading = own.read(box)
        assert next(reading).codes
        assert own._process is not None
        own._process.kill()
        rest = [*reading]
    assert [each.number for each in rest] == [2, 3, 4]
    assert [each.fault for each in rest].count(ScanFault.DAMAGED) == 1
    assert [bool(each.codes) for each in rest].count(True) == 2


def test_a_page_that_takes_too_long_ends_the_reading_process() -> None:
    code = "from photoreg.guarded import end_after\nend_after(1)\nwhile True: pass"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 1


def test_what_is_not_installed_is_told_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zxingcpp.py").write_text("raise ImportError")
    path = [str(tmp_path), *filter(None, sys.path)]
    monkeypatch.setenv("PYTHONPATH", ":".join(path))
    with closing(PageReader()) as own, pytest.raises(InputDataError) as refusal:
        list(own.read(tmp_path / "zxingcpp.py"))
    assert refusal.value.values["command"] == install_command("zxing-cpp", "pypdfium2")
