"""Copyright: the photographer, the permission, its scope, the credit, the terms of protection."""

from collections.abc import Iterator
from datetime import date

from photoreg.rulebook.facts import (
    LICENSED_BASES,
    REFUSALS,
    AgeGroup,
    Answer,
    AnswerState,
    Basis,
    Channel,
    Commissioner,
    Credit,
    DepictedWork,
    DigitalSource,
    FileRights,
    LicenceTerm,
    Mode,
    PermissionFacts,
    Photographer,
    Purpose,
    age_in_years,
)
from photoreg.rulebook.reasons import Family, Finding, Reason, Severity, declare_reason, rule
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.weighing import Gap, Weighed

_F, _R, _U = Family.COPYRIGHT, Severity.REFUSED, Severity.UNCLEAR

RELATED_RIGHT_YEARS = 50  # tekijänoikeuslaki 49 a.2 §: from the end of the year of taking
WORKING_AGE = 15  # laki nuorista työntekijöistä (998/1993) 3 §
AUTHOR_RIGHT_YEARS = 70  # tekijänoikeuslaki 43 §: from the end of the photographer's year of death

NO_PERMISSION = declare_reason(
    "CR_NO_PERMISSION",
    _F,
    _R,
    clauses="T2 T4",
    law="Copyright Act (404/1961) 2 § and 49 a §",
    title="there is no permission to use the photo",
    met="no author's permission is missing",
    remedy="Ask the photographer for permission and record it with its evidence.",
)
PHOTOGRAPHER_UNKNOWN = declare_reason(
    "CR_PHOTOGRAPHER_UNKNOWN",
    _F,
    _R,
    clauses="T4",
    law="Copyright Act (404/1961) 49 a §",
    title="the photographer is not known",
    met="the photographer is known, or need not be",
    remedy="Find out who took the photo. The photographer is a person, never the municipality.",
)
PERMISSION_REVOKED = declare_reason(
    "CR_PERMISSION_REVOKED",
    _F,
    _R,
    clauses="T4",
    title="the photographer has withdrawn the permission",
    met="the photographer has not withdrawn a permission",
    remedy="Do not use the photo, or make a new agreement with the photographer and record it.",
)
PERMISSION_EXPIRED = declare_reason(
    "CR_PERMISSION_EXPIRED",
    _F,
    _R,
    clauses="T4",
    title="the photographer's permission has ended",
    met="no permission has ended",
    remedy="Ask the photographer to renew the permission and record it.",
)
SCOPE_CHANNEL = declare_reason(
    "CR_SCOPE_CHANNEL",
    _F,
    _R,
    clauses="T4",
    law="Copyright Act (404/1961) 27.1 §",
    title="the photographer's permission does not cover this channel",
    met="the permissions given cover this channel",
    remedy="Ask the photographer for permission for this channel, or choose a channel it covers.",
)
SCOPE_PURPOSE = declare_reason(
    "CR_SCOPE_PURPOSE",
    _F,
    _R,
    clauses="T4",
    law="Copyright Act (404/1961) 27.1 §",
    title="the photographer's permission does not cover this purpose",
    met="the permissions given cover this purpose",
    remedy="Ask the photographer for permission for this purpose.",
)
CREDIT_MISSING = declare_reason(
    "CR_CREDIT_MISSING",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 3.1 § and 49 a.3 §",
    title="the photographer's credit is not recorded",
    met="the credit is recorded, or not required",
    remedy="Record the credit, or the photographer's written waiver of it.",
)
COMMISSIONER_CONSENT_MISSING = declare_reason(
    "CR_COMMISSIONER_CONSENT_MISSING",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 27.2 §",
    title="the one who ordered the portrait has not agreed",
    met="whoever ordered a portrait has agreed",
    remedy="Ask the one who ordered the portrait and record the answer.",
)
TERM_RUNNING = declare_reason(
    "CR_TERM_RUNNING",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 49 a.2 §",
    title="the photo is still protected: 50 years from the year of taking have not passed",
    met="no term of protection in force prevents the use",
    remedy="Ask the photographer or the heirs for permission, and record it as the basis.",
)
SOURCE_UNLAWFUL = declare_reason(
    "CU_SOURCE_UNLAWFUL",
    _F,
    _R,
    clauses="T2 T3",
    law="Copyright Act (404/1961) 2 §",
    title="the source is known to use the photo unlawfully",
    met="the source is not known to use the photo unlawfully",
    remedy="Do not link to it, embed it or share it. Use the photographer's own page.",
)
RIGHTS_INFO_REMOVED = declare_reason(
    "MD_RIGHTS_INFO_REMOVED",
    _F,
    _R,
    clauses="S6",
    law="Copyright Act (404/1961) 50 d §",
    title="the photographer's rights information has been removed from the file",
    met="rights information has not been removed from the file",
    remedy="Get the original file from the photographer and register that.",
)
PERMISSION_UNDOCUMENTED = declare_reason(
    "CR_PERMISSION_UNDOCUMENTED",
    _F,
    _U,
    clauses="T4 V2 T9",
    title="a permission has been reported but not documented",
    met="every permission given is documented",
    remedy="Ask the photographer to confirm in writing, or ask the coordinator to decide.",
)
EMPLOYEE_NO_AGREEMENT = declare_reason(
    "CR_EMPLOYEE_NO_AGREEMENT",
    _F,
    _U,
    clauses="T4 T9",
    law="Copyright Act (404/1961) 40 b § e contrario",
    title="an employee took the photo, but nothing is agreed about its use",
    met="the use of employees' photos has been agreed",
    remedy="Agree with the employee in writing and record it, or ask the coordinator to decide.",
)
TERM_UNCERTAIN = declare_reason(
    "CR_TERM_UNCERTAIN",
    _F,
    _U,
    clauses="T9 S6",
    law="Copyright Act (404/1961) 43 §",
    title="it is not certain that the photo is in the public domain",
    met="there is no doubt about the term of protection",
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
    met="the photo is not linked, embedded or shared without permission",
    remedy="Ask the photographer for permission, or ask the coordinator to decide.",
)
LICENCE_TERMS = declare_reason(
    "CR_LICENCE_TERMS",
    _F,
    _R,
    clauses="T2",
    law="Copyright Act (404/1961) 27.1 §",
    title="the terms of the licence exclude this use",
    met="no terms of a licence exclude this use",
    remedy="Ask the author for permission for this use, or choose another photo.",
)
TERM_CONTRADICTED = declare_reason(
    "CR_TERM_CONTRADICTED",
    _F,
    _U,
    clauses="T9 S6",
    law="Copyright Act (404/1961) 43 § and 49 a §",
    title="the photo is said to be in the public domain, but its file says that it is newer",
    met="the file does not contradict the stated term of protection",
    remedy=(
        "Find out when the photo was taken and correct the year or the basis, or ask the "
        "coordinator to decide."
    ),
)
MINOR_PHOTOGRAPHER = declare_reason(
    "CR_MINOR_PHOTOGRAPHER",
    _F,
    _U,
    clauses="T4 T9",
    law="Guardianship Services Act (442/1999) 23 §",
    title="the photographer was a minor when giving the permission, and no guardian has agreed",
    met="no permission of a minor lacks a guardian's approval",
    remedy="Ask a guardian of the photographer to agree, or ask the coordinator to decide.",
)
DEPICTED_WORK = declare_reason(
    "CR_DEPICTED_WORK",
    _F,
    _U,
    clauses="T2 T9",
    law="Copyright Act (404/1961) 25 a §",
    title="another's work is the main subject, and its author has not given permission",
    met="no permission for another's work in the photo is missing",
    remedy="Ask the author of the work for permission, or ask the coordinator to decide.",
)
AI_GENERATED = declare_reason(
    "MD_AI_GENERATED",
    _F,
    _U,
    clauses="V1 T9",
    law="Regulation (EU) 2024/1689 art. 50",
    title="the picture was made or changed by an AI program",
    met="the picture is not known to be made or changed by an AI program",
    remedy="Choose a photograph, or ask the coordinator to decide.",
)
AI_DISCLOSE = declare_reason(
    "NT_AI_DISCLOSE",
    _F,
    Severity.NOTICE,
    law="Regulation (EU) 2024/1689 art. 50",
    title="tell beside the picture that it was made or changed by AI",
)
ARTIST_CONFLICT = declare_reason(
    "MD_ARTIST_CONFLICT",
    _F,
    _U,
    clauses="T4 T9",
    law="Copyright Act (404/1961) 7.1 §",
    title="the file names a different creator or rights holder than the registry",
    met="the file names no other creator than the registry",
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
        for given in s.facts.permissions or (PermissionFacts(),):
            weighed = s.weigh(given.answer, is_permission=True)
            ask = [given.holder] if given.holder and _may_be_asked(s, given, weighed) else []
            for reason in _permission_gaps(s, given, weighed):
                yield reason.finding(given.holder or None, ask=ask)


def _may_be_asked(s: Situation, given: PermissionFacts, weighed: Weighed) -> bool:
    """Return whether a yes of the holder would help: never again after a refusal.

    A refusal that stands only because a later yes is wider is an exception.
    """
    if weighed.state in REFUSALS:
        return weighed.has_later_yes
    return not _guardian_refuses(s, given)


def _permission_gaps(s: Situation, given: PermissionFacts, weighed: Weighed) -> tuple[Reason, ...]:
    """Return what the permission of one holder lacks."""
    if weighed.state is AnswerState.WITHDRAWN:
        return (PERMISSION_REVOKED,)
    if weighed.state is not AnswerState.GRANTED or _guardian_refuses(s, given):
        return (NO_PERMISSION,)
    gaps = tuple(_GAP_REASONS[gap] for gap in weighed.gaps)
    agrees = any(each.is_granted for each in _by_guardians(s, given))
    lacks_guardian = _was_minor(s, given) and not agrees
    return (*gaps, MINOR_PHOTOGRAPHER) if lacks_guardian else gaps


_GAP_REASONS = {
    Gap.EVIDENCE: PERMISSION_UNDOCUMENTED,
    Gap.TIME: PERMISSION_EXPIRED,
    Gap.CHANNEL: SCOPE_CHANNEL,
    Gap.PURPOSE: SCOPE_PURPOSE,
}


def answers_that_count(s: Situation, given: PermissionFacts) -> tuple[Answer, ...]:
    """Return one holder's answer, with those of the guardians of one who was a minor."""
    return (given.answer, *given.guardians) if _was_minor(s, given) else (given.answer,)


def _was_minor(s: Situation, given: PermissionFacts) -> bool:
    """Return whether the yeses that count were all given as a minor (holhoustoimilaki 23 §).

    An employment contract binds from the age of 15 (998/1993 3 §).
    """
    weighed = s.weigh(given.answer, is_permission=True)
    bound_from = WORKING_AGE if s.facts.basis is Basis.STAFF_AGREEMENT else s.policy.child_age
    yeses = weighed.covering or ((weighed.best,) if weighed.best else ())
    return bool(yeses) and all(_is_younger(given, yes.day, bound_from) for yes in yeses)


def _is_younger(given: PermissionFacts, day: date | None, years: int) -> bool:
    if given.born is None:
        return given.age_group is AgeGroup.MINOR
    age = age_in_years(given.born, day) if day else None
    return age is None or age < years


def _by_guardians(s: Situation, given: PermissionFacts) -> list[Weighed]:
    return [s.weigh(answer, is_permission=True) for answer in given.guardians]


def _guardian_refuses(s: Situation, given: PermissionFacts) -> bool:
    """Return whether a guardian refuses for one who was a minor."""
    refuses = any(each.state in REFUSALS for each in _by_guardians(s, given))
    return refuses and _was_minor(s, given)


@rule
def photographer_is_known(s: Situation) -> Iterator[Finding]:
    """T4: a permission needs a known photographer; stock and public domain have other sources."""
    unknown = s.facts.photographer is Photographer.UNKNOWN and not s.is_generated
    if s.is_upload and unknown and s.facts.basis not in {Basis.STOCK, Basis.PUBLIC_DOMAIN}:
        yield PHOTOGRAPHER_UNKNOWN.finding()


@rule
def credit_is_recorded(s: Situation) -> Iterator[Finding]:
    """Tekijänoikeuslaki 3 §: the photographer is named as good usage requires."""
    asks_credit = s.facts.basis in LICENSED_BASES | {Basis.STAFF_NO_AGREEMENT}
    if (
        s.is_upload
        and asks_credit
        and not s.is_generated
        and s.facts.credit not in {Credit.RECORDED, Credit.WAIVED}
    ):
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
def file_agrees_with_term(s: Situation) -> Iterator[Finding]:
    """49 a § and 43 §: a file taken within the term contradicts the claim."""
    facts = s.facts
    if facts.basis is not Basis.PUBLIC_DOMAIN or facts.file_taken_year is None:
        return
    if facts.file_taken_year + RELATED_RIGHT_YEARS >= s.use.day.year:
        yield TERM_CONTRADICTED.finding()


@rule
def licence_terms_permit(s: Situation) -> Iterator[Finding]:
    """A Creative Commons licence permits only what its terms do not exclude.

    A permission beside it opens the uses that it covers itself, and no others.
    """
    is_licence = s.facts.basis is Basis.LICENCE_CC
    for given in s.facts.permissions or (PermissionFacts(),):
        weighed = s.weigh(given.answer, is_permission=True)
        excluded = is_licence and _exclude_use(s, s.facts.licence_terms)
        only_excluded = all(_exclude_use(s, yes.licence_terms) for yes in weighed.covering)
        if excluded or (weighed.is_granted and only_excluded):
            can_ask = given.holder and _may_be_asked(s, given, weighed)
            yield LICENCE_TERMS.finding(given.holder or None, ask=[given.holder] if can_ask else [])


def _exclude_use(s: Situation, terms: frozenset[LicenceTerm]) -> bool:
    """Return whether the terms of a licence exclude this use of this version."""
    is_commercial = s.use.purpose is Purpose.MARKETING or s.use.channel is Channel.PRESS
    return (LicenceTerm.NON_COMMERCIAL in terms and is_commercial) or (
        LicenceTerm.NO_DERIVATIVES in terms and s.facts.version_changed
    )


@rule
def depicted_work_is_free(s: Situation) -> Iterator[Finding]:
    """25 a §: another's work as main subject needs its author, but not everywhere.

    A work that stands permanently in a public place may be shown for information.
    """
    work = s.facts.depicted_work
    is_free = (
        work is DepictedWork.MAIN_SUBJECT_PERMANENT_PUBLIC and s.use.purpose is Purpose.INFORMATION
    )
    is_main_subject = work in {
        DepictedWork.MAIN_SUBJECT,
        DepictedWork.MAIN_SUBJECT_PERMANENT_PUBLIC,
    }
    if is_main_subject and not is_free and s.use.mode is not Mode.LINK:
        yield DEPICTED_WORK.finding()


@rule
def made_by_algorithm(s: Situation) -> Iterator[Finding]:
    """Regulation (EU) 2024/1689 art. 50: what a trained algorithm made is told, and decided on."""
    if s.facts.digital_source in {DigitalSource.AI_GENERATED, DigitalSource.AI_COMPOSITE}:
        yield AI_GENERATED.finding()
        yield AI_DISCLOSE.finding()


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
