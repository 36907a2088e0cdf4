"""Kept verdicts: after any sequence of changes they say what a fresh evaluation says.

The same registry is asked in three ways: with what is kept, judged in one stream, and photo by
photo as `check` does it. Whatever happened before, the three agree.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from tests.conftest import Clock
from tests.imaging.pictures.test_likeness import scene
from tests.services.machines import RegistryCopies, RegistryMachine, run_machine
from tests.services.photos.test_matching import jpeg
from tests.services.publications.test_publishing_machine import (
    CHILD,
    GUARDIANS,
    PHOTOGRAPHER,
    START,
)
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    add_child,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)

from photoreg.errors import NotAllowed, PhotoregError
from photoreg.registry.engines.postgresql_schema import WRITERS_LOCK
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.photos import photo_ids, photos_by_id
from photoreg.registry.queries.verdict_cache import MissingConsent, cached_classes
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import GuardianBasis
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import (
    Channel,
    Confidentiality,
    ConsentKind,
    DepictedWork,
    DigitalSource,
    Mode,
    PhotoFacts,
    Place,
)
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.application import Application
from photoreg.services.audits import audits, missing_consents, verdict_cache
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.audits.missing_consents import CARE_WITHOUT_CONSENT, LISTED_FAMILIES
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.decisions import approval, flags
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator, PhotoVerdict
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_photos
from photoreg.services.files import fingerprinting
from photoreg.services.organisation import channels, policy
from photoreg.services.people import blocks, guardians
from photoreg.services.people import persons as people
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import depictions, events, registration, versions
from photoreg.services.photos.answers import PhotoAnswers, answer
from photoreg.services.photos.registration import RegistrationOptions
from photoreg.services.publications import publishing
from photoreg.services.publications.takedown import all_disallowed, current_basis


def listed(application: Application, on: date | None = None) -> list[MissingConsent]:
    """Return what is listed, with what is kept."""
    with application.reading() as work:
        return list(missing_consents.missing_consents(work, all_channels(work.session), on))


def one_by_one(application: Application, on: date | None = None) -> list[Checked]:
    """Ask about each photo and channel as `check` does."""
    with application.reading() as work:
        rows = photos_by_id(work.session, photo_ids(work.session))
        return [
            checked
            for channel in all_channels(work.session)
            for checked in check_photos(work, rows, channel, AskedUse(channel.name, on=on))
        ]


def to_list(checked: Iterable[Checked]) -> list[MissingConsent]:
    """Return what must be listed of what was asked."""
    return sorted(lack for each in checked for lack in _listed(each))


def checked_one_by_one(application: Application, on: date | None = None) -> list[MissingConsent]:
    """Return what must be listed, by asking about each photo and channel as `check` does."""
    return to_list(one_by_one(application, on))


def _listed(checked: Checked) -> list[MissingConsent]:
    named = [
        finding
        for finding in checked.verdict.neutral.findings
        if finding.reason.family in LISTED_FAMILIES or finding.code == CARE_WITHOUT_CONSENT
    ]
    if checked.is_allowed or not named:
        return []
    persons = {int(f.person.removeprefix("H-")) for f in named if f.person}
    is_ruled = checked.verdict.outcome == "unclear" and checked.outcome == "refused"
    refused = any(f.reason.severity == "refused" for f in named) or is_ruled
    return [
        MissingConsent(
            checked.photo_id,
            checked.channel_id,
            "refused" if refused else "unclear",
            tuple(sorted({f.code for f in named})),
            tuple(sorted(persons)),
        )
    ]


def outcomes_in_one_stream(
    application: Application,
) -> dict[tuple[int, int | None], tuple[str, Any]]:
    """Return outcome and codes of each photo and channel, judged in one stream."""
    with application.reading() as work:
        judge = BulkEvaluator.for_selection(work, PhotoSelection())
        return {
            (seen.rows.id, channel.id): _said(judge.evaluate(seen, channel))
            for seen in judge.photos()
            for channel in judge.channels
        }


def facts_in_one_stream(application: Application) -> dict[int, PhotoFacts]:
    """Return the facts about each photo alone, read in one stream."""
    with application.reading() as work:
        judge = BulkEvaluator.for_selection(work, PhotoSelection())
        return {
            seen.rows.id: of_photo_alone(seen.classified.photo_class.facts)
            for seen in judge.photos()
        }


def of_photo_alone(facts: PhotoFacts) -> PhotoFacts:
    """Return facts without persons, permissions and terms; of years only whether there is one.

    Photos whose terms run or are over alike are of one class.
    """
    years: dict[str, Any] = {
        name: getattr(facts, name) and 1
        for name in ("taken_year", "file_taken_year", "photographer_died_year")
    }
    return replace(facts, persons=(), permissions=(), terms_changed=None, **years)


def _said(judged: PhotoVerdict) -> tuple[str, Any]:
    return judged.outcome, judged.class_verdict.verdict.codes


def refresh(
    application: Application, *, everything: bool = False, together: int = verdict_cache.BATCH_SIZE
) -> tuple[int, int]:
    """Keep what is not kept, as the coordinator; return how many were judged, how many wrong."""
    kaisa = replace(application, login="kaisa")
    done = list(verdict_cache.refresh_cache(kaisa, everything=everything, together=together))
    return sum(each.evaluated for each in done), sum(each.wrong for each in done)


# --- any sequence of changes ----------------------------------------------------------------------

PEOPLE = (CHILD, *GUARDIANS, PHOTOGRAPHER)
_KINDS = st.sampled_from(list(ConsentKind))
_CHANNELS = st.sampled_from([["public_page"], ["kunta"], ["website", "public_page"], ["print"]])
_REACHES = st.sampled_from([{}, {"photo": "P-1"}, {"event": "E-1"}])
_PHOTOS = st.sampled_from(["P-1", "P-2", "P-3", "P-4"])


class AnyChange(RegistryMachine):
    """Six photos, of an event, of nobody and alike, and whatever people do.

    Verdicts are kept at random times.
    """

    @initialize()
    def open_registry(self) -> None:
        """Begin with a child in the first photo."""
        self.now, self.addresses = START, 0
        self.workplace = Application(self.registry, "kaisa", lambda: self.now)
        channels.add_channel(
            self.workplace,
            name="lehti",
            title="Lehti",
            kind=Channel.PRINT,
            controller=None,
            since=date(2020, 1, 1),
            admins=("kaisa",),
        )
        day = START.date()
        events.add_event(self.workplace, "Feast", on=day, photographers=["Áile"])
        of_event = replace(MARKET, photographers=(), place=None, event="E-1")
        of_nobody = replace(EMPTY_STREET, photographers=("Áile",))
        for name, answers in (("b.jpg", of_event), ("c.jpg", of_nobody)):
            register_photo(self.workplace, self.folder, answers, name)
        at_school = replace(MARKET, photographers=("Áile",), place=Place.SCHOOL_OR_DAYCARE)
        for name, others in (("d.jpg", ()), ("e.jpg", ()), ("f.jpg", GUARDIANS)):
            photo = register_photo(self.workplace, self.folder, at_school, name)
            depictions.tag_persons(self.workplace, [photo], persons=[CHILD, *others])
        refresh(self.workplace)

    def changed(self, change: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        """Make a change, unless the registry says no: then nothing is changed."""
        with suppress(PhotoregError):
            change(self.workplace, *arguments, **named)

    def past_photoreg(self, change: str, **values: Any) -> None:
        """Change a row by another program."""
        with self.registry.writing() as session:
            session.connection().execute(sa.text(change), values)

    @rule(days=st.integers(1, 400))
    def days_pass(self, days: int) -> None:
        """Consents end and children grow up by themselves."""
        self.now += timedelta(days=days)

    @rule(together=st.sampled_from([1, 2, verdict_cache.BATCH_SIZE]))
    def verdicts_are_kept(self, together: int) -> None:
        """Keep what is not kept, with some persons in too many photos to write kinds again."""
        refresh(self.workplace, together=together)

    @rule(
        subject=st.sampled_from(PEOPLE),
        actor=st.sampled_from(PEOPLE),
        kind=_KINDS,
        channels=_CHANNELS,
        reach=_REACHES,
        days=st.integers(0, 500),
    )
    def somebody_speaks_about_being_shown(
        self,
        subject: str,
        actor: str,
        kind: ConsentKind,
        channels: list[str],
        reach: dict[str, str],
        days: int,
    ) -> None:
        """Somebody says something about somebody, of one photo, an event or everything."""
        spoken = self.spoken(kind, channels, days)
        whose = ConsentParties(subject, by=None if actor == subject else actor, **reach)
        if kind is ConsentKind.WITHDRAWN:
            self.changed(consents.withdraw_consent, spoken, parties=whose)
        else:
            self.changed(consents.record_consent, whose, spoken)

    @rule(kind=_KINDS, channels=_CHANNELS, reach=_REACHES, days=st.integers(0, 500))
    def the_photographer_speaks(
        self, kind: ConsentKind, channels: list[str], reach: dict[str, str], days: int
    ) -> None:
        """The photographer says something about the photos."""
        spoken = self.spoken(kind, channels, days)
        photos = [reach["photo"]] if "photo" in reach else []
        rights = PermissionParties(PHOTOGRAPHER, photos=photos, event=reach.get("event"))
        if kind is ConsentKind.WITHDRAWN:
            self.changed(permissions.withdraw_permission, spoken, rights=rights)
        else:
            self.changed(permissions.record_permission, rights, spoken)

    def spoken(self, kind: ConsentKind, channels: list[str], days: int) -> ConsentStatement:
        """Return what is said."""
        is_yes = kind in {ConsentKind.GIVEN, ConsentKind.RENEWED}
        until = self.now.date() + timedelta(days=days) if is_yes else None
        return ConsentStatement(kind, channels if is_yes else [], until=until, paper="folder 1")

    @rule(thread=st.sampled_from(["consent", "permission"]), kind=st.sampled_from(Channel))
    def a_word_gets_another_channel(self, thread: str, kind: Channel) -> None:
        """Another program adds to what was said last."""
        more = f"INSERT INTO {thread}_channel (statement_id, kind) SELECT max(id), :kind "
        self.past_photoreg(f"{more} FROM {thread}_event HAVING max(id) > 0", kind=kind)

    @rule(photo=_PHOTOS, person=st.sampled_from(PEOPLE))
    def somebody_is_tagged(self, photo: str, person: str) -> None:
        """One more is recognisable."""
        self.changed(depictions.tag_persons, [photo], persons=[person])

    @rule(photo=_PHOTOS, person=st.sampled_from(PEOPLE))
    def somebody_is_untagged(self, photo: str, person: str) -> None:
        """It was not them after all."""
        self.changed(depictions.untag_persons, [photo], persons=[person])

    @rule(
        photo=_PHOTOS,
        answers=st.sampled_from(
            [
                PhotoAnswers(place=Place.CARE_LOBBY),
                PhotoAnswers(place=Place.PUBLIC_OUTDOOR),
                PhotoAnswers(sensitive=True),
                PhotoAnswers(confidentiality=Confidentiality.INTERNAL),
                PhotoAnswers(event="E-1"),
                PhotoAnswers(photographers=("Máret",)),
                PhotoAnswers(credit="Somebody"),
                PhotoAnswers(depicted_work=DepictedWork.MAIN_SUBJECT),
                PhotoAnswers(digital_source=DigitalSource.AI_GENERATED),
            ]
        ),
    )
    def an_answer_changes(self, photo: str, answers: PhotoAnswers) -> None:
        """A question is answered, or answered otherwise."""
        self.changed(answer, [photo], answers)

    @rule(place=st.sampled_from([Place.CARE_LOBBY, Place.SCHOOL_OR_DAYCARE]))
    def the_event_changes(self, place: Place) -> None:
        """The event answers otherwise for its photos."""
        self.past_photoreg("UPDATE event SET place = :place", place=place)

    @rule(
        person=st.sampled_from(PEOPLE),
        about=st.sampled_from(
            [
                PersonDetails(born=date(2009, 6, 1)),
                PersonDetails(deceased=True),
                PersonDetails(name="Áile Somebody"),
                PersonDetails(guardians=1),
            ]
        ),
    )
    def a_person_changes(self, person: str, about: PersonDetails) -> None:
        """Something is known better."""
        self.changed(people.change_person, person, about)

    @rule(person=st.sampled_from(PEOPLE), lift=st.booleans())
    def somebody_is_blocked(self, person: str, lift: bool) -> None:
        """Somebody may not be shown any more, or may again."""
        self.changed(blocks.unblock_person if lift else blocks.block_person, person)

    @rule(guardian=st.sampled_from(GUARDIANS))
    def a_guardianship_ends(self, guardian: str) -> None:
        """Somebody does not decide for the child any more."""
        self.changed(guardians.end_guardian, CHILD, guardian)

    @rule()
    def the_terms_change(self) -> None:
        """The service behind the page changes its terms."""
        self.changed(channels.record_terms_change, channel="kunta")

    @rule(
        settings=st.sampled_from(
            [
                {"guardians": "one"},
                {"child_age": 16},
                {"max_consent_age_months": 12},
                {"public_places": ["school_or_daycare"]},
            ]
        )
    )
    def the_policy_changes(self, settings: dict[str, Any]) -> None:
        """The municipality sets its policy otherwise."""
        self.changed(policy.set_policy, settings)

    @rule(photo=_PHOTOS, kind=st.sampled_from([RulingKind.PUBLISHABLE, RulingKind.REFUSED]))
    def the_coordinator_rules(self, photo: str, kind: RulingKind) -> None:
        """Approval is asked for; if the photo is unclear, the coordinator rules."""
        self.changed(policy.set_policy, {"four_eyes": False})
        with suppress(PhotoregError):
            for approved in approval.approve(self.workplace, [photo], AskedUse("kunta")):
                if approved.checked.case_id:
                    case = f"K-{approved.checked.case_id}"
                    rule_on(self.workplace, case, kind, "Because it is so.")

    @rule(
        photo=_PHOTOS,
        change=st.sampled_from(
            [
                "shot = 'general_view'",
                "file_taken_on = '1990-01-01'",
                "file_changed = (1 = 1)",
                "version_of = 6",
            ]
        ),
    )
    def a_row_changes_past_photoreg(self, photo: str, change: str) -> None:
        """Another program changes a row."""
        number = int(photo.removeprefix("P-"))
        self.past_photoreg(f"UPDATE photo SET {change} WHERE id = :number", number=number)  # noqa: S608

    @rule(
        photo=_PHOTOS,
        whose=st.sampled_from([{}, {"person": PHOTOGRAPHER}, {"objector": "Maija"}]),
    )
    def somebody_stops_a_photo(self, photo: str, whose: dict[str, str]) -> None:
        """A photo is stopped, for somebody or for another reason."""
        self.changed(flags.raise_flag, photo, reason="It should not be shown.", **whose)

    @rule(days=st.integers(-9, 9))
    def the_event_was_on_other_days(self, days: int) -> None:
        """The days of the event are corrected."""
        self.changed(events.change_event, "E-1", on=START.date() + timedelta(days=days))

    @rule(photo=_PHOTOS, channel=st.sampled_from(["kunta", "lehti"]), mode=st.sampled_from(Mode))
    def a_photo_is_published(self, photo: str, channel: str, mode: Mode) -> None:
        """Somebody publishes, if that is allowed now."""
        self.addresses += 1
        asked = AskedUse(channel, mode=mode)
        self.changed(publishing.add_publication, [photo], asked, address=f"at {self.addresses}")

    @rule()
    def the_morning_list_misses_nothing(self) -> None:
        """Whatever is kept, all that may not stay out is told of and has its task."""
        items = agenda(self.workplace)
        with self.workplace.reading() as work:
            wrong = list(all_disallowed(work))
        assert all(each.task for each in wrong if each.recallable)
        printed = sum(item.count for item in items if item.kind is AgendaKind.PRINTED)
        assert printed == sum(not each.recallable for each in wrong)

    @invariant()
    def kept_and_fresh_agree(self) -> None:
        """What is listed is what each photo is asked about; of what is kept, nothing is wrong."""
        if not hasattr(self, "workplace"):
            return
        checked = one_by_one(self.workplace)
        assert listed(self.workplace) == to_list(checked)
        assert outcomes_in_one_stream(self.workplace) == {
            (each.photo_id, each.channel_id): (each.outcome, each.verdict.codes) for each in checked
        }
        assert facts_in_one_stream(self.workplace) == {
            each.photo_id: of_photo_alone(each.facts) for each in checked
        }

    @rule(days=st.integers(1, 400))
    def on_a_day_to_come_they_agree_too(self, days: int) -> None:
        """What is kept tells of a day to come what each photo is asked about it."""
        later = self.now.date() + timedelta(days=days)
        assert listed(self.workplace, later) == checked_one_by_one(self.workplace, later)

    def teardown(self) -> None:
        """However a run ended, so it is."""
        try:
            if hasattr(self, "workplace"):
                self.on_a_day_to_come_they_agree_too(days=200)
        finally:
            super().teardown()

    @rule()
    def nothing_kept_is_wrong(self) -> None:
        """Judge everything anew and compare."""
        assert refresh(self.workplace, everything=True)[1] == 0


def test_kept_and_fresh_agree_whatever_changes(
    family_registry: Path | str, stages: RegistryCopies
) -> None:
    run_machine(AnyChange, stages, family_registry, runs=9, steps=15)


# --- what is kept, and how long -------------------------------------------------------------------


@pytest.fixture
def shown(anna: Application, tmp_path: Path) -> str:
    """Somebody who consents and is shown in one of two photos."""
    add_photographer(anna)
    person = create_person(anna, "Elle Valkeapää")
    register_photo(anna, tmp_path)
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "market.jpg"), person)
    record_consent(anna, person)
    return person


def test_stored_results_that_another_program_removed_are_listed_if_all_is_evaluated(
    anna: Application, shown: str
) -> None:
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    refresh(anna)
    with anna.registry.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM missing_consent")
    for evaluate_all in (False, True):
        with audits.list_missing_consents(anna, evaluate_all=evaluate_all) as rows:
            assert bool(list(rows)) is evaluate_all


@pytest.mark.usefixtures("shown")
def test_nothing_is_kept_unless_somebody_refreshes(anna: Application) -> None:
    listed(anna)
    assert kept(anna) == []
    assert refresh(anna) == (2, 0)
    assert kept(anna) == [1, 2]
    assert refresh(anna) == (0, 0)


def test_a_change_forgets_the_photos_that_it_touches_and_no_others(
    anna: Application, shown: str
) -> None:
    refresh(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    assert kept(anna) == [1]
    assert refresh(anna) == (1, 0)


def test_of_photos_that_were_alike_one_is_looked_at_for_all(
    anna: Application, shown: str, tmp_path: Path
) -> None:
    others = [create_person(anna, name) for name in ("Aslak", "Berit")]
    for name in ("second.jpg", "third.jpg", "fourth.jpg"):
        photo = register_photo(anna, tmp_path, MARKET, name)
        depictions.tag_persons(anna, [photo], persons=[others[0], shown])
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "fifth.jpg"), others[1])
    refresh(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )

    with anna.reading() as work:
        of_them, _unusable = cached_classes(
            work.session, PhotoSelection.showing([2]), current_basis(work)
        )
    assert [kind.photo_id for kind in of_them] == [2, 3, 4, 5]
    assert list(verdict_cache._Reevaluation(of_them, frozenset({2})).examples) == [2, 3]
    assert refresh(anna) == (4, 0)
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna, everything=True) == (6, 0)


def test_of_who_is_in_very_many_photos_no_marks_are_written_again(
    anna: Application, shown: str, tmp_path: Path
) -> None:
    other = create_person(anna, "Aslak Valkeapää")
    for name in ("second.jpg", "third.jpg", "fourth.jpg"):
        depictions.tag_persons(
            anna, [register_photo(anna, tmp_path, MARKET, name)], persons=[other, shown]
        )
    refresh(anna)
    before = column(anna, "SELECT class_key FROM photo_class ORDER BY photo_id")
    for person in (shown, other, shown):  # whose marks are old when the other one speaks
        consents.withdraw_consent(
            anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(person)
        )
        photos = 4 if person == shown else 3
        assert refresh(anna, together=2) == (photos, 0)
        assert column(anna, "SELECT class_key FROM photo_class ORDER BY photo_id") == before
        assert listed(anna) == checked_one_by_one(anna)
        record_consent(anna, person)
        assert refresh(anna, together=2) == (photos, 0)
        assert listed(anna) == checked_one_by_one(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(other)
    )
    assert refresh(anna) == (3, 0)
    assert column(anna, "SELECT class_key FROM photo_class ORDER BY photo_id") != before
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna, everything=True) == (5, 0)


def test_such_a_person_is_not_taken_for_others_with_the_same_old_mark(
    anna: Application, shown: str, tmp_path: Path
) -> None:
    alike, beside = create_person(anna, "Aslak Valkeapää"), create_person(anna, "Berit Valkeapää")
    record_consent(anna, alike)
    for name, person in (("2.jpg", shown), ("3.jpg", alike), ("4.jpg", shown)):
        depictions.tag_persons(
            anna, [register_photo(anna, tmp_path, MARKET, name)], persons=[person, beside]
        )
    refresh(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    refresh(anna, together=2)
    record_consent(anna, beside)
    assert refresh(anna) == (3, 0)
    assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.usefixtures("shown")
def test_what_such_a_person_says_of_one_photo_is_not_taken_for_others(
    anna: Application, tmp_path: Path
) -> None:
    shy, beside = create_person(anna, "Aslak Valkeapää"), create_person(anna, "Berit Valkeapää")
    no, never = ConsentStatement(ConsentKind.REFUSED), ConsentStatement(ConsentKind.WITHDRAWN)
    record_consent(anna, shy)
    consents.record_consent(anna, ConsentParties(shy), no)
    for name in ("2.jpg", "3.jpg", "4.jpg"):
        depictions.tag_persons(
            anna, [register_photo(anna, tmp_path, MARKET, name)], persons=[shy, beside]
        )
    refresh(anna)
    consents.withdraw_consent(anna, never, parties=ConsentParties(shy))
    refresh(anna, together=2)
    consents.record_consent(
        anna, ConsentParties(shy, photo="P-3"), no
    )  # as it was of all when marks were written
    refresh(anna, together=2)
    record_consent(anna, beside)
    assert refresh(anna, together=2) == (3, 0)
    assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.parametrize("table", ["consent_channel", "consent_purpose"])
def test_what_another_program_adds_to_a_statement_is_noticed(
    anna: Application, shown: str, tmp_path: Path, table: str
) -> None:
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "second.jpg"), shown)
    no = ConsentStatement(ConsentKind.REFUSED)
    column_, value = ("kind", "website") if table == "consent_channel" else ("purpose", "marketing")
    newest = f"SELECT max(id), '{value}' FROM consent_event"  # noqa: S608
    more = f"INSERT INTO {table} (statement_id, {column_}) {newest}"
    for parties, touched in (
        (ConsentParties(shown, photo="P-3"), [3]),
        (ConsentParties(shown), [2, 3]),
    ):
        consents.record_consent(anna, parties, no)
        refresh(anna)
        with anna.changing() as work:
            work.session.connection().execute(sa.text(more))
        assert kept(anna) == [photo for photo in (1, 2, 3) if photo not in touched]
    assert refresh(anna, everything=True)[1] == 0


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("table", ["permission_channel", "permission_purpose"])
def test_what_another_program_adds_to_a_permission_is_noticed(
    anna: Application, table: str
) -> None:
    permissions.record_permission(
        anna, PermissionParties("H-1", photos=["P-1"]), ConsentStatement(ConsentKind.REFUSED)
    )
    refresh(anna)
    column_, value = (
        ("kind", "website") if table == "permission_channel" else ("purpose", "marketing")
    )
    said = "SELECT max(id) FROM permission_event"
    with anna.changing() as work:
        more = f"INSERT INTO {table} (statement_id, {column_}) VALUES (({said}), '{value}')"  # noqa: S608
        work.session.connection().execute(sa.text(more))
    assert kept(anna) == [2]


@pytest.mark.usefixtures("shown")
def test_what_other_rules_kept_does_not_count(anna: Application) -> None:
    refresh(anna)
    with anna.changing() as work:
        work.session.connection().execute(sa.text("UPDATE verdict_basis SET rules_version = '0'"))
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna) == (2, 0)


@pytest.mark.usefixtures("shown")
def test_by_what_nothing_is_kept_any_more_is_forgotten(anna: Application, clock: Clock) -> None:
    for _day in range(3):
        refresh(anna, everything=True)
        clock.now += timedelta(days=1)
    assert column(anna, "SELECT day FROM verdict_basis") == column(
        anna, "SELECT max(day) FROM verdict_basis"
    )


def test_who_said_something_of_one_photo_or_event_too_is_judged_photo_by_photo(
    anna: Application, shown: str, tmp_path: Path
) -> None:
    feast = f"E-{events.add_event(anna, 'Feast', on=START.date())}"
    for name in ("second.jpg", "third.jpg", "fourth.jpg"):
        tag_person(anna, register_photo(anna, tmp_path, MARKET, name), shown)
    answer(anna, ["P-4"], PhotoAnswers(event=feast))
    yes = ConsentStatement(ConsentKind.GIVEN, ["public_page"], until=date(2027, 1, 1), paper="1")
    consents.record_consent(anna, ConsentParties(shown, photo="P-3"), yes)
    consents.record_consent(anna, ConsentParties(shown, event=feast), yes)
    refresh(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    assert refresh(anna) == (4, 0)
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna, everything=True) == (5, 0)


def test_what_was_kept_without_its_kind_is_judged_again(anna: Application, shown: str) -> None:
    refresh(anna)
    with anna.changing() as work:
        work.session.connection().execute(sa.text("DELETE FROM photo_class"))
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    assert refresh(anna) == (1, 0)
    assert listed(anna) == checked_one_by_one(anna)


def test_who_is_in_which_place_is_kept_when_verdicts_hold_for_another_time(
    anna: Application, shown: str, tmp_path: Path
) -> None:
    other, third = (create_person(anna, name) for name in ("Aslak Valkeapää", "Berit Valkeapää"))
    for name, beside in (("second.jpg", other), ("third.jpg", other), ("fourth.jpg", third)):
        depictions.tag_persons(
            anna, [register_photo(anna, tmp_path, MARKET, name)], persons=[beside, shown]
        )

    def consents(person: str, channel: str, days: int) -> None:
        until = START.date() + timedelta(days=days)
        yes = ConsentStatement(
            ConsentKind.GIVEN, [channel], until=until, on=START.date(), paper="1"
        )
        record_consent(anna, person, yes)
        refresh(anna)
        assert listed(anna) == checked_one_by_one(anna)

    consents(shown, "public_page", 30)
    consents(third, "public_page", 30)
    consents(other, "website", 20)
    consents(shown, "public_page", 25)


@pytest.mark.parametrize("together", [1, verdict_cache.BATCH_SIZE])
def test_a_past_day_is_judged_by_what_was_said_since(
    anna: Application, shown: str, clock: Clock, tmp_path: Path, together: int
) -> None:
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "second.jpg"), shown)
    refresh(anna)
    first = START.date()
    clock.now += timedelta(days=10)
    for on, until in ((first, first + timedelta(days=5)), (first, date(2099, 1, 1))):
        yes = ConsentStatement(ConsentKind.GIVEN, ["public_page"], until=until, on=on, paper="1")
        consents.record_consent(anna, ConsentParties(shown), yes)
        refresh(anna, together=together)
        for days in (0, 3, 7, 10):
            day = first + timedelta(days=days)
            assert listed(anna, day) == checked_one_by_one(anna, day)


def test_a_past_day_is_judged_by_what_was_said_since_after_a_refresh_that_was_interrupted(
    anna: Application, shown: str, clock: Clock
) -> None:
    first, ends = START.date(), START.date() + timedelta(days=5)
    record_consent(
        anna, shown, ConsentStatement(ConsentKind.GIVEN, ["public_page"], until=ends, paper="1")
    )
    refresh(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    clock.now += timedelta(days=10)
    begun = verdict_cache.refresh_cache(replace(anna, login="kaisa"))
    assert len(list(islice(begun, 2))) == 2  # the doubt is settled; what was kept next is undone
    del begun
    assert kept(anna) == [1]
    assert listed(anna, first) == checked_one_by_one(anna, first)


def test_kinds_that_are_not_those_of_the_photos_are_not_gone_by(
    anna: Application, shown: str
) -> None:
    refresh(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    with anna.changing() as work:
        lie = sa.text("UPDATE photo_class SET person_ids = '1;1' WHERE photo_id = 2")
        work.session.connection().execute(lie)
    assert refresh(anna) == (1, 0)
    assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.parametrize("who", ["", "3", "2;3", "1;1;2;3", "1;2;x"])
def test_of_photos_with_more_or_fewer_persons_than_their_kind_each_is_looked_at(
    anna: Application, shown: str, tmp_path: Path, who: str
) -> None:
    other = create_person(anna, "Aslak Valkeapää")
    for name in ("second.jpg", "third.jpg"):
        depictions.tag_persons(
            anna, [register_photo(anna, tmp_path, MARKET, name)], persons=[shown, other]
        )
    refresh(anna)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    with anna.changing() as work:
        lie = sa.text("UPDATE photo_class SET person_ids = :who WHERE photo_id = 4")
        work.session.connection().execute(lie, {"who": who})
    assert refresh(anna) == (3, 0)
    assert listed(anna) == checked_one_by_one(anna)


def test_what_ends_while_verdicts_are_kept_has_its_task_in_the_morning(
    anna: Application, shown: str, clock: Clock
) -> None:
    today = clock.now.date()
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    ends_soon = ConsentStatement(
        ConsentKind.GIVEN,
        ["public_page"],
        on=today,
        until=today + timedelta(days=5),
        paper="1",
    )
    record_consent(anna, shown, ends_soon)
    publishing.add_publication(anna, ["P-2"], PAGE_USE, address="https://kunta.example/1")
    refresh(anna)
    assert [item.kind for item in agenda(anna)] == [AgendaKind.CONSENTS_END]

    clock.now += timedelta(days=6)
    assert [item.subject for item in agenda(anna)] == ["T-1"]


def test_keeping_verdicts_opens_the_tasks_that_are_due(
    anna: Application, shown: str, clock: Clock
) -> None:
    today = clock.now.date()
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    ends_soon = ConsentStatement(
        ConsentKind.GIVEN,
        ["public_page"],
        on=today,
        until=today + timedelta(days=5),
        paper="1",
    )
    record_consent(anna, shown, ends_soon)
    publishing.add_publication(anna, ["P-2"], PAGE_USE, address="https://kunta.example/1")
    clock.now += timedelta(days=6)
    refresh(anna)
    assert [row.task for row in list_all(publishing.list_publications(anna))] == ["T-1"]


@pytest.mark.usefixtures("shown")
def test_what_is_asked_of_a_photographer_forgets_their_photos(anna: Application) -> None:
    refresh(anna)
    asked = ConsentStatement(ConsentKind.REQUESTED, ["website"])
    permissions.record_permission(anna, PermissionParties("H-1", photos=["P-1"]), asked)
    assert kept(anna) == [2]


def test_who_ceases_to_decide_for_a_child_or_begins_to_forgets_its_photos(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, "Elle Valkeapää", date(2018, 1, 15), ["Máret", "Ante"])
    tag_person(anna, register_photo(anna, tmp_path, MARKET), child)
    register_photo(anna, tmp_path, MARKET, "other.jpg")
    refresh(anna)
    guardians.end_guardian(application, child, "Ante")
    assert kept(anna) == [2]
    assert refresh(anna) == (1, 0)
    guardians.add_guardian(
        application,
        child,
        create_person(anna, "Sunna"),
        basis=GuardianBasis.COURT_ORDER,
        verified="court",
    )
    assert kept(anna) == [2]


@pytest.mark.usefixtures("shown")
def test_a_new_channel_forgets_everything(anna: Application, application: Application) -> None:
    refresh(anna)
    channels.add_channel(
        application,
        name="uusi",
        title="Uusi",
        kind=Channel.WEBSITE,
        controller=None,
        since=date(2020, 1, 1),
    )
    assert kept(anna) == []


def test_a_flag_forgets_versions_of_versions_as_well(anna: Application, tmp_path: Path) -> None:
    add_photographer(anna)
    for size, made_of in (((640, 480), None), ((500, 400), "P-1"), ((400, 300), "P-2")):
        file = tmp_path / f"{size}.jpg"
        file.write_bytes(jpeg(scene(1, (640, 480)).crop((0, 0, *size))))
        if made_of:
            versions.add_version(anna, made_of, file)
        else:
            list(registration.register_files(anna, [file], EMPTY_STREET))
    answer(anna, ["P-2", "P-3"], EMPTY_STREET)
    refresh(anna)
    flags.raise_flag(anna, "P-1", reason="not me")
    assert kept(anna) == []
    assert refresh(anna, everything=True) == (3, 0)


def test_a_flag_reaches_a_copy_that_is_found_later(anna: Application, tmp_path: Path) -> None:
    add_photographer(anna)
    folder = tmp_path / "kuvat"
    folder.mkdir()
    (folder / "1.jpg").write_bytes(jpeg(scene(1, (320, 240))))
    (folder / "2.jpg").write_bytes((folder / "1.jpg").read_bytes() + b"other metadata")
    list(
        registration.register_files(anna, [folder], EMPTY_STREET, RegistrationOptions(decode=False))
    )
    hashes = list(fingerprinting.fingerprint(anna))
    assert len(hashes) == 2
    with anna.changing() as work:
        unknown = "UPDATE photo SET picture_sha256 = NULL WHERE id = 1"
        work.session.connection().execute(sa.text(unknown))
    away = (folder / "1.jpg").rename(tmp_path / "away.jpg")  # or it would be looked at
    flags.raise_flag(anna, "P-1", reason="not me")
    refresh(anna)
    away.rename(folder / "1.jpg")
    list(fingerprinting.fingerprint(anna))
    assert kept(anna) == []
    assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.usefixtures("shown")
def test_what_is_kept_serves_until_the_day_on_which_something_ends(
    anna: Application, clock: Clock
) -> None:
    refresh(anna)
    for day in (date(2099, 1, 1), date(2099, 1, 2)):
        assert listed(anna, day) == checked_one_by_one(anna, day)
    clock.now += timedelta(days=365)
    assert refresh(anna) == (0, 0)
    assert listed(anna) == checked_one_by_one(anna)


def test_only_coordinators_keep_verdicts(anna: Application) -> None:
    with pytest.raises(NotAllowed):
        list(verdict_cache.refresh_cache(anna))


@pytest.mark.usefixtures("shown")
def test_a_wrong_verdict_is_found_and_put_right(anna: Application) -> None:
    refresh(anna)
    with anna.changing() as work:
        lie = "INSERT INTO missing_consent VALUES (1, 1, 'refused', 'CN_NO_CONSENT', '1')"
        work.session.connection().execute(sa.text(lie))
    assert listed(anna) != checked_one_by_one(anna)
    assert refresh(anna, everything=True) == (2, 1)
    assert listed(anna) == checked_one_by_one(anna)


def test_no_gate_goes_by_what_is_kept(anna: Application, shown: str) -> None:
    refresh(anna)
    with anna.changing() as work:
        work.session.connection().execute(sa.text("DELETE FROM missing_consent"))
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    with anna.changing() as work:
        work.session.connection().execute(sa.text("DELETE FROM stale_person"))
    [approved] = approval.approve(anna, ["P-2"], AskedUse("kunta-public-page"))
    assert approved.decision_id is None
    assert list_all(audits.list_disallowed(anna)) == []


def test_what_was_known_on_a_day_is_judged_anew(
    anna: Application, shown: str, clock: Clock
) -> None:
    before = listed(anna)
    day = clock.now.date()
    clock.now += timedelta(days=1)
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )
    refresh(anna)
    assert listed(anna) != before
    with state_as_of(anna, day) as then:
        assert listed(then) == before


def test_who_answered_is_not_taken_for_others_of_whom_the_same_was_known(
    anna: Application, shown: str, tmp_path: Path
) -> None:
    alike = create_person(anna, "Aslak Valkeapää")
    record_consent(anna, alike)
    for name in ("second.jpg", "third.jpg"):
        depictions.tag_persons(
            anna, [register_photo(anna, tmp_path, MARKET, name)], persons=[shown, alike]
        )
    for person in (shown, alike):
        refresh(anna)
        consents.withdraw_consent(
            anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(person)
        )
        refresh(anna)
        assert listed(anna) == checked_one_by_one(anna)
        record_consent(anna, person)
        refresh(anna)
        assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.usefixtures("shown")
def test_what_was_kept_by_another_policy_does_not_count(
    anna: Application, application: Application
) -> None:
    refresh(anna)
    policy.set_policy(application, {"max_consent_age_months": 1})
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna) == (2, 0)


def test_what_such_a_person_says_of_an_event_is_not_taken_for_others(
    anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    feast = f"E-{events.add_event(anna, 'Feast', on=START.date())}"
    shy, beside = create_person(anna, "Aslak Valkeapää"), create_person(anna, "Berit Valkeapää")
    no, never = ConsentStatement(ConsentKind.REFUSED), ConsentStatement(ConsentKind.WITHDRAWN)
    record_consent(anna, shy)
    consents.record_consent(anna, ConsentParties(shy), no)
    for name in ("2.jpg", "3.jpg", "4.jpg"):
        depictions.tag_persons(
            anna, [register_photo(anna, tmp_path, MARKET, name)], persons=[shy, beside]
        )
    answer(anna, ["P-2"], PhotoAnswers(event=feast))
    refresh(anna)
    consents.withdraw_consent(anna, never, parties=ConsentParties(shy))
    refresh(anna, together=2)
    consents.record_consent(anna, ConsentParties(shy, event=feast), no)
    refresh(anna, together=2)
    record_consent(anna, beside)
    refresh(anna, together=2)
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna, everything=True)[1] == 0


def a_word_past_photoreg(application: Application, kind: str = "withdrawn") -> None:
    """Another program adds a word to the consent of which something was said last."""
    word = (
        "INSERT INTO consent_event (consent_id, kind, day, is_dated, is_live, "
        "names_kind, by_attorney, open_ended, method, form_language, form_version, paper, "
        "releases_confidentiality, recorded_at, recorded_by) SELECT "
        "consent_id, :kind, day, true, true, false, false, false, method, '', '', '', false, "
        "recorded_at, recorded_by "
        "FROM consent_event ORDER BY id DESC LIMIT 1"
    )
    with application.changing() as work:
        work.session.connection().execute(sa.text(word), {"kind": kind})


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("refreshed", [True, False])
def test_what_another_program_says_of_who_is_out_has_its_task_in_the_morning(
    anna: Application, refreshed: bool
) -> None:
    publishing.add_publication(anna, ["P-2"], PAGE_USE, address="https://kunta.example/1")
    refresh(anna)
    a_word_past_photoreg(anna)
    if refreshed:
        refresh(anna)
    assert [item.subject for item in agenda(anna)] == ["T-1"]


@pytest.mark.usefixtures("shown")
def test_a_ruling_still_counts_when_a_statement_changes_nothing(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    silent = create_person(anna, "Aslak Valkeapää")
    photo = register_photo(anna, tmp_path, MARKET, "second.jpg")
    tag_person(anna, photo, silent)
    asked = ConsentStatement(ConsentKind.REQUESTED, ["public_page"])
    consents.record_consent(anna, ConsentParties(silent), asked)
    [approved] = approval.approve(anna, [photo], PAGE_USE)
    case = f"K-{approved.checked.case_id}"
    rule_on(application, case, RulingKind.PUBLISHABLE, "Because it is so.")
    refresh(anna)
    consents.record_consent(anna, ConsentParties(silent), asked)
    refresh(anna)
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna, everything=True)[1] == 0


def test_what_was_kept_after_the_clock_went_back_holds_from_the_day_of_the_last_statement(
    anna: Application, shown: str, clock: Clock
) -> None:
    clock.now += timedelta(days=9)
    refresh(anna)
    clock.now -= timedelta(days=5)
    refresh(anna, together=1)  # by a younger basis for an older day; the older one is still there
    clock.now += timedelta(days=5)
    ends = clock.now.date() - timedelta(days=2)
    yes = ConsentStatement(ConsentKind.GIVEN, ["website"], until=ends, on=START.date(), paper="1")
    consents.record_consent(anna, ConsentParties(shown), yes)
    refresh(anna)
    for days in range(-9, 2):
        day = clock.now.date() + timedelta(days=days)
        assert listed(anna, day) == checked_one_by_one(anna, day)


@pytest.mark.usefixtures("shown")
def test_a_flag_that_is_settled_forgets_its_photo(
    anna: Application, application: Application
) -> None:
    flags.raise_flag(anna, "P-1", reason="not me")
    refresh(anna)
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.LIFTED, reason="Nothing.")
    assert kept(anna) == [2]
    assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.usefixtures("shown")
def test_a_case_that_is_void_forgets_its_photo(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    silent = create_person(anna, "Aslak Valkeapää")
    photo = register_photo(anna, tmp_path, MARKET, "second.jpg")
    tag_person(anna, photo, silent)
    [approved] = approval.approve(anna, [photo], PAGE_USE)
    case = f"K-{approved.checked.case_id}"
    rule_on(application, case, RulingKind.PUBLISHABLE, "Because it is so.")
    refresh(anna)
    with anna.changing() as work:
        void = "UPDATE unclear_case SET voided_at = opened_at"
        work.session.connection().execute(sa.text(void))
    assert kept(anna) == [1, 2]
    assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.usefixtures("shown")
def test_another_name_of_the_organisation_forgets_everything(anna: Application) -> None:
    refresh(anna)
    with anna.changing() as work:
        work.session.connection().execute(
            sa.text("UPDATE registry_info SET organisation = 'Other'")
        )
    assert kept(anna) == []


@pytest.mark.usefixtures("shown")
def test_what_was_said_is_moved_to_somebody_else(anna: Application, tmp_path: Path) -> None:
    other = create_person(anna, "Aslak Valkeapää")
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "second.jpg"), other)
    register_photo(
        anna, tmp_path, replace(EMPTY_STREET, photographers=("Aslak Valkeapää",)), "third.jpg"
    )
    refresh(anna)
    with anna.changing() as work:
        work.session.connection().execute(
            sa.text("UPDATE consent SET subject_id = 3, actor_id = 3")
        )
    assert kept(anna) == [1, 4]
    refresh(anna)
    with anna.changing() as work:
        work.session.connection().execute(sa.text("UPDATE permission SET photographer_id = 3"))
    assert kept(anna) == []
    refresh(anna)
    with anna.changing() as work:
        work.session.connection().execute(
            sa.text("UPDATE depiction SET photo_id = 4 WHERE photo_id = 2")
        )
    assert kept(anna) == [1, 3]
    assert listed(anna) == checked_one_by_one(anna)


@pytest.mark.parametrize("together", [1, verdict_cache.BATCH_SIZE])
def test_what_is_put_together_holds_no_longer_than_the_new_statement(
    anna: Application, shown: str, clock: Clock, tmp_path: Path, together: int
) -> None:
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "second.jpg"), shown)
    refresh(anna)
    ends = clock.now.date() + timedelta(days=5)
    record_consent(
        anna, shown, ConsentStatement(ConsentKind.GIVEN, ["public_page"], until=ends, paper="1")
    )
    assert refresh(anna, together=together) == (2, 0)
    for day in (ends, ends + timedelta(days=1)):
        assert listed(anna, day) == checked_one_by_one(anna, day)
    clock.now += timedelta(days=6)
    assert refresh(anna) == (2, 0)


@pytest.mark.usefixtures("shown")
@pytest.mark.engines("sqlite")  # a server does not let it happen
def test_what_is_kept_by_nothing_that_is_known_does_not_count(
    anna: Application, application: Application
) -> None:
    refresh(anna)
    with closing(sqlite3.connect(str(anna.registry.store.engine.url.database))) as other_program:
        other_program.execute("DELETE FROM verdict_basis")
        other_program.commit()
    policy.set_policy(application, {"max_consent_age_months": 1})
    assert listed(anna) == checked_one_by_one(anna)
    assert refresh(anna) == (2, 0)


@pytest.mark.usefixtures("shown")
def test_what_becomes_a_version_takes_its_own_versions_with_it(
    anna: Application, tmp_path: Path
) -> None:
    for name in ("third.jpg", "fourth.jpg"):
        register_photo(anna, tmp_path, MARKET, name)

    def made_of(photo: int, other: int) -> None:
        with anna.changing() as work:
            change = sa.text("UPDATE photo SET version_of = :other WHERE id = :photo")
            work.session.connection().execute(change, {"other": other, "photo": photo})

    made_of(4, 3)
    flags.raise_flag(anna, "P-1", reason="not me")
    refresh(anna)
    made_of(3, 1)
    assert kept(anna) == [1, 2]
    assert refresh(anna) == (2, 0)
    assert refresh(anna, everything=True) == (4, 0)


A_WORD = """INSERT INTO consent_event (consent_id, kind, day, is_dated, is_live,
  names_kind, by_attorney, open_ended, method, paper, form_language, form_version,
  releases_confidentiality, recorded_at, recorded_by)
  SELECT consent_id, 'withdrawn', day, true, true, false, false, false, method, '', '', '', false,
  recorded_at, recorded_by
  FROM consent_event"""


@pytest.mark.usefixtures("shown")
@pytest.mark.engines("postgresql")
def test_another_program_on_a_server_records_when_nobody_keeps_verdicts(anna: Application) -> None:
    refresh(anna)
    engine = anna.registry.store.engine
    with anna.changing(), engine.connect() as other_program:
        other_program.exec_driver_sql("SET lock_timeout = '100ms'")
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            other_program.exec_driver_sql(A_WORD)
    free = f"SELECT pg_try_advisory_xact_lock({WRITERS_LOCK})"
    with engine.begin() as other_program, engine.connect() as looking:
        other_program.exec_driver_sql(A_WORD)
        assert looking.exec_driver_sql(free).scalar() is False
    assert refresh(anna) == (1, 0)
    assert refresh(anna, everything=True) == (2, 0)


@pytest.mark.usefixtures("shown")
@pytest.mark.engines("postgresql")
def test_another_program_must_see_what_was_kept_to_make_it_forgotten(anna: Application) -> None:
    before = anna.registry.store.engine.execution_options(isolation_level="REPEATABLE READ")
    with (
        before.connect() as other_program,
        pytest.raises(sa.exc.DBAPIError, match="written at READ COMMITTED"),
    ):
        other_program.exec_driver_sql(A_WORD)


def kept(application: Application) -> list[int]:
    """Return the photos of which verdicts are kept that nobody doubts."""
    doubtful = "SELECT photo_id FROM stale_person JOIN depiction USING (person_id)"
    kept = f"SELECT photo_id FROM verdict_cache EXCEPT {doubtful} ORDER BY photo_id"  # noqa: S608
    return column(application, kept)


def column(application: Application, query: str) -> list[Any]:
    """Return what a query with one column finds."""
    with application.reading() as work:
        return list(work.session.connection().execute(sa.text(query)).scalars())
