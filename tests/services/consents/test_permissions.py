"""Copyright permissions: whose word, on what ground, and what a withdrawal brings down."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.logged import last_logged
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    PRINT_USE,
    add_child,
    create_person,
    list_all,
    register_photo,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.registry.lookup import find_permission
from photoreg.registry.queries.subject_data import events_with_scope
from photoreg.registry.tables.consents import PermissionEvent
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import (
    Basis,
    ConsentKind,
    LicenceTerm,
    Method,
    Photographer,
    Purpose,
)
from photoreg.services.application import Application
from photoreg.services.consents import permissions
from photoreg.services.consents.consent_events import ConsentState, ConsentStatement
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import checks
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import staff
from photoreg.services.people import persons
from photoreg.services.people.guardians import end_guardian
from photoreg.services.people.persons import PersonDetails
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
            application, [photo], asked, address=f"https://kunta.example/{number}"
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
    assert (row.status.state, row.status.channels) == (ConsentState.GRANTED, ["print", "website"])
    assert row.status.refused_channels == ["public_page"]


def test_a_list_shows_what_was_withdrawn_from_a_permission_for_a_kind(
    application: Application, taker: str
) -> None:
    permissions.record_permission(application, PermissionParties(taker), yes("public_page"))
    one_page = replace(WITHDRAWAL, channels=["kunta-public-page"])
    permissions.withdraw_permission(application, one_page, permission="L-1")
    no_marketing = replace(WITHDRAWAL, purposes=(Purpose.MARKETING,))
    permissions.withdraw_permission(application, no_marketing, permission="L-1")
    [row] = list_all(permissions.list_permissions(application))
    assert (row.status.state, row.status.channels) == (ConsentState.GRANTED, ["public_page"])
    assert row.status.refused_channels == ["kunta-public-page"]
    assert row.status.refused_purposes == ["marketing"]
    again = yes("kunta-public-page", purposes=tuple(Purpose), on=date(2026, 11, 2))
    permissions.record_permission(application, PermissionParties(taker), again)
    [row] = list_all(permissions.list_permissions(application))
    assert (row.status.refused_channels, row.status.refused_purposes) == ([], [])


def test_a_no_of_a_day_after_the_photographers_death_is_not_called_the_newer_answer(
    application: Application, taker: str, photo: str
) -> None:
    no = ConsentStatement(ConsentKind.REFUSED, on=date(2026, 11, 2))
    permissions.record_permission(application, PermissionParties(taker), no)
    persons.change_person(application, taker, PersonDetails(died_on=date(2026, 11, 1)))
    given = yes(on=date(2026, 10, 20))
    [told] = permissions.record_permission(application, PermissionParties(taker), given)
    assert not told.recorded.superseded
    assert codes(application, photo) == ("RG_SECOND_LOOK",)  # the day of death changed the rights


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
    assert told.recorded.record_id == "L-2"
    assert codes(application, photo) == ()


def stored(application: Application, permission: str = "L-1") -> list[PermissionEvent]:
    """The events of a permission as they are stored."""
    with application.reading() as work:
        record = find_permission(work.session, permission)
        found = events_with_scope(work.session, [record])[record.id or 0]
        return [item.event for item in found if isinstance(item.event, PermissionEvent)]


def test_a_permission_without_a_day_lifts_no_no_of_the_photographer(
    application: Application, taker: str, photo: str
) -> None:
    no = ConsentStatement(ConsentKind.REFUSED, ["print"], on=date(2026, 11, 1))
    permissions.record_permission(application, PermissionParties(taker), no)
    assert permissions.record_permission(application, PermissionParties(taker), yes("website"))
    for whose in (PermissionParties(taker), PermissionParties(taker, photos=[photo])):
        with pytest.raises(InputDataError, match="day of the new answer is not given") as caught:
            permissions.record_permission(application, whose, yes("kunta-print"))
        assert caught.value.fields == ("on",)
    dated = yes("kunta-print", on=date(2026, 11, 2))
    [told] = permissions.record_permission(application, PermissionParties(taker), dated)
    assert told.recorded.ends_refusal


def test_a_no_of_an_earlier_day_than_a_permission_without_a_day_leaves_the_order_open(
    application: Application, taker: str
) -> None:
    permissions.record_permission(application, PermissionParties(taker), yes())
    no = replace(WITHDRAWAL, on=date(2026, 11, 1))
    [told] = permissions.withdraw_permission(application, no, permission="L-1")
    assert told.recorded.is_order_open


LICENCE = PermissionTerms(
    Basis.LICENCE_CC, licence=frozenset({LicenceTerm.NON_COMMERCIAL, LicenceTerm.BY})
)


def test_a_permission_beside_a_licence_opens_only_what_it_covers_itself(
    application: Application, taker: str, photo: str
) -> None:
    """A narrow yes must not free the other uses from the terms of the licence, in any order."""
    marketing = AskedUse(PAGE_USE.channel, Purpose.MARKETING)
    in_print = AskedUse(PRINT_USE.channel, Purpose.MARKETING)
    whole = yes(purposes=tuple(Purpose), on=date(2026, 11, 1))
    narrow = yes(PAGE_USE.channel, purposes=(Purpose.MARKETING,), on=date(2026, 11, 2))
    said = ((LICENCE, whole, False), (PermissionTerms(), narrow, True), (LICENCE, whole, True))
    for terms, spoken, opened in said:
        permissions.record_permission(application, PermissionParties(taker), spoken, terms)
        assert checks.check(application, [photo], marketing)[0].is_allowed == opened
        [printed] = checks.check(application, [photo], in_print)
        assert printed.verdict.codes == ("CR_LICENCE_TERMS",)
        assert codes(application, photo) == ()


def test_the_terms_of_a_licence_are_kept_in_a_fixed_order(
    application: Application, photo: str
) -> None:
    agency = PermissionParties(licensor="Commons", photos=[photo])
    permissions.record_permission(application, agency, yes(), LICENCE)
    [event] = stored(application)
    assert event.licence_terms == "by;nc"
    [row] = list_all(permissions.list_permissions(application))
    assert row.licence_terms == ("by", "nc")
    permissions.record_permission(application, agency, replace(WITHDRAWAL, on=date(2026, 11, 2)))
    assert stored(application)[-1].licence_terms == ""


@pytest.mark.parametrize(
    "terms", [PermissionTerms(Basis.LICENCE_CC), replace(LICENCE, basis=Basis.STOCK)]
)
def test_a_creative_commons_licence_and_nothing_else_has_terms(
    application: Application, photo: str, terms: PermissionTerms
) -> None:
    agency = PermissionParties(licensor="Commons", photos=[photo])
    with pytest.raises(InputDataError, match="is recorded with its terms") as caught:
        permissions.record_permission(application, agency, yes(), terms)
    assert caught.value.fields == ("term", "basis")
    assert list_all(permissions.list_permissions(application)) == []


def test_a_transfer_names_every_photographer_whose_rights_it_was(
    application: Application, taker: str, photo: str
) -> None:
    other = create_person(application, "Niila Magga")
    agency = PermissionParties(licensor="Agency", photos=[photo])
    terms = PermissionTerms(Basis.TRANSFERRED, authors=[taker, "Niila Magga", taker])
    told = permissions.record_permission(application, agency, yes(), terms)
    assert [(each.recorded.record_id, each.by_photographer) for each in told] == [
        ("L-1", True),
        ("L-1", False),
    ]
    assert [event.author_id for event in stored(application)] == [1, 2]
    [row] = list_all(permissions.list_permissions(application))
    assert row.authors == (taker, other)


@pytest.mark.parametrize(
    ("said", "terms", "fields"),
    [
        (yes(), PermissionTerms(Basis.TRANSFERRED), ("author",)),
        (
            yes(paper=" "),
            PermissionTerms(Basis.TRANSFERRED, authors=[PHOTOGRAPHER_NAME]),
            ("evidence", "paper"),
        ),
        (
            yes(),
            PermissionTerms(Basis.STOCK, authors=[PHOTOGRAPHER_NAME]),
            ("author", "licensor", "basis"),
        ),
    ],
)
def test_a_transfer_without_names_or_proof_is_refused(
    application: Application,
    photo: str,
    said: ConsentStatement,
    terms: PermissionTerms,
    fields: tuple[str, ...],
) -> None:
    agency = PermissionParties(licensor="Agency", photos=[photo])
    with pytest.raises(InputDataError) as caught:
        permissions.record_permission(application, agency, said, terms)
    assert caught.value.fields == fields
    assert list_all(permissions.list_permissions(application)) == []


@pytest.fixture
def young(application: Application) -> str:
    """A photographer of 15 years, with a guardian called Inga."""
    return add_child(application, "Áilu", date(2011, 3, 1), ["Inga"])


def test_a_guardian_answers_in_the_place_of_a_minor_photographer(
    application: Application, young: str
) -> None:
    whose = PermissionParties(young, by="Inga")
    permissions.record_permission(application, PermissionParties(young), yes())
    permissions.record_permission(application, whose, ConsentStatement(ConsentKind.REFUSED))
    permissions.record_permission(application, whose, yes(on=date(2026, 11, 2)))
    assert [event.by_person_id for event in stored(application)] == [None, 2, 2]
    [row] = list_all(permissions.list_permissions(application))
    assert (row.photographer, row.by) == (young, ("H-2",))
    with application.reading() as work:
        last = last_logged(work.session)
    assert json.loads(last.details)["by"] == "H-2"
    assert json.loads(last.details)["person"] == young


def test_a_minor_is_credited_as_agreed_with_the_guardian_only(
    application: Application, young: str
) -> None:
    whose = PermissionParties(young, by="Inga")
    [silent] = permissions.record_permission(application, whose, yes())
    agreed = PermissionTerms(credit="Á. P., 8B")
    [told] = permissions.record_permission(application, whose, yes(), agreed)
    assert (silent.credit, told.credit) == ("", "Á. P., 8B")


def test_the_day_is_asked_of_whoever_said_no_only(application: Application, young: str) -> None:
    no = ConsentStatement(ConsentKind.REFUSED, on=date(2026, 11, 1))
    guardian = PermissionParties(young, by="Inga")
    permissions.record_permission(application, guardian, no)
    assert permissions.record_permission(application, PermissionParties(young), yes())
    with pytest.raises(InputDataError, match="day of the new answer is not given"):
        permissions.record_permission(application, guardian, yes())


def test_only_a_guardian_answers_for_a_minor_and_nobody_for_an_adult(
    application: Application, young: str, taker: str
) -> None:
    with pytest.raises(NotAllowed, match="is not recorded as a guardian"):
        permissions.record_permission(application, PermissionParties(young, by=taker), yes())
    end_guardian(application, young, "Inga")
    with pytest.raises(NotAllowed, match="was not a guardian"):
        permissions.record_permission(application, PermissionParties(young, by="Inga"), yes())
    with pytest.raises(InputDataError, match="is an adult and decides alone"):
        permissions.record_permission(application, PermissionParties(taker, by="Inga"), yes())
    own = PermissionParties(taker, by=taker)
    assert permissions.record_permission(application, own, yes())
    assert stored(application)[0].by_person_id is None


def test_after_the_death_of_a_photographer_an_heir_permits_and_proves_it(
    application: Application, taker: str, tmp_path: Path
) -> None:
    create_person(application, "Inga")
    persons.change_person(application, taker, PersonDetails(deceased=True))
    for whose, said, message in (
        (PermissionParties(taker), yes(), "cannot have given a permission on 2026-11-02"),
        (PermissionParties(taker), yes(on=date(2026, 10, 1)), "cannot have given a permission"),
        (PermissionParties(taker, by="Inga"), yes(), "an heir's permission needs a document"),
    ):
        with pytest.raises(InputDataError, match=message):
            permissions.record_permission(application, whose, said)
    assert list_all(permissions.list_permissions(application)) == []
    will = tmp_path / "estate.pdf"
    will.write_bytes(b"%PDF estate inventory")
    heir = PermissionParties(taker, by="Inga")
    permissions.record_permission(application, heir, yes(evidence=will))
    permissions.record_permission(application, heir, ConsentStatement(ConsentKind.REFUSED))
    assert [event.by_person_id for event in stored(application)] == [2, 2]


def test_a_no_recorded_after_the_photographer_s_death_is_never_dropped(
    application: Application, taker: str
) -> None:
    persons.change_person(application, taker, PersonDetails(deceased=True))
    no = ConsentStatement(ConsentKind.REFUSED)
    [told] = permissions.record_permission(application, PermissionParties(taker), no)
    assert told.recorded.is_whole


def test_nobody_answers_in_the_place_of_a_licensor(application: Application, photo: str) -> None:
    agency = PermissionParties(licensor="Agency", photos=[photo], by=PHOTOGRAPHER_NAME)
    with pytest.raises(InputDataError, match="no photographer is named"):
        permissions.record_permission(application, agency, yes())


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


def test_somebody_who_did_not_take_the_photo_is_reported(
    application: Application, photo: str
) -> None:
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
def test_a_permission_rests_on_somebody_s_statement(
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
