"""Photos are sent by a script: a few per request, with progress, and again what did not arrive."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.running import RunningDesk
from tests.imaging.builders import full_jpeg, jpeg_named

BUTTON = "Register the photos"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Nine photos and a page that is none."""
    found = [tmp_path / f"kuva{number}.jpg" for number in range(9)]
    for number, file in enumerate(found):
        file.write_bytes(jpeg_named(number))
    other = tmp_path / "sivu.jpg"
    other.write_bytes(b"<html>")
    return [*found, other]


def test_many_photos_are_sent_in_parts_and_what_failed_is_named(
    page: Page, desk: RunningDesk, files: list[Path]
) -> None:
    page.goto(f"{desk.address}/events/E-1")
    page.set_input_files("#drop-file", files)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text("sivu.jpg: this is not a photo")).to_be_visible()
    expect(page.get_by_text("Received: 10 of 10 files, 100 %")).to_be_visible()
    page.get_by_role("link", name="See what was registered").click()
    expect(page.get_by_text("9 photos")).to_be_visible()


def test_what_did_not_arrive_is_sent_again(
    page: Page, desk: RunningDesk, files: list[Path]
) -> None:
    requests: list[str] = []

    def lose_the_second(route: Route) -> None:
        requests.append(route.request.method)
        if len(requests) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/upload", lose_the_second)
    page.goto(f"{desk.address}/events/E-1")
    page.set_input_files("#drop-file", files[:9])
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text("Received: 4 of 9 files")).to_be_visible()
    expect(page.get_by_text("kuva4.jpg: The desk did not answer.")).to_be_visible()
    page.get_by_role("button", name="Send again what did not arrive").click()
    page.wait_for_url("**/upload/registered**")
    expect(page.get_by_text("9 photos")).to_be_visible()


def test_after_signing_in_again_the_rest_is_sent(
    page: Page, desk: RunningDesk, files: list[Path]
) -> None:
    page.goto(f"{desk.address}/events/E-1")
    page.set_input_files("#drop-file", files[:2])
    page.context.clear_cookies()
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text("kuva0.jpg: You are signed out.")).to_be_visible()
    desk.sign_in(page.context, "anna")
    page.get_by_role("button", name="Send again what did not arrive").click()
    page.wait_for_url("**/upload/registered**")
    expect(page.get_by_text("2 photos")).to_be_visible()


def test_a_dropped_picture_is_looked_up_at_once(page: Page, desk: RunningDesk) -> None:
    page.goto(desk.address)
    transfer = page.evaluate_handle(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "verkosta.jpg"));
            return data;
        }""",
        list(full_jpeg()),
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": transfer})
    page.wait_for_url("**/match")
    expect(page.get_by_text("verkosta.jpg")).to_be_visible()
