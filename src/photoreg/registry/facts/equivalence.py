"""Equivalence classes: photos that no rule can distinguish, so each class is evaluated once.

Many photos share their facts: the same event, the same answers, the same consents. Rows are
compared before any facts are built; equal rows give equal facts. Facts of persons whom the rules
cannot distinguish on the day (`rulebook.validity`) are one component too, whoever the persons are.
"""

from base64 import b32encode
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from photoreg.registry.facts.builder import FactBuilder
from photoreg.registry.facts.rows import ConsentEventRecord, PhotoRows
from photoreg.rulebook.facts import PersonFacts, PhotoFacts, Role, digest
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.validity import FactView, person_key, photo_key

MAX_CLASSES = 100_000
"""How many components are cached; beyond that the cache is cleared, which bounds memory."""

MAX_ROWS = 20_000
"""How many rows are cached with their component; photos of one event are mostly adjacent."""


_Facts = TypeVar("_Facts", PhotoFacts, PersonFacts)


@dataclass(frozen=True, eq=False)
class ClassComponent(Generic[_Facts]):
    """A component of an equivalence class: photo facts or one person's facts.

    `signature` is what the rules see; `number` is valid in this classifier only, `key` permanently.
    """

    number: int
    signature: Hashable
    facts: _Facts

    @cached_property
    def key(self) -> str:
        """Twelve letters and digits that identify the facts as the rules see them."""
        return b32encode(bytes.fromhex(digest(self.signature))).decode()[:12]


@dataclass(frozen=True, eq=False)
class EquivalenceClass:
    """Photos with the same verdict for every use on the day: those with the same components.

    In the facts, persons are named by their position ("0", "1", …); `ClassifiedPhoto` has their
    ids.
    """

    facts: PhotoFacts
    photo: ClassComponent[PhotoFacts]
    persons: tuple[ClassComponent[PersonFacts], ...]

    @cached_property
    def class_key(self) -> str:
        """The keys of the components, joined by semicolons."""
        return ";".join((self.photo.key, *(part.key for part in self.persons)))


class ClassifiedPhoto(NamedTuple):
    """A photo with its class: the person in each position, and the last day of validity."""

    photo_id: int
    photo_class: EquivalenceClass
    person_ids: tuple[int, ...]
    valid_until: date

    @property
    def depicted_ids(self) -> tuple[int, ...]:
        """The persons depicted; the rights holders come before them."""
        return self.person_ids[len(self.person_ids) - len(self.photo_class.persons) :]


class ClassifiedPerson(NamedTuple):
    """A depicted person: the component, and the last day of validity."""

    number: int
    person_id: int
    component: ClassComponent[PersonFacts]
    valid_until: date


