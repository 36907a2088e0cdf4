"""Photos known again: `match`, versions, what files say; what is shown, and the exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.imaging.builders import (
    ARTIST,
    description,
    full_jpeg,
    jpeg_file,
    packet,
    rdf,
    with_segments,
    xmp_segment,
)
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg

from photoreg.presentation.views.all import VIEWS

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
    (saved / "bad.jpg").write_bytes(full_jpeg()[:300])
    assert "bad.jpg" in run("match", saved, exit_code=10).stderr
    run("match", saved / "bad.jpg", exit_code=7)
    run("match", saved, "--channel", "nowhere", exit_code=6)


def test_a_crop_becomes_a_version_that_is_shown_with_its_photo(run: Run, saved: Path) -> None:
    crop = saved / "crop.jpg"
    crop.write_bytes(jpeg(scene(1, (800, 600)).crop((100, 100, 700, 500))))
    done = run("photo", "add-version", "P-1", crop)
    assert "P-2 registered as a version of P-1" in done.stdout
    assert "can people be recognised (--people)" in done.stdout
    assert "versions: P-2" in run("show", "P-1").stdout
    assert "version of: P-1" in run("show", "P-2").stdout
    run("photo", "add-version", "P-1", crop, exit_code=5)


def test_what_a_file_says_of_its_use_is_reported_and_proves_nothing(
    run: Run, tmp_path: Path
) -> None:
    about = description(
        "<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang='x-default'>Only for news</rdf:li>"
        "</rdf:Alt></xmpRights:UsageTerms><dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>"
        "© Agency. All rights reserved.</rdf:li></rdf:Alt></dc:rights>",
        "xmpRights:WebStatement='https://creativecommons.org/licenses/by-sa/4.0/' "
        "plus:ModelReleaseStatus='http://ns.useplus.org/ldf/vocab/MR-LMR'",
    )
    photo = tmp_path / "agency.jpg"
    photo.write_bytes(with_segments(jpeg_file(), xmp_segment(packet(rdf(about)))))
    told = run("register", photo).stderr
    assert "terms of use in the file: Only for news" in told
    assert "the file claims the licence CC BY-SA 4.0" in told
    assert "record it as the basis" in told
    assert "the file says that all rights are reserved" in told
    assert "limited or incomplete releases of the people shown" in told
    [row] = json.loads(run("show", "P-1", "--format", "json").stdout)["items"]
    assert (row["licence"], row["release"]) == ("CC BY-SA 4.0", "MR-LMR")
    assert [a["answer"] for a in row["answers"] if a["question"] == "basis"] == [None]
    [seen] = json.loads(run("show", "P-1", "--format", "json", login="tarja").stdout)["items"]
    assert seen["terms"] == ""


def test_a_stripped_file_is_reported_with_how_to_fix_it(run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "katu.jpg"
    photo.write_bytes(full_jpeg())
    run("register", photo)
    photo.write_bytes(jpeg_file())
    told = run("register", photo).stdout
    assert "already registered as P-1, its metadata has changed" in told
    assert "photoreg metadata write P-1" in told
    seen = run("check", "P-1", "--channel", "kunta-public-page", exit_code=3).stdout
    assert "MD_RIGHTS_INFO_REMOVED" in seen


def test_both_sides_of_a_contradiction_are_shown_but_not_to_an_auditor(
    run: Run, tmp_path: Path
) -> None:
    run("person", "add", "Anna Lahti", "--adult")
    photo = tmp_path / "katu.jpg"
    photo.write_bytes(full_jpeg())
    run("register", photo, "--photographer", "H-1")
    asked = ("check", "P-1", "--channel", "kunta-public-page")
    seen = run(*asked, exit_code=3).stdout
    assert f"the file: {ARTIST}" in seen
    assert "the registry: H-1 Anna Lahti" in seen
    masked = run(*asked, login="tarja", exit_code=3).stdout
    assert ARTIST not in masked
    assert "the registry: H-1\n" in masked


def test_missing_hashes_are_filled_in(run: Run, saved: Path) -> None:
    run("register", saved, "--quick")
    done = json.loads(run("photo", "fingerprint", "--format", "json").stdout)
    jsonschema.validate(done, VIEWS["fingerprinted"].schema())
    assert [row["photo"] for row in done["items"]] == ["P-2"]
    assert "the list is empty" in run("photo", "fingerprint").stderr
