"""What lacks consent, what is out and may not be, and the log."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PRINT_USE,
    UNTIL,
    add_child,
    add_photographer,
    create_person,
    list_all,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
    withdraw_consent,
)
from tests.statements import recorded_statements

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.facts import Confidentiality, Place
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.audits import audits, log_anchor
from photoreg.services.audits.audits import LogRow, MissingConsentRow
from photoreg.services.audits.verdict_cache import refresh_cache
from photoreg.services.data_subjects.disclosures import state_purpose
from photoreg.services.decisions import approval
from photoreg.services.organisation import policy
from photoreg.services.people import blocks
from photoreg.services.publications import publishing

CARE_LOBBY = replace(MARKET, place=Place.CARE_LOBBY)


MOST_STATEMENTS = 30
"""How many statements an audit takes at most, whatever the number of photos."""


def lacking(
    application: Application, channel: str | None = PAGE_USE.channel, **more: Any
) -> list[MissingConsentRow]:
    with audits.list_missing_consents(application, channel=channel, **more) as rows:
        return list(rows)


def log(application: Application, **narrowed: Any) -> list[LogRow]:
    with audits.list_log(application, **narrowed) as entries:
        return list(entries)


# --- what lacks consent or permission ------------------------------------------------------------


def test_lacking_lists_the_photos_that_lack_something_with_ids_only(
    anna: Application, tarja: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    register_photo(anna, tmp_path)
    unclear = register_photo(anna, tmp_path, MARKET, "market.jpg")
    child = add_child(anna, "Elle Valkeapää", date(2018, 3, 1), ["Máret V", "Ante V"])
    tag_person(anna, unclear, child)
    record_consent(anna, child, by="Máret V")

    assert lacking(tarja) == [
        MissingConsentRow(
            "P-2", PAGE_USE.channel, Outcome.REFUSED, ("MI_GUARDIAN_PARTIAL",), (child,)
        )
    ]


def test_lacking_looks_at_every_channel_in_use_and_at_the_day_asked_for(
    anna: Application, tarja: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    register_photo(anna, tmp_path)

    assert lacking(tarja, None) == []
    later = lacking(tarja, None, on=UNTIL + timedelta(days=1))
    assert {row.codes for row in later} == {("CR_PERMISSION_EXPIRED",)}
    assert [row.channel for row in later] == [
        f"kunta-{kind}"
        for kind in (
            *("public-page", "website", "closed-group", "closed-work-group", "print"),
            "internal",
        )
    ]


def test_lacking_shows_nothing_of_secrecy_but_that_a_photo_is_stopped(
    anna: Application, tarja: Application, application: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    consenting = create_person(anna, "Elle Valkeapää")
    record_consent(anna, consenting)
    for name, answers in (
        ("blocked.jpg", MARKET),
        ("secret.jpg", replace(MARKET, confidentiality=Confidentiality.INTERNAL)),
    ):
        tag_person(anna, register_photo(anna, tmp_path, answers, name), consenting)
    assert lacking(tarja) == []

    blocks.block_person(application, consenting)

    assert [(row.photo, row.codes, row.persons) for row in lacking(tarja)] == [
        ("P-1", ("RG_STOPPED",), ()),
        ("P-2", ("RG_STOPPED",), ()),
    ]


def test_lacking_shows_of_a_blocked_person_no_other_reason(
    anna: Application, tarja: Application, application: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    person = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, person)
    missing = MissingConsentRow(
        photo,
        PAGE_USE.channel,
        Outcome.UNCLEAR,
        ("PE_RECOGNISABLE_IN_GENERAL_VIEW",),
        (person,),
    )
    assert lacking(tarja) == [missing]

    blocks.block_person(application, person)

    stopped = missing._replace(outcome=Outcome.REFUSED, codes=("RG_STOPPED",), persons=())
    assert lacking(tarja) == [stopped]


def test_lacking_lists_missing_consent_on_care_premises(
    anna: Application, tarja: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, CARE_LOBBY)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))

    assert [row.codes for row in lacking(tarja)] == [("CF_CARE_RECOGNISABLE",)]


def test_lacking_follows_the_rulings_of_the_coordinator(
    anna: Application, tarja: Application, application: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    for name, kind in (("yes.jpg", RulingKind.PUBLISHABLE), ("no.jpg", RulingKind.REFUSED)):
        photo = register_photo(anna, tmp_path, MARKET, name)
        tag_person(anna, photo, elle)
        [answer] = approval.approve(anna, [photo], PAGE_USE)
        rule_on(application, f"K-{answer.checked.case_id}", kind, "Looked at it.")

    assert [(row.photo, row.outcome) for row in lacking(tarja)] == [("P-2", Outcome.REFUSED)]


def test_lacking_goes_on_past_the_first_chunk_of_photos(
    anna: Application, tarja: Application, registry: Registry, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path, replace(EMPTY_STREET, photographers=()))
    add_copies(registry, 1200)

    assert [row.photo for row in lacking(tarja)] == [f"P-{n}" for n in range(1, 1202)]


def test_lacking_costs_the_same_queries_for_3_photos_and_for_30(
    anna: Application, tarja: Application, registry: Registry, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, "Elle Valkeapää", date(2018, 3, 1), ["Máret V", "Ante V"])
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    add_copies(registry, 2)
    for three in (2, 3):
        tag_person(anna, f"P-{three}", child)
    few, few_rows = counted(tarja)
    add_copies(registry, 27)
    for more in range(4, 31):
        tag_person(anna, f"P-{more}", child)
    many, many_rows = counted(tarja)

    assert (few_rows, many_rows) == (3, 30)
    assert few == many <= MOST_STATEMENTS


def test_lacking_costs_few_queries_with_kept_verdicts_too(
    anna: Application, tarja: Application, registry: Registry, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path, replace(EMPTY_STREET, photographers=()))
    add_copies(registry, 30)
    list(refresh_cache(replace(anna, login="kaisa")))
    kept = counted(tarja)
    add_copies(registry, 30)
    some_new = counted(tarja)
    assert (kept[1], some_new[1]) == (31, 61)
    assert kept[0] < some_new[0] <= MOST_STATEMENTS


def add_copies(registry: Registry, number: int) -> None:
    """Add photos like the first one, by raw SQL, with its photographers."""
    with registry.writing() as session:
        connection = session.connection()
        columns = (column.name for column in METADATA.tables["photo"].columns)
        kept = ", ".join(name for name in columns if name not in {"id", "sha256"})
        start = connection.execute(sa.text("SELECT max(id) FROM photo")).scalar_one()
        photo = sa.text(
            f"INSERT INTO photo (id, sha256, {kept}) "  # noqa: S608 - the table's own columns
            f"SELECT :n, :sha256, {kept} FROM photo WHERE id = 1"
        )
        taker = sa.text(
            "INSERT INTO photo_photographer (photo_id, person_id) "
            "SELECT :n, person_id FROM photo_photographer WHERE photo_id = 1"
        )
        for n in range(start + 1, start + number + 1):
            connection.execute(photo, {"n": n, "sha256": f"{n:064}"})
            connection.execute(taker, {"n": n})


def counted(application: Application) -> tuple[int, int]:
    """Return how many statements the list takes, and how many rows it has."""
    with recorded_statements() as statements:
        rows = len(lacking(application))
    return len(statements), rows


def test_statements_grow_no_longer_with_the_photos_that_they_name(
    anna: Application, registry: Registry, tmp_path: Path
) -> None:
    """Drivers keep a hundred statements: long ones took most of an audit's memory."""
    add_photographer(anna)
    register_photo(anna, tmp_path, EMPTY_STREET)
    list(refresh_cache(replace(anna, login="kaisa")))
    runs = []
    for more in (2, 300):
        add_copies(registry, more)
        with recorded_statements() as statements:
            assert (
                sum(done.evaluated for done in refresh_cache(replace(anna, login="kaisa"))) >= more
            )
        runs.append(statements)

    assert runs[0] == runs[1]


