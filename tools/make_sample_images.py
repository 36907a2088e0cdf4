"""Draw the sample images: invented photographs with the metadata that real ones carry.

Run it from anywhere: `python tools/make_sample_images.py [FOLDER]`. Everything is drawn
procedurally and reproducibly, byte for byte. No real person is shown.
"""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Final

import piexif
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

FOLDER: Final = Path(__file__).parents[1] / "sample_images"
PHOTO: Final = (1200, 800)
SHEET: Final = (2400, 1600)
"""Scenes are drawn at twice the size and reduced, which smooths the edges."""

SKIN: Final = (222, 178, 148)
SNOW: Final = (232, 236, 242)
HAIR: Final = ((70, 48, 32), (128, 92, 52), (40, 34, 32), (170, 140, 90), (120, 116, 112))


@dataclass(frozen=True)
class Sample:
    """One sample image: how it is drawn, and its metadata."""

    name: str
    scene: Callable[[random.Random], Image.Image]
    taken: str
    description: str
    artist: str = "Áile Näkkäläjärvi"
    camera: tuple[str, str] = ("NIKON CORPORATION", "NIKON Z 6_2")


# --- drawing ---------------------------------------------------------------------------------


def gradient(top: Colour, bottom: Colour, size: tuple[int, int] = SHEET) -> Image.Image:
    """Return a sheet with a vertical gradient from one colour to another."""
    return ImageOps.colorize(Image.linear_gradient("L").resize(size), top, bottom)


def lit(colour: Colour, amount: float) -> Colour:
    """Return a colour made lighter (amount above 1) or darker (below 1)."""
    red, green, blue = (min(255, int(part * amount)) for part in colour)
    return red, green, blue


def ridge(
    luck: random.Random, left: float, right: float, rough: float
) -> list[tuple[float, float]]:
    """Return the skyline of a fell from left to right, by midpoint displacement."""
    heights = [left, right]
    while len(heights) < 129:  # noqa: PLR2004 - seven halvings
        middles = [(a + b) / 2 + luck.uniform(-rough, rough) for a, b in pairwise(heights)]
        heights = [h for pair in zip(heights, middles, strict=False) for h in pair] + heights[-1:]
        rough /= 2
    step = SHEET[0] / (len(heights) - 1)
    return [(index * step, height) for index, height in enumerate(heights)]


def fell(image: Image.Image, line: list[tuple[float, float]], top: Colour, foot: Colour) -> None:
    """Paint the land below a ridge line, hazier towards its foot."""
    mask = Image.new("L", SHEET)
    ImageDraw.Draw(mask).polygon([*line, (SHEET[0], SHEET[1]), (0, SHEET[1])], fill=255)
    highest = int(min(height for _, height in line))
    land = Image.new("RGB", SHEET, foot)
    land.paste(gradient(top, foot, (SHEET[0], SHEET[1] - highest)), (0, highest))
    image.paste(land, mask=mask)


def shadow(image: Image.Image, box: Box, strength: int = 90) -> None:
    """Draw a soft shadow on the ground under an object."""
    mask = Image.new("L", SHEET)
    ImageDraw.Draw(mask).ellipse(box, fill=strength)
    image.paste((20, 22, 30), mask=mask.filter(ImageFilter.GaussianBlur(14)))


def birch(
    draw: ImageDraw.ImageDraw, luck: random.Random, x: float, foot: float, tall: float
) -> None:
    """Draw a fell birch in autumn."""
    draw.line(
        [(x, foot), (x + tall * 0.04, foot - tall)], fill=(205, 200, 192), width=int(tall / 28)
    )
    for _ in range(70):
        across, up = luck.gauss(0, tall * 0.16), luck.uniform(0.35, 1.08) * tall
        size = luck.uniform(0.03, 0.07) * tall
        colour = luck.choice([(201, 140, 42), (214, 165, 60), (176, 108, 38), (150, 128, 50)])
        x0, y0 = x + across, foot - up
        draw.ellipse(
            (x0 - size, y0 - size, x0 + size, y0 + size), fill=lit(colour, luck.uniform(0.8, 1.1))
        )


