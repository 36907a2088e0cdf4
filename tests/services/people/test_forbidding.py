"""The words by which lists forbid: told in four languages, and from words that look like them."""

import pytest

from photoreg.services.people.class_lists.forbidding import (
    HeadingSense,
    denies_block,
    name_speaks_of_no,
    note_speaks_of_no,
    sense_of,
    speaks_of_no,
)


@pytest.mark.parametrize(
    "text",
    [
        *("älä kuvaa", "Älkää julkaisko kuvia", "toivoo ettei julkaista", "isä kieltää kuvat"),
        *("äiti vastustaa kuvia", "TK", "turvakielto", "salassa pidettävä", "EI KUVIA"),
        *("Ei saa kuvata: Ville Virta", "* = ei kuvauslupaa", "julkaisukielto: Ville"),
        *(
            "ei kuvia nettiin",
            "ei some",
            "ei insta",
            "lupa peruttu 1.9.",
            "vanhemmat eivät halua kuvia",
        ),
        *("kieltäytyi", "kielletty", "får ej publiceras", "får inte fotograferas", "inga bilder"),
        *("vägrar", "sekretess", "ii oaččo govvet", "govvengielddus", "don't publish", "no photos"),
        *("isä ei halua", "äiti ei suostu kuvaukseen", "mother doesn't want", "pappa vill inte"),
        *("never post pictures", "withdrawn", "refused", "ei turvakieltoa, mutta ei saa kuvata"),
    ],
)
def test_words_that_forbid_are_known(text: str) -> None:
    assert speaks_of_no(text)
    assert speaks_of_no(text.upper())


@pytest.mark.parametrize(
    "text",
    [
        *("Eija Einari", "Nolla", "Reino Eino", "vierasta kieltä", "kieli: sv"),
        *("puhuu omaa kieltään", "ei allergioita", "ei saa syödä pähkinää", "peruskoulu", "peruna"),
        *("eväät mukaan", "Kuvauslupa kyllä/ei", "K = kuvauslupa, E = ei kuvauslupaa", "epäselvä"),
        *("ei halua maitoa", "vill inte äta", "doesn't want milk"),
        *("ei turvakieltoa", "Eanodaga gielda", "Kuvausluvat 2026", "ei puhelinta", "kevät 2025"),
        *("Hetan koulu, luokka 3A, lukuvuosi 2026-2027", "Tulostettu 12.8.2026", "040 123"),
    ],
)
def test_words_that_look_like_them_forbid_nothing(text: str) -> None:
    assert not speaks_of_no(text)


def test_a_name_has_no_word_of_refusal_in_it() -> None:
    assert all(map(name_speaks_of_no, ("Aili Sara (ei)", "Aili Sara EI", "Aili Sara (no)")))
    assert not any(map(name_speaks_of_no, ("Min-jun No", "Eija Ii", "Einar En")))


@pytest.mark.parametrize(
    ("heading", "sense"),
    [
        *((each, HeadingSense.BLOCK) for each in ("Kuvauskielto", "Turvakielto (x)", "TK")),
        *((each, HeadingSense.BLOCK) for each in ("Salassapito", "Julkaisurajoitus", "Fotoförbud")),
        *((each, HeadingSense.REFUSAL) for each in ("Kieltäytynyt", "Peruttu", "Withdrawn", "Ei")),
        *((each, HeadingSense.REFUSAL) for each in ("Kuvauslupa EI", "Ei saa julkaista netissä")),
        *((each, HeadingSense.PERMISSION) for each in ("Kuvauslupa (k/e)", "Lupa", "Samtycke")),
        *((each, None) for each in ("Retkilupa", "Äidinkieli", "Peruste", "Perusryhmä", "Huom")),
        *((each, None) for each in ("Luvan pvm", "Voimassa asti", "Vårdnadshavare", "no")),
    ],
)
def test_headings_of_blocks_refusals_and_permissions_are_known(
    heading: str, sense: HeadingSense | None
) -> None:
    assert sense_of(heading) is sense


def test_only_an_explicit_no_denies_a_block() -> None:
    assert all(map(denies_block, ("", "ei", "No", "-", "ei turvakieltoa", "inget förbud")))
    assert not any(map(denies_block, ("x", "1", "*", "13.9.2026", "ei saa kuvata", "voimassa")))


@pytest.mark.parametrize(
    "note",
    [
        *("Elle V: EI", "Elle V ei", "Kuvauslupa: kaikki paitsi Elle", "alla utom Elle"),
        *("Vain Nils saa näkyä kuvissa", "everyone but Elle", "Elle: nej", "Elle \r ei kuvata"),
    ],
)
def test_a_note_beside_a_table_says_no_of_somebody(note: str) -> None:
    assert note_speaks_of_no(note)


@pytest.mark.parametrize(
    "note",
    [
        *("Luokka 3A", "Kuvausluvat 2026", "K = kyllä, E = ei", "kyllä / ei", "Ryhmä: E"),
        *("Vastaa kyllä tai ei", "Hetan koulu, Eija Magga", "Luokka: 3E"),
    ],
)
def test_a_title_beside_a_table_says_no_of_nobody(note: str) -> None:
    assert not note_speaks_of_no(note)
