"""What follows from a change: whatever is changed, by whatever use case, nothing is forgotten.

Every use case that changes records is found in the code, and played on photos that are published.
Afterwards the tasks to take down are those that a fresh evaluation asks for.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlmodel import select
from tests.conftest import Clock
from tests.documents.scanned import page_with
from tests.imaging.builders import ARTIST, jpeg_named
from tests.services.decisions.test_stop_propagation import WHOLE, saved_anew
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

import photoreg.services
from photoreg.cli.commands.sheet import vocabulary
from photoreg.errors import NotAllowed, PhotoregError
from photoreg.imaging.reading import read_photo
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.evidence import look_at_all_documents
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.cases import cases_in_force, photos_with_cases
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import ListKind
from photoreg.registry.tables.people import ApiScope, GuardianBasis, Staff, StaffRole
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import (
    Capacity,
    Channel,
    Confidentiality,
    ConsentKind,
    People,
    Place,
    Shot,
)
from photoreg.services import agenda, undo
from photoreg.services.application import Application
from photoreg.services.audits import anchor_keys, audits, oversight, record_life, verdict_cache
from photoreg.services.consents import (
    consents,
    documents,
    form_answers,
    forms,
    permissions,
)
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.lists import consent_import
from photoreg.services.consents.papers import form_entry, scans
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.data_subjects import access_report, disclosures, erasure, merge, retention
from photoreg.services.decisions import approval, cases, checks, choosing, flags
from photoreg.services.decisions.case_verdicts import case_verdicts
from photoreg.services.decisions.stop_propagation import similar_to_stopped
from photoreg.services.decisions.stops import stops_of
from photoreg.services.files import documents as look_at_documents
from photoreg.services.files import fingerprinting, metadata, refreshing, stripping
from photoreg.services.files.rights import RightsOptions
from photoreg.services.organisation import (
    api_keys,
    channels,
    layouts,
    passwords,
    policy,
    registry_setup,
    sessions,
    staff,
    units,
)
from photoreg.services.people import blocks, guardians, persons
from photoreg.services.photos import (
    answers,
    confirmation,
    depictions,
    events,
    forgetting,
    question_sheets,
    registration,
    roster_import,
    series,
    uploads,
    versions,
)
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.photos.confirmation import OwnAnswer
from photoreg.services.photos.folders import folder_events
from photoreg.services.photos.folders.folder_events import FolderEvent
from photoreg.services.photos.naming import contact_sheets, one_photo
from photoreg.services.photos.naming.one_photo import NamingStatement
from photoreg.services.photos.registration import RegistrationOptions
from photoreg.services.photos.uploads import SentFile
from photoreg.services.publications import (
    corrections,
    export,
    publishing,
    takedown,
    takedown_tasks,
)
from photoreg.services.publications.publishing import PublicationState
from photoreg.services.upkeep import maintenance, restores, transfer
from photoreg.services.upkeep.clock import note_wrong_clock

TAKER, ELLE, CHILD, ANTE, INGA = "H-1", "H-2", "H-3", "H-4", "H-5"
MARKET_VIEW, CHILDS, OF_EVENT, COPY, RULED = "P-1", "P-2", "P-3", "P-4", "P-5"
"""The published photos, as J-1 to J-5: of Elle; of a child; of an event; what looks like that one;
of somebody unnamed, by a ruling."""

NO = ConsentStatement(ConsentKind.REFUSED)
WITHDRAWN = ConsentStatement(ConsentKind.WITHDRAWN, purposes=())
WHEN_ALL_HAS_ENDED = datetime(2099, 6, 1, tzinfo=UTC)
ALL = "J-1 J-2 J-3 J-4 J-5"

Place_ = Path | str


@dataclass(frozen=True)
class World:
    """A registry with published photos; anna records, kaisa and ville are coordinators."""

    anna: Application
    kaisa: Application
    ville: Application
    clock: Clock
    where: Place_
    folder: Path
    files: Path

    def publish(self, photo: str, address: str = "") -> str:
        """Publish a photo that may be."""
        address = address or f"https://kunta.example/{photo}"
        recorded = publishing.add_publication(self.anna, [photo], PAGE_USE, address=address)
        assert recorded.publication, recorded.checked[0].verdict.codes
        return recorded.publication

    def asked_for(self) -> set[str]:
        """Return what has to be taken down, by a fresh evaluation."""
        with self.kaisa.reading() as work:
            wrong = takedown.all_disallowed(work)
            return {each.publication for each in wrong if each.recallable}

    def open_tasks(self) -> set[str]:
        """Return what somebody is to take down."""
        listed = list_all(publishing.list_publications(self.kaisa))
        return {p.publication for p in listed if p.state is PublicationState.TAKE_DOWN_OPEN}

    def outdated_cases(self) -> set[int | None]:
        """Return the cases in force whose facts have changed, by a fresh evaluation."""
        with self.kaisa.reading() as work:
            found = cases_in_force(work.session, photos_with_cases(work.session, PhotoSelection()))
            now = case_verdicts(work, found)
            return {
                each.case.id
                for each in found
                if each.case.facts_digest != now[id_of(each.case)].digest
            }

    def unstopped_copies(self) -> set[int]:
        """Return what looks like a stopped photo, by a fresh search, and was never flagged.

        What is stopped itself needs no flag.
        """
        with self.kaisa.reading() as work:
            photos = set(
                work.session.connection().execute(sa.text("SELECT id FROM photo")).scalars()
            )
            flagged = work.session.connection().execute(sa.text("SELECT photo_id FROM photo_flag"))
            copies = similar_to_stopped(work, photos) if photos else {}
            stops = stops_of(work, copies)
            itself = {number for number in copies if stops.is_stopped_itself(number)}
            return copies.keys() - set(flagged.scalars()) - itself

    def told(self) -> set[str]:
        """Return what was told of."""
        by = (self.anna, self.kaisa, self.ville)
        return {each.publication for one in by for each in one.reacted.publications}

    def noted(self) -> int:
        """Return how many notes are left that nobody has reacted to."""
        with self.kaisa.reading() as work:
            counted = sa.text("SELECT count(*) FROM touched")
            return int(work.session.connection().execute(counted).scalar_one())

    @contextmanager
    def edited(self, name: str, content: bytes) -> Iterator[Path]:
        """Let a registered file hold something else; it is the other tests' file as well."""
        file = self.files / name
        before = file.read_bytes()
        try:
            file.write_bytes(content)
            yield file
        finally:
            file.write_bytes(before)


