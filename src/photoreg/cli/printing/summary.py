"""Print what holds many photos up: the number of each verdict, then the causes."""

from collections.abc import Sequence

from photoreg.cli.output import MAX_LISTED, print_line
from photoreg.cli.printing.next_steps import questions_with_options, step_lines
from photoreg.presentation.causes.cause_rows import cause_line, number_of_photos, photo_ranges
from photoreg.presentation.causes.causes import Cause, causes_of, names_in
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import label
from photoreg.presentation.verdicts import why_other_channel
from photoreg.rulebook.channels import OBJECTION
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.evaluation import Checked
from photoreg.steps import NextAction
from photoreg.texts import _

MARGIN = " " * 4


def print_summary(checked: Sequence[Checked], event: str | None) -> None:
    """Print the verdicts on several photos by cause, the cause of the most photos first."""
    first = checked[0]
    print_line(
        _("{photos} · {channel} · {purpose} · {day}").format(
            photos=number_of_photos(len(checked)),
            channel=first.channel_name,
            purpose=label(first.use.purpose),
            day=day_in_words(first.use.day),
        )
    )
    for outcome in (Outcome.PUBLISHABLE, Outcome.UNCLEAR, Outcome.REFUSED):
        photos = [each.photo_id for each in checked if each.outcome is outcome]
        if photos:
            line = f"{label(outcome).upper()}: {len(photos)} ({photo_ranges(photos)})"
            print_line(f"  {line}")
    causes = causes_of(checked, event)
    if causes:
        print_line(_("What prevents publishing, by cause:"))
    names = names_in(checked)
    for cause in causes:
        _print_cause(cause, names, checked)


def _print_cause(cause: Cause, names: dict[str, str], checked: Sequence[Checked]) -> None:
    codes = ", ".join(reason.code for reason in cause.reasons)
    print_line(f"  {cause_line(cause, names, MAX_LISTED)} [{codes}]")
    if len(cause.photos) < len(checked):
        print_line(f"{MARGIN}{photo_ranges(cause.photos)}")
    questions = [name for name in cause.detail if name != OBJECTION]
    if questions:
        text = _("open: {questions}").format(questions=questions_with_options(questions))
        print_line(f"{MARGIN}{text}")
    if cause.step is None:
        if cause.remedy:
            print_line(MARGIN + _("How to fix this: {remedy}").format(remedy=cause.remedy))
        return
    is_of_colleague = cause.step.action is NextAction.PHOTO_CONFIRM and cause.asks_colleague
    for line in step_lines(cause.step, is_of_colleague=is_of_colleague):
        print_line(f"{MARGIN}{line}")
    if why := why_other_channel(cause.step, checked[0]):
        print_line(f"{MARGIN}{why}")
    if cause.is_for_each:
        print_line(MARGIN + _("Do the same for each of these photos."))
