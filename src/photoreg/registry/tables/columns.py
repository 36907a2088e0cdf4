"""What every table is made of: references, choices, texts with a limit, indexes of some rows."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

# Before the first table: names that migrations can address.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def choice(kind: type[StrEnum], name: str) -> Any:
    """Return a column type that stores the value, CHECKs it, and refuses any other when writing."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        length=32,
        create_constraint=True,
        validate_strings=True,
        name=name,
    )


def reference(target: Any, *, required: bool = True, index: bool = False, **more: Any) -> Any:
    """Return a reference to a table; what is referred to can never be deleted.

    A table that does not exist yet, because two refer to each other, is named as `table.column`.
    """
    if not required:
        more.setdefault("default", None)
    if not isinstance(target, str):
        [key] = target.__table__.primary_key
        target = f"{key.table.name}.{key.name}"
    return Field(foreign_key=target, index=index, nullable=not required, **more)


def text(limit: int = 200, **more: Any) -> Any:
    """Return a text column with a limit that the database keeps too (see `_add_checks`)."""
    return Field(max_length=limit, **more)


def partial_index(name: str, column: str, condition: str) -> sa.Index:
    """Return an index of the rows for which a condition holds.

    Nobody is led to look through the many other rows by it, and none is written for them. The
    schema of a server has the same (`postgresql_schema`), which is not loaded for that.
    """
    return sa.Index(name, column, sqlite_where=sa.text(condition))


Id = int | None


class TableBase(SQLModel):
    """What every table shares: no validator is built, since tables never validate."""

    model_config = {"defer_build": True}
