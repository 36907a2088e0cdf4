"""Draws photo files for the benchmarks: JPEGs as cameras write them, with EXIF, IPTC and XMP.

The same seed gives the same bytes. No two files and no two pictures are the same: each drawn
picture serves several files, in which one number of its quantisation tables differs.

    python -m benchmarks.photo_files FOLDER --large 600 --medium 1400
"""

import argparse
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import piexif
from PIL import Image, ImageChops

SEED = 2026
FILES_PER_PICTURE = 10
FILES_PER_FOLDER = 500
ARTISTS = ("Áile Näkkäläjärvi", "Piera Đuoddar", "Ánne-Márjá Vasara", "Jouni Hetta")


@dataclass(frozen=True)
class Kind:
    """A kind of file: size in pixels, JPEG quality, how much grain (both decide the bytes)."""

    name: str
    size: tuple[int, int]
    quality: int
    grain: int


LARGE = Kind("large", (4000, 3000), 90, 28)
MEDIUM = Kind("medium", (1920, 1080), 84, 16)
SMALL = Kind("small", (240, 160), 84, 24)
TINY = Kind("tiny", (32, 24), 60, 8)
"""About 3.2 MB, 0.25 MB, 14 KB and 6 KB, most of which are metadata."""

KINDS = (LARGE, MEDIUM, SMALL, TINY)


def draw(folder: Path, kind: Kind, count: int, seed: int = SEED) -> int:
    """Write this many files of a kind below a folder; return how many bytes they have."""
    luck = random.Random(f"{seed} {kind.name}")  # noqa: S311 - the same each time is meant
    total = number = 0
    for _ in range(0, count, FILES_PER_PICTURE):
        picture = _picture(luck, kind)
        for variant in range(min(FILES_PER_PICTURE, count - number)):
            number += 1
            inside = folder / kind.name / f"{(number - 1) // FILES_PER_FOLDER:04}"
            inside.mkdir(parents=True, exist_ok=True)
            content = _file(picture, variant, number, luck)
            (inside / f"{kind.name}-{number:06}.jpg").write_bytes(content)
            total += len(content)
    return total


def _picture(luck: random.Random, kind: Kind) -> bytes:
    """Draw one picture: light from one side, clouds of several sizes, grain."""
    light = Image.linear_gradient("L").rotate(luck.choice((0, 90, 180, 270))).resize(kind.size)
    layers = [light]
    for cells in (luck.randrange(3, 9), luck.randrange(12, 40)):
        spots = Image.frombytes("L", (cells, cells), luck.randbytes(cells * cells))
        layers.append(spots.resize(kind.size, Image.Resampling.BICUBIC))
    ground = Image.blend(Image.blend(layers[0], layers[1], 0.5), layers[2], 0.35)
    grain = _grain(luck, kind)
    grey = ImageChops.add(ground, grain, 1, -kind.grain // 2)
    colours = (grey, ImageChops.offset(grey, kind.size[0] // 3, 7), layers[1])
    content = BytesIO()
    Image.merge("RGB", colours).save(content, "JPEG", quality=kind.quality)
    return content.getvalue()


def _grain(luck: random.Random, kind: Kind) -> Image.Image:
    """Return noise, the same for the same luck (Pillow's own has a seed of its own)."""
    tile = Image.frombytes("L", (512, 512), luck.randbytes(512 * 512))
    sheet = Image.new("L", kind.size)
    for left in range(0, kind.size[0], 512):
        for top in range(0, kind.size[1], 512):
            sheet.paste(tile.rotate(90 * (left // 512 + top // 512) % 360), (left, top))
    return sheet.point([value * kind.grain // 255 for value in range(256)])


def _file(picture: bytes, variant: int, number: int, luck: random.Random) -> bytes:
    """Return a file with the metadata of its own; `variant` makes its picture another one."""
    taken = datetime(2026, 1, 1, 8) + timedelta(seconds=40 * number)  # noqa: DTZ001 - a camera's
    artist = ARTISTS[number % len(ARTISTS)]
    segments = (
        b"Exif\0\0" + _exif(taken, artist, luck),
        b"http://ns.adobe.com/xap/1.0/\0" + _xmp(artist, number),
    )
    table = picture.index(b"\xff\xdb") + 5 + 60 - variant
    changed = picture[:table] + bytes([picture[table] + 1]) + picture[table + 1 :]
    return (
        changed[:2]
        + b"".join(_segment(0xE1, segment) for segment in segments)
        + _segment(0xED, _iptc(artist, number))
        + changed[2:]
    )


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def _exif(taken: datetime, artist: str, luck: random.Random) -> bytes:
    """Return an Exif block such as cameras write, with a maker's note and a place now and then."""
    stamp = f"{taken:%Y:%m:%d %H:%M:%S}".encode()
    folders = {
        "0th": {
            piexif.ImageIFD.Make: b"Kamera",
            piexif.ImageIFD.Model: b"Kamera 12",
            piexif.ImageIFD.Orientation: 1,
            piexif.ImageIFD.Artist: artist.encode(),
            piexif.ImageIFD.DateTime: stamp,
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: stamp,
            piexif.ExifIFD.ExposureTime: (1, luck.randrange(30, 2000)),
            piexif.ExifIFD.ISOSpeedRatings: luck.randrange(100, 6400),
            piexif.ExifIFD.BodySerialNumber: b"6014237",
            piexif.ExifIFD.MakerNote: b"Kamera\0" + luck.randbytes(2000),
        },
    }
    if luck.random() < 0.3:  # noqa: PLR2004 - three of ten
        place = ((68, 1), (luck.randrange(60), 1), (5, 1))
        folders["GPS"] = {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: place}
    return bytes(piexif.dump(folders)).removeprefix(b"Exif\0\0")


def _xmp(artist: str, number: int) -> bytes:
    """Return an XMP packet with creator, rights and a description."""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:creator><rdf:Seq><rdf:li>{artist}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Photo {number}</rdf:li></rdf:Alt>
</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>
{" " * 2000}<?xpacket end="w"?>""".encode()


def _iptc(artist: str, number: int) -> bytes:
    """Return an image resource block with by-line and caption, in UTF-8."""
    sets = (b"\x1c\x01\x5a\0\x03\x1b%G", _dataset(80, artist), _dataset(120, f"Photo {number}"))
    content = b"".join(sets)
    padding = b"\0" * (len(content) % 2)
    head = b"Photoshop 3.0\x008BIM\x04\x04\0\0"
    return head + struct.pack(">I", len(content)) + content + padding


def _dataset(number: int, text: str) -> bytes:
    value = text.encode()
    return struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder."""
    return (path for path in sorted(folder.rglob("*.jpg")) if path.is_file())


def main() -> None:
    """Draw files from the command line."""
    parser = argparse.ArgumentParser(description="Draw photo files for the benchmarks.")
    parser.add_argument("folder", type=Path)
    for kind in KINDS:
        parser.add_argument(f"--{kind.name}", type=int, default=0)
    given = parser.parse_args()
    for kind in KINDS:
        count = getattr(given, kind.name)
        if count:
            print(f"{count:>7,} {kind.name}: {draw(given.folder, kind, count) / 1e6:,.1f} MB")


if __name__ == "__main__":
    main()
