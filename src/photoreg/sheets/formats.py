"""What tells kinds of workbooks apart, without their library, which is slow to load."""

import io
import zipfile
from datetime import time

from photoreg.errors import InputDataError
from photoreg.texts import N_

ZIP_SIGNATURE = b"PK"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
_HEAD = 1024
"""Within so many bytes a PDF begins."""
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM")
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


def refuse_paper(content: bytes, name: str) -> None:
    """Raise InputDataError for a PDF, a picture or a text document: a paper, and no table."""
    hint = N_(
        "Ask for the list as an Excel workbook or CSV file, or write it into a table of your own. "
        "Scanned consent forms are read by their codes instead."
    )
    step = NextStep.to(NextAction.CONSENT_SCAN, "folder", "file")
    if b"%PDF-" in content[:_HEAD]:
        raise InputDataError(
            N_("{file} is a PDF, which is no table of rows and columns"), hint, step=step, file=name
        )
    if _is_picture(content):
        raise InputDataError(
            N_("{file} is a picture, which is no table of rows and columns"),
            hint,
            step=step,
            file=name,
        )
    if _is_text_document(content):
        raise InputDataError(
            N_("{file} is a text document, which is no table of rows and columns"),
            N_("Copy its table into a spreadsheet, save that as .xlsx, and give that file."),
            file=name,
        )


def _is_picture(content: bytes) -> bool:
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return content.startswith(_PICTURES) or is_webp or content[4:8] == b"ftyp"


def _is_text_document(content: bytes) -> bool:
    """Return whether this is a document of Word or OpenDocument, or rich text."""
    if content.startswith(b"{\\rtf"):
        return True
    if not content.startswith(ZIP_SIGNATURE):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _TEXT_PARTS.isdisjoint(archive.namelist()) is False
    except Exception:  # noqa: BLE001 - untrusted input: zipfile raises many kinds of errors
        return False


def is_ours(content: bytes) -> bool:
    """Return whether photoreg made this workbook: a spreadsheet program keeps its first author."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo("docProps/core.xml")
            return part.file_size <= _MAX_PROPERTIES and _AUTHOR_MARK in archive.read(part)
    except Exception:  # noqa: BLE001 - untrusted input: zipfile raises many kinds of errors
        return False
