"""Taking down: which publications may not stay, and the tasks to remove them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from photoreg.registry.facts.photo_selection import Which, few_at_a_time, some_at_a_time
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.cases import cases_in_force
from photoreg.registry.queries.publications import (
    Out,
    administrators,
    last_told_of_print,
    photos_out,
    photos_perhaps_due,
    photos_perhaps_wrong_in_print,
    publications_out,
)
from photoreg.registry.queries.verdict_cache import Basis
from photoreg.registry.rows import add_all
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.publications import TakeDown
from photoreg.rulebook.facts import Channel
from photoreg.rulebook.policy import Policy
from photoreg.services.decisions.bulk_evaluation import Judge
from photoreg.services.decisions.case_verdicts import verdicts_on_cases
from photoreg.services.unit_of_work import RECORDERS, Desk, Workplace, current_policy, require_role


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


def open_take_downs(desk: Desk, photo_ids: Iterable[int]) -> None:
    """Open a task for each publication of these photos that is no longer allowed today.

    Tells what is new. A publication that has an open task keeps it and gets no second one; print
    cannot be recalled, so that it is told of is written to the log, once for the same reasons.
    """
    for some in few_at_a_time(photo_ids):
        found = list(no_longer_allowed(desk, some, new=True))
        tasks = _opened(desk, [wrong for wrong in found if wrong.is_late])
        told = _told(desk, [wrong for wrong in found if not wrong.is_recallable])
        desk.reacted.publications += [
            as_touched(wrong, tasks.get(wrong.out.id))
            for wrong in found
            if wrong.out.id in tasks or wrong.out.id in told
        ]


def _opened(desk: Desk, wrongs: Sequence["NotAllowedAnyMore"]) -> dict[int, int]:
    """Open a task for each of these publications; return the tasks' numbers by publication."""
    if not wrongs:
        return {}
    _, policy = current_policy(desk.session)
    admins = administrators(desk.session)
    tasks = [
        TakeDown(
            publication_id=wrong.out.id,
            codes=";".join(wrong.codes),
            owner_id=_owner(wrong.out, admins),
            opened_at=desk.now,
            due_at=desk.now + timedelta(hours=policy.response_target_hours),
        )
        for wrong in wrongs
    ]
    add_all(desk.session, tasks)
    desk.log_all(
        Action.TAKE_DOWN_OPENED,
        Kind.TAKE_DOWN,
        [
            (
                task.id,
                {
                    "publication": wrong.out.id,
                    "photo": wrong.out.photo_id,
                    "codes": wrong.codes,
                },
            )
            for task, wrong in zip(tasks, wrongs, strict=True)
        ],
    )
    return {task.publication_id: id_of(task) for task in tasks}


def _told(desk: Desk, printed: Sequence["NotAllowedAnyMore"]) -> set[int]:
    """Log what is in print and may not be, unless these reasons were told last."""
    if not printed:
        return set()
    before = last_told_of_print(desk.session, [wrong.out.id for wrong in printed])
    new = [
        wrong
        for wrong in printed
        if wrong.out.id not in before or set(wrong.codes) - before[wrong.out.id]
    ]
    desk.log_all(
        Action.PUBLICATION_OUT_FOR_GOOD,
        Kind.PUBLICATION,
        [(w.out.id, {"photo": w.out.photo_id, "codes": w.codes}) for w in new],
    )
    return {wrong.out.id for wrong in new}


def _owner(out: Out, admins: Mapping[int, Sequence[int]]) -> int | None:
    """Return who removes it: the administrator who recorded it, else the channel's first one."""
    chosen = admins.get(out.channel_id, ())
    return out.recorded_by if out.recorded_by in chosen else next(iter(chosen), None)


