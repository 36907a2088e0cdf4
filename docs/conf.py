"""The documentation as a site: `make site` builds it into build/site, and loads nothing remote."""

# ruff: noqa: INP001 - a folder of pages, not a package

from typing import Any

from sphinx.application import Sphinx

project = "photoreg"
author = "photoreg"
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["locale"]

myst_heading_anchors = 3
"""Depth of headings that links may name, as on a forge: `page.md#heading`."""
suppress_warnings: list[str] = []

language = "en"
locale_dirs = ["locale"]
gettext_compact = False
"""One catalogue a page."""

html_theme = "furo"
html_title = "photoreg"
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
pygments_style = "friendly"
pygments_dark_style = "monokai"

FINNISH = ("kaytto", "lomakkeet")
"""Pages written in Finnish, besides those whose names end with `.fi`."""


def _adapt_page(
    _app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Declare the language of Finnish pages; let keyboards scroll code and wide tables (WCAG)."""
    if name in FINNISH or name.endswith(".fi"):
        context["language"] = "fi"
    body = context.get("body")
    if body:
        context["body"] = body.replace("<pre>", '<pre tabindex="0">').replace(
            '<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect what adapts each page."""
    app.connect("html-page-context", _adapt_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
