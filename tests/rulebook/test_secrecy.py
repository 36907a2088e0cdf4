"""Secrecy and place: what the photo may not reveal, and places where the holder decides."""

from datetime import date

import pytest
from tests.rulebook.builders import (
    DAY,
    DAY_BEFORE,
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
    make_refusal,
    photo_of,
    said,
    use,
)

from photoreg.rulebook.facts import (
    AgeGroup,
    AnswerState,
    Confidentiality,
    GuardianAnswer,
    Mode,
    PersonFacts,
    PhotoFacts,
    Place,
)
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import evaluate

_KINDS = {
    Confidentiality.PUPIL_WELFARE: "CF_PUPIL_WELFARE",
    Confidentiality.INTERNAL: "CF_INTERNAL",
    Confidentiality.UNSURE: "CF_UNSURE",
    Confidentiality.PUBLICATION_BLOCK: "CF_PUBLICATION_BLOCK",
}
_CLOSED = (Place.PRIVATE_HOME, Place.RESTRICTED_AREA)
_RELEASE = granted(releases_confidential=True)
_PRINT = frozenset({"print"})


def _clients(*persons: PersonFacts, **changes: object) -> PhotoFacts:
    """Return a photo that reveals that these people, who are registered, are care clients."""
    return photo_of(*persons, confidentiality=Confidentiality.CARE_CLIENT, **changes)


def _child_of(*guardians: GuardianAnswer, **changes: object) -> PersonFacts:
    return make_child(guardians=guardians, guardians_total=2, **changes)


