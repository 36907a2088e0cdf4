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
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.application import Application
from photoreg.services.organisation import channels
from photoreg.services.organisation.channels import ChannelChange, ListedChannel

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
    assert (details["since_before"], details["since"]) == ("2020-01-01", "2020-01-01")
    assert details["proposed_since"] == "2019-01-01"
    assert "vuokratalot" not in entry.details


def listed(application: Application, name: str) -> ListedChannel:
    [found] = [each for each in channels.list_channels(application) if each.name == name]
    return found


def test_what_lets_earlier_consents_cover_more_holds_once_a_colleague_says_the_same(
    application: Application, anna: Application
) -> None:
    add(application, Channel.PUBLIC_PAGE, "Kunnan vuokratalot")
    before, answer = listed(application, "uusi"), ChannelChange(own=True, since=date(2019, 1, 1))
    assert channels.change_channel(application, "uusi", answer)
    waiting = listed(application, "uusi")
    assert (waiting.controller, waiting.since) == (before.controller, before.since)
    assert waiting.needs_confirmation
    [item] = [x for x in agenda(anna) if x.kind is AgendaKind.SECOND_LOOK_AT_CHANNEL]
    assert item.channel == "uusi"
    with pytest.raises(NotAllowed, match="yourself"):
        channels.confirm_channel(application, "uusi", answer)
    assert channels.confirm_channel(anna, "uusi", answer)
    confirmed = listed(application, "uusi")
    assert (confirmed.controller, confirmed.since) == (None, date(2019, 1, 1))
    with pytest.raises(NotAllowed, match="nothing"):
        channels.confirm_channel(anna, "uusi", answer)


@pytest.mark.parametrize(
    ("answer", "controller", "since"),
    [
        (ChannelChange(own=True, since=date(2020, 5, 1)), None, date(2020, 5, 1)),
        (ChannelChange(controller="Oy", since=date(2018, 1, 1)), "Oy", date(2019, 1, 1)),
        (ChannelChange(own=True, since=date(2018, 1, 1)), None, date(2019, 1, 1)),
    ],
)
def test_of_two_answers_about_a_channel_the_stricter_holds(
    application: Application,
    anna: Application,
    answer: ChannelChange,
    controller: str | None,
    since: date,
) -> None:
    add(application, Channel.PUBLIC_PAGE, "Kunnan vuokratalot")
    change = ChannelChange(own=True, since=date(2019, 1, 1))
    channels.change_channel(application, "uusi", change)
    assert not channels.confirm_channel(anna, "uusi", answer)
    found = listed(application, "uusi")
    assert (found.controller, found.since) == (controller, since)
    assert not found.needs_confirmation


def test_a_confirmation_without_an_answer_of_ones_own_is_refused(
    application: Application, anna: Application
) -> None:
    add(application, Channel.PUBLIC_PAGE, "Kunnan vuokratalot")
    channels.change_channel(application, "uusi", ChannelChange(own=True))
    for answer in (ChannelChange(), ChannelChange(own=True), ChannelChange(since=TODAY)):
        with pytest.raises(InputDataError, match="your own answer is missing"):
            channels.confirm_channel(anna, "uusi", answer)
    assert listed(application, "uusi").needs_confirmation


def test_a_stricter_change_of_a_channel_holds_at_once_and_takes_the_proposal_back(
    application: Application,
) -> None:
    add(application, Channel.PUBLIC_PAGE, "Kunnan vuokratalot")
    channels.change_channel(application, "uusi", ChannelChange(own=True))
    assert not channels.change_channel(application, "uusi", ChannelChange(controller="Oy"))
    found = listed(application, "uusi")
    assert (found.controller, found.needs_confirmation) == ("Oy", False)


def test_a_medium_never_becomes_the_municipality_s_own(application: Application) -> None:
    with pytest.raises(InputDataError, match="does not control"):
        channels.change_channel(application, "kunta-press", ChannelChange(own=True))


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
