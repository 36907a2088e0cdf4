"""`register`: add photos to the registry, with what is known about them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import argument, format_option, is_interactive, option
from photoreg.cli.output import print_note, print_view
from photoreg.cli.printing.registered import Tally, print_registered, registered_row
from photoreg.cli.progress import Progress
from photoreg.cli.prompts.answers import (
    answer_options,
    answers_from,
    ask,
    ask_event,
    ask_photographer,
)
from photoreg.cli.prompts.folder_options import FolderChoice, with_folder_options
from photoreg.errors import RegistryMoved
from photoreg.presentation.views.photos import REGISTERED
from photoreg.registry.ids import Kind, human_id, name_key
from photoreg.services.consents import permissions
from photoreg.services.photos import registration
from photoreg.services.photos.answers import PhotoAnswers, answer
from photoreg.services.photos.registration import (
    RegistrationEvent,
    RegistrationOptions,
    UnchangedCount,
)
from photoreg.services.photos.storing import RegisteredPhoto
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
    "--camera",
    "cameras",
    multiple=True,
    metavar="CAMERA=PERSON",
    help=N_(
        "Who took the photos of this camera; can be repeated. Later registrations for the same "
        "event take it over. On a terminal you are asked about each camera if there are several."
    ),
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
@with_folder_options
@format_option
@click.pass_context
def register_command(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    ask: bool | None,
    cameras: tuple[str, ...],
    quick: bool,
    reread: bool,
    layout: str,
    **given: Any,
) -> None:
    """Register the photos and report each one; list failures last."""
    context: CliContext = ctx.obj
    folders = FolderChoice.from_options(given)
    answers = answers_from(given)
    by_camera = [_camera_and_person(typed) for typed in cameras]
    if len({name_key(camera) for camera, _person in by_camera}) < len(by_camera):
        raise click.UsageError(_("Give each camera only once."))
    tally = Tally()
    options = RegistrationOptions(
        decode=not quick,
        reread=reread,
        report_unchanged=layout != "table",
        cameras=by_camera,
        on_stored=tally.add,
    )
    answered = registration.prepare_registration(context.application, answers, by_camera)
    wants_asking = is_interactive() if ask is None else ask
    jobs: list[tuple[Sequence[Path], PhotoAnswers]] = [(paths, answers)]
    if folders.is_chosen:
        from photoreg.cli.commands.register_folders import events_to_register

        found = events_to_register(context, folders, paths, options.beside, layout)
        jobs = [([*map(Path, e.files)], replace(answers, event=e.event)) for e in found]
        if not jobs:
            tally.print_beside(options.beside)
            return
    elif wants_asking and registration.has_photos(paths):
        answers, asked = _prompted_answers(context, answers, answered, paths, by_camera)
        jobs, by_camera, wants_asking = [(paths, answers)], [*by_camera, *asked], False
    every_path = chain.from_iterable(some for some, _answers in jobs)
    options = replace(options, cameras=registration.cameras_meant(by_camera, every_path))
    folder = registration.folder_around(paths)
    _register(context, jobs, options, tally, layout, folder=folder, asks_by_camera=wants_asking)
    if tally.failures:
        tally.print_failures()
        ctx.exit(tally.exit_code)


def _register(
    context: CliContext,
    jobs: Sequence[tuple[Sequence[Path], PhotoAnswers]],
    options: RegistrationOptions,
    tally: Tally,
    layout: str,
    *,
    folder: Path,
    asks_by_camera: bool,
) -> None:
    """Register the photos at paths with their answers; print each, and the summary at the end.

    `folder` is the one around all of them.
    """
    progress = Progress(lambda: sum(registration.count_files(paths) for paths, _answers in jobs))
    is_lost = False
    try:
        work = chain.from_iterable(
            registration.register_files(context.application, paths, answers, options)
            for paths, answers in jobs
        )
        registered = (
            each for each in progress.track(work, _file_count) if isinstance(each, RegisteredPhoto)
        )
        if layout == "table":
            for photo in registered:
                print_registered(photo, folder)
        else:
            print_view(REGISTERED, map(registered_row, registered), layout)
        progress.clear()
        if asks_by_camera:
            _ask_by_camera(context, tally)
    except RegistryMoved:
        is_lost = True
        raise
    finally:
        progress.clear()
        if not is_lost:  # also when the user interrupts, or the registry fails part-way
            tally.print_summary(_event_of_all(jobs), _only_path(jobs))
            tally.print_beside(options.beside)
            tally.print_cameras_not_met(camera for camera, _person in options.cameras)


def _event_of_all(jobs: Sequence[tuple[Sequence[Path], PhotoAnswers]]) -> str | None:
    """Return the event of all photos, if they are of one."""
    events = {answers.event for _paths, answers in jobs}
    return events.pop() if len(events) == 1 else None


def _only_path(jobs: Sequence[tuple[Sequence[Path], PhotoAnswers]]) -> str:
    """Return the file or folder that was given, if it was one."""
    paths = [path for some, _answers in jobs for path in some]
    return str(paths[0]) if len(paths) == 1 else ""


def _camera_and_person(typed: str) -> tuple[str, str]:
    camera, sign, person = (part.strip() for part in typed.partition("="))
    if not camera or not sign or not person:
        raise click.UsageError(
            _("{value}: give the camera and the person, for example {example}.").format(
                value=typed, example='"iPhone 13=Petri Tornensis"'
            )
        )
    return camera, person


def _ask_by_camera(context: CliContext, tally: Tally) -> None:
    """Ask who took the photos of each camera, if several took those without a photographer."""
    for camera, numbers in tally.asked_cameras.items():
        named = ask_photographer(camera, len(numbers), _person_check(context))
        if named:
            photos = [human_id(Kind.PHOTO, number) for number in numbers]
            answer(context.application, photos, PhotoAnswers(photographers=(named,)))
            print_note(_("Recorded. Photos changed: {count}.").format(count=len(numbers)))
            tally.cameras[camera].clear()


def _person_check(context: CliContext) -> Callable[[str], None]:
    return partial(registration.check_person, context.application)


def _file_count(result: RegistrationEvent) -> int:
    return result.count if isinstance(result, UnchangedCount) else 1


def _prompted_answers(
    context: CliContext,
    answers: PhotoAnswers,
    answered: frozenset[str],
    paths: Sequence[Path],
    by_camera: Sequence[tuple[str, str]],
) -> tuple[PhotoAnswers, list[tuple[str, str]]]:
    """Ask what is not answered; return the answers, and who took the photos of which camera.

    Several cameras are asked about one by one, also where the event names a photographer: one
    answer for all would hold for the photos of other people too.
    """

    def check_event(named: str) -> None:
        registration.check_event(context.application, named)

    def knows_basis(given: PhotoAnswers) -> bool:
        return permissions.are_permissions_recorded(
            context.application, given.photographers, given.event
        )

    with_event = ask_event(answers, check_event)
    if with_event != answers:
        answered = registration.prepare_registration(context.application, with_event)
    cameras = None
    if not with_event.photographers and with_event.photographer is None:
        cameras = registration.cameras_to_ask(
            context.application, paths, by_camera, with_event.event
        )
    check = _person_check(context)
    named = [
        (camera, who)
        for camera, count in (cameras or {}).items()
        if (who := ask_photographer(camera, count, check))
    ]
    answered = answered if cameras is None else answered | {"photographer"}
    complete = ask(with_event, answered, check, knows_basis)
    registration.prepare_registration(context.application, complete)
    return complete, named
