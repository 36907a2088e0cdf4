"""Class lists in the shape that schools have: who comes out of which file, and what is told."""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.errors import InputDataError, PhotoregError
from photoreg.presentation.labels import label, value_labels
from photoreg.registry.tables.people import GuardianBasis
from photoreg.services.organisation.layouts import SavedLayout
from photoreg.services.people.class_lists.class_list import ClassList, ListedPerson, read_class_list
from photoreg.services.people.class_lists.columns import ColumnMeaning, ListNoteKind, ReadBy
from photoreg.services.people.class_lists.forbidding import may_limit, speaks_of_no
from photoreg.services.people.class_lists.headings import SKIP_WITH_NOES, parse_meaning
from photoreg.services.people.class_lists.values import (
    AGE_GROUPS,
    BASES,
    LANGUAGES,
    read_contact,
    read_name,
    to_birth_day,
)
from photoreg.texts import use_language

TODAY = date(2026, 11, 30)
BORN = date(2018, 1, 15)
ELLE = "Elle Valkeapää"
MARET = "Máret Valkeapää"
HEAD = "Nimi;Syntynyt;Huoltaja\n"


def read(folder: Path, content: str | bytes, **how: Any) -> ClassList:
    path = folder / "class.csv"
    path.write_bytes(content.encode("utf-8-sig") if isinstance(content, str) else content)
    return read_class_list(path, TODAY, **how)


def guardians(person: ListedPerson) -> list[tuple[str, str]]:
    return [(each.name, each.contact) for each in person.guardians]


def told(listed: ClassList, kind: ListNoteKind) -> list[tuple[int | None, str]]:
    return [(note.row, note.words) for note in listed.notes if note.kind is kind]


def refused(listed: ClassList) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, str(each.error)) for each in listed.problems]


