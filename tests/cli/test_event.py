"""`event` as users see it."""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from click.testing import Result

from photoreg.presentation.views.all import VIEWS
from photoreg.registry.engines.database import Registry

Run = Callable[..., Result]


@pytest.fixture
def feast(run: Run) -> Run:
    """E-1 with photographer H-1 and H-2 on its roster."""
    run("person", "add", "Áile Näkkäläjärvi", "--adult")
    run("person", "add", "Elle Valkeapää", "--born", "2018-05-01", "--guardians", "2")
    run(
        *("event", "add", "Hetan koulun kevätjuhla", "--on", "30.5.2026", "--until", "2026-05-31"),
        *("--photographer", "Áile Näkkäläjärvi", "--basis", "staff_agreement"),
        *("--place", "school_or_daycare", "--no-place-permission", "--shot", "person_subject"),
        *("--confidential", "none", "--sensitive", "no", "--commissioner", "na"),
        *("--person", "Elle Valkeapää"),
    )
    return run


def test_an_event_is_shown_with_its_answers_and_people(feast: Run) -> None:
    shown = feast("event", "show", "hetan koulun KEVÄTJUHLA").stdout
    assert "E-1 Hetan koulun kevätjuhla · 2026-05-30 – 2026-05-31" in shown
    assert "photographers: H-1 Áile Näkkäläjärvi" in shown
    assert "place: a school or a day-care centre" in shown
    assert "sensitive: no" in shown
    assert "on the roster: H-2 Elle Valkeapää" in shown


@pytest.mark.parametrize(
    "arguments", [("event", "list"), ("event", "show", "E-1"), ("event", "roster", "E-1")]
)
def test_what_is_given_to_programs_keeps_its_schema(feast: Run, arguments: tuple[str, ...]) -> None:
    data = json.loads(feast(*arguments, "--format", "json").stdout)
    jsonschema.validate(data, VIEWS[data["view"]].schema())
    assert len(data["items"]) == 1


def test_the_roster_is_changed_and_listed(feast: Run) -> None:
    done = feast("event", "roster", "E-1", "--add", "H-1", "--add", "H-2")
    assert "H-2 is already on the roster." in done.stderr
    assert "a minor" in done.stdout
    assert "an adult" in done.stdout
    left = feast("event", "roster", "E-1", "--remove", "Elle Valkeapää").stdout
    assert "Elle" not in left
    done = feast("event", "roster", "E-1", "--remove", "H-2", exit_code=6)
    assert "H-2 Elle Valkeapää is not on the roster of E-1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "text"),
    [
        (("Toinen", "--on", "31.2.2026"), 9, "31.2.2026 is not a date"),
        (("Toinen", "--on", "2026-05-30", "--until", "2026-05-29"), 9, "before it begins"),
        (("Toinen", "--on", "2026-05-30", "--person", "H-9"), 6, "H-9 is not in the registry"),
        (("Toinen",), 2, "--on"),
        (("hetan koulun kevätjuhla", "--on", "2026-05-30"), 5, "is already in the registry"),
    ],
)
def test_an_event_that_cannot_be_is_refused(
    feast: Run, arguments: tuple[str, ...], exit_code: int, text: str
) -> None:
    assert text in feast("event", "add", *arguments, exit_code=exit_code).stderr
    assert len(json.loads(feast("event", "list", "--format", "json").stdout)["items"]) == 1


def test_an_unknown_event_is_reported(feast: Run) -> None:
    for verb in ("show", "roster"):
        assert "E-5 is not in the registry" in feast("event", verb, "E-5", exit_code=6).stderr


def test_an_auditor_sees_no_names_and_changes_nothing(feast: Run) -> None:
    for arguments in (("list",), ("show", "E-1"), ("roster", "E-1")):
        seen = feast("event", *arguments, login="tarja").output
        assert "Elle" not in seen
        assert "Áile" not in seen
    feast("event", "roster", "E-1", "--remove", "H-2", login="tarja", exit_code=5)
    feast("event", "add", "Toinen", "--on", "2026-05-30", login="tarja", exit_code=5)


