"""The ledger: an append-only log, chained by hash, written in the transaction of the change.

Each entry's hash covers the entry and the previous hash, so an edit, a deletion or a reordering
breaks the chain at a place that can be named. Entries hold ids and codes, never names, so that
erasing a person never breaks the chain.
"""

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from json.encoder import encode_basestring
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.asked_once import asked_once
from photoreg.registry.streaming import insert_rows
from photoreg.registry.tables.ledger import MAX_DETAILS, LedgerEntry, Moment
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

GENESIS = "0" * 64
"""The previous hash of the first entry."""

Logins = tuple[str, str, str]
"""What whoever acts is called: the login on the computer, that on the server, the role in force."""

NO_LOGINS: Logins = ("", "", "")
"""The logins of whoever acts, where neither a computer's nor a database's is known."""

ID_KINDS = {
    "person": Kind.PERSON,
    "child": Kind.PERSON,
    "guardian": Kind.PERSON,
    "photographers": Kind.PERSON,
    "candidates": Kind.PERSON,
    "photo": Kind.PHOTO,
    "like": Kind.PHOTO,
    "event": Kind.EVENT,
    "corrects": Kind.CASE,
    "decision": Kind.DECISION,
    "publication": Kind.PUBLICATION,
}
"""The kind of record that a number in the details means, by key. It is logged as an id (`P-12`)."""

TAMPERING_HINT = N_(
    "It was changed outside photoreg. Keep the file as proof, and restore the latest backup made "
    "before it happened."
)

RESTORE = NextStep.to(NextAction.REGISTRY_RESTORE, "folder", replace="yes")
"""What to do about a registry that was changed outside photoreg."""


