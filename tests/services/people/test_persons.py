"""People and guardians: what may be recorded, what it touches, and what is never told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.logged import logged
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions, receipts
from photoreg.services.consents.forms import FormOrder, print_forms
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.people import blocks, persons
from photoreg.services.people.guardians import (
    add_guardian,
    end_guardian,
    excuse_guardian,
    list_guardians,
    set_decides_alone,
    verify_guardian,
    verify_guardians_at,
)
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events
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
        found = logged(work.session)
        return "\n".join(f"{each.action} {each.subject} {each.details}" for each in found)


def published(application: Application, folder: Path, person: str) -> str:
    """Publish a photo that shows a person who consented; return the photo."""
    add_photographer(application)
    photo = register_photo(application, folder, MARKET)
    tag_person(application, photo, person)
    record_consent(application, person)
    publishing.add_publication(application, [photo], PAGE_USE, address="https://kunta.example/1")
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
    second = persons.add_person(anna, PersonDetails("Antti Magga", born=born), other=[first])
    assert second.namesakes == (first,)


def test_a_change_may_not_make_a_duplicate(anna: Application) -> None:
    first = persons.add_person(anna, PersonDetails("Antti Magga", born=CHILD)).person
    other = persons.add_person(anna, PersonDetails("Antti Magga"), other=[first]).person
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


def test_a_birth_date_shows_the_age_group_day_by_day(
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


def test_everybody_blocks_only_coordinators_lift_and_list_and_nothing_reveals_it(
    application: Application, anna: Application, child: str
) -> None:
    persons.change_person(anna, child, PersonDetails(contact="040 123"))
    blocks.block_person(anna, child)
    for refused in (lambda: blocks.unblock_person(anna, child), lambda: blocks.list_blocks(anna)):
        with pytest.raises(NotAllowed, match="role"):
            refused()
    shown = (
        persons.list_persons(anna),
        consents.show_person(anna, child),
        ledger_text(application),
    )
    assert "block" not in repr(shown)
    changes = {line for line in ledger_text(application).splitlines() if "person.changed" in line}
    assert changes == {"person.changed H-1 {}"}  # a block looks like any other change


def test_a_list_of_blocks_shows_since_when_and_by_whom_and_is_logged(
    application: Application, anna: Application, child: str, mother: str
) -> None:
    blocks.block_person(anna, child)
    blocks.block_person(application, child)  # the first one stays
    blocks.block_person(application, mother)
    blocks.unblock_person(application, mother)
    [row] = blocks.list_blocks(application)
    assert (row.person, row.name, row.since, row.by) == (child, "Aslak Magga", "2026-11-02", "anna")
    assert 'blocks.read staff:1 {"list": "blocks", "persons": 1}' in ledger_text(application)


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
        blocks.block_person(application, person)
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


def test_guardians_of_an_event_are_verified_at_once_but_for_those_by_court_order(
    anna: Application, child: str, mother: str
) -> None:
    carer = persons.add_person(anna, PersonDetails("Sanna Sijainen", age_group=AgeGroup.ADULT))
    add_guardian(anna, child, mother, basis=PARENT)
    add_guardian(anna, child, carer.person, basis=GuardianBasis.COURT_ORDER)
    events.add_event(anna, "Syysjuhla", on=date(2026, 11, 2), roster=[child])
    done = verify_guardians_at(anna, "E-1", how="school register")
    assert [each.needs_decision is None for each in done] == [True, False]
    verified = {row.guardian: row.verified for row in list_guardians(anna, child)}
    assert verified == {mother: True, carer.person: False}
    saved = verify_guardian(anna, child, carer.person, how="decision of the court")
    assert saved.verified


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
    [earlier, row] = list_guardians(anna, child)
    assert (earlier.first_day, earlier.last_day) == (None, "2026-10-01")
    assert (row.basis, row.verified, row.last_day) == ("court_order", False, None)
    assert row.first_day == "2026-11-02"
    assert (saved.recorded, saved.stated) == (1, 2)


def test_a_guardianship_never_begins_again_within_the_earlier_one(
    application: Application, anna: Application, child: str, mother: str
) -> None:
    add_guardian(anna, child, mother, basis=PARENT)
    end_guardian(application, child, mother, on=date(2026, 11, 2))
    with pytest.raises(InputDataError, match="within an earlier guardianship"):
        add_guardian(anna, child, mother, basis=PARENT, since=date(2026, 11, 2))
    with pytest.raises(InputDataError, match="future"):
        add_guardian(anna, child, mother, basis=PARENT, since=date(2026, 11, 4))
    saved = add_guardian(anna, child, mother, basis=PARENT)
    assert saved.first_day == date(2026, 11, 3)


def test_a_guardianship_can_begin_on_a_day_after_the_birth(
    anna: Application, child: str, mother: str
) -> None:
    with pytest.raises(InputDataError, match="before the child was born"):
        add_guardian(anna, child, mother, basis=PARENT, since=date(2016, 5, 3))
    add_guardian(anna, child, mother, basis=GuardianBasis.COURT_ORDER, since=date(2024, 1, 1))
    assert list_guardians(anna, child)[0].first_day == "2024-01-01"


def test_a_guardianship_does_not_end_before_it_began(
    application: Application, anna: Application, child: str, mother: str
) -> None:
    add_guardian(anna, child, mother, basis=PARENT, since=date(2024, 1, 1))
    with pytest.raises(InputDataError, match="before the guardianship began"):
        end_guardian(application, child, mother, on=date(2023, 12, 31))
    end_guardian(application, child, mother, on=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("day", "is_accepted"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2025, 1, 1), True),
        (date(2025, 1, 2), False),
        (date(2026, 11, 2), True),
    ],
)
def test_an_answer_must_be_given_within_a_guardianship(
    application: Application, child: str, mother: str, day: date, is_accepted: bool
) -> None:
    add_guardian(application, child, mother, basis=PARENT, since=date(2024, 1, 1))
    end_guardian(application, child, mother, on=date(2025, 1, 1))
    add_guardian(application, child, mother, basis=PARENT)
    spoken = replace(granted_consent(), on=day)
    if is_accepted:
        record_consent(application, child, spoken, by=mother)
        return
    with pytest.raises(NotAllowed, match=f"not a guardian of {child} on {day}"):
        record_consent(application, child, spoken, by=mother)


def test_a_body_that_decides_on_care_is_a_guardian_to_all_but_coordinators(
    application: Application, anna: Application, child: str, tmp_path: Path
) -> None:
    body = persons.add_person(
        anna, PersonDetails("Social Services", age_group=AgeGroup.ADULT, contact="016 123 456")
    ).person
    add_guardian(
        anna, child, body, basis=GuardianBasis.CARE_DECISION, verified="decision of the services"
    )
    consent = record_consent(anna, child, by=body)
    order = FormOrder(folder=tmp_path / "forms", until=date(2027, 1, 1), persons=[child])
    [form] = print_forms(anna, order).forms
    seen_by_anna = (
        list_guardians(anna, child),
        persons.list_persons(anna),
        consents.show_person(anna, body),
        receipts.receipt_text(anna, consent),
        receipts.receipt(anna, consent),
        form.file.read_text("utf-8"),
    )
    for hidden in ("Social Services", "care_decision", "016 123", "decision of the services"):
        assert hidden not in repr(seen_by_anna)
    assert "a guardian" in repr(seen_by_anna)
    assert "huoltaja" in receipts.receipt_text(anna, consent)[0]
    [row] = list_guardians(application, child)
    assert (row.name, row.basis) == ("Social Services", GuardianBasis.CARE_DECISION)


def test_only_a_body_decides_alone_and_only_a_coordinator_says_so(
    application: Application, anna: Application, child: str, mother: str, tmp_path: Path
) -> None:
    body = persons.add_person(anna, PersonDetails("Services", age_group=AgeGroup.ADULT)).person
    add_guardian(anna, child, mother, basis=PARENT)
    add_guardian(anna, child, body, basis=GuardianBasis.CARE_DECISION)
    paper = tmp_path / "decision.pdf"
    paper.write_bytes(b"%PDF decision")
    with pytest.raises(NotAllowed, match="role"):
        set_decides_alone(anna, child, body, reason="care", evidence=paper)
    with pytest.raises(NotAllowed, match="only a body"):
        set_decides_alone(application, child, mother, reason="care", evidence=paper)
    with pytest.raises(InputDataError):
        set_decides_alone(application, child, body, reason=" ", evidence=paper)
    set_decides_alone(application, child, body, reason="care", evidence=paper)
    assert [row.decides_alone for row in list_guardians(application, child)] == [False, True]
    assert [row.decides_alone for row in list_guardians(anna, child)] == [False, None]


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


def test_the_death_of_a_guardian_ends_the_guardianship_on_that_day(
    application: Application, child: str, mother: str
) -> None:
    add_guardian(application, child, mother, basis=PARENT)
    persons.change_person(application, mother, PersonDetails(died_on=date(2026, 10, 1)))
    assert [row.last_day for row in list_guardians(application, child)] == ["2026-10-01"]
    assert '"guardian": "H-2", "on": "2026-10-01"' in ledger_text(application)


def test_a_death_on_an_unknown_day_ends_the_guardianship_today_until_the_day_is_known(
    application: Application, child: str, mother: str
) -> None:
    add_guardian(application, child, mother, basis=PARENT, since=date(2020, 1, 1))
    persons.change_person(application, mother, PersonDetails(deceased=True))
    assert [row.last_day for row in list_guardians(application, child)] == ["2026-11-02"]
    with pytest.raises(InputDataError, match="after the day of death"):
        persons.change_person(application, mother, PersonDetails(died_on=date(2019, 1, 1)))
    persons.change_person(application, mother, PersonDetails(died_on=date(2026, 10, 1)))
    assert [row.last_day for row in list_guardians(application, child)] == ["2026-10-01"]


@pytest.mark.parametrize(
    ("about", "says"),
    [
        (PersonDetails(died_on=date(2026, 11, 3)), "future"),
        (PersonDetails(died_on=date(1980, 5, 16)), "before the person was born"),
        (PersonDetails(died_on=date(2020, 1, 1), deceased=False), "alive"),
    ],
)
def test_an_impossible_day_of_death_is_refused(
    application: Application, about: PersonDetails, says: str
) -> None:
    person = create_person(application, "Elle")
    with pytest.raises(InputDataError, match=says):
        persons.change_person(application, person, about)
    assert consents.show_person(application, person).summary.died_on is None


def test_nobody_says_anything_after_their_death(application: Application) -> None:
    person = create_person(application, "Elle")
    persons.change_person(application, person, PersonDetails(died_on=date(2026, 10, 1)))
    summary = consents.show_person(application, person).summary
    assert (summary.deceased, summary.died_on) == (True, "2026-10-01")
    for day in (date(2026, 10, 2), None):
        with pytest.raises(InputDataError, match="died on 2026-10-01"):
            record_consent(application, person, replace(granted_consent(), on=day))
        with pytest.raises(InputDataError, match="has died and cannot have given a permission"):
            permissions.record_permission(
                application, PermissionParties(person), replace(granted_consent(), on=day)
            )
    record_consent(application, person, replace(granted_consent(), on=date(2026, 10, 1)))


def test_further_names_are_added_once_and_taken_away(anna: Application, child: str) -> None:
    persons.change_person(anna, child, PersonDetails(known_as=("Áilu", "ÁILU", "Aslak Magga")))
    persons.change_person(anna, child, PersonDetails(known_as=("A. Magga",)))
    assert consents.show_person(anna, child).summary.known_as == ("Áilu", "A. Magga")
    persons.change_person(anna, child, PersonDetails(not_known_as=("áilu",)))
    assert consents.show_person(anna, child).summary.known_as == ("A. Magga",)
    with pytest.raises(InputDataError, match="not recorded under that name"):
        persons.change_person(anna, child, PersonDetails(not_known_as=("Nobody",)))


@pytest.mark.parametrize("about", [PersonDetails(born=date(2020, 1, 1))])
def test_a_guardian_does_not_turn_out_to_be_a_child(
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
            query = sa.text("SELECT count(*) FROM ledger WHERE action NOT LIKE 'record%'")
            return int(session.connection().execute(query).scalar_one())

    person = persons.add_person(application, PersonDetails(name="Elle", contact="040 1")).person
    before = entries()
    persons.change_person(application, person, PersonDetails(name=" Elle ", contact="040 1"))
    assert entries() == before
    persons.change_person(application, person, PersonDetails(contact="040 2"))
    assert entries() == before + 1
