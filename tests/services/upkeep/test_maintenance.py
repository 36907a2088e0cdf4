"""Keeping the registry safe: checks, repair, backups and anchors."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from tests.conftest import Clock
from tests.faults.killing import ROUNDS, killed_after
from tests.faults.racing import BarrierWait, run_concurrently
from tests.imaging.builders import full_jpeg, with_unused_table
from tests.services.scenes import PHOTOGRAPHER_NAME, add_photographer, create_person, register_photo

from photoreg.errors import InputDataError, NotAllowed, RegistryError
from photoreg.registry.engines import backup
from photoreg.registry.engines.backup import copy_registry, exclusive_access, install_database
from photoreg.registry.engines.database import Registry
from photoreg.registry.evidence import evidence_path
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.audits import log_anchor
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.upkeep import maintenance
from photoreg.unfinished import unfinished_file, unfinished_folder

Typed = Callable[..., Result]
pytestmark = pytest.mark.engines("sqlite")  # about files; a server has tools of its own

FORM = b"signed by Elle"
MOMENT = 'INSERT INTO "moment"'
"""The time of the last change: what differs after restoring, beside the log's new entry."""
CUT_OFF = "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)"


@pytest.fixture
def furnished(application: Application, tmp_path: Path) -> Application:
    """A registry with a photo, a person and one document of evidence."""
    add_photographer(application, PHOTOGRAPHER_NAME)
    register_photo(application, tmp_path)
    elle = create_person(application, "Elle Valkeapää")
    form = tmp_path / "form.pdf"
    form.write_bytes(FORM)
    given = ConsentStatement(ConsentKind.REFUSED, evidence=form)
    consents.record_consent(application, ConsentParties(elle), given)
    return application


def document_of(application: Application) -> Path:
    [document] = (application.registry.evidence_folder).glob("??/*")
    return document


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def messages(application: Application) -> list[str]:
    return [str(fault) for fault in maintenance.find_faults(application)]


