"""Flags: anyone on the staff stops a photo at once; the coordinator resolves it (rulebook §7.9)."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from photoreg.errors import NotAllowed
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import (
    the_channel,
    the_flag,
    the_flags,
    the_person,
    the_photo,
    the_photos,
)
from photoreg.registry.queries.flags import listed_flags
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.queries.people import active_wards
from photoreg.registry.queries.photos import depictions_of
from photoreg.registry.queries.similarity import likeness_of_photos
from photoreg.registry.queries.stops import own_flags
from photoreg.registry.rows import add, rows_with
from photoreg.registry.tables.photos import FlagCause, FlagOutcome, Objector, Photo, PhotoFlag
from photoreg.rulebook.channels import FLAGGED
from photoreg.services.consents import consents
from photoreg.services.decisions.cases import (
    CaseRow,
    CaseState,
    case_rows,
    keep_four_eyes,
    written_reason,
)
from photoreg.services.decisions.stop_propagation import (
    due_at,
    looking_alike,
    spoken_against,
    still_like_stopped,
)
from photoreg.services.files.refreshing import look_again
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import COORDINATORS, Desk, Workplace
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


class FlagState(StrEnum):
    """Where a flag stands. Open and standing flags stop the photo."""

    OPEN = "open"
    STANDS = "stands"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag as raised, and the consents that hold the objection."""

    flag: str
    photo: str
    due_at: datetime
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag in a list: nobody's name and nothing of what was said."""

    flag: str
    photo: str
    raised_at: datetime
    raised_by: str
    by: Objector
    due_at: datetime
    overdue: bool
    state: FlagState


@dataclass(frozen=True, slots=True)
class WholeFlag:
    """Everything about a flag.

    `may_read` is false for those who are neither coordinators nor raised it: what was said, by whom
    and about whom, is empty for them.
    """

    row: FlagRow
    may_read: bool
    cause: FlagCause
    words: str
    like: str
    about: str
    person: str
    objector: str
    resolution: str
    resolved_by: str
    resolved_at: datetime | None


def raise_flag(
    workplace: Workplace, named: str, *, reason: str, person: str | None = None, objector: str = ""
) -> Raised:
    """Stop a photo at once, for everybody and every channel.

    `person` objects and is in the registry; the objection is recorded as that person's own no, or
    as a guardian's. `objector` is how somebody else is called and answered.
    """
    look_again(workplace, [named])  # its copies are found by how it looks
    with workplace.changing() as desk:
        photo = the_photo(desk.session, named)
        who = the_person(desk.session, person) if person else None
        flag = PhotoFlag(
            photo_id=id_of(photo),
            person_id=who.id if who else None,
            objector=free_text(objector),
            whose=_whose(person, objector),
            words=written_reason(reason),
            raised_at=desk.now,
            raised_by=desk.actor.id,
            due_at=due_at(desk),
        )
        number = add(desk.session, flag)
        desk.log(
            Action.FLAG_RAISED,
            Kind.FLAG,
            number,
            photo=flag.photo_id,
            person=human_id(Kind.PERSON, who.id) if who else None,
            by=flag.whose,
        )
        return Raised(
            flag=human_id(Kind.FLAG, number),
            photo=human_id(Kind.PHOTO, photo.id),
            due_at=flag.due_at,
            objections=_objections(desk, photo, id_of(who)) if who else (),
        )


def _whose(person: str | None, objector: str) -> Objector:
    if person:
        return Objector.PERSON
    return Objector.OUTSIDER if objector.strip() else Objector.STAFF


def _objections(desk: Desk, photo: Photo, person: int) -> tuple[str, ...]:
    """Record the no: as a guardian's for each ward who is shown, else as the person's own."""
    shown = {d.person_id for d in depictions_of(desk.session, id_of(photo))}
    subjects = [child for child in active_wards(desk.session, person) if child in shown]
    if person in shown or not subjects:
        subjects.append(person)
    said = (consents.objected(desk, subject, person, id_of(photo)) for subject in subjects)
    return tuple(each.recorded.thread for each in said)


def list_flags(
    workplace: Workplace, *, photo: str | None = None, everything: bool = False
) -> list[FlagRow]:
    """Return the open flags, oldest first; with `everything` the resolved ones too."""
    with workplace.reading() as desk:
        photo_id = id_of(the_photo(desk.session, photo)) if photo else None
        return flag_rows(desk, photo_id=photo_id, everything=everything)


def flag_rows(
    desk: Desk,
    *,
    photo_id: int | None = None,
    registered_by: int | None = None,
    everything: bool = False,
) -> list[FlagRow]:
    """Return flags at an open desk."""
    found = listed_flags(
        desk.session, photo_id=photo_id, registered_by=registered_by, resolved_too=everything
    )
    logins = {id_of(staff): staff.login for staff in all_staff(desk.session)}
    return [_row(desk, each.flag, logins) for each in found]


def queue(
    workplace: Workplace, *, channel: str | None = None, everything: bool = False
) -> list[CaseRow]:
    """Return what waits for the coordinator: open flags and open cases, each the oldest first.

    A flag concerns every channel, so `channel` leaves out other channels' cases only.
    """
    with workplace.reading() as desk:
        channel_id = id_of(the_channel(desk.session, channel)) if channel else None
        stopped = [_as_case(desk, row) for row in flag_rows(desk, everything=everything)]
        return [*stopped, *case_rows(desk, channel_id, everything=everything)]


