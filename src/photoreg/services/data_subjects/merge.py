"""Merge two records of one person, without making any photo publishable.

All references to the duplicate are moved to the remaining record. If both records have consents and
their status differs, the consent counts as withdrawn, and the person is asked again. A child whose
guardian was entered twice needs as many guardians as before, until a coordinator lowers the number.
A merge that would make the verdict of any photo more lenient is refused. One that ends a reason
behind another asks for a second look (`decisions.second_looks`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.facts.consent_replay import ReplayEvent, consent_status
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person
from photoreg.registry.names import name_columns
from photoreg.registry.queries.merge import (
    LINKS,
    REFERENCES,
    depictions_by_photo,
    records_naming,
    rows_referring_to,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import (
    active_wards,
    guardianships_between,
    guardianships_of,
    is_ancestor,
    names_of,
    photos_showing,
    photos_taken_by,
)
from photoreg.registry.queries.photos import delete_rows, photos_by_id
from photoreg.registry.queries.subject_data import permissions_of_others
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import Consent, ConsentEvent, Permission, PermissionEvent
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.rulebook.facts import (
    AgeGroup,
    AnswerState,
    Capacity,
    ConsentKind,
    Method,
    Purpose,
    Statement,
    add_days,
)
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import events_in_reach, record_for
from photoreg.services.decisions.evaluation import AskedUse, check_photos
from photoreg.services.people.ages import age_group_on, noted_name, shown_contact
from photoreg.services.people.persons import refuse_impossible_family
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

BATCH_SIZE = 500
_BY_LENIENCY = (Outcome.REFUSED, Outcome.UNCLEAR, Outcome.PUBLISHABLE)
_PhotoUse = tuple[int, str, Purpose]
"""A photo, a channel and a purpose."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What a merge moves, by ids, and what it withdraws because the two records differ.

    `children` are those with both records as guardians, each with the unchanged number of guardians
    who must consent, or None if unknown. `contact` is the duplicate's contact if it is discarded
    because the remaining record has another.
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


class _PlanRollback(Exception):  # noqa: N818 - not an error
    """Rolls back a merge that was carried out only to plan it."""


def plan_merge(application: Application, keep: str, duplicate: str) -> MergeResult:
    """Return what a merge would do, by carrying it out and rolling it back."""
    planned: list[MergeResult] = []
    try:
        with application.changing(COORDINATORS) as work:
            planned.append(_merge_persons(work, keep, duplicate))
            raise _PlanRollback  # noqa: TRY301 - rolls the transaction back
    except _PlanRollback:
        return planned[0]


def merge_persons(application: Application, keep: str, duplicate: str) -> MergeResult:
    """Merge the duplicate into the remaining record. Only coordinators may."""
    with application.changing(COORDINATORS) as work:
        return _merge_persons(work, keep, duplicate)


def _merge_persons(work: UnitOfWork, keep: str, duplicate: str) -> MergeResult:
    kept, other = find_person(work.session, keep), find_person(work.session, duplicate)
    if kept.id == other.id:
        raise InputDataError(
            N_("{kept} and {other} are already one person in the registry"),
            N_("Give two different people."),
            kept=keep,
            other=duplicate,
        )
    _refuse_impossible(work, kept, other)
    photos = _photos_involving(work, (id_of(kept), id_of(other)))
    before = dict(_outcomes(work, photos))
    to_change = _where_named(work, id_of(other))
    work.before_merge.update(photo_facts(work.session, photos))
    merged = _Merge(work, kept, other).carry_out()
    work.session.expire_all()
    refuse_impossible_family(work, kept)
    _refuse_more_lenient(before, dict(_outcomes(work, photos)), to_change)
    return merged


