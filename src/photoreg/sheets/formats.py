"""What tells kinds of workbooks apart, without their library, which is slow to load."""

import io
import zipfile
from datetime import time

from photoreg.errors import InputDataError
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

ZIP_SIGNATURE = b"PK"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
_HEAD = 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")
_WORD_STREAM, _EXCEL_STREAM = (each.encode("utf-16-le") for each in ("WordDocument", "Workbook"))
_TEXT_TYPE = b"application/vnd.oasis.opendocument.text"
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
    head = content[:_HEAD].lstrip()
    if _is_text_document(content):
        raise InputDataError(
            N_("{file} is a text document, not a table of rows and columns"),
            N_("Copy its table into a spreadsheet, save that as .xlsx, and give that file."),
            file=name,
        )
    if head.startswith(b"%PDF-"):
        text = N_("{file} is a PDF, not a table of rows and columns")
    elif head.startswith(_PICTURES) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP":
        text = N_("{file} is a picture, not a table of rows and columns")
    else:
        return
    raise InputDataError(
        text,
        N_(
            "Ask for the list as an Excel workbook or a CSV file, or type it into one. If these "
            "are signed consent forms, they are read as scans:"
        ),
        step=NextStep.to(NextAction.CONSENT_SCAN, "folder", "file"),
        file=name,
    )


def _is_text_document(content: bytes) -> bool:
    """Return whether this is a document of Word or OpenDocument, or rich text."""
    if content.startswith(OLE_SIGNATURE):  # a workbook may hold a Word document
        return _WORD_STREAM in content and _EXCEL_STREAM not in content
    if content.startswith(b"{\\rtf"):
        return True
    if not content.startswith(ZIP_SIGNATURE):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if "mimetype" not in names:
                return "word/document.xml" in names
            is_short = archive.getinfo("mimetype").file_size <= len(_TEXT_TYPE)
            return is_short and archive.read("mimetype") == _TEXT_TYPE
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
