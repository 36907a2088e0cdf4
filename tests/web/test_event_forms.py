"""Events are added and changed on the desk, with their rosters."""

from tests.web.desks import ServedDesk, User

from photoreg.services.photos.events import show_event


def test_an_event_is_added_with_its_answers_and_its_roster(anna: User, desk: ServedDesk) -> None:
    page = anna.get("/do/event_add")
    page = anna.send(
        page, "Add an event", name="Joulujuhla", on="2026-12-18", person="H-3", sensitive="no"
    )
    event = page.to.rpartition("/")[2]
    page = anna.follow(page)
    assert "Joulujuhla" in page.main
    recorded = show_event(desk.application("anna"), event)
    assert recorded.sensitive is False
    assert len(recorded.roster) == 1


def test_an_event_without_a_day_is_not_added_and_its_name_is_kept(anna: User) -> None:
    page = anna.send(anna.get("/do/event_add"), "Add an event", name="Joulujuhla")
    assert page.status == 422
    assert page.filled_in("Add an event")["name"] == "Joulujuhla"
    assert "is missing" in page.main


def test_an_event_is_changed_in_what_was_filled_in_only(anna: User, desk: ServedDesk) -> None:
    before = show_event(desk.application("anna"), "E-1")
    page = anna.get("/do/event_change?event=E-1")
    page = anna.send(page, "Change the event", sensitive="yes")
    assert page.to == "/events/E-1"
    after = show_event(desk.application("anna"), "E-1")
    assert after.sensitive is True
    assert (after.name, after.place, after.roster) == (before.name, before.place, before.roster)


def test_people_leave_the_roster_and_come_to_it(anna: User, desk: ServedDesk) -> None:
    address = "/do/event_roster?event=E-1&back=/events/E-1"
    page = anna.send(anna.get(address), "Change who is expected", leaving="H-8")
    assert "Added to the roster: 0. Removed: 1." in anna.follow(page).main
    assert not any("H-8" in each for each in show_event(desk.application("anna"), "E-1").roster)
    page = anna.send(anna.get(address), "Change who is expected", person="H-8")
    assert "Added to the roster: 1. Removed: 0." in anna.follow(page).main
