"""Enter the answers on forms one by one: what a form asks, its scanned paper, and the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from photoreg.documents.codes import format_code
from photoreg.documents.scans.reading import PageReader
from photoreg.errors import InputDataError, NotFound
from photoreg.named_files import read_regular
from photoreg.registry.evidence import MAX_EVIDENCE_BYTES, evidence_path
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.forms import (
    answered_forms,
    asked_on_form,
    kept_scans,
    next_unanswered_scan,
    scans_of_forms,
)
from photoreg.registry.queries.people import persons_of
from photoreg.rulebook.facts import ConsentKind, Purpose
from photoreg.services.application import Application
from photoreg.services.consents.document_texts import format_channel
from photoreg.services.consents.documents import open_document
from photoreg.services.consents.form_answers import find_form
from photoreg.services.people.ages import shown_name
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class FormToAnswer:
    """A printed form: whose answer it asks for, and about what; names as the user may see them.

    `shown` and `answering` are empty where none was printed. `channels` are names with titles.
    `pages` is how many pages its scanned paper has. `answered` is what was recorded last from it.
    """

    code: str
    shown: str
    answering: str
    event: str | None
    channels: tuple[tuple[str, str], ...]
    purposes: tuple[Purpose, ...]
    pages: int
    answered: ConsentKind | None

    @property
    def is_of_guardian(self) -> bool:
        """Whether somebody answers for the person shown."""
        return bool(self.answering) and self.answering != self.shown


def form_to_answer(application: Application, code: str) -> FormToAnswer:
    """Return what the form with this code asks."""
    with application.reading() as work:
        form = find_form(work, code)
        number = id_of(form)
        people = persons_of(work.session, {form.subject_id, form.actor_id})
        subject, actor = people.get(form.subject_id or 0), people.get(form.actor_id or 0)
        asked = asked_on_form(work.session, number)
        scan = scans_of_forms(work.session, [number]).get(number)
        is_kept = bool(kept_scans(work.session, [number]))
        return FormToAnswer(
            format_code(form.code),
            shown_name(work, subject) if subject else "",
            shown_name(work, actor) if actor else "",
            human_id(Kind.EVENT, form.event_id) if form.event_id else None,
            tuple((each.name, format_channel(each)) for each in asked.channels),
            asked.purposes,
            scan.last_page - scan.first_page + 1 if scan and is_kept else 0,
            answered_forms(work.session, [number]).get(number),
        )


def next_scanned_form(application: Application, after: str = "") -> str | None:
    """Return the code of the next form whose paper is kept and whose answer is not recorded.

    Coordinators see those that anybody scanned, others their own.
    """
    with application.reading() as work:
        own = None if work.actor.role in COORDINATORS else work.actor.id
        last = id_of(find_form(work, after)) if after else 0
        found = next_unanswered_scan(work.session, own, last)
        return format_code(found.code) if found else None


def picture_of_paper(application: Application, code: str, page: int) -> bytes:
    """Return a page of the scanned paper of a form as a picture (JPEG); the look is logged."""
    with application.reading() as work:
        sha256 = _paper(work, code)
    open_document(application, sha256)
    file = evidence_path(application.registry.evidence_folder, sha256)
    with TemporaryDirectory() as folder:
        drawn = _draw(file, page, Path(folder))
        return read_regular(drawn, MAX_EVIDENCE_BYTES)


def _paper(work: UnitOfWork, code: str) -> str:
    number = id_of(find_form(work, code))
    found: Sequence[str] = [*kept_scans(work.session, [number]).values()]
    if not found:
        raise NotFound(
            N_("the form {code} has no scanned paper"), N_("Look at the paper itself."), code=code
        )
    return found[0]


def _draw(file: Path, page: int, folder: Path) -> Path:
    reader = PageReader()
    try:
        drawn = reader.picture(file, page, folder / "page.jpg")
    finally:
        reader.close()
    if drawn is None:
        raise InputDataError(
            N_("the paper cannot be drawn as a picture"), N_("Look at the paper itself.")
        )
    return drawn
