"""Imports run downwards only, libraries stay in their folders, names stand once."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import click
import pytest

from photoreg.cli.app import COMMANDS, cli

SOURCE = Path(__file__).parent.parent / "src" / "photoreg"
MODULES = sorted(SOURCE.rglob("*.py"))

BELOW_INTERFACES = {
    *("presentation", "services", "registry", "imaging", "sheets", "documents", "rulebook"),
    "base",
}
LAYERS = {
    "cli": {"cli", *BELOW_INTERFACES},
    "web": {"web", *BELOW_INTERFACES},
    "presentation": BELOW_INTERFACES,
    "services": {"services", "registry", "imaging", "sheets", "documents", "rulebook", "base"},
    "registry": {"registry", "rulebook", "base"},
    "imaging": {"imaging", "base"},
    "sheets": {"sheets", "base"},
    "documents": {"documents", "imaging", "base"},
    "rulebook": {"rulebook"},
    "base": {"base"},
}
"""Which layers a layer may import; interfaces (cli, web) do not import each other.

`base`: errors, steps, texts, days, shipped, installation, unfinished, named_files, guarded.
"""

LIBRARIES = {
    "sqlmodel": {"registry"},
    "sqlalchemy": {"registry"},
    "alembic": {"registry"},
    "psycopg": {"registry"},
    "cryptography": {"registry"},
    "PIL": {"imaging", "documents"},
    "piexif": {"imaging"},
    "numpy": {"imaging", "registry"},
    "pi_heif": {"imaging"},
    "openpyxl": {"sheets"},
    "python_calamine": {"sheets"},
    "fpdf": {"documents"},
    "segno": {"documents"},
    "pygal": {"documents"},
    "pypdfium2": {"documents"},
    "zxingcpp": {"documents"},
    "defusedxml": {"sheets"},
    "click": {"cli"},
    "flask": {"web"},
    "werkzeug": {"web"},
    "jinja2": {"web"},
    "waitress": {"web"},
}
"""Which layers may know a library."""


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def layer_of(module: Path) -> str:
    parts = module.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 else "base"


def imports(module: Path) -> Iterator[str]:
    """Give what a module imports, wherever it does: modules, and the names taken from them."""
    for node in ast.walk(tree_of(module)):
        yield from names_imported(node)


def names_imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *targets_of(node)]
    return targets_of(node)


def targets_of(node: ast.AST) -> list[str]:
    """Give what the statement makes usable: of `from a import b` this is `a.b`, and not `a`."""
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{each.name}" for each in node.names]
    return [each.name for each in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("import photoreg.registry.ids as ids", ["photoreg.registry.ids"]),
        ("from photoreg import registry", ["photoreg", "photoreg.registry"]),
        ("def late():\n    from a.b import c, d", ["a.b", "a.b.c", "a.b.d"]),
    ],
)
def test_the_names_in_every_kind_of_import_are_seen(line: str, names: list[str]) -> None:
    found = [name for node in ast.walk(ast.parse(line)) for name in names_imported(node)]
    assert found == names


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(SOURCE)))
def test_imports_run_downwards_only(module: Path) -> None:
    for name in imports(module):
        if name == "photoreg" or not name.startswith("photoreg."):
            continue
        target = name.split(".")[1]
        target = target if target in LAYERS else "base"
        if target == "web" and module.stem == "serve":
            continue  # the command that starts the other interface
        assert target in LAYERS[layer_of(module)], f"{module.name} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(SOURCE)))
def test_modules_are_imported_and_never_whole_packages(module: Path) -> None:
    """Through a package, any of its modules could be used without being named in the import."""
    for node in ast.walk(tree_of(module)):
        for name in targets_of(node):
            assert not is_package(name), f"{module.name} imports {name}"


def is_package(name: str) -> bool:
    return name.startswith("photoreg") and SOURCE.parent.joinpath(*name.split(".")).is_dir()


LATE_IMPORTERS = {"importlib", "__import__", "import_module", "runpy", "pkgutil"}


def test_only_the_command_line_imports_by_a_name_that_it_computes() -> None:
    """No other test sees such imports."""
    found = {
        module.relative_to(SOURCE).as_posix()
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if not LATE_IMPORTERS.isdisjoint(names_used(node))
    }
    assert found == {"cli/app.py"}


def names_used(node: ast.AST) -> list[str]:
    """Give the parts of names in an import, a name or an attribute."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return [name]
    return [part for name in names_imported(node) for part in name.split(".")]


