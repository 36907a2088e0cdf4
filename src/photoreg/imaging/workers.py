"""Read many photos in parallel worker processes.

A worker is a separate Python process that reads from standard input what to do, such as reading a
list of files, and writes the results to standard output; it has no access to the registry. It exits
at the end of its input, so no worker outlives a killed parent. If a decoder crashes on a malicious
image, the worker's files are read again one by one, and only the one that crashes it is refused.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, TypeVar, cast

from photoreg.errors import PhotoFileError
from photoreg.guarded import end_after, never_end
from photoreg.imaging.reading import PhotoReading, read_photo
from photoreg.texts import N_

_Found = TypeVar("_Found")

_PROGRAM = f"from {__name__} import main; main()"
MAX_QUEUED_BATCHES = 4
"""How many lists per worker may be pending, empty lists included."""

MAX_WITHOUT_WORKERS = 16
"""Up to this many files are read in this process, because starting workers would take longer."""

_BATCH_SIZE = 8

MAX_SECONDS = 120
"""How long one photo of a stranger may take a worker (`Workers.call`)."""


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file that could not be read, and why."""

    path: str
    error: PhotoFileError


ReadResult = PhotoReading | UnreadableFile


def read_photos(paths: Iterable[str], *, decode: bool) -> list[ReadResult]:
    """Read photos one after another in this process; an unreadable file does not stop the rest."""
    return [_read(path, decode=decode) for path in paths]


def read_in_parallel(paths: Sequence[str], *, decode: bool) -> Iterator[ReadResult]:
    """Read photos with workers, unless they are few, and yield the results in order."""
    if len(paths) <= MAX_WITHOUT_WORKERS:
        yield from read_photos(paths, decode=decode)
        return
    with closing(Workers(decode=decode)) as workers:
        places = range(0, len(paths), _BATCH_SIZE)
        for read in workers.read(paths[place : place + _BATCH_SIZE] for place in places):
            yield from read


def _read_decoding(paths: Sequence[str]) -> list[ReadResult]:
    return read_photos(paths, decode=True)


def _read_without_decoding(paths: Sequence[str]) -> list[ReadResult]:
    return read_photos(paths, decode=False)


def _read(path: str, *, decode: bool) -> ReadResult:
    try:
        _require_valid_name(path)
        return read_photo(Path(path), decode=decode)
    except PhotoFileError as error:
        return UnreadableFile(path, error)


