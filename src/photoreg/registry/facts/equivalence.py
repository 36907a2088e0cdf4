"""Photos that no rule can tell apart: sorted into kinds, so that the rules look at each kind once.

Many photos share their facts: the same event, the same answers, people who said the same. What was
loaded is compared before any facts are built; equal rows give equal facts. Facts of persons whom
the rules cannot tell apart on the day (`rulebook.days`) are one kind too, whoever they are about.
"""

from base64 import b32encode
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from photoreg.registry.facts.builder import FactBuilder, grants_about
from photoreg.registry.facts.rows import PhotoRows, Spoken
from photoreg.rulebook.facts import PersonFacts, PhotoFacts, Role, digest
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.validity import person_seen, photo_seen

MOST = 100_000
"""How many kinds are remembered; beyond that all are forgotten, so that memory stays flat."""

RECENT = 20_000
"""How many rows are remembered with what they came to: photos of one event mostly come together."""


_Facts = TypeVar("_Facts", PhotoFacts, PersonFacts)


@dataclass(frozen=True, eq=False)
class Part(Generic[_Facts]):
    """A part of facts, the photo's own or somebody's, that the rules cannot tell from others.

    `what` is what they see of it; the number is this sorter's, `mark` the same for ever.
    """

    number: int
    what: Hashable
    facts: _Facts

    @cached_property
    def mark(self) -> str:
        """Twelve letters and digits that stand for what the rules see."""
        return b32encode(bytes.fromhex(digest(self.what))).decode()[:12]


@dataclass(frozen=True, eq=False)
class PhotoKind:
    """Photos with the same verdict for every use on the day: those with the same parts.

    In the facts, persons are named by their place ("0", "1", …): see `Sorted.who`.
    """

    facts: PhotoFacts
    own: Part[PhotoFacts]
    shown: tuple[Part[PersonFacts], ...]

    @cached_property
    def marks(self) -> str:
        """The marks of the parts, with semicolons between them."""
        return ";".join((self.own.mark, *(part.mark for part in self.shown)))


class Sorted(NamedTuple):
    """A photo with its kind: who stands in which place, and the last day on which this holds."""

    photo_id: int
    kind: PhotoKind
    who: tuple[int, ...]
    until: date

    @property
    def shown(self) -> tuple[int, ...]:
        """Who is shown; before them in `who` come those who hold the rights."""
        return self.who[len(self.who) - len(self.kind.shown) :]


class Shown(NamedTuple):
    """Somebody who is shown: what the rules see of them, and the last day on which it holds."""

    number: int
    person: int
    part: Part[PersonFacts]
    until: date


