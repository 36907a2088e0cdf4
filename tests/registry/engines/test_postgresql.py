"""A registry on a server: told clearly when it cannot be used, and no password is ever shown."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.conftest import Clock
from tests.servers import Server, database_in
from tests.services.scenes import create_person
from tests.tampering import drop_triggers

from photoreg.errors import NotAllowed, RegistryError
from photoreg.installation import install_command
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.postgresql_schema import protection_names, schema_sql
from photoreg.registry.engines.schema_version import SCHEMA_VERSION
from photoreg.registry.evidence import evidence_path
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.organisation import staff
from photoreg.services.people.persons import list_persons
from photoreg.services.upkeep import maintenance

pytestmark = pytest.mark.engines("postgresql")

ROOT = Path(__file__).parents[3]
Typed = Callable[..., Result]
SECRET = "hunter2secret"  # noqa: S105 - a password that must never be shown


def test_a_created_registry_has_the_documented_schema(registry: Registry) -> None:
    with registry.reading() as session:
        registry.check(session)
        version = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version")
        assert version.scalar_one() == SCHEMA_VERSION
    assert schema_sql() == (ROOT / "schema" / "registry.postgresql.sql").read_text("utf-8")
    assert len(protection_names()) > 200


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"postgresql://kaisa:{SECRET}@127.0.0.1:1/photoreg", "cannot be reached"),
        (f"postgresql+psycopg://kaisa:{SECRET}@/photoreg?host=/nowhere", "cannot be reached"),
        (f"postgresql://kaisa@/photoreg?host=/nowhere&password={SECRET}", "cannot be reached"),
        (
            f"postgresql://kaisa:@{SECRET}@server/photoreg",
            "the address of the registry is not valid",
        ),
        (
            f"postgresql://kaisa:{SECRET}@server:port/photoreg",
            "the address of the registry is not valid",
        ),
        (f"mysql://kaisa:{SECRET}@server/photoreg", "the address of the registry is not valid"),
    ],
)
def test_what_cannot_be_opened_is_reported_without_the_password(
    address: str, says: str, typed: Typed
) -> None:
    for arguments in (["db", "check"], ["init", "--organisation", "K", "--name", "K"]):
        done = typed("--registry", address, *arguments, exit_code=8, PHOTOREG_DEBUG="1")
        assert says in done.stderr
        assert SECRET not in done.stdout + done.stderr


def test_a_refused_login_and_a_missing_database_are_reported(
    postgresql_server: Server, typed: Typed
) -> None:
    postgresql_server.execute("DROP ROLE IF EXISTS guest")
    postgresql_server.execute(f"CREATE ROLE guest LOGIN PASSWORD '{SECRET}'")
    asked = ("--registry", postgresql_server.address("postgres", "guest", "wrong"), "db", "check")
    assert "refuses your login" in typed(*asked, exit_code=8).stderr
    asked = ("--registry", postgresql_server.address("nowhere", "guest", SECRET), "db", "check")
    done = typed(*asked, exit_code=8)
    assert "has no database" in done.stderr
    assert SECRET not in done.stderr


def test_an_empty_database_is_no_registry_and_becomes_one(
    new_registry: Callable[[], str], typed: Typed, tmp_path: Path
) -> None:
    address, evidence = new_registry(), str(tmp_path / "shared")
    asked = ("--registry", address, "--as", "kaisa")
    done = typed(*asked, "db", "check", exit_code=8, PHOTOREG_EVIDENCE=evidence)
    assert "there is no registry" in done.stderr
    assert f'→ photoreg --registry "{address}" --as kaisa init' in done.stderr
    made = (*asked, "init", "--organisation", "Kunta", "--name", "Kaisa")
    typed(*made, PHOTOREG_EVIDENCE=evidence)
    typed(*asked, "db", "check", PHOTOREG_EVIDENCE=evidence)
    assert "already" in typed(*made, exit_code=5, PHOTOREG_EVIDENCE=evidence).stderr
    done = typed(*asked, "db", "check", exit_code=8)
    assert "--evidence" in done.stderr
    typed(*asked, "db", "upgrade")


def test_a_database_that_holds_something_else_is_left_alone(
    new_registry: Callable[[], str],
) -> None:
    registry = Registry(new_registry())
    with registry.store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id int)")
    registry.close()
    with pytest.raises(NotAllowed, match="contains other data"):
        Registry.create(str(registry.store.engine.url))


def test_a_connection_that_breaks_is_reported(
    application: Application, registry_location: str, postgresql_server: Server
) -> None:
    def loses_it() -> None:
        with application.changing() as work:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
            postgresql_server.execute(ends.format(database_in(registry_location)))
            work.session.connection().exec_driver_sql("SELECT 1")

    with pytest.raises(RegistryError, match="was lost"):
        loses_it()
    application.registry.close()
    assert staff.list_staff(application)


def test_a_value_that_is_refused_is_not_repeated_in_the_message(registry: Registry) -> None:
    insert = "INSERT INTO staff (login, name, role, active) VALUES ('anna', 'Elle V', 'x', true)"
    with pytest.raises(RegistryError) as error, registry.writing() as session:
        session.connection().exec_driver_sql(insert)
    assert "Elle" not in str(error.value)
    assert "anna" not in str(error.value)


@pytest.mark.parametrize(
    "spoilt",
    [
        "ALTER TABLE ledger DISABLE TRIGGER USER",
        "ALTER TABLE photo DISABLE TRIGGER ALL",
        "ALTER TABLE consent DROP CONSTRAINT fk_consent_subject_id",
        "DROP INDEX uq_take_down_open",
    ],
)
def test_protection_that_was_taken_away_is_noticed(spoilt: str, registry: Registry) -> None:
    with registry.store.engine.begin() as connection:
        connection.exec_driver_sql(spoilt)
    with (
        registry.reading() as session,
        pytest.raises(RegistryError, match="lacks the parts that protect its records"),
    ):
        registry.check(session)


def test_a_trigger_of_somebody_else_is_noticed(registry: Registry) -> None:
    with registry.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER zz BEFORE UPDATE ON person "
            "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        )
    with registry.reading() as session, pytest.raises(RegistryError, match="did not make: zz"):
        registry.check(session)


def test_every_trigger_that_is_gone_is_named(registry: Registry) -> None:
    with registry.store.engine.begin() as connection:
        drop_triggers(connection)
    with registry.reading() as session, pytest.raises(RegistryError, match="ledger_is_append_only"):
        registry.check(session)


def test_a_reader_changes_nothing(application: Application) -> None:
    with pytest.raises(RegistryError), application.reading() as work:
        work.session.connection().exec_driver_sql("UPDATE staff SET name = 'x'")


def test_a_change_that_was_undone_leaves_no_gap_in_the_numbers(application: Application) -> None:
    def fails() -> None:
        with application.changing() as work:
            row = "INSERT INTO event (name, starts_on, ends_on, created_at, created_by)"
            values = " VALUES ('x', '2026-01-01', '2026-01-01', now(), 1)"
            work.session.connection().exec_driver_sql(row + values)
            raise KeyboardInterrupt

    assert create_person(application, "Elle") == "H-1"
    with pytest.raises(KeyboardInterrupt):
        fails()
    assert create_person(application, "Ante") == "H-2"


def test_a_backup_of_a_registry_on_a_server_is_a_file(
    application: Application, tmp_path: Path
) -> None:
    create_person(application, "Elle Valkeapää")
    folder, _manifest = maintenance.make_backup(application, tmp_path / "backups")
    maintenance.restore_backup(folder, tmp_path / "file.db", "kaisa", replace=False)
    restored = Registry.open(tmp_path / "file.db")
    assert len(list_persons(Application(restored, "kaisa"))) == 1
    restored.close()


def test_what_was_known_on_a_day_is_asked_of_a_registry_on_a_server(
    application: Application, clock: Clock
) -> None:
    create_person(application, "Elle Valkeapää")
    day = clock.now.date()
    clock.now = clock.now.replace(day=clock.now.day + 1)
    create_person(application, "Ante Valkeapää")
    with state_as_of(application, day) as then:
        assert [row.name for row in list_persons(then)] == ["Elle Valkeapää"]


def test_without_the_driver_the_command_that_installs_it_is_named() -> None:
    code = (
        "import sys\nsys.modules['psycopg'] = None\n"
        "from photoreg.cli.app import main\n"
        "main(['--lang', 'en', '--registry', 'postgresql://server/photoreg', 'db', 'check'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 8
    assert install_command("psycopg[binary]") in done.stderr


def test_a_registry_in_a_file_does_not_load_what_a_server_needs() -> None:
    code = (
        "import sys\nfrom photoreg.cli.app import main\n"
        "try: main(['--registry', 'nowhere.db', 'photo', 'list'])\nexcept SystemExit: pass\n"
        "heavy = {'psycopg', 'sqlalchemy.dialects.postgresql',"
        " 'photoreg.registry.engines.postgresql'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_repair_leaves_the_documents_of_others_in_the_evidence_folder(
    application: Application, evidence_folder: Path
) -> None:
    theirs = evidence_path(evidence_folder, "ab" * 32)
    theirs.parent.mkdir()
    theirs.write_bytes(b"of another registry on the server")
    unfinished = theirs.with_name(".photoreg-0123456789abcdef.tmp")
    unfinished.write_bytes(b"half")
    assert maintenance.remove_leftovers(application) == [unfinished]
    assert maintenance.find_faults(application) == []
    assert theirs.exists()
