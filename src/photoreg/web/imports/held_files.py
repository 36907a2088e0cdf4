"""Files that are held between a preview and what records it: private, and of one session only.

Where a file lies follows from the secret of the session, the page's purpose and a random key, so
that nobody else finds it, whatever stands in an address. What was chosen on the page is kept beside
it, so that a preview outlives a reload. All of it is removed when it is recorded, when its user
signs out, and as soon as the session is over.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import flask
from werkzeug.datastructures import FileStorage, MultiDict

from photoreg.errors import InputDataError, NotFound, RegistryError, os_cause
from photoreg.named_files import plain_file_name
from photoreg.registry.access.secrets import hash_of
from photoreg.registry.tables.credentials import IDLE_LIMIT
from photoreg.services.application import Application
from photoreg.texts import N_
from photoreg.unfinished import make_private, unfinished_file
from photoreg.web.security import TOKEN_FIELD
from photoreg.web.serving import Desk, this_desk

MOST_FILES = 500
"""How many files are held together."""

MOST_HELD = 20
"""How many previews a session has open; the oldest gives way."""

DOWNLOADS = "downloads"
"""The purpose of files that were made for the user."""

_NOT_KEPT = frozenset({TOKEN_FIELD, "do", "seen"})
"""What a form sends beside what was chosen: its token, the button, and what was shown."""

_FILES, _TYPED = "files", "typed.json"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held for a preview: its key in the address, and its folder."""

    key: str
    folder: Path

    @property
    def files(self) -> list[Path]:
        """The files, by folder and name."""
        return sorted((self.folder / _FILES).glob("*/*"))

    @property
    def folder_of_files(self) -> Path:
        """The folder that holds nothing but the files that were sent."""
        return self.folder / _FILES / "sent"

    @property
    def file(self) -> Path:
        """The only file."""
        [found] = self.files
        return found

    def place(self, name: str) -> Path:
        """Return a new folder for files."""
        found = self.folder / _FILES / name
        with _room():
            found.mkdir(parents=True)
        return found

    @property
    def typed(self) -> MultiDict[str, str]:
        """What was chosen on the page, at last."""
        try:
            return MultiDict(json.loads((self.folder / _TYPED).read_text("utf-8")))
        except OSError:
            return MultiDict()

    def keep_typed(self, typed: MultiDict[str, str]) -> None:
        """Keep what was chosen on the page."""
        with _room(), unfinished_file(self.folder) as (part, file):
            kept = [each for each in typed.items(multi=True) if each[0] not in _NOT_KEPT]
            file.write(json.dumps(kept).encode())
            file.close()
            part.replace(self.folder / _TYPED)

    def release(self) -> None:
        """Remove what is held."""
        shutil.rmtree(self.folder, ignore_errors=True)


def hold(purpose: str, uploads: Sequence[FileStorage]) -> Held:
    """Hold files that were sent; InputDataError for none or too many.

    Their names are never paths: only the last part is used, and no control character.
    """
    sent = [each for each in uploads if each.filename]
    if not sent:
        raise InputDataError(
            N_("no file was chosen"),
            N_("Choose the file on your computer, or drop it on the page."),
            fields=("file",),
        )
    if len(sent) > MOST_FILES:
        raise InputDataError(
            N_("more than {count} files were sent at once"),
            N_("Send them in several parts."),
            fields=("file",),
            count=MOST_FILES,
        )
    found = new_held(purpose)
    try:
        with _room():
            folder = found.place("sent")
            for upload in sent:
                upload.save(_free(folder / plain_file_name(upload.filename or "")))
    except BaseException:
        found.release()
        raise
    return found


def new_held(purpose: str) -> Held:
    """Return a new place for what is held, with an empty folder."""
    sweep(this_desk())
    own, key = _own_folder(), secrets.token_urlsafe(16)
    with _room():
        make_private(own)
        for oldest in sorted(own.iterdir(), key=_last_used)[: -MOST_HELD + 1]:
            shutil.rmtree(oldest, ignore_errors=True)
        folder = own / _entry(purpose, key)
        folder.mkdir(mode=0o700)
    touch()
    return Held(key, folder)


def held(purpose: str, key: str) -> Held:
    """Return what is held for this page of this session; NotFound if it is not held any more."""
    found = Held(key, _own_folder() / _entry(purpose, key))
    if not found.folder.is_dir():
        raise NotFound(
            N_("the file is not held any more"),
            N_("It was recorded, or the session ended. Choose the file again."),
        )
    return found


def touch() -> None:
    """Note that the session of the running request goes on, so that its files are kept."""
    with suppress(OSError, RegistryError):
        now = this_desk().clock().timestamp()
        os.utime(_own_folder(), (now, now))


def release_all() -> None:
    """Remove whatever is held for the session of the running request."""
    with suppress(RegistryError):
        shutil.rmtree(_own_folder(), ignore_errors=True)


def sweep(desk: Desk) -> None:
    """Remove what is held for sessions that are over: nobody used them for as long as they last."""
    over = (desk.clock() - IDLE_LIMIT).timestamp()
    with suppress(OSError, RegistryError):
        for folder in _root(desk).iterdir():
            if _last_used(folder) < over:
                shutil.rmtree(folder, ignore_errors=True)


def _root(desk: Desk) -> Path:
    """Return the folder beside the registry; no backup takes it along."""
    evidence = desk.registry.evidence_folder
    return evidence.with_name(f"{evidence.name.removesuffix('.evidence')}.held")


def _own_folder() -> Path:
    application: Application = flask.g.application
    return _root(this_desk()) / hash_of(f"held {application.secret}")


def _entry(purpose: str, key: str) -> str:
    return hash_of(f"{purpose} {key}")


def _free(file: Path) -> Path:
    """Return the file, or the first with a number behind its name that is not there yet."""
    numbered = (file.with_stem(f"{file.stem}-{number}") for number in count(2))
    return next(each for each in chain([file], numbered) if not each.exists())


def _last_used(folder: Path) -> float:
    return folder.stat().st_mtime


@contextmanager
def _room() -> Iterator[None]:
    """Turn an error of the disk into one that users understand."""
    try:
        yield
    except OSError as error:
        raise RegistryError(
            N_("the desk cannot keep the file: {cause}"),
            N_("Free some room on its disk, and send the file again."),
            cause=os_cause(error),
        ) from error
