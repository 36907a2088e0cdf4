"""Impact: which photos and publications a change touches is found by index, never by a scan."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.services.scenes import (
    MARKET,
    PAGE,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    show_in,
)

from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.consents import ConsentKind
from photoreg.services.audits import verdict_cache
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.permissions import Rights
from photoreg.services.decisions import evaluation
from photoreg.services.people import persons
from photoreg.services.people.persons import About
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

LARGE = (
    *("photo", "depiction", "photo_photographer", "publication", "decision", "consent"),
    *("consent_event", "permission", "permission_event", "unclear_case", "take_down"),
    *("kept_verdict", "kept_lack", "kept_kind", "history"),
)
"""Tables that grow with the photos: a scan of one of them has no place in a change."""

pytestmark = pytest.mark.engines("sqlite")  # its planner needs no statistics

NO = Spoken(ConsentKind.WITHDRAWN)


@pytest.fixture(autouse=True)
def published(anna: Workplace, tmp_path: Path) -> None:
    """H-2, an adult, and H-3, a child, are shown in P-1, which is online."""
    a_photographer(anna)
    adult = a_person(anna, "Elle Valkeapää")
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, adult)
    consents_to(anna, adult)
    publishing.add_publication(anna, photo, PAGE, address="https://kunta.example/1")
    list(verdict_cache.refresh(replace(anna, login="kaisa")))


@contextmanager
def plans_of(registry: Registry) -> Iterator[list[tuple[str, str]]]:
    """Give SQLite's own plans of the statements run meanwhile: each line with its statement."""
    run: list[tuple[str, Any]] = []

    def remember(*arguments: Any) -> None:
        if arguments[2].startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            statement, values, is_of_many = arguments[2], arguments[3], arguments[5]
            run.append((statement, values[0] if is_of_many else values))

    found: list[tuple[str, str]] = []
    sa.event.listen(sa.Engine, "before_cursor_execute", remember)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", remember)
    with registry.reading() as session:
        connection = session.connection()
        for statement, values in run:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            found += [(row[3], statement) for row in plan]


CHANGES: dict[str, Callable[[Workplace], object]] = {
    "a withdrawal": lambda at: consents.withdraw(at, NO, whose=Whose("H-2")),
    "a withdrawal for a photo": lambda at: consents.withdraw(
        at, NO, whose=Whose("H-2", photo="P-1")
    ),
    "a photographer's withdrawal": lambda at: permissions.withdraw(at, NO, rights=Rights("H-1")),
    "a block": lambda at: persons.block_person(at, "H-2"),
    "a change of a person": lambda at: persons.change_person(at, "H-2", About(deceased=True)),
    "a verdict": lambda at: evaluation.check(at, ["P-1"], PAGE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_scans_no_large_table(
    change: str, workplace: Workplace, registry: Registry
) -> None:
    with plans_of(registry) as plans:
        CHANGES[change](workplace)
    scan = re.compile(rf"SCAN ({'|'.join(LARGE)})(_\d+)?( USING .*)?")
    assert [line for line in plans if scan.fullmatch(line[0])] == []


def test_judging_what_a_change_forgot_looks_through_the_photos_once(
    workplace: Workplace, registry: Registry
) -> None:
    persons.block_person(workplace, "H-2")
    with plans_of(registry) as plans:
        assert [done.judged for done in verdict_cache.refresh(workplace)] == [1]
    scan = re.compile(rf"(SCAN|SEARCH) ({'|'.join(LARGE)}) USING INTEGER PRIMARY KEY \(rowid>.*")
    wide = {statement for line, statement in plans if scan.fullmatch(line)}
    assert len(wide) == 1
    assert ("MERGE (EXCEPT)", *wide) in plans


def test_judging_what_is_in_doubt_looks_at_those_photos_only(
    workplace: Workplace, registry: Registry
) -> None:
    consents.withdraw(workplace, NO, whose=Whose("H-2"))
    with plans_of(registry) as plans:
        assert [done.judged for done in verdict_cache.refresh(workplace)] == [1]
    scan = re.compile(rf"SCAN ({'|'.join(LARGE)})(_\d+)?( USING .*)?")
    scans = [statement for line, statement in plans if scan.fullmatch(line)]
    assert all("SELECT count(*)" in statement for statement in scans)
