"""Write upright thumbnails of photos without hidden data, for use beside an exported sheet."""

from collections.abc import Sequence
from pathlib import Path

from photoreg.named_files import written_file
from photoreg.registry.ids import Kind, human_id, require_id
from photoreg.registry.queries.photos import photos_by_id
from photoreg.services.application import Application
from photoreg.services.consents.document_texts import make_folder
from photoreg.services.files.own_copies import thumbnail_of


def write_thumbnails(
    application: Application, photos: Sequence[str], folder: Path
) -> dict[str, str]:
    """Write a thumbnail of each photo into a folder; return the file names by photo id.

    Photos whose file is missing, changed or damaged are skipped. A file that is the same thumbnail
    already is written again; InputDataError for any other file of that name.
    """
    with application.reading() as work:
        numbers = [require_id(Kind.PHOTO, photo) for photo in photos]
        found = photos_by_id(work.session, numbers)
    make_folder(folder)
    names = {}
    for photo in found:
        made = thumbnail_of(photo)
        if made is not None:
            content, extension = made
            number = human_id(Kind.PHOTO, photo.id)
            names[number] = f"{number}{extension}"
            with written_file(folder / names[number], mark=content.__eq__, overwrite=True) as part:
                part.write_bytes(content)
    return names
