"""Scanned forms: each page becomes the document of its form, and its answer is left to type.

A page proves one form, so it is kept on its own: the whole file where it has one page, else the
page written anew, with the hash of that file. A file of a whole box would show everybody's forms to
whoever looks at one, and could not be erased with one person.
"""

import errno
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from photoreg.documents.codes import format_code
from photoreg.documents.scans.reading import PageRead, PageReader
from photoreg.errors import InputDataError
from photoreg.named_files import hash_regular, unreadable_error
from photoreg.registry.evidence import MAX_EVIDENCE_BYTES
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.forms import (
    answered_forms,
    forms_with_codes,
    kept_scans,
    scans_of_forms,
)
from photoreg.registry.queries.people import persons_of
from photoreg.registry.rows import add
from photoreg.registry.tables.forms import ConsentForm, ConsentFormScan
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents.form_answer_sheets import FormAnswerSheet, sheet_of_forms
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_

MAX_SCAN_BYTES = 2**30
"""The largest file of scanned pages that is read."""


class PageState(StrEnum):
    """What becomes of a scanned page."""

    NEW = "new"
    KNOWN = "known"
    BACK = "back"
    NO_CODE = "no_code"
    UNKNOWN_FORM = "unknown_form"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    SEVERAL_CODES = "several_codes"
    SEVERAL_PICTURES = "several_pictures"
    REPEATED = "repeated"
    SAME_FILE = "same_file"
    OTHER_SCAN = "other_scan"
    UNREADABLE = "unreadable"
    NO_SCAN = "no_scan"
    AS_PRINTED = "as_printed"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"


TAKEN = frozenset({PageState.NEW, PageState.KNOWN, PageState.BACK, PageState.SAME_FILE})
"""The states of pages about which nothing is left to do."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page of a scanned file, and what becomes of it.

    `page` is its number, 0 where the file as a whole was not read; `last` is that of its back, if
    it has any. `source` is the hash of the file, and `pages` how many it has. `name` is what the
    user calls the file.
    """

    file: Path
    name: str
    page: int
    last: int
    state: PageState
    pages: int = 0
    source: str = ""
    codes: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The only code on the page; "" unless there is one."""
        return self.codes[0] if len(self.codes) == 1 else ""

    @property
    def share(self) -> float:
        """How much of its file the page is."""
        return 1 / (self.pages or 1)


Follow = Callable[[Iterator[ScannedPage], float], Iterable[ScannedPage]]
"""Passes pages on as they are read or kept, to show how far that is; the sum of all shares."""


@dataclass(frozen=True, slots=True)
class FormScan:
    """What was found on scanned pages, stored or only shown.

    `sheet` has a row for each form whose answer is left to type; `nameless` are the codes of those
    without a name, which have no row.
    """

    pages: tuple[ScannedPage, ...]
    sheet: FormAnswerSheet
    nameless: tuple[str, ...]
    applied: bool

    def count(self, state: PageState) -> int:
        """Return the number of pages with this state."""
        return sum(page.state is state for page in self.pages)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do about any page."""
        return all(page.state in TAKEN for page in self.pages)


def scan_forms(
    application: Application,
    path: Path,
    *,
    both_sides: bool,
    apply: bool,
    keep_sheet: Callable[[FormAnswerSheet], None],
    leave_out: Path | None = None,
    follow: Follow = lambda pages, _total: pages,
) -> FormScan:
    """Read the scanned pages in a file or folder; with `apply` keep them as documents of forms.

    All that can be kept are kept, or none.
    With `both_sides`, one page without a code after a page with one is its back. `keep_sheet`
    writes what is left to type before anything is stored for good. `leave_out` is a file that is no
    scan. The pages pass through `follow` while they are read, and while they are kept.
    """
    with application.changing():
        pass  # whoever may not do it is told before hundreds of pages are read
    files = _files(path, leave_out)
    with closing(PageReader()) as reader:
        pages = (page for each in files for page in _read(reader, *each))
        read = list(follow(pages, len(files)))
        with application.changing() as work:
            judged = _Judge(work, _with_backs(read) if both_sides else read)
            result = judged.result(applied=apply)
            if apply:
                new = [page for page in judged.pages if page.state is PageState.NEW]
                kept = _kept(work, reader, judged.forms, new)
                new = list(follow(kept, sum(page.share for page in new)))
                for file, source in {(page.file, page.source) for page in new}:
                    _require_same(file, source)
                keep_sheet(result.sheet)
    return result