@pytest.fixture(scope="session")
def published_registry(
    new_registry: Callable[[], Place_], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Place_, Path]:
    """A registry with published photos, and the folder of their files; made once."""
    where, files = new_registry(), tmp_path_factory.mktemp("files")
    registry_setup.create_registry(
        where, organisation="Kunta", login="kaisa", name="Kaisa", clock=Clock()
    )
    registry = Registry.open(where, files)
    world = _world(registry, where, files, files, Clock())
    for login, role in (("anna", StaffRole.EMPLOYEE), ("ville", StaffRole.DEPUTY)):
        staff.add_staff(world.kaisa, login=login, name=login.title(), role=role)
    channels.add_channel(
        world.kaisa,
        name=PAGE_USE.channel,
        title="Page",
        kind=Channel.PUBLIC_PAGE,
        controller=None,
        since=date(2020, 1, 1),
        admins=["anna"],
    )
    _publish_all(world)
    registry.close()
    return where, files


def _world(registry: Registry, where: Place_, folder: Path, files: Path, clock: Clock) -> World:
    anna, kaisa, ville = (Application(registry, who, clock) for who in ("anna", "kaisa", "ville"))
    return World(anna, kaisa, ville, clock, where, folder, files)


def _publish_all(world: World) -> None:
    anna = world.anna
    add_photographer(anna)
    create_person(anna, "Elle Valkeapää")
    add_child(anna, "Máret Valkeapää", date(2018, 1, 1), ["Ante Valkeapää", "Inga Valkeapää"])
    record_consent(anna, ELLE)
    for guardian in (ANTE, INGA):
        record_consent(anna, CHILD, by=guardian)
    events.add_event(anna, "Feast", on=date(2026, 10, 3), photographers=[TAKER], roster=[CHILD])
    of_event = replace(EMPTY_STREET, photographers=(), event="E-1", place=None)
    events.change_event(anna, "E-1", answers=EventAnswers(place=Place.PUBLIC_OUTDOOR))
    tag_person(anna, register_photo(anna, world.files, MARKET, "market.jpg"), ELLE)
    tag_person(anna, register_photo(anna, world.files, MARKET, "child.jpg"), CHILD)
    register_photo(anna, world.files, of_event, "whole.jpg", WHOLE)
    register_photo(anna, world.files, EMPTY_STREET, "again.jpg", saved_anew())
    register_photo(anna, world.files, MARKET, "crowd.jpg")
    approval.approve(anna, [RULED], PAGE_USE)
    rule_on(world.kaisa, "K-1", RulingKind.PUBLISHABLE, "Nobody is shown closely.")
    for photo in (MARKET_VIEW, CHILDS, OF_EVENT, COPY, RULED):
        world.publish(photo)


@pytest.fixture
def world(
    published_registry: tuple[Place_, Path],
    duplicate: Callable[[Place_], Place_],
    tmp_path: Path,
    evidence_folder: Path,
) -> Iterator[World]:
    where = duplicate(published_registry[0])
    registry = Registry.open(where, evidence_folder)
    yield _world(registry, where, tmp_path, published_registry[1], Clock())
    registry.close()


# --- a scenario for each use case that changes something ------------------------------------------

Change = Callable[[World], object]


@dataclass(frozen=True)
class Scenario:
    """A change on published photos, and what has to be taken down after it."""

    change: Change
    comes_down: frozenset[str]
    is_told: bool


SCENARIOS: dict[str, Scenario] = {}
"""By the use case's module and name."""

ANYBODY_BLOCKS = {"people.blocks.block_person", "people.blocks.unblock_person"}
"""The use cases in which somebody is blocked, which any member of staff does."""


def scenario(of: str, comes_down: str = "", *, is_told: bool = True) -> Callable[[Change], Change]:
    """Add the scenario of a use case."""

    def add(change: Change) -> Change:
        SCENARIOS[of] = Scenario(change, frozenset(comes_down.split()), is_told)
        return change

    return add


def add_website(kaisa: Application) -> str:
    """Make a key of the API."""
    return api_keys.add_key(
        kaisa,
        name="website",
        scopes=[ApiScope.CHECK],
        channels=[PAGE_USE.channel],
        until=date(2099, 12, 31),
    )