CLASS = (
    "nimi;syntynyt;huoltajia;huoltaja 1;yhteystieto 1;huone\n"
    "Áilu Đorđi;2.3.2018;2;Máret Đorđi;040 1;7\n"
    "Elle Valkeapää;2018-05-01;2;Ante Valkeapää;040 2;7\n"
)


@pytest.fixture
def class_list(tmp_path: Path) -> Path:
    path = tmp_path / "3b luokka.csv"
    path.write_text(CLASS, "utf-8")
    return path


def test_a_class_list_is_shown_then_recorded_then_known(feast: Run, class_list: Path) -> None:
    looked = feast("event", "import-roster", "E-1", class_list)
    assert "new" in looked.stdout
    assert "in the registry" in looked.stdout
    assert "Columns that were not read: huone." in looked.stderr
    assert f'→ photoreg event import-roster E-1 "{class_list}" --apply' in looked.stderr
    assert "Áilu" not in feast("person", "list").stdout
    done = feast("event", "import-roster", "E-1", class_list, "--apply").stderr
    assert "Recorded on the roster of E-1. New: 1, already in the registry: 1." in done
    assert "Áilu Đorđi" in feast("event", "roster", "E-1").stdout
    again = feast("event", "import-roster", "E-1", class_list, "--apply").stderr
    assert "Nothing changed" in again


def test_wrong_rows_are_reported_and_nothing_is_recorded(feast: Run, class_list: Path) -> None:
    class_list.write_text(CLASS + "Sárá;31.2.2018;;;;\n", "utf-8")
    for more in ((), ("--apply",)):
        done = feast("event", "import-roster", "E-1", class_list, *more, exit_code=9)
        assert "Row 4, column syntynyt (Sárá): 31.2.2018 is not a date" in done.stderr
        assert "nothing was recorded; rows with errors: 1" in done.stderr
    assert "Áilu" not in feast("person", "list").stdout


def test_what_to_do_about_a_wrong_row_is_a_command(feast: Run, class_list: Path) -> None:
    class_list.write_text(CLASS + "Sárá S;2.3.2018;;Sárá S;;\n", "utf-8")
    told = feast("--lang", "fi", "event", "import-roster", "E-1", class_list, exit_code=9).stderr
    assert "  → photoreg guardian add HENKILÖ HUOLTAJA --basis PERUSTE" in told.splitlines()


def test_a_school_s_list_is_read_as_the_user_says_and_its_noes_are_somebody_s(
    feast: Run, tmp_path: Path
) -> None:
    path = tmp_path / "3b.csv"
    path.write_text("Nimi;Huolt/muu;Kuvauslupa\nBiret Eira;Inga Eira;EI\n", "utf-8")
    imported = ("event", "import-roster", "E-1", path)
    stopped = feast(*imported, "--apply", exit_code=9).stderr
    assert "columns that may matter and were not understood: Huolt/muu" in stopped
    assert "How the columns were read: Nimi = name; Kuvauslupa = permission." in stopped
    said = ("--column", "Huolt/muu=huoltaja 1", "--save-layout", "Kylä")
    looked = feast("--lang", "fi", *imported, *said).stderr
    assert "Huolt/muu = huoltaja 1 (kuten sanoit)" in looked
    assert "tallennetaan nimellä Kylä, kun luettelo kirjataan" in looked
    assert '--column "Huolt/muu=huoltaja 1"' in looked
    assert "--refused-by VASTAUS" in looked
    assert "--refused-by guardians, first tai second" in looked
    asked = feast("--lang", "en", *imported, *said, "--apply", exit_code=9).stderr
    assert "a no stands in a column of permissions or refusals: row 2 Biret Eira (Kuv" in asked
    done = feast("--lang", "en", *imported, *said, "--apply", "--refused-by", "first").stderr
    assert "How the columns are read was saved as Kylä." in done
    again = feast("--lang", "en", *imported, "--refused-by", "first").stderr
    assert "Columns were read as saved: Kylä." in again
    assert "Huolt/muu = guardian 1 (as saved)" in again
    for wrong in ("Huolt/muu", "=guardian", "Nimi=koira"):
        feast(*imported, "--column", wrong, exit_code=2 if "=" not in wrong[1:] else 9)
    feast(*imported, "--column", "Nimi=name", "--column", "nimi=skip", exit_code=2)


