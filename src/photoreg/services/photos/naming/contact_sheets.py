"""What a contact sheet of an event shows: each photo with its people and verdicts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from photoreg.registry.facts.uses import own_public_pages
from photoreg.registry.ids import Kind, human_id, id_of, require_id
from photoreg.registry.lookup import find_channel, find_event
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import (
    PHOTOS_PER_QUERY,
    depictions_by_photo,
    photos_by_id,
    repeated_file_names,
)
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import People
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.choosing import event_photos
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.people.ages import shown_name
from photoreg.services.photos.listing import file_in_folder
from photoreg.services.photos.pictures.thumbnails import Thumbnail, thumbnail_of


@dataclass(frozen=True, slots=True)
class ContactPhoto:
    """A photo on a contact sheet; `unnamed` counts who can be recognised and is not named yet.

    `verdicts` are those on each channel, by its name. Without `picture` the file is missing,
    changed or damaged.
    """

    photo: str
    file: str
    people: People | None
    names: tuple[str, ...]
    unnamed: int
    verdicts: tuple[tuple[str, Outcome], ...]
    picture: Thumbnail | None


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """The photos of an event, `count` of them, made one by one as they are asked for."""

    event: str
    name: str
    starts_on: date
    ends_on: date
    day: date
    count: int
    photos: Iterator[ContactPhoto]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the photos of a sheet have in common: their verdicts, and repeated file names."""

    verdicts: dict[int, list[tuple[str, Outcome]]]
    repeated: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Named:
    """Who is named in a photo, and how many more can be recognised."""

    names: tuple[str, ...]
    unnamed: int


def contact_sheet(
    application: Application, event: str, channels: Sequence[str] = ()
) -> ContactSheet:
    """Return the contact sheet of an event; NotFound if it has no photos.

    The verdicts are those on these channels, by default on the municipality's own public pages.
    """
    photos = event_photos(application, event)
    with application.reading() as work:
        found = find_event(work.session, event)
        repeated = repeated_file_names(work.session, id_of(found))
        asked = [find_channel(work.session, named).name for named in channels] or [
            page.name for page in own_public_pages(all_channels(work.session))
        ]
    verdicts: dict[int, list[tuple[str, Outcome]]] = {}
    for channel in asked:
        for each in check(application, photos, AskedUse(channel)):
            verdicts.setdefault(each.photo_id, []).append((channel, each.outcome))
    numbers = [require_id(Kind.PHOTO, each) for each in photos]
    return ContactSheet(
        event=human_id(Kind.EVENT, found.id),
        name=found.name,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        day=application.today,
        count=len(photos),
        photos=_photos(application, numbers, _Basis(verdicts, repeated)),
    )


def _photos(
    application: Application, numbers: Sequence[int], found: _Basis
) -> Iterator[ContactPhoto]:
    for start in range(0, len(numbers), PHOTOS_PER_QUERY):
        photos, named = _loaded(application, numbers[start : start + PHOTOS_PER_QUERY])
        for photo in photos:
            people = named[id_of(photo)]
            yield ContactPhoto(
                photo=human_id(Kind.PHOTO, photo.id),
                file=file_in_folder(photo, found.repeated),
                people=photo.people,
                names=people.names,
                unnamed=people.unnamed,
                verdicts=tuple(found.verdicts.get(id_of(photo), ())),
                picture=thumbnail_of(photo),
            )


def _loaded(
    application: Application, numbers: Sequence[int]
) -> tuple[list[Photo], dict[int, _Named]]:
    """Return photos with who is named in them; the names that are shown are noted."""
    with application.reading() as work:
        photos = photos_by_id(work.session, numbers)
        shown = depictions_by_photo(work.session, numbers)
        persons = persons_of(work.session, (d.person_id for each in shown.values() for d in each))
        names = {number: shown_name(work, person) for number, person in persons.items()}
        named = {
            id_of(photo): _Named(
                tuple(names[d.person_id] for d in shown[id_of(photo)] if d.person_id),
                sum(d.person_id is None for d in shown[id_of(photo)]),
            )
            for photo in photos
        }
        return photos, named
