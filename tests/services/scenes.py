"""Scenes for the tests about cases, publishing and audits: real photos in a real registry."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from tests.imaging.builders import ARTIST, COPYRIGHT, jpeg_named, secretive_jpeg

from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import (
    Basis,
    Confidentiality,
    People,
    Place,
    Shot,
)
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.permissions import Rights, Terms
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian
from photoreg.services.people.persons import About
from photoreg.services.photos import depictions, registration, storing
from photoreg.services.photos.answers import Answers
from photoreg.services.unit_of_work import Workplace

_Row = TypeVar("_Row")

PAGE = AskedUse("kunta-public-page")
PRINT = AskedUse("kunta-print")
TAKER = ARTIST
UNTIL = date(2099, 1, 1)
EVERYWHERE = ("public_page", "website", "print")

EMPTY_STREET = Answers(
    photographers=(TAKER,),
    place=Place.PUBLIC_OUTDOOR,
    shot=Shot.GENERAL_VIEW,
    confidentiality=Confidentiality.NONE,
    sensitive=False,
    people=People.NONE,
)
"""Answers that leave nothing open: nobody in a public place."""

MARKET = replace(
    EMPTY_STREET, people=People.RECOGNISABLE, recognisable_count=1, context_identifies=False
)
"""Somebody can be recognised in a view of a market: unclear (T5 against T7)."""


def a_photographer(workplace: Workplace, name: str = TAKER) -> str:
    """Add a photographer who permits everything; return the id."""
    person = persons.add_person(workplace, About(name=name)).person
    permissions.record(
        workplace,
        Rights(photographer=person),
        yes(),
        Terms(basis=Basis.PHOTOGRAPHER_PERMISSION, credit=f"Kuva: {name}"),
    )
    return person


def yes(*channels: str) -> Spoken:
    """Return a documented yes, for every channel unless some are named."""
    return Spoken(
        ConsentKind.GIVEN,
        channels or EVERYWHERE,
        until=UNTIL,
        paper="folder 1",
        on=date(2026, 1, 1),
    )


def a_photo(
    workplace: Workplace,
    folder: Path,
    answers: Answers = EMPTY_STREET,
    name: str = "street.jpg",
    content: bytes = b"",
) -> str:
    """Register a new photo with these answers; return its id. Each name gives another picture."""
    file = folder / name
    notice = COPYRIGHT.encode()
    pictured = secretive_jpeg(jpeg_named(name))
    file.write_bytes(content or pictured.replace(notice, b" " * len(notice)))
    [registered] = registration.register(workplace, [file], answers)
    assert isinstance(registered, storing.Registered), registered
    return human_id(Kind.PHOTO, registered.photo_id)


def a_person(workplace: Workplace, name: str, born: date | None = date(1980, 5, 17)) -> str:
    """Add a person; return the id."""
    return persons.add_person(workplace, About(name=name, born=born)).person


def every(listed: AbstractContextManager[Iterator[_Row]]) -> list[_Row]:
    """Return all rows of a list that passes as a stream."""
    with listed as rows:
        return list(rows)


def show_in(workplace: Workplace, photo: str, person: str) -> None:
    """Record that the person can be recognised in the photo."""
    depictions.tag(workplace, [photo], persons=[person])


def a_child(workplace: Workplace, name: str, born: date, guardians: Sequence[str]) -> str:
    """Add a child with verified guardians of these names; return the child's id."""
    about = About(name=name, born=born, guardians=len(guardians))
    child = persons.add_person(workplace, about).person
    for guardian in guardians:
        a_person(workplace, guardian)
        add_guardian(
            workplace, child, guardian, basis=GuardianBasis.PARENT, verified="population register"
        )
    return child


def consents_to(
    workplace: Workplace, person: str, spoken: Spoken | None = None, by: str | None = None
) -> str:
    """Record a yes to everything, by the person or by a guardian; return the consent's id."""
    return consents.record(workplace, Whose(person, by=by), spoken or yes()).recorded.thread


def refuses(workplace: Workplace, person: str) -> None:
    """Record that the person takes everything back."""
    consents.withdraw(workplace, Spoken(ConsentKind.WITHDRAWN), whose=Whose(person))


AtWork = Callable[[str], Workplace]
