"""Publishing: the copy that may go out, where it went, and that it was taken down again."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from photoreg.errors import InputDataError, NotAllowed, PhotoFileError
from photoreg.photos.reading import describe_metadata
from photoreg.photos.writing import Rights, export_copy
from photoreg.registry.facts import rights_holders
from photoreg.registry.finding import the_channel, the_photo, the_publication
from photoreg.registry.ledger import Action
from photoreg.registry.names import Kind, human_id, id_of, name_key
from photoreg.registry.publications import (
    Listed,
    administers,
    is_online_at,
    listed_publications,
    names_shown,
    open_task,
)
from photoreg.registry.records import add
from photoreg.registry.tables import (
    ChannelRow,
    DecisionFor,
    Photo,
    Publication,
    RegistryInfo,
    TakeDown,
)
from photoreg.rulebook.facts import Basis, Channel
from photoreg.services.deciding import AskedUse, Checked, check_named, record_decision
from photoreg.services.workplace import Desk, Workplace
from photoreg.texts import N_

LONGEST_ADDRESS = LONGEST_PROOF = 2000
_LONGEST_STEM = 80
_SHORTEST_NAME = 3
_KEPT_IN_COPIES = frozenset({"Artist", "Copyright", "Orientation"})


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of exporting one photo: a copy, or a verdict that does not allow one.

    `removed` names what the original carries and the copy does not. `error` is set when the file
    could not be read or written.
    """

    checked: Checked
    path: Path | None = None
    removed: tuple[str, ...] = ()
    error: PhotoFileError | None = None


def export_photos(
    workplace: Workplace,
    photos: Sequence[str],
    asked: AskedUse,
    folder: Path,
    *,
    file: Path | None = None,
) -> Iterator[Exported]:
    """Write the publishable copy of each photo that may be published at this moment.

    Every photo is a transaction of its own, so one that fails leaves the others alone. `file` is
    where the original of a single photo lies now.
    """
    with workplace.reading() as desk:
        the_channel(desk.session, asked.channel)
        numbers = dict.fromkeys(id_of(the_photo(desk.session, named)) for named in photos)
    _make_folder(folder)
    for number in numbers:
        yield _export(workplace, human_id(Kind.PHOTO, number), asked, folder, file)


def _export(
    workplace: Workplace, named: str, asked: AskedUse, folder: Path, file: Path | None
) -> Exported:
    """Evaluate, write and record in one writing transaction: nobody changes a fact meanwhile."""
    written: Path | None = None
    try:
        with workplace.changing() as desk:
            [checked] = check_named(desk, [named], asked)
            if not checked.is_allowed:
                return Exported(checked)
            photo = the_photo(desk.session, named)
            source = _original(photo, file)
            target = folder / _copy_name(desk, photo)
            try:
                removed = tuple(n for n in describe_metadata(source) if n not in _KEPT_IN_COPIES)
                rights = _rights(desk, photo, checked)
                copy = export_copy(source, target, rights, expected_sha256=photo.sha256)
            except PhotoFileError as error:
                return Exported(checked, error=error)
            written = copy.path
            decision = record_decision(desk, checked, DecisionFor.EXPORT)
            desk.log(
                Action.PHOTO_EXPORTED,
                Kind.PHOTO,
                photo.id,
                channel=checked.channel_id,
                decision=decision,
                sha256=copy.sha256,
            )
            result = Exported(checked, copy.path, removed)
    except BaseException:
        if written is not None:  # a copy that is in no record must not exist
            written.unlink(missing_ok=True)
        raise
    return result
