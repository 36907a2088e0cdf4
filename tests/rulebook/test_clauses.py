"""Reasons and clauses: every reason says whence it comes, what is wrong and what would mend it."""

from collections import Counter
from collections.abc import Iterator

import pytest
from tests.rulebook import (
    test_channels,
    test_contradictions,
    test_copyright,
    test_minors,
    test_people,
    test_secrecy,
    test_statements,
)
from tests.rulebook.builders import NOTICES, REFUSING, UNCLEAR, Case

from photoreg.rulebook import reasons
from photoreg.rulebook.clauses import CLAUSES
from photoreg.rulebook.reasons import REASONS, Family, Finding, Reason, Severity, declare_reason
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.stopped import STOPPED
from photoreg.rulebook.verdict import RULE_FAILED

_ALL = pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
_BLOCKING = [r for r in REASONS.values() if r.severity is not Severity.NOTICE]
_CASES = [
    parameter.values[0]
    for family in (
        test_channels,
        test_contradictions,
        test_copyright,
        test_minors,
        test_people,
        test_secrecy,
        test_statements,
    )
    for parameter in family.CASES
]


def test_codes_and_their_severities_are_those_of_the_rulebook() -> None:
    expected = {
        **dict.fromkeys(REFUSING, Severity.REFUSED),
        **dict.fromkeys(UNCLEAR, Severity.UNCLEAR),
        **dict.fromkeys(NOTICES, Severity.NOTICE),
        STOPPED.code: Severity.REFUSED,
    }
    assert {code: reason.severity for code, reason in REASONS.items()} == expected


@pytest.mark.parametrize(
    "code", [code for code in REASONS if code not in {RULE_FAILED.code, STOPPED.code}]
)
def test_every_code_has_a_case_in_which_it_fires_and_a_near_miss(code: str) -> None:
    about = [case for case in _CASES if isinstance(case, Case) and case.about == code]
    assert {case.fires for case in about} == {True, False}


@_ALL
def test_every_cited_clause_exists(reason: Reason) -> None:
    assert set(reason.clauses) <= set(CLAUSES)
    assert len(set(reason.clauses)) == len(reason.clauses)


@pytest.mark.parametrize("reason", _BLOCKING, ids=lambda reason: reason.code)
def test_every_blocking_reason_has_a_remedy(reason: Reason) -> None:
    assert reason.remedy.strip()


@_ALL
def test_every_reason_rests_on_a_clause_or_a_law(reason: Reason) -> None:
    # A fault of the program rests on neither, and what stands for several reasons names none.
    if reason in {RULE_FAILED, STOPPED}:
        assert (reason.clauses, reason.law) == ((), "")
    else:
        assert reason.clauses or reason.law


@_ALL
def test_what_the_coordinator_may_rule_on_cites_the_clause_that_says_so(reason: Reason) -> None:
    assert ("T9" in reason.clauses) == (reason.severity is Severity.UNCLEAR)


@_ALL
def test_titles_are_plain_sentences_without_an_end(reason: Reason) -> None:
    assert reason.title.strip() == reason.title != ""
    assert not reason.title.endswith(".")


@_ALL
def test_whatever_can_block_has_a_text_for_a_photo_that_it_does_not_block(reason: Reason) -> None:
    assert (reason.met == "") == (reason.severity is Severity.NOTICE)
    assert not reason.met.endswith(".")


def test_no_two_reasons_have_the_same_title() -> None:
    titles = Counter(reason.title for reason in REASONS.values())
    assert [title for title, times in titles.items() if times > 1] == []


def test_every_reason_is_under_its_own_code() -> None:
    assert all(code == reason.code for code, reason in REASONS.items())


def test_code_cannot_be_declared_twice() -> None:
    before = dict(REASONS)
    with pytest.raises(AssertionError, match=RULE_FAILED.code):
        declare_reason(RULE_FAILED.code, RULE_FAILED.family, Severity.NOTICE, title="milder")
    assert before == REASONS


def test_reason_is_kept_as_it_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "REASONS", {})
    of_people, unclear = Family.PEOPLE, Severity.UNCLEAR
    whole = declare_reason(
        "A", of_people, unclear, clauses="T7 T9", law="GDPR", title="so", met="fine", remedy="Ask."
    )
    short = declare_reason("B", of_people, unclear, title="so")
    assert whole == Reason("A", of_people, unclear, ("T7", "T9"), "GDPR", "so", "fine", "Ask.")
    assert short == Reason("B", of_people, unclear, (), "", "so", "", "")
    assert {"A": whole, "B": short} == reasons.REASONS


def test_declared_rule_is_evaluated_and_stays_the_function_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reasons, "RULES", [])

    def nothing(_situation: Situation) -> Iterator[Finding]:
        yield from ()

    assert reasons.rule(nothing) is nothing
    assert [nothing] == reasons.RULES


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_every_clause_has_its_id_section_and_what_it_asks(clause: object) -> None:
    clause_id = getattr(clause, "id", "")
    assert CLAUSES[clause_id] is clause
    assert CLAUSES[clause_id].section.strip()
    assert CLAUSES[clause_id].asks.strip()


def test_no_two_clauses_ask_the_same() -> None:
    asks = Counter(clause.asks for clause in CLAUSES.values())
    assert [text for text, times in asks.items() if times > 1] == []
