"""Registering many photos: read once, written in chunks, resumed, bounded, told as the few are."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.imaging.builders import ARTIST, full_jpeg, jpeg_file, with_unused_table

from photoreg.cli.progress import progress_line
from photoreg.errors import PhotoFileError
from photoreg.imaging import workers
from photoreg.imaging.reading import read_named_photo
from photoreg.imaging.workers import (
    MAX_WITHOUT_WORKERS,
    UnreadableFile,
    Workers,
    read_in_parallel,
    read_photos,
)
from photoreg.registry import ledger
from photoreg.registry.ledger_check import first_broken_entry
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.similarity import PhotoLikeness
from photoreg.rulebook.facts import People
from photoreg.services.application import Application, system_clock
from photoreg.services.people import persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import registration
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.registration import (
    BATCH_SIZE,
    RegistrationEvent,
    RegistrationFailure,
    RegistrationOptions,
    UnchangedCount,
)
from photoreg.services.photos.storing import RegisteredPhoto

QUICK = RegistrationOptions(decode=False)


def some_files(folder: Path, count: int, data: bytes = b"") -> list[Path]:
    """Write photos in a folder, each with a picture of its own."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:05}.jpg" for number in range(count)]
    data = data or jpeg_file()
    for path in paths:
        path.write_bytes(with_unused_table(data, path))
    return paths


def register(
    application: Application, *paths: Path, way: RegistrationOptions = QUICK, **answers: Any
) -> list[RegistrationEvent]:
    return list(registration.register_files(application, paths, PhotoAnswers(**answers), way))


def rows(application: Application, table: Any = Photo) -> int:
    with application.reading() as work:
        found = work.session.connection().execute(sa.select(sa.func.count()).select_from(table))
        return int(found.scalar_one())


def assert_whole(application: Application, photos: int) -> None:
    """Every photo once, each with its ledger entry, and the chain unbroken."""
    with application.reading() as work:
        assert first_broken_entry(work.session) is None
        entries = [e.subject for e in ledger.entries(work.session) if e.subject.startswith("P-")]
    assert rows(application) == photos
    assert sorted(entries) == sorted(f"P-{number}" for number in range(1, photos + 1))


@pytest.mark.parametrize("way", [RegistrationOptions(), QUICK])
def test_many_photos_are_reported_and_stored_as_a_few_are(
    application: Application, tmp_path: Path, way: RegistrationOptions
) -> None:
    person = persons.add_person(application, PersonDetails(name=ARTIST)).person
    few = some_files(tmp_path / "a", 1, full_jpeg())
    many = some_files(tmp_path / "b", 2 * BATCH_SIZE + 3, full_jpeg())
    [one] = register(application, *few, people=People.NONE, way=way)
    told = register(application, tmp_path / "b", people=People.NONE, way=way)
    assert isinstance(one, RegisteredPhoto)
    for number, (each, path) in enumerate(zip(told, many, strict=True), 2):
        assert isinstance(each, RegisteredPhoto)
        assert (each.photo_id, each.file_name, each.is_new) == (number, path.name, True)
        assert (each.open, each.photographers) == (one.open, (f"{person} {ARTIST}",))
        assert (each.proposed, each.taken_at) == (True, one.taken_at)
    assert_whole(application, len(many) + 1)
    with application.reading() as work:
        details = [e.details for e in ledger.entries(work.session) if e.subject.startswith("P-")]
    assert {json.loads(text)["from_file"] for text in details} == {True}
    assert rows(application, PhotoLikeness) == (len(many) + 1 if way.decode else 0)


