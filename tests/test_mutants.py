"""The report about mutants of the rules: survivors are named, and none is excused by chance."""

import re
from pathlib import Path

import pytest
from tools import mutants
from tools.mutants import Change, Mutant, change_of, named_equivalent, report, undecorated

ROOT = Path(__file__).parent.parent
RULES = [ROOT / source for source in mutants.sources().values()]
NAMED = named_equivalent((ROOT / mutants.NAMED).read_text(encoding="utf-8"))

DECORATED = '''
from functools import lru_cache

names = []

@lru_cache(maxsize=8)
def remembered(s):
    return [s]

def rule(function):
    names.append(function.__name__)
    return function

@rule
def first(s):
    return s + 1

class Thing:
    @property
    def size(self):
        """Give the size."""
        return 3

    @classmethod
    def made(cls):
        return cls()

    @rule
    @rule
    def twice(self):
        return 2
'''

DIFF = """\
--- src/photoreg/rulebook/people.py
+++ src/photoreg/rulebook/people.py
@@ -1,5 +1,5 @@
 def lacking(s, answer):
     per_grant = [lacking_in_grant(s, grant) for grant in answer.grants]
-    return min(per_grant, key=len)
+    return min(per_grant,
+        key=None)
"""
CHANGE = Change(
    "people", "lacking", "return min(per_grant, key=len)", "return min(per_grant, key=None)"
)


def mutant(status: str = "survived", number: int = 1, function: str = "lacking") -> Mutant:
    return Mutant(f"photoreg.rulebook.people.x_{function}__mutmut_{number}", status)


def test_decorators_are_applied_after_their_functions_and_nothing_else_changes() -> None:
    changed = undecorated(DECORATED)
    assert "@rule\ndef first" not in changed
    assert "@property" not in changed
    assert "@lru_cache" not in changed
    assert changed.count("@") == 3
    for source in (DECORATED, changed):
        space: dict[str, object] = {}
        exec(source, space)  # noqa: S102 - the source stands above
        assert space["names"] == ["first", "twice", "twice"]
        assert eval("remembered(1)", space) == [1]  # noqa: S307
        assert eval("first(1), Thing.made().size, Thing().twice()", space) == (2, 3, 2)  # noqa: S307


@pytest.mark.parametrize("module", RULES, ids=lambda module: module.stem)
def test_no_rule_keeps_the_decorator_that_would_spare_it(module: Path) -> None:
    changed = undecorated(module.read_text(encoding="utf-8"))
    compile(changed, module, "exec")
    assert "@rule" not in changed


def test_mutant_is_known_by_its_lines_whatever_its_number_and_place() -> None:
    assert change_of(mutant(), DIFF) == CHANGE
    assert change_of(mutant(number=7), DIFF.replace("-1,5 +1,5", "-40,5 +40,5")) == CHANGE
    of_method = Mutant("photoreg.rulebook.reasons.xǁSituationǁis_over__mutmut_2", "survived")
    assert of_method.function == "Situation.is_over"
    assert mutant(function="_x_of").function == "_x_of"
    of_replay = Mutant("photoreg.registry.facts.consent_replay.x__covers__mutmut_2", "survived")
    assert (of_replay.module, of_replay.function) == ("consent_replay", "_covers")


def test_survivor_that_nobody_named_is_wrong_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for status in ("survived", "no tests"):
        survivor = mutant(status)
        assert report([survivor], {survivor: DIFF}, []) == [f"survives: {survivor.name}"]
        shown = capsys.readouterr().out
        assert "-    return min(per_grant, key=len)" in shown
        assert "people.py: 1 mutants, 0 killed, 1 survive, 0 of them named" in shown


def test_survivor_that_is_named_is_shown_with_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    survivor = mutant()
    assert report([survivor, mutant("killed", 2)], {survivor: DIFF}, [(CHANGE, "as it is")]) == []
    shown = capsys.readouterr().out
    assert "equivalent: as it is" in shown
    assert "people.py: 2 mutants, 1 killed, 1 survive, 1 of them named as equivalent" in shown


def test_name_excuses_neither_another_function_nor_a_second_mutant() -> None:
    elsewhere, first, second = mutant(function="other"), mutant(), mutant(number=2)
    assert report([elsewhere], {elsewhere: DIFF}, [(CHANGE, "as it is")])[0] == (
        f"survives: {elsewhere.name}"
    )
    both = {first: DIFF, second: DIFF}
    assert report([first, second], both, [(CHANGE, "a")]) == [f"survives: {second.name}"]
    assert report([first, second], both, [(CHANGE, "a"), (CHANGE, "b")]) == []


def test_name_of_a_mutant_that_does_not_survive_is_wrong() -> None:
    (wrong,) = report([mutant("killed")], {}, [(CHANGE, "as it is")])
    assert wrong.startswith("named as equivalent, but no such mutant survives: people.py, lacking")


def test_mutant_that_was_never_judged_is_wrong() -> None:
    never = mutant("not checked")
    assert report([never], {}, []) == [f"not judged (not checked): {never.name}"]


def test_name_without_a_reason_is_refused() -> None:
    entry = '[[mutant]]\nmodule = "people"\nfunction = "f"\nwas = "a"\nbecomes = "b"\nreason = '
    assert named_equivalent(f'{entry}"so"') == [(Change("people", "f", "a", "b"), "so")]
    with pytest.raises(SystemExit):
        named_equivalent(f'{entry}" "')


@pytest.mark.parametrize(
    ("change", "reason"),
    NAMED,
    ids=[f"{change.module}.{change.function}: {change.becomes}" for change, _ in NAMED],
)
def test_named_equivalent_is_about_a_line_of_the_rules(change: Change, reason: str) -> None:
    source = (ROOT / mutants.sources()[change.module]).read_text(encoding="utf-8")
    function = source.partition(f"def {change.function.rpartition('.')[2]}(")[2]
    function = re.split(r"\n(?=[^\s)])", function)[0]
    assert change.was in " ".join(function.split())
    assert change.was != change.becomes
    assert reason.endswith(".")
