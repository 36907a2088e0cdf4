"""Secrets with which a door, such as a web page, proves on a server for whom it acts."""

from datetime import datetime

from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, reference, text
from photoreg.registry.tables.people import Staff


class AccessSecret(TableBase, table=True):
    """The secret of a session or key of a user, as a hash; after `valid_until` it opens nothing."""

    __tablename__ = "access_secret"
    id: Id = Field(default=None, primary_key=True)
    staff_id: int = reference(Staff)
    sha256: str = text(64, unique=True)
    valid_until: datetime
    added_at: datetime
