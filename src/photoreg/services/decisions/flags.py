"""Raise and resolve flags: any user stops a photo; the coordinator resolves it (rulebook §7.9)."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from photoreg.errors import NotAllowed
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action, LogEntry
from photoreg.registry.lookup import (
    find_channel,
    find_flag,
    find_flags,
    find_person,
    find_photo,
    find_photos,
    not_listed,
)
from photoreg.registry.queries.flags import flags_with_photos, persons_with_objections
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.queries.people import active_wards, ids_of_blocked
from photoreg.registry.queries.photos import depictions_of
from photoreg.registry.queries.similarity import likenesses_of
from photoreg.registry.queries.stops import active_flags
from photoreg.registry.rows import add, rows_with
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import FlagCause, FlagOutcome, ObjectorKind, Photo, PhotoFlag
from photoreg.rulebook.channels import FLAGGED
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.consents.refusals import refusing_consent
from photoreg.services.decisions.cases import (
    CaseRow,
    CaseState,
    case_rows,
    require_four_eyes,
    require_reason,
)
from photoreg.services.decisions.stop_propagation import (
    find_similar,
    similar_to_stopped,
)
from photoreg.services.decisions.stops import refused_photos
from photoreg.services.files.refreshing import refresh_files
from photoreg.services.flagging import due_at
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


class FlagState(StrEnum):
    """The state of a flag. Open and upheld flags stop the photo."""

    OPEN = "open"
    UPHELD = "upheld"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class FlagRaised:
    """A flag that was raised; `objections` are the consents in which the refusal is recorded."""

    flag: str
    photo: str
    due_at: datetime
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag as listed, without names and reasons."""

    flag: str
    photo: str
    raised_at: datetime
    raised_by: str
    by: ObjectorKind
    due_at: datetime
    overdue: bool
    state: FlagState


@dataclass(frozen=True, slots=True)
class FlagDetails:
    """Everything about a flag.

    `consent` is the one by which somebody was refused who was removed from the photo. `may_read` is
    true for coordinators and for who raised it; for others the reasons and the
    persons concerned are empty.
    """

    row: FlagRow
    may_read: bool
    may_resolve: bool
    cause: FlagCause
    reason: str
    like: str
    about: str
    person: str
    consent: str
    objector: str
    resolution: str
    resolved_by: str
    resolved_at: datetime | None


def raise_flag(
    application: Application,
    named: str,
    *,
    reason: str,
    person: str | None = None,
    objector: str = "",
) -> FlagRaised:
    """Stop a photo at once, as `raise_flags` does."""
    return raise_flags(application, [named], reason=reason, person=person, objector=objector)[0]


def raise_flags(
    application: Application,
    photos: Sequence[str],
    *,
    reason: str,
    person: str | None = None,
    objector: str = "",
) -> list[FlagRaised]:
    """Stop photos at once, on all channels: all of them or none.

    `person` is a registered person who objects; the objection is also recorded as that person's
    own refusal, or as a guardian's. `objector` is the name and contact of anybody else.
    """
    refresh_files(application, photos)  # near-duplicates are found by likeness
    with application.changing() as work:
        objecting = find_person(work.session, person, to_refuse=True) if person else None
        return [
            _raise(work, photo, objecting, reason=reason, objector=objector)
            for photo in find_photos(work.session, photos)
        ]


def _raise(
    work: UnitOfWork, photo: Photo, objecting: Person | None, *, reason: str, objector: str
) -> FlagRaised:
    kind = _objector_kind(objecting, objector)
    flag = PhotoFlag(
        photo_id=id_of(photo),
        person_id=objecting.id if objecting else None,
        objector=free_text(objector),
        objector_kind=kind,
        concerns_person=kind is not ObjectorKind.STAFF,
        reason=require_reason(reason),
        raised_at=work.now,
        raised_by=work.actor.id,
        due_at=due_at(work),
    )
    number = add(work.session, flag)
    work.log(
        Action.FLAG_RAISED,
        Kind.FLAG,
        number,
        photo=flag.photo_id,
        person=human_id(Kind.PERSON, objecting.id) if objecting else None,
        by=flag.objector_kind,
    )
    return FlagRaised(
        flag=human_id(Kind.FLAG, number),
        photo=human_id(Kind.PHOTO, photo.id),
        due_at=flag.due_at,
        objections=_record_objections(work, photo, id_of(objecting)) if objecting else (),
    )


def _objector_kind(person: Person | None, objector: str) -> ObjectorKind:
    if person:
        return ObjectorKind.PERSON
    return ObjectorKind.OUTSIDER if objector.strip() else ObjectorKind.STAFF


def _record_objections(work: UnitOfWork, photo: Photo, person: int) -> tuple[str, ...]:
    """Record the refusal: as a guardian's for each depicted ward, else as the person's own."""
    shown = {d.person_id for d in depictions_of(work.session, id_of(photo))}
    subjects = [child for child in active_wards(work.session, person) if child in shown]
    if person in shown or not subjects:
        subjects.append(person)
    recorded = (
        consents.record_photo_objection(work, subject, person, id_of(photo)) for subject in subjects
    )
    return tuple(each.recorded.record_id for each in recorded)


