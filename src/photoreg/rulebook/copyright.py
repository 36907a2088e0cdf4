"""Copyright: the photographer, the permission, its scope, the credit, the terms of protection."""

from collections.abc import Iterator

from photoreg.rulebook.facts import (
    LICENSED_BASES,
    AnswerState,
    Basis,
    Commissioner,
    Credit,
    FileRights,
    Grant,
    PermissionFacts,
    Photographer,
)
from photoreg.rulebook.reasons import Family, Finding, Reason, Severity, declare_reason, rule
from photoreg.rulebook.situation import Situation

_F, _R, _U = Family.COPYRIGHT, Severity.REFUSED, Severity.UNCLEAR

RELATED_RIGHT_YEARS = 50  # tekijänoikeuslaki 49 a.2 §: from the end of the year of taking
AUTHOR_RIGHT_YEARS = 70  # tekijänoikeuslaki 43 §: from the end of the photographer's year of death

NO_PERMISSION = declare_reason(
    "CR_NO_PERMISSION",
    _F,
    _R,
    clauses="T2 T4",
    law="Copyright Act (404/1961) 2 § and 49 a §",
    title="there is no permission to use the photo",
    remedy="Ask the photographer for permission and record it with its evidence.",
)
PHOTOGRAPHER_UNKNOWN = declare_reason(
    "CR_PHOTOGRAPHER_UNKNOWN",
    _F,
    _R,
    clauses="T4",
    law="Copyright Act (404/1961) 49 a §",
    title="the photographer is not known",
    remedy="Find out who took the photo. The photographer is a person, never the municipality.",
)
PERMISSION_REVOKED = declare_reason(
    "CR_PERMISSION_REVOKED",
    _F,
    _R,
    clauses="T4",
    title="the photographer has withdrawn the permission",
    remedy="Do not use the photo, or make a new agreement with the photographer and record it.",
)
PERMISSION_EXPIRED = declare_reason(
    "CR_PERMISSION_EXPIRED",
    _F,
    _R,
    clauses="T4",
    title="the photographer's permission has ended",
    remedy="Ask the photographer to renew the permission and record it.",
)
SCOPE_CHANNEL = declare_reason(
    "CR_SCOPE_CHANNEL",
    _F,
    _R,
    clauses="T4",
    law="Copyright Act (404/1961) 27.1 §",
    title="the photographer's permission does not cover this channel",
    remedy="Ask the photographer for permission for this channel, or choose a channel it covers.",
)
SCOPE_PURPOSE = declare_reason(
    "CR_SCOPE_PURPOSE",
    _F,
    _R,
    clauses="T4",
    law="Copyright Act (404/1961) 27.1 §",
    title="the photographer's permission does not cover this purpose",
    remedy="Ask the photographer for permission for this purpose.",
)
CREDIT_MISSING = declare_reason(
    "CR_CREDIT_MISSING",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 3.1 § and 49 a.3 §",
    title="the photographer's credit is not recorded",
    remedy="Record the credit, or the photographer's written waiver of it.",
)
COMMISSIONER_CONSENT_MISSING = declare_reason(
    "CR_COMMISSIONER_CONSENT_MISSING",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 27.2 §",
    title="the one who ordered the portrait has not agreed",
    remedy="Ask the one who ordered the portrait and record the answer.",
)
TERM_RUNNING = declare_reason(
    "CR_TERM_RUNNING",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 49 a.2 §",
    title="the photo is still protected: 50 years from the year of taking have not passed",
    remedy="Ask the photographer or the heirs for permission, and record it as the basis.",
)
SOURCE_UNLAWFUL = declare_reason(
    "CU_SOURCE_UNLAWFUL",
    _F,
    _R,
    clauses="T2 T3",
    law="Copyright Act (404/1961) 2 §",
    title="the source is known to use the photo unlawfully",
    remedy="Do not link to it, embed it or share it. Use the photographer's own page.",
)
RIGHTS_INFO_REMOVED = declare_reason(
    "MD_RIGHTS_INFO_REMOVED",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 50 d §",
    title="the photographer's rights information has been removed from the file",
    remedy="Get the original file from the photographer and register that.",
)
PERMISSION_UNDOCUMENTED = declare_reason(
    "CR_PERMISSION_UNDOCUMENTED",
    _F,
    _U,
    clauses="T4 V2 T9",
    title="a permission has been reported but not documented",
    remedy="Ask the photographer to confirm in writing, or ask the coordinator to decide.",
)
EMPLOYEE_NO_AGREEMENT = declare_reason(
    "CR_EMPLOYEE_NO_AGREEMENT",
    _F,
    _U,
    clauses="T4 T9",
    law="Copyright Act (404/1961) 40 b § e contrario",
    title="an employee took the photo, but nothing is agreed about its use",
    remedy="Agree with the employee in writing and record it, or ask the coordinator to decide.",
)
TERM_UNCERTAIN = declare_reason(
    "CR_TERM_UNCERTAIN",
    _F,
    _U,
    clauses="T9 S6",
    law="Copyright Act (404/1961) 43 §",
    title="it is not certain that the photo is in the public domain",
    remedy=(
        "Find out when the photo was taken and when the photographer died, or ask the "
        "coordinator to decide."
    ),
)
LINK_EMBED_SHARE = declare_reason(
    "CU_LINK_EMBED_SHARE",
    _F,
    _U,
    clauses="T3 T9",
    title="the guideline does not settle linking, embedding or sharing without permission",
    remedy="Ask the photographer for permission, or ask the coordinator to decide.",
)
ARTIST_CONFLICT = declare_reason(
    "MD_ARTIST_CONFLICT",
    _F,
    _U,
    clauses="T4 T9",
    law="Copyright Act (404/1961) 7.1 §",
    title="the file names a different creator or rights holder than the registry",
    remedy=(
        "Find out who took the photo and correct the registry, or ask the coordinator to decide."
    ),
)


