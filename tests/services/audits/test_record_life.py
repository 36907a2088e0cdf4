"""The life of a record: what changed, by whom, from what to what; and what is not told of it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)
from tests.statements import recorded_statements

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.ledger import Action
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Capacity, Place, Shot
from photoreg.services.application import Application
from photoreg.services.audits.audits import list_log
from photoreg.services.audits.entry_rows import Hashed, LifeRow
from photoreg.services.audits.record_life import record_life as life
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.access_report import access_report
from photoreg.services.data_subjects.disclosures import list_disclosures
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.data_subjects.retention import run_retention
from photoreg.services.decisions import flags
from photoreg.services.organisation import channels, policy, staff
from photoreg.services.people import blocks, guardians, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers, depictions, events
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.publications import publishing

MOST_STATEMENTS = 60


def told(rows: list[LifeRow]) -> list[tuple[str, str, Any, Any]]:
    """Return the values that changed, with the action that changed them."""
    return [
        (row.action, row.field, row.old, row.new) for row in rows if row.field and not row.is_new
    ]


def fields(rows: list[LifeRow]) -> list[str]:
    return [row.field for row in rows if row.field and not row.is_new]


def began(rows: list[LifeRow]) -> dict[str, Any]:
    """Return the values with which a record began."""
    return {row.field: row.new for row in rows if row.is_new}


@pytest.fixture
def photo(anna: Application, tmp_path: Path) -> str:
    add_photographer(anna)
    return register_photo(anna, tmp_path, MARKET)


def test_the_life_of_a_photo_shows_who_answered_what_and_what_it_was_before(
    anna: Application, tarja: Application, photo: str
) -> None:
    changed = PhotoAnswers(place=Place.OFFICE_LOBBY, shot=Shot.PERSON_SUBJECT)
    answers.answer(anna, [photo], changed)
    rows = life(tarja, photo)
    assert (rows[0].action, rows[0].actor, rows[0].field) == ("photo.registered", "anna", "")
    assert told(rows) == [
        ("photo.answered", "place", "public_outdoor", "office_lobby"),
        ("photo.answered", "shot", "general_view", "person_subject"),
    ]
    [entry] = {row.entry for row in rows if row.field and not row.is_new}
    with list_log(tarja) as log:
        [logged] = [each for each in log if each.seq == entry]
    assert (logged.action, logged.subject) == ("photo.answered", "P-1")


def test_a_record_shows_the_values_it_began_with_even_after_they_changed(
    anna: Application, tarja: Application, photo: str
) -> None:
    before = began(life(tarja, photo))
    assert (before["place"], before["shot"], before["recognisable_count"]) == (
        "public_outdoor",
        "general_view",
        MARKET.recognisable_count,
    )
    answers.answer(anna, [photo], PhotoAnswers(place=Place.OFFICE_LOBBY))
    rows = life(tarja, photo)
    assert began(rows) == before
    assert {row.action for row in rows if row.is_new} == {"photo.registered"}
    assert all(row.old is None for row in rows if row.is_new)


def test_what_is_personal_of_a_new_record_is_shown_for_a_purpose_only_and_not_after_an_erasure(
    anna: Application, application: Application, tarja: Application
) -> None:
    elle = create_person(anna, "Elle Valkeapää", date(1980, 1, 1))
    hidden = began(life(tarja, elle))
    assert isinstance(hidden["name"], Hashed)
    assert isinstance(hidden["born"], Hashed)
    assert not {"contact", "language", "blocked"} & hidden.keys()
    assert began(life(application, elle))["blocked"] is False
    persons.change_person(anna, elle, PersonDetails(name="Elle Kunnas"))
    shown = began(life(tarja, elle, purpose="A complaint"))
    assert (shown["name"], str(shown["born"])) == ("Elle Valkeapää", "1980-01-01")
    with list_disclosures(tarja) as looks:
        assert next(iter(looks)).names == 1
    erasure.erase(application, elle, ground=ErasureGround.REQUEST)
    assert began(life(application, elle, purpose="A check")) == {}


def test_it_shows_who_was_named_and_taken_out(anna: Application, photo: str) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    depictions.untag_persons(anna, [photo], persons=[elle])
    named = [row for row in told(life(anna, photo)) if row[1] == "person_id"]
    assert named == [
        ("photo.tagged", "person_id", None, elle),
        ("photo.untagged", "person_id", elle, None),
    ]
    assert [row for row in told(life(anna, elle)) if row[1] == "person_id"] == named


def test_the_life_of_a_person_holds_guardians_and_masks_what_is_personal(
    anna: Application, application: Application, tarja: Application
) -> None:
    child = add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga", "Niila Magga"])
    persons.change_person(
        anna, child, PersonDetails(born=date(2016, 3, 2), contact="aile@kunta.example")
    )
    persons.change_person(anna, child, PersonDetails(capacity=Capacity.DOUBT))
    guardians.end_guardian(application, child, "Niila Magga", on=date(2026, 10, 1))
    rows = life(application, child)
    by_field = {row.field: row for row in rows if row.field}
    assert isinstance(by_field["born"].old, Hashed)
    assert isinstance(by_field["born"].new, Hashed)
    assert (by_field["contact"].old, type(by_field["contact"].new)) == (None, Hashed)
    assert by_field["capacity"].new == "doubt"
    assert (by_field["last_day"].action, by_field["last_day"].new) == (
        "guardian.ended",
        "2026-10-01",
    )
    assert by_field["last_day"].about == "H-1, H-3"
    assert "aile@kunta.example" not in repr(rows)
    assert "2016" not in repr(life(tarja, child))


def test_with_a_purpose_values_that_are_still_held_are_shown_and_the_look_is_logged(
    anna: Application, tarja: Application
) -> None:
    elle = create_person(anna, "Elle Valkeapää", date(1980, 1, 1))
    changed = PersonDetails(born=date(1981, 1, 1), contact="elle@kunta.example")
    persons.change_person(anna, elle, changed)
    rows = {row.field: row for row in life(tarja, elle, purpose="A complaint") if row.field}
    assert (str(rows["born"].old), str(rows["born"].new)) == ("1980-01-01", "1981-01-01")
    with list_disclosures(tarja) as looks:
        [look] = list(looks)
    assert (look.names, look.about, look.purpose) == (1, (elle,), "A complaint")
    shown = {row.field: row for row in life(anna, elle) if row.field}
    assert isinstance(shown["born"].old, Hashed)


def test_the_name_of_a_past_day_is_shown_for_a_purpose_and_erased_with_the_person(
    anna: Application, application: Application, tarja: Application
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    persons.change_person(anna, elle, PersonDetails(name="Elle Kunnas"))
    assert "Valkeapää" not in repr(life(tarja, elle))
    rows = life(tarja, elle, purpose="A complaint")
    [name] = [row for row in rows if row.field == "name" and not row.is_new]
    assert (name.old, name.new) == ("Elle Valkeapää", "Elle Kunnas")
    assert "Elle Valkeapää" in access_report(application, elle).known_as
    erasure.erase(application, elle, ground=ErasureGround.REQUEST)
    assert "Valkeapää" not in repr(life(application, elle, purpose="A check"))
    with application.registry.reading() as session:
        kept = session.connection().exec_driver_sql("SELECT old FROM history").all()
    assert "Valkeapää" not in repr(kept)


def test_a_contact_that_is_shown_is_logged_as_a_look(
    anna: Application, application: Application
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    persons.change_person(anna, elle, PersonDetails(contact="elle@kunta.example"))
    rows = {row.field: row for row in life(application, elle, purpose="A call") if row.field}
    assert rows["contact"].new == "elle@kunta.example"
    with list_disclosures(application) as looks:
        assert next(iter(looks)).contacts == 1


def test_only_coordinators_and_auditors_may_state_a_purpose(
    anna: Application, application: Application
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    with pytest.raises(NotAllowed):
        life(anna, elle, purpose="Curious")
    with list_disclosures(application) as looks:
        assert list(looks) == []


def test_a_purpose_that_is_empty_shows_nothing(anna: Application, tarja: Application) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    with pytest.raises(InputDataError):
        life(tarja, elle, purpose=" ")


@pytest.mark.parametrize("login", ["anna", "tarja"])
def test_a_former_block_looks_like_a_changed_contact_to_all_but_coordinators(
    login: str, application: Application, application_for: ApplicationFor
) -> None:
    one, other = (create_person(application, name) for name in ("Elle Valkeapää", "Aila Valkeapää"))
    blocks.block_person(application, one)
    blocks.unblock_person(application, one)
    for contact in ("a@kunta.example", "b@kunta.example"):
        persons.change_person(application, other, PersonDetails(contact=contact))
    seen = [told(life(application_for(login), person)) for person in (one, other)]
    assert seen[0] == seen[1] == [("person.changed", "other", "*", "*")] * 2
    blocked = told(life(application, one))
    assert ("person.changed", "blocked", False, True) in blocked
    assert ("person.changed", "blocked_by", None, "kaisa") in blocked


@pytest.mark.parametrize("login", ["anna", "tarja"])
def test_who_may_not_be_shown_has_no_life_that_others_see(
    login: str, application: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    add_photographer(application)
    photo = register_photo(application, tmp_path, MARKET)
    blocked, erased, objecting = (
        create_person(application, f"{name} Valkeapää") for name in ("Elle", "Aila", "Inga")
    )
    tag_person(application, photo, objecting)
    record_consent(application, blocked)
    blocks.block_person(application, blocked)
    erasure.erase(application, erased, ground=ErasureGround.REQUEST)
    flags.raise_flag(application, photo, reason="Not me.", person=objecting)
    for hidden in ("C-2", "F-1"):  # the objection's own records are like none
        with pytest.raises(NotFound, match="is not in the registry"):
            life(application_for(login), hidden)
    for record in (blocked, erased, objecting, "C-1"):
        with pytest.raises(NotAllowed) as refused:
            life(application_for(login), record)
        assert "communications coordinator" in str(refused.value.hint)
        with list_log(application_for(login)) as log:
            assert not any(r.action == "record.changed" and r.subject == record for r in log)
    for person in (blocked, erased, objecting):
        with pytest.raises(NotAllowed, match="can see what has changed about"):
            list_all(list_log(application_for(login), person=person))
        assert list_all(list_log(application, person=person))
    assert life(application, "F-1")


def test_what_was_erased_cannot_be_guessed_and_is_not_told(
    anna: Application, application: Application
) -> None:
    elle = create_person(anna, "Elle Valkeapää", date(1980, 1, 1))
    persons.change_person(anna, elle, PersonDetails(contact="elle@kunta.example"))
    erasure.erase(application, elle, ground=ErasureGround.REQUEST)
    rows = life(application, elle, purpose="A check")
    assert [row.action for row in rows][-1] == "person.erased"
    assert fields(rows) == ["contact"]
    assert isinstance(rows[-2].new, Hashed)


def test_what_a_retention_run_deletes_is_not_told(
    anna: Application, application: Application, clock: Any
) -> None:
    policy.set_policy(application, {"retention_months": 1})
    elle = create_person(anna, "Elle Valkeapää")
    persons.change_person(anna, elle, PersonDetails(contact="elle@kunta.example"))
    clock.now = clock.now.replace(year=2029)
    run_retention(application)
    rows = life(application, elle, purpose="A check")
    assert "elle@kunta.example" not in repr(rows)
    assert fields(rows) == ["contact"]


def test_users_channels_and_settings_show_old_and_new(
    application: Application, tarja: Application
) -> None:
    staff.change_staff(application, "anna", role=StaffRole.DEPUTY)
    channels.record_terms_change(application, channel=PAGE_USE.channel, on=date(2026, 10, 1))
    channels.change_admins(
        application, PAGE_USE.channel, add_logins=["ville"], remove_logins=["anna"]
    )
    number = policy.set_policy(
        application, {"child_view_age": 12, "controller_contact": "Maija, maija@kunta.example"}
    ).version
    assert told(life(tarja, "anna")) == [("staff.changed", "role", "employee", "deputy")]
    of_channel = told(life(tarja, PAGE_USE.channel))
    assert ("channel.terms_changed", "terms_changed_on", None, "2026-10-01") in of_channel
    assert ("channel.changed", "staff_id", "anna", None) in of_channel
    assert ("channel.changed", "staff_id", None, "ville") in of_channel
    assert told(life(tarja, f"V-{number}")) == [
        ("policy.set", "child_view_age", 15, 12),
        ("policy.set", "controller_contact", "", "*"),
    ]


def test_what_belongs_to_a_photo_is_part_of_its_life_and_an_events_photos_are_not(
    anna: Application, tmp_path: Path
) -> None:
    taker = add_photographer(anna)
    events.add_event(anna, "Market", on=date(2026, 10, 3), photographers=[taker])
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    answers.answer(anna, [photo], PhotoAnswers(event="E-1"))
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    events.change_event(anna, "E-1", answers=EventAnswers(place=Place.OFFICE_LOBBY))
    other = register_photo(anna, tmp_path, EMPTY_STREET, "other.jpg")
    publishing.add_publication(anna, [other], PAGE_USE, address="https://kunta.example/2")
    assert {row.about for row in life(anna, photo)} == {"J-1", "P-1"}
    assert ("photo.answered", "event_id", None, "E-1") in told(life(anna, photo))
    of_event = life(anna, "E-1")
    assert told(of_event) == [("event.changed", "place", None, "office_lobby")]
    assert {row.about for row in of_event} == {"E-1"}


@pytest.mark.parametrize("record", ["H-99", "P-99", "V-99", "L-7"])
def test_a_record_that_does_not_exist_is_named(tarja: Application, record: str) -> None:
    with pytest.raises(NotFound):
        life(tarja, record)


@pytest.mark.parametrize("record", ["Elle Valkeapää", "Q-1", "P-", "", "H-1x", "P-" + "9" * 30])
def test_what_is_no_id_is_refused_with_what_to_give(
    anna: Application, tarja: Application, record: str
) -> None:
    create_person(anna, "Elle Valkeapää")
    with pytest.raises(InputDataError) as refused:
        life(tarja, record)
    assert "P-12" in str(refused.value.hint)


def test_a_record_merged_into_another_leads_to_the_life_of_both(
    anna: Application, application: Application, tarja: Application
) -> None:
    from photoreg.services.data_subjects import merge  # noqa: PLC0415

    one = create_person(anna, "Elle Valkeapää", date(1980, 1, 1))
    other = create_person(anna, "Elle Valkeapaa", date(1980, 1, 1), others=[one])
    merge.merge_persons(application, one, other)
    assert life(tarja, one) == life(tarja, other)
    assert Action.PERSON_MERGED in {row.action for row in life(tarja, other)}


def test_a_long_life_takes_no_more_statements_than_a_short_one(
    anna: Application, tarja: Application, photo: str
) -> None:
    counts = []
    for _round in range(2):
        for place in (Place.OFFICE_LOBBY, Place.PUBLIC_OUTDOOR) * 3:
            answers.answer(anna, [photo], PhotoAnswers(place=place))
        with recorded_statements() as statements:
            assert life(tarja, photo)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= MOST_STATEMENTS
