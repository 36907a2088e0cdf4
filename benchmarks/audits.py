"""A1 to A3, W1, W2 and V1: audits of a million photos, and the effects of a withdrawal.

The yardsticks are the database's own scan of the four large tables, and fetching every row that
the rules need into Python. Full evaluation (A2) runs on a registry with an empty verdict cache, A1
and the withdrawals on the same registry after `audit refresh`. The withdrawals are measured inside
one process, without its start; before each, the person consents again, so that all verdicts change.
The publications have take-down tasks from the first withdrawal on. On two free cores A2 takes a
quarter of an hour, the others a minute each.
"""

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from benchmarks.measuring import (
    COORDINATOR,
    PYTHON,
    Bench,
    Figure,
    Measurements,
    ResourceUsage,
    photoreg,
    run,
    run_interleaved,
)
from benchmarks.registries import build

from photoreg.cli.app import GC_THRESHOLD
from photoreg.errors import RegistryError
from photoreg.registry.engines.database import Registry
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.queries.people import photos_showing
from photoreg.registry.queries.publications import live_publications
from photoreg.registry.record_hashes.records import record_kinds
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.audits import verdict_cache
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties

PHOTOS, SMALL = 1_000_000, 5_000
RANDOM_WITHDRAWALS = 30
ONE_CHANNEL_ARGUMENTS = ("--channel", "kunta", "--format", "csv", "--plain")

_SCAN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
for table in ("photo", "depiction", "consent", "permission"):
    connection.execute(f"SELECT count(*), sum(id % 7) FROM {table} NOT INDEXED").fetchone()
"""

_FETCH = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
ANSWERS = "photographer, basis, commissioner, place, place_permission, shot, confidentiality"
ANSWERS += ", sensitive"
SAID = "kind, day, valid_until, open_ended, evidence, paper"
for columns in (
    "id, event_id, credit, credit_waived, taken_year, photographer_died_year, rights_removed, "
    "people, recognisable_count, context_identifies, file_artist, file_copyright, "
    "depicted_work, digital_source, file_taken_on, version_of, picture_sha256, file_changed, "
    f"{ANSWERS} FROM photo",
    "photo_id, person_id FROM photo_photographer",
    "photo_id, person_id, role FROM depiction",
    "id, name_key, born, age_group, deceased, died_on, capacity, guardians_total, "
    "blocked, erased_at FROM person",
    "child_id, guardian_id, verified_how, excused_ground, "
    "first_day, last_day, decides_alone FROM guardianship",
    "id, person_id, name_key FROM person_name",
    "id, subject_id, actor_id, photo_id, event_id FROM consent",
    f"id, consent_id, {SAID}, releases_confidentiality FROM consent_event",
    "statement_id, kind, channel_id FROM consent_channel",
    "statement_id, purpose FROM consent_purpose",
    "id, photographer_id, photo_id, event_id FROM permission",
    f"id, permission_id, {SAID}, basis, credit, credit_waived FROM permission_event",
    "statement_id, kind, channel_id FROM permission_channel",
    "statement_id, purpose FROM permission_purpose",
    f"id, starts_on, ends_on, {ANSWERS} FROM event",
    "event_id, person_id FROM event_photographer",
):
    for row in connection.execute(f"SELECT {columns}"):
        pass
"""


