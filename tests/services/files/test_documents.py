"""Evidence is what it was: a document that is missing or changed proves nothing."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.services.scenes import (
    ALL_CHANNELS,
    MARKET,
    PAGE_USE,
    UNTIL,
    add_photographer,
    as_coordinator,
    create_person,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound, RegistryError
from photoreg.registry.ledger import Action, entries
from photoreg.rulebook.facts import ConsentKind
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.audits import audits, oversight, verdict_cache
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.consents import documents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.documents import DocumentState
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.decisions import approval, checks
from photoreg.services.people import blocks
from photoreg.services.publications import export, publishing
from photoreg.services.publications.publishing import PublicationState
from photoreg.services.upkeep import maintenance

ELLE, MARET = "H-2", "H-3"
DAMAGED = ("RG_EVIDENCE_DAMAGED",)


def signed(folder: Path, name: str) -> ConsentStatement:
    """A consent to the page, signed on a form that is kept as evidence."""
    form = folder / f"{name}.pdf"
    form.write_bytes(f"signed by {name}".encode())
    return ConsentStatement(ConsentKind.GIVEN, ("public_page",), until=UNTIL, evidence=form)


@pytest.fixture
def anna(anna: Application, tmp_path: Path) -> Application:
    """P-1 shows Elle and P-2 Máret; each has signed a form."""
    add_photographer(anna)
    for photo, name in enumerate(("Elle", "Máret"), 1):
        person = create_person(anna, f"{name} Valkeapää")
        named = register_photo(anna, tmp_path, MARKET, f"{photo}.jpg")
        tag_person(anna, named, person)
        record_consent(anna, person, signed(tmp_path, name))
    return anna


def document(application: Application, name: str) -> Path:
    """Return the file in the evidence folder of what somebody signed."""
    folder = application.registry.evidence_folder
    [found] = (f for f in folder.glob("??/*") if f.read_bytes() == f"signed by {name}".encode())
    return found


def flip(file: Path) -> None:
    """Change one byte of a file: size and modification time stay the same."""
    was = file.stat()
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))


def codes(application: Application, photo: str = "P-1") -> tuple[str, ...]:
    [checked] = checks.check(as_coordinator(application), [photo], PAGE_USE)
    return checked.verdict.codes


def logged(application: Application, *wanted: Action) -> list[str]:
    with application.reading() as work:
        return [e.action for e in entries(work.session) if e.action in wanted]


def marks(application: Application) -> list[str]:
    """Return the documents that are recorded as damaged."""
    with application.reading() as work:
        damaged = sa.text("SELECT sha256 FROM evidence WHERE damaged_at IS NOT NULL")
        return list(work.session.connection().execute(damaged).scalars())


def to_take_down(application: Application) -> list[str]:
    listed = list_all(publishing.list_publications(application))
    return [p.publication for p in listed if p.state is PublicationState.TAKE_DOWN_OPEN]


def lacking(application: Application) -> list[str]:
    return sorted(
        {
            row.photo
            for row in list_all(audits.list_missing_consents(application, channel=PAGE_USE.channel))
        }
    )


def test_a_missing_document_refuses_the_photo_and_no_other(anna: Application) -> None:
    assert codes(anna) == codes(anna, "P-2") == ()
    document(anna, "Elle").unlink()
    assert codes(anna) == DAMAGED
    assert codes(anna, "P-2") == ()
    assert logged(anna, Action.EVIDENCE_DAMAGED) == ["evidence.damaged"]


@pytest.mark.parametrize("change", [b"forged by Elle..", b"signed by Ella", b""])
def test_a_changed_document_refuses_the_photo(change: bytes, anna: Application) -> None:
    document(anna, "Elle").write_bytes(change)
    assert codes(anna) == DAMAGED


def test_something_else_in_its_place_refuses_and_nothing_hangs(anna: Application) -> None:
    file = document(anna, "Elle")
    file.unlink()
    os.mkfifo(file)
    assert codes(anna) == DAMAGED


def test_another_modification_time_lets_the_content_decide(anna: Application) -> None:
    os.utime(document(anna, "Elle"), ns=(1, 1))
    assert codes(anna) == ()
    assert logged(anna, Action.EVIDENCE_WHOLE, Action.EVIDENCE_DAMAGED) == ["evidence.whole"]
    assert codes(anna) == ()
    assert len(logged(anna, Action.EVIDENCE_WHOLE)) == 1  # the new time is known now


def test_the_gates_read_what_size_and_time_do_not_betray(anna: Application) -> None:
    flip(document(anna, "Elle"))
    assert codes(anna) == ()  # a mere look
    [answer] = approval.approve(anna, ["P-1"], PAGE_USE)
    assert (answer.decision_id, answer.checked.verdict.codes) == (None, DAMAGED)
    assert codes(anna) == DAMAGED  # recorded for all who ask later


def test_export_and_publication_read_the_documents_too(anna: Application, tmp_path: Path) -> None:
    for photo, name in (("P-1", "Elle"), ("P-2", "Máret")):
        flip(document(anna, name))
        if photo == "P-1":
            [exported] = export.export_photos(anna, [photo], PAGE_USE, tmp_path / "out")
            assert (exported.path, exported.checked.verdict.codes) == (None, DAMAGED)
        else:
            added = publishing.add_publication(anna, [photo], PAGE_USE, address="https://a.example")
            assert (added.publication, added.checked[0].verdict.codes) == (None, DAMAGED)


def test_a_published_photo_is_taken_down_when_its_single_document_is_found_damaged(
    anna: Application,
) -> None:
    for photo in ("P-1", "P-2"):
        publishing.add_publication(anna, [photo], PAGE_USE, address=f"https://a.example/{photo}")
    document(anna, "Elle").unlink()
    assert to_take_down(anna) == []
    codes(anna)
    assert to_take_down(anna) == ["J-1"]
    assert [each.codes for each in as_coordinator(anna).reacted.publications] in ([], [DAMAGED])


def test_a_second_yes_with_a_whole_document_keeps_the_photo(
    anna: Application, tmp_path: Path
) -> None:
    record_consent(anna, ELLE, replace(signed(tmp_path, "again"), kind=ConsentKind.RENEWED))
    document(anna, "Elle").unlink()
    assert codes(anna) == ()
    document(anna, "again").unlink()
    assert codes(anna) == DAMAGED


def test_the_photographers_document_counts_as_well(anna: Application, tmp_path: Path) -> None:
    taker = PermissionParties(photographer="H-1")
    agreed = replace(signed(tmp_path, "Pekka"), channels=ALL_CHANNELS)
    permissions.record_permission(anna, taker, ConsentStatement(ConsentKind.WITHDRAWN))
    permissions.record_permission(anna, taker, replace(agreed, on=date(2026, 11, 2)))
    assert codes(anna) == ()
    document(anna, "Pekka").unlink()
    assert codes(anna) == codes(anna, "P-2") == DAMAGED


def test_lists_and_kept_verdicts_agree_with_the_gates(
    application: Application, anna: Application
) -> None:
    list(verdict_cache.refresh_cache(application))
    assert lacking(application) == []
    document(anna, "Elle").unlink()
    codes(anna)
    assert lacking(application) == ["P-1"]
    list(verdict_cache.refresh_cache(application))
    assert lacking(application) == ["P-1"]
    documents.restore_document(anna, _form(anna, "Elle"))
    assert lacking(application) == []
    assert [each.wrong for each in verdict_cache.refresh_cache(application, everything=True)] == [0]


def _form(application: Application, name: str) -> Path:
    folder = application.registry.evidence_folder.parent / "again"
    folder.mkdir(exist_ok=True)
    file = folder / "form.pdf"
    file.write_bytes(f"signed by {name}".encode())
    return file


def test_the_same_document_handed_in_again_heals(anna: Application) -> None:
    file = document(anna, "Elle")
    file.write_bytes(b"forged")
    assert codes(anna) == DAMAGED
    documents.restore_document(anna, _form(anna, "Elle"))
    assert file.read_bytes() == b"signed by Elle"
    assert (codes(anna), marks(anna)) == ((), [])
    assert logged(anna, Action.EVIDENCE_DAMAGED, Action.EVIDENCE_WHOLE) == [
        "evidence.damaged",
        "evidence.whole",
    ]


def test_recording_with_the_same_document_heals_too(anna: Application, tmp_path: Path) -> None:
    document(anna, "Elle").write_bytes(b"forged")
    codes(anna)
    record_consent(anna, ELLE, replace(signed(tmp_path, "Elle"), kind=ConsentKind.RENEWED))
    assert (codes(anna), marks(anna)) == ((), [])


def test_a_file_that_is_back_by_itself_is_found_whole(anna: Application) -> None:
    file = document(anna, "Elle")
    moved = file.rename(file.with_name("elsewhere"))
    assert codes(anna) == DAMAGED
    moved.rename(file)
    assert codes(anna) == ()


def test_another_scan_does_not_take_the_place_of_a_document(
    anna: Application, tmp_path: Path
) -> None:
    with pytest.raises(InputDataError, match="none of the documents"):
        documents.restore_document(anna, signed(tmp_path, "somebody").evidence or tmp_path)


# --- a folder that cannot be reached --------------------------------------------------------------


@pytest.fixture
def disconnected(anna: Application) -> Application:
    """J-1 is published; then the folder's disk is not connected, an empty folder is left."""
    publishing.add_publication(anna, ["P-1"], PAGE_USE, address="https://a.example/1")
    folder = anna.registry.evidence_folder
    folder.rename(folder.with_name("away"))
    folder.mkdir()
    return anna


