"""Record, withdraw and list consents of depicted persons and their guardians."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.consent_replay import ReplayEvent
from photoreg.registry.facts.loading import replay_events_by_record
from photoreg.registry.ids import Kind, human_id, id_of, require_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_consent, find_person, not_listed
from photoreg.registry.queries.consents import consents_by_attorney, reach_label
from photoreg.registry.queries.flags import consents_of_objections, persons_with_objections
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import (
    consents_about,
    guardianships_between,
    is_guardian_on,
    persons_of,
    photos_showing,
)
from photoreg.registry.rows import add, new_row
from photoreg.registry.tables.consents import Consent, ConsentChannel, ConsentEvent, ConsentPurpose
from photoreg.registry.tables.forms import ConsentFormAnswer
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    REFUSING_KINDS,
    AgeGroup,
    ConsentKind,
    Purpose,
    add_months,
)
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import (
    EVERYTHING_REFUSED,
    WITHHELD_STATUS,
    ConsentScope,
    ConsentStatement,
    CoveredScope,
    RefusalScope,
    RefusedScope,
    StatementRecorded,
    StatusRow,
    covered_scopes,
    events_in_reach,
    find_reach,
    find_scope,
    record_for,
    refuse_contradictory,
    refuse_dead_speaker,
    refuse_undated_grant,
    refused_scopes,
    require_channel,
    statement_columns,
    statement_recorded,
    status_row,
    store_scope,
)
from photoreg.services.consents.objections import (
    FlaggedPhotos,
    ObjectionRecorded,
    flag_unnamed,
    record_objection,
)
from photoreg.services.files.refreshing import refresh_refused
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import age_group_on, shown_name
from photoreg.services.people.persons import PersonSummary, person_summary, refuse_unseen
from photoreg.services.unit_of_work import (
    COORDINATORS,
    RECORDERS,
    UnitOfWork,
    require_role,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

ACTIONS = {
    ConsentKind.REQUESTED: Action.CONSENT_REQUESTED,
    ConsentKind.GIVEN: Action.CONSENT_GIVEN,
    ConsentKind.REFUSED: Action.CONSENT_REFUSED,
    ConsentKind.WITHDRAWN: Action.CONSENT_WITHDRAWN,
    ConsentKind.RENEWED: Action.CONSENT_RENEWED,
}


@dataclass(frozen=True, slots=True)
class ConsentParties:
    """Who consents, for whom and to what, as typed."""

    person: str
    by: str | None = None
    photo: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class FormDetails:
    """The form of a consent; `number` is the id of a form printed from the registry.

    `names_person`: that form was printed for the person, and so proves whose answer it is.
    """

    language: str = ""
    version: str = ""
    releases_confidential: bool = False
    may_be_named: bool | None = None
    number: int | None = None
    names_person: bool = False


NO_FORM = FormDetails()


@dataclass(frozen=True, slots=True)
class UntickedNo:
    """A no by what was not ticked on a form: to these channels, by name, for these purposes."""

    channels: tuple[str, ...]
    purposes: tuple[Purpose, ...]


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """A recorded consent event.

    `child_view`: the child's own view, in addition to the guardians' consent. `unverified`: child
    and guardian, if the guardianship is not verified and the consent does not count yet.
    `stopped`: the refused photo, flagged because the person is not tagged in it. `later`: narrower
    consents given on a later day than the refusal, which remain valid. `unticked`: what was not
    ticked on a form, which is a no.
    """

    recorded: StatementRecorded
    child_view: bool
    unverified: tuple[str, str] | None = None
    stopped: FlaggedPhotos | None = None
    later: tuple[str, ...] = ()
    unticked: tuple[UntickedNo, ...] = ()


def record_consent(
    application: Application,
    parties: ConsentParties,
    statement: ConsentStatement,
    form: FormDetails = NO_FORM,
) -> ConsentRecorded:
    """Record that a consent was requested, given, refused, withdrawn or renewed."""
    refuse_contradictory(statement)
    require_channel(statement)
    refresh_refused(application, [parties.photo], statement.kind)
    with application.changing() as work:
        return record_named_consent(work, parties, statement, form)


def record_named_consent(
    work: UnitOfWork, parties: ConsentParties, statement: ConsentStatement, form: FormDetails
) -> ConsentRecorded:
    """Record one consent event in the open unit of work, with the parties as typed."""
    is_no = not statement.is_grant
    subject = find_person(work.session, parties.person, to_refuse=is_no)
    day = statement.on or work.today
    actor = subject
    if parties.by:
        actor = find_person(work.session, parties.by, to_refuse=is_no)
        require_decider(work, subject, actor, day)
    reach = find_reach(work, parties.photo, parties.event)
    record = Consent(
        subject_id=id_of(subject),
        actor_id=id_of(actor),
        photo_id=reach.photo_id,
        event_id=reach.event_id,
    )
    return record_statement(work, record, statement, form)


def withdraw_consent(
    application: Application,
    statement: ConsentStatement,
    *,
    consent: str | None = None,
    parties: ConsentParties | None = None,
) -> ConsentRecorded:
    """Record a withdrawal, of one consent by its id or by its parties.

    It is recorded even when no consent was given before.
    """
    if consent is None:
        if parties is None:
            raise TypeError(parties)
        return record_consent(application, parties, statement)
    with application.reading() as work:
        require_role(work, RECORDERS)
        photo = find_shown_consent(work, consent).photo_id
    refresh_refused(application, [human_id(Kind.PHOTO, photo)] if photo else [], statement.kind)
    with application.changing() as work:
        return record_statement(work, find_shown_consent(work, consent), statement, NO_FORM)


def withdraw_or_object(
    application: Application, parties: ConsentParties, statement: ConsentStatement
) -> ConsentRecorded | ObjectionRecorded:
    """Record a withdrawal, or an objection if the person withdrawing may not decide.

    Somebody may not decide if they are not recorded as a guardian, or if the child is an adult. An
    objection flags the photos, and the coordinator rules on it.
    """
    refresh_refused(application, [parties.photo], statement.kind)
    with application.changing() as work:
        subject = find_person(work.session, parties.person, to_refuse=True)
        actor = subject
        if parties.by:
            actor = find_person(work.session, parties.by, to_refuse=True)
        if may_decide(work, subject, actor, work.day_or_today(statement.on)):
            return record_named_consent(work, parties, statement, NO_FORM)
        reach = find_reach(work, parties.photo, parties.event)
        return record_objection(work, id_of(subject), id_of(actor), reach)


def record_statement(
    work: UnitOfWork, record: Consent, statement: ConsentStatement, form: FormDetails
) -> ConsentRecorded:
    """Record one consent event in the open unit of work, or nothing.

    A refusal of one photo in which the person is not tagged also flags the photo.
    """
    result = _store_statement(work, record, statement, form)
    recorded, photo = result.recorded, record.photo_id
    if (
        photo is None
        or recorded.kind not in REFUSING_KINDS
        or recorded.superseded
        or recorded.photos
    ):
        return result
    stopped = flag_unnamed(work, record.subject_id, record.actor_id, photo)
    with_photo = replace(recorded, photos=tuple(stopped.flags))
    return replace(result, recorded=with_photo, stopped=stopped)


def record_partial_no(
    work: UnitOfWork, record: Consent, refusal: ConsentStatement, form: FormDetails
) -> None:
    """Record a no to what was not ticked beside a yes; it stops no photo as a whole."""
    _store_statement(work, record, refusal, form)


def _store_statement(
    work: UnitOfWork, record: Consent, statement: ConsentStatement, form: FormDetails
) -> ConsentRecorded:
    scope = find_scope(work, statement)
    people = persons_of(work.session, {record.subject_id, record.actor_id})
    refuse_false_statement(
        work, people[record.subject_id], people[record.actor_id], statement, form
    )
    record = record_for(work, record)
    is_form = form.number is not None
    refuse_undated_grant(work, record, statement, scope, on_form=is_form)
    event = new_event(work, id_of(record), statement, form)
    statement_id = add(work.session, event)
    store_scope(work, statement_id, scope, ConsentChannel, ConsentPurpose)
    if form.number is not None:
        add(work.session, ConsentFormAnswer(form_id=form.number, statement_id=statement_id))
    work.log(
        ACTIONS[event.kind], Kind.CONSENT, record.id, **log_details(record, event, scope, form)
    )
    return _consent_recorded(work, record, event, scope)


def refuse_false_statement(
    work: UnitOfWork,
    subject: Person,
    speaker: Person,
    statement: ConsentStatement,
    form: FormDetails,
) -> None:
    """Raise for a statement that cannot have been made so, or that the policy does not accept.

    A form that names the person proves whose answer it is, by whomever it is recorded.
    """
    if statement.is_grant and not form.names_person:
        refuse_unseen(work, id_of(subject))
    free_text(form.version, 32)
    _require_attorney_document(statement)
    _refuse_before_birth(subject, statement.on)
    refuse_dead_speaker(work, speaker, statement.on)
    _refuse_outdated(work, statement)


def new_event(
    work: UnitOfWork, consent: int, statement: ConsentStatement, form: FormDetails
) -> ConsentEvent:
    """Return the event of a statement, to be added; its document is stored already."""
    return new_row(
        ConsentEvent,
        consent_id=consent,
        form_language=form.language,
        form_version=free_text(form.version, 32),
        releases_confidentiality=form.releases_confidential and statement.is_grant,
        may_be_named=form.may_be_named if statement.is_grant else None,
        by_attorney=statement.by_attorney,
        **statement_columns(work, statement)._asdict(),
    )


def log_details(
    record: Consent, event: ConsentEvent, scope: ConsentScope, form: FormDetails
) -> dict[str, object]:
    """Return what the log keeps of an event: ids and codes."""
    return {
        "person": human_id(Kind.PERSON, record.subject_id),
        "by": human_id(Kind.PERSON, record.actor_id),
        "day": event.day,
        "channels": scope.codes,
        "purposes": list(scope.purposes),
        "evidence": event.evidence,
        "form": form.number,
        "names_kind": event.names_kind,
        "attorney": event.by_attorney,
    }


def _require_attorney_document(statement: ConsentStatement) -> None:
    if statement.by_attorney and statement.is_grant and statement.evidence is None:
        raise InputDataError(
            N_("a consent by power of attorney needs the power of attorney as a document"),
            N_("Add the document. A refusal needs none."),
            fields=("evidence",),
        )


def _consent_recorded(
    work: UnitOfWork, record: Consent, event: ConsentEvent, scope: ConsentScope
) -> ConsentRecorded:
    subject = persons_of(work.session, [record.subject_id])[record.subject_id]
    is_own = record.actor_id == record.subject_id
    is_minor = age_group_on(work, subject, event.day) is AgeGroup.MINOR
    photos = photos_showing(
        work.session, record.subject_id, photo=record.photo_id, event=record.event_id
    )
    return ConsentRecorded(
        statement_recorded(work, Kind.CONSENT, record, event, scope, photos),
        child_view=is_own and is_minor,
        unverified=None if is_own else _unverified(work, record),
        later=_later_consents(work, record, event, photos) if event.kind in REFUSING_KINDS else (),
    )


def _later_consents(
    work: UnitOfWork, refused: Consent, refusal: ConsentEvent, photos: Sequence[int]
) -> tuple[str, ...]:
    """Return the narrower consents that were given on a later day than the refusal."""
    if refused.photo_id is not None:
        return ()
    narrower = [
        each
        for each in chain.from_iterable(consents_about(work.session, refused.subject_id))
        if each.actor_id == refused.actor_id
        and each.id != refused.id
        and (refused.event_id in {None, each.event_id} or each.photo_id in photos)
    ]
    events = replay_events_by_record(work.session, narrower)
    answers = (
        [event for event in events[id_of(each)] if event.kind is not ConsentKind.REQUESTED]
        for each in narrower
    )
    last = (
        max(own_answers, key=lambda event: (event.day, event.id))
        for own_answers in answers
        if own_answers
    )
    return tuple(
        human_id(Kind.CONSENT, event.record_id)
        for event in last
        if event.kind in GRANTING_KINDS and event.day > refusal.day
    )


def record_photo_objection(
    work: UnitOfWork,
    subject: int,
    actor: int,
    photo: int,
    *,
    on: date | None = None,
    scope: RefusalScope = EVERYTHING_REFUSED,
) -> ConsentRecorded:
    """Record an objection to a photo in the open unit of work, whatever was recorded before."""
    record = Consent(subject_id=subject, actor_id=actor, photo_id=photo)
    return _store_statement(work, record, scope.statement(on), NO_FORM)


def _refuse_before_birth(subject: Person, day: date | None) -> None:
    if subject.born is not None and day is not None and day < subject.born:
        raise InputDataError(
            N_("{day} is before the person was born"), N_("Check the day."), day=day
        )


def _refuse_outdated(work: UnitOfWork, statement: ConsentStatement) -> None:
    """Raise InputDataError for a grant that the policy's maximum age has already ended."""
    months = work.policy.max_consent_age_months
    if not statement.is_grant or statement.on is None or months is None:
        return
    last = add_months(statement.on, months)
    if last < work.today:
        raise InputDataError(
            N_("under the settings a consent of {day} was valid only until {last}"),
            N_("Ask for the consent again."),
            step=NextStep.to(NextAction.CONSENT_FORM, "person", "until", "folder"),
            day=statement.on,
            last=last,
        )