@dataclass(frozen=True)
class Figure:
    """An invented person: feet at (x, foot), `tall` pixels high."""

    x: float
    foot: float
    tall: float
    coat: Colour
    hair: Colour = HAIR[0]
    from_behind: bool = False
    heads: float = 7.2
    """Height in heads: about 7 for an adult, 5 for a child."""

    def paint(self, image: Image.Image) -> None:
        """Paint the figure with its shadow."""
        x, tall = self.x, self.tall
        ground = (x - tall * 0.2, self.foot - tall * 0.03, x + tall * 0.24, self.foot + tall * 0.04)
        shadow(image, ground)
        draw = ImageDraw.Draw(image)
        head = tall / self.heads
        shoulder, hip = self.foot - tall + head * 1.15, self.foot - tall * 0.46
        wide = tall * 0.125
        for side in (-1, 1):
            left = x + side * wide * 0.45
            draw.rounded_rectangle(
                (left - wide * 0.4, hip - 9, left + wide * 0.4, self.foot), wide * 0.2, (52, 56, 70)
            )
            draw.rounded_rectangle(
                (left - wide * 0.45, self.foot - tall * 0.03, left + wide * 0.55, self.foot),
                9,
                (34, 30, 30),
            )
            arm = [
                (x + side * wide * 0.95, shoulder + wide * 0.5),
                (x + side * wide * 1.25, hip + wide * 0.1),
            ]
            draw.line(arm, fill=lit(self.coat, 0.82), width=int(wide * 0.55))
            hand = x + side * wide * 1.27
            draw.ellipse((hand - wide * 0.22, hip, hand + wide * 0.22, hip + wide * 0.5), fill=SKIN)
        draw.rounded_rectangle(
            (x - wide, shoulder, x + wide, hip + wide * 0.5), wide * 0.55, self.coat
        )
        draw.rounded_rectangle(
            (x + wide * 0.25, shoulder + wide * 0.3, x + wide, hip + wide * 0.5),
            wide * 0.5,
            lit(self.coat, 0.9),
        )
        draw.rectangle(
            (x - head * 0.16, shoulder - head * 0.3, x + head * 0.16, shoulder + head * 0.1),
            fill=lit(SKIN, 0.88),
        )
        paint_head(draw, (x, shoulder - head * 0.62), head, self)


def paint_head(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], head: float, who: Figure
) -> None:
    """Paint a head `head` pixels high: a face, or hair alone when seen from behind."""
    x, y = centre
    half, high = head * 0.38, head * 0.5
    draw.ellipse((x - half * 1.12, y - high * 1.1, x + half * 1.12, y + high * 0.62), fill=who.hair)
    if who.from_behind:
        draw.ellipse((x - half, y - high, x + half, y + high * 0.85), fill=lit(who.hair, 1.08))
        return
    draw.ellipse(
        (x - half * 1.1, y - high * 0.15, x - half * 0.8, y + high * 0.3), fill=lit(SKIN, 0.9)
    )
    draw.ellipse(
        (x + half * 0.8, y - high * 0.15, x + half * 1.1, y + high * 0.3), fill=lit(SKIN, 0.9)
    )
    draw.ellipse((x - half, y - high * 0.95, x + half, y + high), fill=SKIN)
    draw.chord(
        (x - half * 1.06, y - high * 1.08, x + half * 1.06, y + high * 0.75),
        196,
        344,
        fill=who.hair,
    )
    paint_face(draw, centre, head, lit(who.hair, 0.9))


