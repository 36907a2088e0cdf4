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
    PAGE_USE,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.registry.engines.database import Registry
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.audits import verdict_cache
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.decisions import checks
from photoreg.services.people import blocks, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.publications import publishing

LARGE = (
    *("photo", "depiction", "photo_photographer", "publication", "decision", "consent"),
    "published_photo",
    *("consent_event", "permission", "permission_event", "unclear_case", "take_down"),
    *("verdict_cache", "missing_consent", "photo_class", "history"),
)
"""Tables that grow with the photos: a scan of one of them has no place in a change."""

pytestmark = pytest.mark.engines("sqlite")  # its planner needs no statistics

NO = ConsentStatement(ConsentKind.WITHDRAWN)


@pytest.fixture(autouse=True)
def published(anna: Application, tmp_path: Path) -> None:
    """H-2, an adult, and H-3, a child, are shown in P-1, which is online."""
    add_photographer(anna)
    adult = create_person(anna, "Elle Valkeapää")
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, adult)
    record_consent(anna, adult)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    list(verdict_cache.refresh_cache(replace(anna, login="kaisa")))


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


CHANGES: dict[str, Callable[[Application], object]] = {
    "a withdrawal": lambda at: consents.withdraw_consent(at, NO, parties=ConsentParties("H-2")),
    "a withdrawal for a photo": lambda at: consents.withdraw_consent(
        at, NO, parties=ConsentParties("H-2", photo="P-1")
    ),
    "a photographer's withdrawal": lambda at: permissions.withdraw_permission(
        at, NO, rights=PermissionParties("H-1")
    ),
    "a block": lambda at: blocks.block_person(at, "H-2"),
    "a change of a person": lambda at: persons.change_person(
        at, "H-2", PersonDetails(deceased=True)
    ),
    "a verdict": lambda at: checks.check(at, ["P-1"], PAGE_USE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_scans_no_large_table(
    change: str, application: Application, registry: Registry
) -> None:
    with plans_of(registry) as plans:
        CHANGES[change](application)
    scan = re.compile(rf"SCAN ({'|'.join(LARGE)})(_\d+)?( USING .*)?")
    assert [line for line in plans if scan.fullmatch(line[0])] == []


def test_judging_what_a_change_forgot_looks_through_the_photos_once(
    application: Application, registry: Registry
) -> None:
    blocks.block_person(application, "H-2")
    with plans_of(registry) as plans:
        assert [done.evaluated for done in verdict_cache.refresh_cache(application)] == [1]
    scan = re.compile(rf"(SCAN|SEARCH) ({'|'.join(LARGE)}) USING INTEGER PRIMARY KEY \(rowid>.*")
    wide = {statement for line, statement in plans if scan.fullmatch(line)}
    assert len(wide) == 1
    assert ("MERGE (EXCEPT)", *wide) in plans


def test_judging_what_is_uncertain_looks_at_those_photos_only(
    application: Application, registry: Registry
) -> None:
    consents.withdraw_consent(application, NO, parties=ConsentParties("H-2"))
    with plans_of(registry) as plans:
        assert [done.evaluated for done in verdict_cache.refresh_cache(application)] == [1]
    scan = re.compile(rf"SCAN ({'|'.join(LARGE)})(_\d+)?( USING .*)?")
    scans = [statement for line, statement in plans if scan.fullmatch(line)]
    assert all("SELECT count(*)" in statement for statement in scans)
