"""Copyright permissions: whose word, on what ground, and what a withdrawal brings down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.services.scenes import EMPTY_STREET, PAGE, PRINT, TAKER, a_person, a_photo, every

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.registry.tables.consents import ConsentKind, Method
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import AnswerState, Basis, Photographer, Purpose
from photoreg.services.consents import permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.permissions import Rights, Terms
from photoreg.services.decisions import evaluation
from photoreg.services.organisation import staff
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

WITHDRAWAL = Spoken(ConsentKind.WITHDRAWN, purposes=(), method=Method.ORAL)
CHANNELS = ("public_page", "website", "print")


def yes(*channels: str, **more: Any) -> Spoken:
    said = {"open_ended": True, "paper": "e-mail, archive 12", **more}
    return Spoken(ConsentKind.GIVEN, channels or CHANNELS, **said)


@pytest.fixture
def taker(workplace: Workplace) -> str:
    return a_person(workplace, TAKER)


@pytest.fixture
def photo(workplace: Workplace, taker: str, tmp_path: Path) -> str:
    """A photo of an empty street, for which only the permission is missing."""
    assert taker
    return a_photo(workplace, tmp_path)


def codes(workplace: Workplace, photo: str) -> tuple[str, ...]:
    [checked] = evaluation.check(workplace, [photo], PAGE)
    return checked.verdict.codes


def publish(workplace: Workplace, photo: str) -> None:
    for number, asked in enumerate((PAGE, PRINT)):
        publishing.add_publication(
            workplace, photo, asked, address=f"https://kunta.example/{number}"
        )


def test_a_permission_opens_the_gate_with_the_recorded_name_as_credit(
    workplace: Workplace, taker: str, photo: str
) -> None:
    assert codes(workplace, photo) != ()
    [told] = permissions.record(workplace, Rights(taker), yes())
    assert (told.recorded.thread, told.credit, told.by_taker) == ("L-1", TAKER, True)
    assert codes(workplace, photo) == ()


def test_asking_alone_opens_nothing(workplace: Workplace, taker: str, photo: str) -> None:
    permissions.record(workplace, Rights(taker), Spoken(ConsentKind.REQUESTED, CHANNELS))
    assert "CR_NO_PERMISSION" in codes(workplace, photo)


def test_a_permission_with_nothing_to_show_is_unclear(
    workplace: Workplace, taker: str, photo: str
) -> None:
    [told] = permissions.record(workplace, Rights(taker), yes(paper=""))
    assert not told.recorded.documented
    assert codes(workplace, photo) == ("CR_PERMISSION_UNDOCUMENTED",)


def test_a_withdrawal_brings_down_what_was_published(
    workplace: Workplace, taker: str, photo: str
) -> None:
    permissions.record(workplace, Rights(taker), yes())
    publish(workplace, photo)
    [told] = permissions.withdraw(workplace, WITHDRAWAL, permission="L-1")
    assert told.recorded.photos == (photo,)
    page, paper = workplace.reacted.publications
    assert (page.codes, page.task) == (("CR_PERMISSION_REVOKED",), "T-1")
    assert not paper.recallable


def test_a_partial_withdrawal_touches_its_channel_only(
    workplace: Workplace, taker: str, photo: str
) -> None:
    permissions.record(workplace, Rights(taker), yes())
    publish(workplace, photo)
    only_page = replace(WITHDRAWAL, channels=["public_page"])
    permissions.withdraw(workplace, only_page, permission="L-1")
    assert [each.channel for each in workplace.reacted.publications] == ["kunta-public-page"]
    [row] = every(permissions.list_permissions(workplace))
    assert (row["state"], row["channels"]) == (AnswerState.GRANTED, ["print", "website"])


def test_a_photographer_who_never_permitted_can_object(
    workplace: Workplace, taker: str, photo: str
) -> None:
    [told] = permissions.withdraw(workplace, WITHDRAWAL, rights=Rights(taker, photos=[photo]))
    assert told.recorded.photos == (photo,)
    assert "CR_PERMISSION_REVOKED" in codes(workplace, photo)


def test_permissions_of_one_photographer_add_up(
    workplace: Workplace, taker: str, photo: str
) -> None:
    permissions.record(workplace, Rights(taker), yes("print"))
    [told] = permissions.record(workplace, Rights(taker, photos=[photo]), yes("public_page"))
    assert (told.recorded.thread, told.recorded.replaced) == ("L-2", ())
    assert codes(workplace, photo) == ()


def test_several_photos_get_a_permission_each_or_none_at_all(
    workplace: Workplace, taker: str, photo: str, tmp_path: Path
) -> None:
    other = a_photo(workplace, tmp_path, name="other.jpg")
    with pytest.raises(NotFound):
        permissions.record(workplace, Rights(taker, photos=[photo, other, "P-99"]), yes())
    assert every(permissions.list_permissions(workplace)) == []
    told = permissions.record(workplace, Rights(taker, photos=[photo, other, photo]), yes())
    assert [each.recorded.thread for each in told] == ["L-1", "L-2"]
    assert [row["reach"] for row in every(permissions.list_permissions(workplace))] == [
        photo,
        other,
    ]


def test_a_licence_from_an_agency_is_bound_to_its_photo(
    workplace: Workplace, tmp_path: Path
) -> None:
    unknown = replace(EMPTY_STREET, photographers=(), photographer=Photographer.UNKNOWN)
    photo = a_photo(workplace, tmp_path, unknown)
    with pytest.raises(InputDataError, match="whose permission"):
        permissions.record(workplace, Rights(licensor="Agency"), yes())
    rights = Rights(licensor="Agency", photos=[photo])
    [told] = permissions.record(workplace, rights, yes(), Terms(Basis.STOCK))
    assert told.credit == ""
    permissions.record(workplace, rights, yes(), Terms(Basis.STOCK, credit="X / Agency"))
    [row] = every(permissions.list_permissions(workplace))
    assert (row["licensor"], row["credit"], row["basis"]) == ("Agency", "X / Agency", "stock")


def test_somebody_who_did_not_take_the_photo_is_told(workplace: Workplace, photo: str) -> None:
    other = a_person(workplace, "Somebody Else")
    [told] = permissions.record(workplace, Rights(other, photos=[photo]), yes())
    assert not told.by_taker
    assert "CR_NO_PERMISSION" in codes(workplace, photo) or "RG_INCOMPLETE" in codes(
        workplace, photo
    )


def test_an_elected_official_has_no_agreement_as_an_employee(
    workplace: Workplace, taker: str
) -> None:
    staff.add_staff(
        workplace, login="aili", name=TAKER, role=StaffRole.ELECTED_OFFICIAL, person=taker
    )
    with pytest.raises(InputDataError, match="elected official"):
        permissions.record(workplace, Rights(taker), yes(), Terms(Basis.STAFF_AGREEMENT))
    assert permissions.record(workplace, Rights(taker), yes())


@pytest.mark.parametrize("basis", [Basis.NONE, Basis.WEB_FOUND, Basis.PUBLIC_DOMAIN])
def test_a_permission_rests_on_somebody_s_word(
    workplace: Workplace, taker: str, basis: Basis
) -> None:
    with pytest.raises(InputDataError, match="cannot rest"):
        permissions.record(workplace, Rights(taker), yes(), Terms(basis))


def test_marketing_needs_a_permission_for_marketing(
    workplace: Workplace, taker: str, photo: str
) -> None:
    marketing = replace(PAGE, purpose=Purpose.MARKETING)
    permissions.record(workplace, Rights(taker), yes())
    [checked] = evaluation.check(workplace, [photo], marketing)
    assert checked.verdict.codes == ("CR_SCOPE_PURPOSE",)
    permissions.record(workplace, Rights(taker), yes(purposes=tuple(Purpose)))
    [checked] = evaluation.check(workplace, [photo], marketing)
    assert checked.is_allowed


def test_days_that_cannot_be_are_refused(workplace: Workplace, taker: str) -> None:
    for said in (
        yes(on=date(2026, 11, 3)),
        yes(open_ended=False, until=date(2026, 11, 1)),
        yes(open_ended=False),
    ):
        with pytest.raises(InputDataError):
            permissions.record(workplace, Rights(taker), said)
    assert every(permissions.list_permissions(workplace)) == []


def test_names_reach_neither_the_ledger_nor_the_auditor(
    workplace: Workplace, taker: str, photo: str, at_work: Callable[[str], Workplace]
) -> None:
    permissions.record(workplace, Rights(taker), yes())
    permissions.record(workplace, Rights(licensor="Agency", photos=[photo]), yes())
    tarja = at_work("tarja")
    seen = repr(every(permissions.list_permissions(tarja)))
    with workplace.reading() as desk:
        written = " ".join(entry.details for entry in ledger.entries(desk.session))
    for secret in (TAKER, "Agency", "e-mail"):
        assert secret not in seen
        assert secret not in written
    with pytest.raises(NotAllowed):
        permissions.withdraw(tarja, WITHDRAWAL, permission="L-1")
