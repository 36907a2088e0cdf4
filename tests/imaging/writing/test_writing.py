"""Exported copies hold the same image and the rights only."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import piexif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.imaging.builders import (
    ARTIST,
    COPYRIGHT,
    HIDDEN_BYTES,
    JPEG_VARIANTS,
    colour_profile,
    exif_segment,
    full_exif,
    full_jpeg,
    jpeg_file,
    segment,
    with_segments,
)

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import CopyTags
from photoreg.imaging.containers.jpeg import Jpeg, split_jpeg
from photoreg.imaging.containers.jpeg_container import publishable_jpeg
from photoreg.imaging.metadata import exif
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.reading import describe_metadata, read_photo
from photoreg.imaging.writing.copies import ExportedCopy, prepare_copy, write_copy
from photoreg.imaging.writing.publishable_copy import is_valid_copy, make_publishable

Photo = Callable[..., Path]
RIGHTS = OwnRights("Enontekiön kunta", "P-12", (ARTIST,), COPYRIGHT)
RIGHTS_BLOCKS = {"XMP", "IPTC"}


def exported(
    source: Path,
    rights: OwnRights = RIGHTS,
    name: str = "julkaistava.jpg",
    options: CopyOptions = CopyOptions(),  # noqa: B008
) -> Path:
    """Export a copy beside the source; return its path."""
    copy = prepare_copy(
        source, rights, expected_sha256=file_hash(source.read_bytes()), options=options
    )
    return write_copy(copy, source, source.parent / name).path


def said(path: Path) -> dict[str, str | int]:
    """Describe a copy, without the blocks that every copy has."""
    return {n: text for n, text in describe_metadata(path).items() if n not in RIGHTS_BLOCKS}


def pixels(data: bytes) -> bytes:
    """Return the decoded image."""
    with Image.open(BytesIO(data)) as image:
        return image.tobytes()


def refused(source: Path, target: Path, expected_sha256: str | None = None) -> PhotoFileError:
    """Return the error that an export raises; it must not leave files in the target's folder."""
    before = sorted(target.parent.iterdir()) if target.parent.exists() else []
    digest = expected_sha256 or file_hash(source.read_bytes())
    with pytest.raises(PhotoFileError) as refusal:
        write_copy(prepare_copy(source, RIGHTS, expected_sha256=digest), source, target)
    assert refusal.value.hint
    assert (sorted(target.parent.iterdir()) if target.parent.exists() else []) == before
    return refusal.value


def test_export_keeps_only_the_rights(photo: Photo) -> None:
    copy = exported(photo(full_jpeg()))
    assert said(copy) == {"Artist": ARTIST, "Copyright": COPYRIGHT}


def test_export_drops_gps_and_serial_numbers(photo: Photo) -> None:
    data = full_jpeg()
    copy = exported(photo(data)).read_bytes()
    assert all(secret in data for secret in HIDDEN_BYTES)
    assert not any(secret in copy for secret in HIDDEN_BYTES)


def test_export_drops_the_thumbnail_in_the_jfif_header(photo: Photo) -> None:
    thumbnail = segment(0xE0, b"JFIF\0\1\2\1\0\x48\0\x48\2\1secret")
    without_header = jpeg_file()[:2] + jpeg_file()[20:]
    copy = exported(photo(with_segments(without_header, thumbnail)))
    parts = split_jpeg(copy.read_bytes(), copy.name)
    assert parts.segments[0].payload == b"JFIF\0\1\2\1\0\x48\0\x48\0\0"


def test_export_drops_data_after_the_adobe_colour_transform(photo: Photo) -> None:
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\1secret")
    assert b"secret" not in exported(photo(with_segments(jpeg_file(), adobe))).read_bytes()


@pytest.mark.parametrize("variant", JPEG_VARIANTS)
def test_export_does_not_change_the_image(variant: str, photo: Photo) -> None:
    data = full_jpeg(JPEG_VARIANTS[variant]())
    copy = exported(photo(data)).read_bytes()
    assert split_jpeg(copy, "").image == split_jpeg(data, "").image
    assert pixels(copy) == pixels(JPEG_VARIANTS[variant]())
    assert not any(secret in copy for secret in HIDDEN_BYTES)


def test_export_keeps_the_colour_profile(photo: Photo) -> None:
    data = JPEG_VARIANTS["colour profile"]()
    with Image.open(exported(photo(data))) as copy, Image.open(BytesIO(data)) as original:
        assert copy.info["icc_profile"] == original.info["icc_profile"]


@pytest.mark.parametrize(("profile", "space"), [(b"", 1), (colour_profile(), 0xFFFF)])
def test_export_declares_srgb_only_without_a_profile(
    profile: bytes, space: int, photo: Photo
) -> None:
    copy = exported(photo(jpeg_file(icc_profile=profile)))
    assert piexif.load(copy.read_bytes())["Exif"][piexif.ExifIFD.ColorSpace] == space


