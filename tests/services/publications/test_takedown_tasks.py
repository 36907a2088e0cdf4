"""Take-down tasks: opened by whatever makes a publication unlawful, owned, done or dropped."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE,
    PRINT,
    TAKER,
    AtWork,
    a_child,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    every,
    refuses,
    show_in,
    yes,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.engines.database import Registry
from photoreg.registry.facts import photo_selection
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import Basis
from photoreg.services.audits.audits import published
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.permissions import Rights, Terms
from photoreg.services.decisions import flags
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import channels, policy, staff
from photoreg.services.people import persons
from photoreg.services.publications import publishing, takedown_tasks
from photoreg.services.publications.publishing import PublicationRow, PublicationState
from photoreg.services.unit_of_work import Workplace

GROUP = AskedUse("kunta-closed-group")


@pytest.fixture
def anna(at_work: AtWork) -> Workplace:
    a_photographer(at_work("anna"))
    return at_work("anna")


def portrait(workplace: Workplace, folder: Path, spoken: Spoken | None = None) -> str:
    """Register a photo that shows Elle, who consented, and publish it as J-1."""
    elle = a_person(workplace, "Elle Valkeapää")
    consents_to(workplace, elle, spoken)
    photo = a_photo(workplace, folder, MARKET)
    show_in(workplace, photo, elle)
    publish(workplace, photo)
    return photo


def publish(workplace: Workplace, photo: str, asked: AskedUse = PAGE) -> None:
    added = publishing.add_publication(workplace, photo, asked, address="https://kunta.example/1")
    assert added.publication


def publications(workplace: Workplace) -> list[PublicationRow]:
    return every(publishing.list_publications(workplace))


def count(registry: Registry, sql: str) -> int:
    with registry.reading() as session:
        return int(session.connection().execute(sa.text(sql)).scalar_one())


# --- What opens tasks ----------------------------------------------------------------------------


def test_a_consent_that_ends_opens_its_task_once_and_by_whoever_looks_first(
    anna: Workplace, tmp_path: Path, clock: Clock, registry: Registry
) -> None:
    until = date(2026, 11, 10)
    spoken = Spoken(ConsentKind.GIVEN, ("public_page",), until=until, paper="folder 1")
    portrait(anna, tmp_path, spoken)
    clock.now = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
    assert every(published(anna, open_tasks=True)) == []
    entries = count(registry, "SELECT count(*) FROM ledger")

    clock.now += timedelta(days=1)
    for _ in range(2):
        [touched] = every(published(anna, open_tasks=True))
        assert (touched.task, touched.codes) == ("T-1", ("CN_EXPIRED",))
    assert count(registry, "SELECT count(*) FROM take_down") == 1
    assert count(registry, "SELECT count(*) FROM ledger") == entries + 1


def test_tasks_are_opened_for_more_photos_than_are_fetched_at_once(
    anna: Workplace, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_selection, "AT_A_TIME", 1)
    until = date(2026, 11, 10)
    spoken = Spoken(ConsentKind.GIVEN, ("public_page",), until=until, paper="folder 1")
    portrait(anna, tmp_path, spoken)
    other = a_photo(anna, tmp_path, MARKET, "other.jpg")
    show_in(anna, other, "Elle Valkeapää")
    publish(anna, other)
    clock.now = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
    found = every(published(anna, open_tasks=True))
    assert [touched.task for touched in found] == ["T-1", "T-2"]


def test_coming_of_age_opens_a_task(anna: Workplace, tmp_path: Path, clock: Clock) -> None:
    child = a_child(anna, "Máret", date(2008, 12, 6), guardians=["Ante V"])
    consents_to(anna, child, by="Ante V")
    consents_to(anna, child)
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, child)
    publish(anna, photo)
    clock.now = datetime(2026, 12, 6, 9, 0, tzinfo=UTC)

    [touched] = every(published(anna, open_tasks=True))
    assert touched.task == "T-1"


def test_what_is_in_print_is_found_and_gets_no_task(
    anna: Workplace, tmp_path: Path, clock: Clock
) -> None:
    photo = portrait(anna, tmp_path)
    publish(anna, photo, PRINT)
    clock.now = datetime(2099, 6, 1, 9, 0, tzinfo=UTC)
    assert [
        (t.publication, t.recallable, t.task) for t in every(published(anna, open_tasks=True))
    ] == [
        ("J-1", True, "T-1"),
        ("J-2", False, None),
    ]


def test_an_auditor_opens_no_tasks(at_work: AtWork) -> None:
    with pytest.raises(NotAllowed):
        every(published(at_work("tarja"), open_tasks=True))


def _block(workplace: Workplace, _photo: str) -> None:
    persons.block_person(workplace, "Elle Valkeapää")


def _flag(workplace: Workplace, photo: str) -> None:
    flags.raise_flag(workplace, photo, reason="A name is on the wall.")


def _tighten_the_policy(workplace: Workplace, _photo: str) -> None:
    policy.set_policy(workplace, {"max_consent_age_months": 1})


def _take_back(workplace: Workplace, _photo: str) -> None:
    refuses(workplace, "Elle Valkeapää")


@pytest.mark.parametrize("change", [_block, _flag, _tighten_the_policy, _take_back])
def test_every_change_that_stops_a_photo_opens_a_task_at_once(
    change: Callable[[Workplace, str], None], anna: Workplace, workplace: Workplace, tmp_path: Path
) -> None:
    photo = portrait(anna, tmp_path)
    change(workplace, photo)
    [row] = publications(anna)
    assert (row.state, row.owner) == (PublicationState.TAKE_DOWN_OPEN, "anna")


def test_changed_terms_of_a_channel_with_its_own_scope_open_tasks(
    anna: Workplace, workplace: Workplace, tmp_path: Path
) -> None:
    policy.set_policy(workplace, {"closed_group": "own_scope"})
    elle = a_person(anna, "Elle Valkeapää")
    consents_to(anna, elle, yes("closed_group"))
    terms = Terms(basis=Basis.PHOTOGRAPHER_PERMISSION, credit=f"Kuva: {TAKER}")
    permissions.record(anna, Rights(photographer=TAKER), yes("closed_group"), terms)
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, elle)
    publish(anna, photo, GROUP)

    channels.note_changed_terms(workplace, channel=GROUP.channel)
    [touched] = workplace.reacted.publications
    assert (touched.task, touched.codes) == ("T-1", ("CH_TERMS_CHANGED",))


# --- Whose tasks they are ------------------------------------------------------------------------


def test_a_task_belongs_to_an_administrator_who_still_works_here(
    anna: Workplace, workplace: Workplace, tmp_path: Path
) -> None:
    portrait(anna, tmp_path)
    staff.change_staff(workplace, "anna", active=False)
    refuses(workplace, "Elle Valkeapää")
    [row] = publications(workplace)
    assert row.owner == "kaisa"


@pytest.mark.parametrize("login", ["kaisa", "ville", "anna"])
def test_a_task_is_given_to_a_colleague(
    login: str, anna: Workplace, at_work: AtWork, tmp_path: Path
) -> None:
    portrait(anna, tmp_path)
    refuses(anna, "Elle Valkeapää")
    assert takedown_tasks.give_to(at_work(login), "J-1", "ville") == "T-1"
    assert publications(anna)[0].owner == "ville"


def test_a_task_is_given_by_those_who_answer_for_it_to_those_who_can_do_it(
    anna: Workplace, workplace: Workplace, at_work: AtWork, tmp_path: Path
) -> None:
    staff.add_staff(workplace, login="elina", name="Elina E", role=StaffRole.EMPLOYEE)
    portrait(anna, tmp_path)
    with pytest.raises(NotAllowed, match="nobody has asked"):
        takedown_tasks.give_to(anna, "J-1", "ville")
    refuses(anna, "Elle Valkeapää")
    with pytest.raises(NotAllowed, match="administrator"):
        takedown_tasks.give_to(at_work("elina"), "J-1", "elina")
    with pytest.raises(NotAllowed, match="cannot take publications down"):
        takedown_tasks.give_to(anna, "J-1", "tarja")


# --- Done and dropped ----------------------------------------------------------------------------


def test_a_screenshot_is_proof_enough_and_is_kept(
    anna: Workplace, tmp_path: Path, registry: Registry
) -> None:
    portrait(anna, tmp_path)
    refuses(anna, "Elle Valkeapää")
    shot = tmp_path / "Elle is gone.png"
    shot.write_bytes(b"a screenshot")

    assert takedown_tasks.take_down(anna, "J-1", evidence=shot) == "T-1"

    with registry.reading() as session:
        kept = session.connection().execute(sa.text("SELECT proof, proof_evidence FROM take_down"))
        assert kept.all() == [("", hashlib.sha256(b"a screenshot").hexdigest())]


def test_without_words_or_document_nothing_is_proved(anna: Workplace, tmp_path: Path) -> None:
    portrait(anna, tmp_path)
    for proof in ({}, {"evidence": tmp_path / "none.png"}):
        with pytest.raises(InputDataError):
            takedown_tasks.take_down(anna, "J-1", **proof)  # type: ignore[arg-type]
    [row] = publications(anna)
    assert row.state is PublicationState.ONLINE


def test_a_task_is_dropped_only_when_the_photo_may_be_published_again(
    anna: Workplace, workplace: Workplace, tmp_path: Path
) -> None:
    photo = portrait(anna, tmp_path)
    flags.raise_flag(anna, photo, reason="A name is on the wall.")
    task, checked = takedown_tasks.keep(anna, "J-1", reason="It is legible to nobody.")
    assert (task, checked.verdict.codes) == (None, ("RG_FLAGGED",))

    flags.resolve(workplace, "F-1", outcome=FlagOutcome.LIFTED, reason="It is not legible.")
    with pytest.raises(InputDataError):
        takedown_tasks.keep(anna, "J-1", reason=" ")
    task, _ = takedown_tasks.keep(anna, "J-1", reason="The flag was lifted.")
    assert task == "T-1"
    [row] = publications(anna)
    assert (row.state, row.due_at) == (PublicationState.ONLINE, None)

    consents.withdraw(anna, Spoken(ConsentKind.WITHDRAWN), whose=Whose("Elle Valkeapää"))
    assert publications(anna)[0].task == "T-2"


def test_tasks_become_overdue(anna: Workplace, tmp_path: Path, clock: Clock) -> None:
    portrait(anna, tmp_path)
    refuses(anna, "Elle Valkeapää")
    assert [row.overdue for row in publications(anna)] == [False]
    clock.now += timedelta(hours=25)
    assert [row.overdue for row in publications(anna)] == [True]
