"""`audit`: missing consents, publications that are no longer allowed, and the log."""

from collections.abc import Sequence
from datetime import date

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.as_of import application_as_of, print_as_of
from photoreg.cli.commands.annual_report import audit_report
from photoreg.cli.commands.audit_anchors import ANCHOR_COMMANDS
from photoreg.cli.commands.audit_lists import AUDIT_LISTS, print_counted
from photoreg.cli.options import (
    argument,
    as_of_option,
    day_option,
    format_option,
    option,
    purpose_option,
)
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.presentation.labels import setting_in_words
from photoreg.presentation.record_life.lines import is_masked, life_data, life_lines
from photoreg.presentation.rows.audits import lacking_row, log_row
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.audits import LACKING, LACKING_WITH_NAMES, LIFE, LOG, PUBLISHED
from photoreg.services.application import Application
from photoreg.services.audits import audits
from photoreg.services.audits.entry_rows import LifeRow
from photoreg.services.audits.record_life import record_life
from photoreg.services.audits.verdict_cache import refresh_cache
from photoreg.services.data_subjects.disclosures import state_purpose
from photoreg.texts import N_, _

_MAX_ANCHOR_BYTES = 16 * 1024 * 1024


@click.group("audit", cls=Group, help=N_("Lists for auditors, and the log."))
def audit_command() -> None:
    """Group the `audit` commands."""


@audit_command.command(
    "lacking",
    help=N_(
        "List the photos that lack a consent or permission, by channel, with the reasons. "
        "Reasons that concern secrecy are not listed. People are shown by id only."
    ),
    example="photoreg audit lacking --channel kunta",
)
@option("--channel", help=N_("Only this channel; default: all of the municipality's own in use."))
@day_option("--on", help=N_("The day of publication; default: today."))
@option(
    "--all",
    "evaluate_all",
    is_flag=True,
    help=N_("Evaluate every photo again, and use no results stored by `audit refresh`."),
)
@purpose_option
@as_of_option
@format_option
@click.pass_obj
def audit_lacking(
    context: CliContext,
    channel: str | None,
    on: date | None,
    evaluate_all: bool,
    purpose: str | None,
    as_of: date | None,
    layout: str,
) -> None:
    """List photos that lack a consent or permission."""
    if purpose is not None:
        state_purpose(context.application, purpose, "lacking")
    application = application_as_of(context, as_of)
    view = LACKING if purpose is None else LACKING_WITH_NAMES
    named = purpose is not None
    with audits.list_missing_consents(
        application, channel=channel, on=on, named=named, evaluate_all=evaluate_all
    ) as rows:
        print_as_of(as_of)
        _print_looser_settings(application)
        count = print_view(view, (lacking_row(row, layout, named=named) for row in rows), layout)
    print_note(_("Rows: {count}.").format(count=count))


def _print_looser_settings(application: Application) -> None:
    for each in audits.looser_settings(application):
        print_note(
            _("Note: the setting {setting} is {value}, looser than the default {default}.").format(
                setting=each.setting,
                value=setting_in_words(each.setting, each.value),
                default=setting_in_words(each.setting, each.default),
            )
        )


@audit_command.command(
    "refresh",
    help=N_(
        "Store what `audit lacking` finds, so that it answers at once; meant for a nightly "
        "run. After a change its photos are evaluated again, and a stored result never "
        "approves or publishes anything. Publications that may no longer be shown get "
        "take-down tasks. Only the communications coordinator can do this."
    ),
    example="photoreg audit refresh",
)
@option("--all", "everything", is_flag=True, help=N_("Evaluate everything again and compare."))
@click.pass_obj
def audit_refresh(context: CliContext, everything: bool) -> None:
    """Fill the verdict cache that `audit lacking` reads."""
    judged = wrong = 0
    for done in refresh_cache(context.application, everything=everything):
        judged, wrong = judged + done.evaluated, wrong + done.wrong
    print_line(_("Evaluated and stored: {count} photos.").format(count=judged))
    if wrong:
        print_line(_("Corrected: {count}. Data was changed outside photoreg.").format(count=wrong))


