"""Causes as data and as text."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from photoreg.presentation.causes.causes import Cause
from photoreg.presentation.cells import with_names
from photoreg.presentation.verdicts import person_rows, step_row
from photoreg.registry.ids import Kind, human_ids, parse_id
from photoreg.steps import NextAction, NextStep
from photoreg.texts import _


def cause_row(
    cause: Cause, names: Mapping[str, str], as_text: Callable[[NextStep | None], str]
) -> dict[str, Any]:
    """Return a cause as data of the view CHECK; `as_text` writes a step as a command."""
    return {
        "codes": [reason.code for reason in cause.reasons],
        "severity": cause.severity,
        "title": title_of(cause),
        "photos": human_ids(Kind.PHOTO, cause.photos),
        "persons": person_rows(cause.persons, names),
        "waits_for": person_rows(cause.waits_for, names),
        "detail": list(cause.detail),
        "remedy": cause.remedy,
        "next": as_text(cause.step),
        "step": step_row(cause.step),
        "for_each_photo": cause.is_for_each,
    }


def cause_line(cause: Cause, names: Mapping[str, str], most: int) -> str:
    """Return a cause as a line of text: how many photos, who must answer, what is wrong.

    At most `most` persons are named.
    """
    about = _listed([p for p in cause.persons if p not in cause.waits_for], names, most)
    who = _listed(cause.waits_for, names, most)
    action = cause.step.action if cause.step else None
    if who and action is NextAction.GUARDIAN_VERIFY:
        text = _("{photos}: a guardianship is not verified: {who} (for {about})")
    elif who and about:
        text = _("{photos}: an answer is needed from {who} about {about}: {title}")
    elif who:
        text = _("{photos}: an answer is needed from {who}: {title}")
    elif about and cause.said_by:
        who = _listed(cause.said_by, names, most)
        text = _("{photos}: {title}: {who}, on behalf of {about}")
    elif about:
        text = _("{photos}: {title}: {about}")
    else:
        text = "{photos}: {title}"
    return text.format(
        photos=number_of_photos(len(cause.photos)), who=who, about=about, title=title_of(cause)
    )


def title_of(cause: Cause) -> str:
    """Return the reasons of a cause in the user's language."""
    return "; ".join(_(reason.title) for reason in cause.reasons)


def number_of_photos(number: int) -> str:
    """Return a number of photos in words."""
    return _("1 photo") if number == 1 else _("{number} photos").format(number=number)


def _listed(persons: Iterable[str], names: Mapping[str, str], most: int) -> str:
    every = with_names(persons, names)
    shown, more = ", ".join(every[:most]), len(every) - most
    return shown if more <= 0 else _("{shown} and {more} more").format(shown=shown, more=more)


def id_ranges(photos: Iterable[str]) -> str:
    """Return the ids of photos, consecutive ones as a range."""
    return photo_ranges(filter(None, (parse_id(Kind.PHOTO, photo) for photo in photos)))


def photo_ranges(numbers: Iterable[int]) -> str:
    """Return the ids of photos, consecutive ones as a range: `P-1–P-22, P-30`."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    return ", ".join("–".join(human_ids(Kind.PHOTO, each)) for each in ranges)