def measure_evaluation(bench: Bench) -> Iterator[Figure]:
    """Measure audits that evaluate every photo, and caching their verdicts."""
    whole, tenth = (registry_of(bench, photos_in(bench) // part) for part in (1, 10))
    for registry in (whole, tenth):
        _drop_page_cache(registry)
    taken = run_interleaved(
        bench.rounds,
        {
            "fetch": lambda: run([PYTHON, "-c", _FETCH, whole]),
            "all judged": lambda: run(photoreg(whole, "audit", "lacking", *ONE_CHANNEL_ARGUMENTS)),
            "of a tenth": lambda: run(photoreg(tenth, "audit", "lacking", *ONE_CHANNEL_ARGUMENTS)),
        },
    )
    yield Figure(
        "A2",
        "`audit lacking`, every photo judged / fetching every row that is needed",
        taken.ratio("all judged", "fetch"),
        15,
        aim=8,
        rounds=bench.rounds,
        note=taken.in_words("all judged", "fetch"),
    )
    growth = taken.ratio("all judged", "of a tenth")
    note = taken.in_words("all judged", "of a tenth")
    what = "A2 / A2 of a tenth of the photos"
    yield Figure("A3b", what, growth, 13, 10, rounds=bench.rounds, note=note)
    kept = run(photoreg(whole, "audit", "refresh"))
    memory = taken.mebibytes("all judged")
    yield Figure(
        "A3a",
        "memory of the one process of A2, of `audit refresh`",
        max(memory, kept.mebibytes),
        300,
        160,
        unit="MiB",
        rounds=bench.rounds,
        note=f"{memory:.0f} MiB all judged, {kept.mebibytes:.0f} MiB `audit refresh`, "
        f"which took {kept.elapsed:.0f} s",
    )


def measure_cached_lists(bench: Bench) -> Iterator[Figure]:
    """Measure audits with cached verdicts."""
    registry = registry_of(bench, photos_in(bench))
    run(photoreg(registry, "audit", "refresh"))
    taken = _lists(bench, registry, {"scan": lambda: run([PYTHON, "-c", _SCAN, registry])})
    yield Figure(
        "A1",
        "`audit lacking --format csv --plain`, verdicts kept / `sqlite3` scan of four tables",
        taken.ratio("list", "scan"),
        6,
        aim=3.3,
        rounds=bench.rounds,
        note=f"{taken.in_words('list', 'scan')}; {taken.mebibytes('list'):.0f} MiB",
    )


def _lists(
    bench: Bench, registry: Path, others: dict[str, Callable[[], ResourceUsage]]
) -> Measurements:
    """Measure A1 interleaved with others."""
    lacking_list = photoreg(registry, "audit", "lacking", *ONE_CHANNEL_ARGUMENTS)
    return run_interleaved(bench.rounds, {"list": lambda: run(lacking_list), **others})


def photos_in(bench: Bench) -> int:
    """Return the number of photos in the registry of the audits."""
    return bench.sized(PHOTOS, SMALL)


def registry_of(bench: Bench, photos: int) -> Path:
    """Return a registry with this many photos; build it if it does not exist."""
    path = bench.data / f"{photos}.sqlite"
    try:
        Registry.open(path).close()
    except RegistryError:
        build(path, photos)
    return path


def _drop_page_cache(path: Path) -> None:
    registry = Registry.open(path)
    with registry.writing() as session:
        session.connection().execute(sa.text("DELETE FROM verdict_cache"))
    registry.close()


def withdrawals(bench: Bench) -> Iterator[Figure]:
    """Measure finding what a withdrawal affects, and a withdrawal with re-evaluated verdicts."""
    path = registry_of(bench, photos_in(bench))
    run(photoreg(path, "audit", "refresh"))
    of_list = _lists(bench, path, {}).elapsed("list")
    registry = Registry.open(path)
    application = Application(registry, COORDINATOR)
    chance = random.Random(7)  # noqa: S311 - reproducible
    with application.reading() as work:
        shown = sa.text("SELECT person_id FROM depiction GROUP BY person_id ORDER BY count(*) DESC")
        persons = list(work.session.connection().execute(shown).scalars())

        def impact(person: int) -> None:
            photos = photos_showing(work.session, person)
            list(live_publications(work.session, PhotoSelection(photos)))

        found = [
            _seconds(partial(impact, person))
            for person in chance.sample(persons, RANDOM_WITHDRAWALS)
        ]
        most = len(photos_showing(work.session, persons[0]))
    yield Figure(
        "W1",
        "a withdrawal's photos and publications found / A1",
        statistics.median(found) / of_list,
        0.02,
        aim=0.001,
        rounds=RANDOM_WITHDRAWALS,
        note=f"{statistics.median(found) * 1000:.1f} ms",
    )
    star = ConsentParties(f"H-{persons[0]}")
    with application.reading() as work:
        end, today = work.today + timedelta(days=365), work.today
    yes = ConsentStatement(
        ConsentKind.GIVEN, ["public_page"], until=end, on=today, paper="folder 1"
    )
    said, committed, refreshed = ConsentStatement(ConsentKind.WITHDRAWN), [], []
    gc.freeze()  # as the program does after starting
    gc.set_threshold(GC_THRESHOLD)
    for _round in range(bench.rounds):
        consents.record_consent(application, star, yes)
        list(verdict_cache.refresh_cache(application))
        committed.append(
            _seconds(lambda: consents.withdraw_consent(application, said, parties=star))
        )
        refreshed.append(_seconds(lambda: list(verdict_cache.refresh_cache(application))))
    registry.close()
    commit, refresh = statistics.median(committed), statistics.median(refreshed)
    yield Figure(
        "W2",
        f"withdrawal by the person in {most:,} photos, committed, verdicts refreshed / A1",
        (commit + refresh) / of_list,
        0.5,
        aim=0.2,
        rounds=bench.rounds,
        note=f"{commit:.2f} s until it is committed ({commit / of_list:.2f} × A1), "
        f"{refresh:.2f} s in `audit refresh` or the next audit; A1 took {of_list:.2f} s",
    )


_READ = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
for table in sys.argv[2:]:
    for row in connection.execute(f"SELECT * FROM {table}"):
        pass
"""


def measure_verification(bench: Bench) -> Iterator[Figure]:
    """Measure `audit verify`, which compares every record with its hash, and the log's chain."""
    registry = registry_of(bench, photos_in(bench))
    tables = [table.name for kind in record_kinds().values() for table, _key in kind.tables()]
    taken = run_interleaved(
        bench.rounds,
        {
            "read": lambda: run([PYTHON, "-c", _READ, registry, *tables, "ledger"]),
            "verify": lambda: run(photoreg(registry, "audit", "verify")),
        },
    )
    yield Figure(
        "V1",
        "`audit verify`, every record compared with its hash / reading the same rows",
        taken.ratio("verify", "read"),
        4,
        aim=2,
        rounds=bench.rounds,
        note=f"{taken.in_words('verify', 'read')}; {taken.mebibytes('verify'):.0f} MiB",
    )


def _seconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began
