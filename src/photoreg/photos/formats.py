"""Which files are photos, and how large they may be.

The format is decided by the first bytes of a file, never by its name: JPEG (ITU-T T.81), PNG
(ISO/IEC 15948), TIFF 6.0, WebP (RFC 9649), HEIC and AVIF (ISO/IEC 23008-12).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NoReturn

from photoreg.errors import PhotoFileError
from photoreg.texts import N_

PhotoFormat = Literal["JPEG", "PNG", "TIFF", "WEBP", "HEIC", "AVIF"]

MAX_FILE_BYTES: Final = 512 * 1024 * 1024
"""The largest file that is read, in bytes."""

MAX_PIXELS: Final = 89_478_485
"""The largest image, width times height: the size above which Pillow suspects an attack."""

PHOTO_EXTENSIONS: Final = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp"),
        *(".heic", ".heif", ".hif", ".avif"),
    }
)
"""Endings of the files that a folder is searched for, in lower case."""

ASK_FOR_JPEG: Final = N_("Save it as JPEG in an image program, or set the camera to JPEG.")
COPY_AGAIN: Final = N_("Copy the file again from the camera or ask the photographer for it.")
DAMAGED: Final = N_("{file}: the image is damaged or cut off before its end")

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"mif2", b"msf1"}
)
_BIG_TIFF: Final = (b"II+\0", b"MM\0+")


def recognise(data: bytes, file: str) -> PhotoFormat:
    """Tell the format of a photo from its bytes; `file` is its name for the error message.

    Raises PhotoFileError when the bytes are empty or of no format that is handled.
    """
    if not data:
        raise PhotoFileError(N_("{file}: the file is empty"), COPY_AGAIN, file=file)
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "TIFF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        # The brands that the file can be read as, the first one foremost (ISO/IEC 14496-12, 4.3).
        listed = data[16 : min(int.from_bytes(data[:4], "big"), 256)]
        brands = {data[8:12], *(listed[at : at + 4] for at in range(0, len(listed), 4))}
        if brands & _AVIF_BRANDS:
            return "AVIF"
        if brands & _HEIF_BRANDS:
            return "HEIC"
    if data.startswith(_BIG_TIFF):
        raise PhotoFileError(
            N_("{file}: TIFF files of the large kind (BigTIFF) cannot be handled"),
            N_("Save it as an ordinary TIFF or as JPEG in an image program."),
            file=file,
        )
    raise PhotoFileError(
        N_("{file}: this is not a photo (JPEG, PNG, TIFF, WebP, HEIC or AVIF)"),
        N_("Choose the photo itself. A file's name may promise a photo that it does not hold."),
        file=file,
    )


def read_bytes(path: Path) -> bytes:
    """Return the whole content of a file: one open, one read.

    Raises PhotoFileError when it is missing, a folder, no ordinary file, not allowed or too large.
    """
    try:
        if path.is_dir():
            raise PhotoFileError(
                N_("{file}: this is a folder, not a photo"),
                N_("Name the photo itself."),
                file=path.name,
            )
        if path.exists() and not path.is_file():  # a pipe would wait for ever
            raise PhotoFileError(
                N_("{file}: this is not an ordinary file"),
                N_("Copy the photo to a folder first."),
                file=path.name,
            )
        if path.stat().st_size > MAX_FILE_BYTES:
            raise PhotoFileError(
                N_("{file}: the file is larger than {megabytes} megabytes"),
                N_("Save a smaller copy of the photo and use that."),
                file=path.name,
                megabytes=MAX_FILE_BYTES // 1024**2,
            )
        return path.read_bytes()
    except OSError as error:
        _explain(error, path)


def photo_files(path: Path, unreadable: list[PhotoFileError] | None = None) -> Iterator[Path]:
    """Yield the photos that `path` names: a file yields itself, a folder all photos below it.

    In folders the name's ending decides (`PHOTO_EXTENSIONS`); hidden files and folders and links
    to folders are skipped; the order is by name. Raises PhotoFileError when nothing is there or a
    folder cannot be listed; with a list `unreadable` such a folder's error is put there instead,
    and the others go on.
    """
    try:
        is_folder = path.is_dir()
        path.stat()
    except OSError as error:
        _explain(error, path)
    if is_folder:
        yield from _photos_below(path, unreadable)
    else:
        yield path


def _photos_below(folder: Path, unreadable: list[PhotoFileError] | None) -> Iterator[Path]:
    try:
        entries = [(entry, entry.is_dir()) for entry in sorted(folder.iterdir())]
    except OSError as error:
        refusal = PhotoFileError(
            N_("{file}: the folder cannot be opened"),
            N_("Ask for the right to read the folder, or copy the photos to one of your own."),
            file=folder.name or str(folder),
        )
        if unreadable is None:
            raise refusal from error
        unreadable.append(refusal)
        return
    for entry, is_folder in entries:
        if entry.name.startswith("."):
            continue
        if is_folder:
            if not entry.is_symlink():  # a link may lead in a circle
                yield from _photos_below(entry, unreadable)
        elif entry.suffix.lower() in PHOTO_EXTENSIONS:
            yield entry


def _explain(error: OSError, path: Path) -> NoReturn:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        message, hint = (
            N_("{file}: there is no such file"),
            N_("Check the name and the folder."),
        )
    elif isinstance(error, PermissionError):
        message, hint = (
            N_("{file}: you have no right to read this file"),
            N_("Ask for the right to read it, or copy it to a folder of your own."),
        )
    else:
        message, hint = (
            N_("{file}: the file cannot be read"),
            N_("Check the disk or the network drive, and try again."),
        )
    raise PhotoFileError(message, hint, file=path.name or str(path)) from error
