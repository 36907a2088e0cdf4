"""Every writer of files works where a file that is open can be neither replaced nor removed."""

import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path, PureWindowsPath

import pytest
from click.testing import Result
from tests.faults.windows import behave_like_windows
from tests.imaging.builders import full_jpeg, heif_file, jpeg_file
from tests.services.scenes import add_photographer, create_person, record_consent, register_photo

from photoreg.errors import PhotoregError
from photoreg.imaging.writing.replacing import replace_file
from photoreg.registry.engines.backup import uri_of
from photoreg.services.application import Application
from photoreg.unfinished import NAME_PATTERN, remove_leftovers

Run = Callable[..., Result]
PAGE = "--channel kunta-public-page"
UNTIL = "--until 2027-12-31"


@pytest.fixture
def place(anna: Application, run: Run, tmp_path: Path) -> Path:
    """A folder with the files of P-1, which may be published, and of P-2 in HEIC."""
    add_photographer(anna)
    register_photo(anna, tmp_path)
    register_photo(anna, tmp_path, content=heif_file(), name="street.heic")
    record_consent(anna, create_person(anna, "Elle Valkeapää"))
    run("event", "add", "Juhla", "--on", "2026-05-30", "--person", "H-2")
    run("photo", "answer", "P-1", "--event", "E-1")
    for name in ("form.txt", "passphrase"):
        tmp_path.joinpath(name).write_text("a few words that nobody guesses\n", "utf-8")
        tmp_path.joinpath(name).chmod(0o600)
    anna.registry.close()
    return tmp_path


@pytest.fixture
def windows(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same folder, with the refusals of Windows until the test has looked."""
    with monkeypatch.context() as patched:
        behave_like_windows(patched)
        yield place
    assert leftovers(place) == []


def leftovers(folder: Path) -> list[Path]:
    return [*folder.rglob(NAME_PATTERN)]


WRITERS = {
    "metadata write": ["metadata write P-1 --break-credentials"],
    "metadata write beside": ["metadata write P-2"],
    "metadata strip": ["metadata strip P-1 --in-place --break-credentials"],
    "metadata strip to copies": ["metadata strip P-1 -o {0}/stripped"],
    "export twice": [f"export P-1 {PAGE} -o {{0}}/copies"] * 2,
    "evidence": [
        f"consent record --for H-2 {UNTIL} --photo P-1 {PAGE} --evidence {{0}}/form.txt",
        "evidence export C-2 -o {0}/copy.txt",
        "db check",
        "db check --repair",
    ],
    "sheet": [
        "sheet export E-1 -o {0}/sheet.xlsx --thumbnails {0}/small",
        "sheet export E-1 -o {0}/sheet.xlsx --thumbnails {0}/small --overwrite",
    ],
    "no-photo list": [
        "event no-photo-list E-1 --html {0}/list.html",
        "event no-photo-list E-1 --html {0}/list.html --overwrite",
    ],
    "contact sheet": [
        "photo contact-sheet E-1 -o {0}/contact.html",
        "photo contact-sheet E-1 -o {0}/contact.html --overwrite",
    ],
    "forms": [f"consent form --person H-2 --blank 2 {UNTIL} --out {{0}}/forms"],
    "texts": ["consent texts --out {0}/texts"],
    "reports": [
        "person report H-2 --out {0}/report.txt",
        "audit report --year 2026 --out {0}/2026.html",
    ],
    "anchors": [
        "audit make-key --passphrase-file {0}/passphrase",
        "audit anchor --to {0}/anchor.checkpoint --passphrase-file {0}/passphrase",
        f"approve P-1 {PAGE}",
        "audit proof D-1 -o {0}/D-1.tlog-proof --passphrase-file {0}/passphrase",
        "audit make-key --renew --passphrase-file {0}/passphrase",
    ],
    "copy of the registry": ["db copy {registry} {0}/copy.db"],
    "the past": ["audit lacking --as-of 2026-11-30"],
    "erasure": ["person erase H-2 --ground request --yes"],
}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_written_is_closed_before_it_is_named_or_removed(
    windows: Path, run: Run, registry_path: Path, writer: str
) -> None:
    for line in WRITERS[writer]:
        run(*shlex.split(line.format(windows, registry=registry_path)))


def test_a_backup_is_made_and_replaces_its_registry(
    windows: Path, run: Run, registry_path: Path
) -> None:
    run("consent", "record", "--for", "H-2", *UNTIL.split(), *PAGE.split(), "--photo", "P-1",
        "--evidence", windows / "form.txt")  # fmt: skip
    run("db", "backup", windows / "backups")
    [backup] = windows.joinpath("backups").iterdir()
    for number in (1, 2):
        run("person", "add", "Niila Magga", "--adult")
        run("db", "restore", backup, "--replace", "--yes")
        run("person", "show", "H-3", exit_code=6)
        assert registry_path.with_name(f"{registry_path.name}.replaced-{number}").exists()
    run("audit", "verify")
    run("db", "check")
    run("--registry", windows / "new.db", "db", "restore", backup)


def test_a_registry_that_another_program_keeps_open_is_not_replaced(
    windows: Path, run: Run, registry_path: Path
) -> None:
    run("db", "backup", windows / "backups")
    [backup] = windows.joinpath("backups").iterdir()
    run("person", "add", "Niila Magga", "--adult")
    with registry_path.open("rb"):
        refused = run("db", "restore", backup, "--replace", "--yes", exit_code=8)
    assert "is in use by somebody else" in refused.stderr
    run("person", "show", "H-3")
    run("db", "check", "--repair")
    assert not [*windows.glob("*.replaced-*")]


def test_a_photo_that_another_program_keeps_open_stays_as_it_is(windows: Path, run: Run) -> None:
    photo = windows / "street.jpg"
    before = photo.read_bytes()
    with photo.open("rb"):
        refused = run("metadata", "write", "P-1", "--break-credentials", exit_code=7)
        assert "cannot be written" in refused.stderr
        run("metadata", "strip", "P-1", "--in-place", "--break-credentials", exit_code=7)
    assert photo.read_bytes() == before
    assert leftovers(windows) == []
    run("metadata", "write", "P-1", "--break-credentials")


def test_a_failed_write_leaves_no_personal_data(windows: Path) -> None:
    def refuse() -> None:
        raise PhotoregError("no")

    with pytest.raises(PhotoregError):
        replace_file(windows / "new.jpg", full_jpeg(), may_replace=refuse)


def test_what_a_killed_writer_left_is_removed_and_what_is_being_written_is_not(
    windows: Path,
) -> None:
    left, written = (windows / f".photoreg-{digit * 16}.tmp" for digit in "ab")
    left.write_bytes(jpeg_file())
    with written.open("wb"):
        remove_leftovers(windows)
        assert leftovers(windows) == [written]
    remove_leftovers(windows)


def test_a_registry_is_opened_by_an_address_that_sqlite_knows(tmp_path: Path) -> None:
    path = tmp_path / "a b?c#d%41@ä:x&.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE seen (x)")
    with closing(sqlite3.connect(f"{uri_of(path)}?mode=ro", uri=True)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("seen",)]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (r"C:\Kuvat 2026\photoreg.db", "file:///C:/Kuvat%202026/photoreg.db"),
        (r"\\palvelin\kunta\photoreg.db", "file:////palvelin/kunta/photoreg.db"),
    ],
)
def test_drives_and_servers_of_windows_are_part_of_the_path(path: str, address: str) -> None:
    assert uri_of(PureWindowsPath(path)) == address
