"""`--format csv` is for people: words and days as Finns write them, and no code."""

import csv
import io
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cli.commands import every_command
from tests.cli.furnished import WALKS
from tests.conftest import COORDINATOR

from photoreg.cli.app import cli
from photoreg.presentation.labels import LABELS, QUESTION_LABELS
from photoreg.presentation.record_life.field_labels import FIELD_LABELS
from photoreg.registry.record_hashes.naming import RECORD_WORDS
from photoreg.texts import _, use_language

FREE = {"komento", "asetus", "otsikko"}
"""What users type or have typed: commands, the names of settings, the titles of channels."""
RECORDS = ("P-1", "P-2", "P-3", "H-3", "H-5", "E-1", "C-1", "K-1", "F-1", "J-1", "anna")
MORE = (
    *(f"audit history {record} --purpose yearly" for record in RECORDS),
    *("audit history kunta-website", "photo list --open", "consent list --for H-3"),
)


ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def lines() -> Iterator[str]:
    """Yield a line that runs each command with a list, as CSV."""
    for words, command in every_command():
        if any(each.name == "layout" for each in command.params):
            line = WALKS[" ".join(words)][-1]
            yield re.sub(r" --format \w+", "", line) + " --format csv"
    yield from (f"{line} --format csv" for line in MORE)
    yield from ("person erase H-3 --ground request", "photo show P-1", "person show H-3")


def codes() -> set[str]:
    """Return the codes that have a word in the user's language which differs from them."""
    labels = [*LABELS.values(), QUESTION_LABELS, FIELD_LABELS, RECORD_WORDS]
    return {code for some in labels for code, text in some.items() if _(text) != code}


def test_no_cell_is_a_code_or_an_iso_date(
    furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(furnished, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    environment = {"PHOTOREG_REGISTRY": "registry.db", "PHOTOREG_ACTOR": COORDINATOR}
    use_language("fi")
    wrong, known, seen = [], codes(), 0
    for line in lines():
        done = CliRunner().invoke(cli, shlex.split(line), env=environment)
        iso = [told for told in done.output.splitlines() if ISO_DAY.search(told)]
        wrong += [(line, "", told) for told in iso if "photoreg " not in told]
        if not done.stdout or "--format csv" not in line:
            continue
        head, *rows = csv.reader(io.StringIO(done.stdout[1:], newline=""), delimiter=";")
        seen += bool(rows)
        for row in rows:
            for title, cell in zip(head, row, strict=True):
                parts = {cell, *re.split(r"[;,]\s*|: | → |=", cell)}
                is_code = known & parts or re.search(r"\b[a-z]+_[a-z_]+\b", cell)
                is_typed = title in FREE or "/" in cell or "komento: " in cell
                if is_code and not is_typed:
                    wrong.append((line, title, cell))
    assert not wrong, "\n".join(map(str, wrong))
    assert seen > len(WALKS) / 5