@rule
def permissions_cover(s: Situation) -> Iterator[Finding]:
    """T2, T4: nothing is used without the permission of every rights holder."""
    basis = s.facts.basis
    if s.is_upload and basis in {Basis.NONE, Basis.WEB_FOUND, Basis.KNOWN_UNLAWFUL}:
        yield NO_PERMISSION.finding()
    if basis in LICENSED_BASES:
        for given in s.facts.permissions or (PermissionFacts(""),):
            ask = [given.holder] if given.holder and s.may_be_asked(given.answer) else []
            for reason in _permission_gaps(s, given):
                yield reason.finding(given.holder or None, ask=ask)


def _permission_gaps(s: Situation, given: PermissionFacts) -> tuple[Reason, ...]:
    """Return what the permission of one holder lacks; of several grants the best one counts."""
    state = given.answer.state
    if state is AnswerState.WITHDRAWN:
        return (PERMISSION_REVOKED,)
    if state is not AnswerState.GRANTED or not given.answer.grants:
        return (NO_PERMISSION,)
    per_grant = [_grant_gaps(s, grant) for grant in given.answer.grants]
    return min(per_grant, key=lambda gaps: (any(r.severity is _R for r in gaps), len(gaps)))


def _grant_gaps(s: Situation, grant: Grant) -> tuple[Reason, ...]:
    if not grant.documented:
        return (PERMISSION_UNDOCUMENTED,)
    if s.is_expired(grant):
        return (PERMISSION_EXPIRED,)
    gaps = []
    if not s.covers_channel(grant):
        gaps.append(SCOPE_CHANNEL)
    if not s.covers_purpose(grant):
        gaps.append(SCOPE_PURPOSE)
    return tuple(gaps)


@rule
def photographer_is_known(s: Situation) -> Iterator[Finding]:
    """T4: a permission needs a known photographer; stock and public domain have other sources."""
    unknown = s.facts.photographer is Photographer.UNKNOWN
    if s.is_upload and unknown and s.facts.basis not in {Basis.STOCK, Basis.PUBLIC_DOMAIN}:
        yield PHOTOGRAPHER_UNKNOWN.finding()


@rule
def credit_is_recorded(s: Situation) -> Iterator[Finding]:
    """Tekijänoikeuslaki 3 §: the photographer is named as good usage requires."""
    asks_credit = s.facts.basis in LICENSED_BASES | {Basis.STAFF_NO_AGREEMENT}
    if s.is_upload and asks_credit and s.facts.credit not in {Credit.RECORDED, Credit.WAIVED}:
        yield CREDIT_MISSING.finding()


@rule
def commissioner_agrees(s: Situation) -> Iterator[Finding]:
    """27.2 §: a commissioned portrait is not published without its commissioner."""
    if s.facts.basis in LICENSED_BASES and s.facts.commissioner is Commissioner.NOT_CONSENTED:
        yield COMMISSIONER_CONSENT_MISSING.finding()


@rule
def public_domain_is_certain(s: Situation) -> Iterator[Finding]:
    """Both terms must be over: 50 years from taking (49 a §), 70 from the death (43 §)."""
    facts, year = s.facts, s.use.day.year
    if facts.basis is not Basis.PUBLIC_DOMAIN:
        return
    taken, died = facts.taken_year, facts.photographer_died_year
    if taken is not None and taken + RELATED_RIGHT_YEARS >= year:
        yield TERM_RUNNING.finding()
    elif taken is None or died is None or died + AUTHOR_RIGHT_YEARS >= year:
        yield TERM_UNCERTAIN.finding()


@rule
def linked_material(s: Situation) -> Iterator[Finding]:
    """T3: links, embeddings and shares of somebody else's material."""
    if s.is_upload:
        return
    if s.facts.basis is Basis.KNOWN_UNLAWFUL:
        yield SOURCE_UNLAWFUL.finding()
    if s.facts.basis in {Basis.NONE, Basis.WEB_FOUND}:
        yield LINK_EMBED_SHARE.finding()


@rule
def staff_photo_is_agreed(s: Situation) -> Iterator[Finding]:
    """40 b § gives an employer computer programs and databases only, not photographs."""
    if s.facts.basis is Basis.STAFF_NO_AGREEMENT:
        yield EMPLOYEE_NO_AGREEMENT.finding()


@rule
def file_and_register_agree(s: Situation) -> Iterator[Finding]:
    """7 §: the person named on the copy is presumed to be the author; 50 d §: the naming stays."""
    if s.facts.file_rights is FileRights.REMOVED:
        yield RIGHTS_INFO_REMOVED.finding()
    if s.facts.file_rights is FileRights.CONFLICTS:
        yield ARTIST_CONFLICT.finding()
