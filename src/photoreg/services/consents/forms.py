"""Consent forms: one for everybody who decides, on paper, with a code that leads back to it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from photoreg.documents.codes import grouped, new_code
from photoreg.documents.html import html_of
from photoreg.documents.pdf import pdf_of
from photoreg.documents.template import Kit, Page, Template
from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_event, the_person, the_photo
from photoreg.registry.queries.forms import channel_titles
from photoreg.registry.queries.people import guardians_deciding, persons_of
from photoreg.registry.queries.photos import roster_by_event
from photoreg.registry.rows import add
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.tables.people import Language, Person
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.facts import AgeGroup, Channel
from photoreg.rulebook.policy import ClosedGroup, Policy
from photoreg.rulebook.situation import months_later
from photoreg.services.consents.document_texts import (
    TEXTS,
    TO_WRITE_ON,
    day_in_words,
    days_of,
    made_folder,
    photo_in_words,
    text_in,
)
from photoreg.services.people.ages import age_group_on, age_on
from photoreg.services.unit_of_work import Desk, Workplace, current_policy
from photoreg.sheets.files import new_file
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MOST_BLANK = 500
ANSWERS = ("yes", "no", "name", "information", "marketing", "child_no")
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
    """Whose answer a form asks for; `blank` leaves open who decides, or who it is about."""

    ADULT = "adult"
    GUARDIAN = "guardian"
    CHILD = "child"
    BLANK = "blank"


KIT = Kit(
    fields=_FIELDS,
    choices={*ANSWERS, *Channel},
    tags={*FormKind, *_REACHES, "all", "one"},
    # What GDPR articles 7 and 13 ask of every form; how to withdraw cannot be checked.
    needed_fields={"person", "organisation", "contact", "data_protection", "code", "until"},
    needed_choices={"yes", "no", "information", "name"},
)


class Layout(StrEnum):
    """In which form the paper comes."""

    HTML = "html"
    PDF = "pdf"


class Left(StrEnum):
    """Why no form was made out for somebody."""

    NO_GUARDIAN = "no_guardian"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Order:
    """What forms are wanted: for whom, about what, until when, in which language, into a folder.

    Without a language each form is in that of the one who answers. `texts`: a folder of the
    municipality's own texts.
    """

    folder: Path
    until: date
    event: str | None = None
    photo: str | None = None
    persons: Sequence[str] = ()
    roster: bool = False
    blank: int = 0
    language: Language | None = None
    layout: Layout = Layout.HTML
    texts: Path | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A form as printed: its code, about whom, who answers, in which language the text is."""

    code: str
    person: str | None
    by: str | None
    kind: FormKind
    language: Language
    version: str
    file: Path


