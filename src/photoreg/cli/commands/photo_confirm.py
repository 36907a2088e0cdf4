"""`photo confirm`: another member of staff confirms statements that were taken back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import argument, is_interactive, option
from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import options_for, print_next
from photoreg.cli.prompts.answers import answer_options, answers_from, ask_own_answer
from photoreg.errors import UNCLEAR
from photoreg.presentation.second_looks import (
    alike,
    both_answers,
    confirmed_lines,
    second_look_lines,
    stated_code,
)
from photoreg.services.photos import confirmation
from photoreg.services.photos.confirmation import (
    AnswersDiffer,
    OpenSecondLook,
    OwnAnswer,
)
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.command(
    "confirm",
    cls=Command,
    help=N_(
        "Look at photos about which a colleague withdrew an answer, and state your own answer. "
        "If it is the same as the current answer, it no longer blocks the photo. If it differs, "
        "the stricter of the two counts. One answer applies to all the photos, so photos whose "
        "present answers differ are answered separately."
    ),
    example="photoreg photo confirm P-1 P-2 --people none",
)
@argument("named", nargs=-1, required=True, metavar="PHOTO...")
@answer_options
@option("--credit-waived", is_flag=True, help=N_("The photographer waived the credit in writing."))
@option(
    "--rights-removed/--no-rights-removed",
    default=None,
    help=N_("Has the photographer's name or copyright been removed from the file?"),
)
@option(
    "--person",
    "persons",
    multiple=True,
    help=N_("Whom you recognise in the photo, by name or id; can be repeated."),
)
@option(
    "--not-shown",
    "not_shown",
    multiple=True,
    help=N_("Who was named before and is not in the photo, by name or id; can be repeated."),
)
@option(
    "--is",
    "values",
    multiple=True,
    metavar=N_("VALUE"),
    help=N_(
        "What is true of the person, such as adult or 2, or of photos that look alike: same or "
        "different; can be repeated."
    ),
)
@click.pass_obj
def photo_confirm(
    context: CliContext,
    /,
    named: tuple[str, ...],
    credit_waived: bool,
    rights_removed: bool | None,
    persons: tuple[str, ...],
    not_shown: tuple[str, ...],
    values: tuple[str, ...],
    **given: Any,
) -> None:
    """Show what was taken back, and record the user's own answer."""
    answers = replace(
        answers_from(given), credit_waived=credit_waived or None, rights_removed=rights_removed
    )
    own = OwnAnswer(answers, persons, not_shown, tuple(map(stated_code, values)))
    looks = confirmation.second_looks_at(context.application, named)
    for line in second_look_lines(looks):
        print_note(line)
    missing = confirmation.missing_answers(looks, own)
    if missing and is_interactive():
        own = ask_own_answer(own, missing)
        missing = confirmation.missing_answers(looks, own)
    if missing:
        _print_choices(looks, missing)
        click.get_current_context().exit(UNCLEAR)
    try:
        for line in confirmed_lines(confirmation.confirm(context.application, named, own)):
            print_line(line)
    except AnswersDiffer as error:
        _print_both_answers(looks, error.groups)
        raise


def _print_choices(looks: list[OpenSecondLook], missing: tuple[str, ...]) -> None:
    """Print what is asked and both answers, of which none is suggested."""
    options = ", ".join(options_for(NextAction.PHOTO_CONFIRM, missing))
    print_note(_("Look at the photo and state your own answer: {options}").format(options=options))
    _print_both_answers(looks)


def _print_both_answers(looks: list[OpenSecondLook], apart: Sequence[Sequence[str]] = ()) -> None:
    """Print the commands for each group of photos that are answered alike; `apart`: groups."""
    texts = (_("If it was right before:"), _("If it is right now:"))
    for photos in alike(looks, apart):
        steps = both_answers(photos)
        for step, text in zip(steps, texts, strict=False):
            if len(steps) > 1:
                print_note(text)
            print_next(step)
