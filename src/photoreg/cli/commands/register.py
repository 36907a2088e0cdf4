"""`register`: photos into the registry, with what is known about them."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Any

import click

from photoreg.cli.app import Command, Office, what_next
from photoreg.cli.options import format_option, is_interactive, option
from photoreg.cli.output import say, show
from photoreg.cli.printing.next_steps import command_line, questions_with_options
from photoreg.cli.progress import Progress
from photoreg.cli.prompts.answers import answer_options, answers_from, ask, ask_event
from photoreg.errors import SOME_FAILED
from photoreg.imaging.metadata.licences import rights_in_file
from photoreg.presentation.cells import safe
from photoreg.presentation.messages import message
from photoreg.presentation.photos import (
    note_on_likeness,
    notes_on_meeting,
    notes_on_rights,
    step_on_meeting,
)
from photoreg.presentation.views.photos import REGISTERED
from photoreg.registry.ids import Kind, human_id
from photoreg.services.consents import permissions
from photoreg.services.photos import registration
from photoreg.services.photos.answers import Answers
from photoreg.services.photos.registration import Failed, Told, Unchanged, Way
from photoreg.services.photos.storing import Registered
from photoreg.texts import N_, _


@click.command(
    "register",
    cls=Command,
    help=N_(
        "Register photos: files, or folders with all the photos below them. A photo that is in "
        "the registry already stays as it is. Of more than 16 files, those whose path, size and "
        "time of change are as they were are passed by unread; --reread reads them too. What is "
        "not known yet can be left open."
    ),
    example="photoreg register kuvat --event E-1 --people none",
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=Path)
@answer_options
@option(
    "--ask/--no-ask",
    default=None,
    help=N_("Ask what is missing, once for all photos; on a terminal this is the default."),
)
@option(
    "--quick",
    is_flag=True,
    help=N_(
        "Do not look at the pictures now, which is several times as fast. Damage inside a picture, "
        "and which pictures look alike, is found later by `photo fingerprint`."
    ),
)
@option(
    "--reread",
    is_flag=True,
    help=N_(
        "Read every file again, also those whose path, size and time of change are as they were "
        "when they were read last."
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
    """Register the photos and tell of each; failures come last."""
    office: Office = ctx.obj
    answers = answers_from(given)
    answered = registration.prepare(office.workplace, answers)
    wants_asking = is_interactive() if ask is None else ask
    if wants_asking and registration.any_photo(paths):
        answers = _asked(office, answers, answered)
    tally = _Tally()
    way = Way(look=not quick, reread=reread, tell_all=layout != "table", count=tally.add)
    progress = Progress(lambda: registration.how_many(paths))
    try:
        work = registration.register(office.workplace, paths, answers, way)
        told = (each for each in progress.watch(work, _count) if isinstance(each, Registered))
        if layout == "table":
            for photo in told:
                _print(photo)
        else:
            show(REGISTERED, map(_row, told), layout)
    finally:
        progress.clear()
        # Also when the user interrupts, or the registry gives up half-way.
        tally.say_sum()
    if tally.failures:
        tally.say_failures()
        ctx.exit(tally.exit_code)


def _count(told: Told) -> int:
    return told.count if isinstance(told, Unchanged) else 1


def _asked(office: Office, answers: Answers, answered: frozenset[str]) -> Answers:
    def check_event(named: str) -> None:
        registration.check_event(office.workplace, named)

    def check_person(named: str) -> None:
        registration.check_person(office.workplace, named)

    def knows_basis(said: Answers) -> bool:
        return permissions.are_recorded(office.workplace, said.photographers, said.event)

    with_event = ask_event(answers, check_event)
    if with_event != answers:
        answered = registration.prepare(office.workplace, with_event)
    complete = ask(with_event, answered, check_person, knows_basis)
    registration.prepare(office.workplace, complete)
    return complete


MOST_NAMED = 50
"""How many photos, or strangers, are named at the end; of a million only their number is told."""


class _Named:
    """Photos that are named at the end: the first ones, and how many there are."""

    def __init__(self) -> None:
        self.first: list[str] = []
        self.count = 0

    def add(self, number: str) -> None:
        """Count a photo, and name it if there is room."""
        self.count += 1
        if len(self.first) < MOST_NAMED:
            self.first.append(number)

    def say_rest(self) -> None:
        """Say how many are not named."""
        if self.count > len(self.first):
            rest = self.count - len(self.first)
            say(_("  and {count} more photos: see photoreg photo list").format(count=rest))


class _Tally:
    """What became of the files: of those that are stored, also when nobody hears of them singly."""

    def __init__(self) -> None:
        self.new = self.known = 0
        self.open = _Named()
        self.strangers: dict[str, _Named] = {}
        self.failures: list[Failed] = []

    def add(self, told: Told) -> None:
        """Count what became of a file, or of several that are unchanged."""
        if isinstance(told, Failed):
            self.failures.append(told)
            return
        if isinstance(told, Unchanged):
            self.known += told.count
            return
        self.new += told.is_new
        self.known += not told.is_new
        number = human_id(Kind.PHOTO, told.photo_id)
        if told.open:
            self.open.add(number)
        if told.file_artist and not told.namesakes:
            self._count_stranger(safe(told.file_artist), number)

    def _count_stranger(self, artist: str, number: str) -> None:
        if artist in self.strangers or len(self.strangers) < MOST_NAMED:
            self.strangers.setdefault(artist, _Named()).add(number)

    @property
    def exit_code(self) -> int:
        """Some or several failed; or the only one did, with a code of its own."""
        only_one = not self.new and not self.known and len(self.failures) == 1
        return self.failures[0].error.exit_code if only_one else SOME_FAILED

    def say_sum(self) -> None:
        """Say how many photos were registered, and which commands come next."""
        say(
            _("Registered: {new}. Already in the registry: {known}. Failed: {failed}.").format(
                new=self.new, known=self.known, failed=len(self.failures)
            )
        )
        for artist, photos in self.strangers.items():
            say(_("If {artist} took the photos whose files say so:").format(artist=artist))
            say(f"  photoreg person add {quote(artist)}")
            say(f"  photoreg photo answer {' '.join(photos.first)} --photographer {quote(artist)}")
            photos.say_rest()
        if self.open.count:
            say(
                _("Answer the open questions with: photoreg photo answer {photos} …").format(
                    photos=" ".join(self.open.first)
                )
            )
            self.open.say_rest()

    def say_failures(self) -> None:
        """List what could not be registered, and what to do about it."""
        say(_("These could not be registered:"))
        for failed in self.failures:
            text, hint = message(failed.error)
            say(f"  {safe(str(failed.path))}")
            say(f"    {text}")
            for line in (hint, *what_next(failed.error)):
                say(f"    {line}")


def _print(photo: Registered) -> None:
    number = human_id(Kind.PHOTO, photo.photo_id)
    state = _("registered") if photo.is_new else _("is in the registry already, nothing changed")
    if photo.again:
        state = _("already registered as {photo}, its metadata has changed").format(photo=number)
    lines = [f"{number} {safe(photo.file_name)}: {state}"]
    if photo.taken_at:
        lines.append(_("  taken {day}").format(day=photo.taken_at))
    lines += [f"  {note}" for note in _notes(photo)]
    if photo.open:
        lines.append(_("  open: {questions}").format(questions=questions_with_options(photo.open)))
    click.echo("\n".join(lines))


def _notes(photo: Registered) -> Iterator[str]:
    """Say who took it, and what the file says that somebody should look at."""
    if photo.again:
        yield from notes_on_meeting(photo.again)
        step = step_on_meeting(photo.again)
        if step:
            yield f"→ {command_line(step)}"
    yield from note_on_likeness(photo.alike)
    names = ", ".join(f"{number} {safe(name)}" for number, name in photo.photographers)
    if photo.proposed:
        yield _("photographer: {names} (proposed: the file names this person)").format(names=names)
    elif names:
        yield _("photographer: {names}").format(names=names)
    if photo.file_artist:
        yield _unsettled(photo)
    if photo.outside_event:
        yield _("taken outside the days of its event: do the event's answers fit it?")
    if photo.holds_place:
        yield _("the file holds a location; an exported copy does not")
    yield from notes_on_rights(rights_in_file(photo.said))


def _unsettled(photo: Registered) -> str:
    """Say whom the file names when that settles nothing."""
    artist = safe(photo.file_artist)
    if photo.namesakes:
        text = _("the file names {artist} as photographer, who could be any of {ids}")
        return text.format(artist=artist, ids=", ".join(photo.namesakes))
    text = _("the file names {artist} as photographer, who is not in the registry")
    return text.format(artist=artist)


def _row(photo: Registered) -> dict[str, Any]:
    return {
        "photo": human_id(Kind.PHOTO, photo.photo_id),
        "file": photo.file_name,
        "new": photo.is_new,
        "photographers": [f"{number} {name}" for number, name in photo.photographers],
        "proposed": photo.proposed,
        "file_artist": photo.file_artist,
        "taken_at": photo.taken_at,
        "holds_place": photo.holds_place,
        "open": list(photo.open),
        "metadata_changed": photo.again is not None,
        "is_copy": photo.again is not None and photo.again.is_copy,
        "lacks_rights": photo.again is not None and photo.again.lacks_rights,
        "alike": [human_id(Kind.PHOTO, each.photo_id) for each in photo.alike],
        "flag": photo.stopped.flag if photo.stopped else None,
        **rights_in_file(photo.said),
    }
