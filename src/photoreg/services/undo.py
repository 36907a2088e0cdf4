"""Undo what the user recorded last: what was said, publications, answers and named people.

Consents, permissions and publications are marked as typed by mistake, as a correction does. Answers
of photos and events, and people, are put back as they were, as any other change: if that takes back
a statement that stood in the way, the photo waits for a second look (rulebook §3, RG_SECOND_LOOK).
Nothing else is undone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from photoreg.errors import NotAllowed
from photoreg.registry import ledger
from photoreg.registry.ids import Kind, human_id, id_of, parse_id, require_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_photos
from photoreg.registry.merged import kept_records
from photoreg.registry.queries.corrections import (
    Statement,
    publication_corrections,
    statement_corrections,
    statements_of_change,
)
from photoreg.registry.queries.people import erased_among
from photoreg.registry.queries.publications import find_publication
from photoreg.registry.queries.undo import (
    FormerRows,
    LoggedChange,
    changes_of,
    depictions_with,
    former_rows,
    is_spoken_of_since,
    undone_by,
)
from photoreg.registry.rows import add_all
from photoreg.registry.tables.consents import ConsentEvent, PermissionEvent
from photoreg.registry.tables.photos import Depiction, Photo
from photoreg.registry.tables.second_looks import Correction
from photoreg.services.application import Application
from photoreg.services.consents.consents import hidden_consents
from photoreg.services.consents.objections import FlaggedPhotos
from photoreg.services.photos.answers import EventAnswers, put_answers_back
from photoreg.services.photos.depictions import flag_refused
from photoreg.services.photos.events import answer_event
from photoreg.services.publications.corrections import (
    Corrected,
    correct_publication_in_work,
    correct_statements,
    waiting_error,
)
from photoreg.services.unit_of_work import RECORDERS, UnitOfWork, require_role
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_SAID_OF_CONSENTS = frozenset(
    {
        *(Action.CONSENT_REQUESTED, Action.CONSENT_GIVEN, Action.CONSENT_REFUSED),
        *(Action.CONSENT_WITHDRAWN, Action.CONSENT_RENEWED),
    }
)
_SAID_OF_PERMISSIONS = frozenset(
    {
        *(Action.PERMISSION_REQUESTED, Action.PERMISSION_GIVEN, Action.PERMISSION_REFUSED),
        *(Action.PERMISSION_WITHDRAWN, Action.PERMISSION_RENEWED),
    }
)
_SAID = _SAID_OF_CONSENTS | _SAID_OF_PERMISSIONS
_SAID_OF = {Kind.CONSENT: _SAID_OF_CONSENTS, Kind.PERMISSION: _SAID_OF_PERMISSIONS}
_PUBLISHED = frozenset({Action.PUBLICATION_ADDED})
_REFUSED = frozenset(
    {Action.CONSENT_WITHDRAWN, Action.CONSENT_REFUSED, Action.PERMISSION_WITHDRAWN}
)
"""What is carried over to a photo that is moved to another event."""
_ANSWERED_PHOTOS = frozenset({Action.PHOTO_ANSWERED, Action.PHOTO_TAGGED, Action.PHOTO_UNTAGGED})
_ANSWERED = _ANSWERED_PHOTOS | {Action.EVENT_CHANGED}
"""What is put back, if all that changed in an event are its answers."""

_NOTHING_RECORDED = frozenset(
    {
        *(Action.NAMES_SHOWN, Action.NAMES_READ, Action.BLOCKS_READ, Action.LOGINS_READ),
        Action.CASE_SHOWN,
        *(Action.PERSON_REPORTED, Action.EVIDENCE_SHOWN, Action.EVIDENCE_EXPORTED),
        *(Action.EVIDENCE_DAMAGED, Action.EVIDENCE_WHOLE, Action.RECORD_CHANGED),
        *(Action.RECORDS_HASHED, Action.SECOND_LOOK_ASKED, Action.TAKE_DOWN_OPENED),
        *(Action.PUBLICATION_NOT_RECALLABLE, Action.PICTURE_READ, Action.PICTURE_UNREAD),
        *(Action.PHOTO_FINGERPRINTED, Action.PHOTO_FILE_CHANGED, Action.RIGHTS_REMOVED),
        *(Action.RIGHTS_RESTORED, Action.FORM_PRINTED, Action.REGISTRY_BACKED_UP),
    }
)
"""What is logged where nobody recorded anything."""

_CORRECTED = frozenset(
    {
        *(Action.CORRECTION_ASKED, Action.CORRECTION_MADE, Action.CORRECTION_REJECTED),
        Action.RECORDING_UNDONE,
    }
)
"""What is logged where something was corrected, which is not undone in its turn."""

_FOLLOWS = _NOTHING_RECORDED | {Action.FLAG_RAISED}
"""What may follow from what was recorded, in the same change."""

_HINTS = {
    Action.PERSON_CHANGED: N_(
        "Correct the person's data instead. A publication block is lifted by the coordinator only."
    ),
    Action.FLAG_RAISED: N_("The coordinator resolves it: a flag or an objection is never undone."),
    Action.PHOTO_FORGOTTEN: N_("Register the file again; the photo gets another number."),
    Action.PHOTO_REGISTERED: N_("Take the photo out of the registry instead."),
}


@dataclass(frozen=True, slots=True)
class LastRecording:
    """What the user recorded last: the entry of the log, when, what, and about which records."""

    entry: int
    at: datetime
    action: Action
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone: corrected consents or publications, or photos with their former answers.

    `stopped`: flags on photos from which somebody was taken out who refused.
    """

    corrected: tuple[Corrected, ...] = ()
    photos: tuple[str, ...] = ()
    stopped: FlaggedPhotos | None = None

    @property
    def records(self) -> tuple[str, ...]:
        """The records that are now as they were before, each once."""
        corrected = (each.record for each in self.corrected if not each.counts)
        return tuple(dict.fromkeys((*corrected, *self.photos)))


