"""`match`: what an auditor sees, and the exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.photos.builders import secretive_jpeg
from tests.photos.test_likeness import scene
from tests.services.test_matching import jpeg

from photoreg.cli.views import VIEWS

Run = Callable[..., Result]
ANSWERS = ("--place", "public_outdoor", "--shot", "general_view", "--people", "none",
           "--confidential", "none", "--sensitive", "no")  # fmt: skip


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    """A folder with a picture of P-1 as a web page shows it."""
    run("person", "add", "Anna Lahti", "--adult")
    grant = ("--basis", "photographer_permission", "--open-ended", "--paper", "1")
    run("permission", "grant", "--photographer", "H-1", "--channel", "public_page", *grant)
    original = tmp_path / "katu.jpg"
    original.write_bytes(jpeg(scene(1, (800, 600))))
    credit = ("--credit", "Kuva: Anna Lahti", "--photographer", "H-1")
    run("register", original, *ANSWERS, *credit)
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "web.jpg").write_bytes(jpeg(scene(1, (800, 600)).resize((640, 480)), 50))
    return folder


def test_an_auditor_sees_what_may_stay_and_what_may_not(run: Run, saved: Path) -> None:
    shown = run("match", saved, "--channel", "kunta-public-page", login="tarja").stdout
    assert "P-1" in shown
    assert "looks alike" in shown
    assert "katu.jpg" not in shown
    run("photo", "flag", "P-1", "--reason", "take me off", login="anna")
    done = run("match", saved, "--channel", "kunta-public-page", login="tarja", exit_code=3)
    assert "not allowed" in done.stdout


def test_json_holds_the_whole_answer(run: Run, saved: Path) -> None:
    data = json.loads(run("match", saved, "--format", "json", exit_code=4).stdout)
    jsonschema.validate(data, VIEWS["matches"].schema())
    [found] = data["items"]
    assert (found["photo"], found["likewise"], found["verdict"]) == ("P-1", "looks", "depends")
    assert "kunta-public-page" in found["allowed_on"]
    assert "kunta-print" in found["not_on"]


def test_an_unknown_picture_and_a_bad_file_have_codes_of_their_own(run: Run, saved: Path) -> None:
    (saved / "web.jpg").write_bytes(jpeg(scene(9, (640, 480))))
    assert "unknown" in run("match", saved, exit_code=4).stdout
    (saved / "bad.jpg").write_bytes(secretive_jpeg()[:300])
    assert "bad.jpg" in run("match", saved, exit_code=10).stderr
    run("match", saved / "bad.jpg", exit_code=7)
    run("match", saved, "--channel", "nowhere", exit_code=6)