@pytest.mark.parametrize(
    ("content", "name", "named"),
    [
        (
            (
                "Sukunimi;Etunimet;Kutsumanimi;Luokka;Syntymäaika;Huoltaja 1 sukunimi;"
                "Huoltaja 1 etunimi;Huoltaja 1 puhelin;Huoltaja 2 sukunimi;Huoltaja 2 etunimi\n"
                "Magga;Áilu Niila;Áilu;3A;15.1.2018;Magga;Máret;040 111;Sara;Ante\n"
            ),
            "Áilu Magga",
            [("Máret Magga", "040 111"), ("Ante Sara", "")],
        ),
        (
            (
                "Oppijanumero;Etunimet;Sukunimi;Hetu;Lapsen ID;Syntymäaika;Huoltajan etunimet;"
                "Huoltajan sukunimi\n1.2.246;Elle Inga;Sara;150118A123B;77;15.1.2018;Máret;Sara\n"
            ),
            "Elle Inga Sara",
            [("Máret Sara", "")],
        ),
        (
            (
                "Efternamn;Förnamn;Tilltalsnamn;Klass;Födelsedatum;Vårdnadshavare 1;Telefon 1;"
                "Vårdnadshavare 2\nÖhman;Åsa Maria;Åsa;2B;15.1.2018;Björn Öhman;040 1;Gun Öhman\n"
            ),
            "Åsa Öhman",
            [("Björn Öhman", "040 1"), ("Gun Öhman", "")],
        ),
        (
            f"Namma;Riegádan;Fuolaheaddji;Telefovdna\n{ELLE};15.1.2018;{MARET};040 111\n",
            ELLE,
            [(MARET, "040 111")],
        ),
        (
            (
                f"Child's name;Date of birth;Guardian's name;Guardian's phone;Guardian's e-mail\n"
                f"{ELLE};15 January 2018;{MARET};040 111;m@kunta.fi\n"
            ),
            ELLE,
            [(MARET, "040 111, m@kunta.fi")],
        ),
        (
            (
                f"Nimi;Syntynyt;Huoltaja1;Puhelin1;Huoltaja2;Puhelin2\n"
                f"{ELLE};15.1.2018;{MARET};040 111;Ante Magga;040 112\n"
            ),
            ELLE,
            [(MARET, "040 111"), ("Ante Magga", "040 112")],
        ),
        (
            (
                f"Nimi;Syntynyt;Äiti;Äidin puhelin;Isä;Isän puhelin;Äidinkieli\n"
                f"{ELLE};15.1.2018;{MARET};040 111;Ante Magga;040 112;suomi\n"
            ),
            ELLE,
            [(MARET, "040 111"), ("Ante Magga", "040 112")],
        ),
        (
            (f"Oppilas;Synt.;Huolt. 1;Vanh. puh\n{ELLE};15.1.2018;{MARET};040 111\n"),
            ELLE,
            [(MARET, "040 111")],
        ),
        (
            (
                f"Lapsen nimi;Syntymäaika;Päämiehen nimi;Päämiehen puhelin;Toinen huoltaja\n"
                f"{ELLE};15.1.2018;{MARET};040 111;Ante Magga\n"
            ),
            ELLE,
            [(MARET, "040 111"), ("Ante Magga", "")],
        ),
        (
            f"Nimi;Syntynyt;Nimi;Puhelin;Nimi;Puhelin\n{ELLE};15.1.2018;Máret;040 1;Ante;040 2\n",
            ELLE,
            [("Máret", "040 1"), ("Ante", "040 2")],
        ),
        (
            (
                f"Nimi;Syntymäaika (päivä, kuukausi, vuosi);Huoltaja (sukunimi, etunimi)\n"
                f"{ELLE};15.1.2018;{MARET}\n"
            ),
            ELLE,
            [(MARET, "")],
        ),
        (
            'Nimi;Syntynyt;Huoltaja\n"Valkeapää, Elle";15.1.2018;"Valkeapää, Máret"\n',
            ELLE,
            [(MARET, "")],
        ),
        (
            (
                f"Hetan koulu, luokka 3A, lukuvuosi 2026-2027\nTulostettu 12.8.2026\n\n"
                f"{HEAD}{ELLE};15.1.2018;{MARET}\n"
            ),
            ELLE,
            [(MARET, "")],
        ),
        (
            (
                f"Nimi;Syntynyt;Huoltaja;Puhelin\n{ELLE};15.1.2018;{MARET};040 111\n"
                ";;Ante Magga;040 112\n"
            ),
            ELLE,
            [(MARET, "040 111"), ("Ante Magga", "040 112")],
        ),
        (
            (
                f"Nimi;Syntynyt;Huoltaja;Puhelin\n{ELLE};15.1.2018;{MARET};040 111\n"
                f"{ELLE};15.1.2018;Ante Magga;040 112\n"
            ),
            ELLE,
            [(MARET, "040 111"), ("Ante Magga", "040 112")],
        ),
        (
            f"{HEAD}{ELLE};15.1.2018;äiti {MARET} 040 111, m@kunta.fi\n",
            ELLE,
            [(MARET, "040 111, m@kunta.fi")],
        ),
    ],
    ids=[
        *(
            "primus",
            "varda",
            "swedish",
            "sami",
            "english",
            "digits behind",
            "mother and father",
            "guardian abbreviated",
            "evaka",
        ),
        *("repeated headings", "brackets", "surname first", "titles above", "guardian below"),
        *("child repeated", "contacts beside the name"),
    ],
)
def test_lists_are_read_as_schools_have_them(
    tmp_path: Path, content: str, name: str, named: list[tuple[str, str]]
) -> None:
    listed = read(tmp_path, content)
    assert (refused(listed), listed.not_understood) == ([], [])
    [person] = listed.persons
    assert (person.name, person.born, guardians(person)) == (name, BORN, named)


@pytest.mark.parametrize(
    "cell",
    [
        f"{MARET}, Ante Magga",
        f"{MARET} ja Ante Magga",
        f"{MARET} / Ante Magga",
        f"{MARET} & Ante Magga",
        f"{MARET} och Ante Magga",
        f"{MARET} (äiti) 040 123 4567, Ante Magga (isä) 050 123 4567",
        f'"{MARET}\nAnte Magga"',
        f'"{MARET}; Ante Magga"',
    ],
)
def test_several_guardians_in_one_cell_are_several_people(tmp_path: Path, cell: str) -> None:
    [person] = read(tmp_path, f"{HEAD}{ELLE};15.1.2018;{cell}\n").persons
    assert [each.name for each in person.guardians] == [MARET, "Ante Magga"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Máret, Ante", "one person or of several"),
        ("Inga ja Per Sara", "Inga stands without a surname"),
        ("Magga, Ante, Sara, Per", "one person or of several"),
        *((f"{word} Anna Hansson", "could be a name") for word in ("Mor", "Far", "Pappa")),
        ("far Diallo", "could be a name"),
    ],
)
def test_names_that_could_be_of_one_or_several_are_not_guessed(
    tmp_path: Path, cell: str, said: str
) -> None:
    listed = read(tmp_path, f"{HEAD}{ELLE};15.1.2018;{cell}\n")
    [(row, column, text)] = refused(listed)
    assert (row, column, listed.persons) == (2, "Huoltaja", [])
    assert said in text


