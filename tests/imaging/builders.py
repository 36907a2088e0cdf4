"""Build image files for the tests in memory."""

import base64
import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from typing import Any, Final

import piexif
from PIL import Image

from photoreg.imaging.containers.jpeg import EOI, SOI, split_jpeg
from photoreg.imaging.metadata import exif
from photoreg.imaging.pictures import derivative

SIZE: Final = (96, 64)
ARTIST: Final = "Áile Näkkäläjärvi"
COPYRIGHT: Final = "© Đorđe Ŋuŋu"
SERIAL: Final = "6014237"
HIDDEN_BYTES: Final = (
    b"Hetta",
    SERIAL.encode(),
    b"ftypmp42",
    b"JFXX",
    b"Nikon",
    b"jumb",
    b"secret",
)
"""Bytes that occur in `full_jpeg()` and must not occur in a copy of it."""


def sample_image(mode: str = "RGB") -> Image.Image:
    """Return a small image with enough detail for meaningful comparisons."""
    return _drawn().convert(mode)  # a copy


@cache
def _drawn() -> Image.Image:
    across = Image.linear_gradient("L").rotate(90).resize(SIZE)
    rings = Image.radial_gradient("L").resize(SIZE)
    stripes = Image.frombytes("L", SIZE, bytes(x * y % 251 for y in range(64) for x in range(96)))
    return Image.merge("RGB", (across, rings, stripes))


def encoded(file_format: str, mode: str = "RGB", **options: Any) -> bytes:
    """Return the sample image as encoded by Pillow."""
    content = BytesIO()
    sample_image(mode).save(content, file_format, **options)
    return content.getvalue()


def jpeg_file(**options: Any) -> bytes:
    """Return an ordinary JPEG without metadata."""
    return encoded("JPEG", quality=85, **options)


def jpeg_named(name: object) -> bytes:
    """Return an ordinary JPEG that looks different for each name."""
    patches = hashlib.shake_128(str(name).encode()).digest(12 * 8 * 3)
    content = BytesIO()
    image = Image.frombytes("RGB", (12, 8), patches).resize(SIZE, Image.Resampling.BICUBIC)
    image.save(content, "JPEG", quality=85)
    return content.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    """Return a JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def with_segments(data: bytes, *segments: bytes) -> bytes:
    """Return a JPEG with segments inserted after SOI."""
    return data[:2] + b"".join(segments) + data[2:]


def with_unused_table(data: bytes, name: object) -> bytes:
    """Return a JPEG with a different picture hash for each name, due to an unused table."""
    table = hashlib.sha512(str(name).encode()).digest().replace(b"\0", b"\1")
    return with_segments(data, segment(0xDB, b"\x03" + table))


def colour_profile(*more: tuple[bytes, bytes]) -> bytes:
    """Return an sRGB profile with further tags (signature, data), padded as ICC.1 requires."""
    plain = derivative.srgb_profile()
    size, count = (int.from_bytes(plain[at : at + 4], "big") for at in (0, 128))
    tags = [struct.unpack_from(">4sII", plain, 132 + 12 * number) for number in range(count)]
    table, place = b"", size + 12 * len(more)
    for name, start, length in tags:
        table += struct.pack(">4sII", name, start + 12 * len(more), length)
    data = plain[132 + 12 * count :]
    for name, content in more:
        table += struct.pack(">4sII", name, place, len(content))
        data += content + bytes(-len(content) % 4)
        place += len(content) + -len(content) % 4
    head = struct.pack(">I", place) + plain[4:128] + struct.pack(">I", count + len(more))
    return head + table + data


def exif_segment(block: bytes) -> bytes:
    """Return the segment that holds an Exif block."""
    return segment(0xE1, b"Exif\0\0" + block)


def jpeg_with_exif(*main: exif.NewTag, camera: tuple[exif.NewTag, ...] = ()) -> bytes:
    """Return a JPEG whose Exif block has the given tags, valid or not."""
    return with_segments(jpeg_file(), exif_segment(exif.write_exif([*main], [*camera])))


@cache
def full_exif(orientation: int = 1) -> bytes:
    """Return an Exif block with location, serial number, maker note and thumbnail."""
    main = {
        piexif.ImageIFD.Make: b"NIKON CORPORATION",
        piexif.ImageIFD.Model: b"NIKON Z 6_2",
        piexif.ImageIFD.Orientation: orientation,
        piexif.ImageIFD.Artist: ARTIST.encode(),
        piexif.ImageIFD.Copyright: COPYRIGHT.encode(),
        piexif.ImageIFD.ImageDescription: b"Poroerotus, Hetta",
        piexif.ImageIFD.DateTime: b"2026:10:22 08:00:00",
    }
    camera = {
        piexif.ExifIFD.DateTimeOriginal: b"2026:10:21 12:08:19",
        piexif.ExifIFD.BodySerialNumber: SERIAL.encode(),
        piexif.ExifIFD.MakerNote: b"Nikon\0secret" + bytes(64),
        piexif.ExifIFD.UserComment: b"ASCII\0\0\0secret",
    }
    gps = {
        piexif.GPSIFD.GPSLatitudeRef: b"N",
        piexif.GPSIFD.GPSLatitude: ((68, 1), (23, 1), (5, 1)),
        piexif.GPSIFD.GPSLongitudeRef: b"E",
        piexif.GPSIFD.GPSLongitude: ((23, 1), (38, 1), (20, 1)),
    }
    ifds = {"0th": main, "Exif": camera, "GPS": gps, "1st": {}, "thumbnail": jpeg_file()}
    return bytes(piexif.dump(ifds)).removeprefix(b"Exif\0\0")


def full_jpeg(data: bytes | None = None, orientation: int = 1) -> bytes:
    """Return a JPEG with metadata in every location that programs and cameras use."""
    xmp = (
        b"http://ns.adobe.com/xap/1.0/\0"
        b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
        rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
        photoshop:City="Hetta"/></rdf:RDF></x:xmpmeta>"""
    )
    city = b"\x1c\x02\x5a\0\5Hetta"
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(city)) + city
    return (
        with_segments(
            data or jpeg_file(),
            exif_segment(full_exif(orientation)),
            segment(0xE0, b"JFXX\0\x10" + jpeg_file()),
            segment(0xE1, xmp),
            segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"secret" * 9),
            segment(0xE2, b"MPF\0secret"),
            segment(0xEB, b"JP\0\1\0\0\0\1\0\0\0\x20jumbsecret"),
            segment(0xED, iptc),
            segment(0xFE, b"Hetta"),
        )
        + b"\0\0\0\x18ftypmp42secret"
    )