SIMPLE: dict[str, tuple[str, Change]] = {
    "photos.answers.answer": (
        "J-1 J-5",
        lambda w: (
            answers.answer(
                w.anna, [MARKET_VIEW], PhotoAnswers(confidentiality=Confidentiality.INTERNAL)
            ),
            answers.answer(w.anna, [RULED], PhotoAnswers(shot=Shot.PERSON_SUBJECT)),
        ),
    ),
    "consents.consents.record_consent": (
        "J-1",
        lambda w: consents.record_consent(w.anna, ConsentParties(ELLE), NO),
    ),
    "consents.lists.consent_import.import_consents": (
        "J-1",
        lambda w: consent_import.import_consents(
            w.anna, _list_with_a_no(w), consent_import.ListTerms(), apply=True
        ),
    ),
    "consents.consents.withdraw_consent": (
        "J-1",
        lambda w: consents.withdraw_consent(w.anna, WITHDRAWN, parties=ConsentParties(ELLE)),
    ),
    "consents.consents.withdraw_or_object": (
        "J-2",
        lambda w: consents.withdraw_or_object(w.anna, ConsentParties(CHILD, by=ELLE), WITHDRAWN),
    ),
    "decisions.approval.approve": ("", lambda w: approval.approve(w.anna, [MARKET_VIEW], PAGE_USE)),
    "audits.audits.list_other_logins": ("", lambda w: list_all(audits.list_other_logins(w.kaisa))),
    "data_subjects.disclosures.state_purpose": (
        "",
        lambda w: disclosures.state_purpose(w.anna, "Yearly audit", "lacking"),
    ),
    "data_subjects.erasure.erase": (
        "J-1",
        lambda w: erasure.erase(w.kaisa, ELLE, erasure.ErasureGround.REQUEST),
    ),
    "photos.events.add_event": (
        "",
        lambda w: events.add_event(w.anna, "Fair", on=date(2026, 10, 4)),
    ),
    "photos.naming.contact_sheets.contact_sheet": (
        "",
        lambda w: list(contact_sheets.contact_sheet(w.anna, "E-1").photos),
    ),
    "photos.folders.folder_events.record_events": (
        "",
        lambda w: folder_events.record_events(
            w.anna, [FolderEvent("2026", "Outing", date(2026, 6, 1), date(2026, 6, 1), ())]
        ),
    ),
    "photos.events.change_event": (
        "J-3",
        lambda w: events.change_event(
            w.anna, "E-1", answers=EventAnswers(place=Place.PRIVATE_HOME)
        ),
    ),
    "photos.events.change_roster": (
        "",
        lambda w: events.change_roster(w.anna, "E-1", add_persons=[ELLE], remove_persons=[CHILD]),
    ),
    "publications.export.export_photos": (
        "",
        lambda w: list(export.export_photos(w.anna, [MARKET_VIEW], PAGE_USE, w.folder / "copies")),
    ),
    "files.refreshing.refresh_refused": (
        "",
        lambda w: refreshing.refresh_refused(w.anna, [MARKET_VIEW], ConsentKind.REFUSED),
    ),
    "decisions.flags.raise_flag": (
        "J-3 J-4",
        lambda w: flags.raise_flag(w.anna, OF_EVENT, reason="A number plate."),
    ),
    "consents.form_answers.record_form_answer": (
        "J-1",
        lambda w: form_answers.record_form_answer(w.anna, _form(w), NO, form_answers.FormMarks()),
    ),
    "consents.form_answers.withdraw_form_answer": (
        "J-1",
        lambda w: form_answers.withdraw_form_answer(
            w.anna, _form(w), WITHDRAWN, form_answers.FormMarks()
        ),
    ),
    "people.guardians.add_guardian": ("J-2", lambda w: _third_guardian(w, verified="seen")),
    "people.guardians.excuse_guardian": (
        "",
        lambda w: guardians.excuse_guardian(w.kaisa, CHILD, ANTE, ground="abroad"),
    ),
    "people.guardians.end_guardian": (
        "J-2",
        lambda w: guardians.end_guardian(w.kaisa, CHILD, ANTE),
    ),
    "data_subjects.merge.plan_merge": ("", lambda w: merge.plan_merge(w.kaisa, ELLE, _twice(w))),
    "data_subjects.merge.merge_persons": (
        "J-1",
        lambda w: merge.merge_persons(w.kaisa, ELLE, _twice(w)),
    ),
    "people.persons.add_person": ("", lambda w: create_person(w.anna, "Biret")),
    "people.blocks.block_person": ("J-1", lambda w: blocks.block_person(w.anna, ELLE)),
    "people.persons.change_person": (
        "J-1",
        lambda w: persons.change_person(
            w.anna, ELLE, persons.PersonDetails(capacity=Capacity.DOUBT)
        ),
    ),
    "consents.permissions.record_permission": (
        ALL,
        lambda w: permissions.record_permission(w.anna, PermissionParties(TAKER), NO),
    ),
    "consents.permissions.withdraw_permission": (
        "J-3 J-4",  # what looks like it is stopped
        lambda w: permissions.withdraw_permission(
            w.anna, WITHDRAWN, rights=PermissionParties(TAKER, photos=[OF_EVENT])
        ),
    ),
    "audits.record_life.record_life": (
        "",
        lambda w: record_life.record_life(w.kaisa, "P-1", purpose="She asked."),
    ),
    "data_subjects.access_report.access_report": (
        "",
        lambda w: access_report.access_report(w.kaisa, ELLE, purpose="She asked."),
    ),
    "decisions.choosing.publishable_photos": (
        "",
        lambda w: choosing.publishable_photos(w.anna, [MARKET_VIEW], PAGE_USE),
    ),
    "publications.publishing.add_publication": (
        "",
        lambda w: w.publish(MARKET_VIEW, "https://kunta.example/2"),
    ),
    "photos.registration.prepare_registration": (
        "",
        lambda w: registration.prepare_registration(w.anna, PhotoAnswers(event="E-1")),
    ),
    "upkeep.maintenance.remove_leftovers": ("", lambda w: maintenance.remove_leftovers(w.kaisa)),
    "audits.anchor_keys.make_log_key": (
        "",
        lambda w: anchor_keys.make_log_key(
            w.kaisa, w.folder / "log.key", lambda: "a long phrase!!"
        ),
    ),
    "organisation.layouts.save_layout": (
        "",
        lambda w: layouts.save_layout(
            w.anna, ListKind.CLASS_LIST, "Primus", ["Nimi", "Huolt. 1"], {"Huolt. 1": "guardian 1"}
        ),
    ),
    "organisation.staff.add_staff": (
        "",
        lambda w: staff.add_staff(
            w.kaisa,
            login="aila",
            name="Aila",
            role=StaffRole.EMPLOYEE,
            unit="School",
            new_unit=True,
        ),
    ),
    "decisions.flags.raise_flags": (
        "J-3 J-4",
        lambda w: flags.raise_flags(w.anna, [OF_EVENT], reason="A number plate."),
    ),
    "organisation.api_keys.add_key": (
        "",
        lambda w: add_website(w.kaisa),
    ),
    "organisation.api_keys.revoke_key": (
        "",
        lambda w: api_keys.revoke_key(w.kaisa, add_website(w.kaisa).partition(".")[0]),
    ),
    "organisation.passwords.give_password": (
        "",
        lambda w: passwords.give_password(w.kaisa, "anna"),
    ),
    "organisation.passwords.change_password": (
        "",
        lambda w: passwords.change_password(
            w.anna, passwords.give_password(w.kaisa, "anna"), "some words put together"
        ),
    ),
    "organisation.sessions.open_own_session": (
        "",
        lambda w: sessions.open_own_session(w.anna),
    ),
    "organisation.sessions.sign_in": (
        "",
        lambda w: sessions.sign_in(
            w.anna, passwords.give_password(w.kaisa, "anna"), address="127.0.0.1"
        ),
    ),
    "organisation.sessions.sign_out": (
        "",
        lambda w: sessions.sign_out(replace(w.anna, secret=sessions.open_own_session(w.anna))),
    ),
    "organisation.sessions.sign_out_user": (
        "",
        lambda w: (sessions.open_own_session(w.anna), sessions.sign_out_user(w.kaisa, "anna")),
    ),
    "photos.naming.one_photo.record_statement": (
        "J-4",
        lambda w: one_photo.record_statement(w.anna, OF_EVENT, _stated(w)),
    ),
    "photos.naming.one_photo.preview_statement": (
        "",
        lambda w: one_photo.preview_statement(w.anna, OF_EVENT, _stated(w), PAGE_USE),
    ),
    "photos.naming.one_photo.verdicts_together": (
        "",
        lambda w: one_photo.verdicts_together(w.anna, OF_EVENT, PAGE_USE),
    ),
    "organisation.staff.change_staff": (
        "",
        lambda w: staff.change_staff(w.kaisa, "anna", active=False),
    ),
    "organisation.channels.add_channel": (
        "",
        lambda w: channels.add_channel(
            w.kaisa,
            name="paper",
            title="Paper",
            kind=Channel.PRINT,
            controller=None,
            since=date(2020, 1, 1),
            admins=["anna"],
        ),
    ),
    "organisation.channels.change_channel": (
        ALL,  # consents and permissions for a kind of channel are older than this one
        lambda w: channels.change_channel(
            w.kaisa, PAGE_USE.channel, channels.ChannelChange(since=w.anna.today)
        ),
    ),
    "organisation.channels.confirm_channel": (
        ALL,
        lambda w: (
            channels.change_channel(
                w.kaisa, PAGE_USE.channel, channels.ChannelChange(since=date(2019, 1, 1))
            ),
            channels.confirm_channel(
                w.anna, PAGE_USE.channel, channels.ChannelChange(own=True, since=w.anna.today)
            ),
        ),
    ),
    "organisation.channels.change_admins": (
        "",
        lambda w: channels.change_admins(
            w.kaisa, PAGE_USE.channel, add_logins=["ville"], remove_logins=["anna"]
        ),
    ),
    "organisation.channels.record_review": (
        "",
        lambda w: channels.record_review(w.kaisa, PAGE_USE.channel),
    ),
    "organisation.channels.record_terms_change": (
        "",  # a notice, and no reason
        lambda w: channels.record_terms_change(w.kaisa, channel=PAGE_USE.channel),
    ),
    "organisation.policy.set_policy": (
        "J-1 J-2",
        lambda w: policy.set_policy(w.kaisa, {"max_consent_age_months": 1}),
    ),
    "photos.forgetting.forget_photos": (
        "",
        lambda w: forgetting.forget_photos(
            w.kaisa, [register_photo(w.anna, w.folder, EMPTY_STREET, "mistake.jpg")]
        ),
    ),
    "publications.corrections.correct_consent": (
        "J-1",
        lambda w: corrections.correct_consent(w.anna, "C-1"),
    ),
    "publications.corrections.correct_permission": (
        "J-1 J-2 J-3 J-4 J-5",
        lambda w: corrections.correct_permission(w.anna, "L-1"),
    ),
    "publications.corrections.correct_publication": (
        "",
        lambda w: corrections.correct_publication(
            w.anna, w.publish(MARKET_VIEW, "https://kunta.example/2")
        ),
    ),
    "photos.depictions.tag_persons": (
        "J-1",
        lambda w: depictions.tag_persons(w.anna, [MARKET_VIEW], persons=[TAKER]),
    ),
    "photos.depictions.untag_persons": (
        "J-1",
        lambda w: depictions.untag_persons(w.anna, [MARKET_VIEW], persons=[ELLE]),
    ),
}
"""What one call says."""