def open_due_take_downs(workplace: Workplace) -> None:
    """Open a task for whatever may not stay any more and has none.

    Changes open their tasks at once; consents that end, birthdays and rulings whose time is over
    come by themselves. Looking only reads; it writes when something was found, once.
    """
    with workplace.reading() as desk:
        require_role(desk, RECORDERS)
        which = Which(photos_perhaps_due(desk.session, _basis(desk)))
        late = {w.out.photo_id for w in no_longer_allowed(desk, which) if w.is_late}
    if late:
        with replace(workplace).changing() as desk:  # they are not what somebody's change touched
            desk.touch(late)


def print_not_allowed(desk: Desk) -> int:
    """Return how many publications in print may not be there; nobody can recall them."""
    which = Which(photos_perhaps_wrong_in_print(desk.session, _basis(desk)))
    return sum(not wrong.is_recallable for wrong in no_longer_allowed(desk, which))


def _basis(desk: Desk) -> Basis:
    return Basis(desk.today, current_policy(desk.session)[0])


def all_not_allowed(desk: Desk, on: date | None = None) -> Iterator[Touched]:
    """Give every publication that may not stay on a day; changes nothing."""
    for wrong in no_longer_allowed(desk, photos_out(), on):
        yield as_touched(wrong, wrong.out.task_id)


def void_cases(desk: Desk, photo_ids: Iterable[int]) -> None:
    """Void the cases of these photos whose facts have changed (rulebook §7.4).

    It is written down, so that a ruling does not come back to life when a fact changes back.
    """
    for some in some_at_a_time(photo_ids):
        cases = cases_in_force(desk.session, some)
        now = verdicts_on_cases(desk, cases)
        for filed in cases:
            if filed.case.facts_digest != now[id_of(filed.case)].digest:
                filed.case.voided_at = desk.now
                desk.reacted.cases.append(human_id(Kind.CASE, filed.case.id))
    desk.session.flush()


@dataclass(frozen=True, slots=True)
class NotAllowedAnyMore:
    """A publication that is out and may not be, with the reasons that lists may hold."""

    out: Out
    channel: ChannelRow
    codes: tuple[str, ...]

    @property
    def is_recallable(self) -> bool:
        """Can it be taken down at all?"""
        return self.channel.kind is not Channel.PRINT

    @property
    def is_late(self) -> bool:
        """Is there no task to take it down yet, though it can be?"""
        return self.is_recallable and self.out.task_id is None


def no_longer_allowed(
    desk: Desk,
    which: Which,
    on: date | None = None,
    policy: Policy | None = None,
    *,
    new: bool = False,
) -> Iterator[NotAllowedAnyMore]:
    """Give the publications of these photos that are out and not allowed, by the photos.

    Each is examined for the channel, mode and purpose of the decision that it rests on; by the
    policy in force unless another is given. With `new`, of a few photos those that have a task to
    take them down are not looked at again. Of more than a few, each must be out somewhere.
    """
    published = publications_out(desk.session, which)
    if which.is_few:
        found = [out for out in published if not (new and out.task_id)]
        published = iter(found)
        if not found:
            return
        which = Which(out.photo_id for out in found)
    judge = Judge.of(desk, which, on)
    judge = judge.by(policy) if policy else judge
    channels = {id_of(channel): channel for channel in judge.channels}
    by_photo = groupby(published, lambda out: out.photo_id)
    for seen, (_photo, group) in zip(judge.photos(), by_photo, strict=True):
        for out in group:
            channel = channels[out.channel_id]
            judged = judge.judge(seen, channel, out.mode, out.purpose)
            if not judged.is_allowed:
                yield NotAllowedAnyMore(out, channel, judged.opinion.verdict.listed_codes)


def as_touched(wrong: NotAllowedAnyMore, task_id: int | None) -> Touched:
    """Return a publication that may not stay, as it is told to users."""
    return Touched(
        publication=human_id(Kind.PUBLICATION, wrong.out.id),
        photo=human_id(Kind.PHOTO, wrong.out.photo_id),
        channel=wrong.channel.name,
        address=wrong.out.address,
        codes=wrong.codes,
        recallable=wrong.is_recallable,
        task=human_id(Kind.TAKE_DOWN, task_id) if task_id else None,
    )
