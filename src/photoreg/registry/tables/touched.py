"""What was changed and has not been reacted to yet."""

from enum import StrEnum

from sqlmodel import Field

from photoreg.registry.tables.columns import TableBase, choice


class Scope(StrEnum):
    """Which photos a change touches, by what the number beside it means.

    One photo, those that show a person or were taken by one, those of an event or on a channel, or
    all (then the number means nothing). The last two are about a photo's near-duplicates as well:
    it is stopped since, or it is known since how it looks.
    """

    PHOTO = "photo"
    PERSON = "person"
    TAKER = "taker"
    EVENT = "event"
    CHANNEL = "channel"
    ALL = "all"
    STOPPED = "stopped"
    SEEN = "seen"


class Touch(TableBase, table=True):
    """A note that a change touched photos, until photoreg has reacted to it.

    Written by triggers (`forgetting.py`), whatever program makes the change, and taken away in the
    transaction of the reactions (`services.reactions`): of photoreg's own changes none is left.
    """

    __tablename__ = "touched"
    __table_args__ = ({"sqlite_with_rowid": False},)
    scope: Scope = Field(sa_type=choice(Scope, "scope"), primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
