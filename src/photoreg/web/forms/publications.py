"""Forms about publications: taking them down, and what was recorded by mistake."""

from photoreg.presentation.publications import taken_down_lines
from photoreg.presentation.second_looks import corrected_in_words
from photoreg.services.application import Application
from photoreg.services.publications.corrections import correct_publication
from photoreg.services.publications.takedown_tasks import take_down
from photoreg.steps import NextAction
from photoreg.texts import N_
from photoreg.web.forms.form import ActionForm, Done, FieldKind, FormField, Values


def _take_down(application: Application, values: Values) -> Done:
    done = take_down(
        application,
        [each for text in values["publication"] for each in text.split()],
        photos=values["photo"],
        whole=values["whole"],
        proof=values["proof"] or "",
        evidence=values["evidence"],
        on=values["on"],
    )
    return Done(tuple(taken_down_lines(done)))


def _correct(application: Application, values: Values) -> Done:
    done = correct_publication(application, values["publication"], agrees=values["agrees"])
    return Done((corrected_in_words(done),))


FORMS = (
    ActionForm(
        NextAction.PUBLICATION_TAKE_DOWN,
        N_("Record that it is taken down"),
        (
            FormField("publication", N_("Tasks or publications"), FieldKind.HIDDEN, several=True),
            FormField(
                "proof",
                N_("How you checked that it is gone"),
                FieldKind.LONG_TEXT,
                hint=N_("Kept permanently: do not use names. A screenshot is enough instead."),
            ),
            FormField("evidence", N_("A screenshot or message that shows it"), FieldKind.FILE),
            FormField("on", N_("The day it was taken down; today if empty"), FieldKind.DAY),
            FormField("photo", N_("Only these photos of the publication, by id"), several=True),
            FormField(
                "whole", N_("The whole publication is gone, with all its photos"), FieldKind.TICK
            ),
        ),
        _take_down,
    ),
    ActionForm(
        NextAction.PUBLICATION_CORRECT,
        N_("It was recorded by mistake"),
        (
            FormField("publication", N_("Publication"), FieldKind.HIDDEN, required=True),
            FormField(
                "agrees",
                N_("If a colleague has marked it as a mistake: do you agree?"),
                FieldKind.YES_NO,
                hint=N_("Look at it yourself first. Leave it empty if you mark it yourself."),
            ),
        ),
        _correct,
        about=N_(
            "It stays in the log and counts as never made. What was really published is taken "
            "down instead."
        ),
    ),
)
