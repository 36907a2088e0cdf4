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


def test_the_demo_runs_twice_and_tells_the_whole_story(program: Program) -> None:
    for _time in range(2):
        told = program("demo").stdout
        for reason in ("MI_GUARDIAN_PARTIAL", "PE_RECOGNISABLE_IN_GENERAL_VIEW", "K-1", "T-1"):
            assert reason in told
        before, after = told.split("Before:")[1].split("After:")
        assert "GPS" in before
        assert "BodySerialNumber" in before
        assert "Áile Näkkäläjärvi" in after
        assert "GPS" not in after.split("$ photoreg")[0]
        assert "BodySerialNumber" not in after.split("$ photoreg")[0]
