"""Strip hidden data from photo files: location, serial numbers, names, previews.

Rights information stays; everything else but the image is removed, as in a copy for publication.
By default a copy is made and the file is not changed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import NotAllowed, PhotoFileError, PhotoregError
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.rights_blocks import rights_in_metadata
from photoreg.imaging.metadata.sidecar import read_with_sidecar
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.reading import rights_by_standard
from photoreg.imaging.writing.copies import make_folder, replace_original, write_copy
from photoreg.imaging.writing.publishable_copy import Copy, make_publishable
from photoreg.imaging.writing.rewriting import restore_file
from photoreg.registry.ids import Kind, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.photos import photos_with_hashes
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import Application
from photoreg.services.files.metadata import file_of, refuse_duplicate_files
from photoreg.services.files.recognition import update_rights_removed
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_

KEPT_TAGS = frozenset({"Artist", "Copyright", "Orientation"})


@dataclass(frozen=True, slots=True)
class StripResult:
    """The result for one file: the stripped copy, its path and the removed tags; or an error."""

    named: str
    path: Path | None = None
    copy: Copy | None = None
    removed: tuple[str, ...] = ()
    error: PhotoregError | None = None


def strip_copies(
    application: Callable[[], Application], named: Sequence[str], folder: Path | None
) -> Iterator[StripResult]:
    """Write copies without hidden data into a folder, or beside the files, which are unchanged.

    `named` are files or ids of photos; the registry is opened only for ids.
    """
    for each in named:
        try:
            source = _source(application, each)
            copy = _stripped(read_bytes(source), source)
            if folder is not None:
                make_folder(folder)
            target = _target(source, copy, folder)
            write_copy(copy, source, target)
            yield StripResult(each, target, copy, _removed(copy))
        except PhotoregError as error:
            yield StripResult(each, error=error)


def strip_in_place(
    application: Application, named: Sequence[str], *, breaks_credentials: bool = False
) -> Iterator[StripResult]:
    """Strip hidden data from the files themselves; for registered photos record the new hash.

    Each file is its own transaction: file and record are changed together or not at all.
    """
    for each in named:
        try:
            source = _source(lambda: application, each)
            copy = _strip_file(application, source, breaks_credentials=breaks_credentials)
            yield StripResult(each, source, copy, _removed(copy))
        except PhotoregError as error:
            yield StripResult(each, error=error)


def _strip_file(application: Application, source: Path, *, breaks_credentials: bool) -> Copy:
    before = read_bytes(source)
    changed = False
    try:
        with application.changing() as work:
            copy = _stripped(before, source)
            _refuse_derived_image(copy, source)
            if not breaks_credentials:
                _refuse_to_lose_credentials(source)
            sha256 = file_hash(before)
            photo = photos_with_hashes(work.session, [sha256]).get(sha256)
            replace_original(copy, source, before)
            changed = True
            if photo is not None:
                _record(work, photo, copy)
    except BaseException:
        if changed:  # without its new hash in the registry it would count as changed
            restore_file(source, before)
        raise
    return copy


def _record(work: UnitOfWork, photo: Photo, copy: Copy) -> None:
    sha256 = file_hash(copy.content)
    refuse_duplicate_files(work, {sha256: photo})
    work.log(
        Action.METADATA_WRITTEN,
        Kind.PHOTO,
        photo.id,
        sha256=sha256,
        before=photo.sha256,
        stripped=True,
    )
    photo.sha256, photo.size = sha256, len(copy.content)
    work.session.flush()
    update_rights_removed(work, photo, rights_by_standard(read_metadata(copy.content)))


def _source(application: Callable[[], Application], named: str) -> Path:
    path = Path(named)
    if parse_id(Kind.PHOTO, named) is None:
        return path
    with application().reading() as work:
        return file_of(find_photo(work.session, named))


def _stripped(data: bytes, source: Path) -> Copy:
    return make_publishable(data, rights_in_metadata(read_with_sidecar(source)), file=source.name)


def _target(source: Path, copy: Copy, folder: Path | None) -> Path:
    ending = copy.extension
    target = (
        folder / f"{source.stem}{ending}"
        if folder is not None
        else source.with_name(f"{source.stem}-stripped{ending}")
    )
    if target.exists():
        raise PhotoFileError(
            N_("{file} exists already"),
            N_("Move it away, or name another folder."),
            fields=("output",),
            file=target,
        )
    return target


def _refuse_to_lose_credentials(source: Path) -> None:
    if read_with_sidecar(source).has_credentials:
        raise NotAllowed(
            N_("{file}: it contains content credentials (C2PA), which would be lost"),
            N_("Make a copy instead, or say that the credentials may be lost."),
            fields=("in_place", "break_credentials"),
            file=source.name,
        )


def _refuse_derived_image(copy: Copy, source: Path) -> None:
    if copy.is_derived:
        raise PhotoFileError(
            N_("{file}: hidden data can be removed from {format} files only by making a new image"),
            N_("Have a copy made: it is a JPEG."),
            fields=("in_place",),
            file=source.name,
            format=copy.made_from,
        )


def _removed(copy: Copy) -> tuple[str, ...]:
    return tuple(name for name in copy.carried if name not in KEPT_TAGS)