@pytest.mark.parametrize(
    "cell",
    [
        *("äiti", "Isä", "äiti ja isä", "Ei tiedossa", "ei huoltajaa", "tuntematon", "-", "?"),
        *("sosiaalitoimi", "Oulun lastensuojelu", "Hetan kunta", "kunta", "sosiaalityöntekijä M"),
        *("Sijaisperhe Rautio", "ks. Nils Sara", "sama kuin edellä", "mor", "inga uppgifter"),
        *("ingen vårdnadshavare", "Socialtjänsten", "mother", "not known", "none", "n/a"),
        *("Social Services", "child protection", "see Nils Sara", f"{MARET} (ei tietoa)"),
        *(f"{MARET}, sosiaalitoimi", "ei yhteystietoja", "vet ej", "biologinen äiti"),
    ],
)
def test_words_that_name_nobody_never_become_a_guardian(tmp_path: Path, cell: str) -> None:
    listed = read(tmp_path, f"{HEAD}{ELLE};15.1.2018;{cell}\n")
    assert [(row, column) for row, column, _text in refused(listed)] == [(2, "Huoltaja")]
    assert [each for person in listed.persons for each in person.guardians] == []
    parts = "Nimi;Huoltajan sukunimi;Huoltajan etunimi\n"
    if cell == "äiti":
        assert refused(read(tmp_path, f"{parts}{ELLE};;{cell}\n"))


@pytest.mark.parametrize(
    ("cell", "name", "contact"),
    [
        (f"{MARET} (040 123)", MARET, "040 123"),
        (f"{MARET} (040 1234567)", MARET, "040 1234567"),
        (f"{MARET} (puh. 040-1234567)", MARET, "040-1234567"),
        (f"{MARET} (+358 40 1234567)", MARET, "+358 40 1234567"),
        (f"{MARET} +358 (0)40 1234567", MARET, "+358 (0)40 1234567"),
        (f"{MARET} (09) 123 4567", MARET, "(09) 123 4567"),
        (f"{MARET} (äiti, 040 123 4567)", MARET, "040 123 4567"),
        (f"{MARET} (m@kunta.fi)", MARET, "m@kunta.fi"),
        *((name, name, "") for name in ("Maija Kunta", "Aaron Isä", "Matti Oma", "Inga")),
        *((name, name, "") for name in ("Ole Far", "Eija Tuntematon", "See Wei Lin")),
        *((name, name, "") for name in ("Mor Diallo", "Pappa Ndiaye", "Juan Far", "Rosa Mor")),
        *((name, name, "") for name in ("Mamma Leila", "Morten Farah", "Isadora Äitilä")),
        ("isä: Mor Talla Diallo", "Mor Talla Diallo", ""),
        ("Mor Diallo 040 123", "Mor Diallo", "040 123"),
        ("Mor: Anna Hansson", "Anna Hansson", ""),
        ("mor Anna Hansson", "Anna Hansson", ""),
        ("Äiti Anna Hansson", "Anna Hansson", ""),
        ("Anna Hansson (mor)", "Anna Hansson", ""),
        ("eadni Anna Sara", "Anna Sara", ""),
    ],
)
def test_a_name_is_read_with_its_contact_and_also_if_it_sounds_like_a_word(
    tmp_path: Path, cell: str, name: str, contact: str
) -> None:
    listed = read(tmp_path, f"{HEAD}{ELLE};15.1.2018;{cell}\n")
    assert refused(listed) == []
    assert [guardians(person) for person in listed.persons] == [[(name, contact)]]


