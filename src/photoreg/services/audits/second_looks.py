"""The audit list of second looks: who took back what, when, and who confirmed it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.queries.second_looks import open_second_looks, second_looks
from photoreg.registry.tables.second_looks import SecondLook, SecondLookOutcome
from photoreg.services.application import Application
from photoreg.services.decisions.second_looks import statements_now
from photoreg.services.photos.confirmation import shown_statements


@dataclass(frozen=True, slots=True)
class SecondLookRow:
    """A statement that was taken back; `outcome` is None while nobody has confirmed it.

    `before` and `after` are codes and ids by question; while it is open, `after` is what is stated
    now.
    """

    photo: str
    about: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    asked_at: datetime
    taken_back_by: str
    outcome: SecondLookOutcome | None
    confirmed_at: datetime | None
    confirmed_by: str | None


@contextmanager
def second_looks_listed(application: Application) -> Iterator[Iterator[SecondLookRow]]:
    """Give all second looks, open and closed, oldest first."""
    with application.reading() as work:
        logins = {staff.id: staff.login for staff in all_staff(work.session)}
        now = statements_now(work, open_second_looks(work.session))
        yield (_row(look, now, logins) for look in second_looks(work.session))


def _row(
    look: SecondLook, now: Mapping[int, dict[str, Any]], logins: dict[int | None, str]
) -> SecondLookRow:
    before, after = shown_statements(look.before, now.get(id_of(look), look.after))
    return SecondLookRow(
        photo=human_id(Kind.PHOTO, look.photo_id),
        about=look.about or None,
        before=before,
        after=after,
        asked_at=look.asked_at,
        taken_back_by=logins[look.taken_back_by],
        outcome=look.outcome,
        confirmed_at=look.confirmed_at,
        confirmed_by=logins[look.confirmed_by] if look.confirmed_by else None,
    )
