"""What was typed into a form, as its user reads it: the titles of the fields, the labels chosen."""

from collections.abc import Iterable

from photoreg.texts import _
from photoreg.web.forms.all import FORMS


def typed_in_words(action: str, typed: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return title and value of what was filled in; a field that is not known is named as it is."""
    fields = {
        each.name: each for name, form in FORMS.items() if name == action for each in form.fields
    }
    shown = []
    for name, value in typed:
        if value and name != "back":
            field = fields.get(name)
            title = _(field.title) if field else name
            shown.append((title, dict(field.options()).get(value, value) if field else value))
    return shown