for _of, (_down, _change) in SIMPLE.items():
    scenario(_of, _down)(_change)


@scenario("undo.undo_last")
def _(world: World) -> None:
    world.clock.now += timedelta(seconds=1)
    record_consent(world.anna, ELLE, replace(granted_consent(), kind=ConsentKind.RENEWED))
    undo.undo_last(world.anna, undo.last_recording(world.anna).entry)


@scenario("people.blocks.list_blocks")
def _(world: World) -> None:
    blocks.list_blocks(world.kaisa)


@scenario("people.blocks.unblock_person")
def _(world: World) -> None:
    blocks.block_person(world.anna, INGA)
    blocks.unblock_person(world.kaisa, INGA)


@scenario("people.guardians.set_decides_alone", "J-2")
def _(world: World) -> None:
    paper = world.folder / "decision.pdf"
    paper.write_bytes(b"decided")
    body = create_person(world.anna, "Social Services")
    guardians.add_guardian(
        world.anna, CHILD, body, basis=GuardianBasis.CARE_DECISION, verified="seen"
    )
    guardians.set_decides_alone(world.kaisa, CHILD, body, reason="care", evidence=paper)


@scenario("photos.confirmation.confirm", "J-1")
def _(world: World) -> None:
    depictions.untag_persons(world.anna, [MARKET_VIEW], persons=[ELLE])
    sees_one = PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=1)
    confirmation.confirm(world.kaisa, [MARKET_VIEW], OwnAnswer(sees_one))


def _list_with_a_no(world: World) -> Path:
    file = world.folder / "old.csv"
    file.write_text(f"id;{PAGE_USE.channel}\n{ELLE};no\n", "utf-8")
    return file


def _form(world: World) -> str:
    order = forms.FormOrder(folder=world.folder / "forms", until=date(2027, 10, 1), persons=[ELLE])
    [form] = forms.print_forms(world.anna, order).forms
    return form.code


def _third_guardian(world: World, verified: str = "") -> str:
    third = create_person(world.anna, "Sunna Valkeapää")
    guardians.add_guardian(world.anna, CHILD, third, basis=GuardianBasis.PARENT, verified=verified)
    return third


def _twice(world: World) -> str:
    """Enter Elle once more, with a yes that ends earlier."""
    other = persons.add_person(
        world.anna, persons.PersonDetails("Elle Valkeapaa", born=date(1980, 5, 17)), other=[ELLE]
    )
    record_consent(world.anna, other.person, replace(granted_consent(), until=date(2027, 1, 1)))
    return other.person


def _stated(world: World) -> NamingStatement:
    shown = one_photo.photo_to_name(world.anna, OF_EVENT)
    sensitive = PhotoAnswers(sensitive=True)
    return NamingStatement(answers=sensitive, seen=shown.seen, event_seen=shown.event_seen)


def _flagged(world: World, outcome: FlagOutcome | None = None) -> str:
    flag = flags.raise_flag(world.anna, MARKET_VIEW, reason="Her face.").flag
    if outcome:
        flags.resolve_flag(world.ville, flag, outcome=outcome, reason="Seen.")
    return flag


