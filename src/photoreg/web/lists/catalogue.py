"""The lists: their columns, what narrows them, and the rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from photoreg.presentation.rows.audits import (
    lacking_row,
    log_row,
    looser_period,
    setting_row,
    view_row,
)
from photoreg.presentation.rows.photos import photo_row
from photoreg.presentation.rows.rules import rule_row
from photoreg.presentation.second_looks import second_look_row
from photoreg.presentation.view import View, record_row
from photoreg.presentation.views import audits as columns
from photoreg.presentation.views.consents import CONSENTS, CONSENTS_EXPIRING, PERMISSIONS
from photoreg.presentation.views.events import EVENTS
from photoreg.presentation.views.organisation import POLICY
from photoreg.presentation.views.photos import PHOTOS
from photoreg.presentation.views.rules import RULES
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.reasons import REASONS
from photoreg.services.application import Application
from photoreg.services.audits import anchor_keys, audits, oversight
from photoreg.services.audits.second_looks import second_looks_listed
from photoreg.services.consents import consents, permissions, requests
from photoreg.services.data_subjects.disclosures import LIST_ROLES, list_disclosures
from photoreg.services.organisation.policy import show_policy
from photoreg.services.photos.events import list_events
from photoreg.services.photos.listing import list_photos
from photoreg.texts import N_
from photoreg.web.forms.form import FieldKind, FormField, Values

Row = Mapping[str, Any]
Rows = AbstractContextManager[Iterable[Row]]

DAYS_AHEAD = 60
"""How far a list of what ends looks by default, as on the command line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list: the values of its filters, the layout, and with names or not.

    Of a page the `first` row and how many are enough; a list may tell more, and begin before it.
    """

    values: Values
    layout: str
    named: bool = False
    first: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class DeskList:
    """A list: its name in the address, title, columns and rows.

    `with_names` are the columns when a purpose is stated; None where names never stand, or stand by
    need to know. `has_past`: it can be asked as of an earlier day. `roles` may see it.
    `begins_at_first`: its rows begin at the first that is asked for, so that no page is slow.
    """

    name: str
    title: str
    view: View
    rows: Callable[[Application, Asked], Rows]
    filters: tuple[FormField, ...] = ()
    with_names: View | None = None
    has_past: bool = True
    begins_at_first: bool = False
    about: str = ""
    roles: frozenset[StaffRole] = frozenset(StaffRole)


def _streamed(
    view: View, listed: Callable[..., AbstractContextManager[Iterable[Any]]], *filters: str
) -> Callable[[Application, Asked], Rows]:
    """Return how the rows of a stream of records are made."""

    @contextmanager
    def rows(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
        values = {name: asked.values[name] for name in filters}
        with listed(application, **values) as records:
            yield (view_row(view, record, asked.layout) for record in records)

    return rows


def _weak(
    views: tuple[View, View], listed: Callable[..., AbstractContextManager[Iterable[Any]]]
) -> Callable[[Application, Asked], Rows]:
    """Return how the rows of a list of persons are made, by id or by name."""

    @contextmanager
    def rows(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
        within = asked.values.get("within", DAYS_AHEAD)
        more = {"within_days": within or DAYS_AHEAD} if "within" in asked.values else {}
        with listed(application, named=asked.named, **more) as records:
            yield (view_row(views[asked.named], record, asked.layout) for record in records)

    return rows


@contextmanager
def _lacking(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
    with audits.list_missing_consents(
        application,
        channel=asked.values["channel"],
        on=asked.values["on"],
        named=asked.named,
    ) as found:
        yield (lacking_row(each, asked.layout, named=asked.named) for each in found)


@contextmanager
def _log(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
    with audits.list_log(
        application, photo=asked.values["photo"], person=asked.values["person"], to_read=True
    ) as found:
        yield (log_row(each, asked.layout) for each in found)


@contextmanager
def _other_logins(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
    with audits.list_other_logins(application, to_read=True) as found:
        yield (log_row(each, asked.layout) for each in found)


@contextmanager
def _second_looks(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
    with second_looks_listed(application) as found:
        yield (second_look_row(each, asked.layout) for each in found)


@contextmanager
def _consents(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
    with consents.list_consents(application, asked.values["person"]) as found:
        yield map(record_row, found)


@contextmanager
def _ending(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
    days = timedelta(asked.values["within"] or DAYS_AHEAD)
    with requests.expiring_consents(application, days) as found:
        yield map(record_row, found)


@contextmanager
def _permissions(application: Application, asked: Asked) -> Iterator[Iterable[Row]]:
    with permissions.list_permissions(application, asked.values["person"]) as found:
        yield map(record_row, found)


def _photos(application: Application, asked: Asked) -> Rows:
    found = list_photos(
        application,
        event=asked.values["event"],
        only_open=bool(asked.values["open"]),
        first=asked.first,
        at_once=asked.most,
    )
    return nullcontext(photo_row(each, asked.layout) for each in found)


def _looser(application: Application, asked: Asked) -> Rows:
    periods = (looser_period(p, asked.layout) for p in oversight.looser_periods(application))
    return nullcontext(view_row(columns.LOOSER, each, asked.layout) for each in periods)


def _policy(application: Application, asked: Asked) -> Rows:
    _version, settings = show_policy(application)
    return nullcontext([setting_row(each, asked.layout) for each in settings])


def _records(view: View, listed: Callable[[Application], Iterable[Any]]) -> Any:
    """Return how the rows of a list that is there at once are made."""

    def rows(application: Application, asked: Asked) -> Rows:
        return nullcontext([view_row(view, each, asked.layout) for each in listed(application)])

    return rows


_PERSON = FormField("person", N_("Person, by name or id"), FieldKind.PERSON)
_PHOTO = FormField("photo", N_("Photo"))
_CHANNEL = FormField("channel", N_("Channel"), FieldKind.CHANNEL)
_ON = FormField("on", N_("Day of publication; default: today"), FieldKind.DAY)
_WITHIN = FormField("within", N_("Days ahead; default: 60"), FieldKind.NUMBER)

_EXPIRING = (columns.EXPIRING, columns.EXPIRING_WITH_NAMES)
_UNDOCUMENTED = (columns.UNDOCUMENTED, columns.UNDOCUMENTED_WITH_NAMES)
_ONE_GUARDIAN = (columns.ONE_GUARDIAN, columns.ONE_GUARDIAN_WITH_NAMES)

EVERYDAY = (
    DeskList(
        "photos",
        N_("Photos"),
        PHOTOS,
        _photos,
        (
            FormField("event", N_("Event, by name or id"), FieldKind.EVENT),
            FormField("open", N_("Only photos with open questions"), FieldKind.TICK),
        ),
        has_past=False,
        begins_at_first=True,
    ),
    DeskList(
        "events",
        N_("Events"),
        EVENTS,
        lambda application, asked: nullcontext(
            map(asdict, list_events(application, asked.first, asked.most))
        ),
        has_past=False,
        begins_at_first=True,
    ),
    DeskList("consents", N_("Consents"), CONSENTS, _consents, (_PERSON,), has_past=False),
    DeskList(
        "permissions", N_("Permissions"), PERMISSIONS, _permissions, (_PERSON,), has_past=False
    ),
    DeskList(
        "ending",
        N_("Consents to ask for again"),
        CONSENTS_EXPIRING,
        _ending,
        (_WITHIN,),
        has_past=False,
    ),
    DeskList(
        "rules",
        N_("The rules"),
        RULES,
        lambda _application, _asked: nullcontext(map(rule_row, REASONS.values())),
        has_past=False,
    ),
)

OF_AUDITS = (
    DeskList(
        "lacking",
        N_("Photos without a consent or permission"),
        columns.LACKING,
        _lacking,
        (_CHANNEL, _ON),
        columns.LACKING_WITH_NAMES,
        about=N_("Reasons that concern secrecy are not listed."),
    ),
    DeskList(
        "published",
        N_("Published, and may no longer be shown"),
        columns.PUBLISHED,
        _streamed(columns.PUBLISHED, audits.list_disallowed, "on"),
        (_ON,),
    ),
    DeskList(
        "expiring",
        N_("Consents and permissions that end soon"),
        columns.EXPIRING,
        _weak(_EXPIRING, oversight.expiring_grants),
        (_WITHIN,),
        columns.EXPIRING_WITH_NAMES,
    ),
    DeskList(
        "undocumented",
        N_("Consents and permissions without a document"),
        columns.UNDOCUMENTED,
        _weak(_UNDOCUMENTED, oversight.undocumented_grants),
        with_names=columns.UNDOCUMENTED_WITH_NAMES,
    ),
    DeskList(
        "one-guardian",
        N_("Photos that depend on one guardian"),
        columns.ONE_GUARDIAN,
        _weak(_ONE_GUARDIAN, oversight.one_guardian),
        with_names=columns.ONE_GUARDIAN_WITH_NAMES,
    ),
    DeskList(
        "rulings",
        N_("Rulings"),
        columns.RULINGS,
        _streamed(columns.RULINGS, oversight.rulings),
    ),
    DeskList("second-looks", N_("Second looks"), columns.SECOND_LOOKS, _second_looks),
    DeskList("looser-policy", N_("Looser settings"), columns.LOOSER, _looser),
    DeskList(
        "channels",
        N_("Channels and their care"),
        columns.CHANNEL_STATES,
        _records(columns.CHANNEL_STATES, oversight.channel_audit),
    ),
    DeskList(
        "evidence",
        N_("Faulty documents"),
        columns.EVIDENCE,
        _records(columns.EVIDENCE, oversight.faulty_documents),
        has_past=False,
    ),
    DeskList(
        "disclosures",
        N_("Who looked at names"),
        columns.DISCLOSURES,
        _streamed(columns.DISCLOSURES, list_disclosures, "person"),
        (_PERSON,),
        roles=LIST_ROLES,
    ),
    DeskList("log", N_("The log"), columns.LOG, _log, (_PHOTO, _PERSON)),
    DeskList(
        "other-logins",
        N_("Entries under another login"),
        columns.LOG,
        _other_logins,
        has_past=False,
    ),
    DeskList("settings", N_("Settings in force"), POLICY, _policy),
    DeskList(
        "keys",
        N_("Keys of the log"),
        columns.KEYS,
        _records(columns.KEYS, anchor_keys.list_keys),
        has_past=False,
    ),
)

LISTS: dict[str, DeskList] = {each.name: each for each in (*EVERYDAY, *OF_AUDITS)}
"""The lists by their name in the address."""
