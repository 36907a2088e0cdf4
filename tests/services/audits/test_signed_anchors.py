"""Signed anchors: who changes the log is found, and each other fault is told by its name."""

import base64
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import PAGE_USE, add_photographer, create_person, register_photo
from tests.tampering import tampered_connection

from photoreg.errors import InputDataError, NotAllowed, NotFound, RegistryError
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.transparency.checkpoints import parse_checkpoint
from photoreg.registry.transparency.merkle import heads
from photoreg.registry.transparency.notes import KeyType, VerifierKey, parse_verifier_key
from photoreg.registry.transparency.proofs import parse_proof
from photoreg.services.application import Application, system_clock
from photoreg.services.audits import anchor_keys, audits, cosigning, decision_proofs, signed_anchors
from photoreg.services.decisions import approval
from photoreg.services.organisation import registry_setup
from photoreg.services.upkeep import maintenance

PHRASE = "kolme sanaa ja numero"


def phrase() -> str:
    return PHRASE


@dataclass
class Office:
    """A coordinator with the registry's key, an auditor with a key, and a folder of each."""

    kaisa: Application
    tarja: Application
    key_file: Path
    own_file: Path
    key: VerifierKey
    own: VerifierKey
    folder: Path

    def anchor(self) -> str:
        """Return a signed anchor of the log as it is now."""
        return signed_anchors.sign_anchor(self.kaisa, self.key_file, phrase).text

    def anchor_file(self, name: str = "now.checkpoint") -> Path:
        """Return a file with a signed anchor of the log as it is now."""
        file = self.folder / name
        file.write_text(self.anchor())
        return file

    def cosign(self, file: Path) -> cosigning.CosignedAnchor:
        """Let the auditor sign the anchor in a file."""
        return cosigning.cosign_anchor(self.tarja, file, self.own_file, phrase)

    def log_more(self) -> None:
        """Let something happen that is logged."""
        with self.kaisa.changing() as work:
            work.log(ledger.Action.REGISTRY_REPAIRED, "registry", 1)


@pytest.fixture
def office(application: Application, tarja: Application, tmp_path: Path) -> Office:
    key_file, own_file = tmp_path / "registry.key", tmp_path / "tarja.key"
    key = anchor_keys.make_log_key(application, key_file, phrase).public
    own = anchor_keys.make_own_key(tarja, own_file, phrase).public
    return Office(application, tarja, key_file, own_file, key, own, tmp_path)


@pytest.fixture
def decision(anna: Application, tmp_path: Path) -> str:
    """The id of the decision that approved a photo."""
    add_photographer(anna)
    [approved] = approval.approve(anna, [register_photo(anna, tmp_path)], PAGE_USE)
    assert approved.decision_id
    return f"D-{approved.decision_id}"


FORGED = 3
"""The number of the entry that is changed: the first that somebody's work has left."""


def rewrite_log(registry: Registry, *, last: int | None = None) -> None:
    """Forge the log past photoreg: change one entry and reckon every hash anew.

    With `last`, the entries after it are removed.
    """
    with registry.reading() as session:
        entries = list(ledger.entries(session))[:last]
    previous, rows = ledger.GENESIS, []
    for entry in entries:
        details = '{"forged": 1}' if entry.seq == FORGED else entry.details
        head = (previous, entry.seq, entry.at, entry.actor_id, entry.action, entry.subject)
        names = ("previous", "seq", "at", "actor_id", "action", "subject")
        logins = (entry.computer_login, entry.database_login, entry.database_role)
        own = ledger.chain_hash(head, logins, details)
        columns = ("computer_login", "database_login", "database_role")
        said = {**dict(zip(columns, logins, strict=True)), "details": details}
        rows.append({**dict(zip(names, head, strict=True)), **said, "hash": own})
        previous = own
    with tampered_connection(registry) as connection:
        connection.execute(sa.delete(LedgerEntry))
        connection.execute(sa.insert(LedgerEntry), rows)


def cut_log(registry: Registry, number: int) -> None:
    with tampered_connection(registry) as connection:
        connection.exec_driver_sql(f"DELETE FROM ledger WHERE seq > {number}")  # noqa: S608


def entries(application: Application) -> int:
    with application.reading() as work:
        return ledger.head(work.session).seq


