"""`case`: unclear photos awaiting the communications coordinator, and the rulings on them."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.chosen_photos import chosen
from photoreg.cli.options import (
    Choice,
    Word,
    argument,
    day_option,
    format_option,
    is_interactive,
    option,
)
from photoreg.cli.output import print_line, print_note, print_view, require_confirmed
from photoreg.cli.printing.next_steps import names_shown, print_next, print_step
from photoreg.cli.printing.verdict import print_verdict
from photoreg.errors import NotAllowed
from photoreg.presentation.causes.cause_rows import id_ranges, photo_ranges
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.decisions import ENDED, case_row, step_to_answer_case, steps_to_end
from photoreg.presentation.facts import differing_lines, fact_lines
from photoreg.presentation.labels import label
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.decisions import CASES
from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.reasons import Finding
from photoreg.services.decisions import cases, choosing, flags
from photoreg.services.decisions.cases import (
    CaseRow,
    CaseState,
    FullCase,
    PhotoOfCase,
    RuledCases,
    RulingRow,
)
from photoreg.services.decisions.evaluation import Checked, Contradiction, unusual_use
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _


@click.group(
    "case", cls=Group, help=N_("Unclear cases for the communications coordinator to rule on.")
)
def case_command() -> None:
    """Group the `case` commands."""


SORT_KEYS: dict[str, Callable[[CaseRow], Any]] = {
    "age": lambda row: (row.state is not CaseState.OPEN, row.opened_at),
    "due": lambda row: row.due_at,
    "channel": lambda row: (row.channel or "", row.opened_at),
}


@case_command.command(
    "list",
    help=N_(
        "List what is waiting for the coordinator, oldest first: unclear cases, and flags, "
        "which apply to every channel."
    ),
    example="photoreg case list --channel kunta --older-than 1",
)
@option(
    "--all", "everything", is_flag=True, help=N_("Also those that are ruled on, resolved or void.")
)
@option("--channel", help=N_("Only cases for this channel."))
@option(
    "--older-than",
    "days",
    type=click.IntRange(min=0),
    default=0,
    help=N_("Only those that have waited at least this many days."),
)
@option("--overdue", "only_overdue", is_flag=True, help=N_("Only those past their deadline."))
@option(
    "--sort",
    "order",
    type=Choice(tuple(SORT_KEYS)),
    default="age",
    show_default=True,
    help=N_("The sort order."),
)
@format_option
@click.pass_obj
def case_list(
    context: CliContext,
    everything: bool,
    channel: str | None,
    days: int,
    only_overdue: bool,
    order: str,
    layout: str,
) -> None:
    """List cases."""
    rows = flags.coordinator_queue(context.application, channel=channel, everything=everything)
    wanted = [r for r in rows if r.age_days >= days and (r.overdue or not only_overdue)]
    wanted.sort(key=SORT_KEYS[order])
    persons = (person for row in wanted for person in row.persons)
    names = names_shown(persons) if layout in FOR_PEOPLE else {}
    print_view(CASES, (case_row(row, layout, names) for row in wanted), layout)


@case_command.command(
    "show",
    help=N_(
        "Show everything about a case: the facts, the reasons, the ruling, and rulings on "
        "similar cases."
    ),
    example="photoreg case show K-1",
)
@argument("case")
@click.pass_obj
def case_show(context: CliContext, case: str) -> None:
    """Show one case or flag; `case list` contains both."""
    if parse_id(Kind.FLAG, case) is not None:
        from photoreg.cli.commands.flag import print_flag

        print_flag(flags.show_flag(context.application, case))
        return
    _print_case(cases.show_case(context.application, case))


def _print_case(whole: FullCase) -> None:
    row = whole.row
    print_line(
        _("{case}: {photo} {file} · {channel} · {state}").format(
            case=row.case,
            photo=row.photo,
            file=safe(whole.now.file_name),
            channel=row.channel,
            state=label(row.state),
        )
    )
    opened = _("Opened {opened} by {login}, due {due}.").format(
        opened=format_time(row.opened_at), login=whole.opened_by, due=format_time(row.due_at)
    )
    print_line("  " + opened + (" " + _("It is overdue.") if row.overdue else ""))
    if len(whole.photos) > 1:
        _print_photos(whole)
    print_line(_("  Reasons: {codes}").format(codes=", ".join(row.codes)))
    if whole.ruling:
        _print_ruling(whole.ruling)
    if whole.corrects:
        print_line(_("  It corrects the ruling on {case}.").format(case=whole.corrects))
    print_line(_("The facts when the case was opened:"))
    for line in fact_lines(whole.facts, whole.names):
        print_line(f"  {line}")
    print_line(_("The verdict now:"))
    here = NextStep.to(NextAction.CASE_SHOW, case=row.case)
    print_verdict(whole.now, explain=False, current=here)
    _print_differing(whole, here)
    _print_similar(whole)
    _print_next_steps(whole)


def _print_photos(whole: FullCase) -> None:
    """Print the photos of a case by the state of each."""
    for state in CaseState:
        photos = [each.photo for each in whole.photos if each.state is state]
        if photos:
            text = _("  {photos} ({number}): {state}")
            print_line(
                text.format(photos=id_ranges(photos), number=len(photos), state=label(state))
            )


def _print_differing(whole: FullCase, here: NextStep) -> None:
    """Print what differs of the other photos; those of which the same differs are one group.

    Of a verdict the reasons and notices are printed that the first photo does not have.
    """
    first, *others = whole.concerned
    known = _told(first.now)
    groups: dict[tuple[object, ...], list[PhotoOfCase]] = {}
    for each in others:
        lines = differing_lines(each.facts, first.facts, whole.names)
        groups.setdefault((tuple(lines), _told(each.now)), []).append(each)
    for group in groups.values():
        lines = differing_lines(group[0].facts, first.facts, whole.names)
        told, photos = _told(group[0].now), id_ranges(each.photo for each in group)
        if not lines and told == known:
            print_line(_("The same holds for {photos}.").format(photos=photos))
            continue
        text = _("What differs from {first} in {photos}:")
        print_line(text.format(first=first.photo, photos=photos))
        for line in lines:
            print_line(f"  {line}")
        if told != known:
            same = known[0] if told[1] == known[1] else ()
            print_verdict(group[0].now, explain=False, current=here, told=same)


def _told(checked: Checked) -> tuple[tuple[Finding, ...], Contradiction | None]:
    """Return what a verdict tells about a photo: reasons, notices, and what a file contradicts."""
    return (*checked.verdict.findings, *checked.verdict.notices), checked.contradiction


def _print_ruling(row: RulingRow) -> None:
    print_line(
        _("  Ruling: {ruling} ({login}, {when})").format(
            ruling=label(row.kind), login=row.by, when=format_time(row.at)
        )
    )
    print_line("  " + _("Reason: {reason}").format(reason=safe(row.reason)))
    if row.until:
        print_line(_("  Valid until {day}.").format(day=day_in_words(row.until)))
    if row.evidence:
        print_line(_("  Evidence: {hash}").format(hash=row.evidence))


def _print_similar(whole: FullCase) -> None:
    if not whole.similar:
        print_line(_("There are no earlier rulings on similar cases."))
        return
    print_line(
        _("Earlier rulings for the same reasons, {place}:").format(place=label(whole.place_class))
    )
    for row in whole.similar:
        until = _(" until {day}").format(day=day_in_words(row.until)) if row.until else ""
        print_line(
            _("  {case} {photo}: {ruling}{until} ({login}, {when})").format(
                case=row.case,
                photo=row.photo,
                ruling=label(row.kind),
                until=until,
                login=row.by,
                when=format_time(row.at),
            )
        )
        print_line(f"    {safe(row.reason)}")


def _print_next_steps(whole: FullCase) -> None:
    row = whole.row
    if row.state is CaseState.OPEN:
        _print_what_ends_it(whole)
        _print_rulings(whole)
    elif row.state is CaseState.RULED and row.ruling is RulingKind.NEEDS_FACTS:
        print_note(_("Record what the coordinator asks for, then ask for approval again:"))
        if step := step_to_answer_case(whole):
            print_next(step)
        _print_approve(whole.now, row.photos)
    elif whole.corrected_by is not None:
        print_note(_(ENDED[row.state]))
        print_step(NextAction.CASE_SHOW, case=whole.corrected_by)
    elif row.state is not CaseState.RULED:
        print_note(_(ENDED[row.state]))
        print_note(_("Ask for approval again:"))
        _print_approve(whole.now, row.photos)
    if whole.may_correct:
        print_note(_("If this ruling is wrong, correct it by another one:"))
        print_step(NextAction.CASE_CORRECT, "ruling", "reason", case=row.case)


def _print_what_ends_it(whole: FullCase) -> None:
    """Print the steps that end a case without a ruling, for all its photos."""
    found = steps_to_end(whole)
    if found:
        print_note(_("This ends the case without a ruling:"))
    for several, is_for_each in found:
        print_next(several)
        if is_for_each and len(whole.row.photos) > 1:
            print_note("  " + _("Do the same for each of these photos."))


def _print_rulings(whole: FullCase) -> None:
    if not whole.may_rule:
        print_note(_("The case waits for a ruling by the communications coordinator."))
        return
    case = whole.row.case
    print_note(_("To make a ruling, use one of these commands:"))
    for kind in RulingKind:
        print_step(NextAction.CASE_RULE, "reason", case=case, ruling=_as_typed(kind))
    for earlier in whole.similar[:1]:
        print_step(
            NextAction.CASE_RULE, case=case, ruling=_as_typed(earlier.kind), like=earlier.case
        )


def _as_typed(kind: RulingKind) -> str:
    return kind.replace("_", "-")


def _print_approve(
    checked: Checked, photos: Sequence[str] = (), *, for_another: bool = False
) -> None:
    use = checked.use
    step = NextStep.to(
        NextAction.APPROVE,
        photo=" ".join(photos) or human_id(Kind.PHOTO, checked.photo_id),
        channel=checked.channel_name,
        **unusual_use(use.purpose, use.mode),
    )
    print_next(step, for_another=for_another)


_until_option = day_option(
    "--until", help=N_("The last day the ruling is valid; default: no end date.")
)
_evidence_option = option(
    "--evidence",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("A document that supports the ruling; a copy is kept."),
)
_REASON_HELP = N_("The reason. It is kept permanently: use ids instead of names.")


@case_command.command(
    "rule",
    help=N_(
        "Rule on unclear cases and give the reason. RULING is publishable, refused or "
        "needs-facts; all the cases get the same, or none. A ruling applies to exactly the facts "
        "of its case and becomes void as soon as one of them changes. Only the communications "
        "coordinator can do this, after looking at the case; photos that joined it since are left "
        "out and named. Nobody rules on their own photos."
    ),
    example=N_('photoreg case rule K-1 publishable --reason "A market view; nobody stands out."'),
)
@argument("named", nargs=-1, metavar="CASE...")
@argument("kind", type=Word("RulingKind"), metavar="RULING")
@option("--event", help=N_("All cases about the photos of this event that wait for a ruling."))
@option("--channel", help=N_("With --event: only cases for this channel."))
@option("--reason", help=_REASON_HELP)
@option(
    "--like",
    metavar="CASE",
    help=N_("Use the reason of an earlier ruling on a similar case; you are asked to confirm."),
)
@_until_option
@_evidence_option
@click.pass_obj
def case_rule(
    context: CliContext,
    named: tuple[str, ...],
    kind: str,
    event: str | None,
    channel: str | None,
    reason: str | None,
    like: str | None,
    until: date | None,
    evidence: Path | None,
) -> None:
    """Rule on all the cases, or on none."""
    if (reason is None) == (like is None):
        raise click.UsageError(_("Give either --reason or --like."))
    if channel is not None and event is None:
        raise click.UsageError(_("Give --channel together with --event."))
    of_event = partial(choosing.event_cases, channel=channel)
    chosen_cases = chosen(context.application, named, event, of_event)
    _show_before_ruling(context, chosen_cases, RulingKind(kind), CaseState.OPEN)
    if like is not None:
        reason = _confirmed_reason(context, chosen_cases, RulingKind(kind), like)
    ruled = cases.rule_on_cases(
        context.application,
        chosen_cases,
        RulingKind(kind),
        reason or "",
        until=until,
        evidence=evidence,
    )
    _print_ruled(ruled.verdicts)
    _print_joined(ruled)


@case_command.command(
    "correct",
    help=N_(
        "Correct a ruling that was wrong by another one on the same facts, with its reason. The "
        "first one is kept, and the new one names it. Only whoever made the ruling can do this, or "
        "another coordinator once that user is none any more. RULING is publishable, refused or "
        "needs-facts."
    ),
    example=N_('photoreg case correct K-1 refused --reason "One child stands out after all."'),
)
@argument("named", nargs=-1, required=True, metavar="CASE...")
@argument("kind", type=Word("RulingKind"), metavar="RULING")
@option("--reason", required=True, help=_REASON_HELP)
@_until_option
@_evidence_option
@click.pass_obj
def case_correct(
    context: CliContext,
    named: tuple[str, ...],
    kind: str,
    reason: str,
    until: date | None,
    evidence: Path | None,
) -> None:
    """Correct all the rulings, or none."""
    _show_before_ruling(context, named, RulingKind(kind), CaseState.RULED)
    corrected = cases.rule_on_cases(
        context.application,
        named,
        RulingKind(kind),
        reason,
        until=until,
        evidence=evidence,
        corrects=True,
    )
    _print_ruled(corrected.verdicts)


def _show_before_ruling(
    context: CliContext, named: Sequence[str], kind: RulingKind, state: CaseState
) -> None:
    """Show the cases that the coordinator has not looked at; ask whether they are ruled on so."""
    unseen = cases.cases_to_look_at(context.application, named, state)
    for case in unseen:
        _print_case(cases.show_case(context.application, case))
    if not unseen:
        return
    listed = ", ".join(unseen)
    if not is_interactive():
        raise NotAllowed(
            N_("{cases} had not been shown to you before: look at it above"),
            N_("Nothing was ruled on. If the ruling is right, give the same command again."),
            cases=listed,
        )
    question = _("You had not looked at {cases} before. Is the ruling: {ruling}?")
    require_confirmed(question.format(cases=listed, ruling=label(kind)))


def _print_joined(ruled: RuledCases) -> None:
    """Print which photos joined a case after the coordinator had looked."""
    for case, photos in ruled.joined.items():
        text = _("{photos} joined {case} after you had looked, and still wait for a ruling:")
        print_note(text.format(photos=id_ranges(photos), case=case))
        print_step(NextAction.CASE_SHOW, case=case)


def _print_ruled(ruled: Sequence[Checked]) -> None:
    uses = _by_use(ruled)
    for of_use in uses:
        print_ruled(of_use)
    print_note(
        _("The ruling applies to exactly these facts; it becomes void if any of them changes.")
    )
    if any(each.is_allowed for each in ruled):
        print_note(_("Next, whoever asked approves the photo:"))
    for of_use in uses:
        allowed = [human_id(Kind.PHOTO, each.photo_id) for each in of_use if each.is_allowed]
        if allowed:
            _print_approve(of_use[0], allowed, for_another=True)


def _by_use(ruled: Sequence[Checked]) -> list[list[Checked]]:
    """Return the verdicts on photos by the channel, the purpose and the mode."""
    uses: dict[tuple[object, ...], list[Checked]] = {}
    for each in ruled:
        key = (each.channel_name, each.use.purpose, each.use.mode)
        uses.setdefault(key, []).append(each)
    return list(uses.values())


def print_ruled(ruled: Sequence[Checked]) -> None:
    """Print the verdict on one photo that was ruled on; on several, how they were ruled on."""
    if len(ruled) == 1:
        print_verdict(ruled[0], explain=False)
        return
    first = ruled[0]
    text = _("{photos} ({number}) · {channel}: {outcome}")
    print_line(
        text.format(
            photos=photo_ranges(each.photo_id for each in ruled),
            number=len(ruled),
            channel=first.channel_name,
            outcome=label(first.outcome).upper(),
        )
    )


def _confirmed_reason(
    context: CliContext, named: Sequence[str], kind: RulingKind, like: str
) -> str:
    """Return the reason of an earlier ruling if the coordinator confirms it; else end."""
    earlier = cases.draft_ruling(context.application, named, like)
    print_note(
        _("The ruling on {case} was: {ruling}.").format(
            case=earlier.case, ruling=label(earlier.kind)
        )
    )
    print_note(f"  {safe(earlier.reason)}")
    question = _("Does this reason also apply to {case}, and is the ruling: {ruling}?")
    about = ", ".join(named).upper()
    require_confirmed(question.format(case=about, ruling=label(kind)))
    return earlier.reason
