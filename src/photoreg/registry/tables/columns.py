"""Column types shared by the tables: references, choices, limited texts, partial indexes."""

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
    """Return a column type for the enumeration's values, checked by a CHECK and when writing."""
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
    """Return a reference to a table; the row referred to can never be deleted.

    A table that does not exist yet, because two refer to each other, is named as `table.column`.
    """
    if not required:
        more.setdefault("default", None)
    if not isinstance(target, str):
        [key] = target.__table__.primary_key
        target = f"{key.table.name}.{key.name}"
    return Field(foreign_key=target, index=index, nullable=not required, **more)


def text(limit: int = 200, **more: Any) -> Any:
    """Return a text column with a limit that the database enforces too (see `_add_checks`)."""
    return Field(max_length=limit, **more)


def partial_index(name: str, column: str, condition: str) -> sa.Index:
    """Return an index of the rows for which a condition holds.

    It keeps queries off the many other rows, which are not indexed. The schema of a server repeats
    it (`postgresql_schema`), so that PostgreSQL's dialect is not loaded here.
    """
    return sa.Index(name, column, sqlite_where=sa.text(condition))


Id = int | None


class TableBase(SQLModel):
    """Base of all tables: no validator is built, since tables never validate."""

    model_config = {"defer_build": True}
