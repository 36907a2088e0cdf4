"""The house keeps its floors: imports run downwards only, libraries stay in their rooms."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from photoreg.cli.app import COMMANDS

SOURCE = Path(__file__).parent.parent / "src" / "photoreg"
MODULES = sorted(SOURCE.rglob("*.py"))

BELOW_THE_DOORS = {
    *("presentation", "services", "registry", "imaging", "sheets", "documents", "rulebook"),
    "ground",
}
FLOORS = {
    "cli": {"cli", *BELOW_THE_DOORS},
    "web": {"web", *BELOW_THE_DOORS},
    "presentation": BELOW_THE_DOORS,
    "services": {"services", "registry", "imaging", "sheets", "documents", "rulebook", "ground"},
    "registry": {"registry", "rulebook", "ground"},
    "imaging": {"imaging", "ground"},
    "sheets": {"sheets", "ground"},
    "documents": {"documents", "ground"},
    "rulebook": {"rulebook"},
    "ground": {"ground"},
}
"""Which rooms a room may import; doors (cli, web) do not import each other.

`ground`: errors, steps, texts, shipped, unfinished.
"""

LIBRARIES = {
    "sqlmodel": {"registry"},
    "sqlalchemy": {"registry"},
    "alembic": {"registry"},
    "psycopg": {"registry"},
    "PIL": {"imaging"},
    "piexif": {"imaging"},
    "numpy": {"imaging", "registry"},
    "pi_heif": {"imaging"},
    "openpyxl": {"sheets"},
    "fpdf": {"documents"},
    "segno": {"documents"},
    "pygal": {"documents"},
    "defusedxml": {"imaging"},
    "click": {"cli"},
}
"""Which rooms may know a library."""


def room(module: Path) -> str:
    parts = module.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 else "ground"


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(SOURCE)))
def test_imports_run_downwards_only(module: Path) -> None:
    for name in imports(module):
        if name == "photoreg" or not name.startswith("photoreg."):
            continue
        target = name.split(".")[1]
        target = target if target in FLOORS else "ground"
        assert target in FLOORS[room(module)], f"{module.name} imports {name}"


def imported_at_once(module: Path) -> Iterator[Path]:
    """Give the modules of the program that a module needs in order to be imported."""
    for node in ast.parse(module.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        paths = (SOURCE.parent.joinpath(*name.split(".")).with_suffix(".py") for name in names)
        yield from (path for path in paths if path in MODULES)


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({module: {*imported_at_once(module)} for module in MODULES}).prepare()


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(SOURCE)))
def test_a_library_is_known_only_in_its_room(module: Path) -> None:
    for name in imports(module):
        allowed = LIBRARIES.get(name.split(".")[0])
        assert allowed is None or room(module) in allowed, f"{module.name} imports {name}"


def test_the_rulebook_knows_the_standard_library_only() -> None:
    for module in (SOURCE / "rulebook").glob("*.py"):
        for name in imports(module):
            first = name.split(".")[0]
            assert first in {"photoreg", *sys.stdlib_module_names}, f"{module.name}: {name}"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["rules", "list"], ["rules", "--help"]]
)
def test_help_and_rules_load_no_heavy_library(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom photoreg.cli.app import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'pydantic', 'PIL', 'numpy', 'alembic', 'openpyxl',"
        " 'fpdf', 'segno'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_check_reads_no_image_files() -> None:
    code = (
        "import sys, photoreg.cli.commands.check\n"
        "unneeded = {'PIL', 'numpy', 'photoreg.imaging.reading', 'photoreg.registry.tables.all',"
        " 'photoreg.services.reactions', 'photoreg.registry.queries.touched'}\n"
        "sys.exit(', '.join(unneeded & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_reading_metadata_loads_no_pillow() -> None:
    code = (
        "import sys, photoreg.imaging.writing.embedding, photoreg.imaging.metadata.sidecar\n"
        "sys.exit(', '.join({'PIL', 'numpy', 'pi_heif'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_export_loads_nothing_for_looking_at_photos_before_there_is_one_to_look_at() -> None:
    code = (
        "import sys, photoreg.cli.commands.export, photoreg.services.publications.export\n"
        "unneeded = {'numpy', 'photoreg.services.files.fingerprinting',"
        " 'photoreg.services.decisions.stop_propagation', 'photoreg.services.reactions'}\n"
        "sys.exit(', '.join(unneeded & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_loads_hardly_more_than_click() -> None:
    code = (
        "import sys, click\nbefore = set(sys.modules)\nfrom photoreg.cli.app import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "slow = {'pathlib', 'dataclasses', 'shutil', 'logging', 'sqlite3', 'json', 'csv'}\n"
        "sys.exit(', '.join(slow & (set(sys.modules) - before)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_module_is_a_drawer_for_everything() -> None:
    names = {module.stem for module in MODULES}
    assert not names & {"utils", "helpers", "manager", "common", "misc"}


def texts_of(module: Path) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(module.read_text("utf-8"))
    bodies = (getattr(node, "body", None) for node in ast.walk(tree))
    docstrings = {
        id(line.value)
        for body in bodies
        if isinstance(body, list)
        for line in body
        if isinstance(line, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield str(node.value)


COMMAND_OR_OPTION = re.compile(rf"photoreg ({'|'.join(COMMANDS)})\b|(?<![\w-])--[a-z]+\b(?!=)")
OF_OTHER_PROGRAMS = {"registry/engines/postgresql_roles.py"}
"""Modules whose texts name options of another program: of psql, which runs the roles."""


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if room(m) not in {"cli", "web"}],
    ids=lambda m: str(m.relative_to(SOURCE)),
)
def test_no_text_below_the_doors_names_a_command_or_an_option(module: Path) -> None:
    """A page has buttons and fields: errors and findings name actions and inputs instead."""
    if module.relative_to(SOURCE).as_posix() not in OF_OTHER_PROGRAMS:
        assert [text for text in texts_of(module) if COMMAND_OR_OPTION.search(text)] == []


def test_no_folder_of_what_doors_show_is_too_full() -> None:
    for folder in (SOURCE / "presentation", SOURCE / "presentation/views"):
        assert len(list(folder.glob("*.py"))) <= 16
