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
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    PRINT_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.engines.database import Registry
from photoreg.registry.facts import photo_selection
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import Basis, ConsentKind
from photoreg.services.application import Application
from photoreg.services.audits.audits import list_disallowed
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import flags
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import channels, policy, staff
from photoreg.services.people import blocks
from photoreg.services.publications import publishing, takedown_tasks
from photoreg.services.publications.publishing import PublicationRow, PublicationState
from photoreg.services.publications.takedown_tasks import ClosedTask

GROUP = AskedUse("kunta-closed-group")

ENTRIES = "SELECT count(*) FROM ledger WHERE action NOT LIKE 'record%'"


@pytest.fixture
def anna(application_for: ApplicationFor) -> Application:
    add_photographer(application_for("anna"))
    return application_for("anna")


def portrait(application: Application, folder: Path, spoken: ConsentStatement | None = None) -> str:
    """Register a photo that shows Elle, who consented, and publish it as J-1."""
    elle = create_person(application, "Elle Valkeapää")
    record_consent(application, elle, spoken)
    photo = register_photo(application, folder, MARKET)
    tag_person(application, photo, elle)
    publish(application, photo)
    return photo


def publish(application: Application, photo: str, asked: AskedUse = PAGE_USE) -> None:
    added = publishing.add_publication(
        application, [photo], asked, address="https://kunta.example/1"
    )
    assert added.publication


def publications(application: Application) -> list[PublicationRow]:
    return list_all(publishing.list_publications(application))


def count(registry: Registry, sql: str) -> int:
    with registry.reading() as session:
        return int(session.connection().execute(sa.text(sql)).scalar_one())


# --- What opens tasks ----------------------------------------------------------------------------


def test_a_consent_that_ends_opens_its_task_once_and_by_whoever_looks_first(
    anna: Application, tmp_path: Path, clock: Clock, registry: Registry
) -> None:
    until = date(2026, 11, 10)
    spoken = ConsentStatement(ConsentKind.GIVEN, ("public_page",), until=until, paper="folder 1")
    portrait(anna, tmp_path, spoken)
    clock.now = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
    assert list_all(list_disallowed(anna, open_tasks=True)) == []
    entries = count(registry, ENTRIES)

    clock.now += timedelta(days=1)
    for _ in range(2):
        [touched] = list_all(list_disallowed(anna, open_tasks=True))
        assert (touched.task, touched.codes) == ("T-1", ("CN_EXPIRED",))
    assert count(registry, "SELECT count(*) FROM take_down") == 1
    assert count(registry, ENTRIES) == entries + 1


def test_tasks_are_opened_for_more_photos_than_are_fetched_at_once(
    anna: Application, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_selection, "VALUES_PER_QUERY", 1)
    until = date(2026, 11, 10)
    spoken = ConsentStatement(ConsentKind.GIVEN, ("public_page",), until=until, paper="folder 1")
    portrait(anna, tmp_path, spoken)
    other = register_photo(anna, tmp_path, MARKET, "other.jpg")
    tag_person(anna, other, "Elle Valkeapää")
    publish(anna, other)
    clock.now = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
    found = list_all(list_disallowed(anna, open_tasks=True))
    assert [touched.task for touched in found] == ["T-1", "T-2"]


def test_coming_of_age_opens_a_task(anna: Application, tmp_path: Path, clock: Clock) -> None:
    child = add_child(anna, "Máret", date(2008, 12, 6), guardians=["Ante V"])
    record_consent(anna, child, by="Ante V")
    record_consent(anna, child)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    publish(anna, photo)
    clock.now = datetime(2026, 12, 6, 9, 0, tzinfo=UTC)

    [touched] = list_all(list_disallowed(anna, open_tasks=True))
    assert touched.task == "T-1"


def test_what_is_in_print_is_found_and_gets_no_task(
    anna: Application, tmp_path: Path, clock: Clock
) -> None:
    photo = portrait(anna, tmp_path)
    publish(anna, photo, PRINT_USE)
    clock.now = datetime(2099, 6, 1, 9, 0, tzinfo=UTC)
    assert [
        (t.publication, t.recallable, t.task)
        for t in list_all(list_disallowed(anna, open_tasks=True))
    ] == [
        ("J-1", True, "T-1"),
        ("J-2", False, None),
    ]


def test_an_auditor_opens_no_tasks(application_for: ApplicationFor) -> None:
    with pytest.raises(NotAllowed):
        list_all(list_disallowed(application_for("tarja"), open_tasks=True))


def _block(application: Application, _photo: str) -> None:
    blocks.block_person(application, "Elle Valkeapää")


def _flag(application: Application, photo: str) -> None:
    flags.raise_flag(application, photo, reason="A name is on the wall.")


def _tighten_the_policy(application: Application, _photo: str) -> None:
    policy.set_policy(application, {"max_consent_age_months": 1})


def _take_back(application: Application, _photo: str) -> None:
    withdraw_consent(application, "Elle Valkeapää")