_RELEASES = [
    case(
        name,
        "CF_CARE_CLIENT",
        codes,
        _clients(*persons),
    )
    for name, codes, persons in (
        ("an adult releases it", "", [make_adult(own=_RELEASE)]),
        ("an adult consents, but not to that", "CF_CARE_CLIENT", [make_adult()]),
        (
            "two adults release it",
            "",
            [make_adult(own=_RELEASE), make_adult(person="H-3", own=_RELEASE)],
        ),
        (
            "of two adults one releases it",
            "CF_CARE_CLIENT",
            [make_adult(own=_RELEASE), make_adult(person="H-3")],
        ),
        (
            "both guardians release it",
            "",
            [_child_of(make_guardian("H-20", _RELEASE), make_guardian("H-21", _RELEASE))],
        ),
        (
            "of two guardians one releases it",
            "CF_CARE_CLIENT",
            [_child_of(make_guardian("H-20", _RELEASE), make_guardian("H-21"))],
        ),
        (
            "a child releases it, and the guardians consent to the photo only",
            "CF_CARE_CLIENT",
            [_child_of(make_guardian("H-20"), make_guardian("H-21"), own=_RELEASE)],
        ),
        (
            "a youth of 17 releases it, and the guardians consent to the photo only",
            "CF_CARE_CLIENT",
            [
                _child_of(
                    *(make_guardian("H-20"), make_guardian("H-21")),
                    born=date(2008, 9, 1),
                    own=_RELEASE,
                )
            ],
        ),
        (
            "a child releases it, and has no guardian on record",
            "CF_CARE_CLIENT MI_GUARDIAN_CONSENT_MISSING",
            [_child_of(own=_RELEASE)],
        ),
        (
            "the guardians release it, and the child has not been asked",
            "",
            [
                _child_of(
                    *(make_guardian("H-20", _RELEASE), make_guardian("H-21", _RELEASE)),
                    own=answer_in_state(AnswerState.NONE),
                )
            ],
        ),
        (
            "one guardian releases it, and the other is excused",
            "",
            [
                _child_of(
                    make_guardian("H-20", _RELEASE),
                    make_guardian("H-21", answer_in_state(AnswerState.NONE), excused=True),
                )
            ],
        ),
        (
            "only the guardian who is excused releases it",
            "CF_CARE_CLIENT",
            [_child_of(make_guardian("H-20"), make_guardian("H-21", _RELEASE, excused=True))],
        ),
        (
            "an outsider releases it beside guardians who do not",
            "CF_CARE_CLIENT MI_CONSENTER_NOT_GUARDIAN",
            [
                _child_of(
                    *(make_guardian("H-20"), make_guardian("H-21")),
                    make_guardian("H-30", _RELEASE, verified=False),
                )
            ],
        ),
        (
            "only an outsider signs, and releases it",
            "CF_CARE_CLIENT MI_CONSENTER_NOT_GUARDIAN MI_GUARDIAN_CONSENT_MISSING",
            [_child_of(make_guardian("H-30", _RELEASE, verified=False))],
        ),
        (
            "the guardians release it, and an outsider has not answered",
            "",
            [
                _child_of(
                    *(make_guardian("H-20", _RELEASE), make_guardian("H-21", _RELEASE)),
                    make_guardian("H-30", answer_in_state(AnswerState.PENDING), verified=False),
                )
            ],
        ),
        (
            "an adult releases it and one guardian of a child does not",
            "CF_CARE_CLIENT",
            [
                make_adult(own=_RELEASE),
                _child_of(make_guardian("H-20", _RELEASE), make_guardian("H-21")),
            ],
        ),
        (
            "the guardians released it once, and the person is an adult now",
            "CF_CARE_CLIENT MI_NOW_ADULT",
            [
                make_adult(
                    own=answer_in_state(AnswerState.NONE),
                    guardians=(make_guardian("H-20", _RELEASE), make_guardian("H-21", _RELEASE)),
                )
            ],
        ),
        (
            "an adult released it as a child, and consented again since",
            "CF_CARE_CLIENT",
            [
                make_adult(
                    born=date(2008, 2, 1),
                    own=granted(
                        make_grant(releases_confidential=True, day=date(2026, 1, 31)),
                        make_grant(day=date(2026, 2, 1)),
                    ),
                )
            ],
        ),
        (
            "an adult releases it on the day of coming of age",
            "",
            [
                make_adult(
                    born=date(2008, 2, 1),
                    own=granted(releases_confidential=True, day=date(2026, 2, 1)),
                )
            ],
        ),
        (
            "somebody stated to be an adult releases it",
            "",
            [make_adult(born=None, age_group=AgeGroup.ADULT, own=_RELEASE)],
        ),
        (
            "somebody stated to be a minor releases it, and the guardians do not",
            "CF_CARE_CLIENT",
            [
                _child_of(
                    *(make_guardian("H-20"), make_guardian("H-21")),
                    born=None,
                    age_group=AgeGroup.MINOR,
                    own=_RELEASE,
                )
            ],
        ),
        *(
            (
                f"released, but {name}, beside a plain consent",
                "CF_CARE_CLIENT",
                [
                    make_adult(
                        own=granted(make_grant(), make_grant(releases_confidential=True, **narrow))
                    )
                ],
            )
            for name, narrow in (
                ("for another channel", {"channels": _PRINT}),
                ("for another purpose", {"purposes": frozenset({"marketing"})}),
                ("until the day before", {"valid_until": DAY_BEFORE}),
                ("without evidence", {"documented": False}),
            )
        ),
        (
            "released, taken back for this channel, and consented to the photo since",
            "CF_CARE_CLIENT",
            [
                make_adult(
                    own=said(
                        make_grant(releases_confidential=True),
                        make_refusal(channels=frozenset({"public_page"})),
                        make_grant(day=date(2026, 2, 10)),
                    )
                )
            ],
        ),
        (
            "released until the day, beside a plain consent",
            "",
            [
                make_adult(
                    own=granted(
                        make_grant(), make_grant(releases_confidential=True, valid_until=DAY)
                    )
                )
            ],
        ),
        (
            "a guardian released it for another channel",
            "CF_CARE_CLIENT",
            [
                _child_of(
                    make_guardian("H-20", _RELEASE),
                    make_guardian(
                        "H-21",
                        granted(
                            make_grant(), make_grant(releases_confidential=True, channels=_PRINT)
                        ),
                    ),
                )
            ],
        ),
    )
]
_RELEASES += [
    case(
        "one person releases it, and a second one is stated but not registered",
        "CF_CARE_CLIENT",
        "CF_CARE_CLIENT PE_UNREGISTERED_PERSON",
        _clients(make_adult(own=_RELEASE), recognisable_count=2),
    ),
    case(
        "more people than are stated release it",
        "CF_CARE_CLIENT",
        "",
        _clients(
            make_adult(own=_RELEASE), make_adult(person="H-3", own=_RELEASE), recognisable_count=1
        ),
    ),
    *(
        case(
            f"somebody is shown, {count} stated and nobody registered",
            "CF_CARE_CLIENT",
            f"CF_CARE_CLIENT PE_UNREGISTERED_PERSON {missing}",
            _clients(recognisable_count=count),
        )
        for count, missing in ((None, "RG_INCOMPLETE"), (0, ""), (1, ""))
    ),
    case(
        "nobody is shown: nobody released it",
        "CF_CARE_CLIENT",
        "CF_CARE_CLIENT",
        facts(confidentiality=Confidentiality.CARE_CLIENT),
    ),
    *(
        case(
            "everybody's own release",
            code,
            code,
            photo_of(make_adult(own=_RELEASE), confidentiality=kind),
        )
        for kind, code in _KINDS.items()
    ),
]

