"""What a mistyped id, name, login or command may have meant, wherever it is typed."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.cli.commands import every_command
from tests.cli.furnished import WALKS
from tests.conftest import COORDINATOR
from tests.services.scenes import create_person

from photoreg.cli.app import UnknownCommand, cli
from photoreg.cli.other_words import OTHER_WORDS
from photoreg.registry.names import near
from photoreg.services.application import Application

Run = Callable[..., Result]
Typed = Callable[[list[str]], str]

ID = re.compile(r"\b([A-Z])-\d+")
NAMES = ("kunta-public-page", "kunta-website", "kunta-print", "anna", "ville", "Koulu")
"""Channels, logins and a unit."""
LAST_IS_TOLD = "PHEKJ"
"""Of consents, flags and permissions the number of records would tell of hidden ones."""


@pytest.fixture
def mistyped(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run a line that cannot succeed, and return what is told."""
    folder = tmp_path / "here"
    shutil.copytree(furnished, folder)
    monkeypatch.chdir(folder)
    environment = {"PHOTOREG_REGISTRY": "registry.db", "PHOTOREG_ACTOR": COORDINATOR}

    def run(words: list[str]) -> str:
        done = CliRunner().invoke(cli, words, env=environment)
        assert done.exit_code, (words, done.output)
        return done.stderr

    return run


REFUSED_BEFORE = {"audit proof", "publication assign"}
"""What is refused here before anything is looked up."""


def mistakes(is_meant: Callable[[str], object]) -> Iterator[tuple[list[str], int]]:
    """Yield lines of every command with the place of such a word: each argument or option once."""
    seen = set()
    for name, some in WALKS.items():
        for words in map(shlex.split, () if name in REFUSED_BEFORE else some):
            for place, word in enumerate(words):
                before = words[place - 1] if words[place - 1].startswith("--") else ""
                if is_meant(word) and (name, before) not in seen:
                    seen.add((name, before))
                    yield words, place


def test_of_every_id_that_is_not_there_the_last_one_is_told(mistyped: Typed) -> None:
    told_last = set()
    for words, place in mistakes(ID.fullmatch):
        letter = words[place][0]
        told = mistyped([*words[:place], f"{letter}-9999", *words[place + 1 :]])
        assert "9999" in told, (words, told)
        if "9999 is not in the registry" in told:
            is_told = bool(re.search(rf"The last one is {letter}-\d+\.", told))
            assert is_told == (letter in LAST_IS_TOLD), (words, told)
            told_last |= {letter} & {*LAST_IS_TOLD}
    assert told_last == {*LAST_IS_TOLD}


def test_every_name_that_is_not_there_is_told_with_the_one_that_was_meant(
    mistyped: Typed,
) -> None:
    for words, place in mistakes(NAMES.__contains__):
        word = words[place]
        told = mistyped([*words[:place], word + word[-1], *words[place + 1 :]])
        assert re.search(rf"Did you mean ([\w-]+, )*{word}\b", told), (words, told)


def test_every_group_knows_its_commands_by_the_words_of_other_programs() -> None:
    offered = 0
    for words, group in every_command():
        if not isinstance(group, click.Group):
            continue
        context = click.Context(group, info_name=" ".join(("photoreg", *words)))
        commands = group.list_commands(context)
        for typed, targets in OTHER_WORDS.items():
            meant = [each for each in targets if each in commands]
            if typed in commands:
                continue
            with pytest.raises(UnknownCommand) as error:
                group.resolve_command(context, [typed])
            told = error.value.format_message()
            offered += len(meant)
            for each in meant:
                assert f"{context.command_path} {each}" in told, told
            assert "Did you mean" in told or all(each in told for each in commands), told
    assert offered > len(OTHER_WORDS)


def before(argument: click.Parameter, command: click.Command) -> list[str]:
    """Return a word for each argument that must stand before this one."""
    others = command.params[: command.params.index(argument)]
    return ["K-1" for each in others if isinstance(each, click.Argument) and each.required]


def test_every_enumerated_word_that_is_mistyped_is_told_with_the_one_that_was_meant() -> None:
    met = set()
    for words, command in every_command():
        for each in command.params:
            known = getattr(each.type, "values", None) or getattr(each.type, "choices", None)
            for word in known or ():
                met.add(each.name)
                option = each.opts if isinstance(each, click.Option) else ()
                first = [] if option else before(each, command)
                done = CliRunner().invoke(cli, [*words, *first, *option[:1], word + word[-1]])
                told = " ".join(done.stderr.split())
                assert done.exit_code == 2, (words, word, done.output)
                assert re.search(rf"Did you mean ([\w-]+, )*{word}\b", told), (words, told)
    assert {"kind", "layout", "role", "language", "shell", "basis"} <= met