def test_rows_of_no_person_are_left_out_and_told(tmp_path: Path) -> None:
    content = (
        f"Nro;Nimi;Syntynyt;Huoltaja;;\n;3A;;;;\n1;{ELLE};15.1.2018;{MARET};;\n2;;;;;\n3;-;;;;\n"
        f";;;;;\nNro;Nimi;Syntynyt;Huoltaja;;\n4;Nils Sara;3.3.2018;;;\n"
        ";Yhteensä 2 oppilasta;;;;\n;Tulostettu 12.8.2026;;;;\n;Sivu 1/2;;;;\n;2;;;;\n"
    )
    listed = read(tmp_path, content)
    assert [person.name for person in listed.persons] == [ELLE, "Nils Sara"]
    assert refused(listed) == []
    rows = [row for row, _words in told(listed, ListNoteKind.ROW_LEFT_OUT)]
    assert rows == [2, 4, 5, 7, 9, 10, 11, 12]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *((each, BORN) for each in ("2018-01-15", "15.1.2018", "15.01.2018", "15. 1. 2018")),
        *((each, BORN) for each in ("15.1.18", "15/1/2018", "1/15/2018", "15-1-2018", "20180115")),
        *((each, BORN) for each in ("15.1.2018 0:00", "2018-01-15T00:00:00", "43115")),
        *(
            (each, BORN)
            for each in ("15. tammikuuta 2018", "15 januari 2018", "15. ođđajagemánu 2018")
        ),
        ("15.1.68", date(1968, 1, 15)),
    ],
)
def test_days_are_read_as_people_write_them(tmp_path: Path, written: str, day: date) -> None:
    listed = read(tmp_path, f"Nimi;Syntynyt\n{ELLE};{written}\n")
    assert [person.born for person in listed.persons] == [day]
    numbers = [(note.row, note.day) for note in listed.notes]
    assert numbers == ([(2, BORN)] if written == "43115" else [])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3/2/2018", "2018-02-03 or 2018-03-02"),
        ("150118", "is not a date"),
        ("2018", "is not a date"),
        ("31.2.2018", "is not a date"),
        ("2018-01-14T22:00:00", "is not a date"),
        ("150118A123B", "personal identity code"),
    ],
)
def test_days_that_are_not_certain_are_asked_and_codes_are_not_repeated(
    tmp_path: Path, written: str, said: str
) -> None:
    listed = read(tmp_path, f"Nimi;Syntynyt\n{ELLE};{written}\n")
    [(_row, column, text)] = refused(listed)
    assert (column, said in text) == ("Syntynyt", True)
    assert "150118A" not in text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3,58E+11", "shortened number"),
        ("401234567", "lost the zero"),
        ("150118-123B", "identity code"),
    ],
)
def test_a_contact_that_lost_digits_or_is_a_code_is_refused(
    tmp_path: Path, written: str, said: str
) -> None:
    content = f"Nimi;Huoltaja;Puhelin\n{ELLE};{MARET};{written}\n"
    [(_row, column, text)] = refused(read(tmp_path, content))
    assert (column, said in text) == ("Puhelin", True)


def test_a_pupil_s_own_contact_stands_apart_from_a_guardian_s(tmp_path: Path) -> None:
    content = (
        "Nimi;Puhelin;Sähköposti;Syntynyt;Huoltaja;Huoltajan puhelin\n"
        f"{ELLE};044 999;elle@koulu.fi;15.1.2018;{MARET};040 111\n"
    )
    [person] = read(tmp_path, content).persons
    assert person.contact == "044 999, elle@koulu.fi"
    assert guardians(person) == [(MARET, "040 111")]
    adults = read(tmp_path, "Nimi;Puhelin;Tehtävä\nAntti Aikuinen;040 1;opettaja\n")
    assert [each.contact for each in adults.persons] == ["040 1"]


@pytest.mark.parametrize(
    ("headings", "smelling"),
    [
        ("Nimi;Huoltaja 1;Huoltaja 2;Puhelin", ["Puhelin"]),
        ("Nimi;Huoltajan laatu", ["Huoltajan laatu"]),
        ("Nimi;Syntymätieto", ["Syntymätieto"]),
        ("Nimi;Retkilupa;Allergiat", ["Retkilupa"]),
        ("Nimi;Kuvausrajoitus", ["Kuvausrajoitus"]),
        ("Nimi;Harrastus;Ikä", []),
        ("Nimi;GDPR", []),
    ],
)
def test_a_heading_that_may_matter_and_is_not_understood_is_told(
    tmp_path: Path, headings: str, smelling: list[str]
) -> None:
    listed = read(tmp_path, f"{headings}\n{ELLE}{';' * headings.count(';')}\n")
    assert [column.heading for column in listed.not_understood] == smelling


def test_a_user_or_a_saved_layout_says_what_a_column_is(tmp_path: Path) -> None:
    content = f"Lapsukainen;Vh:n numero;Retkilupa\n{ELLE};040 111;ei\n"
    with pytest.raises(InputDataError, match="nimi"):
        read(tmp_path, content)
    saved = {"Lapsukainen": "nimi", "Vh:n numero": "guardian contact 1"}
    saved["Retkilupa"] = SKIP_WITH_NOES
    of_layout = read(tmp_path, content, layouts=lambda _headings: SavedLayout("Oma", saved))
    assert (of_layout.layout, of_layout.not_understood) == ("Oma", [])
    assert {column.read_by for column in of_layout.columns} == {ReadBy.LAYOUT}
    stated = {"lapsukainen": "name", "vh:n numero": "skip"}
    said = read(tmp_path, content, said=stated)
    assert [person.name for person in said.persons] == [ELLE]
    assert said.columns[1].meaning is ColumnMeaning.SKIP
    for wrong in ({"Nimi": "nimi"}, {"Lapsukainen": "koira"}, {"Lapsukainen": "guardian 21"}):
        with pytest.raises(InputDataError):
            read(tmp_path, content, said=wrong)


