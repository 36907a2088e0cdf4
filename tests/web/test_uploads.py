"""Photos that are sent to the desk: registered into an event, looked up, kept by content."""

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlmodel import select
from tests.web.desks import Page, ServedDesk, User

from photoreg.named_files import plain_file_name
from photoreg.registry.tables.photos import Photo
from photoreg.services.photos import uploads
from photoreg.services.photos.forgetting import forget_photos

EVENT = "/events/E-1"
BUTTON = "Register the photos"


def picture(seed: int = 0, size: tuple[int, int] = (600, 400)) -> bytes:
    """Return a JPEG photo that looks like no other."""
    colours = [(seed * 53 + place * 29) % 256 for place in range(48)]
    small = Image.frombytes("RGB", (4, 4), bytes(colours))
    content = BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(content, "JPEG", quality=95)
    return content.getvalue()


def file(content: bytes, name: str = "kuva.jpg") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def send(user: User, *files: tuple[BytesIO, str], **fields: Any) -> Page:
    return user.send(user.get(EVENT), BUTTON, file=list(files), **fields)


def send_by_script(user: User, *files: tuple[BytesIO, str]) -> Page:
    data = {"token": user.token, "event": "E-1", "file": list(files)}
    return Page(user.client.post("/upload", data=data, headers={"Accept": "application/json"}))


def photos(desk: ServedDesk) -> list[Photo]:
    with desk.application("kaisa").reading() as work:
        return list(work.session.exec(select(Photo).order_by(Photo.id)))  # type: ignore[arg-type]


def kept(desk: ServedDesk) -> list[Path]:
    return [each for each in desk.desk.photos_folder.rglob("*") if each.is_file()]


def test_photos_are_registered_into_the_event_and_kept_by_content(
    desk: ServedDesk, anna: User
) -> None:
    before = len(photos(desk))
    sent = send(anna, file(picture(1), "Kevät 1.jpg"), file(picture(2), "Kevät 2.jpg"))
    page = anna.follow(sent)
    assert "Registered: 2. Already in the registry: 0. Failed: 0." in page.text
    new = photos(desk)[before:]
    assert [each.file_name for each in new] == ["Kevät 1.jpg", "Kevät 2.jpg"]
    assert {each.event_id for each in new} == {1}
    assert {Path(each.path) for each in new} == {*kept(desk)}
    for each in new:
        path = Path(each.path)
        assert path.relative_to(desk.desk.photos_folder).as_posix() == (
            f"{each.sha256[:2]}/{each.sha256}.jpg"
        )
        assert path.stat().st_mode & 0o777 == 0o600
    assert desk.desk.photos_folder.stat().st_mode & 0o777 == 0o700


def test_what_is_open_about_sent_photos_is_asked_at_once(anna: User) -> None:
    page = anna.follow(send(anna, file(picture(1)), file(picture(2))))
    steps = [each for each in page.addresses if each.startswith("/do/photo_answer")]
    assert steps
    assert anna.get(steps[0]).status == 200


def test_a_photo_that_is_sent_again_is_known_and_kept_once(desk: ServedDesk, anna: User) -> None:
    send(anna, file(picture(1), "eka.jpg"), file(picture(1), "toka.jpg"))
    count = len(photos(desk))
    page = anna.follow(send(anna, file(picture(1), "kolmas.jpg")))
    assert "Registered: 0. Already in the registry: 1." in page.text
    assert len(photos(desk)) == count
    assert len(kept(desk)) == 1


REFUSED = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "page.jpg": b"<html><body>no photo</body></html>",
    "empty.jpg": b"",
    "cut.jpg": picture(3)[:2000],
    "photo.gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,",
    "bomb.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_by_name_and_the_rest_is_kept(
    desk: ServedDesk, anna: User, name: str
) -> None:
    before = len(photos(desk))
    sent = send(anna, file(REFUSED[name], name), file(picture(1), "hyva.jpg"))
    assert sent.status == 422
    assert "Registered: 1. Already in the registry: 0. Failed: 1." in sent.main
    assert name in sent.main
    assert [each.file_name for each in photos(desk)[before:]] == ["hyva.jpg"]
    assert len(kept(desk)) == 1


def test_a_script_is_told_what_became_of_each_file(anna: User) -> None:
    sent = send_by_script(anna, file(picture(1)), file(b"<html>", "sivu.html"))
    assert sent.status == 200
    assert sent.response.json is not None
    good, bad = sent.response.json["files"]
    assert re.fullmatch(r"P-\d+", good["photo"])
    assert not good["is_refused"]
    assert bad["is_refused"]
    assert bad["text"].startswith("sivu.html: this is not a photo")


NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini": "win.ini",
    "/etc/x.jpg": "x.jpg",
    "C:\\Users\\anna\\kuva.jpg": "kuva.jpg",
    "..": "file",
    ".": "file",
    "": "file",
    "a\x00b\n\r\tc.jpg": "abc.jpg",
    "\u202egpj.exe": "gpj.exe",
    "\ud800.jpg": "jpg",
    "CON": "_CON",
    "nul.jpg": "_nul.jpg",
    "LPT1.txt.jpg": "_LPT1.txt.jpg",
    "COM¹.jpg": "_COM¹.jpg",
    "CONIN$": "_CONIN$",
    'a<b>:"|?*.jpg': "a_b______.jpg",
    "trailing. . .": "trailing",
    ".hidden.jpg": "hidden.jpg",
    "Áile 1.jpg": "Áile 1.jpg",
}


