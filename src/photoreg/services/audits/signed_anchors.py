"""Signed anchors: checkpoints of the log that its key has signed, made, handed on and verified.

An anchor shows that the log was cut off or rewritten since; the signature shows that the anchor
is the municipality's. A log is never signed that does not continue what was signed last.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, PhotoregError, RegistryError
from photoreg.registry import ledger
from photoreg.registry.engines.database import Session
from photoreg.registry.ledger_check import require_intact_log
from photoreg.registry.queries.log_keys import log_keys
from photoreg.registry.transparency.checkpoints import (
    Checkpoint,
    Cosigned,
    SignedCheckpoint,
    parse_checkpoint,
    sign,
    verify_signatures,
)
from photoreg.registry.transparency.files import read_text, write_new, write_over
from photoreg.registry.transparency.merkle import heads
from photoreg.registry.transparency.notes import KeyType, VerifierKey
from photoreg.services.application import Application
from photoreg.services.audits.anchor_keys import Passphrase, no_key_error, open_log_key
from photoreg.texts import N_

SUFFIX = ".checkpoint"
"""How the names of the files end that are written into folders."""


@dataclass(frozen=True, slots=True)
class SignedAnchor:
    """A signed anchor as a text to keep, and what it is of."""

    text: str
    checkpoint: Checkpoint
    day: date

    @property
    def file_name(self) -> str:
        """The name of its file, which tells the size and the day; later ones sort after it."""
        log = self.checkpoint.origin.replace("/", "-")
        return f"{log}-{self.checkpoint.size:09d}-{self.day}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class VerifiedAnchor:
    """An anchor that fits the log: who has signed, and how many signatures were not looked at."""

    checkpoint: Checkpoint
    key: VerifierKey
    cosigned: Sequence[Cosigned]
    others: int


@dataclass(frozen=True, slots=True)
class VerifiedFolder:
    """The anchors of a folder, which all fit the log, by their size; `others` are other logs'."""

    anchors: Sequence[VerifiedAnchor]
    others: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where an anchor was written; `error` when it could not be."""

    target: Path
    error: PhotoregError | None = None


def sign_anchor(
    application: Application, key_file: Path | None, passphrase: Passphrase
) -> SignedAnchor:
    """Return an anchor of the log as it is now, signed with the registry's key.

    RegistryError when the log is broken, or does not continue what this key has signed last, which
    is noted beside the key.
    """
    file, key = open_log_key(application, key_file, passphrase)
    last = last_signed(file)
    with application.reading() as work:
        require_intact_log(work.session, work.registry.store)
        size = ledger.head(work.session).seq
        roots = heads(ledger.leaves(work.session), {size, last.size if last else 0})
        if last is not None:
            _require_continued(last, roots)
        checkpoint = Checkpoint(key.public.name, size, roots[size])
        anchor = SignedAnchor(str(sign(checkpoint, key)), checkpoint, work.today)
    write_over(_last_file(file), anchor.text)
    return anchor


def _last_file(key_file: Path) -> Path:
    return key_file.with_name(f"{key_file.name}.last")


def last_signed(key_file: Path) -> Checkpoint | None:
    """Return what a key has signed last, or None."""
    file = _last_file(key_file)
    return parse_checkpoint(read_text(file)).checkpoint if file.exists() else None


def _require_continued(last: Checkpoint, roots: dict[int, bytes]) -> None:
    if roots.get(last.size) != last.root:
        raise RegistryError(
            N_("the log does not continue the anchor that was signed last, of {entry} entries"),
            N_(
                "Nothing was signed. If a backup was restored since, renew the key and tell the "
                "auditors. If not, the log was changed outside photoreg: keep the file as proof."
            ),
            entry=last.size,
        )


def deliver(anchor: SignedAnchor, targets: Iterable[Path]) -> list[Delivered]:
    """Write an anchor to new files, or into folders; what fails keeps no other from succeeding."""
    return [_deliver(anchor, target) for target in targets]


def _deliver(anchor: SignedAnchor, target: Path) -> Delivered:
    file = target / anchor.file_name if target.is_dir() else target
    try:
        if not target.exists() and not target.suffix:
            raise _no_folder_error(target)
        if not _is_there(anchor, file):
            write_new(file, anchor.text)
    except PhotoregError as error:
        return Delivered(file, error)
    return Delivered(file)


def _is_there(anchor: SignedAnchor, file: Path) -> bool:
    """Return whether the file holds this anchor already, perhaps with more signatures."""
    try:
        return parse_checkpoint(read_text(file)).checkpoint == anchor.checkpoint
    except InputDataError:
        return False


def _no_folder_error(target: Path) -> InputDataError:
    return InputDataError(
        N_("there is no folder {folder}"),
        N_("Make it, or connect the drive; a new file needs a name such as anchor.checkpoint."),
        folder=target,
    )


def verify_signed(
    application: Application, text: str, keys: Sequence[VerifierKey] = ()
) -> VerifiedAnchor:
    """Verify an anchor's signatures, and that the log begins with what it is of.

    `keys` are public keys that the caller was given: the log's, in place of those in the registry,
    and those of auditors, who must have signed. The chain itself is not looked at here.
    """
    signed = parse_checkpoint(text)
    with application.reading() as work:
        return require_fits(work.session, signed, keys)


def verify_folder(
    application: Application, folder: Path, keys: Sequence[VerifierKey] = ()
) -> VerifiedFolder:
    """Verify all anchors that were written into a folder; see `verify_signed`.

    Anchors of other registries are counted. Auditors, who sign now and then, must have signed one.
    """
    found = [(file, _checkpoint_in(file)) for file in sorted(folder.glob(f"*{SUFFIX}"))]
    if not found:
        raise _no_anchor_error(folder)
    with application.reading() as work:
        by_log = [key for key in keys if key.type is KeyType.NOTE] or log_keys(work.session)
        if not by_log:
            raise no_key_error()
        names = {key.name for key in by_log}
        own = [each for each in found if each[1].checkpoint.origin in names]
        if not own:
            raise _no_anchor_error(folder)
        own.sort(key=lambda each: each[1].checkpoint.size)
        auditors = [key for key in keys if key.type is not KeyType.NOTE]
        verified = []
        for (file, signed), needed in zip(own, _signers(own, auditors), strict=True):
            with _naming(file):
                verified.append(verify_anchor(signed, by_log, needed))
        _require_begins(work.session, [signed.checkpoint for _file, signed in own])
        return VerifiedFolder(verified, len(found) - len(own))


def _signers(
    anchors: Sequence[tuple[Path, SignedCheckpoint]], auditors: Iterable[VerifierKey]
) -> list[list[VerifierKey]]:
    """Return which auditors to look for on each anchor; on the last, those who signed none."""
    needed: list[list[VerifierKey]] = [[] for _ in anchors]
    for key in auditors:
        signed = [n for n, (_file, each) in enumerate(anchors) if each.note.signature_by(key)]
        for number in signed or [-1]:
            needed[number].append(key)
    return needed


def _checkpoint_in(file: Path) -> SignedCheckpoint:
    with _naming(file):
        return parse_checkpoint(read_text(file))


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Let errors about an anchor name its file, of many."""
    try:
        yield
    except InputDataError as error:
        values: dict[str, Any] = {**error.values, "file": file, "problem": error}
        raise InputDataError(N_("{file}: {problem}"), error.hint, **values) from error