@pytest.mark.skipif(os.name == "nt", reason="the words are quoted for a Unix shell here")
def test_what_to_say_of_a_stranger_s_heading_can_be_pasted_and_runs_nothing(
    feast: Run, tmp_path: Path
) -> None:
    path = tmp_path / "3b.csv"
    heading = 'Kuva `touch H2` "x" $(touch H3)'
    quoted = heading.replace('"', '""')
    path.write_text(f'Nimi;"{quoted}";Huom\nBiret Eira;ehkä;katso viesti\n', "utf-8")
    for language, option in (("en", "permission"), ("fi", "lupa")):
        told = feast("--lang", language, "event", "import-roster", "E-1", path).stderr
        [typed] = re.findall(rf'--column ("(?:[^"\\]|\\.)*={option}")', told)
        echo = ("sh", "-c", f"printf %s {typed}")
        pasted = subprocess.run(echo, cwd=tmp_path, capture_output=True, check=True).stdout
        assert pasted.decode() == f"{heading}={option}"
        assert "2, Huom: katso viesti" in told
    assert list(tmp_path.glob("H*")) == []


PREVIEWED = (
    "Nimi;Syntynyt;Luokka;Huoltaja 1;Puhelin 1;Peruste 1;Huoltaja 2;Peruste 2;Kuvauslupa;"
    "Turvakielto\n"
    "Elle Sara;15.1.2018;3A;Máret Sara;040 111;äiti;Ante Magga;sijaishuoltaja;EI;\n"
    "Antti Aikuinen;;;;;;;;;X\n"
)


@pytest.mark.parametrize(
    ("language", "shown", "told"),
    [
        (
            "en",
            (
                *("2018-01-15", "3A", "Máret Sara 040 111 (äiti: a parent)", "Kuvauslupa: EI"),
                *("Ante Magga (sijaishuoltaja: by court order)", "block", "  2  "),
            ),
            (
                "Row 2, Elle Sara: “sijaishuoltaja” does not say that Ante Magga is a guardian",
                "Not known whether these are adults (1): row 3 Antti Aikuinen.",
                "Must not be shown, by the list: row 3 Antti Aikuinen.",
                "Rows: 2 (new 2). Guardians in the rows: 2.",
            ),
        ),
        (
            "fi",
            (
                *("15.1.2018", "3A", "Máret Sara 040 111 (äiti: vanhempi)", "Kuvauslupa: EI"),
                *("Ante Magga (sijaishuoltaja: tuomioistuimen päätöksellä)", "julkaisukielto"),
            ),
            (
                "Rivi 2, Elle Sara: ”sijaishuoltaja” ei kerro, että Ante Magga on huoltaja",
                "Ei tiedetä, ovatko nämä aikuisia (1): rivi 3 Antti Aikuinen.",
                "Luettelon mukaan ei saa näyttää: rivi 3 Antti Aikuinen.",
            ),
        ),
    ],
)
def test_the_preview_shows_what_was_read_of_each_row(
    feast: Run, tmp_path: Path, language: str, shown: tuple[str, ...], told: tuple[str, ...]
) -> None:
    path = tmp_path / "3a.csv"
    path.write_text(PREVIEWED, "utf-8")
    facts = ("--guardians-total", "as-listed")
    looked = feast("--lang", language, "event", "import-roster", "E-1", path, *facts)
    for text in shown:
        assert text in looked.stdout
    for text in told:
        assert text in looked.stderr
    data = json.loads(feast("event", "import-roster", "E-1", path, "--format", "json").stdout)
    jsonschema.validate(data, VIEWS[data["view"]].schema())
    assert data["items"][0]["noes"] == ["Kuvauslupa: EI"]
    stated = (*facts, "--guardians-verified", "register", "--refused-by", "first", "--apply")
    done = feast("--lang", "en", "event", "import-roster", "E-1", path, *stated).stderr
    assert done.splitlines()[-1] == "→ photoreg guardian verify PERSON GUARDIAN --how HOW"


