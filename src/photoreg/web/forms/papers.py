"""Forms about papers: consent forms to print."""

import flask

from photoreg.presentation.lists.printed_forms import (
    not_asked_line,
    omitted_line,
    unset_line,
    untranslated_line,
)
from photoreg.registry.tables.people import Language
from photoreg.services.application import Application
from photoreg.services.consents.forms import MAX_BLANK, FormOrder, Layout, print_forms
from photoreg.steps import NextAction
from photoreg.texts import N_, _
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values
from photoreg.web.imports.held_files import DOWNLOADS, new_held


def _print(application: Application, values: Values) -> Done:
    held = new_held(DOWNLOADS)
    order = FormOrder(
        held.place("each"),
        values["until"],
        event=values["event"],
        photo=values["photo"],
        persons=values["person"],
        channels=values["channel"],
        roster=values["roster"],
        blank=min(values["blank"] or 0, MAX_BLANK),
        language=values["language"],
        layout=values["layout"] or Layout.PDF,
    )
    try:
        done = print_forms(application, order)
        if done.combined_file:  # it is offered first
            done.combined_file.rename(held.place("all") / done.combined_file.name)
    except BaseException:
        held.release()
        raise
    return Done(
        (
            _("Forms ready to be printed: {count}.").format(count=len(done.forms)),
            *(omitted_line(*each) for each in done.omitted),
            *map(untranslated_line, done.untranslated),
            *map(unset_line, done.missing_settings),
            *map(not_asked_line, done.not_asked),
        ),
        flask.url_for("downloads.show", key=held.key),
    )


FORMS = (
    ActionForm(
        NextAction.CONSENT_FORM,
        N_("Print consent forms"),
        (
            FormField("event", N_("For the photos of this event"), FieldKind.EVENT),
            FormField("photo", N_("For this photo only, by id")),
            FormField("roster", N_("For everybody on the roster of the event"), FieldKind.TICK),
            FormField("person", N_("For whom, by name or id"), FieldKind.PERSON, several=True),
            FormField(
                "blank",
                N_("How many forms without a name, to fill in by hand"),
                FieldKind.NUMBER,
            ),
            FormField(
                "until",
                N_("The last day the consent is valid."),
                FieldKind.DAY,
                required=True,
            ),
            FormField(
                "channel",
                N_("Ask about these channels; if none is chosen, about each of our own"),
                FieldKind.CHANNEL,
                several=True,
            ),
            FormField(
                "language",
                N_("The language; if none is chosen, each person's own, or Finnish"),
                FieldKind.CHOICE,
                choices=Language,
            ),
            FormField(
                "layout",
                N_("The file; PDF if none is chosen"),
                FieldKind.CHOICE,
                choices=Layout,
            ),
        ),
        _print,
        about=N_(
            "One form for each adult; for a child, one for each guardian who decides, and from the "
            "age in the settings one for the child. Each has a code with which the answer is "
            "recorded."
        ),
    ),
)
