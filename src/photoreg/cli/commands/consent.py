"""`consent`: record, withdraw and list consents of depicted persons and their guardians."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from photoreg.cli.app import CliContext, Group
from photoreg.cli.commands.consent_forms import form_command, receipt_command, texts_command
from photoreg.cli.commands.consent_import import import_command
from photoreg.cli.commands.consent_requests import expiring_command, pending_command
from photoreg.cli.commands.consent_scan import scan_command
from photoreg.cli.options import argument, enum_option, format_option, option
from photoreg.cli.output import print_records
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
from photoreg.presentation.inputs.statements import STATEMENT
from photoreg.presentation.people.recorded import consent_recorded
from photoreg.presentation.views.consents import CONSENTS
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import (
    ConsentParties,
    FormDetails,
)
from photoreg.services.publications import corrections
from photoreg.texts import N_, _

_parties_options = combine_options(
    option("--by", help=STATEMENT["by"]),
    option("--event", help=STATEMENT["event"]),
    option("--photo", help=STATEMENT["photo"]),
)


@click.group("consent", cls=Group, help=N_("Consents of the people in photos."))
def consent_command() -> None:
    """Group the `consent` commands."""


@consent_command.command(
    "request",
    help=N_("Record that somebody was asked for consent."),
    example="photoreg consent request --for H-1 --by H-2 --channel kunta",
)
@option("--for", "person", required=True, help=N_("The person shown."))
@_parties_options
@channels_option
@purposes_option
@on_option
@click.pass_obj
def consent_request(
    context: CliContext,
    person: str,
    by: str | None,
    event: str | None,
    photo: str | None,
    channels: tuple[str, ...],
    purposes: tuple[str, ...],
    on: date | None,
) -> None:
    """Record one consent request."""
    spoken = ConsentStatement(ConsentKind.REQUESTED, channels, parse_purposes(purposes), on)
    whose = ConsentParties(person, by, photo, event)
    print_recorded(consent_recorded(consents.record_consent(context.application, whose, spoken)))


@consent_command.command(
    "record",
    help=N_(
        "Record a person's answer. Without --by it is the person's own answer; for a child "
        "that is the child's own view, and the guardians' consents are recorded separately. "
        "With the code of a printed form, give only what was ticked. A whole box of forms is "
        "recorded from a table of codes and answers. A consent of somebody of another unit than "
        "yours is recorded only with the code of a form that names the person; a refusal always."
    ),
    example=N_(
        "photoreg consent record --code 7K3M-9QXT-2VB5 --channel kunta --name "
        '--paper "binder 3, page 12"'
    ),
)
@option("--code", help=N_("The code on the returned form."))
@option(
    "--codes",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_(
        "A table of codes of returned forms and what was ticked on each (`photoreg template "
        "answers`): all rows are recorded, or none."
    ),
)
@option("--for", "person", help=N_("The person shown."))
@_parties_options
@answer_channels_option
@answer_purposes_option
@option(
    "--name/--no-name",
    "may_be_named",
    default=None,
    help=STATEMENT["may_be_named"],
)
@option(
    "--child-says-no",
    is_flag=True,
    help=N_("On a guardian's form: the child does not want to be shown."),
)
@answer_options
@option(
    "--attorney",
    is_flag=True,
    help=STATEMENT["attorney"],
)
@enum_option("--form-language", kind="Language", help=STATEMENT["form_language"])
@option("--form-version", default="", help=STATEMENT["form_version"])
@option(
    "--releases-confidential/--no-releases-confidential",
    is_flag=True,
    help=STATEMENT["releases_confidential"],
)
@click.pass_context
def consent_record(
    ctx: click.Context,
    /,
    code: str | None,
    codes: Path | None,
    person: str | None,
    by: str | None,
    event: str | None,
    photo: str | None,
    may_be_named: bool | None,
    child_says_no: bool,
    form_language: str | None,
    form_version: str,
    releases_confidential: bool,
    **answer: Any,
) -> None:
    """Record one answer, identified by a form's code or by the persons."""
    from photoreg.services.consents.form_answers import FormMarks, record_form_answer

    context: CliContext = ctx.obj
    if codes:
        _record_codes(ctx, codes, answer["paper"])
        return
    if code:
        if event or photo or form_language or form_version or answer["names_kind"]:
            text = _(
                "The form already states what it covers: leave out --event, --photo, --names-kind "
                "and --form-…."
            )
            raise click.UsageError(text)
        ticked = FormMarks(may_be_named, child_says_no, releases_confidential, person, by)
        spoken = answer_statement(**answer)
        recorded = record_form_answer(context.application, code, spoken, ticked)
    else:
        if person is None:
            raise click.UsageError(_("Give either the form with --code, or the person with --for."))
        if child_says_no:
            raise click.UsageError(
                _("Record the child's own refusal separately: --for without --by.")
            )
        form = FormDetails(form_language or "", form_version, releases_confidential, may_be_named)
        whose, spoken = ConsentParties(person, by, photo, event), answer_statement(**answer)
        recorded = (consents.record_consent(context.application, whose, spoken, form),)
    for each in recorded:
        print_recorded(consent_recorded(each))


