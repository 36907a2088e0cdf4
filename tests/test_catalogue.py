"""Which texts of the code get into the catalogue."""

from pathlib import Path
from typing import IO

import pytest
from tools.catalogue import marked, write_whole


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
        ("other('not marked')", []),
    ],
)
def test_the_constants_that_are_marked_are_taken(source: str, texts: list[str]) -> None:
    assert list(marked(source, "module.py")) == texts


@pytest.mark.parametrize("text", ["f'{name} asks'", "'asks: ' f'{name}'", "'asks: ' + name"])
def test_a_text_that_is_put_together_is_an_error_with_its_place(text: str) -> None:
    with pytest.raises(SyntaxError, match="only a constant") as found:
        list(marked(f"\n_({text})", "module.py"))
    assert (found.value.filename, found.value.lineno) == ("module.py", 2)


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
