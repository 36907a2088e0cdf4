"""Which texts of the code get into the catalogue."""

from pathlib import Path
from typing import IO

import pytest
from babel.messages.catalog import Catalog
from tools.catalogue import is_translated, marked, messages, updated_catalogue, write_whole


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("_('seen')", ["seen"]),
        ("TABLE = {'a': N_('shown later')}", ["shown later"]),
        ("_('in two '\n  'parts')", ["in two parts"]),
        ("f'{_(\"inside an f-string\")}'", ["inside an f-string"]),
        ("_('{who} asks').format(who=_('somebody'))", ["{who} asks", "somebody"]),
        ("_(TABLE[found['release']])", []),
        ("_(TABLE.get('name', 'name'))", []),
        ("_(row.title)", []),
        ("_(ONE[kind] if is_one else MANY['kind'])", []),
        ("map(_, TEXTS)", []),
        ("other('not marked')", []),
    ],
)
def test_the_constants_that_are_marked_are_taken(source: str, texts: list[str]) -> None:
    assert list(marked(source, "module.py")) == texts


@pytest.mark.parametrize(
    "text",
    [
        "f'{name} asks'",
        "'asks: ' f'{name}'",
        "'asks: ' + name",
        "'{who} asks'.format(who=name)",
        "'one' if is_one else 'many'",
        "name or 'nobody'",
        "' asks '.strip()",
        "' '.join(words)",
        "TABLE['key'] + 'asks'",
        "titled('asks')",
        "(name := 'asks')",
    ],
)
def test_a_text_that_is_put_together_is_an_error_with_its_place(text: str) -> None:
    with pytest.raises(SyntaxError, match="only a constant") as found:
        list(marked(f"\n_({text})", "module.py"))
    assert (found.value.filename, found.value.lineno) == ("module.py", 2)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("N_(text='asks')", "one text"),
        ("_('asks', 'more')", "one text"),
        ("_(*TEXTS, 'more')", "one text"),
        ("texts._('asks')", "import _ itself"),
        ("from photoreg.texts import _ as translated", "keep their names"),
        ("translated = _", "keep their names"),
        ("(mark := N_)('asks')", "keep their names"),
    ],
)
def test_a_mark_that_is_not_seen_is_an_error(line: str, message: str) -> None:
    with pytest.raises(SyntaxError, match=message):
        list(marked(line, "module.py"))


def test_a_doubtful_translation_stays_doubtful_and_counts_as_missing() -> None:
    [english, *_others] = [text for text in messages() if isinstance(text, str) and text]
    old = Catalog("fi")
    old.add(english, "suomeksi", flags=["fuzzy"])
    kept = updated_catalogue(old).get(english)
    assert kept is not None
    assert kept.string == "suomeksi"
    assert not is_translated(kept)
    kept.flags.discard("fuzzy")
    assert is_translated(kept)


def test_a_catalogue_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "photoreg.mo"
    file.write_bytes(b"old")

    def fail(opened: IO[bytes]) -> None:
        opened.write(b"half")
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any
        write_whole(file, fail)
    assert file.read_bytes() == b"old"
    write_whole(file, lambda opened: opened.write(b"new"))
    assert file.read_bytes() == b"new"
