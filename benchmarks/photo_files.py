"""Generate photo files for the benchmarks: JPEGs as cameras write them, with Exif, IPTC and XMP.

Large and medium files hold the metadata of a camera and a raw converter: about eighty Exif tags,
sometimes a location, a thumbnail, the converter's settings and history in XMP, IPTC, and an ICC
profile; exiftool lists 190 tags. Small and tiny files hold little.

The same seed gives the same bytes. All files and their picture hashes differ: each generated
picture is used for several files, which differ in one number of the quantisation tables.

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
from typing import Any

import piexif
from PIL import Image, ImageChops, ImageCms

SEED = 2026
FILES_PER_PICTURE = 10
FILES_PER_FOLDER = 500
ARTISTS = ("Áile Näkkäläjärvi", "Piera Đuoddar", "Ánne-Márjá Vasara", "Jouni Hetta")


@dataclass(frozen=True)
class Kind:
    """A kind of file: size in pixels; JPEG quality and grain, which determine the file size."""

    name: str
    size: tuple[int, int]
    quality: int
    grain: int
    is_full: bool = False


LARGE = Kind("large", (4000, 3000), 90, 28, is_full=True)
MEDIUM = Kind("medium", (1920, 1080), 84, 16, is_full=True)
SMALL = Kind("small", (240, 160), 84, 24)
TINY = Kind("tiny", (32, 24), 60, 8)
"""About 3.2 MB, 0.25 MB, 14 KB and 6 KB; `is_full`: with all the metadata that cameras write."""

KINDS = (LARGE, MEDIUM, SMALL, TINY)


def draw(folder: Path, kind: Kind, count: int, seed: int = SEED) -> int:
    """Write this many files of a kind below a folder; return their total size in bytes."""
    rng = random.Random(f"{seed} {kind.name}")  # noqa: S311 - reproducible
    total = number = 0
    for _ in range(0, count, FILES_PER_PICTURE):
        picture = _picture(rng, kind)
        for variant in range(min(FILES_PER_PICTURE, count - number)):
            number += 1
            inside = folder / kind.name / f"{(number - 1) // FILES_PER_FOLDER:04}"
            inside.mkdir(parents=True, exist_ok=True)
            content = _file(picture, variant, number, rng, kind)
            (inside / f"{kind.name}-{number:06}.jpg").write_bytes(content)
            total += len(content)
    return total


def _picture(rng: random.Random, kind: Kind) -> bytes:
    """Generate one picture: a gradient, clouds of several sizes, grain."""
    gradient = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(kind.size)
    layers = [gradient]
    for cells in (rng.randrange(3, 9), rng.randrange(12, 40)):
        spots = Image.frombytes("L", (cells, cells), rng.randbytes(cells * cells))
        layers.append(spots.resize(kind.size, Image.Resampling.BICUBIC))
    ground = Image.blend(Image.blend(layers[0], layers[1], 0.5), layers[2], 0.35)
    grain = _grain(rng, kind)
    grey = ImageChops.add(ground, grain, 1, -kind.grain // 2)
    colours = (grey, ImageChops.offset(grey, kind.size[0] // 3, 7), layers[1])
    content = BytesIO()
    Image.merge("RGB", colours).save(content, "JPEG", quality=kind.quality)
    return content.getvalue()


def _grain(rng: random.Random, kind: Kind) -> Image.Image:
    """Return reproducible noise; Pillow's own generator cannot be seeded."""
    tile = Image.frombytes("L", (512, 512), rng.randbytes(512 * 512))
    sheet = Image.new("L", kind.size)
    for left in range(0, kind.size[0], 512):
        for top in range(0, kind.size[1], 512):
            sheet.paste(tile.rotate(90 * (left // 512 + top // 512) % 360), (left, top))
    return sheet.point([value * kind.grain // 255 for value in range(256)])


def _file(picture: bytes, variant: int, number: int, rng: random.Random, kind: Kind) -> bytes:
    """Return a file with its own metadata; `variant` changes its picture hash."""
    taken = datetime(2026, 1, 1, 8) + timedelta(seconds=40 * number)  # noqa: DTZ001 - a camera's
    artist = ARTISTS[number % len(ARTISTS)]
    folders = _exif(taken, artist, rng)
    if kind.is_full:
        _add_camera_tags(folders, kind, rng)
    segments = [
        (0xE1, bytes(piexif.dump(folders))),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp(artist, number, taken, kind, rng)),
        (0xED, _iptc(artist, number, taken, kind)),
    ]
    if kind.is_full:
        segments.append((0xE2, b"ICC_PROFILE\0\x01\x01" + COLOURS))
    table = picture.index(b"\xff\xdb") + 5 + 60 - variant
    changed = picture[:table] + bytes([picture[table] + 1]) + picture[table + 1 :]
    return (
        changed[:2]
        + b"".join(_segment(marker, payload) for marker, payload in segments)
        + changed[2:]
    )


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def _exif(taken: datetime, artist: str, rng: random.Random) -> dict[str, Any]:
    """Return the minimum of Exif tags that cameras write, sometimes with a location."""
    stamp = f"{taken:%Y:%m:%d %H:%M:%S}".encode()
    folders: dict[str, Any] = {
        "0th": {
            piexif.ImageIFD.Make: b"Kamera",
            piexif.ImageIFD.Model: b"Kamera 12",
            piexif.ImageIFD.Orientation: 1,
            piexif.ImageIFD.Artist: artist.encode(),
            piexif.ImageIFD.DateTime: stamp,
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: stamp,
            piexif.ExifIFD.ExposureTime: (1, rng.randrange(30, 2000)),
            piexif.ExifIFD.ISOSpeedRatings: rng.randrange(100, 6400),
            piexif.ExifIFD.BodySerialNumber: b"6014237",
            piexif.ExifIFD.MakerNote: b"Kamera\0" + rng.randbytes(2000),
        },
    }
    if rng.random() < 0.3:  # noqa: PLR2004 - three of ten
        place = ((68, 1), (rng.randrange(60), 1), (5, 1))
        folders["GPS"] = {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: place}
    return folders


def _add_camera_tags(folders: dict[str, Any], kind: Kind, rng: random.Random) -> None:
    """Add the other tags that a camera writes (CIPA DC-008, tables 4 to 17) and a thumbnail."""
    stamp = folders["0th"][piexif.ImageIFD.DateTime]
    image, camera, gps = piexif.ImageIFD, piexif.ExifIFD, piexif.GPSIFD
    folders["0th"] |= {
        image.ImageDescription: b"Kyl\xc3\xa4n juhla",
        image.XResolution: (300, 1),
        image.YResolution: (300, 1),
        image.ResolutionUnit: 2,
        image.Software: b"Kamera 12 ver. 1.04",
        image.YCbCrPositioning: 2,
        image.Copyright: b"(c) 2026",
        image.Rating: 3,
        image.HostComputer: b"Kone 1",
    }
    folders["Exif"] |= {
        camera.FNumber: (28, 10),
        camera.ExposureProgram: 2,
        camera.SensitivityType: 2,
        camera.RecommendedExposureIndex: rng.randrange(100, 6400),
        camera.ExifVersion: b"0232",
        camera.DateTimeDigitized: stamp,
        camera.OffsetTime: b"+02:00",
        camera.OffsetTimeOriginal: b"+02:00",
        camera.OffsetTimeDigitized: b"+02:00",
        camera.ComponentsConfiguration: b"\1\2\3\0",
        camera.CompressedBitsPerPixel: (4, 1),
        camera.ShutterSpeedValue: (rng.randrange(500_000, 900_000), 100_000),
        camera.ApertureValue: (297, 100),
        camera.BrightnessValue: (rng.randrange(100, 900), 100),
        camera.ExposureBiasValue: (0, 10),
        camera.MaxApertureValue: (8, 10),
        camera.SubjectDistance: (rng.randrange(10, 200), 10),
        camera.MeteringMode: 5,
        camera.LightSource: 0,
        camera.Flash: 16,
        camera.FocalLength: (rng.randrange(24, 200), 1),
        camera.SubjectArea: (2000, 1500, 600, 600),
        camera.UserComment: b"ASCII\0\0\0kuva",
        camera.SubSecTime: b"32",
        camera.SubSecTimeOriginal: b"32",
        camera.SubSecTimeDigitized: b"32",
        camera.FlashpixVersion: b"0100",
        camera.ColorSpace: 1,
        camera.PixelXDimension: kind.size[0],
        camera.PixelYDimension: kind.size[1],
        camera.FocalPlaneXResolution: (4000, 1),
        camera.FocalPlaneYResolution: (4000, 1),
        camera.FocalPlaneResolutionUnit: 3,
        camera.SensingMethod: 2,
        camera.FileSource: b"\3",
        camera.SceneType: b"\1",
        camera.CustomRendered: 0,
        camera.ExposureMode: 0,
        camera.WhiteBalance: 0,
        camera.DigitalZoomRatio: (1, 1),
        camera.FocalLengthIn35mmFilm: rng.randrange(24, 200),
        camera.SceneCaptureType: 0,
        camera.GainControl: 1,
        camera.Contrast: 0,
        camera.Saturation: 0,
        camera.Sharpness: 0,
        camera.SubjectDistanceRange: 2,
        camera.ImageUniqueID: f"{rng.getrandbits(128):032x}".encode(),
        camera.LensSpecification: ((24, 1), (200, 1), (28, 10), (56, 10)),
        camera.LensMake: b"Kamera",
        camera.LensModel: b"Zoom 24-200",
        camera.LensSerialNumber: b"0000a1b2c3",
    }
    if "GPS" in folders:
        folders["GPS"] |= {
            gps.GPSVersionID: (2, 3, 0, 0),
            gps.GPSLongitudeRef: b"E",
            gps.GPSLongitude: ((23, 1), (rng.randrange(60), 1), (4, 1)),
            gps.GPSAltitudeRef: 0,
            gps.GPSAltitude: (rng.randrange(200, 900), 1),
            gps.GPSTimeStamp: ((8, 1), (rng.randrange(60), 1), (1, 1)),
            gps.GPSSatellites: b"7",
            gps.GPSSpeedRef: b"K",
            gps.GPSSpeed: (0, 1),
            gps.GPSImgDirectionRef: b"T",
            gps.GPSImgDirection: (rng.randrange(36_000), 100),
            gps.GPSMapDatum: b"WGS-84",
            gps.GPSDateStamp: stamp[:10],
            gps.GPSHPositioningError: (5, 1),
        }
    folders["Interop"] = {piexif.InteropIFD.InteroperabilityIndex: b"R98"}
    folders["1st"] = {
        image.Compression: 6,
        image.XResolution: (72, 1),
        image.YResolution: (72, 1),
        image.ResolutionUnit: 2,
    }
    folders["thumbnail"] = THUMBNAIL


def _as_jpeg(image: Image.Image) -> bytes:
    content = BytesIO()
    image.save(content, "JPEG", quality=80)
    return content.getvalue()


THUMBNAIL = _as_jpeg(Image.merge("RGB", [Image.linear_gradient("L").resize((160, 120))] * 3))
COLOURS = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
DEVELOPED = (
    *("Temperature", "Tint", "Exposure2012", "Contrast2012", "Highlights2012", "Shadows2012"),
    *("Whites2012", "Blacks2012", "Texture", "Clarity2012", "Dehaze", "Vibrance", "Saturation"),
    *("ParametricShadows", "ParametricDarks", "ParametricLights", "ParametricHighlights"),
    *("Sharpness", "LuminanceSmoothing", "ColorNoiseReduction", "SharpenRadius", "SharpenDetail"),
    *("SplitToningShadowHue", "SplitToningHighlightHue", "PostCropVignetteAmount", "GrainAmount"),
)
"""The settings of a raw converter (Camera Raw's names in XMP)."""


def _xmp(artist: str, number: int, taken: datetime, kind: Kind, rng: random.Random) -> bytes:
    """Return an XMP packet with creator, description and, for full kinds, converter settings."""
    settings = history = ""
    if kind.is_full:
        values = (f'crs:{name}="{rng.randrange(-100, 100)}"' for name in DEVELOPED)
        settings = f"""
 xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
 xmp:CreateDate="{taken.isoformat()}" xmp:ModifyDate="{taken.isoformat()}"
 xmp:MetadataDate="{taken.isoformat()}" xmp:CreatorTool="Ohjelma 7.2" xmp:Rating="3"
 xmpMM:DocumentID="xmp.did:{rng.getrandbits(128):032x}" crs:Version="15.0"
 {" ".join(values)}"""
        steps = "".join(
            f'<rdf:li stEvt:action="{action}" stEvt:softwareAgent="Ohjelma 7.2"'
            f' stEvt:when="{taken.isoformat()}"'
            f' stEvt:instanceID="xmp.iid:{rng.getrandbits(128):032x}"/>'
            for action in ("created", "derived", "saved", "converted")
        )
        words = "".join(f"<rdf:li>sana {each}</rdf:li>" for each in range(8))
        history = f"""<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>
<xmpMM:History><rdf:Seq>{steps}</rdf:Seq></xmpMM:History>
"""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"{settings}>
<dc:creator><rdf:Seq><rdf:li>{artist}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Photo {number}</rdf:li></rdf:Alt>
</dc:description>{history}</rdf:Description></rdf:RDF></x:xmpmeta>
{" " * 2000}<?xpacket end="w"?>""".encode()


def _iptc(artist: str, number: int, taken: datetime, kind: Kind) -> bytes:
    """Return an image resource block with by-line and caption, in UTF-8 (IPTC-IIM 4.2)."""
    sets = [b"\x1c\x01\x5a\0\x03\x1b%G", _dataset(80, artist), _dataset(120, f"Photo {number}")]
    if kind.is_full:
        sets += [_dataset(25, f"sana {each}") for each in range(8)]
        sets += [_dataset(55, f"{taken:%Y%m%d}"), _dataset(60, f"{taken:%H%M%S}+0200")]
        places = ((90, "Hetta"), (95, "Lappi"), (101, "Suomi"), (105, "Juhla"), (110, artist))
        sets += [_dataset(tag, text) for tag, text in places]
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
    """Generate files from the command line."""
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
