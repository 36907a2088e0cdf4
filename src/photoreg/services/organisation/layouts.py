"""Layouts of lists: how a user said the columns of a school's table are to be read.

A layout is saved by name. The next list with the same headings takes it by itself.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from photoreg.errors import InputDataError
from photoreg.registry.ledger import Action
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import ListKind, ListLayout
from photoreg.services.application import Application
from photoreg.services.inputs import require_text
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class SavedLayout:
    """A layout: its name, and the meaning of columns by heading."""

    name: str
    columns: Mapping[str, str]


def save_layout(
    application: Application,
    kind: ListKind,
    name: str,
    headings: Sequence[str],
    columns: Mapping[str, str],
) -> SavedLayout:
    """Save how the columns of a list with these headings are read; the newest layout holds."""
    with application.changing() as work:
        return record_layout(work, kind, name, headings, columns)


def record_layout(
    work: UnitOfWork,
    kind: ListKind,
    name: str,
    headings: Sequence[str],
    columns: Mapping[str, str],
) -> SavedLayout:
    """Save a layout in the open unit of work, unless it is saved already."""
    layout = SavedLayout(require_text(name, 64), dict(columns))
    if layout_of(work.session, kind, headings) == layout:
        return layout
    row = ListLayout(
        kind=kind,
        name=layout.name,
        shape=shape_of(headings),
        columns=dict(columns),
        saved_at=work.now,
        saved_by=work.actor.id,
    )
    number = add(work.session, row)
    work.log(Action.LAYOUT_SAVED, "list_layout", number, kind=kind)
    return layout


def layout_of(session: Session, kind: ListKind, headings: Sequence[str]) -> SavedLayout | None:
    """Return the newest layout of a list with these headings, if one was saved."""
    found = session.exec(
        select(ListLayout)
        .where(ListLayout.kind == kind, ListLayout.shape == shape_of(headings))
        .order_by(col(ListLayout.id).desc())
    ).first()
    return _saved(found) if found else None


def layout_named(session: Session, kind: ListKind, name: str) -> SavedLayout:
    """Return the newest layout of a name; InputDataError if none was saved."""
    rows = session.exec(
        select(ListLayout).where(ListLayout.kind == kind).order_by(col(ListLayout.id).desc())
    ).all()
    for row in rows:
        if row.name.casefold() == name.strip().casefold():
            return _saved(row)
    raise InputDataError(
        N_("there is no layout named {name}"),
        N_("The saved layouts are: {known}."),
        fields=("layout",),
        name=name,
        known=", ".join(sorted({row.name for row in rows})) or "-",
    )


def shape_of(headings: Sequence[str]) -> str:
    """Return what tells lists of one shape: the SHA-256 of their headings, without case."""
    plain = [" ".join(heading.casefold().split()) for heading in headings]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def _saved(row: ListLayout) -> SavedLayout:
    return SavedLayout(row.name, row.columns)
