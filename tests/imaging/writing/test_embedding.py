"""Embed rights in a photo's own file; nothing else in it may change."""

import hashlib
import os
import struct
import subprocess
import sys
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.imaging.builders import (
    CREATORS,
    EMBEDDABLE,
    JPEG_VARIANTS,
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
    little_exif,
    packet,
    png_chunk,
    png_with,
    png_xmp,
    rdf,
    resource,
    sample_image,
    segment,
    tiff_file,
    tiff_with,
    ultra_hdr,
    webp_with,
    with_segments,
    xmp_segment,
)

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers import mpf, webp
from photoreg.imaging.containers.jpeg import split_jpeg
from photoreg.imaging.containers.jpeg_container import join_resources
from photoreg.imaging.metadata import exif, iptc, tiff
from photoreg.imaging.metadata.fields import Mining, Release, Standard
from photoreg.imaging.metadata.file_parts import divided, read_metadata
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.writing.embedding import plan_rights
from photoreg.imaging.writing.rewriting import restore_file, verify_rewritten, write_rights

Photo = Callable[..., Path]
RIGHTS = OwnRights(
    organisation="Enontekiön kunta",
    registry_id="P-12",
    photographers=NAMES,
    copyright="© Áile Näkkäläjärvi & Đorđe Ŋuŋu <2026>",
    credit="Kuva: Áile Näkkäläjärvi / Enontekiön kunta",
    terms='Vain "kunnan" viestintään',
    licence_url="https://kunta.example/kuvat?a=1&b=2",
    licensor="Kuvapörssi Oy",
    licensor_url="https://kunta.example/lupa",
    release=Release.LIMITED,
    release_ids=("C-7", "C-12"),
    data_mining=Mining.PROHIBITED,
)


def big_endian_tiff() -> bytes:
    """Return a big-endian TIFF with one grey strip."""
    rows = [(256, 3, 4), (257, 3, 4), (258, 3, 8), (259, 3, 1), (262, 3, 1), (277, 3, 1),
            (278, 3, 4)]  # fmt: skip
    table = [struct.pack(">HHIHH", tag, kind, 1, value, 0) for tag, kind, value in rows]
    table.insert(5, struct.pack(">HHII", 273, 4, 1, 8))
    table.append(struct.pack(">HHII", 279, 4, 1, 16))
    folder = struct.pack(">H", len(table)) + b"".join(table) + bytes(4)
    return b"MM\0*" + struct.pack(">I", 24) + bytes(range(16)) + folder


def animated_webp() -> bytes:
    content = BytesIO()
    frames = [sample_image(), sample_image("L").convert("RGB")]
    frames[0].save(content, "WEBP", save_all=True, append_images=frames[1:])
    return content.getvalue()


def latin_iptc() -> list[bytes]:
    """Datasets in Windows-1252, with Photoshop's digest and a path resource."""
    block = dataset(5, "Göteborg".encode("latin-1")) + dataset(80, "Åström".encode("latin-1"))
    digest = hashlib.md5(block, usedforsecurity=False).digest()
    resources = (
        resource(0x07D0, b"a path", name=b"\4Path\0"),
        resource(iptc.IIM_RESOURCE, block),
        resource(iptc.DIGEST_RESOURCE, digest),
    )
    return iptc_segments(*resources, part=40)


