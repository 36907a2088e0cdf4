"""Update and compile the Finnish message catalogue: part of `make docs`.

Messages come from the code (`_`, `N_`), from the rules and clauses, whose texts are part of their
declarations, and from Click, whose own texts are translated too. `--check` changes nothing and
lists what is missing, doubtful or stale.
"""

import ast
import io
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from photoreg.rulebook import verdict as _verdict  # noqa: F401 - fills the rulebook
from photoreg.rulebook.clauses import CLAUSES
from photoreg.rulebook.reasons import REASONS

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src/photoreg"
PO = SOURCES / "locale/fi/LC_MESSAGES/photoreg.po"

Text = str | tuple[str, str]

CLICK_MESSAGES: tuple[Text, ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Positional arguments",
    "Error: {message}",
    "Error: invalid input",
    "Try '{command} {option}' for help.",
    "Show this message and exit.",
    "No such command {name!r}.",
    "No such option {name!r}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "Missing command.",
    "Invalid value for {param_hint}: {message}",
    "Invalid value: {message}",
    "{value!r} is not a valid {number_type}.",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{value!r} is not a valid boolean. Recognized values: {states}",
    "{value} is not in the range {range}.",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    "Option {name!r} does not take a value.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "File",
    "Directory",
    "Path",
    "file",
    "directory",
    "path",
    "default: {default}",
    "env var: {var}",
    "required",
    "Aborted!",
)
"""The texts of Click that photoreg can show."""


def messages() -> Iterator[Text]:
    """Yield every English text that a user can see, once per occurrence.

    A pair is a singular and plural that Click chooses between; Finnish needs both.
    """
    for path in sorted(SOURCES.rglob("*.py")):
        yield from marked(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
    for path in sorted(SOURCES.rglob("*.html")):
        yield from in_template(path.read_text("utf-8"))
    for reason in REASONS.values():
        yield from (reason.title, reason.met, reason.remedy, reason.law)
    for clause in CLAUSES.values():
        yield clause.asks
    yield from CLICK_MESSAGES


MARKS = {"_", "N_"}


def marked(source: str, file: str) -> Iterator[str]:
    """Yield every text that a module marks: the constants passed to `_` and `N_`.

    `_(name)` looks up a text marked elsewhere and yields nothing. A text built at run time cannot
    be in the catalogue, and a mark by another name is not seen: SyntaxError, with file and line.
    """
    for node in ast.walk(ast.parse(source, file)):
        match node:
            case ast.Call(ast.Name(name), [ast.Constant(str(text))], []) if name in MARKS:
                yield text
            case ast.Call(ast.Name(name), [looked_up], []) if name in MARKS:
                if any(_texts_within(looked_up)):
                    raise _error(
                        "only a constant text can be translated; fill it in with "
                        ".format() afterwards",
                        file,
                        node,
                    )
            case ast.Call(ast.Name(name)) if name in MARKS:
                raise _error(f"{name}() takes one text, without a name", file, node)
            case ast.Call(ast.Attribute(attr=name)) if name in MARKS:
                raise _error(f"import {name} itself", file, node)
            case ast.ImportFrom(names=names) if any(_renames(each) for each in names):
                raise _error("_ and N_ keep their names", file, node)
            case (
                ast.Assign(value=ast.Name(name))
                | ast.AnnAssign(value=ast.Name(name))
                | ast.NamedExpr(value=ast.Name(name))
            ) if name in MARKS:
                raise _error("_ and N_ keep their names", file, node)


def in_template(source: str) -> Iterator[str]:
    """Yield every text that a template of a page marks; one that is looked up there is no text."""
    for _line, _name, found in extract_from_ast(Environment(autoescape=True).parse(source), ["_"]):
        if isinstance(found, str):
            yield found


def _texts_within(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what gives a text of its own; the key of a table does not, nor does what replaces it.

    `TABLE[key]` and `TABLE.get(key, key)` look up.
    """
    match node:
        case ast.Constant(str()) | ast.JoinedStr() | ast.BinOp():
            yield node
        case ast.Subscript(table) | ast.Call(ast.Attribute(table, "get")):
            yield from _texts_within(table)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _texts_within(child)


def _renames(name: ast.alias) -> bool:
    return name.name in MARKS and name.asname not in {None, name.name}


def _error(message: str, file: str, node: ast.expr | ast.stmt) -> SyntaxError:
    return SyntaxError(message, (file, node.lineno, node.col_offset + 1, None))


def updated_catalogue(old: Catalog) -> Catalog:
    """Return the catalogue with exactly the current messages and the existing translations.

    A translation that was marked as doubtful (fuzzy) stays so until somebody removes the mark.
    """
    # A fixed date, so that the catalogue changes only when its texts do.
    day = datetime(2026, 1, 1, tzinfo=UTC)
    new = Catalog(
        locale="fi",
        project="photoreg",
        version=" ",
        msgid_bugs_address=" ",
        last_translator=" ",
        language_team="fi",
        creation_date=day,
        revision_date=day,
        fuzzy=False,
    )
    new.header_comment = "# Finnish texts of photoreg. The English sources stand in the code."
    texts: set[Text] = {text for text in messages() if text}
    for message in sorted(texts, key=_english):
        known = old.get(message)
        nothing = ("", "") if _is_pair(message) else ""
        keeps = known is not None and _is_pair(known.string) == _is_pair(message)
        if known is not None and keeps:
            new.add(message, known.string, flags={"fuzzy"} if known.fuzzy else ())
        else:
            new.add(message, nothing)
    return new


def _is_pair(message: object) -> bool:
    return isinstance(message, tuple | list)


def _english(message: Text) -> str:
    return message if isinstance(message, str) else message[0]


def is_translated(message: Message) -> bool:
    """Return whether a message has a translation that nobody doubts, in all its forms."""
    texts = message.string
    is_complete = all(texts) if isinstance(texts, tuple | list) else bool(texts)
    return is_complete and not message.fuzzy


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file completely or not at all: a program that starts meanwhile reads the old one."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        write(file)
    part.replace(path)


def main() -> int:
    """Write the catalogue; with --check only report what is out of date."""
    old = read_po(io.BytesIO(PO.read_bytes()), locale="fi") if PO.exists() else Catalog("fi")
    try:
        new = updated_catalogue(old)
    except SyntaxError as error:
        print(f"{error.filename}:{error.lineno}: {error.msg}")
        return 1
    missing = [str(m.id) for m in new if m.id and not is_translated(m)]
    stale = [str(m.id) for m in old if m.id and m.id not in new]
    if "--check" not in sys.argv:
        PO.parent.mkdir(parents=True, exist_ok=True)
        write_whole(PO, lambda file: write_po(file, new, width=100, sort_output=True))
        write_whole(PO.with_suffix(".mo"), lambda file: write_mo(file, new))
        stale = []
    for title, texts in (("not translated", missing), ("stale", stale)):
        for text in texts:
            print(f"{title}: {text}")
    return 1 if missing or stale else 0


if __name__ == "__main__":
    sys.exit(main())
