"""What a table of decisions tells of the list, compared with the list that is read.

A decision holds for what the user saw when deciding. On a list that tells something else it may be
about somebody else of the same name.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from photoreg.errors import InputDataError
from photoreg.registry.ids import name_key
from photoreg.services.people.class_list import ListedPerson
from photoreg.services.photos.rosters.results import (
    SEPARATOR,
    ListedRole,
    Parts,
    ToldBefore,
)
from photoreg.sheets.cells import to_day, to_text
from photoreg.texts import N_


def told_parts(texts: Iterable[str], labels: Collection[str]) -> Parts:
    """Return what texts tell, whatever language they are in and however cells are written.

    `labels` are the words that stand before a value (`born`), casefolded. Punctuation and leading
    zeros count for nothing, since programs for tables change them.
    """
    parts = (_comparable(part, labels) for text in texts for part in text.split(SEPARATOR.strip()))
    return tuple(sorted(filter(None, parts)))


def _comparable(part: str, labels: Collection[str]) -> str:
    text = name_key(part)
    label = next((each for each in labels if text.startswith(each)), "")
    bare = text.removeprefix(label).strip()
    with suppress(InputDataError):
        bare = to_text(to_day(bare))
    return re.sub(r"[\W_]", "", bare).lstrip("0")


def require_told(row: ListedPerson, before: ToldBefore, labels: Collection[str]) -> None:
    """Raise InputDataError when a row does not tell what stood in a table."""
    possible = (told_parts(texts, labels) for texts in _texts_of(row, before))
    if before.parts not in possible:
        raise InputDataError(
            N_("row {row} tells something else than the table, which says: {told}"),
            N_(
                "The list was changed, or the table is about another list: write a new table, "
                "into another file."
            ),
            row=row.row,
            told=before.words or "–",
        )


def _texts_of(row: ListedPerson, before: ToldBefore) -> Iterator[list[str]]:
    """Yield what may stand in a table about somebody on a row.

    Of a candidate on the row it is open whether it is the pupil or a guardian.
    """
    born = row.born.isoformat() if row.born else ""
    guardians = "; ".join(each.name for each in row.guardians)
    if before.about is None:
        yield [born, row.contact, row.group, guardians]
        yield [row.name]
        for guardian in row.guardians:
            yield [row.name, guardian.contact]
    elif before.about.role is ListedRole.PUPIL:
        yield [born, row.group, guardians]
    elif before.about.role is ListedRole.GUARDIAN:
        name = name_key(before.about.name)
        yield from ([each.contact] for each in row.guardians if name_key(each.name) == name)
    else:
        yield []
