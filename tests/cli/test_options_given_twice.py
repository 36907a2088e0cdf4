"""An option that may be given once and is given twice is an error: none is lost in silence."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result
from tests.cli.commands import every_command
from tests.services.scenes import ApplicationFor, create_person

Run = Callable[..., Result]


def _single_options() -> Iterator[tuple[tuple[str, ...], click.Option]]:
    """Yield every option that may be given once, with the words of its command."""
    for words, command in every_command():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.multiple:
                yield words, parameter


def _only_says_yes(option: click.Option) -> bool:
    return option.is_flag and not option.secondary_opts


def test_every_option_that_may_be_given_once_is_refused_when_given_twice(run: Run) -> None:
    asked = [each for each in _single_options() if not _only_says_yes(each[1])]
    assert len(asked) > 200
    for words, option in asked:
        twice = [*option.opts, *option.secondary_opts] * 2
        given = twice[:2] if option.is_flag else [twice[0], "x", twice[1], "x"]
        refused = run(*words, *given, exit_code=2)
        assert option.opts[0] in refused.stderr, words
        assert "may be given once" in refused.stderr, words


def test_a_flag_that_only_says_yes_may_be_repeated(run: Run) -> None:
    run("--version", "--version")
    run("check", "--help", "--help")
    assert run("photo", "list", "--open", "--open").exit_code == 0


def test_the_message_names_the_option_in_the_language_of_the_user(run: Run) -> None:
    twice = ("check", "P-1", "--channel", "a", "--channel", "b")
    assert "--channel may be given once" in run(*twice, exit_code=2).stderr
    finnish = run("--lang", "fi", *twice, exit_code=2).stderr
    assert "Valitsimen --channel voi antaa vain kerran" in finnish


@pytest.mark.parametrize("option", ["--for", "--event"])
def test_a_refusal_with_an_option_given_twice_records_nothing(
    run: Run, application_for: ApplicationFor, option: str
) -> None:
    create_person(application_for("anna"), "Elle Valkeapää")
    refusal = ("consent", "record", "--refused", "--for", "H-1", "--channel", "website")
    run(*refusal, "--paper", "folder 1", option, "x", option, "y", exit_code=2)
    listed = run("consent", "list", "--for", "H-1", "--format", "json").stdout
    assert json.loads(listed)["items"] == []


@pytest.mark.parametrize("command", ["set", "diff"])
def test_a_setting_that_is_given_twice_is_refused(run: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('guardians = "all"')
    for first in ("guardians=all", file):
        refused = run("policy", command, first, "guardians=one", exit_code=2)
        assert "guardians is given twice" in refused.stderr


def test_what_is_added_and_removed_in_one_command_is_refused(
    run: Run, application_for: ApplicationFor
) -> None:
    create_person(application_for("anna"), "Elle Valkeapää")
    run("event", "add", "Juhla", "--on", "2026-05-30", "--person", "H-1")
    both = run("event", "roster", "E-1", "--add", "H-1", "--remove", "Elle Valkeapää", exit_code=9)
    assert "is given in two options" in both.stderr
    run("channel", "admins", "kunta-print", "--add", "ville", "--remove", "ville", exit_code=9)


def test_a_row_of_a_class_list_that_is_and_is_not_somebody_is_refused(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    create_person(application_for("anna"), "Elle Valkeapää")
    run("event", "add", "Juhla", "--on", "2026-05-30")
    (tmp_path / "class.csv").write_text("nimi\nElle Valkeapaa\n", "utf-8")
    decided = ("--same", "2=H-1", "--other", "2=H-1")
    done = run("event", "import-roster", "E-1", tmp_path / "class.csv", *decided, exit_code=9)
    assert "2=H-1 is given in two options" in done.stderr