class Action(StrEnum):
    """The action, as `subject.verb`. A retired action stays here as a comment."""

    REGISTRY_CREATED = "registry.created"
    REGISTRY_COPIED = "registry.copied"
    STAFF_ADDED = "staff.added"
    STAFF_CHANGED = "staff.changed"
    PASSWORD_SET = "staff.password_set"  # noqa: S105 - that it was set
    SESSION_OPENED = "session.opened"
    SESSION_ENDED = "session.ended"
    API_KEY_ADDED = "api_key.added"
    API_KEY_REVOKED = "api_key.revoked"
    UNIT_RENAMED = "unit.renamed"
    POLICY_SET = "policy.set"
    CHANNEL_ADDED = "channel.added"
    CHANNEL_TERMS_CHANGED = "channel.terms_changed"
    CHANNEL_CHANGED = "channel.changed"
    CHANNEL_REVIEWED = "channel.reviewed"
    EVENT_ADDED = "event.added"
    EVENT_CHANGED = "event.changed"
    ROSTER_DOUBT_ASKED = "event.doubt_asked"
    ROSTER_DOUBT_DECIDED = "event.doubt_decided"
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    BLOCKS_READ = "blocks.read"
    PERSON_REPORTED = "person.reported"
    PERSON_ERASED = "person.erased"
    PERSON_MERGED = "person.merged"
    RETENTION_RUN = "retention.run"
    GUARDIAN_ADDED = "guardian.added"
    GUARDIAN_VERIFIED = "guardian.verified"
    GUARDIAN_EXCUSED = "guardian.excused"
    GUARDIAN_ENDED = "guardian.ended"
    GUARDIAN_DECIDES_ALONE = "guardian.decides_alone"
    FORM_PRINTED = "consent_form.printed"
    FORM_SCANNED = "consent_form.scanned"
    CONSENT_REQUESTED = "consent.requested"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REFUSED = "consent.refused"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CONSENT_RENEWED = "consent.renewed"
    PERMISSION_REQUESTED = "permission.requested"
    PERMISSION_GIVEN = "permission.given"
    PERMISSION_REFUSED = "permission.refused"
    PERMISSION_WITHDRAWN = "permission.withdrawn"
    PERMISSION_RENEWED = "permission.renewed"
    PHOTO_REGISTERED = "photo.registered"
    PHOTO_ANSWERED = "photo.answered"
    PHOTO_TAGGED = "photo.tagged"
    SERIES_SETTLED = "photo.series_settled"
    SERIES_COMPLETED = "photo.series_completed"
    PHOTO_UNTAGGED = "photo.untagged"
    PHOTO_APPROVED = "photo.approved"
    PHOTO_NOT_APPROVED = "photo.not_approved"
    PHOTO_EXPORTED = "photo.exported"
    METADATA_WRITTEN = "photo.metadata_written"
    PHOTO_FILE_CHANGED = "photo.file_changed"
    RIGHTS_REMOVED = "photo.rights_removed"
    RIGHTS_RESTORED = "photo.rights_restored"
    VERSION_ADDED = "photo.version_added"
    PHOTO_FINGERPRINTED = "photo.fingerprinted"
    PHOTO_FORGOTTEN = "photo.forgotten"
    PICTURE_UNREAD = "photo.picture_unread"
    PICTURE_READ = "photo.picture_read"
    EVIDENCE_DAMAGED = "evidence.damaged"
    EVIDENCE_WHOLE = "evidence.whole"
    EVIDENCE_SHOWN = "evidence.shown"
    EVIDENCE_EXPORTED = "evidence.exported"
    CASE_OPENED = "case.opened"
    CASE_SHOWN = "case.shown"
    CASE_RULED = "case.ruled"
    FLAG_RAISED = "flag.raised"
    FLAG_RESOLVED = "flag.resolved"
    SECOND_LOOK_ASKED = "second_look.asked"
    SECOND_LOOK_CONFIRMED = "second_look.confirmed"
    CORRECTION_ASKED = "correction.asked"
    CORRECTION_MADE = "correction.made"
    CORRECTION_REJECTED = "correction.rejected"
    RECORDING_UNDONE = "recording.undone"
    PUBLICATION_ADDED = "publication.added"
    PUBLICATION_NOT_RECALLABLE = "publication.not_recallable"
    TAKE_DOWN_OPENED = "take_down.opened"
    TAKE_DOWN_DONE = "take_down.done"
    TAKE_DOWN_ASSIGNED = "take_down.assigned"
    TAKE_DOWN_CANCELLED = "take_down.cancelled"
    LAYOUT_SAVED = "list_layout.saved"
    LOG_KEY_ADDED = "log_key.added"
    NAMES_READ = "names.read"
    NAMES_SHOWN = "names.shown"
    LOGINS_READ = "logins.read"
    RECORD_CHANGED = "record.changed"
    RECORDS_HASHED = "records.hashed"
    CLOCK_WRONG = "clock.wrong"
    REGISTRY_BACKED_UP = "registry.backed_up"
    REGISTRY_RESTORED = "registry.restored"
    STOP_CARRIED = "registry.stop_carried"
    RESTORE_ACKNOWLEDGED = "registry.restore_acknowledged"
    REGISTRY_REPAIRED = "registry.repaired"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry as read back."""

    seq: int
    at: str
    actor_id: int
    action: str
    subject: str
    details: str
    computer_login: str
    database_login: str
    database_role: str
    previous: str
    hash: str

    @property
    def time(self) -> datetime:
        """The time of the entry, in UTC."""
        return datetime.fromisoformat(self.at)

    def canonical(self) -> str:
        """Return the text whose SHA-256 is the hash that it must have."""
        entry = (self.previous, self.seq, self.at, self.actor_id, self.action, self.subject)
        logins = (self.computer_login, self.database_login, self.database_role)
        return canonical(entry, logins, self.details)


def with_ids(details: Mapping[str, object]) -> dict[str, object]:
    """Return the details of an entry with ids in place of records' numbers."""
    return {
        key: _with_id(ID_KINDS[key], value) if key in ID_KINDS else value
        for key, value in details.items()
    }


def _with_id(kind: Kind, value: object) -> object:
    if isinstance(value, int):
        return human_id(kind, value)
    return [_with_id(kind, each) for each in value] if isinstance(value, list | tuple) else value


