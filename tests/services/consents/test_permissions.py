"""Copyright permissions: whose word, on what ground, and what a withdrawal brings down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    PRINT_USE,
    create_person,
    list_all,
    register_photo,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import AnswerState, Basis, ConsentKind, Method, Photographer, Purpose
from photoreg.services.application import Application
from photoreg.services.consents import permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import checks
from photoreg.services.organisation import staff
from photoreg.services.publications import publishing

WITHDRAWAL = ConsentStatement(ConsentKind.WITHDRAWN, purposes=(), method=Method.ORAL)
CHANNELS = ("public_page", "website", "print")


def yes(*channels: str, **more: Any) -> ConsentStatement:
    said = {"open_ended": True, "paper": "e-mail, archive 12", **more}
    return ConsentStatement(ConsentKind.GIVEN, channels or CHANNELS, **said)


@pytest.fixture
def taker(application: Application) -> str:
    return create_person(application, PHOTOGRAPHER_NAME)


@pytest.fixture
def photo(application: Application, taker: str, tmp_path: Path) -> str:
    """A photo of an empty street, for which only the permission is missing."""
    assert taker
    return register_photo(application, tmp_path)


def codes(application: Application, photo: str) -> tuple[str, ...]:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return checked.verdict.codes


def publish(application: Application, photo: str) -> None:
    for number, asked in enumerate((PAGE_USE, PRINT_USE)):
        publishing.add_publication(
            application, photo, asked, address=f"https://kunta.example/{number}"
        )


def test_a_permission_opens_the_gate_with_the_recorded_name_as_credit(
    application: Application, taker: str, photo: str
) -> None:
    assert codes(application, photo) != ()
    [told] = permissions.record_permission(application, PermissionParties(taker), yes())
    assert (told.recorded.record_id, told.credit, told.by_photographer) == (
        "L-1",
        PHOTOGRAPHER_NAME,
        True,
    )
    assert codes(application, photo) == ()


def test_asking_alone_opens_nothing(application: Application, taker: str, photo: str) -> None:
    permissions.record_permission(
        application, PermissionParties(taker), ConsentStatement(ConsentKind.REQUESTED, CHANNELS)
    )
    assert "CR_NO_PERMISSION" in codes(application, photo)


def test_a_permission_with_nothing_to_show_is_unclear(
    application: Application, taker: str, photo: str
) -> None:
    [told] = permissions.record_permission(application, PermissionParties(taker), yes(paper=""))
    assert not told.recorded.documented
    assert codes(application, photo) == ("CR_PERMISSION_UNDOCUMENTED",)


def test_a_withdrawal_brings_down_what_was_published(
    application: Application, taker: str, photo: str
) -> None:
    permissions.record_permission(application, PermissionParties(taker), yes())
    publish(application, photo)
    [told] = permissions.withdraw_permission(application, WITHDRAWAL, permission="L-1")
    assert told.recorded.photos == (photo,)
    page, paper = application.reacted.publications
    assert (page.codes, page.task) == (("CR_PERMISSION_REVOKED",), "T-1")
    assert not paper.recallable


def test_a_partial_withdrawal_touches_its_channel_only(
    application: Application, taker: str, photo: str
) -> None:
    permissions.record_permission(application, PermissionParties(taker), yes())
    publish(application, photo)
    only_page = replace(WITHDRAWAL, channels=["public_page"])
    permissions.withdraw_permission(application, only_page, permission="L-1")
    assert [each.channel for each in application.reacted.publications] == ["kunta-public-page"]
    [row] = list_all(permissions.list_permissions(application))
    assert (row.status.state, row.status.channels) == (AnswerState.GRANTED, ["print", "website"])


def test_a_photographer_who_never_permitted_can_object(
    application: Application, taker: str, photo: str
) -> None:
    [told] = permissions.withdraw_permission(
        application, WITHDRAWAL, rights=PermissionParties(taker, photos=[photo])
    )
    assert told.recorded.photos == (photo,)
    assert "CR_PERMISSION_REVOKED" in codes(application, photo)


def test_permissions_of_one_photographer_add_up(
    application: Application, taker: str, photo: str
) -> None:
    permissions.record_permission(application, PermissionParties(taker), yes("print"))
    [told] = permissions.record_permission(
        application, PermissionParties(taker, photos=[photo]), yes("public_page")
    )
    assert (told.recorded.record_id, told.recorded.dropped_channels) == ("L-2", ())
    assert codes(application, photo) == ()


def test_several_photos_get_a_permission_each_or_none_at_all(
    application: Application, taker: str, photo: str, tmp_path: Path
) -> None:
    other = register_photo(application, tmp_path, name="other.jpg")
    with pytest.raises(NotFound):
        permissions.record_permission(
            application, PermissionParties(taker, photos=[photo, other, "P-99"]), yes()
        )
    assert list_all(permissions.list_permissions(application)) == []
    told = permissions.record_permission(
        application, PermissionParties(taker, photos=[photo, other, photo]), yes()
    )
    assert [each.recorded.record_id for each in told] == ["L-1", "L-2"]
    assert [row.reach for row in list_all(permissions.list_permissions(application))] == [
        photo,
        other,
    ]


def test_a_licence_from_an_agency_is_bound_to_its_photo(
    application: Application, tmp_path: Path
) -> None:
    unknown = replace(EMPTY_STREET, photographers=(), photographer=Photographer.UNKNOWN)
    photo = register_photo(application, tmp_path, unknown)
    with pytest.raises(InputDataError, match="the giver of the permission is missing"):
        permissions.record_permission(application, PermissionParties(licensor="Agency"), yes())
    rights = PermissionParties(licensor="Agency", photos=[photo])
    [told] = permissions.record_permission(application, rights, yes(), PermissionTerms(Basis.STOCK))
    assert told.credit == ""
    permissions.record_permission(
        application, rights, yes(), PermissionTerms(Basis.STOCK, credit="X / Agency")
    )
    [row] = list_all(permissions.list_permissions(application))
    assert (row.licensor, row.credit, row.basis) == ("Agency", "X / Agency", "stock")


def test_somebody_who_did_not_take_the_photo_is_told(application: Application, photo: str) -> None:
    other = create_person(application, "Somebody Else")
    [told] = permissions.record_permission(
        application, PermissionParties(other, photos=[photo]), yes()
    )
    assert not told.by_photographer
    assert "CR_NO_PERMISSION" in codes(application, photo) or "RG_INCOMPLETE" in codes(
        application, photo
    )


def test_an_elected_official_has_no_agreement_as_an_employee(
    application: Application, taker: str
) -> None:
    staff.add_staff(
        application,
        login="aili",
        name=PHOTOGRAPHER_NAME,
        role=StaffRole.ELECTED_OFFICIAL,
        person=taker,
    )
    with pytest.raises(InputDataError, match="elected official"):
        permissions.record_permission(
            application, PermissionParties(taker), yes(), PermissionTerms(Basis.STAFF_AGREEMENT)
        )
    assert permissions.record_permission(application, PermissionParties(taker), yes())


@pytest.mark.parametrize("basis", [Basis.NONE, Basis.WEB_FOUND, Basis.PUBLIC_DOMAIN])
def test_a_permission_rests_on_somebody_s_word(
    application: Application, taker: str, basis: Basis
) -> None:
    with pytest.raises(InputDataError, match="this cannot be the basis of a permission"):
        permissions.record_permission(
            application, PermissionParties(taker), yes(), PermissionTerms(basis)
        )


def test_marketing_needs_a_permission_for_marketing(
    application: Application, taker: str, photo: str
) -> None:
    marketing = replace(PAGE_USE, purpose=Purpose.MARKETING)
    permissions.record_permission(application, PermissionParties(taker), yes())
    [checked] = checks.check(application, [photo], marketing)
    assert checked.verdict.codes == ("CR_SCOPE_PURPOSE",)
    permissions.record_permission(
        application, PermissionParties(taker), yes(purposes=tuple(Purpose))
    )
    [checked] = checks.check(application, [photo], marketing)
    assert checked.is_allowed


def test_days_that_cannot_be_are_refused(application: Application, taker: str) -> None:
    for said in (
        yes(on=date(2026, 11, 3)),
        yes(open_ended=False, until=date(2026, 11, 1)),
        yes(open_ended=False),
    ):
        with pytest.raises(InputDataError):
            permissions.record_permission(application, PermissionParties(taker), said)
    assert list_all(permissions.list_permissions(application)) == []


def test_names_reach_neither_the_ledger_nor_the_auditor(
    application: Application, taker: str, photo: str, application_for: Callable[[str], Application]
) -> None:
    permissions.record_permission(application, PermissionParties(taker), yes())
    permissions.record_permission(
        application, PermissionParties(licensor="Agency", photos=[photo]), yes()
    )
    tarja = application_for("tarja")
    seen = repr(list_all(permissions.list_permissions(tarja)))
    with application.reading() as work:
        written = " ".join(entry.details for entry in ledger.entries(work.session))
    for secret in (PHOTOGRAPHER_NAME, "Agency", "e-mail"):
        assert secret not in seen
        assert secret not in written
    with pytest.raises(NotAllowed):
        permissions.withdraw_permission(tarja, WITHDRAWAL, permission="L-1")
