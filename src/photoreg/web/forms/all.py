"""The form of each action that records something."""

from photoreg.steps import NextAction
from photoreg.web.forms import decisions, photos, publications
from photoreg.web.forms.form import ActionForm

FORMS: dict[NextAction, ActionForm] = {
    each.action: each for each in (*photos.FORMS, *decisions.FORMS, *publications.FORMS)
}
