"""Erasing a person: the plan of what goes and what stays, and carrying it out.

What was said is append-only, so it stays as ids, days and channels; the name, the contact, the
birth date and the documents about nobody else go. It fails closed: photos that show the person
are blocked, and what an erased guardian allowed counts as withdrawn.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoreg.documents.codes import grouped
from photoreg.registry.evidence import evidence_path
from photoreg.registry.facts.consent_replay import standing
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_person, the_person_or_tombstone
from photoreg.registry.queries.erasure import (
    disclosures_naming,
    events_touching,
    evidence_about,
    evidence_rows,
    flags_by,
    forget_in_history,
    guardianships_touching,
    noted_permissions,
    notes_in,
    photos_describing,
    roster_lines,
    staff_who_are,
    writings_naming,
)
from photoreg.registry.queries.people import photos_taken_by
from photoreg.registry.queries.photos import remove_all
from photoreg.registry.queries.publications import publications_out
from photoreg.registry.queries.subject_data import (
    consents_touching,
    decisions_resting_on,
    depictions_showing,
    entries_about,
    forms_for,
)
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import Consent, ConsentEvent, ConsentKind, Method
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.publications import DecisionFor
from photoreg.registry.triggers.history import MARK
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services.consents.consent_events import standings_words
from photoreg.services.unit_of_work import (
    COORDINATORS,
    HELSINKI,
    Desk,
    Workplace,
    require_coordinator,
)


class ErasureGround(StrEnum):
    """On which ground somebody is erased (GDPR art. 17(1))."""

    REQUEST = "request"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"
    UNLAWFUL = "unlawful"


class Goes(StrEnum):
    """What an erasure takes away."""

    NAME = "name"
    CONTACT = "contact"
    FACTS = "facts"
    ROSTERS = "rosters"
    POSITIONS = "positions"
    EVIDENCE = "evidence"
    FLAG_WORDS = "flag_words"
    GUARDIAN_TEXTS = "guardian_texts"
    DESCRIPTIONS = "descriptions"
    PURPOSES = "purposes"


class Stays(StrEnum):
    """What an erasure leaves, each with its reason in cli/words."""

    TOMBSTONE = "tombstone"
    AUTHOR_NAME = "author_name"
    PHOTOS = "photos"
    SAID = "said"
    NOTES = "notes"
    WRITINGS = "writings"
    SHARED_EVIDENCE = "shared_evidence"
    DECISIONS = "decisions"
    WARDS = "wards"
    FILE_NAMES = "file_names"
    STAFF = "staff"
    BACKUPS = "backups"


class Outside(StrEnum):
    """What may lie outside the registry, on disks and on paper, where photoreg cannot reach it."""

    LISTS = "lists"
    COPIES = "copies"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plan: what, and which records, documents or days it concerns."""

    what: Goes | Stays | Outside
    which: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form that was printed about a person or for them to sign; `signer` is who was to sign."""

    code: str
    printed_on: date
    signer: str | None


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure would take away and leave; the publications of photos that are blocked.

    `forms` and `outside` are for the staff to destroy: photoreg does not know where they lie.
    """

    person: str
    goes: tuple[Line, ...]
    stays: tuple[Line, ...]
    forms: tuple[PrintedForm, ...]
    outside: tuple[Line, ...]
    publications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and files that could not be removed."""

    plan: ErasurePlan
    left_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of an erased person: the id, the day and the ground."""

    person: str
    erased_on: date
    ground: ErasureGround | None


def tombstone(workplace: Workplace, named: str) -> Tombstone | None:
    """Return what is left of an erased person; None for anybody else."""
    with workplace.reading() as desk:
        person = the_person_or_tombstone(desk.session, named)
        if person.erased_at is None:
            return None
        grounds = [
            ErasureGround(json.loads(entry.details)["ground"])
            for entry in entries_about(desk.session, id_of(person))
            if entry.action == Action.PERSON_ERASED
        ]
        return Tombstone(
            human_id(Kind.PERSON, person.id),
            person.erased_at.astimezone(HELSINKI).date(),
            next(iter(grounds), None),
        )


def plan_erasure(workplace: Workplace, named: str) -> ErasurePlan:
    """Return what erasing this person would take away and leave. Changes nothing."""
    with workplace.reading() as desk:
        require_coordinator(desk)
        return _Erasure(desk, the_person(desk.session, named)).plan()


