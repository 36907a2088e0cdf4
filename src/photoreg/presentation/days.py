"""Dates and times, formatted for users and as data."""

import re
from datetime import date, datetime

from photoreg.presentation.view import FOR_PEOPLE
from photoreg.texts import language


def day_in_words(day: date) -> str:
    """Return a date in the user's format: 2.3.2026 in Finnish, 2026-03-02 in English."""
    return f"{day.day}.{day.month}.{day.year}" if language() == "fi" else day.isoformat()


def format_iso_day(data: str) -> str:
    """Return an ISO date, such as 2026-03-02, in the user's format."""
    return day_in_words(date.fromisoformat(data))


def day_or_text(text: str) -> str:
    """Return an ISO date, or a camera's time, in the user's format; any other text as it is."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return format_iso_day(text)
    is_time = re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", text)
    return format_camera_time(text) if is_time else text


def format_time(when: datetime, layout: str = "table") -> str:
    """Return a time in Finland in the user's format; in layouts for programs, ISO with offset."""
    # Deferred: `rules` shows dates too, and must not load the database library.
    from photoreg.services.unit_of_work import HELSINKI  # noqa: PLC0415

    local = when.astimezone(HELSINKI)
    return _clock_time(local) if layout in FOR_PEOPLE else local.isoformat(timespec="seconds")


def format_camera_time(data: str) -> str:
    """Return the time in a photo's file, which has no time zone, in the user's format."""
    return _clock_time(datetime.fromisoformat(data))


def _clock_time(when: datetime) -> str:
    clock = f"{when:%H.%M}" if language() == "fi" else f"{when:%H:%M}"
    return f"{day_in_words(when.date())} {clock}"
