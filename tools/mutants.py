"""Breaks the rules in small ways, one at a time, and names what no test of the rulebook notices.

`make mutants` examines the modules that say who may be shown and what must stay secret;
`make mutants MODULES="people channels"` others, `MODULES=all` the whole rulebook. It fails when a
mutant survives that `tests/rulebook/equivalent_mutants.toml` does not name with a reason, and when
a mutant that is named there does not survive.

mutmut works on a copy of the project under `mutants/`, one for each choice of modules, where its
own commands (`results`, `show`, `browse`) can be used, too. What is examined there stands until
the rules or their tests change, so that a run that was broken off goes on where it was.

Two things differ in the copy. mutmut passes over functions with a decorator, which every rule is:
there, a decorator is applied after its function. And tests that draw facts at random are left out:
what only luck finds has survived. Texts, clauses and laws are not mutated, as they stand outside
of functions; `docs/rules.md` is compared with them.
"""

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parent.parent
RULEBOOK = Path("src/photoreg/rulebook")
TESTS = Path("tests/rulebook")
NAMED = TESTS / "equivalent_mutants.toml"
MODULES = ("minors", "secrecy")

COPIED = ("src/**/*", "tests/*.py", f"{TESTS}/*.py", f"{TESTS}/*.csv")
JUDGED_BY = (f"{RULEBOOK}/*.py", "tests/conftest.py", f"{TESTS}/*.py", f"{TESTS}/*.csv")
"""The files on which it depends whether a mutant is killed."""

KILLED = {"killed", "timeout"}
SURVIVED = {"survived", "no tests"}
_OF_METHODS = "ǁ"


@dataclass(frozen=True)
class Change:
    """A mutant as a reader knows it: numbers change with the code around it, its lines do not."""

    module: str
    function: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Mutant:
    """One small break of a function, and how the tests took it."""

    name: str
    status: str

    @property
    def module(self) -> str:
        """The module of the rulebook that it is in."""
        return self.name.split(".")[2]

    @property
    def function(self) -> str:
        """The function that is broken: `function`, or `Class.method`."""
        function = self.name.split(".")[3].rpartition("__mutmut_")[0]
        return function.removeprefix("x_").removeprefix(f"x{_OF_METHODS}").replace(_OF_METHODS, ".")


def stop(message: str) -> NoReturn:
    """End with a message: nothing can be said about the mutants."""
    print(message, file=sys.stderr)
    sys.exit(2)


# --- The copy of the project that mutmut works on. -----------------------------------------------


def undecorated(source: str) -> str:
    """Return the same code with decorators applied after their functions, as calls.

    A function keeps its decorators if it has several, or one that is more than a name.
    """
    lines = source.splitlines(keepends=True)
    for function in reversed(list(_functions(ast.parse(source)))):
        match function.decorator_list:
            case [ast.Name(id=name, lineno=line)] if name not in {"classmethod", "staticmethod"}:
                call = f"{function.name} = {name}({function.name})\n"
                lines.insert(function.end_lineno or 0, " " * function.col_offset + call)
                del lines[line - 1]
            case _:
                pass
    return "".join(lines)


