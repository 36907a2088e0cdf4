"""Send photos to the desk: to register them, or to ask whether they may be published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import PhotoregError
from photoreg.imaging.pictures.lookup_hashes import inspect_picture
from photoreg.imaging.workers import shared_workers
from photoreg.presentation.causes.cause_rows import photo_ranges
from photoreg.presentation.cells import safe
from photoreg.presentation.labels import label, question_labels
from photoreg.presentation.messages import error_texts
from photoreg.presentation.photos import (
    duplicate_notes,
    own_notes,
    shared_notes,
    state_in_words,
)
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.reasons import REASONS
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.matching import Match, UnreadablePicture, match_pictures
from photoreg.services.photos.registration import LeftOut, RegistrationFailure
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.photos.uploads import (
    MOST_FILES,
    UploadResult,
    describe_photos,
    register_uploads,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _
from photoreg.web.flashing import tell
from photoreg.web.forms.form import FieldKind, FormField, read_values
from photoreg.web.forms.photos import ANSWERS
from photoreg.web.rendering import render
from photoreg.web.serving import this_desk
from photoreg.web.signing_in import current, require_right
from photoreg.web.statuses import status_of_form
from photoreg.web.uploads.files import sent_files

pages = flask.Blueprint("uploads", __name__)

MOST_MATCHED = 40
"""How many pictures are looked up at once."""

FIELDS = (FormField("event", N_("Event"), FieldKind.EVENT), *ANSWERS)
"""What is stated about all photos that are sent together."""


@pages.get("/upload")
def show() -> str:
    """Show the form to send photos; the address may hold what is known about them."""
    require_right(NextAction.PHOTO_REGISTER)
    return _page(flask.request.args)


@pages.post("/upload")
def send() -> Response | str:
    """Register the photos that were sent; scripts are told in JSON what became of each.

    What was registered stays so, whatever becomes of the other files.
    """
    require_right(NextAction.PHOTO_REGISTER)
    typed = flask.request.form
    is_script = flask.request.accept_mimetypes.best == "application/json"
    try:
        values = read_values(FIELDS, typed, {})
        given = {name: value for name, value in values.items() if value not in {None, ""}}
        answers = PhotoAnswers(photographers=given.pop("photographer", ()), **given)
        with sent_files() as files:
            done = register_uploads(current(), files, answers, this_desk().photos_folder)
    except PhotoregError as error:
        if is_script:
            return flask.make_response(
                flask.jsonify(error=". ".join(error_texts(error))), status_of_form(error)
            )
        return flask.make_response(_page(typed, error), status_of_form(error))
    if is_script:
        return flask.jsonify(files=[_told(each) for each in done])
    failed = [each for each in done if not isinstance(each.result, RegisteredPhoto)]
    if failed:
        return flask.make_response(_page(typed, done=done), 422)
    tell(_counted(done))
    return flask.redirect(flask.url_for("uploads.registered", photo=_ids(done)), 303)


def _ids(done: Iterable[UploadResult]) -> str:
    results = (each.result for each in done)
    numbers = (each.photo_id for each in results if isinstance(each, RegisteredPhoto))
    return " ".join(dict.fromkeys(human_id(Kind.PHOTO, number) for number in numbers))


def _counted(done: Sequence[UploadResult]) -> str:
    photos = [each.result for each in done if isinstance(each.result, RegisteredPhoto)]
    new = sum(each.is_new for each in photos)
    text = _("Registered: {new}. Already in the registry: {known}. Failed: {failed}.")
    return text.format(new=new, known=len(photos) - new, failed=len(done) - len(photos))


def _page(
    values: Mapping[str, Any],
    error: PhotoregError | None = None,
    done: Sequence[UploadResult] = (),
) -> str:
    shown = [_told(each) for each in done]
    return render(
        "upload.html",
        fields=FIELDS[1:],
        values=values if isinstance(values, MultiDict) else MultiDict(values),
        error=error,
        wrong=error.fields if error else (),
        counted=_counted(done) if done else "",
        failed=[each for each in shown if each["is_refused"]],
        photos=_ids(done),
        most=MOST_FILES,
    )


def _told(done: UploadResult) -> dict[str, Any]:
    """Return what became of a file, in words."""
    match done.result:
        case RegisteredPhoto() as result:
            photo = human_id(Kind.PHOTO, result.photo_id)
            notes = [*own_notes(result), *shared_notes(result)]
            if result.recognised:
                notes = [*duplicate_notes(result.recognised), *notes]
            if result.stopped:
                notes.append(_("It looks like a stopped photo and is stopped as well."))
            text = f"{photo}: {state_in_words(result)}"
            return {"text": text, "notes": notes, "photo": photo, "is_refused": False}
        case LeftOut(copy_of=photo):
            text = _("{file}: a copy of {photo} that photoreg made, and no new photo")
            text = text.format(file=safe(done.name), photo=photo)
            return {"text": text, "notes": [], "is_refused": True}
        case RegistrationFailure(error=error):
            text, hint = error_texts(error)
            return {"text": text, "notes": [hint], "is_refused": True}
        case _:
            raise AssertionError(done.result)


@pages.get("/upload/registered")
def registered() -> str:
    """Show photos that were just registered, with what is open about them."""
    words = (word for text in flask.request.args.getlist("photo") for word in text.split())
    named = list(dict.fromkeys(words))[:MOST_FILES]
    photos = describe_photos(current(), named)
    return render(
        "registered.html",
        photos=[human_id(Kind.PHOTO, each.photo_id) for each in photos],
        event=flask.request.args.get("event", ""),
        open=_open(photos),
        cameras=_cameras(photos),
    )


def _open(photos: Iterable[RegisteredPhoto]) -> list[dict[str, Any]]:
    """Return what is open about photos, those of the same questions together, with the step."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for each in photos:
        groups[each.open] += [each.photo_id] if each.open else []
    return [
        {
            "photos": photo_ranges(numbers),
            "questions": question_labels(questions),
            "step": _answer(numbers, *questions),
        }
        for questions, numbers in groups.items()
        if numbers
    ]


