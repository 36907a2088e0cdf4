"""Read metadata in three standards and all formats, and tolerate damage."""

import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.imaging.builders import (
    ARTIST,
    COPYRIGHT,
    CREATORS,
    KINDS,
    NAMES,
    UTF8_MARK,
    dataset,
    description,
    encoded,
    exif_segment,
    extended,
    full_exif,
    full_jpeg,
    iptc_segments,
    jpeg_file,
    jpeg_with_exif,
    packet,
    png_chunk,
    png_with,
    png_xmp,
    rdf,
    resource,
    segment,
    tiff_with,
    webp_with,
    with_segments,
    xmp_segment,
)

from photoreg.errors import PhotoFileError
from photoreg.imaging.metadata import exif, xmp
from photoreg.imaging.metadata.fields import FIELDS, PLUS_VOCABULARY, Release, Standard
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.reading import read_photo
from photoreg.imaging.writing.embedding import plan_rights

Photo = Callable[..., Path]
CREATOR = rdf(description(f"<dc:creator>{CREATORS}</dc:creator>"))
BOTH = "; ".join(NAMES)


def of_xmp(content: bytes) -> str:
    """Return the photographers read from a JPEG with this XMP packet."""
    return read_metadata(with_segments(jpeg_file(), xmp_segment(content))).text("photographer")


def of_iim(*datasets: bytes) -> str:
    """Return the photographers read from a JPEG with these datasets."""
    segments = iptc_segments(resource(0x0404, b"".join(datasets)))
    return read_metadata(with_segments(jpeg_file(), *segments)).text("photographer")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_xmp_is_read_in_every_encoding(encoding: str) -> None:
    assert of_xmp(packet(CREATOR, encoding)) == BOTH


@pytest.mark.parametrize(
    "content",
    [
        CREATOR.encode(),
        CREATOR.encode() + bytes(9),
        b'<?xml version="1.0" encoding="UTF-16"?>' + CREATOR.encode(),
        packet(CREATOR.replace("rdf:", "r:").replace("dc:", "d:").replace(":rdf", ":r")
               .replace("xmlns:dc", "xmlns:d")),
        packet(rdf(description(attributes='photoshop:Credit="x"'),
                   description(f"<dc:creator>{CREATORS}</dc:creator>"))),
        packet(rdf(description("<dc:creator><rdf:Bag><!-- --><rdf:li>Áile Näkkäläjärvi</rdf:li>"
                               "<rdf:li><![CDATA[Đorđe ]]>Ŋuŋu</rdf:li></rdf:Bag></dc:creator>"))),
    ],
    ids=["no wrapper", "NULs behind", "wrong declaration", "prefixes", "descriptions", "comments"],
)  # fmt: skip
def test_xmp_is_read_in_every_serialisation(content: bytes) -> None:
    assert of_xmp(content) == BOTH


def test_xmp_properties_are_attributes_or_elements_and_values_may_be_uris() -> None:
    as_attributes = description(
        attributes='photoshop:Credit="Kuva: Áile" xmpRights:WebStatement="https://x.example/"'
    )
    as_elements = description(
        "<photoshop:Credit>Kuva: Áile</photoshop:Credit>"
        '<xmpRights:WebStatement rdf:resource="https://x.example/"/>'
    )
    for form in (as_attributes, as_elements):
        read = read_metadata(with_segments(jpeg_file(), xmp_segment(packet(rdf(form)))))
        assert (read.text("credit"), read.licence_url) == ("Kuva: Áile", "https://x.example/")


def test_default_language_takes_precedence() -> None:
    rights = (
        '<dc:rights><rdf:Alt><rdf:li xml:lang="se">govva</rdf:li>'
        '<rdf:li xml:lang="x-default">kuva</rdf:li></rdf:Alt></dc:rights>'
    )
    content = packet(rdf(description(rights)))
    read = read_metadata(with_segments(jpeg_file(), xmp_segment(content)))
    assert read.text("copyright") == "kuva"


