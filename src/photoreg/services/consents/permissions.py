"""Copyright permissions: what photographers and licensors allow."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from photoreg.errors import InputDataError
from photoreg.registry.facts.consent_replay import Word, standing
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_event, the_permission, the_person
from photoreg.registry.queries.consents import reach_of
from photoreg.registry.queries.people import permissions_by, persons_of, photos_taken_by, roles_of
from photoreg.registry.queries.photos import photographers_by_event
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    ConsentKind,
    Method,
    Permission,
    PermissionChannel,
    PermissionEvent,
    PermissionPurpose,
)
from photoreg.registry.tables.people import Person, StaffRole
from photoreg.rulebook.facts import LICENSED_BASES, Basis
from photoreg.services.consents.consent_events import (
    Reach,
    Recorded,
    Spoken,
    found_reach,
    found_scope,
    recorded,
    said_columns,
    standings_words,
    store_scope,
    thread_for,
    thread_row,
)
from photoreg.services.files.refreshing import look_at_refused
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import shown_name
from photoreg.services.unit_of_work import RECORDERS, Desk, Workplace, require_role
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_ACTIONS = {
    ConsentKind.REQUESTED: Action.PERMISSION_REQUESTED,
    ConsentKind.GIVEN: Action.PERMISSION_GIVEN,
    ConsentKind.REFUSED: Action.PERMISSION_REFUSED,
    ConsentKind.WITHDRAWN: Action.PERMISSION_WITHDRAWN,
    ConsentKind.RENEWED: Action.PERMISSION_RENEWED,
}


@dataclass(frozen=True, slots=True)
class Rights:
    """Whose permission it is and about what: as people name them.

    Without photos or an event it is about all photos of the photographer.
    """

    photographer: str | None = None
    licensor: str = ""
    photos: Sequence[str] = ()
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what ground a permission rests and how the photographer is credited."""

    basis: Basis = Basis.PHOTOGRAPHER_PERMISSION
    credit: str | None = None
    credit_waived: bool = False


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class PermissionRecorded:
    """A permission as recorded, with the credit; `by_taker`: it is by somebody who took a photo."""

    recorded: Recorded
    credit: str
    credit_waived: bool
    by_taker: bool


def record(
    workplace: Workplace, rights: Rights, spoken: Spoken, terms: Terms = NO_TERMS
) -> list[PermissionRecorded]:
    """Record what a photographer or licensor said: one permission for each photo named."""
    look_at_refused(workplace, rights.photos, spoken)
    with workplace.changing() as desk:
        holder = _holder(desk, rights)
        if terms.basis not in LICENSED_BASES:
            raise InputDataError(
                N_("a permission cannot rest on this ground: {basis}"),
                N_("Record it as an answer about the photo."),
                step=NextStep.to(NextAction.PHOTO_ANSWER, "photo", "basis"),
                basis=terms.basis,
            )
        if holder and terms.basis is Basis.STAFF_AGREEMENT:
            _check_not_an_official(desk, holder)
        reaches = [found_reach(desk, photo, None) for photo in dict.fromkeys(rights.photos)]
        reaches = list(dict.fromkeys(reaches)) or [found_reach(desk, None, rights.event)]
        licensor = free_text(rights.licensor)
        threads = [_thread(holder, licensor, reach) for reach in reaches]
        return [_record_word(desk, thread, spoken, terms) for thread in threads]


def withdraw(
    workplace: Workplace,
    spoken: Spoken,
    *,
    permission: str | None = None,
    rights: Rights | None = None,
) -> list[PermissionRecorded]:
    """Record a withdrawal, of one permission by its id or of a photographer's word."""
    if permission is None:
        if rights is None:
            raise TypeError(rights)
        return record(workplace, rights, spoken)
    with workplace.reading() as desk:
        require_role(desk, RECORDERS)
        photo = the_permission(desk.session, permission).photo_id
    look_at_refused(workplace, [human_id(Kind.PHOTO, photo)] if photo else [], spoken)
    with workplace.changing() as desk:
        return [_record_word(desk, the_permission(desk.session, permission), spoken, NO_TERMS)]


def taken_back(
    desk: Desk,
    holder: int | None,
    licensor: str,
    photo: int,
    *,
    on: date | None = None,
    channels: Sequence[str] = (),
) -> PermissionRecorded:
    """Record at an open desk that a photo may not be used, whatever was permitted before."""
    thread = Permission(photographer_id=holder, licensor=licensor, photo_id=photo)
    spoken = Spoken(ConsentKind.WITHDRAWN, channels, (), on=on, method=Method.ORAL)
    return _record_word(desk, thread, spoken, NO_TERMS)


def _holder(desk: Desk, rights: Rights) -> Person | None:
    if rights.photographer:
        return the_person(desk.session, rights.photographer)
    if not rights.licensor.strip() or not rights.photos:
        raise InputDataError(
            N_("it is not said whose permission this is"),
            N_("Name the photographer, or a licensor and the photo."),
            fields=("photographer", "licensor", "photo"),
        )
    return None


