"""Pictures found somewhere: which registered photo they are, and whether they may be there."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.imaging.builders import COPYRIGHT, full_jpeg
from tests.imaging.pictures.test_likeness import scene
from tests.services.scenes import (
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    register_photo,
)

from photoreg.errors import NotFound
from photoreg.rulebook.facts import Confidentiality, People
from photoreg.services.application import Application
from photoreg.services.decisions import approval
from photoreg.services.photos import answers, matching
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.matching import Match, MatchMethod, MatchVerdict, UnreadablePicture
from photoreg.services.publications import publishing

SIZE = (1_200, 900)
URL = "https://kunta.example/uutinen"


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    content = BytesIO()
    image.save(content, "JPEG", quality=quality)
    return content.getvalue()


def webp(image: Image.Image) -> bytes:
    content = BytesIO()
    image.save(content, "WEBP", quality=60)
    return content.getvalue()


@pytest.fixture
def street(application_for: ApplicationFor, tmp_path: Path) -> str:
    """P-1 may be published; two other photos are registered beside it."""
    add_photographer(application_for("anna"))
    notice = COPYRIGHT.encode()
    for seed in (1, 2, 3):
        content = full_jpeg(jpeg(scene(seed, SIZE))).replace(notice, b" " * len(notice))
        register_photo(application_for("anna"), tmp_path, name=f"{seed}.jpg", content=content)
    return "P-1"


def matches(
    application: Application, path: Path, channel: str | None = PAGE_USE.channel
) -> list[Match]:
    found = list(matching.match_pictures(application, [path], channel))
    return [each for each in found if isinstance(each, Match)]


@pytest.mark.parametrize(
    ("change", "likewise"),
    {
        "resized": (lambda image: jpeg(image.resize((640, 480)), 80), MatchMethod.SIMILAR),
        "compressed": (lambda image: jpeg(image, 40), MatchMethod.SIMILAR),
        "WebP": (webp, MatchMethod.SIMILAR),
        "cropped all round": (
            lambda image: jpeg(image.crop((30, 22, 1_170, 878)).resize((640, 480)), 60),
            MatchMethod.CROPPED,
        ),
        "cropped at one side": (
            lambda image: jpeg(image.crop((60, 0, 1_200, 900)), 60),
            MatchMethod.CROPPED,
        ),
        "metadata gone": (jpeg, MatchMethod.PICTURE),
    }.values(),
    ids=(
        "resized",
        "compressed",
        "WebP",
        "cropped all round",
        "cropped at one side",
        "no metadata",
    ),
)
def test_a_picture_from_the_web_leads_to_its_photo(
    street: str,
    application_for: ApplicationFor,
    tmp_path: Path,
    change: Callable[[Image.Image], bytes],
    likewise: MatchMethod,
) -> None:
    saved = tmp_path / "saved.jpg"
    saved.write_bytes(change(scene(1, SIZE)))
    [found] = matches(application_for("tarja"), saved)
    assert (found.photo, found.method) == (street, likewise)
    assert found.verdict is MatchVerdict.ALLOWED
    assert found.photo_file == ""  # the auditor sees no names


@pytest.mark.usefixtures("street")
def test_a_picture_of_nothing_registered_is_unknown(
    application: Application, tmp_path: Path
) -> None:
    saved = tmp_path / "other.jpg"
    saved.write_bytes(jpeg(scene(99, SIZE)))
    [found] = matches(application, saved)
    assert (found.verdict, found.photo) == (MatchVerdict.UNKNOWN, None)


@pytest.mark.usefixtures("street")
def test_a_picture_with_too_little_to_see_is_not_compared(
    application: Application, tmp_path: Path
) -> None:
    saved = tmp_path / "white.jpg"
    saved.write_bytes(jpeg(Image.new("RGB", SIZE, "white")))
    [found] = matches(application, saved)
    assert found.verdict is MatchVerdict.NOT_COMPARED


def test_what_was_allowed_once_and_is_not_now_is_no_longer_allowed(
    street: str, application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.jpg"
    saved.write_bytes(jpeg(scene(1, SIZE), 50))
    approval.approve(application_for("anna"), [street], PAGE_USE)
    publishing.add_publication(application_for("anna"), [street], PAGE_USE, address=URL)
    [found] = matches(application, saved, None)
    assert (found.verdict, found.allowed_on) == (MatchVerdict.ALLOWED, (PAGE_USE.channel,))
    answers.answer(application_for("anna"), [street], PhotoAnswers(people=People.UNSURE))
    [found] = matches(application, saved, None)
    assert (found.verdict, found.not_on) == (MatchVerdict.NO_LONGER, (PAGE_USE.channel,))
    assert found.codes == ("PE_RECOGNISABILITY_UNSURE",)


@pytest.mark.parametrize(
    ("answered", "verdict"),
    [
        (PhotoAnswers(people=People.UNSURE), MatchVerdict.UNCLEAR),
        (PhotoAnswers(confidentiality=Confidentiality.INTERNAL), MatchVerdict.NOT_ALLOWED),
    ],
)
def test_what_was_never_allowed_is_distinguished(
    answered: PhotoAnswers,
    verdict: MatchVerdict,
    street: str,
    application_for: ApplicationFor,
    tmp_path: Path,
) -> None:
    answers.answer(application_for("anna"), [street], answered)
    [found] = matches(application_for("anna"), tmp_path / "1.jpg")
    assert (found.verdict, found.method) == (verdict, MatchMethod.FILE)


@pytest.mark.usefixtures("street")
def test_without_a_channel_every_one_is_asked_about(
    application: Application, tmp_path: Path
) -> None:
    [found] = matches(application, tmp_path / "1.jpg", None)
    assert PAGE_USE.channel in found.allowed_on
    assert found.verdict is MatchVerdict.ALLOWED


@pytest.mark.usefixtures("street")
def test_a_bad_file_is_reported_and_an_unknown_channel_refused(
    application: Application, tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (folder / "b.jpg").write_bytes(jpeg(scene(2, SIZE), 50))
    bad, good = matching.match_pictures(application, [folder], PAGE_USE.channel)
    assert isinstance(bad, UnreadablePicture)
    assert isinstance(good, Match)
    assert good.photo == "P-2"
    with pytest.raises(NotFound):
        list(matching.match_pictures(application, [folder], "nowhere"))


def test_a_photo_of_which_the_verdict_is_unclear_is_called_unclear(
    application: Application, street: str, tmp_path: Path
) -> None:
    unsure = PhotoAnswers(confidentiality=Confidentiality.UNSURE)
    answers.answer(application, [street], unsure)
    [match] = matches(application, tmp_path / "1.jpg")
    assert match.verdict is MatchVerdict.UNCLEAR
