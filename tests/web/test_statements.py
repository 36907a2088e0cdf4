"""How many SQL statements a page takes: as many with much to show as with little, and few."""

from dataclasses import replace
from datetime import date

import pytest
from tests.imaging.builders import jpeg_named
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_child,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    withdraw_consent,
)
from tests.statements import recorded_statements
from tests.web.addresses import addresses
from tests.web.desks import ServedDesk, User

from photoreg.services.application import Application
from photoreg.services.decisions import approval, flags
from photoreg.services.photos import depictions, events
from photoreg.services.publications import publishing

MOST = 40
"""How many a page takes, if it is not one of those below."""

MOST_OF = {
    "events.show": 42,
    "naming.show": 45,
    "persons.show": 77,
    "photos.show": 60,
    "publishing.show": 64,
    "today.show": 71,
}
"""What shows many kinds of records; facts behind verdicts take 17, and some ask for them twice."""

MOST_BESIDE = 20
"""How many the entry takes about who looked at whose names, beside those of the page."""


def statements_of(user: User) -> dict[str, tuple[str, int, int]]:
    """Return by address the endpoint, the statements of the page, and those that log who looked."""
    found = {}
    for endpoint, address in addresses():
        user.get(address)  # files that have changed are looked at once
        with recorded_statements() as statements:
            user.get(address)
        own = [each for each in statements if each != "BEGIN"]  # which PostgreSQL's driver sends
        at = next((at for at, each in enumerate(own) if each == "BEGIN IMMEDIATE"), len(own))
        found[address] = (endpoint, at, max(0, len(own) - at - 1))
    return found


def add_more(anna: Application, folder: str, count: int) -> None:
    """Add people and photos to the event, and of each kind of record about them some more."""
    for at in range(count):
        taker = add_photographer(anna, f"{folder}{at} Kuvaaja")
        adult = create_person(anna, f"{folder}{at} Aikuinen")
        child = add_child(anna, f"{folder}{at} Lapsi", date(2016, 1, 2), [f"{folder}{at} Huoltaja"])
        events.change_roster(anna, "E-1", add_persons=[adult, child], remove_persons=[])
        record_consent(anna, adult, granted_consent())
        place = anna.registry.path.parent / "more" / f"{folder}{at}"
        place.mkdir(parents=True)
        answers = replace(MARKET, event="E-1", photographers=(taker,), recognisable_count=1)
        photo, other, unclear = (
            register_photo(anna, place, answers, name, jpeg_named(f"{folder}{at}{name}"))
            for name in ("one.jpg", "two.jpg", "unclear.jpg")
        )
        for each in (photo, other):
            depictions.tag_persons(anna, [each], persons=[adult])
        address = f"https://kunta.example/{folder}{at}"
        publishing.add_publication(anna, [photo], PAGE_USE, address=address)
        approval.approve(anna, [other], PAGE_USE)
        approval.approve(anna, [unclear], PAGE_USE)
        flags.raise_flag(anna, unclear, reason="Look again.")
        withdraw_consent(anna, adult)
        depictions.untag_persons(anna, [other], persons=[adult])


@pytest.mark.parametrize("login", ["anna", "kaisa"])
def test_no_page_asks_more_when_there_is_more_to_show(desk: ServedDesk, login: str) -> None:
    anna = desk.application("anna")
    user = desk.sign_in(login)
    add_more(anna, "a", 1)
    little = statements_of(user)
    add_more(anna, "b", 4)
    much = statements_of(user)
    changed = {each: (little[each], much[each]) for each in little if little[each] != much[each]}
    assert changed == {}
    too_many = {
        address: found
        for address, found in much.items()
        if found[1] > MOST_OF.get(found[0], MOST)
        or (found[2] > MOST_BESIDE and found[1] + found[2] > MOST)
    }
    assert too_many == {}
