"""Lists of consents kept elsewhere: a yes only where it is certain, a no always, nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.logged import logged
from tests.services.scenes import add_child, create_person, list_all
from tests.statements import recorded_statements

from photoreg.errors import InputDataError, NotAllowed, PhotoregError
from photoreg.registry.lookup import find_channel
from photoreg.registry.tables.organisation import ListKind
from photoreg.registry.tables.people import GuardianBasis
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties, ConsentRow
from photoreg.services.consents.lists.consent_import import (
    ConsentImport,
    ListTerms,
    RemarkMeaning,
    import_consents,
)
from photoreg.services.organisation import policy
from photoreg.services.organisation.layouts import save_layout
from photoreg.services.people import blocks, guardians, persons
from photoreg.services.people.class_lists.forbidding import forbids
from photoreg.services.people.class_lists.yes_and_no import CellAnswer, answer_in
from photoreg.services.people.persons import PersonDetails
from photoreg.services.publications.corrections import correct_consent

ELLE, MARET, ANTE, ADULT = "H-1", "H-2", "H-3", "H-4"
WEB, PRINT = "kunta-website", "kunta-print"
TERMS = ListTerms(
    columns={"Internet": [WEB], "Painettu": [PRINT]},
    until=date(2027, 7, 31),
    unnamed="(signer unknown)",
)
HEADINGS = (
    "Sukunimi;Etunimi;Syntymäaika;Internet;Painettu;Nimi saa näkyä;Pvm;Allekirjoittaja;Mappi;Huom."
)
CHILD = "Valkeapää;Elle;2.3.2018"


@pytest.fixture
def family(application: Application) -> Application:
    """Elle (H-1) with the guardians Máret (H-2) and Ante (H-3), and the adult Inga Boine (H-4)."""
    add_child(application, "Elle Valkeapää", date(2018, 3, 2), ["Máret Valkeapää", "Ante Magga"])
    create_person(application, "Inga Boine", date(1990, 1, 2))
    return application


@pytest.fixture
def take(family: Application, tmp_path: Path) -> Callable[..., ConsentImport]:
    """Import a list of these rows."""

    def take(*rows: str, apply: bool = True, **more: Any) -> ConsentImport:
        path = tmp_path / "list.csv"
        path.write_text("\n".join((HEADINGS, *rows)), "utf-8")
        terms = replace(TERMS, **more)
        return import_consents(family, path, terms, apply=apply)

    return take


Take = Callable[..., ConsentImport]


def said(application: Application) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return who answered for whom, what, and about which channels."""

    def row(each: ConsentRow) -> tuple[str, str, str, tuple[str, ...]]:
        channels = each.status.channels or each.status.refused_channels
        return each.person, each.by, each.status.state, tuple(channels)

    return [row(each) for each in list_all(consents.list_consents(application))]


def reasons(result: ConsentImport) -> list[str]:
    return [str(error) for row in result.rest for error in row.reasons]


def test_a_certain_row_is_a_consent_with_day_paper_channels_and_name(
    take: Take, family: Application
) -> None:
    result = take(f"{CHILD};kyllä;x;K;19.8.2025;Máret Valkeapää;kansio 1;")
    assert (result.rest, result.count("yes"), result.applied) == ([], 1, True)
    assert said(family) == [(ELLE, MARET, "granted", (PRINT, WEB))]
    [row] = list_all(consents.list_consents(family))
    assert (row.status.day, row.status.until, row.status.documented) == (
        "2025-08-19",
        "2027-07-31",
        True,
    )


def test_a_preview_changes_nothing_and_the_same_list_again_brings_nothing_new(
    take: Take, family: Application
) -> None:
    row = f"{CHILD};kyllä;EI;;19.8.2025;Máret Valkeapää;kansio 1;"
    assert take(row, apply=False).count("yes") == 1
    assert said(family) == []
    take(row)
    with family.reading() as work:
        before = len(list(logged(work.session)))
    again = take(row)
    assert [each.new for each in again.rows] == [()]
    with family.reading() as work:
        assert len(list(logged(work.session))) == before


