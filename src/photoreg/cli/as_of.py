"""`--as-of`: the registry as it was at the end of a day."""

from datetime import date
from typing import TYPE_CHECKING

import click

from photoreg.cli.app import Office
from photoreg.cli.output import say
from photoreg.texts import _

if TYPE_CHECKING:
    from photoreg.services.unit_of_work import Workplace


def workplace_of(office: Office, as_of: date | None) -> "Workplace":
    """Return the workplace of today, or as it was; the copy goes when the command has ended."""
    if as_of is None:
        return office.workplace
    # Not for those who ask about today, which is nearly everybody: it loads every table.
    from photoreg.services.audits.as_of import as_it_was

    then: Workplace = click.get_current_context().with_resource(as_it_was(office.workplace, as_of))
    return then


def tell_as_of(as_of: date | None) -> None:
    """Say of which day a list tells, once nothing more can be wrong with what was asked."""
    if as_of is not None:
        say(_("As it was known at the end of {day}.").format(day=as_of.isoformat()))
