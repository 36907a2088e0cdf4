"""The municipality's settings: what is accepted, what is refused, what is looser than default."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoreg.rulebook.facts import CLOSED_PLACES, Method, Place
from photoreg.rulebook.policy import (
    DEFAULT_POLICY,
    ClosedGroup,
    DataMining,
    Guardians,
    Logins,
    Policy,
    PolicyError,
    StaffSee,
    looser_than_default,
    parse_policy,
    policy_settings,
)

POSSIBLE_PLACES = sorted(set(Place) - CLOSED_PLACES - {Place.UNKNOWN})

_RANGES = {
    "child_age": (13, 21),
    "child_view_age": (0, 21),
    "correction_minutes": (0, 1440),
    "response_target_hours": (1, 8760),
    "review_interval_months": (1, 120),
    "min_channel_admins": (1, 100),
    "max_consent_age_months": (1, 1200),
    "retention_months": (1, 1200),
}


def policies() -> st.SearchStrategy[Policy]:
    """Return every policy that can be set."""
    numbers: dict[str, Any] = {name: st.integers(*limits) for name, limits in _RANGES.items()}
    for optional in ("max_consent_age_months", "retention_months"):
        numbers[optional] = st.none() | numbers[optional]
    return st.builds(
        Policy,
        guardians=st.sampled_from(Guardians),
        closed_group=st.sampled_from(ClosedGroup),
        public_places=st.frozensets(st.sampled_from(POSSIBLE_PLACES)),
        yes_by=st.frozensets(st.sampled_from(Method), min_size=1),
        four_eyes=st.booleans(),
        staff_see=st.sampled_from(StaffSee),
        ask_about_faces=st.booleans(),
        data_mining=st.sampled_from(DataMining),
        controller_contact=st.sampled_from(["", "viestinta@example.fi, 016 1234"]),
        data_protection_officer=st.sampled_from(["", "tietosuoja@example.fi"]),
        **numbers,
    )


def test_defaults_are_those_of_the_rulebook() -> None:
    assert policy_settings(DEFAULT_POLICY) == {
        "guardians": "all",
        "child_age": 18,
        "child_view_age": 15,
        "closed_group": "as_public",
        "public_places": [],
        "yes_by": ["electronic", "oral", "strong_identification", "written"],
        "four_eyes": True,
        "logins": "claimed",
        "staff_see": "unit",
        "correction_minutes": 15,
        "ask_about_faces": True,
        "response_target_hours": 24,
        "review_interval_months": 12,
        "min_channel_admins": 2,
        "max_consent_age_months": None,
        "retention_months": None,
        "data_mining": "prohibited",
        "controller_contact": "",
        "data_protection_officer": "",
    }
    assert parse_policy({}) == DEFAULT_POLICY


@pytest.mark.parametrize("name", ["guardian", "Guardians", "", "child-age"])
def test_unknown_setting_is_refused_and_named(name: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({"child_age": 18, name: 1})
    assert caught.value.setting == name
    assert caught.value.allowed.split(", ") == sorted(policy_settings(DEFAULT_POLICY))
    assert name in str(caught.value)


@pytest.mark.parametrize(("name", "limits"), _RANGES.items(), ids=_RANGES)
def test_limits_are_allowed_and_what_lies_outside_is_refused(
    name: str, limits: tuple[int, int]
) -> None:
    low, high = limits
    for value in limits:
        assert policy_settings(parse_policy({name: value}))[name] == value
    for outside in (low - 1, high + 1, -(10**30), 10**30):
        with pytest.raises(PolicyError) as caught:
            parse_policy({name: outside})
        assert (caught.value.setting, caught.value.allowed) == (name, f"{low}-{high}")


@pytest.mark.parametrize("name", _RANGES)
@pytest.mark.parametrize("value", [True, False, 15.0, "15", [15], b"15", float("nan")], ids=repr)
def test_number_must_be_a_whole_number(name: str, value: object) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({name: value})
    assert caught.value.setting == name


@pytest.mark.parametrize("name", [f.name for f in fields(Policy)])
def test_only_the_limits_that_can_be_off_accept_nothing(name: str) -> None:
    if name in {"max_consent_age_months", "retention_months"}:
        assert parse_policy({name: None}) == DEFAULT_POLICY
        return
    with pytest.raises(PolicyError) as caught:
        parse_policy({name: None})
    assert caught.value.setting == name


@pytest.mark.parametrize("name", ["four_eyes", "ask_about_faces"])
@pytest.mark.parametrize("value", [0, 1, "true", "false", [True]], ids=repr)
def test_a_switch_must_be_true_or_false(name: str, value: object) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({name: value})
    assert (caught.value.setting, caught.value.allowed) == (name, "true, false")


@pytest.mark.parametrize(
    "value", [[], ["fax"], ["written", 1], "written", {"written": 1}], ids=repr
)
def test_a_consent_must_count_by_some_known_method(value: object) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({"yes_by": value})
    assert (caught.value.setting, caught.value.allowed) == ("yes_by", ", ".join(Method))


def test_methods_by_which_a_consent_counts_can_be_added_and_left_out() -> None:
    policy = parse_policy({"yes_by": ["written", "online_code"]})
    assert policy.yes_by == {Method.WRITTEN, Method.ONLINE_CODE}
    assert all(isinstance(method, Method) for method in policy.yes_by)


@pytest.mark.parametrize(
    ("name", "choices"), [("guardians", "all, one"), ("closed_group", "as_public, own_scope")]
)
@pytest.mark.parametrize("value", ["some", "ALL", "", 1, True], ids=repr)
def test_unknown_choice_is_refused(name: str, choices: str, value: object) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({name: value})
    assert (caught.value.setting, caught.value.allowed) == (name, choices)


@pytest.mark.parametrize(
    "value",
    [["moon"], ["office_lobby", "moon"], "office_lobby", {"office_lobby": 1}, 7, [1]],
    ids=repr,
)
def test_unknown_places_are_refused(value: object) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({"public_places": value})
    assert caught.value.setting == "public_places"
    assert sorted(caught.value.allowed.split(", ")) == POSSIBLE_PLACES


@pytest.mark.parametrize(
    "settings",
    [{"guardians": ["all"]}, {"closed_group": {}}, {"public_places": [["office_lobby"]]}],
    ids=lambda settings: next(iter(settings)),
)
def test_array_or_table_where_text_belongs_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(PolicyError):
        parse_policy(settings)


@pytest.mark.parametrize("place", sorted({*CLOSED_PLACES, Place.UNKNOWN}))
def test_a_closed_or_unknown_place_cannot_be_made_public(place: Place) -> None:
    with pytest.raises(PolicyError):
        parse_policy({"public_places": [place]})


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset])
def test_places_may_come_in_any_collection(kind: type) -> None:
    policy = parse_policy({"public_places": kind(["school_or_daycare", "municipal_other"])})
    assert policy.public_places == {Place.SCHOOL_OR_DAYCARE, Place.MUNICIPAL_OTHER}
    assert all(isinstance(place, Place) for place in policy.public_places)


def test_choices_are_read_as_choices() -> None:
    policy = parse_policy({"guardians": "one", "closed_group": "own_scope", "four_eyes": False})
    assert policy.guardians is Guardians.ONE
    assert policy.closed_group is ClosedGroup.OWN_SCOPE
    assert policy.four_eyes is False


@pytest.mark.parametrize("text", [7, None, "x" * 201, "two\nlines"])
def test_what_a_form_prints_about_the_controller_is_one_short_line(text: object) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy({"controller_contact": text})
    assert (caught.value.setting, caught.value.allowed) == ("controller_contact", "0-200")


def test_what_a_form_prints_about_the_controller_may_be_as_long_as_is_reported() -> None:
    for text in ("", "x" * 200):
        assert parse_policy({"controller_contact": text}).controller_contact == text


@given(policies())
def test_settings_survive_being_stored_and_read_back(policy: Policy) -> None:
    assert parse_policy(json.loads(json.dumps(policy_settings(policy)))) == policy


_LOOSER: dict[str, tuple[object, object]] = {
    "guardians": (Guardians.ONE, Guardians.ALL),
    "child_age": (17, 19),
    "child_view_age": (16, 14),
    "closed_group": (ClosedGroup.OWN_SCOPE, ClosedGroup.AS_PUBLIC),
    "public_places": (frozenset({Place.MUNICIPAL_OTHER}), frozenset()),
    "yes_by": (frozenset({Method.WRITTEN, Method.ONLINE_CODE}), frozenset({Method.WRITTEN})),
    "four_eyes": (False, True),
    "staff_see": (StaffSee.ALL, StaffSee.UNIT),
    "correction_minutes": (16, 0),
    "ask_about_faces": (False, True),
    "response_target_hours": (25, 23),
    "review_interval_months": (13, 11),
    "min_channel_admins": (1, 3),
    "data_mining": (DataMining.ONLY_FOR_SEARCH, DataMining.PROHIBITED),
}
_NEVER_LOOSER: dict[str, object] = {
    "logins": Logins.COMPUTER,
    "max_consent_age_months": 1200,
    "retention_months": 1200,
    "controller_contact": "viestinta@example.fi",
    "data_protection_officer": "tietosuoja@example.fi",
}


def _default_but(settings: Mapping[str, Any]) -> Policy:
    return replace(DEFAULT_POLICY, **settings)


def test_every_setting_has_a_direction() -> None:
    assert {*_LOOSER, *_NEVER_LOOSER} == {f.name for f in fields(Policy)}


@pytest.mark.parametrize(("name", "values"), _LOOSER.items(), ids=_LOOSER)
def test_looser_setting_is_named_and_a_stricter_one_is_not(
    name: str, values: tuple[object, object]
) -> None:
    looser, stricter = values
    assert looser_than_default(_default_but({name: looser})) == [name]
    assert looser_than_default(_default_but({name: stricter})) == []


@pytest.mark.parametrize(("name", "value"), _NEVER_LOOSER.items(), ids=_NEVER_LOOSER)
def test_limit_that_is_off_by_default_is_never_looser(name: str, value: object) -> None:
    assert looser_than_default(_default_but({name: value})) == []


def test_default_policy_is_not_looser_than_itself() -> None:
    assert looser_than_default(DEFAULT_POLICY) == []


def test_all_looser_settings_are_named() -> None:
    policy = _default_but({name: looser for name, (looser, _) in _LOOSER.items()})
    assert looser_than_default(policy) == list(_LOOSER)
