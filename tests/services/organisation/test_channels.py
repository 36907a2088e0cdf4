"""Channels: whose each is, since when, and what a change of either does."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from tests.services.scenes import PAGE_USE

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry import ledger
from photoreg.registry.queries.organisation import channel_named
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.services.organisation import channels
from photoreg.services.organisation.channels import ChannelChange

OTHERS = [kind for kind in Channel if kind.has_other_controller]
TODAY = date(2026, 11, 2)


def add(
    application: Application, kind: Channel, controller: str | None, since: date | None = None
) -> None:
    channels.add_channel(
        application, name="uusi", title="Uusi", kind=kind, controller=controller, since=since
    )


def test_a_channel_is_the_municipality_s_own_from_today_unless_said_otherwise(
    application: Application,
) -> None:
    add(application, Channel.PUBLIC_PAGE, None)
    with application.reading() as work:
        row = channel_named(work.session, "uusi")
        assert row is not None
        assert (row.is_own, row.since) == (True, TODAY)


def test_another_s_channel_is_listed_with_who_controls_it_and_since_when(
    application: Application,
) -> None:
    add(application, Channel.PUBLIC_PAGE, " Kunnan  vuokratalot ", since=date(2021, 5, 1))
    [listed] = [each for each in channels.list_channels(application) if each.name == "uusi"]
    assert (listed.controller, listed.since) == ("Kunnan vuokratalot", date(2021, 5, 1))


@pytest.mark.parametrize("kind", OTHERS)
def test_what_others_always_control_needs_a_name(application: Application, kind: Channel) -> None:
    with pytest.raises(InputDataError, match="does not control"):
        add(application, kind, None)
    with pytest.raises(InputDataError, match="empty"):
        add(application, kind, " ")
    with application.reading() as work:
        assert channel_named(work.session, "uusi") is None


def test_a_channel_that_begins_in_the_future_is_refused(application: Application) -> None:
    with pytest.raises(InputDataError, match="in the future"):
        add(application, Channel.WEBSITE, None, since=date(2026, 11, 3))


@pytest.mark.parametrize(
    ("kind", "controller"), [("press", None), ("website", "  "), ("personal_profile", None)]
)
def test_the_registry_itself_keeps_whose_channel_it_is(
    application: Application, kind: str, controller: str | None
) -> None:
    insert = (
        "INSERT INTO channel (name, title, kind, controller, since, terms_url, active) "
        "VALUES ('x', 'X', :kind, :controller, '2026-01-01', '', true)"
    )
    values = {"kind": kind, "controller": controller}
    with pytest.raises(IntegrityError), application.registry.store.engine.begin() as connection:
        connection.execute(sa.text(insert), values)


def test_a_change_is_logged_with_old_and_new_and_without_a_name(application: Application) -> None:
    change = ChannelChange(controller="Kunnan vuokratalot", since=date(2019, 1, 1))
    channels.change_channel(application, PAGE_USE.channel, change)
    with application.reading() as work:
        [entry] = [e for e in ledger.entries(work.session) if e.action == "channel.changed"]
    details = json.loads(entry.details)
    assert (details["controller_before"], details["controller"]) == ("own", "other")
    assert (details["since_before"], details["since"]) == ("2020-01-01", "2019-01-01")
    assert "vuokratalot" not in entry.details


def test_a_channel_may_become_the_municipality_s_own(application: Application) -> None:
    add(application, Channel.PUBLIC_PAGE, "Kunnan vuokratalot")
    channels.change_channel(application, "uusi", ChannelChange(own=True))
    with pytest.raises(InputDataError, match="does not control"):
        channels.change_channel(application, "kunta-press", ChannelChange(own=True))
    owners = {each.name: each.controller for each in channels.list_channels(application)}
    assert (owners["uusi"], owners["kunta-press"]) == (None, "Lapin lehti")


def test_a_change_that_makes_no_sense_changes_nothing(application: Application) -> None:
    future = ChannelChange(controller="x", since=date(2027, 1, 1))
    with pytest.raises(InputDataError, match="in the future"):
        channels.change_channel(application, PAGE_USE.channel, future)
    with pytest.raises(NotFound):
        channels.change_channel(application, "nowhere", ChannelChange(own=True))
    owners = {each.name: each.controller for each in channels.list_channels(application)}
    assert owners[PAGE_USE.channel] is None


def test_only_a_coordinator_changes_a_channel(anna: Application) -> None:
    with pytest.raises(NotAllowed):
        channels.change_channel(anna, PAGE_USE.channel, ChannelChange(since=TODAY))


@pytest.mark.parametrize("change", ["INSERT", "UPDATE"])
def test_photos_in_closed_groups_are_looked_at_again_when_a_public_page_changes(
    application: Application, change: str
) -> None:
    """A closed group may rely on what a public page allows (J1)."""
    statements = {
        "INSERT": "INSERT INTO channel (name, title, kind, since, terms_url, active) "
        "VALUES ('x', 'X', 'public_page', '2026-01-01', '', true)",
        "UPDATE": "UPDATE channel SET since = '2019-01-01' WHERE kind = 'public_page'",
    }
    with application.registry.store.engine.begin() as connection:
        connection.execute(sa.text(statements[change]))
    with application.reading() as work:
        found = channel_named(work.session, "kunta-closed-group")
        assert found is not None
        noted = work.session.execute(sa.text("SELECT number FROM touched WHERE scope = 'channel'"))
        assert found.id in set(noted.scalars())
