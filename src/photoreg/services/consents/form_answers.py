"""Record answers on printed forms, looked up by the code on the paper.

A paper says what was printed on it: an answer names the channels that the form asked about, never
their kinds, and what was not ticked is a no.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from photoreg.documents.codes import format_code, parse_code
from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.ids import id_of
from photoreg.registry.lookup import find_person, require_not_erased
from photoreg.registry.queries.forms import (
    AskedOnForm,
    asked_on_form,
    events_on_form,
    form_with_code,
    kept_scans,
)
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.consents import Consent, ConsentEvent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import ConsentKind, Purpose
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import (
    ConsentStatement,
    Reach,
    refuse_contradictory,
)
from photoreg.services.consents.consents import (
    ConsentRecorded,
    FormDetails,
    UntickedNo,
    may_decide,
    record_partial_no,
    record_statement,
    require_decider,
)
from photoreg.services.consents.objections import ObjectionRecorded, record_objection
from photoreg.services.unit_of_work import HELSINKI, UnitOfWork
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class FormMarks:
    """What is marked on a returned form besides the answer.

    `child_says_no`: a guardian ticked that the child does not want to be shown. `person` and `by`
    are for forms printed without names.
    """

    may_be_named: bool | None = None
    child_says_no: bool = False
    releases_confidential: bool = False
    person: str | None = None
    by: str | None = None


def record_form_answer(
    application: Application, code: str, statement: ConsentStatement, marks: FormMarks
) -> tuple[ConsentRecorded, ...]:
    """Record the answer on the form with this code, and the child's refusal if it is ticked."""
    refuse_contradictory(statement)
    with application.changing() as work:
        return record_answer(work, find_form(work, code), statement, marks)


def withdraw_form_answer(
    application: Application, code: str, statement: ConsentStatement, marks: FormMarks
) -> tuple[ConsentRecorded | ObjectionRecorded, ...]:
    """Record the withdrawal of the answer on the form with this code.

    From somebody who may no longer decide it is recorded as an objection.
    """
    with application.changing() as work:
        form = find_form(work, code)
        subject, actor = _people(work, form, marks, to_refuse=True)
        if may_decide(work, subject, actor, work.day_or_today(statement.on)):
            return record_answer(work, form, statement, marks)
        reach = Reach(form.photo_id, form.event_id)
        return (record_objection(work, id_of(subject), id_of(actor), reach),)


def find_form(work: UnitOfWork, typed: str) -> ConsentForm:
    """Look up a form by its code as typed or scanned."""
    code = parse_code(typed)
    if code is None:
        raise InputDataError(
            N_("{code} is not the code of a form: a character is wrong, missing or extra"),
            N_("Compare it with the paper: twelve letters and digits, for example {example}."),
            code=typed,
            example="7K3M-9QXT-2VB5",
        )
    form = form_with_code(work.session, code)
    if form is None:
        raise NotFound(
            N_("no form with the code {code} was printed from this registry"),
            N_(
                "Compare the code with the paper, or record the answer without it: who is shown, "
                "and who answers."
            ),
            fields=("person", "by"),
            code=format_code(code),
        )
    return form


