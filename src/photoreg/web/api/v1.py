"""The API `/api/v1`: each operation asks a service, and answers in JSON."""

import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import flask
from werkzeug.wrappers import Response

from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.pictures.lookup_hashes import inspect_picture
from photoreg.imaging.workers import shared_workers
from photoreg.services.decisions.checks import check
from photoreg.services.photos.matching import UnreadablePicture, match_pictures, photos_of_files
from photoreg.services.publications.export import export_photos
from photoreg.services.publications.publishing import (
    PublicationRequest,
    add_publication,
    take_downs_of_key,
)
from photoreg.services.publications.takedown_tasks import open_due_take_downs, take_down
from photoreg.texts import N_
from photoreg.web.api.answers import match_data, take_down_data, use_of, verdict_data
from photoreg.web.api.asking import RateLimit, asked_of
from photoreg.web.api.openapi import description
from photoreg.web.api.operations import OPERATIONS, ApiRequest, Operation, View
from photoreg.web.api.problems import RequestRefused, problem
from photoreg.web.api.schemas import MOST_PHOTOS

ROOT = "/api/v1"

CHUNK = 64 * 1024


def api_pages() -> flask.Blueprint:
    """Return the addresses of the API, which share a count of how often each key asks."""
    pages, limit = flask.Blueprint("api", __name__, url_prefix=ROOT), RateLimit()
    for operation in OPERATIONS:
        pages.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            operation.name,
            _answering(operation, limit),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    return pages


def _answering(operation: Operation, limit: RateLimit) -> Callable[..., Response]:
    view = VIEWS[operation.name]

    def answer(**path: str) -> Response:
        return view(asked_of(operation, limit, path))

    return answer


def _json(content: Any, status: int = 200) -> Response:
    return flask.make_response(flask.jsonify(content), status)


def _verdict(asked: ApiRequest) -> Response:
    [checked] = check(asked.key, [asked.values["photo"]], use_of(asked.values))
    return _json(verdict_data(checked))


def _verdicts(asked: ApiRequest) -> Response:
    """Answer in the order asked; what is not in the registry may not be published."""
    use, unknown = use_of(asked.body), []
    photos: list[str] = asked.body.get("photos", [])
    if hashes := asked.body.get("sha256"):
        known = photos_of_files(asked.key, hashes)
        photos = [known[sha256] for sha256 in hashes if sha256 in known]
        unknown = [sha256 for sha256 in hashes if sha256 not in known]
    checked = check(asked.key, photos, use)
    return _json(
        {
            "publishable": not unknown and all(each.is_allowed for each in checked),
            "verdicts": list(map(verdict_data, checked)),
            "unknown": list(dict.fromkeys(unknown)),
        }
    )


def _match(asked: ApiRequest) -> Response:
    if not flask.request.mimetype.startswith("image/"):
        flask.abort(415)
    channel = asked.values["channel"]
    with tempfile.TemporaryDirectory(prefix="photoreg-") as folder:
        picture = Path(folder, "picture")
        with picture.open("wb") as file:
            while part := flask.request.stream.read(CHUNK):
                file.write(part)
        inspect = partial(shared_workers().call, inspect_picture)
        found = list(match_pictures(asked.key, [picture], channel, inspect))
    for each in found:
        if isinstance(each, UnreadablePicture):
            raise each.error
    matches = [each for each in found if not isinstance(each, UnreadablePicture)]
    return _json(match_data(channel, matches))


def _copy(asked: ApiRequest) -> Response:
    with tempfile.TemporaryDirectory(prefix="photoreg-") as folder:
        [made] = export_photos(
            asked.key, [asked.values["photo"]], use_of(asked.values), Path(folder)
        )
        if made.error:
            raise _NO_FILE from made.error  # which tells the path of the file
        if made.path is None:
            refused = RequestRefused(
                409,
                N_("{photo} may not be published now, so there is no copy of it"),
                N_("Publish nothing. The verdict tells the reasons."),
                photo=asked.values["photo"],
            )
            return problem(refused, 409, "not-publishable", verdict=verdict_data(made.checked))
        answer = flask.Response(read_bytes(made.path), mimetype=f"image/{_TYPES[made.path.suffix]}")
        answer.headers.set("Content-Disposition", "attachment", filename=made.path.name)
        return answer


_TYPES = {".jpg": "jpeg", ".png": "png", ".webp": "webp"}

_NO_FILE = RequestRefused(
    409,
    N_("the file of the photo is missing or cannot be read"),
    N_("Ask those who keep the registry to look at the photo."),
)


def _publish(asked: ApiRequest) -> Response:
    """Record a publication: 201. 200 tells that nothing was, since it may not be published."""
    body = asked.body
    facts = {each["photo"]: each["facts_digest"] for each in body["photos"]}
    done = add_publication(
        asked.key,
        list(facts),
        use_of(body),
        address=body["address"],
        on=date.fromisoformat(body["on"]) if "on" in body else None,
        request=PublicationRequest(asked.values["Idempotency-Key"], facts),
    )
    return _json(
        {
            "publication": done.publication,
            "publishable": done.publication is not None,
            "verdicts": list(map(verdict_data, done.checked)),
        },
        201 if done.publication else 200,
    )


def _take_downs(asked: ApiRequest) -> Response:
    open_due_take_downs(asked.key)
    rows = take_downs_of_key(asked.key, asked.values.get("since", ""), MOST_PHOTOS + 1)
    return _json(
        {
            "take_downs": list(map(take_down_data, rows[:MOST_PHOTOS])),
            "more": len(rows) > MOST_PHOTOS,
        }
    )


def _removal(asked: ApiRequest) -> Response:
    publication, body = asked.values["publication"], asked.body
    done = take_down(
        asked.key,
        [publication],
        photos=body.get("photos", ()),
        whole="photos" not in body,
        proof=body["proof"],
        on=date.fromisoformat(body["on"]) if "on" in body else None,
    )
    removed = [{"task": each.task, "photo": each.photo} for each in done]
    return _json({"publication": publication, "removed": removed, "left": done[0].left})


def _health(_asked: ApiRequest) -> Response:
    return _json({"status": "ok"})


def _description(_asked: ApiRequest) -> Response:
    return _json(description())


VIEWS: dict[str, View] = {
    "verdict": _verdict,
    "verdicts": _verdicts,
    "match": _match,
    "copy": _copy,
    "publish": _publish,
    "take_downs": _take_downs,
    "removal": _removal,
    "health": _health,
    "description": _description,
}
"""What answers each operation."""