def test_only_a_unit_of_work_opens_a_registry_for_writing() -> None:
    """What writes past it runs no reactions and has no scenario (tests/services/test_reactions)."""
    may = {"application.py", "organisation/registry_setup.py", "upkeep/replacing.py"}
    writing = {
        str(module.relative_to(SOURCE / "services"))
        for module in MODULES
        if layer_of(module) == "services"
        and any(
            (isinstance(node, ast.Attribute) and node.attr == "writing")
            or (isinstance(node, ast.Constant) and node.value == "writing")
            for node in ast.walk(tree_of(module))
        )
    }
    assert writing <= may


def modules_named(names: Iterable[str]) -> Iterator[Path]:
    paths = (SOURCE.parent.joinpath(*name.split(".")).with_suffix(".py") for name in names)
    yield from (path for path in paths if path in MODULES)


def imported_ever(module: Path) -> Iterator[Path]:
    """Give the modules of the program that a module imports, at once or when a function runs.

    Imports for type checkers, and of a module that is run as the program, are left out.
    """
    tree = tree_of(module)
    elsewhere = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and re.search("TYPE_CHECKING|__main__", ast.unparse(node.test))
        for line in node.body
        for inner in ast.walk(line)
    }
    for node in ast.walk(tree):
        if id(node) not in elsewhere:
            yield from modules_named(names_imported(node))


def imported_at_once(module: Path) -> Iterator[Path]:
    """Give the modules of the program that a module needs in order to be imported."""
    for node in tree_of(module).body:
        yield from modules_named(names_imported(node))


def test_no_modules_import_each_other_in_a_circle() -> None:
    """A late import within a function hides a circle and does not end it."""
    TopologicalSorter({module: {*imported_ever(module)} for module in MODULES}).prepare()


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(SOURCE)))
def test_a_library_is_known_only_in_its_layer(module: Path) -> None:
    for name in imports(module):
        allowed = LIBRARIES.get(name.split(".")[0])
        assert allowed is None or layer_of(module) in allowed, f"{module.name} imports {name}"


PURE = {
    *("bisect", "collections", "csv", "dataclasses", "datetime", "difflib", "enum", "functools"),
    *("hashlib", "json", "operator", "re", "types", "typing"),
}
"""What the rulebook knows of the standard library: no database, no disk, no network, no process."""


@pytest.mark.parametrize(
    "module", sorted((SOURCE / "rulebook").rglob("*.py")), ids=lambda m: m.name
)
def test_the_rulebook_knows_little_of_the_standard_library(module: Path) -> None:
    assert {name.split(".")[0] for name in imports(module)} <= {"photoreg", *PURE}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["rules", "list"], ["rules", "--help"]]
)
def test_help_and_rules_load_no_heavy_library(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom photoreg.cli.app import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'pydantic', 'PIL', 'numpy', 'alembic', 'openpyxl',"
        " 'fpdf', 'segno', 'cryptography'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_check_reads_no_image_files() -> None:
    code = (
        "import sys, photoreg.cli.commands.check\n"
        "unneeded = {'PIL', 'numpy', 'cryptography', 'photoreg.imaging.reading',"
        " 'photoreg.registry.tables.credentials',"
        " 'photoreg.registry.tables.all',"
        " 'photoreg.services.reactions', 'photoreg.registry.queries.touched'}\n"
        "sys.exit(', '.join(unneeded & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_audit_loads_no_cryptography_before_a_key_is_used() -> None:
    code = "import sys, photoreg.cli.commands.audit\nsys.exit('cryptography' in sys.modules)"
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


def test_registering_loads_no_library_of_workbooks() -> None:
    code = "import sys, photoreg.cli.commands.register\nsys.exit('openpyxl' in sys.modules)"
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
    tree = tree_of(module)
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


COMMANDS_BELOW = "|".join(
    f"{group} {name}"
    for group in COMMANDS
    if isinstance(command := cli.get_command(click.Context(cli), group), click.Group)
    for name in command.list_commands(click.Context(command))
)
COMMAND_OR_OPTION = re.compile(
    rf"photoreg ({'|'.join(COMMANDS)})\b|`({COMMANDS_BELOW})\b|(?<![\w-])--[a-z]+\b(?!=)"
)
OF_OTHER_PROGRAMS = {"registry/engines/postgresql_roles.py", "installation.py"}
"""Modules whose texts name options of other programs: of psql, which runs the roles, and of uv."""


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if layer_of(m) not in {"cli", "web"}],
    ids=lambda m: str(m.relative_to(SOURCE)),
)
def test_no_text_below_the_interfaces_names_a_command_or_an_option(module: Path) -> None:
    """A page has buttons and fields: errors and findings name actions and inputs instead."""
    if module.relative_to(SOURCE).as_posix() not in OF_OTHER_PROGRAMS:
        assert [text for text in texts_of(module) if COMMAND_OR_OPTION.search(text)] == []


