"""Forms about events: the event itself, its answers, and its roster."""

from collections.abc import Mapping
from typing import Any

import flask

from photoreg.presentation.cells import safe
from photoreg.presentation.days import format_time
from photoreg.registry.ids import Kind as Id
from photoreg.registry.ids import human_id
from photoreg.services.application import Application
from photoreg.services.photos import events
from photoreg.services.photos.answers import EventAnswers
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values
from photoreg.web.forms.organisation import NEW_UNIT, UNIT
from photoreg.web.forms.photos import ANSWERS

EVENT = FormField("event", N_("Event"), FieldKind.EVENT, required=True)
_QUESTIONS = tuple(
    each for each in ANSWERS if each.name in {*EventAnswers.__slots__, "photographer"}
)


def _answers(values: Values) -> Mapping[str, Any]:
    given = {name: values[name] for name in EventAnswers.__slots__ if values[name] is not None}
    return {"answers": EventAnswers(**given), "photographers": values["photographer"]}


def _add(application: Application, values: Values) -> Done:
    number = events.add_event(
        application,
        values["name"],
        on=values["on"],
        until=values["until"],
        roster=values["person"],
        unit=values["unit"],
        new_unit=values["new_unit"],
        **_answers(values),
    )
    event = human_id(Id.EVENT, number)
    text = _("The event {event} was added: {name}.").format(event=event, name=safe(values["name"]))
    return Done((text,), flask.url_for("events.show", event=event))


def _change(application: Application, values: Values) -> Done:
    done = events.change_event(
        application,
        values["event"],
        name=values["name"],
        on=values["on"],
        until=values["until"],
        unit=values["unit"],
        new_unit=values["new_unit"],
        **_answers(values),
    )
    text = _("{event}: the event was changed.") if done.changed else _("{event}: nothing changed.")
    return Done(
        (text.format(event=done.event), *_stopped(done)),
        flask.url_for("events.show", event=done.event),
    )


def _stopped(done: events.EventChanged) -> list[str]:
    if done.stopped is None:
        return []
    text, due = _("{photo} is stopped: flag {flag}, to be resolved by {due}."), done.stopped.due_at
    return [
        text.format(photo=photo, flag=flag, due=format_time(due))
        for photo, flag in done.stopped.flags.items()
    ]


def _change_roster(application: Application, values: Values) -> Done:
    done = events.change_roster(
        application,
        values["event"],
        add_persons=values["person"],
        remove_persons=values["leaving"],
    )
    counts = _("Added to the roster: {added}. Removed: {removed}.")
    already = (_("{person} is already on the roster.").format(person=p) for p in done.already)
    return Done((counts.format(added=len(done.added), removed=len(done.removed)), *already))


FORMS = (
    ActionForm(
        NextAction.EVENT_ADD,
        N_("Add an event"),
        (
            FormField("name", N_("Name"), required=True),
            FormField("on", N_("The day, or the first day."), FieldKind.DAY, required=True),
            FormField("until", N_("The last day, if it lasts longer."), FieldKind.DAY),
            UNIT,
            NEW_UNIT,
            *_QUESTIONS,
            FormField(
                "person",
                N_("Expected participants, by name or id"),
                FieldKind.PERSON,
                several=True,
            ),
        ),
        _add,
        about=N_(
            "Its answers apply to all its photos. It belongs to your own unit unless you give "
            "another one."
        ),
    ),
    ActionForm(
        NextAction.EVENT_CHANGE,
        N_("Change the event"),
        (
            EVENT,
            FormField("name", N_("Name")),
            FormField("on", N_("The day, or the first day."), FieldKind.DAY),
            FormField("until", N_("The last day, if it lasts longer."), FieldKind.DAY),
            UNIT,
            NEW_UNIT,
            *_QUESTIONS,
        ),
        _change,
        about=N_("What you leave empty stays as it is. The answers apply to all its photos."),
    ),
    ActionForm(
        NextAction.EVENT_ROSTER,
        N_("Change who is expected"),
        (
            EVENT,
            FormField("person", N_("To add, by name or id"), FieldKind.PERSON, several=True),
            FormField("leaving", N_("To remove, by name or id"), FieldKind.PERSON, several=True),
        ),
        _change_roster,
    ),
)