def test_of_a_long_list_the_first_rows_and_the_counts_are_shown(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    lines = (
        f"Oppilas{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]} Sara;1.2.2016" for n in range(100)
    )
    path.write_text("\n".join(("Nimi;Syntynyt", *lines, "Elle Viimeinen;3.3.2016")), "utf-8")
    looked = feast("event", "import-roster", "E-1", path)
    assert "Elle Viimeinen" not in looked.stdout
    assert "The first 40 of 101 rows are shown. All of them: --format csv" in looked.stderr
    assert (
        "Elle Viimeinen" in feast("event", "import-roster", "E-1", path, "--format", "csv").stdout
    )


def test_what_a_column_can_be_is_told_and_taken_in_the_user_s_language(
    feast: Run, tmp_path: Path
) -> None:
    path = tmp_path / "3b.csv"
    path.write_text("Nimi;GDPR\nBiret Eira;EI\n", "utf-8")
    imported = ("--lang", "fi", "event", "import-roster", "E-1", path)
    wrong = feast(*imported, "--column", "GDPR=koira", exit_code=9).stderr
    assert "Sarake voi olla: henkilö, nimi, sukunimi" in wrong
    assert "julkaisukielto, lupa, kielto, huoltajien määrä, huoltaja" in wrong
    assert "block" not in wrong
    looked = feast(*imported).stderr
    assert "--column GDPR=lupa" in looked
    assert "--column GDPR=MERKITYS" in looked
    unclear = feast(*imported, "--column", "GDPR=kielto", exit_code=9).stderr
    assert "EI: onko se kielto" in unclear
    feast(*imported, "--column", "GDPR=lupa", "--apply", "--refused-by", "unknown")
    assert "Biret Eira" in feast("person", "blocks").stdout


def test_who_is_doubtful_must_be_decided(feast: Run, class_list: Path) -> None:
    class_list.write_text(CLASS.replace("2018-05-01", "2017-05-01"), "utf-8")
    looked = feast("event", "import-roster", "E-1", class_list)
    assert "Row 3: Elle Valkeapää (born 2017-05-01) could be H-2." in looked.stderr
    assert "  H-2 Elle Valkeapää · born 2018" in looked.stderr
    assert f'--decisions "{class_list.with_name("3b luokka-decisions.xlsx")}"' in looked.stderr
    done = feast("event", "import-roster", "E-1", class_list, "--apply", exit_code=9)
    assert "rows where the person is uncertain: 1" in done.stderr
    assert "Áilu" not in feast("person", "list").stdout
    decided = ("--apply", "--same", "3=H-2")
    done = feast("event", "import-roster", "E-1", class_list, *decided)
    assert "differs from the registry and was left as it is: the birth date" in done.stderr
    assert "2017-05-01" not in feast("person", "list").stdout


@pytest.mark.parametrize(("language", "new"), [("en", "new"), ("fi", "uusi")])
def test_a_list_of_doubtful_rows_is_decided_in_a_table(
    feast: Run, class_list: Path, tmp_path: Path, language: str, new: str
) -> None:
    class_list.write_text(CLASS.replace("2018-05-01", "2017-05-01"), "utf-8")
    table = tmp_path / "decisions.csv"
    listed = ("--lang", language, "event", "import-roster", "E-1", class_list)
    looked = feast(*listed, "--apply", "--decisions", table, exit_code=9).stderr
    assert f'--apply --decided "{table}"' in looked or f"--apply --decided {table}" in looked
    heading, line = table.read_text("utf-8-sig").splitlines()
    assert ";H-2;Elle Valkeapää;" in line
    assert ";Hetan koulun kevätjuhla;" in line
    table.write_text(f"{heading}\n{line}{new}\n", "utf-8")
    done = feast(*listed, "--apply", "--decided", table).stderr
    assert "E-1" in done
    assert feast("person", "list").stdout.count("Elle Valkeapää") == 2


def test_what_a_list_does_not_tell_of_guardians_is_told_with_what_it_costs(
    feast: Run, class_list: Path
) -> None:
    class_list.write_text(CLASS.replace(";2;Máret", ";;Máret"), "utf-8")
    done = feast("event", "import-roster", "E-1", class_list, "--apply").stderr
    assert "Children whose guardians are not verified: 2. No consent by these" in done
    assert "how many guardians they have: 1. No consent by their" in done
    assert "--guardians-verified TEXT --guardians-total NUMBER" in done
    facts = ("--guardians-verified", "school register", "--guardians-total", "as listed")
    again = feast("event", "import-roster", "E-1", class_list, "--apply", *facts).stderr
    assert "No consent" not in again
    feast("event", "import-roster", "E-1", class_list, "--guardians-total", "all", exit_code=2)
    one = class_list.with_name("one.csv")
    one.write_text("nimi;syntynyt\nElle Valkeapää;2018-05-01\n", "utf-8")
    told = feast("event", "import-roster", "E-1", one).stderr
    assert "On the roster, but not in this list (1): H-3 Áilu Đorđi" in told
    assert "→ photoreg event roster E-1 --remove H-3" in told


def test_a_second_event_of_a_name_is_told_and_the_name_with_the_days(run: Run) -> None:
    assert "Several" not in run("event", "add", "Syysjuhla", "--on", "2026-10-02").stderr
    told = run("event", "add", "syysjuhla", "--on", "2026-10-09").stderr
    both = "E-1 2026-10-02, E-2 2026-10-09"
    assert f"Several events have this name, so name each by its id: {both}" in told
    run("event", "add", "Retki", "--on", "2026-10-01")
    told = run("event", "change", "Retki", "--name", "Syysjuhla").stderr
    assert f"E-3 2026-10-01, {both}" in told
    told = run("event", "show", "Syysjuhla", exit_code=9).stderr
    assert "E-2 2026-10-09" in told
    told = run("event", "show", "Syysjuhl", exit_code=6).stderr
    assert "Syysjuhla 2026-10-02 (E-1)" in told


def test_another_class_is_not_offered_to_be_taken_off_the_roster(
    feast: Run, tmp_path: Path
) -> None:
    first, second = tmp_path / "1a.csv", tmp_path / "2a.csv"
    first.write_text("nimi;syntynyt\nElle Valkeapää;2018-05-01\n", "utf-8")
    second.write_text("nimi;syntynyt\nÁilu Labba;2017-05-01\n", "utf-8")
    feast("event", "import-roster", "E-1", first, "--apply")
    told = feast("event", "import-roster", "E-1", second, "--apply").stderr
    assert "On the roster from elsewhere, such as the list of another class: 1." in told
    assert "--remove" not in told


def test_on_a_terminal_doubts_and_missing_facts_are_asked(
    registry: Registry, feast: Run, class_list: Path
) -> None:
    class_list.write_text(CLASS.replace("2018-05-01;2", "2017-05-01;"), "utf-8")
    ours, theirs = pty.openpty()
    line = (sys.executable, "-m", "photoreg.cli.app", "--registry", str(registry.path))
    process = subprocess.Popen(
        [*line, "--as", "kaisa", "event", "import-roster", "E-1", str(class_list), "--apply"],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "PHOTOREG_LANG": "en"},
    )
    os.close(theirs)
    os.write(ours, b"perhaps\nH-2\nschool register\n")
    assert process.wait(timeout=60) == 0
    os.close(ours)
    assert feast("person", "list").stdout.count("Elle Valkeapää") == 1
    assert "school register" in feast("guardian", "list", "H-2").stdout