@pytest.mark.parametrize("sent", [*NAMES, "x" * 300 + ".jpg", "🌲" * 300 + ".jpg", "a/" * 150])
def test_a_name_that_is_sent_is_never_a_path(sent: str, tmp_path: Path) -> None:
    name = plain_file_name(sent)
    assert name == NAMES.get(sent, name)
    assert name.isprintable()
    assert len(name.encode()) <= 240
    (tmp_path / name).write_bytes(b"")
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["../../x.jpg", "nul.jpg", "🌲" * 300 + ".jpg", "a\x01\x07.jpg"])
def test_photos_are_registered_whatever_their_names(
    desk: ServedDesk, anna: User, name: str, folder: Path
) -> None:
    files = {each for each in folder.iterdir() if "registry.db" not in each.name}
    sent = send_by_script(anna, file(picture(1), name))
    assert sent.response.json is not None
    assert not sent.response.json["files"][0]["is_refused"]
    assert [each.name for each in kept(desk)] == [photos(desk)[-1].sha256 + ".jpg"]
    assert {each for each in folder.iterdir() if "registry.db" not in each.name} == files


def test_too_many_files_at_once_are_refused_whole(
    desk: ServedDesk, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoreg.web.uploads.files.MOST_FILES", 1)
    sent = send(anna, file(picture(1)), file(picture(2)))
    assert sent.status == 422
    assert "2 files were sent, and 1 at most are taken at once" in sent.main
    assert not kept(desk)


def test_no_file_is_told(anna: User) -> None:
    sent = anna.send(anna.get("/upload"), BUTTON, event="E-1", file=file(b"", ""))
    assert sent.status == 422
    assert "no file was sent" in sent.main


def test_an_event_that_there_is_not_keeps_nothing(desk: ServedDesk, anna: User) -> None:
    sent = anna.send(anna.get("/upload"), BUTTON, event="E-99", file=file(picture(1)))
    assert sent.status == 422
    assert "E-99" in sent.main
    assert not kept(desk)


def test_what_cannot_be_stored_leaves_nothing_half_written(desk: ServedDesk, folder: Path) -> None:
    before = len(photos(desk))
    blocked = folder / "no-folder"
    blocked.write_bytes(b"")
    served = desk.as_changed(photos=blocked / "photos")
    user = served.sign_in("anna")
    sent = send_by_script(user, file(picture(1)))
    assert sent.status == 503
    assert sent.response.json is not None
    assert "cannot be kept" in sent.response.json["error"]
    assert len(photos(desk)) == before


def test_a_disk_that_is_full_as_a_request_is_read_is_told(
    desk: ServedDesk, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_all: object, **_more: object) -> None:
        raise OSError(28, os.strerror(28))

    page = anna.get(EVENT)
    monkeypatch.setattr("werkzeug.wrappers.Request._get_file_stream", full)
    sent = anna.send(page, BUTTON, file=file(picture(1)))
    assert sent.status == 503
    assert "what was sent cannot be kept: the disk is full" in sent.main
    assert not kept(desk)


def test_a_photo_that_cannot_be_recorded_leaves_no_file(
    desk: ServedDesk, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_all: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(uploads, "register_readings", fail)
    sent = send_by_script(anna, file(picture(1)))
    assert sent.status == 503
    assert not kept(desk)


def test_forgetting_a_sent_photo_deletes_its_file(desk: ServedDesk, anna: User) -> None:
    send(anna, file(picture(1)))
    [photo] = forget_photos(desk.application("kaisa"), [f"P-{photos(desk)[-1].id}"])
    assert photo.is_deleted
    assert not kept(desk)


def test_whoever_records_nothing_sends_nothing(desk: ServedDesk, tarja: User) -> None:
    assert BUTTON not in tarja.get(EVENT).buttons
    assert tarja.get("/upload").status == 403
    sent = tarja.post("/upload", event="E-1", file=file(picture(1)))
    assert sent.status == 403
    assert not kept(desk)


def test_a_version_is_sent(desk: ServedDesk, anna: User) -> None:
    send(anna, file(picture(1)))
    original = f"P-{photos(desk)[-1].id}"
    form = anna.get(f"/do/photo_add_version?photo={original}")
    page = anna.follow(anna.send(form, "Add a version", file=file(picture(7), "rajattu.jpg")))
    version = photos(desk)[-1]
    assert f"P-{version.id} registered as a version of {original}" in page.text
    assert version.file_name == "rajattu.jpg"
    assert Path(version.path) in kept(desk)
    again = anna.send(form, "Add a version", file=file(picture(7)))
    assert again.status == 422
    assert len(kept(desk)) == 2


def test_a_dropped_picture_is_looked_up_and_nothing_is_kept(desk: ServedDesk, anna: User) -> None:
    send(anna, file(picture(1, (1200, 800))))
    known = f"P-{photos(desk)[-1].id}"
    count, files = len(photos(desk)), len(kept(desk))
    small = picture(1, (600, 400))
    page = anna.send(
        anna.get("/"),
        "May these be published?",
        file=[file(small, "verkosta.jpg"), file(picture(5), "vieras.jpg"), file(b"<", "a.html")],
    )
    assert page.status == 200
    assert f"verkosta.jpg not allowed {known}" in page.main
    assert "vieras.jpg unknown" in page.main
    assert "a.html: this is not a photo" in page.main
    assert "Register photos" in page.links
    assert (len(photos(desk)), len(kept(desk))) == (count, files)
