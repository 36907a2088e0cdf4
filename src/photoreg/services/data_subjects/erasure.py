"""Plan and carry out the erasure of a person.

Consent events are append-only, so they remain as ids, days and channels; the name, contact, birth
date and documents that concern nobody else are deleted. It fails closed: photos that show the
person are blocked, and consents given by an erased guardian count as withdrawn.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoreg.documents.codes import format_code
from photoreg.registry.evidence import evidence_path
from photoreg.registry.facts.consent_replay import consent_status
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person, find_person_or_tombstone
from photoreg.registry.names import name_columns
from photoreg.registry.queries.erasure import (
    consents_with_notes,
    disclosures_naming,
    erase_from_history,
    events_involving,
    evidence_owners,
    flags_by,
    guardianships_involving,
    permissions_with_notes,
    photos_naming,
    roster_rows,
    staff_of_person,
    staff_texts_naming,
)
from photoreg.registry.queries.evidence import evidence_rows
from photoreg.registry.queries.people import known_as, names_of, photos_taken_by
from photoreg.registry.queries.photos import delete_rows
from photoreg.registry.queries.publications import live_publications
from photoreg.registry.queries.subject_data import (
    consents_involving,
    decisions_based_on,
    depictions_of_person,
    earlier_names,
    entries_about,
    forms_for,
)
from photoreg.registry.record_hashes.recording import erase_salts
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import Consent, ConsentEvent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.publications import DecisionFor
from photoreg.registry.triggers.history import MASK
from photoreg.rulebook.facts import AgeGroup, Capacity, ConsentKind, Method
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import events_in_reach
from photoreg.services.photos.pictures.views import empty_pictures
from photoreg.services.unit_of_work import COORDINATORS, HELSINKI, UnitOfWork, require_coordinator


class ErasureGround(StrEnum):
    """The ground of an erasure (GDPR art. 17(1))."""

    REQUEST = "request"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"
    UNLAWFUL = "unlawful"


class ErasedItem(StrEnum):
    """What an erasure deletes."""

    NAME = "name"
    CONTACT = "contact"
    FACTS = "facts"
    ROSTERS = "rosters"
    POSITIONS = "positions"
    EVIDENCE = "evidence"
    FLAG_REASONS = "flag_words"
    GUARDIAN_TEXTS = "guardian_texts"
    DESCRIPTIONS = "descriptions"
    PURPOSES = "purposes"


class RetainedItem(StrEnum):
    """What an erasure retains; the reasons are in the labels of presentation."""

    TOMBSTONE = "tombstone"
    AUTHOR_NAME = "author_name"
    PHOTOS = "photos"
    CONSENTS = "consents"
    NOTES = "notes"
    STAFF_TEXTS = "writings"
    SHARED_EVIDENCE = "shared_evidence"
    DECISIONS = "decisions"
    WARDS = "wards"
    FILE_NAMES = "file_names"
    STAFF = "staff"
    BACKUPS = "backups"


class ExternalItem(StrEnum):
    """What may exist outside the registry, on disks and paper, and is not erased by photoreg."""

    LISTS = "lists"
    COPIES = "copies"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the plan, with the records, documents or days it concerns."""

    what: ErasedItem | RetainedItem | ExternalItem
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form printed about a person or for them to sign; `signer` is the person to sign it."""

    code: str
    printed_on: date
    signer: str | None


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure deletes (`goes`) and retains (`stays`), and the publications it blocks.

    `forms` and `outside` must be destroyed by the staff: photoreg does not know where they are.
    """

    person: str
    goes: tuple[PlanLine, ...]
    stays: tuple[PlanLine, ...]
    forms: tuple[PrintedForm, ...]
    outside: tuple[PlanLine, ...]
    publications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """What was erased, and the documents whose files could not be removed."""

    plan: ErasurePlan
    left_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The tombstone of an erased person: the id, and for coordinators the day and the ground."""

    person: str
    erased_on: date | None = None
    ground: ErasureGround | None = None


def tombstone(application: Application, named: str) -> Tombstone | None:
    """Return the tombstone of an erased person; None for any other person."""
    with application.reading() as work:
        person = find_person_or_tombstone(work.session, named)
        if person.erased_at is None:
            return None
        if work.actor.role not in COORDINATORS:
            return Tombstone(human_id(Kind.PERSON, person.id))
        grounds = [
            ErasureGround(json.loads(entry.details)["ground"])
            for entry in entries_about(work.session, id_of(person))
            if entry.action == Action.PERSON_ERASED
        ]
        return Tombstone(
            human_id(Kind.PERSON, person.id),
            person.erased_at.astimezone(HELSINKI).date(),
            next(iter(grounds), None),
        )


def plan_erasure(application: Application, named: str) -> ErasurePlan:
    """Return what erasing this person would delete and retain. Changes nothing."""
    with application.reading() as work:
        require_coordinator(work)
        return _Erasure(work, find_person(work.session, named)).plan()


def erase(application: Application, named: str, ground: ErasureGround) -> ErasureResult:
    """Erase a person; only coordinators may. Document files are removed last, after the commit.

    Earlier copies of the registry, such as backups, are not changed.
    """
    with application.changing(COORDINATORS) as work:
        erasure = _Erasure(work, find_person(work.session, named))
        plan = erasure.plan()
        erasure.carry_out(ground)
    application.registry.purge_deleted()
    empty_pictures(application.registry)
    folder = application.registry.evidence_folder
    left = [
        sha256 for sha256 in erasure.own_evidence if not remove_file(evidence_path(folder, sha256))
    ]
    return ErasureResult(plan, tuple(left))


def remove_file(file: Path) -> bool:
    """Remove a file; return whether it no longer exists."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def erase_in_work(work: UnitOfWork, person: Person, ground: ErasureGround) -> list[str]:
    """Erase a person in the open unit of work; return the documents to remove after the commit."""
    erasure = _Erasure(work, person)
    erasure.carry_out(ground)
    return erasure.own_evidence