def _require_valid_name(path: str) -> None:
    """Raise PhotoFileError for a path that is not Unicode, which the registry cannot store."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise PhotoFileError(
            N_("{file}: the name of the file or its folder contains invalid characters"),
            N_("Rename it and register it again."),
            file=Path(path).name,
        ) from error


def cpu_count() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """A pool of workers that read lists of photos; `closing` it ends them.

    A thread waits for each worker and gives it the next list at once, so that workers read on while
    this process stores results. They are started on demand.
    """

    def __init__(self, *, decode: bool, count: int = 0) -> None:
        self._reader = _read_decoding if decode else _read_without_decoding
        self._count = count or cpu_count()
        self._threads = ThreadPoolExecutor(self._count)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._is_closed = False
        self._lock = Lock()

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            self._is_closed = True
            for worker in self._all:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.end()

    def read(self, lists: Iterable[Sequence[str]]) -> Iterator[list[ReadResult]]:
        """Yield the results of each list, in order; only a few lists are consumed ahead."""
        waiting: deque[Future[list[ReadResult]] | None] = deque()
        for paths in lists:
            if len(waiting) == MAX_QUEUED_BATCHES * self._count:
                yield _results_of(waiting.popleft())
            waiting.append(self._threads.submit(self._read, paths) if paths else None)
            while waiting and waiting[0] is None:
                yield _results_of(waiting.popleft())
        while waiting:
            yield _results_of(waiting.popleft())

    def call(self, function: Callable[[str], _Found], path: str) -> _Found:
        """Return what a function of a module returns for a photo, or raise its PhotoFileError.

        PhotoFileError also if the photo crashes the worker or takes it longer than `MAX_SECONDS`.
        """
        [found] = self.call_all(function, [path])
        if isinstance(found, PhotoFileError):
            raise found
        return found

    def call_all(
        self, function: Callable[[str], _Found], paths: Iterable[str]
    ) -> Iterator[_Found | PhotoFileError]:
        """Yield for each photo what `call` returns or raises, in order."""
        calls = [self._threads.submit(self._call, function, path) for path in paths]
        return (call.result() for call in calls)

    def _call(self, function: Callable[[str], _Found], path: str) -> _Found | PhotoFileError:
        worker = self._free_worker()
        found: _Found | PhotoFileError | None = worker.do(_guarded, (function, path))
        if found is None:
            worker = self._instead_of(worker)
            found = _decoder_crashed(path)
        self._idle.append(worker)
        return found

    def _read(self, paths: Sequence[str]) -> list[ReadResult]:
        """Return the results of a worker; if it crashes, those of others that read one by one."""
        worker = self._free_worker()
        read: list[ReadResult] | None = worker.do(self._reader, paths)
        if read is None:
            read = []
            worker = self._instead_of(worker)
            for path in paths:
                one: list[ReadResult] | None = worker.do(self._reader, [path])
                if one is None:
                    worker = self._instead_of(worker)
                    one = [UnreadableFile(path, _decoder_crashed(path))]
                read += one
        self._idle.append(worker)
        return read

    def _free_worker(self) -> "_Worker":
        with self._lock:
            if self._is_closed:
                raise CancelledError
            if self._idle:
                return self._idle.pop()
            worker = _Worker()
            self._all.add(worker)
            return worker

    def _instead_of(self, dead: "_Worker") -> "_Worker":
        dead.end()
        with self._lock:
            self._all.discard(dead)
        return self._free_worker()


def _results_of(reading: "Future[list[ReadResult]] | None") -> list[ReadResult]:
    return reading.result() if reading else []


@cache
def shared_workers() -> Workers:
    """Return the workers of a process that reads the photos of strangers as they come."""
    return Workers(decode=True)


def _guarded(job: tuple[Callable[[str], _Found], str]) -> _Found | PhotoFileError:
    """Do a job within `MAX_SECONDS`; an error cannot be raised from one process to another."""
    function, path = job
    end_after(MAX_SECONDS)
    try:
        return function(path)
    except PhotoFileError as error:
        return error
    finally:
        never_end()


class _Worker:
    """A process that reads photos."""

    def __init__(self) -> None:
        # A new process session, so that Ctrl-C reaches only the parent.
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # on Windows
        )
        self._in = cast("BinaryIO", self._process.stdin)
        self._out = cast("BinaryIO", self._process.stdout)

    def do(self, function: Callable[[Any], Any], argument: Any) -> Any:
        """Return what a function of a module returns, or None if the worker crashed."""
        try:
            pickle.dump((function, argument), self._in)
            self._in.flush()
            return pickle.load(self._out)  # noqa: S301 - from our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def kill(self) -> None:
        """Kill it; it changes nothing, so nothing can be left incomplete."""
        self._process.kill()

    def end(self) -> None:
        """Kill it, and wait until it has ended."""
        self.kill()
        self._out.close()
        self._process.wait()
        with suppress(OSError):  # a broken pipe
            self._in.close()


def _decoder_crashed(path: str) -> PhotoFileError:
    return PhotoFileError(
        N_("{file}: the file crashes the program that reads it"),
        N_("Open it in an image program, look at it, and save it as a new JPEG."),
        file=Path(path).name,
    )


def main() -> None:
    """Do what is requested on standard input until it ends."""
    # Output that libraries print must not mix with the results.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while True:
            function, argument = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
            pickle.dump(function(argument), answers)
            answers.flush()
    except (EOFError, OSError):
        os._exit(0)  # the parent has exited


if __name__ == "__main__":
    main()
