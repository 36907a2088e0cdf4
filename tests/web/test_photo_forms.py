"""Forms about photos: what is removed, forgotten, written or answered, with the picture beside."""

from pathlib import Path

import pytest
from tests.imaging.builders import jpeg_named
from tests.services.scenes import EMPTY_STREET, add_photographer, register_photo
from tests.web.desks import ServedDesk, User

from photoreg.services.decisions.flags import show_flag
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.details import show_photo


def test_the_picture_stands_beside_the_form(anna: User) -> None:
    page = anna.get("/do/photo_flag?photo=P-1")
    assert page.html.select_one('img[src="/photos/P-1/small.jpg"]')


def test_somebody_outside_the_registry_objects(anna: User, kaisa: User, desk: ServedDesk) -> None:
    page = anna.get("/do/photo_flag?photo=P-1")
    sent = anna.send(page, "Stop the photos", reason="Own yard.", objector="Olli 040 1234567")
    assert "P-1 is stopped: flag F-2, to be resolved by" in anna.follow(sent).main
    assert "Olli 040 1234567" in kaisa.get("/flags/F-2").main
    assert show_flag(desk.application("kaisa"), "F-2").row.by == "outsider"


def test_who_objects_is_named_once(anna: User) -> None:
    page = anna.get("/do/photo_flag?photo=P-1")
    sent = anna.send(page, "Stop the photos", reason="No.", by="H-3", objector="Olli")
    assert sent.status == 422
    assert anna.get("/flags/F-2").status == 404


def test_who_is_not_shown_is_removed_and_asked_about_again(anna: User, kaisa: User) -> None:
    page = anna.get("/do/photo_untag?photo=P-1&person=H-3")
    sent = anna.send(page, "Remove who is not shown")
    assert "P-1: 1 removed." in anna.follow(sent).main
    assert kaisa.get("/second-looks?photo=P-1").status == 200


def test_somebody_must_be_named_to_be_removed(anna: User) -> None:
    sent = anna.send(anna.get("/do/photo_untag?photo=P-1"), "Remove who is not shown")
    assert sent.status == 422
    assert "nobody is named" in sent.main


@pytest.fixture
def mistake(desk: ServedDesk, tmp_path: Path) -> str:
    """A photo about which nothing is said."""
    content = jpeg_named("mistake")
    return register_photo(
        desk.application("anna"), tmp_path, PhotoAnswers(), "mistake.jpg", content
    )


def test_a_photo_registered_by_mistake_is_forgotten(anna: User, mistake: str) -> None:
    page = anna.get(f"/do/photo_forget?photo={mistake}&back=/photos/{mistake}")
    assert "This cannot be taken back." in page.main
    sent = anna.send(page, "Take the photo out of the registry")
    assert f"{mistake} is no longer in the registry." in anna.follow(sent).main
    assert anna.get(f"/photos/{mistake}").status == 404


def test_a_photo_that_was_published_is_not_forgotten(anna: User) -> None:
    sent = anna.send(anna.get("/do/photo_forget?photo=P-1"), "Take the photo out of the registry")
    assert sent.status == 422
    assert anna.get("/photos/P-1").status == 200


def test_the_rights_are_written_into_the_file(anna: User, desk: ServedDesk, tmp_path: Path) -> None:
    application = desk.application("anna")
    add_photographer(application)
    photo = register_photo(application, tmp_path, EMPTY_STREET, "own.jpg", jpeg_named("own"))
    before = show_photo(application, photo).sha256
    sent = anna.send(
        anna.get(f"/do/metadata_write?photo={photo}"), "Write the rights into the file"
    )
    assert f"{photo}: written into the file; the image is unchanged." in anna.follow(sent).main
    assert show_photo(application, photo).sha256 != before


def test_photos_that_nothing_looks_like_have_no_series(anna: User) -> None:
    page = anna.get("/do/photo_series?photo=P-1")
    assert page.status == 422
    assert "no other registered photo looks like P-1" in page.main
