"""Helpers that set up persons, photos and consents in a real registry."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from tests.conftest import COORDINATOR
from tests.imaging.builders import ARTIST, COPYRIGHT, full_jpeg, jpeg_named

from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import Basis, Confidentiality, ConsentKind, People, Place, Shot
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import cases
from photoreg.services.decisions.evaluation import AskedUse, Checked
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import depictions, registration, storing
from photoreg.services.photos.answers import PhotoAnswers

_Row = TypeVar("_Row")

PAGE_USE = AskedUse("kunta-public-page")
PRINT_USE = AskedUse("kunta-print")
PHOTOGRAPHER_NAME = ARTIST
UNTIL = date(2099, 1, 1)
ALL_CHANNELS = ("public_page", "website", "print", "internal")

EMPTY_STREET = PhotoAnswers(
    photographers=(PHOTOGRAPHER_NAME,),
    place=Place.PUBLIC_OUTDOOR,
    shot=Shot.GENERAL_VIEW,
    confidentiality=Confidentiality.NONE,
    sensitive=False,
    people=People.NONE,
)
"""Complete answers: a public place without people."""

MARKET = replace(
    EMPTY_STREET, people=People.RECOGNISABLE, recognisable_count=1, context_identifies=False
)
"""A recognisable person in a general view: unclear (T5 against T7)."""


def add_photographer(application: Application, name: str = PHOTOGRAPHER_NAME) -> str:
    """Add a photographer with a permission for all channels; return the id."""
    person = persons.add_person(application, PersonDetails(name=name)).person
    permissions.record_permission(
        application,
        PermissionParties(photographer=person),
        granted_consent(),
        PermissionTerms(basis=Basis.PHOTOGRAPHER_PERMISSION, credit=f"Kuva: {name}"),
    )
    return person


def granted_consent(*channels: str) -> ConsentStatement:
    """Return a documented consent, for all channels by default."""
    return ConsentStatement(
        ConsentKind.GIVEN,
        channels or ALL_CHANNELS,
        until=UNTIL,
        paper="folder 1",
        on=date(2026, 1, 1),
    )


def register_photo(
    application: Application,
    folder: Path,
    answers: PhotoAnswers = EMPTY_STREET,
    name: str = "street.jpg",
    content: bytes = b"",
) -> str:
    """Register a new photo with these answers; return its id. Each name gives another picture."""
    file = folder / name
    notice = COPYRIGHT.encode()
    photo = full_jpeg(jpeg_named(name))
    file.write_bytes(content or photo.replace(notice, b" " * len(notice)))
    [registered] = registration.register_files(application, [file], answers)
    assert isinstance(registered, storing.RegisteredPhoto), registered
    return human_id(Kind.PHOTO, registered.photo_id)


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def unlike_any_other(text: str) -> str:
    """Return a name, the same for the same text, that is taken for nobody else's."""
    letters = hashlib.sha256(text.encode()).hexdigest().translate(_LETTERS)
    return f"{letters[:12].title()} {letters[12:24].title()}"


def create_person(
    application: Application,
    name: str,
    born: date | None = date(1980, 5, 17),
    others: Sequence[str] = (),
) -> str:
    """Add a person who is none of the others; return the id."""
    details = PersonDetails(name=name, born=born)
    return persons.add_person(application, details, other=others).person


def as_coordinator(application: Application) -> Application:
    """Return the application as the coordinator uses it, who is told why a photo is stopped."""
    return replace(application, login=COORDINATOR)


def list_all(listed: AbstractContextManager[Iterator[_Row]]) -> list[_Row]:
    """Return all rows of a streamed list."""
    with listed as rows:
        return list(rows)


def tag_person(application: Application, photo: str, person: str) -> None:
    """Record that the person can be recognised in the photo."""
    depictions.tag_persons(application, [photo], persons=[person])


def add_child(application: Application, name: str, born: date, guardians: Sequence[str]) -> str:
    """Add a child with verified guardians of these names; return the child's id."""
    details = PersonDetails(name=name, born=born, guardians=len(guardians))
    child = persons.add_person(application, details).person
    for guardian in guardians:
        create_person(application, guardian)
        add_guardian(
            application, child, guardian, basis=GuardianBasis.PARENT, verified="population register"
        )
    return child


def record_consent(
    application: Application,
    person: str,
    spoken: ConsentStatement | None = None,
    by: str | None = None,
) -> str:
    """Record a consent, by the person or a guardian, to all channels by default; return its id."""
    return consents.record_consent(
        application, ConsentParties(person, by=by), spoken or granted_consent()
    ).recorded.record_id


def rule_on(
    application: Application, case: str, kind: RulingKind, reason: str, **more: Any
) -> Checked:
    """Look at a case, as a ruling requires, and rule on it; return its first photo's verdict."""
    cases.show_case(application, case)
    return cases.rule_on_cases(application, [case], kind, reason, **more).verdicts[0]


def withdraw_consent(application: Application, person: str) -> None:
    """Record that the person withdraws every consent."""
    consents.withdraw_consent(
        application, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(person)
    )


ApplicationFor = Callable[[str], Application]
