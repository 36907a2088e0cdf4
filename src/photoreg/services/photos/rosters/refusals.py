"""The noes in a class list: a column of permissions says no, and the user says whose no it is.

A yes there is never taken: nobody knows who said it, when, and to what.
"""

from collections.abc import Collection, Iterator

from photoreg.errors import InputDataError
from photoreg.registry.facts.loading import replay_events_by_record
from photoreg.registry.ids import Kind, id_of, name_key, parse_id
from photoreg.registry.queries.consents import general_consents
from photoreg.registry.queries.corrections import standing_by
from photoreg.registry.queries.people import guardianships_of, persons_of
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import AgeGroup, ConsentKind
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.lists.recording import Recorder, Said, require_possible
from photoreg.services.people.ages import age_group_on
from photoreg.services.people.blocks import record_block
from photoreg.services.people.class_list import ListedGuardian, ListedPerson
from photoreg.services.people.list_columns import RefusedBy
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.table import CellError
from photoreg.texts import N_


class Refusals:
    """The noes of many rows, recorded in the open unit of work by few queries in all.

    `source` names the list, which is noted with the heading and the words of the cell.
    """

    def __init__(self, work: UnitOfWork, refused_by: RefusedBy, source: str) -> None:
        self.work, self.refused_by, self.source = work, refused_by, source
        self._said: list[Said] = []

    def take(self, person: Person, listed: ListedPerson) -> list[str]:
        """Set the block that a row asks for, or note its noes; return what it is, as codes."""
        if self.refused_by is RefusedBy.UNKNOWN:
            record_block(self.work, person)
            return ["block"]
        words = "; ".join(f"{each.column}: {each.words}" for each in listed.refused)
        note = f"{self.source}, {words}"[:_MAX_NOTE]
        statement = ConsentStatement(ConsentKind.REFUSED, paper=note)
        speakers = _speakers(self.work, person, listed, self.refused_by)
        said = [Said(person, speaker, statement) for speaker in speakers]
        for each in said:
            require_possible(self.work, each)
        self._said += said
        return ["refusal"]

    def record(self) -> None:
        """Record the noes, but those that the actor has recorded and that are the last answers."""
        subjects = {id_of(each.subject) for each in self._said}
        if subjects:
            standing = _standing(self.work, subjects)
            new = [each for each in self._said if each.parties not in standing]
            Recorder(self.work, subjects).record(new)


_MAX_NOTE = 200


def _standing(work: UnitOfWork, subjects: Collection[int]) -> set[tuple[int, int]]:
    """Return the parties of whom the actor has recorded a no to everything as the last answer."""
    records = general_consents(work.session, subjects)
    events = replay_events_by_record(work.session, records)
    noes = {}
    for record in records:
        answers = (e for e in events[id_of(record)] if e.kind is not ConsentKind.REQUESTED)
        last = max(answers, key=lambda event: event.sort_key, default=None)
        if last and last.kind is ConsentKind.REFUSED and not last.statement.channels:
            noes[last.id] = record.subject_id, record.actor_id
    return {noes[number] for number in standing_by(work.session, noes, work.actor.id)}


def _speakers(
    work: UnitOfWork, person: Person, listed: ListedPerson, refused_by: RefusedBy
) -> Iterator[Person]:
    if age_group_on(work, person, work.today) is AgeGroup.ADULT:
        yield person
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
) -> Person:
    """Return the guardian of a child who is named in a list, by id or name."""
    numbers = [each.guardian_id for each in guardianships_of(work.session, id_of(person))]
    by_id = parse_id(Kind.PERSON, listed.name)
    for number, guardian in persons_of(work.session, numbers).items():
        if by_id == number or guardian.name_key == name_key(listed.name):
            return guardian
    raise CellError(row.refused[0].column, _nobody_error())


def _nobody_error() -> InputDataError:
    return InputDataError(
        N_("the row says no, and names no such guardian who could have said it"),
        N_("Name the guardian; or state that it is not known who said no, which sets a block."),
        fields=("refused_by",),
    )
