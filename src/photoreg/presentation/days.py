"""Days and times as users read them, and as data."""

from datetime import date, datetime

from photoreg.services.unit_of_work import HELSINKI
from photoreg.texts import language


def day_in_words(day: date) -> str:
    """Return a day as it is written: 2.3.2026 in Finnish, 2026-03-02 in English."""
    return f"{day.day}.{day.month}.{day.year}" if language() == "fi" else day.isoformat()


def format_iso_day(data: str) -> str:
    """Return a day of data, such as 2026-03-02, as it is written."""
    return day_in_words(date.fromisoformat(data))


def format_time(when: datetime, layout: str = "table") -> str:
    """Return a time as the clocks in Finland show it; as data with its distance from UTC."""
    local = when.astimezone(HELSINKI)
    return f"{local:%Y-%m-%d %H:%M}" if layout == "table" else local.isoformat(timespec="seconds")
