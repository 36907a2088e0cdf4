"""Pictures found somewhere: which registered photo they are, and whether they may be there."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.imaging.builders import COPYRIGHT, secretive_jpeg
from tests.imaging.pictures.test_likeness import scene
from tests.services.scenes import (
    PAGE,
    AtWork,
    a_photo,
    a_photographer,
)

from photoreg.errors import NotFound
from photoreg.rulebook.facts import People
from photoreg.services.decisions import approval
from photoreg.services.photos import answers, matching
from photoreg.services.photos.answers import Answers
from photoreg.services.photos.matching import Allowed, Likewise, Match, Unreadable
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

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
def street(at_work: AtWork, tmp_path: Path) -> str:
    """P-1 may be published; two other photos are registered beside it."""
    a_photographer(at_work("anna"))
    notice = COPYRIGHT.encode()
    for seed in (1, 2, 3):
        content = secretive_jpeg(jpeg(scene(seed, SIZE))).replace(notice, b" " * len(notice))
        a_photo(at_work("anna"), tmp_path, name=f"{seed}.jpg", content=content)
    return "P-1"


def matches(workplace: Workplace, path: Path, channel: str | None = PAGE.channel) -> list[Match]:
    found = list(matching.match(workplace, [path], channel))
    return [each for each in found if isinstance(each, Match)]


@pytest.mark.parametrize(
    ("change", "likewise"),
    {
        "resized": (lambda image: jpeg(image.resize((640, 480)), 80), Likewise.LOOKS),
        "compressed": (lambda image: jpeg(image, 40), Likewise.LOOKS),
        "WebP": (webp, Likewise.LOOKS),
        "cropped all round": (
            lambda image: jpeg(image.crop((30, 22, 1_170, 878)).resize((640, 480)), 60),
            Likewise.CROPPED,
        ),
        "cropped at one side": (
            lambda image: jpeg(image.crop((60, 0, 1_200, 900)), 60),
            Likewise.CROPPED,
        ),
        "metadata gone": (jpeg, Likewise.PICTURE),
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
    at_work: AtWork,
    tmp_path: Path,
    change: Callable[[Image.Image], bytes],
    likewise: Likewise,
) -> None:
    saved = tmp_path / "saved.jpg"
    saved.write_bytes(change(scene(1, SIZE)))
    [found] = matches(at_work("tarja"), saved)
    assert (found.photo, found.likewise) == (street, likewise)
    assert found.verdict is Allowed.ALLOWED
    assert found.photo_file == ""  # the auditor sees no names


@pytest.mark.usefixtures("street")
def test_a_picture_of_nothing_registered_is_unknown(workplace: Workplace, tmp_path: Path) -> None:
    saved = tmp_path / "other.jpg"
    saved.write_bytes(jpeg(scene(99, SIZE)))
    [found] = matches(workplace, saved)
    assert (found.verdict, found.photo) == (Allowed.UNKNOWN, None)


@pytest.mark.usefixtures("street")
def test_a_picture_with_too_little_to_see_is_not_compared(
    workplace: Workplace, tmp_path: Path
) -> None:
    saved = tmp_path / "white.jpg"
    saved.write_bytes(jpeg(Image.new("RGB", SIZE, "white")))
    [found] = matches(workplace, saved)
    assert found.verdict is Allowed.NOT_COMPARED


def test_what_was_allowed_once_and_is_not_now_is_no_longer_allowed(
    street: str, at_work: AtWork, workplace: Workplace, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.jpg"
    saved.write_bytes(jpeg(scene(1, SIZE), 50))
    approval.approve(at_work("anna"), [street], PAGE)
    publishing.add_publication(at_work("anna"), street, PAGE, address=URL)
    [found] = matches(workplace, saved, None)
    assert (found.verdict, found.allowed_on) == (Allowed.ALLOWED, (PAGE.channel,))
    answers.answer(at_work("anna"), [street], Answers(people=People.UNSURE))
    [found] = matches(workplace, saved, None)
    assert (found.verdict, found.not_on) == (Allowed.NO_LONGER, (PAGE.channel,))
    assert found.codes == ("PE_RECOGNISABILITY_UNSURE",)


def test_what_was_never_allowed_is_told_apart(street: str, at_work: AtWork, tmp_path: Path) -> None:
    answers.answer(at_work("anna"), [street], Answers(people=People.UNSURE))
    [found] = matches(at_work("anna"), tmp_path / "1.jpg")
    assert (found.verdict, found.likewise) == (Allowed.NOT_ALLOWED, Likewise.FILE)


@pytest.mark.usefixtures("street")
def test_without_a_channel_every_one_is_asked_about(workplace: Workplace, tmp_path: Path) -> None:
    [found] = matches(workplace, tmp_path / "1.jpg", None)
    assert PAGE.channel in found.allowed_on
    assert found.verdict is Allowed.ALLOWED


@pytest.mark.usefixtures("street")
def test_a_bad_file_is_told_of_and_an_unknown_channel_refused(
    workplace: Workplace, tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (folder / "b.jpg").write_bytes(jpeg(scene(2, SIZE), 50))
    bad, good = matching.match(workplace, [folder], PAGE.channel)
    assert isinstance(bad, Unreadable)
    assert isinstance(good, Match)
    assert good.photo == "P-2"
    with pytest.raises(NotFound):
        list(matching.match(workplace, [folder], "nowhere"))
