"""What the API answers about photos, and what it records."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.cli.furnished import CONTACTS, NAMES
from tests.conftest import Clock
from tests.services.scenes import MARKET, register_photo
from tests.statements import recorded_statements
from tests.web.api.callers import PAGE, SITE, Caller, caller, make_key
from tests.web.desks import ServedDesk
from werkzeug.test import TestResponse

from photoreg.registry import ledger
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.tables.photos import Photo
from photoreg.services.decisions import flags
from photoreg.services.people import blocks

MOST_STATEMENTS = 40
"""How many statements an answer may take that records nothing."""

SAMPLE = Path(__file__).parents[3] / "sample_images" / "maisema.jpg"


def logged(desk: ServedDesk, action: ledger.Action) -> list[str]:
    """Return what the log has by this action: whose doing, and about what."""
    with desk.application("kaisa").reading() as work:
        logins = {staff.id: staff.login for staff in all_staff(work.session)}
        return [
            f"{logins[entry.actor_id]} {entry.subject}"
            for entry in ledger.entries(work.session)
            if entry.action == action
        ]


def test_a_photo_that_may_be_published_is_publishable_and_has_a_digest(website: Caller) -> None:
    answer = website.get("/photos/P-1/verdict", channel=PAGE)
    assert answer.status_code == 200
    told: Any = answer.json
    assert (told["publishable"], told["outcome"], told["reasons"]) == (True, "publishable", [])
    assert len(told["facts_digest"]) == 64
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_refusal_is_an_answer_with_its_reasons_in_the_language_asked(website: Caller) -> None:
    told: Any = website.get("/photos/P-3/verdict", channel=PAGE).json
    assert (told["publishable"], told["facts_digest"]) == (False, None)
    website.headers["Accept-Language"] = "fi"
    in_finnish: Any = website.get("/photos/P-3/verdict", channel=PAGE).json
    titles = [[each["title"] for each in one["reasons"]] for one in (told, in_finnish)]
    codes = [[each["code"] for each in one["reasons"]] for one in (told, in_finnish)]
    assert titles[0] != titles[1]
    assert codes[0] == codes[1]


def test_a_block_an_objection_and_an_erasure_look_alike(website: Caller, desk: ServedDesk) -> None:
    kaisa = desk.application("kaisa")
    before = website.get("/photos/P-1/verdict", channel=PAGE).json
    blocks.block_person(kaisa, "H-3")
    blocked: Any = website.get("/photos/P-1/verdict", channel=PAGE).json
    assert [each["code"] for each in blocked["reasons"]] == ["RG_STOPPED"]
    assert blocked["reasons"][0]["law"] == ""
    assert blocked["facts_digest"] is None
    assert before != blocked


def test_no_answer_names_a_person_or_a_file(website: Caller, desk: ServedDesk) -> None:
    flags.raise_flag(desk.application("anna"), "P-1", reason="Aino Kettula asked.")
    everything = "".join(
        website.get(f"/photos/{photo}/verdict", channel=PAGE).text
        for photo in ("P-1", "P-2", "P-3")
    )
    everything += website.post("/verdicts", {"channel": PAGE, "photos": ["P-1", "P-2", "P-3"]}).text
    for secret in (*NAMES, *CONTACTS, "shown.jpg", "Kettula", "H-3", "Kevätjuhla"):
        assert secret not in everything, secret


def test_several_photos_are_asked_about_at_once(website: Caller) -> None:
    told: Any = website.post("/verdicts", {"channel": PAGE, "photos": ["P-3", "P-1"]}).json
    assert told["publishable"] is False
    assert [(v["photo"], v["publishable"]) for v in told["verdicts"]] == [
        ("P-3", False),
        ("P-1", True),
    ]


def test_a_file_is_asked_about_by_its_hash_and_an_unknown_one_may_not_be_published(
    website: Caller, folder: Path
) -> None:
    known = sha256((folder / "photos" / "shown.jpg").read_bytes()).hexdigest()
    unknown = "0" * 64
    told: Any = website.post("/verdicts", {"channel": PAGE, "sha256": [known]}).json
    assert (told["publishable"], told["unknown"]) == (True, [])
    told = website.post("/verdicts", {"channel": PAGE, "sha256": [known, unknown]}).json
    assert (told["publishable"], told["unknown"]) == (False, [unknown])
    assert [each["photo"] for each in told["verdicts"]] == ["P-1"]


def test_a_picture_that_was_made_smaller_is_matched(
    website: Caller, desk: ServedDesk, folder: Path
) -> None:
    original = SAMPLE.read_bytes()
    answers = replace(MARKET, photographers=("H-1",))
    register_photo(desk.application("anna"), folder, answers, "landscape.jpg", original)
    with Image.open(SAMPLE) as picture:
        small = io.BytesIO()
        picture.resize((picture.width // 2, picture.height // 2)).save(small, "JPEG", quality=70)
    for content, method in ((original, "file"), (small.getvalue(), "looks")):
        told: Any = website.match(content).json
        found = [(each["photo"], each["method"]) for each in told["matches"]]
        assert found == [("P-4", method)]


def test_a_picture_that_nobody_knows_may_not_be_published(website: Caller) -> None:
    file = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(file, "PNG")
    answer = website.match(file.getvalue(), "image/png")
    assert answer.json == {
        "channel": PAGE,
        "publishable": False,
        "verdict": "unknown",
        "matches": [],
    }


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_is_refused_with_a_message(content: bytes, website: Caller) -> None:
    answer = website.match(content, "image/jpeg")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert "/tmp" not in answer.text  # noqa: S108 - where the server keeps it is not told


def test_the_clean_copy_is_given_while_the_photo_may_be_published(
    website: Caller, desk: ServedDesk
) -> None:
    answer = website.get("/photos/P-1/copy", channel=PAGE)
    assert answer.mimetype == "image/jpeg"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.format == "JPEG"
    assert logged(desk, ledger.Action.PHOTO_EXPORTED) == ["website P-1"]
    blocks.block_person(desk.application("kaisa"), "H-3")
    refused = website.get("/photos/P-1/copy", channel=PAGE)
    told: Any = refused.json
    assert refused.status_code == 409
    assert (told["code"], told["verdict"]["publishable"]) == ("not-publishable", False)


def test_a_file_that_is_gone_is_told_without_its_place(
    website: Caller, desk: ServedDesk, folder: Path
) -> None:
    with desk.application("kaisa").changing() as work:
        work.session.get_one(Photo, 1).path = str(folder / "shown" / "Aino Kettula.jpg")
    answer = website.get("/photos/P-1/copy", channel=PAGE)
    assert answer.status_code == 409
    assert str(folder) not in answer.text
    assert "Aino" not in answer.text


def test_a_publication_is_recorded_once_however_often_the_request_arrives(
    website: Caller, desk: ServedDesk
) -> None:
    facts = {"P-1": website.digest()}
    first = website.publish(facts, "https://kunta.example/2")
    again = website.publish(facts, "https://kunta.example/2")
    assert (first.status_code, first.json["publication"]) == (201, "J-2")  # type: ignore[index]
    assert (again.status_code, again.json["publication"]) == (201, "J-2")  # type: ignore[index]
    assert logged(desk, ledger.Action.PUBLICATION_ADDED) == ["anna J-1", "website J-2"]
    other = website.publish(facts, "https://kunta.example/3")
    assert (other.status_code, other.json["code"]) == (422, "request-reused")  # type: ignore[index]


def test_facts_that_changed_after_the_check_refuse_the_publication(
    website: Caller, desk: ServedDesk
) -> None:
    refused = website.publish({"P-1": "0" * 64}, "https://kunta.example/2")
    assert (refused.status_code, refused.json["code"]) == (409, "facts-changed")  # type: ignore[index]
    assert logged(desk, ledger.Action.PUBLICATION_ADDED) == ["anna J-1"]


def test_what_may_not_be_published_is_not_recorded_as_published(
    website: Caller, desk: ServedDesk
) -> None:
    facts = {"P-1": website.digest()}
    blocks.block_person(desk.application("kaisa"), "H-3")
    answer = website.publish(facts, "https://kunta.example/2")
    told: Any = answer.json
    assert answer.status_code == 200
    assert (told["publishable"], told["publication"]) == (False, None)
    assert [each["photo"] for each in told["verdicts"]] == ["P-1"]


def test_a_withdrawal_becomes_a_task_that_the_website_polls_and_ends(
    website: Caller, desk: ServedDesk
) -> None:
    assert website.get("/take-downs").json == {"take_downs": [], "more": False}
    blocks.block_person(desk.application("kaisa"), "H-3")
    told: Any = website.get("/take-downs").json
    [task] = told["take_downs"]
    assert (task["publication"], task["photo"], task["channel"]) == ("J-1", "P-1", PAGE)
    later: Any = website.get("/take-downs", since=task["task"]).json
    assert later["take_downs"] == []
    path = f"/publications/{task['publication']}/removal"
    done: Any = website.post(path, {"proof": "Removed by the editor."}).json
    assert done == {
        "publication": "J-1",
        "removed": [{"task": task["task"], "photo": "P-1"}],
        "left": 0,
    }
    again = website.post(path, {"proof": "Removed by the editor."})
    assert (again.status_code, again.json["code"]) == (409, "not-possible-now")  # type: ignore[index]


def test_a_consent_that_ends_by_itself_is_polled_too(website: Caller, clock: Clock) -> None:
    clock.now += timedelta(days=300)
    told: Any = website.get("/take-downs").json
    assert [each["publication"] for each in told["take_downs"]] == ["J-1"]


def test_another_channel_s_tasks_are_not_told(desk: ServedDesk) -> None:
    other = caller(desk, make_key(desk, "other", channels=(SITE,)))
    blocks.block_person(desk.application("kaisa"), "H-3")
    assert other.get("/take-downs").json["take_downs"] == []  # type: ignore[index]
    answer = other.post("/publications/J-1/removal", {"proof": "gone"})
    assert (answer.status_code, answer.json["code"]) == (403, "key-lacks-right")  # type: ignore[index]


def test_an_answer_takes_as_many_statements_for_many_photos_as_for_one(
    website: Caller, desk: ServedDesk, folder: Path
) -> None:
    anna = desk.application("anna")
    answers = replace(MARKET, photographers=("H-1",))
    more = [register_photo(anna, folder, answers, f"more-{each}.jpg") for each in range(5)]

    def count(ask: Callable[[], TestResponse]) -> int:
        ask()  # what is due is done then
        with recorded_statements() as statements:
            assert ask().status_code == 200
        return len([each for each in statements if not each.startswith("BEGIN")])

    def verdicts(*photos: str) -> Callable[[], TestResponse]:
        return lambda: website.post("/verdicts", {"channel": PAGE, "photos": photos})

    few, many = (count(verdicts("P-1", "P-2", "P-3", *some)) for some in (more[:1], more))
    assert few == many <= MOST_STATEMENTS
    for ask in (
        lambda: website.get("/photos/P-1/verdict", channel=PAGE),
        lambda: website.get("/take-downs"),
        lambda: website.match(SAMPLE.read_bytes()),
    ):
        assert count(ask) <= MOST_STATEMENTS
