"""Whether a change took back statements that stood in the way: facts before against facts now.

The statements before are put back into the facts of now, and the verdicts compared: consents,
permissions, rulings and flags are the same on both sides. An open question that was answered takes
nothing back, so the first answer stands on both sides too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import product
from typing import Any

from photoreg.registry.facts.builder import terms_changed
from photoreg.registry.facts.uses import public_pages, use_of
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.second_looks import RecordAnswer
from photoreg.rulebook.facts import (
    LICENSED_BASES,
    AgeGroup,
    Basis,
    ChannelFacts,
    Credit,
    GuardianAnswer,
    Mode,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Purpose,
    Use,
    to_data,
)
from photoreg.rulebook.people import RECOGNISABLE_IN_GENERAL_VIEW, UNREGISTERED_PERSON
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.reasons import Family
from photoreg.rulebook.verdict import evaluate

_NOT_STATED = frozenset(
    {
        *("persons", "permissions", "terms_changed", "flagged", "objected", "erased"),
        *("second_look", "copy_differs", "version_changed", "picture_unread", "day_differs"),
        *("people_named", "faces_found", "file_taken_year"),
    }
)
"""The facts of a photo that are no statement about it, or are compared in another way."""

_STATED = tuple(f.name for f in fields(PhotoFacts) if f.name not in _NOT_STATED)
_STATED_OF_PERSON = tuple(
    f.name
    for f in fields(PersonFacts)
    if f.name not in {"person", "own", "guardians", "blocked", "born", "age_group"}
)
_STATED_OF_GUARDIANSHIP = ("first_day", "last_day", "decides_alone")
_Reason = tuple[str, str | None, str]
"""A reason that was found: its code, the person, and a detail."""

RECORD, SAME_PERSON = "record", "same_person"
"""What was taken back of a person that is no fact of a photo: it is not put back either."""

_UNANSWERED: tuple[object, ...] = (None, Credit.MISSING, frozenset())

_ABOUT_UNNAMED = (UNREGISTERED_PERSON, RECOGNISABLE_IN_GENERAL_VIEW)
"""The reasons that more people can be recognised than are named."""

_MISSING_CONSENT = {"PE_RECOGNISABLE_IN_GENERAL_VIEW", "PE_PUBLIC_ROLE", "MI_NOW_ADULT"}
_GAPS = {"CN_UNDOCUMENTED", "CN_EXPIRED", "CN_SCOPE_CHANNEL", "CN_SCOPE_PURPOSE"}
_LACKING_CONSENT = {"CN_REFUSED", "CN_WITHDRAWN", "CN_NO_CONSENT", *_GAPS, *_MISSING_CONSENT}
_INCLUDED = {
    "PE_UNREGISTERED_PERSON": {"PE_RECOGNISABLE_IN_GENERAL_VIEW"},
    "CN_NO_CONSENT": _MISSING_CONSENT,
    "MI_GUARDIAN_CONSENT_MISSING": _GAPS,
    **dict.fromkeys(("CN_REFUSED", "CN_WITHDRAWN"), _LACKING_CONSENT),
    "CR_NO_PERMISSION": {
        *("CR_PERMISSION_REVOKED", "CR_PERMISSION_EXPIRED", "CR_SCOPE_CHANNEL"),
        *("CR_SCOPE_PURPOSE", "CR_CREDIT_MISSING", "CR_COMMISSIONER_CONSENT_MISSING"),
        *("CR_PERMISSION_UNDOCUMENTED", "CR_EMPLOYEE_NO_AGREEMENT"),
    },
}
"""The milder reasons that a reason includes: a correction towards it makes nothing milder.

