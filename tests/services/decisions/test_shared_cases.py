"""One cause, one case: photos that are unclear for the same reason are ruled on together."""

from dataclasses import replace
from pathlib import Path

import pytest
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
    unclear_cases.rule_on(application, "K-1", RulingKind.REFUSED, REASON)
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
    ruled = unclear_cases.rule_on_cases(application, ["K-1"], RulingKind.PUBLISHABLE, REASON)
    assert [each.photo_id for each in ruled] == [1, 2, 3, 4]
    assert outcomes(anna, *staff_photos) == [Outcome.PUBLISHABLE] * 4
    with registry.reading() as session:
        stored = session.connection().exec_driver_sql("SELECT case_id FROM ruling ORDER BY id")
        assert [row[0] for row in stored] == [1, 2, 3, 4]
    with pytest.raises(NotAllowed, match="K-1 is already ruled on"):
        unclear_cases.rule_on(application, "K-1", RulingKind.REFUSED, REASON)


def test_a_changed_fact_voids_the_part_of_that_photo_only(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    ask(anna, *staff_photos)
    unclear_cases.rule_on(application, "K-1", RulingKind.PUBLISHABLE, REASON)

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
    ruled = unclear_cases.rule_on_cases(application, ["K-1"], RulingKind.PUBLISHABLE, REASON)
    assert [each.photo_id for each in ruled] == [1, 3, 4]
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


def test_four_eyes_hold_for_each_photo_of_a_case(
    staff_photos: tuple[str, ...], anna: Application, application: Application, tmp_path: Path
) -> None:
    own = staff_photo(application, tmp_path, "own.jpg")
    ask(anna, *staff_photos, own)
    with pytest.raises(NotAllowed, match="you took or registered P-5"):
        unclear_cases.rule_on(application, "K-1", RulingKind.PUBLISHABLE, REASON)
    assert set(states(application, "K-1").values()) == {CaseState.OPEN}


def test_a_ruling_takes_as_many_statements_however_many_photos_a_case_has(
    staff_photos: tuple[str, ...], anna: Application, application: Application
) -> None:
    counts = []
    for photos in (staff_photos[:2], staff_photos):
        with recorded_statements() as statements:
            [case, *_same] = ask(anna, *photos)
            unclear_cases.show_case(application, case)
            unclear_cases.rule_on(application, case, RulingKind.NEEDS_FACTS, REASON)
        counts.append(len(statements))
    assert counts[0] == counts[1]