def reconnect(application: Application) -> None:
    folder = application.registry.evidence_folder
    folder.rmdir()
    folder.with_name("away").rename(folder)


def test_without_the_folder_the_gates_are_closed_and_nothing_comes_down(
    disconnected: Application, tmp_path: Path
) -> None:
    [checked] = checks.check(disconnected, ["P-1"], PAGE_USE)
    assert (checked.verdict.codes, checked.needs_folder) == (DAMAGED, True)
    [answer] = approval.approve(disconnected, ["P-2"], PAGE_USE)
    assert answer.checked.outcome is Outcome.REFUSED
    [exported] = export.export_photos(disconnected, ["P-1"], PAGE_USE, tmp_path / "out")
    assert exported.path is None
    added = publishing.add_publication(disconnected, ["P-2"], PAGE_USE, address="https://a.example")
    assert added.publication is None
    assert (marks(disconnected), to_take_down(disconnected)) == ([], [])
    reconnect(disconnected)
    assert codes(disconnected) == ()


def test_without_the_folder_its_lists_say_so_and_mark_nothing(disconnected: Application) -> None:
    with pytest.raises(RegistryError, match="the evidence cannot be read"):
        oversight.faulty_documents(disconnected)
    assert any(
        "cannot be read" in str(f) for f in maintenance.find_faults(as_coordinator(disconnected))
    )
    assert marks(disconnected) == []


