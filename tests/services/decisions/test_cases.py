"""Cases and rulings: unclear photos only, bound to exactly these facts, four eyes."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.evidence import evidence_path
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import People, Place
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.audits import audits, oversight
from photoreg.services.decisions import approval, checks, flags
from photoreg.services.decisions import cases as unclear_cases
from photoreg.services.decisions.cases import CaseState, PlaceClass
from photoreg.services.organisation import policy, staff
from photoreg.services.people import persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers, depictions
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.depictions import DepictionDetails
from photoreg.services.publications import export, publishing

REASON = "Nobody stands out in this view of the market."


@pytest.fixture
def market(application_for: ApplicationFor, tmp_path: Path) -> str:
    """An unclear photo that Anna registered: somebody can be recognised in a market view."""
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "market.jpg")
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    return photo


@pytest.fixture
def case(market: str, application_for: ApplicationFor) -> str:
    return ask(application_for("anna"), market)


def ask(application: Application, photo: str) -> str:
    """Ask for approval of an unclear photo; return the case."""
    [answer] = approval.approve(application, [photo], PAGE_USE)
    assert answer.checked.verdict.outcome is Outcome.UNCLEAR
    return f"K-{answer.checked.case_id}"


def outcome_of(application: Application, photo: str) -> Outcome:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return checked.outcome


def test_ruling_publishable_lets_the_photo_be_approved_on_that_ruling(
    case: str,
    market: str,
    application: Application,
    application_for: ApplicationFor,
    registry: Registry,
) -> None:
    ruled = rule_on(application, case, RulingKind.PUBLISHABLE, REASON)

    assert ruled.is_allowed
    assert outcome_of(application_for("anna"), market) is Outcome.PUBLISHABLE
    [approved] = approval.approve(application_for("anna"), [market], PAGE_USE)
    with registry.reading() as session:
        stored = session.connection().execute(
            sa.text("SELECT outcome, ruling_id FROM decision WHERE id = :id"),
            {"id": approved.decision_id},
        )
        assert stored.one() == ("unclear", 1)


def test_ruling_refused_refuses_and_stores_no_decision(
    case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.REFUSED, REASON)

    [answer] = approval.approve(application, [market], PAGE_USE)
    assert answer.checked.outcome is Outcome.REFUSED
    assert answer.decision_id is None


def test_ruling_needs_facts_leaves_it_unclear_and_a_new_question_is_a_new_case(
    case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.NEEDS_FACTS, REASON)
    assert outcome_of(application, market) is Outcome.UNCLEAR

    again = ask(application, market)
    assert again != case
    assert ask(application, market) == again
    rule_on(application, again, RulingKind.PUBLISHABLE, REASON)
    assert outcome_of(application, market) is Outcome.PUBLISHABLE


def _tag_another(application: Application, photo: str) -> None:
    tag_person(application, photo, create_person(application, "Ante Valkeapää"))


def _tag_somebody_unnamed(application: Application, photo: str) -> None:
    depictions.tag_persons(application, [photo], how=DepictionDetails(unnamed=1))


def _change_an_answer(application: Application, photo: str) -> None:
    answers.answer(application, [photo], PhotoAnswers(context_identifies=True))


def _be_credited_otherwise(application: Application, photo: str) -> None:
    answers.answer(application, [photo], PhotoAnswers(credit_waived=True))


def _correct_the_birth_date(application: Application, _photo: str) -> None:
    persons.change_person(application, "Elle Valkeapää", PersonDetails(born=date(1981, 1, 1)))


def _be_asked(application: Application, _photo: str) -> None:
    withdraw_consent(application, "Elle Valkeapää")


@pytest.mark.parametrize(
    "change",
    [
        _tag_another,
        _tag_somebody_unnamed,
        _change_an_answer,
        _be_credited_otherwise,
        _correct_the_birth_date,
        _be_asked,
    ],
)
def test_ruling_is_void_as_soon_as_a_fact_changes(
    change: Callable[[Application, str], None], case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)

    change(application, market)

    assert outcome_of(application, market) is not Outcome.PUBLISHABLE
    assert unclear_cases.show_case(application, case).row.state is CaseState.VOID


def test_ruling_stays_void_when_the_fact_is_put_right(
    case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    _change_an_answer(application, market)
    answers.answer(application, [market], PhotoAnswers(context_identifies=False))

    assert outcome_of(application, market) is Outcome.UNCLEAR
    assert ask(application, market) != case


def test_ruling_holds_for_its_own_channel_only(
    case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)

    [checked] = checks.check(application, [market], replace(PAGE_USE, channel="kunta-website"))
    assert checked.outcome is Outcome.UNCLEAR


def test_ruling_on_a_minor_is_void_on_the_eighteenth_birthday(
    application_for: ApplicationFor, application: Application, tmp_path: Path, clock: Clock
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    child = add_child(anna, "Máret Valkeapää", date(2008, 12, 6), guardians=["Ante Valkeapää"])
    record_consent(anna, child, by="Ante Valkeapää")
    tag_person(anna, photo, child)
    case = ask(anna, photo)
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    clock.now = datetime(2026, 12, 5, 21, 59, tzinfo=UTC)
    assert outcome_of(anna, photo) is Outcome.PUBLISHABLE

    clock.now = datetime(2026, 12, 5, 22, 1, tzinfo=UTC)  # midnight has passed in Helsinki

    assert outcome_of(anna, photo) is Outcome.UNCLEAR
    assert unclear_cases.show_case(application, case).row.state is CaseState.VOID


@pytest.mark.parametrize("login", ["anna", "tarja"])
def test_ruling_is_for_coordinators_only(
    login: str, case: str, application_for: ApplicationFor
) -> None:
    with pytest.raises(NotAllowed):
        rule_on(application_for(login), case, RulingKind.PUBLISHABLE, REASON)


def test_nobody_rules_on_a_photo_that_is_refused_meanwhile(
    case: str, application: Application
) -> None:
    withdraw_consent(application, "Elle Valkeapää")

    with pytest.raises(NotAllowed, match="is refused now, and a refusal cannot be overridden"):
        rule_on(application, case, RulingKind.PUBLISHABLE, REASON)


def test_nobody_rules_when_the_facts_have_changed(
    case: str, market: str, application: Application
) -> None:
    _tag_another(application, market)

    with pytest.raises(NotAllowed, match="have changed since"):
        rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    assert ask(application, market) != case


def test_nobody_rules_when_the_photo_is_clear_meanwhile(
    case: str, application: Application
) -> None:
    record_consent(application, "Elle Valkeapää")

    with pytest.raises(NotAllowed, match="have changed since"):
        rule_on(application, case, RulingKind.REFUSED, REASON)


def test_a_case_is_ruled_on_once(
    case: str, application: Application, application_for: ApplicationFor
) -> None:
    rule_on(application, case, RulingKind.REFUSED, REASON)

    with pytest.raises(NotAllowed, match="is already ruled on"):
        rule_on(application_for("ville"), case, RulingKind.PUBLISHABLE, REASON)


def test_a_wrong_ruling_is_corrected_by_another_that_names_it(
    case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)

    rule_on(application, case, RulingKind.REFUSED, "A child stands out.", corrects=True)

    assert outcome_of(application, market) is Outcome.REFUSED
    first = unclear_cases.show_case(application, case)
    assert first.row.state is CaseState.CORRECTED
    assert first.ruling is not None
    assert first.ruling.reason == REASON
    second = unclear_cases.show_case(application, str(first.corrected_by))
    assert second.row.state is CaseState.RULED
    assert second.corrects == case
    assert second.ruling is not None
    assert second.ruling.reason == "A child stands out."
    assert [row.case for row in second.similar] == []
    with oversight.rulings(application) as rows:
        assert [row.state.value for row in rows] == ["corrected", "in_force"]


def test_a_correction_can_be_corrected_and_the_last_one_counts(
    case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    rule_on(application, case, RulingKind.REFUSED, REASON, corrects=True)
    second = str(unclear_cases.show_case(application, case).corrected_by)

    with pytest.raises(NotAllowed, match="no ruling in force"):
        rule_on(application, case, RulingKind.NEEDS_FACTS, REASON, corrects=True)
    rule_on(application, second, RulingKind.PUBLISHABLE, REASON, corrects=True)

    assert outcome_of(application, market) is Outcome.PUBLISHABLE


def test_what_is_online_by_a_ruling_is_taken_down_when_it_is_corrected(
    case: str, market: str, application: Application, application_for: ApplicationFor
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    publishing.add_publication(
        application_for("anna"), [market], PAGE_USE, address="https://kunta.example/market"
    )

    rule_on(application, case, RulingKind.REFUSED, REASON, corrects=True)

    [touched] = application.reacted.publications
    assert touched.publication == "J-1"
    assert touched.task


def test_nothing_is_corrected_before_there_is_a_ruling_or_after_it_is_void(
    case: str, market: str, application: Application
) -> None:
    with pytest.raises(NotAllowed, match="no ruling in force"):
        rule_on(application, case, RulingKind.REFUSED, REASON, corrects=True)
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    _change_an_answer(application, market)
    with pytest.raises(NotAllowed, match="no ruling in force"):
        rule_on(application, case, RulingKind.REFUSED, REASON, corrects=True)


def test_a_ruling_of_somebody_else_is_corrected_only_when_they_rule_no_more(
    case: str, market: str, application: Application, application_for: ApplicationFor
) -> None:
    rule_on(application_for("ville"), case, RulingKind.PUBLISHABLE, REASON)
    with pytest.raises(NotAllowed, match="somebody else ruled on K-1"):
        rule_on(application, case, RulingKind.REFUSED, REASON, corrects=True)
    assert outcome_of(application, market) is Outcome.PUBLISHABLE

    staff.change_staff(application, "ville", active=False)
    rule_on(application, case, RulingKind.REFUSED, REASON, corrects=True)
    assert outcome_of(application, market) is Outcome.REFUSED


def test_nobody_without_the_right_to_rule_corrects_a_ruling(
    case: str, application: Application, application_for: ApplicationFor
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    with pytest.raises(NotAllowed):
        rule_on(application_for("anna"), case, RulingKind.REFUSED, REASON, corrects=True)


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 4001, "Elle, 131052-308T, agrees"])
def test_ruling_needs_a_reason_that_may_be_kept(
    reason: str, case: str, application: Application
) -> None:
    with pytest.raises(InputDataError):
        rule_on(application, case, RulingKind.PUBLISHABLE, reason)


def test_the_reason_is_kept_with_the_ruling_and_never_logged(
    case: str, application: Application, registry: Registry
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, "Elle Valkeapää is far away.")

    whole = unclear_cases.show_case(application, case)
    assert whole.ruling
    assert (whole.ruling.reason, whole.ruling.by) == ("Elle Valkeapää is far away.", "kaisa")
    with registry.reading() as session:
        text = "".join(entry.details for entry in ledger.entries(session))
    assert "Elle" not in text
    assert '"ruling": "publishable"' in text


def test_a_coordinator_does_not_rule_on_what_they_registered(
    application: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    add_photographer(application)
    photo = register_photo(application, tmp_path, MARKET)
    tag_person(application, photo, create_person(application, "Elle Valkeapää"))
    case = ask(application, photo)

    with pytest.raises(NotAllowed, match="so somebody else must rule on it"):
        rule_on(application, case, RulingKind.PUBLISHABLE, REASON)
    assert rule_on(application_for("ville"), case, RulingKind.PUBLISHABLE, REASON).is_allowed


@pytest.mark.parametrize("taker", ["kaisa  ruonala", "Kaisa Kuvaaja"])
def test_a_coordinator_does_not_rule_on_what_they_took(
    taker: str, application: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    person = add_photographer(anna, taker)  # the same name, or the same person by her staff record
    photo = register_photo(anna, tmp_path, replace(MARKET, photographers=(person,)))
    case = ask(anna, photo)
    staff.add_staff(
        application, login="second", name="Kaisa K", role=StaffRole.DEPUTY, person=person
    )

    login = "second" if taker == "Kaisa Kuvaaja" else "kaisa"
    with pytest.raises(NotAllowed, match="so somebody else must rule on it"):
        rule_on(application_for(login), case, RulingKind.PUBLISHABLE, REASON)


def test_without_four_eyes_the_one_who_registered_may_rule(
    application: Application, tmp_path: Path
) -> None:
    policy.set_policy(application, {"four_eyes": False})
    add_photographer(application)
    photo = register_photo(application, tmp_path, MARKET)
    tag_person(application, photo, create_person(application, "Elle Valkeapää"))

    assert rule_on(application, ask(application, photo), RulingKind.PUBLISHABLE, REASON).is_allowed


def test_cases_are_listed_open_ones_first_and_the_oldest_on_top(
    application_for: ApplicationFor, application: Application, tmp_path: Path, clock: Clock
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    cases = []
    for name in ("ruled.jpg", "void.jpg", "old.jpg", "new.jpg"):
        photo = register_photo(anna, tmp_path, MARKET, name)
        tag_person(anna, photo, elle)
        cases.append(ask(anna, photo))
        clock.now += timedelta(hours=1)
    rule_on(application, cases[0], RulingKind.REFUSED, REASON)
    answers.answer(anna, ["P-2"], PhotoAnswers(sensitive=True))

    everything = flags.coordinator_queue(application, everything=True)
    assert [(row.case, row.state) for row in everything] == [
        (cases[2], CaseState.OPEN),
        (cases[3], CaseState.OPEN),
        (cases[0], CaseState.RULED),
        (cases[1], CaseState.VOID),
    ]
    assert [row.case for row in flags.coordinator_queue(application)] == cases[2:]
    assert flags.coordinator_queue(application, channel="kunta-print") == []


def test_a_case_is_overdue_after_the_hours_that_policy_gives(
    case: str, application: Application, clock: Clock
) -> None:
    clock.now += timedelta(hours=24)
    assert [row.overdue for row in flags.coordinator_queue(application)] == [False]
    clock.now += timedelta(seconds=1)
    assert [(row.case, row.overdue) for row in flags.coordinator_queue(application)] == [
        (case, True)
    ]


def test_a_case_shows_ages_and_no_birth_dates(case: str, application: Application) -> None:
    [person] = unclear_cases.show_case(application, case).facts["persons"]
    assert person["age"] == 46
    assert not {"born", "blocked"} & set(person)


# --- Rulings for a time, with evidence, and rulings on cases that are alike ----------------------

LAST_DAY = date(2026, 11, 10)


def test_a_ruling_for_a_time_stops_counting_the_day_after_everywhere(
    case: str,
    market: str,
    application: Application,
    application_for: ApplicationFor,
    clock: Clock,
    tmp_path: Path,
) -> None:
    anna = application_for("anna")
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON, until=LAST_DAY)
    publishing.add_publication(anna, [market], PAGE_USE, address="https://kunta.example/1")
    clock.now = datetime(2026, 11, 10, 21, 59, tzinfo=UTC)
    assert outcome_of(anna, market) is Outcome.PUBLISHABLE
    assert list_all(audits.list_disallowed(application)) == []

    clock.now = datetime(2026, 11, 10, 22, 1, tzinfo=UTC)  # midnight has passed in Helsinki

    assert outcome_of(anna, market) is Outcome.UNCLEAR
    assert [t.publication for t in list_all(audits.list_disallowed(application))] == ["J-1"]
    added = publishing.add_publication(anna, [market], PAGE_USE, address="https://kunta.example/2")
    assert added.publication is None
    [exported] = export.export_photos(anna, [market], PAGE_USE, tmp_path / "copies")
    assert exported.path is None
    assert unclear_cases.show_case(application, case).row.state is CaseState.LAPSED
    again = ask(anna, market)
    assert again != case
    rule_on(application, again, RulingKind.REFUSED, REASON)
    assert outcome_of(anna, market) is Outcome.REFUSED


def test_a_future_day_after_the_ruling_ends_is_unclear_today_already(
    case: str, market: str, application: Application
) -> None:
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON, until=LAST_DAY)
    for day, outcome in (
        (LAST_DAY, Outcome.PUBLISHABLE),
        (LAST_DAY + timedelta(days=1), Outcome.UNCLEAR),
    ):
        [checked] = checks.check(application, [market], replace(PAGE_USE, on=day))
        assert checked.outcome is outcome


def test_a_refusal_for_a_time_ends_as_well(
    case: str, market: str, application: Application, clock: Clock
) -> None:
    rule_on(application, case, RulingKind.REFUSED, REASON, until=LAST_DAY)
    assert outcome_of(application, market) is Outcome.REFUSED
    clock.now += timedelta(days=30)
    assert outcome_of(application, market) is Outcome.UNCLEAR


def test_a_ruling_cannot_end_before_it_begins(case: str, application: Application) -> None:
    with pytest.raises(InputDataError, match="before it begins"):
        rule_on(application, case, RulingKind.PUBLISHABLE, REASON, until=date(2026, 11, 1))


def test_the_evidence_of_a_ruling_is_kept_by_its_content(
    case: str, application: Application, tmp_path: Path
) -> None:
    opinion = tmp_path / "Elle's letter.pdf"
    opinion.write_bytes(b"opinion")
    rule_on(application, case, RulingKind.PUBLISHABLE, REASON, evidence=opinion)

    whole = unclear_cases.show_case(application, case)
    assert whole.ruling
    assert whole.ruling.evidence == hashlib.sha256(b"opinion").hexdigest()
    folder = application.registry.evidence_folder
    assert evidence_path(folder, whole.ruling.evidence).read_bytes() == b"opinion"


def test_without_its_evidence_file_there_is_no_ruling(
    case: str, application: Application, tmp_path: Path
) -> None:
    with pytest.raises(InputDataError, match="cannot be read"):
        rule_on(application, case, RulingKind.PUBLISHABLE, REASON, evidence=tmp_path / "none.pdf")
    assert unclear_cases.show_case(application, case).ruling is None


def _another(application: Application, folder: Path, name: str, **changed: object) -> str:
    photo = register_photo(application, folder, replace(MARKET, **changed), name)  # type: ignore[arg-type]
    tag_person(application, photo, "Elle Valkeapää")
    return ask(application, photo)


def test_earlier_rulings_for_the_same_reasons_at_such_places_are_shown_newest_first(
    case: str, application: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    for number in range(7):
        earlier = _another(anna, tmp_path, f"{number}.jpg", place=Place.SHOPPING_CENTRE)
        rule_on(application, earlier, RulingKind.PUBLISHABLE, f"Reason {number}.")
    elsewhere = _another(anna, tmp_path, "else.jpg", place=Place.OFFICE_LOBBY)
    other_codes = _another(anna, tmp_path, "sensitive.jpg", sensitive=True)
    rule_on(application, other_codes, RulingKind.REFUSED, "Another matter.")

    whole = unclear_cases.show_case(application, case)

    assert [(row.reason, row.by) for row in whole.similar] == [
        (f"Reason {number}.", "kaisa") for number in (6, 5, 4, 3, 2)
    ]
    assert whole.ruling is None  # nothing is ruled by itself
    assert [r.case for r in unclear_cases.show_case(application, elsewhere).similar] == [
        r.case for r in whole.similar
    ]


@pytest.mark.parametrize(
    ("place", "class_"),
    [
        (Place.CARE_LOBBY, PlaceClass.CARE),
        (Place.PUBLIC_OUTDOOR, PlaceClass.PUBLIC),
        (Place.SCHOOL_OR_DAYCARE, PlaceClass.OTHER),
        (Place.UNKNOWN, PlaceClass.UNKNOWN),
    ],
)
def test_only_rulings_at_the_same_class_of_places_are_alike(
    place: Place,
    class_: PlaceClass,
    application: Application,
    application_for: ApplicationFor,
    tmp_path: Path,
) -> None:
    anna = application_for("anna")
    add_photographer(anna)
    unsure = {
        where: register_photo(
            anna,
            tmp_path,
            replace(MARKET, place=where, people=People.UNSURE, recognisable_count=None),
            f"{where}.jpg",
        )
        for where in Place
        if where not in {Place.PRIVATE_HOME, Place.RESTRICTED_AREA}
    }
    cases: dict[Place, str] = {where: ask(anna, photo) for where, photo in unsure.items()}
    for where, each in cases.items():
        if where is not place:
            rule_on(application, each, RulingKind.PUBLISHABLE, where)

    whole = unclear_cases.show_case(application, cases[place])
    assert whole.place_class is class_
    alike = {
        Place.CARE_LOBBY: {"care_other"},
        Place.PUBLIC_OUTDOOR: {"office_lobby", "shopping_centre"},
        Place.SCHOOL_OR_DAYCARE: {"municipal_other"},
        Place.UNKNOWN: set(),
    }
    assert {row.reason for row in whole.similar} == alike[place]


def test_a_draft_comes_from_a_ruling_on_a_case_that_is_alike_only(
    case: str, application: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    anna = application_for("anna")
    alike = _another(anna, tmp_path, "alike.jpg", place=Place.SHOPPING_CENTRE)
    other = _another(anna, tmp_path, "sensitive.jpg", sensitive=True)
    for earlier in (alike, other):
        with pytest.raises(NotAllowed, match="has no ruling on a case similar to"):
            unclear_cases.draft_ruling(application, [case], earlier)
        rule_on(application, earlier, RulingKind.PUBLISHABLE, f"Reason of {earlier}.")
    assert unclear_cases.draft_ruling(application, [case], alike).reason == f"Reason of {alike}."
    with pytest.raises(NotAllowed, match="has no ruling on a case similar to"):
        unclear_cases.draft_ruling(application, [case], other)


def test_flags_wait_in_the_coordinators_queue_beside_the_cases(
    case: str,
    application: Application,
    clock: Clock,
    tmp_path: Path,
    application_for: ApplicationFor,
) -> None:
    clock.now += timedelta(days=3)
    other = register_photo(application_for("anna"), tmp_path, name="other.jpg")
    flags.raise_flag(application, other, reason="A name is on the wall.")

    rows = {row.case: row for row in flags.coordinator_queue(application, channel=PAGE_USE.channel)}
    assert set(rows) == {case, "F-1"}
    assert (rows[case].age_days, rows[case].overdue) == (3, True)
    assert (rows["F-1"].age_days, rows["F-1"].overdue, rows["F-1"].codes) == (
        0,
        False,
        ("RG_FLAGGED",),
    )
