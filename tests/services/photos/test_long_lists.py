"""Long lists: the same few statements whatever their number of rows, which pass one by one."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)
from tests.statements import recorded_statements

from photoreg.rulebook.facts import ConsentKind, Method
from photoreg.services.application import Application
from photoreg.services.audits import audits, oversight
from photoreg.services.consents import consents, requests
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.publications import publishing

SOON = ConsentStatement(
    ConsentKind.GIVEN,
    ("public_page",),
    until=date(2026, 12, 1),
    method=Method.ORAL,
    on=date(2026, 11, 2),
)


@pytest.fixture
def anna(application_for: ApplicationFor) -> Application:
    add_photographer(application_for("anna"))
    return application_for("anna")


def scene(anna: Application, folder: Path, number: int) -> None:
    """One more photo of one more person, whose consent ends soon and has nothing to prove it."""
    photo = register_photo(anna, folder, MARKET, f"{number}.jpg")
    person = create_person(anna, f"Person {number}")
    tag_person(anna, photo, person)
    record_consent(anna, person)
    publishing.add_publication(anna, [photo], PAGE_USE, address=f"https://kunta.example/{number}")
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(person)
    )
    record_consent(anna, person, SOON)
    record_consent(
        anna,
        create_person(anna, f"Asked {number}"),
        ConsentStatement(ConsentKind.REQUESTED, ("print",)),
    )


def expiring(application: Application) -> list[Any]:
    with oversight.expiring_grants(application, within_days=60) as rows:
        return list(rows)


def undocumented(application: Application) -> list[Any]:
    with oversight.undocumented_grants(application) as rows:
        return list(rows)


def to_ask_again(application: Application) -> list[Any]:
    return list_all(requests.expiring_consents(application, timedelta(days=60)))


def to_ask(application: Application) -> list[Any]:
    return list_all(requests.pending_requests(application))


def not_to_stay(application: Application) -> list[Any]:
    return list_all(audits.list_disallowed(application, on=date(2027, 1, 1)))


def lacking_by_name(application: Application) -> list[Any]:
    day = date(2027, 1, 1)
    return list_all(
        audits.list_missing_consents(application, channel=PAGE_USE.channel, on=day, named=True)
    )


def published(application: Application) -> list[Any]:
    return list_all(publishing.list_publications(application))


LISTS = (
    *(expiring, undocumented, to_ask_again, to_ask),
    *(published, not_to_stay, lacking_by_name),
)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to the registry meanwhile."""
    with recorded_statements() as sent:
        yield sent


def test_more_rows_cost_no_more_statements(
    anna: Application, tmp_path: Path, statements: list[str]
) -> None:
    def costs(listed: Callable[[Application], list[Any]]) -> tuple[int, int]:
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
    anna: Application, tmp_path: Path
) -> None:
    scene(anna, tmp_path, 0)
    sent: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:
        sent.append((arguments[2], arguments[3]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    list_all(publishing.list_publications(anna))
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    [listed] = [each for each in sent if "take_down" in each[0]]
    with anna.registry.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {listed[0]}", listed[1])
        assert not [row[3] for row in plan if "CORRELATED" in row[3]]
