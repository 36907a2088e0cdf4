"""`photo` and `show`: record answers about photos and who is depicted; show one photo."""

from collections.abc import Iterator
from copy import copy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Command, Group, what_next
from photoreg.cli.chosen_photos import chosen_photos, photos_options
from photoreg.cli.commands.contact_sheet import photo_contact_sheet
from photoreg.cli.commands.photo_confirm import photo_confirm
from photoreg.cli.commands.show import print_photo
from photoreg.cli.options import argument, format_option, option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import print_step, questions_with_options
from photoreg.cli.printing.takedowns import REMOVED, REPLACED, print_flagged
from photoreg.cli.prompts.answers import answer_options, answers_from
from photoreg.errors import SOME_FAILED
from photoreg.presentation.causes.cause_rows import photo_ranges
from photoreg.presentation.days import format_time
from photoreg.presentation.labels import label
from photoreg.presentation.messages import error_texts
from photoreg.presentation.photos import OUTSIDE_EVENT, forgotten_in_words, version_lines
from photoreg.presentation.rows.photos import photo_row
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.photos import FINGERPRINTED, PHOTO, PHOTOS, SERIES
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.photos import Prominence
from photoreg.rulebook.facts import Role
from photoreg.services.decisions import flags
from photoreg.services.files import fingerprinting
from photoreg.services.photos import (
    answers as photo_answers,
)
from photoreg.services.photos import (
    depictions,
    details,
    forgetting,
    listing,
    series,
    versions,
)
from photoreg.services.photos.depictions import DepictionDetails, TagResult
from photoreg.steps import NextAction
from photoreg.texts import N_, _

ALL_UNNAMED = -1
"""The value of a bare `--unnamed` in `photo untag`."""


@click.group("photo", cls=Group, help=N_("Photos: list, answer questions, name the people shown."))
def photo_command() -> None:
    """Group commands about photos."""


@photo_command.command(
    "answer",
    help=N_("Answer questions about photos, or correct an earlier answer."),
    example="photoreg photo answer P-1 --place public_outdoor --people none",
)
@argument("photos", nargs=-1, metavar="PHOTO...")
@option("--of-event", help=N_("All photos of this event, by name or id, in place of photos."))
@answer_options
@option("--credit-waived", is_flag=True, help=N_("The photographer waived the credit in writing."))
@option(
    "--rights-removed/--no-rights-removed",
    default=None,
    help=N_("Has the photographer's name or copyright been removed from the file?"),
)
@click.pass_obj
def photo_answer(
    context: CliContext,
    /,
    photos: tuple[str, ...],
    of_event: str | None,
    credit_waived: bool,
    rights_removed: bool | None,
    **given: Any,
) -> None:
    """Record the answers for all the photos, or for none."""
    if credit_waived and given["credit"] is not None:
        raise click.UsageError(_("Give either --credit or --credit-waived, not both."))
    answers = replace(
        answers_from(given), credit_waived=credit_waived or None, rights_removed=rights_removed
    )
    if answers.is_empty:
        raise click.UsageError(_("Give at least one answer, for example --people none."))
    named = chosen_photos(context.application, photos, of_event, "--of-event")
    answered = photo_answers.answer(context.application, named, answers)
    for is_changed, text in (
        (True, _("{photo}: the answers were recorded.")),
        (False, _("{photo}: nothing changed.")),
    ):
        numbers = [n for n, changed in answered.changed.items() if bool(changed) is is_changed]
        if numbers:
            print_line(text.format(photo=photo_ranges(numbers)))
    for number, threads in answered.carried_over.items():
        text = _("A refusal for the earlier event of {photo} still applies to the photo: {ids}.")
        print_line(text.format(photo=human_id(Kind.PHOTO, number), ids=", ".join(threads)))
    if answered.outside_event:
        print_note(f"{photo_ranges(answered.outside_event)}: {_(OUTSIDE_EVENT)}")
    if answered.stopped:
        print_flagged(answered.stopped, REPLACED)


@photo_command.command(
    "tag",
    help=N_("Name the people who can be recognised in photos, or count those not named yet."),
    example=N_('photoreg photo tag P-1 --person H-1 --position "left"'),
)
@photos_options
@option(
    "--person", "persons", multiple=True, help=N_("The person, by name or id; can be repeated.")
)
@option("--unnamed", type=int, help=N_("How many more can be recognised and are not named yet."))
@option("--position", default="", help=N_("The person's place in the photo, in words."))
@option(
    "--passing", is_flag=True, help=N_("The person passes by and is not a subject of the photo.")
)
@option("--public-office", is_flag=True, help=N_("The person acts in a public office."))
@click.pass_obj
def photo_tag(
    context: CliContext,
    photos: tuple[str, ...],
    event: str | None,
    persons: tuple[str, ...],
    unnamed: int | None,
    position: str,
    passing: bool,
    public_office: bool,
) -> None:
    """Record who is depicted in the photos."""
    if not persons and unnamed is None:
        raise click.UsageError(_("Give a person: --person NAME, or --unnamed NUMBER."))
    how = DepictionDetails(
        unnamed=unnamed or 0,
        position=position,
        prominence=Prominence.PASSING if passing else Prominence.SUBJECT,
        role=Role.PUBLIC_OFFICE if public_office else Role.PRIVATE,
    )
    named = chosen_photos(context.application, photos, event)
    done = depictions.tag_persons(context.application, named, persons=persons, how=how)
    for tagged in done:
        _print_tagged(tagged)