def with_fill_bytes(data: bytes) -> bytes:
    """Return a JPEG with fill bytes FF before each marker (T.81, B.1.1.2)."""
    parts = split_jpeg(data, "fill.jpg")
    return SOI + b"".join(b"\xff\xff" + s.to_bytes() for s in parts.segments) + b"\xff" + EOI


def png_file() -> bytes:
    """Return a PNG with an eXIf chunk."""
    return encoded("PNG", exif=b"Exif\0\0" + full_exif(6))


def webp_file() -> bytes:
    """Return a WebP with an EXIF chunk."""
    return encoded("WEBP", exif=full_exif(6))


def tiff_file() -> bytes:
    """Return a TIFF with the photographer's name."""
    return encoded("TIFF", tiffinfo={exif.ARTIST: ARTIST.encode(), exif.ORIENTATION: 6})


_HEVC_SETTINGS: Final = base64.b85decode(
    "0RwOV0058x000009`FGC{rLC*01pFT0096PKmiN^|NjGU00093kN^M!000939=ZZRVE_RDD?$MQ18@KU0|1Z!00R"
    "I30{|YNFo6Y@>PacCZUPz%2mk;B0LTCU0{{p>VgLaE2SfqEa<C#m"
)
_HEVC_PICTURE: Final = base64.b85decode(
    "0001DC;_h-fcJp)t`_!lujSQQi^B<xIWb!uI*uguVFy4e`&=IkB)>C`T`k=VSyanmjw#kAG@E^kVkXt_PtAlgHt)"
    "T7o$H8gwe(xfj2Q(6tja_#45bsPHmhla1EAh~zS{"
)
"""A picture of 96 x 64 pixels encoded in HEVC, which no library in use can encode."""


def box(kind: bytes, content: bytes, version: int | None = None) -> bytes:
    """Return a box of ISO/IEC 14496-12; with a version, a full box."""
    head = b"" if version is None else struct.pack(">I", version << 24)
    return struct.pack(">I", 8 + len(head) + len(content)) + kind + head + content


