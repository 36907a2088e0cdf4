"""Build registries of any size for the benchmarks: created by photoreg, filled in bulk.

The same size and seed give the same rows. For a million photos there are 100,000 persons, a quarter
of them minors with two guardians, and about 3,000,000 depictions, 1,000,000 consents, 950,000
permissions and 50,000 publications. Photographers are adults. One person is shown in 1.2 % of the
photos. The ledger has an entry for every photo and a valid chain.

    python -m benchmarks.registries million.sqlite --photos 1000000
"""

import argparse
import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from photoreg.registry.engines.database import Registry
from photoreg.registry.ids import name_key
from photoreg.registry.ledger import NO_LOGINS, Action, chain_hash
from photoreg.registry.names import letters_key
from photoreg.registry.record_hashes.recording import record_all
from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.services.organisation import channels, registry_setup, staff

SEED = 2026
PHOTOS_PER_PERSON = 10
PHOTOS_PER_EVENT = 100
EVENT_SHARE = 0.8
CROWD = 72
"""How many people of an event have consents; only they are shown in its photos."""
DEPICTION_SHARES = ((0, 0.3), (1, 0.1), (2, 0.1), (3, 0.1), (4, 0.1), (5, 0.1), (7, 0.1), (8, 0.1))
"""The number of recognisable people in a photo, and its probability."""
PERMITTED_SHARE = 0.95
PUBLISHED_SHARE = 0.05
FREQUENT_PERSON_SHARE = 0.012
"""The share of all photos that shows the most frequent person."""

DAY_ONE = datetime(2026, 1, 1, 6, tzinfo=UTC)
GIVEN, LATER = date(2026, 1, 2), date(2026, 3, 1)
UNTIL, EXPIRED = date(2030, 12, 31), date(2026, 6, 30)
COORDINATOR = "kaisa"
FIRST_NAMES = "Aila Aslak Biret Elle Heikki Inga Jouni Liisa Máret Niila Oula Piera Sanna Áile"
LAST_NAMES = "Hetta Juuso Keskitalo Labba Magga Näkkäläjärvi Palojärvi Valkeapää Vasara Đuoddar"
BATCH_SIZE = 5_000


class BulkInserter:
    """Collects rows and inserts them in batches, without SQLAlchemy but with all CHECKs."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.counts: dict[str, int] = {}
        self._waiting: dict[str, list[Sequence[Any]]] = {}
        self._inserts: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def add(self, table: str, columns: str, *values: Any) -> int:
        """Add a row and return its number in its table, counted from 1."""
        key = f"{table} {columns}"
        if key not in self._inserts:
            self._inserts[key] = _insert(table, columns.split())
            self._waiting[key] = []
        sql, defaults = self._inserts[key]
        waiting = self._waiting[key]
        waiting.append(values + defaults)
        if len(waiting) >= BATCH_SIZE:
            self.connection.executemany(sql, waiting)
            waiting.clear()
        self.counts[table] = number = self.counts.get(table, 0) + 1
        return number

    def flush(self) -> None:
        """Insert the collected rows."""
        for key, waiting in self._waiting.items():
            self.connection.executemany(self._inserts[key][0], waiting)
            waiting.clear()


def _insert(table: str, given: list[str]) -> tuple[str, tuple[Any, ...]]:
    """Return an INSERT of these columns, followed by those with a default, and the defaults."""
    defaults = {}
    for column in METADATA.tables[table].columns:
        default = getattr(column.default, "arg", None)
        if column.name not in given and default is not None and not callable(default):
            defaults[column.name] = getattr(default, "value", default)
    columns = [*given, *defaults]
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - ours
    return sql, tuple(defaults.values())


def build(path: Path, photos: int, seed: int = SEED) -> dict[str, int]:
    """Build a registry with this many photos at `path`; return the number of rows per table."""
    _remove(path)
    registry_setup.create_registry(
        path,
        organisation="Enontekiön kunta",
        login=COORDINATOR,
        name="Kaisa Ruonala",
        clock=lambda: DAY_ONE,
    )
    registry = Registry.open(path)
    application = Application(registry, COORDINATOR, lambda: DAY_ONE)
    staff.add_staff(application, login="anna", name="Anna Lahti", role=StaffRole.EMPLOYEE)
    channels.add_channel(
        application,
        name="kunta",
        title="Kunnan sivu",
        kind=Channel.PUBLIC_PAGE,
        controller=None,
        since=date(2020, 1, 1),
        admins=(COORDINATOR, "anna"),
    )
    registry.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {setting}")
    later = _drop_triggers_and_indexes(connection)
    rows = BulkInserter(connection)
    connection.execute("BEGIN")
    _fill(rows, random.Random(seed), photos)  # noqa: S311 - reproducible
    rows.flush()
    for sql in later:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    registry = Registry.open(path)
    with registry.writing() as session:
        record_all(session, registry.store)
    registry.close()
    return rows.counts


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.rmtree(path.with_name(f"{path.name}.evidence"), ignore_errors=True)


def _drop_triggers_and_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop triggers and indexes, which slow down bulk inserts; return the SQL to create them."""
    query = (
        "SELECT type, name, sql FROM sqlite_master "
        "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type"
    )
    found = connection.execute(query).fetchall()
    for kind, name, _sql in found:
        connection.execute(f"DROP {kind} {name}")
    return [sql for _kind, _name, sql in found]


