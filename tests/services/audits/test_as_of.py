"""What was known on a day: played at random, remembered day by day, and asked for later."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from tests.conftest import Clock
from tests.services.machines import RegistryCopies, RegistryMachine, run_machine
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    add_child,
    add_photographer,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)

from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.engines.database import Registry
from photoreg.registry.ledger import Action
from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import GuardianBasis, StaffRole
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.registry.triggers.history import (
    HISTORY_COLUMNS,
    PARENT_ROWS,
    TIME_COLUMNS,
    UNDATED_TABLES,
)
from photoreg.rulebook.facts import Channel, Confidentiality, ConsentKind, People, Place, Shot
from photoreg.services.application import Application
from photoreg.services.audits import audits
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.data_subjects import erasure
from photoreg.services.decisions import approval, flags
from photoreg.services.organisation import channels, policy, registry_setup, staff
from photoreg.services.people import blocks, persons
from photoreg.services.people.guardians import add_guardian, end_guardian, excuse_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers as photo_answers
from photoreg.services.photos import depictions, events
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.publications import publishing, takedown_tasks

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PHOTOS = ("P-1", "P-2", "P-3")
CHILD, GUARDIANS, ADULT = "H-2", ("H-3", "H-4"), "H-5"
SHOWN = (CHILD, ADULT, *GUARDIANS)


@pytest.fixture(scope="session")
def three_photos(
    new_registry: Callable[[], Path | str], tmp_path_factory: pytest.TempPathFactory
) -> Path | str:
    """A registry with three photos, a child with two guardians, an adult, an event; made once."""
    where, folder = new_registry(), tmp_path_factory.mktemp("three")
    registry_setup.create_registry(
        where, organisation="Kunta", login="kaisa", name="Kaisa", clock=lambda: START
    )
    registry = Registry.open(where)
    kaisa = Application(registry, "kaisa", lambda: START)
    staff.add_staff(kaisa, login="ville", name="Ville", role=StaffRole.DEPUTY)
    channels.add_channel(
        kaisa,
        name=PAGE_USE.channel,
        title="Page",
        kind=Channel.PUBLIC_PAGE,
        controller=None,
        since=date(2020, 1, 1),
        admins=("kaisa",),
    )
    add_photographer(kaisa)
    add_child(kaisa, "Elle", date(2008, 11, 20), ["Máret", "Ante"])
    create_person(kaisa, "Niilla")
    for number, answers in enumerate((MARKET, MARKET, EMPTY_STREET)):
        register_photo(kaisa, folder, answers, f"{number}.jpg")
    tag_person(kaisa, "P-1", CHILD)
    tag_person(kaisa, "P-2", ADULT)
    events.add_event(kaisa, "Feast", on=date(2026, 11, 2), roster=[CHILD])
    registry.close()
    return where


def known(application: Application) -> dict[str, Any]:
    """What an auditor reads: what lacks, what is out and may not be, the cases, the settings."""
    with audits.list_missing_consents(application) as rows:
        lacking = list(rows)
    with audits.list_log(application) as entries:
        # Who looks is logged, on this day too, after this was read.
        log = [entry for entry in entries if entry.action != Action.NAMES_SHOWN]
    return {
        "lacking": lacking,
        "published": list_all(audits.list_disallowed(application)),
        "publications": list_all(publishing.list_publications(application, everything=True)),
        # What is overdue turns with the hours; the rest is told as of the day.
        "cases": [
            replace(row, overdue=False)
            for row in flags.coordinator_queue(application, everything=True)
        ],
        "looser": audits.looser_settings(application),
        "channels": channels.list_channels(application),
        "persons": [replace(row, name="") for row in persons.list_persons(application)],
        "roster": events.show_event(application, "E-1").roster,
        "log": log,
    }


class WhatWasKnown(RegistryMachine):
    """Anything happens on any day; at the end of each day the lists are remembered."""

    @initialize()
    def open_registry(self) -> None:
        """Begin with nothing remembered."""
        self.now, self.addresses = START, 0
        self.kaisa = Application(self.registry, "kaisa", lambda: self.now)
        self.ville = Application(self.registry, "ville", lambda: self.now)
        self.remembered: dict[date, dict[str, Any]] = {}

    def teardown(self) -> None:
        """Every day is told later as it was then."""
        try:
            for day, was in self.remembered.items():
                with state_as_of(self.kaisa, day) as then:
                    assert known(then) == was, day
        finally:
            super().teardown()

    @rule(days=st.integers(1, 30))
    def a_day_ends(self, days: int) -> None:
        """Remember what is known, and go on."""
        self.remembered[self.now.date()] = known(self.kaisa)
        self.now += timedelta(days=days)

    @rule(photo=st.sampled_from(PHOTOS), person=st.sampled_from(SHOWN), shown=st.booleans())
    def tag(self, photo: str, person: str, shown: bool) -> None:
        """Somebody is named, or taken out again."""
        with suppress(PhotoregError):
            (depictions.tag_persons if shown else depictions.untag_persons)(
                self.kaisa, [photo], persons=[person]
            )

    @rule(
        photo=st.sampled_from(PHOTOS),
        answers=st.builds(
            PhotoAnswers,
            place=st.none() | st.sampled_from(Place),
            shot=st.none() | st.sampled_from(Shot),
            people=st.none() | st.sampled_from([People.NONE, People.UNSURE]),
            confidentiality=st.none() | st.sampled_from(Confidentiality),
            sensitive=st.none() | st.booleans(),
            credit=st.none() | st.sampled_from(["Kuva: A", "Kuva: B"]),
            event=st.none() | st.just("E-1"),
        ),
    )
    def answer(self, photo: str, answers: PhotoAnswers) -> None:
        """A question is answered anew."""
        with suppress(PhotoregError):
            photo_answers.answer(self.kaisa, [photo], answers)

    @rule(
        who=st.sampled_from(SHOWN),
        kind=st.sampled_from([ConsentKind.GIVEN, ConsentKind.REFUSED]),
        days=st.integers(0, 40),
    )
    def speak(self, who: str, kind: ConsentKind, days: int) -> None:
        """Somebody says yes for a while, or no."""
        until = self.now.date() + timedelta(days=days)
        spoken = replace(granted_consent(), on=None, until=until)
        spoken = spoken if kind is ConsentKind.GIVEN else ConsentStatement(kind)
        whose = ConsentParties(CHILD, by=who) if who in GUARDIANS else ConsentParties(who)
        with suppress(PhotoregError):
            consents.record_consent(self.kaisa, whose, spoken)

    @rule(
        who=st.sampled_from(SHOWN),
        about=st.builds(
            PersonDetails,
            born=st.none() | st.dates(date(2000, 1, 1), date(2020, 1, 1)),
            deceased=st.none() | st.booleans(),
            guardians=st.none() | st.integers(0, 3),
        ),
    )
    def change_person(self, who: str, about: PersonDetails) -> None:
        """A fact about a person is corrected."""
        with suppress(PhotoregError):
            persons.change_person(self.kaisa, who, about)

    @rule(who=st.sampled_from(SHOWN), lift=st.booleans())
    def block(self, who: str, lift: bool) -> None:
        """Somebody may not be shown, or may again."""
        change = blocks.unblock_person if lift else blocks.block_person
        change(self.kaisa, who)

    @rule(guardian=st.sampled_from(GUARDIANS), what=st.sampled_from(["end", "add", "excuse"]))
    def guardianship(self, guardian: str, what: str) -> None:
        """A guardianship ends, begins anew, or somebody is excused."""
        with suppress(PhotoregError):
            if what == "end":
                end_guardian(self.kaisa, CHILD, guardian)
            elif what == "add":
                add_guardian(
                    self.kaisa, CHILD, guardian, basis=GuardianBasis.PARENT, verified="seen"
                )
            else:
                excuse_guardian(self.kaisa, CHILD, guardian, ground="abroad")

    @rule(photo=st.sampled_from(PHOTOS))
    def publish(self, photo: str) -> None:
        """Publish what is allowed; what is unclear becomes a case and is ruled on."""
        self.addresses += 1
        [answer] = approval.approve(self.kaisa, [photo], PAGE_USE)
        case = answer.checked.case_id
        with suppress(PhotoregError):
            rule_on(self.ville, f"K-{case}", RulingKind.PUBLISHABLE, "Looked at it.")
        address = f"https://kunta.example/{self.addresses}"
        publishing.add_publication(self.kaisa, [photo], PAGE_USE, address=address)

    @rule(publication=st.integers(1, 4))
    def take_down(self, publication: int) -> None:
        """Something is taken down."""
        with suppress(PhotoregError):
            takedown_tasks.take_down(self.kaisa, [f"J-{publication}"], proof="screenshot")

    @rule(photo=st.sampled_from(PHOTOS), outcome=st.none() | st.sampled_from(FlagOutcome))
    def flag(self, photo: str, outcome: FlagOutcome | None) -> None:
        """Somebody stops a photo, or the newest flag is resolved."""
        with suppress(PhotoregError):
            if outcome is None:
                flags.raise_flag(self.kaisa, photo, reason="take me off")
            else:
                open_flag = flags.list_flags(self.kaisa)[-1:]
                for each in open_flag:
                    flags.resolve_flag(
                        self.ville, each.flag, outcome=outcome, reason="looked at it"
                    )

    @rule(expected=st.booleans(), person=st.sampled_from(SHOWN))
    def roster(self, expected: bool, person: str) -> None:
        """Somebody is put on the roster or taken off."""
        coming, leaving = ([person], []) if expected else ([], [person])
        with suppress(PhotoregError):
            events.change_roster(self.kaisa, "E-1", add_persons=coming, remove_persons=leaving)

    @rule(guardians=st.sampled_from(["all", "one"]))
    def change_policy(self, guardians: str) -> None:
        """A setting changes."""
        policy.set_policy(self.kaisa, {"guardians": guardians})

    @rule()
    def terms_change(self) -> None:
        """The service behind the channel changes its terms."""
        channels.record_terms_change(self.kaisa, channel=PAGE_USE.channel)

    @rule()
    def a_stranger_comes(self) -> None:
        """Somebody new is recorded, shown, and agrees."""
        self.addresses += 1
        stranger = create_person(self.kaisa, f"Stranger {self.addresses}")
        tag_person(self.kaisa, "P-2", stranger)
        record_consent(self.kaisa, stranger, replace(granted_consent(), on=None))


def test_each_day_is_shown_later_as_it_was(
    three_photos: Path | str, stages: RegistryCopies
) -> None:
    phases = (Phase.explicit, Phase.reuse, Phase.generate)  # making a story shorter takes minutes
    run_machine(WhatWasKnown, stages, three_photos, runs=9, steps=20, phases=phases)


def test_a_day_before_changes_are_remembered_and_a_day_to_come_are_refused(
    application: Application,
) -> None:
    for day in (date(2026, 11, 1), date(2026, 11, 3)):
        with pytest.raises(InputDataError), state_as_of(application, day):
            pass


def test_a_story_is_reported_as_it_was_on_each_day(
    application: Application, tmp_path: Path, clock: Clock
) -> None:
    add_photographer(application)
    child = add_child(application, "Elle", date(2008, 11, 20), ["Máret", "Ante"])
    register_photo(application, tmp_path, MARKET)
    events.add_event(application, "Feast", on=date(2026, 11, 2), roster=[child])
    tag_person(application, "P-1", child)
    told = {clock.now.date(): known(application)}
    for change in (
        lambda: record_consent(application, child, by="Máret"),
        lambda: excuse_guardian(application, child, "Ante", ground="abroad"),
        lambda: persons.change_person(application, child, PersonDetails(born=date(2008, 11, 21))),
        lambda: depictions.untag_persons(application, ["P-1"], persons=[child]),
        lambda: photo_answers.answer(
            application, ["P-1"], PhotoAnswers(place=Place.CARE_OTHER, sensitive=True)
        ),
        lambda: channels.record_terms_change(application, channel=PAGE_USE.channel),
        lambda: end_guardian(application, child, "Máret"),
    ):
        clock.now += timedelta(days=1)
        change()
        told[clock.now.date()] = known(application)
    for day, was in told.items():
        with state_as_of(application, day) as then:
            assert known(then) == was, day


def test_the_day_before_a_guardian_ended_and_began_again_is_shown(
    application: Application, tmp_path: Path, clock: Clock
) -> None:
    add_photographer(application)
    child = add_child(application, "Elle", date(2018, 3, 1), ["Máret"])
    register_photo(application, tmp_path, MARKET)
    events.add_event(application, "Feast", on=date(2026, 11, 2), roster=[child])
    tag_person(application, "P-1", child)
    before, day = known(application), clock.now.date()
    clock.now += timedelta(days=1)
    end_guardian(application, child, "Máret")
    clock.now += timedelta(days=1)
    add_guardian(application, child, "Máret", basis=GuardianBasis.PARENT, verified="seen")
    with state_as_of(application, day) as then:
        assert known(then) == before


def test_the_copy_is_private_and_gone_afterwards(application: Application) -> None:
    with state_as_of(application, date(2026, 11, 2)) as then:
        path = then.registry.path
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.parent.exists()


def test_what_is_done_in_the_past_changes_nothing_today(application: Application) -> None:
    with state_as_of(application, date(2026, 11, 2)) as then:
        create_person(then, "Elle Valkeapää")
    assert persons.list_persons(application) == []


def test_after_an_erasure_the_history_holds_no_name_contact_or_text(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    child = add_child(application, "Elle Valkeapää", date(2018, 3, 1), ["Máret Aikio"])
    tag_person(application, register_photo(application, tmp_path, MARKET), child)
    persons.change_person(
        application, child, PersonDetails(name="Elle V", contact="040 123", deceased=True)
    )
    excuse_guardian(application, child, "Máret Aikio", ground="very ill")
    end_guardian(application, child, "Máret Aikio")
    depictions.untag_persons(application, ["P-1"], persons=[child])
    erasure.erase(application, child, erasure.ErasureGround.REQUEST)
    with application.registry.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT old FROM history").all()
    told = repr(rows)
    assert "guardian_id" in told
    for secret in ("Elle", "040", "Aikio", "ill", "register", "2018-03-01"):
        assert secret not in told, secret


def test_every_table_can_be_taken_back_or_need_not() -> None:
    told = {*HISTORY_COLUMNS, *TIME_COLUMNS, *PARENT_ROWS, *UNDATED_TABLES}
    timeless = {
        "registry_info",  # what never changes
        "staff",  # who works here is told as of today
        "photo_likeness",
        "likeness_block",  # what a photo looks like, which no audit asks for
        "moment",
        "verdict_cache",  # forgotten, and judged anew
        *("missing_consent", "photo_class", "stale_person", "verdict_basis", "separate_person"),
        "touched",  # until it is reacted to
        "record_hash",  # of the records as they are now
        *(
            "password",
            "session_use",
            "sign_in_attempt",
            "api_key",
            "api_key_channel",
        ),  # who may sign in is told as of today
    }
    assert set(METADATA.tables) == told | timeless
