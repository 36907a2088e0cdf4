"""Changes that have not been processed yet."""

from enum import StrEnum

from sqlmodel import Field

from photoreg.registry.tables.columns import TableBase, choice


class Scope(StrEnum):
    """The photos that a change touches; it gives the meaning of the number beside it.

    One photo, those that show a person or were taken by one, those of an event or on a channel, or
    all (the number is then unused). Two also concern a photo's near-duplicates: the photo was
    stopped, or its perceptual hash became known. The last is the first row of the change history
    that belongs to the changes: from there on, it tells what was stated before them.
    """

    PHOTO = "photo"
    PERSON = "person"
    TAKER = "taker"
    EVENT = "event"
    CHANNEL = "channel"
    ALL = "all"
    STOPPED = "stopped"
    SEEN = "seen"
    HISTORY = "history"


class Touch(TableBase, table=True):
    """A note that a change touched photos, until photoreg has reacted to it.

    Written by triggers (`triggers.invalidation`), whatever program makes the change, and removed in
    the transaction of the reactions (`services.reactions`), so photoreg's own changes leave none.
    """

    __tablename__ = "touched"
    __table_args__ = ({"sqlite_with_rowid": False},)
    scope: Scope = Field(sa_type=choice(Scope, "scope"), primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
