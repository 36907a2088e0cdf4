"""Sheets: what is filled in is checked in all rows, then recorded, all of it or nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.logged import logged
from tests.services.scenes import create_person, register_photo

from photoreg.cli.commands.sheet import vocabulary
from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.ledger import Action
from photoreg.rulebook.facts import Basis, Confidentiality, People, Place, Shot
from photoreg.services.application import Application
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.photos import (
    answers as photo_answers,
)
from photoreg.services.photos import (
    depictions,
    details,
    events,
    question_sheets,
)
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.photos.question_sheets import SheetImport

AtWork = Callable[[str], Application]
HEAD = "photo;place;shot;people;how many can be recognised;names;sensitive;credit\n"


@pytest.fixture
def feast(application: Application, tmp_path: Path) -> Application:
    """E-1 in a school: P-1 and P-2; H-1 Áile and H-2 Elle on the roster, and another Elle, H-3."""
    create_person(application, "Áile Đorđi")
    create_person(application, "Elle", date(2018, 1, 1))
    events.add_event(
        application,
        "Juhla",
        on=date(2026, 5, 30),
        answers=EventAnswers(place=Place.SCHOOL_OR_DAYCARE),
        roster=["H-1", "H-2"],
    )
    create_person(application, "Elle", date(2017, 1, 1), others=["H-2"])
    for name in ("one.jpg", "two.jpg"):
        register_photo(application, tmp_path, PhotoAnswers(event="Juhla"), name)
    return application


def read(
    application: Application, folder: Path, content: str, *, apply: bool = True
) -> SheetImport:
    path = folder / "sheet.csv"
    path.write_text(content, "utf-8")
    return question_sheets.import_sheet(application, path, vocabulary(), apply=apply)


def answers(application: Application, photo: str) -> dict[str, Any]:
    shown = details.show_photo(application, photo)
    return {row.question: (row.answer, row.source) for row in shown.answers}


def people_in(application: Application, photo: str) -> list[str | None]:
    return [person.person for person in details.show_photo(application, photo).people]


def log(application: Application) -> list[tuple[str, str]]:
    with application.reading() as work:
        return [(entry.action, entry.subject) for entry in logged(work.session)]


def said(result: SheetImport) -> list[tuple[int, str, str, str]]:
    return [(p.row, p.column, p.subject, str(p.error)) for p in result.problems]


def test_a_sheet_shows_what_photo_and_event_answer_and_what_is_open(feast: Application) -> None:
    depictions.tag_persons(feast, ["P-1"], persons=["Áile Đorđi", "H-3"])
    one, two = question_sheets.question_sheet(feast, "Juhla")
    assert (one.photo, one.file) == ("P-1", "one.jpg")
    assert (one.place, one.people) == (Place.SCHOOL_OR_DAYCARE, People.RECOGNISABLE)
    assert one.names == "Áile Đorđi; H-3 Elle"
    assert "shot" in two.open
    assert "place" not in two.open


def test_only_photos_with_open_questions_if_asked(feast: Application) -> None:
    closed = PhotoAnswers(
        photographers=("Áile Đorđi",),
        people=People.NONE,
        shot=Shot.GENERAL_VIEW,
        confidentiality=Confidentiality.NONE,
        sensitive=False,
        basis=Basis.STAFF_AGREEMENT,
    )
    photo_answers.answer(feast, ["P-1"], closed)
    assert [row.photo for row in question_sheets.question_sheet(feast, "E-1", only_open=True)] == [
        "P-2"
    ]


def test_what_is_filled_in_is_recorded_and_logged_for_each_photo(
    feast: Application, tmp_path: Path
) -> None:
    before = len(log(feast))
    content = (
        f"{HEAD}P-1;;a person is the subject;;2;elle; ÁILE Đorđi ;no;Kuva: Áile\n"
        "P-2;a private home;general_view;nobody is shown;;;;\n"
    ).replace("elle; ÁILE Đorđi ", '"elle; ÁILE Đorđi "')
    result = read(feast, tmp_path, content)
    assert result.applied
    assert result.rows[0].persons == ("H-2", "H-1")
    one, two = answers(feast, "P-1"), answers(feast, "P-2")
    assert (one["shot"], one["sensitive"]) == (("person_subject", "photo"), (False, "photo"))
    assert (one["recognisable_count"][0], one["credit"][0]) == (2, "Kuva: Áile")
    assert one["place"] == ("school_or_daycare", "event")
    assert (two["place"], two["people"]) == (("private_home", "photo"), ("none", "photo"))
    assert people_in(feast, "P-1") == ["H-2", "H-1"]
    assert log(feast)[before:] == [
        (Action.PHOTO_TAGGED, "P-1"),
        (Action.PHOTO_ANSWERED, "P-1"),
        (Action.PHOTO_ANSWERED, "P-2"),
    ]


def test_a_look_shows_what_would_change_and_changes_nothing(
    feast: Application, tmp_path: Path
) -> None:
    before = log(feast)
    result = read(feast, tmp_path, f"{HEAD}P-1;;;;;Elle;;Kuva: Áile\n", apply=False)
    assert (result.applied, result.changed) == (False, 1)
    assert result.rows[0].changes == ("credit", "names")
    assert log(feast) == before
    assert people_in(feast, "P-1") == []


def test_nobody_is_taken_out_of_a_photo_by_a_sheet(feast: Application, tmp_path: Path) -> None:
    depictions.tag_persons(feast, ["P-1"], persons=["H-1", "H-2"])
    result = read(feast, tmp_path, f"{HEAD}P-1;;;;;Elle;;\n")
    assert (result.changed, result.rows[0].not_in_sheet) == (0, ("H-1",))
    assert people_in(feast, "P-1") == ["H-1", "H-2"]


def test_more_people_named_than_counted_before_is_no_problem_of_an_unchanged_sheet(
    feast: Application, tmp_path: Path
) -> None:
    photo_answers.answer(
        feast, ["P-1"], PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=1)
    )
    depictions.tag_persons(feast, ["P-1"], persons=["H-1", "H-2"])
    row = f"P-1;;;{People.RECOGNISABLE};1;Elle; Áile Đorđi;;\n".replace(
        "Elle; Áile Đorđi", '"Elle; Áile Đorđi"'
    )
    assert read(feast, tmp_path, HEAD + row).problems == ()


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        ("P-9;;;;;;;", "photo", "P-9 is not in the registry"),
        ("H-1;;;;;;;", "photo", "H-1 is not an id here"),
        ("P-1;;;;;;;", "photo", "row 2 concerns the same photo"),
        ("P-2;on the moon;;;;;;", "place", "on the moon is not an allowed value"),
        ("P-2;;;;;;perhaps;", "sensitive", "perhaps is not an allowed value"),
        ("P-2;;;;two;;;", "how many can be recognised", "two is not a whole number"),
        ("P-2;;;recognisable;0;;;", "how many can be recognised", "0"),
        ("P-2;;;none;;Elle;;", "people", "people are named in P-2"),
        ("P-2;;;;;Nils;;", "names", "Nils is not in the registry"),
        ("P-2;;;recognisable;;nobody;;", "names", "the names say that nobody is shown"),
        ("P-2;;;;;H-99;;", "names", "H-99 is not in the registry"),
        ("P-2;;;;;;;020304A123B", "credit", "personal identity code"),
    ],
)
def test_a_wrong_row_is_reported_with_its_column_and_nothing_is_recorded(
    feast: Application, tmp_path: Path, row: str, column: str, text: str
) -> None:
    before = log(feast)
    result = read(feast, tmp_path, f"{HEAD}P-1;;;;;Elle;no;\n{row}\n")
    [(number, heading, photo, message)] = said(result)
    assert (number, heading, photo) == (3, column, row.partition(";")[0])
    assert text in message
    assert not result.applied
    assert log(feast) == before
    assert people_in(feast, "P-1") == []


def test_a_row_that_slipped_to_another_photo_is_wrong(feast: Application, tmp_path: Path) -> None:
    result = read(feast, tmp_path, "photo;file;credit\nP-1;two.jpg;Kuva: Áile\n")
    [(row, column, _photo, message)] = said(result)
    assert (row, column) == (2, "file")
    assert "P-1 is another file" in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name;place\nElle;\n", "the column .* is missing"),
        ("photo;file\nP-1;one.jpg\n", "no column of the table contains answers"),
    ],
)
def test_a_table_of_something_else_is_refused(
    feast: Application, tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(InputDataError, match=said):
        read(feast, tmp_path, content)


def test_an_auditor_sees_ids_and_records_nothing(
    feast: Application, application_for: AtWork, tmp_path: Path
) -> None:
    depictions.tag_persons(feast, ["P-1"], persons=["H-1"])
    auditor = application_for("tarja")
    assert question_sheets.question_sheet(auditor, "E-1")[0].names == "H-1"
    with pytest.raises(NotAllowed):
        read(auditor, tmp_path, f"{HEAD}P-1;;;;;Elle;;\n")


def test_a_sheet_with_an_erased_person_is_read_back_as_it_was_written(
    feast: Application, tmp_path: Path
) -> None:
    depictions.tag_persons(feast, ["P-1"], persons=["H-1"])
    erasure.erase(feast, "H-1", ErasureGround.REQUEST)
    [one, _two] = question_sheets.question_sheet(feast, "E-1")
    assert one.names == "H-1"
    result = read(feast, tmp_path, "photo;names;credit\nP-1;H-1;Kuva: Á\n")
    assert said(result) == []
    assert result.applied
    assert people_in(feast, "P-1") == ["H-1"]
    [problem] = said(read(feast, tmp_path, "photo;names\nP-2;H-1\n"))
    assert "nothing more can be recorded" in problem[-1]


def test_a_value_that_a_sheet_does_not_know_is_reported_with_those_it_does(
    feast: Application, tmp_path: Path
) -> None:
    result = read(feast, tmp_path, "photo;sensitive\nP-1;perhaps\n")
    [problem] = result.problems
    assert problem.error.values["allowed"] == "yes; no"


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        ("photo;place;Paikka", "place and Paikka mean the same"),
        ("photo;place;yes or no", "yes or no belongs to another table"),
        ("code;yes or no;place", "place belongs to another table"),
        ("photo;place;own notes", "not understood: own notes"),
        ("code;yes or no;kunta-print: a;kunta-print", "kunta-print: a and kunta-print mean"),
    ],
)
def test_no_known_column_is_passed_by(
    feast: Application, tmp_path: Path, headings: str, told: str
) -> None:
    content = f"{headings}\nP-1{';' * headings.count(';')}\n"
    with pytest.raises(InputDataError, match=told):
        read(feast, tmp_path, content)


@pytest.fixture
def class_(application: Application, tmp_path: Path) -> Application:
    """E-1 with P-1; on its roster H-1 to H-5, elsewhere H-6."""
    names = ("Elle Valkeapää", "Máret Valkeapää", "Nils-Heikki Sara", "Áile Magga", "Áile Sara")
    for name in names:
        create_person(application, name)
    events.add_event(
        application, "Juhla", on=date(2026, 5, 30), roster=[f"H-{n}" for n in range(1, 6)]
    )
    create_person(application, "Elli Ranta")
    register_photo(application, tmp_path, PhotoAnswers(event="Juhla"), "one.jpg")
    return application


AS_WRITTEN = {
    "Elle Valkeapää, Nils-Heikki Sara": "H-1 H-3",
    "Valkeapää Elle; MAGGA ÁILE": "H-1 H-4",
    "Valkeapää, Elle, Sara, Áile": "H-1 H-5",
    "Elle ja Máret sekä Nils-Heikki": "H-1 H-2 H-3",
    "Elle, H-4 Áile Magga\nElle": "H-1 H-4",
    "Áile S.; Elli Ranta; Ranta, Elli": "H-5 H-6",
    "Aile Magga / Maret": "H-4 H-2",
}
UNCLEAR = {
    "Áile": "Áile could be any of H-4 Áile Magga, H-5 Áile Sara",
    "Elle, Keskitalo": "Keskitalo is not in the registry",
    "nobody, Elle": "nobody is not in the registry",
    "H-4 Elle": "H-4 Elle: the id is that of another person",
}


def test_names_are_read_as_people_write_them(class_: Application, tmp_path: Path) -> None:
    for cell, persons in AS_WRITTEN.items():
        result = read(class_, tmp_path, f'photo;names\nP-1;"{cell}"\n', apply=False)
        assert said(result) == []
        assert result.rows[0].persons == tuple(persons.split()), cell


def test_a_name_that_is_not_clear_is_refused_with_who_it_could_be(
    class_: Application, tmp_path: Path
) -> None:
    for cell, told in UNCLEAR.items():
        result = read(class_, tmp_path, f"photo;names\nP-1;{cell}\n")
        assert told in {message for *_rest, message in said(result)}
    assert people_in(class_, "P-1") == []


def test_names_that_can_be_divided_in_two_ways_are_refused(
    class_: Application, tmp_path: Path
) -> None:
    events.change_roster(
        class_, "E-1", add_persons=[create_person(class_, "Máret Elle")], remove_persons=[]
    )
    result = read(class_, tmp_path, "photo;names\nP-1;Elle, Máret\n")
    assert not result.applied


def test_nobody_is_said_in_the_cell_of_names(class_: Application, tmp_path: Path) -> None:
    read(class_, tmp_path, "photo;names\nP-1;Ei ketään\n")
    assert answers(class_, "P-1")["people"] == ("none", "photo")
