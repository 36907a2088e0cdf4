"""Ways around the gate that were tried and must stay shut."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    TAKER,
    a_child,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    show_in,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.lookup import the_photo
from photoreg.registry.rows import add
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import (
    AgeGroup,
    Basis,
    Channel,
    Confidentiality,
    Mode,
    People,
    Place,
    Shot,
)
from photoreg.rulebook.verdict import Outcome
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.permissions import Rights
from photoreg.services.decisions import approval, cases, evaluation
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import channels, policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian
from photoreg.services.people.persons import About
from photoreg.services.photos import answers, depictions, events
from photoreg.services.photos.answers import Answers, EventAnswers
from photoreg.services.unit_of_work import Workplace

PAGE = AskedUse("kunta-public-page")
PAGE_KIND = ("public_page",)
YES = Spoken(ConsentKind.GIVEN, PAGE_KIND, until=date(2030, 1, 1), paper="folder 1")
NO = Spoken(ConsentKind.WITHDRAWN)
NOT_THERE = Spoken(ConsentKind.WITHDRAWN, ("kunta-public-page",))
SIXTEEN = date(2010, 5, 5)

AtWork = Callable[[str], Workplace]


@pytest.fixture
def anna(at_work: AtWork) -> Workplace:
    a_photographer(at_work("anna"))
    return at_work("anna")


def codes(workplace: Workplace, photo: str, asked: AskedUse = PAGE) -> tuple[str, ...]:
    [checked] = evaluation.check(workplace, [photo], asked)
    return checked.verdict.codes


@pytest.fixture
def portrait(anna: Workplace, tmp_path: Path) -> tuple[str, str]:
    """A photo of a sixteen-year-old whose one guardian has consented, and who agreed too."""
    photo = a_photo(anna, tmp_path, MARKET)
    child = a_child(anna, "Elle V", SIXTEEN, guardians=["Máret V"])
    show_in(anna, photo, child)
    consents_to(anna, child, by="Máret V")
    consents.record(anna, Whose(child), YES)
    assert codes(anna, photo) == ()
    return photo, child


def test_a_young_persons_no_to_one_channel_counts(
    anna: Workplace, portrait: tuple[str, str]
) -> None:
    photo, child = portrait
    consents.withdraw(anna, NOT_THERE, whose=Whose(child))
    assert codes(anna, photo) == ("MI_CHILD_OPPOSES",)


def test_a_young_persons_yes_to_another_channel_is_none_for_this_one(
    anna: Workplace, portrait: tuple[str, str]
) -> None:
    photo, child = portrait
    consents.record(anna, Whose(child), replace(YES, channels=("print",)))
    assert codes(anna, photo) == ("MI_CHILD_VIEW_MISSING",)


def test_one_guardians_no_to_one_channel_counts_under_either_policy(
    workplace: Workplace, anna: Workplace, portrait: tuple[str, str]
) -> None:
    photo, child = portrait
    persons.change_person(anna, child, About(guardians=2))
    second = a_person(anna, "Ante V")
    add_guardian(anna, child, second, basis=GuardianBasis.PARENT, verified="väestötiedot")
    consents.record(anna, Whose(child, by=second), YES)
    consents.withdraw(anna, NOT_THERE, whose=Whose(child, by=second))
    for guardians in ("all", "one"):
        policy.set_policy(workplace, {"guardians": guardians})
        assert "MI_GUARDIAN_WITHDRAWN" in codes(anna, photo)


@pytest.mark.parametrize("basis", [Basis.KNOWN_UNLAWFUL, Basis.WEB_FOUND])
def test_a_general_permission_does_not_clean_a_bad_source(
    anna: Workplace, tmp_path: Path, basis: Basis
) -> None:
    photo = a_photo(anna, tmp_path, EMPTY_STREET)
    answers.answer(anna, [photo], Answers(basis=basis))
    assert codes(anna, photo) == ("CR_NO_PERMISSION",)


def test_somebody_named_cannot_be_called_unrecognisable(
    anna: Workplace, portrait: tuple[str, str]
) -> None:
    photo, _child = portrait
    nobody = Answers(people=People.UNRECOGNISABLE, context_identifies=False)
    with pytest.raises(NotAllowed, match="named"):
        answers.answer(anna, [photo], nobody)


def test_a_ruling_falls_when_the_photographer_or_the_credit_changes(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, MARKET)
    answers.answer(anna, [photo], Answers(people=People.RECOGNISABLE, recognisable_count=1))
    for change in (
        Answers(credit="Somebody Else"),
        Answers(photographers=(a_person(anna, "Toinen Kuvaaja"),), basis=Basis.PUBLIC_DOMAIN),
    ):
        [answer] = approval.approve(anna, [photo], PAGE)
        cases.rule_on(workplace, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Far away.")
        [checked] = evaluation.check(anna, [photo], PAGE)
        assert checked.outcome is Outcome.PUBLISHABLE
        answers.answer(anna, [photo], change)
        [checked] = evaluation.check(anna, [photo], PAGE)
        assert checked.outcome is not Outcome.PUBLISHABLE


def test_an_agencys_licence_does_not_override_the_photographers_no(
    anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, EMPTY_STREET)
    assert codes(anna, photo) == ()
    permissions.record(anna, Rights("H-1"), Spoken(ConsentKind.REFUSED))
    licence = replace(YES, until=None, open_ended=True)
    terms = permissions.Terms(basis=Basis.STOCK, credit="Agency")
    permissions.record(anna, Rights(licensor="Agency", photos=(photo,)), licence, terms)
    assert "CR_NO_PERMISSION" in codes(anna, photo)


def test_a_no_to_one_photo_is_not_undone_by_a_later_yes_to_everything(
    anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, MARKET)
    person = a_person(anna, "Aino A")
    show_in(anna, photo, person)
    consents.withdraw(anna, NO, whose=Whose(person, photo=photo))
    consents.record(anna, Whose(person), YES)
    assert codes(anna, photo) == ("CN_WITHDRAWN",)
    consents.record(anna, Whose(person, photo=photo), replace(YES, on=date(2026, 11, 2)))
    assert codes(anna, photo) == ()


def test_the_permission_of_one_place_is_none_for_another(anna: Workplace, tmp_path: Path) -> None:
    at_home = EventAnswers(place=Place.PRIVATE_HOME, place_permission=True)
    event = events.add_event(anna, "Koti", on=date(2026, 10, 1), answers=at_home)
    photo = a_photo(anna, tmp_path, replace(EMPTY_STREET, place=None, event=f"E-{event}"))
    assert "PL_NOT_PUBLIC" not in codes(anna, photo)
    answers.answer(anna, [photo], Answers(place=Place.RESTRICTED_AREA))
    assert "PL_NOT_PUBLIC" in codes(anna, photo)


def test_a_name_inside_another_name_is_not_the_same_name(anna: Workplace, tmp_path: Path) -> None:
    photo = a_photo(anna, tmp_path, EMPTY_STREET)
    assert "MD_ARTIST_CONFLICT" not in codes(anna, photo)
    part_of_the_name = a_person(anna, TAKER[:-2])
    answers.answer(anna, [photo], Answers(photographers=(part_of_the_name,)))
    assert "MD_ARTIST_CONFLICT" in codes(anna, photo)


def test_a_consent_older_than_the_person_is_refused(
    anna: Workplace, portrait: tuple[str, str]
) -> None:
    _photo, child = portrait
    with pytest.raises(InputDataError, match="born"):
        consents.record(anna, Whose(child), replace(YES, on=date(2009, 1, 1)))


def test_a_rulings_four_eyes_cannot_be_switched_off_and_on(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(workplace)
    photo = a_photo(workplace, tmp_path, MARKET)
    answers.answer(workplace, [photo], Answers(people=People.RECOGNISABLE, recognisable_count=1))
    policy.set_policy(workplace, {"four_eyes": False})
    [answer] = approval.approve(workplace, [photo], PAGE)
    cases.rule_on(workplace, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Far away.")
    policy.set_policy(workplace, {"four_eyes": True})
    [checked] = evaluation.check(workplace, [photo], PAGE)
    assert checked.outcome is Outcome.UNCLEAR


def test_a_channel_cannot_take_the_name_of_another_kind(workplace: Workplace) -> None:
    with pytest.raises(NotAllowed):
        channels.add_channel(
            workplace, name="public_page", title="x", kind=Channel.CLOSED_WORK_GROUP
        )


def test_tagging_after_saying_nobody_can_be_recognised_reopens_the_question(
    anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, MARKET)
    nobody = Answers(people=People.UNRECOGNISABLE, context_identifies=False)
    answers.answer(anna, [photo], nobody)
    depictions.tag(anna, [photo], persons=[a_person(anna, "Aino A")])
    assert codes(anna, photo) != ()


def test_a_yes_to_print_does_not_undo_a_no_to_the_page(anna: Workplace, tmp_path: Path) -> None:
    photo = a_photo(anna, tmp_path, MARKET)
    person = a_person(anna, "Aino A")
    show_in(anna, photo, person)
    consents.record(
        anna, Whose(person, photo=photo), Spoken(ConsentKind.REFUSED, ("kunta-public-page",))
    )
    said_now = replace(YES, on=date(2026, 11, 2))
    consents.record(anna, Whose(person, photo=photo), replace(said_now, channels=("print",)))
    consents.record(anna, Whose(person), replace(YES, channels=("public_page", "print")))
    assert codes(anna, photo) == ("CN_SCOPE_CHANNEL",)


def test_a_young_childs_no_stands_beside_a_yes_to_another_channel(
    anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, MARKET)
    child = a_child(anna, "Elle V", date(2018, 5, 5), guardians=["Máret V"])
    show_in(anna, photo, child)
    consents_to(anna, child, by="Máret V")
    consents.record(anna, Whose(child), Spoken(ConsentKind.REFUSED))
    said_now = replace(YES, on=date(2026, 11, 2))
    consents.record(anna, Whose(child), replace(said_now, channels=("print",)))
    assert codes(anna, photo) == ("MI_CHILD_OPPOSES",)


def test_an_agencys_licence_does_not_override_a_partial_no(anna: Workplace, tmp_path: Path) -> None:
    photo = a_photo(anna, tmp_path, EMPTY_STREET)
    permissions.withdraw(anna, replace(NOT_THERE, channels=("public_page",)), rights=Rights("H-1"))
    terms = permissions.Terms(basis=Basis.STOCK, credit="Agency")
    permissions.record(anna, Rights(licensor="Agency", photos=(photo,)), YES, terms)
    assert "CR_SCOPE_CHANNEL" in codes(anna, photo)


def test_only_a_coordinator_lifts_a_block_that_the_event_states(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    blocked = EventAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    event = f"E-{events.add_event(anna, 'Juhla', on=date(2026, 10, 1), answers=blocked)}"
    photo = a_photo(anna, tmp_path, replace(EMPTY_STREET, confidentiality=None, event=event))
    assert codes(anna, photo) == ("CF_PUBLICATION_BLOCK",)
    with pytest.raises(NotAllowed):
        answers.answer(anna, [photo], Answers(confidentiality=Confidentiality.NONE))
    answers.answer(workplace, [photo], Answers(confidentiality=Confidentiality.NONE))
    assert codes(anna, photo) == ()


def test_a_childs_own_yes_never_becomes_an_adults_consent(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, replace(MARKET, shot=Shot.PERSON_SUBJECT))
    young = persons.add_person(anna, About(name="Nuori N", age_group=AgeGroup.MINOR, guardians=1))
    guardian = a_person(anna, "Máret V")
    add_guardian(anna, young.person, guardian, basis=GuardianBasis.PARENT, verified="väestötiedot")
    show_in(anna, photo, young.person)
    consents.record(anna, Whose(young.person), YES)
    with pytest.raises(NotAllowed):
        persons.change_person(anna, young.person, About(age_group=AgeGroup.ADULT))
    persons.change_person(workplace, young.person, About(age_group=AgeGroup.ADULT))
    assert codes(anna, photo) == ("CN_NO_CONSENT",)


def test_somebody_else_named_beside_the_photographer_is_a_conflict(
    anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, EMPTY_STREET)
    with anna.changing() as desk:
        row = the_photo(desk.session, photo)
        row.file_artist = f"{TAKER}; Bob Toinen"
        add(desk.session, row)
    assert codes(anna, photo) == ("MD_ARTIST_CONFLICT",)


def test_print_cannot_be_a_link(anna: Workplace, tmp_path: Path) -> None:
    photo = a_photo(anna, tmp_path, EMPTY_STREET)
    with pytest.raises(InputDataError):
        evaluation.check(anna, [photo], AskedUse("kunta-print", mode=Mode.LINK))


def test_a_ruling_does_not_come_back_to_life_when_a_fact_changes_back(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path, MARKET)
    [answer] = approval.approve(anna, [photo], PAGE)
    cases.rule_on(workplace, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Far away.")
    assert evaluation.check(anna, [photo], PAGE)[0].is_allowed
    person = a_person(anna, "Aino A")
    depictions.tag(anna, [photo], persons=[person])
    depictions.untag(anna, [photo], persons=[person])
    [checked] = evaluation.check(anna, [photo], PAGE)
    assert checked.digest == answer.checked.digest
    assert checked.outcome is Outcome.UNCLEAR
    [again] = approval.approve(anna, [photo], PAGE)
    assert again.checked.case_id != answer.checked.case_id
