"""Written files are verified on the disk, and nothing is read or searched twice for that."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.imaging.builders import (
    CREATORS,
    JPEG_VARIANTS,
    description,
    full_jpeg,
    jpeg_file,
    packet,
    rdf,
    segment,
    with_segments,
)
from tests.imaging.writing.test_embedding import FOREIGN, RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.jpeg import EOI, Jpeg, split_jpeg
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.xmp_editing import edit_packet
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.writing.copies import prepare_copy, write_copy
from photoreg.imaging.writing.publishable_copy import is_valid_copy, make_publishable
from photoreg.imaging.writing.replacing import replace_file
from photoreg.imaging.writing.rewriting import write_rights

Damage = Callable[[bytearray], object]
ROOT = Path(__file__).parents[3]
MEGABYTE = 1024 * 1024
LYING_DISKS: dict[str, Damage] = {
    "first byte": lambda content: content.__setitem__(0, content[0] ^ 1),
    "one bit in the image": lambda content: content.__setitem__(-3, content[-3] ^ 1),
    "last byte": lambda content: content.__setitem__(-1, content[-1] ^ 1),
    "cut off": lambda content: content.pop(),
    "nothing": lambda content: content.clear(),
    "one more": lambda content: content.append(0),
}


def large_jpeg() -> bytes:
    """Return a JPEG larger than two read buffers, most of it one scan."""
    data = full_jpeg()
    parts = split_jpeg(data, "")
    *others, last = parts.segments
    longer = replace(last, scan=bytes(last.scan) * (5 * MEGABYTE // 2 // len(last.scan)))
    return Jpeg((*others, longer), parts.trailer).to_bytes()


def lie(monkeypatch: pytest.MonkeyPatch, damage: Damage) -> None:
    """Damage every file as soon as it is synced to the disk."""
    force = os.fsync

    def damaged(handle: int) -> None:
        force(handle)
        path = Path(f"/proc/self/fd/{handle}").resolve()
        if path.is_file():
            content = bytearray(path.read_bytes())
            damage(content)
            path.write_bytes(content)

    monkeypatch.setattr(os, "fsync", damaged)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds files by their handles")
@pytest.mark.parametrize("disk", LYING_DISKS)
@pytest.mark.parametrize("size", [30, MEGABYTE, 2 * MEGABYTE + 7])
def test_data_changed_by_the_disk_never_replace_a_file(
    size: int, disk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kuva.jpg"
    target.write_bytes(b"old")
    lie(monkeypatch, LYING_DISKS[disk])
    with pytest.raises(PhotoFileError, match="read back from the disk differs") as refusal:
        replace_file(target, os.urandom(size))
    assert refusal.value.hint
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds files by their handles")
@pytest.mark.parametrize("disk", LYING_DISKS)
def test_disk_errors_damage_neither_copies_nor_originals(
    disk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = large_jpeg()
    source = tmp_path / "kuva.jpg"
    source.write_bytes(data)
    lie(monkeypatch, LYING_DISKS[disk])
    with pytest.raises(PhotoFileError, match="read back from the disk differs"):
        write_copy(
            prepare_copy(source, RIGHTS, expected_sha256=file_hash(data)), source, tmp_path / "j"
        )
    with pytest.raises(PhotoFileError, match="read back from the disk differs"):
        write_rights(source, RIGHTS, expected_sha256=file_hash(data))
    assert source.read_bytes() == data
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("size", [0, 1, MEGABYTE - 1, MEGABYTE, 3 * MEGABYTE])
def test_hash_is_computed_from_the_data_read_back(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    assert replace_file(tmp_path / "kuva", content) == file_hash(content)
    assert (tmp_path / "kuva").read_bytes() == content


@pytest.mark.parametrize("variant", JPEG_VARIANTS)
@pytest.mark.parametrize("other", [*JPEG_VARIANTS, "another trailer", "a comment"])
def test_file_is_parsed_identically_with_any_similar_file(variant: str, other: str) -> None:
    data = full_jpeg(JPEG_VARIANTS[variant]())
    parts = split_jpeg(data, "")
    builds = {
        "another trailer": lambda: jpeg_file() + b"after" + EOI,
        "a comment": lambda: with_segments(jpeg_file(), segment(0xFE, b"here")),
    }
    alike = split_jpeg((JPEG_VARIANTS | builds)[other](), "")
    divided = split_jpeg(data, "", similar=alike)
    assert divided == parts
    assert [s.place for s in divided.segments] == [s.place for s in parts.segments]
    assert divided.scans == parts.scans


def test_every_changed_byte_after_the_first_scan_is_detected() -> None:
    copy = make_publishable(full_jpeg(), RIGHTS)
    whole = split_jpeg(copy.content, "")
    first = len(copy.content) - len(whole.scans)
    for place in range(first, len(copy.content)):
        damaged = bytearray(copy.content)
        damaged[place] ^= 1
        try:
            assert not is_valid_copy(bytes(damaged), copy, ""), place
        except PhotoFileError:
            continue


@pytest.mark.parametrize("more", [b"x", EOI, b"\xff\xda\0\2x" + EOI])
def test_nothing_may_follow_the_image_of_a_copy(more: bytes) -> None:
    copy = make_publishable(full_jpeg(), RIGHTS)
    assert not is_valid_copy(copy.content + more, copy, "")


def test_scans_are_searched_once_and_compared_without_copying() -> None:
    original = divided(large_jpeg(), "")
    written = divided(make_publishable(original.data, RIGHTS).content, "", similar=original)
    [mine], [theirs] = (
        [s.scan for s in each.parts.segments if s.scan] for each in (original, written)
    )
    assert theirs is mine


WORK = {
    "copy": "write_copy(prepare_copy(source, RIGHTS, expected_sha256=sha256), source, target)",
    "rights": "write_rights(source, RIGHTS, expected_sha256=sha256)",
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts bytes by /proc")
@pytest.mark.parametrize("act", WORK)
def test_files_are_read_once_and_read_back_once(act: str, tmp_path: Path) -> None:
    data = large_jpeg()
    source = tmp_path / "kuva.jpg"
    source.write_bytes(data)
    program = f"""