Whoever leaves it again asks for a second look then.
"""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Statements that stood in the way of a photo: what they were, and what stands now."""

    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The uses for which facts are compared: every channel and purpose on a day."""

    channels: tuple[ChannelRow, ...]
    day: date
    policy: Policy

    def taken_back(
        self, before: PhotoFacts, now: PhotoFacts, merged: Mapping[str, str]
    ) -> TakenBack | None:
        """Return what was taken back between these facts of a photo, or None.

        `merged` are the persons who were merged into another record, with that record.
        """
        stated = with_statements_of(before, now, merged)
        if stated == now:
            return None
        judged = now
        if before.place_permission is False and now.place_permission is None:
            # Whoever does not repeat a holder's no has taken it back.
            judged = replace(now, place_permission=True)
        if not _taken_out(stated, now) and not self.is_milder(judged, stated):
            return None
        if joined := _joined(before, merged):
            return joined
        was, is_now = self.described(stated), self.described(now)
        changed = {key for key in {**was, **is_now} if was.get(key) != is_now.get(key)}
        changed -= {key.replace(" age_group", " has_a_say") for key in changed if " age" in key}
        if not changed:
            return _undescribed(stated, now)
        return TakenBack(
            {key: was.get(key) for key in sorted(changed)},
            {key: is_now.get(key) for key in sorted(changed)},
        )

    def is_milder(self, facts: PhotoFacts, other: PhotoFacts) -> bool:
        """Return whether a reason of the other facts is gone or softer with these, for any use."""
        return any(
            _is_any_gone(self._reasons(other, use, channel), self._reasons(facts, use, channel))
            for channel, use in self._uses(other)
        )

    def _uses(self, facts: PhotoFacts) -> Iterator[tuple[ChannelRow, Use]]:
        # What holds for a link, an embedding or a share holds for an upload too, except one thing.
        modes = Mode if facts.basis is Basis.KNOWN_UNLAWFUL else (Mode.UPLOAD,)
        for channel, purpose, mode in product(self.channels, Purpose, modes):
            if mode is Mode.UPLOAD or channel.kind.is_online:
                yield channel, use_of(channel, self.day, mode, purpose, self._pages)

    @property
    def _pages(self) -> tuple[ChannelFacts, ...]:
        return public_pages(self.channels)

    def reasons_about_people(self, facts: PhotoFacts) -> set[tuple[str, Use]]:
        """Return the reasons about people, secrecy and sensitivity, for any use."""
        families = {Family.PEOPLE, Family.MINORS, Family.SECRECY}
        return {
            (finding.code, use)
            for _channel, use in self._uses(facts)
            for finding in evaluate(facts, use, self.policy).findings
            if finding.reason.family in families
        }

    def _reasons(self, facts: PhotoFacts, use: Use, channel: ChannelRow) -> set[_Reason]:
        changed = terms_changed(channel, facts.persons)
        facts = replace(facts, terms_changed=changed)
        found: set[_Reason] = set()
        for finding in evaluate(facts, use, self.policy).findings:
            person, details = finding.person, finding.detail or ("",)
            if person is not None:
                details = ("",)  # what mends it first makes a reason no other one
            elif finding.reason in _ABOUT_UNNAMED:
                # The fewer people are not named, the softer.
                details = tuple(map(str, range(_unnamed(facts))))
            found |= {(finding.code, person, detail) for detail in details}
        return found

    def described(self, facts: PhotoFacts) -> dict[str, Any]:
        """Return the statements in a photo's facts as codes and ids."""
        found: dict[str, Any] = {
            name: to_data(value)
            for name in _STATED
            if (value := getattr(facts, name)) not in _UNANSWERED
        }
        found["persons"] = sorted({person.person for person in facts.persons})
        found["photographers"] = sorted({given.holder for given in facts.permissions})
        for person in facts.persons:
            for name in _STATED_OF_PERSON:
                if (value := getattr(person, name)) not in _UNANSWERED:
                    found[f"{person.person} {name}"] = to_data(value)
            found[f"{person.person} age_group"] = self.age_group(person).value
            if (age := person.age_on(self.day)) is not None:
                found[f"{person.person} has_a_say"] = age >= self.policy.child_view_age
            found[f"{person.person} guardians"] = sorted({g.guardian for g in person.guardians})
            for guardian in person.guardians:
                about = f"{person.person} {guardian.guardian}"
                found |= {
                    f"{about} {name}": to_data(value)
                    for name in _STATED_OF_GUARDIANSHIP
                    if (value := getattr(guardian, name))
                }
        return found

    def age_group(self, person: PersonFacts) -> AgeGroup:
        """Return a person's age group on the day, by the birth date where it is recorded."""
        age = person.age_on(self.day)
        if age is None:
            return person.age_group or AgeGroup.UNKNOWN
        return AgeGroup.MINOR if age < self.policy.child_age else AgeGroup.ADULT


def involved(facts: PhotoFacts) -> set[str]:
    """Return whoever is shown, speaks for somebody shown, or holds rights, by id."""
    guardians = {each.guardian for person in facts.persons for each in person.guardians}
    holders = {given.holder for given in facts.permissions if given.holder}
    return {person.person for person in facts.persons} | guardians | holders


def _joined(before: PhotoFacts, merged: Mapping[str, str]) -> TakenBack | None:
    """Return that two records were said to be of one person, if so: all else follows from it."""
    others = sorted(person for person in involved(before) if merged.get(person, person) != person)
    if not others:
        return None
    name = f"{merged[others[0]]} {SAME_PERSON}"
    return TakenBack({name: None}, {name: others})