def _refuse_impossible(work: UnitOfWork, kept: Person, other: Person) -> None:
    ids = {"kept": human_id(Kind.PERSON, kept.id), "other": human_id(Kind.PERSON, other.id)}
    for child, guardian in ((kept, other), (other, kept)):
        if guardianships_between(work.session, id_of(child), id_of(guardian)) or is_ancestor(
            work.session, id_of(guardian), of=id_of(child)
        ):
            raise NotAllowed(
                N_("{kept} and {other} are guardian and child, so they are two people"),
                N_("Check whom you mean."),
                step=NextStep.to(NextAction.PERSON_SHOW, person=ids["kept"]),
                kept=ids["kept"],
                other=ids["other"],
            )
    groups = {age_group_on(work, each, work.today) for each in (kept, other)}
    differ = kept.born and other.born and kept.born != other.born
    if differ or groups == {AgeGroup.ADULT, AgeGroup.MINOR}:
        raise NotAllowed(
            N_("{kept} and {other} have different birth dates or ages"),
            N_("If they are one person, correct the birth date or age first."),
            step=NextStep.to(NextAction.PERSON_CHANGE, "born", person=ids["other"]),
            kept=ids["kept"],
            other=ids["other"],
        )
    shown, shown_too = (depictions_by_photo(work.session, id_of(p)) for p in (kept, other))
    differing = [
        human_id(Kind.PHOTO, photo)
        for photo in sorted(shown.keys() & shown_too.keys())
        if shown[photo].position != shown_too[photo].position
    ]
    if differing:
        raise NotAllowed(
            N_("{kept} and {other} are in different places in {photos}"),
            N_("If they are one person, take one of them out of the photo first."),
            step=NextStep.to(NextAction.PHOTO_UNTAG, "photo", "person"),
            photos=", ".join(differing),
            kept=ids["kept"],
            other=ids["other"],
        )


def _photos_involving(work: UnitOfWork, persons: Iterable[int]) -> list[int]:
    photos: set[int] = set()
    for person in persons:
        for shown in (person, *active_wards(work.session, person)):
            photos.update(photos_showing(work.session, shown))
        spoken_for = permissions_of_others(work.session, person)
        photos.update(record.photo_id for record in spoken_for if record.photo_id)
        for taker in (person, *(record.photographer_id for record in spoken_for)):
            photos.update(photos_taken_by(work.session, taker) if taker else ())
    return sorted(photos)


def _outcomes(work: UnitOfWork, photos: list[int]) -> Iterator[tuple[_PhotoUse, Outcome]]:
    """Yield today's outcome of each photo for every active channel and every purpose."""
    channels = [channel for channel in all_channels(work.session) if channel.active]
    for start in range(0, len(photos), BATCH_SIZE):
        some = photos_by_id(work.session, photos[start : start + BATCH_SIZE])
        for channel, purpose in product(channels, Purpose):
            for checked in check_photos(work, some, channel, AskedUse(channel.name, purpose)):
                yield (checked.photo_id, channel.name, purpose), checked.outcome


def _where_named(work: UnitOfWork, person: int) -> dict[int, NextStep]:
    """Return the step by which a person is taken out of each photo: as shown or as its author."""
    answer = NextStep.to(NextAction.PHOTO_ANSWER, "photo", "photographer")
    untag = NextStep.to(NextAction.PHOTO_UNTAG, "photo", "person")
    return {
        **dict.fromkeys(photos_taken_by(work.session, person), answer),
        **dict.fromkeys(photos_showing(work.session, person), untag),
    }


def _refuse_more_lenient(
    before: dict[_PhotoUse, Outcome],
    after: dict[_PhotoUse, Outcome],
    to_change: dict[int, NextStep],
) -> None:
    more_lenient = sorted(
        {
            use[0]
            for use, outcome in after.items()
            if _BY_LENIENCY.index(outcome) > _BY_LENIENCY.index(before[use])
        }
    )
    if more_lenient:
        raise NotAllowed(
            N_(
                "after the merge {photos} would be evaluated less strictly, and a merge must "
                "not make a photo publishable"
            ),
            N_(
                "Go through these photos one by one: take the duplicate out, and name the record "
                "that you keep. Then merge."
            ),
            step=next((to_change[photo] for photo in more_lenient if photo in to_change), None),
            photos=", ".join(human_id(Kind.PHOTO, photo) for photo in more_lenient),
        )


