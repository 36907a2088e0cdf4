"""Names sort as Finns sort them, Sámi names included."""

import random
import unicodedata

import pytest
from tests.services.scenes import create_person

from photoreg.registry.ids import sort_key
from photoreg.registry.names import letters_key
from photoreg.services.application import Application
from photoreg.services.people import persons

IN_ORDER = (
    "Aikio Elle",
    "Áikio Elle",
    "Aikio Máret",
    "Čáppa Ánte",
    "Dahl Per",
    "Đoarvvu Biret",
    "Eira Ŋilla",
    "Eira Nils",
    "Näkkäläjärvi Aila",
    "Sara Anni",
    "Šihko Niila",
    "Tornensis Aslak",
    "Zimmer Karl",
    "Åkerlund Britta",
    "Ähtäri Liisa",
    "Öhman Kaj",
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_sort_with_accents_among_their_letters_and_the_last_letters_last(form: str) -> None:
    names = [unicodedata.normalize(form, name) for name in IN_ORDER]  # type: ignore[arg-type]
    mixed = names.copy()
    random.Random(4).shuffle(mixed)  # noqa: S311 - no secret
    assert sorted(mixed, key=sort_key) == names


def test_capitals_and_spaces_do_not_matter() -> None:
    assert sort_key("  áILA  näkkäläjärvi") == sort_key("Áila Näkkäläjärvi")


def test_people_are_listed_in_that_order(anna: Application) -> None:
    for name in ("Öhman Kaj", "Zimmer Karl", "Áikio Elle", "Aikio Máret"):
        create_person(anna, name)
    listed = [row.name for row in persons.list_persons(anna)]
    assert listed == ["Áikio Elle", "Aikio Máret", "Zimmer Karl", "Öhman Kaj"]


@pytest.mark.parametrize("written", ["\u0410une Bb", "Aun\u0435 Bb", "\u0391une Bb", "Bb Aune"])
def test_letters_of_other_alphabets_that_look_alike_make_no_other_name(written: str) -> None:
    assert letters_key(written) == letters_key("Aune Bb")
