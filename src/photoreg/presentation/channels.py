"""Channels as users read them: whose each is."""

from photoreg.texts import _


def controller_label(controller: str | None) -> str:
    """Return who controls a channel, in words."""
    return _("the municipality") if controller is None else controller
