"""Registering many photos: read once, written in chunks, resumed, bounded, told as the few are."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.imaging.builders import ARTIST, jpeg_file, secretive_jpeg, unlike

from photoreg.cli.progress import line
from photoreg.imaging import workers
from photoreg.imaging.workers import FEW, UnreadableFile, Workers, read_photos, read_side_by_side
from photoreg.registry import ledger
from photoreg.registry.ledger_check import first_broken
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.similarity import PhotoLikeness
from photoreg.rulebook.facts import People
from photoreg.services.people import persons
from photoreg.services.people.persons import About
from photoreg.services.photos import registration
from photoreg.services.photos.answers import Answers
from photoreg.services.photos.registration import CHUNK, Failed, Told, Unchanged, Way
from photoreg.services.photos.storing import Registered
from photoreg.services.unit_of_work import Workplace

QUICK = Way(look=False)


def some_files(folder: Path, count: int, data: bytes = b"") -> list[Path]:
    """Write photos in a folder, each with a picture of its own."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:05}.jpg" for number in range(count)]
    data = data or jpeg_file()
    for path in paths:
        path.write_bytes(unlike(data, path))
    return paths


def register(workplace: Workplace, *paths: Path, way: Way = QUICK, **answers: Any) -> list[Told]:
    return list(registration.register(workplace, paths, Answers(**answers), way))


def rows(workplace: Workplace, table: Any = Photo) -> int:
    with workplace.reading() as desk:
        found = desk.session.connection().execute(sa.select(sa.func.count()).select_from(table))
        return int(found.scalar_one())


def assert_whole(workplace: Workplace, photos: int) -> None:
    """Every photo once, each with its ledger entry, and the chain unbroken."""
    with workplace.reading() as desk:
        assert first_broken(desk.session) is None
        entries = [e.subject for e in ledger.entries(desk.session) if e.subject.startswith("P-")]
    assert rows(workplace) == photos
    assert sorted(entries) == sorted(f"P-{number}" for number in range(1, photos + 1))


@pytest.mark.parametrize("way", [Way(), QUICK])
def test_many_photos_are_told_of_and_stored_as_a_few_are(
    workplace: Workplace, tmp_path: Path, way: Way
) -> None:
    person = persons.add_person(workplace, About(name=ARTIST)).person
    few = some_files(tmp_path / "a", 1, secretive_jpeg())
    many = some_files(tmp_path / "b", 2 * CHUNK + 3, secretive_jpeg())
    [one] = register(workplace, *few, people=People.NONE, way=way)
    told = register(workplace, tmp_path / "b", people=People.NONE, way=way)
    assert isinstance(one, Registered)
    for number, (each, path) in enumerate(zip(told, many, strict=True), 2):
        assert isinstance(each, Registered)
        assert (each.photo_id, each.file_name, each.is_new) == (number, path.name, True)
        assert (each.open, each.photographers) == (one.open, ((person, ARTIST),))
        assert (each.proposed, each.taken_at) == (True, one.taken_at)
    assert_whole(workplace, len(many) + 1)
    with workplace.reading() as desk:
        details = [e.details for e in ledger.entries(desk.session) if e.subject.startswith("P-")]
    assert {json.loads(text)["from_file"] for text in details} == {True}
    assert rows(workplace, PhotoLikeness) == (len(many) + 1 if way.look else 0)


