"""Who looks at names, contacts and cases: noted where they are shown, logged as the command ends.

Every function that hands out the name or contact of a registered person notes it in the `Looks` of
its unit of work; the `Application` writes one entry when more than one name, any contact, anybody
of another unit (without name and contact), or a name for a stated purpose was shown. So whatever
asks for names, through whatever interface, is logged. A verdict is not a look: it shows what the
rules need. Cases are noted that are shown to one who may rule on them, since a ruling concerns only
what was seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from photoreg.registry.ids import Kind
from photoreg.registry.ledger import Action
from photoreg.registry.rows import add

if TYPE_CHECKING:
    from photoreg.services.unit_of_work import UnitOfWork

MAX_ASKED = 20
"""How many of the records that a command asked for are logged."""

Range = tuple[int, int]
"""Consecutive numbers of persons: the first and the last."""


@dataclass(frozen=True, slots=True)
class Look:
    """The persons whose names and contacts were shown, by number, and what was asked for.

    `masked` are those of other units than the user's, who were shown without name and contact.
    """

    names: frozenset[int]
    contacts: frozenset[int]
    masked: frozenset[int]
    asked: tuple[str, ...]
    stated: int | None


@dataclass(slots=True)
class Looks:
    """Collects what one command shows of persons.

    `asked` are the records that the command named; `stated` is the disclosure that holds its
    purpose; `open` counts its open units of work. Names that are only counted, such as those on a
    list that are not in the registry yet, have negative numbers.
    """

    asked: dict[str, None] = field(default_factory=dict)
    stated: int | None = None
    open: int = 0
    _names: set[int] = field(default_factory=set)
    _contacts: set[int] = field(default_factory=set)
    _masked: set[int] = field(default_factory=set)
    _cases: set[int] = field(default_factory=set)
    _logged: Look = field(default=Look(frozenset(), frozenset(), frozenset(), (), None))

    def note_name(self, person: int | None) -> None:
        """Note that a person's name is shown."""
        if person is not None:
            self._names.add(person)

    def note_unnumbered(self, number: int) -> None:
        """Note a name that is only counted: each number is one name, and is not kept."""
        self._names.add(-number)

    def note_contact(self, person: int | None) -> None:
        """Note that a person's contact is shown."""
        if person is not None:
            self._contacts.add(person)

    def note_masked(self, person: int) -> None:
        """Note that somebody of another unit is shown without name and contact."""
        self._masked.add(person)

    def note_cases(self, cases: Iterable[int]) -> None:
        """Note cases that are shown to one who may rule on them, each for one photo."""
        self._cases.update(cases)

    def take_cases(self) -> set[int]:
        """Return the cases that are to be logged, and forget them."""
        cases, self._cases = self._cases, set()
        return cases

    def pending(self) -> Look | None:
        """Return what is to be logged, unless it is already.

        Several names, any contact, anybody of another unit, or a name for a stated purpose.
        """
        is_single = len(self._names) <= 1 and not self._contacts and not self._masked
        if is_single and self.stated is None:
            return None
        look = Look(
            frozenset(self._names - self._logged.names),
            frozenset(self._contacts - self._logged.contacts),
            frozenset(self._masked - self._logged.masked),
            tuple(self.asked)[:MAX_ASKED],
            self.stated,
        )
        return look if look.names or look.contacts or look.masked else None

    def set_logged(self) -> None:
        """Remember that all that was noted is logged."""
        self._logged = Look(
            frozenset(self._names), frozenset(self._contacts), frozenset(self._masked), (), None
        )


def record_look(work: "UnitOfWork", look: Look, command: str) -> None:
    """Record who looked, at what and how many; the log holds ids and counts, never names."""
    from photoreg.registry.tables.history import Disclosure  # noqa: PLC0415 - by looks only

    counts = {
        "names": len(look.names),
        "contacts": len(look.contacts),
        "masked": len(look.masked),
    }
    shown = look.names | look.contacts | look.masked
    number = add(
        work.session,
        Disclosure(
            at=work.now,
            actor_id=work.actor.id,
            list=command,
            about=",".join(look.asked),
            names=counts["names"],
            contacts=counts["contacts"],
            masked=counts["masked"],
            persons=ranges(each for each in shown if each > 0),
            stated_id=look.stated,
        ),
    )
    work.log(
        Action.NAMES_SHOWN,
        "staff",
        work.actor.id,
        list=command,
        about=list(look.asked),
        disclosure=number,
        **counts,
    )


def record_cases(work: "UnitOfWork", cases: Iterable[int]) -> None:
    """Record which cases were shown to one who may rule on them, each once."""
    from photoreg.registry.queries.cases import (  # noqa: PLC0415 - by those who rule only
        cases_shown_to,
        photos_in_cases,
    )

    shown = cases_shown_to(work.session, work.actor.id, cases)
    entries = photos_in_cases(work.session, set(cases) - shown)
    work.log_all(
        Action.CASE_SHOWN, Kind.CASE, [(case, {"photo": photo}) for case, photo in entries]
    )


def ranges(numbers: Iterable[int]) -> list[Range]:
    """Return numbers as ranges; lists are long, and their numbers mostly consecutive."""
    found: list[Range] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
