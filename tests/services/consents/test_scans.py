"""Scanned forms: each page proves the answer on its form, and no page is passed by in silence."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from tests.documents.scanned import as_jpeg, page_with, pdf_of, turned
from tests.services.scenes import ApplicationFor, add_child, create_person

from photoreg.cli.printing.next_steps import command_line
from photoreg.documents.codes import format_code, new_code
from photoreg.documents.scans.reading import ScanFault
from photoreg.errors import InputDataError, NotAllowed
from photoreg.presentation.data_subjects.access_report import report_text
from photoreg.registry.evidence import evidence_path, stored_evidence
from photoreg.registry.ledger_check import require_intact_chain
from photoreg.registry.queries.evidence_uses import form_parties
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.application import Application
from photoreg.services.consents import documents
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.form_agreement import require_same_page
from photoreg.services.consents.form_answer_sheets import FormAnswerSheet
from photoreg.services.consents.form_answers import (
    FormMarks,
    find_form,
    record_form_answer,
    withdraw_form_answer,
)
from photoreg.services.consents.forms import FormOrder, print_forms
from photoreg.services.consents.papers import scans
from photoreg.services.consents.papers.scans import Follow, FormScan, PageState, ScannedPage
from photoreg.services.data_subjects import access_report, erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.organisation import staff
from photoreg.services.photos import events

pytestmark = pytest.mark.engines("sqlite")

YES = ConsentStatement(ConsentKind.GIVEN, ("kunta-public-page",))
NO = ConsentStatement(ConsentKind.REFUSED)
MOTHER, FATHER, ADULT, BLANK = range(4)


class Box:
    """A registry with four forms that were printed, and a folder of what came back."""

    def __init__(self, application: Application, folder: Path) -> None:
        elle = add_child(application, "Elle Đorđi", date(2018, 3, 2), ["Máret", "Ánte"])
        inga = create_person(application, "Inga Boine")
        events.add_event(application, "Juhla", on=date(2026, 11, 9), roster=[elle, inga])
        order = FormOrder(
            folder / "forms",
            date(2027, 12, 31),
            event="E-1",
            roster=True,
            blank=1,
        )
        made = print_forms(application, order).forms
        self.application, self.folder = application, folder / "box"
        self.folder.mkdir()
        self.codes = [form.code for form in made]
        self.sheets: list[FormAnswerSheet] = []

    def page(self, form: int) -> Image.Image:
        return page_with(self.codes[form])

    def scan(self, *, apply: bool = True, both_sides: bool = False, **more: Any) -> FormScan:
        given = {"keep_sheet": self.sheets.append, **more}
        return scans.scan_forms(
            self.application, self.folder, both_sides=both_sides, apply=apply, **given
        )

    def states(self, **how: bool) -> dict[str, str]:
        found = self.scan(**how).pages
        return {f"{page.name} {page.page}": page.state.value for page in found}

    def files(self) -> list[str]:
        """Return the names of all files in the evidence folder."""
        folder = self.application.registry.evidence_folder
        return [each.name for each in folder.rglob("*") if each.is_file()]

    def kept(self) -> list[str]:
        """Return the documents that the registry keeps."""
        with self.application.reading() as work:
            return list(stored_evidence(work.session))

    def record(self, form: int, answer: ConsentStatement) -> str:
        """Record the answer on a form; return the consent."""
        recorded = record_form_answer(
            self.application, self.codes[form], answer, FormMarks(may_be_named=None)
        )
        return recorded[0].recorded.record_id

    def document_of(self, consent: str) -> Path:
        [row] = documents.show_documents(self.application, consent)
        assert row.state is documents.DocumentState.WHOLE
        return evidence_path(self.application.registry.evidence_folder, row.document)


@pytest.fixture
def box(application: Application, tmp_path: Path) -> Box:
    return Box(application, tmp_path)


def test_each_page_becomes_the_document_of_its_form_and_only_the_answer_is_left(box: Box) -> None:
    pdf_of(box.folder / "class.pdf", [turned(3)(box.page(MOTHER)), box.page(FATHER)])
    as_jpeg(box.page(ADULT)).save(box.folder / "IMG_1.jpg")
    result = box.scan()
    assert [page.state for page in result.pages] == [PageState.NEW] * 3
    [sheet] = box.sheets
    assert [(row.code, row.shown, row.answering, row.scan) for row in sheet.rows] == [
        (box.codes[ADULT], "Inga Boine", "Inga Boine", "IMG_1.jpg"),
        (box.codes[MOTHER], "Elle Đorđi", "Máret", "class.pdf (1)"),
        (box.codes[FATHER], "Elle Đorđi", "Ánte", "class.pdf (2)"),
    ]
    given = record_form_answer(box.application, box.codes[ADULT], YES, FormMarks())
    assert given[0].recorded.documented
    whole = box.document_of(given[0].recorded.record_id)
    assert whole.read_bytes() == (box.folder / "IMG_1.jpg").read_bytes()
    page = box.document_of(box.record(FATHER, NO)).read_bytes()
    assert page.startswith(b"%PDF")
    assert len(page) < (box.folder / "class.pdf").stat().st_size
    with box.application.reading() as work:
        require_intact_chain(work.session)


def test_a_look_keeps_nothing_and_the_same_folder_again_adds_nothing(box: Box) -> None:
    pdf_of(box.folder / "class.pdf", [box.page(MOTHER), box.page(FATHER)])
    assert box.scan(apply=False).count(PageState.NEW) == 2
    assert (box.kept(), box.sheets) == ([], [])
    box.scan()
    kept = box.kept()
    assert len(kept) == 2
    box.record(MOTHER, NO)
    again = box.scan()
    assert {page.state for page in again.pages} == {PageState.KNOWN}
    assert box.kept() == kept
    assert [row.code for row in box.sheets[-1].rows] == [box.codes[FATHER]]
    assert again.is_complete


def refused_table(_sheet: FormAnswerSheet) -> None:
    raise InputDataError("exists already")


def interrupted(_sheet: FormAnswerSheet) -> None:
    signal.raise_signal(signal.SIGINT)


def damaged_meanwhile(box: Box) -> Follow:
    """Return what lets a file be damaged after its pages were read, and before they are kept."""

    def follow(pages: Iterator[ScannedPage], _total: float) -> Iterator[ScannedPage]:
        yield from pages
        (box.folder / "class.pdf").write_bytes(b"%PDF-1.7 and nothing else")

    return follow


@pytest.mark.parametrize(
    ("error", "how"),
    [
        (InputDataError, lambda _box: {"keep_sheet": refused_table}),
        (InputDataError, lambda box: {"follow": damaged_meanwhile(box)}),
        (KeyboardInterrupt, lambda _box: {"keep_sheet": interrupted}),
    ],
    ids=["table", "page", "Ctrl-C"],
)
def test_a_scan_that_fails_leaves_no_document_in_the_evidence_folder(
    box: Box, error: type[BaseException], how: Callable[[Box], dict[str, Any]]
) -> None:
    box.page(BLANK).save(box.folder / "blank.png")
    box.scan()
    kept = box.kept()
    box.page(ADULT).save(box.folder / "adult.png")
    pdf_of(box.folder / "class.pdf", [box.page(MOTHER), box.page(FATHER)])
    with pytest.raises(error):
        box.scan(**how(box))
    assert box.kept() == box.files() == kept
    assert len(kept) == 1
    pdf_of(box.folder / "class.pdf", [box.page(MOTHER), box.page(FATHER)])
    assert box.scan().count(PageState.NEW) == 3
    assert sorted(box.files()) == box.kept()


def test_pages_are_followed_while_they_are_read_and_while_they_are_kept(box: Box) -> None:
    pdf_of(box.folder / "class.pdf", [box.page(MOTHER), box.page(FATHER)])
    (box.folder / "notes.txt").write_text("Hello")
    shares: list[list[float]] = []

    def follow(pages: Iterator[ScannedPage], total: float) -> Iterator[ScannedPage]:
        shares.append([total])
        for page in pages:
            shares[-1].append(page.share)
            yield page

    box.scan(follow=follow)
    assert shares == [[2, 0.5, 0.5, 1], [1, 0.5, 0.5]]


def test_every_page_is_told_with_what_becomes_of_it(box: Box) -> None:
    mother, father = box.page(MOTHER), box.page(FATHER)
    both = Image.new("L", (mother.width * 2, mother.height), 255)
    both.paste(mother)
    both.paste(father, (mother.width, 0))
    both.save(box.folder / "both.png")
    pdf_of(box.folder / "class.pdf", [mother, Image.new("L", mother.size, 255)])
    mother.save(box.folder / "mother.png")
    page_with(format_code(new_code())).save(box.folder / "other town.png")
    box.record(ADULT, YES)
    box.page(ADULT).save(box.folder / "inga.png")
    box.page(BLANK).save(box.folder / "blank.tif")
    (box.folder / "blank again.tif").write_bytes((box.folder / "blank.tif").read_bytes())
    (box.folder / "notes.txt").write_text("Hello")
    (box.folder / "sub").mkdir()
    father.save(box.folder / "sub" / "father.jpg")
    expected = {
        "both.png 1": "several_codes",
        "class.pdf 1": "repeated",
        "class.pdf 2": "no_code",
        "mother.png 1": "repeated",
        "other town.png 1": "unknown_form",
        "inga.png 1": "answered",
        "blank again.tif 1": "new",
        "blank.tif 1": "same_file",
        "notes.txt 0": "no_scan",
        "sub/father.jpg 1": "new",
    }
    result = box.scan()
    assert {f"{p.name} {p.page}": p.state.value for p in result.pages} == expected
    assert not result.is_complete
    assert result.nameless == (box.codes[BLANK],)
    assert [row.code for row in result.sheet.rows] == [box.codes[FATHER]]
    assert len(box.kept()) == 2


def test_a_withdrawn_answer_and_a_second_scan_change_nothing(box: Box) -> None:
    box.page(MOTHER).save(box.folder / "mother.png")
    box.record(ADULT, YES)
    withdraw_form_answer(
        box.application,
        box.codes[ADULT],
        ConsentStatement(ConsentKind.WITHDRAWN, purposes=()),
        FormMarks(),
    )
    box.scan()
    turned(1)(box.page(MOTHER)).save(box.folder / "again.png")
    box.page(ADULT).save(box.folder / "inga.png")
    assert box.states() == {
        "again.png 1": "other_scan",
        "inga.png 1": "withdrawn",
        "mother.png 1": "known",
    }
    assert len(box.kept()) == 1


def test_one_back_of_a_paper_is_kept_with_its_front_and_another_page_is_told(box: Box) -> None:
    back = Image.new("L", box.page(MOTHER).size, 255)
    pages = [box.page(MOTHER), back, box.page(FATHER), back, back]
    pdf_of(box.folder / "class.pdf", pages)
    found = [*box.states(both_sides=True).values()]
    assert found == ["new", "back", "new", "back", "no_code"]
    again = box.scan(both_sides=True)
    assert [page.state.value for page in again.pages] == [
        "known",
        "back",
        "known",
        "back",
        "no_code",
    ]
    assert not again.is_complete
    assert len(PdfReader(box.document_of(box.record(FATHER, NO))).pages) == 2
    assert [*box.states().values()] == ["known"] * 4 + ["no_code"]


def test_the_paper_of_a_form_without_a_name_proves_what_is_recorded_from_it(box: Box) -> None:
    box.page(BLANK).save(box.folder / "blank.png")
    assert box.scan().sheet.rows == []
    marks = FormMarks(person="H-4")
    [said, *_noes] = record_form_answer(box.application, box.codes[BLANK], YES, marks)
    assert said.recorded.documented
    assert box.document_of(said.recorded.record_id).stat().st_size


def test_a_page_named_beside_another_form_s_code_contradicts_it(box: Box) -> None:
    pdf_of(box.folder / "class.pdf", [box.page(MOTHER), box.page(FATHER)])
    box.scan()
    with box.application.reading() as work:
        mother, adult = (find_form(work, box.codes[each]) for each in (MOTHER, ADULT))
        require_same_page(work, mother, "class.pdf (1)")
        for form, page in ((mother, "class.pdf (2)"), (adult, "class.pdf (1)")):
            with pytest.raises(InputDataError, match="is not on it"):
                require_same_page(work, form, page)


def test_another_document_given_with_the_answer_comes_before_the_scan(
    box: Box, tmp_path: Path
) -> None:
    box.page(ADULT).save(box.folder / "page.png")
    box.scan()
    (tmp_path / "better.pdf").write_bytes(b"better")
    consent = box.record(ADULT, replace(YES, evidence=tmp_path / "better.pdf"))
    assert box.document_of(consent).read_bytes() == b"better"


def test_a_renewed_consent_needs_a_paper_of_its_own(box: Box) -> None:
    box.page(ADULT).save(box.folder / "page.png")
    box.scan()
    box.record(ADULT, YES)
    renewed = replace(YES, kind=ConsentKind.RENEWED, on=box.application.today)
    [said] = record_form_answer(box.application, box.codes[ADULT], renewed, FormMarks())
    assert not said.recorded.documented


def test_an_erasure_takes_the_scan_along_before_its_answer_is_recorded(box: Box) -> None:
    box.page(ADULT).save(box.folder / "page.png")
    box.scan()
    [document] = box.kept()
    with box.application.reading() as work:
        assert form_parties(work.session, document) == [(4, 4)]
    report = access_report.access_report(box.application, "H-4", purpose="asked")
    assert [form.scan for form in report.forms] == [document]
    assert document in "\n".join(report_text(report))
    erasure.erase(box.application, "H-4", ErasureGround.REQUEST)
    assert box.kept() == []
    folder = box.application.registry.evidence_folder
    assert not evidence_path(folder, document).exists()
    assert box.states() == {"page.png 1": "closed"}
    for answer in (YES, NO):
        with pytest.raises(NotAllowed, match="nothing more can be recorded"):
            box.record(ADULT, answer)
    assert box.kept() == []


def test_whoever_scanned_and_the_coordinator_are_told_of_answers_that_nobody_has_typed(
    box: Box, application_for: ApplicationFor
) -> None:
    staff.add_staff(box.application, login="elina", name="Elina E", role=StaffRole.EMPLOYEE)
    anna, kaisa, *others = map(application_for, ("anna", "kaisa", "elina", "tarja"))
    pdf_of(box.folder / "class.pdf", [box.page(MOTHER), box.page(FATHER)])
    box.page(ADULT).save(box.folder / "adult.png")
    box.application = anna
    box.scan(apply=False)
    assert waiting(kaisa) == []
    box.scan()
    box.record(MOTHER, NO)
    assert waiting(anna) == waiting(kaisa) == [(2, "photoreg consent record --codes FILE")]
    assert [waiting(other) for other in others] == [[], []]
    erasure.erase(kaisa, "H-4", ErasureGround.REQUEST)
    assert [count for count, _command in waiting(anna)] == [1]
    box.record(FATHER, YES)
    assert waiting(anna) == waiting(kaisa) == []


def waiting(application: Application) -> list[tuple[int, str]]:
    """Return how many scanned forms wait for their answers, and the command."""
    items = agenda(application)
    return [(x.count, command_line(x.step)) for x in items if x.kind is AgendaKind.SCANNED]


def test_whatever_can_be_wrong_with_a_file_is_a_state_of_its_page() -> None:
    assert {*map(str, ScanFault)} <= {*map(str, PageState)}
