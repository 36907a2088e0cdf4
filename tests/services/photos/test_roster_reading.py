"""Class lists as schools have them: noes are recorded, layouts kept, and the unknown stops."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from photoreg.errors import InputDataError
from photoreg.registry.tables.organisation import ListKind
from photoreg.services.application import Application
from photoreg.services.consents.consents import list_consents, show_person
from photoreg.services.organisation.layouts import save_layout
from photoreg.services.people import blocks, persons
from photoreg.services.people.class_lists.columns import ListNoteKind, ReadBy, RefusedBy
from photoreg.services.photos import events
from photoreg.services.photos.roster_import import import_roster
from photoreg.services.photos.rosters.reading import AS_WRITTEN, ListReading
from photoreg.services.photos.rosters.results import RosterImport
from photoreg.services.publications.corrections import correct_consent

LUPA = (
    "Nimi;Syntynyt;Huoltaja 1;Huoltaja 2;Kuvauslupa;Turvakielto\n"
    "Elle Sara;15.1.2018;Máret Sara;Ante Magga;EI;\n"
    "Nils Juuso;3.3.2018;Inga Juuso;;kyllä;\n"
    "Aikuinen Opiskelija;3.3.2000;;;ei;\n"
)


@pytest.fixture
def feast(application: Application) -> Application:
    """E-1 with an empty roster."""
    events.add_event(application, "Kevätjuhla", on=date(2026, 5, 30))
    return application


def imported(
    feast: Application, folder: Path, content: str, reading: ListReading = AS_WRITTEN
) -> RosterImport:
    path = folder / "3a.csv"
    path.write_text(content, "utf-8")
    return import_roster(feast, "E-1", path, apply=True, reading=reading)


def names(application: Application) -> set[str]:
    return {row.name for row in persons.list_persons(application)}


def noes(application: Application) -> set[tuple[str, str, str]]:
    with list_consents(application) as rows:
        return {(each.person, each.by, each.status.state) for each in rows}


def test_a_no_in_a_list_stops_it_until_somebody_says_whose_it_is(
    feast: Application, tmp_path: Path
) -> None:
    result = imported(feast, tmp_path, LUPA)
    assert (result.applied, result.reading.is_refuser_open) == (False, True)
    assert (result.reading.refused, result.reading.agreed) == ((2, 4), (3,))
    assert names(feast) == set()


@pytest.mark.parametrize(
    ("refused_by", "speakers"),
    [(RefusedBy.GUARDIANS, 2), (RefusedBy.FIRST, 1), (RefusedBy.SECOND, 1)],
)
def test_a_no_is_recorded_once_as_a_refusal_of_whoever_said_it(
    feast: Application, tmp_path: Path, refused_by: RefusedBy, speakers: int
) -> None:
    reading = ListReading(refused_by=refused_by)
    assert imported(feast, tmp_path, LUPA, reading).applied
    first = noes(feast)
    of_child = {by for person, by, state in first if person == "H-1" and state == "refused"}
    assert len(of_child) == speakers
    own = {(person, by) for person, by, _state in first if person == by}
    assert len(own) == 1
    assert len(first) == speakers + 1
    assert imported(feast, tmp_path, LUPA, reading).applied
    assert noes(feast) == first


def test_a_no_of_the_list_stands_though_a_colleague_takes_theirs_back(
    feast: Application, tmp_path: Path
) -> None:
    reading = ListReading(refused_by=RefusedBy.FIRST)
    imported(replace(feast, login="anna"), tmp_path, LUPA, reading)
    first = noes(feast)
    imported(feast, tmp_path, LUPA, reading)
    correct_consent(replace(feast, login="anna"), "C-1", statement=1)
    assert noes(feast) == first


def test_a_no_of_nobody_who_is_known_becomes_a_block(feast: Application, tmp_path: Path) -> None:
    reading = ListReading(refused_by=RefusedBy.UNKNOWN)
    assert imported(feast, tmp_path, LUPA, reading).applied
    assert noes(feast) == set()
    assert {row.name for row in blocks.list_blocks(feast)} == {"Elle Sara", "Aikuinen Opiskelija"}


def test_a_no_without_the_guardian_who_is_said_to_have_said_it_is_wrong(
    feast: Application, tmp_path: Path
) -> None:
    content = "Nimi;Syntynyt;Huoltaja 1;Kuvauslupa\nElle Sara;15.1.2018;Máret Sara;ei\n"
    result = imported(feast, tmp_path, content, ListReading(refused_by=RefusedBy.SECOND))
    [problem] = result.problems
    assert (problem.row, problem.column, result.applied) == (2, "Kuvauslupa", False)
    assert names(feast) == set()


def test_a_column_that_may_matter_stops_the_list_until_it_is_said_and_saved(
    feast: Application, tmp_path: Path
) -> None:
    content = "Nimi;Syntynyt;Vanhempi/muu;Retkilupa\nElle Sara;15.1.2018;Máret Sara;ei\n"
    stopped = imported(feast, tmp_path, content)
    assert (stopped.applied, stopped.reading.not_understood) == (
        False,
        ["Vanhempi/muu", "Retkilupa"],
    )
    said = {"Vanhempi/muu": "huoltaja 1", "Retkilupa": "ohita"}
    assert imported(feast, tmp_path, content, ListReading(said, save_as="Hetta")).applied
    assert names(feast) == {"Elle Sara", "Máret Sara"}
    next_one = imported(feast, tmp_path, content.replace("Sara", "Eira"))
    assert (next_one.applied, next_one.reading.layout) == (True, "Hetta")
    by = {column.heading: column.read_by for column in next_one.reading.columns}
    assert (by["Vanhempi/muu"], by["Nimi"]) == (ReadBy.LAYOUT, ReadBy.HEADING)
    changed = ListReading({"Retkilupa": "permission"})
    assert imported(feast, tmp_path, content, changed).reading.is_refuser_open
    with pytest.raises(InputDataError, match="no column Huoltaja"):
        imported(feast, tmp_path, content, ListReading({"Huoltaja": "guardian"}))


def test_a_pupil_s_own_contact_is_recorded_as_theirs(feast: Application, tmp_path: Path) -> None:
    content = "Nimi;Puhelin;Huoltaja;Huoltajan puhelin\nElle Sara;044 999;Máret Sara;040 111\n"
    assert imported(feast, tmp_path, content).applied
    contacts = [show_person(feast, who).summary.contact for who in ("H-1", "H-2")]
    assert contacts == ["044 999", "040 111"]


_BASE = "Nimi;Syntynyt;Huoltaja 1"
_ELLE = "Elle Sara;15.1.2018;Máret Sara"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "content",
    [
        *(
            f"{_BASE};{heading}\n{_ELLE};{cell}\n"
            for heading, cell in (
                *(("Huom", "älä kuvaa"), ("Huom", "äiti vastustaa kuvia"), ("Huom", "ei")),
                *(("Muuta", "får ej fotograferas"), ("Info", "turvakielto"), ("Kuvat", "-")),
                *(("Valokuvat", "0"), ("Nettisivut", "E"), ("Peruttu", "13.9.2026"), ("TK", "x")),
                *(
                    ("Huom", "pois kuvista"),
                    ("Info", "keep out of photos"),
                    ("Muu", "rajataan pois"),
                ),
                *(("Vastustaa", "x"), ("Kuvauslupa", "peruttu 1.9."), ("Kuvauslupa EI", "x")),
                *(("Puhelin", "ei saa kuvata"), ("Luokka", "3B, turvakielto"), ("Luokka", "3 ei")),
            )
        ),
        f"{_BASE}\nElle Sara (ei kuvauslupaa);15.1.2018;Máret Sara\n",
        f"{_BASE}\nElle Sara (TK);15.1.2018;Máret Sara\n",
        f"{_BASE}\nElle Sara, EI KUVIA;15.1.2018;Máret Sara\n",
        f"{_BASE}\nElle Sara *;15.1.2018;Máret Sara\n",
        f"{_BASE}\nElle Sara;15.1.2018;Máret Sara (kieltää kuvat)\n",
        f"{_BASE}\n{_ELLE}\nEi saa kuvata: Nils Juuso;;\n",
        f"{_BASE}\n{_ELLE}\n* = ei kuvauslupaa;;\n",
        f"{_BASE}\n{_ELLE}\nYhteensä 1, ei kuvauslupaa: Elle;;\n",
    ],
)
def test_a_no_anywhere_in_the_rows_records_nothing_until_it_is_dealt_with(
    feast: Application, tmp_path: Path, content: str
) -> None:
    result = imported(feast, tmp_path, content)
    assert not result.applied
    assert result.problems or result.reading.is_open
    assert names(feast) == set()


@pytest.mark.engines("sqlite")
def test_a_no_above_the_table_stops_the_list(feast: Application, tmp_path: Path) -> None:
    with pytest.raises(InputDataError, match="row 1 above the table"):
        imported(feast, tmp_path, f"Luokka 3B, julkaisukielto: Ville\n{_BASE}\n{_ELLE}\n")


@pytest.mark.engines("sqlite")
def test_a_no_in_a_comment_or_on_a_sheet_that_is_not_read_stops_the_list(
    feast: Application, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    for title, cell, comment in (
        ("Kuvauskielto", "Elle Sara", ""),
        ("Muut", "Ei saa kuvata: Elle", ""),
        *(("Muut", "-", "ei saa kuvata"), ("Muut", "-", "EI"), ("Muut", "ei", "")),
    ):
        book = openpyxl.Workbook()
        book.worksheets[0].append(["Nimi", "Syntynyt"])
        book.worksheets[0].append(["Elle Sara", "15.1.2018"])
        if comment:
            book.worksheets[0]["A2"].comment = Comment(comment, "ope")
        book.create_sheet(title).append([cell])
        book.save(path)
        with pytest.raises(InputDataError, match="forbid photos"):
            import_roster(feast, "E-1", path, apply=True)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        *(("Turvakielto", each) for each in ("skip", "contact", "group", "permission")),
        *(("Kuvauslupa", each) for each in ("skip", "class", "contact")),
        *(("Suostumus peruttu", each) for each in ("ohita", "lupa")),
    ],
)
def test_a_column_in_which_a_no_may_stand_is_never_said_to_be_something_harmless(
    feast: Application, tmp_path: Path, heading: str, meaning: str
) -> None:
    reading = ListReading({heading: meaning}, save_as="koulu")
    with pytest.raises(InputDataError, match="a no may stand in it"):
        imported(feast, tmp_path, f"{_BASE};{heading}\n{_ELLE};\n", reading)
    assert not imported(feast, tmp_path, f"{_BASE};{heading}\n{_ELLE};\n").reading.layout


@pytest.mark.engines("sqlite")
def test_a_saved_layout_hides_no_no(feast: Application, tmp_path: Path) -> None:
    saved = {"Kuvauslupa": "skip", "Huom": "skip"}
    headings = ["Nimi", "Syntynyt", "Huoltaja 1", "Huom", "Kuvauslupa"]
    save_layout(feast, ListKind.CLASS_LIST, "vanha", headings, saved)
    content = f"{_BASE};Huom;Kuvauslupa\n{_ELLE};"
    assert imported(feast, tmp_path, f"{content};EI\n").reading.is_refuser_open
    assert [each.column for each in imported(feast, tmp_path, f"{content}älä kuvaa;\n").problems]
    assert names(feast) == set()


@pytest.mark.engines("sqlite")
def test_a_no_that_is_new_in_a_column_that_a_saved_layout_skips_is_asked_about(
    feast: Application, tmp_path: Path
) -> None:
    content = f"{_BASE};GDPR\n{_ELLE};"
    skipped = ListReading({"gdpr": "ohita"}, save_as="koulu")
    assert imported(feast, tmp_path, f"{content}kyllä\n", skipped).reading.is_saved
    assert imported(feast, tmp_path, f"{content}kyllä\n").applied
    stopped = imported(feast, tmp_path, f"{content}EI\n")
    assert (stopped.applied, stopped.reading.not_understood) == (False, ["GDPR"])
    assert imported(feast, tmp_path, f"{content}EI\n", skipped).applied
    assert imported(feast, tmp_path, f"{content}ei\n").applied


@pytest.mark.engines("sqlite")
def test_a_preview_saves_no_layout(feast: Application, tmp_path: Path) -> None:
    path = tmp_path / "3a.csv"
    path.write_text(f"{_BASE};Retki\n{_ELLE};\n", "utf-8")
    reading = ListReading({"Retki": "ohita"}, save_as="koulu")
    assert not import_roster(feast, "E-1", path, reading=reading).reading.is_saved
    assert import_roster(feast, "E-1", path).reading.layout == ""
    with pytest.raises(InputDataError):
        import_roster(feast, "E-1", path, apply=True, reading=ListReading(save_as="x" * 65))
    assert names(feast) == set()


@pytest.mark.engines("sqlite")
def test_struck_through_text_stops_a_list_and_what_is_hidden_is_read_and_told(
    feast: Application, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    for line in (["Nimi", "Turvakielto"], ["Elle Sara", None], ["Nils Sara", "x"]):
        book.worksheets[0].append(line)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.worksheets[0].column_dimensions["B"].hidden = True
    book.save(path)
    told = import_roster(feast, "E-1", path, apply=True)
    notes = {(note.kind, note.words) for note in told.reading.notes}
    assert notes == {(ListNoteKind.HIDDEN_ROWS, "3"), (ListNoteKind.HIDDEN_COLUMNS, "Turvakielto")}
    assert {row.name for row in blocks.list_blocks(feast)} == {"Nils Sara"}
    book.worksheets[0]["A2"].font = Font(strike=True)
    book.save(path)
    with pytest.raises(InputDataError, match="whether it still holds: A2"):
        import_roster(feast, "E-1", path, apply=True)


@pytest.mark.engines("sqlite")
def test_whatever_stands_below_a_block_or_a_refusal_is_a_no(
    feast: Application, tmp_path: Path
) -> None:
    content = (
        f"{_BASE};Turvakielto;Peruttu\n{_ELLE};13.9.2026;ei\n"
        "Nils Juuso;3.3.2018;Inga Juuso;-;13.9.2026\nEija Nolla;3.3.2018;Einari Ii;ei;\n"
    )
    assert imported(feast, tmp_path, content, ListReading(refused_by=RefusedBy.UNKNOWN)).applied
    assert {row.name for row in blocks.list_blocks(feast)} == {"Elle Sara", "Nils Juuso"}
