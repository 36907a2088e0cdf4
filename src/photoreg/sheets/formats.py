"""What tells kinds of workbooks apart, without their library, which is slow to load."""

import io
import zipfile
from datetime import time

from photoreg.errors import InputDataError
from photoreg.texts import N_

ZIP_SIGNATURE = b"PK"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
MIDNIGHT = time()
MAX_UNPACKED = 64 * 1024 * 1024
"""Maximum size of an unpacked workbook in bytes, against zip bombs."""
AUTHOR = "photoreg"
"""The author of the workbooks that are written here."""
_AUTHOR_MARK = f"creator>{AUTHOR}</".encode()
_MAX_PROPERTIES = 64 * 1024


def not_a_workbook(name: str) -> InputDataError:
    """Return the error for a file that is damaged or only looks like a workbook."""
    return InputDataError(
        N_("{file} cannot be read as a workbook: it is damaged, protected or another kind of file"),
        N_(
            "Open it in a spreadsheet program, save it without a password as an Excel workbook "
            "(.xlsx), and give that file."
        ),
        file=name,
    )


def is_ours(content: bytes) -> bool:
    """Return whether photoreg made this workbook: a spreadsheet program keeps its first author."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo("docProps/core.xml")
            return part.file_size <= _MAX_PROPERTIES and _AUTHOR_MARK in archive.read(part)
    except Exception:  # noqa: BLE001 - untrusted input: zipfile raises many kinds of errors
        return False
