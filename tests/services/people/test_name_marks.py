"""What stands beside a name in a list: it is asked about, and never recorded as a part of it."""

from datetime import date
from pathlib import Path

import pytest

from photoreg.services.people.class_lists.class_list import ClassList, read_class_list
from photoreg.services.people.class_lists.columns import ListNoteKind
from photoreg.services.people.class_lists.name_marks import mark_in
from photoreg.services.people.class_lists.values import clean_name

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
    "Ville Kalle Länsman EK": "EK",
    "Ville Kalle kyllä": "kyllä",
    "Ville Länsman kyllä": "kyllä",
    "XX Ville Länsman": "XX",
    "Ville Länsman kk": "kk",
    "Ville Länsman no": "no",
}
PLAIN = (
    *("Ville Länsman", "Ville L", "ville länsman", "J. P. Länsman", "J.P. Länsman", "A Länsman"),
    *("Elle-Maaret Näkkälä-Proksi", "Elle Maria af Ursin", "Ramón y Cajal", "Gal·la Puig"),
    *("O'Neill Pat", "'t Hooft Jan", "Jeanne d’Arc", "Marko Poisa", "Áŋŋel Š. Sara"),
    *("Nils Ek", "Anna Maria Ek", "AHO Ville Matti", "ANNA MARIA OS", "Lea Joo", "Jo Gal Sara"),
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


BESIDE_CONTACTS = ("ei", "(E)", "(ei)", "*", "x", "E", "EK", "-", "!", "kyllä", "[e]")
BESIDE_CLASSES = ("*", "x", "EK", "(E)", "E", "kyllä", "!", "-")
CONTACTS = (
    *("040 1234567", "+358 40 123 4567, elle_s@hetta.fi", "äiti 040 1234567 / isä 050 1234567"),
    *(
        "Kirkkotie 3 E 12, 99400 Hetta 016 123456",
        "k. 040 1234567",
        "(016) 123 456",
        "ei puhelinta",
    ),
    *("040 1234567 ja 050 1234567", "Lea 040 123456", "040 123456 (klo 9-16)"),
)
CLASSES = ("3A", "3 A", "7 E", "1-2 lk", "3A/4B", "VSK", "Kuovit", "3A (suomi)", "-", "esi 1")


@pytest.mark.parametrize("mark", BESIDE_CONTACTS)
def test_a_mark_beside_a_phone_number_or_an_address_is_asked_about(
    tmp_path: Path, mark: str
) -> None:
    for contact in ("040 1234567", "elle@hetta.fi"):
        for heading in ("Puhelin", "Huoltajan puhelin"):
            content = f"Nimi;Huoltaja;{heading}\nElle Sara;Máret Sara;{contact} {mark}\n"
            assert columns(read(tmp_path, content)) == [(2, heading)]


@pytest.mark.parametrize("mark", BESIDE_CLASSES)
def test_a_mark_beside_a_class_is_asked_about(tmp_path: Path, mark: str) -> None:
    listed = read(tmp_path, f"Nimi;Luokka\nElle Sara;3A {mark}\n")
    assert columns(listed) == [(2, "Luokka")]


@pytest.mark.parametrize("mark", ["*", "x", "E", "(E)", "ei"])
def test_a_mark_beside_a_birth_date_is_asked_about(tmp_path: Path, mark: str) -> None:
    listed = read(tmp_path, f"Nimi;Syntynyt\nElle Sara;1.2.2018 {mark}\n")
    assert columns(listed) == [(2, "Syntynyt")]


@pytest.mark.parametrize("contact", CONTACTS)
def test_contacts_of_many_kinds_have_nothing_beside_them(tmp_path: Path, contact: str) -> None:
    listed = read(tmp_path, f"Nimi;Puhelin\nElle Sara;{contact}\n")
    assert [each.contact for each in listed.persons] == [contact]


@pytest.mark.parametrize("group", CLASSES)
def test_classes_of_many_kinds_have_nothing_beside_them(tmp_path: Path, group: str) -> None:
    listed = read(tmp_path, f"Nimi;Luokka\nElle Sara;{group}\n")
    assert [each.group for each in listed.persons] == [group]


@pytest.mark.parametrize("heading", ["Anteckningar", "Memo", "Toiveet", "Merkinnät", "Sovittu"])
@pytest.mark.parametrize(
    "words", ["mieluummin ilman", "helst inte", "endast på avstånd", "kysy ensin", "äiti soittaa"]
)
def test_free_words_below_an_unknown_heading_have_to_be_read_by_somebody(
    tmp_path: Path, heading: str, words: str
) -> None:
    content = f"Nimi;{heading}\nElle Sara;{words}\nNils Sara;\n"
    [column] = read(tmp_path, content).not_understood
    assert (column.heading, column.remarks) == (heading, ((2, words),))
    path = tmp_path / "class.csv"
    assert read_class_list(path, date(2026, 11, 30), said={heading: "skip"}).not_understood == []


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Kaappi", ("12", "A14")),
        ("Tulopäivä", ("12.8.2026", "13.8.2026")),
        ("Numero kotiin", ("040 1234567", "050 1234567")),
        ("Asuinpaikka", ("Kirkkotie 3 A 5", "99400 Hetta")),
        ("Linja", ("luonto", "luonto")),
        ("Koulu", ("Hetan koulu", "Kilpisjärven koulu")),
        ("Luokanopettaja", ("Elsa Magga", "Jouni Kitti")),
        ("Tehtävä", ("opettaja", "avustaja")),
    ],
)
def test_values_below_an_unknown_heading_are_no_free_words(
    tmp_path: Path, heading: str, cells: tuple[str, str]
) -> None:
    content = f"Nimi;{heading}\nElle Sara;{cells[0]}\nNils Sara;{cells[1]}\n"
    assert read(tmp_path, content).not_understood == []
