"""Publish on one page: only what may be published, as it was selected, with one address."""

import io
import zipfile

from tests.web.desks import ServedDesk, User

from photoreg.services.publications.publishing import show_publication

PAGE = "/publish?event=E-1&channel=kunta-website"
RECORD = "Record the publication"
SELECTED = "photo"


def test_only_what_may_be_published_can_be_selected(anna: User) -> None:
    page = anna.get(PAGE)
    assert page.status == 200
    boxes = page.html.select("input[type=checkbox][name=photo]")
    assert [box["value"] for box in boxes] == ["P-1"]
    assert "These may not be published (2)" in page.main


def test_the_credit_line_and_a_beginning_of_the_alternative_text_are_there_to_copy(
    anna: User,
) -> None:
    texts = [str(each["value"]) for each in anna.get(PAGE).html.select("input[readonly]")]
    assert texts == ["Kuva: Matti Kuvaamo; Kuva: Liisa Ottamo", "Kevätjuhla: "]


def test_photos_are_recorded_with_one_address(anna: User, desk: ServedDesk) -> None:
    sent = anna.send(anna.get(PAGE), RECORD, address="https://kunta.example/2", on="2026-05-31")
    assert sent.to == "/publications/J-2"
    assert "J-2 was recorded." in anna.follow(sent).main
    [row] = show_publication(desk.application("anna"), "J-2")
    assert (row.photo, row.address) == ("P-1", "https://kunta.example/2")
    assert row.published_on.isoformat() == "2026-05-31"


def test_what_was_typed_and_selected_is_still_there_after_an_error(anna: User) -> None:
    again = anna.send(anna.get(PAGE), RECORD, address="https://k.example/2", on="31.2.2026")
    assert again.status == 422
    field = again.html.select_one("#address")
    assert field is not None
    assert field["value"] == "https://k.example/2"
    assert again.html.select_one("input[name=photo][checked]")


def test_nothing_is_recorded_when_no_photo_or_no_address_is_given(anna: User) -> None:
    page = anna.get(PAGE)
    assert "no photo is selected" in anna.send(page, RECORD, photo=[], address="x").main
    assert "the address is missing" in anna.send(page, RECORD, address=" ").main
    assert anna.get("/publications/J-2").status == 404


def test_a_photo_that_was_stopped_meanwhile_is_not_recorded(anna: User, kaisa: User) -> None:
    page = anna.get(PAGE)
    kaisa.send(kaisa.get("/do/photo_flag?photo=P-1"), "Stop the photos", reason="House number.")
    sent = anna.send(page, RECORD, address="https://kunta.example/2")
    assert sent.status == 409
    assert "P-1 may not be published now" in sent.main
    assert anna.get("/publications/J-2").status == 404


def test_approval_stores_decisions_and_comes_back(anna: User) -> None:
    sent = anna.send(anna.get(PAGE), "Approve the selected photos")
    assert sent.to.startswith("/publish?event=E-1")
    assert "Approved: P-1 (decision D-" in anna.follow(sent).main


def test_one_clean_copy_comes_as_itself(anna: User) -> None:
    sent = anna.send(anna.get(PAGE), "Download clean copies")
    assert sent.status == 200, sent.main
    assert sent.headers["Content-Disposition"] == "attachment; filename=P-1.jpg"
    assert sent.response.data.startswith(b"\xff\xd8")


def test_several_copies_come_in_a_zip_that_names_those_left_out(anna: User) -> None:
    sent = anna.send(anna.get(PAGE), "Download clean copies", photo=["P-1", "P-3"])
    with zipfile.ZipFile(io.BytesIO(sent.response.data)) as archive:
        assert archive.namelist() == ["P-1.jpg", "not included.txt"]
        assert archive.read("not included.txt").startswith(b"P-3: ")


def test_approving_and_taking_the_copies_is_one_click(anna: User) -> None:
    before = anna.get("/photos/P-1").main.count("D-")
    sent = anna.send(anna.get(PAGE), "Approve and download")
    assert sent.response.data.startswith(b"\xff\xd8")
    decisions = anna.get("/photos/P-1").main.count("D-")
    assert decisions == before + 2  # one to approve it, one for the copy


def test_a_refused_photo_has_no_copy(anna: User) -> None:
    sent = anna.send(anna.get(PAGE), "Download clean copies", photo=["P-3"])
    assert sent.status == 409
    assert "P-3 may not be published now" in sent.main


def test_an_auditor_approves_and_publishes_nothing(tarja: User) -> None:
    for address in ("approve", "record", "copies"):
        sent = tarja.post(f"/publish/{address}", photo="P-1", channel="kunta-website")
        assert sent.status == 403
