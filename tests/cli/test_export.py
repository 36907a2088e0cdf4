"""`export`: the copy that may go out, and what is said when there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.imaging.builders import encoded
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.imaging.reading import describe_metadata
from photoreg.services.application import Application
from photoreg.services.publications import export

Run = Callable[..., Result]
CHANNEL = ("--channel", PAGE_USE.channel)


@pytest.fixture
def street(anna: Application, tmp_path: Path) -> str:
    """A photo that may be published."""
    add_photographer(anna)
    return register_photo(anna, tmp_path)


@pytest.fixture
def unclear(anna: Application, street: str, tmp_path: Path) -> str:
    assert street
    photo = register_photo(anna, tmp_path, MARKET, "market.jpg")
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    return photo


def test_export_prints_where_the_copy_is_and_what_is_not_in_it(
    run: Run, street: str, tmp_path: Path
) -> None:
    result = run("export", street, *CHANNEL, "-o", tmp_path / "copies", login="anna")

    copy = tmp_path / "copies" / "P-1.jpg"
    assert result.stdout.splitlines() == [str(copy)]
    assert describe_metadata(copy)["Copyright"] == f"© {PHOTOGRAPHER_NAME}"
    for words in ("where it was taken", "the camera's serial number", "the small preview"):
        assert words in result.stderr


def test_export_of_several_says_once_what_is_not_in_the_copies(
    run: Run, street: str, anna: Application, tmp_path: Path
) -> None:
    other = register_photo(anna, tmp_path, name="toinen.jpg")
    result = run("export", street, other, *CHANNEL, "-o", tmp_path / "copies", login="anna")

    assert len(result.stdout.splitlines()) == 2
    assert result.stderr.count("where it was taken") == 1
    assert result.stderr.count("Removed from the copies") == 1


def test_export_again_writes_the_same_copy(run: Run, street: str, tmp_path: Path) -> None:
    words = ("export", street, *CHANNEL, "-o", tmp_path / "copies")
    first = Path(run(*words).stdout.strip()).read_bytes()
    assert Path(run(*words).stdout.strip()).read_bytes() == first


def test_export_goes_on_and_exits_with_the_worst_verdict(
    run: Run, street: str, unclear: str, anna: Application, tmp_path: Path
) -> None:
    words = ("export", unclear, street, street, *CHANNEL, "-o", tmp_path / "copies")
    result = run(*words, exit_code=4)
    assert "UNCLEAR" in result.stdout
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["P-1.jpg"]

    withdraw_consent(anna, "Elle Valkeapää")
    assert "CN_WITHDRAWN" in run(*words, exit_code=3).stdout


def test_export_of_what_may_not_be_published_any_more_says_to_delete_the_earlier_copy(
    run: Run, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "market.jpg")
    tag_person(anna, photo, elle := create_person(anna, "Elle Valkeapää"))
    record_consent(anna, elle)
    words = ("export", photo, *CHANNEL, "-o", tmp_path / "copies")
    copy = run(*words).stdout.strip()
    withdraw_consent(anna, elle)

    told = run(*words, exit_code=3).stderr
    assert f"{copy} is an earlier copy of P-1" in told
    assert "delete the file" in told
    assert Path(copy).exists()
    Path(copy).unlink()
    assert "delete" not in run(*words, exit_code=3).stderr


def test_export_of_one_file_that_fails_does_not_stop_the_others(
    run: Run, street: str, anna: Application, tmp_path: Path
) -> None:
    other = register_photo(anna, tmp_path, name="other.jpg")
    (tmp_path / "street.jpg").unlink()

    result = run("export", street, other, *CHANNEL, "-o", tmp_path / "copies", exit_code=10)

    assert "P-1: its file" in result.stderr
    assert result.stdout.strip().endswith("P-2.jpg")


def test_export_finds_a_moved_file_where_it_is_said_to_be(
    run: Run, street: str, tmp_path: Path
) -> None:
    moved = (tmp_path / "street.jpg").rename(tmp_path / "elsewhere.jpg")
    words = ("export", street, *CHANNEL, "-o", tmp_path / "copies")

    assert "--file" in run(*words, exit_code=7).stderr
    assert run(*words, "--file", moved).stdout.strip().endswith("P-1.jpg")


def test_export_knows_no_mode_that_would_soften_the_verdict(
    run: Run, unclear: str, tmp_path: Path
) -> None:
    words = ("export", unclear, *CHANNEL, "-o", tmp_path, "--mode", "link")
    assert "--mode" in run(*words, exit_code=2).stderr


@pytest.mark.parametrize("damage", [encoded("PNG"), b"", b"\xff\xd8\xff"])
def test_a_file_that_is_no_longer_the_photo_is_refused_until_it_is_back(
    damage: bytes, run: Run, street: str, tmp_path: Path
) -> None:
    file = tmp_path / "street.jpg"
    original = file.read_bytes()
    words = ("export", street, *CHANNEL, "-o", tmp_path / "copies")
    file.write_bytes(damage)
    refused = run(*words, exit_code=3).stdout
    assert "the picture itself (its file was never read, or has changed)" in refused
    assert "→ photoreg register FILE" in refused
    assert list(tmp_path.glob("copies/*")) == []
    file.write_bytes(original)
    assert run(*words).stdout.strip().endswith("P-1.jpg")


def test_copy_that_was_made_anew_says_so(
    run: Run, anna: Application, street: str, tmp_path: Path
) -> None:
    assert street
    photo = register_photo(anna, tmp_path, name="scan.tif", content=encoded("TIFF"))
    result = run("export", photo, *CHANNEL, "-o", tmp_path / "copies")
    assert result.stdout.strip().endswith("P-2.jpg")
    assert "a new JPEG image, 96 x 64 pixels, made from TIFF" in result.stderr
    result = run("export", "P-1", *CHANNEL, "-o", tmp_path / "copies", "--max-size", 48)
    assert "a new JPEG image, 48 x 32 pixels, made from JPEG" in result.stderr
    run("export", photo, *CHANNEL, "-o", "copies", "--max-size", 2, exit_code=2)


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("P-1", *CHANNEL, "-o", "missing/folder"), 7, "does not exist and cannot be created"),
        (("P-1", *CHANNEL, "-o", "street.jpg"), 7, "does not exist and cannot be created"),
        (("P-1", *CHANNEL), 2, "-o"),
        (("P-1", "-o", "copies"), 2, "--channel"),
        (("P-1", "P-2", *CHANNEL, "-o", "copies", "--file", "x.jpg"), 2, "one photo only"),
        (("P-99", *CHANNEL, "-o", "copies"), 6, "P-99"),
        (("P-1", "--channel", "nowhere", "-o", "copies"), 6, "nowhere"),
    ],
)
@pytest.mark.usefixtures("street")
def test_bad_input_is_reported(
    words: tuple[str, ...],
    exit_code: int,
    told: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert told in run("export", *words, exit_code=exit_code).stderr
    assert sorted(tmp_path.iterdir()) == before


def test_export_is_not_for_auditors(run: Run, street: str, tmp_path: Path) -> None:
    words = ("export", street, *CHANNEL, "-o", tmp_path / "copies")
    run(*words, login="tarja", exit_code=5)
    assert not (tmp_path / "copies").exists()


@pytest.mark.engines("sqlite")
def test_what_was_copied_before_the_registry_could_not_be_written_stays_and_is_reported(
    run: Run,
    street: str,
    anna: Application,
    tmp_path: Path,
    refuse_statement: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "BATCH_SIZE", 1)
    other = register_photo(anna, tmp_path, name="toinen.jpg")
    refuse_statement("INSERT ON ledger WHEN NEW.action = 'photo.exported' AND NEW.subject = 'P-2'")
    copies = tmp_path / "copies"
    result = run("export", street, other, *CHANNEL, "-o", copies, login="anna", exit_code=8)
    assert result.stdout.splitlines() == [str(copies / "P-1.jpg")]
    assert [file.name for file in copies.iterdir()] == ["P-1.jpg"]
    assert "were made and recorded" in result.stderr
