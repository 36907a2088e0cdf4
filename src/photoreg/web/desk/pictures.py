"""Small pictures of photos, as the pages show them."""

import flask

from photoreg.errors import NotAllowed, PhotoFileError
from photoreg.services.photos.pictures.views import picture_of
from photoreg.web.rendering import render
from photoreg.web.signing_in import current
from photoreg.web.statuses import status_of

pages = flask.Blueprint("pictures", __name__)


@pages.get("/photos/<photo>/<any(small, large):size>.jpg")
def show(photo: str, size: str) -> flask.Response:
    """Show a photo, small or as large as a page; in its place a picture that tells why not."""
    try:
        made = picture_of(current(), photo, size)
    except (NotAllowed, PhotoFileError) as error:
        instead = render("no_picture.html", photo=photo, is_withheld=isinstance(error, NotAllowed))
        status = 404 if isinstance(error, PhotoFileError) else status_of(error)
        return flask.Response(instead, status, mimetype="image/svg+xml")
    return flask.Response(made.content, mimetype=made.media_type)
