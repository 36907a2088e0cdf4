"""How the columns of a class list are read: each with its heading, place and meaning."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ColumnMeaning(StrEnum):
    """What a column of a class list holds. Those of guardians are numbered."""

    PERSON = "person"
    NAME = "name"
    SURNAME = "surname"
    FORENAMES = "forenames"
    CALLING_NAME = "calling_name"
    BORN = "born"
    AGE = "age"
    GROUP = "group"
    CONTACT = "contact"
    LANGUAGE = "language"
    BLOCK = "block"
    PERMISSION = "permission"
    REFUSAL = "refusal"
    TOTAL = "total"
    GUARDIAN = "guardian"
    GUARDIAN_SURNAME = "guardian_surname"
    GUARDIAN_FORENAMES = "guardian_forenames"
    GUARDIAN_CONTACT = "guardian_contact"
    GUARDIAN_LANGUAGE = "guardian_language"
    GUARDIAN_BASIS = "guardian_basis"
    GUARDIAN_VERIFIED = "guardian_verified"
    SKIP = "skip"

    @property
    def is_of_guardian(self) -> bool:
        """Return whether the column is about a guardian."""
        return self.value.startswith("guardian")


class ReadBy(StrEnum):
    """From what the meaning of a column is known."""

    HEADING = "heading"
    LAYOUT = "layout"
    USER = "user"


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of a list and how it was read; without a meaning it was not.

    `heading` is as written; of repeated headings each has its letter behind it, as in `Puhelin
    [D]`. `place` is 0 for the first column. `guardian` is the number of the guardian whom the
    column is about. `smells`: the heading seems to tell of a guardian, a birth date, a permission
    or a block, or its cells may be answers, and it was not understood. `is_skipped_with_noes`: it
    is skipped although a no stood in it when somebody said so. `remarks` are what stands in a
    column of remarks that somebody has to read, each with its row.
    """

    heading: str
    place: int
    sheet: str = ""
    meaning: ColumnMeaning | None = None
    guardian: int | None = None
    read_by: ReadBy = ReadBy.HEADING
    smells: bool = False
    is_skipped_with_noes: bool = False
    remarks: tuple[tuple[int, str], ...] = ()

    @property
    def is_read(self) -> bool:
        """Return whether the content of the column is read."""
        return self.meaning not in {None, ColumnMeaning.SKIP}


@dataclass(frozen=True, slots=True)
class ListedPermission:
    """A cell in a column of permissions: the heading of the column, and what stands there."""

    column: str
    words: str


class ListNoteKind(StrEnum):
    """What a reader of a list is told of it."""

    ROW_LEFT_OUT = "row_left_out"
    SAME_PERSON = "same_person"
    SHEET_NOT_READ = "sheet_not_read"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    COMMENT = "comment"
    MARGIN = "margin"
    FORMULAS_NOT_READ = "formulas_not_read"
    DAY_FROM_NUMBER = "day_from_number"
    LETTERS = "letters"
    EXAMPLE = "example"
    NUMBERING = "numbering"


@dataclass(frozen=True, slots=True)
class ListNote:
    """Something that a reader of a list is told: of a row, a column or a sheet."""

    kind: ListNoteKind
    words: str = ""
    row: int | None = None
    column: str = ""
    day: date | None = None


class RefusedBy(StrEnum):
    """Whose no it is that stands in a class list.

    A no of nobody who is known becomes a publication block. An adult's no is their own.
    """

    UNKNOWN = "unknown"
    GUARDIANS = "guardians"
    FIRST = "first"
    SECOND = "second"
