"""Print verdicts: the outcome, then each reason with its remedy."""

from collections.abc import Collection, Iterable

from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import persons_line, questions_with_options, step_lines
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import label
from photoreg.presentation.verdicts import FindingInWords, findings_in_words, ruling_in_words
from photoreg.registry.ids import Kind, human_id
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
    for line in ruling_in_words(checked):
        print_line(f"  {line}")
    for each in findings_in_words(checked):
        if each.finding not in told:
            _print_finding(each, checked, current)
    if explain:
        for reason in checked.verdict.passed:
            print_line(f"  ✓ {reason.code}: {_(reason.met)}")


def print_reminder(checked: Iterable[Checked]) -> None:
    """Remind once, if any photo is allowed, that only rights were checked."""
    if any(each.is_allowed for each in checked):
        print_note(_("This checks rights only, not the content of the post."))


def _print_finding(told: FindingInWords, checked: Checked, current: NextStep | None) -> None:
    reason = told.finding.reason
    about = f" [{told.about}]" if told.about else ""
    width = max(len(label(severity)) for severity in Severity)
    print_line(f"  {label(reason.severity).ljust(width)} {reason.code}{about}: {told.title}")
    open_ = questions_with_options(told.open)
    lines = (
        told.said_by,
        open_ and _("open: {questions}").format(questions=open_),
        *told.sides,
        told.sources,
        told.remedy,
        *(_step_lines(told, told.step, checked) if told.step and told.step != current else ()),
    )
    for line in filter(None, lines):
        print_line(f"            {line}")


def _step_lines(told: FindingInWords, step: NextStep, checked: Checked) -> tuple[str, ...]:
    is_of_colleague = step.action is NextAction.PHOTO_CONFIRM and checked.asks_colleague
    return (
        *step_lines(step, is_of_colleague=is_of_colleague),
        told.why_other_channel,
        persons_line(step, checked.names, but=told.finding.person),
    )
