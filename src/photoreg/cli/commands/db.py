"""`db`: check, back up, restore, copy and upgrade the registry database."""

from datetime import date
from functools import partial
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Group, print_error
from photoreg.cli.options import argument, option
from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.printing.restores import confirm_restore
from photoreg.cli.settings import system_login
from photoreg.errors import SOME_FAILED, RegistryError
from photoreg.presentation.days import format_time
from photoreg.presentation.rows.restores import may_be_missing, stop_lines
from photoreg.registry.engines.database import is_on_server
from photoreg.services.organisation import registry_setup
from photoreg.services.upkeep import clock, maintenance, restores, transfer
from photoreg.services.upkeep.replacing import Replaced, legal_day
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.group("db", cls=Group, help=N_("The registry itself: condition, version and copies."))
def db_command() -> None:
    """Group the `db` commands."""


@db_command.command(
    "check",
    help=N_(
        "Check that the registry and the log are intact and every document is in place, and "
        "tell how to fix what is not."
    ),
    example="photoreg db check --repair",
)
@option("--repair", is_flag=True, help=N_("Remove the files left by interrupted work."))
@click.pass_context
def db_check(ctx: click.Context, repair: bool) -> None:
    """Check the registry."""
    context: CliContext = ctx.obj
    if repair:
        removed = maintenance.remove_leftovers(context.application)
        print_line(_("Files removed: {count}.").format(count=len(removed)))
    found = maintenance.find_faults(context.application)
    for fault in found:
        print_error(fault)
    if found:
        ctx.exit(RegistryError.exit_code)
    print_line(_("The registry is intact."))


@db_command.command(
    "clock",
    help=N_(
        "Note that the last entry of the log was written with a clock that was ahead, so that "
        "work can go on. Only the communications coordinator can do this."
    ),
    example="photoreg db clock --wrong L-123",
)
@option("--wrong", "entry", required=True, help=N_("The entry, such as L-123."))
@click.pass_obj
def db_clock(context: CliContext, entry: str) -> None:
    """Note that a clock was wrong."""
    number = clock.note_wrong_clock(context.application, entry)
    print_line(
        _("Noted: the clock was wrong when entry L-{entry} was written.").format(entry=number)
    )


@db_command.command(
    "backup",
    help=N_(
        "Write a backup into a new folder: the registry, the documents, the photos that were "
        "sent to the desk, and the data for verifying them. The registry can be used meanwhile. "
        "Only the communications coordinator can do this."
    ),
    example=N_("photoreg db backup backups"),
)
@argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER")
@click.pass_context
def db_backup(ctx: click.Context, folder: Path) -> None:
    """Back the registry up."""
    context: CliContext = ctx.obj
    target, manifest = maintenance.make_backup(context.application, folder, tell=print_error)
    print_line(_("The backup is in {folder}.").format(folder=target))
    counts = _("Log entries: {entries}. Documents: {documents}. Photos sent to the desk: {photos}.")
    print_line(
        counts.format(
            entries=manifest.log_entries, documents=manifest.evidence, photos=manifest.photos
        )
    )
    _print_missing(ctx, [*manifest.missing, *manifest.photos_missing])
    if not manifest.is_verified:
        print_note(_("The backup holds the registry as it is, with the records that were changed."))
        ctx.exit(SOME_FAILED)
    print_line(_("It was verified."))


