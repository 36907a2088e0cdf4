"""Today: what needs doing now, for the one at work, each thing with its next step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.agenda import (
    OpenTask,
    facts_wanted,
    open_tasks,
    shown_in_own,
    unanswered_photos,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.publications import administrators
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.situation import months_later
from photoreg.services.consents.requests import ending_about
from photoreg.services.decisions.cases import case_rows
from photoreg.services.decisions.flags import flag_rows
from photoreg.services.publications.takedown import open_due_take_downs, print_not_allowed
from photoreg.services.unit_of_work import (
    COORDINATORS,
    HELSINKI,
    RECORDERS,
    Desk,
    Workplace,
    current_policy,
)
from photoreg.steps import NextAction, NextStep

SHOWN = 5
"""How many things of one sort are listed by themselves; the rest are one line."""

SOON = timedelta(days=30)
"""Consents that end within this time are told of."""


class Matter(StrEnum):
    """What somebody is told of, the most urgent first."""

    FLAG = "flag"
    TAKE_DOWN = "take_down"
    CASE = "case"
    NEEDS_FACTS = "needs_facts"
    QUESTIONS = "questions"
    CONSENTS_END = "consents_end"
    FEW_ADMINS = "few_admins"
    REVIEW = "review"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do, or `count` things of a sort in one line; what it concerns, by id."""

    matter: Matter
    step: NextStep
    subject: str | None = None
    photo: str | None = None
    channel: str | None = None
    due_at: datetime | None = None
    overdue: bool = False
    count: int = 1


_LISTS = {
    Matter.FLAG: NextStep.to(NextAction.FLAG_LIST),
    Matter.TAKE_DOWN: NextStep.to(NextAction.PUBLICATION_LIST),
    Matter.CASE: NextStep.to(NextAction.CASE_LIST),
    Matter.NEEDS_FACTS: NextStep.to(NextAction.CASE_LIST, everything="yes"),
    Matter.QUESTIONS: NextStep.to(NextAction.PHOTO_LIST, open="yes"),
    Matter.CONSENTS_END: NextStep.to(NextAction.CONSENT_EXPIRING, within=f"{SOON.days}d"),
    Matter.FEW_ADMINS: NextStep.to(NextAction.CHANNEL_LIST),
    Matter.REVIEW: NextStep.to(NextAction.CHANNEL_LIST),
    Matter.PRINTED: NextStep.to(NextAction.AUDIT_PUBLISHED),
}
"""Where a matter is listed."""

_CHANGED = frozenset({Matter.TAKE_DOWN, Matter.FEW_ADMINS, Matter.REVIEW})
"""Matters whose step changes something; the others' step shows it."""


def today(workplace: Workplace) -> list[Item]:
    """Return what the one at work should do now; what ended meanwhile gets its take-down task.

    Everybody sees what concerns their own photos and channels; coordinators, and the auditor who
    only reads, see the whole.
    """
    with workplace.reading() as desk:
        may_change = desk.actor.role in RECORDERS
    if may_change:
        open_due_take_downs(workplace)
    with workplace.reading() as desk:
        sees_all = desk.actor.role in COORDINATORS | {StaffRole.AUDITOR}
        own = None if sees_all else desk.actor.id
        items = [
            *_some(_flags(desk, own)),
            *_some(_tasks(desk)),
            *_some(_cases(desk) if sees_all else ()),
            *_some(_wanted(desk, own)),
            *_counted(Matter.QUESTIONS, unanswered_photos(desk.session, own)),
            *_counted(Matter.CONSENTS_END, _ending(desk, own)),
            *_some(_few_admins(desk) if sees_all else ()),
            *_some(_reviews(desk) if sees_all else ()),
            *_counted(Matter.PRINTED, print_not_allowed(desk) if sees_all else 0),
        ]
    if may_change:
        return items
    # Who only reads gets the list to read in the place of a step that changes something.
    return [
        replace(item, step=_LISTS[item.matter]) if item.matter in _CHANGED else item
        for item in items
    ]


def _some(items: Iterable[Item]) -> Iterator[Item]:
    """Give the first things of one sort by themselves, and the rest in one line."""
    found = list(items)
    yield from found[:SHOWN]
    for first in found[SHOWN : SHOWN + 1]:
        rest = found[SHOWN:]
        overdue = any(item.overdue for item in rest)
        yield Item(first.matter, _LISTS[first.matter], overdue=overdue, count=len(rest))