def heif_file(
    *extra: tuple[bytes, bytes, bytes],
    coded: tuple[bytes, bytes, bytes] = (b"hvc1", b"hvcC", _HEVC_PICTURE),
    settings: bytes = _HEVC_SETTINGS,
    properties: Sequence[bytes] = (),
    brand: bytes = b"heic",
    after: bytes = b"",
) -> bytes:
    """Return a HEIC or AVIF file with further items (type, media type, content)."""
    kind, name, picture_data = coded
    contents = [(kind, b"", picture_data), *extra]
    entries = [
        box(b"infe", struct.pack(">HH4s", number, 0, each) + b"\0" + media, 2)
        for number, (each, media, _) in enumerate(contents, 1)
    ]
    known = [box(name, settings), box(b"ispe", struct.pack(">II", *SIZE), 0)]
    known += [box(b"pixi", b"\3\x08\x08\x08", 0), *properties]
    essential = (b"hvcC", b"av1C", b"irot", b"imir")
    numbers = bytes(
        number | 0x80 * (each[4:8] in essential) for number, each in enumerate(known, 1)
    )
    references = [
        box(b"cdsc", struct.pack(">HHH", number, 1, 1)) for number in range(2, 1 + len(contents))
    ]
    start = box(b"ftyp", brand + b"\0\0\0\0mif1miaf" + brand)

    def meta(place: int) -> bytes:
        places = b""
        for number, (_, _, content) in enumerate(contents, 1):
            places += struct.pack(">HHHII", number, 0, 1, place, len(content))
            place += len(content)
        described = box(b"ipma", struct.pack(">IHB", 1, 1, len(numbers)) + numbers, 0)
        parts = [
            box(b"hdlr", bytes(4) + b"pict" + bytes(13), 0),
            box(b"pitm", struct.pack(">H", 1), 0),
            box(b"iloc", b"\x44\0" + struct.pack(">H", len(contents)) + places, 0),
            box(b"iinf", struct.pack(">H", len(entries)) + b"".join(entries), 0),
            box(b"iprp", box(b"ipco", b"".join(known)) + described),
            *([box(b"iref", b"".join(references), 0)] if references else []),
        ]
        return box(b"meta", b"".join(parts), 0)

    body = box(b"mdat", b"".join(content for _, _, content in contents))
    return start + meta(len(start) + len(meta(0)) + 8) + body + after


def exif_item(block: bytes) -> tuple[bytes, bytes, bytes]:
    """Return an item that holds an Exif block."""
    return b"Exif", b"", struct.pack(">I", 6) + b"Exif\0\0" + block


def xmp_item(content: bytes) -> tuple[bytes, bytes, bytes]:
    """Return an item that holds an XMP packet."""
    return b"mime", b"application/rdf+xml\0", content


def heic_file() -> bytes:
    """Return a HEIC with an Exif block, an XMP packet, and a rotation property."""
    items = exif_item(full_exif()), xmp_item(packet(rdf(description())))
    return heif_file(*items, properties=turned(3))


def avif_file() -> bytes:
    """Return an AVIF with an Exif block, an XMP packet, and a rotation property."""
    data = encoded("AVIF")
    at = data.index(b"av1C")
    settings = data[at + 4 : at - 4 + int.from_bytes(data[at - 4 : at], "big")]
    picture_data = data[data.index(b"mdat") + 4 :]
    return heif_file(
        exif_item(full_exif()),
        xmp_item(packet(rdf(description()))),
        coded=(b"av01", b"av1C", picture_data),
        settings=settings,
        properties=turned(3),
        brand=b"avif",
    )


def turned(quarters: int = 0, mirror: int | None = None) -> list[bytes]:
    """Return the properties that rotate a HEIC anticlockwise and mirror it."""
    mirrored = [] if mirror is None else [box(b"imir", bytes([mirror]))]
    return [box(b"irot", bytes([quarters])), *mirrored]


KINDS: Final[dict[str, Callable[[], bytes]]] = {
    "JPEG": full_jpeg,
    "PNG": png_file,
    "TIFF": tiff_file,
    "WEBP": webp_file,
    "HEIC": heic_file,
    "AVIF": avif_file,
}
"""A file of each format, with metadata."""

