"""The municipality's settings, in words."""

from photoreg.presentation.labels import value_labels
from photoreg.services.organisation.policy import format_setting
from photoreg.texts import _

SETTING_ENUMERATIONS = {
    "guardians": "Guardians",
    "closed_group": "ClosedGroup",
    "public_places": "Place",
    "yes_by": "Method",
    "logins": "Logins",
    "staff_see": "StaffSee",
    "data_mining": "DataMining",
}
"""The enumeration of each setting that is a choice or several."""


def setting_text(name: str, value: object, layout: str) -> str:
    """Return the value of a setting: in words for people, and as it is typed for programs."""
    return setting_in_words(name, value) if layout == "table" else format_setting(value)


def setting_in_words(name: str, value: object) -> str:
    """Return the value of a setting in the user's language; a number or a text as it is."""
    if value is None:
        return _("off")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    values = list(map(str, value if isinstance(value, list | tuple) else [value]))
    labelled = name in SETTING_ENUMERATIONS
    words = value_labels(SETTING_ENUMERATIONS[name], values) if labelled else values
    return ", ".join(filter(None, words)) or "-"
