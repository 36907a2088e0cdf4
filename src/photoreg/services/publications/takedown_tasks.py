"""Assign take-down tasks, complete them with a proof, or cancel them when the photo may stay."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_staff
from photoreg.registry.queries.publications import (
    find_publication,
    is_channel_admin,
    live_publication,
    open_task,
    takedown_candidates,
)
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.publications import Publication, TakeDown
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_photos
from photoreg.services.inputs import free_text
from photoreg.services.publications.takedown import current_basis, disallowed_publications
from photoreg.services.unit_of_work import (
    COORDINATORS,
    RECORDERS,
    UnitOfWork,
    require_role,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_PROOF_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A take-down task that was done or cancelled, and its publication; by id."""

    publication: str
    task: str


def take_down(
    application: Application,
    named: str,
    *,
    proof: str = "",
    evidence: Path | None = None,
    on: date | None = None,
) -> ClosedTask:
    """Record that a publication was taken down; return the completed task.

    The proof is a text, a document such as a screenshot, or both. A publication without an open
    task gets a completed one, which holds the proof.
    """
    with application.changing() as work:
        publication = find_publication(work.session, named)
        _require_removable(work, publication)
        written = free_text(proof, MAX_PROOF_LENGTH)
        if not written and evidence is None:
            raise InputDataError(
                N_("it is not stated how the removal was checked"),
                N_("Write how you checked that the photo is gone, or give a screenshot of it."),
            )
        publication.removed_on = _day_of_removal(work, publication, on)
        add(work.session, publication)
        existing = open_task(work.session, id_of(publication))
        task = existing or TakeDown(
            publication_id=id_of(publication),
            codes="",
            owner_id=work.actor.id,
            opened_at=work.now,
            due_at=work.now,
        )
        task.done_at, task.done_by, task.proof = work.now, work.actor.id, written
        task.proof_evidence = work.store_evidence(evidence)
        number = add(work.session, task)
        work.log(
            Action.TAKE_DOWN_DONE,
            Kind.TAKE_DOWN,
            number,
            publication=publication.id,
            photo=publication.photo_id,
            asked_for=existing is not None,
            on=publication.removed_on,
            evidence=task.proof_evidence,
        )
        return _closed(publication, number)


def _require_removable(work: UnitOfWork, publication: Publication) -> None:
    number = human_id(Kind.PUBLICATION, publication.id)
    if publication.removed_on is not None:
        raise NotAllowed(
            N_("{publication} is already taken down"),
            N_("What was recorded is kept."),
            step=NextStep.to(NextAction.PUBLICATION_LIST, "everything"),
            publication=number,
        )
    if not work.session.get_one(ChannelRow, publication.channel_id).kind.is_recallable:
        raise NotAllowed(
            N_("{publication} is in print or with the press, and cannot be recalled"),
            N_(
                "Do not print it or hand it out again. Tell the person, and the press if it has it."
            ),
            publication=number,
        )


def _day_of_removal(work: UnitOfWork, publication: Publication, on: date | None) -> date:
    day = work.day_or_today(on)
    if day < publication.published_on:
        raise InputDataError(
            N_("{day} is before the day of publication"),
            N_("Give the day when it was taken down."),
            day=day,
        )
    return day


def assign_task(application: Application, named: str, login: str) -> str:
    """Assign a publication's open task to a user; return the task's id.

    Only for coordinators and the channel's administrators; the user must be able to record the
    removal.
    """
    with application.changing() as work:
        publication = find_publication(work.session, named)
        task = _own_open_task(work, publication)
        owner = find_staff(work.session, login)
        if not owner.active or owner.role not in RECORDERS:
            raise NotAllowed(
                N_("{login} cannot take publications down"),
                N_("Choose somebody who works with the registry."),
                step=NextStep.to(NextAction.STAFF_LIST),
                login=login,
            )
        task.owner_id = owner.id
        number = add(work.session, task)
        work.log(
            Action.TAKE_DOWN_ASSIGNED,
            Kind.TAKE_DOWN,
            number,
            publication=publication.id,
            owner=owner.id,
        )
        return human_id(Kind.TAKE_DOWN, number)


def cancel_task(
    application: Application, named: str, *, reason: str
) -> tuple[ClosedTask | None, Checked]:
    """Cancel the task to take a publication down, because the photo may be published again.

    Return the task and the current verdict; the task is None, and nothing is changed, if the
    verdict does not allow the publication.
    """
    with application.changing() as work:
        publication = find_publication(work.session, named)
        task = _own_open_task(work, publication)
        written = free_text(reason, MAX_PROOF_LENGTH)
        if not written:
            raise InputDataError(
                N_("the reason is missing"),
                N_("Write why the photo may stay, so that others can understand it."),
            )
        live = live_publication(work.session, id_of(publication))
        asked = AskedUse(live.channel.name, live.purpose, live.mode)
        [checked] = check_photos(work, [live.photo], live.channel, asked)
        if not checked.is_allowed:
            return None, checked
        task.done_at, task.done_by, task.proof = work.now, work.actor.id, written
        number = add(work.session, task)
        work.log(
            Action.TAKE_DOWN_CANCELLED,
            Kind.TAKE_DOWN,
            number,
            publication=publication.id,
            photo=publication.photo_id,
            facts=checked.digest,
        )
        return _closed(publication, number), checked


def _closed(publication: Publication, number: int) -> ClosedTask:
    return ClosedTask(human_id(Kind.PUBLICATION, publication.id), human_id(Kind.TAKE_DOWN, number))


def _own_open_task(work: UnitOfWork, publication: Publication) -> TakeDown:
    """Return a publication's open task; NotAllowed unless the actor is responsible for it."""
    is_responsible = work.actor.role in COORDINATORS or is_channel_admin(
        work.session, work.actor.id, publication.channel_id
    )
    if not is_responsible:
        raise NotAllowed(
            N_("you are not an administrator of the channel {channel}"),
            N_("Ask one of its administrators."),
            step=NextStep.to(NextAction.CHANNEL_LIST),
            channel=work.session.get_one(ChannelRow, publication.channel_id).name,
        )
    task = open_task(work.session, id_of(publication))
    if task is None:
        raise NotAllowed(
            N_("{publication} has no open take-down task"),
            N_("See what is to be taken down."),
            step=NextStep.to(NextAction.PUBLICATION_LIST),
            publication=human_id(Kind.PUBLICATION, publication.id),
        )
    return task


def open_due_take_downs(application: Application) -> None:
    """Open a task for each publication that is no longer allowed and has none.

    Changes open their tasks at once; this covers what only the passing of time changes: ended
    consents, birthdays, expired rulings. Writes only if something was found.
    """
    with application.reading() as work:
        require_role(work, RECORDERS)
        selection = PhotoSelection(takedown_candidates(work.session, current_basis(work)))
        photos = {
            disallowed.publication.photo_id
            for disallowed in disallowed_publications(work, selection)
            if disallowed.needs_task
        }
    if photos:
        # A copy of the application, since these tasks do not follow from a change by the actor.
        with replace(application).changing() as work:
            work.touch(photos)
