"""A registry moves from one engine to the other: every row, every document, or nothing at all."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from tests.conftest import Clock
from tests.faults.racing import BarrierWait, run_concurrently
from tests.services.scenes import create_person, granted_consent, record_consent
from tests.tampering import tampered_connection

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry import ledger
from photoreg.registry.engines.backup import exclusive_access
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.sqlite import REGISTRY_FILE
from photoreg.registry.engines.transfer import ROWS_PER_CHUNK, row_chunks
from photoreg.registry.evidence import evidence_path
from photoreg.registry.ledger_check import require_intact_chain
from photoreg.registry.tables.all import METADATA
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.people import persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.upkeep import maintenance, transfer

Place = Path | str
BOTH = ("sqlite", "postgresql")


@pytest.fixture
def source(full_registry: Place, duplicate: Callable[[Place], Place]) -> Place:
    """A registry with a row in every table, of this test's own."""
    return duplicate(full_registry)


def content(place: Place) -> dict[str, list[str]]:
    """Return everything in a registry, as Python sees it."""
    registry = Registry.open(place)
    with registry.reading() as session:
        found = {
            name: sorted(map(repr, session.connection().execute(sa.select(table)).all()))
            for name, table in METADATA.tables.items()
        }
    registry.close()
    return found


def is_empty(place: Place) -> bool:
    """Is there still nothing at a place, not even a beginning of a registry?"""
    if isinstance(place, Path):
        return list(place.parent.iterdir()) == []
    registry = Registry(place)
    with registry.store.engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
    registry.close()
    return tables == []


@pytest.mark.parametrize("to", BOTH)
def test_a_copy_holds_every_row_and_goes_on_where_the_registry_was(
    source: Place, to: str, new_location: Callable[[str], Place], evidence_folder: Path
) -> None:
    target, evidence = new_location(to), evidence_folder
    copied = transfer.copy_registry(source, target, "kaisa", evidence=evidence, clock=Clock())
    assert content(target) == content(source)
    assert copied.rows == sum(map(len, content(source).values()))
    # To copy it is a change too, whose reactions leave nothing noted.
    assert [table for table, rows in content(target).items() if not rows] == ["touched"]
    registry = Registry.open(target, evidence)
    kaisa = Application(registry, "kaisa", Clock())
    persons.add_person(kaisa, PersonDetails(name="Áile Näkkäläjärvi"), other=["H-1"])
    elle = create_person(kaisa, "Elle Uusi")
    record_consent(kaisa, elle, granted_consent())
    with pytest.raises(RegistryError, match="append-only"), registry.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM ledger")
    with registry.reading() as session:
        registry.check(session)
    registry.close()


@pytest.mark.parametrize("to", BOTH)
def test_there_and_back_again_changes_nothing(
    source: Place, to: str, engine: str, new_location: Callable[[str], Place], evidence_folder: Path
) -> None:
    there, back = new_location(to), new_location(engine)
    transfer.copy_registry(source, there, "kaisa", evidence=evidence_folder, clock=Clock())
    transfer.copy_registry(there, back, "kaisa", evidence=evidence_folder, clock=Clock())
    assert content(back) == content(there)
    assert content(back)["consent_event"] == content(source)["consent_event"]


@pytest.fixture
def with_document(application: Application, tmp_path: Path) -> Application:
    """A registry with one document."""
    form = tmp_path / "form.pdf"
    form.write_bytes(b"signed")
    elle = create_person(application, "Elle Valkeapää")
    consents.record_consent(
        application, ConsentParties(elle), ConsentStatement(ConsentKind.REFUSED, evidence=form)
    )
    return application


