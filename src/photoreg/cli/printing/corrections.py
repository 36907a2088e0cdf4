"""What was marked as typed by mistake, in words."""

from collections.abc import Iterable

from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_next
from photoreg.presentation.second_looks import corrected_in_words
from photoreg.services.publications.corrections import Corrected, step_to_answer
from photoreg.texts import _


def print_corrected(corrected: Iterable[Corrected]) -> None:
    """Print what became of each statement or publication, and what a colleague must do."""
    waiting: dict[str, None] = {}
    for each in corrected:
        print_line(corrected_in_words(each))
        if each.outcome is None:
            waiting[each.record] = None
    if waiting:
        print_note(_("A colleague looks at it and answers:"))
    for record in waiting:
        print_next(step_to_answer(record), for_another=True)
