"""Show the metadata of photo files, and write the registry's rights information into them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import NotAllowed, PhotoFileError
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.reading import FieldValues, Metadata
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.metadata.sidecar import read_with_sidecar
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.reading import rights_by_standard
from photoreg.imaging.writing.embedding import EmbeddingPlan, FieldChange
from photoreg.imaging.writing.rewriting import (
    Written,
    plan_rights_in_file,
    require_unchanged,
    restore_file,
    write_rights,
)
from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photo, find_photos
from photoreg.registry.queries.photos import photos_with_hashes
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import FileRights
from photoreg.services.application import Application
from photoreg.services.files.recognition import update_rights_removed
from photoreg.services.files.rights import RightsOptions, own_rights
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

BATCH_SIZE = 8
"""How many files are written together: their earlier content is kept in memory meanwhile."""


@dataclass(frozen=True, slots=True)
class MetadataFieldRow:
    """A metadata field: its value in each standard, and which of them is used."""

    field: str
    title: str
    xmp: str
    iptc: str
    exif: str
    source_used: Standard
    disagrees: bool


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """The metadata of a file, with a row for each field that has a value.

    `unread` are the standards whose data are damaged.
    """

    rows: tuple[MetadataFieldRow, ...]
    has_place: bool
    has_credentials: bool
    unread: tuple[str, ...]


def show_file(path: Path) -> FileMetadata:
    """Return the metadata of a file, registered or not."""
    return _file_metadata(read_with_sidecar(path), hides_names=False)


def show_photo(application: Application, named: str) -> FileMetadata:
    """Return the metadata of a registered photo's file, as the user may see it.

    Without names for an auditor, and of a photo of another unit than the user's.
    """
    with application.reading() as work:
        photo = find_photo(work.session, named)
        path = file_of(photo)
        hides_names = work.hides_photo(id_of(photo))
    return _file_metadata(read_with_sidecar(path), hides_names=hides_names)


def _file_metadata(metadata: Metadata, *, hides_names: bool) -> FileMetadata:
    return FileMetadata(
        rows=tuple(
            _field_row(values, values.counts, hides_names=hides_names)
            for values in metadata.fields.values()
            if values.counts
        ),
        has_place=metadata.has_place,
        has_credentials=metadata.has_credentials,
        unread=tuple(standard.value for standard in metadata.damaged),
    )


def _field_row(
    values: FieldValues, source_used: Standard, *, hides_names: bool
) -> MetadataFieldRow:
    is_hidden = hides_names and values.field.holds_names
    texts = {s: "" if is_hidden else values.text_in(s) for s in Standard}
    return MetadataFieldRow(
        field=values.field.name,
        title=values.field.title,
        xmp=texts[Standard.XMP],
        iptc=texts[Standard.IPTC],
        exif=texts[Standard.EXIF],
        source_used=source_used,
        disagrees=values.disagrees,
    )


@dataclass(frozen=True, slots=True)
class MetadataChangeRow:
    """A changed tag in a photo's file; texts that hold names may be hidden."""

    photo: str
    field: str
    title: str
    standard: Standard
    tag: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class MetadataResult:
    """The tags that were or would be changed in a photo's file, or in its `sidecar`."""

    photo: str
    rows: tuple[MetadataChangeRow, ...]
    has_credentials: bool
    sidecar: Path | None = None


def plan_metadata(
    application: Application, photos: Sequence[str], options: RightsOptions
) -> Iterator[MetadataResult]:
    """Yield for each photo what `write_metadata` would change, without changing anything."""
    with application.reading() as work:
        found = find_photos(work.session, photos)
        rights = _rights(work, found, options)
        hides_names = [work.hides_photo(id_of(photo)) for photo in found]
    for photo, own, is_hidden in zip(found, rights, hides_names, strict=True):
        path = file_of(photo)
        plan = _plan(photo, path, read_bytes(path), own, options)
        number = human_id(Kind.PHOTO, photo.id)
        rows = _change_rows(number, plan.changes, hides_names=is_hidden)
        yield MetadataResult(number, rows, plan.has_credentials, plan.sidecar)


def write_metadata(
    application: Application, photos: Sequence[str], options: RightsOptions
) -> Iterator[MetadataResult]:
    """Write the registry's rights information into photos' own files; the images are unchanged.

    Nothing is written if the registry contradicts one of the files. `BATCH_SIZE` files and their
    new hashes are written together or not at all: the hashes in one transaction, and the files are
    restored if it fails. Earlier batches stay written.
    """
    with application.changing() as work:
        found = find_photos(work.session, photos)
        _rights(work, found, options)
        names = human_ids(Kind.PHOTO, map(id_of, found))
    for start in range(0, len(names), BATCH_SIZE):
        yield from _write_batch(application, names[start : start + BATCH_SIZE], options)


@dataclass(frozen=True, slots=True)
class _PlannedFile:
    """A file to write: its photo and rights, and what the plan for it says, without the content."""

    photo: Photo
    path: Path
    rights: OwnRights
    sha256: str
    sidecar: Path | None


