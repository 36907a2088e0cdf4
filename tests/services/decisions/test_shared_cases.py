"""One cause, one case: photos that are unclear for the same reason are ruled on together."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from tests.conftest import Clock
from tests.services.machines import RegistryCopies, RegistryCopy, RegistryMachine, run_machine
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    PRINT_USE,
    add_photographer,
    create_person,
    granted_consent,
    register_photo,
    rule_on,
    tag_person,
)
from tests.statements import recorded_statements

from photoreg.errors import NotAllowed
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.facts import Basis
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.consents import permissions
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import approval, checks, flags
from photoreg.services.decisions import cases as unclear_cases
from photoreg.services.decisions.cases import CaseState
from photoreg.services.photos import answers
from photoreg.services.photos.answers import PhotoAnswers

REASON = "Anna has taken these photos at work and agreed by word of mouth."
PHOTOS = ("P-1", "P-2", "P-3", "P-4")


@pytest.fixture
def staff_photos(anna: Application, tmp_path: Path) -> tuple[str, ...]:
    """Four photos by a member of staff (H-1) with whom nothing is agreed."""
    create_person(anna, PHOTOGRAPHER_NAME)
    return tuple(staff_photo(anna, tmp_path, f"{number}.jpg") for number in range(4))


def staff_photo(
    application: Application, folder: Path, name: str, by: str = PHOTOGRAPHER_NAME
) -> str:
    taken = replace(
        EMPTY_STREET, photographers=(by,), basis=Basis.STAFF_NO_AGREEMENT, credit=f"Kuva: {by}"
    )
    return register_photo(application, folder, taken, name)


def ask(application: Application, *photos: str) -> list[str]:
    """Ask for approval; return the case of each photo."""
    results = approval.approve(application, photos, PAGE_USE)
    return [f"K-{each.checked.case_id}" for each in results]


def outcomes(application: Application, *photos: str) -> list[Outcome]:
    return [each.outcome for each in checks.check(application, photos, PAGE_USE)]


def states(application: Application, case: str) -> dict[str, CaseState]:
    return {each.photo: each.state for each in unclear_cases.show_case(application, case).photos}


def test_photos_of_one_cause_are_one_case(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    assert ask(anna, *staff_photos) == ["K-1"] * 4
    [row] = flags.coordinator_queue(application)
    assert (row.case, row.photos, row.state) == ("K-1", PHOTOS, CaseState.OPEN)


def test_photos_that_come_later_join_the_case_while_nobody_has_ruled(
    staff_photos: tuple[str, ...], anna: Application, application: Application, tmp_path: Path
) -> None:
    assert ask(anna, *staff_photos[:2]) == ["K-1", "K-1"]
    assert ask(anna, *staff_photos) == ["K-1"] * 4
    rule_on(application, "K-1", RulingKind.REFUSED, REASON)
    [later] = ask(anna, staff_photo(anna, tmp_path, "later.jpg"))
    assert later == "K-5"


def test_other_causes_photographers_and_channels_are_other_cases(
    staff_photos: tuple[str, ...], anna: Application, tmp_path: Path
) -> None:
    create_person(anna, "Ville Magga")
    other = staff_photo(anna, tmp_path, "other.jpg", by="Ville Magga")
    assert ask(anna, staff_photos[0], other) == ["K-1", "K-2"]
    [printed] = approval.approve(anna, [staff_photos[0]], PRINT_USE)
    assert printed.checked.case_id == 3


def test_what_only_the_photo_shows_is_a_case_for_each_photo(
    anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    for name in ("1.jpg", "2.jpg"):
        tag_person(anna, register_photo(anna, tmp_path, MARKET, name), elle)
    assert ask(anna, "P-1", "P-2") == ["K-1", "K-2"]


def test_one_ruling_serves_all_photos_and_is_stored_for_each_photos_facts(
    staff_photos: tuple[str, ...], anna: Application, application: Application, registry: Registry
) -> None:
    ask(anna, *staff_photos)
    unclear_cases.show_case(application, "K-1")
    ruled = unclear_cases.rule_on_cases(application, ["K-1"], RulingKind.PUBLISHABLE, REASON)
    assert [each.photo_id for each in ruled.verdicts] == [1, 2, 3, 4]
    assert outcomes(anna, *staff_photos) == [Outcome.PUBLISHABLE] * 4
    with registry.reading() as session:
        stored = session.connection().exec_driver_sql("SELECT case_id FROM ruling ORDER BY id")
        assert [row[0] for row in stored] == [1, 2, 3, 4]
    with pytest.raises(NotAllowed, match="K-1 is already ruled on"):
        rule_on(application, "K-1", RulingKind.REFUSED, REASON)


def test_a_changed_fact_voids_the_part_of_that_photo_only(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    ask(anna, *staff_photos)
    rule_on(application, "K-1", RulingKind.PUBLISHABLE, REASON)

    answers.answer(anna, ["P-1"], PhotoAnswers(credit_waived=True))

    allowed = Outcome.PUBLISHABLE
    assert outcomes(anna, *staff_photos) == [Outcome.UNCLEAR, allowed, allowed, allowed]
    assert unclear_cases.show_case(application, "K-1").row.state is CaseState.RULED
    assert states(application, "K-1")["P-1"] is CaseState.VOID
    assert ask(anna, "P-1") == ["K-5"]


def test_a_photo_whose_facts_changed_before_the_ruling_is_left_out(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    ask(anna, *staff_photos)
    answers.answer(anna, ["P-2"], PhotoAnswers(credit_waived=True))
    unclear_cases.show_case(application, "K-1")
    ruled = unclear_cases.rule_on_cases(application, ["K-1"], RulingKind.PUBLISHABLE, REASON)
    assert [each.photo_id for each in ruled.verdicts] == [1, 3, 4]
    assert outcomes(anna, "P-2") == [Outcome.UNCLEAR]


def test_the_case_closes_by_itself_when_its_cause_is_gone(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    ask(anna, *staff_photos)
    permissions.record_permission(
        anna,
        PermissionParties(photographer="H-1"),
        granted_consent(),
        PermissionTerms(basis=Basis.STAFF_AGREEMENT, credit=f"Kuva: {PHOTOGRAPHER_NAME}"),
    )
    assert outcomes(anna, *staff_photos) == [Outcome.PUBLISHABLE] * 4
    assert flags.coordinator_queue(application) == []
    shown = unclear_cases.show_case(application, "K-1")
    assert shown.row.state is CaseState.SETTLED
    assert set(states(application, "K-1").values()) == {CaseState.SETTLED}
    assert {each.is_settled for each in anna.reacted.cases} == {True}


def test_what_joined_a_case_after_the_coordinator_looked_is_not_ruled_on(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    ask(anna, *staff_photos[:3])
    with pytest.raises(NotAllowed, match="was not shown to you yet"):
        unclear_cases.rule_on_cases(application, ["K-1"], RulingKind.PUBLISHABLE, REASON)
    unclear_cases.show_case(application, "K-1")
    ask(anna, "P-4")

    ruled = unclear_cases.rule_on_cases(application, ["K-1"], RulingKind.PUBLISHABLE, REASON)

    assert ruled.joined == {"K-1": ("P-4",)}
    allowed = Outcome.PUBLISHABLE
    assert outcomes(anna, *staff_photos) == [allowed, allowed, allowed, Outcome.UNCLEAR]
    [row] = flags.coordinator_queue(application)
    assert (row.case, row.photos, row.state) == ("K-1", ("P-4",), CaseState.OPEN)
    rule_on(application, "K-1", RulingKind.REFUSED, REASON)
    assert outcomes(anna, "P-4") == [Outcome.REFUSED]


class Rulings(RegistryMachine):
    """Photos join a case and change, and two coordinators look and rule, in any order.

    `waits` holds which facts of a photo wait for a ruling, `seen` who was shown which.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[RegistryCopy]]) -> None:
        super().__init__(begin)
        self.clerk, *coordinators = (
            Application(self.registry, login, Clock()) for login in ("anna", "kaisa", "ville")
        )
        self.coordinators = {each.login: each for each in coordinators}
        create_person(self.clerk, PHOTOGRAPHER_NAME)
        for number in range(len(PHOTOS)):
            staff_photo(self.clerk, self.folder, f"{number}.jpg")
        self.facts = dict.fromkeys(PHOTOS, 0)
        self.waits: set[tuple[str, int]] = set()
        self.seen: set[tuple[str, str, int]] = set()
        self.ruled: set[tuple[str, int]] = set()

    @rule(photo=st.sampled_from(PHOTOS))
    def ask(self, photo: str) -> None:
        ask(self.clerk, photo)
        if (photo, self.facts[photo]) not in self.ruled:
            self.waits.add((photo, self.facts[photo]))

    @rule(photo=st.sampled_from(PHOTOS))
    def change(self, photo: str) -> None:
        self.waits.discard((photo, self.facts[photo]))
        self.facts[photo] += 1
        changed = PhotoAnswers(credit=f"Kuva: {self.facts[photo]}")
        answers.answer(self.clerk, [photo], changed)

    @rule(login=st.sampled_from(("kaisa", "ville")))
    def look(self, login: str) -> None:
        application = self.coordinators[login]
        for row in flags.coordinator_queue(application):
            unclear_cases.show_case(application, row.case)
        self.seen |= {(login, *each) for each in self.waits}

    @rule(login=st.sampled_from(("kaisa", "ville")))
    def decide(self, login: str) -> None:
        application = self.coordinators[login]
        due = {each for each in self.waits if (login, *each) in self.seen}
        for row in flags.coordinator_queue(application):
            shown = {each for each in due if each[0] in row.photos}
            if shown:
                ruled = unclear_cases.rule_on_cases(
                    application, [row.case], RulingKind.PUBLISHABLE, REASON
                )
                assert {f"P-{each.photo_id}" for each in ruled.verdicts} == {x[0] for x in shown}
            else:
                with pytest.raises(NotAllowed, match="was not shown to you yet"):
                    unclear_cases.rule_on_cases(
                        application, [row.case], RulingKind.PUBLISHABLE, REASON
                    )
        self.waits -= due
        self.ruled |= due

    @invariant()
    def what_may_be_published_was_shown_to_who_ruled(self) -> None:
        allowed = {
            photo
            for photo, outcome in zip(PHOTOS, outcomes(self.clerk, *PHOTOS), strict=True)
            if outcome is Outcome.PUBLISHABLE
        }
        assert allowed == {
            photo for photo, facts in self.facts.items() if (photo, facts) in self.ruled
        }


def test_whatever_the_order_no_ruling_covers_a_photo_that_was_not_shown(
    sample_registry: Path | str, stages: RegistryCopies
) -> None:
    run_machine(Rulings, stages, sample_registry, runs=6, steps=12)


def test_four_eyes_hold_for_each_photo_of_a_case(
    staff_photos: tuple[str, ...], anna: Application, application: Application, tmp_path: Path
) -> None:
    own = staff_photo(application, tmp_path, "own.jpg")
    ask(anna, *staff_photos, own)
    with pytest.raises(NotAllowed, match="you took or registered P-5"):
        rule_on(application, "K-1", RulingKind.PUBLISHABLE, REASON)
    assert set(states(application, "K-1").values()) == {CaseState.OPEN}


def test_a_ruling_takes_as_many_statements_however_many_photos_a_case_has(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    counts = []
    for photos in (staff_photos[:2], staff_photos):
        with recorded_statements() as statements:
            [case, *_same] = ask(anna, *photos)
            rule_on(application, case, RulingKind.NEEDS_FACTS, REASON)
        counts.append(len(statements))
    assert counts[0] == counts[1]
