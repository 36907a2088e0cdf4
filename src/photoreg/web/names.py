"""Names beside ids, of those whom the user may see."""

from collections.abc import Iterable

from photoreg.errors import PhotoregError
from photoreg.services.application import Application
from photoreg.services.people.visible_names import names_for_message


def names_shown(application: Application, records: Iterable[str]) -> dict[str, str]:
    """Return what may stand beside these ids; nothing where that cannot be found out."""
    named = set(records)
    try:
        return names_for_message(application, named) if named else {}
    except PhotoregError:
        return {}
