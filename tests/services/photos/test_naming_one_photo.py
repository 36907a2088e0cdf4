"""Naming one photo: people, count and answers in one change, never over a colleague's."""

from datetime import date
from pathlib import Path

import pytest
from tests.services.decisions.test_second_looks import TickingClock
from tests.services.publications.test_corrections import codes
from tests.services.scenes import (
    PAGE_USE,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
)

from photoreg.errors import ChangedMeanwhile, InputDataError, NotAllowed, NotFound
from photoreg.rulebook.facts import Confidentiality, People, Place, Shot
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.people.visible_names import search_persons
from photoreg.services.photos import answers, depictions, events
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.photos.naming.one_photo import (
    NamingStatement,
    PhotoToName,
    Stated,
    first_to_name,
    photo_to_name,
    preview_statement,
    record_statement,
)
from photoreg.services.undo import last_recording, undo_last

ABOUT_ALL = EventAnswers(
    place=Place.PUBLIC_OUTDOOR,
    shot=Shot.PERSON_SUBJECT,
    confidentiality=Confidentiality.NONE,
    sensitive=False,
)


@pytest.fixture
def clock() -> TickingClock:
    """Changes are told apart by their time."""
    return TickingClock()


@pytest.fixture
def feast(anna: Application, tmp_path: Path) -> Application:
    """E-1 with Elle, H-2, and Nils, H-3, on its roster, and two photos without answers."""
    photographer = add_photographer(anna)
    for name in ("Elle Magga", "Nils Magga"):
        create_person(anna, name)
    events.add_event(anna, "Syysjuhla", on=date(2026, 10, 2), roster=["H-2", "H-3"])
    for name in ("one.jpg", "two.jpg"):
        register_photo(
            anna, tmp_path, PhotoAnswers(event="E-1", photographers=(photographer,)), name
        )
    return anna


def said(found: PhotoToName, *persons: str, **more: object) -> NamingStatement:
    seen = {"seen": found.seen, "event_seen": found.event_seen}
    return NamingStatement(persons=persons, is_everybody=True, **seen, **more)  # type: ignore[arg-type]


def name(application: Application, *persons: str, photo: str = "P-1", **more: object) -> Stated:
    statement = said(photo_to_name(application, photo), *persons, **more)
    return record_statement(application, photo, statement)


def test_people_count_and_answers_of_the_event_are_recorded_in_one_change(
    feast: Application,
) -> None:
    for person in ("Elle Magga", "Nils Magga"):
        record_consent(feast, person)
    done = name(feast, "H-2", "H-3", of_event=ABOUT_ALL)
    assert (done.added, done.of_event) == (
        ("H-2", "H-3"),
        ("confidentiality", "place", "sensitive", "shot"),
    )
    assert codes(feast) == set()
    assert photo_to_name(feast, "P-2").of_event["place"] is Place.PUBLIC_OUTDOOR


def test_a_preview_shows_the_verdicts_of_the_event_and_records_nothing(feast: Application) -> None:
    for person in ("Elle Magga", "Nils Magga"):
        record_consent(feast, person)
    name(feast, photo="P-2", answers=PhotoAnswers(people=People.NONE))
    before = photo_to_name(feast, "P-1")
    entry = last_recording(feast)
    checked = preview_statement(feast, "P-1", said(before, "H-2", of_event=ABOUT_ALL), PAGE_USE)
    assert [each.outcome for each in checked] == [Outcome.PUBLISHABLE, Outcome.PUBLISHABLE]
    assert photo_to_name(feast, "P-1") == before
    assert last_recording(feast) == entry
    assert "RG_INCOMPLETE" in codes(feast)


def test_nothing_of_a_statement_is_recorded_if_one_part_is_refused(feast: Application) -> None:
    before = photo_to_name(feast, "P-1")
    with pytest.raises(NotAllowed):
        name(feast, "H-2", of_event=ABOUT_ALL, answers=PhotoAnswers(people=People.NONE))
    with pytest.raises(NotFound):
        name(feast, "H-2", "Nobody Known")
    with pytest.raises(InputDataError):
        name(feast, "H-2", others=1000)
    assert photo_to_name(feast, "P-1") == before