CASES = [
    *_RELEASES,
    *(
        case("stated of the photo", code, code, facts(confidentiality=kind))
        for kind, code in _KINDS.items()
    ),
    *(
        case(
            "everybody consented, and a release is recorded",
            code,
            code,
            photo_of(make_adult(), make_child(), confidentiality=kind, confidential_release=True),
        )
        for kind, code in _KINDS.items()
    ),
    *(
        case("linked too", code, code, facts(confidentiality=kind), to=use(mode=Mode.LINK))
        for kind, code in _KINDS.items()
    ),
    *(
        case(
            "something else is confidential",
            code,
            "CF_UNSURE" if code == "CF_INTERNAL" else "CF_INTERNAL",
            facts(
                confidentiality=Confidentiality.UNSURE
                if code == "CF_INTERNAL"
                else Confidentiality.INTERNAL
            ),
        )
        for code in _KINDS.values()
    ),
    *(case("nothing confidential", code, "") for code in (*_KINDS.values(), "CF_CARE_CLIENT")),
    case(
        "a person shown is blocked",
        "CF_PUBLICATION_BLOCK",
        "CF_PUBLICATION_BLOCK",
        photo_of(make_adult(), make_adult(person="H-3", blocked=True)),
    ),
    case(
        "a blocked person's photo is linked",
        "CF_PUBLICATION_BLOCK",
        "CF_PUBLICATION_BLOCK",
        photo_of(make_adult(blocked=True)),
        to=use(mode=Mode.LINK),
    ),
    case(
        "nobody shown is blocked", "CF_PUBLICATION_BLOCK", "", photo_of(make_adult(), make_child())
    ),
    *(
        case(
            f"release: {release}",
            "CF_CARE_CLIENT",
            "CF_CARE_CLIENT",
            photo_of(
                make_adult(),
                confidentiality=Confidentiality.CARE_CLIENT,
                confidential_release=release,
            ),
        )
        for release in (False, None)
    ),
    case(
        "released",
        "CF_CARE_CLIENT",
        "",
        photo_of(
            make_adult(),
            confidentiality=Confidentiality.CARE_CLIENT,
            confidential_release=True,
        ),
    ),
    *(
        case(
            f"{place}, permission {allowed}",
            "PL_NOT_PUBLIC",
            "PL_NOT_PUBLIC",
            facts(place=place, place_permission=allowed),
        )
        for place in _CLOSED
        for allowed in (False, None)
    ),
    *(
        case(
            f"{place} with the holder's permission",
            "PL_NOT_PUBLIC",
            "",
            facts(place=place, place_permission=True),
        )
        for place in _CLOSED
    ),
    *(
        case(f"{place}", "PL_NOT_PUBLIC", "", facts(place=place, place_permission=False))
        for place in (
            Place.PUBLIC_OUTDOOR,
            Place.OFFICE_LOBBY,
            Place.SHOPPING_CENTRE,
            Place.SCHOOL_OR_DAYCARE,
            Place.MUNICIPAL_OTHER,
            Place.UNKNOWN,
        )
    ),
]


@pytest.mark.parametrize("given", CASES)
def test_codes_about_secrecy_are_complete(given: Case) -> None:
    assert codes_of(given.verdict) == given.codes
    assert given.verdict.outcome is given.outcome


def test_publication_block_names_neither_the_person_nor_a_reason() -> None:
    photo = photo_of(make_adult(blocked=True), make_adult(person="H-3"))
    (finding,) = evaluate(photo, use(), Policy()).findings
    stated = facts(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    assert (finding.person, finding.detail) == (None, ())
    assert evaluate(stated, use(), Policy()).findings == (finding,)
    answer_in_state = f"{finding.reason.title} {finding.reason.remedy}".lower()
    assert not any(
        word in answer_in_state for word in ("person", "block", "order", "disclosure", "who")
    )


def test_who_has_not_released_it_is_named_and_asked_and_nobody_who_refused() -> None:
    silent = make_guardian("H-20", granted())
    child = _child_of(silent, make_guardian("H-21", granted(releases_confidential=True)))
    no = make_adult(person="H-3", own=said(make_refusal()))
    photo = _clients(make_adult(own=_RELEASE), child, no)
    found = evaluate(photo, use(), Policy()).findings
    asked = {each.person: each.ask for each in found if each.code == "CF_CARE_CLIENT"}
    assert asked == {child.person: ("H-20",), "H-3": ()}
