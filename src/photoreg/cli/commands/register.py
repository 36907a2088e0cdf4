"""`register`: add photos to the registry, with what is known about them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Command, what_next
from photoreg.cli.options import argument, format_option, is_interactive, option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import print_step, questions_with_options, step_line
from photoreg.cli.progress import Progress
from photoreg.cli.prompts.answers import (
    answer_options,
    answers_from,
    ask,
    ask_event,
    choice_lines,
)
from photoreg.errors import SOME_FAILED, RegistryMoved
from photoreg.imaging.metadata.licences import file_usage_terms
from photoreg.presentation.cells import safe
from photoreg.presentation.days import format_camera_time
from photoreg.presentation.messages import error_texts
from photoreg.presentation.photos import (
    OUTSIDE_EVENT,
    duplicate_notes,
    near_duplicate_note,
    rights_notes,
    step_on_meeting,
)
from photoreg.presentation.views.photos import REGISTERED
from photoreg.registry.ids import Kind, human_id
from photoreg.services.consents import permissions
from photoreg.services.photos import registration
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.registration import (
    LeftOut,
    RegistrationEvent,
    RegistrationFailure,
    RegistrationOptions,
    UnchangedCount,
)
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.command(
    "register",
    cls=Command,
    help=N_(
        "Register photos: files, or folders with all the photos below them. A photo that is "
        "already in the registry is left unchanged. Copies and thumbnails that photoreg wrote "
        "itself are left out. With more than 16 files, those whose path, "
        "size and time of change have not changed are skipped; --reread reads them too. What "
        "is not known yet can be left open."
    ),
    example=N_("photoreg register photos --event E-1 --people none"),
)
@argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=Path)
@answer_options
@option(
    "--ask/--no-ask",
    default=None,
    help=N_("Ask for missing information once for all photos; on a terminal this is the default."),
)
@option(
    "--quick",
    is_flag=True,
    help=N_(
        "Do not analyse the pictures now; this is several times faster. Damaged pictures and "
        "similar pictures are found later with `photo fingerprint`."
    ),
)
@option(
    "--reread",
    is_flag=True,
    help=N_(
        "Read every file again, also those whose path, size and time of change have not changed."
    ),
)
@format_option
@click.pass_context
def register_command(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    ask: bool | None,
    quick: bool,
    reread: bool,
    layout: str,
    **given: Any,
) -> None:
    """Register the photos and report each one; list failures last."""
    context: CliContext = ctx.obj
    answers = answers_from(given)
    answered = registration.prepare_registration(context.application, answers)
    wants_asking = is_interactive() if ask is None else ask
    if wants_asking and registration.has_photos(paths):
        answers = _prompted_answers(context, answers, answered)
    tally, is_lost = _Counts(), False
    options = RegistrationOptions(
        decode=not quick, reread=reread, report_unchanged=layout != "table", on_stored=tally.add
    )
    progress = Progress(lambda: registration.count_files(paths))
    try:
        work = registration.register_files(context.application, paths, answers, options)
        registered = (
            each for each in progress.track(work, _file_count) if isinstance(each, RegisteredPhoto)
        )
        if layout == "table":
            for photo in registered:
                _print(photo)
        else:
            print_view(REGISTERED, map(_row, registered), layout)
    except RegistryMoved:
        is_lost = True
        raise
    finally:
        progress.clear()
        if not is_lost:  # also when the user interrupts, or the registry fails part-way
            tally.print_summary()
    if tally.failures:
        tally.print_failures()
        ctx.exit(tally.exit_code)


def _file_count(result: RegistrationEvent) -> int:
    return result.count if isinstance(result, UnchangedCount) else 1


def _prompted_answers(
    context: CliContext, answers: PhotoAnswers, answered: frozenset[str]
) -> PhotoAnswers:
    def check_event(named: str) -> None:
        registration.check_event(context.application, named)

    def check_person(named: str) -> None:
        registration.check_person(context.application, named)

    def knows_basis(given: PhotoAnswers) -> bool:
        return permissions.are_permissions_recorded(
            context.application, given.photographers, given.event
        )

    with_event = ask_event(answers, check_event)
    if with_event != answers:
        answered = registration.prepare_registration(context.application, with_event)
    complete = ask(with_event, answered, check_person, knows_basis)
    registration.prepare_registration(context.application, complete)
    return complete


MAX_REPORTED = 50
"""How many photos or unknown people the summary names; beyond that it only counts them."""


class _ReportedPhotos:
    """Photos to name in the summary: the first few, and the total."""

    def __init__(self) -> None:
        self.first: list[str] = []
        self.count = 0

    def add(self, number: str) -> None:
        """Count a photo, and name it while there is room."""
        self.count += 1
        if len(self.first) < MAX_REPORTED:
            self.first.append(number)

    def print_rest(self) -> None:
        """Print how many photos are not named."""
        if self.count > len(self.first):
            rest = self.count - len(self.first)
            print_note(_("  More photos: {count}").format(count=rest))
            print_step(NextAction.PHOTO_LIST, indent="  ", open="yes")


class _Counts:
    """Counts the outcome of each stored file, including files that are not reported singly."""

    def __init__(self) -> None:
        self.new = self.known = 0
        self.open = _ReportedPhotos()
        self.questions: set[str] = set()
        self.unknown_artists: dict[str, _ReportedPhotos] = {}
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
        number = human_id(Kind.PHOTO, result.photo_id)
        if result.open:
            self.open.add(number)
            self.questions.update(result.open)
        if result.file_artist and not result.namesakes:
            self._add_unknown_artist(safe(result.file_artist), number)

    def _add_unknown_artist(self, artist: str, number: str) -> None:
        if artist in self.unknown_artists or len(self.unknown_artists) < MAX_REPORTED:
            self.unknown_artists.setdefault(artist, _ReportedPhotos()).add(number)

    @property
    def exit_code(self) -> int:
        """Return the exit code: of the failure if the only file failed, otherwise SOME_FAILED."""
        only_one = not self.new and not self.known and len(self.failures) == 1
        return self.failures[0].error.exit_code if only_one else SOME_FAILED

    def print_summary(self) -> None:
        """Print how many photos were registered, and the commands to run next."""
        print_note(
            _("Registered: {new}. Already in the registry: {known}. Failed: {failed}.").format(
                new=self.new, known=self.known, failed=len(self.failures)
            )
        )
        self._print_left_out()
        for artist, photos in self.unknown_artists.items():
            print_note(
                _("If {artist} took the photos that have this name in their files:").format(
                    artist=artist
                )
            )
            print_step(NextAction.PERSON_ADD, indent="  ", name=artist)
            print_step(
                NextAction.PHOTO_ANSWER,
                indent="  ",
                photo=" ".join(photos.first),
                photographer=artist,
            )
            photos.print_rest()
        if self.open.count:
            print_note(_("To answer the open questions:"))
            print_step(NextAction.PHOTO_ANSWER, *self.questions, photo=" ".join(self.open.first))
            for line in choice_lines(self.questions):
                print_note(f"  {line}")
            self.open.print_rest()

    def _print_left_out(self) -> None:
        """Print how many files photoreg wrote itself, and the first of them."""
        if not self.left_out:
            return
        text = _("Left out, because photoreg wrote these copies itself: {count}.")
        print_note(text.format(count=len(self.left_out)))
        for each in self.left_out[:MAX_REPORTED]:
            print_note(f"  {safe(str(each.path))} ({each.copy_of})")

    def print_failures(self) -> None:
        """List the files that could not be registered, and what to do about each."""
        print_note(_("These could not be registered:"))
        for failed in self.failures:
            text, hint = error_texts(failed.error)
            print_note(f"  {safe(str(failed.path))}")
            print_note(f"    {text}")
            for line in (hint, *what_next(failed.error)):
                print_note(f"    {line}")


def _print(photo: RegisteredPhoto) -> None:
    number = human_id(Kind.PHOTO, photo.photo_id)
    state = (
        _("registered") if photo.is_new else _("is already in the registry, nothing was changed")
    )
    if photo.recognised:
        state = _("already registered as {photo}, its metadata has changed").format(photo=number)
    lines = [f"{number} {safe(photo.file_name)}: {state}"]
    if photo.taken_at:
        lines.append(_("  taken {day}").format(day=format_camera_time(photo.taken_at)))
    lines += [f"  {note}" for note in _notes(photo)]
    if photo.open:
        lines.append(_("  open: {questions}").format(questions=questions_with_options(photo.open)))
    print_line("\n".join(lines))


def _notes(photo: RegisteredPhoto) -> Iterator[str]:
    """Yield the photographer, and the metadata that should be checked."""
    if photo.recognised:
        yield from duplicate_notes(photo.recognised)
        step = step_on_meeting(photo.recognised)
        if step:
            yield step_line(step)
    yield from near_duplicate_note(photo.likely_copies)
    names = ", ".join(map(safe, photo.photographers))
    if photo.proposed:
        yield _("photographer: {names} (proposed: the file names this person)").format(names=names)
    elif names:
        yield _("photographer: {names}").format(names=names)
    if photo.file_artist:
        yield _artist_note(photo)
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
        return text.format(artist=artist, ids=", ".join(photo.namesakes))
    text = _("the file names {artist} as photographer, who is not in the registry")
    return text.format(artist=artist)


def _row(photo: RegisteredPhoto) -> dict[str, Any]:
    return {
        "photo": human_id(Kind.PHOTO, photo.photo_id),
        "file": photo.file_name,
        "new": photo.is_new,
        "photographers": list(photo.photographers),
        "proposed": photo.proposed,
        "file_artist": photo.file_artist,
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