def _files(path: Path, leave_out: Path | None) -> list[tuple[Path, str]]:
    """Return the files of a folder, or a file itself, each with the name to show."""
    try:
        path.stat()
    except OSError as error:
        raise unreadable_error(path, error) from error
    if not path.is_dir():
        return [(path, path.name)]
    without = leave_out.absolute() if leave_out else None
    found = sorted(file for file in path.rglob("*") if not file.is_dir())
    files = [file for file in found if file.absolute() != without]
    if not files:
        raise InputDataError(
            N_("there are no files in the folder {folder}"),
            N_("Put the scanned forms there, or name another folder."),
            folder=path,
        )
    return [(file, file.relative_to(path).as_posix()) for file in files]


def _read(reader: PageReader, file: Path, name: str) -> Iterator[ScannedPage]:
    try:
        source, size = hash_regular(file, MAX_SCAN_BYTES), file.stat().st_size
    except OSError as error:
        state = PageState.TOO_LARGE if error.errno == errno.E2BIG else PageState.UNREADABLE
        yield ScannedPage(file, name, 0, 0, state)
        return
    for each in reader.read(file):
        is_too_large = each.pages == 1 and size > MAX_EVIDENCE_BYTES
        state = PageState.TOO_LARGE if is_too_large else _state_of(each)
        number = each.number
        yield ScannedPage(file, name, number, number, state, each.pages, source, each.codes)


def _state_of(page: PageRead) -> PageState:
    if page.fault is not None:
        return PageState(page.fault)
    if len(page.codes) > 1:
        return PageState.SEVERAL_CODES
    return PageState.NEW if page.codes else PageState.NO_CODE


def _with_backs(pages: Iterable[ScannedPage]) -> list[ScannedPage]:
    """Return the pages, one without a code after a page with one as its back.

    A paper has one back: a second page without a code may be the front of another paper.
    """
    joined: list[ScannedPage] = []
    front: int | None = None
    for page in pages:
        if page.state is PageState.NEW:
            front = len(joined)
        else:
            if front is not None and _is_back(page, joined[front]):
                joined[front] = replace(joined[front], last=page.page)
                page = replace(page, state=PageState.BACK, codes=joined[front].codes)  # noqa: PLW2901
            front = None
        joined.append(page)
    return joined


def _is_back(page: ScannedPage, front: ScannedPage) -> bool:
    return page.state is PageState.NO_CODE and page.file == front.file


