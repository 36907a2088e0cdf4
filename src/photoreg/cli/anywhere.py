"""The options of the program that may stand behind a command: `photoreg today --as anna`."""

from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource

from photoreg.texts import _, language_named, use_language

ANYWHERE = ("--registry", "--evidence", "--as", "--lang")
"""Those options; a command with an option of the same name takes that for its own."""


def with_options_anywhere(
    params: list[click.Parameter], context: click.Context
) -> list[click.Parameter]:
    """Return the parameters of a command, followed by the program's options, which help hides."""
    missing = {*ANYWHERE} - {name for each in params for name in each.opts}
    options = (o for o in context.find_root().command.params if isinstance(o, click.Option))
    return [*params, *(_behind(each) for each in options if each.opts[0] in missing)]


def _behind(option: click.Option) -> click.Option:
    """Return an option of the program as one of a command; the same one each time."""
    if option not in _known:
        _known[option] = type(option)(
            [f"program_{option.name}", *option.opts],
            type=option.type,
            metavar=option.metavar,
            is_eager=option.is_eager,
            hidden=True,
            expose_value=False,
            callback=lambda context, _param, value: _state(context, option, value),
        )
    return _known[option]


_known: dict[click.Option, click.Option] = {}


def _state(context: click.Context, option: click.Option, value: Any) -> None:
    """Take a value as if it had been stated before the command."""
    root = context.find_root()
    if value is None or context.resilient_parsing or not option.name:
        return
    if root.get_parameter_source(option.name) is ParameterSource.COMMANDLINE:
        text = _("{option} may be given once in a command.")
        raise click.UsageError(text.format(option=option.opts[0]), context)
    root.set_parameter_source(option.name, ParameterSource.COMMANDLINE)
    root.params[option.name] = value
    if option.callback is not None:
        option.callback(root, option, value)
    elif root.obj is not None:
        root.obj.state(option.name, value)


def option_anywhere(option: str, words: Sequence[str]) -> str:
    """Return the value of an option of the program, wherever it stands on a command line; or ""."""
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if word == "--":
            break
        if name == option:
            return value if equals else "".join(words[number + 1 : number + 2])
    return ""


def use_language_in(words: Sequence[str]) -> None:
    """Use the language that stands on a command line, also for errors in that line."""
    named = language_named(option_anywhere("--lang", words))
    if named:
        use_language(named)
