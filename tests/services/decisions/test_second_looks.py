"""Statements that are taken back: a photo stays refused until another has looked at it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)
from tests.statements import recorded_statements

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import GuardianBasis, StaffRole
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.facts import (
    AgeGroup,
    Basis,
    Confidentiality,
    ConsentKind,
    People,
    Place,
    Shot,
)
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.audits.second_looks import second_looks_listed
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.data_subjects import merge
from photoreg.services.decisions import approval, checks
from photoreg.services.decisions.evaluation import Checked
from photoreg.services.organisation import staff
from photoreg.services.people import guardians, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers, confirmation, depictions, events
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.photos.confirmation import OwnAnswer

NOBODY = PhotoAnswers(people=People.NONE)
CHILD_BORN = date(2015, 3, 1)
TWO = replace(MARKET, shot=Shot.PERSON_SUBJECT, recognisable_count=2)
ONE = replace(TWO, recognisable_count=1)


def verdict_of(application: Application, photo: str) -> Checked:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return checked


def codes_of(application: Application, photo: str) -> tuple[str, ...]:
    return verdict_of(application, photo).verdict.codes


def waits(application: Application, photo: str) -> bool:
    return "RG_SECOND_LOOK" in codes_of(application, photo)


class TickingClock(Clock):
    """A clock that moves on with every reading, as clocks do."""

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return TickingClock()


@pytest.fixture
def bert(application: Application, application_for: ApplicationFor) -> Application:
    """Another employee than anna."""
    staff.add_staff(application, login="bert", name="Bert", role=StaffRole.EMPLOYEE)
    return application_for("bert")


@pytest.fixture
def child(anna: Application) -> str:
    """A child whose guardian has never answered."""
    add_photographer(anna)
    return add_child(anna, "Elle V", CHILD_BORN, ["Ánte V"])


@pytest.fixture
def photo(anna: Application, child: str, tmp_path: Path) -> str:
    """A photo in which only the child can be recognised."""
    number = register_photo(anna, tmp_path, ONE)
    tag_person(anna, number, child)
    return number


def test_a_child_taken_out_by_script_leaves_the_photo_refused_until_a_colleague_confirms(
    anna: Application, bert: Application, photo: str
) -> None:
    depictions.untag_persons(anna, [photo], persons=["Elle V"])
    answers.answer(anna, [photo], NOBODY)
    assert verdict_of(anna, photo).outcome is Outcome.REFUSED
    assert codes_of(anna, photo) == ("RG_SECOND_LOOK",)

    with pytest.raises(NotAllowed):
        confirmation.confirm(anna, [photo], OwnAnswer(NOBODY))
    with pytest.raises(InputDataError):
        confirmation.confirm(bert, [photo])
    confirmed = confirmation.confirm(bert, [photo], OwnAnswer(NOBODY))
    assert {each.outcome for each in confirmed} == {SecondLookOutcome.AGREED}
    assert verdict_of(anna, photo).outcome is Outcome.PUBLISHABLE


def test_a_colleague_who_sees_somebody_makes_the_photo_stricter(
    anna: Application, bert: Application, photo: str, child: str
) -> None:
    depictions.untag_persons(anna, [photo], persons=["Elle V"])
    answers.answer(anna, [photo], NOBODY)

    sees = PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=1)
    confirmed = confirmation.confirm(bert, [photo], OwnAnswer(sees))

    assert {each.outcome for each in confirmed} == {SecondLookOutcome.DIFFERED, None}
    assert codes_of(anna, photo) == ("PE_UNREGISTERED_PERSON", "RG_SECOND_LOOK")

    confirmation.confirm(bert, [photo], OwnAnswer(not_shown=(child,)))
    assert codes_of(anna, photo) == ("PE_UNREGISTERED_PERSON",)


def test_a_colleague_who_recognises_the_child_names_it_again(
    anna: Application, bert: Application, photo: str, child: str
) -> None:
    depictions.untag_persons(anna, [photo], persons=["Elle V"])
    answers.answer(anna, [photo], NOBODY)

    own = OwnAnswer(PhotoAnswers(people=People.RECOGNISABLE), persons=(child,))
    confirmation.confirm(bert, [photo], own)

    assert "MI_GUARDIAN_CONSENT_MISSING" in codes_of(anna, photo)


def test_a_milder_answer_of_the_colleague_is_not_recorded(
    anna: Application, bert: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, TWO)
    answers.answer(anna, [photo], replace(ONE, photographers=(), shot=None))
    assert waits(anna, photo)

    confirmation.confirm(bert, [photo], OwnAnswer(NOBODY))

    assert codes_of(anna, photo) == ("PE_UNREGISTERED_PERSON",)


def test_after_a_refusal_by_the_coordinator_only_a_coordinator_confirms(
    anna: Application, bert: Application, application: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, replace(EMPTY_STREET, people=People.UNSURE))
    approval.approve(anna, [photo], PAGE_USE)
    rule_on(application, "K-1", RulingKind.REFUSED, "The face is clear.")

    gone = PhotoAnswers(people=People.UNRECOGNISABLE, context_identifies=False)
    answers.answer(anna, [photo], gone)
    assert codes_of(anna, photo) == ("RG_SECOND_LOOK",)

    with pytest.raises(NotAllowed):
        confirmation.confirm(bert, [photo], OwnAnswer(gone))
    confirmation.confirm(application, [photo], OwnAnswer(gone))
    assert verdict_of(anna, photo).outcome is Outcome.PUBLISHABLE


def test_after_a_coordinator_saw_it_differently_only_a_coordinator_confirms(
    anna: Application, bert: Application, application: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    internal = PhotoAnswers(confidentiality=Confidentiality.INTERNAL)
    none = PhotoAnswers(confidentiality=Confidentiality.NONE)
    photo = register_photo(anna, tmp_path, replace(EMPTY_STREET, confidentiality=None))
    answers.answer(application, [photo], internal)
    answers.answer(anna, [photo], none)
    confirmation.confirm(application, [photo], OwnAnswer(internal))
    answers.answer(anna, [photo], none)
    with pytest.raises(NotAllowed, match="coordinator"):
        confirmation.confirm(bert, [photo], OwnAnswer(none))
    assert verdict_of(anna, photo).outcome is Outcome.REFUSED


@pytest.mark.parametrize("was_coordinator", [True, False])
def test_it_counts_whether_who_saw_it_differently_was_a_coordinator_then(
    *,
    anna: Application,
    bert: Application,
    application: Application,
    tmp_path: Path,
    was_coordinator: bool,
) -> None:
    add_photographer(anna)
    roles = (StaffRole.DEPUTY, StaffRole.EMPLOYEE)[:: 1 if was_coordinator else -1]
    staff.add_staff(application, login="risten", name="Risten R", role=roles[0])
    internal = PhotoAnswers(confidentiality=Confidentiality.INTERNAL)
    none = PhotoAnswers(confidentiality=Confidentiality.NONE)
    photo = register_photo(anna, tmp_path, replace(EMPTY_STREET, confidentiality=None))
    answers.answer(application, [photo], internal)
    answers.answer(anna, [photo], none)
    confirmation.confirm(replace(anna, login="risten"), [photo], OwnAnswer(internal))
    staff.change_staff(application, "risten", role=roles[1])
    answers.answer(anna, [photo], none)
    if was_coordinator:
        with pytest.raises(NotAllowed, match="coordinator"):
            confirmation.confirm(bert, [photo], OwnAnswer(none))
    else:
        confirmation.confirm(bert, [photo], OwnAnswer(none))
    assert waits(anna, photo) is was_coordinator


def test_an_adult_twin_does_not_take_the_place_of_a_child_however_soon(
    anna: Application, photo: str, child: str
) -> None:
    twin = create_person(anna, "Elle W", date(1990, 1, 1))
    record_consent(anna, twin)

    depictions.untag_persons(anna, [photo], persons=[child])
    depictions.tag_persons(anna, [photo], persons=[twin])

    assert codes_of(anna, photo) == ("RG_SECOND_LOOK",)


def test_another_of_the_same_age_group_takes_the_place_of_somebody_just_named(
    anna: Application, photo: str, child: str, clock: Clock
) -> None:
    other = add_child(anna, "Inga V", CHILD_BORN, ["Máret V"])
    clock.now += timedelta(minutes=10)
    depictions.untag_persons(anna, [photo], persons=[child])
    assert waits(anna, photo)
    clock.now += timedelta(minutes=4)
    depictions.tag_persons(anna, [photo], persons=[other])
    assert not waits(anna, photo)


def test_the_time_for_slips_ends(anna: Application, photo: str, child: str, clock: Clock) -> None:
    other = add_child(anna, "Inga V", CHILD_BORN, ["Máret V"])
    clock.now += timedelta(minutes=16)
    depictions.untag_persons(anna, [photo], persons=[child])
    depictions.tag_persons(anna, [photo], persons=[other])
    assert waits(anna, photo)


def test_nobody_corrects_what_a_colleague_has_named(
    anna: Application, bert: Application, photo: str, child: str
) -> None:
    other = add_child(anna, "Inga V", CHILD_BORN, ["Máret V"])
    depictions.untag_persons(bert, [photo], persons=[child])
    depictions.tag_persons(bert, [photo], persons=[other])
    assert waits(anna, photo)


def test_naming_somebody_anew_first_does_not_make_a_colleagues_statement_ones_own(
    anna: Application, bert: Application, photo: str, child: str
) -> None:
    other = add_child(anna, "Inga V", CHILD_BORN, ["Máret V"])
    depictions.untag_persons(bert, [photo], persons=[child])
    depictions.tag_persons(bert, [photo], persons=[child])
    assert not waits(anna, photo)
    depictions.untag_persons(bert, [photo], persons=[child])
    depictions.tag_persons(bert, [photo], persons=[other])
    assert waits(anna, photo)


def test_what_is_put_back_needs_no_second_look(anna: Application, photo: str, child: str) -> None:
    depictions.untag_persons(anna, [photo], persons=[child])
    answers.answer(anna, [photo], NOBODY)
    answers.answer(anna, [photo], PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=1))
    answers.answer(anna, [photo], PhotoAnswers(context_identifies=False))
    depictions.tag_persons(anna, [photo], persons=[child])
    assert not waits(anna, photo)


def test_the_count_may_be_lowered_to_those_named_in_the_time_for_slips(
    anna: Application, bert: Application, photo: str
) -> None:
    answers.answer(anna, [photo], PhotoAnswers(recognisable_count=2))
    answers.answer(anna, [photo], PhotoAnswers(recognisable_count=1))
    assert not waits(anna, photo)

    answers.answer(anna, [photo], PhotoAnswers(recognisable_count=3))
    answers.answer(bert, [photo], PhotoAnswers(recognisable_count=1))
    assert waits(anna, photo)


def test_a_count_lowered_after_the_time_for_slips_asks(
    anna: Application, photo: str, clock: Clock
) -> None:
    answers.answer(anna, [photo], PhotoAnswers(recognisable_count=2))
    clock.now += timedelta(minutes=16)
    answers.answer(anna, [photo], PhotoAnswers(recognisable_count=1))
    assert waits(anna, photo)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (PhotoAnswers(confidentiality=Confidentiality.INTERNAL), {"confidentiality": "none"}),
        (PhotoAnswers(place=Place.PRIVATE_HOME), {"place": Place.PUBLIC_OUTDOOR}),
        (PhotoAnswers(people=People.UNSURE), {"people": People.NONE}),
        (
            PhotoAnswers(place=Place.PRIVATE_HOME, place_permission=False),
            {"place_permission": True},
        ),
    ],
)
def test_every_answer_that_stood_in_the_way_asks(
    anna: Application, tmp_path: Path, first: PhotoAnswers, then: dict[str, Any]
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path)
    answers.answer(anna, [photo], first)
    assert not waits(anna, photo)
    given: dict[str, Any] = {
        k: Confidentiality(v) if k == "confidentiality" else v for k, v in then.items()
    }
    answers.answer(anna, [photo], PhotoAnswers(**given))
    assert waits(anna, photo)


def test_a_holders_no_that_is_not_repeated_is_taken_back(anna: Application, tmp_path: Path) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path)
    home = PhotoAnswers(place=Place.PRIVATE_HOME, place_permission=False)
    answers.answer(anna, [photo], home)
    answers.answer(anna, [photo], PhotoAnswers(place=Place.PRIVATE_HOME))
    answers.answer(anna, [photo], PhotoAnswers(place_permission=True))
    assert waits(anna, photo)


def test_first_answers_and_stricter_ones_ask_nothing(anna: Application, tmp_path: Path) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, PhotoAnswers())
    answers.answer(anna, [photo], EMPTY_STREET)
    assert verdict_of(anna, photo).outcome is Outcome.PUBLISHABLE
    answers.answer(anna, [photo], replace(ONE, photographers=(), place=Place.CARE_OTHER))
    assert not waits(anna, photo)


def test_an_age_that_is_made_milder_asks_once_for_all_photos_of_the_person(
    application: Application,
    anna: Application,
    bert: Application,
    photo: str,
    child: str,
    tmp_path: Path,
) -> None:
    other = register_photo(anna, tmp_path, ONE, "other.jpg")
    tag_person(anna, other, child)

    persons.change_person(application, child, PersonDetails(born=date(1999, 1, 1)))
    assert waits(anna, photo)
    assert waits(anna, other)

    with pytest.raises(InputDataError, match="grown is not one of"):
        confirmation.confirm(bert, [photo], OwnAnswer(values=("grown",)))
    [differs] = confirmation.confirm(bert, [photo], OwnAnswer(values=("minor",)))
    assert differs.outcome is None
    assert waits(anna, photo)
    [confirmed] = confirmation.confirm(bert, [photo], OwnAnswer(values=(AgeGroup.ADULT.value,)))
    assert confirmed.others == 1
    assert not waits(anna, photo)
    assert not waits(anna, other)


def test_a_guardianship_that_is_ended_takes_the_guardians_no_with_it(
    anna: Application, bert: Application, application: Application, photo: str, child: str
) -> None:
    guardian = create_person(anna, "Risten V")
    guardians.add_guardian(
        anna, child, guardian, basis=GuardianBasis.PARENT, verified="population register"
    )
    record_consent(anna, child, ConsentStatement(ConsentKind.REFUSED), by=guardian)
    guardians.end_guardian(application, child, guardian, on=date(2026, 11, 1))
    assert waits(anna, photo)

    ended, total = f"{child} {guardian} last_day", f"{child} guardians_total"
    [look] = confirmation.second_looks_at(bert, [photo])
    assert look.before == {ended: None, total: 2}
    assert look.after == {ended: "2026-11-01", total: 1}
    with pytest.raises(InputDataError, match="is not one of"):
        confirmation.confirm(bert, [photo], OwnAnswer(values=("corrected",)))
    confirmation.confirm(bert, [photo], OwnAnswer(values=("2026-11-01", "1")))
    assert codes_of(anna, photo) == ("MI_GUARDIAN_CONSENT_MISSING",)


def test_a_guardianship_that_ends_with_a_narrow_yes_opens_nothing_and_asks_nothing(
    anna: Application, application: Application, photo: str, child: str
) -> None:
    for_print = ConsentStatement(
        ConsentKind.GIVEN, ("print",), until=date(2030, 1, 1), paper="folder 1"
    )
    record_consent(anna, child, for_print, by="Ánte V")
    assert codes_of(anna, photo) == ("CN_SCOPE_CHANNEL",)
    guardians.end_guardian(application, child, "Ánte V")
    assert codes_of(anna, photo) == ("MI_GUARDIAN_CONSENT_MISSING",)


def test_an_answer_of_the_event_asks_once_for_all_its_photos(
    anna: Application, bert: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    home = EventAnswers(place=Place.PRIVATE_HOME)
    events.add_event(anna, "Feast", on=date(2026, 10, 1), answers=home)
    of_event = replace(EMPTY_STREET, place=None, event="Feast")
    photos = [register_photo(anna, tmp_path, of_event, f"{n}.jpg") for n in range(3)]
    events.change_event(anna, "Feast", answers=EventAnswers(place=Place.PUBLIC_OUTDOOR))
    assert all(waits(anna, each) for each in photos)

    stated = OwnAnswer(PhotoAnswers(place=Place.PUBLIC_OUTDOOR))
    [confirmed] = confirmation.confirm(bert, photos[:1], stated)
    assert confirmed.others == 2
    assert not any(waits(anna, each) for each in photos)


def test_whether_somebody_is_shown_is_answered_by_name(
    anna: Application, bert: Application, photo: str, child: str
) -> None:
    depictions.untag_persons(anna, [photo], persons=[child])
    some = OwnAnswer(PhotoAnswers(people=People.RECOGNISABLE))
    with pytest.raises(InputDataError):
        confirmation.confirm(bert, [photo], some)
    confirmation.confirm(bert, [photo], OwnAnswer(not_shown=(child,)))
    assert codes_of(anna, photo) == ("PE_UNREGISTERED_PERSON",)


def test_what_another_program_takes_back_asks_with_the_next_change(
    anna: Application, photo: str, registry: Registry
) -> None:
    with registry.store.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM depiction"))
        connection.execute(sa.text("UPDATE photo SET people = 'none', recognisable_count = NULL"))
    create_person(anna, "Somebody Else")
    assert codes_of(anna, photo) == ("RG_SECOND_LOOK",)


def test_two_records_of_one_child_are_merged_without_a_second_look(
    anna: Application, application: Application, photo: str, child: str
) -> None:
    details = PersonDetails(name="Elle V.", born=CHILD_BORN)
    again = persons.add_person(anna, details, other=[child]).person
    merge.merge_persons(application, again, child)
    assert not waits(anna, photo)


def test_another_photographer_in_place_of_one_who_has_not_permitted_asks(
    anna: Application, child: str, tmp_path: Path
) -> None:
    taker = create_person(anna, "Kuvaaja K")
    photo = register_photo(anna, tmp_path, replace(EMPTY_STREET, photographers=(taker,)))
    answers.answer(anna, [photo], PhotoAnswers(basis=Basis.PHOTOGRAPHER_PERMISSION))
    assert codes_of(anna, photo)
    answers.answer(anna, [photo], PhotoAnswers(photographers=(PHOTOGRAPHER_NAME,)))
    assert waits(anna, photo)
    assert child


def test_what_is_shown_as_now_is_what_is_stated_now(
    application: Application, anna: Application, bert: Application, photo: str, child: str
) -> None:
    depictions.untag_persons(anna, [photo], persons=["Elle V"])
    other = create_person(anna, "Risten V")
    tag_person(anna, photo, other)

    [shown] = confirmation.second_looks_at(bert, [photo])
    [listed] = list_all(second_looks_listed(application))

    for look in (shown, listed):
        assert (look.before["persons"], look.after["persons"]) == ([child], [other])
        assert look.after[f"{other} age_group"] == "adult"
    assert "person" in shown.questions
    [confirmed] = confirmation.confirm(bert, [photo], OwnAnswer(persons=(other,)))
    assert confirmed.outcome is SecondLookOutcome.AGREED
    assert not waits(anna, photo)


def test_the_history_of_a_second_look_is_listed_for_auditors(
    anna: Application, bert: Application, photo: str, application_for: ApplicationFor
) -> None:
    depictions.untag_persons(anna, [photo], persons=["Elle V"])
    answers.answer(anna, [photo], NOBODY)
    confirmation.confirm(bert, [photo], OwnAnswer(NOBODY))
    rows = list_all(second_looks_listed(application_for("tarja")))
    assert [(row.taken_back_by, row.confirmed_by) for row in rows] == [("anna", "bert")] * 2
    assert "Elle" not in repr(rows)


def test_asking_costs_the_same_few_queries_for_many_photos(
    anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    unsure = replace(EMPTY_STREET, people=People.UNSURE)
    photos = [register_photo(anna, tmp_path, unsure, f"{n}.jpg") for n in range(8)]

    def cost(changed: list[str], people: People) -> int:
        with recorded_statements() as statements:
            answers.answer(anna, changed, PhotoAnswers(people=people))
        return len([each for each in statements if each.startswith("SELECT")])

    assert cost(photos[:2], People.NONE) == cost(photos[2:], People.NONE)


def test_a_birth_date_within_childhood_that_takes_the_childs_say_away_asks(
    anna: Application, bert: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, "Elle V", date(2011, 3, 1), ["Ánte V"])
    record_consent(anna, child, by="Ánte V")
    photo = register_photo(anna, tmp_path, ONE)
    tag_person(anna, photo, child)
    assert "MI_CHILD_VIEW_MISSING" in codes_of(anna, photo)
    persons.change_person(anna, child, PersonDetails(born=date(2012, 3, 1)))
    assert waits(anna, photo)
    confirmation.confirm(bert, [photo], OwnAnswer(values=("no",)))
    assert not waits(anna, photo)


def test_an_answer_for_an_event_does_not_confirm_a_photo_that_the_coordinator_refused(
    application: Application, anna: Application, bert: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    events.add_event(
        anna,
        "Feast",
        on=date(2026, 10, 1),
        answers=EventAnswers(confidentiality=Confidentiality.UNSURE),
    )
    of_event = replace(EMPTY_STREET, confidentiality=None, event="Feast")
    photos = [register_photo(anna, tmp_path, of_event, f"{n}.jpg") for n in range(2)]
    approval.approve(anna, photos[1:], PAGE_USE)
    rule_on(application, "K-1", RulingKind.REFUSED, "A paper can be read.")

    harmless = EventAnswers(confidentiality=Confidentiality.NONE)
    events.change_event(anna, "Feast", answers=harmless)
    own = OwnAnswer(PhotoAnswers(confidentiality=Confidentiality.NONE))
    confirmation.confirm(bert, photos[:1], own)

    assert not waits(anna, photos[0])
    assert waits(anna, photos[1])


def test_a_colleague_who_sees_the_child_puts_the_child_back(
    anna: Application, bert: Application, photo: str, child: str
) -> None:
    adult = create_person(anna, "Aino A")
    tag_person(anna, photo, adult)
    depictions.untag_persons(anna, [photo], persons=[child])
    sees_both = PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=2)
    confirmation.confirm(bert, [photo], OwnAnswer(sees_both, persons=(child, adult)))
    assert "MI_GUARDIAN_CONSENT_MISSING" in codes_of(anna, photo)


def test_a_photo_moved_to_an_event_whose_consents_are_wider_asks(
    anna: Application, bert: Application, photo: str, child: str
) -> None:
    for name in ("Eka", "Toka"):
        events.add_event(anna, name, on=date(2026, 10, 1))
    answers.answer(anna, [photo], PhotoAnswers(event="E-1"))
    given = ConsentStatement(
        ConsentKind.GIVEN, ("public_page",), until=date(2030, 1, 1), paper="kansio 1"
    )
    consents.record_consent(anna, ConsentParties(child, by="Ánte V", event="E-2"), given)
    answers.answer(anna, [photo], PhotoAnswers(event="E-2"))
    assert waits(anna, photo)
    confirmation.confirm(bert, [photo], OwnAnswer(PhotoAnswers(event="E-2")))
    assert not waits(anna, photo)
