"""Questions about a class list on a terminal: who is meant, and what it does not tell."""

from dataclasses import replace
from typing import Any

import click

from photoreg.cli.output import print_note
from photoreg.presentation.cells import safe
from photoreg.presentation.views.roster_decisions import (
    candidate_in_words,
    decision_words,
    listed_in_words,
)
from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.services.photos.rosters.results import (
    LEAVE_OUT,
    NEW,
    GuardianFacts,
    PossibleMatch,
    RosterDecisions,
    RosterImport,
)
from photoreg.texts import _

AS_LISTED = "as-listed"
MOST = 20


class GuardianCount(click.ParamType[int]):
    """How many guardians each child has: a number, or as many as are listed (-1)."""

    name = "guardian_count"
    listed = -1

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Show the values in the help."""
        return f"[{_('NUMBER')}|{_('as-listed')}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; anything else is a usage error (exit 2)."""
        typed = "-".join(str(value).casefold().split())
        if typed in {str(self.listed), AS_LISTED, _("as-listed")}:
            return self.listed
        if typed.isascii() and typed.isdecimal() and int(typed[:9]) <= MOST:
            return int(typed)
        text = _("{value} is not one of: {values}")
        return self.fail(
            text.format(value=value, values=f"0 … {MOST}, {_('as-listed')}"), param, ctx
        )


def guardian_facts(verified: str | None, total: int | None) -> GuardianFacts:
    """Return what was given as options."""
    are_listed = total == GuardianCount.listed
    return GuardianFacts(verified or "", None if are_listed else total, are_listed)


def ask_facts(result: RosterImport, facts: GuardianFacts) -> GuardianFacts:
    """Ask once for the whole list what it does not tell of guardians; Enter leaves it open."""
    if result.missing.unverified and not facts.verified:
        question = _("From what was it verified that they are guardians (Enter: not verified)")
        facts = replace(facts, verified=_typed(question))
    if result.missing.without_total and facts.total is None and not facts.are_all_listed:
        question = _("How many guardians each child has: a number, or as-listed (Enter: not known)")
        total = click.prompt(
            question, default="", show_default=False, err=True, value_proc=_count_or_nothing
        )
        stated = guardian_facts(None, total)
        facts = replace(facts, total=stated.total, are_all_listed=stated.are_all_listed)
    return facts


def _count_or_nothing(typed: str) -> int | None:
    return GuardianCount().convert(typed, None, None) if typed.strip() else None


def ask_decisions(result: RosterImport, decisions: RosterDecisions) -> RosterDecisions:
    """Ask who is meant on each doubtful row; Enter leaves it open."""
    for match in result.open_doubts():
        if match.place.row not in decisions.left_out:
            decisions = _decided(match, decisions)
    return decisions


def _decided(match: PossibleMatch, decisions: RosterDecisions) -> RosterDecisions:
    listed = listed_in_words(match)
    who = f"{match.who} ({listed})" if listed else match.who
    row = match.place.row
    print_note(_("Row {row}: who is {who}?").format(row=row, who=safe(who)))
    for candidate in match.candidates:
        print_note(f"  {safe(candidate_in_words(candidate))}")
    candidates = [candidate.who for candidate in match.candidates]
    while True:
        typed = _typed(_("An id, a row, new, or leave out (Enter: not decided)"))
        if not typed:
            return decisions
        meant = decision_words().decisions.get(typed.casefold()) or _id(typed)
        if meant in {LEAVE_OUT, NEW, *candidates}:
            return decisions.decided(match.place, candidates, meant)
        print_note(_("{value} is none of them.").format(value=safe(typed)))


def _id(typed: str) -> str:
    number = parse_id(Kind.PERSON, typed)
    return typed.rsplit(maxsplit=1)[-1] if number is None else human_id(Kind.PERSON, number)


def _typed(question: str) -> str:
    typed: str = click.prompt(question, default="", show_default=False, err=True)
    return " ".join(typed.split())
