"""Options that `consent` and `permission` share: the statement, its date and its scope."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from photoreg.cli.options import Word, day_option, option
from photoreg.presentation.inputs.statements import CORRECTION, SPOKEN_METHODS, STATEMENT
from photoreg.rulebook.facts import ConsentKind, Method, Purpose
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])


def combine_options(*decorators: Callable[[_F], _F]) -> Callable[[_F], _F]:
    """Return one decorator that adds several options, in the order in which the help lists them."""

    def decorate(function: _F) -> _F:
        for each in reversed(decorators):
            function = each(function)
        return function

    return decorate


channels_option = option(
    "--channel",
    "channels",
    multiple=True,
    required=True,
    help=N_("A channel by its name, or a kind of channel such as public_page; can be repeated."),
)
answer_channels_option = option(
    "--channel",
    "channels",
    multiple=True,
    help=N_(
        "A channel by its name, or a kind of channel such as public_page; can be repeated. A "
        "refusal without it covers every channel."
    ),
)
_withdrawn_channels_option = option(
    "--channel",
    "channels",
    multiple=True,
    help=N_("Withdraw only for this channel or kind of channel; without it, everything."),
)


ANY_PURPOSE = N_("any")
"""In place of a purpose: for every purpose."""

purposes_option = option(
    "--purpose",
    "purposes",
    type=Word("Purpose", (*Purpose, ANY_PURPOSE)),
    multiple=True,
    default=("information",),
    show_default=True,
    help=N_("What it may be used for; can be repeated."),
)
answer_purposes_option = option(
    "--purpose",
    "purposes",
    type=Word("Purpose", (*Purpose, ANY_PURPOSE)),
    multiple=True,
    help=N_(
        "What it may be used for; can be repeated. Without it a consent or permission is for "
        "information, and a refusal covers every purpose."
    ),
)
_withdrawn_purposes_option = option(
    "--purpose",
    "purposes",
    type=Word("Purpose", (*Purpose, ANY_PURPOSE)),
    multiple=True,
    help=N_("Withdraw only for this purpose; without it, for every purpose."),
)
corrected_statement_options = combine_options(
    day_option("--on", help=CORRECTION["on"]),
    option(
        "--statement",
        type=int,
        metavar="NUMBER",
        help=CORRECTION["statement"],
    ),
)
"""Which of the statements about a consent or a permission was typed by mistake."""

agrees_option = option(
    "--agree/--disagree",
    "agrees",
    default=None,
    help=CORRECTION["agrees"],
)
on_option = day_option("--on", help=STATEMENT["on"])
answer_options = combine_options(
    day_option("--until", help=STATEMENT["until"]),
    option(
        "--open-ended",
        is_flag=True,
        help=STATEMENT["open_ended"],
    ),
    on_option,
    option(
        "--method",
        type=Word("Method", SPOKEN_METHODS),
        default="written",
        show_default=True,
        help=STATEMENT["method"],
    ),
    option(
        "--evidence",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=STATEMENT["evidence"],
    ),
    option(
        "--paper",
        default="",
        help=STATEMENT["paper"],
    ),
    option(
        "--names-kind",
        is_flag=True,
        help=STATEMENT["names_kind"],
    ),
    option("--refused", is_flag=True, help=N_("The answer is no.")),
    option("--renewed", is_flag=True, help=N_("An earlier consent or permission is renewed.")),
)
withdrawal_options = combine_options(
    _withdrawn_channels_option,
    _withdrawn_purposes_option,
    on_option,
    option(
        "--method",
        type=Word("Method", SPOKEN_METHODS),
        default="oral",
        show_default=True,
        help=STATEMENT["method"],
    ),
)


def parse_purposes(named: Sequence[str]) -> tuple[Purpose, ...]:
    """Return the given purposes; `any` means all of them."""
    return tuple(Purpose) if ANY_PURPOSE in named else tuple(map(Purpose, named))


def answer_statement(
    *,
    channels: Sequence[str],
    purposes: Sequence[str],
    until: date | None,
    open_ended: bool,
    on: date | None,
    method: str,
    evidence: Path | None,
    paper: str,
    names_kind: bool,
    refused: bool,
    renewed: bool,
    attorney: bool = False,
) -> ConsentStatement:
    """Build an answer."""
    refuse_both(refused, renewed, _("Give either --refused or --renewed."))
    yes = ConsentKind.RENEWED if renewed else ConsentKind.GIVEN
    return ConsentStatement(
        kind=ConsentKind.REFUSED if refused else yes,
        channels=channels,
        purposes=parse_purposes(purposes) or None,
        on=on,
        until=until,
        open_ended=open_ended,
        method=Method(method),
        evidence=evidence,
        paper=paper,
        names_kind=names_kind,
        by_attorney=attorney,
    )


def withdrawal_statement(
    channels: Sequence[str], purposes: Sequence[str], on: date | None, method: str
) -> ConsentStatement:
    """Build a withdrawal."""
    return ConsentStatement(
        kind=ConsentKind.WITHDRAWN,
        channels=channels,
        purposes=parse_purposes(purposes),
        on=on,
        method=Method(method),
    )


def refuse_both(first: object, second: object, text: str) -> None:
    """Raise UsageError if both of two mutually exclusive options are given."""
    if first and second:
        raise click.UsageError(text)
