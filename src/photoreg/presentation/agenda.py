"""The agenda, as text and as rows."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from photoreg.presentation.cells import with_name, with_names
from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.verdicts import step_row
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.services.agenda import AgendaItem, AgendaKind
from photoreg.steps import NextStep
from photoreg.texts import N_, _

SINGLE_TEXTS = {
    AgendaKind.FLAG: N_("{photo} is stopped: resolve {subject}"),
    AgendaKind.TAKE_DOWN: N_("{photo} must be taken down from {channel}: task {subject}"),
    AgendaKind.CASE: N_("{photo} for {channel} is waiting for a ruling: case {subject}"),
    AgendaKind.SECOND_LOOK: N_(
        "an answer about {photo} was taken back: look at the photo and state your own answer"
    ),
    AgendaKind.WAITS_FOR_COLLEAGUE: N_(
        "{photo} waits for a colleague, who looks at it and confirms what you changed"
    ),
    AgendaKind.SECOND_LOOK_AT_CHANNEL: N_(
        "whose channel {channel} is, or since when it exists, was changed: state your own answer"
    ),
    AgendaKind.ROSTER_DOUBT: N_(
        "somebody on a class list for {subject} could be {persons}, of another unit: compare, and "
        "import the list yourself"
    ),
    AgendaKind.CORRECTION: N_(
        "{subject} was marked as typed by mistake: look at it and state whether you agree"
    ),
    AgendaKind.RESTORED: N_(
        "a backup of {day} was restored: look at what was carried over from the replaced registry "
        "({count})"
    ),
    AgendaKind.STATEMENTS_MISSING: N_(
        "a backup of {day} was restored: withdrawals, refusals, blocks and flags since then may "
        "be missing"
    ),
    AgendaKind.NEEDS_FACTS: N_(
        "the coordinator asks for more information about {photo}, {subject}"
    ),
    AgendaKind.RULED_PUBLISHABLE: N_(
        "the coordinator ruled that {photo} may be published on {channel}, {subject}: approve it"
    ),
    AgendaKind.RULED_REFUSED: N_(
        "the coordinator ruled that {photo} may not be published on {channel}, {subject}"
    ),
    AgendaKind.FEW_ADMINS: N_("the channel {channel} has too few administrators"),
    AgendaKind.REVIEW: N_("the practices of {channel} are due for review"),
}
"""The text of a single item."""

_TOGETHER_TEXTS = {
    AgendaKind.SECOND_LOOK: N_(
        "an answer about {count} photos, such as {photo}, was taken back: look at the photos and "
        "state your own answer"
    ),
    AgendaKind.WAITS_FOR_COLLEAGUE: N_(
        "{count} photos, such as {photo}, wait for a colleague, who looks at them and confirms "
        "what you changed"
    ),
}
"""The text of an item about several photos of which the same was changed at once."""

COUNTED_TEXTS = {
    AgendaKind.FLAG: N_("more flags: {count}"),
    AgendaKind.TAKE_DOWN: N_("more to be taken down: {count}"),
    AgendaKind.CASE: N_("more cases that wait for a ruling: {count}"),
    AgendaKind.SECOND_LOOK: N_("more photos that need a second look: {count}"),
    AgendaKind.WAITS_FOR_COLLEAGUE: N_("more photos that wait for a colleague: {count}"),
    AgendaKind.ROSTER_DOUBT: N_("more events whose class lists name doubtful people: {count}"),
    AgendaKind.CORRECTION: N_("more that was marked as typed by mistake: {count}"),
    AgendaKind.NEEDS_FACTS: N_("more photos that need more information: {count}"),
    AgendaKind.RULED_PUBLISHABLE: N_("more photos that may be published by a ruling: {count}"),
    AgendaKind.RULED_REFUSED: N_("more photos that were refused by a ruling: {count}"),
    AgendaKind.SCANNED: N_("scanned forms whose answers are not recorded yet: {count}"),
    AgendaKind.QUESTIONS: N_("photos with open questions: {count}"),
    AgendaKind.CONSENTS_END: N_("consents that end within 30 days: {count}"),
    AgendaKind.FEW_ADMINS: N_("more channels with too few administrators: {count}"),
    AgendaKind.REVIEW: N_("more channels due for review: {count}"),
    AgendaKind.OTHER_LOGINS: N_(
        "entries of the log under another login than the computer's: {count}"
    ),
    AgendaKind.PRINTED: N_("in print or with the press, must not be used again: {count}"),
}
"""The text of several items combined into one line with their number."""


def item_row(
    item: AgendaItem,
    layout: str,
    as_text: Callable[[NextStep | None], str],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Return an item as a row of the view TODAY; `as_text` writes a step as a command."""
    return {
        "matter": item_in_words(item, names) if layout in FOR_PEOPLE else item.kind,
        "count": item.count,
        "subject": item.subject,
        "photo": item.photo,
        "channel": item.channel,
        "due_at": format_time(item.due_at, layout) if item.due_at else None,
        "overdue": item.overdue,
        "command": as_text(item.step),
        "step": step_row(item.step),
    }


def records_of(item: AgendaItem) -> Iterator[str]:
    """Yield the persons and the photo of an item, by id."""
    yield from filter(None, (item.photo, *item.persons.split(", ")))


def item_in_words(item: AgendaItem, names: Mapping[str, str]) -> str:
    """Return what must be done, and by when, as text; `names` stand beside the ids."""
    one_of = (item.subject, item.photo, item.channel, item.of, item.persons or None)
    persons = ", ".join(with_names(item.persons.split(", "), names))
    is_about = item.kind is AgendaKind.CORRECTION and item.persons
    is_one = any(each is not None for each in one_of)
    texts = SINGLE_TEXTS if is_one else COUNTED_TEXTS
    if is_one and item.count > 1:
        texts = {**texts, **_TOGETHER_TEXTS}
    text = _(texts[item.kind]).format(
        photo=with_name(item.photo, names) if item.photo else None,
        channel=item.channel,
        subject=f"{item.subject} ({persons})" if is_about else item.subject,
        count=item.count,
        persons=persons,
        day=day_in_words(item.of) if item.of else "",
    )
    if item.overdue:
        return _("OVERDUE: {what}").format(what=text)
    if item.due_at:
        return _("{what}, by {due}").format(what=text, due=format_time(item.due_at))
    return text