def test_names_are_read_for_a_stated_purpose_and_the_reading_is_logged(
    anna: Application, tarja: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Áile Ŋuŋu"))

    state_purpose(tarja, "Áile asked us", "lacking")
    rows = list_all(audits.list_missing_consents(tarja, channel=PAGE_USE.channel, named=True))

    assert [row.names for row in rows] == [("Áile Ŋuŋu",)]
    look, entry = log(tarja, limit=2)
    assert (look.action, look.details["names"]) == ("names.shown", 1)
    assert (entry.actor, entry.action) == ("tarja", "names.read")
    assert entry.details == {"list": "lacking", "disclosure": 1}


def test_names_are_not_read_without_a_purpose(tarja: Application) -> None:
    with pytest.raises(InputDataError):
        state_purpose(tarja, "  ", "lacking")


def test_lacking_on_an_unknown_channel(tarja: Application) -> None:
    with pytest.raises(NotFound):
        lacking(tarja, "no-such")


# --- what is out and may not be ------------------------------------------------------------------


@pytest.fixture
def portrait(anna: Application, tmp_path: Path) -> str:
    """A photo of Elle Valkeapää that is online and in print with her consent."""
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "portrait.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    publishing.add_publication(anna, [photo], PRINT_USE, address="Kuntatiedote 4/2026")
    return photo


@pytest.mark.usefixtures("portrait")
def test_published_lists_what_expires_by_itself_and_changes_nothing(
    tarja: Application, registry: Registry
) -> None:
    assert list_all(audits.list_disallowed(tarja)) == []
    assert list_all(audits.list_disallowed(tarja, on=UNTIL)) == []

    listed = list_all(audits.list_disallowed(tarja, on=UNTIL + timedelta(days=1)))

    assert [(t.publication, t.recallable, t.task) for t in listed] == [
        ("J-1", True, None),
        ("J-2", False, None),
    ]
    assert listed[0].codes == ("CN_EXPIRED", "CR_PERMISSION_EXPIRED")
    with registry.reading() as session:
        assert session.connection().execute(sa.text("SELECT id FROM take_down")).all() == []


@pytest.mark.usefixtures("portrait")
def test_published_opens_tasks_only_when_asked_and_never_for_an_auditor(
    anna: Application, tarja: Application, clock: Clock
) -> None:
    clock.now = datetime(UNTIL.year + 1, 1, 1, tzinfo=UTC)

    with pytest.raises(NotAllowed):
        list_all(audits.list_disallowed(tarja, open_tasks=True))
    assert [t.task for t in list_all(audits.list_disallowed(anna, open_tasks=True))] == [
        "T-1",
        None,
    ]
    assert [t.task for t in list_all(audits.list_disallowed(tarja))] == ["T-1", None]


@pytest.mark.usefixtures("portrait")
def test_published_lists_a_photo_that_may_not_be_shown_without_telling_why(
    application: Application, tarja: Application
) -> None:
    blocks.block_person(application, "Elle Valkeapää")

    assert {t.codes for t in list_all(audits.list_disallowed(tarja))} == {("RG_STOPPED",)}
    assert "H-2" not in repr(list_all(audits.list_disallowed(tarja)))


# --- the log and the policy ----------------------------------------------------------------------


def test_log_is_the_newest_first_and_can_be_limited(tarja: Application) -> None:
    numbers = [entry.seq for entry in log(tarja)]
    assert numbers == sorted(numbers, reverse=True)
    assert [entry.seq for entry in log(tarja, limit=2)] == numbers[:2]


def test_log_about_a_photo_or_a_person(
    portrait: str, anna: Application, tarja: Application
) -> None:
    other = create_person(anna, "Ante Valkeapää")
    withdraw_consent(anna, "Elle Valkeapää")

    about_photo = [entry.action for entry in log(tarja, photo=portrait)]
    assert about_photo == [
        "publication.not_recallable",
        "take_down.opened",
        "publication.added",
        "publication.added",
        "record.changed",
        "photo.tagged",
        "photo.registered",
    ]
    assert [entry.action for entry in log(tarja, person="Elle Valkeapää")] == [
        "consent.withdrawn",
        "consent.given",
        "record.changed",
        "photo.tagged",
        "person.added",
    ]
    assert [entry.action for entry in log(tarja, person=other)] == ["person.added"]


def test_looser_settings_are_named_with_value_and_default(
    application: Application, tarja: Application
) -> None:
    assert audits.looser_settings(tarja) == []
    policy.set_policy(application, {"guardians": "one", "child_view_age": 12})

    [looser] = audits.looser_settings(tarja)
    assert (looser.setting, looser.value, looser.default) == ("guardians", "one", "all")


def test_verify_gives_the_length_and_the_head_of_the_log(
    anna: Application, tarja: Application
) -> None:
    before = log_anchor.anchor(tarja)
    create_person(anna, "Elle Valkeapää")
    after = log_anchor.anchor(tarja)

    assert after.entries == before.entries + 2  # with the hashes of what was written
    assert after.head != before.head
