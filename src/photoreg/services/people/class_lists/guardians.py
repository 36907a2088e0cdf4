"""The guardians in a cell: one or several, with contacts and who they are, as people write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, human_id, name_key, parse_id
from photoreg.services.people.class_lists.values import clean_name
from photoreg.texts import N_

_SEPARATORS = re.compile(r"\s*(?:[\n;/&|]|\+(?!\s*\(?\d)|\s(?:ja|och|and|sekä|samt|jah)\s)\s*")
_CONTACT = re.compile(
    r"[^\s,;<>()]+@[^\s,;<>()]+"
    r"|(?:puh\.?|p\.|tel\.?|gsm)?:?\s*(?:\+|00)?(?:\(\+?\d+\)|\d)(?:[\d\s-]|\(\d+\)){2,}\d",
    re.IGNORECASE,
)
_ALSO_NAMES = "mamma|pappa|mor|far"
_RELATIONS = f"äiti|isä|huoltaja|vanhempi|mother|father|eadni|áhčči|{_ALSO_NAMES}"
_WHO = re.compile(
    rf"^\s*(?:{_RELATIONS})\s*[:.]\s*|\s*\((?:{_RELATIONS})\)"
    r"|^\s*(?:äiti|isä|huoltaja|vanhempi|mother|father|eadni|áhčči)\s+",
    re.IGNORECASE,
)
"""Who somebody is to the child, beside the name."""

_MAYBE_NAME = re.compile(rf"^\s*({_ALSO_NAMES})\s+(\S.*)", re.IGNORECASE)
"""A word that is a name too, as in Mor Diallo, without a mark that tells it from one."""


_SEVERAL = re.compile(
    rf"[\n;/&+|,@():\d]|\s(?:ja|och|and|sekä|samt|jah)\s|{_WHO.pattern}|^\s*(?:{_ALSO_NAMES})\s",
    re.IGNORECASE,
)
"""Whatever a cell with more than one name in it has."""

_IN_BRACKETS = re.compile(r"(?<=[(\[])[\s,;:]+|[\s,;:]+(?=[)\]])")
"""Blanks and commas that a contact leaves behind when it is taken out of brackets."""

_NO_NAME_WORDS = (
    "äiti|isä|huoltaja|huoltajat|vanhempi|vanhemmat|molemmat|kumpikin|yksinhuoltaja|"
    "yhteishuoltajuus|isäpuoli|äitipuoli|mummo|mummi|ukki|pappa|mamma|isovanhemmat|"
    "isoäiti|isoisä|itse|oma|sama|samat|ei|ole|tiedossa|tietoa|tiedetä|huoltajaa|"
    "huoltajia|vanhempia|äitiä|isää|toista|muita|kukaan|ketään|ilmoitettu|kirjattu|"
    "merkitty|nimeä|tuntematon|puuttuu|puuttuvat|kuollut|kunta|kaupunki|valtio|mother|"
    "father|guardian|guardians|parent|parents|both|mum|mom|dad|carer|grandmother|"
    "grandfather|self|same|none|no|not|known|unknown|missing|given|recorded|deceased|"
    "name|na|n/a|x|city|town|state|mor|far|mormor|farmor|morfar|farfar|moder|fader|"
    "vårdnadshavare|förälder|föräldrar|båda|själv|samma|inte|ingen|inga|känd|okänd|"
    "uppgift|uppgifter|saknas|finns|avliden|kommun|kommunen|stad|staden|dito|ditto|eadni|"
    "áhčči|fuolaheaddji|váhnen|ii|dieđus|"
    "eronneet|biologinen|adoptiovanhemmat|koulukoti"
)
_NO_NAMES = frozenset(_NO_NAME_WORDS.split("|"))
"""Words that, without any other, name nobody: a relation, nobody known, a municipality."""

_ALSO_FIRST_NAMES = frozenset({"inga", "ole"})

_OFFICE = re.compile(
    r"\b(?:sosiaalit(?:oim|yö)|sosiaalipal|sosiaalivirasto|lastensuojelu|lastenkoti|perhekoti|"
    r"sijaisperhe|sijaishuol|sijaisvanhem|hyvinvointialue|huostaan|edunvalvo|viranomai|socialtjänst|"
    r"socialvård|socialarbet|socialkansli|socialbyrå|barnskydd|barnhem|familjehem|fosterfamilj|"
    r"välfärdsområde|intressebevak|myndighet|social (?:service|worker|care|welfare)|"
    r"child (?:protection|welfare)|children's home|foster (?:care|family|parent|home)|authorit)",
    re.IGNORECASE,
)
"""What no surname holds: those who decide for a child by their office, and homes."""

_MUNICIPALITY = re.compile(r"^[^\W\d_a-zåäö][\w-]+[ns] (?:kunta|kaupunki|kommun|stad)$")
"""*Hetan kunta*; a guardian of such a surname has it with a capital letter."""

_SENTENCE = re.compile(r"^(?:[Ee][in]|[Ii]nte|[Ii]ngen|[Vv]et|[Nn]ot?|[Dd]on't) [a-zåäö]")
"""*Ei yhteystietoja*: a name that begins so goes on with a capital letter."""

_SEE_ELSEWHERE = re.compile(
    r"^(?:[Kk]t?s\b|katso |sam[ae]t? kuin |samma som |same as |see? (?=[^\W\d_a-zåäö]))"
)


@dataclass(frozen=True, slots=True)
class NamedGuardian:
    """A guardian as written in a cell: a name, or an id, and a contact beside it."""

    name: str
    contact: str = ""
    person: str = ""


def guardians_in(text: str, surname: str, *, surname_first: bool) -> list[NamedGuardian]:
    """Return the guardians in a cell; InputDataError for what could be one or two people.

    `surname` is the child's, and `surname_first` whether the child is written `Surname, First`.
    Words that are no name of a person are an InputDataError too.
    """
    _refuse_no_person(clean_name(text))
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
    bare = _IN_BRACKETS.sub("", _CONTACT.sub(" ", part)) if contacts else part
    name = _WHO.sub(" ", bare) if _WHO.search(bare) else _without_relation(bare)
    name = re.sub(r"[(\[]\s*[)\]]", " ", name).strip(" ,:;-")
    contact = re.sub(r"^(puh|p|tel|gsm)\b[.:]*\s*", "", ", ".join(contacts), flags=re.IGNORECASE)
    return name, contact


def _without_relation(text: str) -> str:
    """Return a name without *mor* and its like before it; whole, if the word can be the name.

    InputDataError where it could be either: *Mor Anna Diallo*.
    """
    found = _MAYBE_NAME.match(text)
    if not found:
        return text
    word, rest = found.groups()
    is_full = len(rest.split()) > 1
    if word.islower() and is_full and not rest.islower():
        return rest
    if not word.islower() and not is_full:
        return text
    raise InputDataError(
        N_("“{word}” could be a name, or say who somebody is to the child"),
        N_(
            "Write “{word}: {rest}” if it says who somebody is. If it is a name, write first who "
            "it is, for example “isä: {name}”."
        ),
        word=word,
        rest=rest,
        name=" ".join(text.split()),
    )


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
    return NamedGuardian(require_person_name(name), contact)


def require_person_name(text: str) -> str:
    """Return a name; InputDataError for a relation, an office or a note, which nobody is called.

    A name may hold such a word beside others: somebody may be called Maija Kunta.
    """
    name = clean_name(text)
    _refuse_no_person(name)
    if set(name) & set("()[]"):
        raise _not_only_name()
    return name


@lru_cache(maxsize=1_000)
def _refuse_no_person(name: str) -> None:
    words = set(re.findall(r"[^\s.,;:?!()\"-]+", name.casefold()))
    notes = (_MUNICIPALITY, _SENTENCE, _SEE_ELSEWHERE)
    is_note = _OFFICE.search(name) or any(each.match(name) for each in notes)
    is_called_so = words & _ALSO_FIRST_NAMES and name.istitle()
    if name and (is_note or (words <= _NO_NAMES and not is_called_so)):
        raise InputDataError(
            N_("“{text}” is not the name of a person"),
            N_(
                "Write the guardian's first name and surname alone, or clear the cell if they are "
                "not known. If an authority is the guardian, clear the cell and record it by hand."
            ),
            text=name,
        )


def _not_only_name() -> InputDataError:
    return InputDataError(
        N_("this is not only a name"),
        N_("Write the name alone, and what else there is into a column of its own."),
    )


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
        raise _not_only_name()
    return parts[1], parts[0]