@pytest.mark.parametrize(
    "written",
    [
        *("Valkeapää;(Elle)", "- Valkeapää;Elle", "Valkeapää;Elle *", "1. Valkeapää;Elle"),
        *("Valkeapää;Elle (muuttanut)", "X Valkeapää;Elle", "Valkeapää;”Elle”"),
    ],
)
def test_a_mark_beside_a_name_takes_no_yes_and_loses_no_no(
    take: Take, family: Application, written: str
) -> None:
    rest = ";2.3.2018;{};;;19.8.2025;Máret Valkeapää;kansio 1;"
    result = take(written + rest.format("kyllä"))
    assert said(family) == []
    assert any("the mark" in reason for reason in reasons(result))
    result = take(written + rest.format("ei"))
    noes = [answer for _who, _by, answer, _channels in said(family)]
    assert noes == ["refused"] or result.rest[0].is_no_left


@pytest.mark.parametrize("remark", ["vain ryhmäkuva", "kysyttävä ensin", "ask first"])
def test_a_column_that_is_left_out_and_limits_a_consent_takes_no_yes(
    take: Take, family: Application, remark: str
) -> None:
    row = f"{CHILD};kyllä;;;19.8.2025;Máret Valkeapää;kansio 1;{remark}"
    columns = {**TERMS.columns, "Huom.": ["ignore"]}
    assert "may limit" in "".join(reasons(take(row, columns=columns)))
    assert said(family) == []


@pytest.mark.parametrize("is_first", [True, False])
def test_a_no_that_a_colleague_takes_back_stands_as_it_was_in_the_list(
    take: Take, family: Application, is_first: bool
) -> None:
    row = f"{CHILD};EI;;;19.8.2025;Máret Valkeapää;kansio 1;"
    no = ConsentStatement(ConsentKind.REFUSED, [WEB], on=date(2025, 8, 19))
    anna = replace(family, login="anna")
    consents.record_consent(anna, ConsentParties(ELLE, MARET), no)
    if is_first:
        take(row)
    correct_consent(anna, "C-1", statement=1)
    take(row)
    assert said(family) == [(ELLE, MARET, "refused", (WEB,))]


def test_a_yes_and_a_no_of_one_row_are_recorded_side_by_side(
    take: Take, family: Application
) -> None:
    take(f"{CHILD};kyllä;ei;;19.8.2025;Máret Valkeapää;kansio 1;")
    [row] = list_all(consents.list_consents(family))
    assert (row.status.channels, row.status.refused_channels) == ([WEB], [PRINT])


@pytest.mark.parametrize(
    ("signer", "reason"),
    [
        ("", "does not tell who signed"),
        ("äiti", "does not tell which guardian"),
        ("molemmat", "one signature is one guardian's"),
        ("Vieras Henkilö", "is not recorded as a guardian"),
    ],
)
def test_without_a_certain_signer_no_yes_is_taken_and_a_no_is_each_guardians(
    take: Take, family: Application, signer: str, reason: str
) -> None:
    result = take(f"{CHILD};kyllä;EI;;19.8.2025;{signer};kansio 1;")
    assert any(reason in text for text in reasons(result))
    assert [row.new for row in result.rows] == [("unsigned_no",)]
    assert {(by, state) for _person, by, state, _channels in said(family)} == {
        (MARET, "refused"),
        (ANTE, "refused"),
    }
    assert result.rest[0].guardians == ("H-2 Máret Valkeapää", "H-3 Ante Magga")


