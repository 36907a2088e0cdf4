"""The story of docs/story.*.md, typed line by line: a school feast from class list to take-down.

The test makes what people bring along (the class list, the photos) and fills in the table, in the
words of the page's language. The commands stand in the pages and nowhere else.
"""

import json
import random
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from PIL import Image

from photoreg.texts import _, use_language

ROOT = Path(__file__).parent.parent
LINE = re.compile(r"^\$ photoreg (.+?)(?:  # exit (\d+))?$", re.MULTILINE)
CHILDREN, GUARDIANS, PHOTOS, MOST_COMMANDS = 24, 43, 60, 10

Typed = Callable[..., Result]


@dataclass(frozen=True)
class Child:
    """A child of the class, and the reasons for which a photo of the child is refused."""

    name: str
    guardians: tuple[str, ...]
    codes: frozenset[str] = frozenset()


NO_ANSWER, NO, WEBSITE_ONLY, CHILD_NO, MARKETING_ONLY = 1, 5, 9, 13, 20
"""The children whose photos may not be published, by their place in the list, and why.

A channel or purpose without a tick on the paper is a no.
"""

_CODES = {
    NO_ANSWER: {"MI_GUARDIAN_PARTIAL"},
    NO: {"MI_GUARDIAN_REFUSED"},
    WEBSITE_ONLY: {"MI_GUARDIAN_REFUSED"},
    CHILD_NO: {"MI_CHILD_OPPOSES"},
    MARKETING_ONLY: {"MI_GUARDIAN_REFUSED"},
}
_FIRST = ("Elle", "Áilu", "Niillas", "Sárá", "Đorđi", "Áŋŋel")
_LAST = ("Valkeapää", "Näkkälä", "Čáhcesuolu", "Šuorri")


