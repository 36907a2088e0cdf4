"""The same person entered twice: one record afterwards, and the gate never opens by it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PHOTOGRAPHER_NAME,
    add_child,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import InputDataError, NotAllowed, PhotoregError
from photoreg.presentation.next_steps import next_step
from photoreg.registry.ledger_check import require_intact_chain
from photoreg.registry.queries.merge import LINKS, REFERENCES
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import Basis, Confidentiality, ConsentKind, Place, Purpose
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.audits.verdict_cache import refresh_cache
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.data_subjects import merge
from photoreg.services.data_subjects.access_report import access_report
from photoreg.services.decisions import checks
from photoreg.services.people import blocks, persons
from photoreg.services.people.guardians import add_guardian, list_guardians
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers, confirmation, depictions, events
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.confirmation import OwnAnswer
from photoreg.services.photos.depictions import DepictionDetails
from photoreg.services.publications import publishing
from photoreg.steps import NextAction, NextStep

ORDER = (Outcome.PUBLISHABLE, Outcome.UNCLEAR, Outcome.REFUSED)


@pytest.fixture
def twice(anna: Application, tmp_path: Path) -> tuple[str, str]:
    """Elle, entered twice; the first record is shown in P-1, the second in P-2."""
    add_photographer(anna)
    kept = create_person(anna, "Elle Valkeapää")
    other = persons.add_person(
        anna, PersonDetails("Elle Valkeapaa", contact="elle@example.fi"), other=[kept]
    ).person
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "1.jpg"), kept)
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "2.jpg"), other)
    return kept, other


def codes_of(application: Application, photo: str) -> tuple[str, ...]:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return checked.verdict.codes


def outcomes(application: Application, *numbers: str) -> list[Outcome]:
    return [checked.outcome for checked in checks.check(application, numbers, PAGE_USE)]


def both_agree(anna: Application, twice: tuple[str, str]) -> None:
    for person in twice:
        record_consent(anna, person)
        persons.change_person(anna, person, PersonDetails(born=date(1980, 5, 17)))


def test_one_record_holds_everything_afterwards(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    kept, other = twice
    both_agree(anna, twice)
    events.add_event(anna, "Feast", on=date(2026, 10, 9), roster=[other])

    merged = merge.merge_persons(application, kept, other)

    assert (merged.photos, merged.rosters, merged.withdrawn) == (("P-2",), 1, ())
    assert outcomes(anna, "P-1", "P-2") == [Outcome.PUBLISHABLE] * 2
    assert events.show_event(anna, "E-1").roster == (f"{kept} Elle Valkeapää",)
    # The old id leads to the new one.
    assert consents.show_person(anna, other).summary.person == kept
    assert consents.show_person(anna, kept).summary.contact == "elle@example.fi"
    assert merged.contact == ""
    assert [row.person for row in persons.list_persons(anna) if "Elle" in row.name] == [kept]
    with application.reading() as work:
        require_intact_chain(work.session)


def test_the_plan_is_what_happens_and_changes_nothing(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    both_agree(anna, twice)
    planned = merge.plan_merge(application, *twice)
    assert len(persons.list_persons(anna)) == 3
    assert merge.merge_persons(application, *twice) == planned


def test_a_no_of_either_stays_a_no(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    kept, other = twice
    withdraw_consent(anna, other)
    both_agree(anna, (kept,))  # type: ignore[arg-type]

    merged = merge.merge_persons(application, kept, other)

    assert merged.withdrawn == ("C-2",)
    assert outcomes(anna, "P-1", "P-2") == [Outcome.REFUSED] * 2


def test_yeses_that_differ_count_as_withdrawn_and_what_is_out_comes_down(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    kept, other = twice
    both_agree(anna, twice)
    publishing.add_publication(anna, ["P-1"], PAGE_USE, address="https://kunta.example/1")
    until = ConsentStatement(
        ConsentKind.GIVEN, ("public_page",), until=date(2027, 1, 1), paper="folder 2"
    )
    consents.record_consent(anna, ConsentParties(other), until)

    merged = merge.merge_persons(application, kept, other)

    assert merged.withdrawn == ("C-1",)
    assert outcomes(anna, "P-1", "P-2") == [Outcome.REFUSED] * 2
    assert [touched.publication for touched in application.reacted.publications] == ["J-1"]


def test_a_merge_that_would_open_the_gate_is_refused_whole(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    kept, other = twice
    record_consent(anna, kept)
    with pytest.raises(NotAllowed, match="P-2 would be evaluated less strictly"):
        merge.merge_persons(application, kept, other)
    assert len(persons.list_persons(anna)) == 3
    depictions.untag_persons(anna, ["P-2"], persons=[other])
    depictions.tag_persons(anna, ["P-2"], persons=[kept])
    merge.merge_persons(application, kept, other)


def test_a_block_on_either_stays(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    both_agree(anna, twice)
    blocks.block_person(application, twice[1])
    merge.merge_persons(application, *twice)
    assert outcomes(anna, "P-1", "P-2") == [Outcome.REFUSED] * 2


def child_with_a_guardian_entered_twice(anna: Application) -> str:
    child = add_child(anna, "Elle", date(2018, 3, 1), ["Máret Aikio"])
    again = create_person(anna, "Maret Aikio", others=["Máret Aikio"])
    add_guardian(anna, child, again, basis=GuardianBasis.PARENT, verified="population register")
    persons.change_person(anna, child, PersonDetails(guardians=2))
    return child


def test_a_guardian_entered_twice_is_one_guardian(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = child_with_a_guardian_entered_twice(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Máret Aikio")
    consents.record_consent(
        anna, ConsentParties(child, by="Maret Aikio"), ConsentStatement(ConsentKind.REFUSED)
    )

    merge.merge_persons(application, "Máret Aikio", "Maret Aikio")

    assert outcomes(anna, photo) == [Outcome.REFUSED]
    rows = list_guardians(anna, child)
    assert [row.guardian for row in rows if row.last_day is None] == ["H-3"]


def test_a_guardian_entered_twice_does_not_spare_asking_another(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = child_with_a_guardian_entered_twice(anna)
    persons.change_person(
        application, child, PersonDetails(guardians=1)
    )  # two are verified: two must answer
    record_consent(anna, child, by="Máret Aikio")

    merged = merge.merge_persons(application, "Máret Aikio", "Maret Aikio")

    assert merged.children == ((child, 2),)
    photo = register_photo(anna, tmp_path, MARKET)  # of no photo the merge could have known
    tag_person(anna, photo, child)
    assert outcomes(anna, photo) == [Outcome.REFUSED]
    [checked] = checks.check(anna, [photo], PAGE_USE)
    [finding] = [f for f in checked.verdict.findings if f.code == "MI_GUARDIAN_PARTIAL"]
    step = next_step(finding, checked)
    assert step is not None
    assert step.action is NextAction.GUARDIAN_ADD  # the merged record cannot be asked
    with pytest.raises(NotAllowed):
        persons.change_person(anna, child, PersonDetails(guardians=1))
    persons.change_person(application, child, PersonDetails(guardians=1))
    confirmation.confirm(anna, [photo], OwnAnswer(values=("1",)))
    assert outcomes(anna, photo) == [Outcome.PUBLISHABLE]


def test_a_merge_that_would_open_the_gate_for_marketing_only_is_refused(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    marketing = ConsentStatement(
        ConsentKind.GIVEN,
        ("public_page",),
        purposes=(Purpose.MARKETING,),
        until=date(2030, 1, 1),
        paper="folder 1",
    )
    permissions.record_permission(
        anna,
        PermissionParties(photographer=PHOTOGRAPHER_NAME),
        marketing,
        PermissionTerms(basis=Basis.PHOTOGRAPHER_PERMISSION, credit="Kuva: Á"),
    )
    consents.record_consent(anna, ConsentParties(twice[0]), marketing)
    with pytest.raises(NotAllowed, match="P-2 would be evaluated less strictly"):
        merge.merge_persons(application, *twice)


NOT_SAID_WHERE = replace(EMPTY_STREET, place=None)
"""A photo that is refused anyhow, as long as nobody has said where it was taken."""


def photo_with_authors(application: Application, folder: Path, *authors: str) -> str:
    answers_given = replace(NOT_SAID_WHERE, photographers=authors)
    return register_photo(application, folder, answers_given, f"{len(authors)}.jpg")


def say_where(application: Application, photo: str) -> None:
    answers.answer(application, [photo], PhotoAnswers(place=Place.PUBLIC_OUTDOOR))


def same_person(person: str) -> OwnAnswer:
    return OwnAnswer(values=(person,))


def test_authors_who_are_said_to_be_one_need_a_second_look(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    kept, other = add_photographer(anna), create_person(anna, "Ánte V")
    photo = photo_with_authors(anna, tmp_path, kept, other)
    assert "CR_NO_PERMISSION" in codes_of(anna, photo)

    merge.merge_persons(application, kept, other)
    say_where(anna, photo)
    assert codes_of(anna, photo) == ("RG_SECOND_LOOK",)

    with pytest.raises(NotAllowed):
        confirmation.confirm(application, [photo], same_person(other))
    with pytest.raises(InputDataError, match="is not one of"):
        confirmation.confirm(anna, [photo], same_person("adult"))
    [differs] = confirmation.confirm(anna, [photo], same_person("no"))
    assert differs.outcome is None
    confirmation.confirm(anna, [photo], same_person(other))
    assert outcomes(anna, photo) == [Outcome.PUBLISHABLE]


def test_a_permission_that_reaches_the_photos_of_a_duplicate_needs_one_second_look_for_all(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    kept, other = add_photographer(anna), create_person(anna, "Ánte V")
    photos = [
        register_photo(anna, tmp_path, replace(NOT_SAID_WHERE, photographers=(other,)), f"{n}.jpg")
        for n in range(3)
    ]
    answers.answer(anna, photos, PhotoAnswers(basis=Basis.PHOTOGRAPHER_PERMISSION))
    merge.merge_persons(application, kept, other)
    answers.answer(anna, photos, PhotoAnswers(place=Place.PUBLIC_OUTDOOR))
    assert outcomes(anna, *photos) == [Outcome.REFUSED] * 3

    [look] = confirmation.second_looks_at(anna, photos[:1])
    assert (look.about, look.after) == (kept, {f"{kept} same_person": [other]})
    [confirmed] = confirmation.confirm(anna, photos[:1], same_person(other))
    assert confirmed.others == 2
    assert outcomes(anna, *photos) == [Outcome.PUBLISHABLE] * 3


def test_a_merge_that_would_open_a_photo_of_two_authors_names_the_step_for_authors(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    kept, other = add_photographer(anna), create_person(anna, "Ánte V")
    stated = replace(EMPTY_STREET, photographers=(kept, other), credit="Á, Á")
    register_photo(anna, tmp_path, stated)
    with pytest.raises(NotAllowed, match="less strictly") as caught:
        merge.merge_persons(application, kept, other)
    assert caught.value.step == NextStep.to(NextAction.PHOTO_ANSWER, "photo", "photographer")


def test_a_contradiction_with_the_file_that_a_merge_ends_needs_a_second_look(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    named_in_file = add_photographer(anna)
    other = add_photographer(anna, "Ánte V")
    photo = photo_with_authors(anna, tmp_path, other)
    assert "MD_ARTIST_CONFLICT" in codes_of(anna, photo)

    merge.merge_persons(application, named_in_file, other)
    say_where(anna, photo)

    assert codes_of(anna, photo) == ("RG_SECOND_LOOK",)


def test_a_consent_that_reaches_a_duplicate_needs_a_second_look(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    kept, other = twice
    record_consent(anna, kept)
    answers.answer(anna, ["P-2"], PhotoAnswers(confidentiality=Confidentiality.INTERNAL))
    merge.merge_persons(application, kept, other)

    assert "RG_SECOND_LOOK" in codes_of(anna, "P-2")
    assert "RG_SECOND_LOOK" not in codes_of(anna, "P-1")


def test_a_no_that_takes_the_place_of_a_missing_answer_needs_no_second_look(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    withdraw_consent(anna, twice[1])
    merge.merge_persons(application, *twice)
    assert [codes_of(anna, photo) for photo in ("P-1", "P-2")] == [("CN_WITHDRAWN",)] * 2


FOLLOWED = {("permission_event", "by_person_id"), ("permission_event", "author_id")}
"""References that are never written over; every reader follows the merge (`registry.merged`)."""

DERIVED = {("separate_person", "person_id"), ("stale_person", "person_id")}
"""References in tables of cached verdicts, which a change deletes."""


def test_every_reference_to_a_person_is_moved_or_followed_by_a_merge() -> None:
    moved = {(table.__tablename__, "person_id") for table in LINKS}
    moved |= {(table.__tablename__, column) for table, column in REFERENCES}
    moved |= {("consent", "subject_id"), ("consent", "actor_id"), ("permission", "photographer_id")}
    moved |= {("guardianship", "child_id"), ("guardianship", "guardian_id")}
    moved |= {("depiction", "person_id"), ("person_name", "person_id")}
    references = {
        (table.name, key.parent.name)
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    assert references == moved | FOLLOWED | DERIVED


PAPER = ConsentStatement(
    ConsentKind.GIVEN, ("public_page",), open_ended=True, paper="a contract", on=date(2026, 11, 2)
)


def evaluate_all(application: Application) -> int:
    """Cache all verdicts; return how many cached ones were wrong."""
    return sum(each.wrong for each in refresh_cache(application, everything=True))


def test_a_transfer_of_rights_counts_for_the_kept_record(
    application: Application, tmp_path: Path
) -> None:
    kept = create_person(application, PHOTOGRAPHER_NAME)
    other = create_person(application, PHOTOGRAPHER_NAME, None, others=[kept])
    photo = register_photo(application, tmp_path, replace(EMPTY_STREET, photographers=(other,)))
    permissions.record_permission(
        application,
        PermissionParties(licensor="Agency", photos=[photo]),
        PAPER,
        PermissionTerms(Basis.TRANSFERRED, authors=[other], credit="Agency"),
    )
    assert outcomes(application, photo) == [Outcome.PUBLISHABLE]
    evaluate_all(application)

    merge.merge_persons(application, kept, other)

    assert evaluate_all(application) == 0
    assert outcomes(application, photo) == [Outcome.PUBLISHABLE]
    [row] = list_all(permissions.list_permissions(application))
    assert row.authors == (kept,)
    [told] = access_report(application, kept).permissions
    assert told.author == kept


def test_what_an_heir_said_counts_as_said_by_the_kept_record(
    application: Application, tmp_path: Path
) -> None:
    taker = create_person(application, PHOTOGRAPHER_NAME)
    kept, other = (create_person(application, name, None) for name in ("Inga V", "Risten M"))
    persons.change_person(application, taker, PersonDetails(deceased=True))
    photo = register_photo(application, tmp_path)
    will = tmp_path / "estate.pdf"
    will.write_bytes(b"%PDF estate inventory")
    heir = PermissionParties(taker, by=other)
    no = ConsentStatement(ConsentKind.REFUSED, on=date(2026, 11, 1))
    permissions.record_permission(application, heir, no)
    evaluate_all(application)

    merge.merge_persons(application, kept, other)

    assert evaluate_all(application) == 0
    assert outcomes(application, photo) == [Outcome.REFUSED]
    [told] = access_report(application, kept).permissions
    assert (told.by, told.kind) == (kept, "refused")
    same = PermissionParties(taker, by=kept)
    with pytest.raises(InputDataError, match="day of the new answer is not given"):
        permissions.record_permission(application, same, replace(PAPER, on=None, evidence=will))
    permissions.record_permission(application, same, replace(PAPER, evidence=will))
    [row] = list_all(permissions.list_permissions(application))
    assert row.by == (kept,)
    assert "CR_NO_PERMISSION" not in codes_of(application, photo)


def test_a_guardians_yes_does_not_lift_the_no_of_a_record_that_is_merged_into_theirs(
    application: Application, tmp_path: Path
) -> None:
    young = add_child(application, PHOTOGRAPHER_NAME, date(2011, 3, 1), ["Inga V", "Risten M"])
    photo = register_photo(application, tmp_path, replace(EMPTY_STREET, credit="Á. P."))
    no = ConsentStatement(ConsentKind.REFUSED, on=date(2026, 11, 1))
    permissions.record_permission(application, PermissionParties(young), PAPER)
    permissions.record_permission(application, PermissionParties(young, by="Risten M"), no)
    permissions.record_permission(application, PermissionParties(young, by="Inga V"), PAPER)
    assert outcomes(application, photo) == [Outcome.REFUSED]

    with pytest.raises(NotAllowed, match="P-1 would be evaluated less strictly"):
        merge.merge_persons(application, "Inga V", "Risten M")


def test_a_contact_that_is_not_kept_is_reported(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    persons.change_person(anna, twice[0], PersonDetails(contact="040 1"))
    both_agree(anna, twice)
    assert merge.merge_persons(application, *twice).contact == "elle@example.fi"
    assert consents.show_person(anna, twice[0]).summary.contact == "040 1"


def test_two_people_are_not_merged(
    application: Application, anna: Application, twice: tuple[str, str]
) -> None:
    kept, other = twice
    child = add_child(anna, "Niilla", date(2018, 3, 1), [])
    add_guardian(anna, child, kept, basis=GuardianBasis.PARENT)
    with pytest.raises(NotAllowed, match="guardian and child"):
        merge.merge_persons(application, kept, child)
    with pytest.raises(NotAllowed, match="birth dates"):
        merge.merge_persons(application, child, create_person(anna, "Niilla M", date(2018, 3, 2)))
    depictions.tag_persons(anna, ["P-1"], persons=[other], how=DepictionDetails(position="left"))
    with pytest.raises(NotAllowed, match="P-1"):
        merge.merge_persons(application, kept, other)
    with pytest.raises(InputDataError):
        merge.merge_persons(application, kept, kept)
    with pytest.raises(NotAllowed):
        merge.merge_persons(anna, kept, other)


def test_a_merge_that_makes_an_impossible_family_is_refused(
    application: Application, anna: Application
) -> None:
    child = add_child(anna, "Niilla", date(2018, 3, 1), [])
    maret, elle, unknown = (
        persons.add_person(anna, PersonDetails(n)).person for n in ("M", "E", "U")
    )
    pupil = create_person(anna, "Máret", date(2016, 1, 1))
    add_guardian(anna, child, maret, basis=GuardianBasis.PARENT)
    with pytest.raises(NotAllowed, match="cannot be one any more"):
        merge.merge_persons(application, maret, pupil)
    add_guardian(anna, elle, maret, basis=GuardianBasis.PARENT)
    add_guardian(anna, unknown, elle, basis=GuardianBasis.PARENT)
    for pair in ((maret, unknown), (unknown, maret)):
        with pytest.raises(NotAllowed, match="guardian and child"):
            merge.merge_persons(application, *pair)


SAY = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from([ConsentKind.GIVEN, ConsentKind.REFUSED, ConsentKind.WITHDRAWN]),
        st.sampled_from([("public_page",), ("print",), ("public_page", "print")]),
        st.sampled_from([None, "own"]),
    ),
    max_size=5,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.engines("sqlite")
@given(said=SAY)
def test_whatever_was_said_no_verdict_is_milder_after_a_merge(
    said: list[tuple[bool, ConsentKind, tuple[str, ...], str | None]],
    application: Application,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    number = len(persons.list_persons(application))
    if not number:
        add_photographer(application)
    pair = [create_person(application, f"Elle {number + n}") for n in (0, 1)]
    shown = [register_photo(application, folder, MARKET, f"{number}-{n}.jpg") for n in (0, 1)]
    for person, photo in zip(pair, shown, strict=True):
        tag_person(application, photo, person)
    for second, kind, channels, reach in said:
        about = shown[second] if reach else None
        is_yes = kind is ConsentKind.GIVEN
        spoken = ConsentStatement(
            kind,
            channels if kind is not ConsentKind.REFUSED else (),
            on=application.clock().date() if is_yes else None,
            until=date(2030, 1, 1) if is_yes else None,
            paper="folder 1" if is_yes else "",
        )
        consents.record_consent(application, ConsentParties(pair[second], photo=about), spoken)
    before = outcomes(application, *shown)
    try:
        merge.merge_persons(application, *pair)
    except PhotoregError:
        assert outcomes(application, *shown) == before
        return
    after = outcomes(application, *shown)
    assert all(ORDER.index(b) <= ORDER.index(a) for b, a in zip(before, after, strict=True))
    spoke = {second for second, *_rest in said}
    if spoke == {True, False}:  # of two who answered, the stricter counts for both
        assert max(map(ORDER.index, before)) <= min(map(ORDER.index, after))
