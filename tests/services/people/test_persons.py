"""People and guardians: what may be recorded, what it touches, and what is never told."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.people import persons
from photoreg.services.people.guardians import (
    add_guardian,
    end_guardian,
    excuse_guardian,
    list_guardians,
    verify_guardian,
)
from photoreg.services.people.persons import PersonDetails
from photoreg.services.publications import publishing

AtWork = Callable[[str], Application]
CHILD = date(2016, 5, 4)
PARENT = GuardianBasis.PARENT


@pytest.fixture
def child(anna: Application) -> str:
    return persons.add_person(anna, PersonDetails("Aslak Magga", born=CHILD, guardians=2)).person


@pytest.fixture
def mother(anna: Application) -> str:
    return persons.add_person(anna, PersonDetails("Máret Magga", age_group=AgeGroup.ADULT)).person


def ledger_text(application: Application) -> str:
    with application.reading() as work:
        found = ledger.entries(work.session)
        return "\n".join(f"{each.action} {each.subject} {each.details}" for each in found)


def published(application: Application, folder: Path, person: str) -> str:
    """Publish a photo that shows a person who consented; return the photo."""
    add_photographer(application)
    photo = register_photo(application, folder, MARKET)
    tag_person(application, photo, person)
    record_consent(application, person)
    publishing.add_publication(application, photo, PAGE_USE, address="https://kunta.example/1")
    return photo


@pytest.mark.parametrize(
    "written", ["Áile Näkkäläjärvi", "áile  näkkäläjärvi", "A\u0301ILE NÄKKÄLÄJÄRVI"]
)
def test_the_same_person_twice_is_refused_by_id_only(anna: Application, written: str) -> None:
    first = persons.add_person(anna, PersonDetails("Áile Näkkäläjärvi", born=CHILD)).person
    with pytest.raises(NotAllowed) as refused:
        persons.add_person(anna, PersonDetails(written, born=CHILD))
    assert first in str(refused.value)
    assert "Näkkäläjärvi" not in str(refused.value)


@pytest.mark.parametrize("born", [None, date(2016, 5, 5)])
def test_a_namesake_is_added_with_a_notice(anna: Application, born: date | None) -> None:
    first = persons.add_person(anna, PersonDetails("Antti Magga", born=CHILD)).person
    second = persons.add_person(anna, PersonDetails("Antti Magga", born=born))
    assert second.namesakes == (first,)


def test_a_change_may_not_make_a_duplicate(anna: Application) -> None:
    persons.add_person(anna, PersonDetails("Antti Magga", born=CHILD))
    other = persons.add_person(anna, PersonDetails("Antti Magga")).person
    with pytest.raises(NotAllowed):
        persons.change_person(anna, other, PersonDetails(born=CHILD))
    assert [row.born for row in persons.list_persons(anna)] == ["2016-05-04", None]


@pytest.mark.parametrize("born", [date(1899, 12, 31), date(2026, 11, 3)])
def test_an_impossible_birth_date_is_refused(anna: Application, born: date) -> None:
    with pytest.raises(InputDataError, match="cannot be a birth date"):
        persons.add_person(anna, PersonDetails("Antti Magga", born=born))
    assert persons.list_persons(anna) == []


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 201, "Antti 010190-123A", "\x1b[31mred", "\udcff"]
)
def test_an_impossible_name_is_refused(anna: Application, name: str) -> None:
    with pytest.raises(InputDataError):
        persons.add_person(anna, PersonDetails(name))


def test_an_identity_code_is_never_stored(anna: Application, child: str, mother: str) -> None:
    with pytest.raises(InputDataError, match="identity code"):
        persons.change_person(anna, child, PersonDetails(contact="hetu 010190-123A"))
    with pytest.raises(InputDataError, match="identity code"):
        add_guardian(anna, child, mother, basis=PARENT, verified="VTJ 010190-123A")


def test_a_birth_date_tells_the_age_group_day_by_day(
    anna: Application, child: str, clock: Clock
) -> None:
    assert persons.list_persons(anna)[0].age_group is AgeGroup.MINOR
    clock.now = clock.now.replace(year=2034, month=5, day=4)
    assert persons.list_persons(anna)[0].age_group is AgeGroup.ADULT
    with pytest.raises(InputDataError, match="birth date is recorded"):
        persons.change_person(anna, child, PersonDetails(age_group=AgeGroup.ADULT))


def test_a_birth_date_replaces_a_stated_age_group(anna: Application, mother: str) -> None:
    persons.change_person(anna, mother, PersonDetails(born=CHILD))
    [row] = persons.list_persons(anna)
    assert (row.age_group, row.born) == (AgeGroup.MINOR, "2016-05-04")


def test_a_change_without_anything_new_is_refused(anna: Application, child: str) -> None:
    with pytest.raises(InputDataError, match="no change was given"):
        persons.change_person(anna, child, PersonDetails())


def test_only_coordinators_block_and_nothing_reveals_it(
    application: Application, anna: Application, child: str
) -> None:
    with pytest.raises(NotAllowed):
        persons.block_person(anna, child)
    persons.change_person(anna, child, PersonDetails(contact="040 123"))
    persons.block_person(application, child)
    shown = (
        persons.list_persons(anna),
        consents.show_person(anna, child),
        ledger_text(application),
    )
    assert "block" not in repr(shown)
    changes = {line for line in ledger_text(application).splitlines() if "person.changed" in line}
    assert changes == {"person.changed H-1 {}"}  # a block looks like any other change


@pytest.mark.parametrize(
    "about",
    [
        PersonDetails(born=CHILD),
        PersonDetails(deceased=True),
        PersonDetails(capacity=Capacity.DOUBT),
        None,
    ],
    ids=["a child", "dead", "capacity in doubt", "blocked"],
)
def test_a_change_that_forbids_opens_a_take_down(
    application: Application, tmp_path: Path, about: PersonDetails | None
) -> None:
    person = create_person(application, "Piera Valkeapää")
    photo = published(application, tmp_path, person)
    if about is None:
        persons.block_person(application, person)
    else:
        persons.change_person(application, person, about)
    [touched] = application.reacted.publications
    assert (touched.photo, touched.task) == (photo, "T-1")


def test_a_change_that_forbids_nothing_touches_nothing(
    application: Application, tmp_path: Path
) -> None:
    person = create_person(application, "Piera Valkeapää")
    published(application, tmp_path, person)
    persons.change_person(application, person, PersonDetails(contact="040 123"))
    assert application.reacted.publications == []


def test_the_auditor_sees_ids_and_no_contacts(
    anna: Application, application_for: AtWork, child: str, mother: str
) -> None:
    persons.change_person(anna, child, PersonDetails(contact="040 123"))
    add_guardian(anna, child, mother, basis=PARENT)
    tarja = application_for("tarja")
    seen = repr((persons.list_persons(tarja), consents.show_person(tarja, child)))
    assert "Magga" not in seen
    assert "040" not in seen
    assert CHILD.isoformat() not in seen
    assert "H-2" in seen
    with pytest.raises(NotAllowed):
        persons.change_person(tarja, child, PersonDetails(contact="1"))


def test_no_name_or_free_text_reaches_the_ledger(
    application: Application, anna: Application, child: str, mother: str
) -> None:
    add_guardian(anna, child, mother, basis=PARENT, verified="population register")
    excuse_guardian(application, child, mother, ground="in hospital")
    end_guardian(application, child, mother)
    text = ledger_text(application)
    assert "guardian.excused H-1" in text
    for secret in ("Magga", "population", "hospital", "2016-05"):
        assert secret not in text


def test_impossible_guardians_are_refused(anna: Application, child: str, mother: str) -> None:
    other_child = persons.add_person(
        anna, PersonDetails("Elle Magga", age_group=AgeGroup.MINOR)
    ).person
    dead = persons.add_person(anna, PersonDetails("Niila Magga", deceased=True)).person
    for ward, guardian, says in (
        (child, child, "cannot be their own guardian"),
        (child, other_child, "is a minor"),
        (child, dead, "has died"),
        (mother, dead, "has died"),
    ):
        with pytest.raises(InputDataError, match=says):
            add_guardian(anna, ward, guardian, basis=PARENT)
    adult = persons.add_person(anna, PersonDetails("Jouni Magga", age_group=AgeGroup.ADULT)).person
    with pytest.raises(InputDataError, match="is an adult"):
        add_guardian(anna, adult, mother, basis=PARENT)
    assert list_guardians(anna, child) == []


def test_the_same_guardian_twice_is_refused(anna: Application, child: str, mother: str) -> None:
    add_guardian(anna, child, mother, basis=PARENT)
    with pytest.raises(NotAllowed, match="already"):
        add_guardian(anna, child, mother, basis=GuardianBasis.COURT_ORDER)


def test_a_guardianship_that_ended_can_begin_again(
    application: Application, anna: Application, child: str, mother: str
) -> None:
    add_guardian(anna, child, mother, basis=PARENT, verified="register")
    end_guardian(application, child, mother, on=date(2026, 10, 1))
    with pytest.raises(NotFound):
        verify_guardian(anna, child, mother, how="register")
    saved = add_guardian(anna, child, mother, basis=GuardianBasis.COURT_ORDER)
    [row] = list_guardians(anna, child)
    assert (row.basis, row.verified, row.last_day) == ("court_order", False, None)
    assert (saved.recorded, saved.stated) == (1, 2)


def test_only_coordinators_excuse_and_only_verified_guardians(
    application: Application, anna: Application, child: str, mother: str, tmp_path: Path
) -> None:
    add_guardian(anna, child, mother, basis=PARENT)
    with pytest.raises(NotAllowed, match="role"):
        excuse_guardian(anna, child, mother, ground="abroad")
    with pytest.raises(NotAllowed, match="not verified"):
        excuse_guardian(application, child, mother, ground="abroad")
    verify_guardian(anna, child, mother, how="population register")
    with pytest.raises(InputDataError):
        excuse_guardian(application, child, mother, ground="  ")
    paper = tmp_path / "decision.pdf"
    paper.write_bytes(b"%PDF decision")
    excuse_guardian(application, child, mother, ground="abroad", evidence=paper)
    [row] = list_guardians(anna, child)
    assert row.excused is True
    assert "abroad" not in repr(row)


def test_a_guardianship_cannot_end_in_the_future(
    application: Application, anna: Application, child: str, mother: str
) -> None:
    add_guardian(anna, child, mother, basis=PARENT)
    with pytest.raises(InputDataError, match="future"):
        end_guardian(application, child, mother, on=date(2026, 11, 3))
    assert list_guardians(anna, child)[0].last_day is None


def test_only_a_coordinator_ends_a_guardianship_or_lowers_their_number(
    application: Application, anna: Application, child: str, mother: str
) -> None:
    add_guardian(anna, child, mother, basis=PARENT, verified="register")
    persons.change_person(anna, child, PersonDetails(guardians=2))
    with pytest.raises(NotAllowed):
        end_guardian(anna, child, mother)
    with pytest.raises(NotAllowed):
        persons.change_person(anna, child, PersonDetails(guardians=1))
    persons.change_person(application, child, PersonDetails(guardians=1))


@pytest.mark.parametrize(
    "about", [PersonDetails(deceased=True), PersonDetails(born=date(2020, 1, 1))]
)
def test_a_guardian_does_not_turn_out_to_be_dead_or_a_child(
    application: Application, child: str, mother: str, about: PersonDetails
) -> None:
    add_guardian(application, child, mother, basis=PARENT)
    with pytest.raises(NotAllowed, match="guardian"):
        persons.change_person(application, mother, about)
    end_guardian(application, child, mother)
    persons.change_person(application, mother, about)


@pytest.mark.parametrize("deceased", [True, False])
def test_only_coordinators_say_that_somebody_has_died_or_has_not(
    deceased: bool, application: Application, application_for: Callable[[str], Application]
) -> None:
    person = persons.add_person(
        application, PersonDetails(name="Elle", deceased=not deceased)
    ).person
    with pytest.raises(NotAllowed):
        persons.change_person(application_for("anna"), person, PersonDetails(deceased=deceased))
    persons.change_person(
        application_for("anna"), person, PersonDetails(deceased=not deceased, contact="x")
    )
    persons.change_person(application, person, PersonDetails(deceased=deceased))


def test_a_change_that_changes_nothing_is_not_logged(
    application: Application, registry: Registry
) -> None:
    def entries() -> int:
        with registry.reading() as session:
            query = sa.text("SELECT count(*) FROM ledger")
            return int(session.connection().execute(query).scalar_one())

    person = persons.add_person(application, PersonDetails(name="Elle", contact="040 1")).person
    before = entries()
    persons.change_person(application, person, PersonDetails(name=" Elle ", contact="040 1"))
    assert entries() == before
    persons.change_person(application, person, PersonDetails(contact="040 2"))
    assert entries() == before + 1
