"""Who may be whom: a doubt stops, and is decided by id, wherever persons are made."""

import sys
import unicodedata
from datetime import date

import pytest
from tests.services.scenes import add_child, create_person, unlike_any_other
from tests.statements import recorded_statements

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.tables.people import GuardianBasis
from photoreg.services.application import Application
from photoreg.services.people import persons
from photoreg.services.people.guardians import add_guardian
from photoreg.services.people.identity import DoubtfulPersonError, contact_keys
from photoreg.services.people.persons import PersonDetails

BORN = date(2018, 1, 15)
OTHER_DAY = date(2017, 1, 15)
DASHES = [c for c in map(chr, range(sys.maxunicode)) if unicodedata.category(c) == "Pd"]


@pytest.fixture
def child(anna: Application) -> str:
    """H-1, with the guardian H-2."""
    child = add_child(anna, "Elle-Mai Valkeapää", BORN, ["Máret Valkeapää"])
    persons.change_person(anna, "H-2", PersonDetails(contact="040-123 4567, maret@kunta.example"))
    return child


def added(anna: Application, name: str, born: date | None = BORN, contact: str = "") -> str:
    """Say what comes of adding somebody: `known`, `doubtful` or `new`."""
    before = persons.list_persons(anna)
    try:
        persons.add_person(anna, PersonDetails(name, born=born, contact=contact))
    except (DoubtfulPersonError, NotAllowed) as stopped:
        is_doubt = isinstance(stopped, DoubtfulPersonError)
        told = stopped.values["persons" if is_doubt else "person"]
        found = "doubtful" if is_doubt else "known"
        return found if told == "H-1" and persons.list_persons(anna) == before else repr(stopped)
    return "new"


@pytest.mark.usefixtures("child")
@pytest.mark.parametrize(
    ("name", "born", "expected"),
    [
        ("ELLE-MAI  valkeapää", BORN, "known"),
        ("Elle-Mai Valkeapa\u0308a\u0308", BORN, "known"),
        ("Valkeapää Elle-Mai", BORN, "doubtful"),
        ("Valkeapää, Elle-Mai", BORN, "doubtful"),
        ("Elle Mai Valkeapää", BORN, "doubtful"),
        ("ElleMai Valkeapää", BORN, "doubtful"),
        ("Elle-Mai Valkeapaa", BORN, "doubtful"),
        ("Elle-Mai Valkeapää", None, "doubtful"),
        ("Elle-Mai Valkeapää", OTHER_DAY, "doubtful"),
        ("Valkeapää Elle-Mai", None, "doubtful"),
        ("Valkeapää Elle-Mai", OTHER_DAY, "new"),
        ("Elle Valkeapää", BORN, "doubtful"),
        ("Valkeapaa Mai", BORN, "doubtful"),
        ("Elle-Mai Maria Valkeapää", BORN, "doubtful"),
        ("Maria Valkeapää, Ellemai", BORN, "doubtful"),
        ("Elle Valkeapää", None, "new"),
        ("Elle Valkeapää", OTHER_DAY, "new"),
        ("Valkeapää", BORN, "new"),
        ("Sárá Valkeapää", BORN, "new"),
        ("Anne-Mai Valkeapää", BORN, "new"),
    ],
)
def test_names_are_compared_in_any_order_and_spelling(
    anna: Application, name: str, born: date | None, expected: str
) -> None:
    assert added(anna, name, born) == expected


@pytest.mark.usefixtures("child")
def test_no_kind_of_dash_makes_another_person(anna: Application) -> None:
    found = {
        dash: added(anna, f"Elle{dash}Mai Valkeapää") for dash in [*DASHES, "\u2212", "\u2043"]
    }
    assert set(found.values()) == {"known"}


@pytest.mark.usefixtures("child")
@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("+358 40 1234567", "doubtful"),
        ("Máret: 0401234567", "doubtful"),
        ("MARET@kunta.example", "doubtful"),
        ("040 123 4568", "new"),
        ("", "new"),
    ],
)
def test_a_new_surname_with_a_guardian_s_contact_is_doubtful(
    anna: Application, contact: str, expected: str
) -> None:
    assert added(anna, "Elle Aikio", BORN, contact) == expected
    assert added(anna, "Sárá Aikio", OTHER_DAY, contact) == "new"