class Sorter:
    """Sorts photos into kinds, for one day and policy.

    `terms` are the days on which channels changed their terms: who spoke before and who spoke
    after are told apart.
    """

    def __init__(
        self, builder: FactBuilder, day: date, policy: Policy, terms: Iterable[date] = ()
    ) -> None:
        self._builder = builder
        self._day, self._policy, self._terms = day, policy, sorted(set(terms))
        self._forget()

    def _forget(self) -> None:
        self._forget_rows()
        self._known: dict[Hashable, tuple[Part[PersonFacts], date]] = {}
        self._parts: dict[Hashable, Any] = {}
        self._placed: dict[tuple[Part[PersonFacts], int], PersonFacts] = {}
        self._kinds: dict[tuple[Hashable, ...], PhotoKind] = {}

    def _forget_rows(self) -> None:
        self._photos: dict[Hashable, tuple[Part[PhotoFacts], tuple[int, ...], date]] = {}
        self._persons: dict[Hashable, Shown] = {}

    def sort(self, rows: PhotoRows) -> Sorted:
        """Return the kind of a photo."""
        if len(self._photos) + len(self._persons) >= RECENT:
            self._forget_rows()
        if len(self._known) + len(self._kinds) >= MOST:
            self._forget()
        photo, holders, until = self._photo(rows)
        return self.put_together(rows.id, photo, holders, self.shown(rows), until)

    def shown(self, rows: PhotoRows) -> list[Shown]:
        """Return who is shown in a photo."""
        event = rows.photo[1]
        return [self._person(rows, person, role, event) for person, role in rows.depicted if person]

    def put_together(
        self,
        photo_id: int,
        photo: Part[PhotoFacts],
        holders: tuple[int, ...],
        shown: list[Shown],
        until: date,
    ) -> Sorted:
        """Return a photo of these parts with its kind; `until` is the photo's own last day."""
        shown.sort()
        key = (photo, *[each[2] for each in shown])
        kind = self._kinds.get(key)
        if kind is None:
            kind = self._kinds[key] = self._kind(photo, [each.part for each in shown], holders)
        for each in shown:
            until = min(until, each[3])
        return Sorted(photo_id, kind, (*holders, *[each[1] for each in shown]), until)

    def _kind(
        self, own: Part[PhotoFacts], shown: Sequence[Part[PersonFacts]], holders: tuple[int, ...]
    ) -> PhotoKind:
        permissions = enumerate(zip(own.facts.permissions, holders, strict=True))
        facts = replace(
            own.facts,
            permissions=tuple(
                replace(given, holder=str(place) if holder else "")
                for place, (given, holder) in permissions
            ),
            persons=tuple(self._at(place, part) for place, part in enumerate(shown, len(holders))),
        )
        return PhotoKind(facts, own, tuple(shown))

    def _at(self, place: int, part: Part[PersonFacts]) -> PersonFacts:
        found = self._placed.get((part, place))
        if found is None:
            found = self._placed[part, place] = replace(part.facts, person=str(place))
        return found

    def _photo(self, rows: PhotoRows) -> tuple[Part[PhotoFacts], tuple[int, ...], date]:
        """Return the facts of the photo itself, and who holds the rights; equal rows once."""
        words = rows.permissions
        said: Any = words if len(words) > 1 else [(w.about, w.saying) for w in words]
        flagged = rows.id in self._builder.shared.flagged
        key = (tuple(rows.photo[1:]), rows.taken_by, tuple(said), len(rows.depicted), flagged)
        found = self._photos.get(key)
        if found is None:
            facts = self._builder.of_photo(rows)
            seen = photo_seen(facts, self._day, self._policy)
            holders = self._builder.holders(rows) if facts.permissions else []
            found = self._part(seen.what, facts), tuple(holders), seen.until
            self._photos[key] = found
        return found

    def _person(self, rows: PhotoRows, person: int, role: str, event: int | None) -> Shown:
        """Return the facts of a person; once for all photos of an event, words on one apart."""
        of_photo = [w for w in rows.consents if w.about == person] if rows.consents else ()
        key = (person, role, event)
        found = None if of_photo else self._persons.get(key)
        if found is None:
            part, until = self._person_who_said(person, role, event, of_photo)
            found = Shown(part.number, person, part, until)
            if not of_photo:
                self._persons[key] = found
        return found

    def _person_who_said(
        self, person: int, role: str, event: int | None, of_photo: Iterable[Spoken]
    ) -> tuple[Part[PersonFacts], date]:
        """Return the facts of a person; once for all of whom the same is known."""
        builder = self._builder
        said = builder.said_about(person, event, of_photo)
        guardians = [(g.verified, g.excused, builder.history(w)) for g, w in said.guardians]
        key = (builder.shared.persons[person], role, builder.history(said.own))
        whole = (*key, *guardians)
        found = self._known.get(whole)
        if found is None:
            facts = builder.person_who_said(person, Role(role), said)
            seen = person_seen(facts, self._day, self._policy)
            first = min((g.given_on or date.min for g in grants_about(facts)), default=date.max)
            what = (seen.what, *(first <= changed_on for changed_on in self._terms))
            found = self._known[whole] = self._part(what, facts), seen.until
        return found

    def _part(self, what: Hashable, facts: _Facts) -> Part[_Facts]:
        found: Part[_Facts] | None = self._parts.get(what)
        if found is None:
            found = self._parts[what] = Part(len(self._parts), what, facts)
        return found
