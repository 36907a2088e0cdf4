"""Publish photos on one page: approve, take the clean copies and texts, tell where they stand."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import flask
from werkzeug.wrappers import Response

from photoreg.errors import InputDataError, NotAllowed, PhotoregError
from photoreg.imaging.containers.formats import read_bytes
from photoreg.named_files import open_regular
from photoreg.presentation.decisions import approved_lines
from photoreg.presentation.messages import error_texts
from photoreg.presentation.publications import recorded_in_words
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.approval import approve
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.choosing import event_photos
from photoreg.services.decisions.evaluation import AskedUse, Checked
from photoreg.services.publications.credits import texts_beside
from photoreg.services.publications.export import ExportResult, export_photos
from photoreg.services.publications.publishing import add_publication
from photoreg.sheets.cells import to_day
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _
from photoreg.web.flashing import tell
from photoreg.web.paging import Pager
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, require_right
from photoreg.web.uses import asked_use, channels_to_choose

pages = flask.Blueprint("publishing", __name__)

_PIECE = 1024 * 1024

MOST_PHOTOS = 100
"""How many photos a page shows, which are published together."""


@pages.get("/publish")
def show() -> Response | str:
    """Show what may be published of the photos in the address, or of an event."""
    event = flask.request.args.get("event", "")
    named = _words(flask.request.args.getlist("photo"))
    if not event and not named:
        return flask.redirect(flask.url_for("events.index"), 303)
    return _page(event, named)


def _words(texts: Sequence[str]) -> list[str]:
    """Return the ids in these texts; a step names several in one."""
    return list(dict.fromkeys(word for text in texts for word in text.split()))


def _page(
    event: str,
    named: list[str],
    *,
    selected: Sequence[str] | None = None,
    typed: dict[str, str] | None = None,
    error: PhotoregError | None = None,
) -> str:
    application = current()
    every = named or event_photos(application, event)
    pager = Pager.asked(len(every), MOST_PHOTOS)
    channels = channels_to_choose(application)
    asked = asked_use(channels)
    checked = check(application, pager.of(every), asked) if asked else []
    allowed = [each for each in checked if each.is_allowed]
    return render(
        "publish.html",
        event=event,
        named=named,
        pager=pager,
        asked=asked,
        channels=channels,
        allowed=allowed,
        unclear=[each for each in checked if each.outcome is Outcome.UNCLEAR],
        refused=[each for each in checked if each.outcome is Outcome.REFUSED],
        texts=texts_beside(application, allowed),
        selected=selected,
        typed=typed or {},
        error=error,
    )


def _posted() -> tuple[list[str], AskedUse]:
    """Return the photos that were selected, and the use; InputDataError for none."""
    form = flask.request.form
    photos = _words(form.getlist("photo"))
    if not photos:
        raise InputDataError(N_("no photo is selected"), N_("Select at least one photo."))
    return photos, AskedUse(
        form.get("channel", ""),
        Purpose(form.get("purpose", Purpose.INFORMATION)),
        Mode(form.get("mode", Mode.UPLOAD)),
    )


def _again(error: PhotoregError, status: int = 422) -> Response:
    """Show the page with what was selected and typed, and what was wrong."""
    form = flask.request.form
    page = _page(
        form.get("event", ""),
        _words(form.getlist("named")),
        selected=_words(form.getlist("photo")),
        typed={name: form.get(name, "") for name in ("address", "on")},
        error=error,
    )
    return flask.make_response(page, status)


@pages.post("/publish/approve")
def approve_selected() -> Response:
    """Approve the photos; for the unclear ones a case is opened."""
    require_right(NextAction.APPROVE)
    try:
        photos, asked = _posted()
        done = approve(current(), photos, asked)
    except (InputDataError, ValueError) as error:
        return _again(_as_input(error))
    for line in approved_lines(done):
        tell(line)
    return flask.redirect(_back(), 303)


def _back() -> str:
    """Return the address of the page from which was posted."""
    form = flask.request.form
    known: dict[str, Any] = {
        "event": form.get("event", ""),
        "photo": " ".join(_words(form.getlist("named"))),
        **{name: form.get(name, "") for name in ("channel", "purpose", "mode", "page")},
    }
    return flask.url_for("publishing.show", **{k: v for k, v in known.items() if v})


@pages.post("/publish/record")
def record() -> Response:
    """Record where the photos were published: with one address, as one publication."""
    require_right(NextAction.PUBLICATION_ADD)
    form = flask.request.form
    try:
        photos, asked = _posted()
        day = form.get("on", "").strip()
        done = add_publication(
            current(),
            photos,
            asked,
            address=form.get("address", ""),
            on=to_day(day) if day else None,
        )
    except (InputDataError, NotAllowed, ValueError) as error:
        return _again(_as_input(error), 403 if isinstance(error, NotAllowed) else 422)
    if done.publication is None:
        return _again(_not_recorded(done.not_allowed), 409)
    tell(recorded_in_words(done))
    return flask.redirect(flask.url_for("publications.show", publication=done.publication), 303)


def _not_recorded(not_allowed: Sequence[Checked]) -> NotAllowed:
    photos = ", ".join(human_id(Kind.PHOTO, each.photo_id) for each in not_allowed)
    return NotAllowed(
        N_("the publication was not recorded, because {photos} may not be published now"),
        N_(
            "Record it without them. If one of them is published already, take it away from there "
            "at once."
        ),
        photos=photos,
    )


def _as_input(error: Exception) -> PhotoregError:
    """Return an error of what was sent; a purpose that there is not is one of a broken form."""
    if isinstance(error, PhotoregError):
        return error
    return InputDataError(
        N_("there is no such purpose, way of publishing or day"), N_("Choose one on the page.")
    )


@pages.post("/publish/copies")
def copies() -> Response:
    """Send the clean copies: of one photo as it is, of several in a zip as they are made."""
    require_right(NextAction.APPROVE)
    try:
        photos, asked = _posted()
        if "approve" in flask.request.form:
            approve(current(), photos, asked)
    except (InputDataError, ValueError) as error:
        return _again(_as_input(error))
    folder = tempfile.TemporaryDirectory(prefix="photoreg-")
    made = export_photos(current(), photos, asked, Path(folder.name))
    if len(photos) > 1:
        first = next(made)  # what cannot be made at all is told on the page
        body = flask.stream_with_context(_zipped(chain([first], made), folder))
        return _attachment(flask.Response(body, mimetype="application/zip"), "photos.zip")
    with folder:
        [only] = made
        if only.error:
            return _again(only.error)
        if only.path is None:
            return _again(_not_copied(only), 409)
        answer = flask.Response(read_bytes(only.path), mimetype="application/octet-stream")
        return _attachment(answer, only.path.name)


def _attachment(answer: flask.Response, name: str) -> flask.Response:
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _not_copied(result: ExportResult) -> NotAllowed:
    return NotAllowed(
        N_("{photo} may not be published now, so there is no copy of it"),
        N_("See what prevents it."),
        step=NextStep.to(
            NextAction.CHECK,
            photo=human_id(Kind.PHOTO, result.checked.photo_id),
            channel=result.checked.channel_name,
        ),
        photo=human_id(Kind.PHOTO, result.checked.photo_id),
    )


class _Sent:
    """What a zip has written since it was last sent."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._parts.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Do nothing: it is sent when asked for."""

    def take(self) -> bytes:
        """Return what was written since."""
        found, self._parts = b"".join(self._parts), []
        return found