def test_a_guardian_in_common_makes_a_child_of_the_same_birth_date_doubtful(
    anna: Application, child: str
) -> None:
    other = create_person(anna, "Elle Aikio", BORN)
    with pytest.raises(DoubtfulPersonError, match=child):
        add_guardian(anna, other, "H-2", basis=GuardianBasis.PARENT)
    add_guardian(anna, other, "H-2", basis=GuardianBasis.PARENT, other=[child])
    father = create_person(anna, "Ante Valkeapää")
    add_guardian(anna, child, father, basis=GuardianBasis.PARENT)
    add_guardian(anna, other, father, basis=GuardianBasis.PARENT)  # they have been told apart


def test_a_doubt_tells_about_whom_it_is(anna: Application, child: str) -> None:
    with pytest.raises(DoubtfulPersonError, match=r"^Valkeapää Elle-Mai could be .*: H-1$"):
        persons.add_person(anna, PersonDetails("Valkeapää Elle-Mai", born=BORN))
    other = create_person(anna, "Elle Aikio", BORN)
    with pytest.raises(DoubtfulPersonError, match=r"^H-3 Elle Aikio could be .*: H-1$"):
        add_guardian(anna, other, "H-2", basis=GuardianBasis.PARENT)
    with pytest.raises(DoubtfulPersonError, match=r"^H-3 Elle Aikio could be .*: H-1$"):
        persons.change_person(anna, other, PersonDetails("Valkeapää Elle-Mai"))
    assert child == "H-1"


def test_who_is_told_apart_costs_as_many_statements_however_many_were_born_that_day(
    anna: Application,
) -> None:
    counts = []
    for many in (2, 12):
        for number in range(many):
            create_person(anna, unlike_any_other(f"{many} {number}"), BORN)
        with recorded_statements() as statements:
            create_person(anna, f"Somebody Else{many}", BORN)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_known_as_name_may_be_somebody(anna: Application, child: str) -> None:
    persons.change_person(anna, child, PersonDetails(known_as=("Áile Aikio",)))
    assert added(anna, "Aikio Aile") == "doubtful"


def test_a_doubtful_identity_is_decided_by_the_ids_of_the_candidates(
    anna: Application, child: str
) -> None:
    about = PersonDetails("Valkeapää Elle-Mai", born=BORN)
    with pytest.raises(InputDataError, match="H-2 is not among those"):
        persons.add_person(anna, about, other=["H-2"])
    with pytest.raises(InputDataError, match="H-2 is not among those"):
        persons.add_person(anna, about, same="H-2")
    same = persons.add_person(anna, about, same=child)
    assert (same.person, same.is_new) == (child, False)
    other = persons.add_person(anna, about, other=[child])
    assert (other.person, other.is_new) == ("H-3", True)
    with pytest.raises(DoubtfulPersonError, match="H-3"):
        persons.add_person(anna, PersonDetails("Mai-Elle Valkeapää", born=BORN), other=[child])


def test_a_change_does_not_make_a_second_record_either(anna: Application, child: str) -> None:
    other = create_person(anna, "Elle Aikio", None)
    about = PersonDetails("Valkeapää Elle-Mai", born=BORN)
    with pytest.raises(DoubtfulPersonError, match=child):
        persons.change_person(anna, other, about)
    persons.change_person(anna, other, about, other=[child])
    persons.change_person(anna, other, PersonDetails(contact="040"))


def test_contacts_are_compared_by_digits_and_addresses() -> None:
    assert contact_keys("+358 (0)40-123 4567; A@b.fi") == {"0401234567", "a@b.fi"}
    assert contact_keys("040\u2011123\u00a04567") == contact_keys("+358 40 1234567")
    assert contact_keys("00358401234567") == contact_keys("0401234567")
    assert contact_keys("") == frozenset()
    assert contact_keys("at school") == {"at school"}
