"""People on the desk: found, added, changed; guardians, consents and permissions."""

from io import BytesIO

import pytest
from tests.statements import recorded_statements
from tests.web.desks import ServedDesk, User

from photoreg.services.consents.consents import list_consents, show_person
from photoreg.services.consents.permissions import list_permissions
from photoreg.services.data_subjects.erasure import ErasureGround, erase
from photoreg.services.people.persons import PersonDetails, add_person
from photoreg.web.desk.people import persons


def consents_of(desk: ServedDesk, person: str) -> list[tuple[str, str]]:
    """Return who has answered for a person, and what."""
    found = show_person(desk.application("kaisa"), person).consents
    return [(each.by, each.status.state) for each in found or ()]


def test_people_are_found_by_the_beginnings_of_their_names(anna: User) -> None:
    assert "Aino Kettula" in anna.get("/persons?q=ket+ai").main
    page = anna.get("/persons?q=nobody")
    assert "Nobody whose name you may see is called nobody." in page.main


def test_an_id_leads_to_its_person(anna: User) -> None:
    page = anna.follow(anna.get("/persons?q=h-3"))
    assert page.html.h1 is not None
    assert page.html.h1.get_text().startswith("Aino Kettula")


def test_everybody_is_listed_page_by_page(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persons, "PAGE", 5)
    page, found = anna.get("/persons"), set()
    while True:
        found |= {each for each in page.addresses if each.startswith("/persons/H-")}
        if "Next" not in page.links:
            break
        page = anna.get(page.links["Next"])
    assert len(found) == 12


@pytest.mark.parametrize("login", ["berit", "tarja"])
def test_names_are_found_by_those_only_who_may_see_them(login: str, desk: ServedDesk) -> None:
    user = desk.sign_in(login)
    assert "Aino" not in user.get("/persons?q=kettula").main.replace("kettula", "")
    assert "Aino" not in user.get("/persons").main
    page = user.get("/persons/H-3")
    assert page.status == 200
    assert "Aino" not in page.text


def test_a_person_is_shown_with_guardians_consents_and_photos(anna: User) -> None:
    page = anna.get("/persons/H-5")
    assert "guardian H-6 Doris Nuorgam: a parent, verified" in page.main
    assert "consent C-3: H-6 Doris Nuorgam, everything: yes" in page.main
    assert "Record the answer of Elias Nuorgam" in page.buttons
    assert page.html.select_one('a[href="/photos/P-3"]')
    assert "guardian of H-5 Cecilia Nuorgam" in anna.get("/persons/H-6").main


def test_the_page_of_a_photographer_shows_what_was_taken(anna: User) -> None:
    page = anna.get("/persons/H-1")
    taken = anna.get(page.links["Photos that the person took: 3"])
    assert taken.html.select_one('a[href="/photos/P-1"]')


BLOCK = "Record that the person must not be shown"


def test_a_block_shows_to_nobody_but_the_coordinator(anna: User, kaisa: User, tarja: User) -> None:
    before = [anna.get("/persons/H-8").main, tarja.get("/persons/H-8").main]
    buttons = anna.get("/persons/H-3").buttons
    sent = anna.send(anna.get("/do/person_block?person=H-3&back=/persons"), BLOCK)
    assert "H-3 must not be shown." in anna.follow(sent).main
    assert anna.get("/persons/H-3").buttons[-2:] == buttons[-2:]
    assert anna.get("/persons/blocked").status == 403
    assert "Aino Kettula" in kaisa.get("/persons/blocked").main
    again = [anna.get("/persons/H-8").main, tarja.get("/persons/H-8").main]
    assert again == before, "nothing differs for somebody who was blocked before"


def test_only_the_coordinator_lifts_a_block(anna: User, kaisa: User) -> None:
    lift = "Record that the person may be shown again"
    assert lift not in anna.get("/persons/H-8").buttons
    assert anna.get("/do/person_unblock?person=H-8").status == 403
    kaisa.send(kaisa.get("/do/person_unblock?person=H-8"), lift)
    assert "Fredrik Utsjoki" not in kaisa.get("/persons/blocked").main


def test_of_an_erased_person_only_coordinators_are_told_why(
    anna: User, kaisa: User, desk: ServedDesk
) -> None:
    erase(desk.application("kaisa"), "H-4", ErasureGround.REQUEST)
    assert "Nothing is shown about H-4." in anna.get("/persons/H-4").main
    assert "The data of H-4 was erased" in kaisa.get("/persons/H-4").main


def test_somebody_who_may_be_known_is_asked_about_before_being_added(anna: User) -> None:
    form = anna.get("/do/person_add")
    asked = anna.send(form, "Add a person", name="Biret Outakka")
    assert asked.status == 422
    assert "Is it one of these people?" in asked.main
    again = anna.send(asked, "Add a person")
    assert again.status == 422, "pressing the button again says nothing"
    known = anna.send(again, "Add a person", who="H-4")
    assert known.to == "/persons/H-4"
    new = anna.follow(anna.send(again, "Add a person", who="others"))
    assert "H-13 was added." in new.main
    assert "Others of the same name: H-4." in new.main


