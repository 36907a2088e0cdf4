"""One reading of yes, no and headings of noes, for class lists and for lists of consents."""

import pytest

from photoreg.services.consents.lists.columns import Meaning, list_columns
from photoreg.services.people.class_lists.columns import ColumnMeaning
from photoreg.services.people.class_lists.headings import read_columns
from photoreg.services.people.class_lists.values import read_permission
from photoreg.services.people.class_lists.words import FIELD_OF
from photoreg.services.people.class_lists.yes_and_no import CellAnswer, answer_in
from photoreg.sheets.table import Table

NOES = (
    *("ei", "e", "n", "no", "nej", "nei", "ii", "ei ole", "0", "-", "–", "☐", "☒", "✗", "false"),
    *("kielletty", "ei lupaa", "kyllä, mutta ei someen", "k / n", "inga bilder", "ii oaččo govvet"),
    *("isä ei halua", "vill inte", "doesn't want", "turvakielto", "peruttu 1.9."),
)
YESES = (
    *("kyllä", "K", "x", "on lupa", "joo, ok", "ja", "Juo", "jua", "yes", "1", "✓", "☑", "annettu"),
)


@pytest.mark.parametrize("text", NOES)
def test_a_no_of_one_kind_of_list_is_a_no_of_the_other(text: str) -> None:
    for written in (text, text.upper(), f" {text}."):
        assert answer_in(written) is CellAnswer.NO
        assert read_permission(written) is False


@pytest.mark.parametrize("text", YESES)
def test_a_yes_of_one_kind_of_list_is_a_yes_of_the_other(text: str) -> None:
    assert answer_in(text) is CellAnswer.YES
    assert read_permission(text) is True


MEANINGS = {
    ColumnMeaning.NAME: Meaning.NAME,
    ColumnMeaning.SURNAME: Meaning.SURNAME,
    ColumnMeaning.FORENAMES: Meaning.FIRST_NAMES,
    ColumnMeaning.BORN: Meaning.BORN,
    ColumnMeaning.BLOCK: Meaning.BLOCK,
    ColumnMeaning.REFUSAL: Meaning.REFUSAL,
}


@pytest.mark.parametrize("of_class_list", MEANINGS)
def test_headings_mean_the_same_in_both_kinds_of_lists(of_class_list: ColumnMeaning) -> None:
    for heading in (each for each, found in FIELD_OF.items() if found is of_class_list):
        for written in (heading.upper(), f"{heading}:"):
            columns = list_columns(Table(("id", written), ()), {}, {})
            found = {heading: each for each, heading in columns.known.items()}
            found |= columns.stops
            assert found.get(written) is MEANINGS[of_class_list], written
        assert read_columns([heading, "photoreg id"])[0].meaning is of_class_list
