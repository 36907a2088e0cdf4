"""The pictures of photos: small and large, upright, kept by content, and what stands instead."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select
from tests.web.desks import ServedDesk, User

from photoreg.registry.tables.people import Person
from photoreg.services.data_subjects.erasure import ErasureGround, erase
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.details import show_photo
from photoreg.services.photos.forgetting import forget_photos
from photoreg.services.photos.registration import register_files
from photoreg.services.photos.storing import RegisteredPhoto

SMALL = "/photos/P-1/small.jpg"


def file_of(desk: ServedDesk) -> Path:
    return Path(show_photo(desk.application("kaisa"), "P-1").path)


def kept(desk: ServedDesk) -> list[Path]:
    return [each for each in desk.desk.registry.pictures_folder.rglob("*") if each.is_file()]


def register(desk: ServedDesk, file: Path) -> str:
    [done] = register_files(desk.application("anna"), [file], PhotoAnswers(event="E-1"))
    assert isinstance(done, RegisteredPhoto)
    return f"P-{done.photo_id}"


@pytest.fixture
def own_file(folder: Path) -> Path:
    """A photo on its side, of 2000 × 1000 pixels, whose Exif data tell so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Aino"
    file = folder / "side.jpg"
    Image.effect_noise((2000, 1000), 60).convert("RGB").save(file, exif=exif)
    return file


@pytest.mark.parametrize(("size", "longest"), [("small", 320), ("large", 1600)])
def test_a_picture_is_upright_and_holds_nothing_hidden(
    desk: ServedDesk, anna: User, own_file: Path, size: str, longest: int
) -> None:
    photo = register(desk, own_file)
    sent = anna.get(f"/photos/{photo}/{size}.jpg")
    with Image.open(BytesIO(sent.response.data)) as picture:
        assert picture.size == (longest // 2, longest)
        assert not picture.getexif()
    assert sent.headers["Content-Type"] == "image/jpeg"


def test_pictures_are_kept_in_a_private_folder(desk: ServedDesk, anna: User) -> None:
    first = anna.get(SMALL).response.data
    [picture] = kept(desk)
    assert picture.read_bytes() == first == anna.get(SMALL).response.data
    assert desk.desk.registry.pictures_folder.stat().st_mode & 0o777 == 0o700
    picture.write_bytes(b"")  # damaged by a full disk: it is made again
    assert anna.get(SMALL).response.data == first


def test_erasure_and_forgetting_leave_no_picture(
    desk: ServedDesk, anna: User, own_file: Path
) -> None:
    photo = register(desk, own_file)
    for change in (
        lambda: forget_photos(desk.application("kaisa"), [photo]),
        lambda: erase(desk.application("kaisa"), "H-1", ErasureGround.NOT_NEEDED),
    ):
        anna.get(SMALL)
        assert kept(desk)
        change()
        assert not kept(desk)


@pytest.mark.parametrize("content", [None, b"<html>", b"GIF89a"])
def test_for_a_missing_or_changed_file_a_picture_tells_so(
    desk: ServedDesk, anna: User, own_file: Path, content: bytes | None
) -> None:
    photo = register(desk, own_file)
    address = f"/photos/{photo}/small.jpg"
    anna.get(address)
    if content is None:
        own_file.unlink()
    else:
        own_file.write_bytes(content)
        os.utime(own_file, (1, 1))
    sent = anna.get(address)
    assert sent.status == 404
    assert sent.headers["Content-Type"].startswith("image/svg+xml")
    assert f"{photo} The file is missing, changed or damaged" in sent.text
    assert anna.get(f"/photos/{photo}").status == 200


def test_the_picture_of_another_unit_is_withheld(berit: User, anna: User) -> None:
    anna.get(SMALL)
    sent = berit.get(SMALL)
    assert sent.status == 403
    assert "Photo of another unit" in sent.text


def test_what_a_picture_shows_is_told_in_words_without_names(desk: ServedDesk, anna: User) -> None:
    page = anna.get("/photos/P-1")
    [picture] = page.html.select("figure img")
    assert str(picture["alt"]).startswith("The photo P-1: ")
    grid = anna.get("/events/E-1")
    alts = [str(each["alt"]) for each in grid.html.select(".grid img")]
    assert alts
    assert all(alt.startswith("The photo P-") for alt in alts)
    with desk.application("kaisa").reading() as work:
        names = set(work.session.exec(select(Person.name)))
    assert not [name for name in names for alt in (*alts, picture["alt"]) if name in alt]
