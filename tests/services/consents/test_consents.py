"""Consents: who may say what about whom, and what a no brings down at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE,
    PRINT,
    a_person,
    a_photo,
    a_photographer,
    every,
    show_in,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.registry.tables.consents import ConsentKind, Method
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import AgeGroup, AnswerState
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.decisions import evaluation
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian, end_guardian
from photoreg.services.people.persons import About
from photoreg.services.photos import events
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

TODAY = date(2026, 11, 2)
WITHDRAWAL = Spoken(ConsentKind.WITHDRAWN, purposes=(), method=Method.ORAL)
CHANNELS = ("public_page", "website", "print")


def yes(*channels: str, **more: Any) -> Spoken:
    said = {"open_ended": "until" not in more, "paper": "binder 3", **more}
    return Spoken(ConsentKind.GIVEN, channels or CHANNELS, **said)


@pytest.fixture
def adult(workplace: Workplace) -> str:
    return a_person(workplace, "Piera Valkeapää")


@pytest.fixture
def family(workplace: Workplace) -> tuple[str, str, str]:
    """A child and the verified guardians."""
    child = persons.add_person(
        workplace, About("Aslak Magga", born=date(2016, 5, 4), guardians=2)
    ).person
    parents = [a_person(workplace, name) for name in ("Máret Magga", "Niila Magga")]
    for parent in parents:
        add_guardian(workplace, child, parent, basis=GuardianBasis.PARENT, verified="register")
    return child, parents[0], parents[1]


@pytest.fixture
def photo(workplace: Workplace, tmp_path: Path) -> str:
    """A photo of a market in which one person can be recognised."""
    a_photographer(workplace)
    return a_photo(workplace, tmp_path, MARKET)


def publish(workplace: Workplace, photo: str) -> None:
    for number, asked in enumerate((PAGE, PRINT)):
        added = publishing.add_publication(
            workplace, photo, asked, address=f"https://kunta.example/{number}"
        )
        assert added.checked.is_allowed, added.checked.verdict.codes


def state(workplace: Workplace, consent: str) -> AnswerState:
    rows = every(consents.list_consents(workplace))
    found: AnswerState = next(row["state"] for row in rows if row["consent"] == consent)
    return found


def test_a_withdrawal_counts_at_once_and_brings_down_what_was_published(
    workplace: Workplace, adult: str, photo: str
) -> None:
    show_in(workplace, photo, adult)
    consents.record(workplace, Whose(adult), yes())
    publish(workplace, photo)
    told = consents.withdraw(workplace, WITHDRAWAL, consent="C-1").recorded
    assert told.photos == (photo,)
    page, paper = workplace.reacted.publications
    assert (page.task, page.recallable, page.codes) == ("T-1", True, ("CN_WITHDRAWN",))
    assert (paper.task, paper.recallable) == (None, False)
    [checked] = evaluation.check(workplace, [photo], PAGE)
    assert checked.verdict.codes == ("CN_WITHDRAWN",)


def test_a_partial_withdrawal_touches_its_channel_only(
    workplace: Workplace, adult: str, photo: str
) -> None:
    show_in(workplace, photo, adult)
    consents.record(workplace, Whose(adult), yes())
    publish(workplace, photo)
    only_page = Spoken(ConsentKind.WITHDRAWN, ["kunta-public-page"], purposes=())
    consents.withdraw(workplace, only_page, consent="C-1")
    assert [each.channel for each in workplace.reacted.publications] == ["kunta-public-page"]
    assert state(workplace, "C-1") is AnswerState.GRANTED
    [printed] = evaluation.check(workplace, [photo], PRINT)
    assert printed.is_allowed


def test_a_guardian_s_later_no_works_like_a_withdrawal(
    workplace: Workplace, family: tuple[str, str, str], photo: str
) -> None:
    child, mother, father = family
    show_in(workplace, photo, child)
    for guardian in (mother, father):
        consents.record(workplace, Whose(child, by=guardian), yes())
    publish(workplace, photo)
    no = Spoken(ConsentKind.REFUSED, CHANNELS)
    consents.record(workplace, Whose(child, by=father), no)
    assert workplace.reacted.publications[0].codes == ("MI_GUARDIAN_REFUSED",)


def test_a_narrower_new_yes_replaces_the_old_one_and_brings_down_the_rest(
    workplace: Workplace, adult: str, photo: str
) -> None:
    show_in(workplace, photo, adult)
    consents.record(workplace, Whose(adult), yes())
    publish(workplace, photo)
    told = consents.record(workplace, Whose(adult), yes("print")).recorded
    assert told.replaced == ("public_page", "website")
    assert [each.channel for each in workplace.reacted.publications] == ["kunta-public-page"]


def test_an_objection_by_somebody_never_asked_is_recorded(
    workplace: Workplace, adult: str, photo: str
) -> None:
    show_in(workplace, photo, adult)
    told = consents.withdraw(workplace, WITHDRAWAL, whose=Whose(adult)).recorded
    assert (told.thread, told.photos) == ("C-1", (photo,))
    [checked] = evaluation.check(workplace, [photo], PAGE)
    assert checked.verdict.codes == ("CN_WITHDRAWN",)


def test_a_withdrawal_reaches_the_photos_of_its_consent_only(
    workplace: Workplace, adult: str, photo: str, tmp_path: Path
) -> None:
    other = a_photo(workplace, tmp_path, MARKET, "other.jpg")
    for each in (photo, other):
        show_in(workplace, each, adult)
    consents.record(workplace, Whose(adult), yes())
    consents.record(workplace, Whose(adult, photo=other), yes())
    assert consents.withdraw(workplace, WITHDRAWAL, consent="C-2").recorded.photos == (other,)
    assert state(workplace, "C-1") is AnswerState.GRANTED


def test_a_wider_withdrawal_shows_in_the_narrower_consents(
    workplace: Workplace, adult: str, photo: str
) -> None:
    consents.record(workplace, Whose(adult, photo=photo), yes())
    consents.withdraw(workplace, WITHDRAWAL, whose=Whose(adult))
    assert state(workplace, "C-1") is AnswerState.WITHDRAWN


def test_the_same_people_and_reach_are_one_consent(
    workplace: Workplace, family: tuple[str, str, str], photo: str
) -> None:
    child, mother, father = family
    feast = events.add_event(workplace, "Feast", on=TODAY)
    assert feast
    for whose, thread in (
        (Whose(child, by=mother), "C-1"),
        (Whose(child, by=father), "C-2"),
        (Whose(child, by=mother, photo=photo), "C-3"),
        (Whose(child, by=mother, event="Feast"), "C-4"),
        (Whose(child, by=mother), "C-1"),
        (Whose(child), "C-5"),
    ):
        assert consents.record(workplace, whose, yes()).recorded.thread == thread


def test_a_child_s_own_word_is_a_view_beside_the_guardians(
    workplace: Workplace, family: tuple[str, str, str], adult: str
) -> None:
    assert consents.record(workplace, Whose(family[0]), yes()).child_view
    assert not consents.record(workplace, Whose(family[0], by=family[1]), yes()).child_view
    assert not consents.record(workplace, Whose(adult), yes()).child_view


def test_only_a_recorded_guardian_speaks_for_a_child(
    workplace: Workplace, family: tuple[str, str, str], adult: str
) -> None:
    child, mother, father = family
    with pytest.raises(NotAllowed, match=f"{adult} is not recorded as a guardian of {child}"):
        consents.record(workplace, Whose(child, by=adult), yes())
    end_guardian(workplace, child, father)
    with pytest.raises(NotAllowed):
        consents.record(workplace, Whose(child, by=father), yes())
    with pytest.raises(InputDataError, match="is an adult"):
        consents.record(workplace, Whose(adult, by=mother), yes())
    assert every(consents.list_consents(workplace)) == []


def test_a_signature_by_an_unverified_guardian_is_told(workplace: Workplace) -> None:
    child = persons.add_person(workplace, About("Elle", age_group=AgeGroup.MINOR)).person
    mother = a_person(workplace, "Máret Magga")
    add_guardian(workplace, child, mother, basis=GuardianBasis.PARENT)
    told = consents.record(workplace, Whose(child, by=mother), yes())
    assert told.unverified == (child, mother)


def test_the_age_on_the_day_it_was_said_decides_who_speaks(
    workplace: Workplace, family: tuple[str, str, str], clock: Clock
) -> None:
    child, mother, _father = family
    clock.now = clock.now.replace(year=2034, month=6)
    with pytest.raises(InputDataError, match="is an adult"):
        consents.record(workplace, Whose(child, by=mother), yes())
    found_later = yes(on=date(2034, 5, 3))
    assert consents.record(workplace, Whose(child, by=mother), found_later).recorded.documented


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (yes(on=TODAY + timedelta(days=1)), "in the future"),
        (yes(until=TODAY - timedelta(days=1)), "before it begins"),
        (yes(open_ended=False), "needs an end date"),
        (yes(open_ended=True, until=TODAY), "needs an end date"),
        (yes(evidence=Path("no-such-form.pdf")), "cannot be read"),
        (yes(paper="010190-123A"), "identity code"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_stored(
    workplace: Workplace, adult: str, said: Spoken, message: str
) -> None:
    with pytest.raises(InputDataError, match=message):
        consents.record(workplace, Whose(adult), said)
    assert every(consents.list_consents(workplace)) == []


def test_an_unknown_channel_person_or_consent_is_not_found(
    workplace: Workplace, adult: str
) -> None:
    with pytest.raises(NotFound):
        consents.record(workplace, Whose(adult), yes("no-such-channel"))
    with pytest.raises(NotFound):
        consents.record(workplace, Whose("Nobody At All"), yes())
    with pytest.raises(NotFound):
        consents.withdraw(workplace, WITHDRAWAL, consent="C-9")


def test_a_consent_may_end_on_the_day_it_is_given(workplace: Workplace, adult: str) -> None:
    consents.record(workplace, Whose(adult), yes(until=TODAY))
    [row] = every(consents.list_consents(workplace, adult))
    assert (row["until"], row["open_ended"]) == ("2026-11-02", False)


def test_channels_are_kept_as_kinds_or_by_name(workplace: Workplace, adult: str) -> None:
    consents.record(workplace, Whose(adult), yes("website", "Kunta-Print"))
    [row] = every(consents.list_consents(workplace))
    assert row["channels"] == ["kunta-print", "website"]


def test_evidence_is_copied_beside_the_registry(
    workplace: Workplace, adult: str, tmp_path: Path
) -> None:
    form = tmp_path / "form.pdf"
    form.write_bytes(b"%PDF signed")
    told = consents.record(workplace, Whose(adult), yes(paper="", evidence=form))
    form.unlink()
    assert told.recorded.documented
    [kept] = [p for p in workplace.registry.folder_of_evidence.rglob("*") if p.is_file()]
    assert kept.read_bytes() == b"%PDF signed"


def test_a_yes_with_nothing_to_show_is_stored_as_undocumented(
    workplace: Workplace, adult: str
) -> None:
    assert not consents.record(workplace, Whose(adult), yes(paper=" ")).recorded.documented
    assert every(consents.list_consents(workplace))[0]["documented"] is False


def test_an_older_word_does_not_overtake_a_newer_one(workplace: Workplace, adult: str) -> None:
    consents.withdraw(workplace, WITHDRAWAL, whose=Whose(adult))
    older = consents.record(workplace, Whose(adult), yes(on=TODAY - timedelta(days=3))).recorded
    assert older.outlived
    assert not older.after_no
    assert state(workplace, "C-1") is AnswerState.WITHDRAWN
    newer = consents.record(workplace, Whose(adult), yes(on=TODAY)).recorded
    assert newer.after_no
    assert state(workplace, "C-1") is AnswerState.GRANTED


@pytest.mark.parametrize("kind", [ConsentKind.GIVEN, ConsentKind.RENEWED])
@pytest.mark.parametrize("channels", [(), ("kunta-print",)])
def test_a_yes_without_a_day_ends_no_no_of_the_same_person(
    workplace: Workplace, adult: str, kind: ConsentKind, channels: tuple[str, ...], tmp_path: Path
) -> None:
    consents.record(workplace, Whose(adult), yes("website", "kunta-print"))
    consents.withdraw(workplace, replace(WITHDRAWAL, channels=channels), whose=Whose(adult))
    before = every(consents.list_consents(workplace))
    paper = tmp_path / "old form.pdf"
    paper.write_bytes(b"%PDF signed")
    undated = replace(yes("kunta-print"), kind=kind, evidence=paper)

    with pytest.raises(NotAllowed, match=f"no since {TODAY}") as refused:
        consents.record(workplace, Whose(adult), undated)

    assert refused.value.fields == ("on",)
    assert every(consents.list_consents(workplace)) == before
    assert not list(workplace.registry.folder_of_evidence.rglob("*"))
    consents.record(workplace, Whose(adult), replace(undated, on=TODAY))
    assert state(workplace, "C-1") is AnswerState.GRANTED


def test_a_yes_that_leaves_the_no_as_it_is_needs_no_day(workplace: Workplace, adult: str) -> None:
    consents.record(workplace, Whose(adult), yes("website", "kunta-print"))
    consents.withdraw(workplace, replace(WITHDRAWAL, channels=("website",)), whose=Whose(adult))
    told = consents.record(workplace, Whose(adult), yes("kunta-print"))
    assert not told.recorded.after_no
    [row] = every(consents.list_consents(workplace))
    assert row["channels"] == ["kunta-print"]


def test_the_ledger_names_ids_and_codes_only(
    workplace: Workplace, family: tuple[str, str, str]
) -> None:
    child, mother, _father = family
    consents.record(workplace, Whose(child, by=mother), yes("kunta-print", paper="Magga's letter"))
    with workplace.reading() as desk:
        last = next(ledger.entries(desk.session, newest_first=True))
    assert (last.action, last.subject) == ("consent.given", "C-1")
    assert '"by": "H-2"' in last.details
    assert "Magga" not in last.details
    assert "letter" not in last.details


def test_the_auditor_reads_consents_without_names(
    workplace: Workplace, adult: str, at_work: Callable[[str], Workplace]
) -> None:
    consents.record(workplace, Whose(adult), yes())
    tarja = at_work("tarja")
    assert every(consents.list_consents(tarja))[0]["name"] == adult
    with pytest.raises(NotAllowed):
        consents.withdraw(tarja, WITHDRAWAL, consent="C-1")
