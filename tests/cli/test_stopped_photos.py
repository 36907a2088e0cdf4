"""A photo that is stopped for a person's sake: nobody but a coordinator is told why."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.conftest import COORDINATOR, Clock
from tests.documents.scanned import page_with
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    PRINT_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.cli.app import cli
from photoreg.registry.engines.database import Registry
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.forms import FormOrder, print_forms
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.decisions import flags
from photoreg.services.people import blocks
from photoreg.services.publications import publishing

Run = Callable[..., Result]

BLOCKED, ERASED, OBJECTED = "P-1", "P-2", "P-3"
REAL = {
    BLOCKED: {"CF_PUBLICATION_BLOCK"},
    ERASED: {"CF_PUBLICATION_BLOCK", "RG_ERASED"},
    OBJECTED: {"RG_FLAGGED"},
}
OTHERS = [ERASED, OBJECTED]
HIDDEN = "CF_PUB|RG_ERASED|RG_FLAGGED"
CHANNEL = ("--channel", PAGE_USE.channel)
FORMATS = ("table", "json", "jsonl", "csv")
ABOUT_PHOTO = {
    "check": ("check", "{photo}", *CHANNEL),
    "check for print": ("check", "{photo}", "--channel", PRINT_USE.channel),
    "check a link": ("check", "{photo}", *CHANNEL, "--mode", "link"),
    "check for marketing": ("check", "{photo}", *CHANNEL, "--purpose", "marketing"),
    "match": ("match", "{file}"),
    "flag list": ("flag", "list", "--photo", "{photo}", "--all"),
    "publications": ("publication", "list", "--photo", "{photo}", "--all"),
    "log": ("audit", "log", "--photo", "{photo}"),
    "history": ("audit", "history", "{photo}"),
}
"""Commands about one photo, each in every format."""

ABOUT_PERSON = (
    ("person", "show", "{person}"),
    ("person", "report", "{person}"),
    ("person", "report", "{person}", "--purpose", "A complaint"),
    ("person", "report", "{person}", "--format", "json"),
    ("person", "report", "{person}", "--format", "html"),
    ("guardian", "list", "{person}"),
    ("consent", "list", "--for", "{person}"),
    ("audit", "log", "--person", "{person}"),
    ("audit", "history", "{person}"),
    ("audit", "history", "{person}", "--purpose", "A complaint"),
    ("audit", "disclosures", "--person", "{person}", "--format", "csv"),
)
"""Commands about one person."""

OTHER_DOORS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("publication", "show"): ("J-1",),
    ("today",): (),
    ("show",): ("P-2",),
    ("photo", "show"): ("P-2",),
    ("photo", "series"): ("P-2",),
    ("event", "list"): (),
    ("event", "show"): ("E-1",),
    ("event", "roster"): ("E-1",),
    ("event", "no-photo-list"): ("E-1",),
    ("person", "list"): (),
    ("person", "blocks"): (),
    ("consent", "list"): (),
    ("consent", "expiring"): ("--within", "9999"),
    ("consent", "pending"): (),
    ("consent", "form"): ("--person", "H-3", "--out", "form.html"),
    ("consent", "receipt"): ("C-2",),
    ("consent", "scan"): ("scans", "-o", "answers.csv"),
    ("permission", "list"): (),
    ("channel", "list"): (),
    ("case", "show"): ("K-1",),
    ("flag", "show"): ("F-1",),
    ("audit", "channels"): (),
    ("audit", "evidence"): (),
    ("audit", "expiring"): (),
    ("audit", "looser-policy"): (),
    ("audit", "one-guardian"): (),
    ("audit", "second-looks"): (),
    ("audit", "undocumented"): (),
    ("metadata", "show"): ("P-2",),
    ("policy", "show"): (),
    ("policy", "diff"): ("child_age=17",),
    ("staff", "list"): (),
    ("unit", "list"): (),
    ("person", "change"): ("H-3", "--contact", "x"),
    ("photo", "tag"): ("P-2", "--person", "H-3"),
    ("evidence", "show"): ("C-1",),
    ("audit", "keys"): (),
}
"""Further doors that could show a person, each tried for the erased one."""

CHANGING = {("person", "change"), ("photo", "tag"), ("consent", "form")}
"""Those that change something, or write a file."""

NOT_ABOUT_PEOPLE = {
    ("completion", "show"),
    ("register",),
    ("photo", "fingerprint"),
    ("event", "import-roster"),
    ("sheet", "import"),
    ("consent", "import"),
    ("metadata", "write"),
    ("rules", "list"),
    ("api-key", "list"),
}
"""Commands with a list of what they have done, or of reasons, not of what is recorded."""

LISTS = (
    ("audit", "lacking"),
    ("audit", "published"),
    ("audit", "rulings"),
    ("audit", "log"),
    ("case", "list", "--all"),
    ("flag", "list", "--all"),
    ("photo", "list"),
    ("publication", "list", "--all"),
)
"""Lists of many photos, each in every format."""


@pytest.fixture
def stopped(application: Application, application_for: ApplicationFor, tmp_path: Path) -> Path:
    """Three published photos of one consenting person each: blocked, erased, objected to.

    Each has a printed form, which came back: its page is in the folder `scans`.
    """
    anna = application_for("anna")
    add_photographer(anna)
    for number, name in enumerate(("Elle Valkeapää", "Aila Valkeapää", "Inga Valkeapää"), 1):
        folder = tmp_path / f"P-{number}"
        folder.mkdir()
        photo = register_photo(anna, folder, MARKET, f"{number}.jpg")
        person = create_person(anna, name)
        tag_person(anna, photo, person)
        record_consent(anna, person)
        for use in (PAGE_USE, PRINT_USE):
            publishing.add_publication(anna, [photo], use, address="https://kunta.example")
    order = FormOrder(tmp_path / "forms", date(2027, 12, 31), persons=("H-2", "H-3", "H-4"))
    (tmp_path / "scans").mkdir()
    for form in print_forms(anna, order).forms:
        page_with(form.code).save(tmp_path / "scans" / f"{form.code}.png")
    blocks.block_person(application, "H-2")
    erasure.erase(application, "H-3", ground=ErasureGround.REQUEST)
    flags.raise_flag(application, OBJECTED, reason="Not me.", person="H-4")
    return tmp_path


def _like_any(text: str) -> str:
    """Return a text without what differs between any two photos: ids, files, times, hashes."""
    text = re.sub(r"\b[0-9a-f]{12,64}\b|\d{4}-\d\d-\d\dT[^\s\",]*|\d+\.jpg", "_", text)
    numbers = r'"(seq|entry)": ?\d+|\bentry=\d+|(?<=entry: )\d+|^\ufeff?\d+(?=[,;])|^ *\d+ '
    text = re.sub(numbers, "_", text, flags=re.MULTILINE)
    text = re.sub(r'(size(: - → |,,|;;|", "old": null, "new": "))\d+', "_", text)
    return re.sub(r"\b[A-Z]{1,2}-\d+\b", "_", text)


def _about(photo: str, output: str, layout: str) -> Counter[str]:
    """Return what a list says about a photo, without its ids."""
    if layout == "json":
        rows = [json.dumps(item, ensure_ascii=False) for item in json.loads(output)["items"]]
    else:
        rows = output.splitlines()
    return Counter(_like_any(row) for row in rows if re.search(rf"\b{photo}\b", row))


def _said(run: Run, words: tuple[str, ...], photo: str, folder: Path, login: str) -> str:
    """Return all that a command says about a photo, with its exit code."""
    file = folder / photo / f"{photo[2:]}.jpg"
    given = [word.format(photo=photo, file=file) for word in words]
    try:
        done = run(*given, login=login)
    except AssertionError:
        done = run(*given, login=login, exit_code=3)
    return _like_any(f"{done.exit_code}\n{done.stdout}\n{done.stderr}".replace(photo, "_"))


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.parametrize("other", OTHERS)
def test_commands_about_a_photo_do_not_distinguish_stops(
    run: Run, stopped: Path, other: str, login: str
) -> None:
    for words in ABOUT_PHOTO.values():
        for layout in FORMATS:
            asked = (*words, "--format", layout)
            expected = _said(run, asked, BLOCKED, stopped, login)
            assert _said(run, asked, other, stopped, login) == expected, asked
            assert not re.search("CF_PUB|RG_ERASED|RG_FLAGGED|CN_", expected), asked
    explained = ("check", "{photo}", *CHANNEL, "--explain")
    expected = _said(run, explained, BLOCKED, stopped, login)
    assert "RG_STOPPED" in expected
    assert _said(run, explained, other, stopped, login) == expected
    assert not re.search("✓ (CF_|RG_ERASED|RG_FLAGGED|RG_STOPPED|CN_|MI_)", expected)


@pytest.mark.parametrize("other", OTHERS)
def test_commands_that_record_do_not_distinguish_stops(run: Run, stopped: Path, other: str) -> None:
    for words in (
        ("approve", "{photo}", *CHANNEL),
        ("export", "{photo}", *CHANNEL, "-o", str(stopped / "out")),
        ("publication", "add", "{photo}", *CHANNEL, "--url", "https://kunta.example/2"),
        ("publication", "keep", "{publication}", "--reason", "It may stay."),
    ):
        pair = [
            _said(run, _with_publication(words, photo), photo, stopped, "anna")
            for photo in (BLOCKED, other)
        ]
        assert pair[0] == pair[1], words
        assert "RG_STOPPED" in pair[0], words


def _with_publication(words: tuple[str, ...], photo: str) -> tuple[str, ...]:
    publication = f"J-{2 * int(photo[2:]) - 1}"
    return tuple(word.replace("{publication}", publication) for word in words)


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.usefixtures("stopped")
def test_lists_do_not_distinguish_stops(run: Run, other: str, login: str) -> None:
    for words in LISTS:
        for layout in FORMATS:
            output = run(*words, "--format", layout, login=login).stdout
            assert _about(other, output, layout) == _about(BLOCKED, output, layout), words
            assert not re.search(HIDDEN, output), words
    assert "RG_STOPPED" in run("audit", "lacking", login=login).stdout
    assert "RG_STOPPED" in run("audit", "published", login=login).stdout
    run("audit", "refresh")
    assert "RG_STOPPED" in run("audit", "lacking", login=login).stdout


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.usefixtures("stopped")
def test_figures_and_tasks_name_no_reason_for_a_stop(run: Run, login: str, tmp_path: Path) -> None:
    assert "F-1" not in run("today", login=login).output
    page = tmp_path / "2026.html"
    run("audit", "report", "--year", "2026", "--out", page, login=login)
    report = page.read_text("utf-8")
    assert "RG_STOPPED" in report
    assert not re.search(HIDDEN, report)


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.usefixtures("stopped")
def test_commands_about_a_person_do_not_distinguish_blocks_from_objections(
    run: Run, login: str
) -> None:
    for words in ABOUT_PERSON:
        said = [_said_of_person(run, words, person, login) for person in ("H-2", "H-4")]
        assert said[0] == said[1], words


def _said_of_person(run: Run, words: tuple[str, ...], person: str, login: str) -> str:
    done = _done(run, tuple(word.format(person=person) for word in words), login)
    said = _like_any(f"{done.exit_code}\n{done.output}".replace("Inga", "Elle"))
    return re.sub(" +", " ", said.replace(" everything", " _"))


def _done(run: Run, words: tuple[str, ...], login: str) -> Result:
    """Run a command that may end with any exit code."""
    for exit_code in (0, 5, 3, 9, 2, 6, 10):
        try:
            return run(*words, login=login, exit_code=exit_code)
        except AssertionError:
            continue
    raise AssertionError(words)


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.usefixtures("stopped")
def test_no_interface_mentions_an_erasure_or_its_ground(
    run: Run, login: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("event", "add", "Juhla", "--on", "2026-10-01")
    doors = [tuple(word.format(person="H-3") for word in words) for words in ABOUT_PERSON]
    doors += [
        tuple(word.format(photo=ERASED, file="P-2/2.jpg") for word in words)
        for words in ABOUT_PHOTO.values()
    ]
    doors += [*LISTS, *((*name, *given) for name, given in OTHER_DOORS.items())]
    for words in doors:
        said = _done(run, words, login).output
        assert not re.search("[Ee]ras(ed|ure)|ground=|person's request", said), words
    for name in set(_readers(cli)) - NOT_ABOUT_PEOPLE:
        assert any(words[: len(name)] == name for words in doors), f"not tried: {name}"


def _readers(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the commands that show what is recorded: those with a format, or named so."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _readers(command, (*path, name))
        elif command and (name == "show" or any("--format" in p.opts for p in command.params)):
            yield (*path, name)


def _has_format(words: Sequence[str]) -> bool:
    return any(words[: len(name)] == name for name in FORMATTED)


FORMATTED = frozenset(name for name in _readers(cli) if name not in NOT_ABOUT_PEOPLE)
"""The commands that show what is recorded; those without formats refuse one alike."""


@pytest.mark.usefixtures("stopped")
def test_the_coordinator_sees_an_erasure_and_its_ground(run: Run) -> None:
    assert "erased on 2026-11-02: at the person's request" in run("person", "show", "H-3").stdout
    assert "the person's data was erased" in run("audit", "log").stdout


@pytest.mark.parametrize("photo", [BLOCKED, *OTHERS])
@pytest.mark.usefixtures("stopped")
def test_the_coordinator_sees_the_real_reason(run: Run, photo: str) -> None:
    output = run("check", photo, *CHANNEL, "--format", "json", exit_code=3).stdout
    [item] = json.loads(output)["items"]
    assert set(item["codes"]) & REAL[photo]
    assert "RG_STOPPED" not in item["codes"]
    explained = run("check", photo, *CHANNEL, "--explain", exit_code=3).stdout
    assert not re.search("✓ (CF_PUB|RG_ERASED|RG_FLAGGED|RG_STOPPED)", explained)
    assert "F-1" in run("flag", "list").stdout
    assert "Not me." in run("flag", "show", "F-1").stdout


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.usefixtures("stopped")
def test_an_objection_is_shown_to_coordinators_only(run: Run, login: str) -> None:
    assert "F-1" not in run("flag", "list", "--all", login=login).stdout
    assert "F-1" not in run("case", "list", "--all", login=login).stdout
    assert "F-1" not in run("show", OBJECTED, login=login).stdout


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.parametrize(
    ("words", "hidden"),
    [
        (("flag", "show"), "F-1"),
        (("audit", "history"), "F-1"),
        (("audit", "history"), "C-4"),
        (("evidence", "show"), "C-4"),
        (("consent", "receipt"), "C-4"),
        (("consent", "withdraw"), "C-4"),
    ],
)
@pytest.mark.usefixtures("stopped")
def test_a_hidden_record_is_like_one_that_does_not_exist(
    run: Run, login: str, words: tuple[str, ...], hidden: str
) -> None:
    no_such = f"{hidden[0]}-99"
    said = [_done(run, (*words, named), login).output for named in (hidden, no_such)]
    assert said[0].replace(hidden, no_such) == said[1]
    assert "is not in the registry" in said[1] or login == "tarja"


def test_who_recorded_an_objection_sees_its_consent_and_nobody_else_does(
    run: Run, stopped: Path, application_for: ApplicationFor
) -> None:
    anna = application_for("anna")
    photo = register_photo(anna, stopped, MARKET, "4.jpg")
    tag_person(anna, photo, "H-2")
    raised = flags.raise_flag(anna, photo, reason="Not me.", person="H-2")
    [own] = raised.objections
    assert own in run("consent", "list", login="anna").stdout
    assert own in run("consent", "list").stdout
    assert own not in run("consent", "list", login="tarja").stdout
    run("flag", "show", raised.flag, login="anna")


STOPS: dict[str, Callable[[Application], object]] = {
    "block": lambda application: blocks.block_person(application, "H-2"),
    "objection": lambda application: flags.raise_flag(
        application, "P-1", reason="Not her.", person="H-2"
    ),
    "objection by a guardian": lambda application: flags.raise_flag(
        application, "P-1", reason="Not her.", person="H-3"
    ),
}


def _after(stop: str, registry: Path, folder: Path, clock: Clock) -> Path:
    """Return a copy of a registry in which a stop was made."""
    where = folder / f"{stop}.db"
    with closing(sqlite3.connect(registry)) as source, closing(sqlite3.connect(where)) as copy:
        source.backup(copy)
    where.with_name(f"{where.name}.evidence").mkdir(mode=0o700)
    opened = Registry.open(where)
    STOPS[stop](Application(opened, COORDINATOR, clock, COORDINATOR))
    opened.close()
    return where


def _answers_of(registry: Path, doors: Iterable[tuple[str, ...]], login: str) -> dict[str, str]:
    """Return what commands say of a registry, without times and hashes."""
    environment = {"PHOTOREG_REGISTRY": str(registry), "PHOTOREG_ACTOR": login}
    said = {}
    for words in doors:
        done = CliRunner().invoke(cli, words, env=environment)
        numbers = re.sub(r"\bC-[3-9]\b", "C-_", done.output)
        said[" ".join(words)] = f"{done.exit_code}\n{_without_times(numbers)}"
    return said


def _without_times(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d[T ][^\s\",]*|\b[0-9a-f]{12,64}\b", "_", text)
    numbers = r'"(seq|entry)": ?\d+|\bentry=\d+|^\ufeff?\d+(?=[,;])|^ *\d+ '
    return re.sub(numbers, "_", text, flags=re.MULTILINE)


@pytest.fixture
def child_shown(anna: Application, tmp_path: Path) -> Path:
    """P-1 shows a child (H-2); one of her guardians (H-3, H-4) has taken the consent back."""
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "1.jpg")
    child = add_child(anna, "Elle Valkeapää", date(2018, 1, 15), ["Máret Magga", "Niila Magga"])
    tag_person(anna, photo, child)
    for guardian in ("H-3", "H-4"):
        record_consent(anna, child, by=guardian)
    record_consent(anna, child, by="H-3", spoken=ConsentStatement(ConsentKind.WITHDRAWN))
    return tmp_path / "1.jpg"


@pytest.mark.parametrize(
    ("login", "objection"), [("anna", "objection"), ("tarja", "objection by a guardian")]
)
def test_every_door_says_the_same_after_a_block_and_after_an_objection(
    registry_path: Path, child_shown: Path, tmp_path: Path, clock: Clock, login: str, objection: str
) -> None:
    given = {"photo": "P-1", "file": str(child_shown), "person": "H-2"}
    every = [
        *ABOUT_PHOTO.values(),
        *ABOUT_PERSON,
        *LISTS,
        *((*name, *words) for name, words in OTHER_DOORS.items() if name not in CHANGING),
        ("show", "P-1"),
        ("photo", "show", "P-1"),
        ("guardian", "list", "H-2"),
    ]
    doors = [tuple(word.format(**given) for word in words) for words in every]
    doors += [
        (*words, "--format", layout)
        for words in doors
        for layout in FORMATS[1:]
        if "--format" not in words and _has_format(words)
    ]
    blocked, objected = (
        _answers_of(_after(stop, registry_path, tmp_path, clock), doors, login)
        for stop in ("block", objection)
    )
    assert "RG_STOPPED" in blocked["check P-1 --channel kunta-public-page"]
    differing = {words: (said, objected[words]) for words, said in blocked.items()}
    assert not {words: both for words, both in differing.items() if both[0] != both[1]}


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.parametrize("name", [("show",), ("photo", "show")])
def test_another_photo_of_somebody_who_objects_shows_no_consents_either(
    registry_path: Path,
    child_shown: Path,
    anna: Application,
    tmp_path: Path,
    clock: Clock,
    login: str,
    name: tuple[str, ...],
) -> None:
    tag_person(anna, register_photo(anna, child_shown.parent, MARKET, "2.jpg"), "H-2")
    doors = [(*name, "P-2"), (*name, "P-2", "--format", "json")]
    blocked, objected = (
        _answers_of(_after(stop, registry_path, tmp_path, clock), doors, login)
        for stop in ("block", "objection")
    )
    assert blocked == objected
    assert "C-" not in blocked[" ".join(doors[0])]
    assert "C-" in _answers_of(registry_path, doors, login)[" ".join(doors[0])]


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.parametrize("photo", [BLOCKED, *OTHERS])
@pytest.mark.usefixtures("stopped")
def test_no_hash_of_the_facts_is_given_where_the_reason_is_not(
    run: Run, login: str, photo: str
) -> None:
    asked = ("check", photo, *CHANNEL, "--format", "json")
    [item] = json.loads(run(*asked, login=login, exit_code=3).stdout)["items"]
    assert item["facts_digest"] is None
    [item] = json.loads(run(*asked, exit_code=3).stdout)["items"]
    assert len(item["facts_digest"]) == 64


@pytest.mark.usefixtures("stopped")
def test_a_flag_about_no_person_keeps_its_reason(run: Run) -> None:
    run("photo", "flag", BLOCKED, "--reason", "The number plate can be read.")
    for photo in (BLOCKED, ERASED):
        run("check", photo, *CHANNEL, login="anna", exit_code=3)
    said = run("check", BLOCKED, *CHANNEL, login="anna", exit_code=3).stdout
    assert "RG_FLAGGED" in said
    assert "RG_STOPPED" in said
    assert "F-2" in run("flag", "list", login="anna").stdout


@pytest.mark.parametrize("login", ["anna", "tarja"])
@pytest.mark.usefixtures("stopped")
def test_consents_beside_a_stop_say_to_ask_the_coordinator(run: Run, login: str) -> None:
    items = json.loads(run("consent", "list", "--format", "json", login=login).stdout)["items"]
    assert {(each["person"], each["state"]) for each in items} == {
        ("H-2", "ask_coordinator"),
        ("H-3", "ask_coordinator"),
        ("H-4", "ask_coordinator"),
    }
    assert len(items) == 3  # the objection itself is no row
    assert "ask the coordinator" in run("consent", "list", "--for", "H-2", login=login).stdout
    assert "ask the communications coordinator" in run("person", "show", "H-2", login=login).stdout
    assert "yes" in run("person", "show", "H-2").stdout
    for photo in (BLOCKED, ERASED, OBJECTED):
        assert "C-" not in run("show", photo, login=login).stdout


@pytest.mark.parametrize("login", ["anna", "tarja"])
def test_an_outsiders_objection_to_a_photo_of_one_person_looks_like_that_persons(
    run: Run, stopped: Path, application_for: ApplicationFor, login: str
) -> None:
    anna = application_for("anna")
    photo = register_photo(anna, stopped, MARKET, "4.jpg")
    tag_person(anna, photo, create_person(anna, "Risten Magga"))
    record_consent(anna, "H-5")
    flags.raise_flag(anna, photo, reason="Take it off.", objector="A neighbour")
    for words in (("consent", "list", "--for"), ("person", "show"), ("person", "report")):
        said = [_done(run, (*words, person), login).output for person in ("H-2", "H-5")]
        as_one = [_like_any(each).replace("Risten Magga", "Elle Valkeapää") for each in said]
        assert re.sub(" +", " ", as_one[0]) == re.sub(" +", " ", as_one[1]), words


def test_a_blocked_person_is_on_the_roster_like_one_who_has_not_answered(
    run: Run, application_for: ApplicationFor
) -> None:
    anna = application_for("anna")
    run("event", "add", "Juhla", "--on", "2026-10-01")
    for name in ("Elle Valkeapää", "Inga Valkeapää"):
        create_person(anna, name)
    run("event", "roster", "Juhla", "--add", "H-1", "--add", "H-2")
    record_consent(anna, "H-1")
    run("person", "block", "H-1")
    roster = ("event", "roster", "Juhla", "--format", "json")
    [blocked, silent] = json.loads(run(*roster, login="anna").stdout)["items"]
    assert blocked["missing"] == silent["missing"] == ["CN_NO_CONSENT"]
    assert (blocked["channels"], blocked["ask"]) == ([], ["H-1"])
    nobody = run("event", "no-photo-list", "Juhla", login="anna").stdout
    assert "Elle" in nobody
    assert "Inga" in nobody
