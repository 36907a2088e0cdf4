"""`evidence`: the documents behind consents and permissions: show, export, hand in again."""

from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, format_option, output_option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.presentation.days import format_time
from photoreg.presentation.view import record_row
from photoreg.presentation.views.consents import DOCUMENTS
from photoreg.services.consents import documents
from photoreg.texts import N_, _


@click.group(
    "evidence", cls=Group, help=N_("Documents that prove consents, permissions and decisions.")
)
def evidence_command() -> None:
    """Group commands about documents kept as evidence."""


@evidence_command.command(
    "show",
    help=N_(
        "Show what is recorded about a document: what is based on it, its size, who added it "
        "and when, and whether its file is unchanged. DOCUMENT is a consent (C-1), a permission "
        "(L-1), or the beginning of the document's hash. The viewing is logged."
    ),
    example="photoreg evidence show C-1",
)
@argument("document")
@format_option
@click.pass_obj
def evidence_show(context: CliContext, document: str, layout: str) -> None:
    """Show documents."""
    rows = documents.show_documents(context.application, document)
    print_view(DOCUMENTS, (_document_row(row, layout) for row in rows), layout)


def _document_row(row: documents.DocumentRow, layout: str) -> dict[str, Any]:
    times = {"added_at": row.added_at, "damaged_at": row.damaged_at}
    return record_row(row) | {
        name: format_time(at, layout) if at else None for name, at in times.items()
    }


@evidence_command.command(
    "export",
    help=N_(
        "Write a copy of a document into a new file, to open it. Only you can read the file; an "
        "existing one is never replaced. The export is logged."
    ),
    example=N_("photoreg evidence export C-1 -o form.pdf"),
)
@argument("document")
@output_option(N_("The new file to write."))
@click.pass_obj
def evidence_export(context: CliContext, document: str, file: Path) -> None:
    """Export one document."""
    documents.export_document(context.application, document, file)
    print_note(
        _("Written: {file}. It contains personal data: delete it when you have read it.").format(
            file=file
        )
    )


@evidence_command.command(
    "restore",
    help=N_(
        "Add again a document that is missing or was changed. Only exactly the same file is "
        "accepted; the consent or permission based on it is then valid again."
    ),
    example=N_("photoreg evidence restore form.pdf"),
)
@argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def evidence_restore(context: CliContext, file: Path) -> None:
    """Take in one document again."""
    sha256 = documents.restore_document(context.application, file)
    print_line(_("The document {document} is intact.").format(document=sha256[:12]))
