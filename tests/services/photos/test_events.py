"""Events: one set of answers for a shoot, and who is expected there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE_USE,
    add_photographer,
    create_person,
    register_photo,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.rulebook.facts import AgeGroup, Confidentiality, Place
from photoreg.services.application import Application
from photoreg.services.decisions import checks
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
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.publications import publishing

AtWork = Callable[[str], Application]
DAY = date(2026, 5, 30)


def log(application: Application) -> list[tuple[str, str]]:
    with application.reading() as work:
        return [
            (e.action, e.details)
            for e in ledger.entries(work.session)
            if e.subject.startswith("E-")
        ]


def test_an_event_holds_its_days_answers_photographers_and_roster(
    application: Application, tmp_path: Path
) -> None:
    taker, child = (
        create_person(application, "Áile"),
        create_person(application, "Elle", date(2018, 1, 1)),
    )
    number = events.add_event(
        application,
        "Hetan skuvla giđđafeasta",
        on=DAY,
        until=date(2026, 5, 31),
        answers=EventAnswers(place=Place.SCHOOL_OR_DAYCARE),
        photographers=["áile"],
        roster=[child, "Elle"],
    )
    photo = register_photo(application, tmp_path, PhotoAnswers(event="hetan SKUVLA giđđafeasta"))
    shown = events.show_event(application, f"E-{number}")
    assert (shown.starts_on, shown.ends_on) == ("2026-05-30", "2026-05-31")
    assert (shown.photographers, shown.roster) == ((f"{taker} Áile",), (f"{child} Elle",))
    assert (shown.photographer, shown.place) == ("known", "school_or_daycare")
    assert shown.photos == (photo,)
    [listed] = events.list_events(application)
    assert (listed.roster, listed.photos) == (1, 1)


def test_an_event_s_answers_count_until_the_photo_has_its_own(
    application: Application, tmp_path: Path
) -> None:
    answers = EventAnswers(place=Place.SCHOOL_OR_DAYCARE)
    events.add_event(application, "Juhla", on=DAY, answers=answers)
    photo = register_photo(application, tmp_path, PhotoAnswers(event="Juhla"))

    def place() -> tuple[object, object]:
        rows = photo_details.show_photo(application, photo).answers
        return next((r.answer, r.source) for r in rows if r.question == "place")

    assert place() == ("school_or_daycare", "event")
    photo_answers.answer(application, [photo], PhotoAnswers(place=Place.PUBLIC_OUTDOOR))
    assert place() == ("public_outdoor", "photo")


def test_an_event_that_ends_before_it_begins_is_refused(application: Application) -> None:
    with pytest.raises(InputDataError, match="before it begins"):
        events.add_event(application, "Juhla", on=DAY, until=date(2026, 5, 29))
    assert events.list_events(application) == []


def test_the_same_event_twice_is_refused_but_next_year_s_is_not(application: Application) -> None:
    events.add_event(application, "Juhla", on=DAY)
    with pytest.raises(NotAllowed):
        events.add_event(application, " JUHLA ", on=DAY)
    events.add_event(application, "Juhla", on=date(2027, 5, 29))
    with pytest.raises(InputDataError, match="E-1 2026-05-30, E-2 2027-05-29"):
        events.show_event(application, "Juhla")


@pytest.mark.parametrize("field", ["photographers", "roster"])
def test_an_event_with_somebody_unknown_is_not_stored(application: Application, field: str) -> None:
    with pytest.raises(NotFound):
        events.add_event(application, "Juhla", on=DAY, **{field: ["Nobody"]})  # type: ignore[arg-type]
    assert events.list_events(application) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_an_event_needs_a_name(application: Application, name: str) -> None:
    with pytest.raises(InputDataError):
        events.add_event(application, name, on=DAY)


def test_the_roster_is_changed_and_logged_by_ids(application: Application) -> None:
    one, two = create_person(application, "Ante"), create_person(application, "Máret")
    events.add_event(application, "Juhla", on=DAY, roster=[one])
    change = events.change_roster(application, "E-1", add_persons=["Máret", one], remove_persons=[])
    assert (change.added, change.already) == ((two,), (one,))
    events.change_roster(application, "E-1", add_persons=[], remove_persons=["Ante"])
    assert [row.person for row in roster_consents.roster_consents(application, "Juhla")] == [two]
    assert [action for action, _details in log(application)] == [
        *(ledger.Action.EVENT_ADDED, ledger.Action.EVENT_CHANGED, ledger.Action.RECORD_CHANGED),
        *(ledger.Action.EVENT_CHANGED, ledger.Action.RECORD_CHANGED),
    ]
    assert not any("Ante" in details or "Juhla" in details for _action, details in log(application))


def test_nobody_is_taken_off_a_roster_that_they_are_not_on(application: Application) -> None:
    one, two = create_person(application, "Ante"), create_person(application, "Máret")
    events.add_event(application, "Juhla", on=DAY, roster=[one])
    with pytest.raises(NotFound, match=two):
        events.change_roster(application, "E-1", add_persons=[], remove_persons=[one, two])
    assert [row.person for row in roster_consents.roster_consents(application, "E-1")] == [one]


def test_the_roster_shows_ages_and_to_the_auditor_no_names(
    application: Application, application_for: AtWork
) -> None:
    child = create_person(application, "Elle", date(2008, 11, 3))
    adult = create_person(application, "Ante", date(2008, 11, 2))
    unknown = create_person(application, "Máret", None)
    events.add_event(application, "Juhla", on=DAY, roster=[child, adult, unknown])
    ages = {
        row.person: row.age_group for row in roster_consents.roster_consents(application, "E-1")
    }
    assert ages == {child: AgeGroup.MINOR, adult: AgeGroup.ADULT, unknown: AgeGroup.UNKNOWN}
    auditor = application_for("tarja")
    assert {row.name for row in roster_consents.roster_consents(auditor, "E-1")} == {None}
    assert events.show_event(auditor, "E-1").roster == (child, adult, unknown)


def test_an_auditor_changes_no_event(application: Application, application_for: AtWork) -> None:
    events.add_event(application, "Juhla", on=DAY)
    auditor = application_for("tarja")
    with pytest.raises(NotAllowed):
        events.add_event(auditor, "Toinen", on=DAY)
    with pytest.raises(NotAllowed):
        events.change_roster(auditor, "E-1", add_persons=["H-1"], remove_persons=[])


def test_an_event_is_corrected_and_its_photos_follow(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    events.add_event(application, "Juhla", on=DAY, answers=EventAnswers(place=Place.PUBLIC_OUTDOOR))
    photo = register_photo(application, tmp_path, replace(EMPTY_STREET, event="E-1", place=None))
    publishing.add_publication(application, [photo], PAGE_USE, address="https://kunta.example/1")
    later = DAY + timedelta(days=2)

    done = events.change_event(
        application,
        "Juhla",
        name="Kevätjuhla",
        on=later,
        answers=EventAnswers(place=Place.PRIVATE_HOME),
    )

    assert done.changed == ("ends_on", "name", "place", "starts_on")
    shown = events.show_event(application, "E-1")
    assert (shown.name, shown.starts_on, shown.ends_on) == (
        "Kevätjuhla",
        later.isoformat(),
        later.isoformat(),
    )
    [checked] = checks.check(application, [photo], PAGE_USE)
    assert checked.verdict.codes == ("PL_NOT_PUBLIC",)
    assert [t.task for t in application.reacted.publications] == ["T-1"]


def test_correcting_nothing_is_not_logged(application: Application) -> None:
    taker = create_person(application, "Anna")
    events.add_event(application, "Juhla", on=DAY, photographers=[taker])
    before = log(application)
    done = events.change_event(application, "E-1", name="Juhla", photographers=["Anna"])
    assert (done.changed, log(application)) == ((), before)


def test_the_photographers_of_an_event_are_replaced(application: Application) -> None:
    first, second = create_person(application, "Anna"), create_person(application, "Áile")
    events.add_event(application, "Juhla", on=DAY, photographers=[first])
    assert events.change_event(application, "E-1", photographers=[second]).changed == (
        "photographers",
    )
    assert events.show_event(application, "E-1").photographers == (f"{second} Áile",)


def test_an_event_that_would_contradict_itself_stays_as_it_is(application: Application) -> None:
    events.add_event(application, "Juhla", on=DAY)
    events.add_event(application, "Markkinat", on=DAY)
    with pytest.raises(InputDataError):
        events.change_event(application, "E-1", until=DAY - timedelta(days=1))
    with pytest.raises(NotAllowed):
        events.change_event(application, "E-1", name="MARKKINAT")
    assert events.show_event(application, "E-1").name == "Juhla"


def test_only_coordinators_take_back_that_somebody_at_an_event_is_not_shown(
    application: Application, application_for: Callable[[str], Application]
) -> None:
    blocked = EventAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    events.add_event(application, "Juhla", on=DAY, answers=blocked)
    nothing = EventAnswers(confidentiality=Confidentiality.NONE)
    with pytest.raises(NotAllowed):
        events.change_event(application_for("anna"), "E-1", answers=nothing)
    assert events.change_event(application, "E-1", answers=nothing).changed == ("confidentiality",)
