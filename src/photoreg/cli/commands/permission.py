"""`permission`: what photographers and licensors allow."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import Word, argument, format_option, is_interactive, option
from photoreg.cli.output import print_note, print_records
from photoreg.cli.printing.corrections import print_corrected
from photoreg.cli.printing.people import print_recorded
from photoreg.cli.prompts.consent_options import (
    agrees_option,
    answer_channels_option,
    answer_options,
    answer_purposes_option,
    answer_statement,
    channels_option,
    combine_options,
    corrected_statement_options,
    on_option,
    parse_purposes,
    purposes_option,
    withdrawal_options,
    withdrawal_statement,
)
from photoreg.presentation.inputs.statements import PERMISSION, STATEMENT
from photoreg.presentation.labels import LABELS
from photoreg.presentation.people.recorded import permission_recorded
from photoreg.presentation.views.consents import PERMISSIONS
from photoreg.rulebook.facts import Basis, ConsentKind, LicenceTerm
from photoreg.services.consents import permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.permissions import (
    PermissionParties,
    PermissionRecorded,
    PermissionTerms,
)
from photoreg.services.publications import corrections
from photoreg.texts import N_, _

_LICENSED_BASES = (
    "photographer_permission",
    "staff_agreement",
    "transferred",
    "licence_cc",
    "stock",
)


@click.group("permission", cls=Group, help=N_("Copyright permissions of photographers."))
def permission_command() -> None:
    """Group commands about permissions."""


_rights_options = combine_options(
    option("--photographer", help=PERMISSION["photographer"]),
    option("--photo", "photos", multiple=True, help=N_("Only for this photo; can be repeated.")),
    option("--event", help=STATEMENT["event"]),
)
_licensor_option = option("--licensor", default="", help=PERMISSION["licensor"])


_by_option = option(
    "--by",
    help=PERMISSION["by"],
)


def _rights(
    photographer: str | None,
    photos: Sequence[str],
    event: str | None,
    licensor: str = "",
    by: str | None = None,
) -> PermissionParties:
    return PermissionParties(photographer, licensor, photos, event, by)


@permission_command.command(
    "request",
    help=N_("Record that a photographer or licensor was asked for permission."),
    example="photoreg permission request --photographer H-1 --channel kunta",
)
@_rights_options
@_licensor_option
@channels_option
@purposes_option
@on_option
@click.pass_obj
def permission_request(
    context: CliContext,
    photographer: str | None,
    photos: tuple[str, ...],
    event: str | None,
    licensor: str,
    channels: tuple[str, ...],
    purposes: tuple[str, ...],
    on: date | None,
) -> None:
    """Record one request for permission."""
    spoken = ConsentStatement(ConsentKind.REQUESTED, channels, parse_purposes(purposes), on)
    rights = _rights(photographer, photos, event, licensor)
    _print_permissions(permissions.record_permission(context.application, rights, spoken))


@permission_command.command(
    "grant",
    help=N_(
        "Record a permission. Without --photo or --event it covers all of the photographer's "
        "photos. It adds to the earlier ones and takes nothing away."
    ),
    example=N_(
        "photoreg permission grant --photographer H-1 --channel kunta --open-ended "
        '--paper "e-mail of 2 March, archive 12"'
    ),
)
@_rights_options
@_licensor_option
@_by_option
@option(
    "--basis",
    type=Word("Basis", _LICENSED_BASES),
    default="photographer_permission",
    show_default=True,
    help=PERMISSION["basis"],
)
@option(
    "--from",
    "authors",
    multiple=True,
    metavar="PHOTOGRAPHER",
    help=N_(
        "With the basis transferred: the photographer whose rights the licensor has; can be "
        "repeated."
    ),
)
@option(
    "--term",
    "licence",
    type=Word("LicenceTerm"),
    multiple=True,
    help=N_("With the basis licence_cc: a term of the licence; can be repeated."),
)
@answer_channels_option
@answer_purposes_option
@answer_options
@option("--credit", help=PERMISSION["credit"])
@option("--credit-waived", is_flag=True, help=PERMISSION["credit_waived"])
@click.pass_obj
def permission_grant(
    context: CliContext,
    /,
    photographer: str | None,
    photos: tuple[str, ...],
    event: str | None,
    licensor: str,
    by: str | None,
    basis: str,
    authors: tuple[str, ...],
    licence: tuple[str, ...],
    credit: str | None,
    credit_waived: bool,
    **answer: Any,
) -> None:
    """Record one permission, or one for each photo and author."""
    rights, spoken = _rights(photographer, photos, event, licensor, by), answer_statement(**answer)
    terms = PermissionTerms(
        Basis(basis), credit, credit_waived, authors, _licence_terms(basis, licence, spoken)
    )
    _print_permissions(permissions.record_permission(context.application, rights, spoken, terms))


def _licence_terms(
    basis: str, given: Sequence[str], spoken: ConsentStatement
) -> frozenset[LicenceTerm]:
    """Return the terms of a Creative Commons licence, asked for on a terminal."""
    if Basis(basis) is not Basis.LICENCE_CC or not spoken.is_grant:
        if given:
            raise click.UsageError(
                _("Only a Creative Commons licence has terms: leave out --term.")
            )
        return frozenset()
    if not given and not is_interactive():
        raise click.UsageError(
            _("Give the terms of the Creative Commons licence: --term by --term nc …")
        )
    return frozenset(map(LicenceTerm, given or _ask_licence_terms()))


def _ask_licence_terms() -> list[str]:
    """Ask for the terms until at least one is given and all are known."""
    for value, text in LABELS["LicenceTerm"].items():
        print_note(f"  {value:<4}{_(text)}")
    terms: list[str] = click.prompt(
        _("Terms of the licence, for example by nc"), value_proc=_parse_terms, err=True
    )
    return terms


def _parse_terms(typed: str) -> list[str]:
    return [
        Word("LicenceTerm").convert(each, None, None)
        for each in re.split(r"[\s,;]+", typed)
        if each
    ]


@permission_command.command(
    "withdraw",
    help=N_("Record that a permission is withdrawn. It takes effect at once."),
    example="photoreg permission withdraw L-1",
)
@argument("permission", required=False)
@_rights_options
@_by_option
@withdrawal_options
@click.pass_obj
def permission_withdraw(
    context: CliContext,
    permission: str | None,
    photographer: str | None,
    photos: tuple[str, ...],
    event: str | None,
    by: str | None,
    channels: tuple[str, ...],
    purposes: tuple[str, ...],
    on: date | None,
    method: str,
) -> None:
    """Record one withdrawal."""
    if bool(permission) == bool(photographer) or (permission and (photos or event or by)):
        raise click.UsageError(_("Give either the permission (L-12), or --photographer PERSON."))
    rights = _rights(photographer, photos, event, by=by) if photographer else None
    spoken = withdrawal_statement(channels, purposes, on, method)
    _print_permissions(
        permissions.withdraw_permission(
            context.application, spoken, permission=permission, rights=rights
        )
    )


@permission_command.command(
    "correct",
    help=N_(
        "Mark what was recorded last about a permission as typed by mistake: it stays in the log "
        "and counts as never said. A permission is corrected at once. A refusal or a withdrawal is "
        "corrected only right after it was typed; later it counts until a colleague has confirmed "
        "the mistake with --agree. Use `permission withdraw` when somebody has changed their mind."
    ),
    example="photoreg permission correct L-1",
)
@argument("permission")
@corrected_statement_options
@agrees_option
@click.pass_obj
def permission_correct(
    context: CliContext,
    permission: str,
    on: date | None,
    statement: int | None,
    agrees: bool | None,
) -> None:
    """Correct one permission."""
    print_corrected(
        corrections.correct_permission(
            context.application, permission, day=on, statement=statement, agrees=agrees
        )
    )


@permission_command.command(
    "list", help=N_("List permissions and their status."), example="photoreg permission list"
)
@option("--photographer", help=N_("Only those of this photographer."))
@format_option
@click.pass_obj
def permission_list(context: CliContext, photographer: str | None, layout: str) -> None:
    """List permissions."""
    with permissions.list_permissions(context.application, photographer) as rows:
        print_records(PERMISSIONS, rows, layout)


def _print_permissions(results: Sequence[PermissionRecorded]) -> None:
    for each in results:
        print_recorded(permission_recorded(each))
