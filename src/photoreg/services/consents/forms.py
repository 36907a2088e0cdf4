"""Print consent forms: one per person who decides, each with a code for recording the answer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from photoreg.documents.codes import format_code, new_code
from photoreg.documents.html import render_html
from photoreg.documents.pdf import render_pdf
from photoreg.documents.template import Page, Template, TemplateSpec
from photoreg.errors import InputDataError, NotAllowed
from photoreg.named_files import written_file
from photoreg.registry.ids import Kind, human_id, id_of, sort_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_channel, find_event, find_person, find_photo
from photoreg.registry.names import plain_name
from photoreg.registry.queries.forms import AskedOnForm, active_channels
from photoreg.registry.queries.people import guardians_deciding, persons_of
from photoreg.registry.queries.photos import roster_by_event
from photoreg.registry.rows import add
from photoreg.registry.tables.forms import ConsentForm, ConsentFormChannel, ConsentFormPurpose
from photoreg.registry.tables.organisation import ChannelRow, RegistryInfo
from photoreg.registry.tables.people import Language, Person
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.facts import AgeGroup, Channel, Purpose, add_months
from photoreg.rulebook.policy import ClosedGroup, Policy
from photoreg.services.application import Application
from photoreg.services.consents.document_texts import (
    BLANK_LINE,
    TEXTS,
    format_channel,
    format_day,
    format_days,
    format_photo,
    make_folder,
    text_in,
)
from photoreg.services.inputs import require_coming
from photoreg.services.people.ages import age_group_on, age_on, noted_name, written_name
from photoreg.services.unit_of_work import UnitOfWork, current_policy
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_BLANK = 500
FORM_CHOICES = ("yes", "no", "name", "child_no")
_REACHES = ("event", "photo", "everything")
_FIELDS = frozenset(
    {
        "person",
        "decider",
        "event",
        "days",
        "photo",
        "organisation",
        "contact",
        "data_protection",
        "code",
        "until",
        "view_age",
        "adult_age",
    }
)


class FormKind(StrEnum):
    """Whose answer a form asks for; `blank` leaves open who decides, or who is depicted."""

    ADULT = "adult"
    GUARDIAN = "guardian"
    CHILD = "child"
    BLANK = "blank"


KIT = TemplateSpec(
    fields=_FIELDS,
    choices={*FORM_CHOICES, *Channel, *Purpose},
    tags={*FormKind, *_REACHES, "all", "one"},
    # Required on every form by GDPR articles 7 and 13. The text on how to withdraw has no field.
    needed_fields={"person", "organisation", "contact", "data_protection", "code", "until"},
    needed_choices={"yes", "no", "information", "name"},
    titled_choices=frozenset(Channel),
)


class Layout(StrEnum):
    """The file format of a printed form."""

    HTML = "html"
    PDF = "pdf"


class NoFormReason(StrEnum):
    """Why no form was printed for a person."""

    NO_GUARDIAN = "no_guardian"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class FormOrder:
    """Which forms to print, and where.

    `channels` names those to ask about; without it, each of the municipality's own. Without
    `language`, each form is in the language of the person who answers. `texts` is a folder with the
    municipality's own templates.
    """

    folder: Path
    until: date
    event: str | None = None
    photo: str | None = None
    persons: Sequence[str] = ()
    channels: Sequence[str] = ()
    roster: bool = False
    blank: int = 0
    language: Language | None = None
    layout: Layout = Layout.HTML
    texts: Path | None = None


@dataclass(frozen=True, slots=True)
class FormPrinted:
    """A printed form; `language` is that of the text."""

    code: str
    person: str | None
    by: str | None
    kind: FormKind
    language: Language
    version: str
    file: Path


@dataclass(frozen=True, slots=True)
class PrintResult:
    """The printed forms, and warnings.

    `combined_file` contains all forms. `omitted` are persons without a form. `untranslated` are
    languages without a translation; their forms are in another language. `missing_settings` are
    settings without a value; the forms have a blank line instead. `not_asked` are own channels that
    the forms do not ask about, each with the reason; `asked` are the channels that they do.
    """

    forms: tuple[FormPrinted, ...]
    combined_file: Path | None
    omitted: tuple[tuple[str, NoFormReason], ...]
    untranslated: tuple[Language, ...]
    missing_settings: tuple[str, ...]
    asked: tuple[str, ...]
    not_asked: tuple["ChannelNotAsked", ...]


@dataclass(frozen=True, slots=True)
class ChannelNotAsked:
    """An own channel that forms ask about only if it is named, or never, and why."""

    channel: str
    why: str
    can_be_asked: bool


@dataclass(frozen=True, slots=True)
class _FormRecipient:
    """One form to print: its kind, the depicted person, and the person who answers."""

    kind: FormKind
    person: Person | None = None
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class _FormContext:
    """What all forms of one order have in common."""

    event: Event | None
    photo: Photo | None
    until: date
    policy: Policy
    organisation: str
    channels: tuple[ChannelRow, ...]

    @property
    def reach(self) -> str:
        """The template tag of the reach."""
        return "event" if self.event else "photo" if self.photo else "everything"


def print_forms(application: Application, order: FormOrder) -> PrintResult:
    """Print forms into a folder and record them; on an error nothing is printed or recorded."""
    if order.event and order.photo:
        raise InputDataError(
            N_("a form is for the photos of an event, or for one photo"),
            N_("Give one of them."),
            fields=("event", "photo"),
        )
    with application.changing() as work:
        context = _form_context(work, order)
        recipients, omitted = _recipients(work, order, context.event)
        _refuse_other_unit(work, recipients)
        texts = {
            language: text_in(order.texts or TEXTS, "form", language, KIT)
            for language in {_language(order, each) for each in recipients}
        }
        forms, pages = [], []
        for each in recipients:
            form, page = _make_form(work, context, each, texts[_language(order, each)])
            file_name = f"{_form_name(work, each, form)}.{order.layout}"
            forms.append(
                FormPrinted(
                    format_code(form.code),
                    _person_id(each.person),
                    _person_id(each.by),
                    each.kind,
                    form.language,
                    form.form_version,
                    order.folder / file_name,
                )
            )
            pages.append(page)
        not_asked = () if order.channels else tuple(_not_asked(work, context.policy))
        combined_file = _write(work, order, context, [each.file for each in forms], pages)
    untranslated = {language for language, text in texts.items() if text.awaiting}
    settings = ("controller_contact", "data_protection_officer")
    return PrintResult(
        tuple(forms),
        combined_file,
        omitted,
        tuple(sorted(untranslated)),
        tuple(name for name in settings if not getattr(context.policy, name)),
        tuple(channel.name for channel in context.channels),
        not_asked,
    )


def _refuse_other_unit(work: UnitOfWork, recipients: Iterable[_FormRecipient]) -> None:
    """Raise NotAllowed for a form that would show the name of somebody of another unit."""
    persons = (person for each in recipients for person in (each.person, each.by) if person)
    for person in persons:
        if work.sight.hides(id_of(person)):
            raise NotAllowed(
                N_("{person} is of another unit, and a form would show the name"),
                N_("Ask that unit or the communications coordinator to make the form."),
                person=human_id(Kind.PERSON, person.id),
            )


def _form_context(work: UnitOfWork, order: FormOrder) -> _FormContext:
    _, policy = current_policy(work.session)
    _check_end(work, order.until, policy)
    return _FormContext(
        find_event(work.session, order.event) if order.event else None,
        find_photo(work.session, order.photo) if order.photo else None,
        order.until,
        policy,
        work.session.get_one(RegistryInfo, 1).organisation,
        _asked_channels(work, order, policy),
    )


def _asked_channels(work: UnitOfWork, order: FormOrder, policy: Policy) -> tuple[ChannelRow, ...]:
    """Return the channels named in the order, or the municipality's own."""
    if order.channels:
        named = {id_of(c): c for c in (find_channel(work.session, n) for n in order.channels)}
        asks_about_page = any(c.is_own and c.kind is Channel.PUBLIC_PAGE for c in named.values())
        for channel in named.values():
            # Beside the page the group can be refused by itself: what is not ticked is a no to it.
            if not (asks_about_page and channel.kind is Channel.CLOSED_GROUP):
                _require_askable(channel, policy)
        return tuple(channel for _number, channel in sorted(named.items()))
    own = [c for c in active_channels(work.session) if c.is_own and why_not_asked(c, policy) == ""]
    if not own:
        raise InputDataError(
            N_("there is no channel yet for a form to ask about"),
            N_("Add the municipality's channels first."),
            step=NextStep.to(NextAction.CHANNEL_ADD, "channel", "title", "kind", "controller"),
        )
    return tuple(own)


