"""Add, verify, excuse, end and list guardianships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_person, find_person_or_tombstone
from photoreg.registry.queries.consents import last_statement_day
from photoreg.registry.queries.people import (
    guardianships_between,
    guardianships_of,
    is_ancestor,
    persons_of,
    unverified_guardianships_at,
)
from photoreg.registry.rows import add, new_row
from photoreg.registry.tables.people import GuardianBasis, Guardianship, Person
from photoreg.rulebook.facts import AgeGroup, add_days
from photoreg.services.application import Application
from photoreg.services.inputs import free_text, require_text
from photoreg.services.people.ages import age_group_on, display_name
from photoreg.services.people.identity import refuse_doubtful_ward
from photoreg.services.people.persons import (
    GuardianRow,
    guardian_rows,
    refuse_older_child,
    refuse_unseen,
)
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class GuardianSaved:
    """A saved guardianship, and the numbers of the child's guardians.

    `recorded` are the guardianships that have not ended, `deciding` those of them not excused;
    `stated` is the number of guardians given for the child. `first_day` is None for a guardianship
    from the child's birth.
    """

    child: str
    guardian: str
    verified: bool
    recorded: int
    deciding: int
    stated: int | None
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class VerifiedGuardian:
    """A guardianship that was verified: child and guardian, with the names the user may see.

    `needs_decision`: it was left out, since it rests on a decision that proves it.
    """

    child: str
    guardian: str
    needs_decision: NextStep | None = None


def list_guardians(application: Application, child: str) -> list[GuardianRow]:
    """Return the guardianships of a child, ended ones included."""
    with application.reading() as work:
        return guardian_rows(work, find_person(work.session, child))


@dataclass(frozen=True, slots=True)
class GuardianTerms:
    """On what ground somebody is a guardian, how that was verified, and since when."""

    basis: GuardianBasis
    verified: str = ""
    since: date | None = None


def add_guardian(
    application: Application,
    child: str,
    guardian: str,
    *,
    basis: GuardianBasis,
    verified: str = "",
    since: date | None = None,
    other: Sequence[str] = (),
) -> GuardianSaved:
    """Add a guardian to a child; until the guardianship is verified, consents do not count.

    `other` are the children of the same guardian and birth date who are somebody else than this
    one.
    """
    with application.changing() as work:
        ward, adult = find_person(work.session, child), find_person(work.session, guardian)
        refuse_unseen(work, id_of(ward))
        refuse_doubtful_ward(work, ward, adult, other)
        return _saved(
            work, record_guardian(work, ward, adult, GuardianTerms(basis, verified, since))
        )


def record_guardian(
    work: UnitOfWork, ward: Person, adult: Person, terms: GuardianTerms
) -> Guardianship:
    """Add a guardian in the open unit of work.

    Whoever becomes a guardian again starts without answers: what they said before does not count.
    """
    _check_guardian(work, ward, adult)
    earlier = guardianships_between(work.session, id_of(ward), id_of(adult))
    if earlier and earlier[-1].last_day is None:
        raise NotAllowed(
            N_("{guardian} is already recorded as a guardian of {child}"),
            N_(
                "See the guardians of {child}. A proof of guardianship is recorded by verifying it."
            ),
            step=NextStep.to(NextAction.GUARDIAN_LIST, person=human_id(Kind.PERSON, ward.id)),
            guardian=human_id(Kind.PERSON, adult.id),
            child=human_id(Kind.PERSON, ward.id),
        )
    row = new_row(
        Guardianship,
        child_id=id_of(ward),
        guardian_id=id_of(adult),
        basis=terms.basis,
        verified_how=free_text(terms.verified) or None,
        first_day=_first_day(work, ward, earlier, terms.since),
        created_at=work.now,
        created_by=work.actor.id,
    )
    return _record(
        work,
        row,
        Action.GUARDIAN_ADDED,
        basis=row.basis,
        verified=row.verified_how is not None,
        since=row.first_day,
    )


def _first_day(
    work: UnitOfWork, ward: Person, earlier: Sequence[Guardianship], since: date | None
) -> date | None:
    """Return the first day of a new guardianship, None for one from the child's birth.

    It is later than the last day of every earlier guardianship of the same guardian, and than what
    was said in them.
    """
    if since is not None and ward.born is not None and since < ward.born:
        raise InputDataError(
            N_("{day} is before the child was born"),
            N_("Check the day."),
            fields=("since",),
            day=since,
        )
    ends = [row.last_day for row in earlier if row.last_day is not None]
    if not ends:
        return None if since is None else work.day_or_today(since)
    # What was said in an earlier guardianship must not count in this one.
    said = last_statement_day(work.session, earlier[0].child_id, earlier[0].guardian_id)
    last = max(*ends, said or date.min)
    earliest = add_days(last, 1)
    if since is not None and since <= last:
        raise InputDataError(
            N_("{day} is within an earlier guardianship, whose last day was {last}"),
            N_("Give a later day."),
            fields=("since",),
            day=since,
            last=last,
        )
    if since == earliest:
        return since
    return max(earliest, work.day_or_today(since))


def _check_guardian(work: UnitOfWork, child: Person, guardian: Person) -> None:
    ids = {"child": human_id(Kind.PERSON, child.id), "guardian": human_id(Kind.PERSON, guardian.id)}
    if child.id == guardian.id:
        raise InputDataError(
            N_("{child} cannot be their own guardian"),
            N_("Give the name of the guardian."),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    if age_group_on(work, guardian, work.today) is AgeGroup.MINOR:
        raise InputDataError(
            N_("{guardian} is a minor and cannot be a guardian"),
            N_("Give another person, or correct the birth date."),
            step=NextStep.to(NextAction.PERSON_CHANGE, "born", person=ids["guardian"]),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    if guardian.deceased:
        raise InputDataError(
            N_("{guardian} has died and cannot be a guardian"),
            N_("Give another person."),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    if age_group_on(work, child, work.today) is AgeGroup.ADULT:
        raise InputDataError(
            N_("{child} is an adult and decides alone"),
            N_("If that is wrong, correct the birth date."),
            step=NextStep.to(NextAction.PERSON_CHANGE, "born", person=ids["child"]),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    if is_ancestor(work.session, id_of(child), of=id_of(guardian)):
        raise InputDataError(
            N_(
                "{child} is recorded as a guardian of {guardian}, so {guardian} cannot be a "
                "guardian of {child}"
            ),
            N_("See the guardians of {guardian}, and record as ended what is wrong."),
            step=NextStep.to(NextAction.GUARDIAN_LIST, person=ids["guardian"]),
            child=ids["child"],
            guardian=ids["guardian"],
        )
    refuse_older_child(child, guardian)


def verify_guardian(
    application: Application, child: str, guardian: str, *, how: str
) -> GuardianSaved:
    """Record how a guardianship was verified."""
    with application.changing() as work:
        row = _active_guardianship(work, child, guardian)
        return _saved(work, record_verification(work, row, how))


def verify_guardians_at(
    application: Application, event: str, *, how: str
) -> list[VerifiedGuardian]:
    """Record how the guardianships of the children of an event were verified.

    Those that are not verified yet, of the children on its roster and in its photos. What rests on
    a court's decision, as of a foster carer it must, is left out: only the decision proves it.
    """
    with application.changing() as work:
        written = free_text(require_text(how))
        number = id_of(find_event(work.session, event))
        every = unverified_guardianships_at(work.session, number)
        found = persons_of(work.session, (n for row in every for n in _pair(row)))
        alive = [row for row in every if found[row.guardian_id].erased_at is None]
        for row in alive:
            refuse_unseen(work, row.child_id)
        rows = [row for row in alive if not _needs_decision(row)]
        for row in rows:
            row.verified_how = written
        entries = [(r.child_id, {"guardian": human_id(Kind.PERSON, r.guardian_id)}) for r in rows]
        work.log_all(Action.GUARDIAN_VERIFIED, Kind.PERSON, entries)
        return [
            VerifiedGuardian(
                display_name(work, found[row.child_id]),
                display_name(work, found[row.guardian_id]),
                _verify_step(row) if _needs_decision(row) else None,
            )
            for row in alive
        ]


def _needs_decision(row: Guardianship) -> bool:
    return row.basis is GuardianBasis.COURT_ORDER


def _verify_step(row: Guardianship) -> NextStep:
    child, guardian = (human_id(Kind.PERSON, number) for number in _pair(row))
    return NextStep.to(NextAction.GUARDIAN_VERIFY, "how", person=child, guardian=guardian)


def _pair(row: Guardianship) -> tuple[int, int]:
    return row.child_id, row.guardian_id


def record_verification(work: UnitOfWork, row: Guardianship, how: str) -> Guardianship:
    """Record how a guardianship was verified, in the open unit of work."""
    row.verified_how = free_text(require_text(how))
    return _record(work, row, Action.GUARDIAN_VERIFIED)


def excuse_guardian(
    application: Application,
    child: str,
    guardian: str,
    *,
    ground: str,
    evidence: Path | None = None,
) -> GuardianSaved:
    """Excuse a guardian who cannot take part (lapsenhuoltolaki 5 § 2 mom.)."""
    with application.changing(COORDINATORS) as work:
        row = _active_guardianship(work, child, guardian)
        if row.verified_how is None:
            raise NotAllowed(
                N_(
                    "the guardianship of {guardian} is not verified, so the guardian cannot be "
                    "excused"
                ),
                N_("Verify the guardianship first."),
                step=_verify_step(row),
                child=human_id(Kind.PERSON, row.child_id),
                guardian=human_id(Kind.PERSON, row.guardian_id),
            )
        row.excused_ground = free_text(require_text(ground, 500), 500)
        row.excused_by = work.actor.id
        row.excused_evidence = work.store_evidence(evidence) or row.excused_evidence
        return _save_guardianship(work, row, Action.GUARDIAN_EXCUSED, evidence=row.excused_evidence)


def end_guardian(
    application: Application, child: str, guardian: str, *, on: date | None = None
) -> GuardianSaved:
    """End a guardianship; after its last day that guardian's answers no longer count.

    Without a day it ends at once: yesterday was its last day.

    Only coordinators may, because like an excuse it can make photos publishable. It is the only
    change allowed for an erased guardian, who would otherwise block the other guardians for good.
    """
    with application.changing(COORDINATORS) as work:
        adult = find_person_or_tombstone(work.session, guardian)
        row = _active_guardianship_between(work, find_person(work.session, child), adult)
        yesterday = max(row.first_day or date.min, add_days(work.today, -1))
        day = work.day_or_today(on) if on else yesterday
        if row.first_day is not None and day < row.first_day:
            raise InputDataError(
                N_("{day} is before the guardianship began on {first}"),
                N_("Check the day."),
                fields=("on",),
                day=day,
                first=row.first_day,
            )
        row.last_day = day
        return _save_guardianship(work, row, Action.GUARDIAN_ENDED, on=day)


def set_decides_alone(
    application: Application, child: str, body: str, *, reason: str, evidence: Path
) -> GuardianSaved:
    """Record that a body that decides on a child's care decides in place of the other guardians.

    Only coordinators may, with a document: it can make photos publishable.
    """
    with application.changing(COORDINATORS) as work:
        row = _active_guardianship(work, child, body)
        if row.basis is not GuardianBasis.CARE_DECISION:
            raise NotAllowed(
                N_("only a body that decides on a child's care can decide alone"),
                N_("See the guardians of {child} and their bases."),
                step=NextStep.to(
                    NextAction.GUARDIAN_LIST, person=human_id(Kind.PERSON, row.child_id)
                ),
                child=human_id(Kind.PERSON, row.child_id),
            )
        row.decides_alone_reason = free_text(require_text(reason, 500), 500)
        row.decides_alone_evidence = work.store_evidence(evidence)
        row.decides_alone = True
        return _save_guardianship(
            work, row, Action.GUARDIAN_DECIDES_ALONE, evidence=row.decides_alone_evidence
        )


def _active_guardianship(work: UnitOfWork, child: str, guardian: str) -> Guardianship:
    return _active_guardianship_between(
        work, find_person(work.session, child), find_person(work.session, guardian)
    )


def _active_guardianship_between(work: UnitOfWork, ward: Person, adult: Person) -> Guardianship:
    rows = guardianships_between(work.session, id_of(ward), id_of(adult))
    if not rows or rows[-1].last_day is not None:
        raise NotFound(
            N_("{guardian} is not recorded as a guardian of {child}"),
            N_("Record the guardianship first."),
            step=NextStep.to(
                NextAction.GUARDIAN_ADD,
                "basis",
                "how",
                person=human_id(Kind.PERSON, ward.id),
                guardian=human_id(Kind.PERSON, adult.id),
            ),
            guardian=human_id(Kind.PERSON, adult.id),
            child=human_id(Kind.PERSON, ward.id),
        )
    return rows[-1]


def _save_guardianship(
    work: UnitOfWork, row: Guardianship, action: Action, **codes: object
) -> GuardianSaved:
    return _saved(work, _record(work, row, action, **codes))


def _record(work: UnitOfWork, row: Guardianship, action: Action, **codes: object) -> Guardianship:
    """Save and log a guardianship; it is data of the child."""
    refuse_unseen(work, row.child_id)
    add(work.session, row)
    guardian = human_id(Kind.PERSON, row.guardian_id)
    work.log(action, Kind.PERSON, row.child_id, guardian=guardian, **codes)
    return row


def _saved(work: UnitOfWork, row: Guardianship) -> GuardianSaved:
    """Describe a saved guardianship, and how many guardians the child has."""
    child = persons_of(work.session, [row.child_id])[row.child_id]
    guardians = [g for g in guardianships_of(work.session, row.child_id) if g.last_day is None]
    return GuardianSaved(
        child=human_id(Kind.PERSON, child.id),
        guardian=human_id(Kind.PERSON, row.guardian_id),
        verified=row.verified_how is not None,
        recorded=len(guardians),
        deciding=sum(each.excused_ground is None for each in guardians),
        stated=child.guardians_total,
        first_day=row.first_day,
    )