def test_a_person_is_changed(anna: User) -> None:
    form = anna.get("/do/person_change?person=H-3")
    assert form.html.select_one('input[value="H-3 Aino Kettula"]')
    page = anna.follow(anna.send(form, "Change the data", contact="040 1", language="fi"))
    assert "contact: 040 1" in page.main
    wrong = anna.send(form, "Change the data", born="2099-01-01")
    assert wrong.status == 422
    assert "cannot be a birth date" in wrong.main


def test_a_name_that_fits_several_asks_which(anna: User, desk: ServedDesk) -> None:
    details = PersonDetails("Biret Outakka", contact="050 2")
    add_person(desk.application("anna"), details, other=["H-4"])
    form = anna.get("/do/person_change")
    asked = anna.send(form, "Change the data", person="Biret Outakka", contact="1")
    assert asked.status == 422
    assert "Whom do you mean by" in asked.main
    values = [str(each["value"]) for each in asked.html.select("fieldset input[name=person]")]
    assert values == ["H-4", "H-13"]
    sent = anna.send(asked, "Change the data", person=["H-13", ""])
    assert sent.to == "/persons/H-13"


def test_the_beginning_of_a_name_asks_who_is_meant(anna: User) -> None:
    asked = anna.send(anna.get("/do/person_change"), "Change the data", person="bir", contact="1")
    assert asked.status == 422
    page = anna.follow(anna.send(asked, "Change the data", person=["H-4", ""]))
    assert page.html.h1 is not None
    assert "Biret Outakka" in page.html.h1.get_text()


def test_guardians_are_added_verified_and_ended(anna: User, kaisa: User) -> None:
    form = anna.get("/do/guardian_add?person=H-5&guardian=H-8")
    page = anna.follow(anna.send(form, "Add a guardian", basis="parent"))
    assert "The guardianship is not verified yet" in page.main
    form = anna.get(page.links["Record that the guardianship is verified"])
    page = anna.follow(anna.send(form, "Record that the guardianship is verified", how="register"))
    assert "guardian H-8 Fredrik Utsjoki: a parent, verified" in page.main
    assert "Record that the guardianship has ended" not in page.buttons
    form = kaisa.get("/do/guardian_end?person=H-5&guardian=H-8")
    page = kaisa.follow(kaisa.send(form, "Record that the guardianship has ended"))
    assert "The guardianship of H-8 for H-5 has ended." in page.main


def test_the_guardianships_of_an_event_are_verified_at_once(anna: User) -> None:
    form = anna.get("/do/guardian_verify?event=E-1")
    page = anna.follow(anna.send(form, "Record that the guardianship is verified", how="register"))
    assert "verif" in page.main
    both = anna.send(form, "Record that the guardianship is verified", how="x", person="H-5")
    assert both.status == 422
    assert "it is not said whose guardianship was verified" in both.main


ANSWER = {"answer": "given", "channel": "kunta-website", "open_ended": "yes"}


def test_an_answer_is_recorded_with_its_paper(anna: User, desk: ServedDesk) -> None:
    form = anna.get("/do/consent_record?person=H-5&by=H-7")
    paper = (BytesIO(b"%PDF-1.7 signed"), "form.pdf")
    page = anna.follow(anna.send(form, "Record an answer", **ANSWER, evidence=paper))
    assert "the consent was recorded" in page.main
    assert ("H-7", "granted") in consents_of(desk, "H-5")
    assert "until it is withdrawn · documented" in page.main


@pytest.mark.parametrize(
    ("changed", "says", "field"),
    [
        ({"open_ended": ""}, "needs an end date", "until"),
        ({"until": "2099-01-01"}, "both the last day and no end", "until"),
        ({"answer": "refused"}, "has no end date", "until"),
        ({"channel": []}, "must name a channel", "channel"),
        ({"answer": ""}, "The consent or permission is missing", "answer"),
        ({"photo": "P-1", "event": "E-1"}, "both a photo and an event", "photo"),
        ({"until": "next year"}, "until", "until"),
    ],
)
def test_a_wrong_answer_shows_its_field_and_keeps_what_was_typed(
    changed: dict[str, object], says: str, field: str, anna: User, desk: ServedDesk
) -> None:
    before = consents_of(desk, "H-4")
    form = anna.get("/do/consent_record?person=H-4")
    fields = {**ANSWER, "paper": "binder 7", **changed}
    sent = anna.send(form, "Record an answer", **fields)
    assert sent.status == 422
    assert says in sent.main
    assert sent.html.select_one(f".wrong [name={field}]")
    assert sent.html.select_one('input[name=paper][value="binder 7"]')
    assert consents_of(desk, "H-4") == before