def record_answer(
    work: UnitOfWork, form: ConsentForm, statement: ConsentStatement, marks: FormMarks
) -> tuple[ConsentRecorded, ...]:
    """Record the answer on a form in the open unit of work."""
    _refuse_before_printing(form, statement.on)
    earlier = events_on_form(work.session, id_of(form))
    _refuse_second_consent(form, statement, earlier)
    day = statement.on or work.today
    is_no = not answer_in_words_of_form(work, form, statement).is_grant
    subject, actor = _people(work, form, marks, to_refuse=is_no)
    require_not_erased(subject)  # a no to photos of somebody who is in none any more says nothing
    require_decider(work, subject, actor, day)
    if not earlier:
        statement = _with_scan(work, form, statement)
    answer = answer_in_words_of_form(work, form, statement)
    if answer.is_grant:  # a refusal is accepted from anybody, erased or not
        require_not_erased(actor)
    details = FormDetails(
        form.language,
        form.form_version,
        marks.releases_confidential,
        marks.may_be_named,
        id_of(form),
        form.subject_id is not None,
    )
    record = _new_consent(form, subject, actor)
    main = record_statement(work, record, answer, details)
    if statement.is_grant and not earlier:  # a renewal says nothing of what was not ticked
        main = replace(main, unticked=_record_unticked(work, form, record, answer, details))
    recorded = [main]
    if marks.child_says_no and actor.id != subject.id:
        refusal = replace(
            statement,
            kind=ConsentKind.REFUSED,
            channels=(),
            purposes=(),
            until=None,
            open_ended=False,
            by_attorney=False,
        )
        recorded.append(
            record_statement(work, _new_consent(form, subject, subject), refusal, details)
        )
    return tuple(recorded)


def _with_scan(
    work: UnitOfWork, form: ConsentForm, statement: ConsentStatement
) -> ConsentStatement:
    """Return the answer with the scanned paper of the form as its document, if it has no other."""
    if statement.evidence or statement.kind not in {ConsentKind.GIVEN, ConsentKind.REFUSED}:
        return statement
    return replace(statement, scan=kept_scans(work.session, [id_of(form)]).get(id_of(form)))


def answer_in_words_of_form(
    work: UnitOfWork, form: ConsentForm, statement: ConsentStatement
) -> ConsentStatement:
    """Return the answer with the channels that were ticked by name, and the form's end date.

    A kind stands for each channel of that kind on the form. Signed without any tick for a channel,
    or for a purpose, the answer is a no to all that the form asked. "No" is a no to everything.
    """
    if statement.kind is ConsentKind.REFUSED:
        return replace(statement, channels=(), purposes=())
    if not statement.is_grant:
        return statement
    asked = asked_on_form(work.session, id_of(form))
    channels = _ticked_channels(form, asked, statement.channels)
    purposes = _ticked_purposes(form, asked, statement.named_purposes)
    if statement.kind is ConsentKind.GIVEN and not (channels and purposes):
        return replace(
            statement,
            kind=ConsentKind.REFUSED,
            channels=asked.names,
            purposes=asked.purposes,
            until=None,
            open_ended=False,
        )
    limited = _limited_by_form(form, statement)
    return replace(limited, channels=channels, purposes=purposes)


def _ticked_channels(
    form: ConsentForm, asked: AskedOnForm, named: Sequence[str]
) -> tuple[str, ...]:
    """Return the names of the channels ticked, in the order of the form."""
    ticked = {each.strip().lower() for each in named}
    for name in sorted(ticked.difference(asked.names, (each.kind for each in asked.channels))):
        raise InputDataError(
            N_("the form {code} does not ask about the channel {channel}"),
            N_("It asks about: {asked}."),
            fields=("channel",),
            code=format_code(form.code),
            channel=name,
            asked=", ".join(asked.names),
        )
    return tuple(each.name for each in asked.channels if ticked & {each.name, each.kind})


def _ticked_purposes(
    form: ConsentForm, asked: AskedOnForm, named: Sequence[Purpose]
) -> tuple[Purpose, ...]:
    """Return the purposes ticked, in the order of the form."""
    for purpose in sorted(set(named).difference(asked.purposes)):
        raise InputDataError(
            N_("the form {code} does not ask about the purpose {purpose}"),
            N_("It asks about: {asked}."),
            fields=("purpose",),
            code=format_code(form.code),
            purpose=purpose,
            asked=", ".join(asked.purposes),
        )
    return tuple(each for each in asked.purposes if each in named)


