"""`retention run` as the coordinator types it."""

from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]


def test_what_is_beyond_its_time_is_listed_and_forgotten_when_confirmed(run: Run) -> None:
    assert "retention_months" in run("retention", "run", exit_code=5).stderr
    run("policy", "set", "retention_months=24")
    run("person", "add", "Elle Valkeapää", "--adult")
    told = run("retention", "run", "--dry-run").stdout
    assert told.endswith("nothing\n")
    assert "nothing" in run("--lang", "en", "retention", "run", "--yes").stdout
    run("retention", "run", login="anna", exit_code=5)