def paint_face(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], head: float, brows: Colour
) -> None:
    """Paint eyes, brows, cheeks, nose and mouth on a head `head` pixels high."""
    x, y = centre
    half, high = head * 0.38, head * 0.5
    for side in (-1, 1):
        eye, size = x + side * half * 0.42, head * 0.05
        draw.ellipse((eye - size * 1.5, y - size, eye + size * 1.5, y + size), fill=(245, 243, 240))
        draw.ellipse(
            (eye - size * 0.8, y - size * 0.9, eye + size * 0.8, y + size * 0.9), fill=(60, 66, 78)
        )
        brow = (eye - size * 2, y - size * 3.6, eye + size * 2, y - size * 0.6)
        draw.arc(brow, 205, 335, fill=brows, width=max(2, int(head * 0.025)))
        cheek = x + side * half * 0.55
        draw.ellipse(
            (cheek - size * 1.6, y + high * 0.3, cheek + size * 1.6, y + high * 0.5),
            fill=(225, 172, 144),
        )
    thin = max(2, int(head * 0.022))
    draw.arc(
        (x - head * 0.06, y + high * 0.05, x + head * 0.06, y + high * 0.38),
        20,
        160,
        fill=lit(SKIN, 0.78),
        width=thin,
    )
    draw.chord(
        (x - half * 0.42, y + high * 0.4, x + half * 0.42, y + high * 0.72),
        8,
        172,
        fill=(176, 84, 78),
    )


def reindeer(image: Image.Image, x: float, foot: float, tall: float, coat: Colour) -> None:
    """Paint a reindeer seen from its side, head to the right."""
    shadow(image, (x - tall * 0.7, foot - tall * 0.08, x + tall * 0.7, foot + tall * 0.06), 70)
    draw = ImageDraw.Draw(image)
    for leg in (-0.46, -0.36, 0.26, 0.36):
        draw.line(
            [(x + tall * leg, foot - tall * 0.5), (x + tall * leg, foot)],
            fill=lit(coat, 0.65),
            width=max(4, int(tall * 0.07)),
        )
    draw.ellipse(
        (x - tall * 0.58, foot - tall * 0.92, x + tall * 0.5, foot - tall * 0.38), fill=coat
    )
    draw.line(
        [(x + tall * 0.34, foot - tall * 0.7), (x + tall * 0.62, foot - tall * 1.0)],
        fill=lit(coat, 1.12),
        width=int(tall * 0.2),
    )
    draw.ellipse(
        (x + tall * 0.5, foot - tall * 1.14, x + tall * 0.9, foot - tall * 0.9), fill=lit(coat, 0.9)
    )
    draw.ellipse(
        (x - tall * 0.64, foot - tall * 0.8, x - tall * 0.52, foot - tall * 0.66), fill=SNOW
    )
    horn, thin = lit((150, 128, 100), 0.9), max(3, int(tall * 0.035))
    for lean in (-0.16, 0.06):
        base = (x + tall * 0.62, foot - tall * 1.1)
        tip = (x + tall * (0.62 + lean), foot - tall * 1.55)
        draw.line(
            [base, (x + tall * (0.48 + lean), foot - tall * 1.34), tip], fill=horn, width=thin
        )
        draw.line(
            [
                (x + tall * (0.48 + lean), foot - tall * 1.34),
                (x + tall * (0.36 + lean), foot - tall * 1.5),
            ],
            fill=horn,
            width=thin,
        )


def finish(image: Image.Image, luck: random.Random) -> Image.Image:
    """Reduce a sheet to a photo, with the darker corners and the grain of a camera."""
    photo = image.resize(PHOTO, Image.Resampling.LANCZOS)
    corners = ImageOps.colorize(
        Image.radial_gradient("L").resize(PHOTO), (255, 255, 255), (212, 212, 218)
    )
    photo = ImageChops.multiply(photo, corners)
    grain = Image.frombytes("L", PHOTO, luck.randbytes(PHOTO[0] * PHOTO[1]))
    grain = grain.filter(ImageFilter.GaussianBlur(0.9))
    return Image.blend(photo, Image.merge("RGB", (grain, grain, grain)), 0.055)


# --- scenes ----------------------------------------------------------------------------------