@pytest.mark.parametrize(
    ("signer", "takes"),
    [
        *((each, {MARET: "granted"}) for each in (MARET, f"{MARET} Máret Valkeapää")),
        ("Valkeapää, Máret", {MARET: "granted"}),
        ("Inga Oma", {"H-5": "granted"}),
        ("Elle Valkeapää", {ELLE: "granted"}),
        ("oppilas", {ELLE: "granted"}),
        *((f"Máret Valkeapää{extra}", {}) for extra in ("?", " ?", " (äiti)", " / ?", " äiti")),
        *((word, {}) for word in ("oma", "Oma", "oppilas?", "Elev Valkeapää", "molemmat?", "H-2?")),
        ("ei allekirjoitettu", {}),
        *((each, dict.fromkeys((MARET, ANTE, "H-5"), "refused")) for each in ("isä ei", "EI")),
        ("Ante Magga kieltää", dict.fromkeys((MARET, ANTE, "H-5"), "refused")),
        (
            "Máret Valkeapää / oppilas ei",
            dict.fromkeys((ELLE, MARET, ANTE, "H-5"), "refused"),
        ),
    ],
)
def test_a_signer_is_certain_only_if_the_cell_is_one_name_and_a_no_in_it_is_a_no(
    take: Take, family: Application, signer: str, takes: dict[str, str]
) -> None:
    inga = create_person(family, "Inga Oma", date(1990, 1, 2))
    guardians.add_guardian(
        family, ELLE, inga, basis=GuardianBasis.PARENT, verified="VTJ", since=date(2018, 3, 2)
    )
    result = take(f"{CHILD};kyllä;;;19.8.2025;{signer};kansio 1;")
    assert {by: state for _person, by, state, _channels in said(family)} == takes
    assert bool(result.rest) == ("granted" not in takes.values())


@pytest.mark.parametrize(
    ("signer", "more"),
    [
        ("molemmat", {"both_signed": True}),
        ("Ante Magga ja Valkeapää Máret", {}),
        ("H-2 Máret Valkeapää, H-3", {}),
    ],
)
def test_two_signatures_are_two_consents(
    take: Take, family: Application, signer: str, more: dict[str, bool]
) -> None:
    assert take(f"{CHILD};kyllä;x;;19.8.2025;{signer};kansio 1;", **more).rest == []
    assert {by for _person, by, _state, _channels in said(family)} == {MARET, ANTE}


@pytest.mark.engines("sqlite")
def test_a_signer_called_inga_refuses_nothing_by_her_name(take: Take) -> None:
    for signer in ("Inga Sara ja Máret Valkeapää", "Inga-Maija Sara, Ante Magga"):
        result = take(f"{CHILD};kyllä;x;;19.8.2025;{signer};kansio 1;")
        assert (result.rows[0].new, len(result.rest)) == ((), 1)
    assert take(f"{CHILD};kyllä;x;;19.8.2025;Inga Sara kieltää;kansio 1;").rows[0].new


def test_a_no_without_a_day_a_paper_or_a_birth_date_is_taken(
    take: Take, family: Application
) -> None:
    result = take("Valkeapää;Elle;;EI;;;;Máret Valkeapää;;")
    assert result.rows[0].new == ("unsigned_no",)
    assert {state for _person, _by, state, _channels in said(family)} == {"refused"}
    assert "could be H-1" in reasons(result)[0]


def test_a_row_about_somebody_unknown_is_handed_back_and_its_no_is_told(take: Take) -> None:
    result = take(
        "Outakka;Biret;1.1.2017;EI;;;19.8.2025;Rita Outakka;kansio 1;",
        f"{CHILD};x;;;19.8.2025;Máret Valkeapää;kansio 1;",
    )
    assert [(row.row, row.is_no_left) for row in result.rest] == [(2, True)]
    assert result.count("yes") == 1


def test_what_a_remark_forbids_is_a_no_to_everything_and_other_words_are_asked_about(
    take: Take, family: Application
) -> None:
    row = f"{CHILD};kyllä;x;;19.8.2025;Máret Valkeapää;kansio 1;"
    result = take(f"{row}ei lähikuvia")
    assert "has to be read" in reasons(result)[0]
    assert said(family) == []
    assert take(f"{row}ei lähikuvia", remarks={"Ei lähikuvia": RemarkMeaning.NOTHING}).rest == []
    take(f"{row}isä kieltää")
    assert {(by, state) for _p, by, state, _c in said(family)} == {
        (MARET, "refused"),
        (ANTE, "refused"),
    }


