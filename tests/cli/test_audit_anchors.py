"""`audit`: keys, signed anchors, cosignatures and proofs, as they are typed and scheduled."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from tests.services.scenes import PAGE_USE, add_photographer, register_photo

from photoreg.presentation.views.audits import KEYS
from photoreg.services.application import Application

Run = Callable[..., Result]
PHRASE = "kolme sanaa ja numero"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with the passphrase, as a scheduled run has it."""
    file = tmp_path / "passphrase"
    file.write_text(PHRASE + "\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def audit(run: Run, secret: Path) -> Run:
    """Run `audit` with the passphrase from a file."""
    return lambda name, *words, **more: run(
        "audit", name, *words, "--passphrase-file", secret, **more
    )


@pytest.fixture
def public(audit: Run, tmp_path: Path) -> Path:
    """The registry's public key in a file, after the key was made."""
    file = tmp_path / "public.txt"
    file.write_text(audit("make-key").stdout)
    return file


def test_without_a_key_the_anchor_is_a_line_and_the_next_step_makes_a_key(run: Run) -> None:
    printed = run("audit", "anchor")
    assert printed.stdout.startswith("photoreg-anchor 1 entries=")
    assert "→ photoreg audit make-key" in printed.stderr
    assert "has no key to sign with" in run("audit", "anchor", "--to", "x.y", exit_code=5).stderr


def test_with_a_key_the_anchor_is_signed_and_verified_later(
    run: Run, audit: Run, public: Path, tmp_path: Path
) -> None:
    anchor = tmp_path / "anchor.txt"
    anchor.write_text(audit("anchor").stdout)
    run("staff", "add", "maija", "Maija Mainio")
    for more in ((), ("--public-key", public), ("--public-key", public.read_text())):
        verified = run("audit", "verify", "--against", anchor, *more, login="tarja")
        assert "signed with the key" in verified.stdout
    line = run("audit", "anchor", "--unsigned").stdout
    assert "It matches the anchors: 1" in run("audit", "verify", "--against", line).stdout


def test_the_keys_are_listed_and_a_renewal_is_reported_to_whoever_makes_a_second_one(
    run: Run, audit: Run, public: Path
) -> None:
    told = audit("make-key", exit_code=5).stderr
    assert "→ photoreg audit make-key --renew" in told
    audit("make-key", "--renew")
    listed = json.loads(run("audit", "keys", "--format", "json", login="tarja").stdout)
    jsonschema.validate(listed, KEYS.schema())
    assert [row["in_force"] for row in listed["items"]] == [True, False]
    assert listed["items"][1]["public_key"] == public.read_text().strip()


def test_a_scheduled_run_writes_into_every_folder_it_can_and_says_where_not(
    audit: Run, public: Path, tmp_path: Path
) -> None:
    assert public.read_text()
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    targets = [word for folder in folders for word in ("--to", folder)]
    for _ in range(2):
        assert audit("anchor", *targets).stdout.count("Anchor of") == 2
    assert [len(list(folder.iterdir())) for folder in folders] == [1, 1]
    partly = audit("anchor", "--to", folders[0], "--to", tmp_path / "gone", exit_code=10)
    assert f"there is no folder {tmp_path / 'gone'}" in partly.stderr
    audit("anchor", "--to", tmp_path / "gone", exit_code=9)


def test_an_auditor_signs_an_anchor_with_their_own_key(
    run: Run, audit: Run, public: Path, tmp_path: Path
) -> None:
    anchor, key = tmp_path / "a.checkpoint", tmp_path / "tarja.key"
    audit("anchor", "--to", anchor)
    own = audit("make-key", "--own", "--key-file", key, login="tarja").stdout
    needed = ("--public-key", public, "--public-key", own)
    lacks = run("audit", "verify", "--against", anchor, *needed, exit_code=9)
    assert "lacks the signature of photoreg.enontekion-kunta/tarja" in lacks.stderr
    signed = audit("cosign", anchor, "--key-file", key, "--public-key", public, login="tarja")
    assert "You have signed the anchor" in signed.stdout
    assert "Signed also" in run("audit", "verify", "--against", anchor, *needed).stdout


def test_a_decision_is_proven_without_the_registry(
    audit: Run, typed: Run, anna: Application, run: Run, public: Path, tmp_path: Path
) -> None:
    add_photographer(anna)
    run("approve", register_photo(anna, tmp_path), "--channel", PAGE_USE.channel)
    file = tmp_path / "D-1.tlog-proof"
    assert "about D-1" in audit("proof", "d-1", "-o", file).stdout
    nowhere = ("--registry", tmp_path / "nowhere.db", "--as", "nobody")
    shown = typed(*nowhere, "audit", "verify-proof", file, "--public-key", public).stdout
    assert "The proof holds" in shown
    assert "photo.approved  P-1" in shown
    assert "decision=D-1" in shown
    missing = typed(*nowhere, "audit", "verify-proof", file, exit_code=9).stderr
    assert "Options: --public-key" in missing
    assert (
        "cannot be written: it exists already"
        in audit("proof", "D-1", "-o", file, exit_code=9).stderr
    )


def test_the_passphrase_is_never_waited_for_where_nobody_can_type_it(run: Run) -> None:
    told = run("audit", "make-key", exit_code=9).stderr
    assert "nobody can be asked" in told
    assert "Options: --passphrase-file" in told


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_passphrase_that_others_may_read_is_refused(audit: Run, secret: Path) -> None:
    secret.chmod(0o644)
    assert "others may read" in audit("make-key", exit_code=9).stderr


def test_options_that_do_not_go_together_are_wrong_use(run: Run, tmp_path: Path) -> None:
    for words in (
        ("make-key", "--own"),
        ("make-key", "--own", "--renew", "--key-file", tmp_path / "key"),
        ("anchor", "--unsigned", "--to", tmp_path),
        ("verify", "--public-key", "x"),
        ("cosign", tmp_path / "a.checkpoint"),
    ):
        run("audit", *words, exit_code=2)
    assert list(tmp_path.glob("key*")) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name")
def test_an_anchor_is_never_read_from_a_pipe(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    told = run("audit", "verify", "--against", tmp_path / "pipe", exit_code=9).stderr
    assert "Give a file that exists and that you may read." in told
    assert (
        "no anchor was found" in run("audit", "verify", "--against", "x" * 5000, exit_code=9).stderr
    )


def test_a_folder_of_anchors_is_verified_whole(
    run: Run, audit: Run, public: Path, tmp_path: Path
) -> None:
    folder, key = tmp_path / "anchors", tmp_path / "tarja.key"
    folder.mkdir()
    against = ("audit", "verify", "--against", folder)
    assert "holds no signed anchor" in run(*against, exit_code=9).stderr
    own = audit("make-key", "--own", "--key-file", key, login="tarja").stdout
    keys = ("--public-key", public, "--public-key", own)
    audit("anchor", "--to", folder)
    [first] = folder.iterdir()
    assert "lacks the signature of" in run(*against, *keys, exit_code=9).stderr
    audit("cosign", first, "--key-file", key, "--public-key", public, login="tarja")
    run("staff", "add", "maija", "Maija Mainio")
    audit("anchor", "--to", folder)
    verified = run(*against, *keys, login="tarja").stdout
    assert "It matches the anchors: 2." in verified
    assert "Signed also" in verified

    text = first.read_text("utf-8")
    other = folder / "other.checkpoint"
    other.write_text(text.replace("enontekion-kunta", "other-kunta"), "utf-8")
    assert "Anchors of other registries, which were not verified: 1." in run(*against).stderr
    first.write_text(text.replace("\n", "\n1", 1), "utf-8")
    told = run(*against, exit_code=9).stderr
    assert first.name in told
    assert "does not fit: the anchor was changed after it was signed" in told


def test_a_log_that_was_cut_off_is_found_by_the_folder_of_anchors(
    run: Run, audit: Run, public: Path, tmp_path: Path, application: Application
) -> None:
    assert public.exists()
    audit("anchor", "--to", tmp_path)
    run("staff", "add", "maija", "Maija Mainio")
    backup_of = tmp_path / "cut.db"
    shutil.copy(application.registry.path, backup_of)
    run("--registry", backup_of, "audit", "verify", "--against", tmp_path)
    run("staff", "add", "pekka", "Pekka Puro")
    audit("anchor", "--to", tmp_path)
    cut = run("--registry", backup_of, "audit", "verify", "--against", tmp_path, exit_code=8)
    assert "its end is missing" in cut.stderr
