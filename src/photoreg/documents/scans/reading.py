"""Find the codes of forms on scanned pages, file by file, in a process that may fail.

The files are strangers'. One that makes the reading process fail is read again from the next page,
so that each page is accounted for: with its codes, or with why it has none.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, cast

from photoreg.errors import InputDataError, PhotoregError
from photoreg.guarded import program_of
from photoreg.installation import install_command
from photoreg.texts import N_

_MAX_FAILURES = 3
"""After so many pages of one file that make the process fail, the rest of it is not tried."""


class ScanFault(StrEnum):
    """Why a page or a file was not read."""

    NO_SCAN = "no_scan"
    AS_PRINTED = "as_printed"
    SEVERAL_CODES = "several_codes"
    SEVERAL_PICTURES = "several_pictures"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page: its number, from 1, and the codes on it; 0 stands for a file that was not read.

    `pages` is how many the file has.
    """

    number: int
    pages: int = 0
    codes: tuple[str, ...] = ()
    fault: ScanFault | None = None


class _ReaderFailedError(Exception):
    """The reading process ended without an answer."""


class PageReader:
    """Reads scanned files, and takes single pages out of them; `closing` it ends its process.

    INVARIANT: the answers to a request are read to their end before the next one.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, file: Path) -> Iterator[PageRead]:
        """Yield each page of a file, or what is wrong with the file as a whole."""
        pages = done = 0
        for _attempt in range(_MAX_FAILURES):
            try:
                for answer in self._ask(file=str(file), first=done + 1):
                    if "pages" in answer:
                        pages = answer["pages"]
                    elif pages:
                        done += 1
                        yield _page(done, pages, answer)
                    else:
                        yield _page(0, 0, answer)
            except _ReaderFailedError:
                done += bool(pages)
                yield PageRead(done, pages, fault=ScanFault.DAMAGED)
            if done == pages:
                return
        for number in range(done + 1, pages + 1):
            yield PageRead(number, pages, fault=ScanFault.DAMAGED)

    def take_out(self, file: Path, first: int, last: int, target: Path) -> Path | None:
        """Write some pages of a file into a new one, `target` and a suffix; None on failure."""
        try:
            [answer] = [*self._ask(file=str(file), first=first, last=last, target=str(target))]
        except _ReaderFailedError:
            return None
        return Path(answer["file"]) if "file" in answer else None

    def picture(self, file: Path, page: int, target: Path) -> Path | None:
        """Draw a page of a file as a JPEG for a screen, into a new file; None on failure."""
        try:
            [answer] = [*self._ask(file=str(file), first=page, picture=str(target))]
        except _ReaderFailedError:
            return None
        return Path(answer["file"]) if "file" in answer else None

    def _ask(self, **request: object) -> Iterator[dict[str, Any]]:
        """Yield the answers to a request; raises _ReaderFailedError where they break off."""
        process = self._started()
        with suppress(OSError):  # a broken pipe: it has ended, and gives no answer
            incoming = cast("BinaryIO", process.stdin)
            incoming.write(json.dumps(request).encode() + b"\n")
            incoming.flush()
        for line in cast("BinaryIO", process.stdout):
            answer: dict[str, Any] = json.loads(line)
            if "end" in answer:
                return
            yield answer
        self.close()
        raise _ReaderFailedError

    def _started(self) -> subprocess.Popen[bytes]:
        """Return the process; PhotoregError if it cannot read scans."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                program_of("photoreg.documents.scans.worker"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # so that Ctrl-C reaches only this process
            )
            hello = cast("BinaryIO", self._process.stdout).readline()
            if b"ready" not in hello:
                self.close()
                raise _missing_error() if b"missing" in hello else _not_started_error()
        return self._process

    def close(self) -> None:
        """Kill the process; it writes nothing but files that it is asked for."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _page(number: int, pages: int, answer: dict[str, Any]) -> PageRead:
    if "fault" in answer:
        return PageRead(number, pages, fault=ScanFault(answer["fault"]))
    return PageRead(number, pages, tuple(answer["codes"]))


def _not_started_error() -> PhotoregError:
    return PhotoregError(N_("the part of photoreg that reads scanned forms does not start"))


def _missing_error() -> InputDataError:
    return InputDataError(
        N_("reading scanned forms needs parts that are installed separately"),
        N_("Install them with: {command}"),
        command=install_command("zxing-cpp", "pypdfium2"),
    )
