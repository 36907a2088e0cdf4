"""Logins of a server: each can do its work and no more, and nobody rewrites the log."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.servers import Server, apply_roles
from tests.servers import log_in as log_in_to
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import NotAllowed
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.postgresql_roles import AUDITOR_TABLES
from photoreg.registry.tables.all import APPEND_ONLY, METADATA, NEVER_DELETED
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import StaffRole
from photoreg.services.application import Application
from photoreg.services.audits import audits, log_anchor, verdict_cache
from photoreg.services.audits.record_life import record_life
from photoreg.services.data_subjects import disclosures
from photoreg.services.decisions import approval
from photoreg.services.organisation import policy, staff
from photoreg.services.publications import publishing

pytestmark = pytest.mark.engines("postgresql")  # SQLite knows no logins

TABLES = sorted(METADATA.tables)
USERS = {"staff": "anna", "coordinator": "kaisa", "auditor": "tarja"}
LogIn = Callable[[str], Registry]


@pytest.fixture
def log_in(
    postgresql_server: Server, registry_location: str, evidence_folder: Path
) -> Iterator[LogIn]:
    """Open the registry with the login of a user that has one of the roles."""
    apply_roles(registry_location, times=2)  # they can be given again
    opened = []

    def open_as(role: str) -> Registry:
        address = log_in_to(postgresql_server, registry_location, USERS[role], role)
        opened.append(Registry.open(address, evidence_folder))
        return opened[-1]

    yield open_as
    for registry in opened:
        registry.close()


def test_staff_do_their_daily_work_and_coordinators_theirs(log_in: LogIn, tmp_path: Path) -> None:
    clock = Clock()
    anna = Application(log_in("staff"), "anna", clock)
    kaisa = Application(log_in("coordinator"), "kaisa", clock)
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    [answer] = approval.approve(anna, [photo], PAGE_USE)
    rule_on(kaisa, f"K-{answer.checked.case_id}", RulingKind.PUBLISHABLE, "Looked at it.")
    approval.approve(anna, [photo], PAGE_USE)
    elle = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    withdraw_consent(anna, elle)
    staff.add_staff(kaisa, login="uusi", name="Uusi Työntekijä", role=StaffRole.EMPLOYEE)
    policy.set_policy(kaisa, {"guardians": "one"})
    with anna.registry.reading() as session:
        count = sa.text("SELECT count(*) FROM history")
        assert session.connection().execute(count).scalar_one() > 0


def test_an_auditor_reads_everything_and_writes_only_what_was_shown(
    log_in: LogIn, tmp_path: Path
) -> None:
    anna = Application(log_in("staff"), "anna", Clock())
    add_photographer(anna)
    register_photo(anna, tmp_path)
    registry = log_in("auditor")
    tarja = Application(registry, "tarja", Clock())
    with audits.list_log(tarja) as entries:
        assert list(entries)
    with pytest.raises(NotAllowed):
        create_person(tarja, "Elle Valkeapää")
    with audits.list_other_logins(tarja) as entries:
        assert list(entries)
    for table in TABLES:
        assert selects(registry, table)
        column = next(iter(METADATA.tables[table].columns)).name
        refused(registry, f"UPDATE {table} SET {column} = {column}")  # noqa: S608
        refused(registry, f"DELETE FROM {table}")  # noqa: S608
        refused(registry, f"TRUNCATE {table}")
        if table not in AUDITOR_TABLES:
            refused(registry, f"INSERT INTO {table} SELECT * FROM {table}")  # noqa: S608


def test_the_names_that_an_auditor_reads_are_logged(log_in: LogIn) -> None:
    anna = Application(log_in("staff"), "anna", Clock())
    elle = create_person(anna, "Elle Valkeapää")
    tarja = Application(log_in("auditor"), "tarja", Clock())
    assert record_life(tarja, elle, purpose="Yearly audit")

    with disclosures.list_disclosures(tarja) as rows:
        [shown] = rows
    assert (shown.actor, shown.names, shown.purpose) == ("tarja", 1, "Yearly audit")
    log_anchor.verify(tarja, [])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_copy SET action = 'photo.approved'",
        "UPDATE ledger_copy SET actor_id = 1",
        "UPDATE hash_copy SET kind = 'photo'",
    ],
)
def test_an_auditor_records_nothing_but_what_was_shown_to_them(log_in: LogIn, change: str) -> None:
    anna = Application(log_in("staff"), "anna", Clock())
    create_person(anna, "Elle Valkeapää")
    registry = log_in("auditor")
    disclosures.state_purpose(Application(registry, "tarja", Clock()), "Audit", "persons")
    copies = (
        "CREATE TEMP TABLE ledger_copy AS SELECT * FROM ledger ORDER BY seq DESC LIMIT 1",
        "CREATE TEMP TABLE hash_copy AS SELECT * FROM record_hash ORDER BY id DESC LIMIT 1",
        "UPDATE ledger_copy SET seq = seq + 1, previous = hash, hash = repeat('1', 64)",
        "UPDATE hash_copy SET id = id + 1",
        change,
        "INSERT INTO ledger SELECT * FROM ledger_copy",
        "INSERT INTO record_hash SELECT * FROM hash_copy",
        "SET CONSTRAINTS ALL IMMEDIATE",
    )
    refused(registry, "; ".join(copies))


@pytest.mark.parametrize("role", ["staff", "coordinator"])
def test_nobody_rewrites_the_log_or_what_was_said(role: str, log_in: LogIn) -> None:
    registry = log_in(role)
    for table in APPEND_ONLY:
        column = next(iter(METADATA.tables[table].columns)).name
        refused(registry, f"UPDATE {table} SET {column} = {column}")  # noqa: S608
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        refused(registry, f"DELETE FROM {table}")  # noqa: S608
        refused(registry, f"TRUNCATE {table}")


@pytest.mark.parametrize("role", ["staff", "coordinator"])
@pytest.mark.parametrize(
    "attempt",
    [
        "ALTER TABLE ledger DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_is_append_only ON ledger",
        "DROP TABLE ledger",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE public.mine (id int)",
        "SET ROLE owner",
        "INSERT INTO history SELECT * FROM history",
        "UPDATE registry_info SET organisation = 'Mine'",
        "CREATE TEMP TABLE t (id int); "  # noqa: ISC004 - two statements
        "CREATE TRIGGER forge AFTER DELETE ON t EXECUTE FUNCTION record_old_photo()",
    ],
)
def test_nobody_gets_around_the_triggers(role: str, attempt: str, log_in: LogIn) -> None:
    refused(log_in(role), attempt)


@pytest.mark.parametrize("number", ["2147483647", "max(seq) + 2", "max(seq) + 1"])
def test_an_entry_of_the_log_follows_the_last_one(number: str, log_in: LogIn) -> None:
    """With the highest number that there is, nobody else could record anything any more."""
    registry = log_in("staff")
    anna = Application(registry, "anna", Clock())
    create_person(anna, "Elle")
    entry = (
        "INSERT INTO ledger (seq, at, actor_id, action, subject, details, "  # noqa: S608
        "computer_login, database_login, database_role, previous, hash) "
        f"SELECT {number}, max(at), 2, 'person.added', 'H-9', '{{}}', '', 'anna', 'anna', "
        "repeat('a', 64), "
        "repeat('b', 64) FROM ledger"
    )
    with (
        registry.store.engine.connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match="an entry follows the last one"),
    ):
        connection.exec_driver_sql(entry)
    create_person(anna, "Inga")


def test_staff_do_not_make_themselves_coordinators(log_in: LogIn) -> None:
    registry = log_in("staff")
    for attempt in (
        "UPDATE staff SET role = 'coordinator'",
        "INSERT INTO staff SELECT * FROM staff",
        "UPDATE channel SET active = false",
        "INSERT INTO policy_version SELECT * FROM policy_version",
        "INSERT INTO ruling SELECT * FROM ruling",
    ):
        refused(registry, attempt)


def test_staff_do_not_forge_what_auditors_read(log_in: LogIn, tmp_path: Path) -> None:
    anna = Application(log_in("staff"), "anna", Clock())
    kaisa = Application(log_in("coordinator"), "kaisa", Clock())
    taker = add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET)
    assert sum(done.evaluated for done in verdict_cache.refresh_cache(kaisa)) == 1
    for attempt in (
        "INSERT INTO verdict_cache SELECT * FROM verdict_cache",
        "UPDATE verdict_cache SET valid_until = '2099-01-01'",
        "INSERT INTO missing_consent SELECT * FROM missing_consent",
        "UPDATE missing_consent SET codes = ''",
        "DELETE FROM missing_consent",
        "INSERT INTO photo_class SELECT * FROM photo_class",
        "UPDATE photo_class SET class_key = ''",
        "DELETE FROM photo_class",
        "INSERT INTO verdict_basis SELECT * FROM verdict_basis",
        "UPDATE verdict_basis SET day = '2020-01-01'",
        "DELETE FROM separate_person",
    ):
        refused(anna.registry, attempt)
    tag_person(anna, photo, taker)  # which forgets what was kept, so that it is judged anew
    assert sum(done.evaluated for done in verdict_cache.refresh_cache(kaisa)) == 1
    record_consent(anna, taker)  # which leaves a doubt that staff cannot take away
    refused(anna.registry, "DELETE FROM stale_person")
    refused(anna.registry, "UPDATE stale_person SET person_id = person_id")
    assert sum(done.evaluated for done in verdict_cache.refresh_cache(kaisa)) == 1


def test_no_table_of_a_login_comes_before_the_history(log_in: LogIn, tmp_path: Path) -> None:
    """Or a trigger on it would run with the rights of the owner, who may rewrite everything."""
    anna = Application(log_in("staff"), "anna", Clock())
    add_photographer(anna)
    register_photo(anna, tmp_path)
    mine = "(at timestamptz, table_name text, kind text, row_key text, old json)"
    with anna.registry.store.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TEMP TABLE history {mine}")
        connection.exec_driver_sql("GRANT ALL ON history TO PUBLIC")
        connection.exec_driver_sql("UPDATE public.photo SET credit = 'Mine'")
        assert not connection.exec_driver_sql("SELECT * FROM pg_temp.history").all()
        of_photo = "SELECT * FROM public.history WHERE table_name = 'photo'"
        assert connection.exec_driver_sql(of_photo).all()


def test_no_table_of_a_login_comes_before_what_auditors_read(log_in: LogIn, tmp_path: Path) -> None:
    """Or what changes would be forgotten in a table of one's own, and stay in the lists."""
    anna = Application(log_in("staff"), "anna", Clock())
    kaisa = Application(log_in("coordinator"), "kaisa", Clock())
    taker = add_photographer(anna)
    tag_person(anna, register_photo(anna, tmp_path, MARKET), taker)
    record_consent(anna, taker)
    list(verdict_cache.refresh_cache(kaisa))
    with anna.registry.store.engine.begin() as connection:
        for table in ("verdict_cache", "stale_person", "consent"):
            like = f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL)"
            connection.exec_driver_sql(like)
        connection.exec_driver_sql(
            "INSERT INTO public.consent_event (consent_id, kind, day, method, open_ended,"
            " releases_confidentiality, is_dated, is_live, names_kind, by_attorney, paper,"
            " form_language, form_version, recorded_at, recorded_by)"
            " SELECT 1, 'withdrawn', day, method, false, false, false, true, false, false, '', '',"
            " '', recorded_at, recorded_by FROM public.consent_event"
        )
        connection.exec_driver_sql("UPDATE public.photo SET credit = 'Mine'")
    with kaisa.reading() as work:
        for table, rows in (("stale_person", 1), ("verdict_cache", 0)):
            counted = sa.text(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert work.session.connection().execute(counted).scalar_one() == rows


def selects(registry: Registry, table: str) -> bool:
    with registry.store.engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 1")  # noqa: S608
    return True


def refused(registry: Registry, attempt: str) -> None:
    with (
        registry.store.engine.connect() as connection,
        pytest.raises(sa.exc.ProgrammingError) as error,
    ):
        connection.exec_driver_sql(attempt)
    assert error.value.orig is not None
    state = getattr(error.value.orig, "sqlstate", "")
    assert state == "42501", f"{attempt}: {error.value.orig}"
