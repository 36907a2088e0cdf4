"""Secrecy and place: what the photo may not reveal, and places where the holder decides."""

import pytest
from tests.rulebook.builders import Case, a_child, an_adult, case, codes_of, facts, showing, use

from photoreg.rulebook.facts import Confidentiality, Mode, Place
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import evaluate

_KINDS = {
    Confidentiality.PUPIL_WELFARE: "CF_PUPIL_WELFARE",
    Confidentiality.INTERNAL: "CF_INTERNAL",
    Confidentiality.UNSURE: "CF_UNSURE",
    Confidentiality.PUBLICATION_BLOCK: "CF_PUBLICATION_BLOCK",
}
_CLOSED = (Place.PRIVATE_HOME, Place.RESTRICTED_AREA)

CASES = [
    *(
        case("stated of the photo", code, code, facts(confidentiality=kind))
        for kind, code in _KINDS.items()
    ),
    *(
        case(
            "everybody consented, and a release is recorded",
            code,
            code,
            showing(an_adult(), a_child(), confidentiality=kind, confidential_release=True),
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
        showing(an_adult(), an_adult(person="H-3", blocked=True)),
    ),
    case(
        "a blocked person's photo is linked",
        "CF_PUBLICATION_BLOCK",
        "CF_PUBLICATION_BLOCK",
        showing(an_adult(blocked=True)),
        to=use(mode=Mode.LINK),
    ),
    case("nobody shown is blocked", "CF_PUBLICATION_BLOCK", "", showing(an_adult(), a_child())),
    *(
        case(
            f"release: {release}",
            "CF_CARE_CLIENT",
            "CF_CARE_CLIENT",
            showing(
                an_adult(),
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
        showing(
            an_adult(),
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
    photo = showing(an_adult(blocked=True), an_adult(person="H-3"))
    (finding,) = evaluate(photo, use(), Policy()).findings
    stated = facts(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    assert (finding.person, finding.detail) == (None, ())
    assert evaluate(stated, use(), Policy()).findings == (finding,)
    said = f"{finding.reason.title} {finding.reason.remedy}".lower()
    assert not any(word in said for word in ("person", "block", "order", "disclosure", "who"))