def test_without_the_folder_no_document_is_stored_in_its_place(
    disconnected: Application, tmp_path: Path
) -> None:
    with pytest.raises(RegistryError, match="the evidence cannot be read"):
        record_consent(disconnected, ELLE, signed(tmp_path, "new"))
    reconnect(disconnected)


def test_a_folder_that_is_gone_is_one_that_cannot_be_reached(disconnected: Application) -> None:
    disconnected.registry.evidence_folder.rmdir()
    assert codes(disconnected) == DAMAGED
    assert marks(disconnected) == []


# --- whoever finds it -----------------------------------------------------------------------------


def test_an_auditor_is_refused_too_and_records_nothing(
    anna: Application, tarja: Application
) -> None:
    document(anna, "Elle").unlink()
    [elle, maret] = checks.check(tarja, ["P-1", "P-2"], PAGE_USE)
    assert (elle.verdict.codes, maret.verdict.codes) == (DAMAGED, ())
    assert [row.what for row in oversight.faulty_documents(tarja)] == ["missing"]
    assert marks(anna) == []


def test_audit_evidence_and_the_check_of_the_registry_record_what_they_find(
    application: Application, anna: Application
) -> None:
    flip(document(anna, "Elle"))
    assert [row.what for row in oversight.faulty_documents(application)] == ["changed"]
    assert len(marks(anna)) == 1
    flip(document(anna, "Máret"))
    assert any("were changed" in str(fault) for fault in maintenance.find_faults(application))
    assert len(marks(anna)) == 2


