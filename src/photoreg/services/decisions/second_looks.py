"""Ask for a second look at photos whose statements were taken back (rulebook §3, RG_SECOND_LOOK).

A reaction: the change history tells what was stated before, whatever door the change came through.
A question ends when another member of staff confirms (`services.photos.confirmation`), when what
was taken back is put back, or when a slip was corrected in time.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.facts.photo_selection import value_batches
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.merged import kept_records
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import erased_among
from photoreg.registry.queries.photos import photographers_of
from photoreg.registry.queries.second_looks import (
    RecentStatement,
    counts_before,
    open_second_looks,
    photos_past_a_gate,
    recent_statements,
    selected_photos,
    taken_out_before,
)
from photoreg.registry.queries.stops import event_ids_of
from photoreg.registry.queries.touched import Change
from photoreg.registry.rows import add_all
from photoreg.registry.statement_history import before_changes, changed_statements
from photoreg.registry.tables.history import History
from photoreg.registry.tables.second_looks import SecondLook, SecondLookOutcome
from photoreg.registry.tables.touched import Scope
from photoreg.rulebook.facts import AgeGroup, PhotoFacts
from photoreg.services.decisions.taken_back import (
    RECORD,
    SAME_PERSON,
    Comparison,
    TakenBack,
    involved,
)
from photoreg.services.unit_of_work import UnitOfWork, current_policy

_FactsByPhoto = Mapping[int, PhotoFacts]


def ask_second_looks(work: UnitOfWork, change: Change) -> None:
    """Ask for a second look at the photos of a change, and end those that need none any more."""
    first = next(iter(change.numbers(Scope.HISTORY)), None)
    changes = changed_statements(work.session, first) if first else []
    if not changes and not work.former_names:
        return
    for photos in value_batches(selected_photos(work.session, change.photos)):
        now = photo_facts(work.session, photos)
        with before_changes(work.session, changes, work.former_names):
            before = photo_facts(work.session, photos)
        # A merge moves consents and permissions too, which stay as they are for other changes.
        before |= {n: facts for n, facts in work.before_merge.items() if n in before}
        _end_corrected(work, now)
        _ask(work, changes, before, now)


def comparison_now(work: UnitOfWork) -> Comparison:
    """Return the comparison of facts for today, under the policy in force."""
    policy = current_policy(work.session)[1]
    return Comparison(tuple(all_channels(work.session)), work.today, policy)


def _ask(
    work: UnitOfWork,
    changes: Sequence[History],
    before: _FactsByPhoto,
    now: _FactsByPhoto,
) -> None:
    # What the file itself tells is no statement that somebody takes back.
    by_file = {
        number: replace(before[number], file_rights=now[number].file_rights)
        for number in work.rights_from_file & before.keys() & now.keys()
    }
    before = {**before, **by_file}
    changed = [number for number, facts in now.items() if before.get(number, facts) != facts]
    if not changed:
        return
    comparison = comparison_now(work)
    merged = _merged(work, [before[n] for n in changed]) if work.before_merge else {}
    erased = _photos_of_erased(work, {number: now[number] for number in changed})
    found = {
        number: taken
        for number in changed
        if number not in erased
        and (taken := comparison.taken_back(before[number], now[number], merged))
    }
    events = event_ids_of(work.session, found)
    moved = _moved_from(changes)
    for number in found.keys() & moved.keys():
        if events[number] not in {None, moved[number]}:
            found[number] = TakenBack(
                {"event": human_id(Kind.EVENT, moved[number])},
                {"event": human_id(Kind.EVENT, events[number])},
            )
    _leave_out_same_photographers(changes, found, before, now)
    _tell_photographers(work, changes, found)
    slips = _Slips(work, found)
    rows = [
        SecondLook(
            photo_id=number,
            about=_about(taken, changes, number, events[number]),
            before=taken.before,
            after=taken.after,
            asked_at=work.now,
            taken_back_by=work.actor.id,
            correctable_until=slips.correctable_until(number, taken),
        )
        for number, taken in found.items()
        if not slips.is_lower_count(number, taken, now[number])
    ]
    store_second_looks(work, rows)
    _end_corrected(work, {row.photo_id: now[row.photo_id] for row in rows})
    waiting = sorted({row.photo_id for row in rows if row.outcome is None})
    work.reacted.second_looks += [human_id(Kind.PHOTO, photo) for photo in waiting]


def _leave_out_same_photographers(
    changes: Sequence[History],
    found: Mapping[int, TakenBack],
    before: _FactsByPhoto,
    now: _FactsByPhoto,
) -> None:
    """Leave photographers out of what is asked where others did not take their place.

    Facts name them only where a permission is needed, so another basis seems to change them.
    """
    if any(row.table_name == "event_photographer" for row in changes):
        return
    links = [row for row in changes if row.table_name == "photo_photographer"]
    touched = {int(row.row_key.partition(",")[0]) for row in links}
    for number, taken in found.items():
        is_same = before[number].photographer == now[number].photographer
        if is_same and number not in touched and len(taken.before) > 1:
            taken.before.pop("photographers", None)
            taken.after.pop("photographers", None)


def _tell_photographers(
    work: UnitOfWork, changes: Sequence[History], found: Mapping[int, TakenBack]
) -> None:
    """Tell who took a photo before and now where the file no longer names somebody else.

    The facts name photographers only where a permission is needed; what was changed is who took it.
    """
    asked = [
        number
        for number, taken in found.items()
        if "file_rights" in taken.before and "photographers" not in taken.before
    ]
    if not asked:
        return
    takers = photographers_of(work.session, asked)
    with before_changes(work.session, changes, work.former_names):
        former = photographers_of(work.session, asked)
    for number in asked:
        if former[number] and former[number] != takers[number]:
            found[number].before["photographers"] = human_ids(Kind.PERSON, former[number])
            found[number].after["photographers"] = human_ids(Kind.PERSON, takers[number])


_NOT_DESCRIBED = frozenset({"event", "series", "version"})
"""What second looks ask about that is no fact of a photo: it stands as it was stated."""


def statements_now(work: UnitOfWork, looks: Sequence[SecondLook]) -> dict[int, dict[str, Any]]:
    """Return what is stated now of what each open question is about, by question.

    Much may have been stated since it was asked: somebody was named, or the number corrected.
    """
    comparison = comparison_now(work)
    stated: dict[int, dict[str, Any]] = {}
    for photos in value_batches(look.photo_id for look in looks):
        facts = photo_facts(work.session, photos)
        stated |= {number: comparison.described(each) for number, each in facts.items()}
    _add_photographers(work, looks, stated)
    return {id_of(look): _after_now(look, stated[look.photo_id]) for look in looks}


def _add_photographers(
    work: UnitOfWork, looks: Sequence[SecondLook], stated: Mapping[int, dict[str, Any]]
) -> None:
    """Add the photographers that looks are about: facts name them only where they must permit."""
    asked = {look.photo_id for look in looks if "photographers" in {*look.before, *look.after}}
    for number, takers in photographers_of(work.session, asked).items():
        stated[number]["photographers"] = human_ids(Kind.PERSON, takers)


def _after_now(look: SecondLook, stated: Mapping[str, Any]) -> dict[str, Any]:
    names = {*look.before, *look.after}
    if "persons" in names:
        put_in = set(stated["persons"]) - set(look.before.get("persons") or ())
        names |= {name for name in stated if name.partition(" ")[0] in put_in}
    now = {
        name: look.after.get(name) if _is_kept(name) else stated.get(name) for name in sorted(names)
    }
    return {name: value for name, value in now.items() if name in look.before or value is not None}


def _is_kept(name: str) -> bool:
    return name in _NOT_DESCRIBED or name.rpartition(" ")[2] in {RECORD, SAME_PERSON}


def store_second_looks(work: UnitOfWork, rows: Sequence[SecondLook]) -> None:
    """Store and log questions that another member of staff answers."""
    add_all(work.session, rows)
    entries = [(row.photo_id, {"questions": sorted(row.before)}) for row in rows]
    work.log_all(Action.SECOND_LOOK_ASKED, Kind.PHOTO, entries)


def _moved_from(changes: Sequence[History]) -> dict[int, int]:
    """Return the event that each photo was in before, of those that were moved."""
    return {
        int(row.row_key): row.old["event_id"]
        for row in changes
        if row.table_name == "photo" and row.old and row.old.get("event_id")
    }


def _merged(work: UnitOfWork, facts: Sequence[PhotoFacts]) -> dict[str, str]:
    persons: set[str] = set().union(*map(involved, facts))
    numbers = [number for name in persons if (number := parse_id(Kind.PERSON, name))]
    return {
        human_id(Kind.PERSON, person): human_id(Kind.PERSON, kept)
        for person, kept in kept_records(work.session, numbers).items()
    }


def _photos_of_erased(work: UnitOfWork, facts: _FactsByPhoto) -> set[int]:
    """Return the photos of erased persons, who stop them for good."""
    shown = {
        number: {parse_id(Kind.PERSON, person.person) or 0 for person in each.persons}
        for number, each in facts.items()
    }
    erased = erased_among(work.session, set().union(*shown.values()))
    return {number for number, persons in shown.items() if persons & set(erased)}


def _about(taken: TakenBack, changes: Sequence[History], photo: int, event: int | None) -> str:
    """Return the person or event that the statements are about; empty for the photo itself."""
    persons = {name.partition(" ")[0] for name in taken.before if " " in name}
    if len(persons) == 1 and all(" " in name for name in taken.before):
        return persons.pop()
    own = {(row.table_name, row.row_key) for row in changes if row.table_name == "photo"}
    tables = {row.table_name for row in changes}
    is_of_event = tables <= {"event", "event_photographer"} and ("photo", str(photo)) not in own
    return human_id(Kind.EVENT, event) if event and is_of_event else ""


class _Slips:
    """Tells which statements were taken back by whoever made them, in the time for slips.

    Only two corrections need no second look: another person of the same age group in the place of
    somebody named, and a count lowered to the people who stay named. Nothing may have gone past a
    gate meanwhile.
    """

    def __init__(self, work: UnitOfWork, found: Mapping[int, TakenBack]) -> None:
        self._actor = work.actor.id
        self._minutes = timedelta(minutes=current_policy(work.session)[1].correction_minutes)
        candidates = [number for number, taken in found.items() if _may_be_slip(taken)]
        past = photos_past_a_gate(work.session, candidates) if candidates else set()
        self._numbers = {number for number in candidates if number not in past}
        self._recent: dict[str, list[RecentStatement]] = defaultdict(list)
        if self._numbers:
            since = work.now - self._minutes
            for entry in recent_statements(work.session, self._numbers, since, work.now):
                self._recent[entry.photo].append(entry)
            self._counts = counts_before(work.session, self._numbers, since)
            self._taken_out = taken_out_before(work.session, self._numbers)

    def correctable_until(self, photo: int, taken: TakenBack) -> datetime | None:
        """Return until when somebody else may take the place of those taken out, if at all."""
        out = _taken_out(taken)
        if photo not in self._numbers or not out or out & self._taken_out.get(photo, set()):
            return None
        named_at = {
            person: entry.at
            for entry in self._recent[human_id(Kind.PHOTO, photo)]
            if entry.actor == self._actor
            for person in entry.details.get("persons", ())
        }
        if not out <= named_at.keys():
            return None
        return min(named_at[person] for person in out) + self._minutes

    def is_lower_count(self, photo: int, taken: TakenBack, now: PhotoFacts) -> bool:
        """Return whether only the number of people was lowered, to those who stay named."""
        if photo not in self._numbers or set(taken.before) != {"recognisable_count"}:
            return False
        lowest = now.recognisable_count or 0
        counted = [e for e in self._recent[human_id(Kind.PHOTO, photo)] if _states_count(e)]
        is_own = bool(counted) and all(entry.actor == self._actor for entry in counted)
        return is_own and lowest == len(now.persons) and self._counts.get(photo, 0) <= lowest


def _states_count(entry: RecentStatement) -> bool:
    return (
        entry.action == Action.PHOTO_REGISTERED
        or "recognisable_count" in entry.details.get("fields", ())
        or bool(entry.details.get("unnamed"))
    )


def _may_be_slip(taken: TakenBack) -> bool:
    """Return whether only who is named, or how many people there are, was changed."""
    of_photo = {name for name in taken.before if " " not in name}
    return of_photo <= {"persons", "recognisable_count"}


def _taken_out(taken: TakenBack | SecondLook) -> set[str]:
    return set(taken.before.get("persons", ())) - set(taken.after.get("persons", ()))


def _end_corrected(work: UnitOfWork, now: _FactsByPhoto) -> None:
    """End the questions about what was put back, or corrected in the time for slips."""
    open_looks = open_second_looks(work.session, now)
    if not open_looks:
        return
    comparison = comparison_now(work)
    past = photos_past_a_gate(work.session, {look.photo_id for look in open_looks})
    described = {look.photo_id: comparison.described(now[look.photo_id]) for look in open_looks}
    _add_photographers(work, open_looks, described)
    for look in open_looks:
        stated = described[look.photo_id]
        if _is_put_back(look, stated):
            end_second_look(work, look, SecondLookOutcome.PUT_BACK)
        elif look.photo_id not in past and _is_corrected(work, look, stated):
            end_second_look(work, look, SecondLookOutcome.CORRECTED)
    work.session.flush()


def end_second_look(work: UnitOfWork, look: SecondLook, outcome: SecondLookOutcome) -> None:
    """End a question."""
    look.outcome, look.confirmed_at, look.confirmed_by = outcome, work.now, work.actor.id


def _is_put_back(look: SecondLook, stated: Mapping[str, Any]) -> bool:
    """Return whether everything stands again that was taken back."""
    return all(
        set(before) <= set(stated.get(name, ()))
        if isinstance(before, list)
        # What is not written down, such as an old birth date, cannot be compared.
        else before == stated.get(name) and not _is_kept(name)
        for name, before in look.before.items()
    )


def _is_corrected(work: UnitOfWork, look: SecondLook, stated: Mapping[str, Any]) -> bool:
    """Return whether others of the same age group and role took the place of those taken out."""
    in_time = look.correctable_until is not None and work.now <= look.correctable_until
    if not in_time or look.taken_back_by != work.actor.id:
        return False
    if (look.before.get("recognisable_count") or 0) > (stated.get("recognisable_count") or 0):
        return False
    named, named_now = set(look.before["persons"]), set(stated["persons"])
    staying = tuple(f"{person} " for person in named & named_now)
    as_before = {name: value for name, value in look.before.items() if name.startswith(staying)}
    if any(stated.get(name) != value for name, value in as_before.items()):
        return False
    added = Counter(_kind_of(stated, person) for person in named_now - named)
    out = Counter(_kind_of(look.before, person) for person in named - named_now)
    return out <= added and all(group != AgeGroup.UNKNOWN for group, _role in out)


def _kind_of(stated: Mapping[str, Any], person: str) -> tuple[object, object]:
    return stated.get(f"{person} age_group"), stated.get(f"{person} role")
