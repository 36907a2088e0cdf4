"""Copies of a registry as SQLite files: taken while it is in use, opened for reading, set aside."""

import glob
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.errors import RegistryError
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.sqlite import claim_name
from photoreg.registry.engines.transfer import copy_rows
from photoreg.registry.evidence import has_content
from photoreg.texts import N_
from photoreg.unfinished import exclusive_folder, make_private, publish_file, unfinished_file


def copy_registry(registry: Registry, copy: Path) -> None:
    """Write the registry's present state to a new private file; others may write meanwhile."""
    if registry.is_on_server:
        copy_rows(registry, Registry(copy), lambda _old, _new: None)
        fold_in_wal(copy)
        return
    with registry.translating_errors():
        copy.touch(mode=0o600, exist_ok=False)
        with (
            closing(sqlite3.connect(f"{registry.path.absolute().as_uri()}?mode=ro", uri=True)) as a,
            closing(sqlite3.connect(copy)) as b,
        ):
            a.execute(f"PRAGMA busy_timeout = {registry.store.wait_ms}")
            a.backup(b)  # in one step: one read transaction, which holds nobody up
        fold_in_wal(copy)


def fold_in_wal(path: Path) -> None:
    """Leave nothing of the database in files beside it; `sqlite3.OperationalError` while in use."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def read_only_session(path: Path) -> Iterator[Session]:
    """Give a session on a database file that is only read, whatever its schema version."""
    uri = f"file:{path.absolute().as_uri().removeprefix('file://')}?mode=ro&uri=true"
    engine = sa.create_engine(f"sqlite:///{uri}")
    try:
        with Session(engine) as session:
            yield session
    except sa.exc.DBAPIError as error:
        raise RegistryError(
            N_("the registry {path} is damaged"),
            N_("Nothing was changed. Keep the file as it is and restore the latest backup."),
            path=path,
        ) from error
    finally:
        engine.dispose()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new private one, and onto the disk."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as new:
        _copy_content(new, source)


def _copy_content(new: BinaryIO, source: Path) -> None:
    with source.open("rb") as old:
        shutil.copyfileobj(old, new)
    new.flush()
    os.fsync(new.fileno())


def copy_document(source: Path, target: Path, sha256: str) -> bool:
    """Copy evidence unless it is there already; False when the source is gone or was changed."""
    if has_content(target, sha256):
        return True
    if not has_content(source, sha256):
        return False
    make_private(target.parent)
    with unfinished_file(target.parent) as (unfinished, copy):
        _copy_content(copy, source)
        publish_file(unfinished, copy, target)
    return True


@contextmanager
def exclusive_access(registry: Registry) -> Iterator[None]:
    """Let nobody else bring documents into the registry's folder, or clear it up, meanwhile."""
    try:
        with exclusive_folder(registry.evidence_folder):
            yield
    except BlockingIOError as error:
        raise in_use_error(registry.store.display_name) from error


def in_use_error(shown: object) -> RegistryError:
    """Return the error for a registry that somebody else works on."""
    return RegistryError(
        N_("the registry {path} is in use by somebody else"),
        N_("Nothing was changed. Try again in a moment."),
        path=shown,
    )


def install_database(new: Path, path: Path, *, replace: bool) -> None:
    """Let a new database be the registry at `path`; one that is there becomes `….replaced-1`.

    There is one at every moment, the old one or the new one. One that somebody uses is not touched
    (RegistryError); a damaged one keeps its files. It keeps its documents as well, for those that
    the backup does not know are no longer needed by the registry that takes its place. The new one
    lies in a folder of its own, which is used on the way.
    """
    if not (replace and path.exists()):
        claim_name(new, path)
        return
    try:
        fold_in_wal(path)
    except sqlite3.OperationalError as error:
        raise in_use_error(path) from error
    except sqlite3.DatabaseError:
        pass  # it is damaged, which may be why a backup takes its place
    remove_replacement_links(path)
    number = 1
    while any(path.parent.glob(f"{glob.escape(path.name)}.replaced-{number}*")):
        number += 1
    aside = path.with_name(f"{path.name}.replaced-{number}")
    documents = new.with_name(f"{new.name}.evidence")
    evidence = path.with_name(f"{path.name}.evidence")
    if evidence.is_dir():
        shutil.copytree(evidence, documents, copy_function=_link_or_copy)
    for suffix in ("-wal", "-shm", ""):
        old = path.with_name(path.name + suffix)
        if old.exists():
            _add_link(old, aside.with_name(aside.name + suffix), new.parent)
    if documents.is_dir():
        documents.rename(aside.with_name(f"{aside.name}.evidence"))
    for suffix in ("-wal", "-shm"):  # they must never be played onto another database
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    new.replace(path)


def replacement_links(path: Path) -> list[Path]:
    """Return the names under which the registry at `path` was to be set aside, and was not.

    Somebody was interrupted in between. The file is still the registry in use.
    """
    return [
        other
        for other in path.parent.glob(f"{glob.escape(path.name)}.replaced-*[0-9]")
        if other.is_file() and other.samefile(path)
    ]


def remove_replacement_links(path: Path) -> None:
    """Take away the names of `replacement_links`, with what was to lie beside them."""
    for other in replacement_links(path):
        shutil.rmtree(other.with_name(f"{other.name}.evidence"), ignore_errors=True)
        for suffix in ("-wal", "-shm", ""):
            first, second = (one.with_name(one.name + suffix) for one in (path, other))
            if second.exists() and not first.exists():
                second.rename(first)
            second.unlink(missing_ok=True)


def _add_link(old: Path, name: Path, folder: Path) -> None:
    """Give a file a second name; where a disk knows one only, to a copy, once it is whole."""
    try:
        os.link(old, name)
    except OSError:
        copy = folder / name.name
        shutil.copy2(old, copy)
        copy.rename(name)


def _link_or_copy(source: str, target: str) -> None:
    """Give a file a second name, or copy it where a disk knows one name only."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def flush_to_disk(folder: Path) -> None:
    """Make sure that every file and folder below is on the disk."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