@pytest.mark.parametrize(
    ("heading", "cell", "blocked", "no", "yes"),
    [
        ("Kuvauslupa", "EI", False, True, False),
        ("Julkaisulupa", "ei someen", False, True, False),
        ("Valokuvauslupa", "Kyllä", False, False, True),
        ("Saa kuvata", "x", False, False, True),
        ("Fototillstånd", "Nej", False, True, False),
        ("Photo consent", "no", False, True, False),
        ("Govvenlohpi", "Ii", False, True, False),
        ("Turvakielto", "X", True, False, False),
        ("Turvakielto", "ei turvakieltoa", False, False, False),
        ("Spärrmarkering", "ja", True, False, False),
        ("Kuvauskielto", "kyllä", True, False, False),
    ],
)
def test_permissions_and_blocks_are_read_in_every_language(
    tmp_path: Path, heading: str, cell: str, *, blocked: bool, no: bool, yes: bool
) -> None:
    [person] = read(tmp_path, f"Nimi;{heading}\n{ELLE};{cell}\n").persons
    assert (person.blocked, bool(person.refused), bool(person.agreed)) == (blocked, no, yes)
    if no:
        [said] = person.refused
        assert (said.column, said.words) == (heading, cell)


def test_a_no_outside_the_columns_of_permissions_is_not_passed_by(tmp_path: Path) -> None:
    listed = read(tmp_path, f"Nimi;Huom.\n{ELLE};isä kieltää kuvat\n")
    assert [(row, column) for row, column, _text in refused(listed)] == [(2, "Huom.")]
    unclear = read(tmp_path, f"Nimi;Kuvauslupa\n{ELLE};ehkä\n")
    assert refused(unclear) == [(2, "Kuvauslupa", "ehkä: yes or no?")]
    places = read(tmp_path, f"Nimi;Internet\n{ELLE};EI\n")
    assert [column.heading for column in places.not_understood] == ["Internet"]


@pytest.mark.parametrize(
    ("heading", "remark", "is_asked"),
    [
        *(("Huom.", each, True) for each in ("vain ryhmäkuva", "tulee kysyä ennen kuvaa", "x")),
        *((each, "katso sähköposti", True) for each in ("Muuta", "Erityistä", "Lisätiedot", "anm")),
        *((each, "see the letter", True) for each in ("Notes", "Remarks", "Teacher's comments")),
        *(("Huom", each, False) for each in ("-", "", "pähkinäallergia", "laktoositon", "12.9.")),
        ("Harrastus", "katso sähköposti", False),
    ],
)
def test_a_remark_that_is_not_known_to_be_harmless_is_read_by_somebody(
    tmp_path: Path, heading: str, remark: str, *, is_asked: bool
) -> None:
    content = f"Nimi;{heading}\n{ELLE};{remark}\n"
    listed = read(tmp_path, content)
    assert [each.remarks for each in listed.not_understood] == [((2, remark),)] * is_asked
    for_layout = {heading: "skip"}
    assert read(tmp_path, content, said=for_layout).not_understood == []
    saved = read(tmp_path, content, layouts=lambda _headings: SavedLayout("Oma", for_layout))
    assert bool(saved.not_understood) is may_limit(remark)


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        *(
            ("Huom", each)
            for each in ("isä sanoi ettei", "äiti vastaan", "pidättäytyy kuvauksesta")
        ),
        *(
            ("Huom", each)
            for each in ("ulos kuvista", "kuvaton", "lupa puuttuu", "lupa umpeutunut")
        ),
        *(("Huom", each) for each in ("non-consent", "salainen", "suojeltava henkilö", "piilota")),
        *(("Kotikunta", each) for each in ("suojattu", "osoitesuojaus", "turvak.")),
        *(("Osoite", each) for each in ("***", "suojattu osoite")),
        *(("Huoltajan puhelin", each) for each in ("EI", "nej")),
    ],
)
def test_words_that_refuse_or_protect_stop_the_row_even_in_a_column_that_is_skipped(
    tmp_path: Path, heading: str, cell: str
) -> None:
    content = f"Nimi;Huoltaja;{heading}\n{ELLE};{MARET};{cell}\n"
    for said in ({}, {heading: "skip"} if heading in {"Huom", "Kotikunta"} else {}):
        assert [
            (row, column) for row, column, _ in refused(read(tmp_path, content, said=said))
        ] == [(2, heading)]


