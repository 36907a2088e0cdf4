"""What came back on printed forms: found again by the code on the paper."""

from dataclasses import dataclass, replace
from datetime import date

from photoreg.documents.codes import code_typed, grouped
from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.ids import id_of
from photoreg.registry.lookup import not_erased, the_person
from photoreg.registry.queries.forms import answers_on, form_with_code
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.consents import Consent, ConsentKind
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person
from photoreg.services.consents.consent_events import Reach, Spoken
from photoreg.services.consents.consents import (
    ConsentRecorded,
    Form,
    has_say,
    record_word,
    speaking_for,
)
from photoreg.services.consents.objections import Objected, object_to
from photoreg.services.unit_of_work import HELSINKI, Desk, Workplace
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class Ticked:
    """What stands on a form that came back, beside its yes or no.

    `child_says_no`: a guardian ticked that the child does not want to be shown. `person` and `by`
    are for forms that left them open.
    """

    may_be_named: bool | None = None
    child_says_no: bool = False
    releases_confidential: bool = False
    person: str | None = None
    by: str | None = None


def record_on_form(
    workplace: Workplace, code: str, spoken: Spoken, ticked: Ticked
) -> tuple[ConsentRecorded, ...]:
    """Record what came back on the form with this code: the answer, and a child's no beside it."""
    with workplace.changing() as desk:
        return answered(desk, the_form(desk, code), spoken, ticked)


def withdraw_on_form(
    workplace: Workplace, code: str, spoken: Spoken, ticked: Ticked
) -> tuple[ConsentRecorded | Objected, ...]:
    """Record that the answer on the form with this code is taken back.

    By somebody who has no say any more it is an objection, as any other withdrawal is.
    """
    with workplace.changing() as desk:
        form = the_form(desk, code)
        subject, actor = _people(desk, form, ticked)
        if has_say(desk, subject, actor, desk.past_day(spoken.on)):
            return answered(desk, form, spoken, ticked)
        reach = Reach(form.photo_id, form.event_id)
        return (object_to(desk, id_of(subject), id_of(actor), reach),)


def the_form(desk: Desk, typed: str) -> ConsentForm:
    """Return the form with the code that was typed or scanned."""
    code = code_typed(typed)
    if code is None:
        raise InputDataError(
            N_("{code} is not the code of a form: a character is wrong, missing or too many"),
            N_("Compare it with the paper: twelve letters and digits, for example {example}."),
            code=typed,
            example="7K3M-9QXT-2VB5",
        )
    form = form_with_code(desk.session, code)
    if form is None:
        raise NotFound(
            N_("no form with the code {code} was printed from this registry"),
            N_(
                "Compare the code with the paper, or record the answer without it: who is shown, "
                "and who answers."
            ),
            fields=("person", "by"),
            code=grouped(code),
        )
    return form


def answered(
    desk: Desk, form: ConsentForm, spoken: Spoken, ticked: Ticked
) -> tuple[ConsentRecorded, ...]:
    """Record at an open desk what came back on a form."""
    _refuse_before_printing(form, spoken.on)
    _refuse_second_yes(desk, form, spoken)
    day = spoken.on or desk.today
    subject, actor = _people(desk, form, ticked)
    speaking_for(desk, subject, actor, day)
    if spoken.is_yes:  # a no is heard from whomever it comes
        not_erased(subject)
        not_erased(actor)
    about = Form(
        form.language,
        form.form_version,
        ticked.releases_confidential,
        ticked.may_be_named,
        id_of(form),
    )
    said = [record_word(desk, _thread(form, subject, actor), _as_printed(form, spoken), about)]
    if ticked.child_says_no and actor.id != subject.id:
        no = replace(spoken, kind=ConsentKind.REFUSED, channels=(), until=None, open_ended=False)
        said.append(record_word(desk, _thread(form, subject, subject), no, about))
    return tuple(said)


def _thread(form: ConsentForm, subject: Person, actor: Person) -> Consent:
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
            N_("the form was printed on {printed}, so nobody can have signed it on {day}"),
            N_("Check the day."),
            printed=printed,
            day=on,
        )


def _refuse_second_yes(desk: Desk, form: ConsentForm, spoken: Spoken) -> None:
    """Refuse a yes from a paper that was recorded before: it could end a withdrawal since then."""
    earlier = answers_on(desk.session, id_of(form))
    if earlier and spoken.kind is ConsentKind.GIVEN:
        raise NotAllowed(
            N_("the answer on the form {code} was recorded already, on {day}"),
            N_(
                "If the consent was given again, record it as renewed, with its day. A refusal "
                "needs nothing more."
            ),
            fields=("renewed", "on"),
            code=grouped(form.code),
            day=earlier[0].recorded_at.astimezone(HELSINKI).date(),
        )


def _people(desk: Desk, form: ConsentForm, ticked: Ticked) -> tuple[Person, Person]:
    """Return who is shown and who answers: as printed, or as named where the form left it open."""
    known = persons_of(desk.session, {form.subject_id, form.actor_id})
    subject = known.get(form.subject_id or 0)
    actor = known.get(form.actor_id or 0)
    if (ticked.person and subject) or (ticked.by and actor):
        raise InputDataError(
            N_("the form {code} says already who answers for whom"),
            N_("Leave out who is shown and who answers, or record the answer without the code."),
            fields=("person", "by", "code"),
            code=grouped(form.code),
        )
    if subject is None:
        if ticked.person is None:
            raise InputDataError(
                N_("the form {code} was printed without a name"),
                N_("Say who is shown, and which guardian answers."),
                fields=("person", "by"),
                code=grouped(form.code),
            )
        subject = the_person(desk.session, ticked.person)
    if actor is None:
        actor = the_person(desk.session, ticked.by) if ticked.by else subject
    return subject, actor


def _as_printed(form: ConsentForm, spoken: Spoken) -> Spoken:
    """Return what was said with the end that the form states, unless an earlier one was given."""
    if not spoken.is_yes:
        return spoken
    if not spoken.channels:
        raise InputDataError(
            N_("a consent must name at least one channel"),
            N_("Give each channel that was ticked. If none was, the answer is no."),
            fields=("channel", "refused"),
        )
    if form.valid_until is None:
        return spoken
    if spoken.open_ended or (spoken.until and spoken.until > form.valid_until):
        raise InputDataError(
            N_("the form asks until {until}, and a yes on it reaches no further"),
            N_("Leave the end date out: the form says it."),
            fields=("until", "open_ended"),
            until=form.valid_until,
        )
    return replace(spoken, until=spoken.until or form.valid_until)