def the_class() -> list[Child]:
    """24 children; five have one guardian, so there are 43 guardians."""
    found = []
    for number in range(CHILDREN):
        last = _LAST[number // len(_FIRST)]
        name = f"{_FIRST[number % len(_FIRST)]} {last}"
        given = f"{chr(ord('A') + number)}illá"  # a number beside a name would be asked about
        first = "Máret" if number == 0 else f"Risten-{given}"
        guardians = [f"{first} {last}", f"Ánte-{given} {last}"][: 1 if number >= 19 else 2]
        found.append(Child(name, tuple(guardians), frozenset(_CODES.get(number, set()))))
    assert sum(len(child.guardians) for child in found) == GUARDIANS
    return found


def shown_in(photo: int, children: Sequence[Child]) -> list[Child]:
    """Who is in the photo of this number: one child or two; nobody in every tenth."""
    if photo % 10 == 9:
        return []
    first = children[photo % CHILDREN]
    return [first, children[(photo * 7 + 3) % CHILDREN]] if photo % 3 == 2 else [first]


def write_class_list(file: Path, children: Sequence[Child]) -> None:
    """The school's list: headings as a Finnish system writes them."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(
        ["Nimi", "Syntynyt", "Huoltajia", "Kieli"]
        + [f"{what} {n}" for n in (1, 2) for what in ("Huoltaja", "Yhteystieto", "Varmistettu")]
    )
    for number, child in enumerate(children):
        row = [child.name, f"{number % 28 + 1}.3.2018", len(child.guardians), "suomi"]
        for at, guardian in enumerate(child.guardians):
            row += [guardian, f"040 {number}{at}", "väestötiedot"]
        sheet.append(row)
    book.save(file)


def make_photos(folder: Path) -> None:
    """Sixty small images of which none looks like another."""
    folder.mkdir()
    dice = random.Random(1)  # noqa: S311 - the same images every time
    for number in range(PHOTOS):
        pixels = dice.randbytes(12 * 8 * 3)
        image = Image.frombytes("RGB", (12, 8), pixels).resize((240, 160))
        image.save(folder / f"juhla-{number:02}.jpg", quality=85)


def fill_in(file: Path, children: Sequence[Child]) -> None:
    """What Anna writes into the table: who is in each photo, and what came back on paper."""
    book = openpyxl.load_workbook(file)
    photos, answers = book[_("Photos")], book[_("Answers")]
    assert (photos.max_row - 1, answers.max_row - 1) == (PHOTOS, GUARDIANS)
    for row in range(2, photos.max_row + 1):
        shown = shown_in(number_of(cell(photos, row, "file").value), children)
        people = "somebody can be recognised" if shown else "nobody is shown"
        cell(photos, row, "people").value = _(people)
        if shown:
            cell(photos, row, "how many can be recognised").value = len(shown)
            cell(photos, row, "names").value = "; ".join(child.name for child in shown)
            cell(photos, row, "caption, clothes or place tell who").value = _("no")
    numbers = {child.name: number for number, child in enumerate(children)}
    for row in range(2, answers.max_row + 1):
        child = numbers[str(cell(answers, row, "who is shown").value)]
        is_second = str(cell(answers, row, "who answers").value).startswith("Ánte")
        answer_on(answers, row, child, is_second=is_second)
    book.save(file)


def answer_on(sheet: Any, row: int, child: int, *, is_second: bool) -> None:
    """What one paper says."""
    if child == NO_ANSWER and is_second:
        return
    says_no = child == NO and is_second
    cell(sheet, row, "yes or no").value = _("no" if says_no else "yes")
    cell(sheet, row, "where the paper is kept").value = "kansio 3"
    if says_no:
        return
    cell(sheet, row, "sivut: www.example.fi").value = "x"
    if child != WEBSITE_ONLY:
        cell(sheet, row, "kunta: Enontekiön kunta, Facebook").value = "x"
    cell(sheet, row, "marketing" if child == MARKETING_ONLY else "information").value = "x"
    if child == CHILD_NO and not is_second:
        cell(sheet, row, "the child refuses").value = "x"


def cell(sheet: Any, row: int, heading: str) -> Any:
    headings = [each.value for each in sheet[1]]
    return sheet.cell(row, headings.index(_(heading)) + 1)


def number_of(file: object) -> int:
    return int(str(file).removeprefix("juhla-").removesuffix(".jpg"))


@pytest.mark.parametrize("language", ["fi", "en"])
def test_a_school_feast_from_the_class_list_to_the_take_down(
    language: str, typed: Typed, tmp_path: Path
) -> None:
    use_language(language)
    children = the_class()
    page = (ROOT / "docs" / f"story.{language}.md").read_text("utf-8")
    lines = [(line, int(code or 0)) for line, code in LINE.findall(page)]
    write_class_list(tmp_path / word_after("import-roster", 2, lines), children)
    make_photos(tmp_path / word_after("register", 1, lines))

    said = {}
    for line, exit_code in lines:
        done = typed(*shlex.split(line), exit_code=exit_code, PHOTOREG_LANG=language)
        said[line] = done.stdout + done.stderr
        if "sheet export" in line:
            fill_in(tmp_path / shlex.split(line)[-1], children)

    commands = [line for line, _code in lines]
    first, last = at(commands, "event add"), at(commands, "check --event")
    assert len(commands[first : last + 1]) <= MOST_COMMANDS
    assert_verdicts(typed, children)
    pending = said[commands[at(commands, "consent pending")]]
    assert "Ánte-Billá Valkeapää" in pending
    copies = tmp_path / shlex.split(commands[at(commands, "export P-1")])[-1]
    assert len(list(copies.iterdir())) == 1
    assert "J-1" in said[commands[at(commands, "consent withdraw")]]


def assert_verdicts(typed: Typed, children: Sequence[Child]) -> None:
    """Each photo is refused for the reasons of the children in it, after the one withdrawal."""
    check = ("check", "--event", "Koulun juhla", "--channel", "kunta", "--format", "json")
    found = json.loads(typed("--as", "anna", *check, exit_code=3).stdout)["items"]
    assert len(found) == PHOTOS
    for verdict in found:
        shown = shown_in(number_of(verdict["file"]), children)
        codes = set().union(*(child.codes for child in shown))
        if children[0] in shown:
            codes |= {"MI_GUARDIAN_WITHDRAWN"}
        assert set(verdict["codes"]) == codes, verdict["file"]
        assert verdict["outcome"] == ("refused" if codes else "publishable")


def at(commands: Sequence[str], words: str) -> int:
    return next(number for number, line in enumerate(commands) if words in line)


def word_after(command: str, place: int, lines: Sequence[tuple[str, int]]) -> str:
    """Return the word so many places after a command."""
    line = next(shlex.split(line) for line, _code in lines if command in shlex.split(line))
    return line[line.index(command) + place]
