"""Retention: what nobody has needed for as long as the policy says is forgotten.

Persons whom nothing needs are erased, contacts and old purposes are cleared, and documents of
consents that ended go; hashes, days and ids stay. Photos are never touched: that is archive law's.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from photoreg.documents.codes import grouped
from photoreg.errors import NotAllowed
from photoreg.registry.evidence import evidence_path
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.retention import (
    Since,
    idle_contacts,
    idle_documents,
    idle_persons,
    old_purposes,
)
from photoreg.registry.queries.subject_data import forms_for
from photoreg.registry.triggers.history import MARK
from photoreg.rulebook.situation import months_later
from photoreg.services.data_subjects.erasure import ErasureGround, erased_at_desk, removed
from photoreg.services.unit_of_work import (
    COORDINATORS,
    HELSINKI,
    Desk,
    Workplace,
    current_policy,
    require_coordinator,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """What has lain idle since before a day: persons, contacts, documents by hash, purposes.

    `forms` are the codes of what was printed about these persons: for the staff to destroy.
    """

    before: date
    persons: tuple[str, ...]
    contacts: tuple[str, ...]
    documents: tuple[str, ...]
    purposes: int
    forms: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Is nothing beyond its time?"""
        return not (self.persons or self.contacts or self.documents or self.purposes)


def plan_retention(workplace: Workplace) -> RetentionPlan:
    """Return what is beyond its time. NotAllowed while the policy names no time."""
    with workplace.reading() as desk:
        require_coordinator(desk)
        return _plan(desk, _since(desk))


def run_retention(workplace: Workplace) -> tuple[RetentionPlan, tuple[str, ...]]:
    """Forget what is beyond its time; return it, and the documents that could not be removed."""
    with workplace.changing(COORDINATORS) as desk:
        since = _since(desk)
        plan = _plan(desk, since)
        documents = set(plan.documents)
        for document in idle_documents(desk.session, since):
            document.erased_at = desk.now
        for purpose in old_purposes(desk.session, since, MARK):
            purpose.purpose = MARK
        idle = idle_persons(desk.session, since)
        for person in idle_contacts(desk.session, since):
            person.contact = ""
        desk.session.flush()
        for person in persons_of(desk.session, idle).values():
            documents.update(erased_at_desk(desk, person, ErasureGround.NOT_NEEDED))
        desk.log(
            Action.RETENTION_RUN,
            "staff",
            desk.actor.id,
            before=plan.before,
            persons=len(plan.persons),
            contacts=len(plan.contacts),
            documents=len(plan.documents),
            purposes=plan.purposes,
        )
    workplace.registry.forget_deleted()
    if not documents:
        return plan, ()
    folder = workplace.registry.folder_of_evidence
    left = (sha256 for sha256 in sorted(documents) if not removed(evidence_path(folder, sha256)))
    return plan, tuple(left)


def _since(desk: Desk) -> Since:
    months = current_policy(desk.session)[1].retention_months
    if months is None:
        raise NotAllowed(
            N_("the policy says nothing about how long data are kept"),
            N_("Set first for how many months data are kept."),
            step=NextStep.to(NextAction.POLICY_SET, "retention_months"),
        )
    day = months_later(desk.today, -months)
    return Since(day, datetime.combine(day, time.min, HELSINKI).astimezone(UTC))


def _plan(desk: Desk, since: Since) -> RetentionPlan:
    persons = idle_persons(desk.session, since)
    contacts = [id_of(p) for p in idle_contacts(desk.session, since) if p.id not in set(persons)]
    return RetentionPlan(
        before=since.day,
        persons=tuple(human_id(Kind.PERSON, number) for number in persons),
        contacts=tuple(human_id(Kind.PERSON, number) for number in contacts),
        documents=tuple(row.sha256 for row in idle_documents(desk.session, since)),
        purposes=len(old_purposes(desk.session, since, MARK)),
        forms=tuple(grouped(form.code) for form in forms_for(desk.session, *persons)),
    )
