"""What log entries are about: records stand in the details as ids that tell their kind."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from photoreg.registry.ids import Kind
from photoreg.registry.ledger import ID_KINDS, LogEntry, is_about, with_ids

SOURCE = Path(__file__).parents[3] / "src" / "photoreg"
SERVICES = sorted((SOURCE / "services").rglob("*.py"))

NUMBERED_KEYS = {
    *("admins", "admins_added", "admins_removed", "owner"),  # staff
    *("channel", "disclosure", "form", "changed", "version"),
}
"""Keys of numbers that are no ids: of records without an id for people, counts and versions."""

NUMBER_NAMES = (".id", "_id", "number", "decision", "similar_to", "staff", "coming", "person")
"""How expressions end that hold numbers of records."""

MAKES_IDS = {"human_id", "_person_id", "_ids", "len", "bool"}
"""Calls whose result holds no bare number of a record."""


def logged_details(module: Path) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keys and values of the details that the functions of a module log."""
    for function in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        logging = [call for call in calls if ast.unparse(call.func).endswith(("work.log", ".log"))]
        for call in logging:
            yield from ((each.arg, each.value) for each in call.keywords if each.arg)
        if any(ast.unparse(call.func).endswith(".log_all") for call in calls):
            for node in ast.walk(function):
                if isinstance(node, ast.Dict):
                    keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                    if "photo_id" not in keys:  # a row of a table
                        yield from zip(map(str, keys), node.values, strict=False)


def holds_number(value: ast.expr) -> bool:
    """Return whether a value may be the number of a record, or hold one."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) in MAKES_IDS:
        return False
    if isinstance(value, ast.Compare):
        return False
    if isinstance(value, ast.ListComp | ast.IfExp):
        parts = [value.elt] if isinstance(value, ast.ListComp) else [value.body, value.orelse]
        return any(map(holds_number, parts))
    text = ast.unparse(value).rstrip("]')\"")
    return text.endswith(
        (".id", "_id", "number", "decision", "similar_to", "staff", "coming", "person")
    )


def test_scan_finds_the_details_of_every_way_of_logging() -> None:
    found = {key for module in SERVICES for key, _value in logged_details(module)}
    assert {"photo", "like", "decision", "publication", "owner", "codes", "photographers"} <= found


@pytest.mark.parametrize("module", SERVICES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_number_of_a_record_is_logged_under_a_key_that_shows_its_kind(module: Path) -> None:
    bare = {key for key, value in logged_details(module) if holds_number(value)}
    assert bare <= ID_KINDS.keys() | NUMBERED_KEYS


@pytest.mark.parametrize("module", SERVICES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_count_is_never_logged_under_the_key_of_an_id(module: Path) -> None:
    counts = {
        key
        for key, value in logged_details(module)
        if isinstance(value, ast.Call) and ast.unparse(value.func) in {"len", "sum"}
    }
    assert not counts & ID_KINDS.keys()


def test_numbers_become_ids_by_their_keys() -> None:
    details = {
        "photo": 1,
        "photographers": (2, "H-3"),
        "event": None,
        "channel": 4,
        "codes": ("A",),
    }
    assert with_ids(details) == {
        "photo": "P-1",
        "photographers": ["H-2", "H-3"],
        "event": None,
        "channel": 4,
        "codes": ("A",),
    }


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ({"like": "P-7"}, Kind.PHOTO),
        ({"persons": ["H-1", "H-7"]}, Kind.PERSON),
        ({"like": 7}, Kind.PHOTO),  # as numbers were logged once
        ({"photographers": [7]}, Kind.PERSON),
    ],
)
def test_entry_is_about_the_records_in_its_details(details: object, kind: Kind) -> None:
    entry = LogEntry(1, "", 1, "flag.raised", "F-1", json.dumps(details), "", "", "", "", "")
    read = json.loads(entry.details)
    assert [each for each in Kind if is_about(entry, read, each, 7)] == [kind]
    assert not is_about(entry, read, kind, 70)


def test_count_is_no_record() -> None:
    entry = LogEntry(1, "", 1, "person.erased", "H-1", "{}", "", "", "", "", "")
    details = {"photos": 7, "persons": 7, "consents": 7}
    assert not any(is_about(entry, details, kind, 7) for kind in Kind)