@scenario("consents.forms.print_forms")
def _(world: World) -> None:
    assert _form(world)


@scenario("people.guardians.verify_guardian", "J-2")
def _(world: World) -> None:
    third = _third_guardian(world)
    guardians.verify_guardian(world.anna, CHILD, third, how="seen")


@scenario("people.guardians.verify_guardians_at", "J-2")
def _(world: World) -> None:
    _third_guardian(world)
    assert len(guardians.verify_guardians_at(world.anna, "E-1", how="seen")) == 1


@scenario("decisions.flags.resolve_flag", "J-1")
def _(world: World) -> None:
    _flagged(world, FlagOutcome.UPHELD)


@scenario("decisions.flags.resolve_flags", "J-1")
def _(world: World) -> None:
    flag = _flagged(world)
    flags.resolve_flags(world.kaisa, [flag], outcome=FlagOutcome.UPHELD, reason="Seen.")


@scenario("decisions.cases.rule_on_cases")
def _(world: World) -> None:
    photo = register_photo(world.anna, world.folder, MARKET, "another.jpg")
    [answer] = approval.approve(world.anna, [photo], PAGE_USE)
    case = f"K-{answer.checked.case_id}"
    cases.show_case(world.kaisa, case)
    cases.rule_on_cases(world.kaisa, [case], RulingKind.REFUSED, "Too close.")


@scenario("publications.takedown_tasks.take_down")
def _(world: World) -> None:
    _flagged(world)
    takedown_tasks.take_down(world.anna, ["J-1"], proof="Looked at the page.")


@scenario("publications.takedown_tasks.assign_task", "J-1")
def _(world: World) -> None:
    _flagged(world)
    takedown_tasks.assign_task(world.anna, "J-1", "ville")


@scenario("publications.takedown_tasks.cancel_task")
def _(world: World) -> None:
    _flagged(world, FlagOutcome.LIFTED)
    assert world.open_tasks() == {"J-1"}  # it is a person who says that it may stay
    takedown_tasks.cancel_task(world.kaisa, "J-1", reason="It was another face.")


@scenario("organisation.units.rename_unit_everywhere")
def _(world: World) -> None:
    events.add_event(world.anna, "Fair", on=date(2026, 10, 4), unit="School", new_unit=True)
    units.rename_unit_everywhere(world.kaisa, "School", "Library")


@scenario("photos.registration.register_files", "J-1")
def _(world: World) -> None:
    """The file names another creator than the register does."""
    content = (world.files / "market.jpg").read_bytes()
    other = "Biret".ljust(len(ARTIST.encode())).encode()
    with world.edited("market.jpg", content.replace(ARTIST.encode(), other)) as file:
        list(registration.register_files(world.anna, [file], PhotoAnswers()))
    [checked] = checks.check(world.anna, [MARKET_VIEW], PAGE_USE)
    assert "MD_ARTIST_CONFLICT" in checked.verdict.codes


@scenario("photos.registration.register_readings", "J-1")
def _(world: World) -> None:
    """As with `register_files`: the file was read already."""
    content = (world.files / "market.jpg").read_bytes()
    other = "Biret".ljust(len(ARTIST.encode())).encode()
    with world.edited("market.jpg", content.replace(ARTIST.encode(), other)) as file:
        registration.register_readings(world.anna, [read_photo(file)], PhotoAnswers())


@scenario("files.refreshing.refresh_files", "J-1")
def _(world: World) -> None:
    """The rights were taken out of the file."""
    with world.edited("market.jpg", jpeg_named("market.jpg")):
        refreshing.refresh_files(world.anna, [MARKET_VIEW])


@scenario("decisions.checks.check", "J-1")
def _(world: World) -> None:
    """The file is looked at first: the rights were taken out of it."""
    with world.edited("market.jpg", jpeg_named("market.jpg")):
        checks.check(world.anna, [MARKET_VIEW], PAGE_USE)


@scenario("files.fingerprinting.reread_files", "J-1")
def _(world: World) -> None:
    with world.edited("market.jpg", jpeg_named("market.jpg")) as file:
        fingerprinting.reread_files(world.anna, {str(file): [1]})


@scenario("files.fingerprinting.fingerprint", "J-3 J-4")
def _(world: World) -> None:
    """What looks like them is stopped as soon as it is known that it does."""
    hurried = world.folder / "hurried.jpg"
    hurried.write_bytes(saved_anew(400))
    list(
        registration.register_files(
            world.anna, [hurried], EMPTY_STREET, RegistrationOptions(decode=False)
        )
    )
    flags.raise_flag(world.anna, "P-6", reason="A number plate.")
    list(fingerprinting.fingerprint(world.anna))


@scenario("files.metadata.write_metadata")
def _(world: World) -> None:
    content = (world.files / "market.jpg").read_bytes()
    with world.edited("market.jpg", content):
        wish = RightsOptions(breaks_credentials=True)
        [written] = metadata.write_metadata(world.anna, [MARKET_VIEW], wish)
        assert written.rows


@scenario("files.stripping.strip_in_place")
def _(world: World) -> None:
    content = (world.files / "market.jpg").read_bytes()
    with world.edited("market.jpg", content):
        [done] = stripping.strip_in_place(world.anna, [MARKET_VIEW], breaks_credentials=True)
        assert done.error is None


@scenario("photos.versions.add_version", "J-1 J-3 J-4")
def _(world: World) -> None:
    """What is made of a stopped photo looks like others."""
    _flagged(world)
    file = world.folder / "version.jpg"
    file.write_bytes(saved_anew(400))
    versions.add_version(world.anna, MARKET_VIEW, file)


@scenario("photos.versions.register_version", "J-1 J-3 J-4")
def _(world: World) -> None:
    """As with `add_version`: the file was read already."""
    _flagged(world)
    file = world.folder / "version.jpg"
    file.write_bytes(saved_anew(400))
    versions.register_version(world.anna, MARKET_VIEW, read_photo(file))


@scenario("photos.uploads.add_sent_version", "J-1 J-3 J-4")
def _(world: World) -> None:
    """As with `add_version`: the file was sent to the desk."""
    _flagged(world)
    sent = _sent(world, saved_anew(400))
    uploads.add_sent_version(world.anna, MARKET_VIEW, sent, world.folder / "photos")