def test_a_withdrawal_by_somebody_without_a_say_is_an_objection(anna: User) -> None:
    form = anna.get("/do/consent_record?person=H-5&by=H-3")
    page = anna.follow(anna.send(form, "Record an answer", answer="withdrawn"))
    assert "recorded as an objection" in page.main
    assert "P-3 is stopped" in page.main


def test_what_a_no_leaves_of_a_yes_is_told(anna: User) -> None:
    form = anna.get("/do/consent_record?person=H-3")
    anna.send(form, "Record an answer", answer="refused", channel="website", purpose="marketing")
    page = anna.get("/persons/H-3")
    assert "; not:" in page.main
    assert "covers today:" in page.main


def test_a_mistake_is_corrected(anna: User, desk: ServedDesk) -> None:
    form = anna.get("/do/consent_correct?consent=C-2&back=/persons/H-4")
    page = anna.follow(anna.send(form, "Correct a mistake"))
    assert page.html.h1 is not None
    assert "Biret Outakka" in page.html.h1.get_text()
    assert consents_of(desk, "H-4") == [("H-4", "by_mistake")]


def test_a_permission_is_granted_withdrawn_and_corrected(anna: User, desk: ServedDesk) -> None:
    form = anna.get("/do/permission_grant?photographer=H-2")
    fields = ANSWER | {"paper": "e-mail 4"}
    page = anna.follow(anna.send(form, "Record a permission", **fields, credit="L. Ottamo"))
    assert "Credit: L. Ottamo" in page.main
    page = anna.follow(anna.send(form, "Record a permission", answer="withdrawn"))
    assert "the withdrawal was recorded" in page.main
    both = anna.send(form, "Record a permission", **fields, licensor="Agency")
    assert "both a photographer and a licensor" in both.main
    with list_permissions(desk.application("anna"), "H-2") as found:
        assert {each.status.state for each in found} <= {"granted", "withdrawn"}


def test_only_the_same_document_is_taken_again(anna: User) -> None:
    form = anna.get("/do/evidence_restore")
    sent = anna.send(form, "Add a document again", file=(BytesIO(b"another"), "x.pdf"))
    assert sent.status == 422
    assert "x.pdf is none of the documents" in sent.main


def test_who_must_not_be_shown_is_listed_without_reasons(anna: User, berit: User) -> None:
    page = anna.get("/events/E-1/no-photo-list?channel=kunta-website")
    assert "Must not be shown in photos" in page.main
    assert "Fredrik Utsjoki" in page.main
    assert "Fredrik" not in berit.get("/events/E-1/no-photo-list").text


def test_pages_lead_to_the_people_they_name(anna: User) -> None:
    for address in ("/photos/P-1", "/events/E-1/roster", "/lists/consents", "/cases/K-1"):
        links = anna.get(address).addresses
        assert any(each.startswith("/persons/H-") for each in links), address


def test_no_name_makes_a_link_or_a_tag(anna: User, desk: ServedDesk) -> None:
    add_person(desk.application("anna"), PersonDetails("<b>Eve</b> & H-1"))
    page = anna.get("/persons/H-13")
    assert page.html.select_one("main b") is None
    assert "<b>Eve</b> & H-1" in page.main


def test_the_statements_of_a_page_do_not_grow_with_people(anna: User, desk: ServedDesk) -> None:
    def count(address: str) -> int:
        with recorded_statements() as statements:
            anna.get(address)
        return len(statements)

    addresses = ("/persons", "/persons?q=kettula", "/persons/H-5")
    before = {address: count(address) for address in addresses}
    for number in range(8):
        add_person(desk.application("anna"), PersonDetails(f"Kettula Uusi{'abcdefgh'[number]}"))
    with list_consents(desk.application("kaisa")) as found:
        assert list(found)
    assert {address: count(address) for address in addresses} == before


def test_what_participants_have_consented_to_is_listed(anna: User) -> None:
    page = anna.get("/events/E-1/roster")
    row = next(each for each in page.html.select("tbody tr") if "H-5" in each.get_text())
    assert "Record the answer of H-7" in row.get_text()
    assert row.select_one('a[href="/persons/H-5"]')


def test_a_document_is_handed_out_as_a_file(anna: User, tarja: User) -> None:
    form = anna.get("/do/consent_record?person=H-5&by=H-7")
    paper = (BytesIO(b"%PDF-1.7 signed"), "form.pdf")
    anna.send(form, "Record an answer", **ANSWER, evidence=paper)
    sent = anna.post("/documents/C-4")
    assert sent.response.get_data() == b"%PDF-1.7 signed"
    assert sent.headers["Content-Disposition"] == "attachment; filename=C-4.pdf"
    assert tarja.post("/documents/C-4").status == 403
    kept = anna.post("/documents/C-1")
    assert kept.status == 404
    assert "The paper is kept here" in kept.main
