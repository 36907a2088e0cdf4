"""Decisions about the doubtful rows of a class list, as a table to fill in."""

from collections.abc import Iterator, Mapping

from photoreg.services.photos.rosters.decisions import (
    DECISION_COLUMNS,
    LEAVE_OUT,
    NEW,
    DecisionWords,
)
from photoreg.services.photos.rosters.results import (
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
    "doubtful": N_("who is doubtful"),
    "candidate": N_("could be"),
    "candidate_name": N_("name in the registry"),
    "birth_year": N_("year of birth"),
    "class_or_event": N_("class or event"),
    "guardians": N_("guardians of the child"),
    "decision": N_("decision: an id, new or leave out"),
}
_DECISIONS = {NEW: N_("new"), LEAVE_OUT: N_("leave out")}
_ROW = N_("row")


def decisions_sheet(result: RosterImport) -> NewSheet:
    """Return the doubtful rows of a list as a table: a line for each candidate."""
    lines = [
        _line(row, doubtful, candidate)
        for row in open_doubts(result)
        for doubtful, candidate in _candidates(row)
    ]
    return NewSheet(_("Decisions"), [_(_HEADINGS[key]) for key in DECISION_COLUMNS], lines, {})


def open_doubts(result: RosterImport) -> list[RosterRow]:
    """Return the rows that the user has to decide."""
    return [row for row in result.rows if row.found is RosterMatch.AMBIGUOUS]


def _candidates(row: RosterRow) -> Iterator[tuple[str, RosterCandidate]]:
    for match in row.possible_matches:
        for candidate in match.candidates:
            yield match.who, candidate


def _line(row: RosterRow, doubtful: str, candidate: RosterCandidate) -> list[CellValue]:
    return [
        row.row,
        row.name,
        doubtful,
        candidate_id(candidate),
        candidate.name,
        candidate.birth_year,
        "; ".join(candidate.events),
        "; ".join(candidate.guardians),
        None,
    ]


def candidate_id(candidate: RosterCandidate) -> str:
    """Return a candidate's id, or the row of the list in words."""
    if candidate.who.isdecimal():
        return _("row {row}").format(row=candidate.who)
    return candidate.who


def candidate_in_words(candidate: RosterCandidate) -> str:
    """Return a candidate on one line: id, name, year of birth, events, guardians."""
    born = candidate.birth_year
    parts = [
        " ".join(filter(None, (candidate_id(candidate), candidate.name))),
        _("born {year}").format(year=born) if born else "",
        ", ".join(candidate.events),
        _("guardians: {names}").format(names=", ".join(candidate.guardians))
        if candidate.guardians
        else "",
    ]
    return " · ".join(filter(None, parts))


def decision_words() -> DecisionWords:
    """Return the accepted headings and decisions in every language; the user's come first."""
    headings = {_(text).casefold(): key for key, text in _HEADINGS.items()}
    for key, text in _HEADINGS.items():
        for each in translations(text):
            headings.setdefault(each.casefold(), key)
    decisions = {
        each.casefold(): value for value, text in _DECISIONS.items() for each in translations(text)
    }
    return DecisionWords(
        headings, decisions, frozenset(each.casefold() for each in translations(_ROW))
    )
