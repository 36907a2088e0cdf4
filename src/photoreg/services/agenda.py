"""The agenda: what the user should do today, each item with its next step."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.queries.agenda import (
    OpenTask,
    cases_needing_facts,
    count_other_logins,
    count_unanswered_photos,
    open_tasks,
    persons_in_own_photos,
    rulings_to_act_on,
)
from photoreg.registry.queries.forms import count_unanswered_scans
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.publications import channel_admins
from photoreg.registry.queries.restores import restores_to_look_at
from photoreg.registry.queries.roster_doubts import open_roster_doubts
from photoreg.registry.queries.second_looks import open_second_looks, photos_refused_by_coordinators
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.second_looks import SecondLook
from photoreg.rulebook.facts import add_months
from photoreg.services.application import Application
from photoreg.services.consents.requests import subjects_of_ending_consents
from photoreg.services.decisions.cases import case_rows
from photoreg.services.decisions.evaluation import unusual_use
from photoreg.services.decisions.flags import flag_rows
from photoreg.services.decisions.second_look_questions import questions_about
from photoreg.services.organisation.channels import has_enough_admins
from photoreg.services.publications.corrections import step_to_answer, waiting_corrections
from photoreg.services.publications.takedown import count_disallowed_print
from photoreg.services.publications.takedown_tasks import open_due_take_downs
from photoreg.services.unit_of_work import (
    COORDINATORS,
    HELSINKI,
    RECORDERS,
    UnitOfWork,
    current_policy,
)
from photoreg.steps import NextAction, NextStep

MAX_LISTED = 5
"""How many items of one kind are listed; the rest are counted in one item."""

MAX_TOGETHER = 50
"""How many photos one item, and so one command, may name."""

RULED_LATELY = timedelta(days=14)
"""How long whoever asked is told that a case was refused."""

SOON = timedelta(days=30)
"""Consents that end within this period are on the agenda."""


class AgendaKind(StrEnum):
    """The kinds of agenda items, most urgent first."""

    RESTORED = "restored"
    STATEMENTS_MISSING = "statements_missing"
    FLAG = "flag"
    TAKE_DOWN = "take_down"
    CASE = "case"
    SECOND_LOOK = "second_look"
    WAITS_FOR_COLLEAGUE = "waits_for_colleague"
    SECOND_LOOK_AT_CHANNEL = "second_look_at_channel"
    ROSTER_DOUBT = "roster_doubt"
    CORRECTION = "correction"
    OTHER_LOGINS = "other_logins"
    NEEDS_FACTS = "needs_facts"
    RULED_PUBLISHABLE = "ruled_publishable"
    RULED_REFUSED = "ruled_refused"
    SCANNED = "scanned"
    QUESTIONS = "questions"
    CONSENTS_END = "consents_end"
    FEW_ADMINS = "few_admins"
    REVIEW = "review"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing to do, or `count` things of one kind; `subject` and `photo` are ids.

    `of`: the day of the backup that was restored. `persons`: who could be meant, by id.
    """

    kind: AgendaKind
    step: NextStep
    subject: str | None = None
    photo: str | None = None
    channel: str | None = None
    due_at: datetime | None = None
    overdue: bool = False
    count: int = 1
    of: date | None = None
    persons: str = ""


_LIST_COMMANDS = {
    AgendaKind.FLAG: NextStep.to(NextAction.FLAG_LIST),
    AgendaKind.TAKE_DOWN: NextStep.to(NextAction.PUBLICATION_LIST),
    AgendaKind.CASE: NextStep.to(NextAction.CASE_LIST),
    AgendaKind.SECOND_LOOK: NextStep.to(NextAction.AUDIT_SECOND_LOOKS),
    AgendaKind.WAITS_FOR_COLLEAGUE: NextStep.to(NextAction.AUDIT_SECOND_LOOKS),
    AgendaKind.SECOND_LOOK_AT_CHANNEL: NextStep.to(NextAction.CHANNEL_LIST),
    AgendaKind.ROSTER_DOUBT: NextStep.to(NextAction.EVENT_LIST),
    AgendaKind.CORRECTION: NextStep.to(NextAction.CONSENT_LIST),
    AgendaKind.RESTORED: NextStep.to(NextAction.AUDIT_LOG),
    AgendaKind.STATEMENTS_MISSING: NextStep.to(NextAction.AUDIT_LOG),
    AgendaKind.OTHER_LOGINS: NextStep.to(NextAction.AUDIT_LOG, other_login="yes"),
    AgendaKind.NEEDS_FACTS: NextStep.to(NextAction.CASE_LIST, everything="yes"),
    AgendaKind.RULED_PUBLISHABLE: NextStep.to(NextAction.CASE_LIST, everything="yes"),
    AgendaKind.RULED_REFUSED: NextStep.to(NextAction.CASE_LIST, everything="yes"),
    AgendaKind.SCANNED: NextStep.to(NextAction.CONSENT_RECORD, "codes"),
    AgendaKind.QUESTIONS: NextStep.to(NextAction.PHOTO_LIST, open="yes"),
    AgendaKind.CONSENTS_END: NextStep.to(NextAction.CONSENT_EXPIRING, within=f"{SOON.days}d"),
    AgendaKind.FEW_ADMINS: NextStep.to(NextAction.CHANNEL_LIST),
    AgendaKind.REVIEW: NextStep.to(NextAction.CHANNEL_LIST),
    AgendaKind.PRINTED: NextStep.to(NextAction.AUDIT_PUBLISHED),
}
"""The step that lists the items of a kind."""

