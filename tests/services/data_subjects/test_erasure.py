"""Erasing a person: what goes is gone, what stays says so, and the gate only closes."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE,
    AtWork,
    a_child,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    every,
    show_in,
    yes,
)

from photoreg.cli.printing.next_steps import command_line
from photoreg.errors import NotAllowed, NotFound
from photoreg.presentation.next_steps import next_step
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.verdict import Outcome
from photoreg.services.audits import audits, log_anchor
from photoreg.services.consents import consents, forms, requests
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.forms import Order
from photoreg.services.data_subjects import disclosures, erasure
from photoreg.services.data_subjects.access_report import person_report
from photoreg.services.data_subjects.erasure import ErasureGround, Goes, Outside, PrintedForm, Stays
from photoreg.services.decisions import evaluation, flags
from photoreg.services.organisation import policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import end_guardian, list_guardians
from photoreg.services.people.persons import About
from photoreg.services.photos import events
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace
from photoreg.services.upkeep import maintenance

REQUEST = ErasureGround.REQUEST
NAME = "Elle Valkeapää"


@pytest.fixture
def elle(anna: Workplace, tmp_path: Path) -> str:
    """An adult with contact, in a published photo, on a roster, with a document of her own."""
    a_photographer(anna)
    elle = persons.add_person(
        anna, About(name=NAME, born=date(1980, 5, 17), contact="elle@example.fi")
    ).person
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, elle)
    events.add_event(anna, "Market", on=date(2026, 10, 3), roster=[elle])
    form = tmp_path / "form.pdf"
    form.write_bytes(b"signed by Elle")
    consents.record(
        anna,
        Whose(elle),
        Spoken(ConsentKind.GIVEN, ("public_page",), until=date(2030, 1, 1), evidence=form),
    )
    publishing.add_publication(anna, photo, PAGE, address="https://kunta.example/1")
    return elle


def lines(plan_lines: tuple[erasure.Line, ...]) -> dict[Goes | Stays | Outside, tuple[str, ...]]:
    return {line.what: line.which for line in plan_lines}


def codes(workplace: Workplace, photo: str) -> frozenset[str]:
    [checked] = evaluation.check(workplace, [photo], PAGE)
    return frozenset(checked.verdict.codes)


def outcome(workplace: Workplace, photo: str) -> Outcome:
    [checked] = evaluation.check(workplace, [photo], PAGE)
    return checked.outcome


def stored(registry_path: Path) -> bytes:
    """Every byte of the registry: the file and its write-ahead log."""
    files = registry_path.parent.glob(f"{registry_path.name}*")
    return b"".join(file.read_bytes() for file in files if file.is_file())


def test_the_plan_says_what_goes_and_what_stays_and_changes_nothing(
    workplace: Workplace, elle: str
) -> None:
    plan = erasure.plan_erasure(workplace, elle)

    goes, stays = lines(plan.goes), lines(plan.stays)
    assert {Goes.NAME, Goes.CONTACT, Goes.FACTS, Goes.ROSTERS, Goes.EVIDENCE} == set(goes)
    assert stays[Stays.PHOTOS] == ("P-1",)
    assert {Stays.TOMBSTONE, Stays.SAID, Stays.DECISIONS, Stays.BACKUPS} < set(stays)
    assert plan.publications == ("J-1",)
    assert person_report(workplace, elle)["name"] == NAME
    assert outcome(workplace, "P-1") is Outcome.PUBLISHABLE


def test_what_was_erased_is_nowhere_in_the_file(
    workplace: Workplace, elle: str, registry_path: Path
) -> None:
    folder = workplace.registry.folder_of_evidence
    assert NAME.encode() in stored(registry_path)
    assert len([f for f in folder.rglob("*") if f.is_file()]) == 1

    erased = erasure.erase(workplace, elle, REQUEST)

    assert erased.left_files == ()
    assert [f for f in folder.rglob("*") if f.is_file()] == []
    left = stored(registry_path)
    for gone in (NAME, NAME.casefold(), "elle@example.fi"):
        assert gone.encode() not in left, gone
    assert maintenance.faults(workplace) == []


def test_an_erased_person_is_not_found_by_name_and_leaves_a_tombstone(
    workplace: Workplace, anna: Workplace, elle: str
) -> None:
    erasure.erase(workplace, elle, REQUEST)

    with pytest.raises(NotFound):
        consents.show_person(anna, NAME)
    with pytest.raises(NotAllowed, match="was erased"):
        persons.change_person(anna, elle, About(contact="new@example.fi"))
    stone = erasure.tombstone(workplace, elle)
    assert stone == erasure.Tombstone(elle, date(2026, 11, 2), REQUEST)
    assert elle not in {row["person"] for row in persons.list_persons(anna)}
    report = person_report(workplace, elle)
    assert (report["name"], report["contact"], report["born"]) == (elle, "", None)
    assert persons.add_person(anna, About(NAME, born=date(1980, 5, 17))).person != elle


def test_photos_that_show_an_erased_person_are_blocked_and_taken_down(
    workplace: Workplace, elle: str
) -> None:
    erasure.erase(workplace, elle, REQUEST)

    assert "CF_PUBLICATION_BLOCK" in codes(workplace, "P-1")
    assert [touched.publication for touched in workplace.reacted.publications] == ["J-1"]
    with pytest.raises(NotAllowed):
        persons.block_person(workplace, elle, lift=True)


def test_a_document_about_others_too_stays(
    workplace: Workplace, anna: Workplace, elle: str, tmp_path: Path
) -> None:
    other = a_person(anna, "Ante Magga")
    both = Spoken(
        ConsentKind.GIVEN, ("print",), until=date(2030, 1, 1), evidence=tmp_path / "form.pdf"
    )
    consents.record(anna, Whose(other), both)

    plan = erasure.erase(workplace, elle, REQUEST).plan

    assert Goes.EVIDENCE not in lines(plan.goes)
    assert len(lines(plan.stays)[Stays.SHARED_EVIDENCE]) == 1
    assert len([f for f in workplace.registry.folder_of_evidence.rglob("*") if f.is_file()]) == 1


def test_what_an_erased_guardian_allowed_counts_as_withdrawn(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    a_photographer(anna)
    child = a_child(anna, NAME, date(2018, 3, 1), ["Máret Aikio", "Ante Magga"])
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, child)
    for guardian in ("Máret Aikio", "Ante Magga"):
        consents_to(anna, child, by=guardian)
    publishing.add_publication(anna, photo, PAGE, address="https://kunta.example/1")

    erased = erasure.erase(workplace, "Ante Magga", REQUEST)

    assert lines(erased.plan.stays)[Stays.WARDS] == ("C-2",)
    assert codes(workplace, photo) == {"MI_GUARDIAN_WITHDRAWN"}
    assert [touched.publication for touched in workplace.reacted.publications] == ["J-1"]


def test_a_no_of_an_erased_guardian_stays_a_no(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    a_photographer(anna)
    child = a_child(anna, NAME, date(2018, 3, 1), ["Máret Aikio", "Ante Magga"])
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, child)
    consents_to(anna, child, by="Máret Aikio")
    consents.record(anna, Whose(child, by="Ante Magga"), Spoken(ConsentKind.REFUSED))

    erasure.erase(workplace, "Ante Magga", REQUEST)

    assert codes(workplace, photo) == {"MI_GUARDIAN_REFUSED"}


def test_an_author_keeps_name_and_permission_and_loses_the_rest(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    author = a_photographer(anna, "Áile Näkkäläjärvi")
    persons.change_person(anna, author, About(contact="aile@example.fi", born=date(1970, 2, 3)))
    photo = a_photo(anna, tmp_path, replace(EMPTY_STREET, photographers=("Áile Näkkäläjärvi",)))
    before = codes(workplace, photo)

    plan = erasure.erase(workplace, author, REQUEST).plan

    assert Goes.NAME not in lines(plan.goes)
    assert lines(plan.stays)[Stays.AUTHOR_NAME] == (photo,)
    assert codes(workplace, photo) == before == frozenset()
    report = person_report(workplace, author)
    assert (report["name"], report["contact"], report["born"]) == ("Áile Näkkäläjärvi", "", None)


def test_a_purpose_that_names_the_erased_is_forgotten(
    workplace: Workplace, at_work: AtWork, elle: str, registry_path: Path
) -> None:
    disclosures.state_purpose(at_work("tarja"), f"{NAME} complained", "lacking")

    plan = erasure.erase(workplace, elle, REQUEST).plan

    assert Goes.PURPOSES in lines(plan.goes)
    assert NAME.encode() not in stored(registry_path)


def test_only_coordinators_erase_and_nobody_twice(
    workplace: Workplace, anna: Workplace, elle: str
) -> None:
    for attempt in (
        lambda: erasure.plan_erasure(anna, elle),
        lambda: erasure.erase(anna, elle, REQUEST),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    erasure.erase(workplace, elle, REQUEST)
    with pytest.raises(NotAllowed, match="was erased"):
        erasure.erase(workplace, elle, REQUEST)


def test_the_log_stays_unbroken_and_tells_ground_and_numbers_only(
    workplace: Workplace, elle: str
) -> None:
    erasure.erase(workplace, elle, ErasureGround.UNLAWFUL)

    log_anchor.anchor(workplace)
    with audits.log(workplace, limit=20) as entries:
        [entry] = [entry for entry in entries if entry.action == "person.erased"]
    assert (entry.subject, entry.details["ground"]) == (elle, "unlawful")
    assert entry.details["photos"] == 1


def test_a_yes_that_comes_back_on_paper_later_opens_nothing(
    workplace: Workplace, anna: Workplace, elle: str
) -> None:
    erasure.erase(workplace, elle, REQUEST)

    with pytest.raises(NotAllowed):
        consents_to(anna, elle, yes())
    assert outcome(workplace, "P-1") is Outcome.REFUSED


def test_the_plan_names_what_lies_outside_the_registry(
    workplace: Workplace, anna: Workplace, elle: str, tmp_path: Path
) -> None:
    policy.set_policy(workplace, {"controller_contact": "viestinta@kunta.example"})
    events.add_event(anna, "School", on=date(2026, 10, 9), roster=[elle])
    events.change_roster(anna, "School", add_persons=(), remove_persons=[elle])
    order = Order(
        folder=tmp_path / "forms", event="Market", persons=(elle,), until=date(2027, 12, 31)
    )
    [left] = forms.print_forms(anna, order).forms
    person_report(workplace, elle)

    plan = erasure.plan_erasure(workplace, elle)

    assert plan.forms == (PrintedForm(left.code, date(2026, 11, 2), elle),)
    outside = lines(plan.outside)
    assert outside[Outside.LISTS] == ("E-1", "E-2")
    assert outside[Outside.REPORTS] == ("2026-11-02",)


def test_the_plan_names_words_that_cannot_be_changed(
    workplace: Workplace, anna: Workplace, elle: str
) -> None:
    raised = flags.raise_flag(anna, "P-1", reason=f"{NAME} does not want it")
    flags.resolve(workplace, raised.flag, outcome=FlagOutcome.STANDS, reason="True.")
    events.add_event(anna, f"{NAME.upper()} 50 years", on=date(2026, 10, 9))
    consents_to(anna, elle, yes())  # with a note
    stays = lines(erasure.plan_erasure(workplace, elle).stays)
    assert stays[Stays.WRITINGS] == ("F-1", "E-2")
    assert stays[Stays.NOTES] == ("C-1",)


def test_after_an_erasure_no_list_asks_the_erased(workplace: Workplace, anna: Workplace) -> None:
    child = a_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio", "Ánte Aikio"])
    for guardian in ("Máret Aikio", "Ánte Aikio"):
        consents.record(anna, Whose(child, by=guardian), Spoken(ConsentKind.REQUESTED))
    consents_to(anna, child, by="Ánte Aikio")
    inga = a_person(anna, "Inga Boine")
    soon = Spoken(ConsentKind.GIVEN, ("public_page",), until=date(2026, 11, 20), paper="1")
    consents_to(anna, inga, soon)
    assert [row["ask"] for row in every(requests.pending(anna))] == ["H-2"]
    assert [row["ask"] for row in every(requests.expiring(anna, timedelta(days=60)))] == [inga]
    erasure.erase(workplace, "Máret Aikio", REQUEST)
    erasure.erase(workplace, inga, REQUEST)
    assert every(requests.pending(anna)) == []
    assert every(requests.expiring(anna, timedelta(days=60))) == []


def test_next_steps_lead_to_nothing_that_is_refused_for_an_erased_person(
    workplace: Workplace, anna: Workplace, elle: str, tmp_path: Path
) -> None:
    child = a_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio", "Ánte Aikio"])
    photo = a_photo(anna, tmp_path, MARKET, "child.jpg")
    show_in(anna, photo, child)
    consents_to(anna, child, by="Ánte Aikio")
    maret = "H-4"
    erasure.erase(workplace, elle, REQUEST)
    erasure.erase(workplace, maret, REQUEST)
    steps = {
        command_line(next_step(finding, checked))
        for number in ("P-1", photo)
        for checked in evaluation.check(anna, [number], PAGE)
        for finding in checked.verdict.findings
    }
    assert f"photoreg person show {elle}" in steps
    assert f"photoreg guardian list {child}" in steps
    assert not any(step.split()[1:3] == ["consent", "record"] for step in steps if step)
    assert not any(maret in step for step in steps)


def test_a_coordinator_ends_the_guardianship_of_an_erased_guardian(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    a_photographer(anna)
    child = a_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio", "Ánte Aikio"])
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, child)
    for guardian in ("Máret Aikio", "Ánte Aikio"):
        consents_to(anna, child, by=guardian)
    maret = list_guardians(anna, child)[0]["guardian"]
    erasure.erase(workplace, maret, REQUEST)
    with pytest.raises(NotAllowed):
        end_guardian(anna, child, maret)
    end_guardian(workplace, child, maret)
    assert outcome(anna, photo) is Outcome.REFUSED  # two must answer still
    assert "MI_GUARDIAN_PARTIAL" in codes(anna, photo)
    persons.change_person(workplace, child, About(guardians=1))
    assert outcome(anna, photo) is Outcome.PUBLISHABLE


def test_a_guardian_who_is_not_recorded_is_to_be_added(
    workplace: Workplace, anna: Workplace, tmp_path: Path
) -> None:
    a_photographer(anna)
    child = a_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio"])
    persons.change_person(workplace, child, About(guardians=2))
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, child)
    consents_to(anna, child, by="Máret Aikio")
    [checked] = evaluation.check(anna, [photo], PAGE)
    [step] = {command_line(next_step(finding, checked)) for finding in checked.verdict.findings}
    assert step.startswith(f"photoreg guardian add {child} GUARDIAN")