def test_words_that_are_no_remark_in_the_list_are_told(take: Take, family: Application) -> None:
    with pytest.raises(InputDataError, match="no row of the list has the remark “ei lähikuvaa”"):
        take(
            f"{CHILD};kyllä;x;;19.8.2025;Máret Valkeapää;kansio 1;ei lähikuvia",
            remarks={"ei lähikuvaa": RemarkMeaning.NOTHING},
        )
    assert said(family) == []


def test_turvakielto_blocks_the_person(take: Take, family: Application) -> None:
    take(f"{CHILD};kyllä;x;;19.8.2025;Máret Valkeapää;kansio 1;turvakielto")
    assert [row.person for row in blocks.list_blocks(family)] == [ELLE]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{CHILD};x;x;;;Máret Valkeapää;kansio 1;", "the day of the signature is missing"),
        (f"{CHILD};x;x;;19.8.2025;Máret Valkeapää;;", "where the paper is kept is missing"),
        (f"{CHILD};x;x;;1.1.2018;Máret Valkeapää;kansio 1;", "before the person was born"),
        (f"{CHILD};x;x;;1.1.2099;Máret Valkeapää;kansio 1;", "is in the future"),
        (f"{CHILD};x;ehkä;;19.8.2025;Máret Valkeapää;kansio 1;", "neither a yes nor a no"),
        (f"{CHILD};;;;19.8.2025;Máret Valkeapää;kansio 1;", "neither a yes nor a no"),
        ("Boine;Inga;2.1.1990;x;x;;19.8.2025;Elle Valkeapää;k 1;", "was an adult"),
        (";;;x;x;;19.8.2025;Máret Valkeapää;k 1;", "does not tell who is meant"),
        ("Valkeapää;Elle;;x;x;;19.8.2025;Máret Valkeapää;k 1;", "could be H-1"),
    ],
)
def test_a_yes_that_is_not_certain_is_handed_back_with_its_reason(
    take: Take, family: Application, row: str, reason: str
) -> None:
    result = take(row)
    assert any(reason in text for text in reasons(result)), reasons(result)
    assert said(family) == []


def test_what_is_older_than_the_policy_allows_or_than_the_guardianship_is_not_taken(
    take: Take, family: Application
) -> None:
    row = f"{CHILD};x;;;19.8.2025;Máret Valkeapää;kansio 1;"
    guardians.end_guardian(family, ELLE, MARET, on=date(2025, 8, 1))
    assert "was not a guardian" in reasons(take(row))[0]
    policy.set_policy(family, {"max_consent_age_months": 6})
    old = take(row.replace("Máret Valkeapää", "Ante Magga"))
    assert "was valid only until" in reasons(old)[0]
    assert said(family) == []


def test_an_adult_signs_alone(take: Take, family: Application) -> None:
    take("Boine;Inga;2.1.1990;x;ei;;19.8.2025;Inga Boine;k 1;")
    [row] = list_all(consents.list_consents(family))
    assert (row.person, row.by, row.status.refused_channels) == (ADULT, ADULT, [PRINT])


def test_columns_with_answers_that_nobody_explained_stop_the_list(
    take: Take, family: Application
) -> None:
    row = f"{CHILD};kyllä;EI;;19.8.2025;Máret Valkeapää;kansio 1;"
    result = take(row, columns={"Internet": [WEB]})
    assert [(each.heading, each.words) for each in result.unclear] == [("Painettu", ("EI",))]
    assert not result.applied
    assert said(family) == []
    for columns in ({"Nettisivu": [WEB]}, {"Internet": ["nowhere"]}):
        with pytest.raises(PhotoregError):
            take(row, columns=columns)
    with pytest.raises(InputDataError, match="until when"):
        take(row, until=None)
    with pytest.raises(InputDataError, match="has passed already"):
        take(row, until=date(2020, 1, 1))