@scenario("photos.uploads.register_uploads", "J-1")
def _(world: World) -> None:
    """What is sent looks like a stopped photo; only that one is to be taken down."""
    _flagged(world)
    sent = _sent(world, saved_anew(400))
    uploads.register_uploads(world.anna, [sent], PhotoAnswers(), world.folder / "photos")


def _sent(world: World, content: bytes) -> SentFile:
    file = world.folder / "sent.jpg"
    file.write_bytes(content)
    return SentFile(file, file.name)


@scenario("photos.series.settle_as_different", "J-3 J-4")
def _(world: World) -> None:
    """More is stated of one, and how many are shown is open; the other waits for a second look."""
    tag_person(world.anna, COPY, ELLE)
    assert world.open_tasks() == {"J-3", "J-4"}
    series.settle_as_different(world.anna, COPY)
    checked = checks.check(world.anna, [OF_EVENT, COPY], PAGE_USE)
    assert [each.verdict.codes for each in checked] == [("RG_SECOND_LOOK",), ("RG_INCOMPLETE",)]


@scenario("photos.series.take_over_statements", "J-3 J-4")
def _(world: World) -> None:
    answers.answer(world.anna, [OF_EVENT], PhotoAnswers(confidentiality=Confidentiality.INTERNAL))
    series.take_over_statements(world.anna, COPY)
    [checked] = checks.check(world.anna, [COPY], PAGE_USE)
    assert checked.verdict.codes == ("CF_INTERNAL",)


@scenario("photos.question_sheets.import_sheet", "J-1")
def _(world: World) -> None:
    sheet = world.folder / "sheet.csv"
    sheet.write_text(f"photo;confidential\n{MARKET_VIEW};{Confidentiality.INTERNAL}\n", "utf-8")
    looked = question_sheets.import_sheet(world.anna, sheet, vocabulary())
    assert (looked.in_the_way, world.open_tasks(), world.told()) == (1, set(), set())
    assert question_sheets.import_sheet(world.anna, sheet, vocabulary(), apply=True).applied


@scenario("photos.roster_import.import_roster", "J-2")
def _(world: World) -> None:
    """The list names a third guardian."""
    listed = world.folder / "class.csv"
    listed.write_text(
        "Nimi;Syntynyt;Huoltaja 1;Varmistettu 1\n"
        "Máret Valkeapää;1.1.2018;Sunna Valkeapää;väestötieto\n",
        "utf-8",
    )
    roster_import.import_roster(world.anna, "E-1", listed)
    assert (world.open_tasks(), world.told()) == (set(), set())
    assert roster_import.import_roster(world.anna, "E-1", listed, apply=True).applied


@scenario("data_subjects.retention.run_retention", "J-1 J-2", is_told=False)
def _(world: World) -> None:
    policy.set_policy(world.kaisa, {"retention_months": 24, "max_consent_age_months": 12})
    world.clock.now = datetime(2030, 1, 1, tzinfo=UTC)
    agenda.agenda(world.kaisa)
    retention.run_retention(world.kaisa)


@scenario("publications.takedown_tasks.open_due_take_downs", ALL, is_told=False)
def _(world: World) -> None:
    world.clock.now = WHEN_ALL_HAS_ENDED
    takedown_tasks.open_due_take_downs(world.anna)


@scenario("agenda.agenda", ALL, is_told=False)
def _(world: World) -> None:
    world.clock.now = WHEN_ALL_HAS_ENDED
    agenda.agenda(world.anna)


@scenario("audits.audits.list_disallowed", ALL, is_told=False)
def _(world: World) -> None:
    world.clock.now = WHEN_ALL_HAS_ENDED
    list_all(audits.list_disallowed(world.anna, open_tasks=True))


@scenario("audits.verdict_cache.refresh_cache", ALL)
def _(world: World) -> None:
    world.clock.now = WHEN_ALL_HAS_ENDED
    list(verdict_cache.refresh_cache(world.kaisa))
    assert not list(verdict_cache.refresh_cache(world.kaisa))


def _signed(world: World, *, damaged: bool = True) -> Path:
    """Publish J-6, which rests on one document; return it as it was handed in."""
    form = world.folder / "form.pdf"
    form.write_bytes(b"signed by Biret")
    person = create_person(world.anna, "Biret")
    photo = register_photo(world.anna, world.folder, MARKET, "signed.jpg")
    tag_person(world.anna, photo, person)
    record_consent(world.anna, person, replace(granted_consent(), paper="", evidence=form))
    world.publish(photo)
    if damaged:
        [kept] = world.anna.registry.evidence_folder.glob("??/*")
        kept.write_bytes(b"signed by Sire!")
    return form


@scenario("files.documents.look_at_evidence", "J-6")
def _(world: World) -> None:
    _signed(world)
    look_at_documents.look_at_evidence(world.anna, ["P-6"], by_hash=True)


@scenario("files.documents.record_looks", "J-6")
def _(world: World) -> None:
    _signed(world)
    with world.anna.reading() as work:
        folder = world.anna.registry.evidence_folder
        looks = look_at_all_documents(work.session, folder)
    look_at_documents.record_looks(world.anna, looks)


@scenario("audits.oversight.faulty_documents", "J-6")
def _(world: World) -> None:
    _signed(world)
    oversight.faulty_documents(world.anna)


@scenario("upkeep.maintenance.find_faults", "J-6")
def _(world: World) -> None:
    _signed(world)
    maintenance.find_faults(world.kaisa)


@scenario("consents.documents.show_documents", "J-6")
def _(world: World) -> None:
    _signed(world)
    documents.show_documents(world.anna, _document_of_biret(world))


@scenario("consents.papers.form_entry.picture_of_paper")
def _(world: World) -> None:
    scanned, code = world.folder / "page.png", _form(world)
    page_with(code).save(scanned)
    scans.scan_forms(
        world.anna, scanned, both_sides=False, apply=True, keep_sheet=lambda _sheet: None
    )
    assert form_entry.picture_of_paper(world.anna, code, 1)


@scenario("consents.papers.scans.scan_forms")
def _(world: World) -> None:
    scanned = world.folder / "scanned"
    scanned.mkdir()
    page_with(_form(world)).save(scanned / "page.png")
    kept: list[object] = []
    result = scans.scan_forms(
        world.anna, scanned, both_sides=False, apply=True, keep_sheet=kept.append
    )
    assert (result.is_complete, kept) == (True, [result.sheet])