EMBEDDABLE: Final = ("JPEG", "PNG", "TIFF", "WEBP")
"""Formats in which rights can be embedded."""


def plain(kind: str) -> bytes:
    """Return a file of a format without metadata."""
    return heif_file() if kind == "HEIC" else encoded(kind)


def tiff_with_entries(*entries: tuple[int, int, int, int]) -> bytes:
    """Return a valid TIFF with further entries (tag, type, count, offset of the value)."""
    data = encoded("TIFF")
    place = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, place)[0]
    table = data[place + 2 : place + 2 + count * 12]
    table += b"".join(struct.pack("<HHII", *entry) for entry in entries)
    folder = struct.pack("<H", count + len(entries)) + table + bytes(4)
    return data[:4] + struct.pack("<I", len(data)) + data[8:] + folder


JPEG_VARIANTS: Final[dict[str, Callable[[], bytes]]] = {
    "baseline": jpeg_file,
    "progressive": lambda: jpeg_file(progressive=True),
    "restart markers": lambda: jpeg_file(restart_marker_blocks=3),
    "fill bytes before restart markers": lambda: re.sub(
        rb"\xff([\xd0-\xd7])", b"\xff\xff\xff\\1", jpeg_file(restart_marker_blocks=3)
    ),
    "colour profile": lambda: jpeg_file(icc_profile=colour_profile((b"cprt", bytes(140_000)))),
    "grey": lambda: encoded("JPEG", "L"),
    "Adobe CMYK": lambda: encoded("JPEG", "CMYK"),
    "fill bytes": lambda: with_fill_bytes(jpeg_file()),
    "progressive with fill bytes": lambda: with_fill_bytes(jpeg_file(progressive=True)),
    "no JFIF": lambda: SOI + jpeg_file()[20:],
    "comment between scans": lambda: _comment_between_scans(jpeg_file(progressive=True)),
}
"""Valid JPEG files with different structures."""


def _comment_between_scans(data: bytes) -> bytes:
    second = data.rfind(b"\xff\xda")
    return data[:second] + segment(0xFE, b"secret") + data[second:]


NAMES: Final = "Áile Näkkäläjärvi", "Đorđe Ŋuŋu"
"""Two photographers whose names cannot be encoded in Windows-1252."""

_NAMESPACES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
}
CREATORS: Final = f"<rdf:Seq>{''.join(f'<rdf:li>{name}</rdf:li>' for name in NAMES)}</rdf:Seq>"


