"""Answer whether photos that look alike show the same picture, once for the whole series."""

from collections.abc import Iterable
from dataclasses import dataclass

from photoreg.errors import InputDataError
from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import depictions_by_photo
from photoreg.registry.queries.series import members_of, series_among, settle_series
from photoreg.registry.rows import add_all, rows_with
from photoreg.registry.tables.photos import Depiction, Photo
from photoreg.registry.tables.similarity import PhotoSeries
from photoreg.rulebook.facts import Confidentiality, People
from photoreg.services.application import Application
from photoreg.services.photos.listing import display_name, without_block
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class SeriesPhoto:
    """A photo of a series with what is stated of it; `lacks`: more is stated of another."""

    photo: str
    file_name: str
    people: People | None
    count: int | None
    persons: tuple[str, ...]
    confidentiality: Confidentiality | None
    sensitive: bool | None
    lacks: bool
    settled: bool


def show_series(application: Application, named: str) -> list[SeriesPhoto]:
    """Return the photos that look like this one, one with the next, with what is stated of each."""
    with application.reading() as work:
        return _described(work, _members(work, named))


def settle_as_different(application: Application, named: str) -> list[SeriesPhoto]:
    """Record that all photos of the series are different pictures: each shows whom it names."""
    with application.changing() as work:
        members = _members(work, named)
        series = members[0].series_id
        photos = human_ids(Kind.PHOTO, (row.photo_id for row in members))
        settle_series(work.session, series, at=work.now, by=work.actor.id)
        work.log(Action.SERIES_SETTLED, Kind.PHOTO, series, photos=photos)
        work.touch(row.photo_id for row in members)
        return _described(work, members_of(work.session, [series]))


def take_over_statements(application: Application, named: str) -> list[SeriesPhoto]:
    """Record that the photos show the same picture: each takes over what is stated of the others.

    Who is named, how many, secrecy and sensitivity are taken over; nothing is taken away.
    """
    with application.changing() as work:
        members = _members(work, named)
        numbers = [row.photo_id for row in members]
        _complete(work, numbers)
        photos = human_ids(Kind.PHOTO, numbers)
        work.log(Action.SERIES_COMPLETED, Kind.PHOTO, members[0].series_id, photos=photos)
        work.react()
        return _described(work, members_of(work.session, [members[0].series_id]))


def _members(work: UnitOfWork, named: str) -> list[PhotoSeries]:
    number = id_of(find_photo(work.session, named))
    series = series_among(work.session, PhotoSelection([number]))
    if not series:
        raise InputDataError(
            N_("no other registered photo looks like {photo}"),
            N_("There is nothing to answer."),
            photo=human_id(Kind.PHOTO, number),
        )
    return members_of(work.session, series)


def _complete(work: UnitOfWork, numbers: list[int]) -> None:
    facts = photo_facts(work.session, numbers)
    depicted = depictions_by_photo(work.session, numbers)
    everybody = {d.person_id: d for each in depicted.values() for d in each if d.person_id}
    count = max(len(everybody), *(each.recognisable_count or 0 for each in facts.values()))
    is_unsure = any(each.people is People.UNSURE for each in facts.values())
    is_sensitive = any(each.sensitive for each in facts.values())
    strictest = _strictest(each.confidentiality for each in facts.values())
    new = []
    for photo in rows_with(work.session, Photo, Photo.id, numbers):
        named = {depiction.person_id for depiction in depicted.get(id_of(photo), [])}
        new += [
            Depiction(
                photo_id=id_of(photo),
                person_id=person,
                position=depiction.position,
                prominence=depiction.prominence,
                role=depiction.role,
            )
            for person, depiction in sorted(everybody.items())
            if person not in named
        ]
        stated = facts[id_of(photo)]
        if count > 0:
            photo.people = People.RECOGNISABLE
            photo.recognisable_count = count
        elif is_unsure:
            photo.people = People.UNSURE
        if stated.confidentiality is not strictest:
            photo.confidentiality = strictest
        if is_sensitive and not stated.sensitive:
            photo.sensitive = True
        work.session.add(photo)
    add_all(work.session, new)


_FROM_STRICTEST = (
    Confidentiality.PUBLICATION_BLOCK,
    Confidentiality.INTERNAL,
    Confidentiality.PUPIL_WELFARE,
    Confidentiality.CARE_CLIENT,
    Confidentiality.UNSURE,
    Confidentiality.NONE,
)


def _strictest(stated: Iterable[Confidentiality | None]) -> Confidentiality | None:
    """Return the answer about secrecy that refuses most; None if nobody has answered."""
    answers = {answer for answer in stated if answer is not None}
    return min(answers, key=_FROM_STRICTEST.index, default=None)


def _described(work: UnitOfWork, members: list[PhotoSeries]) -> list[SeriesPhoto]:
    numbers = [row.photo_id for row in members]
    facts = photo_facts(work.session, numbers)
    names = {id_of(row): row.file_name for row in rows_with(work.session, Photo, Photo.id, numbers)}
    depicted = depictions_by_photo(work.session, numbers)
    people = persons_of(work.session, {d.person_id for ds in depicted.values() for d in ds})
    return [
        SeriesPhoto(
            photo=human_id(Kind.PHOTO, row.photo_id),
            file_name=names[row.photo_id],
            people=facts[row.photo_id].people,
            count=facts[row.photo_id].recognisable_count,
            persons=tuple(
                display_name(work, people[d.person_id])
                for d in depicted.get(row.photo_id, [])
                if d.person_id
            ),
            confidentiality=without_block(facts[row.photo_id].confidentiality),
            sensitive=facts[row.photo_id].sensitive,
            lacks=row.lacks,
            settled=row.settled_at is not None,
        )
        for row in members
    ]
