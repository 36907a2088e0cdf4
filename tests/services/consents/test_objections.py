"""Somebody who has no say about a child wants its photos stopped: that is heard all the same."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE,
    AtWork,
    a_child,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    every,
    show_in,
    yes,
)

from photoreg.errors import NotAllowed
from photoreg.presentation.decisions import why_flagged
from photoreg.registry.ledger import Action, entries
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.photos import FlagCause, FlagOutcome, Objector
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import ConsentRecorded, Whose, withdraw_or_object
from photoreg.services.consents.objections import Objected
from photoreg.services.consents.permissions import Rights
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.decisions import evaluation, flags
from photoreg.services.people import persons
from photoreg.services.people.guardians import end_guardian
from photoreg.services.photos import answers as photo_answers
from photoreg.services.photos import depictions, events
from photoreg.services.photos.answers import Answers
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace
from photoreg.steps import NextAction

NO = Spoken(ConsentKind.WITHDRAWN, purposes=())


@pytest.fixture
def feast(at_work: AtWork, tmp_path: Path) -> Workplace:
    """Elle (H-2), whose guardian Máret (H-3) consents, is in P-1 and P-2 of E-1 and in P-4.

    P-3 of E-1 shows nobody; Pekka (H-4) is nobody's guardian.
    """
    anna = at_work("anna")
    a_photographer(anna)
    child = a_child(anna, "Elle V", date(2018, 1, 15), guardians=["Máret V"])
    consents_to(anna, child, by="Máret V")
    a_person(anna, "Pekka P")
    events.add_event(anna, "Juhla", on=date(2026, 10, 9))
    at_feast = replace(MARKET, event="E-1")
    for name, answers in (("a", at_feast), ("b", at_feast), ("c", at_feast), ("d", MARKET)):
        a_photo(anna, tmp_path, answers, f"{name}.jpg")
    for photo in ("P-1", "P-2", "P-4"):
        show_in(anna, photo, child)
    return anna


def codes(workplace: Workplace, photo: str) -> set[str]:
    [checked] = evaluation.check(workplace, [photo], PAGE)
    return set(checked.verdict.codes)


def test_a_withdrawal_by_a_stranger_stops_the_events_photos_of_the_child(
    feast: Workplace, workplace: Workplace, clock: Clock
) -> None:
    publishing.add_publication(feast, "P-2", PAGE, address="https://kunta.example/1")

    told = withdraw_or_object(feast, Whose("H-2", by="Pekka P", event="E-1"), NO)

    assert isinstance(told, Objected)
    assert told.flags == {"P-1": "F-1", "P-2": "F-2"}
    assert told.due_at == clock.now + timedelta(hours=24)
    assert [t.photo for t in feast.reacted.publications] == ["P-2"]
    assert codes(feast, "P-1") == codes(feast, "P-2") == {"RG_FLAGGED"}
    assert codes(feast, "P-4") == set()
    whole = flags.show_flag(workplace, "F-1")
    assert (whole.row.by, whole.person) == (Objector.PERSON, "H-4")
    assert (whole.cause, whole.person, whole.about) == (FlagCause.OBJECTION, "H-4", "H-2")
    assert why_flagged(whole) == "H-4 does not want H-2 to be shown."
    assert [row.case for row in flags.queue(workplace)] == ["F-1", "F-2"]
    with workplace.reading() as desk:
        logged = [e.action for e in entries(desk.session)]
    assert logged.count(Action.FLAG_RAISED) == 2
    flags.resolve(workplace, "F-1", outcome=FlagOutcome.LIFTED, reason="He is the neighbour.")
    assert codes(feast, "P-1") == set()


def test_without_an_event_every_photo_of_the_child_is_stopped(feast: Workplace) -> None:
    told = withdraw_or_object(feast, Whose("H-2", by="H-4"), NO)
    assert isinstance(told, Objected)
    assert list(told.flags) == ["P-1", "P-2", "P-4"]


def test_one_photo_is_stopped_whoever_is_named_in_it(feast: Workplace) -> None:
    told = withdraw_or_object(feast, Whose("H-2", by="H-4", photo="P-3"), NO)
    assert isinstance(told, Objected)
    assert "RG_FLAGGED" in codes(feast, "P-3")


@pytest.mark.parametrize("why", ["of age", "ended"])
def test_who_was_a_guardian_and_is_none_any_more_is_heard(
    why: str, feast: Workplace, workplace: Workplace, clock: Clock
) -> None:
    if why == "of age":
        clock.now += timedelta(days=4000)
    else:
        end_guardian(workplace, "H-2", "H-3")
    told = withdraw_or_object(feast, Whose("H-2", by="H-3"), NO)
    assert isinstance(told, Objected)
    assert "RG_FLAGGED" in codes(feast, "P-1")


def test_a_guardian_and_the_person_withdraw_as_before(feast: Workplace) -> None:
    for by in ("H-3", None):
        told = withdraw_or_object(feast, Whose("H-2", by=by), NO)
        assert isinstance(told, ConsentRecorded)
    assert flags.list_flags(feast) == []
    assert "MI_CHILD_OPPOSES" in codes(feast, "P-1")


def test_with_no_photo_to_stop_nothing_is_recorded_and_the_way_is_told(feast: Workplace) -> None:
    a_person(feast, "Inga I")
    with pytest.raises(
        NotAllowed, match="none of the photos meant is known to show H-5"
    ) as refused:
        withdraw_or_object(feast, Whose("H-5", by="H-4"), NO)
    assert refused.value.step is not None
    assert refused.value.step.action is NextAction.PHOTO_FLAG
    assert flags.list_flags(feast) == []
    assert not [c for c in every(consents.list_consents(feast)) if c["state"] == "withdrawn"]


def test_an_auditor_records_no_objection(feast: Workplace, at_work: AtWork) -> None:
    assert feast.login == "anna"
    with pytest.raises(NotAllowed):
        withdraw_or_object(at_work("tarja"), Whose("H-2", by="H-4"), NO)


def test_a_no_to_one_photo_stops_it_though_it_does_not_name_them(feast: Workplace) -> None:
    told = withdraw_or_object(feast, Whose("H-2", by="H-3", photo="P-3"), NO)
    assert isinstance(told, ConsentRecorded)
    assert told.stopped
    assert told.stopped.flags == {"P-3": "F-1"}
    assert told.recorded.photos == ("P-3",)
    assert "RG_FLAGGED" in codes(feast, "P-3")
    assert codes(feast, "P-1") == set()


def test_taking_somebody_out_of_a_photo_does_not_take_away_their_no_to_it(
    feast: Workplace,
) -> None:
    consents.withdraw(feast, NO, whose=Whose("H-2", by="H-3", photo="P-4"))
    assert codes(feast, "P-4") == {"MI_GUARDIAN_WITHDRAWN"}
    untagged = depictions.untag(feast, ["P-4"], persons=["H-2"])
    assert untagged.stopped
    assert untagged.stopped.flags == {"P-4": "F-1"}
    assert "RG_FLAGGED" in codes(feast, "P-4")
    assert depictions.untag(feast, ["P-1"], persons=["H-2"]).stopped is None


@pytest.mark.parametrize("event", [None, "E-1"])
def test_taking_somebody_out_does_not_take_away_a_wider_no_either(
    feast: Workplace, workplace: Workplace, event: str | None
) -> None:
    consents.withdraw(feast, NO, whose=Whose("H-2", by="H-3", event=event))
    at_feast = depictions.untag(feast, ["P-1", "P-2"], persons=["H-2"])
    elsewhere = depictions.untag(feast, ["P-4"], persons=["H-2"])
    assert at_feast.stopped
    assert at_feast.stopped.flags == {"P-1": "F-1", "P-2": "F-2"}
    assert (elsewhere.stopped is None) is (event is not None)
    assert "RG_FLAGGED" in codes(feast, "P-1")
    flags.resolve(workplace, "F-1", outcome=FlagOutcome.LIFTED, reason="It is another child.")
    assert "RG_FLAGGED" not in codes(feast, "P-1")


def test_taking_somebody_out_who_may_not_be_shown_leaves_the_photo_stopped(
    feast: Workplace, workplace: Workplace
) -> None:
    persons.block_person(workplace, "H-2")
    untagged = depictions.untag(feast, ["P-1"], persons=["H-2"])
    assert untagged.stopped
    assert untagged.stopped.flags == {"P-1": "F-1"}
    assert "RG_FLAGGED" in codes(feast, "P-1")


def test_who_was_erased_cannot_be_taken_out_of_a_photo(
    feast: Workplace, workplace: Workplace
) -> None:
    erasure.erase(workplace, "H-2", ground=ErasureGround.REQUEST)
    with pytest.raises(NotAllowed, match="was erased"):
        depictions.untag(feast, ["P-4"], persons=["H-2"])
    assert "CF_PUBLICATION_BLOCK" in codes(feast, "P-4")


def test_a_no_of_an_earlier_day_than_a_narrower_yes_tells_that_the_yes_stands(
    feast: Workplace,
) -> None:
    at_feast = Whose("H-2", by="Máret V", event="E-1")
    given = consents.record(feast, at_feast, replace(yes(), on=date(2026, 10, 12)))
    whole = Whose("H-2", by="Máret V")
    told = consents.withdraw(feast, replace(NO, on=date(2026, 10, 11)), whose=whole)
    assert told.later == (given.recorded.thread,)
    assert "MI_GUARDIAN_WITHDRAWN" not in codes(feast, "P-1")
    told = consents.withdraw(feast, replace(NO, on=date(2026, 10, 12)), whose=whole)
    assert told.later == ()
    assert "MI_GUARDIAN_WITHDRAWN" in codes(feast, "P-1")


def test_naming_another_photographer_does_not_take_away_the_first_ones_no(
    feast: Workplace, workplace: Workplace
) -> None:
    bob = a_photographer(feast, "Bob B")
    permissions.withdraw(
        feast, Spoken(ConsentKind.WITHDRAWN), rights=Rights("H-1", photos=("P-4",))
    )
    assert codes(feast, "P-4") == {"CR_PERMISSION_REVOKED"}
    answered = photo_answers.answer(feast, ["P-4"], Answers(photographers=(bob,)))
    assert answered.stopped
    assert answered.stopped.flags == {"P-4": "F-1"}
    assert "RG_FLAGGED" in codes(feast, "P-4")
    unstopped = photo_answers.answer(feast, ["P-1"], Answers(photographers=(bob,)))
    assert unstopped.stopped is None
    assert bob not in flags.show_flag(workplace, "F-1").words


def test_an_event_with_another_photographer_keeps_what_the_first_one_said_no_to(
    feast: Workplace, tmp_path: Path
) -> None:
    bob = a_photographer(feast, "Bob B")
    events.change_event(feast, "E-1", photographers=["H-1"])
    as_at_event = replace(MARKET, event="E-1", photographers=())
    photo = a_photo(feast, tmp_path, as_at_event, "e.jpg")
    no = Spoken(ConsentKind.WITHDRAWN)
    permissions.withdraw(feast, no, rights=Rights("H-1", photos=(photo,)))
    changed = events.change_event(feast, "E-1", photographers=[bob])
    assert changed.stopped
    assert changed.stopped.flags == {photo: "F-1"}
