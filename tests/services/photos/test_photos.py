"""Answers about photos, who is in them, what is listed: corrected, logged, never contradictory."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.services import scenes
from tests.services.scenes import a_person, a_photo, a_photographer

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.rulebook.facts import Channel, Confidentiality, People, Photographer, Place
from photoreg.services.consents import consents
from photoreg.services.consents.consents import Whose
from photoreg.services.decisions import evaluation
from photoreg.services.people import persons
from photoreg.services.photos import answers as photo_answers
from photoreg.services.photos import depictions, details, events, listing
from photoreg.services.photos.answers import Answers
from photoreg.services.photos.depictions import Tag
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

AtWork = Callable[[str], Workplace]
NOTHING = Answers()
SEEN = Answers(people=People.RECOGNISABLE)


def last_entry(workplace: Workplace) -> tuple[str, dict[str, Any]]:
    with workplace.reading() as desk:
        [entry] = ledger.entries(desk.session, newest_first=True, limit=1)
    return entry.action, json.loads(entry.details)


def answers_of(workplace: Workplace, photo: str) -> dict[str, tuple[Any, str | None]]:
    shown = details.show_photo(workplace, photo)
    return {row["question"]: (row["answer"], row["source"]) for row in shown["answers"]}


def published(workplace: Workplace, folder: Path, channel: str = "kunta-public-page") -> str:
    """A photo that is online on a channel, lawfully."""
    a_photographer(workplace)
    photo = a_photo(workplace, folder)
    asked = evaluation.AskedUse(channel)
    recorded = publishing.add_publication(workplace, photo, asked, address="https://example.fi/1")
    assert recorded.publication
    return photo


def test_an_answer_is_logged_by_the_names_of_the_fields_only(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(workplace, tmp_path, NOTHING)
    answers = Answers(place=Place.OFFICE_LOBBY, credit="Kuva: Áile Näkkäläjärvi")
    photo_answers.answer(workplace, [photo], answers)
    assert last_entry(workplace) == (
        ledger.Action.PHOTO_ANSWERED,
        {"fields": ["credit", "place"]},
    )


def test_an_answer_can_be_corrected_and_the_same_answer_changes_nothing(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(workplace, tmp_path, Answers(place=Place.OFFICE_LOBBY))
    corrected = photo_answers.answer(workplace, [photo], Answers(place=Place.CARE_LOBBY))
    again = photo_answers.answer(workplace, [photo], Answers(place=Place.CARE_LOBBY))
    assert list(corrected.changed.values()) == [("place",)]
    assert list(again.changed.values()) == [()]
    assert answers_of(workplace, photo)["place"] == ("care_lobby", "photo")


def test_several_photos_are_answered_together_or_not_at_all(
    workplace: Workplace, tmp_path: Path
) -> None:
    one, two = (a_photo(workplace, tmp_path, NOTHING, name) for name in ("a.jpg", "b.jpg"))
    depictions.tag(workplace, [two], how=Tag(unnamed=1))
    with pytest.raises(NotAllowed):
        photo_answers.answer(workplace, [one, two], Answers(people=People.NONE))
    assert answers_of(workplace, one)["people"] == (None, None)
    photo_answers.answer(workplace, [one, two, one], Answers(people=People.RECOGNISABLE))
    assert answers_of(workplace, one)["people"] == ("recognisable", "photo")


def test_who_took_it_is_replaced_and_can_become_unknown(
    workplace: Workplace, tmp_path: Path
) -> None:
    one, two = a_person(workplace, "Máret"), a_person(workplace, "Đorđe")
    photo = a_photo(workplace, tmp_path, Answers(photographers=(one,)))
    photo_answers.answer(workplace, [photo], Answers(photographers=(two,)))
    assert last_entry(workplace)[1] == {"fields": ["photographers"]}
    assert details.show_photo(workplace, photo)["photographers"] == [f"{two} Đorđe"]
    photo_answers.answer(workplace, [photo], Answers(photographer=Photographer.UNKNOWN))
    assert details.show_photo(workplace, photo)["photographers"] == []


@pytest.mark.parametrize("nobody", [People.NONE, People.UNSURE])
def test_nobody_can_be_recognised_contradicts_people_who_are_named(
    workplace: Workplace, tmp_path: Path, nobody: People
) -> None:
    photo = a_photo(workplace, tmp_path, NOTHING)
    person = a_person(workplace, "Áile")
    depictions.tag(workplace, [photo], persons=[person])
    with pytest.raises(NotAllowed, match=photo):
        photo_answers.answer(workplace, [photo], Answers(people=nobody))
    depictions.untag(workplace, [photo], persons=[person])
    photo_answers.answer(workplace, [photo], Answers(people=nobody))
    assert answers_of(workplace, photo)["people"] == (nobody, "photo")


def test_saying_that_nobody_is_shown_takes_the_count_back(
    workplace: Workplace, tmp_path: Path
) -> None:
    seen = Answers(people=People.RECOGNISABLE, recognisable_count=3)
    photo = a_photo(workplace, tmp_path, seen)
    answered = photo_answers.answer(workplace, [photo], Answers(people=People.NONE))
    assert list(answered.changed.values()) == [("people", "recognisable_count")]
    assert answers_of(workplace, photo)["recognisable_count"] == (None, None)


@pytest.mark.parametrize("count", [-1, 0, 1, 10_000, 10**30])
def test_a_count_that_cannot_be_is_refused(
    workplace: Workplace, tmp_path: Path, count: int
) -> None:
    photo = a_photo(workplace, tmp_path, SEEN)
    depictions.tag(workplace, [photo], how=Tag(unnamed=2))
    with pytest.raises(InputDataError):
        photo_answers.answer(workplace, [photo], Answers(recognisable_count=count))


@pytest.mark.parametrize("said", [People.NONE, People.UNSURE, None])
def test_a_count_without_recognisable_people_is_refused(
    workplace: Workplace, tmp_path: Path, said: People | None
) -> None:
    photo = a_photo(workplace, tmp_path, Answers(people=said))
    with pytest.raises(InputDataError, match="contradicts"):
        photo_answers.answer(workplace, [photo], Answers(recognisable_count=2))


def test_a_waived_credit_and_a_credit_replace_each_other(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(workplace, tmp_path, Answers(credit="Kuva: Áile"))
    photo_answers.answer(workplace, [photo], Answers(credit_waived=True))
    assert answers_of(workplace, photo)["credit"] == (None, None)
    photo_answers.answer(workplace, [photo], Answers(credit="Kuva: Áile"))
    assert answers_of(workplace, photo)["credit_waived"] == (False, "photo")


def test_an_identity_code_is_kept_out_of_every_text(workplace: Workplace, tmp_path: Path) -> None:
    photo = a_photo(workplace, tmp_path, NOTHING)
    with pytest.raises(InputDataError, match="identity code"):
        depictions.tag(workplace, [photo], how=Tag(unnamed=1, position="131052-308T"))
    with pytest.raises(InputDataError, match="identity code"):
        photo_answers.answer(workplace, [photo], Answers(credit="131052-308T"))


def test_an_answer_that_makes_a_publication_unlawful_opens_its_take_down(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = published(workplace, tmp_path)
    photo_answers.answer(workplace, [photo], Answers(credit="Kuva: Áile"))
    assert workplace.reacted.publications == []
    photo_answers.answer(workplace, [photo], Answers(confidentiality=Confidentiality.INTERNAL))
    [touched] = workplace.reacted.publications
    assert (touched.photo, touched.channel, touched.task) == (photo, "kunta-public-page", "T-1")


def test_naming_somebody_who_never_agreed_opens_a_take_down(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = published(workplace, tmp_path, "kunta-print")
    [tagged] = depictions.tag(workplace, [photo], persons=[a_person(workplace, "Áile")])
    assert tagged.people_now is People.RECOGNISABLE
    [touched] = workplace.reacted.publications
    assert (touched.recallable, touched.task) == (False, None)


@pytest.mark.parametrize("said", [None, People.NONE, People.UNSURE])
def test_naming_somebody_says_that_people_can_be_recognised(
    workplace: Workplace, tmp_path: Path, said: People | None
) -> None:
    photo = a_photo(workplace, tmp_path, Answers(people=said))
    [tagged] = depictions.tag(workplace, [photo], persons=[a_person(workplace, "Áile")])
    assert tagged.people_now is People.RECOGNISABLE
    assert answers_of(workplace, photo)["people"] == ("recognisable", "photo")


def test_naming_somebody_never_changes_that_nobody_can_be_recognised(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(workplace, tmp_path, Answers(people=People.UNRECOGNISABLE))
    [tagged] = depictions.tag(workplace, [photo], persons=[a_person(workplace, "Áile")])
    assert tagged.people_now is None
    assert answers_of(workplace, photo)["people"] == ("unrecognisable", "photo")


def test_the_same_person_twice_changes_nothing(workplace: Workplace, tmp_path: Path) -> None:
    photo, person = a_photo(workplace, tmp_path, NOTHING), a_person(workplace, "Áile")
    depictions.tag(workplace, [photo], persons=[person, "áile"])
    before = last_entry(workplace)
    [again] = depictions.tag(workplace, [photo], persons=["ÁILE"])
    assert (again.added, again.already) == ((), (person,))
    assert last_entry(workplace) == before
    assert before[1] == {"persons": [person], "people": "recognisable", "unnamed": 0}


def test_of_namesakes_the_one_on_the_roster_is_meant(workplace: Workplace, tmp_path: Path) -> None:
    a_person(workplace, "Aino Virtanen")
    expected = a_person(workplace, "Aino Virtanen", date(2015, 3, 1))
    number = events.add_event(workplace, "Juhla", on=date(2026, 5, 30), roster=[expected])
    at_feast = a_photo(workplace, tmp_path, Answers(event=f"E-{number}"), "a.jpg")
    elsewhere = a_photo(workplace, tmp_path, NOTHING, "b.jpg")
    assert depictions.tag(workplace, [at_feast], persons=["Aino Virtanen"])[0].added == (expected,)
    assert depictions.untag(workplace, [at_feast], persons=["Aino Virtanen"]).photos[0].removed == 1
    with pytest.raises(InputDataError, match="could be any of"):
        depictions.tag(workplace, [elsewhere], persons=["Aino Virtanen"])


def test_people_who_are_not_named_yet_are_counted_and_taken_out_again(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(workplace, tmp_path, NOTHING)
    assert (
        depictions.tag(workplace, [photo], how=Tag(unnamed=3, position="takarivi"))[0].unnamed == 3
    )
    assert depictions.untag(workplace, [photo], unnamed=1).photos[0].unnamed == 2
    with pytest.raises(NotFound):
        depictions.untag(workplace, [photo], unnamed=3)
    assert depictions.untag(workplace, [photo], unnamed=-1).photos[0].unnamed == 0
    with pytest.raises(NotFound):
        depictions.untag(workplace, [photo], unnamed=-1)


@pytest.mark.parametrize("count", [-1, 1000, 10**30])
def test_a_number_of_unnamed_people_that_cannot_be_is_refused(
    workplace: Workplace, tmp_path: Path, count: int
) -> None:
    photo = a_photo(workplace, tmp_path, NOTHING)
    with pytest.raises(InputDataError):
        depictions.tag(workplace, [photo], how=Tag(unnamed=count))


def test_somebody_who_is_not_in_a_photo_cannot_be_taken_out(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo, person = a_photo(workplace, tmp_path, NOTHING), a_person(workplace, "Áile")
    with pytest.raises(NotFound, match=person):
        depictions.untag(workplace, [photo], persons=["Áile"])


def test_an_auditor_answers_and_names_nothing(
    workplace: Workplace, at_work: AtWork, tmp_path: Path
) -> None:
    photo = a_photo(workplace, tmp_path, NOTHING)
    auditor = at_work("tarja")
    with pytest.raises(NotAllowed):
        photo_answers.answer(auditor, [photo], Answers(people=People.NONE))
    with pytest.raises(NotAllowed):
        depictions.tag(auditor, [photo], how=Tag(unnamed=1))
    with pytest.raises(NotAllowed):
        depictions.untag(auditor, [photo], unnamed=-1)


def test_a_photo_shows_everything_that_was_said_and_done(
    workplace: Workplace, tmp_path: Path
) -> None:
    photo = published(workplace, tmp_path)
    person = a_person(workplace, "Ánne-Márjá")
    depictions.tag(workplace, [photo], persons=[person], how=Tag(position="vasemmalla"))
    consent = scenes.consents_to(workplace, person)
    shown = details.show_photo(workplace, photo)
    assert shown["people"] == [
        {
            "person": person,
            "name": "Ánne-Márjá",
            "position": "vasemmalla",
            "prominence": "subject",
            "role": "private",
        }
    ]
    [said] = shown["consents"]
    assert (said["id"], said["about"], said["by"], said["said"]) == (
        consent,
        person,
        person,
        "given",
    )
    assert set(said["channels"]) == set(scenes.EVERYWHERE)
    assert [p["id"] for p in shown["permissions"]] == ["L-1"]
    assert [d["made_for"] for d in shown["decisions"]] == ["publication"]
    assert [p["channel"] for p in shown["publications"]] == ["kunta-public-page"]


def test_words_about_another_photo_or_event_are_not_shown(
    workplace: Workplace, tmp_path: Path
) -> None:
    one, two = (a_photo(workplace, tmp_path, NOTHING, name) for name in ("a.jpg", "b.jpg"))
    person = a_person(workplace, "Áile")
    depictions.tag(workplace, [one], persons=[person])
    whose = Whose(person, photo=two)
    consents.record(workplace, whose, scenes.yes())
    assert details.show_photo(workplace, one)["consents"] == []


def test_an_auditor_sees_ids_and_no_names(
    workplace: Workplace, at_work: AtWork, tmp_path: Path
) -> None:
    photographer = a_photographer(workplace)
    photo = a_photo(workplace, tmp_path, Answers(credit=f"Kuva: {scenes.TAKER}"))
    person = a_person(workplace, "Ánne-Márjá")
    depictions.tag(workplace, [photo], persons=[person])
    auditor = at_work("tarja")
    shown = details.show_photo(auditor, photo)
    assert shown["photographers"] == [photographer]
    assert shown["people"][0]["person"] == person
    listed = list(listing.list_photos(auditor))
    for data in (shown, listed):
        text = json.dumps(data, ensure_ascii=False)
        assert scenes.TAKER not in text
        assert "Márjá" not in text


def test_nothing_shows_that_somebody_may_not_be_shown(workplace: Workplace, tmp_path: Path) -> None:
    photo, person = a_photo(workplace, tmp_path, NOTHING), a_person(workplace, "Áile")
    depictions.tag(workplace, [photo], persons=[person])
    before = details.show_photo(workplace, photo), list(listing.list_photos(workplace))
    persons.block_person(workplace, person)
    assert (details.show_photo(workplace, photo), list(listing.list_photos(workplace))) == before


def test_photos_are_listed_by_event_and_by_open_questions(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(workplace)
    number = events.add_event(workplace, "Juhla", on=date(2026, 5, 30))
    a_photo(workplace, tmp_path, scenes.EMPTY_STREET, "complete.jpg")
    at_feast = a_photo(workplace, tmp_path, Answers(event="Juhla"), "open.jpg")
    by_event = [row["photo"] for row in listing.list_photos(workplace, event=f"E-{number}")]
    by_open = [row["photo"] for row in listing.list_photos(workplace, only_open=True)]
    assert by_event == by_open == [at_feast]
    assert len(list(listing.list_photos(workplace))) == 2
    with pytest.raises(NotFound):
        listing.list_photos(workplace, event="E-9")


def test_a_photo_without_open_questions_lacks_none_for_the_rules(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(workplace)
    photo = a_photo(workplace, tmp_path)
    for kind in (Channel.PUBLIC_PAGE, Channel.WEBSITE, Channel.PRINT):
        asked = evaluation.AskedUse(f"kunta-{kind}".replace("_", "-"))
        [checked] = evaluation.check(workplace, [photo], asked)
        assert "RG_INCOMPLETE" not in checked.verdict.codes
    assert details.show_photo(workplace, photo)["open"] == []


def test_a_list_tells_of_each_photo_what_is_shown_of_it(
    workplace: Workplace, tmp_path: Path
) -> None:
    photographer = a_photographer(workplace)
    events.add_event(workplace, "Juhla", on=date(2026, 5, 30), photographers=[photographer])
    by_event = Answers(event="Juhla", people=People.RECOGNISABLE)
    names = [a_photo(workplace, tmp_path, by_event, f"{n}.jpg") for n in range(3)]
    names.append(a_photo(workplace, tmp_path, NOTHING, "alone.jpg"))
    person = a_person(workplace, "Áile")
    depictions.tag(workplace, names[:2], persons=[person])
    consents.record(workplace, Whose(person), scenes.yes())
    consents.record(workplace, Whose(person, photo=names[0]), scenes.yes())
    listed = {row["photo"]: row for row in listing.list_photos(workplace)}
    for name in names:
        shown = details.show_photo(workplace, name)
        for key in ("file", "event", "taken_at", "photographers", "open"):
            assert listed[name][key] == shown[key]
        assert listed[name]["tagged"] == len(shown["people"])
    assert listed[names[0]]["photographers"] == [f"{photographer} {scenes.TAKER}"]


def test_several_photos_are_tagged_and_untagged_together_or_not_at_all(
    workplace: Workplace, tmp_path: Path
) -> None:
    scenes.a_photographer(workplace)
    photos_ = [scenes.a_photo(workplace, tmp_path, name=f"{n}.jpg") for n in range(3)]
    elle = a_person(workplace, "Elle")
    depictions.tag(workplace, photos_[:1], persons=[elle])

    done = depictions.tag(workplace, photos_, persons=["Elle"], how=Tag(unnamed=1))
    assert [(t.added, t.already, t.unnamed) for t in done] == [
        ((), (elle,), 1),
        ((elle,), (), 1),
        ((elle,), (), 1),
    ]
    with pytest.raises(NotFound):
        depictions.tag(workplace, [*photos_, "P-99"], persons=[a_person(workplace, "Ante")])
    depictions.untag(workplace, photos_[:1], persons=[elle])
    with pytest.raises(NotFound, match="is not named in P-1"):
        depictions.untag(workplace, photos_, persons=[elle])
    done_ = depictions.untag(workplace, photos_[1:], persons=[elle], unnamed=-1)
    assert [(u.removed, u.unnamed) for u in done_.photos] == [(2, 0), (2, 0)]


def test_tagging_costs_the_same_few_queries_for_many_photos(
    workplace: Workplace, tmp_path: Path
) -> None:
    scenes.a_photographer(workplace)
    photos_ = [scenes.a_photo(workplace, tmp_path, name=f"{n}.jpg") for n in range(8)]

    def cost(tagged: list[str], person: str) -> int:
        statements: list[str] = []

        def count(*args: object) -> None:
            statements.append(str(args[2]))

        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        depictions.tag(workplace, tagged, persons=[person])
        depictions.untag(workplace, tagged, persons=[person])
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
        return len([s for s in statements if s.startswith("SELECT")])

    one = cost(photos_[:2], a_person(workplace, "Elle"))
    assert cost(photos_, a_person(workplace, "Ante")) == one
    who = [a_person(workplace, name) for name in ("Áile", "Biret")]
    for person in who:
        persons.block_person(workplace, person)  # so that each photo is flagged
    assert cost(photos_[:2], who[0]) == cost(photos_, who[1])
