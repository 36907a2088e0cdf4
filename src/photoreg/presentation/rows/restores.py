"""What a restored backup carried over or may lack, in words."""

from collections.abc import Iterable, Iterator
from datetime import date

from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import label
from photoreg.services.upkeep.carried_stops import CarriedStop
from photoreg.texts import _


def stop_lines(stops: Iterable[CarriedStop]) -> Iterator[str]:
    """Yield the stops that were carried over, then those for which the backup has no place."""
    every = list(stops)
    for title, shown in (
        (_("Carried over from the replaced registry, and stopping as before:"), True),
        (_("Not in the backup, so look at each in the replaced registry:"), False),
    ):
        found = [stop for stop in every if (stop.subject is not None) is shown]
        if found:
            yield title
        for stop in found:
            yield f"  {_stop_line(stop)}"


def _stop_line(stop: CarriedStop) -> str:
    ids = [stop.subject or stop.was]
    if stop.subject not in {None, stop.was}:
        ids.append(_("there {old_id}").format(old_id=stop.was))
    if stop.photo and stop.photo != stop.subject:
        ids.append(stop.photo)
    return f"{', '.join(ids)}: {label(stop.kind)}"


def may_be_missing(made_on: date) -> str:
    """Tell that nobody knows what was said since the day of the backup."""
    text = _(
        "Withdrawals, refusals, blocks and flags since {day} may be missing: record them again."
    )
    return text.format(day=day_in_words(made_on))
