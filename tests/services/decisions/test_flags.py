"""Flags: anyone on the staff stops a photo at once; only the coordinator resolves it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PRINT_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    as_coordinator,
    create_person,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound, RegistryError
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.photos import FlagOutcome, ObjectorKind
from photoreg.rulebook.facts import Mode
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.decisions import approval, checks, flags
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.decisions.flags import FlagState
from photoreg.services.organisation import staff
from photoreg.services.photos import registration
from photoreg.services.publications import publishing

WRONG = "The number plate can be read."
ADDRESS = "https://kunta.example/uutinen"


@pytest.fixture
def street(application_for: ApplicationFor, tmp_path: Path) -> str:
    """A photo that may be published; Anna registered it."""
    add_photographer(application_for("anna"))
    return register_photo(application_for("anna"), tmp_path)


def codes(application: Application, photo: str, asked: AskedUse = PAGE_USE) -> tuple[str, ...]:
    [checked] = checks.check(as_coordinator(application), [photo], asked)
    return checked.verdict.codes


def run_sql(registry: Registry, sql: str) -> None:
    with registry.writing() as session:
        session.connection().execute(sa.text(sql))


@pytest.mark.parametrize("login", ["anna", "kaisa", "ville"])
@pytest.mark.parametrize("asked", [PAGE_USE, PRINT_USE, replace(PAGE_USE, mode=Mode.LINK)])
def test_a_flag_by_anyone_stops_the_photo_everywhere_at_once(
    login: str, asked: AskedUse, street: str, application_for: ApplicationFor
) -> None:
    assert codes(application_for("anna"), street, asked) == ()
    raised = flags.raise_flag(application_for(login), street, reason=WRONG)

    assert (raised.flag, raised.photo) == ("F-1", street)
    assert codes(application_for("anna"), street, asked) == ("RG_FLAGGED",)
    [answer] = approval.approve(application_for("anna"), [street], asked)
    assert answer.decision_id is None


def test_an_auditor_changes_nothing_and_so_flags_nothing(
    street: str, application_for: ApplicationFor
) -> None:
    with pytest.raises(NotAllowed):
        flags.raise_flag(application_for("tarja"), street, reason=WRONG)


@pytest.mark.parametrize("reason", ["", "  ", "131052-308T is in it"])
def test_a_flag_needs_text_and_no_identity_code(
    reason: str, street: str, application: Application
) -> None:
    with pytest.raises(InputDataError):
        flags.raise_flag(application, street, reason=reason)
    assert codes(application, street) == ()


def test_a_flag_opens_take_downs_for_what_is_out_and_has_a_deadline(
    street: str, application_for: ApplicationFor, clock: Clock
) -> None:
    anna = application_for("anna")
    publishing.add_publication(anna, [street], PAGE_USE, address=ADDRESS)
    publishing.add_publication(anna, [street], PRINT_USE, address="Issue 3, page 4")

    raised = flags.raise_flag(anna, street, reason=WRONG)

    assert raised.due_at == clock.now + timedelta(hours=24)
    touched = anna.reacted.publications
    assert [(t.publication, t.task) for t in touched] == [("J-1", "T-1"), ("J-2", None)]
    assert {t.codes for t in touched} == {("RG_FLAGGED",)}


def test_only_a_coordinator_resolves_and_not_on_their_own_photo(
    street: str, application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    own = register_photo(application, tmp_path, EMPTY_STREET, "own.jpg")
    for photo in (street, own):
        flags.raise_flag(application_for("anna"), photo, reason=WRONG)
    for login, flag in (("anna", "F-1"), ("tarja", "F-1"), ("kaisa", "F-2")):
        with pytest.raises(NotAllowed):
            flags.resolve_flag(
                application_for(login), flag, outcome=FlagOutcome.LIFTED, reason="Nothing."
            )

    for flag in ("F-1", "F-2"):
        whole = flags.resolve_flag(
            application_for("ville"), flag, outcome=FlagOutcome.LIFTED, reason="It is not legible."
        )
        assert whole.row.state is FlagState.LIFTED
    assert codes(application, street) == codes(application, own) == ()


def test_a_flag_that_is_upheld_goes_on_stopping_and_can_be_lifted_later_with_both_reasons(
    street: str, application: Application
) -> None:
    flags.raise_flag(application, street, reason=WRONG)
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.UPHELD, reason="It is legible.")
    assert codes(application, street) == ("RG_FLAGGED",)
    assert flags.list_flags(application) == []

    with pytest.raises(NotAllowed, match="is already resolved"):
        flags.resolve_flag(application, "F-1", outcome=FlagOutcome.UPHELD, reason="Again.")
    whole = flags.resolve_flag(
        application, "F-1", outcome=FlagOutcome.LIFTED, reason="The car is scrap."
    )
    assert whole.resolution == "It is legible. / The car is scrap."
    assert codes(application, street) == ()
    with pytest.raises(NotAllowed, match="is already resolved"):
        flags.resolve_flag(application, "F-1", outcome=FlagOutcome.UPHELD, reason="No.")


def test_resolving_needs_a_reason(street: str, application: Application) -> None:
    flags.raise_flag(application, street, reason=WRONG)
    with pytest.raises(InputDataError):
        flags.resolve_flag(application, "F-1", outcome=FlagOutcome.LIFTED, reason=" ")
    assert codes(application, street) == ("RG_FLAGGED",)


def test_of_two_flags_each_must_be_lifted(street: str, application: Application) -> None:
    for _ in range(2):
        flags.raise_flag(application, street, reason=WRONG)
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.LIFTED, reason="Fine.")
    assert codes(application, street) == ("RG_FLAGGED",)
    flags.resolve_flag(application, "F-2", outcome=FlagOutcome.LIFTED, reason="Fine.")
    assert codes(application, street) == ()


def test_a_flag_is_never_deleted(street: str, application: Application, registry: Registry) -> None:
    flags.raise_flag(application, street, reason=WRONG)
    with pytest.raises(RegistryError, match="never deleted"):
        run_sql(registry, "DELETE FROM photo_flag")


# --- Ways around ---------------------------------------------------------------------------------


def test_registering_the_file_again_does_not_shake_the_flag_off(
    street: str, application_for: ApplicationFor, tmp_path: Path
) -> None:
    flags.raise_flag(application_for("anna"), street, reason=WRONG)
    copy = tmp_path / "other name.jpg"
    copy.write_bytes((tmp_path / "street.jpg").read_bytes())
    registration.register_files(application_for("anna"), [copy], EMPTY_STREET)
    assert codes(application_for("anna"), str(copy)) == ("RG_FLAGGED",)


def test_a_file_with_the_same_picture_is_stopped_too(
    street: str, application: Application, registry: Registry, tmp_path: Path
) -> None:
    other = register_photo(application, tmp_path, EMPTY_STREET, "edited.jpg")
    run_sql(registry, "UPDATE photo SET picture_sha256 = (SELECT sha256 FROM photo WHERE id = 1)")
    publishing.add_publication(application, [other], PAGE_USE, address=ADDRESS)

    flags.raise_flag(application, street, reason=WRONG)

    assert codes(application, other) == ("RG_FLAGGED",)
    assert [t.photo for t in application.reacted.publications] == [other]


def test_versions_wait_for_the_coordinator_and_are_then_judged_by_themselves(
    street: str, application: Application, registry: Registry, tmp_path: Path
) -> None:
    version = register_photo(application, tmp_path, EMPTY_STREET, "cropped.jpg")
    further = register_photo(application, tmp_path, EMPTY_STREET, "cropped again.jpg")
    run_sql(registry, "UPDATE photo SET version_of = id - 1 WHERE id > 1")
    flags.raise_flag(application, street, reason=WRONG)
    assert codes(application, version) == codes(application, further) == ("RG_FLAGGED",)

    flags.resolve_flag(
        application, "F-1", outcome=FlagOutcome.UPHELD, reason="Only cropped it may go."
    )
    assert codes(application, street) == ("RG_FLAGGED",)
    assert codes(application, version) == codes(application, further) == ()


def test_no_ruling_overrides_a_flag_and_a_lifted_flag_revives_no_ruling(
    application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    market = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, market, create_person(anna, "Elle Valkeapää"))
    approval.approve(anna, [market], PAGE_USE)
    rule_on(application, "K-1", RulingKind.PUBLISHABLE, "Nobody stands out.")
    approval.approve(anna, [market], replace(PAGE_USE, channel="kunta-website"))

    flags.raise_flag(anna, market, reason=WRONG)

    with pytest.raises(NotAllowed, match="refused"):
        rule_on(application, "K-2", RulingKind.PUBLISHABLE, "Nobody stands out.")
    [checked] = checks.check(anna, [market], PAGE_USE)
    assert checked.outcome is Outcome.REFUSED
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.LIFTED, reason="Fine.")
    [checked] = checks.check(anna, [market], PAGE_USE)
    assert checked.outcome is Outcome.UNCLEAR


# --- Objections ----------------------------------------------------------------------------------


def test_an_objection_is_recorded_as_the_persons_own_no_and_outlives_the_flag(
    application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    assert codes(anna, photo) == ()

    raised = flags.raise_flag(anna, photo, reason="Take me off.", person="Elle Valkeapää")

    assert len(raised.objections) == 1
    assert codes(anna, photo) == ("CN_WITHDRAWN", "RG_FLAGGED")
    flags.resolve_flag(application, raised.flag, outcome=FlagOutcome.LIFTED, reason="She said no.")
    assert codes(anna, photo) == ("CN_WITHDRAWN",)


def test_an_objection_shows_what_is_to_be_taken_down(
    application_for: ApplicationFor, street: str
) -> None:
    anna = application_for("anna")
    publishing.add_publication(anna, [street], PAGE_USE, address=ADDRESS)
    elle = create_person(anna, "Elle Valkeapää")
    flags.raise_flag(anna, street, reason="I am behind the window.", person=elle)
    assert [(t.publication, t.task) for t in anna.reacted.publications] == [("J-1", "T-1")]


def test_an_objection_reaches_the_photo_alone(
    application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    record_consent(anna, elle)
    photo, other = (register_photo(anna, tmp_path, MARKET, name) for name in ("a.jpg", "b.jpg"))
    for each in (photo, other):
        tag_person(anna, each, elle)
    flags.raise_flag(anna, photo, reason="Take me off.", person=elle)
    assert codes(anna, other) == ()


def test_a_guardians_objection_is_that_guardians_no(
    application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    child = add_child(anna, "Máret", date(2018, 1, 15), guardians=["Ante V", "Inga V"])
    for guardian in ("Ante V", "Inga V"):
        record_consent(anna, child, by=guardian)
    tag_person(anna, photo, child)
    assert codes(anna, photo) == ()

    flags.raise_flag(anna, photo, reason="Not this one.", person="Inga V")

    assert codes(anna, photo) == ("MI_GUARDIAN_WITHDRAWN", "RG_FLAGGED")
    [word] = [
        c
        for c in list_all(consents.list_consents(as_coordinator(anna), child))
        if c.status.state == "withdrawn"
    ]
    assert word.by == "H-4"


def test_somebody_who_was_never_asked_or_named_may_object(
    application_for: ApplicationFor, street: str
) -> None:
    anna = application_for("anna")
    elle = create_person(anna, "Elle Valkeapää")
    flags.raise_flag(anna, street, reason="I am behind the window.", person=elle)
    tag_person(anna, street, elle)
    assert "CN_WITHDRAWN" in codes(anna, street)


def test_an_outsider_is_known_to_the_coordinator_until_the_flag_is_resolved_and_no_longer(
    street: str, application_for: ApplicationFor, application: Application, registry: Registry
) -> None:
    flags.raise_flag(
        application_for("anna"), street, reason="My garden.", objector="Maija M, 040 1234567"
    )
    assert flags.show_flag(application, "F-1").objector == "Maija M, 040 1234567"
    assert flags.list_flags(application)[0].by is ObjectorKind.OUTSIDER

    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.UPHELD, reason="A private garden.")

    whole = flags.show_flag(application, "F-1")
    assert (whole.objector, whole.row.by) == ("", ObjectorKind.OUTSIDER)
    with registry.reading() as session:
        for query in ("SELECT * FROM ledger", "SELECT * FROM history"):
            stored = session.connection().execute(sa.text(query)).all()
            assert "Maija" not in str(stored)
            assert "garden" not in str(stored)


@pytest.mark.parametrize("login", ["tarja", "elina"])
def test_what_was_said_is_for_coordinators_and_for_whoever_recorded_it(
    login: str, street: str, application_for: ApplicationFor, application: Application
) -> None:
    staff.add_staff(application, login="elina", name="Elina E", role=StaffRole.EMPLOYEE)
    elle = create_person(application, "Elle Valkeapää")
    flags.raise_flag(application_for("anna"), street, reason="My sister's face.", person=elle)

    with pytest.raises(NotFound):
        flags.show_flag(application_for(login), "F-1")
    assert flags.list_flags(application_for(login)) == []
    for reader in ("anna", "kaisa", "ville"):
        assert flags.show_flag(application_for(reader), "F-1").reason == "My sister's face."
