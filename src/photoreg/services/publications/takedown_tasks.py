"""Assign take-down tasks, complete them with a proof, or cancel them when a photo may stay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photos, find_staff, require_own_channel
from photoreg.registry.queries.publications import (
    PhotoInPublication,
    find_publications,
    find_tasks,
    is_channel_admin,
    photos_in_publications,
    takedown_candidates,
)
from photoreg.registry.rows import add_all
from photoreg.registry.tables.publications import PublishedPhoto, TakeDown
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_photos
from photoreg.services.inputs import free_text
from photoreg.services.publications.takedown import Place, current_basis, disallowed_publications
from photoreg.services.unit_of_work import (
    COORDINATORS,
    PUBLISHERS,
    RECORDERS,
    UnitOfWork,
    require_role,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_PROOF_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A take-down task that was done or cancelled, its publication, and the photo in it; by id.

    `left` is how many photos of the publication are still published.
    """

    publication: str
    photo: str
    task: str
    left: int


def take_down(
    application: Application,
    named: Sequence[str],
    *,
    photos: Sequence[str] = (),
    whole: bool = False,
    proof: str = "",
    evidence: Path | None = None,
    on: date | None = None,
) -> list[ClosedTask]:
    """Record that photos were taken out of publications, all or none; return the completed tasks.

    A task means its photo. A publication means its `photos` that are named, or with `whole` all
    that are left; without either only if no other photo of it stays. The proof is a text, a
    document such as a screenshot, or both. A photo without an open task gets a completed one,
    which holds the proof.
    """
    with application.changing(PUBLISHERS) as work:
        found = _PhotosTakenDown(work, named, photos, whole=whole)
        chosen = found.all()
        for each in chosen:
            require_own_channel(work.session, each.channel)
        _require_recallable(chosen)
        written = free_text(proof, MAX_PROOF_LENGTH)
        if not written and evidence is None:
            raise InputDataError(
                N_("it is not stated how the removal was checked"),
                N_("Write how you checked that the photo is gone, or give a screenshot of it."),
            )
        day = _day_of_removal(work, chosen, on)
        asked_for = [each.task is not None for each in chosen]
        tasks = [each.task or _new_task(work, each.published) for each in chosen]
        document = work.store_evidence(evidence)
        for each, task in zip(chosen, tasks, strict=True):
            each.published.removed_on = day
            task.done_at, task.done_by, task.proof = work.now, work.actor.id, written
            task.proof_evidence = document
        add_all(work.session, [task for task in tasks if task.id is None])
        work.session.flush()
        _log_done(work, tasks, asked_for, day)
        return [_closed(task, found.left(task.publication_id)) for task in tasks]


def _is_task(named: str) -> bool:
    """Return whether the id of a task was meant, also by `T1`: then its right form is told."""
    return named.strip().upper().startswith(Kind.TAKE_DOWN)


class _PhotosTakenDown:
    """Finds the photos in publications that ids of publications and tasks mean."""

    def __init__(
        self, work: UnitOfWork, named: Sequence[str], photos: Sequence[str], *, whole: bool
    ) -> None:
        names = {name: _is_task(name) for name in named}
        tasks = find_tasks(work.session, [name for name, is_task in names.items() if is_task])
        publications = find_publications(
            work.session, [name for name, is_task in names.items() if not is_task]
        )
        self._places = {(task.publication_id, task.photo_id) for task in tasks}
        self._publications = [id_of(publication) for publication in publications]
        self._whole = whole
        self._photos = {id_of(photo) for photo in find_photos(work.session, photos)}
        self._rows = photos_in_publications(
            work.session, {*self._publications, *(place[0] for place in self._places)}
        )

    def all(self) -> list[PhotoInPublication]:
        """Return them, each once, in order; raises if it is not clear which are meant."""
        places = set(self._places)
        for number in self._publications:
            places |= {(number, photo) for photo in self._meant(number)}
        missing = self._photos - {photo for _publication, photo in places}
        if missing:
            raise NotFound(
                N_("{photo} is not in these publications"),
                N_("See where it is published."),
                step=NextStep.to(
                    NextAction.PUBLICATION_LIST, photo=human_id(Kind.PHOTO, min(missing))
                ),
                photo=", ".join(human_ids(Kind.PHOTO, sorted(missing))),
            )
        return [
            each
            for each in self._rows
            if _place(each) in places and (not self._photos or each.photo.id in self._photos)
        ]

    def left(self, publication: int) -> int:
        """Return how many photos of a publication are still published."""
        return _count_left(self._rows, publication)

    def _meant(self, publication: int) -> set[int]:
        """Return the photos that a publication means."""
        rows = [each for each in self._rows if each.published.publication_id == publication]
        if self._photos:
            return {each.published.photo_id for each in rows} & self._photos
        left = [each for each in rows if each.published.removed_on is None]
        if left and not self._whole and len(left) > 1 and not all(each.task for each in left):
            number = human_id(Kind.PUBLICATION, publication)
            raise InputDataError(
                N_("{publication} shows {count} photos, and it is not stated which are gone"),
                N_("Name the tasks or the photos, or state that the whole publication is gone."),
                step=NextStep.to(NextAction.PUBLICATION_SHOW, publication=number),
                fields=("photos", "whole"),
                publication=number,
                count=len(left),
            )
        return {each.published.photo_id for each in left or rows}