def test_export_does_not_declare_srgb_if_the_camera_did_not(photo: Photo) -> None:
    block = exif.write_exif([], [exif.short_entry(exif.COLOR_SPACE, 0xFFFF)])
    copy = exported(photo(with_segments(jpeg_file(), exif_segment(block))))
    assert piexif.load(copy.read_bytes())["Exif"][piexif.ExifIFD.ColorSpace] == 0xFFFF


def test_export_keeps_one_of_two_jfif_headers(photo: Photo) -> None:
    header = jpeg_file()[2:20]
    copy = exported(photo(with_segments(jpeg_file(), header, header)))
    assert copy.read_bytes().count(b"JFIF") == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_export_keeps_the_orientation(orientation: int, photo: Photo) -> None:
    copy = exported(photo(full_jpeg(orientation=orientation)))
    assert (read_photo(copy).orientation or 1) == orientation


@pytest.mark.parametrize("name", ["Áile Näkkäläjärvi", "Đorđe Ŋuŋu", "Þórður Ååkesson", "Ŧ" * 900])
def test_export_writes_every_name_correctly(name: str, photo: Photo) -> None:
    reading = read_photo(
        exported(photo(jpeg_file()), replace(RIGHTS, photographers=(name,), copyright=f"© {name}"))
    )
    assert (reading.artist, reading.copyright) == (name, f"© {name}")


def test_export_writes_rights_as_single_lines(photo: Photo) -> None:
    copy = exported(
        photo(jpeg_file()),
        replace(RIGHTS, photographers=("Áile\nNäkkäläjärvi\0\ud800",), copyright=""),
    )
    assert said(copy) == {"Artist": "Áile Näkkäläjärvi"}


def test_export_survives_a_damaged_exif_block(photo: Photo) -> None:
    block = full_exif()[:40]
    copy = exported(photo(with_segments(jpeg_file(), exif_segment(block))))
    assert said(copy) == {"Artist": ARTIST, "Copyright": COPYRIGHT}


def test_export_returns_path_hash_and_size(photo: Photo) -> None:
    source = photo(jpeg_file())
    target = source.parent / "julkaistava.jpg"
    digest = file_hash(source.read_bytes())
    copy = write_copy(prepare_copy(source, RIGHTS, expected_sha256=digest), source, target)
    data = target.read_bytes()
    assert copy == ExportedCopy(target, file_hash(data), len(data))


def test_export_twice_gives_the_same_bytes_and_replaces_the_copy(photo: Photo) -> None:
    source = photo(full_jpeg())
    first = exported(source).read_bytes()
    (source.parent / "julkaistava.jpg").write_bytes(b"something else")
    assert exported(source).read_bytes() == first
    assert sorted(path.name for path in source.parent.iterdir()) == ["julkaistava.jpg", "kuva.jpg"]


def test_export_of_a_copy_changes_nothing(photo: Photo) -> None:
    copy = exported(photo(full_jpeg()))
    assert exported(copy, name="toinen.jpg").read_bytes() == copy.read_bytes()


def test_export_does_not_change_the_original(photo: Photo) -> None:
    data = full_jpeg()
    source = photo(data)
    before = source.stat()
    exported(source)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == (data, before.st_mtime_ns)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0, 0o644)])
def test_export_sets_the_permissions_allowed_by_the_umask(
    mask: int, mode: int, photo: Photo
) -> None:
    old = os.umask(mask)
    try:
        copy = exported(photo(jpeg_file()))
    finally:
        os.umask(old)
    assert copy.stat().st_mode & 0o777 == mode


def test_export_refuses_a_file_changed_since_registration(photo: Photo) -> None:
    source = photo(jpeg_file())
    error = refused(source, source.parent / "j.jpg", file_hash(full_jpeg()))
    assert str(error) == "kuva.jpg: the file has changed since it was registered"


def test_export_refuses_damaged_files(photo: Photo) -> None:
    source = photo(with_segments(jpeg_file(), segment(0xFE, b"") + b"junk"))
    assert "damaged" in str(refused(source, source.parent / "j.jpg"))
    source = photo(jpeg_file()[:-2])
    assert "cut off" in str(refused(source, source.parent / "j.jpg"))


def test_export_never_replaces_the_photo_itself(photo: Photo) -> None:
    data = full_jpeg()
    source = photo(data)
    link = source.parent / "linkki.jpg"
    link.symlink_to(source)
    hard_link = source.parent / "kova.jpg"
    hard_link.hardlink_to(source)
    for target in (source, link, hard_link, source.parent / "." / "kuva.jpg"):
        assert "would replace the photo itself" in str(refused(source, target))
    assert source.read_bytes() == data


