"""Merging: the same person entered twice becomes one record, and the gate never opens by it.

Everything that names the duplicate is turned to the record that is kept. Where both records hold
words and they differ, nothing is guessed: the word counts as withdrawn, and the person is asked
again. A child whose guardian was entered twice goes on needing as many guardians as before, until
a coordinator says that there are fewer. A merge after which any photo would be judged more mildly
is refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.consent_replay import standing
from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_person
from photoreg.registry.queries.merge import (
    LINKS,
    REFERENCES,
    depictions_by_photo,
    rows_naming,
    threads_naming,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import (
    active_wards,
    guardianship_between,
    guardianships_of,
    is_ancestor,
    photos_showing,
    photos_taken_by,
)
from photoreg.registry.queries.photos import photos_by_id, remove_all
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    Consent,
    ConsentEvent,
    ConsentKind,
    Method,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.rulebook.facts import AgeGroup, AnswerState, Capacity, Purpose
from photoreg.rulebook.verdict import Outcome
from photoreg.services.consents.consent_events import standings_words, thread_for
from photoreg.services.decisions.evaluation import AskedUse, check_photos
from photoreg.services.people.ages import age_group_on
from photoreg.services.people.persons import refuse_impossible_family
from photoreg.services.unit_of_work import COORDINATORS, Desk, Workplace
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

AT_A_TIME = 500
_MILDNESS = (Outcome.REFUSED, Outcome.UNCLEAR, Outcome.PUBLISHABLE)
_Use = tuple[int, str, Purpose]
"""A photo, a channel and a purpose."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge moves, by ids, and what it withdraws because the two records differ.

    `children` are those of whom both records are guardians, and how many guardians must answer for
    each, as before; None where that is not known. `contact` is the duplicate's, where the record
    that is kept has another: it is not kept.
    """

    kept: str
    duplicate: str
    names: tuple[str, str]
    photos: tuple[str, ...]
    rosters: int
    guardianships: int
    consents: tuple[str, ...]
    permissions: tuple[str, ...]
    withdrawn: tuple[str, ...]
    children: tuple[tuple[str, int | None], ...]
    contact: str


class _OnlyPlanned(Exception):  # noqa: N818 - no error: it undoes what was only tried
    """Undoes a merge that was made to see what it would do."""


def plan_merge(workplace: Workplace, keep: str, duplicate: str) -> Merged:
    """Return what a merge would do: it is made, looked at, and undone."""
    planned: list[Merged] = []
    try:
        with workplace.changing(COORDINATORS) as desk:
            planned.append(_merge(desk, keep, duplicate))
            raise _OnlyPlanned  # noqa: TRY301 - so that the transaction is undone
    except _OnlyPlanned:
        return planned[0]


def merge(workplace: Workplace, keep: str, duplicate: str) -> Merged:
    """Merge the duplicate into the record that is kept. Only coordinators may."""
    with workplace.changing(COORDINATORS) as desk:
        return _merge(desk, keep, duplicate)


def _merge(desk: Desk, keep: str, duplicate: str) -> Merged:
    kept, other = the_person(desk.session, keep), the_person(desk.session, duplicate)
    if kept.id == other.id:
        raise InputDataError(
            N_("{kept} and {other} are one record already"),
            N_("Name two records."),
            kept=keep,
            other=duplicate,
        )
    _refuse_impossible(desk, kept, other)
    photos = _photos_touched(desk, (id_of(kept), id_of(other)))
    before = dict(_outcomes(desk, photos))
    merged = _Merge(desk, kept, other).carry_out()
    desk.session.expire_all()
    refuse_impossible_family(desk, kept)
    _refuse_milder(before, dict(_outcomes(desk, photos)))
    return merged


def _refuse_impossible(desk: Desk, kept: Person, other: Person) -> None:
    ids = {"kept": human_id(Kind.PERSON, kept.id), "other": human_id(Kind.PERSON, other.id)}
    for child, guardian in ((kept, other), (other, kept)):
        if guardianship_between(desk.session, id_of(child), id_of(guardian)) or is_ancestor(
            desk.session, id_of(guardian), of=id_of(child)
        ):
            raise NotAllowed(
                N_("{kept} and {other} are guardian and child, so they are two people"),
                N_("Check whom you mean."),
                step=NextStep.to(NextAction.PERSON_SHOW, person=ids["kept"]),
                kept=ids["kept"],
                other=ids["other"],
            )
    groups = {age_group_on(desk, each, desk.today) for each in (kept, other)}
    differ = kept.born and other.born and kept.born != other.born
    if differ or groups == {AgeGroup.ADULT, AgeGroup.MINOR}:
        raise NotAllowed(
            N_("{kept} and {other} have different birth dates or ages"),
            N_("If they are one person, correct the birth date or age first."),
            step=NextStep.to(NextAction.PERSON_CHANGE, "born", person=ids["other"]),
            kept=ids["kept"],
            other=ids["other"],
        )
    shown, shown_too = (depictions_by_photo(desk.session, id_of(p)) for p in (kept, other))
    apart = [
        human_id(Kind.PHOTO, photo)
        for photo in sorted(shown.keys() & shown_too.keys())
        if shown[photo].position != shown_too[photo].position
    ]
    if apart:
        raise NotAllowed(
            N_("{kept} and {other} are shown at different places in {photos}"),
            N_("If they are one person, take one of them out of the photo first."),
            step=NextStep.to(NextAction.PHOTO_UNTAG, "photo", "person"),
            photos=", ".join(apart),
            kept=ids["kept"],
            other=ids["other"],
        )


def _photos_touched(desk: Desk, persons: Iterable[int]) -> list[int]:
    photos: set[int] = set()
    for person in persons:
        for shown in (person, *active_wards(desk.session, person)):
            photos.update(photos_showing(desk.session, shown))
        photos.update(photos_taken_by(desk.session, person))
    return sorted(photos)


def _outcomes(desk: Desk, photos: list[int]) -> Iterator[tuple[_Use, Outcome]]:
    """Give how mildly each photo is judged today, for every channel in use and every purpose."""
    channels = [channel for channel in all_channels(desk.session) if channel.active]
    for start in range(0, len(photos), AT_A_TIME):
        some = photos_by_id(desk.session, photos[start : start + AT_A_TIME])
        for channel, purpose in product(channels, Purpose):
            for checked in check_photos(desk, some, channel, AskedUse(channel.name, purpose)):
                yield (checked.photo_id, channel.name, purpose), checked.outcome


def _refuse_milder(before: dict[_Use, Outcome], after: dict[_Use, Outcome]) -> None:
    milder = {
        use[0]
        for use, outcome in after.items()
        if _MILDNESS.index(outcome) > _MILDNESS.index(before[use])
    }
    if milder:
        raise NotAllowed(
            N_("after the merge {photos} would be judged more mildly, and a merge opens no gate"),
            N_(
                "Go through these photos one by one: take the duplicate out, and name the record "
                "that you keep. Then merge."
            ),
            step=NextStep.to(NextAction.PHOTO_UNTAG, "photo", "person"),
            photos=", ".join(human_id(Kind.PHOTO, photo) for photo in sorted(milder)),
        )


class _Merge:
    """One merge at an open desk."""

    def __init__(self, desk: Desk, kept: Person, other: Person) -> None:
        self.desk, self.session = desk, desk.session
        self.kept, self.other = kept, other
        self.to, self.of = id_of(kept), id_of(other)

    def carry_out(self) -> Merged:
        """Move everything, leave the duplicate empty, and log it."""
        names = (self.kept.name, self.other.name)
        is_kept = self.kept.contact in {"", self.other.contact}
        contact = "" if is_kept else self.other.contact
        children = self._guardians_needed()
        photos = self._move_depictions()
        rosters = sum(self._move_links(table) for table in LINKS)
        uncertain = set(self._move_guardianships())
        guardianships = len(rows_naming(self.session, Guardianship, "guardian_id", self.to))
        consents, asked_again = self._move_words(Consent, ConsentEvent, uncertain)
        permissions, permit_again = self._move_words(Permission, PermissionEvent, set())
        for table, column in REFERENCES:
            for row in rows_naming(self.session, table, column, self.of):
                setattr(row, column, self.to)
                add(self.session, row)
        self._join_facts()
        self._keep_guardians_needed(children)
        merged = Merged(
            human_id(Kind.PERSON, self.to),
            human_id(Kind.PERSON, self.of),
            names,
            photos,
            rosters,
            guardianships,
            consents,
            permissions,
            (*asked_again, *permit_again),
            tuple((human_id(Kind.PERSON, child), number) for child, number in children.items()),
            contact,
        )
        self.desk.log(
            Action.PERSON_MERGED,
            Kind.PERSON,
            self.to,
            person=merged.duplicate,
            photos=len(photos),
            consents=consents,
            permissions=permissions,
            withdrawn=merged.withdrawn,
            children=[child for child, _number in merged.children],
        )
        return merged

    def _guardians_needed(self) -> dict[int, int | None]:
        """Return the children of both records, and how many guardians must answer for each.

        That is the number stated, or that of the verified ones if there are more (registry.facts).
        """
        both = {*active_wards(self.session, self.to)} & {*active_wards(self.session, self.of)}
        found: dict[int, int | None] = {}
        for child in sorted(both):
            rows = guardianships_of(self.session, child)
            verified = sum(row.ended_on is None and row.verified_how is not None for row in rows)
            stated = self.session.get_one(Person, child).guardians_total
            found[child] = None if stated is None else max(stated, verified)
        return found

    def _keep_guardians_needed(self, children: dict[int, int | None]) -> None:
        """Let no child need fewer guardians because two of them have become one."""
        for child, number in children.items():
            person = self.session.get_one(Person, child)
            person.guardians_total = number
            add(self.session, person)

    def _move_depictions(self) -> tuple[str, ...]:
        known = depictions_by_photo(self.session, self.to)
        moving = depictions_by_photo(self.session, self.of)
        remove_all(self.session, (moving[photo] for photo in moving.keys() & known.keys()))
        for photo in moving.keys() - known.keys():
            moving[photo].person_id = self.to
        self.session.flush()
        return tuple(human_id(Kind.PHOTO, photo) for photo in sorted(moving))

    def _move_links(self, table: Any) -> int:
        reference = next(name for name in table.model_fields if name != "person_id")
        known = {
            getattr(row, reference)
            for row in rows_naming(self.session, table, "person_id", self.to)
        }
        moving = rows_naming(self.session, table, "person_id", self.of)
        remove_all(self.session, moving)
        new = {getattr(row, reference) for row in moving} - known
        self.session.add_all(table(person_id=self.to, **{reference: each}) for each in sorted(new))
        self.session.flush()
        return len(moving)

    def _move_guardianships(self) -> Iterator[tuple[int, int]]:
        """Move the guardianships; give child and guardian where the two records differ."""
        for column, beside in (("guardian_id", "child_id"), ("child_id", "guardian_id")):
            for row in rows_naming(self.session, Guardianship, column, self.of):
                pair = {column: self.to, beside: getattr(row, beside)}
                known = guardianship_between(self.session, pair["child_id"], pair["guardian_id"])
                if known is None:
                    setattr(row, column, self.to)
                    add(self.session, row)
                    continue
                if _standing_of(known) != _standing_of(row):
                    _make_strict(known, row)
                    add(self.session, known)
                    yield pair["child_id"], pair["guardian_id"]
                row.ended_on = row.ended_on or self.desk.today  # one guardian, not two
                add(self.session, row)

    def _move_words(
        self, table: Any, event: Any, uncertain: set[tuple[int, int]]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Move consents or permissions; return them, and those that count as withdrawn now."""
        threads = threads_naming(self.session, table, (self.to, self.of))
        own: dict[tuple[int | None, ...], list[Any]] = defaultdict(list)
        others: dict[tuple[int | None, ...], list[Any]] = defaultdict(list)
        for thread in threads:
            who = _who(thread)
            group = others if self.of in who else own
            group[tuple(self.to if each == self.of else each for each in who)].append(thread)
        said = {
            who: (self._standings(own.get(who, [])), self._standings(moving))
            for who, moving in others.items()
        }
        kind = Kind.CONSENT if table is Consent else Kind.PERMISSION
        withdrawn = []
        for who, moving in others.items():
            taken = {(t.photo_id, t.event_id, _licensor(t)) for t in own.get(who, [])}
            for thread in moving:
                if (thread.photo_id, thread.event_id, _licensor(thread)) not in taken:
                    _turn(thread, self.of, self.to)
                    add(self.session, thread)
            mine, theirs = said[who]
            if (mine and theirs and mine != theirs) or who in uncertain:
                withdrawn.append(human_id(kind, self._withdraw(table, event, who)))
        moved = (t for moving in others.values() for t in moving)
        return tuple(human_id(kind, t.id) for t in moved), tuple(withdrawn)

    def _standings(self, threads: list[Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Return what stands in each reach, without the days on which it was said."""
        words = standings_words(self.desk, threads)
        found = {}
        for thread in threads:
            answer = standing(
                words[id_of(thread)], side_by_side=isinstance(thread, Permission)
            ).answer
            if answer.state not in {AnswerState.NONE, AnswerState.PENDING}:
                grants = {replace(grant, given_on=None) for grant in answer.grants}
                reach = (thread.photo_id, thread.event_id)
                found[reach] = (answer.state, grants, answer.taken_back)
        return found

    def _withdraw(self, table: Any, event: Any, who: tuple[int | None, ...]) -> int:
        """Take everything back that these people said, in both records: they are asked again."""
        if table is Consent:
            thread: Any = Consent(subject_id=who[0] or 0, actor_id=who[-1] or 0)
            reference = "consent_id"
        else:
            thread = Permission(photographer_id=who[0])
            reference = "permission_id"
        thread = thread_for(self.desk, thread)
        said = event(
            **{reference: id_of(thread)},
            kind=ConsentKind.WITHDRAWN,
            day=self.desk.today,
            method=Method.WRITTEN,
            recorded_at=self.desk.now,
            recorded_by=self.desk.actor.id,
        )
        add(self.session, said)
        return id_of(thread)

    def _join_facts(self) -> None:
        """Keep of the two records' facts the stricter; leave of the duplicate its id only."""
        kept, other = self.kept, self.other
        if kept.born is None and other.born is not None:
            kept.born, kept.age_group = other.born, AgeGroup.UNKNOWN
        elif kept.born is None and kept.age_group is AgeGroup.UNKNOWN:
            kept.age_group = other.age_group
        totals = [t for t in (kept.guardians_total, other.guardians_total) if t is not None]
        kept.guardians_total = max(totals, default=None)
        kept.blocked |= other.blocked
        kept.deceased |= other.deceased
        if other.capacity is Capacity.DOUBT:
            kept.capacity = other.capacity
        kept.contact = kept.contact or other.contact
        kept.language = kept.language or other.language
        other.name = human_id(Kind.PERSON, self.of)
        other.name_key = name_key(other.name)
        other.contact, other.born, other.merged_into = "", None, self.to
        for person in (kept, other):
            add(self.session, person)


def _who(thread: Consent | Permission) -> tuple[int | None, ...]:
    if isinstance(thread, Consent):
        return thread.subject_id, thread.actor_id
    return (thread.photographer_id,)


def _licensor(thread: Consent | Permission) -> str:
    return thread.licensor if isinstance(thread, Permission) else ""


def _turn(thread: Consent | Permission, of: int, to: int) -> None:
    names = ("subject_id", "actor_id") if isinstance(thread, Consent) else ("photographer_id",)
    for name in names:
        if getattr(thread, name) == of:
            setattr(thread, name, to)


def _standing_of(row: Guardianship) -> tuple[bool, bool, bool]:
    return row.ended_on is None, row.verified_how is not None, row.excused_ground is not None


def _make_strict(known: Guardianship, other: Guardianship) -> None:
    """Let a guardianship count as long as either does, and be lifted only where both are."""
    if other.ended_on is None:
        known.ended_on = None
    if other.excused_ground is None:
        known.excused_ground = known.excused_by = known.excused_evidence = None
    if other.verified_how is None and known.excused_ground is None:
        known.verified_how = None
