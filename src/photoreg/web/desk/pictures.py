"""Small pictures of photos, as the pages show them."""

import flask

from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.services.photos.thumbnails import LONGEST_SIDE, VIEW_SIDE, picture_of
from photoreg.web.signing_in import current

pages = flask.Blueprint("pictures", __name__)

SIZES = {"small": LONGEST_SIDE, "large": VIEW_SIDE}


@pages.get("/photos/<photo>/<any(small, large):size>.jpg")
def show(photo: str, size: str) -> flask.Response:
    """Show a photo, small or as large as a page."""
    made = picture_of(current(), photo, CopyOptions(longest_side=SIZES[size], quality=80))
    return flask.Response(made.content, mimetype=made.media_type)
