"""Statements that contradict each other, and statements taken back.

What mends them is an answer, not a ruling, so all of them refuse.
"""

from collections.abc import Iterator

from photoreg.rulebook.copyright import answers_that_count
from photoreg.rulebook.facts import LICENSED_BASES, Mode, PeopleNamed
from photoreg.rulebook.people import deciding_answers
from photoreg.rulebook.reasons import Family, Finding, Severity, declare_reason, rule
from photoreg.rulebook.situation import Situation

_F, _R = Family.REGISTER, Severity.REFUSED

SECOND_LOOK = declare_reason(
    "RG_SECOND_LOOK",
    _F,
    _R,
    clauses="V1 T7",
    title="an answer that blocked publication was withdrawn, and nobody else has looked",
    met="no withdrawn answer is waiting for a second look",
    remedy="Ask a colleague to look at the photo and to confirm what is in it.",
)
COPY_DIFFERS = declare_reason(
    "RG_COPY_DIFFERS",
    _F,
    _R,
    clauses="T7",
    title="the photo looks like another photo about which more is stated",
    met="no photo that looks the same has more recorded about it",
    remedy="Look at both photos and record whether they are the same picture.",
)
PEOPLE_NAMED = declare_reason(
    "RG_PEOPLE_NAMED",
    _F,
    _R,
    clauses="T7",
    title="the file names people who are not among the people stated",
    met="the file names nobody who has not been stated",
    remedy="Name them in the photo, or record that they are not shown or cannot be recognised.",
)
FACES_FOUND = declare_reason(
    "RG_FACES_FOUND",
    _F,
    _R,
    clauses="T7",
    title="more faces were found in the photo than people who can be recognised are stated",
    met="no more faces were found than people stated",
    remedy="Look at the photo again and record what the other faces are.",
)
EVIDENCE_DAMAGED = declare_reason(
    "RG_EVIDENCE_DAMAGED",
    _F,
    _R,
    clauses="V2",
    law="GDPR art. 7(1)",
    title="the document of a consent or permission is missing or has been changed",
    met="the documents relied on are unchanged",
    remedy="Hand in the same document again, or record a new consent or permission.",
)


@rule
def statement_taken_back(s: Situation) -> Iterator[Finding]:
    """V1: who takes back what stood in the way does not decide about it alone."""
    if s.facts.second_look:
        yield SECOND_LOOK.finding()


@rule
def copy_of_another(s: Situation) -> Iterator[Finding]:
    """T7: what is known of the people in a picture holds for its copies."""
    if s.facts.copy_differs and s.use.mode is not Mode.LINK:
        yield COPY_DIFFERS.finding()


@rule
def people_in_the_file(s: Situation) -> Iterator[Finding]:
    """T7: a file that names people contradicts the answer that nobody can be recognised."""
    contradicted = s.facts.people_named is PeopleNamed.CONTRADICTS and s.facts.people is not None
    if contradicted and s.use.mode is not Mode.LINK:
        yield PEOPLE_NAMED.finding()


@rule
def faces_in_the_picture(s: Situation) -> Iterator[Finding]:
    """T7: faces are found, never recognised; fewer faces prove nothing."""
    facts = s.facts
    if s.use.mode is Mode.LINK or not s.policy.ask_about_faces or facts.people is None:
        return
    stated = (facts.recognisable_count or 0) if s.shows_people else 0
    if (facts.faces_found or 0) > stated:
        yield FACES_FOUND.finding()


@rule
def evidence_is_whole(s: Situation) -> Iterator[Finding]:
    """GDPR art. 7(1): a yes that nothing but a damaged document proves does not count."""
    for person in s.persons:
        answers = deciding_answers(s, person)
        if s.is_minor(person):
            answers.append(person.own)
        if any(s.weigh(answer).rests_on_damaged_evidence for answer in answers):
            yield EVIDENCE_DAMAGED.finding(person)
    for given in s.facts.permissions if s.facts.basis in LICENSED_BASES else ():
        weighed = [s.weigh(each, is_permission=True) for each in answers_that_count(s, given)]
        if any(each.rests_on_damaged_evidence for each in weighed):
            yield EVIDENCE_DAMAGED.finding(given.holder or None)
