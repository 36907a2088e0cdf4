"""Run mutation tests on the rules and report the mutants that no test kills.

The rules are the modules of the rulebook and the replay of consent events. `make mutants` tests
all of them, which takes an hour; `make mutants MODULES="people channels"` tests some. It fails if
a mutant survives that `tests/rulebook/equivalent_mutants.toml` does not list with a reason, and if
a mutant listed there does not survive.

mutmut works on a copy of the project under `mutants/`, one for each choice of modules, where its
own commands (`results`, `show`, `browse`) can be used, too. Results there remain valid until the
rules or their tests change, so an interrupted run resumes where it stopped.

The copy differs in two ways. mutmut skips decorated functions, which all rules are, so decorators
are applied after their functions. Tests that draw facts at random are left out: a mutant that only
chance kills counts as a survivor. Texts, clauses and laws are not mutated, since they are outside
functions; `docs/rules.md` is compared with them.
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
REPLAY = Path("src/photoreg/registry/facts/consent_replay.py")
TESTS = Path("tests/rulebook")
TESTS_OF_REPLAY = Path("tests/registry/facts/test_consent_replay.py")
NAMED = TESTS / "equivalent_mutants.toml"

_TESTS = (f"{TESTS}/*.py", f"{TESTS}/*.csv", str(TESTS_OF_REPLAY))
COPIED = ("src/**/*", "tests/*.py", *_TESTS)
JUDGED_BY = (f"{RULEBOOK}/*.py", str(REPLAY), "tests/conftest.py", *_TESTS)
"""The files that determine whether a mutant is killed."""

KILLED = {"killed", "timeout"}
SURVIVED = {"survived", "no tests"}
_OF_METHODS = "ǁ"


@dataclass(frozen=True)
class Change:
    """A mutant by its changed lines, which are stable; its number changes with nearby code."""

    module: str
    function: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Mutant:
    """One mutation of a function, and its test result."""

    name: str
    status: str

    @property
    def module(self) -> str:
        """The module that contains the mutant."""
        return self.name.split(".")[-2]

    @property
    def function(self) -> str:
        """The mutated function: `function`, or `Class.method`."""
        function = self.name.split(".")[-1].rpartition("__mutmut_")[0]
        return function.removeprefix("x_").removeprefix(f"x{_OF_METHODS}").replace(_OF_METHODS, ".")


def stop(message: str) -> NoReturn:
    """Exit with a message: the mutants could not be tested."""
    print(message, file=sys.stderr)
    sys.exit(2)


# --- The copy of the project that mutmut works on. -----------------------------------------------


def undecorated(source: str) -> str:
    """Return the same code with decorators applied after their functions, as calls.

    Several decorators, or one of several lines, are left in place. Caches are left out: they would
    answer with what the whole rule said before.
    """
    lines = source.splitlines(keepends=True)
    for function in reversed(list(_functions(ast.parse(source)))):
        match function.decorator_list:
            case [ast.Name(id="classmethod" | "staticmethod")]:
                pass
            case [ast.Name(id="cache") | ast.Call(func=ast.Name(id="lru_cache")) as decorator]:
                del lines[decorator.lineno - 1]
            case [ast.Name() | ast.Call() as decorator] if decorator.lineno == decorator.end_lineno:
                call = f"{function.name} = {ast.unparse(decorator)}({function.name})\n"
                lines.insert(function.end_lineno or 0, " " * function.col_offset + call)
                del lines[decorator.lineno - 1]
            case _:
                pass
    return "".join(lines)


def _functions(body: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for statement in body.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from _functions(statement)


def sources() -> dict[str, Path]:
    """Return the file of every module that holds rules, relative to the project."""
    rulebook = (path for path in (ROOT / RULEBOOK).glob("*.py") if path.stem != "__init__")
    return {path.stem: path.relative_to(ROOT) for path in [*sorted(rulebook), ROOT / REPLAY]}


def settings(modules: Iterable[str]) -> str:
    """Return mutmut's settings, as a section of the copy's pyproject.toml."""
    chosen = {
        "source_paths": ["src"],
        "only_mutate": [str(sources()[module]) for module in modules],
        "pytest_add_cli_args_test_selection": [str(TESTS), str(TESTS_OF_REPLAY)],
        "pytest_add_cli_args": ["-p", "no:xdist", "-m", "not hypothesis"],
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in chosen.items()]
    return "\n".join(["\n[tool.mutmut]", *lines, "use_git_change_detection = false\n"])


def prepare(modules: tuple[str, ...]) -> Path:
    """Return the copy for these modules, with its earlier results if they are still valid."""
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
    for source in sources().values():
        path = workshop / source
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (workshop / "pyproject.toml").write_text(project + settings(modules), encoding="utf-8")
    stamp.write_text(judged_by, encoding="utf-8")
    return workshop


def _files(patterns: Iterable[str]) -> list[Path]:
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts)


# --- Running mutmut. -----------------------------------------------------------------------------


def mutmut(workshop: Path, *arguments: str, watched: bool = False) -> str:
    """Run a mutmut command in the copy; return its output, or show it on the terminal."""
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
    """Test every mutant without a result; return all mutants."""
    mutmut(workshop, "run", watched=True)
    mutants = _results(workshop)
    again = [m.name for m in mutants if m.status not in KILLED | SURVIVED]
    if again:  # interrupted, or out of memory
        mutmut(workshop, "run", *again, watched=True)
        mutants = _results(workshop)
    return mutants


def _results(workshop: Path) -> list[Mutant]:
    said = mutmut(workshop, "results", "--all", "true")
    return [Mutant(*found) for found in re.findall(r"^ +(\S+): (.+)$", said, re.MULTILINE)]


def change_of(mutant: Mutant, diff: str) -> Change:
    """Return the lines that a mutant removes and adds, without their line numbers."""
    lines = diff.splitlines()[2:]  # skip the file names
    was = [line[1:] for line in lines if line.startswith("-")]
    becomes = [line[1:] for line in lines if line.startswith("+")]
    return Change(mutant.module, mutant.function, _words(was), _words(becomes))


def _words(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


# --- The report. ---------------------------------------------------------------------------------


def named_equivalent(text: str) -> list[tuple[Change, str]]:
    """Read the mutants listed as equivalent, each with its reason."""
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
    """Print every survivor and their number; return the failures.

    Each listed entry matches one mutant: two with the same lines are listed twice.
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
    """Test the named modules; return 1 if there are failures."""
    known = sorted(sources())
    modules = tuple(sorted(set(arguments or known)))
    if unknown := set(modules) - set(known):
        stop(f"no rules are in: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
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
