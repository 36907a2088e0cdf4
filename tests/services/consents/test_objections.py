"""Somebody who has no say about a child wants its photos stopped: that is heard all the same."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    as_coordinator,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import NotAllowed
from photoreg.presentation.decisions import why_flagged
from photoreg.registry.ledger import Action, entries
from photoreg.registry.tables.people import GuardianBasis
from photoreg.registry.tables.photos import FlagCause, FlagOutcome, ObjectorKind
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties, ConsentRecorded, withdraw_or_object
from photoreg.services.consents.objections import ObjectionRecorded
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.decisions import checks, flags
from photoreg.services.people import blocks
from photoreg.services.people.guardians import add_guardian, end_guardian
from photoreg.services.photos import answers as photo_answers
from photoreg.services.photos import depictions, events
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.publications import publishing
from photoreg.steps import NextAction

NO = ConsentStatement(ConsentKind.WITHDRAWN, purposes=())


@pytest.fixture
def feast(application_for: ApplicationFor, tmp_path: Path) -> Application:
    """Elle (H-2), whose guardian Máret (H-3) consents, is in P-1 and P-2 of E-1 and in P-4.

    P-3 of E-1 shows nobody; Pekka (H-4) is nobody's guardian.
    """
    anna = application_for("anna")
    add_photographer(anna)
    child = add_child(anna, "Elle V", date(2018, 1, 15), guardians=["Máret V"])
    record_consent(anna, child, by="Máret V")
    create_person(anna, "Pekka P")
    events.add_event(anna, "Juhla", on=date(2026, 10, 9))
    at_feast = replace(MARKET, event="E-1")
    for name, answers in (("a", at_feast), ("b", at_feast), ("c", at_feast), ("d", MARKET)):
        register_photo(anna, tmp_path, answers, f"{name}.jpg")
    for photo in ("P-1", "P-2", "P-4"):
        tag_person(anna, photo, child)
    return anna


def codes(application: Application, photo: str) -> set[str]:
    [checked] = checks.check(as_coordinator(application), [photo], PAGE_USE)
    return set(checked.verdict.codes)


def test_a_withdrawal_by_a_stranger_stops_the_events_photos_of_the_child(
    feast: Application, application: Application, clock: Clock
) -> None:
    publishing.add_publication(feast, ["P-2"], PAGE_USE, address="https://kunta.example/1")

    told = withdraw_or_object(feast, ConsentParties("H-2", by="Pekka P", event="E-1"), NO)

    assert isinstance(told, ObjectionRecorded)
    assert told.flags == {"P-1": "F-1", "P-2": "F-2"}
    assert told.due_at == clock.now + timedelta(hours=24)
    assert [t.photo for t in feast.reacted.publications] == ["P-2"]
    assert codes(feast, "P-1") == codes(feast, "P-2") == {"RG_FLAGGED"}
    assert codes(feast, "P-4") == set()
    whole = flags.show_flag(application, "F-1")
    assert (whole.row.by, whole.person) == (ObjectorKind.PERSON, "H-4")
    assert (whole.cause, whole.person, whole.about) == (FlagCause.OBJECTION, "H-4", "H-2")
    assert why_flagged(whole) == "H-4 does not want H-2 to be shown."
    assert [row.case for row in flags.coordinator_queue(application)] == ["F-1", "F-2"]
    with application.reading() as work:
        logged = [e.action for e in entries(work.session)]
    assert logged.count(Action.FLAG_RAISED) == 2
    flags.resolve_flag(
        application, "F-1", outcome=FlagOutcome.LIFTED, reason="He is the neighbour."
    )
    assert codes(feast, "P-1") == set()


def test_without_an_event_every_photo_of_the_child_is_stopped(feast: Application) -> None:
    told = withdraw_or_object(feast, ConsentParties("H-2", by="H-4"), NO)
    assert isinstance(told, ObjectionRecorded)
    assert list(told.flags) == ["P-1", "P-2", "P-4"]


def test_one_photo_is_stopped_whoever_is_named_in_it(feast: Application) -> None:
    told = withdraw_or_object(feast, ConsentParties("H-2", by="H-4", photo="P-3"), NO)
    assert isinstance(told, ObjectionRecorded)
    assert "RG_FLAGGED" in codes(feast, "P-3")


@pytest.mark.parametrize("why", ["of age", "ended"])
def test_who_was_a_guardian_and_is_none_any_more_is_recorded(
    why: str, feast: Application, application: Application, clock: Clock
) -> None:
    if why == "of age":
        clock.now += timedelta(days=4000)
    else:
        end_guardian(application, "H-2", "H-3", on=date(2026, 10, 1))
    told = withdraw_or_object(feast, ConsentParties("H-2", by="H-3"), NO)
    assert isinstance(told, ObjectionRecorded)
    assert "RG_FLAGGED" in codes(feast, "P-1")


def test_a_guardian_and_the_person_withdraw_as_before(feast: Application) -> None:
    for by in ("H-3", None):
        told = withdraw_or_object(feast, ConsentParties("H-2", by=by), NO)
        assert isinstance(told, ConsentRecorded)
    assert flags.list_flags(feast) == []
    assert "MI_CHILD_OPPOSES" in codes(feast, "P-1")


def test_with_no_photo_to_stop_nothing_is_recorded_and_the_way_is_reported(
    feast: Application,
) -> None:
    create_person(feast, "Inga I")
    with pytest.raises(
        NotAllowed, match="none of the photos meant is known to show H-5"
    ) as refused:
        withdraw_or_object(feast, ConsentParties("H-5", by="H-4"), NO)
    assert refused.value.step is not None
    assert refused.value.step.action is NextAction.PHOTO_FLAG
    assert flags.list_flags(feast) == []
    assert not [c for c in list_all(consents.list_consents(feast)) if c.status.state == "withdrawn"]


def test_an_auditor_records_no_objection(
    feast: Application, application_for: ApplicationFor
) -> None:
    assert feast.login == "anna"
    with pytest.raises(NotAllowed):
        withdraw_or_object(application_for("tarja"), ConsentParties("H-2", by="H-4"), NO)


def test_a_no_to_one_photo_stops_it_though_it_does_not_name_them(feast: Application) -> None:
    told = withdraw_or_object(feast, ConsentParties("H-2", by="H-3", photo="P-3"), NO)
    assert isinstance(told, ConsentRecorded)
    assert told.stopped
    assert told.stopped.flags == {"P-3": "F-1"}
    assert told.recorded.photos == ("P-3",)
    assert "RG_FLAGGED" in codes(feast, "P-3")
    assert codes(feast, "P-1") == set()


def test_taking_somebody_out_of_a_photo_does_not_take_away_their_no_to_it(
    feast: Application,
) -> None:
    consents.withdraw_consent(feast, NO, parties=ConsentParties("H-2", by="H-3", photo="P-4"))
    assert codes(feast, "P-4") == {"MI_GUARDIAN_WITHDRAWN"}
    untagged = depictions.untag_persons(feast, ["P-4"], persons=["H-2"])
    assert untagged.stopped
    assert untagged.stopped.flags == {"P-4": "F-1"}
    assert "RG_FLAGGED" in codes(feast, "P-4")
    assert depictions.untag_persons(feast, ["P-1"], persons=["H-2"]).stopped is None


@pytest.mark.parametrize("event", [None, "E-1"])
def test_taking_somebody_out_does_not_take_away_a_wider_no_either(
    feast: Application, application: Application, event: str | None
) -> None:
    consents.withdraw_consent(feast, NO, parties=ConsentParties("H-2", by="H-3", event=event))
    at_feast = depictions.untag_persons(feast, ["P-1", "P-2"], persons=["H-2"])
    elsewhere = depictions.untag_persons(feast, ["P-4"], persons=["H-2"])
    assert at_feast.stopped
    assert at_feast.stopped.flags == {"P-1": "F-1", "P-2": "F-2"}
    assert (elsewhere.stopped is None) is (event is not None)
    assert "RG_FLAGGED" in codes(feast, "P-1")
    flags.resolve_flag(
        application, "F-1", outcome=FlagOutcome.LIFTED, reason="It is another child."
    )
    assert "RG_FLAGGED" not in codes(feast, "P-1")


def test_the_flag_names_the_withdrawal_that_counts_and_what_happened(
    feast: Application, application: Application
) -> None:
    """The other guardian has said yes and only refused print."""
    create_person(feast, "Niila V")
    add_guardian(
        feast, "H-2", "Niila V", basis=GuardianBasis.PARENT, verified="population register"
    )
    record_consent(feast, "H-2", by="Niila V")
    no_print = replace(NO, channels=["print"], on=date(2026, 11, 2))
    consents.withdraw_consent(feast, no_print, parties=ConsentParties("H-2", by="Niila V"))
    withdrawn = consents.withdraw_consent(feast, NO, parties=ConsentParties("H-2", by="H-3"))

    depictions.untag_persons(feast, ["P-1"], persons=["H-2"])

    flag = flags.show_flag(application, "F-1")
    assert (flag.cause, flag.person, flag.about) == (FlagCause.REMOVED, "H-3", "H-2")
    assert flag.consent == withdrawn.recorded.record_id
    assert why_flagged(flag) == (
        "H-2 was removed from this photo while a refusal or withdrawal by H-3 was in force (C-1)."
    )


def test_taking_somebody_out_who_may_not_be_shown_leaves_the_photo_stopped(
    feast: Application, application: Application
) -> None:
    blocks.block_person(application, "H-2")
    untagged = depictions.untag_persons(feast, ["P-1"], persons=["H-2"])
    assert untagged.stopped
    assert untagged.stopped.flags == {"P-1": "F-1"}
    assert "RG_FLAGGED" in codes(feast, "P-1")


def test_who_was_erased_cannot_be_taken_out_of_a_photo(
    feast: Application, application: Application
) -> None:
    erasure.erase(application, "H-2", ground=ErasureGround.REQUEST)
    with pytest.raises(NotAllowed, match="nothing more can be recorded"):
        depictions.untag_persons(feast, ["P-4"], persons=["H-2"])
    assert "CF_PUBLICATION_BLOCK" in codes(feast, "P-4")


def test_a_no_of_an_earlier_day_than_a_narrower_yes_shows_that_the_yes_holds(
    feast: Application,
) -> None:
    at_feast = ConsentParties("H-2", by="Máret V", event="E-1")
    given = consents.record_consent(
        feast, at_feast, replace(granted_consent(), on=date(2026, 10, 12))
    )
    whole = ConsentParties("H-2", by="Máret V")
    told = consents.withdraw_consent(feast, replace(NO, on=date(2026, 10, 11)), parties=whole)
    assert told.later == (given.recorded.record_id,)
    assert "MI_GUARDIAN_WITHDRAWN" not in codes(feast, "P-1")
    told = consents.withdraw_consent(feast, replace(NO, on=date(2026, 10, 12)), parties=whole)
    assert told.later == ()
    assert "MI_GUARDIAN_WITHDRAWN" in codes(feast, "P-1")


def test_naming_another_photographer_does_not_take_away_the_first_ones_no(
    feast: Application, application: Application
) -> None:
    bob = add_photographer(feast, "Bob B")
    permissions.withdraw_permission(
        feast,
        ConsentStatement(ConsentKind.WITHDRAWN),
        rights=PermissionParties("H-1", photos=("P-4",)),
    )
    assert codes(feast, "P-4") == {"CR_PERMISSION_REVOKED"}
    answered = photo_answers.answer(feast, ["P-4"], PhotoAnswers(photographers=(bob,)))
    assert answered.stopped
    assert answered.stopped.flags == {"P-4": "F-1"}
    assert "RG_FLAGGED" in codes(feast, "P-4")
    unstopped = photo_answers.answer(feast, ["P-1"], PhotoAnswers(photographers=(bob,)))
    assert unstopped.stopped is None
    assert bob not in flags.show_flag(application, "F-1").reason


def test_an_event_with_another_photographer_keeps_what_the_first_one_said_no_to(
    feast: Application, tmp_path: Path
) -> None:
    bob = add_photographer(feast, "Bob B")
    events.change_event(feast, "E-1", photographers=["H-1"])
    as_at_event = replace(MARKET, event="E-1", photographers=())
    photo = register_photo(feast, tmp_path, as_at_event, "e.jpg")
    no = ConsentStatement(ConsentKind.WITHDRAWN)
    permissions.withdraw_permission(feast, no, rights=PermissionParties("H-1", photos=(photo,)))
    changed = events.change_event(feast, "E-1", photographers=[bob])
    assert changed.stopped
    assert changed.stopped.flags == {photo: "F-1"}
