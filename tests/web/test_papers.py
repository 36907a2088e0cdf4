"""Consent forms on the desk: printed, scanned, and their answers typed page by page."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.web.desks import Page, ServedDesk, User

from photoreg.registry.ledger import Action, entries
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.consents.papers.form_entry import next_scanned_form

PRINT, READ, KEEP = "Print consent forms", "Read the forms", "Keep the pages and type the answers"
SAVE = "Save and next Enter"


def printed(user: User, **fields: object) -> Page:
    page = user.get("/do/consent_form?event=E-1")
    return user.send(page, PRINT, roster="yes", until="2027-07-31", **fields)


def codes(user: User, page: Page) -> list[str]:
    """Return the codes of the forms that a page offers for download."""
    return [
        each.rpartition("__")[2].partition(".")[0]
        for each in user.follow(page).links
        if "__" in each
    ]


def test_forms_of_an_event_are_printed_and_downloaded_in_one_file_and_each(anna: User) -> None:
    page = anna.follow(printed(anna))
    [first, *others] = [each for each in page.addresses if "/downloads/" in each]
    assert others
    file = anna.get(first)
    assert file.response.data.startswith(b"%PDF")
    assert not any("__" in each for each in page.addresses)  # what is logged names nobody
    assert file.headers["Content-Disposition"].startswith("attachment; filename=E-1-")
    assert anna.get(others[0]).response.data.startswith(b"%PDF")


def test_forms_as_pages_are_sent_as_files_and_never_run_on_the_desk(anna: User) -> None:
    page = anna.follow(printed(anna, layout="html"))
    [first, *_others] = [each for each in page.addresses if "/downloads/" in each]
    file = anna.get(first)
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in file.headers["Content-Disposition"]


def test_printed_forms_are_of_whoever_printed_them(anna: User, kaisa: User) -> None:
    address = printed(anna).to
    assert kaisa.get(address).status == 404
    assert kaisa.get(f"{address}/0").status == 404
    assert anna.get(f"{address}/0").status == 200
    assert anna.get(f"{address}/99").status == 404
    assert anna.get(f"{address}/..%2ftyped.json").status == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"until": ""}, "is missing"),
        ({"until": "2020-01-01"}, "2020"),
        ({"event": "", "photo": "P-1", "roster": "", "until": "2027-07-31"}, "nobody to make"),
        ({"photo": "P-1", "until": "2027-07-31"}, "or for one photo"),
    ],
)
def test_what_is_missing_for_the_forms_is_told(
    fields: dict[str, str], told: str, anna: User, folder: Path
) -> None:
    page = anna.get("/do/consent_form?event=E-1&roster=yes")
    answer = anna.send(page, PRINT, **fields)
    assert answer.status == 422
    assert told in answer.main
    assert not [each for each in (folder / "registry.db.held").rglob("*") if each.is_file()]


def test_an_answer_is_typed_by_its_code_and_the_next_one_is_asked(
    anna: User, desk: ServedDesk
) -> None:
    [code, *_others] = codes(anna, printed(anna))
    page = anna.get(f"/answers?code={code}")
    channels = [str(each["value"]) for each in page.html.select("input[name=channel]")]
    done = anna.send(
        page, SAVE, answer="yes", channel=channels[:1], purpose="information", paper="binder 3"
    )
    assert done.to == "/answers?paper=binder+3"
    assert "recorded" in anna.follow(done).main
    with desk.application("anna").reading() as work:
        given = [e for e in entries(work.session) if e.action == Action.CONSENT_GIVEN]
        assert given
    assert "recorded already" in anna.get(f"/answers?code={code}").main


def test_what_was_ticked_is_there_again_when_something_is_wrong(anna: User) -> None:
    [code, *_others] = codes(anna, printed(anna))
    page = anna.get(f"/answers?code={code}")
    wrong = anna.send(page, SAVE, purpose="information", on="2026-13-45", answer="yes")
    assert wrong.status == 422
    [ticked] = wrong.html.select("input[name=purpose][checked]")
    assert ticked["value"] == "information"
    nothing = anna.send(page, SAVE, purpose="information")
    assert nothing.status == 422
    assert "yes or no" in nothing.main


@pytest.mark.parametrize("code", ["7K3M-9QXT-2VB5", "x", "<script>", "' or 1=1", "9" * 300])
def test_a_code_of_no_form_is_told(code: str, anna: User) -> None:
    page = anna.get("/answers", query_string={"code": code})
    assert page.status == 422
    assert "Error:" in page.main
    assert not page.html.select("main script")


def test_scanned_forms_become_documents_and_their_answers_are_typed_one_after_another(
    anna: User, desk: ServedDesk, folder: Path
) -> None:
    files = sorted((folder / "scans").iterdir())
    page = anna.send(
        anna.get("/scans"), READ, file=[(BytesIO(each.read_bytes()), each.name) for each in files]
    )
    shown = anna.follow(page)
    assert f"Pages to keep as the document of their form: {len(files)}." in shown.main
    assert next_scanned_form(desk.application("anna")) is None  # only shown so far
    first = anna.follow(anna.follow(anna.send(shown, KEEP)))
    assert first.html.select(".paper img")
    picture = anna.get(str(first.html.select(".paper img")[0]["src"]))
    assert Image.open(BytesIO(picture.response.data)).format == "JPEG"
    for _each in files[1:]:
        first = anna.follow(anna.send(first, SAVE, answer="no"))
    assert anna.send(first, SAVE, answer="no").to == "/answers"
    waiting = [each.kind for each in agenda(desk.application("anna"))]
    assert AgendaKind.SCANNED not in waiting


def test_the_look_at_a_scanned_paper_is_logged_and_of_the_own_unit(
    anna: User, berit: User, desk: ServedDesk, folder: Path
) -> None:
    file = min((folder / "scans").iterdir())
    page = anna.send(anna.get("/scans"), READ, file=(BytesIO(file.read_bytes()), file.name))
    first = anna.follow(anna.follow(anna.send(anna.follow(page), KEEP)))
    address = str(first.html.select(".paper img")[0]["src"])
    assert anna.get(address).status == 200
    with desk.application("kaisa").reading() as work:
        assert any(each.action == Action.EVIDENCE_SHOWN for each in entries(work.session))
    assert berit.get(address).status == 403


def test_pages_that_are_no_forms_are_told_with_what_to_do(anna: User, folder: Path) -> None:
    blank = BytesIO()
    Image.new("L", (600, 800), "white").save(blank, "PNG")
    blank.seek(0)
    sent = [
        (blank, "blank.png"),
        (BytesIO(b"<html>"), "page.html"),
        (BytesIO(b"%PDF-1.7 broken"), "broken.pdf"),
        (BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "../../drawing.svg"),
    ]
    page = anna.follow(anna.send(anna.get("/scans"), READ, file=sent))
    assert page.status == 200
    assert KEEP not in page.buttons
    for name in ("blank.png", "page.html", "broken.pdf", "drawing.svg"):
        assert name in page.main
    anna.send(page, "Put them away")
    assert not [each for each in (folder / "registry.db.held").rglob("*") if each.is_file()]
