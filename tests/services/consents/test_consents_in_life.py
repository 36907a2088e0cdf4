"""Consents as families live them: each step through the services, each followed by a verdict."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE,
    PRINT,
    a_child,
    a_person,
    a_photo,
    a_photographer,
    every,
    show_in,
)

from photoreg.errors import InputDataError, NotAllowed, PhotoregError
from photoreg.presentation.next_steps import next_step
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import AgeGroup, Purpose, Shot
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.decisions import evaluation
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.organisation import policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian, excuse_guardian
from photoreg.services.people.persons import About
from photoreg.services.photos import events
from photoreg.services.unit_of_work import Workplace
from photoreg.steps import NextAction, NextStep

AtWork = Callable[[str], Workplace]
TODAY = date(2026, 11, 2)
NO = Spoken(ConsentKind.REFUSED)
WITHDRAWN = Spoken(ConsentKind.WITHDRAWN)


def yes(*channels: str, until: date = date(2034, 1, 1), renewed: bool = False) -> Spoken:
    kind = ConsentKind.RENEWED if renewed else ConsentKind.GIVEN
    return Spoken(kind, channels or ("public_page", "print"), until=until, paper="k 3")


@pytest.fixture
def scene(workplace: Workplace, tmp_path: Path) -> Workplace:
    """P-1 and P-2 of the feast E-1, P-3 of no event; H-2 is a child of the guardians H-3 and H-4.

    All three photos show the child.
    """
    a_photographer(workplace)
    child = a_child(workplace, "Elle", date(2018, 3, 2), ["Máret", "Ánte"])
    events.add_event(workplace, "Feast", on=TODAY)
    for number, event in (("1", "E-1"), ("2", "E-1"), ("3", None)):
        photo = a_photo(
            workplace,
            tmp_path,
            replace(MARKET, event=event, shot=Shot.PERSON_SUBJECT),
            f"{number}.jpg",
        )
        show_in(workplace, photo, child)
    return workplace


def codes(workplace: Workplace, photo: str = "P-1", use: AskedUse = PAGE) -> set[str]:
    [checked] = evaluation.check(workplace, [photo], use)
    return set(checked.verdict.codes)


def both_say(workplace: Workplace, spoken: Spoken, **reach: str) -> None:
    for guardian in ("H-3", "H-4"):
        consents.record(workplace, Whose("H-2", by=guardian, **reach), spoken)


def test_one_answer_can_be_about_one_photo_an_event_or_a_time(scene: Workplace) -> None:
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
    assert codes(scene, "P-3", replace(PAGE, on=date(2027, 1, 1))) == {"CN_EXPIRED"}


def test_a_yes_holds_for_the_purposes_that_were_ticked(scene: Workplace) -> None:
    both_say(scene, yes())
    marketing = replace(PAGE, purpose=Purpose.MARKETING)
    assert "CN_SCOPE_PURPOSE" in codes(scene, use=marketing)


def test_a_part_is_withdrawn_and_the_rest_stays(scene: Workplace) -> None:
    both_say(scene, yes())
    part = Spoken(ConsentKind.WITHDRAWN, ("public_page",), purposes=())
    consents.withdraw(scene, part, whose=Whose("H-2", by="H-3"))
    assert codes(scene) == {"MI_GUARDIAN_WITHDRAWN"}
    assert codes(scene, use=PRINT) == set()


def test_a_renewal_gives_a_yes_that_ran_out_again(scene: Workplace, clock: Clock) -> None:
    both_say(scene, yes(until=date(2026, 12, 31)))
    clock.now = clock.now.replace(year=2027)
    assert codes(scene) == {"CN_EXPIRED"}
    both_say(scene, yes(until=date(2027, 12, 31), renewed=True))
    assert codes(scene) == set()


def test_a_child_s_own_no_is_stronger_than_both_guardians(scene: Workplace) -> None:
    both_say(scene, yes())
    consents.record(scene, Whose("H-2"), NO)
    assert codes(scene) == {"MI_CHILD_OPPOSES"}
    consents.record(scene, Whose("H-2"), replace(yes(), on=scene.clock().date()))
    assert codes(scene) == set()


def test_two_guardians_answer_separately_and_either_may_say_no_later(scene: Workplace) -> None:
    consents.record(scene, Whose("H-2", by="H-3"), yes())
    assert codes(scene) == {"MI_GUARDIAN_PARTIAL"}
    consents.record(scene, Whose("H-2", by="H-4"), yes())
    assert codes(scene) == set()
    consents.record(scene, Whose("H-2", by="H-3"), NO)
    assert codes(scene) == {"MI_GUARDIAN_REFUSED"}


def test_only_a_coordinator_excuses_a_guardian_and_the_other_then_decides(
    scene: Workplace, at_work: AtWork
) -> None:
    consents.record(scene, Whose("H-2", by="H-3"), yes())
    with pytest.raises(NotAllowed):
        excuse_guardian(at_work("anna"), "H-2", "H-4", ground="abroad")
    excuse_guardian(scene, "H-2", "H-4", ground="abroad, decision 12/2026")
    assert codes(scene) == set()


def test_at_eighteen_the_guardians_yes_ends_and_the_person_s_own_counts(
    scene: Workplace, clock: Clock
) -> None:
    both_say(scene, yes(until=date(2040, 1, 1)))
    clock.now = clock.now.replace(year=2036, month=3, day=2)
    assert codes(scene) == {"MI_NOW_ADULT"}
    consents.record(scene, Whose("H-2"), yes(until=date(2040, 1, 1)))
    assert codes(scene) == set()


@pytest.mark.parametrize("by", [None, "H-3"])
def test_who_never_consented_can_object_and_it_counts_at_once(
    scene: Workplace, by: str | None
) -> None:
    told = consents.withdraw(scene, WITHDRAWN, whose=Whose("H-2", by=by))
    assert told.recorded.photos == ("P-1", "P-2", "P-3")
    expected = "MI_CHILD_OPPOSES" if by is None else "MI_GUARDIAN_WITHDRAWN"
    assert expected in codes(scene)


def test_who_is_no_guardian_is_told_how_the_photo_is_stopped_all_the_same(
    scene: Workplace,
) -> None:
    aunt = a_person(scene, "Risten")
    with pytest.raises(NotAllowed) as caught:
        consents.withdraw(scene, WITHDRAWN, whose=Whose("H-2", by=aunt))
    assert "stop the photo" in caught.value.hint


def refused(
    workplace: Workplace,
    error: type[PhotoregError],
    said: str,
    act: Callable[[], object],
) -> None:
    """Do what makes no sense; it is refused in words, and nobody and nothing was recorded."""
    before = (persons.list_persons(workplace), every(consents.list_consents(workplace)))
    with pytest.raises(error, match=said):
        act()
    assert (persons.list_persons(workplace), every(consents.list_consents(workplace))) == before


def test_families_that_cannot_be_are_refused(workplace: Workplace) -> None:
    grown = a_person(workplace, "Inga", date(1990, 1, 1))
    unknown = a_person(workplace, "Biret", None)
    child = a_person(workplace, "Elle", date(2018, 1, 1))

    def guardian(of: str, by: str) -> Callable[[], object]:
        return lambda: add_guardian(workplace, of, by, basis=GuardianBasis.PARENT)

    refused(workplace, InputDataError, "guardian of themselves", guardian(child, child))
    refused(workplace, InputDataError, "is a minor", guardian(unknown, child))
    refused(workplace, InputDataError, "is an adult", guardian(grown, unknown))
    guardian(child, unknown)()
    older = About(born=date(2018, 1, 2))
    refused(
        workplace,
        NotAllowed,
        "cannot be one any more",
        lambda: persons.change_person(workplace, unknown, older),
    )


def test_a_circle_of_guardians_is_refused(workplace: Workplace) -> None:
    first, second, third = (a_person(workplace, name, None) for name in ("Ánte", "Biret", "Elle"))
    for ward, adult in ((first, second), (second, third)):
        add_guardian(workplace, ward, adult, basis=GuardianBasis.PARENT)
    refused(
        workplace,
        InputDataError,
        "cannot be the other way too",
        lambda: add_guardian(workplace, third, first, basis=GuardianBasis.PARENT),
    )


def test_a_child_is_never_older_than_the_guardian(workplace: Workplace) -> None:
    policy.set_policy(workplace, {"child_age": 18})
    adult = a_person(workplace, "Inga", date(2000, 1, 1))
    child = persons.add_person(workplace, About(name="Elle", age_group=AgeGroup.MINOR)).person
    add_guardian(workplace, child, adult, basis=GuardianBasis.PARENT)
    refused(
        workplace,
        InputDataError,
        "is not younger than",
        lambda: persons.change_person(workplace, child, About(born=date(1999, 1, 1))),
    )


def test_days_that_cannot_be_are_refused(workplace: Workplace) -> None:
    child = a_child(workplace, "Elle", date(2018, 3, 2), ["Máret"])
    for on, said in (
        (date(2026, 11, 3), "is in the future"),
        (date(2017, 1, 1), "before the person was born"),
    ):
        spoken = replace(yes(), on=on)
        whose = Whose(child, by="Máret")
        act = lambda spoken=spoken, whose=whose: consents.record(workplace, whose, spoken)  # noqa: E731
        refused(workplace, InputDataError, said, act)
    refused(
        workplace,
        InputDataError,
        "cannot be a birth date",
        lambda: persons.add_person(workplace, About(name="Áilu", born=date(2027, 1, 1))),
    )
    refused(
        workplace,
        NotAllowed,
        "of this name and birth date",
        lambda: persons.add_person(workplace, About(name="elle", born=date(2018, 3, 2))),
    )


def test_a_yes_older_than_the_settings_allow_is_refused_and_a_no_is_not(
    workplace: Workplace,
) -> None:
    policy.set_policy(workplace, {"max_consent_age_months": 12})
    adult = a_person(workplace, "Inga")
    old = date(2025, 11, 1)
    refused(
        workplace,
        InputDataError,
        "counted until 2026-11-01 only",
        lambda: consents.record(workplace, Whose(adult), replace(yes(), on=old)),
    )
    consents.record(workplace, Whose(adult), replace(NO, on=old))
    assert every(consents.list_consents(workplace))[0]["state"] == "refused"


def test_whom_to_ask_is_worked_out_with_the_policy_in_force(scene: Workplace) -> None:
    policy.set_policy(scene, {"child_age": 20})
    persons.change_person(scene, "H-2", About(born=date(2008, 3, 2)))  # 18 years old
    consents.record(scene, Whose("H-2", by="H-3"), yes())
    [checked] = evaluation.check(scene, ["P-1"], PAGE)
    [finding] = [f for f in checked.verdict.findings if f.code == "MI_GUARDIAN_PARTIAL"]
    assert finding.ask == ("H-4",)
    assert next_step(finding, checked) == NextStep.to(
        NextAction.CONSENT_RECORD,
        *("until", "evidence"),
        person="H-2",
        by="H-4",
        channel=PAGE.channel,
    )


def test_a_guardian_who_has_consented_and_is_not_verified_is_to_be_verified(
    scene: Workplace,
) -> None:
    add_guardian(scene, "H-2", a_person(scene, "Sunna"), basis=GuardianBasis.PARENT)
    both_say(scene, yes())
    consents.record(scene, Whose("H-2", by="H-5"), yes())
    [checked] = evaluation.check(scene, ["P-1"], PAGE)
    [finding] = [f for f in checked.verdict.findings if f.code == "MI_CONSENTER_NOT_GUARDIAN"]
    assert next_step(finding, checked) == NextStep.to(
        NextAction.GUARDIAN_VERIFY, "how", person="H-2", guardian="H-5"
    )
