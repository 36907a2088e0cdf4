"""The process that reads scanned pages: nothing else loads zxing-cpp and pypdfium2.

First it writes whether it can read at all. Each request is then a line of JSON: read a file from a
page on, or write some of its pages into another file. The answers are lines of JSON as well, the
last one `end`. The process ends when a page takes too long.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from PIL import Image, ImageOps

from photoreg.documents.codes import parse_code
from photoreg.documents.scans.page_copies import copied
from photoreg.documents.scans.reading import ScanFault
from photoreg.errors import PhotoFileError
from photoreg.guarded import end_after, limit_memory, never_end
from photoreg.named_files import MAX_PHOTO_BYTES, open_regular, read_regular

MAX_PAGES = 2000
_MAX_PIXELS = 100_000_000
"""The largest picture that is read: A3 at 600 dots per inch has 70 million pixels."""
_WORKING_PIXELS = 25_000_000
_MAX_SIDE = 12_000
_SCALES = (200 / 72, 300 / 72)
"""How large pages are drawn: dots per inch, by points per inch."""
_PAGE_SECONDS = 60
_PAGES_KEPT = 32
_SCREEN = 1800
"""The longer side of a page that is drawn for a screen: small print can be read."""
_HEAD = 1024
"""Within so many bytes a PDF begins."""
_PASSWORD = 4
"""PDFium's number for a document that needs a password."""
_FORMATS = ("JPEG", "PNG", "TIFF")

_Answer = dict[str, Any]


class _UnreadableScanError(Exception):
    """A file or page that is not read, and why."""

    def __init__(self, fault: ScanFault) -> None:
        super().__init__(fault)
        self.fault = fault


class _Pages(Protocol):
    """The pages of an open file."""

    def __len__(self) -> int: ...

    def pictures(self, number: int) -> Iterator[Image.Image]:
        """Yield a page as grey pictures, which grow finer."""

    def is_scan(self, number: int) -> bool:
        """Return whether a page is a picture of a paper, and not what was printed on it."""

    def take_out(self, numbers: range, target: Path) -> Path:
        """Write pages into a new file, whose name is `target` and a suffix; return it."""


def main() -> None:
    """Answer requests on standard input until it ends."""
    limit_memory()
    Image.MAX_IMAGE_PIXELS = None  # the size is looked at before a picture is decoded
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    _write(answers, _hello())
    for line in sys.stdin.buffer:
        for answer in _answers(json.loads(line)):
            _write(answers, answer)
        never_end()
        _write(answers, {"end": True})


def _hello() -> _Answer:
    try:
        import pypdfium2  # noqa: F401, PLC0415 - an extra that may be missing
        import zxingcpp  # noqa: F401, PLC0415
    except ImportError:
        return {"missing": True}
    return {"ready": True}


def _write(answers: IO[bytes], answer: _Answer) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def _answers(request: _Answer) -> Iterator[_Answer]:
    end_after(_PAGE_SECONDS)
    try:
        with _opened(Path(request["file"])) as pages:
            if "target" in request:
                numbers = range(request["first"], request["last"] + 1)
                yield {"file": str(pages.take_out(numbers, Path(request["target"])))}
            elif "picture" in request:
                yield {"file": _draw(pages, request["first"], request["picture"])}
            else:
                yield from _read(pages, request["first"])
    except _UnreadableScanError as error:
        yield {"fault": error.fault}


def _draw(pages: _Pages, number: int, target: str) -> str:
    """Write a page, upright, as a picture for a screen."""
    with _faults():
        picture = next(pages.pictures(number))
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((_SCREEN, _SCREEN))
        picture.save(target, "JPEG", quality=85)
    return target


def _read(pages: _Pages, first: int) -> Iterator[_Answer]:
    if len(pages) > MAX_PAGES:
        raise _UnreadableScanError(ScanFault.TOO_MANY_PAGES)
    yield {"pages": len(pages)}
    for number in range(first, len(pages) + 1):
        end_after(_PAGE_SECONDS)
        try:
            with _faults():
                yield _page(pages, number)
        except _UnreadableScanError as error:
            yield {"fault": error.fault}