class _Judge:
    """Decides what becomes of each page with the code of a form."""

    def __init__(self, work: UnitOfWork, pages: Sequence[ScannedPage]) -> None:
        self.work = work
        codes = {page.code for page in pages if page.state is PageState.NEW}
        self.forms = forms_with_codes(work.session, codes)
        numbers = [id_of(form) for form in self.forms.values()]
        self.scans = scans_of_forms(work.session, numbers)
        self.whole = kept_scans(work.session, numbers)
        self.kept = {
            (scan.source, number)
            for form, scan in self.scans.items()
            if form in self.whole
            for number in range(scan.first_page, scan.last_page + 1)
        }
        self.answers = answered_forms(work.session, numbers)
        people = {n for form in self.forms.values() for n in (form.subject_id, form.actor_id)}
        persons = persons_of(work.session, people)
        self.erased = {number for number, person in persons.items() if person.erased_at}
        self.places: Mapping[str, list[ScannedPage]] = defaultdict(list)
        for page in pages:
            if page.state is PageState.NEW:
                self.places[page.code].append(page)
        self.pages = tuple(self._backs_left(map(self._judged, pages)))

    def _judged(self, page: ScannedPage) -> ScannedPage:
        if page.state is PageState.NO_CODE and (page.source, page.page) in self.kept:
            return replace(page, state=PageState.KNOWN)
        if page.state is not PageState.NEW:
            return page
        form = self.forms.get(page.code)
        state = PageState.UNKNOWN_FORM if form is None else self._state(page, form)
        return replace(page, state=state)

    def _state(self, page: ScannedPage, form: ConsentForm) -> PageState:
        scan = self.scans.get(id_of(form))
        is_gone = scan is not None and id_of(form) not in self.whole
        if is_gone or self.erased & {form.subject_id, form.actor_id}:
            return PageState.CLOSED
        if scan is not None and _is_of(scan, page):
            return PageState.KNOWN
        if id_of(form) in self.answers:
            is_withdrawn = self.answers[id_of(form)] is ConsentKind.WITHDRAWN
            return PageState.WITHDRAWN if is_withdrawn else PageState.ANSWERED
        return self._state_of_new(page) if scan is None else PageState.OTHER_SCAN

    def _state_of_new(self, page: ScannedPage) -> PageState:
        first, *others = self.places[page.code]
        if any((other.source, other.page) != (first.source, first.page) for other in others):
            return PageState.REPEATED
        return PageState.NEW if page is first else PageState.SAME_FILE

    def _backs_left(self, pages: Iterable[ScannedPage]) -> Iterator[ScannedPage]:
        """Yield the pages; the back of a page that is not taken is left with it."""
        front: ScannedPage | None = None
        for page in pages:
            if page.state is not PageState.BACK:
                front = page
                yield page
            else:
                is_taken = front is not None and front.state in TAKEN
                yield page if is_taken or front is None else replace(page, state=front.state)

    def result(self, *, applied: bool) -> FormScan:
        """Return the pages, and the forms whose answers are left to type, in their order."""
        found = {
            page.code: _place(page)
            for page in self.pages
            if page.code
            and page.state in {PageState.NEW, PageState.KNOWN}
            and id_of(self.forms[page.code]) not in self.answers
        }
        forms = [self.forms[code] for code in found]
        named = [form for form in forms if form.subject_id and form.actor_id]
        nameless = tuple(format_code(form.code) for form in forms if form not in named)
        return FormScan(self.pages, sheet_of_forms(self.work, named, found), nameless, applied)


def _is_of(scan: ConsentFormScan, page: ScannedPage) -> bool:
    is_same = scan.source == page.source and scan.first_page == page.page
    return is_same and scan.last_page >= page.last


def _place(page: ScannedPage) -> str:
    """Return where a page is: the file, and its number if the file has several."""
    return page.name if page.pages == 1 else f"{page.name} ({page.page})"


def _kept(
    work: UnitOfWork,
    reader: PageReader,
    forms: Mapping[str, ConsentForm],
    pages: Iterable[ScannedPage],
) -> Iterator[ScannedPage]:
    """Keep each page as the document of its form, and yield it."""
    with TemporaryDirectory() as folder:
        for page in pages:
            form = forms[page.code]
            sha256 = work.store_evidence(_document(reader, page, Path(folder)))
            add(work.session, _scan_row(work, form, page, sha256 or ""))
            work.log(Action.FORM_SCANNED, "form", form.id, evidence=sha256, **_parties(form))
            yield page


def _document(reader: PageReader, page: ScannedPage, folder: Path) -> Path:
    """Return the file that holds a page and its back, and nothing else."""
    if page.page == 1 and page.last == page.pages:
        return page.file
    document = reader.take_out(page.file, page.page, page.last, folder / "page")
    if document is None:
        raise InputDataError(
            N_("page {page} of {file} cannot be taken out of the file"),
            N_("Save the page as a file of its own, and scan again without this one."),
            page=page.page,
            file=page.name,
        )
    return document


def _scan_row(
    work: UnitOfWork, form: ConsentForm, page: ScannedPage, sha256: str
) -> ConsentFormScan:
    return ConsentFormScan(
        form_id=id_of(form),
        evidence=sha256,
        source=page.source,
        first_page=page.page,
        last_page=page.last,
        scanned_at=work.now,
        scanned_by=work.actor.id,
    )


def _parties(form: ConsentForm) -> dict[str, str]:
    named = {"person": form.subject_id, "by": form.actor_id}
    return {key: human_id(Kind.PERSON, number) for key, number in named.items() if number}


def _require_same(file: Path, source: str) -> None:
    """Raise InputDataError for a file that was changed after its pages were read."""
    try:
        is_same = hash_regular(file, MAX_SCAN_BYTES) == source
    except OSError as error:
        raise unreadable_error(file, error) from error
    if not is_same:
        raise InputDataError(
            N_("{file} was changed while it was being read"),
            N_("Close it in other programs, and scan again."),
            file=file.name,
        )