@scenario("consents.documents.export_document")
def _(world: World) -> None:
    _signed(world, damaged=False)
    target = world.folder / "copy.pdf"
    documents.export_document(world.anna, _document_of_biret(world), target)


@scenario("consents.documents.open_document")
def _(world: World) -> None:
    _signed(world, damaged=False)
    documents.open_document(world.anna, _document_of_biret(world))


@scenario("consents.documents.read_document")
def _(world: World) -> None:
    _signed(world, damaged=False)
    documents.read_document(world.anna, _document_of_biret(world))


@scenario("consents.documents.restore_document")
def _(world: World) -> None:
    form = _signed(world)
    documents.restore_document(world.anna, form)


def _document_of_biret(world: World) -> str:
    [kept] = world.anna.registry.evidence_folder.glob("??/*")
    return kept.name


@scenario("upkeep.transfer.copy_registry")
def _(world: World) -> None:
    target = world.folder / "copied.db"
    evidence = world.kaisa.registry.evidence_folder
    transfer.copy_registry(world.where, target, "kaisa", evidence=evidence, clock=world.clock)


@scenario("upkeep.clock.note_wrong_clock")
def _(world: World) -> None:
    world.clock.now += timedelta(days=400)
    with world.kaisa.changing() as work:
        work.log(Action.REGISTRY_REPAIRED, "registry", 1)
    world.clock.now -= timedelta(days=400)
    with world.kaisa.reading() as work:
        last = ledger.head(work.session).seq
    note_wrong_clock(world.kaisa, f"L-{last}")


@scenario("upkeep.maintenance.make_backup")
def _(world: World) -> None:
    _on_file_only(world)
    maintenance.make_backup(world.kaisa, world.folder)


@scenario("upkeep.maintenance.restore_backup")
def _(world: World) -> None:
    _on_file_only(world)
    folder, _manifest = maintenance.make_backup(world.kaisa, world.folder)
    maintenance.restore_backup(folder, world.folder / "restored.db", "kaisa", replace=False)


@scenario("upkeep.replacing.finish_restored", "J-1")
def _(world: World) -> None:
    _restore_over_a_withdrawal(world)


@scenario("upkeep.restores.acknowledge_restore", "J-1")
def _(world: World) -> None:
    _restore_over_a_withdrawal(world)
    [item] = [item for item in agenda.agenda(world.kaisa) if item.of]
    restores.acknowledge_restore(world.kaisa, item.subject or "")


def _restore_over_a_withdrawal(world: World) -> None:
    _on_file_only(world)
    folder, _manifest = maintenance.make_backup(world.kaisa, world.folder)
    consents.record_consent(world.anna, ConsentParties(ELLE), WITHDRAWN)
    world.kaisa.registry.close()
    maintenance.restore_backup(folder, world.where, "kaisa", replace=True, clock=world.clock)


def _on_file_only(world: World) -> None:
    if world.kaisa.registry.is_on_server:
        pytest.skip("a server has its own backups")


# --- what the scenarios prove ---------------------------------------------------------------------


def service_sources() -> dict[str, str]:
    """Return the text of each module of the services, by its dotted name below them."""
    services = Path(photoreg.services.__file__).parent
    return {
        ".".join(module.relative_to(services).with_suffix("").parts): module.read_text("utf-8")
        for module in services.rglob("*.py")
    }


def changing_use_cases(sources: dict[str, str]) -> set[str]:
    """Return what is public in the services and enters a unit of work, itself or not.

    Functions, methods of classes, and names that are assigned such as a partial or a table.
    """
    calls: dict[str, set[str]] = {}
    changing = set()
    for path, source in sources.items():
        tree = ast.parse(source)
        imported = dict(_imported(tree))
        for name, definition in _definitions(tree.body, path):
            calls.setdefault(name, set()).update(_named(definition, path, imported))
            if any(_enters(node) for node in ast.walk(definition)):
                changing.add(name)
    for name in [*calls]:  # whoever names a class may call any of its methods
        owner = name.rpartition(".")[0]
        if owner in calls:
            calls[owner].add(name)
    while more := {name for name, called in calls.items() if called & changing} - changing:
        changing |= more
    inner = {name.rpartition(".")[0] for name in changing}
    return {name for name in changing - inner if "._" not in name}