def _cameras(photos: Sequence[RegisteredPhoto]) -> list[dict[str, Any]]:
    """Return whose photos nobody knows, by camera, if several cameras took them."""
    if len({each.camera for each in photos if each.camera}) < 2:  # noqa: PLR2004
        return []
    groups: dict[str, list[int]] = defaultdict(list)
    for each in photos:
        if each.camera and "photographer" in each.open:
            groups[each.camera].append(each.photo_id)
    text = _("Camera {camera}: who took the photos? Photos: {count}.")
    return [
        {
            "text": text.format(camera=safe(camera), count=len(numbers)),
            "step": _answer(numbers, "photographer"),
        }
        for camera, numbers in groups.items()
    ]


def _answer(numbers: Iterable[int], *questions: str) -> NextStep:
    photos = " ".join(human_id(Kind.PHOTO, number) for number in numbers)
    return NextStep.to(NextAction.PHOTO_ANSWER, *questions, photo=photos)


@pages.post("/match")
def match() -> Response | str:
    """Tell which registered photos pictures are, and whether they may be published.

    Nothing is kept of them.
    """
    channel = flask.request.form.get("channel", "") or None
    try:
        with sent_files() as files:
            paths = {str(each.path): each.name for each in files[:MOST_MATCHED]}
            inspect = partial(shared_workers().call, inspect_picture)
            found = [
                _matched(paths[str(each.file)], each, channel)
                for each in match_pictures(
                    current(), [each.path for each in files[:MOST_MATCHED]], channel, inspect
                )
            ]
            left = len(files) - len(paths)
    except PhotoregError as error:
        page = render("matches.html", found=[], left=0, error=error, most=MOST_MATCHED)
        return flask.make_response(page, status_of_form(error))
    return render("matches.html", found=found, left=left, error=None, most=MOST_MATCHED)


def _matched(name: str, each: Match | UnreadablePicture, channel: str | None) -> dict[str, Any]:
    """Return what was found of a picture, and what to do next."""
    if isinstance(each, UnreadablePicture):
        each.error.values["file"] = name
        return {"name": name, "error": each.error, "match": None}
    known = {"photo": each.photo or "", "channel": channel or ""}
    step = (
        NextStep.to(NextAction.CHECK, **{k: v for k, v in known.items() if v})
        if each.photo
        else NextStep.to(NextAction.PHOTO_REGISTER, "file")
    )
    return {
        "name": name,
        "error": None,
        "match": replace(each, file=each.file.with_name(name)),
        "verdict": label(each.verdict),
        "method": label(each.method) if each.method else "",
        "reasons": [_(REASONS[code].title) for code in each.codes if code in REASONS],
        "step": step,
    }