def fell_land(luck: random.Random) -> Image.Image:
    """Draw a fell landscape in autumn: ridges, a lake, birches."""
    image = gradient((116, 150, 194), (240, 222, 196))
    fell(image, ridge(luck, 760, 640, 190), (150, 156, 182), (190, 184, 186))
    fell(image, ridge(luck, 820, 900, 150), (112, 110, 122), (164, 142, 112))
    fell(image, ridge(luck, 1010, 960, 70), (140, 98, 58), (176, 122, 62))
    draw = ImageDraw.Draw(image)
    draw.ellipse((700, 1120, 2300, 1300), fill=(150, 172, 198))
    draw.ellipse((800, 1130, 2200, 1240), fill=(176, 192, 208))
    image = image.filter(ImageFilter.GaussianBlur(3))
    fell(image, ridge(luck, 1330, 1390, 60), (150, 92, 42), (92, 66, 38))
    draw = ImageDraw.Draw(image)
    for _ in range(900):
        x, y = luck.uniform(0, 2400), luck.uniform(1400, 1600)
        colour = luck.choice([(168, 74, 40), (190, 120, 50), (110, 96, 48), (132, 60, 40)])
        draw.ellipse((x, y, x + luck.uniform(8, 34), y + luck.uniform(4, 16)), fill=colour)
    for x, foot, tall in ((170, 1480, 520), (420, 1440, 360), (2180, 1500, 600), (1960, 1430, 300)):
        birch(draw, luck, x, foot, tall)
    return image


def village(luck: random.Random) -> Image.Image:
    """Draw a village road with wooden houses, birches and fells behind."""
    image = gradient((140, 168, 202), (226, 226, 220))
    fell(image, ridge(luck, 720, 660, 120), (132, 138, 160), (160, 150, 130))
    fell(image, ridge(luck, 960, 950, 20), (128, 112, 70), (112, 104, 66))
    image = image.filter(ImageFilter.GaussianBlur(3))
    draw = ImageDraw.Draw(image)
    draw.polygon([(1120, 960), (1290, 960), (2250, 1600), (250, 1600)], fill=(118, 116, 118))
    draw.polygon([(1198, 980), (1208, 980), (1262, 1600), (1212, 1600)], fill=(196, 194, 186))
    houses = ((60, 620, 620, 1220, (156, 58, 46)), (660, 780, 420, 1060, (204, 176, 110)))
    for left, top, wide, foot, wall in (*houses, (1560, 690, 700, 1240, (104, 128, 108))):
        house(draw, (left, top, left + wide, foot), wall)
    for x, foot, tall in ((1440, 1100, 420), (2330, 1330, 620), (20, 1330, 560)):
        birch(draw, luck, x, foot, tall)
    return image


def house(draw: ImageDraw.ImageDraw, walls: Box, colour: Colour) -> None:
    """Draw a wooden house with a roof and windows."""
    left, top, right, foot = walls
    wide, tall = right - left, foot - top
    draw.rectangle(walls, fill=colour)
    for board in range(1, 24):
        x = left + wide * board / 24
        draw.line([(x, top), (x, foot)], fill=lit(colour, 0.9), width=2)
    draw.polygon(
        [(left - 40, top + 8), (left + wide / 2, top - tall * 0.42), (right + 40, top + 8)],
        fill=(74, 72, 76),
    )
    for place in (0.14, 0.42, 0.7):
        x, y = left + wide * place, top + tall * 0.26
        draw.rectangle(
            (x - 9, y - 9, x + wide * 0.16 + 9, y + tall * 0.32 + 9), fill=(236, 234, 228)
        )
        draw.rectangle((x, y, x + wide * 0.16, y + tall * 0.32), fill=(70, 88, 108))
        draw.polygon([(x, y), (x + wide * 0.1, y), (x, y + tall * 0.2)], fill=(124, 146, 168))


def street(luck: random.Random) -> Image.Image:
    """Draw the village road with one adult passing by, small and turned away."""
    image = village(luck)
    Figure(930, 1340, 330, (70, 92, 120), HAIR[1], from_behind=True).paint(image)
    return image


