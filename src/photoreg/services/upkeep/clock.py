"""Note that an entry of the log was written with a clock that was ahead."""

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry import ledger
from photoreg.registry.ledger import Action
from photoreg.services.application import Application
from photoreg.services.unit_of_work import COORDINATORS
from photoreg.texts import N_


def note_wrong_clock(application: Application, entry: str) -> int:
    """Note that the last entry of the log was written with a wrong clock; return its number.

    From then on the note is the last entry, so work goes on with the clock as it is now. NotAllowed
    if that entry is not the last one, or its time is not later than now.
    """
    with application.changing(COORDINATORS, despite_clock=True) as work:
        number, last = entry_number(entry), ledger.head(work.session)
        if number != last.seq or last.time <= work.now:
            raise NotAllowed(
                N_("entry {entry} does not stand in the way"),
                N_("Only the last entry can, when it is later than the clock: it is entry {last}."),
                entry=f"L-{number}",
                last=f"L-{last.seq}",
            )
        work.log(Action.CLOCK_WRONG, "entry", number, later_by=str(last.time - work.now))
        return number


def entry_number(entry: str) -> int:
    """Return the number of an entry of the log; InputDataError for another text."""
    digits = entry.strip().upper().removeprefix("L-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:  # noqa: PLR2004 - SQLite's integers
        raise InputDataError(
            N_("{value} is not an entry of the log"),
            N_("Entries look like {example}."),
            fields=("entry",),
            value=entry,
            example="L-123",
        )
    return int(digits)
