"""Who signed, as a list tells it: one signature is one guardian's, and nobody is assumed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, human_id, id_of, name_key, parse_id
from photoreg.registry.names import are_same_words
from photoreg.registry.queries.people import is_guardian_on
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.rulebook.facts import AgeGroup
from photoreg.services.consents.consents import require_decider
from photoreg.services.consents.lists.columns import plain
from photoreg.services.people.ages import age_group_on
from photoreg.services.people.class_lists.forbidding import speaks_of_no
from photoreg.services.people.class_lists.yes_and_no import refuses
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_

_SEPARATORS = re.compile(r"\s+(?:ja|och|and|sekä)\s+|[;/&+\n]|,", re.IGNORECASE)
_BOTH = frozenset({"molemmat", "kumpikin", "both", "båda", "guktot", "goappašagat"})
_BOTH_OF = frozenset(
    {"vanhemmat", "huoltajat", "huoltaja", "vanhempi", "guardians", "parents", "of", "the"}
    | {"vårdnadshavare", "vårdnadshavarna", "föräldrar", "föräldrarna", "fuolaheaddjit", "váhnemat"}
)
_ROLE_WORDS = (
    "äiti|isä|huoltaja|vanhempi|mother|father|guardian|parent|mor|far|mamma|pappa|"
    "vårdnadshavare|eadni|áhčči|fuolaheaddji"
)
_ROLES = frozenset(_ROLE_WORDS.split("|"))
_SELF = frozenset({"itse", "oppilas", "oma", "self", "pupil", "själv", "elev", "ieš"})
_UNUSUAL_IN_NAMES = re.compile(r"[^\w\s,.'-]|\.\.|(?<!\w)-|-(?!\w)")
_NOT_SIGNED = re.compile(
    r"\b(?:ei|not|no|inte|ingen|ii)\s+(?:ole\s+)?"
    r"(?:allekirjoit|tied|tieto|tietoa|huoltaj|palaut|known|sign|guardian|under|känd|vårdn)"
)
"""That nobody signed or is known, which refuses nothing."""

_INGA = re.compile(r"\bInga(?=(?:-|\s+)[^\W\d_a-zåäöáčđŋšŧž])")
"""A first name that is a Swedish word for no as well."""


@dataclass(frozen=True, slots=True)
class PersonAndGuardians:
    """The person a row is about, with everybody who is or was a guardian."""

    person: Person
    guardianships: Sequence[Guardianship]
    guardians: Sequence[Person]

    @property
    def everybody(self) -> list[Person]:
        """Return the person and the guardians."""
        return [self.person, *self.guardians]

    def on(self, day: date) -> list[Person]:
        """Return the guardians on a day."""
        then = {row.guardian_id for row in self.guardianships if is_guardian_on(row, day)}
        return [guardian for guardian in self.guardians if guardian.id in then]


def signers(
    work: UnitOfWork, family: PersonAndGuardians, written: str, day: date, *, both_signed: bool
) -> list[Person]:
    """Return who signed on a day; InputDataError or NotAllowed unless that is certain.

    `both_signed`: a user has said that "both" on this list means two signatures on the paper.
    """
    if not written:
        raise InputDataError(
            N_("the list does not tell who signed"), N_("Write the name or the id of the signer.")
        )
    if age_group_on(work, family.person, day) is AgeGroup.ADULT:
        return [_own(family, written)]
    whole = _named(family, written)
    if not whole and _is_both(family, written):
        return _both(family, written, day, both_signed=both_signed)
    parts = [written] if whole else list(filter(str.strip, _SEPARATORS.split(written)))
    found = {id_of(person): person for part in parts for person in [_one(work, family, part, day)]}
    return list(found.values())


def signer_refuses(written: str, family: PersonAndGuardians | None = None) -> bool:
    """Return whether the cell of the signer says no; a name that sounds so does not."""
    if _NOT_SIGNED.search(written.casefold()) or (family and _named(family, written)):
        return False
    parts = _SEPARATORS.split(written)
    left = " / ".join(part for part in parts if not (family and _named(family, part)))
    return refuses(_INGA.sub("", left)) or speaks_of_no(left)


def may_be_own_no(family: PersonAndGuardians, written: str) -> bool:
    """Return whether a no beside a signer may be the person's own: "the pupil refuses"."""
    words = set(plain(written).split())
    return bool(words & (_SELF | set(plain(family.person.name).split())))