class _Erasure:
    """One erasure in the open unit of work, with all rows that it concerns."""

    def __init__(self, work: UnitOfWork, person: Person) -> None:
        session, number = work.session, id_of(person)
        self.work, self.person, self.number = work, person, number
        self.taken = photos_taken_by(session, number)
        self.depictions = depictions_of_person(session, number)
        self.consents = consents_involving(session, number)
        self.rosters = roster_rows(session, number)
        self.flags = flags_by(session, number)
        self.guardianships = guardianships_involving(session, number)
        further = (*known_as(session, [number])[number], *earlier_names(session, number))
        names = dict.fromkeys((person.name, *further))
        self.described = [photo for name in names for photo in photos_naming(session, number, name)]
        purposes = (row for name in names for row in disclosures_naming(session, name))
        self.purposes = list({id_of(row): row for row in purposes}.values())
        documents = evidence_owners(session, number, author=self.is_author)
        self.own_evidence = sorted(d for d, owners in documents.items() if owners == {number})
        self.shared_evidence = sorted(set(documents) - set(self.own_evidence))
        self.allowed = self._allowed_for_others()

    @property
    def is_author(self) -> bool:
        """Whether the person took photos and must be named (tekijänoikeuslaki 3 §)."""
        return bool(self.taken)

    def _allowed_for_others(self) -> list[Consent]:
        """Return the consents in force that the person gave for somebody else."""
        others = [c for c in self.consents if c.subject_id != self.number]
        events = events_in_reach(self.work, others)
        return [
            consent
            for consent in others
            if any(
                event.record_id == consent.id
                for event in consent_status(events[id_of(consent)]).active_events
            )
        ]

    def plan(self) -> ErasurePlan:
        """Return the plan."""
        shown = {depiction.photo_id for depiction in self.depictions}
        live = live_publications(self.work.session, PhotoSelection(shown))
        decisions, exported = [], set()
        for decision in decisions_based_on(self.work.session, self.number):
            decisions.append(id_of(decision))
            if decision.made_for is DecisionFor.EXPORT:
                exported.add(decision.photo_id)
        outside = {
            ExternalItem.LISTS: _ids(Kind.EVENT, events_involving(self.work.session, self.number)),
            ExternalItem.COPIES: _ids(Kind.PHOTO, exported & shown),
            ExternalItem.REPORTS: self._report_days(),
        }
        return ErasurePlan(
            human_id(Kind.PERSON, self.number),
            goes=_plan_lines(self._erased_items()),
            stays=_plan_lines(self._retained_items(decisions)),
            forms=tuple(map(_printed_form, forms_for(self.work.session, self.number))),
            outside=_plan_lines(outside),
            publications=_ids(Kind.PUBLICATION, dict.fromkeys(each.id for each in live)),
        )

    def _erased_items(self) -> dict[ErasedItem, tuple[str, ...]]:
        own = (human_id(Kind.PERSON, self.number),)
        return {
            ErasedItem.NAME: () if self.is_author else own,
            ErasedItem.CONTACT: own if self.person.contact else (),
            ErasedItem.FACTS: own,
            ErasedItem.ROSTERS: _ids(Kind.EVENT, (line.event_id for line in self.rosters)),
            ErasedItem.POSITIONS: _ids(
                Kind.PHOTO, (d.photo_id for d in self.depictions if d.position)
            ),
            ErasedItem.EVIDENCE: tuple(self.own_evidence),
            ErasedItem.FLAG_REASONS: _ids(Kind.PHOTO, (flag.photo_id for flag in self.flags)),
            ErasedItem.GUARDIAN_TEXTS: _ids(Kind.PERSON, (g.child_id for g in self.guardianships)),
            ErasedItem.DESCRIPTIONS: _ids(
                Kind.PHOTO, (id_of(p) for p in self.described if p.file_description)
            ),
            ErasedItem.PURPOSES: tuple(f"{row.list}:{row.id}" for row in self.purposes),
        }

    def _retained_items(self, decisions: Iterable[int]) -> dict[RetainedItem, tuple[str, ...]]:
        own, session = (human_id(Kind.PERSON, self.number),), self.work.session
        noted = consents_with_notes(session, self.consents)
        permissions = permissions_with_notes(session, self.number)
        return {
            RetainedItem.TOMBSTONE: own,
            RetainedItem.AUTHOR_NAME: _ids(Kind.PHOTO, self.taken),
            RetainedItem.PHOTOS: _ids(Kind.PHOTO, (d.photo_id for d in self.depictions)),
            RetainedItem.CONSENTS: _ids(Kind.CONSENT, map(id_of, self.consents)),
            RetainedItem.NOTES: (*_ids(Kind.CONSENT, noted), *_ids(Kind.PERMISSION, permissions)),
            RetainedItem.STAFF_TEXTS: tuple(staff_texts_naming(session, self.person.name)),
            RetainedItem.SHARED_EVIDENCE: tuple(self.shared_evidence),
            RetainedItem.DECISIONS: _ids(Kind.DECISION, decisions),
            RetainedItem.WARDS: _ids(Kind.CONSENT, map(id_of, self.allowed)),
            RetainedItem.FILE_NAMES: _ids(Kind.PHOTO, map(id_of, self.described)),
            RetainedItem.STAFF: tuple(
                staff.login for staff in staff_of_person(session, self.number)
            ),
            RetainedItem.BACKUPS: own,
        }

    def _report_days(self) -> tuple[str, ...]:
        """Return the days on which an access report about the person was made."""
        times = (
            entry.time
            for entry in entries_about(self.work.session, self.number)
            if entry.action == Action.PERSON_REPORTED
        )
        days = (time.astimezone(HELSINKI).date().isoformat() for time in times)
        return tuple(dict.fromkeys(days))

    def carry_out(self, ground: ErasureGround) -> None:
        """Carry out the erasure."""
        for consent in self.allowed:
            self._withdraw(consent)
        self._erase_texts()
        self._leave_tombstone()
        erase_salts(self.work.session)
        self.work.log(
            Action.PERSON_ERASED,
            Kind.PERSON,
            self.number,
            ground=ground,
            author=self.is_author,
            photos=len(self.depictions),
            consents=len(self.consents),
            withdrawn=_ids(Kind.CONSENT, map(id_of, self.allowed)),
            evidence=len(self.own_evidence),
        )

    def _withdraw(self, consent: Consent) -> None:
        """Withdraw a consent for somebody else; its evidence is erased with its giver."""
        event = ConsentEvent(
            consent_id=id_of(consent),
            kind=ConsentKind.WITHDRAWN,
            day=self.work.today,
            method=Method.WRITTEN,
            recorded_at=self.work.now,
            recorded_by=self.work.actor.id,
        )
        add(self.work.session, event)
        self.work.log(
            Action.CONSENT_WITHDRAWN,
            Kind.CONSENT,
            consent.id,
            person=human_id(Kind.PERSON, consent.subject_id),
            by=human_id(Kind.PERSON, self.number),
            day=event.day,
            because=Action.PERSON_ERASED,
        )

    def _erase_texts(self) -> None:
        """Delete free text about the person, and the lines on rosters."""
        delete_rows(self.work.session, self.rosters)
        for depiction in self.depictions:
            depiction.position = ""
        for flag in self.flags:
            flag.reason, flag.objector = MASK if flag.reason else "", ""
        for guardianship in self.guardianships:
            if guardianship.verified_how is not None:
                guardianship.verified_how = MASK
            if guardianship.excused_ground is not None:
                guardianship.excused_ground = MASK
            if guardianship.decides_alone_reason is not None:
                guardianship.decides_alone_reason = MASK
        for photo in self.described:
            photo.file_description = ""
        for purpose in self.purposes:
            purpose.purpose = MASK
        for document in evidence_rows(self.work.session, self.own_evidence):
            document.erased_at = self.work.now
        self.work.session.flush()

    def _leave_tombstone(self) -> None:
        """Reduce the person to id, time and block; a photographer keeps the name."""
        person = self.person
        if not self.is_author:
            person.sqlmodel_update(name_columns(human_id(Kind.PERSON, self.number)))
            delete_rows(self.work.session, names_of(self.work.session, self.number))
        person.contact, person.language = "", None
        person.born, person.age_group, person.guardians_total = None, AgeGroup.UNKNOWN, None
        person.deceased, person.died_on, person.capacity = False, None, Capacity.OK
        person.blocked, person.blocked_at, person.blocked_by = True, None, None
        person.erased_at = self.work.now
        add(self.work.session, person)
        erase_from_history(self.work.session, self.number, name=not self.is_author)


def _printed_form(form: ConsentForm) -> PrintedForm:
    return PrintedForm(
        format_code(form.code),
        form.printed_at.astimezone(HELSINKI).date(),
        human_id(Kind.PERSON, form.actor_id) if form.actor_id else None,
    )


def _plan_lines(found: Mapping[Any, tuple[str, ...]]) -> tuple[PlanLine, ...]:
    return tuple(PlanLine(what, selection) for what, selection in found.items() if selection)


def _ids(kind: Kind, numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(human_id(kind, number) for number in sorted(set(numbers)))