def _count_left(rows: Iterable[PhotoInPublication], publication: int) -> int:
    rows_of = (each.published for each in rows if each.published.publication_id == publication)
    return sum(published.removed_on is None for published in rows_of)


def _place(each: PhotoInPublication) -> Place:
    return each.published.publication_id, each.published.photo_id


def _new_task(work: UnitOfWork, published: PublishedPhoto) -> TakeDown:
    return TakeDown(
        publication_id=published.publication_id,
        photo_id=published.photo_id,
        codes="",
        owner_id=work.actor.id,
        opened_at=work.now,
        due_at=work.now,
    )


def _log_done(
    work: UnitOfWork, tasks: Sequence[TakeDown], asked_for: Sequence[bool], day: date
) -> None:
    work.log_all(
        Action.TAKE_DOWN_DONE,
        Kind.TAKE_DOWN,
        [
            (
                task.id,
                {
                    "publication": task.publication_id,
                    "photo": task.photo_id,
                    "asked_for": was_asked,
                    "on": day,
                    "evidence": task.proof_evidence,
                },
            )
            for task, was_asked in zip(tasks, asked_for, strict=True)
        ],
    )


def _require_recallable(chosen: Sequence[PhotoInPublication]) -> None:
    """Raise NotAllowed for photos that are gone already, or in print or with the press."""
    gone = [each for each in chosen if each.published.removed_on is not None]
    if gone:
        raise NotAllowed(
            N_("{publication} is already taken down"),
            N_("What was recorded is kept."),
            step=NextStep.to(NextAction.PUBLICATION_LIST, "everything"),
            publication=_in_words(gone),
        )
    printed = [each for each in chosen if not each.channel.kind.is_recallable]
    if printed:
        raise NotAllowed(
            N_("{publication} is in print or with the press, and cannot be recalled"),
            N_(
                "Do not print it or hand it out again. Tell the person, and the press if it has it."
            ),
            publication=_in_words(printed),
        )


def _in_words(photos: Sequence[PhotoInPublication]) -> str:
    """Return the publications with their photos by id, for a message: `J-1 (P-3, P-7)`."""
    by_publication = groupby(photos, lambda each: each.published.publication_id)
    return ", ".join(
        f"{human_id(Kind.PUBLICATION, number)} "
        f"({', '.join(human_id(Kind.PHOTO, each.published.photo_id) for each in group)})"
        for number, group in by_publication
    )


def _day_of_removal(
    work: UnitOfWork, chosen: Sequence[PhotoInPublication], on: date | None
) -> date:
    day = work.day_or_today(on)
    if any(day < each.published.published_on for each in chosen):
        raise InputDataError(
            N_("{day} is before the day of publication"),
            N_("Give the day when it was taken down."),
            day=day,
        )
    return day


def assign_task(application: Application, named: str, login: str) -> list[str]:
    """Assign a task, or the open tasks of a publication, to a user; return the ids of the tasks.

    Only for coordinators and the channel's administrators; the user must be able to record the
    removal.
    """
    with application.changing() as work:
        tasks = [task for _photo, task in _with_open_tasks(_own_photos(work, named), named)]
        owner = find_staff(work.session, login)
        if not owner.active or owner.role not in RECORDERS:
            raise NotAllowed(
                N_("{login} cannot take publications down"),
                N_("Choose somebody who works with the registry."),
                step=NextStep.to(NextAction.STAFF_LIST),
                login=login,
            )
        for task in tasks:
            task.owner_id = owner.id
        work.session.flush()
        about = [
            (task.id, {"publication": task.publication_id, "owner": owner.id}) for task in tasks
        ]
        work.log_all(Action.TAKE_DOWN_ASSIGNED, Kind.TAKE_DOWN, about)
        return human_ids(Kind.TAKE_DOWN, map(id_of, tasks))