def lobby(luck: random.Random) -> Image.Image:
    """Draw the lobby of the municipal office, with people seen from behind."""
    image = gradient((226, 220, 208), (206, 196, 180))
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 1180), (2400, 1180), (2400, 1600), (0, 1600)], fill=(168, 150, 126))
    for pane in range(5):
        left = 120 + pane * 240
        draw.rectangle((left, 180, left + 220, 940), fill=(196, 214, 226))
        draw.rectangle((left, 640, left + 220, 940), fill=(186, 190, 168))
        draw.rectangle((left, 180, left + 220, 940), outline=(96, 84, 72), width=12)
    draw.rounded_rectangle((1440, 860, 2320, 1240), 20, fill=(136, 98, 62))
    draw.rectangle((1410, 830, 2350, 880), fill=(92, 68, 46))
    for shelf in range(3):
        draw.rectangle((1560, 300 + shelf * 150, 2220, 316 + shelf * 150), fill=(120, 92, 64))
        for book in range(14):
            x, tall = 1570 + book * 46, luck.uniform(70, 120)
            colour = luck.choice([(120, 60, 56), (62, 84, 110), (84, 104, 76), (180, 160, 110)])
            draw.rectangle((x, 300 + shelf * 150 - tall, x + 38, 300 + shelf * 150), fill=colour)
    image = image.filter(ImageFilter.GaussianBlur(4))
    waiting = (
        (520, 1380, 640, (64, 84, 104), 2),
        (800, 1420, 680, (138, 62, 62), 1),
        (1640, 1440, 700, (92, 104, 82), 4),
    )
    for x, foot, tall, coat, hair in waiting:
        Figure(x, foot, tall, coat, HAIR[hair], from_behind=True).paint(image)
    return image


def portrait(luck: random.Random) -> Image.Image:
    """Draw the portrait of an adult before blurred birches."""
    image = gradient((150, 168, 160), (120, 104, 66))
    draw = ImageDraw.Draw(image)
    for x in range(60, 2400, 300):
        birch(draw, luck, x + luck.uniform(-60, 60), 1500, luck.uniform(900, 1300))
    image = image.filter(ImageFilter.GaussianBlur(38))
    draw = ImageDraw.Draw(image)
    coat = (36, 66, 130)
    draw.rounded_rectangle((1040, 1080, 1360, 1400), 60, fill=lit(SKIN, 0.86))
    draw.polygon(
        [(560, 1600), (700, 1330), (1060, 1210), (1340, 1210), (1700, 1330), (1840, 1600)],
        fill=coat,
    )
    draw.polygon([(1040, 1200), (1360, 1200), (1270, 1460), (1130, 1460)], fill=(186, 44, 44))
    draw.line(
        [(1040, 1205), (1130, 1462), (1270, 1462), (1360, 1205)], fill=(230, 190, 70), width=20
    )
    paint_head(draw, (1200, 760), 880, Figure(0, 0, 0, coat, HAIR[2]))
    return image


def child(luck: random.Random) -> Image.Image:
    """Draw a child at the school feast, before bunting and a table."""
    image = gradient((238, 226, 196), (206, 178, 140))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 1250, 2400, 1600), fill=(176, 138, 98))
    bunting(draw, ((200, 46, 54), (36, 84, 160), (236, 190, 60), (70, 136, 84)))
    draw.rectangle((1500, 1020, 2400, 1060), fill=(244, 240, 232))
    draw.rectangle((1540, 1060, 2400, 1400), fill=(226, 216, 200))
    for cup in range(4):
        x = 1620 + cup * 170
        draw.rounded_rectangle(
            (x, 940, x + 70, 1022), 10, fill=luck.choice([(196, 70, 60), (70, 120, 170)])
        )
    image = image.filter(ImageFilter.GaussianBlur(7))
    Figure(980, 1550, 1060, (206, 70, 66), HAIR[3], heads=3.7).paint(image)
    return image


