"""Progress of a long operation: one line on a terminal, nothing elsewhere."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import click

from photoreg.texts import N_, _

_T = TypeVar("_T")

REDRAW_SECONDS = 0.2
"""Seconds between two updates of the line."""


PHOTOS = N_("Photos: {done}/{total}, {rate}/s, {minutes}:{seconds:02} left")
PAGES = N_("Scanned pages: {percent} %, {minutes}:{seconds:02} left")


class Progress:
    """The progress line. `total` is computed only if there is a terminal to show it on."""

    def __init__(self, total: Callable[[], float], text: str = PHOTOS) -> None:
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._text = text
        self._total = total() if self._is_shown else 0
        self._done = 0.0
        self._started = self._drawn = time.monotonic()
        self._is_drawn = False

    def track(self, things: Iterable[_T], count: Callable[[_T], float]) -> Iterator[_T]:
        """Yield the items and update the line; `count` returns how much an item counts."""
        try:
            for thing in things:
                self._done += count(thing)
                self.clear()
                yield thing
                if self._is_shown and time.monotonic() - self._drawn >= REDRAW_SECONDS:
                    self._draw()
        finally:
            self.clear()

    def clear(self) -> None:
        """Erase the line, so that other output can be printed."""
        if self._is_drawn:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._is_drawn = False

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        line = progress_line(self._done, self._total, self._drawn - self._started, self._text)
        click.echo(line, nl=False, err=True)
        self._is_drawn = True


def progress_line(done: float, total: float, seconds: float, text: str = PHOTOS) -> str:
    """Return the text of the line after the given number of seconds."""
    rate = done / max(seconds, 0.001)
    seconds_left = round((total - done) / max(rate, 0.001)) if total > done else 0
    return _(text).format(
        done=round(done),
        total=total,
        percent=round(100 * done / total) if total else 0,
        rate=round(rate),
        minutes=seconds_left // 60,
        seconds=seconds_left % 60,
    )