SUBJECTS = (
    *("organisation", "people", "files", "consents", "decisions", "publications", "photos"),
    *("data_subjects", "audits"),
)
"""The subjects of `services`, each of which imports only those before it.

`upkeep` maintains a registry and imports only `decisions`, to judge photos; none imports it.
"""
SHARED = ("inputs", "interrupts", "looks", "sight", "unit_of_work", "flagging", "near_names")
"""Modules of `services` below the subjects."""
ABOVE = ("agenda", "reactions", "undo")
"""Modules of `services` above the subjects; `application` runs the reactions when asked."""


SERVICES = "photoreg.services."


def services_imported(module: Path) -> set[str]:
    """Which subjects and modules of `services` a module imports, wherever it does."""
    names = {name.split(".")[2] for name in imports(module) if name.startswith(SERVICES)}
    return names - {subject_of(module)}


def subject_of(module: Path) -> str:
    return module.relative_to(SOURCE / "services").parts[0].removesuffix(".py")


@pytest.mark.parametrize(
    "module",
    sorted((SOURCE / "services").rglob("*.py")),
    ids=lambda m: str(m.relative_to(SOURCE / "services")),
)
def test_subjects_of_services_import_each_other_in_one_direction(module: Path) -> None:
    own, imported = subject_of(module), services_imported(module)
    if own in SUBJECTS:
        allowed = {*SUBJECTS[: SUBJECTS.index(own)], *SHARED, "application"}
    elif own == "upkeep":
        allowed = {*SHARED, "application", "decisions"}
    elif own in ABOVE:
        allowed = {*SUBJECTS, *SHARED} | ({"application"} if own in {"agenda", "undo"} else set())
    elif own == "application":
        allowed = {*SHARED, "reactions"}
    else:
        allowed = {*SHARED}
    assert imported <= allowed, f"{module.name} imports {sorted(imported - allowed)}"


def test_every_folder_of_services_is_a_subject() -> None:
    folders = {folder.name for folder in (SOURCE / "services").iterdir() if folder.is_dir()}
    assert folders - {"__pycache__"} == {*SUBJECTS, "upkeep"}


def test_what_follows_from_a_change_opens_no_unit_of_work_of_its_own() -> None:
    """Reactions run in the unit of work of the change: none of their modules knows Application."""
    found: set[Path] = set()
    waiting = [*modules_named(imports(SOURCE / "services/reactions.py"))]
    assert len(waiting) > 3
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += imported_at_once(module)
    assert SOURCE / "services/application.py" not in found


MOST_MODULES = 16
FULL_FOLDERS = {
    "src/photoreg/cli/commands",
    "src/photoreg/registry/queries",
    "tests/cli",
    "tests/web",
}
"""Folders of many small modules side by side: one a noun, a subject or a page."""


