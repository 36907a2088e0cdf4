"""`audit`: what an auditor sees."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    UNTIL,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.presentation.labels import SETTING_ENUMERATIONS
from photoreg.presentation.views.audits import (
    LACKING,
    LACKING_WITH_NAMES,
    LOG,
    PUBLISHED,
    SECOND_LOOKS,
)
from photoreg.rulebook.policy import DEFAULT_POLICY, policy_settings
from photoreg.services.application import Application

Run = Callable[..., Result]
CHANNEL = ("--channel", PAGE_USE.channel)
AFTER = ("--on", (UNTIL + timedelta(days=1)).isoformat())


@pytest.fixture(autouse=True)
def portrait(anna: Application, run: Run, tmp_path: Path) -> str:
    """P-1 shows Elle Valkeapää, who has agreed to everything; it is online and in print."""
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "portrait.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    run("publication", "add", photo, *CHANNEL, "--url", "https://kunta.example/1")
    run("publication", "add", photo, "--channel", "kunta-print", "--issue", "4/2026")
    return photo


@pytest.fixture
def audit(run: Run) -> Run:
    """Run `audit` as the auditor."""
    return lambda *words, **more: run("audit", *words, **{"login": "tarja", **more})


def data(result: Result, view: Any) -> list[dict[str, Any]]:
    found = json.loads(result.stdout)
    jsonschema.validate(found, view.schema())
    items: list[dict[str, Any]] = found["items"]
    return items


def test_lacking_is_empty_while_everybody_agrees(audit: Run) -> None:
    result = audit("lacking", *CHANNEL)
    assert result.stdout == ""
    assert "Rows: 0." in result.stderr


def test_lacking_lists_ids_and_never_names(audit: Run, anna: Application) -> None:
    withdraw_consent(anna, "Elle Valkeapää")

    [item] = data(audit("lacking", *CHANNEL, "--format", "json"), LACKING)
    assert item == {
        "photo": "P-1",
        "channel": PAGE_USE.channel,
        "outcome": "refused",
        "codes": ["CN_WITHDRAWN"],
        "persons": ["H-2"],
    }
    table = audit("lacking", *CHANNEL)
    assert "CN_WITHDRAWN" in table.stdout
    assert "Elle" not in table.output
    assert "Rows: 1." in table.stderr
    lines = audit("lacking", *CHANNEL, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["photo"] for line in lines] == ["P-1"]
    plain = audit("lacking", *CHANNEL, "--format", "csv", "--plain").stdout
    assert plain.splitlines()[1].startswith("P-1,")


def test_lacking_reveals_names_for_a_purpose_and_logs_it(audit: Run, anna: Application) -> None:
    withdraw_consent(anna, "Elle Valkeapää")

    words = ("lacking", *CHANNEL, "--purpose", "Elle asked us", "--format", "json")
    [item] = data(audit(*words), LACKING_WITH_NAMES)
    assert item["names"] == ["Elle Valkeapää"]

    newest = data(audit("log", "--limit", "2", "--format", "json"), LOG)
    assert [(each["actor"], each["action"]) for each in newest] == [
        ("tarja", "names.shown"),
        ("tarja", "names.read"),
    ]
    assert "Elle" not in json.dumps(newest)
    assert "the purpose is missing" in audit("lacking", "--purpose", " ", exit_code=9).stderr


def test_lists_begin_with_what_is_looser_than_the_default(audit: Run, run: Run) -> None:
    run("policy", "set", "guardians=one", "four_eyes=false")
    for command in ("lacking", "published"):
        result = audit(command)
        assert "guardians is one, looser than the default all" in result.stderr
        assert "four_eyes is no, looser than the default yes" in result.stderr


def test_published_lists_what_is_out_and_no_longer_allowed(audit: Run, run: Run) -> None:
    assert "Rows: 0." in audit("published").stderr

    items = data(audit("published", *AFTER, "--format", "json"), PUBLISHED)
    assert [(i["publication"], i["recallable"], i["task"]) for i in items] == [
        ("J-1", True, None),
        ("J-2", False, None),
    ]
    assert items[0]["codes"] == ["CN_EXPIRED", "CR_PERMISSION_EXPIRED"]
    assert "online" in run("publication", "list").stdout


def test_published_opens_tasks_for_those_who_may(audit: Run, run: Run) -> None:
    run("person", "block", "Elle Valkeapää")
    run("publication", "takedown", "J-1", "--proof", "Gone.")
    assert "J-2" in audit("published").stdout
    for lists in ("published", "log"):
        assert "BLOCK" not in audit(lists).stdout.upper()
    assert "H-2" not in audit("published").stdout

    audit("published", "--open-tasks", exit_code=5)
    assert "J-2" in run("audit", "published", "--open-tasks", login="anna").stdout
    assert "--on" in run("audit", "published", "--open-tasks", *AFTER, exit_code=2).stderr


def test_log_shows_logins_and_ids_in_helsinki_time(audit: Run) -> None:
    table = audit("log", "--photo", "P-1").stdout
    assert "a publication was recorded" in table
    assert "Elle" not in table
    assert "the person was added" not in table

    [newest, *_] = data(audit("log", "--person", "H-2", "--format", "json"), LOG)
    assert newest["action"] == "consent.given"
    assert newest["at"].endswith("+02:00")
    assert newest["actor"] == "anna"


def test_verify_gives_something_to_compare_next_time(audit: Run) -> None:
    count, head = audit("verify").stdout.splitlines()
    assert "log is intact" in count
    assert len(head.split()[-1].rstrip(".")) == 64
    assert audit("verify").stdout.splitlines() == [count, head]


def test_verify_names_the_first_broken_entry(audit: Run, registry_path: Path) -> None:
    with closing(sqlite3.connect(registry_path)) as connection:
        connection.execute("DROP TRIGGER ledger_no_update")
        connection.execute("UPDATE ledger SET subject = 'P-2' WHERE seq IN (7, 9)")
        connection.commit()

    result = audit("verify", exit_code=8)
    assert "broken at entry 7" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("lacking", "--channel", "nowhere"), 6, "nowhere"),
        (("lacking", "--on", "yesterday"), 9, "yesterday is not a date"),
        (("published", "--on", "2026-13-01"), 9, "2026-13-01"),
        (("log", "--photo", "P-99"), 6, "P-99"),
        (("log", "--person", "Nobody Known"), 6, "Nobody Known"),
        (("log", "--limit", "0"), 2, "--limit"),
    ],
)
def test_bad_input_is_reported(
    audit: Run, words: tuple[str, ...], exit_code: int, told: str
) -> None:
    result = audit(*words, exit_code=exit_code)
    assert told in result.stderr
    assert result.stdout == ""


def test_what_was_changed_outside_photoreg_is_named_with_what_to_do(
    run: Run, application: Application
) -> None:
    with application.registry.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff SET name = 'x' WHERE login = 'ville'")
    for language, named in (("fi", "ulkopuolella (1): ville"), ("en", "photoreg (1): ville")):
        told = run("--lang", language, "audit", "verify", exit_code=8).stderr
        assert named in " ".join(told.split())
        assert "db restore" in told
        assert told.count("photoregin ulkopuolella") <= 1


def test_the_settings_are_words_for_people_and_as_typed_for_programs(run: Run) -> None:
    shown = run("--lang", "fi", "policy", "show").stdout
    assert re.search("guardians +kaikki +kaikki ", shown)
    assert "sähköisesti, suullisesti, vahvasti tunnistautuneena, kirjallisesti" in shown
    assert "ei käytössä" in shown
    assert not re.search(r'["\[]', shown)
    rows = json.loads(run("policy", "show", "--format", "json").stdout)["items"]
    typed = {row["setting"]: row["value"] for row in rows}
    assert typed["guardians"] == '"all"'
    assert json.loads(typed["yes_by"])[0] == "electronic"


def test_every_setting_that_is_a_choice_has_words() -> None:
    of_choices = {
        name
        for name, value in policy_settings(DEFAULT_POLICY).items()
        if isinstance(value, list | StrEnum)
    }
    assert of_choices == SETTING_ENUMERATIONS.keys()


def test_the_log_tells_why_numbers_are_missing(run: Run) -> None:
    for login in ("kaisa", "tarja"):
        told = run("audit", "log", login=login).stderr
        assert "`audit verify` checks all" in told
        assert "only the communications coordinator may see it" in told
    for option in ("--person", "--photo"):
        record = "H-1" if option == "--person" else "P-1"
        assert "Numbers are missing" not in run("audit", "log", option, record).stderr


def test_second_looks_say_who_took_back_and_who_confirmed() -> None:
    titles = [column.title for column in SECOND_LOOKS.columns]
    assert {"taken back by", "confirmed by"} <= set(titles)
    assert len(titles) == len(set(titles))
