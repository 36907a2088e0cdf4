"""Who may be meant: offered to choose from, where a name fits several people or nobody exactly."""

from collections.abc import Iterable, Iterator

from werkzeug.datastructures import MultiDict

from photoreg.errors import PhotoregError
from photoreg.presentation.cells import with_name
from photoreg.presentation.days import format_iso_day
from photoreg.presentation.people.details import id_and_name
from photoreg.registry.ids import Kind, human_ids, parse_id
from photoreg.services.application import Application
from photoreg.services.people.identity import DoubtfulPersonError
from photoreg.services.people.visible_names import (
    FoundPerson,
    persons_to_compare,
    search_persons,
)
from photoreg.texts import _
from photoreg.web.forms.form import ActionForm, FieldKind
from photoreg.web.names import names_shown

OTHERS = "others"
"""The answer that somebody is none of those who look alike."""

Candidates = dict[str, list[tuple[str, str]]]


def named_persons(
    application: Application, form: ActionForm, typed: MultiDict[str, str]
) -> MultiDict[str, str]:
    """Return what is known of a form with names beside the ids in fields of persons."""
    fields = [each.name for each in form.fields if each.kind is FieldKind.PERSON]
    ids = {each for name in fields for each in typed.getlist(name) if parse_id(Kind.PERSON, each)}
    if not ids:
        return typed
    names, shown = names_shown(application, ids), typed.copy()
    for name in fields:
        shown.setlist(name, [with_name(each, names) for each in typed.getlist(name)])
    return shown


def note_doubt(typed: MultiDict[str, str], error: PhotoregError | None) -> MultiDict[str, str]:
    """Return what was typed with those whom the person may be, to be asked about."""
    if not isinstance(error, DoubtfulPersonError):
        return typed
    shown = typed.copy()
    shown.setlist("other", human_ids(Kind.PERSON, error.persons))
    shown.poplist("who")
    return shown


def candidates(
    application: Application,
    form: ActionForm,
    typed: MultiDict[str, str],
    error: PhotoregError | None,
) -> Candidates:
    """Return who is offered to choose from, by field."""
    found = dict(_of_names(application, form, typed, error))
    doubts = [each for each in form.fields if each.kind is FieldKind.DOUBT]
    for each in doubts if typed.getlist("other") else ():
        people = persons_to_compare(application, _words(typed.getlist("other")))
        found[each.name] = [(one.person, _in_words(one)) for one in people]
        last = _("somebody else, none of these")
        found[each.name].append((OTHERS, last))
    return found


def wrong_fields(
    form: ActionForm, typed: MultiDict[str, str], error: PhotoregError | None
) -> tuple[str, ...]:
    """Return the fields that an error is about: those it names, or where that value was typed."""
    named = str(error.values.get("value", "")).strip() if error else ""
    found = (
        each.name
        for each in form.fields
        if named and named in map(str.strip, typed.getlist(each.name))
    )
    return (*(error.fields if error else ()), *found)


def _of_names(
    application: Application,
    form: ActionForm,
    typed: MultiDict[str, str],
    error: PhotoregError | None,
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    named = str(error.values.get("value", "")).strip() if error else ""
    for each in form.fields if named and parse_id(Kind.PERSON, named) is None else ():
        if each.kind is FieldKind.PERSON and named in map(str.strip, typed.getlist(each.name)):
            people = search_persons(application, named)
            if people:
                yield each.name, [(one.person, _in_words(one)) for one in people]


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in text.split()]


def _in_words(person: FoundPerson) -> str:
    text = id_and_name(person.person, person.name)
    born = format_iso_day(person.born) if person.born else ""
    return _("{person}, born {day}").format(person=text, day=born) if born else text
