"""Restore the state of the registry at the end of an earlier day, in a temporary copy.

The registry is copied to a private temporary file, in which later changes are undone; the same
services then work on the copy. Names, contacts and texts are those of today.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from photoreg.errors import InputDataError
from photoreg.registry.engines.backup import copy_registry
from photoreg.registry.engines.database import Registry
from photoreg.registry.history import restore_state
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.services.application import Application
from photoreg.services.unit_of_work import HELSINKI
from photoreg.texts import N_
from photoreg.unfinished import unfinished_folder

_LAST_INSTANT = timedelta(microseconds=1)


@contextmanager
def state_as_of(application: Application, day: date) -> Iterator[Application]:
    """Open an application on the state at the end of a day in Helsinki; changes to it are lost.

    InputDataError for a future day, or one before the registry was created.
    """
    now = application.clock()
    with application.reading() as work:
        work.day_or_today(day)
        since, login = work.session.get_one(RegistryInfo, 1).created_at, work.actor.login
        unit = work.sight.unit
    ends = datetime.combine(day + timedelta(days=1), time.min, HELSINKI).astimezone(UTC)
    if ends <= since:
        raise InputDataError(
            N_("the situation on {day} is not available: changes are stored from {since}"),
            N_("Give that day or a later one."),
            day=day,
            since=since.astimezone(HELSINKI).date(),
        )
    with unfinished_folder(Path(tempfile.gettempdir())) as folder:
        path = folder / "registry.db"
        copy_registry(application.registry, path)
        copy = Registry(path)
        try:
            with copy.rebuilding() as session:
                restore_state(session, ends)
            yield Application(
                copy,
                login,
                lambda: min(now, ends - _LAST_INSTANT),
                computer_login=application.computer_login,
                live=application,
                unit=unit,
            )
        finally:
            copy.close()