@pytest.mark.parametrize(
    "licensor",
    [
        '<rdf:li rdf:parseType="Resource"><plus:LicensorURL>https://l</plus:LicensorURL></rdf:li>',
        '<rdf:li><rdf:Description plus:LicensorURL="https://l"/></rdf:li>',
        '<rdf:li plus:LicensorURL="https://l"/>',
    ],
)
def test_fields_of_structures_are_read_in_every_form(licensor: str) -> None:
    content = packet(
        rdf(description(f"<plus:Licensor><rdf:Seq>{licensor}</rdf:Seq></plus:Licensor>"))
    )
    read = read_metadata(with_segments(jpeg_file(), xmp_segment(content)))
    assert read.text("licensor_url") == "https://l"


def test_release_status_is_the_whole_vocabulary_url() -> None:
    content = packet(
        rdf(description(attributes=f'plus:ModelReleaseStatus="{PLUS_VOCABULARY}MR-LMR"'))
    )
    read = read_metadata(with_segments(jpeg_file(), xmp_segment(content)))
    assert read.release == Release.LIMITED


def test_extended_xmp_is_joined_by_its_guid() -> None:
    main = packet(rdf(description(attributes='xmpNote:HasExtendedXMP="GUID"')))
    extension = rdf(
        description(f"<crs:x>{'x' * 150_000}</crs:x><dc:creator>{CREATORS}</dc:creator>")
    )
    _guid, segments = extended(main, extension.encode())
    assert read_metadata(with_segments(jpeg_file(), *segments)).text("photographer") == BOTH
    backwards = with_segments(jpeg_file(), segments[0], *reversed(segments[1:]))
    assert read_metadata(backwards).text("photographer") == BOTH
    without_a_part = read_metadata(with_segments(jpeg_file(), *segments[:-1]))
    assert (without_a_part.text("photographer"), without_a_part.damaged) == ("", (Standard.XMP,))


@pytest.mark.parametrize(
    "content",
    [
        f'<!DOCTYPE x [<!ENTITY a "b">]>{CREATOR}'.encode(),
        CREATOR[:-5].encode(),
        CREATOR.encode().replace(b"</rdf:li>", b"</li>", 1),
        b"<x/>",
        b"",
        b"\xff\xfe\x00\xd8<\0",
        CREATOR.replace("<rdf:Seq>", "<rdf:Seq>" + "<rdf:li>" * 99).encode(),
        ("<a>" + "<b/>" * (xmp.MAX_ELEMENTS + 1) + "</a>").encode(),
    ],
    ids=["DTD", "cut off", "tags", "no RDF", "empty", "no text", "deep", "many"],
)  # fmt: skip
def test_damaged_xmp_is_recorded_and_the_rest_is_read(content: bytes) -> None:
    segments = (exif_segment(full_exif()), xmp_segment(content[:65_000]))
    read = read_metadata(with_segments(jpeg_file(), *segments))
    assert read.text("photographer") == ARTIST
    assert read.damaged == (Standard.XMP,)


def test_xmp_over_the_limit_is_not_read() -> None:
    with pytest.raises(xmp.XmpError, match="too large"):
        xmp.parse_packet(b" " * (xmp.MAX_PACKET + 1))


@pytest.mark.parametrize(
    ("datasets", "names"),
    [
        ([UTF8_MARK, *(dataset(80, name.encode()) for name in NAMES)], BOTH),
        ([dataset(80, "Đorđe Ŋuŋu".encode())], "Đorđe Ŋuŋu"),
        ([dataset(80, "Göran Åström".encode("latin-1"))], "Göran Åström"),
        ([dataset(90, b"\x1b.A", 1), dataset(80, "Ã¤".encode("latin-1"))], "Ã¤"),
        ([UTF8_MARK, dataset(80, "Göran".encode("latin-1"))], "Göran"),
        ([dataset(80, b"Piera\0")], "Piera"),
        ([b"\x1c\x02\x50\x80\x04\0\0\0\5Piera"], "Piera"),
    ],
    ids=["UTF-8", "UTF-8 unsaid", "Latin unsaid", "Latin", "said wrongly", "NUL", "long length"],
)
def test_iptc_texts_are_decoded(datasets: list[bytes], names: str) -> None:
    assert of_iim(*datasets) == names


