"""What may not be in the tree is found: by licence, and by what nobody declared."""

from importlib.metadata import Distribution, PathDistribution, files
from pathlib import Path

import pytest
from tools.dependencies import CLEARED, wrong_licences


def declared(folder: Path, licence: str) -> dict[str, Distribution]:
    info = folder / "thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: thing\nVersion: 1.0\n{licence}\n")
    return {"thing": PathDistribution(info)}


@pytest.mark.parametrize(
    "licence",
    [
        "License-Expression: GPL-3.0-only",
        "License-Expression: AGPL-3.0-or-later",
        "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
        "License: Proprietary",
        "License-Expression: MIT AND GPL-2.0-only",
        "",
    ],
)
def test_a_licence_that_may_not_be_shipped_is_named(tmp_path: Path, licence: str) -> None:
    [wrong] = wrong_licences(declared(tmp_path, licence))
    assert wrong.startswith("thing 1.0: licence ")


@pytest.mark.parametrize(
    "licence",
    [
        "License-Expression: LGPL-3.0-only",
        "License-Expression: BSD-3-Clause",
        "Classifier: License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)",
        "License: MIT",
    ],
)
def test_a_licence_that_may_be_shipped_passes(tmp_path: Path, licence: str) -> None:
    assert list(wrong_licences(declared(tmp_path, licence))) == []


@pytest.mark.parametrize("name", CLEARED)
def test_what_was_cleared_by_hand_holds_no_code_for_emacs(name: str) -> None:
    installed = files(name) or []
    assert installed
    assert [file for file in installed if file.suffix == ".el"] == []
