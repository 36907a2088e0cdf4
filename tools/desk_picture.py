"""Make the picture of the desk in README, docs/desk.jpg: naming a sample photo of the demo.

    python tools/desk_picture.py [CHROMIUM]

It needs `photoreg[web]`, Playwright and a Chromium.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import ViewportSize, sync_playwright

PICTURE = Path(__file__).parents[1] / "docs/desk.jpg"
SIZE = ViewportSize(width=1280, height=800)
PHOTOREG = (sys.executable, "-m", "photoreg.cli.app")


def make(chromium: str) -> None:
    """Serve the demo's registry, and take the picture."""
    with TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        command = (*PHOTOREG, "demo", "--keep", str(demo))
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        serve = ("--registry", str(demo / "demo.db"), "--as", "anna", "serve", "--port", "0")
        with subprocess.Popen(
            [*PHOTOREG, *serve, "--no-browser"], stdout=subprocess.PIPE, encoding="utf-8"
        ) as desk:
            try:
                _take(next(iter(desk.stdout or ())).strip(), chromium)
            finally:
                desk.terminate()


def _take(address: str, chromium: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="en-GB", color_scheme="light")
        page.goto(address)
        page.goto("/".join(address.split("/")[:3]) + "/photos/P-2/name")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURE, type="jpeg", quality=70)
        browser.close()


if __name__ == "__main__":
    make(*sys.argv[1:] or ["/usr/bin/chromium"])
