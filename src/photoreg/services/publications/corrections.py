"""Mark statements about consents and permissions, and publications, as typed by mistake.

They stay recorded and count as never said. A consent or a permission is corrected at once (rulebook
§3, RG_SECOND_LOOK: it is no statement that stood in the way). A refusal or a withdrawal is, within
the policy's `correction_minutes`, by whoever recorded it, if nothing has passed a gate or reacted
on it; so is a publication without a take-down task. Anything else counts until another member of
staff has confirmed that it was a mistake.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from photoreg.errors import InputDataError, NotAllowed, Phrase
from photoreg.registry.corrected import STATEMENT_COLUMNS
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_permission
from photoreg.registry.queries.corrections import (
    Record,
    Recording,
    Statement,
    actions_beside,
    came_as_objection,
    is_any_flagged_since,
    kind_of,
    number_of_record,
    open_corrections,
    publication_corrections,
    record_of,
    recordings_of,
    statement_corrections,
    statement_of,
    take_downs_of,
)
from photoreg.registry.queries.people import (
    erased_among,
    persons_of,
    photos_showing,
    photos_taken_by,
)
from photoreg.registry.queries.publications import find_publication
from photoreg.registry.queries.second_looks import photos_past_a_gate
from photoreg.registry.rows import add, rows_with
from photoreg.registry.tables.consents import Consent, Permission, PermissionEvent
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.publications import Publication, PublishedPhoto
from photoreg.registry.tables.second_looks import Correction, SecondLookOutcome
from photoreg.rulebook.facts import REFUSING_KINDS, ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents.consents import (
    find_shown_consent,
    hidden_consents,
    withheld_persons,
)
from photoreg.services.people.persons import refuse_unseen
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, current_policy
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_SAID_ALONE = (
    *("consent.", "consent_form.", "permission.", "evidence.", "record.", "records.", "names."),
)
"""The beginnings of the actions that a change logs in which somebody typed statements."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A statement or a publication that was marked as typed by mistake.

    `record` is the consent or the publication; `kind` is that of a statement. `outcome`: it counts
    as never said, a colleague has answered otherwise, or (None) a colleague must answer first.
    """

    record: str
    kind: ConsentKind | None
    day: date
    outcome: SecondLookOutcome | None

    @property
    def counts(self) -> bool:
        """Whether what was typed still counts."""
        return self.outcome not in _MADE


_MADE = (SecondLookOutcome.CORRECTED, SecondLookOutcome.AGREED)


def correct_consent(
    application: Application,
    named: str,
    *,
    day: date | None = None,
    statement: int | None = None,
    agrees: bool | None = None,
) -> list[Corrected]:
    """Mark what was recorded last about a consent, or last of a day, as typed by mistake.

    `statement` chooses one by its place among all that was recorded about the consent; it must be
    given when several members of staff have recorded some. `agrees`: the answer of another member
    of staff, where one waits for it. NotAllowed for an objection, which is resolved, and when
    nothing is there to correct.
    """
    with application.changing() as work:
        consent = find_shown_consent(work, named)
        return _correct(work, consent, _Choice(day, statement), agrees)


def correct_permission(
    application: Application,
    named: str,
    *,
    day: date | None = None,
    statement: int | None = None,
    agrees: bool | None = None,
) -> list[Corrected]:
    """Mark what was recorded about a photographer's permission as typed by mistake.

    By the same rules as `correct_consent`.
    """
    with application.changing() as work:
        permission = find_permission(work.session, named)
        return _correct(work, permission, _Choice(day, statement), agrees)


class _Choice(NamedTuple):
    """Which of the statements about a record is meant: those of a day, or one by its place."""

    day: date | None
    statement: int | None


def _correct(
    work: UnitOfWork, record: Record, choice: _Choice, agrees: bool | None
) -> list[Corrected]:
    _refuse_withheld(work, record)
    _refuse_erased(work, record)
    named = human_id(kind_of(record), record.id)
    found = _recordings(work, record, choice)
    waiting = _waiting_among(work, found)
    if agrees is not None:
        found = [each for each in found if _numbers(each.statements) & waiting.keys()]
        if not found:
            _refuse_answer(agrees, named)
    chosen = _chosen(work, found, named)
    # To take a no away is as much as a yes, and whoever may record a yes may strike it.
    if agrees or any(event.kind not in REFUSING_KINDS for event in chosen.statements):
        authors = [e.author_id for e in chosen.statements if isinstance(e, PermissionEvent)]
        for person in filter(None, (*_persons_in(record), *authors)):
            refuse_unseen(work, person)
    numbers = _numbers(chosen.statements)
    asked = [each for number, each in waiting.items() if number in numbers]
    if asked:
        by_number = {id_of(event): event for event in chosen.statements}
        return [_confirm(work, each, by_number[each.statement or 0], agrees) for each in asked]
    return correct_statements(work, chosen.statements)


_LISTED = {
    Kind.CONSENT: NextStep.to(NextAction.CONSENT_LIST),
    Kind.PERMISSION: NextStep.to(NextAction.PERMISSION_LIST),
}


def _recordings(work: UnitOfWork, record: Record, choice: _Choice) -> list[Recording]:
    """Return what was recorded about a record and can be corrected; NotAllowed for nothing."""
    found = [
        each
        for each in recordings_of(work.session, record)
        if choice.day in {None, each.day} and choice.statement in {None, each.number}
    ]
    if not found:
        kind = kind_of(record)
        raise NotAllowed(
            N_("nothing is recorded about {record} that could be corrected"),
            N_("See what is recorded, and on what days."),
            step=_LISTED[kind],
            record=human_id(kind, record.id),
        )
    return found


def _waiting_among(work: UnitOfWork, recordings: Iterable[Recording]) -> dict[int, Correction]:
    """Return the corrections of these that wait for a colleague, by statement."""
    statements = [event for each in recordings for event in each.statements]
    found = statement_corrections(work.session, statements)
    return {each.statement or 0: each for each in found if each.outcome is None}


def _numbers(statements: Iterable[Statement]) -> set[int]:
    return set(map(id_of, statements))


def _chosen(work: UnitOfWork, recordings: Sequence[Recording], record: str) -> Recording:
    """Return the last one; InputDataError if several members of staff have recorded them."""
    if len({each.recorded_by for each in recordings}) > 1:
        raise InputDataError(
            N_("several members of staff have recorded statements about {record}: {statements}"),
            N_("Say which of them was typed by mistake, by its number."),
            fields=("statement",),
            record=record,
            statements=tuple(_told_recording(work, each) for each in recordings),
        )
    return recordings[-1]


def _told_recording(work: UnitOfWork, recording: Recording) -> Phrase:
    kinds = dict.fromkeys(event.kind for event in recording.statements)
    by = work.session.get_one(Staff, recording.recorded_by).login
    return Phrase((f"{recording.number}:", *kinds, recording.day, f"({by})"))


def correct_statements(work: UnitOfWork, events: Sequence[Statement]) -> list[Corrected]:
    """Mark statements as typed by mistake, in the open unit of work."""
    corrected = []
    for event in events:
        record = record_of(work.session, event)
        _refuse_erased(work, record, event)
        _refuse_objection(work, record, event)
        _refuse_waiting(
            statement_corrections(work.session, [event]), human_id(kind_of(record), record.id)
        )
        is_made = _is_corrected_at_once(work, record, event)
        _store(work, STATEMENT_COLUMNS[type(event)], id_of(event), is_made=is_made)
        corrected.append(_told_statement(work, event, _outcome(is_made=is_made)))
    return corrected


def correct_publication(
    application: Application, named: str, *, agrees: bool | None = None
) -> Corrected:
    """Mark a publication as recorded by mistake; `agrees` is as in `correct_consent`."""
    with application.changing() as work:
        publication = find_publication(work.session, named)
        number = id_of(publication)
        waiting = [x for x in open_corrections(work.session) if x.publication_id == number]
        if waiting:
            return _confirm_publication(work, waiting[0], publication, agrees)
        _refuse_answer(agrees, human_id(Kind.PUBLICATION, number))
        return correct_publication_in_work(work, publication)


def correct_publication_in_work(work: UnitOfWork, publication: Publication) -> Corrected:
    """Mark a publication as recorded by mistake, in the open unit of work.

    NotAllowed if that was done already, or waits for a colleague.
    """
    record = human_id(Kind.PUBLICATION, publication.id)
    earlier = publication_corrections(work.session, [id_of(publication)])
    _refuse_waiting(earlier, record)
    if any(each.outcome in _MADE for each in earlier):
        raise NotAllowed(
            N_("{record} was recorded by mistake already, and counts as never made"),
            N_("Nothing needs to be done."),
            record=record,
        )
    _refuse_taken_down(work, publication)
    is_made = (
        not earlier
        and _is_own_slip(work, publication.recorded_by, publication.recorded_at)
        and not take_downs_of(work.session, id_of(publication))
    )
    _store(work, "publication_id", id_of(publication), is_made=is_made)
    return _told_publication(work, publication, _outcome(is_made=is_made))


def _outcome(*, is_made: bool) -> SecondLookOutcome | None:
    return SecondLookOutcome.CORRECTED if is_made else None


def _store(work: UnitOfWork, column: str, number: int, *, is_made: bool) -> None:
    """Store the correction of what a column refers to."""
    about: dict[str, Any] = {column: number}
    correction = Correction(asked_at=work.now, asked_by=work.actor.id, **about)
    if is_made:
        _end(work, correction, SecondLookOutcome.CORRECTED)
    add(work.session, correction)


def _end(work: UnitOfWork, correction: Correction, outcome: SecondLookOutcome) -> None:
    correction.outcome, correction.ended_at, correction.ended_by = outcome, work.now, work.actor.id


# --- whether it counts as never said at once ----------------------------------------------------


def _is_corrected_at_once(work: UnitOfWork, record: Record, event: Statement) -> bool:
    """Return whether nobody else need confirm that a statement was typed by mistake."""
    if event.kind not in REFUSING_KINDS:
        return True
    photos = _photos_of(work, record, event)
    return (
        not statement_corrections(work.session, [event])
        and _is_own_slip(work, event.recorded_by, event.recorded_at)
        and _was_typed(work, event)
        and not photos_past_a_gate(work.session, photos)
        and not is_any_flagged_since(work.session, photos, event.recorded_at)
    )


def _photos_of(work: UnitOfWork, record: Record, event: Statement) -> list[int]:
    """Return the photos that a statement may concern."""
    reach = {"photo": record.photo_id, "event": record.event_id}
    photos = {record.photo_id} if record.photo_id else set()
    if isinstance(record, Consent):
        return sorted({*photos, *photos_showing(work.session, record.subject_id, **reach)})
    author = event.author_id if isinstance(event, PermissionEvent) else None
    for taker in filter(None, (record.photographer_id, author)):
        photos |= {*photos_taken_by(work.session, taker, **reach)}
    return sorted(photos)


def _is_own_slip(work: UnitOfWork, by: int, at: datetime) -> bool:
    """Return whether the actor recorded something within the time for slips."""
    minutes = timedelta(minutes=current_policy(work.session)[1].correction_minutes)
    return by == work.actor.id and work.now < at + minutes


def _was_typed(work: UnitOfWork, event: Statement) -> bool:
    """Return whether a statement was typed, not carried over as something else was changed."""
    actions = actions_beside(work.session, event)
    return bool(actions) and all(action.startswith(_SAID_ALONE) for action in actions)


# --- what another member of staff confirms -------------------------------------------------------


def _confirm(
    work: UnitOfWork,
    correction: Correction,
    event: Statement,
    agrees: bool | None,
) -> Corrected:
    record = human_id(kind_of(event), number_of_record(event))
    earlier = statement_corrections(work.session, [event])
    _answer(work, correction, earlier, record, agrees)
    return _told_statement(work, event, correction.outcome)


def _confirm_publication(
    work: UnitOfWork, correction: Correction, publication: Publication, agrees: bool | None
) -> Corrected:
    record, number = human_id(Kind.PUBLICATION, publication.id), id_of(publication)
    earlier = publication_corrections(work.session, [number])
    is_still_there = any(task.done_at is None for task in take_downs_of(work.session, number))
    if agrees:
        _refuse_taken_down(work, publication)
    if agrees and is_still_there and work.actor.role not in COORDINATORS:
        raise NotAllowed(
            N_("{record} is to be taken down: a coordinator confirms that it was never made"),
            N_("Ask the communications coordinator."),
            record=record,
        )
    _answer(work, correction, earlier, record, agrees)
    return _told_publication(work, publication, correction.outcome)


def _refuse_taken_down(work: UnitOfWork, publication: Publication) -> None:
    """Raise NotAllowed if a photo was taken down: the publication was made."""
    number = id_of(publication)
    published = rows_with(work.session, PublishedPhoto, PublishedPhoto.publication_id, [number])
    if any(each.removed_on for each in published):
        raise NotAllowed(
            N_("a photo of {record} was taken down, so the publication was made"),
            N_("Take down the other photos as well, if they are to go."),
            record=human_id(Kind.PUBLICATION, number),
        )


def _answer(
    work: UnitOfWork,
    correction: Correction,
    every: Iterable[Correction],
    record: str,
    agrees: bool | None,
) -> None:
    """End an open correction with the answer of another member of staff.

    After somebody has not agreed, only a coordinator's agreement counts.
    """
    if correction.asked_by == work.actor.id:
        raise waiting_error(record)
    if agrees is None:
        raise InputDataError(
            N_("a colleague has marked {record} as typed by mistake, and waits for your answer"),
            N_("Look at the paper or ask the person: was it said or not?"),
            fields=("agree",),
            record=record,
        )
    is_denied = any(each.outcome is SecondLookOutcome.DIFFERED for each in every)
    if agrees and is_denied and work.actor.role not in COORDINATORS:
        raise NotAllowed(
            N_("it was answered before that {record} was no mistake"),
            N_("Only a communications coordinator can confirm the mistake now."),
            record=record,
        )
    _end(work, correction, SecondLookOutcome.AGREED if agrees else SecondLookOutcome.DIFFERED)
    add(work.session, correction)


def waiting_error(record: str) -> NotAllowed:
    """Return the error for what was marked as typed by mistake, and waits for a colleague."""
    return NotAllowed(
        N_("the correction of {record} waits for another member of staff"),
        N_("Ask a colleague to look at it and to answer whether it was a mistake."),
        record=record,
    )


def _refuse_waiting(corrections: Iterable[Correction], record: str) -> None:
    if any(each.outcome is None for each in corrections):
        raise waiting_error(record)


def _refuse_answer(agrees: bool | None, record: str) -> None:
    if agrees is not None:
        raise NotAllowed(
            N_("nobody has marked {record} as typed by mistake"),
            N_("To mark it yourself, leave out the answer."),
            record=record,
        )


def _refuse_withheld(work: UnitOfWork, record: Record) -> None:
    """Raise NotAllowed where only coordinators may know what was said."""
    persons = persons_of(work.session, _persons_in(record))
    if withheld_persons(work, persons.values()):
        raise NotAllowed(
            N_("only coordinators see the answers about this person"),
            N_("Ask the communications coordinator."),
        )


def _persons_in(record: Record) -> list[int]:
    """Return whom a consent is about, or whose permission it is."""
    person = record.subject_id if isinstance(record, Consent) else record.photographer_id
    return [person] if person else []


def _refuse_erased(work: UnitOfWork, record: Record, event: Statement | None = None) -> None:
    others = [record.actor_id] if isinstance(record, Consent) else []
    if isinstance(event, PermissionEvent):
        others += filter(None, (event.by_person_id, event.author_id))
    if erased_among(work.session, [*_persons_in(record), *others]):
        raise NotAllowed(
            N_("{record} concerns somebody whose data was erased, and stays as it is"),
            record=human_id(kind_of(record), record.id),
        )


def _refuse_objection(work: UnitOfWork, record: Record, event: Statement) -> None:
    """Raise NotAllowed for a refusal that came with an objection."""
    if event.kind in REFUSING_KINDS and came_as_objection(work.session, event):
        raise NotAllowed(
            N_("{record} is an objection: it is resolved by the coordinator and never undone"),
            N_("See what was objected to."),
            step=NextStep.to(NextAction.FLAG_LIST),
            record=human_id(kind_of(record), record.id),
        )


# --- what follows, and what is told ---------------------------------------------------------------

_LOGGED = {
    None: Action.CORRECTION_ASKED,
    SecondLookOutcome.CORRECTED: Action.CORRECTION_MADE,
    SecondLookOutcome.AGREED: Action.CORRECTION_MADE,
    SecondLookOutcome.DIFFERED: Action.CORRECTION_REJECTED,
}


def _told_statement(
    work: UnitOfWork, event: Statement, outcome: SecondLookOutcome | None
) -> Corrected:
    """Log what became of a statement, and return it."""
    record = record_of(work.session, event)
    speaker = record.actor_id if isinstance(record, Consent) else _speaker(record, event)
    work.log(
        _LOGGED[outcome],
        kind_of(record),
        record.id,
        person=next(iter(_persons_in(record)), None),
        by=human_id(Kind.PERSON, speaker) if speaker else None,
        day=event.day,
        kind=event.kind,
    )
    return Corrected(human_id(kind_of(record), record.id), event.kind, event.day, outcome)


def _speaker(permission: Permission, event: Statement) -> int | None:
    """Return who said what a permission holds: the photographer, a guardian or an heir."""
    by = event.by_person_id if isinstance(event, PermissionEvent) else None
    return by or permission.photographer_id


def _told_publication(
    work: UnitOfWork, publication: Publication, outcome: SecondLookOutcome | None
) -> Corrected:
    """Log what became of a publication; one that never was is no longer public, and has no task."""
    published = rows_with(
        work.session, PublishedPhoto, PublishedPhoto.publication_id, [publication.id]
    )
    photos = sorted(each.photo_id for each in published)
    work.log(_LOGGED[outcome], Kind.PUBLICATION, publication.id, photo=photos)
    if outcome in _MADE:
        for each in published:
            each.removed_on = each.removed_on or each.published_on
        work.session.flush()
        _close_tasks(work, publication)
    number = human_id(Kind.PUBLICATION, publication.id)
    return Corrected(number, None, publication.published_on, outcome)


def _close_tasks(work: UnitOfWork, publication: Publication) -> None:
    tasks = [t for t in take_downs_of(work.session, id_of(publication)) if t.done_at is None]
    for task in tasks:
        task.done_at, task.done_by = work.now, work.actor.id
        add(work.session, task)
    work.log_all(
        Action.TAKE_DOWN_CANCELLED,
        Kind.TAKE_DOWN,
        [(id_of(task), {"publication": publication.id}) for task in tasks],
    )


@dataclass(frozen=True, slots=True)
class WaitingCorrection:
    """A record that somebody marked as typed by mistake; a colleague confirms.

    `person`: whom it is about, by id, if anybody.
    """

    record: str
    asked_by: int
    person: str = ""


def waiting_corrections(work: UnitOfWork) -> list[WaitingCorrection]:
    """Return what waits for a colleague, each record once, if the actor may answer."""
    found: dict[str, WaitingCorrection] = {}
    for each in open_corrections(work.session):
        event = statement_of(work.session, each)
        if event is None:
            record = human_id(Kind.PUBLICATION, each.publication_id)
            found[record] = WaitingCorrection(record, each.asked_by)
        elif _is_shown(work, said := record_of(work.session, event)):
            record = human_id(kind_of(said), said.id)
            person = "".join(human_ids(Kind.PERSON, _persons_in(said)))
            found[record] = WaitingCorrection(record, each.asked_by, person)
    return list(found.values())


def _is_shown(work: UnitOfWork, record: Record) -> bool:
    """Return whether the actor may answer what was said about a consent or a permission."""
    if isinstance(record, Consent) and record.id in hidden_consents(work):
        return False
    persons = persons_of(work.session, _persons_in(record))
    return not (withheld_persons(work, persons.values()) or any(map(work.sight.hides, persons)))


_ANSWERING = {
    Kind.CONSENT: (NextAction.CONSENT_CORRECT, "consent"),
    Kind.PERMISSION: (NextAction.PERMISSION_CORRECT, "permission"),
    Kind.PUBLICATION: (NextAction.PUBLICATION_CORRECT, "publication"),
}


def step_to_answer(record: str) -> NextStep:
    """Return the step by which a colleague answers whether a record was a mistake."""
    action, name = _ANSWERING[Kind(record.partition("-")[0])]
    return NextStep.to(action, "agrees", **{name: record})