def bunting(draw: ImageDraw.ImageDraw, colours: tuple[Colour, ...]) -> None:
    """Draw two strings of little flags across the sheet."""
    for string, (height, sag) in enumerate(((150, 130), (330, 100))):
        points = [(x, height + sag * (1 - ((x - 1200) / 1200) ** 2)) for x in range(0, 2401, 120)]
        draw.line(points, fill=(110, 96, 80), width=6)
        for index, (x, y) in enumerate(points):
            colour = colours[(index + string) % len(colours)]
            draw.polygon([(x - 42, y), (x + 42, y), (x, y + 110)], fill=colour)


def group(luck: random.Random) -> Image.Image:
    """Draw three adults side by side in front of the village."""
    image = village(luck).filter(ImageFilter.GaussianBlur(9))
    three = (
        (700, 1540, 1080, (58, 96, 92), 0),
        (1180, 1560, 1160, (120, 52, 60), 3),
        (1660, 1540, 1020, (66, 74, 116), 4),
    )
    for x, foot, tall, coat, hair in three:
        Figure(x, foot, tall, coat, HAIR[hair]).paint(image)
    return image


def market(luck: random.Random) -> Image.Image:
    """Draw market stalls with goods, and customers seen from behind."""
    image = village(luck).filter(ImageFilter.GaussianBlur(6))
    draw = ImageDraw.Draw(image)
    for left, colour in ((120, (190, 52, 50)), (900, (40, 92, 140)), (1680, (66, 120, 74))):
        for post in (left + 20, left + 590):
            draw.rectangle((post, 700, post + 18, 1320), fill=(130, 104, 76))
        for stripe in range(8):
            edge = left - 20 + stripe * 82
            cloth = colour if stripe % 2 else (240, 236, 226)
            corners = [(edge + 22, 600), (edge + 96, 600), (edge + 82, 780), (edge, 780)]
            draw.polygon(corners, fill=cloth)
        draw.rectangle((left, 1080, left + 620, 1340), fill=(150, 116, 78))
        for _ in range(60):
            x, y, size = (
                luck.uniform(left + 10, left + 590),
                luck.uniform(1040, 1090),
                luck.uniform(14, 30),
            )
            goods = luck.choice([(180, 60, 44), (212, 150, 50), (96, 128, 60), (226, 214, 190)])
            draw.ellipse((x, y - size, x + size * 1.4, y + size * 0.4), fill=goods)
    image = image.filter(ImageFilter.GaussianBlur(2))
    for x, tall, coat, hair in ((620, 640, (88, 84, 80), 2), (1400, 680, (64, 96, 120), 1)):
        Figure(x, 1500, tall, coat, HAIR[hair], from_behind=True).paint(image)
    return image


def roundup(luck: random.Random) -> Image.Image:
    """Draw a reindeer round-up in the first snow: the herd, the fence, the fells."""
    image = gradient((150, 168, 196), (236, 232, 232))
    fell(image, ridge(luck, 640, 700, 150), (176, 184, 204), (214, 218, 228))
    fell(image, ridge(luck, 900, 860, 60), (190, 194, 202), (222, 224, 228))
    image = image.filter(ImageFilter.GaussianBlur(4))
    fell(image, ridge(luck, 1000, 1010, 16), SNOW, (206, 212, 224))
    herd = sorted((luck.uniform(1060, 1520), luck.uniform(150, 2250)) for _ in range(26))
    for foot, x in herd:
        tall = 110 + (foot - 1060) * 0.34
        coat = luck.choice([(124, 104, 86), (104, 88, 76), (158, 146, 132), (88, 76, 70)])
        reindeer(image, x, foot, tall, coat)
    draw = ImageDraw.Draw(image)
    for post in range(-20, 2420, 170):
        draw.rectangle((post, 1400, post + 26, 1600), fill=(96, 82, 70))
    for rail in (1430, 1500, 1570):
        draw.rectangle((0, rail, 2400, rail + 18), fill=(122, 104, 86))
    return image


