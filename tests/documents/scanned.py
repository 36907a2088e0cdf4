"""Printed forms as scanners and telephones give them back."""

import random
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFilter
from pypdfium2 import PdfDocument

SMOOTH = Image.Resampling.BICUBIC
Degrade = Callable[[Image.Image], Image.Image]


def pictures_of(form: Path, dots_per_inch: int = 200) -> list[Image.Image]:
    """Return the pages of a printed form, in grey."""
    with PdfDocument(form) as document:
        return [
            page.render(scale=dots_per_inch / 72, grayscale=True).to_pil().copy()
            for page in document
        ]


def page_with(code: str) -> Image.Image:
    """Return a page on which nothing stands but the code of a form."""
    page = Image.new("L", (1240, 1754), 255)
    rows = [bytes(row) for row in segno.make_qr(code.replace("-", ""), error="h").matrix]
    drawn = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    page.paste(drawn.point(lambda is_dark: 0 if is_dark else 255).resize((150, 150), 0), (980, 70))
    return page


def pdf_of(file: Path, pages: Sequence[Image.Image]) -> Path:
    """Write pages into a PDF as scanners do: each is a picture."""
    first, *others = [page.copy() for page in pages]  # saving one as PDF changes it
    first.save(file, "PDF", resolution=200, save_all=True, append_images=others)
    return file


def turned(degrees: float) -> Degrade:
    return lambda page: page.rotate(degrees, expand=True, fillcolor=255, resample=SMOOTH)


def noisy(page: Image.Image) -> Image.Image:
    """Return a page with noise as of a telephone in bad light."""
    noise = np.random.default_rng(7).normal(0, 45, (page.height, page.width))
    return Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).astype("uint8"))


def blurred(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(2.2))


def skewed(page: Image.Image) -> Image.Image:
    """Return a page as seen from the side."""
    width, height = page.size
    corners = (-60, -40, 30, height + 90, width + 120, height - 40, width - 40, 80)
    return page.transform(page.size, Image.Transform.QUAD, corners, fillcolor=255, resample=SMOOTH)


def pale(page: Image.Image) -> Image.Image:
    return page.point(lambda value: 170 + value * 60 // 255)


def shaded(page: Image.Image) -> Image.Image:
    """Return a page with the shadow of a hand over it."""
    shade = np.linspace(0.25, 1.0, page.width)[::-1]
    return Image.fromarray((np.asarray(page) * shade).astype("uint8"))


def as_jpeg(page: Image.Image) -> Image.Image:
    """Return a page with 150 dots per inch and strongly compressed."""
    small, stored = page.resize((page.width * 3 // 4, page.height * 3 // 4)), BytesIO()
    small.save(stored, "JPEG", quality=25)
    return Image.open(stored)


def black_and_white(page: Image.Image) -> Image.Image:
    return page.point(lambda value: 255 * (value > 140)).convert("1")


def written_over(page: Image.Image) -> Image.Image:
    """Return a page with a stroke of a pen over the code."""
    page = page.copy()
    draw = ImageDraw.Draw(page)
    right, top = page.width - 142, 95
    draw.line([(right - 190, top + 150), (right + 10, top + 40)], fill=30, width=7)
    return page


def dirty(page: Image.Image) -> Image.Image:
    """Return a page with specks, as of a glass that nobody cleaned."""
    page, chance = page.copy(), random.Random(3)  # noqa: S311
    draw = ImageDraw.Draw(page)
    for _speck in range(900):
        x, y = chance.randrange(page.width), chance.randrange(page.height)
        draw.ellipse([x, y, x + 3, y + 3], fill=chance.choice([0, 255]))
    return page


def under_a_thumb(page: Image.Image) -> Image.Image:
    """Return a page of which a thumb covers the middle of the code."""
    page = page.copy()
    right, top = page.width - 224, 150
    ImageDraw.Draw(page).ellipse([right - 50, top, right + 50, top + 100], fill=150)
    return page


DAMAGES: dict[str, Degrade] = {
    "as it is": lambda page: page,
    "turned a little": turned(3.7),
    "on its side": turned(90),
    "upside down": turned(181),
    "askew": turned(-32),
    "noisy": noisy,
    "blurred": blurred,
    "from the side": skewed,
    "pale": pale,
    "in the shade": shaded,
    "150 dpi JPEG": as_jpeg,
    "black and white": black_and_white,
    "written over": written_over,
    "dirty": dirty,
    "turned, noisy, JPEG": lambda page: as_jpeg(noisy(turned(5)(page))),
    "blurred, pale, from the side": lambda page: pale(skewed(blurred(page))),
}
"""How a page may come back."""
