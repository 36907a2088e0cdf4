"""Consent receipts: what was agreed, when, and how to withdraw it.

A receipt contains no contact but the controller's, and of a child's guardians only the one who
consented, so it can be handed to that guardian unchanged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from photoreg.documents.codes import format_code
from photoreg.documents.template import TemplateSpec
from photoreg.documents.text import render_text
from photoreg.errors import NotAllowed
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.forms import (
    ConsentHistoryItem,
    consent_history,
    newest_form_of,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import events_by_id, photos_by_id
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.tables.people import Language, Person
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    AgeGroup,
    Channel,
    Purpose,
)
from photoreg.rulebook.policy import Policy
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import (
    ConsentState,
    StatusRow,
    events_in_reach,
    status_row,
)
from photoreg.services.consents.consents import find_shown_consent, withheld_persons
from photoreg.services.consents.document_texts import (
    BLANK_LINE,
    TEXTS,
    format_channel,
    format_day,
    format_days,
    format_photo,
    text_in,
)
from photoreg.services.people.ages import age_group_on, hides, shown_name, written_name
from photoreg.services.unit_of_work import UnitOfWork, current_policy
from photoreg.texts import N_

_STATES = ("granted", "refused", "withdrawn", "pending", "expired")
KIT = TemplateSpec(
    fields=frozenset(
        {
            "consent",
            "person",
            "decider",
            "event",
            "days",
            "photo",
            "day",
            "code",
            "until",
            "adult_age",
            "organisation",
            "contact",
            "data_protection",
        }
    ),
    choices={*Channel, *Purpose, "channel"},
    tags={
        *_STATES,
        *("own", "guardian", "event", "photo", "everything", "form"),
        *("named", "nameless", "ends", "endless"),
    },
    needed_fields={"consent", "person", "organisation", "contact"},
    titled_choices={"channel"},
)


@dataclass(frozen=True, slots=True)
class _ReceiptData:
    """The data of a receipt: the consent, its parties, status and history."""

    consent: Consent
    subject: Person
    actor: Person
    event: Event | None
    photo: Photo | None
    form: ConsentForm | None
    status: StatusRow
    events: tuple[ConsentHistoryItem, ...]
    state: str
    policy: Policy
    organisation: str

    @property
    def number(self) -> str:
        """The id of the consent."""
        return human_id(Kind.CONSENT, self.consent.id)

    @property
    def is_own(self) -> bool:
        """Whether the depicted person gave the consent."""
        return self.consent.subject_id == self.consent.actor_id


def receipt_text(
    application: Application,
    named: str,
    *,
    language: Language | None = None,
    texts: Path | None = None,
) -> tuple[str, Language | None]:
    """Return the receipt as text, by default in the language of the person who consented.

    The second value is the wanted language if it has no translation yet and another was used.
    """
    with application.reading() as work:
        agreed = _receipt_for(work, named)
        wanted = language or agreed.actor.language or agreed.subject.language or Language.FINNISH
        text = text_in(texts or TEXTS, "receipt", wanted, KIT)
        channels = {each.name: format_channel(each) for each in all_channels(work.session)}
        page = text.fill(
            _values(work, agreed, Language(text.language)),
            _tags(agreed),
            _choices(agreed, channels),
            "",
        )
        return render_text(page), wanted if text.awaiting else None


def _receipt_for(work: UnitOfWork, named: str) -> _ReceiptData:
    consent = find_shown_consent(work, named)
    if withheld_persons(work, persons_of(work.session, [consent.subject_id]).values()):
        raise NotAllowed(
            N_("the receipt of {consent} is given by the communications coordinator"),
            N_("Ask the communications coordinator."),
            consent=human_id(Kind.CONSENT, consent.id),
        )
    events = events_in_reach(work, [consent])[id_of(consent)]
    status = status_row(events, id_of(consent))
    people = persons_of(work.session, {consent.subject_id, consent.actor_id})
    photos = photos_by_id(work.session, [consent.photo_id]) if consent.photo_id else []
    return _ReceiptData(
        consent,
        people[consent.subject_id],
        people[consent.actor_id],
        events_by_id(work.session, [consent.event_id]).get(consent.event_id or 0),
        photos[0] if photos else None,
        newest_form_of(work.session, id_of(consent)),
        status,
        tuple(consent_history(work.session, id_of(consent))),
        _state(work, status),
        current_policy(work.session)[1],
        work.session.get_one(RegistryInfo, 1).organisation,
    )


def _state(work: UnitOfWork, status: StatusRow) -> str:
    is_granted = status.state is ConsentState.GRANTED
    if is_granted and status.until and date.fromisoformat(status.until) < work.today:
        return "expired"
    return "pending" if status.state is ConsentState.NONE else str(status.state)


def _may_be_named(agreed: _ReceiptData) -> bool:
    grants = [event for event in agreed.events if event.kind in GRANTING_KINDS]
    return bool(grants and grants[-1].may_be_named)


def _tags(agreed: _ReceiptData) -> set[str]:
    reach = "event" if agreed.event else "photo" if agreed.photo else "everything"
    return {
        agreed.state,
        reach,
        "own" if agreed.is_own else "guardian",
        "named" if _may_be_named(agreed) else "nameless",
        "ends" if agreed.status.until else "endless",
        *(["form"] if agreed.form else []),
    }


def _choices(agreed: _ReceiptData, titles: Mapping[str, str]) -> dict[str, list[str]]:
    channels = agreed.status.channels
    kinds = [name for name in channels if name in set(Channel)]
    single = [titles.get(name, name) for name in channels if name not in kinds]
    return {each: [""] for each in [*kinds, *agreed.status.purposes]} | {"channel": single}


def _values(work: UnitOfWork, agreed: _ReceiptData, language: Language) -> dict[str, str]:
    until, policy = agreed.status.until, agreed.policy
    return {
        "consent": agreed.number,
        "person": shown_name(work, agreed.subject),
        "decider": human_id(Kind.PERSON, agreed.actor.id)
        if hides(work, agreed.actor)
        else written_name(work, agreed.actor, language),
        "event": agreed.event.name if agreed.event else "",
        "days": format_days(agreed.event, language),
        "photo": format_photo(agreed.photo),
        "day": format_day(date.fromisoformat(agreed.status.day), language),
        "code": format_code(agreed.form.code) if agreed.form else "",
        "until": format_day(date.fromisoformat(until), language) if until else "",
        "adult_age": str(policy.child_age),
        "organisation": agreed.organisation,
        "contact": policy.controller_contact or BLANK_LINE,
        "data_protection": policy.data_protection_officer or BLANK_LINE,
    }


@dataclass(frozen=True, slots=True)
class ReceiptForm:
    """The form on which a consent was given: its code, language and version."""

    code: str
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt for programs: the consent, its parties by id and name, scope, state and history.

    `about` is the event or photo, None where the consent covers all photos.
    """

    consent: str
    made_at: datetime
    organisation: str
    contact: str
    data_protection_officer: str
    state: str
    subject: str
    subject_name: str
    is_child: bool
    actor: str
    actor_name: str
    is_own: bool
    form: ReceiptForm | None
    about: str | None
    purposes: Sequence[str]
    channels: Sequence[str]
    until: str | None
    may_be_named: bool
    history: Sequence[ConsentHistoryItem]


def receipt(application: Application, named: str) -> Receipt:
    """Return the receipt of a consent as a record."""
    with application.reading() as work:
        agreed = _receipt_for(work, named)
        form = agreed.form
        return Receipt(
            consent=agreed.number,
            made_at=work.now,
            organisation=agreed.organisation,
            contact=agreed.policy.controller_contact,
            data_protection_officer=agreed.policy.data_protection_officer,
            state=agreed.state,
            subject=human_id(Kind.PERSON, agreed.subject.id),
            subject_name=shown_name(work, agreed.subject),
            is_child=age_group_on(work, agreed.subject, work.today) is AgeGroup.MINOR,
            actor=human_id(Kind.PERSON, agreed.actor.id),
            actor_name=shown_name(work, agreed.actor),
            is_own=agreed.is_own,
            form=ReceiptForm(form.code, form.language, form.form_version) if form else None,
            about=agreed.event.name if agreed.event else format_photo(agreed.photo) or None,
            purposes=agreed.status.purposes,
            channels=agreed.status.channels,
            until=agreed.status.until,
            may_be_named=_may_be_named(agreed),
            history=agreed.events,
        )
