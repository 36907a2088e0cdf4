"""Put an XMP packet into a HEIC or AVIF photo by exiftool, which need not be installed.

The packet is made here and handed over whole, so that it does not matter which fields exiftool
knows; exiftool only moves the other parts of the file. What it makes is judged before it counts.
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
    """Return a HEIC or AVIF file with this XMP packet in it.

    Raises PhotoFileError when exiftool is not there or refuses.
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
        # No settings of the user's: they may run programs and change what is written.
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