def test_an_anchor_holds_after_more_was_logged(office: Office) -> None:
    before = entries(office.kaisa)
    text = office.anchor()
    office.log_more()
    verified = signed_anchors.verify_signed(office.tarja, text)
    assert (verified.checkpoint.size, verified.key) == (before, office.key)
    assert (list(verified.cosigned), verified.others) == ([], 0)


def test_the_leaves_of_the_tree_are_the_hashes_of_the_entries(office: Office) -> None:
    text = office.anchor()
    with office.kaisa.reading() as work:
        kept = [bytes.fromhex(entry.hash) for entry in ledger.entries(work.session)]
    leaves = [hashlib.sha256(b"\x00" + each).digest() for each in kept]
    assert parse_checkpoint(text).checkpoint.root == heads(leaves, {len(kept)})[len(kept)]


def test_the_key_is_logged_and_kept_and_its_name_is_that_of_the_log(office: Office) -> None:
    [listed] = anchor_keys.list_keys(office.tarja)
    assert parse_verifier_key(listed.public_key) == office.key
    assert (listed.login, listed.in_force, listed.id) == ("kaisa", True, office.key.id.hex())
    assert office.key.name.startswith("photoreg.enontekion-kunta/")
    assert office.anchor().startswith(f"{office.key.name}\n")
    with audits.list_log(office.kaisa, photo=None, person=None, limit=1) as [newest]:
        assert (newest.action, newest.details) == ("log_key.added", {"key": listed.id})


def test_the_key_file_is_for_its_owner_and_reveals_nothing_without_the_passphrase(
    office: Office,
) -> None:
    text = office.key_file.read_text()
    assert text.startswith(str(office.key))
    assert "ENCRYPTED PRIVATE KEY" in text
    if os.name == "posix":
        assert stat.S_IMODE(office.key_file.stat().st_mode) == 0o600


def test_a_log_written_anew_to_its_end_is_found_by_the_signed_anchor(office: Office) -> None:
    text = office.anchor()
    rewrite_log(office.kaisa.registry)
    with pytest.raises(RegistryError, match="the log does not match the anchor made at entry"):
        signed_anchors.verify_signed(office.tarja, text)


def test_a_log_that_was_cut_off_is_found_by_the_signed_anchor(office: Office) -> None:
    text, before = office.anchor(), entries(office.kaisa)
    cut_log(office.kaisa.registry, before - 1)
    with pytest.raises(RegistryError, match="its end is missing") as error:
        signed_anchors.verify_signed(office.tarja, text)
    assert (error.value.values["entry"], error.value.values["count"]) == (before - 1, before)


def test_whoever_also_replaces_the_key_is_found_by_the_public_key_that_was_given(
    office: Office, tmp_path: Path
) -> None:
    genuine = office.anchor()
    rewrite_log(office.kaisa.registry)
    forged_key = tmp_path / "forged.key"
    anchor_keys.make_log_key(office.kaisa, forged_key, phrase, renews=True)
    forged = signed_anchors.sign_anchor(office.kaisa, forged_key, phrase).text
    assert signed_anchors.verify_signed(office.tarja, forged).key != office.key
    with pytest.raises(InputDataError, match="not signed by a key that is known here"):
        signed_anchors.verify_signed(office.tarja, forged, [office.key])
    with pytest.raises(RegistryError, match="does not match the anchor"):
        signed_anchors.verify_signed(office.tarja, genuine, [office.key])


def test_an_anchor_that_was_changed_is_not_believed(office: Office) -> None:
    origin, size, *rest = office.anchor().split("\n")
    changed = "\n".join((origin, str(int(size) - 1), *rest))
    with pytest.raises(InputDataError, match="was changed after it was signed"):
        signed_anchors.verify_signed(office.tarja, changed)


@pytest.mark.parametrize("cut", [1, 30, 150])
def test_a_truncated_anchor_is_damaged(office: Office, cut: int) -> None:
    with pytest.raises(InputDataError, match="the anchor is damaged"):
        signed_anchors.verify_signed(office.tarja, office.anchor()[:-cut])


