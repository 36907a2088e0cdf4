"""Naming: one photo large, those who may be in it as buttons, its open questions, its verdict.

What is chosen is no statement before it is saved: the page asks for a preview, which records
nothing. Saving records people, count and answers in one change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from string import ascii_lowercase
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import ChangedMeanwhile, PhotoregError
from photoreg.presentation.causes.cause_rows import cause_line
from photoreg.presentation.causes.causes import causes_of, names_in
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.evaluation import Checked
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.photos.naming.one_photo import (
    KnownPerson,
    NamingStatement,
    PhotoSaid,
    PhotoToName,
    Stated,
    first_to_name,
    photo_said,
    photo_to_name,
    preview_statement,
    record_statement,
    verdicts_together,
)
from photoreg.services.undo import last_entry
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.desk.undoing import undoable
from photoreg.web.flashing import tell
from photoreg.web.forms.form import FieldKind, FormField, Values, read_values
from photoreg.web.forms.photos import ANSWERS
from photoreg.web.rendering import in_words, render
from photoreg.web.signing_in import current, require_right
from photoreg.web.statuses import status_of_form
from photoreg.web.uses import asked_use, channels_to_choose

pages = flask.Blueprint("naming", __name__)

KEYS = f"123456789{ascii_lowercase}"
"""The keys that choose people, in the order of their buttons."""

MOST_NAMED = 5
"""How many persons a cause names."""

_FIELDS = {each.name: each for each in ANSWERS}

OF_PHOTO = tuple(
    _FIELDS[name]
    for name in (
        *("people", "context_identifies", "place", "place_permission"),
        *("shot", "confidentiality", "sensitive"),
    )
)
"""What is answered about a photo itself."""

_PREFIX = "event_"

OF_EVENT = tuple(
    replace(_FIELDS[name], name=f"{_PREFIX}{name}")
    for name in ("place", "shot", "confidentiality", "sensitive")
)
"""What is answered once for all photos of an event, of what can be seen in them."""

_BESIDE = (
    FormField("others", N_("Others who can be recognised"), FieldKind.NUMBER),
    FormField("person", N_("Who is shown"), FieldKind.PERSON, several=True),
    FormField("named", N_("Somebody else, by name or id"), FieldKind.PERSON),
)


class Save(StrEnum):
    """What a button to save says: these are all who can be recognised, or perhaps not."""

    NEXT = "next"
    STAY = "stay"
    NOT_ALL = "not_all"


@dataclass(frozen=True, slots=True)
class PersonButton:
    """A button that chooses somebody, with its key."""

    person: KnownPerson
    key: str
    is_chosen: bool


@pages.get("/events/<event>/name")
def begin(event: str) -> Response:
    """Begin with the first photo of an event about whose people nothing is said yet."""
    photo = first_to_name(current(), event)
    if photo is None:
        return flask.redirect(flask.url_for("events.show", event=event), 303)
    return flask.redirect(flask.url_for("naming.show", photo=photo), 303)


@pages.get("/photos/<photo>/name")
def show(photo: str) -> str:
    """Show a photo to be named."""
    require_right(NextAction.PHOTO_TAG)
    found = photo_to_name(current(), photo)
    return _page(found, _shown_values(found))


@pages.post("/photos/<photo>/name")
def save(photo: str) -> Response | str:
    """Record what was chosen, and go on to the next photo."""
    require_right(NextAction.PHOTO_TAG)
    application, typed = current(), flask.request.form
    said, before = photo_said(application, photo), last_entry(application)
    try:
        done = record_statement(application, photo, _statement(said, typed))
    except PhotoregError as error:
        found = photo_to_name(application, photo, typed.getlist("person"))
        return flask.make_response(_page(found, typed, error), status_of_form(error))
    tell(_told(done, _outcome(photo)), undoable(application, before))
    if typed.get("save") != Save.NEXT:
        to = flask.url_for("naming.show", photo=photo)
    elif said.after:
        to = flask.url_for("naming.show", photo=said.after)
    elif said.event:
        to = flask.url_for("events.show", event=said.event)
    else:
        to = flask.url_for("photos.show", photo=photo)
    return flask.redirect(to, 303)


@pages.post("/photos/<photo>/name/preview")
def preview(photo: str) -> Response | str:
    """Show the verdict that the photo would have: a piece of the page, and nothing is recorded."""
    require_right(NextAction.PHOTO_TAG)
    application = current()
    asked = asked_use(channels_to_choose(application))
    if asked is None:
        return ""
    try:
        said = photo_said(application, photo)
        statement = _statement(said, flask.request.form)
        checked = preview_statement(application, photo, statement, asked)
    except PhotoregError as error:
        page = render("naming_refused.html", error=error)
        return flask.make_response(page, status_of_form(error))
    return render("naming_preview.html", **_verdict(checked, said.event, is_preview=True))


def _page(
    found: PhotoToName, values: MultiDict[str, str], error: PhotoregError | None = None
) -> str:
    application = current()
    channels = channels_to_choose(application)
    asked = asked_use(channels)
    checked = verdicts_together(application, found.photo, asked) if asked else []
    recorded = None
    if isinstance(error, ChangedMeanwhile):
        recorded = [each.name for each in found.known if each.person in found.named]
    return render(
        "naming.html",
        photo=found,
        buttons=_buttons(found, values),
        values=values,
        of_photo=OF_PHOTO[1:],
        of_event=_asked(found) if found.event else (),
        people=OF_PHOTO[0],
        known_answers=_known_answers(found),
        asked=asked,
        channels=channels,
        wrong=error.fields if error else (),
        error=error,
        recorded=recorded,
        **_verdict(checked, found.event, is_preview=False),
    )


def _asked(found: PhotoToName) -> tuple[FormField, ...]:
    """Return the questions that are answered once for the event, and that nobody answered yet."""
    return tuple(
        each for each in OF_EVENT if found.of_event.get(each.name.removeprefix(_PREFIX)) is None
    )


def _known_answers(found: PhotoToName) -> list[tuple[FormField, str]]:
    """Return what is answered once for the event."""
    return [
        (each, in_words(answer))
        for each in OF_EVENT
        if (answer := found.of_event.get(each.name.removeprefix(_PREFIX))) is not None
    ]


def _buttons(found: PhotoToName, values: MultiDict[str, str]) -> list[PersonButton]:
    """Return a button for everybody on the roster, and for whom was chosen beside them."""
    chosen = set(values.getlist("person"))
    roster = set(found.roster)
    ordered = [p for p in found.known if p.person in roster]
    ordered += [p for p in found.known if p.person not in roster and p.person in chosen]
    keys = [*KEYS, *[""] * len(ordered)]
    return [
        PersonButton(each, key, each.person in chosen)
        for each, key in zip(ordered, keys, strict=False)
    ]


def _verdict(checked: Sequence[Checked], event: str | None, *, is_preview: bool) -> dict[str, Any]:
    """Return what is shown of the verdict on the first photo, and of the others of its event."""
    if not checked:
        return {"checked": None}
    first = checked[0]
    names = names_in(checked)
    causes = [
        {"line": cause_line(each, names, MOST_NAMED), "step": each.step}
        for each in causes_of(checked, event)
        if first.photo_id in each.photos and len(each.photos) > 1
    ]
    return {
        "checked": first,
        "shared": causes,
        "allowed": sum(each.is_allowed for each in checked),
        "of": len(checked),
        "is_preview": is_preview,
    }


def _shown_values(found: PhotoToName) -> MultiDict[str, str]:
    """Return what is recorded, as the form shows it."""
    values: MultiDict[str, str] = MultiDict()
    values.setlist("person", list(found.named))
    values["others"] = str(found.others)
    values["seen"], values["event_seen"] = found.seen, found.event_seen
    for each in OF_PHOTO:
        if (text := _as_typed(found.answers.get(each.name))) is not None:
            values[each.name] = text
    return values


def _as_typed(answer: object) -> str | None:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return None if answer is None else str(answer)


def _statement(said: PhotoSaid, typed: MultiDict[str, str]) -> NamingStatement:
    """Return what was chosen; answers that are as they were shown are not given again."""
    values = read_values((*_BESIDE, *OF_PHOTO, *OF_EVENT), typed, {})
    return NamingStatement(
        persons=(*values["person"], *filter(None, [values["named"]])),
        others=values["others"] or 0,
        is_everybody=typed.get("save") != Save.NOT_ALL,
        answers=PhotoAnswers(**_given(OF_PHOTO, values, said.answers)),
        of_event=EventAnswers(**_given(OF_EVENT, values, said.of_event)),
        seen=typed.get("seen", ""),
        event_seen=typed.get("event_seen", ""),
    )


def _given(fields: Iterable[FormField], values: Values, shown: Mapping[str, Any]) -> dict[str, Any]:
    given = {each.name.removeprefix(_PREFIX): values[each.name] for each in fields}
    return {
        name: value
        for name, value in given.items()
        if value is not None and value != shown.get(name)
    }


def _outcome(photo: str) -> str:
    """Return the verdict on a photo, and the channel that was asked about."""
    application = current()
    asked = asked_use(channels_to_choose(application))
    if asked is None:
        return ""
    [checked] = check(application, [photo], asked)
    return f"{in_words(checked.outcome)} ({asked.channel})"


def _told(done: Stated, outcome: str) -> str:
    if done.is_empty:
        text = _("{photo}: nothing new was said.")
    elif done.stopped:
        text = _("{photo}: saved, and stopped until the coordinator has looked.")
    else:
        text = _("{photo}: saved. {verdict}")
    return text.format(photo=done.photo, verdict=outcome)
