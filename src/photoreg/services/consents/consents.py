"""Consents: what people who are shown, and the guardians of children, have said."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.loading import words_of
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_consent, the_person
from photoreg.registry.queries.consents import reach_of
from photoreg.registry.queries.people import (
    consents_about,
    guardianship_between,
    persons_of,
    photos_showing,
)
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    NO,
    YES,
    Consent,
    ConsentChannel,
    ConsentEvent,
    ConsentKind,
    ConsentPurpose,
    Method,
)
from photoreg.registry.tables.forms import ConsentFormAnswer
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import AgeGroup
from photoreg.rulebook.situation import months_later
from photoreg.services.consents.consent_events import (
    Recorded,
    Spoken,
    found_reach,
    found_scope,
    recorded,
    refuse_undated_yes,
    said_columns,
    standings_words,
    store_scope,
    thread_for,
    thread_row,
)
from photoreg.services.consents.objections import Flagged, Objected, object_to, stop_unnamed
from photoreg.services.files.refreshing import look_at_refused
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import age_group_on, shown_name
from photoreg.services.people.persons import person_facts
from photoreg.services.unit_of_work import RECORDERS, Desk, Workplace, current_policy, require_role
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_ACTIONS = {
    ConsentKind.REQUESTED: Action.CONSENT_REQUESTED,
    ConsentKind.GIVEN: Action.CONSENT_GIVEN,
    ConsentKind.REFUSED: Action.CONSENT_REFUSED,
    ConsentKind.WITHDRAWN: Action.CONSENT_WITHDRAWN,
    ConsentKind.RENEWED: Action.CONSENT_RENEWED,
}


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose word it is about whom, and about what: as people name them."""

    person: str
    by: str | None = None
    photo: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The form on which a consent was given; `number` is of one that was printed."""

    language: str = ""
    version: str = ""
    releases_confidential: bool = False
    may_be_named: bool | None = None
    number: int | None = None


NO_FORM = Form()


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """A consent as recorded.

    `child_view`: it is a child's own view, beside the guardians'. `unverified`: it is by a guardian
    whose guardianship is not verified, so that it counts for nothing yet. `stopped`: the one photo
    that a no is about, because who said no is not named in it. `later` are narrower consents whose
    yes is of a later day than a no, and stands.
    """

    recorded: Recorded
    child_view: bool
    unverified: tuple[str, str] | None = None
    stopped: Flagged | None = None
    later: tuple[str, ...] = ()


def record(
    workplace: Workplace, whose: Whose, spoken: Spoken, form: Form = NO_FORM
) -> ConsentRecorded:
    """Record that a consent was asked for, given, refused, withdrawn or renewed."""
    look_at_refused(workplace, [whose.photo], spoken)
    with workplace.changing() as desk:
        return record_at(desk, whose, spoken, form)


def record_at(desk: Desk, whose: Whose, spoken: Spoken, form: Form) -> ConsentRecorded:
    """Record at an open desk what somebody said, as people name them."""
    subject = the_person(desk.session, whose.person)
    day = spoken.on or desk.today
    actor = guardian_of(desk, subject, whose.by, day) if whose.by else subject
    reach = found_reach(desk, whose.photo, whose.event)
    thread = Consent(
        subject_id=id_of(subject),
        actor_id=id_of(actor),
        photo_id=reach.photo_id,
        event_id=reach.event_id,
    )
    return record_word(desk, thread, spoken, form)


def withdraw(
    workplace: Workplace, spoken: Spoken, *, consent: str | None = None, whose: Whose | None = None
) -> ConsentRecorded:
    """Record a withdrawal, of one consent by its id or of somebody's word.

    Who never consented may say it all the same.
    """
    if consent is None:
        if whose is None:
            raise TypeError(whose)
        return record(workplace, whose, spoken)
    with workplace.reading() as desk:
        require_role(desk, RECORDERS)
        photo = the_consent(desk.session, consent).photo_id
    look_at_refused(workplace, [human_id(Kind.PHOTO, photo)] if photo else [], spoken)
    with workplace.changing() as desk:
        return record_word(desk, the_consent(desk.session, consent), spoken, NO_FORM)


def withdraw_or_object(
    workplace: Workplace, whose: Whose, spoken: Spoken
) -> ConsentRecorded | Objected:
    """Record that somebody takes back a word about themselves or a child.

    Of somebody who has no say in it, because they are not recorded as a guardian or the child is of
    age, it is an objection: it stops the photos, and the coordinator examines it.
    """
    look_at_refused(workplace, [whose.photo], spoken)
    with workplace.changing() as desk:
        subject = the_person(desk.session, whose.person)
        actor = the_person(desk.session, whose.by) if whose.by else subject
        if has_say(desk, subject, actor, desk.past_day(spoken.on)):
            return record_at(desk, whose, spoken, NO_FORM)
        reach = found_reach(desk, whose.photo, whose.event)
        return object_to(desk, id_of(subject), id_of(actor), reach)


def record_word(desk: Desk, thread: Consent, spoken: Spoken, form: Form) -> ConsentRecorded:
    """Record at an open desk what somebody said; nothing is kept when any of it cannot be.

    A no to one photo also stops the photo if it does not name them.
    """
    told = _record_word(desk, thread, spoken, form)
    said, photo = told.recorded, thread.photo_id
    if photo is None or said.kind not in NO or said.outlived or said.photos:
        return told
    stopped = stop_unnamed(desk, thread.subject_id, thread.actor_id, photo)
    with_photo = replace(said, photos=tuple(stopped.flags))
    return replace(told, recorded=with_photo, stopped=stopped)


def _record_word(desk: Desk, thread: Consent, spoken: Spoken, form: Form) -> ConsentRecorded:
    scope = found_scope(desk, spoken)
    version = free_text(form.version, 32)
    _refuse_before_birth(desk, thread, spoken.on)
    _refuse_too_old(desk, spoken)
    thread = thread_for(desk, thread)
    refuse_undated_yes(desk, thread, spoken, scope)
    columns = said_columns(desk, spoken)  # keeps the evidence, so everything else is checked before
    event = ConsentEvent(
        consent_id=id_of(thread),
        form_language=form.language,
        form_version=version,
        releases_confidentiality=form.releases_confidential and spoken.is_yes,
        may_be_named=form.may_be_named if spoken.is_yes else None,
        **columns,
    )
    said_id = add(desk.session, event)
    store_scope(desk, said_id, scope, ConsentChannel, ConsentPurpose)
    if form.number is not None:
        add(desk.session, ConsentFormAnswer(form_id=form.number, said_id=said_id))
    desk.log(
        _ACTIONS[spoken.kind],
        Kind.CONSENT,
        thread.id,
        person=human_id(Kind.PERSON, thread.subject_id),
        by=human_id(Kind.PERSON, thread.actor_id),
        day=event.day,
        channels=scope.codes,
        purposes=list(scope.purposes),
        evidence=event.evidence,
        form=form.number,
    )
    return _told(desk, thread, event)


def _told(desk: Desk, thread: Consent, event: ConsentEvent) -> ConsentRecorded:
    subject = persons_of(desk.session, [thread.subject_id])[thread.subject_id]
    is_own = thread.actor_id == thread.subject_id
    is_minor = age_group_on(desk, subject, event.day) is AgeGroup.MINOR
    photos = photos_showing(
        desk.session, thread.subject_id, photo=thread.photo_id, event=thread.event_id
    )
    return ConsentRecorded(
        recorded(desk, Kind.CONSENT, thread, event, photos),
        child_view=is_own and is_minor,
        unverified=None if is_own else _unverified(desk, thread),
        later=_later_yeses(desk, thread, event, photos) if event.kind in NO else (),
    )


def _later_yeses(
    desk: Desk, wide: Consent, no: ConsentEvent, photos: Sequence[int]
) -> tuple[str, ...]:
    """Return the consents within what a no is about whose yes is of a later day than the no."""
    if wide.photo_id is not None:
        return ()
    narrower = [
        each
        for each in chain.from_iterable(consents_about(desk.session, wide.subject_id))
        if each.actor_id == wide.actor_id
        and each.id != wide.id
        and (wide.event_id in {None, each.event_id} or each.photo_id in photos)
    ]
    words = words_of(desk.session, narrower)
    answers = (
        [word for word in words[id_of(each)] if word.kind is not ConsentKind.REQUESTED]
        for each in narrower
    )
    last = (max(said, key=lambda word: (word.day, word.id)) for said in answers if said)
    return tuple(
        human_id(Kind.CONSENT, word.thread)
        for word in last
        if word.kind in YES and word.day > no.day
    )


def objected(
    desk: Desk,
    subject: int,
    actor: int,
    photo: int,
    *,
    on: date | None = None,
    channels: Sequence[str] = (),
) -> ConsentRecorded:
    """Record at an open desk that somebody objects to a photo, whatever they said before."""
    thread = Consent(subject_id=subject, actor_id=actor, photo_id=photo)
    spoken = Spoken(ConsentKind.WITHDRAWN, channels, (), on=on, method=Method.ORAL)
    return _record_word(desk, thread, spoken, NO_FORM)


def _refuse_before_birth(desk: Desk, thread: Consent, day: date | None) -> None:
    born = persons_of(desk.session, [thread.subject_id])[thread.subject_id].born
    if born is not None and day is not None and day < born:
        raise InputDataError(
            N_("{day} is before the person was born"), N_("Check the day."), day=day
        )


def _refuse_too_old(desk: Desk, spoken: Spoken) -> None:
    """Refuse a yes that is older than the settings let one grow: it would never have counted."""
    months = current_policy(desk.session)[1].max_consent_age_months
    if not spoken.is_yes or spoken.on is None or months is None:
        return
    last = months_later(spoken.on, months)
    if last < desk.today:
        raise InputDataError(
            N_("by the settings a consent of {day} counted until {last} only"),
            N_("Ask for the consent again."),
            step=NextStep.to(NextAction.CONSENT_FORM, "person", "until", "folder"),
            day=spoken.on,
            last=last,
        )


def _unverified(desk: Desk, thread: Consent) -> tuple[str, str] | None:
    """Return child and guardian when the guardianship behind a word is not verified."""
    row = guardianship_between(desk.session, thread.subject_id, thread.actor_id)
    if row is not None and row.verified_how is not None:
        return None
    return human_id(Kind.PERSON, thread.subject_id), human_id(Kind.PERSON, thread.actor_id)


def guardian_of(desk: Desk, child: Person, named: str, day: date) -> Person:
    """Return who speaks for a child; NotAllowed unless recorded as a guardian of that child."""
    return speaking_for(desk, child, the_person(desk.session, named), day)


def has_say(desk: Desk, child: Person, guardian: Person, day: date) -> bool:
    """May somebody speak for a person on that day?"""
    try:
        speaking_for(desk, child, guardian, day)
    except (NotAllowed, InputDataError):
        return False
    return True


def speaking_for(desk: Desk, child: Person, guardian: Person, day: date) -> Person:
    """Return the guardian; raise unless they may speak for the child on that day."""
    ids = {
        "child": human_id(Kind.PERSON, child.id),
        "guardian": human_id(Kind.PERSON, guardian.id),
    }
    if guardian.id == child.id:
        return child
    if age_group_on(desk, child, day) is AgeGroup.ADULT:
        raise InputDataError(
            N_("{child} is an adult and decides alone"),
            N_("Record the person's own answer."),
            fields=("by",),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    row = guardianship_between(desk.session, id_of(child), id_of(guardian))
    if row is None or row.ended_on is not None:
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
    return guardian


@contextmanager
def list_consents(
    workplace: Workplace, person: str | None = None
) -> Iterator[Iterator[dict[str, Any]]]:
    """Give the consents about one person, or all, each with where it stands."""
    with workplace.reading() as desk:
        subject = id_of(the_person(desk.session, person)) if person else None
        yield _consent_rows(desk, subject)


def _consent_rows(desk: Desk, subject: int | None) -> Iterator[dict[str, Any]]:
    for threads in consents_about(desk.session, subject):
        people = persons_of(desk.session, (thread.subject_id for thread in threads))
        words = standings_words(desk, threads)
        for thread in threads:
            yield {
                "consent": human_id(Kind.CONSENT, thread.id),
                "person": human_id(Kind.PERSON, thread.subject_id),
                "name": shown_name(desk, people[thread.subject_id]),
                "by": human_id(Kind.PERSON, thread.actor_id),
                "reach": reach_of(thread),
                **thread_row(words[thread.id], thread.id, side_by_side=False),
            }


def show_person(workplace: Workplace, named: str) -> dict[str, Any]:
    """Return what is recorded about a person, with guardians and consents; never the block."""
    with workplace.reading() as desk:
        person = the_person(desk.session, named)
        return {**person_facts(desk, person), "consents": [*_consent_rows(desk, id_of(person))]}
