"""As it was: the workplace of an earlier day, with what was known at its end.

The registry is copied to a private temporary file, and what came later is taken back there. The
same services then work on the copy, so that there is one rulebook and one way to facts. Names,
contacts and texts are those of today.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from photoreg.errors import InputDataError
from photoreg.registry.engines.backup import copy_registry
from photoreg.registry.engines.database import Registry
from photoreg.registry.history import take_back
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.services.unit_of_work import HELSINKI, Workplace
from photoreg.texts import N_
from photoreg.unfinished import unfinished_folder

_LAST_INSTANT = timedelta(microseconds=1)


@contextmanager
def as_it_was(workplace: Workplace, day: date) -> Iterator[Workplace]:
    """Give the workplace as it was at the end of a day in Helsinki; what is done there is lost.

    InputDataError for a day that has not come, or on which there was no registry yet.
    """
    now = workplace.clock()
    with workplace.reading() as desk:
        desk.past_day(day)
        since = desk.session.get_one(RegistryInfo, 1).created_at
    ends = datetime.combine(day + timedelta(days=1), time.min, HELSINKI).astimezone(UTC)
    if ends <= since:
        raise InputDataError(
            N_("what was known on {day} cannot be told: changes are remembered since {since}"),
            N_("Name that day or a later one."),
            day=day,
            since=since.astimezone(HELSINKI).date(),
        )
    with unfinished_folder(Path(tempfile.gettempdir())) as folder:
        path = folder / "registry.db"
        copy_registry(workplace.registry, path)
        copy = Registry(path)
        try:
            with copy.rebuilding() as session:
                take_back(session, ends)
            yield Workplace(copy, workplace.login, lambda: min(now, ends - _LAST_INSTANT))
        finally:
            copy.close()