def _as_case(desk: Desk, row: FlagRow) -> CaseRow:
    return CaseRow(
        case=row.flag,
        photo=row.photo,
        channel=None,
        opened_at=row.raised_at,
        age_days=(desk.now - row.raised_at).days,
        due_at=row.due_at,
        overdue=row.overdue,
        codes=(FLAGGED.code,),
        state=CaseState.OPEN if row.state is FlagState.OPEN else CaseState.RULED,
        ruling=None,
    )


def _row(desk: Desk, flag: PhotoFlag, logins: dict[int, str]) -> FlagRow:
    return FlagRow(
        flag=human_id(Kind.FLAG, flag.id),
        photo=human_id(Kind.PHOTO, flag.photo_id),
        raised_at=flag.raised_at,
        raised_by=logins[flag.raised_by],
        by=flag.whose,
        due_at=flag.due_at,
        overdue=flag.outcome is None and flag.due_at < desk.now,
        state=FlagState(flag.outcome) if flag.outcome else FlagState.OPEN,
    )


def show_flag(workplace: Workplace, named: str) -> WholeFlag:
    """Return everything about a flag that the one at work may read."""
    with workplace.reading() as desk:
        return _whole(desk, [the_flag(desk.session, named)])[0]


def _whole(desk: Desk, flags: Iterable[PhotoFlag]) -> list[WholeFlag]:
    logins = {id_of(staff): staff.login for staff in all_staff(desk.session)}
    found = []
    for flag in flags:
        may_read = desk.actor.role in COORDINATORS or flag.raised_by == desk.actor.id
        whole = WholeFlag(
            row=_row(desk, flag, logins),
            may_read=may_read,
            cause=flag.cause,
            words=flag.words if may_read else "",
            like=_photo(flag.like_photo_id) if may_read else "",
            about=_named(flag.about_person_id) if may_read else "",
            person=_named(flag.person_id) if may_read else "",
            objector=flag.objector if may_read else "",
            resolution=flag.resolution if may_read else "",
            resolved_by=logins[flag.resolved_by] if flag.resolved_by else "",
            resolved_at=flag.resolved_at,
        )
        found.append(whole)
    return found


def _photo(number: int | None) -> str:
    return human_id(Kind.PHOTO, number) if number else ""


def _named(person: int | None) -> str:
    return human_id(Kind.PERSON, person) if person else ""


def resolve(workplace: Workplace, named: str, *, outcome: FlagOutcome, reason: str) -> WholeFlag:
    """Resolve one flag: see `resolve_all`."""
    return resolve_all(workplace, [named], outcome=outcome, reason=reason)[0]


def resolve_all(
    workplace: Workplace, named: Sequence[str], *, outcome: FlagOutcome, reason: str
) -> list[WholeFlag]:
    """Resolve flags, with a reason, all or none. Only a coordinator may, not on their own photo.

    One that stands can be lifted later, and both reasons are kept; a lifted one stays lifted. How
    to reach an outsider is forgotten. A person's own no stays: only that person takes it back.
    """
    with workplace.changing(COORDINATORS) as desk:
        resolved = the_flags(desk.session, named)
        _resolve(desk, resolved, outcome, reason)
        return _whole(desk, resolved)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is to be known beside resolved flags.

    `copies` are open flags on photos that look like these. `still` are the photos that look like
    one which is stopped, with that one: the same picture may not be shown.
    """

    copies: tuple[str, ...]
    still: dict[str, str]


def beside(workplace: Workplace, photos: Sequence[str]) -> Beside:
    """Return what is to be known beside the flags on these photos that were resolved."""
    with workplace.reading() as desk:
        wanted = {id_of(photo) for photo in the_photos(desk.session, photos)}
        free = wanted - spoken_against(desk, wanted)
        found = looking_alike(desk, likeness_of_photos(desk.session, free), most=sys.maxsize)
        others = {each.photo_id for alike in found.values() for each in alike} - wanted
        flags = sorted(own_flags(desk.session, others).values(), key=id_of)
        return Beside(
            tuple(human_id(Kind.FLAG, flag.id) for flag in flags if flag.outcome is None),
            {
                human_id(Kind.PHOTO, number): human_id(Kind.PHOTO, like)
                for number, like in still_like_stopped(desk, wanted).items()
            },
        )


def _resolve(desk: Desk, flags: Sequence[PhotoFlag], outcome: FlagOutcome, reason: str) -> None:
    """Resolve flags at an open desk."""
    for flag in flags:
        if flag.outcome in {outcome, FlagOutcome.LIFTED}:
            raise NotAllowed(
                N_("{flag} has been resolved already"),
                N_("Stop the photo again if need be."),
                step=NextStep.to(
                    NextAction.PHOTO_FLAG, "reason", photo=human_id(Kind.PHOTO, flag.photo_id)
                ),
                flag=human_id(Kind.FLAG, flag.id),
                photo=human_id(Kind.PHOTO, flag.photo_id),
            )
    photos = {flag.photo_id for flag in flags}
    keep_four_eyes(desk, rows_with(desk.session, Photo, Photo.id, photos))
    said = written_reason(reason)
    for flag in flags:
        earlier = flag.resolution
        flag.resolution = written_reason(f"{earlier} / {said}") if earlier else said
        flag.outcome, flag.objector = outcome, ""
        flag.resolved_at, flag.resolved_by = desk.now, desk.actor.id
    desk.session.flush()
    entries = [(flag.id, {"photo": flag.photo_id, "outcome": outcome}) for flag in flags]
    desk.log_all(Action.FLAG_RESOLVED, Kind.FLAG, entries)
