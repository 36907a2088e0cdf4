"""The channels that an empty table asks about."""

from photoreg.registry.queries.organisation import all_channels
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.services.consents.form_answer_sheets import channel_column, channel_heading


def channel_headings(application: Application) -> dict[str, str]:
    """Return the heading of each of the municipality's own channels, by the key of its column.

    Nothing may be published in a closed work group, so nobody is asked about one.
    """
    with application.reading() as work:
        return {
            channel_column(channel.name): channel_heading(channel)
            for channel in all_channels(work.session)
            if channel.active and channel.is_own and channel.kind is not Channel.CLOSED_WORK_GROUP
        }
