"""The questions about a photo, and the answers to choose from."""

from enum import StrEnum

from photoreg.rulebook.facts import (
    Basis,
    Commissioner,
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    Place,
    Shot,
)
from photoreg.texts import N_

QUESTIONS = {
    "people": N_("Can people be recognised?"),
    "recognisable_count": N_("How many people can be recognised."),
    "basis": N_("The basis for using the photo."),
    "place": N_("Where it was taken."),
    "place_permission": N_("Has the holder of a private place given permission?"),
    "shot": N_("A general view, or a person as subject."),
    "confidentiality": N_("The confidential information that the photo reveals, or none."),
    "sensitive": N_("Is the situation sensitive for somebody?"),
    "context_identifies": N_("Can somebody be identified by the caption, clothes or place?"),
    "credit": N_("The credit: how the photographer is named with the photo."),
    "commissioner": N_("For an ordered portrait: does the one who ordered it agree?"),
    "taken_year": N_("The year the photo was taken."),
    "photographer_died_year": N_("The year the photographer died."),
    "depicted_work": N_("Is another's work, such as a statue or a painting, the main subject?"),
    "digital_source": N_("How the picture was made: with a camera, or by an AI program."),
    "event": N_("The event, by name or id; its answers also apply to the photo."),
}
"""The text of each question."""

CHOICES: dict[str, type[StrEnum]] = {
    "basis": Basis,
    "place": Place,
    "shot": Shot,
    "people": People,
    "confidentiality": Confidentiality,
    "commissioner": Commissioner,
    "depicted_work": DepictedWork,
    "digital_source": DigitalSource,
}
"""The answers of the questions that have some to choose from."""
