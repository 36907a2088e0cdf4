"""Every option and argument that names a file: bad ones are refused, good ones survive."""

import hashlib
import os
import re
import signal
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path
from types import FrameType

import click
import pytest
from click.testing import CliRunner, Result
from tests.cli.commands import every_command
from tests.imaging.builders import encoded, heif_file
from tests.services.scenes import (
    register_photo,
)

from photoreg.cli.app import cli
from photoreg.errors import WRONG_USE
from photoreg.imaging.containers.formats import MAX_FILE_BYTES
from photoreg.services.application import Application

Run = Callable[..., Result]

REFUSED = range(3, 11)
"""The exit codes of what is refused with an error for the user."""
PAGE = "--channel kunta-public-page"
UNTIL = "--until 2027-12-31"

WRITTEN_FILES = {
    "event no-photo-list --html": "E-1 --html {} --overwrite",
    "event import-roster --decisions": "E-1 {doubtful} --decisions {} --overwrite",
    "photo contact-sheet -o": "E-1 -o {} --overwrite",
    "register --plan": "{photos} --events-from-folders --plan {} --overwrite",
    "sheet export -o": "E-1 -o {} --overwrite",
    "template -o": "class-list -o {} --overwrite",
    "person report --out": "H-1 --out {}",
    "audit report --out": "--year 2026 --out {}",
}
"""Everything that names a file to write, and its command line."""

TABLES = ("sheet", "register", "event import-roster")
"""What writes tables."""

WRITTEN_FOLDERS = {
    "sheet export --thumbnails": "E-1 -o {out}.csv --thumbnails {}",
    "export -o": f"P-1 {PAGE} -o {{}}",
    "metadata strip -o": "P-1 -o {}",
    "consent form --out": f"--person H-1 {UNTIL} --out {{}}",
    "consent texts --out": "--out {}",
    "db backup folder": "{}",
    "demo --keep": "--keep {}",
}
"""Everything that names a folder to write into."""

READ_FILES = {
    "register paths": "{}",
    "match paths": "{}",
    "photo add-version path": "P-1 {}",
    "export --file": f"P-1 {PAGE} -o {{out}} --file {{}}",
    "event import-roster file": "E-1 {}",
    "event import-roster --decided": "E-1 {doubtful} --decided {}",
    "register --planned": "{photos} --events-from-folders --planned {}",
    "sheet import file": "{}",
    "consent import file": "{}",
    "consent record --codes": "--codes {}",
    "consent scan folder": "{} -o {out}.csv",
    "guardian decides-alone --evidence": "H-3 H-7 --reason care --evidence {}",
    "guardian excuse --evidence": "H-3 H-4 --ground abroad --evidence {}",
    "consent record --evidence": f"--for H-1 {PAGE} {UNTIL} --evidence {{}}",
    "permission grant --evidence": f"--photographer H-1 {PAGE} {UNTIL} --evidence {{}}",
    "case rule --evidence": "K-1 publishable --reason seen --evidence {}",
    "publication takedown --evidence": "J-1 --evidence {}",
    "metadata show named": "{}",
    "metadata strip named": "{} -o {out}",
    "rules test table": "{}",
    "policy set changes": "{}",
    "policy diff changes": "{}",
    "audit verify --against": "--against {}",
    "db copy source": "{} {out}.db",
    "evidence restore file": "{}",
}
"""Everything that names a file to read."""

READ_TABLES = (
    *("event import-roster file", "event import-roster --decided", "consent import file"),
    *("register --planned", "sheet import file", "consent record --codes", "rules test table"),
)
"""What names a table to read."""

READ_FOLDERS = {
    "db restore backup": ("backup.json", "{} --replace --yes"),
    "consent form --templates": (
        "form.fi.txt",
        f"--person H-1 {UNTIL} --out {{out}} --language fi --templates {{}}",
    ),
    "consent receipt --templates": ("receipt.fi.txt", "C-1 --language fi --templates {}"),
}
"""Everything that names a folder to read, a file that it must contain, and the command line."""

NEW_REGISTRIES = {"db copy target"}
"""What names a registry to make, as `--registry` does."""