def test_the_same_file_twice_in_a_chunk_and_across_chunks_is_one_photo(
    workplace: Workplace, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", 6 * CHUNK)
    for copy in (1, 5 * CHUNK):
        paths[copy].write_bytes(paths[0].read_bytes())
    told = register(workplace, tmp_path / "kuvat")
    twins = [each for each in told if isinstance(each, Registered) and each.photo_id == 1]
    assert [twin.is_new for twin in twins] == [True, False, False]
    assert_whole(workplace, 6 * CHUNK - 2)


def test_a_bad_file_in_the_middle_of_a_chunk_keeps_nobody_off(
    workplace: Workplace, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", CHUNK + 5)
    paths[7].write_bytes(jpeg_file()[:400])
    paths[CHUNK + 1].write_bytes(b"")
    told = register(workplace, tmp_path / "kuvat")
    failed = {each.path: str(each.error) for each in told if isinstance(each, Failed)}
    assert list(failed) == [paths[7], paths[CHUNK + 1]]
    assert "cut off" in failed[paths[7]]
    assert [type(told[at]) for at in (6, 7, 8)] == [Registered, Failed, Registered]
    assert_whole(workplace, CHUNK + 3)


def test_files_that_have_not_changed_are_passed_by_unless_all_are_to_be_read(
    workplace: Workplace, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", FEW + 10)
    first = register(workplace, tmp_path / "kuvat")
    assert register(workplace, tmp_path / "kuvat") == [Unchanged(FEW + 10)]
    paths[3].write_bytes(paths[3].read_bytes() + b"changed")
    os.utime(paths[4])
    told = register(workplace, tmp_path / "kuvat")
    assert told[0] == Unchanged(FEW + 8)
    new, known = told[1:]
    assert isinstance(new, Registered)
    assert isinstance(known, Registered)
    assert (new.is_new, known.is_new, known.photo_id) == (True, False, 5)
    # What was read again is remembered as it is now.
    assert register(workplace, tmp_path / "kuvat") == [Unchanged(FEW + 10)]
    again = register(workplace, tmp_path / "kuvat", way=Way(look=False, tell_all=True))
    assert [e.photo_id for e in again if isinstance(e, Registered)] == [
        *range(1, 4),
        FEW + 11,
        *range(5, FEW + 11),
    ]
    read = register(workplace, tmp_path / "kuvat", way=Way(look=False, reread=True))
    assert [type(each) for each in read] == [Registered] * len(first)
    assert_whole(workplace, FEW + 11)


def test_a_change_that_kept_size_and_time_is_found_by_reading_again(
    workplace: Workplace, tmp_path: Path
) -> None:
    paths = some_files(tmp_path / "kuvat", FEW + 1)
    register(workplace, tmp_path / "kuvat")
    before = paths[0].stat()
    paths[0].write_bytes(unlike(jpeg_file(), "another"))
    os.utime(paths[0], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert register(workplace, tmp_path / "kuvat") == [Unchanged(FEW + 1)]
    told = register(workplace, tmp_path / "kuvat", way=Way(look=False, reread=True))
    assert [each.is_new for each in told if isinstance(each, Registered)].count(True) == 1


@pytest.fixture
def statements(workplace: Workplace) -> Iterator[Counter[str]]:
    """The statements that run on the registry, counted."""
    counted: Counter[str] = Counter()

    def count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted[statement.split("(", maxsplit=1)[0].split(" IN ", maxsplit=1)[0]] += 1

    engine = workplace.registry.store.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    yield counted
    sa.event.remove(engine, "before_cursor_execute", count)


def test_the_number_of_statements_does_not_depend_on_how_many_photos_a_chunk_has(
    workplace: Workplace, tmp_path: Path, statements: Counter[str]
) -> None:
    persons.add_person(workplace, About(name=ARTIST))
    needed = []
    for count in (1, 5, FEW):
        some_files(tmp_path / str(count), count, secretive_jpeg())
        statements.clear()
        told = register(workplace, tmp_path / str(count), way=Way())
        assert len(told) == count
        needed.append(statements.total())
    alone, *among_others_that_look_alike = needed
    assert alone <= 40
    assert len(set(among_others_that_look_alike)) == 1
    assert needed[1] <= 50


def test_each_file_is_opened_once(tmp_path: Path) -> None:
    paths = some_files(tmp_path / "kuvat", 5, secretive_jpeg())
    code = (
        "import sys\nfrom collections import Counter\n"
        "from photoreg.imaging.workers import read_photos\nopened = Counter()\n"
        "sys.addaudithook(lambda event, args: event == 'open' and opened.update([str(args[0])]))\n"
        "paths = sys.argv[1:]\nread_photos(paths, look=True)\n"
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
    workplace: Workplace, registry_place: Path | str, tmp_path: Path
) -> None:
    count = 1500
    some_files(tmp_path / "kuvat", count)
    killed_at = []
    for lines in (1, 300):  # what it tells fills the pipe, so it cannot be done before the kill
        process = subprocess.Popen(
            command(registry_place, "--reread", tmp_path / "kuvat"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout
        for _line in range(lines):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        process.stdout.close()
        killed_at.append(rows(workplace))
        assert_whole(workplace, killed_at[-1])
    assert 0 < killed_at[0] <= killed_at[1] < count
    told = register(workplace, tmp_path / "kuvat")
    passed_by = sum(each.count for each in told if isinstance(each, Unchanged))
    assert passed_by == killed_at[-1]
    assert_whole(workplace, count)


def test_no_worker_outlives_the_program_that_was_killed() -> None:
    code = (
        "import sys\nfrom photoreg.imaging.workers import Workers\n"
        "workers = Workers(look=False, count=2)\n"
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
        assert len(parent.stdout.readline().split()) == 2
        parent.kill()
        # The workers have the same standard error: it ends when the last of them has ended.
        assert parent.stderr.read() == ""


def test_a_file_that_kills_its_reader_is_refused_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(path) for path in some_files(tmp_path / "kuvat", 6)]
    deadly = (
        "import os\nimport photoreg.imaging.workers as w\nread = w.read_photo\n"
        "w.read_photo = lambda path, look: os._exit(9) if path.name == '00002.jpg' "
        "else read(path, look=look)\nw.main()"
    )
    monkeypatch.setattr(workers, "_PROGRAM", deadly)
    with Workers(look=False, count=1) as crew:
        [read] = crew.read([paths])
    assert [each.path for each in read if isinstance(each, UnreadableFile)] == [paths[2]]
    assert len(read) == 6


def test_workers_read_what_this_process_reads(tmp_path: Path) -> None:
    paths = [str(path) for path in some_files(tmp_path / "kuvat", 9, secretive_jpeg())]
    paths.insert(4, str(tmp_path / "missing.jpg"))
    lists = [paths[:3], [], paths[3:5], paths[5:]]
    with Workers(look=True, count=2) as crew:
        read = list(crew.read(lists))
    assert [len(each) for each in read] == [3, 0, 2, 5]
    here = read_photos(paths, look=True)
    assert [
        str(each) for some in read for each in some if not isinstance(each, UnreadableFile)
    ] == [str(each) for each in here if not isinstance(each, UnreadableFile)]


@pytest.mark.parametrize("more", [0, 1, 20])
def test_many_files_are_read_side_by_side_and_given_in_order(tmp_path: Path, more: int) -> None:
    paths = [str(path) for path in some_files(tmp_path / "kuvat", FEW - 1 + more)]
    paths.insert(4, str(tmp_path / "missing.jpg"))
    read = list(read_side_by_side(paths, look=True))
    assert [Path(each.path).name for each in read] == [Path(path).name for path in paths]
    assert [str(each) for each in read[:4]] == [str(e) for e in read_photos(paths[:4], look=True)]
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


def test_the_progress_line_tells_rate_and_time_left() -> None:
    assert line(500, 2000, 2.0) == "500 of 2000 photos, 250 a second, 0:06 left"
    assert line(0, 2000, 0.0).startswith("0 of 2000")
