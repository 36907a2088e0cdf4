"""Print what becomes of scanned pages, and what to do about those that cannot be used."""

from typing import Any

from photoreg.cli.output import print_note, print_view
from photoreg.cli.printing.next_steps import print_next, print_step
from photoreg.documents.codes import format_code
from photoreg.presentation.lists.form_scans import count_lines, nameless_lines, unused_pages
from photoreg.presentation.views.consents import CONSENT_SCAN
from photoreg.services.consents.papers.scans import FormScan, ScannedPage
from photoreg.steps import NextAction
from photoreg.texts import N_

_NO_CODE = N_(
    "If it is the other side of the page before it, scan again with --both-sides. If the code "
    "is covered or cut off, save the page as a file of its own, and type the code from the "
    "paper:"
)


def print_pages(result: FormScan, layout: str) -> None:
    """Print each page, how many are kept, and what to do about the others, by what is wrong."""
    print_view(CONSENT_SCAN, map(_row, result.pages), layout)
    for line in count_lines(result):
        print_note(line)
    for each in unused_pages(result, _NO_CODE):
        print_note(each.line)
        print_note(each.remedy)
        if each.step:
            print_next(each.step)
    for line in nameless_lines(result):
        print_note(line)
        print_step(NextAction.CONSENT_RECORD, "code", "person", "by")


def _row(page: ScannedPage) -> dict[str, Any]:
    return {
        "file": page.name,
        "page": page.page or None,
        "code": ", ".join(map(format_code, page.codes)) or None,
        "state": page.state,
    }
