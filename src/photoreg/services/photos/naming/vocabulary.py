"""The columns of a workbook's sheets, and the words that may stand in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from photoreg.rulebook.facts import (
    Basis,
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    Place,
    Shot,
)
from photoreg.services.consents.form_answer_sheets import CellValues

COLUMNS = (
    "photo",
    "file",
    "thumbnail",
    "photographer",
    "basis",
    "place",
    "shot",
    "people",
    "recognisable_count",
    "names",
    "context_identifies",
    "confidentiality",
    "sensitive",
    "credit",
    "depicted_work",
    "digital_source",
    "open",
)
"""The columns of photos; `file` is compared on import, `thumbnail` and `open` are ignored."""

NAME_COLUMNS = ("person", "name", "role")
"""The columns of the sheet of names, which is for looking up."""

CHOICES = {
    "basis": Basis,
    "place": Place,
    "shot": Shot,
    "people": People,
    "confidentiality": Confidentiality,
    "depicted_work": DepictedWork,
    "digital_source": DigitalSource,
}
YES_OR_NO = ("context_identifies", "sensitive")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns by casefolded heading, and the values of each column by casefolded text.

    `allowed` lists the values of each column in the user's language, for error messages. `words`
    and `names` are the titles of the sheets for looking up, `nobody` and `unknown` what says that
    nobody is shown and that the photographer is unknown; all casefolded.
    """

    headings: Mapping[str, str]
    values: CellValues
    allowed: Mapping[str, Sequence[str]]
    words: frozenset[str]
    names: frozenset[str]
    nobody: frozenset[str]
    unknown: frozenset[str]
