"""Days in tables: the user's format in each language; ISO where programs read them."""

from datetime import date

import pytest

from photoreg.presentation.cells import cell_text, readable
from photoreg.presentation.view import MAYBE_STRING, Column, ColumnKind, day_column
from photoreg.texts import use_language

DAY = day_column("born", "born", optional=True)
TAKEN = Column("taken_at", "taken", MAYBE_STRING, kind=ColumnKind.CAMERA_TIME)


@pytest.mark.parametrize(
    ("language", "day", "time"),
    [("fi", "2.10.2026", "2.10.2026 09.05"), ("en", "2026-10-02", "2026-10-02 09:05")],
)
def test_a_table_shows_days_in_the_users_format(language: str, day: str, time: str) -> None:
    use_language(language)
    assert readable("2026-10-02", DAY) == readable(date(2026, 10, 2), DAY) == day
    assert readable("2026-10-02 09:05:07", TAKEN) == time
    assert readable(None, DAY) == ""
    assert cell_text(date(2026, 10, 2)) == "2026-10-02"