_CHANGING_KINDS = frozenset(
    {
        *(AgendaKind.TAKE_DOWN, AgendaKind.SECOND_LOOK, AgendaKind.SECOND_LOOK_AT_CHANNEL),
        *(AgendaKind.FEW_ADMINS, AgendaKind.REVIEW, AgendaKind.ROSTER_DOUBT),
        AgendaKind.CORRECTION,
        *(AgendaKind.RESTORED, AgendaKind.STATEMENTS_MISSING),
    }
)
"""Kinds whose step changes something; the steps of the others only show it."""


def agenda(application: Application) -> list[AgendaItem]:
    """Return what the user should do now; first open the take-down tasks that are due.

    Users see what concerns their own photos and channels; coordinators and auditors see everything.
    """
    with application.reading() as work:
        may_change = work.actor.role in RECORDERS
    if may_change:
        open_due_take_downs(application)
    with application.reading() as work:
        sees_all = work.actor.role in COORDINATORS | {StaffRole.AUDITOR}
        own = None if sees_all else work.actor.id
        ruled = list(_ruling_items(work))
        looks = open_second_looks(work.session)
        items = [
            *(_restored_items(work) if sees_all else ()),
            *_limited(_flag_items(work, own)),
            *_limited(_task_items(work)),
            *_limited(_case_items(work) if sees_all else ()),
            *_limited(_second_look_items(work, looks)),
            *_limited(_waiting_items(work, looks)),
            *_proposed_channel_items(work),
            *_limited(_roster_doubt_items(work) if sees_all else ()),
            *_limited(_correction_items(work)),
            *_limited(_fact_items(work, own)),
            *_limited(x for x in ruled if x.kind is AgendaKind.RULED_PUBLISHABLE),
            *_limited(x for x in ruled if x.kind is AgendaKind.RULED_REFUSED),
            *_count_item(
                AgendaKind.SCANNED, count_unanswered_scans(work.session, own) if may_change else 0
            ),
            *_count_item(AgendaKind.QUESTIONS, count_unanswered_photos(work.session, own)),
            *_count_item(AgendaKind.CONSENTS_END, _count_ending(work, own)),
            *_limited(_admin_items(work) if sees_all else ()),
            *_limited(_review_items(work) if sees_all else ()),
            *_count_item(AgendaKind.OTHER_LOGINS, _count_other_logins(work) if sees_all else 0),
            *_count_item(AgendaKind.PRINTED, count_disallowed_print(work) if sees_all else 0),
        ]
    if may_change:
        return items
    # An auditor cannot change anything, so steps that would are replaced by lists.
    return [
        replace(item, step=_LIST_COMMANDS[item.kind]) if item.kind in _CHANGING_KINDS else item
        for item in items
    ]


def _limited(items: Iterable[AgendaItem]) -> Iterator[AgendaItem]:
    """Yield the first items of one kind, and one item that counts the rest."""
    every = list(items)
    yield from every[:MAX_LISTED]
    rest = every[MAX_LISTED:]
    if rest:
        kind = rest[0].kind
        overdue = any(item.overdue for item in rest)
        yield AgendaItem(kind, _LIST_COMMANDS[kind], overdue=overdue, count=len(rest))


def _count_item(kind: AgendaKind, count: int) -> Iterator[AgendaItem]:
    if count:
        yield AgendaItem(kind, _LIST_COMMANDS[kind], count=count)


def _count_ending(work: UnitOfWork, own: int | None) -> int:
    """Count the consents that end soon: all, or those of persons in the user's own photos."""
    subjects = subjects_of_ending_consents(work, SOON)
    counted = set(subjects) if own is None else persons_in_own_photos(work.session, own, subjects)
    return sum(person in counted for person in subjects)


