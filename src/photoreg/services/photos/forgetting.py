"""Take photos that were registered by mistake out of the registry.

Only photos about which nothing was said, decided or published since, and of which nothing was said
that stood in the way of publishing, by the same comparison as for a statement that is taken back
(rulebook §3, RG_SECOND_LOOK): forgetting is no door past a no. The log keeps the ids and the hashes
of the files. No file is touched but those that were sent to the desk: they are deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from photoreg.errors import NotAllowed, Records, Term
from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.facts.photo_selection import value_batches
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photos
from photoreg.registry.photo_files import is_kept_by_content
from photoreg.registry.queries.forgetting import (
    delete_photos,
    photos_spoken_of,
    photos_told_apart,
    tables_resting_on,
)
from photoreg.registry.record_hashes.recording import erase_salts
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import PhotoFacts, Photographer
from photoreg.services.application import Application
from photoreg.services.decisions.second_looks import comparison_now
from photoreg.services.decisions.taken_back import without_statements
from photoreg.services.files.refreshing import refresh_files
from photoreg.services.photos.pictures.views import empty_pictures
from photoreg.services.photos.uploads import remove_forgotten
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_role
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


class Obstacle(Enum):
    """What stands in the way of forgetting a photo, in words.

    What somebody has said about publishing it is one obstacle, so that it does not tell that the
    photo is stopped for a person's sake.
    """

    STATEMENTS = N_("what somebody has said about publishing it")
    PEOPLE = N_("the people named or counted in it")
    IN_THE_WAY = N_("an answer that stands in the way of publishing")
    SECOND_LOOKS = N_("a second look")
    CASES = N_("a case")
    DECISIONS = N_("a decision or an exported copy")
    PUBLICATIONS = N_("a publication")
    VERSIONS = N_("a version made of it")
    SERIES = N_("the answer that similar photos are different pictures")
    FILE = N_("its file, which has changed since")
    ANSWERS = N_("something recorded about it after it was registered")


_OBSTACLES: Mapping[str, Obstacle] = {
    "depiction": Obstacle.PEOPLE,
    "unclear_case": Obstacle.CASES,
    "decision": Obstacle.DECISIONS,
    "published_photo": Obstacle.PUBLICATIONS,
    "take_down": Obstacle.PUBLICATIONS,
    "second_look": Obstacle.SECOND_LOOKS,
    "photo": Obstacle.VERSIONS,
}
"""The obstacle that rows of a table are; those of any other table are statements."""


@dataclass(frozen=True, slots=True)
class ForgottenPhoto:
    """A photo that is no longer in the registry, and the name of its file.

    The file is untouched, unless it had been sent to the desk, which then deletes it.
    """

    photo: str
    file_name: str
    is_deleted: bool = False


def forget_photos(application: Application, photos: Sequence[str]) -> list[ForgottenPhoto]:
    """Take photos that were registered by mistake out of the registry, all of them or none.

    NotAllowed, with what stands in the way, when anything was said, decided or published; on a
    server also for others than coordinators.
    """
    refresh_files(application, photos)
    with application.changing() as work:
        if application.registry.is_on_server:  # whose rules let only coordinators erase salts
            require_role(work, COORDINATORS)
        rows = find_photos(work.session, photos)
        _refuse_obstacles(_obstacles(work, rows))
        forgotten = [
            ForgottenPhoto(
                human_id(Kind.PHOTO, photo.id), photo.file_name, is_kept_by_content(photo.path)
            )
            for photo in rows
        ]
        files = [Path(photo.path) for photo in rows if is_kept_by_content(photo.path)]
        entries = [(id_of(photo), {"sha256": photo.sha256}) for photo in rows]
        delete_photos(work.session, [number for number, _details in entries])
        erase_salts(work.session)
        work.log_all(Action.PHOTO_FORGOTTEN, Kind.PHOTO, entries)
    application.registry.purge_deleted()
    remove_forgotten(application, files)
    empty_pictures(application.registry)
    return forgotten


def _obstacles(work: UnitOfWork, photos: Sequence[Photo]) -> dict[int, set[Obstacle]]:
    """Return what stands in the way of forgetting these photos, by photo."""
    numbers = [id_of(photo) for photo in photos]
    resting = tables_resting_on(work.session, numbers)
    found = {
        number: {_OBSTACLES.get(table, Obstacle.STATEMENTS) for table in resting.get(number, ())}
        for number in numbers
    }
    changed = {id_of(photo) for photo in photos if photo.rights_removed or photo.file_changed}
    for obstacle, which in (
        (Obstacle.SERIES, photos_told_apart(work.session, numbers)),
        (Obstacle.FILE, changed),
        (Obstacle.IN_THE_WAY, _stopped_by_answers(work, numbers)),
    ):
        for number in which:
            found[number].add(obstacle)
    for number in photos_spoken_of(work.session, numbers):
        found[number] = found[number] or {Obstacle.ANSWERS}
    return {number: obstacles for number, obstacles in found.items() if obstacles}


def _stopped_by_answers(work: UnitOfWork, photos: Sequence[int]) -> set[int]:
    """Return the photos that lack a reason not to publish them when nothing is stated of them."""
    comparison, found = comparison_now(work), set[int]()
    for batch in value_batches(photos):
        for number, facts in photo_facts(work.session, batch).items():
            is_milder = comparison.is_milder(without_statements(facts), facts)
            if is_milder or _is_stopped_by_photographer(facts):
                found.add(number)
    return found


def _is_stopped_by_photographer(facts: PhotoFacts) -> bool:
    """Return whether whoever took the photo refuses, or is stated to be unknown."""
    said = (answer for given in facts.permissions for answer in (given.answer, *given.guardians))
    return facts.photographer is Photographer.UNKNOWN or any(each.refusals for each in said)


def _refuse_obstacles(obstacles: Mapping[int, set[Obstacle]]) -> None:
    """Raise NotAllowed if anything stands in the way, for all photos at once."""
    if not obstacles:
        return
    photos = [human_id(Kind.PHOTO, number) for number in sorted(obstacles)]
    found = set().union(*obstacles.values())
    raise NotAllowed(
        N_("{photos} cannot be forgotten. In the way: {obstacles}"),
        N_(
            "Only what was registered by mistake is forgotten: nothing was said, decided or "
            "published about it. Nothing was changed."
        ),
        step=NextStep.to(NextAction.PHOTO_SHOW, photo=photos[0]),
        photos=Records(photos),
        obstacles=Records(Term(each.value) for each in Obstacle if each in found),
    )