def possible_sayers(work: UnitOfWork, family: PersonAndGuardians, day: date) -> list[Person]:
    """Return everybody whose a no without a known signer may be: each guardian of that day.

    It is recorded for each of them, so that nobody's yes alone lifts it. Of somebody without a
    known guardian, as of an adult, it is their own.
    """
    if age_group_on(work, family.person, day) is AgeGroup.ADULT:
        return [family.person]
    alive = [each for each in family.on(day) if not each.erased_at and not _dead(each, day)]
    return alive or [family.person]


def _dead(person: Person, day: date) -> bool:
    return person.died_on is not None and person.died_on < day


def _own(family: PersonAndGuardians, written: str) -> Person:
    """Return the adult who signed for themselves."""
    if _is_named(family.person, written) or _is_self_word(family, written):
        return family.person
    raise InputDataError(
        N_("the person was an adult on the day of the signature, and {signer} signed"),
        N_("An adult decides alone: write the person's own name as the signer, if they signed."),
        signer=written,
    )


def _both(
    family: PersonAndGuardians, written: str, day: date, *, both_signed: bool
) -> list[Person]:
    guardians = family.on(day)
    if not both_signed:
        raise InputDataError(
            N_("“{signer}”: one signature is one guardian's"),
            N_(
                "Look at the papers. If there are two signatures on each, say so for the whole "
                "list; otherwise write who signed."
            ),
            fields=("both_signed",),
            signer=written,
        )
    if len(guardians) != 2 or family.person.guardians_total not in {None, 2}:  # noqa: PLR2004
        raise InputDataError(
            N_("“{signer}”, but {count} guardians are recorded for that day"),
            N_("Write the name or the id of each who signed."),
            signer=written,
            count=len(guardians),
        )
    return guardians


def _one(work: UnitOfWork, family: PersonAndGuardians, part: str, day: date) -> Person:
    """Return the one person that a name, an id or a role means."""
    if _is_self_word(family, part):
        return family.person
    found = _named(family, part) or _by_role(family, part, day)
    if len(found) == 1:
        rows = [row for row in family.guardianships if row.guardian_id == found[0].id]
        return require_decider(work, family.person, found[0], day, rows)
    if plain(part) in _ROLES or found:
        raise InputDataError(
            N_("“{signer}” does not tell which guardian signed"),
            N_("Write the name or the id of the one who signed."),
            signer=part.strip(),
        )
    raise InputDataError(
        N_("{signer} is not recorded as a guardian of {person}"),
        N_("Correct the name, or record the guardianship first."),
        signer=part.strip(),
        person=human_id(Kind.PERSON, family.person.id),
    )


def _is_both(family: PersonAndGuardians, written: str) -> bool:
    words = _words_of_role(family, written)
    return bool(words & _BOTH) and words <= _BOTH | _BOTH_OF


def _is_self_word(family: PersonAndGuardians, written: str) -> bool:
    """Return whether nothing is written but that the person signed: "self", "the pupil"."""
    words = _words_of_role(family, written)
    return bool(words) and words <= _SELF


def _words_of_role(family: PersonAndGuardians, written: str) -> set[str]:
    """Return the words of a cell that may be a role: none if it holds a doubt or a name."""
    words = set(plain(written).split())
    names = {word for each in family.everybody for word in plain(each.name).split()}
    is_doubtful = _UNUSUAL_IN_NAMES.search(name_key(written)) or words & names
    return set() if is_doubtful else words


def _named(family: PersonAndGuardians, written: str) -> list[Person]:
    return [person for person in family.everybody if _is_named(person, written)]


def _is_named(person: Person, written: str) -> bool:
    """Return whether somebody is named: by name, by id, or by both."""
    first, _blank, rest = written.strip().partition(" ")
    number = parse_id(Kind.PERSON, first)
    if number is None:
        return _is_name(person, written)
    return number == person.id and (not rest or _is_name(person, rest))


def _is_name(person: Person, written: str) -> bool:
    """Return whether this is the name and nothing else: "Máret Sara?" is not certain."""
    if name_key(person.name) == name_key(written):
        return True
    is_plain = not _UNUSUAL_IN_NAMES.search(name_key(written))
    return is_plain and are_same_words(person.name, written)


def _by_role(family: PersonAndGuardians, written: str, day: date) -> list[Person]:
    """Return the only guardian there is, for a word such as "guardian"."""
    words = _words_of_role(family, written)
    is_only = family.person.guardians_total == 1 and len(words) == 1 and words <= _ROLES
    return family.on(day) if is_only else []
