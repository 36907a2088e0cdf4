"""Copyright: permission, its reach, the credit, the terms of protection, links, file metadata."""

from dataclasses import replace
from datetime import date
from typing import Any

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
    make_grant,
    make_permission,
    make_refusal,
    said,
    use,
)

from photoreg.rulebook.facts import (
    LICENSED_BASES,
    OPEN_ENDED,
    AgeGroup,
    Answer,
    AnswerState,
    Basis,
    Channel,
    Commissioner,
    ConsentKind,
    Credit,
    DepictedWork,
    DigitalSource,
    FileRights,
    LicenceTerm,
    Mode,
    PermissionFacts,
    Photographer,
    Purpose,
)
from photoreg.rulebook.policy import ClosedGroup, Policy
from photoreg.rulebook.verdict import evaluate

_LICENSED = (
    "photographer_permission",
    "staff_agreement",
    "transferred",
    "licence_cc",
    "stock",
)
_NOT_UPLOADS = (Mode.LINK, Mode.EMBED, Mode.SHARE)
_NARROW = make_grant(channels=frozenset({"website"}), purposes=frozenset({"information"}))
_ENDED = make_grant(valid_until=DAY_BEFORE)
_OWN_SCOPE = Policy(closed_group=ClosedGroup.OWN_SCOPE)


def _holding(answer: Answer) -> tuple[PermissionFacts, ...]:
    return (PermissionFacts("H-9", answer),)


def _but_not(*channels: str) -> Answer:
    """Return a yes of which these channels were taken back since."""
    return said(make_grant(), make_refusal(channels=frozenset(channels)))


_PERMISSION = [
    *(
        case(f"upload with basis {basis}", "CR_NO_PERMISSION", "CR_NO_PERMISSION", photo)
        for basis in (Basis.NONE, Basis.WEB_FOUND, Basis.KNOWN_UNLAWFUL)
        for photo in [facts(basis=basis, permissions=())]
    ),
    *(
        case(
            f"{basis} with a word that is {state}",
            "CR_NO_PERMISSION",
            "CR_NO_PERMISSION",
            facts(basis=Basis(basis), permissions=_holding(answer_in_state(state))),
        )
        for basis in _LICENSED
        for state in (AnswerState.REFUSED, AnswerState.NONE, AnswerState.PENDING, None)
    ),
    *(
        case(f"{basis} with a permission", "CR_NO_PERMISSION", "", facts(basis=Basis(basis)))
        for basis in _LICENSED
    ),
    case(
        "refused, though an older grant of narrow reach has ended",
        "CR_NO_PERMISSION",
        "CR_NO_PERMISSION",
        facts(permissions=_holding(said(_NARROW, _ENDED, make_refusal(kind=ConsentKind.REFUSED)))),
    ),
    case("no holder asked", "CR_NO_PERMISSION", "CR_NO_PERMISSION", facts(permissions=())),
    case(
        "an embed of a photo whose photographer refused",
        "CR_NO_PERMISSION",
        "CR_NO_PERMISSION",
        facts(permissions=_holding(answer_in_state(AnswerState.REFUSED))),
        to=use(mode=Mode.EMBED),
    ),
    case(
        "the second of two photographers has not answered",
        "CR_NO_PERMISSION",
        "CR_NO_PERMISSION",
        facts(
            permissions=(
                make_permission(),
                PermissionFacts("H-10", answer_in_state(AnswerState.PENDING)),
            ),
        ),
    ),
    case(
        "both photographers permit",
        "CR_NO_PERMISSION",
        "",
        facts(permissions=(make_permission(), make_permission(holder="H-10"))),
    ),
    case(
        "two photographers lack different things",
        "CR_PERMISSION_EXPIRED",
        "CR_PERMISSION_EXPIRED CR_PERMISSION_REVOKED",
        facts(
            permissions=(
                make_permission(_ENDED),
                PermissionFacts("H-10", answer_in_state(AnswerState.WITHDRAWN)),
            ),
        ),
    ),
    case(
        "revoked",
        "CR_PERMISSION_REVOKED",
        "CR_PERMISSION_REVOKED",
        facts(permissions=_holding(answer_in_state(AnswerState.WITHDRAWN))),
    ),
    case(
        "revoked, whatever the reach and end of what was granted",
        "CR_PERMISSION_REVOKED",
        "CR_PERMISSION_REVOKED",
        facts(permissions=_holding(said(_NARROW, _ENDED, make_refusal()))),
    ),
    case(
        "pending is not revoked",
        "CR_PERMISSION_REVOKED",
        "CR_NO_PERMISSION",
        facts(permissions=_holding(answer_in_state(AnswerState.PENDING))),
    ),
    case(
        "ended the day before",
        "CR_PERMISSION_EXPIRED",
        "CR_PERMISSION_EXPIRED",
        facts(permissions=(make_permission(_ENDED),)),
    ),
    case(
        "ended and narrow: the reach is not reported",
        "CR_PERMISSION_EXPIRED",
        "CR_PERMISSION_EXPIRED",
        facts(permissions=(make_permission(channels=frozenset(), valid_until=DAY_BEFORE),)),
    ),
    case(
        "ends on the day",
        "CR_PERMISSION_EXPIRED",
        "",
        facts(permissions=(make_permission(valid_until=DAY),)),
    ),
    case(
        "no end date",
        "CR_PERMISSION_EXPIRED",
        "",
        facts(permissions=(make_permission(valid_until=OPEN_ENDED),)),
    ),
    case(
        "of an ended and a running grant the running one counts",
        "CR_PERMISSION_EXPIRED",
        "",
        facts(permissions=(make_permission(_ENDED, make_grant()),)),
    ),
    case(
        "claimed, nothing to show",
        "CR_PERMISSION_UNDOCUMENTED",
        "CR_PERMISSION_UNDOCUMENTED",
        facts(permissions=(make_permission(documented=False),)),
    ),
    case(
        "claimed, nobody has said whether there is evidence",
        "CR_PERMISSION_UNDOCUMENTED",
        "CR_PERMISSION_UNDOCUMENTED",
        facts(permissions=(make_permission(documented=None),)),
    ),
    case(
        "claimed and narrow: the reach is not reported",
        "CR_PERMISSION_UNDOCUMENTED",
        "CR_PERMISSION_UNDOCUMENTED",
        facts(permissions=(make_permission(channels=frozenset(), documented=False),)),
    ),
    case(
        "documented beside an undocumented one",
        "CR_PERMISSION_UNDOCUMENTED",
        "",
        facts(permissions=(make_permission(make_grant(documented=False), make_grant()),)),
    ),
    case(
        "claimed beside one that has ended: the claim is the better one",
        "CR_PERMISSION_UNDOCUMENTED",
        "CR_PERMISSION_UNDOCUMENTED",
        facts(permissions=(make_permission(_ENDED, make_grant(documented=False)),)),
    ),
]

