"""The further lists of `audit`: each with a schema, by id, and as of an earlier day."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_child,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
)

from photoreg.presentation.view import View
from photoreg.presentation.views import audits
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.audits import oversight
from photoreg.services.audits.oversight import OneGuardianReason, RulingState
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.decisions import approval
from photoreg.services.organisation import policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import excuse_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import depictions
from photoreg.services.publications import publishing

Run = Callable[..., Result]


@pytest.fixture
def shown(anna: Application, tmp_path: Path) -> str:
    """Elle, in a published photo, whose consent ends in 30 days and is proven by a document."""
    add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, elle)
    agreed(anna, elle, date(2026, 12, 2), tmp_path)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    return elle


def agreed(application: Application, person: str, until: date, folder: Path, **more: Any) -> None:
    form = folder / "form.pdf"
    form.write_bytes(b"signed")
    spoken = ConsentStatement(
        ConsentKind.GIVEN, ("public_page",), until=until, evidence=form, **more
    )
    consents.record_consent(application, ConsentParties(person), spoken)


def expiring(application: Application, days: int) -> list[oversight.WeakConsent]:
    with oversight.expiring_grants(application, within_days=days) as rows:
        return list(rows)


def undocumented(application: Application) -> list[oversight.WeakConsent]:
    with oversight.undocumented_grants(application) as rows:
        return list(rows)


def one_guardian(application: Application) -> list[oversight.OneGuardianPhoto]:
    with oversight.one_guardian(application) as rows:
        return list(rows)


def test_expiring_shows_what_ends_soon_and_what_rests_on_it(tarja: Application, shown: str) -> None:
    assert expiring(tarja, 29) == []
    [row] = expiring(tarja, 30)
    assert (row.id, row.person, row.by) == ("C-1", shown, shown)
    assert (row.until, row.photos, row.publications) == (date(2026, 12, 2), 1, 1)


def test_a_consent_that_was_renewed_or_withdrawn_or_reaches_no_photo_does_not_expire(
    anna: Application, tarja: Application, shown: str, tmp_path: Path
) -> None:
    nowhere = create_person(anna, "Ante Magga")
    agreed(anna, nowhere, date(2026, 12, 2), tmp_path)
    assert [row.person for row in expiring(tarja, 60)] == [shown]
    agreed(anna, shown, date(2029, 1, 1), tmp_path)
    assert expiring(tarja, 60) == []


@pytest.mark.usefixtures("shown")
def test_a_permission_that_ends_counts_the_photos_taken(tarja: Application) -> None:
    rows = expiring(tarja, 40_000)
    assert [(row.id, row.photos) for row in rows if row.id == "L-1"] == [("L-1", 1)]


def test_undocumented_shows_a_yes_that_nothing_proves(
    anna: Application, tarja: Application, shown: str
) -> None:
    assert undocumented(tarja) == []
    spoken = ConsentStatement(ConsentKind.GIVEN, ("public_page",), until=date(2027, 1, 1))
    consents.record_consent(anna, ConsentParties(shown), spoken)
    assert [(row.id, row.publications) for row in undocumented(tarja)] == [("C-1", 1)]


def test_one_guardian_shows_why_one_is_enough(
    application: Application, anna: Application, tarja: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    alone = add_child(anna, "Elle", date(2018, 3, 1), ["Máret Aikio"])
    excused = add_child(anna, "Niilla", date(2018, 3, 1), ["Ante Magga", "Inga Magga"])
    by_policy = add_child(anna, "Sunna", date(2018, 3, 1), ["Biret Länsman", "Jouni Länsman"])
    excuse_guardian(application, excused, "Inga Magga", ground="abroad")
    for number, (child, guardian) in enumerate(
        ((alone, "Máret Aikio"), (excused, "Ante Magga"), (by_policy, "Biret Länsman"))
    ):
        tag_person(anna, register_photo(anna, tmp_path, MARKET, f"{number}.jpg"), child)
        record_consent(anna, child, by=guardian)

    found = {row.person: row.why for row in one_guardian(tarja)}
    assert found == {alone: OneGuardianReason.ONLY_ONE, excused: OneGuardianReason.EXCUSED}
    policy.set_policy(application, {"guardians": "one"})
    assert {row.person: row.why for row in one_guardian(tarja)}[
        by_policy
    ] is OneGuardianReason.POLICY
    record_consent(anna, by_policy, by="Jouni Länsman")
    assert by_policy not in {row.person for row in one_guardian(tarja)}


def test_rulings_show_which_still_count(
    application: Application, anna: Application, tarja: Application, tmp_path: Path, clock: Clock
) -> None:
    add_photographer(anna)
    elle = create_person(anna, "Elle")
    for name, until in (("a.jpg", None), ("b.jpg", None), ("c.jpg", date(2026, 11, 10))):
        photo = register_photo(anna, tmp_path, MARKET, name)
        tag_person(anna, photo, elle)
        [answer] = approval.approve(anna, [photo], PAGE_USE)
        case = f"K-{answer.checked.case_id}"
        rule_on(application, case, RulingKind.PUBLISHABLE, "A market day.", until=until)
    depictions.tag_persons(anna, ["P-2"], persons=[create_person(anna, "Ante")])
    clock.now += timedelta(days=9)

    found = list_all(oversight.rulings(tarja))
    assert [row.state for row in found] == [
        RulingState.IN_FORCE,
        RulingState.VOID,
        RulingState.EXPIRED,
    ]
    assert {(row.ruled_by, row.reason) for row in found} == {("kaisa", "A market day.")}


def test_looser_policy_shows_times_people_and_decisions(
    application: Application, anna: Application, tarja: Application, tmp_path: Path, clock: Clock
) -> None:
    assert oversight.looser_periods(tarja) == []
    policy.set_policy(application, {"guardians": "one"})
    add_photographer(anna)
    approval.approve(anna, [register_photo(anna, tmp_path)], PAGE_USE)
    clock.now += timedelta(days=1)
    policy.set_policy(application, {"four_eyes": False})
    clock.now += timedelta(days=1)
    policy.set_policy(application, {"guardians": "all"})

    guardians, four_eyes = oversight.looser_periods(tarja)
    assert (guardians.setting, guardians.value, guardians.by) == ("guardians", "one", "kaisa")
    assert guardians.until == clock.now
    assert guardians.decisions == 1
    assert (four_eyes.setting, four_eyes.until, four_eyes.decisions) == ("four_eyes", None, 0)


@pytest.mark.usefixtures("shown")
def test_channels_show_what_the_guideline_asks(tarja: Application) -> None:
    found = {row.channel: row for row in oversight.channel_audit(tarja)}
    assert (found[PAGE_USE.channel].admins, found[PAGE_USE.channel].too_few) == (
        ("anna", "kaisa"),
        False,
    )
    assert found[PAGE_USE.channel].publications == 1


@pytest.mark.usefixtures("shown")
def test_evidence_that_is_not_as_it_should_be_is_listed_with_a_code(
    run: Run, application: Application
) -> None:
    run("audit", "evidence", login="tarja")
    folder = application.registry.evidence_folder
    [document] = [file for file in folder.rglob("*") if file.is_file()]
    document.chmod(0o600)
    document.write_bytes(b"forged")
    (folder / "stray.pdf").write_bytes(b"what is this")

    found = run("audit", "evidence", "--format", "json", login="tarja", exit_code=10)
    items = json.loads(found.stdout)["items"]
    assert [(item["what"], item["used_by"]) for item in items] == [
        ("changed", ["C-1"]),
        ("unknown", []),
    ]
    document.unlink()
    assert "missing" in run("audit", "evidence", login="tarja", exit_code=10).stdout


LISTS: list[tuple[tuple[str, ...], View]] = [
    (("lacking",), audits.LACKING),
    (("published",), audits.PUBLISHED),
    (("expiring", "--within", "90d"), audits.EXPIRING),
    (("undocumented",), audits.UNDOCUMENTED),
    (("one-guardian",), audits.ONE_GUARDIAN),
    (("rulings",), audits.RULINGS),
    (("looser-policy",), audits.LOOSER),
    (("channels",), audits.CHANNEL_STATES),
    (("log",), audits.LOG),
]


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize(("words", "view"), LISTS, ids=[words[0] for words, _view in LISTS])
def test_every_list_follows_its_schema_now_and_as_of_a_day(
    run: Run, words: tuple[str, ...], view: View
) -> None:
    for more in ((), ("--as-of", "2026-11-02")):
        found = run("audit", *words, *more, "--format", "json", login="tarja")
        jsonschema.validate(json.loads(found.stdout), view.schema())
        run("audit", *words, *more, login="tarja")
        run("audit", *words, *more, "--format", "csv", login="tarja")


def test_what_was_withdrawn_since_is_reported_as_it_was(
    run: Run, application: Application, anna: Application, clock: Clock, shown: str
) -> None:
    clock.now += timedelta(days=3)
    persons.change_person(application, shown, PersonDetails(deceased=True))
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(shown)
    )

    def items(*words: str) -> list[dict[str, Any]]:
        found = run("audit", *words, "--format", "json", login="tarja").stdout
        listed: list[dict[str, Any]] = json.loads(found)["items"]
        return listed

    then = ("--as-of", "2026-11-02")
    assert [item["publication"] for item in items("published")] == ["J-1"]
    assert items("published", *then) == []
    assert items("expiring", *then) != []
    assert items("lacking", "--channel", PAGE_USE.channel, *then) == []


@pytest.mark.usefixtures("shown")
def test_names_are_shown_for_a_purpose_that_is_written_down_also_for_the_past(
    run: Run, application: Application
) -> None:
    words = ("audit", "expiring", "--within", "60d", "--format", "json")
    assert "Elle" not in run(*words, login="tarja").stdout
    told = run(*words, "--purpose", "yearly audit", "--as-of", "2026-11-02", login="tarja")
    assert json.loads(told.stdout)["items"][0]["names"] == ["Elle Valkeapää"]
    with application.registry.reading() as session:
        query = "SELECT list, purpose, names FROM disclosure ORDER BY id"
        rows = session.connection().exec_driver_sql(query).all()
    assert [tuple(r) for r in rows] == [("expiring", "yearly audit", 0), ("audit expiring", "", 1)]
    run(*words, "--purpose", " ", login="tarja", exit_code=9)


def test_a_day_to_come_and_a_span_that_is_none_are_refused(run: Run) -> None:
    run("audit", "lacking", "--as-of", "2099-01-01", exit_code=9)
    run("audit", "lacking", "--as-of", "2001-01-01", exit_code=9)
    run("audit", "expiring", "--within", "soon", exit_code=2)
    run("audit", "published", "--as-of", "2026-11-02", "--open-tasks", exit_code=2)


@pytest.mark.parametrize(
    ("asked", "exit_code"),
    [
        (("lacking", "--as-of", "2020-01-01"), 9),
        (("lacking", "--as-of", "2030-01-01"), 9),
        (("published", "--as-of", "2020-01-01"), 9),
        (("channels", "--as-of", "2020-01-01"), 9),
        (("expiring", "--as-of", "2020-01-01"), 9),
        (("log", "--as-of", "2026-11-02", "--photo", "P-99"), 6),
        (("lacking", "--as-of", "2026-11-02", "--channel", "none"), 6),
    ],
)
def test_nothing_is_printed_before_an_error(
    run: Run, asked: tuple[str, ...], exit_code: int, shown: str
) -> None:
    assert shown
    run("policy", "set", "guardians=one")
    result = run("audit", *asked, exit_code=exit_code, login="tarja")
    assert "As recorded" not in result.output
    assert "looser" not in result.output
    assert result.stdout == ""
