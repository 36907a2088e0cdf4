"""A unit of work: the session, actor, time, roles and ledger of one reading or one change.

A use case opens one through the `Application`, for reading or for changing. A change, its ledger
entries and its reactions (`reactions`) are committed together or not at all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from photoreg.errors import InputDataError, NotAllowed, RegistryError
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry, Session
from photoreg.registry.evidence import store_evidence
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.organisation import current_policy_version
from photoreg.registry.tables.people import ApiScope, StaffRole
from photoreg.rulebook.facts import Mode, PhotoFacts, Purpose
from photoreg.rulebook.policy import Policy, StaffSee, parse_policy
from photoreg.services.looks import Looks
from photoreg.services.sight import Sight
from photoreg.texts import N_

if TYPE_CHECKING:
    from photoreg.registry.queries.similarity import SimilarPhoto
    from photoreg.registry.tables.credentials import ApiKey

HELSINKI = ZoneInfo("Europe/Helsinki")

RECORDERS = frozenset(
    {StaffRole.EMPLOYEE, StaffRole.ELECTED_OFFICIAL, StaffRole.COORDINATOR, StaffRole.DEPUTY}
)
"""The roles that register photos and record facts, consents and permissions."""

PUBLISHERS = RECORDERS | {StaffRole.API_KEY}
"""The roles that take copies, and record publications and removals: where they are responsible."""

COORDINATORS = frozenset({StaffRole.COORDINATOR, StaffRole.DEPUTY})
"""The roles that rule, excuse guardians, and manage policy, users and channels."""

UNIT_ROLES = RECORDERS - COORDINATORS
"""The roles that see the people of their own unit, by default."""


@dataclass(frozen=True, slots=True)
class KeyRights:
    """What a key of the API may do, and the numbers of the channels for which."""

    scopes: tuple[ApiScope, ...]
    channels: frozenset[int]


def scopes_of(key: "ApiKey") -> tuple[ApiScope, ...]:
    """Return what a key may do."""
    return tuple(map(ApiScope, key.scopes.split(";")))


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting user; `person` is the user's own record as a person.

    `is_proven`: the role in force on a server is recorded for them. `key`: it is no user, but
    another system, by a key that works now.
    """

    id: int
    login: str
    name: str
    role: StaffRole
    unit: str | None = None
    person: int | None = None
    is_proven: bool = False
    key: KeyRights | None = None


@dataclass(frozen=True, slots=True)
class StoppedCopy:
    """A photo that was flagged as a near-duplicate of a stopped photo, and its flag; by id."""

    photo: str
    flag: str
    similar_to: str


@dataclass(frozen=True, slots=True)
class AffectedPublication:
    """A publication that is no longer allowed. Print cannot be recalled, so it gets no task."""

    publication: str
    photo: str
    channel: str
    address: str
    codes: tuple[str, ...]
    recallable: bool
    task: str | None


@dataclass(frozen=True, slots=True)
class VoidedCase:
    """A case that became void, because the facts about its photo changed; by id.

    `is_settled`: they changed so that the photo may be published, without a ruling.
    """

    case: str
    photo: str
    channel: str
    purpose: Purpose
    mode: Mode
    is_settled: bool


@dataclass(slots=True)
class Reacted:
    """The results of reactions: flagged near-duplicates, void cases, disallowed publications.

    `second_looks` are the photos about which a colleague is asked to confirm what was changed.

    `alike` maps photos with a new likeness to similar photos, nearest first. `units` counts the
    units of work that were committed, or began to be.
    """

    units: int = 0
    copies: list[StoppedCopy] = field(default_factory=list)
    cases: list[VoidedCase] = field(default_factory=list)
    publications: list[AffectedPublication] = field(default_factory=list)
    second_looks: list[str] = field(default_factory=list)
    alike: "dict[int, list[SimilarPhoto]]" = field(default_factory=dict)

    def add(self, other: "Reacted") -> None:
        """Add the results of another unit of work, except `alike`."""
        self.copies += other.copies
        self.cases += other.cases
        self.publications += other.publications
        self.second_looks += other.second_looks

    @property
    def has_results(self) -> bool:
        """Is there anything to tell the user?"""
        return bool(self.copies or self.cases or self.publications or self.second_looks)

    def forget(self) -> None:
        """Discard all results."""
        self.copies, self.cases, self.publications = [], [], []
        self.second_looks, self.alike = [], {}

    def stopped(self, photo: str) -> StoppedCopy | None:
        """Return the result for a photo that was flagged as a near-duplicate, or None."""
        return next((copy for copy in self.copies if copy.photo == photo), None)