def _record_unticked(
    work: UnitOfWork,
    form: ConsentForm,
    record: Consent,
    answer: ConsentStatement,
    details: FormDetails,
) -> tuple[UntickedNo, ...]:
    """Record the noes to what was not ticked on a form, and return them.

    A channel without a tick is a no for the purposes asked, a purpose without one a no for the
    channels asked. After a no there is nothing to add.
    """
    asked = asked_on_form(work.session, id_of(form))
    whole = UntickedNo(asked.names, asked.purposes)
    if not answer.is_grant:
        return (whole,)
    channels = tuple(each for each in asked.names if each not in answer.channels)
    purposes = tuple(each for each in asked.purposes if each not in answer.named_purposes)
    noes = [replace(whole, channels=channels)] if channels else []
    noes += [replace(whole, purposes=purposes)] if purposes else []
    for no in noes:
        refusal = replace(
            answer,
            kind=ConsentKind.REFUSED,
            channels=no.channels,
            purposes=no.purposes,
            until=None,
            open_ended=False,
        )
        record_partial_no(work, record, refusal, details)
    return tuple(noes)


def _new_consent(form: ConsentForm, subject: Person, actor: Person) -> Consent:
    return Consent(
        subject_id=id_of(subject),
        actor_id=id_of(actor),
        photo_id=form.photo_id,
        event_id=form.event_id,
    )


def _refuse_before_printing(form: ConsentForm, on: date | None) -> None:
    printed = form.printed_at.astimezone(HELSINKI).date()
    if on is not None and on < printed:
        raise InputDataError(
            N_("the form was printed on {printed}, so it cannot have been signed on {day}"),
            N_("Check the day."),
            printed=printed,
            day=on,
        )


def _refuse_second_consent(
    form: ConsentForm, statement: ConsentStatement, earlier: Sequence[ConsentEvent]
) -> None:
    """Raise NotAllowed for a second grant from one form; it could end a later withdrawal."""
    if earlier and statement.kind is ConsentKind.GIVEN:
        raise NotAllowed(
            N_("the answer on the form {code} is already recorded, on {day}"),
            N_(
                "If the consent was given again, record it as renewed, with its day. A refusal "
                "needs nothing more."
            ),
            fields=("renewed", "on"),
            code=format_code(form.code),
            day=earlier[0].recorded_at.astimezone(HELSINKI).date(),
        )


def _people(
    work: UnitOfWork, form: ConsentForm, marks: FormMarks, *, to_refuse: bool
) -> tuple[Person, Person]:
    """Return the depicted person and the one who answers: as printed, else as in the marks."""
    known = persons_of(work.session, {form.subject_id, form.actor_id})
    subject = known.get(form.subject_id or 0)
    actor = known.get(form.actor_id or 0)
    if (marks.person and subject) or (marks.by and actor):
        raise InputDataError(
            N_("the form {code} already states who answers for whom"),
            N_("Leave out who is shown and who answers, or record the answer without the code."),
            fields=("person", "by", "code"),
            code=format_code(form.code),
        )
    if subject is None:
        if marks.person is None:
            raise InputDataError(
                N_("the form {code} was printed without a name"),
                N_("State who is shown, and which guardian answers."),
                fields=("person", "by"),
                code=format_code(form.code),
            )
        subject = find_person(work.session, marks.person, to_refuse=to_refuse)
    if actor is None:
        actor = subject
        if marks.by:
            actor = find_person(work.session, marks.by, to_refuse=to_refuse)
    return subject, actor


def _limited_by_form(form: ConsentForm, statement: ConsentStatement) -> ConsentStatement:
    """Return the statement with the form's end date, unless an earlier one was given."""
    if not statement.is_grant:
        return statement
    if not statement.channels:
        raise InputDataError(
            N_("a consent must name at least one channel"),
            N_("Give each channel that was ticked."),
            fields=("channel",),
        )
    if form.valid_until is None:
        return statement
    if statement.open_ended or (statement.until and statement.until > form.valid_until):
        raise InputDataError(
            N_("the form asks for consent until {until}, and the consent ends then at the latest"),
            N_("Leave the end date out: the form says it."),
            fields=("until", "open_ended"),
            until=form.valid_until,
        )
    return replace(statement, until=statement.until or form.valid_until)
