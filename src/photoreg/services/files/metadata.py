"""Show the metadata of photo files, and write the registry's rights information into them."""

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
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.photos import photos_with_hashes
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import FileRights
from photoreg.services.application import Application
from photoreg.services.files.recognition import update_rights_removed
from photoreg.services.files.rights import RightsOptions, own_rights
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


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


def plan_metadata(application: Application, named: str, options: RightsOptions) -> MetadataResult:
    """Return what `write_metadata` would change, without changing anything."""
    with application.reading() as work:
        photo = find_photo(work.session, named)
        path = file_of(photo)
        plan = _plan(photo, path, read_bytes(path), _rights(work, photo, options), options)
        number = human_id(Kind.PHOTO, photo.id)
        hides_names = work.hides_photo(id_of(photo))
        rows = _change_rows(number, plan.changes, hides_names=hides_names)
        return MetadataResult(number, rows, plan.has_credentials, plan.sidecar)


def write_metadata(application: Application, named: str, options: RightsOptions) -> MetadataResult:
    """Write the registry's rights information into a photo's own file; the image is unchanged.

    File and registry are changed together or not at all: the new file hash is recorded in the same
    transaction, and the file is restored if the transaction fails.
    """
    written = None
    try:
        with application.changing() as work:
            photo = find_photo(work.session, named)
            path = file_of(photo)
            rights = _rights(work, photo, options)
            plan = _plan(photo, path, read_bytes(path), rights, options)
            _refuse_to_break_credentials(photo, plan, options)
            refuse_duplicate_file(work, photo, file_hash(plan.content))
            written = write_rights(
                path, rights, expected_sha256=photo.sha256, embeds=options.embeds
            )
            if written.changes:
                _record(work, photo, written, plan)
            number = human_id(Kind.PHOTO, photo.id)
            hides_names = work.hides_photo(id_of(photo))
    except BaseException:
        if written is not None:  # without its new hash in the registry it would count as changed
            restore_file(written.target, written.before)
        raise
    rows = _change_rows(number, written.changes, hides_names=hides_names)
    return MetadataResult(number, rows, written.had_credentials, plan.sidecar)


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


def refuse_duplicate_file(work: UnitOfWork, photo: Photo, sha256: str) -> None:
    """Raise NotAllowed when another registered photo has this file hash."""
    other = photos_with_hashes(work.session, [sha256]).get(sha256)
    if other is not None and other.id != photo.id:
        raise NotAllowed(
            N_("{photo}: its file would be the same as that of {other}"),
            N_("Somebody registered a changed copy of this photo: look at {other}."),
            step=NextStep.to(NextAction.PHOTO_SHOW, photo=human_id(Kind.PHOTO, other.id)),
            photo=human_id(Kind.PHOTO, photo.id),
            other=human_id(Kind.PHOTO, other.id),
        )


def _record(work: UnitOfWork, photo: Photo, written: Written, plan: EmbeddingPlan) -> None:
    """Record the file's new hash. The rights metadata read at registration stay recorded."""
    work.log(
        Action.METADATA_WRITTEN,
        Kind.PHOTO,
        photo.id,
        sha256=written.sha256,
        before=photo.sha256,
        tags=[change.tag for change in written.changes],
        sidecar=file_hash(plan.content) if plan.sidecar else None,
    )
    photo.sha256, photo.size = written.sha256, written.size
    work.session.flush()
    if not plan.sidecar:
        update_rights_removed(
            work, photo, rights_by_standard(read_metadata(read_bytes(Path(photo.path))))
        )


def _rights(work: UnitOfWork, photo: Photo, options: RightsOptions) -> OwnRights:
    """Return the rights information for a photo's file; NotAllowed if the file contradicts it."""
    facts = photo_facts(work.session, [id_of(photo)])[id_of(photo)]
    if facts.file_rights is FileRights.CONFLICTS:
        raise NotAllowed(
            N_("{photo}: the file names a different creator than the registry"),
            N_(
                "Find out first who took the photo; the file's own information must not be "
                "overwritten."
            ),
            photo=human_id(Kind.PHOTO, photo.id),
        )
    [rights] = own_rights(work, [(photo, facts)], options)
    return rights


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
