"""Find records as people name them: a photo by id, file or hash, a person by id or name."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session, SQLModel, col, select

from photoreg.errors import (
    InputDataError,
    KeyLacksRight,
    NotAllowed,
    NotFound,
    Phrase,
    Records,
    os_cause,
)
from photoreg.named_files import MAX_PHOTO_BYTES, hash_regular
from photoreg.registry.ids import (
    KIND_OF_TABLE,
    Kind,
    human_id,
    id_of,
    name_key,
    near_ids,
    parse_id,
    require_id,
    utf8_safe,
)
from photoreg.registry.names import near
from photoreg.registry.queries.asked_once import asked_once
from photoreg.registry.queries.organisation import all_channels, user_called
from photoreg.registry.queries.people import namesakes
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.cases import Case
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Person, Staff
from photoreg.registry.tables.photos import Event, Photo, PhotoFlag
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_TABLES: dict[Kind, type[SQLModel]] = {
    Kind.PHOTO: Photo,
    Kind.PERSON: Person,
    Kind.EVENT: Event,
}

_MAY_BE_ASKED = frozenset({"photo", "person", "event", "consent", "permission", "unclear_case"})
"""The tables of whose records the log may say that somebody asked for them."""

# By table, so that no command declares tables that it does not ask.
_LISTS: dict[str, NextStep] = {
    "photo": NextStep.to(NextAction.PHOTO_LIST),
    "person": NextStep.to(NextAction.PERSON_LIST),
    "event": NextStep.to(NextAction.EVENT_LIST),
    "channel": NextStep.to(NextAction.CHANNEL_LIST),
    "staff": NextStep.to(NextAction.STAFF_LIST),
    "consent": NextStep.to(NextAction.CONSENT_LIST),
    "permission": NextStep.to(NextAction.PERMISSION_LIST),
    "unclear_case": NextStep.to(NextAction.CASE_LIST, everything="yes"),
    "photo_flag": NextStep.to(NextAction.FLAG_LIST, everything="yes"),
    "publication": NextStep.to(NextAction.PUBLICATION_LIST, everything="yes"),
    "take_down": NextStep.to(NextAction.PUBLICATION_LIST, everything="yes"),
}
"""The step that lists the records of a table."""

_LAST_IS_TOLD = frozenset({"photo", "person", "event", "publication", "unclear_case"})
"""The tables of which the last id is told: everybody may know how many records they hold."""

_ID_AND_NAME = re.compile(r"\s*(?P<id>H-\d+)\s+(?P<name>\S.*)", re.IGNORECASE)
MIN_HASH_LENGTH = 6
_HEX = frozenset("0123456789abcdef")
_Row = TypeVar("_Row", bound=SQLModel)


@asked_once
def find_photo(session: Session, named: str) -> Photo:
    """Return the photo with this id (`P-12`), file path or beginning of a file hash."""
    number = parse_id(Kind.PHOTO, named)
    if number is not None:
        return require_found(session, session.get(Photo, number), named, Photo)
    sha256 = _hash_of_file(named)
    if sha256:
        photo = session.exec(select(Photo).where(Photo.sha256 == sha256)).first()
        return require_found(session, photo, named, Photo)
    prefix = named.lower()
    if len(prefix) >= MIN_HASH_LENGTH and set(prefix) <= _HEX:
        statement = select(Photo).where(col(Photo.sha256).startswith(prefix)).limit(2)
        return _single_match(session, session.exec(statement).all(), Kind.PHOTO, named)
    alike = near_ids(Kind.PHOTO, named)
    raise NotFound(
        N_("{value} is not a registered photo"),
        N_("Did you mean {near}?")
        if alike
        else N_("Give the number of the photo, for example P-12, or its file with the folder."),
        value=named,
        near=Records(alike),
    )


@asked_once
def _photos(session: Session, numbers: frozenset[int]) -> list[Photo]:
    return rows_with(session, Photo, Photo.id, numbers)


def _hash_of_file(named: str) -> str:
    """Return the hash of the file of this name; empty if there is none."""
    try:
        return hash_regular(Path(named), MAX_PHOTO_BYTES)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return ""
    except OSError as error:
        if not os.path.lexists(named):  # such as a name that is too long
            return ""
        raise InputDataError(
            N_("{file} cannot be read: {cause}"),
            N_("Give the number of the photo, for example P-12, or its file with the folder."),
            file=named,
            cause=os_cause(error),
        ) from error


def find_photos(session: Session, names: Sequence[str]) -> list[Photo]:
    """Return the photos named, each once, in the order given; ids by one query."""
    numbers = {name: parse_id(Kind.PHOTO, name) for name in names}
    wanted = {number for number in numbers.values() if number is not None}
    by_id = {id_of(photo): photo for photo in _photos(session, frozenset(wanted))}
    found = [
        require_found(session, by_id.get(number), name, Photo)
        if number is not None
        else find_photo(session, name)
        for name, number in numbers.items()
    ]
    return list({id_of(photo): photo for photo in found}.values())


def find_person(session: Session, named: str, *, to_refuse: bool = False) -> Person:
    """Return the person with this id (`H-12`) or exact name; NotAllowed for an erased one.

    The id of a record that was merged into another leads to that one; `H-12 Elle Valkeapää` must
    be right in both. A change takes a name alone for somebody whom the user may not see only
    `to_refuse`: a no and a block are open to all.
    """
    return require_not_erased(find_person_or_tombstone(session, named, to_refuse=to_refuse))


def require_not_erased(person: Person) -> Person:
    """Return the person; NotAllowed for an erased one."""
    if person.erased_at is not None:
        raise NotAllowed(
            # INVARIANT: only a coordinator is told that the data was erased.
            N_("nothing more can be recorded about {person}"),
            N_("Ask the communications coordinator."),
            step=NextStep.to(NextAction.PERSON_SHOW, person=human_id(Kind.PERSON, person.id)),
            person=human_id(Kind.PERSON, person.id),
        )
    return person


def find_person_or_tombstone(session: Session, named: str, *, to_refuse: bool = False) -> Person:
    """Return the person, or by id the tombstone of an erased one."""
    number = parse_id(Kind.PERSON, named)
    if number is not None:
        person = require_found(session, session.get(Person, number), named, Person)
        while person.merged_into is not None:
            person = session.get_one(Person, person.merged_into)
        if "named_by_number" in session.info:
            session.info["named_by_number"](id_of(person))
        return person
    both = _ID_AND_NAME.fullmatch(named)
    if both and (number := parse_id(Kind.PERSON, both["id"])):
        for person in namesakes(session, both["name"]):
            if id_of(person) == number:
                return person
    found = namesakes(session, named)[:20]
    if found and "named_alone" in session.info:
        session.info["named_alone"]([*map(id_of, found)], named, to_refuse=to_refuse)
    if not found:
        known = session.info["persons_near"](named) if "persons_near" in session.info else []
        raise not_listed(named, "person", near_ids(Kind.PERSON, named) or known)
    return _single_match(session, found, Kind.PERSON, named)


def find_event(session: Session, named: str) -> Event:
    """Return the event with this id (`E-3`) or exact name."""
    number = parse_id(Kind.EVENT, named)
    if number is not None:
        return require_found(session, session.get(Event, number), named, Event)
    wanted = name_key(named)
    events = session.exec(select(Event)).all()
    matches = [event for event in events if name_key(event.name) == wanted]
    if not matches:
        raise not_listed(named, "event", near_ids(Kind.EVENT, named) or _near_events(events, named))
    if len(matches) > 1:
        ids = Records(Phrase((_event_id(each), each.starts_on)) for each in matches)
        raise InputDataError(
            N_("{value} could be any of {ids}"), N_("Use the id."), value=named, ids=ids
        )
    return _single_match(session, matches, Kind.EVENT, named)


def _near_events(events: Iterable[Event], named: str) -> list[Phrase]:
    """Return the events whose names are like this one: each with its day and id."""
    by_name: dict[str, list[Event]] = {}
    for event in events:
        by_name.setdefault(event.name, []).append(event)
    return [
        Phrase((name, *([each.starts_on] * (len(by_name[name]) > 1)), f"({_event_id(each)})"))
        for name in near(named, by_name)
        for each in by_name[name]
    ]


def _event_id(event: Event) -> str:
    return human_id(Kind.EVENT, event.id)


def find_channel(session: Session, named: str) -> ChannelRow:
    """Return the channel with this name."""
    name = utf8_safe(named).strip().lower()
    channels = all_channels(session)
    found = next((each for each in channels if each.name == name), None)
    if found is None:
        titles = {each.name: each.title for each in channels if each.active}
        names = list(titles)
        alike = near(name, names) or [channel for channel in names if near(name, [titles[channel]])]
        listed = N_("The channels are: {channels}.") if names else N_("There are no channels yet.")
        raise NotFound(
            N_("there is no channel {value}"),
            N_("Did you mean {near}? The channels are: {channels}.") if alike else listed,
            step=_LISTS["channel"],
            value=named,
            near=Records(alike),
            channels=", ".join(sorted(names)),
        )
    require_own_channel(session, found)
    return found


def require_own_channel(session: Session, channel: ChannelRow) -> None:
    """Raise KeyLacksRight for a channel that the acting key of the API was not made for."""
    own = session.info.get("channels")
    if own is not None and channel.id not in own:
        raise KeyLacksRight(
            N_("the API key was not made for the channel {channel}"),
            N_("Ask the communications coordinator for a key that may do it."),
            channel=channel.name,
        )


def find_staff(session: Session, login: str) -> Staff:
    """Return the member of staff with this login."""
    found = user_called(session, login)
    if found is None:
        raise not_listed(login, "staff", near(login, session.exec(select(Staff.login)).all()))
    return found


def find_consent(session: Session, named: str) -> Consent:
    """Return the consent with this id (`C-77`)."""
    return _find_by_id(session, named, Kind.CONSENT, Consent)


def find_permission(session: Session, named: str) -> Permission:
    """Return the copyright permission with this id (`L-5`)."""
    return _find_by_id(session, named, Kind.PERMISSION, Permission)


def find_case(session: Session, named: str) -> Case:
    """Return the case with this id (`K-3`)."""
    return _find_by_id(session, named, Kind.CASE, Case)


def find_cases(session: Session, names: Iterable[str]) -> list[Case]:
    """Return the cases with these ids, each once, in the order given; by one query."""
    return find_several(session, names, Kind.CASE, Case, Case.id)


def find_flag(session: Session, named: str) -> PhotoFlag:
    """Return the flag with this id (`F-3`)."""
    return _find_by_id(session, named, Kind.FLAG, PhotoFlag)


def find_flags(session: Session, names: Iterable[str]) -> list[PhotoFlag]:
    """Return the flags with these ids, each once, in the order given; by one query."""
    return find_several(session, names, Kind.FLAG, PhotoFlag, PhotoFlag.id)


def _find_by_id(session: Session, named: str, kind: Kind, table: type[_Row]) -> _Row:
    return require_found(session, session.get(table, require_id(kind, named)), named, table)


def find_several(
    session: Session, names: Iterable[str], kind: Kind, table: type[_Row], key: Any
) -> list[_Row]:
    """Return the records of a kind with these ids, each once, in the order given; by one query."""
    numbers = {require_id(kind, named): named for named in names}
    by_id = {id_of(row): row for row in rows_with(session, table, key, numbers)}
    return [
        require_found(session, by_id.get(number), named, table) for number, named in numbers.items()
    ]


def require_found(session: Session, row: _Row | None, named: str, table: type[SQLModel]) -> _Row:
    """Return the row; when it is None NotFound, with the last id and the step that lists all."""
    name = str(table.__tablename__)
    if row is None:
        raise not_listed(named, name, last=last_id(session, name))
    if name in _MAY_BE_ASKED:
        note_asked(session, name, id_of(row))
    return row


def last_id(session: AnySession, table: str) -> str | None:
    """Return the last id in use of a table, or an empty text if it is empty.

    None of a table of which not everybody may know how many records it holds.
    """
    if table not in _LAST_IS_TOLD:
        return None
    last = sa.select(sa.func.max(sa.column("id", sa.Integer))).select_from(sa.table(table))
    number = session.execute(last).scalar()
    return human_id(KIND_OF_TABLE[table], number) if number else ""


def not_listed(
    named: str, table: str, alike: Sequence[object] = (), last: str | None = None
) -> NotFound:
    """Return the error for a record that does not exist, with the step that lists its table.

    `alike` are records that may have been meant, which the user may see; `last` is the last id.
    """
    if alike:
        hint = N_("Did you mean {near}?")
    elif last:
        hint = N_("The last one is {last}.")
    elif last is not None:
        hint = N_("There is none yet.")
    else:
        hint = N_("Check the spelling, or look it up in a list of the registry.")
    return NotFound(
        N_("{value} is not in the registry"),
        hint,
        step=_LISTS.get(table),
        value=named,
        near=Records(alike),
        last=Records((last,)),  # an id only: nobody's name is told beside it
    )


def note_asked(session: AnySession, table: str, number: int) -> None:
    """Note by id, for the log of who looked, that a command asked for a record."""
    if table in _MAY_BE_ASKED and "asked" in session.info:
        session.info["asked"].setdefault(human_id(KIND_OF_TABLE[table], number))


def _single_match(session: Session, rows: Iterable[_Row], kind: Kind, named: str) -> _Row:
    """Return the single match. Of several, the error names the ids only, no personal data."""
    matches = list(rows)
    if len(matches) > 1:
        ids = ", ".join(human_id(kind, id_of(row)) for row in matches)
        raise InputDataError(
            N_("{value} could be any of {ids}"), N_("Use the id."), value=named, ids=ids
        )
    return require_found(session, matches[0] if matches else None, named, _TABLES[kind])