def test_hundreds_of_rows_are_recorded_by_the_statements_of_one(take: Take) -> None:
    """So a municipality's whole list takes seconds."""
    many = [f"Valkeapää;Elle;2.3.2018;x;ei;;{day}.9.2025;H-2;k 1;" for day in range(1, 31)]
    counts = []
    for rows in (many[:1], many[1:15], many[15:]):
        with recorded_statements() as statements:
            assert take(*rows).rest == []
        counts.append(len(statements))
    assert counts[2] <= counts[1] + 2


def test_any_number_of_people_are_blocked_by_the_same_statements(
    take: Take, family: Application
) -> None:
    people = [f"Valkeapää;{name}" for name in ("Áilu", "Berit", "Ánte", "Nils", "Sárá", "Inga")]
    for each in people:
        add_child(family, " ".join(reversed(each.split(";"))), date(2017, 5, 6), [])
    rows = [f"{each};6.5.2017;;;;;;;turvakielto" for each in people]
    counts = []
    for some in (rows[:2], rows[2:]):
        with recorded_statements() as statements:
            assert take(*some).count("block") == len(some)
        counts.append(len(statements))
    assert len(blocks.list_blocks(family)) == len(people)
    assert counts[1] <= counts[0] + 1


@pytest.mark.usefixtures("family")
def test_an_auditor_records_no_list(tarja: Application, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{HEADINGS}\n{CHILD};x;x;;19.8.2025;H-2;k 1;", "utf-8")
    with pytest.raises(NotAllowed):
        import_consents(tarja, path, TERMS, apply=True)


def test_a_dead_speaker_never_drops_a_no(take: Take, family: Application) -> None:
    persons.change_person(family, MARET, PersonDetails(deceased=True, died_on=date(2024, 1, 1)))
    take(f"{CHILD};EI;;;19.8.2025;Máret Valkeapää;kansio 1;")
    assert {(by, state) for _p, by, state, _c in said(family)} == {(ANTE, "refused")}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((yes, CellAnswer.YES) for yes in ("kyllä", "K", "x", "On lupa", "ja", "JOO", "Yes")),
        *((no, CellAnswer.NO) for no in ("EI", "ei", "E", "nej", "ei lupaa", "kielletty", "-")),
        *((unclear, CellAnswer.UNREADABLE) for unclear in ("ehkä", "katso paperi", "?")),
        ("", CellAnswer.EMPTY),
    ],
)
def test_yes_and_no_are_read_as_people_write_them(text: str, answer: CellAnswer) -> None:
    assert answer_in(text) is answer


def test_words_that_forbid_are_told_from_words_that_look_like_them() -> None:
    assert all(map(forbids, ("isä kieltää", "äiti perui 3/25", "ei saa julkaista", "ei lupaa")))
    assert not any(
        map(
            forbids,
            (
                "ei lähikuvia",
                "ei halua lähikuvia",
                "kevät 2025",
                "eväsretki",
                "peruna",
                "kieli: sv",
            ),
        )
    )


