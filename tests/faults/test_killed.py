"""Killed at any moment: the registry opens, its log is valid, acknowledged changes are stored."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.faults.killing import ROUNDS, Acknowledge, killed_while
from tests.imaging.builders import full_jpeg, with_unused_table
from tests.registry.engines.older import make_older, write_migrations
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    UNTIL,
    add_photographer,
    create_person,
    tag_person,
    unlike_any_other,
)

from photoreg.imaging.reading import read_photo
from photoreg.registry.engines.database import Registry
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.decisions import approval
from photoreg.services.organisation import registry_setup
from photoreg.services.photos import registration
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.publications import export, publishing
from photoreg.services.upkeep import maintenance
from photoreg.unfinished import NAME_PATTERN

SEED = 20261122
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

LOGGED = {
    "photo.registered": "SELECT 'P-' || id FROM photo",
    "person.added": "SELECT 'H-' || id FROM person",
    "photo.approved": "SELECT 'P-' || photo_id FROM decision WHERE made_for = 'approval'",
    "photo.exported": "SELECT 'P-' || photo_id FROM decision WHERE made_for = 'export'",
    "publication.added": "SELECT 'J-' || id FROM publication",
}
"""Changes that must have both a row and a log entry, or neither: action -> ids of the rows."""


@dataclass
class KilledRegistry:
    """A registry that is changed by a series of processes, each of which is killed."""

    path: Path
    folder: Path
    number: int = 0

    def application(self) -> Application:
        """Return an application for the coordinator; the clock advances with every round."""
        return Application(Registry.open(self.path), "kaisa", lambda: START + self.late)

    @property
    def late(self) -> timedelta:
        return timedelta(minutes=self.number)

    def work(self, dice: random.Random) -> Callable[[Acknowledge], None]:
        """Return one round of work, with all kinds of changes to the registry and files."""

        def change_everything(acknowledge: Acknowledge) -> None:
            application = self.application()
            for turn in range(6):
                name = f"{self.number}-{turn}"
                photo = self._register(application, name, shows_person=dice.random() < 0.5)
                acknowledge(f"photo {photo}")
                person = create_person(application, unlike_any_other(name))
                acknowledge(f"person {person}")
                form = self.folder / f"form-{name}.pdf"
                form.write_bytes(f"signed by Elle {name}".encode() * dice.randint(1, 20_000))
                statement = ConsentStatement(
                    ConsentKind.GIVEN,
                    (PAGE_USE.channel,),
                    on=START.date(),
                    until=UNTIL,
                    evidence=form,
                )
                consents.record_consent(application, ConsentParties(person), statement)
                acknowledge(f"said given {person}")
                if approval.approve(application, [photo], PAGE_USE)[0].decision_id:
                    acknowledge(f"approved {photo}")
                    list(export.export_photos(application, [photo], PAGE_USE, self.folder / "out"))
                    acknowledge(f"exported {photo}")
                    address = f"https://kunta.example/{name}"
                    publishing.add_publication(application, [photo], PAGE_USE, address=address)
                    acknowledge(f"published {photo}")
                    tag_person(application, photo, person)
                consents.withdraw_consent(
                    application,
                    ConsentStatement(ConsentKind.WITHDRAWN),
                    parties=ConsentParties(person),
                )
                acknowledge(f"said withdrawn {person}")
            application.registry.close()

        return change_everything

    def _register(self, application: Application, name: str, *, shows_person: bool) -> str:
        file = self.folder / f"{name}.jpg"
        file.write_bytes(with_unused_table(full_jpeg(), name))
        answers = MARKET if shows_person else EMPTY_STREET
        [registered] = registration.register_files(application, [file], answers)
        assert isinstance(registered, RegisteredPhoto)
        return human_id(Kind.PHOTO, registered.photo_id)


@pytest.fixture
def context(registry_path: Path, tmp_path: Path) -> KilledRegistry:
    folder = tmp_path / "photos"
    (folder / "out").mkdir(parents=True)
    context = KilledRegistry(registry_path, folder)
    application = context.application()
    add_photographer(application)
    application.registry.close()
    return context


def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(context: KilledRegistry) -> None:
    dice = random.Random(SEED)  # noqa: S311 - a seed that can be played again
    acknowledged: set[str] = set()
    was_working = removed = 0
    for number in range(ROUNDS or 12):
        context.number = number
        killed = killed_while(context.work(dice), dice.uniform(0, 0.08), dice.randint(0, 12))
        acknowledged |= set(killed.acknowledged)
        was_working += killed.was_working
        application = context.application()
        removed += len(maintenance.remove_leftovers(application))
        assert maintenance.find_faults(application) == []
        application.registry.close()
        with closing(sqlite3.connect(context.path)) as connection:
            require_rows_and_entries_to_agree(connection)
            assert set(acknowledged) <= set(facts_of(connection))
        require_whole_copies(context.folder / "out")
    assert was_working > 0
    print(  # noqa: T201 - the figures in docs/reliability.md
        f"\nkilled at work: {was_working} of {ROUNDS or 12} times; acknowledged and found: "
        f"{len(acknowledged)}; leftovers removed: {removed}"
    )


def require_rows_and_entries_to_agree(connection: sqlite3.Connection) -> None:
    for action, rows in LOGGED.items():
        logged = connection.execute("SELECT subject FROM ledger WHERE action = ?", (action,))
        assert sorted(logged) == sorted(connection.execute(rows)), action
    words = connection.execute("SELECT count(*) FROM consent_event").fetchone()
    entries = connection.execute(
        "SELECT count(*) FROM ledger WHERE action IN ('consent.given', 'consent.withdrawn')"
    ).fetchone()
    assert words == entries
    depicted = connection.execute(
        "SELECT count(*) FROM consent_event e JOIN consent c ON c.id = e.consent_id "
        "WHERE e.kind = 'withdrawn' AND EXISTS (SELECT 1 FROM depiction d "
        "JOIN published_photo p ON p.photo_id = d.photo_id WHERE d.person_id = c.subject_id)"
    ).fetchone()
    tasks = connection.execute("SELECT count(*) FROM take_down").fetchone()
    assert depicted <= tasks, "a withdrawal without its take-down task"


def facts_of(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what the registry holds, in the form in which it was acknowledged."""
    for said, query in (
        ("photo", LOGGED["photo.registered"]),
        ("person", LOGGED["person.added"]),
        ("approved", LOGGED["photo.approved"]),
        ("exported", LOGGED["photo.exported"]),
        ("published", "SELECT 'P-' || photo_id FROM published_photo"),
        (
            "said",
            (
                "SELECT e.kind || ' H-' || c.subject_id FROM consent_event e "
                "JOIN consent c ON c.id = e.consent_id"
            ),
        ),
    ):
        for (value,) in connection.execute(query):
            yield f"{said} {value}"