def test_no_folder_is_too_full() -> None:
    root = SOURCE.parent.parent
    folders = {file.parent for part in ("src", "tests") for file in (root / part).rglob("*.py")}
    full = {
        folder.relative_to(root).as_posix()
        for folder in folders
        if len([file for file in folder.glob("*.py") if file.stem != "__init__"]) > MOST_MODULES
    }
    assert full <= FULL_FOLDERS


def test_a_class_name_is_unique_in_the_program() -> None:
    places: dict[str, list[str]] = {}
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(module.relative_to(SOURCE)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


OPENERS = {
    "named_files.py": "the one place that opens files that users name",
    "unfinished.py": "files being written",
    "cli/commands/completion.py": "an unfinished file",
    "cli/last_registry.py": "the note of the registry used last",
    "cli/output.py": "an unfinished file",
    "cli/commands/contact_sheet.py": "an unfinished file",
    "cli/commands/event.py": "an unfinished file",
    "cli/commands/demo.py": "a new folder of its own",
    "imaging/metadata/exiftool.py": "a temporary folder of its own",
    "imaging/writing/replacing.py": "an unfinished file",
    "registry/engines/backup.py": "a new file, and folders to flush",
    "web/api/v1.py": "a temporary folder of its own",
    "services/consents/document_texts.py": "texts that photoreg comes with",
    "services/consents/documents.py": "an unfinished file",
    "web/desk/publishing.py": "members of the zip that is sent",
    "services/consents/forms.py": "an unfinished file",
    "services/photos/pictures/thumbnails.py": "an unfinished file",
    "services/upkeep/maintenance.py": "a file of an unfinished backup",
    "sheets/text.py": "an unfinished file",
    "web/imports/held_files.py": "files of a folder of its own",
}
"""The modules that open files themselves, and which."""


def opens_files(module: Path) -> bool:
    """Say whether a module opens a file other than by `named_files` or `imaging`'s `read_bytes`."""
    methods = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    for node in ast.walk(tree_of(module)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            return True
        if isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            owner = ast.unparse(node.func.value)
            if owner not in {"Image", "Registry", "cls", "formatter", "webbrowser"}:
                return True
    return False


def test_only_few_modules_open_files_themselves() -> None:
    found = {str(each.relative_to(SOURCE)) for each in MODULES if opens_files(each)}
    assert found == set(OPENERS)


def test_what_people_read_is_printed_by_one_function() -> None:
    printers = {
        str(each.relative_to(SOURCE))
        for each in MODULES
        if "click.echo(" in each.read_text("utf-8")
    }
    assert printers == {"cli/app.py", "cli/output.py", "cli/progress.py"}


ON_RECORD = {
    "corrections.actions_beside": "what the log says of a statement",
    "corrections.statements_of_change": "what somebody recorded, to be undone",
    "erasure.consents_with_notes": "texts to erase",
    "erasure.evidence_owners": "documents to erase",
    "erasure.permissions_with_notes": "texts to erase",
    "evidence._evidence_of": "documents to examine",
    "evidence_uses.consent_parties": "whose a document is",
    "evidence_uses.permission_holders": "whose a document is",
    "evidence_uses.uses_of_evidence": "what a document is kept with",
    "flags.consents_of_objections": "who may see an objection",
    "photos.consents_by_photo": "reads by `_latest_events`",
    "retention._recent_events": "how long data is kept",
    "subject_data.permissions_of_others": "what is told to somebody",
}
"""The queries of statements that ask for what is on record, not for what counts."""
STATEMENTS = {"ConsentEvent", "PermissionEvent", "_TABLES"}


def test_queries_of_statements_leave_out_what_was_typed_by_mistake() -> None:
    found = set()
    for module in (SOURCE / "registry" / "queries").glob("*.py"):
        for each in ast.walk(tree_of(module)):
            if isinstance(each, ast.FunctionDef):
                names = {
                    n.id for part in each.body for n in ast.walk(part) if isinstance(n, ast.Name)
                }
                reads = names & STATEMENTS and names & {"select", "aliased", "rows_with"}
                if reads and not names & {"was_said", "is_undisputed"}:
                    found.add(f"{module.stem}.{each.name}")
    assert found == set(ON_RECORD)
