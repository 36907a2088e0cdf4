"""Ways around the gate that were tried and must stay shut."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PHOTOGRAPHER_NAME,
    add_child,
    add_photographer,
    as_coordinator,
    create_person,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.lookup import find_photo
from photoreg.registry.rows import add
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import (
    AgeGroup,
    Basis,
    Channel,
    Confidentiality,
    ConsentKind,
    Mode,
    People,
    Place,
    Shot,
)
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.decisions import approval, checks
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import channels, policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian, end_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers, depictions, events
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers

PAGE = AskedUse("kunta-public-page")
PAGE_KIND = ("public_page",)
YES = ConsentStatement(ConsentKind.GIVEN, PAGE_KIND, until=date(2030, 1, 1), paper="folder 1")
NO = ConsentStatement(ConsentKind.WITHDRAWN)
NOT_THERE = ConsentStatement(ConsentKind.WITHDRAWN, ("kunta-public-page",))
SIXTEEN = date(2010, 5, 5)

AtWork = Callable[[str], Application]


@pytest.fixture
def anna(application_for: AtWork) -> Application:
    add_photographer(application_for("anna"))
    return application_for("anna")


def codes(application: Application, photo: str, asked: AskedUse = PAGE) -> tuple[str, ...]:
    [checked] = checks.check(as_coordinator(application), [photo], asked)
    return checked.verdict.codes


@pytest.fixture
def portrait(anna: Application, tmp_path: Path) -> tuple[str, str]:
    """A photo of a sixteen-year-old whose one guardian has consented, and who agreed too."""
    photo = register_photo(anna, tmp_path, MARKET)
    child = add_child(anna, "Elle V", SIXTEEN, guardians=["Máret V"])
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Máret V")
    consents.record_consent(anna, ConsentParties(child), YES)
    assert codes(anna, photo) == ()
    return photo, child


def test_a_young_persons_no_to_one_channel_counts(
    anna: Application, portrait: tuple[str, str]
) -> None:
    photo, child = portrait
    consents.withdraw_consent(anna, NOT_THERE, parties=ConsentParties(child))
    assert codes(anna, photo) == ("MI_CHILD_OPPOSES",)


def test_a_young_persons_yes_to_another_channel_is_none_for_this_one(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    child = add_child(anna, "Elle V", SIXTEEN, guardians=["Máret V"])
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Máret V")
    consents.record_consent(anna, ConsentParties(child), replace(YES, channels=("print",)))
    assert codes(anna, photo) == ("MI_CHILD_VIEW_MISSING",)


def test_one_guardians_no_to_one_channel_counts_under_either_policy(
    application: Application, anna: Application, portrait: tuple[str, str]
) -> None:
    photo, child = portrait
    persons.change_person(anna, child, PersonDetails(guardians=2))
    second = create_person(anna, "Ante V")
    add_guardian(anna, child, second, basis=GuardianBasis.PARENT, verified="väestötiedot")
    consents.record_consent(anna, ConsentParties(child, by=second), YES)
    consents.withdraw_consent(anna, NOT_THERE, parties=ConsentParties(child, by=second))
    for guardians in ("all", "one"):
        policy.set_policy(application, {"guardians": guardians})
        assert "MI_GUARDIAN_WITHDRAWN" in codes(anna, photo)


@pytest.mark.parametrize("basis", [Basis.KNOWN_UNLAWFUL, Basis.WEB_FOUND])
def test_a_general_permission_does_not_clean_a_bad_source(
    anna: Application, tmp_path: Path, basis: Basis
) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    answers.answer(anna, [photo], PhotoAnswers(basis=basis))
    assert codes(anna, photo) == ("CR_NO_PERMISSION",)


def test_somebody_named_cannot_be_called_unrecognisable(
    anna: Application, portrait: tuple[str, str]
) -> None:
    photo, _child = portrait
    nobody = PhotoAnswers(people=People.UNRECOGNISABLE, context_identifies=False)
    with pytest.raises(NotAllowed, match="named"):
        answers.answer(anna, [photo], nobody)


def test_a_ruling_falls_when_the_photographer_or_the_credit_changes(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    answers.answer(anna, [photo], PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=1))
    for change in (
        PhotoAnswers(credit="Somebody Else"),
        PhotoAnswers(
            photographers=(create_person(anna, "Toinen Kuvaaja"),), basis=Basis.PUBLIC_DOMAIN
        ),
    ):
        [answer] = approval.approve(anna, [photo], PAGE)
        rule_on(application, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Far away.")
        [checked] = checks.check(anna, [photo], PAGE)
        assert checked.outcome is Outcome.PUBLISHABLE
        answers.answer(anna, [photo], change)
        [checked] = checks.check(anna, [photo], PAGE)
        assert checked.outcome is not Outcome.PUBLISHABLE


def test_an_agencys_licence_does_not_override_the_photographers_no(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    assert codes(anna, photo) == ()
    permissions.record_permission(
        anna, PermissionParties("H-1"), ConsentStatement(ConsentKind.REFUSED)
    )
    licence = replace(YES, until=None, open_ended=True)
    terms = permissions.PermissionTerms(basis=Basis.STOCK, credit="Agency")
    permissions.record_permission(
        anna, PermissionParties(licensor="Agency", photos=(photo,)), licence, terms
    )
    assert "CR_NO_PERMISSION" in codes(anna, photo)


def test_a_no_to_one_photo_is_not_undone_by_a_later_yes_to_everything(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    person = create_person(anna, "Aino A")
    tag_person(anna, photo, person)
    consents.withdraw_consent(anna, NO, parties=ConsentParties(person, photo=photo))
    consents.record_consent(anna, ConsentParties(person), YES)
    assert codes(anna, photo) == ("CN_WITHDRAWN",)
    consents.record_consent(
        anna, ConsentParties(person, photo=photo), replace(YES, on=date(2026, 11, 2))
    )
    assert codes(anna, photo) == ()


def test_the_permission_of_one_place_is_none_for_another(anna: Application, tmp_path: Path) -> None:
    at_home = EventAnswers(place=Place.PRIVATE_HOME, place_permission=True)
    event = events.add_event(anna, "Koti", on=date(2026, 10, 1), answers=at_home)
    photo = register_photo(anna, tmp_path, replace(EMPTY_STREET, place=None, event=f"E-{event}"))
    assert "PL_NOT_PUBLIC" not in codes(anna, photo)
    answers.answer(anna, [photo], PhotoAnswers(place=Place.RESTRICTED_AREA))
    assert "PL_NOT_PUBLIC" in codes(anna, photo)


def test_a_name_inside_another_name_is_not_the_same_name(anna: Application, tmp_path: Path) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    assert "MD_ARTIST_CONFLICT" not in codes(anna, photo)
    part_of_the_name = create_person(anna, PHOTOGRAPHER_NAME[:-2])
    answers.answer(anna, [photo], PhotoAnswers(photographers=(part_of_the_name,)))
    assert "MD_ARTIST_CONFLICT" in codes(anna, photo)


@pytest.mark.parametrize(
    ("details", "apart"),
    [
        (PersonDetails(known_as=(PHOTOGRAPHER_NAME,)), (PHOTOGRAPHER_NAME,)),
        (PersonDetails(name=PHOTOGRAPHER_NAME), (PHOTOGRAPHER_NAME,)),
    ],
)
def test_a_name_that_ends_a_contradiction_with_the_file_needs_a_second_look(
    anna: Application, tmp_path: Path, details: PersonDetails, apart: tuple[str, ...]
) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    other = create_person(anna, "Bob Toinen")
    answers.answer(anna, [photo], PhotoAnswers(photographers=(other,)))
    assert "MD_ARTIST_CONFLICT" in codes(anna, photo)
    persons.change_person(anna, other, details, other=apart)
    assert "MD_ARTIST_CONFLICT" not in codes(anna, photo)
    assert "RG_SECOND_LOOK" in codes(anna, photo)


def test_another_name_of_a_photographer_whom_the_file_names_asks_nothing(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    before = codes(anna, photo)
    [found] = persons.list_persons(anna)
    persons.change_person(anna, found.person, PersonDetails(known_as=("Áile N.",)))
    persons.change_person(anna, found.person, PersonDetails(born=date(1980, 1, 1)))
    assert codes(anna, photo) == before


def test_a_consent_older_than_the_person_is_refused(
    anna: Application, portrait: tuple[str, str]
) -> None:
    _photo, child = portrait
    with pytest.raises(InputDataError, match="born"):
        consents.record_consent(anna, ConsentParties(child), replace(YES, on=date(2009, 1, 1)))


def test_a_rulings_four_eyes_cannot_be_switched_off_and_on(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    photo = register_photo(application, tmp_path, MARKET)
    answers.answer(
        application, [photo], PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=1)
    )
    policy.set_policy(application, {"four_eyes": False})
    [answer] = approval.approve(application, [photo], PAGE)
    rule_on(application, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Far away.")
    policy.set_policy(application, {"four_eyes": True})
    [checked] = checks.check(application, [photo], PAGE)
    assert checked.outcome is Outcome.UNCLEAR


def test_a_channel_cannot_take_the_name_of_another_kind(application: Application) -> None:
    with pytest.raises(NotAllowed):
        channels.add_channel(
            application,
            name="public_page",
            title="x",
            kind=Channel.CLOSED_WORK_GROUP,
            controller=None,
        )


def test_tagging_after_saying_nobody_can_be_recognised_reopens_the_question(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    nobody = PhotoAnswers(people=People.UNRECOGNISABLE, context_identifies=False)
    answers.answer(anna, [photo], nobody)
    depictions.tag_persons(anna, [photo], persons=[create_person(anna, "Aino A")])
    assert codes(anna, photo) != ()


def test_a_yes_to_print_does_not_undo_a_no_to_the_page(anna: Application, tmp_path: Path) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    person = create_person(anna, "Aino A")
    tag_person(anna, photo, person)
    consents.record_consent(
        anna,
        ConsentParties(person, photo=photo),
        ConsentStatement(ConsentKind.REFUSED, ("kunta-public-page",)),
    )
    said_now = replace(YES, on=date(2026, 11, 2))
    consents.record_consent(
        anna, ConsentParties(person, photo=photo), replace(said_now, channels=("print",))
    )
    consents.record_consent(
        anna, ConsentParties(person), replace(YES, channels=("public_page", "print"))
    )
    assert codes(anna, photo) == ("CN_REFUSED",)


def test_a_young_childs_no_holds_beside_a_yes_to_another_channel(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    child = add_child(anna, "Elle V", date(2018, 5, 5), guardians=["Máret V"])
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Máret V")
    consents.record_consent(anna, ConsentParties(child), ConsentStatement(ConsentKind.REFUSED))
    said_now = replace(YES, on=date(2026, 11, 2))
    consents.record_consent(anna, ConsentParties(child), replace(said_now, channels=("print",)))
    assert codes(anna, photo) == ("MI_CHILD_OPPOSES",)


def test_an_agencys_licence_does_not_override_a_partial_no(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    permissions.withdraw_permission(
        anna, replace(NOT_THERE, channels=("public_page",)), rights=PermissionParties("H-1")
    )
    terms = permissions.PermissionTerms(basis=Basis.STOCK, credit="Agency")
    permissions.record_permission(
        anna, PermissionParties(licensor="Agency", photos=(photo,)), YES, terms
    )
    assert "CR_PERMISSION_REVOKED" in codes(anna, photo)


def test_only_a_coordinator_lifts_a_block_that_the_event_states(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    blocked = EventAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    event = f"E-{events.add_event(anna, 'Juhla', on=date(2026, 10, 1), answers=blocked)}"
    photo = register_photo(anna, tmp_path, replace(EMPTY_STREET, confidentiality=None, event=event))
    assert codes(anna, photo) == ("CF_PUBLICATION_BLOCK",)
    with pytest.raises(NotAllowed):
        answers.answer(anna, [photo], PhotoAnswers(confidentiality=Confidentiality.NONE))
    answers.answer(application, [photo], PhotoAnswers(confidentiality=Confidentiality.NONE))
    assert codes(anna, photo) == ("RG_SECOND_LOOK",)


def test_a_childs_own_yes_never_becomes_an_adults_consent(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, replace(MARKET, shot=Shot.PERSON_SUBJECT))
    young = persons.add_person(
        anna, PersonDetails(name="Nuori N", age_group=AgeGroup.MINOR, guardians=1)
    )
    guardian = create_person(anna, "Máret V")
    add_guardian(anna, young.person, guardian, basis=GuardianBasis.PARENT, verified="väestötiedot")
    tag_person(anna, photo, young.person)
    consents.record_consent(anna, ConsentParties(young.person), YES)
    with pytest.raises(NotAllowed):
        persons.change_person(anna, young.person, PersonDetails(age_group=AgeGroup.ADULT))
    persons.change_person(application, young.person, PersonDetails(age_group=AgeGroup.ADULT))
    assert codes(anna, photo) == ("CN_NO_CONSENT", "RG_SECOND_LOOK")


def test_somebody_else_named_beside_the_photographer_is_a_conflict(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    with anna.changing() as work:
        row = find_photo(work.session, photo)
        row.file_artist = f"{PHOTOGRAPHER_NAME}; Bob Toinen"
        add(work.session, row)
    assert codes(anna, photo) == ("MD_ARTIST_CONFLICT",)


def test_print_cannot_be_a_link(anna: Application, tmp_path: Path) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    with pytest.raises(InputDataError):
        checks.check(anna, [photo], AskedUse("kunta-print", mode=Mode.LINK))


def test_a_ruling_does_not_come_back_to_life_when_a_fact_changes_back(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    [answer] = approval.approve(anna, [photo], PAGE)
    rule_on(application, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Far away.")
    assert checks.check(anna, [photo], PAGE)[0].is_allowed
    for place in (Place.SHOPPING_CENTRE, Place.PUBLIC_OUTDOOR):
        answers.answer(anna, [photo], PhotoAnswers(place=place))
    [checked] = checks.check(anna, [photo], PAGE)
    assert checked.digest == answer.checked.digest
    assert checked.outcome is Outcome.UNCLEAR
    [again] = approval.approve(anna, [photo], PAGE)
    assert again.checked.case_id != answer.checked.case_id


def test_a_channel_that_is_added_later_or_is_somebody_elses_is_on_no_paper(
    application: Application, anna: Application, portrait: tuple[str, str], clock: Clock
) -> None:
    photo, _child = portrait
    clock.now += timedelta(days=1)
    for name, controller in (("tiktok", None), ("vuokratalot", "Kunnan vuokratalot Oy")):
        channels.add_channel(
            application, name=name, title=name, kind=Channel.PUBLIC_PAGE, controller=controller
        )
        found = codes(anna, photo, AskedUse(name))
        assert {"CN_SCOPE_CHANNEL", "CR_SCOPE_CHANNEL"} <= set(found)


def test_a_childs_no_to_print_leaves_the_page_as_it_was(
    anna: Application, portrait: tuple[str, str]
) -> None:
    photo, child = portrait
    in_print = ConsentStatement(ConsentKind.WITHDRAWN, ("print",))
    consents.withdraw_consent(anna, in_print, parties=ConsentParties(child))
    assert codes(anna, photo) == ()
    assert "MI_CHILD_OPPOSES" in codes(anna, photo, AskedUse("kunta-print"))


@pytest.mark.parametrize(
    ("refused", "allowed"), [("public_page", PAGE.channel), (PAGE.channel, "")]
)
def test_a_later_yes_lifts_a_no_where_it_is_at_least_as_narrow(
    anna: Application, tmp_path: Path, refused: str, allowed: str
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    person = create_person(anna, "Aino A")
    tag_person(anna, photo, person)
    consents.record_consent(anna, ConsentParties(person), YES)
    no = ConsentStatement(ConsentKind.WITHDRAWN, (refused,))
    consents.withdraw_consent(anna, no, parties=ConsentParties(person))
    later = replace(YES, channels=(allowed or "public_page",), on=anna.today)
    consents.record_consent(anna, ConsentParties(person), later)
    assert codes(anna, photo) == (() if allowed else ("CN_WITHDRAWN",))


def test_a_permission_for_print_takes_no_page_away(anna: Application, tmp_path: Path) -> None:
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    before = codes(anna, photo)
    in_print = replace(YES, channels=("print",))
    permissions.record_permission(anna, PermissionParties("H-1"), in_print)
    assert codes(anna, photo) == before == ()


def test_who_becomes_a_guardian_again_begins_anew(
    application: Application, anna: Application, portrait: tuple[str, str]
) -> None:
    photo, child = portrait
    end_guardian(application, child, "Máret V")
    add_guardian(anna, child, "Máret V", basis=GuardianBasis.PARENT, verified="väestötiedot")
    assert "MI_GUARDIAN_CONSENT_MISSING" in codes(anna, photo)


def test_a_withdrawal_recorded_afterwards_for_an_earlier_day_stops_a_yes_without_its_day(
    anna: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    person = create_person(anna, "Aino A")
    tag_person(anna, photo, person)
    consents.record_consent(anna, ConsentParties(person), YES)
    yesterday = replace(NO, on=date(2026, 11, 1))
    consents.withdraw_consent(anna, yesterday, parties=ConsentParties(person))
    assert codes(anna, photo) == ("CN_WITHDRAWN",)
    dated = replace(YES, on=date(2026, 11, 2))
    consents.record_consent(anna, ConsentParties(person), dated)
    assert codes(anna, photo) == ()
