"""The days that users may enter: not so far away that nobody can have meant them."""

from datetime import date
from typing import Final

from photoreg.errors import InputDataError
from photoreg.texts import N_

FIRST_DAY: Final = date(1800, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def require_near(day: date) -> date:
    """Return the day; InputDataError for one that is centuries away."""
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    raise InputDataError(
        N_("{day} is too far from today"),
        N_("Write a day between {first} and {last}. Leave the end out if there is none."),
        day=day,
        first=FIRST_DAY,
        last=LAST_DAY,
    )