@pytest.fixture
def take_list(family: Application, tmp_path: Path) -> Callable[..., ConsentImport]:
    """Import a list of Elle's row with a certain yes and one further column."""

    def take_list(
        heading: str, cell: str, meaning: str = "", row: str = "", **more: Any
    ) -> ConsentImport:
        path = tmp_path / "further.csv"
        row = row or f"{CHILD};kyllä;19.8.2025;Máret Valkeapää;kansio 1"
        headings = "Sukunimi;Etunimi;Syntymäaika;Internet;Pvm;Allekirjoittaja;Mappi"
        path.write_text(f"{headings};{heading}\n{row};{cell}\n", "utf-8")
        columns = {"Internet": [WEB]} | ({heading: [meaning]} if meaning else {})
        terms = replace(TERMS, columns=columns, **more)
        return import_consents(family, path, terms, apply=True)

    return take_list


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("heading", "cell", "meaning"),
    [
        *(("Kieltäytynyt", each, "") for each in ("x", "13.9.2026", "kyllä", "*")),
        *((each, "13.9.2026", "") for each in ("Peruttu", "Suostumus peruttu pvm", "Withdrawn")),
        *(("Lisätietoja", each, "") for each in ("älä kuvaa", "toivoo ettei julkaista")),
        *(("Terveiset", each, "") for each in ("får ej publiceras", "ei kuvia")),
        *(("Puhelin", f"040 1234567 {each}", "") for each in ("ei", "(E)", "*", "x")),
        *(("Huoltajan puhelin", f"040 1234567 {each}", "") for each in ("ei", "(E)", "*")),
        *(("Luokka", f"3A {each}", "") for each in ("*", "x", "EK", "E")),
        *(("Huoltaja", f"Máret Valkeapää {each}", "") for each in ("(E)", "*", "kyllä")),
        *(("Anteckningar", each, "") for each in ("mieluummin ilman", "helst inte")),
        *(("Sovittu", each, "") for each in ("äiti soittaa vielä", "endast på avstånd")),
        *(("Huom", each, "until") for each in ("isä kieltää kuvat", "don't publish")),
        *(("Luokka", each, "") for each in ("3B, ei kuvauslupaa", "TK")),
        *((each, "0", "") for each in ("Valokuvat", "Kuvauslupa")),
        *((each, "-", "") for each in ("Kuvat", "Julkaisulupa")),
        *(("Nimi saa näkyä", each, "") for each in ("*", "ehkä")),
    ],
)
def test_a_yes_is_not_taken_beside_a_no_in_any_other_column(
    take_list: Take, family: Application, heading: str, cell: str, meaning: str
) -> None:
    result = take_list(heading, cell, meaning)
    assert result.unclear or result.rest
    assert result.count("yes") == 0
    assert not any(state == "granted" for _person, _by, state, _channels in said(family))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        *(("Terveiset", each) for each in ("får ej publiceras", "ei kuvia")),
        *(("Anteckningar", "helst inte"), ("Luokka", "3A *"), ("Huom", "isä ei halua")),
        *(("Puhelin", f"040 1234567 {each}") for each in ("ei", "(E)", "*")),
    ],
)
def test_no_column_is_left_out_that_refuses_or_holds_a_mark(
    take_list: Take, family: Application, heading: str, cell: str
) -> None:
    with pytest.raises(InputDataError, match="cannot be left out"):
        take_list(heading, cell, "ignore")
    assert said(family) == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("heading", "cell", "meaning"),
    [
        ("Luokka", "3 A", ""),
        ("Puhelin", "040 1234567, elle@hetta.fi", ""),
        ("Sovittu", "äiti soittaa vielä", "ignore"),
        ("Uimataito", "ei", "ignore"),
    ],
)
def test_a_value_or_what_somebody_left_out_takes_no_yes_away(
    take_list: Take, heading: str, cell: str, meaning: str
) -> None:
    assert take_list(heading, cell, meaning).count("yes") == 1


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("heading", "cell", "meaning"),
    [
        *((each, "3.9.2026", "") for each in ("Poistettu", "Päättynyt", "Expired", "Arkistoitu")),
        *(("Tila", each, "") for each in ("mitätöity", "vanhentunut", "ei enää voimassa", "uusi")),
        *(("Status", each, "ignore") for each in ("expired", "ended", "upphörd", "inactive")),
        ("Mitätöity", "x", "ignore"),
        ("Erityistä", "suojattu", ""),
    ],
)
def test_a_row_that_says_it_has_ended_gives_no_yes(
    take_list: Take, family: Application, heading: str, cell: str, meaning: str
) -> None:
    result = take_list(heading, cell, meaning)
    assert result.unclear or any("has ended" in each for each in reasons(result))
    assert said(family) == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("heading", "cell"), [("Tila", "voimassa"), ("Status", "active"), ("Poistettu", "")]
)
def test_a_row_that_says_it_is_in_force_gives_a_yes(
    take_list: Take, heading: str, cell: str
) -> None:
    assert take_list(heading, cell).count("yes") == 1


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("behind", "is_known"),
    [
        *((each, False) for each in (": vain ryhmäkuvat", "?", " (paitsi kasvot)", " *")),
        *((each, True) for each in ("", ":", ": {title}")),
    ],
)
def test_words_behind_the_name_of_a_channel_are_asked_about(
    family: Application, tmp_path: Path, behind: str, *, is_known: bool
) -> None:
    with family.reading() as work:
        title = find_channel(work.session, WEB).title
    heading = f"{WEB}{behind.format(title=title)}"
    path = tmp_path / "list.csv"
    path.write_text(f"id;Allekirjoittaja;Pvm;Mappi;{heading}\n{ELLE};{MARET};19.8.2025;1;x\n")
    result = import_consents(family, path, replace(TERMS, columns={}), apply=True)
    assert [each.heading for each in result.unclear] == [] if is_known else [heading]
    assert result.count("yes") == is_known


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("name", "above", "message"),
    [
        ("kuvauskiellot", "", "seems to forbid photos"),
        ("perutut luvat", "", "seems to forbid photos"),
        ("luvat", "Perutut luvat", "seems to forbid photos"),
        ("vanhentuneet_luvat", "", "have ended"),
        ("luvat", "Päättyneet suostumukset", "have ended"),
    ],
)
def test_no_yes_is_taken_from_a_list_that_as_a_whole_says_no(
    family: Application, tmp_path: Path, name: str, above: str, message: str
) -> None:
    path = tmp_path / f"{name}.csv"
    rows = f"id;Allekirjoittaja;Pvm;Mappi;Internet\n{ELLE};{MARET};19.8.2025;1;x\n"
    path.write_text(f"{above}\n{rows}" if above else rows)
    with pytest.raises(InputDataError, match=message):
        import_consents(family, path, replace(TERMS, columns={"Internet": [WEB]}), apply=True)
    assert said(family) == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("words", ["x = ei saa julkaista", "x=ei", "Selite: x = kieltää"])
