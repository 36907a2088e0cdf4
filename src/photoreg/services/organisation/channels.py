"""Add, change, list and review channels; record their administrators and changes of terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_channel, find_staff
from photoreg.registry.queries.organisation import all_channels, channel_named, channels_with_admins
from photoreg.registry.queries.publications import channel_admins
from photoreg.registry.rows import add
from photoreg.registry.tables.organisation import (
    ChannelAdmin,
    ChannelRow,
)
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.facts import Channel, add_months
from photoreg.rulebook.policy import Policy
from photoreg.services.application import Application
from photoreg.services.inputs import (
    already_exists_error,
    refuse_look_alikes,
    require_apart,
    require_text,
)
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, current_policy
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class ListedChannel:
    """A channel as listed, with the logins of its administrators.

    `controller` is None for the municipality's own channel.
    """

    name: str
    title: str
    kind: Channel
    controller: str | None
    since: date
    admins: tuple[str, ...]
    too_few_admins: bool
    terms_changed_on: date | None
    needs_confirmation: bool


def add_channel(
    application: Application,
    *,
    name: str,
    title: str,
    kind: Channel,
    controller: str | None,
    since: date | None = None,
    admins: Sequence[str] = (),
    terms_url: str = "",
) -> tuple[int, bool]:
    """Add a channel; return its number and whether it has enough administrators (guideline Y1).

    `controller` is None for the municipality's own channel, else the name of who controls it.
    `since` is the day from which the channel exists, by default today.
    """
    with application.changing(COORDINATORS) as work:
        slug = require_text(name, 64).lower()
        if slug in set(Channel) - {kind} or channel_named(work.session, slug):
            raise already_exists_error(slug)
        known = [*(set(Channel) - {kind}), *(each.name for each in all_channels(work.session))]
        refuse_look_alikes(slug, known, N_("Choose a name that nobody takes for another."))
        row = ChannelRow(
            name=slug,
            title=require_text(title),
            kind=kind,
            controller=_controller(kind, controller),
            since=work.day_or_today(since),
            terms_url=terms_url,
            reviewed_on=work.today,
        )
        number = add(work.session, row)
        staff = {id_of(find_staff(work.session, login)) for login in admins}
        for staff_id in sorted(staff):
            add(work.session, ChannelAdmin(channel_id=number, staff_id=staff_id))
        work.log(
            Action.CHANNEL_ADDED,
            "channel",
            number,
            kind=kind,
            admins=sorted(staff),
            **_logged(row),
        )
        return number, has_enough_admins(row, len(staff), current_policy(work.session)[1])


def has_enough_admins(channel: ChannelRow, admins: int, policy: Policy) -> bool:
    """Return whether a channel has enough administrators (guideline Y1).

    Another controller names the administrators of its channel itself.
    """
    return not channel.is_own or admins >= policy.min_channel_admins


def _controller(kind: Channel, controller: str | None) -> str | None:
    """Return the controller as stored; InputDataError where the municipality cannot be it."""
    if controller is not None:
        return require_text(controller)
    if kind.has_other_controller:
        raise InputDataError(
            N_("the municipality does not control a channel of the kind {kind} itself"),
            N_("Name who controls it: the medium, the company, or the owner of the profile."),
            fields=("controller",),
            kind=kind,
        )
    return None


def _logged(row: ChannelRow) -> dict[str, object]:
    """Return whose channel it is and since when, as logged: the log holds no names."""
    logged: dict[str, object] = {
        "controller": "own" if row.is_own else "other",
        "since": row.since,
        "proposed_own": row.proposed_own,
        "proposed_since": row.proposed_since,
    }
    return {name: value for name, value in logged.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """New values for a channel; None leaves a value as it is.

    `own`: the municipality controls it. `controller`: somebody else does.
    """

    own: bool = False
    controller: str | None = None
    since: date | None = None


def change_channel(application: Application, channel: str, change: ChannelChange) -> bool:
    """Change who controls a channel, or from which day it exists.

    The photos published on it, and all cached verdicts, are evaluated again. What lets earlier
    consents cover more holds only once another member of staff has confirmed it; return whether
    that is needed.
    """
    with application.changing(COORDINATORS) as work:
        row = find_channel(work.session, channel)
        before = {f"{name}_before": value for name, value in _logged(row).items()}
        if change.own and not row.is_own:
            _controller(row.kind, None)
            row.proposed_own, row.proposed_by = True, work.actor.id
        elif change.controller is not None:
            row.controller, row.proposed_own = _controller(row.kind, change.controller), None
        since = row.since if change.since is None else work.day_or_today(change.since)
        if since < row.since:
            row.proposed_since, row.proposed_by = since, work.actor.id
        elif change.since is not None:
            row.since, row.proposed_since = since, None
        if not row.has_proposal:
            row.proposed_by = None
        add(work.session, row)
        work.log(Action.CHANNEL_CHANGED, "channel", row.id, **before, **_logged(row))
        return row.has_proposal


def confirm_channel(application: Application, channel: str, answer: ChannelChange) -> bool:
    """Answer whose channel it is and since when, after a colleague; return whether they agree.

    The stricter of the two answers holds. NotAllowed for whoever made the change.
    """
    with application.changing() as work:
        row = find_channel(work.session, channel)
        _require_proposal_of_another(work, row)
        if answer.since is None or answer.own is (answer.controller is not None):
            raise InputDataError(
                N_("your own answer is missing: whose channel it is, and since when"),
                N_("State both."),
                fields=("controller", "since"),
            )
        stated_own, stated_since = row.proposed_own or row.is_own, row.proposed_since or row.since
        agrees = answer.own is stated_own and answer.since == stated_since
        if not answer.own:
            row.controller = _controller(row.kind, answer.controller)
        elif stated_own:
            row.controller = None
        row.since = max(stated_since, work.day_or_today(answer.since))
        row.proposed_own = row.proposed_since = row.proposed_by = None
        add(work.session, row)
        outcome = SecondLookOutcome.AGREED if agrees else SecondLookOutcome.DIFFERED
        work.log(Action.SECOND_LOOK_CONFIRMED, "channel", row.id, outcome=outcome, **_logged(row))
        return agrees


def _require_proposal_of_another(work: UnitOfWork, row: ChannelRow) -> None:
    if not row.has_proposal:
        raise NotAllowed(
            N_("nothing about the channel {channel} waits for a second look"),
            N_("See the channels."),
            step=NextStep.to(NextAction.CHANNEL_LIST),
            channel=row.name,
        )
    if row.proposed_by == work.actor.id:
        raise NotAllowed(
            N_("you changed the channel {channel} yourself"),
            N_("Ask a colleague to check whose channel it is and since when."),
            channel=row.name,
        )


def change_admins(
    application: Application,
    channel: str,
    *,
    add_logins: Sequence[str],
    remove_logins: Sequence[str],
) -> bool:
    """Add and remove administrators of a channel; return whether enough remain (guideline Y1)."""
    with application.changing(COORDINATORS) as work:
        row = find_channel(work.session, channel)
        number = id_of(row)
        require_apart(add_logins, remove_logins, fields=("coming", "leaving"))
        added = {id_of(find_staff(work.session, login)) for login in add_logins}
        removed = {id_of(find_staff(work.session, login)) for login in remove_logins}
        for staff_id in sorted(added):
            work.session.merge(ChannelAdmin(channel_id=number, staff_id=staff_id))
        for staff_id in sorted(removed):
            link = work.session.get(ChannelAdmin, (number, staff_id))
            if link is not None:
                work.session.delete(link)
        work.session.flush()
        work.log(
            Action.CHANNEL_CHANGED,
            "channel",
            number,
            admins_added=sorted(added),
            admins_removed=sorted(removed),
        )
        remaining = channel_admins(work.session).get(number, [])
        return has_enough_admins(row, len(remaining), current_policy(work.session)[1])


def record_review(application: Application, channel: str, on: date | None = None) -> date:
    """Record a review of a channel's practices (guideline V6); return when the next is due."""
    with application.changing(COORDINATORS) as work:
        row = find_channel(work.session, channel)
        row.reviewed_on = work.day_or_today(on)
        add(work.session, row)
        work.log(Action.CHANNEL_REVIEWED, "channel", row.id, on=row.reviewed_on)
        interval = current_policy(work.session)[1].review_interval_months
        return add_months(row.reviewed_on, interval)


def record_terms_change(application: Application, *, channel: str, on: date | None = None) -> None:
    """Record that the service behind a channel changed its terms (guideline J4)."""
    with application.changing(COORDINATORS) as work:
        row = find_channel(work.session, channel)
        day = work.day_or_today(on)
        row.terms_changed_on = day
        add(work.session, row)
        work.log(Action.CHANNEL_TERMS_CHANGED, "channel", row.id, on=day)


def list_channels(application: Application) -> list[ListedChannel]:
    """Return the channels with their administrators."""
    with application.reading() as work:
        policy = current_policy(work.session)[1]
        return [
            ListedChannel(
                name=channel.name,
                title=channel.title,
                kind=channel.kind,
                controller=channel.controller,
                since=channel.since,
                admins=tuple(admins),
                too_few_admins=not has_enough_admins(channel, len(admins), policy),
                terms_changed_on=channel.terms_changed_on,
                needs_confirmation=channel.has_proposal,
            )
            for channel, admins in channels_with_admins(work.session)
        ]
