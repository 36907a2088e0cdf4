"""The HTTP status of each kind of error."""

from photoreg.errors import (
    ChangedMeanwhile,
    InputDataError,
    NotAllowed,
    NotFound,
    PhotoFileError,
    PhotoregError,
    RegistryError,
)

WRONG_INPUT = 422

STATUS: tuple[tuple[type[PhotoregError], int], ...] = (
    (ChangedMeanwhile, 409),
    (NotAllowed, 403),
    (NotFound, 404),
    (InputDataError, WRONG_INPUT),
    (PhotoFileError, WRONG_INPUT),
    (RegistryError, 503),
    (PhotoregError, 500),
)
"""The first that fits counts."""


def status_of(error: PhotoregError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def status_of_form(error: PhotoregError) -> int:
    """Return the status of a form that is shown again: users correct it, or try again."""
    kept = isinstance(error, ChangedMeanwhile | RegistryError)
    return status_of(error) if kept else WRONG_INPUT