def _page(pages: _Pages, number: int) -> _Answer:
    codes, are_all = _codes(pages.pictures(number))
    if codes and not pages.is_scan(number):
        return {"fault": ScanFault.AS_PRINTED}
    if codes and not are_all:
        return {"fault": ScanFault.SEVERAL_CODES}
    return {"codes": codes}


@contextmanager
def _opened(file: Path) -> Iterator[_Pages]:
    with _faults(), open_regular(file) as opened:
        if b"%PDF-" in opened.read(_HEAD):
            yield _PdfPages(file)
            return
        opened.seek(0)
        try:
            picture: AbstractContextManager[Image.Image] = Image.open(opened, formats=_FORMATS)
        except (OSError, SyntaxError):
            picture = _opened_photo(file)
        with picture as image:
            yield _PicturePages(image)


def _opened_photo(file: Path) -> AbstractContextManager[Image.Image]:
    """Open a photo of any format, such as telephones give; whatever is none is no scan."""
    from photoreg.imaging.containers.detection import container_of  # noqa: PLC0415 - seldom needed
    from photoreg.imaging.pictures.decoding import open_photo  # noqa: PLC0415

    content = read_regular(file, MAX_PHOTO_BYTES)
    try:
        container_of(content, file.name).require_decoder(file.name)
    except PhotoFileError as error:
        raise _UnreadableScanError(ScanFault.NO_SCAN) from error
    return open_photo(content, file.name)


@contextmanager
def _faults() -> Iterator[None]:
    """Turn whatever a damaged file raises into what is wrong with it."""
    try:
        yield
    except _UnreadableScanError:
        raise
    except MemoryError as error:
        raise _UnreadableScanError(ScanFault.TOO_LARGE) from error
    except Exception as error:
        is_locked = getattr(error, "err_code", None) == _PASSWORD
        fault = ScanFault.ENCRYPTED if is_locked else ScanFault.DAMAGED
        raise _UnreadableScanError(fault) from error


class _PdfPages:
    """The pages of a PDF."""

    def __init__(self, file: Path) -> None:
        self.file, self.opened = file, 0
        self._open()

    def _open(self) -> None:
        from pypdfium2 import PdfDocument  # noqa: PLC0415

        self.document = PdfDocument(self.file)

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        """Open a page, and the document anew now and then: PDFium keeps what it has read."""
        self.opened += 1
        if self.opened % _PAGES_KEPT == 0:
            self.document.close()
            self._open()
        page = self.document[number - 1]
        try:
            yield page
        finally:
            page.close()

    def __len__(self) -> int:
        return len(self.document)

    def pictures(self, number: int) -> Iterator[Image.Image]:
        """Yield a page in a resolution that suffices nearly always, and then in a finer one."""
        with self._page(number) as page:
            bound = _bound_of(page)
            for scale in sorted({min(each, bound) for each in _SCALES}):
                yield page.render(scale=scale, grayscale=True).to_pil()

    def is_scan(self, number: int) -> bool:
        """Return whether a page holds a picture; our printed forms hold none."""
        from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # noqa: PLC0415

        with self._page(number) as page:
            return any(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]))

    def take_out(self, numbers: range, target: Path) -> Path:
        """Write pages anew into a PDF of their own."""
        from pypdfium2 import PdfDocument  # noqa: PLC0415

        part = PdfDocument.new()
        for number in numbers:
            with self._page(number) as page, closing(copied(page, _bound_of(page))) as copy:
                part.import_pages(copy)
        file = target.with_suffix(".pdf")
        part.save(file)
        return file


def _bound_of(page: Any) -> float:
    """Return the largest scale at which a page of a PDF is drawn."""
    width, height = page.get_size()
    return float(min((_WORKING_PIXELS / (width * height)) ** 0.5, _MAX_SIDE / max(width, height)))


