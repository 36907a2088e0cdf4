"""Consents: who may say what about whom, and what a no brings down at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Clock
from tests.logged import last_logged
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    PRINT_USE,
    add_photographer,
    create_person,
    list_all,
    register_photo,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.lookup import find_consent
from photoreg.registry.queries.subject_data import EventWithScope, events_with_scope
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import AgeGroup, ConsentKind, Method, Purpose
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentState, ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.decisions import checks
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian, end_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events
from photoreg.services.publications import publishing
from photoreg.steps import NextAction

TODAY = date(2026, 11, 2)
WITHDRAWAL = ConsentStatement(ConsentKind.WITHDRAWN, purposes=(), method=Method.ORAL)
CHANNELS = ("public_page", "website", "print")


def yes(*channels: str, **more: Any) -> ConsentStatement:
    said = {"open_ended": "until" not in more, "paper": "binder 3", **more}
    return ConsentStatement(ConsentKind.GIVEN, channels or CHANNELS, **said)


@pytest.fixture
def adult(application: Application) -> str:
    return create_person(application, "Piera Valkeapää")


@pytest.fixture
def family(application: Application) -> tuple[str, str, str]:
    """A child and the verified guardians."""
    child = persons.add_person(
        application, PersonDetails("Aslak Magga", born=date(2016, 5, 4), guardians=2)
    ).person
    parents = [create_person(application, name) for name in ("Máret Magga", "Niila Magga")]
    for parent in parents:
        add_guardian(application, child, parent, basis=GuardianBasis.PARENT, verified="register")
    return child, parents[0], parents[1]


@pytest.fixture
def photo(application: Application, tmp_path: Path) -> str:
    """A photo of a market in which one person can be recognised."""
    add_photographer(application)
    return register_photo(application, tmp_path, MARKET)


def publish(application: Application, photo: str) -> None:
    for number, asked in enumerate((PAGE_USE, PRINT_USE)):
        added = publishing.add_publication(
            application, [photo], asked, address=f"https://kunta.example/{number}"
        )
        assert added.publication, [each.verdict.codes for each in added.not_allowed]


def state(application: Application, consent: str) -> ConsentState:
    rows = list_all(consents.list_consents(application))
    return next(row.status.state for row in rows if row.consent == consent)


def test_a_withdrawal_counts_at_once_and_brings_down_what_was_published(
    application: Application, adult: str, photo: str
) -> None:
    tag_person(application, photo, adult)
    consents.record_consent(application, ConsentParties(adult), yes())
    publish(application, photo)
    told = consents.withdraw_consent(application, WITHDRAWAL, consent="C-1").recorded
    assert told.photos == (photo,)
    page, paper = application.reacted.publications
    assert (page.task, page.recallable, page.codes) == ("T-1", True, ("CN_WITHDRAWN",))
    assert (paper.task, paper.recallable) == (None, False)
    [checked] = checks.check(application, [photo], PAGE_USE)
    assert checked.verdict.codes == ("CN_WITHDRAWN",)


def test_a_partial_withdrawal_touches_its_channel_only(
    application: Application, adult: str, photo: str
) -> None:
    tag_person(application, photo, adult)
    consents.record_consent(application, ConsentParties(adult), yes())
    publish(application, photo)
    only_page = ConsentStatement(ConsentKind.WITHDRAWN, ["kunta-public-page"], purposes=())
    consents.withdraw_consent(application, only_page, consent="C-1")
    assert [each.channel for each in application.reacted.publications] == ["kunta-public-page"]
    assert state(application, "C-1") is ConsentState.GRANTED
    [printed] = checks.check(application, [photo], PRINT_USE)
    assert printed.is_allowed


def test_a_guardian_s_later_no_works_like_a_withdrawal(
    application: Application, family: tuple[str, str, str], photo: str
) -> None:
    child, mother, father = family
    tag_person(application, photo, child)
    for guardian in (mother, father):
        consents.record_consent(application, ConsentParties(child, by=guardian), yes())
    publish(application, photo)
    no = ConsentStatement(ConsentKind.REFUSED, CHANNELS)
    consents.record_consent(application, ConsentParties(child, by=father), no)
    assert application.reacted.publications[0].codes == ("MI_GUARDIAN_REFUSED",)


def test_a_yes_to_another_channel_takes_nothing_away(
    application: Application, adult: str, photo: str
) -> None:
    tag_person(application, photo, adult)
    consents.record_consent(application, ConsentParties(adult), yes())
    publish(application, photo)
    consents.record_consent(application, ConsentParties(adult), yes("print"))
    assert application.reacted.publications == []
    [row] = list_all(consents.list_consents(application))
    assert row.status.channels == ["print", "public_page", "website"]


def test_an_objection_by_somebody_never_asked_is_recorded(
    application: Application, adult: str, photo: str
) -> None:
    tag_person(application, photo, adult)
    told = consents.withdraw_consent(
        application, WITHDRAWAL, parties=ConsentParties(adult)
    ).recorded
    assert (told.record_id, told.photos) == ("C-1", (photo,))
    [checked] = checks.check(application, [photo], PAGE_USE)
    assert checked.verdict.codes == ("CN_WITHDRAWN",)


def test_a_withdrawal_reaches_the_photos_of_its_consent_only(
    application: Application, adult: str, photo: str, tmp_path: Path
) -> None:
    other = register_photo(application, tmp_path, MARKET, "other.jpg")
    for each in (photo, other):
        tag_person(application, each, adult)
    consents.record_consent(application, ConsentParties(adult), yes())
    consents.record_consent(application, ConsentParties(adult, photo=other), yes())
    assert consents.withdraw_consent(application, WITHDRAWAL, consent="C-2").recorded.photos == (
        other,
    )
    assert state(application, "C-1") is ConsentState.GRANTED


def test_a_wider_withdrawal_shows_in_the_narrower_consents(
    application: Application, adult: str, photo: str
) -> None:
    consents.record_consent(application, ConsentParties(adult, photo=photo), yes())
    consents.withdraw_consent(application, WITHDRAWAL, parties=ConsentParties(adult))
    assert state(application, "C-1") is ConsentState.WITHDRAWN


def test_the_same_people_and_reach_are_one_consent(
    application: Application, family: tuple[str, str, str], photo: str
) -> None:
    child, mother, father = family
    feast = events.add_event(application, "Feast", on=TODAY)
    assert feast
    for whose, thread in (
        (ConsentParties(child, by=mother), "C-1"),
        (ConsentParties(child, by=father), "C-2"),
        (ConsentParties(child, by=mother, photo=photo), "C-3"),
        (ConsentParties(child, by=mother, event="Feast"), "C-4"),
        (ConsentParties(child, by=mother), "C-1"),
        (ConsentParties(child), "C-5"),
    ):
        assert consents.record_consent(application, whose, yes()).recorded.record_id == thread


def test_a_child_s_own_answer_is_a_view_beside_the_guardians(
    application: Application, family: tuple[str, str, str], adult: str
) -> None:
    assert consents.record_consent(application, ConsentParties(family[0]), yes()).child_view
    assert not consents.record_consent(
        application, ConsentParties(family[0], by=family[1]), yes()
    ).child_view
    assert not consents.record_consent(application, ConsentParties(adult), yes()).child_view


def test_only_a_recorded_guardian_decides_for_a_child(
    application: Application, family: tuple[str, str, str], adult: str
) -> None:
    child, mother, father = family
    with pytest.raises(NotAllowed, match=f"{adult} is not recorded as a guardian of {child}"):
        consents.record_consent(application, ConsentParties(child, by=adult), yes())
    end_guardian(application, child, father, on=date(2026, 10, 1))
    with pytest.raises(NotAllowed, match="was not a guardian"):
        consents.record_consent(application, ConsentParties(child, by=father), yes())
    with pytest.raises(InputDataError, match="is an adult"):
        consents.record_consent(application, ConsentParties(adult, by=mother), yes())
    assert list_all(consents.list_consents(application)) == []


def test_a_signature_by_an_unverified_guardian_is_reported(application: Application) -> None:
    child = persons.add_person(application, PersonDetails("Elle", age_group=AgeGroup.MINOR)).person
    mother = create_person(application, "Máret Magga")
    add_guardian(application, child, mother, basis=GuardianBasis.PARENT)
    told = consents.record_consent(application, ConsentParties(child, by=mother), yes())
    assert told.unverified == (child, mother)


def test_the_age_on_the_day_it_was_said_determines_who_decides(
    application: Application, family: tuple[str, str, str], clock: Clock
) -> None:
    child, mother, _father = family
    clock.now = clock.now.replace(year=2034, month=6)
    with pytest.raises(InputDataError, match="is an adult"):
        consents.record_consent(application, ConsentParties(child, by=mother), yes())
    found_later = yes(on=date(2034, 5, 3))
    assert consents.record_consent(
        application, ConsentParties(child, by=mother), found_later
    ).recorded.documented


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (yes(on=TODAY + timedelta(days=1)), "in the future"),
        (yes(until=TODAY - timedelta(days=1)), "before it begins"),
        (yes(open_ended=False), "needs an end date"),
        (yes(open_ended=True, until=TODAY), "both the last day and no end"),
        (yes(evidence=Path("no-such-form.pdf")), "cannot be read"),
        (yes(paper="010190-123A"), "identity code"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_stored(
    application: Application, adult: str, said: ConsentStatement, message: str
) -> None:
    with pytest.raises(InputDataError, match=message):
        consents.record_consent(application, ConsentParties(adult), said)
    assert list_all(consents.list_consents(application)) == []


def test_an_unknown_channel_person_or_consent_is_not_found(
    application: Application, adult: str
) -> None:
    with pytest.raises(NotFound):
        consents.record_consent(application, ConsentParties(adult), yes("no-such-channel"))
    with pytest.raises(NotFound):
        consents.record_consent(application, ConsentParties("Nobody At All"), yes())
    with pytest.raises(NotFound):
        consents.withdraw_consent(application, WITHDRAWAL, consent="C-9")


def test_a_consent_may_end_on_the_day_it_is_given(application: Application, adult: str) -> None:
    consents.record_consent(application, ConsentParties(adult), yes(until=TODAY))
    [row] = list_all(consents.list_consents(application, adult))
    assert (row.status.until, row.status.open_ended) == ("2026-11-02", False)


def test_channels_are_kept_as_kinds_or_by_name(application: Application, adult: str) -> None:
    consents.record_consent(application, ConsentParties(adult), yes("website", "Kunta-Print"))
    [row] = list_all(consents.list_consents(application))
    assert row.status.channels == ["kunta-print", "website"]


def test_evidence_is_copied_beside_the_registry(
    application: Application, adult: str, tmp_path: Path
) -> None:
    form = tmp_path / "form.pdf"
    form.write_bytes(b"%PDF signed")
    told = consents.record_consent(application, ConsentParties(adult), yes(paper="", evidence=form))
    form.unlink()
    assert told.recorded.documented
    [kept] = [p for p in application.registry.evidence_folder.rglob("*") if p.is_file()]
    assert kept.read_bytes() == b"%PDF signed"


def test_a_yes_with_nothing_to_show_is_stored_as_undocumented(
    application: Application, adult: str
) -> None:
    assert not consents.record_consent(
        application, ConsentParties(adult), yes(paper=" ")
    ).recorded.documented
    assert list_all(consents.list_consents(application))[0].status.documented is False


def test_an_older_statement_does_not_overtake_a_newer_one(
    application: Application, adult: str
) -> None:
    consents.withdraw_consent(application, WITHDRAWAL, parties=ConsentParties(adult))
    older = consents.record_consent(
        application, ConsentParties(adult), yes(on=TODAY - timedelta(days=3))
    ).recorded
    assert older.superseded
    assert not older.ends_refusal
    assert state(application, "C-1") is ConsentState.WITHDRAWN
    newer = consents.record_consent(application, ConsentParties(adult), yes(on=TODAY)).recorded
    assert newer.ends_refusal
    assert state(application, "C-1") is ConsentState.GRANTED


@pytest.mark.parametrize("kind", [ConsentKind.GIVEN, ConsentKind.RENEWED])
@pytest.mark.parametrize("channels", [(), ("kunta-print",)])
def test_a_yes_without_a_day_ends_no_no_of_the_same_person(
    application: Application,
    adult: str,
    kind: ConsentKind,
    channels: tuple[str, ...],
    tmp_path: Path,
) -> None:
    consents.record_consent(application, ConsentParties(adult), yes("website", "kunta-print"))
    refused = replace(WITHDRAWAL, channels=channels, on=TODAY - timedelta(days=1))
    consents.withdraw_consent(application, refused, parties=ConsentParties(adult))
    before = list_all(consents.list_consents(application))
    paper = tmp_path / "old form.pdf"
    paper.write_bytes(b"%PDF signed")
    undated = replace(yes("kunta-print"), kind=kind, evidence=paper)

    with pytest.raises(InputDataError, match="and the day of the new answer is not given") as asked:
        consents.record_consent(application, ConsentParties(adult), undated)

    assert asked.value.fields == ("on",)
    assert list_all(consents.list_consents(application)) == before
    assert not list(application.registry.evidence_folder.rglob("*"))
    consents.record_consent(application, ConsentParties(adult), replace(undated, on=TODAY))
    assert state(application, "C-1") is ConsentState.GRANTED


def test_a_yes_that_leaves_the_no_as_it_is_needs_no_day(
    application: Application, adult: str
) -> None:
    consents.record_consent(application, ConsentParties(adult), yes("website", "kunta-print"))
    consents.withdraw_consent(
        application, replace(WITHDRAWAL, channels=("website",)), parties=ConsentParties(adult)
    )
    told = consents.record_consent(application, ConsentParties(adult), yes("kunta-print"))
    assert not told.recorded.ends_refusal
    [row] = list_all(consents.list_consents(application))
    assert row.status.channels == ["kunta-print"]


def stored(application: Application, consent: str = "C-1") -> list[EventWithScope]:
    """The events of a consent as they are stored."""
    with application.reading() as work:
        record = find_consent(work.session, consent)
        return events_with_scope(work.session, [record])[record.id or 0]


def test_it_is_kept_whether_a_day_was_given_and_whether_the_paper_names_the_kind(
    application: Application, adult: str
) -> None:
    for said in (yes(), yes("public_page", on=TODAY, names_kind=True)):
        consents.record_consent(application, ConsentParties(adult), said)
    undated, dated = (item.event for item in stored(application))
    assert (undated.day, undated.is_dated, undated.names_kind) == (TODAY, False, False)
    assert (dated.day, dated.is_dated, dated.names_kind) == (TODAY, True, True)


def test_a_paper_that_names_a_kind_is_kept_so(application: Application, adult: str) -> None:
    with pytest.raises(InputDataError, match="no kind of channel is named") as caught:
        consents.record_consent(
            application, ConsentParties(adult), yes("kunta-print", names_kind=True)
        )
    assert caught.value.fields == ("channel", "names_kind")


@pytest.mark.parametrize("kind", [ConsentKind.REFUSED, ConsentKind.WITHDRAWN])
def test_a_no_holds_what_it_names_and_nothing_else(
    application: Application, adult: str, kind: ConsentKind
) -> None:
    for said in (
        ConsentStatement(kind),
        ConsentStatement(kind, ["print"]),
        ConsentStatement(kind, purposes=[Purpose.MARKETING]),
        ConsentStatement(kind, ["Kunta-Print"], [Purpose.MARKETING]),
    ):
        consents.record_consent(application, ConsentParties(adult), said)
    assert [(item.channels, item.purposes) for item in stored(application)] == [
        ((), ()),
        (("print",), ()),
        ((), ("marketing",)),
        (("kunta-print",), ("marketing",)),
    ]


def test_only_a_no_to_everything_is_reported_as_one(application: Application, adult: str) -> None:
    def is_whole(**named: Any) -> bool:
        no = ConsentStatement(ConsentKind.REFUSED, **named)
        return consents.record_consent(application, ConsentParties(adult), no).recorded.is_whole

    assert is_whole()
    assert not is_whole(channels=["print"])
    assert not is_whole(purposes=[Purpose.MARKETING])


@pytest.mark.parametrize(
    ("no", "later", "asks"),
    [
        ({}, yes("website"), True),
        ({"channels": ["website"]}, yes("website"), True),
        ({"channels": ["website"]}, yes("print"), False),
        ({"channels": ["kunta-print"]}, yes("print"), True),
        ({"channels": ["print"]}, yes("kunta-print"), True),
        ({"purposes": [Purpose.MARKETING]}, yes(), False),
        ({"purposes": [Purpose.MARKETING]}, yes(purposes=tuple(Purpose)), True),
        ({"channels": ["print"], "purposes": [Purpose.MARKETING]}, yes("print"), False),
    ],
)
def test_a_yes_is_asked_for_its_day_where_it_names_what_was_refused(
    application: Application, adult: str, no: dict[str, Any], later: ConsentStatement, asks: bool
) -> None:
    withdrawal = ConsentStatement(ConsentKind.WITHDRAWN, on=date(2026, 10, 1), **no)
    consents.record_consent(application, ConsentParties(adult), withdrawal)
    if asks:
        with pytest.raises(InputDataError, match="recorded on 2026-10-01"):
            consents.record_consent(application, ConsentParties(adult), later)
        later = replace(later, on=date(2026, 10, 2))
    consents.record_consent(application, ConsentParties(adult), later)


def test_a_yes_is_asked_for_its_day_where_a_wider_no_reaches_it(
    application: Application, adult: str, photo: str, tmp_path: Path
) -> None:
    other = register_photo(application, tmp_path, MARKET, "other.jpg")
    yesterday = replace(WITHDRAWAL, on=TODAY - timedelta(days=1))
    consents.record_consent(application, ConsentParties(adult, photo=photo), yesterday)
    for whose in (ConsentParties(adult), ConsentParties(adult, photo=other)):
        consents.record_consent(application, whose, yes())  # it lifts nothing
    with pytest.raises(InputDataError, match="the day of the new answer is not given"):
        consents.record_consent(application, ConsentParties(adult, photo=photo), yes())
    consents.record_consent(application, ConsentParties(adult), yesterday)
    with pytest.raises(InputDataError, match="the day of the new answer is not given"):
        consents.record_consent(application, ConsentParties(adult, photo=other), yes())


def test_on_one_day_the_order_of_recording_decides(application: Application, adult: str) -> None:
    consents.record_consent(application, ConsentParties(adult), WITHDRAWAL)
    consents.record_consent(application, ConsentParties(adult), yes(on=TODAY))
    assert state(application, "C-1") is ConsentState.GRANTED
    consents.record_consent(application, ConsentParties(adult), WITHDRAWAL)
    assert state(application, "C-1") is ConsentState.WITHDRAWN


def test_a_yes_over_a_no_of_today_needs_its_day_until_the_no_is_lifted(
    application: Application, adult: str
) -> None:
    consents.record_consent(application, ConsentParties(adult), WITHDRAWAL)
    with pytest.raises(InputDataError, match="the day of the new answer is not given") as asked:
        consents.record_consent(application, ConsentParties(adult), yes())
    step = asked.value.step
    assert step is not None
    assert (step.action, step.question) == (NextAction.CONSENT_RECORD, ("on",))
    assert step.arguments["person"] == adult
    consents.record_consent(application, ConsentParties(adult), yes(on=TODAY))
    consents.record_consent(application, ConsentParties(adult), yes())


def test_another_guardian_s_no_asks_for_no_day(
    application: Application, family: tuple[str, str, str]
) -> None:
    child, mother, father = family
    no = ConsentStatement(ConsentKind.REFUSED)
    consents.record_consent(application, ConsentParties(child, by=father), no)
    told = consents.record_consent(application, ConsentParties(child, by=mother), yes())
    assert told.recorded.kind is ConsentKind.GIVEN


@pytest.mark.parametrize("no_to", ["everything", "the photo"])
def test_a_no_of_an_earlier_day_than_a_yes_without_a_day_leaves_the_order_open(
    application: Application, adult: str, photo: str, no_to: str
) -> None:
    whose = ConsentParties(adult, photo=photo if no_to == "the photo" else None)
    consents.record_consent(application, ConsentParties(adult), yes("website"))

    def no(day: date, *channels: str) -> consents.ConsentRecorded:
        said = ConsentStatement(ConsentKind.WITHDRAWN, channels, on=day)
        return consents.record_consent(application, whose, said)

    yesterday = TODAY - timedelta(days=1)
    assert not no(TODAY).recorded.is_order_open
    assert not no(yesterday, "print").recorded.is_order_open
    open_no = no(yesterday, "website").recorded
    assert open_no.is_order_open
    assert not open_no.superseded


def test_the_order_is_settled_once_the_yes_is_recorded_with_its_day(
    application: Application, adult: str
) -> None:
    consents.record_consent(
        application, ConsentParties(adult), yes("website", on=TODAY - timedelta(days=1))
    )
    no = ConsentStatement(ConsentKind.WITHDRAWN, on=TODAY - timedelta(days=2))
    assert not consents.record_consent(
        application, ConsentParties(adult), no
    ).recorded.is_order_open


def test_a_no_that_a_later_yes_covers_changes_nothing(application: Application, adult: str) -> None:
    consents.record_consent(application, ConsentParties(adult), yes("website", "print", on=TODAY))

    def superseded(*channels: str) -> bool:
        no = ConsentStatement(
            ConsentKind.WITHDRAWN,
            channels,
            (Purpose.INFORMATION,),
            on=TODAY - timedelta(days=1),
        )
        return consents.record_consent(application, ConsentParties(adult), no).recorded.superseded

    assert superseded("print")
    assert not superseded()
    assert not superseded("public_page")


def test_an_older_no_to_a_photo_stops_it_though_a_yes_without_proof_was_recorded_since(
    application: Application, adult: str, tmp_path: Path
) -> None:
    add_photographer(application)
    other = register_photo(application, tmp_path, name="nobody_named.jpg")
    whose = ConsentParties(adult, photo=other)
    unproven = replace(yes("public_page", on=TODAY), paper="")
    consents.record_consent(application, whose, unproven)
    told = consents.record_consent(
        application,
        whose,
        ConsentStatement(
            ConsentKind.REFUSED,
            ["public_page"],
            (Purpose.INFORMATION,),
            on=TODAY - timedelta(days=1),
        ),
    )
    assert not told.recorded.superseded
    assert told.stopped


def test_an_older_yes_changes_nothing_only_where_a_later_no_covers_it_all(
    application: Application, adult: str, photo: str
) -> None:
    no = ConsentStatement(ConsentKind.WITHDRAWN, ["public_page"], on=TODAY)
    consents.record_consent(application, ConsentParties(adult), no)
    consents.record_consent(application, ConsentParties(adult, photo=photo), WITHDRAWAL)

    def superseded(*channels: str, photo: str | None = None) -> bool:
        older = yes(*channels, on=TODAY - timedelta(days=3))
        whose = ConsentParties(adult, photo=photo)
        return consents.record_consent(application, whose, older).recorded.superseded

    assert superseded("kunta-public-page")
    assert not superseded("website")
    assert not superseded("public_page", "website")
    assert superseded("website", photo=photo)


def test_a_power_of_attorney_belongs_to_the_documents_of_a_yes(
    application: Application, family: tuple[str, str, str], tmp_path: Path
) -> None:
    child, mother, _father = family
    whose = ConsentParties(child, by=mother)
    signed = yes(by_attorney=True)
    with pytest.raises(InputDataError, match="needs the power of attorney") as caught:
        consents.record_consent(application, whose, signed)
    assert caught.value.fields == ("evidence",)
    paper = tmp_path / "attorney.pdf"
    paper.write_bytes(b"%PDF power of attorney")
    consents.record_consent(application, whose, replace(signed, evidence=paper))
    no = ConsentStatement(ConsentKind.REFUSED, by_attorney=True)
    consents.record_consent(application, whose, no)
    assert [item.event.by_attorney for item in stored(application)] == [True, True]  # type: ignore[union-attr]
    assert list_all(consents.list_consents(application))[0].by_attorney


def test_the_ledger_names_ids_and_codes_only(
    application: Application, family: tuple[str, str, str]
) -> None:
    child, mother, _father = family
    consents.record_consent(
        application, ConsentParties(child, by=mother), yes("kunta-print", paper="Magga's letter")
    )
    with application.reading() as work:
        last = last_logged(work.session)
    assert (last.action, last.subject) == ("consent.given", "C-1")
    assert '"by": "H-2"' in last.details
    assert "Magga" not in last.details
    assert "letter" not in last.details


def test_the_auditor_reads_consents_without_names(
    application: Application, adult: str, application_for: Callable[[str], Application]
) -> None:
    consents.record_consent(application, ConsentParties(adult), yes())
    tarja = application_for("tarja")
    assert list_all(consents.list_consents(tarja))[0].name == adult
    with pytest.raises(NotAllowed):
        consents.withdraw_consent(tarja, WITHDRAWAL, consent="C-1")