def rdf(*descriptions: str) -> str:
    """Return RDF with these descriptions and the namespace declarations."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return f"<rdf:RDF {declared}>{''.join(descriptions)}</rdf:RDF>"


def description(inside: str = "", attributes: str = "") -> str:
    """Return one rdf:Description."""
    return f'<rdf:Description rdf:about="" {attributes}>{inside}</rdf:Description>'


def packet(content: str, encoding: str = "utf-8", padding: int = 200) -> bytes:
    """Return an XMP packet as Adobe programs write it."""
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{content}</x:xmpmeta>\n'
        f"{' ' * padding}<?xpacket end='w'?>"
    )
    return text.encode(encoding)


def xmp_segment(content: bytes) -> bytes:
    """Return the segment that holds an XMP packet."""
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + content)


def extended(main: bytes, extension: bytes, part: int = 60_000) -> tuple[str, list[bytes]]:
    """Return the GUID of an extended packet, and the segments of both packets."""
    guid = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper()
    parts = [
        segment(
            0xE1,
            b"http://ns.adobe.com/xmp/extension/\0"
            + guid.encode()
            + struct.pack(">II", len(extension), start)
            + extension[start : start + part],
        )
        for start in range(0, len(extension), part)
    ]
    return guid, [xmp_segment(main.replace(b"GUID", guid.encode())), *parts]


def dataset(number: int, content: bytes, record: int = 2) -> bytes:
    """Return an IIM dataset."""
    return bytes([0x1C, record, number]) + struct.pack(">H", len(content)) + content


UTF8_MARK: Final = dataset(90, b"\x1b%G", record=1)


def resource(number: int, content: bytes, name: bytes = b"\0\0") -> bytes:
    """Return a Photoshop image resource."""
    size = struct.pack(">I", len(content))
    return b"8BIM" + struct.pack(">H", number) + name + size + content + bytes(len(content) % 2)


def iptc_segments(*resources: bytes, part: int = 65_000) -> list[bytes]:
    """Return the segments that hold image resources, split where they exceed `part`."""
    whole = b"".join(resources)
    pieces = [whole[start : start + part] for start in range(0, len(whole), part)]
    return [segment(0xED, b"Photoshop 3.0\0" + piece) for piece in pieces]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Return a PNG chunk."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png_with(*chunks: bytes) -> bytes:
    """Return a PNG with chunks inserted before its image data."""
    data = encoded("PNG")
    place = data.index(b"IDAT") - 4
    return data[:place] + b"".join(chunks) + data[place:]


def png_xmp(content: bytes, *, compressed: bool = False) -> bytes:
    """Return the chunk that holds an XMP packet."""
    text = zlib.compress(content) if compressed else content
    return png_chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes([compressed, 0, 0, 0]) + text)


def webp_with(*chunks: tuple[bytes, bytes], data: bytes | None = None) -> bytes:
    """Return a WebP with chunks appended."""
    body = (data or encoded("WEBP"))[12:]
    for kind, content in chunks:
        body += kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def tiff_with(*tags: tuple[int, int, bytes]) -> bytes:
    """Return a valid TIFF with further tags (number, type of one-byte items, value)."""
    data = encoded("TIFF")
    entries, values = [], b""
    for tag, kind, value in tags:
        entries.append((tag, kind, len(value), len(data) + len(values)))
        values += value + bytes(len(value) % 2)
    place = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, place)[0]
    old = [struct.unpack_from("<HHII", data, place + 2 + i * 12) for i in range(count)]
    table = b"".join(struct.pack("<HHII", *entry) for entry in sorted([*old, *entries]))
    folder = struct.pack("<H", count + len(entries)) + table + bytes(4)
    return data[:4] + struct.pack("<I", len(data) + len(values)) + data[8:] + values + folder


def little_exif(*main: tuple[int, int, bytes]) -> bytes:
    """Return a little-endian Exif block with a maker note, whose offset must not change."""
    note = b"Maker\0\0\0" + bytes(range(64))
    rows = [*main, (0x8769, 4, b"")]
    start = 8 + 2 + 12 * len(rows) + 4
    values, table = b"", b""
    for tag, kind, raw in main:
        place = raw.ljust(4, b"\0")
        if len(raw) > 4:
            place = struct.pack("<I", start + len(values))
            values += raw + bytes(len(raw) % 2)
        table += struct.pack("<HHI", tag, kind, len(raw) // {2: 1, 3: 2, 129: 1}[kind]) + place
    camera_at = start + len(values)
    table += struct.pack("<HHII", 0x8769, 4, 1, camera_at)
    camera = struct.pack("<HHHII", 1, 0x927C, 7, len(note), camera_at + 18) + bytes(4) + note
    head = b"II*\0" + struct.pack("<IH", 8, len(rows)) + table + bytes(4)
    return head + values + camera


def ultra_hdr(*, profile_last: bool = False) -> bytes:
    """Return a JPEG followed by a second image that an MPF index points to, as in Ultra HDR."""
    second = jpeg_file() + b"behind"
    gain_map = packet(rdf('<rdf:Description rdf:about="" hdrgm:Version="1.0"/>'))
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1" + colour_profile())
    before = [xmp_segment(gain_map), *([] if profile_last else [profile])]
    after = [profile] if profile_last else []
    empty = with_segments(jpeg_file(), *before, _mpf(0, 0, 0), *after)
    header = empty.index(b"MPF\0") + 4
    index = _mpf(len(empty), len(second), len(empty) - header)
    return with_segments(jpeg_file(), *before, index, *after) + second


def _mpf(first: int, second: int, offset: int) -> bytes:
    entries = struct.pack("<IIIHH", 0x030000, first, 0, 0, 0)
    entries += struct.pack("<IIIHH", 0, second, offset, 0, 0)
    rows = ((0xB000, 7, 4, b"0100"), (0xB001, 4, 1, struct.pack("<I", 2)))
    folder = struct.pack("<H", 3) + b"".join(struct.pack("<HHI4s", *row) for row in rows)
    folder += struct.pack("<HHIII", 0xB002, 7, len(entries), 50, 0)
    return segment(0xE2, b"MPF\0II*\0\x08\0\0\0" + folder + entries)
