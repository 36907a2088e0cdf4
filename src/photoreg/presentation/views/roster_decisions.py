"""Decisions about the doubtful rows of a class list, as a table to fill in."""

from collections.abc import Iterator, Mapping

from photoreg.presentation.days import day_in_words, format_iso_day
from photoreg.services.photos.rosters.decisions import DECISION_COLUMNS, DecisionWords
from photoreg.services.photos.rosters.results import (
    LEAVE_OUT,
    NEW,
    SEPARATOR,
    ListedRole,
    PossibleMatch,
    RosterCandidate,
    RosterImport,
    RosterMatch,
    RosterRow,
)
from photoreg.sheets.cells import CellValue
from photoreg.sheets.table import NewSheet
from photoreg.texts import N_, _, translations

_HEADINGS: Mapping[str, str] = {
    "row": N_("row"),
    "pupil": N_("name in the list"),
    "role": N_("pupil or guardian"),
    "doubtful": N_("who is doubtful"),
    "listed": N_("what the list tells"),
    "candidate": N_("could be"),
    "candidate_name": N_("name in the registry"),
    "born": N_("born"),
    "contact": N_("contact"),
    "class_or_event": N_("class or event"),
    "family": N_("guardians or children"),
    "only_if": N_("needed only if the pupil is"),
    "list": N_("event and list"),
    "decision": N_("decision: an id, a row, new or leave out"),
}
_DECISIONS = {NEW: N_("new"), LEAVE_OUT: N_("leave out")}
_ROLES = {
    ListedRole.PUPIL: N_("pupil"),
    ListedRole.GUARDIAN: N_("guardian"),
    ListedRole.KNOWN: N_("in the registry"),
}
_ROW = N_("row")
_BORN_ON = N_("born {day}")
_GUARDIANS = N_("guardians: {names}")
_WARDS = N_("guardian of: {names}")
_NOBODY = RosterCandidate("", "", None)


def decisions_sheet(result: RosterImport) -> NewSheet:
    """Return the doubtful rows of a list as a table: a line for each candidate.

    What was decided before stands in it, so that the table alone decides the whole list.
    """
    lines = [
        _line(result, row, doubt, candidate, is_first=place == 0)
        for row in result.rows
        for doubt in row.doubts
        if (doubt.decision or row.found is RosterMatch.AMBIGUOUS) and not doubt.decided_elsewhere
        for place, candidate in enumerate(doubt.candidates or (_NOBODY,))
    ]
    return NewSheet(
        _("Doubtful people"), [_(_HEADINGS[key]) for key in DECISION_COLUMNS], lines, {}
    )


def _line(
    result: RosterImport,
    row: RosterRow,
    doubt: PossibleMatch,
    candidate: RosterCandidate,
    *,
    is_first: bool,
) -> list[CellValue]:
    is_chosen = doubt.decision == candidate.who or (is_first and doubt.decision in {NEW, LEAVE_OUT})
    return [
        row.row,
        row.name,
        _(_ROLES[doubt.place.role]),
        doubt.who,
        _told(doubt),
        candidate_id(candidate),
        None if candidate.who.isdecimal() else candidate.name,
        _born(candidate),
        candidate.contact,
        "; ".join(candidate.events),
        _family(candidate),
        ", ".join(map(_decision, doubt.only_if)),
        result.event_and_list,
        _decision(doubt.decision) if is_chosen and doubt.decision else None,
    ]


def listed_in_words(doubt: PossibleMatch) -> str:
    """Return what a list tells of a doubtful person: birth date, contact, class."""
    born = _(_BORN_ON).format(day=day_in_words(doubt.born)) if doubt.born else ""
    return SEPARATOR.join(filter(None, (born, doubt.place.contact, doubt.group)))


def _told(doubt: PossibleMatch) -> str:
    """Return what a table tells of a doubtful person; the decision holds for exactly this."""
    names = "; ".join(doubt.guardians)
    guardians = _(_GUARDIANS).format(names=names) if names else ""
    return SEPARATOR.join(filter(None, (listed_in_words(doubt), guardians)))


def _decision(decision: str) -> str:
    """Return a decision as it is written into the table."""
    if decision in _DECISIONS:
        return _(_DECISIONS[decision])
    return _in_words(decision)


def _in_words(who: str) -> str:
    return _("row {row}").format(row=who) if who.isdecimal() else who


def candidate_id(candidate: RosterCandidate) -> str:
    """Return a candidate's id, or the row of the list in words."""
    return _in_words(candidate.who)


def _born(candidate: RosterCandidate) -> str:
    if candidate.born:
        return format_iso_day(candidate.born)
    return str(candidate.birth_year or "")


def _family(candidate: RosterCandidate) -> str:
    guardians, wards = "; ".join(candidate.guardians), "; ".join(candidate.wards)
    parts = [
        _(_GUARDIANS).format(names=guardians) if guardians else "",
        _(_WARDS).format(names=wards) if wards else "",
    ]
    return SEPARATOR.join(filter(None, parts))


def candidate_in_words(candidate: RosterCandidate) -> str:
    """Return a candidate on one line: id, name, birth date, contact, events, family."""
    born = _born(candidate)
    parts = [
        " ".join(filter(None, (candidate_id(candidate), candidate.name))),
        _(_BORN_ON).format(day=born) if born else "",
        candidate.contact,
        ", ".join(candidate.events),
        _family(candidate),
    ]
    return " · ".join(filter(None, parts))


def doubt_in_words(doubt: PossibleMatch) -> str:
    """Return who is doubtful, and who it could be, by id or row."""
    could_be = ", ".join([*doubt.persons, *(_in_words(str(row)) for row in doubt.rows)])
    return f"{doubt.who}: {could_be}"


def would_birth_dates_help(result: RosterImport) -> bool:
    """Return whether a doubtful pupil has no birth date in the list, and a candidate has one."""
    return any(
        doubt.place.role is ListedRole.PUPIL
        and doubt.born is None
        and any(candidate.birth_year for candidate in doubt.candidates)
        for doubt in result.open_doubts()
    )


def decision_words() -> DecisionWords:
    """Return the accepted headings and decisions in every language; the user's come first."""
    headings = {_(text).casefold(): key for key, text in _HEADINGS.items()}
    for key, text in _HEADINGS.items():
        for each in translations(text):
            headings.setdefault(each.casefold(), key)
    return DecisionWords(
        headings,
        {each: value for value, text in _DECISIONS.items() for each in _spellings(text)},
        {each: role for role, text in _ROLES.items() for each in _spellings(text)},
        frozenset(_spellings(_ROW)),
        frozenset(
            each.partition("{")[0]
            for text in (_BORN_ON, _GUARDIANS, _WARDS)
            for each in _spellings(text)
        ),
    )


def _spellings(text: str) -> Iterator[str]:
    yield from (each.casefold() for each in translations(text))