def is_about(entry: LogEntry, details: Mapping[str, Any], kind: Kind, number: int) -> bool:
    """Return whether an entry with these details names a record, as its subject or in them.

    Some details in older entries are numbers; the key determines their kind.
    """
    named = human_id(kind, number)
    return entry.subject == named or any(
        value == named or (value == number and ID_KINDS.get(key) is kind)
        for key, values in details.items()
        for value in (values if isinstance(values, list) else [values])
    )


def chain_hash(entry: tuple[str, int, str, int, str, str], logins: Logins, details: str) -> str:
    """Return the SHA-256 of an entry and the previous hash, as canonical JSON.

    `entry` is previous hash, number, time, actor, action, subject: the order is part of the format,
    and so is that of `Logins`.
    """
    return hashlib.sha256(canonical(entry, logins, details).encode()).hexdigest()


def canonical(entry: tuple[str, int, str, int, str, str], logins: Logins, details: str) -> str:
    """Return an entry as canonical JSON; the parameters are as in `chain_hash`."""
    previous, seq, at, actor_id, action, subject = entry
    return (
        f"[{_json(previous)}, {seq}, {_json(at)}, {actor_id}, {_json(action)}, {_json(subject)}, "
        f"{', '.join(map(_json, logins))}, {_json(details)}]"
    )


_json = encode_basestring
"""Writes a text as JSON as `json.dumps(text, ensure_ascii=False)` does, in a tenth of its time."""


def append(
    session: Session,
    *,
    at: datetime,
    actor_id: int,
    action: Action,
    subject: str,
    details: Mapping[str, object],
) -> None:
    """Add an entry in the caller's transaction; see `append_all`."""
    append_all(session, at=at, actor_id=actor_id, action=action, entries=[(subject, details)])


def append_all(
    session: Session,
    *,
    at: datetime,
    actor_id: int,
    action: Action,
    entries: Iterable[tuple[str, Mapping[str, object]]],
) -> None:
    """Add an entry for each subject with its details, in the caller's transaction.

    Lists that are too long for one entry continue in further ones about the same subject. The
    chain is computed in memory, and thousands of entries are written by one statement.
    INVARIANT: the caller's transaction is a writing one, so nobody else can append meanwhile.
    """
    texts = ((at, actor_id, action, *each) for each in _with_text(entries))
    if _HELD in session.info:
        session.info[_HELD] += texts
    else:
        _write(session, texts)


_HELD = "held_entries"
_Held = tuple[datetime, int, Action, str, str]
"""Time, actor, action, subject and details of an entry that is not written yet."""


@contextmanager
def held(session: Session) -> Iterator[None]:
    """Hold back the entries that are added in it, and write them when it ends, unless it fails."""
    entries: list[_Held] = []
    session.info[_HELD] = entries
    try:
        yield
    finally:
        del session.info[_HELD]
    _write(session, entries)


def held_entries(session: Session) -> list[_Held]:
    """Return the entries that are held back; whoever takes something back removes some."""
    found: list[_Held] = session.info[_HELD]
    return found


def _write(session: Session, entries: Iterable[_Held]) -> None:
    rows = _rows(session, entries)
    table = LedgerEntry.__table__  # type: ignore[attr-defined]
    while some := list(islice(rows, _WRITTEN_AT_ONCE)):
        insert_rows(session.connection(), table, some)


_WRITTEN_AT_ONCE = 5_000


def _rows(session: Session, entries: Iterable[_Held]) -> Iterator[dict[str, object]]:
    """Yield the rows of entries, each with the hash that continues the chain."""
    last = head(session)
    seq, previous = last.seq, last.hash
    logins: Logins = session.info.get("logins", NO_LOGINS)
    so_far = entries_so_far(session)
    for at, actor_id, action, subject, text in entries:
        seq += 1
        when = at.isoformat(timespec="microseconds")
        own = chain_hash((previous, seq, when, actor_id, action, subject), logins, text)
        if action is not Action.RECORD_CHANGED:  # which says itself what told of the change
            so_far.setdefault(subject, seq)
        yield {
            "seq": seq,
            "at": when,
            "actor_id": actor_id,
            "action": action,
            "subject": subject,
            "details": text,
            "computer_login": logins[0],
            "database_login": logins[1],
            "database_role": logins[2],
            "previous": previous,
            "hash": own,
        }
        previous = own


