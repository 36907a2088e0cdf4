"""One process answers in Finnish and in English at once: each thread in its own language."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import click
import pytest

from photoreg import texts
from photoreg.errors import NotFound
from photoreg.presentation.labels import label
from photoreg.presentation.messages import error_texts
from photoreg.presentation.verdicts import finding_sources
from photoreg.rulebook.people import NO_CONSENT
from photoreg.rulebook.verdict import Outcome
from photoreg.texts import N_, _, language, use_language

ERROR = NotFound(N_("{event} has no photos yet"), event="E-1")


def _error_of_click() -> str:
    try:
        click.IntRange(1, 3).convert(9, None, None)
    except click.BadParameter as error:
        return error.message
    raise AssertionError


TEXTS: dict[str, tuple[Callable[[], str], str, str]] = {
    "text": (lambda: _(N_("publishable")), "publishable", "saa julkaista"),
    "label": (lambda: label(Outcome.REFUSED), "refused", "ei saa julkaista"),
    "finding": (lambda: finding_sources(NO_CONSENT.finding("H-1")), "law: ", "laki: "),
    "error": (lambda: error_texts(ERROR)[0], "no photos", "kuvia"),
    "error of Click": (_error_of_click, "not in the range", "välillä"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_two_threads_use_two_languages_at_once(kind: str) -> None:
    show, english, finnish = TEXTS[kind]
    both_chose, both_looked = Barrier(2), Barrier(2)
    shown: dict[str, str] = {}

    def look(name: str) -> None:
        use_language(name)
        both_chose.wait(10)
        text = show()
        both_looked.wait(10)
        assert (language(), show()) == (name, text)
        shown[name] = text

    threads = [Thread(target=look, args=[name]) for name in ("fi", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert english in shown["en"]
    assert finnish in shown["fi"]


def test_a_thread_that_chose_nothing_uses_english() -> None:
    use_language("fi")
    shown: list[str] = []
    thread = Thread(target=lambda: shown.append(language()))
    thread.start()
    thread.join(20)
    assert (shown, language()) == (["en"], "fi")


@pytest.mark.parametrize("content", [b"", b"no catalogue", b"\xde\x12\x04\x95\x00\x00\x00\x00\xff"])
def test_a_damaged_catalogue_is_reported_once_and_english_is_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
    content: bytes,
) -> None:
    texts.translations.cache_clear()
    request.addfinalizer(texts.translations.cache_clear)  # the next test reads the real catalogue
    folder = tmp_path / "fi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    folder.joinpath("photoreg.mo").write_bytes(content)
    monkeypatch.setattr(texts, "LOCALE_FOLDER", str(tmp_path))
    monkeypatch.setattr(texts, "_damaged", set())
    for _time in range(2):
        texts.use_language("fi")
        assert texts._("Create a new registry.") == "Create a new registry."
        assert "place" in {*texts.translations("place")}
    assert capsys.readouterr().err == (
        "photoreg: the texts in the language fi are damaged, so English is used. "
        "Install photoreg again.\n"
    )


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("fi_FI.UTF-8", "fi"),
        ("se_FI.UTF-8", "fi"),
        ("sv_FI@euro", "fi"),
        ("Finnish_Finland.1252", "fi"),
        ("Swedish_Finland.1252", "fi"),
        ("Sami (Northern)_Finland", "fi"),
        ("sv-FI", "fi"),
        ("fi", "fi"),
        ("fil_PH.UTF-8", "en"),
        ("Swedish_Sweden.1252", "en"),
        ("en_GB.UTF-8", "en"),
        ("C", "en"),
    ],
)
def test_finland_reads_finnish_by_whatever_name_its_locale_goes(
    monkeypatch: pytest.MonkeyPatch, named: str, expected: str
) -> None:
    monkeypatch.setenv("LC_ALL", named)
    assert texts.preferred_language(None) == expected
    assert texts.preferred_language("en") == "en"
