"""Layouts of lists: how a user said the columns of a school's table are to be read.

A layout is saved by name. The next list with the same headings takes it by itself.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from photoreg.registry.ledger import Action
from photoreg.registry.queries.organisation import list_layouts
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import ListKind, ListLayout
from photoreg.services.application import Application
from photoreg.services.inputs import require_text
from photoreg.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SavedLayout:
    """A layout: its name, and the meaning of columns by heading."""

    name: str
    columns: Mapping[str, str]


NO_LAYOUT = SavedLayout("", {})


def save_layout(
    application: Application,
    kind: ListKind,
    name: str,
    headings: Sequence[str],
    columns: Mapping[str, str],
) -> SavedLayout:
    """Save how the columns of a list with these headings are read; the newest layout holds."""
    layout = SavedLayout(require_text(name, 64), dict(columns))
    with application.changing() as work:
        if layouts_of(work, kind).columns_for(headings) == layout:
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


@dataclass(frozen=True, slots=True)
class SavedLayouts:
    """The layouts of a kind of list, by the shape that they are for."""

    by_shape: Mapping[str, SavedLayout]

    def columns_for(self, headings: Sequence[str]) -> SavedLayout:
        """Return the layout of a list with these headings; one without a name if none was saved."""
        return self.by_shape.get(shape_of(headings), NO_LAYOUT)


NOTHING_SAVED = SavedLayouts({})


def layouts_of(work: UnitOfWork, kind: ListKind) -> SavedLayouts:
    """Return the layouts of a kind of list; of a shape the newest holds."""
    rows = list_layouts(work.session, kind)
    return SavedLayouts({row.shape: SavedLayout(row.name, row.columns) for row in rows})


def shape_of(headings: Sequence[str]) -> str:
    """Return what tells lists of one shape: the SHA-256 of their headings, without case."""
    plain = [" ".join(heading.casefold().split()) for heading in headings if heading]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()