def test_export_of_a_missing_photo_is_refused(photo: Photo) -> None:
    target = photo(jpeg_file(), "julkaistava.jpg")
    error = refused(target.parent / "puuttuu.jpg", target, expected_sha256="0")
    assert str(error) == "puuttuu.jpg: there is no such file"


def test_export_to_a_missing_folder_names_the_folder(photo: Photo) -> None:
    source = photo(jpeg_file())
    error = refused(source, source.parent / "puuttuu" / "j.jpg")
    assert str(source.parent / "puuttuu") in str(error)


def test_export_onto_a_folder_is_refused(photo: Photo) -> None:
    source = photo(jpeg_file())
    (source.parent / "kansio.jpg").mkdir()
    assert "cannot be written" in str(refused(source, source.parent / "kansio.jpg"))


@pytest.mark.skipif(os.name != "posix", reason="limits on file sizes are not known there")
def test_export_on_a_full_disk_keeps_the_former_copy(photo: Photo) -> None:
    source = photo(full_jpeg())
    target = exported(source)
    former = target.read_bytes()
    # The limit on the file size interrupts the writing, as a full disk does.
    program = f"""
import resource
from pathlib import Path
from photoreg.errors import PhotoFileError
from photoreg.imaging.writing.copies import prepare_copy, write_copy
from photoreg.imaging.metadata.rights_blocks import OwnRights
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
source = Path({str(source)!r})
try:
    copy = prepare_copy(source, OwnRights("", "P-1"),
                        expected_sha256={file_hash(source.read_bytes())!r})
    write_copy(copy, source, Path({str(target)!r}))
except PhotoFileError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-B", "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == f"{target.name}: there is no room for the copy in {target.parent}\n"
    assert target.read_bytes() == former
    assert sorted(path.name for path in target.parent.iterdir()) == [target.name, source.name]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data + b"after the end",
        lambda data: data[:-40] + bytes(38) + data[-2:],
        lambda data: with_segments(data, segment(0xFE, b"comment")),
        lambda data: with_segments(data, exif_segment(full_exif())),
        lambda data: data.replace("Á".encode(), b"AA"),
    ],
    ids=["trailer", "image", "comment", "second Exif block", "name"],
)
def test_export_verifies_the_data_read_back(damage: Callable[[bytes], bytes]) -> None:
    copy = make_publishable(full_jpeg(), RIGHTS)
    assert is_valid_copy(copy.content, copy, "")
    with suppress(PhotoFileError):
        assert not is_valid_copy(damage(copy.content), copy, "")


def test_two_concurrent_exports_leave_one_complete_copy(photo: Photo) -> None:
    source = photo(full_jpeg(jpeg_file(icc_profile=colour_profile((b"cprt", bytes(400_000))))))
    target = source.parent / "julkaistava.jpg"
    program = f"""
from pathlib import Path
from photoreg.imaging.writing.copies import prepare_copy, write_copy
from photoreg.imaging.metadata.rights_blocks import OwnRights
source = Path({str(source)!r})
for _ in range(40):
    copy = prepare_copy(source, OwnRights("", "P-1", ("Áile",)),
                   expected_sha256={file_hash(source.read_bytes())!r})
    write_copy(copy, source, Path({str(target)!r}))
"""
    runs = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert said(target) == {"Artist": "Áile"}
    assert sorted(path.name for path in target.parent.iterdir()) == [target.name, source.name]


changes = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "cut", "insert"]), st.binary(max_size=6)),
    max_size=8,
)


@given(variant=st.sampled_from(sorted(JPEG_VARIANTS)), damage=changes)
def test_any_damage_is_refused_or_leaves_the_image_identical(
    variant: str, damage: list[tuple[float, str, bytes]]
) -> None:
    data = bytearray(full_jpeg(JPEG_VARIANTS[variant]()))
    for share, how, new in damage:
        place = int(share * len(data))
        width = {"set": len(new), "cut": 40, "insert": 0}[how]
        data[place : place + width] = new
    try:
        original = split_jpeg(bytes(data), "kuva.jpg")
    except PhotoFileError:
        return
    copy = publishable_jpeg(original, RIGHTS, CopyTags(1, is_srgb=True))
    assert copy.image == original.image
    assert split_jpeg(copy.to_bytes(), "") == copy
    assert {s.marker for s in copy.segments if not s.is_image} <= {0xE0, 0xE1, 0xE2, 0xED, 0xEE}


@given(data=st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    whole = b"\xff\xd8\xff" + data
    try:
        parts = split_jpeg(whole, "kuva.jpg")
    except PhotoFileError:
        return
    assert split_jpeg(parts.to_bytes(), "") == parts


@pytest.mark.parametrize("variant", JPEG_VARIANTS)
def test_parsing_and_encoding_gives_the_same_file(variant: str) -> None:
    parts = split_jpeg(JPEG_VARIANTS[variant](), "")
    assert split_jpeg(parts.to_bytes() + b"after", "") == Jpeg(parts.segments, b"after")
