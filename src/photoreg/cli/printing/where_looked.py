"""Where a registry was looked for that is not there, and where the last one is."""

import os
from pathlib import Path

from photoreg.cli.last_registry import last_registry
from photoreg.cli.output import COMMAND_MARK
from photoreg.cli.printing.quoting import quoted
from photoreg.cli.settings import Setting
from photoreg.named_files import is_registry_file
from photoreg.texts import _


def lines_about_place(location: str, stated: str | None, setting: Setting | None) -> list[str]:
    """Return what tells the user why the registry was looked for there."""
    if "://" in location:
        return []
    place = Path(location).absolute()
    if os.path.isdir(place):  # noqa: PTH112 - where nothing may be looked at, too
        files = ", ".join(registries_beside(str(place / "-"))) or "-"
        text = _("{place} is a folder. Name the file of the registry. Registries in it: {files}")
        return [text.format(place=place, files=files)]
    if stated is None and setting is not None:
        text = _("The settings file {file} names {place}.")
        return [text.format(file=setting.file, place=place)]
    if stated is None:
        text = _("No registry was named, so it was looked for in the working folder: {place}")
        return [text.format(place=place)]
    return [_("It was looked for here: {place}").format(place=place)]


def lines_about_last(location: str, login: str | None) -> list[str]:
    """Return which registry was used last, with a command that uses it; nothing for this one."""
    last = last_registry()
    is_this = last == str(Path(location).absolute()) or "://" in location
    if last is None or is_this:
        return []
    as_login = f" --as {quoted(login)}" if login else ""
    return [
        _("The registry that you used last: {place}").format(place=last),
        f"{COMMAND_MARK}photoreg --registry {quoted(last)}{as_login} today",
    ]


def registries_beside(location: str) -> list[str]:
    """Return the other registries in the folder of one: databases with their evidence folder."""
    if "://" in location:
        return []
    own = Path(location).absolute()
    try:
        folders = sorted(own.parent.glob("*.evidence"))
    except (OSError, ValueError):  # a name that no file can have
        return []
    files = (folder.with_suffix("") for folder in folders if os.path.isdir(folder))  # noqa: PTH112
    return [str(file) for file in files if file != own and is_registry_file(file)]
