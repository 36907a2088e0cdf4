"""Look a stranger's picture up in a process of its own, whatever it does to the decoder."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.guarded import end_after, limit_memory, program_of
from photoreg.imaging.pictures.lookup_hashes import LookupHashes, inspect_picture
from photoreg.texts import N_

SECONDS = 30
"""How long reading a picture may take."""


def inspect_apart(path: Path) -> LookupHashes:
    """Do what `inspect_picture` does; PhotoFileError as well when reading crashes or hangs."""
    done = subprocess.run(  # noqa: S603 - our own program
        [*program_of(__name__), str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that Ctrl-C reaches only this process
        check=False,
    )
    try:
        found = pickle.loads(done.stdout)  # noqa: S301 - from our own process
    except (EOFError, pickle.UnpicklingError):
        found = PhotoFileError(N_("the picture cannot be read"), N_("Send it as a JPEG."))
    if isinstance(found, PhotoFileError):
        raise found
    assert isinstance(found, LookupHashes)  # noqa: S101 - for the type checker
    return found


def main() -> None:
    """Read the picture named on the command line, and write what was found."""
    limit_memory()
    end_after(SECONDS)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not mix with the result
    try:
        found: LookupHashes | PhotoFileError = inspect_picture(Path(sys.argv[1]))
    except PhotoFileError as error:
        found = error
    answers.write(pickle.dumps(found))
    answers.close()
