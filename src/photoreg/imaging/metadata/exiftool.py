"""Embed an XMP packet in a HEIC or AVIF photo with exiftool, an optional program.

exiftool gets a complete packet, so it need not know the fields; it only relocates the rest of the
file. Callers verify its output.
"""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.texts import N_

_TIMEOUT_SECONDS: Final = 60


def embed_packet(data: bytes, packet: bytes, file: str) -> bytes:
    """Return the HEIC or AVIF file with this XMP packet.

    Raises PhotoFileError when exiftool is not installed or fails.
    """
    program = shutil.which("exiftool")
    if program is None:
        raise PhotoFileError(
            N_(
                "{file}: changing the file itself needs the program exiftool, which is not "
                "installed"
            ),
            N_("Install exiftool, or have the rights written into a file beside the photo."),
            fields=("embed",),
            file=file,
        )
    with TemporaryDirectory() as folder:
        old, new, xmp = (Path(folder, name) for name in ("old.heic", "new.heic", "new.xmp"))
        old.write_bytes(data)
        xmp.write_bytes(packet)
        # Ignore the user's configuration, which can run code and change the output.
        paths = [f"-XMP<={xmp}", "-o", str(new), str(old)]
        command = [program, "-config", os.devnull, "-q", "-q", *paths]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=_TIMEOUT_SECONDS)  # noqa: S603
            return new.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise PhotoFileError(
                N_("{file}: exiftool could not write the rights; the file was not changed"),
                N_("Have the rights written into a file beside the photo."),
                fields=("embed",),
                file=file,
            ) from error
