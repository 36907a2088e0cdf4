"""Read many photos in parallel worker processes.

A worker is a Python of its own: it takes lists of paths from its standard input and gives what it
read to its standard output. Nothing of the registry is in it. It ends when its input does, so none
stays behind when the program that started it is killed. A decoder may crash on a prepared image:
then the worker's files are read again one by one, and only the one that it dies over is refused.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from photoreg.errors import PhotoFileError
from photoreg.imaging.reading import PhotoReading, read_photo
from photoreg.texts import N_

_PROGRAM = f"from {__name__} import main; main()"
MAX_QUEUED_BATCHES = 4
"""How many lists may wait for each worker, those included in which there is nothing to read."""

MAX_WITHOUT_WORKERS = 16
"""Up to so many files are read by this process: starting workers would take longer than that."""

_BATCH_SIZE = 8

_DECODE, _SKIP_DECODING = "look", "pass"


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file that could not be read, and why."""

    path: str
    error: PhotoFileError


ReadResult = PhotoReading | UnreadableFile


def read_photos(paths: Iterable[str], *, decode: bool) -> list[ReadResult]:
    """Read photos in this process, one after the other; a bad file does not keep off the others."""
    return [_read(path, decode=decode) for path in paths]


def read_in_parallel(paths: Sequence[str], *, decode: bool) -> Iterator[ReadResult]:
    """Read photos by workers, unless they are few, and give them in order."""
    if len(paths) <= MAX_WITHOUT_WORKERS:
        yield from read_photos(paths, decode=decode)
        return
    with Workers(decode=decode) as workers:
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
    """Refuse a path that is no text: the registry could not find the file again."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise PhotoFileError(
            N_("{file}: the name of the file or its folder contains invalid characters"),
            N_("Rename it and register it again."),
            file=Path(path).name,
        ) from error


def cpu_count() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Workers that read lists of photos side by side; as a context, they end with it.

    There is one more than there are cores, so that no core waits while this process writes down
    what was read.
    """

    def __init__(self, *, decode: bool, count: int = 0) -> None:
        self._look = decode
        self._count = count or cpu_count() + 1
        self._all: set[_Worker] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._all:
            worker.end()

    def read(self, lists: Iterable[Sequence[str]]) -> Iterator[list[ReadResult]]:
        """Yield what was read of each list, in order; only a few more lists are taken meanwhile.

        Workers are started when there is something to read for them.
        """
        waiting: deque[tuple[_Worker | None, Sequence[str]]] = deque()
        idle: list[_Worker] = []
        for paths in lists:
            done = []
            all_at_work = not idle and len(self._all) == self._count
            if (paths and all_at_work) or len(waiting) == MAX_QUEUED_BATCHES * self._count:
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
        """Return what was read of the list that has waited longest; its worker is idle then."""
        worker, paths = waiting.popleft()
        if worker is None:
            return []
        worker, read = self._finished(worker, paths)
        idle.append(worker)
        return read

    def _finished(
        self, worker: "_Worker", paths: Sequence[str]
    ) -> tuple["_Worker", list[ReadResult]]:
        """Return what a worker read, with the worker, or another one if it died meanwhile."""
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
        worker = _Worker(decode=self._look)
        self._all.add(worker)
        return worker

    def _instead_of(self, dead: "_Worker") -> "_Worker":
        dead.end()
        self._all.discard(dead)
        return self._new()


class _Worker:
    """A process that reads photos."""

    def __init__(self, *, decode: bool) -> None:
        # A session of its own: Ctrl-C is for the program that started it.
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-P", "-c", _PROGRAM, _DECODE if decode else _SKIP_DECODING],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._in = cast("BinaryIO", self._process.stdin)
        self._out = cast("BinaryIO", self._process.stdout)

    def give(self, paths: Sequence[str]) -> None:
        """Hand over paths to read."""
        with suppress(BrokenPipeError):  # it is dead, which `take` will find
            pickle.dump(paths, self._in)
            self._in.flush()

    def take(self) -> list[ReadResult] | None:
        """Return what it read; None when it died over it."""
        try:
            read: list[ReadResult] = pickle.load(self._out)  # noqa: S301 - from our own process
        except (EOFError, pickle.UnpicklingError):
            return None
        return read

    def end(self) -> None:
        """End it at once: it changes nothing, so nothing can be half done."""
        self._process.kill()
        self._out.close()
        self._process.wait()
        with suppress(BrokenPipeError):
            self._in.close()


def _decoder_crashed(path: str) -> PhotoFileError:
    return PhotoFileError(
        N_("{file}: the file crashes the program that reads it"),
        N_("Open it in an image program, look at it, and save it as a new JPEG."),
        file=Path(path).name,
    )


def main() -> None:
    """Read what is asked for on standard input, until it ends."""
    look = sys.argv[1] == _DECODE
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while True:
            paths: list[str] = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
            pickle.dump(read_photos(paths, decode=look), answers)
            answers.flush()
    except (EOFError, BrokenPipeError):
        os._exit(0)  # who asked has gone


if __name__ == "__main__":
    main()
