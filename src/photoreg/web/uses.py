"""The use that a page asks about: a channel, a purpose, a mode; the same while one looks around."""

import flask

from photoreg.errors import InputDataError
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation.channels import list_channels
from photoreg.texts import N_
from photoreg.web.security import cookie, set_cookie

USE_COOKIE = "photoreg-use"


def channels_to_choose(application: Application) -> list[tuple[str, str]]:
    """Return the channels: their names and titles."""
    return [(each.name, each.title) for each in list_channels(application)]


def asked_use(channels: list[tuple[str, str]]) -> AskedUse | None:
    """Return the use in the address or form, or that of the page before, or the first channel's.

    None while there is no channel. InputDataError for a purpose or a mode that there is not.
    """
    asked = flask.request.values
    remembered = cookie(USE_COOKIE)
    known = [name for name, _title in channels]
    channel = asked.get("channel") or (remembered if remembered in known else "")
    channel = channel or next(iter(known), "")
    if not channel:
        return None
    flask.g.use = channel
    try:
        purpose = Purpose(asked.get("purpose") or Purpose.INFORMATION)
        return AskedUse(channel, purpose, Mode(asked.get("mode") or Mode.UPLOAD))
    except ValueError as error:
        raise InputDataError(
            N_("there is no such purpose or way of publishing"), N_("Choose one on the page.")
        ) from error


def keep_use(response: flask.Response) -> flask.Response:
    """Remember the channel that was asked about, for the pages after this one."""
    channel = flask.g.get("use")
    if channel and channel != cookie(USE_COOKIE):
        set_cookie(response, USE_COOKIE, channel)
    return response