def _not_asked(work: UnitOfWork, policy: Policy) -> Iterator[ChannelNotAsked]:
    """Yield the municipality's own channels that forms do not ask about unless they are named."""
    own = [channel for channel in active_channels(work.session) if channel.is_own]
    has_page = any(channel.kind is Channel.PUBLIC_PAGE for channel in own)
    for channel in own:
        if why := why_not_asked(channel, policy):
            can_be = has_page and channel.kind is Channel.CLOSED_GROUP
            yield ChannelNotAsked(channel.name, why, can_be)


def why_not_asked(channel: ChannelRow, policy: Policy) -> str:
    """Return why no form asks about a channel, or ""."""
    if not channel.kind.is_permitted:
        return N_("Nothing may be published in a closed work group (guideline I3).")
    counts_as_page = channel.is_own and policy.closed_group is ClosedGroup.AS_PUBLIC
    if channel.kind is Channel.CLOSED_GROUP and counts_as_page:
        return N_(
            "A closed group counts as a public page (guideline J1): ask about the page, or about "
            "both."
        )
    return ""


def _require_askable(channel: ChannelRow, policy: Policy) -> None:
    why_not = why_not_asked(channel, policy)
    if why_not:
        raise InputDataError(
            N_("a form does not ask about the channel {channel}"),
            why_not,
            fields=("channel",),
            channel=channel.name,
        )


