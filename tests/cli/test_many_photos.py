"""Commands about many photos send as many statements for fifteen photos as for five."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.imaging.builders import jpeg_named
from tests.statements import recorded_statements

from photoreg.cli.app import cli

FEW, MANY = 5, 15
REFUSED, UNCLEAR = 3, 4
PAGE = ("--channel", "kunta-public-page")
PEOPLE = ("Aila", "Beaivi", "Cecilia")
TWIN = "Aila Maria"

Run = Callable[..., str]


def runner(registry: Path) -> Run:
    """Return what runs a command in this registry and gives its standard output."""

    def run(*words: object, login: str = "kaisa", exits: tuple[int, ...] = (0,)) -> str:
        named = ["--registry", str(registry), "--as", login, *map(str, words)]
        result = CliRunner().invoke(cli, named)
        assert result.exit_code in exits, f"{words}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    return run


def furnish(registry: Path, number: int) -> None:
    """Add an event with so many photos, all of which show the same people and may be published."""
    run = runner(registry)
    for name in (*PEOPLE, TWIN, "Taker"):
        run("person", "add", name, "--born", "1980-05-17", login="anna")
    spoken = ("--open-ended", "--paper", "folder 1")
    run("permission", "grant", "--photographer", "Taker", *PAGE, *spoken, login="anna")
    roster = [word for name in PEOPLE for word in ("--person", name)]
    run("event", "add", "Feast", "--on", "2026-01-02", "--photographer", "Taker", *roster)
    run("event", "add", "Market", "--on", "2026-01-03")
    folder = registry.parent / "photos"
    folder.mkdir()
    for each in range(number):
        (folder / f"{each}.jpg").write_bytes(jpeg_named(each))
    answers = ("--place", "public_outdoor", "--shot", "general_view", "--confidential", "none")
    count = ("--people", "recognisable", "--count", len(PEOPLE) + 1, "--context", "no")
    run("register", folder, "--event", "E-1", *answers, *count, "--sensitive", "no", login="anna")
    shown = [word for name in (*PEOPLE, TWIN) for word in ("--person", name)]
    run("photo", "tag", *photos(number), *shown, login="anna")
    for name in (*PEOPLE, TWIN):
        until = ("--until", "2099-01-01", "--paper", "folder 2")
        run("consent", "record", "--for", name, "--event", "E-1", *PAGE, *until, login="anna")


def photos(number: int) -> list[str]:
    return [f"P-{each}" for each in range(1, number + 1)]


@pytest.fixture(scope="module")
def furnished(sample_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Registries with few and with many photos, by their number; made once."""
    made = {}
    for number in (FEW, MANY):
        made[number] = tmp_path_factory.mktemp("photos") / "registry.db"
        copy(sample_registry, made[number])
        furnish(made[number], number)
    return made


def copy(registry: Path, place: Path) -> None:
    shutil.copy(registry, place)
    place.with_name(f"{place.name}.evidence").mkdir(mode=0o700)


Words = tuple[object, ...]
Story = Callable[[Run, list[str]], Iterator[Words]]


def answers(_run: Run, names: list[str]) -> Iterator[Words]:
    yield "photo", "answer", *names, "--shot", "person_subject", "--photographer", "Taker"
    yield "photo", "answer", *names, "--event", "E-2", "--credit", "Kuva"
    yield "photo", "list"
    yield "event", "list"


def people(run: Run, names: list[str]) -> Iterator[Words]:
    yield "sheet", "export", "E-1", "--output", "sheet.csv"
    yield "photo", "untag", *names, "--person", "Aila", "--person", "Cecilia"
    run("photo", "answer", *names, "--shot", "person_subject")
    yield "sheet", "import", "sheet.csv", "--apply"
    assert "Cecilia" in run("photo", "show", names[-1])
    yield "photo", "tag", *names, "--unnamed", 2
    yield "person", "merge", "Aila", TWIN
    yield "person", "erase", "Beaivi", "--ground", "request", "--yes"


def approvals(run: Run, names: list[str]) -> Iterator[Words]:
    yield "check", "--event", "E-1", *PAGE
    yield "approve", *names, *PAGE
    shown = [word for name in (*PEOPLE, TWIN) for word in ("--person", name)]
    run("photo", "untag", *names, *shown, login="anna")
    gone = [word for name in (*PEOPLE, TWIN) for word in ("--not-shown", name)]
    yield "photo", "confirm", *names, *gone
    run("check", *names, *PAGE, exits=(UNCLEAR,))
    yield "approve", "--event", "E-1", *PAGE
    yield "case", "list"
    for case in json.loads(run("case", "list", "--format", "json"))["items"]:
        run("case", "show", case["case"])
    yield "case", "rule", "--event", "E-1", "needs-facts", "--reason", "Who is it?"
    yield "event", "change", "E-1", "--shot", "person_subject"


def publications(run: Run, names: list[str]) -> Iterator[Words]:
    yield "export", *names, *PAGE, "--output", "copies"
    for name in names:
        address = ("--url", f"https://kunta.example/{name}")
        run("publication", "add", name, *PAGE, *address, login="anna")
    yield "publication", "list"
    yield "audit", "lacking"
    yield "audit", "refresh"
    yield "consent", "withdraw", "--for", "Beaivi", "--event", "E-1"
    yield "permission", "withdraw", "--photographer", "Taker"
    yield "person", "report", "Beaivi", "--format", "html", "--out", "report.html"
    yield ("today",)
    yield "audit", "published"
    yield "db", "check"


def flags(run: Run, names: list[str]) -> Iterator[Words]:
    run("person", "block", "Aila")
    yield "photo", "untag", *names, "--person", "Aila"
    yield "flag", "list"
    rows = run("flag", "list", "--format", "jsonl").splitlines()
    raised = [json.loads(row)["flag"] for row in rows]
    assert len(raised) == len(names)
    yield "flag", "resolve", *raised, "--outcome", "upheld", "--reason", "Looked at it."
    yield "flag", "resolve", *raised, "--outcome", "lifted", "--reason", "Somebody else."


def posts(run: Run, _names: list[str]) -> Iterator[Words]:
    """All photos of the event in one post, and out of it."""
    run("channel", "admins", PAGE[1], "--add", "kaisa")
    of_event = ("--event", "E-1", "--verdict", "publishable", *PAGE)
    yield "export", *of_event, "--output", "copies"
    yield "publication", "add", *of_event, "--url", "https://kunta.example/feast"
    yield "publication", "show", "J-1"
    run("consent", "withdraw", "--for", "Beaivi", "--event", "E-1")
    yield "publication", "assign", "J-1", "--to", "kaisa"
    yield "publication", "takedown", "--event", "E-1", "--proof", "Looked at the page."
    yield "photo", "answer", "--of-event", "E-1", "--credit", "Kuva: Taker"
    yield "photo", "tag", "--event", "E-1", "--unnamed", 1


STORIES = (answers, people, approvals, publications, posts, flags)


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.__name__)
def test_more_photos_cost_no_more_statements(
    furnished: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: Story
) -> None:
    def cost(number: int) -> dict[str, int]:
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        copy(furnished[number], folder / "registry.db")
        run = runner(folder / "registry.db")
        found = {}
        for place, words in enumerate(story(run, photos(number))):
            with recorded_statements() as statements:
                run(*words, exits=(0, REFUSED, UNCLEAR))
            found[f"{place}: {words[:2]}"] = len(statements)
        return found

    assert cost(MANY) == cost(FEW)
