"""Every action that may be advised is a command that exists, with its options."""

import shlex

import click
import pytest

from photoreg.cli.app import cli
from photoreg.cli.next_steps import LINES, command_line
from photoreg.presentation.next_steps import PLANS
from photoreg.steps import NextAction, NextStep

VALUES = {
    **dict.fromkeys(("until", "on", "born"), "2027-03-02"),
    **dict.fromkeys(("recognisable_count", "guardians", "unnamed"), "2"),
    **dict.fromkeys(("taken_year", "photographer_died_year"), "1950"),
    **dict.fromkeys(("context_identifies", "sensitive"), "no"),
    **dict.fromkeys(("confidentiality", "people"), "none"),
    "channel": "kunta",
    "commissioner": "na",
    "file": "x.csv",
    "kind": "print",
    "mode": "link",
    "place": "office_lobby",
    "purpose": "marketing",
    "role": "auditor",
    "shot": "general_view",
    "within": "30d",
}
"""A value that an option takes, where not every text will do."""


def understood(line: str) -> click.Context:
    """Return the context that Click makes of a command line."""
    words = shlex.split(line)
    assert words.pop(0) == "photoreg"
    command: click.Command | None = cli
    context = click.Context(cli, info_name="photoreg")
    while isinstance(command, click.Group):
        command = command.get_command(context, words.pop(0))
    assert command is not None, line
    return command.make_context(command.name, words, parent=context)


def value_of(action: NextAction, name: str) -> str:
    if name == "basis":
        return "parent" if action is NextAction.GUARDIAN_ADD else "staff_agreement"
    return VALUES.get(name, "X-1")


@pytest.mark.parametrize("action", NextAction)
def test_every_action_is_a_command_with_these_options(
    action: NextAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "anna")
    line = LINES[action]
    known = {name: value_of(action, name) for name in (*line.positional, *line.options)}
    understood(command_line(NextStep(action, known)))


def test_every_action_is_written_in_one_table() -> None:
    assert set(LINES) == set(NextAction)


@pytest.mark.parametrize("code", [code for code, plan in PLANS.items() if plan])
def test_what_is_known_and_asked_for_a_reason_is_an_input_of_its_command(code: str) -> None:
    plan = PLANS[code]
    assert plan is not None
    line = LINES[plan.action]
    inputs = {*line.positional, *line.options}
    assert {name.removeprefix("other_") for name in (*plan.known, *plan.question)} <= inputs


def test_a_step_has_a_place_for_what_is_asked_and_never_an_answer() -> None:
    step = NextStep.to(NextAction.PHOTO_ANSWER, "place_permission", "confidentiality", photo="P-1")
    assert command_line(step) == (
        "photoreg photo answer P-1 --place-permission/--no-place-permission --confidential ANSWER"
    )
