"""The files that a request sent, in a private folder; limited in number, and named by no path."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import flask
from werkzeug.datastructures import FileStorage

from photoreg.errors import InputDataError, RegistryError, os_cause
from photoreg.named_files import plain_file_name
from photoreg.services.photos.uploads import MOST_FILES, SentFile
from photoreg.texts import N_

FIELD = "file"
"""The name of the field in which photos are sent."""


@contextmanager
def sent_files() -> Iterator[Sequence[SentFile]]:
    """Give the files of the request, in a private folder that is removed afterwards.

    InputDataError for none or too many; RegistryError where the disk is full.
    """
    files = [each for each in flask.request.files.getlist(FIELD) if each.filename]
    if not files:
        raise InputDataError(
            N_("no file was sent"), N_("Choose at least one photo."), fields=(FIELD,)
        )
    if len(files) > MOST_FILES:
        raise InputDataError(
            N_("{count} files were sent, and {most} at most are taken at once"),
            N_("Nothing of them was registered. Send them in parts."),
            fields=(FIELD,),
            count=len(files),
            most=MOST_FILES,
        )
    with tempfile.TemporaryDirectory(prefix="photoreg-") as folder:
        yield [_stored(each, Path(folder, str(number))) for number, each in enumerate(files)]


def _stored(file: FileStorage, place: Path) -> SentFile:
    try:
        file.save(place)
    except OSError as error:
        raise cannot_be_kept(error) from error
    return SentFile(place, plain_file_name(file.filename or ""))


def cannot_be_kept(error: OSError) -> RegistryError:
    """Return the error for what a browser sent and this computer has no room for."""
    return RegistryError(
        N_("what was sent cannot be kept: {cause}"),
        N_("Nothing of it was registered. Tell photoreg support, and send it again later."),
        cause=os_cause(error),
    )
