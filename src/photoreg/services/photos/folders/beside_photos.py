"""What folders hold beside photos: counted by kind and named, so that nothing is missed."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

MOST_NAMED = 3
"""How many files of a kind are named; more are only counted."""


class FileKind(StrEnum):
    """The kinds of files that lie beside photos."""

    RAW = "raw"
    VIDEO = "video"
    DOCUMENT = "document"
    PICTURE = "picture"
    ARCHIVE = "archive"
    OF_PROGRAM = "of_program"
    OTHER = "other"


_EXTENSIONS = {
    FileKind.RAW: "3fr arw cr2 cr3 crw dng erf iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 "
    "rwl sr2 srf srw x3f",
    FileKind.VIDEO: "3gp avi m2ts m4v mkv mod mov mp4 mpeg mpg mts vob webm wmv",
    FileKind.DOCUMENT: "csv doc docx eml msg odp ods odt pages pdf ppt pptx rtf txt xls xlsx",
    FileKind.PICTURE: "ai bmp eps gif indd jp2 jxl psd svg xcf",
    FileKind.ARCHIVE: "7z gz rar tar tgz zip",
}
_KINDS = {f".{ext}": kind for kind, some in _EXTENSIONS.items() for ext in some.split()}
_OF_PROGRAMS = frozenset(
    {".aae", ".bak", ".cos", ".db", ".dop", ".ini", ".lnk", ".pp3", ".thm", ".tmp"}
)
"""What programs keep for themselves: thumbnails and settings; hidden files are theirs too."""
_SIDECAR = ".xmp"
"""The file of metadata beside a photo, which is read with it."""


@dataclass(frozen=True, slots=True)
class FilesOfKind:
    """How many files of a kind there are, and the names of the first ones."""

    count: int = 0
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class BesidePhotos:
    """Collects what folders hold beside photos while their photos are listed."""

    found: dict[FileKind, FilesOfKind] = field(default_factory=dict)

    def add(self, path: str) -> None:
        """Count a file that is no photo; a sidecar belongs to its photo and does not count."""
        file = PurePath(path)
        if file.suffix.lower() == _SIDECAR:
            return
        kind = _kind_of(file)
        known = self.found.get(kind, FilesOfKind())
        names = known.names if len(known.names) >= MOST_NAMED else (*known.names, file.name)
        self.found[kind] = FilesOfKind(known.count + 1, names)


def _kind_of(file: PurePath) -> FileKind:
    extension = file.suffix.lower()
    if file.name.startswith(".") or extension in _OF_PROGRAMS:
        return FileKind.OF_PROGRAM
    return _KINDS.get(extension, FileKind.OTHER)