def _print_tagged(tagged: TagResult) -> None:
    photo = human_id(Kind.PHOTO, tagged.photo_id)
    for person in tagged.added:
        print_line(_("{person} is now named in {photo}.").format(person=person, photo=photo))
    for person in tagged.already:
        print_line(_("{person} is already named in {photo}.").format(person=person, photo=photo))
    if tagged.people_now:
        print_note(
            _("People in {photo}: {people}.").format(photo=photo, people=label(tagged.people_now))
        )
    if tagged.unnamed:
        print_note(
            _("Not named yet in {photo}: {count}.").format(photo=photo, count=tagged.unnamed)
        )
    if tagged.unnamed and tagged.added:
        print_note(
            _("Had you already counted a person whom you named now? Then reduce the number:")
        )
        print_step(NextAction.PHOTO_UNTAG, "unnamed", photo=photo)


@photo_command.command(
    "untag",
    help=N_("Remove people who were named or counted in photos by mistake."),
    example="photoreg photo untag P-1 --person H-1",
)
@argument("named", nargs=-1, required=True, metavar="PHOTO...")
@option(
    "--person", "persons", multiple=True, help=N_("The person, by name or id; can be repeated.")
)
@option(
    "--unnamed",
    is_flag=False,
    flag_value=ALL_UNNAMED,
    type=int,
    help=N_("How many of the unnamed people; without a number, all of them."),
)
@click.pass_obj
def photo_untag(
    context: CliContext, named: tuple[str, ...], persons: tuple[str, ...], unnamed: int | None
) -> None:
    """Remove depictions from the photos."""
    if not persons and unnamed is None:
        raise click.UsageError(_("Give a person: --person NAME, or --unnamed."))
    done = depictions.untag_persons(context.application, named, persons=persons, unnamed=unnamed)
    for untagged in done.photos:
        print_line(
            _("{photo}: {count} removed.").format(
                photo=human_id(Kind.PHOTO, untagged.photo_id), count=untagged.removed
            )
        )
    if done.stopped:
        print_flagged(done.stopped, REMOVED)


@photo_command.command(
    "series",
    help=N_(
        "Show the photos that look like this one, with what is stated of each, or answer once for "
        "all of them: are they the same picture?"
    ),
    example="photoreg photo series P-1 --different",
)
@argument("named", metavar="PHOTO")
@option(
    "--different",
    is_flag=True,
    help=N_("They are different pictures: each shows the people named in it."),
)
@option(
    "--same",
    is_flag=True,
    help=N_("They are the same picture: each takes over what is stated of the others."),
)
@format_option
@click.pass_obj
def photo_series(context: CliContext, named: str, different: bool, same: bool, layout: str) -> None:
    """Show a series, or answer whether its photos are the same picture."""
    if different and same:
        raise click.UsageError(_("Give --different or --same, not both."))
    act = series.show_series
    if different:
        act = series.settle_as_different
    elif same:
        act = series.take_over_statements
    rows = act(context.application, named)
    shown = (_series_row(row, layout) for row in rows)
    print_view(SERIES, shown, layout)
    if different or same:
        print_note(_("The answer was recorded. Photos: {count}.").format(count=len(rows)))
    elif any(row.lacks and not row.settled for row in rows):
        print_note(_("Are they the same picture? Look at them and answer:"))
        print_step(NextAction.PHOTO_SERIES, "answer", photo=named)


def _series_row(row: series.SeriesPhoto, layout: str) -> dict[str, Any]:
    data = asdict(row)
    if layout in FOR_PEOPLE:
        data |= {"people": label(row.people), "confidentiality": label(row.confidentiality)}
    return data


