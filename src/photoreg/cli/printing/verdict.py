"""Print verdicts: the outcome, then each reason with its remedy."""

from collections.abc import Collection, Iterable

from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import persons_line, questions_with_options, step_lines
from photoreg.presentation.cells import safe, with_name, with_names
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import label
from photoreg.presentation.next_steps import next_step
from photoreg.presentation.verdicts import (
    both_sides,
    finding_sources,
    remedy_of,
    why_other_channel,
)
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.channels import OBJECTION
from photoreg.rulebook.reasons import Finding, Severity
from photoreg.services.decisions.evaluation import Checked
from photoreg.steps import NextAction, NextStep
from photoreg.texts import _


def print_verdict(
    checked: Checked,
    *,
    explain: bool,
    current: NextStep | None = None,
    told: Collection[Finding] = (),
) -> None:
    """Print one verdict for people: the outcome first, then each reason with its remedy.

    `current` is the step that the user is taking, which is not advised again. `told` are reasons
    and notices that were printed about another photo, which are not repeated.
    """
    print_line(
        _("{photo} {file} · {channel} · {purpose} · {day}: {outcome}").format(
            photo=human_id(Kind.PHOTO, checked.photo_id),
            file=safe(checked.file_name),
            channel=checked.channel_name,
            purpose=label(checked.use.purpose),
            day=day_in_words(checked.use.day),
            outcome=label(checked.outcome).upper(),
        )
    )
    if checked.ruling is not None:
        print_line(
            _(
                "  The communications coordinator has ruled on these facts ({case}): {ruling}."
            ).format(case=human_id(Kind.CASE, checked.case_id), ruling=label(checked.ruling))
        )
    if checked.asks_for:
        print_line(_("  Reason: {reason}").format(reason=safe(checked.asks_for)))
    for finding in (*checked.verdict.findings, *checked.verdict.notices):
        if finding not in told:
            _print_finding(finding, checked, current)
    if explain:
        for reason in checked.verdict.passed:
            print_line(f"  ✓ {reason.code}: {_(reason.met)}")


def print_reminder(checked: Iterable[Checked]) -> None:
    """Remind once, if any photo is allowed, that only rights were checked."""
    if any(each.is_allowed for each in checked):
        print_note(_("This checks rights only, not the content of the post."))


def _print_finding(finding: Finding, checked: Checked, current: NextStep | None) -> None:
    reason = finding.reason
    about = f" [{with_name(finding.person, checked.names)}]" if finding.person else ""
    width = max(len(label(severity)) for severity in Severity)
    print_line(f"  {label(reason.severity).ljust(width)} {reason.code}{about}: {_(reason.title)}")
    if finding.said_by:
        who = ", ".join(with_names(finding.said_by, checked.names))
        print_line(_("            said by {who}").format(who=who))
    questions = [name for name in finding.detail if name != OBJECTION]
    if questions:
        print_line(
            _("            open: {questions}").format(questions=questions_with_options(questions))
        )
    for line in both_sides(finding, checked):
        print_line(f"            {line}")
    sources = finding_sources(finding)
    if sources:
        print_line(f"            {sources}")
    if not checked.is_allowed:  # otherwise no remedy is needed
        _print_remedy(finding, checked, current)


def _print_remedy(finding: Finding, checked: Checked, current: NextStep | None) -> None:
    if remedy := remedy_of(finding, checked):
        print_line(_("            How to fix this: {remedy}").format(remedy=remedy))
    step = next_step(finding, checked)
    if not step or step == current:
        return
    is_of_colleague = step.action is NextAction.PHOTO_CONFIRM and checked.asks_colleague
    lines = (
        *step_lines(step, is_of_colleague=is_of_colleague),
        why_other_channel(step, checked),
        persons_line(step, checked.names, but=finding.person),
    )
    for line in filter(None, lines):
        print_line(f"            {line}")
