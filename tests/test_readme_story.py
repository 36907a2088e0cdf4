"""The story of the README, typed line by line by a test."""

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

ROOT = Path(__file__).parent.parent
LINE = re.compile(r"^\$ photoreg (.+?)(?:  # exit (\d+))?$", re.MULTILINE)

Program = Callable[..., "subprocess.CompletedProcess[str] | Result"]


@pytest.mark.engines("sqlite", "postgresql")
def test_the_story_of_the_readme_runs_as_it_is_written(
    engine: str,
    new_registry: Callable[[], Path | str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    # By processes of their own on SQLite; on PostgreSQL by the same commands within this one.
    program: Program = request.getfixturevalue("program" if engine == "sqlite" else "typed")
    where = {"PHOTOREG_REGISTRY": str(new_registry()), "PHOTOREG_EVIDENCE": str(tmp_path / "e")}
    (tmp_path / "sample_images").symlink_to(ROOT / "sample_images")
    lines = LINE.findall((ROOT / "README.md").read_text("utf-8"))
    assert len(lines) > 20
    done = [program(*shlex.split(line), exit_code=int(code or 0), **where) for line, code in lines]
    said = {line: d.stdout + d.stderr for (line, _code), d in zip(lines, done, strict=True)}
    withdrawal = next(text for line, text in said.items() if "consent withdraw" in line)
    assert "J-1" in withdrawal
    assert len(list((tmp_path / "copies").iterdir())) == 1


@pytest.mark.parametrize(
    ("language", "before", "after", "place", "size"),
    [
        ("en", "Before:", "After:", "the place where it was taken: yes", "preview: 3169 bytes"),
        ("fi", "Ennen:", "Jälkeen:", "kuvauspaikka: kyllä", "esikatselukuva: 3169 tavua"),
    ],
)
def test_the_demo_shows_the_whole_story_in_the_language_of_the_reader(
    program: Program, language: str, before: str, after: str, place: str, size: str
) -> None:
    told = program("demo", PHOTOREG_LANG=language).stdout
    for reason in ("MI_GUARDIAN_PARTIAL", "PE_RECOGNISABLE_IN_GENERAL_VIEW", "K-1", "T-1"):
        assert reason in told
    original, copy = (part.split("$ photoreg")[0] for part in told.split(before)[1].split(after))
    assert place in original
    assert size in original
    assert "6014237" in original  # the camera's serial number
    assert "Áile Näkkäläjärvi" in copy
    assert "6014237" not in copy
    assert place not in copy
    said = [line for line in told.splitlines() if "photoreg " not in line]
    assert language == "en" or not re.search(r"\b\d{4}-\d\d-\d\d\b", "\n".join(said))
