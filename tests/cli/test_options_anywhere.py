"""The program's options stand behind every command too, and mistakes are told with a way out."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.cli.commands import every_command
from tests.services.scenes import create_person

from photoreg.cli.anywhere import ANYWHERE
from photoreg.cli.app import cli
from photoreg.services.application import Application
from photoreg.services.photos import events

Run = Callable[..., Result]

BEHIND = ("--registry", "none.db", "--as", "anna", "--lang", "fi")


def test_behind_every_command_the_options_of_the_program_are_taken() -> None:
    for words, command in every_command():
        if words:
            shown = CliRunner().invoke(cli, [*words, *BEHIND, "--help"])
            assert shown.exit_code == 0, (words, shown.output)
            assert "Valitsimet" in shown.stdout, words
            own = {o for each in command.params for o in each.opts}
            assert not ({*ANYWHERE} - own) & {*shown.stdout.split()}, words


def test_an_option_behind_counts_as_one_before(run: Run, registry_location: str) -> None:
    assert "role auditor" in run("unit", "rename", "a", "b", "--as", "tarja", exit_code=5).stderr
    assert "role auditor" in run("unit", "--as", "tarja", "rename", "a", "b", exit_code=5).stderr
    assert "nosuch.db" in run("today", "--registry=nosuch.db", exit_code=8).stderr
    run("today", "--registry", registry_location)
    step = run("show", "P-99", "--as", "anna", exit_code=6).stderr.splitlines()[-1]
    assert step == "→ photoreg --as anna photo list"


@pytest.mark.parametrize("option", ["--as", "--registry", "--lang"])
def test_an_option_before_and_behind_is_refused(run: Run, option: str) -> None:
    value = "fi" if option == "--lang" else "x"
    told = run(option, value, "today", option, value, exit_code=2).stderr
    assert option in told
    run("today", option, value, option, value, exit_code=2)


def test_an_evidence_document_is_not_taken_for_the_evidence_folder() -> None:
    command = cli.get_command(click.Context(cli), "consent")
    assert isinstance(command, click.Group)
    record = command.commands["record"]
    root = click.Context(cli)
    params = record.get_params(click.Context(record, parent=root))
    assert sum("--evidence" in each.opts for each in params) == 1


TYPED_WRONG = {
    "chek P-1": "Did you mean photoreg check?",
    "photo lst": "Did you mean photoreg photo list?",
    "photo list --evnt E-1": "'--event'",
    "person add Aino Keskitalo --adult": 'quotation marks: "Aino Keskitalo"',
    "person add Aino Maria Keskitalo": 'quotation marks: "Aino Maria Keskitalo"',
    "person add “Aino Keskitalo”": 'quotation marks: "Aino Keskitalo"',
    "guardian add Elle Valke Maret Valke": 'quotation marks: "Elle Valke"',
    "photo list --event Koulun juhla": 'quotation marks: "Koulun juhla"',
    "event import-roster Syysjuhla 3B luokkalista.xlsx": 'quotation marks: "3B luokkalista.xlsx"',
    "event import-roster E-1 3B lista.xlsx": 'quotation marks: "3B lista.xlsx"',
    "event import-roster Koulun juhla lista.xlsx": 'quotation marks: "Koulun juhla"',
}


def test_a_mistake_in_the_line_is_told_with_what_was_meant(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "3B luokkalista.xlsx").touch()
    for line, told in TYPED_WRONG.items():
        assert told in run(*line.split(), exit_code=2).stderr


MEANT = {
    ("channel", "review", "kunta-pres"): "Did you mean kunta-press",
    ("event", "show", "Kevätjula"): "Did you mean Kevätjuhla (E-1)?",
    ("event", "show", "e1"): "Did you mean E-1?",
    ("person", "show", "Aino Ketula"): "Did you mean Aino Kettula (H-1)?",
    ("person", "show", "h1"): "Did you mean H-1?",
    ("show", "P12"): "Did you mean P-12?",
    ("show", "12"): "Did you mean P-12?",
    ("case", "show", "K–3"): "Did you mean K-3?",
    ("staff", "change", "ana", "--left"): "Did you mean anna?",
    ("unit", "rename", "Hetan kolu", "x"): "Did you mean Hetan koulu?",
}


def test_a_record_that_is_not_there_is_told_with_one_that_was_meant(
    run: Run, application: Application
) -> None:
    create_person(application, "Aino Kettula")
    events.add_event(application, "Kevätjuhla", on=date(2026, 5, 30), unit="Hetan koulu")
    for arguments, told in MEANT.items():
        exit_code = 9 if arguments[0] == "case" else 6
        assert told in run(*arguments, exit_code=exit_code).stderr


def test_names_are_suggested_to_nobody_who_may_not_see_them(
    run: Run, application: Application
) -> None:
    create_person(application, "Aino Kettula")
    run("staff", "change", "anna", "--unit", "Hetan koulu")
    for login in ("anna", "tarja"):
        told = run("person", "show", "Aino Ketula", exit_code=6, login=login)
        assert "Kettula" not in told.output


def test_the_rest_of_a_name_is_not_taken_for_a_file_or_photo(run: Run, anna: Application) -> None:
    told = run(*["register", "photos", "--event", "Koulun", "juhla"], exit_code=6).stderr
    assert 'in quotation marks: "Koulun juhla"' in told
    create_person(anna, "Aino Kettula")
    told = run(*["consent", "list", "--for", "Aino", "Kettula"], exit_code=2).stderr
    assert 'in quotation marks: "Aino Kettula"' in told


def test_logins_are_compared_without_case(run: Run) -> None:
    run("today", login="ANNA")
    run("staff", "change", "Anna", "--left", login="KAISA")
    run("today", login="anna", exit_code=5)
    run("staff", "add", "Anna", "Another Anna", exit_code=5)


def test_an_option_within_quotation_marks_is_told(run: Run) -> None:
    typed = ("consent", "record", "--for", "Aino Keskitalo --by Maria", "Keskitalo")
    told = run(*typed, exit_code=2).stderr
    assert "Close the quotation marks before --by: Aino Keskitalo --by Maria" in told


FINNISH_WORDS = {
    "event import-roster E-1 x.csv --refused-by tuntematon": 9,
    "event import-roster E-1 x.csv --refused-by huoltajat": 9,
    "template luokkalista -o luokka.csv": 0,
    "template class-list -o class.csv": 0,
}


def test_values_are_given_by_their_finnish_words(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for line, exit_code in FINNISH_WORDS.items():
        run("--lang", "fi", *line.split(), exit_code=exit_code)
    told = run("--lang", "fi", "template", "-o", "x.csv", exit_code=2).stderr
    assert "Valitse jokin näistä: class-list (luokkalista)" in told
    assert "Choose" not in told
