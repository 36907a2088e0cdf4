"""The verdict as others see it: what has passed, and what a list may say."""

from collections.abc import Iterator

import pytest
from tests.rulebook.builders import (
    REFUSING,
    UNCLEAR,
    answer_in_state,
    facts,
    general_view,
    make_adult,
    make_child,
    photo_of,
    use,
)

from photoreg.rulebook.facts import AnswerState, Confidentiality, PhotoFacts, Place
from photoreg.rulebook.people import AGE_UNKNOWN, NO_CONSENT
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.reasons import Finding, Severity
from photoreg.rulebook.secrecy import INTERNAL, PUPIL_WELFARE, UNSURE
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.verdict import RULE_FAILED, Outcome, Verdict, evaluate

_SILENT = make_adult(own=answer_in_state(AnswerState.NONE))


def _verdict(photo: PhotoFacts) -> Verdict:
    return evaluate(photo, use(), Policy())


@pytest.mark.parametrize(
    "photo",
    [
        photo_of(_SILENT),
        photo_of(_SILENT, confidentiality=Confidentiality.PUBLICATION_BLOCK),
        photo_of(make_adult(own=answer_in_state(AnswerState.NONE), blocked=True)),
        photo_of(_SILENT, confidentiality=Confidentiality.CARE_CLIENT),
        photo_of(_SILENT, confidentiality=Confidentiality.UNSURE),
        photo_of(_SILENT, place=Place.CARE_OTHER),
    ],
    ids=["nothing secret", "a block", "of the person", "a care client", "unsure", "care premises"],
)
def test_a_list_says_the_same_of_a_photo_whether_something_about_it_is_secret_or_not(
    photo: PhotoFacts,
) -> None:
    assert _verdict(photo).listed_codes == ("CN_NO_CONSENT",)


def test_a_list_says_all_that_is_not_secret() -> None:
    photo = photo_of(_SILENT, make_child(guardians=()), credit=None, flagged=True)
    verdict = _verdict(photo)
    assert verdict.listed_codes == verdict.codes
    assert len(verdict.codes) > 3


def test_a_list_says_nothing_of_a_photo_with_a_secret_alone() -> None:
    verdict = _verdict(facts(confidentiality=Confidentiality.PUBLICATION_BLOCK))
    assert (verdict.codes, verdict.listed_codes) == (("CF_PUBLICATION_BLOCK",), ())


def test_everything_that_could_block_and_was_not_found_has_passed() -> None:
    for photo, found in (
        (facts(), set[str]()),
        (photo_of(_SILENT), {"CN_NO_CONSENT"}),
        (general_view(_SILENT, place=Place.CARE_LOBBY), {"CF_CARE_RECOGNISABLE"}),  # and a notice
    ):
        passed = [reason.code for reason in _verdict(photo).passed]
        assert set(passed) == (REFUSING | UNCLEAR) - found
        assert len(passed) == len(set(passed))


def test_without_any_rule_nothing_is_publishable() -> None:
    verdict = evaluate(facts(), use(), Policy(), [])
    assert verdict.outcome is Outcome.REFUSED
    assert verdict.findings == (RULE_FAILED.finding(None, "no rules"),)


def test_rule_that_crashes_refuses_the_photo_and_is_named() -> None:
    def crash(situation: Situation) -> Iterator[Finding]:
        raise ZeroDivisionError(situation.use.day)

    verdict = evaluate(facts(), use(), Policy(), [crash])
    assert verdict.outcome is Outcome.REFUSED
    assert verdict.findings == (RULE_FAILED.finding(None, "crash"),)


def test_findings_come_by_weight_then_code_then_person_with_the_photo_first() -> None:
    in_order = (
        INTERNAL.finding(),
        INTERNAL.finding("H-1"),
        INTERNAL.finding("H-1", "more"),
        INTERNAL.finding("H-2"),
        PUPIL_WELFARE.finding("H-1"),
        NO_CONSENT.finding("H-1"),
        UNSURE.finding(),  # unclear: after all that refuses, whatever its code
        AGE_UNKNOWN.finding("H-1"),
    )
    for given in (in_order, in_order[::-1]):

        def find(_situation: Situation, given: tuple[Finding, ...] = given) -> Iterator[Finding]:
            yield from given

        assert evaluate(facts(), use(), Policy(), [find]).findings == in_order
    weights = [finding.reason.severity for finding in in_order]
    assert weights == [Severity.REFUSED] * 6 + [Severity.UNCLEAR] * 2