def council(luck: random.Random) -> Image.Image:
    """Draw a council meeting: a councillor speaks at the desk, the others listen."""
    image = gradient((198, 186, 166), (150, 126, 98))
    draw = ImageDraw.Draw(image)
    for panel in range(12):
        draw.rectangle(
            (panel * 200, 0, panel * 200 + 192, 1000),
            fill=lit((176, 140, 98), luck.uniform(0.94, 1.06)),
        )
    draw.rectangle((300, 220, 980, 640), fill=(236, 238, 240))
    for line in range(5):
        draw.rectangle(
            (360, 290 + line * 62, 360 + luck.uniform(300, 540), 312 + line * 62),
            fill=(150, 160, 172),
        )
    draw.rectangle((0, 1000, 2400, 1600), fill=(112, 92, 74))
    image = image.filter(ImageFilter.GaussianBlur(6))
    Figure(1640, 1420, 1000, (48, 54, 72), HAIR[4]).paint(image)
    draw = ImageDraw.Draw(image)
    draw.polygon([(1360, 980), (1920, 980), (1880, 1440), (1400, 1440)], fill=(128, 92, 58))
    draw.rectangle((1330, 950, 1950, 1000), fill=(94, 68, 44))
    draw.line([(1560, 960), (1600, 790)], fill=(40, 40, 44), width=12)
    draw.ellipse((1580, 752, 1622, 806), fill=(30, 30, 34))
    for x, coat, hair in ((260, (70, 60, 66), 0), (700, (60, 84, 92), 2), (1130, (110, 92, 70), 3)):
        Figure(x, 1960, 800, coat, HAIR[hair], from_behind=True).paint(image)
    return image


# --- metadata --------------------------------------------------------------------------------


def exif_block(sample: Sample, photo: Image.Image) -> bytes:
    """Return the Exif block that the camera and the photographer's program would have written."""
    position = sample.name == "poroerotus-gps.jpg"
    main = {
        piexif.ImageIFD.Make: sample.camera[0].encode(),
        piexif.ImageIFD.Model: sample.camera[1].encode(),
        piexif.ImageIFD.ImageDescription: sample.description.encode(),
        piexif.ImageIFD.Orientation: 1,
        piexif.ImageIFD.XResolution: (300, 1),
        piexif.ImageIFD.YResolution: (300, 1),
        piexif.ImageIFD.ResolutionUnit: 2,
        piexif.ImageIFD.DateTime: sample.taken.encode(),
        piexif.ImageIFD.Artist: sample.artist.encode(),
        piexif.ImageIFD.Copyright: f"© {sample.artist}".encode(),
        piexif.ImageIFD.YCbCrPositioning: 1,
    }
    camera = {
        piexif.ExifIFD.ExifVersion: b"0231",
        piexif.ExifIFD.DateTimeOriginal: sample.taken.encode(),
        piexif.ExifIFD.DateTimeDigitized: sample.taken.encode(),
        piexif.ExifIFD.ExposureTime: (1, 250),
        piexif.ExifIFD.FNumber: (56, 10),
        piexif.ExifIFD.ISOSpeedRatings: 400,
        piexif.ExifIFD.FocalLength: (35, 1),
        piexif.ExifIFD.ColorSpace: 1,
        piexif.ExifIFD.PixelXDimension: photo.width,
        piexif.ExifIFD.PixelYDimension: photo.height,
    }
    folders: dict[str, object] = {"0th": main, "Exif": camera}
    if position:
        camera[piexif.ExifIFD.BodySerialNumber] = b"6014237"
        camera[piexif.ExifIFD.MakerNote] = b"Nikon\0\2\x10\0\0MM\0*\0\0\0\x08" + bytes(300)
        folders |= {"GPS": hetta(), "1st": {}, "thumbnail": thumbnail(photo)}
    return bytes(piexif.dump(folders))


