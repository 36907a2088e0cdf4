"""Compare what stands beside a form's code in a table with the form: whose it is, and its page.

Answers are found by the code. In a table of which one column was sorted, the code of one child
stands beside another's name, and a yes would be recorded for the wrong one.
"""

import re
from collections.abc import Iterable

from photoreg.documents.codes import format_code
from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, id_of, parse_id
from photoreg.registry.names import are_same_letters, are_same_words
from photoreg.registry.queries.forms import scans_of_forms
from photoreg.registry.queries.people import names_of, persons_of
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person
from photoreg.services.people.ages import A_GUARDIAN, hides, hides_body, person_id
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import CellValue, to_text
from photoreg.texts import N_

_PAGE = re.compile(r"\.\w+ \((\d+)\)$")
"""The number of a page at the end of where it is, as in `class.pdf (12)`."""
_ID_FIRST = re.compile(r"(\w-\d+)\s+(.+)")
"""An id and a name, as they stand in lists."""
_CORRECT_ROW = N_(
    "Correct the row from the paper. If a part of the table was sorted or moved, make a new table."
)

_BY_ID = N_("You see this person by id only: write the id, or leave the cell empty.")


def require_same_person(
    work: UnitOfWork, form: ConsentForm, number: int | None, value: CellValue
) -> None:
    """Raise InputDataError where a cell names somebody else than the person on a form.

    An id or name is compared, of the erased nothing. Of people whose names the user may not see
    only the id is, so that no name can be guessed.
    """
    person = persons_of(work.session, [number]).get(number or 0)
    named = to_text(value)
    if person is None or person.erased_at is not None:
        return
    is_hidden = hides(work, person) or hides_body(work, person)
    if _names(work, person, named, by_name=not is_hidden):
        return
    raise InputDataError(
        N_("the row names {named}, but the form {code} names {person}"),
        _BY_ID if is_hidden else _CORRECT_ROW,
        named=named,
        code=format_code(form.code),
        person=person_id(person),
    )


def _names(work: UnitOfWork, person: Person, named: str, *, by_name: bool) -> bool:
    """Return whether a text names a person: by id, or by name if names may be compared."""
    if named.casefold() in A_GUARDIAN.values():  # written in place of a name, of whoever it is
        return True
    both = _ID_FIRST.fullmatch(named)
    number = parse_id(Kind.PERSON, both[1] if both else named)
    if number is not None:
        return _is_of(work, person, number)
    if not by_name:
        return False
    further = (row.name for row in names_of(work.session, id_of(person)))
    return _is_any(named, [person.name, *further])


def _is_of(work: UnitOfWork, person: Person, number: int) -> bool:
    """Return whether a number is a person's, or was until two records were merged."""
    if number == id_of(person):
        return True
    other = work.session.get(Person, number)
    return other is not None and other.merged_into == id_of(person)


def _is_any(named: str, names: Iterable[str]) -> bool:
    return any(are_same_letters(named, name) or are_same_words(named, name) for name in names)


def require_same_page(work: UnitOfWork, form: ConsentForm, value: CellValue) -> None:
    """Raise InputDataError where a cell names another page than the one kept for a form.

    The registry knows the number of the page, but not what its file was called.
    """
    place = to_text(value)
    scan = scans_of_forms(work.session, [id_of(form)]).get(id_of(form))
    number = _PAGE.search(place)
    if scan is None or (number and int(number[1]) != scan.first_page):
        raise InputDataError(
            N_("the row names the page {page}, but the form {code} is not on it"),
            _CORRECT_ROW,
            page=place,
            code=format_code(form.code),
        )