def list_flags(
    application: Application, *, photo: str | None = None, everything: bool = False
) -> list[FlagRow]:
    """Return the open flags, oldest first; with `everything` also the resolved ones."""
    with application.reading() as work:
        photo_id = id_of(find_photo(work.session, photo)) if photo else None
        return flag_rows(work, photo_id=photo_id, everything=everything)


def flag_rows(
    work: UnitOfWork,
    *,
    photo_id: int | None = None,
    registered_by: int | None = None,
    everything: bool = False,
) -> list[FlagRow]:
    """Return flags in an open unit of work; those that concern a person to coordinators only."""
    found = flags_with_photos(
        work.session, photo_id=photo_id, registered_by=registered_by, resolved_too=everything
    )
    logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
    return [_flag_row(work, each.flag, logins) for each in found if _may_know_of(work, each.flag)]


def _may_know_of(work: UnitOfWork, flag: PhotoFlag) -> bool:
    """Return whether a flag is listed to the actor: it would tell an objection from a block."""
    return work.actor.role in COORDINATORS or not flag.concerns_person


@dataclass(frozen=True, slots=True)
class HiddenEntries:
    """The entries of the log that the actor may not see, since they tell one stop from another.

    All about `subjects`, which are flags and consents; about `persons`, those that tell of a change
    of the person's own record, as a block and an erasure do.
    """

    subjects: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def __contains__(self, entry: LogEntry) -> bool:
        """Is this entry hidden?"""
        is_change = entry.action in {Action.PERSON_CHANGED, Action.PERSON_ERASED}
        return entry.subject in self.subjects or (is_change and entry.subject in self.persons)


def hidden_entries(work: UnitOfWork) -> HiddenEntries:
    """Return the entries of the log that the actor may not see; of coordinators none."""
    if work.actor.role in COORDINATORS:
        return HiddenEntries()
    flags = [each.flag for each in flags_with_photos(work.session, resolved_too=True)]
    hidden = [flag for flag in flags if flag.concerns_person]
    objected = {flag.photo_id for flag in hidden}
    consents_to_photos = rows_with(work.session, Consent, Consent.photo_id, objected)
    persons = ids_of_blocked(work.session) | persons_with_objections(work.session)
    return HiddenEntries(
        frozenset(
            (
                *(human_id(Kind.FLAG, flag.id) for flag in hidden),
                *(human_id(Kind.CONSENT, consent.id) for consent in consents_to_photos),
            )
        ),
        frozenset(human_id(Kind.PERSON, person) for person in persons),
    )


def coordinator_queue(
    application: Application, *, channel: str | None = None, everything: bool = False
) -> list[CaseRow]:
    """Return the open flags, then the open cases, each oldest first.

    Flags concern all channels, so `channel` filters cases only.
    """
    with application.reading() as work:
        channel_id = id_of(find_channel(work.session, channel)) if channel else None
        flags = [_as_case_row(work, row) for row in flag_rows(work, everything=everything)]
        return [*flags, *case_rows(work, channel_id, everything=everything)]


def _as_case_row(work: UnitOfWork, row: FlagRow) -> CaseRow:
    return CaseRow(
        case=row.flag,
        photo=row.photo,
        photos=(row.photo,),
        channel=None,
        opened_at=row.raised_at,
        age_days=(work.now - row.raised_at).days,
        due_at=row.due_at,
        overdue=row.overdue,
        codes=(FLAGGED.code,),
        persons=(),
        state=CaseState.OPEN if row.state is FlagState.OPEN else CaseState.RULED,
        ruling=None,
    )


def _flag_row(work: UnitOfWork, flag: PhotoFlag, logins: dict[int, str]) -> FlagRow:
    return FlagRow(
        flag=human_id(Kind.FLAG, flag.id),
        photo=human_id(Kind.PHOTO, flag.photo_id),
        raised_at=flag.raised_at,
        raised_by=logins[flag.raised_by],
        by=flag.objector_kind,
        due_at=flag.due_at,
        overdue=flag.outcome is None and flag.due_at < work.now,
        state=FlagState(flag.outcome) if flag.outcome else FlagState.OPEN,
    )


def show_flag(application: Application, named: str) -> FlagDetails:
    """Return everything about a flag that the user may read.

    NotFound as by `find_shown_flag`.
    """
    with application.reading() as work:
        return _flag_details(work, [find_shown_flag(work, named)])[0]


def find_shown_flag(work: UnitOfWork, named: str) -> PhotoFlag:
    """Return the flag with this id.

    One that concerns a person is like one that does not exist, except for coordinators and, if it
    was raised by a report, who recorded it.
    """
    flag = find_flag(work.session, named)
    is_own_report = flag.cause is FlagCause.REPORTED and flag.raised_by == work.actor.id
    if not (_may_know_of(work, flag) or is_own_report):
        raise not_listed(named, "photo_flag")
    return flag


