"""Record the statements of many rows together, by as many queries for one as for hundreds.

Each is checked and built as a single answer is (`consents.py`).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from photoreg.registry.ids import Kind, id_of
from photoreg.registry.people_ahead import insert_rows
from photoreg.registry.queries.consents import EventScope, events_with_scope, general_consents
from photoreg.registry.rows import insert_all, new_row
from photoreg.registry.tables.consents import Consent, ConsentChannel, ConsentEvent, ConsentPurpose
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import REFUSING_KINDS, ConsentKind
from photoreg.services.consents.consent_events import (
    ConsentScope,
    ConsentStatement,
    find_scope,
    scope_rows,
    statement_columns,
)
from photoreg.services.consents.consents import (
    ACTIONS,
    FormDetails,
    log_details,
    new_event,
    refuse_false_statement,
)
from photoreg.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said about another, or about themselves, on all photos.

    `is_signed`: it is known who said it; else it is recorded for everybody who may have.
    """

    subject: Person
    speaker: Person
    statement: ConsentStatement
    may_be_named: bool | None = None
    is_signed: bool = True

    @property
    def code(self) -> str:
        """What it is, in a word."""
        if self.statement.is_grant:
            return "yes"
        is_own = self.subject is self.speaker
        return "no" if self.is_signed or is_own else "unsigned_no"

    @property
    def form(self) -> FormDetails:
        """The statement's details that are those of a form."""
        return FormDetails(may_be_named=self.may_be_named)

    @property
    def parties(self) -> tuple[int, int]:
        """Who is shown, and who speaks."""
        return id_of(self.subject), id_of(self.speaker)


class Recorder:
    """Records statements about some persons, and knows what was recorded about them before."""

    def __init__(self, work: UnitOfWork, subjects: Iterable[int]) -> None:
        self.work = work
        self._scopes: dict[Hashable, ConsentScope] = {}
        records = general_consents(work.session, subjects)
        self._records = {(each.subject_id, each.actor_id): each for each in records}
        parties = {id_of(each): (each.subject_id, each.actor_id) for each in records}
        self._known: set[Hashable] = {
            (parties[each.event.consent_id], *_key_of_event(each))
            for each in events_with_scope(work.session, parties)
            if _stands_without_this(work, each.event)
        }

    def is_new(self, said: Said) -> bool:
        """Return whether a statement is not recorded yet; raise if it cannot have been made so."""
        require_possible(self.work, said)
        return self._key(said) not in self._known

    def record(self, all_said: Sequence[Said]) -> None:
        """Record statements that are new, each once."""
        unique = list({self._key(said): said for said in all_said}.values())
        self._add_records(unique)
        built = [(self._records[said.parties], self._event(said), said) for said in unique]
        insert_all(self.work.session, [event for _record, event, _said in built])
        scopes = [(id_of(event), self._scope(said)) for _record, event, said in built]
        rows = [
            row
            for number, scope in scopes
            for row in scope_rows(number, scope, ConsentChannel, ConsentPurpose)
        ]
        insert_all(self.work.session, [row for row in rows if isinstance(row, ConsentChannel)])
        insert_rows(self.work.session, [row for row in rows if isinstance(row, ConsentPurpose)])
        self._log(built)
        self._known |= {self._key(said) for said in unique}

    def _add_records(self, all_said: Iterable[Said]) -> None:
        new = {
            said.parties: new_row(Consent, subject_id=said.parties[0], actor_id=said.parties[1])
            for said in all_said
            if said.parties not in self._records
        }
        insert_all(self.work.session, list(new.values()))
        self._records |= new

    def _event(self, said: Said) -> ConsentEvent:
        consent = id_of(self._records[said.parties])
        return new_event(self.work, consent, said.statement, said.form)

    def _log(self, built: Sequence[tuple[Consent, ConsentEvent, Said]]) -> None:
        entries = defaultdict(list)
        for record, event, said in built:
            details = log_details(record, event, self._scope(said), said.form)
            entries[event.kind].append((record.id, details))
        for kind, some in entries.items():
            self.work.log_all(ACTIONS[kind], Kind.CONSENT, some)

    def _scope(self, said: Said) -> ConsentScope:
        """Return the channels and purposes of a statement, each combination looked up once."""
        statement = said.statement
        key = (statement.is_grant, tuple(statement.channels), statement.named_purposes)
        if key not in self._scopes:
            self._scopes[key] = find_scope(self.work, statement)
        return self._scopes[key]

    def _key(self, said: Said) -> Hashable:
        """Return what tells one statement from another."""
        statement, scope = said.statement, self._scope(said)
        return (
            said.parties,
            statement.kind,
            statement.on,
            frozenset((*scope.kinds, *scope.channel_ids)),
            frozenset(scope.purposes),
            (statement.until, statement.open_ended) if statement.is_grant else (None, False),
            said.may_be_named if statement.is_grant else None,
        )


def require_possible(work: UnitOfWork, said: Said) -> None:
    """Raise for a statement that cannot have been made so."""
    refuse_false_statement(work, said.subject, said.speaker, said.statement, said.form)
    statement_columns(work, said.statement)  # raises for days or texts not allowed


def _stands_without_this(work: UnitOfWork, event: ConsentEvent) -> bool:
    """Return whether a statement need not be recorded again: somebody else may take back theirs."""
    return event.kind not in REFUSING_KINDS or event.recorded_by == work.actor.id


def _key_of_event(each: EventScope) -> tuple[Hashable, ...]:
    """Return the same of a recorded event; a renewal is as good as a consent."""
    event = each.event
    is_renewed = event.kind is ConsentKind.RENEWED
    return (
        ConsentKind.GIVEN if is_renewed else event.kind,
        event.day if event.is_dated else None,
        each.channels,
        each.purposes,
        (event.valid_until, event.open_ended),
        event.may_be_named,
    )
