"""The guardians in a cell: one or several, with contacts and who they are, as people write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, human_id, name_key, parse_id
from photoreg.services.people.list_values import clean_name
from photoreg.texts import N_

_SEPARATORS = re.compile(r"\s*(?:[\n;/&+|]|\s(?:ja|och|and|sekä|samt|jah)\s)\s*")
_CONTACT = re.compile(
    r"[^\s,;<>()]+@[^\s,;<>()]+"
    r"|(?:puh\.?|p\.|tel\.?|gsm)?:?\s*(?:\+|00)?\(?\d[\d\s()-]{2,}\d",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^\s*(?:äiti|isä|huoltaja|vanhempi|mother|father|mamma|pappa|mor|far|eadni|áhčči)\b\s*[:.]?\s+"
    r"|\s*\((?:äiti|isä|huoltaja|vanhempi|mother|father|mamma|pappa|mor|far|eadni|áhčči)\)",
    re.IGNORECASE,
)


_SEVERAL = re.compile(
    rf"[\n;/&+|,@():\d]|\s(?:ja|och|and|sekä|samt|jah)\s|{_WHO.pattern}", re.IGNORECASE
)
"""Whatever a cell with more than one name in it has."""


@dataclass(frozen=True, slots=True)
class NamedGuardian:
    """A guardian as written in a cell: a name, or an id, and a contact beside it."""

    name: str
    contact: str = ""
    person: str = ""


def guardians_in(text: str, surname: str, *, surname_first: bool) -> list[NamedGuardian]:
    """Return the guardians in a cell; InputDataError for what could be one or two people.

    `surname` is the child's, and `surname_first` whether the child is written `Surname, First`.
    """
    if not _SEVERAL.search(text):
        return [_guardian(clean_name(text), "")]
    parts = [part for part in _SEPARATORS.split(text) if part.strip(" ,.-")]
    parts = [each for part in parts for each in _full_names(part, surname_first=surname_first)]
    written = [_with_contact(part) for part in parts]
    several = len(written) > 1
    found = [
        each
        for name, contact in written
        for each in _people(name, contact, surname, surname_first=surname_first)
    ]
    if several:
        _refuse_single_words(found)
    return found


def _full_names(part: str, *, surname_first: bool) -> list[str]:
    """Return what stands between commas if each is a full name, else the part as it is."""
    names = part.split(",")
    are_full = all(len(_with_contact(name)[0].split()) > 1 for name in names)
    return names if are_full and not surname_first else [part]


def _with_contact(part: str) -> tuple[str, str]:
    """Return the name in a part of a cell and the contact beside it."""
    contacts = [found.strip(" ,:") for found in _CONTACT.findall(part)]
    name = _WHO.sub(" ", _CONTACT.sub(" ", part)) if contacts else _WHO.sub(" ", part)
    name = re.sub(r"[(\[]\s*[)\]]", " ", name).strip(" ,:;-")
    contact = re.sub(r"^(puh|p|tel|gsm)\b[.:]*\s*", "", ", ".join(contacts), flags=re.IGNORECASE)
    return name, contact


def _people(name: str, contact: str, surname: str, *, surname_first: bool) -> list[NamedGuardian]:
    """Return who stands between commas: two people, or one whose surname comes first."""
    parts = [clean_name(part) for part in name.split(",") if part.strip()]
    if len(parts) == 1:
        return [_guardian(parts[0], contact)]
    is_full = [len(part.split()) > 1 for part in parts]
    first = parts[0] if parts else ""
    is_surname = surname_first or name_key(first) == name_key(surname)
    if len(parts) == 2 and not is_full[0] and is_surname:  # noqa: PLR2004 - surname, first names
        return [_guardian(f"{parts[1]} {first}", contact)]
    raise InputDataError(
        N_("the names in this cell could be of one person or of several"),
        N_("Write each guardian in a column of their own, first name first."),
    )


def _guardian(name: str, contact: str) -> NamedGuardian:
    number = parse_id(Kind.PERSON, name)
    if number is not None:
        return NamedGuardian(human_id(Kind.PERSON, number), contact, human_id(Kind.PERSON, number))
    return NamedGuardian(name, contact)


def _refuse_single_words(found: Sequence[NamedGuardian]) -> None:
    for each in found:
        if not each.person and len(each.name.split()) == 1:
            raise InputDataError(
                N_("{name} stands without a surname among several names"),
                N_("Write each guardian in a column of their own, first name first."),
                name=each.name,
            )


def surname_first_name(text: str) -> tuple[str, str] | None:
    """Return first names and surname of `Surname, First`; None for a name without a comma."""
    parts = [clean_name(part) for part in text.split(",")]
    if len(parts) == 1:
        return None
    if len(parts) != 2 or not all(parts):  # noqa: PLR2004 - surname and first names
        raise InputDataError(
            N_("this is not only a name"),
            N_("Write the name alone, and what else there is into a column of its own."),
        )
    return parts[1], parts[0]
