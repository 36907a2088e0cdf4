"""`audit history`: the life of a record, to read and as data; every column has a label."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from tests.services.audits.test_log_details import SERVICES, logged_details
from tests.services.scenes import (
    MARKET,
    add_child,
    add_photographer,
    create_person,
    register_photo,
    tag_person,
)
from tests.statements import recorded_statements

from photoreg.presentation.labels import LABELS, QUESTION_LABELS
from photoreg.presentation.record_life.detail_labels import DETAIL_LABELS, LABELS_BY_ACTION
from photoreg.presentation.record_life.field_labels import FIELD_LABELS, ROW_LABELS
from photoreg.presentation.views.audits import LIFE
from photoreg.registry.ledger import Action
from photoreg.registry.record_hashes.changes import is_told, told_columns, values_of_column
from photoreg.registry.record_hashes.records import record_kinds
from photoreg.registry.tables.all import METADATA
from photoreg.rulebook.reasons import REASONS
from photoreg.services.application import Application
from photoreg.services.audits.audits import list_log
from photoreg.services.audits.record_life import SAID

PLAIN = ("--format", "csv", "--plain")
Run = Callable[..., Result]
TOLD = [(t, key) for kind in record_kinds().values() for t, key in kind.tables() if is_told(t)]
PARTS = {t.name for kind in record_kinds().values() for t, _key in kind.parts if is_told(t)}


@pytest.fixture(autouse=True)
def lives(anna: Application, run: Run, tmp_path: Path) -> None:
    """P-1 was answered anew, H-2 renamed and named in it; H-5 is no guardian of H-3 any more."""
    add_photographer(anna)
    register_photo(anna, tmp_path, MARKET)
    elle = create_person(anna, "Elle Valkeapää")
    add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga", "Niila Magga"])
    tag_person(anna, "P-1", elle)
    run("photo", "answer", "P-1", "--place", "office_lobby", login="anna")
    run("person", "change", elle, "--name", "Elle Kunnas", "--contact", "elle@kunta.example")
    run("guardian", "end", "H-3", "H-5", "--on", "2026-10-01")


STATED = ("consent", "permission")

WRITTEN_TOGETHER = {
    *("controller", "controller_before", "since", "since_before", "proposed_own"),
    *("proposed_own_before", "proposed_since", "proposed_since_before"),
    *("server_role", "other_than", "replaced", "made_on", "verified", "entry", "form", "attorney"),
}
"""Details that are logged by `**`, and the one by which changed rows name their entry."""


def items(result: Result) -> list[dict[str, Any]]:
    found = json.loads(result.stdout)
    jsonschema.validate(found, LIFE.schema())
    rows: list[dict[str, Any]] = found["items"]
    return rows


def test_every_column_that_is_reported_has_a_label() -> None:
    statements = [(METADATA.tables[f"{name}_event"], f"{name}_id") for name in STATED]
    columns = {column.name for table, key in TOLD for column in told_columns(table, key)}
    columns |= {c.name for table, key in statements for c in told_columns(table, key)} - SAID
    assert columns <= FIELD_LABELS.keys()
    assert columns | {"other"} == FIELD_LABELS.keys()
    assert PARTS <= ROW_LABELS.keys() <= METADATA.tables.keys()


def test_every_code_that_is_reported_has_a_label() -> None:
    for table, key in TOLD:
        for column in told_columns(table, key):
            enumeration = values_of_column(table.name, column.name)[1]
            if enumeration:
                values = {member.value for member in column.type.enum_class}  # type: ignore[attr-defined]
                assert values <= LABELS[enumeration].keys(), column


def test_the_life_of_a_photo_is_explained_in_words(run: Run) -> None:
    text = run("audit", "history", "P-1", login="tarja").stdout
    assert "shown in the photo: - → H-2, a subject, a private person" in text
    assert "→ the lobby of an office" in " ".join(text.split())
    finnish = run("--lang", "fi", "audit", "history", "P-1", login="tarja").stdout
    assert "kuvassa: - → H-2" in finnish
    assert "viraston aula" in finnish


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("record", ["P-1", "H-2", "H-3", "anna", "kunta-website"])
def test_it_is_as_wide_as_a_terminal(run: Run, record: str, language: str) -> None:
    shown = run("--lang", language, "audit", "history", record)
    assert shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80


def test_names_and_contacts_are_hashes_until_a_purpose_is_stated(run: Run) -> None:
    told = ("audit", "history", "H-2", "--format", "json")
    masked = {row["field"]: row for row in items(run(*told))}
    assert masked["name"]["old"].startswith("#")
    assert masked["contact"]["new"].startswith("#")
    assert masked["contact"]["old"] is None
    named = {row["field"]: row for row in items(run(*told, "--purpose", "A complaint"))}
    assert (named["name"]["old"], named["name"]["new"]) == ("Elle Valkeapää", "Elle Kunnas")
    assert named["contact"]["new"] == "elle@kunta.example"
    log = run("audit", "log", *PLAIN).stdout
    assert "names.read" in log
    assert "Kunnas" not in log
    assert "elle@" not in log


def test_the_log_shows_old_and_new(run: Run) -> None:
    log = run("audit", "log", "--photo", "P-1", *PLAIN, login="tarja").stdout
    assert "place=public_outdoor→office_lobby" in log
    assert "contact=→#" in run("audit", "log", "--person", "H-2", *PLAIN).stdout
    seen = run("audit", "log", "--person", "H-2", *PLAIN, login="tarja").stdout
    assert "other=*→*" in seen


def test_csv_and_json_lines_hold_the_same_rows(run: Run) -> None:
    told = ("audit", "history", "H-3", "--format")
    count = len(items(run(*told, "json")))
    assert len(run(*told, "csv").stdout.splitlines()) == count + 1
    assert len(run(*told, "jsonl").stdout.splitlines()) == count


@pytest.mark.parametrize(
    ("record", "exit_code", "said"),
    [
        ("Elle Kunnas", 9, "Elle Kunnas is not the id of a record"),
        ("Q-3", 9, "Q-3 is not the id of a record"),
        ("street.jpg", 9, "Give an id, for example P-12 or H-3"),
        ("H-99", 6, "H-99 is not in the registry"),
    ],
)
def test_what_names_no_record_is_refused_with_what_to_give(
    run: Run, record: str, exit_code: int, said: str
) -> None:
    assert said in run("audit", "history", record, exit_code=exit_code).stderr
    refused = ("audit", "history", record, "--purpose", "A complaint")
    run(*refused, exit_code=exit_code)
    assert "names.read" not in run("audit", "log").stdout


def test_an_earlier_day_shows_the_life_until_then(run: Run) -> None:
    told = ("audit", "history", "P-1", "--format", "json")
    then, now = items(run(*told, "--as-of", "2026-11-02")), items(run(*told))
    assert "person_id" in {row["field"] for row in then}
    assert "place" not in {row["field"] for row in then if row["old"]}
    assert "place" in {row["field"] for row in now if row["old"]}
    began = {row["field"]: row["new"] for row in now if row["action"] == "photo.registered"}
    of_then = {row["field"]: row["new"] for row in then if row["action"] == "photo.registered"}
    assert began["place"] == of_then["place"] is not None
    assert of_then.items() <= began.items()


def test_a_record_of_which_the_log_reveals_nothing_is_said_to_have_no_changes(run: Run) -> None:
    empty = run("audit", "history", "V-1")
    assert (empty.stdout, empty.stderr) == ("", "the list is empty\n")


def test_every_detail_that_the_program_logs_has_a_label_and_no_other() -> None:
    logged = {key for module in SERVICES for key, _value in logged_details(module)}
    assert logged | WRITTEN_TOGETHER == DETAIL_LABELS.keys()
    actions = {action.value for action in Action}
    assert {action for action, _key in LABELS_BY_ACTION} <= actions
    assert {key for _action, key in LABELS_BY_ACTION} <= DETAIL_LABELS.keys()


CODES = (
    {value for values in LABELS.values() for value in values}
    | {*FIELD_LABELS, *QUESTION_LABELS, *DETAIL_LABELS, *REASONS}
) - {"guardians"}
"""What stands in the log for programs; `guardians` is what a setting is called."""


@pytest.fixture
def much(run: Run) -> None:
    """Entries of many kinds: statements, flags, channels, settings, users, an erasure."""
    for line in (
        "consent record --for H-2 --channel kunta-website --until 2027-12-31 --paper binder",
        "consent withdraw C-1",
        "consent request --for H-2 --channel website",
        "permission request --photographer H-1 --channel kunta-website",
        "event add Juhla --on 2026-05-30 --person H-2",
        "event change E-1 --unit Hetta --new-unit --place school_or_daycare",
        "photo answer P-1 --event E-1 --people recognisable --count 2 --confidential unsure",
        "photo untag P-1 --person H-2",
        "photo flag P-1 --reason Stop",
        "flag resolve F-1 --outcome upheld --reason Stays",
        "channel change kunta-website --controller Vuokratalot",
        "channel change kunta-website --own --since 2019-01-01",
        "channel admins kunta-website --add ville",
        "channel review kunta-website",
        "policy set guardians=one",
        "staff change ville --role auditor",
        "person block H-4",
        "person erase H-2 --ground request --yes",
    ):
        run(*line.split())


@pytest.mark.usefixtures("much")
def test_the_log_and_the_history_leave_no_code_untranslated(run: Run) -> None:
    shown = run("--lang", "fi", "audit", "log").stdout
    for record in ("P-1", "H-1", "C-1", "L-1", "E-1", "F-1", "V-2", "kunta-website", "ville"):
        shown += run("--lang", "fi", "audit", "history", record).stdout
    pieces = set(re.split(r"[:;,→()]\s*|\s{2,}|\n", shown))
    assert not pieces & CODES
    assert "channel:" not in shown
    assert "staff:" not in shown
    assert not re.search(r"\d\d:\d\d|\d{4}-\d\d-\d\d", shown)


@pytest.mark.usefixtures("much")
def test_the_log_names_users_channels_and_local_times_for_people_only(run: Run) -> None:
    text = run("--lang", "fi", "audit", "log").stdout
    assert re.search(r" ville +.*rooli: tarkastaja", text)
    assert re.search(r"kanavan? .* kunta-website", text)
    assert "guardians: kaikki → yksi" in text
    assert "rekisterinpitäjä: kunta" in text
    data = run("--lang", "fi", "audit", "log", *PLAIN).stdout
    assert "staff.changed,staff:3" in data
    assert "guardians=" in data


@pytest.mark.usefixtures("much")
def test_who_gave_withdrew_and_stopped_is_called_so(run: Run) -> None:
    consent = run("--lang", "fi", "audit", "history", "C-1").stdout
    assert "antaja: H-2" in consent
    assert "peruja: H-2" in consent
    flag = run("--lang", "fi", "audit", "history", "F-1").stdout
    assert "kuka vastustaa: rekisterissä oleva henkilö" in flag
    assert "antaja" not in flag


def test_a_consent_begins_with_its_end_its_method_and_where_the_paper_is(run: Run) -> None:
    record = "consent record --for H-2 --channel kunta-website --until 2027-12-31 --paper binder"
    run(*record.split(), "--method", "oral")
    shown = run("--lang", "fi", "audit", "history", "C-1", login="tarja")
    assert "kanavat: kunta-website" in shown.stdout
    assert "asti: - → 31.12.2027" in shown.stdout
    assert "miten annettiin: - → suullisesti" in shown.stdout
    assert "missä paperi on: - → *" in shown.stdout
    told = run("--lang", "en", "audit", "history", "C-1", "--purpose", "A complaint")
    assert "where the paper is: - → binder" in told.stdout


def test_what_is_masked_is_explained_where_it_is(run: Run) -> None:
    assert "--purpose" in run("audit", "history", "H-2").stderr
    assert "--purpose" not in run("audit", "history", "H-2", "--purpose", "A complaint").stderr
    assert "--purpose" not in run("audit", "history", "V-1").stderr


def test_the_name_of_a_unit_is_shown(run: Run) -> None:
    run("event", "add", "Juhla", "--on", "2026-05-30")
    run("event", "change", "E-1", "--unit", "Hetan koulu", "--new-unit")
    assert "unit: - → Hetan koulu" in run("audit", "history", "E-1", login="tarja").stdout


def test_what_was_taken_out_of_a_record_is_no_removed_record(run: Run) -> None:
    run("photo", "untag", "P-1", "--person", "H-2")
    log = run("audit", "log").stdout
    assert re.search("data of a record was removed +P-1", log)
    assert re.search("data was added to a record +P-1", log)


def test_the_log_is_read_for_people_with_as_many_statements_for_any_number_of_entries(
    anna: Application,
) -> None:
    def counted() -> int:
        with recorded_statements() as statements, list_log(anna, to_read=True) as log:
            assert all(row.rows for row in log)
        return len(statements)

    few = counted()
    for number in range(20):
        create_person(anna, f"Person {number}")
    assert counted() == few