def hetta() -> dict[int, object]:
    """Return a position near Hetta: 68°23'05" N, 23°38'20" E, 300 m above the sea."""
    return {
        piexif.GPSIFD.GPSVersionID: (2, 3, 0, 0),
        piexif.GPSIFD.GPSLatitudeRef: b"N",
        piexif.GPSIFD.GPSLatitude: ((68, 1), (23, 1), (5, 1)),
        piexif.GPSIFD.GPSLongitudeRef: b"E",
        piexif.GPSIFD.GPSLongitude: ((23, 1), (38, 1), (20, 1)),
        piexif.GPSIFD.GPSAltitudeRef: 0,
        piexif.GPSIFD.GPSAltitude: (300, 1),
    }


def thumbnail(photo: Image.Image) -> bytes:
    """Return a small JPEG of the photo, as cameras put into their Exif blocks."""
    small = BytesIO()
    photo.resize((160, 107)).save(small, "JPEG", quality=70)
    return small.getvalue()


def segment(code: int, content: bytes) -> bytes:
    """Return a JPEG segment (ITU-T T.81, B.1.1.4)."""
    return bytes([0xFF, code]) + (len(content) + 2).to_bytes(2, "big") + content


def xmp() -> bytes:
    """Return an XMP segment that names a place."""
    packet = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    exif:GPSLatitude="68,23.083N" exif:GPSLongitude="23,38.333E" photoshop:City="Hetta"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())


def iptc() -> bytes:
    """Return an IPTC segment that names the city (IIM 2:90), in UTF-8 (1:90)."""
    city = "Enontekiö, Hetta".encode()
    records = b"\x1c\x01\x5a\0\3\x1b%G" + b"\x1c\x02\x5a" + len(city).to_bytes(2, "big") + city
    content = b"8BIM\x04\x04\0\0" + len(records).to_bytes(4, "big") + records
    return segment(0xED, b"Photoshop 3.0\0" + content + bytes(len(records) % 2))


def make(sample: Sample) -> bytes:
    """Return the file of a sample image."""
    luck = random.Random(sample.name)  # noqa: S311 - seeded for a reproducible drawing
    photo = finish(sample.scene(luck), luck)
    content = BytesIO()
    photo.save(content, "JPEG", quality=85, optimize=True, exif=exif_block(sample, photo))
    data = content.getvalue()
    if sample.name != "poroerotus-gps.jpg":
        return data
    first = 2 + 2 + int.from_bytes(data[4:6], "big")  # the Exif segment comes first
    comment = segment(0xFE, b"Hetta, 68.3847 N 23.6389 E")
    after = b"\0\0\0\x18ftypmp42\0\0\0\0" + bytes(256)  # as phones append a short film
    return data[:first] + xmp() + iptc() + comment + data[first:] + after


SAMPLES: Final = (
    Sample("maisema.jpg", fell_land, "2026:09:12 09:41:22", "Ruska tunturissa"),
    Sample("katunakyma.jpg", street, "2026:09:15 13:05:48", "Kylänraitti"),
    Sample("virastotalon-aula.jpg", lobby, "2026:09:02 10:30:05", "Virastotalon aula"),
    Sample(
        "muotokuva.jpg",
        portrait,
        "2026:08:27 15:12:40",
        "Muotokuva",
        artist="Piera Đuoddar",
        camera=("Canon", "Canon EOS R6"),
    ),
    Sample("lapsi.jpg", child, "2026:10:09 17:20:11", "Koulun juhla"),
    Sample("ryhma.jpg", group, "2026:09:15 13:40:00", "Kolme työtoveria"),
    Sample(
        "toisen-kuvaajan.jpg",
        market,
        "2026:08:15 11:00:30",
        "Markkinat",
        artist="Studio Revontuli",
        camera=("SONY", "ILCE-7M4"),
    ),
    Sample("poroerotus-gps.jpg", roundup, "2026:10:21 12:08:19", "Poroerotus"),
    Sample("valtuusto.jpg", council, "2026:09:28 18:03:57", "Valtuuston kokous"),
)


def main(folder: Path) -> None:
    """Write all sample images to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        data = make(sample)
        (folder / sample.name).write_bytes(data)
        print(f"{sample.name}: {len(data)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
