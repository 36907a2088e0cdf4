"""Every action that may be advised is a command that exists, with its options."""

import ast
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import photoreg
from photoreg.cli.app import cli, print_error
from photoreg.cli.printing.next_steps import LINES, command_line, options_named
from photoreg.errors import NotAllowed
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


SOURCE = Path(photoreg.__file__).parent


def calls() -> Iterator[ast.Call]:
    for module in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield node


def named_fields() -> set[str]:
    """The inputs that errors name, wherever they are raised."""
    return {
        element.value
        for call in calls()
        for keyword in call.keywords
        if keyword.arg == "fields" and isinstance(keyword.value, ast.Tuple)
        for element in keyword.value.elts
        if isinstance(element, ast.Constant) and isinstance(element.value, str)
    }


def every_context() -> Iterator[click.Context]:
    program = click.Context(cli, info_name="photoreg")
    yield program
    groups: list[tuple[click.Context, click.Group]] = [(program, cli)]
    for context, group in groups:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            below = click.Context(command, info_name=name, parent=context)
            yield below
            if isinstance(command, click.Group):
                groups.append((below, command))


@pytest.mark.parametrize("name", sorted(named_fields()))
def test_every_input_that_an_error_names_is_an_option_of_some_command(name: str) -> None:
    assert any(options_named([name], context) for context in every_context())


def test_every_step_in_the_code_has_the_inputs_of_its_command() -> None:
    found = 0
    for call in calls():
        if ast.unparse(call).startswith("NextStep.to(NextAction."):
            line = LINES[NextAction[ast.unparse(call.args[0]).removeprefix("NextAction.")]]
            inputs = {*line.positional, *line.options}
            asked = {a.value for a in call.args[1:] if isinstance(a, ast.Constant)}
            known = {keyword.arg for keyword in call.keywords if keyword.arg}
            assert asked | known <= inputs, ast.unparse(call)
            found += 1
    assert found > len(LINES)


def test_an_error_shows_the_next_command_and_the_options_concerned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    step = NextStep.to(NextAction.GUARDIAN_ADD, "basis", person="H-2", guardian="H-5")
    error = NotAllowed("No.", "Do.", step=step, fields=("until", "person", "mode"))
    with understood("photoreg consent record --for H-2"):
        print_error(error)
    assert capsys.readouterr().err.splitlines() == [
        "Error: No.",
        "Do.",
        "Options: --until, --for",
        "→ photoreg guardian add H-2 H-5 --basis BASIS",
    ]
