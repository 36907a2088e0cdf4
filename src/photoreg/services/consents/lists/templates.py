"""Empty tables to fill in: their kinds, and the channels that they ask about."""

from dataclasses import dataclass
from enum import StrEnum

from photoreg.registry.queries.forms import active_channels
from photoreg.services.application import Application
from photoreg.services.consents.form_answer_sheets import channel_column, channel_heading
from photoreg.services.consents.forms import why_not_asked


class TemplateKind(StrEnum):
    """What a table to fill in is for."""

    CLASS_LIST = "class-list"
    PERMISSIONS = "permissions"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class TemplateChannels:
    """The heading of each of the municipality's own channels, by the key of its column.

    `asked` are the keys of those that forms ask about unless others are named. `left_out` are
    channels in which nothing may be published.
    """

    headings: dict[str, str]
    asked: tuple[str, ...]
    left_out: tuple[str, ...]


def template_channels(application: Application) -> TemplateChannels:
    """Return the municipality's own channels as columns of a table to fill in."""
    with application.reading() as work:
        own = [channel for channel in active_channels(work.session) if channel.is_own]
        permitted = [channel for channel in own if channel.kind.is_permitted]
        asked = (each for each in permitted if not why_not_asked(each, work.policy))
        return TemplateChannels(
            {channel_column(each.name): channel_heading(each) for each in permitted},
            tuple(channel_column(each.name) for each in asked),
            tuple(each.name for each in own if not each.kind.is_permitted),
        )
