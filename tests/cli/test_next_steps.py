"""Every action that may be advised is a command that exists, with its options."""

import ast
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from tests.services.scenes import (
    EMPTY_STREET,
    PHOTOGRAPHER_NAME,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    tag_person,
)

import photoreg
from photoreg.cli.app import COMMANDS, cli, print_error
from photoreg.cli.options import DayParam
from photoreg.cli.printing.next_steps import (
    LINES,
    command_line,
    names_line,
    options_named,
    step_lines,
)
from photoreg.cli.printing.quoting import quoted
from photoreg.errors import NotAllowed
from photoreg.presentation.next_steps import PLANS
from photoreg.presentation.step_roles import roles_of
from photoreg.registry.tables.people import USER_ROLES, GuardianBasis
from photoreg.rulebook.facts import Basis, LicenceTerm, People, Purpose, Shot
from photoreg.services.application import Application
from photoreg.services.consents import permissions
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.people.guardians import add_guardian
from photoreg.steps import NextAction, NextStep
from photoreg.texts import use_language
from photoreg.web.forms.all import FORMS

VALUES = {
    "method": "oral",
    "verdict": "publishable",
    **dict.fromkeys(("until", "on", "born", "since"), "2027-03-02"),
    **dict.fromkeys(("recognisable_count", "guardians", "guardians_total", "unnamed"), "2"),
    "blank": "2",
    **dict.fromkeys(("taken_year", "photographer_died_year"), "1950"),
    **dict.fromkeys(("context_identifies", "sensitive"), "no"),
    **dict.fromkeys(("confidentiality", "people"), "none"),
    "channel": "kunta",
    "scope": "check",
    "commissioner": "na",
    "depicted_work": "permitted",
    "digital_source": "camera",
    "doubtful": "new",
    "file": "x.csv",
    "kind": "print",
    "language": "sv",
    "layout": "pdf",
    "mode": "link",
    "outcome": "lifted",
    "place": "office_lobby",
    "purpose": "marketing",
    "refused_by": "first",
    "role": "auditor",
    "ruling": "needs-facts",
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
    inputs = line.inputs
    named = {re.sub("^(other|needed)_", "", name) for name in (*plan.known, *plan.question)}
    assert named <= inputs


@pytest.mark.parametrize("action", NextAction)
def test_each_line_with_an_arrow_is_a_command_and_has_the_login_of_whoever_takes_the_step(
    action: NextAction,
) -> None:
    inputs = (*LINES[action].positional, *LINES[action].options)
    known = {name: value_of(action, name) for name in inputs}
    steps = [NextStep(action, known)]
    steps += [NextStep.to(action, name, **without(known, name)) for name in switches(action)]
    for role in USER_ROLES:
        is_own = role in roles_of(action)
        with cli.make_context("photoreg", ["--as", "anna", "today"]) as context:
            context.obj = SimpleNamespace(role=role)
            told = [step_lines(step) for step in steps]
        for lines in told:
            commands = [line.removeprefix("→ ") for line in lines if line.startswith("→ ")]
            assert len(commands) == (1 if lines is told[0] else 2)
            assert len(lines) - len(commands) == (not is_own)
            for command in commands:
                is_readers = is_own and action not in OF_A_COLLEAGUE
                assert command.startswith("photoreg --as anna ") is is_readers
                understood(command.replace(" --as anna", ""))


OF_A_COLLEAGUE = {NextAction.CHANNEL_CONFIRM, NextAction.PHOTO_CONFIRM}
"""What whoever has changed something must leave to another member of staff."""


def switches(action: NextAction) -> list[str]:
    """The inputs that are answered by one of two options without a value."""
    options = LINES[action].options.items()
    pairs = [name for name, option in options if all(option.partition("/"))]
    return [name for name in pairs if name not in {"controller", "not_shown"}]


def without(known: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in known.items() if key != name}


PERSONS = {"person", "guardian", "by", "photographer", "author", "shown", "absent", "not_shown"}


def test_the_names_of_its_persons_stand_under_each_step_if_the_reader_may_see_them(
    application: Application,
) -> None:
    person = create_person(application, "Elle Valkeapää")
    steps = [
        NextStep.to(action, **{name: person})
        for action, line in LINES.items()
        for name in sorted(PERSONS & line.inputs)
    ]
    assert len(steps) > 10
    for login, shown in (("kaisa", f"{person} Elle Valkeapää"), ("tarja", "")):
        with cli.make_context("photoreg", ["today"]) as context:
            context.obj = SimpleNamespace(application=replace(application, login=login))
            assert {names_line(step) for step in steps} == {shown}


@pytest.mark.parametrize(("named", "shown"), [("fi", "1.2.2027"), ("en", "2027-02-01")])
def test_the_days_of_a_step_are_written_as_people_read_them_and_read_back(
    named: str, shown: str
) -> None:
    use_language(named)  # English again before the next test
    line = command_line(NextStep.to(NextAction.EVENT_CHANGE, event="E-1", on="2027-02-01"))
    assert line.endswith(f"event change E-1 --on {shown}")
    assert DayParam().convert(shown, None, None) == date(2027, 2, 1)


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


def fields_of_the_desk() -> set[str]:
    """The names of the fields of its forms and pages."""
    templates = Path(photoreg.__file__).parent.joinpath("web/templates").glob("*.html")
    on_pages = (re.findall(r'name="(\w+)"', each.read_text("utf-8")) for each in templates)
    in_forms = ((field.name for field in form.fields) for form in FORMS.values())
    return {*chain.from_iterable(on_pages), *chain.from_iterable(in_forms)}


@pytest.mark.parametrize("name", sorted(named_fields()))
def test_every_input_that_an_error_names_is_an_option_or_a_field(name: str) -> None:
    is_option = any(options_named([name], context) for context in every_context())
    assert is_option or name in fields_of_the_desk()


def test_every_step_in_the_code_has_the_inputs_of_its_command() -> None:
    found = 0
    for call in calls():
        if ast.unparse(call).startswith(("NextStep.to(NextAction.", "print_step(NextAction.")):
            line = LINES[NextAction[ast.unparse(call.args[0]).removeprefix("NextAction.")]]
            asked = {a.value for a in call.args[1:] if isinstance(a, ast.Constant)}
            known = {keyword.arg for keyword in call.keywords if keyword.arg} - {"indent", "err"}
            assert asked | known <= line.inputs, ast.unparse(call)
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


def punctuation_in(command: str) -> set[str]:
    """Return the characters outside quotes by which a shell would do something else."""
    lexer = shlex.shlex(command, posix=False, punctuation_chars="|<>&;()")
    lexer.whitespace_split = True
    return {word for word in lexer if set(word) <= set("|<>&;()")}


@pytest.mark.parametrize("language", ["en", "fi"])
@pytest.mark.parametrize("action", NextAction)
def test_no_printed_step_says_anything_to_the_shell(action: NextAction, language: str) -> None:
    use_language(language)
    asked = NextStep.to(action, *LINES[action].inputs)
    hostile = dict.fromkeys(LINES[action].inputs, "a|b & c > d; e (f)")
    for step in (asked, NextStep(action, {**hostile, "photo": "P-1", "flag": "F-1"})):
        assert punctuation_in(command_line(step)) == set()


def inside(node: ast.AST) -> set[int]:
    return {id(inner) for inner in ast.walk(node)}


def texts_of_the_command_line() -> Iterator[tuple[str, bool]]:
    """Every text of the command line except help and examples, and whether it is translated."""
    for module in (SOURCE / "cli").rglob("*.py"):
        nodes = [*ast.walk(ast.parse(module.read_text("utf-8")))]
        helped: set[int] = set()
        translated: set[int] = set()
        for node in nodes:
            match node:
                case ast.keyword(arg="help" | "example") | ast.Expr(ast.Constant()):
                    helped |= inside(node)
                case ast.Assign([ast.Attribute(attr="example")]):
                    helped |= inside(node)
                case ast.Call(ast.Name("_" | "N_")):
                    translated |= inside(node)
        for node in nodes:
            if isinstance(node, ast.Constant) and id(node) not in helped:
                yield str(node.value), id(node) in translated


def test_no_text_of_the_command_line_writes_a_command_by_hand() -> None:
    """Only the table writes commands: in the user's language, quoted, with nothing answered."""
    command = re.compile(rf"photoreg (--\S+ |{'|'.join(COMMANDS)})\b")
    texts = [text for text, _translated in texts_of_the_command_line()]
    assert len(texts) > 1000
    assert [text for text in texts if command.search(text)] == []


def test_a_place_to_fill_in_is_written_in_texts_that_are_translated() -> None:
    place = re.compile(r"--[a-z-]+ [A-Z]{2,}")
    found = [text for text, translated in texts_of_the_command_line() if not translated]
    assert [text for text in found if place.search(text)] == []


def test_a_step_repeats_the_options_of_the_program_that_were_typed() -> None:
    typed = ["--registry", "my files/k.db", "--as", "anna", "today"]
    with cli.make_context("photoreg", typed):
        shown = command_line(NextStep.to(NextAction.CASE_SHOW, case="K-1"))
    assert shown == 'photoreg --registry "my files/k.db" --as anna case show K-1'


def test_a_step_repeats_no_option_that_came_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PHOTOREG_REGISTRY", "k.db")
    monkeypatch.setenv("PHOTOREG_ACTOR", "anna")
    with cli.make_context("photoreg", ["today"]):
        assert command_line(NextStep.to(NextAction.STAFF_LIST)) == "photoreg staff list"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("postgresql://anna:secret@server/kuvat", "postgresql://anna@server/kuvat"),
        ("postgresql://anna@server/kuvat", "postgresql://anna@server/kuvat"),
        (
            "postgresql://server/kuvat?password=secret&user=anna",
            "postgresql://server/kuvat?user=anna",
        ),
    ],
)
def test_a_step_repeats_no_password(typed: str, shown: str) -> None:
    with cli.make_context("photoreg", ["--registry", typed, "today"]):
        step = command_line(NextStep.to(NextAction.STAFF_LIST))
    assert shown in step
    assert "secret" not in step


