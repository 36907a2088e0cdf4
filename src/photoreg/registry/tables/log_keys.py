"""The keys that sign anchors of the log; apart from it, since few commands need them."""

from datetime import datetime

from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, reference, text
from photoreg.registry.tables.people import Staff


class LogKey(TableBase, table=True):
    """A public key of the registry, which signs anchors of the log. Never changed.

    The newest one is in force; earlier ones verify the anchors that they have signed.
    """

    __tablename__ = "log_key"
    id: Id = Field(default=None, primary_key=True)
    public_key: str = text(300, unique=True)
    added_at: datetime
    added_by: int = reference(Staff)
