"""Settings: users with their passwords, channels, units, and the rules of the municipality."""

import pytest
from tests.web.api.callers import PAGE, caller
from tests.web.desks import ServedDesk, User

from photoreg.rulebook.facts import Channel


def test_a_coordinator_adds_a_user_gives_a_password_and_ends_the_sessions(
    kaisa: User, desk: ServedDesk
) -> None:
    page = kaisa.get("/settings/staff")
    page = kaisa.get(page.links["Add a user"])
    sent = kaisa.send(page, "Add a user", login="uusi", name="Uusi Käyttäjä", role="deputy")
    page = kaisa.follow(sent)
    assert "uusi was added" in page.main
    given = kaisa.send(kaisa.get("/settings/staff/uusi/password"), "Make a new password")
    password = given.html.select_one("code")
    assert password is not None
    assert given.headers["Cache-Control"] == "no-store"
    visitor = desk.visitor()
    page = visitor.send(
        visitor.get("/sign-in"), "Sign in", login="uusi", password=password.get_text()
    )
    assert page.to == "/"
    assert visitor.get("/").to == "/settings/password"
    page = kaisa.get("/do/staff_sign_out?login=uusi&back=/settings/staff")
    page = kaisa.follow(kaisa.send(page, "End the sessions"))
    assert "Sessions ended: 1." in page.main
    assert visitor.get("/").to.startswith("/sign-in")


def test_a_coordinator_makes_a_key_of_the_api_which_is_shown_once_and_revokes_it(
    kaisa: User, desk: ServedDesk
) -> None:
    page = kaisa.get(kaisa.get("/settings/api-keys").links["Make an API key"])
    page = kaisa.send(page, "Make the key", name="website", scope=["check"], channel=[PAGE])
    assert page.status == 422
    assert "The last day on which it works is missing" in page.main
    assert page.filled_in("Make the key")["name"] == "website"
    given = kaisa.send(page, "Make the key", until="31.12.2027")
    key = given.html.select_one("code")
    assert key is not None
    website = caller(desk, key.get_text())
    assert website.get("/photos/P-1/verdict", channel=PAGE).status_code == 200
    listed = kaisa.get("/settings/api-keys")
    assert "check photos" in listed.main
    assert key.get_text() not in listed.main
    page = kaisa.get(listed.links["Revoke the API key"])
    page = kaisa.follow(kaisa.send(page, "Revoke the API key"))
    assert "The API key website works no more." in page.main
    assert website.get("/photos/P-1/verdict", channel=PAGE).status_code == 401


def test_the_form_for_a_user_holds_what_is_known_and_changes_the_rest(
    kaisa: User,
) -> None:
    page = kaisa.get("/settings/staff")
    address = next(
        str(link["href"])
        for link in page.html.select("a[href*=staff_change]")
        if "login=berit" in str(link["href"])
    )
    page = kaisa.get(address)
    assert page.filled_in("Change a user")["role"] == "employee"
    kaisa.send(page, "Change a user", active="no")
    assert "berit" not in {
        str(option["value"]) for option in kaisa.get("/do/channel_admins").html.select("input")
    }


def test_whose_a_channel_is_must_be_told_and_what_was_typed_is_kept(kaisa: User) -> None:
    page = kaisa.get("/do/channel_add")
    fields = {"channel": "koulu", "title": "Koulun sivu", "kind": Channel.WEBSITE.value}
    page = kaisa.send(page, "Add a channel", **fields)
    assert page.status == 422
    assert "it is not told whose channel it is" in page.main
    assert page.filled_in("Add a channel")["title"] == "Koulun sivu"
    page = kaisa.send(page, "Add a channel", own="yes", admin=["kaisa"])
    page = kaisa.follow(page)
    assert "The channel koulu was added." in page.main
    assert "too few administrators" in page.main


def test_a_unit_is_renamed(kaisa: User) -> None:
    page = kaisa.get("/settings/units")
    address = next(v for k, v in page.links.items() if k == "Rename a unit")
    page = kaisa.send(kaisa.get(address), "Rename a unit", name="Uusi yksikkö")
    assert "Uusi yksikkö" in kaisa.follow(page).main


def test_the_rules_are_changed_after_their_effect_was_shown(kaisa: User) -> None:
    page = kaisa.get("/settings/policy")
    fields = page.filled_in("Show what would change")
    fields["guardians"] = "one"
    page = kaisa.get("/settings/policy/changes", query_string=fields)
    assert page.status == 200
    assert "Photos whose verdicts would change" in page.main
    assert "Policy version 1" not in kaisa.get("/settings/policy").main
    page = kaisa.follow(kaisa.send(page, "Adopt these settings"))
    assert "is in force" in page.main
    form = kaisa.get("/settings/policy").filled_in("Show what would change")
    assert form["guardians"] == "one"


def test_a_setting_that_cannot_be_is_told_beside_its_field(kaisa: User) -> None:
    page = kaisa.get("/settings/policy")
    fields = page.filled_in("Show what would change")
    fields["child_age"] = "lots"
    page = kaisa.get("/settings/policy/changes", query_string=fields)
    assert page.status == 422
    wrong = page.html.select_one("[aria-invalid]")
    assert wrong is not None
    assert wrong["value"] == "lots"


@pytest.mark.parametrize("address", ["/settings/staff", "/settings/channels", "/settings/policy"])
def test_whoever_may_not_change_settings_sees_them_without_buttons(
    address: str, anna: User
) -> None:
    page = anna.get(address)
    assert page.status == 200
    assert not page.html.select("main .button, main button.main")
    assert anna.get("/settings/staff/berit/password").status == 403
    assert anna.post("/settings/staff/berit/password").status == 403
    assert anna.get("/settings/policy/changes?settings=yes").status == 403
    assert anna.post("/settings/policy").status == 403