FOREIGN = (
    '<rdf:Description rdf:about="uuid:1" hdrgm:Version="1.0" photoshop:Credit=\'old\' '
    'crs:Tint="&lt;9&gt;"><crs:x>  y </crs:x></rdf:Description>'
)
FILES: dict[str, Callable[[], bytes]] = {
    **{f"JPEG {name}": build for name, build in JPEG_VARIANTS.items()},
    **{f"secretive {name}": KINDS[name] for name in EMBEDDABLE},
    "JPEG II": lambda: with_segments(jpeg_file(), exif_segment(little_exif((315, 2, b"Aikio")))),
    "JPEG Latin artist": lambda: with_segments(
        jpeg_file(), exif_segment(little_exif((315, 2, "Åström".encode("latin-1"))))
    ),
    "JPEG type 129": lambda: with_segments(
        jpeg_file(), exif_segment(little_exif((315, 129, "Đorđe".encode())))
    ),
    "JPEG Exif behind XMP": lambda: with_segments(
        jpeg_file(),
        segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(90)),
        xmp_segment(packet(rdf(FOREIGN))),
        exif_segment(full_exif()),
    ),
    "JPEG zeros at the end of Exif": lambda: with_segments(
        jpeg_file(), exif_segment((full_exif() + bytes(65_520))[:65_520])
    ),
    "JPEG foreign XMP": lambda: with_segments(jpeg_file(), xmp_segment(packet(rdf(FOREIGN)))),
    "JPEG other prefixes": lambda: with_segments(
        jpeg_file(),
        xmp_segment(
            rdf(FOREIGN, description(f"<dc:creator>{CREATORS}</dc:creator>"))
            .replace("rdf:", "r:")
            .replace(":rdf", ":r")
            .replace("photoshop", "dc2")
            .encode()
        ),
    ),
    "JPEG property twice": lambda: with_segments(
        jpeg_file(),
        xmp_segment(
            packet(rdf(FOREIGN, description("<photoshop:Credit>x</photoshop:Credit>"), FOREIGN))
        ),
    ),
    "JPEG full XMP": lambda: with_segments(
        jpeg_file(), xmp_segment(packet(rdf(FOREIGN), padding=63_900))
    ),
    "JPEG UTF-16": lambda: with_segments(
        jpeg_file(), xmp_segment(packet(rdf(FOREIGN), "utf-16"))
    ),
    "JPEG extended XMP": lambda: with_segments(
        jpeg_file(),
        *extended(
            packet(rdf(description(attributes='xmpNote:HasExtendedXMP="GUID"'))),
            rdf(description(f"<crs:x>{'x' * 90_000}</crs:x>")).encode(),
        )[1],
    ),
    "JPEG Latin IPTC": lambda: with_segments(jpeg_file(), *latin_iptc()),
    "JPEG two IPTC blocks": lambda: with_segments(
        jpeg_file(),
        *iptc_segments(
            resource(iptc.IIM_RESOURCE, dataset(80, b"Piera") + dataset(25, b"poro")),
            resource(iptc.IIM_RESOURCE, dataset(80, b"Biret") + dataset(25,
            "Åre".encode("latin-1"))),
        ),
    ),
    "JPEG large IPTC": lambda: with_segments(
        jpeg_file(), *iptc_segments(resource(0x0BB7, bytes(70_000)), resource(iptc.IIM_RESOURCE,
        b""))
    ),
    "JPEG Ultra HDR": ultra_hdr,
    "JPEG Ultra HDR, profile last": lambda: ultra_hdr(profile_last=True),
    "JPEG film behind": lambda: jpeg_file() + b"\0\0\0\x18ftypmp42" + bytes(400),
    "PNG with XMP": lambda: png_with(png_xmp(packet(rdf(FOREIGN)))),
    "PNG compressed XMP": lambda: png_with(png_xmp(packet(rdf(FOREIGN)), compressed=True)),
    "PNG plain": lambda: encoded("PNG") + b"behind",
    "PNG palette": lambda: encoded("PNG", "P"),
    "WebP simple": lambda: encoded("WEBP"),
    "WebP lossless": lambda: encoded("WEBP", "RGBA", lossless=True),
    "WebP animated": animated_webp,
    "WebP with XMP": lambda: webp_with(
        (b"XMP ", packet(rdf(FOREIGN))), data=encoded("WEBP", exif=full_exif())
    ),
    "TIFF plain": lambda: encoded("TIFF"),
    "TIFF MM": big_endian_tiff,
    "TIFF with all": lambda: tiff_with(
        (700, 1, packet(rdf(FOREIGN))),
        (33723, 7, dataset(80, "Åström".encode("latin-1")) + dataset(5, b"Hetta")),
        (34377, 1, resource(iptc.IIM_RESOURCE, dataset(80, b"Piera"))),
    ),
}  # fmt: skip


