"""Which texts of the code get into the catalogue."""

import pytest
from tools.catalogue import marked


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
