"""Write a page of a PDF anew: what it shows, and nothing else.

Scanners and programs that merge files often give all pages one list of pictures, and PDFium copies
that list with each page: everybody's papers. A page that is one picture is written with that
picture as it is stored; any other is drawn as it looks on a screen, at the resolution of a scan,
which proves what the paper says as well as a scan does. This is part of the reading process.
"""

from contextlib import closing
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops

_POINTS = 72
_DOTS = 300
"""How finely a page is drawn: dots per inch."""
_DOTS_COMPARED = 150
_QUALITY = 90
_MAX_DIFFERENCE = 8
"""How far a copy may differ from its page in any dot, of 255: as colour profiles make it differ."""
_MARGIN = 1
"""How many points a picture may reach beyond its page."""
_JPEG = ["DCTDecode"]
_JPEG_2000 = "JPXDecode"

_Box = tuple[float, float, float, float]


def copied(page: Any, bound: float) -> Any:
    """Return a document of one page, which shows what the page shows and holds nothing else.

    `bound` is the largest scale at which the page may be drawn.
    """
    copy = _with_its_picture(page)
    if copy is not None:
        if _look_alike(page, copy[0], min(_DOTS_COMPARED / _POINTS, bound)):
            return copy
        copy.close()
    return _drawn(page, min(_DOTS / _POINTS, bound))


def _with_its_picture(page: Any) -> Any | None:
    """Return a document with the only picture on a page; None where that is not possible.

    A picture that reaches beyond the page may hold another paper.
    """
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415 - an extra
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # noqa: PLC0415

    pictures = list(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]))
    if len(pictures) != 1 or not _lies_within(pictures[0].get_bounds(), page.get_bbox()):
        return None
    document = PdfDocument.new()
    try:
        _add_page(document, page.get_bbox(), _stored(document, pictures[0]), page.get_rotation())
    except PdfiumError:
        document.close()
        return None
    return document


def _lies_within(inner: _Box, outer: _Box) -> bool:
    left, bottom, right, top = outer
    return (
        inner[0] >= left - _MARGIN
        and inner[1] >= bottom - _MARGIN
        and inner[2] <= right + _MARGIN
        and inner[3] <= top + _MARGIN
    )


def _stored(document: Any, picture: Any) -> Any:
    """Return a picture as it is stored, for another document: a JPEG, else all dots."""
    from pypdfium2 import PdfImage, PdfiumError  # noqa: PLC0415

    own, filters = PdfImage.new(document), picture.get_filters(skip_simple=True)
    if filters == _JPEG:
        data = bytes(picture.get_data(decode_simple=True))
        own.load_jpeg(BytesIO(data), inline=True)
    elif _JPEG_2000 in filters:
        raise PdfiumError("its dots would take many times the room")
    else:
        with closing(picture.get_bitmap()) as dots:
            own.set_bitmap(dots)
    own.set_matrix(picture.get_matrix())
    return own


def _drawn(page: Any, scale: float) -> Any:
    """Return a document with a drawing of a page."""
    from pypdfium2 import PdfDocument, PdfImage, PdfMatrix  # noqa: PLC0415

    stored = BytesIO()
    _in_grey(_picture(page, scale)).save(stored, "JPEG", quality=_QUALITY)
    document, (width, height) = PdfDocument.new(), page.get_size()
    drawing = PdfImage.new(document)
    drawing.load_jpeg(stored, inline=True)
    drawing.set_matrix(PdfMatrix(width, 0, 0, height, 0, 0))
    _add_page(document, (0, 0, width, height), drawing)
    return document


def _add_page(document: Any, box: _Box, picture: Any, rotation: int = 0) -> None:
    with closing(document.new_page(box[2] - box[0], box[3] - box[1])) as page:
        page.set_mediabox(*box)
        page.set_rotation(rotation)
        page.insert_obj(picture)
        page.gen_content()


def _picture(page: Any, scale: float) -> Image.Image:
    drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    return drawn


def _in_grey(picture: Image.Image) -> Image.Image:
    """Return a picture in grey if it has no colours."""
    red, green, blue = picture.split()
    return red if red.tobytes() == green.tobytes() == blue.tobytes() else picture


def _look_alike(page: Any, copy: Any, scale: float) -> bool:
    with closing(copy):
        drawn, anew = _picture(page, scale), _picture(copy, scale)
    if drawn.size != anew.size:
        return False
    bands = ImageChops.difference(drawn, anew).getextrema()
    return all(most <= _MAX_DIFFERENCE for _least, most in bands)  # type: ignore[misc]