def _definitions(body: list[ast.stmt], owner: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a module or class defines, also under a condition, by its dotted name."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{owner}.{node.name}", node
        elif isinstance(node, ast.ClassDef):
            head = [*node.decorator_list, *node.bases]
            yield f"{owner}.{node.name}", ast.Module([ast.Expr(each) for each in head], [])
            yield from _definitions(node.body, f"{owner}.{node.name}")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield f"{owner}.{ast.unparse(target)}", node.value or node
        else:
            for field in ("body", "orelse", "finalbody", "handlers"):
                yield from _definitions(getattr(node, field, []), owner)


_SERVICES = "photoreg.services."


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each name that a module imports, and what it means below the services."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else ("photoreg", "photoreg")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("photoreg"):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _named(tree: ast.AST, module: str, imported: dict[str, str]) -> Iterator[str]:
    """Yield what is named below the services, dotted or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, *rest = ast.unparse(node).split(".")
            owner = imported.get(first, f"{_SERVICES}{module}.{first}")
            yield ".".join((owner, *rest)).removeprefix(_SERVICES)


def _enters(node: ast.AST) -> bool:
    """Is this the call that opens a unit of work, by its name or by a text?"""
    is_named = isinstance(node, ast.Attribute) and node.attr == "changing"
    is_sought = (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"getattr", "attrgetter", "methodcaller"}
        and any(isinstance(each, ast.Constant) and each.value == "changing" for each in node.args)
    )
    return is_named or is_sought


CHANGES = "def change(application):\n    with application.changing() as work: ...\n"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "source",
    [
        "def f(a):\n    with a.changing(): ...",
        "async def f(a):\n    with a.changing(): ...",
        "if True:\n    def f(a):\n        with a.changing(): ...",
        "try: ...\nexcept ImportError:\n    def f(a): a.changing()",
        "f = lambda a: a.changing()",
        "def f(a): getattr(a, 'changing')()",
        "from photoreg.services.there import change\nf = partial(change, 1)",
        "from photoreg.services.there import change as other\ndef f(a): other(a)",
        "from photoreg.services import there\ndef f(a): there.change(a)",
        "from photoreg import services\ndef f(a): services.there.change(a)",
        "import photoreg.services.there\ndef f(a): photoreg.services.there.change(a)",
        "import photoreg.services.there as x\ndef f(a): x.change(a)",
        "def f(a):\n    from photoreg.services.there import change\n    change(a)",
        "from photoreg.services.there import change\n_T = {'c': change}\ndef f(a): _T['c'](a)",
    ],
)
def test_the_search_finds_what_changes_something_however_it_is_written(source: str) -> None:
    assert changing_use_cases({"here": source, "there": CHANGES}) == {"here.f", "there.change"}


def test_the_search_finds_each_method_that_changes_something() -> None:
    source = (
        "class C:\n    def one(self): self.a.changing()\n    def two(self): self.a.changing()\n"
        "    def reads(self): self.a.reading()\n"
    )
    assert changing_use_cases({"here": source}) == {"here.C.one", "here.C.two"}


def test_every_use_case_that_changes_something_has_a_scenario() -> None:
    found = changing_use_cases(service_sources())
    missing, stale = sorted(found - SCENARIOS.keys()), sorted(SCENARIOS.keys() - found)
    assert not missing, f"add to test_reactions.py what each does to a published photo: {missing}"
    assert not stale, f"these change nothing any more; take their scenarios out: {stale}"


@pytest.mark.parametrize("use_case", sorted(SCENARIOS))
def test_after_a_change_the_tasks_are_those_that_a_fresh_evaluation_asks_for(
    use_case: str, world: World
) -> None:
    played = SCENARIOS[use_case]
    played.change(world)
    assert world.open_tasks() == world.asked_for() == played.comes_down
    assert (world.outdated_cases(), world.unstopped_copies(), world.noted()) == (set(), set(), 0)
    if played.is_told:
        assert world.told() >= played.comes_down


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("use_case", sorted(SCENARIOS.keys() - ANYBODY_BLOCKS))
def test_nobody_of_another_unit_changes_the_data_of_people_by_any_use_case(
    use_case: str, world: World
) -> None:
    staff.add_staff(
        world.kaisa,
        login="berit",
        name="Berit",
        role=StaffRole.EMPLOYEE,
        unit="Library",
        new_unit=True,
    )
    berit = replace(world.anna, login="berit", computer_login="berit")
    with suppress(PhotoregError, AssertionError):  # what it reports is not asked here
        SCENARIOS[use_case].change(replace(world, anna=berit))
    with world.kaisa.reading() as work:
        own = work.session.exec(select(Staff.id).where(Staff.login == "berit")).one()
        entries = list(ledger.entries(work.session))
    of_people = (*(Action[name] for name in Action.__members__ if name.startswith("GUARDIAN_")),)
    changed = {
        entry.subject
        for entry in entries
        if entry.actor_id == own
        and entry.action in {Action.PERSON_CHANGED, Action.RECORD_CHANGED, *of_people}
    }
    assert not changed & {TAKER, ELLE, CHILD, ANTE, INGA}


# --- the unit of work -----------------------------------------------------------------------------


def past_photoreg(world: World, change: str) -> None:
    with world.kaisa.registry.writing() as session:
        session.connection().execute(sa.text(change))


@pytest.mark.parametrize(
    ("change", "comes_down"),
    [
        ("UPDATE photo SET confidentiality = 'internal' WHERE id = 1", {"J-1"}),
        ("UPDATE event SET place = 'private_home'", {"J-3"}),
        ("UPDATE person SET blocked = (1 = 1) WHERE id = 3", {"J-2"}),
        ("DELETE FROM depiction WHERE photo_id = 2", {"J-2"}),
    ],
)
def test_what_another_program_changes_is_reacted_to_by_the_next_unit_of_work(
    change: str, comes_down: set[str], world: World
) -> None:
    past_photoreg(world, change)
    assert world.open_tasks() == set()
    create_person(world.anna, "Biret")
    assert world.open_tasks() == world.asked_for() == comes_down
    assert world.told() == comes_down


def test_a_change_that_fails_leaves_neither_notes_nor_tasks(world: World) -> None:
    def fails() -> None:
        with world.anna.changing() as work:
            work.session.connection().execute(sa.text("UPDATE photo SET place = 'care_lobby'"))
            work.react()
            assert work.reacted.publications
            raise NotAllowed("something is wrong")

    with pytest.raises(NotAllowed):
        fails()
    assert (world.open_tasks(), world.told(), world.noted()) == (set(), set(), 0)


def test_a_ruling_whose_facts_changed_is_void_at_once(world: World) -> None:
    answers.answer(world.anna, [RULED], PhotoAnswers(shot=Shot.PERSON_SUBJECT))
    assert [void.case for void in world.anna.reacted.cases] == ["K-1"]
    assert world.open_tasks() == world.asked_for() == {"J-5"}


def test_who_is_let_go_as_another_picture_is_not_stopped_again_by_another_change(
    world: World,
) -> None:
    flags.raise_flag(world.anna, OF_EVENT, reason="A number plate.")
    flags.resolve_flag(world.kaisa, "F-2", outcome=FlagOutcome.LIFTED, reason="Another picture.")
    for photo in (OF_EVENT, COPY):
        answers.answer(world.anna, [photo], PhotoAnswers(sensitive=True))
    events.change_event(world.anna, "E-1", answers=EventAnswers(sensitive=True))
    assert [row.flag for row in flags.list_flags(world.anna)] == ["F-1"]
    flags.raise_flag(world.anna, OF_EVENT, reason="My face.")  # a new stop is another matter
    assert [copy.photo for copy in world.anna.reacted.copies] == [COPY, COPY]


def test_registering_a_changed_file_shows_what_is_to_be_taken_down(
    run: Callable[..., Result], anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    file = tmp_path / "street.jpg"
    other = "Biret".ljust(len(ARTIST.encode())).encode()
    file.write_bytes(file.read_bytes().replace(ARTIST.encode(), other))
    told = run("register", file, "--no-ask").stdout
    assert "To be taken down:" in told
    assert f"T-1: {photo} on {PAGE_USE.channel}, https://kunta.example/1 (J-1)" in told
    as_data = run("register", file, "--no-ask", "--reread", "--format", "json")
    assert "To be taken down:" not in as_data.output
