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

from photoreg.rulebook.channels import (
    DAY_DIFFERS,
    FLAGGED,
    INCOMPLETE,
    OPEN_ENDED_CONSENT,
    PRINT_IRREVOCABLE,
    TERMS_CHANGED,
    TREAT_AS_PUBLIC,
)
from photoreg.rulebook.copyright import AI_DISCLOSE, NO_PERMISSION
from photoreg.rulebook.facts import AnswerState, Confidentiality, PhotoFacts, Place
from photoreg.rulebook.people import AGE_UNKNOWN, NO_CONSENT, WITHDRAWN
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.reasons import Family, Finding, Reason, Severity
from photoreg.rulebook.secrecy import INTERNAL, PUBLICATION_BLOCK, PUPIL_WELFARE, UNSURE
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.stopped import STOP_CODES, STOPPED
from photoreg.rulebook.verdict import RULE_FAILED, Outcome, Verdict, evaluate

_SILENT = make_adult(own=answer_in_state(AnswerState.NONE))


def _verdict(photo: PhotoFacts) -> Verdict:
    return evaluate(photo, use(), Policy())


def _found(*findings: Finding) -> Verdict:
    """Return the verdict if the rules find this, on a photo with nothing else against it."""
    return evaluate(facts(), use(), Policy(), [lambda _situation: iter(findings)])


_ERASED = Reason("RG_ERASED", Family.REGISTER, Severity.REFUSED, (), "", "erased", "", "")
_OBJECTION = FLAGGED.finding(None, "objection")
_STOPS = {
    "a block": (PUBLICATION_BLOCK.finding(),),
    "an erasure": (_ERASED.finding(),),
    "an objection": (_OBJECTION,),
    "all of them": (PUBLICATION_BLOCK.finding(), _ERASED.finding(), _OBJECTION),
    "an objection with its no": (_OBJECTION, WITHDRAWN.finding("H-1")),
    "a block beside secrets": (PUBLICATION_BLOCK.finding(), INTERNAL.finding()),
    "an erased person of unknown age": (_ERASED.finding(), AGE_UNKNOWN.finding("H-1")),
    "a block and terms": (PUBLICATION_BLOCK.finding(), TERMS_CHANGED.finding()),
}


@pytest.mark.parametrize("found", _STOPS.values(), ids=_STOPS)
def test_a_stop_is_shown_by_one_finding_whatever_it_is(found: tuple[Finding, ...]) -> None:
    shown = _found(*found).neutral
    assert shown.findings == (STOPPED.finding(),)
    assert shown.outcome is Outcome.REFUSED
    assert (shown.notices, shown.listed_codes) == ((), ("RG_STOPPED",))


@pytest.mark.parametrize("found", _STOPS.values(), ids=_STOPS)
def test_what_has_passed_does_not_reveal_what_stops_a_photo(found: tuple[Finding, ...]) -> None:
    verdict = _found(*found)
    passed = {reason.code for reason in verdict.neutral.passed}
    assert passed == {reason.code for reason in _found(*_STOPS["a block"]).neutral.passed}
    assert {"CR_NO_PERMISSION", "RG_INCOMPLETE"} <= passed
    assert not passed & (STOP_CODES | {"CN_WITHDRAWN", "MI_GUARDIAN_REFUSED", "CF_INTERNAL"})
    assert not {reason.code for reason in verdict.passed} & STOP_CODES


def test_rights_and_the_record_are_shown_beside_a_stop() -> None:
    about_photo = (NO_PERMISSION.finding("H-9"), INCOMPLETE.finding(None, "place"))
    shown = _found(*about_photo, _OBJECTION, FLAGGED.finding(), NO_CONSENT.finding("H-1")).neutral
    assert shown.codes == ("CR_NO_PERMISSION", "RG_FLAGGED", "RG_INCOMPLETE", "RG_STOPPED")
    assert [finding.detail for finding in shown.findings] == [(), (), ("place",), ()]


def test_notices_about_people_are_not_shown_beside_a_stop() -> None:
    notices = (AI_DISCLOSE, DAY_DIFFERS, OPEN_ENDED_CONSENT, PRINT_IRREVOCABLE, TREAT_AS_PUBLIC)
    found = _found(*(notice.finding() for notice in notices), PUBLICATION_BLOCK.finding())
    assert len(found.notices) == len(notices)
    assert [notice.code for notice in found.neutral.notices] == ["NT_AI_DISCLOSE", "NT_DAY_DIFFERS"]


def test_without_a_stop_everything_is_reported() -> None:
    photo = photo_of(
        _SILENT,
        make_child(guardians=()),
        credit=None,
        flagged=True,
        confidentiality=Confidentiality.INTERNAL,
    )
    verdict = _verdict(photo)
    assert verdict.neutral == verdict
    assert verdict.listed_codes == verdict.codes
    assert {"RG_FLAGGED", "CF_INTERNAL"} < set(verdict.codes)
    assert not {reason.code for reason in verdict.passed} & STOP_CODES


def test_the_rules_themselves_give_the_real_codes() -> None:
    stated = facts(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    assert _verdict(stated).codes == ("CF_PUBLICATION_BLOCK",)
    blocked = photo_of(make_adult(own=answer_in_state(AnswerState.NONE), blocked=True))
    assert _verdict(blocked).codes == ("CF_PUBLICATION_BLOCK", "CN_NO_CONSENT")


def test_everything_that_could_block_and_was_not_found_has_passed() -> None:
    for photo, found in (
        (facts(), set[str]()),
        (photo_of(_SILENT), {"CN_NO_CONSENT"}),
        (general_view(_SILENT, place=Place.CARE_LOBBY), {"CF_CARE_RECOGNISABLE"}),  # and a notice
    ):
        passed = [reason.code for reason in _verdict(photo).passed]
        assert set(passed) == (REFUSING | UNCLEAR) - found
        assert "RG_STOPPED" not in passed
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
