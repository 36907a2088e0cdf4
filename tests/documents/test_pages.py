"""Pages as HTML and PDF: what is on the paper, and what is nowhere in the file."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from photoreg.documents.contact_sheet import (
    SmallPicture,
    contact_sheet_page,
    is_contact_sheet,
)
from photoreg.documents.html import render_html
from photoreg.documents.pdf import render_pdf
from photoreg.documents.template import Block, BlockKind, Page
from photoreg.errors import InputDataError

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SAMI = "Áŋŋel Đuoddar-Sárá Čáhcesuolu Ŧ š ž å ä ö"


def page(name: str = SAMI) -> Page:
    return Page(
        "fi",
        (
            Block(BlockKind.TITLE, "Saako kuvan julkaista?"),
            Block(BlockKind.FACT, name, "Kuka"),
            Block(BlockKind.FACT, "", "Huoltaja"),
            Block(BlockKind.HEADING, "Vastaus"),
            Block(BlockKind.CHOICE, "Kyllä", key="yes"),
            Block(BlockKind.SIGNATURE, "Paikka | Nimi"),
            Block(BlockKind.CUT),
            Block(BlockKind.TEXT, "Säilytä tämä."),
        ),
        "7K3M9QXT2VB5",
    )


def test_a_page_of_html_escapes_what_it_is_given() -> None:
    made = render_html([page('<script>alert(1)</script> & "Ánte"')])
    assert "<script" not in made
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Ánte&quot;" in made


def test_a_page_of_html_loads_nothing_and_is_made_for_a4() -> None:
    made = render_html([page()])
    assert "size: A4" in made
    assert "default-src 'none'" in made
    assert not re.search(r"(src|href)=|url\(|@import", made.replace("default-src", ""))


def test_the_code_is_shown_in_letters_and_as_qr() -> None:
    made = render_html([page()])
    assert "7K3M-9QXT-2VB5" in made
    assert "<svg" in made


def test_each_page_is_an_article_of_its_own_language() -> None:
    made = render_html([page(), Page("sv", (Block(BlockKind.TITLE, "Får bilden publiceras?"),))])
    assert made.count("<article") == 2
    assert '<article lang="sv">' in made


def test_a_pdf_holds_every_letter_of_the_country_in_its_own_font() -> None:
    reader = PdfReader(io.BytesIO(render_pdf([page()], AT)))
    text = reader.pages[0].extract_text()
    assert SAMI in text
    assert "7K3M-9QXT-2VB5" in text
    resources: Any = reader.pages[0]["/Resources"]
    fonts = [font.get_object() for font in resources["/Font"].values()]
    assert all("NotoSans" in font["/BaseFont"] for font in fonts)
    assert reader.pages[0].mediabox.width == pytest.approx(595, abs=1)


def test_the_data_of_a_pdf_name_nobody() -> None:
    content = render_pdf([page("Áile Näkkäläjärvi")], AT)
    about: Any = PdfReader(io.BytesIO(content)).metadata or {}
    assert about["/Title"] == "Saako kuvan julkaista?"
    assert not any("Áile" in str(value) for value in about.values())


def test_each_form_begins_on_its_own_sheet_and_the_same_pages_give_the_same_file() -> None:
    content = render_pdf([page(), page()], AT)
    assert len(PdfReader(io.BytesIO(content)).pages) == 2
    assert content == render_pdf([page(), page()], AT)


def test_a_letter_that_the_font_lacks_is_refused_rather_than_left_out() -> None:
    with pytest.raises(InputDataError, match="has no character"):
        render_pdf([page("محمد")], AT)
    assert "محمد" in render_html([page("محمد")])


def test_a_contact_sheet_has_six_pictures_to_a_page_and_escapes_its_words() -> None:
    pictures = [SmallPicture(f"P-{n}", "<b>.jpg", ["Ánte & Elle"], b"x") for n in range(1, 8)]
    made = "".join(contact_sheet_page("fi", "Juhla", "2.10.2026", pictures))
    assert [part.count("<figure>") for part in made.split("<section>")[1:]] == [6, 1]
    assert "<b>P-7</b> &lt;b&gt;.jpg<span>Ánte &amp; Elle</span>" in made
    assert is_contact_sheet(made.encode())
    assert not is_contact_sheet(render_html([page()]).encode())
