"""Undoing what was recorded last: only one's own, and no door past a second look."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.logged import logged
from tests.services.decisions.test_second_looks import TickingClock
from tests.services.publications.test_corrections import NO, codes, publish, say
from tests.services.scenes import (
    MARKET,
    add_photographer,
    as_coordinator,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import NotAllowed
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.facts import Confidentiality, ConsentKind, Place, Shot
from photoreg.services.application import Application
from photoreg.services.decisions import flags
from photoreg.services.people import blocks
from photoreg.services.photos import answers, depictions, details, events
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.forgetting import forget_photos
from photoreg.services.publications.corrections import correct_consent, correct_publication
from photoreg.services.undo import Undone, last_recording, undo_last
from photoreg.steps import NextAction, NextStep


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def elle(anna: Application, tmp_path: Path) -> Application:
    """P-1 shows Elle, H-2, who has consented: C-1."""
    add_photographer(anna)
    create_person(anna, "Elle")
    tag_person(
        anna, register_photo(anna, tmp_path, replace(MARKET, shot=Shot.PERSON_SUBJECT)), "Elle"
    )
    record_consent(anna, "Elle")
    return anna


def undo(application: Application) -> Undone:
    return undo_last(application, last_recording(application).entry)


def people_in(application: Application, photo: str = "P-1") -> list[str | None]:
    return [person.person for person in details.show_photo(application, photo).people]


def answer_of(application: Application, question: str) -> object:
    shown = details.show_photo(application, "P-1").answers
    return next(each.answer for each in shown if each.question == question)


def test_consents_are_undone_one_after_the_other(elle: Application) -> None:
    say(elle, NO)
    assert last_recording(elle).action == "consent.refused"
    [corrected] = undo(elle).corrected
    assert corrected.outcome is SecondLookOutcome.CORRECTED
    assert codes(elle) == set()
    [before] = undo(elle).corrected
    assert (before.kind, codes(elle)) == ("given", {"CN_NO_CONSENT"})


def test_a_publication_is_undone(elle: Application) -> None:
    publish(elle)
    [corrected] = undo(elle).corrected
    assert (corrected.record, corrected.counts) == ("J-1", False)


def test_a_no_that_was_typed_longer_ago_waits_for_a_colleague(
    elle: Application, clock: TickingClock
) -> None:
    say(elle, NO)
    clock.now += timedelta(minutes=16)
    [corrected] = undo(elle).corrected
    assert corrected.outcome is None
    assert codes(elle) == {"CN_REFUSED"}


def test_answers_are_put_back(elle: Application) -> None:
    answers.answer(elle, ["P-1"], PhotoAnswers(place=Place.PRIVATE_HOME, place_permission=False))
    assert "PL_NOT_PUBLIC" in codes(elle)
    assert undo(elle).photos == ("P-1",)
    assert answer_of(elle, "place") == "public_outdoor"
    assert codes(elle) == {"RG_SECOND_LOOK"}


def test_an_answer_that_stood_in_nobodys_way_is_put_back_without_a_second_look(
    elle: Application,
) -> None:
    answers.answer(elle, ["P-1"], PhotoAnswers(place=Place.OFFICE_LOBBY))
    undo(elle)
    assert answer_of(elle, "place") == "public_outdoor"
    assert codes(elle) == set()


def test_whoever_was_named_is_taken_out_again_and_a_colleague_looks(elle: Application) -> None:
    create_person(elle, "Biret")
    depictions.tag_persons(elle, ["P-1"], persons=["Biret"])
    undo(elle)
    assert people_in(elle) == ["H-2"]
    assert codes(elle) == {"RG_SECOND_LOOK"}


def test_whoever_was_taken_out_is_named_again(elle: Application) -> None:
    depictions.untag_persons(elle, ["P-1"], persons=["Elle"])
    assert "RG_SECOND_LOOK" in codes(elle)
    undo(elle)
    assert people_in(elle) == ["H-2"]
    assert codes(elle) == set()


def test_a_photo_that_is_moved_back_keeps_the_refusals_of_its_event(elle: Application) -> None:
    for name in ("Feast", "Fair"):
        events.add_event(elle, name, on=date(2026, 10, 3))
    answers.answer(elle, ["P-1"], PhotoAnswers(event="E-1"))
    answers.answer(elle, ["P-1"], PhotoAnswers(event="E-2"))
    say(as_coordinator(elle), NO, event="E-2")
    undo(elle)
    assert details.show_photo(elle, "P-1").event == "E-1"
    assert "CN_REFUSED" in codes(elle)


def test_a_block_of_a_photo_is_lifted_by_a_coordinator_only(elle: Application) -> None:
    answers.answer(elle, ["P-1"], PhotoAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK))
    with pytest.raises(NotAllowed):
        undo(elle)
    assert codes(elle) == {"RG_STOPPED"}


def test_what_others_have_changed_since_is_not_undone(elle: Application) -> None:
    answers.answer(elle, ["P-1"], PhotoAnswers(place=Place.OFFICE_LOBBY))
    answers.answer(as_coordinator(elle), ["P-1"], PhotoAnswers(place=Place.PRIVATE_HOME))
    with pytest.raises(NotAllowed, match="since"):
        undo(elle)
    assert answer_of(elle, "place") == "private_home"


@pytest.mark.parametrize("what", ["block", "flag", "objection", "registration"])
def test_what_cannot_be_undone_is_told_with_what_to_do(
    elle: Application, tmp_path: Path, what: str
) -> None:
    if what == "block":
        blocks.block_person(elle, "Elle")
    elif what == "registration":
        register_photo(elle, tmp_path, name="other.jpg")
    else:
        who = "Elle" if what == "objection" else None
        flags.raise_flag(elle, "P-1", reason="A house.", person=who)
    before = codes(as_coordinator(elle))
    with pytest.raises(NotAllowed) as refused:
        undo(elle)
    assert refused.value.hint
    if what == "registration":
        assert refused.value.step == NextStep.to(NextAction.PHOTO_FORGET, photo="P-2")
    assert codes(as_coordinator(elle)) == before


def test_a_forgotten_photo_is_registered_again(elle: Application, tmp_path: Path) -> None:
    kaisa = as_coordinator(elle)
    register_photo(kaisa, tmp_path, PhotoAnswers(), "other.jpg")
    forget_photos(kaisa, ["P-2"])
    with pytest.raises(NotAllowed, match="cannot be undone") as refused:
        undo(kaisa)
    assert refused.value.step == NextStep.to(NextAction.PHOTO_REGISTER, "file")


def test_only_what_one_has_recorded_oneself_is_undone(elle: Application) -> None:
    with pytest.raises(NotAllowed):
        last_recording(replace(elle, login="ville"))


def test_nothing_is_undone_that_was_not_shown(elle: Application) -> None:
    shown = last_recording(elle)
    say(elle, NO)
    with pytest.raises(NotAllowed, match="meanwhile"):
        undo_last(elle, shown.entry)
    assert codes(elle) == {"CN_REFUSED"}


def test_exactly_ones_own_statement_is_undone_though_others_recorded_since(
    elle: Application, clock: TickingClock
) -> None:
    clock.now += timedelta(days=1)
    say(elle, NO)
    say(as_coordinator(elle), replace(granted_consent(), on=clock.now.date()))
    [corrected] = undo(elle).corrected
    assert (corrected.kind, corrected.counts) == ("refused", False)
    assert codes(elle) == set()


def test_the_same_no_of_a_colleague_stands_when_ones_own_is_undone(elle: Application) -> None:
    say(elle, NO)
    say(as_coordinator(elle), NO)
    undo(elle)
    assert codes(elle) == {"CN_REFUSED"}


def test_what_was_corrected_by_itself_is_not_undone_again(elle: Application) -> None:
    say(elle, NO)
    correct_consent(elle, "C-1")
    [corrected] = undo(elle).corrected
    assert corrected.kind == "given"


@pytest.mark.parametrize("first", ["undo", "correct"])
def test_what_waits_for_a_colleague_is_told_calmly_and_not_logged_as_undone(
    elle: Application, clock: TickingClock, first: str
) -> None:
    say(elle, NO)
    clock.now += timedelta(minutes=16)
    if first == "undo":
        undo(elle)
    else:
        correct_consent(elle, "C-1")
    with pytest.raises(NotAllowed, match="waits for another"):
        undo(elle)
    with elle.reading() as work:
        assert "recording.undone" not in {entry.action for entry in logged(work.session)}
    assert codes(elle) == {"CN_REFUSED"}


def test_a_publication_that_was_corrected_is_not_undone_again(elle: Application) -> None:
    say(elle, replace(granted_consent(), kind=ConsentKind.RENEWED))
    correct_publication(elle, publish(elle))
    [corrected] = undo(elle).corrected
    assert corrected.record == "C-1"


def test_a_publication_that_waits_for_a_colleague_is_told_calmly(
    elle: Application, clock: TickingClock
) -> None:
    publish(elle)
    clock.now += timedelta(minutes=16)
    undo(elle)
    with pytest.raises(NotAllowed, match="waits for another"):
        undo(elle)