def test_the_same_file_twice_in_a_chunk_and_across_chunks_is_one_photo(
    application: Application, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", 6 * BATCH_SIZE)
    for copy in (1, 5 * BATCH_SIZE):
        paths[copy].write_bytes(paths[0].read_bytes())
    told = register(application, tmp_path / "kuvat")
    twins = [each for each in told if isinstance(each, RegisteredPhoto) and each.photo_id == 1]
    assert [twin.is_new for twin in twins] == [True, False, False]
    assert_whole(application, 6 * BATCH_SIZE - 2)


def test_a_bad_file_in_the_middle_of_a_chunk_keeps_nobody_off(
    application: Application, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", BATCH_SIZE + 5)
    paths[7].write_bytes(jpeg_file()[:400])
    paths[BATCH_SIZE + 1].write_bytes(b"")
    told = register(application, tmp_path / "kuvat")
    failed = {each.path: str(each.error) for each in told if isinstance(each, RegistrationFailure)}
    assert list(failed) == [paths[7], paths[BATCH_SIZE + 1]]
    assert "cut off" in failed[paths[7]]
    assert [type(told[at]) for at in (6, 7, 8)] == [
        RegisteredPhoto,
        RegistrationFailure,
        RegisteredPhoto,
    ]
    assert_whole(application, BATCH_SIZE + 3)


def test_files_that_have_not_changed_are_passed_by_unless_all_are_to_be_read(
    application: Application, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", MAX_WITHOUT_WORKERS + 10)
    first = register(application, tmp_path / "kuvat")
    assert register(application, tmp_path / "kuvat") == [UnchangedCount(MAX_WITHOUT_WORKERS + 10)]
    paths[3].write_bytes(paths[3].read_bytes() + b"changed")
    os.utime(paths[4])
    told = register(application, tmp_path / "kuvat")
    assert told[0] == UnchangedCount(MAX_WITHOUT_WORKERS + 8)
    new, known = told[1:]
    assert isinstance(new, RegisteredPhoto)
    assert isinstance(known, RegisteredPhoto)
    assert (new.is_new, known.is_new, known.photo_id) == (True, False, 5)
    # What was read again is remembered as it is now.
    assert register(application, tmp_path / "kuvat") == [UnchangedCount(MAX_WITHOUT_WORKERS + 10)]
    again = register(
        application,
        tmp_path / "kuvat",
        way=RegistrationOptions(decode=False, report_unchanged=True),
    )
    assert [e.photo_id for e in again if isinstance(e, RegisteredPhoto)] == [
        *range(1, 4),
        MAX_WITHOUT_WORKERS + 11,
        *range(5, MAX_WITHOUT_WORKERS + 11),
    ]
    read = register(
        application, tmp_path / "kuvat", way=RegistrationOptions(decode=False, reread=True)
    )
    assert [type(each) for each in read] == [RegisteredPhoto] * len(first)
    assert_whole(application, MAX_WITHOUT_WORKERS + 11)


def test_a_change_that_kept_size_and_time_is_found_by_reading_again(
    application: Application, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", MAX_WITHOUT_WORKERS + 1)
    register(application, tmp_path / "kuvat")
    before = paths[0].stat()
    paths[0].write_bytes(with_unused_table(jpeg_file(), "another"))
    os.utime(paths[0], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert register(application, tmp_path / "kuvat") == [UnchangedCount(MAX_WITHOUT_WORKERS + 1)]
    told = register(
        application, tmp_path / "kuvat", way=RegistrationOptions(decode=False, reread=True)
    )
    assert [each.is_new for each in told if isinstance(each, RegisteredPhoto)].count(True) == 1


@pytest.fixture
def statements(application: Application) -> Iterator[Counter[str]]:
    """The statements that run on the registry, counted."""
    counted: Counter[str] = Counter()

    def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted[statement.split("(", maxsplit=1)[0].split(" IN ", maxsplit=1)[0]] += 1

    engine = application.registry.store.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    yield counted
    sa.event.remove(engine, "before_cursor_execute", count)


def test_the_number_of_statements_does_not_depend_on_how_many_photos_a_chunk_has(
    application: Application, tmp_path: Path, statements: Counter[str]
) -> None:
    persons.add_person(application, PersonDetails(name=ARTIST))
    needed = []
    for count in (1, 2, 5, MAX_WITHOUT_WORKERS):
        some_files(tmp_path / str(count), count, full_jpeg())
        statements.clear()
        told = register(application, tmp_path / str(count), way=RegistrationOptions())
        assert len(told) == count
        needed.append(statements.total())
    alone, _in_the_first_series, *among_others_that_look_alike = needed
    assert alone <= 75
    assert len(set(among_others_that_look_alike)) == 1
    assert needed[-1] <= 90


def test_each_file_is_opened_once(tmp_path: Path) -> None:
    paths = some_files(tmp_path / "kuvat", 5, full_jpeg())
    code = (
        "import sys\nfrom collections import Counter\n"
        "from photoreg.imaging.workers import read_photos\nopened = Counter()\n"
        "sys.addaudithook(lambda event, args: event == 'open' and opened.update([str(args[0])]))\n"
        "paths = sys.argv[1:]\nread_photos(paths, decode=True)\n"
        "print([opened[path] for path in paths])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *paths], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[1, 1, 1, 1, 1]"


def command(registry: Path | str, *arguments: object) -> list[str]:
    program = [sys.executable, "-m", "photoreg.cli.app", "--registry", registry, "--as", "kaisa"]
    return [str(word) for word in (*program, "register", "--no-ask", "--quick", *arguments)]


def test_after_kill_9_in_the_middle_it_goes_on_where_it_stopped(
    application: Application, registry_location: Path | str, tmp_path: Path
) -> None:
    count = 1500
    some_files(tmp_path / "kuvat", count)
    killed_at = []
    for lines in (1, 300):  # what it tells fills the pipe, so it cannot be done before the kill
        process = subprocess.Popen(
            command(registry_location, "--reread", tmp_path / "kuvat"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout
        for _line in range(lines):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        process.stdout.close()
        killed_at.append(rows(application))
        assert_whole(application, killed_at[-1])
    assert 0 < killed_at[0] <= killed_at[1] < count
    application = replace(application, clock=system_clock)  # as the processes that were killed
    told = register(application, tmp_path / "kuvat")
    passed_by = sum(each.count for each in told if isinstance(each, UnchangedCount))
    assert passed_by == killed_at[-1]
    assert_whole(application, count)


def test_no_worker_outlives_the_program_that_was_killed() -> None:
    code = (
        "import sys\nfrom photoreg.imaging.workers import Workers\n"
        "workers = Workers(decode=False, count=2)\n"
        "reading = workers.read([[], ['x'], ['y'], ['z']])\nnext(reading), next(reading)\n"
        "print(*(w._process.pid for w in workers._all), flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        assert parent.stderr
        assert parent.stdout.readline().split()
        parent.kill()
        # The workers have the same standard error: it ends when the last of them has ended.
        assert parent.stderr.read() == ""


def test_a_file_that_kills_its_reader_is_refused_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(path) for path in some_files(tmp_path / "kuvat", 6)]
    deadly = (
        "import os\nimport photoreg.imaging.workers as w\nread = w.read_photo\n"
        "w.read_photo = lambda path, decode: os._exit(9) if path.name == '00002.jpg' "
        "else read(path, decode=decode)\nw.main()"
    )
    monkeypatch.setattr(workers, "_PROGRAM", deadly)
    with closing(Workers(decode=False, count=1)) as crew:
        [read] = crew.read([paths])
    assert [each.path for each in read if isinstance(each, UnreadableFile)] == [paths[2]]
    assert len(read) == 6


def test_a_photo_that_kills_its_reader_is_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly, good = map(str, some_files(tmp_path / "kuvat", 2, full_jpeg()))
    program = (
        "import os\nimport photoreg.imaging.workers as w\nimport photoreg.imaging.reading as r\n"
        f"read = r.read_named_photo\n"
        f"r.read_named_photo = lambda path: os._exit(9) if path == {deadly!r} else read(path)\n"
        "w.main()"
    )
    monkeypatch.setattr(workers, "_PROGRAM", program)
    with closing(Workers(decode=True, count=1)) as crew:
        with pytest.raises(PhotoFileError, match="crashes the program"):
            crew.call(read_named_photo, deadly)
        assert str(crew.call(read_named_photo, good).path) == good


def test_a_photo_that_occupies_its_reader_for_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [slow] = map(str, some_files(tmp_path / "kuvat", 1))
    program = (
        "import itertools\nimport photoreg.imaging.workers as w\n"
        "import photoreg.imaging.reading as r\n"
        "w.MAX_SECONDS = 1\nr.read_named_photo = lambda path: max(itertools.count())\nw.main()"
    )
    monkeypatch.setattr(workers, "_PROGRAM", program)
    with (
        closing(Workers(decode=True, count=1)) as crew,
        pytest.raises(PhotoFileError, match="crashes the program"),
    ):
        crew.call(read_named_photo, slow)


def test_workers_read_what_this_process_reads(tmp_path: Path) -> None:
    paths = [str(path) for path in some_files(tmp_path / "kuvat", 9, full_jpeg())]
    paths.insert(4, str(tmp_path / "missing.jpg"))
    lists = [paths[:3], [], paths[3:5], paths[5:]]
    with closing(Workers(decode=True, count=2)) as crew:
        read = list(crew.read(lists))
    assert [len(each) for each in read] == [3, 0, 2, 5]
    here = read_photos(paths, decode=True)
    assert [
        str(each) for some in read for each in some if not isinstance(each, UnreadableFile)
    ] == [str(each) for each in here if not isinstance(each, UnreadableFile)]


@pytest.mark.parametrize("more", [0, 1, 20])
def test_many_files_are_read_side_by_side_and_given_in_order(tmp_path: Path, more: int) -> None:
    paths = [str(path) for path in some_files(tmp_path / "kuvat", MAX_WITHOUT_WORKERS - 1 + more)]
    paths.insert(4, str(tmp_path / "missing.jpg"))
    read = list(read_in_parallel(paths, decode=True))
    assert [Path(each.path).name for each in read] == [Path(path).name for path in paths]
    assert [str(each) for each in read[:4]] == [str(e) for e in read_photos(paths[:4], decode=True)]
    assert [isinstance(each, UnreadableFile) for each in read].count(True) == 1


def peak_kilobytes(arguments: list[str]) -> int:
    """Return the memory of the largest process of a command.

    A small process starts it, because what a process used before it ran another program counts.
    """
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=-3, stderr=-3, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_memory_does_not_grow_with_the_number_of_files(registry_path: Path, tmp_path: Path) -> None:
    some_files(tmp_path / "few", 200)
    some_files(tmp_path / "many", 2000, jpeg_file())
    few = peak_kilobytes(command(registry_path, tmp_path / "few"))
    many = peak_kilobytes(command(registry_path, tmp_path / "many"))
    assert many < few * 1.1


def test_the_progress_line_shows_rate_and_time_left() -> None:
    assert progress_line(500, 2000, 2.0) == "Photos: 500/2000, 250/s, 0:06 left"
    assert progress_line(0, 2000, 0.0).startswith("Photos: 0/2000")
