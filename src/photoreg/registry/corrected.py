"""What counts: statements and publications that no correction has made as if never said."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from photoreg.registry.tables.consents import ConsentEvent, PermissionEvent

# Named by hand: declaring the class would cost every command that asks for a verdict.
_CORRECTION = sa.table(
    "correction",
    sa.column("statement_id", sa.Integer),
    sa.column("permission_statement_id", sa.Integer),
    sa.column("publication_id", sa.Integer),
    sa.column("outcome", sa.String),
)
STATEMENT_COLUMNS: dict[Any, str] = {
    ConsentEvent: "statement_id",
    PermissionEvent: "permission_statement_id",
}
"""The column in which a correction refers to a statement, by the statement's table."""

_MADE = _CORRECTION.c.outcome.in_([sa.literal_column("'agreed'"), sa.literal_column("'corrected'")])


def was_said(event: Any) -> Any:
    """SQL condition: a statement was not typed by mistake."""
    return _is_not_among(event, _MADE)


def is_undisputed(event: Any) -> Any:
    """SQL condition: a statement was said, and nobody waits for a colleague to deny that."""
    return _is_not_among(event, sa.or_(_MADE, _CORRECTION.c.outcome.is_(None)))


def _is_not_among(event: Any, which: Any) -> Any:
    statement = _CORRECTION.c[STATEMENT_COLUMNS[sa.inspect(event).mapper.class_]]
    return col(event.id).not_in(sa.select(statement).where(which, statement.is_not(None)))


def corrected_publications() -> Any:
    """Build the query for the publications that were recorded by mistake."""
    publication = _CORRECTION.c.publication_id
    return sa.select(publication).where(_MADE, publication.is_not(None))
