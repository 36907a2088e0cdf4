"""Cases and flags: what waits for the communications coordinator, ruled on with the picture."""

from typing import Any

import flask
from werkzeug.wrappers import Response

from photoreg.presentation.causes.cause_rows import id_ranges
from photoreg.presentation.decisions import (
    ENDED,
    step_to_answer_case,
    steps_to_end,
    why_flagged,
)
from photoreg.presentation.facts import differing_lines, fact_lines
from photoreg.presentation.labels import label
from photoreg.registry.ids import Kind, parse_id
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.clauses import CLAUSES
from photoreg.rulebook.reasons import REASONS
from photoreg.services.decisions.cases import (
    CaseState,
    FullCase,
    draft_ruling,
    show_case,
)
from photoreg.services.decisions.evaluation import Checked, unusual_use
from photoreg.services.decisions.flags import (
    FlagState,
    coordinator_queue,
    list_flags,
    related_stops,
    show_flag,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import _
from photoreg.web.forms.all import FORMS
from photoreg.web.names import names_shown
from photoreg.web.paging import Pager
from photoreg.web.rendering import render
from photoreg.web.signing_in import current
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("cases", __name__)

MOST_CASES = 60
"""How many cases a page shows."""


@pages.get("/cases")
def index() -> str:
    """List what waits for the coordinator, oldest first: flags, and unclear cases."""
    asked = flask.request.args
    wanted = {name: asked.get(name, "") for name in ("channel", "everything", "overdue")}
    rows = coordinator_queue(
        current(), channel=wanted["channel"] or None, everything=bool(wanted["everything"])
    )
    rows = [row for row in rows if row.overdue or not wanted["overdue"]]
    pager = Pager.asked(len(rows), MOST_CASES)
    shown = pager.of(rows)
    return render(
        "cases.html",
        wanted=wanted,
        rows=shown,
        pager=pager,
        channels=channels_to_choose(current()),
        names=names_shown(current(), (person for row in shown for person in row.persons)),
        reasons=REASONS,
        is_flag=lambda case: parse_id(Kind.FLAG, case) is not None,
        ranges=id_ranges,
    )


@pages.get("/cases/<case>")
def show(case: str) -> Response | str:
    """Show a case: pictures, facts, reasons with what the guideline says, and earlier rulings.

    `like` in the address is an earlier case whose reason is put into the form, to be looked over.
    """
    if parse_id(Kind.FLAG, case) is not None:  # the list of cases contains both
        return flask.redirect(flask.url_for("cases.show_one_flag", flag=case), 303)
    whole = show_case(current(), case)
    like = flask.request.args.get("like", "")
    draft = draft_ruling(current(), [whole.row.case], like) if like and whole.may_rule else None
    known = {"case": whole.row.case, "reason": draft.reason if draft else ""}
    return render(
        "case.html",
        whole=whole,
        row=whole.row,
        by_state=_by_state(whole),
        facts=fact_lines(whole.facts, whole.names),
        clauses=_clauses(whole.now),
        differing=_differing(whole),
        is_open=whole.row.state is CaseState.OPEN,
        ended=_(ENDED[whole.row.state]) if whole.row.state in ENDED else "",
        steps=_steps(whole),
        form=FORMS[NextAction.CASE_RULE],
        draft=draft,
        values=known,
    )


def _by_state(whole: FullCase) -> list[tuple[str, str]]:
    """Return the photos of a case by the state of each, as text."""
    found = {state: [p.photo for p in whole.photos if p.state is state] for state in CaseState}
    return [(id_ranges(photos), label(state)) for state, photos in found.items() if photos]


def _clauses(checked: Checked) -> list[tuple[str, str, str]]:
    """Return each clause that the reasons rest on: its id, section and content."""
    named = dict.fromkeys(c for f in checked.verdict.findings for c in f.reason.clauses)
    return [(c, CLAUSES[c].section, _(CLAUSES[c].asks)) for c in named]


def _differing(whole: FullCase) -> list[dict[str, Any]]:
    """Return what differs of the other photos from the first, photo by photo."""
    first, *others = whole.concerned
    lines = {p.photo: differing_lines(p.facts, first.facts, whole.names) for p in others}
    return [{"photo": photo, "lines": found} for photo, found in lines.items() if found]


def _steps(whole: FullCase) -> list[NextStep]:
    """Return what ends a case without a ruling, or what whoever asked for it does next."""
    row = whole.row
    if whole.corrected_by is not None:
        return [NextStep.to(NextAction.CASE_SHOW, case=whole.corrected_by)]
    if row.state is CaseState.OPEN:
        return [step for step, _is_for_each in steps_to_end(whole)]
    if row.state is CaseState.RULED and row.ruling is RulingKind.REFUSED:
        return []
    step = step_to_answer_case(whole) if row.ruling is RulingKind.NEEDS_FACTS else None
    use = whole.now.use
    approve = NextStep.to(
        NextAction.APPROVE,
        photo=" ".join(row.photos),
        channel=whole.now.channel_name,
        **unusual_use(use.purpose, use.mode),
    )
    return [*([step] if step else []), approve]


@pages.get("/flags")
def flags() -> str:
    """List the flags; only those on a photo, if the address says so."""
    photo = flask.request.args.get("photo", "").strip()
    everything = bool(flask.request.args.get("everything"))
    rows = list_flags(current(), photo=photo or None, everything=everything)
    pager = Pager.asked(len(rows), MOST_CASES)
    return render(
        "flags.html", rows=pager.of(rows), pager=pager, photo=photo, everything=everything
    )


@pages.get("/flags/<flag>")
def show_one_flag(flag: str) -> str:
    """Show a flag, with its reason to those who may read it."""
    whole = show_flag(current(), flag)
    is_open = whole.row.state is FlagState.OPEN
    asks_beside = whole.may_resolve and not is_open
    beside = related_stops(current(), [whole.row.photo]) if asks_beside else None
    return render(
        "flag.html",
        whole=whole,
        row=whole.row,
        why=why_flagged(whole) if whole.may_read else "",
        is_open=is_open,
        beside=beside,
        form=FORMS[NextAction.FLAG_RESOLVE],
    )
