"""Publications as rows, and the state of each of their photos."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.labels import label
from photoreg.services.publications.publishing import PublicationRecorded, PublicationRow
from photoreg.services.publications.takedown_tasks import ClosedTask
from photoreg.texts import _


def publication_rows(rows: Iterable[PublicationRow], layout: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the view PUBLICATIONS: one for each photo.

    In a table, photos of a publication with nothing to do about them share a row.
    """
    shown = rows if layout != "table" else _merged(rows)
    return (_publication_row(row, layout) for row in shown)


def _merged(rows: Iterable[PublicationRow]) -> Iterator[PublicationRow]:
    """Yield rows of which one may stand for several photos."""
    for _publication, group in groupby(rows, lambda row: row.publication):
        alike: dict[Any, list[PublicationRow]] = {}
        for row in group:
            alike.setdefault((row.state, row.task, row.removed_on), []).append(row)
        for same in alike.values():
            yield replace(same[0], photo=_and_others(same[0].photo, len(same) - 1))


def _and_others(photo: str, others: int) -> str:
    return f"{photo} + {others}" if others else photo


def _publication_row(row: PublicationRow, layout: str) -> dict[str, Any]:
    return {
        "publication": row.publication,
        "photo": row.photo,
        "channel": row.channel,
        "address": row.address,
        "published_on": row.published_on,
        "recorded_by": row.recorded_by,
        "decision": row.decision,
        "state": row.state,
        "task": row.task,
        "owner": row.owner,
        "due_at": format_time(row.due_at, layout) if row.due_at else None,
        "overdue": row.overdue,
        "removed_on": row.removed_on,
    }


def photo_state(row: PublicationRow) -> Iterator[str]:
    """Yield what is to be said of a photo in a publication: which, its state, and its task."""
    yield row.photo
    yield label(row.state)
    if row.removed_on is not None:
        yield day_in_words(row.removed_on)
    elif row.task is not None and row.due_at is not None:
        yield row.task
        if row.owner:
            yield row.owner
        yield _("due {due}").format(due=format_time(row.due_at))


def recorded_in_words(recorded: PublicationRecorded) -> str:
    """Return that a publication was recorded."""
    if len(recorded.checked) == 1:
        text = _("{publication} was recorded.")
    else:
        text = _("{publication} was recorded. Photos: {count}.")
    return text.format(publication=recorded.publication, count=len(recorded.checked))


def taken_down_lines(done: Iterable[ClosedTask]) -> Iterator[str]:
    """Yield what was taken out of each publication, and whether anything of it is left."""
    return (
        _taken_down(list(group))
        for _publication, group in groupby(done, lambda task: task.publication)
    )


def _taken_down(done: Sequence[ClosedTask]) -> str:
    text = _("{publication} is taken down; {task} is done.")
    if done[0].left:
        text = _("{publication}: {photo} is taken down, {count} photos stay; {task} is done.")
    return text.format(
        publication=done[0].publication,
        photo=", ".join(task.photo for task in done),
        task=", ".join(task.task for task in done),
        count=done[0].left,
    )