def test_image_resources_split_over_segments_are_joined() -> None:
    resources = (
        resource(0x040C, bytes(99), name=b"\3abc"),
        resource(0x0404, dataset(80, b"Piera")),
    )
    for part in (10, 50, 120, 130):
        data = with_segments(jpeg_file(), *iptc_segments(*resources, part=part))
        assert read_metadata(data).text("photographer") == "Piera"


def test_first_iptc_block_with_a_field_takes_precedence() -> None:
    first = resource(0x0404, dataset(80, b"Piera"))
    second = resource(0x0404, dataset(80, b"Biret") + dataset(110, b"Kunta"))
    read = read_metadata(with_segments(jpeg_file(), *iptc_segments(first, second)))
    assert (read.text("photographer"), read.text("credit")) == ("Piera", "Kunta")


def test_damaged_iptc_is_recorded() -> None:
    block = dataset(80, b"Piera") + b"\x1c\x02\x6e\x7f\xffcut"
    read = read_metadata(with_segments(jpeg_file(), *iptc_segments(resource(0x0404, block))))
    assert (read.text("photographer"), read.damaged) == ("Piera", (Standard.IPTC,))


def in_all_three(xmp_name: str, iptc_name: bytes, exif_name: str) -> bytes:
    """Return a JPEG that names its photographer in three standards."""
    creator = f"<dc:creator><rdf:Seq><rdf:li>{xmp_name}</rdf:li></rdf:Seq></dc:creator>"
    return with_segments(
        jpeg_with_exif(exif.ascii_entry(exif.ARTIST, exif_name)),
        xmp_segment(packet(rdf(description(creator)))),
        *iptc_segments(resource(0x0404, UTF8_MARK + dataset(80, iptc_name))),
    )


def test_xmp_takes_precedence_over_iptc_and_iptc_over_exif() -> None:
    read = read_metadata(in_all_three("Áile", b"Biret", "Piera")).fields["photographer"]
    assert [read.text_in(s) for s in Standard] == ["Áile", "Biret", "Piera"]
    assert (read.text, read.counts, read.disagrees) == ("Áile", Standard.XMP, True)
    read = read_metadata(in_all_three(" ", b"Biret", "Piera")).fields["photographer"]
    assert (read.text, read.counts) == ("Biret", Standard.IPTC)


@pytest.mark.parametrize(
    ("names", "disagrees"),
    [
        (("Đorđe Ŋuŋu", "Đorđe Ŋuŋu".encode(), "Đorđe Ŋuŋu"), False),
        (("Đorđe  Ŋuŋu", "đorđe ŋuŋu".encode(), "ĐORĐE ŊUŊU"), False),
        (("Á" * 20, ("Á" * 16).encode(), "Á" * 20), False),
        (("Á" * 20, ("Á" * 15).encode(), "Á" * 20), True),
        (("Áile", b"", "Piera"), True),
        (("", b"", "Piera"), False),
        (("", "Áile".encode(), "Piera"), True),
    ],
)
def test_standards_disagree_unless_iptc_is_truncated(
    names: tuple[str, bytes, str], disagrees: bool
) -> None:
    read = read_metadata(in_all_three(*names))
    assert bool(read.disagreements) == disagrees


def test_day_alone_does_not_disagree_with_day_and_time() -> None:
    def taken(day: bytes, xmp_day: str) -> bool:
        segments = (
            xmp_segment(packet(rdf(description(attributes=f'photoshop:DateCreated="{xmp_day}"')))),
            *iptc_segments(resource(0x0404, dataset(55, day) + dataset(60, b"120819+0300"))),
        )
        data = with_segments(jpeg_file(), exif_segment(full_exif()), *segments)
        return read_metadata(data).fields["taken_at"].disagrees

    assert not taken(b"20261021", "2026-10-21T12:08:19+03:00")
    assert not taken(b"20261021", "2026-10-21")
    assert taken(b"20261022", "2026-10-21")


PLACES = {
    "Exif": with_segments(jpeg_file(), exif_segment(full_exif())),
    "IPTC": with_segments(jpeg_file(), *iptc_segments(resource(0x0404, dataset(90, b"Hetta")))),
    "XMP": with_segments(
        jpeg_file(), xmp_segment(packet(rdf(description(attributes='photoshop:City="Hetta"'))))
    ),
    "XMP structure": with_segments(
        jpeg_file(),
        xmp_segment(
            packet(
                rdf(
                    description(
                        "<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li Iptc4xmpExt:City='Hetta'/>"
                        "</rdf:Bag></Iptc4xmpExt:LocationShown>"
                    )
                )
            )
        ),
    ),
}