def _zipped(
    made: Iterator[ExportResult], folder: "tempfile.TemporaryDirectory[str]"
) -> Iterator[bytes]:
    """Yield a zip of copies; a text in it names the photos of which none was made, and why.

    A failure ends it without its directory, so that no program takes it for whole.
    """
    left_out: list[str] = []
    sent = _Sent()
    with folder, zipfile.ZipFile(sent, "w") as archive:  # type: ignore[call-overload]
        for each in made:
            if each.path is None:
                left_out.append(_why_left_out(each))
                continue
            member = zipfile.ZipInfo.from_file(each.path, each.path.name)
            with open_regular(each.path) as copy, archive.open(member, "w") as entry:
                while piece := copy.read(_PIECE):
                    entry.write(piece)
                    yield sent.take()
            each.path.unlink()
        if left_out:
            archive.writestr(_("not included") + ".txt", "\n".join(left_out) + "\n")
        archive.close()
        yield sent.take()


def _why_left_out(result: ExportResult) -> str:
    photo = human_id(Kind.PHOTO, result.checked.photo_id)
    if result.error:
        return f"{photo}: {'. '.join(error_texts(result.error))}"
    titles = (_(each.reason.title) for each in result.checked.verdict.findings)
    return f"{photo}: {'; '.join(dict.fromkeys(titles))}"