@pytest.mark.usefixtures("with_document")
def test_documents_are_copied_by_their_hash(
    registry_location: Place, evidence_folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copies" / "copy.db"
    target.parent.mkdir()
    copied = transfer.copy_registry(registry_location, target, "kaisa", evidence=evidence_folder)
    assert (copied.documents, copied.missing) == (1, [])
    registry = Registry.open(target)
    assert maintenance.find_faults(Application(registry, "kaisa")) == []
    registry.close()


def test_a_document_that_is_gone_is_reported_and_the_rest_copied(
    with_document: Application, registry_location: Place, evidence_folder: Path, tmp_path: Path
) -> None:
    [document] = with_document.registry.evidence_folder.glob("??/*")
    document.unlink()
    target = tmp_path / "copy.db"
    copied = transfer.copy_registry(registry_location, target, "kaisa", evidence=evidence_folder)
    assert copied.missing == [document.name]
    assert not evidence_path(Registry(target).evidence_folder, document.name).exists()


@pytest.mark.parametrize("to", BOTH)
def test_a_copy_of_a_broken_log_is_not_kept(
    source: Place, to: str, new_location: Callable[[str], Place], evidence_folder: Path
) -> None:
    registry = Registry.open(source)
    with tampered_connection(registry) as connection:
        connection.exec_driver_sql("UPDATE ledger SET details = '{}' WHERE seq = 3")
    registry.close()
    target = new_location(to)
    with pytest.raises(RegistryError, match="broken at entry 3"):
        transfer.copy_registry(source, target, "kaisa", evidence=evidence_folder)
    assert is_empty(target)


@pytest.mark.parametrize("to", BOTH)
def test_a_row_that_the_other_engine_would_not_keep_stops_the_copy(
    source: Place, to: str, new_location: Callable[[str], Place], evidence_folder: Path
) -> None:
    registry = Registry.open(source)
    with tampered_connection(registry) as connection:
        checks = {
            "sqlite": "PRAGMA ignore_check_constraints = ON",
            "postgresql": "ALTER TABLE person DROP CONSTRAINT ck_person_name_not_blank",
        }
        connection.exec_driver_sql(checks[connection.dialect.name])
        connection.exec_driver_sql("UPDATE person SET name = ' ' WHERE id = 1")
    registry.close()
    target = new_location(to)
    with pytest.raises(RegistryError, match="cannot be used") as error:
        transfer.copy_registry(source, target, "kaisa", evidence=evidence_folder)
    assert "Valkeapää" not in str(error.value)
    assert is_empty(target)


@pytest.mark.parametrize("to", BOTH)
def test_nothing_is_copied_over_a_registry(
    source: Place, to: str, new_location: Callable[[str], Place], evidence_folder: Path
) -> None:
    target, evidence = new_location(to), evidence_folder
    transfer.copy_registry(source, target, "kaisa", evidence=evidence, clock=Clock())
    before = content(target)
    with pytest.raises(NotAllowed, match="already"):
        transfer.copy_registry(source, target, "kaisa", evidence=evidence, clock=Clock())
    assert content(target) == before


def test_nobody_copies_to_a_place_to_which_another_one_copies(
    registry_location: Place, evidence_folder: Path, tmp_path: Path
) -> None:
    target = Registry(tmp_path / "copy.db")
    with exclusive_access(target), pytest.raises(RegistryError, match="in use"):
        transfer.copy_registry(registry_location, target.path, "kaisa", evidence=evidence_folder)
    assert not target.path.exists()


@pytest.mark.usefixtures("with_document")
def test_of_several_who_copy_to_one_place_the_first_keeps_its_documents(
    registry_location: Place, evidence_folder: Path, tmp_path: Path
) -> None:
    for turn in range(3):
        target = tmp_path / f"copy-{turn}.db"

        def copies(meet: BarrierWait) -> list[int]:
            meet()
            try:
                transfer.copy_registry(registry_location, target, "kaisa", evidence=evidence_folder)  # noqa: B023
            except (NotAllowed, RegistryError):
                return []
            return [1]

        assert sum(map(len, run_concurrently([copies] * 3))) == 1
        registry = Registry.open(target)
        assert maintenance.find_faults(Application(registry, "kaisa")) == []
        registry.close()


def test_only_coordinators_copy(source: Place, new_location: Callable[[str], Place]) -> None:
    target = new_location("sqlite")
    with pytest.raises(NotAllowed):
        transfer.copy_registry(source, target, "anna", clock=Clock())
    assert is_empty(target)


def test_rows_are_copied_a_few_at_a_time(registry: Registry) -> None:
    row = {"at": Clock().now, "actor_id": 1, "list": "lacking", "purpose": "yearly audit"}
    with registry.writing() as session:
        table = METADATA.tables["disclosure"]
        session.connection().execute(sa.insert(table), [row] * (ROWS_PER_CHUNK + 1))
    with registry.reading() as session:
        chunks = [len(chunk) for chunk in row_chunks(registry, session.connection(), table)]
    assert chunks == [ROWS_PER_CHUNK, 1]


# --- a backup that is restored to a server --------------------------------------------------------


@pytest.fixture
def made(source: Place, evidence_folder: Path, tmp_path: Path) -> Path:
    """A backup of the registry with a row in every table, and one document more; one is missing."""
    registry = Registry.open(source, evidence_folder)
    (registry.evidence_folder / "ab").mkdir(parents=True)  # a folder that can be reached
    kaisa = Application(registry, "kaisa", Clock())
    form = tmp_path / "form.pdf"
    form.write_bytes(b"signed by Elle")
    elle = create_person(kaisa, "Elle Uusi")
    record_consent(kaisa, elle, replace(granted_consent(), evidence=form))
    folder, _manifest = maintenance.make_backup(kaisa, tmp_path / "backups")
    registry.close()
    return folder


def test_a_backup_is_restored_to_a_server_with_every_row_and_document(
    made: Path, new_location: Callable[[str], Place], tmp_path: Path
) -> None:
    target, evidence = new_location("postgresql"), tmp_path / "restored"
    before = content(shutil.copy(made / REGISTRY_FILE, tmp_path / "look.db"))
    restored = maintenance.restore_backup(made, target, "kaisa", replace=False, evidence=evidence)
    manifest = restored.manifest
    after = content(target)
    grown = {name: len(rows) for name, rows in after.items() if rows != before[name]}
    assert grown == {"ledger": len(before["ledger"]) + 1, "moment": 1}  # the restoring itself
    registry = Registry.open(target, evidence)
    kaisa = Application(registry, "kaisa", Clock())
    with kaisa.reading() as work:
        require_intact_chain(work.session)
        last = ledger.head(work.session)
    faults = maintenance.find_faults(kaisa)
    assert [fault.values.get("files") for fault in faults] == [", ".join(manifest.missing)]
    assert (last.action, last.seq) == ("registry.restored", manifest.log_entries + 1)
    assert sum(path.is_file() for path in evidence.rglob("*")) == manifest.evidence == 1
    create_person(Application(registry, "kaisa"), "Ante Uusi")  # later than it was restored
    registry.close()


def test_a_backup_is_not_restored_over_what_a_server_holds(
    made: Path, tmp_path: Path, new_location: Callable[[str], Place]
) -> None:
    target = new_location("postgresql")
    maintenance.restore_backup(made, target, "kaisa", replace=False, evidence=tmp_path / "one")
    before = content(target)
    for replaces, says in ((False, "already"), (True, "moved aside")):
        with pytest.raises(NotAllowed, match=says):
            maintenance.restore_backup(
                made, target, "kaisa", replace=replaces, evidence=tmp_path / "two"
            )
    assert content(target) == before


@pytest.mark.parametrize(
    ("login", "has_folder", "says"),
    [
        ("anna", True, "does not allow"),
        ("nobody", True, "not a user"),
        ("kaisa", False, "no evidence"),
    ],
)
def test_who_may_not_restore_or_names_no_folder_leaves_the_database_empty(
    login: str,
    has_folder: bool,
    says: str,
    made: Path,
    new_location: Callable[[str], Place],
    tmp_path: Path,
) -> None:
    target, evidence = new_location("postgresql"), tmp_path / "new" if has_folder else None
    with pytest.raises((NotAllowed, RegistryError), match=says):
        maintenance.restore_backup(made, target, login, replace=False, evidence=evidence)
    assert is_empty(target)


def test_a_damaged_backup_leaves_the_database_empty(
    made: Path, new_location: Callable[[str], Place], tmp_path: Path
) -> None:
    target = new_location("postgresql")
    with (made / REGISTRY_FILE).open("ab") as file:
        file.write(b"x")
    with pytest.raises(RegistryError, match="damaged"):
        maintenance.restore_backup(made, target, "kaisa", replace=False, evidence=tmp_path / "e")
    assert is_empty(target)


def test_a_backup_goes_to_a_server_at_the_command_line(
    made: Path, new_location: Callable[[str], Place], typed: Callable[..., Result], tmp_path: Path
) -> None:
    address = str(new_location("postgresql")).replace("postgresql:", "postgresql+psycopg:")
    server = ("--registry", address, "--evidence", tmp_path / "shared", "--as", "kaisa")
    told = typed(*server, "db", "restore", made).stdout
    assert "is ready" in told
    assert "The log is intact" in typed(*server, "audit", "verify").stdout