def test_an_anchor_of_another_registry_is_reported(
    office: Office, new_registry: Callable[[], Path | str], clock: Clock, tmp_path: Path
) -> None:
    where = new_registry()
    registry_setup.create_registry(
        where, organisation="Utsjoen kunta", login="kaisa", name="Kaisa", clock=clock
    )
    other = Application(Registry.open(where, tmp_path / "evidence"), "kaisa", clock)
    anchor_keys.make_log_key(other, tmp_path / "other.key", phrase)
    text = signed_anchors.sign_anchor(other, tmp_path / "other.key", phrase).text
    other.registry.close()
    with pytest.raises(InputDataError, match=r"is of another registry: photoreg\.utsjoen-kunta/"):
        signed_anchors.verify_signed(office.tarja, text)


def test_without_a_key_nothing_is_signed_or_verified(
    application: Application, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed, match="has no key to sign with"):
        anchor_keys.make_log_key(application, tmp_path / "key", phrase, renews=True)
    with pytest.raises(NotAllowed, match="has no key to sign with"):
        signed_anchors.sign_anchor(application, tmp_path / "key", phrase)
    assert list(tmp_path.glob("key*")) == []


@pytest.mark.parametrize("login", ["anna", "tarja"])
def test_only_coordinators_make_the_registrys_key(
    application_for: Callable[[str], Application], login: str, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed, match="does not allow this"):
        anchor_keys.make_log_key(application_for(login), tmp_path / "key", phrase)
    assert anchor_keys.list_keys(application_for(login)) == []


