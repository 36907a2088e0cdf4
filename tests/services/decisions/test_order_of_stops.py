"""A stop does not depend on what came first: the no, or the photo that looks like the stopped one.

Each kind of stop is played in every order on two photos of one picture, of which the copy is at no
event and is said to be by another photographer, as nobody knew better.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from tests.imaging.pictures.test_likeness import scene as drawn
from tests.services.decisions.test_stop_propagation import WHOLE, saved_anew
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    as_coordinator,
    create_person,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)
from tests.statements import recorded_statements

from photoreg.registry.queries.similarity import likenesses_of, store_likenesses
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import Confidentiality, ConsentKind, People
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.decisions import checks, flags
from photoreg.services.photos import answers, events, series
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.publications import publishing
from photoreg.services.publications.publishing import PublicationState

NO = ConsentStatement(ConsentKind.REFUSED)
WITHDRAWN = ConsentStatement(ConsentKind.WITHDRAWN, purposes=())
TAKER, OTHER_TAKER, ELLE = "H-1", "H-2", "H-3"
SHOWS_ELLE = replace(
    EMPTY_STREET, people=People.RECOGNISABLE, recognisable_count=1, confidentiality=None
)


@dataclass
class Scene:
    """Two photos of one picture, by the names that they get when they are registered."""

    anna: Application
    folder: Path
    whole: str = ""
    copy: str = ""

    def register_whole(self) -> None:
        """Register the photo of the event, which shows Elle."""
        at = replace(SHOWS_ELLE, photographers=(), photographer=None, event="E-1")
        self.whole = register_photo(self.anna, self.folder, at, "whole.jpg", WHOLE)
        tag_person(self.anna, self.whole, ELLE)

    def register_copy(self) -> None:
        """Register its copy, which names Elle as well; publish it if it may be."""
        said = replace(SHOWS_ELLE, photographers=(OTHER_TAKER,), confidentiality=NONE)
        self.copy = register_photo(self.anna, self.folder, said, "again.jpg", saved_anew())
        tag_person(self.anna, self.copy, ELLE)
        publishing.add_publication(
            self.anna, [self.copy], PAGE_USE, address="https://kunta.example/2"
        )

    def outcome(self) -> tuple[bool, bool, bool]:
        """Is the copy flagged, refused, and in no publication without an open task?"""
        flagged = {row.photo for row in flags.list_flags(as_coordinator(self.anna))}
        [checked] = checks.check(as_coordinator(self.anna), [self.copy], PAGE_USE)
        online = [
            row
            for row in list_all(publishing.list_publications(self.anna))
            if row.photo == self.copy and row.state is PublicationState.ONLINE
        ]
        return self.copy in flagged, bool(checked.verdict.codes), not online


NONE = Confidentiality.NONE
BLOCK = Confidentiality.PUBLICATION_BLOCK


def _photographer(scene: Scene, statement: ConsentStatement, event: str | None) -> None:
    permissions.record_permission(scene.anna, PermissionParties(TAKER, event=event), statement)


STOPS: dict[str, Callable[[Scene], object]] = {
    "who is shown refuses for the event": lambda s: consents.record_consent(
        s.anna, ConsentParties(ELLE, event="E-1"), NO
    ),
    "who is shown withdraws for the event": lambda s: consents.withdraw_consent(
        s.anna, WITHDRAWN, parties=ConsentParties(ELLE, event="E-1")
    ),
    "the photographer refuses for the event": lambda s: _photographer(s, NO, "E-1"),
    "the photographer withdraws for the event": lambda s: _photographer(s, WITHDRAWN, "E-1"),
    "the photographer refuses for everything": lambda s: _photographer(s, NO, None),
    "somebody at the event may not be shown": lambda s: events.change_event(
        s.anna, "E-1", answers=EventAnswers(confidentiality=BLOCK)
    ),
}
"""Stops that reach the photo of the event and not, by themselves, its copy."""


@pytest.fixture
def scene(application_for: ApplicationFor, tmp_path: Path) -> Scene:
    anna = application_for("anna")
    add_photographer(anna)
    add_photographer(anna, "Sire Magga")
    create_person(anna, "Elle Valkeapää")
    record_consent(anna, ELLE)
    events.add_event(
        anna,
        "Juhla",
        on=date(2026, 5, 30),
        photographers=[TAKER],
        answers=EventAnswers(place=EMPTY_STREET.place, confidentiality=NONE),
    )
    return Scene(anna, tmp_path)


ORDERS = {
    "stop last": ("whole", "copy", "stop"),
    "copy first": ("copy", "whole", "stop"),
    "copy last": ("whole", "stop", "copy"),
    "stop first": ("stop", "whole", "copy"),
    "stopped photo last": ("stop", "copy", "whole"),
    "stop between": ("copy", "stop", "whole"),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("stop", STOPS)
def test_a_copy_is_stopped_and_taken_down_whatever_came_first(
    stop: str, order: str, scene: Scene
) -> None:
    steps: dict[str, Callable[[], object]] = {
        "whole": scene.register_whole,
        "copy": scene.register_copy,
        "stop": lambda: STOPS[stop](scene),
    }
    for step in ORDERS[order]:
        steps[step]()
    assert scene.outcome() == (True, True, True)


def test_a_copy_of_a_photo_that_nobody_stopped_is_published(scene: Scene) -> None:
    scene.register_whole()
    scene.register_copy()
    assert scene.outcome() == (False, False, False)


@pytest.mark.parametrize("link", ["event", "photographer", "person"])
def test_what_comes_under_an_earlier_no_stops_its_copy(link: str, scene: Scene) -> None:
    """The no was there, and both photos; only later is it said what the no is about."""
    no = "the photographer refuses for the event"
    if link == "person":
        no = "who is shown refuses for the event"
    STOPS[no](scene)
    at = "E-1" if link != "event" else None
    said = replace(SHOWS_ELLE, confidentiality=NONE, photographers=(OTHER_TAKER,), event=at)
    scene.whole = register_photo(scene.anna, scene.folder, said, "whole.jpg", WHOLE)
    scene.register_copy()
    if link == "person":
        tag_person(scene.anna, scene.whole, ELLE)
    elif link == "photographer":
        answers.answer(scene.anna, [scene.whole], PhotoAnswers(photographers=(TAKER,)))
    else:
        takers = PhotoAnswers(photographers=(TAKER,), event="E-1")
        answers.answer(scene.anna, [scene.whole], takers)
    assert scene.outcome() == (True, True, True)


def test_of_different_pictures_only_a_flag_on_the_picture_passes(scene: Scene) -> None:
    scene.register_whole()
    scene.register_copy()
    series.settle_as_different(scene.anna, scene.whole)
    STOPS["the photographer refuses for the event"](scene)
    assert scene.outcome() == (False, False, False)
    flags.raise_flag(scene.anna, scene.whole, reason="A number plate.")
    assert scene.outcome() == (True, True, True)


def test_a_copy_that_was_let_go_is_not_stopped_again_by_what_another_photo_comes_under(
    scene: Scene, application: Application
) -> None:
    scene.register_whole()
    scene.register_copy()
    STOPS["the photographer refuses for the event"](scene)
    [flag] = flags.list_flags(application)
    flags.resolve_flag(application, flag.flag, outcome=FlagOutcome.LIFTED, reason="Another street.")
    answers.answer(scene.anna, [scene.whole], PhotoAnswers(sensitive=True))
    events.change_event(scene.anna, "E-1", answers=EventAnswers(sensitive=True))
    assert flags.list_flags(application) == []


ALIKE = {"P-1": bytes(32), "P-2": b"\x0f" * 5 + bytes(27), "P-3": b"\xff" * 5 + bytes(27)}
"""The second looks like the first, and the third like the second but not like the first."""


def register_three(anna: Application, folder: Path) -> None:
    """Register P-1 to P-3, which look like nothing until it is said how they look."""
    add_photographer(anna)
    for number in range(1, 4):
        content = jpeg(drawn(number, (640, 480)))
        register_photo(anna, folder, EMPTY_STREET, f"{number}.jpg", content)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("steps", [*permutations((*ALIKE, "flag"))], ids=" ".join)
def test_a_stop_passes_along_a_series_whatever_came_first(
    steps: tuple[str, ...], application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    register_three(anna, tmp_path)
    for step in steps:
        if step == "flag":
            flags.raise_flag(anna, "P-1", reason="A number plate.")
        else:
            with anna.changing() as work:
                store_likenesses(work.session, [(int(step[2:]), ALIKE[step], 100)])
    assert {row.photo for row in flags.list_flags(anna)} == ALIKE.keys()


def test_a_series_that_was_answered_stops_the_passing(
    application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    register_three(anna, tmp_path)
    with anna.changing() as work:
        store_likenesses(work.session, [(int(p[2:]), hash_, 100) for p, hash_ in ALIKE.items()])
    series.settle_as_different(anna, "P-1")
    flags.raise_flag(anna, "P-1", reason="A number plate.")
    assert {row.photo for row in flags.list_flags(anna)} == {"P-1", "P-2"}


@pytest.mark.engines("sqlite")
def test_a_refusal_of_many_photos_takes_as_many_statements_as_one_of_few(scene: Scene) -> None:
    events.add_event(scene.anna, "Fair", on=date(2026, 5, 31), photographers=[TAKER])
    hashes = iter(bytes([1 << bit]) * 32 for bit in range(8))

    def refuse(event: str, count: int) -> tuple[int, int]:
        likenesses: list[tuple[int, bytes, int]] = []
        for number in range(count):
            hash_ = next(hashes)
            for said in (
                replace(EMPTY_STREET, photographers=(), photographer=None, event=event),
                replace(EMPTY_STREET, photographers=(OTHER_TAKER,)),
            ):
                name = f"{event}-{number}-{len(likenesses)}.jpg"
                photo = register_photo(scene.anna, scene.folder, said, name)
                likenesses.append((int(photo[2:]), hash_, 100))
        with scene.anna.changing() as work:
            store_likenesses(work.session, likenesses)
        before = len(scene.anna.reacted.copies)
        with recorded_statements() as statements:
            _photographer(scene, NO, event)
        return len(scene.anna.reacted.copies) - before, len(statements)

    few, many = refuse("E-1", 1), refuse("E-2", 5)
    assert (few[0], many[0]) == (1, 5)
    assert few[1] == many[1]


def test_what_a_refusal_reaches_by_itself_is_not_flagged_for_a_copy_that_was(
    scene: Scene, application: Application
) -> None:
    scene.register_whole()
    scene.register_copy()
    STOPS["the photographer refuses for the event"](scene)
    at = replace(SHOWS_ELLE, photographers=(), photographer=None, event="E-1")
    third = register_photo(scene.anna, scene.folder, at, "third.jpg", saved_anew(400))
    with scene.anna.changing() as work:  # the first is looked at again
        known = likenesses_of(work.session, [1])
        store_likenesses(work.session, [(1, *known[1])])
    assert [row.photo for row in flags.list_flags(application)] == [scene.copy]
    [checked] = checks.check(application, [third], PAGE_USE)
    assert checked.verdict.codes
