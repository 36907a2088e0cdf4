"""Which files are photos, and which are refused."""

import os
from pathlib import Path

import pytest
from PIL import Image
from tests.imaging.builders import KINDS, encoded, jpeg_file

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.detection import detect_format
from photoreg.imaging.containers.formats import MAX_FILE_BYTES, MAX_PIXELS, photo_files, read_bytes
from photoreg.imaging.pictures.identity import file_hash


@pytest.mark.parametrize("kind", KINDS)
def test_format_is_detected_by_content(kind: str) -> None:
    assert detect_format(KINDS[kind](), "kuva.bin") == kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"Hei maailma", "is not a photo"),
        (encoded("GIF", "P"), "is not a photo"),
        (b"II+\0\x08\0\0\0", "BigTIFF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "is not a photo"),
    ],
    ids=["empty", "text", "GIF", "BigTIFF", "film"],
)
def test_other_files_are_refused_with_a_clear_message(data: bytes, words: str) -> None:
    with pytest.raises(PhotoFileError, match=words) as refusal:
        detect_format(data, "kuva.jpg")
    assert str(refusal.value).startswith("kuva.jpg: ")
    assert refusal.value.hint


def test_pixel_limit_equals_the_limit_of_pillow() -> None:
    assert Image.MAX_IMAGE_PIXELS == MAX_PIXELS


def test_file_over_the_limit_is_refused_without_reading(tmp_path: Path) -> None:
    path = tmp_path / "suuri.jpg"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # a sparse file takes no disk space
    with pytest.raises(PhotoFileError, match="larger than 512 megabytes"):
        read_bytes(path)


def test_missing_file_folder_and_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "putki.jpg")
    (tmp_path / "kansio.jpg").mkdir()
    for name, words in (
        ("puuttuu.jpg", "there is no such file"),
        ("kansio.jpg", "this is a folder"),
        ("putki.jpg", "not an ordinary file"),
        ("kansio.jpg/kuva.jpg", "there is no such file"),
        ("k" * 300, "cannot be read"),
    ):
        with pytest.raises(PhotoFileError, match=words):
            read_bytes(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read every file")
def test_file_and_folder_without_permission_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "salainen"
    secret.mkdir()
    (secret / "kuva.jpg").write_bytes(jpeg_file())
    secret.chmod(0)
    try:
        with pytest.raises(PhotoFileError, match="no right to read"):
            read_bytes(secret / "kuva.jpg")
        with pytest.raises(PhotoFileError, match="folder cannot be opened"):
            list(photo_files(tmp_path))
    finally:
        secret.chmod(0o700)


def test_a_file_path_yields_itself_whatever_its_extension(tmp_path: Path) -> None:
    path = tmp_path / "kuva.tmp"
    path.write_bytes(b"")
    assert list(photo_files(path)) == [str(path)]


def test_a_folder_yields_its_photos_in_order(tmp_path: Path) -> None:
    wanted = ["B.JPG", "a/Ŋ.jpeg", "a/x.jpe", "b.png", "c.TIF", "d.tiff", "e.webp", "f.heic"]
    for name in [*wanted, "muistio.txt", ".piilo.jpg", ".piilo/g.jpg", "kuva.jpg.bak"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "a" / "ympyrä").symlink_to(tmp_path)
    found = [Path(path).relative_to(tmp_path).as_posix() for path in photo_files(tmp_path)]
    assert sorted(found) == sorted(wanted)
    assert found == [
        path.relative_to(tmp_path).as_posix() for path in sorted(map(Path, photo_files(tmp_path)))
    ]


def test_missing_path_is_refused_when_searched(tmp_path: Path) -> None:
    with pytest.raises(PhotoFileError, match="there is no such file"):
        list(photo_files(tmp_path / "puuttuu"))


def test_file_hash_is_sha256() -> None:
    assert file_hash(b"abc").startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")
