"""The form of each action that records something."""

from photoreg.steps import NextAction
from photoreg.web.forms import (
    consents,
    decisions,
    events,
    organisation,
    papers,
    people,
    photos,
    publications,
)
from photoreg.web.forms.form import ActionForm

FORMS: dict[NextAction, ActionForm] = {
    each.action: each
    for each in (
        *(*photos.FORMS, *events.FORMS, *organisation.FORMS),
        *(*decisions.FORMS, *publications.FORMS, *people.FORMS),
        *(*consents.FORMS, *papers.FORMS),
    )
}