def _restored_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    """Yield the restored backups that nobody has looked at, if they carried over or lack stops."""
    for restore in restores_to_look_at(work.session):
        details, entry = restore.details, f"L-{restore.entry.seq}"
        is_whole = details["replaced"] == "registry"
        if is_whole and not details["stops"]:
            continue
        yield AgendaItem(
            AgendaKind.RESTORED if is_whole else AgendaKind.STATEMENTS_MISSING,
            NextStep.to(NextAction.RESTORE_ACKNOWLEDGE, entry=entry),
            subject=entry,
            of=date.fromisoformat(details["made_on"]),
            count=details["stops"] or 1,
        )


def _flag_items(work: UnitOfWork, own: int | None) -> Iterator[AgendaItem]:
    for row in flag_rows(work, registered_by=own):
        yield AgendaItem(
            AgendaKind.FLAG,
            NextStep.to(NextAction.FLAG_SHOW, flag=row.flag),
            subject=row.flag,
            photo=row.photo,
            due_at=row.due_at,
            overdue=row.overdue,
        )


def _task_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    """Yield the take-down tasks of the user and the user's channels, as `_concerns` decides."""
    admins = channel_admins(work.session)
    for each in open_tasks(work.session):
        is_overdue = each.task.due_at < work.now
        if not _concerns(work, each, admins.get(id_of(each.channel), []), late=is_overdue):
            continue
        task = human_id(Kind.TAKE_DOWN, each.task.id)
        yield AgendaItem(
            AgendaKind.TAKE_DOWN,
            NextStep.to(NextAction.PUBLICATION_TAKE_DOWN, "proof", publication=task),
            subject=task,
            photo=human_id(Kind.PHOTO, each.task.photo_id),
            channel=each.channel.name,
            due_at=each.task.due_at,
            overdue=is_overdue,
        )


def _concerns(work: UnitOfWork, task: OpenTask, admins: list[int], *, late: bool) -> bool:
    """Return whether a task concerns the user: as owner, administrator of its channel, or auditor.

    Coordinators are also concerned when a task is late or nobody is responsible for it.
    """
    if work.actor.id in {task.task.owner_id, *admins} or work.actor.role is StaffRole.AUDITOR:
        return True
    is_unassigned = task.task.owner_id is None or not admins
    return work.actor.role in COORDINATORS and (late or is_unassigned)


def _case_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    for row in case_rows(work):
        yield AgendaItem(
            AgendaKind.CASE,
            NextStep.to(NextAction.CASE_SHOW, case=row.case),
            subject=row.case,
            photo=row.photo,
            channel=row.channel,
            due_at=row.due_at,
            overdue=row.overdue,
        )


def _second_look_items(work: UnitOfWork, every: Sequence[SecondLook]) -> Iterator[AgendaItem]:
    """Yield the questions that others than the user asked by taking an answer back, each once.

    What was changed together about several photos is one item, with one answer for all of them.
    After a coordinator's refusal only coordinators are asked.
    """
    looks = [look for look in every if look.taken_back_by != work.actor.id]
    if work.actor.role not in COORDINATORS | {StaffRole.AUDITOR}:
        refused = photos_refused_by_coordinators(work.session, {look.photo_id for look in looks})
        looks = [look for look in looks if look.photo_id not in refused]
    asked_about = {look.photo_id for look in looks}
    questions = questions_about(look for look in every if look.photo_id in asked_about)
    for photos in _changed_together(looks, questions):
        asked, ids = questions[photos[0]], human_ids(Kind.PHOTO, photos)
        step = NextStep.to(NextAction.PHOTO_CONFIRM, *asked, photo=" ".join(ids))
        yield AgendaItem(AgendaKind.SECOND_LOOK, step, photo=ids[0], count=len(ids))


def _waiting_items(work: UnitOfWork, every: Sequence[SecondLook]) -> Iterator[AgendaItem]:
    """Yield the photos about which the user took an answer back, and a colleague must confirm."""
    own = [look for look in every if look.taken_back_by == work.actor.id]
    for photos in _changed_together(own, questions_about(own)):
        photo = human_id(Kind.PHOTO, photos[0])
        step = NextStep.to(NextAction.PHOTO_SHOW, photo=photo)
        yield AgendaItem(AgendaKind.WAITS_FOR_COLLEAGUE, step, photo=photo, count=len(photos))


def _changed_together(
    looks: Iterable[SecondLook], questions: Mapping[int, tuple[str, ...]]
) -> Iterator[list[int]]:
    """Yield photos about which the same was changed at once, a line of a command at a time.

    One answer is for all of them. Of a statement about an event or a person one photo stands for
    all.
    """
    found: dict[tuple[object, ...], list[int]] = {}
    for look in {(x.about or x.photo_id, x.taken_back_by): x for x in looks}.values():
        same = look.asked_at, questions[look.photo_id], json.dumps(look.after, sort_keys=True)
        found.setdefault((look.about, look.taken_back_by, *same), []).append(look.photo_id)
    for photos in found.values():
        for start in range(0, len(photos), MAX_TOGETHER):
            yield photos[start : start + MAX_TOGETHER]


