"""All commands of the program, for tests that walk over them."""

from collections.abc import Iterator

import click

from photoreg.cli.app import cli

Words = tuple[str, ...]


def every_command(
    command: click.Command = cli, words: Words = ()
) -> Iterator[tuple[Words, click.Command]]:
    """Yield every command with the words that call it, the program itself and groups first."""
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from every_command(found, (*words, name))