def last_entry(application: Application) -> int:
    """Return the number of the last entry of the log."""
    with application.reading() as work:
        return ledger.head(work.session).seq


def last_recording(application: Application) -> LastRecording:
    """Return what the user recorded last; NotAllowed if it cannot be undone."""
    with application.reading() as work:
        require_role(work, RECORDERS)
        change = _last_change(work)
        actions = _undoable(change)
        records = change.subjects(actions)
        first = next(entry for entry in change.entries if entry.action in actions)
        return LastRecording(change.entries[0].seq, change.at, Action(first.action), records)


def undo_last(application: Application, entry: int) -> Undone:
    """Undo what the user recorded last, which begins with this entry of the log.

    NotAllowed if it cannot be undone, or if something else was recorded meanwhile.
    """
    with application.changing() as work:
        change = _last_change(work)
        if change.entries[0].seq != entry:
            raise NotAllowed(
                N_("something else was recorded meanwhile"), N_("Look again at what was last.")
            )
        actions = _undoable(change)
        undone = _undo(work, change, actions)
        _log(work, undone.records, entry)
        return undone


def _log(work: UnitOfWork, records: Sequence[str], entry: int) -> None:
    """Log what was undone; what waits for a colleague was not."""
    by_kind = groupby(records, key=lambda record: record.partition("-")[0])
    for kind, found in by_kind:
        entries = [(require_id(Kind(kind), record), {"undone": entry}) for record in found]
        work.log_all(Action.RECORDING_UNDONE, Kind(kind), entries)