def test_a_short_passphrase_and_a_file_that_is_there_leave_no_key(
    application: Application, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    with pytest.raises(InputDataError, match="shorter than 15 characters"):
        anchor_keys.make_log_key(application, file, lambda: "hunter2")
    file.write_text("something else")
    with pytest.raises(InputDataError, match="cannot be written"):
        anchor_keys.make_log_key(application, file, phrase)
    assert file.read_text() == "something else"
    assert anchor_keys.list_keys(application) == []


def test_a_second_key_is_a_renewal_and_what_the_first_signed_stays_verifiable(
    office: Office, tmp_path: Path
) -> None:
    old, second = office.anchor(), tmp_path / "second.key"
    with pytest.raises(NotAllowed, match="has a key already"):
        anchor_keys.make_log_key(office.kaisa, second, phrase)
    renewed = anchor_keys.make_log_key(office.kaisa, second, phrase, renews=True).public
    assert (renewed.name, renewed.public != office.key.public) == (office.key.name, True)
    assert [key.in_force for key in anchor_keys.list_keys(office.tarja)] == [True, False]
    new = signed_anchors.sign_anchor(office.kaisa, second, phrase).text
    assert signed_anchors.verify_signed(office.tarja, old).key == office.key
    assert signed_anchors.verify_signed(office.tarja, new).key == renewed
    with pytest.raises(InputDataError, match="is not the one in force"):
        signed_anchors.sign_anchor(office.kaisa, office.key_file, phrase)


def test_a_wrong_passphrase_a_damaged_and_a_missing_key_sign_nothing(office: Office) -> None:
    def fails(message: str, secret: str = PHRASE) -> None:
        with pytest.raises(InputDataError, match=message):
            signed_anchors.sign_anchor(office.kaisa, office.key_file, lambda: secret)

    fails("the passphrase does not open the key", "not this one at all")
    whole = office.key_file.read_text()
    swapped = whole.replace(str(office.key), str(office.own))
    office.key_file.write_text(swapped)
    fails("is not for this")
    for damaged in (whole[:-60], whole[:150], "", whole.replace("BEGIN", "BEGINS")):
        office.key_file.write_text(damaged)
        fails("does not open the key|is not a key file")
    office.key_file.unlink()
    fails("cannot be read")
    assert not office.key_file.with_name("registry.key.last").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_key_that_others_may_read_is_refused(office: Office) -> None:
    office.key_file.chmod(0o640)
    with pytest.raises(InputDataError, match="others may read"):
        office.anchor()


def test_a_log_that_does_not_continue_what_was_signed_is_not_signed(office: Office) -> None:
    office.anchor()
    office.log_more()
    office.anchor()
    rewrite_log(office.kaisa.registry)
    for _ in range(2):
        with pytest.raises(RegistryError, match="does not continue the anchor that was signed"):
            office.anchor()


def test_anchors_go_into_folders_and_new_files_and_over_nothing(office: Office) -> None:
    anchor = signed_anchors.sign_anchor(office.kaisa, office.key_file, phrase)
    first, second, file = (office.folder / name for name in ("a", "b", "now.checkpoint"))
    first.mkdir()
    second.mkdir()
    signed_anchors.deliver(anchor, [first, second, file])
    delivered = signed_anchors.deliver(anchor, [first, second, file])  # nothing was logged since
    assert [each.error for each in delivered] == [None] * 3
    size, log = anchor.checkpoint.size, office.key.name.replace("/", "-")
    [name] = [path.name for path in first.iterdir()]
    assert name == f"{log}-{size:09d}-2026-11-02.checkpoint"
    assert {each.target.read_text() for each in delivered} == {anchor.text}

    office.log_more()
    later = signed_anchors.sign_anchor(office.kaisa, office.key_file, phrase)
    results = signed_anchors.deliver(later, [file, office.folder / "unplugged", first])
    assert [str(each.error or "").partition(":")[0] for each in results] == [
        f"the file {file} cannot be written",
        f"there is no folder {office.folder / 'unplugged'}",
        "",
    ]
    assert file.read_text() == anchor.text
    assert len(list(first.iterdir())) == 2


def test_an_auditor_signs_beside_the_log_and_both_are_verified(office: Office) -> None:
    file = office.anchor_file()
    done = office.cosign(file)
    assert (done.since, done.key, done.entries) == (None, office.own, entries(office.kaisa))
    verified = signed_anchors.verify_signed(
        office.kaisa, file.read_text(), [office.key, office.own]
    )
    [cosigned] = verified.cosigned
    assert (cosigned.key, cosigned.at) == (office.own, done.at)
    assert signed_anchors.verify_signed(office.kaisa, file.read_text()).others == 1
    with pytest.raises(NotAllowed, match="has your signature already"):
        office.cosign(file)


def test_an_anchor_that_must_have_an_auditors_signature_lacks_it(office: Office) -> None:
    with pytest.raises(InputDataError, match="lacks the signature of photoreg"):
        signed_anchors.verify_signed(office.tarja, office.anchor(), [office.own])


def test_an_auditor_signs_only_what_continues_what_was_signed_before(office: Office) -> None:
    old = office.anchor_file("old.checkpoint")
    office.log_more()
    first = office.anchor_file("first.checkpoint")
    office.cosign(first)
    office.log_more()
    office.log_more()
    assert office.cosign(office.anchor_file()).since == entries(office.kaisa) - 2
    with pytest.raises(InputDataError, match="and you have signed one of"):
        office.cosign(old)


def test_an_auditor_does_not_sign_a_log_that_was_written_anew(
    office: Office, tmp_path: Path
) -> None:
    office.cosign(office.anchor_file())
    rewrite_log(office.kaisa.registry)
    forged_key = tmp_path / "forged.key"
    anchor_keys.make_log_key(office.kaisa, forged_key, phrase, renews=True)
    forged = tmp_path / "forged.checkpoint"
    forged.write_text(signed_anchors.sign_anchor(office.kaisa, forged_key, phrase).text)
    before = forged.read_text()
    with pytest.raises(RegistryError, match="does not continue the anchor of"):
        office.cosign(forged)
    assert forged.read_text() == before


@pytest.mark.parametrize("edit", ["details = '{}'", "hash = 'x' || substr(hash, 2)"])
def test_nothing_is_signed_or_proven_while_an_entry_is_changed(
    office: Office, decision: str, edit: str
) -> None:
    anchor = office.anchor_file()
    with tampered_connection(office.kaisa.registry) as connection:
        connection.exec_driver_sql(f"UPDATE ledger SET {edit} WHERE seq = 3")  # noqa: S608
    before = anchor.read_text()
    for attempt in (
        lambda: office.cosign(anchor),
        office.anchor,
        lambda: prove(office, decision),
        lambda: decision_proofs.prove_decision(
            office.kaisa, decision, office.folder / "d", phrase, anchor=anchor
        ),
    ):
        with pytest.raises(RegistryError, match="the log is broken at entry"):
            attempt()
    assert anchor.read_text() == before
    assert not (office.folder / "d").exists()


def test_a_restored_backup_is_reported_and_nothing_is_signed_until_the_key_is_renewed(
    application: Application, registry_path: Path, tmp_path: Path
) -> None:
    made = anchor_keys.make_log_key(application, None, phrase)
    assert made.file == registry_path.with_name(f"{registry_path.name}.{made.public.id.hex()}.key")
    backup, _ = maintenance.make_backup(application, tmp_path / "backups")
    create_person(application, "Somebody Later")
    text = signed_anchors.sign_anchor(application, None, phrase).text
    application.registry.close()
    maintenance.restore_backup(backup, registry_path, "kaisa", replace=True)
    with pytest.raises(RegistryError, match="does not continue the anchor that was signed last"):
        signed_anchors.sign_anchor(application, None, phrase)
    with pytest.raises(RegistryError, match=r"its end is missing|does not match the anchor"):
        signed_anchors.verify_signed(application, text)
    later = replace(application, clock=system_clock)  # as the restoring itself
    anchor_keys.make_log_key(later, None, phrase, renews=True)
    renewed = signed_anchors.sign_anchor(later, None, phrase)
    assert signed_anchors.verify_signed(application, renewed.text).key != made.public


def test_the_key_is_in_no_backup(
    application: Application, registry_path: Path, tmp_path: Path
) -> None:
    made = anchor_keys.make_log_key(application, None, phrase)
    assert made.file.parent == registry_path.parent
    secret = made.file.read_text().splitlines()[3].encode()
    backup, _ = maintenance.make_backup(application, tmp_path / "backups")
    for path in backup.rglob("*"):
        assert path.suffix != ".key"
        assert path.is_dir() or secret not in path.read_bytes()


@pytest.mark.engines("postgresql")
def test_of_a_registry_on_a_server_it_is_asked_where_the_key_is(application: Application) -> None:
    with pytest.raises(InputDataError, match="it must be said where its key is"):
        anchor_keys.make_log_key(application, None, phrase)
    assert anchor_keys.list_keys(application) == []


def prove(office: Office, decision: str, name: str = "d.tlog-proof") -> Path:
    file = office.folder / name
    decision_proofs.prove_decision(office.tarja, decision, file, phrase, key_file=office.key_file)
    return file


def test_a_proof_shows_the_decision_with_nothing_but_its_file_and_the_key(
    office: Office, decision: str
) -> None:
    office.log_more()
    file = prove(office, decision)
    proven = decision_proofs.verify_proof(file, [office.key])
    assert (proven.action, proven.subject) == ("photo.approved", "P-1")
    assert proven.details["decision"] == decision
    assert proven.number < proven.anchor.checkpoint.size
    assert file.read_text().startswith("c2sp.org/tlog-proof@v1\nextra ")


def test_a_proof_relies_on_the_anchor_that_an_auditor_has_signed(
    office: Office, decision: str
) -> None:
    anchor = office.anchor_file()
    office.cosign(anchor)
    office.log_more()
    file = office.folder / "d.tlog-proof"
    decision_proofs.prove_decision(office.kaisa, decision, file, phrase, anchor=anchor)
    both = [office.key, office.own]
    proven = decision_proofs.verify_proof(file, both)
    assert [each.key for each in proven.anchor.cosigned] == [office.own]
    with pytest.raises(InputDataError, match="lacks the signature"):
        decision_proofs.verify_proof(prove(office, decision, "e.tlog-proof"), both)


def test_a_proof_needs_an_anchor_made_after_the_decision_and_a_decision(
    office: Office, anna: Application, tmp_path: Path
) -> None:
    early = office.anchor_file()
    add_photographer(anna)
    [approved] = approval.approve(anna, [register_photo(anna, tmp_path)], PAGE_USE)
    file = office.folder / "d.tlog-proof"
    with pytest.raises(InputDataError, match="and the anchor is of"):
        decision_proofs.prove_decision(
            office.kaisa, f"D-{approved.decision_id}", file, phrase, anchor=early
        )
    with pytest.raises(NotFound, match="no entry about the decision D-99"):
        prove(office, "D-99")
    with pytest.raises(InputDataError):
        prove(office, "P-1")
    assert list(office.folder.glob("*.tlog-proof")) == []


def test_a_proof_that_was_changed_does_not_hold(office: Office, decision: str) -> None:
    text = prove(office, decision).read_text()
    entry = parse_proof(text).entry
    milder = base64.b64encode(entry.replace(b"P-1", b"P-2")).decode()
    index = parse_proof(text).index
    for changed in (
        text.replace(base64.b64encode(entry).decode(), milder),
        text.replace(f"index {index}", f"index {index - 1}"),
    ):
        fails(office, changed, "this entry is not in the log")
    lines = text.split("\n")
    fails(office, "\n".join((*lines[:3], *lines[4:])), "this entry is not in the log")
    size = str(parse_proof(text).signed.checkpoint.size)
    fails(office, text.replace(f"\n{size}\n", "\n999\n"), "was changed after it was signed")


@pytest.mark.parametrize("cut", [1, 100, 300, 1000])
def test_a_truncated_proof_is_damaged(office: Office, decision: str, cut: int) -> None:
    fails(office, prove(office, decision).read_text()[:-cut], "is damaged")


def test_what_is_no_proof_of_photoreg_is_damaged(office: Office, decision: str) -> None:
    text = prove(office, decision).read_text()
    extra = text.split("\n")[1]
    for other in (b"[]", b"{}", b"nothing", b'["a", 1, "b", 2, "c", "d", "[]"]', b"[" * 9999):
        fails(office, text.replace(extra, f"extra {base64.b64encode(other).decode()}"), "damaged")
    fails(office, text.replace(f"{extra}\n", ""), "damaged")
    fails(office, text.replace("@v1", "@v2"), "damaged")


def fails(office: Office, text: str, message: str) -> None:
    file = office.folder / "changed.tlog-proof"
    file.write_text(text)
    with pytest.raises(InputDataError, match=message):
        decision_proofs.verify_proof(file, [office.key])


def test_a_proof_is_verified_with_the_key_of_its_registry_only(
    office: Office, decision: str
) -> None:
    file = prove(office, decision)
    with pytest.raises(InputDataError, match="the public key of the registry is missing"):
        decision_proofs.verify_proof(file, [office.own])
    other = VerifierKey("photoreg.utsjoki/1", KeyType.NOTE, office.key.public)
    with pytest.raises(InputDataError, match="is of another registry"):
        decision_proofs.verify_proof(file, [other])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name")
def test_a_pipe_a_folder_and_a_huge_file_are_refused_at_once(office: Office) -> None:
    pipe, huge = office.folder / "pipe", office.folder / "huge"
    os.mkfifo(pipe)
    with huge.open("wb") as file:
        file.truncate(2_000_000)
    (office.folder / "latin").write_bytes("Enontekiö".encode("latin-1"))
    for wrong in (pipe, huge, office.folder, Path("/dev/zero"), office.folder / "latin"):
        with pytest.raises(InputDataError, match=r"cannot be read|is not a small text file"):
            decision_proofs.verify_proof(wrong, [office.key])
        with pytest.raises(InputDataError, match=r"cannot be read|is not a small text file"):
            office.cosign(wrong)


@pytest.mark.engines("sqlite")  # which keeps files beside a registry
@pytest.mark.parametrize("name", ["-journal", f".evidence/aa/{'aa' * 32}"])
def test_no_anchor_key_or_proof_is_written_where_a_registry_keeps_its_files(
    office: Office, decision: str, name: str
) -> None:
    place = Path(f"{office.kaisa.registry.path}{name}")
    place.parent.mkdir(exist_ok=True)
    with pytest.raises(InputDataError, match="belongs to a registry"):
        anchor_keys.make_own_key(office.tarja, place, phrase)
    with pytest.raises(InputDataError, match="belongs to a registry"):
        prove(office, decision, str(place))
    anchor = signed_anchors.sign_anchor(office.kaisa, office.key_file, phrase)
    file = place.parent / "x.checkpoint" if name.startswith(".") else place
    [delivered] = signed_anchors.deliver(anchor, [file])
    assert "belongs to a registry" in str(delivered.error)
    assert not place.exists()
    assert not file.exists()
