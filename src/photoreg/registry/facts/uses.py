"""Build uses, as the rules take them, from channels as they are recorded."""

from collections.abc import Iterable
from datetime import date

from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.facts import Channel, ChannelFacts, Mode, Purpose, Use


def use_of(
    channel: ChannelRow,
    day: date,
    mode: Mode = Mode.UPLOAD,
    purpose: Purpose = Purpose.INFORMATION,
    pages: tuple[ChannelFacts, ...] = (),
    *,
    clock_is_behind: bool = False,
) -> Use:
    """Return the use of a photo on a channel; `pages` are the municipality's public pages."""
    return Use(
        channel.kind,
        day,
        mode,
        purpose,
        channel.name,
        is_own=channel.is_own,
        since=channel.since,
        pages=pages,
        clock_is_behind=clock_is_behind,
    )


def own_public_pages(channels: Iterable[ChannelRow]) -> list[ChannelRow]:
    """Return the municipality's own public pages."""
    return [
        row for row in channels if row.kind is Channel.PUBLIC_PAGE and row.is_own and row.active
    ]


def public_pages(channels: Iterable[ChannelRow]) -> tuple[ChannelFacts, ...]:
    """Return the municipality's own public pages, one of which a closed group needs (J1)."""
    return tuple(
        ChannelFacts(row.kind, row.name, row.is_own, row.since)
        for row in own_public_pages(channels)
    )
