"""Who is expected at an event: where their consents reach, and who must not be shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    add_child,
    create_person,
    granted_consent,
    record_consent,
    withdraw_consent,
)

from photoreg.errors import NotFound
from photoreg.registry.engines.database import Registry
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.organisation import channels, policy, registry_setup
from photoreg.services.people import blocks
from photoreg.services.photos import events, roster_consents
from photoreg.services.photos.roster_consents import RosterConsents

AtWork = Callable[[str], Application]
PAGE, PAPER, SITE = "kunta-public-page", "kunta-print", "kunta-website"


@pytest.fixture
def feast(application: Application) -> Application:
    """E-1 with the child H-1 of guardians H-2 and H-3, and the adult H-4, on its roster."""
    add_child(application, "Elle Valkeapää", date(2018, 3, 2), ["Máret", "Ante"])
    create_person(application, "Opettaja")
    events.add_event(application, "Juhla", on=date(2026, 5, 30), roster=["H-1", "H-4"])
    return application


def row(application: Application, person: str) -> RosterConsents:
    return next(
        r for r in roster_consents.roster_consents(application, "E-1") if r.person == person
    )


def listed(application: Application, channel: str | None = None) -> list[str]:
    return [
        person
        for person, _name in roster_consents.no_photo_list(application, "E-1", channel).people
    ]


def test_nobody_who_was_not_asked_may_be_shown_and_guardians_are_to_ask(feast: Application) -> None:
    child, adult = row(feast, "H-1"), row(feast, "H-4")
    assert (child.channels, child.until) == ((), None)
    assert child.missing == ("MI_GUARDIAN_CONSENT_MISSING",)
    assert child.ask == (
        "H-2",
        "H-3",
    )
    assert (adult.missing, adult.ask) == (("CN_NO_CONSENT",), ("H-4",))
    assert listed(feast) == ["H-1", "H-4"]


def test_the_guardian_who_has_not_answered_is_the_one_to_ask(feast: Application) -> None:
    record_consent(feast, "H-1", by="H-2")
    child = row(feast, "H-1")
    assert child.missing == ("MI_GUARDIAN_PARTIAL",)
    assert child.ask == ("H-3",)
    assert PAGE not in child.channels
    record_consent(feast, "H-1", by="H-3")
    child = row(feast, "H-1")
    assert {PAGE, PAPER, SITE} <= set(child.channels)
    assert listed(feast) == ["H-4"]


KINDS = ("public_page", "print", "website", "internal")


def test_consents_reach_until_the_earliest_end_or_the_eighteenth_birthday(
    feast: Application,
) -> None:
    for guardian in ("H-2", "H-3"):
        record_consent(feast, "H-1", by=guardian)
    # From 15 on the child is asked too, and nothing was said by the child.
    assert row(feast, "H-1").until == "2033-03-01"
    child_says = ConsentStatement(ConsentKind.GIVEN, KINDS, until=date(2099, 1, 1), paper="1")
    consents.record_consent(feast, ConsentParties("H-1"), child_says)
    assert row(feast, "H-1").until == "2036-03-01"
    shorter = ConsentStatement(
        ConsentKind.GIVEN, ("public_page",), until=date(2026, 12, 24), paper="1"
    )
    consents.record_consent(feast, ConsentParties("H-1", by="H-3"), shorter)
    assert row(feast, "H-1").until == "2036-03-01"  # a yes takes nothing away


def test_of_several_consents_the_earliest_end_is_reported(feast: Application) -> None:
    for channel, until in (("print", date(2027, 5, 1)), ("public_page", date(2026, 12, 24))):
        said = ConsentStatement(ConsentKind.GIVEN, (channel,), until=until, paper="1")
        consents.record_consent(feast, ConsentParties("H-4"), said)
    assert row(feast, "H-4").until == "2026-12-24"


def test_an_adult_s_consent_without_an_end_has_none(feast: Application) -> None:
    said = ConsentStatement(ConsentKind.GIVEN, ("public_page",), open_ended=True, paper="1")
    consents.record_consent(feast, ConsentParties("H-4"), said)
    adult = row(feast, "H-4")
    assert (PAGE in adult.channels, adult.until) == (True, None)
    assert (adult.missing, adult.ask) == (("CN_SCOPE_CHANNEL",), ("H-4",))


def test_a_consent_for_another_event_does_not_reach_this_one(feast: Application) -> None:
    events.add_event(feast, "Toinen", on=date(2026, 6, 1), roster=["H-4"])
    consents.record_consent(feast, ConsentParties("H-4", event="Toinen"), granted_consent())
    assert row(feast, "H-4").channels == ()
    [elsewhere] = roster_consents.roster_consents(feast, "Toinen")
    assert PAGE in elsewhere.channels


def test_nobody_is_asked_again_after_a_no(feast: Application) -> None:
    record_consent(feast, "H-4")
    withdraw_consent(feast, "H-4")
    adult = row(feast, "H-4")
    assert (adult.missing, adult.ask) == (("CN_WITHDRAWN",), ())


def test_a_yes_ends_by_the_day_without_anybody_doing_anything(
    feast: Application, clock: Clock
) -> None:
    said = ConsentStatement(
        ConsentKind.GIVEN, ("public_page",), until=date(2026, 12, 24), paper="1"
    )
    consents.record_consent(feast, ConsentParties("H-4"), said)
    clock.now = datetime(2026, 12, 24, 12, tzinfo=UTC)
    assert "H-4" not in listed(feast)
    clock.now = datetime(2026, 12, 25, 12, tzinfo=UTC)
    assert "H-4" in listed(feast)


def test_who_is_blocked_is_on_the_roster_like_who_has_not_answered(
    feast: Application, application_for: AtWork
) -> None:
    anna = application_for("anna")
    unanswered = roster_consents.roster_consents(anna, "E-1")
    record_consent(feast, "H-4")
    assert listed(feast) == ["H-1"]
    blocks.block_person(feast, "H-4")
    for reader in (anna, feast):
        assert roster_consents.roster_consents(reader, "E-1") == unanswered
    blocked_and_unasked = roster_consents.no_photo_list(feast, "E-1").people
    assert blocked_and_unasked == (("H-1", "Elle Valkeapää"), ("H-4", "Opettaja"))


def test_the_no_photo_list_is_about_the_channel_that_is_asked(feast: Application) -> None:
    record_consent(feast, "H-4", granted_consent("print"))
    assert "H-4" in listed(feast)
    assert "H-4" not in listed(feast, PAPER)
    assert listed(feast, "kunta-closed-work-group") == ["H-1", "H-4"]
    with pytest.raises(NotFound):
        roster_consents.no_photo_list(feast, "E-1", "nowhere")


def test_a_channel_whose_service_changed_its_terms_needs_a_new_yes(feast: Application) -> None:
    policy.set_policy(feast, {"closed_group": "own_scope"})
    record_consent(feast, "H-4", granted_consent("closed_group"))
    assert "kunta-closed-group" in row(feast, "H-4").channels
    channels.record_terms_change(feast, channel="kunta-closed-group")
    assert "CH_TERMS_CHANGED" in row(feast, "H-4").missing
    assert "H-4" in listed(feast, "kunta-closed-group")


def test_without_any_channel_the_public_page_is_what_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    clock = Clock()
    registry_setup.create_registry(
        path, organisation="Kunta", login="kaisa", name="Kaisa", clock=clock
    )
    registry = Registry.open(path)
    application = Application(registry, "kaisa", clock)
    create_person(application, "Ante")
    events.add_event(application, "Juhla", on=date(2026, 5, 30), roster=["Ante"])
    assert row(application, "H-1").missing == ("CN_NO_CONSENT",)
    record_consent(application, "H-1", granted_consent("public_page"))
    assert row(application, "H-1").channels == ("public_page",)
    registry.close()


@pytest.mark.usefixtures("feast")
def test_an_auditor_sees_no_names(application_for: AtWork) -> None:
    assert {r.name for r in roster_consents.roster_consents(application_for("tarja"), "E-1")} == {
        None
    }
    assert {
        name for _id, name in roster_consents.no_photo_list(application_for("tarja"), "E-1").people
    } == {""}


def test_nothing_is_missing_because_of_another_s_channel(feast: Application) -> None:
    for guardian in ("H-2", "H-3"):
        record_consent(feast, "H-1", by=guardian)
    child = row(feast, "H-1")
    assert (child.missing, child.ask) == ((), ())
    assert "kunta-press" not in child.channels