def _write_batch(
    application: Application, names: Sequence[str], options: RightsOptions
) -> list[MetadataResult]:
    written: list[Written] = []
    try:
        with application.changing() as work:
            found = find_photos(work.session, names)
            rights = _rights(work, found, options)
            planned = [_planned(*each, options) for each in zip(found, rights, strict=True)]
            refuse_duplicate_files(work, {each.sha256: each.photo for each in planned})
            for file in planned:
                written.append(_write(file, options))  # noqa: PERF401 - kept if one fails
            _record(work, planned, written)
            return [_written_result(work, *each) for each in zip(planned, written, strict=True)]
    except BaseException:
        for done in reversed(written):  # without new hashes they would count as changed
            restore_file(done.target, done.before)
        raise


def _planned(photo: Photo, rights: OwnRights, options: RightsOptions) -> _PlannedFile:
    path = file_of(photo)
    plan = _plan(photo, path, read_bytes(path), rights, options)
    _refuse_to_break_credentials(photo, plan, options)
    return _PlannedFile(photo, path, rights, file_hash(plan.content), plan.sidecar)


def _write(file: _PlannedFile, options: RightsOptions) -> Written:
    before = file.photo.sha256
    return write_rights(file.path, file.rights, expected_sha256=before, embeds=options.embeds)


def _written_result(work: UnitOfWork, file: _PlannedFile, written: Written) -> MetadataResult:
    number = human_id(Kind.PHOTO, file.photo.id)
    hides_names = work.hides_photo(id_of(file.photo))
    rows = _change_rows(number, written.changes, hides_names=hides_names)
    return MetadataResult(number, rows, written.had_credentials, file.sidecar)


def file_of(photo: Photo) -> Path:
    """Return the path of a photo's file; PhotoFileError when it is missing."""
    path = Path(photo.path)
    if not path.is_file():
        raise PhotoFileError(
            N_("{photo}: its file {file} is missing"),
            N_("Put the file back, or give the file itself where it is now."),
            photo=human_id(Kind.PHOTO, photo.id),
            file=path,
        )
    return path


def _plan(
    photo: Photo, path: Path, data: bytes, rights: OwnRights, options: RightsOptions
) -> EmbeddingPlan:
    require_unchanged(data, photo.sha256, photo.file_name)
    return plan_rights_in_file(data, rights, path, embeds=options.embeds)


def _refuse_to_break_credentials(photo: Photo, plan: EmbeddingPlan, options: RightsOptions) -> None:
    if plan.has_credentials and plan.changes and not options.breaks_credentials:
        raise NotAllowed(
            N_(
                "{photo}: its file contains content credentials (C2PA) that any change makes "
                "invalid"
            ),
            N_("Look first at what would change; then say whether the credentials may be lost."),
            fields=("dry_run", "break_credentials"),
            photo=human_id(Kind.PHOTO, photo.id),
        )


def refuse_duplicate_files(work: UnitOfWork, photos: Mapping[str, Photo]) -> None:
    """Raise NotAllowed when another registered photo has the file hash that a photo would get."""
    others = photos_with_hashes(work.session, photos)
    for sha256, photo in photos.items():
        other = others.get(sha256)
        if other is not None and other.id != photo.id:
            raise NotAllowed(
                N_("{photo}: its file would be the same as that of {other}"),
                N_("Somebody registered a changed copy of this photo: look at {other}."),
                step=NextStep.to(NextAction.PHOTO_SHOW, photo=human_id(Kind.PHOTO, other.id)),
                photo=human_id(Kind.PHOTO, photo.id),
                other=human_id(Kind.PHOTO, other.id),
            )


def _record(work: UnitOfWork, planned: Sequence[_PlannedFile], written: Sequence[Written]) -> None:
    """Record the files' new hashes. The rights metadata read at registration stay recorded."""
    changed = [each for each in zip(planned, written, strict=True) if each[1].changes]
    entries = []
    for file, done in changed:
        photo = file.photo
        details = {
            "sha256": done.sha256,
            "before": photo.sha256,
            "tags": [change.tag for change in done.changes],
            "sidecar": file.sha256 if file.sidecar else None,
        }
        entries.append((photo.id, details))
        photo.sha256, photo.size = done.sha256, done.size
    work.log_all(Action.METADATA_WRITTEN, Kind.PHOTO, entries)
    work.session.flush()
    for file, _done in changed:
        if not file.sidecar:
            now = read_metadata(read_bytes(Path(file.photo.path)))
            update_rights_removed(work, file.photo, rights_by_standard(now))


def _rights(work: UnitOfWork, photos: Sequence[Photo], options: RightsOptions) -> list[OwnRights]:
    """Return the rights information for photos' files; NotAllowed if a file contradicts it."""
    facts = photo_facts(work.session, [*map(id_of, photos)])
    contradicted = [
        id_of(photo) for photo in photos if facts[id_of(photo)].file_rights is FileRights.CONFLICTS
    ]
    if contradicted:
        raise NotAllowed(
            N_("{photo}: the file names a different creator than the registry"),
            N_(
                "Find out first who took the photo; the file's own information must not be "
                "overwritten."
            ),
            photo=", ".join(human_ids(Kind.PHOTO, contradicted)),
        )
    return own_rights(work, [(photo, facts[id_of(photo)]) for photo in photos], options)


def _change_rows(
    photo: str, changes: tuple[FieldChange, ...], *, hides_names: bool
) -> tuple[MetadataChangeRow, ...]:
    return tuple(
        MetadataChangeRow(
            photo=photo,
            field=change.field.name,
            title=change.field.title,
            standard=change.standard,
            tag=change.tag,
            old="" if hides_names and change.field.holds_names else change.old,
            new="" if hides_names and change.field.holds_names else change.new,
        )
        for change in changes
    )