def test_a_key_below_the_list_by_which_a_yes_means_no_stops_it(
    take_list: Take, family: Application, words: str
) -> None:
    row = f"{CHILD};x;19.8.2025;Máret Valkeapää;kansio 1;3A\n{words};;;;;;"
    with pytest.raises(InputDataError, match="row 3 seems to explain"):
        take_list("Luokka", "", row=row)
    assert said(family) == []
    take_list("Luokka", "", row=row.replace(words, "E = ei saa julkaista"))
    assert len(said(family)) == 1


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("cell", ["x", "1", "*", "voimassa", "13.9.2026", "ei saa kuvata"])
def test_whatever_stands_below_the_heading_of_a_block_is_one(
    take_list: Take, family: Application, cell: str
) -> None:
    for heading in ("Kuvauskielto", "Salassapito"):
        assert take_list(heading, cell).count("block") == 1
    assert [row.person for row in blocks.list_blocks(family)] == [ELLE]


@pytest.mark.parametrize("cell", ["ei", "-", "", "ei turvakieltoa"])
def test_an_explicit_no_below_a_block_or_a_refusal_is_neither(
    take_list: Take, family: Application, cell: str
) -> None:
    for heading in ("Turvakielto", "Peruttu"):
        assert take_list(heading, cell).rest == []
    assert list(blocks.list_blocks(family)) == []


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        *(("Turvakielto", each) for each in ("paper", "ignore", WEB, "may be named", "remarks")),
        *(("Suostumus peruttu", each) for each in ("ignore", WEB, "day")),
        *(("Ei saa julkaista netissä", each) for each in (WEB, "ignore")),
        *(("Kuvauslupa", each) for each in ("ignore", "paper", "remarks")),
    ],
)
def test_a_column_in_which_a_no_may_stand_is_never_said_to_be_harmless(
    take_list: Take, family: Application, heading: str, meaning: str
) -> None:
    with pytest.raises(InputDataError, match="a no may stand in it"):
        take_list(heading, "", meaning, save_as="vanha")
    assert said(family) == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "row",
    [
        "Valkeapää (ei kuvauslupaa);Elle;2.3.2018;kyllä;19.8.2025;Máret Valkeapää;kansio 1",
        "Valkeapää;Elle *;2.3.2018;kyllä;19.8.2025;Máret Valkeapää;kansio 1",
        f"{CHILD};kyllä;19.8.2025;Máret Valkeapää (kieltää);kansio 1",
        f"{CHILD};kyllä;19.8.2025;Máret Valkeapää;kansio 1, äiti vastustaa",
        "Ei saa kuvata: Elle Valkeapää;;;;;;",
    ],
)
def test_a_no_or_a_mark_in_a_name_or_beside_it_goes_into_the_rest(
    take_list: Take, family: Application, row: str
) -> None:
    result = take_list("Luokka", "3A", row=row)
    assert [each.row for each in result.rest] == [2]
    assert not any(state == "granted" for _person, _by, state, _channels in said(family))