def test_a_missing_channel_is_asked_for_with_those_that_there_are(run: Run) -> None:
    for words in (("check", "P-1"), ("export", "P-1", "-o", "copies")):
        told = " ".join(run(*words, exit_code=2).stderr.split())
        assert re.search(r"Missing option '--channel'. The channels are: .*kunta-website", told)


def test_a_channel_by_its_title_is_told_with_its_name(run: Run) -> None:
    run("channel", "add", "kirjasto", "Lukusalin uutiset", "--kind", "website", "--own")
    for typed in ("Lukusalin uutiset", "lukusalin utiset"):
        told = run("channel", "admins", typed, "--add", "kaisa", exit_code=6)
        assert "Did you mean kirjasto?" in told.stderr


def test_a_setting_that_is_not_there_is_told_with_the_one_that_was_meant(run: Run) -> None:
    for words in (("retention_month=12",), ("guardians=all", "retention-months=12")):
        told = run("policy", "set", *words, exit_code=9).stderr
        assert "Did you mean retention_months?" in told
    for word in ("retention_month", "retention_months"):
        told = run("policy", "set", word, "12", exit_code=9).stderr
        assert "Write the setting and its value in one: retention_months=12." in told
    assert "retention_months=VALUE." in run("policy", "set", "retention_month", exit_code=9).stderr
    assert "The settings are: " in run("policy", "set", "qqq=1", exit_code=9).stderr
    assert "neither a file" in run("policy", "set", "qqq.toml", exit_code=9).stderr


def test_a_group_without_such_a_command_tells_those_that_it_has(run: Run) -> None:
    assert "Did you mean photoreg event change?" in run("event", "edit", exit_code=2).stderr
    assert "Did you mean photoreg photo forget?" in run("photo", "delete", exit_code=2).stderr
    assert "The commands are: list, rename." in run("unit", "qqq", exit_code=2).stderr


MEANT = {
    ("person", "show", "Aile Nakkalajarvi"): (6, "Áile Näkkäläjärvi (H-1)"),
    ("person", "show", "Aile Näkkälajärvi"): (6, "Áile Näkkäläjärvi (H-1)"),
    ("person", "show", "Näkkäläjärvi Áile"): (6, "Áile Näkkäläjärvi (H-1)"),
    ("person", "show", "Aille Nakkalajarvi"): (6, "Áile Näkkäläjärvi (H-1)"),
    ("person", "show", "Näkkäläjärvi"): (6, "Áile Näkkäläjärvi (H-1)"),
    ("register", ".", "--camera", "iPhone 13=Aile Nakkalajarvi"): (6, "Áile Näkkäläjärvi (H-1)"),
    ("audit", "history", "ana"): (9, "anna"),
    ("audit", "history", "kunta-pres"): (9, "kunta-press, kunta-print"),
    ("audit", "history", "p12"): (9, "P-12"),
    ("rules", "explain", "CN_NO_CONSET"): (6, "CN_NO_CONSENT"),
    ("--as", "annna", "today"): (5, "anna"),
}


def test_names_are_compared_without_marks_and_in_any_order(
    run: Run, application: Application
) -> None:
    create_person(application, "Áile Näkkäläjärvi")
    create_person(application, "Aino Kettula")
    for words, (exit_code, meant) in MEANT.items():
        assert f"Did you mean {meant}?" in run(*words, exit_code=exit_code).stderr, words


def test_a_login_is_suggested_to_those_only_who_state_one(
    registry_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHOTOREG_ACTOR", raising=False)
    monkeypatch.setenv("LOGNAME", "annna")
    told = CliRunner().invoke(cli, ["today"], env={"PHOTOREG_REGISTRY": str(registry_path)})
    assert "annna is not a user" in told.stderr
    assert "Did you mean" not in told.stderr
    assert "Options: --as" in told.stderr


def test_what_is_like_nothing_suggests_nothing() -> None:
    assert near("Elle", ["Aino Kettula", "Biret Outakka"]) == []
    assert near("", ["Aino Kettula"]) == []
    assert near("ain", ["Aino Kettula", "Eija Raino"]) == ["Aino Kettula"]
