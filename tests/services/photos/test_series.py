"""Photos that look alike: one question for the whole series, one second look (RG_COPY_DIFFERS)."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.imaging.builders import COPYRIGHT, full_jpeg
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    as_coordinator,
    create_person,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import GuardianBasis, StaffRole
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.facts import Confidentiality, ConsentKind, People, Shot
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.audits.second_looks import second_looks_listed
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.decisions import approval, checks
from photoreg.services.organisation import staff
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers, confirmation, series, versions
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.confirmation import OwnAnswer

ONE = replace(MARKET, shot=Shot.PERSON_SUBJECT)
TWO = replace(ONE, recognisable_count=2)
REFUSED = ConsentStatement(ConsentKind.REFUSED)
DIFFERENT = OwnAnswer(values=("different",))
STAGE = scene(1, (640, 480))
NAMES = (
    *("Aila", "Antti", "Biret", "Elle", "Heikki", "Inga", "Issát", "Juhan", "Kaisu", "Lásse"),
    *("Máret", "Niilas", "Oula", "Pirita", "Risten", "Sunna", "Tuula", "Uula", "Veikko", "Wilma"),
)


def shot(number: int) -> bytes:
    """Return the stage as saved with another quality each time: other pixels that look alike."""
    content = full_jpeg(jpeg(STAGE, 50 + 2 * number))
    return content.replace(COPYRIGHT.encode(), b" " * len(COPYRIGHT.encode()))


@pytest.fixture
def anna(application_for: ApplicationFor) -> Application:
    """Anna, with a photographer who permits everything."""
    anna = application_for("anna")
    add_photographer(anna)
    create_person(anna, "Ánte Valkeapää")
    return anna


@pytest.fixture
def bert(application: Application, application_for: ApplicationFor) -> Application:
    """Another employee than anna."""
    staff.add_staff(application, login="bert", name="Bert", role=StaffRole.EMPLOYEE)
    return application_for("bert")


def child(anna: Application, number: int, consent: ConsentStatement | None = None) -> str:
    """Add a child whose only guardian consents to everything, or says what is given."""
    born = date(2016, 1, 1) + timedelta(days=40 * number)
    details = PersonDetails(name=f"{NAMES[number]} Valkeapää", born=born, guardians=1)
    added = persons.add_person(anna, details).person
    add_guardian(anna, added, "Ánte Valkeapää", basis=GuardianBasis.PARENT, verified="seen")
    record_consent(anna, added, consent, by="Ánte Valkeapää")
    return added


def photo_of(
    anna: Application, folder: Path, number: int, *shown: str, stated: PhotoAnswers = ONE
) -> str:
    photo = register_photo(anna, folder, stated, f"{number}.jpg", shot(number))
    for person in shown:
        tag_person(anna, photo, person)
    return photo


def codes(application: Application, *photos: str) -> list[tuple[str, ...]]:
    checked = checks.check(as_coordinator(application), photos, PAGE_USE)
    return [each.verdict.codes for each in checked]


def test_twenty_photos_of_a_stage_are_answered_and_confirmed_at_once(
    anna: Application, bert: Application, tmp_path: Path
) -> None:
    children = [child(anna, n, REFUSED if n == 7 else None) for n in range(20)]
    photos = [photo_of(anna, tmp_path, n, shown) for n, shown in enumerate(children)]
    assert all("RG_COPY_DIFFERS" in each for each in codes(anna, *photos))
    assert len(series.show_series(anna, photos[3])) == 20

    series.settle_as_different(anna, photos[3])
    others = [*photos[:7], *photos[8:]]
    assert codes(anna, *others) == [("RG_SECOND_LOOK",)] * 19
    looks = list_all(second_looks_listed(anna))
    assert Counter((look.taken_back_by, look.asked_at) for look in looks) == {
        ("anna", looks[0].asked_at): 20
    }
    with pytest.raises(NotAllowed):
        confirmation.confirm(anna, photos[:1], DIFFERENT)
    with pytest.raises(InputDataError):
        confirmation.confirm(bert, photos[:1])

    [confirmed] = confirmation.confirm(bert, photos[:1], DIFFERENT)
    assert (confirmed.outcome, confirmed.others) == (SecondLookOutcome.AGREED, 19)
    assert codes(anna, *others) == [()] * 19
    assert codes(anna, photos[7]) == [("MI_GUARDIAN_REFUSED",)]


def test_no_second_look_is_asked_until_a_reason_differs_and_then_one(
    anna: Application, tmp_path: Path
) -> None:
    children = [child(anna, n) for n in range(3)]
    photos = [photo_of(anna, tmp_path, n, shown) for n, shown in enumerate(children)]
    series.settle_as_different(anna, photos[0])
    assert codes(anna, *photos) == [()] * 3

    record_consent(anna, children[1], REFUSED, by="Ánte Valkeapää")
    assert codes(anna, photos[0], photos[2]) == [("RG_SECOND_LOOK",)] * 2
    asked = list_all(second_looks_listed(anna))
    record_consent(anna, children[2], REFUSED, by="Ánte Valkeapää")
    assert list_all(second_looks_listed(anna)) == asked


def test_the_same_picture_takes_over_the_fuller_statements_and_takes_nothing_away(
    anna: Application, tmp_path: Path
) -> None:
    first, second = child(anna, 0), child(anna, 1)
    photos = [
        photo_of(anna, tmp_path, 0, first),
        photo_of(anna, tmp_path, 1, second, stated=replace(TWO, sensitive=True)),
        photo_of(
            anna,
            tmp_path,
            2,
            stated=replace(EMPTY_STREET, confidentiality=Confidentiality.INTERNAL),
        ),
    ]
    assert all("RG_COPY_DIFFERS" in each for each in codes(anna, *photos))

    completed = series.take_over_statements(anna, photos[0])

    assert {each.people for each in completed} == {People.RECOGNISABLE}
    assert {each.count for each in completed} == {2}
    assert {each.confidentiality for each in completed} == {Confidentiality.INTERNAL}
    assert {each.sensitive for each in completed} == {True}
    for each in completed:
        assert {person.split()[0] for person in each.persons} == {first, second}
        assert not each.lacks
    assert codes(anna, photos[0]) == [("CF_INTERNAL", "PR_SENSITIVE_MINOR")]
    assert list_all(second_looks_listed(anna)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (EMPTY_STREET, replace(EMPTY_STREET, people=People.UNSURE)),
        (
            replace(EMPTY_STREET, confidentiality=Confidentiality.UNSURE),
            replace(EMPTY_STREET, confidentiality=Confidentiality.INTERNAL),
        ),
        (
            replace(EMPTY_STREET, confidentiality=Confidentiality.CARE_CLIENT),
            replace(EMPTY_STREET, confidentiality=Confidentiality.PUPIL_WELFARE),
        ),
    ],
    ids=["unsure about people", "unsure about secrecy", "secret in two ways"],
)
def test_the_same_picture_leaves_no_question_open(
    anna: Application, tmp_path: Path, one: PhotoAnswers, other: PhotoAnswers
) -> None:
    photos = [photo_of(anna, tmp_path, n, stated=said) for n, said in enumerate((one, other))]
    assert any("RG_COPY_DIFFERS" in each for each in codes(anna, *photos))
    series.take_over_statements(anna, photos[0])
    found = codes(anna, *photos)
    assert all(each and "RG_COPY_DIFFERS" not in each for each in found)


def settled_pair(
    anna: Application, bert: Application, tmp_path: Path
) -> tuple[list[str], list[str]]:
    """Return two children, of whom the second refused, and their photos, told apart for good."""
    children = [child(anna, n, REFUSED if n else None) for n in range(2)]
    photos = [photo_of(anna, tmp_path, n, shown) for n, shown in enumerate(children)]
    series.settle_as_different(anna, photos[0])
    confirmation.confirm(bert, photos[:1], DIFFERENT)
    return children, photos


def test_a_photo_that_comes_later_asks_for_itself_and_for_a_second_look_of_its_own(
    anna: Application, bert: Application, tmp_path: Path, clock: Clock
) -> None:
    _children, photos = settled_pair(anna, bert, tmp_path)
    assert codes(anna, photos[0]) == [()]

    clock.now += timedelta(minutes=1)
    later = photo_of(anna, tmp_path, 2, stated=EMPTY_STREET)
    assert codes(anna, photos[0], later) == [(), ("RG_COPY_DIFFERS",)]
    series.settle_as_different(anna, later)
    assert codes(anna, photos[0], later) == [(), ("RG_SECOND_LOOK",)]
    confirmation.confirm(bert, [later], DIFFERENT)
    assert codes(anna, photos[0], later) == [(), ()]


def test_that_a_copy_of_a_photo_refused_by_the_coordinator_is_another_only_coordinators_confirm(
    application: Application, anna: Application, bert: Application, tmp_path: Path
) -> None:
    unsure = replace(ONE, people=People.UNSURE, recognisable_count=None)
    refused = photo_of(anna, tmp_path, 0, stated=unsure)
    approval.approve(anna, [refused], PAGE_USE)
    rule_on(application, "K-1", RulingKind.REFUSED, "The face is clear.")
    copy = photo_of(anna, tmp_path, 1, stated=EMPTY_STREET)
    assert codes(anna, copy) == [("RG_COPY_DIFFERS",)]

    series.settle_as_different(anna, copy)
    with pytest.raises(NotAllowed, match=f"has refused {refused}"):
        confirmation.confirm(bert, [copy], DIFFERENT)
    assert codes(anna, copy) == [("RG_SECOND_LOOK",)]
    confirmation.confirm(application, [copy], DIFFERENT)
    assert codes(anna, copy) == [()]


def test_a_settled_series_asks_again_only_when_a_later_photo_shows_what_nobody_knew(
    anna: Application, tmp_path: Path, clock: Clock
) -> None:
    children = [child(anna, n) for n in range(3)]
    settled = [photo_of(anna, tmp_path, n, shown) for n, shown in enumerate(children[:2])]
    series.settle_as_different(anna, settled[0])
    clock.now += timedelta(minutes=1)

    of_one = photo_of(anna, tmp_path, 2, children[0])
    assert codes(anna, *settled, of_one) == [(), (), ("RG_COPY_DIFFERS",)]
    of_both = photo_of(anna, tmp_path, 3, *children[:2], stated=TWO)
    assert codes(anna, *settled, of_both) == [(), (), ("RG_COPY_DIFFERS",)]

    series.settle_as_different(anna, of_one)
    assert codes(anna, *settled, of_one, of_both) == [()] * 4
    with_a_stranger = photo_of(anna, tmp_path, 4, children[2])
    asked = codes(anna, *settled, with_a_stranger)
    assert asked == [("RG_COPY_DIFFERS",)] * 3


@pytest.mark.parametrize(
    "stated",
    [
        replace(TWO, recognisable_count=3),
        replace(ONE, sensitive=True),
        replace(ONE, confidentiality=Confidentiality.UNSURE),
    ],
)
def test_more_than_was_known_of_a_settled_series_makes_it_ask_again(
    anna: Application, tmp_path: Path, stated: PhotoAnswers
) -> None:
    shown = [child(anna, n) for n in range(2)]
    settled = [photo_of(anna, tmp_path, n, each) for n, each in enumerate(shown)]
    series.settle_as_different(anna, settled[0])
    photo_of(anna, tmp_path, 2, shown[0], stated=stated)
    assert all("RG_COPY_DIFFERS" in each for each in codes(anna, *settled))


def test_an_auditor_sees_whom_the_photos_of_a_series_show_by_id_once(
    anna: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    for number in range(2):
        photo_of(anna, tmp_path, number, child(anna, number))
    shown = series.show_series(application_for("tarja"), "P-1")
    assert [each.persons for each in shown] == [("H-3",), ("H-4",)]


def test_who_was_looked_at_in_a_series_is_not_asked_again_for_a_later_photo_of_the_same_people(
    anna: Application, bert: Application, tmp_path: Path, clock: Clock
) -> None:
    children, photos = settled_pair(anna, bert, tmp_path)
    clock.now += timedelta(minutes=1)
    later = photo_of(anna, tmp_path, 2, children[1])
    series.settle_as_different(anna, later)
    assert codes(anna, photos[0]) == [()]
    assert codes(anna, later) == [("MI_GUARDIAN_REFUSED", "RG_SECOND_LOOK")]


def test_an_audit_of_an_earlier_day_knows_what_nobody_had_answered_yet(
    anna: Application, application: Application, tmp_path: Path, clock: Clock
) -> None:
    shown = child(anna, 0)
    photo_of(anna, tmp_path, 0, shown)
    first_day = clock.now.date()
    clock.now += timedelta(days=1)
    photo_of(anna, tmp_path, 1, child(anna, 1))
    second_day = clock.now.date()
    clock.now += timedelta(days=1)
    series.settle_as_different(anna, "P-1")
    lacking = {}
    for day in (first_day, second_day, clock.now.date()):
        with state_as_of(application, day) as then, then.reading() as work:
            lacking[day] = photo_facts(work.session, [1])[1].copy_differs
    assert list(lacking.values()) == [False, True, False]


def test_a_series_reveals_no_publication_block(anna: Application, tmp_path: Path) -> None:
    block = replace(EMPTY_STREET, confidentiality=Confidentiality.PUBLICATION_BLOCK)
    photo_of(anna, tmp_path, 0, stated=block)
    photo_of(anna, tmp_path, 1, stated=EMPTY_STREET)
    shown = [each.confidentiality for each in series.show_series(anna, "P-1")]
    assert shown == [Confidentiality.UNSURE, Confidentiality.NONE]


def test_photos_of_which_the_same_is_stated_ask_nothing(anna: Application, tmp_path: Path) -> None:
    shown = child(anna, 0)
    photos = [photo_of(anna, tmp_path, n, shown) for n in range(3)]
    assert codes(anna, *photos) == [()] * 3
    series.settle_as_different(anna, photos[0])
    assert list_all(second_looks_listed(anna)) == []


def test_what_looks_like_nothing_else_has_no_series(anna: Application, tmp_path: Path) -> None:
    photo = photo_of(anna, tmp_path, 0, child(anna, 0))
    for answer in (series.show_series, series.settle_as_different, series.take_over_statements):
        with pytest.raises(InputDataError, match="no other registered photo looks like P-1"):
            answer(anna, photo)


def test_a_version_made_of_a_photo_asks_nothing(anna: Application, tmp_path: Path) -> None:
    photo = photo_of(anna, tmp_path, 0, child(anna, 0))
    file = tmp_path / "covered.jpg"
    file.write_bytes(shot(1))
    version = versions.add_version(anna, photo, file).photo
    stated = PhotoAnswers(
        shot=Shot.GENERAL_VIEW,
        people=People.NONE,
        confidentiality=Confidentiality.NONE,
        sensitive=False,
    )
    answers.answer(anna, [version], stated)
    found = codes(anna, photo, version)
    assert found[0] == ()
    assert "RG_COPY_DIFFERS" not in found[1]


def test_a_version_of_which_less_is_stated_needs_a_second_look(
    anna: Application, bert: Application, tmp_path: Path
) -> None:
    person = create_person(anna, "Aino A")
    photo = photo_of(anna, tmp_path, 0, person)
    file = tmp_path / "the same again.jpg"
    file.write_bytes(shot(1))
    version = versions.add_version(anna, photo, file).photo
    nobody = PhotoAnswers(
        shot=Shot.GENERAL_VIEW,
        people=People.NONE,
        confidentiality=Confidentiality.NONE,
        sensitive=False,
    )
    answers.answer(anna, [version], nobody)
    [found] = codes(anna, version)
    assert found == ("RG_SECOND_LOOK",)
    with pytest.raises(NotAllowed):
        confirmation.confirm(anna, [version], OwnAnswer(values=("cut",)))
    confirmation.confirm(bert, [version], OwnAnswer(values=("cut",)))
    assert codes(anna, version) == [()]
