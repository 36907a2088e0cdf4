"""The inputs about consents and permissions: what was said, of what, until when, by what proof."""

from photoreg.rulebook.facts import Method
from photoreg.texts import N_

STATEMENT = {
    "by": N_("The guardian who answers; without this the answer is the person's own."),
    "event": N_("Only for the photos of this event."),
    "photo": N_("Only for this photo."),
    "on": N_("The day of the answer; default: today."),
    "until": N_("The last day the consent or permission is valid."),
    "open_ended": N_("The consent or permission is valid until it is withdrawn."),
    "method": N_("How the answer was given."),
    "evidence": N_("The signed form, message or recording; a copy is kept beside the registry."),
    "paper": N_("Where the signed paper is kept. This cannot be changed later: do not use names."),
    "names_kind": N_("The document itself names all channels of the kind, later ones included."),
    "may_be_named": N_("Whether the name may be given with the photo, if asked."),
    "attorney": N_("Somebody else signed it with a power of attorney: add that document."),
    "form_language": N_("The language of the form."),
    "form_version": N_("The version of the form."),
    "releases_confidential": N_(
        "The consent also allows showing that the person is a client of care services."
    ),
}
"""What is recorded about an answer."""

PERMISSION = {
    "photographer": N_("The photographer who gives the permission."),
    "by": N_(
        "Who answers in the photographer's place: a guardian of a minor, or an heir of a "
        "photographer who has died."
    ),
    "licensor": N_("An agency or another licensor, for single photos."),
    "basis": N_("The basis for using the photo."),
    "credit": N_("The credit; default: the recorded name."),
    "credit_waived": N_("The photographer need not be named."),
}
"""What is recorded about a permission beside."""

CORRECTION = {
    "on": N_("The day of the answer, if it is not the last one."),
    "statement": N_("Which of the statements it is: 1 is the one that was recorded first."),
    "agrees": N_(
        "A colleague has marked it as a mistake: do you agree, having looked at it yourself?"
    ),
}
"""Which statement was typed by mistake."""

SPOKEN_METHODS = (Method.WRITTEN, Method.ELECTRONIC, Method.ORAL, Method.STRONG_IDENTIFICATION)
"""The methods that a user can state; an answer given online records its own."""
