"""Long lists: the same few statements whatever their number of rows, which pass one by one."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.services.scenes import (
    MARKET,
    PAGE,
    AtWork,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    every,
    show_in,
)
from tests.statements import statements_run

from photoreg.registry.tables.consents import ConsentKind, Method
from photoreg.services.audits import audits, oversight
from photoreg.services.consents import requests
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

SOON = Spoken(ConsentKind.GIVEN, ("public_page",), until=date(2026, 12, 1), method=Method.ORAL)


@pytest.fixture
def anna(at_work: AtWork) -> Workplace:
    a_photographer(at_work("anna"))
    return at_work("anna")


def scene(anna: Workplace, folder: Path, number: int) -> None:
    """One more photo of one more person, whose consent ends soon and has nothing to prove it."""
    photo = a_photo(anna, folder, MARKET, f"{number}.jpg")
    person = a_person(anna, f"Person {number}")
    show_in(anna, photo, person)
    consents_to(anna, person)
    publishing.add_publication(anna, photo, PAGE, address=f"https://kunta.example/{number}")
    consents_to(anna, person, SOON)
    consents_to(anna, a_person(anna, f"Asked {number}"), Spoken(ConsentKind.REQUESTED))


def expiring(workplace: Workplace) -> list[Any]:
    with oversight.expiring(workplace, within_days=60) as rows:
        return list(rows)


def undocumented(workplace: Workplace) -> list[Any]:
    with oversight.undocumented(workplace) as rows:
        return list(rows)


def to_ask_again(workplace: Workplace) -> list[Any]:
    return every(requests.expiring(workplace, timedelta(days=60)))


def to_ask(workplace: Workplace) -> list[Any]:
    return every(requests.pending(workplace))


def not_to_stay(workplace: Workplace) -> list[Any]:
    return every(audits.published(workplace, on=date(2027, 1, 1)))


def lacking_by_name(workplace: Workplace) -> list[Any]:
    day = date(2027, 1, 1)
    return every(audits.lacking(workplace, channel=PAGE.channel, on=day, named=True))


def published(workplace: Workplace) -> list[Any]:
    return every(publishing.list_publications(workplace))


LISTS = (
    *(expiring, undocumented, to_ask_again, to_ask),
    *(published, not_to_stay, lacking_by_name),
)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to the registry meanwhile."""
    with statements_run() as sent:
        yield sent


def test_more_rows_cost_no_more_statements(
    anna: Workplace, tmp_path: Path, statements: list[str]
) -> None:
    def costs(listed: Callable[[Workplace], list[Any]]) -> tuple[int, int]:
        statements.clear()
        return len(listed(anna)), len(statements)

    scene(anna, tmp_path, 0)
    once = {listed: costs(listed) for listed in LISTS}
    assert {rows for rows, _sent in once.values()} == {1}
    for number in range(1, 4):
        scene(anna, tmp_path, number)
    assert {each: costs(each) for each in LISTS} == {each: (4, once[each][1]) for each in LISTS}


@pytest.mark.engines("sqlite")
def test_the_newest_task_is_not_looked_up_publication_by_publication(
    anna: Workplace, tmp_path: Path
) -> None:
    scene(anna, tmp_path, 0)
    sent: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:
        sent.append((arguments[2], arguments[3]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    every(publishing.list_publications(anna))
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    [listed] = [each for each in sent if "take_down" in each[0]]
    with anna.registry.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {listed[0]}", listed[1])
        assert not [row[3] for row in plan if "CORRELATED" in row[3]]