def _helsinki_day(moment: datetime) -> date:
    return moment.astimezone(HELSINKI).date()


@dataclass(frozen=True)
class UnitOfWork:
    """An open session with the actor and the time; `log` writes to the ledger.

    `reactions` runs before a change is committed. `carried` are photos that are stopped only
    because refusals, or a block, were carried over to them from another photo. `rights_from_file`
    are photos whose file told that rights were taken out of it, or that they are back.
    `former_names` are the earlier names, as keys, of persons who got another one. `before_merge`
    are the facts of photos before two records of a person were merged. Whoever hands out a name or
    contact notes it in `looks`. `unit`: on a copy of the registry, whose people the actor sees in
    the registry itself.
    """

    session: Session
    actor: Actor
    now: datetime
    registry: Registry
    reactions: Callable[["UnitOfWork"], None]
    reacted: Reacted = field(default_factory=Reacted)
    carried: set[int] = field(default_factory=set)
    rights_from_file: set[int] = field(default_factory=set)
    former_names: dict[int, str] = field(default_factory=dict)
    before_merge: dict[int, PhotoFacts] = field(default_factory=dict)
    looks: Looks = field(default_factory=Looks)
    unit: str | None = None

    @cached_property
    def today(self) -> date:
        """The legal day: the calendar day in Helsinki."""
        return _helsinki_day(self.now)

    def day_or_today(self, on: date | None) -> date:
        """Return the given day or today; InputDataError for a day in the future."""
        if on is not None and on > self.today:
            raise InputDataError(
                N_("{day} is in the future"), N_("Give today or an earlier day."), day=on
            )
        return on or self.today

    @cached_property
    def clock_is_behind(self) -> bool:
        """Has the log an entry of a later day than today?"""
        last = ledger.head(self.session).at
        return bool(last) and _helsinki_day(datetime.fromisoformat(last)) > self.today

    @property
    def hides_names(self) -> bool:
        """Does the actor see ids instead of names (rulebook §6)?"""
        return self.actor.role in {StaffRole.AUDITOR, StaffRole.API_KEY}

    @cached_property
    def policy(self) -> Policy:
        """The settings in force as this unit of work began."""
        return current_policy(self.session)[1]

    @cached_property
    def sight(self) -> Sight:
        """Whom the actor may see: of a unit only its people, unless the policy shows all."""
        unit = self.actor.unit if self.actor.role in UNIT_ROLES else None
        if unit is not None and self.policy.staff_see is StaffSee.ALL:
            unit = None
        return Sight(self.session, self.unit or unit, self.actor.person)

    def hides_person(self, person: int) -> bool:
        """May the actor not see a person's name, birth date and contact?"""
        return self.hides_names or self.sight.hides(person)

    def hides_photo(self, photo: int) -> bool:
        """May the actor not see texts about a photo, which may hold names?"""
        return self.hides_names or self.sight.hides_photo(photo)

    @cached_property
    def hidden_bodies(self) -> frozenset[int]:
        """The bodies that decide on a child's care; only coordinators see which they are."""
        from photoreg.registry.queries.people import (  # noqa: PLC0415 - seldom needed
            care_bodies,
        )

        if self.actor.role in COORDINATORS:
            return frozenset()
        return frozenset(care_bodies(self.session))

    def touch(self, photos: Iterable[int]) -> None:
        """Run the reactions for photos that no change touched, since time has passed."""
        from photoreg.registry.queries.touched import touch  # noqa: PLC0415 - seldom needed

        touch(self.session, photos)

    def react(self) -> None:
        """Run the reactions to the changes so far.

        A unit of work does so as it ends; a use case calls this only to report or undo the results.
        """
        self.session.flush()
        self.reactions(self)

    def undo(self) -> Reacted:
        """Roll back everything after a preview; return what the reactions would have done."""
        self.react()
        preview = replace(self.reacted)
        self.reacted.forget()
        self.session.rollback()
        ledger.entries_so_far(self.session).clear()
        # The rollback took along what notes the records that are written.
        self.registry.store.note_writes(self.session.connection())
        return preview

    def store_evidence(self, document: Path | None) -> str | None:
        """Store a document as evidence and return its SHA-256; validate everything else first."""
        if document is None:
            return None
        folder = self.registry.evidence_folder
        sha256, was_damaged = store_evidence(
            self.session, folder, document, at=self.now, by=self.actor.id
        )
        if was_damaged:
            self.log_documents(ledger.Action.EVIDENCE_WHOLE, [sha256])
        return sha256

    def record_documents(self, found: Mapping[str, int | None]) -> None:
        """Record what documents were found to be: whole at a modification time, or damaged."""
        from photoreg.registry.queries.evidence import (  # noqa: PLC0415 - seldom needed
            evidence_rows,
        )

        for row in evidence_rows(self.session, found):
            now = found[row.sha256]
            row.damaged_at = (row.damaged_at or self.now) if now is None else None
            row.mtime_ns = row.mtime_ns if now is None else now
            self.session.add(row)
        damaged = sorted(sha256 for sha256, now in found.items() if now is None)
        self.log_documents(ledger.Action.EVIDENCE_DAMAGED, damaged)
        self.log_documents(ledger.Action.EVIDENCE_WHOLE, sorted(set(found) - set(damaged)))

    def log_documents(self, action: ledger.Action, documents: Iterable[str]) -> None:
        """Add a ledger entry about each document, named by the beginning of its hash."""
        entries = [(sha256[:12], {"sha256": sha256}) for sha256 in documents]
        self.log_all(action, "evidence", entries)

    def log(
        self, action: ledger.Action, kind: Kind | str, number: int | str | None, /, **more: object
    ) -> None:
        """Add a ledger entry about a record. It may contain ids and codes only, never names."""
        self.log_all(action, kind, [(number, more)])

    def log_all(
        self,
        action: ledger.Action,
        kind: Kind | str,
        entries: Iterable[tuple[int | str | None, Mapping[str, object]]],
    ) -> None:
        """Add a ledger entry about each record, with its details, by two statements in all."""
        ledger.append_all(
            self.session,
            at=self.now,
            actor_id=self.actor.id,
            action=action,
            entries=(
                (
                    human_id(kind, number)
                    if isinstance(kind, Kind) and not isinstance(number, str)
                    else f"{kind}:{number}",
                    ledger.with_ids(details),
                )
                for number, details in entries
            ),
        )


def require_role(work: UnitOfWork, roles: frozenset[StaffRole]) -> None:
    """Raise NotAllowed unless the actor has one of the roles."""
    if work.actor.role not in roles:
        raise role_error(work.actor)


def require_coordinator(work: UnitOfWork) -> None:
    """Raise NotAllowed unless the actor is a coordinator."""
    require_role(work, COORDINATORS)


def role_error(actor: Actor) -> NotAllowed:
    """Return the error for an actor whose role does not permit the change."""
    return NotAllowed(
        N_("the role {role} does not allow this"),
        N_("Ask the communications coordinator to do this."),
        role=actor.role,
    )


def current_policy(session: Session) -> tuple[int, Policy]:
    """Return the number and the settings of the policy version in force."""
    row = current_policy_version(session)
    if row is None or row.version is None:
        raise RegistryError(
            N_("the registry has no settings"),
            N_("The registry is damaged: restore the latest backup."),
        )
    return row.version, parse_policy(row.settings)
