"""Taking out of photo files what nobody should find there: place, serial numbers, names, previews.

What a file says of its rights stays; everything else but the image goes, as in a copy for
publication. Normally a copy is made, and the file is left alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import NotAllowed, PhotoFileError, PhotoregError
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.rights_blocks import kept_rights
from photoreg.imaging.metadata.sidecar import read_with_sidecar
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.reading import rights_said
from photoreg.imaging.writing.copies import make_folder, replace_by, write_copy
from photoreg.imaging.writing.publishable_copy import Copy, publishable
from photoreg.imaging.writing.rewriting import put_back
from photoreg.registry.ids import Kind, number_in
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_photo
from photoreg.registry.queries.photos import photos_with_hashes
from photoreg.registry.tables.photos import Photo
from photoreg.services.files.metadata import file_of, refuse_double
from photoreg.services.files.recognition import note_rights
from photoreg.services.unit_of_work import Desk, Workplace
from photoreg.texts import N_

KEPT = frozenset({"Artist", "Copyright", "Orientation"})


@dataclass(frozen=True, slots=True)
class Stripped:
    """What came of one file: what was made, where, and what is not in it; or an error."""

    named: str
    path: Path | None = None
    copy: Copy | None = None
    removed: tuple[str, ...] = ()
    error: PhotoregError | None = None


def strip_copies(
    workplace: Callable[[], Workplace], named: Sequence[str], folder: Path | None
) -> Iterator[Stripped]:
    """Make copies without hidden data, in a folder or beside the files, which stay as they are.

    A name is that of a file, or of a registered photo: only then is the registry opened.
    """
    for each in named:
        try:
            source = _source(workplace, each)
            copy = _stripped(read_bytes(source), source)
            if folder is not None:
                make_folder(folder)
            target = _target(source, copy, folder)
            write_copy(copy, source, target)
            yield Stripped(each, target, copy, _removed(copy))
        except PhotoregError as error:
            yield Stripped(each, error=error)


def strip_in_place(
    workplace: Workplace, named: Sequence[str], *, breaks_credentials: bool = False
) -> Iterator[Stripped]:
    """Take hidden data out of the files themselves; of a registered photo the new hash is recorded.

    Each file is a transaction of its own: either the file and its record are new, or neither.
    """
    for each in named:
        try:
            source = _source(lambda: workplace, each)
            copy = _strip_file(workplace, source, breaks_credentials=breaks_credentials)
            yield Stripped(each, source, copy, _removed(copy))
        except PhotoregError as error:
            yield Stripped(each, error=error)


def _strip_file(workplace: Workplace, source: Path, *, breaks_credentials: bool) -> Copy:
    before = read_bytes(source)
    changed = False
    try:
        with workplace.changing() as desk:
            copy = _stripped(before, source)
            _refuse_another_image(copy, source)
            if not breaks_credentials:
                _refuse_to_lose_credentials(source)
            sha256 = file_hash(before)
            photo = photos_with_hashes(desk.session, [sha256]).get(sha256)
            replace_by(copy, source, before)
            changed = True
            if photo is not None:
                _record(desk, photo, copy)
    except BaseException:
        if changed:  # a file that no record knows would count as changed
            put_back(source, before)
        raise
    return copy


def _record(desk: Desk, photo: Photo, copy: Copy) -> None:
    sha256 = file_hash(copy.content)
    refuse_double(desk, photo, sha256)
    desk.log(
        Action.METADATA_WRITTEN,
        Kind.PHOTO,
        photo.id,
        sha256=sha256,
        before=photo.sha256,
        stripped=True,
    )
    photo.sha256, photo.size = sha256, len(copy.content)
    desk.session.flush()
    note_rights(desk, photo, rights_said(read_metadata(copy.content)))


def _source(workplace: Callable[[], Workplace], named: str) -> Path:
    path = Path(named)
    if number_in(Kind.PHOTO, named) is None:
        return path
    with workplace().reading() as desk:
        return file_of(the_photo(desk.session, named))


def _stripped(data: bytes, source: Path) -> Copy:
    return publishable(data, kept_rights(read_with_sidecar(source)), file=source.name)


def _target(source: Path, copy: Copy, folder: Path | None) -> Path:
    ending = copy.extension
    target = (
        folder / f"{source.stem}{ending}"
        if folder is not None
        else source.with_name(f"{source.stem}-stripped{ending}")
    )
    if target.exists():
        raise PhotoFileError(
            N_("{file} is there already"),
            N_("Move it away, or name another folder."),
            fields=("output",),
            file=target,
        )
    return target


def _refuse_to_lose_credentials(source: Path) -> None:
    if read_with_sidecar(source).has_credentials:
        raise NotAllowed(
            N_("{file}: it holds content credentials (C2PA), which would be lost"),
            N_("Make a copy instead, or say that the credentials may be lost."),
            fields=("in_place", "break_credentials"),
            file=source.name,
        )


def _refuse_another_image(copy: Copy, source: Path) -> None:
    if copy.is_derived:
        raise PhotoFileError(
            N_("{file}: in {format} files, hidden data cannot be taken out without a new image"),
            N_("Have a copy made: it is a JPEG."),
            fields=("in_place",),
            file=source.name,
            format=copy.made_from,
        )


def _removed(copy: Copy) -> tuple[str, ...]:
    return tuple(name for name in copy.carried if name not in KEPT)
