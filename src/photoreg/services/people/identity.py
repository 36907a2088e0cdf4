"""Who may be whom: persons who may already be in the registry, asked about wherever one is made.

A second record of the same person has none of the refusals of the first. So whoever may be somebody
known is doubtful, and nothing is recorded until a user has said by id who it is, or is not.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, name_key
from photoreg.registry.lookup import find_person
from photoreg.registry.names import are_same_letters, are_same_words, has_words_left_out
from photoreg.registry.people_ahead import PersonRead
from photoreg.registry.queries.people import (
    active_wards,
    contacts_of_guardians,
    guardianships_by_child,
    known_as,
    persons_born_on,
    persons_named_like,
    persons_of,
)
from photoreg.registry.tables.people import Person
from photoreg.services.people.ages import display_name
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_EMAIL = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")
_PHONE = re.compile(r"\+?\d[\d\s().-]{4,}\d")
_COUNTRY_CODE = re.compile(r"^(?:\+|00)358")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person is told by: the name, the birth date, and contacts as typed."""

    name: str
    born: date | None = None
    contacts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """Persons who are somebody else: `others` as a user decided, `listed` on the same list.

    A list tells its own rows apart by their birth dates, and twins are two rows.
    """

    others: frozenset[int] = frozenset()
    listed: AbstractSet[int] = frozenset()
    contacts: Sequence[str] = field(default=())


NOBODY_APART = Apart()


class DoubtfulPersonError(InputDataError):
    """A person who may already be in the registry; `persons` are the numbers of the candidates.

    `who` is the person as the user typed the name, or may see it. Of somebody of another unit the
    message tells no number, which would tell whose record it is.
    """

    def __init__(self, work: UnitOfWork, who: str, persons: Sequence[Person]) -> None:
        self.persons = [id_of(person) for person in persons]
        seen = [person for person in self.persons if not work.sight.hides(person)]
        ids = human_ids(Kind.PERSON, seen)
        message = N_("{who} could be somebody who is already in the registry: {persons}")
        hint = N_(
            "Compare them, then say by id which of them it is, or that each is somebody else."
        )
        if len(seen) < len(persons):
            message = N_("{who} could be somebody of another unit who is already in the registry")
            hint = N_(
                "Ask the communications coordinator, who can compare them and tell who it is."
            )
        super().__init__(
            message,
            hint,
            step=NextStep.to(NextAction.PERSON_SHOW, person=ids[0]) if ids else None,
            fields=("same", "other"),
            who=who,
            persons=", ".join(ids),
        )


def refuse_doubtful(work: UnitOfWork, identity: Identity, apart: Apart = NOBODY_APART) -> None:
    """Raise DoubtfulPersonError for somebody who may already be in the registry."""
    candidates = possible_persons(work, identity, apart.listed)
    doubtful = [person for person in candidates if id_of(person) not in apart.others]
    if doubtful:
        raise DoubtfulPersonError(work, identity.name, doubtful)


def possible_persons(
    work: UnitOfWork, identity: Identity, listed: Collection[int] = frozenset()
) -> list[Person]:
    """Return everybody who may be this person, in the order they were added."""
    named = persons_named_like(work.session, identity.name)
    return _in_order(work, _possible(work, identity, named, listed))


def possible_of_day(work: UnitOfWork, identities: Iterable[Identity]) -> set[int]:
    """Return whoever may be one of these persons, of those who are born on the same day."""
    return {number for each in identities for number in _possible(work, each, (), frozenset())}


def _possible(
    work: UnitOfWork, identity: Identity, named: Sequence[Person], listed: Collection[int]
) -> set[int]:
    """Return those of the same name, or born on the same day, who may be a person."""
    born_then = persons_born_on(work.session, identity.born) if identity.born else ()
    alike = {id_of(person): person for person in (*born_then, *named)}
    if not alike:
        return set()
    names = known_as(work.session, alike)
    found = {
        number
        for number, person in alike.items()
        if _may_be(identity, person, names[number], is_listed=number in listed)
    }
    found |= _with_contact(work, born_then, identity.contacts).difference(listed)
    return found


def _in_order(work: UnitOfWork, numbers: Collection[int]) -> list[Person]:
    """Return persons in the order they were added."""
    found = persons_of(work.session, numbers) if numbers else {}
    return [found[number] for number in sorted(found)]


def _may_be(
    identity: Identity, person: Person | PersonRead, known_names: Sequence[str], *, is_listed: bool
) -> bool:
    """Return whether a name and a birth date may be those of a person."""
    names = (person.name, *known_names)
    is_same_name = any(are_same_letters(identity.name, name) for name in names)
    if is_same_name or any(are_same_words(identity.name, name) for name in names):
        is_other_day = None not in (identity.born, person.born) and identity.born != person.born
        return not is_other_day or (is_same_name and not is_listed)
    is_same_day = identity.born is not None and identity.born == person.born
    return (
        is_same_day
        and not is_listed
        and any(has_words_left_out(identity.name, name) for name in names)
    )


