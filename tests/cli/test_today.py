"""`today`: short, plain, each line with its command."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
from click.testing import Result
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    register_photo,
    tag_person,
)

from photoreg.presentation.views.agenda import TODAY

Run = Callable[..., Result]


def test_today_lists_each_thing_with_its_command(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    assert "There is nothing to do now." in run("today").stderr
    anna = application_for("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    run("approve", photo, "--channel", PAGE_USE.channel, login="anna", exit_code=4)
    other = register_photo(anna, tmp_path, name="other.jpg")
    url = ("--url", "https://kunta.example/1")
    run("publication", "add", other, "--channel", PAGE_USE.channel, *url, login="anna")
    run("photo", "flag", other, "--reason", "A name is on the wall.", "--by", "Maija")

    lines = run("today").stdout
    for expected in (
        "P-2 other.jpg is stopped: resolve F-1, by 20",
        "→ photoreg flag show F-1",
        "P-2 other.jpg must be taken down from kunta-public-page: task T-1, by 20",
        "→ photoreg publication takedown T-1 --proof TEXT",
        "P-1 street.jpg for kunta-public-page is waiting for a ruling: case K-1",
        "→ photoreg case show K-1",
    ):
        assert expected in lines
    for secret in ("Maija", "Elle", "A name"):
        assert secret not in lines

    for login, matters in (
        ("kaisa", ["flag", "take_down", "case", "other_logins"]),
        ("tarja", ["take_down", "case", "other_logins"]),  # objections are the coordinator's only
    ):
        data = json.loads(run("today", "--format", "json", login=login).stdout)
        jsonschema.validate(data, TODAY.schema())
        assert [item["matter"] for item in data["items"]] == matters


def test_today_counts_what_is_many(
    run: Run, application_for: ApplicationFor, tmp_path: Path
) -> None:
    add_photographer(application_for("anna"))
    photo = register_photo(application_for("anna"), tmp_path)
    for _ in range(7):
        run("photo", "flag", photo, "--reason", "A name is on the wall.")
    assert "more flags: 2\n  → photoreg flag list" in run("today").stdout


def test_what_was_marked_as_a_mistake_is_told_with_whom_it_is_about(
    run: Run, application_for: ApplicationFor
) -> None:
    add_photographer(application_for("anna"), "Áile Magga")
    refused = ("--refused", "--channel", "website", "--on", "2026-01-02")
    run("permission", "grant", "--photographer", "H-1", *refused, login="anna")
    asked = run("permission", "correct", "L-1")
    steps = ["→ photoreg permission correct L-1 --agree", "→ photoreg permission correct L-1 --dis"]
    assert all(step in asked.stderr for step in steps)
    told = run("today", login="anna").stdout
    assert "L-1 (H-1 Áile Magga) was marked as typed by mistake" in told
    assert all(step in told for step in steps)
    assert (
        "no mistake and still counts"
        in run("permission", "correct", "L-1", "--disagree", login="anna").stdout
    )
