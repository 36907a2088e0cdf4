"""Writing killed with SIGKILL at every line leaves either the old or the new file."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults.killing import killed_after
from tests.imaging.builders import full_jpeg, heif_file, jpeg_file
from tests.imaging.writing.test_embedding import RIGHTS

from photoreg import unfinished
from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import photo_files
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.reading import read_photo
from photoreg.imaging.writing import replacing
from photoreg.imaging.writing.copies import prepare_copy, write_copy
from photoreg.imaging.writing.embedding import plan_rights
from photoreg.imaging.writing.publishable_copy import make_publishable
from photoreg.imaging.writing.replacing import replace_file
from photoreg.imaging.writing.rewriting import write_rights
from photoreg.unfinished import is_in_use, remove_leftovers, remove_unless_in_use

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signal 9 is known there only")

OLD = full_jpeg()
MANY = 10_000
"""More lines than any writing executes."""


def hidden(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".")]


def require_old_or_new_at_every_line(
    target: Path, prepare: Callable[[], object], work: Callable[[], object], new: bytes
) -> None:
    """Kill the work at each of its lines, and check the files."""
    left_behind = 0
    for lines in range(MANY):
        prepare()
        before = target.read_bytes() if target.exists() else None
        visible = {Path(each) for each in photo_files(target.parent)}
        if not killed_after(lines, work, replacing, unfinished):
            break
        now = target.read_bytes() if target.exists() else None
        assert now in {before, new}, lines
        # Leftovers must not be taken for photos.
        assert {Path(each) for each in photo_files(target.parent)} <= {*visible, target}
        left_behind += bool(hidden(target.parent))
    else:
        pytest.fail("it never ended")
    assert lines > 10
    assert left_behind > 5  # otherwise nothing was tested
    assert target.read_bytes() == new
    assert hidden(target.parent) == []  # the last writer removed the leftovers


def test_killed_write_leaves_the_old_or_new_original(tmp_path: Path) -> None:
    path = tmp_path / "kuva.jpg"
    require_old_or_new_at_every_line(
        path,
        lambda: path.write_bytes(OLD),
        lambda: write_rights(path, RIGHTS, expected_sha256=file_hash(OLD)),
        plan_rights(OLD, RIGHTS).content,
    )


@pytest.mark.parametrize("earlier", [None, b"an earlier copy"])
def test_copy_is_complete_or_absent(earlier: bytes | None, tmp_path: Path) -> None:
    source, target = tmp_path / "kuva.jpg", tmp_path / "copies" / "P-1.jpg"
    target.parent.mkdir()
    source.write_bytes(OLD)

    def prepare() -> None:
        target.unlink(missing_ok=True)
        if earlier is not None:
            target.write_bytes(earlier)

    def export() -> None:
        write_copy(prepare_copy(source, RIGHTS, expected_sha256=file_hash(OLD)), source, target)

    require_old_or_new_at_every_line(target, prepare, export, make_publishable(OLD, RIGHTS).content)
    assert source.read_bytes() == OLD


def test_sidecar_is_complete_or_absent(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(heif_file())
    sidecar = tmp_path / "a.heic.xmp"
    digest = file_hash(heif_file())
    new = write_rights(path, RIGHTS, expected_sha256=digest)
    wanted = sidecar.read_bytes()
    require_old_or_new_at_every_line(
        sidecar,
        lambda: sidecar.unlink(missing_ok=True),
        lambda: write_rights(path, RIGHTS, expected_sha256=digest),
        wanted,
    )
    assert new.target == sidecar
    assert path.read_bytes() == heif_file()


@pytest.mark.parametrize("in_doubt", [False, True])
@pytest.mark.parametrize("is_folder", [False, True])
def test_link_targets_are_neither_locked_nor_removed(
    in_doubt: bool, is_folder: bool, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "photo.jpg").write_bytes(b"photo")
    link = tmp_path / f".photoreg-{'1' * 16}.tmp"
    link.symlink_to(theirs if is_folder else theirs / "photo.jpg")

    assert not is_in_use(link)
    assert remove_unless_in_use(link, in_doubt=in_doubt) == in_doubt
    assert link.is_symlink() != in_doubt
    assert (theirs / "photo.jpg").read_bytes() == b"photo"


def test_a_pipe_named_like_a_leftover_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / f".photoreg-{'2' * 16}.tmp"
    os.mkfifo(pipe)
    remove_leftovers(tmp_path)
    assert not pipe.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read every file")
def test_files_of_another_user_are_not_removed(tmp_path: Path) -> None:
    theirs = tmp_path / f".photoreg-{'3' * 16}.tmp"
    theirs.touch(mode=0o000)
    assert not remove_unless_in_use(theirs, in_doubt=True)
    assert theirs.exists()


def test_leftovers_are_removed_but_not_the_file_of_a_running_writer(tmp_path: Path) -> None:
    dead = tmp_path / f".photoreg-{'0' * 16}.tmp"
    other = tmp_path / ".photoreg-notes.tmp"
    for path in (dead, other):
        path.write_bytes(b"x")
    seen: list[Path] = []

    def may_replace() -> None:
        remove_leftovers(tmp_path)  # as another writer in the folder does
        seen.extend(hidden(tmp_path))

    replace_file(tmp_path / "kuva.jpg", b"new", may_replace=may_replace)
    assert (tmp_path / "kuva.jpg").read_bytes() == b"new"
    assert not dead.exists()
    assert len(seen) == 2  # the writer's own, and one that only looks like it
    assert hidden(tmp_path) == [other]


def test_two_processes_writing_one_file_leave_it_complete(tmp_path: Path) -> None:
    path = tmp_path / "kuva.jpg"
    path.write_bytes(jpeg_file())
    program = f"""