@audit_command.command(
    "published",
    help=N_("List what is online, in print or with the press but may no longer be published."),
    example="photoreg audit published",
)
@day_option("--on", help=N_("The day to evaluate; default: today."))
@option("--open-tasks", is_flag=True, help=N_("Open a take-down task for each, as of today."))
@as_of_option
@format_option
@click.pass_obj
def audit_published(
    context: CliContext, on: date | None, open_tasks: bool, as_of: date | None, layout: str
) -> None:
    """List publications that must be taken down."""
    if open_tasks and (on is not None or as_of is not None):
        raise click.UsageError(_("--open-tasks always concerns today: leave out --on and --as-of."))
    application = application_as_of(context, as_of)
    with audits.list_disallowed(application, on=on, open_tasks=open_tasks) as rows:
        print_as_of(as_of)
        _print_looser_settings(application)
        print_counted(PUBLISHED, rows, layout)


@audit_command.command(
    "log",
    help=N_(
        "Show who did what and when, newest first. The log contains ids, not names. About somebody "
        "who may not be shown only coordinators can ask. When a coordinator or auditor lists the "
        "entries under another login, `today` no longer counts them."
    ),
    example="photoreg audit log --photo P-1 --limit 20",
)
@option("--photo", help=N_("Only entries about this photo."))
@option("--person", help=N_("Only entries about this person: name or id."))
@option("--limit", type=click.IntRange(min=1), help=N_("The maximum number of entries."))
@option(
    "--other-login",
    is_flag=True,
    help=N_("Only entries under another login than the computer's or the server's, all of them."),
)
@as_of_option
@format_option
@click.pass_obj
def audit_log(
    context: CliContext,
    photo: str | None,
    person: str | None,
    limit: int | None,
    other_login: bool,
    as_of: date | None,
    layout: str,
) -> None:
    """Show the log."""
    if other_login and (photo or person or limit or as_of):
        raise click.UsageError(_("--other-login stands alone: it lists all of them."))
    application = application_as_of(context, as_of)
    is_to_read = layout in FOR_PEOPLE
    listed = (
        audits.list_other_logins(application, to_read=is_to_read)
        if other_login
        else audits.list_log(
            application, photo=photo, person=person, limit=limit, to_read=is_to_read
        )
    )
    with listed as entries:
        print_as_of(as_of)
        print_view(LOG, (log_row(entry, layout) for entry in entries), layout)
    if is_to_read and not (photo or person or other_login):
        print_note(
            _(
                "Numbers are missing where an entry only holds checksums of records, or only the "
                "communications coordinator may see it. `audit verify` checks all entries."
            )
        )


@audit_command.command(
    "history",
    help=N_(
        "Show the life of a record: what changed when, by whom, from what to what, with the number "
        "of the log's entry. RECORD is an id such as P-12, H-3 or E-1, the name of a channel or "
        "the login of a user. Names, contacts, birth dates and texts are shown as * unless a "
        "coordinator or auditor states a purpose; the viewing is logged. Of somebody who may not "
        "be shown only coordinators see it."
    ),
    example="photoreg audit history P-1",
)
@argument("record")
@option(
    "--purpose",
    metavar=N_("PURPOSE"),
    help=N_(
        "Show names, contacts, birth dates and texts of then and now, as far as the registry still "
        "holds them, for this purpose. The viewing is logged."
    ),
)
@as_of_option
@format_option
@click.pass_obj
def audit_history(
    context: CliContext, record: str, purpose: str | None, as_of: date | None, layout: str
) -> None:
    """Show the life of a record."""
    application = application_as_of(context, as_of)
    rows = record_life(application, record, purpose=purpose)
    print_as_of(as_of)
    if layout == "table":
        _print_life(rows, is_named=purpose is not None)
    else:
        print_view(LIFE, (life_data(row, layout) for row in rows), layout)
        print_note(_("Rows: {count}.").format(count=len(rows)))


def _print_life(rows: Sequence[LifeRow], *, is_named: bool) -> None:
    for line in life_lines(rows):
        print_line(line)
    if is_masked(rows):
        print_note(_what_is_masked(is_named=is_named))
    if rows:
        print_note(_("Entries: {count}.").format(count=len({row.entry for row in rows})))
    else:
        print_note(_("the list is empty"))


def _what_is_masked(*, is_named: bool) -> str:
    if is_named:
        return _("What is shown as * is no longer in the registry.")
    return _(
        "Names, contacts, birth dates and texts are shown as *. A coordinator or an auditor sees "
        "them by stating a purpose: --purpose."
    )


for _command in (*ANCHOR_COMMANDS, *AUDIT_LISTS, audit_report):
    audit_command.add_command(_command)