def _fill(rows: BulkInserter, chance: random.Random, photos: int) -> None:
    persons = max(CROWD * 2, photos // PHOTOS_PER_PERSON)
    photographers = 2 * max(2, persons // 500)
    _people(rows, chance, persons)
    crowds = _events(rows, chance, persons, photographers, max(1, photos // PHOTOS_PER_EVENT))
    head, seq = _ledger_head(rows.connection)
    for number, event in enumerate(_events_of_photos(chance, photos, len(crowds)), 1):
        taker = _photographer(event or chance.randrange(10**9), photographers)
        sha256 = hashlib.sha256(f"{number}".encode()).hexdigest()
        at = DAY_ONE + timedelta(seconds=number)
        crowd = crowds[event - 1] if event else None
        shown = _shown(chance, crowd, persons, photographers)
        _photo(rows, chance, number, sha256, at, event, taker, shown)
        seq += 1
        head = _entry(rows, seq, head, at, number, event, taker, sha256)


def _is_child(person: int) -> bool:
    return person % 4 == 0


def _photographer(choice: int, photographers: int) -> int:
    """Return an odd number up to `photographers`: an adult, as a municipality's photographers are.

    A minor's photo would need the guardians' permission, too, and be listed for lack of it.
    """
    return choice % (photographers // 2) * 2 + 1


def _people(rows: BulkInserter, chance: random.Random, persons: int) -> None:
    """Add the persons, the guardians of every fourth, and consents for all photos."""
    first, last = FIRST_NAMES.split(), LAST_NAMES.split()
    columns = "id name name_key letters_key born age_group guardians_total created_at created_by"
    for person in range(1, persons + 1):
        name = f"{chance.choice(first)} {chance.choice(last)} {person}"
        child = _is_child(person)
        born = str(date(2012, 1, 1) + timedelta(days=chance.randrange(3650))) if child else None
        age, guardians = ("unknown", 2) if child else ("adult", None)
        names = (name, name_key(name), letters_key(name))
        row = (person, *names, born, age, guardians, _timestamp(DAY_ONE), 1)
        rows.add("person", columns, *row)
        for guardian in _guardians(person, persons) if child else ():
            rows.add(
                "guardianship",
                "child_id guardian_id basis verified_how created_at created_by",
                *(person, guardian, "parent", "population register", _timestamp(DAY_ONE), 1),
            )
    for person in range(1, persons + 1):
        if chance.random() < 0.9:  # noqa: PLR2004 - nine of ten consent to all photos
            _consents(rows, chance, person, persons, None, GIVEN)


def _guardians(child: int, persons: int) -> tuple[int, int]:
    """Return two adults near the child; every adult is a guardian of one or two children."""
    return child - 1, child + 1 if child < persons else child - 2


def _consents(
    rows: BulkInserter,
    chance: random.Random,
    subject: int,
    persons: int,
    event: int | None,
    day: date,
) -> None:
    """Record consents for a person: by the person, or by each guardian."""
    for actor in _guardians(subject, persons) if _is_child(subject) else (subject,):
        number = rows.add("consent", "subject_id actor_id event_id", subject, actor, event)
        dice = chance.random()
        kind = "refused" if dice < 0.007 else "given"  # noqa: PLR2004
        until = None if kind == "refused" else EXPIRED if dice > 0.99 else UNTIL  # noqa: PLR2004
        event_number = rows.add(
            "consent_event",
            "id consent_id kind day valid_until method paper form_language form_version "
            "recorded_at recorded_by",
            *(number, number, kind, str(day), until and str(until), "written", "folder 1"),
            *("fi", "2026-1", _timestamp(DAY_ONE), 1),
        )
        for channel in ("public_page", "website") if kind == "given" else ():
            rows.add("consent_channel", "statement_id kind", event_number, channel)
        if kind == "given":
            rows.add("consent_purpose", "statement_id purpose", event_number, "information")


def _events(
    rows: BulkInserter, chance: random.Random, persons: int, photographers: int, events: int
) -> list[list[int]]:
    """Add the events with photographer, roster and consents; return the persons at each."""
    crowds = []
    columns = (
        "id name starts_on ends_on photographer place shot confidentiality sensitive "
        "created_at created_by"
    )
    for event in range(1, events + 1):
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
        place, shot = chance.choice(
            (("public_outdoor", "general_view"), ("school_or_daycare", "person_subject"))
        )
        row = (event, f"Event {event}", str(day), str(day), "known", place, shot, "none", 0)
        rows.add("event", columns, *row, _timestamp(DAY_ONE), 1)
        rows.add(
            "event_photographer", "event_id person_id", event, _photographer(event, photographers)
        )
        crowd = chance.sample(range(photographers + 2, persons + 1), CROWD)
        for person in crowd:
            rows.add("event_roster", "event_id person_id", event, person)
            _consents(rows, chance, person, persons, event, LATER)
        crowds.append(crowd)
    return crowds


def _events_of_photos(chance: random.Random, photos: int, events: int) -> Iterator[int | None]:
    """Yield each photo's event: photos of an event are adjacent, with single ones between."""
    for number in range(photos):
        is_in_one = chance.random() < EVENT_SHARE
        yield min(number // PHOTOS_PER_EVENT + 1, events) if is_in_one else None


def _shown(
    chance: random.Random, crowd: list[int] | None, persons: int, photographers: int
) -> set[int]:
    """Return who is recognisable in a photo."""
    numbers, weights = zip(*DEPICTION_SHARES, strict=True)
    [count] = chance.choices(numbers, weights)
    if crowd:
        shown = set(chance.sample(crowd, count))
    else:
        first = photographers + 2
        shown = {chance.randrange(first, persons + 1) for _ in range(count)}
    if shown and chance.random() < FREQUENT_PERSON_SHARE / 0.7:
        shown.add(photographers + 1)
    return shown


def _photo(
    rows: BulkInserter,
    chance: random.Random,
    number: int,
    sha256: str,
    at: datetime,
    event: int | None,
    taker: int,
    shown: set[int],
) -> None:
    columns = (
        "id sha256 picture_sha256 path file_name size format width height taken_at taken_year "
        "event_id people recognisable_count context_identifies registered_at registered_by"
    )
    name = f"IMG_{number:07}.JPG"
    row = [number, sha256, sha256[::-1], f"/kuvat/{number // 1000:05}/{name}", name]
    row += [3_400_000 + number % 1000]
    row += ["JPEG", 4000, 3000, f"{at:%Y-%m-%d %H:%M:%S}", 2026, event]
    row += ["recognisable", len(shown), 0] if shown else ["none", None, None]
    row += [_timestamp(at), 1]
    if event is None:
        own = " photographer place shot confidentiality sensitive"
        known = ("known", "public_outdoor", "general_view", "none", 0)
        rows.add("photo", columns + own, *row, *known)
        rows.add("photo_photographer", "photo_id person_id", number, taker)
    else:
        rows.add("photo", columns, *row)
    for person in sorted(shown):
        rows.add("depiction", "photo_id person_id", number, person)
    if chance.random() < PERMITTED_SHARE:
        _permission(rows, number, taker)
    if chance.random() < PUBLISHED_SHARE:
        _publication(rows, number, at)


def _permission(rows: BulkInserter, photo: int, taker: int) -> None:
    number = rows.add("permission", "photographer_id photo_id", taker, photo)
    rows.add(
        "permission_event",
        "id permission_id kind day valid_until method paper basis credit recorded_at recorded_by",
        *(number, number, "given", str(GIVEN), str(UNTIL), "written", "folder 2"),
        *("photographer_permission", f"Kuva: {taker}", _timestamp(DAY_ONE), 1),
    )
    for channel in ("public_page", "website"):
        rows.add("permission_channel", "statement_id kind", number, channel)
    rows.add("permission_purpose", "statement_id purpose", number, "information")


def _publication(rows: BulkInserter, photo: int, at: datetime) -> None:
    facts = json.dumps({"photo": photo})
    decision = rows.add(
        "decision",
        "photo_id channel_id mode purpose day facts facts_digest rules_version policy_version "
        "made_for outcome decided_at decided_by",
        *(photo, 1, "upload", "information", str(at.date()), facts),
        *(hashlib.sha256(facts.encode()).hexdigest(), "1", 1),
        *("publication", "publishable", _timestamp(at), 1),
    )
    publication = rows.add(
        "publication",
        "channel_id published_on recorded_by address recorded_at",
        *(1, str(at.date()), 1, f"https://www.example.fi/{photo}", _timestamp(at)),
    )
    rows.add(
        "published_photo",
        "publication_id photo_id channel_id published_on decision_id",
        *(publication, photo, 1, str(at.date()), decision),
    )


def _ledger_head(connection: sqlite3.Connection) -> tuple[str, int]:
    query = "SELECT hash, seq FROM ledger ORDER BY seq DESC LIMIT 1"
    head, seq = connection.execute(query).fetchone()
    return head, seq


def _entry(
    rows: BulkInserter,
    seq: int,
    previous: str,
    at: datetime,
    photo: int,
    event: int | None,
    taker: int,
    sha256: str,
) -> str:
    """Add the ledger's entry about a photo; return its hash."""
    details = json.dumps(
        {
            "answers": ["event"] if event else ["photographers"],
            "event": event,
            "from_file": False,
            "photographers": [f"H-{taker}"],
            "sha256": sha256,
        }
    )
    when = at.isoformat(timespec="microseconds")
    entry = (previous, seq, when, 1, str(Action.PHOTO_REGISTERED), f"P-{photo}")
    found = chain_hash(entry, NO_LOGINS, details)
    columns = "previous seq at actor_id action subject details hash"
    rows.add("ledger", columns, *entry, details, found)
    return found


def _timestamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


def main() -> None:
    """Build a registry from the command line."""
    parser = argparse.ArgumentParser(description="Build a registry for the benchmarks.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    for table, count in sorted(build(given.path, given.photos, given.seed).items()):
        print(f"{count:>10,} {table}")


if __name__ == "__main__":
    main()
