"""What stands in the place of a picture for those who do not see it: what it shows, in words."""

from collections.abc import Sequence

import flask

from photoreg.errors import PhotoregError
from photoreg.presentation.photos import picture_in_words
from photoreg.registry.ids import Kind, human_id
from photoreg.services.photos.pictures.views import pictures_about
from photoreg.texts import _


def alt(photo: str, shown: Sequence[str | int] = ()) -> str:
    """Return what a picture shows, in words; `shown` are the photos of the page, asked at once."""
    known: dict[str, str] = flask.g.setdefault("alt", {})
    if photo not in known:
        ids = {each if isinstance(each, str) else human_id(Kind.PHOTO, each) for each in shown}
        try:
            about = pictures_about(flask.g.application, {photo, *ids})
        except PhotoregError:
            about = {}
        known |= {each: picture_in_words(found) for each, found in about.items()}
    return known.setdefault(photo, _("The photo {photo}").format(photo=photo))