def pixels(data: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about an intentionally damaged MPF index
        with Image.open(BytesIO(data)) as image:
            return image.tobytes()


def written(path: Path, rights: OwnRights = RIGHTS) -> bytes:
    """Write the rights into a file; return its new content."""
    write_rights(path, rights, expected_sha256=file_hash(path.read_bytes()))
    return path.read_bytes()


def exif_folders(data: bytes) -> list[dict[int, bytes]]:
    found = read_metadata(data).exif
    folders = (found.main, found.camera, found.gps, found.thumbnail)
    return [{tag: bytes(value.raw) for tag, value in folder.items()} for folder in folders]


@pytest.mark.parametrize("name", FILES)
def test_rights_are_written_and_the_image_is_unchanged(name: str, photo: Photo) -> None:
    data = FILES[name]()
    path = photo(data)
    new = written(path)
    read = read_metadata(new)
    for field, texts in RIGHTS.values().items():
        if not field.xmp.parts:
            assert read.fields[field.name].text == "; ".join(texts), field.name
    assert read.text("registry_id") == "P-12"
    assert read.text("licensor") == RIGHTS.licensor
    assert read.text("licensor_url") == RIGHTS.licensor_url
    assert read.text("photographer") == "; ".join(NAMES)
    assert pixels(new) == pixels(data)
    assert not read.damaged
    assert not any(found.disagrees for found in read.fields.values() if found.field.is_written)


@pytest.mark.parametrize("name", FILES)
def test_writing_twice_gives_the_same_bytes(name: str, photo: Photo) -> None:
    path = photo(FILES[name]())
    once = written(path)
    assert plan_rights(once, RIGHTS).changes == ()
    assert written(path) == once


@pytest.mark.parametrize("name", FILES)
def test_every_other_exif_tag_keeps_its_bytes(name: str, photo: Photo) -> None:
    data = FILES[name]()
    before = exif_folders(data)
    if not any(before):
        return
    after = exif_folders(written(photo(data)))
    ours = {exif.ARTIST, exif.COPYRIGHT, 700, 33723, 34377}
    for old, new in zip(before, after, strict=True):
        assert {t: v for t, v in old.items() if t not in ours} == {
            t: v for t, v in new.items() if t not in ours
        }


def test_maker_note_keeps_its_offset() -> None:
    block = little_exif((315, 2, b"Aikio\0"))
    data = with_segments(jpeg_file(), exif_segment(block))
    new = split_jpeg(plan_rights(data, RIGHTS).content, "").exif
    assert new.index(b"Maker\0") == block.index(b"Maker\0")
    assert new[8 : len(block)] == block[8:]


def test_other_xmp_is_preserved_byte_for_byte() -> None:
    data = FILES["JPEG foreign XMP"]()
    new = plan_rights(data, RIGHTS).content
    for kept in (b'hdrgm:Version="1.0"', b'crs:Tint="&lt;9&gt;"', b"<crs:x>  y </crs:x>"):
        assert kept in new
    assert b"photoshop:Credit='Kuva: " in new
    assert b"<photoshop:Credit" not in new


def test_other_languages_and_other_registries_are_kept() -> None:
    inside = (
        '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">vanha</rdf:li>'
        '<rdf:li xml:lang="se">boaris</rdf:li></rdf:Alt></dc:rights>'
        '<Iptc4xmpExt:RegistryId><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:RegOrgId>'
        "Museo</Iptc4xmpExt:RegOrgId><Iptc4xmpExt:RegItemId>M-1</Iptc4xmpExt:RegItemId></rdf:li>"
        "</rdf:Bag></Iptc4xmpExt:RegistryId>"
    )
    data = with_segments(jpeg_file(), xmp_segment(packet(rdf(description(inside)))))
    new = plan_rights(data, RIGHTS).content
    read = read_metadata(new)
    assert read.fields["registry_id"].text == "M-1; P-12"
    assert b'xml:lang="se">boaris<' in new
    assert b"vanha" not in new


def test_latin_iptc_texts_are_reencoded_and_the_digest_is_updated() -> None:
    new = plan_rights(FILES["JPEG Latin IPTC"](), RIGHTS).content
    resources, rest = iptc.split_resources(join_resources(split_jpeg(new, "").segments))
    by_number = {r.number: r for r in resources}
    datasets, _ = iptc.split_datasets(by_number[iptc.IIM_RESOURCE].data)
    assert iptc.coded_character_set(datasets) == iptc.UTF8_ESCAPE
    assert iptc.record_2_texts(datasets)[5] == ["Göteborg"]
    assert next(d.raw for d in datasets if d.number == 5) == "Göteborg".encode()
    assert by_number[iptc.DIGEST_RESOURCE].data == iptc.iim_digest(
        by_number[iptc.IIM_RESOURCE].data
    )
    assert by_number[0x07D0].name == b"\4Path\0"
    assert not rest


def test_both_iptc_blocks_keep_their_other_texts() -> None:
    new = plan_rights(FILES["JPEG two IPTC blocks"](), RIGHTS).content
    resources, _ = iptc.split_resources(join_resources(split_jpeg(new, "").segments))
    first, second = (iptc.split_datasets(block)[0] for block in iptc.iim_blocks(resources))
    assert iptc.record_2_texts(first)[80] == list(NAMES)
    assert (iptc.record_2_texts(first)[25], iptc.record_2_texts(second)) == (
        ["poro"],
        {25: ["Åre"]},
    )


def test_iptc_is_truncated_between_characters_and_xmp_is_complete() -> None:
    name = "Á" * 20
    rights = OwnRights("Kunta", "P-1", photographers=(name,))
    read = read_metadata(plan_rights(jpeg_file(), rights).content).fields["photographer"]
    assert read.text_in(Standard.IPTC) == "Á" * 16
    assert (read.text, read.text_in(Standard.EXIF), read.disagrees) == (name, name, False)


@pytest.mark.parametrize("profile_last", [False, True])
def test_second_image_of_ultra_hdr_is_still_found(profile_last: bool) -> None:
    data = ultra_hdr(profile_last=profile_last)
    before = split_jpeg(data, "")
    new = plan_rights(data, RIGHTS).content
    after = split_jpeg(new, "")
    assert mpf.further_images(data, before) == mpf.further_images(new, after)
    assert len(mpf.further_images(new, after)) == 1
    [index] = filter(mpf.is_mpf, after.segments)
    first, second = mpf.indexed_images(index)
    assert (first.size, second.place) == (len(new) - len(after.trailer),) * 2
    with Image.open(BytesIO(new)) as image:
        assert image.format == "JPEG"  # Pillow detects it by an XMP attribute
    order = [segment.payload[:4] for segment in after.segments if segment.marker == 0xE2]
    assert order == ([b"MPF\0", b"ICC_"] if profile_last else [b"ICC_", b"MPF\0"])


def test_index_with_invalid_offsets_is_unchanged() -> None:
    data = with_segments(jpeg_file(), segment(0xE2, b"MPF\0II*\0\xff\xff\xff\xff"))
    assert b"MPF\0II*\0\xff\xff\xff\xff" in plan_rights(data, RIGHTS).content


@pytest.mark.parametrize("name", ["WebP simple", "WebP lossless"])
def test_simple_webp_gets_the_header_it_needs(name: str) -> None:
    data = FILES[name]()
    assert data[12:16] != b"VP8X" or name == "WebP lossless"
    chunks, _ = webp.split_webp(plan_rights(data, RIGHTS).content, "")
    assert chunks[0].kind == b"VP8X"
    assert chunks[0].data[0] & (webp.HAS_EXIF | webp.HAS_XMP) == webp.HAS_EXIF | webp.HAS_XMP
    assert [chunk.kind for chunk in chunks[-2:]] == [b"EXIF", b"XMP "]


def test_empty_rights_do_not_change_the_file() -> None:
    data = full_jpeg()
    plan = plan_rights(data, OwnRights("Kunta", "P-1"))
    assert [change.tag for change in plan.changes] == ["Iptc4xmpExt:RegistryId/RegItemId"]
    assert read_metadata(plan.content).text("photographer") == "Áile Näkkäläjärvi"


def test_plan_lists_the_changes_tag_by_tag() -> None:
    data = with_segments(jpeg_file(), exif_segment(little_exif((315, 2, b"Aikio\0"))))
    plan = plan_rights(data, OwnRights("Kunta", "P-1", photographers=("Áile",)))
    assert [(c.tag, c.old, c.new) for c in plan.changes] == [
        ("dc:creator", "", "Áile"),
        ("2:80", "", "Áile"),
        ("Artist", "Aikio", "Áile"),
        ("Iptc4xmpExt:RegistryId/RegItemId", "", "P-1"),
    ]
    assert not plan.has_credentials
    assert plan_rights(full_jpeg(), RIGHTS).has_credentials


REFUSED: dict[str, tuple[bytes, str]] = {
    "junk": (with_segments(jpeg_file(), segment(0xFE, b"") + b"junk"), "not in order"),
    "two Exif blocks": (
        with_segments(jpeg_file(), *[exif_segment(full_exif())] * 2),
        "two Exif blocks",
    ),
    "full Exif": (
        with_segments(jpeg_file(), exif_segment((full_exif() + b"x" * 65_520)[:65_520])),
        "no room",
    ),
    "XMP": (with_segments(jpeg_file(), xmp_segment(b"<x>")), "not well formed, at byte 3"),
    "DTD": (
        with_segments(jpeg_file(), xmp_segment(b"<!DOCTYPE x>" + rdf().encode())),
        "document type",
    ),
    "full XMP": (
        with_segments(
            jpeg_file(),
            xmp_segment(packet(rdf(description(f"<crs:x>{'x' * 64_400}</crs:x>")), padding=9)),
        ),
        "no room",
    ),
    "IIM": (
        with_segments(
            jpeg_file(), *iptc_segments(resource(iptc.IIM_RESOURCE, b"\x1c\2\x50\x70\0x"))
        ),
        "IPTC data is damaged",
    ),
    "resources": (
        with_segments(jpeg_file(), *iptc_segments(b"8BIMxx")),
        "IPTC data is damaged, at byte 0",
    ),
    "Exif": (
        with_segments(jpeg_file(), exif_segment(b"II*\0\xff\xff\0\0")),
        "cut off, at byte 65535",
    ),
    "circle": (
        with_segments(jpeg_file(), exif_segment(b"II*\0\x08\0\0\0\0\0\x08\0\0\0")),
        "refers back to itself",
    ),
    "TIFF in a circle": (b"II*\0\x08\0\0\0" + bytes(2) + b"\x08\0\0\0", "refers back to itself"),
    "WebP": (webp_with(data=b"RIFF\0\0\0\0WEBPVP8 \4\0\0\0abcd"), "of an unknown kind"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_cannot_be_changed_safely_are_refused_with_the_cause(
    name: str, photo: Photo
) -> None:
    data, cause = REFUSED[name]
    path = photo(data)
    with pytest.raises(PhotoFileError, match=cause) as refusal:
        written(path)
    assert str(refusal.value).startswith("kuva.jpg: ")
    assert refusal.value.hint
    assert path.read_bytes() == data
    assert list(path.parent.iterdir()) == [path]


def test_file_that_changed_since_registration_is_refused(photo: Photo) -> None:
    path = photo(jpeg_file())
    with pytest.raises(PhotoFileError, match="changed since it was registered"):
        write_rights(path, RIGHTS, expected_sha256=file_hash(b"another"))
    assert path.read_bytes() == jpeg_file()


def test_permissions_times_and_symbolic_links_are_kept(photo: Photo) -> None:
    path = photo(jpeg_file())
    path.chmod(0o640)
    os.utime(path, ns=(1_600_000_000_000_000_001, 1_500_000_000_000_000_001))
    link = path.parent / "linkki.jpg"
    link.symlink_to(path)
    written(link)
    stat = path.stat()
    assert (stat.st_mode & 0o777, stat.st_mtime_ns) == (0o640, 1_500_000_000_000_000_001)
    assert link.is_symlink()
    assert read_metadata(path.read_bytes()).text("registry_id") == "P-12"


def test_extended_attributes_are_kept(photo: Photo) -> None:
    path = photo(jpeg_file())
    try:
        os.setxattr(path, "user.source", b"archive")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes here")
    written(path)
    assert os.getxattr(path, "user.source") == b"archive"


def test_another_hard_link_keeps_the_old_content(photo: Photo) -> None:
    path = photo(jpeg_file())
    other = path.parent / "toinen.jpg"
    other.hardlink_to(path)
    written(path)
    assert other.read_bytes() == jpeg_file()


@pytest.mark.skipif(os.name != "posix", reason="limits on file sizes are not known there")
def test_full_disk_leaves_the_file_unchanged(photo: Photo) -> None:
    data = full_jpeg()
    path = photo(data)
    program = f"""
import resource
from pathlib import Path
from photoreg.errors import PhotoFileError
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.writing.rewriting import write_rights
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_rights(Path({str(path)!r}), OwnRights("Kunta", "P-1"),
                 expected_sha256={file_hash(data)!r})
except PhotoFileError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-B", "-c", program], capture_output=True, text=True, check=True
    )
    assert "there is no room for the file" in run.stdout
    assert path.read_bytes() == data
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_read_only_file_and_folder_are_refused(photo: Photo) -> None:
    path = photo(jpeg_file())
    for locked, mode in ((path, 0o444), (path.parent, 0o555)):
        locked.chmod(mode)
        try:
            with pytest.raises(PhotoFileError, match="cannot be written"):
                written(path)
        finally:
            locked.chmod(0o755)
    assert path.read_bytes() == jpeg_file()


def test_one_of_two_writers_wins_and_the_file_is_complete(photo: Photo) -> None:
    data = full_jpeg()
    path = photo(data)
    program = f"""
import sys
from pathlib import Path
from photoreg.errors import PhotoFileError
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.writing.rewriting import write_rights
try:
    write_rights(Path({str(path)!r}), OwnRights("Kunta", "P-1", photographers=(sys.argv[1],)),
                 expected_sha256={file_hash(data)!r})
    print("written")
except PhotoFileError as error:
    print("refused")
"""
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program, f"Writer {n}"], stdout=subprocess.PIPE, text=True
        )
        for n in range(3)
    ]
    said = [run.communicate()[0].strip() for run in runs]
    assert sorted(said) == ["refused", "refused", "written"]
    winner = f"Writer {said.index('written')}"
    assert read_metadata(path.read_bytes()).text("photographer") == winner
    assert list(path.parent.iterdir()) == [path]


def test_old_content_can_be_restored(photo: Photo) -> None:
    path = photo(jpeg_file())
    written(path)
    restore_file(path, jpeg_file())
    assert path.read_bytes() == jpeg_file()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-80] + bytes(20) + data[-60:],
        lambda data: data + b"more",
        lambda data: data.replace(b"Hetta", b"Hotti", 1),
        lambda data: data.replace(b"P-12", b"P-13"),
        lambda data: data.replace(b"Nikon\0", b"Nixon\0"),
        lambda data: data.replace("Đorđe".encode(), b"Dordje!"),
    ],
    ids=["image", "trailer", "other tag", "number", "maker's note", "name"],
)
def test_data_read_back_are_verified(damage: Callable[[bytes], bytes]) -> None:
    data = full_jpeg()
    new = plan_rights(data, RIGHTS).content
    verify_rewritten(divided(data, "kuva.jpg"), new, RIGHTS)
    with pytest.raises(PhotoFileError, match="is not correct"):
        verify_rewritten(divided(data, "kuva.jpg"), damage(new), RIGHTS)


DAMAGED = [
    full_jpeg(with_segments(jpeg_file(), *latin_iptc())),
    ultra_hdr(profile_last=True),
    png_with(png_xmp(packet(rdf(FOREIGN)), compressed=True), png_chunk(b"eXIf", full_exif())),
    FILES["WebP with XMP"](),
    FILES["TIFF with all"](),
    tiff_file(),
]


@given(
    data=st.sampled_from(DAMAGED),
    changes=st.lists(
        st.tuples(
            st.floats(0, 1), st.sampled_from(["set", "cut", "insert"]), st.binary(max_size=6)
        ),
        max_size=6,
    ),
)
def test_damaged_file_is_refused_or_all_other_data_are_kept(
    data: bytes, changes: list[tuple[float, str, bytes]]
) -> None:
    damaged = bytearray(data)
    for share, how, new in changes:
        place = int(share * len(damaged))
        width = {"set": len(new), "cut": 30, "insert": 0}[how]
        damaged[place : place + width] = new
    try:
        plan = plan_rights(bytes(damaged), RIGHTS, "kuva")
        verify_rewritten(divided(bytes(damaged), "kuva"), plan.content, RIGHTS)
    except PhotoFileError:
        return
    assert plan_rights(plan.content, RIGHTS, "kuva").content == plan.content


@pytest.mark.parametrize("count", [0, 0xFFFFFFFF])
def test_impossible_count_is_kept(count: int) -> None:
    table = struct.pack("<HHII", 315, 2, count, 8) + struct.pack("<HHII", 40_000, 7, count, 8)
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + table + bytes(4)
    new = tiff.with_tags(block, [exif.ascii_entry(exif.ARTIST, "Áile")])
    assert exif.text_value(exif.read_exif(new).main, exif.ARTIST) == "Áile"
    assert struct.pack("<HHII", 40_000, 7, count, 8) in new[len(block) :]


def test_present_charset_and_names_are_not_duplicated() -> None:
    segments = (
        xmp_segment(packet(rdf(description(f"<dc:creator>{CREATORS}</dc:creator>")))),
        *iptc_segments(
            resource(
                iptc.IIM_RESOURCE, UTF8_MARK + b"".join(dataset(80, n.encode()) for n in NAMES)
            )
        ),
    )
    data = with_segments(jpeg_file(), *segments)
    changes = plan_rights(data, OwnRights("Kunta", "P-1", photographers=NAMES)).changes
    assert [change.tag for change in changes] == ["Artist", "Iptc4xmpExt:RegistryId/RegItemId"]


@pytest.mark.parametrize("leads_to", [10, 60])
def test_dangling_ifd_offsets_stay_harmless(leads_to: int) -> None:
    """Some cameras leave an arbitrary offset of the next IFD."""
    block = bytearray(little_exif((315, 2, b"Aikio\0")))
    place = 8 + 2 + 12 * 2
    struct.pack_into("<I", block, place, len(block) + leads_to)
    new = tiff.with_tags(bytes(block), [exif.ascii_entry(exif.COPYRIGHT, "© Áile Näkkäläjärvi")])
    found = exif.read_exif(new)
    assert (exif.copyright_notice(found.main), found.thumbnail) == ("© Áile Näkkäläjärvi", {})
    second = bytearray(little_exif((315, 2, b"Aikio\0")))
    struct.pack_into("<I", second, place, len(second))
    second += struct.pack("<HHHIII", 1, 0x0103, 3, 1, 6, len(second) + 18 + leads_to)
    new = tiff.with_tags(bytes(second), [exif.ascii_entry(exif.COPYRIGHT, "© Áile")])
    chain = list(tiff.directories(new))
    assert [len(folder.rows) for folder in chain[1:]] in ([1], [1, 0])
    assert set(exif.read_exif(new).thumbnail) == {0x0103}
