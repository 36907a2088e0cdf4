"""Taking down: which publications may not stay, and the tasks to remove them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from photoreg.registry.ledger import Action
from photoreg.registry.names import Kind, human_id, id_of, number_in
from photoreg.registry.publications import (
    Filed,
    Live,
    administrators,
    cases_in_force,
    live_publications,
    published_photos,
)
from photoreg.registry.records import add
from photoreg.registry.tables import TakeDown
from photoreg.rulebook.facts import Channel, Mode, Purpose
from photoreg.services.deciding import AskedUse, Checked, check_photos
from photoreg.services.workplace import RECORDERS, Desk, Workplace, current_policy, require_role

CHUNK = 500
"""How many photos are looked at together: the number of queries depends on the chunks only."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A publication that may not stay. Print cannot be recalled, so it gets no task."""

    publication: str
    photo: str
    channel: str
    address: str
    codes: tuple[str, ...]
    recallable: bool
    task: str | None


def open_take_downs(desk: Desk, photo_ids: Iterable[int]) -> list[Touched]:
    """Open a task for each publication of these photos that is no longer allowed today.

    A publication that has an open task keeps it and gets no second one.
    """
    photo_ids = sorted(set(photo_ids))
    _void_cases(desk, photo_ids)
    _, policy = current_policy(desk.session)
    due_at = desk.now + timedelta(hours=policy.response_target_hours)
    touched, admins = [], administrators(desk.session)
    for live, codes in no_longer_allowed(desk, photo_ids):
        task_id = live.task_id
        if task_id is None and is_recallable(live):
            publication_id = id_of(live.publication)
            task = TakeDown(
                publication_id=publication_id,
                codes=";".join(codes),
                owner_id=_owner(live, admins),
                opened_at=desk.now,
                due_at=due_at,
            )
            task_id = add(desk.session, task)
            desk.log(
                Action.TAKE_DOWN_OPENED,
                Kind.TAKE_DOWN,
                task_id,
                publication=publication_id,
                photo=id_of(live.photo),
                codes=codes,
            )
        touched.append(as_touched(live, codes, task_id))
    return touched


def _owner(live: Live, admins: Mapping[int, Sequence[int]]) -> int | None:
    """Return who removes it: the administrator who recorded it, else the channel's first one."""
    chosen = admins.get(id_of(live.channel), ())
    recorder = live.publication.recorded_by
    return recorder if recorder in chosen else next(iter(chosen), None)


def open_due_take_downs(workplace: Workplace) -> list[Touched]:
    """Open a task for whatever may not stay any more, and return all of that.

    Most reasons open their tasks at once; consents that end, birthdays and rulings whose time is
    over come by themselves. Looking only reads; it writes when something was found, once.
    """
    with workplace.reading() as desk:
        require_role(desk, RECORDERS)
        found = all_not_allowed(desk)
    late = {number_in(Kind.PHOTO, t.photo) for t in found if t.recallable and t.task is None}
    if not late:
        return found
    with workplace.changing() as desk:
        opened = open_take_downs(desk, [number for number in late if number])
    tasks = {touched.publication: touched for touched in opened}
    return [tasks.get(touched.publication, touched) for touched in found]


def all_not_allowed(desk: Desk, on: date | None = None) -> list[Touched]:
    """Return every publication that may not stay on a day; changes nothing."""
    return [
        as_touched(live, codes, live.task_id)
        for live, codes in no_longer_allowed(desk, published_photos(desk.session), on)
    ]


def _void_cases(desk: Desk, photo_ids: Sequence[int]) -> None:
    """Void the cases of these photos whose facts have changed (rulebook §7.4).

    It is written down, so that a ruling does not come back to life when a fact changes back.
    """
    for start in range(0, len(photo_ids), CHUNK):
        cases = cases_in_force(desk.session, photo_ids[start : start + CHUNK])
        now = verdicts_on_cases(desk, cases)
        for filed in cases:
            if filed.case.facts_digest != now[id_of(filed.case)].digest:
                filed.case.voided_at = desk.now
                add(desk.session, filed.case)


def verdicts_on_cases(desk: Desk, cases: Iterable[Filed]) -> dict[int, Checked]:
    """Return what the rules say today about the photo and use of each case, by case id."""
    groups: dict[tuple[int, Mode, Purpose], list[Filed]] = defaultdict(list)
    for filed in cases:
        groups[id_of(filed.channel), filed.case.mode, filed.case.purpose].append(filed)
    now: dict[int, Checked] = {}
    for (_, mode, purpose), group in groups.items():
        channel = group[0].channel
        asked = AskedUse(channel.name, purpose, mode)
        photos = list({id_of(filed.photo): filed.photo for filed in group}.values())
        checked = {
            c.photo_id: c
            for start in range(0, len(photos), CHUNK)
            for c in check_photos(desk, photos[start : start + CHUNK], channel, asked)
        }
        now.update({id_of(filed.case): checked[id_of(filed.photo)] for filed in group})
    return now


def no_longer_allowed(
    desk: Desk, photo_ids: Iterable[int], on: date | None = None
) -> Iterator[tuple[Live, tuple[str, ...]]]:
    """Give the live publications of these photos that the rules do not allow, with the reasons.

    Each is examined for the channel, mode and purpose of the decision that it rests on.
    """
    wanted = sorted(set(photo_ids))
    for start in range(0, len(wanted), CHUNK):
        live = live_publications(desk.session, wanted[start : start + CHUNK])
        found: dict[int, tuple[str, ...]] = {}
        for (_, mode, purpose), group in _by_use(live).items():
            photos = {id_of(each.photo): each.photo for each in group}
            channel = group[0].channel
            asked = AskedUse(channel.name, purpose, mode, on)
            checked = check_photos(desk, list(photos.values()), channel, asked)
            codes = {c.photo_id: c.verdict.listed_codes for c in checked if not c.is_allowed}
            for each in group:
                if id_of(each.photo) in codes:
                    found[id_of(each.publication)] = codes[id_of(each.photo)]
        for each in live:
            if id_of(each.publication) in found:
                yield each, found[id_of(each.publication)]


def _by_use(live: Iterable[Live]) -> dict[tuple[int, Mode, Purpose], list[Live]]:
    groups: dict[tuple[int, Mode, Purpose], list[Live]] = defaultdict(list)
    for each in live:
        groups[id_of(each.channel), each.mode, each.purpose].append(each)
    return groups


def is_recallable(live: Live) -> bool:
    """Can it be taken down at all?"""
    return live.channel.kind is not Channel.PRINT


def as_touched(live: Live, codes: tuple[str, ...], task_id: int | None) -> Touched:
    """Return a publication that may not stay, as it is told to users."""
    return Touched(
        publication=human_id(Kind.PUBLICATION, live.publication.id),
        photo=human_id(Kind.PHOTO, live.photo.id),
        channel=live.channel.name,
        address=live.publication.address,
        codes=codes,
        recallable=is_recallable(live),
        task=human_id(Kind.TAKE_DOWN, task_id) if task_id else None,
    )
