"""Statements that contradict each other or were taken back; the log, the clock, what was erased."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.rulebook.builders import (
    DAY_BEFORE,
    Case,
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
    Answer,
    Basis,
    Mode,
    People,
    PeopleNamed,
    PermissionFacts,
    PhotoFacts,
)
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import evaluate

_MODES = tuple(Mode)
_LINK = use(mode=Mode.LINK)
_CONTRADICTS = PeopleNamed.CONTRADICTS
_UNRECOGNISABLE = facts(people=People.UNRECOGNISABLE, context_identifies=False)

_EVERY_MODE = [
    case(f"{name}, {mode}", code, code, photo, to=replace(asked, mode=mode))
    for mode in _MODES
    for name, code, photo, asked in (
        ("a statement was taken back", "RG_SECOND_LOOK", facts(second_look=True), use()),
        ("the log is ahead", "RG_CLOCK", facts(), use(clock_is_behind=True)),
        ("erased", "RG_ERASED", facts(erased=True), use()),
        ("stopped", "RG_FLAGGED", facts(flagged=True), use()),
        ("objected to", "RG_FLAGGED", facts(objected=True), use()),
    )
]
_EVERY_MODE += [
    case("nothing was taken back, or a colleague has looked", "RG_SECOND_LOOK", ""),
    case("the clock agrees with the log", "RG_CLOCK", "", to=use(clock_is_behind=False)),
    case("nothing was erased", "RG_ERASED", ""),
    case("nobody objects", "RG_FLAGGED", ""),
]

_NOT_FOR_A_LINK = [
    case(
        f"{mode}",
        code,
        "" if mode is Mode.LINK else code,
        facts(**changes),
        to=use(mode=mode),
    )
    for mode in _MODES
    for code, changes in (
        ("RG_COPY_DIFFERS", {"copy_differs": True}),
        ("RG_PEOPLE_NAMED", {"people_named": _CONTRADICTS}),
        ("RG_FACES_FOUND", {"faces_found": 1}),
    )
]

_NAMED = [
    case("no likely copy, or it was answered", "RG_COPY_DIFFERS", ""),
    case(
        "the people named are among those stated",
        "RG_PEOPLE_NAMED",
        "",
        photo_of(make_adult(), people_named=PeopleNamed.AGREES),
    ),
    case("the file names nobody", "RG_PEOPLE_NAMED", "", photo_of(make_adult())),
    case(
        "somebody named is not among the people",
        "RG_PEOPLE_NAMED",
        "RG_PEOPLE_NAMED",
        photo_of(make_adult(), people_named=_CONTRADICTS),
    ),
    case(
        "nobody can be recognised, yet the file names somebody",
        "RG_PEOPLE_NAMED",
        "RG_PEOPLE_NAMED",
        replace(_UNRECOGNISABLE, people_named=_CONTRADICTS),
    ),
    case(
        "the question about people is not answered yet",
        "RG_PEOPLE_NAMED",
        "RG_INCOMPLETE",
        facts(people=None, people_named=_CONTRADICTS),
    ),
]

_FACES = [
    case(
        f"{name}, {found} faces",
        "RG_FACES_FOUND",
        "RG_FACES_FOUND" if fires else "",
        replace(photo, faces_found=found),
    )
    for name, photo, found, fires in (
        ("two people stated", photo_of(make_adult(), make_adult(person="H-3")), 3, True),
        ("two people stated", photo_of(make_adult(), make_adult(person="H-3")), 2, False),
        ("two people stated", photo_of(make_adult(), make_adult(person="H-3")), 1, False),
        ("nobody", facts(), 1, True),
        ("nobody", facts(), 0, False),
        ("nobody, and it was answered what they are", facts(), None, False),
        ("nobody can be recognised", _UNRECOGNISABLE, 1, True),
        ("counted, yet none recognisable", replace(_UNRECOGNISABLE, recognisable_count=1), 1, True),
        (
            "more stated than registered",
            photo_of(make_adult(), make_adult(person="H-3"), recognisable_count=2),
            2,
            False,
        ),
    )
]
_FACES += [
    case(
        "the question about people is not answered yet",
        "RG_FACES_FOUND",
        "RG_INCOMPLETE",
        facts(people=None, faces_found=3),
    ),
    case(
        "nobody has said how many people there are",
        "RG_FACES_FOUND",
        "RG_FACES_FOUND RG_INCOMPLETE",
        photo_of(make_adult(), recognisable_count=None, faces_found=1),
    ),
    case(
        "the municipality does not ask about faces",
        "RG_FACES_FOUND",
        "",
        facts(faces_found=3),
        policy=Policy(ask_about_faces=False),
    ),
    case(
        "it is not certain whether somebody can be recognised",
        "RG_FACES_FOUND",
        "RG_FACES_FOUND PE_RECOGNISABILITY_UNSURE",
        facts(people=People.UNSURE, faces_found=1),
    ),
]

_DAMAGED = {"is_whole": False}
_ONE = granted(**_DAMAGED)
_YOUTH = {"born": date(2010, 1, 1)}


def _held(answer: Answer, **changes: Any) -> PhotoFacts:
    return facts(permissions=(PermissionFacts("H-9", answer, **changes),))


_EVIDENCE = [
    case(name, "RG_EVIDENCE_DAMAGED", codes, photo)
    for codes, cases in (
        (
            "RG_EVIDENCE_DAMAGED",
            (
                ("an adult's", photo_of(make_adult(own=_ONE))),
                ("the photographer's", _held(_ONE)),
                (
                    "one guardian's",
                    photo_of(make_child(guardians=(make_guardian(), make_guardian("H-21", _ONE)))),
                ),
                (
                    "a young person's",
                    photo_of(make_child(**_YOUTH, own=_ONE)),
                ),
                (
                    "every yes that covers the use",
                    photo_of(
                        make_adult(own=granted(make_grant(**_DAMAGED), make_grant(**_DAMAGED)))
                    ),
                ),
                (
                    "a minor photographer's guardian's",
                    _held(granted(), born=date(2012, 1, 1), guardians=(_ONE,)),
                ),
                (
                    "beside a whole one for another channel",
                    photo_of(
                        make_adult(
                            own=granted(
                                make_grant(**_DAMAGED),
                                make_grant(channels=frozenset({"print"})),
                            )
                        )
                    ),
                ),
            ),
        ),
        (
            "",
            (
                (
                    "beside a whole one",
                    photo_of(make_adult(own=granted(make_grant(**_DAMAGED), make_grant()))),
                ),
                (
                    "of a photographer who was of age, a guardian's",
                    _held(granted(), born=date(1990, 1, 1), guardians=(_ONE,)),
                ),
                (
                    "of a yes for another channel",
                    photo_of(
                        make_adult(
                            own=granted(
                                make_grant(channels=frozenset({"print"}), **_DAMAGED),
                                make_grant(),
                            )
                        )
                    ),
                ),
                (
                    "of a guardian beside the body that decides",
                    photo_of(
                        make_child(
                            guardians=(
                                make_guardian("H-20", decides_alone=True),
                                make_guardian("H-21", _ONE),
                            )
                        )
                    ),
                ),
                (
                    "of one who was an adult's guardian",
                    photo_of(make_adult(guardians=(make_guardian("H-21", _ONE),))),
                ),
                (
                    "of an own yes given as a child",
                    photo_of(
                        make_adult(
                            born=date(2008, 2, 1),
                            own=granted(
                                make_grant(day=date(2026, 1, 31), **_DAMAGED),
                                make_grant(day=date(2026, 2, 1)),
                            ),
                        )
                    ),
                ),
            ),
        ),
        (
            "CN_NO_CONSENT",
            (
                (
                    "of an adult's only yes, given as a child",
                    photo_of(
                        make_adult(
                            born=date(2008, 2, 1), own=granted(day=date(2026, 1, 31), **_DAMAGED)
                        )
                    ),
                ),
            ),
        ),
        (
            "CN_EXPIRED",
            (
                (
                    "of a yes that has ended",
                    photo_of(make_adult(own=granted(valid_until=DAY_BEFORE, **_DAMAGED))),
                ),
            ),
        ),
        (
            "CN_WITHDRAWN",
            (
                (
                    "of a yes that was taken back",
                    photo_of(make_adult(own=said(make_grant(**_DAMAGED), make_refusal()))),
                ),
            ),
        ),
        (
            "CR_EMPLOYEE_NO_AGREEMENT",
            (
                (
                    "of a permission that the basis does not rest on",
                    replace(_held(_ONE), basis=Basis.STAFF_NO_AGREEMENT),
                ),
            ),
        ),
    )
    for name, photo in cases
]
_EVIDENCE += [
    case(
        "the photographer's, for a link too",
        "RG_EVIDENCE_DAMAGED",
        "RG_EVIDENCE_DAMAGED",
        _held(_ONE),
        to=_LINK,
    ),
    case(
        "the photographer's, which does not grow too old",
        "RG_EVIDENCE_DAMAGED",
        "RG_EVIDENCE_DAMAGED",
        _held(granted(day=date(2020, 1, 15), **_DAMAGED)),
        policy=Policy(max_consent_age_months=12),
    ),
    case(
        "an adult's, behind a bare link, which shows nobody",
        "RG_EVIDENCE_DAMAGED",
        "",
        photo_of(make_adult(own=_ONE)),
        to=_LINK,
    ),
]

CASES = [*_EVERY_MODE, *_NOT_FOR_A_LINK, *_NAMED, *_FACES, *_EVIDENCE]


@pytest.mark.parametrize("given", CASES)
def test_codes_about_contradictions_are_complete(given: Case) -> None:
    assert codes_of(given.verdict) == given.codes
    assert given.verdict.outcome is given.outcome


def test_damaged_document_names_whose_answer_rests_on_it() -> None:
    photo = photo_of(
        make_adult(),
        make_adult(person="H-3", own=_ONE),
        permissions=(make_permission(), PermissionFacts("H-10", _ONE)),
    )
    found = {(f.code, f.person) for f in evaluate(photo, use(), Policy()).findings}
    assert found == {("RG_EVIDENCE_DAMAGED", "H-3"), ("RG_EVIDENCE_DAMAGED", "H-10")}


def test_damaged_document_of_an_unnamed_holder_concerns_the_photo() -> None:
    photo = facts(permissions=(PermissionFacts("", _ONE),))
    (finding,) = evaluate(photo, use(), Policy()).findings
    assert (finding.code, finding.person) == ("RG_EVIDENCE_DAMAGED", None)


def test_flag_distinguishes_an_objection_from_a_reason_about_no_person() -> None:
    both = evaluate(facts(flagged=True, objected=True), use(), Policy()).findings
    assert [(f.code, f.person, f.detail) for f in both] == [
        ("RG_FLAGGED", None, ()),
        ("RG_FLAGGED", None, ("objection",)),
    ]
