"""Errors for a database whose triggers and constraints are not those that photoreg made."""

from collections.abc import Iterable

from photoreg.errors import RegistryError
from photoreg.texts import N_

_HINT = N_("It was changed outside photoreg. Restore the latest backup made before it happened.")


def missing_parts_error(path: str, names: Iterable[str]) -> RegistryError:
    """Return the error for parts that protect the records and are gone."""
    message = N_("the database {path} lacks the parts that protect its records: {names}")
    return _error(message, path, names)


def foreign_parts_error(path: str, names: Iterable[str]) -> RegistryError:
    """Return the error for triggers and views of others, which act within photoreg's changes."""
    message = N_("the database {path} has parts that photoreg did not make: {names}")
    return _error(message, path, names)


def _error(message: str, path: str, names: Iterable[str]) -> RegistryError:
    return RegistryError(message, _HINT, path=path, names=", ".join(names))
