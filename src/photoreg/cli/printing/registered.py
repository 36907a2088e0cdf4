"""Print registered photos one by one, and what is known and open about them all."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from photoreg.cli.app import what_next
from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_step, questions_with_options, step_lines
from photoreg.cli.prompts.answers import choice_lines
from photoreg.errors import SOME_FAILED
from photoreg.imaging.metadata.licences import file_usage_terms
from photoreg.presentation.causes.cause_rows import photo_ranges
from photoreg.presentation.cells import safe
from photoreg.presentation.days import format_camera_time
from photoreg.presentation.labels import label
from photoreg.presentation.messages import error_texts
from photoreg.presentation.photos import (
    OUTSIDE_EVENT,
    duplicate_notes,
    near_duplicate_note,
    rights_notes,
    step_on_meeting,
)
from photoreg.registry.ids import Kind, human_id, human_ids
from photoreg.services.photos.folders.beside_photos import BesidePhotos, FileKind
from photoreg.services.photos.naming.cameras import FoundBy, is_camera
from photoreg.services.photos.registration import (
    LeftOut,
    RegistrationEvent,
    RegistrationFailure,
    UnchangedCount,
)
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.steps import NextAction
from photoreg.texts import N_, _

_Group = TypeVar("_Group")

MAX_REPORTED = 50
"""How many photos or unknown people the summary names; beyond that it only counts them."""


class _ReportedPhotos:
    """Photos to name in the summary: the first few, and the total."""

    def __init__(self) -> None:
        self.first: list[int] = []
        self.count = 0

    def add(self, number: int) -> None:
        """Count a photo, and name it while there is room; one of two equal files is enough."""
        if number in self.first:
            return
        self.count += 1
        if len(self.first) < MAX_REPORTED:
            self.first.append(number)

    @property
    def ids(self) -> str:
        """The ids of the first photos, as they are typed."""
        return " ".join(human_ids(Kind.PHOTO, self.first))

    def __str__(self) -> str:
        """Return the photos for people: ranges of ids, or the first ones and the total."""
        ranges, more = photo_ranges(self.first), self.count - len(self.first)
        return ranges if not more else _("{shown} and {more} more").format(shown=ranges, more=more)

    def print_rest(self) -> None:
        """Print how many photos are not named."""
        if self.count > len(self.first):
            rest = self.count - len(self.first)
            print_note(_("  More photos: {count}").format(count=rest))
            print_step(NextAction.PHOTO_LIST, indent="  ", open="yes")


_TAKEN_BY = N_("Camera {camera}: {names}. Photos: {count}.")
_TAKEN_AS_BEFORE = N_(
    "Camera {camera}: {names}, as in the earlier photos of the event. Photos: {count}. If somebody "
    "else took them:"
)
_OTHER_ARTIST = N_(
    "The files name {artist} as the photographer, the registry now {names}. Photos: {count}. If "
    "the files are right:"
)
_WHOSE_CAMERA = N_("Camera {camera}: who took the photos? Photos: {count}.")


def _add(groups: "dict[_Group, _ReportedPhotos]", group: "_Group", number: int) -> None:
    """Count a photo in its group, while there is room for groups."""
    if group in groups or len(groups) < MAX_REPORTED:
        groups.setdefault(group, _ReportedPhotos()).add(number)


def _print_answer(photos: _ReportedPhotos, *question: str, photographer: str = "") -> None:
    print_step(
        NextAction.PHOTO_ANSWER,
        *question,
        indent="  ",
        photo=photos.ids,
        photographer=photographer,
    )
    photos.print_rest()


class _Whose(NamedTuple):
    """What is open about photos, and what is known of who took them."""

    questions: tuple[str, ...]
    names: str
    artist: str
    camera: str


def _whose(photo: RegisteredPhoto) -> _Whose:
    names = ", ".join(map(safe, photo.photographers))
    camera = photo.camera if photo.is_new and "photographer" in photo.open else ""
    return _Whose(photo.open, names, safe(photo.file_artist), safe(camera))


class Tally:
    """Counts the outcome of each stored file, including files that are not reported singly."""

    def __init__(self) -> None:
        self.new = self.known = 0
        self.open: dict[_Whose, list[int]] = {}
        self.notes: dict[str, _ReportedPhotos] = {}
        self.unknown_artists: dict[str, _ReportedPhotos] = {}
        self.other_artists: dict[tuple[str, str, str], _ReportedPhotos] = {}
        self.by_camera: dict[tuple[str, FoundBy, str], _ReportedPhotos] = {}
        self.cameras: dict[str, list[int]] = {}
        self.failures: list[RegistrationFailure] = []
        self.left_out: list[LeftOut] = []

    def add(self, result: RegistrationEvent) -> None:
        """Count the outcome of one file, or of several unchanged ones."""
        if isinstance(result, RegistrationFailure):
            self.failures.append(result)
            return
        if isinstance(result, UnchangedCount):
            self.known += result.count
            return
        if isinstance(result, LeftOut):
            self.left_out.append(result)
            return
        self.new += result.is_new
        self.known += not result.is_new
        number = result.photo_id
        if result.open:
            self.open.setdefault(_whose(result), []).append(number)
        for note in _shared_notes(result):
            _add(self.notes, note, number)
        if result.file_artist and not result.namesakes:
            _add(self.unknown_artists, safe(result.file_artist), number)
        if result.is_new:
            self._add_photographer(result)

    def _add_photographer(self, result: RegisteredPhoto) -> None:
        """Count who took a new photo where a camera or the file tells it."""
        number = result.photo_id
        names, camera = ", ".join(map(safe, result.photographers)), safe(result.camera)
        if result.other_artist:
            _add(self.other_artists, (safe(result.other_artist), names, camera), number)
        if result.found_by in {FoundBy.CAMERA, FoundBy.EARLIER_PHOTOS}:
            _add(self.by_camera, (camera, result.found_by, names), number)
        if camera in self.cameras or (camera and len(self.cameras) < MAX_REPORTED):
            is_open = "photographer" in result.open and not result.file_artist
            self.cameras.setdefault(camera, []).extend([result.photo_id] if is_open else [])

    @property
    def asked_cameras(self) -> dict[str, list[int]]:
        """The new photos without a photographer by camera, if several cameras took them."""
        found = {camera: photos for camera, photos in self.cameras.items() if photos}
        return found if len(self.cameras) > 1 else {}

    @property
    def exit_code(self) -> int:
        """Return the exit code: of the failure if the only file failed, otherwise SOME_FAILED."""
        only_one = not self.new and not self.known and len(self.failures) == 1
        return self.failures[0].error.exit_code if only_one else SOME_FAILED

    def print_summary(self, event: str | None, path: str) -> None:
        """Print how many photos were registered, and what to run next.

        `event` is that of all of them; `path` the file or folder, if it is one.
        """
        print_note(
            _("Registered: {new}. Already in the registry: {known}. Failed: {failed}.").format(
                new=self.new, known=self.known, failed=len(self.failures)
            )
        )
        self._print_left_out()
        for note, photos in self.notes.items():
            print_note(f"{photos}: {note}")
        self._print_cameras()
        self._print_other_artists(event, path)
        for artist, photos in self.unknown_artists.items():
            print_note(
                _("If {artist} took the photos that have this name in their files:").format(
                    artist=artist
                )
            )
            print_step(NextAction.PERSON_ADD, indent="  ", name=artist)
            _print_answer(photos, photographer=artist)
        self._print_open(event)

    def _print_open(self, event: str | None) -> None:
        """Print the commands that answer what is still open, one for photos of the same answers.

        Not who took a photo where a camera or the file was asked about already. Several photos of
        an event can be answered in a table.
        """
        asked_cameras = self.asked_cameras
        groups: dict[tuple[tuple[str, ...], str], _ReportedPhotos] = {}
        for whose, numbers in self.open.items():
            camera = whose.camera if whose.camera in asked_cameras else ""
            is_asked = bool(camera or (whose.artist and whose.artist in self.unknown_artists))
            questions = tuple(q for q in whose.questions if not is_asked or q != "photographer")
            for number in numbers if questions else ():
                _add(groups, (questions, whose.names or whose.artist or camera), number)
        if groups:
            print_note(_("To answer the open questions:"))
        for (questions, _taker), photos in groups.items():
            print_note(f"{photos}: {questions_with_options(questions)}")
            print_step(NextAction.PHOTO_ANSWER, *questions, photo=photos.ids)
            photos.print_rest()
        for line in choice_lines({name for questions, _taker in groups for name in questions}):
            print_note(f"  {line}")
        if event and sum(photos.count for photos in groups.values()) > 1:
            print_note(_("Or answer all of them in one table, and name the people there:"))
            print_step(NextAction.SHEET_EXPORT, "file", event=event)

    def _print_left_out(self) -> None:
        """Print how many files photoreg wrote itself, and the first of them."""
        if not self.left_out:
            return
        text = _("Left out, because photoreg wrote these copies itself: {count}.")
        print_note(text.format(count=len(self.left_out)))
        for each in self.left_out[:MAX_REPORTED]:
            print_note(f"  {safe(str(each.path))} ({each.copy_of})")

    def _print_cameras(self) -> None:
        """Print who took the photos of each camera, whom files name instead, and what is open."""
        for (camera, found_by, names), photos in self.by_camera.items():
            is_earlier = found_by is FoundBy.EARLIER_PHOTOS
            text = _TAKEN_AS_BEFORE if is_earlier else _TAKEN_BY
            print_note(_(text).format(camera=camera, names=names, count=photos.count))
            if is_earlier:
                _print_answer(photos, "photographer")
        for camera, numbers in self.asked_cameras.items():
            print_note(_(_WHOSE_CAMERA).format(camera=camera, count=len(numbers)))
            photos = _ReportedPhotos()
            for number in numbers:
                photos.add(number)
            _print_answer(photos, "photographer")

    def _print_other_artists(self, event: str | None, path: str) -> None:
        """Print whom files name instead, and how to record it.

        Whoever replaces the photographer of a registered photo asks for a second look.
        """
        for (artist, names, camera), photos in self.other_artists.items():
            print_note(_(_OTHER_ARTIST).format(artist=artist, names=names, count=photos.count))
            if camera:
                print_note(_("  Take these photos out of the registry, and register them again:"))
                print_step(NextAction.PHOTO_FORGET, indent="  ", photo=photos.ids)
                print_step(
                    NextAction.PHOTO_REGISTER,
                    *([] if path else ["file"]),
                    indent="  ",
                    file=path,
                    event=event or "",
                    camera=f"{camera}={artist}",
                )
                print_note(_("  Or replace the photographer; a colleague must then confirm it:"))
            else:
                print_note(_("  A colleague must then confirm it:"))
            _print_answer(photos, photographer=artist)

    def print_beside(self, beside: BesidePhotos) -> None:
        """Print what the folders hold beside photos, and what to do about RAW negatives."""
        for kind, files in beside.found.items():
            names = [*map(safe, files.names), *(["…"] if files.count > len(files.names) else [])]
            print_note(
                _("Left out, since they are no photos: {kind}, {count} ({names}).").format(
                    kind=label(kind),
                    count=files.count,
                    names=", ".join(names),
                )
            )
        if FileKind.RAW in beside.found:
            print_note(_("Export JPEG files of the RAW negatives and register those."))

    def print_cameras_not_met(self, typed: Iterable[str]) -> None:
        """Print the cameras that were stated and took none of the new photos."""
        for name in typed:
            if self.new and not any(is_camera(camera, name) for camera in self.cameras):
                text = _("No new photo is by the camera {camera}. Their cameras: {cameras}.")
                print_note(text.format(camera=safe(name), cameras=", ".join(self.cameras) or "-"))

    def print_failures(self) -> None:
        """List the files that could not be registered, and what to do about each."""
        print_note(_("These could not be registered:"))
        for failed in self.failures:
            text, hint = error_texts(failed.error)
            print_note(f"  {safe(str(failed.path))}")
            print_note(f"    {text}")
            for line in (hint, *what_next(failed.error)):
                print_note(f"    {line}")


def print_registered(photo: RegisteredPhoto, folder: Path) -> None:
    """Print a photo: whether it is new, and what should be known about it alone.

    It is named by its path below `folder`, since names of files and of folders repeat.
    """
    path = Path(photo.path)
    file = path.relative_to(folder) if path.is_relative_to(folder) else path
    number = human_id(Kind.PHOTO, photo.photo_id)
    state = (
        _("registered") if photo.is_new else _("is already in the registry, nothing was changed")
    )
    if photo.recognised:
        state = _("already registered as {photo}, its metadata has changed").format(photo=number)
    lines = [f"{number} {safe(str(file))}: {state}"]
    if photo.taken_at:
        lines.append(_("  taken {day}").format(day=format_camera_time(photo.taken_at)))
    lines += [f"  {note}" for note in _notes(photo)]
    print_line("\n".join(lines))


def _notes(photo: RegisteredPhoto) -> Iterator[str]:
    """Yield the photographer, and what should be checked about this photo alone."""
    if photo.recognised:
        yield from duplicate_notes(photo.recognised)
        step = step_on_meeting(photo.recognised)
        if step:
            yield from step_lines(step)
    yield from near_duplicate_note(photo.likely_copies)
    names = ", ".join(map(safe, photo.photographers))
    if photo.proposed:
        yield _("photographer: {names} (proposed: the file names this person)").format(names=names)
    elif photo.found_by is FoundBy.EARLIER_PHOTOS:
        yield _("photographer: {names} (as in earlier photos by the same camera)").format(
            names=names
        )
    elif names:
        yield _("photographer: {names}").format(names=names)
    if photo.other_artist:
        text = _("the file names {artist} as photographer")
        yield text.format(artist=safe(photo.other_artist))
    if photo.file_artist:
        yield _artist_note(photo)


def _shared_notes(photo: RegisteredPhoto) -> Iterator[str]:
    """Yield what is often the same of many photos, and is told once for all of them."""
    if photo.outside_event:
        yield _(OUTSIDE_EVENT)
    if photo.holds_place:
        yield _("the file contains a location; an exported copy does not")
    yield from rights_notes(file_usage_terms(photo.rights_metadata))


def _artist_note(photo: RegisteredPhoto) -> str:
    """Return a note on the artist named in the file when that does not settle the photographer."""
    artist = safe(photo.file_artist)
    if photo.namesakes:
        text = _("the file names {artist} as photographer, which may mean any of {ids}")
        return text.format(artist=artist, ids=", ".join(map(_, photo.namesakes)))
    text = _("the file names {artist} as photographer, who is not in the registry")
    return text.format(artist=artist)


def registered_row(photo: RegisteredPhoto) -> dict[str, Any]:
    """Return a photo as a row of the list of registered photos."""
    return {
        "photo": human_id(Kind.PHOTO, photo.photo_id),
        "file": photo.file_name,
        "new": photo.is_new,
        "photographers": list(photo.photographers),
        "proposed": photo.proposed,
        "file_artist": photo.file_artist,
        "other_artist": photo.other_artist,
        "camera": photo.camera,
        "taken_at": photo.taken_at,
        "holds_place": photo.holds_place,
        "outside_event": photo.outside_event,
        "open": list(photo.open),
        "metadata_changed": photo.recognised is not None,
        "is_copy": photo.recognised is not None and photo.recognised.is_copy,
        "lacks_rights": photo.recognised is not None and photo.recognised.lacks_rights,
        "alike": [human_id(Kind.PHOTO, each.photo_id) for each in photo.likely_copies],
        "flag": photo.stopped.flag if photo.stopped else None,
        **file_usage_terms(photo.rights_metadata),
    }
