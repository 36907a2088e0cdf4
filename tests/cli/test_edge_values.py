"""Days and numbers at the edge of what there is: a clear error or an answer, never a crash."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from tests.cli.test_looks import SERVING
from tests.cli.test_named_files import commands

from photoreg.cli.app import Command, cli
from photoreg.cli.options import DayParam
from photoreg.days import FIRST_DAY, LAST_DAY
from photoreg.errors import InputDataError, PhotoregError
from photoreg.sheets.cells import to_day

Attempt = Callable[..., Result]
NUMBERS = ("-1", "0", "9999", "10000", "9" * 30)


def options_of(kind: type[click.ParamType[Any]]) -> Iterator[tuple[str, str]]:
    """Give each option that takes such a value, with the example of its command."""
    for name, command in commands():
        if name in SERVING:
            continue  # it does not end
        for each in command.params:
            is_option = isinstance(each, click.Option) and isinstance(each.type, kind)
            if is_option and isinstance(command, Command):
                yield each.opts[0], f"{name}|{command.example}"


def with_value(example: str, option: str, value: str) -> list[str]:
    """Return the example's command line with this value of the option."""
    words = shlex.split(example.partition("|")[2])[1:]
    if option in words:
        at = words.index(option)
        del words[at : at + 2]
    return [*words, option, value]


@pytest.fixture
def attempt(town: Path, registry_location: Path | str, monkeypatch: pytest.MonkeyPatch) -> Attempt:
    """Run a command; no error may be an internal one."""
    monkeypatch.chdir(town)
    environment = {"PHOTOREG_REGISTRY": str(registry_location), "PHOTOREG_ACTOR": "kaisa"}
    runner = CliRunner()
    kunta = ("channel", "add", "kunta", "Kunta", "--kind", "public_page", "--own")
    admins = ("--admin", "anna", "--admin", "kaisa")
    runner.invoke(cli, [*kunta, *admins], env=environment, catch_exceptions=False)

    def attempt_command(arguments: list[str]) -> Result:
        done = runner.invoke(cli, arguments, env=environment)
        assert done.exit_code != PhotoregError.exit_code, f"{arguments}\n{done.output}"
        return done

    return attempt_command


def test_a_day_that_nobody_can_mean_is_refused_in_every_option(attempt: Attempt) -> None:
    tried = list(options_of(DayParam))
    assert len(tried) > 20
    for option, example in tried:
        for day in ("0001-01-01", "31.12.1799", "9999-12-31"):
            done = attempt(with_value(example, option, day))
            assert done.exit_code == InputDataError.exit_code, f"{example}\n{done.output}"
            assert "is too far from today" in done.output
        for near in (FIRST_DAY, LAST_DAY):
            attempt(with_value(example, option, near.isoformat()))


def test_a_number_at_the_edge_is_answered_or_refused_in_every_option(attempt: Attempt) -> None:
    tried = [*options_of(click.types.IntParamType), *options_of(click.IntRange)]
    assert len(tried) > 5
    for option, example in tried:
        for number in NUMBERS:
            attempt(with_value(example, option, number))


@pytest.mark.parametrize("day", ["1.1.0001", "9999-12-31"])
def test_a_day_that_nobody_can_mean_is_refused_in_tables(day: str) -> None:
    with pytest.raises(InputDataError, match="too far from today"):
        to_day(day)