def _check_end(work: UnitOfWork, until: date, policy: Policy) -> None:
    months = policy.max_consent_age_months
    last = date.max if months is None else add_months(work.today, months)
    require_coming(until, work.today)
    if until > last:
        raise InputDataError(
            N_("under the settings a consent given today is valid until {last} at the latest"),
            N_("Give that day or an earlier one."),
            fields=("until",),
            last=last,
        )


def _recipients(
    work: UnitOfWork, order: FormOrder, event: Event | None
) -> tuple[list[_FormRecipient], tuple[tuple[str, NoFormReason], ...]]:
    """Return the forms to print, in the order of the persons, and the persons omitted with why."""
    persons = {id_of(p): p for p in (find_person(work.session, name) for name in order.persons)}
    if order.roster and event is not None:
        found = roster_by_event(work.session, [id_of(event)])[id_of(event)]
        persons |= {id_of(p): p for p in sorted(found, key=lambda p: (sort_key(p.name), id_of(p)))}
    guardians = guardians_deciding(work.session, persons)
    adults = persons_of(work.session, {each for some in guardians.values() for each in some})
    recipients, omitted = [], []
    for number, person in persons.items():
        deciding = [
            adults[each] for each in guardians.get(number, []) if not adults[each].erased_at
        ]
        own = [] if person.deceased else list(_recipients_for(work, person, deciding))
        recipients += own
        if not own:
            why = NoFormReason.DECEASED if person.deceased else NoFormReason.NO_GUARDIAN
            omitted.append((human_id(Kind.PERSON, number), why))
    recipients += [_FormRecipient(FormKind.BLANK)] * order.blank
    if not recipients and not omitted and order.roster and event is not None:
        named = human_id(Kind.EVENT, event.id)
        raise InputDataError(
            N_("the roster of {event} is empty"),
            N_("Add the participants to the roster first."),
            step=NextStep.to(NextAction.EVENT_IMPORT_ROSTER, "file", event=named, apply="yes"),
            event=named,
        )
    if not recipients and not omitted:
        raise InputDataError(
            N_("there is nobody to make a form for"),
            N_("Name somebody, fill the roster, or ask for forms without a name."),
            fields=("person", "roster", "blank"),
        )
    return recipients, tuple(omitted)


def _recipients_for(
    work: UnitOfWork, person: Person, guardians: Iterable[Person]
) -> Iterator[_FormRecipient]:
    """Yield the forms for one person: for an adult, or for guardians and a child old enough.

    The child is asked from the age set in the policy. With an unknown age the form is blank.
    """
    group = age_group_on(work, person, work.today)
    if group is AgeGroup.UNKNOWN:
        yield _FormRecipient(FormKind.BLANK, person)
    elif group is AgeGroup.ADULT:
        yield _FormRecipient(FormKind.ADULT, person, person)
    else:
        deciding = [_FormRecipient(FormKind.GUARDIAN, person, guardian) for guardian in guardians]
        yield from deciding
        age = age_on(person, work.today)
        view_age = current_policy(work.session)[1].child_view_age
        if deciding and age is not None and age >= view_age:
            yield _FormRecipient(FormKind.CHILD, person, person)


def _form_name(work: UnitOfWork, recipient: _FormRecipient, form: ConsentForm) -> str:
    """Return the name of a form's file: who is shown, who answers if another, and the code."""
    people = {id_of(each): each for each in (recipient.person, recipient.by) if each}
    names = [_short_name(written_name(work, each, form.language)) for each in people.values()]
    return "__".join((*filter(None, names), form.code))


def _short_name(name: str) -> str:
    """Return the first name and initial of a person, in letters that every computer stores."""
    first, *rest = ("".join(re.findall(r"[a-z0-9-]", word)) for word in plain_name(name).split())
    initial = rest[-1][:1].upper() if rest else ""
    return "-".join(filter(None, (first[:20].title(), initial)))


def _language(order: FormOrder, recipient: _FormRecipient) -> Language:
    people = recipient.by, recipient.person
    own = (person.language for person in people if person and person.language)
    return order.language or next(own, Language.FINNISH)