@pytest.mark.parametrize(
    "words",
    [
        *("ottaa vastaan viestejä", "isä vastaa", "varmistaa ettei myöhästy", "uimalupa puuttuu"),
        *("suojatie ylitetään yhdessä", "salainen haave", "kuvat tulossa", "Suojanen"),
    ],
)
def test_words_that_only_look_like_a_refusal_are_none(words: str) -> None:
    assert not speaks_of_no(words)


@pytest.mark.parametrize(
    ("file", "sheet", "heading", "message"),
    [
        *((f"{each}.xlsx", "Taul1", "Nimi", "file") for each in ("turvakiellot", "ei-kuviin_3B")),
        *(
            ("3b.xlsx", each, "Nimi", "sheet")
            for each in ("Kuvauskielto", "Kielletyt", "Ei kuviin")
        ),
        ("3b.xlsx", "Taul1", "Nimi (kuvauskielto)", "heading"),
        ("3b.xlsx", "Taul1", "Oppilas (ei kuviin)", "heading"),
    ],
)
def test_a_list_that_is_about_people_who_refuse_says_so_in_a_column(
    tmp_path: Path, file: str, sheet: str, heading: str, message: str
) -> None:
    def listed(*rows: list[str]) -> ClassList:
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / file)
        return read_class_list(tmp_path / file, TODAY)

    with pytest.raises(InputDataError, match=f"{message}.* seems to forbid photos"):
        listed([heading], [ELLE])
    with pytest.raises(InputDataError, match="seems to forbid photos"):
        listed([heading, "Kuvauskielto"], [ELLE, "x"], ["Aslak Sara", ""])
    if message != "heading":
        assert [each.blocked for each in listed(["Nimi", "Kuvauskielto"], [ELLE, "x"]).persons] == [
            True
        ]


@pytest.mark.parametrize(
    ("heading", "cells", "is_asked"),
    [
        *(("GDPR", (cell,), True) for cell in ("EI", "kyllä", "x", "0", "1", "e", "✗", "No", "ii")),
        *(("GDPR", (cell,), True) for cell in ("E I", "☒", "kyllä/ei", "?", "ei palautettu")),
        ("Näkyvyys", ("kyllä", "", "EI"), True),
        ("Tunnus X", ("x", "", "-"), True),
        ("Merkintä", ("ehkä", "ei vielä"), True),
        ("Merkintä", ("3", "ei"), True),
        ("Merkintä", ("-", "–", ""), False),
        ("Harrastus", ("jalkapallo", "", "nuoriso"), False),
        ("Huone", ("7", "1"), False),
        ("Allergiat", ("ei", "pähkinä"), False),
        ("Vuosiluokka", ("1", "1"), False),
    ],
)
def test_a_column_whose_cells_may_be_answers_is_asked_about_whatever_its_heading(
    tmp_path: Path, heading: str, cells: tuple[str, ...], *, is_asked: bool
) -> None:
    rows = "".join(f"Elle {'ABC'[n]}sara;{cell}\n" for n, cell in enumerate(cells))
    listed = read(tmp_path, f"Nimi;{heading}\n{rows}")
    assert [column.heading for column in listed.not_understood] == [heading] * is_asked
    skipped = read(tmp_path, f"Nimi;{heading}\n{rows}", said={heading: "ohita"})
    assert skipped.not_understood == []


def test_a_carer_or_an_unverified_guardian_is_not_taken_as_verified(tmp_path: Path) -> None:
    content = (
        "Nimi;Huoltaja 1;Peruste 1;Varmistettu 1;Sijaisvanhempi\n"
        f"{ELLE};{MARET};sijaishuoltaja;;Ante Magga\nNils Sara;Inga Sara;äiti;ei;\n"
        "Piera Sara;Inga Sara;foster parent;päätös nähty;\n"
    )
    people = [each for person in read(tmp_path, content).persons for each in person.guardians]
    assert [(each.is_unproven, each.verified_by("rekisteri")) for each in people] == [
        *((True, ""), (True, ""), (False, "rekisteri"), (True, "päätös nähty"))
    ]
    assert [each.called for each in people][:2] == ["sijaishuoltaja", "Sijaisvanhempi"]


