"""What is told of printed forms: who got none, and what is missing on them."""

from photoreg.presentation.labels import label
from photoreg.registry.tables.people import Language
from photoreg.services.consents.forms import ChannelNotAsked, NoFormReason
from photoreg.texts import N_, _

_SKIPPED_TEXTS = {
    NoFormReason.NO_GUARDIAN: N_("No form for {person}: no guardian who decides is recorded."),
    NoFormReason.DECEASED: N_("No form for {person}: the person has died."),
}
_UNSET_LABELS = {
    "controller_contact": N_("the municipality's contact"),
    "data_protection_officer": N_("the data protection officer"),
}


def omitted_line(person: str, why: NoFormReason) -> str:
    """Return why there is no form for somebody."""
    return _(_SKIPPED_TEXTS[why]).format(person=person)


def untranslated_line(language: Language) -> str:
    """Return that a text is printed in another language."""
    return _(
        "The text is not translated yet ({language}). It is printed in another language, "
        "with a note at the top."
    ).format(language=label(language))


def unset_line(setting: str) -> str:
    """Return for which setting the forms have an empty line."""
    return _("The forms have an empty line for {what}.").format(what=_(_UNSET_LABELS[setting]))


def not_asked_line(channel: ChannelNotAsked) -> str:
    """Return which own channel the forms do not ask about, and why."""
    text = _("The forms do not ask about the channel {channel}. {why}")
    return text.format(channel=channel.channel, why=_(channel.why))
