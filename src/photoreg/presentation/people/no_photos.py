"""The list of those who must not be shown, in words; it gives no reasons."""

from collections.abc import Iterator

from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.services.photos.roster_consents import NoPhotoList
from photoreg.texts import _


def no_photo_lines(listed: NoPhotoList) -> Iterator[str]:
    """Yield the lines around the names: the heading, the event, the scope and the advice."""
    days = day_in_words(listed.starts_on)
    if listed.ends_on != listed.starts_on:
        days += f" – {day_in_words(listed.ends_on)}"
    yield _("Must not be shown in photos")
    yield f"{safe(listed.name)} · {days} ({listed.event})"
    channel = listed.channel or _("the municipality's public page")
    yield _("For {channel}, as of {day}. Print a new list on the day the photos are taken.").format(
        channel=safe(channel), day=day_in_words(listed.day)
    )
    yield _("People not on the roster have not been asked: do not show them recognisably either.")


def empty_list_note(listed: NoPhotoList) -> str:
    """Return the text that explains why the list is empty."""
    if listed.expected:
        return _("Everybody on the roster may be shown.")
    return _("The roster is still empty, so this list does not tell who may be shown.")
