"""Secrecy and place: what must not be revealed, and places where photographing is restricted."""

from collections.abc import Iterator

from photoreg.rulebook.facts import CLOSED_PLACES, REFUSALS, Confidentiality, PersonFacts
from photoreg.rulebook.people import as_adult
from photoreg.rulebook.reasons import Family, Finding, Severity, declare_reason, rule
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.weighing import Weighed

_F, _R, _U = Family.SECRECY, Severity.REFUSED, Severity.UNCLEAR

PUBLICATION_BLOCK = declare_reason(
    "CF_PUBLICATION_BLOCK",
    _F,
    _R,
    clauses="S5",
    law="Act on the Openness of Government Activities (621/1999) 24.1 §",
    # INVARIANT: neutral. Neither a reason nor the person it concerns is ever revealed.
    title="the photo may not be published",
    met="nobody shown is under a publication block",
    remedy="Choose another photo. You can ask the communications coordinator.",
)
CARE_CLIENT = declare_reason(
    "CF_CARE_CLIENT",
    _F,
    _R,
    clauses="S5",
    law="Act on client data in social welfare and health care (703/2023) 4 § and 6 §; GDPR art. 9",
    title="the photo reveals that somebody is a client of care services",
    met="the photo does not reveal a client of care services",
    remedy="Ask for a written consent that also allows this to be revealed, "
    "or choose another photo.",
)
PUPIL_WELFARE = declare_reason(
    "CF_PUPIL_WELFARE",
    _F,
    _R,
    clauses="S5",
    law="Basic Education Act (628/1998) 40 §; Act on Early Childhood Education (540/2018) 40 §",
    title="the photo reveals that a pupil gets special support; consent is not enough",
    met="the photo does not reveal that a pupil gets special support",
    remedy="Choose another photo.",
)
INTERNAL = declare_reason(
    "CF_INTERNAL",
    _F,
    _R,
    clauses="S5 S7",
    law="Local Government Act (410/2015) 29.2 §",
    title="a confidential document or screen can be read in the photo",
    met="no confidential document or screen can be read in the photo",
    remedy="Crop or blur it, and register the new version of the photo.",
)
UNSURE = declare_reason(
    "CF_UNSURE",
    _F,
    _U,
    clauses="S5 T9",
    title="it is not certain whether the photo reveals something confidential",
    met="there is no doubt about confidential content",
    remedy="Ask the one responsible for the matter, or ask the coordinator to decide.",
)
NOT_PUBLIC_PLACE = declare_reason(
    "PL_NOT_PUBLIC",
    _F,
    _U,
    clauses="T6 T9",
    law="Criminal Code (39/1889) 24:6 §",
    title="the place is not public, and its holder has not given permission",
    met="no permission of the holder of the place is missing",
    remedy=(
        "Ask the holder of the place and record the permission, or ask the coordinator to decide."
    ),
)

_REASONS_BY_CONFIDENTIALITY = {
    Confidentiality.PUPIL_WELFARE: PUPIL_WELFARE,
    Confidentiality.INTERNAL: INTERNAL,
    Confidentiality.UNSURE: UNSURE,
}


@rule
def publication_block(s: Situation) -> Iterator[Finding]:
    """Laki 661/2009 36-37 §: some people may not be shown; the registry holds no reason."""
    stated = s.facts.confidentiality is Confidentiality.PUBLICATION_BLOCK
    if stated or any(person.blocked for person in s.facts.persons):
        yield PUBLICATION_BLOCK.finding()


@rule
def confidential_content(s: Situation) -> Iterator[Finding]:
    """S5: what is confidential at work is confidential online; only a care client can release."""
    kind = s.facts.confidentiality
    if kind is Confidentiality.CARE_CLIENT:
        yield from _not_released(s)
    elif kind in _REASONS_BY_CONFIDENTIALITY:
        yield _REASONS_BY_CONFIDENTIALITY[kind].finding()


def _not_released(s: Situation) -> Iterator[Finding]:
    """Yield who has not released it, by a consent that covers this use (6 §): all shown must."""
    if s.facts.confidential_release is True:
        return
    persons = s.facts.persons
    if len(persons) < max(s.facts.recognisable_count or 0, 1):
        yield CARE_CLIENT.finding()
    for person in persons:
        answers = _deciding(s, person)
        silent = [who for who, weighed in answers if not _releases(weighed)]
        if silent or not answers:
            refused = any(weighed.state in REFUSALS for _, weighed in answers)
            yield CARE_CLIENT.finding(person, ask=[] if refused else silent)


def _deciding(s: Situation, person: PersonFacts) -> list[tuple[str, Weighed]]:
    """Return everybody who decides for somebody, with what their statements amount to."""
    if not s.is_minor(person):
        return [(person.person, s.weigh(as_adult(s, person)))]
    deciding = (each for each in s.deciding_guardians(person) if not each.excused)
    return [(each.guardian, s.weigh(each.answer)) for each in deciding]


def _releases(weighed: Weighed) -> bool:
    return any(grant.releases_confidential for grant in weighed.covering)


@rule
def closed_place(s: Situation) -> Iterator[Finding]:
    """Rikoslaki 24:6: in a home or a closed area the holder decides."""
    if s.facts.place in CLOSED_PLACES and s.facts.place_permission is not True:
        yield NOT_PUBLIC_PLACE.finding()