def erase(workplace: Workplace, named: str, ground: ErasureGround) -> Erased:
    """Erase a person; only coordinators may. The documents' files go last, when all else is kept.

    Whatever a copy of the registry from before holds, it goes on holding.
    """
    with workplace.changing(COORDINATORS) as desk:
        erasure = _Erasure(desk, the_person(desk.session, named))
        plan = erasure.plan()
        erasure.carry_out(ground)
    workplace.registry.forget_deleted()
    folder = workplace.registry.folder_of_evidence
    left = [sha256 for sha256 in erasure.own_evidence if not removed(evidence_path(folder, sha256))]
    return Erased(plan, tuple(left))


def removed(file: Path) -> bool:
    """Remove a file; tell whether it is gone."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def erased_at_desk(desk: Desk, person: Person, ground: ErasureGround) -> list[str]:
    """Erase a person at an open desk; return the documents whose files go when it is closed."""
    erasure = _Erasure(desk, person)
    erasure.carry_out(ground)
    return erasure.own_evidence


class _Erasure:
    """One erasure at an open desk: everything it concerns, found once."""

    def __init__(self, desk: Desk, person: Person) -> None:
        session, number = desk.session, id_of(person)
        self.desk, self.person, self.number = desk, person, number
        self.taken = photos_taken_by(session, number)
        self.depictions = depictions_showing(session, number)
        self.consents = consents_touching(session, number)
        self.rosters = roster_lines(session, number)
        self.flags = flags_by(session, number)
        self.guardianships = guardianships_touching(session, number)
        self.described = photos_describing(session, number, person.name)
        self.purposes = disclosures_naming(session, person.name)
        documents = evidence_about(session, number, author=self.is_author)
        self.own_evidence = sorted(d for d, owners in documents.items() if owners == {number})
        self.shared_evidence = sorted(set(documents) - set(self.own_evidence))
        self.allowed = self._allowed_for_others()

    @property
    def is_author(self) -> bool:
        """Did the person take photos? Then the law asks that they are named (Copyright Act 3 §)."""
        return bool(self.taken)

    def _allowed_for_others(self) -> list[Consent]:
        """Return the consents in which the person said yes about somebody else, and still does."""
        others = [c for c in self.consents if c.subject_id != self.number]
        words = standings_words(self.desk, others)
        return [
            consent
            for consent in others
            if any(
                yes.thread == consent.id
                for yes in standing(words[id_of(consent)], side_by_side=False).yeses
            )
        ]

    def plan(self) -> ErasurePlan:
        """Return what goes and what stays."""
        shown = {depiction.photo_id for depiction in self.depictions}
        live = publications_out(self.desk.session, Which(shown))
        decisions, exported = [], set()
        for decision in decisions_resting_on(self.desk.session, self.number):
            decisions.append(id_of(decision))
            if decision.made_for is DecisionFor.EXPORT:
                exported.add(decision.photo_id)
        outside = {
            Outside.LISTS: _ids(Kind.EVENT, events_touching(self.desk.session, self.number)),
            Outside.COPIES: _ids(Kind.PHOTO, exported & shown),
            Outside.REPORTS: self._reported_on(),
        }
        return ErasurePlan(
            human_id(Kind.PERSON, self.number),
            goes=_lines(self._goes()),
            stays=_lines(self._stays(decisions)),
            forms=tuple(map(_printed, forms_for(self.desk.session, self.number))),
            outside=_lines(outside),
            publications=_ids(Kind.PUBLICATION, (each.id for each in live)),
        )

    def _goes(self) -> dict[Goes, tuple[str, ...]]:
        own = (human_id(Kind.PERSON, self.number),)
        return {
            Goes.NAME: () if self.is_author else own,
            Goes.CONTACT: own if self.person.contact else (),
            Goes.FACTS: own,
            Goes.ROSTERS: _ids(Kind.EVENT, (line.event_id for line in self.rosters)),
            Goes.POSITIONS: _ids(Kind.PHOTO, (d.photo_id for d in self.depictions if d.position)),
            Goes.EVIDENCE: tuple(self.own_evidence),
            Goes.FLAG_WORDS: _ids(Kind.PHOTO, (flag.photo_id for flag in self.flags)),
            Goes.GUARDIAN_TEXTS: _ids(Kind.PERSON, (g.child_id for g in self.guardianships)),
            Goes.DESCRIPTIONS: _ids(
                Kind.PHOTO, (id_of(p) for p in self.described if p.file_description)
            ),
            Goes.PURPOSES: tuple(f"{row.list}:{row.id}" for row in self.purposes),
        }

    def _stays(self, decisions: Iterable[int]) -> dict[Stays, tuple[str, ...]]:
        own, session = (human_id(Kind.PERSON, self.number),), self.desk.session
        noted = notes_in(session, self.consents)
        permissions = noted_permissions(session, self.number)
        return {
            Stays.TOMBSTONE: own,
            Stays.AUTHOR_NAME: _ids(Kind.PHOTO, self.taken),
            Stays.PHOTOS: _ids(Kind.PHOTO, (d.photo_id for d in self.depictions)),
            Stays.SAID: _ids(Kind.CONSENT, map(id_of, self.consents)),
            Stays.NOTES: (*_ids(Kind.CONSENT, noted), *_ids(Kind.PERMISSION, permissions)),
            Stays.WRITINGS: tuple(writings_naming(session, self.person.name)),
            Stays.SHARED_EVIDENCE: tuple(self.shared_evidence),
            Stays.DECISIONS: _ids(Kind.DECISION, decisions),
            Stays.WARDS: _ids(Kind.CONSENT, map(id_of, self.allowed)),
            Stays.FILE_NAMES: _ids(Kind.PHOTO, map(id_of, self.described)),
            Stays.STAFF: tuple(staff.login for staff in staff_who_are(session, self.number)),
            Stays.BACKUPS: own,
        }

    def _reported_on(self) -> tuple[str, ...]:
        """Return the days on which everything about the person was written out."""
        times = (
            datetime.fromisoformat(entry.at)
            for entry in entries_about(self.desk.session, self.number)
            if entry.action == Action.PERSON_REPORTED
        )
        days = (time.astimezone(HELSINKI).date().isoformat() for time in times)
        return tuple(dict.fromkeys(days))

    def carry_out(self, ground: ErasureGround) -> None:
        """Erase."""
        for consent in self.allowed:
            self._withdraw(consent)
        self._forget_texts()
        self._leave_tombstone()
        self.desk.log(
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
        """Take back a yes about somebody else: its proof goes with the one who gave it."""
        event = ConsentEvent(
            consent_id=id_of(consent),
            kind=ConsentKind.WITHDRAWN,
            day=self.desk.today,
            method=Method.WRITTEN,
            recorded_at=self.desk.now,
            recorded_by=self.desk.actor.id,
        )
        add(self.desk.session, event)
        self.desk.log(
            Action.CONSENT_WITHDRAWN,
            Kind.CONSENT,
            consent.id,
            person=human_id(Kind.PERSON, consent.subject_id),
            by=human_id(Kind.PERSON, self.number),
            day=event.day,
            because=Action.PERSON_ERASED,
        )

    def _forget_texts(self) -> None:
        """Take away what was written about the person in words, and the lines on rosters."""
        remove_all(self.desk.session, self.rosters)
        for depiction in self.depictions:
            depiction.position = ""
        for flag in self.flags:
            flag.words, flag.objector = MARK if flag.words else "", ""
        for guardianship in self.guardianships:
            if guardianship.verified_how is not None:
                guardianship.verified_how = MARK
            if guardianship.excused_ground is not None:
                guardianship.excused_ground = MARK
        for photo in self.described:
            photo.file_description = ""
        for purpose in self.purposes:
            purpose.purpose = MARK
        for document in evidence_rows(self.desk.session, self.own_evidence):
            document.erased_at = self.desk.now
        self.desk.session.flush()

    def _leave_tombstone(self) -> None:
        """Leave the id, the time and the block; an author's name stays with the photos."""
        person = self.person
        if not self.is_author:
            person.name = human_id(Kind.PERSON, self.number)
            person.name_key = name_key(person.name)
        person.contact, person.language = "", None
        person.born, person.age_group, person.guardians_total = None, AgeGroup.UNKNOWN, None
        person.deceased, person.capacity = False, Capacity.OK
        person.blocked, person.erased_at = True, self.desk.now
        add(self.desk.session, person)
        forget_in_history(self.desk.session, self.number)


def _printed(form: ConsentForm) -> PrintedForm:
    return PrintedForm(
        grouped(form.code),
        form.printed_at.astimezone(HELSINKI).date(),
        human_id(Kind.PERSON, form.actor_id) if form.actor_id else None,
    )


def _lines(found: Mapping[Any, tuple[str, ...]]) -> tuple[Line, ...]:
    return tuple(Line(what, which) for what, which in found.items() if which)


def _ids(kind: Kind, numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(human_id(kind, number) for number in sorted(set(numbers)))