def _no_anchor_error(folder: Path) -> InputDataError:
    return InputDataError(
        N_("the folder {folder} holds no signed anchor of this registry"),
        N_("Give the folder into which anchors were written, or a file that holds one."),
        folder=folder,
    )


def require_fits(
    session: Session, signed: SignedCheckpoint, keys: Sequence[VerifierKey]
) -> VerifiedAnchor:
    """Verify an anchor within a unit of work; see `verify_signed`."""
    given = [key for key in keys if key.type is KeyType.NOTE]
    known = given or log_keys(session)
    if not known:
        raise no_key_error()
    verified = verify_anchor(signed, known, [key for key in keys if key not in given])
    _require_begins(session, [signed.checkpoint])
    return verified


def verify_anchor(
    signed: SignedCheckpoint, log_keys_known: Sequence[VerifierKey], cosigners: list[VerifierKey]
) -> VerifiedAnchor:
    """Verify who has signed an anchor; InputDataError when it is of another log or not signed."""
    checkpoint = signed.checkpoint
    if checkpoint.origin not in {key.name for key in log_keys_known}:
        raise InputDataError(
            N_("the anchor is of another registry: {origin}"),
            N_("Give an anchor of this registry, or that registry's public key."),
            origin=checkpoint.origin[:200],
        )
    key, cosigned = verify_signatures(signed, log_keys_known, cosigners)
    others = len(signed.note.signatures) - 1 - len(cosigned)
    return VerifiedAnchor(checkpoint, key, cosigned, others)


def _require_begins(session: Session, checkpoints: Sequence[Checkpoint]) -> None:
    """Raise RegistryError unless the log begins with the entries that each anchor is of."""
    entries = ledger.head(session).seq
    roots = heads(ledger.leaves(session), {each.size for each in checkpoints})
    for checkpoint in checkpoints:
        if entries < checkpoint.size:
            raise RegistryError(
                N_(
                    "the log ends at entry {entry}, and the anchor is of {count}: its end is "
                    "missing"
                ),
                ledger.TAMPERING_HINT,
                step=ledger.RESTORE,
                entry=entries,
                count=checkpoint.size,
            )
        if roots.get(checkpoint.size) != checkpoint.root:
            raise RegistryError(
                N_("the log does not match the anchor made at entry {entry}"),
                ledger.TAMPERING_HINT,
                step=ledger.RESTORE,
                entry=checkpoint.size,
            )
