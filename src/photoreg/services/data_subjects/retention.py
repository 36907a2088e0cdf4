"""Delete personal data that has not been needed for the policy's retention time.

Unneeded persons are erased, contacts and old purposes are cleared, and documents of ended consents
are deleted; hashes, days and ids remain. Photos are never deleted: archive law governs them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from photoreg.documents.codes import format_code
from photoreg.errors import NotAllowed
from photoreg.registry.evidence import evidence_path
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.retention import (
    RetentionCutoff,
    expired_contacts,
    expired_documents,
    expired_persons,
    old_purposes,
)
from photoreg.registry.queries.subject_data import forms_for
from photoreg.registry.record_hashes.recording import erase_salts
from photoreg.registry.triggers.history import MASK
from photoreg.rulebook.facts import add_months
from photoreg.services.application import Application
from photoreg.services.data_subjects.erasure import ErasureGround, erase_in_work, remove_file
from photoreg.services.photos.pictures.views import empty_pictures
from photoreg.services.unit_of_work import (
    COORDINATORS,
    HELSINKI,
    UnitOfWork,
    current_policy,
    require_coordinator,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """What has not been needed since before a day: persons, contacts, documents, purposes.

    Documents are given by hash. `forms` are the codes of forms printed about these persons, which
    the staff must destroy.
    """

    before: date
    persons: tuple[str, ...]
    contacts: tuple[str, ...]
    documents: tuple[str, ...]
    purposes: int
    forms: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has exceeded its retention time."""
        return not (self.persons or self.contacts or self.documents or self.purposes)


def plan_retention(application: Application) -> RetentionPlan:
    """Return what has exceeded its retention time. NotAllowed if the policy sets none."""
    with application.reading() as work:
        require_coordinator(work)
        return _plan(work, _cutoff(work))


def run_retention(application: Application) -> tuple[RetentionPlan, tuple[str, ...]]:
    """Delete what has exceeded its retention time.

    Return the plan, and the documents whose files could not be removed.
    """
    with application.changing(COORDINATORS) as work:
        since = _cutoff(work)
        plan = _plan(work, since)
        documents = set(plan.documents)
        for document in expired_documents(work.session, since):
            document.erased_at = work.now
        for purpose in old_purposes(work.session, since, MASK):
            purpose.purpose = MASK
        unneeded = expired_persons(work.session, since)
        for person in expired_contacts(work.session, since):
            person.contact = ""
        erase_salts(work.session)
        for person in persons_of(work.session, unneeded).values():
            documents.update(erase_in_work(work, person, ErasureGround.NOT_NEEDED))
        work.log(
            Action.RETENTION_RUN,
            "staff",
            work.actor.id,
            before=plan.before,
            persons=len(plan.persons),
            contacts=len(plan.contacts),
            documents=len(plan.documents),
            purposes=plan.purposes,
        )
    application.registry.purge_deleted()
    empty_pictures(application.registry)
    if not documents:
        return plan, ()
    folder = application.registry.evidence_folder
    not_removed = (
        sha256 for sha256 in sorted(documents) if not remove_file(evidence_path(folder, sha256))
    )
    return plan, tuple(not_removed)


def _cutoff(work: UnitOfWork) -> RetentionCutoff:
    months = current_policy(work.session)[1].retention_months
    if months is None:
        raise NotAllowed(
            N_("the settings give no retention time"),
            N_("Set first for how many months data are kept."),
            step=NextStep.to(NextAction.POLICY_SET, "retention_months"),
        )
    day = add_months(work.today, -months)
    return RetentionCutoff(day, datetime.combine(day, time.min, HELSINKI).astimezone(UTC))


def _plan(work: UnitOfWork, since: RetentionCutoff) -> RetentionPlan:
    persons = expired_persons(work.session, since)
    contacts = [id_of(p) for p in expired_contacts(work.session, since) if p.id not in set(persons)]
    return RetentionPlan(
        before=since.day,
        persons=tuple(human_id(Kind.PERSON, number) for number in persons),
        contacts=tuple(human_id(Kind.PERSON, number) for number in contacts),
        documents=tuple(row.sha256 for row in expired_documents(work.session, since)),
        purposes=len(old_purposes(work.session, since, MASK)),
        forms=tuple(format_code(form.code) for form in forms_for(work.session, *persons)),
    )
