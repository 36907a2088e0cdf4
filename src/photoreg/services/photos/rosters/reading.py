"""How a class list is to be read, as a user says it, and what was read how."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from photoreg.registry.tables.organisation import ListKind
from photoreg.services.application import Application
from photoreg.services.inputs import require_text
from photoreg.services.organisation.layouts import layouts_of
from photoreg.services.people.class_lists.class_list import ClassList, ListedPerson, read_class_list
from photoreg.services.people.class_lists.columns import (
    ColumnMeaning,
    ListNote,
    ReadColumn,
    RefusedBy,
)


@dataclass(frozen=True, slots=True)
class ListReading:
    """How a list is to be read: the meaning of columns by heading, and which sheet.

    `save_as` names the layout to be saved, and `refused_by` says who said no in the columns of
    permissions.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    save_as: str = ""
    refused_by: RefusedBy | None = None


AS_WRITTEN = ListReading()


@dataclass(frozen=True, slots=True)
class ListReport:
    """How a list was read: its columns, what was left out, and the saved layout that was taken.

    `persons` are the rows as read, `refused` those with a no in a column of permissions, `agreed`
    those with a yes. `is_refuser_open`: nobody has said yet who said no. `save_as` names the layout
    that is saved once the list is recorded. `total` is how many guardians each child has, as stated
    for the whole list; `are_all_listed`: as many as are listed.
    """

    columns: tuple[ReadColumn, ...] = ()
    notes: tuple[ListNote, ...] = ()
    layout: str = ""
    refused: tuple[int, ...] = ()
    agreed: tuple[int, ...] = ()
    is_refuser_open: bool = False
    persons: tuple[ListedPerson, ...] = ()
    save_as: str = ""
    is_saved: bool = False
    total: int | None = None
    are_all_listed: bool = False

    @property
    def not_understood(self) -> list[str]:
        """The headings of columns that seem to matter and were not understood."""
        return [column.heading for column in self.columns if column.smells]

    @property
    def tells_basis(self) -> bool:
        """Return whether a column tells on what guardianships rest."""
        return any(each.meaning is ColumnMeaning.GUARDIAN_BASIS for each in self.columns)

    def total_of(self, person: ListedPerson) -> int | None:
        """Return how many guardians somebody on the list has, as stated in the row or for all."""
        listed = len(person.guardians) if self.are_all_listed else 0
        return person.total if person.total is not None else listed or self.total

    @property
    def is_open(self) -> bool:
        """Return whether something must be said before the list can be recorded."""
        return self.is_refuser_open or bool(self.not_understood)


AS_THE_HEADINGS_TELL = ListReport()


def read_list(application: Application, file: Path, reading: ListReading) -> ClassList:
    """Read a class list with the saved layout of its headings."""
    if reading.save_as:
        require_text(reading.save_as, 64)
    with application.reading() as work:
        saved = layouts_of(work, ListKind.CLASS_LIST)
    return read_class_list(
        file,
        application.today,
        said=reading.columns,
        layouts=saved.columns_for,
        sheet=reading.sheet,
    )


def report_on(
    listed: ClassList,
    reading: ListReading,
    *,
    total: int | None = None,
    are_all_listed: bool = False,
) -> ListReport:
    """Return how a list was read."""
    refused = _rows(person.row for person in listed.persons if person.refused)
    return ListReport(
        columns=listed.columns,
        notes=tuple(listed.notes),
        layout=listed.layout,
        refused=refused,
        agreed=_rows(person.row for person in listed.persons if person.agreed),
        is_refuser_open=bool(refused) and reading.refused_by is None,
        persons=tuple(listed.persons),
        save_as=reading.save_as,
        total=total,
        are_all_listed=are_all_listed,
    )


def _rows(rows: Iterable[int]) -> tuple[int, ...]:
    return tuple(rows)
