"""The noes in a class list: a column of permissions says no, and the user says whose no it is.

A yes there is never taken: nobody knows who said it, when, and to what.
"""

from collections.abc import Iterator

from photoreg.errors import InputDataError
from photoreg.registry.facts.loading import replay_events_by_record
from photoreg.registry.ids import Kind, id_of, name_key, parse_id
from photoreg.registry.queries.corrections import standing_by
from photoreg.registry.queries.people import guardianships_of, matching_record, persons_of
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import AgeGroup, ConsentKind
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import NO_FORM, record_statement
from photoreg.services.people.ages import age_group_on
from photoreg.services.people.blocks import record_block
from photoreg.services.people.class_list import ListedGuardian, ListedPerson
from photoreg.services.people.list_columns import RefusedBy
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.table import CellError
from photoreg.texts import N_


def record_refusals(
    work: UnitOfWork, person: Person, listed: ListedPerson, refused_by: RefusedBy, source: str
) -> list[str]:
    """Record the noes of a row in the open unit of work; return what was recorded, as codes.

    `source` names the list, which is noted with the heading and the words of the cell.
    """
    if not listed.refused:
        return []
    if refused_by is RefusedBy.UNKNOWN:
        record_block(work, person)
        return ["block"]
    words = "; ".join(f"{each.column}: {each.words}" for each in listed.refused)
    note = f"{source}, {words}"[:_MAX_NOTE]
    for speaker in _speakers(work, person, listed, refused_by):
        _record(work, person, speaker, note)
    return ["refusal"]


_MAX_NOTE = 200


def _record(work: UnitOfWork, person: Person, speaker: int, note: str) -> None:
    """Record a refusal of everything, unless the actor has recorded it, and as the last answer."""
    record = Consent(subject_id=id_of(person), actor_id=speaker)
    known = matching_record(work.session, record)
    events = replay_events_by_record(work.session, [known])[id_of(known)] if known else []
    answers = [event for event in events if event.kind is not ConsentKind.REQUESTED]
    last = max(answers, key=lambda event: event.sort_key, default=None)
    is_whole = last and last.kind is ConsentKind.REFUSED and not last.statement.channels
    if last and is_whole and standing_by(work.session, [last.id], work.actor.id):
        return
    statement = ConsentStatement(ConsentKind.REFUSED, paper=note)
    record_statement(work, record, statement, NO_FORM)


def _speakers(
    work: UnitOfWork, person: Person, listed: ListedPerson, refused_by: RefusedBy
) -> Iterator[int]:
    if age_group_on(work, person, work.today) is AgeGroup.ADULT:
        yield id_of(person)
        return
    guardians = listed.guardians
    if refused_by is not RefusedBy.GUARDIANS:
        place = 0 if refused_by is RefusedBy.FIRST else 1
        guardians = guardians[place : place + 1]
    if not guardians:
        raise CellError(listed.refused[0].column, _nobody_error())
    for guardian in guardians:
        yield _recorded_guardian(work, person, guardian, listed)


def _recorded_guardian(
    work: UnitOfWork, person: Person, listed: ListedGuardian, row: ListedPerson
) -> int:
    """Return the guardian of a child who is named in a list, by id or name."""
    numbers = [each.guardian_id for each in guardianships_of(work.session, id_of(person))]
    by_id = parse_id(Kind.PERSON, listed.name)
    for number, guardian in persons_of(work.session, numbers).items():
        if by_id == number or guardian.name_key == name_key(listed.name):
            return number
    raise CellError(row.refused[0].column, _nobody_error())


def _nobody_error() -> InputDataError:
    return InputDataError(
        N_("the row says no, and names no such guardian who could have said it"),
        N_("Name the guardian; or state that it is not known who said no, which sets a block."),
        fields=("refused_by",),
    )