class _PicturePages:
    """The pictures in an image file; TIFF and HEIC files may have many."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.count = int(getattr(picture, "n_frames", 1))
        self.has_pages = picture.format in {"TIFF", "HEIF"}

    def __len__(self) -> int:
        return self.count if self.has_pages else 1

    def pictures(self, number: int) -> Iterator[Image.Image]:
        """Yield a picture, made smaller if it is very large."""
        self._look_at(number)
        yield _bounded(self.picture)

    def is_scan(self, number: int) -> bool:  # noqa: ARG002
        """Return True: it is a picture."""
        return True

    def take_out(self, numbers: range, target: Path) -> Path:
        """Write pictures, without loss, into a TIFF file of their own."""
        first, *others = [self._copied(number) for number in numbers]
        file = target.with_suffix(".tif")
        first.save(file, save_all=True, append_images=others, compression="tiff_deflate")
        return file

    def _copied(self, number: int) -> Image.Image:
        self._look_at(number)
        return self.picture.copy()

    def _look_at(self, number: int) -> None:
        if self.count > 1 and not self.has_pages:  # each of them may show a form
            raise _UnreadableScanError(ScanFault.SEVERAL_PICTURES)
        self.picture.seek(number - 1)
        if self.picture.width * self.picture.height > _MAX_PIXELS:
            raise _UnreadableScanError(ScanFault.TOO_LARGE)


def _bounded(picture: Image.Image) -> Image.Image:
    """Return a picture in grey, with white where it is transparent, and not too large."""
    factor = 1
    while picture.width * picture.height > _WORKING_PIXELS * factor**2:
        factor += 1
    if picture.has_transparency_data:
        layers = picture.convert("RGBA")
        white = Image.new("RGBA", layers.size, "white")
        picture = Image.alpha_composite(white, layers)
    grey = picture.convert("L")
    return grey.reduce(factor) if factor > 1 else grey


@dataclass(frozen=True, slots=True)
class _Symbol:
    """A QR code on a page: what it says, "" if that cannot be read; its middle, and how large."""

    text: str
    middle: complex
    size: float

    def is_at(self, other: "_Symbol") -> bool:
        """Return whether it lies where another one lies."""
        return abs(self.middle - other.middle) < other.size


def _codes(pictures: Iterator[Image.Image]) -> tuple[list[str], bool]:
    """Return the codes of forms on a page, and whether every QR code on it can be read.

    One that cannot be read may be that of another paper, also one so blurred that only its corner
    marks are left. All pictures are looked at, since each may show what the others do not; half the
    size evens out noise. Sharper or smoother pictures have shown no more.
    """
    first, symbols = None, []
    for picture in pictures:
        first = first or picture
        symbols += [each for shown in (picture, picture.reduce(2)) for each in _symbols(shown)]
    read = [each for each in symbols if each.text]
    unread = [each for each in symbols if not any(each.is_at(other) for other in read)]
    codes = sorted(filter(None, {parse_code(each.text) for each in read}))
    if first is None or len(codes) != 1 or unread:
        return codes, not unread
    from photoreg.imaging.pictures.corner_marks import has_marks_elsewhere  # noqa: PLC0415

    return codes, not has_marks_elsewhere(first, ((each.middle, each.size) for each in read))


def _symbols(picture: Image.Image) -> Iterator[_Symbol]:
    """Yield the QR codes in a picture, with their places as parts of its width."""
    import zxingcpp  # noqa: PLC0415

    wanted = zxingcpp.barcode_formats_from_str("QRCode")
    for each in zxingcpp.read_barcodes(picture, formats=wanted, return_errors=True):
        is_unread = each.error is not None and each.error.type == zxingcpp.ErrorType.Checksum
        if each.valid or is_unread:
            at = each.position
            ends = (at.top_left, at.bottom_right)
            first, last = (complex(end.x, end.y) / picture.width for end in ends)
            yield _Symbol(each.text if each.valid else "", (first + last) / 2, abs(last - first))