def _with_contact(
    work: UnitOfWork,
    persons: Sequence[Person | PersonRead],
    contacts: Iterable[str],
    guardian: int | None = None,
) -> set[int]:
    """Return those of some persons who have, or whose guardian has, one of the contacts."""
    wanted = frozenset().union(*map(contact_keys, contacts)) if persons else frozenset()
    if not persons or not (wanted or guardian):
        return set()
    families = contacts_of_guardians(work.session, map(id_of, persons))
    return {
        id_of(person)
        for person in persons
        for family in [families[id_of(person)]]
        if guardian in family
        or any(wanted & contact_keys(contact) for contact in (person.contact, *family.values()))
    }


def refuse_doubtful_ward(
    work: UnitOfWork, ward: Person, guardian: Person, others: Sequence[str]
) -> None:
    """Raise DoubtfulPersonError for a child who may be another child of the same guardian.

    Those who already have a guardian in common have been told apart.
    """
    born_then = persons_born_on(work.session, ward.born) if ward.born else []
    candidates = _with_contact(work, born_then, [guardian.contact], id_of(guardian))
    require_decided(work, ward, _not_told_apart(work, ward, candidates), others)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somebody who could be one of the candidates."""

    who: Person
    candidates: list[Person]


def doubts_of_change(
    work: UnitOfWork, person: Person, names: Sequence[str], born: date | None, contact: str | None
) -> list[Doubt]:
    """Return whom a change of a person's data makes look like somebody else.

    `names` are new ones, further names too; `born` and `contact` None leave them unchanged. A
    contact tells a guardian's children, too.
    """
    of_guardians = _contacts_of_guardians(work, person)
    current = [person.name, *known_as(work.session, [id_of(person)])[id_of(person)]]
    contacts = (*of_guardians, contact if contact is not None else person.contact)
    before = _looking_like(work, current, person.born, (*of_guardians, person.contact))
    after = _looking_like(work, [*current, *names], born or person.born, contacts)
    found = [Doubt(person, [each for n, each in after.items() if n not in {*before, person.id}])]
    if contact is not None and contact_keys(contact) != contact_keys(person.contact):
        wards = persons_of(work.session, active_wards(work.session, id_of(person)))
        found += [
            Doubt(ward, _like_ward(work, ward, contact, was=person.contact))
            for ward in wards.values()
        ]
    return [doubt for doubt in found if doubt.candidates]


def _looking_like(
    work: UnitOfWork, names: Iterable[str], born: date | None, contacts: Sequence[str]
) -> dict[int, Person]:
    return {
        id_of(each): each
        for name in names
        for each in possible_persons(work, Identity(name, born, contacts))
    }


def _contacts_of_guardians(work: UnitOfWork, person: Person) -> list[str]:
    rows = guardianships_by_child(work.session, [id_of(person)])[id_of(person)]
    return [g.contact for g in persons_of(work.session, (r.guardian_id for r in rows)).values()]


def _like_ward(work: UnitOfWork, ward: Person, contact: str, *, was: str) -> list[Person]:
    """Return the children who may be a ward by a guardian's contact, with no guardian in common."""
    born_then = persons_born_on(work.session, ward.born) if ward.born else []
    known = _with_contact(work, born_then, [was])
    found = _with_contact(work, born_then, [contact])
    return _not_told_apart(work, ward, found - known)


def _not_told_apart(work: UnitOfWork, ward: Person, candidates: set[int]) -> list[Person]:
    others = candidates - {id_of(ward)}
    rows = guardianships_by_child(work.session, [id_of(ward), *others])
    known = {row.guardian_id for row in rows[id_of(ward)]}
    apart = [n for n in others if not known & {row.guardian_id for row in rows[n]}]
    return _in_order(work, apart)


def require_decided(
    work: UnitOfWork, who: Person | str, candidates: Sequence[Person], others: Sequence[str]
) -> frozenset[int]:
    """Return the candidates who are somebody else; raise unless all are, and nobody but them.

    `who` is the person in question: one who is recorded, or the name of a new one.
    """
    decided = frozenset(id_of(find_person(work.session, named)) for named in others)
    unasked = decided - {id_of(person) for person in candidates}
    if unasked:
        raise not_a_candidate(min(unasked))
    doubtful = [person for person in candidates if id_of(person) not in decided]
    if doubtful:
        shown = who if isinstance(who, str) else display_name(work, who)
        raise DoubtfulPersonError(work, shown, doubtful)
    return decided


def not_a_candidate(person: int) -> InputDataError:
    """Return the error for a decision about somebody who is not in doubt."""
    return InputDataError(
        N_("{person} is not among those who could be this person"),
        N_("Leave it out, or check the id."),
        fields=("same", "other"),
        person=human_id(Kind.PERSON, person),
    )


@lru_cache(maxsize=10_000)
def contact_keys(contact: str) -> frozenset[str]:
    """Return what contacts are compared by: e-mail addresses, phone numbers by their digits."""
    text = name_key(contact).replace("(0)", "")
    emails = _EMAIL.findall(text)
    phones = (
        re.sub(r"\D", "", _COUNTRY_CODE.sub("0", re.sub(r"[\s().-]", "", number)))
        for number in _PHONE.findall(_EMAIL.sub(" ", text))
    )
    found = frozenset((*emails, *phones))
    return found or frozenset({text} - {""})
