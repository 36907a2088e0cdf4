"""JPEG files composed of all segments that cameras and programs write, in any order.

An independent parser, which shares no code with photoreg, determines what must not change.
"""

import struct
from collections.abc import Callable
from typing import Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.imaging.builders import (
    CREATORS,
    JPEG_VARIANTS,
    colour_profile,
    dataset,
    description,
    encoded,
    exif_segment,
    extended,
    full_exif,
    iptc_segments,
    jpeg_file,
    little_exif,
    packet,
    rdf,
    resource,
    segment,
    xmp_segment,
)
from tests.imaging.writing.test_embedding import FOREIGN, RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.imaging.metadata.file_parts import divided, read_metadata
from photoreg.imaging.writing.embedding import plan_rights
from photoreg.imaging.writing.publishable_copy import is_valid_copy, make_publishable
from photoreg.imaging.writing.rewriting import verify_rewritten

MOTION = (
    'GCamera:MicroVideo="1" GCamera:MicroVideoOffset="424" '
    'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
)
PARTS: Final[dict[str, Callable[[], bytes]]] = {
    "JFIF": lambda: segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
    "JFXX": lambda: segment(0xE0, b"JFXX\0\x10" + jpeg_file()),
    "Exif MM": lambda: exif_segment(full_exif(6)),
    "Exif II": lambda: exif_segment(little_exif((271, 2, b"Canon\0"), (315, 2, b"Aikio\0"))),
    "XMP attributes": lambda: xmp_segment(packet(rdf(FOREIGN))),
    "XMP elements": lambda: xmp_segment(
        rdf(description(f"<dc:creator>{CREATORS}</dc:creator>", MOTION)).encode()
    ),
    "XMP UTF-16": lambda: xmp_segment(packet(rdf(FOREIGN), "utf-16")),
    "XMP extended": lambda: b"".join(
        extended(
            packet(rdf(description(attributes='xmpNote:HasExtendedXMP="GUID"'))),
            rdf(description(f"<crs:x>{'x' * 70_000}</crs:x>")).encode(),
        )[1]
    ),
    "ICC": lambda: (
        segment(0xE2, b"ICC_PROFILE\0\1\2" + colour_profile()[:500])
        + segment(0xE2, b"ICC_PROFILE\0\2\2" + colour_profile()[500:])
    ),
    "IPTC": lambda: b"".join(
        iptc_segments(
            resource(0x03ED, bytes(16)),
            resource(0x0404, dataset(80, "Åström".encode("latin-1")) + dataset(90, b"Hetta")),
            resource(0x0425, bytes(16)),
            part=31,
        )
    ),
    "Photoshop": lambda: b"".join(iptc_segments(resource(0x040C, bytes(333), b"\3abc"))),
    "FLIR": lambda: segment(0xE1, b"FLIR\0\1\0\0thermal") + segment(0xE1, b"FLIR\0\1\1\0more"),
    "FlashPix": lambda: segment(0xE2, b"FPXR\0\0\1" + bytes(50)),
    "Ducky": lambda: segment(0xEC, b"Ducky\0\1\0\4\0\0\0\x50\0\0"),
    "Adobe": lambda: segment(0xEE, b"Adobe\0\x64\0\0\0\0\1"),
    "Ricoh": lambda: segment(0xE5, b"RMETA\0" + bytes(40)),
    "Samsung": lambda: segment(0xE4, b"\0\0\0\1SEFH" + bytes(9)),
    "HDR": lambda: segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0"),
    "comment": lambda: segment(0xFE, "Käsivarsi".encode()),
    "empty comment": lambda: segment(0xFE, b""),
    "broken MPF": lambda: segment(0xE2, b"MPF\0MM\0*\0\0\xff\xff"),
}
TRAILERS: Final = (
    b"",
    b"\0\0\0\x18ftypmp42" + bytes(400),
    b"SEFH" + bytes(30) + b"SEFT",
    b"\0" * 9,
)
OURS: Final = (b"Exif\0", b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0")


class Walked(NamedTuple):
    """A JPEG as the independent parser sees it: unchanged segments, and the data from SOS on."""

    kept: list[bytes]
    rest: bytes


def walked(data: bytes) -> Walked:
    """Return everything except the three kinds of segments that hold rights."""
    kept, at = [], 2
    while data[at + 1] != 0xDA:
        if data[at + 1] == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if not data[at + 4 : end].startswith(OURS):
            kept.append(data[at:end])
        at = end
    return Walked(kept, data[at:])


def with_second_image(data: bytes, at: int, order: str) -> tuple[bytes, bytes]:
    """Return the file with an MPF index at an offset that points to an appended image."""
    second = encoded("JPEG", quality=20)

    def index(first: int, offset: int) -> bytes:
        mark = b"MM\0*" if order == ">" else b"II*\0"
        rows = struct.pack(f"{order}HHI4s", 0xB000, 7, 4, b"0100")
        rows += struct.pack(f"{order}HHII", 0xB001, 4, 1, 2)
        rows += struct.pack(f"{order}HHII", 0xB002, 7, 32, 50)
        entries = struct.pack(f"{order}IIIHH", 0x20030000, first, 0, 0, 0)
        entries += struct.pack(f"{order}IIIHH", 0, len(second), offset, 0, 0)
        folder = struct.pack(f"{order}H", 3) + rows + bytes(4) + entries
        return segment(0xE2, b"MPF\0" + mark + struct.pack(f"{order}I", 8) + folder)

    size = len(data) + len(index(0, 0))
    made = index(size, size - (at + 8))
    return data[:at] + made + data[at:] + second, second


def second_image(data: bytes) -> bytes:
    """Return the data that the index points to."""
    at = data.index(b"MPF\0II*\0" if b"MPF\0II*\0" in data else b"MPF\0MM\0*") + 4
    order = "<" if data[at : at + 2] == b"II" else ">"
    size, offset = struct.unpack_from(f"{order}II", data, at + 50 + 16 + 4)
    first = struct.unpack_from(f"{order}I", data, at + 50 + 4)[0]
    assert data[first - 2 : first] == b"\xff\xd9"  # the first image ends where the index states
    return data[at + offset : at + offset + size]


@given(
    names=st.lists(st.sampled_from(sorted(PARTS)), max_size=9, unique=True),
    variant=st.sampled_from(sorted(JPEG_VARIANTS)),
    trailer=st.sampled_from(TRAILERS),
    order=st.sampled_from(["", "<", ">"]),
)
def test_everything_except_the_rights_is_preserved_byte_for_byte(
    names: list[str], variant: str, trailer: bytes, order: str
) -> None:
    data = JPEG_VARIANTS[variant]()
    front = data[:2] + b"".join(PARTS[name]() for name in names)
    data, second = front + data[2:], b""
    if order and "broken MPF" not in names:
        data, second = with_second_image(data, len(front), order)
    data += trailer
    try:
        plan = plan_rights(data, RIGHTS, "kuva")
        verify_rewritten(divided(data, "kuva"), plan.content, RIGHTS)
    except PhotoFileError as error:
        assert {"Exif II", "Exif MM"} <= {*names} and "two Exif" in str(error)  # noqa: PT017, PT018
        return
    old, new = walked(data), walked(plan.content)
    assert new.rest == old.rest
    assert [s for s in new.kept if b"MPF\0" not in s] == [s for s in old.kept if b"MPF\0" not in s]
    if second:
        assert second_image(plan.content) == second == second_image(data)
    assert read_metadata(plan.content).text("registry_id") == "P-12"
    assert plan_rights(plan.content, RIGHTS, "kuva").content == plan.content
    if {"Adobe CMYK": "Adobe", "colour profile": "ICC"}.get(variant) in names:
        with pytest.raises(PhotoFileError):  # it declares its colours twice
            make_publishable(data, RIGHTS)
        return
    copy = make_publishable(data, RIGHTS)
    assert is_valid_copy(copy.content, copy, "")
    assert {s[4:9] for s in walked(copy.content).kept if 0xE0 <= s[1] <= 0xFE} <= {
        *(b"JFIF\0", b"ICC_P", b"Adobe"),
    }
