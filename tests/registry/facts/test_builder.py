"""From rows to facts: what the rules see of what was recorded."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from tests.conftest import Clock

from photoreg.errors import RegistryError
from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.facts.loading import load_shared, photos_in_order
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.facts.rows import EventArrays
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.lookup import find_channel
from photoreg.registry.rows import add
from photoreg.registry.tables.people import GuardianBasis, Guardianship
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    EventPhotographer,
    Photo,
    PhotoPhotographer,
)
from photoreg.rulebook.facts import (
    OPEN_ENDED,
    Answer,
    Basis,
    Channel,
    Confidentiality,
    ConsentKind,
    Credit,
    FileRights,
    People,
    PersonFacts,
    PhotoFacts,
    Photographer,
    Place,
    ReachLevel,
    Shot,
    Use,
)
from photoreg.rulebook.policy import DEFAULT_POLICY
from photoreg.rulebook.verdict import evaluate
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties, FormDetails
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.organisation import channels
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian, end_guardian, excuse_guardian
from photoreg.services.people.persons import PersonDetails

TODAY = date(2026, 11, 2)
YES = ConsentStatement(ConsentKind.GIVEN, ["public_page"], open_ended=True, paper="binder 3")
NO = ConsentStatement(ConsentKind.WITHDRAWN)


def said(answer: Answer) -> list[ConsentKind]:
    """Return the kinds of what somebody has said, in the order of recording."""
    return [statement.kind for statement in answer.statements]


class Records:
    """Rows put straight into a real registry, so that each test says only what it is about."""

    def __init__(self, application: Application) -> None:
        self.workplace = application
        self._numbers = count(1)

    def row(self, row: Any) -> int:
        with self.workplace.changing() as work:
            return add(work.session, row)

    def event(self, **answers: Any) -> int:
        with self.workplace.changing() as work:
            made: dict[str, Any] = {"created_at": work.now, "created_by": work.actor.id}
            return add(
                work.session,
                Event(name="Feast", starts_on=TODAY, ends_on=TODAY, **answers, **made),
            )

    def photo(self, *shown: str, **answers: Any) -> int:
        with self.workplace.changing() as work:
            photo = Photo(
                sha256=f"{next(self._numbers):064x}",
                path="/photos/a.jpg",
                file_name="a.jpg",
                size=1,
                format="JPEG",
                width=1,
                height=1,
                registered_at=work.now,
                registered_by=work.actor.id,
                **answers,
            )
            number = add(work.session, photo)
        for person in shown:
            self.row(Depiction(photo_id=number, person_id=int(person.removeprefix("H-"))))
        return number

    def person(self, name: str = "Somebody", **about: Any) -> str:
        return persons.add_person(self.workplace, PersonDetails(name=name, **about)).person

    def child(self, *guardians: str, stated: int | None = 2) -> str:
        child = self.person("Child", born=date(2016, 5, 4), guardians=stated)
        for guardian in guardians:
            add_guardian(
                self.workplace, child, guardian, basis=GuardianBasis.PARENT, verified="register"
            )
        return child

    def taken_by(self, photo: int, *photographers: str) -> None:
        for person in photographers:
            self.row(PhotoPhotographer(photo_id=photo, person_id=int(person.removeprefix("H-"))))

    def facts(self, photo: int, channel: str | None = None) -> PhotoFacts:
        with self.workplace.reading() as work:
            named = find_channel(work.session, channel) if channel else None
            return photo_facts(work.session, [photo], named)[photo]

    def shown(self, photo: int) -> PersonFacts:
        [person] = self.facts(photo).persons
        return person


@pytest.fixture
def records(application: Application) -> Records:
    return Records(application)


def test_what_nobody_has_said_stays_unsaid(records: Records) -> None:
    facts = records.facts(records.photo())
    assert (facts.photographer, facts.basis, facts.place, facts.people) == (None, None, None, None)
    assert facts.permissions == ()
    assert facts.credit is Credit.MISSING


def test_an_event_answers_for_its_photos_unless_the_photo_does(records: Records) -> None:
    event = records.event(place=Place.SCHOOL_OR_DAYCARE, shot=Shot.GENERAL_VIEW, sensitive=False)
    facts = records.facts(records.photo(event_id=event, sensitive=True, place=Place.UNKNOWN))
    assert facts.place is Place.UNKNOWN
    assert facts.shot is Shot.GENERAL_VIEW
    assert facts.sensitive is True


def test_the_event_s_photographer_counts_unless_the_photo_has_its_own(
    records: Records, application: Application
) -> None:
    taker, other = records.person("Taker"), records.person("Other")
    event = records.event(photographer=Photographer.KNOWN)
    records.row(EventPhotographer(event_id=event, person_id=1))
    by_event = records.photo(event_id=event)
    own = records.photo(event_id=event, photographer=Photographer.KNOWN)
    records.taken_by(own, other)
    permissions.record_permission(application, PermissionParties(taker), YES)
    assert said(records.facts(by_event).permissions[0].answer) == [ConsentKind.GIVEN]
    assert records.facts(by_event).basis is Basis.PHOTOGRAPHER_PERMISSION
    assert records.facts(own).basis is None


def test_each_photographer_must_permit(records: Records, application: Application) -> None:
    first, second = records.person("First"), records.person("Second")
    photo = records.photo(photographer=Photographer.KNOWN)
    records.taken_by(photo, first, second)
    permissions.record_permission(application, PermissionParties(first), YES)
    answers = [said(p.answer) for p in records.facts(photo).permissions]
    assert answers == [[ConsentKind.GIVEN], []]
    assert records.facts(photo).credit is Credit.MISSING


def test_a_licence_on_the_photo_needs_no_photographer(
    records: Records, application: Application
) -> None:
    photo, other = records.photo(), records.photo()
    rights = PermissionParties(licensor="Agency", photos=[human_id(Kind.PHOTO, photo)])
    permissions.record_permission(
        application, rights, YES, PermissionTerms(Basis.STOCK, credit="Agency / X")
    )
    facts = records.facts(photo)
    assert facts.basis is Basis.STOCK
    assert said(facts.permissions[0].answer) == [ConsentKind.GIVEN]
    assert facts.credit is Credit.RECORDED
    assert records.facts(other).permissions == ()


@pytest.mark.parametrize(
    ("photo", "terms", "credit"),
    [
        ({}, PermissionTerms(), Credit.RECORDED),
        ({}, PermissionTerms(credit=""), Credit.MISSING),
        ({}, PermissionTerms(credit_waived=True), Credit.WAIVED),
        ({"credit": "Photo: X"}, PermissionTerms(credit=""), Credit.RECORDED),
        ({"credit_waived": True}, PermissionTerms(), Credit.WAIVED),
    ],
)
def test_the_credit_comes_from_the_permission_or_the_photo(
    records: Records,
    application: Application,
    photo: dict[str, Any],
    terms: PermissionTerms,
    credit: Credit,
) -> None:
    taker = records.person("Taker")
    number = records.photo(photographer=Photographer.KNOWN, **photo)
    records.taken_by(number, taker)
    permissions.record_permission(application, PermissionParties(taker), YES, terms)
    assert records.facts(number).credit is credit


def test_a_withdrawn_permission_leaves_its_basis_and_what_was_said(
    records: Records, application: Application
) -> None:
    taker = records.person("Taker")
    photo = records.photo(photographer=Photographer.KNOWN)
    records.taken_by(photo, taker)
    permissions.record_permission(
        application, PermissionParties(taker), YES, PermissionTerms(Basis.STAFF_AGREEMENT)
    )
    permissions.withdraw_permission(application, NO, rights=PermissionParties(taker))
    facts = records.facts(photo)
    assert facts.basis is Basis.STAFF_AGREEMENT
    assert said(facts.permissions[0].answer) == [ConsentKind.GIVEN, ConsentKind.WITHDRAWN]
    assert facts.credit is Credit.RECORDED


@pytest.mark.parametrize(
    ("artist", "rights", "found"),
    [
        ("", "", FileRights.NONE),
        ("Photo: A\u0301ile  NA\u0308KKA\u0308LA\u0308JA\u0308RVI", "", FileRights.MATCHES),
        ("", "© Enontekiön kunta", FileRights.MATCHES),
        ("Enontekiön kunta", "", FileRights.MATCHES),
        ("Enontekiön kunta Oy", "", FileRights.CONFLICTS),
        ("Lehtikuva Oy", "", FileRights.CONFLICTS),
        ("Näkkäläjärvi, Áile", "", FileRights.MATCHES),
        ("Aile Nakkalajarvi", "(c) 2024 Nakkalajarvi Aile", FileRights.MATCHES),
        ("Áilu", "Áilu / Enontekiön kunta", FileRights.MATCHES),
        ("Näkkäläjärvi, Áile; Áilu", "", FileRights.MATCHES),
        ("Áile Näkkäläjärvi, Aslak Magga", "", FileRights.CONFLICTS),
        ("Áile Magga", "", FileRights.CONFLICTS),
        ("2024", "", FileRights.CONFLICTS),
        ("OLYMPUS DIGITAL CAMERA", "", FileRights.NONE),
        ("unknown", "Picasa", FileRights.NONE),
        ("Canon", "Áile Näkkäläjärvi", FileRights.MATCHES),
        ("Canon Aikio", "", FileRights.CONFLICTS),
        ("Somebody Else", "Áile Näkkäläjärvi", FileRights.CONFLICTS),
        ("Áile Näkkäläjärvi", "© Somebody Else", FileRights.CONFLICTS),
    ],
)
def test_the_file_s_rights_are_compared_with_the_register(
    records: Records, artist: str, rights: str, found: FileRights
) -> None:
    taker = records.person("Áile Näkkäläjärvi", known_as=("Áilu",))
    photo = records.photo(
        photographer=Photographer.KNOWN, file_artist=artist, file_copyright=rights
    )
    records.taken_by(photo, taker)
    assert records.facts(photo).file_rights is found


@pytest.mark.parametrize(
    ("photo", "event", "reaches"),
    [(None, None, True), ("P-1", None, True), ("P-2", None, False), (None, "E-1", True)],
)
def test_a_consent_reaches_what_it_was_given_for(
    records: Records, application: Application, photo: str | None, event: str | None, reaches: bool
) -> None:
    person = records.person(born=date(1980, 1, 1))
    shown = records.photo(person, event_id=records.event())
    elsewhere = records.photo(person)
    consents.record_consent(application, ConsentParties(person, photo=photo, event=event), YES)
    expected = [ConsentKind.GIVEN] if reaches else []
    assert said(records.shown(shown).own) == expected
    if event or photo == "P-1":
        assert said(records.shown(elsewhere).own) == []


def test_of_few_photos_only_the_statements_are_read_that_can_reach_them(
    records: Records, application: Application
) -> None:
    one, other = records.person("One"), records.person("Other")
    feast, market = records.event(), records.event()
    photos = [records.photo(one, event_id=feast), records.photo(other, event_id=market)]
    for person, event in ((one, "E-1"), (one, "E-2"), (other, "E-2"), (other, None)):
        consents.record_consent(application, ConsentParties(person, event=event), YES)
    with application.reading() as work:
        shared = load_shared(work.session, PhotoSelection(photos))
    numbers = [int(person.removeprefix("H-")) for person in (one, other)]
    reaching = {
        (number, event): len(shared.consent_events.reaching(number, event))
        for number in numbers
        for event in (feast, market)
    }
    assert list(reaching.values()) == [1, 0, 1, 2]


def test_photos_can_be_named_by_the_hundred_thousand(
    records: Records, application: Application
) -> None:
    photo = records.photo()
    with application.reading() as work:
        assert list(photo_facts(work.session, [photo])) == [photo]
        which = PhotoSelection(range(100_000))
        rows = photos_in_order(work.session, which, load_shared(work.session, which).contents)
        assert [row.id for row in rows] == [photo]


def test_statements_may_have_numbers_of_more_than_four_bytes() -> None:
    words = EventArrays()
    words.add(1, None, 1, 2, 3, 4)
    words.add(1, 7, 1, 2**40, 5, 6)
    assert [(w.record_id, w.id) for w in words.reaching(1, 7)] == [(2, 3), (2**40, 5)]


def test_everything_said_about_a_photo_is_kept_in_the_order_of_recording(
    records: Records, application: Application
) -> None:
    person = records.person(born=date(1980, 1, 1))
    one, other = records.photo(person), records.photo(person)
    consents.record_consent(application, ConsentParties(person), YES)
    consents.withdraw_consent(application, NO, parties=ConsentParties(person, photo="P-1"))
    first, second = records.shown(one).own.statements
    assert (first.kind, second.kind) == (ConsentKind.GIVEN, ConsentKind.WITHDRAWN)
    assert (first.reach, second.reach) == (ReachLevel.EVERYTHING, ReachLevel.PHOTO)
    assert first.order < second.order
    assert said(records.shown(other).own) == [ConsentKind.GIVEN]


def test_a_grant_says_when_until_when_and_whether_it_can_be_shown(
    records: Records, application: Application
) -> None:
    person = records.person(born=date(1980, 1, 1))
    photo = records.photo(person)
    consents.record_consent(application, ConsentParties(person), YES)
    [grant] = records.shown(photo).own.grants
    assert (grant.day, grant.valid_until, grant.documented) == (TODAY, OPEN_ENDED, True)
    oral = ConsentStatement(ConsentKind.RENEWED, ["kunta-print"], until=date(2026, 12, 1))
    consents.record_consent(application, ConsentParties(person), oral)
    earlier, grant = records.shown(photo).own.grants
    assert earlier.valid_until == OPEN_ENDED
    assert (grant.channels, grant.valid_until) == (frozenset({"kunta-print"}), date(2026, 12, 1))
    assert grant.documented is False


def test_a_guardian_counts_as_verified_only_with_a_proof(
    records: Records, application: Application
) -> None:
    mother, father = records.person("Mother"), records.person("Father")
    child = records.child(mother)
    add_guardian(application, child, father, basis=GuardianBasis.PARENT)
    photo = records.photo(child)
    for guardian in (mother, father):
        consents.record_consent(application, ConsentParties(child, by=guardian), YES)
    found = records.shown(photo)
    assert [(g.guardian, g.verified) for g in found.guardians] == [(mother, True), (father, False)]
    assert [said(g.answer) for g in found.guardians] == [[ConsentKind.GIVEN]] * 2
    assert said(found.own) == []


def test_a_guardian_who_has_said_nothing_is_known_not_to_have_answered(records: Records) -> None:
    mother = records.person("Mother")
    [guardian] = records.shown(records.photo(records.child(mother))).guardians
    assert said(guardian.answer) == []


def test_an_excused_guardian_is_excused(records: Records, application: Application) -> None:
    mother = records.person("Mother")
    child = records.child(mother)
    excuse_guardian(application, child, mother, ground="abroad, not reached")
    [guardian] = records.shown(records.photo(child)).guardians
    assert guardian.excused


def test_only_a_verified_guardian_can_be_excused(records: Records) -> None:
    """Otherwise somebody who is no guardian could stand in for one who is silent."""
    mother, stranger = records.person("Mother"), records.person("Stranger")
    child = records.child(mother)
    row = Guardianship(
        child_id=int(child.removeprefix("H-")),
        guardian_id=int(stranger.removeprefix("H-")),
        basis=GuardianBasis.PARENT,
        excused_ground="abroad",
        excused_by=1,
        created_at=records.workplace.clock(),
        created_by=1,
    )
    with pytest.raises(RegistryError, match="excused_is_verified"):
        records.row(row)


def test_what_a_former_guardian_said_counts_no_more(
    records: Records, application: Application
) -> None:
    mother = records.person("Mother")
    child = records.child(mother)
    photo = records.photo(child)
    consents.record_consent(application, ConsentParties(child, by=mother), YES)
    end_guardian(application, child, mother)
    [former] = records.shown(photo).guardians
    assert said(former.answer) == []
    assert not former.is_in_force(TODAY)


@pytest.mark.parametrize(("stated", "seen"), [(None, None), (1, 2), (2, 2), (3, 3)])
def test_there_are_at_least_as_many_guardians_as_were_verified(
    records: Records, stated: int | None, seen: int | None
) -> None:
    guardians = records.person("Mother"), records.person("Father")
    photo = records.photo(records.child(*guardians, stated=stated))
    assert records.shown(photo).guardians_total == seen


def test_people_in_the_picture_are_counted_named_or_not(records: Records) -> None:
    person = records.person()
    photo = records.photo(person, people=People.RECOGNISABLE, recognisable_count=1)
    records.row(Depiction(photo_id=photo))
    assert records.facts(photo).recognisable_count == 2
    assert len(records.facts(photo).persons) == 1


def test_nobody_beside_somebody_recognisable_is_not_believed(records: Records) -> None:
    photo = records.photo(people=People.NONE)
    records.row(Depiction(photo_id=photo))
    assert records.facts(photo).people is People.RECOGNISABLE


def test_care_is_released_only_when_everybody_released_it(
    records: Records, application: Application
) -> None:
    first = records.person("First", born=date(1980, 1, 1))
    second = records.person("Second", born=date(1980, 1, 1))
    photo = records.photo(first, second, confidentiality=Confidentiality.CARE_CLIENT)
    use = Use(Channel.PUBLIC_PAGE, date(2026, 11, 2))

    def reveals() -> bool:
        return "CF_CARE_CLIENT" in evaluate(records.facts(photo), use, DEFAULT_POLICY).codes

    assert reveals()
    consents.record_consent(
        application, ConsentParties(first), YES, FormDetails(releases_confidential=True)
    )
    assert reveals()
    consents.record_consent(
        application, ConsentParties(second), YES, FormDetails(releases_confidential=True)
    )
    assert not reveals()
    consents.withdraw_consent(application, NO, parties=ConsentParties(second))
    assert reveals()


def test_a_change_of_terms_concerns_statements_made_before(
    records: Records, application: Application, clock: Clock
) -> None:
    person = records.person(born=date(1980, 1, 1))
    photo = records.photo(person)
    consents.record_consent(application, ConsentParties(person), YES)
    assert records.facts(photo, "kunta-closed-group").terms_changed is False
    channels.record_terms_change(application, channel="kunta-closed-group")
    assert records.facts(photo, "kunta-closed-group").terms_changed is True
    clock.now += timedelta(days=1)
    consents.record_consent(application, ConsentParties(person), YES)
    assert records.facts(photo, "kunta-closed-group").terms_changed is False


@pytest.fixture
def queries() -> Iterator[list[str]]:
    """Collect every SELECT that any engine runs."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_many_photos_have_the_same_facts_as_one_by_one_with_as_many_queries(
    records: Records, application: Application, queries: list[str]
) -> None:
    mother, taker = records.person("Mother"), records.person("Taker")
    child = records.child(mother)
    consents.record_consent(application, ConsentParties(child, by=mother), YES)
    permissions.record_permission(application, PermissionParties(taker), YES)
    photos = [records.photo(child, taker, people=People.RECOGNISABLE) for _ in range(5)]
    for photo in photos:
        records.taken_by(photo, taker)

    def counted(facts: Callable[[], dict[int, PhotoFacts]]) -> tuple[dict[int, PhotoFacts], int]:
        queries.clear()
        return facts(), len(queries)

    with application.reading() as work:
        single, for_one = counted(lambda: photo_facts(work.session, photos[:1]))
        bulk, for_many = counted(lambda: photo_facts(work.session, photos))
        one_by_one = {p: photo_facts(work.session, [p])[p] for p in photos}
    assert bulk == one_by_one
    assert single[photos[0]] == bulk[photos[0]]
    assert for_one == for_many
