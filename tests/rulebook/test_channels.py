"""Channels and the completeness of the record; the notices, which never block."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.rulebook.builders import (
    Case,
    answer_in_state,
    case,
    codes_of,
    facts,
    granted,
    make_adult,
    make_child,
    make_grant,
    make_guardian,
    make_permission,
    make_refusal,
    photo_of,
    said,
    use,
)

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AnswerState,
    Basis,
    Capacity,
    Channel,
    Mode,
    People,
    PhotoFacts,
    Place,
)
from photoreg.rulebook.policy import ClosedGroup, Policy
from photoreg.rulebook.verdict import evaluate

_OWN_SCOPE = Policy(closed_group=ClosedGroup.OWN_SCOPE)
_CLOSED = (Channel.CLOSED_GROUP, Channel.CLOSED_WORK_GROUP)
_OPEN = sorted(set(Channel) - {*_CLOSED, Channel.PERSONAL_PROFILE})  # which needs its name
_CHANGED = facts(terms_changed=True)

_CHANNELS = [
    *(
        case(
            f"always, policy {policy.closed_group}",
            "CH_CLOSED_WORK_GROUP",
            "CH_CLOSED_WORK_GROUP NT_TREAT_AS_PUBLIC",
            to=use(Channel.CLOSED_WORK_GROUP),
            policy=policy,
        )
        for policy in (Policy(), _OWN_SCOPE)
    ),
    case(
        "a bare link into it",
        "CH_CLOSED_WORK_GROUP",
        "CH_CLOSED_WORK_GROUP NT_TREAT_AS_PUBLIC",
        to=use(Channel.CLOSED_WORK_GROUP, mode=Mode.LINK),
    ),
    case(
        "another closed group",
        "CH_CLOSED_WORK_GROUP",
        "NT_TREAT_AS_PUBLIC",
        to=use(Channel.CLOSED_GROUP),
    ),
    case(
        "closed group with its own scope",
        "CH_TERMS_CHANGED",
        "CH_TERMS_CHANGED NT_TREAT_AS_PUBLIC",
        _CHANGED,
        to=use(Channel.CLOSED_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "closed group that counts as public anyway",
        "CH_TERMS_CHANGED",
        "NT_TERMS_REVIEW NT_TREAT_AS_PUBLIC",
        _CHANGED,
        to=use(Channel.CLOSED_GROUP),
    ),
    case(
        "terms as they were",
        "CH_TERMS_CHANGED",
        "NT_TREAT_AS_PUBLIC",
        to=use(Channel.CLOSED_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "a public page under the policy of own scopes",
        "CH_TERMS_CHANGED",
        "NT_TERMS_REVIEW",
        _CHANGED,
        policy=_OWN_SCOPE,
    ),
    case("changed", "NT_TERMS_REVIEW", "NT_TERMS_REVIEW", _CHANGED),
    case("as they were", "NT_TERMS_REVIEW", ""),
    case(
        "a closed group with its own scope: the code says it",
        "NT_TERMS_REVIEW",
        "CH_TERMS_CHANGED NT_TREAT_AS_PUBLIC",
        _CHANGED,
        to=use(Channel.CLOSED_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "closed group",
        "NT_TREAT_AS_PUBLIC",
        "NT_TREAT_AS_PUBLIC",
        to=use(Channel.CLOSED_GROUP),
    ),
    *(case(f"{channel}", "NT_TREAT_AS_PUBLIC", "", to=use(channel)) for channel in _OPEN),
]

_NOTICES = [
    *(
        case(f"{place}", "NT_CARE_PREMISES", "NT_CARE_PREMISES", facts(place=place))
        for place in (Place.CARE_LOBBY, Place.CARE_OTHER)
    ),
    case("an office lobby", "NT_CARE_PREMISES", "", facts(place=Place.OFFICE_LOBBY)),
    case(
        "an adult's",
        "NT_OPEN_ENDED_CONSENT",
        "NT_OPEN_ENDED_CONSENT",
        photo_of(make_adult(own=granted(valid_until=OPEN_ENDED))),
    ),
    case(
        "one of a guardian's consents",
        "NT_OPEN_ENDED_CONSENT",
        "NT_OPEN_ENDED_CONSENT",
        photo_of(
            make_child(
                guardians=(
                    make_guardian("H-20"),
                    make_guardian(
                        "H-21", granted(make_grant(), make_grant(valid_until=OPEN_ENDED))
                    ),
                ),
            ),
        ),
    ),
    case("it has an end", "NT_OPEN_ENDED_CONSENT", "", photo_of(make_adult(), make_child())),
    case(
        "it was withdrawn",
        "NT_OPEN_ENDED_CONSENT",
        "CN_WITHDRAWN",
        photo_of(
            make_adult(own=said(make_grant(valid_until=OPEN_ENDED), make_refusal())),
        ),
    ),
    case(
        "a permission of the photographer, not a consent",
        "NT_OPEN_ENDED_CONSENT",
        "",
        facts(permissions=(make_permission(valid_until=OPEN_ENDED),)),
    ),
    case(
        "the child's own yes has no end, the guardians' consents have",
        "NT_OPEN_ENDED_CONSENT",
        "",
        photo_of(make_child(own=granted(valid_until=OPEN_ENDED))),
    ),
    case(
        "the guardians' old consents of somebody who is an adult now",
        "NT_OPEN_ENDED_CONSENT",
        "",
        photo_of(
            make_adult(
                guardians_total=1,
                guardians=(make_guardian(answer=granted(valid_until=OPEN_ENDED)),),
            ),
        ),
    ),
    case(
        "a recognisable person",
        "NT_PRINT_IRREVOCABLE",
        "NT_PRINT_IRREVOCABLE",
        photo_of(make_adult(own=granted(channels=frozenset({"print"})))),
        to=use(Channel.PRINT),
    ),
    case(
        "a recognisable person, handed to the press",
        "NT_PRINT_IRREVOCABLE",
        "NT_PRINT_IRREVOCABLE",
        photo_of(make_adult(own=granted(channels=frozenset({"press"})))),
        to=use(Channel.PRESS, is_own=False),
    ),
    case("nobody", "NT_PRINT_IRREVOCABLE", "", to=use(Channel.PRINT)),
    case("nobody, handed to the press", "NT_PRINT_IRREVOCABLE", "", to=use(Channel.PRESS)),
    *(
        case(
            f"on {channel}",
            "NT_PRINT_IRREVOCABLE",
            "",
            photo_of(make_adult(own=granted(channels=frozenset({channel})))),
            to=use(channel, is_own=channel is not Channel.SUBSIDIARY_PAGE),
        )
        for channel in (
            *(Channel.PUBLIC_PAGE, Channel.WEBSITE),
            *(Channel.INTERNAL, Channel.SUBSIDIARY_PAGE),
        )
    ),
    *(
        case(name, "NT_OPEN_ENDED_CONSENT", codes, photo_of(make_adult(own=own)))
        for name, codes, own in (
            (
                "an open end that is not documented does not count",
                "CN_UNDOCUMENTED",
                granted(valid_until=OPEN_ENDED, documented=False),
            ),
            (
                "an open end for another channel does not count",
                "",
                granted(
                    make_grant(),
                    make_grant(valid_until=OPEN_ENDED, channels=frozenset({"print"})),
                ),
            ),
            (
                "an open end, taken back, and given again until a day",
                "",
                said(
                    make_grant(valid_until=OPEN_ENDED),
                    make_refusal(),
                    make_grant(day=date(2026, 2, 10)),
                ),
            ),
        )
    ),
    case(
        "an own yes without an end, given as a child, does not count for the adult",
        "NT_OPEN_ENDED_CONSENT",
        "",
        photo_of(
            make_adult(
                born=date(2008, 2, 1),
                own=granted(
                    make_grant(day=date(2026, 1, 31), valid_until=OPEN_ENDED),
                    make_grant(day=date(2026, 2, 1)),
                ),
            )
        ),
    ),
    case(
        "a signature of an outsider without an end does not count",
        "NT_OPEN_ENDED_CONSENT",
        "MI_CONSENTER_NOT_GUARDIAN",
        photo_of(
            make_child(
                guardians=(
                    make_guardian("H-20"),
                    make_guardian("H-21"),
                    make_guardian("H-30", granted(valid_until=OPEN_ENDED), verified=False),
                )
            )
        ),
    ),
    case("the event's day", "NT_DAY_DIFFERS", ""),
    *(
        case(
            f"another day, {mode}",
            "NT_DAY_DIFFERS",
            "NT_DAY_DIFFERS",
            facts(day_differs=True),
            to=use(mode=mode),
        )
        for mode in Mode
    ),
]


def _without(photo: PhotoFacts, **changes: Any) -> PhotoFacts:
    return replace(photo, **changes)


_UNRECOGNISABLE = facts(people=People.UNRECOGNISABLE, context_identifies=False)
_NO_END = granted(valid_until=None)

_UNANSWERED: Mapping[str, PhotoFacts] = {
    "people": facts(people=None),
    "place": facts(place=None),
    "shot": facts(shot=None),
    "confidentiality": facts(confidentiality=None),
    "photographer": facts(photographer=None),
    "basis": facts(basis=None),
    "commissioner": facts(commissioner=None),
    "file_rights": facts(file_rights=None),
    "terms_changed": facts(terms_changed=None),
    "context_identifies": _without(_UNRECOGNISABLE, context_identifies=None),
    "sensitive": photo_of(make_adult(), sensitive=None),
    "recognisable_count": photo_of(make_adult(), recognisable_count=None),
    "capacity": photo_of(make_adult(), make_adult(person="H-3", capacity=None)),
    "picture": facts(picture_unread=True),
}

_COMPLETE = [
    *(
        case(f"{name} not answered", "RG_INCOMPLETE", "RG_INCOMPLETE", photo)
        for name, photo in _UNANSWERED.items()
    ),
    case(
        "a consent without a known end has ended",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_adult(own=_NO_END)),
    ),
    case(
        "a guardian's consent without a known end has ended",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_child(guardians=(make_guardian("H-20"), make_guardian("H-21", _NO_END)))),
    ),
    case(
        "one of two permissions without a known end has ended",
        "CR_PERMISSION_EXPIRED",
        "CR_PERMISSION_EXPIRED",
        facts(permissions=(make_permission(), make_permission(holder="H-10", valid_until=None))),
    ),
    case("everything answered", "RG_INCOMPLETE", ""),
    *(
        case(
            f"the picture was never looked at, {mode}",
            "RG_INCOMPLETE",
            "" if mode is Mode.LINK else "RG_INCOMPLETE",
            facts(picture_unread=True),
            to=use(mode=mode),
        )
        for mode in Mode
    ),
    case("flagged", "RG_FLAGGED", "RG_FLAGGED", facts(flagged=True)),
    case(
        "flagged, a bare link to it",
        "RG_FLAGGED",
        "RG_FLAGGED",
        facts(flagged=True),
        to=use(mode=Mode.LINK),
    ),
    case("no flag, or a lifted one", "RG_FLAGGED", "", facts(flagged=False)),
    case(
        "a statement was taken back and not confirmed",
        "RG_SECOND_LOOK",
        "RG_SECOND_LOOK",
        facts(second_look=True),
    ),
    case(
        "a statement was taken back, a bare link",
        "RG_SECOND_LOOK",
        "RG_SECOND_LOOK",
        facts(second_look=True),
        to=use(mode=Mode.LINK),
    ),
    case("confirmed", "RG_SECOND_LOOK", "", facts(second_look=False)),
    case("nobody can be recognised", "RG_INCOMPLETE", "", _UNRECOGNISABLE),
    case(
        "a bare link does not ask about people",
        "RG_INCOMPLETE",
        "",
        facts(people=None),
        to=use(mode=Mode.LINK),
    ),
    case(
        "an embed asks about people",
        "RG_INCOMPLETE",
        "RG_INCOMPLETE",
        facts(people=None),
        to=use(mode=Mode.EMBED),
    ),
    case(
        "a child's capacity is not asked",
        "RG_INCOMPLETE",
        "",
        photo_of(make_child(capacity=None)),
    ),
    case(
        "the end of a yes that nothing documents is not asked",
        "RG_INCOMPLETE",
        "CR_PERMISSION_UNDOCUMENTED",
        facts(permissions=(make_permission(documented=False, valid_until=None),)),
    ),
]

CASES = [*_CHANNELS, *_NOTICES, *_COMPLETE]


@pytest.mark.parametrize("given", CASES)
def test_codes_about_channels_and_the_record_are_complete(given: Case) -> None:
    assert codes_of(given.verdict) == given.codes
    assert given.verdict.outcome is given.outcome


@pytest.mark.parametrize(("name", "photo"), _UNANSWERED.items(), ids=_UNANSWERED)
def test_incomplete_record_names_what_is_missing(name: str, photo: PhotoFacts) -> None:
    (finding,) = evaluate(photo, use(), Policy()).findings
    assert (finding.person, finding.detail) == (None, (name,))


def test_empty_record_names_every_mandatory_question() -> None:
    verdict = evaluate(PhotoFacts(), use(), Policy())
    (finding,) = verdict.findings
    mandatory = {"people", "place", "shot", "confidentiality", "photographer", "basis"}
    assert mandatory <= set(finding.detail)
    assert verdict.codes == ("RG_INCOMPLETE",)


def test_no_recorded_people_is_not_a_statement_that_there_are_none() -> None:
    assert codes_of(evaluate(facts(people=None, persons=()), use(), Policy())) == {"RG_INCOMPLETE"}


def test_notices_never_change_the_outcome() -> None:
    consent = granted(valid_until=OPEN_ENDED, channels=frozenset({"print"}))
    photo = photo_of(make_adult(own=consent), place=Place.CARE_LOBBY, terms_changed=True)
    verdict = evaluate(photo, use(Channel.PRINT), Policy())
    assert verdict.outcome == "publishable"
    assert {notice.code for notice in verdict.notices} == {
        "NT_CARE_PREMISES",
        "NT_OPEN_ENDED_CONSENT",
        "NT_PRINT_IRREVOCABLE",
        "NT_TERMS_REVIEW",
    }


def test_open_ended_notice_names_the_person() -> None:
    photo = photo_of(make_adult(), make_adult(person="H-3", own=granted(valid_until=OPEN_ENDED)))
    (notice,) = evaluate(photo, use(), Policy()).notices
    assert notice.person == "H-3"


def test_all_reasons_are_reported_and_not_the_first_only() -> None:
    photo = photo_of(
        make_adult(own=answer_in_state(AnswerState.WITHDRAWN), capacity=Capacity.DOUBT),
        make_child(guardians=()),
        basis=Basis.WEB_FOUND,
        place=Place.PRIVATE_HOME,
    )
    codes = codes_of(evaluate(photo, use(Channel.CLOSED_WORK_GROUP), Policy()))
    assert codes == {
        "CH_CLOSED_WORK_GROUP",
        "CN_CAPACITY_DOUBT",
        "CN_WITHDRAWN",
        "CR_NO_PERMISSION",
        "MI_GUARDIAN_CONSENT_MISSING",
        "NT_TREAT_AS_PUBLIC",
        "PL_NOT_PUBLIC",
    }