def _make_form(
    work: UnitOfWork, context: _FormContext, recipient: _FormRecipient, text: Template
) -> tuple[ConsentForm, Page]:
    """Record one form and return it with its page."""
    form = ConsentForm(
        code=new_code(),
        subject_id=_row_id(recipient.person),
        actor_id=_row_id(recipient.by),
        photo_id=_row_id(context.photo),
        event_id=_row_id(context.event),
        language=Language(text.language),
        form_version=text.version,
        valid_until=context.until,
        printed_at=work.now,
        printed_by=work.actor.id,
    )
    tags = {recipient.kind, context.reach, str(context.policy.guardians)}
    asked = _asked(context, text.choices(tags))
    _store(work, form, asked)
    work.log(
        Action.FORM_PRINTED,
        "form",
        form.id,
        person=_person_id(recipient.person),
        by=_person_id(recipient.by),
        photo=form.photo_id,
        event=form.event_id,
        channels=[f"channel:{channel.id}" for channel in asked.channels],
        purposes=list(asked.purposes),
        language=form.language,
        version=form.form_version,
    )
    page = text.fill(_values(work, context, recipient, form), tags, _choices(asked), form.code)
    return form, page


def _asked(context: _FormContext, printed: AbstractSet[str]) -> AskedOnForm:
    """Return what a form asks about, of the choices that its text prints."""
    for channel in context.channels:
        if channel.kind not in printed:
            raise InputDataError(
                N_("the text of the form has no choice for the channel {channel} ({kind})"),
                N_("Add the choice to the text, or name the channels to ask about."),
                fields=("channel",),
                channel=channel.name,
                kind=channel.kind,
            )
    return AskedOnForm(context.channels, tuple(sorted(Purpose(p) for p in printed & {*Purpose})))


def _store(work: UnitOfWork, form: ConsentForm, asked: AskedOnForm) -> None:
    number = add(work.session, form)
    channels = (
        ConsentFormChannel(form_id=number, channel_id=id_of(each)) for each in asked.channels
    )
    purposes = (ConsentFormPurpose(form_id=number, purpose=each) for each in asked.purposes)
    work.session.add_all([*channels, *purposes])


def _choices(asked: AskedOnForm) -> dict[str, list[str]]:
    """Return the choices of a form: each channel with its title on a line of its own."""
    choices = {each: [""] for each in (*FORM_CHOICES, *asked.purposes)}
    for channel in asked.channels:
        choices.setdefault(channel.kind, []).append(format_channel(channel))
    return choices


def _values(
    work: UnitOfWork, context: _FormContext, recipient: _FormRecipient, form: ConsentForm
) -> dict[str, str]:
    event, policy = context.event, context.policy
    return {
        "person": noted_name(work, recipient.person) if recipient.person else "",
        "decider": written_name(work, recipient.by, form.language) if recipient.by else "",
        "event": event.name if event else "",
        "days": format_days(event, form.language),
        "photo": format_photo(context.photo),
        "organisation": context.organisation,
        "contact": policy.controller_contact or BLANK_LINE,
        "data_protection": policy.data_protection_officer or BLANK_LINE,
        "code": format_code(form.code),
        "until": format_day(context.until, form.language),
        "view_age": str(policy.child_view_age),
        "adult_age": str(policy.child_age),
    }


def _write(
    work: UnitOfWork,
    order: FormOrder,
    context: _FormContext,
    files: Sequence[Path],
    pages: Sequence[Page],
) -> Path | None:
    """Write one file per form, and a combined file if there are several; return the latter."""
    contents = [(file, [page]) for file, page in zip(files, pages, strict=True)]
    combined_file = None
    if len(pages) > 1:
        subject = human_id(Kind.EVENT, context.event.id) if context.event else "forms"
        stamp = f"{work.now:%Y%m%d-%H%M%S}"
        combined_file = order.folder / f"{subject}-{stamp}.{order.layout}"
        contents.append((combined_file, list(pages)))
    written: list[Path] = []
    try:
        make_folder(order.folder)
        for file, some in contents:
            with written_file(file) as part:
                part.write_bytes(_content(work, order.layout, some))
            written.append(file)
    except BaseException:
        for file in written:
            file.unlink()
        raise
    return combined_file


def _content(work: UnitOfWork, layout: Layout, pages: Sequence[Page]) -> bytes:
    if layout is Layout.PDF:
        return render_pdf(pages, work.now)
    return render_html(pages).encode()


def _person_id(person: Person | None) -> str | None:
    return human_id(Kind.PERSON, person.id) if person else None


def _row_id(row: Person | Photo | Event | None) -> int | None:
    return row.id if row else None
