"""Answers about photos, who is in them, what is listed: corrected, logged, never contradictory."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.logged import last_logged
from tests.services import scenes
from tests.services.scenes import add_photographer, create_person, register_photo

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.rulebook.facts import Channel, Confidentiality, People, Photographer, Place
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.decisions import checks, evaluation
from photoreg.services.people import blocks
from photoreg.services.photos import answers as photo_answers
from photoreg.services.photos import depictions, details, events, listing
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.depictions import DepictionDetails
from photoreg.services.photos.details import DepictedPerson
from photoreg.services.publications import publishing

AtWork = Callable[[str], Application]
NOTHING = PhotoAnswers()
SEEN = PhotoAnswers(people=People.RECOGNISABLE)


def last_entry(application: Application) -> tuple[str, dict[str, Any]]:
    with application.reading() as work:
        entry = last_logged(work.session)
    return entry.action, json.loads(entry.details)


def answers_of(application: Application, photo: str) -> dict[str, tuple[Any, str | None]]:
    shown = details.show_photo(application, photo)
    return {row.question: (row.answer, row.source) for row in shown.answers}


def published(application: Application, folder: Path, channel: str = "kunta-public-page") -> str:
    """A photo that is online on a channel, lawfully."""
    add_photographer(application)
    photo = register_photo(application, folder)
    asked = evaluation.AskedUse(channel)
    recorded = publishing.add_publication(
        application, [photo], asked, address="https://example.fi/1"
    )
    assert recorded.publication
    return photo


def test_an_answer_is_logged_by_the_names_of_the_fields_only(
    application: Application, tmp_path: Path
) -> None:
    photo = register_photo(application, tmp_path, NOTHING)
    answers = PhotoAnswers(place=Place.OFFICE_LOBBY, credit="Kuva: Áile Näkkäläjärvi")
    photo_answers.answer(application, [photo], answers)
    assert last_entry(application) == (
        ledger.Action.PHOTO_ANSWERED,
        {"fields": ["credit", "place"]},
    )


def test_an_answer_can_be_corrected_and_the_same_answer_changes_nothing(
    application: Application, tmp_path: Path
) -> None:
    photo = register_photo(application, tmp_path, PhotoAnswers(place=Place.OFFICE_LOBBY))
    corrected = photo_answers.answer(application, [photo], PhotoAnswers(place=Place.CARE_LOBBY))
    again = photo_answers.answer(application, [photo], PhotoAnswers(place=Place.CARE_LOBBY))
    assert list(corrected.changed.values()) == [("place",)]
    assert list(again.changed.values()) == [()]
    assert answers_of(application, photo)["place"] == ("care_lobby", "photo")


def test_several_photos_are_answered_together_or_not_at_all(
    application: Application, tmp_path: Path
) -> None:
    one, two = (register_photo(application, tmp_path, NOTHING, name) for name in ("a.jpg", "b.jpg"))
    depictions.tag_persons(application, [two], how=DepictionDetails(unnamed=1))
    with pytest.raises(NotAllowed):
        photo_answers.answer(application, [one, two], PhotoAnswers(people=People.NONE))
    assert answers_of(application, one)["people"] == (None, None)
    photo_answers.answer(application, [one, two, one], PhotoAnswers(people=People.RECOGNISABLE))
    assert answers_of(application, one)["people"] == ("recognisable", "photo")


def test_who_took_it_is_replaced_and_can_become_unknown(
    application: Application, tmp_path: Path
) -> None:
    one, two = create_person(application, "Máret"), create_person(application, "Đorđe")
    photo = register_photo(application, tmp_path, PhotoAnswers(photographers=(one,)))
    photo_answers.answer(application, [photo], PhotoAnswers(photographers=(two,)))
    assert last_entry(application)[1] == {"fields": ["photographers"]}
    assert details.show_photo(application, photo).photographers == (f"{two} Đorđe",)
    photo_answers.answer(application, [photo], PhotoAnswers(photographer=Photographer.UNKNOWN))
    assert details.show_photo(application, photo).photographers == ()


@pytest.mark.parametrize("nobody", [People.NONE, People.UNSURE])
def test_nobody_can_be_recognised_contradicts_people_who_are_named(
    application: Application, tmp_path: Path, nobody: People
) -> None:
    photo = register_photo(application, tmp_path, NOTHING)
    person = create_person(application, "Áile")
    depictions.tag_persons(application, [photo], persons=[person])
    with pytest.raises(NotAllowed, match=photo):
        photo_answers.answer(application, [photo], PhotoAnswers(people=nobody))
    depictions.untag_persons(application, [photo], persons=[person])
    photo_answers.answer(application, [photo], PhotoAnswers(people=nobody))
    assert answers_of(application, photo)["people"] == (nobody, "photo")


def test_saying_that_nobody_is_shown_takes_the_count_back(
    application: Application, tmp_path: Path
) -> None:
    seen = PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=3)
    photo = register_photo(application, tmp_path, seen)
    answered = photo_answers.answer(application, [photo], PhotoAnswers(people=People.NONE))
    assert list(answered.changed.values()) == [("people", "recognisable_count")]
    assert answers_of(application, photo)["recognisable_count"] == (None, None)


@pytest.mark.parametrize("count", [-1, 0, 1, 10_000, 10**30])
def test_a_count_that_cannot_be_is_refused(
    application: Application, tmp_path: Path, count: int
) -> None:
    photo = register_photo(application, tmp_path, SEEN)
    depictions.tag_persons(application, [photo], how=DepictionDetails(unnamed=2))
    with pytest.raises(InputDataError):
        photo_answers.answer(application, [photo], PhotoAnswers(recognisable_count=count))


@pytest.mark.parametrize("said", [People.NONE, People.UNSURE, None])
def test_a_count_without_recognisable_people_is_refused(
    application: Application, tmp_path: Path, said: People | None
) -> None:
    photo = register_photo(application, tmp_path, PhotoAnswers(people=said))
    with pytest.raises(InputDataError, match="contradicts"):
        photo_answers.answer(application, [photo], PhotoAnswers(recognisable_count=2))


def test_a_waived_credit_and_a_credit_replace_each_other(
    application: Application, tmp_path: Path
) -> None:
    photo = register_photo(application, tmp_path, PhotoAnswers(credit="Kuva: Áile"))
    photo_answers.answer(application, [photo], PhotoAnswers(credit_waived=True))
    assert answers_of(application, photo)["credit"] == (None, None)
    photo_answers.answer(application, [photo], PhotoAnswers(credit="Kuva: Áile"))
    assert answers_of(application, photo)["credit_waived"] == (False, "photo")


def test_an_identity_code_is_kept_out_of_every_text(
    application: Application, tmp_path: Path
) -> None:
    photo = register_photo(application, tmp_path, NOTHING)
    with pytest.raises(InputDataError, match="identity code"):
        depictions.tag_persons(
            application, [photo], how=DepictionDetails(unnamed=1, position="131052-308T")
        )
    with pytest.raises(InputDataError, match="identity code"):
        photo_answers.answer(application, [photo], PhotoAnswers(credit="131052-308T"))


def test_an_answer_that_makes_a_publication_unlawful_opens_its_take_down(
    application: Application, tmp_path: Path
) -> None:
    photo = published(application, tmp_path)
    photo_answers.answer(application, [photo], PhotoAnswers(credit="Kuva: Áile"))
    assert application.reacted.publications == []
    photo_answers.answer(
        application, [photo], PhotoAnswers(confidentiality=Confidentiality.INTERNAL)
    )
    [touched] = application.reacted.publications
    assert (touched.photo, touched.channel, touched.task) == (photo, "kunta-public-page", "T-1")


def test_naming_somebody_who_never_agreed_opens_a_take_down(
    application: Application, tmp_path: Path
) -> None:
    photo = published(application, tmp_path, "kunta-print")
    [tagged] = depictions.tag_persons(
        application, [photo], persons=[create_person(application, "Áile")]
    )
    assert tagged.people_now is People.RECOGNISABLE
    [touched] = application.reacted.publications
    assert (touched.recallable, touched.task) == (False, None)


@pytest.mark.parametrize("said", [None, People.NONE, People.UNSURE])
def test_naming_somebody_says_that_people_can_be_recognised(
    application: Application, tmp_path: Path, said: People | None
) -> None:
    photo = register_photo(application, tmp_path, PhotoAnswers(people=said))
    [tagged] = depictions.tag_persons(
        application, [photo], persons=[create_person(application, "Áile")]
    )
    assert tagged.people_now is People.RECOGNISABLE
    assert answers_of(application, photo)["people"] == ("recognisable", "photo")


def test_naming_somebody_never_changes_that_nobody_can_be_recognised(
    application: Application, tmp_path: Path
) -> None:
    photo = register_photo(application, tmp_path, PhotoAnswers(people=People.UNRECOGNISABLE))
    [tagged] = depictions.tag_persons(
        application, [photo], persons=[create_person(application, "Áile")]
    )
    assert tagged.people_now is None
    assert answers_of(application, photo)["people"] == ("unrecognisable", "photo")


def test_the_same_person_twice_changes_nothing(application: Application, tmp_path: Path) -> None:
    photo, person = (
        register_photo(application, tmp_path, NOTHING),
        create_person(application, "Áile"),
    )
    depictions.tag_persons(application, [photo], persons=[person, "áile"])
    before = last_entry(application)
    [again] = depictions.tag_persons(application, [photo], persons=["ÁILE"])
    assert (again.added, again.already) == ((), (person,))
    assert last_entry(application) == before
    assert before[1] == {"persons": [person], "people": "recognisable", "unnamed": 0}


def test_of_namesakes_the_one_on_the_roster_is_meant(
    application: Application, tmp_path: Path
) -> None:
    create_person(application, "Aino Virtanen")
    expected = create_person(application, "Aino Virtanen", date(2015, 3, 1), others=["H-1"])
    number = events.add_event(application, "Juhla", on=date(2026, 5, 30), roster=[expected])
    at_feast = register_photo(application, tmp_path, PhotoAnswers(event=f"E-{number}"), "a.jpg")
    elsewhere = register_photo(application, tmp_path, NOTHING, "b.jpg")
    assert depictions.tag_persons(application, [at_feast], persons=["Aino Virtanen"])[0].added == (
        expected,
    )
    assert (
        depictions.untag_persons(application, [at_feast], persons=["Aino Virtanen"])
        .photos[0]
        .removed
        == 1
    )
    with pytest.raises(InputDataError, match="could be any of"):
        depictions.tag_persons(application, [elsewhere], persons=["Aino Virtanen"])


def test_people_who_are_not_named_yet_are_counted_and_taken_out_again(
    application: Application, tmp_path: Path
) -> None:
    photo = register_photo(application, tmp_path, NOTHING)
    assert (
        depictions.tag_persons(
            application, [photo], how=DepictionDetails(unnamed=3, position="takarivi")
        )[0].unnamed
        == 3
    )
    assert depictions.untag_persons(application, [photo], unnamed=1).photos[0].unnamed == 2
    with pytest.raises(NotFound):
        depictions.untag_persons(application, [photo], unnamed=3)
    assert depictions.untag_persons(application, [photo], unnamed=-1).photos[0].unnamed == 0
    with pytest.raises(NotFound):
        depictions.untag_persons(application, [photo], unnamed=-1)


@pytest.mark.parametrize("count", [-1, 1000, 10**30])
def test_a_number_of_unnamed_people_that_cannot_be_is_refused(
    application: Application, tmp_path: Path, count: int
) -> None:
    photo = register_photo(application, tmp_path, NOTHING)
    with pytest.raises(InputDataError):
        depictions.tag_persons(application, [photo], how=DepictionDetails(unnamed=count))


def test_somebody_who_is_not_in_a_photo_cannot_be_taken_out(
    application: Application, tmp_path: Path
) -> None:
    photo, person = (
        register_photo(application, tmp_path, NOTHING),
        create_person(application, "Áile"),
    )
    with pytest.raises(NotFound, match=person):
        depictions.untag_persons(application, [photo], persons=["Áile"])


def test_an_auditor_answers_and_names_nothing(
    application: Application, application_for: AtWork, tmp_path: Path
) -> None:
    photo = register_photo(application, tmp_path, NOTHING)
    auditor = application_for("tarja")
    with pytest.raises(NotAllowed):
        photo_answers.answer(auditor, [photo], PhotoAnswers(people=People.NONE))
    with pytest.raises(NotAllowed):
        depictions.tag_persons(auditor, [photo], how=DepictionDetails(unnamed=1))
    with pytest.raises(NotAllowed):
        depictions.untag_persons(auditor, [photo], unnamed=-1)


def test_a_photo_shows_everything_that_was_said_and_done(
    application: Application, tmp_path: Path
) -> None:
    photo = published(application, tmp_path)
    person = create_person(application, "Ánne-Márjá")
    depictions.tag_persons(
        application, [photo], persons=[person], how=DepictionDetails(position="vasemmalla")
    )
    consent = scenes.record_consent(application, person)
    shown = details.show_photo(application, photo)
    assert shown.people == (
        DepictedPerson(
            person=person,
            name="Ánne-Márjá",
            position="vasemmalla",
            prominence="subject",
            role="private",
        ),
    )
    [given] = shown.consents
    assert (given.id, given.about, given.by, given.kind) == (
        consent,
        person,
        person,
        "given",
    )
    assert set(given.channels) == set(scenes.ALL_CHANNELS)
    assert [p.id for p in shown.permissions] == ["L-1"]
    assert [d.made_for for d in shown.decisions] == ["publication"]
    assert [p.channel for p in shown.publications] == ["kunta-public-page"]


def test_statements_about_another_photo_or_event_are_not_shown(
    application: Application, tmp_path: Path
) -> None:
    one, two = (register_photo(application, tmp_path, NOTHING, name) for name in ("a.jpg", "b.jpg"))
    person = create_person(application, "Áile")
    depictions.tag_persons(application, [one], persons=[person])
    whose = ConsentParties(person, photo=two)
    consents.record_consent(application, whose, scenes.granted_consent())
    assert details.show_photo(application, one).consents == ()


def test_an_auditor_sees_ids_and_no_names(
    application: Application, application_for: AtWork, tmp_path: Path
) -> None:
    photographer = add_photographer(application)
    photo = register_photo(
        application, tmp_path, PhotoAnswers(credit=f"Kuva: {scenes.PHOTOGRAPHER_NAME}")
    )
    person = create_person(application, "Ánne-Márjá")
    depictions.tag_persons(application, [photo], persons=[person])
    auditor = application_for("tarja")
    shown = details.show_photo(auditor, photo)
    assert shown.photographers == (photographer,)
    assert shown.people[0].person == person
    listed = list(listing.list_photos(auditor))
    for data in (shown, listed):
        text = str(data)
        assert scenes.PHOTOGRAPHER_NAME not in text
        assert "Márjá" not in text


def test_nothing_shows_that_somebody_may_not_be_shown(
    application: Application, tmp_path: Path
) -> None:
    photo, person = (
        register_photo(application, tmp_path, NOTHING),
        create_person(application, "Áile"),
    )
    depictions.tag_persons(application, [photo], persons=[person])
    before = details.show_photo(application, photo), list(listing.list_photos(application))
    blocks.block_person(application, person)
    assert (
        details.show_photo(application, photo),
        list(listing.list_photos(application)),
    ) == before


def test_photos_are_listed_by_event_and_by_open_questions(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    number = events.add_event(application, "Juhla", on=date(2026, 5, 30))
    register_photo(application, tmp_path, scenes.EMPTY_STREET, "complete.jpg")
    at_feast = register_photo(application, tmp_path, PhotoAnswers(event="Juhla"), "open.jpg")
    by_event = [row.photo for row in listing.list_photos(application, event=f"E-{number}")]
    by_open = [row.photo for row in listing.list_photos(application, only_open=True)]
    assert by_event == by_open == [at_feast]
    assert len(list(listing.list_photos(application))) == 2
    with pytest.raises(NotFound):
        listing.list_photos(application, event="E-9")


def test_a_photo_without_open_questions_lacks_none_for_the_rules(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    photo = register_photo(application, tmp_path)
    for kind in (Channel.PUBLIC_PAGE, Channel.WEBSITE, Channel.PRINT):
        asked = evaluation.AskedUse(f"kunta-{kind}".replace("_", "-"))
        [checked] = checks.check(application, [photo], asked)
        assert "RG_INCOMPLETE" not in checked.verdict.codes
    assert details.show_photo(application, photo).open == ()


def test_a_list_shows_of_each_photo_what_is_shown_of_it(
    application: Application, tmp_path: Path
) -> None:
    photographer = add_photographer(application)
    events.add_event(application, "Juhla", on=date(2026, 5, 30), photographers=[photographer])
    by_event = PhotoAnswers(event="Juhla", people=People.RECOGNISABLE)
    names = [register_photo(application, tmp_path, by_event, f"{n}.jpg") for n in range(3)]
    names.append(register_photo(application, tmp_path, NOTHING, "alone.jpg"))
    person = create_person(application, "Áile")
    depictions.tag_persons(application, names[:2], persons=[person])
    consents.record_consent(application, ConsentParties(person), scenes.granted_consent())
    consents.record_consent(
        application, ConsentParties(person, photo=names[0]), scenes.granted_consent()
    )
    listed = {row.photo: row for row in listing.list_photos(application)}
    for name in names:
        shown = details.show_photo(application, name)
        for key in ("file", "event", "taken_at", "photographers", "open"):
            assert getattr(listed[name], key) == getattr(shown, key)
        assert listed[name].tagged == len(shown.people)
    assert listed[names[0]].photographers == (f"{photographer} {scenes.PHOTOGRAPHER_NAME}",)


def test_several_photos_are_tagged_and_untagged_together_or_not_at_all(
    application: Application, tmp_path: Path
) -> None:
    scenes.add_photographer(application)
    photos_ = [scenes.register_photo(application, tmp_path, name=f"{n}.jpg") for n in range(3)]
    elle = create_person(application, "Elle")
    depictions.tag_persons(application, photos_[:1], persons=[elle])

    done = depictions.tag_persons(
        application, photos_, persons=["Elle"], how=DepictionDetails(unnamed=1)
    )
    assert [(t.added, t.already, t.unnamed) for t in done] == [
        ((), (elle,), 1),
        ((elle,), (), 1),
        ((elle,), (), 1),
    ]
    with pytest.raises(NotFound):
        depictions.tag_persons(
            application, [*photos_, "P-99"], persons=[create_person(application, "Ante")]
        )
    depictions.untag_persons(application, photos_[:1], persons=[elle])
    with pytest.raises(NotFound, match="is not named in P-1"):
        depictions.untag_persons(application, photos_, persons=[elle])
    done_ = depictions.untag_persons(application, photos_[1:], persons=[elle], unnamed=-1)
    assert [(u.removed, u.unnamed) for u in done_.photos] == [(2, 0), (2, 0)]


def test_tagging_costs_the_same_few_queries_for_many_photos(
    application: Application, tmp_path: Path
) -> None:
    scenes.add_photographer(application)
    photos_ = [scenes.register_photo(application, tmp_path, name=f"{n}.jpg") for n in range(8)]

    def cost(tagged: list[str], person: str) -> int:
        statements: list[str] = []

        def count(*args: object) -> None:
            statements.append(str(args[2]))

        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        depictions.tag_persons(application, tagged, persons=[person])
        depictions.untag_persons(application, tagged, persons=[person])
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
        return len([s for s in statements if s.startswith("SELECT")])

    cost(photos_, create_person(application, "Biera"))  # each waits for a second look from now on
    one = cost(photos_[:2], create_person(application, "Elle"))
    assert cost(photos_, create_person(application, "Ante")) == one
    who = [create_person(application, name) for name in ("Áile", "Biret")]
    for person in who:
        blocks.block_person(application, person)  # so that each photo is flagged
    assert cost(photos_[:2], who[0]) == cost(photos_, who[1])