TRIED_ELSEWHERE = {
    *("audit anchor --to", "audit anchor --key-file", "audit anchor --passphrase-file"),
    *("audit make-key --key-file", "audit make-key --passphrase-file"),
    *("audit cosign file", "audit cosign --key-file", "audit cosign --passphrase-file"),
    *("audit proof -o", "audit proof --anchor", "audit proof --key-file"),
    *("audit proof --passphrase-file", "audit verify-proof file"),
    "evidence export -o",
    *("consent import --rest", "consent scan -o"),
    *("serve --photos", "case correct --evidence"),
}
"""Files of keys, anchors, proofs, documents, rows to correct and answers to type; the desk's own.

They are tried in `services/audits/test_signed_anchors.py`, `services/files/test_documents.py`,
`test_consent_import.py`, `test_consent_scan.py`, `test_case.py` and `web/test_serving.py`.
"""

OF_PHOTOS = {
    "check photos": "{} " + PAGE,
    "approve photos": "{} " + PAGE,
    "export photos": f"{{}} {PAGE} -o {{out}}",
    "show named": "{}",
    "photo show named": "{}",
    "photo add-version named": "{} {street}",
    "photo answer photos": "{} --people none",
    "photo confirm named": "{} --people none",
    "photo flag named": "{} --reason seen",
    "photo forget named": "{}",
    "photo series named": "{}",
    "photo tag photos": "{} --person H-1",
    "photo untag named": "{} --person H-1",
    "consent form --photo": f"--person H-1 {UNTIL} --out {{out}} --photo {{}}",
    "consent record --photo": f"--for H-1 {PAGE} {UNTIL} --paper x --photo {{}}",
    "consent request --photo": f"--for H-1 {PAGE} --photo {{}}",
    "consent withdraw --photo": "--for H-1 --photo {}",
    "permission grant --photo": f"--photographer H-1 {PAGE} {UNTIL} --paper x --photo {{}}",
    "permission request --photo": f"--photographer H-1 {PAGE} --photo {{}}",
    "permission withdraw --photo": "--photographer H-1 --photo {}",
    "flag list --photo": "--photo {}",
    "publication add photos": f"{{}} {PAGE} --url https://kunta.example/1",
    "publication takedown --photo": "J-1 --proof Looked. --photo {}",
    "publication list --photo": "--photo {}",
    "audit log --photo": "--photo {}",
    "metadata write photos": "{}",
}
"""Everything that names a registered photo, by id or by its file."""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Give every command of the program with its name."""
    for words, command in every_command():
        if not isinstance(command, click.Group):
            yield " ".join(words), command


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    for name, command in commands():
        for each in command.params:
            shown = each.opts[0] if isinstance(each, click.Option) else each.name
            yield f"{name} {shown}", each


def names_a_file(each: click.Parameter) -> bool:
    """Say whether a parameter may name a file: by its type, its name or what the help calls it."""
    called = f"{each.metavar or ''}|{each.name}".upper()
    words = ("FILE", "FOLDER", "PATH", "TABLE", "BACKUP", "TARGET", "SOURCE", "AGAINST", "EVIDENCE")
    if isinstance(each, click.Option) and each.is_flag:
        return False
    is_word = isinstance(each.type, click.Choice) or type(each.type).__name__ == "Word"
    is_photo = each.name in {"photo", "photos"} or "PHOTO." in f"{each.metavar}."
    return isinstance(each.type, click.Path) or (
        not is_word and (is_photo or any(word in called for word in words))
    )


def test_every_option_and_argument_that_names_a_file_is_tried_here() -> None:
    found = {name for name, each in parameters() if names_a_file(each)}
    tried = {*WRITTEN_FILES, *WRITTEN_FOLDERS, *READ_FILES, *READ_FOLDERS, *NEW_REGISTRIES}
    assert found == tried | set(OF_PHOTOS) | TRIED_ELSEWHERE


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Fail if the work takes longer."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail("it does not end")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def typed(town: Path, named: str, line: str, file: Path) -> list[str]:
    """Return the command line with the file in its place."""
    command = named.rpartition(" ")[0].split()
    files = {"street": town / "street.jpg", "doubtful": town / "doubtful.csv"}
    return [
        *command,
        *(
            word.format(file, out=town / "out", photos=_photos(town), **files)
            for word in line.split()
        ),
    ]


def _photos(town: Path) -> Path:
    """Make a folder with a photo."""
    folder = town / "2026-05-30 Photos"
    folder.mkdir(exist_ok=True)
    (folder / "photo.jpg").write_bytes((town / "street.jpg").read_bytes())
    return folder


def bad_files(folder: Path) -> dict[str, Path]:
    """Make everything that is not a file to read."""
    made = {name: folder / name for name in ("pipe.jpg", "folder.jpg", "large.jpg", "closed.jpg")}
    os.mkfifo(made["pipe.jpg"])
    made["folder.jpg"].mkdir()
    with made["large.jpg"].open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    if os.geteuid():
        made["closed.jpg"].touch(mode=0)
    else:  # the administrator may read every file
        del made["closed.jpg"]
    made["zero"] = Path("/dev/zero")
    if Path("/proc/self/status").is_file():  # it has more content than its size, as if it grew
        made["growing"] = Path("/proc/self/status")
    return made


@pytest.fixture
def attempt(registry_location: Path | str) -> Run:
    """Run a command that must end soon, and with an error for the user."""

    def attempt_command(*arguments: str) -> Result:
        with within(20):
            environment = {"PHOTOREG_REGISTRY": str(registry_location), "PHOTOREG_ACTOR": "kaisa"}
            done = CliRunner().invoke(cli, arguments, env=environment)
        is_wrong_kind = done.exit_code == WRONG_USE and "is a file" in done.output
        output = f"{arguments}\nexit {done.exit_code}\n{done.output}"
        assert done.exit_code in REFUSED or is_wrong_kind, output
        return done

    return attempt_command


def log_of(run: Run) -> str:
    return run("audit", "log", "--format", "csv", "--plain").stdout


@pytest.mark.parametrize("named", READ_FILES)
def test_what_is_no_ordinary_file_is_refused_at_once_and_changes_nothing(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    bad = bad_files(town)
    if named in {"register paths", "match paths"}:
        del bad["folder.jpg"]
    before = log_of(run)
    for file in bad.values():
        done = attempt(*typed(town, named, READ_FILES[named], file))
        assert file.name in done.output, done.output
    assert log_of(run) == before


def zipped(**parts: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le")
PAPERS: dict[str, list[bytes]] = {
    "a PDF": [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", b"\r\n%PDF-1.4\n"],
    "a picture": [*(encoded(kind) for kind in ("JPEG", "PNG", "TIFF", "WEBP")), heif_file()],
    "a text document": [
        zipped(word__document_xml="<document/>"),
        zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml="<x/>"),
        b"{\\rtf1\\ansi Elle}",
        OLD_WORD,
    ],
}
"""Papers as schools send them in place of lists, by what they are."""


@pytest.mark.parametrize("named", READ_TABLES)
def test_a_paper_given_as_a_table_is_told_what_it_is_whatever_its_name(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    before = log_of(run)
    for what, contents in PAPERS.items():
        for content, name in product(contents, ("list.csv", "list.xlsx")):
            (town / name).write_bytes(content)
            done = attempt(*typed(town, named, READ_FILES[named], town / name))
            assert f"{name} is {what}, not a table" in done.output, done.output
            assert ("consent scan FOLDER" in done.output) is (what != "a text document")
    assert log_of(run) == before


@pytest.mark.parametrize("named", OF_PHOTOS)
def test_a_photo_named_by_what_is_no_ordinary_file_is_refused_at_once(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    before = log_of(run)
    for file in bad_files(town).values():
        done = attempt(*typed(town, named, OF_PHOTOS[named], file))
        assert file.name in done.output, done.output
    assert log_of(run) == before


@pytest.mark.parametrize("named", READ_FOLDERS)
def test_a_folder_with_something_else_in_place_of_its_file_is_refused_at_once(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    before = log_of(run)
    file, line = READ_FOLDERS[named]
    folder = town / "given"
    folder.mkdir()
    for bad in bad_files(town).values():
        attempt(*typed(town, named, line, bad))
        (folder / file).symlink_to(bad)
        attempt(*typed(town, named, line, folder))
        (folder / file).unlink()
    assert log_of(run) == before


def test_a_registry_that_is_no_ordinary_file_is_refused_at_once(attempt: Run, town: Path) -> None:
    for bad in bad_files(town).values():
        attempt("--registry", str(bad), "today")
        attempt("db", "copy", str(bad), str(town / "new.db"))
        attempt("db", "copy", str(town / "registry.db"), str(bad))


def test_a_pipe_or_a_folder_among_the_documents_is_found_and_healed(
    run: Run, attempt: Run, town: Path
) -> None:
    paper = town / "form.pdf"
    paper.write_bytes(b"signed")
    record = ("consent", "record", "--for", "H-1", *PAGE.split(), *UNTIL.split())
    run(*record, "--evidence", paper)
    [document] = [file for file in (town / "registry.db.evidence").rglob("*") if file.is_file()]
    document.unlink()
    os.mkfifo(document)
    assert document.name in attempt("db", "check").output
    run("consent", "record", "--for", "H-1", *PAGE.split(), "--until", "2028-01-31",
        "--evidence", paper)  # fmt: skip
    assert document.read_bytes() == b"signed"
    run("db", "check")


@pytest.mark.parametrize("named", [each for each in READ_FILES if each != "db copy source"])
def test_the_registry_itself_is_read_as_nothing_else(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    before = log_of(run)
    (town / "link.jpg").symlink_to(town / "registry.db")
    for name in ("registry.db", "link.jpg"):
        attempt(*typed(town, named, READ_FILES[named], town / name))
    assert log_of(run) == before


def victims(town: Path) -> dict[str, Path]:
    """Return files that no command may replace; some are pages that photoreg wrote itself."""
    page = (town / "page.html").read_bytes()
    digest = hashlib.sha256(page).hexdigest()
    document = town / "registry.db.evidence" / digest[:2] / digest
    document.parent.mkdir(exist_ok=True)
    document.write_bytes(page)
    found = {
        "registry": town / "registry.db",
        "document": document,
        "photo": town / "street.jpg",
        "sidecar": town / "street.xmp",
        "text": town / "notes.txt",
    }
    for suffix in ("wal", "shm", "journal"):
        found[suffix] = town / f"registry.db-{suffix}"
    for file in (found["sidecar"], found["text"]):
        file.write_text("mine")
    return found


def state_of(victim: Path) -> object:
    """Return what changes when a file is replaced; a registry in use must not be opened here."""
    if not victim.exists():
        return None
    return victim.stat().st_ino, "" if "registry.db" in victim.name else victim.read_bytes()


def other_names(victim: Path, town: Path, suffixes: Sequence[str]) -> Iterator[Path]:
    """Give the names by which a file may be meant."""
    yield victim
    yield Path(os.path.relpath(victim))
    for suffix in suffixes:
        link = town / f"link{suffix}"
        link.unlink(missing_ok=True)
        link.symlink_to(victim)
        yield link


@pytest.mark.parametrize("named", WRITTEN_FILES)
def test_no_file_that_photoreg_did_not_write_for_this_is_replaced(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    run("event", "no-photo-list", "E-1", "--html", town / "page.html")
    suffixes = (".csv", ".xlsx") if named.startswith(TABLES) else (".html",)
    for victim in victims(town).values():
        before = state_of(victim)
        for name in other_names(victim, town, suffixes):
            attempt(*typed(town, named, WRITTEN_FILES[named], name))
            assert state_of(victim) == before
            assert name.is_symlink() or name.exists() == (before is not None)
    run("today")


def test_a_file_with_two_names_keeps_its_content_under_the_other(
    run: Run, town: Path, registry_location: Path | str
) -> None:
    environment = {"PHOTOREG_REGISTRY": str(registry_location), "PHOTOREG_ACTOR": "kaisa"}
    page = town / "page.html"
    export = ("event", "no-photo-list", "E-1", "--html", page)
    run(*export)
    for victim in victims(town).values():
        page.unlink()
        if victim.exists():
            os.link(victim, page)
            before = state_of(victim)
            CliRunner().invoke(cli, [*map(str, export), "--overwrite"], env=environment)
            assert state_of(victim) == before
        else:
            page.touch()


WRITTEN_ELSEWHERE = {
    "audit anchor --to": "--to {} --key-file {out}.key --passphrase-file {out}.secret",
    "audit make-key --key-file": "--key-file {} --passphrase-file {out}.secret",
    "audit proof -o": "D-1 -o {} --key-file {out}.key --passphrase-file {out}.secret",
    "evidence export -o": "C-2 -o {}",
}
"""Files of `TRIED_ELSEWHERE` that are written."""


def words(output: str) -> list[str]:
    """Return the names in an output, without the folders in which they are."""
    return re.split(r"[\s/:,]+", output)


def log_without_looks(run: Run) -> list[str]:
    looks = ("person.reported", "names.shown")
    return [line for line in log_of(run).splitlines() if not any(each in line for each in looks)]


def places_for_nothing(folder: Path, suffix: str, *, is_folder: bool) -> dict[str, Path]:
    """Make everything where nothing can be written."""
    kinds = ("pipe", "loop", "device", "in_pipe", "in_loop")
    made = {kind: folder / f"{kind}{suffix}" for kind in kinds}
    os.mkfifo(made["pipe"])
    made["loop"].symlink_to(made["loop"].name)
    made["device"].symlink_to("/dev/zero")
    made |= {kind: made[kind[3:]] / f"new{suffix}" for kind in ("in_pipe", "in_loop")}
    if not is_folder:
        made["folder"] = folder / f"folder{suffix}"
        made["folder"].mkdir()
    return made


@pytest.mark.parametrize("named", [*WRITTEN_FILES, *WRITTEN_FOLDERS, *WRITTEN_ELSEWHERE])
def test_where_nothing_can_be_written_is_told_at_once_and_changes_nothing(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    paper = town / "paper.pdf"
    paper.write_bytes(b"signed")
    secret = town / "out.secret"
    secret.touch(mode=0o600)
    secret.write_text("a long and secret sentence")
    if "anchor" in named or "proof" in named:
        run("audit", "make-key", "--key-file", town / "out.key", "--passphrase-file", secret)
    run("consent", "record", "--for", "H-2", *PAGE.split(), *UNTIL.split(), "--evidence", paper)
    run("approve", "P-1", *PAGE.split())
    suffix = ".csv" if named.startswith(TABLES) else ".pdf" if "evidence" in named else ".html"
    lines = {**WRITTEN_FILES, **WRITTEN_FOLDERS, **WRITTEN_ELSEWHERE}
    may_be_folder = named in {*WRITTEN_FOLDERS, "audit anchor --to"}
    before = log_without_looks(run)
    for kind, place in places_for_nothing(town, suffix, is_folder=may_be_folder).items():
        done = attempt(*typed(town, named, lines[named], place))
        assert {place.name, place.parent.name} & set(words(done.output)), f"{kind}: {done.output}"
    assert log_without_looks(run) == before
    assert (town / f"loop{suffix}").is_symlink()


def test_a_registry_is_not_made_where_nothing_can_be_written(attempt: Run, town: Path) -> None:
    made = places_for_nothing(town, ".db", is_folder=False)
    for place in made.values():
        for line in ("init --another --organisation Kunta --name Kaisa", "today"):
            assert place.name in attempt("--registry", str(place), *line.split()).output
        attempt("db", "copy", str(town / "registry.db"), str(place))


@pytest.mark.parametrize("named", WRITTEN_FOLDERS)
def test_nothing_is_written_among_the_documents(
    run: Run, attempt: Run, town: Path, named: str
) -> None:
    link = town / "documents"
    evidence = town / "registry.db.evidence"
    link.symlink_to(evidence, target_is_directory=True)
    for folder in (evidence, evidence / "new", link, link / "new"):
        done = attempt(*typed(town, named, WRITTEN_FOLDERS[named], folder))
        assert "belongs to a registry" in done.output, done.output
        assert not list(evidence.rglob("*"))
    run("db", "check")


def test_an_original_that_is_called_like_a_small_picture_or_a_copy_is_kept(
    run: Run, attempt: Run, anna: Application, town: Path
) -> None:
    folder = town / "originals"
    folder.mkdir()
    register_photo(anna, folder, name="P-1.jpg")
    before = (folder / "P-1.jpg").read_bytes()
    attempt("sheet", "export", "E-1", "-o", str(town / "a.csv"), "--thumbnails", str(folder))
    attempt("export", "P-1", *PAGE.split(), "-o", str(folder))
    assert (folder / "P-1.jpg").read_bytes() == before
    run("export", "P-1", *PAGE.split(), "-o", town / "copies", "--max-size", "30")
    copy = town / "copies" / "P-1.jpg"
    run("photo", "add-version", "P-1", copy)
    done = attempt("export", "P-1", *PAGE.split(), "-o", str(town / "copies"))
    assert "is itself a registered photo" in done.output


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "list.html"])
def test_what_photoreg_wrote_and_what_is_empty_is_replaced(run: Run, town: Path, name: str) -> None:
    file = town / name
    line = (
        ("event", "no-photo-list", "E-1", "--html", file)
        if name.endswith("html")
        else ("sheet", "export", "E-1", "-o", file)
    )
    file.touch()
    run(*line, "--overwrite")
    assert file.stat().st_size
    run(*line, exit_code=9)
    run(*line, "--overwrite")