@pytest.mark.parametrize("verb", ["import-roster", "no-photo-list", "roster"])
def test_what_rosters_give_to_programs_keeps_its_schema(
    feast: Run, class_list: Path, verb: str
) -> None:
    file = (class_list,) if verb == "import-roster" else ()
    data = json.loads(feast("event", verb, "E-1", *file, "--format", "json").stdout)
    jsonschema.validate(data, VIEWS[data["view"]].schema())
    assert data["items"]


def test_the_roster_shows_what_is_missing_and_whom_to_ask(feast: Run, class_list: Path) -> None:
    feast("event", "import-roster", "E-1", class_list, "--apply")
    listed = feast("event", "roster", "E-1")
    line = next(line for line in listed.stdout.splitlines() if "Áilu" in line)
    assert "MI_GUARDIAN_CONSENT_MISSING" in line
    assert line.endswith("H-4")
    assert "MI_GUARDIAN_CONSENT_MISSING: no verified guardian has consented" in listed.stderr


def test_the_no_photo_list_is_printed_with_names_and_without_reasons(feast: Run) -> None:
    told = feast("event", "no-photo-list", "E-1").stdout
    assert "Hetan koulun kevätjuhla · 2026-05-30 – 2026-05-31 (E-1)" in told
    assert "H-2  Elle Valkeapää" in told
    assert "MI_" not in told
    on_paper = feast("event", "no-photo-list", "E-1", "--channel", "kunta-print").stdout
    assert "For kunta-print" in on_paper
    feast("event", "roster", "E-1", "--remove", "H-2")
    nobody = feast("event", "no-photo-list", "E-1")
    assert "The roster is still empty" in nobody.stdout
    assert "→ photoreg event roster E-1 --add PERSON" in nobody.stderr