@db_command.command(
    "restore",
    help=N_(
        "Restore a backup in place of the registry, or into an empty database on a server. The "
        "backup is verified first. With --replace, only a coordinator of the registry that is "
        "replaced can do this; it is kept under another name. You see first what will be undone, "
        "and confirm it; without a terminal, with --yes. Withdrawals, refusals, blocks and flags "
        "that the backup lacks are carried over. In an empty place, or where the registry is "
        "damaged, the coordinators of the backup decide."
    ),
    example=N_("photoreg db restore backups/photoreg-backup-20261122T090000Z --replace"),
)
@argument("backup", type=click.Path(file_okay=False, path_type=Path), metavar="BACKUP")
@option("--replace", is_flag=True, help=N_("Move the existing registry file aside."))
@option("--yes", is_flag=True, help=N_("Replace it without asking."))
@click.pass_obj
def db_restore(context: CliContext, backup: Path, replace: bool, yes: bool) -> None:
    """Restore a backup."""
    restored = maintenance.restore_backup(
        backup,
        context.location,
        context.login,
        replace=replace,
        evidence=context.evidence,
        computer_login=system_login(),
        tell=partial(confirm_restore, yes=yes),
    )
    manifest = restored.manifest
    print_line(_("The registry {path} is ready.").format(path=context.redacted_location))
    message = _("It is the registry of {moment}. Log entries: {entries}.")
    moment = format_time(manifest.moment)
    print_line(message.format(moment=moment, entries=manifest.log_entries))
    if restored.replaced is not Replaced.REGISTRY:
        print_line(may_be_missing(date.fromisoformat(legal_day(manifest.moment))))
    for line in stop_lines(restored.stops):
        print_line(line)


@db_command.command(
    "acknowledge",
    help=N_(
        "Show what a restored backup carried over or may lack, and note that you have looked at "
        "it. Only the communications coordinator can do this."
    ),
    example="photoreg db acknowledge L-123",
)
@argument("entry", metavar="ENTRY")
@click.pass_obj
def db_acknowledge(context: CliContext, entry: str) -> None:
    """Acknowledge a restored backup."""
    seen = restores.acknowledge_restore(context.application, entry)
    if seen.replaced is not Replaced.REGISTRY:
        print_line(may_be_missing(date.fromisoformat(seen.made_on)))
    for line in stop_lines(seen.stops):
        print_line(line)
    print_line(_("Noted: you have looked at it, {entry}.").format(entry=seen.entry))


@db_command.command(
    "copy",
    help=N_(
        "Copy a registry to a new place: from a file to a PostgreSQL server or back. Every row "
        "and document is compared with the original. Only the communications coordinator can "
        "do this."
    ),
    example=N_("photoreg db copy photoreg.db copy.db"),
)
@argument("source", metavar="FROM")
@argument("target", metavar="TO")
@click.pass_context
def db_copy(ctx: click.Context, source: str, target: str) -> None:
    """Copy a registry."""
    context: CliContext = ctx.obj
    copied = transfer.copy_registry(
        source, target, context.login, evidence=context.evidence, is_stated=context.is_stated
    )
    done = _(
        "Copied and compared. Rows: {rows}, of them log entries: {entries}. Documents: {files}."
    )
    values = {"rows": copied.rows, "entries": copied.log_entries, "files": copied.documents}
    print_line(done.format(**values))
    _print_missing(ctx, copied.missing)


def _print_missing(ctx: click.Context, missing: list[str]) -> None:
    if missing:
        missing_documents = _(
            "Documents that were already missing or changed and were not copied: {files}"
        )
        print_note(missing_documents.format(files=", ".join(missing)))
        ctx.exit(SOME_FAILED)


@db_command.command(
    "upgrade",
    help=N_(
        "Upgrade a registry made with an older release of photoreg: all of it, or nothing. One "
        "made before the first release must be created again."
    ),
    example="photoreg db upgrade",
)
@click.pass_obj
def db_upgrade(context: CliContext) -> None:
    """Upgrade the registry."""
    was_older = registry_setup.upgrade_registry(context.location)
    print_line(_("The registry {path} is ready.").format(path=context.redacted_location))
    if not was_older:
        return
    if is_on_server(context.location):
        print_note(
            _(
                "First run schema/roles.postgresql.sql again: the roles need rights to the new "
                "parts."
            )
        )
    print_note(_("Next, store the results for audits again:"))
    print_step(NextAction.AUDIT_REFRESH)
