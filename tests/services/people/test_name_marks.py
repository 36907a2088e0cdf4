"""What stands beside a name in a list: it is asked about, and never recorded as a part of it."""

from datetime import date
from pathlib import Path

import pytest

from photoreg.services.people.class_list import ClassList, read_class_list
from photoreg.services.people.list_columns import ListNoteKind
from photoreg.services.people.list_values import clean_name
from photoreg.services.people.name_marks import mark_in

MARKED = {
    "(Ville) Länsman": "(Ville)",
    "Ville (muuttanut) Länsman": "(muuttanut)",
    "Ville Länsman (": "(",
    "[Ville Länsman]": "[Ville Länsman]",
    'Ville "Vili" Länsman': '"Vili"',
    "Ville ”Vili” Länsman": "”Vili”",
    "Ville 'Vili' Länsman": "'Vili'",
    "- Ville Länsman": "-",
    "– Ville Länsman": "-",
    "• Ville Länsman": "•",
    "✓ Ville Länsman": "✓",
    "☐ Ville Länsman": "☐",
    "Ville Länsman ❌": "❌",
    "Ville Länsman *": "*",
    "Ville Länsman**": "*",
    "#Ville Länsman": "#",
    "Ville Länsman!": "!",
    "_Ville Länsman_": "_",
    "Ville → Länsman": "→",
    "Ville/Kalle Länsman": "/",
    "Ville Länsman + Kalle": "+",
    "Ville Länsman..": "..",
    "1. Ville Länsman": "1.",
    "1) Ville Länsman": "1)",
    "7 Ville Länsman": "7",
    "Ville Länsman 2": "2",
    "Ville Länsman²": "²",
    "① Ville Länsman": "①",
    "X Ville Länsman": "X",
    "Ville Länsman x": "x",
    "K Ville Länsman": "K",
    "Ville Länsman E": "E",
    "Ville Länsman muuttanut": "muuttanut",
    "Ville Länsman pois": "pois",
    "Ville Länsman flyttat": "flyttat",
    "Ville Länsman left": "left",
}
PLAIN = (
    *("Ville Länsman", "Ville L", "ville länsman", "J. P. Länsman", "J.P. Länsman", "A Länsman"),
    *("Elle-Maaret Näkkälä-Proksi", "Elle Maria af Ursin", "Ramón y Cajal", "Gal·la Puig"),
    *("O'Neill Pat", "'t Hooft Jan", "Jeanne d’Arc", "Marko Poisa", "Áŋŋel Š. Sara"),
    *("अनिल कुमार", "李 明", "Nguyễn Thị Ánh", "Eija Nolla", "Noora Ei-Sabbagh"),
)


def read(folder: Path, content: str) -> ClassList:
    path = folder / "class.csv"
    path.write_text(content, "utf-8")
    return read_class_list(path, date(2026, 11, 30))


def columns(listed: ClassList) -> list[tuple[int, str]]:
    return [(each.row, each.column) for each in listed.problems]


@pytest.mark.parametrize("name", PLAIN)
def test_names_of_many_kinds_have_nothing_beside_them(name: str) -> None:
    assert mark_in(clean_name(name)) == ""


@pytest.mark.parametrize(("written", "mark"), MARKED.items())
def test_what_stands_beside_a_name_is_asked_about_wherever_names_stand(
    tmp_path: Path, written: str, mark: str
) -> None:
    cell = written.replace('"', '""')
    lists = {
        f'Nimi;Luokka\n"{cell}";3A\n': "Nimi",
        f'Sukunimi;Etunimet\nSara;"{cell}"\n': "Etunimet",
        f'Sukunimi;Etunimet\n"{cell}";Elle\n': "Sukunimi",
        f'Nimi;Huoltajan sukunimi;Huoltajan etunimi\nElle Sara;"{cell}";Máret\n': (
            "Huoltajan sukunimi"
        ),
    }
    for content, column in lists.items():
        listed = read(tmp_path, content)
        assert listed.persons == []
        assert (2, column) in columns(listed)
    [of_name] = read(tmp_path, next(iter(lists))).problems
    text = str(of_name.error)
    assert f"“{mark}”" in text or "only a name" in text or "no name" in text


@pytest.mark.parametrize(
    "written",
    [each for each in MARKED if not set(each) & set("/+") and each[0] not in "0123456789"],
)
def test_a_guardian_with_a_mark_is_not_recorded(tmp_path: Path, written: str) -> None:
    cell = written.replace('"', '""')
    listed = read(tmp_path, f'Nimi;Huoltaja\nElle Sara;"{cell}"\n')
    assert [each.guardians for each in listed.persons] == []
    assert columns(listed) == [(2, "Huoltaja")]


@pytest.mark.parametrize("marks", ["1. |2. |3. ", "1 |2 |3 ", "7) |8) |9) ", "- |- |- ", "•|•|•"])
def test_numbers_and_bullets_that_only_count_the_rows_are_left_out_and_told(
    tmp_path: Path, marks: str
) -> None:
    one, two, three = marks.split("|")
    content = f"Nimi\n{one}Elle Sara\n{two}Ánte Magga\n{three}Nils Näkkälä\nyhteensä 3 oppilasta\n"
    listed = read(tmp_path, content)
    assert [each.name for each in listed.persons] == ["Elle Sara", "Ánte Magga", "Nils Näkkälä"]
    told = [note.words for note in listed.notes if note.kind is ListNoteKind.NUMBERING]
    assert told == [one.strip()]


@pytest.mark.parametrize(
    "marks", ["|1. |2. ", "1. |3. |2. ", "- |• |- ", "* |* |* ", "x |x |x ", "1. ||"]
)
def test_marks_that_do_not_count_every_row_are_asked_about(tmp_path: Path, marks: str) -> None:
    one, two, three = marks.split("|")
    content = f"Nimi\n{one}Elle Sara\n{two}Ánte Magga\n{three}Nils Näkkälä\n"
    listed = read(tmp_path, content)
    marked = [row for row, mark in enumerate((one, two, three), 2) if mark]
    assert [row for row, _column in columns(listed)] == marked
