"""What was marked as typed by mistake, in words."""

from collections.abc import Iterable

from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_next
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import label
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.services.publications.corrections import Corrected, step_to_answer
from photoreg.texts import N_, _

_STATEMENT = {
    None: N_("{record}: {kind}, {day}: still counts until a colleague has confirmed the mistake."),
    SecondLookOutcome.CORRECTED: N_(
        "{record}: {kind}, {day}: was typed by mistake and counts as never said."
    ),
    SecondLookOutcome.AGREED: N_(
        "{record}: {kind}, {day}: was typed by mistake and counts as never said."
    ),
    SecondLookOutcome.DIFFERED: N_("{record}: {kind}, {day}: was no mistake and still counts."),
}
_PUBLICATION = {
    None: N_("{record}: the publication still counts until a colleague has confirmed the mistake."),
    SecondLookOutcome.CORRECTED: N_(
        "{record}: the publication was recorded by mistake and counts as never made."
    ),
    SecondLookOutcome.AGREED: N_(
        "{record}: the publication was recorded by mistake and counts as never made."
    ),
    SecondLookOutcome.DIFFERED: N_("{record}: the publication was no mistake and still counts."),
}


def print_corrected(corrected: Iterable[Corrected]) -> None:
    """Print what became of each statement or publication, and what a colleague must do."""
    waiting: dict[str, None] = {}
    for each in corrected:
        if each.kind is None:
            print_line(_(_PUBLICATION[each.outcome]).format(record=each.record))
        else:
            text = _(_STATEMENT[each.outcome])
            day = day_in_words(each.day)
            print_line(text.format(record=each.record, kind=label(each.kind), day=day))
        if each.outcome is None:
            waiting[each.record] = None
    if waiting:
        print_note(_("A colleague looks at it and answers:"))
    for record in waiting:
        print_next(step_to_answer(record), for_another=True)