def _counted(matter: Matter, count: int) -> Iterator[Item]:
    if count:
        yield Item(matter, _LISTS[matter], count=count)


def _ending(desk: Desk, own: int | None) -> int:
    """Count the yeses that end soon: all, or those about people in one's own photos."""
    about = ending_about(desk, SOON)
    counted = set(about) if own is None else shown_in_own(desk.session, own, about)
    return sum(person in counted for person in about)


def _flags(desk: Desk, own: int | None) -> Iterator[Item]:
    for row in flag_rows(desk, registered_by=own):
        yield Item(
            Matter.FLAG,
            NextStep.to(NextAction.FLAG_SHOW, flag=row.flag),
            subject=row.flag,
            photo=row.photo,
            due_at=row.due_at,
            overdue=row.overdue,
        )


def _tasks(desk: Desk) -> Iterator[Item]:
    """Give the take-downs of one's own and of one's channels; to coordinators the late ones too."""
    admins = administrators(desk.session)
    for each in open_tasks(desk.session):
        is_overdue = each.task.due_at < desk.now
        if not _concerns(desk, each, admins.get(each.publication.channel_id, []), late=is_overdue):
            continue
        publication = human_id(Kind.PUBLICATION, each.publication.id)
        yield Item(
            Matter.TAKE_DOWN,
            NextStep.to(NextAction.PUBLICATION_TAKE_DOWN, "proof", publication=publication),
            subject=human_id(Kind.TAKE_DOWN, each.task.id),
            photo=human_id(Kind.PHOTO, each.publication.photo_id),
            channel=each.channel.name,
            due_at=each.task.due_at,
            overdue=is_overdue,
        )


def _concerns(desk: Desk, task: OpenTask, admins: list[int], *, late: bool) -> bool:
    """Is a task one's own, or one's channel's? Coordinators step in when it is late or nobody's."""
    if desk.actor.id in {task.task.owner_id, *admins} or desk.actor.role is StaffRole.AUDITOR:
        return True
    is_nobodys = task.task.owner_id is None or not admins
    return desk.actor.role in COORDINATORS and (late or is_nobodys)


def _cases(desk: Desk) -> Iterator[Item]:
    for row in case_rows(desk):
        yield Item(
            Matter.CASE,
            NextStep.to(NextAction.CASE_SHOW, case=row.case),
            subject=row.case,
            photo=row.photo,
            channel=row.channel,
            due_at=row.due_at,
            overdue=row.overdue,
        )


def _wanted(desk: Desk, own: int | None) -> Iterator[Item]:
    for case, channel in facts_wanted(desk.session, own):
        number = human_id(Kind.CASE, case.id)
        yield Item(
            Matter.NEEDS_FACTS,
            NextStep.to(NextAction.CASE_SHOW, case=number),
            subject=number,
            photo=human_id(Kind.PHOTO, case.photo_id),
            channel=channel.name,
        )


def _few_admins(desk: Desk) -> Iterator[Item]:
    fewest = current_policy(desk.session)[1].min_channel_admins
    admins = administrators(desk.session)
    for channel in all_channels(desk.session):
        if channel.active and len(admins.get(id_of(channel), [])) < fewest:
            step = NextStep.to(NextAction.CHANNEL_ADMINS, "login", channel=channel.name)
            yield Item(Matter.FEW_ADMINS, step, channel=channel.name)


def _reviews(desk: Desk) -> Iterator[Item]:
    """Give the channels whose practices were not gone through for too long (guideline V6)."""
    months = current_policy(desk.session)[1].review_interval_months
    since = desk.session.get_one(RegistryInfo, 1).created_at.astimezone(HELSINKI).date()
    for channel in all_channels(desk.session):
        due = months_later(channel.reviewed_on or since, months)
        if channel.active and due < desk.today:
            yield Item(
                Matter.REVIEW,
                NextStep.to(NextAction.CHANNEL_REVIEW, channel=channel.name),
                channel=channel.name,
                due_at=datetime.combine(due, time.min, HELSINKI),
                overdue=True,
            )
