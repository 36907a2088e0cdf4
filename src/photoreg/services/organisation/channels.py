"""Channels: added, reviewed, their administrators and changed terms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_channel, the_staff
from photoreg.registry.queries.organisation import channel_named, channels_with_admins
from photoreg.registry.queries.publications import administrators
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import (
    ChannelAdmin,
    ChannelRow,
)
from photoreg.rulebook.facts import Channel
from photoreg.rulebook.situation import months_later
from photoreg.services.inputs import already, required
from photoreg.services.unit_of_work import (
    COORDINATORS,
    Workplace,
    current_policy,
)


def add_channel(
    workplace: Workplace,
    *,
    name: str,
    title: str,
    kind: Channel,
    admins: Sequence[str] = (),
    terms_url: str = "",
) -> tuple[int, bool]:
    """Add a channel; return its number and whether it has as many administrators as Y1 asks."""
    with workplace.changing(COORDINATORS) as desk:
        slug = required(name, 64).lower()
        if slug in set(Channel) - {kind} or channel_named(desk.session, slug):
            raise already(slug)
        row = ChannelRow(
            name=slug,
            title=required(title),
            kind=kind,
            terms_url=terms_url,
            reviewed_on=desk.today,
        )
        number = add(desk.session, row)
        staff = {id_of(the_staff(desk.session, login)) for login in admins}
        for staff_id in sorted(staff):
            add(desk.session, ChannelAdmin(channel_id=number, staff_id=staff_id))
        desk.log(Action.CHANNEL_ADDED, "channel", number, kind=kind, admins=sorted(staff))
        return number, len(staff) >= current_policy(desk.session)[1].min_channel_admins


def change_admins(
    workplace: Workplace, channel: str, *, add_logins: Sequence[str], remove_logins: Sequence[str]
) -> bool:
    """Name administrators of a channel, or take them off; tell whether there are enough (Y1)."""
    with workplace.changing(COORDINATORS) as desk:
        row = the_channel(desk.session, channel)
        number = id_of(row)
        coming = {id_of(the_staff(desk.session, login)) for login in add_logins}
        leaving = {id_of(the_staff(desk.session, login)) for login in remove_logins}
        for staff_id in sorted(coming):
            desk.session.merge(ChannelAdmin(channel_id=number, staff_id=staff_id))
        for staff_id in sorted(leaving):
            link = desk.session.get(ChannelAdmin, (number, staff_id))
            if link is not None:
                desk.session.delete(link)
        desk.session.flush()
        desk.log(
            Action.CHANNEL_CHANGED,
            "channel",
            number,
            admins_added=sorted(coming),
            admins_removed=sorted(leaving),
        )
        there = administrators(desk.session).get(number, [])
        return len(there) >= current_policy(desk.session)[1].min_channel_admins


def note_review(workplace: Workplace, channel: str, on: date | None = None) -> date:
    """Note that a channel's practices were gone through (guideline V6); return when next."""
    with workplace.changing(COORDINATORS) as desk:
        row = the_channel(desk.session, channel)
        row.reviewed_on = desk.past_day(on)
        add(desk.session, row)
        desk.log(Action.CHANNEL_REVIEWED, "channel", row.id, on=row.reviewed_on)
        interval = current_policy(desk.session)[1].review_interval_months
        return months_later(row.reviewed_on, interval)


def note_changed_terms(workplace: Workplace, *, channel: str, on: date | None = None) -> None:
    """Note that the service behind a channel changed its terms (guideline J4)."""
    with workplace.changing(COORDINATORS) as desk:
        row = the_channel(desk.session, channel)
        day = desk.past_day(on)
        row.terms_changed_on = day
        add(desk.session, row)
        desk.log(Action.CHANNEL_TERMS_CHANGED, "channel", row.id, on=day)


def list_channels(workplace: Workplace) -> list[dict[str, Any]]:
    """Return the channels with their administrators."""
    with workplace.reading() as desk:
        fewest = current_policy(desk.session)[1].min_channel_admins
        return [
            {
                "name": channel.name,
                "title": channel.title,
                "kind": channel.kind,
                "admins": admins,
                "too_few_admins": len(admins) < fewest,
                "terms_changed_on": channel.terms_changed_on,
            }
            for channel, admins in channels_with_admins(desk.session)
        ]