def _check_not_an_official(desk: Desk, holder: Person) -> None:
    if StaffRole.ELECTED_OFFICIAL in roles_of(desk.session, id_of(holder)):
        raise InputDataError(
            N_("{person} is an elected official and has no agreement as an employee"),
            N_("Ask for the photographer's permission, and record that as the basis."),
            fields=("basis",),
            person=human_id(Kind.PERSON, holder.id),
        )


def _thread(holder: Person | None, licensor: str, reach: Reach) -> Permission:
    return Permission(
        photographer_id=holder.id if holder else None,
        licensor="" if holder else licensor,
        photo_id=reach.photo_id,
        event_id=reach.event_id,
    )


def _record_word(
    desk: Desk, thread: Permission, spoken: Spoken, terms: Terms
) -> PermissionRecorded:
    scope = found_scope(desk, spoken)
    credit = _credit(desk, thread, terms) if spoken.is_yes else ""
    columns = said_columns(desk, spoken)  # keeps the evidence, so everything else is checked before
    thread = thread_for(desk, thread)
    event = PermissionEvent(
        permission_id=id_of(thread),
        basis=terms.basis if spoken.is_yes else None,
        credit=credit,
        credit_waived=terms.credit_waived and spoken.is_yes,
        **columns,
    )
    said_id = add(desk.session, event)
    store_scope(desk, said_id, scope, PermissionChannel, PermissionPurpose)
    desk.log(
        _ACTIONS[spoken.kind],
        Kind.PERMISSION,
        thread.id,
        by=human_id(Kind.PERSON, thread.photographer_id) if thread.photographer_id else None,
        day=event.day,
        basis=event.basis,
        channels=scope.codes,
        purposes=list(scope.purposes),
        evidence=event.evidence,
    )
    photos = _photos(desk, thread)
    by_taker = thread.photographer_id is None or bool(photos) or thread.photo_id is None
    return PermissionRecorded(
        recorded(desk, Kind.PERMISSION, thread, event, photos),
        credit,
        event.credit_waived,
        by_taker,
    )


def _credit(desk: Desk, thread: Permission, terms: Terms) -> str:
    """Return how the photographer is named (tekijänoikeuslaki 3 §): as recorded unless said."""
    if terms.credit_waived:
        return ""
    if terms.credit is not None:
        return free_text(terms.credit)
    people = persons_of(desk.session, [thread.photographer_id])
    return people[thread.photographer_id].name if thread.photographer_id else ""


def _photos(desk: Desk, thread: Permission) -> list[int]:
    """Return the photos that the permission is about, as far as the holder took them."""
    if thread.photographer_id is None:
        return [] if thread.photo_id is None else [thread.photo_id]
    return photos_taken_by(
        desk.session, thread.photographer_id, photo=thread.photo_id, event=thread.event_id
    )


def are_recorded(
    workplace: Workplace, photographers: Sequence[str], event: str | None = None
) -> bool:
    """Has each photographer, or each one of the event, spoken of more than a single photo?

    Then the ground on which their photos may be used is known, and need not be asked.
    """
    with workplace.reading() as desk:
        takers = [the_person(desk.session, named) for named in photographers]
        number = id_of(the_event(desk.session, event)) if event else None
        if not takers and number:
            takers = photographers_by_event(desk.session, [number]).get(number, [])
        said = [
            [*chain.from_iterable(permissions_by(desk.session, id_of(taker)))] for taker in takers
        ]
    return bool(said) and all(
        any(p.photo_id is None and p.event_id in {None, number} for p in each) for each in said
    )


@contextmanager
def list_permissions(
    workplace: Workplace, photographer: str | None = None
) -> Iterator[Iterator[dict[str, Any]]]:
    """Give the permissions of one photographer, or all, each with where it stands."""
    with workplace.reading() as desk:
        holder = id_of(the_person(desk.session, photographer)) if photographer else None
        yield _permission_rows(desk, holder)


def _permission_rows(desk: Desk, holder: int | None) -> Iterator[dict[str, Any]]:
    is_masked = desk.actor.role is StaffRole.AUDITOR
    for threads in permissions_by(desk.session, holder):
        people = persons_of(desk.session, (thread.photographer_id for thread in threads))
        words = standings_words(desk, threads)
        for thread in threads:
            taker = people[thread.photographer_id] if thread.photographer_id else None
            yield {
                "permission": human_id(Kind.PERMISSION, thread.id),
                "photographer": human_id(Kind.PERSON, taker.id) if taker else None,
                "name": shown_name(desk, taker) if taker else "",
                "licensor": "" if is_masked else thread.licensor,
                "reach": reach_of(thread),
                **thread_row(words[thread.id], thread.id, side_by_side=True),
                **_terms(words[thread.id], thread.id, is_masked=is_masked),
            }


def _terms(words: list[Word], thread_id: int, *, is_masked: bool) -> dict[str, Any]:
    """Return the ground and credit of a permission's last yes; an auditor sees no name."""
    own = [word for word in words if word.thread == thread_id]
    last_yes = standing(own, side_by_side=True).last_yes
    if last_yes is None:
        return {"basis": None, "credit": "", "credit_waived": False}
    return {
        "basis": last_yes.basis,
        "credit": "" if is_masked else last_yes.credit,
        "credit_waived": last_yes.credit_waived,
    }
