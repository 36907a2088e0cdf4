"""A registry moves from one engine to the other: every row, every document, or nothing at all."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import a_person, consents_to, yes
from tests.tampering import tampering

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry.copying import ROWS_AT_A_TIME, rows_of
from photoreg.registry.database import Registry
from photoreg.registry.evidence import evidence_path
from photoreg.registry.tables import METADATA, ConsentKind
from photoreg.services import consents, copying, people, safekeeping
from photoreg.services.consents import Whose
from photoreg.services.people import About
from photoreg.services.spoken import Spoken
from photoreg.services.workplace import Workplace

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
    source: Place, to: str, new_place: Callable[[str], Place], evidence_folder: Path
) -> None:
    target, evidence = new_place(to), evidence_folder
    copied = copying.copy_registry(source, target, "kaisa", evidence=evidence, clock=Clock())
    assert content(target) == content(source)
    assert copied.rows == sum(map(len, content(source).values()))
    assert all(content(target).values())
    registry = Registry.open(target, evidence)
    kaisa = Workplace(registry, "kaisa", Clock())
    people.add_person(kaisa, About(name="Áile Näkkäläjärvi"))
    elle = a_person(kaisa, "Elle Uusi")
    consents_to(kaisa, elle, yes())
    with registry.writing() as session, pytest.raises(sa.exc.IntegrityError, match="append-only"):
        session.connection().exec_driver_sql("DELETE FROM ledger")
    with registry.reading() as session:
        registry.check(session)
    registry.close()


@pytest.mark.parametrize("to", BOTH)
def test_there_and_back_again_changes_nothing(
    source: Place, to: str, engine: str, new_place: Callable[[str], Place], evidence_folder: Path
) -> None:
    there, back = new_place(to), new_place(engine)
    copying.copy_registry(source, there, "kaisa", evidence=evidence_folder, clock=Clock())
    copying.copy_registry(there, back, "kaisa", evidence=evidence_folder, clock=Clock())
    assert content(back) == content(there)
    assert content(back)["consent_event"] == content(source)["consent_event"]


@pytest.fixture
def with_document(workplace: Workplace, tmp_path: Path) -> Workplace:
    """A registry with one document."""
    form = tmp_path / "form.pdf"
    form.write_bytes(b"signed")
    elle = a_person(workplace, "Elle Valkeapää")
    consents.record(workplace, Whose(elle), Spoken(ConsentKind.REFUSED, evidence=form))
    return workplace


@pytest.mark.usefixtures("with_document")
def test_documents_are_copied_by_their_hash(
    registry_place: Place, evidence_folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copies" / "copy.db"
    target.parent.mkdir()
    copied = copying.copy_registry(registry_place, target, "kaisa", evidence=evidence_folder)
    assert (copied.documents, copied.missing) == (1, [])
    registry = Registry.open(target)
    assert safekeeping.faults(Workplace(registry, "kaisa")) == []
    registry.close()


def test_a_document_that_is_gone_is_told_and_the_rest_copied(
    with_document: Workplace, registry_place: Place, evidence_folder: Path, tmp_path: Path
) -> None:
    [document] = with_document.registry.folder_of_evidence.glob("??/*")
    document.unlink()
    target = tmp_path / "copy.db"
    copied = copying.copy_registry(registry_place, target, "kaisa", evidence=evidence_folder)
    assert copied.missing == [document.name]
    assert not evidence_path(Registry(target).folder_of_evidence, document.name).exists()


@pytest.mark.parametrize("to", BOTH)
def test_a_copy_of_a_broken_log_is_not_kept(
    source: Place, to: str, new_place: Callable[[str], Place], evidence_folder: Path
) -> None:
    registry = Registry.open(source)
    with tampering(registry) as connection:
        connection.exec_driver_sql("UPDATE ledger SET details = '{}' WHERE seq = 3")
    registry.close()
    target = new_place(to)
    with pytest.raises(RegistryError, match="broken at entry 3"):
        copying.copy_registry(source, target, "kaisa", evidence=evidence_folder)
    assert is_empty(target)


@pytest.mark.parametrize("to", BOTH)
def test_a_row_that_the_other_engine_would_not_keep_stops_the_copy(
    source: Place, to: str, new_place: Callable[[str], Place], evidence_folder: Path
) -> None:
    registry = Registry.open(source)
    with tampering(registry) as connection:
        checks = {
            "sqlite": "PRAGMA ignore_check_constraints = ON",
            "postgresql": "ALTER TABLE person DROP CONSTRAINT ck_person_name_not_blank",
        }
        connection.exec_driver_sql(checks[connection.dialect.name])
        connection.exec_driver_sql("UPDATE person SET name = ' ' WHERE id = 1")
    registry.close()
    target = new_place(to)
    with pytest.raises(RegistryError, match="cannot be used") as error:
        copying.copy_registry(source, target, "kaisa", evidence=evidence_folder)
    assert "Valkeapää" not in str(error.value)
    assert is_empty(target)


@pytest.mark.parametrize("to", BOTH)
def test_nothing_is_copied_over_a_registry(
    source: Place, to: str, new_place: Callable[[str], Place], evidence_folder: Path
) -> None:
    target, evidence = new_place(to), evidence_folder
    copying.copy_registry(source, target, "kaisa", evidence=evidence, clock=Clock())
    before = content(target)
    with pytest.raises(NotAllowed, match="already"):
        copying.copy_registry(source, target, "kaisa", evidence=evidence, clock=Clock())
    assert content(target) == before


def test_only_coordinators_copy(source: Place, new_place: Callable[[str], Place]) -> None:
    target = new_place("sqlite")
    with pytest.raises(NotAllowed):
        copying.copy_registry(source, target, "anna", clock=Clock())
    assert is_empty(target)


def test_rows_are_copied_a_few_at_a_time(registry: Registry) -> None:
    row = {"at": Clock().now, "actor_id": 1, "list": "lacking", "purpose": "yearly audit"}
    with registry.writing() as session:
        table = METADATA.tables["disclosure"]
        session.connection().execute(sa.insert(table), [row] * (ROWS_AT_A_TIME + 1))
    with registry.reading() as session:
        chunks = [len(chunk) for chunk in rows_of(registry, session.connection(), table)]
    assert chunks == [ROWS_AT_A_TIME, 1]
