"""What becomes of scanned pages, in words, and what to do about those that cannot be used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from photoreg.presentation.cells import safe
from photoreg.presentation.labels import LABELS
from photoreg.services.consents.papers.scans import TAKEN, FormScan, PageState, ScannedPage
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _

_REMEDIES: dict[PageState, str] = {
    PageState.UNKNOWN_FORM: N_(
        "The form was printed from another registry, or before this one was made anew. Record the "
        "answer without the code: who is shown, and who answers:"
    ),
    PageState.ANSWERED: N_(
        "If the paper says something else than what is recorded, record the change by itself, with "
        "the page saved as a file of its own:"
    ),
    PageState.WITHDRAWN: N_(
        "If the consent was given again after that, record it as renewed, with its day:"
    ),
    PageState.CLOSED: N_("Nothing may be kept of it: destroy the paper and the scan."),
    PageState.SEVERAL_CODES: N_("Scan each form on a page of its own."),
    PageState.SEVERAL_PICTURES: N_("Save each picture as a file of its own, or all as one PDF."),
    PageState.REPEATED: N_("Leave one scan of each form in the folder, and take the others out."),
    PageState.OTHER_SCAN: N_(
        "The first one stays. If this one is to be the document, record the answer with it:"
    ),
    PageState.UNREADABLE: N_("Close it in other programs, and check that you may read it."),
    PageState.NO_SCAN: N_("If it is a form, save it as PDF or JPEG; else take it out."),
    PageState.AS_PRINTED: N_(
        "It proves no answer: scan the signed paper. If it was signed on a screen, record the "
        "answer with it:"
    ),
    PageState.ENCRYPTED: N_("Save it without a password."),
    PageState.DAMAGED: N_("Scan the paper again."),
    PageState.TOO_LARGE: N_(
        "Scan it with 300 dots per inch: at most 100 megapixels and 100 MB a page, 1 GB a file."
    ),
    PageState.TOO_MANY_PAGES: N_("Save it as several files, of at most 2,000 pages each."),
}
_WITH_PAGE = NextStep.to(NextAction.CONSENT_RECORD, "code", "evidence")
_RENEWED = NextStep.to(NextAction.CONSENT_RECORD, "code", "on", "evidence", renewed="yes")
_STEPS = {
    PageState.NO_CODE: _WITH_PAGE,
    PageState.UNKNOWN_FORM: NextStep.to(NextAction.CONSENT_RECORD, "person", "by", "evidence"),
    PageState.ANSWERED: _RENEWED,
    PageState.WITHDRAWN: _RENEWED,
    PageState.AS_PRINTED: _WITH_PAGE,
    PageState.OTHER_SCAN: _WITH_PAGE,
}
_TO_KEEP = N_("Pages to keep as the document of their form: {count}.")
_KEPT = N_("Pages kept as the document of their form: {count}.")
_MOST_PAGES = 12
"""How many pages stand in one line."""


@dataclass(frozen=True, slots=True)
class UnusedPages:
    """Pages that are not used for the same reason: the line about them, and what to do."""

    state: PageState
    line: str
    remedy: str
    step: NextStep | None


def count_lines(result: FormScan) -> Iterator[str]:
    """Yield how many pages are kept, or would be."""
    if new := result.count(PageState.NEW):
        yield _(_KEPT if result.applied else _TO_KEEP).format(count=new)
    if known := result.count(PageState.KNOWN):
        yield _("Pages kept already: {count}.").format(count=known)


def unused_pages(result: FormScan, no_code: str) -> Iterator[UnusedPages]:
    """Yield the pages that are not used, by what is wrong; `no_code` is how to take a back."""
    for state in PageState:
        pages = [page for page in result.pages if page.state is state]
        if pages and state not in TAKEN:
            label = _(LABELS["PageState"][state])
            yield UnusedPages(
                state,
                f"{label[0].upper()}{label[1:]}: {', '.join(_places(pages))}.",
                _(_REMEDIES.get(state, no_code)),
                _STEPS.get(state),
            )


def nameless_lines(result: FormScan) -> Iterator[str]:
    """Yield the forms without a name, which are recorded one by one."""
    if result.nameless:
        text = _("Forms printed without a name, to be recorded one by one: {codes}.")
        yield text.format(codes=", ".join(_first(result.nameless)))


def _places(pages: list[ScannedPage]) -> list[str]:
    """Return the files and page numbers, and how many more there are than fit."""
    return _first(safe(f"{p.name} ({p.page})" if p.pages > 1 else p.name) for p in pages)


def _first(words: Iterable[str]) -> list[str]:
    every = list(words)
    rest = len(every) - _MOST_PAGES
    more = [_("{count} more").format(count=rest)] if rest > 0 else []
    return every[:_MOST_PAGES] + more