class Classifier:
    """Sorts photos into equivalence classes, for one day and policy.

    `landmarks` are the days on which channels came to be or changed their terms: grants before and
    after such a day differ.
    """

    def __init__(
        self, builder: FactBuilder, day: date, policy: Policy, landmarks: Iterable[date] = ()
    ) -> None:
        self._builder = builder
        self._view = FactView(day, policy, tuple(sorted(set(landmarks))))
        self._reset()

    def _reset(self) -> None:
        self._reset_rows()
        self._person_components: dict[Hashable, tuple[ClassComponent[PersonFacts], date]] = {}
        self._components: dict[Hashable, Any] = {}
        self._placed_facts: dict[tuple[ClassComponent[PersonFacts], int], PersonFacts] = {}
        self._classes: dict[tuple[Hashable, ...], EquivalenceClass] = {}

    def _reset_rows(self) -> None:
        self._photos: dict[Hashable, tuple[ClassComponent[PhotoFacts], tuple[int, ...], date]] = {}
        self._persons: dict[Hashable, ClassifiedPerson] = {}

    def classify(self, rows: PhotoRows) -> ClassifiedPhoto:
        """Return a photo with its class."""
        if len(self._photos) + len(self._persons) >= MAX_ROWS:
            self._reset_rows()
        if len(self._person_components) + len(self._classes) >= MAX_CLASSES:
            self._reset()
        photo, holders, until = self._classify_photo(rows)
        return self.assemble(rows.id, photo, holders, self.classify_persons(rows), until)

    def classify_persons(self, rows: PhotoRows) -> list[ClassifiedPerson]:
        """Return the components of the persons depicted in a photo."""
        event = rows.photo[1]
        return [
            self._classify_person(rows, person, role, event)
            for person, role in rows.depicted
            if person
        ]

    def assemble(
        self,
        photo_id: int,
        photo: ClassComponent[PhotoFacts],
        holders: tuple[int, ...],
        shown: list[ClassifiedPerson],
        until: date,
    ) -> ClassifiedPhoto:
        """Return a photo built from these components; `until` is the photo component's last day."""
        shown.sort()
        key = (photo, *[each[2] for each in shown])
        kind = self._classes.get(key)
        if kind is None:
            kind = self._classes[key] = self._new_class(
                photo, [each.component for each in shown], holders
            )
        for each in shown:
            until = min(until, each[3])
        return ClassifiedPhoto(photo_id, kind, (*holders, *[each[1] for each in shown]), until)

    def _new_class(
        self,
        own: ClassComponent[PhotoFacts],
        shown: Sequence[ClassComponent[PersonFacts]],
        holders: tuple[int, ...],
    ) -> EquivalenceClass:
        permissions = enumerate(zip(own.facts.permissions, holders, strict=True))
        facts = replace(
            own.facts,
            permissions=tuple(
                replace(given, holder=str(place) if holder else "")
                for place, (given, holder) in permissions
            ),
            persons=tuple(
                self._facts_at(place, part) for place, part in enumerate(shown, len(holders))
            ),
        )
        return EquivalenceClass(facts, own, tuple(shown))

    def _facts_at(self, place: int, part: ClassComponent[PersonFacts]) -> PersonFacts:
        found = self._placed_facts.get((part, place))
        if found is None:
            found = self._placed_facts[part, place] = replace(part.facts, person=str(place))
        return found

    def _classify_photo(
        self, rows: PhotoRows
    ) -> tuple[ClassComponent[PhotoFacts], tuple[int, ...], date]:
        """Return the photo component and the rights holders, cached per identical rows."""
        events = rows.permissions
        history: Any = (
            events if len(events) > 1 else [(w.person_id, w.actor_id, w.content) for w in events]
        )
        stops = self._builder.shared.stops
        shared = self._builder.shared
        asked = rows.id in shared.copies_that_lack, rows.id in shared.second_looks
        stopped = (rows.id in stops.flagged, rows.id in stops.objected, *asked)
        shown = (len(rows.depicted), self._builder.shows_erased(rows))
        key = (tuple(rows.photo[1:]), rows.taken_by, tuple(history), *shown, *stopped)
        found = self._photos.get(key)
        if found is None:
            facts = self._builder.own_facts(rows)
            visible = photo_key(facts, self._view)
            holders = self._builder.holders(rows) if facts.permissions else []
            found = self._component(visible.key, facts), tuple(holders), visible.valid_until
            self._photos[key] = found
        return found

    def _classify_person(
        self, rows: PhotoRows, person: int, role: str, event: int | None
    ) -> ClassifiedPerson:
        """Return a person's component, cached per event unless there are events on this photo."""
        photo_events = [w for w in rows.consents if w.person_id == person] if rows.consents else ()
        key = (person, role, event)
        found = None if photo_events else self._persons.get(key)
        if found is None:
            part, until = self._component_of(person, role, event, photo_events)
            found = ClassifiedPerson(part.number, person, part, until)
            if not photo_events:
                self._persons[key] = found
        return found

    def _component_of(
        self, person: int, role: str, event: int | None, photo_events: Iterable[ConsentEventRecord]
    ) -> tuple[ClassComponent[PersonFacts], date]:
        """Return a person's facts, cached per identical history."""
        builder = self._builder
        events = builder.person_history(person, event, photo_events)
        guardians = [(g[1:], builder.history_key(w)) for g, w in events.guardians]
        key = (builder.shared.persons[person], role, builder.history_key(events.own))
        whole = (*key, *guardians)
        found = self._person_components.get(whole)
        if found is None:
            facts = builder.person_from_history(person, Role(role), events)
            visible = person_key(facts, self._view)
            found = self._person_components[whole] = (
                self._component(visible.key, facts),
                visible.valid_until,
            )
        return found

    def _component(self, visible: Hashable, facts: _Facts) -> ClassComponent[_Facts]:
        found: ClassComponent[_Facts] | None = self._components.get(visible)
        if found is None:
            found = self._components[visible] = ClassComponent(
                len(self._components), visible, facts
            )
        return found
