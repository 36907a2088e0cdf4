"""Consents as families live them: each step through the services, each followed by a verdict."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    PRINT_USE,
    add_child,
    add_photographer,
    create_person,
    list_all,
    register_photo,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed, PhotoregError
from photoreg.presentation.next_steps import next_step
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import AgeGroup, ConsentKind, Purpose, Shot
from photoreg.rulebook.verdict import evaluate
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.decisions import checks
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian, excuse_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events
from photoreg.steps import NextAction, NextStep

AtWork = Callable[[str], Application]
TODAY = date(2026, 11, 2)
NO = ConsentStatement(ConsentKind.REFUSED)
WITHDRAWN = ConsentStatement(ConsentKind.WITHDRAWN)


def yes(*channels: str, until: date = date(2034, 1, 1), renewed: bool = False) -> ConsentStatement:
    kind = ConsentKind.RENEWED if renewed else ConsentKind.GIVEN
    return ConsentStatement(kind, channels or ("public_page", "print"), until=until, paper="k 3")


@pytest.fixture
def scene(application: Application, tmp_path: Path) -> Application:
    """P-1 and P-2 of the feast E-1, P-3 of no event; H-2 is a child of the guardians H-3 and H-4.

    All three photos show the child.
    """
    add_photographer(application)
    child = add_child(application, "Elle", date(2018, 3, 2), ["Máret", "Ánte"])
    events.add_event(application, "Feast", on=TODAY)
    for number, event in (("1", "E-1"), ("2", "E-1"), ("3", None)):
        photo = register_photo(
            application,
            tmp_path,
            replace(MARKET, event=event, shot=Shot.PERSON_SUBJECT),
            f"{number}.jpg",
        )
        tag_person(application, photo, child)
    return application


def codes(application: Application, photo: str = "P-1", use: AskedUse = PAGE_USE) -> set[str]:
    [checked] = checks.check(application, [photo], use)
    return set(checked.verdict.codes)


def both_say(application: Application, spoken: ConsentStatement, **reach: str) -> None:
    for guardian in ("H-3", "H-4"):
        consents.record_consent(application, ConsentParties("H-2", by=guardian, **reach), spoken)


def test_one_answer_can_be_about_one_photo_an_event_or_a_time(scene: Application) -> None:
    both_say(scene, yes(), photo="P-1")
    assert [codes(scene, photo) for photo in ("P-1", "P-2")] == [
        set(),
        {"MI_GUARDIAN_CONSENT_MISSING"},
    ]
    both_say(scene, yes(), event="E-1")
    assert [codes(scene, photo) for photo in ("P-2", "P-3")] == [
        set(),
        {"MI_GUARDIAN_CONSENT_MISSING"},
    ]
    both_say(scene, yes(until=date(2026, 12, 31)))
    assert codes(scene, "P-3") == set()
    assert codes(scene, "P-3", replace(PAGE_USE, on=date(2027, 1, 1))) == {"CN_EXPIRED"}


def test_a_yes_holds_for_the_purposes_that_were_ticked(scene: Application) -> None:
    both_say(scene, yes())
    marketing = replace(PAGE_USE, purpose=Purpose.MARKETING)
    assert "CN_SCOPE_PURPOSE" in codes(scene, use=marketing)


def test_a_part_is_withdrawn_and_the_rest_stays(scene: Application) -> None:
    both_say(scene, yes())
    part = ConsentStatement(ConsentKind.WITHDRAWN, ("public_page",), purposes=())
    consents.withdraw_consent(scene, part, parties=ConsentParties("H-2", by="H-3"))
    assert codes(scene) == {"MI_GUARDIAN_WITHDRAWN"}
    assert codes(scene, use=PRINT_USE) == set()


def test_a_renewal_gives_a_yes_that_ran_out_again(scene: Application, clock: Clock) -> None:
    both_say(scene, yes(until=date(2026, 12, 31)))
    clock.now = clock.now.replace(year=2027)
    assert codes(scene) == {"CN_EXPIRED"}
    both_say(scene, yes(until=date(2027, 12, 31), renewed=True))
    assert codes(scene) == set()


def test_a_child_s_own_no_is_stronger_than_both_guardians(scene: Application) -> None:
    both_say(scene, yes())
    consents.record_consent(scene, ConsentParties("H-2"), NO)
    assert codes(scene) == {"MI_CHILD_OPPOSES"}
    consents.record_consent(scene, ConsentParties("H-2"), replace(yes(), on=scene.clock().date()))
    assert codes(scene) == set()


def test_two_guardians_answer_separately_and_either_may_say_no_later(scene: Application) -> None:
    consents.record_consent(scene, ConsentParties("H-2", by="H-3"), yes())
    assert codes(scene) == {"MI_GUARDIAN_PARTIAL"}
    consents.record_consent(scene, ConsentParties("H-2", by="H-4"), yes())
    assert codes(scene) == set()
    consents.record_consent(scene, ConsentParties("H-2", by="H-3"), NO)
    assert codes(scene) == {"MI_GUARDIAN_REFUSED"}


def test_only_a_coordinator_excuses_a_guardian_and_the_other_then_decides(
    scene: Application, application_for: AtWork
) -> None:
    consents.record_consent(scene, ConsentParties("H-2", by="H-3"), yes())
    with pytest.raises(NotAllowed):
        excuse_guardian(application_for("anna"), "H-2", "H-4", ground="abroad")
    excuse_guardian(scene, "H-2", "H-4", ground="abroad, decision 12/2026")
    assert codes(scene) == set()


def test_at_eighteen_the_guardians_yes_ends_and_the_person_s_own_counts(
    scene: Application, clock: Clock
) -> None:
    both_say(scene, yes(until=date(2040, 1, 1)))
    clock.now = clock.now.replace(year=2036, month=3, day=2)
    assert codes(scene) == {"MI_NOW_ADULT"}
    consents.record_consent(scene, ConsentParties("H-2"), yes(until=date(2040, 1, 1)))
    assert codes(scene) == set()


@pytest.mark.parametrize("by", [None, "H-3"])
def test_who_never_consented_can_object_and_it_counts_at_once(
    scene: Application, by: str | None
) -> None:
    told = consents.withdraw_consent(scene, WITHDRAWN, parties=ConsentParties("H-2", by=by))
    assert told.recorded.photos == ("P-1", "P-2", "P-3")
    expected = "MI_CHILD_OPPOSES" if by is None else "MI_GUARDIAN_WITHDRAWN"
    assert expected in codes(scene)


def test_who_is_no_guardian_is_shown_how_the_photo_is_stopped_all_the_same(
    scene: Application,
) -> None:
    aunt = create_person(scene, "Risten")
    with pytest.raises(NotAllowed) as caught:
        consents.withdraw_consent(scene, WITHDRAWN, parties=ConsentParties("H-2", by=aunt))
    assert "stop the photo" in caught.value.hint


def refused(
    application: Application,
    error: type[PhotoregError],
    said: str,
    act: Callable[[], object],
) -> None:
    """Do what makes no sense; it is refused in words, and nobody and nothing was recorded."""
    before = (persons.list_persons(application), list_all(consents.list_consents(application)))
    with pytest.raises(error, match=said):
        act()
    assert (
        persons.list_persons(application),
        list_all(consents.list_consents(application)),
    ) == before


def test_families_that_cannot_be_are_refused(application: Application) -> None:
    grown = create_person(application, "Inga", date(1990, 1, 1))
    unknown = create_person(application, "Biret", None)
    child = create_person(application, "Elle", date(2018, 1, 1))

    def guardian(of: str, by: str) -> Callable[[], object]:
        return lambda: add_guardian(application, of, by, basis=GuardianBasis.PARENT)

    refused(application, InputDataError, "cannot be their own guardian", guardian(child, child))
    refused(application, InputDataError, "is a minor", guardian(unknown, child))
    refused(application, InputDataError, "is an adult", guardian(grown, unknown))
    guardian(child, unknown)()
    older = PersonDetails(born=date(2018, 1, 2))
    refused(
        application,
        NotAllowed,
        "cannot be one any more",
        lambda: persons.change_person(application, unknown, older),
    )


def test_a_circle_of_guardians_is_refused(application: Application) -> None:
    first, second, third = (
        create_person(application, name, None) for name in ("Ánte", "Biret", "Elle")
    )
    for ward, adult in ((first, second), (second, third)):
        add_guardian(application, ward, adult, basis=GuardianBasis.PARENT)
    refused(
        application,
        InputDataError,
        "is recorded as a guardian of",
        lambda: add_guardian(application, third, first, basis=GuardianBasis.PARENT),
    )


def test_a_child_is_never_older_than_the_guardian(application: Application) -> None:
    policy.set_policy(application, {"child_age": 18})
    adult = create_person(application, "Inga", date(2000, 1, 1))
    child = persons.add_person(
        application, PersonDetails(name="Elle", age_group=AgeGroup.MINOR)
    ).person
    add_guardian(application, child, adult, basis=GuardianBasis.PARENT)
    refused(
        application,
        InputDataError,
        "is not younger than",
        lambda: persons.change_person(application, child, PersonDetails(born=date(1999, 1, 1))),
    )


def test_days_that_cannot_be_are_refused(application: Application) -> None:
    child = add_child(application, "Elle", date(2018, 3, 2), ["Máret"])
    for on, said in (
        (date(2026, 11, 3), "is in the future"),
        (date(2017, 1, 1), "before the person was born"),
    ):
        spoken = replace(yes(), on=on)
        whose = ConsentParties(child, by="Máret")
        act = lambda spoken=spoken, whose=whose: consents.record_consent(application, whose, spoken)  # noqa: E731
        refused(application, InputDataError, said, act)
    refused(
        application,
        InputDataError,
        "cannot be a birth date",
        lambda: persons.add_person(application, PersonDetails(name="Áilu", born=date(2027, 1, 1))),
    )
    refused(
        application,
        NotAllowed,
        "a person with this name and birth date is already in the",
        lambda: persons.add_person(application, PersonDetails(name="elle", born=date(2018, 3, 2))),
    )


def test_a_yes_older_than_the_settings_allow_is_refused_and_a_no_is_not(
    application: Application,
) -> None:
    policy.set_policy(application, {"max_consent_age_months": 12})
    adult = create_person(application, "Inga")
    old = date(2025, 11, 1)
    refused(
        application,
        InputDataError,
        "was valid only until 2026-11-01",
        lambda: consents.record_consent(application, ConsentParties(adult), replace(yes(), on=old)),
    )
    consents.record_consent(application, ConsentParties(adult), replace(NO, on=old))
    assert list_all(consents.list_consents(application))[0].status.state == "refused"


def test_whom_to_ask_is_worked_out_with_the_policy_in_force(scene: Application) -> None:
    policy.set_policy(scene, {"child_age": 20})
    persons.change_person(scene, "H-2", PersonDetails(born=date(2008, 3, 2)))  # 18 years old
    consents.record_consent(scene, ConsentParties("H-2", by="H-3"), yes())
    [checked] = checks.check(scene, ["P-1"], PAGE_USE)
    [finding] = [f for f in checked.verdict.findings if f.code == "MI_GUARDIAN_PARTIAL"]
    assert finding.ask == ("H-4",)
    assert next_step(finding, checked) == NextStep.to(
        NextAction.CONSENT_RECORD,
        *("on", "until", "evidence"),
        person="H-2",
        by="H-4",
        photo="P-1",
        channel=PAGE_USE.channel,
    )


def test_the_step_for_a_capacity_that_nobody_has_stated_names_the_person(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    photo = register_photo(application, tmp_path, replace(MARKET, recognisable_count=2))
    for name in ("Elle V", "Inga V"):
        tag_person(application, photo, create_person(application, name))
    [checked] = checks.check(application, [photo], PAGE_USE)
    first, second = checked.facts.persons
    facts = replace(checked.facts, persons=(first, replace(second, capacity=None)))
    asked = replace(checked, facts=facts, verdict=evaluate(facts, checked.use, checked.policy))
    [finding] = [f for f in asked.verdict.findings if f.code == "RG_INCOMPLETE"]
    assert next_step(finding, asked) == NextStep.to(
        NextAction.PERSON_CHANGE, "capacity", person=second.person
    )


def test_a_guardian_who_has_consented_and_is_not_verified_is_to_be_verified(
    scene: Application,
) -> None:
    add_guardian(scene, "H-2", create_person(scene, "Sunna"), basis=GuardianBasis.PARENT)
    both_say(scene, yes())
    consents.record_consent(scene, ConsentParties("H-2", by="H-5"), yes())
    [checked] = checks.check(scene, ["P-1"], PAGE_USE)
    [finding] = [f for f in checked.verdict.findings if f.code == "MI_CONSENTER_NOT_GUARDIAN"]
    assert next_step(finding, checked) == NextStep.to(
        NextAction.GUARDIAN_VERIFY, "how", person="H-2", guardian="H-5"
    )