def cancel_task(
    application: Application, named: str, *, reason: str
) -> tuple[list[ClosedTask], list[Checked]]:
    """Cancel a task, or the open ones of a publication, because its photos may be shown again.

    Return the tasks and the current verdicts; there are no tasks, and nothing is changed, if a
    verdict does not allow the publication.
    """
    with application.changing() as work:
        rows = _own_photos(work, named)
        found = _with_open_tasks(rows, named)
        written = free_text(reason, MAX_PROOF_LENGTH)
        if not written:
            raise InputDataError(
                N_("the reason is missing"),
                N_("Write why the photo may stay, so that others can understand it."),
            )
        first = rows[0]  # all were published for one use
        asked = AskedUse(first.channel.name, first.purpose, first.mode)
        photos = [each.photo for each, _task in found]
        checked = check_photos(work, photos, first.channel, asked)
        if not all(each.is_allowed for each in checked):
            return [], checked
        tasks = [task for _photo, task in found]
        for task in tasks:
            task.done_at, task.done_by, task.proof = work.now, work.actor.id, written
        work.session.flush()
        _log_cancelled(work, tasks, checked)
        left = _count_left(rows, first.published.publication_id)
        return [_closed(task, left) for task in tasks], checked


def _log_cancelled(work: UnitOfWork, tasks: Sequence[TakeDown], checked: Sequence[Checked]) -> None:
    work.log_all(
        Action.TAKE_DOWN_CANCELLED,
        Kind.TAKE_DOWN,
        [
            (
                task.id,
                {
                    "publication": task.publication_id,
                    "photo": task.photo_id,
                    "facts": each.digest,
                },
            )
            for task, each in zip(tasks, checked, strict=True)
        ],
    )


def _closed(task: TakeDown, left: int) -> ClosedTask:
    return ClosedTask(
        human_id(Kind.PUBLICATION, task.publication_id),
        human_id(Kind.PHOTO, task.photo_id),
        human_id(Kind.TAKE_DOWN, task.id),
        left,
    )


def _own_photos(work: UnitOfWork, named: str) -> list[PhotoInPublication]:
    """Return the photos of the publication that is named, or that a task is about.

    NotAllowed unless the actor is responsible for it.
    """
    is_task = _is_task(named)
    if is_task:
        number = find_tasks(work.session, [named])[0].publication_id
    else:
        number = id_of(find_publications(work.session, [named])[0])
    rows = photos_in_publications(work.session, [number])
    channel = rows[0].channel
    is_responsible = work.actor.role in COORDINATORS or is_channel_admin(
        work.session, work.actor.id, id_of(channel)
    )
    if not is_responsible:
        raise NotAllowed(
            N_("you are not an administrator of the channel {channel}"),
            N_("Ask one of its administrators."),
            step=NextStep.to(NextAction.CHANNEL_LIST),
            channel=channel.name,
        )
    return rows


def _with_open_tasks(
    rows: Sequence[PhotoInPublication], named: str
) -> list[tuple[PhotoInPublication, TakeDown]]:
    """Return the photos with the open task that is named, or with any; NotAllowed if none."""
    wanted = parse_id(Kind.TAKE_DOWN, named)
    found = [(each, each.task) for each in rows if each.task and wanted in {None, each.task.id}]
    if not found:
        raise NotAllowed(
            N_("{publication} has no open take-down task"),
            N_("See what is to be taken down."),
            step=NextStep.to(NextAction.PUBLICATION_LIST),
            publication=human_id(Kind.PUBLICATION, rows[0].published.publication_id),
        )
    return found


def open_due_take_downs(application: Application) -> None:
    """Open a task for each publication that is no longer allowed and has none.

    Changes open their tasks at once; this covers what only the passing of time changes: ended
    consents, birthdays, expired rulings. Writes only if something was found.
    """
    with application.reading() as work:
        require_role(work, PUBLISHERS)
        selection = PhotoSelection(takedown_candidates(work.session, current_basis(work)))
        photos = {
            disallowed.publication.photo_id
            for disallowed in disallowed_publications(work, selection)
            if disallowed.needs_task
        }
    if photos:
        # A copy of the application, since these tasks do not follow from a change by the actor.
        with replace(application).changing(PUBLISHERS) as work:
            work.touch(photos)
