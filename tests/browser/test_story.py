"""The feast of a school in the browser, from opening the desk to the last publication."""

import csv
import random
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from pypdfium2 import PdfDocument
from tests.browser.counting import Hands
from tests.browser.running import RunningDesk, running
from tests.cli.shared_cases import CASES, needs_cases
from tests.documents.scanned import pdf_of, pictures_of
from tests.services.scenes import create_person

from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.services.organisation.channels import add_channel
from photoreg.services.organisation.registry_setup import create_registry
from photoreg.services.organisation.staff import add_staff

CASE = CASES / "story-18"
CHANNELS = (
    ("kunta", "Kunnan sivu", Channel.PUBLIC_PAGE),
    ("3b", "Luokan 3B ryhmä", Channel.CLOSED_GROUP),
)
MOST_ACTIONS, MOST_CHARACTERS = 200, 120
BASIS, EXTERNAL_BASIS = "an agreement with the employee", "the photographer's permission"
STAFF, EXTERNAL = "Tuula Rova", "Petri Tornensis"
UNTIL = "2027-12-31"


def rows(name: str) -> list[dict[str, str]]:
    with (CASE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """The thirty pictures with the data of their cameras, drawn small."""
    maker = runpy.run_path(str(CASE / "make_pictures.py"))
    found = []
    for number in range(30):
        file = tmp_path / maker["name"](number)
        noise = random.Random(number).randbytes(80 * 60)  # noqa: S311 - pictures, no secrets
        exif = {} if file.suffix == ".png" else {"exif": maker["exif"](number)}
        Image.frombytes("L", (80, 60), noise).resize((320, 240)).convert("RGB").save(file, **exif)
        found.append(file)
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    """The desk of a registry that holds the organisation, channels, staff and a photographer."""
    place = tmp_path / "registry" / "photoreg.db"
    place.parent.mkdir()
    create_registry(place, organisation="Enontekiön kunta", login="kaisa", name="Kaisa Ruonala")
    registry = Registry.open(place)
    kaisa = Application(registry, "kaisa", computer_login="kaisa")
    add_staff(kaisa, login="anna", name="Anna Lahti", role=StaffRole.EMPLOYEE)
    for name, title, kind in CHANNELS:
        add_channel(
            kaisa, name=name, title=title, kind=kind, controller=None, admins=("anna", "kaisa")
        )
    create_person(kaisa, STAFF)
    registry.close()
    with running(place, "anna") as started:
        yield started


@needs_cases
def test_a_feast_is_published_with_few_clicks_and_keys(
    desk: RunningDesk, browser: Browser, pictures: list[Path], tmp_path: Path
) -> None:
    with browser.new_context(locale="en-GB") as context:
        context.set_default_timeout(90_000)
        page = context.new_page()
        hands = Hands(page)
        page.goto(desk.enter)
        try:
            make_event(hands)
            class_list(hands)
            forms = print_forms(hands, tmp_path / "forms.pdf")
            scan(hands, forms, tmp_path / "scanned.pdf")
            type_answers(hands)
            send_pictures(hands, pictures)
            other_photographer(hands)
            name_people(hands)
            permit(hands)
            assert publish(hands, "Luokan 3B ryhmä", "kunta.fi/3b") == 9
            # Two of 22 wait for a second look: their photographer was corrected after registering.
            assert publish(hands, "Kunnan sivu", "kunta.fi/juhla") == 20
        finally:
            sys.stdout.write(f"{hands.told()}\n")
    assert hands.actions <= MOST_ACTIONS
    assert hands.characters <= MOST_CHARACTERS


def on_event(hands: Hands) -> None:
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Syysjuhla")


def make_event(hands: Hands) -> None:
    hands.begin("event")
    hands.click("Events")
    hands.click("Add an event")
    hands.write("Name", "Syysjuhla")
    hands.write("The day, or the first day", "2.10.2026")
    hands.write("The photographer", STAFF)
    hands.choose("The basis", BASIS)
    hands.choose("Where it was taken", "a school")
    hands.choose("A general view", "a person")
    hands.choose("The confidential information", "nothing confidential")
    hands.choose("Is the situation sensitive", "no")
    hands.click(hands.page.locator("main button.main"))
    on_event(hands)


def class_list(hands: Hands) -> None:
    hands.begin("class list")
    hands.click("Read a class list")
    hands.drop(CASE / "3B luokkalista.xlsx")
    hands.write("From what it was verified", "register")
    hands.select("How many guardians each child", "as-listed")
    hands.click("Record the list")
    on_event(hands)


def print_forms(hands: Hands, file: Path) -> Path:
    hands.begin("print forms")
    hands.click("Print consent forms")
    hands.write("The last day", UNTIL)
    for _name, title, _kind in CHANNELS:
        hands.choose("Ask about these channels", title)
    hands.click(hands.page.locator("main button.main"))
    with hands.page.expect_download() as downloading:
        hands.click(hands.page.locator("main a[download]").first)
    downloading.value.save_as(file)
    return file


def scan(hands: Hands, forms: Path, scanned: Path) -> None:
    """Scan the forms that come back: one guardian never answers."""
    [silent] = [each["guardian"] for each in rows("answers.csv") if not each["answer"]]
    with PdfDocument(forms) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    pages = [
        p for p, text in zip(pictures_of(forms, 100), texts, strict=True) if silent not in text
    ]
    hands.begin("scan")
    hands.click(hands.page.locator("main a[href='/scans']"))
    hands.drop(pdf_of(scanned, pages))
    hands.click("Keep the pages and type the answers")


def type_answers(hands: Hands) -> None:
    hands.begin("type answers")
    said = {(each["child"], each["guardian"]): each for each in rows("answers.csv")}
    page, before = hands.page, dict[tuple[str, ...], str]()
    while page.locator("#entering").count():
        main = page.locator("main").inner_text()
        [answer] = [each for who, each in said.items() if all(name in main for name in who)]
        ticks = (answer["answer"], answer["closed group"])
        with page.expect_navigation():
            if ticks in before:
                hands.press(before[ticks])
                continue
            before[ticks] = "BCD"[len(before)]
            if answer["answer"] == "no":
                hands.press("N")
            else:
                hands.press("A")
                if not answer["closed group"]:
                    chip = page.locator("#entering .chip").filter(has_text="Luokan 3B")
                    hands.press(chip.locator("kbd").inner_text())
            hands.press("Enter")


def send_pictures(hands: Hands, pictures: list[Path]) -> None:
    hands.begin("pictures")
    on_event(hands)
    hands.drop(pictures, "form.drop")
    hands.click("Register the photos")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Registered photos")


def other_photographer(hands: Hands) -> None:
    hands.begin("other photographer")
    hands.click("Show the event")
    first, *_others, last = hands.page.locator("#selecting li").filter(has_text="DSC_").all()
    hands.click(first.locator("label.select"))
    hands.click_to(last.locator("label.select"))
    hands.click("Answer the questions")
    hands.write("The photographer", EXTERNAL)
    hands.choose("The basis", EXTERNAL_BASIS)
    hands.click(hands.page.locator("main button.main"))
    on_event(hands)


def name_people(hands: Hands) -> None:
    hands.begin("name")
    shown = {each["file"]: each["people"] for each in rows("depicted.csv")}
    page = hands.page
    hands.click("Name the people")
    while page.locator("#naming").count():
        file = page.get_by_role("heading", level=1).inner_text().split(" ", 1)[1]
        names = [each for each in shown[file].split(", ") if each]
        chips = page.locator(".people .chip")
        if not names:
            hands.press("0")
        elif len(names) == chips.count():
            hands.press(".")
        else:
            for name in names:
                hands.press(chips.filter(has_text=name).locator("kbd").inner_text())
        with page.expect_navigation():
            hands.press("Enter")


def permit(hands: Hands) -> None:
    for name, channels, basis in ((STAFF, CHANNELS, BASIS), (EXTERNAL, CHANNELS[:1], "")):
        hands.begin(f"permission of {name}")
        main = hands.page.locator("main")
        link = main.locator("li", has_text="from H").filter(has_text=name)
        link = link.filter(has_text="permission to use").locator("a[href*=permission_grant]").first
        if not link.is_visible():
            hands.click(main.locator("section[aria-labelledby=causes] summary"))
        hands.click(link)
        hands.choose("The consent or permission", "given")
        for _name, title, _kind in channels:
            if not main.get_by_label(title).first.is_checked():  # the page asked about is chosen
                hands.choose("Channels, or kinds", title)
        hands.write("The last day", UNTIL)
        hands.write("Where the signed paper", "binder")
        hands.click(hands.page.get_by_label("need not be named"))
        if basis:
            seldom = main.locator("details", has_text="Seldom needed")
            if seldom.get_attribute("open") is None:
                hands.click(seldom.locator("summary").first)
            hands.choose("The basis", basis)
        hands.click(main.locator("button.main"))
        on_event(hands)


def publish(hands: Hands, channel: str, address: str) -> int:
    hands.begin(channel)
    page = hands.page
    hands.click("Publish what may be published")
    if channel not in page.locator("form.use option:checked").first.inner_text():
        hands.select("Channel", channel)
        hands.click("Show")
    with page.expect_download():
        hands.click("Approve and download")
    count = page.locator("li.publishable").count()
    hands.write("The address on the web", address)
    hands.press("Enter")
    expect(page.locator("main h1")).to_contain_text("J-")
    if channel != CHANNELS[0][1]:
        hands.click("Events")
        hands.click("Syysjuhla")
    return count