def test_what_was_known_of_a_document_on_a_day_is_known_later(
    application: Application, anna: Application, clock: object
) -> None:
    before = application.today
    clock.now = clock.now.replace(day=9)  # type: ignore[attr-defined]
    document(anna, "Elle").unlink()
    assert codes(anna) == DAMAGED
    for day, expected in ((before, ()), (application.today, DAMAGED)):
        with state_as_of(application, day) as earlier:
            [checked] = checks.check(earlier, ["P-1"], PAGE_USE, is_of_today=False)
            assert checked.verdict.codes == expected


def test_many_photos_take_as_many_statements_as_few(anna: Application, tmp_path: Path) -> None:
    counted: list[int] = []

    def count(*_: object) -> None:
        counted[-1] += 1

    more = []
    for number in range(6):
        photo = register_photo(anna, tmp_path, MARKET, f"more{number}.jpg")
        person = create_person(anna, f"{'ABCDEF'[number] * 9} Name{'uvwxyz'[number] * 5}")
        tag_person(anna, photo, person)
        record_consent(anna, person, signed(tmp_path, f"more{number}"))
        more.append(photo)
    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        for photos in (more[:2], more):
            counted.append(0)
            checks.check(anna, photos, PAGE_USE)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
    assert counted[0] == counted[1] > 0


# --- show and export ------------------------------------------------------------------------------


def test_a_document_is_shown_and_that_is_logged(anna: Application) -> None:
    [shown] = documents.show_documents(anna, "C-1")
    assert (shown.state, shown.used_by, shown.added_by) == (DocumentState.WHOLE, ("C-1",), "anna")
    assert (shown.size, shown.suffix) == (len(b"signed by Elle"), ".pdf")
    document(anna, "Elle").unlink()
    [again] = documents.show_documents(anna, shown.document[:8])
    assert (again.state, again.document) == (DocumentState.DAMAGED, shown.document)
    assert len(logged(anna, Action.EVIDENCE_SHOWN)) == 2


def test_a_document_is_exported_into_a_new_private_file(anna: Application, tmp_path: Path) -> None:
    target = tmp_path / "copy.pdf"
    documents.export_document(anna, "C-1", target)
    assert target.read_bytes() == b"signed by Elle"
    assert target.stat().st_mode & 0o777 == 0o600
    assert len(logged(anna, Action.EVIDENCE_EXPORTED)) == 1
    target.write_bytes(b"mine")
    with pytest.raises(InputDataError, match="exists already"):
        documents.export_document(anna, "C-1", target)
    assert target.read_bytes() == b"mine"


def test_what_is_damaged_is_not_exported(anna: Application, tmp_path: Path) -> None:
    flip(document(anna, "Elle"))
    with pytest.raises(NotAllowed, match="missing, was changed"):
        documents.export_document(anna, "C-1", tmp_path / "copy.pdf")
    assert not (tmp_path / "copy.pdf").exists()


@pytest.mark.usefixtures("anna")
def test_an_auditor_gets_no_copy(tarja: Application, tmp_path: Path) -> None:
    assert documents.show_documents(tarja, "C-1")
    with pytest.raises(NotAllowed):
        documents.export_document(tarja, "C-1", tmp_path / "copy.pdf")
    assert not (tmp_path / "copy.pdf").exists()


def test_only_coordinators_see_the_document_of_a_blocked_person(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    [shown] = documents.show_documents(anna, "C-1")
    blocks.block_person(anna, ELLE)
    for named in ("C-1", shown.document):
        with pytest.raises(NotAllowed, match="only the communications coordinator"):
            documents.show_documents(anna, named)
        with pytest.raises(NotAllowed, match="only the communications coordinator"):
            documents.export_document(anna, named, tmp_path / "copy.pdf")
    assert documents.show_documents(application, "C-1")


@pytest.mark.parametrize("named", ["C-99", "x", "0" * 64, "*", "%%%%%%%%"])
def test_what_names_no_document_is_reported(named: str, anna: Application) -> None:
    with pytest.raises((InputDataError, NotFound)):
        documents.show_documents(anna, named)