def _record_codes(ctx: click.Context, codes: Path, paper: str) -> None:
    """Record a table of codes; everything but the place of the papers stands in it."""
    from photoreg.cli.commands.sheet import record_codes

    given = (name for name in ctx.params if name not in {"codes", "paper"})
    if any(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in given):
        raise click.UsageError(
            _("The table says what was answered: beside --codes, give only --paper.")
        )
    record_codes(ctx.obj, codes, paper)


@consent_command.command(
    "withdraw",
    help=N_(
        "Record that a consent is withdrawn, or that somebody objects to being shown. It takes "
        "effect at once and needs no evidence. If the person withdrawing may not decide for "
        "the person shown, it is recorded as an objection, which stops the photos."
    ),
    example="photoreg consent withdraw C-1",
)
@argument("consent", required=False)
@option("--code", help=N_("The code of the printed form on which the consent was given."))
@option("--for", "person", help=N_("The person shown."))
@_parties_options
@withdrawal_options
@click.pass_obj
def consent_withdraw(
    context: CliContext,
    consent: str | None,
    code: str | None,
    person: str | None,
    by: str | None,
    event: str | None,
    photo: str | None,
    channels: tuple[str, ...],
    purposes: tuple[str, ...],
    on: date | None,
    method: str,
) -> None:
    """Record one withdrawal."""
    spoken = withdrawal_statement(channels, purposes, on, method)
    if code and not (consent or event or photo):
        from photoreg.services.consents.form_answers import FormMarks, withdraw_form_answer

        for result in withdraw_form_answer(
            context.application, code, spoken, FormMarks(person=person, by=by)
        ):
            print_recorded(consent_recorded(result))
        return
    if code or bool(consent) == bool(person) or (consent and (by or event or photo)):
        raise click.UsageError(
            _("Give the consent (C-12), the form with --code, or the person with --for PERSON.")
        )
    if person is None:
        taken_back = consents.withdraw_consent(context.application, spoken, consent=consent)
        print_recorded(consent_recorded(taken_back))
        return
    whose = ConsentParties(person, by, photo, event)
    print_recorded(
        consent_recorded(consents.withdraw_or_object(context.application, whose, spoken))
    )


@consent_command.command(
    "correct",
    help=N_(
        "Mark what was recorded last about a consent as typed by mistake: it stays in the log and "
        "counts as never said. A consent is corrected at once. A refusal or a withdrawal is "
        "corrected only right after it was typed; later it counts until a colleague has confirmed "
        "the mistake with --agree. Use `consent withdraw` when somebody has changed their mind."
    ),
    example="photoreg consent correct C-1",
)
@argument("consent")
@corrected_statement_options
@agrees_option
@click.pass_obj
def consent_correct(
    context: CliContext,
    consent: str,
    on: date | None,
    statement: int | None,
    agrees: bool | None,
) -> None:
    """Correct one consent."""
    print_corrected(
        corrections.correct_consent(
            context.application, consent, day=on, statement=statement, agrees=agrees
        )
    )


@consent_command.command(
    "list", help=N_("List consents and their status."), example="photoreg consent list"
)
@option("--for", "person", help=N_("Only those about this person."))
@format_option
@click.pass_obj
def consent_list(context: CliContext, person: str | None, layout: str) -> None:
    """List consents."""
    with consents.list_consents(context.application, person) as rows:
        print_records(CONSENTS, rows, layout)


for _command in (
    import_command,
    form_command,
    texts_command,
    receipt_command,
    pending_command,
    expiring_command,
    scan_command,
):
    consent_command.add_command(_command)