def _undescribed(stated: PhotoFacts, now: PhotoFacts) -> TakenBack:
    """Return that something was taken back that is not written down, such as a birth date."""
    current = {
        **{given.holder: given for given in now.permissions},
        **{person.person: person for person in now.persons},
    }
    recorded = [
        *((person.person, person) for person in stated.persons),
        *((given.holder, given) for given in stated.permissions),
    ]
    differ = [who for who, facts in recorded if current.get(who) not in {None, facts}]
    name = f"{differ[0]} {RECORD}" if differ else "people"
    return TakenBack(
        {name: None}, {name: RecordAnswer.CORRECTED if differ else to_data(now.people)}
    )


def _is_any_gone(before: set[_Reason], now: set[_Reason]) -> bool:
    """Return whether a reason is found no more, nor one that includes it."""
    including = {(code, person) for code, person, _detail in now if code in _INCLUDED}
    return any(
        not any(
            reason[0] in _INCLUDED[code] and person in {None, reason[1]}
            for code, person in including
        )
        for reason in before - now
    )


def _unnamed(facts: PhotoFacts) -> int:
    """Return how many recognisable people are not named."""
    return max(facts.recognisable_count or 0, 1) - len(facts.persons)


def _taken_out(stated: PhotoFacts, now: PhotoFacts) -> bool:
    """Return whether somebody is no longer named in the photo."""
    named = {person.person for person in now.persons}
    return any(person.person not in named for person in stated.persons)


def with_statements_of(
    before: PhotoFacts, now: PhotoFacts, merged: Mapping[str, str]
) -> PhotoFacts:
    """Return the facts of now with the statements of before, where there were any."""
    given = {name: value for name in _STATED if (value := getattr(before, name)) not in _UNANSWERED}
    if before.photographer is None:  # whoever took it was not known, nor compared with the file
        given.pop("file_rights", None)
    is_licensed = before.photographer is not None and before.basis is not None
    return replace(
        now,
        **given,
        permissions=_permissions_of(before, merged) if is_licensed else now.permissions,
        persons=_persons_of(before, now, merged),
    )


def without_statements(facts: PhotoFacts) -> PhotoFacts:
    """Return the facts of a photo of which nothing is stated that stands in the way by itself.

    What its file tells stays, and so do the photographers with their permissions.
    """
    empty = PhotoFacts()
    kept = {"file_rights", "photographer", "credit", "licence_terms"}
    if facts.basis in LICENSED_BASES:
        kept.add("basis")
    stated = {name: getattr(empty, name) for name in _STATED if name not in kept}
    return replace(facts, persons=(), **stated)


def _permissions_of(facts: PhotoFacts, merged: Mapping[str, str]) -> tuple[PermissionFacts, ...]:
    return tuple(
        replace(given, holder=merged.get(given.holder, given.holder)) for given in facts.permissions
    )


def _persons_of(
    before: PhotoFacts, now: PhotoFacts, merged: Mapping[str, str]
) -> tuple[PersonFacts, ...]:
    """Return who was named, as stated then, and who is named in addition now."""
    named_now = {person.person: person for person in now.persons}
    found = []
    for person in before.persons:
        remaining = merged.get(person.person, person.person)
        is_named = remaining in named_now
        found.append(_stated_person(person, named_now[remaining], merged) if is_named else person)
    were_named = {person.person for person in found}
    return (*found, *(person for person in now.persons if person.person not in were_named))


def _stated_person(before: PersonFacts, now: PersonFacts, merged: Mapping[str, str]) -> PersonFacts:
    """Return a person as stated before; verifications and blocks are those of now."""
    given = {
        name: value
        for name in _STATED_OF_PERSON
        if (value := getattr(before, name)) not in _UNANSWERED
    }
    if before.born or before.age_group not in {None, AgeGroup.UNKNOWN}:
        given |= {"born": before.born, "age_group": before.age_group}
    return replace(now, **given, own=before.own, guardians=_guardians_of(before, now, merged))


def _guardians_of(
    before: PersonFacts, now: PersonFacts, merged: Mapping[str, str]
) -> tuple[GuardianAnswer, ...]:
    known = {guardian.guardian: guardian for guardian in now.guardians}
    remaining = [replace(g, guardian=merged.get(g.guardian, g.guardian)) for g in before.guardians]
    return tuple(
        replace(guardian, verified=same.verified, excused=same.excused)
        if (same := known.get(guardian.guardian))
        else guardian
        for guardian in remaining
    )