def require_whole_copies(folder: Path) -> None:
    """Every file with a photo's name is complete; all others are recognised as unfinished."""
    for path in folder.iterdir():
        if not path.match(NAME_PATTERN):
            assert read_photo(path).width


def test_an_upgrade_that_is_killed_is_done_or_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Registry, "migrations", write_migrations(tmp_path / "migrations"))
    dice = random.Random(SEED)  # noqa: S311 - a seed that can be played again
    old = tmp_path / "old.db"
    registry_setup.create_registry(old, organisation="Kunta", login="kaisa", name="Kaisa Ruonala")
    make_older(old)
    with closing(sqlite3.connect(old)) as connection:
        connection.executemany(
            "INSERT INTO event (name, starts_on, ends_on, created_at, created_by) "
            "VALUES (?, '2026-03-02', '2026-03-02', '2026-03-02 09:00:00', 1)",
            [(f"Feast {number}",) for number in range(20_000)],
        )
        connection.commit()
    was_working = 0
    for number in range(ROUNDS or 12):
        path = tmp_path / f"registry-{number}.db"
        shutil.copy(old, path)
        killed = killed_while(lambda _: Registry.upgrade(path), dice.uniform(0.01, 0.2))  # noqa: B023
        was_working += killed.was_working
        Registry.upgrade(path)
        Registry.open(path).close()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM event").fetchone() == (20_000,)
    assert was_working > 0
    print(f"\nupgrades killed at work: {was_working} of {ROUNDS or 12}")  # noqa: T201


def test_a_backup_or_a_restoring_that_is_killed_leaves_a_whole_registry(
    context: KilledRegistry, tmp_path: Path
) -> None:
    dice = random.Random(SEED)  # noqa: S311 - a seed that can be played again
    context.work(dice)(lambda _line: None)
    application = context.application()
    application.registry.close()
    was_working = 0
    for number in range(ROUNDS or 12):
        context.number = number + 1
        folder = tmp_path / f"backups-{number}"

        def backs_up_and_restores(acknowledge: Acknowledge) -> None:
            application = context.application()
            made, _manifest = maintenance.make_backup(application, folder)  # noqa: B023
            application.registry.close()
            acknowledge(made.name)
            maintenance.restore_backup(made, context.path, "kaisa", replace=True)

        killed = killed_while(backs_up_and_restores, dice.uniform(0, 0.2), dice.randint(0, 1))
        was_working += killed.was_working
        for made in folder.glob("photoreg-backup-*"):
            maintenance.restore_backup(made, tmp_path / f"new-{number}.db", "kaisa", replace=False)
        application = context.application()
        maintenance.remove_leftovers(application)
        assert maintenance.find_faults(application) == []
        application.registry.close()
    assert was_working > 0
    print(f"\nbackups and restorings killed at work: {was_working} of {ROUNDS or 12}")  # noqa: T201
