"""The channels that an empty table asks about."""

from photoreg.registry.queries.forms import active_channels
from photoreg.services.application import Application
from photoreg.services.consents.form_answer_sheets import channel_column, channel_heading
from photoreg.services.consents.forms import why_not_asked


def channel_headings(application: Application) -> dict[str, str]:
    """Return the heading of each channel that forms ask about, by the key of its column."""
    with application.reading() as work:
        return {
            channel_column(channel.name): channel_heading(channel)
            for channel in active_channels(work.session)
            if channel.is_own and not why_not_asked(channel, work.policy)
        }