@pytest.mark.engines("sqlite")
def test_a_withdrawal_counts_from_its_own_day(take_list: Take, family: Application) -> None:
    take_list("Peruttu", "13.9.2025")
    rows = list_all(consents.list_consents(family))
    assert {(row.by, row.status.state, row.status.day) for row in rows} == {
        (MARET, "refused", "2025-09-13"),
        (ANTE, "refused", "2025-09-13"),
    }


@pytest.mark.engines("sqlite")
def test_an_adult_s_no_without_a_signer_is_their_own(take: Take) -> None:
    assert take("Boine;Inga;2.1.1990;EI;;;;;;").rows[0].new == ("no",)


@pytest.mark.engines("sqlite")
def test_a_saved_layout_hides_no_no(take_list: Take, family: Application) -> None:
    headings = ["Sukunimi", "Etunimi", "Syntymäaika", "Internet", "Pvm", "Allekirjoittaja", "Mappi"]
    for heading, cell in (("Turvakielto", "x"), ("Kuvauslupa", "ei")):
        saved = {heading: "ignore"}
        save_layout(family, ListKind.PERMISSIONS, "vanha", [*headings, heading], saved)
        result = take_list(heading, cell)
        assert result.unclear or result.rest or result.count("block")
    saved = {"Terveiset": "ignore"}
    save_layout(family, ListKind.PERMISSIONS, "vanha", [*headings, "Terveiset"], saved)
    with pytest.raises(InputDataError, match="cannot be left out"):
        take_list("Terveiset", "ei kuvia")
    assert [row.person for row in blocks.list_blocks(family)] == [ELLE]


def test_an_answer_in_a_merged_cell_is_no_yes_of_several_and_a_no_of_each(
    family: Application, tmp_path: Path
) -> None:
    def take_merged(answer: str, *areas: str) -> ConsentImport:
        book = openpyxl.Workbook()
        sheet: Any = book.worksheets[0]
        sheet.append(["id", "Allekirjoittaja", "Päivä", "Internet"])
        sheet.append([ELLE, MARET, date(2025, 8, 19), answer])
        sheet.append([ADULT, ADULT, date(2025, 8, 19), None])
        for area in areas:
            sheet.merge_cells(area)
        book.save(tmp_path / "list.xlsx")
        terms = replace(TERMS, paper="kansio 1", columns={"Internet": [WEB]})
        return import_consents(family, tmp_path / "list.xlsx", terms, apply=True)

    refused = take_merged("kyllä", "D2:D3")
    assert said(family) == []
    assert [row.cells.get("Internet") for row in refused.rest] == [None, None]
    assert all("the cells D2:D3 are merged" in str(row.reasons[0]) for row in refused.rest)
    take_merged("ei", "D2:D3")
    assert {(who, state) for who, _by, state, _channels in said(family)} == {
        (ELLE, "refused"),
        (ADULT, "refused"),
    }
