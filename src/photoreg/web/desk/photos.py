"""One photo: the picture as large as the page, its verdict with every reason, who is shown."""

from dataclasses import asdict

import flask

from photoreg.presentation.photos import named_in_statements, photo_parts
from photoreg.services.decisions.checks import check
from photoreg.services.photos.details import show_photo
from photoreg.steps import NextAction
from photoreg.web.names import names_shown
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, has_right
from photoreg.web.uses import asked_use, channels_to_choose

pages = flask.Blueprint("photos", __name__)


@pages.get("/photos/<photo>")
def show(photo: str) -> str:
    """Show a photo with its verdict."""
    application = current()
    details = show_photo(application, photo)
    data = asdict(details)
    names = names_shown(application, named_in_statements(data))
    channels = channels_to_choose(application)
    asked = asked_use(channels)
    checked = check(application, [details.photo], asked)[0] if asked else None
    return render(
        "photo.html",
        photo=details,
        parts=list(photo_parts(data, names)),
        asked=asked,
        channels=channels,
        checked=checked,
        may_name=has_right(NextAction.PHOTO_TAG),
    )