@pytest.mark.parametrize("change", [_block, _flag, _tighten_the_policy, _take_back])
def test_every_change_that_stops_a_photo_opens_a_task_at_once(
    change: Callable[[Application, str], None],
    anna: Application,
    application: Application,
    tmp_path: Path,
) -> None:
    photo = portrait(anna, tmp_path)
    change(application, photo)
    [row] = publications(anna)
    assert (row.state, row.owner) == (PublicationState.TAKE_DOWN_OPEN, "anna")


def test_changed_terms_of_a_channel_with_its_own_scope_open_tasks(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    policy.set_policy(application, {"closed_group": "own_scope"})
    elle = create_person(anna, "Elle Valkeapää")
    record_consent(anna, elle, granted_consent("closed_group"))
    terms = PermissionTerms(
        basis=Basis.PHOTOGRAPHER_PERMISSION, credit=f"Kuva: {PHOTOGRAPHER_NAME}"
    )
    permissions.record_permission(
        anna,
        PermissionParties(photographer=PHOTOGRAPHER_NAME),
        granted_consent("closed_group"),
        terms,
    )
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, elle)
    publish(anna, photo, GROUP)

    channels.record_terms_change(application, channel=GROUP.channel)
    [touched] = application.reacted.publications
    assert (touched.task, touched.codes) == ("T-1", ("CH_TERMS_CHANGED",))


# --- Whose tasks they are ------------------------------------------------------------------------


def test_a_task_belongs_to_an_administrator_who_still_works_here(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    portrait(anna, tmp_path)
    staff.change_staff(application, "anna", active=False)
    withdraw_consent(application, "Elle Valkeapää")
    [row] = publications(application)
    assert row.owner == "kaisa"


@pytest.mark.parametrize("login", ["kaisa", "ville", "anna"])
def test_a_task_is_given_to_a_colleague(
    login: str, anna: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    portrait(anna, tmp_path)
    withdraw_consent(anna, "Elle Valkeapää")
    assert takedown_tasks.assign_task(application_for(login), "J-1", "ville") == ["T-1"]
    assert publications(anna)[0].owner == "ville"


def test_a_task_is_given_by_those_who_answer_for_it_to_those_who_can_do_it(
    anna: Application, application: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    staff.add_staff(application, login="elina", name="Elina E", role=StaffRole.EMPLOYEE)
    portrait(anna, tmp_path)
    with pytest.raises(NotAllowed, match="has no open take-down task"):
        takedown_tasks.assign_task(anna, "J-1", "ville")
    withdraw_consent(anna, "Elle Valkeapää")
    with pytest.raises(NotAllowed, match="administrator"):
        takedown_tasks.assign_task(application_for("elina"), "J-1", "elina")
    with pytest.raises(NotAllowed, match="cannot take publications down"):
        takedown_tasks.assign_task(anna, "J-1", "tarja")


# --- Done and dropped ----------------------------------------------------------------------------


def test_a_screenshot_is_proof_enough_and_is_kept(
    anna: Application, tmp_path: Path, registry: Registry
) -> None:
    portrait(anna, tmp_path)
    withdraw_consent(anna, "Elle Valkeapää")
    shot = tmp_path / "Elle is gone.png"
    shot.write_bytes(b"a screenshot")

    assert takedown_tasks.take_down(anna, ["T-1"], evidence=shot) == [
        ClosedTask("J-1", "P-1", "T-1", left=0)
    ]

    with registry.reading() as session:
        kept = session.connection().execute(sa.text("SELECT proof, proof_evidence FROM take_down"))
        assert kept.all() == [("", hashlib.sha256(b"a screenshot").hexdigest())]


def test_without_text_or_document_nothing_is_proved(anna: Application, tmp_path: Path) -> None:
    portrait(anna, tmp_path)
    for proof in ({}, {"evidence": tmp_path / "none.png"}):
        with pytest.raises(InputDataError):
            takedown_tasks.take_down(anna, ["J-1"], **proof)  # type: ignore[arg-type]
    [row] = publications(anna)
    assert row.state is PublicationState.ONLINE


def test_a_task_is_dropped_only_when_the_photo_may_be_published_again(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    photo = portrait(anna, tmp_path)
    flags.raise_flag(anna, photo, reason="A name is on the wall.")
    tasks, [checked] = takedown_tasks.cancel_task(anna, "J-1", reason="It is legible to nobody.")
    assert (tasks, checked.verdict.codes) == ([], ("RG_FLAGGED",))

    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.LIFTED, reason="It is not legible.")
    with pytest.raises(InputDataError):
        takedown_tasks.cancel_task(anna, "J-1", reason=" ")
    tasks, _ = takedown_tasks.cancel_task(anna, "J-1", reason="The flag was lifted.")
    assert tasks == [ClosedTask("J-1", photo, "T-1", left=1)]
    [row] = publications(anna)
    assert (row.state, row.due_at) == (PublicationState.ONLINE, None)

    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties("Elle Valkeapää")
    )
    assert publications(anna)[0].task == "T-2"


def test_tasks_become_overdue(anna: Application, tmp_path: Path, clock: Clock) -> None:
    portrait(anna, tmp_path)
    withdraw_consent(anna, "Elle Valkeapää")
    assert [row.overdue for row in publications(anna)] == [False]
    clock.now += timedelta(hours=25)
    assert [row.overdue for row in publications(anna)] == [True]
