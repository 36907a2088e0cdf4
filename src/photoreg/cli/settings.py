"""The settings file `photoreg.toml`: which registry, whose login, which language.

It stands beside the registry (or in the working folder, if no registry was named) and in the user's
configuration folder; the nearer one counts. What an option or the environment states counts first.
Nothing is imported before there is a file to read: every command starts here.
"""

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from photoreg.errors import InputDataError, os_cause
from photoreg.texts import N_, language_named

if TYPE_CHECKING:
    from io import FileIO

FILE_NAME = "photoreg.toml"
DEFAULT_REGISTRY = "photoreg.db"
KEYS = ("registry", "evidence", "language", "who")

_MAX_BYTES = 64 * 1024
_WRITABLE_BY_OTHERS = 0o022
_WITH_BACKSLASHES = N_(
    r"Put a path with backslashes in single quotation marks: registry = 'K:\kunta\photoreg.db'"
)
_EXAMPLE = N_('Write each setting on a line of its own, for example: language = "fi".')


class Setting(NamedTuple):
    """The value of a setting, and the file that it stands in."""

    value: str
    file: str


class Settings(NamedTuple):
    """The settings in force by name, and the files that were not read, as others may write them.

    `registry` is the one that was named otherwise, for which they were looked up.
    """

    values: dict[str, Setting]
    untrusted: tuple[str, ...]
    registry: str | None = None

    def get(self, name: str) -> str | None:
        """Return the value of a setting, or None."""
        found = self.values.get(name)
        return found.value if found else None


def read_settings(registry: str | None) -> Settings:
    """Return the settings for a registry named otherwise, or for that of the working folder.

    InputDataError for a file that cannot be understood.
    """
    values: dict[str, Setting] = {}
    untrusted = []
    for path, is_private in _places(registry):
        try:
            found = _settings_in(path, is_private=is_private) if os.path.lexists(path) else {}
        except _Untrusted:
            untrusted.append(path)
            continue
        values = {**found, **values}
    return Settings(values, tuple(untrusted), registry)


def _places(registry: str | None) -> Iterator[tuple[str, bool]]:
    """Yield the files in the order in which they count; the last is in a folder of the user."""
    if registry is None or "://" in registry:
        yield os.path.abspath(FILE_NAME), False
    else:
        yield os.path.join(os.path.dirname(os.path.abspath(registry)), FILE_NAME), False
    if folder := user_folder("XDG_CONFIG_HOME", ".config", "APPDATA"):
        yield os.path.join(folder, FILE_NAME), True


def system_login() -> str:
    """Return the login on this computer, or an empty string if there is none."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # Windows has no list of users to import
        return ""


def user_folder(variable: str, default: str, on_windows: str) -> str:
    """Return photoreg's folder among those of the user, as each system has them; or ""."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get(on_windows, "")
    else:
        base = os.environ.get(variable, "")
        if not os.path.isabs(base):
            base = os.path.join(home, default) if os.path.isabs(home) else ""
    return os.path.join(base, "photoreg") if base else ""


class _Untrusted(Exception):  # noqa: N818 - of this module only
    """Others could have written the file."""


def _settings_in(path: str, *, is_private: bool) -> dict[str, Setting]:
    import tomllib

    text = _trusted_text(path, is_private=is_private)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _toml_error(path, text, error) from error
    return {key: Setting(_value(path, text, key, found[key]), path) for key in found}


def _trusted_text(path: str, *, is_private: bool) -> str:
    from pathlib import Path

    from photoreg.named_files import open_regular

    try:
        with open_regular(Path(path), _MAX_BYTES) as file:
            _require_trusted(path, file, is_private=is_private)
            return file.read(_MAX_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise InputDataError(
            N_("the settings file {file} cannot be read: {cause}"),
            N_("Mend the file, or remove it."),
            file=path,
            cause=os_cause(error),
        ) from error
    except UnicodeDecodeError as error:
        raise InputDataError(
            N_("{file} is not a text in UTF-8"), N_("Save it as a text in UTF-8."), file=path
        ) from error


def _require_trusted(path: str, file: "FileIO", *, is_private: bool) -> None:
    """Raise _Untrusted if others could have written the file, or put it there.

    Windows tells neither; there a file counts that stands below the user's own folder.
    """
    real = os.path.realpath(path)
    if sys.platform == "win32":
        home = os.path.realpath(os.path.expanduser("~"))
        if not is_private and not real.startswith(home + os.sep):
            raise _Untrusted
        return
    folders = {os.path.dirname(path), os.path.dirname(real)}
    for found in (os.fstat(file.fileno()), *map(os.stat, folders)):
        if found.st_uid not in {os.getuid(), 0} or found.st_mode & _WRITABLE_BY_OTHERS:
            raise _Untrusted


def _value(path: str, text: str, key: str, value: object) -> str:
    """Return the value of a setting; InputDataError with its line for a wrong one."""
    place: dict[str, Any] = {"file": path, "line": _line_of(key, text), "key": key}
    if key not in KEYS:
        raise InputDataError(
            N_("{file}, line {line}: there is no setting {key}"),
            N_("The settings are: {keys}."),
            keys=", ".join(KEYS),
            **place,
        )
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise InputDataError(
            N_("{file}, line {line}: the value of {key} is not a text in quotation marks"),
            _EXAMPLE,
            **place,
        )
    return _UNDERSTOOD.get(key, _as_it_is)(value.strip(), place)


def _as_it_is(value: str, _place: dict[str, Any]) -> str:
    return value


def _understood_language(value: str, place: dict[str, Any]) -> str:
    named = language_named(value)
    if named is None:
        raise InputDataError(
            N_("{file}, line {line}: {value} is not a language of photoreg"),
            N_("Choose fi (Finnish) or en (English)."),
            value=value,
            **place,
        )
    return named


def _understood_path(value: str, place: dict[str, Any]) -> str:
    """Return an address as it is, and a path from the folder of the settings file."""
    if "://" in value:
        return value
    folder = os.path.dirname(place["file"])
    return os.path.normpath(os.path.join(folder, os.path.expanduser(value)))


_UNDERSTOOD: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "language": _understood_language,
    "registry": _understood_path,
    "evidence": _understood_path,
}


def _line_of(key: str, text: str) -> int:
    import re

    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}\b")
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if pattern.match(line)), 1)


def _toml_error(path: str, text: str, error: Exception) -> InputDataError:
    import re

    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    if found is None:
        return InputDataError(N_("{file} ends in the middle of a setting"), _EXAMPLE, file=path)
    has_backslash = "\\" in text.splitlines()[int(found[1]) - 1]
    return InputDataError(
        N_("{file}, line {line}, column {column}: this is not a setting with a value"),
        _WITH_BACKSLASHES if has_backslash else _EXAMPLE,
        file=path,
        line=found[1],
        column=found[2],
    )
