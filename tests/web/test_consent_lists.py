"""Old permissions on the desk: a list is shown first, and then exactly that is recorded."""

from io import BytesIO

from tests.web.desks import Page, ServedDesk, User

from photoreg.registry.ledger import Action, entries

ADDRESS, LOOK, AGAIN, RECORD = (
    "/old-permissions",
    "Look at the list",
    "Look again",
    "Record the list",
)
ANSWERS = {Action.CONSENT_GIVEN, Action.CONSENT_REFUSED}
OLD = ("id;kunta-website;signed by;day;paper", "H-4;no;;;", "H-5;yes;;2026-01-02;binder 1")


def previewed(user: User, *rows: str) -> Page:
    content = BytesIO("\n".join(rows).encode())
    return user.follow(user.send(user.get(ADDRESS), LOOK, file=(content, "old.csv")))


def looked(user: User, page: Page, **fields: object) -> Page:
    return user.follow(user.send(page, AGAIN, **fields))


def count(desk: ServedDesk) -> int:
    """Return how many answers are logged."""
    with desk.application("kaisa").reading() as work:
        return sum(each.action in ANSWERS for each in entries(work.session))


def test_a_list_is_shown_and_recorded_and_what_is_left_comes_as_a_table(
    anna: User, desk: ServedDesk
) -> None:
    before = count(desk)
    page = previewed(anna, *OLD)
    assert page.status == 422
    assert "until when the consents are valid" in page.main
    page = looked(anna, page, until="2027-12-31")
    assert "Nothing was recorded yet." in page.main
    assert "Rows of which something is not taken: 1." in page.main
    assert count(desk) == before
    rest = anna.follow(anna.send(page, RECORD))
    assert "Recorded." in rest.main
    assert count(desk) > before
    [file] = [address for text, address in rest.links.items() if text.endswith(".xlsx")]
    assert anna.get(file).response.data.startswith(b"PK")


def test_a_list_of_the_same_answers_changes_nothing(anna: User, desk: ServedDesk) -> None:
    rows = (OLD[0], OLD[1])
    anna.send(looked(anna, previewed(anna, *rows), until="2027-12-31"), RECORD)
    before = count(desk)
    done = anna.send(looked(anna, previewed(anna, *rows), until="2027-12-31"), RECORD)
    assert "Nothing new was recorded" in anna.follow(done).main
    assert count(desk) == before


def test_a_column_that_is_not_understood_is_asked_about(anna: User, desk: ServedDesk) -> None:
    before = count(desk)
    page = looked(anna, previewed(anna, "id;Netti", "H-4;no"), until="2027-12-31")
    assert "not understood: no" in page.main
    assert RECORD not in page.buttons
    page = looked(anna, page, meaning=["", "public_page"])
    assert RECORD in page.buttons
    assert anna.send(page, RECORD).status == 303
    assert count(desk) > before


def test_what_was_said_since_must_be_looked_at_before_it_is_recorded(
    anna: User, desk: ServedDesk
) -> None:
    before = count(desk)
    page = looked(anna, previewed(anna, *OLD), until="2027-12-31")
    told = anna.send(page, RECORD, meaning=["", "ignore", "", "", ""])
    assert told.status == 409
    assert "Nothing was recorded." in told.main
    assert count(desk) == before
    wrong = anna.send(page, RECORD, until="soon")
    assert wrong.status == 422
    assert count(desk) == before


def test_a_registry_that_changed_meanwhile_is_told(anna: User, desk: ServedDesk) -> None:
    page = looked(anna, previewed(anna, *OLD), until="2027-12-31")
    anna.send(looked(anna, previewed(anna, *OLD), until="2027-12-31"), RECORD)
    before = count(desk)
    assert anna.send(page, RECORD).status == 409
    assert count(desk) == before


def test_a_list_is_of_whoever_sent_it(anna: User, kaisa: User) -> None:
    content = BytesIO("\n".join(OLD).encode())
    address = anna.send(anna.get(ADDRESS), LOOK, file=(content, "old.csv")).to
    assert kaisa.get(address).status == 404
    assert anna.get(address.replace("old-permissions", "scans")).status == 404
