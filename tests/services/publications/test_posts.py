"""One publication of several photos: recorded together, taken down photo by photo."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PRINT_USE,
    add_photographer,
    as_coordinator,
    create_person,
    list_all,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)
from tests.statements import recorded_statements

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.services.agenda import agenda
from photoreg.services.application import Application
from photoreg.services.audits.audits import list_disallowed
from photoreg.services.data_subjects.access_report import access_report
from photoreg.services.decisions import flags
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.photos.details import show_photo
from photoreg.services.publications import publishing, takedown_tasks
from photoreg.services.publications.publishing import PublicationState
from photoreg.services.publications.takedown_tasks import ClosedTask

URL = "https://kunta.example/syysjuhla"
PROOF = "Looked at the page: it is gone."
ELLE, STREET, ANTE = "P-1", "P-2", "P-3"
ALL = (ELLE, STREET, ANTE)


@pytest.fixture(autouse=True)
def post(anna: Application, tmp_path: Path) -> str:
    """J-1: a post of three photos, of Elle, of an empty street, and of Ante."""
    add_photographer(anna)
    for name, file in (("Elle Valkeapää", "elle.jpg"), ("", "street.jpg"), ("Ante Magga", "a.jpg")):
        photo = register_photo(anna, tmp_path, MARKET if name else EMPTY_STREET, file)
        if name:
            tag_person(anna, photo, create_person(anna, name))
            record_consent(anna, name)
    return publish(anna)


def publish(
    application: Application, asked: AskedUse = PAGE_USE, address: str = URL, *photos: str
) -> str:
    recorded = publishing.add_publication(application, photos or ALL, asked, address=address)
    assert recorded.publication is not None
    return recorded.publication


def states(application: Application, publication: str = "J-1") -> dict[str, PublicationState]:
    rows = publishing.show_publication(application, publication)
    return {row.photo: row.state for row in rows}


def found(registry: Registry, query: str) -> list[Any]:
    with registry.reading() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(query))]


def test_a_post_is_one_publication_with_one_address_and_a_decision_for_each_photo(
    anna: Application, post: str, registry: Registry
) -> None:
    assert post == "J-1"
    assert found(registry, "SELECT id, address FROM publication") == [(1, URL)]
    rows = publishing.show_publication(anna, post)
    assert [(row.photo, row.decision) for row in rows] == [
        (ELLE, "D-1"),
        (STREET, "D-2"),
        (ANTE, "D-3"),
    ]
    [(details,)] = found(registry, "SELECT details FROM ledger WHERE action = 'publication.added'")
    assert all(f'"{photo}"' in details for photo in ALL)


def test_a_post_is_recorded_only_if_every_photo_may_be_published(
    anna: Application,
) -> None:
    withdraw_consent(anna, "Ante Magga")

    recorded = publishing.add_publication(anna, ALL, PAGE_USE, address=f"{URL}/2")

    assert recorded.publication is None
    assert [(each.photo_id, each.verdict.codes) for each in recorded.not_allowed] == [
        (3, ("CN_WITHDRAWN",))
    ]
    assert len(list_all(publishing.list_publications(anna, everything=True))) == len(ALL)


def test_a_photo_that_is_published_there_already_stops_the_whole_post(
    anna: Application, post: str
) -> None:
    with pytest.raises(NotAllowed, match=f"{ELLE}, {STREET}"):
        publish(anna, PAGE_USE, URL, STREET, ELLE)
    takedown_tasks.take_down(anna, [post], photos=[ELLE], proof=PROOF)
    assert publish(anna, PAGE_USE, URL, ELLE) == "J-2"


def test_a_withdrawal_concerns_the_photos_that_it_reaches_and_the_post_stays(
    anna: Application, post: str
) -> None:
    withdraw_consent(anna, "Ante Magga")

    assert [(each.publication, each.photo, each.task) for each in anna.reacted.publications] == [
        (post, ANTE, "T-1")
    ]
    assert [(each.subject, each.photo) for each in agenda(anna)] == [("T-1", ANTE)]
    [line] = list_all(list_disallowed(as_coordinator(anna)))
    assert (line.publication, line.photo) == (post, ANTE)

    assert takedown_tasks.take_down(anna, ["T-1"], proof=PROOF) == [
        ClosedTask(post, ANTE, "T-1", left=2)
    ]
    online, gone = PublicationState.ONLINE, PublicationState.TAKEN_DOWN
    assert states(anna) == {ELLE: online, STREET: online, ANTE: gone}
    assert list_all(list_disallowed(as_coordinator(anna))) == []


def test_a_publication_of_several_photos_alone_does_not_say_which_are_gone(
    anna: Application, post: str
) -> None:
    withdraw_consent(anna, "Ante Magga")
    with pytest.raises(InputDataError, match="shows 3 photos"):
        takedown_tasks.take_down(anna, [post], proof=PROOF)
    with pytest.raises(NotFound, match="P-4"):
        takedown_tasks.take_down(anna, [post], photos=["P-4"], proof=PROOF)
    assert PublicationState.TAKEN_DOWN not in states(anna).values()


def test_all_that_is_left_may_be_taken_down_at_once(anna: Application, post: str) -> None:
    withdraw_consent(anna, "Ante Magga")
    done = takedown_tasks.take_down(anna, [post], whole=True, proof=PROOF)
    assert {each.photo for each in done} == set(ALL)
    assert set(states(anna).values()) == {PublicationState.TAKEN_DOWN}
    with pytest.raises(NotAllowed, match="already taken down"):
        takedown_tasks.take_down(anna, [post], whole=True, proof=PROOF)


def test_when_all_that_is_left_is_to_be_taken_down_the_publication_says_enough(
    anna: Application, post: str
) -> None:
    takedown_tasks.take_down(anna, [post], photos=[STREET], proof=PROOF)
    for name in ("Elle Valkeapää", "Ante Magga"):
        withdraw_consent(anna, name)
    done = takedown_tasks.take_down(anna, [post], proof=PROOF)
    assert [(each.photo, each.left) for each in done] == [(ELLE, 0), (ANTE, 0)]


def test_several_posts_are_taken_down_together_or_not_at_all(anna: Application, post: str) -> None:
    second = publish(anna, PAGE_USE, f"{URL}/2", STREET)
    printed = publish(anna, PRINT_USE, "Kuntatiedote 4/2026", STREET)
    with pytest.raises(NotAllowed, match=f"{printed} .*cannot be recalled"):
        takedown_tasks.take_down(anna, [second, printed], proof=PROOF)
    assert states(anna, second) == {STREET: PublicationState.ONLINE}

    done = takedown_tasks.take_down(anna, [post, second], photos=[STREET], proof=PROOF)
    assert [(each.publication, each.photo) for each in done] == [(post, STREET), (second, STREET)]


def test_tasks_of_a_post_are_assigned_and_cancelled_together_or_one_by_one(
    anna: Application, application: Application, post: str
) -> None:
    for photo in (ELLE, ANTE):
        flags.raise_flag(anna, photo, reason="A name is on the wall.")
    assert takedown_tasks.assign_task(anna, post, "ville") == ["T-1", "T-2"]
    assert takedown_tasks.assign_task(anna, "T-2", "anna") == ["T-2"]

    flags.resolve_flag(application, "F-2", outcome=FlagOutcome.LIFTED, reason="Nobody reads it.")
    tasks, checked = takedown_tasks.cancel_task(anna, post, reason="Nobody can read it.")
    assert (tasks, [each.is_allowed for each in checked]) == ([], [False, True])
    tasks, _ = takedown_tasks.cancel_task(anna, "T-2", reason="Nobody can read it.")
    assert tasks == [ClosedTask(post, ANTE, "T-2", left=3)]
    assert states(anna)[ELLE] is PublicationState.TAKE_DOWN_OPEN


def test_in_print_a_withdrawal_is_logged_for_each_photo_of_the_issue(
    anna: Application, registry: Registry
) -> None:
    printed = publish(anna, PRINT_USE, "Kuntatiedote 4/2026")
    for name in ("Elle Valkeapää", "Ante Magga"):
        withdraw_consent(anna, name)
    told = [each for each in anna.reacted.publications if not each.recallable]
    assert [(each.publication, each.photo) for each in told] == [(printed, ELLE), (printed, ANTE)]
    query = "SELECT count(*) FROM ledger WHERE action = 'publication.not_recallable'"
    assert found(registry, query) == [(2,)]


def test_whoever_asks_is_told_of_the_photos_that_show_them(
    anna: Application, application: Application, post: str
) -> None:
    takedown_tasks.take_down(anna, [post], photos=[ANTE], proof=PROOF)
    report = access_report(application, "Ante Magga", purpose="He asked.")
    [told] = report.publications
    assert (told.publication, told.photo, told.address) == (post, ANTE, URL)
    assert told.removed_on is not None
    assert show_photo(anna, ELLE).publications[0].removed_on is None


def test_many_photos_take_as_many_statements_as_few(anna: Application, tmp_path: Path) -> None:
    photos = [register_photo(anna, tmp_path, EMPTY_STREET, f"{number}.jpg") for number in range(8)]

    def cost(some: list[str]) -> tuple[int, int]:
        address = f"{URL}/{len(some)}"
        with recorded_statements() as adding:
            publication = publish(anna, PAGE_USE, address, *some)
        with recorded_statements() as removing:
            takedown_tasks.take_down(anna, [publication], whole=True, proof=PROOF)
        return len(adding), len(removing)

    cost(photos[:2])  # whatever is read once only
    few = cost(photos[:3])
    assert cost(photos) == few