def test_a_no_photo_list_without_names_says_that_everybody_may_be_shown(feast: Run) -> None:
    feast("event", "roster", "E-1", "--remove", "H-2")
    feast("event", "roster", "E-1", "--add", "H-1")
    yes = ("--channel", "public_page", "--until", "2099-01-01", "--paper", "folder 1")
    feast("consent", "record", "--for", "H-1", *yes)
    told = feast("event", "no-photo-list", "E-1")
    assert "Everybody on the roster may be shown." in told.stdout
    assert "→" not in told.stderr


def test_the_page_to_print_is_self_contained_and_does_nothing(feast: Run, tmp_path: Path) -> None:
    feast("person", "change", "H-2", "--name", "<script>alert(1)</script> & Elle")
    page = tmp_path / "no-photos.html"
    feast("event", "no-photo-list", "E-1", "--html", page)
    text = page.read_text("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Elle" in text
    assert "size: A4" in text
    assert not any(word in text for word in ("<script", "http", "src=", "MI_"))
    kept = feast("event", "no-photo-list", "E-1", "--html", page, exit_code=9)
    assert "exists already" in kept.stderr
    feast("event", "no-photo-list", "E-1", "--html", page, "--overwrite")


def test_an_auditor_gets_no_names_from_rosters(feast: Run, class_list: Path) -> None:
    assert "Elle" not in feast("event", "no-photo-list", "E-1", login="tarja").output
    feast("event", "import-roster", "E-1", class_list, login="tarja", exit_code=5)


def test_an_event_is_corrected(run: Run) -> None:
    run("event", "add", "Juhla", "--on", "2026-05-30")
    done = run("event", "change", "Juhla", "--name", "Kevätjuhla", "--shot", "person_subject")
    assert done.stdout == "E-1: the event was changed.\n"
    assert "nothing changed" in run("event", "change", "E-1", "--name", "Kevätjuhla").stdout
    assert "a person is the subject" in run("event", "show", "E-1").stdout
    run("event", "change", "E-1", exit_code=2)
    run("event", "change", "E-9", "--name", "X", exit_code=6)
    run("event", "change", "E-1", "--until", "2026-05-01", exit_code=9)


def test_forms_for_an_empty_roster_lead_to_the_roster(run: Run, tmp_path: Path) -> None:
    run("event", "add", "Tyhjä juhla", "--on", "2026-05-30")
    told = run(
        "consent", "form", "--event", "Tyhjä juhla", "--roster", "--until", "2027-12-31",
        "--out", tmp_path / "forms", exit_code=9,
    ).stderr  # fmt: skip
    assert "is empty" in told
    assert "→ photoreg event import-roster E-" in told
    assert "--roster," not in told


def test_the_printed_commands_lead_through_tables_to_the_end_and_lose_no_answer(
    feast: Run, tmp_path: Path
) -> None:
    """The same child and guardian written the other way round, and a namesake of a guardian."""
    first = tmp_path / "first.csv"
    first.write_text("Nimi;Syntynyt;Huoltaja\nElle Magga;15.1.2018;Máret Magga\n", "utf-8")
    feast("event", "import-roster", "E-1", first, "--apply")
    path = tmp_path / "second.csv"
    rows = (
        "Nimi;Syntynyt;Huoltaja;Puhelin",
        "Magga Elle;15.1.2018;Magga Máret;",
        "Aava Eira;1.1.2015;Jouni Eira;040 200 0006",
        "Oula Eira;2.2.2016;Jouni Eira;040 200 0045",
    )
    path.write_text("\n".join(rows), "utf-8")
    told = feast("event", "import-roster", "E-1", path).stderr
    told = feast(*printed(told)).stderr
    table = tmp_path / "second-decisions.xlsx"
    assert f"Fill in the last column of {table.name}" in told

    def filled_in(*decisions: str) -> None:
        book = openpyxl.load_workbook(table)
        sheet = book.worksheets[0]
        for row, decision in zip(sheet.iter_rows(min_row=2), decisions, strict=True):
            row[-1].value = decision or None
        book.save(table)

    waits = feast(*printed(told), exit_code=9).stderr
    assert "rows where the person is uncertain: 2 (rows 2, 4)" in waits
    filled_in("H-3", "", "row 3")
    half = feast(*printed(waits), exit_code=9).stderr
    assert "rows where the person is uncertain: 1 (row 2)" in half
    assert table.name in printed(half)[-1]
    completed = ("--decided", table, "--decisions", table)
    feast("event", "import-roster", "E-1", path, *completed)
    written = openpyxl.load_workbook(table).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert [row[-1] for row in written] == ["H-3", None, "row 3"]
    other = ("event", "import-roster", "E-1", path, "--decisions", table)
    feast(*other, exit_code=9)
    feast(*other, "--overwrite")  # the answers in it are kept as well
    filled_in("H-3", "H-4", "row 3")
    done = feast(*printed(half)).stderr
    assert "Recorded on the roster of E-1. New: 2, already in the registry: 1." in done
    assert feast("person", "list").stdout.count("Jouni Eira") == 1


def printed(told: str) -> list[str]:
    """Return the words of the last command that was printed, as a shell reads them."""
    line = [each for each in told.splitlines() if "→ photoreg " in each][-1]
    return shlex.split(line.split("→ photoreg ")[1])


def test_many_doubts_are_told_by_cause(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    names = ("Aava", "Biret", "Elle", "Inga", "Nils", "Oula", "Risten", "Sunna")
    rows = [
        f"{name} Eira;1.{n}.2015;Jouni Eira;040 200 000{n}" for n, name in enumerate(names, start=1)
    ]
    path.write_text("\n".join(["Nimi;Syntynyt;Huoltaja;Puhelin", *rows]), "utf-8")
    told = feast("event", "import-roster", "E-1", path).stderr
    assert "Doubtful people: 7." in told
    assert "on another row: 7 (rows 3, 4, 5, 6, 7, 8, 9)" in told
    assert told.count("could be") == 1
    assert (
        "birth dates"
        not in feast("event", "import-roster", "E-1", path, "--apply", exit_code=9).stderr
    )


def test_a_template_that_nobody_filled_in_says_so(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "class-list.xlsx"
    feast("template", "class-list", "-o", path)
    told = feast("event", "import-roster", "E-1", path, "--apply", exit_code=9).stderr
    assert "class-list.xlsx has headings but no people" in told
    assert "already recorded" not in told
    onto = ("--decisions", path, "--overwrite")
    told = feast("event", "import-roster", "E-1", path, *onto, exit_code=9).stderr
    assert "class-list.xlsx is not a table of decisions that can be read" in told
