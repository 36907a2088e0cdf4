"""X1: writing publishable copies."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date

from benchmarks.measuring import Bench, Figure, ResourceUsage, photoreg, run, run_interleaved
from benchmarks.photo_files import ARTISTS, files_below
from benchmarks.registering import camera_files
from benchmarks.registries import COORDINATOR

from photoreg.registry.engines.database import Registry
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.services.organisation.channels import add_channel
from photoreg.services.organisation.registry_setup import create_registry


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure exporting publishable photos, each verified and synced to the disk."""
    count = bench.sized(200, 10)
    originals = list(files_below(camera_files(bench) / "large"))[:count]
    registry = bench.scratch / "export.sqlite"
    create_registry(registry, organisation="Kunta", login=COORDINATOR, name="Kaisa")
    opened = Registry.open(registry)
    work = Application(opened, COORDINATOR)
    admins = (COORDINATOR,)
    add_channel(
        work,
        name="kunta",
        title="Kunta",
        kind=Channel.PUBLIC_PAGE,
        controller=None,
        since=date(2020, 1, 1),
        admins=admins,
    )
    opened.close()
    for artist in ARTISTS:
        run(photoreg(registry, "person", "add", artist, "--adult"))
        permission = ("--basis", "photographer_permission", "--open-ended", "--paper", "folder 1")
        channel = ("--channel", "public_page", "--credit", f"Kuva: {artist}")
        grant = ("permission", "grant", "--photographer", artist)
        run(photoreg(registry, *grant, *permission, *channel))
    answers = ("--place", "public_outdoor", "--shot", "general_view", "--people", "none")
    safe = ("--confidential", "none", "--sensitive", "no")
    run(photoreg(registry, "register", "--no-ask", "--quick", *answers, *safe, *originals))
    names = [f"P-{number}" for number in range(1, count + 1)]
    copies = bench.scratch / "copies"

    def empty_folder() -> None:
        shutil.rmtree(copies, ignore_errors=True)
        copies.mkdir()

    def export() -> ResourceUsage:
        empty_folder()
        return run(photoreg(registry, "export", *names, "--channel", "kunta", "-o", copies))

    def copy() -> ResourceUsage:
        empty_folder()
        script = 'cp "$@" && shift $(($# - 1)) && sync "$1"/*'
        return run(["sh", "-c", script, "cp", *originals, copies])

    taken = run_interleaved(bench.rounds, {"cp and fsync": copy, "export": export})
    size = sum(path.stat().st_size for path in originals) / count / 1e6
    yield Figure(
        "X1",
        f"`export` of {count} JPEGs of {size:.1f} MB, verified / `cp` with fsync",
        taken.ratio("export", "cp and fsync"),
        3,
        1.8,
        rounds=bench.rounds,
        note=taken.in_words("export", "cp and fsync"),
    )
    with sqlite3.connect(registry) as connection:
        query = "SELECT count(*) FROM decision WHERE made_for = 'export'"
        if connection.execute(query).fetchone()[0] != count * bench.rounds:
            raise RuntimeError("not every photo was exported")
