"""Options that `consent` and `permission` share: the statement, its date and its scope."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from photoreg.cli.options import Word, day_option, option
from photoreg.cli.output import print_line, print_note
from photoreg.rulebook.facts import REFUSING_KINDS, ConsentKind, Method, Purpose
from photoreg.services.consents.consent_events import ConsentStatement, StatementRecorded
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
SPOKEN_METHODS = ("written", "electronic", "oral", "strong_identification")
"""The methods that a user can state; an answer given online records its own."""

corrected_statement_options = combine_options(
    day_option("--on", help=N_("The day of the answer, if it is not the last one.")),
    option(
        "--statement",
        type=int,
        metavar="NUMBER",
        help=N_("Which of the statements it is: 1 is the one that was recorded first."),
    ),
)
"""Which of the statements about a consent or a permission was typed by mistake."""

agrees_option = option(
    "--agree/--disagree",
    "agrees",
    default=None,
    help=N_("A colleague has marked it as a mistake: do you agree, having looked at it yourself?"),
)
on_option = day_option("--on", help=N_("The day of the answer; default: today."))
answer_options = combine_options(
    day_option("--until", help=N_("The last day the consent or permission is valid.")),
    option(
        "--open-ended",
        is_flag=True,
        help=N_("The consent or permission is valid until it is withdrawn."),
    ),
    on_option,
    option(
        "--method",
        type=Word("Method", SPOKEN_METHODS),
        default="written",
        show_default=True,
        help=N_("How the answer was given."),
    ),
    option(
        "--evidence",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=N_("The signed form, message or recording; a copy is kept beside the registry."),
    ),
    option(
        "--paper",
        default="",
        help=N_("Where the signed paper is kept. This cannot be changed later: do not use names."),
    ),
    option(
        "--names-kind",
        is_flag=True,
        help=N_("The document itself names all channels of the kind, later ones included."),
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
        help=N_("How the answer was given."),
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
    on_form: bool = False,
) -> ConsentStatement:
    """Build an answer; raise UsageError for a consent with no end date or with two.

    `on_form`: the answer came on a printed form, which states the end date.
    """
    if refused and (until or open_ended or renewed):
        raise click.UsageError(
            _("A refusal has no end date: leave out --until, --open-ended and --renewed.")
        )
    if refused and names_kind:
        raise click.UsageError(_("A refusal covers later channels too: leave out --names-kind."))
    if until and open_ended:
        raise click.UsageError(_("Give either --until or --open-ended."))
    if not (refused or until or open_ended or on_form):
        raise click.UsageError(
            _(
                "A consent or permission needs an end date: give the last day with --until "
                "DAY, or use --open-ended."
            )
        )
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


def print_effect(recorded: StatementRecorded) -> None:
    """Print the effect of a new statement: photos concerned, superseded or ended answers."""
    if recorded.superseded:
        print_note(
            _("A newer answer is already recorded and remains valid: this one changes nothing.")
        )
    elif recorded.kind in REFUSING_KINDS:
        if recorded.is_whole:
            print_line(_("It applies to every channel and every purpose."))
        photos = ", ".join(recorded.photos) or _("none")
        print_line(_("Photos concerned: {photos}").format(photos=photos))
    if recorded.ends_refusal:
        print_note(
            _(
                "Until now the answer was no. If the refusal is newer than this answer, record "
                "the withdrawal again."
            )
        )
    if recorded.is_order_open:
        print_note(
            _(
                "A consent or permission is recorded without its day, so it is not known which "
                "came last, and the refusal holds. To settle it, record the consent or permission "
                "again with its day: --renewed --on DAY."
            )
        )
