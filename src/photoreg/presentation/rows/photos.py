"""Rows of the list of photos."""

from typing import Any

from photoreg.presentation.labels import label
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.services.photos.listing import ListedPhoto


def photo_row(photo: ListedPhoto, layout: str) -> dict[str, Any]:
    """Return a photo as a row; for people the folder stands before a file of a common name."""
    row = photo._asdict()
    if layout not in FOR_PEOPLE:
        return row
    file = f"{photo.folder}/{photo.file}" if photo.folder else photo.file
    return {**row, "file": file, "people": label(photo.people), "open": len(photo.open)}
