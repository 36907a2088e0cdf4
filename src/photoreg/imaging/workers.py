"""Read many photos in parallel worker processes.

A worker is a separate Python process that reads lists of paths from standard input and writes the
results to standard output; it has no access to the registry. It exits at the end of its input, so
no worker outlives a killed parent. If a decoder crashes on a malicious image, the worker's files
are read again one by one, and only the one that crashes it is refused.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from photoreg.errors import PhotoFileError
from photoreg.imaging.reading import PhotoReading, read_photo
from photoreg.texts import N_

_PROGRAM = f"from {__name__} import main; main()"
MAX_QUEUED_BATCHES = 4
"""How many lists per worker may be pending, empty lists included."""

MAX_WITHOUT_WORKERS = 16
"""Up to this many files are read in this process, because starting workers would take longer."""

_BATCH_SIZE = 8

_DECODE, _SKIP_DECODING = "decode", "pass"


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

    There is one more worker than there are cores, so that no core is idle while this process
    stores results.
    """

    def __init__(self, *, decode: bool, count: int = 0) -> None:
        self._decode = decode
        self._count = count or cpu_count() + 1
        self._all: set[_Worker] = set()

    def close(self) -> None:
        """End the workers."""
        for worker in self._all:
            worker.end()

    def read(self, lists: Iterable[Sequence[str]]) -> Iterator[list[ReadResult]]:
        """Yield the results of each list, in order; only a few lists are consumed ahead.

        Workers are started on demand.
        """
        waiting: deque[tuple[_Worker | None, Sequence[str]]] = deque()
        idle: list[_Worker] = []
        for paths in lists:
            done = []
            all_are_busy = not idle and len(self._all) == self._count
            if (paths and all_are_busy) or len(waiting) == MAX_QUEUED_BATCHES * self._count:
                done.append(self._first(waiting, idle))
            worker = None
            if paths:
                worker = idle.pop() if idle else self._new()
                worker.give(paths)
            waiting.append((worker, paths))
            while waiting and waiting[0][0] is None:
                done.append(self._first(waiting, idle))
            yield from done
        while waiting:
            yield self._first(waiting, idle)

    def _first(
        self, waiting: "deque[tuple[_Worker | None, Sequence[str]]]", idle: "list[_Worker]"
    ) -> list[ReadResult]:
        """Return the results of the oldest pending list, and mark its worker idle."""
        worker, paths = waiting.popleft()
        if worker is None:
            return []
        worker, read = self._finished(worker, paths)
        idle.append(worker)
        return read

    def _finished(
        self, worker: "_Worker", paths: Sequence[str]
    ) -> tuple["_Worker", list[ReadResult]]:
        """Return a worker's results, and the worker or its replacement if it crashed."""
        read = worker.take()
        if read is not None:
            return worker, read
        one_by_one: list[ReadResult] = []
        worker = self._instead_of(worker)
        for path in paths:
            worker.give([path])
            read = worker.take()
            if read is None:
                worker = self._instead_of(worker)
                read = [UnreadableFile(path, _decoder_crashed(path))]
            one_by_one += read
        return worker, one_by_one

    def _new(self) -> "_Worker":
        worker = _Worker(decode=self._decode)
        self._all.add(worker)
        return worker

    def _instead_of(self, dead: "_Worker") -> "_Worker":
        dead.end()
        self._all.discard(dead)
        return self._new()


class _Worker:
    """A process that reads photos."""

    def __init__(self, *, decode: bool) -> None:
        # A new process session, so that Ctrl-C reaches only the parent.
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-P", "-c", _PROGRAM, _DECODE if decode else _SKIP_DECODING],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # on Windows
        )
        self._in = cast("BinaryIO", self._process.stdin)
        self._out = cast("BinaryIO", self._process.stdout)

    def give(self, paths: Sequence[str]) -> None:
        """Send paths to read."""
        with suppress(OSError):  # a broken pipe: it has crashed, which `take` detects
            pickle.dump(paths, self._in)
            self._in.flush()

    def take(self) -> list[ReadResult] | None:
        """Return the results, or None if the worker crashed."""
        try:
            read: list[ReadResult] = pickle.load(self._out)  # noqa: S301 - from our own process
        except (EOFError, pickle.UnpicklingError):
            return None
        return read

    def end(self) -> None:
        """Kill it; it changes nothing, so nothing can be left incomplete."""
        self._process.kill()
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
    """Read the photos requested on standard input until it ends."""
    decode = sys.argv[1] == _DECODE
    # Output that libraries print must not mix with the results.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while True:
            paths: list[str] = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
            pickle.dump(read_photos(paths, decode=decode), answers)
            answers.flush()
    except (EOFError, OSError):
        os._exit(0)  # the parent has exited


if __name__ == "__main__":
    main()
