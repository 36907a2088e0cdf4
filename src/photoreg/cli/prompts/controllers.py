"""Whose channel it is: as options, and as a question on a terminal."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from photoreg.cli.options import is_interactive, option
from photoreg.cli.prompts.answers import ask_yes_or_no
from photoreg.cli.prompts.consent_options import combine_options, refuse_both
from photoreg.rulebook.facts import Channel
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])

GIVE_ONE_CONTROLLER = N_("Give either --own or --controller NAME, not both.")
ASK_WHOSE = N_(
    "State whose channel it is: --own if the municipality controls it, otherwise --controller NAME."
)
_ASK_WHO = N_(
    "Somebody else than the municipality controls a channel of this kind: --controller NAME."
)

controller_options: Callable[[_F], _F] = combine_options(
    option("--own", is_flag=True, help=N_("The municipality itself controls the channel.")),
    option(
        "--controller",
        help=N_("Who else controls it: a company of the group, a medium, the owner of a profile."),
    ),
)


def given_or_asked_controller(kind: Channel, own: bool, controller: str | None) -> str | None:
    """Return who controls a new channel, None for the municipality; ask what was not given.

    Without a terminal to ask on it is a usage error (exit 2): nothing is assumed.
    """
    refuse_both(own, controller is not None, _(GIVE_ONE_CONTROLLER))
    if kind.has_other_controller and controller is None:
        return _ask_name(is_own_given=own)
    if own or controller is not None:
        return controller
    if not is_interactive():
        raise click.UsageError(_(ASK_WHOSE))
    is_own = ask_yes_or_no(_("Does the municipality itself control the channel?"))
    if is_own is None:
        raise click.UsageError(_(ASK_WHOSE))
    return None if is_own else _typed_name()


def _ask_name(*, is_own_given: bool) -> str:
    if is_own_given or not is_interactive():
        raise click.UsageError(_(_ASK_WHO))
    return _typed_name()


def _typed_name() -> str:
    typed: str = click.prompt(_("Who controls it (name)"), err=True)
    return typed
