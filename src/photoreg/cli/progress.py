"""Progress of a long operation: one line on a terminal, nothing elsewhere."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import click

from photoreg.texts import _

_T = TypeVar("_T")

REDRAW_SECONDS = 0.2
"""Seconds between two updates of the line."""


class Progress:
    """The progress line. `total` is computed only if there is a terminal to show it on."""

    def __init__(self, total: Callable[[], int]) -> None:
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._total = total() if self._is_shown else 0
        self._done = 0
        self._started = self._drawn = time.monotonic()
        self._is_drawn = False

    def track(self, things: Iterable[_T], count: Callable[[_T], int]) -> Iterator[_T]:
        """Yield the items and update the line; `count` returns how much an item counts."""
        for thing in things:
            self._done += count(thing)
            self.clear()
            yield thing
            if self._is_shown and time.monotonic() - self._drawn >= REDRAW_SECONDS:
                self._draw()
        self.clear()

    def clear(self) -> None:
        """Erase the line, so that other output can be printed."""
        if self._is_drawn:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._is_drawn = False

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        click.echo(
            progress_line(self._done, self._total, self._drawn - self._started), nl=False, err=True
        )
        self._is_drawn = True


def progress_line(done: int, total: int, seconds: float) -> str:
    """Return the text of the line after the given number of seconds."""
    rate = done / max(seconds, 0.001)
    seconds_left = round((total - done) / max(rate, 0.001)) if total > done else 0
    return _("Photos: {done}/{total}, {rate}/s, {minutes}:{seconds:02} left").format(
        done=done,
        total=total,
        rate=round(rate),
        minutes=seconds_left // 60,
        seconds=seconds_left % 60,
    )