def _with_text(
    entries: Iterable[tuple[str, Mapping[str, object]]],
) -> Iterator[tuple[str, str]]:
    for subject, details in entries:
        yield from ((subject, text) for text in _texts(details))


def _texts(details: Mapping[str, object]) -> Iterator[str]:
    """Yield the details as JSON; the longest list is halved until each half fits an entry."""
    text = _DETAILS.encode(details)
    longest = "" if len(text) <= MAX_DETAILS else _longest_list(details)
    if not longest:
        yield text
        return
    values: Any = details[longest]
    half = len(values) // 2
    for part in (values[:half], values[half:]):
        yield from _texts({**details, longest: part})


_DETAILS = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str)


def _longest_list(details: Mapping[str, object]) -> str:
    """Return the key of the longest list of several values, or an empty text."""
    lengths = {k: len(v) for k, v in details.items() if isinstance(v, list | tuple) and len(v) > 1}
    return max(lengths, key=lengths.__getitem__, default="")


def entries_so_far(session: Session) -> dict[str, int]:
    """Return the first entry of the session's transaction about each subject."""
    found: dict[str, int] = session.info.setdefault("entries", {})
    return found


def entries(
    session: Session, *, newest_first: bool = False, limit: int = 0
) -> Generator[LogEntry, None, None]:
    """Stream the entries without loading them all into memory."""
    table = sa.inspect(LedgerEntry).local_table
    order = table.c.seq.desc() if newest_first else table.c.seq
    statement = sa.select(table).order_by(order)
    if limit:
        statement = statement.limit(limit)
    statement = statement.execution_options(yield_per=1000)
    with session.connection().execute(statement) as found:
        for row in found.mappings():
            yield LogEntry(**row)


def leaves(session: Session) -> Generator[bytes, None, None]:
    """Stream the leaves of the log's Merkle tree: each holds the hash of an entry."""
    from photoreg.registry.transparency.merkle import leaf_hash  # noqa: PLC0415 - by anchors only

    table = sa.inspect(LedgerEntry).local_table
    statement = sa.select(table.c.hash).order_by(table.c.seq).execution_options(yield_per=10_000)
    with session.connection().execute(statement) as found:
        for chunk in found.scalars().partitions():
            yield from (leaf_hash(bytes.fromhex(each)) for each in chunk)


@asked_once
def head(session: Session) -> LogEntry:
    """Return the newest entry, whose hash covers all before it; number 0 in an empty log."""
    nothing = LogEntry(0, "", 0, "", "", "", *NO_LOGINS, "", GENESIS)
    return next(entries(session, newest_first=True, limit=1), nothing)


def hash_at(session: Session, seq: int) -> str | None:
    """Return the hash of an entry, GENESIS for number 0, None when there is no such entry."""
    if seq == 0:
        return GENESIS
    return session.exec(select(LedgerEntry.hash).where(LedgerEntry.seq == seq)).first()


def first_about(session: Session, key: str, named: str) -> LogEntry | None:
    """Return the first entry whose details name a record under this key, alone or in a list."""
    table = sa.inspect(LedgerEntry).local_table
    mentions = table.c.details.contains(json.dumps(named), autoescape=True)
    statement = sa.select(table).where(mentions).order_by(table.c.seq)
    for row in session.connection().execute(statement).mappings():
        value = json.loads(row["details"]).get(key)
        if value == named or (isinstance(value, list) and named in value):
            return LogEntry(**row)
    return None


def set_moment(session: Session, at: datetime) -> None:
    """Set the time of the current change, for the triggers and for hashes of records."""
    session.info["moment"] = at
    moment = session.get(Moment, 1)
    if moment is None:
        moment = Moment(at=at)
    moment.at = at
    session.add(moment)
    session.flush()