def test_who_is_not_chosen_any_more_is_taken_out_and_a_colleague_confirms_it(
    feast: Application,
) -> None:
    name(feast, "H-2", "H-3", of_event=ABOUT_ALL)
    assert name(feast, "H-3").removed == ("H-2",)
    assert photo_to_name(feast, "P-1").named == ("H-3",)
    assert "RG_SECOND_LOOK" in codes(feast)


def test_the_others_who_can_be_recognised_are_counted(feast: Application) -> None:
    name(feast, "H-2", others=2)
    found = photo_to_name(feast, "P-1")
    assert (found.others, found.answers["recognisable_count"]) == (2, 3)
    name(feast, "H-2", "H-3", others=1)
    found = photo_to_name(feast, "P-1")
    assert (found.named, found.others) == (("H-2", "H-3"), 1)


def test_whether_these_are_all_is_left_open_unless_somebody_says_so(feast: Application) -> None:
    found = photo_to_name(feast, "P-1")
    record_statement(feast, "P-1", NamingStatement(persons=("H-2",), seen=found.seen))
    assert photo_to_name(feast, "P-1").answers["recognisable_count"] is None


def test_what_a_colleague_said_meanwhile_is_never_overwritten(
    feast: Application, application: Application
) -> None:
    found = photo_to_name(feast, "P-1")
    depictions.tag_persons(application, ["P-1"], persons=["Nils Magga"])
    with pytest.raises(ChangedMeanwhile):
        record_statement(feast, "P-1", said(found, "H-2"))
    assert photo_to_name(feast, "P-1").named == ("H-3",)


def test_the_answers_of_an_event_are_never_overwritten_unseen(
    feast: Application, application: Application
) -> None:
    found = photo_to_name(feast, "P-1")
    events.change_event(application, "E-1", answers=EventAnswers(place=Place.PRIVATE_HOME))
    with pytest.raises(ChangedMeanwhile):
        record_statement(feast, "P-1", said(found, "H-2", of_event=ABOUT_ALL))
    assert record_statement(feast, "P-1", said(found, "H-2")).added == ("H-2",)


def test_a_whole_statement_is_undone_with_the_answers_of_the_event(feast: Application) -> None:
    before = photo_to_name(feast, "P-1")
    name(feast, "H-2", of_event=ABOUT_ALL)
    undone = undo_last(feast, last_recording(feast).entry)
    assert set(undone.records) == {"P-1", "E-1"}
    assert photo_to_name(feast, "P-1") == before


def test_a_change_of_an_events_name_is_not_undone(feast: Application) -> None:
    events.change_event(feast, "E-1", name="Kevätjuhla")
    with pytest.raises(NotAllowed):
        last_recording(feast)


def test_naming_begins_with_the_first_photo_about_which_nothing_is_said(
    feast: Application,
) -> None:
    assert first_to_name(feast, "E-1") == "P-1"
    answers.answer(feast, ["P-1"], PhotoAnswers(people=People.NONE))
    assert first_to_name(feast, "E-1") == "P-2"
    answers.answer(feast, ["P-2"], PhotoAnswers(people=People.NONE))
    assert first_to_name(feast, "E-1") == "P-1"


def test_a_photo_tells_who_was_in_the_one_before(feast: Application) -> None:
    name(feast, "H-3")
    found = photo_to_name(feast, "P-2")
    assert (found.same, found.before, found.after, found.left) == (("H-3",), "P-1", None, 1)


def test_a_publication_block_looks_like_an_unsure_answer_and_does_not_show_in_what_was_seen(
    feast: Application, application: Application
) -> None:
    before = photo_to_name(feast, "P-1")
    answers.answer(application, ["P-1"], PhotoAnswers(confidentiality=Confidentiality.UNSURE))
    unsure = photo_to_name(feast, "P-1")
    blocked = PhotoAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    answers.answer(application, ["P-1"], blocked)
    assert photo_to_name(feast, "P-1") == unsure
    assert unsure.seen != before.seen


def test_people_are_found_by_the_beginnings_of_their_names(feast: Application) -> None:
    assert [each.person for each in search_persons(feast, "mag el")] == ["H-2"]
    assert [each.person for each in search_persons(feast, "MAGGA")] == ["H-2", "H-3"]
    assert search_persons(feast, "gga") == search_persons(feast, "  ") == []
    assert search_persons(feast, "100%_") == []


@pytest.mark.usefixtures("feast")
def test_an_auditor_finds_nobody_by_name(tarja: Application) -> None:
    assert search_persons(tarja, "Magga") == []
