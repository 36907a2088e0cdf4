"""Events: one set of answers for a shoot, and who is expected there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.scenes import EMPTY_STREET, PAGE, a_person, a_photo, a_photographer

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.rulebook.facts import AgeGroup, Confidentiality, Place
from photoreg.services.decisions import evaluation
from photoreg.services.photos import (
    answers as photo_answers,
)
from photoreg.services.photos import (
    details as photo_details,
)
from photoreg.services.photos import (
    events,
    roster_consents,
)
from photoreg.services.photos.answers import Answers, EventAnswers
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

AtWork = Callable[[str], Workplace]
DAY = date(2026, 5, 30)


def log(workplace: Workplace) -> list[tuple[str, str]]:
    with workplace.reading() as desk:
        return [
            (e.action, e.details)
            for e in ledger.entries(desk.session)
            if e.subject.startswith("E-")
        ]


def test_an_event_holds_its_days_answers_photographers_and_roster(
    workplace: Workplace, tmp_path: Path
) -> None:
    taker, child = a_person(workplace, "Áile"), a_person(workplace, "Elle", date(2018, 1, 1))
    number = events.add_event(
        workplace,
        "Hetan skuvla giđđafeasta",
        on=DAY,
        until=date(2026, 5, 31),
        answers=EventAnswers(place=Place.SCHOOL_OR_DAYCARE),
        photographers=["áile"],
        roster=[child, "Elle"],
    )
    photo = a_photo(workplace, tmp_path, Answers(event="hetan SKUVLA giđđafeasta"))
    shown = events.show_event(workplace, f"E-{number}")
    assert (shown["starts_on"], shown["ends_on"]) == ("2026-05-30", "2026-05-31")
    assert (shown["photographers"], shown["roster"]) == ([f"{taker} Áile"], [f"{child} Elle"])
    assert (shown["photographer"], shown["place"]) == ("known", "school_or_daycare")
    assert shown["photos"] == [photo]
    [listed] = events.list_events(workplace)
    assert (listed["roster"], listed["photos"]) == (1, 1)


def test_an_event_s_answers_count_until_the_photo_has_its_own(
    workplace: Workplace, tmp_path: Path
) -> None:
    answers = EventAnswers(place=Place.SCHOOL_OR_DAYCARE)
    events.add_event(workplace, "Juhla", on=DAY, answers=answers)
    photo = a_photo(workplace, tmp_path, Answers(event="Juhla"))

    def place() -> tuple[object, object]:
        rows = photo_details.show_photo(workplace, photo)["answers"]
        return next((r["answer"], r["source"]) for r in rows if r["question"] == "place")

    assert place() == ("school_or_daycare", "event")
    photo_answers.answer(workplace, [photo], Answers(place=Place.PUBLIC_OUTDOOR))
    assert place() == ("public_outdoor", "photo")


def test_an_event_that_ends_before_it_begins_is_refused(workplace: Workplace) -> None:
    with pytest.raises(InputDataError, match="before it begins"):
        events.add_event(workplace, "Juhla", on=DAY, until=date(2026, 5, 29))
    assert events.list_events(workplace) == []


def test_the_same_event_twice_is_refused_but_next_year_s_is_not(workplace: Workplace) -> None:
    events.add_event(workplace, "Juhla", on=DAY)
    with pytest.raises(NotAllowed):
        events.add_event(workplace, " JUHLA ", on=DAY)
    events.add_event(workplace, "Juhla", on=date(2027, 5, 29))
    with pytest.raises(InputDataError, match="E-1, E-2"):
        events.show_event(workplace, "Juhla")


@pytest.mark.parametrize("field", ["photographers", "roster"])
def test_an_event_with_somebody_unknown_is_not_stored(workplace: Workplace, field: str) -> None:
    with pytest.raises(NotFound):
        events.add_event(workplace, "Juhla", on=DAY, **{field: ["Nobody"]})  # type: ignore[arg-type]
    assert events.list_events(workplace) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_an_event_needs_a_name(workplace: Workplace, name: str) -> None:
    with pytest.raises(InputDataError):
        events.add_event(workplace, name, on=DAY)


def test_the_roster_is_changed_and_logged_by_ids(workplace: Workplace) -> None:
    one, two = a_person(workplace, "Ante"), a_person(workplace, "Máret")
    events.add_event(workplace, "Juhla", on=DAY, roster=[one])
    change = events.change_roster(workplace, "E-1", add_persons=["Máret", one], remove_persons=[])
    assert (change.added, change.already) == ((two,), (one,))
    events.change_roster(workplace, "E-1", add_persons=[], remove_persons=["Ante"])
    assert [row["person"] for row in roster_consents.expected_at(workplace, "Juhla")] == [two]
    assert [action for action, _details in log(workplace)] == [
        ledger.Action.EVENT_ADDED,
        ledger.Action.EVENT_CHANGED,
        ledger.Action.EVENT_CHANGED,
    ]
    assert not any("Ante" in details or "Juhla" in details for _action, details in log(workplace))


def test_nobody_is_taken_off_a_roster_that_they_are_not_on(workplace: Workplace) -> None:
    one, two = a_person(workplace, "Ante"), a_person(workplace, "Máret")
    events.add_event(workplace, "Juhla", on=DAY, roster=[one])
    with pytest.raises(NotFound, match=two):
        events.change_roster(workplace, "E-1", add_persons=[], remove_persons=[one, two])
    assert [row["person"] for row in roster_consents.expected_at(workplace, "E-1")] == [one]


def test_the_roster_tells_ages_and_to_the_auditor_no_names(
    workplace: Workplace, at_work: AtWork
) -> None:
    child = a_person(workplace, "Elle", date(2008, 11, 3))
    adult = a_person(workplace, "Ante", date(2008, 11, 2))
    unknown = a_person(workplace, "Máret", None)
    events.add_event(workplace, "Juhla", on=DAY, roster=[child, adult, unknown])
    ages = {
        row["person"]: row["age_group"] for row in roster_consents.expected_at(workplace, "E-1")
    }
    assert ages == {child: AgeGroup.MINOR, adult: AgeGroup.ADULT, unknown: AgeGroup.UNKNOWN}
    auditor = at_work("tarja")
    assert {row["name"] for row in roster_consents.expected_at(auditor, "E-1")} == {None}
    assert events.show_event(auditor, "E-1")["roster"] == [child, adult, unknown]


def test_an_auditor_changes_no_event(workplace: Workplace, at_work: AtWork) -> None:
    events.add_event(workplace, "Juhla", on=DAY)
    auditor = at_work("tarja")
    with pytest.raises(NotAllowed):
        events.add_event(auditor, "Toinen", on=DAY)
    with pytest.raises(NotAllowed):
        events.change_roster(auditor, "E-1", add_persons=["H-1"], remove_persons=[])


def test_an_event_is_corrected_and_its_photos_follow(workplace: Workplace, tmp_path: Path) -> None:
    a_photographer(workplace)
    events.add_event(workplace, "Juhla", on=DAY, answers=EventAnswers(place=Place.PUBLIC_OUTDOOR))
    photo = a_photo(workplace, tmp_path, replace(EMPTY_STREET, event="E-1", place=None))
    publishing.add_publication(workplace, photo, PAGE, address="https://kunta.example/1")
    later = DAY + timedelta(days=2)

    done = events.change_event(
        workplace,
        "Juhla",
        name="Kevätjuhla",
        on=later,
        answers=EventAnswers(place=Place.PRIVATE_HOME),
    )

    assert done.changed == ("ends_on", "name", "place", "starts_on")
    shown = events.show_event(workplace, "E-1")
    assert (shown["name"], shown["starts_on"], shown["ends_on"]) == (
        "Kevätjuhla",
        later.isoformat(),
        later.isoformat(),
    )
    [checked] = evaluation.check(workplace, [photo], PAGE)
    assert checked.verdict.codes == ("PL_NOT_PUBLIC",)
    assert [t.task for t in workplace.reacted.publications] == ["T-1"]


def test_correcting_nothing_is_not_logged(workplace: Workplace) -> None:
    taker = a_person(workplace, "Anna")
    events.add_event(workplace, "Juhla", on=DAY, photographers=[taker])
    before = log(workplace)
    done = events.change_event(workplace, "E-1", name="Juhla", photographers=["Anna"])
    assert (done.changed, log(workplace)) == ((), before)


def test_the_photographers_of_an_event_are_replaced(workplace: Workplace) -> None:
    first, second = a_person(workplace, "Anna"), a_person(workplace, "Áile")
    events.add_event(workplace, "Juhla", on=DAY, photographers=[first])
    assert events.change_event(workplace, "E-1", photographers=[second]).changed == (
        "photographers",
    )
    assert events.show_event(workplace, "E-1")["photographers"] == [f"{second} Áile"]


def test_an_event_that_would_contradict_itself_stays_as_it_is(workplace: Workplace) -> None:
    events.add_event(workplace, "Juhla", on=DAY)
    events.add_event(workplace, "Markkinat", on=DAY)
    with pytest.raises(InputDataError):
        events.change_event(workplace, "E-1", until=DAY - timedelta(days=1))
    with pytest.raises(NotAllowed):
        events.change_event(workplace, "E-1", name="MARKKINAT")
    assert events.show_event(workplace, "E-1")["name"] == "Juhla"


def test_only_coordinators_take_back_that_somebody_at_an_event_is_not_shown(
    workplace: Workplace, at_work: Callable[[str], Workplace]
) -> None:
    blocked = EventAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    events.add_event(workplace, "Juhla", on=DAY, answers=blocked)
    nothing = EventAnswers(confidentiality=Confidentiality.NONE)
    with pytest.raises(NotAllowed):
        events.change_event(at_work("anna"), "E-1", answers=nothing)
    assert events.change_event(workplace, "E-1", answers=nothing).changed == ("confidentiality",)