def test_a_registry_of_another_version_is_followed_by_one_in_another_place() -> None:
    step = NextStep.to(NextAction.REGISTRY_MAKE, "registry", "organisation", "name")
    with cli.make_context("photoreg", ["--registry", "old.db", "--as", "anna", "today"]):
        shown = command_line(step)
    assert shown == (
        "photoreg --as anna --registry REGISTRY.db init --organisation ORGANISATION --name NAME"
    )


AWKWARD = (
    "maisema.jpg",
    "Juhla & tanssit",
    'sanoi "ei"',
    "hinta $5 `x`",
    "C:\\kuvat\\a b.jpg",
    "Hei! Moi!!",
    "Máret O'Hara",
    "",
    "*?[a]~#",
    "=ls",
)


@pytest.mark.parametrize("word", AWKWARD)
def test_a_quoted_value_is_read_back_by_a_shell(word: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"printf %s {quoted(word, windows=False)}"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout == word


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0$`"), max_size=12)


@given(TEXTS)
def test_quoting_is_undone_by_splitting(text: str) -> None:
    assert shlex.split(quoted(text, windows=False)) == [text]


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("C:\\kuvat\\a.jpg", "C:\\kuvat\\a.jpg"),
        ("C:\\omat kuvat\\", '"C:\\omat kuvat\\\\"'),
        ("a & b", '"a & b"'),
        ("@anna", '"@anna"'),
        ('sanoi "ei"', '"sanoi \\"ei\\""'),
        ("", '""'),
    ],
)
def test_windows_needs_double_quotes_and_keeps_backslashes(word: str, shown: str) -> None:
    assert quoted(word, windows=True) == shown


def test_a_use_that_a_licence_excludes_is_fixed_by_the_authors_permission_for_it(
    run: Callable[..., Result], application: Application, tmp_path: Path
) -> None:
    author = create_person(application, PHOTOGRAPHER_NAME)
    register_photo(application, tmp_path, replace(EMPTY_STREET, basis=Basis.LICENCE_CC))
    permissions.record_permission(
        application,
        PermissionParties(author),
        replace(granted_consent(), purposes=(Purpose.INFORMATION, Purpose.MARKETING)),
        PermissionTerms(Basis.LICENCE_CC, "Kuva", licence=frozenset({LicenceTerm("nc")})),
    )
    check = ("check", "P-1", "--channel", "kunta-public-page", "--purpose", "marketing")

    refused = run(*check, exit_code=3).stdout

    [advised] = re.findall("→ (photoreg .*)", refused)
    assert "CR_LICENCE_TERMS" in refused
    assert advised == (
        "photoreg permission grant --photographer H-1 --photo P-1 --channel kunta-public-page "
        "--purpose marketing --until DAY --on DAY --evidence FILE"
    )
    paper = tmp_path / "permission.txt"
    paper.write_text("yes")
    words = {"NAME": author, "FILE": str(paper)}
    filled = [words.get(word, word) for word in shlex.split(advised)[1:]]
    filled[filled.index("DAY")] = "2099-11-02"
    filled[filled.index("DAY")] = "2026-11-02"
    run(*filled)
    run(*check)
    elsewhere = ("check", "P-1", "--channel", "kunta-print", "--purpose", "marketing")
    assert "CR_LICENCE_TERMS" in run(*elsewhere, exit_code=3).stdout


def test_a_stated_adult_with_guardians_is_fixed_by_the_date_of_birth(
    run: Callable[..., Result], application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    person = create_person(application, "Elle Valkeapää", None)
    guardian = create_person(application, "Máret Valkeapää")
    add_guardian(application, person, guardian, basis=GuardianBasis.PARENT, verified="seen")
    run("person", "change", person, "--adult")
    subject = replace(EMPTY_STREET, people=People.RECOGNISABLE, recognisable_count=1)
    subject = replace(subject, shot=Shot.PERSON_SUBJECT, context_identifies=False)
    tag_person(application, register_photo(application, tmp_path, subject), person)
    record_consent(application, person, replace(granted_consent(), on=date(2026, 10, 1)))
    check = ("check", "P-1", "--channel", "kunta-public-page")

    refused = run(*check, exit_code=3).stdout

    assert "CN_NO_CONSENT" in refused
    assert "the date of birth, which tells whether" in refused
    [advised] = re.findall("→ (photoreg .*)", refused)
    assert advised == f"photoreg person change {person} --born DAY"
    run(*(word.replace("DAY", "2000-05-04") for word in shlex.split(advised)[1:]))
    waiting = run(*check, exit_code=3).stdout
    assert re.findall(r"refused +(\w+)", waiting) == ["RG_SECOND_LOOK"]
    run("photo", "confirm", "P-1", "--is", "yes", login="anna")
    run(*check)