def tamper(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(names).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
        connection.commit()


def test_a_sound_registry_has_no_faults(furnished: Application) -> None:
    assert maintenance.find_faults(furnished) == []


def test_every_fault_is_reported_at_once(furnished: Application) -> None:
    document_of(furnished).write_bytes(b"another paper")
    tamper(furnished.registry.path, "UPDATE ledger SET details = '{}' WHERE seq = 3")
    told = " | ".join(messages(furnished))
    assert "evidence documents are missing or were changed" in told
    assert "broken at entry 3" in told


def test_values_that_no_column_holds_are_reported_as_damage(furnished: Application) -> None:
    path = furnished.registry.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE ledger SET details = x'ff' WHERE seq = 3")
        connection.execute("UPDATE photo SET registered_at = 'abc'")
        connection.commit()
    told = " | ".join(messages(furnished))
    assert "is damaged" in told
    assert "broken at entry 3" in told


@pytest.mark.parametrize("at", ["9999", "9999-01-01 10:00", "yesterday"])
def test_an_entry_with_another_time_is_reported(furnished: Application, at: str) -> None:
    tamper(furnished.registry.path, f"UPDATE ledger SET at = '{at}' WHERE seq = 3")  # noqa: S608
    assert any("broken at entry 3" in told for told in messages(furnished))


def test_a_log_whose_end_was_cut_off_is_noticed_by_what_was_recorded_later(
    furnished: Application, clock: Clock, tmp_path: Path
) -> None:
    clock.now = clock.now.replace(hour=15)
    register_photo(furnished, tmp_path, name="later.jpg")
    tamper(furnished.registry.path, CUT_OFF)
    assert any("end of the log is missing" in told for told in messages(furnished))


def test_a_removed_trigger_is_reported_by_name(furnished: Application) -> None:
    with closing(sqlite3.connect(furnished.registry.path)) as connection:
        connection.execute("DROP TRIGGER ledger_no_update")
        connection.execute("DROP INDEX uq_consent_record")
        connection.commit()
    [told] = messages(furnished)
    assert "uq_consent_record, ledger_no_update" in told


@pytest.mark.parametrize("where", ["evidence", "photos", "registry", "a folder"])
def test_what_interrupted_work_left_is_reported_and_removed_by_repair(
    furnished: Application, tmp_path: Path, where: str
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    register_photo(
        furnished, photos, name="another.jpg", content=with_unused_table(full_jpeg(), "another")
    )
    folder = {
        "evidence": document_of(furnished).parent,
        "photos": photos,
    }.get(where, furnished.registry.path.parent)
    left = folder / ".photoreg-0123456789abcdef.tmp"
    if where == "a folder":
        left.mkdir()
        (left / "registry.db-wal").write_bytes(b"half")
    else:
        left.write_bytes(b"half")
    assert any(left.name in told for told in messages(furnished))
    assert maintenance.remove_leftovers(furnished) == [left]
    assert not left.exists()
    assert maintenance.find_faults(furnished) == []
    assert document_of(furnished).read_bytes() == FORM


def test_repair_leaves_alone_what_somebody_is_writing(furnished: Application) -> None:
    folder = furnished.registry.path.parent
    with unfinished_folder(folder) as room, unfinished_file(folder) as (file, _content):
        assert maintenance.find_faults(furnished) == []
        assert maintenance.remove_leftovers(furnished) == []
        assert room.exists()
        assert file.exists()


def test_repair_waits_until_a_backup_has_been_restored(furnished: Application) -> None:
    brought = evidence_path(furnished.registry.evidence_folder, "ab" * 32)
    brought.parent.mkdir(exist_ok=True)
    with exclusive_access(furnished.registry):
        brought.write_bytes(b"for the registry that will come")
        with pytest.raises(RegistryError, match="in use"):
            maintenance.remove_leftovers(furnished)
    assert brought.exists()


def test_a_document_of_no_record_is_a_leftover(furnished: Application) -> None:
    orphan = evidence_path(furnished.registry.evidence_folder, "ab" * 32)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"recorded nowhere")
    assert maintenance.remove_leftovers(furnished) == [orphan]


def test_a_file_that_photoreg_did_not_name_is_nobodys_leftover(furnished: Application) -> None:
    folder = furnished.registry.evidence_folder
    others = [folder / "scanned.pdf", folder / "ab" / "letter.pdf", folder / ("cd" * 32)]
    for other in others:
        other.parent.mkdir(exist_ok=True)
        other.write_bytes(b"put there by hand")
    assert maintenance.find_faults(furnished) == []
    assert maintenance.remove_leftovers(furnished) == []
    assert all(other.exists() for other in others)


def test_only_coordinators_repair_and_back_up(
    application_for: Callable[[str], Application], tmp_path: Path
) -> None:
    anna = application_for("anna")
    with pytest.raises(NotAllowed):
        maintenance.remove_leftovers(anna)
    with pytest.raises(NotAllowed):
        maintenance.make_backup(anna, tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


def test_a_backup_restores_the_registry_and_its_documents(
    furnished: Application, tmp_path: Path
) -> None:
    before = dump(furnished.registry.path)
    folder, manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    assert manifest.evidence == 1
    assert manifest.missing == []
    new = tmp_path / "new" / "registry.db"
    new.parent.mkdir()
    maintenance.restore_backup(folder, new, "kaisa", replace=False)
    restored = Application(Registry.open(new), "kaisa", furnished.clock)
    assert maintenance.find_faults(restored) == []
    assert document_of(restored).read_bytes() == FORM
    restored.registry.close()
    assert set(before) - set(dump(new)) <= {line for line in before if MOMENT in line}


def test_a_backup_and_what_is_restored_are_private(furnished: Application, tmp_path: Path) -> None:
    folder, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    new = tmp_path / "new.db"
    maintenance.restore_backup(folder, new, "kaisa", replace=False)
    evidence = new.with_name("new.db.evidence")
    everything = [folder.parent, *folder.parent.rglob("*"), new, evidence, *evidence.rglob("*")]
    assert [path for path in everything if path.stat().st_mode & 0o077] == []


def test_a_backup_taken_while_somebody_writes_holds_what_was_finished(
    furnished: Application, tmp_path: Path
) -> None:
    before = dump(furnished.registry.path)
    with closing(sqlite3.connect(furnished.registry.path)) as other:
        other.execute("UPDATE staff SET name = 'half done'")
        copy_registry(furnished.registry, tmp_path / "copy.db")
        other.commit()
    assert dump(tmp_path / "copy.db") == before
    assert dump(furnished.registry.path) != before


def test_a_backup_says_which_documents_were_gone_already(
    furnished: Application, tmp_path: Path
) -> None:
    document = document_of(furnished)
    document.unlink()
    folder, manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    assert manifest.missing == [document.name]
    new = tmp_path / "new.db"
    maintenance.restore_backup(folder, new, "kaisa", replace=False)  # as good as it can be


@pytest.mark.parametrize(
    "damage", ["registry", "document", "manifest", "no document", "other kinds of values"]
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    furnished: Application, tmp_path: Path, damage: str
) -> None:
    folder, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    [document] = (folder / "evidence").glob("??/*")
    if damage == "registry":
        with (folder / "registry.db").open("r+b") as file:
            file.seek(5000)
            file.write(b"\xff" * 50)
    elif damage == "document":
        document.write_bytes(b"another paper")
    elif damage == "no document":
        document.unlink()
    elif damage == "other kinds of values":
        manifest = json.loads((folder / "backup.json").read_text())
        (folder / "backup.json").write_text(json.dumps(manifest | {"schema_version": 3}))
    else:
        (folder / "backup.json").write_text("{")
    new = tmp_path / "new.db"
    with pytest.raises((RegistryError, InputDataError)):
        maintenance.restore_backup(folder, new, "kaisa", replace=False)
    assert sorted(tmp_path.glob("*new.db*")) == []
    assert list(tmp_path.glob(".photoreg*")) == []


def test_a_restored_backup_sets_the_registry_that_is_there_aside(
    furnished: Application, tmp_path: Path
) -> None:
    folder, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    create_person(furnished, "Somebody Later")
    path = furnished.registry.path
    furnished.registry.close()
    with pytest.raises(NotAllowed, match="already"):
        maintenance.restore_backup(folder, path, "kaisa", replace=False)
    later = dump(path)
    maintenance.restore_backup(folder, path, "kaisa", replace=True)
    assert dump(path.with_name(f"{path.name}.replaced-1")) == later
    assert not any("Somebody Later" in line for line in dump(path))
    assert maintenance.find_faults(furnished) == []


def test_killed_at_any_line_of_replacing_there_is_a_registry_and_the_next_one_goes_on(
    furnished: Application, tmp_path: Path
) -> None:
    path, one = furnished.registry.path, tmp_path / "one"
    made, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    furnished.registry.close()
    before = dump(path)
    outcomes = set()
    for lines in range(0, 1_000, 1 if ROUNDS else 3):
        one.mkdir()
        here = one / "registry.db"
        shutil.copy(path, here)
        shutil.copytree(furnished.registry.evidence_folder, one / "registry.db.evidence")

        def replaces() -> None:
            with unfinished_folder(one) as room:
                shutil.copy(made / "registry.db", room / "new.db")
                install_database(room / "new.db", here, replace=True)  # noqa: B023

        is_killed = killed_after(lines, replaces, backup)
        application = Application(Registry.open(here), "kaisa", furnished.clock)
        asides = [*one.glob("registry.db.replaced-1")]
        is_old = bool(asides) and asides[0].samefile(here)
        outcomes.add((is_old, bool(asides)))
        maintenance.remove_leftovers(application)
        assert maintenance.find_faults(application) == []
        application.registry.close()
        left = sorted(each.name for each in one.iterdir() if not each.name.endswith("-shm"))
        assert left[:2] == ["registry.db", "registry.db.evidence"]
        if not is_old and asides:
            assert dump(asides[0]) == before
            assert left[2:] == ["registry.db.replaced-1", "registry.db.replaced-1.evidence"]
        else:
            assert left[2:] == []
        shutil.rmtree(one)
        if not is_killed:
            break
    assert outcomes == {(False, False), (True, True), (False, True)}


def test_a_registry_set_aside_keeps_its_documents_and_the_new_one_has_those_of_later_refusals(
    furnished: Application, tmp_path: Path
) -> None:
    folder, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    later = tmp_path / "later.pdf"
    later.write_bytes(b"signed after the backup")
    given = ConsentStatement(ConsentKind.REFUSED, evidence=later)
    consents.record_consent(
        furnished, ConsentParties(create_person(furnished, "Somebody Later")), given
    )
    path = furnished.registry.path
    furnished.registry.close()
    maintenance.restore_backup(folder, path, "kaisa", replace=True, clock=furnished.clock)
    restored = Application(Registry.open(path), "kaisa", furnished.clock)
    assert maintenance.remove_leftovers(restored) == []
    assert maintenance.find_faults(restored) == []
    restored.registry.close()
    aside = Registry.open(path.with_name(f"{path.name}.replaced-1"))
    assert maintenance.find_faults(Application(aside, "kaisa", furnished.clock)) == []
    aside.close()


def test_a_damaged_registry_can_be_replaced_by_its_backup(
    furnished: Application, tmp_path: Path
) -> None:
    folder, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    path = furnished.registry.path
    furnished.registry.close()
    path.write_bytes(b"\x00" * 9000)
    maintenance.restore_backup(folder, path, "kaisa", replace=True)
    assert maintenance.find_faults(furnished) == []
    assert path.with_name(f"{path.name}.replaced-1").read_bytes() == b"\x00" * 9000


def test_a_backup_is_no_place_to_work_in(
    furnished: Application, typed: Typed, tmp_path: Path
) -> None:
    folder, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    inside = folder / "registry.db"
    before = inside.read_bytes()
    for command in (("person", "list"), ("db", "upgrade"), ("db", "check")):
        told = typed("--registry", inside, "--as", "kaisa", *command, exit_code=8)
        assert f"db restore {folder}" in told.stderr
    assert sorted(each.name for each in folder.iterdir()) == [
        "backup.json",
        "evidence",
        "registry.db",
    ]
    assert inside.read_bytes() == before


def test_two_backups_of_one_second_are_one(furnished: Application, tmp_path: Path) -> None:
    def backs_up(meet: BarrierWait) -> list[bool]:
        furnished.registry.close()
        meet()
        try:
            maintenance.make_backup(furnished, tmp_path / "backups")
        except NotAllowed:
            return [False]
        return [True]

    furnished.registry.close()
    assert sorted(run_concurrently([backs_up] * 3)) == [[False], [False], [True]]
    [made] = (tmp_path / "backups").iterdir()
    maintenance.restore_backup(made, tmp_path / "new.db", "kaisa", replace=False)


def test_only_a_coordinator_of_the_backup_restores_it(
    furnished: Application, tmp_path: Path
) -> None:
    folder, _manifest = maintenance.make_backup(furnished, tmp_path / "backups")
    for login in ("anna", "nobody"):
        with pytest.raises(NotAllowed):
            maintenance.restore_backup(folder, tmp_path / "new.db", login, replace=False)
    assert list(tmp_path.glob("*new.db*")) == []


def test_a_folder_that_is_no_backup_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputDataError, match="is not a complete backup of a registry"):
        maintenance.restore_backup(tmp_path, tmp_path / "new.db", "kaisa", replace=False)


@pytest.mark.parametrize("value", ["'abc'", "x'ff'", "5"])
def test_a_time_that_is_none_is_reported_as_damage(
    furnished: Application, typed: Typed, value: str
) -> None:
    path = furnished.registry.path
    furnished.registry.close()
    tamper(path, f"UPDATE photo SET registered_at = {value}")  # noqa: S608
    of_kaisa = ("--registry", path, "--as", "kaisa", "--lang", "en")
    assert "is damaged" in typed(*of_kaisa, "show", "P-1", exit_code=8).stderr
    assert (
        "changed outside photoreg (1): P-1"
        in typed(*of_kaisa, "audit", "verify", exit_code=8).stderr
    )


def test_an_anchor_holds_after_more_was_logged(furnished: Application) -> None:
    anchor = log_anchor.anchor(furnished)
    create_person(furnished, "Somebody Later")
    [read_back] = log_anchor.anchors_in(f"Mail of Monday:\n> {anchor.line()}\n")
    assert log_anchor.verify(furnished, [read_back]).entries == anchor.entries + 2


def test_a_log_cut_off_and_one_written_anew_do_not_fit_the_anchor(furnished: Application) -> None:
    anchor = log_anchor.anchor(furnished)
    tamper(furnished.registry.path, CUT_OFF)
    with pytest.raises(RegistryError, match="the log does not match the anchor made at entry"):
        log_anchor.verify(furnished, [anchor])
    create_person(
        furnished, "Somebody Else"
    )  # the chain is whole again, and longer than it was cut
    with pytest.raises(RegistryError, match="the log does not match the anchor made at entry"):
        log_anchor.verify(furnished, [anchor])


def test_a_text_without_an_anchor_is_refused() -> None:
    with pytest.raises(InputDataError, match="no anchor"):
        log_anchor.anchors_in("photoreg-anchor 1 entries=12")


def test_backup_restore_check_and_anchor_at_the_command_line(
    furnished: Application, typed: Typed, tmp_path: Path
) -> None:
    kaisa = ("--registry", furnished.registry.path, "--as", "kaisa", "--lang", "en")
    furnished.registry.close()
    done = typed(*kaisa, "db", "backup", tmp_path / "backups")
    [folder] = (tmp_path / "backups").iterdir()
    assert str(folder) in done.stdout
    assert json.loads((folder / "backup.json").read_text())["evidence"] == 1
    line = typed(*kaisa, "audit", "anchor").stdout
    anchors = tmp_path / "anchors.txt"
    anchors.write_text(line)
    assert "matches the anchors: 1" in typed(*kaisa, "audit", "verify", "--against", anchors).stdout
    typed(*kaisa, "db", "restore", folder, exit_code=5)
    typed(*kaisa, "db", "restore", folder, "--replace", "--yes")
    cut = typed(*kaisa, "audit", "verify", "--against", line, exit_code=8)
    assert "the log does not match the anchor made at entry" in cut.stderr
    (tmp_path / ".photoreg-0123456789abcdef.tmp").write_bytes(b"")
    told = typed(*kaisa, "db", "check", exit_code=8)
    assert "--repair" in told.stderr
    assert "The registry is intact" in typed(*kaisa, "db", "check", "--repair").stdout