@photo_command.command(
    "flag",
    help=N_(
        "Stop a photo at once, because something is wrong or somebody objects. Every user can "
        "do this. The photo and similar photos stay stopped until the coordinator has examined "
        "the matter."
    ),
    example=N_('photoreg photo flag P-1 --reason "The house number can be read."'),
)
@argument("named", metavar="PHOTO")
@option(
    "--reason",
    required=True,
    help=N_(
        "What is wrong. Only the coordinator reads it, and it is kept permanently: do not use "
        "names."
    ),
)
@option(
    "--by-person",
    "person",
    help=N_(
        "Who objects, by name or id; recorded as that person's own or as a guardian's refusal."
    ),
)
@option(
    "--by",
    "objector",
    default="",
    help=N_("Who objects, if not in the registry; deleted when the flag is resolved."),
)
@click.pass_obj
def photo_flag(
    context: CliContext, named: str, reason: str, person: str | None, objector: str
) -> None:
    """Flag one photo."""
    if person and objector:
        raise click.UsageError(_("Give either --by-person or --by, not both."))
    raised = flags.raise_flag(
        context.application, named, reason=reason, person=person, objector=objector
    )
    print_line(
        _("{photo} is stopped: flag {flag}, to be resolved by {due}.").format(
            photo=raised.photo, flag=raised.flag, due=format_time(raised.due_at)
        )
    )
    for consent in raised.objections:
        print_line(_("The refusal was recorded: {consent}.").format(consent=consent))


@photo_command.command("list", help=N_("List the photos."), example="photoreg photo list --open")
@option("--event", help=N_("Only the photos of this event."))
@option("--open", "only_open", is_flag=True, help=N_("Only photos with open questions."))
@format_option
@click.pass_obj
def photo_list(context: CliContext, event: str | None, only_open: bool, layout: str) -> None:
    """List photos."""
    photos = listing.list_photos(context.application, event=event, only_open=only_open)
    print_view(PHOTOS, (photo_row(photo, layout) for photo in photos), layout)


@click.command(
    "show",
    cls=Command,
    help=N_("Show everything about a photo."),
    example="photoreg show P-1",
)
@argument("named", metavar="PHOTO")
@format_option
@click.pass_obj
def show_command(context: CliContext, named: str, layout: str) -> None:
    """Show one photo; available both as `show` and as `photo show`."""
    photo = asdict(details.show_photo(context.application, named))
    if layout == "table":
        print_photo(photo)
    else:
        print_view(PHOTO, [photo], layout)


photo_command.add_command(photo_confirm)
photo_command.add_command(photo_contact_sheet)
_photo_show = copy(show_command)
_photo_show.example = "photoreg photo show P-1"
photo_command.add_command(_photo_show)


@photo_command.command(
    "add-version",
    help=N_(
        "Register a file as a version of a photo: a crop, a blur, or other changes to the "
        "picture. Photographer, basis, event and place are those of the photo. People, shot "
        "and secrecy are asked again, and nobody is named in the version yet. A consent or "
        "permission for the photo alone does not cover the version; a refusal does."
    ),
    example=N_("photoreg photo add-version P-1 cropped.jpg"),
)
@argument("named", metavar="PHOTO")
@argument("path", metavar="FILE", type=Path)
@click.pass_obj
def photo_add_version(context: CliContext, named: str, path: Path) -> None:
    """Add a version to one photo."""
    added = versions.add_version(context.application, named, path)
    first, *further = version_lines(added)
    print_line(first)
    for line in further:
        print_line(f"  {line}")
    if added.lacks_rights:
        print_step(NextAction.METADATA_WRITE, indent="  ", err=False, photo=added.photo)
    if added.open:
        print_line(_("  open: {questions}").format(questions=questions_with_options(added.open)))


@photo_command.command(
    "forget",
    help=N_(
        "Take photos that were registered by mistake out of the registry. Only photos about which "
        "nothing was said, decided or published can be forgotten. The files stay where they are "
        "and can be registered again, but those that were sent to the desk are deleted. The log "
        "keeps the ids and the hashes of the files."
    ),
    example="photoreg photo forget P-7",
)
@argument("named", nargs=-1, required=True, metavar="PHOTO...")
@click.pass_obj
def photo_forget(context: CliContext, named: tuple[str, ...]) -> None:
    """Forget all the photos, or none."""
    for each in forgetting.forget_photos(context.application, named):
        print_line(forgotten_in_words(each))


@photo_command.command(
    "fingerprint",
    help=N_(
        "Compute the hashes by which pictures are recognised, for photos that were registered "
        "without them. The work can be interrupted and continues where it stopped."
    ),
    example="photoreg photo fingerprint",
)
@format_option
@click.pass_context
def photo_fingerprint(ctx: click.Context, layout: str) -> None:
    """Compute the missing hashes; list unreadable files last."""
    context: CliContext = ctx.obj
    failures: list[fingerprinting.FingerprintFailure] = []

    def rows() -> Iterator[dict[str, Any]]:
        for each in fingerprinting.fingerprint(context.application):
            if isinstance(each, fingerprinting.FingerprintFailure):
                failures.append(each)
            else:
                yield {
                    "photo": each.photo,
                    "same_as": each.same_as,
                    "comparable": each.comparable,
                    "flag": each.stopped.flag if each.stopped else None,
                }

    print_view(FINGERPRINTED, rows(), layout)
    for failed in failures:
        text, hint = error_texts(failed.error)
        print_note(f"{failed.photo}: {text}. {hint}")
        for line in what_next(failed.error):
            print_note(f"  {line}")
    if failures:
        ctx.exit(SOME_FAILED)
