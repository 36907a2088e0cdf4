"""The authority of a restore: who may replace a registry, and that no stop is lost by it."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.cli.test_damaged_values import damage
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_child,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.ledger import Action
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Confidentiality, ConsentKind, People, Photographer, Place
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.data_subjects import erasure
from photoreg.services.decisions import checks, flags
from photoreg.services.organisation import policy, registry_setup, staff
from photoreg.services.people import blocks
from photoreg.services.photos import answers
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.upkeep import maintenance, restores
from photoreg.services.upkeep.carried_stops import CarriedStop, StopKind
from photoreg.services.upkeep.replacing import Replaced, RestorePreview

Typed = Callable[..., Result]
pytestmark = pytest.mark.engines("sqlite")  # a registry on a server cannot be replaced

NO = ConsentStatement(ConsentKind.REFUSED)
KINDS = {AgendaKind.RESTORED, AgendaKind.STATEMENTS_MISSING}


@pytest.fixture
def municipality(application: Application, tmp_path: Path) -> Application:
    """A registry with three photos: Elle is in P-1 and has consented, P-2 and P-3 are streets."""
    add_photographer(application)
    photo = register_photo(application, tmp_path, MARKET, name="market.jpg")
    tag_person(application, photo, create_person(application, "Elle Valkeapää"))
    record_consent(application, "H-2")
    create_person(application, "Ante Sara")
    register_photo(application, tmp_path, name="street.jpg")
    register_photo(application, tmp_path, MARKET, name="square.jpg")
    return application


@pytest.fixture
def backup_folder(municipality: Application, clock: Clock, tmp_path: Path) -> Path:
    folder, _manifest = maintenance.make_backup(municipality, tmp_path / "backups")
    clock.now = clock.now.replace(hour=15)
    return folder


def restore(
    municipality: Application, folder: Path, login: str = "kaisa", **more: object
) -> tuple[maintenance.Restored, Application]:
    """Replace the registry by the backup; return the result and the registry as restored."""
    path = municipality.registry.path
    municipality.registry.close()
    result = maintenance.restore_backup(
        folder,
        path,
        login,
        replace=True,
        clock=municipality.clock,
        **more,  # type: ignore[arg-type]
    )
    return result, municipality


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def codes(application: Application, photo: str) -> set[str]:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return set(checked.verdict.codes)


def waiting(application: Application) -> list[AgendaKind]:
    return [item.kind for item in agenda(application) if item.kind in KINDS]


def test_a_registry_of_ones_own_does_not_replace_the_municipalitys(
    municipality: Application, tmp_path: Path
) -> None:
    own = tmp_path / "own.db"
    registry_setup.create_registry(
        own, organisation="Mine", login="anna", name="Anna", clock=municipality.clock
    )
    mine = Application(Registry.open(own), "anna", municipality.clock)
    folder, _manifest = maintenance.make_backup(mine, tmp_path / "backups")
    mine.registry.close()
    path = municipality.registry.path
    municipality.registry.close()
    before, beside = content(path), sorted(path.parent.iterdir())
    for login in ("anna", "nobody"):
        with pytest.raises(NotAllowed):
            restore(municipality, folder, login)
    assert content(path) == before
    assert sorted(path.parent.iterdir()) == beside


def test_a_former_coordinator_restores_no_backup_of_their_time(
    municipality: Application, backup_folder: Path, application_for: Callable[[str], Application]
) -> None:
    staff.change_staff(application_for("kaisa"), "ville", active=False)
    before = content(municipality.registry.path)
    with pytest.raises(NotAllowed):
        restore(municipality, backup_folder, "ville")
    assert content(municipality.registry.path) == before


def test_a_coordinator_since_the_backup_restores_it_and_goes_on_as_one(
    municipality: Application, backup_folder: Path, application_for: Callable[[str], Application]
) -> None:
    kaisa = application_for("kaisa")
    staff.add_staff(kaisa, login="liisa", name="Liisa Uusi", role=StaffRole.COORDINATOR)
    staff.change_staff(kaisa, "anna", role=StaffRole.DEPUTY)
    for login in ("liisa", "anna"):
        restore(municipality, backup_folder, login)
        roles = {each.login: each.role for each in staff.list_staff(application_for(login))}
        assert roles[login] in {StaffRole.COORDINATOR, StaffRole.DEPUTY}
        assert maintenance.find_faults(application_for(login)) == []
        if login == "liisa":
            assert roles["anna"] is StaffRole.EMPLOYEE
            staff.change_staff(application_for("liisa"), "anna", role=StaffRole.DEPUTY)


def test_with_logins_of_the_computer_nobody_restores_as_a_colleague(
    municipality: Application, backup_folder: Path
) -> None:
    path = municipality.registry.path
    policy.set_policy(replace(municipality, computer_login="kaisa"), {"logins": "computer"})
    before = content(path)
    with pytest.raises(NotAllowed, match="is not your login on this computer"):
        restore(municipality, backup_folder, computer_login="anna")
    assert content(path) == before
    restore(municipality, backup_folder, computer_login="kaisa")


def test_no_stop_that_the_backup_lacks_is_lost(
    municipality: Application, backup_folder: Path, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"I do not want this")
    withdraw_consent(municipality, "H-2")
    flags.raise_flag(municipality, "P-2", reason="A name is on the wall.", objector="Maija 123")
    blocks.block_person(municipality, "H-3")
    create_person(municipality, "Inga Länsman")
    tag_person(municipality, "P-3", "H-4")
    no = replace(NO, evidence=letter, channels=("kunta-public-page",))
    consents.record_consent(municipality, ConsentParties("H-4"), no)
    register_photo(municipality, tmp_path, name="later.jpg")
    flags.raise_flag(municipality, "P-4", reason="Somebody called.")
    permissions.record_permission(
        municipality, PermissionParties(photographer="H-1", photos=["P-1"]), NO, PermissionTerms()
    )
    before = codes(municipality, "P-1")

    told: list[RestorePreview] = []
    result, restored = restore(municipality, backup_folder, tell=told.append)

    [preview] = told
    assert preview.replaced is Replaced.REGISTRY
    assert preview.undone["consent.withdrawn"] == 1
    assert preview.undone["photo.registered"] == 1
    assert preview.undone["flag.raised"] == 2
    assert set(result.stops) >= {
        CarriedStop(StopKind.BLOCK, "H-3", "H-3"),
        CarriedStop(StopKind.CONSENT, "C-1", "C-1"),
        CarriedStop(StopKind.CONSENT, "C-2", "C-2"),
        CarriedStop(StopKind.FLAG, "F-1", "F-1", "P-2"),
        CarriedStop(StopKind.FLAG, "F-2"),
        CarriedStop(StopKind.PHOTO, "P-3", "P-3"),
    }
    assert [stop.photo for stop in result.stops if stop.kind is StopKind.PERMISSION] == ["P-1"]
    assert [row.person for row in blocks.list_blocks(restored)] == ["H-3"]
    assert "RG_FLAGGED" in codes(restored, "P-2") & codes(restored, "P-3")
    assert codes(restored, "P-1") == before
    flag = flags.show_flag(restored, "F-1")
    assert (flag.reason, flag.objector) == ("A name is on the wall.", "Maija 123")
    assert maintenance.find_faults(restored) == []
    assert maintenance.remove_leftovers(restored) == []

    with restored.reading() as work:  # an auditor reads the log, and may not know who is blocked
        carried = [e for e in ledger.entries(work.session) if e.action == Action.STOP_CARRIED]
    assert carried
    assert not any("H-3" in entry.subject + entry.details for entry in carried)

    assert waiting(restored) == [AgendaKind.RESTORED]
    assert waiting(replace(restored, login="ville")) == [AgendaKind.RESTORED]
    assert waiting(replace(restored, login="anna")) == []
    [item] = [item for item in agenda(restored) if item.kind in KINDS]
    seen = restores.acknowledge_restore(restored, item.subject or "")
    assert seen.stops == result.stops
    assert waiting(replace(restored, login="ville")) == []
    with pytest.raises(NotAllowed, match="is not a restored backup awaiting review"):
        restores.acknowledge_restore(restored, item.subject or "")


def test_a_withdrawn_consent_stops_the_photo_after_the_restore_as_before(
    municipality: Application, backup_folder: Path
) -> None:
    withdraw_consent(municipality, "H-2")
    before = codes(municipality, "P-1")
    _result, restored = restore(municipality, backup_folder)
    assert codes(restored, "P-1") == before


def test_a_no_by_a_guardian_of_whom_the_backup_knows_nothing_counts_as_before(
    municipality: Application, backup_folder: Path, tmp_path: Path
) -> None:
    child = add_child(municipality, "Pikku Sara", date(2018, 3, 1), ["Aila Aikio"])
    record_consent(municipality, child, NO, by="Aila Aikio")
    _result, restored = restore(municipality, backup_folder)
    photo = register_photo(restored, tmp_path, MARKET, name="after.jpg")
    tag_person(restored, photo, child)
    assert "MI_GUARDIAN_REFUSED" in codes(restored, photo)


def test_a_person_who_was_blocked_before_and_named_after_the_backup_stays_hidden(
    municipality: Application, tmp_path: Path
) -> None:
    blocks.block_person(municipality, "H-3")
    folder, _manifest = maintenance.make_backup(municipality, tmp_path / "backups")
    tag_person(municipality, "P-3", "H-3")
    result, restored = restore(municipality, folder)
    assert result.stops == [CarriedStop(StopKind.PHOTO, "P-3", "P-3")]
    assert "RG_FLAGGED" in codes(restored, "P-3")


@pytest.mark.parametrize("lost", [{"active": False}, {"role": StaffRole.EMPLOYEE}])
def test_rights_that_somebody_lost_since_do_not_come_back(
    municipality: Application, backup_folder: Path, lost: dict[str, Any]
) -> None:
    staff.change_staff(municipality, "ville", **lost)
    _result, restored = restore(municipality, backup_folder)
    with pytest.raises(NotAllowed):
        blocks.list_blocks(replace(restored, login="ville"))
    assert blocks.list_blocks(restored) == []


def test_a_person_erased_since_is_reported_and_may_not_be_shown(
    municipality: Application, backup_folder: Path
) -> None:
    erasure.erase(municipality, "H-2", erasure.ErasureGround.REQUEST)
    result, restored = restore(municipality, backup_folder)
    assert CarriedStop(StopKind.ERASURE, "H-2", "H-2") in result.stops
    assert [row.person for row in blocks.list_blocks(restored)] == ["H-2"]


@pytest.mark.parametrize(
    "stricter",
    [
        PhotoAnswers(confidentiality=Confidentiality.CARE_CLIENT),
        PhotoAnswers(confidentiality=Confidentiality.PUPIL_WELFARE),
        PhotoAnswers(confidentiality=Confidentiality.UNSURE),
        PhotoAnswers(sensitive=True, people=People.UNSURE),
        PhotoAnswers(people=People.RECOGNISABLE, recognisable_count=2),
        PhotoAnswers(people=People.UNSURE),
        PhotoAnswers(place=Place.SCHOOL_OR_DAYCARE, people=People.RECOGNISABLE),
        PhotoAnswers(photographer=Photographer.UNKNOWN),
    ],
)
def test_a_photo_that_an_answer_since_the_backup_stopped_stays_stopped(
    municipality: Application, backup_folder: Path, stricter: PhotoAnswers
) -> None:
    assert not codes(municipality, "P-2")
    answers.answer(municipality, ["P-2"], stricter)
    assert codes(municipality, "P-2")
    result, restored = restore(municipality, backup_folder)
    assert result.stops == [CarriedStop(StopKind.PHOTO, "P-2", "P-2")]
    assert codes(restored, "P-2") == {"RG_FLAGGED"}
    assert waiting(restored) == [AgendaKind.RESTORED]


def test_a_person_who_was_named_since_the_backup_still_stops_the_photo(
    municipality: Application, backup_folder: Path
) -> None:
    answers.answer(municipality, ["P-2"], PhotoAnswers(people=People.RECOGNISABLE))
    tag_person(municipality, "P-2", "H-3")
    result, restored = restore(municipality, backup_folder)
    assert result.stops == [CarriedStop(StopKind.PHOTO, "P-2", "P-2")]
    assert "RG_FLAGGED" in codes(restored, "P-2")


def test_an_answer_that_made_no_photo_stricter_stops_nothing(
    municipality: Application, backup_folder: Path
) -> None:
    answers.answer(municipality, ["P-1", "P-2"], PhotoAnswers(taken_year=2026))
    result, _restored = restore(municipality, backup_folder)
    assert result.stops == []


def test_a_stop_survives_the_restore_of_a_registry_with_a_value_that_cannot_be_read(
    municipality: Application, backup_folder: Path
) -> None:
    answers.answer(municipality, ["P-2"], PhotoAnswers(confidentiality=Confidentiality.CARE_CLIENT))
    municipality.registry.close()
    damage(municipality.registry.path, "person", "born")
    result, restored = restore(municipality, backup_folder)
    assert result.replaced is Replaced.DAMAGED
    assert waiting(restored) == [AgendaKind.STATEMENTS_MISSING]


def test_what_the_backup_knows_already_is_not_carried_over(
    municipality: Application, tmp_path: Path
) -> None:
    withdraw_consent(municipality, "H-2")
    flags.raise_flag(municipality, "P-2", reason="A name is on the wall.")
    blocks.block_person(municipality, "H-3")
    folder, _manifest = maintenance.make_backup(municipality, tmp_path / "backups")
    create_person(municipality, "Somebody Later")
    result, restored = restore(municipality, folder)
    assert result.stops == []
    assert waiting(restored) == []
    again, _restored = restore(municipality, folder)
    assert again.stops == []


@pytest.mark.parametrize("damage", ["zeros", "another file", "unknown version", "a table is gone"])
def test_where_the_registry_cannot_be_read_the_backup_decides_and_today_shows(
    municipality: Application, backup_folder: Path, damage: str
) -> None:
    path = municipality.registry.path
    municipality.registry.close()
    if damage == "zeros":
        path.write_bytes(b"\x00" * 9000)
    elif damage == "another file":
        path.write_text("<html>not a registry at all</html>" * 100)
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "UPDATE alembic_version SET version_num = '9999_ffffffff'"
                if damage == "unknown version"
                else "ALTER TABLE staff RENAME TO people_of_the_house"
            )
            connection.commit()
            connection.execute("PRAGMA journal_mode = DELETE")
    damaged = path.read_bytes()
    with pytest.raises(NotAllowed):
        restore(municipality, backup_folder, "anna")
    assert path.read_bytes() == damaged
    result, restored = restore(municipality, backup_folder)
    assert result.replaced is Replaced.DAMAGED
    assert path.with_name(f"{path.name}.replaced-1").read_bytes() == damaged
    for login in ("kaisa", "ville"):
        assert waiting(replace(restored, login=login)) == [AgendaKind.STATEMENTS_MISSING]
    [item] = [item for item in agenda(restored) if item.kind in KINDS]
    restores.acknowledge_restore(replace(restored, login="ville"), item.subject or "")
    assert waiting(restored) == []
    assert maintenance.find_faults(restored) == []


def test_a_registry_in_use_or_out_of_reach_is_not_taken_for_damaged(
    municipality: Application, backup_folder: Path
) -> None:
    path = municipality.registry.path
    municipality.registry.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RegistryError, match="in use"):
            restore(municipality, backup_folder)
    assert not path.with_name(f"{path.name}.replaced-1").exists()


def test_who_says_no_when_shown_what_is_undone_changes_nothing(
    municipality: Application, backup_folder: Path
) -> None:
    class SaysNoError(Exception):
        """What an interface raises."""

    def says_no(_preview: RestorePreview) -> None:
        raise SaysNoError

    before = content(municipality.registry.path)
    with pytest.raises(SaysNoError):
        restore(municipality, backup_folder, tell=says_no)
    assert content(municipality.registry.path) == before
    assert list(municipality.registry.path.parent.glob(".photoreg*")) == []


def test_what_is_recorded_while_a_restore_is_prepared_is_not_lost(
    municipality: Application, backup_folder: Path
) -> None:
    def meanwhile(_preview: RestorePreview) -> None:
        blocks.block_person(municipality, "H-3")
        municipality.registry.close()

    with pytest.raises(RegistryError, match="in use"):
        restore(municipality, backup_folder, tell=meanwhile)
    assert [row.person for row in blocks.list_blocks(municipality)] == ["H-3"]
    result, _restored = restore(municipality, backup_folder)
    assert result.stops == [CarriedStop(StopKind.BLOCK, "H-3", "H-3")]


def test_restoring_at_the_command_line_shows_what_it_undoes_and_carries_over(
    municipality: Application, typed: Typed, tmp_path: Path
) -> None:
    path = municipality.registry.path
    kaisa = ("--registry", path, "--as", "kaisa", "--lang", "en")
    folder, manifest = maintenance.make_backup(municipality, tmp_path / "backups")
    blocks.block_person(municipality, "H-3")
    flags.raise_flag(municipality, "P-1", reason="A name can be read.")
    municipality.registry.close()
    shutil.copy(path, tmp_path / "before.db")

    done = typed(*kaisa, "db", "restore", folder, "--replace", "--yes")
    day = manifest.made_at[:10]
    assert f"The backup is of {day}" in done.stderr
    assert "Restoring it undoes what was recorded since:" in done.stderr
    assert "the person's data was changed: 1" in done.stderr
    assert "Carried over from the replaced registry" in done.stdout
    assert "H-3: publication block" in done.stdout
    assert "Sara" not in done.output

    today = typed(*kaisa, "today").stdout
    assert f"a backup of {day} was restored" in today
    [entry] = re.findall(r"→ photoreg .* db acknowledge (L-\d+)", today)
    assert json.loads(typed(*kaisa, "today", "--format", "json").stdout)
    typed("--registry", path, "--as", "anna", "db", "acknowledge", entry, exit_code=5)
    typed("--registry", path, "--as", "anna", "db", "acknowledge", "L-x", exit_code=5)
    typed(*kaisa, "db", "acknowledge", "x", exit_code=9)
    for layout in ("table", "json", "csv"):
        assert "F-" in typed(*kaisa, "audit", "log", "--format", layout).stdout
        typed(*kaisa, "audit", "history", "P-1", "--format", layout)
    assert "H-3: publication block" in typed(*kaisa, "db", "acknowledge", entry).stdout
    assert "restored" not in typed(*kaisa, "today").stdout
    typed(*kaisa, "audit", "verify")


def test_without_a_terminal_nothing_is_replaced_until_it_is_confirmed(
    municipality: Application, typed: Typed, tmp_path: Path
) -> None:
    path = municipality.registry.path
    folder, _manifest = maintenance.make_backup(municipality, tmp_path / "backups")
    blocks.block_person(municipality, "H-3")
    municipality.registry.close()
    before = content(path)
    restoring = ("--registry", path, "--as", "kaisa", "--lang", "en", "db", "restore", folder)
    told = typed(*restoring, "--replace", exit_code=9).stderr
    assert "Restoring it undoes what was recorded since:" in told
    assert "nobody has confirmed it" in told
    assert "Options: --yes" in told
    assert content(path) == before


def test_restoring_into_an_empty_place_says_of_which_day_the_copy_is(
    municipality: Application, typed: Typed, tmp_path: Path
) -> None:
    folder, manifest = maintenance.make_backup(municipality, tmp_path / "backups")
    new = tmp_path / "new.db"
    done = typed("--registry", new, "--as", "kaisa", "--lang", "en", "db", "restore", folder)
    day = manifest.made_at[:10]
    assert f"It is the registry of {day}" in done.stdout
    assert f"flags since {day} may be missing" in done.stdout
    assert (
        f"a backup of {day} was restored"
        in typed("--registry", new, "--as", "kaisa", "--lang", "en", "today").stdout
    )
    finnish = typed("--registry", new, "--as", "kaisa", "--lang", "fi", "today").stdout
    assert "varmuuskopio" in finnish


def test_a_backup_with_an_impossible_time_is_no_backup(
    municipality: Application, tmp_path: Path
) -> None:
    folder, _manifest = maintenance.make_backup(municipality, tmp_path / "backups")
    manifest = json.loads((folder / "backup.json").read_text())
    for made_at in ("yesterday", "9999-12-31T23:59:59-12:00"):
        (folder / "backup.json").write_text(json.dumps(manifest | {"made_at": made_at}))
        with pytest.raises(Exception, match="is not a complete backup"):
            maintenance.restore_backup(folder, tmp_path / "new.db", "kaisa", replace=False)


def test_a_backup_of_a_registry_that_was_changed_outside_says_so_and_so_does_its_restore(
    municipality: Application, typed: Typed, tmp_path: Path
) -> None:
    path = municipality.registry.path
    municipality.registry.close()
    with closing(sqlite3.connect(path)) as connection:
        select = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(select).fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE person SET contact = 'other' WHERE id = 1")
        for _name, sql in triggers:
            connection.execute(sql)
        connection.commit()
    kaisa = ("--as", "kaisa", "--lang", "en", "--registry")
    done = typed(*kaisa, path, "db", "backup", tmp_path / "backups", exit_code=10)
    assert "records were changed outside photoreg" in done.stderr
    assert "H-1" in done.stderr
    assert "It was verified" not in done.stdout
    [folder] = (tmp_path / "backups").iterdir()
    restored = typed(*kaisa, tmp_path / "new.db", "db", "restore", folder)
    assert "The backup holds records that were changed outside photoreg." in restored.stderr