def test_bases_and_ids_in_place_of_names_are_taken(tmp_path: Path) -> None:
    content = (
        "Nimi;Huoltaja 1;Peruste 1;Huoltaja 2;Peruste 2\n"
        f"{ELLE};h-2;äiti;Ante Magga;sijaishuoltaja\n"
    )
    [person] = read(tmp_path, content).persons
    assert [(each.name, each.person, each.basis) for each in person.guardians] == [
        ("H-2", "H-2", GuardianBasis.PARENT),
        ("Ante Magga", "", GuardianBasis.COURT_ORDER),
    ]


def test_look_alike_signs_and_invisible_letters_make_no_other_person(tmp_path: Path) -> None:
    names = (
        *("Anna-Liisa Öhman", "Anna\u2011Liisa Öhman", "Anna\u2013Liisa Öhman"),
        *("Anna\u00ad-Liisa Öhman", "Anna-Liisa\u00a0Öhman", "Anna-Liisa\u200b Öhman"),
        *("\u202aAnna-Liisa Öhman\u202c", "Anna-Liisa O\u0308hman"),
    )
    rows = "".join(f"{name};15.1.2018\n" for name in names)
    listed = read(tmp_path, f"Nimi;Syntynyt\n{rows}")
    assert [person.name for person in listed.persons] == ["Anna-Liisa Öhman"]
    assert len(told(listed, ListNoteKind.SAME_PERSON)) == len(names) - 1
    apostrophes = read(tmp_path, "Nimi\nSean O\u2019Neil\n")
    assert [person.name for person in apostrophes.persons] == ["Sean O'Neil"]


def test_a_sheet_is_chosen_and_what_is_not_read_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Vanhat"
    book.worksheets[0].sheet_state = "hidden"
    for title, name in (("Vanhat", "Vanha Oppilas"), ("1A", ELLE), ("2A", "Nils Sara")):
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        sheet.append(["Nimi", "Syntynyt", "Ikä"])
        sheet.append([name, BORN, "=YEAR(TODAY())-YEAR(B2)"])
    book.save(tmp_path / "class.xlsx")
    with pytest.raises(InputDataError, match="several sheets: 1A, 2A"):
        read_class_list(tmp_path / "class.xlsx", TODAY)
    listed = read_class_list(tmp_path / "class.xlsx", TODAY, sheet="2a")
    assert [person.name for person in listed.persons] == ["Nils Sara"]
    assert told(listed, ListNoteKind.HIDDEN_SHEET) == [(None, "Vanhat")]
    assert told(listed, ListNoteKind.SHEET_NOT_READ) == [(None, "1A")]
    assert [note.column for note in listed.notes if note.column] == ["Ikä"]


@pytest.mark.parametrize("language", ["fi", "en"])
def test_what_a_column_is_called_when_shown_is_understood_when_typed(language: str) -> None:
    use_language(language)
    for meaning in ColumnMeaning:
        [shown] = value_labels("ColumnMeaning", [meaning.value])
        assert parse_meaning(shown, "Otsikko")[0] is meaning
    for words in (BASES, LANGUAGES, AGE_GROUPS):
        assert all(words[label(value).casefold()] is value for value in words.values())


def test_an_identity_code_is_repeated_nowhere(tmp_path: Path) -> None:
    code = "150118A123B"
    content = f"Nimi;Syntynyt;Peruste;Kuvauslupa\n{ELLE} {code};{code};{code};{code}\n{code};;;\n"
    listed = read(tmp_path, content)
    texts = [f"{each.subject} {each.error} {each.error.values}" for each in listed.problems]
    assert len(texts) == 5
    assert code not in " ".join([*texts, *(note.words for note in listed.notes)])


@given(
    st.dates(date(1940, 1, 1), TODAY),
    st.sampled_from(["{d}.{m}.{y}", "{y}-{m:02}-{d:02}", "{d:02}.{m:02}.{y} 0:00"]),
)
def test_every_day_comes_back_from_how_it_is_written(day: date, layout: str) -> None:
    written = layout.format(d=day.day, m=day.month, y=day.year)
    assert to_birth_day(written, TODAY) == day


@given(st.text(max_size=12))
def test_a_day_is_read_or_refused_whatever_is_written(written: str) -> None:
    with suppress(PhotoregError):
        day = to_birth_day(written, TODAY)
        assert day is not None


@given(
    st.lists(
        st.sampled_from(["Máret", "Elle-Mai", "O'Neil", "Öhman", "Sárá"]), min_size=2, max_size=3
    )
)
def test_a_name_stays_as_it_is_however_its_signs_are_written(words: list[str]) -> None:
    name = " ".join(words)
    spelled = unicodedata.normalize("NFD", name).replace("-", "\u2011").replace("'", "\u2019")
    assert read_name(f"\u200b{spelled}\u00a0") == name