def _last_change(work: UnitOfWork) -> LoggedChange:
    """Return the last change in which the user recorded something that was not undone since."""
    undone: set[int] = set()
    for change in changes_of(work.session, work.actor.id):
        undone |= undone_by(change)
        is_recorded = change.actions.isdisjoint(_CORRECTED) and change.actions - _NOTHING_RECORDED
        is_undone = change.entries[0].seq in undone or _is_corrected(work, change)
        if is_recorded and not is_undone:
            return change
    raise NotAllowed(
        N_("you have recorded nothing that could be undone"),
        N_("Only what you recorded yourself is undone."),
    )


def _is_corrected(work: UnitOfWork, change: LoggedChange) -> bool:
    """Return whether what a change recorded was corrected by itself, or confirmed as no mistake."""
    if statements := _statements(work, change):
        corrections = statement_corrections(work.session, statements)
        ended = {_subject_of(each) for each in corrections if each.outcome}
        return all((type(each), id_of(each)) in ended for each in statements)
    if numbers := set(_publications(change)):
        corrections = publication_corrections(work.session, numbers)
        return numbers <= {x.publication_id for x in corrections if x.outcome}
    return False


def _statements(work: UnitOfWork, change: LoggedChange) -> list[Statement]:
    """Return the statements that a change recorded, if nothing else."""
    if not change.actions - _FOLLOWS <= _SAID:
        return []
    return [
        event
        for kind, actions in _SAID_OF.items()
        if (records := [require_id(kind, each) for each in change.subjects(actions)])
        for event in statements_of_change(
            work.session, kind, records, at=change.at, by=work.actor.id
        )
    ]


def _subject_of(correction: Correction) -> tuple[type, int | None]:
    """Return the table and the number of the statement that a correction is about."""
    is_consents = correction.permission_statement_id is None
    return ConsentEvent if is_consents else PermissionEvent, correction.statement


def _publications(change: LoggedChange) -> list[int]:
    return [require_id(Kind.PUBLICATION, each) for each in change.subjects(_PUBLISHED)]


def _undoable(change: LoggedChange) -> frozenset[str]:
    """Return the actions of a change that are undone; NotAllowed for any other."""
    recorded = change.actions - _FOLLOWS
    if not recorded.isdisjoint(_ANSWERED):
        recorded -= _REFUSED
    answered = _ANSWERED if _are_answers(change) else _ANSWERED_PHOTOS
    for actions in (_SAID, _PUBLISHED, answered):
        if recorded and recorded <= actions:
            return actions
    other = recorded - _SAID - answered or {Action.FLAG_RAISED}
    entry = next(each for each in change.entries if each.action in other)
    action = Action(entry.action)
    raise NotAllowed(
        N_("what you recorded last cannot be undone: {what} ({record})"),
        _HINTS.get(action, N_("Correct it by recording it as it should be.")),
        step=_step(action, entry.subject),
        what=action,
        record=entry.subject,
    )


def _are_answers(change: LoggedChange) -> bool:
    """Return whether a change of an event is one of its answers only."""
    details = (json.loads(e.details) for e in change.entries if e.action == Action.EVENT_CHANGED)
    return all(set(each.get("fields", [""])) <= set(EventAnswers.__slots__) for each in details)


def _step(action: Action, record: str) -> NextStep | None:
    if action is Action.PHOTO_REGISTERED:
        return NextStep.to(NextAction.PHOTO_FORGET, photo=record)
    if action is Action.PHOTO_FORGOTTEN:
        return NextStep.to(NextAction.PHOTO_REGISTER, "file")
    return NextStep.to(NextAction.FLAG_LIST) if action is Action.FLAG_RAISED else None


def _undo(work: UnitOfWork, change: LoggedChange, actions: frozenset[str]) -> Undone:
    if actions is _SAID:
        return Undone(tuple(_take_back(work, change)))
    if actions is _PUBLISHED:
        found = [find_publication(work.session, named) for named in change.subjects(actions)]
        return Undone(tuple(correct_publication_in_work(work, each) for each in found))
    return _put_back(work, change, change.subjects(actions))


