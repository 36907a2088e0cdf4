"""The documentation says what the program does: every command, code and exit code is in it."""

import gettext
import io
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from tools.generate import left_over

from photoreg import texts
from photoreg.cli.app import COMMANDS, Command, Option, cli
from photoreg.cli.metavariables import METAVARS
from photoreg.errors import EXIT_CODES
from photoreg.presentation.labels import LABELS, QUESTION_LABELS
from photoreg.presentation.next_steps import PLANS
from photoreg.presentation.views.all import VIEWS
from photoreg.registry import evidence, ledger
from photoreg.registry.queries import consents as consent_queries
from photoreg.registry.tables import cases, consents, people, photos, publications, second_looks
from photoreg.rulebook import facts, reasons, verdict
from photoreg.rulebook import policy as rule_policy
from photoreg.rulebook.reasons import REASONS, Severity
from photoreg.services.audits import oversight
from photoreg.services.consents import (
    consent_events,
    documents,
    forms,
    permissions,
    requests,
)
from photoreg.services.consents.lists import templates
from photoreg.services.consents.papers import scans
from photoreg.services.data_subjects import erasure
from photoreg.services.decisions import cases as unclear_cases
from photoreg.services.decisions import flags
from photoreg.services.people.class_lists import columns as list_columns
from photoreg.services.photos import matching
from photoreg.services.photos.folders import beside_photos
from photoreg.services.publications import publishing
from photoreg.services.upkeep import carried_stops

ROOT = Path(__file__).parent.parent
PO = ROOT / "src/photoreg/locale/fi/LC_MESSAGES/photoreg.po"


def every_command() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli, info_name="photoreg")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        yield from _with_subcommands(name, command)


def _with_subcommands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for sub, sub_command in command.commands.items():
            yield from _with_subcommands(f"{name} {sub}", sub_command)


ALL_COMMANDS = dict(every_command())
LEAVES = {n: c for n, c in ALL_COMMANDS.items() if not isinstance(c, click.Group)}


def test_generated_files_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run `make docs`: {done.stdout}{done.stderr}"


def test_the_schema_of_a_list_that_is_gone_is_left_over() -> None:
    assert [*left_over([f"schema/{view.name}.schema.json" for view in VIEWS.values()])] == []
    [first, *others] = [f"schema/{view.name}.schema.json" for view in VIEWS.values()]
    assert [*left_over(others)] == [ROOT / first]