import sys
from pathlib import Path
from photoreg.imaging.writing.rewriting import write_rights
from photoreg.imaging.writing.copies import prepare_copy, write_copy
from tests.imaging.writing.test_embedding import RIGHTS
source, sha256 = Path({str(source)!r}), {file_hash(data)!r}
target = source.with_name("julkaistava.jpg")
opened = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
def bytes_read():
    return int(Path("/proc/self/io").read_text().split()[1])
before = bytes_read()
{WORK[act]}
print(bytes_read() - before, opened.count(str(source)), opened.count(str(target)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    count, of_source, of_target = map(int, done.stdout.split())
    written = source if act == "rights" else tmp_path / "julkaistava.jpg"
    whole = len(data) + written.stat().st_size
    assert whole <= count < whole + 64 * 1024
    # An original that is changed is opened once for locking and once for reading.
    assert (of_source, of_target) == ((1, 0) if act == "copy" else (2, 0))


def test_a_copy_needs_memory_for_itself_and_the_original_only(tmp_path: Path) -> None:
    data = large_jpeg()
    source = tmp_path / "kuva.jpg"
    source.write_bytes(data)
    sha256 = file_hash(data)
    tracemalloc.start()
    write_copy(prepare_copy(source, RIGHTS, expected_sha256=sha256), source, tmp_path / "j.jpg")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * len(data) + 2 * MEGABYTE


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        packet(rdf(FOREIGN)),
        packet(rdf(FOREIGN), "utf-16"),
        packet(rdf(FOREIGN, description("<photoshop:Credit>x</photoshop:Credit>"), FOREIGN)),
        packet(rdf(description(f"<dc:creator>{CREATORS}</dc:creator>"), FOREIGN)),
        packet(rdf(description(attributes='photoshop:Credit="old" xmpRights:Marked="True"'))),
        packet(rdf('<rdf:Description rdf:about="" photoshop:Credit="old"/>')),
        packet(rdf()),
    ],
    ids=["new", "one", "UTF-16", "twice", "two", "attributes", "closed at once", "empty"],
)
def test_joint_edits_equal_successive_edits(raw: bytes) -> None:
    wanted = RIGHTS.values()
    alone = raw
    for field, texts in wanted.items():
        alone = edit_packet(alone, {field: texts})
    assert edit_packet(raw, wanted) == alone
    assert edit_packet(alone, wanted) == alone
