"""Help in Finnish: no English metavariable in any command, nor in a next step."""

import re
from collections.abc import Iterator

import click
import pytest

from photoreg.cli.app import cli
from photoreg.cli.metavariables import METAVARS
from photoreg.cli.printing.next_steps import LINES, place_of
from photoreg.texts import use_language

_WORD = re.compile("[A-ZÅÄÖ]{2,}")


def _contexts(command: click.Command, parent: click.Context | None) -> Iterator[click.Context]:
    context = click.Context(command, info_name=command.name, parent=parent)
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            subcommand = command.get_command(context, name)
            assert subcommand is not None
            yield from _contexts(subcommand, context)


def _shown(context: click.Context) -> Iterator[str]:
    """Give the usage pieces of a command, and the metavariable of each parameter."""
    yield from context.command.collect_usage_pieces(context)
    for parameter in context.command.get_params(context):
        if not (isinstance(parameter, click.Option) and parameter.is_flag):
            yield parameter.make_metavar(context)


def test_finnish_help_shows_no_english_metavariable() -> None:
    use_language("fi")
    english = {word for metavar in METAVARS for word in _WORD.findall(metavar)}
    found = {
        (context.command_path, word)
        for context in _contexts(cli, None)
        for text in _shown(context)
        for word in _WORD.findall(text)
        if word in english
    }
    assert not found


def test_every_metavariable_of_the_english_help_can_be_translated() -> None:
    use_language("en")
    known = {word for metavar in METAVARS for word in _WORD.findall(metavar)}
    shown = {w for c in _contexts(cli, None) for text in _shown(c) for w in _WORD.findall(text)}
    assert shown <= known


def test_an_example_is_shown_in_the_users_language() -> None:
    command = cli.get_command(click.Context(cli), "export")
    assert command is not None
    use_language("fi")
    assert "-o kopiot" in command.get_help(click.Context(command, info_name="export"))
    use_language("en")
    assert "-o copies" in command.get_help(click.Context(command, info_name="export"))


@pytest.mark.parametrize(
    ("name", "finnish"),
    [("until", "PÄIVÄ"), ("evidence", "TIEDOSTO"), ("photographer", "NIMI"), ("channel", "KANAVA")],
)
def test_a_next_step_asks_in_the_users_language(name: str, finnish: str) -> None:
    use_language("fi")
    assert place_of(name) == finnish


def test_every_input_of_a_next_step_has_a_finnish_place() -> None:
    inputs = {
        name
        for line in LINES.values()
        for name in (*line.positional, *line.options)
        if "/" not in line.options.get(name, "")
    }
    use_language("en")
    english = {name: place_of(name) for name in inputs}
    use_language("fi")
    assert [name for name in inputs if place_of(name) == english[name]] == []
