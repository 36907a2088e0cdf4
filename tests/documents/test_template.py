"""Texts that a municipality replaces: what they may hold, and what is said when it is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from photoreg.documents.template import Block, BlockKind, TemplateSpec, read_template
from photoreg.errors import InputDataError

KIT = TemplateSpec(
    fields={"person", "code"},
    choices={"yes", "no", "website"},
    tags={"adult", "child"},
    needed_fields={"code"},
    needed_choices={"no"},
    titled_choices={"website"},
)
VALUES = {"person": "Áile", "code": "7K3M"}
GOOD = """% language: fi
% version: 3

# Otsikko
| Kuka | $person
{child} Vain
lapselle.
{adult} ## Aikuiselle

Kappale, joka
jatkuu. Hinta 5 $$.
[ ] no: Ei, $person
[] website: Sivuilla: $title
___ Paikka | Nimi
---
Koodi ${code}.
"""
File = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path) -> File:
    def write(text: str, name: str = "form.fi.txt") -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_text_is_filled_in(file: File) -> None:
    page = read_template(file(GOOD), KIT).fill(VALUES, {"child"}, {"no": [""]}, "7K3M")
    assert page.blocks == (
        Block(BlockKind.TITLE, "Otsikko"),
        Block(BlockKind.FACT, "Áile", "Kuka"),
        Block(BlockKind.TEXT, "Vain lapselle."),
        Block(BlockKind.TEXT, "Kappale, joka jatkuu. Hinta 5 $."),
        Block(BlockKind.CHOICE, "Ei, Áile", key="no"),
        Block(BlockKind.SIGNATURE, "Paikka | Nimi"),
        Block(BlockKind.CUT),
        Block(BlockKind.TEXT, "Koodi 7K3M."),
    )
    assert (page.language, page.title) == ("fi", "Otsikko")


def test_a_choice_is_shown_only_when_it_is_offered_once_for_each_title(file: File) -> None:
    sites = {"website": ["enontekio.fi", "hetta.fi"]}
    page = read_template(file(GOOD), KIT).fill(VALUES, {"adult"}, sites, "")
    choices = [block.text for block in page.blocks if block.kind is BlockKind.CHOICE]
    assert choices == ["Sivuilla: enontekio.fi", "Sivuilla: hetta.fi"]


def test_what_is_filled_in_is_never_taken_for_a_field(file: File) -> None:
    text = read_template(file(GOOD), KIT)
    page = text.fill({**VALUES, "person": "$code {child} # x"}, set(), {}, "")
    assert page.blocks[1] == Block(BlockKind.FACT, "$code {child} # x", "Kuka")


def test_the_version_shows_every_change_of_the_text(file: File) -> None:
    first = read_template(file(GOOD), KIT).version
    second = read_template(file(GOOD.replace("Kappale", "Toinen")), KIT).version
    assert first != second
    assert first.startswith("3 ")
    assert len(first) <= 32


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "| Kuka | $person",
            "| Kuka | $persona",
            "form.fi.txt, line 5: there is no field $persona",
        ),
        ("5 $$", "5 $", "form.fi.txt, line 10: a dollar sign must be written $$"),
        ("[] website", "[] facebook", "form.fi.txt, line 13: there is no choice facebook"),
        ("{adult}", "{grandmother}", "form.fi.txt, line 8: there is no kind of form grandmother"),
        ("${code}", "", "form.fi.txt: the field $code is missing"),
        ("[ ] no: Ei, $person", "", "form.fi.txt: the choice no is missing"),
        (": $title", "", "form.fi.txt, line 13: the choice website must contain $title"),
    ],
)
def test_what_is_wrong_in_a_text_is_named_with_its_line(
    file: File, old: str, new: str, said: str
) -> None:
    with pytest.raises(InputDataError) as caught:
        read_template(file(GOOD.replace(old, new)), KIT)
    assert str(caught.value) == said
    assert "$person" in caught.value.hint.format(**caught.value.values)


def test_a_text_without_translation_is_that_of_another_language_with_a_mark(file: File) -> None:
    file(GOOD)
    awaiting = file("% same as: fi\n% awaiting: Ei vielä käännetty.\n", "form.se.txt")
    page = read_template(awaiting, KIT).fill(VALUES, set(), {}, "")
    assert page.language == "fi"
    assert page.blocks[0] == Block(BlockKind.MARK, "Ei vielä käännetty.")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 200_000])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "form.fi.txt"
    path.write_bytes(content)
    with pytest.raises(InputDataError, match="cannot be read as a text"):
        read_template(path, KIT)
    with pytest.raises(InputDataError, match="cannot be read as a text"):
        read_template(tmp_path / "form.xx.txt", KIT)


def test_a_text_that_leads_in_a_circle_is_refused(file: File) -> None:
    file("% same as: fi\n")
    with pytest.raises(InputDataError):
        read_template(file("% same as: fi\n", "form.se.txt"), KIT)