def _proposed_channel_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    """Yield the channels of which others than the user must confirm what was changed."""
    for channel in all_channels(work.session):
        if channel.proposed_by not in {None, work.actor.id}:
            step = NextStep.to(
                NextAction.CHANNEL_CONFIRM, "controller", "since", channel=channel.name
            )
            yield AgendaItem(AgendaKind.SECOND_LOOK_AT_CHANNEL, step, channel=channel.name)


def _roster_doubt_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    """Yield the events on whose class lists somebody could be a person of another unit."""
    by_event: dict[int, set[int]] = {}
    for doubt in open_roster_doubts(work.session):
        by_event.setdefault(doubt.event, set()).update(doubt.candidates)
    for event, candidates in by_event.items():
        named = human_id(Kind.EVENT, event)
        persons = ", ".join(human_ids(Kind.PERSON, sorted(candidates)[:MAX_LISTED]))
        yield AgendaItem(
            AgendaKind.ROSTER_DOUBT,
            NextStep.to(NextAction.EVENT_IMPORT_ROSTER, "file", event=named),
            subject=named,
            persons=persons,
        )


def _correction_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    """Yield what others than the user have marked as typed by mistake, and a colleague confirms."""
    for waiting in waiting_corrections(work):
        if waiting.asked_by != work.actor.id:
            yield AgendaItem(
                AgendaKind.CORRECTION,
                step_to_answer(waiting.record),
                subject=waiting.record,
                persons=waiting.person,
            )


def _count_other_logins(work: UnitOfWork) -> int:
    """Return how many entries of the last month state another login than the computer's.

    Those that the user has listed since are not counted.
    """
    computer_login = work.session.info["logins"][0]
    return count_other_logins(work.session, work.now - SOON, work.actor.id, computer_login)


def _fact_items(work: UnitOfWork, own: int | None) -> Iterator[AgendaItem]:
    found = reversed(cases_needing_facts(work.session, own))
    first = {case.number: (case, channel) for case, channel in found}
    for number_of_case, (case, channel) in sorted(first.items()):
        number = human_id(Kind.CASE, number_of_case)
        yield AgendaItem(
            AgendaKind.NEEDS_FACTS,
            NextStep.to(NextAction.CASE_SHOW, case=number),
            subject=number,
            photo=human_id(Kind.PHOTO, case.photo_id),
            channel=channel.name,
        )


def _ruling_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    """Yield what was ruled on the user's own cases: what may be approved, and what is refused."""
    since = work.now - RULED_LATELY
    every = rulings_to_act_on(work.session, work.actor.id, since, work.today)
    photos: dict[int, list[int]] = defaultdict(list)
    for case, _ruling, _channel in every:
        photos[case.number].append(case.photo_id)
    first = {case.number: (case, ruling, channel) for case, ruling, channel in reversed(every)}
    for number_of_case, (case, ruling, channel) in sorted(first.items()):
        number, photo = human_id(Kind.CASE, number_of_case), human_id(Kind.PHOTO, case.photo_id)
        show = NextStep.to(NextAction.CASE_SHOW, case=number)
        approve = NextStep.to(
            NextAction.APPROVE,
            photo=" ".join(human_ids(Kind.PHOTO, photos[number_of_case])),
            channel=channel.name,
            **unusual_use(case.purpose, case.mode),
        )
        is_refused = ruling is RulingKind.REFUSED
        yield AgendaItem(
            AgendaKind.RULED_REFUSED if is_refused else AgendaKind.RULED_PUBLISHABLE,
            show if is_refused else approve,
            subject=number,
            photo=photo,
            channel=channel.name,
        )


def _admin_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    policy = current_policy(work.session)[1]
    admins = channel_admins(work.session)
    for channel in all_channels(work.session):
        count = len(admins.get(id_of(channel), []))
        if channel.active and not has_enough_admins(channel, count, policy):
            step = NextStep.to(NextAction.CHANNEL_ADMINS, "login", channel=channel.name)
            yield AgendaItem(AgendaKind.FEW_ADMINS, step, channel=channel.name)


def _review_items(work: UnitOfWork) -> Iterator[AgendaItem]:
    """Yield the municipality's own channels whose review is overdue (guideline V6)."""
    months = current_policy(work.session)[1].review_interval_months
    since = work.session.get_one(RegistryInfo, 1).created_at.astimezone(HELSINKI).date()
    for channel in all_channels(work.session):
        due = add_months(channel.reviewed_on or since, months)
        if channel.active and channel.is_own and due < work.today:
            yield AgendaItem(
                AgendaKind.REVIEW,
                NextStep.to(NextAction.CHANNEL_REVIEW, channel=channel.name),
                channel=channel.name,
                due_at=datetime.combine(due, time.min, HELSINKI),
                overdue=True,
            )
