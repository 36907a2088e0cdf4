"""Print the consequences of a change: stopped photos and publications to take down."""

from collections.abc import Sequence
from functools import partial

import click

from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_step
from photoreg.presentation.days import format_time
from photoreg.presentation.decisions import (
    IN_PRINT,
    SETTLED,
    TO_TAKE_DOWN,
    VOID,
    affected_line,
    by_case,
    case_line,
    copy_stopped,
    second_looks_asked,
)
from photoreg.services.consents.objections import FlaggedPhotos
from photoreg.services.decisions.evaluation import unusual_use
from photoreg.services.unit_of_work import AffectedPublication, Reacted, VoidedCase
from photoreg.steps import NextAction
from photoreg.texts import N_, _

# INVARIANT: one text for a refusal, a withdrawal and a block, so that nothing tells which.
REMOVED = N_(
    "Somebody was removed from it while a refusal, a withdrawal or another stop was in force."
)
REPLACED = N_("Its photographer was replaced while a refusal or withdrawal was in force.")
"""Why a change stops a photo."""


def print_flagged(flagged: FlaggedPhotos, why: str = "") -> None:
    """Print the photos stopped by a refusal or objection, each with its flag and due date."""
    for photo, flag in flagged.flags.items():
        text = _("{photo} is stopped: flag {flag}, to be resolved by {due}.")
        print_line(text.format(photo=photo, flag=flag, due=format_time(flagged.due_at)))
        if why:
            print_note(f"  {_(why)}")


def print_reacted(reacted: Reacted, *, err: bool) -> None:
    """Print what was stopped, the void cases and the affected publications."""
    _print_second_looks(reacted.second_looks, err=err)
    for copy in reacted.copies:
        print_line(copy_stopped(copy), err=err)
        print_step(NextAction.FLAG_SHOW, indent="  ", err=err, flag=copy.flag)
    _print_void(reacted.cases, err=err)
    _print_touched(reacted.publications, err=err)


def _print_second_looks(photos: Sequence[str], *, err: bool) -> None:
    """Print the photos that a change stops until a colleague has looked at them."""
    if not photos:
        return
    print_line(second_looks_asked(photos), err=err)


def _print_void(cases: Sequence[VoidedCase], *, err: bool) -> None:
    """Print the cases that became void, since a ruling on them no longer applies."""
    void = by_case(each for each in cases if not each.is_settled)
    settled = by_case(each for each in cases if each.is_settled)
    if void:
        print_line(_(VOID), err=err)
        for photos in void.values():
            _print_case(photos, err=err)
        only = void.popitem()[0] if len(void) == 1 else ""
        print_step(NextAction.CASE_SHOW, "case", indent="  ", err=err, case=only)
    if settled:
        print_line(_(SETTLED), err=err)
    for photos in settled.values():
        _print_case(photos, err=err)
        first = photos[0]
        print_step(
            NextAction.APPROVE,
            indent="  ",
            err=err,
            photo=" ".join(each.photo for each in photos),
            channel=first.channel,
            **unusual_use(first.purpose, first.mode),
        )


def _print_case(photos: Sequence[VoidedCase], *, err: bool) -> None:
    print_line(case_line(photos), err=err)


def _print_touched(publications: Sequence[AffectedPublication], *, err: bool) -> None:
    """Print the publications to take down with their tasks, then printed ones beyond recall."""
    echo = partial(click.echo, err=err)
    to_remove = [each for each in publications if each.recallable]
    printed = [each for each in publications if not each.recallable]
    if to_remove:
        echo(_(TO_TAKE_DOWN))
    by_publication: dict[str, list[AffectedPublication]] = {}
    for each in to_remove:
        by_publication.setdefault(each.publication, []).append(each)
    for group in by_publication.values():
        _print_to_remove(group, err=err)
    if printed:
        echo(_(IN_PRINT))
    for each in printed:
        echo(affected_line(each))
    if printed:
        echo(_("  Do not use it again or hand out more copies; tell the person, and the press."))


def _print_to_remove(group: Sequence[AffectedPublication], *, err: bool) -> None:
    """Print the photos to take out of one publication, and the step that closes their tasks."""
    for each in group:
        print_line(affected_line(each), err=err)
    print_step(
        NextAction.PUBLICATION_TAKE_DOWN,
        "proof",
        indent="    ",
        err=err,
        publication=" ".join(each.task or each.publication for each in group),
    )