@given(
    st.integers(4_000_000, 50_999_9999), st.sampled_from(["0{n}", "+358 {n}", "0{n:,}", "+358{n}"])
)
def test_a_phone_number_is_taken_with_its_zero_or_country_code_only(
    number: int, layout: str
) -> None:
    written = layout.format(n=number).replace(",", " ")
    assert read_contact(written) == written
    with pytest.raises(InputDataError):
        read_contact(number)


def a_workbook(folder: Path, edit: Callable[[Any], object], *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in (["Nimi", "Syntymäaika", "Huoltaja", "Kuvauslupa"], *rows):
        book.worksheets[0].append(row)
    edit(book.worksheets[0])
    book.save(folder / "class.xlsx")
    return folder / "class.xlsx"


@pytest.mark.parametrize(
    ("answer", "areas", "row_errors", "noes"),
    [
        ("kyllä", ["D2:D3"], [2, 3], []),
        ("ei", ["D2:D3"], [], [2, 3]),
        ("kyllä", ["D2:D3", "A2:A3", "B2:B3"], [], []),
        (None, ["C2:C3", "D2:D3"], [], []),
    ],
)
def test_a_merged_answer_over_several_children_is_an_error_and_a_no_is_taken_for_each(
    tmp_path: Path, answer: str | None, areas: list[str], row_errors: list[int], noes: list[int]
) -> None:
    def edit(sheet: Any) -> None:
        for area in areas:
            sheet.merge_cells(area)

    children = (["Elle Magga", "1.1.2018", "Máret Magga"], ["Nils Magga", "2.2.2016", "Ante Magga"])
    path = a_workbook(tmp_path, edit, [*children[0], answer], [*children[1], None])
    listed = read_class_list(path, TODAY)
    assert [problem.row for problem in listed.problems] == row_errors
    assert [person.row for person in listed.persons if person.refused] == noes


def test_a_list_that_shows_something_else_than_it_holds_is_refused(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["D2"].number_format = '"ei"'

    path = a_workbook(tmp_path, edit, ["Elle Magga", "1.1.2018", "Máret Magga", 1])
    with pytest.raises(InputDataError, match="because of their number format: D2"):
        read_class_list(path, TODAY)


def test_a_no_in_the_header_or_footer_of_the_printed_pages_stops_the_list(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.oddFooter.center.text = words

    child: list[object] = ["Elle Magga", "1.1.2018", "Máret Magga", "kyllä"]
    words = "Ei kuvauslupaa: Ville"
    with pytest.raises(InputDataError, match=r"printed pages .* “Ei kuvauslupaa: Ville”"):
        read_class_list(a_workbook(tmp_path, edit, child), TODAY)
    words = "Hetan koulu, sivu &P"
    listed = read_class_list(a_workbook(tmp_path, edit, child), TODAY)
    assert told(listed, ListNoteKind.MARGIN) == [(None, "Hetan koulu, sivu")]


LIMITING = (
    *("vain ryhmäkuva", "ei kasvokuvia", "kysyttävä ensin", "Kysy äidiltä", "vain ryhmässä"),
    *("sovittava erikseen", "Lupa puuttuu", "takaapäin saa kuvata", "luvan kanssa", "insta ok"),
    *("only group photos", "ask first", "faces blurred", "endast gruppbilder", "fråga mamma"),
)


@pytest.mark.parametrize("remark", LIMITING)
def test_a_remark_that_may_limit_a_permission_is_told_though_a_saved_layout_skips_its_column(
    tmp_path: Path, remark: str
) -> None:
    content = f"Nimi;Kerho\n{ELLE};jalkapallo\nNils Sara;{remark}\n"
    for saved in ("skip", SKIP_WITH_NOES):
        layout = SavedLayout("Oma", {"Nimi": "name", "Kerho": saved})
        again = read(tmp_path, content, layouts=lambda _headings, own=layout: own)
        without = read(tmp_path, content)
        for listed in (again, without):
            told_or_refused = [each.remarks for each in listed.not_understood]
            assert told_or_refused == [((3, remark),)] or refused(listed)
    said = read(tmp_path, content, said={"Kerho": "skip"})
    assert said.not_understood == []


@pytest.mark.parametrize(
    "words",
    ["kuvataide", "elokuvakerho", "Lehtitie 4", "Kuvatie 3", "vain kasvisruoka", "uimalupa"],
)
def test_words_that_only_sound_like_a_permission_stop_no_list(tmp_path: Path, words: str) -> None:
    assert read(tmp_path, f"Nimi;Kerho\n{ELLE};{words}\n").not_understood == []