from dataclasses import replace
from pathlib import Path
from photoreg.errors import PhotoFileError
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.writing.rewriting import write_rights
from photoreg.imaging.metadata.rights_blocks import OwnRights
path = Path({str(path)!r})
for number in range(60):
    rights = OwnRights("Kunta", "P-1", ("Áile %d" % number,), credit="x" * (number % 40))
    try:
        write_rights(path, rights, expected_sha256=file_hash(path.read_bytes()))
    except PhotoFileError:  # the other process was faster
        pass
"""
    runs = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    while any(run.poll() is None for run in runs):
        assert read_photo(path).picture_sha256  # complete at every moment
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert read_photo(path).artist.startswith("Áile ")
    assert hidden(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_read_only_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kuva.jpg"
    path.write_bytes(OLD)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(PhotoFileError, match="cannot be written"):
            write_rights(path, RIGHTS, expected_sha256=file_hash(OLD))
    finally:
        tmp_path.chmod(stat.S_IRWXU)
    assert path.read_bytes() == OLD


@pytest.mark.parametrize("kind", ["jpg", "heic"])
def test_full_disk_leaves_the_present_file(kind: str, tmp_path: Path) -> None:
    data = jpeg_file() if kind == "jpg" else heif_file()
    path = tmp_path / f"kuva.{kind}"
    path.write_bytes(data)
    program = f"""
import resource
from pathlib import Path
from photoreg.errors import PhotoFileError
from photoreg.imaging.writing.rewriting import write_rights
from tests.imaging.writing.test_embedding import RIGHTS
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
try:
    write_rights(Path({str(path)!r}), RIGHTS, expected_sha256={file_hash(data)!r})
except PhotoFileError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True,
                          check=True, cwd=Path(__file__).parents[3])  # fmt: skip
    assert "there is no room for the file" in done.stdout
    assert path.read_bytes() == data
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", ["jpg", "heic"])
def test_file_replaced_during_the_write_is_not_overwritten(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = OLD if kind == "jpg" else heif_file()
    path = tmp_path / f"kuva.{kind}"
    path.write_bytes(data)
    hit = path if kind == "jpg" else tmp_path / "kuva.heic.xmp"
    force = os.fsync

    def replaced(handle: int) -> None:  # another writer, during fsync
        hit.write_bytes(b"theirs")
        force(handle)

    monkeypatch.setattr(os, "fsync", replaced)
    with pytest.raises(PhotoFileError, match="somebody else has just changed the file"):
        write_rights(path, RIGHTS, expected_sha256=file_hash(data))
    assert hit.read_bytes() == b"theirs"
    assert hidden(tmp_path) == []