class _Merge:
    """One merge in the open unit of work."""

    def __init__(self, work: UnitOfWork, kept: Person, other: Person) -> None:
        self.work, self.session = work, work.session
        self.kept, self.other = kept, other
        self.kept_id, self.other_id = id_of(kept), id_of(other)

    def carry_out(self) -> MergeResult:
        """Move everything, reduce the duplicate to its id, and log the merge."""
        names = (noted_name(self.work, self.kept), noted_name(self.work, self.other))
        is_kept = self.kept.contact in {"", self.other.contact}
        contact = "" if is_kept else shown_contact(self.work, self.other)
        children = self._guardians_needed()
        photos = self._move_depictions()
        rosters = sum(self._move_links(table) for table in LINKS)
        uncertain = set(self._move_guardianships())
        guardianships = len(
            rows_referring_to(self.session, Guardianship, "guardian_id", self.kept_id)
        )
        consents, withdrawn_consents = self._move_records(Consent, ConsentEvent, uncertain)
        permissions, withdrawn_permissions = self._move_records(Permission, PermissionEvent, set())
        for table, column in REFERENCES:
            for row in rows_referring_to(self.session, table, column, self.other_id):
                setattr(row, column, self.kept_id)
                add(self.session, row)
        self._merge_facts()
        self._keep_guardians_needed(children)
        merged = MergeResult(
            human_id(Kind.PERSON, self.kept_id),
            human_id(Kind.PERSON, self.other_id),
            names,
            photos,
            rosters,
            guardianships,
            consents,
            permissions,
            (*withdrawn_consents, *withdrawn_permissions),
            tuple((human_id(Kind.PERSON, child), number) for child, number in children.items()),
            contact,
        )
        self.work.log(
            Action.PERSON_MERGED,
            Kind.PERSON,
            self.kept_id,
            person=merged.duplicate,
            photos=len(photos),
            consents=consents,
            permissions=permissions,
            withdrawn=merged.withdrawn,
            children=[child for child, _number in merged.children],
        )
        return merged

    def _guardians_needed(self) -> dict[int, int | None]:
        """Return the children of both records, and how many guardians must consent for each.

        That is the stated number, or the number of verified guardians if larger (registry.facts).
        """
        both = {*active_wards(self.session, self.kept_id)} & {
            *active_wards(self.session, self.other_id)
        }
        found: dict[int, int | None] = {}
        for child in sorted(both):
            rows = guardianships_of(self.session, child)
            verified = sum(row.last_day is None and row.verified_how is not None for row in rows)
            stated = self.session.get_one(Person, child).guardians_total
            found[child] = None if stated is None else max(stated, verified)
        return found

    def _keep_guardians_needed(self, children: dict[int, int | None]) -> None:
        """Keep the number of guardians required although two of them have become one."""
        for child, number in children.items():
            person = self.session.get_one(Person, child)
            person.guardians_total = number
            add(self.session, person)

    def _move_depictions(self) -> tuple[str, ...]:
        known = depictions_by_photo(self.session, self.kept_id)
        moving = depictions_by_photo(self.session, self.other_id)
        delete_rows(self.session, (moving[photo] for photo in moving.keys() & known.keys()))
        for photo in moving.keys() - known.keys():
            moving[photo].person_id = self.kept_id
        self.session.flush()
        return tuple(human_id(Kind.PHOTO, photo) for photo in sorted(moving))

    def _move_links(self, table: Any) -> int:
        reference = next(name for name in table.model_fields if name != "person_id")
        known = {
            getattr(row, reference)
            for row in rows_referring_to(self.session, table, "person_id", self.kept_id)
        }
        moving = rows_referring_to(self.session, table, "person_id", self.other_id)
        delete_rows(self.session, moving)
        new = {getattr(row, reference) for row in moving} - known
        self.session.add_all(
            table(person_id=self.kept_id, **{reference: each}) for each in sorted(new)
        )
        self.session.flush()
        return len(moving)

    def _move_guardianships(self) -> Iterator[tuple[int, int]]:
        """Move the guardianships; yield child and guardian where the two records differ."""
        for column, beside in (("guardian_id", "child_id"), ("child_id", "guardian_id")):
            for row in rows_referring_to(self.session, Guardianship, column, self.other_id):
                pair = {column: self.kept_id, beside: getattr(row, beside)}
                rows = guardianships_between(self.session, pair["child_id"], pair["guardian_id"])
                known = next((each for each in reversed(rows) if _overlap(each, row)), None)
                if known is None:
                    setattr(row, column, self.kept_id)
                    add(self.session, row)
                    continue
                if _guardianship_state(known) != _guardianship_state(row):
                    _apply_stricter(known, row)
                    add(self.session, known)
                    yield pair["child_id"], pair["guardian_id"]
                # One guardian, not two, from today on.
                yesterday = add_days(self.work.today, -1)
                row.last_day = row.last_day or max(yesterday, row.first_day or date.min)
                add(self.session, row)

    def _move_records(
        self, table: Any, event: Any, uncertain: set[tuple[int, int]]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Move consents or permissions; return the moved ones and those withdrawn."""
        records = records_naming(self.session, table, (self.kept_id, self.other_id))
        own: dict[tuple[int | None, ...], list[Any]] = defaultdict(list)
        others: dict[tuple[int | None, ...], list[Any]] = defaultdict(list)
        for record in records:
            parties = _parties(record)
            group = others if self.other_id in parties else own
            group[
                tuple(self.kept_id if each == self.other_id else each for each in parties)
            ].append(record)
        statuses = {
            parties: (self._statuses(own.get(parties, [])), self._statuses(moving))
            for parties, moving in others.items()
        }
        kind = Kind.CONSENT if table is Consent else Kind.PERMISSION
        withdrawn = []
        for parties, moving in others.items():
            taken = {(t.photo_id, t.event_id, _licensor(t)) for t in own.get(parties, [])}
            for record in moving:
                if (record.photo_id, record.event_id, _licensor(record)) not in taken:
                    _replace_party(record, self.other_id, self.kept_id)
                    add(self.session, record)
            mine, theirs = statuses[parties]
            if (mine and theirs and mine != theirs) or parties in uncertain:
                withdrawn.append(human_id(kind, self._withdraw(table, event, parties)))
        moved = (t for moving in others.values() for t in moving)
        return tuple(human_id(kind, t.id) for t in moved), tuple(withdrawn)

    def _statuses(self, records: list[Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Return the status in each reach, without the days of the events."""
        events = events_in_reach(self.work, records)
        found = {}
        for record in records:
            status = consent_status(events[id_of(record)])
            if status.state not in {AnswerState.NONE, AnswerState.PENDING}:
                reach = (record.photo_id, record.event_id)
                found[reach] = (
                    _without_days(status.active_events),
                    _without_days(status.standing_refusals),
                )
        return found

    def _withdraw(self, table: Any, event: Any, parties: tuple[int | None, ...]) -> int:
        """Withdraw all consents of these parties in both records: they are asked again."""
        if table is Consent:
            record: Any = Consent(subject_id=parties[0] or 0, actor_id=parties[-1] or 0)
            reference = "consent_id"
        else:
            record = Permission(photographer_id=parties[0])
            reference = "permission_id"
        record = record_for(self.work, record)
        event_row = event(
            **{reference: id_of(record)},
            kind=ConsentKind.WITHDRAWN,
            day=self.work.today,
            method=Method.WRITTEN,
            recorded_at=self.work.now,
            recorded_by=self.work.actor.id,
        )
        add(self.session, event_row)
        return id_of(record)

    def _merge_facts(self) -> None:
        """Merge the facts, preferring the stricter; reduce the duplicate to its id."""
        kept, other = self.kept, self.other
        if kept.born is None and other.born is not None:
            kept.born, kept.age_group = other.born, AgeGroup.UNKNOWN
        elif kept.born is None and kept.age_group is AgeGroup.UNKNOWN:
            kept.age_group = other.age_group
        totals = [t for t in (kept.guardians_total, other.guardians_total) if t is not None]
        kept.guardians_total = max(totals, default=None)
        _merge_blocks(kept, other)
        kept.deceased |= other.deceased
        kept.died_on = min(filter(None, (kept.died_on, other.died_on)), default=None)
        if other.capacity is Capacity.DOUBT:
            kept.capacity = other.capacity
        kept.contact = kept.contact or other.contact
        kept.language = kept.language or other.language
        self._move_known_as()
        other.sqlmodel_update(name_columns(human_id(Kind.PERSON, self.other_id)))
        other.contact, other.born, other.died_on = "", None, None
        other.merged_into = self.kept_id
        for person in (kept, other):
            add(self.session, person)

    def _move_known_as(self) -> None:
        """Move the duplicate's known-as names; a name that the kept record has is dropped."""
        known = {
            self.kept.name_key,
            *(row.name_key for row in names_of(self.session, self.kept_id)),
        }
        moving = names_of(self.session, self.other_id)
        delete_rows(self.session, [row for row in moving if row.name_key in known])
        for row in moving:
            if row.name_key not in known:
                row.person_id = self.kept_id
                add(self.session, row)


def _merge_blocks(kept: Person, other: Person) -> None:
    """Block the remaining record if either is; the earlier block's day and login stay."""
    if other.blocked and (
        not kept.blocked
        or (kept.blocked_at and other.blocked_at and other.blocked_at < kept.blocked_at)
    ):
        kept.blocked_at, kept.blocked_by = other.blocked_at, other.blocked_by
    kept.blocked |= other.blocked


def _parties(record: Consent | Permission) -> tuple[int | None, ...]:
    if isinstance(record, Consent):
        return record.subject_id, record.actor_id
    return (record.photographer_id,)


def _licensor(record: Consent | Permission) -> str:
    return record.licensor if isinstance(record, Permission) else ""


def _replace_party(record: Consent | Permission, of: int, to: int) -> None:
    names = ("subject_id", "actor_id") if isinstance(record, Consent) else ("photographer_id",)
    for name in names:
        if getattr(record, name) == of:
            setattr(record, name, to)


def _overlap(one: Guardianship, other: Guardianship) -> bool:
    """Return whether a day is within both guardianships."""
    first = max(one.first_day or date.min, other.first_day or date.min)
    return first <= min(one.last_day or date.max, other.last_day or date.max)


def _guardianship_state(row: Guardianship) -> tuple[object, ...]:
    return (
        *(row.first_day, row.last_day, row.verified_how is not None),
        *(row.excused_ground is not None, row.decides_alone),
    )


def _apply_stricter(known: Guardianship, other: Guardianship) -> None:
    """Combine two guardianships: as long as both together; excused only if both are."""
    if known.first_day is not None:
        known.first_day = other.first_day and min(known.first_day, other.first_day)
    if known.last_day is not None:
        known.last_day = other.last_day and max(known.last_day, other.last_day)
    if not other.decides_alone:
        known.decides_alone = False
    if other.excused_ground is None:
        known.excused_ground = known.excused_by = known.excused_evidence = None
    if other.verified_how is None and known.excused_ground is None:
        known.verified_how = None


def _without_days(events: Iterable[ReplayEvent]) -> set[Statement]:
    """Return what was said, without when."""
    return {replace(event.statement, day=None, order=0, is_dated=False) for event in events}