def _take_back(work: UnitOfWork, change: LoggedChange) -> list[Corrected]:
    """Correct exactly the statements of a change, less those that were corrected by themselves."""
    events = _statements(work, change)
    _refuse_hidden(work, {e.consent_id for e in events if isinstance(e, ConsentEvent)})
    known = {_subject_of(each) for each in statement_corrections(work.session, events)}
    left = [event for event in events if (type(event), id_of(event)) not in known]
    if not left:
        raise waiting_error(change.subjects(_SAID)[0])
    return correct_statements(work, left)


def _refuse_hidden(work: UnitOfWork, consents: set[int]) -> None:
    if consents & hidden_consents(work):
        raise NotAllowed(
            N_("this is an objection: it is resolved by the coordinator and never undone"),
            N_("See what was objected to."),
            step=NextStep.to(NextAction.FLAG_LIST),
        )


def _put_back(work: UnitOfWork, change: LoggedChange, records: Sequence[str]) -> Undone:
    """Put answers and named people back as they were before a change."""
    named = [record for record in records if parse_id(Kind.PHOTO, record)]
    photos = {id_of(photo): photo for photo in find_photos(work.session, named)}
    if is_spoken_of_since(work.session, records, change.entries[-1].seq, _ANSWERED):
        raise NotAllowed(
            N_("something else was answered about these photos since"),
            N_("Correct it by recording it as it should be."),
            step=NextStep.to(NextAction.PHOTO_SHOW, photo=named[0]) if named else None,
        )
    for (number,), row in former_rows(work.session, "event", change.at).changed.items():
        event = find_event(work.session, human_id(Kind.EVENT, number))
        answer_event(work, event, {name: row[name] for name in EventAnswers.__slots__})
    removed = _put_people_back(work, former_rows(work.session, "depiction", change.at), photos)
    takers = former_rows(work.session, "photo_photographer", change.at)
    _refuse_gone(work, (row["person_id"] for row in takers.deleted.values()))
    before = former_rows(work.session, "photo", change.at).changed
    answers = {number: before[number,] for number in photos if (number,) in before}
    replaced = put_answers_back(work, list(photos.values()), answers, _links(takers))
    stopped = flag_refused(work, list(photos.values()), removed) or replaced
    return Undone(photos=tuple(records), stopped=stopped)


def _links(takers: FormerRows) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the links of photos with photographers that were added, and that were deleted."""
    added = {(key[0], key[1]) for key in takers.added}
    return added, {(key[0], key[1]) for key in takers.deleted}


def _put_people_back(
    work: UnitOfWork, before: FormerRows, photos: Mapping[int, Photo]
) -> dict[int, set[int]]:
    """Name again who was taken out, and take out who was named; return these, by photo."""
    rows = [row for row in before.deleted.values() if row["photo_id"] in photos]
    _refuse_gone(work, (row["person_id"] for row in rows if row["person_id"]))
    removed: dict[int, set[int]] = {number: set() for number in photos}
    for depiction in depictions_with(work.session, (key[0] for key in before.added)):
        if depiction.photo_id in photos:
            removed[depiction.photo_id] |= {depiction.person_id} if depiction.person_id else set()
            work.session.delete(depiction)
    work.session.flush()
    add_all(work.session, [_depiction(row) for row in rows])
    return removed


def _depiction(row: Mapping[str, Any]) -> Depiction:
    names = ("photo_id", "person_id", "prominence", "role")
    return Depiction(**{name: row[name] for name in names})


def _refuse_gone(work: UnitOfWork, persons: Iterable[int]) -> None:
    """Raise NotAllowed for persons who were erased, or merged into another, since."""
    numbers = set(persons)
    merged = {n for n, kept in kept_records(work.session, numbers).items() if kept != n}
    if merged or erased_among(work.session, numbers):
        raise NotAllowed(
            N_("somebody's data was erased or merged since"),
            N_("Correct it by recording it as it should be."),
        )
