"""Second looks: a colleague looks at the photo and states their own answer; none is suggested."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import NotFound, PhotoregError, Term
from photoreg.presentation.labels import label
from photoreg.presentation.second_looks import (
    alike,
    confirmed_lines,
    second_look_lines,
    stated_code,
)
from photoreg.registry.ids import Kind as Record
from photoreg.registry.ids import parse_id
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.confirmation import (
    AnswersDiffer,
    OpenSecondLook,
    OwnAnswer,
    confirm,
    second_looks_at,
)
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.flashing import tell
from photoreg.web.forms.form import FieldKind, FormField, Values, read_values
from photoreg.web.forms.photos import ANSWERS
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, own_address, require_right

pages = flask.Blueprint("second_looks", __name__)

_PERSON = FormField("person", N_("Whom you recognise besides, by name or id"), several=True)
_ANSWERS = (
    *ANSWERS,
    FormField(
        "credit_waived", N_("The photographer waived the credit in writing."), FieldKind.YES_NO
    ),
    FormField(
        "rights_removed",
        N_("Has the photographer's name or copyright been removed from the file?"),
        FieldKind.YES_NO,
    ),
)
_BY_NAME = {each.name: each for each in (*_ANSWERS, _PERSON)}

_ASKED_BY: Mapping[str, tuple[str, ...]] = {
    "person": ("people", "person"),
    "not_shown": ("people", "person"),
    "recognisable_count": ("people", "recognisable_count"),
    "credit": ("credit", "credit_waived"),
    "file_rights": ("rights_removed",),
}
"""The fields in which a question is answered, if not the one of its own name."""

WHO = "who-"
"""How the name of a field begins that asks whether a person is in the photo."""


@pages.get("/second-looks")
def show() -> str:
    """Show what was said before and now, with the pictures, and ask for an answer of one's own."""
    return _page([word for text in flask.request.args.getlist("photo") for word in text.split()])


def _page(
    photos: Sequence[str],
    error: PhotoregError | None = None,
    apart: Sequence[Sequence[str]] = (),
) -> str:
    require_right(NextAction.PHOTO_CONFIRM)
    if not photos:
        raise NotFound(N_("there is no such page"), N_("Go to a page of the desk."))
    looks = second_looks_at(current(), photos)
    return render(
        "second_looks.html",
        groups=[_asked(group) for group in alike(looks, apart)],
        photos=photos,
        error=error,
        wrong=error.fields if error else (),
        typed=flask.request.form,
        back=own_address(flask.request.values.get("back", "")),
    )


def _asked(group: Sequence[Sequence[OpenSecondLook]]) -> dict[str, Any]:
    """Return what is asked about photos that are answered alike; the first stands for all."""
    looks = group[0]
    names = dict.fromkeys(
        name
        for look in looks
        for question in look.questions
        for name in _ASKED_BY.get(question, (question,))
    )
    return {
        "photos": [of_photo[0].photo for of_photo in group],
        "told": [list(second_look_lines([look]))[1:] for look in looks],
        "about": [look.about for look in looks],
        "fields": [_BY_NAME[name] for name in names if name in _BY_NAME],
        "persons": [person for look in looks for person in _moved(look)],
        "values": [_choices(look) for look in looks if look.questions == ("value",)],
    }


def _moved(look: OpenSecondLook) -> Iterator[tuple[str, str]]:
    """Yield the persons of whom only one side says that they are shown, with their names."""
    if {"person", "not_shown"}.isdisjoint(look.questions):
        return
    before, after = (set(side.get("persons") or ()) for side in (look.before, look.after))
    for person in sorted(before ^ after):
        yield person, look.names.get(person, person)


def _choices(look: OpenSecondLook) -> dict[str, Any]:
    """Return the values to choose from, and what else can be typed."""
    options, free = [], ""
    for each in look.choices:
        if isinstance(each, StrEnum):
            options.append((each.value, label(each)))
        elif not isinstance(each, Term):
            options.append((str(each), str(each)))
        elif each in {"yes", "no"}:
            options.append((str(each), _(each)))
        else:
            free = _(each)
    return {"about": look.about, "options": [] if free else options, "free": free}


@pages.post("/second-looks")
def state() -> Response:
    """Record the user's own answer about these photos, for all of them or none."""
    require_right(NextAction.PHOTO_CONFIRM)
    typed = flask.request.form
    photos = [word for text in typed.getlist("photo") for word in text.split()]
    every = [word for text in typed.getlist("every") for word in text.split()] or photos
    try:
        for line in confirmed_lines(confirm(current(), photos, _own_answer(typed))):
            tell(line)
    except AnswersDiffer as error:
        return flask.make_response(_page(every, error, error.groups), 409)
    except PhotoregError as error:
        return flask.make_response(_page(every, error), 422)
    left = [photo for photo in every if photo not in photos]
    back = own_address(typed.get("back", "")) or flask.url_for("today.show")
    if left:
        back = flask.url_for("second_looks.show", photo=" ".join(left), back=back)
    return flask.redirect(back, 303)


def _own_answer(typed: MultiDict[str, str]) -> OwnAnswer:
    values = read_values((*_ANSWERS, _PERSON), typed, {})
    said = {name.removeprefix(WHO): value for name, value in typed.items() if name.startswith(WHO)}
    persons = {each: value for each, value in said.items() if parse_id(Record.PERSON, each)}
    return OwnAnswer(
        _photo_answers(values),
        (*(each for each, value in persons.items() if value == "yes"), *values["person"]),
        tuple(each for each, value in persons.items() if value == "no"),
        tuple(stated_code(each) for each in typed.getlist("value") if each.strip()),
    )


def _photo_answers(values: Values) -> PhotoAnswers:
    given = {
        each.name: values[each.name]
        for each in _ANSWERS
        if each.name != "photographer" and values[each.name] is not None
    }
    return PhotoAnswers(photographers=values["photographer"], **given)