def _unverified(work: UnitOfWork, record: Consent) -> tuple[str, str] | None:
    """Return child and guardian when the guardianship is not verified, else None."""
    rows = guardianships_between(work.session, record.subject_id, record.actor_id)
    if rows and rows[-1].verified_how is not None:
        return None
    return human_id(Kind.PERSON, record.subject_id), human_id(Kind.PERSON, record.actor_id)


def may_decide(work: UnitOfWork, child: Person, guardian: Person, day: date) -> bool:
    """Whether the guardian may decide for the child on that day."""
    try:
        require_decider(work, child, guardian, day)
    except (NotAllowed, InputDataError):
        return False
    return True


def require_decider(
    work: UnitOfWork,
    child: Person,
    guardian: Person,
    day: date,
    guardianships: Sequence[Guardianship] | None = None,
) -> Person:
    """Return the guardian; raise unless they may decide for the child on that day.

    `guardianships` are those between the two, if they were read already.
    """
    ids = {
        "child": human_id(Kind.PERSON, child.id),
        "guardian": human_id(Kind.PERSON, guardian.id),
    }
    if guardian.id == child.id:
        return child
    if age_group_on(work, child, day) is AgeGroup.ADULT:
        raise InputDataError(
            N_("{child} is an adult and decides alone"),
            N_("Record the person's own answer."),
            fields=("by",),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    rows = guardianships
    if rows is None:
        rows = guardianships_between(work.session, id_of(child), id_of(guardian))
    if any(is_guardian_on(row, day) for row in rows):
        return guardian
    if not rows:
        raise NotAllowed(
            N_("{guardian} is not recorded as a guardian of {child}"),
            N_(
                "If {guardian} is a guardian, record that first. If not, stop the photo: the "
                "objection is recorded with it."
            ),
            step=NextStep.to(
                NextAction.GUARDIAN_ADD,
                "basis",
                "how",
                person=ids["child"],
                guardian=ids["guardian"],
            ),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    raise NotAllowed(
        N_("{guardian} was not a guardian of {child} on {day}"),
        N_("Check the day, and the first and the last day of the guardianship."),
        step=NextStep.to(NextAction.GUARDIAN_LIST, person=ids["child"]),
        child=ids["child"],
        guardian=ids["guardian"],
        day=day,
    )


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent in the list of consents, with its current status."""

    consent: str
    person: str
    name: str
    by: str
    by_attorney: bool
    reach: str
    status: StatusRow


@dataclass(frozen=True, slots=True)
class PersonWithConsents:
    """The data of one person, and the consents about them.

    `consents` is None if only coordinators may see them. `refused` is what each of them leaves out,
    and `covered` what it covers today where it leaves something out, by id.
    """

    summary: PersonSummary
    consents: list[ConsentRow] | None
    refused: Mapping[str, list[RefusedScope]]
    covered: Mapping[str, list[CoveredScope]]


@contextmanager
def list_consents(
    application: Application, person: str | None = None
) -> Iterator[Iterator[ConsentRow]]:
    """Open a stream of the consents about one person, or of all, with their status.

    Only coordinators see the status of consents beside which a photo may be stopped for a person's
    sake: a yes beside a block, or the no of an objection, would tell which.
    """
    with application.reading() as work:
        subject = id_of(find_person(work.session, person)) if person else None
        yield _consent_rows(work, subject)


def _consent_rows(work: UnitOfWork, subject: int | None) -> Iterator[ConsentRow]:
    return (row for row, _events in _consents_with_events(work, subject))


def _consents_with_events(
    work: UnitOfWork, subject: int | None
) -> Iterator[tuple[ConsentRow, list[ReplayEvent]]]:
    """Yield consents with what was said in their reach, as far as the actor may see it."""
    hidden = hidden_consents(work)
    for records in consents_about(work.session, subject):
        people = persons_of(work.session, (record.subject_id for record in records))
        events = events_in_reach(work, records)
        withheld = withheld_persons(work, people.values())
        by_attorney = consents_by_attorney(work.session, map(id_of, records))
        for record in records:
            if record.id in hidden:
                continue
            is_withheld = record.subject_id in withheld
            row = ConsentRow(
                consent=human_id(Kind.CONSENT, record.id),
                person=human_id(Kind.PERSON, record.subject_id),
                name=shown_name(work, people[record.subject_id]),
                by=human_id(Kind.PERSON, record.actor_id),
                by_attorney=record.id in by_attorney,
                reach=reach_label(record),
                status=WITHHELD_STATUS if is_withheld else status_row(events[record.id], record.id),
            )
            yield row, [] if is_withheld else events[record.id]


def withheld_persons(work: UnitOfWork, persons: Iterable[Person]) -> set[int]:
    """Return the persons whose answers only coordinators may see, but the actor is none.

    A block and an objection look the same.
    """
    if work.actor.role in COORDINATORS:
        return set()
    known = {id_of(person): person for person in persons}
    blocked = {number for number, person in known.items() if person.blocked}
    return blocked | persons_with_objections(work.session, known)


def hidden_consents(work: UnitOfWork) -> frozenset[int]:
    """Return the consents that the actor may not know of: objections that others recorded.

    A block leaves no such record; one about the photo would tell which of them stops it.
    """
    if work.actor.role in COORDINATORS:
        return frozenset()
    return consents_of_objections(work.session, but_by=id_of(work.actor))


def find_shown_consent(work: UnitOfWork, named: str) -> Consent:
    """Return the consent with this id; one that is hidden is like one that does not exist."""
    consent = find_consent(work.session, named)
    if consent.id in hidden_consents(work):
        raise not_listed(named, "consent")
    return consent


def show_person(application: Application, named: str) -> PersonWithConsents:
    """Return a person's data with guardians and consents, without the block."""
    with application.reading() as work:
        person = find_person(work.session, named)
        is_withheld = id_of(person) in withheld_persons(work, [person])
        found = [] if is_withheld else list(_consents_with_events(work, id_of(person)))
        consents = None if is_withheld else [row for row, _events in found]
        refused = {
            row.consent: refused_scopes(events, require_id(Kind.CONSENT, row.consent))
            for row, events in found
        }
        channels = [each for each in all_channels(work.session) if each.active]
        covered = {
            row.consent: covered_scopes(work, channels, events)
            for row, events in found
            if channels and refused[row.consent]
        }
        return PersonWithConsents(person_summary(work, person), consents, refused, covered)