@pytest.mark.parametrize("where", PLACES)
def test_location_is_detected_in_every_standard(where: str, photo: Photo) -> None:
    assert read_metadata(PLACES[where]).has_place
    assert read_photo(photo(PLACES[where])).gps_present


@pytest.mark.parametrize(
    "data",
    [
        jpeg_file(),
        with_segments(jpeg_file(), *iptc_segments(resource(0x0404, dataset(90, b" ")))),
        with_segments(
            jpeg_file(), xmp_segment(packet(rdf(description("<photoshop:City></photoshop:City>"))))
        ),
    ],
    ids=["nothing", "IPTC", "XMP"],
)
def test_empty_location_is_ignored(data: bytes) -> None:
    assert not read_metadata(data).has_place


CONTAINERS: dict[str, bytes] = {
    "PNG": png_with(png_xmp(packet(CREATOR))),
    "PNG compressed": png_with(png_xmp(packet(CREATOR), compressed=True)),
    "PNG of ImageMagick": png_with(
        png_chunk(
            b"zTXt",
            b"Raw profile type xmp\0\0"
            + zlib.compress(b"\nxmp\n 9\n" + packet(CREATOR).hex().encode()),
        )
    ),
    "WebP": webp_with((b"XMP ", packet(CREATOR))),
    "TIFF": tiff_with((700, 1, packet(CREATOR))),
    "TIFF with IPTC": tiff_with((33723, 7, b"".join(dataset(80, n.encode()) for n in NAMES))),
    "TIFF with resources": tiff_with(
        (34377, 7, resource(0x0404, b"".join(dataset(80, n.encode()) for n in NAMES)))
    ),
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_names_are_found_in_every_container(container: str, photo: Photo) -> None:
    assert read_photo(photo(CONTAINERS[container])).artist == BOTH


def test_hexadecimal_exif_of_imagemagick_is_read() -> None:
    profile = b"Exif\0\0" + full_exif()
    text = b"Raw profile type exif\0\nexif\n   99\n" + profile.hex().encode()
    assert read_metadata(png_with(png_chunk(b"tEXt", text))).text("photographer") == ARTIST


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_exif_is_read_in_every_container(kind: str) -> None:
    assert read_metadata(KINDS[kind]()).text("photographer") == ARTIST


def test_compressed_xmp_over_the_limit_is_not_read() -> None:
    bomb = png_xmp(b" " * 50_000_000, compressed=True)
    assert read_metadata(png_with(*[bomb] * 9)).damaged == (Standard.XMP,)


@pytest.mark.parametrize(
    "data",
    [
        full_jpeg(),
        png_with(png_chunk(b"caBX", b"jumb")),
        webp_with((b"C2PA", b"jumb")),
        tiff_with((0xCD41, 7, b"jumb of C2PA")),
    ],
    ids=["JPEG", "PNG", "WebP", "TIFF"],
)
def test_content_credentials_are_detected(data: bytes) -> None:
    assert read_metadata(data).has_credentials


def test_photo_without_metadata_has_no_values() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        read = read_metadata(encoded(kind))
        assert not any(read.text(name) for name in FIELDS)
        assert (read.has_place, read.has_credentials) == (False, False)
        assert (read.damaged, read.disagreements) == ((), ())


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_damaged_container_is_refused(kind: str) -> None:
    data = encoded(kind)
    for damaged in (data[: len(data) // 2], data[:20], data[:8] + b"\xff" * 8 + data[16:]):
        with pytest.raises(PhotoFileError, match="kuva"):
            read_metadata(damaged, "kuva")


def test_bigtiff_is_refused_with_a_clear_message() -> None:
    data = b"II+\0\x08\0\0\0" + struct.pack("<Q", 16) + bytes(40)
    with pytest.raises(PhotoFileError, match="BigTIFF"):
        read_metadata(data, "kuva")


def in_xmp(inside: str) -> bytes:
    """Return a PNG, where XMP may be long, with this content in its rdf:Description."""
    return png_with(png_xmp(rdf(description(inside)).encode()))


def empty_extension() -> bytes:
    """Return a JPEG with many empty parts of an extended packet."""
    main = packet(rdf(description(attributes=f'xmpNote:HasExtendedXMP="{"A" * 32}"')))
    start = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    parts = [segment(0xE1, start + struct.pack(">II", 4_000_000, n)) for n in range(9_000)]
    return with_segments(jpeg_file(), xmp_segment(main), *parts)


def many_tags() -> bytes:
    """Return a JPEG whose Exif block has many overlapping values."""
    rows = b"".join(struct.pack(">HHII", n, 2, 60_000, 8) for n in range(5_000))
    block = b"MM\0*" + struct.pack(">IH", 8, 5_000) + rows
    return with_segments(jpeg_file(), exif_segment(block))


TRAPS: dict[str, Callable[[], bytes]] = {
    "compressed": lambda: png_with(*[png_xmp(bytes(80_000_000), compressed=True)] * 40),
    "elements": lambda: in_xmp("<b/>" * 100_000),
    "attributes": lambda: in_xmp("<b " + " ".join(f"a{n}=''" for n in range(150_000)) + "/>"),
    "comments": lambda: in_xmp("<crs:x>" + "<!---->x" * 200_000 + "</crs:x>"),
    "long name": lambda: in_xmp(f"<rdf:{'a' * 900_000}/>"),
    "long value": lambda: in_xmp(f"<dc:rights>{'x ' * 480_000}</dc:rights>"),
    "long list": lambda: in_xmp(
        "<dc:creator><rdf:Seq>" + "<rdf:li>x</rdf:li>" * 25_000 + "</rdf:Seq></dc:creator>"
    ),
    "blanks": lambda: with_segments(jpeg_file(), xmp_segment(rdf(" " * 62_000).encode())),
    "many packets": lambda: png_with(*[png_xmp(packet(rdf(), padding=1_000_000))] * 40),
    "promises": empty_extension,
    "datasets": lambda: with_segments(
        jpeg_file(), *iptc_segments(resource(0x0404, dataset(80, b"a") * 500_000))
    ),
    "tags": many_tags,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_malicious_file_costs_neither_time_nor_memory(trap: str) -> None:
    def act() -> None:
        for look in (read_metadata, lambda it: plan_rights(it, OwnRights("Kunta", "P-1"))):
            with suppress(PhotoFileError):
                look(data)

    data = TRAPS[trap]()
    start = time.process_time()
    act()
    assert time.process_time() - start < 4  # for two readings
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300 * 1024 * 1024


FULL = [
    full_jpeg(in_all_three("Áile", b"Biret", "Piera")),
    png_with(png_xmp(packet(CREATOR), compressed=True), png_chunk(b"eXIf", full_exif())),
    webp_with((b"EXIF", full_exif()), (b"XMP ", packet(CREATOR))),
    tiff_with((700, 1, packet(CREATOR)), (33723, 7, dataset(80, b"Piera"))),
]


@given(
    data=st.sampled_from(FULL),
    changes=st.lists(
        st.tuples(
            st.floats(0, 1), st.sampled_from(["set", "cut", "insert"]), st.binary(max_size=6)
        ),
        max_size=8,
    ),
)
def test_any_damaged_file_is_read_or_refused(
    data: bytes, changes: list[tuple[float, str, bytes]]
) -> None:
    damaged = bytearray(data)
    for share, how, new in changes:
        place = int(share * len(damaged))
        width = {"set": len(new), "cut": 30, "insert": 0}[how]
        damaged[place : place + width] = new
    try:
        read = read_metadata(bytes(damaged), "kuva")
    except PhotoFileError:
        return
    assert len(read.text("photographer")) <= exif.MAX_TEXT
    assert read.disagreements is not None


def test_reading_uses_names_by_precedence(photo: Photo) -> None:
    reading = read_photo(photo(in_all_three("Áile", b"Biret", "Piera")))
    assert reading.artist == "Áile"
    reading = read_photo(photo(full_jpeg()))
    assert (reading.artist, reading.copyright) == (ARTIST, COPYRIGHT)
