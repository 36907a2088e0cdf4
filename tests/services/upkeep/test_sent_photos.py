"""Photos that were sent to the desk, in the check, backup and restore of a registry."""

import os
import shutil
from pathlib import Path

import pytest
from tests.imaging.builders import full_jpeg
from tests.services.scenes import ApplicationFor

from photoreg.errors import RegistryError
from photoreg.imaging.reading import read_photo
from photoreg.registry.engines.database import Registry
from photoreg.registry.lookup import find_photo
from photoreg.services.application import Application
from photoreg.services.files.recognition import recognise_photos
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.details import show_photo
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.photos.uploads import SentFile, register_uploads
from photoreg.services.upkeep import maintenance

pytestmark = pytest.mark.engines("sqlite")  # about files


@pytest.fixture
def kaisa(application_for: ApplicationFor, tmp_path: Path) -> Application:
    """A registry to whose desk one photo was sent."""
    application = application_for("kaisa")
    send(application, tmp_path)
    return application


def send(application: Application, folder: Path) -> RegisteredPhoto:
    sent = folder / "sent.jpg"
    sent.write_bytes(full_jpeg())
    [done] = register_uploads(
        application,
        [SentFile(sent, "kevät.jpg")],
        PhotoAnswers(),
        application.registry.photos_folder,
    )
    sent.unlink()
    assert isinstance(done.result, RegisteredPhoto)
    return done.result


def file_of(application: Application) -> Path:
    return Path(show_photo(application, "P-1").path)


def faults(application: Application) -> list[str]:
    return [str(fault) for fault in maintenance.find_faults(application)]


def restored(backup: Path, path: Path) -> Application:
    path.parent.mkdir(exist_ok=True)
    maintenance.restore_backup(backup, path, "kaisa", replace=False)
    return Application(Registry.open(path), "kaisa", computer_login="kaisa")


def test_a_sound_registry_has_no_faults(kaisa: Application) -> None:
    assert faults(kaisa) == []


@pytest.mark.parametrize("content", [None, b"another picture"])
def test_a_missing_or_changed_file_is_found_and_mended_by_sending_it_again(
    kaisa: Application, content: bytes | None, tmp_path: Path
) -> None:
    file_of(kaisa).unlink()
    if content:
        file_of(kaisa).write_bytes(content)
    [told] = faults(kaisa)
    assert told == "photos that were sent to the desk have a missing or changed file: P-1"
    assert not send(kaisa, tmp_path).is_new
    assert faults(kaisa) == []


def test_a_file_on_which_no_photo_rests_is_found_once_it_is_not_new(kaisa: Application) -> None:
    name = "ab" * 32
    stray = kaisa.registry.photos_folder / "ab" / f"{name}.jpg"
    stray.parent.mkdir()
    stray.write_bytes(b"")
    assert faults(kaisa) == []
    os.utime(stray, (1, 1))
    [told] = faults(kaisa)
    assert str(stray) in told


def test_rights_that_were_written_into_a_sent_file_stay_when_it_is_sent_again(
    kaisa: Application, tmp_path: Path
) -> None:
    file = file_of(kaisa)
    file.write_bytes(full_jpeg(orientation=3))  # as if other metadata were written into it
    with kaisa.changing() as work:
        recognise_photos(work, [read_photo(file)._replace(sent_as="kevät.jpg")])
        assert find_photo(work.session, "P-1").file_name == "kevät.jpg"
    send(kaisa, tmp_path)
    assert file.read_bytes() == full_jpeg(orientation=3)
    assert faults(kaisa) == []


def test_a_backup_holds_the_files_and_brings_them_to_another_place(
    kaisa: Application, tmp_path: Path
) -> None:
    before = file_of(kaisa)
    target, manifest = maintenance.make_backup(kaisa, tmp_path / "backups")
    assert (manifest.photos, manifest.photos_missing) == (1, [])
    before.unlink()
    new = restored(target, tmp_path / "elsewhere" / "r.db")
    assert file_of(new) == new.registry.photos_folder / before.parent.name / before.name
    assert file_of(new).read_bytes() == full_jpeg()
    assert faults(new) == []
    new.registry.close()


def test_a_restore_leaves_the_files_that_stand_where_they_are_recorded(
    kaisa: Application, tmp_path: Path
) -> None:
    target, _manifest = maintenance.make_backup(kaisa, tmp_path / "backups")
    new = restored(target, tmp_path / "elsewhere" / "r.db")
    assert file_of(new) == file_of(kaisa)
    assert not new.registry.photos_folder.exists()
    new.registry.close()


def test_a_backup_without_one_of_its_files_is_not_restored(
    kaisa: Application, tmp_path: Path
) -> None:
    target, _manifest = maintenance.make_backup(kaisa, tmp_path / "backups")
    shutil.rmtree(target / "photos")
    with pytest.raises(RegistryError, match="damaged"):
        maintenance.restore_backup(target, tmp_path / "new.db", "kaisa", replace=False)
    assert not (tmp_path / "new.db").exists()


def test_a_file_that_was_missing_before_is_told_and_restored_without(
    kaisa: Application, tmp_path: Path
) -> None:
    file_of(kaisa).unlink()
    target, manifest = maintenance.make_backup(kaisa, tmp_path / "backups")
    assert manifest.photos_missing == ["P-1"]
    restored(target, tmp_path / "new.db").registry.close()