def _flag_details(work: UnitOfWork, flags: Iterable[PhotoFlag]) -> list[FlagDetails]:
    logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
    result = []
    for flag in flags:
        may_read = work.actor.role in COORDINATORS or flag.raised_by == work.actor.id
        details = FlagDetails(
            row=_flag_row(work, flag, logins),
            may_read=may_read,
            may_resolve=work.actor.role in COORDINATORS,
            cause=flag.cause,
            reason=flag.reason if may_read else "",
            like=_photo(flag.like_photo_id) if may_read else "",
            about=_named(flag.about_person_id) if may_read else "",
            person=_named(flag.person_id) if may_read else "",
            consent=_refused_in(work, flag) if may_read else "",
            objector=flag.objector if may_read else "",
            resolution=flag.resolution if may_read else "",
            resolved_by=logins[flag.resolved_by] if flag.resolved_by else "",
            resolved_at=flag.resolved_at,
        )
        result.append(details)
    return result


def _photo(number: int | None) -> str:
    return human_id(Kind.PHOTO, number) if number else ""


def _refused_in(work: UnitOfWork, flag: PhotoFlag) -> str:
    """Return the consent by which somebody was refused who was removed from the photo."""
    if flag.cause is not FlagCause.REMOVED or flag.about_person_id is None:
        return ""
    photo = work.session.get_one(Photo, flag.photo_id)
    number = refusing_consent(work, photo, flag.about_person_id, flag.person_id or 0)
    return human_id(Kind.CONSENT, number) if number else ""


def _named(person: int | None) -> str:
    return human_id(Kind.PERSON, person) if person else ""


def resolve_flag(
    application: Application, named: str, *, outcome: FlagOutcome, reason: str
) -> FlagDetails:
    """Resolve one flag, as `resolve_flags` does."""
    return resolve_flags(application, [named], outcome=outcome, reason=reason)[0]


def resolve_flags(
    application: Application, named: Sequence[str], *, outcome: FlagOutcome, reason: str
) -> list[FlagDetails]:
    """Resolve flags with a reason, all or none. Only for coordinators, not on their own photos.

    A standing flag can be lifted later, and both reasons are stored; a lifted flag cannot change.
    The contact of an outside objector is deleted. A person's own refusal remains; only that person
    can replace it.
    """
    with application.changing(COORDINATORS) as work:
        resolved = find_flags(work.session, named)
        _resolve_flags(work, resolved, outcome, reason)
        return _flag_details(work, resolved)


@dataclass(frozen=True, slots=True)
class RelatedStops:
    """Stops of near-duplicates of photos whose flags were resolved.

    `copies` are open flags on near-duplicates. `similar_to_stopped` maps the photos that look like
    a photo which is still stopped to that photo.
    """

    copies: tuple[str, ...]
    similar_to_stopped: dict[str, str]


def related_stops(application: Application, photos: Sequence[str]) -> RelatedStops:
    """Return the stops of near-duplicates of these photos, whose flags were resolved."""
    with application.reading() as work:
        resolved = {id_of(photo) for photo in find_photos(work.session, photos)}
        not_refused = resolved - refused_photos(work, resolved)
        found = find_similar(work, likenesses_of(work.session, not_refused), most=sys.maxsize)
        others = {each.photo_id for similar in found.values() for each in similar} - resolved
        flags = sorted(active_flags(work.session, others).values(), key=id_of)
        return RelatedStops(
            tuple(human_id(Kind.FLAG, flag.id) for flag in flags if flag.outcome is None),
            {
                human_id(Kind.PHOTO, number): human_id(Kind.PHOTO, other)
                for number, other in similar_to_stopped(work, resolved).items()
            },
        )


def _resolve_flags(
    work: UnitOfWork, flags: Sequence[PhotoFlag], outcome: FlagOutcome, reason: str
) -> None:
    """Resolve flags in the open unit of work; NotAllowed for one that is already resolved."""
    for flag in flags:
        if flag.outcome in {outcome, FlagOutcome.LIFTED}:
            raise NotAllowed(
                N_("{flag} is already resolved"),
                N_("Stop the photo again if need be."),
                step=NextStep.to(
                    NextAction.PHOTO_FLAG, "reason", photo=human_id(Kind.PHOTO, flag.photo_id)
                ),
                flag=human_id(Kind.FLAG, flag.id),
                photo=human_id(Kind.PHOTO, flag.photo_id),
            )
    photos = {flag.photo_id for flag in flags}
    require_four_eyes(work, rows_with(work.session, Photo, Photo.id, photos))
    text = require_reason(reason)
    for flag in flags:
        earlier = flag.resolution
        flag.resolution = require_reason(f"{earlier} / {text}") if earlier else text
        flag.outcome, flag.objector = outcome, ""
        flag.resolved_at, flag.resolved_by = work.now, work.actor.id
    work.session.flush()
    entries = [(flag.id, {"photo": flag.photo_id, "outcome": outcome}) for flag in flags]
    work.log_all(Action.FLAG_RESOLVED, Kind.FLAG, entries)