_REACH = [
    case(
        "website only, for the public page",
        "CR_SCOPE_CHANNEL",
        "CR_SCOPE_CHANNEL",
        facts(permissions=(make_permission(channels=frozenset({"website"})),)),
    ),
    case(
        "website, for the website",
        "CR_SCOPE_CHANNEL",
        "",
        facts(permissions=(make_permission(channels=frozenset({"website"})),)),
        to=use(Channel.WEBSITE),
    ),
    case(
        "public page, for the website",
        "CR_SCOPE_CHANNEL",
        "CR_SCOPE_CHANNEL",
        facts(permissions=(make_permission(),)),
        to=use(Channel.WEBSITE),
    ),
    case(
        "closed group, for which the public page is needed",
        "CR_SCOPE_CHANNEL",
        "CR_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        facts(permissions=(make_permission(channels=frozenset({"closed_group"})),)),
        to=use(Channel.CLOSED_GROUP),
    ),
    case(
        "public page, for a closed group",
        "CR_SCOPE_CHANNEL",
        "NT_TREAT_AS_PUBLIC",
        facts(permissions=(make_permission(),)),
        to=use(Channel.CLOSED_GROUP),
    ),
    case(
        "closed group with its own scope",
        "CR_SCOPE_CHANNEL",
        "NT_TREAT_AS_PUBLIC",
        facts(permissions=(make_permission(channels=frozenset({"closed_group"})),)),
        to=use(Channel.CLOSED_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "public page, for a closed group with its own scope",
        "CR_SCOPE_CHANNEL",
        "CR_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        facts(permissions=(make_permission(),)),
        to=use(Channel.CLOSED_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "a closed work group has no scope of its own",
        "CR_SCOPE_CHANNEL",
        "CR_SCOPE_CHANNEL CH_CLOSED_WORK_GROUP NT_TREAT_AS_PUBLIC",
        facts(permissions=(make_permission(channels=frozenset({"closed_work_group"})),)),
        to=use(Channel.CLOSED_WORK_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "one named page, for that page",
        "CR_SCOPE_CHANNEL",
        "",
        facts(permissions=(make_permission(channels=frozenset({"kunta-fb"})),)),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "one named page, for another page",
        "CR_SCOPE_CHANNEL",
        "CR_SCOPE_CHANNEL",
        facts(permissions=(make_permission(channels=frozenset({"kunta-fb"})),)),
        to=use(channel_name="kirjasto-fb"),
    ),
    case(
        "a kind, for a named page of that kind",
        "CR_SCOPE_CHANNEL",
        "",
        facts(permissions=(make_permission(),)),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "one named page taken back",
        "CR_PERMISSION_REVOKED",
        "CR_PERMISSION_REVOKED",
        facts(permissions=_holding(_but_not("kunta-fb"))),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "another page taken back",
        "CR_PERMISSION_REVOKED",
        "",
        facts(permissions=_holding(_but_not("kunta-fb"))),
        to=use(channel_name="kirjasto-fb"),
    ),
    case(
        "information only, for marketing",
        "CR_SCOPE_PURPOSE",
        "CR_SCOPE_PURPOSE",
        facts(permissions=(make_permission(purposes=frozenset({"information"})),)),
        to=use(purpose=Purpose.MARKETING),
    ),
    case(
        "marketing, for marketing",
        "CR_SCOPE_PURPOSE",
        "",
        facts(permissions=(make_permission(purposes=frozenset({"marketing"})),)),
        to=use(purpose=Purpose.MARKETING),
    ),
    case(
        "every purpose, for marketing",
        "CR_SCOPE_PURPOSE",
        "",
        to=use(purpose=Purpose.MARKETING),
    ),
    case(
        "neither the channel nor the purpose",
        "CR_SCOPE_PURPOSE",
        "CR_SCOPE_CHANNEL CR_SCOPE_PURPOSE",
        facts(permissions=(make_permission(_NARROW),)),
        to=use(purpose=Purpose.MARKETING),
    ),
    case(
        "of two grants the one that reaches further counts",
        "CR_SCOPE_PURPOSE",
        "CR_SCOPE_CHANNEL",
        facts(
            permissions=(
                make_permission(_NARROW, make_grant(channels=frozenset({"print"}))),
                make_permission(holder="H-10"),
            ),
        ),
        to=use(purpose=Purpose.MARKETING),
    ),
    case(
        "ended, refused or claimed grants have no reach to report",
        "CR_SCOPE_PURPOSE",
        "CR_PERMISSION_EXPIRED",
        facts(permissions=(make_permission(purposes=frozenset(), valid_until=DAY_BEFORE),)),
    ),
]

_AUTHOR = [
    case(
        "upload",
        "CR_PHOTOGRAPHER_UNKNOWN",
        "CR_PHOTOGRAPHER_UNKNOWN",
        facts(photographer=Photographer.UNKNOWN),
    ),
    case(
        "upload of a picture found on the web",
        "CR_PHOTOGRAPHER_UNKNOWN",
        "CR_PHOTOGRAPHER_UNKNOWN CR_NO_PERMISSION",
        facts(photographer=Photographer.UNKNOWN, basis=Basis.WEB_FOUND),
    ),
    case(
        "upload of a staff photo without agreement",
        "CR_PHOTOGRAPHER_UNKNOWN",
        "CR_PHOTOGRAPHER_UNKNOWN CR_EMPLOYEE_NO_AGREEMENT",
        facts(photographer=Photographer.UNKNOWN, basis=Basis.STAFF_NO_AGREEMENT),
    ),
    case(
        "stock",
        "CR_PHOTOGRAPHER_UNKNOWN",
        "",
        facts(photographer=Photographer.UNKNOWN, basis=Basis.STOCK),
    ),
    case(
        "public domain: the photographer may be unknown, but then so is the term",
        "CR_PHOTOGRAPHER_UNKNOWN",
        "CR_TERM_UNCERTAIN",
        facts(photographer=Photographer.UNKNOWN, basis=Basis.PUBLIC_DOMAIN, taken_year=1900),
    ),
    *(
        case(
            f"{mode}",
            "CR_PHOTOGRAPHER_UNKNOWN",
            "",
            facts(photographer=Photographer.UNKNOWN),
            to=use(mode=mode),
        )
        for mode in _NOT_UPLOADS
    ),
    *(
        case(
            f"{basis}, credit {credit}",
            "CR_CREDIT_MISSING",
            "CR_CREDIT_MISSING",
            facts(basis=Basis(basis), credit=credit),
        )
        for basis in _LICENSED
        for credit in (Credit.MISSING, None)
    ),
    case(
        "staff photo without agreement",
        "CR_CREDIT_MISSING",
        "CR_CREDIT_MISSING CR_EMPLOYEE_NO_AGREEMENT",
        facts(basis=Basis.STAFF_NO_AGREEMENT, credit=Credit.MISSING),
    ),
    case("waived", "CR_CREDIT_MISSING", "", facts(credit=Credit.WAIVED)),
    case(
        "embedded",
        "CR_CREDIT_MISSING",
        "",
        facts(credit=Credit.MISSING),
        to=use(mode=Mode.EMBED),
    ),
    case(
        "public domain",
        "CR_CREDIT_MISSING",
        "",
        facts(
            basis=Basis.PUBLIC_DOMAIN,
            credit=Credit.MISSING,
            taken_year=1931,
            photographer_died_year=1950,
        ),
    ),
    case(
        "without permission there is nothing to credit",
        "CR_CREDIT_MISSING",
        "CR_NO_PERMISSION",
        facts(basis=Basis.NONE, credit=Credit.MISSING),
    ),
    *(
        case(
            f"{basis}",
            "CR_COMMISSIONER_CONSENT_MISSING",
            "CR_COMMISSIONER_CONSENT_MISSING",
            facts(basis=Basis(basis), commissioner=Commissioner.NOT_CONSENTED),
        )
        for basis in _LICENSED
    ),
    case(
        "agreed",
        "CR_COMMISSIONER_CONSENT_MISSING",
        "",
        facts(commissioner=Commissioner.CONSENTED),
    ),
    case(
        "not a licensed basis",
        "CR_COMMISSIONER_CONSENT_MISSING",
        "CR_EMPLOYEE_NO_AGREEMENT",
        facts(basis=Basis.STAFF_NO_AGREEMENT, commissioner=Commissioner.NOT_CONSENTED),
    ),
    case(
        "staff photo, nothing agreed",
        "CR_EMPLOYEE_NO_AGREEMENT",
        "CR_EMPLOYEE_NO_AGREEMENT",
        facts(basis=Basis.STAFF_NO_AGREEMENT, permissions=()),
    ),
    case("staff photo, agreed", "CR_EMPLOYEE_NO_AGREEMENT", ""),
]

_TERMS = [
    case(
        f"taken {taken}, died {died}, used in 2026",
        about,
        codes,
        facts(
            basis=Basis.PUBLIC_DOMAIN,
            permissions=(),
            taken_year=taken,
            photographer_died_year=died,
        ),
    )
    for about, codes, taken, died in (
        ("CR_TERM_RUNNING", "CR_TERM_RUNNING", 1976, 1950),
        ("CR_TERM_RUNNING", "CR_TERM_RUNNING", 1976, None),
        ("CR_TERM_RUNNING", "CR_TERM_RUNNING", 2020, 1956),
        ("CR_TERM_RUNNING", "", 1975, 1955),
        ("CR_TERM_UNCERTAIN", "CR_TERM_UNCERTAIN", 1975, 1956),
        ("CR_TERM_UNCERTAIN", "CR_TERM_UNCERTAIN", 1931, None),
        ("CR_TERM_UNCERTAIN", "CR_TERM_UNCERTAIN", None, 1950),
        ("CR_TERM_UNCERTAIN", "CR_TERM_RUNNING", 1990, 2000),
        ("CR_TERM_UNCERTAIN", "", 1931, 1955),
    )
]
_TERMS.append(
    case(
        "nobody claims public domain",
        "CR_TERM_RUNNING",
        "",
        facts(taken_year=2025, photographer_died_year=None),
    )
)

_LINKS = [
    *(
        case(
            f"{mode} of an unlawful source",
            "CU_SOURCE_UNLAWFUL",
            "CU_SOURCE_UNLAWFUL",
            facts(basis=Basis.KNOWN_UNLAWFUL),
            to=use(mode=mode),
        )
        for mode in _NOT_UPLOADS
    ),
    case(
        "an upload of it",
        "CU_SOURCE_UNLAWFUL",
        "CR_NO_PERMISSION",
        facts(basis=Basis.KNOWN_UNLAWFUL),
    ),
    *(
        case(
            f"{mode} with basis {basis}",
            "CU_LINK_EMBED_SHARE",
            "CU_LINK_EMBED_SHARE",
            facts(basis=basis, permissions=()),
            to=use(mode=mode),
        )
        for mode in _NOT_UPLOADS
        for basis in (Basis.NONE, Basis.WEB_FOUND)
    ),
    *(
        case(
            f"{mode} with a permission",
            "CU_LINK_EMBED_SHARE",
            "",
            facts(basis=Basis.PHOTOGRAPHER_PERMISSION),
            to=use(mode=mode),
        )
        for mode in _NOT_UPLOADS
    ),
    case("an upload", "CU_LINK_EMBED_SHARE", "CR_NO_PERMISSION", facts(basis=Basis.WEB_FOUND)),
    *(
        case(f"{rights}", about, codes, facts(file_rights=rights))
        for about, codes, rights in (
            ("MD_RIGHTS_INFO_REMOVED", "MD_RIGHTS_INFO_REMOVED", FileRights.REMOVED),
            ("MD_RIGHTS_INFO_REMOVED", "", FileRights.NONE),
            ("MD_ARTIST_CONFLICT", "MD_ARTIST_CONFLICT", FileRights.CONFLICTS),
            ("MD_ARTIST_CONFLICT", "", FileRights.MATCHES),
        )
    ),
]

_CC = Basis.LICENCE_CC
_NC, _ND = LicenceTerm.NON_COMMERCIAL, LicenceTerm.NO_DERIVATIVES
_EVERYWHERE = (make_permission(channels=frozenset(Channel), valid_until=OPEN_ENDED),)
_PRESS = use(Channel.PRESS, is_own=False)
_MARKETING = use(purpose=Purpose.MARKETING)

_LICENCES = [
    case(
        name,
        "CR_LICENCE_TERMS",
        codes,
        facts(basis=basis, licence_terms=frozenset(terms), version_changed=changed),
        to=to,
    )
    for name, codes, basis, terms, changed, to in (
        ("NC for marketing", "CR_LICENCE_TERMS", _CC, {_NC}, False, _MARKETING),
        ("NC for the press", "CR_LICENCE_TERMS", _CC, {_NC}, False, _PRESS),
        ("NC for information", "", _CC, {_NC}, True, use()),
        ("ND for a changed version", "CR_LICENCE_TERMS", _CC, {_ND}, True, use()),
        ("ND for the whole photo", "", _CC, {_ND}, False, _MARKETING),
        ("BY and SA exclude nothing", "", _CC, {"by", "sa"}, True, _MARKETING),
        ("without terms", "", _CC, (), True, _PRESS),
        ("NC and ND of another basis", "", Basis.STOCK, {_NC, _ND}, True, _MARKETING),
    )
]
_LICENCES += [
    case(
        f"whatever the state of the permission: {state}",
        "CR_LICENCE_TERMS",
        f"CR_LICENCE_TERMS {code}",
        facts(basis=_CC, licence_terms=frozenset({_ND}), version_changed=True, permissions=given),
    )
    for state, code, given in (
        ("refused", "CR_NO_PERMISSION", _holding(answer_in_state(AnswerState.REFUSED))),
        ("ended", "CR_PERMISSION_EXPIRED", (make_permission(_ENDED),)),
        ("claimed", "CR_PERMISSION_UNDOCUMENTED", (make_permission(documented=False),)),
    )
]
_LICENCES += [
    case(
        f"{mode}",
        "CR_LICENCE_TERMS",
        "CR_LICENCE_TERMS",
        facts(basis=_CC, licence_terms=frozenset({_ND}), version_changed=True),
        to=use(mode=mode),
    )
    for mode in Mode
]

_BY_LICENCE = replace(make_grant(), licence_terms=frozenset({_NC}))
_LICENCES += [
    case(
        f"two yeses: {name}",
        "CR_LICENCE_TERMS",
        codes,
        facts(permissions=(PermissionFacts("H-9", said(*yeses)),)),
        to=_MARKETING,
    )
    for name, codes, yeses in (
        ("only the licence covers the use", "CR_LICENCE_TERMS", [_BY_LICENCE]),
        ("a permission covers it too", "", [_BY_LICENCE, make_grant()]),
        (
            "a permission beside it is for print",
            "CR_LICENCE_TERMS",
            [_BY_LICENCE, make_grant(channels=frozenset({"print"}))],
        ),
    )
]

_CONTRADICTED = [
    case(
        f"{basis}, taken 1931, the file says {year}, {mode} in 2026",
        "CR_TERM_CONTRADICTED",
        codes,
        facts(
            basis=basis,
            taken_year=1931,
            photographer_died_year=1950,
            file_taken_year=year,
        ),
        to=use(mode=mode),
    )
    for codes, basis, year, mode in (
        ("CR_TERM_CONTRADICTED", Basis.PUBLIC_DOMAIN, 2026, Mode.UPLOAD),
        ("CR_TERM_CONTRADICTED", Basis.PUBLIC_DOMAIN, 1976, Mode.UPLOAD),
        ("CR_TERM_CONTRADICTED", Basis.PUBLIC_DOMAIN, 1976, Mode.LINK),
        ("", Basis.PUBLIC_DOMAIN, 1975, Mode.UPLOAD),
        ("", Basis.PUBLIC_DOMAIN, None, Mode.UPLOAD),  # a scan, or no date
        ("", Basis.STAFF_AGREEMENT, 2026, Mode.UPLOAD),
    )
]
_CONTRADICTED.append(
    case(
        "the stated year is within the term as well",
        "CR_TERM_CONTRADICTED",
        "CR_TERM_CONTRADICTED CR_TERM_RUNNING",
        facts(basis=Basis.PUBLIC_DOMAIN, taken_year=2020, file_taken_year=2020),
    )
)

_AGREES, _SILENT = granted(), answer_in_state(AnswerState.PENDING)
_REFUSES, _TOOK_BACK = answer_in_state(AnswerState.REFUSED), said(make_grant(), make_refusal())
_AT_17, _AT_18 = date(2008, 1, 16), date(2008, 1, 15)
"""Born so that the ordinary grant of 15 January 2026 was given at this age."""


def _given_by(born: date | None, *guardians: Answer, **changes: Any) -> PermissionFacts:
    given = PermissionFacts("H-9", granted(), born=born, guardians=guardians)
    return replace(given, **changes)


_MINOR_GROUP: dict[str, Any] = {"age_group": AgeGroup.MINOR}
_ADULT_GROUP: dict[str, Any] = {"age_group": AgeGroup.ADULT}
_YOUNG = [
    case(name, about, codes, facts(basis=basis, permissions=(given,)))
    for basis in [Basis.PHOTOGRAPHER_PERMISSION]
    for name, about, codes, given in (
        ("17", "CR_MINOR_PHOTOGRAPHER", "CR_MINOR_PHOTOGRAPHER", _given_by(_AT_17)),
        ("18 on the day", "CR_MINOR_PHOTOGRAPHER", "", _given_by(_AT_18)),
        ("of unknown age", "CR_MINOR_PHOTOGRAPHER", "", _given_by(None)),
        (
            "an adult now, on a day that nobody has stated",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_MINOR_PHOTOGRAPHER",
            _given_by(date(1980, 5, 1), answer=granted(day=None)),
        ),
        (
            "stated to be a minor",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_MINOR_PHOTOGRAPHER",
            _given_by(None, **_MINOR_GROUP),
        ),
        ("stated to be an adult", "CR_MINOR_PHOTOGRAPHER", "", _given_by(None, **_ADULT_GROUP)),
        (
            "17, and nothing documents the permission",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_MINOR_PHOTOGRAPHER CR_PERMISSION_UNDOCUMENTED",
            _given_by(_AT_17, answer=granted(documented=False)),
        ),
        (
            "17, and the permission has ended",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_MINOR_PHOTOGRAPHER CR_PERMISSION_EXPIRED",
            _given_by(_AT_17, answer=granted(valid_until=DAY_BEFORE)),
        ),
        (
            "17, and refused",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_NO_PERMISSION",
            _given_by(_AT_17, answer=_REFUSES),
        ),
        (
            "17, and never answered",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_NO_PERMISSION",
            _given_by(_AT_17, answer=_SILENT),
        ),
        (
            "confirmed as an adult since",
            "CR_MINOR_PHOTOGRAPHER",
            "",
            _given_by(_AT_17, answer=granted(make_grant(), make_grant(day=date(2026, 1, 16)))),
        ),
        (
            "as an adult only another channel was confirmed",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_MINOR_PHOTOGRAPHER",
            _given_by(
                _AT_17,
                answer=granted(
                    make_grant(),
                    make_grant(day=date(2026, 1, 16), channels=frozenset({"print"})),
                ),
            ),
        ),
        ("17, a guardian agrees", "CR_MINOR_PHOTOGRAPHER", "", _given_by(_AT_17, _AGREES)),
        (
            "17, one guardian agrees, one has not answered",
            "CR_MINOR_PHOTOGRAPHER",
            "",
            _given_by(_AT_17, _SILENT, _AGREES),
        ),
        (
            "17, no guardian has answered",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_MINOR_PHOTOGRAPHER",
            _given_by(_AT_17, _SILENT),
        ),
        (
            "17, a guardian agrees to another channel",
            "CR_MINOR_PHOTOGRAPHER",
            "CR_MINOR_PHOTOGRAPHER",
            _given_by(_AT_17, granted(channels=frozenset({"print"}))),
        ),
        *(
            (
                f"17, one guardian agrees, one {name}",
                "CR_NO_PERMISSION",
                "CR_NO_PERMISSION",
                _given_by(_AT_17, _AGREES, no),
            )
            for name, no in (("refuses", _REFUSES), ("took it back", _TOOK_BACK))
        ),
        (
            "17, a guardian refuses another channel",
            "CR_NO_PERMISSION",
            "",
            _given_by(
                _AT_17, _AGREES, said(make_grant(), make_refusal(channels=frozenset({"print"})))
            ),
        ),
        (
            "confirmed as an adult since: a guardian's no of once does not matter",
            "CR_NO_PERMISSION",
            "",
            _given_by(
                _AT_17,
                _REFUSES,
                answer=granted(make_grant(), make_grant(day=date(2026, 1, 16))),
            ),
        ),
    )
]
_YOUNG += [
    case(
        name,
        "CR_MINOR_PHOTOGRAPHER",
        codes,
        facts(basis=Basis.STAFF_AGREEMENT, permissions=(given,)),
    )
    for name, codes, given in (
        ("15, employed", "", _given_by(date(2011, 1, 15))),
        ("14, employed", "CR_MINOR_PHOTOGRAPHER", _given_by(date(2011, 1, 16))),
        ("of stated minority, employed", "CR_MINOR_PHOTOGRAPHER", _given_by(None, **_MINOR_GROUP)),
    )
]
_YOUNG += [
    case(
        "a policy of another age",
        "CR_MINOR_PHOTOGRAPHER",
        "",
        facts(basis=Basis.PHOTOGRAPHER_PERMISSION, permissions=(_given_by(_AT_17),)),
        policy=Policy(child_age=17),
    ),
    case(
        "a guardian's agreement does not grow too old",
        "CR_MINOR_PHOTOGRAPHER",
        "",
        facts(
            basis=Basis.PHOTOGRAPHER_PERMISSION,
            permissions=(_given_by(_AT_17, granted(day=date(2020, 1, 15))),),
        ),
        policy=Policy(max_consent_age_months=12),
    ),
    case(
        "an old yes of a minor, confirmed as an adult by what nothing documents",
        "CR_MINOR_PHOTOGRAPHER",
        "CR_MINOR_PHOTOGRAPHER",
        facts(
            basis=Basis.PHOTOGRAPHER_PERMISSION,
            permissions=(
                _given_by(
                    date(2005, 1, 1),
                    answer=granted(make_grant(day=date(2020, 1, 15)), make_grant(documented=False)),
                ),
            ),
        ),
        policy=Policy(max_consent_age_months=12),
    ),
    case(
        "the second of two photographers",
        "CR_MINOR_PHOTOGRAPHER",
        "CR_MINOR_PHOTOGRAPHER",
        facts(
            basis=Basis.PHOTOGRAPHER_PERMISSION,
            permissions=(make_permission(), _given_by(_AT_17, holder="H-10")),
        ),
    ),
    case(
        "public domain asks nobody",
        "CR_MINOR_PHOTOGRAPHER",
        "",
        facts(
            basis=Basis.PUBLIC_DOMAIN,
            taken_year=1931,
            photographer_died_year=1950,
            permissions=(_given_by(_AT_17),),
        ),
    ),
    case(
        "an heir holds the right, and permits",
        "CR_NO_PERMISSION",
        "",
        facts(
            basis=Basis.PHOTOGRAPHER_PERMISSION,
            permissions=(make_permission(holder="H-10"),),
        ),
    ),
    case(
        "an heir holds the right, and has not answered",
        "CR_NO_PERMISSION",
        "CR_NO_PERMISSION",
        facts(
            basis=Basis.PHOTOGRAPHER_PERMISSION,
            permissions=(PermissionFacts("H-10", _SILENT),),
        ),
    ),
]

_WORKS = [
    case(
        f"{work or 'nobody has said'}, {mode}, {purpose}",
        "CR_DEPICTED_WORK",
        codes,
        facts(depicted_work=work, permissions=_EVERYWHERE),
        to=use(mode=mode, purpose=purpose),
    )
    for codes, work, mode, purpose in (
        ("CR_DEPICTED_WORK", DepictedWork.MAIN_SUBJECT, Mode.UPLOAD, Purpose.INFORMATION),
        ("CR_DEPICTED_WORK", DepictedWork.MAIN_SUBJECT, Mode.EMBED, Purpose.INFORMATION),
        ("CR_DEPICTED_WORK", DepictedWork.MAIN_SUBJECT, Mode.SHARE, Purpose.MARKETING),
        ("", DepictedWork.MAIN_SUBJECT, Mode.LINK, Purpose.INFORMATION),
        ("", DepictedWork.MAIN_SUBJECT_PERMANENT_PUBLIC, Mode.UPLOAD, Purpose.INFORMATION),
        (
            "CR_DEPICTED_WORK",
            DepictedWork.MAIN_SUBJECT_PERMANENT_PUBLIC,
            Mode.UPLOAD,
            Purpose.MARKETING,
        ),
        ("", DepictedWork.PERMITTED, Mode.UPLOAD, Purpose.MARKETING),
        ("", DepictedWork.NONE, Mode.UPLOAD, Purpose.MARKETING),
        ("", None, Mode.UPLOAD, Purpose.MARKETING),
    )
]

_AI = "MD_AI_GENERATED NT_AI_DISCLOSE"
_ALGORITHMS = [
    case(
        f"{source}, {mode}",
        about,
        codes,
        facts(digital_source=source),
        to=use(mode=mode),
    )
    for about in _AI.split()
    for mode in Mode
    for codes, source in (
        (_AI, DigitalSource.AI_GENERATED),
        (_AI, DigitalSource.AI_COMPOSITE),
        ("", DigitalSource.CAMERA),
        ("", None),
    )
]
_ALGORITHMS += [
    case(
        f"{source}: {name}",
        "MD_AI_GENERATED",
        f"{_AI} {codes}",
        facts(**{"basis": Basis.STOCK, **changes, "digital_source": source}),
    )
    for source, name, codes, changes in (
        (DigitalSource.AI_GENERATED, "no photographer is asked", "", {"photographer": None}),
        (
            DigitalSource.AI_GENERATED,
            "an unknown photographer does not matter",
            "",
            {"photographer": Photographer.UNKNOWN, "basis": Basis.STAFF_AGREEMENT},
        ),
        (DigitalSource.AI_GENERATED, "no credit is asked", "", {"credit": None}),
        (
            DigitalSource.AI_GENERATED,
            "the service's terms are",
            "CR_NO_PERMISSION",
            {"permissions": ()},
        ),
        (
            DigitalSource.AI_GENERATED,
            "its basis is asked",
            "RG_INCOMPLETE",
            {"basis": None},
        ),
        (
            DigitalSource.AI_COMPOSITE,
            "the photographer is asked",
            "RG_INCOMPLETE",
            {"photographer": None},
        ),
        (
            DigitalSource.AI_COMPOSITE,
            "an unknown photographer matters",
            "CR_PHOTOGRAPHER_UNKNOWN",
            {"photographer": Photographer.UNKNOWN, "basis": Basis.STAFF_AGREEMENT},
        ),
        (
            DigitalSource.AI_COMPOSITE,
            "the credit is asked",
            "CR_CREDIT_MISSING",
            {"credit": None},
        ),
    )
]
_ALGORITHMS.append(
    case(
        "whatever the day",
        "NT_AI_DISCLOSE",
        _AI,
        facts(
            digital_source=DigitalSource.AI_GENERATED,
            permissions=(make_permission(day=date(2020, 1, 1)),),
        ),
        to=use(day=date(2024, 1, 1)),
    )
)

CASES = [
    *(*_PERMISSION, *_REACH, *_AUTHOR, *_TERMS, *_LINKS),
    *(*_LICENCES, *_CONTRADICTED, *_YOUNG, *_WORKS, *_ALGORITHMS),
]


@pytest.mark.parametrize("given", CASES)
def test_copyright_codes_are_complete(given: Case) -> None:
    assert codes_of(given.verdict) == given.codes
    assert given.verdict.outcome is given.outcome


def test_licensed_bases_are_those_of_the_rulebook() -> None:
    assert set(LICENSED_BASES) == set(_LICENSED)


def test_each_finding_about_a_permission_names_its_holder() -> None:
    photo = facts(
        permissions=(
            make_permission(_ENDED),
            PermissionFacts("H-10", answer_in_state(AnswerState.PENDING)),
            PermissionFacts("H-11", granted(channels=frozenset())),
        ),
    )
    found = {(f.code, f.person) for f in evaluate(photo, use(), Policy()).findings}
    assert found == {
        ("CR_PERMISSION_EXPIRED", "H-9"),
        ("CR_NO_PERMISSION", "H-10"),
        ("CR_SCOPE_CHANNEL", "H-11"),
    }


_NO_TO_PAGE = make_refusal(channels=frozenset({"kunta"}))


@pytest.mark.parametrize(
    ("given", "code", "asks"),
    [
        (PermissionFacts("H-9", _SILENT), "CR_NO_PERMISSION", ("H-9",)),
        (make_permission(_ENDED), "CR_PERMISSION_EXPIRED", ("H-9",)),
        (PermissionFacts("H-9", _REFUSES), "CR_NO_PERMISSION", ()),
        (PermissionFacts("H-9", _TOOK_BACK), "CR_PERMISSION_REVOKED", ()),
        (
            PermissionFacts("H-9", said(_NO_TO_PAGE, make_grant(day=DAY))),
            "CR_PERMISSION_REVOKED",
            ("H-9",),
        ),
        (_given_by(_AT_17, _REFUSES), "CR_NO_PERMISSION", ()),
    ],
    ids=["silent", "ended", "refused", "took back", "a wider yes since", "a guardian refuses"],
)
def test_holder_is_asked_unless_a_yes_of_theirs_would_not_help(
    given: PermissionFacts, code: str, asks: tuple[str, ...]
) -> None:
    photo = facts(basis=Basis.PHOTOGRAPHER_PERMISSION, permissions=(given,))
    (finding,) = evaluate(photo, use(channel_name="kunta"), Policy()).findings
    assert (finding.code, finding.person, finding.ask) == (code, "H-9", asks)


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        (PermissionFacts("H-9", said(_BY_LICENCE)), ("H-9",)),
        (PermissionFacts("H-9", _REFUSES), ()),
        (_given_by(_AT_17, _REFUSES, answer=said(_BY_LICENCE)), ()),
        (PermissionFacts("", said(_BY_LICENCE)), ()),
    ],
    ids=["by licence", "refused", "a guardian refused", "unnamed"],
)
def test_holder_of_a_licence_that_excludes_the_use_is_asked_unless_they_refused(
    given: PermissionFacts, asks: tuple[str, ...]
) -> None:
    photo = facts(basis=_CC, licence_terms=frozenset({_NC}), permissions=(given,))
    found = evaluate(photo, _MARKETING, Policy()).findings
    terms = [(f.person, f.ask) for f in found if f.code == "CR_LICENCE_TERMS"]
    assert terms == [(given.holder or None, asks)]


def test_terms_of_a_licence_hold_however_old_it_is() -> None:
    old = replace(_BY_LICENCE, day=date(2020, 1, 15))
    photo = facts(permissions=(PermissionFacts("H-9", said(old)),))
    verdict = evaluate(photo, _MARKETING, Policy(max_consent_age_months=12))
    assert codes_of(verdict) == {"CR_LICENCE_TERMS"}


def test_missing_permission_of_an_unnamed_holder_concerns_the_photo_and_asks_nobody() -> None:
    (finding,) = evaluate(facts(permissions=()), use(), Policy()).findings
    assert (finding.person, finding.ask) == (None, ())


def test_two_grants_that_each_lack_something_make_no_permission_together() -> None:
    photo = facts(
        permissions=(
            make_permission(
                make_grant(channels=frozenset({"website"})),
                make_grant(purposes=frozenset({"marketing"})),
            ),
        ),
    )
    assert codes_of(evaluate(photo, use(), Policy())) & {"CR_SCOPE_CHANNEL", "CR_SCOPE_PURPOSE"}
