"""Who is expected at an event: where their consents reach, and who must not be shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Clock
from tests.services.scenes import a_child, a_person, consents_to, refuses, yes

from photoreg.errors import NotFound
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.consents import ConsentKind
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.organisation import channels, policy, registry_setup
from photoreg.services.people import persons
from photoreg.services.photos import events, roster_consents
from photoreg.services.unit_of_work import Workplace

AtWork = Callable[[str], Workplace]
PAGE, PAPER, SITE = "kunta-public-page", "kunta-print", "kunta-website"


@pytest.fixture
def feast(workplace: Workplace) -> Workplace:
    """E-1 with the child H-1 of guardians H-2 and H-3, and the adult H-4, on its roster."""
    a_child(workplace, "Elle Valkeapää", date(2018, 3, 2), ["Máret", "Ante"])
    a_person(workplace, "Opettaja")
    events.add_event(workplace, "Juhla", on=date(2026, 5, 30), roster=["H-1", "H-4"])
    return workplace


def row(workplace: Workplace, person: str) -> dict[str, Any]:
    return next(r for r in roster_consents.expected_at(workplace, "E-1") if r["person"] == person)


def listed(workplace: Workplace, channel: str | None = None) -> list[str]:
    return [person for person, _name in roster_consents.no_photos(workplace, "E-1", channel).people]


def test_nobody_who_was_not_asked_may_be_shown_and_guardians_are_to_ask(feast: Workplace) -> None:
    child, adult = row(feast, "H-1"), row(feast, "H-4")
    assert (child["channels"], child["until"]) == ([], None)
    assert child["missing"] == ["MI_GUARDIAN_CONSENT_MISSING"]
    assert child["ask"] == ["H-2", "H-3"]
    assert (adult["missing"], adult["ask"]) == (["CN_NO_CONSENT"], ["H-4"])
    assert listed(feast) == ["H-1", "H-4"]


def test_the_guardian_who_has_not_answered_is_the_one_to_ask(feast: Workplace) -> None:
    consents_to(feast, "H-1", by="H-2")
    child = row(feast, "H-1")
    assert child["missing"] == ["MI_GUARDIAN_PARTIAL"]
    assert child["ask"] == ["H-3"]
    assert PAGE not in child["channels"]
    consents_to(feast, "H-1", by="H-3")
    child = row(feast, "H-1")
    assert {PAGE, PAPER, SITE} <= set(child["channels"])
    assert listed(feast) == ["H-4"]


KINDS = ("public_page", "print", "website")


def test_consents_reach_until_the_earliest_end_or_the_eighteenth_birthday(
    feast: Workplace,
) -> None:
    for guardian in ("H-2", "H-3"):
        consents_to(feast, "H-1", by=guardian)
    # From 15 on the child is asked too, and nothing was said by the child.
    assert row(feast, "H-1")["until"] == "2033-03-01"
    child_says = Spoken(ConsentKind.GIVEN, KINDS, until=date(2099, 1, 1), paper="1")
    consents.record(feast, Whose("H-1"), child_says)
    assert row(feast, "H-1")["until"] == "2036-03-01"
    shorter = Spoken(ConsentKind.GIVEN, ("public_page",), until=date(2026, 12, 24), paper="1")
    consents.record(feast, Whose("H-1", by="H-3"), shorter)
    assert row(feast, "H-1")["until"] == "2026-12-24"


def test_an_adult_s_consent_without_an_end_has_none(feast: Workplace) -> None:
    said = Spoken(ConsentKind.GIVEN, ("public_page",), open_ended=True, paper="1")
    consents.record(feast, Whose("H-4"), said)
    adult = row(feast, "H-4")
    assert (PAGE in adult["channels"], adult["until"]) == (True, None)
    assert (adult["missing"], adult["ask"]) == (["CN_SCOPE_CHANNEL"], ["H-4"])


def test_a_consent_for_another_event_does_not_reach_this_one(feast: Workplace) -> None:
    events.add_event(feast, "Toinen", on=date(2026, 6, 1), roster=["H-4"])
    consents.record(feast, Whose("H-4", event="Toinen"), yes())
    assert row(feast, "H-4")["channels"] == []
    [elsewhere] = roster_consents.expected_at(feast, "Toinen")
    assert PAGE in elsewhere["channels"]


def test_nobody_is_asked_again_after_a_no(feast: Workplace) -> None:
    consents_to(feast, "H-4")
    refuses(feast, "H-4")
    adult = row(feast, "H-4")
    assert (adult["missing"], adult["ask"]) == (["CN_WITHDRAWN"], [])


def test_a_yes_ends_by_the_day_without_anybody_doing_anything(
    feast: Workplace, clock: Clock
) -> None:
    said = Spoken(ConsentKind.GIVEN, ("public_page",), until=date(2026, 12, 24), paper="1")
    consents.record(feast, Whose("H-4"), said)
    clock.now = datetime(2026, 12, 24, 12, tzinfo=UTC)
    assert "H-4" not in listed(feast)
    clock.now = datetime(2026, 12, 25, 12, tzinfo=UTC)
    assert "H-4" in listed(feast)


def test_the_roster_never_shows_a_block_and_the_no_photo_list_gives_no_reason(
    feast: Workplace,
) -> None:
    consents_to(feast, "H-4")
    before = roster_consents.expected_at(feast, "E-1")
    assert listed(feast) == ["H-1"]
    persons.block_person(feast, "H-4")
    assert roster_consents.expected_at(feast, "E-1") == before
    blocked_and_unasked = roster_consents.no_photos(feast, "E-1").people
    assert blocked_and_unasked == (("H-1", "Elle Valkeapää"), ("H-4", "Opettaja"))


def test_the_no_photo_list_is_about_the_channel_that_is_asked(feast: Workplace) -> None:
    consents_to(feast, "H-4", yes("print"))
    assert "H-4" in listed(feast)
    assert "H-4" not in listed(feast, PAPER)
    assert listed(feast, "kunta-closed-work-group") == ["H-1", "H-4"]
    with pytest.raises(NotFound):
        roster_consents.no_photos(feast, "E-1", "nowhere")


def test_a_channel_whose_service_changed_its_terms_needs_a_new_yes(feast: Workplace) -> None:
    policy.set_policy(feast, {"closed_group": "own_scope"})
    consents_to(feast, "H-4", yes("closed_group"))
    assert "kunta-closed-group" in row(feast, "H-4")["channels"]
    channels.note_changed_terms(feast, channel="kunta-closed-group")
    assert "CH_TERMS_CHANGED" in row(feast, "H-4")["missing"]
    assert "H-4" in listed(feast, "kunta-closed-group")


def test_without_any_channel_the_public_page_is_what_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    registry_setup.create_registry(path, organisation="Kunta", login="kaisa", name="Kaisa")
    registry = Registry.open(path)
    workplace = Workplace(registry, "kaisa", Clock())
    a_person(workplace, "Ante")
    events.add_event(workplace, "Juhla", on=date(2026, 5, 30), roster=["Ante"])
    assert row(workplace, "H-1")["missing"] == ["CN_NO_CONSENT"]
    consents_to(workplace, "H-1", yes("public_page"))
    assert row(workplace, "H-1")["channels"] == ["public_page"]
    registry.close()


@pytest.mark.usefixtures("feast")
def test_an_auditor_sees_no_names(at_work: AtWork) -> None:
    assert {r["name"] for r in roster_consents.expected_at(at_work("tarja"), "E-1")} == {None}
    assert {name for _id, name in roster_consents.no_photos(at_work("tarja"), "E-1").people} == {""}