@dataclass(frozen=True, slots=True)
class Printing:
    """What was printed, and what somebody should know.

    `together`: the file with all forms. `left`: people without a form. `untranslated`: languages
    that await a translator, so that the text is in another one. `unsaid`: settings that forms
    print and that nobody has set, so that there is a line to write on.
    """

    forms: tuple[Printed, ...]
    together: Path | None
    left: tuple[tuple[str, Left], ...]
    untranslated: tuple[Language, ...]
    unsaid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Somebody who is asked: the person shown, who answers, and the kind of form for that."""

    kind: FormKind
    person: Person | None = None
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class _About:
    """What the forms of one printing share."""

    event: Event | None
    photo: Photo | None
    until: date
    policy: Policy
    organisation: str
    titles: dict[Channel, list[str]]

    @property
    def reach(self) -> str:
        """The tag for what is asked about."""
        return "event" if self.event else "photo" if self.photo else "everything"


def print_forms(workplace: Workplace, order: Order) -> Printing:
    """Print forms into a folder, and record them; all of it, or nothing."""
    with workplace.changing() as desk:
        about = _about(desk, order)
        asked, left = _deciders(desk, order, about.event)
        texts = {
            language: text_in(order.texts or TEXTS, "form", language, KIT)
            for language in {_language(order, each) for each in asked}
        }
        forms, pages = [], []
        for each in asked:
            form, page = _made(desk, about, each, texts[_language(order, each)])
            suffix = f"{form.code}.{order.layout}"
            forms.append(
                Printed(
                    grouped(form.code),
                    _id(each.person),
                    _id(each.by),
                    each.kind,
                    form.language,
                    form.form_version,
                    order.folder / suffix,
                )
            )
            pages.append(page)
        together = _write(desk, order, about, [each.file for each in forms], pages)
    untranslated = {language for language, text in texts.items() if text.awaiting}
    settings = ("controller_contact", "data_protection_officer")
    return Printing(
        tuple(forms),
        together,
        left,
        tuple(sorted(untranslated)),
        tuple(name for name in settings if not getattr(about.policy, name)),
    )


def _about(desk: Desk, order: Order) -> _About:
    _, policy = current_policy(desk.session)
    _check_end(desk, order.until, policy)
    titles = channel_titles(desk.session)
    if policy.closed_group is ClosedGroup.AS_PUBLIC:
        titles.pop(Channel.CLOSED_GROUP, None)  # it counts as a public page (J1)
    titles.pop(Channel.CLOSED_WORK_GROUP, None)  # never published to (I3)
    if not titles:
        raise InputDataError(
            N_("there is no channel yet that a form could ask about"),
            N_("Add the municipality's channels first."),
            step=NextStep.to(NextAction.CHANNEL_ADD, "channel", "title", "kind"),
        )
    return _About(
        the_event(desk.session, order.event) if order.event else None,
        the_photo(desk.session, order.photo) if order.photo else None,
        order.until,
        policy,
        desk.session.get_one(RegistryInfo, 1).organisation,
        titles,
    )


def _check_end(desk: Desk, until: date, policy: Policy) -> None:
    months = policy.max_consent_age_months
    last = date.max if months is None else months_later(desk.today, months)
    if until < desk.today:
        raise InputDataError(
            N_("{day} has passed already"), N_("Give a later end date."), fields=("until",),
            day=until,
        )  # fmt: skip
    if until > last:
        raise InputDataError(
            N_("by the settings a consent given today counts until {last} at the latest"),
            N_("Give that day or an earlier one."),
            fields=("until",),
            last=last,
        )


def _deciders(
    desk: Desk, order: Order, event: Event | None
) -> tuple[list[_Asked], tuple[tuple[str, Left], ...]]:
    """Return who is asked, in the order named, and who is left out and why."""
    persons = {id_of(p): p for p in (the_person(desk.session, name) for name in order.persons)}
    if order.roster and event is not None:
        found = roster_by_event(desk.session, [id_of(event)])[id_of(event)]
        persons |= {id_of(p): p for p in sorted(found, key=lambda p: (p.name_key, id_of(p)))}
    guardians = guardians_deciding(desk.session, persons)
    adults = persons_of(desk.session, {each for some in guardians.values() for each in some})
    asked, left = [], []
    for number, person in persons.items():
        deciding = [
            adults[each] for each in guardians.get(number, []) if not adults[each].erased_at
        ]
        here = [] if person.deceased else list(_asked(desk, person, deciding))
        asked += here
        if not here:
            why = Left.DECEASED if person.deceased else Left.NO_GUARDIAN
            left.append((human_id(Kind.PERSON, number), why))
    asked += [_Asked(FormKind.BLANK)] * order.blank
    if not asked and not left:
        raise InputDataError(
            N_("there is nobody to make a form for"),
            N_("Name somebody, fill the roster, or ask for forms without a name."),
            fields=("person", "roster", "blank"),
        )
    return asked, tuple(left)


def _asked(desk: Desk, person: Person, guardians: Iterable[Person]) -> Iterator[_Asked]:
    """Give who is asked about one person: guardians and, from the age of the policy, the child.

    Where the age is not known, the form leaves open who decides.
    """
    group = age_group_on(desk, person, desk.today)
    if group is AgeGroup.UNKNOWN:
        yield _Asked(FormKind.BLANK, person)
    elif group is AgeGroup.ADULT:
        yield _Asked(FormKind.ADULT, person, person)
    else:
        deciding = [_Asked(FormKind.GUARDIAN, person, guardian) for guardian in guardians]
        yield from deciding
        age = age_on(person, desk.today)
        view_age = current_policy(desk.session)[1].child_view_age
        if deciding and age is not None and age >= view_age:
            yield _Asked(FormKind.CHILD, person, person)


def _language(order: Order, asked: _Asked) -> Language:
    own = (person.language for person in (asked.by, asked.person) if person and person.language)
    return order.language or next(own, Language.FINNISH)


def _made(desk: Desk, about: _About, asked: _Asked, text: Template) -> tuple[ConsentForm, Page]:
    """Record one form, and return it with its page."""
    form = ConsentForm(
        code=new_code(),
        subject_id=_number(asked.person),
        actor_id=_number(asked.by),
        photo_id=_number(about.photo),
        event_id=_number(about.event),
        language=Language(text.language),
        form_version=text.version,
        valid_until=about.until,
        printed_at=desk.now,
        printed_by=desk.actor.id,
    )
    number = add(desk.session, form)
    desk.log(
        Action.FORM_PRINTED,
        "form",
        number,
        person=_id(asked.person),
        by=_id(asked.by),
        photo=form.photo_id,
        event=form.event_id,
        language=form.language,
        version=form.form_version,
    )
    choices = dict.fromkeys(ANSWERS, "")
    choices |= {kind: ", ".join(titles) for kind, titles in about.titles.items()}
    tags = {asked.kind, about.reach, str(about.policy.guardians)}
    values = _values(about, asked, form)
    return form, text.filled(values, tags, choices, form.code)


def _values(about: _About, asked: _Asked, form: ConsentForm) -> dict[str, str]:
    event, policy = about.event, about.policy
    return {
        "person": asked.person.name if asked.person else "",
        "decider": asked.by.name if asked.by else "",
        "event": event.name if event else "",
        "days": days_of(event, form.language),
        "photo": photo_in_words(about.photo),
        "organisation": about.organisation,
        "contact": policy.controller_contact or TO_WRITE_ON,
        "data_protection": policy.data_protection_officer or TO_WRITE_ON,
        "code": grouped(form.code),
        "until": day_in_words(about.until, form.language),
        "view_age": str(policy.child_view_age),
        "adult_age": str(policy.child_age),
    }


def _write(
    desk: Desk, order: Order, about: _About, files: Sequence[Path], pages: Sequence[Page]
) -> Path | None:
    """Write each form into a file of its own, and all of them into one to print in one go."""
    wanted = [(file, [page]) for file, page in zip(files, pages, strict=True)]
    together = None
    if len(pages) > 1:
        subject = human_id(Kind.EVENT, about.event.id) if about.event else "forms"
        stamp = f"{desk.now:%Y%m%d-%H%M%S}"
        together = order.folder / f"{subject}-{stamp}.{order.layout}"
        wanted.append((together, list(pages)))
    written: list[Path] = []
    try:
        made_folder(order.folder)
        for file, some in wanted:
            with new_file(file, overwrite=False) as part:
                part.write_bytes(_content(desk, order.layout, some))
            written.append(file)
    except BaseException:
        for file in written:
            file.unlink()
        raise
    return together


def _content(desk: Desk, layout: Layout, pages: Sequence[Page]) -> bytes:
    if layout is Layout.PDF:
        return pdf_of(pages, desk.now)
    return html_of(pages).encode()


def _id(person: Person | None) -> str | None:
    return human_id(Kind.PERSON, person.id) if person else None


def _number(row: Person | Photo | Event | None) -> int | None:
    return row.id if row else None