def test_every_text_is_translated_and_no_translation_is_stale() -> None:
    done = subprocess.run(
        [sys.executable, "tools/catalogue.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"run `make docs`, then translate: {done.stdout}{done.stderr}"


def translations() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every English text with its Finnish; a text that depends on a number is a pair."""
    for message in read_po(io.BytesIO(PO.read_bytes()), locale="fi"):
        if isinstance(message.id, str):
            yield (message.id,), (str(message.string),)
        else:
            yield tuple(map(str, message.id)), tuple(map(str, message.string or ()))


def test_the_compiled_catalogue_is_the_one_that_people_edit() -> None:
    compiled = gettext.translation(texts.DOMAIN, texts.LOCALE_FOLDER, ["fi"])
    for english, finnish in translations():
        if len(english) == 1 and english[0]:
            assert compiled.gettext(english[0]) == finnish[0]
        for number, text in enumerate(finnish if len(english) > 1 else (), start=1):
            assert compiled.ngettext(english[0], english[1], number) == text


def test_translations_keep_every_place_to_fill_in() -> None:
    places = re.compile(r"\{(?!number_type)[^}]*\}")  # Click's English name of a number
    for pair in translations():
        for english, finnish in zip(*pair, strict=True):
            assert sorted(places.findall(english)) == sorted(places.findall(finnish)), english


def test_no_finnish_text_has_an_english_place_to_fill_in() -> None:
    texts.use_language("fi")
    english = {word for word in METAVARS if texts._(word) != word}
    place = re.compile(rf"(?<![\w-])({'|'.join(sorted(english, key=len, reverse=True))})(?![\w-])")
    found = [text for _ids, shown in translations() for text in shown if place.search(text)]
    assert found == []


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_explains_itself_and_ends_with_an_example(name: str) -> None:
    command = LEAVES[name]
    assert isinstance(command, Command)
    assert command.help
    assert command.example.startswith(f"photoreg {name}")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert isinstance(parameter, Option), f"{name} {parameter.name}"
            assert parameter.help, f"{name} {parameter.name} has no help"


@pytest.mark.parametrize("name", LEAVES)
def test_every_example_is_a_command_line_that_is_understood(name: str) -> None:
    command = LEAVES[name]
    assert isinstance(command, Command)
    arguments = shlex.split(command.example)[1 + len(name.split()) :]
    command.make_context(name, arguments, obj=None)


def test_the_short_help_of_a_group_is_in_the_list_of_commands() -> None:
    assert set(COMMANDS) == {name.split()[0] for name in ALL_COMMANDS}


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"## photoreg {name}\n" in (ROOT / "docs/cli.md").read_text("utf-8")


def test_every_reason_is_documented_and_has_a_next_step() -> None:
    page = (ROOT / "docs/rules.md").read_text("utf-8")
    assert all(f"**{code}**" in page for code in REASONS)
    blocking = {c for c, r in REASONS.items() if r.severity is not Severity.NOTICE}
    assert set(PLANS) == blocking


def test_no_view_takes_the_place_of_another() -> None:
    """Two views of one name in the code would leave the first without its schema."""
    sources = [
        path.read_text("utf-8") for path in (ROOT / "src/photoreg/presentation/views").glob("*.py")
    ]
    made = re.findall(r"^([A-Z_]+) = View\(", "".join(sources), re.MULTILINE)
    assert len(made) == len(VIEWS)


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs/exit-codes.md").read_text("utf-8")
    assert all(f"| {code} |" in page for code in EXIT_CODES)


def test_every_value_of_the_registry_has_a_label() -> None:
    for name, words in LABELS.items():
        kind = next(
            getattr(module, name)
            for module in (
                facts,
                reasons,
                verdict,
                cases,
                people,
                photos,
                second_looks,
                publications,
                consents,
                consent_queries,
                publishing,
                unclear_cases,
                consent_events,
                documents,
                permissions,
                flags,
                erasure,
                oversight,
                evidence,
                rule_policy,
                ledger,
                forms,
                requests,
                scans,
                matching,
                carried_stops,
                list_columns,
                templates,
                beside_photos,
            )
            if hasattr(module, name)
        )
        assert {member.value for member in kind} == set(words), name


def test_every_open_question_has_a_text() -> None:
    rules = (ROOT / "src/photoreg/rulebook" / name for name in ("channels.py", "people.py"))
    source = "".join(module.read_text("utf-8") for module in rules)
    named = {name for name in QUESTION_LABELS if f'"{name}"' in source}
    assert named == set(QUESTION_LABELS)


def test_documentation_links_lead_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for requirement in tomllib.loads(text)["project"]["dependencies"]:
        line = next(line for line in text.splitlines() if f'"{requirement}"' in line)
        assert "#" in line, requirement


@pytest.mark.parametrize("language", ["en", "fi"])
@pytest.mark.parametrize(
    "name", ["", *(n for n, c in ALL_COMMANDS.items() if isinstance(c, click.Group))]
)
def test_a_list_of_commands_shows_whole_sentences(name: str, language: str) -> None:
    shown = CliRunner().invoke(cli, ["--lang", language, *name.split(), "--help"])
    assert shown.exit_code == 0
    _usage, _end, below = shown.stdout.partition("\n")
    assert "..." not in below


WRITTEN_COMMAND = re.compile(r"`photoreg ([a-z][a-z-]*(?: [a-z][a-z-]*)?)")
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "cli.md"], ids=lambda p: p.name)
def test_what_a_page_writes_as_a_command_is_one(page: Path) -> None:
    text = " ".join(page.read_text("utf-8").split())
    written = {found[1] for found in WRITTEN_COMMAND.finditer(text)}
    unknown = {name for name in written if name not in LEAVES and name.split()[0] not in LEAVES}
    assert not unknown


def test_the_picture_in_readme_is_small_and_made_by_a_script() -> None:
    [picture] = re.findall(r"!\[[^]]+\]\((\S+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert (ROOT / picture).stat().st_size < 200_000
    assert picture in (ROOT / "tools/desk_picture.py").read_text("utf-8")