def _functions(body: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for statement in body.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from _functions(statement)


def settings(modules: Iterable[str]) -> str:
    """Return mutmut's settings, as a section of the copy's pyproject.toml."""
    chosen = {
        "source_paths": ["src"],
        "only_mutate": [f"{RULEBOOK / module}.py" for module in modules],
        "pytest_add_cli_args_test_selection": [str(TESTS)],
        "pytest_add_cli_args": ["-p", "no:xdist", "-m", "not hypothesis"],
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in chosen.items()]
    return "\n".join(["\n[tool.mutmut]", *lines, "use_git_change_detection = false\n"])


def prepare(modules: tuple[str, ...]) -> Path:
    """Return the copy for these modules; what was examined in it is kept if it still holds."""
    workshop = ROOT / "mutants" / "+".join(modules)
    parts = [sys.version, version("mutmut"), Path(__file__).read_text(encoding="utf-8")]
    for path in _files(JUDGED_BY):
        parts += [str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")]
    judged_by = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    stamp = workshop / "judged_by"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == judged_by:
        return workshop
    shutil.rmtree(workshop, ignore_errors=True)
    for path in _files(COPIED):
        copy = workshop / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    for path in (workshop / RULEBOOK).glob("*.py"):
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (workshop / "pyproject.toml").write_text(project + settings(modules), encoding="utf-8")
    stamp.write_text(judged_by, encoding="utf-8")
    return workshop


def _files(patterns: Iterable[str]) -> list[Path]:
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts)


# --- What mutmut says. ---------------------------------------------------------------------------


def mutmut(workshop: Path, *arguments: str, watched: bool = False) -> str:
    """Run a command of mutmut in the copy; return what it printed, unless somebody watches it."""
    program = Path(sys.executable).with_name("mutmut")
    pipe = None if watched and sys.stdout.isatty() else subprocess.PIPE
    done = subprocess.run(
        [program, *arguments], cwd=workshop, stdout=pipe, encoding="utf-8", check=False
    )
    if done.returncode:
        last_words = (done.stdout or "").rpartition("\r")[2]
        stop(f"mutmut {arguments[0]} failed\n{last_words}")
    return done.stdout or ""


def examine(workshop: Path) -> list[Mutant]:
    """Let the tests judge every mutant that they have not judged yet; return all of them."""
    mutmut(workshop, "run", watched=True)
    mutants = _results(workshop)
    again = [m.name for m in mutants if m.status not in KILLED | SURVIVED]
    if again:  # broken off, or out of memory
        mutmut(workshop, "run", *again, watched=True)
        mutants = _results(workshop)
    return mutants


def _results(workshop: Path) -> list[Mutant]:
    said = mutmut(workshop, "results", "--all", "true")
    return [Mutant(*found) for found in re.findall(r"^ +(\S+): (.+)$", said, re.MULTILINE)]


def change_of(mutant: Mutant, diff: str) -> Change:
    """Return the lines that a mutant takes out and puts in, without their place."""
    lines = diff.splitlines()[2:]  # after the names of the files
    was = [line[1:] for line in lines if line.startswith("-")]
    becomes = [line[1:] for line in lines if line.startswith("+")]
    return Change(mutant.module, mutant.function, _words(was), _words(becomes))


def _words(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


# --- The report. ---------------------------------------------------------------------------------


def named_equivalent(text: str) -> list[tuple[Change, str]]:
    """Read the mutants that are named as equivalent, each with its reason."""
    named = []
    for entry in tomllib.loads(text).get("mutant", []):
        reason = _words([entry.pop("reason")])
        if not reason:
            stop(f"{NAMED}: no reason is given for {entry}")
        entry |= {key: _words([entry[key]]) for key in ("was", "becomes")}
        named.append((Change(**entry), reason))
    return named


def report(
    mutants: list[Mutant], diffs: dict[Mutant, str], named: list[tuple[Change, str]]
) -> list[str]:
    """Print every survivor and how many there are; return what is wrong.

    Whoever is named stands for one mutant: two with the same lines are named twice.
    """
    left = list(named)
    excused = Counter[str]()
    wrong = []
    for mutant, diff in diffs.items():
        change = change_of(mutant, diff)
        reason = next((entry[1] for entry in left if entry[0] == change), None)
        print(f"\n{mutant.module}.py, {mutant.function} ({mutant.status})")
        print("\n".join(f"  {line}" for line in diff.splitlines()[2:]))
        if reason is None:
            wrong.append(f"survives: {mutant.name}")
        else:
            print(f"  equivalent: {reason}")
            left.remove((change, reason))
            excused[mutant.module] += 1
    print()
    for module in sorted({mutant.module for mutant in mutants}):
        of_module = [mutant for mutant in mutants if mutant.module == module]
        killed = sum(mutant.status in KILLED for mutant in of_module)
        survived = sum(mutant.status in SURVIVED for mutant in of_module)
        print(
            f"{module}.py: {len(of_module)} mutants, {killed} killed, {survived} survive, "
            f"{excused[module]} of them named as equivalent",
            flush=True,
        )
    judged = KILLED | SURVIVED
    wrong += [f"not judged ({m.status}): {m.name}" for m in mutants if m.status not in judged]
    wrong += [
        f"named as equivalent, but no such mutant survives: {change.module}.py, "
        f"{change.function}: {change.was!r} -> {change.becomes!r}"
        for change, _ in left
    ]
    return wrong


def main(arguments: list[str]) -> int:
    """Examine the modules that are named; 1 when something is wrong."""
    known = sorted(path.stem for path in (ROOT / RULEBOOK).glob("*.py") if path.stem != "__init__")
    modules = tuple(sorted(known if arguments == ["all"] else set(arguments or MODULES)))
    if unknown := set(modules) - set(known):
        stop(f"not in the rulebook: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    workshop = prepare(modules)
    mutants = examine(workshop)
    diffs = {
        mutant: mutmut(workshop, "show", mutant.name).partition("\n")[2]
        for mutant in mutants
        if mutant.status in SURVIVED
    }
    named = named_equivalent((ROOT / NAMED).read_text(encoding="utf-8"))
    wrong = report(mutants, diffs, [entry for entry in named if entry[0].module in modules])
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        stop("broken off; the next run goes on from here")
